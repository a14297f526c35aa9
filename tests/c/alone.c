/* One part of tracing, context or logs alone (-DALONE=number), none (0), or under options that leave things out: it is set up, a span
   and a log go through, and the numbers agree. */
#include <stdio.h>
#include <string.h>
#include "otel_export.h"

static uint64_t ticking(void *user)
{
    static uint64_t ns = 1700000000000000000ull;
    (void)user;
    return ns += 1000;
}

static int post(void *user, const otel_request_t *request)
{
    *(unsigned *)user += request->items;
    return 200;
}

#if ALONE >= 30 && ALONE < 40
static unsigned headers;
static void count_header(void *user, const char *name, const char *value)
{
    (void)user;
    (void)name;
    (void)value;
    headers++;
}
#endif

int main(void)
{
    static otel_t otel;
    static otel_exporter_t ex;
    static uint8_t pool[8192], packet[4096];
    static unsigned sent;
    otel_config_t config;
    otel_exporter_config_t sender;
    otel_stats_t stats;
    unsigned i, want = 0;
#if ALONE > 0 && ALONE < 10
    otel_sampler_t root = otel_sampler_always_on();            /* some of them ask for one */
#endif
#if ALONE == 3
    otel_parent_based_t delegates;
#elif ALONE == 4
    otel_probability_t state;
#elif ALONE == 5
    otel_composable_t on = otel_composable_always_on();
#elif ALONE == 6
    otel_rate_t state;
#elif ALONE == 7
    otel_adaptive_t state;
#elif ALONE == 8
    otel_rule_t rule;
    otel_priority_t state;
#elif ALONE == 9
    otel_id_generator_t ids;
#elif ALONE == 40
    static const char json[] = "{\"probabilisticSampling\":{\"samplingRate\":1}}";
    otel_jaeger_t state;
#elif ALONE >= 10 && ALONE < 20
    static const otel_processor_t *list[2];
    static otel_span_settings_t settings;
    static otel_processor_t p;
#elif ALONE >= 20 && ALONE < 30
    static const otel_log_processor_t *list[2];
    static otel_log_settings_t settings;
#elif ALONE >= 30 && ALONE < 40
    static otel_propagator_t propagator;
#endif
    memset((void *)&config, 0, sizeof config);
    memset((void *)&sender, 0, sizeof sender);
#if ALONE > 0 && ALONE < 10
    (void)root;
#endif
    config.clock = ticking;
    config.pool = pool;
    config.pool_size = sizeof pool;
#if ALONE == 1
    config.sampler = otel_sampler_ratio(1);
#elif ALONE == 2
    config.sampler = otel_sampler_parent_based(&root);
#elif ALONE == 3
    memset((void *)&delegates, 0, sizeof delegates);
    delegates.root = &root;
    config.sampler = otel_sampler_parent_based_on(&delegates);
#elif ALONE == 4
    config.sampler = otel_sampler_probability(&state, 1);
#elif ALONE == 5
    config.sampler = otel_sampler_composite(&on);
#elif ALONE == 6
    config.sampler = otel_sampler_rate(&state, 1000, 100);
#elif ALONE == 7
    config.sampler = otel_sampler_adaptive(&state, 1000);
#elif ALONE == 8
    memset((void *)&rule, 0, sizeof rule);
    memset((void *)&state, 0, sizeof state);
    rule.sampler = &root;
    state.rules = &rule;
    state.len = 1;
    config.sampler = otel_sampler_priority(&state);
#elif ALONE == 9
    memset((void *)&ids, 0, sizeof ids);
    ids.sampler = &root;
    config.sampler = otel_sampler_ids(&ids);
#elif ALONE == 40
    config.sampler = otel_sampler_jaeger(&state, NULL, NULL, 0);
    if (otel_jaeger_update(&state, json, sizeof json - 1u) != OTEL_OK) return 7;
#elif ALONE >= 10 && ALONE < 20
    {
#if ALONE == 10
        static const otel_limits_t limits = { .attributes = 8, .value_length = 20 };
        p = otel_processor_limits(&limits);
#elif ALONE == 11
        static const otel_filter_t filter = { .name = "none" };
        p = otel_processor_filter(&filter);
#elif ALONE == 12
        static otel_attr_t more[1];
        static otel_enrich_t enrich;
        more[0] = otel_int("more", 1);
        enrich.attributes = more;
        enrich.len = 1;
        p = otel_processor_enrich(&enrich);
#endif
        list[0] = &p;
        settings.processors = list;
        config.spans = otel_spans(&settings);
    }
#elif ALONE >= 20 && ALONE < 30
    {
#if ALONE == 20
        static const otel_logger_rule_t rule = { .least = OTEL_INFO };
        settings.rules = &rule;
        settings.rules_len = 1;
#elif ALONE == 21
        static const otel_logger_rule_t rule = { .trace_based = true };
        settings.rules = &rule;
        settings.rules_len = 1;
#elif ALONE == 22
        static const otel_log_limits_t limits = { .attributes = 8, .value_length = 20 };
        static otel_log_processor_t p;
        p = otel_log_processor_limits(&limits);
        list[0] = &p;
        settings.processors = list;
#endif
        (void)list;
        config.logs = otel_logs(&settings);
    }
#elif ALONE >= 30 && ALONE < 40
#if ALONE == 30
    propagator = otel_propagator_b3();
#elif ALONE == 31
    propagator = otel_propagator_b3_multi();
#elif ALONE == 32
    static otel_propagator_t w3c;
    static const otel_propagator_t *all[2];
    w3c = otel_propagator_w3c();
    all[0] = &w3c;
    propagator = otel_propagator_composite(all);
#endif
    config.propagator = &propagator;
#endif
    if (otel_init_with(&otel, &config) != OTEL_OK) return OTEL_ENABLED ? 1 : 0;
    sender.otel = &otel;
    sender.send = post;
    sender.user = &sent;
    sender.buffer = packet;
    sender.buffer_size = sizeof packet;
    if (otel_exporter_init_with(&ex, &sender) != OTEL_OK) return 2;
    for (i = 0; i < 10; i++) {
        OTEL_SPAN(span, "work", .kind = OTEL_SERVER) {
            otel_span_set(span, "i", i, "text", "some text");
            otel_log(OTEL_INFO, "said", "i", i);
#if ALONE >= 30 && ALONE < 40
            otel_inject(span, count_header, NULL);
#endif
        }
    }
#if ALONE >= 30 && ALONE < 40 && OTEL_ENABLED && OTEL_TRACES
    if (headers < 10) return 3;
#endif
    if (otel_export_flush(&ex, 1000) != OTEL_OK) return 4;
    want = OTEL_ENABLED ? (OTEL_TRACES ? 10u : 0u) + (OTEL_LOGS ? 10u : 0u) : 0u;
    if (sent != want || otel_stats(&ex, &stats) != OTEL_OK) {
        printf("%u arrived, not %u\n", sent, want);
        return OTEL_ENABLED ? 5 : sent != 0;
    }
    for (i = 0; i < OTEL_SIGNALS; i++) {
        const otel_signal_stats_t *s = &stats.signal[i];
        if (s->created != s->exported + otel_stats_dropped(s) + s->queued) return 6;
    }
    return 0;
}
