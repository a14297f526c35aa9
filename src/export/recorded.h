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

/* A message on its way and the field that was read last. The function on top has the only one, those below it work in there one
   after the other: a reader in each of them would be a stack of readers. Private. */
typedef struct otel_recorded_look_t_ {
    otel_pb_t_ message;
    otel_pb_field_t_ field;
} otel_recorded_look_t_;

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
#endif
