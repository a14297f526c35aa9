/* A receiver in memory, for tests of programs that use otel.h: it takes the place of `send`, keeps the requests as they
   came, and gives spans, data points and log records back as structs to look at.

     static uint8_t memory[16384];  static otel_recorder_t rec;
     otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory);
     otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet);
     ... what is to be tested ...
     otel_export_flush(&ex, 0);
     otel_recorded_span_t span;  int64_t id;
     assert(otel_recorder_find_span(&rec, "read_sensor", &span) && otel_recorded_int(&span.attributes, "sensor.id", &id) && id == 7);

   What comes back points into the recorder's memory and lives until otel_recorder_clear. One thread may send while
   another one looks. */
#ifndef OTEL_EXPORT_RECORDER_H
#define OTEL_EXPORT_RECORDER_H
#include "../otel/compiler.h"
#include "../otel/result.h"
#include "../otel/wire.h"
#include "pb.h"
#include "request.h"

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

typedef struct otel_recorder_config_t {
    void *memory OTEL_Z_;         /* (required) of any alignment; a request takes its length and 12 bytes */
    size_t memory_size OTEL_Z_;   /* bytes */
} otel_recorder_config_t;

/* Where in the requests a look stands, so that the next item costs no search. Private. */
typedef struct otel_recorder_place_t_ {
    size_t next;                  /* offset of the next request */
    uint32_t index;               /* of the item that follows */
    uint8_t signal;
    bool broken;
    otel_pb_t_ level[4];          /* request, resource, scope; of metrics: the points */
    otel_recorded_list_t resource;
    otel_recorded_scope_t scope;
    const uint8_t *metric;
    size_t metric_len;
    uint8_t metric_type;
} otel_recorder_place_t_;

/* The receiver. All fields are private. */
typedef struct otel_recorder_t {
    uint8_t *memory_;
    size_t size_, used_;
    uint32_t requests_, items_[OTEL_SIGNALS];
    otel_recorder_place_t_ place_;
} otel_recorder_t;

OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config);
/* The transport: .send = otel_recorder_send, .user = &recorder. Answers 200; 400 for what is no request; 507 when the
   memory is full, 413 when the request would not even fit into it empty. Nothing is kept then. Not from two threads at once. */
OTEL_API_ int otel_recorder_send(void *recorder, const otel_request_t *request);
/* Forget everything. Not while another thread sends. */
OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder);

/* How many have come. */
OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder);
/* Call step(user) until `n` items of a signal have come, at most `tries` times; whether they have. The step exports or sleeps. */
OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries);

/* The item at position `i`, in order of arrival; false when there is none. In a loop from 0 on, each costs the same. */
OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out);
/* The request at position `i` as it came, for otel_json_write and other readers. */
OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out);

/* The newest one of that name (of a metric: the newest data point), or with that text as its body; false: none. */
OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out);

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

/* otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory): OTEL_OK, or OTEL_E_NULL. */
#define otel_recorder_init(recorder, ...) otel_recorder_init_with((recorder), OTEL_REF_(otel_recorder_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RECORDER_HEAD_ 12u        /* in memory before each body: length, items, signal and three zeros */

OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.text, text, slice.len) == 0);
}

/* ---- messages into structs ---- */

