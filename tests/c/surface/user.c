/* A program that uses every form of the API as the manual shows it: it must compile without a warning in every dialect, and
   run. What it records is sent to `post`, which looks at it. Metrics have a program of their own (metrics.c). */
#include <stdio.h>
#include <string.h>
#define OTEL_VSNPRINTF vsnprintf
#define OTEL_FILE_SCOPE (&whole_file)
#include "otel_export.h"

#define CHECK(what) ((what) ? (void)0 : (void)(failed++, printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))
#define CHECK_ON(what) ((what) == (OTEL_ENABLED && OTEL_TRACES) ? (void)0 : (void)(failed++, printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))
#define CHECK_IN(what) ((what) == OTEL_ENABLED ? (void)0 : (void)(failed++, printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))     /* also with a signal off */

/* C without cleanup: `return` out of a block does not end the span. */
#ifdef OTEL_SPAN_HERE
#define NOT_ENDED 0u
#else
#define NOT_ENDED 1u
#endif
#define SPANS (OTEL_ENABLED && OTEL_TRACES ? 12u - NOT_ENDED : 0u)
#define LOGS (OTEL_ENABLED && OTEL_LOGS ? 6u : 0u)

static otel_scope_t whole_file = OTEL_SCOPE("user.c");
static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2");
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[16384], packet[16384];
static int failed;

static uint64_t board_clock(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return now += 1000000u;
}

/* ---- transport ---- */
static unsigned requests, spans_sent, logs_sent;
static char seen[65536];
static size_t seen_len;

static int post(void *user, const otel_request_t *r)
{
    (void)user;
    requests++;
    if (r->signal == OTEL_SIGNAL_TRACES) spans_sent += r->items;
    if (r->signal == OTEL_SIGNAL_LOGS) logs_sent += r->items;
    if (r->body && seen_len + r->len <= sizeof seen) {
        memcpy(seen + seen_len, r->body, r->len);
        seen_len += r->len;
    }
    return 200;
}

static unsigned sent(const char *text)
{
    unsigned times = 0;
    size_t i, n = strlen(text);
    for (i = 0; i + n <= seen_len; i++) {
        if (memcmp(seen + i, text, n) == 0) times++;
    }
    return times;
}

/* ---- recording ---- */
static int read_sensor(int id, int v)
{
    OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) {
        otel_span_set(span, "sensor.id", id, "bus", "i2c1");
        if (v < 0) return otel_span_error(span, v, "i2c nack");
        otel_log(OTEL_INFO, "sensor read", "value", v);
    }
    return 0;
}

#ifdef OTEL_SPAN_HERE
static int read_all(int n)
{
    int i, bad = 0;
    OTEL_SPAN_HERE(span, "read_all");
    for (i = 0; i < n; i++) {
        if (read_sensor(i, i - 1) < 0) bad++;
        if (i == 2) break;
    }
    otel_span_set(span, "bad", bad);
    return bad;
}
#else
static int read_all(int n)
{
    int i, bad = 0;
    OTEL_SPAN(span, "read_all") {
        for (i = 0; i < n && i < 3; i++) {
            if (read_sensor(i, i - 1) < 0) bad++;
        }
        otel_span_set(span, "bad", bad);
    }
    return bad;
}
#endif

static int upload(int v)
{
    OTEL_SPAN_SIZED(span, 512, "upload") {
        otel_span_set(span, "k", v);
        OTEL_SPAN_RETURN(span, v + 1);
    }
    return 0;
}

static void leave_early(void)
{
    OTEL_SPAN(span, "leave_early") {
        OTEL_SPAN_RETURN(span, );
    }
}

static void by_hand(void)
{
    otel_span_t s, big[OTEL_SPANS(512)];
    otel_span_start(&s, "ota.download");
    otel_span_enter(&s);
    CHECK_ON(otel_span_current() == &s);
    otel_span_start(big, "ota.verify", .bytes = sizeof big);
    otel_span_set(big, "size", sizeof big);
    otel_span_end(big);
    otel_span_leave(&s);
    CHECK(otel_span_current() == NULL);
    otel_span_end(&s);
    otel_span_end(&s);
}

