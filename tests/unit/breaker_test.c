/* flags: -D_POSIX_C_SOURCE=200809L -pthread */
/* The circuit breaker: closed, open, half open with one probe; flapping, shared by callers on several threads, and a fleet of them. */
#include <pthread.h>
#include "kit.h"

static int answer;
static unsigned calls;
static uint64_t called_at[4096];

static int post(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    assert_true(calls < LENGTH(called_at));
    called_at[calls++] = now_ns;
    return answer;
}

static otel_breaker_t breaker;

static void start_broken(uint32_t failures, uint32_t open_ms)
{
    now_ns = T0;
    calls = 0;
    answer = -1;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_breaker_init(&breaker, .send = post, .exporter = &ex, .failures = failures, .open_ms = open_ms), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_breaker_send, .user = &breaker, .buffer = packet, .buffer_size = sizeof packet,
                                        .retry_initial_ms = 10, .retry_max_ms = 20, .interval_ms = 10, .idle = kit_idle), OTEL_OK);
}

static void poll_for(unsigned ms)
{
    for (; ms; ms--) {
        now_ns += MS;
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    }
}

static void it_opens_after_failures_in_a_row_and_one_probe_closes_it(void **state)
{
    (void)state;
    start_broken(3, 1000);
    kit_span("s");
    otel_log(OTEL_INFO, "l");
    poll_for(900);
    assert_int_equal(calls, 3);                   /* of both signals together */
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_OPEN);
    poll_for(500);
    assert_int_equal(calls, 4);                   /* one probe, which fails */
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_OPEN);
    assert_true(called_at[3] - called_at[2] >= 1000 * MS && called_at[3] - called_at[2] <= 1260 * MS);
    answer = 200;
    poll_for(1300);
    assert_int_equal(calls, 6);                   /* a probe that is answered, and the other signal behind it */
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_CLOSED);
    assert_int_equal(otel_breaker_opened(&breaker), 2);
    assert_true(otel_breaker_refused(&breaker) > 0);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported, 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).exported, 1);
    kit_stop();
}

static void answers_in_between_keep_it_closed(void **state)
{
    unsigned i;
    otel_request_t request;
    (void)state;
    memset(&request, 0, sizeof request);
    start_broken(3, 1000);
    for (i = 0; i < 200; i++) {                   /* two failures, then an answer: 400 is one too */
        answer = i % 3 < 2 ? 503 : i % 2 ? 400 : 200;
        assert_int_equal(otel_breaker_send(&breaker, &request), answer);
    }
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_CLOSED);
    assert_int_equal(otel_breaker_opened(&breaker), 0);
    kit_stop();
}

static void flapping_never_makes_a_storm(void **state)
{
    unsigned i, before;
    (void)state;
    start_broken(2, 500);
    for (i = 0; i < 60; i++) {                    /* the receiver is there every other second */
        answer = i & 1u ? 200 : -1;
        before = calls;
        kit_span("s");
        poll_for(1000);
        assert_true(calls - before <= 5);
    }
    (void)kit_stats(&ex, OTEL_SIGNAL_TRACES);
    answer = 200;
    poll_for(2000);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported, 60);
    kit_stop();
}

/* Several threads come at once when the time is over: one of them probes. */
static unsigned probes;
static int slow_post(void *user, const otel_request_t *r)
{
    volatile unsigned i;
    (void)user;
    (void)r;
    (void)__atomic_fetch_add(&probes, 1u, __ATOMIC_RELAXED);
    for (i = 0; i < 20000; i++) {}
    return -1;
}
static pthread_barrier_t together;
static void a_probe_that_the_transport_has_no_time_for_is_made_again(void **state)
{
    (void)state;
    start_broken(1, 30000);
    kit_span("s");
    poll_for(20);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_OPEN);
    answer = OTEL_AGAIN;
    now_ns += 38000 * MS;
    poll_for(1);
    assert_int_equal(calls, 2);
    answer = 200;
    poll_for(100);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_CLOSED);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported, 1);
    kit_stop();
}

static void *caller(void *user)
{
    static const otel_request_t request = { "/v1/traces", "", 0, NULL, 0, 0, OTEL_SIGNAL_TRACES, 1 };
    (void)pthread_barrier_wait(&together);
    (void)otel_breaker_send(user, &request);
    return NULL;
}
static void callers_at_once_make_one_probe(void **state)
{
    pthread_t thread[8];
    unsigned round, i;
    otel_request_t request;
    (void)state;
    memset(&request, 0, sizeof request);
    start_broken(1, 100);
    assert_int_equal(otel_breaker_init(&breaker, .send = slow_post, .failures = 1, .open_ms = 100), OTEL_OK);
    assert_int_equal(otel_breaker_send(&breaker, &request), -1);
    (void)pthread_barrier_init(&together, NULL, 8);
    for (round = 0; round < 50; round++) {
        now_ns += 200 * MS;
        probes = 0;
        for (i = 0; i < 8; i++) assert_int_equal(pthread_create(&thread[i], NULL, caller, &breaker), 0);
        for (i = 0; i < 8; i++) (void)pthread_join(thread[i], NULL);
        assert_int_equal(probes, 1);
    }
    (void)pthread_barrier_destroy(&together);
    kit_stop();
}

