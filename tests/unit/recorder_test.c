#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "otel_export.h"
#include "body.h"

static uint8_t memory[8192];
static otel_recorder_t rec;
static body_t b;

static int set_up(void **state)
{
    (void)state;
    memset(&b, 0, sizeof b);
    return otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory) != OTEL_OK;
}

static int send_body(otel_signal_t signal)
{
    otel_request_t request;
    memset(&request, 0, sizeof request);
    request.signal = signal;
    request.body = b.bytes;
    request.len = b.len;
    request.items = 1;
    return otel_recorder_send(&rec, &request);
}

static uint64_t unix_ns(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return now += 1000;
}

/* Resource and scope around the items that follow; they end with two calls of body_end. */
static void group(const char *service, const char *scope)
{
    body_begin(&b, 1);
    body_begin(&b, 1);
    body_str(&b, 1, "service.name", service);
    body_end(&b);
    body_begin(&b, 2);
    body_begin(&b, 1);
    body_text(&b, 1, scope);
    body_text(&b, 2, "1.2");
    body_int(&b, 3, "scope.id", 9);
    body_end(&b);
}

static void group_end(void)
{
    body_end(&b);
    body_end(&b);
}

static void plain_span(const char *name)
{
    body_begin(&b, 2);
    body_text(&b, 5, name);
    body_end(&b);
}

