/* flags: -pthread */
/* What samplers see and say: delegates, rules, attributes, tracestate, thresholds, rates over a million ids, load that changes. */
#include "kit.h"
#include <math.h>
#include <pthread.h>

#define TRACE "0123456789abcdef0123456789abcdef"
#define TP "00-" TRACE "-fedcba9876543210-01"

static void start_with(otel_sampler_t sampler)
{
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .sampler = sampler, .when_full = OTEL_DROP_OLDEST), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}

static bool sampled(const otel_context_t *parent)
{
    otel_span_t s;
    bool is;
    otel_span_start(&s, "s", .parent = parent);
    is = (otel_span_context(&s).flags & OTEL_FLAG_SAMPLED) != 0;
    assert_int_equal(otel_is_recording(&s), is);
    otel_span_end(&s);
    return is;
}

/* ---- parents ---- */
static void each_kind_of_parent_asks_its_delegate(void **state)
{
    const otel_sampler_t on = otel_sampler_always_on(), off = otel_sampler_always_off();
    unsigned set, kind, given;
    (void)state;
    for (set = 0; set < 32; set++) {                             /* which delegates say on; then the same with none given */
        for (given = 0; given < 2; given++) {
            otel_parent_based_t d;
            const otel_sampler_t **slot[] = { &d.root, &d.remote_sampled, &d.remote_not_sampled, &d.local_sampled, &d.local_not_sampled };
            memset((void *)&d, 0, sizeof d);
            for (kind = 0; given && kind < 5; kind++) *slot[kind] = set >> kind & 1 ? &on : &off;
            start_with(otel_sampler_parent_based_on(&d));
            for (kind = 0; kind < 5; kind++) {
                otel_context_t parent;
                bool yes = given ? (set >> kind & 1) != 0 : kind == 0 || kind == 1 || kind == 3;
                memset(&parent, 0, sizeof parent);
                parent.trace_id[3] = parent.span_id[3] = 3;
                parent.remote = kind == 1 || kind == 2;
                parent.flags = kind == 1 || kind == 3;
                assert_int_equal(sampled(kind ? &parent : NULL), yes);
            }
            kit_stop();
        }
    }
    start_with(otel_sampler_parent_based_on(NULL));
    assert_true(sampled(NULL));
    kit_stop();
}

static void always_record_records_what_is_dropped_and_exports_none_of_it(void **state)
{
    const otel_sampler_t off = otel_sampler_always_off(), on = otel_sampler_always_on();
    otel_span_t s;
    (void)state;
    start_with(otel_sampler_always_record(&off));
    otel_span_start(&s, "s");
    assert_true(otel_is_recording(&s));
    assert_int_equal(otel_span_context(&s).flags & OTEL_FLAG_SAMPLED, 0);
    otel_span_set(&s, "k", 1);
    otel_span_status(&s, OTEL_STATUS_ERROR, NULL);
    otel_span_end(&s);
    assert_false(otel_is_recording(&s));
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 0);
    kit_stop();
    start_with(otel_sampler_always_record(&on));
    assert_true(sampled(NULL));
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 1);
    kit_stop();
}

