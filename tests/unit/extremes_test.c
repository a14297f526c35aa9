/* Least and largest value of histograms whose reader tells differences. */
#include "kit.h"

static uint64_t kept[1000];
static uint8_t more_packet[8192];
static otel_temporality_t delta;
static otel_exporter_t more;
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(2, 1, 2));
static otel_histogram_int_t size_of = OTEL_HISTOGRAM_INT("size", OTEL_BOUNDS_INT(10, 20));
static otel_exponential_t powers = OTEL_EXPONENTIAL("powers", OTEL_POWERS(8));
static otel_exponential_int_t whole = OTEL_EXPONENTIAL_INT("whole", OTEL_POWERS(8));

static bool fails;
static int send(void *user, const otel_request_t *request) { return fails ? -1 : otel_recorder_send(user, request); }

static void start(void)
{
    const otel_temporality_t fresh = OTEL_DELTA_IN(kept);
    delta = fresh;
    memset(kept, 0, sizeof kept);
    now_ns = T0;
    fails = false;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = &delta, .idle = kit_idle), OTEL_OK);
}

static void collect(void)
{
    otel_recorder_clear(&rec);
    now_ns += 100000 * MS;
    (void)otel_export_flush(&ex, 1000);
}

static void all(double value)
{
    otel_histogram_record(&took, value);
    otel_histogram_record(&size_of, (int64_t)value);
    otel_histogram_record(&powers, value);
    otel_histogram_record(&whole, (int64_t)value);
}

static void assert_extremes(uint64_t count, double least, double largest)
{
    static const char *const names[] = { "took", "size", "powers", "whole" };
    otel_recorded_point_t p;
    unsigned i;
    for (i = 0; i < 4; i++) {
        assert_true(otel_recorder_find_point(&rec, names[i], &p));
        assert_int_equal(p.count, count);
        assert_true(p.has_min && p.has_max && p.min == least && p.max == largest);
    }
}

static void a_window_has_extremes_of_its_own(void **state)
{
    (void)state;
    start();
    all(-4);
    all(100);
    all(7);
    collect();
    assert_extremes(3, -4, 100);
    all(8);
    collect();
    assert_extremes(1, 8, 8);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 0);
    all(9);
    all(5);
    collect();
    assert_extremes(2, 5, 9);
    kit_stop();
}

static void the_extremes_of_a_lost_packet_are_in_the_next_one(void **state)
{
    (void)state;
    start();
    all(3);
    collect();
    fails = true;
    all(50);
    collect();
    assert_int_equal(otel_recorder_points(&rec), 0);
    all(4);
    collect();
    fails = false;
    all(6);
    collect();
    assert_extremes(3, 4, 50);
    all(6);
    collect();
    assert_extremes(1, 6, 6);
    kit_stop();
}

static void beside_another_reader_nobody_tells_extremes_that_are_not_true(void **state)
{
    otel_recorded_point_t p;
    (void)state;
    start();
    all(3);
    collect();
    assert_extremes(1, 3, 3);
    assert_int_equal(otel_exporter_init(&more, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = more_packet, .buffer_size = sizeof more_packet, .idle = kit_idle), OTEL_OK);
    all(5);
    collect();
    assert_true(otel_recorder_find_point(&rec, "took", &p) && p.count == 1 && !p.has_min && !p.has_max);
    otel_recorder_clear(&rec);
    assert_int_equal(otel_export_flush(&more, 1000), OTEL_OK);
    assert_true(otel_recorder_find_point(&rec, "took", &p) && p.count == 2 && !p.has_min && p.temporality == 2);     /* 3 is not known any more */
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_has_extremes_of_its_own),
        cmocka_unit_test(the_extremes_of_a_lost_packet_are_in_the_next_one),
        cmocka_unit_test(beside_another_reader_nobody_tells_extremes_that_are_not_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
