/* OTLP/JSON: an export request as one line of text, for files, terminals and receivers that take no protobuf. A table of
   the messages drives a walk with a stack of its own; nothing is copied, whatever the request's size.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding"; protocol/file-exporter.md. */
#ifndef OTEL_EXPORT_JSON_H
#define OTEL_EXPORT_JSON_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "decimal.h"
#include "pb.h"
#include "request.h"

OTEL_C_BEGIN_
/* Write `request`, with a body or in parts, as one line without a line feed: `put` gets the text piece by piece. False, and
   then nothing was put, when the bytes are no request of that signal. Fields that OTLP does not know are left out; bytes
   that are no UTF-8 become U+FFFD; a value inside more than five arrays or maps becomes null. Takes about 1 KB of stack. */
OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_
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
    const char *name;
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
#define OTEL_END_ { 0, 0, 0, NULL }
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

#define OTEL_JSON_DEPTH_ 24u           /* messages inside one another: what a body in five arrays or maps takes, and an exemplar's attribute in four */

/* Positions are 32 bits wide, 16 where a size has no more. */
#if SIZE_MAX > 0xFFFFFFFFu
typedef uint32_t otel_offset_t_;
#else
typedef size_t otel_offset_t_;
#endif

/* A message that is being written. Positions are offsets in the request. Private. */
typedef struct otel_json_frame_t_ {
    otel_offset_t_ begin, end, at;
    uint16_t present;                  /* rows that are still to be written */
    uint8_t message, row;
    bool open;                         /* inside the array of `row` */
    bool more;                         /* something stands before: a comma comes first */
} otel_json_frame_t_;

typedef struct otel_json_t_ {
    void (*put)(void *user, const char *text, size_t len);    /* NULL: only look */
    void *user;
    otel_piece_t whole;                /* a body, as the only part */
    const otel_piece_t *parts;
    size_t part;                       /* parts[part] begins at `base` */
    otel_offset_t_ base, len;
    uint8_t filled;
    uint8_t across[OTEL_PB_HEAD_];     /* bytes of several parts, side by side */
    char text[64];                     /* not yet put */
} otel_json_t_;

/* ---- input ---- */

/* The byte at `at` (less than len), and how many follow it in its part, itself included. */
OTEL_FN_ const uint8_t *otel_json_at_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ *run)
{
    while (at < j->base) j->base -= (otel_offset_t_)j->parts[--j->part].len;
    while (at - j->base >= j->parts[j->part].len) j->base += (otel_offset_t_)j->parts[j->part++].len;
    *run = (otel_offset_t_)j->parts[j->part].len - (at - j->base);
    return (const uint8_t *)j->parts[j->part].bytes + (at - j->base);
}

/* `n` bytes side by side, n <= OTEL_PB_HEAD_ and all inside the request. */
OTEL_FN_ const uint8_t *otel_json_bytes_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    otel_offset_t_ run, have = 0;
    const uint8_t *p;
    if (n == 0) return j->across;
    p = otel_json_at_(j, at, &run);
    if (run >= n) return p;
    while (have < n) {
        p = otel_json_at_(j, at + have, &run);
        if (run > n - have) run = n - have;
        memcpy(j->across + have, p, run);
        have += run;
    }
    return j->across;
}

/* The field at `*at`, which moves behind it; a slice begins at `*slice`. False when there is none before `end`. */
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice);
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_offset_t_ n = end - *at < OTEL_PB_HEAD_ ? end - *at : OTEL_PB_HEAD_;
    unsigned used = otel_pb_head_(otel_json_bytes_(j, *at, n), n, field);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    *slice = *at + used;
    if (field->len > end - *slice) return false;
    *at = *slice + (otel_offset_t_)field->len;
    return true;
}

/* ---- output ---- */

OTEL_FN_ void otel_json_flush_(otel_json_t_ *j)
{
    if (j->filled && j->put) (j->put)(j->user, j->text, j->filled);
    j->filled = 0;
}

OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len);
OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len)
{
    if (!j->put) return;
    if (len > sizeof j->text - j->filled) otel_json_flush_(j);
    if (len > sizeof j->text) {
        (j->put)(j->user, text, len);
        return;
    }
    memcpy(j->text + j->filled, text, len);
    j->filled = (uint8_t)(j->filled + len);
}

OTEL_FN_ void otel_json_char_(otel_json_t_ *j, char c) { otel_json_put_(j, &c, 1); }