/* ---- what a sampler sees and says ---- */
static unsigned calls;
static otel_decision_t looks(const otel_sampler_t *self, const otel_sampling_t *input)
{
    static const otel_attr_t *added;
    static otel_attr_t table[1];
    assert_string_equal((const char *)self->user, "mine");
    assert_ptr_equal(input->otel, &otel);
    assert_string_equal(input->name, "GET /");
    assert_int_equal(input->kind, OTEL_SERVER);
    assert_non_null(input->parent);
    assert_true(input->parent->remote);
    assert_string_equal(input->parent->tracestate, "a=1");
    assert_string_equal(input->parent->baggage, "user=7");
    assert_int_equal(input->attributes_len, 2);
    assert_string_equal(input->attributes[1].key, "n");
    assert_int_equal(input->attributes[1].value.as.i, 5);
    assert_int_equal(input->links_len, 1);
    assert_int_equal(input->links[0].context.trace_id[0], 9);
    table[0] = otel_str("sampler", "looks");
    added = table;
    otel_sampling_add(input, added, 1);
    otel_sampling_tracestate(input, "mine=1,a=1");
    calls++;
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

static void a_sampler_sees_all_of_the_start_and_adds_attributes_and_tracestate(void **state)
{
    static char mine[] = "mine";
    otel_recorded_span_t got;
    otel_context_t caller;
    otel_attr_t attributes[2];
    otel_link_t link;
    otel_slice_t text;
    (void)state;
    start_with(otel_sampler_custom(looks, mine));
    attributes[0] = otel_str("s", "t");
    attributes[1] = otel_int("n", 5);
    memset((void *)&link, 0, sizeof link);
    link.context.trace_id[0] = link.context.span_id[0] = 9;
    assert_true(otel_extract(&caller, TP, "a=1", "user=7"));
    calls = 0;
    OTEL_SPAN(span, "GET /", .kind = OTEL_SERVER, .parent = &caller, .attributes = attributes, .attributes_len = 2, .links = &link, .links_len = 1) {
        assert_string_equal(otel_span_context(span).tracestate, "mine=1,a=1");
    }
    assert_int_equal(calls, 1);
    (void)otel_export_flush(&ex, 1000);
    assert_true(otel_recorder_find_span(&rec, "GET /", &got));
    assert_true(kit_is(got.trace_state, "mine=1,a=1"));
    assert_true(otel_recorded_text(&got.attributes, "sampler", &text) && kit_is(text, "looks"));
    assert_true(otel_recorded_text(&got.attributes, "s", &text));
    kit_stop();
}

static otel_decision_t by_tenant(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    calls++;
    assert_non_null(input->context);
    assert_true(input->parent == NULL || input->parent == input->context);
    assert_true(otel_context_valid(input->context) == (input->parent != NULL));
    return input->context->baggage && strcmp(input->context->baggage, "tenant=acme") == 0 ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

static void a_sampler_sees_the_baggage_of_a_root_span(void **state)
{
    otel_context_t caller;
    (void)state;
    start_with(otel_sampler_custom(by_tenant, NULL));
    calls = 0;
    assert_false(otel_extract(&caller, NULL, NULL, "tenant=acme"));
    OTEL_SPAN(span, "kept", .parent = &caller) {
        assert_true(otel_is_recording(span));
        OTEL_SPAN(inner, "child") assert_true(otel_is_recording(inner));
    }
    assert_false(otel_extract(&caller, NULL, NULL, "tenant=other"));
    OTEL_SPAN(span, "dropped", .parent = &caller) assert_false(otel_is_recording(span));
    OTEL_SPAN(span, "bare") assert_false(otel_is_recording(span));
    assert_int_equal(calls, 4);
    kit_stop();
}

/* ---- thresholds ---- */
static void thresholds_are_those_of_the_specifications_table(void **state)
{
    static const struct { double n; const char *th; } rows[] = {      /* 1 in n, 4 digits of precision */
        { 1, "0" }, { 2, "8" }, { 3, "aaab" }, { 4, "c" }, { 5, "cccd" }, { 8, "e" }, { 10, "e666" }, { 16, "f" }, { 100, "fd70a" },
        { 1000, "ffbe77" }, { 10000, "fff9724" }, { 100000, "ffff583a" }, { 1000000, "ffffef39" },
    };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(rows); i++) {
        otel_probability_t p;
        (void)otel_sampler_probability(&p, 1 / rows[i].n);
        assert_string_equal(p.text_ + 6, rows[i].th);
        assert_memory_equal(p.text_, "ot=th:", 6);
    }
    assert_true(otel_threshold(1.5) == 0 && otel_threshold(1) == 0 && otel_threshold(1e308) == 0);
    assert_true(otel_threshold(0) == OTEL_THRESHOLD_NEVER && otel_threshold(-1) == OTEL_THRESHOLD_NEVER && otel_threshold(1e-17) == OTEL_THRESHOLD_NEVER);
    assert_true(otel_threshold((double)NAN) == OTEL_THRESHOLD_NEVER);
    assert_true(otel_threshold(1.0 / 72057594037927936.0) == OTEL_THRESHOLD_NEVER - 1);
    assert_true(otel_threshold(0.9999999999) == 0);
    for (i = 1; i < 5000; i++) {                                   /* near what was asked, and falling */
        double p = i / 5000.0, got = otel_threshold_probability(otel_threshold(p));
        assert_true(fabs(got - p) <= p / 3000 + 1.0 / 65536);
        assert_true(otel_threshold(p) <= otel_threshold((i - 1) / 5000.0));
    }
}

static void the_ot_member_is_read_and_written_as_the_text_says(void **state)
{
    static const struct { const char *in; bool th, rv; uint64_t thv, rvv; const char *set, *erased; } cases[] = {      /* set to 0xc..., and erased */
        { NULL, 0, 0, 0, 0, "ot=th:c", "" },
        { "", 0, 0, 0, 0, "ot=th:c", "" },
        { "ot=th:0", 1, 0, 0, 0, "ot=th:c", "" },
        { "ot=th:8", 1, 0, 0x80000000000000ull, 0, "ot=th:c", "" },
        { "a=1,ot=th:8;rv:0123456789abcd,b=2", 1, 1, 0x80000000000000ull, 0x0123456789abcdull, "ot=th:c;rv:0123456789abcd,a=1,b=2", "ot=rv:0123456789abcd,a=1,b=2" },
        { "ot=rv:0123456789abcd;x:y;th:fd70a4", 1, 1, 0xfd70a400000000ull, 0x0123456789abcdull, "ot=th:c;rv:0123456789abcd;x:y", "ot=rv:0123456789abcd;x:y" },
        { "ot=rv:0123456789abc", 0, 0, 0, 0, "ot=th:c;rv:0123456789abc", "ot=rv:0123456789abc" },
        { "ot=rv:0123456789abcde", 0, 0, 0, 0, "ot=th:c;rv:0123456789abcde", "ot=rv:0123456789abcde" },
        { "ot=rv:0123456789ABCD", 0, 0, 0, 0, "ot=th:c;rv:0123456789ABCD", "ot=rv:0123456789ABCD" },
        { "ot=th:", 0, 0, 0, 0, "ot=th:c", "" },
        { "ot=th:g", 0, 0, 0, 0, "ot=th:c", "" },
        { "ot=th:123456789abcdef", 0, 0, 0, 0, "ot=th:c", "" },
        { "ot=th:ffffffffffffff", 1, 0, 0xffffffffffffffull, 0, "ot=th:c", "" },
        { "ott=th:8, x=1", 0, 0, 0, 0, "ot=th:c,ott=th:8,x=1", "ott=th:8,x=1" },
        { "bad,ot=th:8", 0, 0, 0, 0, "ot=th:c", "" },
        { "ot=;th:8;;", 1, 0, 0x80000000000000ull, 0, "ot=th:c", "" },
    };
    char buf[512], *exact;
    unsigned i;
    size_t size, n;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        otel_ot_t ot;
        otel_ot_read(cases[i].in, &ot);
        assert_int_equal(ot.has_th, cases[i].th);
        assert_int_equal(ot.has_rv, cases[i].rv);
        if (ot.has_th) assert_true(ot.th == cases[i].thv);
        if (ot.has_rv) assert_true(ot.rv == cases[i].rvv);
        n = otel_ot_write(cases[i].in, 0xc0000000000000ull, buf, sizeof buf);
        assert_string_equal(buf, cases[i].set);
        assert_int_equal(n, strlen(buf));
        (void)otel_ot_write(cases[i].in, OTEL_THRESHOLD_NEVER, buf, sizeof buf);
        assert_string_equal(buf, cases[i].erased);
        for (size = 0; size < 80; size++) {                      /* all of it or nothing, and not a byte behind */
            exact = (char *)malloc(size + 1);
            n = otel_ot_write(cases[i].in, 0xc0000000000000ull, exact, size);
            assert_true(n == 0 || strcmp(exact, cases[i].set) == 0);
            if (size > strlen(cases[i].set) && size >= 22 + strlen(cases[i].set)) assert_true(n != 0);
            free(exact);
        }
    }
    {                                                              /* 32 members: the rightmost makes room */
        char many[32 * 8], *p = many;
        for (i = 0; i < 32; i++) p += sprintf(p, "%sk%02u=v", i ? "," : "", i);
        n = otel_ot_write(many, 0x80000000000000ull, buf, sizeof buf);
        assert_memory_equal(buf, "ot=th:8,k00=v,", 14);
        assert_non_null(strstr(buf, ",k30=v"));
        assert_null(strstr(buf, "k31"));
        assert_int_equal(otel_tracestate_write_(buf, NULL, 0), n);
    }
}