static void every_field_of_a_span_comes_back(void **state)
{
    static const uint8_t trace_id[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    otel_recorded_span_t span;
    otel_recorded_event_t event;
    otel_recorded_link_t link;
    otel_slice_t text;
    int64_t i;
    (void)state;
    group("boiler", "net.http");
    body_begin(&b, 2);
    body_bytes(&b, 1, trace_id, 16);
    body_bytes(&b, 2, "spanspan", 8);
    body_text(&b, 3, "a=b");
    body_bytes(&b, 4, "parentid", 8);
    body_text(&b, 5, "GET");
    body_varint(&b, 6, 3);
    body_fixed64(&b, 7, 1700000000000000001u);
    body_fixed64(&b, 8, UINT64_MAX);
    body_int(&b, 9, "n", -5);
    body_begin(&b, 11);                                       /* events and links lie between attributes, as they were recorded */
    body_fixed64(&b, 1, 77);
    body_text(&b, 2, "retry");
    body_int(&b, 3, "attempt", 2);
    body_varint(&b, 4, 1);
    body_end(&b);
    body_str(&b, 9, "bus", "i2c1");
    body_begin(&b, 13);
    body_bytes(&b, 1, trace_id, 16);
    body_bytes(&b, 2, "linklink", 8);
    body_text(&b, 3, "c=d");
    body_fixed32(&b, 6, 0x101);
    body_str(&b, 4, "why", "batch");
    body_varint(&b, 5, 2);
    body_end(&b);
    body_begin(&b, 11);
    body_text(&b, 2, "second");
    body_end(&b);
    body_varint(&b, 10, 4);
    body_varint(&b, 12, 5);
    body_varint(&b, 14, 6);
    body_begin(&b, 15);
    body_text(&b, 2, "nack");
    body_varint(&b, 3, 2);
    body_end(&b);
    body_fixed32(&b, 16, 0x301);
    body_end(&b);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_int_equal(otel_recorder_spans(&rec), 1);
    assert_true(otel_recorder_find_span(&rec, "GET", &span));
    assert_memory_equal(span.trace_id, trace_id, 16);
    assert_memory_equal(span.span_id, "spanspan", 8);
    assert_memory_equal(span.parent_id, "parentid", 8);
    assert_true(otel_slice_is(span.trace_state, "a=b") && otel_slice_is(span.status_message, "nack"));
    assert_int_equal(span.kind, 3);
    assert_true(span.start_ns == 1700000000000000001u && span.end_ns == UINT64_MAX);
    assert_int_equal(span.status, 2);
    assert_int_equal(span.flags, 0x301);
    assert_true(span.dropped_attributes == 4 && span.dropped_events == 5 && span.dropped_links == 6);
    assert_int_equal(span.attributes.count, 2);
    assert_true(otel_recorded_int(&span.attributes, "n", &i) && i == -5);
    assert_true(otel_recorded_text(&span.attributes, "bus", &text) && otel_slice_is(text, "i2c1"));
    assert_int_equal(span.events.count, 2);
    assert_true(otel_recorded_event(&span.events, 0, &event) && otel_slice_is(event.name, "retry") && event.time_ns == 77 && event.dropped_attributes == 1);
    assert_true(otel_recorded_int(&event.attributes, "attempt", &i) && i == 2);
    assert_true(otel_recorded_event(&span.events, 1, &event) && otel_slice_is(event.name, "second"));
    assert_false(otel_recorded_event(&span.events, 2, &event));
    assert_int_equal(span.links.count, 1);
    assert_true(otel_recorded_link(&span.links, 0, &link) && link.flags == 0x101 && link.dropped_attributes == 2 && otel_slice_is(link.trace_state, "c=d"));
    assert_memory_equal(link.trace_id, trace_id, 16);
    assert_memory_equal(link.span_id, "linklink", 8);
    assert_true(otel_recorded_text(&link.attributes, "why", &text) && otel_slice_is(text, "batch"));
    assert_true(otel_slice_is(span.scope.name, "net.http") && otel_slice_is(span.scope.version, "1.2"));
    assert_true(otel_recorded_int(&span.scope.attributes, "scope.id", &i) && i == 9);
    assert_true(otel_recorded_text(&span.resource, "service.name", &text) && otel_slice_is(text, "boiler"));
}

static void values_of_every_type_come_back(void **state)
{
    otel_recorded_span_t span;
    otel_recorded_value_t value, inner;
    otel_slice_t text, key;
    double d;
    bool flag;
    int64_t i;
    (void)state;
    group("s", "t");
    body_begin(&b, 2);
    body_key_(&b, 9, "double");
    body_double(&b, 4, -2.5);
    body_close_(&b);
    body_key_(&b, 9, "bool");
    body_varint(&b, 2, 1);
    body_close_(&b);
    body_key_(&b, 9, "bytes");
    body_bytes(&b, 7, "a\0b", 3);
    body_close_(&b);
    body_key_(&b, 9, "null");
    body_close_(&b);
    body_key_(&b, 9, "array");
    body_begin(&b, 5);
    body_begin(&b, 1);
    body_varint(&b, 3, (uint64_t)INT64_MIN);
    body_end(&b);
    body_begin(&b, 1);
    body_text(&b, 1, "x");
    body_end(&b);
    body_end(&b);
    body_close_(&b);
    body_key_(&b, 9, "map");
    body_begin(&b, 6);
    body_int(&b, 1, "one", 1);
    body_int(&b, 1, "two", 2);
    body_end(&b);
    body_close_(&b);
    body_end(&b);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_true(otel_recorder_span(&rec, 0, &span));
    assert_int_equal(span.attributes.count, 6);
    assert_true(otel_recorded_double(&span.attributes, "double", &d) && d < -2.4 && d > -2.6);
    assert_true(otel_recorded_bool(&span.attributes, "bool", &flag) && flag);
    assert_true(otel_recorded_bytes(&span.attributes, "bytes", &text) && text.len == 3 && memcmp(text.text, "a\0b", 3) == 0);
    assert_true(otel_recorded_value(&span.attributes, "null", &value) && value.type == OTEL_RECORDED_NULL);
    assert_true(otel_recorded_value(&span.attributes, "array", &value) && value.type == OTEL_RECORDED_ARRAY && value.items.count == 2);
    assert_true(otel_recorded_element(&value.items, 0, &inner) && inner.type == OTEL_RECORDED_INT && inner.i == INT64_MIN);
    assert_true(otel_recorded_element(&value.items, 1, &inner) && inner.type == OTEL_RECORDED_TEXT && otel_slice_is(inner.text, "x"));
    assert_false(otel_recorded_element(&value.items, 2, &inner));
    assert_true(otel_recorded_value(&span.attributes, "map", &value) && value.type == OTEL_RECORDED_MAP && value.items.count == 2);
    assert_true(otel_recorded_int(&value.items, "two", &i) && i == 2);
    assert_true(otel_recorded_attribute(&value.items, 0, &key, &inner) && otel_slice_is(key, "one") && inner.i == 1);
    assert_false(otel_recorded_int(&span.attributes, "double", &i));          /* another type */
    assert_false(otel_recorded_int(&span.attributes, "absent", &i));
    assert_false(otel_recorded_value(NULL, "x", &value));
}

static void number_point(unsigned metric_field, const char *name, int64_t value)
{
    body_begin(&b, 2);
    body_text(&b, 1, name);
    body_text(&b, 2, "what it is");
    body_text(&b, 3, "{read}");
    body_begin(&b, metric_field);
    if (metric_field == 7) {
        body_varint(&b, 2, 2);
        body_varint(&b, 3, 1);
    }
    body_begin(&b, 1);
    body_fixed64(&b, 2, 10);
    body_fixed64(&b, 3, 20);
    body_fixed64(&b, 6, (uint64_t)value);
    body_str(&b, 7, "bus", "i2c1");
    body_end(&b);
    body_begin(&b, 1);
    body_double(&b, 4, 0.5);
    body_varint(&b, 8, 1);
    body_end(&b);
    body_end(&b);
    body_end(&b);
}

static void points_of_sums_and_gauges_come_back(void **state)
{
    otel_recorded_point_t point;
    otel_slice_t text;
    (void)state;
    group("s", "t");
    number_point(7, "sensor.reads", -7);
    number_point(5, "temperature", 3);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_METRICS), 200);
    assert_int_equal(otel_recorder_points(&rec), 4);
    assert_true(otel_recorder_point(&rec, 0, &point));
    assert_true(otel_slice_is(point.name, "sensor.reads") && otel_slice_is(point.description, "what it is") && otel_slice_is(point.unit, "{read}"));
    assert_int_equal(point.type, OTEL_RECORDED_SUM);
    assert_true(point.temporality == 2 && point.monotonic && point.is_int && !point.is_double && point.int_value == -7);
    assert_true(point.start_ns == 10 && point.time_ns == 20);
    assert_true(otel_recorded_text(&point.attributes, "bus", &text) && otel_slice_is(text, "i2c1"));
    assert_true(otel_slice_is(point.scope.name, "t") && point.resource.count == 1);
    assert_true(otel_recorder_find_point(&rec, "sensor.reads", &point));      /* the newest */
    assert_true(point.is_double && !point.is_int && point.double_value > 0.4 && point.flags == 1);
    assert_true(otel_recorder_find_point(&rec, "temperature", &point) && point.type == OTEL_RECORDED_GAUGE && point.temporality == 0);
    assert_false(otel_recorder_find_point(&rec, "temperatur", &point));
}

