/* Data points by nanopb: what the forms of instruments write where OTEL_USE_NANOPB is 1. Buckets are read while they are encoded,
   once, because writers go on meanwhile; sum and extremes come last, as a stream that has no sum expects (source.h).
   opentelemetry/proto/metrics/v1/metrics.proto. */
#ifndef OTEL_NANOPB_POINTS_H
#define OTEL_NANOPB_POINTS_H
#include "compiler.h"
#include "counter.h"
#include "histogram.h"
#include "metric.h"
#include "nanopb.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* ---- numbers ---- */
OTEL_API_ bool otel_int_nanopb_(otel_telling_t_ *p)
{
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.which_value = opentelemetry_proto_metrics_v1_NumberDataPoint_as_int_tag;
    point.value.as_int = (int64_t)otel_int_told_(p);
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}

OTEL_API_ bool otel_double_nanopb_(otel_telling_t_ *p)
{
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.which_value = opentelemetry_proto_metrics_v1_NumberDataPoint_as_double_tag;
    point.value.as_double = otel_double_told_(p);
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}

/* ---- explicit buckets ---- */
/* What the callbacks of one data point share. */
typedef struct otel_nanopb_row_t_ {
    otel_telling_t_ *point;
    double (*bound)(const void *bounds, size_t i);
    uint64_t count;
} otel_nanopb_row_t_;

OTEL_FN_ double otel_nanopb_bound_(const void *bounds, size_t i) { return ((const double *)bounds)[i]; }
OTEL_FN_ double otel_nanopb_bound_int_(const void *bounds, size_t i) { return (double)((const otel_bound_t_ *)bounds)[i]; }
OTEL_FN_ double otel_nanopb_extreme_(otel_word_t order) { return otel_unorder_(order); }
OTEL_FN_ double otel_nanopb_extreme_int_(otel_word_t order) { return (double)otel_unorder_whole_(order); }
OTEL_FN_ double otel_nanopb_extreme_bucket_(otel_word_t order)
{
#if OTEL_WIDE_
    return otel_nanopb_extreme_int_(order);
#else
    return (double)(int32_t)((uint32_t)order ^ 0x80000000u);  /* numbers of 32 bits: see otel_bucket_awake_ */
#endif
}

/* Begin a packed field of `n` times 8 bytes. */
OTEL_FN_ bool otel_nanopb_packed_(pb_ostream_t *stream, const pb_field_t *field, size_t n)
{
    return pb_encode_tag(stream, PB_WT_STRING, field->tag) && pb_encode_varint(stream, 8u * n);
}

/* HistogramDataPoint.bucket_counts */
OTEL_FN_ bool otel_nanopb_on_counts_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    otel_nanopb_row_t_ *row = (otel_nanopb_row_t_ *)*arg;
    otel_telling_t_ *p = row->point;
    size_t i, n = p->cell->owner->bounds_len + 1u;
    if (!otel_nanopb_packed_(stream, field, n)) return false;
    for (i = 0; i < n; i++) {
        uint64_t now = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_BUCKETS_ + i]);
        if (p->told) {
            p->telling[1u + i] = now;
            now = (otel_word_t)(now - p->told[1u + i]);
        }
        row->count += now;
        if (!pb_encode_fixed64(stream, &now)) return false;
    }
    return true;
}

/* HistogramDataPoint.explicit_bounds */
OTEL_FN_ bool otel_nanopb_on_bounds_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_row_t_ *row = (const otel_nanopb_row_t_ *)*arg;
    const otel_instrument_t *owner = row->point->cell->owner;
    size_t i;
    if (owner->bounds_len == 0) return true;
    if (!otel_nanopb_packed_(stream, field, owner->bounds_len)) return false;
    for (i = 0; i < owner->bounds_len; i++) {
        uint64_t bits = otel_double_bits_((row->bound)(owner->bounds, i));
        if (!pb_encode_fixed64(stream, &bits)) return false;
    }
    return true;
}

/* All but the sum; the room for that is there. */
OTEL_FN_ bool otel_nanopb_buckets_(otel_telling_t_ *p, double (*bound)(const void *bounds, size_t i), double (*extreme)(otel_word_t order))
{
    opentelemetry_proto_metrics_v1_HistogramDataPoint point;
    const otel_instrument_t *owner = p->cell->owner;
    otel_word_t least, largest;
    otel_nanopb_row_t_ row;
    if (p->end < p->at || (size_t)(p->end - p->at) < 4u * 9u + 2u * (1u + 3u) + 16u * owner->bounds_len + 8u) return false;
    row.point = p;
    row.bound = bound;
    row.count = 0;
    memset((void *)&point, 0, sizeof point);
    if (owner->rows) {
        point.bucket_counts.funcs.encode = otel_nanopb_on_counts_;
        point.explicit_bounds.funcs.encode = otel_nanopb_on_bounds_;
        point.bucket_counts.arg = point.explicit_bounds.arg = &row;
        if (!otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point)) return false;
        memset((void *)&point, 0, sizeof point);
        point.has_min = point.has_max = otel_extremes_(p, &least, &largest);
        if (point.has_min) {
            point.min = extreme((otel_word_t)~least);
            point.max = extreme(largest);
        }
    } else {
        row.count = otel_word_read_(p->cell, &p->cell->held.count);
        if (p->told) {
            p->telling[1] = row.count;
            row.count = (otel_word_t)(row.count - p->told[1]);
        }
    }
    point.count = row.count;
    p->fresh = row.count != 0;
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point);
}

OTEL_FN_ bool otel_nanopb_buckets_sum_(otel_telling_t_ *p, double sum)
{
    opentelemetry_proto_metrics_v1_HistogramDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.has_sum = true;
    point.sum = sum;
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point);
}

OTEL_API_ bool otel_buckets_nanopb_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_nanopb_buckets_(p, otel_nanopb_bound_, otel_nanopb_extreme_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_buckets_sum_(p, p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum));
}

OTEL_API_ bool otel_buckets_int_nanopb_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_nanopb_buckets_(p, otel_nanopb_bound_int_, otel_nanopb_extreme_bucket_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_buckets_sum_(p, (double)(int64_t)(p->told ? sum - p->told[0] : sum));
}
OTEL_C_END_
#endif
#endif
