/* nanopb/decode - reads OTLP on a device: what otel.h wrote is decoded by nanopb, with what nanopb's generator made of the official
   .proto files, and printed from the decoded structs. Without arguments the program records a span, a log and metrics of its own;
   else it reads files whose names end in .traces, .metrics or .logs (examples/pull.c writes such).

   The .proto files are those of github.com/open-telemetry/opentelemetry-proto, here in PROTO (Debian: nanopb, libnanopb-dev):

     protoc -I PROTO "--nanopb_out=-q -f./examples/nanopb/otlp.options:gen" \
         $(cd PROTO && find opentelemetry -name '*.proto' | grep -v profiles)
     cc -Igen -I. examples/nanopb/decode.c $(find gen -name '*.pb.c') -lprotobuf-nanopb -o decode && ./decode */
#include "otel_export.h"
#include <inttypes.h>
#include <pb_decode.h>
#include <stdio.h>
#include <time.h>
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

#define DEPTH 8                                   /* arrays and maps inside one another */

/* Text that callbacks append to; what does not fit is left out. */
typedef struct text {
    char at[400];
    size_t len;
    unsigned depth;
} text_t;

static void say(text_t *text, const char *what)
{
    while (*what && text->len + 1 < sizeof text->at) text->at[text->len++] = *what++;
    text->at[text->len] = '\0';
}

static void say_number(text_t *text, int64_t value)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    say(text, digits);
}

static void say_double(text_t *text, double value)
{
    char digits[40];
    (void)snprintf(digits, sizeof digits, "%.17g", value);
    say(text, digits);
}

/* ---- fields ---- */
static bool read_text(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    text_t *text = (text_t *)*arg;
    char one[2] = { 0, 0 };
    (void)field;
    while (stream->bytes_left) {
        if (!pb_read(stream, (pb_byte_t *)one, 1)) return false;
        say(text, one);
    }
    return true;
}

static bool read_bytes(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    pb_byte_t byte;
    char hex[3];
    (void)field;
    while (stream->bytes_left) {
        if (!pb_read(stream, &byte, 1)) return false;
        (void)snprintf(hex, sizeof hex, "%02x", byte);
        say((text_t *)*arg, hex);
    }
    return true;
}

static pb_callback_t into(bool (*read)(pb_istream_t *stream, const pb_field_t *field, void **arg), void *arg)
{
    pb_callback_t callback;
    callback.funcs.decode = read;
    callback.arg = arg;
    return callback;
}

static bool read_element(pb_istream_t *stream, const pb_field_t *field, void **arg);
static bool read_pair(pb_istream_t *stream, const pb_field_t *field, void **arg);

/* Texts, arrays and maps are said while they are decoded; numbers stand in the struct then. */
static void expect(opentelemetry_proto_common_v1_AnyValue *value, text_t *text)
{
    value->string_value = into(read_text, text);
    value->bytes_value = into(read_bytes, text);
    value->array_value.values = into(read_element, text);
    value->kvlist_value.values = into(read_pair, text);
}

static void say_value(const opentelemetry_proto_common_v1_AnyValue *value, text_t *text)
{
    if (value->has_bool_value) say(text, value->bool_value ? "true" : "false");
    if (value->has_int_value) say_number(text, value->int_value);
    if (value->has_double_value) say_double(text, value->double_value);
}

/* ArrayValue.values */
static bool read_element(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_common_v1_AnyValue value = opentelemetry_proto_common_v1_AnyValue_init_zero;
    text_t *text = (text_t *)*arg;
    bool good;
    (void)field;
    if (++text->depth > DEPTH) return false;
    say(text, "[");
    expect(&value, text);
    good = pb_decode(stream, opentelemetry_proto_common_v1_AnyValue_fields, &value);
    say_value(&value, text);
    say(text, "]");
    text->depth--;
    return good;
}

/* attributes, and KeyValueList.values */
static bool read_pair(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_common_v1_KeyValue pair = opentelemetry_proto_common_v1_KeyValue_init_zero;
    text_t *text = (text_t *)*arg, value = { "", 0, 0 };
    bool good;
    (void)field;
    if ((value.depth = text->depth + 1) > DEPTH) return false;
    say(text, " ");
    pair.key = into(read_text, text);
    expect(&pair.value, &value);
    good = pb_decode(stream, opentelemetry_proto_common_v1_KeyValue_fields, &pair);
    say_value(&pair.value, &value);
    say(text, "=");
    say(text, value.at);
    return good;
}

