/* flags: -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 */
/* The exporter against a transport that does as it is told: outcomes, back-off, deadlines, nested calls, several exporters. */
#include <time.h>
#include "kit.h"

/* ---- the transport ---- */
static int answers[64];
static unsigned calls, answer_count;
static uint64_t called_at[256];
static uint32_t items_of[256];
static const char *retry_after;
static void (*within)(const otel_request_t *r);

static int scripted(void *user, const otel_request_t *r)
{
    int status = calls < answer_count ? answers[calls] : 200;
    (void)user;
    assert_true(calls < LENGTH(called_at));
    called_at[calls] = now_ns;
    items_of[calls++] = r->items;
    if (within) within(r);
    if (retry_after && status >= 400) otel_export_reply(&ex, NULL, 0, retry_after);
    return status;
}

static void start_scripted(unsigned n, const int *script)
{
    now_ns = T0;
    calls = 0;
    answer_count = n;
    within = NULL;
    retry_after = NULL;
    if (n) memcpy(answers, script, n * sizeof *script);
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = scripted, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static otel_signal_stats_t traces(void) { return kit_stats(&ex, OTEL_SIGNAL_TRACES); }

static void outcomes_count_where_they_belong(void **state)
{
    static const struct { int status; otel_drop_t why; bool retried; } table[] = {
        { 200, OTEL_DROP_REASONS, false }, { 202, OTEL_DROP_REASONS, false }, { 400, OTEL_DROP_REJECTED, false }, { 401, OTEL_DROP_REJECTED, false },
        { 403, OTEL_DROP_REJECTED, false }, { 404, OTEL_DROP_REJECTED, false }, { 415, OTEL_DROP_REJECTED, false }, { 500, OTEL_DROP_REJECTED, false },
        { 501, OTEL_DROP_REJECTED, false }, { 301, OTEL_DROP_REJECTED, false }, { 429, OTEL_DROP_REASONS, true }, { 502, OTEL_DROP_REASONS, true },
        { 503, OTEL_DROP_REASONS, true }, { 504, OTEL_DROP_REASONS, true }, { -1, OTEL_DROP_REASONS, true }, { 0, OTEL_DROP_REASONS, true }, { 413, OTEL_DROP_TOO_LARGE, false } };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(table); i++) {
        otel_signal_stats_t s;
        start_scripted(1, &table[i].status);
        kit_span("s");
        now_ns += 6000 * MS;
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        s = traces();
        assert_int_equal(s.queued, table[i].retried);
        assert_int_equal(s.retried, table[i].retried);
        assert_int_equal(s.exported, !table[i].retried && table[i].why == OTEL_DROP_REASONS);
        if (table[i].why != OTEL_DROP_REASONS) assert_int_equal(s.dropped[table[i].why], 1);
        if (table[i].retried) {
            now_ns += 40000 * MS;
            assert_int_equal(otel_export_poll(&ex), OTEL_OK);
            assert_int_equal(traces().exported, 1);
        }
        kit_stop();
    }
}

static void back_off_doubles_with_jitter_up_to_its_end(void **state)
{
    int down[40];
    unsigned i;
    uint64_t low[8], high[8], k;
    (void)state;
    memset(low, 0xFF, sizeof low);
    memset(high, 0, sizeof high);
    for (i = 0; i < 40; i++) down[i] = -1;
    for (k = 0; k < 200; k++) {
        start_scripted(10, down);
        otel.shard_.ids.count = (otel_count_t)k * 1000u;
        kit_span("s");
        while (calls < 9) {
            now_ns += 10 * MS;
            (void)otel_export_poll(&ex);
        }
        for (i = 1; i < 9; i++) {
            uint64_t wait = called_at[i] - called_at[i - 1], most = (uint64_t)1000 << (i - 1);
            if (most > 30000) most = 30000;
            assert_true(wait >= most / 10 * MS && wait <= (most + 10) * MS);
            if (wait < low[i - 1]) low[i - 1] = wait;
            if (wait > high[i - 1]) high[i - 1] = wait;
        }
        kit_stop();
    }
    for (i = 0; i < 8; i++) {                     /* a fleet does not come back in step */
        uint64_t most = (uint64_t)1000 << i;
        if (most > 30000) most = 30000;
        assert_true(high[i] - low[i] > most * MS / 2);
    }
}

