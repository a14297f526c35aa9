/* Meters that are switched on and off while they are in use. */
#include "kit.h"

static uint64_t words[3][4000], kept[2000];
static otel_metric_settings_t each[3];          /* memory of settings stays: instruments may be kept there */
static unsigned starts;
#define settings each[starts - 1]
static otel_scope_t noisy = OTEL_SCOPE("lib.noisy"), calm = OTEL_SCOPE("lib.calm");
static otel_counter_t steps = OTEL_COUNTER("steps", .scope = &noisy, OTEL_SERIES(4)), beats = OTEL_COUNTER("beats", .scope = &calm, OTEL_SERIES(4));
static otel_histogram_t took = OTEL_HISTOGRAM("took", .scope = &noisy, OTEL_BUCKETS(4, 1, 2));
static otel_observable_t depth = OTEL_OBSERVABLE_GAUGE("depth", .scope = &noisy);
static const otel_meter_rule_t no_noise[] = { { .scope = "*.noisy", .disabled = true } }, no_calm[] = { { .scope = "lib.calm", .disabled = true } };
static const otel_meter_rules_t quiet = { no_noise, 1 }, loud = { no_calm, 1 };

static void start(const otel_meter_rule_t *rules, size_t len, otel_temporality_t *temporality)
{
    now_ns = T0;
    starts++;
    settings.rules = rules;
    settings.rules_len = len;
    settings.rules_change = true;
    settings.memory = words[starts - 1];
    settings.memory_len = LENGTH(words[0]);
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = temporality, .idle = kit_idle), OTEL_OK);
}

/* The sum of the points of that name after a collection; -1: there are none. */
static int64_t sum(const char *name)
{
    otel_recorded_point_t p;
    int64_t n = -1;
    uint32_t i;
    for (i = 0; otel_recorder_point(&rec, i, &p); i++) {
        if (kit_is(p.name, name)) n = (n < 0 ? 0 : n) + (p.type == OTEL_RECORDED_HISTOGRAM ? (int64_t)p.count : p.int_value);
    }
    return n;
}

static void observe(void *user)
{
    (void)user;
    otel_observe(&depth, 9);
}

static void all(otel_series_t *bound, otel_series_t *row)
{
    otel_counter_add(&steps, 1);
    otel_counter_add(&steps, 2, "k", "v");
    otel_series_add(bound, 4);
    otel_histogram_record(&took, 1.5);
    otel_series_record(row, 1.5);
    otel_counter_add(&beats, 1);
    OTEL_COUNT(&beats, 2, "k", "v");
}

static void meters_in_use_go_off_and_on(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(observe, NULL);
    otel_series_t *bound, *row;
    (void)state;
    start(NULL, 0, NULL);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    bound = otel_counter_bind(&steps, "k", "w");
    row = otel_histogram_bind(&took, "k", "w");
    assert_true(bound && row && otel_instrument_enabled(&steps));
    all(bound, row);
    kit_collect();
    assert_true(sum("steps") == 7 && sum("took") == 2 && sum("beats") == 3 && sum("depth") == 9);
    assert_int_equal(otel_meters_update(&settings, &quiet), OTEL_OK);
    assert_false(otel_instrument_enabled(&steps));
    assert_true(otel_instrument_enabled(&beats));
    all(bound, row);
    kit_collect();
    assert_true(sum("steps") == -1 && sum("took") == -1 && sum("beats") == 6 && sum("depth") == -1);
    assert_int_equal(otel_meters_update(&settings, &loud), OTEL_OK);
    all(bound, row);
    kit_collect();
    assert_true(sum("steps") == 14 && sum("took") == 4 && sum("beats") == -1 && sum("depth") == 9);
    assert_int_equal(otel_meters_update(&settings, NULL), OTEL_OK);
    assert_true(otel_instrument_enabled(&beats));
    all(bound, row);
    kit_collect();
    assert_true(sum("steps") == 21 && sum("took") == 6 && sum("beats") == 9 && sum("depth") == 9);
    assert_int_equal(otel_meters_update(&settings, &quiet), OTEL_OK);
    assert_int_equal(otel_meters_update(&settings, &loud), OTEL_OK);
    assert_int_equal(otel_meters_update(&settings, &quiet), OTEL_OK);
    assert_false(otel_instrument_enabled(&took));
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 0);
    kit_stop();
}

static void differences_go_on_where_they_were(void **state)
{
    otel_temporality_t delta = OTEL_DELTA_IN(kept);
    int64_t told = 0;
    int round;
    (void)state;
    start(no_calm, 1, &delta);
    otel_counter_add(&steps, 5, "k", "idle");
    kit_collect();
    assert_int_equal(sum("beats"), -1);
    told += sum("steps");
    otel_counter_add(&steps, 7, "k", "idle");                 /* not told before the meter goes off */
    for (round = 0; round < 4; round++) {
        assert_int_equal(otel_meters_update(&settings, &quiet), OTEL_OK);
        otel_counter_add(&steps, 100, "k", "v");
        otel_counter_add(&beats, 1);
        kit_collect();
        assert_int_equal(sum("steps"), -1);
        assert_int_equal(sum("beats"), 1);
    }
    assert_int_equal(otel_meters_update(&settings, NULL), OTEL_OK);
    otel_counter_add(&steps, 1, "k", "v");
    kit_collect();
    told += sum("steps");
    assert_int_equal(told, 5 + 7 + 1);
    kit_stop();
}

static void only_settings_that_said_so_change(void **state)
{
    static const otel_meter_rules_t wrong = { NULL, 1 };
    (void)state;
    start(no_noise, 1, NULL);
    assert_false(otel_instrument_enabled(&steps));            /* .rules hold until the first update */
    assert_int_equal(otel_meters_update(&settings, &wrong), OTEL_E_NULL);
    assert_int_equal(otel_meters_update(NULL, NULL), OTEL_E_NULL);
    settings.rules_change = false;
    assert_int_equal(otel_meters_update(&settings, NULL), OTEL_E_CONFIG);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_go_on_where_they_were),
        cmocka_unit_test(only_settings_that_said_so_change),
        cmocka_unit_test(meters_in_use_go_off_and_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
