/* flags: -D_POSIX_C_SOURCE=200809L -pthread */
/* What a flush, and a shutdown, promise: all that was recorded before, by whichever thread, to each exporter that has a receiver. */
#include <pthread.h>
#include "kit.h"

static pthread_barrier_t meet;
static unsigned sent[2], calls;                /* by the first letter of the name: 'o' and others */
static unsigned more;                          /* spans that the transport records itself */

static int count(void *user, const otel_request_t *r)
{
    otel_recorded_span_t span;
    uint32_t i;
    (void)user;
    otel_recorder_clear(&rec);
    assert_int_equal(otel_recorder_send(&rec, r), 200);
    for (i = 0; otel_recorder_span(&rec, i, &span); i++) sent[span.name.text[0] != 'o']++;
    calls++;
    if (more) {
        more--;
        kit_span("new");
    }
    return 200;
}

static void start_shards(uint32_t max_items)
{
    now_ns = T0;
    sent[0] = sent[1] = calls = 0;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .shards = 4), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = count, .buffer = packet, .buffer_size = sizeof packet, .max_items = max_items, .idle = kit_idle), OTEL_OK);
    assert_int_equal(pthread_barrier_init(&meet, NULL, 2), 0);
}

/* Records one span in a shard of its own, and lives on. */
static void *one_span(void *user)
{
    kit_span("old");
    (void)pthread_barrier_wait(&meet);
    (void)pthread_barrier_wait(&meet);
    return user;
}

static void a_flush_waits_for_the_records_of_each_thread(void **state)
{
    pthread_t thread;
    (void)state;
    start_shards(1);
    kit_span("old");
    assert_int_equal(pthread_create(&thread, NULL, one_span, NULL), 0);
    (void)pthread_barrier_wait(&meet);
    more = 6;                                             /* this thread goes on, as servers do */
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(sent[0], 2);
    more = 0;
    (void)pthread_barrier_wait(&meet);
    (void)pthread_join(thread, NULL);
    kit_stop();
}

static void a_busy_thread_does_not_starve_the_others(void **state)
{
    pthread_t thread;
    unsigned i, k;
    (void)state;
    start_shards(4);
    kit_span("busy");
    assert_int_equal(pthread_create(&thread, NULL, one_span, NULL), 0);
    (void)pthread_barrier_wait(&meet);
    for (i = 0; i < 10; i++) {                            /* as many as a request holds, each time */
        for (k = 0; k < 4; k++) kit_span("busy");
        now_ns += 6000 * MS;
        assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    }
    assert_int_equal(sent[0], 1);
    assert_true(sent[1] >= 36);
    (void)pthread_barrier_wait(&meet);
    (void)pthread_join(thread, NULL);
    kit_stop();
}

/* ---- several exporters ---- */
static otel_exporter_t other;
static uint8_t packet_of_other[4096];
static unsigned taken;
static int answer_of_one;

static int dead(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    now_ns += 10 * MS;
    return answer_of_one;
}

static int alive(void *user, const otel_request_t *r)
{
    (void)user;
    now_ns += MS;
    taken += r->items;
    return 200;
}

static void start_two(void)
{
    unsigned i;
    now_ns = T0;
    taken = 0;
    answer_of_one = -1;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&other, .otel = &otel, .send = alive, .buffer = packet_of_other, .buffer_size = sizeof packet_of_other, .idle = kit_idle, .max_items = 10), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = dead, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    for (i = 0; i < 50; i++) kit_span("s");
}

static void a_dead_receiver_takes_no_time_of_another_one(void **state)
{
    unsigned i;
    (void)state;
    for (i = 0; i < 2; i++) {
        uint64_t begin;
        start_two();
        begin = now_ns;
        assert_int_equal(i ? otel_shutdown(&otel, 5000) : otel_flush(&otel, 5000), OTEL_E_TIMEOUT);
        assert_true(now_ns - begin >= 5000 * MS && now_ns - begin < 5100 * MS);
        assert_int_equal(taken, 50);
        assert_int_equal(kit_stats(&other, OTEL_SIGNAL_TRACES).exported, 50);
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_SHUTDOWN], i ? 50 : 0);
        (void)otel_shutdown(&otel, 0);
    }
}

/* It has all the time that others leave. */
static void idle_until_it_wakes(void *user, uint32_t ms)
{
    (void)user;
    now_ns += ms * MS;
    if (now_ns - T0 > 3500 * MS) answer_of_one = 200;
}

static void a_slow_receiver_has_what_others_leave(void **state)
{
    (void)state;
    start_two();
    ex.config_.idle = idle_until_it_wakes;
    ex.config_.retry_initial_ms = ex.config_.retry_max_ms = 100;
    assert_int_equal(otel_flush(&otel, 5000), OTEL_OK);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).exported, 50);
    assert_int_equal(kit_stats(&other, OTEL_SIGNAL_TRACES).exported, 50);
    (void)otel_shutdown(&otel, 0);
}

/* ---- clocks ---- */
static unsigned looks;

/* A step of a second at each million looks: an RTC that is asked by a loop without sleep. */
static uint64_t coarse_clock(void *user)
{
    (void)user;
    return ++looks / 1000000u;
}

static int first_not(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    return calls++ ? 200 : -1;
}

static void a_coarse_clock_does_not_stand_still(void **state)
{
    (void)state;
    looks = calls = 0;
    assert_int_equal(otel_init(&otel, .clock = coarse_clock, .clock_hz = 1, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_time_sync(&otel, T0);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = first_not, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 10000), OTEL_OK);
    assert_int_equal(calls, 2);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flush_waits_for_the_records_of_each_thread), cmocka_unit_test(a_busy_thread_does_not_starve_the_others),
        cmocka_unit_test(a_dead_receiver_takes_no_time_of_another_one), cmocka_unit_test(a_slow_receiver_has_what_others_leave),
        cmocka_unit_test(a_coarse_clock_does_not_stand_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
