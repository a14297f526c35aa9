/* What stands around the program's own processors: in front of them the watch for spans that nobody ends (from OTEL_LOG_LEVEL=debug
   on), behind them the limits that the environment sets. Who asks for neither has the program's alone.
   Specification: configuration/sdk-environment-variables.md, "Attribute Limits", "Span Limits", "LogRecord Limits". */
#ifndef OTEL_POSIX_PROCESSORS_H
#define OTEL_POSIX_PROCESSORS_H
#include "environment.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_POSIX_COUNT_MOST_ 128u       /* of anything, whatever a variable says: OTEL_COUNT_LIMIT_ of span.h */

/* How many there may be, as otel_limits_t has it: 0 for no limit of its own. */
OTEL_FN_ uint16_t otel_posix_env_count_(const otel_posix_state_t_ *s, const char *name, uint16_t otherwise)
{
    uint32_t count;
    if (otel_posix_env_is_(name, "0")) return OTEL_LIMIT_NONE;
    count = otel_posix_env_number_(s, name, 0);
    if (count == 0) return otherwise;
    if (count <= OTEL_POSIX_COUNT_MOST_) return (uint16_t)count;
    OTEL_POSIX_IGNORED_(s, "128 is the most that this library keeps", "%s=%lu counts as 128", name, (unsigned long)count);
    return OTEL_POSIX_COUNT_MOST_;
}

#if OTEL_TRACES
/* The variables of spans, and where they say nothing those of all signals. True: there is a limit. */
OTEL_FN_ bool otel_posix_span_limits_(otel_posix_state_t_ *s, uint16_t attributes, uint32_t length)
{
    otel_limits_t *l = &s->span_limits;
    l->attributes = otel_posix_env_count_(s, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->events = otel_posix_env_count_(s, "OTEL_SPAN_EVENT_COUNT_LIMIT", 0);
    l->links = otel_posix_env_count_(s, "OTEL_SPAN_LINK_COUNT_LIMIT", 0);
    l->event_attributes = otel_posix_env_count_(s, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->link_attributes = otel_posix_env_count_(s, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->value_length = otel_posix_env_number_(s, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", length);
    return l->attributes || l->events || l->links || l->event_attributes || l->link_attributes || l->value_length;
}

/* The program's processors of spans with the port's around them. */
OTEL_FN_ otel_spans_t otel_posix_spans_(otel_posix_state_t_ *s, otel_spans_t given, bool limits)
{
    const otel_span_settings_t *own = given.settings_;
    const size_t most = sizeof s->processors / sizeof s->processors[0] - 2u;        /* one for the limits, and the end */
    const bool watch = s->level >= OTEL_LEVEL_DEBUG;
    size_t i, n = 0;
    for (i = 0; own && own->processors && own->processors[i]; i++) {
        if (own->processors[i]->on_ending == otel_limits_ending_) limits = false;    /* the program's win */
    }
    if (!watch && !limits) return given;
    if (i + (watch ? 1u : 0u) > most) {
        if (limits) OTEL_POSIX_IGNORED_(s, "the program has too many processors of spans for them", "%s", "limits of spans in the environment are ignored");
        return given;
    }
    if (own) s->settings = *own;
    else memset((void *)&s->settings, 0, sizeof s->settings);
    if (watch) {
        memset((void *)s->open, 0, sizeof s->open);
        memset((void *)&s->leaks, 0, sizeof s->leaks);
        s->leaks.open = s->open;
        s->leaks.open_len = sizeof s->open / sizeof s->open[0];
        s->leak_watch = otel_processor_leaks(&s->leaks);
        s->processors[n++] = &s->leak_watch;
    }
    for (i = 0; own && own->processors && own->processors[i]; i++) s->processors[n++] = own->processors[i];
    if (limits) {
        s->limit_spans = otel_processor_limits(&s->span_limits);
        s->processors[n++] = &s->limit_spans;
    }
    s->processors[n] = NULL;
    s->settings.processors = s->processors;
    return otel_spans(&s->settings);
}
#endif

#if OTEL_LOGS
OTEL_FN_ bool otel_posix_log_limits_(otel_posix_state_t_ *s, uint16_t attributes, uint32_t length)
{
    s->log_limits.attributes = otel_posix_env_count_(s, "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", attributes);
    s->log_limits.value_length = otel_posix_env_number_(s, "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", length);
    return s->log_limits.attributes || s->log_limits.value_length;
}

/* The program's processors of log records, and the limits. */
OTEL_FN_ otel_logs_t otel_posix_logs_(otel_posix_state_t_ *s, otel_logs_t given)
{
    const otel_log_settings_t *own = given.settings_;
    const size_t most = sizeof s->log_processors / sizeof s->log_processors[0] - 2u;
    size_t n = 0;
    while (own && own->processors && own->processors[n]) {
        if (own->processors[n++]->on_emit == otel_log_limits_emit_) return given;
    }
    if (n > most) {
        OTEL_POSIX_IGNORED_(s, "the program has too many processors of logs for them", "%s", "limits of log records in the environment are ignored");
        return given;
    }
    if (own) s->log_settings = *own;
    else memset((void *)&s->log_settings, 0, sizeof s->log_settings);
    for (n = 0; own && own->processors && own->processors[n]; n++) s->log_processors[n] = own->processors[n];
    s->limit_logs = otel_log_processor_limits(&s->log_limits);
    s->log_processors[n++] = &s->limit_logs;
    s->log_processors[n] = NULL;
    s->log_settings.processors = s->log_processors;
    return otel_logs(&s->log_settings);
}
#endif

/* What the configuration has as .spans and .logs. */
OTEL_FN_ void otel_posix_processors_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const uint16_t attributes = otel_posix_env_count_(s, "OTEL_ATTRIBUTE_COUNT_LIMIT", 0);
    const uint32_t length = otel_posix_env_number_(s, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", 0);
#if OTEL_TRACES
    config->spans = otel_posix_spans_(s, o->spans, otel_posix_span_limits_(s, attributes, length));
#else
    config->spans = o->spans;
#endif
    config->logs = o->logs;
#if OTEL_LOGS
    if (otel_posix_log_limits_(s, attributes, length)) config->logs = otel_posix_logs_(s, o->logs);
#endif
    (void)attributes;
    (void)length;
}
OTEL_C_END_
#endif
#endif
