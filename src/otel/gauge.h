/* Gauges: the last value counts. Specification: metrics/api.md, "Gauge".

     static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel");
     otel_gauge_record(&temperature, 21.5);

   Recording is safe in interrupts and signal handlers, as adding to a counter is. NaN and infinities are refused and
   counted: the last number stays. */
#ifndef OTEL_GAUGE_H
#define OTEL_GAUGE_H
#include "compiler.h"
#include "attr.h"
#include "counter.h"
#include "metric.h"
#include "pairs.h"
#include "series.h"

OTEL_INSTRUMENT_TYPE_(otel_gauge_t);            /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_gauge_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_GAUGE(...) { OTEL_MADE_(otel_gauge_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_gauge_form_) } }
#define OTEL_GAUGE_DOUBLE(...) { OTEL_MADE_(otel_gauge_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_gauge_double_form_) } }

#define OTEL_GAUGE_INT_ OTEL_LAST_
#define OTEL_GAUGE_DOUBLE_ (OTEL_LAST_ | OTEL_DOUBLE_)

OTEL_C_BEGIN_
OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_last_double_int_(otel_cell_t *cell, int64_t value);

/* Metric.gauge = 5; NumberDataPoint.attributes = 7 */
OTEL_FORM_OF_(otel_gauge_form_, OTEL_GAUGE_INT_, 0x2A, 0x3A, 9, otel_last_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), NULL, otel_last_int_);
OTEL_FORM_OF_(otel_gauge_double_form_, OTEL_GAUGE_DOUBLE_, 0x2A, 0x3A, 9, otel_last_double_int_, otel_last_double_, OTEL_WRITES_(otel_double), NULL, otel_last_double_int_);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_gauge_record_all(otel_gauge_t *gauge, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_gauge_double_record_all(otel_gauge_double_t *gauge, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_gauge_bind_all(otel_gauge_t *gauge, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_gauge_double_bind_all(otel_gauge_double_t *gauge, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_gauge_record(&temperature, 21.5, "room", "lab"), otel_gauge_bind(&temperature, "room", "lab"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_gauge_record(gauge, ...) \
    OTEL_EXT_ _Generic((gauge), otel_gauge_t *: otel_gauge_record_all, otel_gauge_double_t *: otel_gauge_double_record_all)( \
        (gauge), OTEL_GAUGE_NUMBER_(gauge, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_GAUGE_NUMBER_(gauge, value) \
    OTEL_EXT_ _Generic((gauge), otel_gauge_t *: OTEL_WHOLE_(value), otel_gauge_double_t *: OTEL_REAL_(value))
#  define otel_gauge_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_gauge_t *: otel_gauge_bind_all, otel_gauge_double_t *: otel_gauge_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class V, class... A> static inline void otel_gauge_record(otel_gauge_t *gauge, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_gauge_record_all(gauge, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_gauge_record(otel_gauge_double_t *gauge, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_gauge_double_record_all(gauge, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_gauge_bind(otel_gauge_t *gauge, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_gauge_bind_all(gauge, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_gauge_bind(otel_gauge_double_t *gauge, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_gauge_double_bind_all(gauge, OTEL_LIST_(A));
}
#endif
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_gauge_record_all(otel_gauge_t *gauge, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, gauge, value, attributes, len);
}

OTEL_FN_ void otel_gauge_double_record_all(otel_gauge_double_t *gauge, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, gauge, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_gauge_bind_all(otel_gauge_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(gauge, attributes, len);
}

OTEL_FN_ otel_series_t *otel_gauge_double_bind_all(otel_gauge_double_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(gauge, attributes, len);
}
#if OTEL_BODIES_
OTEL_FN_ void otel_last_put_(otel_cell_t *cell, uint64_t value)
{
    if (otel_cell_put_(cell, value) && !OTEL_LOAD_(&cell->set)) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value)
{
    if (otel_cell_ready_(cell)) otel_last_put_(cell, (uint64_t)value);
}

OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value)
{
    if (!otel_cell_ready_(cell)) return;
    if (!otel_finite_(value)) otel_refuse_(cell);
    else otel_last_put_(cell, otel_pack_(value));
}

OTEL_API_ void otel_last_double_int_(otel_cell_t *cell, int64_t value) { otel_last_double_(cell, (double)value); }
#endif
OTEL_C_END_
#endif