static void print_id(const char *name, const pb_byte_t *bytes, size_t len)
{
    size_t i;
    if (len) (void)printf(" %s=", name);
    for (i = 0; i < len; i++) (void)printf("%02x", bytes[i]);
}

/* ---- traces ---- */
static bool read_event(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_trace_v1_Span_Event event = opentelemetry_proto_trace_v1_Span_Event_init_zero;
    text_t *text = (text_t *)*arg;
    (void)field;
    say(text, "\n  event ");
    event.name = into(read_text, text);
    event.attributes = into(read_pair, text);
    return pb_decode(stream, opentelemetry_proto_trace_v1_Span_Event_fields, &event);
}

static bool read_span(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_trace_v1_Span span = opentelemetry_proto_trace_v1_Span_init_zero;
    text_t name = { "", 0, 0 }, attributes = name, events = name, message = name;
    (void)field;
    (void)arg;
    span.name = into(read_text, &name);
    span.attributes = into(read_pair, &attributes);
    span.events = into(read_event, &events);
    span.status.message = into(read_text, &message);
    if (!pb_decode(stream, opentelemetry_proto_trace_v1_Span_fields, &span)) return false;
    (void)printf("span %s kind=%d", name.at, (int)span.kind);
    print_id("trace_id", span.trace_id.bytes, span.trace_id.size);
    print_id("span_id", span.span_id.bytes, span.span_id.size);
    print_id("parent", span.parent_span_id.bytes, span.parent_span_id.size);
    (void)printf(" start=%" PRIu64 " end=%" PRIu64, span.start_time_unix_nano, span.end_time_unix_nano);
    if (span.has_status) (void)printf(" status=%d %s", (int)span.status.code, message.at);
    (void)printf("%s%s\n", attributes.at, events.at);
    return true;
}

static bool read_scope_spans(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_trace_v1_ScopeSpans scope = opentelemetry_proto_trace_v1_ScopeSpans_init_zero;
    (void)field;
    (void)arg;
    scope.spans = into(read_span, NULL);
    return pb_decode(stream, opentelemetry_proto_trace_v1_ScopeSpans_fields, &scope);
}

static bool read_resource_spans(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_trace_v1_ResourceSpans spans = opentelemetry_proto_trace_v1_ResourceSpans_init_zero;
    (void)field;
    spans.resource.attributes = into(read_pair, *arg);
    spans.scope_spans = into(read_scope_spans, NULL);
    return pb_decode(stream, opentelemetry_proto_trace_v1_ResourceSpans_fields, &spans);
}

/* ---- logs ---- */
static bool read_log(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_logs_v1_LogRecord record = opentelemetry_proto_logs_v1_LogRecord_init_zero;
    text_t body = { "", 0, 0 }, attributes = body;
    (void)field;
    (void)arg;
    expect(&record.body, &body);
    record.attributes = into(read_pair, &attributes);
    if (!pb_decode(stream, opentelemetry_proto_logs_v1_LogRecord_fields, &record)) return false;
    say_value(&record.body, &body);
    (void)printf("log %s severity=%d time=%" PRIu64, body.at, (int)record.severity_number, record.time_unix_nano);
    print_id("trace_id", record.trace_id.bytes, record.trace_id.size);
    print_id("span_id", record.span_id.bytes, record.span_id.size);
    (void)printf("%s\n", attributes.at);
    return true;
}

static bool read_scope_logs(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_logs_v1_ScopeLogs scope = opentelemetry_proto_logs_v1_ScopeLogs_init_zero;
    (void)field;
    (void)arg;
    scope.log_records = into(read_log, NULL);
    return pb_decode(stream, opentelemetry_proto_logs_v1_ScopeLogs_fields, &scope);
}

static bool read_resource_logs(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_logs_v1_ResourceLogs logs = opentelemetry_proto_logs_v1_ResourceLogs_init_zero;
    (void)field;
    logs.resource.attributes = into(read_pair, *arg);
    logs.scope_logs = into(read_scope_logs, NULL);
    return pb_decode(stream, opentelemetry_proto_logs_v1_ResourceLogs_fields, &logs);
}