/* The same date as the C library says it, for days over some centuries; and what is none. */
static void dates_are_those_of_the_calendar(void **state)
{
    uint64_t day;
    uint32_t ms;
    char text[64];
    (void)state;
    for (day = 0; day < 60000; day++) {
        time_t t = (time_t)(day * 86400u + day % 86400u);
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        assert_true(strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm) > 0);
        if (day == 0) continue;
        assert_true(otel_retry_after_(text, (uint64_t)t - 7u * (day > 1), &ms));
        assert_int_equal(ms, day > 1 ? 7000 : 0);
        assert_false(otel_retry_after_(text, 0, &ms));        /* nobody knows the time */
        text[day % 29u] = '\0';
        assert_false(otel_retry_after_(text, (uint64_t)t, &ms));
    }
}

static void retry_after_counts_up_to_the_longest_wait(void **state)
{
    static const struct { const char *text; uint64_t from, to; } table[] = {
        { "3", 3000, 3010 }, { " 7 ", 7000, 7010 }, { "30", 30000, 30010 }, { "31", 30000, 30010 }, { "99999999999999999999", 30000, 30010 },
        { "-1", 100, 1010 }, { "junk", 100, 1010 }, { "3x", 100, 1010 }, { "", 100, 1010 }, { "Fri, 31 Dec 1999 23:59:59 GMT", 0, 10 }, { "Tue, 14 Nov 2023 22:13:40 GMT", 14000, 15010 }, { "Sat, 01 Jan 2095 00:00:00 GMT", 30000, 30010 },
        { "Tue, 14 Nov 2023 22:13:40", 100, 1010 }, { "Tue, 31 Foo 2023 22:13:32 GMT", 100, 1010 }, { "Tuesday, 14-Nov-23 22:13:32 GMT", 100, 1010 } };
    static const int busy[] = { 503 };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(table); i++) {
        uint64_t wait;
        start_scripted(1, busy);
        retry_after = table[i].text;
        kit_span("s");
        while (calls < 2) {
            now_ns += 10 * MS;
            (void)otel_export_poll(&ex);
        }
        wait = called_at[1] - called_at[0];
        assert_true(wait >= table[i].from * MS && wait <= table[i].to * MS);
        kit_stop();
    }
}

static void answers_of_busy_receivers_end_in_gave_up_and_silence_does_not(void **state)
{
    int busy[64];
    unsigned i;
    (void)state;
    for (i = 0; i < 64; i++) busy[i] = 503;
    start_scripted(64, busy);
    kit_span("s");
    for (i = 0; i < 100000 && traces().queued; i++) {
        now_ns += 1000 * MS;
        (void)otel_export_poll(&ex);
    }
    assert_int_equal(calls, 20);
    assert_int_equal(traces().dropped[OTEL_DROP_GAVE_UP], 1);
    kit_stop();
    for (i = 0; i < 64; i++) busy[i] = -1;
    start_scripted(64, busy);
    kit_span("s");
    for (i = 0; i < 100000 && traces().queued; i++) {
        now_ns += 1000 * MS;
        (void)otel_export_poll(&ex);
    }
    assert_int_equal(calls, 65);
    assert_int_equal(traces().exported, 1);
    kit_stop();
}

static int no_more_than_three(void *user, const otel_request_t *r)
{
    (void)scripted(user, r);
    return r->items > 3 ? 413 : 200;
}

static void too_large_is_cut_in_halves_until_it_fits(void **state)
{
    unsigned i;
    (void)state;
    start_scripted(0, NULL);
    ex.config_.send = no_more_than_three;
    for (i = 0; i < 20; i++) kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(items_of[0], 20);
    assert_int_equal(items_of[1], 10);
    assert_int_equal(items_of[2], 5);
    assert_int_equal(items_of[3], 2);
    assert_int_equal(traces().exported, 20);
    kit_stop();
}

static void again_offers_it_again_and_pending_waits_for_done(void **state)
{
    static const int script[] = { OTEL_AGAIN, OTEL_AGAIN, OTEL_PENDING };
    otel_request_t r;
    (void)state;
    start_scripted(3, script);
    kit_span("s");
    now_ns += 6000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(calls, 3);
    kit_span("meanwhile");
    assert_false(otel_export_next(&ex, &r));
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(calls, 3);
    assert_int_equal(traces().queued, 2);
    assert_int_equal(otel_export_flush(&ex, 50), OTEL_E_TIMEOUT);
    otel_export_done(&ex, OTEL_PENDING);
    assert_int_equal(traces().exported, 0);
    otel_export_done(&ex, 200);
    otel_export_done(&ex, 200);
    assert_int_equal(traces().exported, 1);
    assert_int_equal(otel_export_flush(&ex, 50), OTEL_OK);
    assert_int_equal(traces().exported, 2);
    kit_stop();
}

