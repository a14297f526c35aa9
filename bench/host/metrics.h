/* Metrics: one function for each workload, `n` calls of it. */
#ifndef BENCH_METRICS_H
#define BENCH_METRICS_H
#include "kit.h"

static otel_counter_t reads = OTEL_COUNTER("reads", .unit = "{read}", OTEL_SERIES(4));
static otel_counter_t turns = OTEL_COUNTER("turns");
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("energy", .unit = "J");
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BOUNDS(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));
static otel_exponential_t lasted = OTEL_EXPONENTIAL("lasted", .unit = "s", OTEL_POWERS(160));
static otel_series_t *bound;
static otel_local_t own;

/* The least that a number which threads share can cost. */
static void atomic_add(otel_t *otel, unsigned long n)
{
    static uint64_t sum;
    (void)otel;
    while (n--) __atomic_fetch_add(&sum, 1, __ATOMIC_RELAXED);
}

static void counter_bound(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_series_add(bound, 1);
}

static void counter_local(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_local_add(&own, 1);
}

static void counter_plain(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_counter_add(&turns, 1);
}

static void counter_double(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_counter_add(&energy, 1.5);
}

static const char *key_of_bus = "bus", *bus = "i2c1", *key_of_line = "line";
static int line = 2;
static void counter_2(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) {
        const char *kb = key_of_bus, *b = bus, *kl = key_of_line;
        int l = line;
        HIDE(kb); HIDE(b); HIDE(kl); HIDE(l);
        otel_counter_add(&reads, 1, kb, b, kl, l);
    }
}

static void counter_2_literals(otel_t *otel, unsigned long n)
{
    (void)otel;
    while (n--) otel_counter_add(&reads, 1, "bus", "i2c1", "line", 2);
}

static void histogram(otel_t *otel, unsigned long n)
{
    double x = 0.001;
    (void)otel;
    while (n--) {
        otel_histogram_record(&took, x);
        x += 0.0123;
        if (x > 11) x = 0.001;
    }
}

static void exponential(otel_t *otel, unsigned long n)
{
    double x = 0.001;
    (void)otel;
    while (n--) {
        otel_histogram_record(&lasted, x);
        x += 0.0123;
        if (x > 11) x = 0.001;
    }
}

static void metrics_init(void)
{
    bound = otel_counter_bind(&reads, "bus", "i2c1");
    otel_local_bind(&own, otel_counter_bind(&reads, "bus", "i2c2"));
}
#endif
