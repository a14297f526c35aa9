/* The crash record: what was open, told at the next start; memory that holds no record, or half of one, is not believed. */
#include "kit.h"

static otel_crash_t crash;
static uint8_t trace_id[16], span_id[8];

/* A reset: the object stays, the instance is another one. */
static void boot(void)
{
    kit_start();
    (void)otel_crash_open(&crash, &otel);
}

static void die(const char *cause)
{
    OTEL_SPAN(outer, "control_step") {
        OTEL_SPAN(inner, "read_sensor_with_a_name_that_is_longer_than_the_room") {
            otel_context_t context = otel_span_context(inner);
            memcpy(trace_id, context.trace_id, 16);
            memcpy(span_id, context.span_id, 8);
            now_ns += 5 * MS;
            otel_crash_write(&crash, cause, 0x08001234u, 0x08005678u);
            otel_crash_write(&crash, "a second one", 1, 2);
        }
    }
    kit_stop();
}

static void the_last_moments_are_told_at_the_next_start(void **state)
{
    otel_recorded_log_t log;
    otel_recorded_value_t spans, name;
    otel_slice_t text;
    int64_t number;
    (void)state;
    memset(&crash, 0xA5, sizeof crash);           /* power on: anything */
    assert_false(otel_crash_found(&crash));
    boot();
    assert_false(otel_crash_found(&crash));
    die("hard fault");
    assert_true(otel_crash_found(&crash));
    kit_start();
    assert_true(otel_crash_open(&crash, &otel));
    assert_false(otel_crash_found(&crash));
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_logs(&rec), 1);
    assert_true(otel_recorder_find_log(&rec, "hard fault", &log));
    assert_int_equal(log.severity, OTEL_FATAL);
    assert_true(kit_is(log.event_name, "crash"));
    assert_memory_equal(log.trace_id, trace_id, 16);
    assert_memory_equal(log.span_id, span_id, 8);
    assert_true(otel_recorded_text(&log.attributes, "crash.cause", &text) && kit_is(text, "hard fault"));
    assert_true(otel_recorded_int(&log.attributes, "crash.address", &number) && number == 0x08001234);
    assert_true(otel_recorded_int(&log.attributes, "crash.link", &number) && number == 0x08005678);
    assert_true(otel_recorded_int(&log.attributes, "crash.count", &number) && number == 1);
    assert_true(otel_recorded_value(&log.attributes, "crash.spans", &spans));
    assert_true(otel_recorded_element(&spans.items, 0, &name) && kit_is(name.text, "read_sensor_with_a_name"));
    assert_true(otel_recorded_element(&spans.items, 1, &name) && kit_is(name.text, "control_step"));
    kit_stop();
    kit_start();
    assert_false(otel_crash_open(&crash, &otel));         /* told once */
    kit_stop();
}

static void crashes_are_counted_while_there_is_power(void **state)
{
    unsigned i;
    (void)state;
    memset(&crash, 0, sizeof crash);
    for (i = 1; i <= 3; i++) {
        boot();
        die("watchdog");
        assert_int_equal(crash.crashes, i);
    }
    memset(&crash, 0xFF, sizeof crash);
    boot();
    assert_int_equal(crash.crashes, 0);
    kit_stop();
}

static void half_a_record_is_none(void **state)
{
    otel_crash_t whole;
    size_t i;
    (void)state;
    memset(&crash, 0, sizeof crash);
    boot();
    die("hard fault");
    whole = crash;
    for (i = 0; i < 8u * sizeof crash; i++) {             /* each bit, but for what the CRC leaves out */
        crash = whole;
        ((uint8_t *)&crash)[i / 8u] ^= (uint8_t)(1u << (i & 7u));
        if (i / 8u >= offsetof(otel_crash_t, otel_) && i / 8u < offsetof(otel_crash_t, otel_) + sizeof crash.otel_) continue;
        if (i / 8u >= offsetof(otel_crash_t, crc_) + 4u) continue;
        assert_false(otel_crash_found(&crash));
    }
    for (i = 1; i < offsetof(otel_crash_t, otel_); i++) { /* memory that lost its end */
        crash = whole;
        memset((uint8_t *)&crash + i, 0, sizeof crash - i);
        assert_false(otel_crash_found(&crash));
    }
}

