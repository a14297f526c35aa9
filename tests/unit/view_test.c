/* Views, meters that are off: what of an instrument reaches the receiver. */
#include "kit.h"

static uint64_t words[6000];
static otel_metric_settings_t settings;
static const char *const route[] = { "http.route", NULL };
static const char *const nothing[] = { NULL };
static const double halves[] = { 0.5, 1.5 };

static void start(const otel_view_t *views, size_t len)
{
    memset(words, 0, sizeof words);
    memset(&settings, 0, sizeof settings);
    settings.views = views;
    settings.views_len = len;
    settings.memory = words;
    settings.memory_len = LENGTH(words);
}

static void run_with(otel_metric_settings_t *with, otel_temporality_t *temporality)
{
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(with)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = temporality, .idle = kit_idle), OTEL_OK);
}

static void run(otel_temporality_t *temporality) { run_with(&settings, temporality); }

static void collect(void)
{
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
}

/* The point of that name and, if given, that value of an attribute; how many points have the name. */
static unsigned find(const char *name, const char *key, const char *value, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    unsigned n = 0, found = 0;
    uint32_t i;
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        otel_slice_t text;
        if (!kit_is(point.name, name)) continue;
        n++;
        if (key ? otel_recorded_text(&point.attributes, key, &text) && kit_is(text, value) : point.attributes.count == 0) {
            *out = point;
            found++;
        }
    }
    assert_true(found <= 1);
    return found ? n : 0;
}

static otel_counter_t hits = OTEL_COUNTER("hits", .unit = "{hit}", .description = "hits", OTEL_SERIES(4));

static otel_scope_t noisy = OTEL_SCOPE("lib.noisy");
static otel_counter_t muted = OTEL_COUNTER("a", .scope = &noisy, OTEL_SERIES(2));
static otel_counter_t calls = OTEL_COUNTER("calls", OTEL_SERIES(4));
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BUCKETS(4, 1, 2));
static otel_counter_t many = OTEL_COUNTER("many", OTEL_SERIES(8)), few = OTEL_COUNTER("few");
static otel_counter_t ticks = OTEL_COUNTER("ticks", OTEL_SERIES(4));
static otel_counter_t lonely = OTEL_COUNTER("lonely", OTEL_SERIES(2));
static otel_counter_t again = OTEL_COUNTER("again", OTEL_SERIES(2));
static otel_counter_t early = OTEL_COUNTER("early", OTEL_SERIES(2));

static otel_histogram_t summed = OTEL_HISTOGRAM("summed", OTEL_BUCKETS(4, 1, 2));
static otel_counter_t spread = OTEL_COUNTER("spread", OTEL_SERIES(4));
static otel_counter_t composed = OTEL_COUNTER("composed", .unit = "By", .description = "own", OTEL_SERIES(8));
static otel_histogram_t merged = OTEL_HISTOGRAM("merged", OTEL_BUCKETS(8, 1, 2));

static void a_view_renames_and_filters(void **state)
{
    static const otel_view_t views[] = { { .instrument = "HITS", .name = "requests", .description = "by route", .keep = route } };
    otel_recorded_point_t p;
    (void)state;
    start(views, 1);
    run(NULL);
    otel_counter_add(&hits, 1, "http.route", "/", "user", "ann");
    otel_counter_add(&hits, 2, "user", "bob", "http.route", "/");
    otel_counter_add(&hits, 4, "http.route", "/x", "user", "ann");
    otel_counter_add(&hits, 8, "user", "cid");
    otel_counter_add(&hits, 16);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 3);
    assert_int_equal(find("requests", "http.route", "/", &p), 3);
    assert_int_equal(p.int_value, 3);
    assert_true(p.attributes.count == 1 && p.monotonic && kit_is(p.description, "by route") && kit_is(p.unit, "{hit}"));
    assert_int_equal(find("requests", "http.route", "/x", &p), 3);
    assert_int_equal(p.int_value, 4);
    assert_int_equal(find("requests", NULL, NULL, &p), 3);
    assert_int_equal(p.int_value, 24);
    assert_int_equal(otel_instrument_stats(&hits).series, 3);
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 0);
    kit_stop();
}

