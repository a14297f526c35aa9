/* One series, two writers: SysTick at 10 kHz adds to the very counter and records into the very histogram that the main loop uses,
   while the main loop collects as well. Each writer counts for itself what it did; in the end the sums, bucket counts and extremes
   that go out must be those of both, exactly, and on the way no number may ever go back. Numbers are chosen so that their sums
   carry into the upper half all the time.

   First an interrupt 1, 2, .. STEPS instructions behind a fixed place before the main loop adds and records, so that it falls
   behind every instruction of both; then interrupts at 10 kHz, CYCLES apart with some noise, until BEATS came. */
#include "otel_export.h"
#include "board.h"
#include "number.h"

#ifndef BEATS
#define BEATS 10000u
#endif
#ifndef STEPS
#define STEPS 700u
#endif
#ifndef CYCLES
#define CYCLES 2500u
#endif
#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define BUCKETS 5u

static otel_t otel;
static otel_exporter_t exporter;
static uint8_t pool[400], packet[900];
static otel_counter_t adds = OTEL_COUNTER("adds", OTEL_SERIES(2));
static const int32_t bounds[BUCKETS - 1] = { -1000, 0, 65536, 0x20000000 };
static otel_histogram_int_t sizes = OTEL_HISTOGRAM_INT("sizes", OTEL_BUCKETS_INT(2, -1000, 0, 65536, 0x20000000));
static otel_series_t *adding, *recording;
static uint32_t failures, requests;
static volatile uint32_t inside, met[2];        /* the main loop is in the middle of a call; interrupts that came then, one by one and at 10 kHz */
static volatile bool beating;

/* What one writer did. */
typedef struct writer_t {
    uint32_t noise;
    volatile uint32_t calls;
    int64_t added, sum;
    int32_t least, largest;
    uint32_t bucket[BUCKETS];
} writer_t;
static writer_t writers[2] = { { 2463534242u, 0, 0, 0, INT32_MAX, INT32_MIN, { 0 } }, { 88172645u, 0, 0, 0, INT32_MAX, INT32_MIN, { 0 } } };
static int64_t last_added;
static uint64_t last_count;

static uint32_t noise(writer_t *w)
{
    w->noise ^= w->noise << 13;
    w->noise ^= w->noise >> 17;
    w->noise ^= w->noise << 5;
    return w->noise;
}

static void fail(const char *why)
{
    if (failures++ < 5) board_print(why);
}

/* The handlers do nothing else than this. */
static void work(writer_t *w)
{
    int64_t amount = (int64_t)(noise(w) | 0x80000000u);
    int32_t value = (int32_t)noise(w) >> (noise(w) & 31u);
    uint32_t i = 0;
    if (w == &writers[0]) inside = 1;
    otel_series_add(adding, amount);
    otel_series_record(recording, value);
    if (w == &writers[0]) inside = 0;
    while (i < BUCKETS - 1u && value > bounds[i]) i++;
    w->bucket[i]++;
    w->added += amount;
    w->sum += value;
    if (value < w->least) w->least = value;
    if (value > w->largest) w->largest = value;
    w->calls++;
}

void systick_(void);
void systick_(void)
{
    if (beating) REG(0xE000E014u) = CYCLES / 2u + noise(&writers[1]) % CYCLES;
    else REG(0xE000E010u) = 0;
    met[beating] += inside;
    work(&writers[1]);
}

static void after(uint32_t n)
{
    REG(0xE000E014u) = n;
    REG(0xE000E018u) = 0;
    REG(0xE000E010u) = 7;
}

/* ---- judging ---- */
typedef struct seen_t {
    int64_t added;
    uint64_t count, sum, least, largest, bucket[BUCKETS];
    uint32_t points;
} seen_t;
static seen_t seen;

static void point_of(const uint8_t *bytes, size_t len, bool histogram)
{
    otel_pb_t_ point = otel_pb_open_(bytes, len);
    otel_pb_field_t_ f;
    uint32_t i;
    while (otel_pb_next_(&point, &f)) {
        if (!histogram && f.number == 6) seen.added = (int64_t)f.value;
        if (histogram && f.number == 4) seen.count = f.value;
        if (histogram && f.number == 5) seen.sum = f.value;
        if (histogram && f.number == 11) seen.least = f.value;
        if (histogram && f.number == 12) seen.largest = f.value;
        if (histogram && f.number == 6 && f.len == 8u * BUCKETS) {
            for (i = 0; i < BUCKETS; i++) seen.bucket[i] = otel_get64_(f.bytes + 8u * i);
        }
    }
    if (point.broken) fail("a broken point\n");
    seen.points++;
}

