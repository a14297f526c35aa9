/* Histograms with explicit bounds, of doubles and of integers: a count for each bucket, sum, least and largest value.
   Specification: metrics/api.md, "Histogram"; metrics/sdk.md, "Explicit Bucket Histogram Aggregation".

     static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
     static otel_histogram_t served = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s", OTEL_BUCKETS(8, 0.001, 0.01, 0.1, 1));
     otel_histogram_record(&took, 0.0021);
     static otel_histogram_int_t size = OTEL_HISTOGRAM_INT("packet.size", .unit = "By", OTEL_BOUNDS_INT(64, 256, 1024));
     otel_histogram_record(&size, 100);           // no floating point: some 60 instructions on a Cortex-M4

   A bucket holds what is greater than the bound before it and at most its own. Storage stands where the histogram is
   defined, so there are no buckets without bounds: then it is count and sum. OTEL_DEFAULT_BOUNDS are the specification's.
   Recording is safe in interrupts and signal handlers, as adding to a counter is; NaN and infinities are refused. */
#ifndef OTEL_HISTOGRAM_H
#define OTEL_HISTOGRAM_H
#include "compiler.h"
#include "attr.h"
#include "counter.h"
#include "metric.h"
#include "pairs.h"
#include "series.h"
#include "wire.h"

OTEL_INSTRUMENT_TYPE_(otel_histogram_t);
/* Of integers: 64 bits where the processor changes so many in one step, else 32 (larger ones are refused and counted). */
#if OTEL_WIDE_
typedef int64_t otel_bound_t_;
#else
typedef int32_t otel_bound_t_;
#endif
OTEL_INSTRUMENT_TYPE_(otel_histogram_int_t);
OTEL_INSTRUMENT_TYPE_(otel_exponential_t);      /* exphistogram.h */
OTEL_INSTRUMENT_TYPE_(otel_exponential_int_t);

/* What a histogram is initialised with, where its bounds have a type: the compiler looks whether they are of its kind. If an error
   or a warning led you here: OTEL_HISTOGRAM takes OTEL_BOUNDS or OTEL_BUCKETS, OTEL_HISTOGRAM_INT those with _INT. Private. */
#define OTEL_TAKES_(T) \
    const char *name OTEL_Z_, *unit OTEL_Z_, *description OTEL_Z_; \
    const otel_scope_t *scope OTEL_Z_; \
    struct otel_t *otel OTEL_Z_; \
    otel_series_t *series OTEL_Z_; \
    size_t series_len OTEL_Z_; \
    const T *bounds OTEL_Z_; \
    size_t bounds_len OTEL_Z_; \
    otel_word_t *rows OTEL_Z_; \
    size_t rows_len OTEL_Z_; \
    otel_front_t_ *front_ OTEL_Z_
typedef struct otel_takes_bounds_t_ { OTEL_TAKES_(double); } otel_takes_bounds_t_;
typedef struct otel_takes_bounds_int_t_ { OTEL_TAKES_(otel_bound_t_); } otel_takes_bounds_int_t_;
#if !(OTEL_ENABLED && OTEL_METRICS)
#  define OTEL_BOUNDED_(form, takes, ...)
#elif defined(__cplusplus)
#  define OTEL_BOUNDED_(form, takes, ...) , .form_ = &(form) + 0u * sizeof(takes{ .name = __VA_ARGS__ })
#else                                             /* the last field has a name for avr-gcc 5, which forgets it after a list inside */
#  define OTEL_BOUNDED_(form, takes, ...) , .form_ = &(form) + 0u * sizeof((takes){ .name = __VA_ARGS__ }), .next_ = NULL
#endif

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_BOUNDS or OTEL_BUCKETS (of integers: OTEL_BOUNDS_INT
   or OTEL_BUCKETS_INT). */
