/* Spans, logs and context: one function for each workload, `n` calls of it. */
#ifndef BENCH_SPANS_H
#define BENCH_SPANS_H
#include "kit.h"
#include "otel_posix.h"

static otel_t timed, fast_timed, untimed, stopped, sending, recording;       /* a clock as ports have it; their fast one; one that costs nothing; shut down; with an exporter; with a recorder */
static otel_fast_clock_t fast;
static const char *method = "GET", *path = "/api/users/42", *key_of_method = "http.request.method", *key_of_path = "url.path",
                  *key_of_status = "http.response.status_code", *key_of_ratio = "duration.ratio";
static int status_code = 200;
/* The specification's benchmark: ten attributes, keys and values of 20 characters. */
static const char *value20 = "attribute-value-of20";

static void clock_case(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        uint64_t now = ns_of(CLOCK_MONOTONIC);
        USE(now);
    }
}

static void fast_clock_case(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        uint64_t now = otel_fast_clock(&fast);
        USE(now);
    }
}

/* What the port's thread does. */
static void anchor(otel_t *otel, unsigned long n)
{
    (void)otel;
    (void)n;
    (void)otel_fast_clock_anchor(&fast);
}

/* For counts that must not depend on the processor: a counter that a fast clock trusts anywhere. */
static uint64_t scripted_ns;
static uint64_t scripted(void *user)
{
    (void)user;
    return scripted_ns += 3;
}

MAYBE void anchor_to_a_script(void)
{
    unsigned i;
    memset((void *)&fast, 0, sizeof fast);
    fast.counter = fast.slow = scripted;
    for (i = 0; i < 5; i++) {
        scripted_ns += 10000000;
        (void)otel_fast_clock_anchor(&fast);
    }
}

static uint64_t fast_clock(void *user)
{
    (void)user;
    return otel_fast_clock(&fast);
}

/* The least that a span can do: look at the clock twice, make an id of 128 bits, store 64 bytes. */
static void floor_case(otel_t *otel, unsigned long n)
{
    static uint64_t ring[1024][8], state[2] = { 0x9E3779B97F4A7C15u, 0xBF58476D1CE4E5B9u };
    uint64_t at = 0;
    (void)otel;
    while (n--) {
        uint64_t *to = ring[at++ & 1023u], a = state[0], b = state[1];
        to[0] = ns_of(CLOCK_MONOTONIC);
        a ^= a << 23;
        state[0] = b;
        state[1] = a ^ b ^ (a >> 18) ^ (b >> 5);
        to[2] = state[0];
        to[3] = state[1];
        to[4] = to[5] = to[6] = to[7] = at;
        to[1] = ns_of(CLOCK_MONOTONIC);
        USE(to);
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

static void span_10(otel_t *otel, unsigned long n)
{
    while (n--) {
        const char *v = value20;
        HIDE(v);
        OTEL_SPAN_SIZED(span, 1024, "GET /api/users", .otel = otel) {
            otel_span_set(span, "attribute.key.twenty0", v, "attribute.key.twenty1", v, "attribute.key.twenty2", v, "attribute.key.twenty3", v, "attribute.key.twenty4", v);
            otel_span_set(span, "attribute.key.twenty5", v, "attribute.key.twenty6", v, "attribute.key.twenty7", v, "attribute.key.twenty8", v, "attribute.key.twenty9", v);
        }
    }
}

static void span_event(otel_t *otel, unsigned long n)
{
    while (n--) {
        int status = status_code;
        HIDE(status);
        OTEL_SPAN(span, "GET /api/users", .otel = otel) {
            otel_span_event(span, "retry", "attempt", status);
        }
    }
}

/* The child of a span that is open all the time. */
static void span_child(otel_t *otel, unsigned long n)
{
    OTEL_SPAN(parent, "parent", .otel = otel) {
        while (n--) {
            OTEL_SPAN(span, "GET /api/users", .otel = otel) {}
        }
    }
}

static void span_child_4(otel_t *otel, unsigned long n)
{
    OTEL_SPAN(parent, "parent", .otel = otel) span_4(otel, n);
}

static void span_not_sampled(otel_t *otel, unsigned long n)
{
    static const otel_context_t parent = { .trace_id = { 1 }, .span_id = { 1 } };
    while (n--) {
        OTEL_SPAN(span, "GET /api/users", .otel = otel, .parent = &parent) {}
    }
}

/* Nobody called otel_init: what a library that is instrumented costs a program that is not. */
static void span_no_instance(otel_t *otel, unsigned long n)
{
    otel_use(NULL);
    while (n--) {
        int status = status_code;
        HIDE(status);
        OTEL_SPAN(span, "GET /api/users") {
            otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", status, "duration.ratio", 0.5);
        }
    }
    otel_use(otel);
}

static void log_2(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        int status = status_code;
        HIDE(status);
        otel_log(OTEL_INFO, "request served", "url.path", "/api/users/42", "http.response.status_code", status);
    }
}

/* ---- context ---- */
static void set_header(void *user, const char *name, const char *value)
{
    USE(user);
    USE(name);
    USE(value);
}

static void inject(otel_t *otel, unsigned long n)
{
    OTEL_SPAN(span, "GET /api/users", .otel = otel) {
        while (n--) otel_inject(span, set_header, NULL);
    }
}

static const char *traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", *baggage = "userId=alice,serverNode=DF%2028,isProduction=false";
static void extract(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        const char *text = traceparent;
        otel_context_t context;
        HIDE(text);
        (void)otel_extract(&context, text, NULL, NULL);
        USE(&context);
    }
}

