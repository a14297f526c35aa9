/* The programs of the size tables, one for each PART: what a piece of the library costs is the difference to PART 0. */
#include <stdint.h>
#define BARE 0                    /* a hook that sends, a clock, and nothing to send */
#define RECORD 1                  /* one span recorded */
#define SEND 2                    /* one span recorded and handed to `send` */
#define ALL 3                     /* traces, metrics and logs */

#if PART != BARE
#include "otel.h"
#if PART != RECORD
#include "otel_export.h"
#endif
static otel_t otel;
static uint8_t pool[512];
#endif

static volatile uint32_t sent;
static volatile uint32_t ticks;

static uint64_t board_clock(void *user)
{
    (void)user;
    return ticks;
}

#if PART < SEND
static int post(void *user, const void *body, uint32_t len)
{
    (void)user;
    (void)body;
    sent += len;
    return 200;
}
#else
static otel_exporter_t exporter;
static uint8_t packet[256];

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    sent += (uint32_t)request->len;
    return 200;
}
#endif

#if PART == ALL && defined(OTEL_COUNTER) && defined(OTEL_HISTOGRAM)
#define METRICS 1
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
#else
#define METRICS 0
#endif

int main(void)
{
#if PART != BARE
    (void)otel_init(&otel, .service = "boiler", .clock = board_clock, .clock_hz = 1000000u, .pool = pool, .pool_size = sizeof pool);
#endif
#if PART >= SEND
    (void)otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet);
#endif
    for (;;) {
#if PART != BARE
        OTEL_SPAN(span, "read_sensor") {
            otel_span_set(span, "sensor.id", 7, "bus", "i2c1");
#if PART == ALL
            otel_log(OTEL_INFO, "sensor read", "value", 3);
#endif
        }
#endif
#if METRICS
        otel_counter_add(&reads, 1);
        otel_histogram_record(&took, 0.002);
#endif
#if PART >= SEND
        (void)otel_export_poll(&exporter);
#else
        sent += (uint32_t)board_clock((void *)0) + (uint32_t)post((void *)0, "x", 1);
#endif
    }
}
