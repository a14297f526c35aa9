/* How instruments register: by themselves, at their first use, with the instance that they or their scope name, else the
   default one; they belong to it until it is shut down or started again. Two threads that race register it once.
   Specification: metrics/sdk.md, "Instrument registration". */
#ifndef OTEL_INSTRUMENT_H
#define OTEL_INSTRUMENT_H
#include "clock.h"
#include "collect.h"
#include "compiler.h"
#include "instance.h"
#include "metric.h"

OTEL_C_BEGIN_
OTEL_API_ void otel_instruments_leave_(otel_t *otel);
#if OTEL_HOSTED_
OTEL_API_ void otel_instruments_forked_(otel_t *otel);
#endif

/* Without attributes. */
OTEL_API_ void otel_total_whole_(otel_instrument_t *instrument, int64_t value);
OTEL_API_ void otel_total_real_(otel_instrument_t *instrument, double value);
OTEL_API_ otel_series_t *otel_bind_total_(otel_instrument_t *instrument);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
#if OTEL_BODIES_
#if OTEL_ATOMICS_


/* A thread that is in the way is waited for; one that never comes back (killed, or left behind by fork) costs the wait
   once: after that the instrument takes no new series and says so in its counts. A signal handler never waits for the
   thread that it interrupted. */
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument, otel_t *otel)
{
    const uintptr_t stuck = 1;
#if OTEL_ENABLED
    const uintptr_t me = (uintptr_t)&otel_thread_v0_;
#else
    const uintptr_t me = 2;
#endif
    uint32_t i;
    (void)otel;
    for (i = 0; i < OTEL_PATIENCE_; i++) {
        uintptr_t holder = OTEL_LOAD_(&instrument->busy_);
        if (holder == 0 && OTEL_CAS_(&instrument->busy_, &holder, me)) return true;
        if (holder == me || holder == stuck) return false;
    }
    OTEL_STORE_(&instrument->busy_, stuck);
    return false;
}
#else
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument, otel_t *otel)
{
    uint32_t was;
    bool mine;
    if (!otel_lock_(instrument, otel, false, &was)) return false;
    mine = instrument->busy_ == 0;
    instrument->busy_ = 1;
    otel_unlock_(instrument, otel, was);
    return mine;
}
#endif

/* Another life: numbers begin at nothing. The sets of attributes stay where they are, because series may be bound. */
OTEL_FN_ void otel_cell_reset_(otel_cell_t *cell, const otel_instrument_t *instrument, otel_word_t *row)
{
    OTEL_STORE_WIDE_(&cell->value, (uint64_t)0);
#if OTEL_HOSTED_
    OTEL_STORE_WIDE_(&cell->start, (uint64_t)0);
#endif
    OTEL_STORE_(&cell->set, (uint8_t)0);
    if (row) memset((void *)row, 0, (instrument->bounds_len + 3u) * sizeof *row);
    else cell->held.count = 0;
    OTEL_STORE_RELEASE_(&cell->awake, (uint32_t)0);
}

OTEL_FN_ void otel_instrument_reset_(otel_instrument_t *instrument)
{
    size_t i;
    const bool own = !(instrument->form_->kind & OTEL_FRONT_);        /* else the rows are a stream's, which may be in use */
    otel_cell_reset_(&instrument->total_, instrument, own ? otel_row_(instrument, 0) : NULL);
    otel_cell_reset_(&instrument->overflow_, instrument, own ? otel_row_(instrument, 1) : NULL);
    for (i = 0; i < instrument->used_; i++) otel_cell_reset_(&instrument->series[i].cell_, instrument, otel_row_(instrument, i + 2u));
    OTEL_STORE_(&instrument->overflowed_, (otel_count_t)0);
    OTEL_STORE_(&instrument->told_, (uint8_t)0);
}

