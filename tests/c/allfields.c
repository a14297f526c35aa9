/* Records every field of every signal once, and sends it: test_interop.py knows by itself what has to arrive.

     allfields flat DIR     one request body a signal into DIR/traces.bin, metrics.bin, logs.bin
     allfields parts DIR    the same from requests that come in parts (metrics have none)
     allfields http URL     to a receiver, by the transport of ports/otel_posix.h
     allfields many DIR N   N bare spans in one request

   Standard output names the spans: name, trace id, span id. */
#if defined(WITH_POSIX)
#include "otel_posix.h"
#else
#include "otel_export.h"
#endif
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define T0 1700000000000000000ull
#define LENGTH(a) (sizeof(a) / sizeof *(a))

static uint64_t now_ns = T0;
static uint64_t fixed_clock(void *user)
{
    (void)user;
    return now_ns;
}

static bool fixed_entropy(void *user, void *to, size_t len)
{
    size_t i;
    (void)user;
    for (i = 0; i < len; i++) ((uint8_t *)to)[i] = (uint8_t)(i * 7 + 3);
    return true;
}

/* ---- what is sent ---- */
static const char *folder;
static unsigned failures, requests[OTEL_SIGNALS];
static bool closing;                                  /* the last collection of shutdown says the same again */

static int to_file(void *user, const otel_request_t *r)
{
    static const char *const name[OTEL_SIGNALS] = { "traces", "metrics", "logs" };
    char path[512];
    size_t i, written = 0;
    FILE *f;
    (void)user;
    if (closing && r->signal == OTEL_SIGNAL_METRICS) return 200;
    snprintf(path, sizeof path, "%s/%s.bin", folder, name[r->signal]);
    if (requests[r->signal]++ || !(f = fopen(path, "wb"))) {
        fprintf(stderr, "%s: a second request, or the file cannot be opened\n", path);
        failures++;
        return 400;
    }
    if (r->body) written = fwrite(r->body, 1, r->len, f);
    else for (i = 0; i < r->parts_len; i++) written += fwrite(r->parts[i].bytes, 1, r->parts[i].len, f);
    if (written != r->len || fclose(f)) {
        fprintf(stderr, "%s: %zu bytes of %zu\n", path, written, r->len);
        failures++;
    }
    return 200;
}

/* ---- what is recorded ---- */
static const otel_attr_t alpha_about[2] = { { "tier", { OTEL_V_STRING_, 1, 4, { .p = "base" } } }, { "level", { OTEL_V_INT_, 0, 0, { .i = 3 } } } };
static otel_scope_t alpha = OTEL_SCOPE("alpha", .version = "1.2.3", .schema_url = "https://example.org/alpha", .attributes = alpha_about, .attributes_len = 2);
static otel_scope_t beta = OTEL_SCOPE("beta \xF0\x9F\x9A\x80");

static void tell(const char *name, const otel_span_t *span)
{
    otel_context_t c = otel_span_context(span);
    unsigned i;
    printf("%s ", name);
    for (i = 0; i < 16; i++) printf("%02x", c.trace_id[i]);
    printf(" ");
    for (i = 0; i < 8; i++) printf("%02x", c.span_id[i]);
    printf("\n");
}

