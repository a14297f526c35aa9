/* One screen about an exporter, for people: counts, losses with their remedies, the last answers, retries, the pool.
   Specification: specification/error-handling.md, "Self-diagnostics". */
#ifndef OTEL_EXPORT_DUMP_H
#define OTEL_EXPORT_DUMP_H
#include "../otel/compiler.h"
#include "diag.h"
#include "exporter.h"
#include "painter.h"
#include "stats.h"
OTEL_C_BEGIN_
/* Write one screen, 80 columns of ASCII: counts by signal, losses by reason with their remedy, the last answers, retries, the
   pool. `put` gets the text piece by piece. Takes about 600 bytes of stack. */
OTEL_API_ void otel_diag_dump(const otel_exporter_t *exporter, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_dump_count_(otel_painter_t_ *p, uint64_t n, unsigned column)
{
    otel_words_t_ w;
    w.n = 0;
    otel_words_uint_(&w, n, 0);
    otel_paint_to_(p, column > w.n ? column - w.n : 0);
    otel_paint_words_(p, &w);
}

OTEL_FN_ void otel_dump_text_(otel_painter_t_ *p, const char *text, unsigned indent)
{
    otel_paint_long_(p, text, strlen(text), indent);
    otel_paint_line_(p);
}

/* created, exported, queued, dropped, and how it goes: "ok", "503, again in 1.20 s" */
OTEL_FN_ void otel_dump_signal_(otel_painter_t_ *p, const otel_exporter_t *x, unsigned s, const otel_signal_stats_t *now)
{
    static const char name[OTEL_SIGNALS][12] = { "spans", "data points", "log records" };
    static const char silent[] = "  no answer", unsent[] = "  nothing sent yet", again[] = ", again in ";
    const otel_lane_t_ *lane = &x->lane_[s];
    uint32_t gone = x->now_ - lane->since;
    otel_words_t_ w;
    otel_paint_text_(p, "  ");
    otel_paint_(p, name[s], strlen(name[s]), 12);
    otel_dump_count_(p, now->created, 21);
    otel_dump_count_(p, now->exported, 31);
    otel_dump_count_(p, now->queued, 39);
    otel_dump_count_(p, otel_stats_dropped(now), 48);
    w.n = 0;
    if (lane->last < 0) otel_words_text_(&w, silent);
    else {
        otel_words_text_(&w, lane->last ? "  " : unsent);
        if (lane->last) otel_words_uint_(&w, (uint64_t)lane->last, 0);
    }
    otel_paint_words_(p, &w);
    if (x->live_ == 1 && lane->failed && lane->wait > gone) {
        w.n = 0;
        otel_words_text_(&w, again);
        otel_words_duration_(&w, (uint64_t)(lane->wait - gone) << 20);
        otel_paint_words_(p, &w);
    }
    otel_paint_line_(p);
}

OTEL_FN_ void otel_dump_losses_(otel_painter_t_ *p, const otel_stats_t *now)
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

/* How full the rings are, over all shards; and the fullest one, because a thread records into one of them. */
OTEL_FN_ void otel_dump_pool_(otel_painter_t_ *p, const otel_t *otel)
{
    static const char pool[] = "pool: spans ", logs[] = ", logs ", of[] = " of ", bytes[] = " bytes";
    static const char most_of[] = "  the fullest of ", shards[] = " shards: spans ", percent[] = " %";
    uint64_t most[2];
    unsigned i, k, n = otel_shards_(otel);
    for (k = 0; k < 2; k++) {
        uint64_t size = 0, used = 0;
        most[k] = 0;
        for (i = 0; i < n; i++) {
            otel_ring_t *ring = &otel_shard_at_((otel_t *)(uintptr_t)otel, i)->ring[k];
            uint64_t here = ring->size ? otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), OTEL_LOAD_ACQUIRE_(&ring->published)) : 0;
            size += ring->size;
            used += here;
            if (ring->size && here * 100u / ring->size > most[k]) most[k] = here * 100u / ring->size;
        }
        otel_paint_text_(p, k ? logs : pool);
        otel_dump_count_(p, used, 0);
        otel_paint_text_(p, of);
        otel_dump_count_(p, size, 0);
        otel_paint_text_(p, bytes);
    }
    otel_paint_line_(p);
    if (n < 2u) return;
    otel_paint_text_(p, most_of);
    otel_dump_count_(p, n, 0);
    otel_paint_text_(p, shards);
    otel_dump_count_(p, most[0], 0);
    otel_paint_text_(p, percent);
    otel_paint_text_(p, logs);
    otel_dump_count_(p, most[1], 0);
    otel_paint_text_(p, percent);
    otel_paint_line_(p);
}

OTEL_FN_ const char *otel_dump_state_(const otel_exporter_t *x)
{
    static const char never[] = "otel: not set up; see what otel_exporter_init answered";
    static const char ended[] = "otel: shut down";
    static const char known[] = "otel: running, time known";
    static const char unknown[] = "otel: running, time not known: call otel_time_sync";
    uint64_t offset;
    if (x->live_ == 0) return never;
    if (x->live_ != 1) return ended;
    return !x->otel_->clock_.ticks || otel_clock_offset_(&x->otel_->clock_, &offset) ? known : unknown;
}

OTEL_API_ void otel_diag_dump(const otel_exporter_t *x, void (*put)(void *user, const char *text, size_t len), void *user)
{
    static const char head[] = "              created  exported  queued  dropped  last answer";
    static const char moved[] = " (counts moved meanwhile)";
    const otel_processor_t *const *processor;
    otel_painter_t_ p;
    otel_stats_t now;
    otel_result_t result;
    unsigned s;
    OTEL_WHEN_OFF_((void)x; (void)put; (void)user; (void)head; (void)moved; return)
    if (!put) return;
    memset((void *)&p, 0, sizeof p);
    p.put = put;
    p.user = user;
    p.newline = "\n";
    p.columns = 80;
    p.ascii = true;
    result = otel_stats(x, &now);
    if (result != OTEL_OK) {
        otel_paint_text_(&p, "otel: ");
        otel_dump_text_(&p, otel_result_text(result), 6);
        return;
    }
    otel_paint_text_(&p, otel_dump_state_(x));
    otel_paint_text_(&p, now.steady ? "" : moved);
    otel_paint_line_(&p);
    otel_dump_text_(&p, head, 0);
    for (s = 0; s < OTEL_SIGNALS; s++) otel_dump_signal_(&p, x, s, &now.signal[s]);
    otel_dump_losses_(&p, &now);
    if (x->live_ == 1) otel_dump_pool_(&p, x->otel_);
    for (processor = otel_diag_processors_(x); processor && *processor; processor++) {
        if ((*processor)->diag_) ((*processor)->diag_->dump)(*processor, &p);
    }
}
OTEL_C_END_
#endif
#endif
