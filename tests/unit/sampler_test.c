/* Samplers: the share of a ratio, its ends, parents near and far, samplers that answer nonsense. */
#include "kit.h"

static void start_with(otel_sampler_t sampler)
{
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .sampler = sampler, .when_full = OTEL_DROP_OLDEST), OTEL_OK);
}

static bool sampled(const otel_context_t *parent)
{
    otel_span_t s;
    bool is;
    otel_span_start(&s, "s", .parent = parent);
    is = otel_is_recording(&s);
    assert_int_equal((otel_span_context(&s).flags & OTEL_FLAG_SAMPLED) != 0, is);
    otel_span_end(&s);
    return is;
}

static void a_ratio_keeps_its_share_of_100000_traces(void **state)
{
    static const double ratios[] = { 0.001, 0.01, 0.1, 0.5, 0.9, 0.999 };
    unsigned r, i;
    (void)state;
    for (r = 0; r < LENGTH(ratios); r++) {
        double kept = 0, want = 100000 * ratios[r], spread = 5.0 * (want > 50000 ? 100000 - want : want);
        start_with(otel_sampler_ratio(ratios[r]));
        for (i = 0; i < 100000; i++) kept += sampled(NULL);
        assert_true((kept - want) * (kept - want) < 5.0 * spread);            /* five standard deviations */
        kit_stop();
    }
}

static void a_ratio_outside_of_0_to_1_is_the_nearer_end(void **state)
{
    static const struct { double ratio; bool all; } ends[] = { { 0, false }, { -1, false }, { -1e300, false }, { 1, true }, { 2, true }, { 1e300, true } };
    unsigned r, i;
    double nan_ = 0.0;
    (void)state;
    for (r = 0; r < LENGTH(ends); r++) {
        start_with(otel_sampler_ratio(ends[r].ratio));
        for (i = 0; i < 1000; i++) assert_int_equal(sampled(NULL), ends[r].all);
        kit_stop();
    }
    nan_ /= nan_;
    start_with(otel_sampler_ratio(nan_));
    assert_false(sampled(NULL));
    kit_stop();
}

static void a_ratio_decides_alike_for_one_trace_id(void **state)
{
    otel_sampler_t low = otel_sampler_ratio(0.2), high = otel_sampler_ratio(0.6);
    otel_sampling_t input;
    uint8_t id[16];
    otel_ids_t ids;
    unsigned i;
    (void)state;
    memset(&ids, 0, sizeof ids);
    memset((void *)&input, 0, sizeof input);
    input.trace_id = id;
    for (i = 0; i < 10000; i++) {
        otel_id_make_(&ids, id, 4);
        if (low.decide(&low, &input) != OTEL_DECISION_DROP) assert_int_equal(high.decide(&high, &input), OTEL_DECISION_RECORD_AND_SAMPLE);
    }
}

static void children_do_as_their_parent_did(void **state)
{
    otel_sampler_t off = otel_sampler_always_off();
    otel_context_t parent;
    unsigned remote, root;
    (void)state;
    for (root = 0; root < 2; root++) {
        start_with(otel_sampler_parent_based(root ? NULL : &off));
        assert_int_equal(sampled(NULL), root);
        for (remote = 0; remote < 2; remote++) {
            memset(&parent, 0, sizeof parent);
            parent.trace_id[0] = parent.span_id[0] = 1;
            parent.remote = remote != 0;
            assert_false(sampled(&parent));
            parent.flags = OTEL_FLAG_SAMPLED;
            assert_true(sampled(&parent));
            parent.flags = 0xFE;
            assert_false(sampled(&parent));
        }
        kit_stop();
    }
}

static void always_on_and_off_do_not_ask_the_parent(void **state)
{
    otel_context_t parent;
    (void)state;
    memset(&parent, 0, sizeof parent);
    parent.trace_id[0] = parent.span_id[0] = 1;
    start_with(otel_sampler_always_on());
    assert_true(sampled(&parent));
    kit_stop();
    parent.flags = OTEL_FLAG_SAMPLED;
    start_with(otel_sampler_always_off());
    assert_false(sampled(&parent));
    kit_stop();
}

static otel_decision_t nonsense(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    (void)input;
    return (otel_decision_t)42;
}

static void a_sampler_that_answers_nonsense_drops(void **state)
{
    (void)state;
    start_with(otel_sampler_(nonsense));
    assert_false(sampled(NULL));
    kit_stop();
}

static void a_span_not_sampled_is_not_created_and_passes_its_context_on(void **state)
{
    (void)state;
    start_with(otel_sampler_always_off());
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet), OTEL_OK);
    OTEL_SPAN(outer, "outer") {
        otel_context_t up = otel_span_context(outer);
        OTEL_SPAN(inner, "inner") {
            otel_context_t down = otel_span_context(inner);
            assert_memory_equal(up.trace_id, down.trace_id, 16);
            assert_memory_not_equal(up.span_id, down.span_id, 8);
        }
    }
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 0);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ratio_keeps_its_share_of_100000_traces),
        cmocka_unit_test(a_ratio_outside_of_0_to_1_is_the_nearer_end),
        cmocka_unit_test(a_ratio_decides_alike_for_one_trace_id),
        cmocka_unit_test(children_do_as_their_parent_did),
        cmocka_unit_test(always_on_and_off_do_not_ask_the_parent),
        cmocka_unit_test(a_sampler_that_answers_nonsense_drops),
        cmocka_unit_test(a_span_not_sampled_is_not_created_and_passes_its_context_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
