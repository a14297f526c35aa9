/* Batches: parts joined are the flat packet, byte for byte, wherever the ring ends and whichever scopes take turns. */
#include "kit.h"

static otel_scope_t scopes[3] = { OTEL_SCOPE("one", .version = "1", .schema_url = "https://example.org/one"), OTEL_SCOPE("two"), OTEL_SCOPE("three", .schema_url = "u") };

static void parts_joined_are_the_flat_packet(void **state)
{
    static uint8_t ring[1200], joined[4096];
    static otel_exporter_t parts;
    unsigned seed_, i;
    const bool roomy = sizeof(void *) == 8;       /* small targets have 192 bytes for all envelopes of parts */
    (void)state;
    for (i = 0; i < 3 && !roomy; i++) scopes[i].schema_url = NULL;
    for (seed_ = 0; seed_ < 3000; seed_++) {
        uint32_t random = seed_ * 2654435761u + 1u;
        otel_request_t a, b;
        now_ns = T0;
        assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = ring, .pool_size = 500 + seed_ % 700, .log_percent = OTEL_NO_LOG_RING,
                                   .schema_url = roomy && seed_ % 3 ? "https://example.org/r" : NULL, .when_full = OTEL_DROP_OLDEST), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
        assert_int_equal(otel_exporter_init(&parts, .otel = &otel), OTEL_OK);
        for (i = 0; i < 30; i++) {
            random = random * 1664525u + 1013904223u;
            OTEL_SPAN(s, "span", .scope = random >> 29 > 2 ? NULL : &scopes[random >> 29]) otel_span_set(s, "n", random, "t", OTEL_STR("0123456789012345", random >> 28));
        }
        while (otel_export_next(&parts, &a)) {
            size_t n = 0, k;
            assert_true(a.parts_len <= OTEL_PARTS_);
            for (k = 0; k < a.parts_len; k++) {
                memcpy(joined + n, a.parts[k].bytes, a.parts[k].len);
                n += a.parts[k].len;
            }
            assert_int_equal(n, a.len);
            ex.config_.max_items = a.items;       /* fewer fit into parts, when scopes take turns */
            assert_true(otel_export_next(&ex, &b));
            assert_int_equal(b.items, a.items);
            assert_int_equal(b.len, a.len);
            assert_memory_equal(b.body, joined, n);
            otel_export_done(&ex, 200);
            otel_export_done(&parts, 200);
        }
        assert_false(otel_export_next(&ex, &b));
        kit_stop();
    }
}

static void a_batch_ends_at_max_items(void **state)
{
    otel_request_t r;
    unsigned i, n = 0;
    (void)state;
    kit_start();
    ex.config_.max_items = 7;
    for (i = 0; i < 100; i++) kit_span("s");
    for (i = 0; otel_export_next(&ex, &r); i++) {
        assert_int_equal(r.items, i < 14 ? 7 : 2);
        n += r.items;
        otel_export_done(&ex, 200);
    }
    assert_int_equal(n, 100);
    kit_stop();
}

static void a_record_larger_than_the_packet_drops_and_the_next_goes_out(void **state)
{
    static otel_span_t big[OTEL_SPANS(2000)];
    static char text[1500];
    static uint8_t little[600];
    static otel_exporter_t x;
    otel_request_t r;
    (void)state;
    kit_start();
    memset(text, 'x', sizeof text);
    assert_int_equal(otel_exporter_init(&x, .otel = &otel, .buffer = little, .buffer_size = sizeof little), OTEL_OK);
    kit_span("first");
    otel_span_start(big, "big", .bytes = sizeof big);
    otel_span_set(big, "t", OTEL_STR(text, sizeof text));
    otel_span_end(big);
    kit_span("last");
    assert_true(otel_export_next(&x, &r));
    otel_export_done(&x, 200);
    assert_true(otel_export_next(&x, &r));
    assert_int_equal(r.items, 1);
    otel_export_done(&x, 200);
    assert_int_equal(kit_stats(&x, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_TOO_LARGE], 1);
    assert_int_equal(kit_stats(&x, OTEL_SIGNAL_TRACES).exported, 2);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_joined_are_the_flat_packet),
        cmocka_unit_test(a_batch_ends_at_max_items),
        cmocka_unit_test(a_record_larger_than_the_packet_drops_and_the_next_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
