/* Spans: limits, replaced keys, names, misuse. */
#include "kit.h"

static otel_recorded_span_t only(void)
{
    otel_recorded_span_t span;
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    assert_true(otel_recorder_span(&rec, otel_recorder_spans(&rec) - 1u, &span));
    return span;
}

static void a_name_of_64_kb_is_cut_between_characters_and_counted(void **state)
{
    static char name[65537];
    otel_recorded_span_t span;
    size_t i;
    (void)state;
    kit_start();
    memset(name, 'a', sizeof name - 1);
    for (i = 1; i + 1 < sizeof name - 1; i += 2) memcpy(name + i, "\xC3\xA9", 2);
    kit_span(name);
    span = only();
    assert_in_range(span.name.len, 1020, 1024);
    assert_true(otel_utf8_valid(span.name.text, span.name.len));
    assert_memory_equal(span.name.text, name, span.name.len);
    assert_int_equal(span.dropped_attributes, 1);
    kit_stop();
}

static void a_name_with_bad_bytes_arrives_without_room_too(void **state)
{
    otel_recorded_span_t span;
    otel_span_t s;
    char big[120];
    unsigned i;
    (void)state;
    kit_start();
    memset(big, 'x', sizeof big);
    otel_span_start(&s, "na\xFFme");
    for (i = 0; i < 60; i++) otel_span_set(&s, "k", OTEL_STR(big, 60 - i));
    otel_span_end(&s);
    span = only();
    assert_true(kit_is(span.name, "na?me"));
    kit_stop();
}

static void the_129th_attribute_is_counted_and_a_known_key_still_replaced(void **state)
{
    static otel_span_t s[OTEL_SPANS(8192)];
    otel_recorded_span_t span;
    char key[16];
    int i;
    int64_t value = 0;
    (void)state;
    kit_start();
    otel_span_start(s, "many", .bytes = sizeof s);
    for (i = 0; i < 129; i++) {
        snprintf(key, sizeof key, "k%d", i);
        otel_span_set(s, key, i);
    }
    otel_span_set(s, "k127", 1000);
    otel_span_end(s);
    span = only();
    assert_int_equal(span.attributes.count, 128);
    assert_int_equal(span.dropped_attributes, 1);
    assert_true(otel_recorded_int(&span.attributes, "k127", &value) && value == 1000);
    assert_false(otel_recorded_int(&span.attributes, "k128", &value));
    kit_stop();
}

static void a_new_value_replaces_a_shorter_one_that_is_all_there_is(void **state)
{
    otel_recorded_span_t span;
    otel_span_t s;
    (void)state;
    kit_start();
    otel_span_start(&s, "r");
    otel_span_set(&s, "k", "twenty letters are it");
    otel_span_set(&s, "k", "and these are some forty letters, or so");
    otel_span_end(&s);
    span = only();
    assert_int_equal(span.attributes.count, 1);
    assert_int_equal(span.dropped_attributes, 0);
    kit_stop();
}

static void a_name_that_does_not_fit_leaves_the_one_before(void **state)
{
    static char huge[600];
    otel_recorded_span_t span;
    otel_span_t s;
    unsigned len;
    (void)state;
    memset(huge, 'h', sizeof huge - 1);
    kit_start();
    otel_span_start(&s, "first");
    otel_span_rename(&s, "second");
    otel_span_rename(&s, huge);
    otel_span_end(&s);
    span = only();
    assert_true(kit_is(span.name, "second"));
    assert_int_equal(span.dropped_attributes, 1);
    for (len = 1; len < 80; len++) {                          /* what the old one took is room for the new one */
        char name[80];
        unsigned fit;
        memset(name, 'n', sizeof name);
        name[len] = 0;
        otel_span_start(&s, "first");
        otel_span_rename(&s, name);
        fit = (unsigned)(s.named_);
        name[0] = 'm';
        otel_span_rename(&s, name);
        otel_span_end(&s);
        span = only();
        assert_true(kit_is(span.name, fit ? name : "first"));
        assert_int_equal(span.dropped_attributes, fit ? 0 : 2);
    }
    assert_true(len > OTEL_SPAN_INLINE_);
    kit_stop();
}

static void end_twice_and_out_of_order_is_one_span_each(void **state)
{
    otel_span_t a, b, c;
    (void)state;
    kit_start();
    otel_span_start(&a, "a");
    otel_span_enter(&a);
    otel_span_start(&b, "b");
    otel_span_enter(&b);
    otel_span_start(&c, "c");
    otel_span_enter(&c);
    otel_span_end(&b);
    assert_ptr_equal(otel_span_current(), &c);
    otel_span_end(&b);
    otel_span_set(&b, "late", 1);
    otel_span_event(&b, "late");
    otel_span_end(&a);
    assert_ptr_equal(otel_span_current(), &c);
    otel_span_end(&c);
    assert_null(otel_span_current());
    otel_span_end(&a);
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 3);
    kit_stop();
}

