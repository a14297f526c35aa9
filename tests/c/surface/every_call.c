/* Every public function and macro of both headers, once. A test holds this list against the headers, looks at what the object
   needs from others (mem* and strlen), and at what is left of it with OTEL_ENABLED 0 (these functions, and nothing else). */
#include "otel_export.h"

static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t recorder;
static otel_console_t console;
static otel_watch_t watch;
static otel_fault_t fault;
static uint8_t pool[2048], packet[1024], memory[512];
static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2");

static otel_series_t mem[2];
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(8));
static otel_counter_t named = OTEL_COUNTER("x", OTEL_SERIES_IN(mem));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J");
static otel_updown_t open_files = OTEL_UPDOWN("files");
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("level");
static otel_gauge_t speed = OTEL_GAUGE("speed");
static otel_gauge_double_t heat = OTEL_GAUGE_DOUBLE("heat");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(0.001, 0.01));
static otel_histogram_t served = OTEL_HISTOGRAM("served", OTEL_BUCKETS(8, 0.001, 0.01));
static otel_histogram_int_t bytes = OTEL_HISTOGRAM_INT("bytes", OTEL_BUCKETS_INT(2, 64, 256));
static otel_histogram_int_t lone = OTEL_HISTOGRAM_INT("lone", OTEL_BOUNDS_INT(64));
static otel_exponential_t spread = OTEL_EXPONENTIAL("spread", OTEL_POWERS(20));
static otel_exponential_int_t powers = OTEL_EXPONENTIAL_INT("powers", OTEL_POWERS_SERIES(2, 20));
static otel_observable_t total = OTEL_OBSERVABLE_COUNTER("total"), used = OTEL_OBSERVABLE_UPDOWN("used"), depth = OTEL_OBSERVABLE_GAUGE("depth");
static otel_observable_double_t joules = OTEL_OBSERVABLE_COUNTER_DOUBLE("joules"), filled = OTEL_OBSERVABLE_UPDOWN_DOUBLE("filled");
static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("load");
static const char *const advised[] = { "route", NULL };
static otel_advice_t advice = OTEL_ADVICE(advised);
static otel_counter_t routed = OTEL_COUNTER("routed", OTEL_SERIES(4), OTEL_KEYS("route")), routes = OTEL_COUNTER("routes", OTEL_SERIES(4), OTEL_KEYS_IN(advice));
static const otel_reading_t reading = OTEL_READING(.limit = 4);
static uint64_t kept[40];
static otel_temporality_t delta = OTEL_DELTA_IN(kept), low = OTEL_LOW_MEMORY_IN(kept);

uint64_t board_clock(void *user);
int post(void *user, const otel_request_t *request);
void put(void *user, const char *text, size_t len);
void set_header(void *user, const char *name, const char *value);
void step(void *user);
static otel_callback_t callback = OTEL_CALLBACK(step, NULL);
static otel_local_t own;
int every_span(int v);
int every_instrument(int v);
int every_header(const char *traceparent, char *buf, size_t size);
int every_carrier(char *buf, size_t size);
int every_transport(otel_request_t *r);
int every_fallback(otel_request_t *r);
int start(void);
int every_advice(otel_metric_settings_t *metrics, const otel_meter_rule_t *rule);
static void every_processor(otel_config_t *config, otel_span_t *span);

int every_advice(otel_metric_settings_t *metrics, const otel_meter_rule_t *rule)
{
    otel_meter_rules_t rules;
    otel_metric_about_t about;
    otel_metric_attributes_t attributes = otel_metric_attributes("", 0);
    otel_value_t value;
    memset((void *)&about, 0, sizeof about);
    memset((void *)&rules, 0, sizeof rules);
    rules.rules = rule;
    rules.rules_len = reading.limit;
    otel_counter_add(&routes, 1, "route", "/");
    otel_counter_add(&routed, 1, "route", "/");
    otel_diag_instruments(&watch);
    return otel_meters_update(metrics, &rules) == OTEL_OK && otel_metric_filter_accepts(reading.filter, &about, &attributes) && otel_metric_attribute(&attributes, "k", &value);
}

