/* Set-up with bad input answers with the sentence that names the remedy; every public function takes NULL; nothing breaks
   before init and after shutdown. */
#include "kit.h"

static void set_up_names_the_remedy(void **state)
{
    static uint8_t small[64];
    static otel_t o;
    (void)state;
    assert_int_equal(otel_init(&o, .pool = pool, .pool_size = sizeof pool), OTEL_E_CLOCK);
    assert_non_null(strstr(otel_result_text(OTEL_E_CLOCK), "otel_config_t.clock"));
    assert_int_equal(otel_init(&o, .clock = kit_clock), OTEL_E_POOL);
    assert_int_equal(otel_init(&o, .clock = kit_clock, .pool = small, .pool_size = sizeof small), OTEL_E_POOL);
    assert_int_equal(otel_init(&o, .clock = kit_clock, .pool = pool, .pool_size = 200, .shards = 4), OTEL_E_POOL);
    assert_non_null(strstr(otel_result_text(OTEL_E_POOL), "raise otel_config_t.pool_size"));
    assert_int_equal(otel_init(&o, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .log_percent = 100), OTEL_E_CONFIG);
    assert_int_equal(otel_init(&o, .clock = kit_clock, .clock_bits = 32, .pool = pool, .pool_size = sizeof pool), OTEL_E_CONFIG);
    assert_int_equal(otel_init(&o, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .attributes_len = 1), OTEL_E_CONFIG);
    assert_int_equal(otel_init_with(NULL, NULL), OTEL_E_NULL);
    assert_int_equal(otel_init_with(&o, NULL), OTEL_E_NULL);
    assert_null(otel_default());
    assert_string_equal(otel_result_text((otel_result_t)-77), "unknown result");
}

static void the_smallest_pool_takes_a_record(void **state)
{
    static uint8_t tiny[144];
    static otel_t o;
    size_t n;
    (void)state;
    for (n = 0; n < sizeof tiny && otel_init(&o, .clock = kit_clock, .pool = tiny, .pool_size = n, .log_percent = OTEL_NO_LOG_RING) != OTEL_OK; n++) {}
    assert_in_range(n, 60, 144);
    assert_int_equal(otel_exporter_init(&ex, .otel = &o, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_span("s");
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 1);
    otel_log(OTEL_INFO, "no ring for it");
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_TOO_LARGE], 1);
    assert_int_equal(otel_shutdown(&o, 0), OTEL_OK);
}

static const char *volatile no_text;                 /* a NULL that compilers do not warn of */

/* All that takes a span, but its start. */
static void use_span(otel_span_t *span)
{
    otel_context_t c;
    otel_value_t v;
    size_t len;
    char text[OTEL_TRACEPARENT_SIZE];
    otel_span_enter(span);
    otel_span_set(span, "a", 1, "b", "c", "d", 0.5, "e", true);
    otel_span_set(span, no_text, 1);
    otel_span_set(span, "", 1);
    otel_span_set_all(span, NULL, 5);
    otel_span_event(span, "e", "k", no_text);
    otel_span_event_at(span, NULL, 0, NULL, 3);
    otel_span_link_all(span, NULL, NULL, 2);
    otel_span_exception(span, "t", "m", no_text, NULL, 0);
    otel_span_rename(span, no_text);
    otel_span_rename(span, "other");
    otel_span_status(span, OTEL_STATUS_ERROR, NULL);
    otel_span_status(span, (otel_status_t)99, "x");
    assert_int_equal(otel_span_error(span, -3, NULL), -3);
    (void)otel_span_name(span, &len);
    (void)otel_span_kind(span);
    (void)otel_span_status_code(span);
    (void)otel_span_start_ns(span);
    (void)otel_span_end_ns(span);
    (void)otel_span_scope(span);
    (void)otel_span_get(span, "a", &v);
    (void)otel_span_remove(span, "a");
    c = otel_span_context(span);
    otel_span_link_all(span, &c, NULL, 0);
    (void)otel_context_valid(&c);
    (void)otel_traceparent(span, text);
    (void)otel_traceparent(span, NULL);
    otel_inject(span, NULL, NULL);
    otel_span_leave(span);
    otel_span_end_at(span, T0);
    otel_span_end(span);
    otel_span_end(span);
    otel_span_leave(span);
}

