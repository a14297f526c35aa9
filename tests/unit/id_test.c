/* Ids: never zero, never twice, random in every bit, others after a fork. */
#include "kit.h"

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return x < y ? -1 : x > y;
}

static otel_ids_t seeded(const char *seed)
{
    otel_ids_t ids;
    memset(&ids, 0, sizeof ids);
    otel_id_seed_(&ids, (const uint8_t *)seed, strlen(seed));
    return ids;
}

static void ten_million_span_ids_are_all_different(void **state)
{
    enum { N = 10000000 };
    otel_ids_t ids = seeded("ten million");
    uint64_t *all = (uint64_t *)malloc(N * sizeof *all);
    size_t i;
    (void)state;
    assert_non_null(all);
    for (i = 0; i < N; i++) {
        otel_id_make_(&ids, (uint8_t *)&all[i], 2);
        assert_true(all[i] != 0);
    }
    qsort(all, N, sizeof *all, by_value);
    for (i = 1; i < N; i++) assert_true(all[i] != all[i - 1]);
    free(all);
}

/* Chi-square of each byte (255 degrees of freedom: 330 is beyond one in a thousand) and a share for each bit. */
static void every_byte_and_every_bit_is_random(void **state)
{
    enum { N = 1000000 };
    static uint32_t byte[16][256], bit[128];
    unsigned words, i, k, m;
    (void)state;
    for (words = 2; words <= 4; words += 2) {
        otel_ids_t ids = seeded("chi");
        memset(byte, 0, sizeof byte);
        memset(bit, 0, sizeof bit);
        for (i = 0; i < N; i++) {
            uint8_t id[16];
            otel_id_make_(&ids, id, words);
            for (k = 0; k < 4 * words; k++) {
                byte[k][id[k]]++;
                for (m = 0; m < 8; m++) bit[8 * k + m] += (uint32_t)(id[k] >> m) & 1u;
            }
        }
        for (k = 0; k < 4 * words; k++) {
            double chi = 0, mean = N / 256.0;
            for (m = 0; m < 256; m++) chi += ((double)byte[k][m] - mean) * ((double)byte[k][m] - mean) / mean;
            assert_true(chi < 370.0);
            for (m = 0; m < 8; m++) assert_in_range(bit[8 * k + m], N / 2 - 2500, N / 2 + 2500);
        }
    }
}

static void trace_and_span_ids_share_no_words(void **state)
{
    enum { N = 100000 };
    otel_ids_t ids = seeded("shared");
    uint64_t *all = (uint64_t *)malloc(3 * N * sizeof *all);
    size_t i;
    (void)state;
    assert_non_null(all);
    for (i = 0; i < N; i++) {
        otel_id_make_(&ids, (uint8_t *)&all[3 * i], 4);
        otel_id_make_(&ids, (uint8_t *)&all[3 * i + 2], 2);
    }
    qsort(all, 3 * N, sizeof *all, by_value);
    for (i = 1; i < 3 * N; i++) assert_true(all[i] != all[i - 1]);
    free(all);
}

static void neighbours_in_seed_and_count_differ_in_half_of_their_bits(void **state)
{
    uint32_t different = 0;
    unsigned i, k;
    (void)state;
    for (i = 0; i < 1000; i++) {
        char name[2][16];
        uint8_t id[2][16];
        otel_ids_t a, b;
        snprintf(name[0], 16, "seed %u", i);
        snprintf(name[1], 16, "seed %u", i + 1);
        a = seeded(name[0]);
        b = seeded(name[1]);
        otel_id_make_(&a, id[0], 4);
        otel_id_make_(&b, id[1], 4);
        for (k = 0; k < 128; k++) different += (uint32_t)((id[0][k / 8] ^ id[1][k / 8]) >> (k % 8)) & 1u;
    }
    assert_in_range(different, 62000, 66000);
}

static bool no_entropy(void *user, void *to, size_t len)
{
    (void)user;
    memset(to, 0, len);
    return true;
}

static void entropy_of_zeros_gives_ids_that_do_not_claim_to_be_random(void **state)
{
    otel_span_t a, b;
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = no_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_span_start(&a, "a");
    assert_true(otel_context_valid(&(otel_context_t){ .trace_id = { 1 }, .span_id = { 1 } }));
    assert_int_equal(otel_span_context(&a).flags & OTEL_FLAG_RANDOM, 0);
    otel_span_end(&a);
    kit_stop();
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = no_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_span_start(&b, "b");
    assert_memory_not_equal(otel_span_context(&a).trace_id, otel_span_context(&b).trace_id, 16);
    otel_span_end(&b);
    kit_stop();
}

static void a_fork_takes_other_ids(void **state)
{
    otel_span_t parent, child;
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_span_start(&parent, "next of the parent");
    otel.shard_.ids.count--;                      /* as the child would begin */
    otel_after_fork(&otel);
    otel_span_start(&child, "first of the child");
    assert_memory_not_equal(otel_span_context(&parent).trace_id, otel_span_context(&child).trace_id, 16);
    assert_memory_not_equal(otel_span_context(&parent).span_id, otel_span_context(&child).span_id, 8);
    otel_span_end(&parent);
    otel_span_end(&child);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_million_span_ids_are_all_different),
        cmocka_unit_test(every_byte_and_every_bit_is_random),
        cmocka_unit_test(trace_and_span_ids_share_no_words),
        cmocka_unit_test(neighbours_in_seed_and_count_differ_in_half_of_their_bits),
        cmocka_unit_test(entropy_of_zeros_gives_ids_that_do_not_claim_to_be_random),
        cmocka_unit_test(a_fork_takes_other_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
