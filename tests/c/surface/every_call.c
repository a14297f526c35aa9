/* Every public function and macro of both headers, once. A test holds this list against the headers, looks at what the object
   needs from others (mem* and strlen), and at what is left of it with OTEL_ENABLED 0 (these functions, and nothing else). */
#include "otel_export.h"

static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t recorder;
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

uint64_t board_clock(void *user);
int post(void *user, const otel_request_t *request);
void put(void *user, const char *text, size_t len);
void set_header(void *user, const char *name, const char *value);
void step(void *user);
int every_span(int v);
int every_instrument(int v);
int every_header(const char *traceparent, char *buf, size_t size);
int every_transport(otel_request_t *r);
int start(void);

int start(void)
{
    const otel_sampler_t root = otel_sampler_ratio(0.5);
    otel_config_t config;
    int bad = otel_init(&otel, .service = "boiler", .version = "1.4.2", .clock = board_clock, .pool = pool, .pool_size = sizeof pool);
    memset((void *)&config, 0, sizeof config);
    config.sampler = otel_sampler_parent_based(&root);
    config.sampler = otel_sampler_always_on();
    config.sampler = otel_sampler_always_off();
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
    return (int)n;
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

int every_transport(otel_request_t *r)
{
    otel_stats_t stats;
    otel_exporter_config_t config;
    otel_recorder_config_t memo;
    otel_fault_config_t steps;
    uint32_t n = 0;
    int bad = otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    memset((void *)&config, 0, sizeof config);
    memset((void *)&memo, 0, sizeof memo);
    memset((void *)&steps, 0, sizeof steps);
    bad += otel_exporter_init_with(&ex, &config);
    bad += otel_export_poll(&ex) + otel_export_flush(&ex, 10) + otel_flush(&otel, 10);
    while (otel_export_next(&ex, r)) {
        otel_json_write(r, put, NULL);
        otel_export_reply(&ex, NULL, 0, NULL);
        otel_export_done(&ex, 200);
    }
    bad += otel_recorder_init(&recorder, .memory = memory, .memory_size = sizeof memory) + otel_recorder_init_with(&recorder, &memo);
    bad += otel_fault_init(&fault, .send = otel_recorder_send, .user = &recorder) + otel_fault_init_with(&fault, &steps);
    bad += otel_fault_send(&fault, r) + every_reading();
    n += otel_fault_calls(&fault) + otel_fault_delivered(&fault) + otel_fault_over(&fault);
    n += otel_recorder_requests(&recorder) + otel_recorder_spans(&recorder) + otel_recorder_points(&recorder) + otel_recorder_logs(&recorder);
    otel_recorder_clear(&recorder);
    bad += otel_stats(&ex, &stats) + (int)otel_stats_dropped(&stats.signal[0]) + otel_drop_text(OTEL_DROP_FULL)[0] + otel_result_text(OTEL_OK)[0];
    otel_thread_end(&otel);
    otel_after_fork(&otel);
    return bad + (int)n + otel_export_shutdown(&ex, 10) + otel_shutdown(&otel, 10);
}
