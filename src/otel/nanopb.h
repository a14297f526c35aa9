/* With OTEL_USE_NANOPB metrics are written by nanopb: messages are the structs that its generator makes of the official .proto
   files, encoded by pb_encode into a stream over the packet. A message may be written in parts, which every decoder puts together,
   so the count of a histogram can follow its buckets. What nanopb does not do stays: lengths of messages that are open while points
   come in (nanopb encodes each inside message twice to know its length, and its data must not move meanwhile; ours do).
   Protocol Buffers documentation: Encoding, "Last One Wins"; opentelemetry/proto/metrics/v1/metrics.proto. */
#ifndef OTEL_NANOPB_H
#define OTEL_NANOPB_H
#include "compiler.h"
#include "wire.h"
#if OTEL_NANOPB_ && OTEL_BODIES_
#include <pb_encode.h>
#include <opentelemetry/proto/metrics/v1/metrics.pb.h>
#endif
/*== implementation ==*/
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* Write the fields of `message` that are set; false: no room. */
OTEL_API_ bool otel_nanopb_put_(uint8_t **at, uint8_t *end, const pb_msgdesc_t *fields, const void *message);
OTEL_API_ bool otel_nanopb_put_(uint8_t **at, uint8_t *end, const pb_msgdesc_t *fields, const void *message)
{
    pb_ostream_t stream = pb_ostream_from_buffer(*at, end > *at ? (size_t)(end - *at) : 0u);
    if (!pb_encode(&stream, fields, message)) return false;
    *at += stream.bytes_written;
    return true;
}

/* A text, and where the stream begins that it is written to. */
typedef struct otel_nanopb_text_t_ {
    const char *text;
    uint8_t *begin;
} otel_nanopb_text_t_;

/* A string field, unless it is empty; bytes that are no UTF-8 are replaced, as everywhere. */
OTEL_FN_ bool otel_nanopb_on_text_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_text_t_ *text = (const otel_nanopb_text_t_ *)*arg;
    size_t n = text->text ? strlen(text->text) : 0;
    if (n == 0) return true;
    if (!pb_encode_tag_for_field(stream, field) || !pb_encode_string(stream, (const pb_byte_t *)text->text, n)) return false;
    (void)otel_put_text_(text->begin + stream->bytes_written - n, text->text, n);
    return true;
}

OTEL_FN_ void otel_nanopb_text_(pb_callback_t *field, otel_nanopb_text_t_ *kept, const char *text, uint8_t *begin)
{
    kept->text = text;
    kept->begin = begin;
    field->funcs.encode = otel_nanopb_on_text_;
    field->arg = kept;
}

/* Bytes as they are: of a bytes field with its tag, of attributes that are encoded already without one more. */
typedef struct otel_nanopb_bytes_t_ {
    const uint8_t *bytes;
    size_t len;
} otel_nanopb_bytes_t_;

OTEL_FN_ bool otel_nanopb_on_bytes_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_bytes_t_ *bytes = (const otel_nanopb_bytes_t_ *)*arg;
    return bytes->len == 0 || (pb_encode_tag_for_field(stream, field) && pb_encode_string(stream, bytes->bytes, bytes->len));
}

OTEL_FN_ bool otel_nanopb_on_encoded_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_bytes_t_ *bytes = (const otel_nanopb_bytes_t_ *)*arg;
    (void)field;
    return pb_write(stream, bytes->bytes, bytes->len);
}

/* ---- what stands around the data points ---- */
/* Metric.name, description, unit */
OTEL_FN_ bool otel_nanopb_metric_(uint8_t **at, uint8_t *end, const char *name, const char *description, const char *unit)
{
    opentelemetry_proto_metrics_v1_Metric metric;
    otel_nanopb_text_t_ text[3];
    memset((void *)&metric, 0, sizeof metric);
    otel_nanopb_text_(&metric.name, &text[0], name, *at);
    otel_nanopb_text_(&metric.description, &text[1], description, *at);
    otel_nanopb_text_(&metric.unit, &text[2], unit, *at);
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_Metric_fields, &metric);
}

/* ScopeMetrics.schema_url */
OTEL_FN_ bool otel_nanopb_schema_(uint8_t **at, uint8_t *end, const char *url)
{
    opentelemetry_proto_metrics_v1_ScopeMetrics scope;
    otel_nanopb_text_t_ text;
    memset((void *)&scope, 0, sizeof scope);
    otel_nanopb_text_(&scope.schema_url, &text, url, *at);
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_ScopeMetrics_fields, &scope);
}

/* Sum.aggregation_temporality and is_monotonic; the former has the same number in both histograms. */
OTEL_FN_ bool otel_nanopb_sum_(uint8_t **at, uint8_t *end, uint8_t temporality, bool monotonic)
{
    opentelemetry_proto_metrics_v1_Sum sum;
    memset((void *)&sum, 0, sizeof sum);
    sum.aggregation_temporality = OTEL_CAST_(opentelemetry_proto_metrics_v1_AggregationTemporality, temporality);
    sum.is_monotonic = monotonic;
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_Sum_fields, &sum);
}

/* NumberDataPoint.start_time_unix_nano (0: none) and time_unix_nano; they have the same numbers in all data points. */
OTEL_FN_ bool otel_nanopb_times_(uint8_t **at, uint8_t *end, uint64_t start, uint64_t time)
{
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.start_time_unix_nano = start;
    point.time_unix_nano = time;
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}
OTEL_C_END_
#endif
#endif
