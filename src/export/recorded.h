/* What came, as structs to look at: spans, data points, log records and what they hold, read out of the receiver's memory.
   opentelemetry/proto: trace.proto, metrics.proto, logs.proto, common.proto. */
#ifndef OTEL_EXPORT_RECORDED_H
#define OTEL_EXPORT_RECORDED_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "pb.h"

/* Text or bytes, `len` of them; no NUL at the end. */
typedef struct otel_slice_t {
    const char *text;
    size_t len;
} otel_slice_t;

/* A field that repeats: attributes, events, links, elements, buckets. `count` of them; the rest is private. */
typedef struct otel_recorded_list_t {
    uint32_t count;
    uint8_t number_, type_;
    const uint8_t *bytes_;
    size_t len_;
} otel_recorded_list_t;

typedef enum {
    OTEL_RECORDED_NULL, OTEL_RECORDED_TEXT, OTEL_RECORDED_BOOL, OTEL_RECORDED_INT, OTEL_RECORDED_DOUBLE, OTEL_RECORDED_ARRAY, OTEL_RECORDED_MAP, OTEL_RECORDED_BYTES
} otel_recorded_type_t;

/* A value; the field that belongs to `type` is set. */
typedef struct otel_recorded_value_t {
    otel_recorded_type_t type;
    bool b;
    int64_t i;
    double d;
    otel_slice_t text;            /* text and bytes */
    otel_recorded_list_t items;   /* array: otel_recorded_element; map: as attributes */
} otel_recorded_value_t;

typedef struct otel_recorded_scope_t {
    otel_slice_t name, version, schema_url;
    otel_recorded_list_t attributes;
} otel_recorded_scope_t;

typedef struct otel_recorded_span_t {
    otel_slice_t name, trace_state;
    uint8_t trace_id[16], span_id[8], parent_id[8];
    uint32_t flags;               /* trace flags, and 0x100: 0x200 says whether the parent is remote */
    int kind;                     /* otel_kind_t */
    uint64_t start_ns, end_ns;
    int status;                   /* otel_status_t */
    otel_slice_t status_message;
    otel_recorded_list_t attributes, events, links;
    uint32_t dropped_attributes, dropped_events, dropped_links;
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_span_t;

typedef struct otel_recorded_event_t {
    otel_slice_t name;
    uint64_t time_ns;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
} otel_recorded_event_t;

typedef struct otel_recorded_link_t {
    uint8_t trace_id[16], span_id[8];
    otel_slice_t trace_state;
    uint32_t flags;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
} otel_recorded_link_t;

typedef enum {
    OTEL_RECORDED_GAUGE = 5, OTEL_RECORDED_SUM = 7, OTEL_RECORDED_HISTOGRAM = 9, OTEL_RECORDED_EXPONENTIAL_HISTOGRAM = 10, OTEL_RECORDED_SUMMARY = 11
} otel_recorded_metric_t;         /* the field of Metric.data */

/* One data point with what its metric says. */
typedef struct otel_recorded_point_t {
    otel_slice_t name, description, unit;
    otel_recorded_metric_t type;
    int temporality;              /* sums and histograms: 1 delta, 2 cumulative */
    bool monotonic;               /* sums */
    bool is_int, is_double;       /* gauges and sums: which of the two is set */
    int64_t int_value;
    double double_value;
    uint64_t count;               /* histograms and summaries */
    bool has_sum, has_min, has_max;
    double sum, min, max;
    otel_recorded_list_t buckets; /* otel_recorded_bucket; of exponential histograms those above zero */
    otel_recorded_list_t bounds;  /* otel_recorded_bound */
    otel_recorded_list_t below;   /* exponential histograms: buckets of negative values */
    int32_t scale, offset, below_offset;  /* exponential histograms; offsets: index of the first bucket */
    uint64_t zero_count;
    double zero_threshold;
    otel_recorded_list_t attributes, exemplars;
    uint64_t start_ns, time_ns;
    uint32_t flags;               /* 1: no value recorded */
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_point_t;

typedef struct otel_recorded_exemplar_t {
    bool is_int, is_double;
    int64_t int_value;
    double double_value;
    uint64_t time_ns;
    uint8_t trace_id[16], span_id[8];
    otel_recorded_list_t attributes;
} otel_recorded_exemplar_t;

typedef struct otel_recorded_log_t {
    uint64_t time_ns, observed_ns;
    int severity;                 /* otel_severity_t */
    otel_slice_t severity_text, event_name;
    otel_recorded_value_t body;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
    uint32_t flags;
    uint8_t trace_id[16], span_id[8];
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_log_t;

OTEL_C_BEGIN_
/* The value of a key, when it is there and of that type. */
OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out);
OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out);
OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out);
OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out);
OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out);

