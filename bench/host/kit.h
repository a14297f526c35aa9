/* What the measuring programs share: clocks, instances, and what empties the rings. */
#ifndef BENCH_KIT_H
#define BENCH_KIT_H
#include "otel_export.h"
#include "heap.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <time.h>

/* What the compiler may not know beforehand, and may not leave out. */
#define MAYBE __attribute__((unused)) static        /* each program uses some of these */
#define HIDE(x) __asm volatile("" : "+r"(x))
#define USE(x) __asm volatile("" : : "r"(x) : "memory")

static uint64_t ns_of(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
MAYBE uint64_t host_clock(void *user)
{
    (void)user;
    return ns_of(CLOCK_MONOTONIC);
}
#ifdef CPU_SET                    /* _GNU_SOURCE */
MAYBE void pin(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
}
#endif
MAYBE uint64_t constant_clock(void *user)
{
    (void)user;
    return 1000000;
}

/* Two shards, so that the one thread has one of its own. */
MAYBE void bench_init(otel_t *otel, void *memory, size_t size, uint16_t shards, uint64_t (*clock)(void *), otel_spans_t spans)
{
    otel_result_t result = otel_init(otel, .service = "bench", .clock = clock, .clock_hz = 1000000000u, .pool = memory, .pool_size = size, .shards = shards, .spans = spans);
    if (result != OTEL_OK) {
        fprintf(stderr, "%s\n", otel_result_text(result));
        exit(2);
    }
    otel_time_sync(otel, ns_of(CLOCK_REALTIME));
}

/* Become the reader of all rings of an instance that has no exporter. */
MAYBE void bench_attach(otel_t *otel)
{
    unsigned i, k;
    for (i = 0; i < otel->shards_; i++) {
        for (k = 0; k < 2; k++) (void)otel_ring_attach_(&otel_shard_at_(otel, i)->ring[k], &otel->guard_, 0);
    }
}

/* What an exporter does behind the time that is measured: all records leave the rings of a shard. How many there were. */
MAYBE unsigned long bench_drain_shard(otel_t *otel, otel_shard_t *shard)
{
    unsigned long all = 0;
    unsigned k;
    for (k = 0; k < 2; k++) {
        otel_ring_t *ring = &shard->ring[k];
        otel_pos_t until, at;
        otel_count_t n = 0;
        if (!ring->reader[0].on) continue;
        until = otel_ring_hold_(ring, &otel->guard_, 0);
        for (at = ring->reader[0].from; at != until; n++) at = otel_pos_add_(ring, at, (otel_pos_t)otel_record_size_(ring, at));
        otel_ring_pass_(ring, &otel->guard_, 0, until, n);
        all += (unsigned long)n;
    }
    return all;
}

MAYBE unsigned long bench_drain(otel_t *otel)
{
    unsigned long all = 0;
    unsigned i;
    for (i = 0; i < otel->shards_; i++) all += bench_drain_shard(otel, otel_shard_at_(otel, i));
    return all;
}

/* Records that did not fit: a measurement that lost some measured something else. */
MAYBE otel_count_t bench_lost(otel_t *otel)
{
    otel_count_t n = 0;
    unsigned i, k, why;
    for (i = 0; i < otel->shards_; i++) {
        for (k = 0; k < 2; k++) {
            for (why = 0; why < OTEL_RING_DROPS_; why++) n += otel_shard_at_(otel, i)->ring[k].dropped[why];
        }
    }
    return n;
}
#endif