static void call_everything(otel_span_t *span, otel_exporter_t *x, otel_t *o)
{
    otel_request_t r;
    otel_context_t c;
    otel_baggage_entry_t e;
    otel_baggage_t it;
    otel_stats_t s;
    memset(&c, 0, sizeof c);
    (void)otel_span_start_with(NULL, NULL);
    (void)otel_span_start(span, no_text);
    use_span(span);
    assert_false(otel_context_valid(NULL));
    assert_false(otel_extract(NULL, NULL, NULL, NULL));
    assert_false(otel_extract(&c, NULL, NULL, NULL));
    assert_int_equal(otel_tracestate(NULL, NULL, 0), 0);
    it = otel_baggage(NULL);
    assert_false(otel_baggage_next(&it, &e));
    assert_false(otel_baggage_next(NULL, NULL));
    (void)otel_span_current();
    otel_log(OTEL_INFO, no_text);
    otel_log_all(NULL, (otel_severity_t)0, NULL, NULL, 4);
    otel_log_emit(NULL);
    otel_time_sync(o, T0);
    otel_thread_end(o);
    otel_after_fork(NULL);
    (void)otel_exporter_init_with(NULL, NULL);
    (void)otel_exporter_init_with(x, NULL);
    (void)otel_export_next(x, &r);
    (void)otel_export_next(x, NULL);
    otel_export_done(x, 200);
    otel_export_reply(x, NULL, 9, NULL);
    (void)otel_export_poll(x);
    (void)otel_export_flush(x, 0);
    (void)otel_stats(x, &s);
    (void)otel_stats(x, NULL);
    (void)otel_flush(o, 0);
    (void)otel_export_shutdown(x, 0);
    (void)otel_shutdown(o, 0);
}

static void null_everywhere_is_nothing(void **state)
{
    (void)state;
    call_everything(NULL, NULL, NULL);
    kit_start();
    call_everything(NULL, NULL, NULL);
    kit_stop();
}

static void nothing_happens_before_init(void **state)
{
    static otel_t never;
    static otel_exporter_t none;
    otel_span_t span;
    otel_stats_t s;
    (void)state;
    call_everything(&span, &none, &never);
    assert_int_equal(otel_exporter_init(&none, .otel = &never), OTEL_E_NOT_READY);
    assert_int_equal(otel_stats(&none, &s), OTEL_E_NOT_READY);
    assert_int_equal(otel_shutdown(&never, 0), OTEL_E_NOT_READY);
    assert_int_equal(otel_flush(&never, 0), OTEL_E_NOT_READY);
}

static void a_block_while_nothing_runs_takes_every_call(void **state)
{
    int ran = 0;
    (void)state;
    OTEL_SPAN(off, "off") {
        assert_non_null(off);
        assert_false(otel_is_recording(off));
        use_span(off);
        OTEL_SPAN(inside, "inside", .kind = OTEL_CLIENT, .attributes = NULL) {
            use_span(inside);
            assert_null(otel_span_current());
            ran++;
        }
        (void)otel_span_start(off, "again");
        (void)otel_span_start(off, "again", .kind = OTEL_SERVER);
        assert_false(otel_is_recording(off));
        kit_start();                                              /* it begins in here: the span that was there stays what it was */
        use_span(off);
        assert_false(otel_is_recording(off));
        (void)otel_span_start(off, "again");                      /* until it is started once more, in the memory that it has */
        assert_true(otel_is_recording(off));
        otel_span_end(off);
        OTEL_SPAN(on, "on") {
            assert_true(otel_is_recording(on));
            assert_ptr_equal(otel_span_current(), on);
            ran++;
        }
        ran++;
    }
    assert_int_equal(ran, 3);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 2);
    kit_stop();
}

static void count_header(void *user, const char *name, const char *value)
{
    (void)name;
    (void)value;
    ++*(int *)user;
}