int start(void)
{
    otel_probability_t probability;
    otel_rate_t rate;
    otel_adaptive_t adaptive;
    otel_jaeger_t jaeger;
    otel_composable_t composables[6];
    otel_parent_based_t delegates;
    otel_priority_t priority;
    otel_id_generator_t ids;
    const otel_sampler_t root = otel_sampler_ratio(0.5);
    otel_config_t config;
    otel_ot_t ot;
    char text[64];
    int bad = otel_init(&otel, .service = "boiler", .version = "1.4.2", .clock = board_clock, .pool = pool, .pool_size = sizeof pool);
    memset((void *)&config, 0, sizeof config);
    memset((void *)&delegates, 0, sizeof delegates);
    memset((void *)&priority, 0, sizeof priority);
    memset((void *)&ids, 0, sizeof ids);
    config.sampler = otel_sampler_parent_based(&root);
    config.sampler = otel_sampler_always_on();
    config.sampler = otel_sampler_always_off();
    config.sampler = otel_sampler_always_record(&root);
    config.sampler = otel_sampler_parent_based_on(&delegates);
    config.sampler = otel_sampler_custom(NULL, NULL);
    config.sampler = otel_sampler_probability(&probability, 0.1);
    config.sampler = otel_sampler_rate(&rate, 10, 2);
    config.sampler = otel_sampler_adaptive(&adaptive, 100);
    config.sampler = otel_sampler_jaeger(&jaeger, &root, text, sizeof text);
    bad += (int)otel_jaeger_update(&jaeger, "{}", 2) + otel_jaeger_error(&jaeger)[0];
    config.sampler = otel_sampler_priority(&priority);
    config.sampler = otel_sampler_ids(&ids);
    composables[0] = otel_composable_always_on();
    composables[1] = otel_composable_always_off();
    composables[2] = otel_composable_probability(otel_threshold_probability(otel_threshold(0.5)));
    composables[3] = otel_composable_parent_threshold(composables);
    composables[4] = otel_composable_rule_based(NULL, 0);
    composables[5] = otel_composable_annotating(composables, NULL, 0);
    config.sampler = otel_sampler_composite(composables + 5);
    otel_ot_read("ot=th:8", &ot);
    bad += (int)otel_ot_write("ot=th:8", OTEL_THRESHOLD_NEVER, text, sizeof text);
    if (bad > 1000) {
        const otel_sampling_t input = { NULL, NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL };
        otel_sampling_add(&input, NULL, 0);
        otel_sampling_tracestate(&input, NULL);
        otel_sampling_keep_errors(&input);
        bad += (int)otel_sampler_ask(&root, &input) + (int)otel_sampling_decide(&input, otel_sampling_randomness(&input, &ot), true);
    }
    every_processor(&config, NULL);
    bad += otel_init_with(&otel, &config);
    otel_use(&otel);
    otel_time_sync(otel_default(), 1700000000000000000u);
    return bad;
}

static int returns(int v)
{
    OTEL_SPAN_SIZED(span, 512, "returns") {
        OTEL_SPAN_RETURN(span, v);
    }
    return 0;
}

