/* How costs grow: one thread, and one thing made larger and larger.

     growth [ROUNDS]        JSON: {"clock_ns": one clock read, "sweeps": {NAME: [{"x": .., "ns_min": .., "ns_median": ..}, ..], ..}}

   series: a counter add with two attributes, its set looked up among x sets, each as likely. batches: a span's share of a request
   of x spans. text, text_export: recording and exporting a span whose one attribute is a text of x bytes. attributes: recording
   a span of x attributes of 20 and 20 characters; large_attributes: of 20 and 492. Rounds are interleaved: each runs a short batch
   of every point; the first warm up. */
#define _POSIX_C_SOURCE 200809L
#include "kit.h"

#define WARM_UP 5u
#define MOST_ROUNDS 2000u
#define MOST_POINTS 12u
#define TEXT_MAX 65536u
#define QUEUE 65536u              /* spans that wait when requests of any size are made of them: the same cold memory for all */
static otel_t metered, otel;      /* the default instance, whose metrics nobody exports; the one with spans */
static otel_exporter_t exporter;
static char text[TEXT_MAX + 1], large[493], keys[128][21];
static unsigned long requests;

/* ---- series ---- */
#define SETS(n) static otel_counter_t sets_##n = OTEL_COUNTER("sets." #n, .unit = "{add}", OTEL_SERIES(n));
SETS(1) SETS(10) SETS(100) SETS(1000) SETS(10000)
static otel_counter_t *counter_of(unsigned long sets)
{
    return sets == 1 ? &sets_1 : sets == 10 ? &sets_10 : sets == 100 ? &sets_100 : sets == 1000 ? &sets_1000 : &sets_10000;
}

/* All sets in turn, in strides (without a common factor) that prefetchers do not foresee. */
static void add_to(unsigned long sets, unsigned long n)
{
    static int64_t at;
    const char *bus = "i2c1", *key = "bus", *number = "device";
    otel_counter_t *counter = counter_of(sets);
    if (at >= (int64_t)sets) at = 0;
    while (n--) {
        HIDE(bus); HIDE(key); HIDE(number);
        otel_counter_add(counter, 1, key, bus, number, at);
        at += (int64_t)(sets * 617u / 1000u | 1u);
        if (at >= (int64_t)sets) at -= (int64_t)sets;
    }
}
static unsigned long adds(unsigned long sets) { return sets > 1000u ? sets : 1000u; }

/* ---- batches ---- */
static void spans(unsigned long n)
{
    while (n--) {
        int status = 200;
        HIDE(status);
        OTEL_SPAN(span, "GET /api/users", .otel = &otel) {
            otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", status, "duration.ratio", 0.5);
        }
    }
}
static int discard(void *user, const otel_request_t *request)
{
    (void)user;
    USE(request->body);
    requests++;
    return 200;
}
static void flush(unsigned long x, unsigned long n)
{
    (void)x;
    (void)n;
    if (otel_export_flush(&exporter, 10000) != OTEL_OK) exit(3);
}
static unsigned long queue(unsigned long x)
{
    (void)x;
    return QUEUE;
}
static void fill(unsigned long x, unsigned long n)
{
    exporter.config_.max_items = (uint32_t)x;
    spans(n);
}

/* ---- sizes ---- */
static void text_spans(unsigned long bytes, unsigned long n)
{
    text[bytes] = 0;
    while (n--) {
        const char *body = text;
        HIDE(body);
        OTEL_SPAN_SIZED(span, TEXT_MAX + 1024u, "upload", .otel = &otel) {
            otel_span_set(span, "http.request.body", body);
        }
    }
    text[bytes] = 'a';
}
static void spans_of(unsigned long attributes, unsigned long n, const char *value)
{
    while (n--) {
        unsigned long i;
        HIDE(value);
        OTEL_SPAN_SIZED(span, 2u * TEXT_MAX, "upload", .otel = &otel) {
            for (i = 0; i < attributes; i++) otel_span_set(span, keys[i], value);
        }
    }
}
static void attribute_spans(unsigned long attributes, unsigned long n) { spans_of(attributes, n, "attribute-value-of20"); }
static void large_spans(unsigned long attributes, unsigned long n) { spans_of(attributes, n, large); }
static unsigned long some(unsigned long bytes) { return bytes < 1024u ? 256u : 262144u / bytes + 4u; }
static unsigned long hundred(unsigned long x) { return x < 16u ? 256u : 2048u / x + 4u; }
static void queue_texts(unsigned long x, unsigned long n)
{
    exporter.config_.max_items = 512;
    text_spans(x, n);
}