static void values_of_every_type(otel_span_t *span)
{
    static const uint8_t raw[] = { 0, 1, 0x7F, 0x80, 0xFF };
    short shorts[] = { -32768, 0, 32767 };
    int ints[] = { INT32_MIN, -1, 0, INT32_MAX };
    long long wides[] = { INT64_MIN, INT64_MAX };
    float floats[] = { 0.5f, -1.25f };
    double doubles[] = { 0.1, -0.0, DBL_MAX, DBL_MIN };
    bool bools[] = { true, false };
    const char *texts[] = { "a", "", NULL, "\xF0\x9F\x98\x80" };
    otel_attr_t deep[2], map[4];
    otel_value_t inner[2], mixed[6], deeper[1];
    otel_span_set(span, "text", "plain", "empty", "", "utf8", "gr\xC3\xBC\xC3\x9F\x65 \xF0\x9F\x98\x80", "null text", (const char *)NULL);
    otel_span_set(span, "nul", OTEL_STR("a\0b", 3), "only nul", OTEL_STR("\0", 1), "not utf8", OTEL_STR("x\xFF\xFEy", 4), "surrogate", "\xED\xA0\x80");
    otel_span_set(span, "zero", 0, "one byte", 127, "two bytes", 128, "minus one", -1, "max", INT64_MAX, "min", INT64_MIN, "char", 'A');
    otel_span_set(span, "umax", UINT64_MAX, "u63", (uint64_t)1 << 63, "u62", (uint64_t)INT64_MAX, "u digits", (uint64_t)10000000000000000000ull);
    otel_span_set(span, "true", OTEL_TRUE, "false", OTEL_FALSE);
    otel_span_set(span, "pi", 3.14159265358979, "minus zero", -0.0, "float", 0.25f, "infinity", HUGE_VAL, "tiny", 5e-324);
    otel_span_set(span, "bytes", OTEL_BYTES(raw, 5), "no bytes", OTEL_BYTES(raw, 0), "null", OTEL_NULL);
    otel_span_set(span, "shorts", OTEL_ARRAY(shorts, 3), "ints", OTEL_ARRAY(ints, 4), "wides", OTEL_ARRAY(wides, 2), "floats", OTEL_ARRAY(floats, 2),
                  "doubles", OTEL_ARRAY(doubles, 4), "bools", OTEL_ARRAY(bools, 2), "texts", OTEL_ARRAY(texts, 4), "no ints", OTEL_ARRAY(ints, 0));
    deep[0] = otel_any("ints", OTEL_ARRAY(ints, 2));
    deep[1] = otel_str("\xC3\xA9", "e");
    inner[0] = OTEL_MAP(deep, 2);
    inner[1] = OTEL_BYTES(raw, 2);
    map[0] = otel_any("list", OTEL_VALUES(inner, 2));
    map[1] = otel_any("none", OTEL_NULL);
    map[2] = otel_int("max", INT64_MAX);
    map[3] = otel_any("empty", OTEL_MAP(NULL, 0));
    mixed[0] = otel_value_int_(-5);
    mixed[1] = otel_value_str_("t");
    mixed[2] = OTEL_MAP(deep, 2);
    mixed[3] = OTEL_NULL;
    mixed[4] = otel_value_double_(2.5);
    mixed[5] = otel_value_bool_(true);
    otel_span_set(span, "map", OTEL_MAP(map, 4), "mixed", OTEL_VALUES(mixed, 6), "empty map", OTEL_MAP(NULL, 0));
    deeper[0] = OTEL_MAP(map, 4);
    otel_span_set(span, "too deep", OTEL_VALUES(deeper, 1));           /* five lists in one another: dropped, counted */
    otel_span_set(span, "\xF0\x9F\x94\x91 key", 1, "bad \xC0 key", 2, "twice", 1);
    otel_span_set(span, "twice", "second");
}

