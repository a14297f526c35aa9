/* flags: -D_DEFAULT_SOURCE */
/* Time: counters of every width, clocks that go back, and records made before the time of day is known. */
#include "kit.h"
#include <signal.h>
#include <sys/time.h>

static uint64_t ticks;
static uint64_t tick_clock(void *user)
{
    (void)user;
    return ticks;
}

static void start_ticks(uint32_t hz, uint8_t bits, uint32_t hold_ms, bool send_unsynced)
{
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = tick_clock, .clock_hz = hz, .clock_bits = bits, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool,
                               .hold_ms = hold_ms, .send_unsynced = send_unsynced), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
}

static void narrow_counters_wrap_and_time_goes_on(void **state)
{
    static const uint8_t bits[] = { 16, 24, 32 };
    unsigned b, i;
    (void)state;
    for (b = 0; b < LENGTH(bits); b++) {
        uint64_t mask = ((uint64_t)1 << bits[b]) - 1u, real = mask - 1000, last;
        ticks = real & mask;
        start_ticks(1000000, bits[b], 0, false);
        last = otel_clock_now_(&otel.clock_);
        for (i = 0; i < 300; i++) {
            uint64_t step = (mask / 7u) * (1u + i % 6u), now;
            real += step;
            ticks = real & mask;
            now = otel_clock_now_(&otel.clock_);
            assert_true(now - last >= step * 1000u - 1u && now - last <= step * 1000u + 1u);
            last = now;
        }
        kit_stop();
    }
}

/* A counter of 16 bits, and another thread that reads it past its turn while the first one has read and not yet widened it. */
static uint64_t meanwhile_ticks, meanwhile_step;
static unsigned meanwhile_depth;
static uint64_t meanwhile_clock(void *user)
{
    uint64_t mine = meanwhile_ticks & 0xFFFFu;
    (void)user;
    if (meanwhile_step && meanwhile_depth == 0) {
        meanwhile_depth = 1;
        meanwhile_ticks += meanwhile_step;
        assert_int_equal(otel_clock_now_(&otel.clock_), meanwhile_ticks * 1000000u);
        meanwhile_depth = 0;
    }
    return mine;
}

static void another_reader_puts_nobody_into_the_next_turn(void **state)
{
    unsigned i;
    (void)state;
    meanwhile_ticks = 0xFFF0;
    meanwhile_step = 0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = meanwhile_clock, .clock_hz = 1000, .clock_bits = 16, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    for (i = 0; i < 5000; i++) {
        uint64_t before = meanwhile_ticks;
        meanwhile_step = 1 + i * 37u % 30000u;
        assert_int_equal(otel_clock_now_(&otel.clock_), before * 1000000u);
    }
    (void)otel_shutdown(&otel, 0);
}

/* The offset is set again and again while a signal handler on the same thread reads it: it sees one of the two, never half of each. */
static volatile sig_atomic_t offsets_seen, offsets_torn;
static void look_at_the_offset(int number)
{
    uint64_t offset;
    (void)number;
    if (!otel_clock_offset_(&otel.clock_, &offset)) return;
    offsets_seen++;
    if (offset != 0x0123456789ABCDEFu && offset != 0xFEDCBA9876543210u) offsets_torn++;
}

static void an_offset_is_never_seen_in_halves(void **state)
{
    struct itimerval every;
    unsigned i;
    (void)state;
    memset(&every, 0, sizeof every);
    start_ticks(1000000000u, 64, 0, false);
    otel_clock_sync_(&otel.clock_, 0x0123456789ABCDEFu);
    assert_true(signal(SIGALRM, look_at_the_offset) != SIG_ERR);
    every.it_interval.tv_usec = every.it_value.tv_usec = 20;
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
    for (i = 0; offsets_seen < 2000 && i < 400000000u; i++) otel_clock_sync_(&otel.clock_, i & 1u ? 0x0123456789ABCDEFu : 0xFEDCBA9876543210u);
    memset(&every, 0, sizeof every);
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
    assert_true(offsets_seen >= 2000);
    assert_int_equal(offsets_torn, 0);
    kit_stop();
}

