/* One screen about an exporter, for people: counts, losses with their remedies, the last answers, retries, the pool.
   Specification: specification/error-handling.md, "Self-diagnostics". */
#ifndef OTEL_EXPORT_DUMP_H
#define OTEL_EXPORT_DUMP_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/metric.h"
#include "diag.h"
#include "exporter.h"
#include "painter.h"
#include "stats.h"
OTEL_C_BEGIN_
/* Write one screen, 80 columns of ASCII: counts by signal, losses by reason with their remedy, the last answers, retries, the
   pool. `put` gets the text piece by piece. On firmware one call at a time. */
OTEL_API_ void otel_diag_dump(const otel_exporter_t *exporter, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The screen and what it tells. Private. */
typedef struct otel_dump_t_ {
    otel_painter_t_ paint;
    otel_stats_t now;
    uint64_t size, used, most[2];                 /* of the rings: bytes; percent of the fullest */
} otel_dump_t_;

OTEL_STEP_ void otel_dump_count_(otel_painter_t_ *p, uint64_t n, unsigned column)
{
    p->words.n = 0;
    otel_words_uint_(&p->words, 0, n);
    otel_paint_to_(p, column > p->words.n ? column - p->words.n : 0);
    otel_paint_words_(p);
}

OTEL_STEP_ void otel_dump_text_(otel_painter_t_ *p, const char *text, unsigned indent)
{
    otel_paint_long_(p, text, strlen(text), indent);
    otel_paint_line_(p);
}

/* What `send` answered, when that was no outcome; NULL: it was one. */
OTEL_FN_ const char *otel_dump_mute_(const otel_exporter_t *x, const otel_lane_t_ *lane)
{
    static const char under_way[] = "  under way, otel_export_done?", zero[] = "  0, done would be 200", again[] = "  OTEL_AGAIN", silent[] = "  no answer", unsent[] = "  nothing sent yet";
    if (x->flying_ && x->lane_at_ == lane && !x->inside_) return under_way;
    if (lane->last == OTEL_AGAIN) return again;
    if (lane->last == 0) return lane->failed ? zero : unsent;
    return lane->last < 0 ? silent : NULL;
}

/* How it goes: "200", "503, again in 1.20 s" */
OTEL_STEP_ void otel_dump_answer_(otel_painter_t_ *p, const otel_exporter_t *x, const otel_lane_t_ *lane)
{
    static const char again[] = ", again in ";
    const char *mute = otel_dump_mute_(x, lane);
    uint32_t gone = x->now_ - lane->since;
    p->words.n = 0;
    otel_words_text_(&p->words, mute ? mute : "  ");
    if (!mute) otel_words_uint_(&p->words, 0, (uint64_t)lane->last);
    if (x->live_ == 1 && lane->last && lane->failed && lane->wait > gone) {
        otel_words_text_(&p->words, again);
        otel_words_duration_(&p->words, (uint64_t)(lane->wait - gone) << 20);
    }
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* created, exported, queued, dropped */
OTEL_STEP_ void otel_dump_signal_(otel_painter_t_ *p, unsigned s, const otel_signal_stats_t *now)
{
    static const char name[OTEL_SIGNALS][12] = { "spans", "data points", "log records" };
    otel_paint_text_(p, "  ");
    otel_paint_(p, name[s], strlen(name[s]), 12);
    otel_dump_count_(p, now->created, 21);
    otel_dump_count_(p, now->exported, 31);
    otel_dump_count_(p, now->queued, 39);
    otel_dump_count_(p, otel_stats_dropped(now), 48);
}

OTEL_STEP_ void otel_dump_losses_(otel_painter_t_ *p, const otel_stats_t *now)
{
    static const char title[] = "lost, by reason", none[] = "nothing was lost";
    unsigned i, s;
    bool any = false;
    for (i = 0; i < OTEL_DROP_REASONS; i++) {
        otel_count_t n = 0;
        for (s = 0; s < OTEL_SIGNALS; s++) n += now->signal[s].dropped[i];
        if (!n) continue;
        if (!any) otel_dump_text_(p, title, 0);
        any = true;
        otel_dump_count_(p, n, 8);
        otel_paint_text_(p, " ");
        otel_paint_text_(p, otel_drop_text((otel_drop_t)i));
        otel_paint_to_(p, 20);
        otel_dump_text_(p, otel_drop_remedy((otel_drop_t)i), 20);
    }
    if (any) return;
    otel_dump_text_(p, none, 0);
}

/* How many hundredths of `size` are used. */
OTEL_FN_ uint32_t otel_dump_percent_(uint64_t used, uint64_t size)
{
    uint32_t percent = 0;
    while (percent < 100u && (percent + 1u) * size <= used * 100u) percent++;
    return percent;
}

/* The rings of spans (0) or logs of all shards. */
OTEL_STEP_ void otel_dump_rings_(otel_dump_t_ *d, const otel_t *otel, unsigned which)
{
    unsigned i;
    d->size = d->used = d->most[which] = 0;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ring_t *ring = &otel_shard_at_((otel_t *)(uintptr_t)otel, i)->ring[which];
        otel_pos_t here = ring->size ? otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), OTEL_LOAD_ACQUIRE_(&ring->published)) : 0;
        uint32_t percent = ring->size ? otel_dump_percent_(here, ring->size) : 0;
        d->size += ring->size;
        d->used += here;
        if (percent > d->most[which]) d->most[which] = percent;
    }
}