static void traces(void)
{
    static const char *const kinds[] = { "internal", "server", "client", "producer", "consumer" };
    static otel_span_t mem[OTEL_SPANS(8192)], wide[OTEL_SPANS(16384)], tight[1];
    otel_context_t remote, linked, other;
    otel_attr_t a[2], on_link[2];
    otel_link_t links[2];
    char key[16];
    unsigned i;
    memset(&remote, 0, sizeof remote);
    memset(&other, 0, sizeof other);
    for (i = 0; i < 16; i++) remote.trace_id[i] = (uint8_t)(0xA0 + i);
    for (i = 0; i < 8; i++) remote.span_id[i] = (uint8_t)(0xB0 + i);
    remote.flags = OTEL_FLAG_SAMPLED;
    remote.remote = true;
    remote.tracestate = "vendor=one , other=two/3";
    linked = remote;
    linked.span_id[7] = 1;
    linked.tracestate = "link=yes,more=1";
    other.trace_id[0] = other.span_id[0] = 9;
    a[0] = otel_int("sampled.on", 1);
    a[1] = otel_str("who", "start");
    on_link[0] = otel_str("why", "because");
    on_link[1] = otel_bool("ok", true);
    memset(links, 0, sizeof links);
    links[0].context = linked;
    links[0].attributes = on_link;
    links[0].attributes_len = 2;
    links[1].context = other;

    otel_span_start(mem, "every type", .kind = OTEL_SERVER, .parent = &remote, .attributes = a, .attributes_len = 2, .links = links, .links_len = 2,
                    .start_ns = T0 + 1, .bytes = sizeof mem, .scope = &alpha);
    tell("every type", mem);
    values_of_every_type(mem);
    otel_span_event_at(mem, "at its time", T0 + 5, a, 2);
    otel_span_event(mem, "", "nul", OTEL_STR("\0", 1), "map", OTEL_MAP(a, 2));
    otel_span_event(mem, "now");
    otel_span_link(mem, &other, "late", 1);
    otel_span_status(mem, OTEL_STATUS_ERROR, "first");
    otel_span_status(mem, OTEL_STATUS_ERROR, "broken \xF0\x9F\x92\xA5");
    otel_span_end_at(mem, T0 + 1000000000ull);

    for (i = 0; i < LENGTH(kinds); i++) {             /* scopes take turns */
        OTEL_SPAN(outer, kinds[i], .kind = (otel_kind_t)(OTEL_INTERNAL + (int)i), .scope = i % 2 ? &alpha : &beta) {
            tell(kinds[i], outer);
            now_ns += 1000;
            OTEL_SPAN(inner, "child") {
                char name[32];
                snprintf(name, sizeof name, "child of %s", kinds[i]);
                otel_span_rename(inner, name);
                otel_span_status(inner, OTEL_STATUS_OK, NULL);
                otel_span_status(inner, OTEL_STATUS_ERROR, "too late");
                tell(name + 5, inner);
                now_ns += 1000;
            }
        }
    }
    OTEL_SPAN(failed, "failed", .scope = &beta) {
        tell("failed", failed);
        (void)otel_span_error(failed, -5, "i2c nack");
    }
    otel_span_start(wide, "limits", .bytes = sizeof wide);
    tell("limits", wide);
    for (i = 0; i < 130; i++) {
        snprintf(key, sizeof key, "k%u", i);
        (void)otel_set_int_(wide, key, (int64_t)i);
        otel_span_event(wide, "e");
        otel_span_link(wide, &other);
    }
    otel_span_end(wide);
    otel_span_start(tight, "tight");
    tell("tight", tight);
    otel_span_set(tight, "fits", "yes", "long", "does not fit into the sixty-four bytes that a bare span has for itself");
    otel_span_event(tight, "an event that does not fit into what is left of sixty-four bytes");
    otel_span_end(tight);
    otel_span_start(tight, "", .start_ns = T0);       /* a name without letters; end before start */
    tell("unnamed", tight);
    otel_span_end_at(tight, T0 - 1000);
}

