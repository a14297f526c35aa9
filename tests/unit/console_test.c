/* The console: what people see of spans, logs and metrics, line by line. T0 is 22:13:20 UTC. */
#include "kit.h"

static char text[65536];
static size_t text_len;
static otel_console_t console;
static uint64_t room[2048];

static void put(void *user, const char *s, size_t len)
{
    assert_ptr_equal(user, text);
    assert_true(len > 0 && text_len + len < sizeof text);
    memcpy(text + text_len, s, len);
    text_len += len;
    text[text_len] = 0;
}

static void start(const otel_console_config_t *more, size_t memory_size)
{
    otel_console_config_t config = *more;
    config.put = put;
    config.user = text;
    config.memory = memory_size ? room : NULL;
    config.memory_size = memory_size;
    text_len = 0;
    text[0] = 0;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_console_init_with(&console, &config), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_console_send, .user = &console, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static void finish(void)
{
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    otel_console_show(&console);
    kit_stop();
}

#define HAS(line) do { if (!strstr(text, line)) { print_message("%s", text); fail_msg("not there: %s", line); } } while (0)
#define HAS_NOT(line) do { if (strstr(text, line)) { print_message("%s", text); fail_msg("there: %s", line); } } while (0)

/* Every line fits; only what a terminal of that kind takes is in it. */
static void widths(unsigned columns, bool ascii)
{
    unsigned n = 0;
    size_t i;
    for (i = 0; i < text_len; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c == '\n') n = 0;
        else n += (c & 0xC0) != 0x80;
        assert_true(n <= columns);
        assert_true(c == '\n' || c >= ' ');
        assert_true(!ascii || c < 127);
    }
}

static void request(void)
{
    otel_span_t parent, child[OTEL_SPANS(256)];
    otel_span_start(&parent, "GET /", .kind = OTEL_SERVER);
    otel_span_enter(&parent);
    otel_log(OTEL_INFO, "began", "n", 1);
    now_ns += 1 * MS;
    otel_span_start(child, "query", .kind = OTEL_CLIENT, .bytes = sizeof child);
    otel_span_enter(child);
    now_ns += 2 * MS;
    otel_log(OTEL_ERROR, "lost");
    (void)otel_span_error(child, -5, "no answer");
    otel_span_leave(child);
    otel_span_end(child);
    now_ns += 1 * MS;
    otel_span_leave(&parent);
    otel_span_end(&parent);
}

static void a_trace_is_a_waterfall_with_its_logs(void **state)
{
    otel_console_config_t config = { .ascii = true, .hold = true };
    (void)state;
    start(&config, sizeof room);
    request();
    otel_log(OTEL_WARN, "alone");
    assert_int_equal(text_len, 0);
    finish();
    HAS("  unit  22:13:20.000\n"
        "  GET / (server)                           |========================|    4.00 ms\n"
        "    22:13:20.000 INFO  began n=1\n"
        "    query (client)                         |      !!!!!!!!!!!!      |    2.00 ms\n"
        "      * exception exception.type=-5 exception.message=no answer\n"
        "      ! error: no answer\n"
        "      22:13:20.003 ERROR lost\n"
        "\nlogs  unit\n"
        "  22:13:20.004 WARN  alone\n");
    assert_memory_equal(text, "trace ", 6);
    assert_null(strstr(strstr(text, "lost") + 1, "lost"));
    widths(80, true);
}

static void without_hold_each_request_is_shown_as_it_comes(void **state)
{
    otel_console_config_t config = { .ascii = true };
    (void)state;
    start(&config, 0);
    request();
    finish();
    HAS("|    4.00 ms\n");
    HAS("ERROR lost  (in query)\n");
    HAS("    query (client) ");
    widths(80, true);
}

static void colours_only_when_asked(void **state)
{
    otel_console_config_t config = { .colour = true, .hold = true };
    (void)state;
    start(&config, sizeof room);
    request();
    finish();
    HAS("\033[1;31mquery\033[0m");
    HAS("\033[31m\x21");
    HAS("\033[31m! error: no answer\033[0m\n");
    HAS("\xE2\x94\x81\xE2\x94\x81");
}

