/* Callbacks and series over many rounds of collection: what is told, what is told no more, and what is recorded meanwhile. */
#include "kit.h"

static uint64_t kept[400];
static otel_observable_t total = OTEL_OBSERVABLE_COUNTER("cpu.time", OTEL_SERIES(4)), level = OTEL_OBSERVABLE_GAUGE("level", OTEL_SERIES(4));
static otel_counter_t requests = OTEL_COUNTER("requests", OTEL_SERIES(8)), later = OTEL_COUNTER("later", OTEL_SERIES(8)), early = OTEL_COUNTER("early");
static int64_t now_total, told_once;

static void start(const otel_temporality_t *temporality, otel_spans_t spans)
{
    kit_start();
    kit_stop();
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .spans = spans), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet,
                                        .temporality = (otel_temporality_t *)(uintptr_t)temporality), OTEL_OK);
}

/* The sum of all points of that name in the next round. */
static int64_t round_of(const char *name, unsigned *points)
{
    otel_recorded_point_t point;
    int64_t sum = 0;
    uint32_t i;
    *points = 0;
    kit_collect();
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        if (!kit_is(point.name, name)) continue;
        sum += point.int_value;
        ++*points;
    }
    return sum;
}

static void tell_total(void *user)
{
    (void)user;
    otel_observe(&total, now_total, "state", "user");
}

static void a_total_that_stands_still_is_not_told_again(void **state)
{
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static otel_callback_t callback = OTEL_CALLBACK(tell_total, NULL);
    int64_t told = 0;
    unsigned i, points;
    (void)state;
    start(&delta, otel_spans(NULL));
    otel_callback_register(&callback);
    now_total = 100;
    for (i = 0; i < 12; i++) {
        if (i == 6) now_total = 130;
        told += round_of("cpu.time", &points);
        assert_int_equal(told, now_total);
    }
    otel_callback_unregister(&callback);
    kit_stop();
}

static void tell_once(void *user)
{
    (void)user;
    if (told_once++ == 0) otel_observe(&level, 7, "k", 1);
    otel_observe(&level, 8, "k", 2);
}

static void what_is_told_no_more_stays_away(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(tell_once, NULL);
    unsigned i, points;
    (void)state;
    start(NULL, otel_spans(NULL));
    otel_callback_register(&callback);
    told_once = 0;
    assert_int_equal(round_of("level", &points), 15);
    assert_int_equal(points, 2);
    for (i = 0; i < 600; i++) {                           /* the number of a round has 8 bits */
        assert_int_equal(round_of("level", &points), 8);
        assert_int_equal(points, 1);
    }
    otel_callback_unregister(&callback);
    kit_stop();
}

static void tell_and_record(void *user)
{
    (void)user;
    OTEL_SPAN(span, "read the sensor") otel_observe(&total, 18, "k", "a");
    assert_int_equal(otel_export_flush(&ex, 10), OTEL_E_NESTED);
    assert_int_equal(otel_export_poll(&ex), OTEL_E_NESTED);
}

static void a_span_of_a_callback_leaves_the_packet_of_metrics_alone(void **state)
{
    static otel_simple_t simple = { &ex, 0 };
    static otel_processor_t processor;
    static const otel_processor_t *const list[] = { &processor, NULL };
    static const otel_span_settings_t settings = { .processors = list };
    static otel_callback_t callback = OTEL_CALLBACK(tell_and_record, NULL);
    otel_recorded_span_t span;
    unsigned points;
    (void)state;
    processor = otel_processor_simple(&simple);
    start(NULL, otel_spans(&settings));
    otel_callback_register(&callback);
    assert_int_equal(round_of("cpu.time", &points), 18);
    assert_int_equal(points, 1);
    otel_callback_unregister(&callback);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);      /* it was in the queue */
    assert_true(otel_recorder_find_span(&rec, "read the sensor", &span));
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported, 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_METRICS).created, kit_stats(&ex, OTEL_SIGNAL_METRICS).exported);
    kit_stop();
}

