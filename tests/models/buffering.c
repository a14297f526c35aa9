/* Store buffering: a core may look before what it wrote is seen by others. It matters where two sides write one place each and
   then look at the other's: a visitor of a series and whoever takes idle series away (src/otel/series.h). With the header as it
   is, one of the two sees the other, always; tests/test_models.py takes the atomic step out of one side at a time, and then
   both miss each other before long on any machine with two cores that have store buffers (x86 has them).

     buffering [rounds]     exit 0: never both; 1: both missed each other */
#define _POSIX_C_SOURCE 200809L
#include "otel.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    otel_instrument_t instrument;
    char far[256];
    uint16_t chain;               /* where the series is found; 0 once it is taken away */
} shared;
static unsigned rounds = 200000, ready[2], visitor_found;
static uint32_t apart[2];         /* random steps, so that the two meet at every distance */

static void meet(unsigned me, unsigned round)
{
    unsigned k;
    __atomic_store_n(&ready[me], round, __ATOMIC_RELEASE);
    for (k = 0; __atomic_load_n(&ready[!me], __ATOMIC_ACQUIRE) < round; k++) {
        if (k > 1000) sched_yield();
    }
    apart[me] = apart[me] * 1664525u + 1013904223u + me;
    for (k = apart[me] >> 27; k; k--) __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void *visitor(void *unused)
{
    unsigned i;
    (void)unused;
    for (i = 1; i <= 2u * rounds; i += 2) {
        meet(0, i);
        visitor_found = OTEL_LOAD_(&shared.chain);            /* into the cache: the next look is faster than the write before it */
        (void)otel_visit_(&shared.instrument);
        visitor_found = OTEL_LOAD_ACQUIRE_(&shared.chain);
        meet(0, i + 1u);
        otel_part_(&shared.instrument);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    unsigned i;
    if (argc > 1) rounds = (unsigned)strtoul(argv[1], NULL, 10);
    shared.instrument.reclaims_ = 1;
    shared.chain = 1;
    if (pthread_create(&thread, NULL, visitor, NULL)) return 2;
    for (i = 1; i <= 2u * rounds; i += 2) {
        bool seen;
        meet(1, i);
        seen = OTEL_LOAD_(&shared.instrument.visitors_) != 0;
        OTEL_STORE_(&shared.chain, (uint16_t)0);              /* as otel_reclaim_ does: unlink, then look who is there */
        seen = otel_visited_(&shared.instrument);
        meet(1, i + 1u);
        if (!seen && visitor_found) {
            printf("missed each other in round %u\n", i / 2u + 1u);
            (void)fflush(stdout);
            _Exit(1);
        }
        while (__atomic_load_n(&shared.instrument.visitors_, __ATOMIC_ACQUIRE)) sched_yield();
        OTEL_STORE_RELEASE_(&shared.chain, (uint16_t)1);
    }
    pthread_join(thread, NULL);
    printf("never missed each other\n");
    return 0;
}
