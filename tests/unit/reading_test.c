/* What one reader wants: aggregations by kind, limits, filters, packets of so many points, other producers. */
#include "kit.h"

static uint64_t words[20000];
static otel_metric_settings_t settings;
static otel_metric_reader_t reader;
static uint8_t buffer[16384];

static void start(const otel_reading_t *const *readings, size_t len, const otel_view_t *views, size_t views_len)
{
    now_ns = T0;
    memset(words, 0, sizeof words);
    memset((void *)&settings, 0, sizeof settings);
    settings.views = views;
    settings.views_len = views_len;
    settings.readings = readings;
    settings.readings_len = len;
    settings.memory = words;
    settings.memory_len = LENGTH(words);
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
}

static void export_with(const otel_reading_t *reading, otel_temporality_t *temporality)
{
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = temporality, .idle = kit_idle, .reading = reading), OTEL_OK);
}

static void export_now(void)
{
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
}

/* One collection of the reader by hand, into the recorder; the points of each piece are in sizes[]. */
static uint32_t sizes[32];
static unsigned read_now(void)
{
    otel_request_t request;
    unsigned pieces = 0;
    size_t n;
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    while ((n = otel_metric_reader_collect(&reader, buffer, sizeof buffer)) > 0) {
        memset((void *)&request, 0, sizeof request);
        request.path = "/v1/metrics";
        request.signal = OTEL_SIGNAL_METRICS;
        request.body = buffer;
        request.len = n;
        request.items = reader.points;
        assert_int_equal(otel_recorder_send(&rec, &request), 200);
        otel_metric_reader_confirm(&reader);
        assert_true(pieces < LENGTH(sizes));
        sizes[pieces++] = reader.points;
    }
    assert_int_equal(reader.result, OTEL_OK);
    return pieces;
}

static unsigned count(const char *name, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    unsigned n = 0;
    uint32_t i;
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        if (name && !kit_is(point.name, name)) continue;
        if (out) *out = point;
        n++;
    }
    return n;
}

static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BUCKETS(6, 1, 2));
static otel_counter_t hits = OTEL_COUNTER("hits", OTEL_SERIES(6)), viewed = OTEL_COUNTER("viewed", OTEL_SERIES(6));
static otel_counter_t many = OTEL_COUNTER("many", OTEL_SERIES(10)), more = OTEL_COUNTER("more", OTEL_SERIES(10));
static otel_counter_t three = OTEL_COUNTER("hits", OTEL_SERIES(3)), another = OTEL_COUNTER("hits", OTEL_SERIES(3));

static void each_reader_has_its_own_aggregations_and_limit(void **state)
{
    static otel_updown_t level = OTEL_UPDOWN("level");
    static otel_gauge_t heat = OTEL_GAUGE("heat");
    static const otel_view_t views[] = { { .instrument = "viewed", .limit = 3 } };
    static const otel_reading_t powers = OTEL_READING(.histogram = OTEL_AGGREGATION_EXPONENTIAL, .updown = OTEL_AGGREGATION_DROP, .gauge = OTEL_AGGREGATION_SUM, .limit = 2), plain = OTEL_READING(.limit = 5);
    static const otel_reading_t *const readings[] = { &powers, &plain };
    otel_recorded_point_t p;
    int i;
    (void)state;
    start(readings, 2, views, 1);
    export_with(&powers, NULL);
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .reading = &plain), OTEL_OK);
    otel_histogram_record(&took, 1.5);
    for (i = 0; i < 6; i++) {
        otel_counter_add(&hits, 1, "i", i);
        otel_counter_add(&viewed, 1, "i", i);
    }
    otel_updown_add(&level, -3);
    otel_gauge_record(&heat, 7);
    export_now();
    assert_int_equal(count("took", &p), 1);
    assert_true(p.type == OTEL_RECORDED_EXPONENTIAL_HISTOGRAM && p.count == 1 && p.sum == 1.5);
    assert_int_equal(count("hits", NULL), 3);                 /* two sets, and overflow */
    assert_int_equal(count("viewed", NULL), 4);               /* a view wins over the reader */
    assert_int_equal(count("level", NULL), 0);
    assert_int_equal(count("heat", &p), 1);                   /* a gauge has no sum: its own */
    assert_true(p.type == OTEL_RECORDED_GAUGE && p.int_value == 7);
    assert_int_equal(read_now(), 1);
    assert_int_equal(count("took", &p), 1);
    assert_true(p.type == OTEL_RECORDED_HISTOGRAM && p.bounds.count == 2 && otel_recorded_bucket(&p.buckets, 1) == 1);
    assert_int_equal(count("hits", NULL), 6);
    assert_int_equal(count("viewed", NULL), 4);
    assert_int_equal(count("level", &p), 1);
    assert_int_equal(p.int_value, -3);
    assert_int_equal(otel_metric_settings_stats(&settings).crowded, 0);
    kit_stop();
}

