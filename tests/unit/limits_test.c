/* Limits set at run time: counts of a span, of its events and links, lengths of values; whole messages and exact counts. */
#include "kit.h"

static const char *const texts[] = { "gr\303\274\303\237e", "", "12345678901234567890" };

static void start_with(const otel_processor_t *p)
{
    static const otel_processor_t *list[2];
    static otel_span_settings_t settings;
    list[0] = p;
    settings.processors = list;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .spans = otel_spans(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static void record(otel_recorded_span_t *got)
{
    static otel_span_t s[OTEL_SPANS(4096)];
    otel_attr_t a[4];
    otel_context_t c;
    unsigned i;
    memset((void *)&c, 0, sizeof c);
    c.trace_id[0] = c.span_id[0] = 1;
    a[0] = otel_str("t", "12345678901234567890"), a[1] = otel_int("i", 7), a[2] = otel_str("u", "\xC3\xA4\xC3\xB6\xC3\xBC"), a[3] = otel_bytes("b", "\0\1\2\3\4\5\6\7\10", 9);
    otel_span_start(s, "s", .bytes = sizeof s);
    otel_span_set(s, "text", "12345678901234567890", "bytes", OTEL_BYTES("123456789", 9), "n", 5, "list", OTEL_ARRAY(texts, 3), "null", OTEL_NULL);
    for (i = 0; i < 3; i++) {
        otel_span_event_all(s, "event", a, 4);
        otel_span_link_all(s, &c, a, 4);
    }
    otel_span_set(s, "last", 1);
    otel_span_end(s);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "s", got));
}

static void counts_are_kept_and_what_goes_is_counted(void **state)
{
    unsigned attributes, events, inside;
    (void)state;
    for (attributes = 0; attributes <= 8; attributes++) {
        for (events = 0; events <= 5; events++) {
            for (inside = 0; inside <= 6; inside++) {
                otel_limits_t l;
                otel_processor_t p = otel_processor_limits(&l);
                otel_recorded_span_t got;
                otel_recorded_event_t event;
                otel_recorded_link_t link;
                otel_recorded_value_t v;
                otel_slice_t key;
                unsigned n, want = inside == 6 ? 0 : inside == 0 || inside > 4 ? 4 : inside;
                memset((void *)&l, 0, sizeof l);
                l.attributes = (uint16_t)(attributes == 8 ? OTEL_LIMIT_NONE : attributes);
                l.events = (uint16_t)(events == 5 ? OTEL_LIMIT_NONE : events);
                l.links = (uint16_t)(events == 4 ? 2 : events == 5 ? OTEL_LIMIT_NONE : 0);
                l.event_attributes = l.link_attributes = (uint16_t)(inside == 6 ? OTEL_LIMIT_NONE : inside);
                start_with(&p);
                record(&got);
                for (n = 0; otel_recorded_attribute(&got.attributes, n, &key, &v); n++) {}
                assert_int_equal(n, attributes == 8 ? 0 : attributes == 0 || attributes > 6 ? 6 : attributes);
                assert_int_equal(n + got.dropped_attributes, 6);
                for (n = 0; otel_recorded_event(&got.events, n, &event); n++) {
                    unsigned k = 0;
                    while (otel_recorded_attribute(&event.attributes, k, &key, &v)) k++;
                    assert_int_equal(k, want);
                    assert_int_equal(event.dropped_attributes, 4 - want);
                    assert_true(kit_is(event.name, "event"));
                }
                assert_int_equal(n + got.dropped_events, 3);
                assert_int_equal(n, events == 5 ? 0 : events == 0 || events > 3 ? 3 : events);
                for (n = 0; otel_recorded_link(&got.links, n, &link); n++) {
                    unsigned k = 0;
                    while (otel_recorded_attribute(&link.attributes, k, &key, &v)) k++;
                    assert_int_equal(k, want);
                    assert_int_equal(link.dropped_attributes, 4 - want);
                }
                assert_int_equal(n + got.dropped_links, 3);
                kit_stop();
            }
        }
    }
}

