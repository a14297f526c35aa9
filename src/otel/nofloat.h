/* OTEL_NO_FLOAT: what takes or makes floating point is refused where it is used, by a name that says what to write instead. If an
   error led you here: this program was built with OTEL_NO_FLOAT 1. */
#ifndef OTEL_NOFLOAT_H
#define OTEL_NOFLOAT_H
#include "attr.h"
#include "compiler.h"
#include "counter.h"
#include "exphistogram.h"
#include "gauge.h"
#include "histogram.h"
#include "observable.h"
#include "pairs.h"
#include "sampler.h"
#if OTEL_NO_FLOAT
#undef OTEL_COUNTER_DOUBLE
#undef OTEL_UPDOWN_DOUBLE
#undef OTEL_GAUGE_DOUBLE
#undef OTEL_HISTOGRAM
#undef OTEL_EXPONENTIAL
#undef OTEL_BOUNDS
#undef OTEL_BUCKETS
#undef OTEL_OBSERVABLE_COUNTER_DOUBLE
#undef OTEL_OBSERVABLE_UPDOWN_DOUBLE
#undef OTEL_OBSERVABLE_GAUGE_DOUBLE
#define OTEL_COUNTER_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_COUNTER
#define OTEL_UPDOWN_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_UPDOWN
#define OTEL_GAUGE_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_GAUGE
#define OTEL_HISTOGRAM(...) OTEL_NO_FLOAT_is_1_write_OTEL_HISTOGRAM_INT
#define OTEL_EXPONENTIAL(...) OTEL_NO_FLOAT_is_1_write_OTEL_EXPONENTIAL_INT
#define OTEL_BOUNDS(...) OTEL_NO_FLOAT_is_1_write_OTEL_BOUNDS_INT
#define OTEL_BUCKETS(...) OTEL_NO_FLOAT_is_1_write_OTEL_BUCKETS_INT
#define OTEL_OBSERVABLE_COUNTER_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_COUNTER
#define OTEL_OBSERVABLE_UPDOWN_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_UPDOWN
#define OTEL_OBSERVABLE_GAUGE_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_GAUGE
#define otel_double(key, value) OTEL_NO_FLOAT_is_1_write_otel_int
#define otel_sampler_ratio(ratio) OTEL_NO_FLOAT_is_1_write_otel_sampler_rate
#endif
/*== implementation ==*/
#endif
