/* Times the library's calls on a host, or runs one of them so often that a tool may count its instructions.

     measure                  JSON: {"clock_gettime": {"min": ns, "median": ns}, ...}
     measure CASE TIMES       run one case: for callgrind, cachegrind, perf

   Rounds are interleaved: each runs one short batch of every case, so that all see the same weather; the first ones warm up.
   What a batch leaves in the rings is passed outside the time. To add a case, write a function and its line in `cases`. */
#define _POSIX_C_SOURCE 200809L
#include "otel.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef ROUNDS
#define ROUNDS 600
#endif
#define WARM_UP 20
#define BATCH 1000

static otel_t timed, untimed;             /* a clock as ports have it; one that costs nothing */
static uint8_t pool[2][1 << 21];

static uint64_t ns_of(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static uint64_t host_clock(void *user)
{
    (void)user;
    return ns_of(CLOCK_MONOTONIC);
}
static uint64_t constant_clock(void *user)
{
    (void)user;
    return 1000000;
}

/* What the compiler may not know beforehand. */
#define HIDE(x) __asm volatile("" : "+r"(x))
#define USE(x) __asm volatile("" : : "r"(x) : "memory")
static const char *method = "GET", *path = "/api/users/42", *key_of_method = "http.request.method", *key_of_path = "url.path",
                  *key_of_status = "http.response.status_code", *key_of_ratio = "duration.ratio";
static int status_code = 200;

static void clock_case(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        uint64_t now = ns_of(CLOCK_MONOTONIC);
        USE(now);
    }
}

static void span_0(otel_t *otel, unsigned long n)
{
    while (n--) {
        OTEL_SPAN(span, "GET /api/users", .otel = otel) {}
    }
}

static void span_4_literals(otel_t *otel, unsigned long n)
{
    while (n--) {
        int status = status_code;
        HIDE(status);
        OTEL_SPAN(span, "GET /api/users", .otel = otel) {
            otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", status, "duration.ratio", 0.5);
        }
    }
}

static void span_4(otel_t *otel, unsigned long n)
{
    while (n--) {
        const char *m = method, *p = path, *km = key_of_method, *kp = key_of_path, *ks = key_of_status, *kr = key_of_ratio;
        int status = status_code;
        HIDE(m); HIDE(p); HIDE(km); HIDE(kp); HIDE(ks); HIDE(kr); HIDE(status);
        OTEL_SPAN(span, "GET /api/users", .otel = otel) {
            otel_span_set(span, km, m, kp, p, ks, status, kr, 0.5);
        }
    }
}

static void span_not_sampled(otel_t *otel, unsigned long n)
{
    static const otel_context_t parent = { { 1 }, { 1 }, 0, false, NULL, NULL };
    while (n--) {
        OTEL_SPAN(span, "GET /api/users", .otel = otel, .parent = &parent) {}
    }
}

static void log_2(otel_t *otel, unsigned long n)
{
    otel_log_record_t record;
    (void)otel;
    memset((void *)&record, 0, sizeof record);
    while (n--) {
        int status = status_code;
        HIDE(status);
        otel_log(OTEL_INFO, "request served", "url.path", "/api/users/42", "http.response.status_code", status);
    }
}

#ifdef OTEL_COUNTER
static otel_counter_t reads = OTEL_COUNTER("reads", .unit = "{read}", OTEL_SERIES(4));
static otel_counter_t turns = OTEL_COUNTER("turns");
static otel_series_t *bound;
static void counter_bound(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_series_add(bound, 1);
}
static void counter_plain(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_counter_add(&turns, 1);
}
static void counter_2(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_counter_add(&reads, 1, "bus", "i2c1", "line", 2);
}
#endif
#ifdef OTEL_HISTOGRAM
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BOUNDS(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));
static void histogram(otel_t *otel, unsigned long n)
{
    double x = 0.001;
    (void)otel;
    while (n--) {
        otel_histogram_record(&took, x);
        x += 0.0123;
        if (x > 11) x = 0.001;
    }
}
#endif

