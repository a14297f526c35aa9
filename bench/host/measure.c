/* Times the library's calls on a host, or runs one of them so often that a tool may count its instructions.

     measure                  JSON: {"clock_gettime": {"min": ns, "median": ns, "heap": calls of the heap}, ...}
     measure CASE TIMES       run one case: for callgrind (--toggle-collect=timed_part), cachegrind, perf
     measure --count FEW MANY CASE [CASE ..]  each case MANY times to warm up, then so many times and so many: for bench/run, which has callgrind count them
     measure --serve          talk with bench/peers/run: see bench/peers/README.md

   Rounds are interleaved: each runs one short batch of every case, so that all see the same weather; the first ones warm up.
   What a batch leaves in the rings is passed outside the time. To add a case, write a function in spans.h or metrics.h and its
   line in `cases`, one in WHAT of bench/run, and run `bench/run --renew`. */
#define _POSIX_C_SOURCE 200809L
#include "kit.h"
#include "spans.h"
#include "metrics.h"
#include "both.h"

#ifndef ROUNDS
#define ROUNDS 400
#endif
#define WARM_UP 20
#define BATCH 1000

void span_compiled_out(otel_t *otel, unsigned long n);

static const struct { const char *name; void (*run)(otel_t *, unsigned long); otel_t *otel; void (*before)(otel_t *, unsigned long); } cases[] = {
    { "clock_gettime", clock_case, NULL, NULL },
    { "floor", floor_case, NULL, NULL },
    { "fast_clock", fast_clock_case, NULL, anchor },
    { "span_0", span_0, &timed, NULL },
    { "span_4", span_4, &timed, NULL },
    { "span_4_literals", span_4_literals, &timed, NULL },
    { "span_0_fast_clock", span_0, &fast_timed, anchor },
    { "span_4_fast_clock", span_4, &fast_timed, anchor },
    { "span_4_literals_fast_clock", span_4_literals, &fast_timed, anchor },
    { "span_10_fast_clock", span_10, &fast_timed, anchor },
    { "span_event_fast_clock", span_event, &fast_timed, anchor },
    { "span_child_fast_clock", span_child, &fast_timed, anchor },
    { "span_child_4_fast_clock", span_child_4, &fast_timed, anchor },
    { "span_0_no_clock", span_0, &untimed, NULL },
    { "span_4_no_clock", span_4, &untimed, NULL },
    { "span_4_literals_no_clock", span_4_literals, &untimed, NULL },
    { "span_10", span_10, &timed, NULL },
    { "span_event", span_event, &timed, NULL },
    { "span_child", span_child, &timed, NULL },
    { "span_child_4", span_child_4, &timed, NULL },
    { "span_not_sampled", span_not_sampled, &timed, NULL },
    { "span_stopped", span_4_literals, &stopped, NULL },
    { "span_no_instance", span_no_instance, &timed, NULL },
    { "span_compiled_out", span_compiled_out, &timed, NULL },
    { "span_recorder", span_4, &recording, clear_recorder },
    { "export_4", export_4, &sending, spans_4_before },
    { "span_4_export", span_4_export, &sending, NULL },
    { "span_10_export", span_10_export, &sending, NULL },
    { "log_2", log_2, &timed, NULL },
    { "inject", inject, &timed, NULL },
    { "extract", extract, &timed, NULL },
    { "inject_baggage", inject_baggage, &timed, NULL },
    { "extract_baggage", extract_baggage, &timed, NULL },
    { "atomic_add", atomic_add, NULL, NULL },
    { "counter_bound", counter_bound, NULL, NULL },
    { "counter_local", counter_local, NULL, NULL },
    { "counter_plain", counter_plain, NULL, NULL },
    { "counter_double", counter_double, NULL, NULL },
    { "counter_2", counter_2, NULL, NULL },
    { "counter_2_literals", counter_2_literals, NULL, NULL },
    { "histogram", histogram, NULL, NULL },
    { "exponential", exponential, NULL, NULL },
    { "counter_bound_both", counter_bound_both, NULL, both_meet },
    { "counter_local_both", counter_local_both, NULL, both_meet },
    { "counter_2_both", counter_2_both, NULL, both_meet },
    { "histogram_both", histogram_both, NULL, both_meet },
    { "exponential_both", exponential_both, NULL, both_meet },
};
#define CASES (sizeof cases / sizeof cases[0])

#ifdef SLOW
unsigned slow_by;                 /* a header in which something was planted does so much more in each call */
#endif