/* Its start writes a few bytes only: what was in its memory before must not show. */
static void a_span_while_nothing_runs_shows_nothing_of_its_memory(void **state)
{
    union { otel_span_t span; uint8_t bytes[sizeof(otel_span_t)]; } place;
    otel_span_t *span = &place.span;
    otel_context_t c, nothing;
    char text[OTEL_TRACEPARENT_SIZE];
    int headers = 0, turn;
    (void)state;
    memset(&nothing, 0, sizeof nothing);
    for (turn = 0; turn < 2; turn++) {                            /* before there was an instance, and after it went */
        memset(place.bytes, 0xA5, sizeof place);
        (void)otel_span_start(span, "off");
        assert_false(otel_is_recording(span));
        c = otel_span_context(span);
        assert_false(otel_context_valid(&c));
        assert_memory_equal(&c, &nothing, sizeof c);
        assert_string_equal(otel_traceparent(span, text), "");
        otel_inject(span, count_header, &headers);
        assert_int_equal(headers, 0);
        use_span(span);
        c = otel_span_context(span);
        assert_memory_equal(&c, &nothing, sizeof c);
        {
            otel_span_t child;
            (void)otel_span_start(&child, "child", .parent = &c);
            assert_false(otel_is_recording(&child));
            otel_span_end(&child);
        }
        otel_span_end(span);
        if (turn == 0) {
            kit_start();
            (void)otel_span_start(span, "on");                    /* the same memory while it runs: nothing of before */
            assert_true(otel_is_recording(span));
            c = otel_span_context(span);
            assert_true(otel_context_valid(&c) && !c.tracestate && !c.baggage && !c.values);
            otel_span_end(span);
            kit_stop();
        }
    }
}

static void after_shutdown_records_are_counted_and_calls_say_so(void **state)
{
    otel_span_t open, late;
    (void)state;
    kit_start();
    otel_span_start(&open, "open");
    assert_int_equal(otel_export_shutdown(&ex, 10), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_stop();
    kit_stop();                                                   /* twice is nothing */
    otel_span_end(&open);
    assert_int_equal(otel.shard_.ring[0].dropped[OTEL_DROP_SHUTDOWN], 1);
    otel_span_start(&late, "late", .otel = &otel);
    assert_false(otel_is_recording(&late));
    otel_span_end(&late);
    assert_null(otel_default());
    assert_int_equal(otel_flush(&otel, 0), OTEL_E_NOT_READY);
    assert_int_equal(otel_export_poll(&ex), OTEL_E_NOT_READY);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel), OTEL_E_NOT_READY);
    call_everything(&late, &ex, &otel);
}

static otel_counter_t after_counter = OTEL_COUNTER("after", OTEL_SERIES(4));
static otel_observable_t after_level = OTEL_OBSERVABLE_UPDOWN("after.level", OTEL_SERIES(4));

static void metrics_are_used_after_shutdown_for_the_first_time(void **state)
{
    otel_stats_t stats;
    (void)state;
    kit_start();
    otel_counter_add(&after_counter, 1, "k", "a");
    otel_observe(&after_level, 1, "k", "a");
    kit_stop();
    otel_counter_add(&after_counter, 1, "k", "b");                /* a series that was not used before, and the total */
    otel_counter_add(&after_counter, 1);
    otel_observe(&after_level, 1, "k", "b");
    otel_observe(&after_level, 1);
    kit_start();
    otel_counter_add(&after_counter, 1, "k", "b");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_stats(&ex, &stats), OTEL_OK);
    assert_int_equal(stats.signal[OTEL_SIGNAL_METRICS].exported, 1);
    kit_stop();
}

/* Begun by a clock since boot, ended when the instance has another one: nobody can say its time any more. */
static void a_span_that_outlives_its_instance_is_counted(void **state)
{
    otel_span_t span;
    (void)state;
    now_ns = 5;
    assert_int_equal(otel_init(&otel, .service = "first", .clock = kit_clock, .clock_hz = 1000000, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_span_start(&span, "long");
    kit_start();
    otel_span_end(&span);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_NO_CLOCK], 1);
    kit_stop();
}

static void more_scopes_than_a_mark_can_number_use_the_unnamed_one(void **state)
{
    static otel_scope_t many[200];
    static char names[200][16];
    otel_recorded_span_t span;
    unsigned i, round;
    (void)state;
    kit_start();
    memset((void *)many, 0, sizeof many);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < 200; i++) {
            otel_span_t s;
            snprintf(names[i], sizeof names[i], "n%u", i);
            many[i].name = names[i];
            otel_span_start(&s, names[i], .scope = &many[i]);
            otel_span_end(&s);
        }
    }
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 600);
    for (i = 0; i < 600; i++) {
        assert_true(otel_recorder_span(&rec, i, &span));
        if (i % 200 < 127) assert_true(kit_is(span.scope.name, names[i % 200]));
        else assert_int_equal(span.scope.name.len, 0);
    }
    kit_stop();
}

