/* How much is kept, how long it is gathered, how much goes at once and how long that may take: the variables of the batch
   processors and of the metric reader. Spans and logs go together, so of two the smaller one counts.
   Specification: configuration/sdk-environment-variables.md, "Batch Span Processor", "Batch LogRecord Processor", "Periodic exporting MetricReader". */
#ifndef OTEL_POSIX_BATCHING_H
#define OTEL_POSIX_BATCHING_H
#include "environment.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* What a queue of so many records takes: the specification's 2,048 of each are 4 MiB, a quarter of it for logs. */
#define OTEL_POSIX_QUEUE_ 2048u
#define OTEL_POSIX_SPAN_BYTES_ 1536u
#define OTEL_POSIX_LOG_BYTES_ 512u
#define OTEL_POSIX_POOL_LEAST_ 524288u        /* a record in each shard of many */
#define OTEL_POSIX_POOL_MOST_ 1073741824u

OTEL_FN_ uint32_t otel_posix_between_(uint64_t value, uint32_t least, uint32_t most) { return value < least ? least : value > most ? most : (uint32_t)value; }

/* The memory for records that wait, and which part of it is for logs, as far as the program does not say so. */
OTEL_FN_ void otel_posix_pool_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const uint64_t spans = (uint64_t)otel_posix_env_number_(s, "OTEL_BSP_MAX_QUEUE_SIZE", OTEL_POSIX_QUEUE_) * OTEL_POSIX_SPAN_BYTES_;
    const uint64_t logs = (uint64_t)otel_posix_env_number_(s, "OTEL_BLRP_MAX_QUEUE_SIZE", OTEL_POSIX_QUEUE_) * OTEL_POSIX_LOG_BYTES_;
    config->pool_size = o->pool_size ? o->pool_size : otel_posix_between_(spans + logs, OTEL_POSIX_POOL_LEAST_, OTEL_POSIX_POOL_MOST_);
    config->log_percent = o->log_percent || o->pool_size ? o->log_percent : (uint8_t)otel_posix_between_(logs * 100u / (spans + logs), 10u, 90u);
}

/* The smaller one of two variables that are there. */
OTEL_FN_ uint32_t otel_posix_env_least_(const otel_posix_state_t_ *s, const char *name, const char *other, uint32_t otherwise)
{
    const uint32_t a = otel_posix_env_number_(s, name, 0), b = otel_posix_env_number_(s, other, 0);
    return a && (!b || a < b) ? a : b ? b : otherwise;
}

OTEL_FN_ void otel_posix_batching_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_exporter_config_t *sender)
{
    const bool terminal = !((s->to[0] | s->to[1] | s->to[2]) & OTEL_TO_HTTP_);
    sender->max_items = otel_posix_env_least_(s, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 0);
    sender->interval_ms = o->interval_ms ? o->interval_ms : otel_posix_env_least_(s, "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY", terminal ? 1000u : 5000u);
    sender->metric_interval_ms = o->metric_interval_ms ? o->metric_interval_ms : otel_posix_env_number_(s, "OTEL_METRIC_EXPORT_INTERVAL", 60000u);
}

/* How long a request may take: in *all, and of a signal where that is less or said of it. */
OTEL_FN_ void otel_posix_timeouts_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, uint32_t *all, uint32_t of[OTEL_SIGNALS])
{
    static const char *const request[OTEL_SIGNALS] = { "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT" };
    static const char *const batch[OTEL_SIGNALS] = { "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_BLRP_EXPORT_TIMEOUT" };
    unsigned i;
    *all = o->timeout_ms ? o->timeout_ms : otel_posix_env_number_(s, "OTEL_EXPORTER_OTLP_TIMEOUT", 10000u);
    for (i = 0; i < OTEL_SIGNALS && !o->timeout_ms; i++) {
        const uint32_t most = otel_posix_env_number_(s, batch[i], 0);
        of[i] = otel_posix_env_number_(s, request[i], 0);
        if (most && most < (of[i] ? of[i] : *all)) of[i] = most;
    }
    for (i = 0; o->send && i < OTEL_SIGNALS; i++) {           /* the program's own transport is told one time, the shortest */
        if (of[i] && of[i] < *all) *all = of[i];
    }
}
OTEL_C_END_
#endif
#endif
