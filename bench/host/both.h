/* Two threads on one series. Comes after metrics.h. */
#ifndef BENCH_BOTH_H
#define BENCH_BOTH_H
#include "meet.h"
#include "metrics.h"

static void counter_bound_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_bound, n); }
static void counter_local_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_local, n); }
static void counter_2_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_2, n); }
static void histogram_both(otel_t *otel, unsigned long n) { (void)otel; both(histogram, n); }
static void exponential_both(otel_t *otel, unsigned long n) { (void)otel; both(exponential, n); }
#endif
