/* Every signal with whole numbers only: nothing of floating point may be linked (tests/test_firmware_integers.py). */
#include "otel_export.h"
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[600], packet[400];
static otel_counter_t reads = OTEL_COUNTER("r", OTEL_SERIES(2));
static otel_histogram_int_t took = OTEL_HISTOGRAM_INT("t", OTEL_BOUNDS_INT(1, 2));
static otel_exponential_int_t size = OTEL_EXPONENTIAL_INT("s", OTEL_POWERS(20));
static otel_gauge_t level = OTEL_GAUGE("l");

static uint64_t ticks(void *user)
{
    (void)user;
    return 5;
}

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    return 200;
}

int main(void)
{
    int16_t list[2] = { 1, 2 };
    otel_stats_t stats;
    (void)otel_init(&otel, .service = "x", .clock = ticks, .clock_hz = 1000000, .pool = pool, .pool_size = sizeof pool);
    (void)otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    OTEL_SPAN(s, "a", .kind = OTEL_CLIENT) {
        otel_span_set(s, "a", 1, "b", "x", "c", OTEL_ARRAY(list, 2), "d", OTEL_TRUE);
        otel_counter_add(&reads, 1, "k", "v");
        otel_histogram_record(&took, 3);
        otel_histogram_record(&size, 3);
        otel_gauge_record(&level, 3);
        otel_log(OTEL_INFO, "x", "a", 7);
        (void)otel_span_error(s, -1, "bad");
    }
    (void)otel_export_flush(&ex, 10);
    (void)otel_stats(&ex, &stats);
    return 0;
}
