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

/* Private. */
typedef struct otel_table_t_ {
    otel_painter_t_ *paint;
    otel_spark_t_ *spark;              /* `room` of them */
    unsigned room;
} otel_table_t_;

OTEL_C_BEGIN_
OTEL_API_ void otel_table_metric_(otel_table_t_ *table, const otel_pb_field_t_ *metric);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What a data point says, as far as it is shown. Private. */
typedef struct otel_point_t_ {
    double number, sum, min, max;
    uint64_t count;
    bool whole, range, histogram, falls;          /* falls: not monotonic */
    uint32_t attributes;
} otel_point_t_;

OTEL_FN_ uint32_t otel_table_hash_(uint32_t hash, const otel_pb_field_t_ *f)
{
    size_t i;
    for (i = 0; i < f->len; i++) hash = (hash ^ f->bytes[i]) * 16777619u;
    return hash;
}

/* The values as a line: `from` zero for what counts, from the least for what goes up and down. */
OTEL_FN_ void otel_table_spark_(otel_painter_t_ *p, const float *value, unsigned n, bool from_least)
{
    static const char ascii[] = "_.:-=+*#";
    float least = from_least ? value[0] : 0.0f, most = value[0];
    unsigned i;
    for (i = 0; i < n; i++) {
        if (value[i] < least) least = value[i];
        if (value[i] > most) most = value[i];
    }
    otel_paint_to_(p, p->columns - OTEL_SPARK_ - 1u);
    otel_paint_colour_(p, "36");
    for (i = 0; i < n; i++) {
        float part = most > least ? (value[i] - least) / (most - least) : 0.0f;
        unsigned level = part > 0 ? (unsigned)(part * 7.0f + 0.5f) : 0u;
        char block[4];
        memcpy(block, "\xE2\x96\x81", 4);
        if (level > 7u) level = 7u;
        block[2] = (char)(block[2] + (int)level);
        otel_paint_(p, p->ascii ? ascii + level : block, p->ascii ? 1 : 3, 1);
    }
    otel_paint_colour_(p, "0");
}

/* A new value of a series: what rises shows by how much it rose. */
OTEL_FN_ void otel_table_series_(otel_table_t_ *t, uint32_t series, const otel_point_t_ *point)
{
    otel_spark_t_ *spark = NULL;
    double value = point->number;
    unsigned i;
    if (!series) series = 1;
    for (i = 0; i < t->room && !spark; i++) {
        if (t->spark[i].series == series || !t->spark[i].series) spark = &t->spark[i];
    }
    if (!spark) return;
    if (!point->falls) value = spark->series && value >= spark->last ? value - spark->last : value;
    if (spark->series || point->falls) {          /* the first value of a counter is no rise */
        if (spark->n == OTEL_SPARK_) memmove(spark->value, spark->value + 1, (OTEL_SPARK_ - 1u) * sizeof spark->value[0]);
        else spark->n++;
        spark->value[spark->n - 1u] = (float)value;
    }
    spark->series = series;
    spark->last = point->number;
    if (spark->n > 1u) otel_table_spark_(t->paint, spark->value, spark->n, point->falls);
}

/* The buckets of a histogram: fixed64, packed, or of an exponential one varints; where they are more than columns, some to each. */
OTEL_FN_ void otel_table_buckets_(otel_painter_t_ *p, const otel_pb_field_t_ *packed, bool exponential)
{
    float value[OTEL_SPARK_];
    unsigned n = 0, i = 0, each, columns;
    size_t at;
    for (at = 0; at < packed->len; at++) n += (exponential ? packed->bytes[at] < 128u : at % 8u == 7u) ? 1u : 0u;
    each = (n + OTEL_SPARK_ - 1u) / OTEL_SPARK_;
    if (n < 2u) return;
    columns = (n + each - 1u) / each;
    memset((void *)value, 0, sizeof value);
    for (at = 0; i < n && at < packed->len; i++) {
        uint64_t count = 0;
        unsigned step = 8;
        if (exponential) step = otel_pb_varint_(packed->bytes + at, packed->len - at, &count);
        else if (packed->len - at >= 8u) count = otel_get64_(packed->bytes + at);
        if (step == 0 || step == OTEL_PB_BAD_) break;
        value[i / each] += (float)count;
        at += step;
    }
    otel_table_spark_(p, value, columns, false);
}

/* NumberDataPoint: as_double = 4, as_int = 6, attributes = 7. HistogramDataPoint: count = 4, sum = 5, attributes = 9, min = 11,
   max = 12. ExponentialHistogramDataPoint: attributes = 1, count = 4, sum = 5, min = 12, max = 13. */
