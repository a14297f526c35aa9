/* Keys that an instrument advises. */
#include "kit.h"

static uint64_t words[3000];
static otel_counter_t early = OTEL_COUNTER("early", OTEL_SERIES(4), OTEL_KEYS("route"));
static otel_counter_t served = OTEL_COUNTER("served", .unit = "{request}", OTEL_SERIES(4), OTEL_KEYS("route", "status"));
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(4, 1, 2), OTEL_KEYS("route"));
static otel_observable_t depth = OTEL_OBSERVABLE_UPDOWN("depth", OTEL_SERIES(4), OTEL_KEYS("queue"));
static otel_counter_t viewed = OTEL_COUNTER("viewed", OTEL_SERIES(4), OTEL_KEYS("route")), said = OTEL_COUNTER("said", OTEL_SERIES(4), OTEL_KEYS("route"));

static void start(otel_metric_settings_t *settings)
{
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static unsigned find(const char *name, const char *key, const char *value, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    otel_slice_t text;
    unsigned n = 0;
    uint32_t i;
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        if (!kit_is(point.name, name)) continue;
        n++;
        if (otel_recorded_text(&point.attributes, key, &text) && kit_is(text, value)) *out = point;
    }
    return n;
}

static void observe(void *user)
{
    (void)user;
    otel_observe(&depth, 3, "queue", "a", "shard", 1);
    otel_observe(&depth, 4, "queue", "a", "shard", 2);
}

static void only_the_keys_that_are_advised_stay(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(observe, NULL);
    otel_recorded_point_t p;
    otel_series_t *bound, *same;
    unsigned life;
    (void)state;
    for (life = 0; life < 3; life++) {
        start(NULL);
        assert_int_equal(otel_callback_register(&callback), OTEL_OK);
        otel_counter_add(&served, 1, "route", "/", "agent", "x");
        otel_counter_add(&served, 2, "agent", "y", "route", "/");
        bound = otel_counter_bind(&served, "route", "/", "agent", "z");
        same = otel_counter_bind(&served, "route", "/");
        assert_true(bound && bound == same);
        otel_series_add(bound, 4);
        otel_histogram_record(&took, 1.5, "route", "/a", "status", 200);
        otel_histogram_record(&took, 2.5, "route", "/a", "status", 500);
        kit_collect();
        assert_int_equal(find("served", "route", "/", &p), 1);
        assert_true(p.int_value == 7 && p.attributes.count == 1 && kit_is(p.unit, "{request}"));
        assert_int_equal(find("took", "route", "/a", &p), 1);
        assert_true(p.count == 2 && p.attributes.count == 1 && p.bounds.count == 2);
        assert_int_equal(find("depth", "queue", "a", &p), 1);
        assert_true(p.int_value == 7 && p.attributes.count == 1);
        kit_stop();
    }
}

static void a_view_wins_over_the_advice(void **state)
{
    static const char *const agent[] = { "agent", NULL };
    static const otel_view_t views[] = { { .instrument = "viewed", .keep = agent }, { .instrument = "said", .description = "by view" } };
    static otel_metric_settings_t settings = { .views = views, .views_len = 2, .memory = words, .memory_len = LENGTH(words) };
    otel_recorded_point_t p;
    (void)state;
    start(&settings);
    otel_counter_add(&viewed, 1, "route", "/", "agent", "x");
    otel_counter_add(&said, 2, "route", "/", "agent", "x");
    otel_counter_add(&early, 3, "route", "/", "agent", "x");
    kit_collect();
    assert_int_equal(find("viewed", "agent", "x", &p), 1);
    assert_int_equal(p.attributes.count, 1);
    assert_int_equal(find("said", "route", "/", &p), 1);
    assert_true(p.attributes.count == 1 && kit_is(p.description, "by view"));
    assert_int_equal(find("early", "route", "/", &p), 1);     /* no view at all */
    assert_int_equal(p.attributes.count, 1);
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 0);
    kit_stop();
    start(NULL);                  /* without the settings it has its advice again */
    otel_counter_add(&said, 5, "route", "/", "agent", "x");
    kit_collect();
    assert_int_equal(find("said", "route", "/", &p), 1);
    assert_true(p.int_value == 5 && p.attributes.count == 1 && p.description.len == 0);
    kit_stop();
}

static void before_an_instance_runs_nothing_is_recorded(void **state)
{
    static const char *const keys[] = { "k", NULL };
    static otel_series_t series[2];
    static otel_advice_t advice = OTEL_ADVICE(keys);
    static otel_counter_t inside = OTEL_COUNTER("inside", OTEL_SERIES_IN(series), OTEL_KEYS_IN(advice));
    static otel_counter_t lonely = OTEL_COUNTER("lonely", OTEL_KEYS_IN(advice));
    otel_recorded_point_t p;
    (void)state;
    (void)lonely;
    otel_counter_add(&inside, 1, "k", "v");
    otel_counter_add(&inside, 1);
    assert_null(otel_counter_bind(&inside, "k", "v"));
    assert_null(otel_counter_bind(&inside));
    start(NULL);
    otel_counter_add(&inside, 2, "k", "v", "other", 1);
    kit_collect();
    assert_int_equal(find("inside", "k", "v", &p), 1);
    assert_true(p.int_value == 2 && p.attributes.count == 1);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_an_instance_runs_nothing_is_recorded),
        cmocka_unit_test(only_the_keys_that_are_advised_stay),
        cmocka_unit_test(a_view_wins_over_the_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
