/* A sum that many threads add to, each in a place of its own: a few plain instructions instead of an atomic addition, and no cache
   line that two of them share. What stands in the places is carried to the bound series when metrics are collected.
   Specification: metrics/api.md, "Counter"; metrics/supplementary-guidelines.md, "Synchronous example".

     static otel_counter_t requests = OTEL_COUNTER("requests", OTEL_SERIES(8));
     static otel_local_t hits;                                          // outlives its threads and the instance
     otel_local_bind(&hits, otel_counter_bind(&requests, "route", "/")); // once
     otel_local_add(&hits, 1);                                          // any thread */
#ifndef OTEL_LOCAL_H
#define OTEL_LOCAL_H
#include "compiler.h"
#include "counter.h"
#include "instance.h"
#include "metric.h"
#include "observable.h"

#define OTEL_LOCAL_ (OTEL_ENABLED && OTEL_METRICS && OTEL_ATOMICS_ && OTEL_WIDE_)
#define OTEL_LOCAL_PLACES_ 16u    /* for threads that have a shard of their own (.shards); others add to the series itself */

/* Define it static, zero. On hosts with 64-bit atomics it takes 1.1 KB, sixteen places of 64 bytes. */
typedef struct otel_local_t {
    otel_series_t *series_ OTEL_Z_;
    otel_callback_t fold_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;      /* life of the instance that its places count for */
    uint8_t gate_ OTEL_Z_;
#if OTEL_LOCAL_
    struct {
        uint64_t sum OTEL_Z_;     /* its thread's, since ever */
        uint64_t told OTEL_Z_;    /* the collection's: what of it the series has */
        uint64_t away_[6] OTEL_Z_;
    } place_[OTEL_LOCAL_PLACES_] OTEL_Z_;
#endif
} otel_local_t;

OTEL_C_BEGIN_
/* Say where it counts, for good: a bound counter or up-down counter of int64. Again is nothing, and so is NULL. Not for interrupts. */
OTEL_API_ void otel_local_bind(otel_local_t *local, otel_series_t *series);

/* Add. Any thread, but not signal handlers, which may come in the middle of an addition: they have otel_series_add. What the counter does
   not take is refused and counted as there; no exemplar is made. Without 64-bit atomics it is otel_series_add. */
OTEL_FN_ void otel_local_add(otel_local_t *local, int64_t value);
OTEL_API_ void otel_local_add_slow_(otel_local_t *local, int64_t value);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_local_add(otel_local_t *local, int64_t value)
{
    OTEL_METRICS_OFF_((void)local; (void)value; return)
#if OTEL_LOCAL_
    {
        const otel_t *otel = otel_thread_v0_.otel;            /* by name: the linker makes of an address what sanitizers take for NULL */
        uint32_t epoch = otel_thread_v0_.epoch;
        unsigned place = otel_thread_v0_.number - 1u;
        if (OTEL_LIKELY_(local && otel && epoch == otel->epoch_ && epoch == OTEL_LOAD_ACQUIRE_(&local->epoch_) && place < OTEL_LOCAL_PLACES_ && value >= 0)) {
            uint64_t *sum = &local->place_[place].sum;
            OTEL_STORE_(sum, OTEL_LOAD_(sum) + (uint64_t)value);
            return;
        }
    }
#endif
    otel_local_add_slow_(local, value);
}
#if OTEL_BODIES_
#if OTEL_LOCAL_
/* A collection begins: the series gets what came since the last one. */
OTEL_FN_ void otel_local_fold_(void *user)
{
    otel_local_t *local = (otel_local_t *)user;
    unsigned i;
    for (i = 0; i < OTEL_LOCAL_PLACES_; i++) {
        uint64_t sum = OTEL_LOAD_(&local->place_[i].sum), more = sum - local->place_[i].told;
        local->place_[i].told = sum;
        if (more) otel_series_add_int(OTEL_LOAD_(&local->series_), (int64_t)more);
    }
}

/* The first addition in this life of the instance: from here on its places count. What still stood in them came after an end. */
OTEL_FN_ void otel_local_join_(otel_local_t *local, otel_t *otel)
{
    uint8_t open = 0;
    unsigned i;
    if (!OTEL_CAS_(&local->gate_, &open, (uint8_t)1)) return;
    if (local->epoch_ != otel->epoch_) {
        for (i = 0; i < OTEL_LOCAL_PLACES_; i++) local->place_[i].told = OTEL_LOAD_(&local->place_[i].sum);
        local->fold_.call = otel_local_fold_;
        local->fold_.user = local;
        local->fold_.otel = otel;
        if (otel_callback_register(&local->fold_) == OTEL_OK) OTEL_STORE_RELEASE_(&local->epoch_, otel->epoch_);
    }
    OTEL_STORE_RELEASE_(&local->gate_, (uint8_t)0);
}
#endif

OTEL_API_ void otel_local_bind(otel_local_t *local, otel_series_t *series)
{
    OTEL_METRICS_OFF_((void)local; (void)series; return)
    if (local && !OTEL_LOAD_(&local->series_)) OTEL_STORE_RELEASE_(&local->series_, series);
}

/* A thread or an instance that is new here, a thread without a place, a number that needs a closer look. */
OTEL_API_ OTEL_NOINLINE_ void otel_local_add_slow_(otel_local_t *local, int64_t value)
{
    otel_series_t *series;
    OTEL_METRICS_OFF_((void)local; (void)value; (void)series; return)
    series = local ? OTEL_LOAD_ACQUIRE_(&local->series_) : NULL;
    if (!series) return;
#if OTEL_LOCAL_
    {
        otel_t *otel = OTEL_LOAD_(&otel_cell_of_(series)->owner->otel_);
        if (otel_running_(otel)) {
            if (OTEL_LOAD_ACQUIRE_(&local->epoch_) != otel->epoch_) otel_local_join_(local, otel);
            if (otel_thread_v0_.otel != otel || otel_thread_v0_.epoch != otel->epoch_) {
                (void)otel_clock_now_(&otel->clock_);                     /* ports meet a thread there, and see its end */
                (void)otel_shard_(otel);
            }
        }
    }
#endif
    otel_series_add_int(series, value);
}
#endif
OTEL_C_END_
#endif