static void ticks_of_odd_rates_become_nanoseconds(void **state)
{
    static const uint32_t hz[] = { 1, 1000, 32768, 1000000, 16000000, 84000000, 168000000, 480000000, 1000000000, 3000000000u };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(hz); i++) {
        double want, got;
        ticks = (uint64_t)hz[i] * 86400u * 3u + hz[i] / 3u;
        start_ticks(hz[i], 64, 0, false);
        want = (double)ticks / (double)hz[i] * 1e9;
        got = (double)otel_clock_now_(&otel.clock_);
        assert_true(got > want * (1 - 1e-8) - 2 && got < want * (1 + 1e-8) + 2);
        kit_stop();
    }
}

static void a_unix_clock_that_goes_back_never_makes_a_negative_duration(void **state)
{
    otel_recorded_span_t span;
    otel_span_t s;
    (void)state;
    kit_start();
    now_ns = T0 + 10 * MS;
    otel_span_start(&s, "s");
    now_ns = T0 - 3600000 * MS;
    otel_span_end(&s);
    kit_span("later");
    assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
    assert_true(otel_recorder_span(&rec, 0, &span) && span.start_ns == T0 + 10 * MS && span.end_ns == span.start_ns);
    assert_true(otel_recorder_span(&rec, 1, &span) && span.start_ns == T0 - 3600000 * MS);
    kit_stop();
}

/* By hours, and more than once: spans keep their durations, have the new time, and are sent at the interval. */
static void a_unix_clock_that_is_put_back_goes_on(void **state)
{
    otel_recorded_span_t span;
    unsigned back, i;
    (void)state;
    kit_start();
    for (back = 0; back < 3; back++) {
        const uint64_t was = now_ns;
        otel_span_t s;
        otel_recorder_clear(&rec);
        otel_span_start(&s, "across");
        now_ns += 500 * MS;
        (void)otel_clock_now_(&otel.clock_);
        now_ns -= 7200000 * MS;
        otel_span_end(&s);
        for (i = 0; i < 20; i++) {
            now_ns += 1000 * MS;
            kit_span("after");
            assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        }
        assert_true(otel_recorder_spans(&rec) > 8);
        assert_true(otel_recorder_span(&rec, 0, &span) && span.start_ns == was && span.end_ns - span.start_ns == 500 * MS);
        for (i = 1; i < otel_recorder_spans(&rec); i++) {
            assert_true(otel_recorder_span(&rec, i, &span));
            assert_true(span.start_ns + 7200000 * MS - was >= i * 1000 * MS && span.start_ns + 7200000 * MS - was <= (i * 1000 + 500) * MS);
        }
        assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
    }
    kit_stop();
}

static void records_wait_for_the_time_and_are_put_right_with_their_events(void **state)
{
    otel_span_t a[OTEL_SPANS(256)], b;
    otel_recorded_span_t span;
    otel_recorded_event_t event;
    otel_recorded_log_t log;
    uint64_t offset;
    (void)state;
    ticks = 5000 * MS;
    start_ticks(1000000000, 64, 0, false);
    otel_span_start(a, "before", .bytes = sizeof a);
    ticks += 10 * MS;
    otel_span_event(a, "e", "k", 1);
    otel_log(OTEL_INFO, "early");
    ticks += 10 * MS;
    otel_span_end(a);
    otel_span_start(&b, "across");
    assert_int_equal(otel_flush(&otel, 10), OTEL_E_TIMEOUT);
    assert_int_equal(otel_recorder_requests(&rec), 0);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 1);
    ticks += 10 * MS;
    otel_time_sync(&otel, T0);
    offset = T0 - ticks;
    ticks += 5 * MS;
    otel_span_end(&b);                            /* keeps the offset that it began with, and is put right too */
    assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "before", &span));
    assert_true(span.start_ns == offset + 5000 * MS && span.end_ns == offset + 5020 * MS);
    assert_true(otel_recorded_event(&span.events, 0, &event) && event.time_ns == offset + 5010 * MS);
    assert_true(otel_recorder_find_log(&rec, "early", &log) && log.time_ns == offset + 5010 * MS && log.observed_ns == log.time_ns);
    assert_true(otel_recorder_find_span(&rec, "across", &span));
    assert_true(span.start_ns == offset + 5020 * MS && span.end_ns == offset + 5035 * MS);
    kit_stop();
}