static void a_bound_series_of_one_stream_is_the_streams_own(void **state)
{
    static const otel_view_t views[] = { { .instrument = "calls", .exclude = route } };
    otel_series_t *one, *same;
    otel_recorded_point_t p;
    (void)state;
    start(views, 1);
    run(NULL);
    one = otel_counter_bind(&calls, "bus", "a", "http.route", "/");
    same = otel_counter_bind(&calls, "bus", "a", "http.route", "/other");
    assert_non_null(one);
    assert_ptr_equal(one, same);
    otel_series_add(one, 5);
    otel_series_add(same, 6);
    otel_counter_add(&calls, 7, "bus", "a");
    otel_series_add(one, -1);
    collect();
    assert_int_equal(find("calls", "bus", "a", &p), 1);
    assert_int_equal(p.int_value, 18);
    assert_int_equal(otel_instrument_stats(&calls).refused, 1);
    kit_stop();
    run(NULL);                    /* another life, the same settings: the series that is kept goes on */
    otel_series_add(one, 3);
    otel_counter_add(&calls, 1, "bus", "a");
    collect();
    assert_int_equal(find("calls", "bus", "a", &p), 1);
    assert_int_equal(p.int_value, 4);
    kit_stop();
}

static void a_bound_series_is_used_as_its_instrument_is(void **state)
{
    static const otel_view_t views[] = { { .instrument = "summed", .aggregation = OTEL_AGGREGATION_SUM }, { .instrument = "spread", .aggregation = OTEL_AGGREGATION_EXPLICIT } };
    otel_series_t *row, *one;
    otel_recorded_point_t p;
    (void)state;
    start(views, 2);
    run(NULL);
    row = otel_histogram_bind(&summed, "k", "v");
    one = otel_counter_bind(&spread, "k", "v");
    assert_true(row && one);
    otel_series_record(row, 1.5);
    otel_series_record(row, 2);
    otel_series_add(one, 7);
    otel_series_add(row, 100);                                /* no call of a histogram */
    otel_series_record(one, 100);
    collect();
    assert_int_equal(find("summed", "k", "v", &p), 1);
    assert_true(p.type == OTEL_RECORDED_SUM && p.double_value == 3.5);
    assert_int_equal(find("spread", "k", "v", &p), 1);
    assert_true(p.type == OTEL_RECORDED_HISTOGRAM && p.count == 1 && p.sum == 7);
    kit_stop();
}

static void several_views_give_several_streams(void **state)
{
    static const otel_view_t views[] = {
        { .instrument = "took" },
        { .instrument = "took", .name = "took.powers", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 10, .keep = nothing },
        { .instrument = "took", .name = "took.sum", .aggregation = OTEL_AGGREGATION_SUM },
        { .instrument = "took", .name = "took.last", .aggregation = OTEL_AGGREGATION_LAST_VALUE },
        { .instrument = "took", .name = "took.halves", .aggregation = OTEL_AGGREGATION_EXPLICIT, .bounds = halves, .bounds_len = 2 },
        { .instrument = "took", .name = "never", .aggregation = OTEL_AGGREGATION_DROP },
    };
    otel_series_t *bound, *same;
    otel_recorded_point_t p;
    (void)state;
    start(views, LENGTH(views));
    run(NULL);
    otel_histogram_record(&took, 0.25, "bus", "a");
    bound = otel_histogram_bind(&took, "bus", "a");
    assert_non_null(bound);
    same = otel_histogram_bind(&took, "bus", "a");
    assert_ptr_equal(bound, same);
    otel_series_record(bound, 1.5);
    otel_histogram_record(&took, 9, "bus", "b");
    collect();
    assert_int_equal(otel_recorder_points(&rec), 2 + 1 + 2 + 2 + 2);
    assert_int_equal(find("took", "bus", "a", &p), 2);
    assert_true(p.count == 2 && p.sum == 1.75 && otel_recorded_bucket(&p.buckets, 0) == 1 && otel_recorded_bucket(&p.buckets, 1) == 1);
    assert_int_equal(find("took.powers", NULL, NULL, &p), 1);
    assert_true(p.type == OTEL_RECORDED_EXPONENTIAL_HISTOGRAM && p.count == 3 && p.sum == 10.75 && p.min == 0.25 && p.max == 9);
    assert_int_equal(find("took.sum", "bus", "a", &p), 2);
    assert_true(p.type == OTEL_RECORDED_SUM && p.monotonic && p.is_double && p.double_value == 1.75);
    assert_int_equal(find("took.last", "bus", "a", &p), 2);
    assert_true(p.type == OTEL_RECORDED_GAUGE && p.double_value == 1.5);
    assert_int_equal(find("took.halves", "bus", "a", &p), 2);
    assert_true(p.bounds.count == 2 && otel_recorded_bound(&p.bounds, 1) == 1.5 && otel_recorded_bucket(&p.buckets, 1) == 1);
    kit_stop();
    run(NULL);
    otel_series_record(bound, 0.75);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 5);
    kit_stop();
}

