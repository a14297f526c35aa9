/* The messages of OTLP as a table: number, kind and JSON name of each field, for the writer of OTLP/JSON.
   opentelemetry/proto, release 1.9; OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding". */
#ifndef OTEL_EXPORT_JSON_TABLE_H
#define OTEL_EXPORT_JSON_TABLE_H
#include "../otel/compiler.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What a field holds, and how JSON says it. */
enum {
    OTEL_JSON_MESSAGE_,
    OTEL_JSON_TEXT_,
    OTEL_JSON_HEX_,                    /* ids */
    OTEL_JSON_BASE64_,                 /* other bytes */
    OTEL_JSON_BOOL_,
    OTEL_JSON_INT32_,                  /* enums too: a number */
    OTEL_JSON_UINT32_,
    OTEL_JSON_SINT32_,                 /* zigzag */
    OTEL_JSON_INT64_,                  /* 64 bits: digits in quotes */
    OTEL_JSON_UINT64_,
    OTEL_JSON_FIXED32_,
    OTEL_JSON_FIXED64_,
    OTEL_JSON_SFIXED64_,
    OTEL_JSON_DOUBLE_,
    OTEL_JSON_KIND_ = 15,
    OTEL_JSON_ONE_ = 16,               /* of a oneof: the last one counts */
    OTEL_JSON_MANY_ = 32               /* repeated: an array */
};

enum {
    OTEL_JSON_TRACES_, OTEL_JSON_METRICS_, OTEL_JSON_LOGS_,        /* as otel_signal_t */
    OTEL_JSON_RESOURCE_SPANS_, OTEL_JSON_RESOURCE_METRICS_, OTEL_JSON_RESOURCE_LOGS_, OTEL_JSON_RESOURCE_, OTEL_JSON_ENTITY_,
    OTEL_JSON_SCOPE_SPANS_, OTEL_JSON_SCOPE_METRICS_, OTEL_JSON_SCOPE_LOGS_, OTEL_JSON_SCOPE_,
    OTEL_JSON_ATTRIBUTE_, OTEL_JSON_VALUE_, OTEL_JSON_ARRAY_, OTEL_JSON_MAP_,
    OTEL_JSON_SPAN_, OTEL_JSON_EVENT_, OTEL_JSON_LINK_, OTEL_JSON_STATUS_, OTEL_JSON_LOG_,
    OTEL_JSON_METRIC_, OTEL_JSON_GAUGE_, OTEL_JSON_SUM_, OTEL_JSON_HISTOGRAM_, OTEL_JSON_EXPONENTIAL_, OTEL_JSON_SUMMARY_,
    OTEL_JSON_NUMBER_POINT_, OTEL_JSON_HISTOGRAM_POINT_, OTEL_JSON_EXPONENTIAL_POINT_, OTEL_JSON_SUMMARY_POINT_,
    OTEL_JSON_BUCKETS_, OTEL_JSON_QUANTILE_, OTEL_JSON_EXEMPLAR_
};

/* A field of a message; a row with number 0 ends each list. Private. */
typedef struct otel_json_row_t_ {
    uint8_t number, kind, message;
    char name[24];                     /* no pointers: the strings of all tables of a file are linked together */
} otel_json_row_t_;

