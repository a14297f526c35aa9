/* What the library says about itself: the callback and the screen. */
#include "kit.h"

static char text[8192];
static size_t text_len;
static otel_fault_t fault;
static otel_diag_t said[16];
static unsigned said_len;

static void put(void *user, const char *s, size_t len)
{
    assert_ptr_equal(user, text);
    memcpy(text + text_len, s, len);
    text_len += len;
    text[text_len] = 0;
}

static void say(void *user, const otel_diag_t *what)
{
    assert_ptr_equal(user, said);
    assert_true(said_len < LENGTH(said));
    said[said_len++] = *what;
}

static void dump(void)
{
    text_len = 0;
    otel_diag_dump(&ex, put, text);
}
#define HAS(line) do { if (!strstr(text, line)) { print_message("%s", text); fail_msg("not there: %s", line); } } while (0)

static otel_watch_t watch_of(const otel_exporter_t *x)
{
    otel_watch_t w;
    memset((void *)&w, 0, sizeof w);
    w.exporter = x;
    w.say = say;
    w.user = said;
    said_len = 0;
    return w;
}

static void a_receiver_that_is_away_is_said_once_and_its_return_too(void **state)
{
    static const otel_fault_step_t steps[] = { { .answer = 503, .times = 2 } };
    otel_watch_t w = watch_of(&ex);
    (void)state;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    assert_int_equal(otel_fault_init(&fault, .steps = steps, .steps_len = LENGTH(steps)), OTEL_OK);
    otel_diag_check(&w);
    assert_int_equal(said_len, 0);
    kit_span("a");
    now_ns += 6000 * MS;
    (void)otel_export_poll(&ex);
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_PUT_OFF);
    assert_int_equal(said[0].answer, 503);
    assert_int_equal(said[0].count, 1);
    assert_true(said[0].remedy[0] != 0);
    dump();
    HAS("  spans             1         0       1        0  503, again in ");
    HAS("nothing was lost\n");
    for (; !otel_fault_over(&fault) || otel_export_poll(&ex) != OTEL_OK || kit_stats(&ex, OTEL_SIGNAL_TRACES).queued;) {
        now_ns += 1000 * MS;
        (void)otel_export_poll(&ex);
    }
    otel_diag_check(&w);
    assert_int_equal(said_len, 2);
    assert_int_equal(said[1].code, OTEL_DIAG_WORKS);
    dump();
    HAS("  spans             1         1       0        0  200\n");
    HAS("  log records       0         0       0        0  nothing sent yet\n");
    kit_stop();
}

static void losses_come_with_reason_and_remedy(void **state)
{
    otel_watch_t w = watch_of(&ex);
    int i;
    (void)state;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = 512), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    for (i = 0; i < 10; i++) kit_span("too many");
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_LOST);
    assert_int_equal(said[0].reason, OTEL_DROP_FULL);
    assert_int_equal(said[0].count, kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_FULL]);
    assert_string_equal(said[0].text, "records were lost: full");
    assert_non_null(strstr(said[0].remedy, ".pool_size"));
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    dump();
    HAS("lost, by reason\n");
    HAS(" full       raise .pool_size");
    HAS("pool: spans ");
    kit_stop();
    dump();
    HAS("otel: ");
}

static int answers;
static int post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    return answers;
}

static void a_transport_that_answers_what_is_no_answer_is_named(void **state)
{
    otel_watch_t w = watch_of(&ex);
    (void)state;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_span("a");
    now_ns += 6000 * MS;
    answers = 0;                                          /* "success" elsewhere */
    (void)otel_export_poll(&ex);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_PUT_OFF);
    assert_string_equal(said[0].text, "`send` answers 0, which is no HTTP status");
    assert_string_equal(said[0].remedy, "return 200 when it went well");
    dump();
    HAS("0  0, done would be 200\n");
    now_ns += 60000 * MS;
    answers = OTEL_AGAIN;
    (void)otel_export_poll(&ex);
    dump();
    HAS("0  OTEL_AGAIN\n");
    answers = OTEL_PENDING;
    (void)otel_export_poll(&ex);
    dump();
    HAS("0  under way, otel_export_done?\n");
    said_len = 0;
    otel_diag_check(&w);
    now_ns += 20000 * MS;                                 /* twice the time of a request has not passed yet */
    otel_diag_check(&w);
    assert_int_equal(said_len, 0);
    now_ns += 1000 * MS;
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_PUT_OFF);
    assert_string_equal(said[0].remedy, "call otel_export_done: `send` answered OTEL_PENDING");
    otel_export_done(&ex, OTEL_AGAIN);
    (void)otel_export_poll(&ex);                          /* another one: its time begins now */
    otel_diag_check(&w);
    now_ns += 19000 * MS;
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    otel_export_done(&ex, 200);
    otel_diag_check(&w);
    now_ns += 60000 * MS;
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    kit_stop();
}

