/* Metrics of every kind, collected into pieces of the size that is given: nanopb_metrics plain|delta|views|exemplars ROOM.
   Each piece goes to stdout behind its length and whether it was confirmed; the end says how many points were told and lost. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[4096], piece[65536];
static uint64_t now = 1700000000000000000u, kept[4000], words[20000];
static const otel_attr_t about[] = { { "team", { 1, 1, 4, { .p = "blue" } } } };
static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2", .schema_url = "https://example.org/\xFF/2", .attributes = about, .attributes_len = 1);
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", .description = "reads", .scope = &net, OTEL_SERIES(4));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J", .scope = &net);
static otel_updown_t files = OTEL_UPDOWN("files.open", .description = "bad \xC3( text");
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("tank.level");
static otel_gauge_t speed = OTEL_GAUGE("fan.speed", OTEL_SERIES(2));
static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel", .description = "\xC2\xB0""C \xF0\x9F\x8C\xA1");
static otel_gauge_t zero = OTEL_GAUGE("zero");
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", .scope = &net, OTEL_BUCKETS(4, 0.001, 0.01, 0.1, 1));
static otel_histogram_t summed = OTEL_HISTOGRAM("summed");
static otel_histogram_int_t sizes = OTEL_HISTOGRAM_INT("sizes", .unit = "By", OTEL_BOUNDS_INT(-10, 0, 100));
static otel_histogram_int_t counted = OTEL_HISTOGRAM_INT("counted");
static otel_exponential_t wide = OTEL_EXPONENTIAL("wide", OTEL_POWERS_SERIES(2, 10));
static otel_exponential_int_t whole = OTEL_EXPONENTIAL_INT("whole", OTEL_POWERS(40));
static otel_observable_t seen = OTEL_OBSERVABLE_COUNTER("seen", OTEL_SERIES(2)), depth = OTEL_OBSERVABLE_UPDOWN("depth"), state = OTEL_OBSERVABLE_GAUGE("state");
static otel_observable_double_t worked = OTEL_OBSERVABLE_COUNTER_DOUBLE("worked"), drift = OTEL_OBSERVABLE_UPDOWN_DOUBLE("drift"), load = OTEL_OBSERVABLE_GAUGE_DOUBLE("load");
static int turn;

static uint64_t fake_clock(void *user)
{
    (void)user;
    return now;
}

static bool same_bytes(void *user, void *to, size_t len)
{
    (void)user;
    memset(to, 7, len);
    return true;
}

static void observe(void *user)
{
    (void)user;
    otel_observe(&seen, 10 * turn, "queue", "in");
    otel_observe(&seen, turn, "queue", "out");
    otel_observe(&depth, -turn);
    otel_observe(&state, turn);
    otel_observe(&worked, 0.5 * turn);
    otel_observe(&drift, -0.25 * turn);
    otel_observe(&load, 0.125);
}

static void measure(void)
{
    static const int temps[] = { -1, 300 };
    int i;
    now += 1000;
    OTEL_SPAN(span, "measured") {
        otel_counter_add(&reads, turn ? 7 : INT64_MAX / 2, "bus", "i2c1", "id", -7);
        otel_counter_add(&reads, 0, "all", OTEL_NULL, "b", OTEL_TRUE, "d", 0.5, "x", OTEL_BYTES("\0\1", 2), "temps", OTEL_ARRAY(temps, 2));
        otel_counter_add(&energy, 0.1);
        otel_counter_add(&energy, 4, "lost", 1);
        otel_updown_add(&files, turn ? -5 : INT64_MIN + 100);
        otel_updown_add(&level, -0.5);
        otel_gauge_record(&speed, -1, "fan", 18446744073709551615u);
        otel_gauge_record(&temperature, DBL_MIN);
        otel_gauge_record(&zero, 0);
        otel_histogram_record(&took, 0.002, "a", "b");
        otel_histogram_record(&took, 5, "a", "b");
        otel_histogram_record(&took, -DBL_MAX / 8);
        otel_histogram_record(&summed, 2.5);
        otel_histogram_record(&sizes, -10);
        otel_histogram_record(&sizes, 1000000 + turn);
        otel_histogram_record(&counted, 9);
        for (i = -9; i < 10; i++) otel_histogram_record(&wide, i * (turn + 1) * 0.37, "side", i & 1);
        for (i = 0; i < 200; i++) otel_histogram_record(&whole, i * i);
        otel_histogram_record(&whole, -(INT64_C(1) << 53) - 1);
    }
}

static unsigned told, lost;

static void collect(otel_metric_reader_t *reader, size_t room, bool all)
{
    unsigned n, count = 0;
    now += 1000;
    while ((n = (unsigned)otel_metric_reader_collect(reader, piece, room)) > 0) {
        uint8_t head[4];
        bool confirmed = all || count++ % 2 == 0;
        told += reader->points;
        lost += reader->lost;
        otel_put32_(head, (uint32_t)n | (confirmed ? 0x80000000u : 0u));
        (void)fwrite(head, 1, 4, stdout);
        (void)fwrite(piece, 1, n, stdout);
        if (confirmed) otel_metric_reader_confirm(reader);
    }
    lost += reader->lost;
}

int main(int argc, char **argv)
{
    static otel_callback_t callback = OTEL_CALLBACK(observe, NULL);
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static const char *const nothing[] = { NULL };
    static const double bounds[] = { -1, 0, 1 };
    static const otel_view_t views[] = {
        { .instrument = "sensor.reads", .name = "reads.all", .keep = nothing },
        { .instrument = "took", .name = "took.powers", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 20 },
        { .instrument = "took", .name = "took.again" },
        { .instrument = "tank.level", .name = "level.spread", .aggregation = OTEL_AGGREGATION_EXPLICIT, .bounds = bounds, .bounds_len = 3 },
        { .instrument = "files.open", .name = "files.spread", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 8 },
        { .instrument = "fan.speed", .name = "speed.spread", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 8 },
        { .instrument = "zero", .aggregation = OTEL_AGGREGATION_DROP },
    };
    static otel_metric_settings_t settings = { .memory = words, .memory_len = sizeof words / sizeof *words };
    otel_metric_reader_t reader;
    otel_result_t result;
    const char *mode = argc > 1 ? argv[1] : "plain";
    size_t room = argc > 2 ? (size_t)atoi(argv[2]) : sizeof piece;
    bool set = false;
    if (strcmp(mode, "views") == 0) {
        settings.views = views;
        settings.views_len = sizeof views / sizeof *views;
        set = true;
    }
    if (strcmp(mode, "exemplars") == 0) {
        settings.exemplars = OTEL_EXEMPLARS_ALWAYS_ON;
        settings.views = views;
        settings.views_len = 1;
        set = true;
    }
    if (!set) result = otel_init(&otel, .service = "nanopb", .clock = fake_clock, .entropy = same_bytes, .pool = pool, .pool_size = sizeof pool);
    else result = otel_init(&otel, .service = "nanopb", .clock = fake_clock, .entropy = same_bytes, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings));
    if (result != OTEL_OK) return 2;
    if (otel_metric_reader_init(&reader, .temporality = strcmp(mode, "delta") == 0 ? &delta : NULL) != OTEL_OK) return 2;
    if (otel_callback_register(&callback) != OTEL_OK) return 2;
    for (turn = 0; turn < 3; turn++) {
        measure();
        collect(&reader, room, false);
    }
    collect(&reader, room, true);
    (void)fprintf(stderr, "told %u lost %u crowded %u\n", told, lost, (unsigned)otel_metric_settings_stats(&settings).crowded);
    return 0;
}