static void points_of_histograms_come_back(void **state)
{
    static const uint64_t counts[3] = { 1, 2, 1u << 20 };
    otel_recorded_point_t point;
    otel_recorded_exemplar_t exemplar;
    unsigned i;
    (void)state;
    group("s", "t");
    body_begin(&b, 2);
    body_text(&b, 1, "took");
    body_begin(&b, 9);
    body_varint(&b, 2, 1);
    body_begin(&b, 1);
    body_fixed64(&b, 4, 3 + (1u << 20));
    body_double(&b, 5, 4.5);
    body_begin(&b, 6);                                        /* packed */
    for (i = 0; i < 3; i++) {
        otel_put64_(b.bytes + b.len, counts[i]);
        b.len += 8;
    }
    body_end(&b);
    body_double(&b, 7, 0.25);                                 /* and one by one */
    body_double(&b, 7, 1);
    body_begin(&b, 8);
    body_double(&b, 3, 0.75);
    body_fixed64(&b, 2, 5);
    body_bytes(&b, 4, "spanspan", 8);
    body_int(&b, 7, "k", 1);
    body_end(&b);
    body_double(&b, 11, 0.125);
    body_double(&b, 12, 3);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    body_begin(&b, 2);
    body_text(&b, 1, "sizes");
    body_begin(&b, 10);
    body_begin(&b, 1);
    body_varint(&b, 6, 5);                                    /* scale -3 */
    body_fixed64(&b, 7, 8);
    body_begin(&b, 8);
    body_varint(&b, 1, 3);                                    /* offset -2 */
    body_bytes(&b, 2, "\x01\xAC\x02\x00\x05", 5);             /* 1, 300, 0, 5 */
    body_end(&b);
    body_double(&b, 14, 0.5);
    body_end(&b);
    body_end(&b);
    body_end(&b);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_METRICS), 200);
    assert_true(otel_recorder_find_point(&rec, "took", &point) && point.type == OTEL_RECORDED_HISTOGRAM && point.temporality == 1);
    assert_true(point.count == 3 + (1u << 20) && point.has_sum && point.has_min && point.has_max && point.sum > 4.4 && point.min < 0.126 && point.max > 2.9);
    assert_int_equal(point.buckets.count, 3);
    for (i = 0; i < 3; i++) assert_true(otel_recorded_bucket(&point.buckets, i) == counts[i]);
    assert_true(otel_recorded_bucket(&point.buckets, 3) == 0);
    assert_int_equal(point.bounds.count, 2);
    assert_true(otel_recorded_bound(&point.bounds, 0) < 0.26 && otel_recorded_bound(&point.bounds, 1) > 0.99);
    assert_true(otel_recorded_exemplar(&point.exemplars, 0, &exemplar) && exemplar.is_double && exemplar.double_value > 0.7 && exemplar.time_ns == 5);
    assert_memory_equal(exemplar.span_id, "spanspan", 8);
    assert_int_equal(exemplar.attributes.count, 1);
    assert_true(otel_recorder_find_point(&rec, "sizes", &point) && point.type == OTEL_RECORDED_EXPONENTIAL_HISTOGRAM);
    assert_true(point.scale == -3 && point.zero_count == 8 && point.offset == -2 && point.buckets.count == 4 && !point.has_sum && point.zero_threshold > 0.4);
    assert_true(otel_recorded_bucket(&point.buckets, 1) == 300 && otel_recorded_bucket(&point.buckets, 2) == 0 && otel_recorded_bucket(&point.buckets, 3) == 5);
}

