/* flags: -pthread */
/* The sampler whose strategy a server tells: shares, rates, operations, bounds, texts that are no strategy, updates under load. */
#include "kit.h"
#include <math.h>
#include <pthread.h>

static otel_jaeger_t jaeger;
static uint64_t room[1024];

static void start_with(size_t size)
{
    now_ns = T0;
    memset(room, 0x55, sizeof room);
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .when_full = OTEL_DROP_OLDEST,
                               .sampler = otel_sampler_jaeger(&jaeger, NULL, size ? room : NULL, size)), OTEL_OK);
}

/* Each text in memory of its own, so that a read behind it is seen. */
static otel_result_t update(const char *json, size_t len)
{
    char *exact = (char *)malloc(len ? len : 1);
    otel_result_t result;
    assert_non_null(exact);
    memcpy(exact, json, len);
    result = otel_jaeger_update(&jaeger, exact, len);
    free(exact);
    assert_int_equal(result != OTEL_OK, otel_jaeger_error(&jaeger)[0] != 0);
    return result;
}
static void taken(const char *json)
{
    if (update(json, strlen(json)) != OTEL_OK) fail_msg("%s: %s", json, otel_jaeger_error(&jaeger));
}

static bool sampled(const char *name)
{
    otel_span_t s;
    bool is;
    otel_span_start(&s, name);
    is = otel_is_recording(&s);
    otel_span_end(&s);
    return is;
}
static unsigned kept_of(const char *name, unsigned n)
{
    unsigned kept = 0;
    while (n--) kept += sampled(name);
    return kept;
}

static void a_share_is_kept_of_a_million_ids(void **state)
{
    static const struct { const char *json; double share; } cases[] = {
        { NULL, 0.001 },                                           /* before the first strategy */
        { "{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":0.5}}", 0.5 },
        { "{\"strategyType\":0,\"probabilisticSampling\":{\"samplingRate\":1e-3},\"operationSampling\":null}", 0.001 },
        { "{\"probabilisticSampling\":{\"samplingRate\":0.25,\"new\":[1,{\"a\":[]},\"x\"]},\"rateLimitingSampling\":null}", 0.25 },
        { " {\t\"probabilisticSampling\" : { } ,\r\n \"strategyType\" : \"PROBABILISTIC\" } \n", 0 },
        { "{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":1}}", 1 },
        { "{\"operationSampling\":{\"defaultSamplingProbability\":0.01}}", 0.01 },
    };
    otel_sampler_t s = otel_sampler_jaeger(&jaeger, NULL, room, sizeof room);
    otel_sampling_t input;
    otel_ids_t ids;
    uint8_t id[16];
    unsigned i, k;
    (void)state;
    memset(&ids, 0, sizeof ids);
    memset((void *)&input, 0, sizeof input);
    input.trace_id = id;
    input.name = "GET /";
    for (i = 0; i < LENGTH(cases); i++) {
        double kept = 0, want = 1e6 * cases[i].share;
        otel_sampler_t ratio = otel_sampler_ratio(cases[i].share);
        if (cases[i].json) taken(cases[i].json);
        for (k = 0; k < 1000000; k++) {
            bool is;
            otel_id_make_(&ids, id, 4);
            is = otel_sampler_ask(&s, &input) == OTEL_DECISION_RECORD_AND_SAMPLE;
            if (k < 10000) assert_int_equal(is, otel_sampler_ask(&ratio, &input) == OTEL_DECISION_RECORD_AND_SAMPLE);     /* by the id, as every service does */
            kept += is;
        }
        if (fabs(kept - want) > 5 * sqrt(1e6 * cases[i].share * (1 - cases[i].share))) fail_msg("%g of %g", kept, want);
    }
}