/* A case of a switch over a field's number and wire type; a field of another type is not the one that we know. */
#define OTEL_FIELD_(number, type) ((uint32_t)(number) << 3 | (type))
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
        case OTEL_FIELD_(1, OTEL_PB_SLICE_):                  /* string_value = 1 */
        case OTEL_FIELD_(7, OTEL_PB_SLICE_):                  /* bytes_value = 7 */
            out->type = field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
            out->text = otel_recorded_slice_(&field);
            break;
        case OTEL_FIELD_(2, OTEL_PB_VARINT_):                 /* bool_value = 2 */
            out->type = OTEL_RECORDED_BOOL;
            out->b = field.value != 0;
            break;
        case OTEL_FIELD_(3, OTEL_PB_VARINT_):                 /* int_value = 3 */
            out->type = OTEL_RECORDED_INT;
            out->i = otel_recorded_int64_(field.value);
            break;
        case OTEL_FIELD_(4, OTEL_PB_FIXED64_):                /* double_value = 4 */
            out->type = OTEL_RECORDED_DOUBLE;
            out->d = otel_bits_double_(field.value);
            break;
        case OTEL_FIELD_(5, OTEL_PB_SLICE_):                  /* array_value = 5 */
        case OTEL_FIELD_(6, OTEL_PB_SLICE_):                  /* kvlist_value = 6 */
            out->type = field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
            memset(&out->items, 0, sizeof out->items);
            inner = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&inner, &item)) {
                otel_pb_t_ whole = otel_pb_open_(field.bytes, field.len);
                if (otel_recorded_key_(&item) == OTEL_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &whole, &item, OTEL_PB_SLICE_);
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
        if (otel_recorded_key_(&field) == OTEL_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) == OTEL_FIELD_(2, OTEL_PB_SLICE_)) *any = field;
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
        case OTEL_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
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
        case OTEL_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
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
        case OTEL_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(field.value);
            break;
        case OTEL_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
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
        case OTEL_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &field, 8); break;
        case OTEL_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(field.value); break;
        case OTEL_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = field.value; break;
        case OTEL_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)field.value; break;
        case OTEL_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)field.value; break;
        case OTEL_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            status = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&status, &field)) {
                if (otel_recorded_key_(&field) == OTEL_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&field);
                if (otel_recorded_key_(&field) == OTEL_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(field.value);
            }
            break;
        case OTEL_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
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
        case OTEL_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(field.value); break;
        case OTEL_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&field); break;
        case OTEL_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_any_(&field, &out->body); break;
        case OTEL_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        case OTEL_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = field.value; break;
        case OTEL_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&field); break;
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
        case OTEL_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &field); break;
        case OTEL_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
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
        case OTEL_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_FIELD_(12, OTEL_PB_FIXED64_):
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
        if (otel_recorded_key_(&field) == OTEL_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(field.value);
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
        case OTEL_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(field.value); break;
        case OTEL_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = field.value; break;
        case OTEL_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->buckets, &out->offset); break;
        case OTEL_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->below, &out->below_offset); break;
        case OTEL_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        case OTEL_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(field.value); break;
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
        case OTEL_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

/* Metric: name = 1, description = 2, unit = 3; its data: aggregation_temporality = 2, is_monotonic = 3. */
OTEL_FN_ void otel_recorded_metric_read_(const otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    otel_pb_t_ message = otel_pb_open_(place->metric, place->metric_len);
    otel_pb_field_t_ field;
    out->type = (otel_recorded_metric_t)place->metric_type;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number == 1) out->name = otel_recorded_slice_(&field);
        if (field.number == 2) out->description = otel_recorded_slice_(&field);
        if (field.number == 3) out->unit = otel_recorded_slice_(&field);
        if (field.number == place->metric_type) {
            otel_pb_t_ data = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&data, &field)) {
                if (otel_recorded_key_(&field) == OTEL_FIELD_(2, OTEL_PB_VARINT_)) out->temporality = (int)otel_recorded_int32_(field.value);
                if (otel_recorded_key_(&field) == OTEL_FIELD_(3, OTEL_PB_VARINT_)) out->monotonic = field.value != 0;
            }
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

/* ---- from item to item ---- */

/* The attributes of a resource or scope message. */
OTEL_FN_ void otel_recorder_attributes_(const otel_pb_field_t_ *owner, uint32_t number, otel_recorded_list_t *list)
{
    const otel_pb_t_ whole = otel_pb_open_(owner->bytes, owner->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (field.number == number && field.type == OTEL_PB_SLICE_) otel_recorded_add_(list, &whole, &field, OTEL_PB_SLICE_);
    }
}

/* ResourceSpans and its sisters: resource = 1, whose attributes = 1. */
OTEL_FN_ void otel_recorder_resource_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len);
    otel_pb_field_t_ field;
    memset((void *)&place->resource, 0, sizeof place->resource);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_FIELD_(1, OTEL_PB_SLICE_)) otel_recorder_attributes_(&field, 1, &place->resource);
    }
}