/* A million ids of a generator with a fixed seed. */
static void probability_keeps_its_share_of_a_million_ids_and_nests(void **state)
{
    static const double shares[] = { 0.0001, 0.001, 0.01, 0.1, 0.25, 1 / 3.0, 0.5, 0.75, 0.9, 0.999 };
    enum { N = 1000000, S = LENGTH(shares) };
    static otel_probability_t memories[S];
    otel_sampler_t samplers[S];
    double kept[S] = { 0 };
    otel_sampling_t input;
    uint8_t id[16];
    otel_ids_t ids;
    unsigned i, s;
    (void)state;
    for (s = 0; s < S; s++) samplers[s] = otel_sampler_probability(&memories[s], shares[s]);
    memset(&ids, 0, sizeof ids);
    otel_id_seed_(&ids, (const uint8_t *)"fixed", 5);
    memset((void *)&input, 0, sizeof input);
    input.trace_id = id;
    for (i = 0; i < N; i++) {
        uint64_t random = 0;
        bool before = false;
        otel_id_make_(&ids, id, 4);
        for (s = 9; s < 16; s++) random = random << 8 | id[s];
        for (s = 0; s < S; s++) {
            bool now = samplers[s].decide(&samplers[s], &input) == OTEL_DECISION_RECORD_AND_SAMPLE;
            assert_true(now || !before);                           /* who has a higher share keeps all that a lower one keeps */
            assert_int_equal(now, random >= memories[s].threshold_);
            kept[s] += now;
            before = now;
        }
    }
    for (s = 0; s < S; s++) {
        double p = otel_threshold_probability(memories[s].threshold_), spread = sqrt(N * p * (1 - p));
        assert_true(fabs(kept[s] - N * p) < 4.5 * spread + 1);
    }
}