/* ---- metrics ---- */
static bool read_count(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    uint64_t count;
    bool varint = PB_LTYPE(field->type) == PB_LTYPE_UVARINT;
    if (!(varint ? pb_decode_varint(stream, &count) : pb_decode_fixed64(stream, &count))) return false;
    say((text_t *)*arg, " ");
    say_number((text_t *)*arg, (int64_t)count);
    return true;
}

static bool read_bound(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    double bound;
    (void)field;
    if (!pb_decode_fixed64(stream, &bound)) return false;
    say((text_t *)*arg, " ");
    say_double((text_t *)*arg, bound);
    return true;
}

static bool read_number(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_NumberDataPoint point = opentelemetry_proto_metrics_v1_NumberDataPoint_init_zero;
    text_t *text = (text_t *)*arg;
    (void)field;
    say(text, "\n  point");
    point.attributes = into(read_pair, text);
    if (!pb_decode(stream, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point)) return false;
    say(text, " value ");
    if (point.which_value == opentelemetry_proto_metrics_v1_NumberDataPoint_as_int_tag) say_number(text, point.value.as_int);
    else say_double(text, point.value.as_double);
    return true;
}

static bool read_histogram(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_HistogramDataPoint point = opentelemetry_proto_metrics_v1_HistogramDataPoint_init_zero;
    text_t *text = (text_t *)*arg, counts = { "", 0, 0 }, bounds = counts;
    (void)field;
    say(text, "\n  point");
    point.attributes = into(read_pair, text);
    point.bucket_counts = into(read_count, &counts);
    point.explicit_bounds = into(read_bound, &bounds);
    if (!pb_decode(stream, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point)) return false;
    say(text, " count ");
    say_number(text, (int64_t)point.count);
    say(text, " sum ");
    say_double(text, point.sum);
    say(text, " buckets");
    say(text, counts.at);
    say(text, " bounds");
    say(text, bounds.at);
    return true;
}

static bool read_powers(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint point = opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_init_zero;
    text_t *text = (text_t *)*arg, counts = { "", 0, 0 };
    (void)field;
    say(text, "\n  point");
    point.attributes = into(read_pair, text);
    point.positive.bucket_counts = into(read_count, &counts);
    if (!pb_decode(stream, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point)) return false;
    say(text, " count ");
    say_number(text, (int64_t)point.count);
    say(text, " scale ");
    say_number(text, point.scale);
    say(text, " offset ");
    say_number(text, point.positive.offset);
    say(text, " buckets");
    say(text, counts.at);
    return true;
}

static bool read_metric(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_Metric metric = opentelemetry_proto_metrics_v1_Metric_init_zero;
    text_t name = { "", 0, 0 }, unit = name, points = name;
    (void)field;
    (void)arg;
    metric.name = into(read_text, &name);
    metric.unit = into(read_text, &unit);
    metric.gauge.data_points = metric.sum.data_points = into(read_number, &points);
    metric.histogram.data_points = into(read_histogram, &points);
    metric.exponential_histogram.data_points = into(read_powers, &points);
    if (!pb_decode(stream, opentelemetry_proto_metrics_v1_Metric_fields, &metric)) return false;
    (void)printf("metric %s unit=%s%s%s\n", name.at, unit.at, metric.has_sum && metric.sum.is_monotonic ? " monotonic" : "", points.at);
    return true;
}

static bool read_scope_metrics(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_ScopeMetrics scope = opentelemetry_proto_metrics_v1_ScopeMetrics_init_zero;
    (void)field;
    (void)arg;
    scope.metrics = into(read_metric, NULL);
    return pb_decode(stream, opentelemetry_proto_metrics_v1_ScopeMetrics_fields, &scope);
}

static bool read_resource_metrics(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    opentelemetry_proto_metrics_v1_ResourceMetrics metrics = opentelemetry_proto_metrics_v1_ResourceMetrics_init_zero;
    (void)field;
    metrics.resource.attributes = into(read_pair, *arg);
    metrics.scope_metrics = into(read_scope_metrics, NULL);
    return pb_decode(stream, opentelemetry_proto_metrics_v1_ResourceMetrics_fields, &metrics);
}

