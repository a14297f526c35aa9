/* Data points of exponential histograms by nanopb, where OTEL_USE_NANOPB is 1. opentelemetry/proto/metrics/v1/metrics.proto. */
#ifndef OTEL_NANOPB_POWERS_H
#define OTEL_NANOPB_POWERS_H
#include "compiler.h"
#include "exphistogram.h"
#include "metric.h"
#include "nanopb.h"
#include "nanopb_points.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* One side of a data point, and where the stream begins that it is written to. */
typedef struct otel_nanopb_side_t_ {
    otel_telling_t_ *point;
    uint8_t *begin;
    unsigned side;
    int32_t low;
    size_t size, first, last;
    uint64_t count;
} otel_nanopb_side_t_;

/* Buckets.bucket_counts, packed varints; their length is known behind them. */
OTEL_FN_ bool otel_nanopb_on_powers_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    static const pb_byte_t none[OTEL_LENGTH_BYTES_] = { 0 };
    otel_nanopb_side_t_ *side = (otel_nanopb_side_t_ *)*arg;
    otel_telling_t_ *p = side->point;
    size_t i, from;
    if (!pb_encode_tag(stream, PB_WT_STRING, field->tag) || !pb_write(stream, none, sizeof none)) return false;
    from = stream->bytes_written;
    for (i = 0; i < side->size; i++) {
        const bool in = i >= side->first && i <= side->last;
        const uint64_t now = otel_power_tell_(p, side->side, side->size, side->low, i, in);
        if (!in) continue;
        side->count += now;
        if (!pb_encode_varint(stream, now)) return false;
    }
    otel_put_length_(side->begin + from - OTEL_LENGTH_BYTES_, (uint32_t)(stream->bytes_written - from));
    return true;
}

/* ExponentialHistogramDataPoint.positive, negative: nothing when all are empty. False: no room. */
OTEL_FN_ bool otel_nanopb_side_(otel_telling_t_ *p, uint8_t **at, unsigned which, size_t size, uint64_t *count)
{
    const uint32_t tag = which ? opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_negative_tag : opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_positive_tag;
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_Buckets buckets;
    otel_word_t *row = p->cell->held.row;
    otel_nanopb_side_t_ side;
    uint8_t *head = *at;
    size_t i;
    side.point = p;
    side.side = which;
    side.size = size;
    side.count = 0;
    side.low = otel_power_low_(otel_word_read_(p->cell, &row[OTEL_POWER_LOW_ + which]));
    if (p->told) p->telling[3u + which] = otel_word_read_(p->cell, &row[OTEL_POWER_LOW_ + which]);
    if (!otel_power_span_(row + OTEL_POWERS_HEAD_ + which * size, size, &side.first, &side.last)) {
        for (i = 0; p->told && i < size; i++) p->telling[5u + which * size + i] = 0;
        return true;
    }
    if (p->end - head < 16) return false;
    side.begin = *at = head + 1 + OTEL_LENGTH_BYTES_;
    memset((void *)&buckets, 0, sizeof buckets);
    buckets.offset = side.low + (int32_t)side.first;
    buckets.bucket_counts.funcs.encode = otel_nanopb_on_powers_;
    buckets.bucket_counts.arg = &side;
    if (!otel_nanopb_put_(at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_Buckets_fields, &buckets)) return false;
    *head = (uint8_t)(tag << 3 | (uint32_t)PB_WT_STRING);
    otel_put_length_(head + 1, (uint32_t)(*at - side.begin));
    *count += side.count;
    return true;
}

/* All but sum and extremes, whose room is there; begun again when the buckets moved meanwhile. */
OTEL_API_ bool otel_nanopb_powers_(otel_telling_t_ *p, uint64_t *sum);
OTEL_API_ bool otel_nanopb_powers_(otel_telling_t_ *p, uint64_t *sum)
{
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint point;
    otel_word_t *row = p->cell->held.row;
    size_t size = otel_power_size_(p->cell->owner);
    unsigned tries;
    if (p->end - p->at < 5 * 9 + 3 || !p->cell->owner->rows) return false;
    for (tries = 0; tries < 1000u; tries++) {
        otel_word_t moved = OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]);
        uint64_t fell = otel_word_read_(p->cell, &row[OTEL_POWER_FELL_]), count;
        uint8_t *to = p->at;
        bool fits;
        if (p->told) {
            if (fell < p->told[2]) continue;
            otel_power_told_(p->told, size, fell);
            p->telling[2] = fell;
        }
        memset((void *)&point, 0, sizeof point);
        point.scale = OTEL_POWER_SCALE_ - (int32_t)fell;
        point.zero_count = otel_word_read_(p->cell, &row[OTEL_POWER_ZERO_]);
        if (p->told) {
            p->telling[1] = point.zero_count;
            point.zero_count -= p->told[1];
        }
        count = point.zero_count;
        fits = otel_nanopb_put_(&to, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point) &&
            otel_nanopb_side_(p, &to, 0, size, &count) && otel_nanopb_side_(p, &to, 1, size, &count);
        *sum = otel_cell_read_(p->cell);
        if ((moved & 1u) || OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]) != moved) continue;
        if (!fits || p->end - to < 4 * 9) return false;
        memset((void *)&point, 0, sizeof point);
        point.count = count;
        p->fresh = count != 0;
        p->at = to;
        return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point);
    }
    return false;
}

OTEL_FN_ bool otel_nanopb_powers_sum_(otel_telling_t_ *p, double sum, double (*extreme)(otel_word_t order))
{
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint point;
    otel_word_t least, largest;
    memset((void *)&point, 0, sizeof point);
    point.has_sum = true;
    point.sum = sum;
    point.has_min = point.has_max = otel_extremes_(p, &least, &largest);
    if (point.has_min) {
        point.min = extreme((otel_word_t)~least);
        point.max = extreme(largest);
    }
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point);
}

OTEL_API_ bool otel_powers_nanopb_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_nanopb_powers_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_powers_sum_(p, p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum), otel_nanopb_extreme_);
}

OTEL_API_ bool otel_powers_int_nanopb_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_nanopb_powers_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_powers_sum_(p, (double)(int64_t)(p->told ? sum - p->told[0] : sum), otel_nanopb_extreme_int_);
}
OTEL_C_END_
#endif
#endif