static const struct {
    const char *name;
    void (*before)(unsigned long x, unsigned long n);
    void (*run)(unsigned long x, unsigned long n);         /* this is timed */
    void (*after)(unsigned long x, unsigned long n);
    unsigned long (*times)(unsigned long x);
    unsigned long x[MOST_POINTS + 1u];
} sweeps[] = {
    { "series", NULL, add_to, NULL, adds, { 1, 10, 100, 1000, 10000 } },
    { "batches", fill, flush, NULL, queue, { 1, 4, 16, 64, 256, 1024, 4096, 16384, 65536 } },
    { "text", NULL, text_spans, flush, some, { 50, 128, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536 } },
    { "text_export", queue_texts, flush, NULL, some, { 50, 128, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536 } },
    { "attributes", NULL, attribute_spans, flush, hundred, { 1, 2, 4, 8, 16, 32, 64, 128 } },
    { "large_attributes", NULL, large_spans, flush, hundred, { 1, 2, 4, 8, 16, 32, 64, 128 } },
};
#define SWEEPS (sizeof sweeps / sizeof sweeps[0])

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double point(unsigned s, unsigned long x)
{
    unsigned long n = (sweeps[s].times)(x);
    uint64_t before, after;
    if (sweeps[s].before) (sweeps[s].before)(x, n);
    before = ns_of(CLOCK_MONOTONIC);
    (sweeps[s].run)(x, n);
    after = ns_of(CLOCK_MONOTONIC);
    if (sweeps[s].after) (sweeps[s].after)(x, n);
    return (double)(after - before) / (double)n;
}

static double clock_read(void)
{
    uint64_t before = ns_of(CLOCK_MONOTONIC), now = 0;
    unsigned i;
    for (i = 0; i < 1000; i++) {
        now = ns_of(CLOCK_MONOTONIC);
        USE(now);
    }
    return (double)(now - before) / 1000;
}

static void prepare(void)
{
    static uint8_t few[4096], pool[56u << 20], packet[16u << 20];
    otel_spans_t none;
    unsigned i;
    memset((void *)&none, 0, sizeof none);
    memset(text, 'a', TEXT_MAX);
    memset(large, 'b', sizeof large - 1u);
    for (i = 0; i < 128; i++) (void)snprintf(keys[i], sizeof keys[i], "attribute.key.of.%03u", i);
    bench_init(&metered, few, sizeof few, 1, host_clock, none);
    bench_init(&otel, pool, sizeof pool, 2, host_clock, none);
    if (otel_exporter_init(&exporter, .otel = &otel, .send = discard, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK) exit(2);
}

int main(int argc, char **argv)
{
    static double ns[SWEEPS][MOST_POINTS][MOST_ROUNDS], clocks[MOST_ROUNDS];
    unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 60u, r, s, i;
    if (rounds < 1 || rounds > MOST_ROUNDS) rounds = MOST_ROUNDS;
    prepare();
    for (r = 0; r < WARM_UP + rounds; r++) {
        unsigned to = r < WARM_UP ? 0 : r - WARM_UP;
        clocks[to] = clock_read();
        for (s = 0; s < SWEEPS; s++) {
            for (i = 0; sweeps[s].x[i]; i++) ns[s][i][to] = point(s, sweeps[s].x[i]);
        }
    }
    qsort(clocks, rounds, sizeof clocks[0], by_value);
    printf("{\"clock_ns\": %.2f, \"requests\": %lu, \"sweeps\": {", clocks[0], requests);
    for (s = 0; s < SWEEPS; s++) {
        printf("%s\n \"%s\": [", s ? "," : "", sweeps[s].name);
        for (i = 0; sweeps[s].x[i]; i++) {
            qsort(ns[s][i], rounds, sizeof ns[s][i][0], by_value);
            printf("%s{\"x\": %lu, \"ns_min\": %.2f, \"ns_median\": %.2f}", i ? ", " : "", sweeps[s].x[i], ns[s][i][0], ns[s][i][rounds / 2]);
        }
        printf("]");
    }
    printf("}}\n");
    if (bench_lost(&otel)) {
        fprintf(stderr, "records were lost: a batch is too large for its ring\n");
        return 1;
    }
    return 0;
}