static void parents_and_children_never_disagree(void **state)
{
    otel_probability_t p;
    otel_recorded_span_t got;
    unsigned i, kept = 0;
    (void)state;
    start_with(otel_sampler_probability(&p, 0.25));
    for (i = 0; i < 2000; i++) {
        OTEL_SPAN(a, "a") {
            OTEL_SPAN(b, "b") {
                otel_context_t c = otel_span_context(b);
                OTEL_SPAN(d, "d", .parent = &c) {
                    assert_int_equal(otel_is_recording(a), otel_is_recording(b));
                    assert_int_equal(otel_is_recording(a), otel_is_recording(d));
                    kept += otel_is_recording(a);
                    if (otel_is_recording(d)) assert_string_equal(otel_span_context(d).tracestate, "ot=th:c");
                    else assert_null(otel_span_context(d).tracestate);
                }
            }
        }
        if (i % 100 == 99) (void)otel_export_flush(&ex, 1000);
    }
    assert_true(kept > 400 && kept < 600);
    assert_true(otel_recorder_span(&rec, 0, &got));
    assert_true(kit_is(got.trace_state, "ot=th:c"));
    kit_stop();
}

static void explicit_randomness_decides_and_goes_on(void **state)
{
    otel_probability_t p;
    otel_context_t caller;
    otel_recorded_span_t got;
    (void)state;
    start_with(otel_sampler_probability(&p, 0.25));
    assert_true(otel_extract(&caller, TP, "x=1,ot=rv:c0000000000000;th:0", NULL));
    OTEL_SPAN(span, "kept", .parent = &caller) {
        assert_true(otel_is_recording(span));
        assert_string_equal(otel_span_context(span).tracestate, "ot=th:c;rv:c0000000000000,x=1");
        OTEL_SPAN(child, "child") assert_string_equal(otel_span_context(child).tracestate, "ot=th:c;rv:c0000000000000,x=1");
    }
    (void)otel_export_flush(&ex, 1000);
    assert_true(otel_recorder_find_span(&rec, "child", &got));
    assert_true(kit_is(got.trace_state, "ot=th:c;rv:c0000000000000,x=1"));
    assert_true(otel_extract(&caller, TP, "ot=rv:bfffffffffffff;th:0,x=1", NULL));
    OTEL_SPAN(span, "dropped", .parent = &caller) {
        assert_false(otel_is_recording(span));
        assert_string_equal(otel_span_context(span).tracestate, "ot=rv:bfffffffffffff,x=1");      /* the threshold is gone */
    }
    kit_stop();
}