static void values_are_cut_between_characters(void **state)
{
    unsigned most;
    (void)state;
    for (most = 1; most <= 25; most++) {
        otel_limits_t l;
        otel_processor_t p = otel_processor_limits(&l);
        otel_recorded_span_t got;
        otel_recorded_event_t event;
        otel_recorded_value_t v, one;
        otel_slice_t text;
        int64_t i;
        memset((void *)&l, 0, sizeof l);
        l.value_length = most;
        start_with(&p);
        record(&got);
        assert_true(otel_recorded_text(&got.attributes, "text", &text));
        assert_int_equal(text.len, most < 20 ? most : 20);
        assert_memory_equal(text.text, "12345678901234567890", text.len);
        assert_true(otel_recorded_bytes(&got.attributes, "bytes", &text) && text.len == (most < 9 ? most : 9));
        assert_true(otel_recorded_int(&got.attributes, "n", &i) && i == 5);
        assert_true(otel_recorded_value(&got.attributes, "null", &v));
        assert_true(otel_recorded_int(&got.attributes, "last", &i) && i == 1);
        assert_true(otel_recorded_event(&got.events, 2, &event));
        assert_true(otel_recorded_text(&event.attributes, "u", &text) && text.len == 2 * (most < 3 ? most : 3));
        assert_true(otel_utf8_valid(text.text, text.len));
        assert_true(otel_recorded_int(&event.attributes, "i", &i) && i == 7);
        assert_int_equal(event.dropped_attributes, 0);
        assert_true(otel_recorded_value(&got.attributes, "list", &v));
        assert_true(otel_recorded_element(&v.items, 0, &one) && one.text.len == (most < 5 ? most + (most > 2) + (most > 3) : 7));      /* two of its five characters have two bytes */
        assert_memory_equal(one.text.text, texts[0], one.text.len);
        assert_true(otel_recorded_element(&v.items, 1, &one) && one.text.len == 0);
        assert_true(otel_recorded_element(&v.items, 2, &one) && one.text.len == (most < 20 ? most : 20));
        assert_false(otel_recorded_element(&v.items, 3, &one));
        assert_int_equal(got.dropped_attributes, 0);
        kit_stop();
    }
}

/* The decimal text of what no int64 holds is not text: a number is never cut. A text of the same digits is. */
static void a_number_that_goes_as_text_is_not_cut(void **state)
{
    static const char *const digits[] = { "9223372036854775808", "9999999999999999999", "10000000000000000000", "18446744073709551615" };
    static const uint64_t numbers[] = { 9223372036854775808u, 9999999999999999999u, 10000000000000000000u, 18446744073709551615u };
    unsigned most, i;
    (void)state;
    for (most = 1; most <= 25; most++) {
        static otel_span_t s[OTEL_SPANS(4096)];
        otel_limits_t l;
        otel_processor_t p = otel_processor_limits(&l);
        otel_recorded_span_t got;
        otel_recorded_event_t event;
        otel_slice_t text;
        memset((void *)&l, 0, sizeof l);
        l.value_length = most;
        start_with(&p);
        otel_span_start(s, "s", .bytes = sizeof s);
        for (i = 0; i < 4; i++) {
            char key[3] = "n0";
            otel_attr_t a[2];
            key[1] = (char)('0' + i);
            a[0] = otel_uint(key, numbers[i]);
            otel_span_set_all(s, a, 1);
            otel_span_set(s, digits[i], digits[i]);
            a[1] = otel_str("text", digits[i]);
            otel_span_event_all(s, "event", a, 2);
        }
        otel_span_end(s);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_span(&rec, "s", &got));
        for (i = 0; i < 4; i++) {
            char key[3] = "n0";
            const unsigned len = (unsigned)strlen(digits[i]);
            key[1] = (char)('0' + i);
            assert_true(otel_recorded_text(&got.attributes, key, &text) && kit_is(text, digits[i]));
            assert_true(otel_recorded_text(&got.attributes, digits[i], &text) && text.len == (most < len ? most : len));
            assert_true(otel_recorded_event(&got.events, i, &event));
            assert_true(otel_recorded_text(&event.attributes, key, &text) && kit_is(text, digits[i]));
            assert_true(otel_recorded_text(&event.attributes, "text", &text) && text.len == (most < len ? most : len));
        }
        kit_stop();
    }
}