int every_span(int v)
{
    uint8_t mac[6] = { 0 };
    int temps[3] = { 1, 2, 3 };
    otel_value_t values[1];
    otel_attr_t a[7];
    otel_span_t big[OTEL_SPANS(512)];
    otel_span_options_t options;
    otel_log_record_t record;
    otel_context_t context;
    OTEL_SPAN_HERE(here, "here");
    values[0] = OTEL_NULL;
    a[0] = otel_int("i", v);
    a[1] = otel_uint("u", 1u);
    a[2] = otel_bool("b", true);
    a[3] = otel_double("d", 0.5);
    a[4] = otel_str("s", "text");
    a[5] = otel_strn("n", "text", 2);
    a[6] = otel_bytes("y", mac, 6);
    a[0] = otel_any("any", OTEL_NULL);
    a[1] = otel_attr("typed", v);
    memset((void *)&options, 0, sizeof options);
    memset((void *)&record, 0, sizeof record);
    otel_span_start_with(big, &options);
    otel_span_end(big);
    otel_span_start(big, "big", .attributes = a, .attributes_len = 7, .bytes = sizeof big);
    otel_span_enter(big);
    otel_span_leave(big);
    otel_span_unwind(otel_span_current());
    otel_span_set_all(big, a, 7);
    otel_span_rename(big, "bigger");
    otel_span_status(big, OTEL_STATUS_OK, NULL);
    otel_span_event_all(big, "e", a, 7);
    otel_span_event_at(big, "e", 1, a, 7);
    otel_span_end_at(big, 1);
    OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) {
        context = otel_span_context(otel_span_current());
        otel_span_set(span, "id", v, "mac", OTEL_BYTES(mac, 6), "n", OTEL_STR("abc", 2), "t", OTEL_ARRAY(temps, 3), "v", OTEL_VALUES(values, 1), "m", OTEL_MAP(a, 2), "ok", OTEL_TRUE, "no", OTEL_NULL);
        otel_span_set(span, "u", 1u, "wide", 1LL, "half", 0.5f, "double", 0.5, "long", 0.5L, "text", "t", "narrow", (short)v);
        otel_span_event(span, "retry", "attempt", 2);
        otel_span_link(span, &context, "k", 1);
        otel_span_link_all(span, &context, a, 1);
        otel_log(OTEL_INFO, "read", "value", v);
        otel_log_in(&net, OTEL_WARN, "slow");
        otel_log_all(&net, OTEL_WARN, "slow", a, 1);
        otel_log_emit(&record);
        if (otel_is_recording(span) || otel_context_valid(&context)) return otel_span_error(span, v, "nack");
    }
    return returns(v) + (otel_utf8_valid("text", 4) ? 1 : 0);
}

int every_instrument(int v)
{
    otel_attr_t a[1];
    otel_series_t *s = otel_counter_bind(&reads, "bus", "i2c1");
    otel_instrument_stats_t stats = otel_instrument_stats(&reads);
    a[0] = otel_int("i", 1);
    otel_series_add(s, 1);
    otel_series_add_int(s, v);
    otel_series_add_double(otel_counter_double_bind_all(&energy, a, 1), 0.5);
    otel_counter_add(&reads, 1, "bus", "i2c1");
    otel_counter_add(&named, 1);
    otel_counter_add_all(&reads, v, a, 1);
    otel_counter_add(&energy, 0.5);
    otel_counter_double_add_all(&energy, 0.5, a, 1);
    otel_series_add(otel_counter_bind_all(&reads, a, 1), v);
    OTEL_COUNT(&reads, 1, "bus", "i2c1");
    otel_updown_add(&open_files, -1);
    otel_updown_add_all(&open_files, v, a, 1);
    otel_updown_double_add_all(&level, 0.5, a, 1);
    otel_series_add(otel_updown_bind(&open_files), 1);
    otel_series_add(otel_updown_bind_all(&open_files, a, 1), 1);
    otel_series_add(otel_updown_double_bind_all(&level, a, 1), 0.5);
    otel_gauge_record(&speed, v);
    otel_gauge_record_all(&speed, v, a, 1);
    otel_gauge_double_record_all(&heat, 0.5, a, 1);
    otel_series_record(otel_gauge_bind(&speed), v);
    otel_series_record(otel_gauge_bind_all(&speed, a, 1), v);
    otel_series_record(otel_gauge_double_bind_all(&heat, a, 1), 0.5);
    otel_histogram_record(&took, 0.0021);
    otel_histogram_record_all(&served, 0.0021, a, 1);
    otel_series_record_int(otel_histogram_bind(&served, "k", 1), v);
    otel_series_record_double(otel_histogram_bind_all(&served, a, 1), 0.5);
    otel_histogram_int_record_all(&bytes, v, a, 1);
    otel_histogram_record(&lone, v);
    otel_exponential_record_all(&spread, 0.5, a, 1);
    otel_exponential_int_record_all(&powers, v, a, 1);
    otel_series_record(otel_histogram_int_bind_all(&bytes, a, 1), v);
    otel_series_record(otel_exponential_bind_all(&spread, a, 1), 0.5);
    otel_series_record(otel_exponential_int_bind_all(&powers, a, 1), v);
    otel_local_bind(&own, s);
    otel_local_add(&own, v);
    stats.series += (uint32_t)otel_callback_register(&callback);
    otel_observe(&total, v, "k", 1);
    otel_observe_all(&used, v, a, 1);
    otel_observe_all(&depth, v, a, 1);
    otel_observe(&joules, 0.5);
    otel_observe_double_all(&filled, 0.5, a, 1);
    otel_observe_double_all(&load, 0.5, a, 1);
    otel_callback_unregister(&callback);
    return (int)stats.series;
}