/* A child may outlive its parent: what it passes on is its own. */
static void a_changed_tracestate_outlives_its_parent(void **state)
{
    otel_probability_t p;
    otel_context_t caller, c;
    static otel_span_t child[OTEL_SPANS(256)];
    (void)state;
    start_with(otel_sampler_probability(&p, 1));
    assert_true(otel_extract(&caller, TP, "ot=rv:c0000000000000", NULL));
    {
        otel_span_t *parent = (otel_span_t *)malloc(OTEL_SPANS(256) * sizeof *parent);
        assert_non_null(parent);
        otel_span_start(parent, "parent", .parent = &caller, .bytes = OTEL_SPANS(256) * sizeof *parent);
        c = otel_span_context(parent);
        otel_span_start(child, "child", .parent = &c, .bytes = sizeof child);
        otel_span_end(parent);
        free(parent);
    }
    assert_string_equal(otel_span_context(child).tracestate, "ot=th:0;rv:c0000000000000");
    otel_span_end(child);
    kit_stop();
}

/* ---- composites ---- */
static bool is_server(void *user, const otel_sampling_t *input)
{
    (void)user;
    return input->kind == OTEL_SERVER;
}

static void a_composite_decides_as_its_parts_intend(void **state)
{
    static const struct { const char *tracestate; unsigned flags; bool kept; const char *out; } cases[] = {      /* the trace's randomness: 0xabcdef 89abcdef... */
        { NULL, 1, true, NULL }, { NULL, 0, false, NULL },
        { "ot=th:2", 1, true, "ot=th:2" },
        { "ot=th:2", 0, false, NULL },                             /* apparently inconsistent: erased, the flag counts */
        { "ot=th:f", 0, false, NULL },
        { "ot=th:f", 1, true, NULL },                              /* sampled though below: kept, of unknown probability */
        { "x=1,ot=th:2;a:b", 1, true, "ot=th:2;a:b,x=1" },
        { "ot=rv:f0000000000000;th:f", 1, true, "ot=th:f;rv:f0000000000000" },
    };
    const otel_composable_t off = otel_composable_always_off(), on = otel_composable_always_on(), half = otel_composable_probability(0.5);
    otel_attr_t about[1];
    otel_composable_t root, annotating;
    otel_composable_rule_t rules[2];
    otel_recorded_span_t got;
    otel_slice_t text;
    unsigned i, kept = 0;
    (void)state;
    memset((void *)rules, 0, sizeof rules);
    rules[0].matches = is_server;
    rules[0].then = &on;
    rules[1].then = &half;
    about[0] = otel_str("rule", "r");
    {
        const otel_composable_t by_rule = otel_composable_rule_based(rules, 2);
        annotating = otel_composable_annotating(&by_rule, about, 1);
        root = otel_composable_parent_threshold(&annotating);
        start_with(otel_sampler_composite(&root));
        OTEL_SPAN(span, "server", .kind = OTEL_SERVER) assert_string_equal(otel_span_context(span).tracestate, "ot=th:0");
        (void)otel_export_flush(&ex, 1000);
        for (i = 0; i < 1000; i++) {
            OTEL_SPAN(span, "half") {
                kept += otel_is_recording(span);
                if (otel_is_recording(span)) assert_string_equal(otel_span_context(span).tracestate, "ot=th:8");
                OTEL_SPAN(child, "child") assert_int_equal(otel_is_recording(child), otel_is_recording(span));
            }
        }
        assert_true(kept > 420 && kept < 580);
        for (i = 0; i < LENGTH(cases); i++) {
            otel_context_t caller;
            assert_true(otel_extract(&caller, TP, cases[i].tracestate, NULL));
            caller.flags = (uint8_t)cases[i].flags;
            OTEL_SPAN(span, "case", .parent = &caller) {
                const char *out = otel_span_context(span).tracestate;
                assert_int_equal(otel_is_recording(span), cases[i].kept);
                assert_true(cases[i].out ? out && strcmp(out, cases[i].out) == 0 : !out || strcmp(out, "") == 0);
            }
        }
        (void)otel_export_flush(&ex, 1000);
        assert_true(otel_recorder_find_span(&rec, "server", &got));
        assert_true(otel_recorded_text(&got.attributes, "rule", &text) && kit_is(text, "r"));
        assert_true(otel_recorder_find_span(&rec, "case", &got));
        assert_false(otel_recorded_text(&got.attributes, "rule", &text));           /* the parent decided, no rule */
        kit_stop();
    }
    start_with(otel_sampler_composite(&off));
    assert_false(sampled(NULL));
    kit_stop();
    start_with(otel_sampler_composite(NULL));
    assert_false(sampled(NULL));
    kit_stop();
}