/* Two texts, none and an empty one being the same; `anyhow`: letters of ASCII in either case. */
OTEL_FN_ bool otel_texts_alike_(const char *a, const char *b, bool anyhow)
{
    const char *x = a ? a : "", *y = b ? b : "";
    for (;; x++, y++) {
        char c = *x, d = *y;
        if (anyhow && c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (anyhow && d >= 'A' && d <= 'Z') d = (char)(d + 32);
        if (c != d) return false;
        if (!c) return true;
    }
}

/* Do two instruments have one name under one meter? Meters of the same name, version and schema URL are one. */
OTEL_FN_ bool otel_name_twice_(const otel_instrument_t *a, const otel_instrument_t *b)
{
    const otel_scope_t *s = a->scope, *t = b->scope;
    if (!otel_texts_alike_(a->name, b->name, true)) return false;
    if (s == t) return true;
    return s && t && s->attributes_len == t->attributes_len && (s->attributes_len == 0 || s->attributes == t->attributes) && otel_texts_alike_(s->name, t->name, false) &&
           otel_texts_alike_(s->version, t->version, false) && otel_texts_alike_(s->schema_url, t->schema_url, false);
}

/* Names that differ only in case are one: the first that was seen. (Small targets: otel_diag_instruments.) */
OTEL_FN_ void otel_instrument_name_(otel_instrument_t *instrument)
{
#if OTEL_HOSTED_
    const otel_instrument_t *i;
    if (instrument->form_->kind & OTEL_FRONT_) return;        /* its streams have names */
    for (i = instrument->next_; i; i = i->next_) {
        if (!(OTEL_LOAD_(&i->form_)->kind & OTEL_FRONT_) && otel_name_twice_(i, instrument)) instrument->name = i->name;
    }
#else
    (void)instrument;
#endif
}

/* Put it in front of the instance's list, unless it is there already (after a fork). */
OTEL_FN_ void otel_instrument_link_(otel_instrument_t *instrument, otel_t *otel)
{
    otel_instrument_t *i;
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (i == instrument) return;
    }
#if OTEL_ATOMICS_
    do {
        instrument->next_ = OTEL_LOAD_ACQUIRE_(&otel->instruments_);
        otel_instrument_name_(instrument);
    } while (!OTEL_CAS_(&otel->instruments_, &instrument->next_, instrument));
#else
    instrument->next_ = otel->instruments_;
    otel_instrument_name_(instrument);
    otel->instruments_ = instrument;
#endif
}

/* An instrument belongs to the instance of its first use until that is shut down or started again. */
OTEL_FN_ otel_t *otel_instrument_home_(const otel_instrument_t *instrument)
{
    otel_t *home = OTEL_LOAD_(&instrument->otel_);
    if (home && otel_running_(home) && home->epoch_ == instrument->epoch_) return home;
    if (instrument->otel) return instrument->otel;
    return instrument->scope && instrument->scope->otel ? instrument->scope->otel : otel_default_();
}

/* Register at the first use in a life. Whoever comes at the same time registers nothing and goes on when it is done.
   False: no instance is running, or a signal handler came between. */
