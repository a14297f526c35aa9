/* Counts the instructions (AVR: cycles) of calls on a small core and prints them as JSON. To add one, write a CASE: the name, what comes
   before the count begins, what is counted. The clock's hook returns a constant, so it is as good as left out. */
#include "otel.h"
#include <board.h>                /* the one in front of the include path: cortex-m or avr */

static otel_t otel;
#ifndef POOL_BYTES
#define POOL_BYTES 131072
#endif
static uint8_t pool[POOL_BYTES];
/* strlen of newlib is quicker from a word on: these begin on one, wherever the linker puts them. */
static const uint32_t texts[][4] = { { 0x64616572u, 0x6E65735Fu, 0x00726F73u, 0 }, { 0x00737562u, 0, 0, 0 }, { 0x31633269u, 0, 0, 0 } };      /* read_sensor, bus, i2c1 */
static const char *volatile name_at_run_time = (const char *)texts[0];
static const char *volatile key_at_run_time = (const char *)texts[1];
static const char *volatile text_at_run_time = (const char *)texts[2];
static volatile int32_t number_at_run_time = 7;

static uint64_t board_clock(void *user)
{
    (void)user;
#ifdef SLOW                       /* a slow-down of so many instructions a read, for the test of the guard */
    __asm volatile(".rept %c0\n\tnop\n\t.endr" : : "i"(SLOW));
#endif
    return 1760000000000000000ull;
}

static bool board_entropy(void *user, void *to, size_t len)
{
    (void)user;
    memset(to, 0x5A, len);
    return true;
}

/* The marks between which bench/cortex-m/run --profile listens. */
__attribute__((noinline)) uint32_t mark_begin(void);
__attribute__((noinline)) uint32_t mark_end(void);
uint32_t mark_begin(void)
{
    __asm volatile("" ::: "memory");
    return board_ticks();
}
uint32_t mark_end(void)
{
    uint32_t now = board_ticks();
    __asm volatile("" ::: "memory");
    return now;
}

static uint32_t empty;            /* what counting nothing counts */
static const char *comma = "";

static void report(const char *name, uint32_t instructions)
{
    board_print(comma);
    board_print("\"");
    board_print(name);
    board_print("\": ");
    board_print_number(instructions);
    comma = ", ";
}

#ifdef ONLY                       /* one case, once, for the profile */
#define WANTED(name) (sizeof(ONLY) == sizeof(name) && memcmp(ONLY, name, sizeof(name)) == 0)
#define TIMES 1
#else
#define WANTED(name) 1
#ifndef TIMES
#define TIMES 32                  /* the mean of so many: what a copy takes depends on where its bytes stand */
#endif
#endif
#define CASE(name, prepare, ...) \
    do { \
        if (WANTED(name)) { \
            uint32_t sum_ = TIMES / 2, turn_; \
            for (turn_ = 0; turn_ < TIMES; turn_++) { \
                uint32_t before_, after_; \
                prepare; \
                before_ = mark_begin(); \
                __VA_ARGS__; \
                after_ = mark_end(); \
                sum_ += board_instructions(before_, after_) - empty; \
            } \
            report(name, sum_ / TIMES); \
        } \
    } while (0)

static void spans(void)
{
    static otel_span_t s;
    OTEL_SPAN(first, "warm up") {}                            /* what is done once, at the first record, is not in the figures */
    CASE("span_0", , OTEL_SPAN(span, "read_sensor") {});
    CASE("span_0_pair", , { otel_span_start(&s, "read_sensor"); otel_span_end(&s); });
    CASE("span_0_start", otel_span_end(&s), otel_span_start(&s, "read_sensor"));
    CASE("span_0_end", otel_span_start(&s, "read_sensor"), otel_span_end(&s));
    CASE("span_2", const char *name = name_at_run_time; const char *key = key_at_run_time; const char *text = text_at_run_time; int32_t number = number_at_run_time,
         OTEL_SPAN(span, name) { otel_span_set(span, key, text, "sensor.id", number); });
    CASE("span_2_literals", , OTEL_SPAN(span, "read_sensor") { otel_span_set(span, "bus", "i2c1", "sensor.id", 7); });
    CASE("span_4", int32_t number = number_at_run_time,
         OTEL_SPAN(span, "read_sensor") { otel_span_set(span, "bus", "i2c1", "sensor.id", number, "retry", OTEL_FALSE, "level", 0.5); });
    CASE("set_text", { otel_span_end(&s); otel_span_start(&s, "read_sensor"); }, otel_span_set(&s, "bus", "i2c1"));
    CASE("set_number", { otel_span_end(&s); otel_span_start(&s, "read_sensor"); }, otel_span_set(&s, "sensor.id", 7));
}

static void not_recorded(void)
{
    static const otel_context_t parent = { .trace_id = { 1, 2, 3 }, .span_id = { 4, 5, 6 } };
    CASE("span_not_sampled", , OTEL_SPAN(span, "read_sensor", .parent = &parent) { otel_span_set(span, "bus", "i2c1"); });
}

static void logs(void)
{
    CASE("log_0", , otel_log(OTEL_INFO, "sensor read"));
    CASE("log_1", int32_t number = number_at_run_time, otel_log(OTEL_INFO, "sensor read", "value", number));
}

#ifdef OTEL_COUNTER
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(4));
static otel_counter_t turns = OTEL_COUNTER("turns");

static void counters(void)
{
    otel_series_t *bound = otel_counter_bind(&reads, "bus", "i2c1");
    otel_counter_add(&turns, 1);
    CASE("counter_bound", , otel_series_add(bound, 1));
    CASE("counter_plain", , otel_counter_add(&turns, 1));
    CASE("counter_2_looked_up", otel_counter_add(&reads, 1, "bus", "i2c1", "line", 2), otel_counter_add(&reads, 1, "bus", "i2c1", "line", 2));
}
#else
static void counters(void) {}
#endif

#ifdef OTEL_HISTOGRAM
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
static otel_histogram_int_t size = OTEL_HISTOGRAM_INT("packet.size", .unit = "By", OTEL_BOUNDS_INT(64, 256, 1024, 4096));
static otel_exponential_int_t powers = OTEL_EXPONENTIAL_INT("packet.power", .unit = "By", OTEL_POWERS(20));

static void histograms(void)
{
    otel_series_t *bound = otel_histogram_bind(&size);
    otel_histogram_record(&took, 0.002);
    otel_histogram_record(&powers, 1);
    otel_histogram_record(&powers, 1000000);
    CASE("histogram", , otel_histogram_record(&took, 0.0021));
    CASE("histogram_int", int32_t number = number_at_run_time, otel_histogram_record(&size, number * 20));
    CASE("histogram_int_bound", int32_t number = number_at_run_time, otel_series_record(bound, number * 20));
    CASE("exponential_int", int32_t number = number_at_run_time, otel_histogram_record(&powers, number * 20));
}
#else
static void histograms(void) {}
#endif

int main(void)
{
    uint32_t before, after;
    board_count_from_here();
    before = mark_begin();
    after = mark_end();
    empty = board_instructions(before, after);
    if (otel_init(&otel, .service = "boiler", .clock = board_clock, .clock_hz = 1000000000u, .entropy = board_entropy,
                  .pool = pool, .pool_size = sizeof pool) != OTEL_OK) board_exit(1);
    otel_time_sync(&otel, 1760000000000000000ull);
    board_print("{");
    OTEL_SPAN(root, "root") {
        spans();
        not_recorded();
        logs();
        counters();
        histograms();
    }
    board_print("}\n");
    board_exit(0);
}