int every_header(const char *traceparent, char *buf, size_t size)
{
    char tp[OTEL_TRACEPARENT_SIZE];
    otel_context_t caller;
    otel_baggage_entry_t e;
    otel_baggage_t it;
    size_t n = otel_extract(&caller, traceparent, NULL, NULL) ? 1 : 0;
    OTEL_SPAN(span, "GET", .kind = OTEL_SERVER, .parent = &caller) {
        n += strlen(otel_traceparent(span, tp));
        otel_inject(span, set_header, NULL);
    }
    otel_inject_context(&caller, set_header, NULL);
    n += otel_tracestate(&caller, buf, size);
    for (it = otel_baggage(&caller); otel_baggage_next(&it, &e);) n += otel_baggage_value(&e, buf, size);
    n += otel_baggage_find(&caller, "k", &e);
    n += otel_baggage_set(&caller, "k", "v", NULL, buf, size);
    return (int)n;
}

/* Of processors: what they are made of, and what they call. */
static void every_processor(otel_config_t *config, otel_span_t *span)
{
    otel_span_settings_t spans;
    otel_log_settings_t logs;
    otel_processor_t p[3];
    otel_log_processor_t l;
    otel_simple_t simple;
    otel_value_t value;
    size_t len = 0;
    memset((void *)&spans, 0, sizeof spans);
    memset((void *)&logs, 0, sizeof logs);
    memset((void *)&simple, 0, sizeof simple);
    p[0] = otel_processor_filter(NULL);
    p[1] = otel_processor_enrich(NULL);
    p[2] = otel_processor_simple(&simple);
    p[2] = otel_processor_limits(NULL);
    l = otel_log_processor_simple(&simple);
    config->spans = otel_spans(&spans);
    config->logs = otel_logs(&logs);
    {
        otel_metric_settings_t metrics;
        otel_view_t view;
        otel_meter_rule_t rule;
        otel_reservoir_t reservoir;
        otel_measurement_t m;
        memset((void *)&metrics, 0, sizeof metrics);
        memset((void *)&view, 0, sizeof view);
        memset((void *)&rule, 0, sizeof rule);
        memset((void *)&reservoir, 0, sizeof reservoir);
        memset((void *)&m, 0, sizeof m);
        view.instrument = "*";
        view.kinds = OTEL_VIEW_COUNTER | OTEL_VIEW_UPDOWN | OTEL_VIEW_HISTOGRAM | OTEL_VIEW_GAUGE | OTEL_VIEW_OBSERVABLE_COUNTER | OTEL_VIEW_OBSERVABLE_UPDOWN | OTEL_VIEW_OBSERVABLE_GAUGE;
        view.aggregation = OTEL_AGGREGATION_DROP;
        if (!otel_instrument_enabled(&reads)) view.aggregation = OTEL_AGGREGATION_SUM;
        if (len) view.aggregation = OTEL_AGGREGATION_LAST_VALUE;
        if (len > 1) view.aggregation = OTEL_AGGREGATION_EXPLICIT;
        if (len > 2) view.aggregation = OTEL_AGGREGATION_EXPONENTIAL;
        reservoir.offer = otel_reservoir_fixed_offer;
        view.reservoir = &reservoir;
        metrics.views = &view;
        metrics.rules = &rule;
        metrics.exemplars = OTEL_EXEMPLARS_ALWAYS_ON;
        if (otel_reservoir_aligned_offer(&reservoir, &m, 0, 1)) metrics.exemplars = OTEL_EXEMPLARS_TRACE_BASED;
        config->metrics = otel_metrics(&metrics);
        if (otel_metric_settings_check(&metrics) != OTEL_OK && otel_metric_settings_stats(&metrics).used) view.instrument = NULL;
    }
    if (otel_span_name(span, &len) && otel_span_kind(span) && otel_span_status_code(span) && otel_span_start_ns(span) && otel_span_end_ns(span) &&
        otel_span_scope(span) && otel_span_get(span, "k", &value) && otel_log_enabled(OTEL_INFO)) otel_span_remove(span, "k");
    otel_span_exception(span, "type", "message", NULL, NULL, 0);
    otel_log_exception(NULL, OTEL_ERROR, "type", "message", NULL, NULL, 0);
    otel_event("gone", "id", 7);
    otel_event_all(OTEL_TO_BOTH, NULL, "gone", NULL, 0);
    otel_log_line(NULL, otel_syslog_severity(3), "text", 4);
    (void)otel_log_enabled_in(NULL, OTEL_INFO);
    (void)p, (void)l;
    {
        otel_resource_t r;
        const uint8_t random[16] = { 0 };
        memset((void *)&r, 0, sizeof r);
        (void)otel_resource_set(&r, "k", OTEL_NULL);
        (void)otel_resource_text(&r, "k", "v", 1);
        (void)otel_resource_instance_id(&r, random);
        otel_resource_merge(&r, NULL, 0, NULL);
        otel_resource_detect(&r, NULL, 0);
        (void)otel_resource_get(&r, "k");
    }
}

