/* Metrics for people: a table with a line for each point and a sparkline of its last values (of histograms: of its buckets).
   opentelemetry/proto: metrics.proto. */
#ifndef OTEL_EXPORT_TABLE_H
#define OTEL_EXPORT_TABLE_H
#include "../otel/compiler.h"
#include "painter.h"

#define OTEL_SPARK_ 16u                /* columns of a sparkline */

/* What a series was before. Private. */
typedef struct otel_spark_t_ {
    uint32_t series;                   /* hash of its name and attributes, 0: free */
    uint8_t n;                         /* values so far, OTEL_SPARK_ at most */
    double last;
    float value[OTEL_SPARK_];
} otel_spark_t_;

/* What a data point says, as far as it is shown. Private. */
typedef struct otel_point_t_ {
    double number, sum, min, max;
    uint64_t count;
    bool whole, range, histogram;
} otel_point_t_;

/* The table, and the metric that is being written. Private. */
typedef struct otel_table_t_ {
    otel_painter_t_ *paint;
    otel_spark_t_ *spark;              /* `room` of them */
    unsigned room;
    otel_pb_field_t_ metric, unit, field;      /* field: the data point */
    otel_pb_t_ points;
    otel_point_t_ point;
    uint8_t shape, attributes;         /* 5 gauge, 7 sum, 9 histogram, 10 exponential; the field of a point's attributes */
    bool falls;                        /* not monotonic */
    uint32_t name, series;             /* hashes */
    float bucket[OTEL_SPARK_], least, most;
    char block[4];
} otel_table_t_;
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint32_t otel_table_hash_(uint32_t hash, const otel_pb_field_t_ *f)
{
    size_t i;
    for (i = 0; i < f->len; i++) hash = (hash ^ f->bytes[i]) * 16777619u;
    return hash;
}

/* The values as a line: `from` zero for what counts, from the least for what goes up and down. */
OTEL_STEP_ void otel_table_spark_(otel_table_t_ *t, const float *value, unsigned n, bool from_least)
{
    static const char ascii[] = "_.:-=+*#";
    unsigned i;
    t->least = from_least ? value[0] : 0.0f;
    t->most = value[0];
    for (i = 0; i < n; i++) {
        if (value[i] < t->least) t->least = value[i];
        if (value[i] > t->most) t->most = value[i];
    }
    otel_paint_to_(t->paint, t->paint->columns - OTEL_SPARK_ - 1u);
    otel_paint_colour_(t->paint, "36");
    for (i = 0; i < n; i++) {
        float part = t->most > t->least ? (value[i] - t->least) / (t->most - t->least) : 0.0f;
        unsigned level = part > 0 ? (unsigned)(part * 7.0f + 0.5f) : 0u;
        if (level > 7u) level = 7u;
        memcpy(t->block, "\xE2\x96\x81", 4);
        t->block[2] = (char)(t->block[2] + (int)level);
        otel_paint_(t->paint, t->paint->ascii ? ascii + level : t->block, t->paint->ascii ? 1 : 3, 1);
    }
    otel_paint_colour_(t->paint, "0");
}

/* A new value of the series: what rises shows by how much it rose. NULL: there is no room to remember it. */
OTEL_STEP_ otel_spark_t_ *otel_table_series_(otel_table_t_ *t)
{
    otel_spark_t_ *spark = NULL;
    double value = t->point.number;
    unsigned i;
    if (!t->series) t->series = 1;
    for (i = 0; i < t->room && !spark; i++) {
        if (t->spark[i].series == t->series || !t->spark[i].series) spark = &t->spark[i];
    }
    if (!spark) return NULL;
    if (!t->falls) value = spark->series && value >= spark->last ? value - spark->last : value;
    if (spark->series || t->falls) {   /* the first value of a counter is no rise */
        if (spark->n == OTEL_SPARK_) memmove(spark->value, spark->value + 1, (OTEL_SPARK_ - 1u) * sizeof spark->value[0]);
        else spark->n++;
        spark->value[spark->n - 1u] = (float)value;
    }
    spark->series = t->series;
    spark->last = t->point.number;
    return spark;
}

/* The buckets of a histogram: fixed64, packed, or of an exponential one varints; where they are more than columns, some to each.
   How many columns; below two there is nothing to see. */
OTEL_STEP_ unsigned otel_table_buckets_(otel_table_t_ *t, const otel_pb_field_t_ *packed)
{
    bool exponential = t->shape == 10u;
    unsigned n = 0, i = 0, each;
    size_t at;
    for (at = 0; at < packed->len; at++) n += (exponential ? packed->bytes[at] < 128u : at % 8u == 7u) ? 1u : 0u;
    if (n < 2u) return 0;
    each = (n + OTEL_SPARK_ - 1u) / OTEL_SPARK_;
    memset((void *)t->bucket, 0, sizeof t->bucket);
    for (at = 0; i < n && at < packed->len; i++) {
        unsigned step = 8;
        t->point.count = 0;            /* it was shown */
        if (exponential) step = otel_pb_varint_(packed->bytes + at, packed->len - at, &t->point.count);
        else if (packed->len - at >= 8u) t->point.count = otel_get64_(packed->bytes + at);
        if (step == 0 || step == OTEL_PB_BAD_) break;
        t->bucket[i / each] += (float)t->point.count;
        at += step;
    }
    return (n + each - 1u) / each;
}

/* NumberDataPoint: as_double = 4, as_int = 6, attributes = 7. HistogramDataPoint: count = 4, sum = 5, attributes = 9, min = 11,
   max = 12. ExponentialHistogramDataPoint: attributes = 1, count = 4, sum = 5, min = 12, max = 13. */