static void attributes(const uint8_t *mac, const char *p, size_t n)
{
    float t[3] = { 1.5f, 2.5f, 3.5f };
    otel_attr_t a[2] = { otel_int("sensor.id", 7), otel_str("bus", "i2c1") };
    const otel_attr_t deep[6] = { otel_bool("on", true), otel_double("level", 0.5), otel_uint("big", UINT64_MAX), otel_bytes("raw", mac, 6), otel_strn("cut", p, n), otel_any("none", OTEL_NULL) };
    OTEL_SPAN_SIZED(span, 600, "attributes") {
        otel_span_set(span, "mac", OTEL_BYTES(mac, 6), "name", OTEL_STR(p, n), "temps", OTEL_ARRAY(t, 3), "ok", OTEL_TRUE, "none", OTEL_NULL);
        otel_span_set_all(span, a, 2);
        otel_span_set(span, "map", OTEL_MAP(deep, 2));
        otel_span_event(span, "retry", "attempt", 2);
        otel_span_event(span, "bare");
        otel_span_event_at(span, "then", 1600000000000000000u, a, 2);
        if (otel_is_recording(span)) otel_span_set(span, "expensive", true);
        otel_span_rename(span, "attributes of a span");
        otel_span_status(span, OTEL_STATUS_OK, NULL);
    }
}

static void options(const otel_context_t *caller)
{
    const otel_attr_t about[1] = { otel_str("from", "start") };
    otel_link_t links[1];
    links[0].context = *caller;
    links[0].attributes = about;
    links[0].attributes_len = 1;
    OTEL_SPAN(span, "options", .kind = OTEL_CONSUMER, .parent = caller, .attributes = about, .attributes_len = 1, .links = links, .links_len = 1,
              .start_ns = 1600000000000000000u, .scope = &net, .otel = &otel) {
        otel_context_t context = otel_span_context(span);
        otel_span_link(span, &context, "why", "itself");
        otel_log_in(&net, OTEL_WARN, "slow");
        otel_logf(OTEL_ERROR, "v=%d", 42);
        otel_span_end_at(span, 1600000001000000000u);
    }
    {
        otel_log_record_t record;
        memset((void *)&record, 0, sizeof record);
        record.severity = OTEL_FATAL;
        record.body = OTEL_STR("emitted", 7);
        record.event_name = "device.crash";
        otel_log_emit(&record);
    }
}

/* ---- propagation ---- */
static unsigned headers;
static void set_header(void *user, const char *name, const char *value)
{
    headers++;
    CHECK(user == &headers && *name && *value);
}

static void serve(const char *traceparent, const char *tracestate, const char *baggage)
{
    char tp[OTEL_TRACEPARENT_SIZE], buf[64];
    otel_context_t caller;
    size_t n;
    CHECK_IN(otel_extract(&caller, traceparent, tracestate, baggage));
    CHECK_IN(otel_context_valid(&caller) && caller.remote && (caller.flags & OTEL_FLAG_SAMPLED) && caller.trace_id[0] == 0x4b && caller.span_id[7] == 0xb7);
    OTEL_SPAN(span, "GET /status", .kind = OTEL_SERVER, .parent = &caller) {
        otel_traceparent(span, tp);
        CHECK_ON(tp[0] && memcmp(tp, traceparent, 36) == 0);
        otel_inject(span, set_header, &headers);
    }
    n = otel_tracestate(&caller, buf, sizeof buf);
    CHECK_IN(n == 7 && strcmp(buf, "a=1,b=2") == 0);
    {
        otel_baggage_entry_t e;
        for (otel_baggage_t it = otel_baggage(&caller); otel_baggage_next(&it, &e);) {
            n = otel_baggage_value(&e, buf, sizeof buf);
            CHECK_IN(n == 3 && strcmp(buf, "A b") == 0 && e.key_len == 4 && e.value_len == 5 && e.properties_len == 1);
        }
        CHECK_IN(otel_baggage_find(&caller, "user", &e));
    }
    options(&caller);
}

