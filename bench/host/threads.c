/* How recording scales, and whether it waits.

     threads scale [ROUNDS]        JSON: 1, 2, 4 .. 64 threads record into shards of their own; rings are emptied outside the time
     threads pair [ROUNDS]         JSON: what a second processor adds, to the library and to work that shares nothing (pair.h)
     threads latency [OPERATIONS]  JSON: how long each of so many spans took while another thread exports, and as many turns of plain
                                   multiplications between them: percentiles of both

   `scale` gives ns of wall time a span and processor: 2 threads on 2 processors are perfect when it stays what 1 thread needs. */
#define _GNU_SOURCE
#include "otel_posix.h"
#include "kit.h"

#define MOST 64
#define STEPS 7u                              /* 1, 2, 4 .. 64 threads */
#define BATCH 2000u
#define MOST_ROUNDS 10000u
static otel_t otel;
static pthread_barrier_t begin_line[STEPS], ready_line[STEPS], end_line[STEPS];
static unsigned processors, rounds_left, arrived[STEPS];
static uint64_t began[MOST], ended[MOST];

static void some_spans(unsigned n)
{
    while (n--) {
        int status = 200;
        HIDE(status);
        OTEL_SPAN(span, "GET /api/users") {
            otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", status, "duration.ratio", 0.5);
        }
    }
}

/* All begin together. A thread that has to be woken would come later, to a processor with cold caches: those that have one each spin. */
static void wait_for_all(unsigned step, unsigned round)
{
    unsigned threads = 1u << step;
    if (threads > processors) {
        (void)pthread_barrier_wait(&ready_line[step]);
        return;
    }
    __atomic_fetch_add(&arrived[step], 1u, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&arrived[step], __ATOMIC_ACQUIRE) < (round + 1u) * threads) {}
}