/* One of a list, from 0 on; false behind its end. */
OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out);
OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out);
OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out);
/* A bucket's count and a bound; 0 behind the end. */
OTEL_API_ uint64_t otel_recorded_bucket(const otel_recorded_list_t *buckets, uint32_t i);
OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i);

/* Say whether a slice is exactly this text. */
OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.text, text, slice.len) == 0);
}

/* ---- messages into structs ---- */

/* A case of a switch over a field's number and wire type; a field of another type is not the one that we know. */
#define OTEL_RECORDED_FIELD_(number, type) ((uint32_t)(number) << 3 | (type))
OTEL_FN_ uint32_t otel_recorded_key_(const otel_pb_field_t_ *field) { return field->number << 3 | field->type; }

OTEL_FN_ otel_slice_t otel_recorded_slice_(const otel_pb_field_t_ *field)
{
    otel_slice_t slice;
    slice.text = (const char *)field->bytes;
    slice.len = field->len;
    return slice;
}

OTEL_FN_ void otel_recorded_id_(uint8_t *to, const otel_pb_field_t_ *field, size_t n)
{
    if (field->len == n) memcpy(to, field->bytes, n);
}

OTEL_FN_ int32_t otel_recorded_int32_(uint64_t value) { return (int32_t)((int64_t)(value & 0x7FFFFFFFu) - (int64_t)(value & 0x80000000u)); }
OTEL_FN_ int64_t otel_recorded_int64_(uint64_t value) { return value >> 63 ? -(int64_t)(~value) - 1 : (int64_t)value; }
OTEL_FN_ int32_t otel_recorded_zigzag_(uint64_t value)
{
    return otel_recorded_int32_(((value & 0xFFFFFFFFu) >> 1) ^ ((uint64_t)0 - (value & 1u)));
}

/* `field` is one more of a list in the message `bytes`; numbers of wire type `type` may come packed. */
OTEL_FN_ void otel_recorded_add_(otel_recorded_list_t *list, const otel_pb_t_ *whole, const otel_pb_field_t_ *field, unsigned type)
{
    size_t i;
    list->bytes_ = whole->at;
    list->len_ = whole->left;
    list->number_ = (uint8_t)field->number;
    list->type_ = (uint8_t)type;
    if (type == field->type) list->count++;
    else if (type == OTEL_PB_FIXED64_) list->count += (uint32_t)(field->len / 8u);
    else for (i = 0; i < field->len; i++) list->count += field->bytes[i] < 128u;
}

/* The message at position `i` of a list. */
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field);
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field)
{
    otel_pb_t_ message;
    if (!list || i >= list->count) return false;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, field)) {
        if (field->number == list->number_ && field->type == OTEL_PB_SLICE_ && i-- == 0) return true;
    }
    return false;
}

/* The number at position `i` of a list, packed or not. */
OTEL_FN_ uint64_t otel_recorded_number_(const otel_recorded_list_t *list, uint32_t i)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field;
    uint64_t value = 0;
    if (!list || i >= list->count) return 0;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, &field)) {
        size_t at = 0;
        if (field.number != list->number_) continue;
        if (field.type == list->type_ && i-- == 0) return field.value;
        while (field.type == OTEL_PB_SLICE_ && at < field.len) {
            unsigned used = list->type_ == OTEL_PB_FIXED64_ ? 8u : otel_pb_varint_(field.bytes + at, field.len - at, &value);
            if (used == 0 || used > field.len - at) break;
            if (used == 8u && list->type_ == OTEL_PB_FIXED64_) value = otel_get64_(field.bytes + at);
            if (i-- == 0) return value;
            at += used;
        }
    }
    return 0;
}

OTEL_API_ uint64_t otel_recorded_bucket(const otel_recorded_list_t *buckets, uint32_t i)
{
    OTEL_WHEN_OFF_((void)buckets; (void)i; return 0)
    return otel_recorded_number_(buckets, i);
}

OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i)
{
    OTEL_WHEN_OFF_((void)bounds; (void)i; return 0)
    return otel_bits_double_(otel_recorded_number_(bounds, i));
}

/* AnyValue. */
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out);
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out)
{
    otel_pb_t_ message = otel_pb_open_(any->bytes, any->len), inner;
    otel_pb_field_t_ field, item;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_):                  /* string_value = 1 */
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):                  /* bytes_value = 7 */
            out->type = field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
            out->text = otel_recorded_slice_(&field);
            break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_):                 /* bool_value = 2 */
            out->type = OTEL_RECORDED_BOOL;
            out->b = field.value != 0;
            break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_):                 /* int_value = 3 */
            out->type = OTEL_RECORDED_INT;
            out->i = otel_recorded_int64_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):                /* double_value = 4 */
            out->type = OTEL_RECORDED_DOUBLE;
            out->d = otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):                  /* array_value = 5 */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):                  /* kvlist_value = 6 */
            out->type = field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
            memset(&out->items, 0, sizeof out->items);
            inner = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&inner, &item)) {
                otel_pb_t_ whole = otel_pb_open_(field.bytes, field.len);
                if (otel_recorded_key_(&item) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &whole, &item, OTEL_PB_SLICE_);
            }
            break;
        default: break;
        }
    }
}

OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out)
{
    otel_pb_field_t_ field;
    OTEL_WHEN_OFF_((void)array; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(array, i, &field)) return false;
    otel_recorded_any_(&field, out);
    return true;
}

/* KeyValue: key = 1, value = 2. */
OTEL_FN_ void otel_recorded_pair_(const otel_pb_field_t_ *pair, otel_slice_t *key, otel_pb_field_t_ *any)
{
    otel_pb_t_ message = otel_pb_open_(pair->bytes, pair->len);
    otel_pb_field_t_ field;
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) *any = field;
    }
}

OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out)
{
    otel_pb_field_t_ pair, any;
    OTEL_WHEN_OFF_((void)attributes; (void)i; (void)key; (void)out; return false)
    if (!otel_recorded_nth_(attributes, i, &pair)) return false;
    otel_recorded_pair_(&pair, key, &any);
    otel_recorded_any_(&any, out);
    return true;
}

OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field, any;
    otel_slice_t name;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!attributes || !attributes->count) return false;
    message = otel_pb_open_(attributes->bytes_, attributes->len_);
    while (otel_pb_next_(&message, &field)) {
        if (field.number != attributes->number_ || field.type != OTEL_PB_SLICE_) continue;
        otel_recorded_pair_(&field, &name, &any);
        if (!otel_slice_is(name, key)) continue;
        otel_recorded_any_(&any, out);
        return true;
    }
    return false;
}

OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_INT) return false;
    *out = value.i;
    return true;
}

OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_DOUBLE) return false;
    *out = value.d;
    return true;
}

OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BOOL) return false;
    *out = value.b;
    return true;
}

OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_TEXT) return false;
    *out = value.text;
    return true;
}

OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BYTES) return false;
    *out = value.text;
    return true;
}

OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)events; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(events, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)links; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(links, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)exemplars; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(exemplars, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        default: break;
        }
    }
    return true;
}

/* Items were found well-formed when they came; what is broken further inside ends there. */
OTEL_FN_ void otel_recorded_span_read_(const otel_pb_field_t_ *item, otel_recorded_span_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole, status;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            status = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&status, &field)) {
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&field);
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(field.value);
            }
            break;
        case OTEL_RECORDED_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_log_read_(const otel_pb_field_t_ *item, otel_recorded_log_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_any_(&field, &out->body); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&field); break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_value_point_(otel_recorded_point_t *out, const otel_pb_field_t_ *field)
{
    out->is_int = field->number == 6;                         /* as_double = 4, as_int = 6: the last one counts */
    out->is_double = !out->is_int;
    out->int_value = out->is_int ? otel_recorded_int64_(field->value) : 0;
    out->double_value = out->is_int ? 0.0 : otel_bits_double_(field->value);
}

/* NumberDataPoint. */
OTEL_FN_ void otel_recorded_number_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

/* HistogramDataPoint. */
OTEL_FN_ void otel_recorded_histogram_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        default: break;
        }
    }
}

/* Buckets: offset = 1, bucket_counts = 2. */
OTEL_FN_ void otel_recorded_buckets_(const otel_pb_field_t_ *buckets, otel_recorded_list_t *list, int32_t *offset)
{
    const otel_pb_t_ whole = otel_pb_open_(buckets->bytes, buckets->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(field.value);
        if (field.number == 2 && (field.type == OTEL_PB_SLICE_ || field.type == OTEL_PB_VARINT_)) otel_recorded_add_(list, &whole, &field, OTEL_PB_VARINT_);
    }
}

/* ExponentialHistogramDataPoint. */
OTEL_FN_ void otel_recorded_exponential_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->buckets, &out->offset); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->below, &out->below_offset); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(field.value); break;
        default: break;
        }
    }
}

/* SummaryDataPoint; its quantiles stay in the request. */
OTEL_FN_ void otel_recorded_summary_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_point_read_(unsigned type, const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    switch (type) {
    case OTEL_RECORDED_HISTOGRAM: otel_recorded_histogram_point_(item, out); break;
    case OTEL_RECORDED_EXPONENTIAL_HISTOGRAM: otel_recorded_exponential_point_(item, out); break;
    case OTEL_RECORDED_SUMMARY: otel_recorded_summary_point_(item, out); break;
    default: otel_recorded_number_point_(item, out);
    }
}
OTEL_C_END_
#endif
#endif
