/* One of many files of a program: records a span, a log and a count, in the shared instance. PART is its number; C or C++. */
#ifdef BOTH
#include "otel_export.h"
#else
#include "otel.h"
#endif
#ifdef __cplusplus
#define EXPORTED extern "C" __attribute__((visibility("default")))
#else
#define EXPORTED __attribute__((visibility("default")))
#endif
#define NAMED(name, n) NAMED2(name, n)
#define NAMED2(name, n) name##n
#define TEXT(n) TEXT2(n)
#define TEXT2(n) #n
#define EXPECTED (OTEL_ENABLED ? OTEL_TRACES + OTEL_LOGS * 1000 + OTEL_METRICS * 1000000 : 0)

/* What this file's options say that it records: spans, thousands: logs, millions: counts. */
EXPORTED int NAMED(part_, PART)(void);
EXPORTED void NAMED(use_, PART)(otel_t *otel);
static otel_counter_t counted = OTEL_COUNTER("part." TEXT(PART));

EXPORTED int NAMED(part_, PART)(void)
{
    OTEL_SPAN(span, "part " TEXT(PART)) {
        otel_span_set(span, "bytes", OTEL_SPAN_BYTES, "bad", OTEL_STR("\xFF\xFE", 2));
        otel_span_event(span, "event");
        otel_log(OTEL_INFO, "part " TEXT(PART));
        otel_counter_add(&counted, 1);
    }
    return EXPECTED;
}

EXPORTED void NAMED(use_, PART)(otel_t *otel) { otel_use(otel); }