static void readings_need_no_settings_for_filters_and_packets(void **state)
{
    static const otel_reading_t fours = OTEL_READING(.most_points = 4);
    static uint64_t kept[500];
    otel_temporality_t delta = OTEL_DELTA_IN(kept);
    otel_recorded_point_t p;
    int64_t sum = 0;
    uint32_t k;
    int i, round;
    unsigned pieces;
    (void)state;
    start(NULL, 0, NULL, 0);
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .temporality = &delta, .reading = &fours), OTEL_OK);
    export_with(&fours, NULL);
    for (round = 1; round <= 3; round++) {
        for (i = 0; i < 10; i++) {
            otel_counter_add(&many, round, "i", i);
            if (i < 5) otel_counter_add(&more, round, "i", i);
        }
        pieces = read_now();
        assert_int_equal(pieces, 4);
        assert_true(sizes[0] == 4 && sizes[1] == 4 && sizes[2] == 4 && sizes[3] == 3);
        for (k = 0; otel_recorder_point(&rec, k, &p); k++) sum += p.int_value;
        assert_int_equal(k, 15);
        export_now();
        assert_int_equal(otel_recorder_points(&rec), 15);
        assert_int_equal(otel_recorder_requests(&rec), 4);
    }
    assert_int_equal(sum, (1 + 2 + 3) * 15);                  /* differences: each was told once */
    kit_stop();
}

static otel_filter_answer_t by_name(const otel_metric_filter_t *self, const otel_metric_about_t *metric)
{
    (void)self;
    if (strcmp(metric->name, "secret") == 0) return OTEL_FILTER_DROP;
    if (metric->kind == OTEL_VIEW_HISTOGRAM) return metric->scope && strcmp(metric->scope->name, "quiet") == 0 ? OTEL_FILTER_DROP : OTEL_FILTER_ACCEPT;
    return OTEL_FILTER_ACCEPT_PARTIAL;
}

static bool by_bus(const otel_metric_filter_t *self, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes)
{
    otel_value_t value;
    (void)metric;
    if (otel_metric_attribute(attributes, "otel.metric.overflow", &value)) return value.as.i != 0;
    if (!otel_metric_attribute(attributes, "bus", &value)) return false;
    return value.len == 2 && memcmp(value.as.p, self->user, 2) == 0 && otel_metric_attribute(attributes, "n", &value) && value.as.i == -7 && !otel_metric_attribute(attributes, "nn", &value);
}

static char a1[] = "a1";
static const otel_metric_filter_t filter = { by_name, by_bus, a1 };

static void a_filter_takes_metrics_and_series(void **state)
{
    static otel_scope_t quiet = OTEL_SCOPE("quiet");
    static otel_counter_t secret = OTEL_COUNTER("secret");
    static otel_histogram_t time = OTEL_HISTOGRAM("took"), hidden = OTEL_HISTOGRAM("hidden", .scope = &quiet);
    static const otel_reading_t some = OTEL_READING(.filter = &filter);
    static uint64_t kept[500];
    otel_temporality_t delta = OTEL_DELTA_IN(kept);
    otel_recorded_point_t p;
    int round;
    (void)state;
    start(NULL, 0, NULL, 0);
    export_with(&some, NULL);
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .temporality = &delta, .reading = &some), OTEL_OK);
    for (round = 1; round <= 2; round++) {
        otel_counter_add(&three, 1);
        otel_counter_add(&three, 2, "bus", "a1", "n", -7);
        otel_counter_add(&three, 4, "bus", "a1", "n", -8);
        otel_counter_add(&three, 8, "bus", "b2", "n", -7);
        otel_counter_add(&three, 16, "bus", "c3");             /* overflow */
        otel_counter_add(&secret, 1);
        otel_histogram_record(&time, 1);
        otel_histogram_record(&hidden, 1);
        export_now();
        assert_int_equal(otel_recorder_points(&rec), 3);
        assert_int_equal(count("hits", NULL), 2);
        assert_int_equal(count("took", &p), 1);
        assert_int_equal(p.count, round);
        assert_int_equal(read_now(), 1);
        assert_int_equal(otel_recorder_points(&rec), 3);
        assert_int_equal(count("took", &p), 1);
        assert_int_equal(p.count, 1);
    }
    kit_stop();
}