/* ---- sending ---- */
static void pull(void)
{
    otel_exporter_t other;
    otel_request_t r;
    unsigned items = 0;
    CHECK(otel_exporter_init(&other, .otel = &otel) == OTEL_OK);
    OTEL_SPAN(span, "pulled") otel_span_set(span, "way", "next");
    otel_log(OTEL_DEBUG, "pulled");
    while (otel_export_next(&other, &r)) {
        CHECK(r.body == NULL && r.parts_len > 0);
        items += r.items;
        otel_export_reply(&other, NULL, 0, NULL);
        otel_export_done(&other, 200);
    }
    CHECK_IN(items >= 2);
    CHECK(otel_export_shutdown(&other, 10) == OTEL_OK);
}

static int no_clock_no_pool(void)
{
    static otel_t none;
    otel_result_t r = otel_init(&none, .service = "none");
    printf("%s\n", otel_result_text(r));
    return r == OTEL_OK;
}

int main(void)
{
    static const uint8_t mac[6] = { 1, 2, 3, 4, 5, 6 };
    otel_stats_t stats;
    CHECK_IN(!no_clock_no_pool());
    otel_init(&otel, .service = "boiler", .version = "1.4.2", .clock = board_clock, .pool = pool, .pool_size = sizeof pool);
    CHECK_IN(otel_default() == &otel);
    otel_use(&otel);
    otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    CHECK(read_all(9) == 1);                              /* 4 spans, 2 logs */
    CHECK(upload(1) == 2);
    leave_early();
    by_hand();                                            /* 4 */
    attributes(mac, "name and more", 4);                  /* 1 */
    serve("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1 ,, b=2", "user=A%20b;p");   /* 2, 3 logs */
    CHECK_ON(headers == 3);
    pull();                                               /* 1, 1 log */
    otel_export_poll(&ex);
    CHECK(otel_export_flush(&ex, 2000) == OTEL_OK);
    CHECK(otel_stats(&ex, &stats) == OTEL_OK);
    CHECK_IN(stats.steady);
    CHECK(stats.signal[OTEL_SIGNAL_TRACES].created == SPANS && stats.signal[OTEL_SIGNAL_TRACES].exported == SPANS && spans_sent == SPANS);
    CHECK(stats.signal[OTEL_SIGNAL_LOGS].created == LOGS && stats.signal[OTEL_SIGNAL_LOGS].exported == LOGS && logs_sent == LOGS);
    CHECK(otel_stats_dropped(&stats.signal[OTEL_SIGNAL_TRACES]) == 0 && otel_stats_dropped(&stats.signal[OTEL_SIGNAL_LOGS]) == 0);
    CHECK(requests == (SPANS ? 1u : 0u) + (LOGS ? 1u : 0u) && sent("boiler") == requests);
    if (SPANS) {
        CHECK(sent("read_sensor") == 3 - NOT_ENDED && sent("i2c nack") == 2 - 2 * NOT_ENDED && sent("exception.type") == 1 - NOT_ENDED);
        CHECK(sent("attributes of a span") == 1 && sent("GET /status") == 1 && sent("net.http") >= 1 && sent("user.c") >= 1 && sent("a=1,b=2") >= 1);
    }
    if (LOGS) CHECK(sent("sensor read") == 2 && sent("slow") == 1 && sent("v=42") == 1 && sent("emitted") == 1 && sent("device.crash") == 1);
    otel_time_sync(&otel, 1800000000000000000u);
    otel_thread_end(&otel);
    CHECK(otel_flush(&otel, 100) == OTEL_OK);
    otel_after_fork(&otel);
    CHECK(otel_shutdown(&otel, 100) == OTEL_OK);
    return failed != 0;
}