static void records_that_wait_for_the_time_are_said(void **state)
{
    otel_watch_t w = watch_of(&ex);
    (void)state;
    now_ns = 5 * MS;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_span("early");
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_NO_TIME);
    assert_string_equal(said[0].remedy, "call otel_time_sync");
    dump();
    HAS("time not known: call otel_time_sync\n");
    otel_time_sync(&otel, T0);
    dump();
    HAS("running, time known\n");
    kit_stop();
}

static void metrics_without_a_buffer_are_said_once(void **state)
{
    static otel_counter_t reads = OTEL_COUNTER("reads");
    otel_watch_t w = watch_of(&ex);
    unsigned i;
    (void)state;
    for (i = 0; i < 2; i++) {
        now_ns = i ? T0 : 5 * MS;
        assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .clock_hz = i ? 0 : 1000000000u, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
        if (i) assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault), OTEL_OK);
        else assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
        otel_diag_check(&w);
        assert_int_equal(said_len, i);                    /* nothing is recorded yet */
        otel_counter_add(&reads, 1);
        otel_diag_check(&w);
        otel_diag_check(&w);
        assert_int_equal(said_len, i + 1);
        assert_int_equal(said[i].code, i ? OTEL_DIAG_SETTING : OTEL_DIAG_NO_TIME);
        assert_true(said[i].signal == OTEL_SIGNAL_METRICS || !i);
        dump();
        HAS(i ? "metrics: no exporter has a .buffer to collect them into\n" : "time not known");
        assert_true(i || !strstr(text, "metrics: no"));
        kit_stop();
    }
}

/* Milliseconds of a tick that are taken for Unix nanoseconds. */
static void ticks_without_their_rate_are_said(void **state)
{
    otel_watch_t w = watch_of(&ex);
    (void)state;
    now_ns = 20000;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    otel_diag_check(&w);
    otel_diag_check(&w);
    assert_int_equal(said_len, 1);
    assert_int_equal(said[0].code, OTEL_DIAG_NO_TIME);
    assert_string_equal(said[0].text, "the clock says a year before 2000");
    dump();
    HAS("the clock says a year before 2000: .clock_hz?\n");
    kit_stop();
}

static void every_line_fits_a_screen(void **state)
{
    otel_exporter_t none;
    unsigned lines = 0, column = 0;
    size_t i;
    (void)state;
    memset((void *)&none, 0, sizeof none);
    otel_diag_dump(NULL, put, text);
    otel_diag_dump(&none, NULL, NULL);
    losses_come_with_reason_and_remedy(state);
    for (i = 0; i < text_len; i++) {
        column = text[i] == '\n' ? 0 : column + 1;
        lines += text[i] == '\n';
        assert_true(column <= 80 && (text[i] == '\n' || (text[i] >= ' ' && text[i] < 127)));
    }
    assert_in_range(lines, 5, 24);
    for (i = 0; i < OTEL_DROP_REASONS; i++) assert_true(otel_drop_remedy((otel_drop_t)i)[0] != 0 && strlen(otel_drop_remedy((otel_drop_t)i)) <= 66);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receiver_that_is_away_is_said_once_and_its_return_too), cmocka_unit_test(losses_come_with_reason_and_remedy),
        cmocka_unit_test(a_transport_that_answers_what_is_no_answer_is_named),
        cmocka_unit_test(records_that_wait_for_the_time_are_said), cmocka_unit_test(metrics_without_a_buffer_are_said_once), cmocka_unit_test(ticks_without_their_rate_are_said), cmocka_unit_test(every_line_fits_a_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