int every_carrier(char *buf, size_t size)
{
    const otel_header_t header[] = { { "b3", 2, buf, size } };
    const otel_headers_t headers = { header, 1 };
    const otel_propagator_t w3c = otel_propagator_w3c(), baggage = otel_propagator_baggage(), b3 = otel_propagator_b3(), multi = otel_propagator_b3_multi();
    const otel_propagator_t *list[5], all = otel_propagator_composite(list);
    otel_carrier_t carrier = otel_carrier_headers(&headers, buf, size);
    otel_message_t message = { NULL, 0, 0, 0, false };
    otel_environment_t environment;
    otel_context_t caller;
    uint8_t binary[OTEL_BINARY_SIZE];
    const char *entries[4];
    size_t at = 0, len = 0;
    int n;
    list[0] = &w3c, list[1] = &baggage, list[2] = &b3, list[3] = &multi, list[4] = NULL;
    n = otel_extract_from(&caller, &all, &carrier);
    n += otel_carrier_next(&carrier, "b3", &at, &len) != NULL;
    n += otel_carrier_only(&carrier, "b3", &len) != NULL;
    n += otel_carrier_list(&carrier, "b3", 100, true) != NULL;
    otel_inject_to(&caller, &all, set_header, NULL);
    otel_inject_to(&caller, NULL, otel_mqtt_set, &message);
    otel_inject_to(&caller, NULL, otel_kafka_set, &message);
    carrier = otel_carrier_mqtt(&message, buf, size);
    carrier = otel_carrier_kafka(&message, buf, size);
    carrier = otel_carrier_environment(NULL);
    n += otel_propagator_field(&all, 0) != NULL;
    memset((void *)&environment, 0, sizeof environment);
    environment.to = entries;
    environment.slots = 4;
    n += otel_environment(&environment, NULL, NULL) != NULL;
    n += otel_binary_write(&caller, binary) && otel_binary_read(&caller, binary, sizeof binary);
    return n;
}

