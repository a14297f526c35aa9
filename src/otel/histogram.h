/* Histograms of doubles with explicit bounds: a count for each bucket, sum, least and largest value.
   Specification: metrics/api.md, "Histogram"; metrics/sdk.md, "Explicit Bucket Histogram Aggregation".

     static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
     static otel_histogram_t served = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s", OTEL_BUCKETS(8, 0.001, 0.01, 0.1, 1));
     otel_histogram_record(&took, 0.0021);

   A bucket holds what is greater than the bound before it and at most its own. Storage stands where the histogram is
   defined, so there are no buckets without bounds: then it is count and sum. OTEL_DEFAULT_BOUNDS are the specification's.
   Recording is safe in interrupts and signal handlers, as adding to a counter is; NaN and infinities are refused. */
#ifndef OTEL_HISTOGRAM_H
#define OTEL_HISTOGRAM_H
#include "compiler.h"
#include "attr.h"
#include "gauge.h"
#include "metric.h"
#include "pairs.h"

typedef struct otel_histogram_t { otel_instrument_t base_ OTEL_Z_; } otel_histogram_t;

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_BOUNDS or OTEL_BUCKETS. */
#define OTEL_HISTOGRAM(...) { { .name = __VA_ARGS__ } }
#define OTEL_HISTOGRAM_ (OTEL_BUCKETS_ | OTEL_DOUBLE_)

#define OTEL_DEFAULT_BOUNDS 0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000

/* OTEL_BOUNDS(b1, b2, ..): one to 32 ascending bounds, one series, the one without attributes. OTEL_BUCKETS(n, b1, b2, ..):
   n series with attributes. Each series takes a row of bounds + 3 words (8 bytes; 4 where double has 4), and there are two
   rows more: without attributes, and overflow. */
#define OTEL_ROW_WORDS_(n, bounds) (((n) + 2u) * ((bounds) + 3u))
#ifndef __cplusplus
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = (const double[]){ __VA_ARGS__ }, .bounds_len = (count), .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){ 0 }, .rows_len = OTEL_ROW_WORDS_(n, count)
#  define OTEL_BOUND_COUNT_(...) OTEL_AT33_(__VA_ARGS__)
#  define OTEL_COUNTDOWN_ 32u, 31u, 30u, 29u, 28u, 27u, 26u, 25u, 24u, 23u, 22u, 21u, 20u, 19u, 18u, 17u, \
    16u, 15u, 14u, 13u, 12u, 11u, 10u, 9u, 8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u, 0u
#  define OTEL_AT33_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, \
    _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) n
#else
template <class... D> constexpr size_t otel_bound_count_(D...) { return sizeof...(D); }
#  if __cplusplus >= 202002L
template <size_t n> struct otel_doubles_ {
    double at[n];
};
template <class Here> struct otel_bounds_ {
    static constexpr auto list = Here{}();
};
#    define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = otel_bounds_<decltype([] { return otel_doubles_<count>{ { __VA_ARGS__ } }; })>::list.at, .bounds_len = count, \
    .rows = otel_store_<decltype(otel_word_t() + 0u), OTEL_ROW_WORDS_(n, count), decltype([] {})>::at, .rows_len = OTEL_ROW_WORDS_(n, count)
#  else
#    define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = (const double[]){ __VA_ARGS__ }, .bounds_len = count, .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){}, .rows_len = OTEL_ROW_WORDS_(n, count)
#  endif
#endif

OTEL_C_BEGIN_
/* Record into a bound series of a histogram or a gauge; NULL is nothing. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value);
OTEL_API_ void otel_series_record_double(otel_series_t *series, double value);

OTEL_API_ void otel_record_attributes_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_record_total_(otel_instrument_t *instrument, double value);
OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_histogram_record(&served, 0.0021, "http.route", "/"), otel_histogram_bind(&served, "http.route", "/"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_histogram_record(histogram, ...) \
    otel_histogram_record_all((histogram), OTEL_REAL_(OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define otel_histogram_bind(...) otel_histogram_bind_all(OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
/* otel_series_record(series, 0.0021) */
#  define otel_series_record(series, value) \
    OTEL_BY_NUMBER_(value, otel_series_record_int, otel_series_record_unsigned_, otel_series_record_single_, otel_series_record_double, \
        otel_series_record_extended_)((series), (value))
#else
template <class V, class... A> static inline void otel_histogram_record(otel_histogram_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_histogram_record_all(histogram, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_histogram_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_histogram_bind_all(histogram, OTEL_LIST_(A));
}
static inline void otel_series_record(otel_series_t *series, float value) { otel_series_record_double(series, static_cast<double>(value)); }
static inline void otel_series_record(otel_series_t *series, double value) { otel_series_record_double(series, value); }
static inline void otel_series_record(otel_series_t *series, long double value) { otel_series_record_double(series, static_cast<double>(value)); }
template <class V> static inline void otel_series_record(otel_series_t *series, V value) { otel_series_record_int(series, otel_number_(value)); }
#endif
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    if (len == 0) otel_record_total_(histogram ? &histogram->base_ : NULL, value);
    else otel_record_attributes_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return otel_bind_(histogram ? &histogram->base_ : NULL, OTEL_HISTOGRAM_, attributes, len);
}

