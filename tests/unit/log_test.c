/* Log records: texts of every length, severities, times. */
#include "kit.h"

static otel_recorded_log_t last(void)
{
    otel_recorded_log_t log;
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    assert_true(otel_recorder_log(&rec, otel_recorder_logs(&rec) - 1u, &log));
    return log;
}

static otel_log_record_t blank(void)
{
    otel_log_record_t r;
    memset((void *)&r, 0, sizeof r);
    return r;
}

static void severity_text_and_event_name_of_every_length_stay_in_bounds(void **state)
{
    static char text[1200];
    size_t n;
    (void)state;
    memset(text, 'x', sizeof text);
    for (n = 0; n < sizeof text - 1; n++) {
        otel_log_record_t r = blank();
        otel_recorded_log_t log;
        otel_attr_t a = otel_int("k", INT64_MIN);
        kit_start();
        text[n] = 0;
        r.severity_text = text;
        r.event_name = n % 2 ? text : "event";
        r.body = otel_value_str_("body");
        r.attributes = &a;
        r.attributes_len = 1;
        otel_log_emit(&r);
        log = last();
        assert_true(kit_is(log.body.text, "body"));
        assert_true(log.severity_text.len == n || log.dropped_attributes > 0);
        assert_int_equal(log.attributes.count + (log.dropped_attributes > 0) >= 1, 1);
        text[n] = 'x';
        kit_stop();
    }
}

static void a_severity_that_is_none_is_left_out(void **state)
{
    static const int bad[] = { -1, 25, 128, 200, 255, 256, 1000 };
    size_t i;
    (void)state;
    kit_start();
    for (i = 0; i < LENGTH(bad); i++) {
        otel_log((otel_severity_t)bad[i], "text");
        assert_int_equal(last().severity, 0);
    }
    otel_log((otel_severity_t)24, "text");
    assert_int_equal(last().severity, 24);
    kit_stop();
}

static void a_body_of_64_kb_arrives_and_one_larger_than_the_ring_is_counted(void **state)
{
    static char text[65536];
    static uint8_t wide[400000], out[200000];
    static otel_t o;
    static otel_exporter_t x;
    otel_log_record_t r = blank();
    (void)state;
    memset(text, 'b', sizeof text);
    assert_int_equal(otel_init(&o, .clock = kit_clock, .pool = wide, .pool_size = sizeof wide, .log_percent = 50), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&x, .otel = &o, .send = otel_recorder_send, .user = &rec, .buffer = out, .buffer_size = sizeof out), OTEL_OK);
    r.otel = &o;
    r.body = OTEL_STR(text, sizeof text);
    otel_log_emit(&r);
    assert_int_equal(otel_flush(&o, 10), OTEL_OK);
    assert_int_equal(kit_stats(&x, OTEL_SIGNAL_LOGS).exported, 1);
    r.body = OTEL_STR(wide, 250000);
    otel_log_emit(&r);
    r.body = OTEL_STR(wide, (size_t)3 << 20);
    otel_log_emit(&r);
    assert_int_equal(kit_stats(&x, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_TOO_LARGE], 2);
    assert_int_equal(otel_shutdown(&o, 0), OTEL_OK);
}

static void a_log_in_a_span_has_its_ids(void **state)
{
    otel_recorded_log_t log;
    (void)state;
    kit_start();
    OTEL_SPAN(span, "s") {
        otel_context_t c = otel_span_context(span);
        otel_log(OTEL_INFO, "in");
        log = last();
        assert_memory_equal(log.trace_id, c.trace_id, 16);
        assert_memory_equal(log.span_id, c.span_id, 8);
    }
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severity_text_and_event_name_of_every_length_stay_in_bounds),
        cmocka_unit_test(a_severity_that_is_none_is_left_out),
        cmocka_unit_test(a_body_of_64_kb_arrives_and_one_larger_than_the_ring_is_counted),
        cmocka_unit_test(a_log_in_a_span_has_its_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
