/* The ring: every order in which writers and readers can meet that a test of one thread can make. Records are whole words
   and begin on one, here as in the library. */
#include "kit.h"

static const otel_guard_t free_for_all;

static bool write_one(otel_ring_t *ring, uint8_t fill, size_t n)
{
    uint32_t words[50];
    uint8_t *bytes = (uint8_t *)words;
    memset(words, fill, sizeof words);
    bytes[0] = 0x12;
    otel_put_length_(bytes + 1, (uint32_t)(n - 4));
    return otel_ring_write_(ring, &free_for_all, bytes, n / 8 * 4, bytes + n / 8 * 4, n - n / 8 * 4);
}

static void records_survive_the_end_of_the_ring_at_every_offset(void **state)
{
    static uint32_t words[64];
    uint8_t *bytes = (uint8_t *)words;
    otel_ring_t ring;
    size_t size, i, k;
    (void)state;
    for (size = 100; size <= sizeof words; size += 4) {
        otel_ring_init_(&ring, bytes, size, OTEL_DROP_NEWEST);
        assert_true(otel_ring_attach_(&ring, &free_for_all, 0));
        for (i = 0; i < 300; i++) {
            uint8_t out[64];
            size_t n = 12 + i % 13 * 4;
            otel_pos_t until;
            assert_true(write_one(&ring, (uint8_t)(i + 1), n));
            until = otel_ring_hold_(&ring, &free_for_all, 0);
            assert_int_equal(otel_record_size_(&ring, ring.reader[0].from), n);
            otel_ring_copy_(&ring, ring.reader[0].from, out, n);
            for (k = 4; k < n; k++) assert_int_equal(out[k], (uint8_t)(i + 1));
            otel_ring_pass_(&ring, &free_for_all, 0, until, 1);
        }
        assert_int_equal(ring.created, 300);
    }
}

static unsigned fetched;
static bool comes;
static bool fetch(void)
{
    fetched++;
    return comes;
}

static void the_exporter_is_fetched_once_when_the_ring_is_half_full(void **state)
{
    static uint32_t words[64];
    otel_ring_t ring;
    unsigned i;
    (void)state;
    otel_ring_init_(&ring, words, sizeof words, OTEL_DROP_NEWEST);
    assert_true(otel_ring_attach_(&ring, &free_for_all, 0));
    fetched = 0;
    for (i = 0; i < 6; i++) assert_true(write_one(&ring, 1, 16));
    assert_int_equal(fetched, 0);                         /* nobody asked for it */
    ring.wake = fetch;
    ring.wake_at = sizeof words / 2;
    for (; i < 9; i++) assert_true(write_one(&ring, 1, 16));
    assert_int_equal(fetched, 0);                         /* half full, and not more, when the last one came */
    comes = false;
    for (; i < 11; i++) assert_true(write_one(&ring, 1, 16));
    assert_int_equal(fetched, 2);                         /* not now: each record asks again */
    comes = true;
    for (; i < 16; i++) assert_true(write_one(&ring, 1, 16));
    assert_int_equal(fetched, 3);
    otel_ring_pass_(&ring, &free_for_all, 0, otel_ring_hold_(&ring, &free_for_all, 0), 16);
    ring.wake_at = sizeof words / 2;
    for (i = 0; i < 10; i++) assert_true(write_one(&ring, 1, 16));
    assert_int_equal(fetched, 4);
}

static void a_full_ring_takes_exactly_its_size(void **state)
{
    static uint32_t words[30];
    uint8_t *bytes = (uint8_t *)words;
    otel_ring_t ring;
    (void)state;
    otel_ring_init_(&ring, bytes, sizeof words, OTEL_DROP_NEWEST);
    assert_true(write_one(&ring, 1, 60) && write_one(&ring, 2, 60));
    assert_false(write_one(&ring, 3, 4));
    assert_int_equal(ring.dropped[OTEL_DROP_FULL], 1);
    assert_false(write_one(&ring, 3, 124));
    assert_int_equal(ring.dropped[OTEL_DROP_TOO_LARGE], 1);
    otel_ring_init_(&ring, bytes, sizeof words, OTEL_DROP_NEWEST);
    assert_true(write_one(&ring, 1, 120));
}