/* Each thread on a processor of its own as long as there is one. It sleeps where it is not asked for. */
static void *worker(void *user)
{
    unsigned me = *(unsigned *)user, r, step;
    pin((int)(me % processors));
    for (r = 0; r < rounds_left; r++) {
        for (step = 0; step < STEPS; step++) {
            if (me >= 1u << step) continue;
            (void)pthread_barrier_wait(&begin_line[step]);
            some_spans(BATCH);
            wait_for_all(step, r);
            began[me] = ns_of(CLOCK_MONOTONIC);
            some_spans(BATCH);
            ended[me] = ns_of(CLOCK_MONOTONIC);
            (void)pthread_barrier_wait(&end_line[step]);
        }
    }
    otel_thread_end(&otel);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Wall time of one round, from the first that begins to the last that ends: ns a span and processor. */
static double scale_once(unsigned step)
{
    unsigned threads = 1u << step, i, at_once = threads < processors ? threads : processors;
    uint64_t first = UINT64_MAX, last = 0;
    (void)pthread_barrier_wait(&begin_line[step]);
    (void)pthread_barrier_wait(&end_line[step]);
    for (i = 0; i < threads; i++) {
        if (began[i] < first) first = began[i];
        if (ended[i] > last) last = ended[i];
    }
    (void)bench_drain(&otel);
    return (double)(last - first) * at_once / ((double)threads * BATCH);
}

#include "pair.h"

static void prepare(void)
{
    static uint8_t pool[96u << 20];
    otel_spans_t none;
    memset((void *)&none, 0, sizeof none);
    bench_init(&otel, pool, sizeof pool, MOST + 1, host_clock, none);
    bench_attach(&otel);
}

/* Every round has all numbers of threads, so that all see the same weather; what is told beside two threads is the median of rounds. */
static void scale(unsigned rounds)
{
    static double ns[STEPS][MOST_ROUNDS], share[STEPS][MOST_ROUNDS];
    static unsigned number[MOST];
    pthread_t thread[MOST];
    unsigned i, r, step;
    prepare();
    rounds_left = rounds;
    for (step = 0; step < STEPS; step++) {
        (void)pthread_barrier_init(&ready_line[step], NULL, 1u << step);
        (void)pthread_barrier_init(&begin_line[step], NULL, (1u << step) + 1u);
        (void)pthread_barrier_init(&end_line[step], NULL, (1u << step) + 1u);
    }
    for (i = 0; i < MOST; i++) {
        number[i] = i;
        if (pthread_create(&thread[i], NULL, worker, &number[i])) exit(2);
    }
    for (r = 0; r < rounds; r++) {
        for (step = 0; step < STEPS; step++) ns[step][r] = scale_once(step);
        for (step = 0; step < STEPS; step++) share[step][r] = ns[1][r] / ns[step][r] * (step == 0 && processors > 1 ? 0.5 : 1.0);
    }
    for (i = 0; i < MOST; i++) (void)pthread_join(thread[i], NULL);
    printf("[");
    for (step = 0; step < STEPS; step++) {
        unsigned threads = 1u << step, at_once = threads < processors ? threads : processors;
        qsort(ns[step], rounds, sizeof ns[step][0], by_value);
        qsort(share[step], rounds, sizeof share[step][0], by_value);
        printf("%s{\"threads\": %u, \"ns_min\": %.2f, \"ns_median\": %.2f, \"spans_a_second\": %.0f, \"of_two_threads\": %.3f}", step ? ",\n " : "", threads, ns[step][0],
               ns[step][rounds / 2], at_once * 1e9 / ns[step][0], share[step][rounds / 2]);
    }
    printf("]\n");
    if (bench_lost(&otel)) exit(1);
}

/* ---- latency ---- */
#define FINE 4096u                       /* ns, one by one; above that by powers of two */
#define LONG_NS 2000u
typedef struct took_t { uint64_t times[FINE + 40u], longer; } took_t;
static took_t of_spans, of_numbers;
static unsigned long sent;
static int take(void *user, const otel_request_t *request)
{
    (void)user;
    sent += request->items;
    return 200;
}

static double percentile(const took_t *t, uint64_t all, double share)
{
    uint64_t seen = 0;
    unsigned i;
    for (i = 0; i < FINE + 40u; i++) {
        seen += t->times[i];
        if ((double)seen >= (double)all * share) return i < FINE ? i : (double)FINE * (double)(1ull << (i - FINE + 1u));
    }
    return -1;
}

static void note(took_t *t, uint64_t ns)
{
    unsigned at;
    for (at = FINE; ns >= FINE && ns >> (at - FINE + 13u) && at < FINE + 39u; at++) {}
    t->times[ns < FINE ? (unsigned)ns : at]++;
    t->longer += ns > LONG_NS;
}

/* Work that touches nothing but registers: what takes long there, the machine did. */
static uint64_t some_numbers(uint64_t x, unsigned n)
{
    while (n--) {
        x *= 6364136223846793005ull;
        HIDE(x);
    }
    return x;
}

static void tell(const char *name, const took_t *t, unsigned long n)
{
    printf("\"%s\": {\"p50_ns\": %.0f, \"p99_ns\": %.0f, \"p99.9_ns\": %.0f, \"p99.99_ns\": %.0f, \"max_ns_below\": %.0f, \"longer_than_2us\": %llu}, ", name, percentile(t, n, 0.5),
           percentile(t, n, 0.99), percentile(t, n, 0.999), percentile(t, n, 0.9999), percentile(t, n, 1), (unsigned long long)t->longer);
}

static void latency(unsigned long n)
{
    unsigned long i, calls;
    unsigned steps;
    uint64_t x = 1, before, between, after;
    otel_stats_t stats;
    pin(0);                                       /* the library's thread inherits it */
    if (otel_posix_start(.service = "latency", .send = take, .pool_size = 64u << 20, .shards = 2, .prefault = true) != OTEL_OK) exit(2);
    pin((int)sysconf(_SC_NPROCESSORS_ONLN) - 1);
    before = ns_of(CLOCK_MONOTONIC);
    some_spans(10000);
    between = ns_of(CLOCK_MONOTONIC);
    x = some_numbers(x, 1000000);
    after = ns_of(CLOCK_MONOTONIC);
    steps = (unsigned)(100 * (between - before) / (after - between)) + 1u;      /* as long as a span */
    calls = heap_calls;
    for (i = 0; i < n; i++) {
        before = ns_of(CLOCK_MONOTONIC);
        some_spans(1);
        between = ns_of(CLOCK_MONOTONIC);
        x = some_numbers(x, steps);
        after = ns_of(CLOCK_MONOTONIC);
        note(&of_spans, between - before);
        note(&of_numbers, after - between);
    }
    calls = heap_calls - calls;
    (void)otel_posix_flush(10000);
    (void)otel_posix_stats(&stats);
    printf("{\"operations\": %lu, ", n);
    tell("spans", &of_spans, n);
    tell("multiplications", &of_numbers, n);
    printf("\"heap\": %ld, \"dropped\": %llu, \"exported\": %lu, \"x\": %llu}\n", BENCH_HEAP ? (long)calls : -1,
           (unsigned long long)otel_stats_dropped(&stats.signal[OTEL_SIGNAL_TRACES]), sent, (unsigned long long)x);
}

int main(int argc, char **argv)
{
    unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    processors = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    if (argc > 1 && strcmp(argv[1], "latency") == 0) latency(n ? n : 10000000u);
    else if (argc > 1 && strcmp(argv[1], "pair") == 0) {
        prepare();
        pair(&otel, n ? (unsigned)n : 500u);
    } else scale(n && n < MOST_ROUNDS ? (unsigned)n : 100u);
    return 0;
}