static void what_had_no_room_is_said(void **state)
{
    otel_console_config_t config = { .ascii = true };
    otel_span_t small;
    (void)state;
    start(&config, sizeof room);
    otel_span_start(&small, "small");
    otel_span_set(&small, "first", "0123456789012345678901234567890123456789", "second", "0123456789012345678901234567890123456789");
    otel_span_event(&small, "event that is much too long for the rest");
    otel_span_end(&small);
    finish();
    HAS("    ... no room for 1 attribute, 1 event\n");
}

static otel_counter_t sent = OTEL_COUNTER("messages.sent", .unit = "{message}", OTEL_SERIES(4));
static otel_gauge_t level = OTEL_GAUGE("tank.level", .unit = "m");
static otel_histogram_t took = OTEL_HISTOGRAM("request.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1));
static otel_gauge_t used = OTEL_GAUGE("memory.used", .unit = "By");

static void metrics_are_a_table_with_sparklines(void **state)
{
    otel_console_config_t config = { .ascii = true };
    int i;
    (void)state;
    start(&config, sizeof room);
    for (i = 0; i < 5; i++) {
        text_len = 0;
        otel_counter_add(&sent, i == 0 ? 7 : i, "network.protocol.name", "mqtt");
        otel_gauge_record(&level, 10 - i);
        otel_gauge_record(&used, 3 << 20);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        now_ns += 1000 * MS;
    }
    for (i = 0; i < 100; i++) otel_histogram_record(&took, i < 90 ? 0.002 : 0.05);
    text_len = 0;
    finish();
    HAS("metrics  unit\n");
    HAS("  messages.sent\n    network.protocol.name=mqtt                              17 :=+#_\n");
    HAS("  tank.level                                               6 m #+=:_");
    HAS("  memory.used                                            3 MiB _____");
    HAS("  request.duration                100 x 6.8 ms (2 ms to 50 ms) _#._\n");
    widths(80, true);
}

static void few_bytes_of_memory_show_everything_too(void **state)
{
    static const size_t sizes[] = { 0, 64, 300, 1000 };
    otel_console_config_t config = { .ascii = true, .hold = true };
    unsigned i, k;
    (void)state;
    for (i = 0; i < LENGTH(sizes); i++) {
        start(&config, sizes[i]);
        for (k = 0; k < 20; k++) request();
        finish();
        k = 0;
        {
            const char *at = text;
            while ((at = strstr(at, "! error: no answer\n")) != NULL) at++, k++;
        }
        assert_int_equal(k, 20);
        widths(80, true);
    }
}

static void numbers_read_well(void **state)
{
    static const struct { double v; const char *want; } row[] = {
        { 0, "0" }, { 1, "1" }, { -2.5, "-2.5" }, { 0.001, "0.001" }, { 1234.56, "1235" }, { 0.000123456, "0.0001235" }, { 1e-9, "1e-9" },
        { 123456789.0, "123456789" }, { 6.02214076e23, "6.022e23" }, { 99999.9, "100000" }, { 9.9999, "10" }, { 0.1, "0.1" }, { 1e300 * 10, "1e301" },
    };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(row); i++) {
        otel_words_t_ w;
        w.n = 0;
        otel_words_double_(&w, row[i].v);
        w.text[w.n] = 0;
        assert_string_equal(w.text, row[i].want);
    }
}

static void durations_and_times_read_well(void **state)
{
    static const struct { uint64_t ns; const char *want; } row[] = {
        { 0, "0 ns" }, { 999, "999 ns" }, { 1000, "1.0 us" }, { 42149, "42.1 us" }, { 1500000, "1.50 ms" }, { 2000000, "2.00 ms" }, { 61500000000ull, "61.500 s" },
    };
    otel_words_t_ w;
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(row); i++) {
        w.n = 0;
        otel_words_duration_(&w, row[i].ns);
        w.text[w.n] = 0;
        assert_string_equal(w.text, row[i].want);
    }
    w.n = 0;
    otel_words_time_(&w, T0 + 7 * MS, -13 * 3600);
    w.text[w.n] = 0;
    assert_string_equal(w.text, "09:13:20.007");
}