static void what_is_held_is_not_evicted(void **state)
{
    static uint32_t words[30];
    uint8_t *bytes = (uint8_t *)words;
    otel_ring_t ring;
    otel_pos_t until;
    (void)state;
    otel_ring_init_(&ring, bytes, sizeof words, OTEL_DROP_OLDEST);
    assert_true(otel_ring_attach_(&ring, &free_for_all, 0) && otel_ring_attach_(&ring, &free_for_all, 1));
    assert_true(write_one(&ring, 1, 60));
    until = otel_ring_hold_(&ring, &free_for_all, 1);
    assert_true(write_one(&ring, 2, 60));
    assert_false(write_one(&ring, 3, 60));
    assert_int_equal(ring.dropped[OTEL_DROP_IN_FLIGHT], 1);
    assert_int_equal(bytes[10], 1);
    otel_ring_pass_(&ring, &free_for_all, 1, until, 1);
    assert_true(write_one(&ring, 4, 60));         /* evicts the first: the slow reader loses it, the other one had it */
    assert_int_equal(ring.reader[0].evicted, 1);
    assert_int_equal(ring.reader[1].evicted, 0);
    assert_int_equal(bytes[10], 4);
}

static void an_eviction_between_two_looks_of_a_reader_takes_nothing_back(void **state)
{
    static uint32_t words[30];
    uint8_t *bytes = (uint8_t *)words;
    otel_ring_t ring;
    otel_pos_t until;
    (void)state;
    otel_ring_init_(&ring, bytes, sizeof words, OTEL_DROP_OLDEST);
    assert_true(otel_ring_attach_(&ring, &free_for_all, 0));
    until = otel_ring_hold_(&ring, &free_for_all, 0);             /* empty: nothing is held */
    assert_true(write_one(&ring, 1, 60) && write_one(&ring, 2, 60) && write_one(&ring, 3, 60));
    otel_ring_hold_until_(&ring, &free_for_all, 0, until);
    otel_ring_pass_(&ring, &free_for_all, 0, until, 1);
    assert_int_equal(ring.reader[0].cursor, ring.released);
    assert_int_equal(ring.reader[0].evicted, 1);
    assert_true(write_one(&ring, 4, 60));
    assert_int_equal(ring.reader[0].evicted, 2);
}

static bool busy(void *user, bool wait)
{
    (void)user;
    return wait;
}
static void no_unlock(void *user) { (void)user; }

static void a_lock_that_is_taken_drops_as_busy(void **state)
{
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .lock = busy, .unlock = no_unlock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    kit_span("s");
    otel_log(OTEL_INFO, "l");
    assert_int_equal(otel.shard_.ring[0].dropped[OTEL_DROP_BUSY], 1);
    assert_int_equal(otel.shard_.ring[1].dropped[OTEL_DROP_BUSY], 1);
    kit_stop();
}

static void a_record_begun_by_a_thread_that_died_is_one_loss(void **state)
{
    static uint32_t words[50];
    uint8_t *bytes = (uint8_t *)words;
    otel_ring_t ring;
    (void)state;
    otel_ring_init_(&ring, bytes, sizeof words, OTEL_DROP_NEWEST);
    assert_true(write_one(&ring, 1, 60));
    ring.created++;                               /* reserved, and never published */
    ring.reserved += 52;
    otel_ring_repair_(&ring);
    assert_int_equal(ring.dropped[OTEL_DROP_THREAD], 1);
    assert_int_equal(ring.created, ring.settled);
    assert_true(write_one(&ring, 2, 136));
    assert_int_equal(bytes[60], 0x12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_survive_the_end_of_the_ring_at_every_offset),
        cmocka_unit_test(a_full_ring_takes_exactly_its_size),
        cmocka_unit_test(what_is_held_is_not_evicted),
        cmocka_unit_test(an_eviction_between_two_looks_of_a_reader_takes_nothing_back),
        cmocka_unit_test(a_lock_that_is_taken_drops_as_busy),
        cmocka_unit_test(the_exporter_is_fetched_once_when_the_ring_is_half_full),
        cmocka_unit_test(a_record_begun_by_a_thread_that_died_is_one_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
