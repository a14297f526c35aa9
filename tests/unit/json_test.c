#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "otel_export.h"
#include "body.h"

static char line[8192];
static size_t line_len, puts_seen;
static body_t b;

static void put(void *user, const char *text, size_t len)
{
    assert_ptr_equal(user, &b);
    assert_true(len > 0 && line_len + len < sizeof line);
    memcpy(line + line_len, text, len);
    line_len += len;
    line[line_len] = 0;
    puts_seen++;
}

static int set_up(void **state)
{
    (void)state;
    memset(&b, 0, sizeof b);
    return 0;
}

static bool print_as(otel_signal_t signal)
{
    otel_request_t request;
    memset(&request, 0, sizeof request);
    request.signal = signal;
    request.body = b.bytes;
    request.len = b.len;
    line_len = puts_seen = 0;
    line[0] = 0;
    return otel_json_write(&request, put, &b);
}

static void an_empty_request_is_an_empty_object(void **state)
{
    (void)state;
    assert_true(print_as(OTEL_SIGNAL_LOGS));
    assert_string_equal(line, "{}");
}

static void fields_in_call_order_become_arrays(void **state)
{
    (void)state;
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_bytes(&b, 1, "\x00\x01\xab\xff", 4);
    body_int(&b, 9, "a", -1);
    body_begin(&b, 11);
    body_text(&b, 2, "e1");
    body_end(&b);
    body_str(&b, 9, "b", "x\"y\n");
    body_begin(&b, 11);
    body_text(&b, 2, "e2");
    body_end(&b);
    body_text(&b, 5, "name");
    body_text(&b, 77, "a field of the future");
    body_end(&b);
    body_end(&b);
    body_end(&b);
    assert_true(print_as(OTEL_SIGNAL_TRACES));
    assert_string_equal(line, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"0001abff\",\"name\":\"name\","
                              "\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":\"-1\"}},{\"key\":\"b\",\"value\":{\"stringValue\":\"x\\\"y\\n\"}}],"
                              "\"events\":[{\"name\":\"e1\"},{\"name\":\"e2\"}]}]}]}]}");
}

static void the_last_one_counts_of_a_field_that_comes_twice(void **state)
{
    (void)state;
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_varint(&b, 2, 9);
    body_varint(&b, 2, 17);
    body_begin(&b, 5);
    body_text(&b, 1, "text");                                 /* a oneof: then a number */
    body_varint(&b, 3, 5);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    assert_true(print_as(OTEL_SIGNAL_LOGS));
    assert_string_equal(line, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":17,\"body\":{\"intValue\":\"5\"}}]}]}]}");
}