/* ScopeMetrics{metrics: {name: <name>, gauge: {data_points: {time: 1, as_int: 5}}}} */
static size_t foreign_metric(uint8_t *to, const char *name)
{
    static const uint8_t gauge[] = { 0x2A, 20, 0x0A, 18, 0x19, 1, 0, 0, 0, 0, 0, 0, 0, 0x31, 5, 0, 0, 0, 0, 0, 0, 0 };
    size_t n = strlen(name);
    uint8_t *p = to;
    *p++ = 0x12;                                              /* ResourceMetrics.scope_metrics = 2 */
    *p++ = (uint8_t)(2 + 2 + n + sizeof gauge);
    *p++ = 0x12;                                              /* ScopeMetrics.metrics = 2 */
    *p++ = (uint8_t)(2 + n + sizeof gauge);
    *p++ = 0x0A;                                              /* Metric.name = 1 */
    *p++ = (uint8_t)n;
    memcpy(p, name, n);
    memcpy(p + n, gauge, sizeof gauge);
    return (size_t)(p - to) + n + sizeof gauge;
}

static size_t produce(const otel_metric_producer_t *self, const otel_metric_filter_t *with, void *to, size_t room, uint32_t *points)
{
    static const char *const names[] = { "one", "secret", "two" };
    unsigned *at = (unsigned *)self->user;
    for (; *at < 3; ++*at) {
        otel_metric_about_t about = { names[*at], "", "", NULL, 0 };
        const uint8_t bus[] = { 0x3A, 11, 0x0A, 3, 'b', 'u', 's', 0x12, 4, 0x0A, 2, 'a', '1', 0x3A, 18, 0x0A, 1, 'n', 0x12, 11, 0x18, 0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 };
        otel_metric_attributes_t attributes = otel_metric_attributes(bus, sizeof bus);
        assert_true(room > 64);
        if (with && !otel_metric_filter_accepts(with, &about, &attributes)) continue;
        *points = 1;
        return foreign_metric((uint8_t *)to, names[(*at)++]);
    }
    *at = 0;
    return 0;
}

static void a_reader_asks_other_producers_with_its_filter(void **state)
{
    static const otel_reading_t some = OTEL_READING(.filter = &filter);
    static unsigned first = 0, second = 0;
    static const otel_metric_producer_t one = { produce, &first }, two = { produce, &second };
    static const otel_metric_producer_t *const producers[] = { &one, &two, NULL };
    otel_recorded_point_t p;
    int round;
    (void)state;
    start(NULL, 0, NULL, 0);
    otel_counter_add(&another, 2, "bus", "a1", "n", -7);
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .reading = &some, .producers = producers), OTEL_OK);
    for (round = 0; round < 2; round++) {
        assert_int_equal(read_now(), 1 + 2 + 2);
        assert_int_equal(count(NULL, NULL), 5);
        assert_int_equal(count("secret", NULL), 0);
        assert_int_equal(count("hits", NULL), 1);
        assert_int_equal(count("two", &p), 2);
        assert_int_equal(p.int_value, 5);
    }
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .producers = producers), OTEL_OK);
    assert_int_equal(read_now(), 1 + 3 + 3);
    assert_int_equal(count("secret", NULL), 2);
    kit_stop();
}

static void an_attribute_is_read_from_any_bytes(void **state)
{
    uint8_t bytes[40];
    otel_value_t value;
    unsigned i, k, x = 12345;
    otel_metric_attributes_t attributes;
    (void)state;
    for (i = 0; i < 20000; i++) {
        for (k = 0; k < sizeof bytes; k++) {
            x = x * 1103515245u + 12345u;
            bytes[k] = (uint8_t)(x >> 24 & (i % 2 ? 255u : 15u));
        }
        attributes = otel_metric_attributes(bytes, i % (sizeof bytes + 1u));
        (void)otel_metric_attribute(&attributes, "", &value);
        (void)otel_metric_attribute(&attributes, "\3", &value);
    }
    assert_false(otel_metric_attribute(NULL, "a", &value));
    assert_true(otel_metric_filter_accepts(NULL, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reader_has_its_own_aggregations_and_limit),
        cmocka_unit_test(readings_need_no_settings_for_filters_and_packets),
        cmocka_unit_test(a_filter_takes_metrics_and_series),
        cmocka_unit_test(a_reader_asks_other_producers_with_its_filter),
        cmocka_unit_test(an_attribute_is_read_from_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