/* ScopeSpans and its sisters: scope = 1 with name = 1, version = 2, attributes = 3; schema_url = 3. */
OTEL_FN_ void otel_recorder_scope_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len), scope;
    otel_pb_field_t_ field;
    otel_recorded_scope_t *out = &place->scope;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_FIELD_(3, OTEL_PB_SLICE_)) out->schema_url = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) != OTEL_FIELD_(1, OTEL_PB_SLICE_)) continue;
        otel_recorder_attributes_(&field, 3, &out->attributes);
        scope = otel_pb_open_(field.bytes, field.len);
        while (otel_pb_next_(&scope, &field)) {
            if (otel_recorded_key_(&field) == OTEL_FIELD_(1, OTEL_PB_SLICE_)) out->name = otel_recorded_slice_(&field);
            if (otel_recorded_key_(&field) == OTEL_FIELD_(2, OTEL_PB_SLICE_)) out->version = otel_recorded_slice_(&field);
        }
    }
}

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. False when it is no message. */
OTEL_FN_ bool otel_recorder_metric_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *metric)
{
    otel_pb_t_ message = otel_pb_open_(metric->bytes, metric->len);
    otel_pb_field_t_ field;
    place->metric = metric->bytes;
    place->metric_len = metric->len;
    place->metric_type = 0;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number != 5 && field.number != 7 && (field.number < 9 || field.number > 11)) continue;
        place->metric_type = (uint8_t)field.number;
        place->level[3] = otel_pb_open_(field.bytes, field.len);
    }
    return !message.broken;
}

OTEL_FN_ void otel_recorder_start_(otel_recorder_place_t_ *place, unsigned signal, const void *body, size_t len)
{
    unsigned i;
    place->index = 0;
    place->next = 0;
    place->signal = (uint8_t)signal;
    place->broken = false;
    place->level[0] = otel_pb_open_(body, len);
    for (i = 1; i < 4; i++) place->level[i] = otel_pb_open_(NULL, 0);
}

/* The next item of the request: false at its end, or when `broken` is set. */
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item)
{
    unsigned level = 4;
    while (level) {
        otel_pb_t_ *message = &place->level[--level];
        while (otel_pb_next_(message, item)) {
            if (item->type != OTEL_PB_SLICE_ || item->number != (level == 0 || level == 3 ? 1u : 2u)) continue;
            if (level == 3 || (level == 2 && place->signal != OTEL_SIGNAL_METRICS)) {
                place->index++;
                return true;
            }
            if (level == 2 && !otel_recorder_metric_(place, item)) {
                place->broken = true;
                return false;
            }
            if (level == 0) otel_recorder_resource_(place, item);
            if (level == 1) otel_recorder_scope_(place, item);
            if (level < 2) place->level[level + 1u] = otel_pb_open_(item->bytes, item->len);
            level += 2;                                       /* into what has just been opened */
            break;
        }
        if (message->broken) {
            place->broken = true;
            return false;
        }
    }
    return false;
}

/* The item at position `i` of a signal; the recorder's place moves there. */
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item)
{
    otel_recorder_place_t_ *place = &recorder->place_;
    size_t used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    if (i < place->index || signal != place->signal || place->next == 0) otel_recorder_start_(place, signal, NULL, 0);
    for (;;) {
        const uint8_t *head = recorder->memory_ + place->next;
        size_t len;
        while (otel_recorder_step_(place, item)) {
            if (place->index == i + 1u) return true;
        }
        if (place->next >= used) return false;
        len = (size_t)otel_get32_(head);
        place->next += OTEL_RECORDER_HEAD_ + len;
        if (head[8] == signal) place->level[0] = otel_pb_open_(head + OTEL_RECORDER_HEAD_, len);
    }
}

OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_span_read_(&item, out);
    return true;
}

OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_metric_read_(&recorder->place_, out);
    otel_recorded_point_read_(recorder->place_.metric_type, &item, out);
    return true;
}

OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_log_read_(&item, out);
    return true;
}

OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out)
{
    static const char *const paths[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    size_t at = 0, used;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder) return false;
    used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    while (at < used) {
        const uint8_t *head = recorder->memory_ + at;
        size_t len = (size_t)otel_get32_(head);
        if (i-- == 0) {
            memset((void *)out, 0, sizeof *out);
            out->signal = (otel_signal_t)head[8];
            out->path = paths[head[8]];
            out->body = head + OTEL_RECORDER_HEAD_;
            out->len = len;
            out->items = otel_get32_(head + 4);
            return true;
        }
        at += OTEL_RECORDER_HEAD_ + len;
    }
    return false;
}

/* ---- find, count, wait ---- */

OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out)
{
    otel_recorded_span_t span;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_span(recorder, i, &span); i++) {
        if (!otel_slice_is(span.name, name)) continue;
        *out = span;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_point(recorder, i, &point); i++) {
        if (!otel_slice_is(point.name, name)) continue;
        *out = point;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out)
{
    otel_recorded_log_t log;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)body; (void)out; return false)
    for (i = 0; otel_recorder_log(recorder, i, &log); i++) {
        if (log.body.type != OTEL_RECORDED_TEXT || !otel_slice_is(log.body.text, body)) continue;
        *out = log;
        found = true;
    }
    return found;
}

OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->requests_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_TRACES]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_METRICS]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_LOGS]) : 0u;
}

OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries)
{
    OTEL_WHEN_OFF_((void)recorder; (void)signal; (void)n; (void)step; (void)user; (void)tries; return false)
    if (!recorder || (unsigned)signal >= OTEL_SIGNALS) return false;
    while (OTEL_LOAD_ACQUIRE_(&recorder->items_[signal]) < n) {
        if (tries-- == 0) return false;
        if (step) (step)(user);
    }
    return true;
}

/* ---- receive ---- */

OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config)
{
    OTEL_WHEN_OFF_((void)recorder; (void)config; return OTEL_OK)
    if (!recorder || !config || !config->memory) return OTEL_E_NULL;
    memset((void *)recorder, 0, sizeof *recorder);
    recorder->memory_ = (uint8_t *)config->memory;
    recorder->size_ = config->memory_size;
    return OTEL_OK;
}

OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder)
{
    otel_recorder_config_t config;
    OTEL_WHEN_OFF_((void)recorder; return)
    if (!recorder) return;
    config.memory = recorder->memory_;
    config.memory_size = recorder->size_;
    (void)otel_recorder_init_with(recorder, &config);
}

/* How many items a body has; false when it is not well-formed down to them. */
OTEL_FN_ bool otel_recorder_count_(unsigned signal, const void *body, size_t len, uint32_t *items)
{
    otel_recorder_place_t_ place;
    otel_pb_field_t_ item;
    memset((void *)&place, 0, sizeof place);
    otel_recorder_start_(&place, signal, body, len);
    while (otel_recorder_step_(&place, &item)) {
        otel_pb_t_ message = otel_pb_open_(item.bytes, item.len);
        while (otel_pb_next_(&message, &item)) continue;
        if (message.broken) return false;
    }
    *items = place.index;
    return !place.broken;
}

OTEL_API_ int otel_recorder_send(void *user, const otel_request_t *request)
{
    otel_recorder_t *recorder = (otel_recorder_t *)user;
    uint8_t *head, *to;
    uint64_t len = 0;
    uint32_t items = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)recorder; (void)user; (void)request; return 200)
    if (!recorder || !recorder->memory_ || !request || (unsigned)request->signal >= OTEL_SIGNALS) return 400;
    n = request->body ? 0u : request->parts ? request->parts_len : 0u;
    if (request->body) len = request->len;
    for (i = 0; i < n; i++) len += request->parts[i].len;
    if (len != request->len) return 400;
    if (len > 0xFFFFFFFFu || recorder->size_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - OTEL_RECORDER_HEAD_) return 413;
    if (len + OTEL_RECORDER_HEAD_ > recorder->size_ - recorder->used_) return 507;
    head = recorder->memory_ + recorder->used_;
    to = head + OTEL_RECORDER_HEAD_;
    if (request->body) memcpy(to, request->body, (size_t)len);
    for (i = 0; i < n; i++) {
        if (request->parts[i].len) memcpy(to, request->parts[i].bytes, request->parts[i].len);
        to += request->parts[i].len;
    }
    otel_put32_(head, (uint32_t)len);
    otel_put32_(head + 4, request->items);
    otel_put32_(head + 8, (uint32_t)request->signal);
    if (!otel_recorder_count_((unsigned)request->signal, head + OTEL_RECORDER_HEAD_, (size_t)len, &items)) return 400;
    OTEL_STORE_RELEASE_(&recorder->used_, recorder->used_ + OTEL_RECORDER_HEAD_ + (size_t)len);
    OTEL_STORE_RELEASE_(&recorder->requests_, recorder->requests_ + 1u);
    OTEL_STORE_RELEASE_(&recorder->items_[request->signal], recorder->items_[request->signal] + items);
    return 200;
}
#undef OTEL_FIELD_
OTEL_C_END_
#endif
#endif
