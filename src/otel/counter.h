/* Counters, which only grow, and up-down counters. Unbound calls look the set of attributes up; a bound series is one
   addition. Specification: metrics/api.md, "Counter" and "UpDownCounter".

     static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(8));    // at file scope
     otel_counter_add(&reads, 1, "bus", "i2c1");
     OTEL_COUNT(&reads, 1, "bus", "i2c1");                // the same, bound at this line: constants only
     otel_series_t *i2c1 = otel_counter_bind(&reads, "bus", "i2c1");  otel_series_add(i2c1, 1);

   Adding is safe in interrupts and signal handlers and never waits; the first use of an instrument or of a set of
   attributes is not (a handler that comes in the middle of one drops its measurement, counted). A sum of int64 stops at
   its end; NaN and infinities never enter a sum; otel_instrument_stats counts what was refused. */
#ifndef OTEL_COUNTER_H
#define OTEL_COUNTER_H
#include "compiler.h"
#include "attr.h"
#include "metric.h"
#include "pairs.h"
#include "series.h"
#include "wire.h"

/* Define with the macros below, at file scope or static; not const. They register by themselves. */
OTEL_INSTRUMENT_TYPE_(otel_counter_t);          /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_counter_double_t);
OTEL_INSTRUMENT_TYPE_(otel_updown_t);           /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_updown_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_COUNTER(...) { OTEL_MADE_(otel_counter_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_counter_form_) } }
#define OTEL_COUNTER_DOUBLE(...) { OTEL_MADE_(otel_counter_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_counter_double_form_) } }
#define OTEL_UPDOWN(...) { OTEL_MADE_(otel_updown_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_updown_form_) } }
#define OTEL_UPDOWN_DOUBLE(...) { OTEL_MADE_(otel_updown_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_updown_double_form_) } }

#define OTEL_COUNTER_ OTEL_SUM_
#define OTEL_COUNTER_DOUBLE_ (OTEL_SUM_ | OTEL_DOUBLE_)
#define OTEL_UPDOWN_INT_ (OTEL_SUM_ | OTEL_UPDOWN_)
#define OTEL_UPDOWN_DOUBLE_ (OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_DOUBLE_)

OTEL_C_BEGIN_
/* Add to a bound series; NULL is nothing. What its instrument does not take (a negative number where sums only grow, a
   double where there are integers) is counted as refused. Safe in interrupts and signal handlers. */
#if OTEL_WIDE_ || !OTEL_ENABLED
OTEL_FN_ void otel_series_add_int(otel_series_t *series, int64_t value);
#else
OTEL_API_ void otel_series_add_int(otel_series_t *series, int64_t value);
#endif
OTEL_API_ void otel_series_add_double(otel_series_t *series, double value);

OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value);
OTEL_API_ void otel_add_careful_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_sum_double_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_ended_(otel_cell_t *cell);
#if OTEL_NANOPB_                  /* nanopb_points.h */
OTEL_API_ bool otel_int_nanopb_(otel_telling_t_ *point);
OTEL_API_ bool otel_double_nanopb_(otel_telling_t_ *point);
#else
OTEL_API_ bool otel_int_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_double_write_(otel_telling_t_ *point);
#endif
OTEL_API_ size_t otel_one_word_(const otel_instrument_t *instrument);

/* Metric.sum = 7; NumberDataPoint.attributes = 7 */
OTEL_FORM_OF_(otel_counter_form_, OTEL_COUNTER_, 0x3A, 0x3A, 9, otel_sum_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_updown_form_, OTEL_UPDOWN_INT_, 0x3A, 0x3A, 9, otel_sum_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_counter_double_form_, OTEL_COUNTER_DOUBLE_, 0x3A, 0x3A, 9, otel_sum_double_int_, otel_sum_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_updown_double_form_, OTEL_UPDOWN_DOUBLE_, 0x3A, 0x3A, 9, otel_sum_double_int_, otel_sum_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);