#ifndef __cplusplus
OTEL_FN_ void otel_series_record_unsigned_(otel_series_t *series, uint64_t value) { otel_series_record_int(series, otel_whole_unsigned_(value)); }
OTEL_FN_ void otel_series_record_single_(otel_series_t *series, float value) { otel_series_record_double(series, (double)value); }
OTEL_FN_ void otel_series_record_extended_(otel_series_t *series, long double value) { otel_series_record_double(series, (double)value); }
#endif
#if OTEL_BODIES_
/* A row: least value (its order, upside down), largest value (its order), then the buckets. Both extremes only grow, and 0
   is "none yet", so that a row begins as zeros. */
#define OTEL_ROW_MIN_ 0
#define OTEL_ROW_MAX_ 1
#define OTEL_ROW_BUCKETS_ 2

/* The first bucket whose bound is not below the value. */
OTEL_FN_ size_t otel_bucket_(const double *bounds, size_t len, double value)
{
#if OTEL_HOSTED_
    size_t low = 0;
    while (len) {
        size_t half = len / 2u;
        bool above = value > bounds[low + half];
        low = above ? low + half + 1u : low;
        len = above ? len - half - 1u : half;
    }
    return low;
#else             /* few bounds, and no processor for doubles: compare them as whole numbers */
    size_t i;
    otel_word_t order = otel_order_(value);
    for (i = 0; i < len && order > otel_order_(bounds[i]); i++) {}
    return i;
#endif
}

#if OTEL_WIDE_
OTEL_FN_ void otel_word_raise_(otel_word_t *word, otel_word_t to)
{
    otel_word_t was = OTEL_LOAD_(word);
    while (OTEL_UNLIKELY_(was < to) && !OTEL_CAS_(word, &was, to)) {}
}
#endif

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value)
{
    otel_instrument_t *owner;
    otel_word_t order;
    bool ended;
    size_t bucket;
    if (!cell) return;
    owner = cell->owner;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_HISTOGRAM_))) {
        if (!otel_cell_wake_(cell)) return;
        if (owner->kind_ != OTEL_HISTOGRAM_) {
            otel_refuse_(cell);
            return;
        }
    }
    if (OTEL_UNLIKELY_(!otel_finite_(value))) {
        otel_refuse_(cell);
        return;
    }
    order = otel_order_(value);
    bucket = owner->rows ? otel_bucket_(owner->bounds, owner->bounds_len, value) : 0;
    {
#if OTEL_WIDE_
        otel_change_t_ change;
        (void)otel_change_begin_(cell, &change);
        while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
        if (OTEL_LIKELY_(owner->rows != NULL)) {
            otel_word_t *row = cell->held.row;
            otel_word_raise_(&row[OTEL_ROW_MIN_], ~order);
            otel_word_raise_(&row[OTEL_ROW_MAX_], order);
            OTEL_ADD_(&row[OTEL_ROW_BUCKETS_ + bucket], (otel_word_t)1);
        } else {
            OTEL_ADD_(&cell->held.count, (otel_word_t)1);
        }
        if (OTEL_UNLIKELY_(!OTEL_LOAD_(&cell->set))) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
#else
        uint32_t was;
        if (!otel_lock_(owner, owner->otel_, false, &was)) {
            otel_refuse_(cell);
            return;
        }
        cell->value = otel_pack_(otel_sum_of_(otel_unpack_(cell->value), value, &ended));
        if (owner->rows) {
            otel_word_t *row = cell->held.row;
            if (row[OTEL_ROW_MIN_] < ~order) row[OTEL_ROW_MIN_] = ~order;
            if (row[OTEL_ROW_MAX_] < order) row[OTEL_ROW_MAX_] = order;
            row[OTEL_ROW_BUCKETS_ + bucket]++;
        } else {
            cell->held.count++;
        }
        cell->set = 1;
        otel_unlock_(owner, owner->otel_, was);
#endif
    }
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_record_attributes_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{
    otel_bucket_double_(otel_find_(instrument, OTEL_HISTOGRAM_, attributes, len), value);
}

/* Without attributes. */
OTEL_API_ void otel_record_total_(otel_instrument_t *instrument, double value)
{
    otel_cell_t *cell = instrument ? otel_total_(instrument, OTEL_HISTOGRAM_, 0) : NULL;
    otel_bucket_double_(cell ? cell : otel_find_(instrument, OTEL_HISTOGRAM_, NULL, 0), value);
}

OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->kind_ & OTEL_BUCKETS_) otel_bucket_double_(cell, (double)value);
    else if (cell->owner->kind_ & OTEL_LAST_) otel_last_int_(cell, value);
    else otel_refuse_(cell);
}

OTEL_API_ void otel_series_record_double(otel_series_t *series, double value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->kind_ & OTEL_BUCKETS_) otel_bucket_double_(cell, value);
    else if (cell->owner->kind_ & OTEL_LAST_) otel_last_double_(cell, value);
    else otel_refuse_(cell);
}
#endif
OTEL_C_END_
#endif