static void a_span_keeps_its_duration_when_the_time_is_set_again(void **state)
{
    otel_recorded_span_t span;
    otel_span_t s;
    (void)state;
    ticks = 1000;
    start_ticks(1000000000, 64, 0, false);
    otel_time_sync(&otel, T0);
    otel_span_start(&s, "s");
    ticks += 7 * MS;
    otel_time_sync(&otel, T0 + 999999 * MS);
    otel_span_end(&s);
    assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
    assert_true(otel_recorder_span(&rec, 0, &span) && span.start_ns == T0 && span.end_ns == T0 + 7 * MS);
    kit_stop();
}

static void without_time_records_drop_after_the_hold_or_go_as_they_are(void **state)
{
    otel_recorded_span_t span;
    bool as_they_are;
    (void)state;
    for (as_they_are = false;; as_they_are = true) {
        ticks = 1000 * MS;
        start_ticks(1000000000, 64, 500, as_they_are);
        kit_span("held");
        otel_log(OTEL_INFO, "held");
        ticks += 499 * MS;
        (void)otel_flush(&otel, 10);
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 1);
        ticks += 2 * MS;
        assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
        if (as_they_are) {
            assert_true(otel_recorder_span(&rec, 0, &span) && span.start_ns == 1000 * MS);
            assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).exported, 1);
        } else {
            assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_NO_CLOCK], 1);
            assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_NO_CLOCK], 1);
        }
        kit_stop();
        if (as_they_are) break;
    }
}

/* A log's own time is Unix time whenever it was given; what came later than it stays relative until the time is known. */
static void a_time_that_was_given_early_stays_as_it_is(void **state)
{
    otel_recorded_log_t log;
    otel_log_record_t record;
    (void)state;
    ticks = 5000 * MS;
    start_ticks(1000000000, 64, 0, false);
    memset((void *)&record, 0, sizeof record);
    record.time_ns = T0 - 86400000 * MS;
    record.body = otel_value_str_("yesterday");
    otel_log_emit(&record);
    ticks += 10 * MS;
    otel_time_sync(&otel, T0);
    assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
    assert_true(otel_recorder_find_log(&rec, "yesterday", &log));
    assert_true(log.time_ns == T0 - 86400000 * MS && log.observed_ns == T0 - 10 * MS);
    kit_stop();
}

/* One exporter has a record on its way with time since boot; the time becomes known: the other one waits, and the bytes in
   flight stay as they are. */
static void nobody_puts_right_what_another_exporter_has_on_its_way(void **state)
{
    static otel_exporter_t slow;
    otel_request_t r;
    otel_recorded_span_t span;
    uint8_t before[512];
    size_t i, n = 0;
    (void)state;
    ticks = 1000 * MS;
    start_ticks(1000000000, 64, 500, true);
    assert_int_equal(otel_exporter_init(&slow, .otel = &otel), OTEL_OK);
    kit_span("held");
    ticks += 600 * MS;
    assert_true(otel_export_next(&slow, &r) && r.parts && r.len <= sizeof before);
    for (i = 0; i < r.parts_len; n += r.parts[i++].len) memcpy(before + n, r.parts[i].bytes, r.parts[i].len);
    otel_time_sync(&otel, T0);
    (void)otel_export_flush(&ex, 0);
    assert_int_equal(otel_recorder_requests(&rec), 0);
    for (i = n = 0; i < r.parts_len; n += r.parts[i++].len) assert_memory_equal(before + n, r.parts[i].bytes, r.parts[i].len);
    otel_export_done(&slow, 200);
    assert_int_equal(otel_export_flush(&ex, 10), OTEL_OK);
    assert_true(otel_recorder_span(&rec, 0, &span) && span.start_ns == T0 - 600 * MS);
    kit_stop();
}