static void composable_views_are_one_stream_for_each_name(void **state)
{
    static const char *const ab[] = { "a", "b", NULL }, *const bc[] = { "b", "c", NULL }, *const c_only[] = { "c", NULL };
    static const otel_view_t views[] = {
        { .instrument = "*", .description = "first", .keep = ab, .limit = 2 },
        { .instrument = "composed", .description = "last", .keep = bc, .limit = 4 },
        { .instrument = "merged", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 4, .exclude = c_only },
        { .instrument = "merged", .name = "one", .aggregation = OTEL_AGGREGATION_EXPLICIT, .bounds = halves, .bounds_len = 2 },
        { .instrument = "merged", .name = "two", .description = "of two" },
        { .instrument = "merged", .name = "two", .exclude = ab },
        { .instrument = "merged", .name = "gone", .aggregation = OTEL_AGGREGATION_DROP },
    };
    otel_recorded_point_t p;
    otel_slice_t text;
    unsigned i;
    (void)state;
    start(views, LENGTH(views));
    settings.matching = OTEL_VIEWS_COMPOSABLE;
    run(NULL);
    for (i = 0; i < 5; i++) otel_counter_add(&composed, 1, "a", "x", "b", i < 1 ? "1" : i < 2 ? "2" : i < 3 ? "3" : i < 4 ? "4" : "5", "c", "z");
    otel_histogram_record(&merged, 1, "a", "x", "b", "y", "c", "z");
    collect();
    assert_int_equal(otel_recorder_points(&rec), 5 + 1 + 1);  /* four sets and overflow; not as many streams as views */
    assert_int_equal(find("composed", "b", "1", &p), 5);
    assert_true(p.attributes.count == 1 && kit_is(p.description, "last") && kit_is(p.unit, "By"));
    assert_int_equal(find("one", "a", "x", &p), 1);
    assert_true(p.type == OTEL_RECORDED_HISTOGRAM && p.bounds.count == 2 && p.attributes.count == 2 && kit_is(p.description, "first") && otel_recorded_text(&p.attributes, "b", &text));
    assert_int_equal(find("two", NULL, NULL, &p), 1);         /* what one keeps and another excludes goes */
    assert_true(p.type == OTEL_RECORDED_EXPONENTIAL_HISTOGRAM && kit_is(p.description, "of two"));
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 0);
    kit_stop();
}