OTEL_FN_ void otel_json_byte_(char *to, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    to[0] = digits[byte >> 4];
    to[1] = digits[byte & 15u];
}

/* How many bytes from p[0] on can stand as they are. */
OTEL_FN_ otel_offset_t_ otel_json_plain_(const uint8_t *p, otel_offset_t_ len)
{
    otel_offset_t_ i = 0;
    while (i < len) {
        unsigned step = 1;
        if (p[i] < 0x20 || p[i] == '"' || p[i] == '\\' || p[i] == 0x7F) break;
        if (p[i] >= 0x80) step = otel_utf8_step_(p + i, len - i);
        if (step == 0) break;
        i += step;
    }
    return i;
}

OTEL_FN_ void otel_json_escape_(otel_json_t_ *j, uint8_t c)
{
    char text[6] = { '\\', 'u', '0', '0', '0', '0' };
    switch (c) {
    case '\n': otel_json_put_(j, "\\n", 2); return;
    case '\r': otel_json_put_(j, "\\r", 2); return;
    case '\t': otel_json_put_(j, "\\t", 2); return;
    case '"':
    case '\\':
        text[1] = (char)c;
        otel_json_put_(j, text, 2);
        return;
    default:
        otel_json_byte_(text + 4, c);
        otel_json_put_(j, text, 6);
    }
}

/* Text in quotes; a sequence that a border between parts cuts is put together first. */
OTEL_FN_ void otel_json_text_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    otel_offset_t_ end = at + len;
    otel_json_char_(j, '"');
    while (at < end) {
        otel_offset_t_ run, n;
        const uint8_t *p = otel_json_at_(j, at, &run);
        if (run > end - at) run = end - at;
        n = otel_json_plain_(p, run);
        if (n) {
            otel_json_put_(j, (const char *)p, n);
        } else if (*p < 0x80) {
            otel_json_escape_(j, *p);
            n = 1;
        } else {
            otel_offset_t_ left = end - at < 4u ? end - at : 4u;
            p = otel_json_bytes_(j, at, left);
            n = otel_utf8_step_(p, left);
            if (n) otel_json_put_(j, (const char *)p, n);
            else otel_json_put_(j, "\xEF\xBF\xBD", 3);        /* U+FFFD for each byte that is none */
            if (n == 0) n = 1;
        }
        at += n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_hex_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    char text[2];
    otel_json_char_(j, '"');
    for (; len; at++, len--) {
        otel_json_byte_(text, *otel_json_bytes_(j, at, 1));
        otel_json_put_(j, text, 2);
    }
    otel_json_char_(j, '"');
}

/* RFC 4648, section 4. */
OTEL_FN_ void otel_json_base64_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[4];
    otel_json_char_(j, '"');
    while (len) {
        otel_offset_t_ n = len < 3u ? len : 3u;
        uint32_t word;
        const uint8_t *p = otel_json_bytes_(j, at, n);
        word = (uint32_t)p[0] << 16;
        if (n > 1) word |= (uint32_t)p[1] << 8;
        if (n > 2) word |= p[2];
        text[0] = digits[word >> 18];
        text[1] = digits[(word >> 12) & 63u];
        text[2] = n > 1 ? digits[(word >> 6) & 63u] : '=';
        text[3] = n > 2 ? digits[word & 63u] : '=';
        otel_json_put_(j, text, 4);
        at += n;
        len -= n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_number_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    char text[OTEL_DECIMAL_SIZE_ + 2u];
    size_t n = 0;
    bool quoted = kind == OTEL_JSON_INT64_ || kind == OTEL_JSON_UINT64_ || kind == OTEL_JSON_FIXED64_ || kind == OTEL_JSON_SFIXED64_;
    if (!j->put) return;
    if (kind == OTEL_JSON_BOOL_) {
        otel_json_put_(j, value ? "true" : "false", value ? 4 : 5);
        return;
    }
    if (kind == OTEL_JSON_DOUBLE_) {
        quoted = (value >> 52 & 0x7FFu) == 0x7FFu;            /* "NaN", "Infinity", "-Infinity" */
        if (quoted) text[n++] = '"';
        n += otel_double_text_(text + n, value);
    } else {
        if (kind == OTEL_JSON_SINT32_) value = ((uint64_t)0 - (value & 1u)) ^ ((value & 0xFFFFFFFFu) >> 1);
        if (kind == OTEL_JSON_UINT32_ || kind == OTEL_JSON_INT32_) value &= 0xFFFFFFFFu;
        if (kind == OTEL_JSON_INT32_ && value >> 31) value |= 0xFFFFFFFF00000000ull;
        if (quoted) text[n++] = '"';
        if (value >> 63 && kind != OTEL_JSON_UINT64_ && kind != OTEL_JSON_FIXED64_) {
            text[n++] = '-';
            value = (uint64_t)0 - value;
        }
        n += otel_uint_text_(text + n, value);
    }
    if (quoted) text[n++] = '"';
    otel_json_put_(j, text, n);
}

