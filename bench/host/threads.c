/* How recording scales, and whether it waits.

     threads scale [ROUNDS]        JSON: 1, 2, 4 .. 64 threads record into shards of their own; rings are emptied outside the time
     threads latency [OPERATIONS]  JSON: how long each of so many spans took while another thread exports: percentiles

   `scale` gives ns of wall time a span and processor: 2 threads on 2 processors are perfect when it stays what 1 thread needs. */
#define _GNU_SOURCE
#include "otel_posix.h"
#include "kit.h"

#define MOST 64
#define BATCH 2000u
static otel_t otel;
static pthread_barrier_t begin_line, end_line;
static unsigned rounds_left;
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

/* Each thread on a processor of its own as long as there is one. */
static void *worker(void *user)
{
    unsigned me = *(unsigned *)user, r;
    pin((int)(me % (unsigned)sysconf(_SC_NPROCESSORS_ONLN)));
    for (r = 0; r < rounds_left; r++) {
        (void)pthread_barrier_wait(&begin_line);
        began[me] = ns_of(CLOCK_MONOTONIC);
        some_spans(BATCH);
        ended[me] = ns_of(CLOCK_MONOTONIC);
        (void)pthread_barrier_wait(&end_line);
    }
    otel_thread_end(&otel);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Wall time of one round of `threads`, from the first that begins to the last that ends: minimum and median, ns. */
static void scale_of(unsigned threads, unsigned rounds, double ns[2])
{
    pthread_t thread[MOST];
    static unsigned number[MOST];
    static double took[10000];
    unsigned i, r;
    rounds_left = rounds;
    (void)pthread_barrier_init(&begin_line, NULL, threads + 1);
    (void)pthread_barrier_init(&end_line, NULL, threads + 1);
    for (i = 0; i < threads; i++) {
        number[i] = i;
        if (pthread_create(&thread[i], NULL, worker, &number[i])) exit(2);
    }
    for (r = 0; r < rounds; r++) {
        uint64_t first = UINT64_MAX, last = 0;
        (void)pthread_barrier_wait(&begin_line);
        (void)pthread_barrier_wait(&end_line);
        for (i = 0; i < threads; i++) {
            if (began[i] < first) first = began[i];
            if (ended[i] > last) last = ended[i];
        }
        took[r] = (double)(last - first);
        (void)bench_drain(&otel);
    }
    for (i = 0; i < threads; i++) (void)pthread_join(thread[i], NULL);
    (void)pthread_barrier_destroy(&begin_line);
    (void)pthread_barrier_destroy(&end_line);
    qsort(took, rounds, sizeof took[0], by_value);
    ns[0] = took[0];
    ns[1] = took[rounds / 2];
}

static void scale(unsigned rounds)
{
    static uint8_t pool[96u << 20];
    otel_spans_t none;
    unsigned threads;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    memset((void *)&none, 0, sizeof none);
    bench_init(&otel, pool, sizeof pool, MOST + 1, host_clock, none);
    bench_attach(&otel);
    printf("[");
    for (threads = 1; threads <= MOST; threads *= 2) {
        double ns[2], at_once = threads < (unsigned)processors ? threads : (unsigned)processors;
        scale_of(threads, rounds, ns);
        printf("%s{\"threads\": %u, \"ns_min\": %.2f, \"ns_median\": %.2f, \"spans_a_second\": %.0f}", threads > 1 ? ",\n " : "", threads, ns[0] * at_once / ((double)threads * BATCH),
               ns[1] * at_once / ((double)threads * BATCH), (double)threads * BATCH / ns[0] * 1e9);
    }
    printf("]\n");
    if (bench_lost(&otel)) exit(1);
}

/* ---- latency ---- */
#define FINE 4096u                       /* ns, one by one; above that by powers of two */
static uint64_t histogram_of[FINE + 40];
static unsigned long sent;
static int take(void *user, const otel_request_t *request)
{
    (void)user;
    sent += request->items;
    return 200;
}

static double percentile(uint64_t all, double share)
{
    uint64_t seen = 0;
    unsigned i;
    for (i = 0; i < FINE + 40u; i++) {
        seen += histogram_of[i];
        if ((double)seen >= (double)all * share) return i < FINE ? i : (double)FINE * (double)(1ull << (i - FINE + 1u));
    }
    return -1;
}

static void latency(unsigned long n)
{
    unsigned long i, calls;
    otel_stats_t stats;
    pin(0);                                       /* the library's thread inherits it */
    if (otel_posix_start(.service = "latency", .send = take, .pool_size = 64u << 20, .shards = 2) != OTEL_OK) exit(2);
    pin((int)sysconf(_SC_NPROCESSORS_ONLN) - 1);
    some_spans(10000);
    calls = heap_calls;
    for (i = 0; i < n; i++) {
        uint64_t before = ns_of(CLOCK_MONOTONIC), took;
        unsigned at;
        some_spans(1);
        took = ns_of(CLOCK_MONOTONIC) - before;
        for (at = FINE; took >= FINE && took >> (at - FINE + 13u) && at < FINE + 39u; at++) {}
        histogram_of[took < FINE ? (unsigned)took : at]++;
    }
    calls = heap_calls - calls;
    (void)otel_posix_flush(10000);
    (void)otel_posix_stats(&stats);
    printf("{\"operations\": %lu, \"p50_ns\": %.0f, \"p99_ns\": %.0f, \"p99.9_ns\": %.0f, \"p99.99_ns\": %.0f, \"max_ns_below\": %.0f, \"heap\": %ld, \"dropped\": %llu, \"exported\": %lu}\n", n,
           percentile(n, 0.5), percentile(n, 0.99), percentile(n, 0.999), percentile(n, 0.9999), percentile(n, 1), BENCH_HEAP ? (long)calls : -1,
           (unsigned long long)otel_stats_dropped(&stats.signal[OTEL_SIGNAL_TRACES]), sent);
}

int main(int argc, char **argv)
{
    unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (argc > 1 && strcmp(argv[1], "latency") == 0) latency(n ? n : 10000000u);
    else scale(n && n < 10000u ? (unsigned)n : 200u);
    return 0;
}
