/* What a view makes of an instrument's measurements: a sum, the last value, buckets, nothing. Each brings its code with it,
   so a program links those that its views name. Specification: metrics/sdk.md, "Aggregation". */
#ifndef OTEL_AGGREGATION_H
#define OTEL_AGGREGATION_H
#include "compiler.h"
#include "counter.h"
#include "exphistogram.h"
#include "gauge.h"
#include "histogram.h"
#include "metric.h"
#include "observable.h"

#define OTEL_SHAPE_DROP_ 0u
#define OTEL_SHAPE_NUMBER_ 1u
#define OTEL_SHAPE_BOUNDS_ 2u
#define OTEL_SHAPE_POWERS_ 3u

/* All fields are private. */
typedef struct otel_aggregation_t {
    uint8_t shape_;
    const otel_form_t_ *(*form_)(unsigned kind);  /* for an instrument of this kind; NULL: does not go with it */
} otel_aggregation_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_AGGREGATION_(name) (&otel_aggregation_##name##_)
#else
#define OTEL_AGGREGATION_(name) ((const otel_aggregation_t *)0)
#endif

/* .aggregation of a view. Drop: nothing is kept and nothing exported. Sum: of a histogram that of its measurements; not for
   gauges. Last value: the last measurement, as a gauge has it. */
#define OTEL_AGGREGATION_DROP OTEL_AGGREGATION_(drop)
#define OTEL_AGGREGATION_SUM OTEL_AGGREGATION_(sum)
#define OTEL_AGGREGATION_LAST_VALUE OTEL_AGGREGATION_(last_value)
/* Buckets with the view's .bounds, else the instrument's, else OTEL_DEFAULT_BOUNDS. Doubles, also for instruments of integers.
   Exponential: at most .size on each side of zero (default: 160; 20 on small targets). Both without a sum where numbers may be
   negative (up-down counters, gauges); not for observables. */
#define OTEL_AGGREGATION_EXPLICIT OTEL_AGGREGATION_(explicit)
#define OTEL_AGGREGATION_EXPONENTIAL OTEL_AGGREGATION_(exponential)

OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ const otel_form_t_ *otel_form_sum_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_last_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_bounds_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_powers_(unsigned kind);

#define OTEL_AGGREGATION_OF_(name, shape, form) static const otel_aggregation_t OTEL_ATTRIBUTE_((unused)) name = { shape, form }
OTEL_AGGREGATION_OF_(otel_aggregation_drop_, OTEL_SHAPE_DROP_, NULL);
OTEL_AGGREGATION_OF_(otel_aggregation_sum_, OTEL_SHAPE_NUMBER_, otel_form_sum_);
OTEL_AGGREGATION_OF_(otel_aggregation_last_value_, OTEL_SHAPE_NUMBER_, otel_form_last_);
OTEL_AGGREGATION_OF_(otel_aggregation_explicit_, OTEL_SHAPE_BOUNDS_, otel_form_bounds_);
OTEL_AGGREGATION_OF_(otel_aggregation_exponential_, OTEL_SHAPE_POWERS_, otel_form_powers_);
#endif
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ const otel_form_t_ *otel_form_sum_(unsigned kind)
{
    if (kind & OTEL_LAST_) return NULL;
    if (kind & OTEL_OBSERVED_) {
        if (kind & OTEL_UPDOWN_) return kind & OTEL_DOUBLE_ ? &otel_observed_updown_double_form_ : &otel_observed_updown_form_;
        return kind & OTEL_DOUBLE_ ? &otel_observed_counter_double_form_ : &otel_observed_counter_form_;
    }
    if (kind & OTEL_UPDOWN_) return kind & OTEL_DOUBLE_ ? &otel_updown_double_form_ : &otel_updown_form_;
    return kind & OTEL_DOUBLE_ ? &otel_counter_double_form_ : &otel_counter_form_;
}

OTEL_API_ const otel_form_t_ *otel_form_last_(unsigned kind)
{
    if (kind & OTEL_OBSERVED_) return kind & OTEL_DOUBLE_ ? &otel_observed_gauge_double_form_ : &otel_observed_gauge_form_;
    return kind & OTEL_DOUBLE_ ? &otel_gauge_double_form_ : &otel_gauge_form_;
}

OTEL_API_ const otel_form_t_ *otel_form_bounds_(unsigned kind) { return kind & OTEL_OBSERVED_ ? NULL : &otel_histogram_form_; }

OTEL_API_ const otel_form_t_ *otel_form_powers_(unsigned kind)
{
    if (kind & OTEL_OBSERVED_) return NULL;
    return kind & OTEL_DOUBLE_ ? &otel_exponential_form_ : &otel_exponential_int_form_;
}
#endif
OTEL_C_END_
#endif
#endif