OTEL_STEP_ void otel_table_read_(otel_table_t_ *t)
{
    otel_point_t_ *point = &t->point;
    const otel_pb_field_t_ *f = &t->paint->found;
    memset((void *)point, 0, sizeof *point);
    point->histogram = t->shape >= 9u;
    t->series = t->name;
    t->paint->reader = otel_pb_open_(t->field.bytes, t->field.len);
    while (otel_pb_next_(&t->paint->reader, &t->paint->found)) {
        uint32_t min = t->shape == 9u ? 11u : 12u;
        if (f->number == t->attributes && f->type == OTEL_PB_SLICE_) t->series = otel_table_hash_(t->series, f);
        if (!point->histogram) {
            if (f->number == 4) point->number = otel_bits_double_(f->value);
            if (f->number == 6) point->number = (double)(int64_t)f->value;
            point->whole = point->whole || f->number == 6;
        } else {
            if (f->number == 4) point->count = f->value;
            if (f->number == 5) point->sum = otel_bits_double_(f->value);
            if (f->type != OTEL_PB_FIXED64_) continue;
            if (f->number == min) point->min = otel_bits_double_(f->value);
            point->range = point->range || f->number == min;
            if (f->number == min + 1u) point->max = otel_bits_double_(f->value);
        }
    }
}

OTEL_STEP_ void otel_table_number_(otel_table_t_ *t, double value, bool whole)
{
    t->paint->words.value = value;
    t->paint->words.integer = whole;
    otel_words_number_(&t->paint->words, &t->unit);
}

/* "12 x 1.2 ms (0.8 ms to 3 ms)" */
OTEL_STEP_ void otel_table_words_(otel_table_t_ *t)
{
    t->paint->words.n = 0;
    if (!t->point.histogram) {
        otel_table_number_(t, t->point.number, t->point.whole);
        return;
    }
    otel_words_uint_(&t->paint->words, 0, t->point.count);
    otel_words_text_(&t->paint->words, " x ");
    otel_table_number_(t, t->point.count ? t->point.sum / (double)t->point.count : 0, false);
    if (!t->point.range) return;
    otel_words_text_(&t->paint->words, " (");
    otel_table_number_(t, t->point.min, false);
    otel_words_text_(&t->paint->words, " to ");
    otel_table_number_(t, t->point.max, false);
    otel_words_text_(&t->paint->words, ")");
}

/* Those words at the right. */
OTEL_STEP_ void otel_table_value_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    unsigned width = 0, i;
    for (i = 0; i < p->words.n; i++) width += (p->words.text[i] & 0xC0) != 0x80;
    if (p->column + 1u + width > p->edge) otel_paint_line_(p);
    otel_paint_to_(p, width < p->edge ? p->edge - width : 2u);
    otel_paint_words_(p);
}

OTEL_STEP_ void otel_table_line_(otel_table_t_ *t)
{
    unsigned columns = 0;
    const otel_pb_field_t_ *f;
    const otel_spark_t_ *spark;
    if (t->point.histogram) {
        if (t->paint->column >= t->paint->edge + 2u) return;
        f = otel_paint_find_(t->paint, &t->field, t->shape == 9u ? 6 : 8);            /* bucket_counts; positive, whose bucket_counts = 2 */
        if (t->shape == 10u) f = otel_paint_find_(t->paint, f, 2);
        columns = otel_table_buckets_(t, f);
        if (columns) otel_table_spark_(t, t->bucket, columns, false);
        return;
    }
    spark = otel_table_series_(t);
    if (spark && spark->n > 1u) otel_table_spark_(t, spark->value, spark->n, t->falls);
}

/* Go to the next point of the metric, into t->field; false behind the last. Gauge and its like: data_points = 1;
   Sum.is_monotonic = 3. */
OTEL_STEP_ bool otel_table_next_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    for (;;) {
        const otel_pb_field_t_ *data;
        while (otel_pb_next_(&t->points, &t->field)) {
            if (t->field.number == 1 && t->field.type == OTEL_PB_SLICE_) return true;
        }
        if (t->shape == 10u) return false;
        t->shape = (uint8_t)(t->shape < 9u ? t->shape + 2u : 10u);
        t->attributes = t->shape == 9u ? 9u : t->shape == 10u ? 1u : 7u;
        data = otel_paint_find_(p, &t->metric, t->shape);
        t->points = otel_pb_open_(data->bytes, data->len);
        t->falls = t->shape == 5u || (t->shape == 7u && !otel_paint_find_(p, data, 3)->value);
    }
}

/* Begin with the metric in t->metric: name = 1, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential_histogram = 10. */
OTEL_STEP_ void otel_table_begin_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    otel_paint_to_(p, 2);
    otel_paint_colour_(p, "1");
    t->unit = *otel_paint_find_(p, &t->metric, 3);
    otel_paint_find_(p, &t->metric, 1);
    t->name = otel_table_hash_(2166136261u, &p->found);
    otel_paint_long_(p, p->found.bytes, p->found.len, 4);
    otel_paint_colour_(p, "0");
    t->shape = 3;
    t->points = otel_pb_open_(NULL, 0);
}

/* The lines of the metric in t->metric. */
OTEL_STEP_ void otel_table_metric_(otel_table_t_ *t)
{
    otel_table_begin_(t);
    while (otel_table_next_(t)) {
        if (t->paint->column && otel_paint_find_(t->paint, &t->field, t->attributes)->len) otel_paint_line_(t->paint);
        otel_table_read_(t);
        otel_paint_attributes_(t->paint, &t->field, t->attributes, 4);
        otel_table_words_(t);
        otel_table_value_(t);
        otel_table_line_(t);
        otel_paint_line_(t->paint);
    }
    if (t->paint->column) otel_paint_line_(t->paint);
}
OTEL_C_END_
#endif
#endif