/* ---- log records ---- */
static bool set_more(const otel_log_processor_t *self, otel_log_record_t *record)
{
    record->attributes = (const otel_attr_t *)self->user;
    record->attributes_len = 7;
    return true;
}

static void start_logs(const otel_log_processor_t *first, const otel_log_processor_t *second)
{
    static const otel_log_processor_t *list[3];
    static otel_log_settings_t settings;
    list[0] = first;
    list[1] = second;
    settings.processors = list;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .logs = otel_logs(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static void log_records_keep_as_many_attributes_as_they_may(void **state)
{
    unsigned most, order;
    (void)state;
    for (order = 0; order < 2; order++) {
        for (most = 0; most <= 8; most++) {
            otel_log_limits_t l;
            otel_log_processor_t limit, more;
            otel_attr_t a[7];
            otel_recorded_log_t got;
            otel_slice_t key;
            otel_recorded_value_t v;
            int64_t i;
            unsigned n = 0, want = most == 8 ? 0 : most == 0 || most > 5 ? 5 : most;
            memset((void *)&l, 0, sizeof l);
            l.attributes = (uint16_t)(most == 8 ? OTEL_LIMIT_NONE : most);
            memset((void *)&more, 0, sizeof more);
            more.on_emit = set_more;
            more.user = a;
            a[0] = otel_int("a", 0), a[1] = otel_int("b", 1), a[2] = otel_int("a", 2), a[3] = otel_int("c", 3), a[4] = otel_int("d", 4), a[5] = otel_int("c", 5), a[6] = otel_int("e", 6);
            limit = otel_log_processor_limits(&l);
            start_logs(order ? &more : &limit, order ? &limit : &more);
            otel_log(OTEL_INFO, "text", "one", 1);
            assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
            assert_true(otel_recorder_find_log(&rec, "text", &got));
            while (otel_recorded_attribute(&got.attributes, n, &key, &v)) n++;
            assert_int_equal(n, want);
            assert_int_equal(got.dropped_attributes, 5 - want);
            if (want) assert_true(otel_recorded_int(&got.attributes, "b", &i) && i == 1);
            if (want > 1) assert_true(otel_recorded_int(&got.attributes, "a", &i) && i == 2);
            kit_stop();
        }
    }
}

static void values_of_log_records_are_cut_too(void **state)
{
    static const char *const many[] = { "gr\303\274\303\237e", "", "12345678901234567890", "\200\200\200\200\200\200" };
    unsigned most;
    (void)state;
    for (most = 1; most <= 25; most++) {
        otel_log_limits_t l;
        otel_log_processor_t limit;
        otel_attr_t inner[3], a[6];
        otel_value_t values[2];
        otel_recorded_log_t got;
        otel_recorded_value_t v, w;
        otel_slice_t text;
        int64_t i;
        const unsigned of20 = most < 20 ? most : 20, of7 = most < 5 ? most + (most > 2) + (most > 3) : 7, of6 = most < 6 ? most : 6;
        memset((void *)&l, 0, sizeof l);
        l.value_length = most;
        values[0] = OTEL_STR("12345678901234567890", 20), values[1] = OTEL_ARRAY(many, 4);
        inner[0] = otel_str("text", "12345678901234567890"), inner[1] = otel_any("list", OTEL_VALUES(values, 2)), inner[2] = otel_int("i", 7);
        a[0] = otel_str("text", "12345678901234567890"), a[1] = otel_bytes("bytes", "123456", 6), a[2] = otel_int("i", 7), a[3] = otel_any("map", OTEL_MAP(inner, 3));
        a[4] = otel_str("no text", "\200\200\200\200\200\200"), a[5] = otel_str("u", many[0]);
        limit = otel_log_processor_limits(&l);
        start_logs(&limit, NULL);
        otel_log_all(NULL, OTEL_INFO, "a body is no attribute and stays", a, 6);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_log(&rec, "a body is no attribute and stays", &got));
        assert_int_equal(got.dropped_attributes, 0);
        assert_true(otel_recorded_text(&got.attributes, "text", &text) && text.len == of20 && memcmp(text.text, "12345678901234567890", of20) == 0);
        assert_true(otel_recorded_bytes(&got.attributes, "bytes", &text) && text.len == of6);
        assert_true(otel_recorded_value(&got.attributes, "no text", &v) && v.text.len == of6);
        assert_true(otel_recorded_text(&got.attributes, "u", &text) && text.len == of7);
        assert_true(otel_recorded_int(&got.attributes, "i", &i) && i == 7);
        assert_true(otel_recorded_value(&got.attributes, "map", &v));
        assert_true(otel_recorded_int(&v.items, "i", &i) && i == 7);
        assert_true(otel_recorded_text(&v.items, "text", &text) && text.len == of20);
        assert_true(otel_recorded_value(&v.items, "list", &w));
        assert_true(otel_recorded_element(&w.items, 0, &v) && v.text.len == of20);
        assert_true(otel_recorded_element(&w.items, 1, &v));
        assert_true(otel_recorded_element(&v.items, 0, &w) && w.text.len == of7 && memcmp(w.text.text, many[0], of7) == 0);
        assert_true(otel_recorded_element(&v.items, 1, &w) && w.text.len == 0);
        assert_true(otel_recorded_element(&v.items, 2, &w) && w.text.len == of20);
        assert_true(otel_recorded_element(&v.items, 3, &w) && w.text.len == of6);
        kit_stop();
    }
}

/* ---- the same of both: log records cut values before they are written, spans where they stand ---- */
static uint32_t dice;
static unsigned roll(unsigned n)
{
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) % n;
}