/* Not a real fork: what the child's first call does. */
static void a_child_of_fork_starts_anew(void **state)
{
    static otel_scope_t a = OTEL_SCOPE("a"), b = OTEL_SCOPE("b");
    otel_recorded_span_t span;
    uint8_t before[8];
    otel_span_t s;
    otel_stats_t stats;
    unsigned round;
    (void)state;
    kit_start();
    for (round = 0; round < 150; round++) {
        otel_span_start(&s, "a", .scope = &a);
        memcpy(before, otel_span_context(&s).span_id, 8);
        otel_span_end(&s);
        otel_span_start(&s, "b", .scope = &b);
        otel_span_end(&s);
        if (round % 2) assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
        otel_after_fork(&otel);
        assert_int_equal(otel_stats(&ex, &stats), OTEL_OK);
        assert_int_equal(stats.signal[OTEL_SIGNAL_TRACES].created, 0);
        assert_int_equal(stats.signal[OTEL_SIGNAL_TRACES].exported, 0);
        otel_recorder_clear(&rec);
        otel_span_start(&s, "b", .scope = &b);
        otel_span_end(&s);
        otel_span_start(&s, "a", .scope = &a);
        otel_span_end(&s);
        assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
        assert_int_equal(otel_recorder_spans(&rec), 2);
        assert_true(otel_recorder_span(&rec, 0, &span) && kit_is(span.scope.name, "b"));
        assert_true(otel_recorder_span(&rec, 1, &span) && kit_is(span.scope.name, "a"));
    }
    kit_stop();
}

static void invalid_utf8_never_spoils_a_batch(void **state)
{
    static otel_scope_t bad = OTEL_SCOPE("s\xFF", .version = "\xC0\x80");
    static otel_attr_t about[2];
    otel_recorded_span_t span;
    otel_recorded_log_t log;
    size_t len;
    (void)state;
    about[0] = otel_str("r\xFE", "v\xFD");
    about[1] = otel_str("ok", "\xED\xA0\x80");
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "un\xFFit", .attributes = about, .attributes_len = 2, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    OTEL_SPAN(s, "na\xC3", .scope = &bad) {
        otel_span_set(s, "k\xFF", 1, "v", "\xFF\xFE");
        otel_span_event(s, "e\x80", "k\xFF", "v");
        otel_span_status(s, OTEL_STATUS_ERROR, "m\xF5");
        otel_log_in(&bad, OTEL_INFO, "body \xFF", "k\xFF", 1);
    }
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    assert_true(otel_recorder_span(&rec, 0, &span) && otel_recorder_log(&rec, 0, &log));
    for (len = 0; len < span.name.len; len++) assert_true((uint8_t)span.name.text[len] < 128);
    assert_true(otel_utf8_valid(span.scope.name.text, span.scope.name.len) && otel_utf8_valid(span.scope.version.text, span.scope.version.len));
    assert_true(otel_utf8_valid(span.status_message.text, span.status_message.len));
    assert_int_equal(log.body.type, OTEL_RECORDED_BYTES);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_up_names_the_remedy),
        cmocka_unit_test(the_smallest_pool_takes_a_record),
        cmocka_unit_test(null_everywhere_is_nothing),
        cmocka_unit_test(nothing_happens_before_init),
        cmocka_unit_test(a_block_while_nothing_runs_takes_every_call),
        cmocka_unit_test(a_span_while_nothing_runs_shows_nothing_of_its_memory),
        cmocka_unit_test(after_shutdown_records_are_counted_and_calls_say_so),
        cmocka_unit_test(metrics_are_used_after_shutdown_for_the_first_time),
        cmocka_unit_test(a_span_that_outlives_its_instance_is_counted),
        cmocka_unit_test(more_scopes_than_a_mark_can_number_use_the_unnamed_one),
        cmocka_unit_test(a_child_of_fork_starts_anew),
        cmocka_unit_test(invalid_utf8_never_spoils_a_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