static void inject_baggage(otel_t *otel, unsigned long n)
{
    otel_context_t caller;
    (void)otel_extract(&caller, traceparent, NULL, baggage);
    OTEL_SPAN(span, "GET /api/users", .otel = otel, .parent = &caller) {
        while (n--) otel_inject(span, set_header, NULL);
    }
}

static void extract_baggage(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        const char *text = traceparent, *more = baggage;
        otel_context_t context;
        otel_baggage_entry_t entry;
        HIDE(text); HIDE(more);
        (void)otel_extract(&context, text, NULL, more);
        (void)otel_baggage_find(&context, "isProduction", &entry);
        USE(&entry);
    }
}

/* ---- export ---- */
static uint8_t packet[1u << 20];
static otel_exporter_t exporter, to_recorder;
static unsigned long sent_bytes;
static int discard(void *user, const otel_request_t *request)
{
    (void)user;
    sent_bytes += request->len;
    return 200;
}

static void spans_4_before(otel_t *otel, unsigned long n) { span_4(otel, n); }

static void export_4(otel_t *otel, unsigned long n)
{
    (void)otel;
    (void)n;
    if (otel_export_flush(&exporter, 10000) != OTEL_OK) exit(3);
}

/* Record and export, all on this thread: what a span costs altogether. */
static void span_4_export(otel_t *otel, unsigned long n)
{
    span_4(otel, n);
    export_4(otel, n);
}

static void span_10_export(otel_t *otel, unsigned long n)
{
    span_10(otel, n);
    export_4(otel, n);
}

/* The recorder for tests, a request for each span. */
static uint64_t recorder_memory[1u << 17];
static otel_recorder_t recorder;
static otel_simple_t simple;
static void clear_recorder(otel_t *otel, unsigned long n)
{
    (void)otel;
    (void)n;
    otel_recorder_clear(&recorder);
}

static void spans_init(void)
{
    static uint8_t pool_of_three[3u << 20], pool[5][1u << 21], small_packet[4096];
    static otel_processor_t processor;
    static const otel_processor_t *list[2];
    static otel_span_settings_t settings;
    otel_spans_t none;
    memset((void *)&none, 0, sizeof none);
    processor = otel_processor_simple(&simple);
    list[0] = &processor;
    settings.processors = list;
    bench_init(&timed, pool_of_three, sizeof pool_of_three, 3, host_clock, none);      /* one for the other thread of both.h */
    bench_init(&untimed, pool[1], sizeof pool[1], 2, constant_clock, none);
    bench_init(&stopped, pool[2], sizeof pool[2], 2, host_clock, none);
    bench_init(&sending, pool[3], sizeof pool[3], 2, host_clock, none);
    bench_init(&recording, pool[4], sizeof pool[4], 2, host_clock, otel_spans(&settings));
    bench_init(&fast_timed, pool[0], sizeof pool[0], 2, fast_clock, none);
    bench_attach(&timed);
    bench_attach(&fast_timed);
    bench_attach(&untimed);
    (void)otel_shutdown(&stopped, 0);
    if (otel_recorder_init(&recorder, .memory = recorder_memory, .memory_size = sizeof recorder_memory) != OTEL_OK) exit(2);
    if (otel_exporter_init(&exporter, .otel = &sending, .send = discard, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK) exit(2);
    if (otel_exporter_init(&to_recorder, .otel = &recording, .send = otel_recorder_send, .user = &recorder, .buffer = small_packet, .buffer_size = sizeof small_packet) != OTEL_OK) exit(2);
    simple.exporter = &to_recorder;
}
#endif