static void flush_and_shutdown_end_at_their_deadline(void **state)
{
    int down[64];
    unsigned i;
    uint64_t begin;
    (void)state;
    for (i = 0; i < 64; i++) down[i] = -1;
    start_scripted(64, down);
    kit_span("s");
    begin = now_ns;
    assert_int_equal(otel_export_flush(&ex, 2000), OTEL_E_TIMEOUT);
    assert_in_range((now_ns - begin) / MS, 2000, 2002);
    begin = now_ns;
    assert_int_equal(otel_shutdown(&otel, 300), OTEL_E_TIMEOUT);
    assert_in_range((now_ns - begin) / MS, 300, 302);
    assert_int_equal(traces().dropped[OTEL_DROP_SHUTDOWN], 1);
    assert_int_equal(traces().queued, 0);
    start_scripted(64, down);                     /* a clock that stands still does not keep it for ever */
    ex.config_.idle = NULL;
    kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 2000), OTEL_E_TIMEOUT);
    kit_stop();
}

static void call_inside(const otel_request_t *r)
{
    otel_request_t other;
    (void)r;
    kit_span("recorded while sending");
    assert_int_equal(otel_export_poll(&ex), OTEL_E_NESTED);
    assert_int_equal(otel_export_flush(&ex, 5), OTEL_E_NESTED);
    assert_int_equal(otel_export_shutdown(&ex, 5), OTEL_E_NESTED);
    assert_int_equal(otel_flush(&otel, 5), OTEL_E_NESTED);
    assert_int_equal(otel_shutdown(&otel, 5), OTEL_E_NESTED);
    assert_false(otel_export_next(&ex, &other));
    if (calls % 2) {
        otel_export_done(&ex, 200);               /* done before send returns is done */
        assert_false(otel_export_next(&ex, &other));
    }
    if (calls >= 4) within = NULL;
}

static void calls_from_inside_send_are_refused_and_records_wait(void **state)
{
    (void)state;
    start_scripted(0, NULL);
    within = call_inside;
    kit_span("first");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    while (traces().queued) assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(traces().created, 5);
    assert_int_equal(traces().exported, 5);
    kit_stop();
}

static void set_up_of_an_exporter_names_the_remedy(void **state)
{
    static otel_exporter_t more[OTEL_READERS_ + 1];
    unsigned i;
    size_t n;
    (void)state;
    start_scripted(0, NULL);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel), OTEL_E_EXPORTERS);               /* it runs already */
    kit_span("still works");
    assert_int_equal(otel_export_flush(&ex, 100), OTEL_OK);
    assert_int_equal(otel_exporter_init(&more[0], .otel = &otel, .buffer = packet, .buffer_size = 100), OTEL_E_BUFFER);
    assert_non_null(strstr(otel_result_text(OTEL_E_BUFFER), "raise otel_exporter_config_t.buffer_size"));
    for (n = 0; otel_exporter_init(&more[0], .otel = &otel, .buffer = packet, .buffer_size = n) == OTEL_E_BUFFER; n++) assert_true(n < 1000);
    for (i = 1; i < OTEL_READERS_ - 1u; i++) assert_int_equal(otel_exporter_init(&more[i], .otel = &otel), OTEL_OK);
    assert_int_equal(otel_exporter_init(&more[i], .otel = &otel), OTEL_E_EXPORTERS);
    assert_int_equal(otel_export_poll(&more[0]), OTEL_E_SEND);
    kit_stop();
}