static const struct { const char *name; void (*run)(otel_t *, unsigned long); otel_t *otel; } cases[] = {
    { "clock_gettime", clock_case, NULL },
    { "span_0", span_0, &timed },
    { "span_4", span_4, &timed },
    { "span_4_literals", span_4_literals, &timed },
    { "span_0_no_clock", span_0, &untimed },
    { "span_4_no_clock", span_4, &untimed },
    { "span_4_literals_no_clock", span_4_literals, &untimed },
    { "span_not_sampled", span_not_sampled, &timed },
    { "log_2", log_2, &timed },
#ifdef OTEL_COUNTER
    { "counter_bound", counter_bound, NULL },
    { "counter_plain", counter_plain, NULL },
    { "counter_2", counter_2, NULL },
#endif
#ifdef OTEL_HISTOGRAM
    { "histogram", histogram, NULL },
#endif
};
#define CASES (sizeof cases / sizeof cases[0])

/* What an exporter does behind the time that is measured: all records leave the rings. */
static void drain(otel_t *otel)
{
    unsigned i, k;
    for (i = 0; i < otel->shards_; i++) {
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &otel_shard_at_(otel, i)->ring[k];
            otel_pos_t until = otel_ring_hold_(ring, &otel->guard_, 0), at = ring->reader[0].from;
            otel_count_t n = 0;
            for (; at != until; n++) at = otel_pos_add_(ring, at, (otel_pos_t)otel_record_size_(ring, at));
            otel_ring_pass_(ring, &otel->guard_, 0, until, n);
        }
    }
}

static void start(otel_t *otel, void *memory, uint64_t (*clock)(void *))
{
    unsigned i, k;
    if (otel_init(otel, .service = "bench", .clock = clock, .clock_hz = 1000000000u, .pool = memory, .pool_size = sizeof pool[0], .shards = 2) != OTEL_OK) exit(2);
    otel_time_sync(otel, ns_of(CLOCK_REALTIME));
    for (i = 0; i < otel->shards_; i++) {
        for (k = 0; k < 2; k++) (void)otel_ring_attach_(&otel_shard_at_(otel, i)->ring[k], &otel->guard_, 0);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void rounds(void)
{
    static double ns[CASES][ROUNDS];
    unsigned r, c;
    for (r = 0; r < WARM_UP + ROUNDS; r++) {
        for (c = 0; c < CASES; c++) {
            uint64_t before = ns_of(CLOCK_MONOTONIC), after;
            (cases[c].run)(cases[c].otel, BATCH);
            after = ns_of(CLOCK_MONOTONIC);
            if (r >= WARM_UP) ns[c][r - WARM_UP] = (double)(after - before) / BATCH;
            drain(&timed);
            drain(&untimed);
        }
    }
    for (c = 0; c < CASES; c++) {
        qsort(ns[c], ROUNDS, sizeof ns[c][0], by_value);
        printf("%s\"%s\": {\"min\": %.2f, \"median\": %.2f}", c ? ",\n " : "{", cases[c].name, ns[c][0], ns[c][ROUNDS / 2]);
    }
    printf("}\n");
}

int main(int argc, char **argv)
{
    unsigned c;
    start(&timed, pool[0], host_clock);
    start(&untimed, pool[1], constant_clock);
#ifdef OTEL_COUNTER
    bound = otel_counter_bind(&reads, "bus", "i2c1");
#endif
    if (argc < 3) {
        rounds();
        return timed.shard_.ring[0].dropped[OTEL_DROP_FULL] ? 1 : 0;
    }
    for (c = 0; c < CASES; c++) {
        if (strcmp(cases[c].name, argv[1]) == 0) {
            (cases[c].run)(cases[c].otel, strtoul(argv[2], NULL, 10));
            return 0;
        }
    }
    fprintf(stderr, "no case %s\n", argv[1]);
    return 2;
}
