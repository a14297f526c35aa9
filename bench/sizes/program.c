/* The programs of the size tables, one for each PART: what a piece of the library costs is the difference to PART 0. */
#include <stdint.h>
#define BARE 0                    /* a hook that sends, a clock, and nothing to send */
#define RECORD 1                  /* one span recorded */
#define SEND 2                    /* one span recorded and handed to `send` */
#define ALL 3                     /* traces, metrics and logs */
#define COUNTER 4                 /* a counter recorded and sent, and nothing else */
#define HISTOGRAM 5               /* a histogram of integers, the same */
#define EXPONENTIAL 6             /* an exponential histogram of integers, the same */

#if PART != BARE
#include "otel.h"
#if PART != RECORD
#include "otel_export.h"
#endif
static otel_t otel;
static uint8_t pool[512];
#endif

#ifdef TICKS                      /* the clock counts from boot, and the time of day comes later */
#define HZ .clock_hz = 1000000u,
#else
#define HZ
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
#define TRACES 1
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
#else
#define METRICS 0
#define TRACES (PART != BARE && PART < COUNTER)
#endif
#if PART == COUNTER
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}");
#elif PART == HISTOGRAM
static otel_histogram_int_t size = OTEL_HISTOGRAM_INT("packet.size", .unit = "By", OTEL_BOUNDS_INT(64, 256, 1024));
#elif PART == EXPONENTIAL
static otel_exponential_int_t size = OTEL_EXPONENTIAL_INT("packet.size", .unit = "By", OTEL_POWERS(20));
#endif

/* WITH: what else an instance may be given. */
#if defined(WITH_PROBABILITY)
static otel_probability_t state;
#define WITH .sampler = otel_sampler_probability(&state, 0.1)
#elif defined(WITH_RATE)
static otel_rate_t state;
#define WITH .sampler = otel_sampler_rate(&state, 10, 2)
#elif defined(WITH_ADAPTIVE)
static otel_adaptive_t state;
#define WITH .sampler = otel_sampler_adaptive(&state, 10)
#elif defined(WITH_JAEGER)         /* its strategy comes from somewhere */
static otel_jaeger_t state;
static char operations[512];
extern char strategy_of_server[100];
char strategy_of_server[100];
#define WITH .sampler = otel_sampler_jaeger(&state, NULL, operations, sizeof operations)
#define AFTER_INIT (void)otel_jaeger_update(&state, strategy_of_server, sizeof strategy_of_server);
#elif defined(WITH_RULES)
static const otel_rule_t rule = { .name = "read*", .keep_errors = true };
static const otel_priority_t state = { .rules = &rule, .len = 1 };
#define WITH .sampler = otel_sampler_priority(&state)
#elif defined(WITH_PROCESSOR)
static otel_enrich_t enrich;
static otel_processor_t processor;
static const otel_processor_t *const list[] = { &processor, NULL };
static const otel_span_settings_t state = { .processors = list };
#define WITH .spans = otel_spans((processor = otel_processor_enrich(&enrich), &state))
#elif defined(WITH_LIMITS)
static const otel_limits_t limits = { .events = 4, .value_length = 20 };
static otel_processor_t processor;
static const otel_processor_t *const list[] = { &processor, NULL };
static const otel_span_settings_t state = { .processors = list };
#define WITH .spans = otel_spans((processor = otel_processor_limits(&limits), &state))
#elif defined(WITH_SEVERITY)      /* and nothing of a trace that is not sampled */
static const otel_logger_rule_t rule = { .least = OTEL_INFO, .trace_based = true };
static const otel_log_settings_t state = { .rules = &rule, .rules_len = 1 };
#define WITH .logs = otel_logs(&state)
#elif defined(WITH_LOG_LIMITS)
static const otel_log_limits_t limits = { .attributes = 4, .value_length = 20 };
static otel_log_processor_t processor;
static const otel_log_processor_t *const list[] = { &processor, NULL };
static const otel_log_settings_t state = { .processors = list };
#define WITH .logs = otel_logs((processor = otel_log_processor_limits(&limits), &state))
#elif defined(WITH_B3)
static otel_propagator_t propagator;
#define WITH .propagator = (propagator = otel_propagator_b3(), &propagator)
#elif defined(WITH_COMPOSITE)
static otel_propagator_t propagator, w3c, b3;
static const otel_propagator_t *const list[] = { &w3c, &b3, NULL };
#define WITH .propagator = (w3c = otel_propagator_w3c(), b3 = otel_propagator_b3(), propagator = otel_propagator_composite(list), &propagator)
#endif
#ifdef WITH_INJECT
static void header(void *user, const char *name, const char *value)
{
    (void)user;
    sent += (uint32_t)((uint8_t)*name + (uint8_t)*value);
}
#endif

int main(void)
{
#ifdef WITH
    (void)otel_init(&otel, .service = "boiler", .clock = board_clock, HZ .pool = pool, .pool_size = sizeof pool, WITH);
#ifdef AFTER_INIT
    AFTER_INIT
#endif
#elif PART != BARE
    (void)otel_init(&otel, .service = "boiler", .clock = board_clock, HZ .pool = pool, .pool_size = sizeof pool);
#endif
#if PART >= SEND
    (void)otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet);
#endif
#if defined(TICKS) && PART != BARE
    otel_time_sync(&otel, 1760000000000000000ull);
#endif
    for (;;) {
#if TRACES
        OTEL_SPAN(span, "read_sensor") {
            otel_span_set(span, "sensor.id", 7, "bus", "i2c1");
#ifdef WITH_INJECT
            otel_inject(span, header, NULL);
#endif
#if PART == ALL
            otel_log(OTEL_INFO, "sensor read", "value", 3);
#endif
        }
#endif
#if PART == COUNTER
        otel_counter_add(&reads, 1);
#elif PART == HISTOGRAM || PART == EXPONENTIAL
        otel_histogram_record(&size, 100);
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
