/* Counts that outlive a reset. The objects that hold them lie in memory that start-up code does not clear; after a reset the
   counts go on, and what was still queued counts as dropped (reset). After power-on that memory holds anything: then the counts
   begin at zero. Without random numbers of the port's own it also keeps the ids of one boot apart from those of another.

     static otel_t otel OTEL_NO_INIT;                       // the three of them, and nothing else of the library
     static otel_exporter_t exporter OTEL_NO_INIT;
     static otel_keep_t keep OTEL_NO_INIT;

     otel_stats_t before;                                   // on the stack, or in the pool: nothing is there before the first record
     otel_keep_read(&keep, &otel, &exporter, &before);      // first of all: otel_init clears the instance
     otel_init(&otel, ...);
     otel_exporter_init(&exporter, .otel = &otel, ...);
     otel_keep_open(&keep, &exporter, &before);

   Nothing is added to recording or sending: the counts are read where they lie. A mark, a CRC over what does not change, and the
   law over what does, decide whether they are believed. */
#ifndef OTEL_EXPORT_KEEP_H
#define OTEL_EXPORT_KEEP_H
#include "../otel/compiler.h"
#include "../otel/id.h"
#include "../otel/instance.h"
#include "../otel/result.h"
#include "crash.h"
#include "exporter.h"
#include "medium.h"
#include "stats.h"

/* What tells one boot from the next: 44 bytes on 32 bits, 36 on 16. Define it with OTEL_NO_INIT. */
typedef struct otel_keep_t {
    uint32_t mark_;
    uint32_t boots;               /* since the memory was last without power; 1 is the first. Read it after otel_keep_read */
    const otel_t *otel_;
    const otel_exporter_t *exporter_;
    uint32_t counts_;             /* of how many bytes the objects are: another firmware may see others there */
    otel_ids_t seed_;             /* stirred at each boot */
    uint32_t check_;
} otel_keep_t;

OTEL_C_BEGIN_
/* Read what the last boot left in `otel` and `exporter`, before they are initialised, into *before: its counts, where what was
   queued, on its way or being written counts as OTEL_DROP_RESET. False, and all of it zero: there is nothing that can be believed
   (power-on, another firmware, a reset before otel_keep_open). For one exporter, and instances of one shard. At start-up only. */
OTEL_API_ bool otel_keep_read(otel_keep_t *keep, const otel_t *otel, const otel_exporter_t *exporter, otel_stats_t *before);

/* Go on with the counts of *before: otel_stats tells them since power-on. And stir what the memory held, which at power-on is noise
   on most chips, and the number of the boot into the ids. Before anything is recorded. Errors: OTEL_E_NULL, OTEL_E_NOT_READY (the
   exporter does not run), OTEL_E_CONFIG (not the objects that were read, a second exporter, or more than one shard). */
OTEL_API_ otel_result_t otel_keep_open(otel_keep_t *keep, otel_exporter_t *exporter, const otel_stats_t *before);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_KEEP_OPEN_ 0x4B50544Fu           /* "OTPK": counts lie in the objects */
#define OTEL_KEEP_READ_ 0x52544B4Fu           /* "OKTR": between the two calls */
#define OTEL_KEEP_NESTED_ 64u                 /* at most so many records were being written */

OTEL_FN_ uint32_t otel_keep_check_(const otel_keep_t *keep) { return otel_crc_(0, (const uint8_t *)keep, offsetof(otel_keep_t, check_)); }

OTEL_FN_ uint32_t otel_keep_counts_(void) { return (uint32_t)sizeof(otel_t) << 16 | (uint32_t)sizeof(otel_exporter_t); }

/* Could this be a ring that was in use? */
OTEL_FN_ bool otel_keep_ring_(const otel_ring_t *ring)
{
    return ring->size <= OTEL_OFFSET_ && (ring->reserved & OTEL_OFFSET_) <= ring->size && (ring->published & OTEL_OFFSET_) <= ring->size &&
           (ring->released & OTEL_OFFSET_) <= ring->size && (otel_count_t)(ring->created - ring->settled) <= OTEL_KEEP_NESTED_;
}

OTEL_FN_ bool otel_keep_plausible_(const otel_t *otel, const otel_exporter_t *x)
{
    return x->otel_ == otel && (x->live_ == 1 || x->live_ == 2) && x->reader_ == 0 && (otel->live_ == 1 || otel->live_ == 2) && otel->shards_ == 1 &&
           otel_keep_ring_(&otel->shard_.ring[OTEL_SPANS_]) && otel_keep_ring_(&otel->shard_.ring[OTEL_LOGS_]);
}

/* The counts, where they lie. No pointer is followed and no lock is asked for: a stray write may have been there. */
OTEL_FN_ void otel_keep_sum_(const otel_t *otel, const otel_exporter_t *x, otel_stats_t *stats)
{
    unsigned s;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        const otel_lane_t_ *lane = &x->lane_[s];
        const otel_ring_t *ring = &otel->shard_.ring[otel_ring_of_(s)];
        otel_stats_lane_(lane, sum);
        if (s == OTEL_SIGNAL_METRICS) {
            sum->created = lane->created;
            continue;
        }
        otel_stats_ring_counts_(x, ring, ring->settled, sum);
        sum->created += ring->created;
        otel_stats_parted_(x, lane, sum);
    }
}

