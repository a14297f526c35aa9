/* Delta and low-memory temporality: a reader that tells what came since last time. Series go on counting since the start;
   the reader keeps what its last confirmed packet said of each and tells the difference. A window closes when its packet is
   confirmed: what a lost packet held is in the next one, and the sum of all packets is the counter.
   Specification: metrics/supplementary-guidelines.md, "Aggregation temporality"; metrics/sdk_exporters/otlp.md.

     static uint64_t memory[500];
     static otel_temporality_t delta = OTEL_DELTA_IN(memory);            // its own for each exporter
     otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet, .temporality = &delta);

   An instrument takes 3 + (series + 2) * (1 + 2 * n) words of the memory: n is 1 for sums, 3 + bounds for histograms, 6 + 2 *
   size for exponential ones. One that finds no room stays cumulative. Least and largest value are those of the window while the
   exporter is the only one of its instance; beside others differences have none, because readers do not stop writers and so
   only one of them can begin the extremes anew. What is recorded in the middle of a collection may be in those of two windows.

   While the exporter is the only one of its instance and was there before an instrument's first use, series that nobody
   bound and that had nothing to tell for a whole window make room for other sets of attributes. */
#ifndef OTEL_TEMPORALITY_H
#define OTEL_TEMPORALITY_H
#include "collect.h"
#include "compiler.h"
#include "instrument.h"
#include "metric.h"
#include "series.h"

/* Delta: counters and histograms tell differences, up-down counters do not. Low memory: observable counters do not either. */
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_DELTA_IN(array) { (array), sizeof (array) / sizeof *(array), otel_delta_since_, otel_delta_confirm_, false, 0, 0, 0 }
#define OTEL_LOW_MEMORY_IN(array) { (array), sizeof (array) / sizeof *(array), otel_delta_since_, otel_delta_confirm_, true, 0, 0, 0 }
#else
#define OTEL_DELTA_IN(array) { (array), sizeof (array) / sizeof *(array), NULL, NULL, false, 0, 0, 0 }
#define OTEL_LOW_MEMORY_IN(array) OTEL_DELTA_IN(array)
#endif

OTEL_C_BEGIN_
OTEL_API_ bool otel_delta_since_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *round, otel_telling_t_ *point, uint64_t *start);
OTEL_API_ void otel_delta_confirm_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *round);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What is kept of an instrument: who, life and words, length; then of each series when it was told, what, and what the
   packet under way says. */
#define OTEL_KEPT_HEAD_ 3u

/* Words of a series: when, what was told, what is being told, of histograms the extremes of the window. */
OTEL_FN_ size_t otel_kept_words_(const otel_instrument_t *instrument, size_t words) { return 1u + 2u * words + (instrument->form_->kind & OTEL_BUCKETS_ ? 2u : 0u); }

/* Where an instrument's part of the memory begins, made when there is none yet. NULL: no room. */
OTEL_FN_ uint64_t *otel_kept_(otel_temporality_t *t, const otel_instrument_t *instrument, size_t words)
{
    uint64_t who = (uint64_t)(uintptr_t)instrument, *kept;
    size_t len = OTEL_KEPT_HEAD_ + ((size_t)instrument->room_ + 2u) * otel_kept_words_(instrument, words), at = t->at_;
    if (at >= t->used_ || t->memory_[at] != who) {
        for (at = 0; at < t->used_ && t->memory_[at] != who; at += (size_t)t->memory_[at + 2u]) {}
    }
    kept = t->memory_ + at;
    if (at == t->used_) {
        if (t->memory_len_ - t->used_ < len) return NULL;
        kept[0] = who;
        kept[1] = 0;
        kept[2] = len;
        OTEL_SIGNAL_FENCE_();                                 /* a child that is born in between finds a whole one, or none */
        t->used_ += len;
    }
    t->at_ = at;
    if (kept[1] != instrument->epoch_) {                      /* another life: nothing of it was told */
        memset((void *)(kept + OTEL_KEPT_HEAD_), 0, (len - OTEL_KEPT_HEAD_) * sizeof *kept);
        kept[1] = instrument->epoch_;
    }
    return kept + OTEL_KEPT_HEAD_;
}

/* Does the reader tell differences of this instrument? */
OTEL_FN_ size_t otel_delta_words_(const otel_temporality_t *t, const otel_instrument_t *instrument)
{
    const otel_form_t_ *form = instrument->form_;
    if (!form->words || (form->kind & OTEL_UPDOWN_) || (t->low_memory_ && (form->kind & OTEL_OBSERVED_))) return 0;
    return (form->words)(instrument);
}

/* The extremes of a window: those that were taken, and those that have come since. */
OTEL_API_ void otel_delta_extremes_(const otel_telling_t_ *point, otel_word_t *least, otel_word_t *largest);
OTEL_API_ void otel_delta_extremes_(const otel_telling_t_ *point, otel_word_t *least, otel_word_t *largest)
{
    const otel_instrument_t *owner = point->cell->owner;
    const uint64_t *taken = point->telling + (owner->form_->words)(owner);
    if (*least < (otel_word_t)taken[0]) *least = (otel_word_t)taken[0];
    if (*largest < (otel_word_t)taken[1]) *largest = (otel_word_t)taken[1];
}

