/* What a second processor adds: to the library, and, as the machine's own limit, to work that shares nothing. Four kinds of work take
   turns, on one processor and on two at once, so that all see the same weather. Comes after threads.c's spans. */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H
#include "meet.h"

#define PAIR_ROUNDS 2000u                /* at most */
#define PAIR_WARM_UP 10u
#define PAIR_PASSES 10u
#define PAIR_BATCH 400u                  /* operations: short, to slip between two preemptions */
#define PAIR_MEMORY (256u << 10)         /* bytes of each thread that the stores walk through, as spans do through a ring */

/* Registers only, and one unit of a core that takes one multiplication a cycle: two hyperthreads of one core have to share it. */
static void pair_alu(otel_t *otel, unsigned long n)
{
    uint64_t a = 1, b = 3, c = 5, d = 7;
    (void)otel;
    for (n *= 8u; n--;) {
        HIDE(a); HIDE(b); HIDE(c); HIDE(d);
        a *= a;
        b *= b;
        c *= c;
        d *= d;
    }
    USE(a + b + c + d);
}

/* Eight times 192 bytes, about what a span of four attributes takes, into memory of the thread's own. (A processor that slept has cold
   caches, so the memory is walked through more than once in a batch.) */
static void pair_store(otel_t *otel, unsigned long n)
{
    static uint64_t memory[2][PAIR_MEMORY / 8u] __attribute__((aligned(64)));
    static unsigned threads;
    static __thread uint64_t *mine, at;
    (void)otel;
    if (!mine) mine = memory[__atomic_fetch_add(&threads, 1u, __ATOMIC_RELAXED) & 1u];
    for (n *= 8u; n--;) {
        uint64_t *to = mine + at, i;
        for (i = 0; i < 24; i++) to[i] = n;
        USE(to);
        at = (at + 24u) % (PAIR_MEMORY / 8u - 24u);
    }
}

static void pair_clock(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        uint64_t now = ns_of(CLOCK_MONOTONIC) + ns_of(CLOCK_MONOTONIC);
        USE(now);
    }
}

static void pair_spans(otel_t *otel, unsigned long n)
{
    (void)otel;
    some_spans((unsigned)n);
}

/* Each thread passes what it recorded itself: no line of its ring goes to the other processor. */
static otel_t *pair_otel;
static void pair_drain(otel_t *unused, unsigned long n)
{
    (void)unused;
    (void)n;
    (void)bench_drain_shard(pair_otel, otel_shard_(pair_otel));
}

static const struct { const char *name; void (*run)(otel_t *, unsigned long); } pair_works[] = {
    { "multiplications", pair_alu }, { "stores", pair_store }, { "clock", pair_clock }, { "spans", pair_spans }
};
#define PAIR_WORKS (sizeof pair_works / sizeof pair_works[0])

static void pair_run(void (*run)(otel_t *, unsigned long), unsigned long n, bool two)
{
    if (two) both_meet(NULL, n);
    if (two) both(run, n);
    else run(NULL, n);
}

/* A processor that was woken has cold caches: what is timed is the last of some passes. */
static double pair_once(unsigned work, bool two)
{
    uint64_t took = 0;
    unsigned pass;
    for (pass = 0; pass < PAIR_PASSES; pass++) {
        if (two) both_meet(NULL, PAIR_BATCH);
        took = ns_of(CLOCK_MONOTONIC);
        if (two) both(pair_works[work].run, PAIR_BATCH);
        else (pair_works[work].run)(NULL, PAIR_BATCH);
        took = ns_of(CLOCK_MONOTONIC) - took;
        pair_run(pair_drain, 1, two);
    }
    return (double)took / PAIR_BATCH;
}

/* JSON: ns of one operation alone and of one on each of two processors at once, minima; how much more two get done (2: twice), by the
   minima, and the median of what neighbouring rounds say. */
static void pair(otel_t *otel, unsigned rounds)
{
    static double ns[PAIR_WORKS][2][PAIR_ROUNDS], ratio[PAIR_WORKS][PAIR_ROUNDS];
    unsigned r, w, k;
    if (rounds > PAIR_ROUNDS) rounds = PAIR_ROUNDS;
    pair_otel = otel;
    both_on = (int)sysconf(_SC_NPROCESSORS_ONLN) - 1;
    pin(0);
    for (r = 0; r < rounds + PAIR_WARM_UP; r++) {
        for (w = 0; w < PAIR_WORKS; w++) {
            for (k = 0; k < 2; k++) ns[w][k][r < PAIR_WARM_UP ? 0 : r - PAIR_WARM_UP] = pair_once(w, k != 0);
            if (r >= PAIR_WARM_UP) ratio[w][r - PAIR_WARM_UP] = 2 * ns[w][0][r - PAIR_WARM_UP] / ns[w][1][r - PAIR_WARM_UP];
        }
    }
    printf("[");
    for (w = 0; w < PAIR_WORKS; w++) {
        qsort(ns[w][0], rounds, sizeof ns[w][0][0], by_value);
        qsort(ns[w][1], rounds, sizeof ns[w][1][0], by_value);
        qsort(ratio[w], rounds, sizeof ratio[w][0], by_value);
        printf("%s{\"work\": \"%s\", \"alone_ns\": %.2f, \"both_ns\": %.2f, \"ratio\": %.3f, \"ratio_median\": %.3f}", w ? ",\n " : "", pair_works[w].name, ns[w][0][0], ns[w][1][0],
               2 * ns[w][0][0] / ns[w][1][0], ratio[w][rounds / 2]);
    }
    printf("]\n");
}
#endif
