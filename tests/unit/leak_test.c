/* Spans that nobody ends: named, counted, and said. */
#include "kit.h"

static otel_leak_t open_[4];
static otel_leaks_t leaks;
static otel_processor_t watch_;
static const otel_processor_t *const processors[] = { &watch_, NULL };
static otel_span_settings_t settings;
static char text[8192];
static size_t text_len;
static otel_diag_t said[16];
static char said_name[16][OTEL_LEAK_NAME];
static unsigned said_len;

static void put(void *user, const char *s, size_t len)
{
    (void)user;
    memcpy(text + text_len, s, len);
    text_len += len;
    text[text_len] = 0;
}

static void say(void *user, const otel_diag_t *what)
{
    (void)user;
    assert_true(said_len < LENGTH(said));
    if (what->name) memcpy(said_name[said_len], what->name, OTEL_LEAK_NAME);
    said[said_len++] = *what;
}

static void dump(void)
{
    text_len = 0;
    otel_diag_dump(&ex, put, NULL);
}
#define HAS(line) do { if (!strstr(text, line)) { print_message("%s", text); fail_msg("not there: %s", line); } } while (0)

static otel_watch_t watch_of(void)
{
    otel_watch_t w;
    memset((void *)&w, 0, sizeof w);
    w.exporter = &ex;
    w.say = say;
    said_len = 0;
    return w;
}

static void start(uint32_t hz, otel_sampler_t sampler)
{
    now_ns = hz ? 5 * MS : T0;
    memset((void *)open_, 0, sizeof open_);
    memset((void *)&leaks, 0, sizeof leaks);
    leaks.open = open_;
    leaks.open_len = LENGTH(open_);
    watch_ = otel_processor_leaks(&leaks);
    settings.processors = processors;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .clock_hz = hz, .pool = pool, .pool_size = sizeof pool, .sampler = sampler, .spans = otel_spans(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static otel_sampler_t none(void)
{
    otel_sampler_t s;
    memset((void *)&s, 0, sizeof s);
    return s;
}

static void open_spans_are_named_with_their_age(void **state)
{
    static otel_span_t a, b;
    otel_open_span_t list[4];
    size_t named;
    (void)state;
    start(0, none());
    otel_span_start(&a, "download of a long name indeed");
    now_ns += 3000 * MS;
    otel_span_start(&b, "b");
    assert_int_equal(otel_leaks_open(&leaks, list, 4, &named), 2);
    assert_int_equal(named, 2);
    assert_string_equal(list[0].name, "download of a long name");
    assert_in_range(list[0].open_ms, 2998, 3002);
    assert_string_equal(list[1].name, "b");
    assert_in_range(list[1].open_ms, 0, 2);
    assert_int_equal(otel_leaks_open(&leaks, list, 1, &named), 2);
    assert_int_equal(named, 1);
    dump();
    HAS("spans open now: 2\n  download of a long name   2.999 s\n  b                         0 ns\n");
    otel_span_end(&a);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 1);
    otel_span_end(&b);
    otel_span_end(&b);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 0);
    assert_int_equal(otel_leaks_left(&leaks), 0);
    dump();
    HAS("spans open now: 0\n");
    kit_stop();
}

static void what_is_open_after_the_shutdown_is_said_once(void **state)
{
    static otel_span_t a, b;
    otel_watch_t w = watch_of();
    (void)state;
    start(0, none());
    OTEL_SPAN(span, "block") otel_span_set(span, "k", 1);
    otel_span_start(&a, "upload");
    otel_span_start(&b, "wait");
    otel_diag_check(&w);
    assert_int_equal(said_len, 0);
    kit_stop();
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 2);
    assert_int_equal(said[0].code, OTEL_DIAG_LEFT_OPEN);
    assert_int_equal(said[0].level, OTEL_LEVEL_WARN);
    assert_int_equal(said[0].count, 1);
    assert_string_equal(said_name[0], "upload");
    assert_string_equal(said_name[1], "wait");
    assert_non_null(strstr(said[0].text, "still open"));
    assert_non_null(strstr(said[0].remedy, "OTEL_SPAN"));
    dump();
    HAS("spans open now: 2\n  upload ");
}

static void a_span_that_is_overwritten_was_never_ended(void **state)
{
    static otel_span_t a;
    otel_watch_t w = watch_of();
    (void)state;
    start(0, none());
    otel_span_start(&a, "first");
    otel_span_start(&a, "second");
    assert_int_equal(otel_leaks_left(&leaks), 1);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 1);
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_string_equal(said_name[0], "first");
    dump();
    HAS("spans open now: 1, never ended: 1, the last one first\n  second ");
    otel_span_end(&a);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 0);
    kit_stop();
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
}

static void what_has_no_room_is_counted(void **state)
{
    static otel_span_t s[7];
    otel_watch_t w = watch_of();
    size_t i;
    (void)state;
    start(0, none());
    for (i = 0; i < LENGTH(s); i++) otel_span_start(&s[i], "many");
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 7);
    dump();
    HAS("spans open now: 7\n  many ");
    HAS("  and more\n");
    otel_span_end(&s[0]);                         /* a named one, then one without room */
    otel_span_end(&s[6]);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 5);
    kit_stop();
    otel_diag_check(&w);
    assert_int_equal(said_len, 4);
    assert_null(said[3].name);
    assert_int_equal(said[3].count, 2);
    for (i = 0; i < LENGTH(s); i++) otel_span_end(&s[i]);
}

static void ticks_since_boot_give_the_age_too(void **state)
{
    static otel_span_t a;
    otel_open_span_t list[1];
    size_t named;
    (void)state;
    start(1000000000u, none());
    otel_span_start(&a, "a");
    otel_time_sync(&otel, T0);
    now_ns += 1500 * MS;
    assert_int_equal(otel_leaks_open(&leaks, list, 1, &named), 1);
    assert_in_range(list[0].open_ms, 1498, 1502);
    otel_span_end(&a);
    kit_stop();
}

static void spans_that_are_not_recorded_are_not_watched(void **state)
{
    static otel_span_t a;
    (void)state;
    start(0, otel_sampler_always_off());
    otel_span_start(&a, "a");
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 0);
    otel_span_end(&a);
    kit_stop();
}

static void nothing_and_no_room_are_no_trouble(void **state)
{
    static otel_span_t a;
    size_t named = 7;
    (void)state;
    assert_int_equal(otel_leaks_open(NULL, NULL, 0, &named), 0);
    assert_int_equal(named, 0);
    assert_int_equal(otel_leaks_left(NULL), 0);
    start(0, none());
    leaks.open_len = 0;
    otel_span_start(&a, "a");
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 1);
    otel_span_end(&a);
    assert_int_equal(otel_leaks_open(&leaks, NULL, 0, NULL), 0);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_spans_are_named_with_their_age),
        cmocka_unit_test(what_is_open_after_the_shutdown_is_said_once),
        cmocka_unit_test(a_span_that_is_overwritten_was_never_ended),
        cmocka_unit_test(what_has_no_room_is_counted),
        cmocka_unit_test(ticks_since_boot_give_the_age_too),
        cmocka_unit_test(spans_that_are_not_recorded_are_not_watched),
        cmocka_unit_test(nothing_and_no_room_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