/* ---- requests ---- */
static bool decode(otel_signal_t signal, const uint8_t *body, size_t len)
{
    opentelemetry_proto_collector_trace_v1_ExportTraceServiceRequest traces = opentelemetry_proto_collector_trace_v1_ExportTraceServiceRequest_init_zero;
    opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceRequest metrics = opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceRequest_init_zero;
    opentelemetry_proto_collector_logs_v1_ExportLogsServiceRequest logs = opentelemetry_proto_collector_logs_v1_ExportLogsServiceRequest_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(body, len);
    text_t resource = { "", 0, 0 };
    bool good;
    traces.resource_spans = into(read_resource_spans, &resource);
    metrics.resource_metrics = into(read_resource_metrics, &resource);
    logs.resource_logs = into(read_resource_logs, &resource);
    if (signal == OTEL_SIGNAL_TRACES) good = pb_decode(&stream, opentelemetry_proto_collector_trace_v1_ExportTraceServiceRequest_fields, &traces);
    else if (signal == OTEL_SIGNAL_METRICS) good = pb_decode(&stream, opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceRequest_fields, &metrics);
    else good = pb_decode(&stream, opentelemetry_proto_collector_logs_v1_ExportLogsServiceRequest_fields, &logs);
    if (good) (void)printf("resource%s\n", resource.at);
    else (void)fprintf(stderr, "decode: %s\n", PB_GET_ERROR(&stream));
    return good;
}

static int decode_file(const char *name)
{
    static uint8_t bytes[65536];
    const char *end = strrchr(name, '.');
    FILE *file = fopen(name, "rb");
    size_t n;
    if (!file || !end) {
        (void)fprintf(stderr, "decode: cannot read %s, or its name does not end in .traces, .metrics or .logs\n", name);
        if (file) (void)fclose(file);
        return 2;
    }
    n = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    return decode(strcmp(end, ".traces") == 0 ? OTEL_SIGNAL_TRACES : strcmp(end, ".metrics") == 0 ? OTEL_SIGNAL_METRICS : OTEL_SIGNAL_LOGS, bytes, n) ? 0 : 1;
}

/* ---- something to decode ---- */
static otel_t otel;
static otel_exporter_t exporter;
static uint8_t pool[4096], packet[2048];
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(2));
static otel_gauge_double_t level = OTEL_GAUGE_DOUBLE("tank.level", .unit = "1");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.01, 0.1, 1));
static otel_exponential_t size = OTEL_EXPONENTIAL("message.size", .unit = "By", OTEL_POWERS(160));

static uint64_t unix_ns(void *user)
{
    (void)user;
    return (uint64_t)time(NULL) * 1000000000u;
}

static int send(void *user, const otel_request_t *r)
{
    (void)user;
    (void)printf("%s\n", r->path);
    return decode(r->signal, (const uint8_t *)r->body, r->len) ? 200 : 400;
}

static int record(void)
{
    otel_stats_t stats;
    otel_result_t result = otel_init(&otel, .service = "nanopb", .clock = unix_ns, .pool = pool, .pool_size = sizeof pool);
    if (result == OTEL_OK) result = otel_exporter_init(&exporter, .send = send, .buffer = packet, .buffer_size = sizeof packet);
    if (result != OTEL_OK) {
        (void)fprintf(stderr, "decode: %s\n", otel_result_text(result));
        return 1;
    }
    OTEL_SPAN(span, "read sensor", .kind = OTEL_CLIENT) {
        otel_span_set(span, "sensor.id", 7, "bus", "i2c1", "celsius", 21.5);
        otel_log(OTEL_WARN, "the sensor answers late", "sensor.id", 7);
    }
    otel_counter_add(&reads, 3, "bus", "i2c1");
    otel_gauge_record(&level, 0.25);
    otel_histogram_record(&took, 0.05);
    otel_histogram_record(&size, 1024);
    (void)otel_export_flush(&exporter, 1000);
    otel_stats(&exporter, &stats);
    return stats.signal[OTEL_SIGNAL_TRACES].exported == 1 && stats.signal[OTEL_SIGNAL_LOGS].exported == 1 ? 0 : 1;
}

int main(int argc, char **argv)
{
    int i, worst = argc > 1 ? 0 : record();
    for (i = 1; i < argc; i++) {
        int said = decode_file(argv[i]);
        if (said > worst) worst = said;
    }
    return worst;
}
