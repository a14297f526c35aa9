/* Counts that outlive a reset: in memory that start-up code leaves alone the old objects are read before they are initialised. */
#include "kit.h"

static otel_keep_t keep;
static otel_stats_t before;
static otel_counter_t reads = OTEL_COUNTER("reads");
static int answer = 200;

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    return answer;
}

/* A reset, or power-on: the objects are what they are, and the program begins. */
static bool boot_with(size_t pool_size)
{
    bool warm = otel_keep_read(&keep, &otel, &ex, &before);
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = pool_size), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = 1024, .max_items = 2, .idle = kit_idle), OTEL_OK);
    assert_int_equal(otel_keep_open(&keep, &ex, &before), OTEL_OK);
    return warm;
}
static bool boot(void) { return boot_with(4096); }

static void power_on(void)
{
    unsigned i;
    now_ns = T0;
    answer = 200;
    for (i = 0; i < sizeof keep; i++) ((uint8_t *)&keep)[i] = (uint8_t)(i * 37 + 11);
    memset((void *)&otel, 0xA5, sizeof otel);
    memset((void *)&ex, 0x5A, sizeof ex);
}

static void law(void)
{
    unsigned s;
    for (s = 0; s < OTEL_SIGNALS; s++) (void)kit_stats(&ex, (otel_signal_t)s);
}

static void after_power_on_counts_begin_at_zero(void **state)
{
    otel_stats_t none;
    (void)state;
    memset((void *)&none, 0, sizeof none);
    power_on();
    assert_false(boot());
    assert_int_equal(keep.boots, 1);
    assert_memory_equal(&before, &none, sizeof none);
    kit_span("a");
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 1);
    law();
}

static void after_a_reset_they_go_on_and_what_was_queued_is_lost(void **state)
{
    otel_signal_stats_t spans, logs;
    unsigned i;
    (void)state;
    power_on();
    (void)boot_with(400);
    for (i = 0; i < 3; i++) kit_span("sent");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    for (i = 0; i < 9; i++) kit_span("too many for the ring");
    otel_log(OTEL_INFO, "waits");
    spans = kit_stats(&ex, OTEL_SIGNAL_TRACES);
    assert_true(spans.exported == 3 && spans.dropped[OTEL_DROP_FULL] > 0 && spans.queued > 0);
    assert_true(boot());
    assert_int_equal(keep.boots, 2);
    assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_RESET], spans.queued);
    logs = kit_stats(&ex, OTEL_SIGNAL_LOGS);
    assert_true(logs.created == 1 && logs.dropped[OTEL_DROP_RESET] == 1);
    kit_span("later");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    {
        otel_signal_stats_t now = kit_stats(&ex, OTEL_SIGNAL_TRACES);
        assert_true(now.created == 13 && now.exported == 4 && now.queued == 0);
        assert_int_equal(now.dropped[OTEL_DROP_FULL], spans.dropped[OTEL_DROP_FULL]);
        assert_int_equal(now.dropped[OTEL_DROP_RESET], spans.queued);
    }
    assert_true(boot());                          /* nothing was queued: nothing more is lost */
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_RESET], spans.queued);
    law();
}

static void wherever_the_ring_stands_it_is_believed(void **state)
{
    unsigned boots, i;
    (void)state;
    power_on();
    (void)boot_with(1200);
    for (boots = 0; boots < 60; boots++) {
        for (i = 0; i < boots % 7u; i++) {
            kit_span("sent");
            assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        }
        for (i = 0; i < boots % 5u; i++) kit_span("queued");
        law();
        assert_true(boot_with(1200));
    }
}

static void what_was_on_its_way_or_being_written_is_lost(void **state)
{
    otel_signal_stats_t metrics;
    otel_pos_t start = 0;
    unsigned i;
    (void)state;
    power_on();
    (void)boot();
    for (i = 0; i < 3; i++) kit_span("x");
    otel_counter_add(&reads, 1);
    answer = OTEL_PENDING;
    now_ns += 6000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);                  /* two of them are on their way */
    assert_true(otel_ring_begin_(&otel.shard_.ring[OTEL_SPANS_], &otel.guard_, 100, &start));
    assert_true(boot());
    assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].created, 4);
    assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_RESET], 4);
    otel_counter_add(&reads, 1);
    now_ns += 61000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);                  /* a data point is on its way */
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_METRICS).queued, 1);
    assert_true(boot());
    metrics = kit_stats(&ex, OTEL_SIGNAL_METRICS);
    assert_true(metrics.created == 1 && metrics.dropped[OTEL_DROP_RESET] == 1);
    law();
}

