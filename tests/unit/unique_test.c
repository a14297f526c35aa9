/* One value for each key: in events, links, log records, scopes, resources and maps the last one counts, as on a span; also when
   keys become the same because bytes that are no UTF-8 are replaced. And values that stand too deep. */
#include "kit.h"

static size_t count(const otel_recorded_list_t *list)
{
    otel_slice_t key;
    otel_recorded_value_t v;
    size_t n = 0;
    while (otel_recorded_attribute(list, (uint32_t)n, &key, &v)) {
        assert_true(otel_utf8_valid(key.text, key.len));
        n++;
    }
    return n;
}

static void has(const otel_recorded_list_t *list, const char *key, int64_t value)
{
    int64_t got = -1;
    if (!otel_recorded_int(list, key, &got) || got != value) fail_msg("\"%s\" is %ld, not %ld", key, (long)got, (long)value);
}

/* a=1, b=2, a=3, "", c=4, b=5, a=6, no key, d=7: a, b, c and d are left. */
static void mixed(otel_attr_t a[9])
{
    a[0] = otel_int("a", 1), a[1] = otel_int("b", 2), a[2] = otel_int("a", 3), a[3] = otel_int("", 0), a[4] = otel_int("c", 4);
    a[5] = otel_int("b", 5), a[6] = otel_int("a", 6), a[7] = otel_int(NULL, 0), a[8] = otel_int("d", 7);
}

static void four_are_left(const otel_recorded_list_t *list)
{
    assert_int_equal(count(list), 4);
    has(list, "a", 6);
    has(list, "b", 5);
    has(list, "c", 4);
    has(list, "d", 7);
}

/* k\xff=1, k\xfe=2, x=3, \xc3\xa4\x80=4, k?=5, \xc3\xa4?=6, \xc3\xa4=7, k\x80=8, kk=9: in the order of `turn` places on. */
static void mended(otel_attr_t a[9], unsigned turn)
{
    static const char *const keys[] = { "k\xFF", "k\xFE", "x", "\xC3\xA4\x80", "k?", "\xC3\xA4?", "\xC3\xA4", "k\x80", "kk" };
    unsigned i;
    for (i = 0; i < 9; i++) a[i] = otel_int(keys[(i + turn) % 9], (int64_t)((i + turn) % 9 + 1));
}

static void five_are_left(const otel_recorded_list_t *list, unsigned turn)
{
    unsigned i;
    int64_t k = 0, ae = 0;
    for (i = 0; i < 9; i++) {
        int64_t v = (int64_t)((i + turn) % 9 + 1);
        if (v == 1 || v == 2 || v == 5 || v == 8) k = v;
        if (v == 4 || v == 6) ae = v;
    }
    assert_int_equal(count(list), 5);
    has(list, "k?", k);
    has(list, "\xC3\xA4?", ae);
    has(list, "\xC3\xA4", 7);
    has(list, "x", 3);
    has(list, "kk", 9);
}

static otel_attr_t about[9];
static otel_scope_t scope = OTEL_SCOPE("scope", .attributes = about, .attributes_len = 9);
static void start_about(void)
{
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .attributes = about, .attributes_len = 9, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

/* Everything that takes a table takes this one. */
static void record(const otel_attr_t *a, otel_recorded_span_t *span, otel_recorded_log_t *log)
{
    static otel_span_t s[OTEL_SPANS(4096)];
    otel_context_t c;
    memset((void *)&c, 0, sizeof c);
    c.trace_id[0] = c.span_id[0] = 1;
    otel_span_start(s, "s", .scope = &scope, .bytes = sizeof s);
    otel_span_set_all(s, a, 9);
    otel_span_event_all(s, "event", a, 9);
    otel_span_link_all(s, &c, a, 9);
    otel_span_set(s, "map of nine", OTEL_MAP(a, 9));
    otel_span_end(s);
    otel_log_all(&scope, OTEL_INFO, "log", a, 9);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "s", span));
    assert_true(otel_recorder_find_log(&rec, "log", log));
}