/* The part that is timed, and the only one whose instructions count. */
__attribute__((noinline)) void timed_part(unsigned c, unsigned long n);
__attribute__((noinline)) void timed_part(unsigned c, unsigned long n)
{
    (cases[c].run)(cases[c].otel, n);
    __asm volatile("" : : : "memory");
}

/* One batch: nanoseconds; what it leaves behind is taken away. */
static uint64_t batch(unsigned c, unsigned long n, unsigned long heap[2])
{
    uint64_t before, after;
    unsigned long calls, bytes;
    if (cases[c].before) (cases[c].before)(cases[c].otel, n);
    calls = heap_calls;
    bytes = heap_bytes;
    before = ns_of(CLOCK_MONOTONIC);
    timed_part(c, n);
    after = ns_of(CLOCK_MONOTONIC);
    heap[0] += heap_calls - calls;
    heap[1] += heap_bytes - bytes;
    (void)bench_drain(&timed);
    (void)bench_drain(&fast_timed);
    (void)bench_drain(&untimed);
    return after - before;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void rounds(void)
{
    static double ns[CASES][ROUNDS];
    static unsigned long heap[CASES][2];
    unsigned r, c;
    for (r = 0; r < WARM_UP + ROUNDS; r++) {
        for (c = 0; c < CASES; c++) {
            uint64_t took_ns = batch(c, BATCH, heap[c]);
            if (r >= WARM_UP) ns[c][r - WARM_UP] = (double)took_ns / BATCH;
        }
    }
    for (c = 0; c < CASES; c++) {
        qsort(ns[c], ROUNDS, sizeof ns[c][0], by_value);
        printf("%s\"%s\": {\"min\": %.3f, \"median\": %.3f, \"heap\": %ld}", c ? ",\n " : "{", cases[c].name, ns[c][0], ns[c][ROUNDS / 2], BENCH_HEAP ? (long)heap[c][0] : -1);
    }
    printf("}\n");
}

static unsigned find(const char *name)
{
    unsigned c = 0;
    while (c < CASES && strcmp(cases[c].name, name) != 0) c++;
    return c;
}

/* Lines "CASE TIMES" in, lines "NANOSECONDS ALLOCATIONS BYTES" out. */
static void serve(void)
{
    char line_in[128], name[64];
    unsigned long n;
    unsigned c;
    printf("{\"peer\": \"otel.h\", \"version\": \"this tree\", \"max\": %d, \"cases\": [", BATCH);
    for (c = 0; c < CASES; c++) printf("%s\"%s\"", c ? ", " : "", cases[c].name);
    printf("]}\n");
    (void)fflush(stdout);
    while (fgets(line_in, sizeof line_in, stdin) && sscanf(line_in, "%63s %lu", name, &n) == 2 && (c = find(name)) < CASES) {
        unsigned long heap[2] = { 0, 0 };
        uint64_t ns = batch(c, n > BATCH ? BATCH : n, heap);
        printf("%llu %ld %ld\n", (unsigned long long)ns, BENCH_HEAP ? (long)heap[0] : -1, BENCH_HEAP ? (long)heap[1] : -1);
        (void)fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    unsigned c;
    unsigned long heap[2] = { 0, 0 };
    spans_init();
    metrics_init();
    if (argc == 2 && strcmp(argv[1], "--serve") == 0) serve();
    else if (argc < 3) rounds();
    else if (argc > 4 && strcmp(argv[1], "--count") == 0) {
        int i;
        anchor_to_a_script();
        for (i = 4; i < argc; i++) {
#ifdef SLOW
            char *by = strchr(argv[i], '=');
            if (by) *by++ = 0;
            slow_by = by ? (unsigned)strtoul(by, NULL, 10) : 0u;
#endif
            if ((c = find(argv[i])) == CASES) break;
            (void)batch(c, strtoul(argv[3], NULL, 10), heap);
            (void)batch(c, strtoul(argv[2], NULL, 10), heap);
            (void)batch(c, strtoul(argv[3], NULL, 10), heap);
        }
        if (i < argc) {
            fprintf(stderr, "no case %s\n", argv[i]);
            return 2;
        }
    }
    else if ((c = find(argv[1])) < CASES) {
        unsigned long n = strtoul(argv[2], NULL, 10);
        for (; n > BATCH; n -= BATCH) (void)batch(c, BATCH, heap);
        (void)batch(c, n, heap);
    } else {
        fprintf(stderr, "no case %s\n", argv[1]);
        return 2;
    }
    if (bench_lost(&timed) || bench_lost(&fast_timed) || bench_lost(&untimed) || bench_lost(&sending) || bench_lost(&recording)) {
        fprintf(stderr, "records were lost: a batch is too large for its ring\n");
        return 1;
    }
    return 0;
}