/* The record that is put right may wrap around the end of the ring at every offset. */
static void times_are_put_right_across_the_end_of_the_ring(void **state)
{
    static uint8_t small[700];
    unsigned shift;
    (void)state;
    for (shift = 0; shift < 300; shift++) {
        otel_recorded_span_t span;
        otel_recorded_event_t event;
        otel_span_t s[OTEL_SPANS(128)];
        char name[320];
        uint64_t offset;
        unsigned i;
        ticks = 77 * MS;
        assert_int_equal(otel_init(&otel, .clock = tick_clock, .clock_hz = 1000000000, .pool = small, .pool_size = sizeof small, .log_percent = OTEL_NO_LOG_RING, .when_full = OTEL_DROP_OLDEST), OTEL_OK);
        assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
        memset(name, 'n', sizeof name);
        name[shift] = 0;
        kit_span(name);
        for (i = 0; i < 5; i++) {
            otel_span_start(s, "wraps", .bytes = sizeof s);
            otel_span_event(s, "e");
            ticks += MS;
            otel_span_event(s, "f", "k", 5);
            otel_span_end(s);
        }
        otel_time_sync(&otel, T0);
        offset = T0 - ticks;
        assert_int_equal(otel_flush(&otel, 10), OTEL_OK);
        assert_true(otel_recorder_span(&rec, otel_recorder_spans(&rec) - 1u, &span));
        assert_true(span.start_ns == offset + 81 * MS && span.end_ns == offset + 82 * MS);
        assert_true(otel_recorded_event(&span.events, 0, &event) && event.time_ns == span.start_ns);
        assert_true(otel_recorded_event(&span.events, 1, &event) && event.time_ns == span.end_ns);
        kit_stop();
    }
}

/* A device whose clock is put right by 12 ms every ten minutes. */
static void a_clock_that_is_put_right_moves_no_total_and_no_window(void **state)
{
    static uint64_t kept[64];
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static otel_counter_t sum = OTEL_COUNTER("sum");
    otel_recorded_point_t p;
    uint64_t last;
    int differences, i;
    (void)state;
    for (differences = 0; differences < 2; differences++) {
        now_ns = 1000 * MS;
        assert_int_equal(otel_init(&otel, .clock = kit_clock, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
        assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = differences ? &delta : NULL), OTEL_OK);
        last = T0;
        otel_time_sync(&otel, T0);
        for (i = 0; i < 6; i++) {
            const uint64_t right = T0 + (uint64_t)(i + 1) * 600000 * MS + (uint64_t)(i & 1) * 12 * MS;
            otel_recorder_clear(&rec);
            otel_counter_add(&sum, 1);
            now_ns += 600000 * MS;
            if (i < 5) otel_time_sync(&otel, right);
            else otel_time_sync(&otel, T0 + 9000000 * MS);    /* wrong by hours: now it is right */
            assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
            assert_true(otel_recorder_find_point(&rec, "sum", &p));
            assert_int_equal(p.int_value, differences ? 1 : i + 1);
            assert_int_equal(p.time_ns, i < 5 ? right : T0 + 9000000 * MS);
            assert_int_equal(p.start_ns, i == 5 ? T0 + (differences ? 8400000 : 5400000) * MS : differences ? last : T0);
            last = p.time_ns;
        }
        kit_stop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow_counters_wrap_and_time_goes_on),
        cmocka_unit_test(another_reader_puts_nobody_into_the_next_turn),
        cmocka_unit_test(an_offset_is_never_seen_in_halves),
        cmocka_unit_test(ticks_of_odd_rates_become_nanoseconds),
        cmocka_unit_test(a_unix_clock_that_goes_back_never_makes_a_negative_duration), cmocka_unit_test(a_unix_clock_that_is_put_back_goes_on),
        cmocka_unit_test(records_wait_for_the_time_and_are_put_right_with_their_events),
        cmocka_unit_test(a_span_keeps_its_duration_when_the_time_is_set_again),
        cmocka_unit_test(without_time_records_drop_after_the_hold_or_go_as_they_are),
        cmocka_unit_test(a_time_that_was_given_early_stays_as_it_is),
        cmocka_unit_test(nobody_puts_right_what_another_exporter_has_on_its_way),
        cmocka_unit_test(times_are_put_right_across_the_end_of_the_ring),
        cmocka_unit_test(a_clock_that_is_put_right_moves_no_total_and_no_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