static void views_select_by_kind_unit_and_meter(void **state)
{
    static otel_scope_t net = OTEL_SCOPE("net", .version = "1", .schema_url = "s"), disk = OTEL_SCOPE("disk", .version = "1");
    static otel_counter_t a = OTEL_COUNTER("io.read.bytes", .unit = "By", .scope = &net), b = OTEL_COUNTER("io.read.bytes", .unit = "By", .scope = &disk);
    static otel_updown_t c = OTEL_UPDOWN("io.open", .unit = "{file}", .scope = &net);
    static otel_gauge_t d = OTEL_GAUGE("io.load", .scope = &disk);
    static const otel_view_t views[] = {
        { .instrument = "io.*.bytes", .scope = "net", .version = "1", .schema_url = "s", .description = "first" },
        { .instrument = "io.????", .kinds = OTEL_VIEW_UPDOWN, .unit = "{file}", .description = "second" },
        { .instrument = "*", .kinds = OTEL_VIEW_GAUGE | OTEL_VIEW_HISTOGRAM, .description = "third" },
        { .instrument = "io.*", .version = "2", .aggregation = OTEL_AGGREGATION_DROP },
        { .unit = "s", .aggregation = OTEL_AGGREGATION_DROP },
        { .schema_url = "other", .aggregation = OTEL_AGGREGATION_DROP },
    };
    otel_recorded_point_t p;
    uint32_t i;
    unsigned first = 0, none = 0;
    (void)state;
    start(views, LENGTH(views));
    run(NULL);
    otel_counter_add(&a, 1);
    otel_counter_add(&b, 2);
    otel_updown_add(&c, 3);
    otel_gauge_record(&d, 4);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 4);
    for (i = 0; otel_recorder_point(&rec, i, &p); i++) {
        first += kit_is(p.description, "first") && kit_is(p.scope.name, "net") && p.int_value == 1;
        none += p.description.len == 0 && kit_is(p.scope.name, "disk") && p.int_value == 2;
        if (kit_is(p.name, "io.open")) assert_true(kit_is(p.description, "second") && !p.monotonic);
        if (kit_is(p.name, "io.load")) assert_true(kit_is(p.description, "third") && p.int_value == 4);
    }
    assert_int_equal(first, 1);
    assert_int_equal(none, 1);
    kit_stop();
}

static void what_does_not_go_together_is_as_if_it_were_not_there(void **state)
{
    static otel_gauge_t level = OTEL_GAUGE("level");
    static const otel_view_t views[] = { { .instrument = "level", .name = "level.sum", .aggregation = OTEL_AGGREGATION_SUM } };
    otel_recorded_point_t p;
    (void)state;
    start(views, 1);
    run(NULL);
    otel_gauge_record(&level, -4);
    collect();
    assert_int_equal(find("level", NULL, NULL, &p), 1);
    assert_int_equal(p.int_value, -4);
    assert_int_equal(otel_metric_settings_stats(&settings).ignored, 1);
    kit_stop();
}

static void buckets_of_numbers_that_go_both_ways_have_no_sum(void **state)
{
    static otel_updown_t open_files = OTEL_UPDOWN("open");
    static const otel_view_t views[] = {
        { .instrument = "open", .name = "open.explicit", .aggregation = OTEL_AGGREGATION_EXPLICIT },
        { .instrument = "open", .name = "open.powers", .aggregation = OTEL_AGGREGATION_EXPONENTIAL, .size = 4 },
    };
    otel_recorded_point_t p;
    (void)state;
    start(views, 2);
    run(NULL);
    otel_updown_add(&open_files, 7);
    otel_updown_add(&open_files, -3);
    collect();
    assert_int_equal(find("open.explicit", NULL, NULL, &p), 1);
    assert_true(p.count == 2 && !p.has_sum && p.has_min && p.min == -3 && p.max == 7 && p.bounds.count == 15);
    assert_int_equal(find("open.powers", NULL, NULL, &p), 1);
    assert_true(p.count == 2 && !p.has_sum && p.has_min && p.has_max && p.min == -3 && p.max == 7 && p.below.count == 1);
    kit_stop();
}

static void a_limit_lets_further_sets_overflow(void **state)
{
    static const otel_view_t views[] = { { .instrument = "many", .limit = 2 }, { .instrument = "few", .limit = 5 } };
    otel_recorded_point_t p;
    int i;
    bool yes = false;
    uint32_t k, overflow = 0;
    (void)state;
    start(views, 2);
    run(NULL);
    for (i = 0; i < 5; i++) {
        otel_counter_add(&many, 1, "i", i);
        otel_counter_add(&few, 1, "i", i);
    }
    collect();
    assert_int_equal(otel_recorder_points(&rec), 3 + 5);
    for (k = 0; otel_recorder_point(&rec, k, &p); k++) {
        if (otel_recorded_bool(&p.attributes, "otel.metric.overflow", &yes)) overflow += kit_is(p.name, "many") && p.int_value == 3;
    }
    assert_int_equal(overflow, 1);
    assert_int_equal(otel_instrument_stats(&many).overflowed, 3);
    kit_stop();
}