/* Wherever a caller is held up between its look at the clock and its request, and whatever a whole other request does meanwhile (a
   probe that fails, or stays on its way): a second one is a probe only if the first one's time is over, too. */
static unsigned look, interrupted_at, in_between_ms;
static bool interrupted_before;
static const otel_request_t nothing = { "/v1/traces", "", 0, NULL, 0, 0, OTEL_SIGNAL_TRACES, 1 };
static uint64_t interrupted_clock(void *user)
{
    uint64_t now = now_ns;
    (void)user;
    if (++look == interrupted_at) {
        if (interrupted_before) now_ns += in_between_ms * MS;
        (void)otel_breaker_send(&breaker, &nothing);
        if (!interrupted_before) now_ns += in_between_ms * MS;
    }
    return now;
}
static void a_caller_that_is_held_up_makes_no_second_probe(void **state)
{
    static const int answers[] = { -1, OTEL_PENDING };
    unsigned at, kind;
    (void)state;
    for (kind = 0; kind < 8; kind++) {
        for (at = 1; at < 12; at++) {
            now_ns = T0;
            calls = 0;
            interrupted_at = 0;
            in_between_ms = kind & 2u ? 7 : 0;
            interrupted_before = kind & 4u;
            answer = -1;
            assert_int_equal(otel_init(&otel, .clock = interrupted_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
            assert_int_equal(otel_breaker_init(&breaker, .send = post, .failures = 1, .open_ms = 100), OTEL_OK);
            (void)otel_breaker_send(&breaker, &nothing);
            assert_int_equal(calls, 1);
            now_ns += 200 * MS;
            look = 0;
            interrupted_at = at;
            answer = answers[kind & 1u];
            (void)otel_breaker_send(&breaker, &nothing);
            assert_int_equal(calls, 2);
            interrupted_at = 0;
            now_ns += 200 * MS;
            (void)otel_breaker_send(&breaker, &nothing);
            assert_int_equal(calls, 3);
            kit_stop();
        }
    }
}

/* A thousand devices that lost their receiver in the same moment come back over a quarter of the time, not together. */
static void a_fleet_spreads(void **state)
{
    static unsigned in[10];
    unsigned i, k;
    otel_request_t request;
    (void)state;
    memset(&request, 0, sizeof request);
    memset(in, 0, sizeof in);
    for (i = 0; i < 1000; i++) {
        start_broken(1, 10000);
        otel.shard_.ids.count = (otel_count_t)i * 977u;
        assert_int_equal(otel_breaker_send(&breaker, &request), -1);
        for (k = 0; k < 10; k++) {
            now_ns = T0 + (10005 + 250u * (k + 1u)) * MS;
            (void)otel_breaker_send(&breaker, &request);
            if (calls == 2) break;
        }
        assert_int_equal(calls, 2);
        in[k]++;
        kit_stop();
    }
    for (k = 1; k < 10; k++) assert_in_range(in[k], 70, 150);     /* from a tenth of that quarter on */
}

static void pending_outcomes_are_told_and_a_lost_probe_does_not_close_it_for_ever(void **state)
{
    otel_request_t request;
    (void)state;
    memset(&request, 0, sizeof request);
    start_broken(1, 100);
    answer = OTEL_PENDING;
    assert_int_equal(otel_breaker_send(&breaker, &request), OTEL_PENDING);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_CLOSED);
    otel_breaker_done(&breaker, -1);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_OPEN);
    now_ns += 200 * MS;
    assert_int_equal(otel_breaker_send(&breaker, &request), OTEL_PENDING);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_HALF_OPEN);
    assert_int_equal(otel_breaker_send(&breaker, &request), -1);
    now_ns += 200 * MS;                           /* nobody ever told what became of the probe */
    assert_int_equal(otel_breaker_send(&breaker, &request), OTEL_PENDING);
    otel_breaker_done(&breaker, 200);
    assert_int_equal(otel_breaker_state(&breaker), OTEL_BREAKER_CLOSED);
    assert_int_equal(otel_breaker_init(&breaker, .failures = 1), OTEL_E_SEND);
    assert_int_equal(otel_breaker_init(NULL, .send = post), OTEL_E_NULL);
    assert_int_equal(otel_breaker_send(NULL, &request), -1);
    otel_breaker_done(NULL, 200);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_that_the_transport_has_no_time_for_is_made_again), cmocka_unit_test(it_opens_after_failures_in_a_row_and_one_probe_closes_it),
        cmocka_unit_test(answers_in_between_keep_it_closed),
        cmocka_unit_test(flapping_never_makes_a_storm),
        cmocka_unit_test(callers_at_once_make_one_probe),
        cmocka_unit_test(a_caller_that_is_held_up_makes_no_second_probe),
        cmocka_unit_test(a_fleet_spreads),
        cmocka_unit_test(pending_outcomes_are_told_and_a_lost_probe_does_not_close_it_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