static void logs_come_back(void **state)
{
    otel_recorded_log_t log;
    int64_t i;
    (void)state;
    group("s", "t");
    body_begin(&b, 2);
    body_fixed64(&b, 1, 5);
    body_fixed64(&b, 11, 6);
    body_varint(&b, 2, 9);
    body_text(&b, 3, "INFO");
    body_begin(&b, 5);
    body_text(&b, 1, "sensor read");
    body_end(&b);
    body_int(&b, 6, "value", 3);
    body_varint(&b, 7, 1);
    body_fixed32(&b, 8, 1);
    body_bytes(&b, 9, "tracetracetrace!", 16);
    body_bytes(&b, 10, "spanspan", 8);
    body_text(&b, 12, "device.read");
    body_end(&b);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_LOGS), 200);
    assert_true(otel_recorder_find_log(&rec, "sensor read", &log));
    assert_true(log.time_ns == 5 && log.observed_ns == 6 && log.severity == OTEL_INFO && log.dropped_attributes == 1 && log.flags == 1);
    assert_true(otel_slice_is(log.severity_text, "INFO") && otel_slice_is(log.event_name, "device.read"));
    assert_true(otel_recorded_int(&log.attributes, "value", &i) && i == 3);
    assert_memory_equal(log.trace_id, "tracetracetrace!", 16);
    assert_memory_equal(log.span_id, "spanspan", 8);
    assert_false(otel_recorder_find_log(&rec, "sensor", &log));
    assert_int_equal(otel_recorder_logs(&rec), 1);
    assert_int_equal(otel_recorder_spans(&rec), 0);
}