static otel_observable_t used = OTEL_OBSERVABLE_COUNTER("used", OTEL_SERIES(4));
static otel_observable_double_t load = OTEL_OBSERVABLE_UPDOWN_DOUBLE("load", OTEL_SERIES(4));
static void measure(void *user)
{
    (void)user;
    otel_observe(&used, 10, "cpu", "0", "state", "user");
    otel_observe(&used, 5, "cpu", "1", "state", "user");
    otel_observe(&used, 1, "cpu", "1", "state", "idle");
    otel_observe(&load, 0.5, "cpu", "0");
    otel_observe(&load, -0.25, "cpu", "1");
}

static void what_a_callback_tells_is_summed_behind_a_filter(void **state)
{
    static const char *const cpu[] = { "cpu", NULL };
    static const otel_view_t views[] = { { .kinds = OTEL_VIEW_OBSERVABLE_COUNTER | OTEL_VIEW_OBSERVABLE_UPDOWN, .exclude = cpu } };
    static otel_callback_t callback = OTEL_CALLBACK(measure, NULL);
    otel_recorded_point_t p;
    int round;
    (void)state;
    start(views, 1);
    run(NULL);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    for (round = 0; round < 3; round++) {
        collect();
        assert_int_equal(otel_recorder_points(&rec), 3);
        assert_int_equal(find("used", "state", "user", &p), 2);
        assert_int_equal(p.int_value, 15);
        assert_int_equal(find("load", NULL, NULL, &p), 1);
        assert_true(p.double_value == 0.25);
    }
    kit_stop();
}

static void meters_are_switched_off_by_the_name_of_their_scope(void **state)
{
    static otel_scope_t good = OTEL_SCOPE("lib.good");
    static otel_counter_t b = OTEL_COUNTER("b", .scope = &good), c = OTEL_COUNTER("c");
    static const otel_meter_rule_t rules[] = { { .scope = "lib.good" }, { .scope = "lib.*", .disabled = true } };
    otel_series_t *bound;
    (void)state;
    start(NULL, 0);
    settings.rules = rules;
    settings.rules_len = 2;
    run(NULL);
    assert_false(otel_instrument_enabled(&muted));
    assert_true(otel_instrument_enabled(&b) && otel_instrument_enabled(&c));
    otel_counter_add(&muted, 1);
    otel_counter_add(&muted, 1, "k", "v");
    bound = otel_counter_bind(&muted, "k", "v");
    otel_series_add(bound, 1);
    otel_counter_add(&b, 1);
    otel_counter_add(&c, 1);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 2);
    kit_stop();
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_true(otel_instrument_enabled(&muted));     /* no settings: as the program defined it */
    otel_counter_add(&muted, 3, "k", "v");
    assert_int_equal(otel_instrument_stats(&muted).series, 1);
    kit_stop();
}

static void views_tell_differences_too(void **state)
{
    static uint64_t kept[500];
    static const otel_view_t views[] = { { .instrument = "ticks", .keep = nothing }, { .instrument = "ticks", .name = "ticks.all" } };
    otel_temporality_t delta = OTEL_DELTA_IN(kept);
    otel_recorded_point_t p;
    int i;
    (void)state;
    start(views, 2);
    run(&delta);
    for (i = 1; i <= 3; i++) {
        otel_counter_add(&ticks, i, "k", "v");
        collect();
        assert_int_equal(otel_recorder_points(&rec), 2);
        assert_int_equal(find("ticks", NULL, NULL, &p), 1);
        assert_true(p.int_value == i && p.temporality == 1);
        assert_int_equal(find("ticks.all", "k", "v", &p), 1);
        assert_int_equal(p.int_value, i);
    }
    kit_stop();
}

static void an_instrument_that_was_in_use_keeps_its_own(void **state)
{
    static const otel_view_t views[] = { { .instrument = "early", .name = "late" } };
    otel_series_t *bound;
    otel_recorded_point_t p;
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    bound = otel_counter_bind(&early, "k", "v");
    otel_series_add(bound, 1);
    kit_stop();
    start(views, 1);
    run(NULL);
    otel_series_add(bound, 2);
    otel_counter_add(&early, 4, "k", "v");
    collect();
    assert_int_equal(find("early", "k", "v", &p), 1);
    assert_int_equal(p.int_value, 6);
    assert_int_equal(otel_metric_settings_stats(&settings).ignored, 1);
    kit_stop();
}