static void of_equal_keys_the_last_value_counts(void **state)
{
    otel_recorded_span_t span;
    otel_recorded_log_t log;
    otel_recorded_event_t event;
    otel_recorded_link_t link;
    otel_recorded_value_t map;
    int64_t i;
    (void)state;
    mixed(about);
    start_about();
    record(about, &span, &log);
    assert_int_equal(count(&span.attributes), 5);
    has(&span.attributes, "a", 6);
    assert_true(otel_recorded_event(&span.events, 0, &event) && otel_recorded_link(&span.links, 0, &link));
    four_are_left(&event.attributes);
    four_are_left(&link.attributes);
    four_are_left(&log.attributes);
    four_are_left(&span.scope.attributes);
    assert_int_equal(event.dropped_attributes, 2);                 /* the two that have no key */
    assert_int_equal(link.dropped_attributes, 2);
    assert_int_equal(log.dropped_attributes, 2);
    assert_true(otel_recorded_int(&span.resource, "a", &i) && i == 6);
    assert_int_equal(count(&span.resource), 4 + 4);                /* and service.name, telemetry.sdk.* */
    assert_true(otel_recorded_value(&span.attributes, "map of nine", &map));
    assert_int_equal(count(&map.items), 5);                        /* in a map a key may be empty */
    has(&map.items, "a", 6);
    has(&map.items, "b", 5);
    kit_stop();
}

static void keys_that_become_one_are_one(void **state)
{
    unsigned turn;
    (void)state;
    for (turn = 0; turn < 9; turn++) {
        otel_recorded_span_t span;
        otel_recorded_log_t log;
        otel_recorded_event_t event;
        otel_recorded_link_t link;
        otel_recorded_value_t map;
        mended(about, turn);
        start_about();
        record(about, &span, &log);
        assert_true(otel_recorded_event(&span.events, 0, &event) && otel_recorded_link(&span.links, 0, &link));
        five_are_left(&event.attributes, turn);
        five_are_left(&link.attributes, turn);
        five_are_left(&log.attributes, turn);
        five_are_left(&span.scope.attributes, turn);
        assert_int_equal(count(&span.resource), 4 + 5);
        assert_true(otel_recorded_value(&span.attributes, "map of nine", &map));
        five_are_left(&map.items, turn);
        assert_int_equal(count(&span.attributes), 6);
        assert_int_equal(span.dropped_attributes, 0);
        assert_true(otel_span_remove(NULL, "x") == false);
        kit_stop();
    }
}

/* One by one, each with a value of another form. */
static void on_a_span_too(void **state)
{
    unsigned form, turn;
    (void)state;
    for (form = 0; form < 4; form++) {
        for (turn = 0; turn < 9; turn++) {
            otel_recorded_span_t span;
            otel_attr_t a[9];
            unsigned i;
            int64_t k = 0;
            otel_recorded_value_t v;
            kit_start();
            mended(a, turn);
            OTEL_SPAN_SIZED(s, 1000, "s") {
                for (i = 0; i < 9; i++) {
                    int64_t n = a[i].value.as.i;
                    if (n == 1 || n == 2 || n == 5 || n == 8) k = n;
                    if (form == 0) otel_span_set(s, a[i].key, n);
                    else if (form == 1) otel_span_set(s, a[i].key, (int)n);
                    else if (form == 2) otel_span_set(s, a[i].key, n % 2 ? "odd" : "even");
                    else otel_span_set(s, a[i].key, (double)n);
                }
            }
            assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
            assert_true(otel_recorder_find_span(&rec, "s", &span));
            assert_int_equal(count(&span.attributes), 5);
            assert_int_equal(span.dropped_attributes, 0);
            if (form < 2) has(&span.attributes, "k?", k);
            else assert_true(otel_recorded_value(&span.attributes, "k?", &v));
            kit_stop();
        }
    }
}

static void limits_count_keys_and_not_values(void **state)
{
    static otel_span_t s[OTEL_SPANS(16000)];
    static char keys[140][8];
    static otel_attr_t a[280];
    otel_recorded_span_t span;
    otel_recorded_event_t event;
    otel_recorded_log_t log;
    unsigned i;
    (void)state;
    for (i = 0; i < 140; i++) {
        snprintf(keys[i], sizeof keys[i], "k%03u", i);
        a[i] = otel_int(keys[i], -1);
        a[i + 140] = otel_int(keys[i], (int64_t)i);
    }
    kit_start();
    otel_span_start(s, "s", .bytes = sizeof s);
    otel_span_event_all(s, "twice 128", a, 128);
    otel_span_event_all(s, "twice 140", a, 280);
    otel_span_end(s);
    otel_log_all(NULL, OTEL_INFO, "twice 140", a, 280);
    otel_log_all(NULL, OTEL_INFO, "twice 20", a + 120, 160);       /* 120 to 139, then 0 to 139 */
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "s", &span));
    assert_true(otel_recorded_event(&span.events, 0, &event));
    assert_int_equal(count(&event.attributes), 128);
    assert_int_equal(event.dropped_attributes, 0);
    assert_true(otel_recorded_event(&span.events, 1, &event));
    assert_int_equal(count(&event.attributes), 128);
    assert_int_equal(event.dropped_attributes, 24);                /* each of 12 keys finds no place, twice */
    has(&event.attributes, "k127", 127);
    assert_true(otel_recorder_find_log(&rec, "twice 140", &log));
    assert_int_equal(count(&log.attributes), 128);
    assert_int_equal(log.dropped_attributes, 12);
    has(&log.attributes, "k000", 0);
    kit_stop();
}