/* Requests of three signals mixed, empty groups, two scopes: each position gives its own, in any order of asking. */
static void positions_run_through_all_requests(void **state)
{
    otel_recorded_span_t span;
    otel_recorded_point_t point;
    otel_request_t request;
    char name[8] = "span ?";
    unsigned i, round;
    (void)state;
    for (round = 0; round < 3; round++) {
        b.len = 0;
        group("a", "first");
        name[5] = (char)('0' + 4 * round);
        plain_span(name);
        name[5]++;
        plain_span(name);
        group_end();
        group("b", "empty");
        group_end();
        group("c", "second");
        name[5]++;
        plain_span(name);
        name[5]++;
        plain_span(name);
        group_end();
        assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
        b.len = 0;
        group("m", "t");
        number_point(7, "reads", (int64_t)round);
        group_end();
        assert_int_equal(send_body(OTEL_SIGNAL_METRICS), 200);
        b.len = 0;
        assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);             /* an empty request */
    }
    assert_int_equal(otel_recorder_spans(&rec), 12);
    assert_int_equal(otel_recorder_requests(&rec), 9);
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 12; i++) {
            unsigned at = round ? (i * 5u) % 12u : i;
            name[5] = (char)('0' + at);
            assert_true(otel_recorder_span(&rec, at, &span));
            assert_true(otel_slice_is(span.name, name));
            assert_true(otel_slice_is(span.scope.name, at % 4 < 2 ? "first" : "second"));
            if (round) assert_true(otel_recorder_point(&rec, (at % 3u) * 2u, &point) && point.int_value == (int64_t)(at % 3u));
        }
        assert_false(otel_recorder_span(&rec, 12, &span));
    }
    assert_true(otel_recorder_request(&rec, 1, &request) && request.signal == OTEL_SIGNAL_METRICS && strcmp(request.path, "/v1/metrics") == 0);
    assert_true(otel_recorder_request(&rec, 8, &request) && request.len == 0);
    assert_false(otel_recorder_request(&rec, 9, &request));
}

static void the_end_moves_on_when_more_arrives(void **state)
{
    otel_recorded_span_t span;
    (void)state;
    assert_false(otel_recorder_span(&rec, 0, &span));
    group("a", "s");
    plain_span("one");
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_true(otel_recorder_span(&rec, 0, &span));
    assert_false(otel_recorder_span(&rec, 1, &span));
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_true(otel_recorder_span(&rec, 1, &span));
    otel_recorder_clear(&rec);
    assert_int_equal(otel_recorder_spans(&rec), 0);
    assert_false(otel_recorder_span(&rec, 0, &span));
    assert_false(otel_recorder_find_span(&rec, "one", &span));
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_true(otel_recorder_find_span(&rec, "one", &span));
    assert_false(otel_recorder_find_span(&rec, "", &span));
    group("a", "s");
    body_begin(&b, 2);                                            /* a span that says nothing has no name */
    body_end(&b);
    group_end();
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_true(otel_recorder_find_span(&rec, "", &span));
    assert_int_equal(span.name.len, 0);
}

static void parts_are_put_together(void **state)
{
    otel_piece_t parts[64];
    otel_request_t request;
    otel_recorded_span_t span;
    size_t i, n = 0;
    (void)state;
    group("a", "s");
    plain_span("in parts");
    group_end();
    for (i = 0; i < b.len; i += 3) {
        parts[n].bytes = b.bytes + i;
        parts[n++].len = b.len - i < 3 ? b.len - i : 3;
    }
    memset(&request, 0, sizeof request);
    request.parts = parts;
    request.parts_len = n;
    request.len = b.len;
    assert_int_equal(otel_recorder_send(&rec, &request), 200);
    assert_true(otel_recorder_find_span(&rec, "in parts", &span));
    request.len++;
    assert_int_equal(otel_recorder_send(&rec, &request), 400);
}

