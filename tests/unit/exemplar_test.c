/* Exemplars: which measurements a data point shows, and what of them. */
#include "kit.h"

static uint64_t words[20000], kept[500];
static otel_metric_settings_t settings;
static const char *const route[] = { "http.route", NULL };

static void start(const otel_exemplar_filter_t *filter, const otel_view_t *views, size_t len, otel_temporality_t *temporality)
{
    memset(words, 0, sizeof words);
    memset(&settings, 0, sizeof settings);
    settings.views = views;
    settings.views_len = len;
    settings.exemplars = filter;
    settings.memory = words;
    settings.memory_len = LENGTH(words);
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = temporality, .idle = kit_idle), OTEL_OK);
}

static void collect(const char *name, otel_recorded_point_t *point)
{
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_point(&rec, name, point));
}

static otel_recorded_exemplar_t nth(const otel_recorded_point_t *point, uint32_t i)
{
    otel_recorded_exemplar_t e;
    memset(&e, 0, sizeof e);
    assert_true(otel_recorded_exemplar(&point->exemplars, i, &e));
    return e;
}

static otel_counter_t hits = OTEL_COUNTER("hits", OTEL_SERIES(4)), quiet = OTEL_COUNTER("quiet"), dozen = OTEL_COUNTER("dozen"), bound_hits = OTEL_COUNTER("bound", OTEL_SERIES(4)), windowed = OTEL_COUNTER("windowed");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(2, 1, 2));
static otel_histogram_int_t size_of = OTEL_HISTOGRAM_INT("size", OTEL_BOUNDS_INT(10, 20));
static otel_exponential_t powers = OTEL_EXPONENTIAL("powers", OTEL_POWERS(8));
static otel_gauge_double_t level = OTEL_GAUGE_DOUBLE("level");

static void measurements_in_sampled_spans_are_shown(void **state)
{
    otel_recorded_point_t p;
    otel_recorded_exemplar_t e;
    otel_context_t context;
    (void)state;
    start(OTEL_EXEMPLARS_TRACE_BASED, NULL, 0, NULL);
    otel_counter_add(&hits, 1, "bus", "a");
    collect("hits", &p);
    assert_int_equal(p.exemplars.count, 0);       /* no span */
    OTEL_SPAN(span, "work") {
        context = otel_span_context(span);
        now_ns += 5;
        otel_counter_add(&hits, 7, "bus", "a");
    }
    collect("hits", &p);
    assert_int_equal(p.int_value, 8);
    assert_int_equal(p.exemplars.count, 1);
    e = nth(&p, 0);
    assert_true(e.is_int && e.int_value == 7 && e.attributes.count == 0);
    assert_int_equal(e.time_ns, T0 + 1000 * MS + 5);
    assert_memory_equal(e.trace_id, context.trace_id, 16);
    assert_memory_equal(e.span_id, context.span_id, 8);
    kit_stop();
}

static void without_a_filter_there_are_no_exemplars(void **state)
{
    otel_recorded_point_t p;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_OFF, NULL, 0, NULL);
    OTEL_SPAN(span, "work") otel_counter_add(&quiet, 7);
    collect("quiet", &p);
    assert_int_equal(p.exemplars.count, 0);
    assert_int_equal(otel_metric_settings_stats(&settings).used, 0);
    kit_stop();
}

static void explicit_buckets_show_the_last_measurement_of_each(void **state)
{
    otel_recorded_point_t p;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_ON, NULL, 0, NULL);
    otel_histogram_record(&took, 0.5);
    otel_histogram_record(&took, 0.75);
    otel_histogram_record(&took, 100);
    otel_histogram_record(&size_of, 15);
    collect("took", &p);
    assert_int_equal(p.count, 3);
    assert_int_equal(p.exemplars.count, 2);
    assert_true(nth(&p, 0).is_double && nth(&p, 0).double_value == 0.75 && nth(&p, 1).double_value == 100);
    assert_int_equal(nth(&p, 0).trace_id[0] + nth(&p, 0).span_id[0], 0);
    assert_true(otel_recorder_find_point(&rec, "size", &p) && p.exemplars.count == 1 && nth(&p, 0).is_int && nth(&p, 0).int_value == 15);
    otel_histogram_record(&took, 1.5);            /* cumulative: those of before are inside its window too */
    collect("took", &p);
    assert_int_equal(p.exemplars.count, 3);
    kit_stop();
}

static void exponential_buckets_and_gauges_show_some(void **state)
{
    otel_recorded_point_t p;
    int i;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_ON, NULL, 0, NULL);
    for (i = 1; i < 100; i++) otel_histogram_record(&powers, i);
    otel_gauge_record(&level, 2.5);
    collect("powers", &p);
    assert_int_equal(p.count, 99);
    assert_int_equal(p.exemplars.count, 8);       /* as many as buckets */
    assert_true(otel_recorder_find_point(&rec, "level", &p) && p.exemplars.count == 1 && nth(&p, 0).double_value == 2.5);
    kit_stop();
}

