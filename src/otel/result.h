/* Results of set-up and export calls. Recording calls never fail: what they lose is counted (otel_stats). */
#ifndef OTEL_RESULT_H
#define OTEL_RESULT_H
#include "compiler.h"

/* One list: code, value, the sentence that names the remedy. */
#define OTEL_RESULTS_(X) \
    X(OTEL_OK, 0, "done") \
    X(OTEL_E_CLOCK, -1, "no clock: set otel_config_t.clock to a function that gives Unix nanoseconds, or ticks with .clock_hz") \
    X(OTEL_E_POOL, -2, "no pool, or too small for one record: set otel_config_t.pool, raise otel_config_t.pool_size, or lower .log_percent or .shards") \
    X(OTEL_E_BUFFER, -3, "exporter buffer too small for one record: raise otel_exporter_config_t.buffer_size") \
    X(OTEL_E_SEND, -4, "no transport: set otel_exporter_config_t.send, or take requests with otel_export_next") \
    X(OTEL_E_TIMEOUT, -5, "time is up before all was delivered: otel_stats tells what is left; call otel_time_sync if the clock is not known yet, or give more milliseconds") \
    X(OTEL_E_NULL, -6, "a required pointer is NULL: pass the object and its options") \
    X(OTEL_E_NOT_READY, -7, "not running: otel_init (or the port's start) was not called, failed or is disabled, or it was shut down") \
    X(OTEL_E_EXPORTERS, -8, "too many exporters on one instance: shut one down first") \
    X(OTEL_E_CONFIG, -9, "a value of the configuration is not possible: see the comments of its fields (on hosts stderr names it)") \
    X(OTEL_E_LOCK, -10, "no lock: OTEL_PORT_LOCK 1 promises otel_config_t.lock and .unlock") \
    X(OTEL_E_SYSTEM, -11, "the operating system refused: see errno") \
    X(OTEL_E_NESTED, -12, "called from inside the exporter's own callback, or not by the thread that drives it: return first, or call the port's flush") \
    X(OTEL_E_VIEW, -13, "a view selects nothing or has numbers that cannot be: give at least one of .instrument (\"*\": all), .kinds, .unit, .scope, .version and .schema_url; bounds ascend") \
    X(OTEL_E_VIEW_NAME, -14, "a view would give several instruments one name: take .name out, or select one instrument by its whole name") \
    X(OTEL_E_VIEW_KEYS, -15, "a view has .keep and .exclude: give one of them") \
    X(OTEL_E_VIEW_MEMORY, -16, "views, rules and exemplars need memory for their streams: set otel_metric_settings_t.memory and .memory_len")

#define OTEL_RESULT_ENUM_(code, value, text) code = value,
typedef enum { OTEL_RESULTS_(OTEL_RESULT_ENUM_) OTEL_RESULTS_END_ = 1 } otel_result_t;

OTEL_C_BEGIN_
/* The sentence of `result`: what is wrong and what to do. Never NULL, static storage. Safe everywhere. */
OTEL_API_ const char *otel_result_text(otel_result_t result);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_result_text(otel_result_t result)
{
#define OTEL_RESULT_CASE_(code, value, text) text "\0"
    static const char texts[] = OTEL_RESULTS_(OTEL_RESULT_CASE_);     /* no table of pointers: the strings of all tables of a file are linked together */
    const char *text = texts;
    int i;
    for (i = 0; i > (int)result && *text; i--) text += strlen(text) + 1u;
    return result <= OTEL_OK && *text ? text : "unknown result";
#undef OTEL_RESULT_CASE_
}
OTEL_C_END_
#endif
#endif