/* What is neither exported nor dropped was lost by the reset. False: so much cannot have been there. */
OTEL_FN_ bool otel_keep_lost_(const otel_t *otel, otel_stats_t *stats)
{
    unsigned s;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        otel_count_t lost = sum->created - sum->exported - otel_stats_dropped(sum);
        otel_count_t most = s == OTEL_SIGNAL_METRICS ? 0xFFFFu : (otel_count_t)(otel->shard_.ring[otel_ring_of_(s)].size / 32u + OTEL_KEEP_NESTED_);
        if (lost > most) return false;
        sum->dropped[OTEL_DROP_RESET] += lost;
        sum->queued = 0;
    }
    stats->steady = true;
    return true;
}

OTEL_API_ bool otel_keep_read(otel_keep_t *keep, const otel_t *otel, const otel_exporter_t *exporter, otel_stats_t *before)
{
    bool mine, warm;
    OTEL_WHEN_OFF_((void)keep; (void)otel; (void)exporter; (void)mine; (void)warm; if (before) memset((void *)before, 0, sizeof *before); return false)
    if (!before) return false;
    memset((void *)before, 0, sizeof *before);
    if (!keep || !otel || !exporter) return false;
    mine = (keep->mark_ == OTEL_KEEP_OPEN_ || keep->mark_ == OTEL_KEEP_READ_) && keep->check_ == otel_keep_check_(keep);
    warm = mine && keep->mark_ == OTEL_KEEP_OPEN_ && keep->otel_ == otel && keep->exporter_ == exporter && keep->counts_ == otel_keep_counts_() &&
           otel_keep_plausible_(otel, exporter);
    if (warm) {
        otel_keep_sum_(otel, exporter, before);
        warm = otel_keep_lost_(otel, before);
    }
    if (!warm) memset((void *)before, 0, sizeof *before);
    keep->boots = mine ? keep->boots + 1u : 1u;
    otel_id_seed_(&keep->seed_, (const uint8_t *)keep, sizeof *keep);         /* of the first boot: whatever the memory held */
    otel_id_seed_(&keep->seed_, (const uint8_t *)otel, sizeof *otel);
    keep->otel_ = otel;
    keep->exporter_ = exporter;
    keep->counts_ = otel_keep_counts_();
    keep->mark_ = OTEL_KEEP_READ_;
    keep->check_ = otel_keep_check_(keep);
    return warm;
}

/* The counts of one signal that lie in the exporter. */
OTEL_FN_ void otel_keep_lane_(otel_lane_t_ *lane, const otel_signal_stats_t *before)
{
    unsigned i;
    lane->exported += before->exported;
    lane->retried += before->retried;
    for (i = 0; i < OTEL_EXPORT_DROPS_; i++) lane->dropped[i] += before->dropped[OTEL_DROP_TOO_LARGE + i];
}

/* And those in its ring: all that ever got there has passed its reader. */
OTEL_FN_ void otel_keep_carry_(otel_ring_t *ring, const otel_signal_stats_t *before)
{
    otel_count_t passed = before->created;
    unsigned i;
    ring->created += before->created;
    ring->settled += before->created;
    for (i = 0; i < OTEL_DROP_TOO_LARGE; i++) {
        ring->dropped[i] += before->dropped[i];
        passed -= before->dropped[i];
    }
    ring->gone += passed;
    ring->reader[0].passed += passed;
}

OTEL_API_ otel_result_t otel_keep_open(otel_keep_t *keep, otel_exporter_t *x, const otel_stats_t *before)
{
    otel_t *otel;
    uint32_t was;
    OTEL_WHEN_OFF_((void)keep; (void)x; (void)before; (void)otel; (void)was; return OTEL_OK)
    if (!keep || !x || !before) return OTEL_E_NULL;
    if (x->live_ != 1) return OTEL_E_NOT_READY;
    otel = x->otel_;
    if (keep->exporter_ != x || keep->otel_ != otel || x->reader_ != 0 || otel->shards_ != 1) return OTEL_E_CONFIG;
    was = otel_mask_();
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_TRACES], &before->signal[OTEL_SIGNAL_TRACES]);
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_METRICS], &before->signal[OTEL_SIGNAL_METRICS]);
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_LOGS], &before->signal[OTEL_SIGNAL_LOGS]);
    x->lane_[OTEL_SIGNAL_METRICS].created += before->signal[OTEL_SIGNAL_METRICS].created;
    otel_keep_carry_(otel_exporter_ring_(x, 0, OTEL_SPANS_), &before->signal[OTEL_SIGNAL_TRACES]);
    otel_keep_carry_(otel_exporter_ring_(x, 0, OTEL_LOGS_), &before->signal[OTEL_SIGNAL_LOGS]);
    if (!otel->random_) otel_id_seed_(&otel->shard_.ids, (const uint8_t *)&keep->seed_, sizeof keep->seed_);
    otel_unmask_(was);
    keep->mark_ = OTEL_KEEP_OPEN_;
    keep->check_ = otel_keep_check_(keep);
    return OTEL_OK;
}
OTEL_C_END_
#endif
#endif