static void a_rate_is_kept_and_survives_the_same_answer(void **state)
{
    static const char ten[] = "{\"strategyType\":\"RATE_LIMITING\",\"rateLimitingSampling\":{\"maxTracesPerSecond\":10}}";
    unsigned i, kept;
    (void)state;
    start_with(0);
    taken(ten);
    assert_int_equal(kept_of("s", 100), 10);                       /* a second's worth at once */
    taken(ten);
    assert_int_equal(kept_of("s", 100), 0);                        /* the same rate goes on counting */
    for (kept = i = 0; i < 10000; i++) {
        now_ns += MS;
        kept += sampled("s");
    }
    assert_in_range(kept, 98, 100);
    taken("{\"strategyType\":1,\"rateLimitingSampling\":{\"maxTracesPerSecond\":0.5},\"probabilisticSampling\":{\"samplingRate\":1}}");
    for (kept = i = 0; i < 10000; i++) {
        now_ns += MS;
        kept += sampled("s");
    }
    assert_in_range(kept, 5, 6);
    taken("{\"rateLimitingSampling\":{}}");
    assert_int_equal(kept_of("s", 100), 0);
    kit_stop();
}

static void operations_have_shares_and_bounds_of_their_own(void **state)
{
    unsigned i, kept;
    (void)state;
    start_with(sizeof room);
    taken("{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":1},\"operationSampling\":{\"defaultSamplingProbability\":0,"
          "\"perOperationStrategies\":[{\"operation\":\"GET /\",\"probabilisticSampling\":{\"samplingRate\":1}},{\"probabilisticSampling\":{\"samplingRate\":0.5},\"operation\":\"half\"},"
          "{\"operation\":\"gr\\u00fc\\u00DFe \\ud83d\\ude00\\t\\\"\\/\\\\\",\"probabilisticSampling\":{\"samplingRate\":1}},{\"operation\":\"\",\"probabilisticSampling\":{\"samplingRate\":1}},"
          "{\"operation\":\"half\",\"probabilisticSampling\":{\"samplingRate\":0.25}}]}}");
    assert_int_equal(kept_of("GET /", 1000), 1000);
    assert_int_equal(kept_of("gr\xC3\xBC\xC3\x9F" "e \xF0\x9F\x98\x80\t\"/\\", 10), 10);
    assert_int_equal(kept_of("", 10), 10);
    assert_int_equal(kept_of("GET", 1000) + kept_of("GET /x", 1000) + kept_of("other", 1000), 0);
    kept = kept_of("half", 10000);                                 /* said twice: the last one counts */
    assert_in_range(kept, 2500 - 220, 2500 + 220);
    taken("{\"operationSampling\":{\"defaultSamplingProbability\":0,\"defaultLowerBoundTracesPerSecond\":2,\"perOperationStrategies\":["
          "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":0}},{\"operation\":\"b\",\"probabilisticSampling\":{\"samplingRate\":0}},{\"operation\":\"c\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}");
    for (kept = i = 0; i < 5000; i++) {
        now_ns += 2 * MS;
        kept += sampled("a");
        if (i % 2) (void)sampled("b");
        assert_true(sampled("c"));
    }
    assert_in_range(kept, 20, 22);                                 /* ten seconds: each operation has its own two a second */
    now_ns += 10000 * MS;
    assert_int_equal(kept_of("x", 10) + kept_of("y", 10), 2);      /* all others share */
    assert_int_equal(kept_of("a", 10), 2);
    taken("{\"operationSampling\":{\"defaultSamplingProbability\":1,\"defaultUpperBoundTracesPerSecond\":5,\"perOperationStrategies\":null}}");
    assert_int_equal(kept_of("x", 100), 5);
    kit_stop();
}