static void long_and_dangerous_text_stays_inside(void **state)
{
    otel_console_config_t config = { .ascii = false };
    char longer[700];
    (void)state;
    memset(longer, 'x', sizeof longer);
    longer[5] = 7;
    longer[6] = 27;
    longer[sizeof longer - 1] = 0;
    start(&config, sizeof room);
    OTEL_SPAN_SIZED(span, 2048, "deep") {
        otel_span_set(span, "long", longer, "key.of.some.length.that.is.never.shortened", "v");
        otel_log(OTEL_INFO, longer);
    }
    finish();
    HAS("xx..");
    HAS("    key.of.some.length.that.is.never.shortened=v\n");
    HAS_NOT("\033");
    widths(80, false);
}

static void spans_of_eight_levels_and_a_lost_parent(void **state)
{
    otel_console_config_t config = { .ascii = true, .hold = true, .columns = 100 };
    otel_span_t s[12];
    int i;
    (void)state;
    start(&config, sizeof room);
    for (i = 0; i < 12; i++) {
        otel_span_start(&s[i], "level");
        otel_span_enter(&s[i]);
        now_ns += MS;
    }
    for (i = 11; i > 0; i--) {
        otel_span_leave(&s[i]);
        otel_span_end(&s[i]);
    }
    finish();
    HAS("\n  level ");
    HAS("\n                  level ");
    otel_span_leave(&s[0]);                       /* the lost one is still the current span */
    widths(100, true);
}

static void wrong_set_ups_are_refused(void **state)
{
    otel_console_config_t config = { 0 };
    otel_request_t r;
    (void)state;
    memset(&r, 0, sizeof r);
    assert_int_equal(otel_console_init_with(&console, NULL), OTEL_E_NULL);
    assert_int_equal(otel_console_init_with(NULL, &config), OTEL_E_NULL);
    assert_int_equal(otel_console_init_with(&console, &config), OTEL_E_NULL);
    config.put = put;
    config.columns = 40;
    assert_int_equal(otel_console_init_with(&console, &config), OTEL_E_CONFIG);
    assert_int_equal(otel_console_send(NULL, &r), 200);
    otel_console_show(NULL);
    config.columns = 0;
    config.user = text;
    text_len = 0;
    assert_int_equal(otel_console_init_with(&console, &config), OTEL_OK);
    assert_int_equal(otel_console_send(&console, &r), 200);
    HAS("give the exporter a .buffer");
}

static void nonsense_is_survived(void **state)
{
    static const otel_console_config_t config = { .hold = true, .ascii = true };
    uint32_t seed = 12345;
    unsigned round, i;
    (void)state;
    start(&config, sizeof room);
    request();
    finish();
    for (round = 0; round < 3000; round++) {
        uint8_t bytes[300];
        otel_request_t r;
        memset(&r, 0, sizeof r);
        r.signal = (otel_signal_t)(round % 3u);
        r.body = bytes;
        r.len = round % sizeof bytes;
        for (i = 0; i < r.len; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (seed >> 24) < 100u ? (uint8_t)(10 + (seed >> 20) % 3u * 8u) : (uint8_t)((seed >> 16) % 24u);
        }
        text_len = 0;
        assert_int_equal(otel_console_send(&console, &r), 200);
        otel_console_show(&console);
        widths(80, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_is_a_waterfall_with_its_logs), cmocka_unit_test(without_hold_each_request_is_shown_as_it_comes),
        cmocka_unit_test(colours_only_when_asked), cmocka_unit_test(what_had_no_room_is_said), cmocka_unit_test(metrics_are_a_table_with_sparklines),
        cmocka_unit_test(few_bytes_of_memory_show_everything_too), cmocka_unit_test(numbers_read_well), cmocka_unit_test(durations_and_times_read_well),
        cmocka_unit_test(long_and_dangerous_text_stays_inside), cmocka_unit_test(spans_of_eight_levels_and_a_lost_parent),
        cmocka_unit_test(wrong_set_ups_are_refused), cmocka_unit_test(nonsense_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