static otel_value_t any_value(otel_value_t *values, otel_attr_t *pairs, unsigned depth, const char *text)
{
    static const uint64_t big[] = { 18446744073709551615u, 9223372036854775808u, 10000000000000000000u, 9999999999999999999u, 9223372036854775807u };
    static const char *const some[] = { "12345678901234567890", "", NULL, "gr\303\274\303\237e" };
    static const int64_t ints[] = { 1, -1 };
    static const char keys[] = "\0a\0b\0c";
    unsigned n = roll(4), i, kind = roll(depth ? 9 : 7);
    switch (kind) {
    case 0: return otel_value_uint_(big[roll(5)]);
    case 1: return OTEL_STR("18446744073709551615", 20);
    case 2: return OTEL_STR(text, 7u * (roll(4) ? roll(43) : 2300 + roll(100)));
    case 3: return OTEL_BYTES(text, roll(200));
    case 4: return OTEL_ARRAY(some, 4);
    case 5: return OTEL_ARRAY(ints, 2);
    case 6: return OTEL_NULL;
    default: break;
    }
    for (i = 0; i < n; i++) {                                 /* places of their own on each level */
        values[i] = any_value(values + 4 + 40 * i, pairs + 4 + 40 * i, depth - 1u, text);
        pairs[i] = otel_any(keys + 2 * i, values[i]);
    }
    return kind == 7 ? OTEL_VALUES(values, n) : OTEL_MAP(pairs, n);
}

static void expect_same(const otel_recorded_value_t *a, const otel_recorded_value_t *b)
{
    otel_recorded_value_t x, y;
    otel_slice_t k, l;
    unsigned i;
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->text.len, b->text.len);
    assert_true(a->text.len == 0 || memcmp(a->text.text, b->text.text, a->text.len) == 0);
    assert_true(a->type != OTEL_RECORDED_INT || a->i == b->i);
    if (a->type != OTEL_RECORDED_ARRAY && a->type != OTEL_RECORDED_MAP) return;
    assert_int_equal(a->items.count, b->items.count);
    for (i = 0; i < a->items.count; i++) {
        if (a->type == OTEL_RECORDED_ARRAY) {
            assert_true(otel_recorded_element(&a->items, i, &x) && otel_recorded_element(&b->items, i, &y));
        } else {
            assert_true(otel_recorded_attribute(&a->items, i, &k, &x) && otel_recorded_attribute(&b->items, i, &l, &y));
            assert_true(k.len == l.len && (k.len == 0 || memcmp(k.text, l.text, k.len) == 0));
        }
        expect_same(&x, &y);
    }
}