#define OTEL_HISTOGRAM(...) { OTEL_MADE_(otel_histogram_t) { .name = __VA_ARGS__ OTEL_BOUNDED_(otel_histogram_form_, otel_takes_bounds_t_, __VA_ARGS__) } }
#define OTEL_HISTOGRAM_INT(...) { OTEL_MADE_(otel_histogram_int_t) { .name = __VA_ARGS__ OTEL_BOUNDED_(otel_histogram_int_form_, otel_takes_bounds_int_t_, __VA_ARGS__) } }
#define OTEL_HISTOGRAM_ (OTEL_BUCKETS_ | OTEL_DOUBLE_)
#define OTEL_HISTOGRAM_INT_ OTEL_BUCKETS_

#define OTEL_DEFAULT_BOUNDS 0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000

/* OTEL_BOUNDS(b1, b2, ..): one to 32 ascending bounds, one series, the one without attributes. OTEL_BUCKETS(n, b1, b2, ..):
   n series with attributes. Each series takes a row of bounds + 3 words (8 bytes; 4 where double has 4), and there are two
   rows more: without attributes, and overflow. OTEL_BOUNDS_INT and OTEL_BUCKETS_INT are the same for OTEL_HISTOGRAM_INT. */
#define OTEL_ROW_WORDS_(n, bounds) (((n) + 2u) * ((bounds) + 3u))
#ifndef __cplusplus
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(double, 0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(double, n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_INT(...) OTEL_BOUNDS_OF_(otel_bound_t_, 0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS_INT(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(otel_bound_t_, n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = (const T[]){ __VA_ARGS__ }, .bounds_len = (count), .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){ 0 }, .rows_len = OTEL_ROW_WORDS_(n, count)
#  define OTEL_BOUND_COUNT_(...) OTEL_AT33_(__VA_ARGS__)
#  define OTEL_COUNTDOWN_ 32u, 31u, 30u, 29u, 28u, 27u, 26u, 25u, 24u, 23u, 22u, 21u, 20u, 19u, 18u, 17u, \
    16u, 15u, 14u, 13u, 12u, 11u, 10u, 9u, 8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u, 0u
#  define OTEL_AT33_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, \
    _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) n
#else
template <class... D> constexpr size_t otel_bound_count_(D...) { return sizeof...(D); }
#  if __cplusplus >= 202002L
template <class T, size_t n> struct otel_numbers_ {
    T at[n];
};
template <class Here> struct otel_bounds_ {
    static constexpr auto list = Here{}();
};
#    define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = otel_bounds_<decltype([] { return otel_numbers_<T, count>{ { __VA_ARGS__ } }; })>::list.at, .bounds_len = count, \
    .rows = otel_store_<decltype(otel_word_t() + 0u), OTEL_ROW_WORDS_(n, count), decltype([] {})>::at, .rows_len = OTEL_ROW_WORDS_(n, count)
#  else
#    define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = (const T[]){ __VA_ARGS__ }, .bounds_len = count, .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){}, .rows_len = OTEL_ROW_WORDS_(n, count)
#  endif
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(double, 0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(double, n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BOUNDS_INT(...) OTEL_BOUNDS_OF_(otel_bound_t_, 0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BUCKETS_INT(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(otel_bound_t_, n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#endif

OTEL_C_BEGIN_
/* Record into a bound series of a histogram or a gauge; NULL is nothing. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value);
OTEL_API_ void otel_series_record_double(otel_series_t *series, double value);

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_bucket_double_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_bucket_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_bucket_total_(otel_instrument_t *instrument, int64_t value);
#if OTEL_NANOPB_                  /* nanopb_points.h */
OTEL_API_ bool otel_buckets_nanopb_(otel_telling_t_ *point);
OTEL_API_ bool otel_buckets_int_nanopb_(otel_telling_t_ *point);
#else
OTEL_API_ bool otel_buckets_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_buckets_int_write_(otel_telling_t_ *point);
#endif
OTEL_API_ size_t otel_buckets_words_(const otel_instrument_t *instrument);

/* Metric.histogram = 9; HistogramDataPoint.attributes = 9 */
OTEL_FORM_OF_(otel_histogram_form_, OTEL_HISTOGRAM_, 0x4A, 0x4A, 255, otel_bucket_double_int_, otel_bucket_double_, OTEL_WRITES_(otel_buckets), otel_buckets_words_, otel_bucket_double_int_);
OTEL_FORM_OF_(otel_histogram_int_form_, OTEL_HISTOGRAM_INT_, 0x4A, 0x4A, 255, otel_bucket_int_, otel_refuse_real_, OTEL_WRITES_(otel_buckets_int), otel_buckets_words_, otel_bucket_int_);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_histogram_int_record_all(otel_histogram_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_exponential_record_all(otel_exponential_t *histogram, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_exponential_int_record_all(otel_exponential_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_histogram_int_bind_all(otel_histogram_int_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_exponential_bind_all(otel_exponential_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_exponential_int_bind_all(otel_exponential_int_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_histogram_record(&served, 0.0021, "http.route", "/"), otel_histogram_bind(&served, "http.route", "/"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_histogram_record(histogram, ...) \
    OTEL_EXT_ _Generic((histogram), otel_histogram_t *: otel_histogram_record_all, otel_histogram_int_t *: otel_histogram_int_record_all, \
        otel_exponential_t *: otel_exponential_record_all, otel_exponential_int_t *: otel_exponential_int_record_all)((histogram), OTEL_HISTOGRAM_NUMBER_(histogram, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_HISTOGRAM_NUMBER_(histogram, value) \
    OTEL_EXT_ _Generic((histogram), otel_histogram_t *: OTEL_REAL_(value), otel_histogram_int_t *: OTEL_WHOLE_(value), otel_exponential_t *: OTEL_REAL_(value), \
        otel_exponential_int_t *: OTEL_WHOLE_(value))
#  define otel_histogram_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_histogram_t *: otel_histogram_bind_all, otel_histogram_int_t *: otel_histogram_int_bind_all, \
        otel_exponential_t *: otel_exponential_bind_all, otel_exponential_int_t *: otel_exponential_int_bind_all)(OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
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
template <class V, class... A> static inline void otel_histogram_record(otel_exponential_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_exponential_record_all(histogram, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_exponential_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_exponential_bind_all(histogram, OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_histogram_record(otel_exponential_int_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_exponential_int_record_all(histogram, otel_number_(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_exponential_int_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_exponential_int_bind_all(histogram, OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_histogram_record(otel_histogram_int_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_histogram_int_record_all(histogram, otel_number_(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_histogram_int_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_histogram_int_bind_all(histogram, OTEL_LIST_(A));
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
    if (len == 0) otel_total_real_(histogram ? &histogram->base_ : NULL, value);
    else otel_record_real_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ void otel_histogram_int_record_all(otel_histogram_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    if (len == 0 && histogram) otel_bucket_total_(&histogram->base_, value);
    else if (len) otel_record_whole_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_int_bind_all(otel_histogram_int_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ void otel_exponential_record_all(otel_exponential_t *histogram, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, histogram, value, attributes, len);
}

OTEL_FN_ void otel_exponential_int_record_all(otel_exponential_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, histogram, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_exponential_bind_all(otel_exponential_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ otel_series_t *otel_exponential_int_bind_all(otel_exponential_int_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
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

/* A measurement into a cell whose bounds have been looked at: `total` is the new sum, `order` the value as a word. */
OTEL_INLINE_ void otel_bucket_put_(otel_cell_t *cell, const otel_instrument_t *owner, size_t bucket, otel_word_t order)
{
    if (OTEL_LIKELY_(owner->rows != NULL)) {
        otel_word_t *row = cell->held.row;
#if OTEL_WIDE_
        otel_word_raise_(&row[OTEL_ROW_MIN_], ~order);
        otel_word_raise_(&row[OTEL_ROW_MAX_], order);
        OTEL_ADD_(&row[OTEL_ROW_BUCKETS_ + bucket], (otel_word_t)1);
#else
        if (row[OTEL_ROW_MIN_] < ~order) row[OTEL_ROW_MIN_] = ~order;
        if (row[OTEL_ROW_MAX_] < order) row[OTEL_ROW_MAX_] = order;
        row[OTEL_ROW_BUCKETS_ + bucket]++;
#endif
    } else {
#if OTEL_WIDE_
        OTEL_ADD_(&cell->held.count, (otel_word_t)1);
#else
        cell->held.count++;
#endif
    }
    if (OTEL_UNLIKELY_(!OTEL_LOAD_(&cell->set))) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value)
{
    otel_instrument_t *owner = cell->owner;
    otel_change_t_ change;
    bool ended = false;
    size_t bucket;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_HISTOGRAM_)) && !otel_cell_wake_(cell)) return;
    bucket = owner->rows ? otel_bucket_((const double *)owner->bounds, owner->bounds_len, value) : 0;
    if (OTEL_UNLIKELY_(!otel_finite_(value)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
#if OTEL_WIDE_
    while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
    otel_bucket_put_(cell, owner, bucket, otel_order_(value));
#else
    otel_bucket_put_(cell, owner, bucket, otel_order_(value));
    (void)otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)));
#endif
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_bucket_double_int_(otel_cell_t *cell, int64_t value) { otel_bucket_double_(cell, (double)value); }

/* A whole number as a word of the same order, and back; where words have 32 bits it ends there. */
OTEL_FN_ otel_word_t otel_order_whole_(int64_t value)
{
    if (sizeof(otel_word_t) == 4) value = value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value;
    return (otel_word_t)value ^ OTEL_SIGN_;
}

OTEL_FN_ int64_t otel_unorder_whole_(otel_word_t order)
{
    return sizeof(otel_word_t) == 4 ? (int32_t)(uint32_t)(order ^ OTEL_SIGN_) : (int64_t)(order ^ OTEL_SIGN_);
}

#if !OTEL_WIDE_
/* A number that has more than 32 bits, and histograms without bounds. */
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_other_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_other_(otel_cell_t *cell, int64_t value)
{
    uint32_t was;
    if ((int32_t)value != value || !otel_lock_(cell->owner, cell->owner->otel_, false, &was)) {
        otel_refuse_(cell);
        return;
    }
    cell->value += (uint64_t)value;
    cell->held.count++;
    cell->set = 1;
    otel_unlock_(cell->owner, cell->owner->otel_, was);
}
#endif

#if OTEL_WIDE_
OTEL_INLINE_ void otel_bucket_awake_(otel_cell_t *cell, int64_t value)
{
    const otel_instrument_t *owner = cell->owner;
    const otel_bound_t_ *bound = (const otel_bound_t_ *)owner->bounds;
    otel_change_t_ change;
    bool ended;
    size_t i;
    for (i = 0; i < owner->bounds_len && value > bound[i]; i++) {}
    (void)otel_change_begin_(cell, &change);
    while (!otel_change_end_(cell, &change, (uint64_t)otel_sum_stops_((int64_t)change.value, value, &ended))) {}
    otel_bucket_put_(cell, owner, i, otel_order_whole_(value));
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}
#else
/* One more. The upper half is touched once in 2^32 times. */
OTEL_FN_ void otel_word_count_(otel_word_t *word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t low;
    memcpy(&low, word, sizeof low);
    low++;
    memcpy(word, &low, sizeof low);
    if (OTEL_UNLIKELY_(low == 0) && sizeof *word > sizeof low) *word += (otel_word_t)((uint64_t)1 << 32);
#else
    ++*word;
#endif
}

/* Numbers of 32 bits: a sum of 64 takes four thousand million of the largest. What is new to a series is an extreme of it, so
   that `set` is looked at there only. */
OTEL_INLINE_ void otel_bucket_awake_(otel_cell_t *cell, int64_t value)
{
    const otel_instrument_t *owner = cell->owner;
    const otel_bound_t_ *bound = (const otel_bound_t_ *)owner->bounds;
    otel_word_t *row = cell->held.row;
    size_t left = owner->bounds_len;
    int32_t number = (int32_t)value;
    uint32_t order, was;
    if (OTEL_UNLIKELY_(number != value) || OTEL_UNLIKELY_(left == 0)) {
        otel_bucket_other_(cell, value);
        return;
    }
    while (number > *bound++) {
        row++;
        if (--left == 0) break;
    }
    if (OTEL_UNLIKELY_(!otel_lock_(cell->owner, owner->otel_, false, &was))) {
        otel_refuse_(cell);
        return;
    }
    cell->value += (uint64_t)(int64_t)number;
    otel_word_count_(row + OTEL_ROW_BUCKETS_);
    row = cell->held.row;
    order = (uint32_t)number ^ 0x80000000u;
    if (OTEL_UNLIKELY_((uint32_t)row[OTEL_ROW_MIN_] < ~order)) {
        row[OTEL_ROW_MIN_] = ~order;
        cell->set = 1;
    }
    if (OTEL_UNLIKELY_((uint32_t)row[OTEL_ROW_MAX_] < order)) {
        row[OTEL_ROW_MAX_] = order;
        cell->set = 1;
    }
    otel_unlock_(cell->owner, owner->otel_, was);
}
#endif

/* The cell is awake: without attributes, and at its first measurement. */
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_here_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_here_(otel_cell_t *cell, int64_t value) { otel_bucket_awake_(cell, value); }

OTEL_API_ OTEL_NOINLINE_ void otel_bucket_asleep_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_asleep_(otel_cell_t *cell, int64_t value)
{
    if (otel_cell_wake_(cell)) otel_bucket_here_(cell, value);
}

OTEL_API_ void otel_bucket_int_(otel_cell_t *cell, int64_t value)
{
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(OTEL_HISTOGRAM_INT_))) otel_bucket_awake_(cell, value);
    else otel_bucket_asleep_(cell, value);
}

/* Without attributes; the instrument is not NULL. */
OTEL_API_ void otel_bucket_total_(otel_instrument_t *instrument, int64_t value)
{
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->total_.awake) == otel_awake_(OTEL_HISTOGRAM_INT_))) otel_bucket_here_(&instrument->total_, value);
    else otel_total_whole_(instrument, value);
}

OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (OTEL_LIKELY_(cell->owner->form_->record != NULL)) (cell->owner->form_->record)(cell, value);
    else otel_refuse_(cell);
}

OTEL_API_ void otel_series_record_double(otel_series_t *series, double value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) otel_refuse_(cell);
    else (cell->owner->form_->real)(cell, value);
}

/* ---- on the wire ---- */
OTEL_FN_ otel_word_t otel_word_read_(otel_cell_t *cell, otel_word_t *word)
{
#if OTEL_WIDE_
    (void)cell;
    return OTEL_LOAD_(word);
#else
    otel_word_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = *word;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

/* Least (upside down) and largest value of what the point tells; false: not known. Behind the buckets, so that what is counted
   there is in it. */
OTEL_FN_ bool otel_extremes_(const otel_telling_t_ *p, otel_word_t *least, otel_word_t *largest)
{
    if (p->told ? !p->extremes : (OTEL_LOAD_(&p->cell->owner->reclaims_) & 2u) != 0) return false;
    *least = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_MIN_]);
    *largest = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_MAX_]);
    if (p->told) (p->extremes)(p, least, largest);
    return true;
}

OTEL_API_ size_t otel_buckets_words_(const otel_instrument_t *instrument) { return instrument->rows ? instrument->bounds_len + 2u : 2u; }

#if !OTEL_NANOPB_
OTEL_FN_ uint8_t *otel_put_field64_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}

/* IEEE 754 binary64 bits of an int64, rounded to even, without floating point. */
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_whole_bits_(int64_t value);
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_whole_bits_(int64_t value)
{
    uint64_t size = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    uint16_t exponent = 1023u + 63u - 1u, rest;               /* the leading bit adds one */
    if (size == 0) return 0;
    for (; !(size >> 63); exponent--) size <<= 1;
    rest = (uint16_t)(size & 0x7FFu);                         /* what does not fit into 53 bits */
    size >>= 11;
    if (rest > 0x400u || (rest == 0x400u && (size & 1u))) size++;
    size += (uint64_t)exponent << 52;
    return value < 0 ? size | (uint64_t)1 << 63 : size;
}

/* Count and bucket counts; writers go on meanwhile, so the count is the sum of the buckets as they were read, and sum and
   extremes may be ahead of it by what was recorded in between. The bits of bounds and extremes are the form's. False: no room. */
OTEL_INLINE_ bool otel_buckets_put_(otel_telling_t_ *p, uint64_t (*bound)(const void *bounds, size_t i), uint64_t (*extreme)(otel_word_t order))
{
    otel_cell_t *cell = p->cell;
    const otel_instrument_t *instrument = cell->owner;
    size_t i, bounds = instrument->bounds_len;
    uint64_t count = 0, now;
    otel_word_t least, largest;
    uint8_t *to = p->at, *count_at = to;
    if ((size_t)(p->end - to) < 4u * 9u + 2u * (1u + 3u) + 16u * bounds + 8u) return false;
    to += 9;
    if (instrument->rows) {
        otel_word_t *row = cell->held.row;
        *to = 0x32;                                           /* HistogramDataPoint.bucket_counts = 6, packed fixed64 */
        to = otel_put_varint_(to + 1, (uint32_t)(8u * (bounds + 1u)));
        for (i = 0; i <= bounds; i++, to += 8) {
            now = otel_word_read_(cell, &row[OTEL_ROW_BUCKETS_ + i]);
            if (p->told) {
                p->telling[1u + i] = now;
                now = (otel_word_t)(now - p->told[1u + i]);
            }
            count += now;
            otel_put64_(to, now);
        }
        if (bounds) {
            *to = 0x3A;                                       /* HistogramDataPoint.explicit_bounds = 7, packed double */
            to = otel_put_varint_(to + 1, (uint32_t)(8u * bounds));
            for (i = 0; i < bounds; i++, to += 8) otel_put64_(to, bound(instrument->bounds, i));
        }
        if (otel_extremes_(p, &least, &largest)) {
            to = otel_put_field64_(to, 0x59, extreme(~least));                /* min = 11 */
            to = otel_put_field64_(to, 0x61, extreme(largest));               /* max = 12 */
        }
    } else {
        count = otel_word_read_(cell, &cell->held.count);
        if (p->told) {
            p->telling[1] = count;
            count = (otel_word_t)(count - p->told[1]);
        }
    }
    (void)otel_put_field64_(count_at, 0x21, count);           /* HistogramDataPoint.count = 4, fixed64 */
    p->fresh = count != 0;
    p->at = to;
    return true;
}

OTEL_FN_ uint64_t otel_bound_bits_(const void *bounds, size_t i) { return otel_double_bits_(((const double *)bounds)[i]); }
OTEL_FN_ uint64_t otel_bound_int_bits_(const void *bounds, size_t i) { return otel_whole_bits_(((const otel_bound_t_ *)bounds)[i]); }
OTEL_FN_ uint64_t otel_extreme_bits_(otel_word_t order) { return otel_double_bits_(otel_unorder_(order)); }
OTEL_FN_ uint64_t otel_extreme_int_bits_(otel_word_t order) { return otel_whole_bits_(otel_unorder_whole_(order)); }
#if OTEL_WIDE_
#define OTEL_EXTREME_OF_BUCKETS_ otel_extreme_int_bits_
#else                             /* numbers of 32 bits: see otel_bucket_awake_ */
#define OTEL_EXTREME_OF_BUCKETS_ otel_extreme_narrow_bits_
OTEL_FN_ uint64_t otel_extreme_narrow_bits_(otel_word_t order) { return otel_whole_bits_((int32_t)((uint32_t)order ^ 0x80000000u)); }
#endif

OTEL_API_ bool otel_buckets_write_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_buckets_put_(p, otel_bound_bits_, otel_extreme_bits_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_double_bits_(p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum)));      /* sum = 5, double */
    return true;
}

OTEL_API_ bool otel_buckets_int_write_(otel_telling_t_ *p)
{
    uint64_t sum;
    if (!otel_buckets_put_(p, otel_bound_int_bits_, OTEL_EXTREME_OF_BUCKETS_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_whole_bits_((int64_t)(p->told ? sum - p->told[0] : sum)));
    return true;
}
#endif
#endif
OTEL_C_END_
#endif