static int every_reading(void)
{
    otel_recorded_span_t span;
    otel_recorded_point_t point;
    otel_recorded_log_t log;
    otel_recorded_value_t value;
    otel_recorded_event_t event;
    otel_recorded_link_t link;
    otel_recorded_exemplar_t exemplar;
    otel_slice_t slice;
    otel_request_t request;
    int64_t i;
    double d;
    bool b;
    int ok = otel_recorder_wait(&recorder, OTEL_SIGNAL_TRACES, 1, step, NULL, 1);
    memset((void *)&span, 0, sizeof span);
    memset((void *)&point, 0, sizeof point);
    memset((void *)&slice, 0, sizeof slice);
    ok += otel_recorder_span(&recorder, 0, &span) + otel_recorder_find_span(&recorder, "a", &span);
    ok += otel_recorder_point(&recorder, 0, &point) + otel_recorder_find_point(&recorder, "a", &point);
    ok += otel_recorder_log(&recorder, 0, &log) + otel_recorder_find_log(&recorder, "a", &log) + otel_recorder_request(&recorder, 0, &request);
    ok += otel_recorded_value(&span.attributes, "k", &value) + otel_recorded_int(&span.attributes, "k", &i) + otel_recorded_double(&span.attributes, "k", &d);
    ok += otel_recorded_bool(&span.attributes, "k", &b) + otel_recorded_text(&span.attributes, "k", &slice) + otel_recorded_bytes(&span.attributes, "k", &slice);
    ok += otel_recorded_attribute(&span.attributes, 0, &slice, &value) + otel_recorded_element(&span.attributes, 0, &value) + otel_slice_is(slice, "k");
    ok += otel_recorded_event(&span.events, 0, &event) + otel_recorded_link(&span.links, 0, &link) + otel_recorded_exemplar(&point.exemplars, 0, &exemplar);
    return ok + (otel_recorded_bucket(&point.buckets, 0) > 0) + (otel_recorded_bound(&point.bounds, 0) > 0);
}

static int every_frame(const otel_request_t *r)
{
    static otel_chunk_t link;
    uint8_t frame[64];
    otel_chunk_config_t config;
    int bad = otel_chunk_init(&link, .exporter = &ex, .mtu = 32);
    memset((void *)&config, 0, sizeof config);
    bad += otel_chunk_init_with(&link, &config) + otel_chunk_send(&link, r) + otel_chunk_byte(&link) + (int)otel_chunk_next(&link, frame);
    otel_chunk_take(&link, frame, sizeof frame);
    otel_chunk_poll(&link);
    return bad + otel_chunk_wants(&link) + otel_crc16(0xFFFF, frame[0]);
}

static int every_leak(void)
{
    otel_leak_t room[2];
    otel_leaks_t leaks;
    otel_open_span_t list[2];
    otel_processor_t p = otel_processor_leaks(&leaks);
    size_t known;
    memset((void *)room, 0, sizeof room);
    memset((void *)&leaks, 0, sizeof leaks);
    leaks.open = room;
    leaks.open_len = 2;
    (void)p;
    return (int)(otel_leaks_open(&leaks, list, 2, &known) + otel_leaks_left(&leaks));
}

int every_transport(otel_request_t *r)
{
    otel_stats_t stats;
    otel_exporter_config_t config;
    otel_recorder_config_t memo;
    otel_console_config_t screen;
    otel_fault_config_t steps;
    uint32_t n = 0;
    int bad = otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    memset((void *)&config, 0, sizeof config);
    (void)delta, (void)low;
    memset((void *)&memo, 0, sizeof memo);
    memset((void *)&screen, 0, sizeof screen);
    memset((void *)&steps, 0, sizeof steps);
    bad += otel_exporter_init_with(&ex, &config);
    n += otel_export_due_ms(&ex);
    bad += otel_export_poll(&ex) + otel_export_flush(&ex, 10) + otel_flush(&otel, 10);
    while (otel_export_next(&ex, r)) {
        otel_json_write(r, put, NULL);
        otel_export_reply(&ex, NULL, 0, NULL);
        otel_export_done(&ex, 200);
    }
    bad += every_leak();
    otel_diag_check(&watch);
    otel_diag_dump(&ex, put, NULL);
    bad += otel_drop_remedy(OTEL_DROP_FULL)[0];
    otel_console_show(&console);
    otel_console_utc_offset(&console, 3600);
    bad += otel_console_init(&console, .put = put, .columns = 80) + otel_console_init_with(&console, &screen) + (otel_console_send(&console, r) != 200);
    bad += otel_recorder_init(&recorder, .memory = memory, .memory_size = sizeof memory) + otel_recorder_init_with(&recorder, &memo);
    bad += otel_fault_init(&fault, .send = otel_recorder_send, .user = &recorder) + otel_fault_init_with(&fault, &steps);
    bad += otel_fault_send(&fault, r) + every_reading() + every_frame(r);
    n += otel_fault_calls(&fault) + otel_fault_delivered(&fault) + otel_fault_over(&fault);
    n += otel_recorder_requests(&recorder) + otel_recorder_refused(&recorder) + otel_recorder_spans(&recorder) + otel_recorder_points(&recorder) + otel_recorder_logs(&recorder);
    otel_recorder_clear(&recorder);
    bad += otel_stats(&ex, &stats) + (int)otel_stats_dropped(&stats.signal[0]) + otel_drop_text(OTEL_DROP_FULL)[0] + otel_result_text(OTEL_OK)[0];
    otel_thread_end(&otel);
    otel_after_fork(&otel);
    return bad + (int)n + otel_export_shutdown(&ex, 10) + otel_shutdown(&otel, 10);
}