static void what_is_no_strategy_changes_nothing(void **state)
{
    static const struct { const char *json; const char *says; } cases[] = {
        { "", "object" }, { " ", "object" }, { "null", "object" }, { "[]", "object" }, { "{", "quotation" }, { "{}", "no strategy" }, { "<html>", "object" },
        { "{\"strategyType\":\"PROBABILISTIC\"}", "no strategy" },
        { "{\"strategyType\":\"RATE_LIMITING\",\"probabilisticSampling\":{\"samplingRate\":1}}", "no strategy" },
        { "{\"strategyType\":\"SOMETHING\",\"probabilisticSampling\":{\"samplingRate\":1}}", "neither" },
        { "{\"strategyType\":2,\"probabilisticSampling\":{\"samplingRate\":1}}", "neither" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1.0000001}}", "above 1" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1e999999999999}}", "above 1" },
        { "{\"probabilisticSampling\":{\"samplingRate\":-0.1}}", "below 0" },
        { "{\"probabilisticSampling\":{\"samplingRate\":\"0.5\"}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":NaN}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":01}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1.}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":.5}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1e}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":+1}}", "number" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1,}}", "quotation" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1} \"x\":1}", "comma" },
        { "{\"probabilisticSampling\" 1}", "colon" },
        { "{\"probabilisticSampling\":1}", "object" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1}}{", "follows" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":tru}", "value" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":\"\\x\"}", "means nothing" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":\"\\u0000\"}", "NUL" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":\"\\ud800\"}", "half a character" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":\"\\ud800\\u0041\"}", "half a character" },
        { "{\"probabilisticSampling\":{\"samplingRate\":1},\"x\":\"\n\"}", "control character" },
        { "{\"rateLimitingSampling\":{\"maxTracesPerSecond\":1e10}}", "beyond 1e9" },
        { "{\"operationSampling\":{\"perOperationStrategies\":[{\"operation\":\"a\"}]}}", "without a name" },
        { "{\"operationSampling\":{\"perOperationStrategies\":[{\"probabilisticSampling\":{\"samplingRate\":1}}]}}", "without a name" },
        { "{\"operationSampling\":{\"perOperationStrategies\":[1]}}", "object" },
        { "{\"operationSampling\":{\"perOperationStrategies\":[{\"operation\":7}]}}", "quotation" },
        { "{\"operationSampling\":[]}", "object" },
    };
    static char deep[5000];
    unsigned i;
    (void)state;
    start_with(sizeof room);
    taken("{\"operationSampling\":{\"defaultSamplingProbability\":0,\"perOperationStrategies\":[{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}");
    for (i = 0; i < LENGTH(cases); i++) {
        assert_int_equal(update(cases[i].json, strlen(cases[i].json)), OTEL_E_CONFIG);
        if (!strstr(otel_jaeger_error(&jaeger), cases[i].says)) fail_msg("%s: %s", cases[i].json, otel_jaeger_error(&jaeger));
        assert_true(sampled("a") && !sampled("b"));
    }
    for (i = 0; i < 2; i++) {                                      /* nothing recurses */
        memset(deep, '[', sizeof deep);
        memcpy(deep, i ? "{\"a\":{\"b\"" : "{\"a\":", i ? 9 : 5);
        if (i) deep[9] = ':';
        assert_int_equal(update(deep, sizeof deep), OTEL_E_CONFIG);
        assert_non_null(strstr(otel_jaeger_error(&jaeger), "inside one another"));
    }
    assert_int_equal(update("{\"probabilisticSampling\":{\"samplingRate\":0}}\0", 45), OTEL_E_CONFIG);
    assert_int_equal(otel_jaeger_update(&jaeger, NULL, 0), OTEL_E_NULL);
    assert_int_equal(otel_jaeger_update(NULL, "{}", 2), OTEL_E_NULL);
    assert_true(sampled("a") && !sampled("b"));
    kit_stop();
}

static const char whole[] = "{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":0.5e-1},\"operationSampling\":{\"defaultSamplingProbability\":0.1,"
    "\"defaultLowerBoundTracesPerSecond\":0.0016,\"perOperationStrategies\":[{\"operation\":\"\\u00e9\\ud83d\\ude00\",\"probabilisticSampling\":{\"samplingRate\":1}},{\"operation\":\"b\",\"probabilisticSampling\":null,"
    "\"probabilisticSampling\":{\"samplingRate\":0.001}}]},\"more\":[true,false,null,-1.5E+3,{}]}";