static void logs(void)
{
    static const otel_severity_t levels[] = { OTEL_TRACE, OTEL_DEBUG, OTEL_INFO, OTEL_WARN, OTEL_ERROR, OTEL_FATAL };
    static const uint8_t raw[] = { 0xDE, 0xAD, 0, 0xBE };
    otel_attr_t about[3], too_many[6];
    char keys[6][8];
    otel_log_record_t r;
    otel_context_t context;
    char texts[200];
    unsigned i;
    memset(&context, 0, sizeof context);
    context.trace_id[15] = 7;
    context.span_id[7] = 8;
    context.flags = OTEL_FLAG_SAMPLED;
    about[0] = otel_str("s", "\xF0\x9F\x98\x80");
    about[1] = otel_int("i", INT64_MIN);
    about[2] = otel_any("n", OTEL_NULL);
    memset((void *)&r, 0, sizeof r);
    r.severity = OTEL_WARN;
    r.severity_text = "WARNING";
    r.body = OTEL_MAP(about, 3);
    r.event_name = "device.gone";
    r.attributes = about;
    r.attributes_len = 3;
    r.time_ns = T0 - 5;
    r.context = &context;
    r.scope = &alpha;
    otel_log_emit(&r);
    for (i = 0; i < LENGTH(levels); i++) otel_log_in(i % 2 ? &alpha : &beta, levels[i], "level", "i", i);
    memset((void *)&r, 0, sizeof r);                  /* nothing but times */
    otel_log_emit(&r);
    r.body = OTEL_STR("a\0b", 3);
    otel_log_emit(&r);
    r.body = OTEL_STR("bad \xFF", 5);
    otel_log_emit(&r);
    r.body = OTEL_BYTES(raw, 4);
    otel_log_emit(&r);
    r.body = otel_value_int_(0);
    otel_log_emit(&r);
    r.body = otel_value_double_(-2.5);
    otel_log_emit(&r);
    r.body = otel_value_bool_(false);
    otel_log_emit(&r);
    memset(texts, 'x', sizeof texts);
    for (i = 0; i < LENGTH(too_many); i++) {
        snprintf(keys[i], sizeof keys[i], "long%u", i);
        too_many[i] = otel_strn(keys[i], texts, sizeof texts);
    }
    too_many[1].key = NULL;                           /* an attribute needs a key: these two are lost, and counted */
    too_many[4].key = "";
    r.body = otel_value_str_("");
    r.attributes = too_many;
    r.attributes_len = LENGTH(too_many);
    otel_log_emit(&r);
    OTEL_SPAN(span, "around the log") {
        tell("around the log", span);
        otel_log(OTEL_INFO, "inside", "a", 1, "b", 2.5, "c", OTEL_TRUE);
    }
}

static otel_counter_t reads = OTEL_COUNTER("reads", .unit = "{read}", .description = "How often \xC3\xBC", .scope = &alpha, OTEL_SERIES(8));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("energy", .unit = "J");
static otel_updown_t queue = OTEL_UPDOWN("queue", .scope = &beta, OTEL_SERIES(4));
static otel_updown_double_t drift = OTEL_UPDOWN_DOUBLE("drift", .unit = "s", .scope = &alpha);
static otel_gauge_t level = OTEL_GAUGE("level", .scope = &beta, OTEL_SERIES(4));
static otel_gauge_double_t heat = OTEL_GAUGE_DOUBLE("heat", .unit = "Cel", OTEL_SERIES(2));
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", .scope = &alpha, OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
static otel_histogram_t served = OTEL_HISTOGRAM("served", .description = "by route", OTEL_BUCKETS(4, 1, 2, 5));
static otel_counter_t full = OTEL_COUNTER("full", OTEL_SERIES(2));