/* Extremes begin anew in the series; what they were stays here until the packet that tells them has arrived. */
OTEL_FN_ void otel_delta_take_(otel_cell_t *cell, uint64_t *taken)
{
    unsigned i;
    for (i = 0; i < 2u; i++) {
        otel_word_t *word = &cell->held.row[i], was;
#if OTEL_WIDE_
        was = OTEL_LOAD_(word);
        while (was && !OTEL_CAS_(word, &was, (otel_word_t)0)) {}
#else
        uint32_t mask;
        if (!otel_lock_(cell->owner, cell->owner->otel_, true, &mask)) continue;
        was = *word;
        *word = 0;
        otel_unlock_(cell->owner, cell->owner->otel_, mask);
#endif
        if (taken[i] < was) taken[i] = was;
    }
}

/* What makes Unix time of where the last window ended: as it was said, if the clock was not set anew since. */
OTEL_FN_ uint64_t otel_delta_offset_(const otel_temporality_t *t, const otel_t *otel)
{
    const uint64_t second = 1000000000u, now = otel_clock_unix_(otel, 0);
    return now - t->offset_ + second < 2u * second ? t->offset_ : now;
}

OTEL_API_ bool otel_delta_since_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *c, otel_telling_t_ *point, uint64_t *start)
{
    size_t words = otel_delta_words_(t, c->at);
    uint64_t *kept = words ? otel_kept_(t, c->at, words) : NULL;
    if (!kept) return false;
    kept += c->series * otel_kept_words_(c->at, words);
    *start = kept[0] > *start ? kept[0] + otel_delta_offset_(t, otel) : otel_clock_unix_(otel, *start);
    point->told = kept + 1;
    point->telling = kept + 1 + words;
    memcpy(point->telling, point->told, words * sizeof *kept);
    if ((c->at->form_->kind & OTEL_BUCKETS_) && c->at->rows && otel->reclaims_) {
        OTEL_STORE_(&c->at->reclaims_, (uint8_t)(c->at->reclaims_ | 2u));
        otel_delta_take_(point->cell, point->telling + words);
        point->extremes = otel_delta_extremes_;
    }
    return true;
}

/* A series that had nothing to tell makes room, if nobody keeps it and nobody is on the way to it. Not one that callbacks tell in
   full: what was told of it must be known when they tell it again. */
OTEL_FN_ void otel_reclaim_(otel_t *otel, otel_instrument_t *instrument, uint32_t number, uint64_t *kept, size_t words)
{
    otel_series_t *series = &instrument->series[number];
    uint16_t *chain, *link;
    otel_telling_t_ point;
    uint8_t scratch[32];
    if (!otel->reclaims_ || !instrument->reclaims_ || OTEL_LOAD_(&series->bound_) || OTEL_LOAD_(&instrument->visitors_) || !OTEL_LOAD_(&series->cell_.awake)) return;
    if ((instrument->form_->kind & (OTEL_BUCKETS_ | OTEL_OBSERVED_)) || !otel_seize_(instrument, otel)) return;
    link = chain = otel_chain_(instrument, series->hash_);
    while (*link && *link != number + 1u) link = &instrument->series[*link - 1u].next_;
    if (*link) OTEL_STORE_RELEASE_(link, series->next_);
    memset((void *)&point, 0, sizeof point);
    point.at = scratch;
    point.end = scratch + sizeof scratch;
    point.cell = &series->cell_;
    point.told = kept + 1;
    point.telling = kept + 1 + words;
    point.fresh = true;
    if (!otel_visited_(instrument) && !OTEL_LOAD_(&series->bound_) && (instrument->form_->write)(&point) && !point.fresh) {
        otel_cell_reset_(&series->cell_, instrument, NULL);
        memset((void *)kept, 0, (1u + 2u * words) * sizeof *kept);
        series->next_ = instrument->free_;
        OTEL_STORE_(&instrument->free_, (uint16_t)(number + 1u));
    } else {
        OTEL_STORE_(&series->next_, *chain);                  /* somebody may stand on it */
        OTEL_STORE_RELEASE_(chain, (uint16_t)(number + 1u));
    }
    otel_cede_(instrument);
}

/* The packet has arrived: what it said of each series that it visited has been told. */
OTEL_API_ void otel_delta_confirm_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *c)
{
    otel_collect_t walk = *c;
    t->offset_ = otel_clock_unix_(otel, 0);
    otel_collect_back_(&walk);
    while (walk.at) {
        bool last = walk.at == c->at && c->running;
        uint32_t end = last ? c->series : 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&walk.at->used_);
        size_t words = otel_delta_words_(t, walk.at);
        uint64_t *kept = words && !(c->reading && !(c->reading->wants_)(c, walk.at, NULL)) ? otel_kept_(t, walk.at, words) : NULL;
        for (; kept && walk.series < end; walk.series++) {
            uint64_t *one = kept + walk.series * otel_kept_words_(walk.at, words);
            bool same = memcmp(one + 1, one + 1 + words, words * sizeof *one) == 0, idle = walk.series >= 2u && one[0] != 0 && same;
            if (!same && (walk.at->form_->kind & OTEL_BUCKETS_)) one[1u + 2u * words] = one[2u + 2u * words] = 0;
            memcpy(one + 1, one + 1 + words, words * sizeof *one);
            one[0] = c->time;
            if (idle) otel_reclaim_(otel, walk.at, walk.series - 2u, one, words);
        }
        if (last) break;
        otel_collect_next_(otel, &walk);
    }
}
OTEL_C_END_
#endif
#endif