static void damaged_strategies_are_refused_or_whole(void **state)
{
    static char text[sizeof whole];
    size_t i;
    unsigned byte;
    (void)state;
    start_with(sizeof room);
    taken(whole);
    for (i = 0; i < sizeof whole - 1; i++) assert_int_equal(update(whole, i), OTEL_E_CONFIG);          /* every prefix */
    for (i = 0; i < sizeof whole - 1; i++) {
        for (byte = 0; byte < 256; byte++) {                       /* every byte replaced */
            memcpy(text, whole, sizeof whole);
            text[i] = (char)byte;
            (void)update(text, sizeof whole - 1);
            (void)sampled("b");
        }
        memcpy(text, whole, i);                                    /* and removed */
        memcpy(text + i, whole + i + 1, sizeof whole - 1 - i);
        (void)update(text, sizeof whole - 2);
        (void)sampled("\xC3\xA9");
    }
    kit_stop();
}

static void numbers_are_those_of_the_grammar(void **state)
{
    static const char *const texts[] = { "0", "1", "-0", "0.5", "0.1", "0.001", "1e-3", "1E+3", "123456789", "0.30000000000000004", "3.14159265358979", "1e22", "1e-22", "1e300", "1e-300", "5e-324", "1e400", "1e-400",
                                         "0e999999", "123456789012345678901234567890", "0.000000000000000000000000000001", "1.00000000000000000000000000000000000000001", "9007199254740993", "1e-99999999999999999999", "0.0" };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(texts); i++) {
        otel_scan_t_ s;
        double value = -7, want = strtod(texts[i], NULL);
        memset((void *)&s, 0, sizeof s);
        s.at = texts[i];
        s.end = s.at + strlen(s.at);
        assert_true(otel_scan_number_(&s, &value) && s.at == s.end);
        if (!(isinf(want) ? isinf(value) : fabs(value - want) <= fabs(want) * 1e-14 + 1e-307)) fail_msg("%s: %.17g", texts[i], value);
    }
}

static void what_has_no_room_is_refused_as_a_whole(void **state)
{
    static char json[4000];
    size_t size, fits = 0, n = 0;
    unsigned i;
    (void)state;
    n += (size_t)sprintf(json, "{\"operationSampling\":{\"defaultSamplingProbability\":0,\"perOperationStrategies\":[");
    for (i = 0; i < 10; i++) n += (size_t)sprintf(json + n, "%s{\"operation\":\"operation %u\",\"probabilisticSampling\":{\"samplingRate\":1}}", i ? "," : "", i);
    sprintf(json + n, "]}}");
    for (size = 0; size < sizeof room; size++) {
        uint8_t *exact = (uint8_t *)malloc(size ? size : 1);
        otel_sampler_t s = otel_sampler_jaeger(&jaeger, NULL, size ? exact : NULL, size);
        unsigned again;
        (void)s;
        for (again = 0; again < 3; again++) {                      /* into either half */
            bool good = update(json, strlen(json)) == OTEL_OK;
            if (good && !fits) fits = size;
            assert_int_equal(good, fits != 0);
            if (!good) assert_non_null(strstr(otel_jaeger_error(&jaeger), "raise .memory_size"));
        }
        free(exact);
        if (fits && size > fits + 40) break;
    }
    printf("ten operations of 11 bytes: %u bytes of memory, a rule takes %u, the sampler %u\n", (unsigned)fits, (unsigned)sizeof(otel_strategy_rule_t_), (unsigned)sizeof(otel_jaeger_t));
    assert_true(fits && fits <= 2 * 10 * (sizeof(otel_strategy_rule_t_) + 11) + 32);
}

