/* A storm: three nested interrupt levels and the main loop record spans and add to a counter while the main loop exports. Each
   record carries its level, its number and bytes that follow from both, of many lengths; the transport takes every request apart
   and compares. What is missing must be in the counts of what was dropped, for each level.

   STEPS 0: interrupts at 10 kHz with pseudo-random distances, until RECORDS were made. STEPS n: the first interrupt of each turn
   comes 1, 2, .. n instructions behind a fixed place before a record of the main loop is made, so that it falls into every
   window of reserving, copying and publishing; from inside it the second follows likewise, from there the third. */
#include "otel_export.h"
#include "board.h"
#include "number.h"

#ifndef RECORDS
#define RECORDS 100000u
#endif
#ifndef STEPS
#define STEPS 0
#endif
#define LEVELS 4u

static otel_t otel;
static otel_exporter_t exporter;
static uint8_t pool[1400], packet[900];
static otel_counter_t adds = OTEL_COUNTER("adds");
static volatile uint32_t made[LEVELS];          /* written by their level only */
static uint32_t arrived[LEVELS], next_number[LEVELS], nested, deepest;
static volatile uint32_t depth;
static uint32_t failures, requests;

static uint32_t noise(void)
{
    static uint32_t x = 2463534242u;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x;
}

/* The next interrupt: about CYCLES from now, one in four much sooner, so that it comes inside the handler of the one before. */
#ifndef CYCLES
#define CYCLES 1000u
#endif
static uint32_t gap(void) OTEL_ATTRIBUTE_((unused));
static uint32_t gap(void)
{
    uint32_t n = noise();
    return n & 3u ? CYCLES / 2u + (n >> 2) % CYCLES : 10u + (n >> 2) % (CYCLES / 4u);
}

/* ---- timers of the boards: storm_after(n): interrupt in about n instructions; storm_level: the handlers ---- */
static void storm_level(uint32_t level);

#ifdef __arm__
#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
void systick_(void);
void irq5_(void);
void irq6_(void);
void irq7_(void);

static void storm_after(uint32_t n)
{
    REG(0xE000E014u) = n;
    REG(0xE000E018u) = 0;
    REG(0xE000E010u) = 7;
}

static void storm_start(void)
{
    REG(0xE000E404u) = 0xC0u << 8 | 0x80u << 16 | (uint32_t)0x40u << 24;       /* priorities of 5, 6, 7 */
    REG(0xE000E100u) = 7u << 5;
    __asm volatile("cpsie i" : : : "memory");
}

/* The highest priority only says who is next: that one runs at once if it outranks what is running. */
void systick_(void)
{
#if STEPS
    REG(0xE000E010u) = 0;
    REG(0xE000E200u) = 1u << (5u + (depth < 2u ? depth : 2u));
#else
    REG(0xE000E014u) = gap();
    REG(0xE000E200u) = 1u << (5u + noise() % 3u);
#endif
}
void irq5_(void) { storm_level(1); }
void irq6_(void) { storm_level(2); }
void irq7_(void) { storm_level(3); }
#else
#define MTIME (*(volatile uint32_t *)(uintptr_t)0x0200BFF8u)
#define MTIMECMP ((volatile uint32_t *)(uintptr_t)0x02004000u)
void timer_(void);

static void storm_after(uint32_t n)
{
    MTIMECMP[1] = 0xFFFFFFFFu;
    MTIMECMP[0] = MTIME + n;
    MTIMECMP[1] = 0;
}

static void storm_start(void) { __asm volatile("csrs mie, %0\n\tcsrsi mstatus, 8" : : "r"(1u << 7)); }

/* One source, three levels deep: interrupts on again inside, the return address kept. */
void timer_(void)
{
    unsigned long epc, status;
#if STEPS
    MTIMECMP[1] = 0xFFFFFFFFu;
#else
    storm_after(gap());
#endif
    if (depth >= 3) return;
    __asm volatile("csrr %0, mepc\n\tcsrr %1, mstatus\n\tcsrsi mstatus, 8" : "=r"(epc), "=r"(status) : : "memory");
    storm_level(depth + 1u);
    __asm volatile("csrci mstatus, 8\n\tcsrw mepc, %0\n\tcsrw mstatus, %1" : : "r"(epc), "r"(status) : "memory");
}
#endif

/* ---- recording ---- */
static uint8_t filling(uint32_t level, uint32_t number, uint32_t i) { return (uint8_t)(number * 31u + level * 77u + i * 13u + (number >> 8)); }
static uint32_t length(uint32_t level, uint32_t number) { return 6u + (number * 7u + level * 5u) % 40u; }

static void record(uint32_t level)
{
    uint8_t bytes[48];
    uint32_t number = made[level], n = length(level, number), i;
    bytes[0] = (uint8_t)level;
    for (i = 0; i < 4; i++) bytes[1 + i] = (uint8_t)(number >> (8 * i));
    for (i = 5; i < n; i++) bytes[i] = filling(level, number, i);
    OTEL_SPAN_SIZED(span, 64, "storm") otel_span_set(span, "b", OTEL_BYTES(bytes, n));
    otel_counter_add(&adds, 1);
    made[level] = number + 1u;
}

static void storm_level(uint32_t level)
{
    uint32_t here = ++depth;
    if (here > 1) nested++;
    if (here > deepest) deepest = here;
#if STEPS
    if (here < 3) storm_after(1u + noise() % 900u);
#endif
    record(level);
    depth = here - 1u;
}

/* ---- judging ---- */
static void fail(const char *why)
{
    if (failures++ < 5) board_print(why);
}