static void metrics(void)
{
    otel_series_t *bound;
    unsigned i;
    otel_counter_add(&reads, 1);
    otel_counter_add(&reads, 2, "bus", "i2c1");
    otel_counter_add(&reads, 40, "bus", "i2c1");
    otel_counter_add(&reads, 7, "bus", "spi", "id", 4);
    otel_counter_add(&reads, 1, "id", 4, "bus", "spi");       /* the same set in another order */
    OTEL_COUNT(&reads, 5, "bus", "can");
    otel_counter_add(&reads, INT64_MAX, "bus", "most");
    otel_counter_add(&energy, 0.5);
    otel_counter_add(&energy, 1.25);
    otel_counter_add(&energy, -1.0);                          /* refused */
    otel_updown_add(&queue, 5, "name", "a");
    otel_updown_add(&queue, -12, "name", "a");
    otel_updown_add(&queue, 0, "name", "");
    otel_updown_add(&drift, -0.125);
    otel_gauge_record(&level, INT64_MIN, "ok", OTEL_TRUE);
    otel_gauge_record(&level, 5);
    otel_gauge_record(&level, 0);
    otel_gauge_record(&heat, 21.5, "room", "lab", "floor", 2.5);
    otel_gauge_record(&heat, -40.25, "room", "lab", "floor", 2.5);
    for (i = 0; i < 3; i++) otel_histogram_record(&took, 0.001);
    otel_histogram_record(&took, 0.05);
    otel_histogram_record(&took, 9.0);
    bound = otel_histogram_bind(&served, "route", "/");
    otel_series_record(bound, 3);
    otel_series_record(bound, -1);
    otel_histogram_record(&served, 5.0, "route", "/x");
    for (i = 0; i < 5; i++) otel_counter_add(&full, 1, "n", i);
}

int main(int argc, char **argv)
{
    static otel_t otel;
    static otel_exporter_t ex;
    static uint8_t pool[8u << 20], packet[4u << 20];
    static otel_attr_t about[4];
    otel_stats_t stats;
    bool flat, http;
    unsigned i;
    if (argc < 3) return 2;
    flat = strcmp(argv[1], "parts") != 0;
    http = strcmp(argv[1], "http") == 0;
    folder = argv[2];
    about[0] = otel_str("host.name", "b\xC3\xB6iler");
    about[1] = otel_any("host.mac", OTEL_BYTES("\0\1\2\3\4\5", 6));
    about[2] = otel_int("host.cpus", 4);
    about[3] = otel_str("telemetry.sdk.name", "mine");
    if (otel_init(&otel, .service = "all fields", .version = "1.4.2", .attributes = about, .attributes_len = LENGTH(about), .schema_url = "https://example.org/resource",
                  .clock = fixed_clock, .entropy = fixed_entropy, .pool = pool, .pool_size = sizeof pool)) return 3;
    if (http) {
#if defined(WITH_POSIX)
        static otel_http_t transport;
        if (otel_http_init(&transport, .endpoint = argv[2], .exporter = &ex)) {
            fprintf(stderr, "%s\n", otel_http_error(&transport));
            return 4;
        }
        if (otel_exporter_init(&ex, .otel = &otel, .send = otel_http_send, .user = &transport, .buffer = packet, .buffer_size = sizeof packet, .max_items = 1000000)) return 5;
#else
        return 2;
#endif
    } else if (otel_exporter_init(&ex, .otel = &otel, .send = to_file, .buffer = flat ? packet : NULL, .buffer_size = flat ? sizeof packet : 0, .max_items = 1000000)) {
        return 5;
    }
    if (strcmp(argv[1], "many") == 0) {
        unsigned n = argc > 3 ? (unsigned)atoi(argv[3]) : 10000u;
        for (i = 0; i < n; i++) {
            OTEL_SPAN(span, "one of many", .scope = i % 1000 < 500 ? &alpha : &beta) {
                otel_span_set(span, "i", i);
            }
            now_ns += 1000;
        }
    } else {
        traces();
        logs();
        metrics();
    }
    now_ns = T0 + 60000000000ull;
    if (otel_flush(&otel, 20000)) return 6;
    (void)otel_stats(&ex, &stats);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        otel_signal_stats_t *s = &stats.signal[i];
        if (!stats.steady || s->created != s->exported || s->queued || otel_stats_dropped(s)) {
            fprintf(stderr, "signal %u: created %lu, exported %lu, queued %lu, dropped %lu\n", i, (unsigned long)s->created, (unsigned long)s->exported,
                    (unsigned long)s->queued, (unsigned long)otel_stats_dropped(s));
            failures++;
        }
    }
    closing = true;
    if (otel_shutdown(&otel, 1000)) return 7;
    return failures ? 1 : 0;
}
