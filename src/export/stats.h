/* The law: created = exported + dropped[reason] + queued, for each signal of an exporter, in one snapshot. */
#ifndef OTEL_EXPORT_STATS_H
#define OTEL_EXPORT_STATS_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "exporter.h"

/* What became of all that was recorded. Counts only grow until otel_after_fork; where otel_count_t has 32 bits they are
   modulo 2^32. */
typedef struct otel_signal_stats_t {
    otel_count_t created;                         /* spans ended, log records emitted, data points collected */
    otel_count_t exported;                        /* confirmed by the transport */
    otel_count_t queued;                          /* in the ring or on their way, counted there one by one */
    otel_count_t dropped[OTEL_DROP_REASONS];      /* by otel_drop_t */
    otel_count_t retried;                         /* requests that had to be built again */
} otel_signal_stats_t;

typedef struct otel_stats_t {
    otel_signal_stats_t signal[OTEL_SIGNALS];     /* by otel_signal_t */
    bool steady;                                  /* false: writers kept disturbing the count, or it was taken from inside one; the law may be off by those */
} otel_stats_t;

OTEL_C_BEGIN_
/* Take the counts of an exporter. Any thread; not from interrupts or signal handlers (there `steady` may be false). It
   tries 16 times to find a moment without writers. After otel_export_shutdown it gives the last state. */
OTEL_API_ otel_result_t otel_stats(const otel_exporter_t *exporter, otel_stats_t *stats);

/* The sum of all reasons of a signal. */
OTEL_FN_ otel_count_t otel_stats_dropped(const otel_signal_stats_t *signal)
{
    otel_count_t n = 0;
    unsigned i;
    for (i = 0; i < OTEL_DROP_REASONS; i++) n += signal->dropped[i];
    return n;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Add the records between a reader's cursor and the end to *n. False: they moved meanwhile. */
OTEL_FN_ bool otel_ring_count_(otel_ring_t *ring, unsigned reader, otel_count_t *n)
{
    otel_pos_t pos = ring->reader[reader].cursor, from = pos, until = OTEL_LOAD_ACQUIRE_(&ring->published), left = otel_pos_between_(ring, pos, until);
    while (left) {
        uint32_t size = otel_record_size_(ring, pos);
        if (size > left) return false;
        left -= (otel_pos_t)size;
        pos = otel_pos_add_(ring, pos, (otel_pos_t)size);
        ++*n;
    }
    return ring->reader[reader].cursor == from;
}

/* What a ring and this reader of it have counted, but for the records that were begun. */
OTEL_FN_ void otel_stats_ring_counts_(const otel_exporter_t *x, const otel_ring_t *ring, otel_count_t settled, otel_signal_stats_t *sum)
{
    const bool live = OTEL_LOAD_ACQUIRE_(&x->live_) == 1;
    otel_count_t created = live ? 0u - ring->reader[x->reader_].base : 0u - settled;      /* of what came after this exporter, only the losses and what is being written */
    unsigned i;
    for (i = 0; i < OTEL_RING_DROPS_; i++) {
        otel_count_t dropped = OTEL_LOAD_ACQUIRE_(&ring->dropped[i]);
        if (!live) created += dropped;
        sum->dropped[i] += dropped;
    }
    if (live) sum->dropped[OTEL_DROP_FULL] += ring->reader[x->reader_].evicted;
    sum->created += created;
}

/* One ring into the sums, while the gate keeps exporters (and evictions) away; false: a writer was at it. */
OTEL_FN_ bool otel_stats_ring_(const otel_exporter_t *x, otel_ring_t *ring, otel_signal_stats_t *sum)
{
    const otel_count_t settled = OTEL_LOAD_ACQUIRE_(&ring->settled);
    otel_count_t created;
    bool steady;
    otel_stats_ring_counts_(x, ring, settled, sum);
    steady = OTEL_LOAD_ACQUIRE_(&x->live_) != 1 || otel_ring_count_(ring, x->reader_, &sum->queued);
    created = OTEL_LOAD_ACQUIRE_(&ring->created);
    sum->created += created;
    return steady && created == settled && OTEL_LOAD_ACQUIRE_(&ring->settled) == settled;
}

/* What came after this exporter parted is not its business. */
OTEL_FN_ void otel_stats_parted_(const otel_exporter_t *x, const otel_lane_t_ *lane, otel_signal_stats_t *sum)
{
    if (OTEL_LOAD_ACQUIRE_(&x->live_) == 1) return;
    sum->created += lane->end;
    sum->dropped[OTEL_DROP_FULL] += lane->evicted;
}

/* Both rings of a signal, every shard. */
OTEL_FN_ bool otel_stats_rings_(const otel_exporter_t *x, unsigned signal, otel_signal_stats_t *sum)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    unsigned i, which = otel_ring_of_(signal);
    bool steady = true;
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
#if OTEL_ATOMICS_
        otel_held_t_ held;
        if (otel_gate_try_(ring, &x->otel_->guard_, 1000, &held)) {
            steady = otel_stats_ring_(x, ring, sum) && steady;
            otel_gate_leave_(ring, &x->otel_->guard_, &held);
        } else {                                  /* a signal handler, on top of the thread that is inside */
            steady = false;
        }
#else                                             /* one core: the exporter stands still meanwhile, and interrupts show in the counts */
        steady = otel_stats_ring_(x, ring, sum) && steady;
#endif
    }
    otel_stats_parted_(x, lane, sum);
    return steady;
}

/* What an exporter has counted of a signal. */
OTEL_FN_ void otel_stats_lane_(const otel_lane_t_ *lane, otel_signal_stats_t *sum)
{
    unsigned i;
    sum->exported = OTEL_LOAD_(&lane->exported);
    sum->retried = OTEL_LOAD_(&lane->retried);
    for (i = 0; i < OTEL_EXPORT_DROPS_; i++) sum->dropped[OTEL_DROP_TOO_LARGE + i] = OTEL_LOAD_(&lane->dropped[i]);
}

OTEL_FN_ bool otel_stats_try_(const otel_exporter_t *x, otel_stats_t *stats)
{
    bool steady = true;
    unsigned s;
    memset((void *)stats, 0, sizeof *stats);
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        const otel_lane_t_ *lane = &x->lane_[s];
        otel_count_t before = OTEL_LOAD_ACQUIRE_(&x->changes_);           /* odd: the exporter is at it */
        otel_stats_lane_(lane, sum);
        if (s != OTEL_SIGNAL_METRICS) {
            steady = otel_stats_rings_(x, s, sum) && steady;
        } else {
            sum->created = OTEL_LOAD_(&lane->created);
            sum->queued = OTEL_LOAD_(&x->points_);
        }
        steady = steady && !(before & 1u) && OTEL_LOAD_ACQUIRE_(&x->changes_) == before;
    }
    return steady;
}

OTEL_API_ otel_result_t otel_stats(const otel_exporter_t *x, otel_stats_t *stats)
{
    unsigned tries = 0;
    OTEL_WHEN_OFF_((void)x; if (stats) memset((void *)stats, 0, sizeof *stats); return OTEL_OK)
    if (!x || !stats) return OTEL_E_NULL;
    memset((void *)stats, 0, sizeof *stats);
    if (!x->otel_) return OTEL_E_NOT_READY;
    otel_exporter_renew_((otel_exporter_t *)(uintptr_t)x);   /* the child of a fork counts from zero */
    while (!otel_stats_try_(x, stats) && ++tries < 16u) {}
    stats->steady = tries < 16u;
    return OTEL_OK;
}
OTEL_C_END_
#endif
#endif
