/* Variables of the specification that this port does not read: whoever sets one hears so at the start, with what to do instead.
   Specification: configuration/sdk-environment-variables.md. */
#ifndef OTEL_POSIX_UNREAD_H
#define OTEL_POSIX_UNREAD_H
#include "environment.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Does OTEL_PROPAGATORS say what is done anyway ("tracecontext,baggage" in any order), or "none"? */
OTEL_FN_ bool otel_posix_propagators_(const char *list)
{
    unsigned said = 0;
    while (*list) {
        size_t n = strcspn(list, ",");
        const char *word = list;
        list += n + (list[n] == ',');
        otel_posix_trim_(&word, &n);
        said |= otel_posix_word_(word, n, "tracecontext") ? 1u : otel_posix_word_(word, n, "baggage") ? 2u : otel_posix_word_(word, n, "none") ? 4u : n ? 8u : 0u;
    }
    return said == 3u || said == 4u || said == 0;
}

OTEL_FN_ void otel_posix_unread_(const otel_posix_state_t_ *s)
{
    static const char pool[] = ".pool_size bounds what waits", timeout[] = "write OTEL_EXPORTER_OTLP_TIMEOUT";
    static const char delay[] = "OTEL_BSP_SCHEDULE_DELAY is for logs too", batch[] = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE is for logs too";
    static const char spans[] = "the program sets limits of spans: otel_processor_limits", logs[] = "the program sets limits of logs: otel_log_processor_limits";
    static const char both[] = "the program sets limits: otel_processor_limits, otel_log_processor_limits";
    static const struct { const char *name, *remedy; } unread[] = {
        { "OTEL_PROPAGATORS", "it is tracecontext,baggage here; a program gives others to otel_extract_from and otel_inject_to" },
        { "OTEL_CONFIG_FILE", "write variables" },
        { "OTEL_BSP_MAX_QUEUE_SIZE", pool }, { "OTEL_BSP_EXPORT_TIMEOUT", timeout },
        { "OTEL_BLRP_MAX_QUEUE_SIZE", pool }, { "OTEL_BLRP_EXPORT_TIMEOUT", timeout }, { "OTEL_BLRP_SCHEDULE_DELAY", delay }, { "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", batch },
        { "OTEL_METRIC_EXPORT_TIMEOUT", "write OTEL_EXPORTER_OTLP_METRICS_TIMEOUT" },
        { "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", spans }, { "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", spans }, { "OTEL_SPAN_EVENT_COUNT_LIMIT", spans },
        { "OTEL_SPAN_LINK_COUNT_LIMIT", spans }, { "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", spans }, { "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", spans },
        { "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", logs }, { "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", logs },
        { "OTEL_ATTRIBUTE_COUNT_LIMIT", both }, { "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", both }
    };
    unsigned i;
    for (i = 0; i < sizeof unread / sizeof unread[0]; i++) {
        const char *value = otel_posix_env_(unread[i].name);
        if (!value || (i == 0 && otel_posix_propagators_(value))) continue;
        OTEL_POSIX_IGNORED_(s, unread[i].remedy, "%s is not read", unread[i].name);
    }
}
OTEL_C_END_
#endif
#endif
