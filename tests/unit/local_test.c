/* flags: -pthread */
/* Sums that threads add to in places of their own. */
#include "kit.h"
#include <pthread.h>

#define SHARDS 4                  /* the first one is for all: three threads have their own */
static uint8_t big_pool[1 << 18];
static uint64_t kept[400];
static otel_counter_t hits = OTEL_COUNTER("hits", OTEL_SERIES(4));
static otel_updown_t open_now = OTEL_UPDOWN("open");
static otel_local_t here;
static int64_t received;

static uint64_t ticking(void *user)
{
    (void)user;
    return OTEL_WIDE_ ? __atomic_add_fetch(&now_ns, 100, __ATOMIC_RELAXED) : T0;
}

static void start(otel_temporality_t *temporality)
{
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = ticking, .pool = big_pool, .pool_size = sizeof big_pool, .shards = SHARDS), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = temporality, .idle = kit_idle), OTEL_OK);
}

/* The sum of the points of a collection. */
static int64_t collect(void)
{
    otel_recorded_point_t p;
    int64_t sum = 0;
    uint32_t i;
    otel_recorder_clear(&rec);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    for (i = 0; otel_recorder_point(&rec, i, &p); i++) sum += p.int_value;
    return sum;
}

static void *add(void *turns)
{
    long i;
    for (i = 0; i < *(long *)turns; i++) otel_local_add(&here, 1);
    otel_thread_end(&otel);
    return NULL;
}

static void a_collection_has_all_that_came_before_it(void **state)
{
    (void)state;
    start(NULL);
    otel_local_add(&here, 1);                 /* bound to nothing yet */
    otel_local_bind(&here, NULL);
    otel_local_add(&here, 1);
    otel_local_bind(&here, otel_counter_bind(&hits, "route", "/"));
    otel_local_add(&here, 1);
    otel_local_add(&here, 2);
    assert_int_equal(collect(), 3);
    otel_local_add(&here, 4);
    assert_int_equal(collect(), 7);
    otel_local_add(NULL, 1);
    otel_local_bind(NULL, NULL);
    kit_stop();
}

static void what_a_counter_does_not_take_is_refused(void **state)
{
    uint32_t before;
    (void)state;
    start(NULL);
    before = (uint32_t)otel_instrument_stats(&hits).refused;
    otel_local_add(&here, 5);
    otel_local_add(&here, -1);
    assert_int_equal((uint32_t)otel_instrument_stats(&hits).refused - before, 1);
    assert_int_equal(collect(), 5);
    kit_stop();
}

static void an_updown_goes_both_ways(void **state)
{
    static otel_local_t doors;
    unsigned i;
    (void)state;
    start(NULL);
    otel_local_bind(&doors, otel_updown_bind(&open_now));
    for (i = 0; i < 10; i++) otel_local_add(&doors, 3);
    for (i = 0; i < 10; i++) otel_local_add(&doors, -2);
    assert_int_equal(collect(), 10);
    kit_stop();
}

static void a_life_of_the_instance_has_its_own_additions_only(void **state)
{
    (void)state;
    start(NULL);
    otel_local_add(&here, 1);
    otel_local_add(&here, 1);
    assert_int_equal(collect(), 2);
    otel_local_add(&here, 10);
    assert_int_equal(otel_shutdown(&otel, 1000), OTEL_OK);
    otel_local_add(&here, 100);               /* nobody is there */
    otel_local_add(&here, 100);
    start(NULL);
    assert_int_equal(collect(), 0);
    otel_local_add(&here, 3);
    assert_int_equal(collect(), 3);
    kit_stop();
}

/* More threads than places, one after the other and at the same time, while a reader collects differences. */
static void threads_add_up(void **state)
{
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    long turns = 20000, round, counted = 0;
    (void)state;
    start(&delta);
    received = 0;
    for (round = 0; round < 4; round++) {
        pthread_t thread[6];
        unsigned i, n = round == 0 ? 2 : 6;
        for (i = 0; i < n; i++) assert_int_equal(pthread_create(&thread[i], NULL, add, &turns), 0);
        for (i = 0; i < 20; i++) received += collect();
        for (i = 0; i < n; i++) assert_int_equal(pthread_join(thread[i], NULL), 0);
        counted += (long)n * turns;
    }
    received += collect();
    counted -= (long)otel_instrument_stats(&hits).refused;
    assert_true(OTEL_WIDE_ || counted > 0);
    if (OTEL_WIDE_) assert_int_equal(counted, received);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_collection_has_all_that_came_before_it),
        cmocka_unit_test(what_a_counter_does_not_take_is_refused),
        cmocka_unit_test(an_updown_goes_both_ways),
        cmocka_unit_test(a_life_of_the_instance_has_its_own_additions_only),
        cmocka_unit_test(threads_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
