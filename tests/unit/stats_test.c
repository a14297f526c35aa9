/* flags: -D_POSIX_C_SOURCE=200809L */
/* Counts: taken while a handler records, and from a handler on top of the exporter. */
#include <signal.h>
#include <time.h>
#include "kit.h"

static volatile sig_atomic_t inside, wrong;
static unsigned recorded, asked, unsteady;

static void on_alarm(int number)
{
    (void)number;
    kit_span("from a handler");
    recorded++;
    if (inside) {                                 /* must come back, whatever was interrupted */
        otel_stats_t s;
        unsigned i;
        if (otel_stats(&ex, &s) != OTEL_OK) wrong = 1;
        asked++;
        if (!s.steady) unsteady++;
        for (i = 0; s.steady && i < OTEL_SIGNALS; i++) {
            if (s.signal[i].created != s.signal[i].exported + s.signal[i].queued + otel_stats_dropped(&s.signal[i])) wrong = 1;
        }
    }
}

static void snapshots_hold_on_top_of_everything(void **state)
{
    struct sigaction action;
    struct itimerspec every;
    struct sigevent event;
    timer_t timer;
    unsigned i, mine = 0;
    (void)state;
    kit_start();
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    memset(&every, 0, sizeof every);
    every.it_value.tv_nsec = every.it_interval.tv_nsec = 1000000;
    inside = 1;
    assert_int_equal(timer_settime(timer, 0, &every, NULL), 0);
    for (i = 0; i < 200000 && asked < 300; i++) {
        otel_stats_t s;
        kit_span("s");
        mine++;
        if (i % 3 == 0) {
            now_ns += 6000 * MS;
            (void)otel_export_poll(&ex);
            otel_recorder_clear(&rec);
        }
        assert_int_equal(otel_stats(&ex, &s), OTEL_OK);
        if (s.steady) assert_true(s.signal[0].created == s.signal[0].exported + s.signal[0].queued + otel_stats_dropped(&s.signal[0]));
    }
    memset(&every, 0, sizeof every);
    assert_int_equal(timer_settime(timer, 0, &every, NULL), 0);
    timer_delete(timer);
    assert_false(wrong);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, mine + recorded);
    assert_true(recorded > 10);
    kit_stop();
}

static void the_last_state_stays_after_shutdown(void **state)
{
    otel_stats_t s;
    (void)state;
    kit_start();
    kit_span("sent");
    assert_int_equal(otel_flush(&otel, 100), OTEL_OK);
    ex.config_.send = NULL;
    kit_span("left");
    assert_int_equal(otel_export_shutdown(&ex, 0), OTEL_OK);
    kit_span("not its business");
    s.signal[0] = kit_stats(&ex, OTEL_SIGNAL_TRACES);
    assert_int_equal(s.signal[0].created, 2);
    assert_int_equal(s.signal[0].exported, 1);
    assert_int_equal(s.signal[0].dropped[OTEL_DROP_SHUTDOWN], 1);
    kit_stop();
}

static void each_reason_has_its_word(void **state)
{
    static const char *const words[OTEL_DROP_REASONS] = { "full", "in_flight", "busy", "thread", "processor", "too_large", "shutdown", "reset", "rejected", "gave_up", "no_clock" };
    unsigned i;
    (void)state;
    for (i = 0; i < OTEL_DROP_REASONS; i++) assert_string_equal(otel_drop_text((otel_drop_t)i), words[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_hold_on_top_of_everything),
        cmocka_unit_test(the_last_state_stays_after_shutdown),
        cmocka_unit_test(each_reason_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