/* The fields of a message, at most 16: opentelemetry/proto, release 1.9. */
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message);
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message)
{
#define OTEL_M_(number, which, name) { number, OTEL_JSON_MESSAGE_, OTEL_JSON_##which##_, name }
#define OTEL_MANY_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_MANY_, OTEL_JSON_##which##_, name }
#define OTEL_ONE_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_ONE_, OTEL_JSON_##which##_, name }
#define OTEL_F_(number, kind, name) { number, OTEL_JSON_##kind##_, 0, name }
#define OTEL_F_MANY_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_MANY_, 0, name }
#define OTEL_F_ONE_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_ONE_, 0, name }
#define OTEL_END_ { 0, 0, 0, "" }
#define OTEL_ROWS_(name) static const otel_json_row_t_ name[]
    OTEL_ROWS_(traces) = { OTEL_MANY_(1, RESOURCE_SPANS, "resourceSpans"), OTEL_END_ };
    OTEL_ROWS_(metrics) = { OTEL_MANY_(1, RESOURCE_METRICS, "resourceMetrics"), OTEL_END_ };
    OTEL_ROWS_(logs) = { OTEL_MANY_(1, RESOURCE_LOGS, "resourceLogs"), OTEL_END_ };
    OTEL_ROWS_(resource_spans) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_SPANS, "scopeSpans"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource_metrics) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_METRICS, "scopeMetrics"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource_logs) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_LOGS, "scopeLogs"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource) = { OTEL_MANY_(1, ATTRIBUTE, "attributes"), OTEL_F_(2, UINT32, "droppedAttributesCount"), OTEL_MANY_(3, ENTITY, "entityRefs"), OTEL_END_ };
    OTEL_ROWS_(entity) = { OTEL_F_(1, TEXT, "schemaUrl"), OTEL_F_(2, TEXT, "type"), OTEL_F_MANY_(3, TEXT, "idKeys"), OTEL_F_MANY_(4, TEXT, "descriptionKeys"), OTEL_END_ };
    OTEL_ROWS_(scope_spans) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, SPAN, "spans"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope_metrics) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, METRIC, "metrics"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope_logs) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, LOG, "logRecords"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope) = {
        OTEL_F_(1, TEXT, "name"), OTEL_F_(2, TEXT, "version"), OTEL_MANY_(3, ATTRIBUTE, "attributes"), OTEL_F_(4, UINT32, "droppedAttributesCount"), OTEL_END_
    };
    OTEL_ROWS_(attribute) = { OTEL_F_(1, TEXT, "key"), OTEL_M_(2, VALUE, "value"), OTEL_F_(3, INT32, "keyStrindex"), OTEL_END_ };
    OTEL_ROWS_(value) = {
        OTEL_F_ONE_(1, TEXT, "stringValue"), OTEL_F_ONE_(2, BOOL, "boolValue"), OTEL_F_ONE_(3, INT64, "intValue"), OTEL_F_ONE_(4, DOUBLE, "doubleValue"),
        OTEL_ONE_(5, ARRAY, "arrayValue"), OTEL_ONE_(6, MAP, "kvlistValue"), OTEL_F_ONE_(7, BASE64, "bytesValue"), OTEL_F_ONE_(8, INT32, "stringValueStrindex"), OTEL_END_
    };
    OTEL_ROWS_(array) = { OTEL_MANY_(1, VALUE, "values"), OTEL_END_ };
    OTEL_ROWS_(map) = { OTEL_MANY_(1, ATTRIBUTE, "values"), OTEL_END_ };
    OTEL_ROWS_(span) = {
        OTEL_F_(1, HEX, "traceId"), OTEL_F_(2, HEX, "spanId"), OTEL_F_(3, TEXT, "traceState"), OTEL_F_(4, HEX, "parentSpanId"), OTEL_F_(16, FIXED32, "flags"),
        OTEL_F_(5, TEXT, "name"), OTEL_F_(6, INT32, "kind"), OTEL_F_(7, FIXED64, "startTimeUnixNano"), OTEL_F_(8, FIXED64, "endTimeUnixNano"),
        OTEL_MANY_(9, ATTRIBUTE, "attributes"), OTEL_F_(10, UINT32, "droppedAttributesCount"), OTEL_MANY_(11, EVENT, "events"), OTEL_F_(12, UINT32, "droppedEventsCount"),
        OTEL_MANY_(13, LINK, "links"), OTEL_F_(14, UINT32, "droppedLinksCount"), OTEL_M_(15, STATUS, "status"), OTEL_END_
    };
    OTEL_ROWS_(event) = {
        OTEL_F_(1, FIXED64, "timeUnixNano"), OTEL_F_(2, TEXT, "name"), OTEL_MANY_(3, ATTRIBUTE, "attributes"), OTEL_F_(4, UINT32, "droppedAttributesCount"), OTEL_END_
    };
    OTEL_ROWS_(link) = {
        OTEL_F_(1, HEX, "traceId"), OTEL_F_(2, HEX, "spanId"), OTEL_F_(3, TEXT, "traceState"), OTEL_MANY_(4, ATTRIBUTE, "attributes"),
        OTEL_F_(5, UINT32, "droppedAttributesCount"), OTEL_F_(6, FIXED32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(status) = { OTEL_F_(2, TEXT, "message"), OTEL_F_(3, INT32, "code"), OTEL_END_ };
    OTEL_ROWS_(log) = {
        OTEL_F_(1, FIXED64, "timeUnixNano"), OTEL_F_(11, FIXED64, "observedTimeUnixNano"), OTEL_F_(2, INT32, "severityNumber"), OTEL_F_(3, TEXT, "severityText"),
        OTEL_F_(12, TEXT, "eventName"), OTEL_M_(5, VALUE, "body"), OTEL_MANY_(6, ATTRIBUTE, "attributes"), OTEL_F_(7, UINT32, "droppedAttributesCount"),
        OTEL_F_(8, FIXED32, "flags"), OTEL_F_(9, HEX, "traceId"), OTEL_F_(10, HEX, "spanId"), OTEL_END_
    };
    OTEL_ROWS_(metric) = {
        OTEL_F_(1, TEXT, "name"), OTEL_F_(2, TEXT, "description"), OTEL_F_(3, TEXT, "unit"), OTEL_ONE_(5, GAUGE, "gauge"), OTEL_ONE_(7, SUM, "sum"),
        OTEL_ONE_(9, HISTOGRAM, "histogram"), OTEL_ONE_(10, EXPONENTIAL, "exponentialHistogram"), OTEL_ONE_(11, SUMMARY, "summary"), OTEL_MANY_(12, ATTRIBUTE, "metadata"), OTEL_END_
    };
    OTEL_ROWS_(gauge) = { OTEL_MANY_(1, NUMBER_POINT, "dataPoints"), OTEL_END_ };
    OTEL_ROWS_(sum) = { OTEL_MANY_(1, NUMBER_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_F_(3, BOOL, "isMonotonic"), OTEL_END_ };
    OTEL_ROWS_(histogram) = { OTEL_MANY_(1, HISTOGRAM_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_END_ };
    OTEL_ROWS_(exponential) = { OTEL_MANY_(1, EXPONENTIAL_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_END_ };
    OTEL_ROWS_(summary) = { OTEL_MANY_(1, SUMMARY_POINT, "dataPoints"), OTEL_END_ };
    OTEL_ROWS_(number_point) = {
        OTEL_MANY_(7, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_ONE_(4, DOUBLE, "asDouble"),
        OTEL_F_ONE_(6, SFIXED64, "asInt"), OTEL_MANY_(5, EXEMPLAR, "exemplars"), OTEL_F_(8, UINT32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(histogram_point) = {
        OTEL_MANY_(9, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_F_MANY_(6, FIXED64, "bucketCounts"), OTEL_F_MANY_(7, DOUBLE, "explicitBounds"), OTEL_MANY_(8, EXEMPLAR, "exemplars"),
        OTEL_F_(10, UINT32, "flags"), OTEL_F_(11, DOUBLE, "min"), OTEL_F_(12, DOUBLE, "max"), OTEL_END_
    };
    OTEL_ROWS_(exponential_point) = {
        OTEL_MANY_(1, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_F_(6, SINT32, "scale"), OTEL_F_(7, FIXED64, "zeroCount"), OTEL_M_(8, BUCKETS, "positive"), OTEL_M_(9, BUCKETS, "negative"),
        OTEL_F_(10, UINT32, "flags"), OTEL_MANY_(11, EXEMPLAR, "exemplars"), OTEL_F_(12, DOUBLE, "min"), OTEL_F_(13, DOUBLE, "max"), OTEL_F_(14, DOUBLE, "zeroThreshold"), OTEL_END_
    };
    OTEL_ROWS_(summary_point) = {
        OTEL_MANY_(7, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_MANY_(6, QUANTILE, "quantileValues"), OTEL_F_(8, UINT32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(buckets) = { OTEL_F_(1, SINT32, "offset"), OTEL_F_MANY_(2, UINT64, "bucketCounts"), OTEL_END_ };
    OTEL_ROWS_(quantile) = { OTEL_F_(1, DOUBLE, "quantile"), OTEL_F_(2, DOUBLE, "value"), OTEL_END_ };
    OTEL_ROWS_(exemplar) = {
        OTEL_MANY_(7, ATTRIBUTE, "filteredAttributes"), OTEL_F_(2, FIXED64, "timeUnixNano"), OTEL_F_ONE_(3, DOUBLE, "asDouble"), OTEL_F_ONE_(6, SFIXED64, "asInt"),
        OTEL_F_(4, HEX, "spanId"), OTEL_F_(5, HEX, "traceId"), OTEL_END_
    };
    static const otel_json_row_t_ *const all[] = {            /* in the order of the enum */
        traces, metrics, logs, resource_spans, resource_metrics, resource_logs, resource, entity, scope_spans, scope_metrics, scope_logs, scope,
        attribute, value, array, map, span, event, link, status, log, metric, gauge, sum, histogram, exponential, summary,
        number_point, histogram_point, exponential_point, summary_point, buckets, quantile, exemplar
    };
    return all[message];
#undef OTEL_M_
#undef OTEL_MANY_
#undef OTEL_ONE_
#undef OTEL_F_
#undef OTEL_F_MANY_
#undef OTEL_F_ONE_
#undef OTEL_END_
#undef OTEL_ROWS_
}
OTEL_C_END_
#endif
#endif