/* ---- the walk ---- */

OTEL_FN_ unsigned otel_json_wire_(unsigned kind)
{
    switch (kind & OTEL_JSON_KIND_) {
    case OTEL_JSON_MESSAGE_:
    case OTEL_JSON_TEXT_:
    case OTEL_JSON_HEX_:
    case OTEL_JSON_BASE64_: return OTEL_PB_SLICE_;
    case OTEL_JSON_FIXED32_: return OTEL_PB_FIXED32_;
    case OTEL_JSON_FIXED64_:
    case OTEL_JSON_SFIXED64_:
    case OTEL_JSON_DOUBLE_: return OTEL_PB_FIXED64_;
    default: return OTEL_PB_VARINT_;
    }
}

/* Repeated numbers come packed, all in one slice, or one by one. */
OTEL_FN_ bool otel_json_fits_(const otel_json_row_t_ *row, const otel_pb_field_t_ *field)
{
    if (row->number != field->number) return false;
    return otel_json_wire_(row->kind) == field->type || (row->kind & OTEL_JSON_MANY_ && field->type == OTEL_PB_SLICE_);
}

/* Begin with a message: which of its fields are there? False when it is no protobuf. */
OTEL_FN_ bool otel_json_enter_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned message, otel_offset_t_ begin, otel_offset_t_ end)
{
    const otel_json_row_t_ *rows = otel_json_rows_(message);
    otel_pb_field_t_ field;
    otel_offset_t_ at = begin, slice;
    unsigned i, k;
    frame->begin = begin;
    frame->end = end;
    frame->message = (uint8_t)message;
    frame->present = 0;
    frame->row = 0;
    frame->open = frame->more = false;
    while (at < end) {
        if (!otel_json_field_(j, &at, end, &field, &slice)) return false;
        for (i = 0; rows[i].number && !otel_json_fits_(&rows[i], &field); i++) continue;
        if (!rows[i].number) continue;
        for (k = 0; rows[i].kind & OTEL_JSON_ONE_ && rows[k].number; k++) {
            if (rows[k].kind & OTEL_JSON_ONE_) frame->present &= (uint16_t)~(1u << k);
        }
        frame->present |= (uint16_t)(1u << i);
    }
    otel_json_char_(j, '{');
    return true;
}

/* The numbers of a packed field; false when they do not end where it does. */
OTEL_FN_ bool otel_json_packed_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, otel_offset_t_ at, otel_offset_t_ end)
{
    uint64_t value = 0;
    while (at < end) {
        otel_offset_t_ left = end - at < 10u ? (otel_offset_t_)(end - at) : 10u;
        unsigned wire = otel_json_wire_(kind), used = wire == OTEL_PB_FIXED64_ ? 8u : wire == OTEL_PB_FIXED32_ ? 4u : 0u;
        const uint8_t *p = otel_json_bytes_(j, at, left);
        if (used > left) return false;
        if (used == 8u) value = otel_get64_(p);
        else if (used == 4u) value = otel_get32_(p);
        else used = otel_pb_varint_(p, left, &value);
        if (used == 0 || used == OTEL_PB_BAD_) return false;
        if (frame->more) otel_json_char_(j, ',');
        frame->more = true;
        otel_json_number_(j, kind, value);
        at += used;
    }
    return true;
}