/* ---- updates under load ---- */
static volatile bool stop;
static unsigned wrong;
static void *spans_of_a_thread(void *argument)
{
    otel_sampler_t s = otel_sampler_(otel_decide_jaeger_);
    otel_sampling_t input;
    uint8_t id[16] = { 1 };
    unsigned bad = 0;
    s.user = &jaeger;
    memset((void *)&input, 0, sizeof input);
    input.trace_id = id;
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        input.name = "the kept one";
        bad += otel_sampler_ask(&s, &input) != OTEL_DECISION_RECORD_AND_SAMPLE;
        input.name = "not this one";
        bad += otel_sampler_ask(&s, &input) != OTEL_DECISION_DROP;
    }
    __atomic_fetch_add(&wrong, bad, __ATOMIC_RELAXED);
    return argument;
}

static void readers_never_see_half_a_strategy(void **state)
{
    static char many[4096];
    static const char one[] = "{\"operationSampling\":{\"defaultSamplingProbability\":0,\"perOperationStrategies\":[{\"operation\":\"the kept one\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}";
    pthread_t threads[3];
    otel_sampler_t s = otel_sampler_jaeger(&jaeger, NULL, room, sizeof room);
    unsigned i, done = 0, tries = 0;
    size_t n = (size_t)sprintf(many, "{\"operationSampling\":{\"defaultSamplingProbability\":0,\"perOperationStrategies\":[");
    (void)state;
    (void)s;
    for (i = 0; i < 30; i++) n += (size_t)sprintf(many + n, "{\"operation\":\"another %02u ..\",\"probabilisticSampling\":{\"samplingRate\":0.5}},", i);
    sprintf(many + n, "{\"operation\":\"the kept one\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}");
    taken(many);
    for (i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_create(&threads[i], NULL, spans_of_a_thread, NULL), 0);
    for (i = 0; done < 3000 && tries < 3000000; tries++) {         /* a reader that is inside makes an update wait, and it says so */
        const char *json = i & 1 ? many : one;
        if (otel_jaeger_update(&jaeger, json, strlen(json)) == OTEL_OK) done++, i++;
        else assert_non_null(strstr(otel_jaeger_error(&jaeger), "a little later"));
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    for (i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(wrong, 0);
    assert_true(done > 10);
    assert_int_equal(jaeger.slot_[0].readers + jaeger.slot_[1].readers, 0);
}

static void the_first_strategy_comes_after_the_initial_sampler(void **state)
{
    otel_sampler_t on = otel_sampler_always_on(), root = otel_sampler_jaeger(&jaeger, &on, NULL, 0);
    otel_context_t parent;
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .when_full = OTEL_DROP_OLDEST, .sampler = otel_sampler_parent_based(&root)), OTEL_OK);
    assert_int_equal(kept_of("s", 100), 100);
    assert_int_equal(update("nonsense", 8), OTEL_E_CONFIG);
    assert_int_equal(kept_of("s", 100), 100);
    taken("{\"probabilisticSampling\":{\"samplingRate\":0}}");
    assert_int_equal(kept_of("s", 100), 0);
    memset((void *)&parent, 0, sizeof parent);
    parent.trace_id[0] = parent.span_id[0] = 1;
    parent.flags = OTEL_FLAG_SAMPLED;
    OTEL_SPAN(child, "s", .parent = &parent) assert_true(otel_is_recording(child));
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_kept_of_a_million_ids),
        cmocka_unit_test(a_rate_is_kept_and_survives_the_same_answer),
        cmocka_unit_test(operations_have_shares_and_bounds_of_their_own),
        cmocka_unit_test(what_is_no_strategy_changes_nothing),
        cmocka_unit_test(damaged_strategies_are_refused_or_whole),
        cmocka_unit_test(numbers_are_those_of_the_grammar),
        cmocka_unit_test(what_has_no_room_is_refused_as_a_whole),
        cmocka_unit_test(readers_never_see_half_a_strategy),
        cmocka_unit_test(the_first_strategy_comes_after_the_initial_sampler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