/* ResourceMetrics = 1, ScopeMetrics = 2, Metric = 2, then Sum = 7 or Histogram = 9 and their points = 1. */
static void judge(const uint8_t *bytes, size_t len, uint32_t level)
{
    static const uint32_t number[3] = { 1, 2, 2 };
    otel_pb_t_ message = otel_pb_open_(bytes, len);
    otel_pb_field_t_ f;
    while (otel_pb_next_(&message, &f)) {
        if (f.type != OTEL_PB_SLICE_) continue;
        if (level < 3) {
            if (f.number == number[level]) judge(f.bytes, f.len, level + 1u);
        } else if (f.number == 7 || f.number == 9) {
            otel_pb_t_ data = otel_pb_open_(f.bytes, f.len);
            bool histogram = f.number == 9;
            while (otel_pb_next_(&data, &f)) {
                if (f.number == 1 && f.type == OTEL_PB_SLICE_) point_of(f.bytes, f.len, histogram);
            }
        }
    }
    if (message.broken) fail("a broken message\n");
}

static int take(void *user, const otel_request_t *request)
{
    uint64_t count = 0;
    uint32_t i;
    (void)user;
    requests++;
    memset(&seen, 0, sizeof seen);
    judge((const uint8_t *)request->body, request->len, 0);
    for (i = 0; i < BUCKETS; i++) count += seen.bucket[i];
    if (seen.points != 2 || seen.count != count) fail("points or buckets are wrong\n");
    if (seen.added < last_added || seen.count < last_count) fail("a number went back\n");
    last_added = seen.added;
    last_count = seen.count;
    return 200;
}

static uint64_t beats_clock(void *user)
{
    static uint32_t ticks;
    (void)user;
    return ticks += 1000u;
}

int main(void)
{
    const writer_t *a = &writers[0], *b = &writers[1];
    uint32_t turn = 0, i;
    if (otel_init(&otel, .service = "beats", .clock = beats_clock, .clock_hz = 1000000000u, .clock_bits = 32, .pool = pool, .pool_size = sizeof pool, .log_percent = OTEL_NO_LOG_RING) != OTEL_OK) board_exit(2);
    if (otel_exporter_init(&exporter, .send = take, .buffer = packet, .buffer_size = sizeof packet, .metric_interval_ms = 3600000) != OTEL_OK) board_exit(3);
    otel_time_sync(&otel, 1760000000000000000u);
    adding = otel_counter_bind(&adds, "bus", "i2c1");
    recording = otel_histogram_bind(&sizes, "bus", "i2c1");
    if (!adding || !recording) board_exit(4);
    work(&writers[0]);
    __asm volatile("cpsie i" : : : "memory");
    for (turn = 0; turn < STEPS; turn++) {
        after(1u + turn);
        work(&writers[0]);
        while (b->calls <= turn) {                            /* it may come later than that */
            for (i = 0; i < 400u && b->calls <= turn; i++) __asm volatile("nop");
            if (b->calls <= turn) after(100);
        }
        if (turn % 64u == 0 && otel_export_flush(&exporter, 100000) != OTEL_OK) fail("flush\n");
    }
    beating = true;
    after(CYCLES);
    while (b->calls < STEPS + BEATS) {
        work(&writers[0]);
        if (++turn % 256u == 0 && otel_export_flush(&exporter, 100000) != OTEL_OK) fail("flush\n");
    }
    REG(0xE000E010u) = 0;
    for (i = 0; i < 1000u; i++) __asm volatile("nop");
    if (otel_export_flush(&exporter, 100000) != OTEL_OK) fail("flush\n");
    print_number("main ", a->calls);
    print_number("beats ", b->calls);
    print_number("met one by one ", met[0]);
    print_number("met ", met[1]);
    print_number("requests ", requests);
    if (seen.added != a->added + b->added) fail("the counter is not the sum of both\n");
    if (seen.count != (uint64_t)a->calls + b->calls || seen.sum != otel_whole_bits_(a->sum + b->sum)) fail("the histogram is not that of both\n");
    for (i = 0; i < BUCKETS; i++) {
        if (seen.bucket[i] != (uint64_t)a->bucket[i] + b->bucket[i]) fail("a bucket is not that of both\n");
    }
    if (seen.least != otel_whole_bits_(a->least < b->least ? a->least : b->least) || seen.largest != otel_whole_bits_(a->largest > b->largest ? a->largest : b->largest)) fail("extremes\n");
    if (otel_instrument_stats(&adds).refused || otel_instrument_stats(&sizes).refused || otel_instrument_stats(&adds).overflowed) fail("refused\n");
    print_number("failures ", failures);
    board_exit(failures != 0);
}