/* ---- the clock ---- */
static void a_rate_is_never_exceeded_and_nearly_reached(void **state)
{
    static const struct { double rate; unsigned burst; unsigned gap_us; } cases[] = { { 10, 1, 1000 }, { 10, 5, 1000 }, { 100, 20, 137 }, { 0.5, 2, 10000 }, { 3, 2, 100000 }, { 1000, 2, 900 } };
    unsigned i, k;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        otel_rate_t r;
        double kept = 0, seconds = 60;
        unsigned n = (unsigned)(seconds * 1e6 / cases[i].gap_us), at_once = 0;
        start_with(otel_sampler_rate(&r, cases[i].rate, cases[i].burst));
        for (k = 0; k < 100; k++) at_once += sampled(NULL);
        assert_int_equal(at_once, cases[i].burst);
        kept = at_once;
        for (k = 0; k < n; k++) {
            now_ns += cases[i].gap_us * 1000ull;
            kept += sampled(NULL);
        }
        assert_true(kept <= cases[i].rate * seconds + cases[i].burst + 1);
        assert_true(kept >= cases[i].rate * seconds * 0.9 - 1);
        now_ns += 3600ull * 1000000000ull;                         /* after a pause there is a burst again, not more */
        for (k = at_once = 0; k < 100; k++) at_once += sampled(NULL);
        assert_int_equal(at_once, cases[i].burst);
        kit_stop();
    }
    {
        otel_rate_t none;
        start_with(otel_sampler_rate(&none, 0, 5));
        assert_false(sampled(NULL));
        kit_stop();
    }
}

/* 25 s of each load: in all windows of 10 s that begin 5 s after the step, what is kept is within 10 % of the target, or is
   everything when less came. Arrivals at even times, and at random ones. */
static uint32_t dice = 12345;
static double dice_next(void)
{
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) / 16777216.0;
}

static void adaptive_holds_its_target_after_each_step(void **state)
{
    static const double loads[] = { 10, 10000, 50, 200, 90, 3000, 10, 1000, 10000, 110, 10, 500 };
    enum { SECONDS = 25, TENTHS = SECONDS * 10 };
    otel_adaptive_t a;
    unsigned i, k, even, child;
    (void)state;
    for (even = 0; even < 3; even++) {
        child = even >> 1;
        start_with(otel_sampler_adaptive(&a, 100));
        for (i = 0; i < LENGTH(loads); i++) {
            double came[TENTHS] = { 0 }, kept[TENTHS] = { 0 }, at = 0;
            uint64_t begin = now_ns;
            while (at < SECONDS) {
                unsigned tenth = (unsigned)(at * 10);
                now_ns = begin + (uint64_t)(at * 1e9);
                if (child) {
                    OTEL_SPAN(span, "root") {
                        OTEL_SPAN(one, "child") assert_int_equal(otel_is_recording(one), otel_is_recording(span));
                        kept[tenth] += 2 * otel_is_recording(span);
                    }
                    came[tenth] += 2;
                } else {
                    came[tenth]++;
                    kept[tenth] += sampled(NULL);
                }
                at += (even & 1 ? -log(1 - dice_next()) : 1.0) * (child + 1) / loads[i];
            }
            now_ns = begin + SECONDS * 1000000000ull;
            for (k = 50; k + 100 <= TENTHS; k++) {
                double all = 0, sum = 0, want;
                unsigned t;
                for (t = k; t < k + 100; t++) all += came[t], sum += kept[t];
                want = all < 1000 ? all : 1000;
                if (sum < want * 0.9 || sum > 1100) fail_msg("load %g: %g of %g kept from %g s on", loads[i], sum, all, k / 10.0);
                if (loads[i] <= 50 && !(even & 1)) assert_true(sum == all);        /* below the target: all */
            }
        }
        kit_stop();
    }
    start_with(otel_sampler_adaptive(&a, 0));
    assert_false(sampled(NULL));
    kit_stop();
}

static void adaptive_says_how_many_each_span_stands_for(void **state)
{
    otel_adaptive_t a;
    double stands_for = 0;
    unsigned i;
    (void)state;
    start_with(otel_sampler_adaptive(&a, 100));
    for (i = 0; i < 60000; i++) {
        otel_span_t s;
        now_ns += 1000000;
        otel_span_start(&s, "s");
        if (otel_is_recording(&s) && i >= 10000) {
            otel_ot_t ot;
            otel_ot_read(otel_span_context(&s).tracestate, &ot);
            assert_true(ot.has_th);
            stands_for += 1 / otel_threshold_probability(ot.th);
        }
        otel_span_end(&s);
    }
    assert_true(stands_for > 45000 && stands_for < 55000);
    kit_stop();
}

