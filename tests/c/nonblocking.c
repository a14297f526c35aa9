/* The calls that record, made from functions that must not block: clang's function effects follow each of them through the
   bodies of the header. A hook is the port's own: tests/test_effects.py declares those of the copy it compiles to be
   nonblocking too, since what they do is not the library's to prove. */
#include "otel.h"
#ifdef PLANTED
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
#endif

#define NONBLOCKING __attribute__((nonblocking))

static otel_scope_t net = OTEL_SCOPE("net.http");
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", OTEL_SERIES(8));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));

void spans(const otel_context_t *caller, int value) NONBLOCKING;
void logs(const char *text) NONBLOCKING;
void numbers(otel_series_t *bound, double value) NONBLOCKING;
void headers(const char *text, char *out) NONBLOCKING;

void spans(const otel_context_t *caller, int value) NONBLOCKING
{
    const double list[] = { 1.5, 2.5 };
    OTEL_SPAN(span, "read", .kind = OTEL_SERVER, .parent = caller, .scope = &net) {
        otel_span_set(span, "id", value, "bus", "i2c1", "list", OTEL_ARRAY(list, 2), "bytes", OTEL_BYTES(&value, 4));
        otel_span_event(span, "retry", "attempt", 2);
        otel_span_link(span, caller);
        otel_span_rename(span, "read again");
        otel_span_status(span, OTEL_STATUS_OK, NULL);
        if (value < 0) {
            otel_span_error(span, value, "nack");
            return;
        }
    }
}

void logs(const char *text) NONBLOCKING
{
    otel_log(OTEL_INFO, text, "n", 1);
    otel_log_in(&net, OTEL_WARN, text);
}

void numbers(otel_series_t *bound, double value) NONBLOCKING
{
    otel_counter_add(&reads, 1, "bus", "i2c1");
    otel_counter_add(&energy, value);
    otel_series_add(bound, 1);
    otel_histogram_record(&took, value);
#ifdef PLANTED
    PLANTED;
#endif
}

void headers(const char *text, char *out) NONBLOCKING
{
    otel_context_t caller;
    otel_baggage_entry_t entry;
    otel_baggage_t it;
    if (!otel_extract(&caller, text, text, text)) return;
    for (it = otel_baggage(&caller); otel_baggage_next(&it, &entry); ) (void)otel_baggage_value(&entry, out, 8);
    (void)otel_tracestate(&caller, out, 8);
    OTEL_SPAN(span, "serve", .parent = &caller) otel_traceparent(span, out);
}
