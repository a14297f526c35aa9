/* What instruments and readers can be given beside their storage: advised keys, aggregations, limits; in all dialects. */
#include "otel.h"

static otel_counter_t served = OTEL_COUNTER("served", .unit = "1", OTEL_SERIES(4), OTEL_KEYS("route", "status"));
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(4, 1, 2), OTEL_KEYS("route"));
static const char *const keys[] = { "route", NULL };
static otel_advice_t advice = OTEL_ADVICE(keys);
static otel_counter_t other = OTEL_COUNTER("other", OTEL_SERIES(4), OTEL_KEYS_IN(advice));
static const otel_reading_t reading = OTEL_READING(.histogram = OTEL_AGGREGATION_EXPONENTIAL, .limit = 4, .most_points = 100);

int main(void)
{
    otel_counter_add(&served, 1, "route", "/");
    otel_counter_add(&other, 1, "route", "/");
    otel_histogram_record(&took, 1.0, "route", "/");
    return reading.limit == 4 && reading.most_points == 100 ? 0 : 1;
}