OTEL_API_ OTEL_NOINLINE_ bool otel_join_(otel_instrument_t *instrument)
{
    uint32_t seen = otel_seen_();
    otel_t *otel = otel_default_();
    otel_count_t refused = OTEL_LOAD_(&instrument->refused_);     /* of another life; what handlers add from here on is of this one */
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) == seen) return true;
    if (instrument->otel || (instrument->scope && instrument->scope->otel)) otel = instrument->otel ? instrument->otel : instrument->scope->otel;
    if (!otel || !OTEL_LOAD_(&instrument->form_)) return false;
    otel_follow_(otel);
    seen = otel_seen_();
    if (!otel_seize_(instrument, otel)) {
        otel_tally_(&instrument->refused_);
        return false;
    }
    if (OTEL_LOAD_(&instrument->seen_) != seen) {
        otel = otel_instrument_home_(instrument);
        if (!otel_running_(otel)) {
            otel_cede_(instrument);
            return false;
        }
        if (instrument->otel_ != otel || instrument->epoch_ != otel->epoch_) {
            void (*join)(otel_instrument_t *, otel_t *) = instrument->front_ ? instrument->front_->calls->join : otel->config_.metrics.join_;
            if (join) (join)(instrument, otel);
            if (instrument->epoch_) {
                otel_instrument_reset_(instrument);
                OTEL_ADD_(&instrument->refused_, (otel_count_t)0 - refused);
            }
            instrument->total_.owner = instrument->overflow_.owner = instrument;
            instrument->room_ = (uint16_t)otel_series_room_(instrument);
            if (otel_row_(instrument, 0)) {
                instrument->total_.held.row = otel_row_(instrument, 0);
                instrument->overflow_.held.row = otel_row_(instrument, 1);
            }
            instrument->start_ = otel_clock_now_(&otel->clock_);
            OTEL_STORE_RELEASE_(&otel->collect_, &otel_collect_);
#if OTEL_HOSTED_
            OTEL_STORE_RELEASE_(&otel->forked_, &otel_instruments_forked_);
#endif
            OTEL_STORE_(&instrument->reclaims_, otel->reclaims_);
            OTEL_STORE_(&instrument->otel_, otel);
            OTEL_STORE_RELEASE_(&instrument->epoch_, otel->epoch_);           /* from here on it is collected */
            otel_instrument_link_(instrument, otel);
        }
        OTEL_STORE_RELEASE_(&instrument->seen_, seen);
    }
    otel_cede_(instrument);
    return true;
}

/* The instance goes: its instruments are free to register with another one. */
OTEL_API_ void otel_instruments_leave_(otel_t *otel)
{
    otel_instrument_t *i;
    OTEL_METRICS_OFF_((void)otel; return)
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (OTEL_LOAD_(&i->otel_) != otel) continue;
        OTEL_STORE_(&i->otel_, (otel_t *)NULL);
        OTEL_STORE_RELEASE_(&i->seen_, 0u);                   /* who comes now asks again, and is told that nobody is there */
    }
}

#if OTEL_HOSTED_
/* The first of those who wake a cell says when. */
OTEL_FN_ void otel_cell_begin_(otel_cell_t *cell, uint64_t now)
{
#if OTEL_WIDE_
    uint64_t never = 0;
    (void)OTEL_CAS_(&cell->start, &never, now);
#else
    if (!cell->start) cell->start = now;
#endif
}
#endif

/* Make a cell usable that was not used in this life, or whose instance may have gone. */
OTEL_API_ OTEL_NOINLINE_ bool otel_cell_wake_(otel_cell_t *cell)
{
    otel_instrument_t *instrument = cell->owner;
    otel_t *otel;
    if (!otel_join_(instrument)) return false;
    otel = OTEL_LOAD_(&instrument->otel_);
    if (!otel) return false;                                  /* it was shut down in between */
#if OTEL_HOSTED_
    otel_cell_begin_(cell, otel_clock_now_(&otel->clock_));
#endif
    OTEL_STORE_RELEASE_(&cell->awake, otel_awake_(instrument->form_->kind));
    return true;
}

OTEL_FN_ bool otel_total_ready_(otel_instrument_t *instrument)
{
    return instrument && (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->seen_) == otel_seen_()) || otel_join_(instrument));
}

OTEL_API_ void otel_total_whole_(otel_instrument_t *instrument, int64_t value)
{
    if (otel_total_ready_(instrument)) (instrument->form_->whole)(&instrument->total_, value);
}

OTEL_API_ void otel_total_real_(otel_instrument_t *instrument, double value)
{
    if (otel_total_ready_(instrument)) (instrument->form_->real)(&instrument->total_, value);
}

OTEL_API_ otel_series_t *otel_bind_total_(otel_instrument_t *instrument)
{
    if (!otel_total_ready_(instrument) || (OTEL_LOAD_ACQUIRE_(&instrument->total_.awake) != otel_awake_(instrument->form_->kind) && !otel_cell_wake_(&instrument->total_))) return NULL;
    return (otel_series_t *)(void *)&instrument->total_;      /* used as a cell only */
}
#endif
OTEL_C_END_
#endif