static void an_error_shows_in_the_status_when_nothing_else_fits(void **state)
{
    otel_recorded_span_t span;
    otel_span_t s;
    unsigned i;
    char key[4] = "aa";
    (void)state;
    kit_start();
    otel_span_start(&s, "full");
    for (i = 0; i < 20; i++, key[1]++) otel_span_set(&s, key, OTEL_TRUE);
    assert_int_equal(otel_span_error(&s, -5, "a message that finds no room at all any more"), -5);
    otel_span_end(&s);
    span = only();
    assert_int_equal(span.status, OTEL_STATUS_ERROR);
    assert_int_equal(span.dropped_events, 1);
    assert_int_equal(span.attributes.count + span.dropped_attributes, 20);
    kit_stop();
}

static void every_size_of_scratch_gives_a_whole_record(void **state)
{
    static uint8_t mem[sizeof(otel_span_t) + 700 + 64];
    size_t bytes;
    (void)state;
    for (bytes = 0; bytes < 700; bytes++) {
        otel_span_t *s = (otel_span_t *)(void *)mem;
        otel_recorded_span_t span;
        size_t i;
        kit_start();
        memset(mem, 0xA5, sizeof mem);
        otel_span_start(s, "name", .bytes = sizeof(otel_span_t) + bytes);
        otel_span_set(s, "text", "some text of thirty letters ok", "n", 1, "m", INT64_MIN);
        otel_span_event(s, "event", "a", 1, "b", "c");
        otel_span_rename(s, "another name");
        otel_span_status(s, OTEL_STATUS_ERROR, "why it went wrong");
        otel_span_set(s, "text", "longer, so that it has to move to the end of it all");
        otel_span_end(s);
        for (i = sizeof(otel_span_t) + bytes; i < sizeof mem; i++) assert_int_equal(mem[i], 0xA5);
        span = only();
        assert_int_equal(span.attributes.count + span.dropped_attributes >= 3, 1);
        assert_int_equal(span.events.count + span.dropped_events, 1);
        kit_stop();
    }
}

static void a_span_larger_than_the_ring_is_too_large(void **state)
{
    static otel_span_t s[OTEL_SPANS(70000)];
    static char text[66000];
    (void)state;
    kit_start();
    otel_span_start(s, "giant", .bytes = sizeof s);
    memset(text, 'x', sizeof text);
    otel_span_set(s, "text", OTEL_STR(text, sizeof text));
    otel_span_end(s);
    kit_span("next");
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_TOO_LARGE], 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 1);
    kit_stop();
}

static void a_link_carries_tracestate_and_attributes(void **state)
{
    otel_recorded_span_t span;
    otel_recorded_link_t link;
    otel_span_t s[OTEL_SPANS(256)];
    otel_context_t c;
    (void)state;
    kit_start();
    memset(&c, 0, sizeof c);
    c.trace_id[0] = c.span_id[0] = 1;
    c.tracestate = "a=1 , b=2";
    otel_span_start(s, "s", .bytes = sizeof s);
    otel_span_link(s, &c, "k", 1);
    otel_span_end(s);
    span = only();
    assert_int_equal(span.links.count, 1);
    assert_true(otel_recorded_link(&span.links, 0, &link));
    assert_true(kit_is(link.trace_state, "a=1,b=2"));
    kit_stop();
}

static uint32_t lost(otel_span_t *span)
{
    otel_span_set(span, "http.request.method", "GET", "url.path", "/a/b/c", "server.address", "127.0.0.1", "user.id", 7);
    otel_span_end(span);
    return only().dropped_attributes;
}

static void an_array_is_one_span_that_is_told_its_bytes_or_many(void **state)
{
    otel_span_t s[OTEL_SPANS(256)];
    uint32_t first, second;
    (void)state;
    kit_start();
    otel_span_start(s, "one", .kind = OTEL_CLIENT, .bytes = sizeof s);
    first = lost(s);
    assert_int_equal(first, 0);
    otel_span_start(s, "first");                  /* and leaves the second one's memory alone */
    otel_span_start(s + 1, "second");
    first = lost(s);
    second = lost(s + 1);
    assert_true(first > 0 && first < 5);
    assert_int_equal(second, first);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_is_one_span_that_is_told_its_bytes_or_many),
        cmocka_unit_test(a_name_of_64_kb_is_cut_between_characters_and_counted),
        cmocka_unit_test(a_name_with_bad_bytes_arrives_without_room_too),
        cmocka_unit_test(the_129th_attribute_is_counted_and_a_known_key_still_replaced),
        cmocka_unit_test(a_new_value_replaces_a_shorter_one_that_is_all_there_is),
        cmocka_unit_test(a_name_that_does_not_fit_leaves_the_one_before),
        cmocka_unit_test(end_twice_and_out_of_order_is_one_span_each),
        cmocka_unit_test(an_error_shows_in_the_status_when_nothing_else_fits),
        cmocka_unit_test(every_size_of_scratch_gives_a_whole_record),
        cmocka_unit_test(a_span_larger_than_the_ring_is_too_large),
        cmocka_unit_test(a_link_carries_tracestate_and_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