static void packed_or_not_numbers_become_one_array(void **state)
{
    (void)state;
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_begin(&b, 9);
    body_begin(&b, 1);
    body_begin(&b, 6);
    otel_put64_(b.bytes + b.len, 1);
    otel_put64_(b.bytes + b.len + 8, UINT64_MAX);
    b.len += 16;
    body_end(&b);
    body_fixed64(&b, 6, 2);
    body_double(&b, 7, 0.5);
    body_double(&b, 7, 1e100);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    assert_true(print_as(OTEL_SIGNAL_METRICS));
    assert_string_equal(line, "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":[{\"bucketCounts\":[\"1\",\"18446744073709551615\",\"2\"],"
                              "\"explicitBounds\":[0.5,1e100]}]}}]}]}]}");
    b.bytes[b.open[5]]--;                                     /* a packed field that ends inside a number */
    assert_false(print_as(OTEL_SIGNAL_METRICS));
}

/* Nothing is put of a request that turns out to be broken at its very end. */
static void a_refused_request_puts_nothing(void **state)
{
    size_t len;
    otel_request_t request;
    (void)state;
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_text(&b, 5, "a name that is longer than what is gathered before it is put, to be sure that something would come");
    body_int(&b, 9, "k", 3);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    assert_true(print_as(OTEL_SIGNAL_TRACES));
    len = b.len;
    b.bytes[len - 1] = 0x80;                                  /* the last varint has no end */
    assert_false(print_as(OTEL_SIGNAL_TRACES));
    assert_int_equal(puts_seen, 0);
    for (b.len = 1; b.len < len; b.len++) {
        assert_false(print_as(OTEL_SIGNAL_TRACES));
        assert_int_equal(puts_seen, 0);
    }
    memset(&request, 0, sizeof request);
    request.len = 5;                                          /* neither body nor parts */
    assert_false(otel_json_write(&request, put, &b));
    assert_false(otel_json_write(&request, NULL, NULL));
    assert_false(otel_json_write(NULL, put, &b));
    assert_false(print_as((otel_signal_t)9));
}

/* Far deeper than any sender goes: no recursion, no overflow, the innermost left empty. */
static void values_nested_very_deep_are_left_empty(void **state)
{
    unsigned i;
    body_t inner;
    (void)state;
    memset(&inner, 0, sizeof inner);
    for (i = 0; i < 500; i++) {                               /* from the inside out: AnyValue.array_value of one value */
        memset(&b, 0, sizeof b);
        body_begin(&b, 5);
        body_begin(&b, 1);
        body_raw(&b, inner.bytes, inner.len);
        body_end(&b);
        body_end(&b);
        if (b.len > 3500) break;
        inner = b;
    }
    memset(&b, 0, sizeof b);
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_begin(&b, 5);
    body_raw(&b, inner.bytes, inner.len);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    assert_true(print_as(OTEL_SIGNAL_LOGS));
    assert_non_null(strstr(line, "\"arrayValue\":{\"values\":[{}]}"));
}

static void what_the_exporter_gives_in_parts_is_written_too(void **state)
{
    otel_piece_t parts[3];
    otel_request_t request;
    (void)state;
    body_begin(&b, 1);
    body_begin(&b, 2);
    body_begin(&b, 2);
    body_text(&b, 5, "gr\xC3\xBC\xC3\x9F" "e");
    body_end(&b);
    body_end(&b);
    body_end(&b);
    parts[0].bytes = b.bytes;
    parts[0].len = b.len - 5;                                 /* inside the first umlaut */
    parts[1].bytes = NULL;
    parts[1].len = 0;
    parts[2].bytes = b.bytes + b.len - 5;
    parts[2].len = 5;
    memset(&request, 0, sizeof request);
    request.parts = parts;
    request.parts_len = 3;
    request.len = b.len;
    line_len = 0;
    assert_true(otel_json_write(&request, put, &b));
    assert_string_equal(line, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"gr\xC3\xBC\xC3\x9F" "e\"}]}]}]}");
}

static void doubles_are_short_and_exact(void **state)
{
    static const struct { uint64_t bits; const char *text; } table[] = {
        { 0, "0.0" }, { (uint64_t)1 << 63, "-0.0" }, { 1, "5e-324" }, { 0x7FEFFFFFFFFFFFFFu, "1.7976931348623157e308" }, { 0x3FB999999999999Au, "0.1" },
        { 0x3FF0000000000000u, "1" }, { 0xC059000000000000u, "-100" }, { 0x4340000000000001u, "9007199254740994" }, { 0x3F50624DD2F1A9FCu, "0.001" },
        { 0x7FF0000000000000u, "Infinity" }, { 0xFFF0000000000000u, "-Infinity" }, { 0xFFF8000000000001u, "NaN" }, { 0x0010000000000000u, "2.2250738585072014e-308" },
    };
    otel_decimal_t_ d;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        d.text[otel_double_text_(&d, table[i].bits)] = 0;
        assert_string_equal(d.text, table[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_request_is_an_empty_object, set_up),
        cmocka_unit_test_setup(fields_in_call_order_become_arrays, set_up),
        cmocka_unit_test_setup(the_last_one_counts_of_a_field_that_comes_twice, set_up),
        cmocka_unit_test_setup(packed_or_not_numbers_become_one_array, set_up),
        cmocka_unit_test_setup(a_refused_request_puts_nothing, set_up),
        cmocka_unit_test_setup(values_nested_very_deep_are_left_empty, set_up),
        cmocka_unit_test_setup(what_the_exporter_gives_in_parts_is_written_too, set_up),
        cmocka_unit_test_setup(doubles_are_short_and_exact, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