static void other_settings_find_an_instrument_as_new(void **state)
{
    static const otel_view_t views[] = { { .instrument = "again", .name = "first" }, { .instrument = "again", .name = "second" } };
    static uint64_t other_words[200];
    static otel_metric_settings_t other = { .views = views + 1, .views_len = 1, .memory = other_words, .memory_len = LENGTH(other_words) };
    otel_recorded_point_t p;
    unsigned life;
    (void)state;
    start(views, 1);
    for (life = 0; life < 4; life++) {
        run_with(life == 3 ? NULL : life % 2 ? &other : &settings, NULL);
        otel_counter_add(&again, life + 1, "k", "v");
        otel_counter_add(&again, 1);
        collect();
        assert_int_equal(otel_recorder_points(&rec), 2);
        assert_int_equal(find(life == 3 ? "again" : life % 2 ? "second" : "first", "k", "v", &p), 2);
        assert_int_equal(p.int_value, life + 1);
        kit_stop();
    }
    assert_int_equal(otel_metric_settings_stats(&other).crowded, 0);
}

static void without_memory_an_instrument_keeps_its_own(void **state)
{
    static const otel_view_t views[] = { { .instrument = "lonely", .name = "other" } };
    otel_recorded_point_t p;
    (void)state;
    start(views, 1);
    settings.memory_len = 10;
    run(NULL);
    otel_counter_add(&lonely, 2);
    collect();
    assert_int_equal(find("lonely", NULL, NULL, &p), 1);
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 1);
    kit_stop();
}

static otel_result_t checked(otel_view_t view)
{
    static otel_view_t one;
    one = view;
    start(&one, 1);
    return otel_init(&otel, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings));
}

static void wrong_views_are_told_in_a_sentence(void **state)
{
    static const double down[] = { 2, 1 };
    (void)state;
    assert_int_equal(checked((otel_view_t){ .name = "x" }), OTEL_E_VIEW);
    assert_int_equal(checked((otel_view_t){ .instrument = "a*", .name = "x" }), OTEL_E_VIEW_NAME);
    assert_int_equal(checked((otel_view_t){ .unit = "s", .name = "x" }), OTEL_E_VIEW_NAME);
    assert_int_equal(checked((otel_view_t){ .instrument = "a", .keep = route, .exclude = route }), OTEL_E_VIEW_KEYS);
    assert_int_equal(checked((otel_view_t){ .instrument = "a", .bounds = down, .bounds_len = 2 }), OTEL_E_VIEW);
    assert_int_equal(checked((otel_view_t){ .instrument = "a", .size = 161 }), OTEL_E_VIEW);
    start(NULL, 0);
    settings.memory = NULL;
    assert_int_equal(otel_metric_settings_check(&settings), OTEL_E_VIEW_MEMORY);
    assert_non_null(strstr(otel_result_text(OTEL_E_VIEW_NAME), "take .name out"));
    assert_non_null(strstr(otel_result_text(OTEL_E_VIEW_MEMORY), ".memory_len"));
    assert_int_equal(checked((otel_view_t){ .instrument = "*" }), OTEL_OK);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_renames_and_filters),
        cmocka_unit_test(a_bound_series_of_one_stream_is_the_streams_own),
        cmocka_unit_test(a_bound_series_is_used_as_its_instrument_is),
        cmocka_unit_test(several_views_give_several_streams),
        cmocka_unit_test(composable_views_are_one_stream_for_each_name),
        cmocka_unit_test(views_select_by_kind_unit_and_meter),
        cmocka_unit_test(what_does_not_go_together_is_as_if_it_were_not_there),
        cmocka_unit_test(buckets_of_numbers_that_go_both_ways_have_no_sum),
        cmocka_unit_test(a_limit_lets_further_sets_overflow),
        cmocka_unit_test(what_a_callback_tells_is_summed_behind_a_filter),
        cmocka_unit_test(meters_are_switched_off_by_the_name_of_their_scope),
        cmocka_unit_test(views_tell_differences_too),
        cmocka_unit_test(an_instrument_that_was_in_use_keeps_its_own),
        cmocka_unit_test(other_settings_find_an_instrument_as_new),
        cmocka_unit_test(without_memory_an_instrument_keeps_its_own),
        cmocka_unit_test(wrong_views_are_told_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