/* One value that is no message. */
OTEL_FN_ bool otel_json_value_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, const otel_pb_field_t_ *field, otel_offset_t_ slice)
{
    unsigned what = kind & OTEL_JSON_KIND_;
    otel_offset_t_ len = (otel_offset_t_)field->len;
    if (field->type == OTEL_PB_SLICE_ && otel_json_wire_(kind) != OTEL_PB_SLICE_) return otel_json_packed_(j, frame, what, slice, slice + len);
    if (kind & OTEL_JSON_MANY_ && frame->more) otel_json_char_(j, ',');
    frame->more = true;
    if (!j->put) return true;
    if (what == OTEL_JSON_TEXT_) otel_json_text_(j, slice, len);
    else if (what == OTEL_JSON_HEX_) otel_json_hex_(j, slice, len);
    else if (what == OTEL_JSON_BASE64_) otel_json_base64_(j, slice, len);
    else otel_json_number_(j, what, field->value);
    return true;
}

/* The next field of the frame that has a value: its name and, of an array, the bracket. False when none is left. */
OTEL_FN_ bool otel_json_name_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *rows)
{
    const otel_json_row_t_ *row;
    unsigned i = 0;
    if (!frame->present) return false;
    while (!((unsigned)frame->present >> i & 1u)) i++;
    row = &rows[i];
    frame->present &= (uint16_t)~(1u << i);
    if (frame->more) otel_json_char_(j, ',');
    otel_json_char_(j, '"');
    otel_json_put_(j, row->name, strlen(row->name));
    otel_json_put_(j, "\":[", row->kind & OTEL_JSON_MANY_ ? 3 : 2);
    frame->row = (uint8_t)i;
    frame->at = frame->begin;
    frame->open = true;
    frame->more = false;
    return true;
}

/* The next value of the frame's field: of an array the next one, else the last one that there is. */
OTEL_FN_ bool otel_json_next_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *row, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_pb_field_t_ one;
    otel_offset_t_ begin;
    bool found = false;
    while (frame->at < frame->end && otel_json_field_(j, &frame->at, frame->end, &one, &begin)) {
        if (!otel_json_fits_(row, &one)) continue;
        *field = one;
        *slice = begin;
        found = true;
        if (row->kind & OTEL_JSON_MANY_) break;
    }
    return found;
}

OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message);
OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message)
{
    otel_json_frame_t_ frames[OTEL_JSON_DEPTH_], *frame = frames;
    otel_pb_field_t_ field;
    otel_offset_t_ slice = 0;
    memset(&field, 0, sizeof field);
    if (!otel_json_enter_(j, frame, message, 0, j->len)) return false;
    for (;;) {
        const otel_json_row_t_ *rows = otel_json_rows_(frame->message), *row = &rows[frame->row];
        if (!frame->open) {
            if (otel_json_name_(j, frame, rows)) continue;
            otel_json_char_(j, '}');
            if (frame == frames) break;
            frame--;
        } else if (!otel_json_next_(j, frame, row, &field, &slice)) {
            if (row->kind & OTEL_JSON_MANY_) otel_json_char_(j, ']');
            frame->open = false;
            frame->more = true;
        } else if ((row->kind & OTEL_JSON_KIND_) != OTEL_JSON_MESSAGE_) {
            if (!otel_json_value_(j, frame, row->kind, &field, slice)) return false;
        } else {
            if (frame->more) otel_json_char_(j, ',');
            frame->more = true;
            if (frame == frames + OTEL_JSON_DEPTH_ - 1u) otel_json_put_(j, "{}", 2);
            else if (!otel_json_enter_(j, ++frame, row->message, slice, slice + (otel_offset_t_)field.len)) return false;
        }
    }
    otel_json_flush_(j);
    return true;
}

OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user)
{
    otel_json_t_ j;
    uint64_t all = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)request; (void)put; (void)user; return false)
    if (!request || !put || (unsigned)request->signal >= OTEL_SIGNALS) return false;
    j.whole.bytes = request->body;
    j.whole.len = request->len;
    j.parts = request->body ? &j.whole : request->parts;
    n = request->body ? 1 : request->parts ? request->parts_len : 0;
    for (i = 0; i < n; i++) all += j.parts[i].len;
    if (all > (otel_offset_t_)-1 || (n == 0 && request->len)) return false;
    j.len = (otel_offset_t_)all;
    j.part = 0;
    j.base = 0;
    j.filled = 0;
    j.user = user;
    j.put = NULL;                      /* first look, so that no half line is ever put */
    if (!otel_json_walk_(&j, (unsigned)request->signal)) return false;
    j.put = put;
    return otel_json_walk_(&j, (unsigned)request->signal);
}
OTEL_C_END_
#endif
#endif