/* How full the rings are, over all shards; and the fullest one, because a thread records into one of them. */
OTEL_STEP_ void otel_dump_pool_(otel_dump_t_ *d, const otel_t *otel)
{
    static const char pool[] = "pool: spans ", logs[] = ", logs ", of[] = " of ", bytes[] = " bytes";
    static const char most_of[] = "  the fullest of ", shards[] = " shards: spans ", percent[] = " %";
    otel_painter_t_ *p = &d->paint;
    unsigned k;
    for (k = 0; k < 2; k++) {
        otel_dump_rings_(d, otel, k);
        otel_paint_text_(p, k ? logs : pool);
        otel_dump_count_(p, d->used, 0);
        otel_paint_text_(p, of);
        otel_dump_count_(p, d->size, 0);
        otel_paint_text_(p, bytes);
    }
    otel_paint_line_(p);
    if (otel_shards_(otel) < 2u) return;
    otel_paint_text_(p, most_of);
    otel_dump_count_(p, otel_shards_(otel), 0);
    otel_paint_text_(p, shards);
    otel_dump_count_(p, d->most[0], 0);
    otel_paint_text_(p, percent);
    otel_paint_text_(p, logs);
    otel_dump_count_(p, d->most[1], 0);
    otel_paint_text_(p, percent);
    otel_paint_line_(p);
}

#if OTEL_METRICS
OTEL_STEP_ void otel_dump_instrument_(otel_painter_t_ *p, const otel_instrument_t *i)
{
    static const char refused[] = " refused", overflowed[] = " in its overflow series";
    const otel_count_t no = OTEL_LOAD_(&i->refused_), over = OTEL_LOAD_(&i->overflowed_);
    if (!no && !over) return;
    otel_paint_text_(p, i->name ? i->name : "");
    otel_paint_text_(p, ": ");
    if (no) {
        otel_dump_count_(p, no, 0);
        otel_paint_text_(p, refused);
    }
    if (no && over) otel_paint_text_(p, ", ");
    if (over) {
        otel_dump_count_(p, over, 0);
        otel_paint_text_(p, overflowed);
    }
    otel_paint_line_(p);
}

/* Measurements that are in no number, or under no attributes of their own. */
OTEL_STEP_ void otel_dump_instruments_(otel_painter_t_ *p, const otel_t *otel)
{
    otel_instrument_t *i = OTEL_LOAD_ACQUIRE_(&((otel_t *)(uintptr_t)otel)->instruments_);
    for (i = otel_collect_like_(otel, i, NULL); i; i = otel_collect_like_(otel, i->next_, NULL)) otel_dump_instrument_(p, i);
}
#endif

OTEL_STEP_ const char *otel_dump_state_(const otel_exporter_t *x)
{
    static const char never[] = "otel: not set up; see what otel_exporter_init answered";
    static const char ended[] = "otel: shut down";
    static const char known[] = "otel: running, time known";
    static const char unknown[] = "otel: running, time not known: call otel_time_sync";
    static const char early[] = "otel: running, but the clock says a year before 2000: .clock_hz?";
    if (x->live_ == 0) return never;
    if (x->live_ != 1) return ended;
    if (otel_diag_early_(x->otel_)) return early;
    return otel_diag_timeless_(x->otel_) ? unknown : known;
}

OTEL_STEP_ void otel_dump_screen_(otel_dump_t_ *d, const otel_exporter_t *x)
{
    static const char head[] = "              created  exported  queued  dropped  last answer";
    static const char moved[] = " (counts moved meanwhile)";
    static const char homeless[] = "metrics: no exporter has a .buffer to collect them into";
    const otel_processor_t *const *processor;
    otel_painter_t_ *p = &d->paint;
    unsigned s;
    otel_paint_text_(p, otel_dump_state_(x));
    otel_paint_text_(p, d->now.steady ? "" : moved);
    otel_paint_line_(p);
    otel_dump_text_(p, head, 0);
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_dump_signal_(p, s, &d->now.signal[s]);
        otel_dump_answer_(p, x, &x->lane_[s]);
    }
    otel_dump_losses_(p, &d->now);
    if (x->live_ == 1) otel_dump_pool_(d, x->otel_);
#if OTEL_METRICS
    if (x->live_ == 1) otel_dump_instruments_(p, x->otel_);
#endif
    if (otel_diag_homeless_(x)) otel_dump_text_(p, homeless, 0);
    for (processor = otel_diag_processors_(x); processor && *processor; processor++) {
        if ((*processor)->diag_) ((*processor)->diag_->dump)(*processor, p);
    }
}

OTEL_STEP_ void otel_dump_refusal_(otel_painter_t_ *p, const char *text)
{
    otel_paint_text_(p, "otel: ");
    otel_dump_text_(p, text, 6);
}

OTEL_API_ void otel_diag_dump(const otel_exporter_t *x, void (*put)(void *user, const char *text, size_t len), void *user)
{
    OTEL_WORKING_ otel_dump_t_ work;
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)put; (void)user; return)
    if (!put) return;
    memset((void *)&work.paint, 0, sizeof work.paint);
    work.paint.put = put;
    work.paint.user = user;
    work.paint.newline = "\n";
    work.paint.columns = 80;
    work.paint.ascii = true;
    result = otel_stats(x, &work.now);
    if (result == OTEL_OK) otel_dump_screen_(&work, x);
    else otel_dump_refusal_(&work.paint, otel_result_text(result));
}
OTEL_C_END_
#endif
#endif