static otel_adaptive_t shared;
static otel_rate_t shared_rate;
static void *spans_of_a_thread(void *argument)
{
    unsigned i;
    for (i = 0; i < 20000; i++) {
        otel_span_t s;
        otel_span_start(&s, "s");
        otel_span_end(&s);
    }
    otel_thread_end(&otel);
    return argument;
}

static void threads_may_share_a_sampler(void **state)
{
    pthread_t threads[4];
    unsigned i, round;
    (void)state;
    for (round = 0; round < 2; round++) {
        start_with(round ? otel_sampler_rate(&shared_rate, 100, 10) : otel_sampler_adaptive(&shared, 100));
        for (i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_create(&threads[i], NULL, spans_of_a_thread, NULL), 0);
        for (i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (!round) assert_int_equal(shared.seen_, 80000);
        else assert_true(kit_stats(&ex, OTEL_SIGNAL_TRACES).created <= 10);      /* the clock stands still */
        kit_stop();
    }
}

/* ---- rules ---- */
static bool kept_with(const char *name, otel_kind_t kind, const otel_attr_t *attributes, size_t len)
{
    otel_span_t s;
    bool is;
    otel_span_start(&s, name, .kind = kind, .attributes = attributes, .attributes_len = len);
    is = (otel_span_context(&s).flags & OTEL_FLAG_SAMPLED) != 0;
    otel_span_end(&s);
    return is;
}

static void the_first_rule_that_fits_decides(void **state)
{
    const otel_sampler_t on = otel_sampler_always_on(), off = otel_sampler_always_off();
    otel_rule_t rules[5];
    otel_priority_t priority;
    otel_attr_t vip[2], twice[2];
    (void)state;
    memset((void *)rules, 0, sizeof rules);
    memset((void *)&priority, 0, sizeof priority);
    rules[0].key = "tenant", rules[0].text = "vip", rules[0].sampler = &on;
    rules[1].name = "GET /health", rules[1].sampler = &off;
    rules[2].name = "GET /*", rules[2].kind = OTEL_SERVER, rules[2].sampler = &on;
    rules[3].key = "debug";
    rules[4].name = "*", rules[4].kind = OTEL_INTERNAL, rules[4].sampler = &off;
    priority.rules = rules;
    priority.len = LENGTH(rules);
    priority.otherwise = &off;
    vip[0] = otel_int("n", 1);
    vip[1] = otel_str("tenant", "vip");
    twice[0] = otel_str("tenant", "vip");
    twice[1] = otel_str("tenant", "other");
    start_with(otel_sampler_priority(&priority));
    assert_true(kept_with("GET /health", OTEL_SERVER, vip, 2));
    assert_false(kept_with("GET /health", OTEL_SERVER, vip, 1));
    assert_false(kept_with("GET /health", OTEL_SERVER, twice, 2));     /* of a key given twice the last one counts */
    assert_true(kept_with("GET /healthy", OTEL_SERVER, NULL, 0));
    assert_true(kept_with("GET /", OTEL_SERVER, NULL, 0));
    assert_false(kept_with("GET ", OTEL_SERVER, NULL, 0));
    assert_false(kept_with("GET /x", OTEL_CLIENT, NULL, 0));
    vip[0] = otel_bool("debug", false);
    assert_true(kept_with("work", OTEL_INTERNAL, vip, 1));
    assert_false(kept_with("work", OTEL_INTERNAL, NULL, 0));
    assert_false(kept_with("work", OTEL_CLIENT, NULL, 0));
    kit_stop();
    start_with(otel_sampler_priority(NULL));
    assert_true(sampled(NULL));
    kit_stop();
}

static void errors_are_kept_at_the_end_and_nobody_is_told(void **state)
{
    const otel_sampler_t off = otel_sampler_always_off();
    otel_rule_t rule;
    otel_priority_t priority;
    otel_recorded_span_t got;
    char tp[OTEL_TRACEPARENT_SIZE];
    unsigned i;
    (void)state;
    memset((void *)&rule, 0, sizeof rule);
    memset((void *)&priority, 0, sizeof priority);
    rule.sampler = &off;
    rule.keep_errors = true;
    priority.rules = &rule;
    priority.len = 1;
    start_with(otel_sampler_priority(&priority));
    for (i = 0; i < 4; i++) {
        OTEL_SPAN(span, i & 1 ? "bad" : "good") {
            assert_true(otel_is_recording(span));
            assert_int_equal(otel_span_context(span).flags & ~OTEL_FLAG_RANDOM, 0);
            assert_string_equal(otel_traceparent(span, tp) + 53, "02");
            otel_span_set(span, "i", i);
            otel_log(OTEL_INFO, "in it");
            OTEL_SPAN(child, "child") assert_true(otel_is_recording(child));      /* the rule fits it too */
            if (i & 1) otel_span_error(span, -5, "broken");
        }
    }
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 2);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 2);
    assert_true(otel_recorder_find_span(&rec, "bad", &got));
    assert_int_equal(got.flags & 0xFF, OTEL_FLAG_RANDOM);
    assert_int_equal(got.status, OTEL_STATUS_ERROR);
    assert_false(otel_recorder_find_span(&rec, "good", &got));
    {
        otel_recorded_log_t log;
        assert_true(otel_recorder_find_log(&rec, "in it", &log));
        assert_int_equal(log.flags, OTEL_FLAG_RANDOM);
    }
    kit_stop();
}

