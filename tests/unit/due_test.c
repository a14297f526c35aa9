/* otel_export_due_ms: a loop that sleeps so long misses nothing, and wakes for nothing. */
#include "kit.h"

static unsigned sends;
static int answer;
static otel_counter_t ticks = OTEL_COUNTER("ticks");

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    sends++;
    return answer;
}

static void begin(uint32_t hz, uint32_t interval_ms, uint32_t metric_interval_ms)
{
    now_ns = T0;
    sends = 0;
    answer = 200;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .clock_hz = hz, .pool = pool, .pool_size = 8192), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = 4096, .interval_ms = interval_ms, .metric_interval_ms = metric_interval_ms, .max_items = 4, .idle = kit_idle),
                     OTEL_OK);
}

/* Sleep so long and poll: how many milliseconds it was, and that there was something to send then and not a moment before. */
static uint32_t sleeps(void)
{
    const uint32_t ms = otel_export_due_ms(&ex);
    const unsigned before = sends;
    assert_true(ms != OTEL_NOTHING_DUE);
    if (ms > 3u) {
        now_ns += (uint64_t)(ms - ms / 50u - 3u) * MS;
        (void)otel_export_poll(&ex);
        assert_int_equal(sends, before);
        now_ns += (uint64_t)(ms / 50u + 3u) * MS;
    } else {
        now_ns += (uint64_t)ms * MS;
    }
    assert_int_equal(otel_export_due_ms(&ex), 0);
    (void)otel_export_poll(&ex);
    assert_true(sends > before);
    return ms;
}

static void nothing_is_due_where_nothing_waits(void **state)
{
    otel_request_t request;
    (void)state;
    assert_true(otel_export_due_ms(NULL) == OTEL_NOTHING_DUE);
    begin(0, 5000, 60000);
    assert_true(otel_export_due_ms(&ex) == OTEL_NOTHING_DUE);
    kit_span("a");
    now_ns += 6000 * MS;
    assert_true(otel_export_next(&ex, &request));
    assert_true(otel_export_due_ms(&ex) == OTEL_NOTHING_DUE);         /* on its way: its outcome is what comes next */
    otel_export_done(&ex, 200);
    assert_true(otel_export_due_ms(&ex) == OTEL_NOTHING_DUE);
    kit_stop();
    assert_true(otel_export_due_ms(&ex) == OTEL_NOTHING_DUE);
}

static void records_are_due_after_the_interval_or_when_many_wait(void **state)
{
    uint32_t ms;
    unsigned i;
    (void)state;
    begin(0, 5000, 60000);
    kit_span("a");
    ms = sleeps();
    assert_true(ms <= 5250u);
    kit_span("b");
    now_ns += 2000 * MS;
    ms = sleeps();
    assert_in_range(ms, 2900, 3200);
    for (i = 0; i < 12; i++) kit_span("many");
    ms = sleeps();
    assert_int_equal(ms, 0);
    while (otel_export_due_ms(&ex) == 0) (void)otel_export_poll(&ex);
    assert_true(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported >= 6);
    kit_stop();
}

static void metrics_are_due_after_theirs(void **state)
{
    uint32_t ms;
    (void)state;
    begin(0, 5000, 20000);
    otel_counter_add(&ticks, 1);
    ms = sleeps();
    assert_true(ms <= 21000u);
    otel_counter_add(&ticks, 1);
    ms = sleeps();
    assert_in_range(ms, 19900, 21100);
    kit_span("a");                                /* no span went out for longer than their interval */
    ms = sleeps();
    assert_int_equal(ms, 0);
    otel_counter_add(&ticks, 1);
    kit_span("b");                                /* the first of both counts */
    ms = sleeps();
    assert_in_range(ms, 4900, 5300);
    kit_stop();
}

static void a_back_off_is_slept_through(void **state)
{
    uint32_t ms, longest = 0;
    unsigned i;
    (void)state;
    begin(0, 100, 60000);
    answer = 503;
    kit_span("a");
    (void)sleeps();
    for (i = 0; i < 6; i++) {
        ms = sleeps();
        if (ms > longest) longest = ms;
    }
    assert_true(longest > 4000u);
    answer = 200;
    (void)sleeps();
    assert_true(otel_export_due_ms(&ex) == OTEL_NOTHING_DUE);
    kit_stop();
}

static void who_waits_for_the_time_looks_every_minute(void **state)
{
    (void)state;
    begin(1000000000u, 100, 60000);
    kit_span("a");
    now_ns += 500 * MS;
    assert_int_equal(otel_export_due_ms(&ex), 60000);
    (void)otel_export_poll(&ex);
    assert_int_equal(sends, 0);
    otel_time_sync(&otel, T0);
    assert_int_equal(otel_export_due_ms(&ex), 0);
    (void)otel_export_poll(&ex);
    assert_int_equal(sends, 1);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_due_where_nothing_waits),
        cmocka_unit_test(records_are_due_after_the_interval_or_when_many_wait),
        cmocka_unit_test(metrics_are_due_after_theirs),
        cmocka_unit_test(a_back_off_is_slept_through),
        cmocka_unit_test(who_waits_for_the_time_looks_every_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
