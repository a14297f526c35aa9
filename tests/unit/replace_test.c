/* flags: -DOTEL_UTF8_REPLACE=1 */
/* OTEL_UTF8_REPLACE: what limits of length make of text in which bytes that are no UTF-8 become '?': one character each. */
#include "kit.h"

static const char *const texts[] = {
    "\xFF\xC3\xA9\xE2\x82\xAC", "\xC3\xA9\xFF\xF0\x9F\x98\x80z", "\xE2\x82\xE2\x82\xAC\xE2\x82", "plain", "\xED\xA0\x80\xC3\xA9", "\xC0\xAF\xF0\x9F", "",
};

/* The first `most` characters of what goes out, written a second time: by decoders, not by steps. */
static size_t expected(const char *text, unsigned most, char *to)
{
    size_t n = 0, len = strlen(text), k;
    while (len && most--) {
        for (k = 1; k <= 4 && k <= len && !otel_utf8_valid(text, k); k++) {}
        if (k > 4 || k > len) {
            to[n++] = '?';
            k = 1;
        } else {
            memcpy(to + n, text, k);
            n += k;
        }
        text += k;
        len -= k;
    }
    return n;
}

static void a_byte_that_is_no_utf8_counts_as_a_character(void **state)
{
    unsigned most, i, j;
    (void)state;
    for (most = 1; most <= 8; most++) {
        static otel_span_t s[OTEL_SPANS(2048)];
        static otel_log_settings_t logs;
        static otel_span_settings_t spans;
        otel_limits_t l;
        otel_log_limits_t ll;
        otel_processor_t p = otel_processor_limits(&l);
        otel_log_processor_t lp = otel_log_processor_limits(&ll);
        const otel_processor_t *list[2];
        const otel_log_processor_t *log_list[2];
        otel_attr_t a[LENGTH(texts) + 1];
        otel_recorded_span_t span;
        otel_recorded_log_t log;
        char keys[LENGTH(texts)][2];
        memset((void *)&l, 0, sizeof l);
        memset((void *)&ll, 0, sizeof ll);
        l.value_length = ll.value_length = most;
        list[0] = &p, list[1] = NULL, log_list[0] = &lp, log_list[1] = NULL;
        spans.processors = list, logs.processors = log_list;
        for (i = 0; i < LENGTH(texts); i++) {
            keys[i][0] = (char)('a' + i), keys[i][1] = 0;
            a[i] = otel_str(keys[i], texts[i]);
        }
        a[i] = otel_any("list", OTEL_ARRAY(texts, LENGTH(texts)));
        now_ns = T0;
        assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .spans = otel_spans(&spans), .logs = otel_logs(&logs)), OTEL_OK);
        assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
        otel_span_start(s, "s", .bytes = sizeof s);
        otel_span_set_all(s, a, LENGTH(a));
        otel_span_end(s);
        otel_log_all(NULL, OTEL_INFO, "log", a, LENGTH(a));
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_span(&rec, "s", &span) && otel_recorder_find_log(&rec, "log", &log));
        for (j = 0; j < 2; j++) {
            const otel_recorded_list_t *got = j ? &log.attributes : &span.attributes;
            otel_recorded_value_t all, one;
            assert_true(otel_recorded_value(got, "list", &all));
            for (i = 0; i < LENGTH(texts); i++) {
                char want[64];
                otel_slice_t text;
                size_t n = expected(texts[i], most, want);
                assert_true(otel_recorded_text(got, keys[i], &text));
                assert_int_equal(text.len, n);
                assert_true(n == 0 || memcmp(text.text, want, n) == 0);
                assert_true(otel_recorded_element(&all.items, i, &one) && one.type == OTEL_RECORDED_TEXT);
                assert_int_equal(one.text.len, n);
                assert_true(n == 0 || memcmp(one.text.text, want, n) == 0);
            }
        }
        kit_stop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_byte_that_is_no_utf8_counts_as_a_character) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
