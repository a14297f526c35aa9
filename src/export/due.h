/* How long there is nothing to send: for main loops that sleep, and tasks that wait for something else too. */
#ifndef OTEL_EXPORT_DUE_H
#define OTEL_EXPORT_DUE_H
#include "../otel/compiler.h"
#include "exporter.h"

#define OTEL_NOTHING_DUE 0xFFFFFFFFu
#define OTEL_DUE_UNKNOWN_MS_ 60000u    /* nothing can be sent before the time is known: only what waited too long is let go */

OTEL_C_BEGIN_
/* Milliseconds until otel_export_poll has something to do, as things stand now: 0 means now; OTEL_NOTHING_DUE that nothing waits, or a
   request is on its way (otel_export_done and otel_export_reply are next). What is recorded later may be due earlier; while the time is
   not known records wait for it, and a minute is the answer: ask again behind otel_time_sync. Call it from the thread that polls. */
OTEL_API_ uint32_t otel_export_due_ms(otel_exporter_t *exporter);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_export_due_ms(otel_exporter_t *x)
{
    uint32_t due = OTEL_NOTHING_DUE;
    uint64_t offset;
    unsigned signal;
    OTEL_WHEN_OFF_((void)x; (void)offset; (void)signal; return due)
    if (!x || x->live_ != 1 || !x->otel_->live_) return due;
    otel_exporter_tick_(x);
    if (x->flying_) return due;
    for (signal = 0; signal < OTEL_SIGNALS; signal++) {
        uint32_t gone = x->now_ - x->lane_[signal].since, age, left;
        if (!OTEL_METRICS && signal == OTEL_SIGNAL_METRICS) continue;
        age = otel_lane_ripe_(x, signal, true);
        if (age == OTEL_NEVER_RIPE_) continue;
        if (gone >> 31) gone = 0;
        left = age > gone ? age - gone : 0u;
        left = left ? left + left / 20u + 1u : 0u;            /* units of 2^20 ns, and rather late than once too often */
        if (left < due) due = left;
    }
    if (due < OTEL_DUE_UNKNOWN_MS_ && !otel_clock_offset_(&x->otel_->clock_, &offset) && !x->otel_->config_.send_unsynced) due = OTEL_DUE_UNKNOWN_MS_;
    return due;
}
OTEL_C_END_
#endif
#endif