static void judge_bytes(const uint8_t *bytes, size_t len)
{
    uint32_t level = bytes[0], number, i;
    if (len < 6 || level >= LEVELS) {
        fail("a record of nobody\n");
        return;
    }
    number = bytes[1] | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3] << 16 | (uint32_t)bytes[4] << 24;
    if (len != length(level, number)) fail("a record of wrong length\n");
    for (i = 5; i < len; i++) {
        if (bytes[i] != filling(level, number, i)) {
            fail("wrong bytes\n");
            break;
        }
    }
    if (number < next_number[level]) fail("a record out of order or twice\n");
    next_number[level] = number + 1u;
    arrived[level]++;
}

/* The span's only attribute: KeyValue.value = 2, AnyValue.bytes_value = 7. */
static void judge_span(const uint8_t *bytes, size_t len)
{
    otel_pb_t_ span = otel_pb_open_(bytes, len);
    otel_pb_field_t_ field;
    uint32_t attributes = 0, ids = 0;
    while (otel_pb_next_(&span, &field)) {
        if (field.number == 1 && field.len == 16) ids++;
        if (field.number == 2 && field.len == 8) ids++;
        if (field.number == 5 && (field.len != 5 || memcmp(field.bytes, "storm", 5) != 0)) fail("a wrong name\n");
        if (field.number == 9) {
            otel_pb_t_ pair = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&pair, &field)) {
                if (field.number == 2) {
                    otel_pb_t_ value = otel_pb_open_(field.bytes, field.len);
                    while (otel_pb_next_(&value, &field)) {
                        if (field.number == 7) judge_bytes(field.bytes, field.len), attributes++;
                    }
                    if (value.broken) fail("a broken value\n");
                }
            }
            if (pair.broken) fail("a broken pair\n");
        }
    }
    if (span.broken || ids != 2 || attributes != 1) fail("a broken span\n");
}

static void judge(const uint8_t *bytes, size_t len, uint32_t level)
{
    static const uint32_t number[3] = { 1, 2, 2 };            /* ResourceSpans, ScopeSpans, Span */
    otel_pb_t_ message = otel_pb_open_(bytes, len);
    otel_pb_field_t_ field;
    if (level == 3) {
        judge_span(bytes, len);
        return;
    }
    while (otel_pb_next_(&message, &field)) {
        if (field.number == number[level] && field.type == OTEL_PB_SLICE_) judge(field.bytes, field.len, level + 1u);
    }
    if (message.broken) fail("a broken message\n");
}

static int take(void *user, const otel_request_t *request)
{
    (void)user;
    requests++;
    if (request->signal == OTEL_SIGNAL_TRACES) judge((const uint8_t *)request->body, request->len, 0);
    return 200;
}

static uint64_t storm_clock(void *user)
{
    static volatile uint32_t ticks;
    (void)user;
    return ticks += 1000u;
}

static uint32_t total(const volatile uint32_t *of)
{
    uint32_t i, n = 0;
    for (i = 0; i < LEVELS; i++) n += of[i];
    return n;
}

int main(void)
{
    otel_stats_t stats;
    const otel_signal_stats_t *s = &stats.signal[OTEL_SIGNAL_TRACES];
    uint32_t turn = 0, i;
    otel_series_t *series;
    if (otel_init(&otel, .service = "storm", .clock = storm_clock, .clock_hz = 1000000000u, .clock_bits = 32, .pool = pool, .pool_size = sizeof pool, .log_percent = OTEL_NO_LOG_RING) != OTEL_OK) board_exit(2);
    if (otel_exporter_init(&exporter, .send = take, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1, .metric_interval_ms = 3600000) != OTEL_OK) board_exit(3);
    otel_time_sync(&otel, 1760000000000000000u);
    series = otel_counter_bind_all(&adds, NULL, 0);
    storm_start();
#if STEPS
    for (turn = 0; turn < STEPS; turn++) {
        storm_after(1u + turn);
        record(0);
        for (i = 0; i < 40u && depth == 0 && made[1] <= turn; i++) storm_after(20);        /* it may have come later than the record */
        (void)otel_export_flush(&exporter, 1000);
    }
#else
    storm_after(CYCLES);
    while (total(made) < RECORDS) {
        record(0);
        if (++turn % 2u == 0) (void)otel_export_poll(&exporter);
        if (turn % 256u == 0) for (i = 0; i < 20000u; i++) __asm volatile("");               /* nobody exports: the ring fills up */
    }
#endif
#ifdef __arm__
    REG(0xE000E010u) = 0;
#else
    MTIMECMP[1] = 0xFFFFFFFFu;
#endif
    for (i = 0; i < 1000u; i++) __asm volatile("nop");
    if (otel_export_flush(&exporter, 100000) != OTEL_OK) fail("flush\n");
    (void)otel_stats(&exporter, &stats);
    print_number("made ", total(made));
    for (i = 1; i < LEVELS; i++) print_number("by an interrupt ", made[i]);
    print_number("nested ", nested);
    print_number("deepest ", deepest);
    print_number("arrived ", total(arrived));
    print_number("dropped full ", s->dropped[OTEL_DROP_FULL]);
    print_number("dropped ", otel_stats_dropped(s));
    print_number("requests ", requests);
    if (!stats.steady || s->queued) fail("not at rest\n");
    if (s->created != total(made) || s->exported != total(arrived)) fail("counts differ from what happened\n");
    if (s->created != s->exported + otel_stats_dropped(s) + s->queued) fail("the law\n");
    if (series == NULL) fail("no series\n");
    print_number("failures ", failures);
    board_exit(failures != 0);
}