static void full_memory_answers_507_and_too_small_memory_413(void **state)
{
    otel_recorder_t small;
    uint8_t *room;
    otel_request_t request;
    (void)state;
    group("a", "s");
    plain_span("one");
    group_end();
    memset(&request, 0, sizeof request);
    request.body = b.bytes;
    request.len = b.len;
    room = (uint8_t *)malloc(2 * (b.len + 12) - 1);           /* one byte short of two */
    assert_non_null(room);
    (void)otel_recorder_init(&small, .memory = room, .memory_size = 2 * (b.len + 12) - 1);
    assert_int_equal(otel_recorder_send(&small, &request), 200);
    assert_int_equal(otel_recorder_refused(&small), 0);
    assert_int_equal(otel_recorder_send(&small, &request), 507);
    assert_int_equal(otel_recorder_spans(&small), 1);
    assert_int_equal(otel_recorder_refused(&small), 1);
    otel_recorder_clear(&small);
    assert_int_equal(otel_recorder_refused(&small), 0);
    assert_int_equal(otel_recorder_send(&small, &request), 200);
    (void)otel_recorder_init(&small, .memory = room, .memory_size = b.len + 11);
    assert_int_equal(otel_recorder_send(&small, &request), 413);
    (void)otel_recorder_init(&small, .memory = room, .memory_size = 3);
    assert_int_equal(otel_recorder_send(&small, &request), 413);
    assert_int_equal(otel_recorder_init(&small, .memory = NULL), OTEL_E_NULL);
    assert_int_equal(otel_recorder_init(NULL, .memory = room), OTEL_E_NULL);
    free(room);
}

/* Cut anywhere, a body is either refused or one that ends between two fields. */
static void cut_bodies_answer_400_and_leave_nothing(void **state)
{
    size_t len, n;
    (void)state;
    group("a", "s");
    plain_span("one");
    plain_span("two");
    group_end();
    len = b.len;
    for (n = 1; n < len; n++) {
        b.len = n;
        assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 400);
    }
    assert_int_equal(otel_recorder_requests(&rec), 0);
    b.len = len;
    assert_int_equal(send_body(OTEL_SIGNAL_TRACES), 200);
    assert_int_equal(send_body((otel_signal_t)7), 400);
    assert_int_equal(otel_recorder_send(NULL, NULL), 400);
}

/* Messages inside messages, down to the fields of items: whether all are well-formed, and how many items there are. Of a metric the
   last data counts. */
static bool walk(const void *bytes, size_t len, unsigned level, unsigned last, int64_t *items)
{
    otel_pb_t_ message = otel_pb_open_(bytes, len), metric;
    otel_pb_field_t_ field, inner, data;
    while (otel_pb_next_(&message, &field)) {
        if (level > last || field.type != OTEL_PB_SLICE_ || field.number != (level == 0 || level == 3 ? 1u : 2u)) continue;
        *items += level == last;
        if (level == 2 && last == 3) {
            memset((void *)&data, 0, sizeof data);
            metric = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&metric, &inner)) {
                if (inner.type == OTEL_PB_SLICE_ && strchr("\5\7\11\12\13", (int)(inner.number & 127u)) && inner.number < 12) data = inner;
            }
            if (metric.broken) return false;
            field = data;
        }
        if (!walk(field.bytes, field.len, level + 1, last, items)) return false;
    }
    return !message.broken;
}

/* How many items the body has; -1: it is not well-formed down to their fields. */
static int64_t plain_walk(otel_signal_t signal)
{
    int64_t items = 0;
    return walk(b.bytes, b.len, 0, signal == OTEL_SIGNAL_METRICS ? 3 : 2, &items) ? items : -1;
}