static void counts_of_an_exporter_that_was_shut_down_go_on(void **state)
{
    (void)state;
    power_on();
    (void)boot();
    kit_span("a");
    answer = -1;
    kit_span("b");
    assert_int_equal(otel_shutdown(&otel, 0), OTEL_E_TIMEOUT);
    answer = 200;
    assert_true(boot());
    assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_SHUTDOWN], 2);
    assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_RESET], 0);
    law();
}

static void a_flipped_bit_is_not_believed(void **state)
{
    static otel_keep_t good;
    static otel_t instance;
    unsigned i, believed = 0;
    (void)state;
    power_on();
    (void)boot();
    kit_span("a");
    good = keep;
    instance = otel;
    for (i = 0; i < offsetof(otel_keep_t, check_) * 8u; i++) {
        keep = good;
        ((uint8_t *)&keep)[i / 8u] ^= (uint8_t)(1u << i % 8u);
        assert_false(otel_keep_read(&keep, &otel, &ex, &before));
        assert_int_equal(before.signal[OTEL_SIGNAL_TRACES].created, 0);
    }
    for (i = 0; i < sizeof(otel_count_t) * 8u; i++) {                  /* of a count: the law notices, but for small differences */
        keep = good;
        otel.shard_.ring[OTEL_SPANS_].created ^= (otel_count_t)1 << i;
        believed += otel_keep_read(&keep, &otel, &ex, &before) ? 1u : 0u;
        otel = instance;
    }
    assert_in_range(believed, 1, 7);
}

static void a_reset_between_the_two_calls_begins_anew(void **state)
{
    (void)state;
    power_on();
    (void)boot();
    kit_span("a");
    assert_true(otel_keep_read(&keep, &otel, &ex, &before));
    assert_false(otel_keep_read(&keep, &otel, &ex, &before));
    assert_int_equal(keep.boots, 3);              /* the memory was never without power */
    assert_false(boot());
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 0);
}

static void another_firmware_s_objects_are_not_believed(void **state)
{
    static otel_exporter_t elsewhere;
    (void)state;
    power_on();
    (void)boot();
    kit_span("a");
    elsewhere = ex;
    assert_false(otel_keep_read(&keep, &otel, &elsewhere, &before));
}

static void wrong_uses_have_an_answer(void **state)
{
    static otel_exporter_t second;
    (void)state;
    power_on();
    assert_false(otel_keep_read(NULL, &otel, &ex, &before));
    assert_false(otel_keep_read(&keep, &otel, &ex, NULL));
    (void)boot();
    assert_int_equal(otel_keep_open(NULL, &ex, &before), OTEL_E_NULL);
    assert_int_equal(otel_keep_open(&keep, &ex, NULL), OTEL_E_NULL);
    memset((void *)&second, 0, sizeof second);
    assert_int_equal(otel_keep_open(&keep, &second, &before), OTEL_E_NOT_READY);
    assert_int_equal(otel_exporter_init(&second, .otel = &otel, .send = post, .buffer = packet, .buffer_size = 1024), OTEL_OK);
    assert_int_equal(otel_keep_open(&keep, &second, &before), OTEL_E_CONFIG);
    kit_stop();
}

/* Whatever a stray write did to them: the counts are believed or not, nothing that lies there is followed, and the law holds. */
static void spoiled_memory_is_no_fault(void **state)
{
    static const uint8_t with[] = { 0x01, 0x40, 0xFF };
    size_t i, k;
    (void)state;
    for (k = 0; k < LENGTH(with); k++) {
        for (i = 0; i < sizeof otel + sizeof ex; i++) {
            power_on();
            (void)boot();
            kit_span("a");
            (void)otel_export_flush(&ex, 100);
            kit_span("b");
            *(i < sizeof otel ? (uint8_t *)&otel + i : (uint8_t *)&ex + (i - sizeof otel)) ^= with[k];
            (void)boot();
            kit_span("c");
            law();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_power_on_counts_begin_at_zero),
        cmocka_unit_test(after_a_reset_they_go_on_and_what_was_queued_is_lost),
        cmocka_unit_test(wherever_the_ring_stands_it_is_believed),
        cmocka_unit_test(what_was_on_its_way_or_being_written_is_lost),
        cmocka_unit_test(counts_of_an_exporter_that_was_shut_down_go_on),
        cmocka_unit_test(a_flipped_bit_is_not_believed),
        cmocka_unit_test(a_reset_between_the_two_calls_begins_anew),
        cmocka_unit_test(another_firmware_s_objects_are_not_believed),
        cmocka_unit_test(wrong_uses_have_an_answer),
        cmocka_unit_test(spoiled_memory_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