OTEL_FN_ otel_point_t_ otel_point_read_(uint32_t shape, const otel_pb_field_t_ *field)
{
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    otel_pb_field_t_ f;
    otel_point_t_ point;
    uint32_t min = shape == 9 ? 11u : 12u;
    memset((void *)&point, 0, sizeof point);
    point.histogram = shape == 9 || shape == 10;
    point.attributes = shape == 9 ? 9u : shape == 10 ? 1u : 7u;
    while (otel_pb_next_(&message, &f)) {
        if (!point.histogram) {
            if (f.number == 4) point.number = otel_bits_double_(f.value);
            if (f.number == 6) point.number = (double)(int64_t)f.value;
            point.whole = point.whole || f.number == 6;
        } else {
            if (f.number == 4) point.count = f.value;
            if (f.number == 5) point.sum = otel_bits_double_(f.value);
            if (f.number == min && f.type == OTEL_PB_FIXED64_) point.min = otel_bits_double_(f.value);
            point.range = point.range || (f.number == min && f.type == OTEL_PB_FIXED64_);
            if (f.number == min + 1u && f.type == OTEL_PB_FIXED64_) point.max = otel_bits_double_(f.value);
        }
    }
    return point;
}

/* "12 x 1.2 ms (0.8 ms to 3 ms)" */
OTEL_FN_ void otel_words_point_value_(otel_words_t_ *w, const otel_point_t_ *point, const otel_pb_field_t_ *unit)
{
    if (!point->histogram) {
        otel_words_number_(w, point->number, point->whole, unit);
        return;
    }
    otel_words_uint_(w, point->count, 0);
    otel_words_text_(w, " x ");
    otel_words_number_(w, point->count ? point->sum / (double)point->count : 0, false, unit);
    if (!point->range) return;
    otel_words_text_(w, " (");
    otel_words_number_(w, point->min, false, unit);
    otel_words_text_(w, " to ");
    otel_words_number_(w, point->max, false, unit);
    otel_words_text_(w, ")");
}

OTEL_FN_ void otel_table_point_(otel_table_t_ *t, uint32_t shape, const otel_pb_field_t_ *field, const otel_pb_field_t_ *unit, uint32_t hash, bool falls)
{
    otel_painter_t_ *p = t->paint;
    otel_point_t_ point = otel_point_read_(shape, field);
    unsigned edge = p->columns - OTEL_SPARK_ - 2u, width = 0, i;
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    otel_pb_field_t_ f;
    otel_words_t_ w;
    point.falls = falls;
    while (otel_pb_next_(&message, &f)) {
        if (f.number == point.attributes && f.type == OTEL_PB_SLICE_) hash = otel_table_hash_(hash, &f);
    }
    otel_paint_attributes_(p, field, point.attributes, 4, edge);
    w.n = 0;
    otel_words_point_value_(&w, &point, unit);
    for (i = 0; i < w.n; i++) width += (w.text[i] & 0xC0) != 0x80;
    if (p->column + 1u + width > edge) otel_paint_line_(p);
    otel_paint_to_(p, width < edge ? edge - width : 2u);
    otel_paint_words_(p, &w);
    if (point.histogram) {
        f = otel_pb_find_(field, shape == 9 ? 6 : 8);     /* bucket_counts; positive, whose bucket_counts = 2 */
        if (shape == 10) f = otel_pb_find_(&f, 2);
        if (p->column < edge + 2u) otel_table_buckets_(p, &f, shape == 10);
    } else {
        otel_table_series_(t, hash, &point);
    }
    otel_paint_line_(p);
}

/* Metric: name = 1, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential_histogram = 10; their data_points = 1;
   Sum.is_monotonic = 3. */
OTEL_API_ void otel_table_metric_(otel_table_t_ *t, const otel_pb_field_t_ *metric)
{
    static const uint8_t shapes[] = { 5, 7, 9, 10 };
    otel_painter_t_ *p = t->paint;
    otel_pb_field_t_ name = otel_pb_find_(metric, 1), unit = otel_pb_find_(metric, 3), data, point;
    unsigned i;
    otel_paint_to_(p, 2);
    otel_paint_colour_(p, "1");
    otel_paint_long_(p, name.bytes, name.len, 4);
    otel_paint_colour_(p, "0");
    for (i = 0; i < sizeof shapes; i++) {
        otel_pb_t_ points;
        bool falls;
        data = otel_pb_find_(metric, shapes[i]);
        falls = shapes[i] == 5 || (shapes[i] == 7 && !otel_pb_find_(&data, 3).value);
        points = otel_pb_open_(data.bytes, data.len);
        while (otel_pb_next_(&points, &point)) {
            if (point.number != 1 || point.type != OTEL_PB_SLICE_) continue;
            if (p->column && otel_pb_find_(&point, shapes[i] == 9 ? 9 : shapes[i] == 10 ? 1 : 7).len) otel_paint_line_(p);
            otel_table_point_(t, shapes[i], &point, &unit, otel_table_hash_(2166136261u, &name), falls);
        }
    }
    if (p->column) otel_paint_line_(p);
}
OTEL_C_END_
#endif
#endif