/* Whatever one or two bytes become, what is refused and what is counted is what that walk refuses and counts. */
static void changed(otel_signal_t signal, unsigned *refused, unsigned *taken)
{
    static const uint8_t to[] = { 0x00, 0x01, 0x02, 0x05, 0x08, 0x0A, 0x0B, 0x0D, 0x12, 0x1C, 0x2F, 0x30, 0x7F, 0x80, 0x81, 0x8A, 0x92, 0xFE, 0xFF };
    size_t at, i, k;
    for (at = 0; at + 1 < b.len; at++) {
        uint8_t was[2] = { b.bytes[at], b.bytes[at + 1] };
        for (i = 0; i < sizeof to; i++) {
            for (k = 0; k <= sizeof to; k++) {
                int64_t n;
                b.bytes[at] = to[i];
                b.bytes[at + 1] = k < sizeof to ? to[k] : was[1];
                n = plain_walk(signal);
                otel_recorder_clear(&rec);
                assert_int_equal(send_body(signal), n < 0 ? 400 : 200);
                assert_int_equal(rec.items_[signal], n < 0 ? 0 : n);
                ++*(n < 0 ? refused : taken);
            }
        }
        memcpy(b.bytes + at, was, 2);
    }
}

static void what_is_counted_is_what_a_plain_walk_finds(void **state)
{
    static uint8_t pool[4096], packet[1024];
    static otel_t otel;
    static otel_exporter_t ex;
    static const struct { const char *bytes; size_t len; bool good; } far[] = {       /* tags and lengths of five bytes and more */
        { "\x0A\x82\x80\x80\x80\x00\x08\x01", 8, true }, { "\x0A\x82\x80\x80\x80\x10\x08\x01", 8, false },
        { "\x0A\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00\x08\x01", 13, true }, { "\x8A\x80\x80\x80\x00\x02\x08\x01", 8, true },
        { "\x8A\x80\x80\x80\x10\x02\x08\x01", 8, false }, { "\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11, true },
        { "\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 11, false },
    };
    otel_request_t request;
    unsigned refused = 0, taken = 0;
    size_t i;
    (void)state;
    assert_int_equal(otel_init(&otel, .service = "s", .clock = unix_ns, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    OTEL_SPAN(span, "outer") {
        otel_span_set(span, "loop", 7);
        OTEL_SPAN(child, "inner") otel_span_event(child, "retry");
    }
    assert_true(otel_export_next(&ex, &request));
    body_raw(&b, request.body, request.len);
    changed(OTEL_SIGNAL_TRACES, &refused, &taken);
    (void)otel_shutdown(&otel, 0);
    b.len = 0;
    group("a", "s");
    number_point(7, "reads", 1);
    number_point(5, "level", 2);
    group_end();
    changed(OTEL_SIGNAL_METRICS, &refused, &taken);
    for (i = 0; i < sizeof far / sizeof far[0]; i++) {
        b.len = 0;
        body_raw(&b, far[i].bytes, far[i].len);
        assert_int_equal(send_body(OTEL_SIGNAL_TRACES), plain_walk(OTEL_SIGNAL_TRACES) < 0 ? 400 : 200);
        assert_int_equal(plain_walk(OTEL_SIGNAL_TRACES) < 0, !far[i].good);
    }
    assert_true(refused > 10000 && taken > 10000);
}

static void arrive(void *user)
{
    ++*(int *)user;
    b.len = 0;
    group("a", "s");
    plain_span("x");
    plain_span("y");
    group_end();
    (void)send_body(OTEL_SIGNAL_TRACES);
}

static void wait_steps_until_enough_has_come(void **state)
{
    int steps = 0;
    (void)state;
    assert_true(otel_recorder_wait(&rec, OTEL_SIGNAL_TRACES, 5, arrive, &steps, 10));
    assert_int_equal(steps, 3);
    assert_true(otel_recorder_wait(&rec, OTEL_SIGNAL_TRACES, 6, NULL, NULL, 0));
    assert_false(otel_recorder_wait(&rec, OTEL_SIGNAL_TRACES, 100, arrive, &steps, 2));
    assert_int_equal(steps, 5);
    assert_false(otel_recorder_wait(&rec, OTEL_SIGNAL_LOGS, 1, NULL, NULL, 3));
    assert_false(otel_recorder_wait(NULL, OTEL_SIGNAL_LOGS, 1, NULL, NULL, 3));
}

static void nothing_is_there_for_null(void **state)
{
    otel_recorded_span_t span;
    otel_slice_t none = { NULL, 0 };
    (void)state;
    assert_false(otel_recorder_span(NULL, 0, &span));
    assert_false(otel_recorder_find_span(NULL, "x", &span));
    assert_int_equal(otel_recorder_spans(NULL), 0);
    otel_recorder_clear(NULL);
    assert_true(otel_slice_is(none, ""));
    assert_false(otel_slice_is(none, NULL));
    assert_false(otel_slice_is(none, "x"));
}

/* ---- behind a real exporter ---- */

static void what_otel_h_records_comes_back(void **state)
{
    static uint8_t pool[4096], packet[2048];
    static otel_t otel;
    static otel_exporter_t ex;
    otel_recorded_span_t outer, inner;
    otel_recorded_log_t log;
    otel_recorded_event_t event;
    otel_slice_t text;
    int64_t i;
    (void)state;
    assert_int_equal(otel_init(&otel, .service = "boiler", .clock = unix_ns, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    OTEL_SPAN(span, "control_step") {
        otel_span_set(span, "loop", 7, "bus", "i2c1");
        OTEL_SPAN(child, "read_sensor", .kind = OTEL_CLIENT) {
            otel_span_event(child, "retry", "attempt", 2);
            (void)otel_span_error(child, -5, "i2c nack");
            otel_log(OTEL_WARN, "sensor read", "value", 3);
        }
    }
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "control_step", &outer) && otel_recorder_find_span(&rec, "read_sensor", &inner));
    assert_true(otel_recorded_int(&outer.attributes, "loop", &i) && i == 7);
    assert_true(otel_recorded_text(&outer.attributes, "bus", &text) && otel_slice_is(text, "i2c1"));
    assert_true(otel_recorded_text(&outer.resource, "service.name", &text) && otel_slice_is(text, "boiler"));
    assert_memory_equal(inner.parent_id, outer.span_id, 8);
    assert_memory_equal(inner.trace_id, outer.trace_id, 16);
    assert_true(inner.kind == OTEL_CLIENT && inner.status == OTEL_STATUS_ERROR && otel_slice_is(inner.status_message, "i2c nack"));
    assert_true(inner.start_ns > outer.start_ns && inner.end_ns < outer.end_ns && inner.start_ns < inner.end_ns);
    assert_true(otel_recorded_event(&inner.events, 0, &event) && otel_slice_is(event.name, "retry"));
    assert_true(otel_recorded_event(&inner.events, 1, &event) && otel_slice_is(event.name, "exception"));
    assert_true(otel_recorder_find_log(&rec, "sensor read", &log) && log.severity == OTEL_WARN);
    assert_memory_equal(log.span_id, inner.span_id, 8);
    (void)otel_shutdown(&otel, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_field_of_a_span_comes_back, set_up),
        cmocka_unit_test_setup(values_of_every_type_come_back, set_up),
        cmocka_unit_test_setup(points_of_sums_and_gauges_come_back, set_up),
        cmocka_unit_test_setup(points_of_histograms_come_back, set_up),
        cmocka_unit_test_setup(logs_come_back, set_up),
        cmocka_unit_test_setup(positions_run_through_all_requests, set_up),
        cmocka_unit_test_setup(the_end_moves_on_when_more_arrives, set_up),
        cmocka_unit_test_setup(parts_are_put_together, set_up),
        cmocka_unit_test_setup(full_memory_answers_507_and_too_small_memory_413, set_up),
        cmocka_unit_test_setup(cut_bodies_answer_400_and_leave_nothing, set_up),
        cmocka_unit_test_setup(what_is_counted_is_what_a_plain_walk_finds, set_up),
        cmocka_unit_test_setup(wait_steps_until_enough_has_come, set_up),
        cmocka_unit_test_setup(nothing_is_there_for_null, set_up),
        cmocka_unit_test_setup(what_otel_h_records_comes_back, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