/* With a table of `len` attributes, made by otel_int, otel_str and so on; a key that comes twice has its last value. */
OTEL_FN_ void otel_counter_add_all(otel_counter_t *counter, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_counter_double_add_all(otel_counter_double_t *counter, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_updown_add_all(otel_updown_t *updown, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_updown_double_add_all(otel_updown_double_t *updown, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep: it stays good as long as the instrument does, over a restart of the instance
   too. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_counter_bind_all(otel_counter_t *counter, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_counter_double_bind_all(otel_counter_double_t *counter, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_updown_bind_all(otel_updown_t *updown, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_updown_double_bind_all(otel_updown_double_t *updown, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_counter_add(&reads, 1, "bus", "i2c1"): up to 8 pairs, typed by the compiler. A double for an int64 counter does not
   compile. */
#ifndef __cplusplus
#  define otel_counter_add(counter, ...) \
    OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_counter_add_all, otel_counter_double_t *: otel_counter_double_add_all)( \
        (counter), OTEL_COUNTER_NUMBER_(counter, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define otel_updown_add(updown, ...) \
    OTEL_EXT_ _Generic((updown), otel_updown_t *: otel_updown_add_all, otel_updown_double_t *: otel_updown_double_add_all)( \
        (updown), OTEL_UPDOWN_NUMBER_(updown, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_COUNTER_NUMBER_(counter, value) \
    OTEL_EXT_ _Generic((counter), otel_counter_t *: OTEL_WHOLE_(value), otel_counter_double_t *: OTEL_REAL_(value))
#  define OTEL_UPDOWN_NUMBER_(updown, value) \
    OTEL_EXT_ _Generic((updown), otel_updown_t *: OTEL_WHOLE_(value), otel_updown_double_t *: OTEL_REAL_(value))
/* otel_counter_bind(&reads, "bus", "i2c1") */
#  define otel_counter_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_counter_t *: otel_counter_bind_all, otel_counter_double_t *: otel_counter_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#  define otel_updown_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_updown_t *: otel_updown_bind_all, otel_updown_double_t *: otel_updown_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
/* otel_series_add(series, 1), otel_series_add(series, 0.5) */
#  define otel_series_add(series, value) \
    OTEL_BY_NUMBER_(value, otel_series_add_int, otel_series_add_unsigned_, otel_series_add_single_, otel_series_add_double, otel_series_add_extended_)( \
        (series), (value))
#else
template <class V, class... A> static inline void otel_counter_add(otel_counter_t *counter, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_counter_add_all(counter, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_counter_add(otel_counter_double_t *counter, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_counter_double_add_all(counter, static_cast<double>(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_updown_add(otel_updown_t *updown, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_updown_add_all(updown, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_updown_add(otel_updown_double_t *updown, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_updown_double_add_all(updown, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_counter_bind(otel_counter_t *counter, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_counter_bind_all(counter, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_counter_bind(otel_counter_double_t *counter, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_counter_double_bind_all(counter, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_updown_bind(otel_updown_t *updown, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_updown_bind_all(updown, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_updown_bind(otel_updown_double_t *updown, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_updown_double_bind_all(updown, OTEL_LIST_(A));
}
static inline void otel_series_add(otel_series_t *series, float value) { otel_series_add_double(series, static_cast<double>(value)); }
static inline void otel_series_add(otel_series_t *series, double value) { otel_series_add_double(series, value); }
static inline void otel_series_add(otel_series_t *series, long double value) { otel_series_add_double(series, static_cast<double>(value)); }
template <class V> static inline void otel_series_add(otel_series_t *series, V value) { otel_series_add_int(series, otel_number_(value)); }
#endif

/* OTEL_COUNT(&reads, 1, "bus", "i2c1"): a counter's series, bound at this line when it is first reached. Everything in it
   must be a constant, because it is looked at once only. If an error led you here ("not constant"): use otel_counter_add.
   Expansion: constants that a compiler refuses when they are none, then a static pointer to the series. */
#define OTEL_COUNT(counter, ...) \
    do { \
        static otel_series_t *otel_here_; \
        otel_series_t *otel_bound_; \
        OTEL_CONSTANTS_(counter, __VA_ARGS__); \
        otel_bound_ = OTEL_METRICS_ON_ ? OTEL_LOAD_ACQUIRE_(&otel_here_) : NULL; \
        if (OTEL_METRICS_ON_ && OTEL_UNLIKELY_(!otel_bound_)) { \
            otel_bound_ = OTEL_COUNT_BIND_(counter, __VA_ARGS__); \
            OTEL_STORE_RELEASE_(&otel_here_, otel_bound_); \
        } \
        OTEL_COUNT_ADD_(counter, otel_bound_, __VA_ARGS__); \
    } while (0)
#define OTEL_METRICS_ON_ (OTEL_ENABLED && OTEL_METRICS)
#ifndef __cplusplus
#  define OTEL_COUNT_BIND_(counter, ...) \
    (OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_counter_bind_all, otel_counter_double_t *: otel_counter_double_bind_all)( \
        (counter), OTEL_TAIL_(__VA_ARGS__)))
#  define OTEL_COUNT_ADD_(counter, series, ...) \
    (OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_series_add_int, otel_counter_double_t *: otel_series_add_double)( \
        (series), OTEL_COUNTER_NUMBER_(counter, OTEL_FIRST_(__VA_ARGS__))))
/* A text as a pointer, anything else as a number: both can be tested for being constant in a static initialiser. */
#  define OTEL_CONSTANTS_(counter, ...) \
    static const void *const otel_counter_is_ = (counter); \
    static const otel_constant_t_ otel_constants_[] = { OTEL_CAT_(OTEL_CAT_(OTEL_K, OTEL_PAIR_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__) }; \
    (void)otel_counter_is_; \
    (void)otel_constants_
#  define OTEL_CONSTANT_(x) { \
    OTEL_EXT_ _Generic((x), char *: (x), const char *: (x), default: NULL), \
    (double)(OTEL_EXT_ _Generic((x), char *: 0, const char *: 0, default: (x))) }
#  define OTEL_K0_(v) OTEL_CONSTANT_(v)
#  define OTEL_K1_(v, k, x) OTEL_K0_(v), OTEL_CONSTANT_(k), OTEL_CONSTANT_(x)
#  define OTEL_K2_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K1_(v, __VA_ARGS__)
#  define OTEL_K3_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K2_(v, __VA_ARGS__)
#  define OTEL_K4_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K3_(v, __VA_ARGS__)
#  define OTEL_K5_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K4_(v, __VA_ARGS__)
#  define OTEL_K6_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K5_(v, __VA_ARGS__)
#  define OTEL_K7_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K6_(v, __VA_ARGS__)
#  define OTEL_K8_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K7_(v, __VA_ARGS__)
#  define OTEL_Kx_(...) { NULL, OTEL_every_key_needs_a_value }
#  define OTEL_Ky_(...) { NULL, OTEL_at_most_8_pairs_split_the_call }
typedef struct otel_constant_t_ {
    const char *text;
    double number;
} otel_constant_t_;
#else
struct otel_constants_t_ {
    template <class... A> explicit constexpr otel_constants_t_(A...) {}
};
#  define OTEL_CONSTANTS_(counter, ...) \
    static constexpr otel_constants_t_ otel_constants_((counter), __VA_ARGS__); \
    (void)otel_constants_
#  define OTEL_COUNT_BIND_(counter, ...) otel_count_bind_((counter), __VA_ARGS__)
#  define OTEL_COUNT_ADD_(counter, series, ...) otel_count_add_((counter), (series), __VA_ARGS__)
template <class C, class V, class... A> static inline otel_series_t *otel_count_bind_(C *counter, V, const A &...pairs) { return otel_counter_bind(counter, pairs...); }
template <class V, class... A> static inline void otel_count_add_(otel_counter_t *, otel_series_t *series, V value, const A &...)
{
    otel_series_add_int(series, otel_number_(value));
}
template <class V, class... A> static inline void otel_count_add_(otel_counter_double_t *, otel_series_t *series, V value, const A &...)
{
    otel_series_add_double(series, static_cast<double>(value));
}
#endif
/*== implementation ==*/
OTEL_C_BEGIN_
#if OTEL_WIDE_ || !OTEL_ENABLED
OTEL_FN_ void otel_series_add_int(otel_series_t *series, int64_t value)
{
    OTEL_METRICS_OFF_((void)series; (void)value; return)
#if OTEL_ENABLED
    {
        otel_cell_t *cell = otel_cell_of_(series);
        if (OTEL_LIKELY_(cell && value >= 0 && OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(OTEL_COUNTER_))) {
            uint64_t sum = OTEL_FETCH_ADD_(&cell->value, (uint64_t)value) + (uint64_t)value;
            if (OTEL_UNLIKELY_(sum >> 63)) otel_sum_ended_(cell);
            return;
        }
        otel_add_careful_(cell, value);
    }
#endif
}
#endif

#ifndef __cplusplus
OTEL_FN_ void otel_series_add_unsigned_(otel_series_t *series, uint64_t value) { otel_series_add_int(series, otel_whole_unsigned_(value)); }
OTEL_FN_ void otel_series_add_single_(otel_series_t *series, float value) { otel_series_add_double(series, (double)value); }
OTEL_FN_ void otel_series_add_extended_(otel_series_t *series, long double value) { otel_series_add_double(series, (double)value); }
#endif

OTEL_FN_ void otel_counter_add_all(otel_counter_t *counter, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)
#if OTEL_WIDE_
    if (counter) {
        otel_cell_t *total = otel_total_(&counter->base_, OTEL_COUNTER_, len);
        if (total) {
            otel_series_add_int((otel_series_t *)(void *)total, value);
            return;
        }
    }
#endif
    if (len == 0) otel_add_total_(counter ? &counter->base_ : NULL, value);
    else otel_record_whole_(counter ? &counter->base_ : NULL, value, attributes, len);
}

OTEL_FN_ void otel_counter_double_add_all(otel_counter_double_t *counter, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, counter, value, attributes, len);
}

OTEL_FN_ void otel_updown_add_all(otel_updown_t *updown, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, updown, value, attributes, len);
}

OTEL_FN_ void otel_updown_double_add_all(otel_updown_double_t *updown, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, updown, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_bind_all(otel_counter_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(counter, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_double_bind_all(otel_counter_double_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(counter, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_bind_all(otel_updown_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(updown, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_double_bind_all(otel_updown_double_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(updown, attributes, len);
}
#if OTEL_BODIES_
/* A counter of int64 went past its end: it stays there. Its sum is never negative, so whoever finds it so puts it right. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_ended_(otel_cell_t *cell)
{
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, (uint64_t)INT64_MAX);
#endif
    otel_refuse_(cell);
}

/* a + b, which stops at both ends. */
OTEL_INLINE_ int64_t otel_sum_stops_(int64_t a, int64_t b, bool *ended)
{
    *ended = b >= 0 ? a > INT64_MAX - b : a < INT64_MIN - b;
    if (OTEL_UNLIKELY_(*ended)) return b >= 0 ? INT64_MAX : INT64_MIN;
    return a + b;
}

/* Make a cell usable for its form; false: it may not be. */
OTEL_FN_ bool otel_cell_ready_(otel_cell_t *cell) { return OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(cell->owner->form_->kind) || otel_cell_wake_(cell); }

/* Sums that go both ways, and counters in the careful way: series that sleep, ends. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_int_(otel_cell_t *cell, int64_t value)
{
    otel_change_t_ change;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if ((value < 0 && !(cell->owner->form_->kind & OTEL_UPDOWN_)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, (uint64_t)otel_sum_stops_((int64_t)change.value, value, &ended))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value)
{
    otel_change_t_ change;
    otel_word_t word = otel_double_word_(value);
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if ((OTEL_UNLIKELY_(word >= OTEL_EXPONENT_) && (!otel_finite_(value) || (word > OTEL_SIGN_ && !(cell->owner->form_->kind & OTEL_UPDOWN_)))) ||
        !otel_change_begin_(cell, &change)) {                 /* no finite number from 0 on: infinite, or below 0 in a counter */
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_sum_double_int_(otel_cell_t *cell, int64_t value) { otel_sum_double_(cell, (double)value); }

/* What a bound series is given, when it is not a counter of int64 that is awake. */
OTEL_API_ OTEL_NOINLINE_ void otel_add_careful_(otel_cell_t *cell, int64_t value)
{
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) (cell->owner->form_->whole)(cell, value);
    else otel_refuse_(cell);
}

/* The short way for a counter of int64 that is awake; false: it needs the careful one. One test says that neither the
   value is negative nor the sum past its end. */
OTEL_FN_ bool otel_sum_fast_(otel_cell_t *cell, int64_t value)
{
#if OTEL_WIDE_ || OTEL_PORT_LOCK || OTEL_HOSTED_ || !OTEL_ENABLED
    (void)cell;
    (void)value;
    return false;
#else
    uint32_t was = otel_mask_();
    uint64_t sum = cell->value + (uint64_t)value;
    bool fits = (int64_t)(sum | (uint64_t)value) >= 0;
    if (OTEL_LIKELY_(fits)) cell->value = sum;
    otel_unmask_(was);
    return fits;
#endif
}

#if !OTEL_WIDE_ && OTEL_ENABLED
OTEL_API_ void otel_series_add_int(otel_series_t *series, int64_t value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)value; (void)cell; return)
    if (OTEL_LIKELY_(cell && cell->awake == otel_awake_(OTEL_COUNTER_)) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    otel_add_careful_(cell, value);
}
#endif

/* Without attributes: no table is looked at, and none is linked. */
OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value)
{
    otel_cell_t *cell = instrument ? otel_total_(instrument, OTEL_COUNTER_, 0) : NULL;
    if (OTEL_LIKELY_(cell != NULL) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    if (instrument && otel_join_(instrument)) (instrument->form_->whole)(&instrument->total_, value);
}

OTEL_API_ void otel_series_add_double(otel_series_t *series, double value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) (cell->owner->form_->real)(cell, value);
    else otel_refuse_(cell);
}

/* What a data point of integers says, and whether that is news. A counter that was read while it passed its end is at its end. */
OTEL_FN_ uint64_t otel_int_told_(otel_telling_t_ *p)
{
    uint64_t value = otel_cell_read_(p->cell);
    unsigned kind = p->cell->owner->form_->kind;
    if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_ && value >> 63) value = (uint64_t)INT64_MAX;
    if (p->told) {
        *p->telling = value;
        if (!(kind & OTEL_OBSERVED_) || value >= *p->told) value -= *p->told;      /* a total that begins anew */
        p->fresh = value != 0;
    }
    return value;
}

/* The same of doubles. */
OTEL_FN_ double otel_double_told_(otel_telling_t_ *p)
{
    uint64_t value = otel_cell_read_(p->cell);
    if (!p->told) return otel_unpack_(value);
    *p->telling = value;
    p->fresh = value != *p->told;
    if ((p->cell->owner->form_->kind & OTEL_OBSERVED_) && otel_unpack_(value) < otel_unpack_(*p->told)) return otel_unpack_(value);
    return otel_unpack_(value) - otel_unpack_(*p->told);
}

#if !OTEL_NANOPB_
/* NumberDataPoint.as_int = 6, sfixed64 */
OTEL_API_ bool otel_int_write_(otel_telling_t_ *p)
{
    if (p->end - p->at < 9) return false;
    *p->at = 0x31;
    otel_put64_(p->at + 1, otel_int_told_(p));
    p->at += 9;
    return true;
}

/* NumberDataPoint.as_double = 4 */
OTEL_API_ bool otel_double_write_(otel_telling_t_ *p)
{
    if (p->end - p->at < 9) return false;
    *p->at = 0x21;
    otel_put64_(p->at + 1, otel_double_bits_(otel_double_told_(p)));
    p->at += 9;
    return true;
}
#endif

OTEL_API_ size_t otel_one_word_(const otel_instrument_t *instrument)
{
    (void)instrument;
    return 1;
}
#endif
OTEL_C_END_
#endif