static void a_page_beside_differences_has_totals(void **state)
{
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static char page[4096];
    static uint8_t points[8192];
    unsigned i, n;
    (void)state;
    start(&delta, otel_spans(NULL));
    otel_counter_add(&requests, 5, "route", "/a");
    assert_true(otel_prometheus_write(page, sizeof page, .otel = &otel, .packet = points, .packet_size = sizeof points, .no_scope = true) < sizeof page);
    for (i = 0; i < 3; i++) (void)round_of("requests", &n);
    otel_counter_add(&requests, 1, "route", "/a");
    assert_true(otel_prometheus_write(page, sizeof page, .otel = &otel, .packet = points, .packet_size = sizeof points, .no_scope = true) < sizeof page);
    assert_non_null(strstr(page, "requests_total{route=\"/a\"} 6"));
    kit_stop();
}

static void a_series_that_begins_during_a_round_does_not_start_after_it(void **state)
{
    static uint8_t small[256];
    otel_recorded_point_t point;
    otel_request_t request;
    unsigned seen = 0;
    uint32_t i;
    (void)state;
    start(NULL, otel_spans(NULL));
    assert_int_equal(otel_export_shutdown(&ex, 0), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = small, .buffer_size = sizeof small), OTEL_OK);
    otel_counter_add(&later, 1, "k", 0);
    for (i = 0; i < 8; i++) otel_counter_add(&requests, 1, "k", (int)i);
    now_ns += 60000 * MS;
    for (i = 1; otel_export_next(&ex, &request); i++) {
        uint32_t k;
        otel_recorder_clear(&rec);
        assert_int_equal(otel_recorder_send(&rec, &request), 200);
        for (k = 0; otel_recorder_point(&rec, k, &point); k++) {
            assert_true(point.start_ns <= point.time_ns);
            seen++;
        }
        now_ns += 5000 * MS;
        otel_counter_add(&later, 1, "k", (int)i);
        otel_export_done(&ex, 200);
    }
    assert_true(i > 3 && seen > 9);
    kit_stop();
}

/* A transport that answers when the flush sleeps. */
static int answer_later(void *user, const otel_request_t *sent)
{
    (void)user;
    assert_int_equal(otel_recorder_send(&rec, sent), 200);
    return OTEL_PENDING;
}

static void answer_now(void *user, uint32_t ms)
{
    (void)user;
    now_ns += ms * MS;
    otel_export_done(&ex, 200);
}

static int64_t last_of(const char *name)
{
    otel_recorded_point_t point;
    int64_t last = -1;
    uint32_t i;
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) if (kit_is(point.name, name)) last = point.int_value;
    return last;
}

static void begin_slow(void)
{
    kit_start();
    kit_stop();
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = answer_later, .buffer = packet, .buffer_size = 256, .idle = answer_now), OTEL_OK);
}

static void a_flush_tells_what_was_added_during_a_request(void **state)
{
    (void)state;
    begin_slow();
    otel_counter_add(&later, 8);
    now_ns += 60000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);             /* 8 are on their way */
    assert_int_equal(last_of("later"), 8);
    otel_counter_add(&later, 1);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(last_of("later"), 9);
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);             /* and that was all: the interval begins again */
    assert_int_equal(last_of("later"), -1);
    kit_stop();
}

static void a_flush_tells_what_was_added_during_a_round(void **state)
{
    unsigned i;
    (void)state;
    begin_slow();
    otel_counter_add(&early, 8);
    for (i = 0; i < 8; i++) otel_counter_add(&requests, 1, "k", (int)i);
    otel_counter_add(&later, 8);
    now_ns += 60000 * MS;
    for (i = 0; i < 2; i++) {                                     /* one of the two went out; the round goes on */
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        otel_export_done(&ex, 200);
    }
    assert_true(ex.round_.running);
    otel_counter_add(&later, 1);
    otel_counter_add(&early, 1);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(last_of("later"), 9);
    assert_int_equal(last_of("early"), 9);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_that_stands_still_is_not_told_again),
        cmocka_unit_test(what_is_told_no_more_stays_away),
        cmocka_unit_test(a_span_of_a_callback_leaves_the_packet_of_metrics_alone),
        cmocka_unit_test(a_page_beside_differences_has_totals),
        cmocka_unit_test(a_series_that_begins_during_a_round_does_not_start_after_it),
        cmocka_unit_test(a_flush_tells_what_was_added_during_a_request),
        cmocka_unit_test(a_flush_tells_what_was_added_during_a_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