static void without_an_instance_the_cause_is_kept(void **state)
{
    (void)state;
    memset(&crash, 0, sizeof crash);
    otel_crash_write(&crash, "too early", 1, 2);          /* nobody opened it */
    assert_false(otel_crash_found(&crash));
    assert_false(otel_crash_open(&crash, NULL));
    otel_crash_write(&crash, NULL, 3, 4);
    assert_true(otel_crash_found(&crash));
    assert_string_equal(crash.cause, "unknown");
    assert_int_equal(crash.spans, 0);
    otel_crash_write(NULL, "x", 0, 0);
    assert_false(otel_crash_open(NULL, NULL));
}

/* A pool of `size` bytes. */
static bool told_in(size_t size, otel_recorded_log_t *log)
{
    kit_start();
    kit_stop();
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = size, .log_percent = 50), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    assert_true(otel_crash_open(&crash, &otel));
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    return otel_recorder_logs(&rec) == 1 && otel_recorder_log(&rec, 0, log);
}

static void where_there_is_little_room_the_cause_is_told(void **state)
{
    otel_recorded_log_t log;
    otel_slice_t text;
    int64_t number;
    (void)state;
    memset(&crash, 0, sizeof crash);
    boot();
    die("hard fault");
    assert_true(otel_crash_open(&crash, NULL));           /* nobody is there to tell it: it stays */
    assert_true(otel_crash_found(&crash));
    assert_false(told_in(176, &log));                     /* not even that */
    assert_true(otel_crash_found(&crash));
    kit_stop();
    assert_true(told_in(400, &log));
    assert_false(otel_crash_found(&crash));
    assert_true(otel_recorded_text(&log.attributes, "crash.cause", &text) && kit_is(text, "hard fault"));
    assert_false(otel_recorded_int(&log.attributes, "crash.address", &number));
    assert_int_equal(log.dropped_attributes, 5);
    assert_memory_equal(log.span_id, span_id, 8);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_TOO_LARGE] + kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_FULL], 1);
    kit_stop();
    boot();
    die("hard fault");
    assert_true(told_in(800, &log));                      /* 400 bytes for logs hold it all */
    assert_true(otel_recorded_int(&log.attributes, "crash.uptime_ns", &number));
    assert_int_equal(log.dropped_attributes, 0);
    kit_stop();
}

/* A fault in early start-up, behind a reset that wrote nothing: what the record and the instance point to is of the last boot. */
static void before_the_start_no_span_is_looked_at(void **state)
{
    static otel_span_t of_the_last_boot;
    (void)state;
    memset(&crash, 0, sizeof crash);
    boot();
    (void)otel_span_start(&of_the_last_boot, "working");
    otel_span_enter(&of_the_last_boot);
    otel_crash_opened_v0_ = false;                /* the reset; */
    memset((void *)&of_the_last_boot, 0xA5, sizeof of_the_last_boot);      /* start-up code has used that memory */
    otel_crash_write(&crash, "early", 1, 2);
    assert_true(otel_crash_found(&crash));
    assert_int_equal(crash.spans, 0);
    assert_string_equal(crash.cause, "early");
    otel_span_unwind(NULL);
    kit_stop();
}

static void names_are_cut_between_characters(void **state)
{
    (void)state;
    memset(&crash, 0, sizeof crash);
    boot();
    OTEL_SPAN(span, "twenty-two bytes, then\xE2\x82\xAC") {
        (void)span;
        otel_crash_write(&crash, "twenty-one bytes then\xE2\x82\xAC", 1, 2);
    }
    assert_string_equal(crash.span[0].name, "twenty-two bytes, then");
    assert_string_equal(crash.cause, "twenty-one bytes then");
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_moments_are_told_at_the_next_start),
        cmocka_unit_test(crashes_are_counted_while_there_is_power),
        cmocka_unit_test(half_a_record_is_none),
        cmocka_unit_test(without_an_instance_the_cause_is_kept),
        cmocka_unit_test(before_the_start_no_span_is_looked_at),
        cmocka_unit_test(names_are_cut_between_characters),
        cmocka_unit_test(where_there_is_little_room_the_cause_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