/* Readers that a program drives, what it tells of itself, what lives through a reset, values in a context. */
static int every_reader(void)
{
    otel_metric_reader_t reader;
    otel_keep_t keep;
    static const otel_context_key_t key = OTEL_CONTEXT_KEY("user");
    otel_context_value_t place;
    static const otel_log_limits_t limits = { .attributes = 8 };
    otel_metric_reader_config_t config;
    otel_stats_t before;
    otel_context_t context = otel_span_context(NULL);
    otel_log_processor_t p = otel_log_processor_limits(&limits);
    int bad;
    (void)p;
    memset((void *)&reader, 0, sizeof reader);
    memset((void *)&keep, 0, sizeof keep);
    memset((void *)&config, 0, sizeof config);
    memset((void *)&before, 0, sizeof before);
    bad = otel_metric_reader_init(&reader, .otel = &otel) + otel_metric_reader_init_with(&reader, &config);
    bad += (int)otel_metric_reader_collect(&reader, packet, sizeof packet);
    otel_metric_reader_confirm(&reader);
    otel_metric_reader_rewind(&reader);
    bad += otel_keep_read(&keep, &otel, &ex, &before) + otel_keep_open(&keep, &ex, &before);
    context = otel_context_with(&context, &key, packet, &place);
    bad += otel_context_value(&context, &key) != packet;
#if UINTPTR_MAX > 0xFFFFu
    {
        otel_self_metrics_t *self = (otel_self_metrics_t *)(void *)memory;       /* never started here: nothing runs this */
        otel_self_options_t options;
        memset((void *)&options, 0, sizeof options);
        bad += otel_self_metrics_start(self) + otel_self_metrics_start_with(self, &options);
    }
#endif
    return bad;
}

/* What stands between an exporter and a link that comes and goes, and what is left after a crash. */
int every_fallback(otel_request_t *r)
{
    static otel_breaker_t breaker;
    static otel_store_t store;
    static otel_crash_t crash;
    otel_breaker_config_t config;
    otel_store_config_t keeps;
    otel_store_stats_t stats;
    otel_prometheus_options_t page;
    char text[64];
    int bad = otel_breaker_init(&breaker, .send = post, .exporter = &ex) + every_reader();
    memset((void *)&config, 0, sizeof config);
    memset((void *)&keeps, 0, sizeof keeps);
    memset((void *)&stats, 0, sizeof stats);
    memset((void *)&page, 0, sizeof page);
    bad += otel_breaker_init_with(&breaker, &config) + otel_breaker_send(&breaker, r) + (otel_breaker_state(&breaker) != OTEL_BREAKER_OPEN);
    otel_breaker_done(&breaker, 200);
    bad += (int)otel_breaker_opened(&breaker) + (int)otel_breaker_refused(&breaker);
    bad += otel_store_open(&store, .send = post, .buffer = packet, .buffer_size = sizeof packet) + otel_store_open_with(&store, &keeps);
    bad += otel_store_send(&store, r) + otel_store_poll(&store);
    if (otel_store_next(&store, r, NULL)) otel_store_done(&store, 200);
    otel_store_stats(&store, &stats);
    if (!otel_crash_found(&crash) && !otel_crash_open(&crash, &otel)) otel_crash_write(&crash, "watchdog", 0, 0);
    bad += (int)otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = sizeof packet) + (int)otel_prometheus_write_with(text, sizeof text, &page);
    return bad + (int)stats.waiting + otel_prometheus_type(otel_prometheus_accepts_openmetrics(text))[0];
}