static void values_are_cut_in_arrays_and_maps_and_numbers_are_not(void **state)
{
    static otel_span_t s[OTEL_SPANS(500000)];
    static otel_value_t values[4096];
    static otel_attr_t pairs[4096];
    static uint8_t big_pool[4 << 20], big_packet[2 << 20], big_memory[4 << 20];
    static char text[16801];
    unsigned turn, i;
    (void)state;
    for (i = 0; i + 1 < sizeof text; i += 7) (void)snprintf(text + i, sizeof text - i, "ab\303\274c%02u", i % 97u);
    for (turn = 0; turn < 400; turn++) {
        static otel_span_settings_t spans;
        static otel_log_settings_t logs;
        otel_limits_t first, l;
        otel_log_limits_t ll;
        otel_processor_t p = otel_processor_limits(&l), before = otel_processor_limits(&first);
        otel_log_processor_t lp = otel_log_processor_limits(&ll);
        const otel_processor_t *list[3];
        const otel_log_processor_t *log_list[2];
        otel_attr_t a[3];
        otel_context_t c;
        otel_recorded_span_t span;
        otel_recorded_event_t event;
        otel_recorded_link_t link;
        otel_recorded_log_t log;
        dice = turn;
        memset((void *)&l, 0, sizeof l);
        memset((void *)&first, 0, sizeof first);
        memset((void *)&ll, 0, sizeof ll);
        memset((void *)&c, 0, sizeof c);
        c.trace_id[0] = c.span_id[0] = 1;
        l.value_length = ll.value_length = roll(3) ? 1 + roll(25) : 1 + roll(400);
        first.value_length = l.value_length + roll(30);       /* cut twice is cut once */
        list[0] = roll(2) ? &before : &p, list[1] = &p, list[2] = NULL, log_list[0] = &lp, log_list[1] = NULL;
        spans.processors = list, logs.processors = log_list;
        for (i = 0; i < 3; i++) a[i] = otel_any(i == 0 ? "a" : i == 1 ? "b" : "c", any_value(values + 1300 * i, pairs + 1300 * i, OTEL_VALUE_DEPTH - 1u, text));
        now_ns = T0;
        assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = big_pool, .pool_size = sizeof big_pool, .log_percent = 50, .spans = otel_spans(&spans), .logs = otel_logs(&logs)), OTEL_OK);
        assert_int_equal(otel_recorder_init(&rec, .memory = big_memory, .memory_size = sizeof big_memory), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = big_packet, .buffer_size = sizeof big_packet, .idle = kit_idle), OTEL_OK);
        otel_span_start(s, "s", .bytes = sizeof s);
        otel_span_set_all(s, a, 3);
        otel_span_event_all(s, "event", a, 3);
        otel_span_link_all(s, &c, a, 3);
        otel_span_set(s, "last", 1);
        otel_span_end(s);
        otel_log_all(NULL, OTEL_INFO, "log", a, 3);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_span(&rec, "s", &span) && otel_recorder_find_log(&rec, "log", &log));
        assert_true(otel_recorded_event(&span.events, 0, &event) && otel_recorded_link(&span.links, 0, &link));
        assert_int_equal(span.attributes.count, 4);
        assert_int_equal(span.dropped_attributes + event.dropped_attributes + link.dropped_attributes + log.dropped_attributes, 0);
        for (i = 0; i < 3; i++) {
            otel_recorded_value_t v, got;
            assert_true(otel_recorded_value(&log.attributes, a[i].key, &v));
            if (a[i].value.type == OTEL_V_UINT_ && a[i].value.as.u >> 63) assert_int_equal(v.text.len, a[i].value.as.u < 10000000000000000000u ? 19 : 20);
            assert_true(otel_recorded_value(&span.attributes, a[i].key, &got));
            expect_same(&got, &v);
            assert_true(otel_recorded_value(&event.attributes, a[i].key, &got));
            expect_same(&got, &v);
            assert_true(otel_recorded_value(&link.attributes, a[i].key, &got));
            expect_same(&got, &v);
        }
        kit_stop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_kept_and_what_goes_is_counted),
        cmocka_unit_test(values_are_cut_between_characters),
        cmocka_unit_test(a_number_that_goes_as_text_is_not_cut),
        cmocka_unit_test(log_records_keep_as_many_attributes_as_they_may),
        cmocka_unit_test(values_are_cut_in_arrays_and_maps_and_numbers_are_not),
        cmocka_unit_test(values_of_log_records_are_cut_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