/* ---- ids ---- */
static uint8_t own_count;
static void own_trace_id(void *user, uint8_t to[16])
{
    memset(to, *(const uint8_t *)user, 16);
}
static void own_span_id(void *user, uint8_t to[8])
{
    (void)user;
    memset(to, 0, 8);
    to[7] = ++own_count;
}

static void ids_may_come_from_outside(void **state)
{
    static uint8_t value;
    otel_id_generator_t g;
    otel_context_t a, b;
    unsigned i;
    (void)state;
    memset((void *)&g, 0, sizeof g);
    g.trace_id = own_trace_id;
    g.span_id = own_span_id;
    g.user = &value;
    for (i = 0; i < 2; i++) {
        value = 0x5A;
        own_count = 0;
        g.random = i != 0;
        start_with(otel_sampler_ids(&g));
        OTEL_SPAN(span, "a") {
            a = otel_span_context(span);
            OTEL_SPAN(child, "b") b = otel_span_context(child);
        }
        assert_int_equal(a.trace_id[0], 0x5A);
        assert_memory_equal(a.trace_id, b.trace_id, 16);
        assert_int_equal(a.span_id[7], 1);
        assert_int_equal(b.span_id[7], 2);
        assert_int_equal(a.flags, OTEL_FLAG_SAMPLED | (i ? OTEL_FLAG_RANDOM : 0));
        value = 0;                                                 /* no id: the library makes one */
        OTEL_SPAN(span, "c") assert_true(otel_is_recording(span));
        OTEL_SPAN(span, "c") {
            a = otel_span_context(span);
            assert_true(otel_context_valid(&a));
        }
        own_count = 255;
        OTEL_SPAN(span, "d") {
            a = otel_span_context(span);
            assert_true(otel_context_valid(&a));
        }
        kit_stop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_parent_asks_its_delegate),
        cmocka_unit_test(always_record_records_what_is_dropped_and_exports_none_of_it),
        cmocka_unit_test(a_sampler_sees_all_of_the_start_and_adds_attributes_and_tracestate),
        cmocka_unit_test(a_sampler_sees_the_baggage_of_a_root_span),
        cmocka_unit_test(thresholds_are_those_of_the_specifications_table),
        cmocka_unit_test(the_ot_member_is_read_and_written_as_the_text_says),
        cmocka_unit_test(probability_keeps_its_share_of_a_million_ids_and_nests),
        cmocka_unit_test(parents_and_children_never_disagree),
        cmocka_unit_test(explicit_randomness_decides_and_goes_on),
        cmocka_unit_test(a_changed_tracestate_outlives_its_parent),
        cmocka_unit_test(a_composite_decides_as_its_parts_intend),
        cmocka_unit_test(a_rate_is_never_exceeded_and_nearly_reached),
        cmocka_unit_test(adaptive_holds_its_target_after_each_step),
        cmocka_unit_test(adaptive_says_how_many_each_span_stands_for),
        cmocka_unit_test(threads_may_share_a_sampler),
        cmocka_unit_test(the_first_rule_that_fits_decides),
        cmocka_unit_test(errors_are_kept_at_the_end_and_nobody_is_told),
        cmocka_unit_test(ids_may_come_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