static void exemplars_have_what_a_view_left_out(void **state)
{
    static const otel_view_t views[] = { { .instrument = "bound", .keep = route } };
    static char text[200];
    otel_series_t *series;
    otel_recorded_point_t p;
    otel_slice_t user;
    int64_t n = 0;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_ON, views, 1, NULL);
    otel_counter_add(&bound_hits, 1, "user", "ann", "http.route", "/", "n", 5);
    collect("bound", &p);
    assert_true(p.attributes.count == 1 && p.exemplars.count == 1);
    assert_int_equal(nth(&p, 0).attributes.count, 2);
    {
        otel_recorded_exemplar_t e = nth(&p, 0);
        assert_true(otel_recorded_text(&e.attributes, "user", &user) && kit_is(user, "ann") && otel_recorded_int(&e.attributes, "n", &n) && n == 5);
    }
    series = otel_counter_bind(&bound_hits, "http.route", "/", "user", "bob");
    otel_series_add(series, 4);
    otel_series_add(series, -1);
    collect("bound", &p);
    assert_true(p.int_value == 5 && p.exemplars.count == 1 && nth(&p, 0).int_value == 4);
    {
        otel_recorded_exemplar_t e = nth(&p, 0);
        assert_true(otel_recorded_text(&e.attributes, "user", &user) && kit_is(user, "bob"));
    }
    memset(text, 'x', sizeof text - 1);
    otel_counter_add(&bound_hits, 9, "http.route", "/", "text", text, "user", "cid");
    collect("bound", &p);
    {
        otel_recorded_exemplar_t e = nth(&p, 0);      /* what has no room is left out of the exemplar, not of the sum */
        assert_true(p.int_value == 14 && e.int_value == 9 && e.attributes.count == 1 && otel_recorded_text(&e.attributes, "user", &user));
    }
    kit_stop();
}

static void differences_show_the_exemplars_of_their_window(void **state)
{
    otel_temporality_t delta = OTEL_DELTA_IN(kept);
    otel_recorded_point_t p;
    (void)state;
    memset(kept, 0, sizeof kept);
    start(OTEL_EXEMPLARS_ALWAYS_ON, NULL, 0, &delta);
    otel_counter_add(&windowed, 1);
    collect("windowed", &p);
    assert_true(p.int_value == 1 && p.exemplars.count == 1);
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_points(&rec), 0);
    otel_counter_add(&windowed, 3);
    collect("windowed", &p);
    assert_true(p.int_value == 3 && p.exemplars.count == 1 && nth(&p, 0).int_value == 3);
    kit_stop();
}

static unsigned places[12];
static void a_fixed_reservoir_is_fair(void **state)
{
    otel_recorded_point_t p;
    unsigned round, i, least = 1000, most = 0;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_ON, NULL, 0, NULL);
    for (round = 0; round < 1200; round++) {
        for (i = 0; i < 12; i++) {
            now_ns += 1 + round % 7;
            otel_counter_add(&dozen, i);
        }
        collect("dozen", &p);
        assert_int_equal(p.exemplars.count, 1);
        places[nth(&p, 0).int_value]++;
    }
    for (i = 0; i < 12; i++) {
        if (places[i] < least) least = places[i];
        if (places[i] > most) most = places[i];
    }
    assert_true(least > 50 && most < 160);        /* 100 each: five standard deviations */
    kit_stop();
}

static otel_measurement_t offered;
static uint32_t largest(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size)
{
    double *most = (double *)self->user;
    if (seen == 0) *most = 0;
    if (m->double_value < *most) return size;
    *most = m->double_value;
    offered = *m;
    return 0;
}

static otel_histogram_t slow = OTEL_HISTOGRAM("slow", OTEL_BUCKETS(2, 1, 2));
static void a_reservoir_of_ones_own_decides(void **state)
{
    static double most;
    static const otel_reservoir_t reservoir = { .offer = largest, .size = 1, .user = &most };
    static const otel_view_t views[] = { { .instrument = "slow", .reservoir = &reservoir } };
    otel_recorded_point_t p;
    (void)state;
    start(OTEL_EXEMPLARS_ALWAYS_ON, views, 1, NULL);
    OTEL_SPAN(span, "work") {
        otel_histogram_record(&slow, 1.5, "k", 1);
        otel_histogram_record(&slow, 9.5, "k", 1);
        otel_histogram_record(&slow, 3.5, "k", 1);
        assert_true(offered.attributes_len == 1 && offered.bucket == 2 && offered.time == T0 && otel_context_valid(&offered.context));
    }
    collect("slow", &p);
    assert_true(p.count == 3 && p.exemplars.count == 1 && nth(&p, 0).double_value == 9.5);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measurements_in_sampled_spans_are_shown),
        cmocka_unit_test(without_a_filter_there_are_no_exemplars),
        cmocka_unit_test(explicit_buckets_show_the_last_measurement_of_each),
        cmocka_unit_test(exponential_buckets_and_gauges_show_some),
        cmocka_unit_test(exemplars_have_what_a_view_left_out),
        cmocka_unit_test(differences_show_the_exemplars_of_their_window),
        cmocka_unit_test(a_fixed_reservoir_is_fair),
        cmocka_unit_test(a_reservoir_of_ones_own_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
