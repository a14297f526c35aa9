/* Every call that records metrics, in all the forms that the headers promise. Compiles without a warning as C99 to C2x and
   C++11 to C++20, hosted or not; on a host it runs, checks itself and returns 0. */
#include "otel.h"

static otel_t otel;
static uint8_t pool[1024];

static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2");

static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", .description = "reads of all sensors", .scope = &net, .otel = &otel, OTEL_SERIES(8));
static otel_counter_t plain = OTEL_COUNTER("plain");
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J");
static otel_updown_t open_files = OTEL_UPDOWN("files.open", .unit = "{file}", OTEL_SERIES(2));
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("tank.level", .unit = "l");
static otel_gauge_t speed = OTEL_GAUGE("fan.speed", .unit = "{rpm}", OTEL_SERIES(2));
static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
static otel_histogram_t served = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s", OTEL_BUCKETS(8, 0.001, 0.01, 0.1, 1));
static otel_histogram_t usual = OTEL_HISTOGRAM("usual", .description = "the bounds of the specification", OTEL_BOUNDS(OTEL_DEFAULT_BOUNDS));
static otel_histogram_t summed = OTEL_HISTOGRAM("summed");

static otel_histogram_int_t bytes = OTEL_HISTOGRAM_INT("packet.size", .unit = "By", OTEL_BUCKETS_INT(2, 64, 256, 1024));
static otel_histogram_int_t lone = OTEL_HISTOGRAM_INT("lone", OTEL_BOUNDS_INT(64));
static otel_exponential_t spread = OTEL_EXPONENTIAL("spread", .unit = "s", OTEL_POWERS(160));
static otel_exponential_int_t powers = OTEL_EXPONENTIAL_INT("powers", .unit = "By", OTEL_POWERS_SERIES(2, 20));
static otel_observable_t usage = OTEL_OBSERVABLE_UPDOWN("system.memory.usage", .unit = "By", OTEL_SERIES(2));
static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("system.cpu.load");
static uint64_t kept[200];
static otel_temporality_t delta = OTEL_DELTA_IN(kept), low = OTEL_LOW_MEMORY_IN(kept);

static void measure(void *user)
{
    (void)user;
    otel_observe(&usage, 4096, "state", "used");
    otel_observe(&load, 0.5f);
}
static otel_callback_t callback = OTEL_CALLBACK(measure, NULL, .otel = &otel);

static uint64_t fake_clock(void *user)
{
    static uint64_t now = 1000;
    (void)user;
    return now += 10;
}

static int calls;
static int once(void) { return ++calls; }

static int record(void)
{
    static otel_series_t mem[4];
    static otel_counter_t local = OTEL_COUNTER("local", OTEL_SERIES_IN(mem));
    const char *bus = "i2c1";
    unsigned char narrow = 1;
    unsigned long long wide = 1;
    float half = 0.5f;
    int i;
    otel_attr_t table[2];
    otel_series_t *bound;

    otel_counter_add(&plain, 1);
    otel_counter_add(&reads, 1, "bus", "i2c1");
    otel_counter_add(&reads, narrow, "bus", bus, "sensor.id", 7);
    otel_counter_add(&reads, wide, "sensor.id", 7, "bus", bus);
    otel_counter_add(&energy, 1);
    otel_counter_add(&energy, 0.5);
    otel_counter_add(&energy, half);
    otel_updown_add(&open_files, -1, "kind", "log");
    otel_updown_add(&level, -0.25);
    otel_gauge_record(&speed, 1200, "fan", 0);
    otel_gauge_record(&temperature, 21.5);
    otel_histogram_record(&took, 0.0021);
    otel_histogram_record(&took, 1);
    otel_histogram_record(&served, 0.0021, "http.route", "/");
    otel_histogram_record(&usual, 7);
    otel_histogram_record(&summed, 7, "a", 1);
    otel_histogram_record(&bytes, 100, "bus", bus);
    otel_histogram_record(&bytes, narrow);
    otel_histogram_record(&lone, 7);
    otel_histogram_record(&spread, 0.0021);
    otel_histogram_record(&spread, 1);
    otel_histogram_record(&powers, 100, "bus", "i2c1");
    otel_series_record(otel_histogram_bind(&bytes, "bus", bus), 8);
    otel_series_record(otel_histogram_bind(&spread), 8);
    otel_series_record(otel_histogram_bind(&powers), 8);
    (void)otel_callback_register(&callback);
    measure(NULL);
    otel_callback_unregister(&callback);
    (void)delta;
    (void)low;
    otel_counter_add(&local, 1, "a", 1, "b", 2u, "c", 3L, "d", 4.0, "e", OTEL_TRUE, "f", "text", "g", half, "h", OTEL_NULL);

    table[0] = otel_int("sensor.id", 7);
    table[1] = otel_str("bus", bus);
    otel_counter_add_all(&reads, 1, table, 2);
    otel_counter_double_add_all(&energy, 1, NULL, 0);
    otel_updown_add_all(&open_files, 1, table, 1);
    otel_updown_double_add_all(&level, 1, NULL, 0);
    otel_gauge_record_all(&speed, 1300, table, 1);
    otel_gauge_double_record_all(&temperature, 22, NULL, 0);
    otel_histogram_record_all(&served, 0.5, table, 2);

    bound = otel_counter_bind(&reads, "bus", "i2c1");
    otel_series_add(bound, 1);
    otel_series_add(bound, narrow);
    otel_series_add(bound, wide);
    otel_series_add(otel_counter_bind(&energy), 0.5);
    otel_series_add(otel_counter_bind(&energy), half);
    otel_series_add(otel_updown_bind(&open_files, "kind", "log"), -1);
    otel_series_add(otel_updown_bind(&level), -0.5);
    otel_series_record(otel_gauge_bind(&speed, "fan", 0), 1250);
    otel_series_record(otel_gauge_bind(&temperature), 21.75);
    otel_series_record(otel_histogram_bind(&served, "http.route", "/"), 0.25);
    otel_series_record(otel_histogram_bind(&took), 2);
    otel_series_add(otel_counter_bind_all(&reads, table, 2), 1);
    otel_series_add_int(bound, 1);
    otel_series_add_double(NULL, 1);
    otel_series_record_int(NULL, 1);
    otel_series_record_double(NULL, 1);

    for (i = 0; i < 3; i++) {
        OTEL_COUNT(&reads, 1, "bus", "i2c1");
        OTEL_COUNT(&reads, 2, "bus", "spi0", "sensor.id", 8, "hot", OTEL_TRUE);
        OTEL_COUNT(&plain, 1);
        OTEL_COUNT(&energy, 0.25);
        if (i > 1) OTEL_COUNT(&energy, 1);
        else OTEL_COUNT(&reads, 1, "a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6, "g", 7, "h", "8");
    }
    otel_counter_add(&plain, once(), "key", once());
    return calls;
}

int main(void)
{
    otel_instrument_stats_t stats;
    if (record() != 2) return 1;                              /* no instance yet: arguments are evaluated, nothing is counted */
    if (otel_init(&otel, .service = "surface", .clock = fake_clock, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) return 2;
    if (record() != 4) return 3;
    stats = otel_instrument_stats(&reads);
#if OTEL_ENABLED && OTEL_METRICS
    if (stats.series != 4 || stats.refused != 0 || stats.overflowed != 0) return 4;
    stats = otel_instrument_stats(&plain);
    if (stats.series != 1 || stats.overflowed != 1) return 5;
#else
    if (stats.series != 0) return 6;
#endif
    return 0;
}