static void every_size_of_packet_takes_a_span_or_drops_it_as_too_large(void **state)
{
    size_t n, least = 0;
    (void)state;
    for (n = 0; n < 900; n++) {
        static otel_exporter_t x;
        otel_request_t r;
        otel_stats_t s;
        char text[200];
        unsigned i;
        uint8_t *exact = (uint8_t *)malloc(n ? n : 1);
        start_scripted(0, NULL);
        assert_int_equal(otel_export_shutdown(&ex, 0), OTEL_OK);
        if (otel_exporter_init(&x, .otel = &otel, .buffer = exact, .buffer_size = n) != OTEL_OK) {
            assert_int_equal(least, 0);
            free(exact);
            kit_stop();
            continue;
        }
        least = n;
        memset(text, 'x', sizeof text);
        for (i = 0; i < 5; i++) {
            OTEL_SPAN(span, "s") otel_span_set(span, "t", OTEL_STR(text, 40 * i));
        }
        while (otel_export_next(&x, &r)) {
            assert_true(r.len <= n);
            otel_export_done(&x, 200);
        }
        assert_int_equal(otel_stats(&x, &s), OTEL_OK);
        assert_int_equal(s.signal[0].exported + s.signal[0].dropped[OTEL_DROP_TOO_LARGE], 5);
        assert_true(s.signal[0].exported >= 1 && s.signal[0].queued == 0);
        if (n > 800) assert_int_equal(s.signal[0].exported, 5);
        free(exact);
        kit_stop();
    }
    assert_int_equal(least, 899);
}

static void exporters_go_at_their_own_pace(void **state)
{
    static otel_exporter_t slow;
    otel_request_t r;
    unsigned i;
    (void)state;
    start_scripted(0, NULL);
    kit_span("before both");
    assert_int_equal(otel_exporter_init(&slow, .otel = &otel), OTEL_OK);
    for (i = 0; i < 10; i++) kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 100), OTEL_OK);
    assert_int_equal(traces().exported, 11);
    assert_int_equal(kit_stats(&slow, OTEL_SIGNAL_TRACES).queued, 11);
    assert_true(otel_export_next(&slow, &r));
    assert_int_equal(r.items, 11);
    assert_null(r.body);
    for (i = 0; i < 5000; i++) kit_span("fills the ring while it is held");
    assert_true(kit_stats(&slow, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_FULL] > 0);
    otel_export_done(&slow, 200);
    assert_int_equal(kit_stats(&slow, OTEL_SIGNAL_TRACES).exported, 11);
    assert_int_equal(otel_export_shutdown(&slow, 0), OTEL_OK);
    assert_int_equal(kit_stats(&slow, OTEL_SIGNAL_TRACES).queued, 0);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(traces().queued, 0);
    kit_stop();
}

static void polling_gathers_until_time_count_or_fill(void **state)
{
    unsigned i;
    (void)state;
    start_scripted(0, NULL);
    kit_span("s");
    for (i = 0; i < 49; i++) {
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        now_ns += 100 * MS;
    }
    assert_int_equal(calls, 0);
    now_ns += 200 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(calls, 1);
    for (i = 0; i < 512 && calls == 1; i++) {
        kit_span("s");
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    }
    assert_int_equal(calls, 2);                   /* half a ring, or 512 records */
    assert_in_range(i, 200, 512);
    kit_stop();
}

static int slow_calls;
static int slow(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    slow_calls++;
    now_ns += 500 * MS;
    return 200;
}

static void flush_collects_once_however_slow_the_receiver_is(void **state)
{
    static otel_counter_t reads = OTEL_COUNTER("reads");
    (void)state;
    kit_start();
    ex.config_.send = slow;
    ex.config_.metric_interval_ms = 1;
    slow_calls = 0;
    otel_counter_add(&reads, 1);
    kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 10000), OTEL_OK);
    assert_int_equal(slow_calls, 2);
    assert_int_equal(otel_export_flush(&ex, 10000), OTEL_OK);
    assert_int_equal(slow_calls, 3);              /* and again for who asks again */
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_count_where_they_belong),
        cmocka_unit_test(back_off_doubles_with_jitter_up_to_its_end),
        cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(retry_after_counts_up_to_the_longest_wait),
        cmocka_unit_test(answers_of_busy_receivers_end_in_gave_up_and_silence_does_not),
        cmocka_unit_test(too_large_is_cut_in_halves_until_it_fits),
        cmocka_unit_test(again_offers_it_again_and_pending_waits_for_done),
        cmocka_unit_test(flush_and_shutdown_end_at_their_deadline),
        cmocka_unit_test(flush_collects_once_however_slow_the_receiver_is),
        cmocka_unit_test(calls_from_inside_send_are_refused_and_records_wait),
        cmocka_unit_test(set_up_of_an_exporter_names_the_remedy),
        cmocka_unit_test(every_size_of_packet_takes_a_span_or_drops_it_as_too_large),
        cmocka_unit_test(exporters_go_at_their_own_pace),
        cmocka_unit_test(polling_gathers_until_time_count_or_fill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
