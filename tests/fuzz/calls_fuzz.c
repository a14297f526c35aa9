/* Any bytes as a sequence of calls: set-up with any sizes, spans that nest, end twice, late or out of order, logs, metrics, jumps of
   the clock, answers of the receiver, flush, shutdown, and all of it again. After each call the law must hold, and what reaches
   the receiver must be protobuf.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/calls_fuzz.c -o calls_fuzz */
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static otel_counter_t counter = OTEL_COUNTER("calls", .unit = "1", OTEL_SERIES(3));
static otel_histogram_t histogram = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BUCKETS(2, 0.5, 1, 2));
static otel_gauge_double_t gauge = OTEL_GAUGE_DOUBLE("level");

static struct {
    const uint8_t *at, *end;
} input;
static otel_t otel;
static otel_exporter_t ex;
static bool runs;
static uint64_t now;

static uint8_t byte(void) { return input.at < input.end ? *input.at++ : 0; }
static uint64_t number(unsigned bytes)
{
    uint64_t n = 0;
    while (bytes--) n = n << 8 | byte();
    return n;
}

/* Up to 63 bytes of the input, ended by NUL; the next 8 calls leave it alone. */
static const char *text(void)
{
    static char kept[8][64];
    static unsigned turn;
    char *to = kept[turn++ % 8];
    size_t n = byte() % 64u, i;
    for (i = 0; i < n; i++) to[i] = (char)byte();
    to[n] = 0;
    return to;
}

static uint64_t clock_of(void *user)
{
    (void)user;
    return now += 1000;
}

static int receive(void *user, const otel_request_t *r)
{
    static const int answers[] = { 200, 200, 200, 503, 429, 400, 413, -1, OTEL_AGAIN, OTEL_PENDING, 204, 0, 999 };
    otel_pb_t_ m = otel_pb_open_(r->body, r->len);
    otel_pb_field_t_ field;
    (void)user;
    CHECK(r->body && r->len);
    while (otel_pb_next_(&m, &field)) CHECK(field.number == 1 && field.type == OTEL_PB_SLICE_);
    CHECK(!m.broken && !m.cut);
    return answers[byte() % (sizeof answers / sizeof *answers)];
}

static void idle(void *user, uint32_t ms)
{
    (void)user;
    now += (uint64_t)ms * 1000000u;
}

static void law(void)
{
    otel_stats_t s;
    unsigned i;
    if (!runs || otel_stats(&ex, &s) != OTEL_OK) return;
    for (i = 0; i < OTEL_SIGNALS; i++) CHECK(s.signal[i].created == s.signal[i].exported + otel_stats_dropped(&s.signal[i]) + s.signal[i].queued);
}

static void begin(void)
{
    static uint8_t pool[4096], packet[2048];
    static const otel_when_full_t full[] = { OTEL_DROP_NEWEST, OTEL_DROP_OLDEST, OTEL_DROP_SAMPLE, OTEL_DROP_ORDINARY };
    uint8_t how = byte();
    size_t pool_size = number(2) % sizeof pool, packet_size = number(2) % sizeof packet;
    now = (how & 1) ? 1700000000000000000u : number(8) >> 2;
    if (otel_init(&otel, .service = text(), .clock = clock_of, .clock_hz = (how & 2) ? 1000000 : 0, .clock_bits = (how & 2) ? 32 : 0, .pool = pool, .pool_size = pool_size,
                  .when_full = full[how / 4 % 4], .log_percent = byte() % 100) != OTEL_OK) return;
    runs = otel_exporter_init(&ex, .otel = &otel, .send = receive, .buffer = packet, .buffer_size = packet_size, .idle = idle, .max_items = byte(), .interval_ms = byte()) == OTEL_OK;
    if (!runs) (void)otel_shutdown(&otel, 0);
}

static otel_value_t value(unsigned deep)
{
    static otel_attr_t inner[3][2];
    switch (byte() % 7) {
    case 0: return otel_value_int_((int64_t)number(8));
    case 1: case 2: return otel_value_str_(text());
    case 3:
        if (deep > 2) return OTEL_NULL;
        inner[deep][0] = otel_any(text(), value(deep + 1u));
        inner[deep][1] = otel_any(text(), OTEL_NULL);
        return OTEL_MAP(inner[deep], 2);
    case 4: return OTEL_STR(text(), byte() % 64);
    case 5: return OTEL_BYTES(text(), byte() % 64);
    default: return OTEL_NULL;
    }
}

static void span_call(otel_span_t *s, otel_span_t *other)
{
    otel_attr_t a[2];
    otel_context_t context = otel_span_context(other);
    a[0] = otel_any(text(), value(0));
    a[1] = otel_any(text(), value(0));
    switch (byte() % 14) {
    case 0: otel_span_start(s, text(), .parent = (byte() & 1) ? &context : NULL, .bytes = sizeof(otel_span_t) + byte()); break;
    case 1: otel_span_end(s); break;
    case 2: otel_span_end_at(s, number(8)); break;
    case 3: otel_span_enter(s); break;
    case 4: otel_span_leave(s); break;
    case 5: otel_span_set_all(s, a, byte() % 3); break;
    case 6: otel_span_event_at(s, text(), number(8), a, byte() % 3); break;
    case 7: otel_span_link_all(s, &context, a, byte() % 3); break;
    case 8: otel_span_rename(s, text()); break;
    case 9: otel_span_status(s, (otel_status_t)(byte() % 4), text()); break;
    case 10: (void)otel_span_error(s, (int)number(4), text()); break;
    case 11: otel_span_exception(s, text(), text(), text(), a, byte() % 3); break;
    case 12: (void)otel_log_all(NULL, (otel_severity_t)(byte() % 26), text(), a, byte() % 3); break;
    default: (void)otel_span_remove(s, a[0].key); break;
    }
}

static void other_call(void)
{
    switch (byte() % 12) {
    case 0: otel_counter_add(&counter, (int64_t)number(8), text(), text()); break;
    case 1: otel_histogram_record(&histogram, (double)(int64_t)number(8) / 1e3, text(), text()); break;
    case 2: otel_gauge_record(&gauge, (double)number(4)); break;
    case 3: now += number(8) >> 8; break;
    case 4: now -= number(3); break;
    case 5: if (runs) (void)otel_time_sync(&otel, number(8)); break;
    case 6: if (runs) (void)otel_export_flush(&ex, byte()); break;
    case 7: if (runs) (void)otel_shutdown(&otel, byte()); break;
    case 8: if (runs) (void)otel_export_shutdown(&ex, byte()); break;
    case 9: if (runs) otel_export_done(&ex, byte() * 3); break;
    default: if (runs) (void)otel_export_poll(&ex); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static otel_span_t spans[4][OTEL_SPANS(120)];
    unsigned i;
    input.at = data;
    input.end = data + size;
    memset((void *)spans, 0, sizeof spans);
    runs = false;
    begin();
    while (input.at < input.end) {
        uint8_t which = byte();
        if (which == 255) begin();
        else if (which & 1) span_call(spans[which >> 1 & 3], spans[which >> 3 & 3]);
        else other_call();
        law();
    }
    for (i = 0; i < 4; i++) otel_span_end(spans[i]);
    law();
    if (runs) (void)otel_shutdown(&otel, 0);
    return 0;
}