static void deep(otel_value_t *v, otel_attr_t *pairs, unsigned depth, bool map)
{
    unsigned i;
    v[0] = otel_value_int_(7);
    for (i = 0; i < depth; i++) {
        pairs[i] = otel_any("in", v[i]);
        v[i + 1] = map ? OTEL_MAP(&pairs[i], 1) : OTEL_VALUES(&v[i], 1);
    }
}

static void what_stands_too_deep_is_dropped_and_counted(void **state)
{
    otel_value_t v[OTEL_VALUE_DEPTH + 4];
    otel_attr_t pairs[OTEL_VALUE_DEPTH + 4], a[3];
    unsigned depth, map;
    (void)state;
    for (map = 0; map < 2; map++) {
        for (depth = 1; depth <= OTEL_VALUE_DEPTH + 3; depth++) {
            bool fits = depth <= OTEL_VALUE_DEPTH;
            otel_recorded_span_t span;
            otel_recorded_event_t event;
            otel_recorded_log_t log;
            otel_recorded_value_t got;
            otel_log_record_t record_;
            unsigned i;
            kit_start();
            deep(v, pairs, depth, map != 0);
            a[0] = otel_int("before", 1), a[1] = otel_any("deep", v[depth]), a[2] = otel_int("behind", 2);
            OTEL_SPAN_SIZED(s, 2000, "s") {
                otel_span_set_all(s, a, 3);
                otel_span_event_all(s, "event", a, 3);
            }
            otel_log_all(NULL, OTEL_INFO, "log", a, 3);
            memset((void *)&record_, 0, sizeof record_);
            record_.body = v[depth];
            otel_log_emit(&record_);
            assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
            assert_true(otel_recorder_find_span(&rec, "s", &span) && otel_recorded_event(&span.events, 0, &event) && otel_recorder_find_log(&rec, "log", &log));
            assert_int_equal(count(&span.attributes), fits ? 3 : 2);
            assert_int_equal(span.dropped_attributes, fits ? 0 : 1);
            assert_int_equal(count(&event.attributes), fits ? 3 : 2);
            assert_int_equal(event.dropped_attributes, fits ? 0 : 1);
            assert_int_equal(count(&log.attributes), fits ? 3 : 2);
            assert_int_equal(log.dropped_attributes, fits ? 0 : 1);
            has(&span.attributes, "behind", 2);
            assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_TOO_LARGE], fits ? 0 : 1);
            if (fits) {
                assert_true(otel_recorded_value(&span.attributes, "deep", &got));
                for (i = 0; i < depth; i++) {
                    otel_recorded_value_t inner;
                    if (map) assert_true(otel_recorded_value(&got.items, "in", &inner));
                    else assert_true(otel_recorded_element(&got.items, 0, &inner));
                    got = inner;
                }
                assert_int_equal(got.type, OTEL_RECORDED_INT);
            }
            kit_stop();
        }
    }
}

static void an_attribute_without_a_key_counts_as_dropped(void **state)
{
    const char *none = NULL;
    const otel_attr_t both[] = { otel_int("", 1), otel_str(NULL, "x"), otel_int("k", 1) };
    otel_recorded_span_t span;
    otel_recorded_log_t log;
    (void)state;
    kit_start();
    OTEL_SPAN(s, "keyless") {
        otel_span_set(s, "", 1, none, 2, "", "text", none, 1.5);
        otel_span_set(s, none, true, "", none);
        otel_span_set_all(s, both, 3);
    }
    otel_log_all(NULL, OTEL_INFO, "keyless", both, 3);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_span(&rec, 0, &span) && otel_recorder_log(&rec, 0, &log));
    assert_int_equal(span.dropped_attributes, 8);
    assert_int_equal(log.dropped_attributes, 2);
    assert_int_equal(span.attributes.count, 1);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_equal_keys_the_last_value_counts),
        cmocka_unit_test(keys_that_become_one_are_one),
        cmocka_unit_test(on_a_span_too),
        cmocka_unit_test(limits_count_keys_and_not_values),
        cmocka_unit_test(what_stands_too_deep_is_dropped_and_counted),
        cmocka_unit_test(an_attribute_without_a_key_counts_as_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
