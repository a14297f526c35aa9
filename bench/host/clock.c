/* The fast clock beside clock_gettime, under load: clock [SECONDS]. Two threads look at one between two looks at the other, one
   holds it, and two others keep the processors busy. Prints looks, the share within 1 us and 5 ppm since the last anchor, the worst, steps back, and what
   a look costs. Exits with 77 where there is no counter to trust. */
#define _POSIX_C_SOURCE 200809L
#define BENCH_NO_HEAP             /* and of kit.h the clock only */
#include "kit.h"
#include "otel_posix.h"

#define THREADS 2
#define BUSY 2
static otel_fast_clock_t fast;
static uint64_t anchored;         /* ns: the last one */
static int over;
static struct {
    unsigned long looks, good, back;
    uint64_t worst;
} found[THREADS];

static void *watch(void *at)
{
    size_t me = (size_t)at;
    uint64_t last = 0;
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        uint64_t since = __atomic_load_n(&anchored, __ATOMIC_RELAXED), before = ns_of(CLOCK_MONOTONIC), t = otel_fast_clock(&fast), after = ns_of(CLOCK_MONOTONIC), off;
        if (t < last) found[me].back++;
        last = t;
        off = t < before ? before - t : t > after ? t - after : 0;
        found[me].looks++;
        if (off <= 1000u + (after - since) / 200000u) found[me].good++;
        if (off > found[me].worst) found[me].worst = off;
    }
    return NULL;
}

static void *burn(void *at)
{
    volatile unsigned long n = 0;
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) n++;
    return at;
}

static double cost(uint64_t (*clock)(void *), void *user)
{
    uint64_t best = UINT64_MAX, all = 0;
    unsigned i, k;
    for (i = 0; i < 200; i++) {
        uint64_t t = ns_of(CLOCK_MONOTONIC);
        for (k = 0; k < 1000; k++) all += clock(user);
        t = ns_of(CLOCK_MONOTONIC) - t;
        if (t < best) best = t;
    }
    return all ? (double)best / 1000 : 0;
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS + BUSY];
    uint64_t until = ns_of(CLOCK_MONOTONIC) + (uint64_t)((argc > 1 ? atof(argv[1]) : 600) * 1e9), worst = 0;
    unsigned long looks = 0, good = 0, back = 0, fallen = 0;
    struct timespec quarter = { 0, 250000000 }, little = { 0, 20000000 };
    size_t i;
    if (!otel_fast_clock_trusts()) {
        printf("no counter to trust here: clock_gettime it is\n");
        return 77;
    }
    while (!otel_fast_clock_anchor(&fast)) (void)nanosleep(&little, NULL);
    anchored = ns_of(CLOCK_MONOTONIC);
    printf("a look: %.1f ns, clock_gettime: %.1f ns\n", cost(otel_fast_clock, &fast), cost(host_clock, NULL));
    for (i = 0; i < THREADS + BUSY; i++) {
        if (pthread_create(&thread[i], NULL, i < THREADS ? watch : burn, (void *)i)) return 2;
    }
    while (ns_of(CLOCK_MONOTONIC) < until) {
        (void)nanosleep(&quarter, NULL);
        if (!otel_fast_clock_anchor(&fast)) fallen++;
        __atomic_store_n(&anchored, ns_of(CLOCK_MONOTONIC), __ATOMIC_RELAXED);
    }
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (i = 0; i < THREADS + BUSY; i++) (void)pthread_join(thread[i], NULL);
    for (i = 0; i < THREADS; i++) {
        looks += found[i].looks;
        good += found[i].good;
        back += found[i].back;
        if (found[i].worst > worst) worst = found[i].worst;
    }
    printf("looks: %lu, within 1 us and 5 ppm: %.5f %%, worst: %lu ns, back: %lu, fell back: %lu\n", looks, 100.0 * (double)good / (double)looks, (unsigned long)worst, back, fallen);
    return back || (double)good < 0.999 * (double)looks;
}
