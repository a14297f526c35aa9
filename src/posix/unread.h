/* Variables of the specification that this port does not read, and names that are nearly one that it reads: whoever sets one hears
   so at the start, with what to do instead.
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
extern char **environ;

#define OTEL_POSIX_NAME_MAX_ 80u          /* letters of a name that is looked at */

/* How many letters must be put in, taken out or changed to make the other name of this one. */
OTEL_FN_ unsigned otel_posix_letters_(const char *name, size_t n, const char *other)
{
    unsigned row[OTEL_POSIX_NAME_MAX_ + 1u];                  /* to the first k letters of `name` */
    size_t i, k, m = strlen(other);
    if (n > OTEL_POSIX_NAME_MAX_ || n > m + 2u || m > n + 2u) return 3;
    for (k = 0; k <= n; k++) row[k] = (unsigned)k;
    for (i = 1; i <= m; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (k = 1; k <= n; k++) {
            unsigned changed = corner + (name[k - 1u] != other[i - 1u] ? 1u : 0u), least = row[k] < row[k - 1u] ? row[k] : row[k - 1u];
            corner = row[k];
            row[k] = changed < least + 1u ? changed : least + 1u;
        }
    }
    return row[n];
}

/* The name that is read and that this one nearly is. NULL: it is read, or far from all. */
OTEL_FN_ const char *otel_posix_meant_(const char *name, size_t n)
{
    static const char known[] =                               /* to its empty end; what no process of this port reads stands in otel_posix_unread_ */
        "OTEL_SDK_DISABLED\0OTEL_SERVICE_NAME\0OTEL_RESOURCE_ATTRIBUTES\0OTEL_LOG_LEVEL\0OTEL_PROPAGATORS\0OTEL_TRACES_SAMPLER\0OTEL_TRACES_SAMPLER_ARG\0"
        "OTEL_TRACES_EXPORTER\0OTEL_METRICS_EXPORTER\0OTEL_LOGS_EXPORTER\0OTEL_BSP_SCHEDULE_DELAY\0OTEL_BSP_MAX_EXPORT_BATCH_SIZE\0OTEL_BLRP_SCHEDULE_DELAY\0"
        "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE\0OTEL_BSP_MAX_QUEUE_SIZE\0OTEL_BSP_EXPORT_TIMEOUT\0OTEL_BLRP_MAX_QUEUE_SIZE\0OTEL_BLRP_EXPORT_TIMEOUT\0"
        "OTEL_ATTRIBUTE_COUNT_LIMIT\0OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT\0OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT\0OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT\0"
        "OTEL_SPAN_EVENT_COUNT_LIMIT\0OTEL_SPAN_LINK_COUNT_LIMIT\0OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT\0OTEL_LINK_ATTRIBUTE_COUNT_LIMIT\0"
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT\0OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT\0OTEL_METRIC_EXPORT_INTERVAL\0OTEL_METRIC_EXPORT_TIMEOUT\0OTEL_METRICS_EXEMPLAR_FILTER\0"
        "OTEL_EXPORTER_OTLP_ENDPOINT\0OTEL_EXPORTER_OTLP_HEADERS\0OTEL_EXPORTER_OTLP_TIMEOUT\0OTEL_EXPORTER_OTLP_PROTOCOL\0OTEL_EXPORTER_OTLP_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_CERTIFICATE\0OTEL_EXPORTER_OTLP_INSECURE\0"
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\0OTEL_EXPORTER_OTLP_TRACES_HEADERS\0OTEL_EXPORTER_OTLP_TRACES_TIMEOUT\0OTEL_EXPORTER_OTLP_TRACES_PROTOCOL\0OTEL_EXPORTER_OTLP_TRACES_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT\0OTEL_EXPORTER_OTLP_METRICS_HEADERS\0OTEL_EXPORTER_OTLP_METRICS_TIMEOUT\0OTEL_EXPORTER_OTLP_METRICS_PROTOCOL\0OTEL_EXPORTER_OTLP_METRICS_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE\0OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION\0"
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT\0OTEL_EXPORTER_OTLP_LOGS_HEADERS\0OTEL_EXPORTER_OTLP_LOGS_TIMEOUT\0OTEL_EXPORTER_OTLP_LOGS_PROTOCOL\0OTEL_EXPORTER_OTLP_LOGS_COMPRESSION\0";
    const char *one, *near = NULL;
    for (one = known; *one; one += strlen(one) + 1u) {
        unsigned letters = otel_posix_letters_(name, n, one);
        if (letters == 0) return NULL;
        if (letters <= 2u) near = one;
    }
    return near;
}

/* Names that nobody reads, because a letter is wrong. */
OTEL_FN_ void otel_posix_misspelt_(const otel_posix_state_t_ *s)
{
    char **one;
    for (one = environ; one && *one; one++) {
        const size_t n = strncmp(*one, "OTEL_", 5) == 0 ? strcspn(*one, "=") : 0u;
        const char *meant = n ? otel_posix_meant_(*one, n) : NULL;
        char remedy[OTEL_POSIX_NAME_MAX_ + 16u];
        if (!meant) continue;
        (void)snprintf(remedy, sizeof remedy, "write %s", meant);
        OTEL_POSIX_IGNORED_(s, remedy, "%.*s is not read", (int)n, *one);
    }
}

OTEL_FN_ void otel_posix_unread_(const otel_posix_state_t_ *s)
{
    static const char tls[] = "no TLS in this port: send through ports/otel_curl.h, with .environment";
    static const struct { const char *name, *remedy; } unread[] = {
        { "OTEL_CONFIG_FILE", "start the program by otel_yaml_start (ports/otel_yaml.h), or write variables" },
        { "OTEL_EXPORTER_OTLP_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_CLIENT_KEY", tls }, { "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", tls },
        { "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", tls },
        { "OTEL_EXPORTER_OTLP_INSECURE", "it is for gRPC: the scheme of the endpoint says http or https" }
    };
    unsigned i;
    for (i = 0; i < sizeof unread / sizeof unread[0]; i++) {
        if (s->send && i) break;                              /* the rest is for the program's own transport to read */
        if (otel_posix_env_(unread[i].name)) OTEL_POSIX_IGNORED_(s, unread[i].remedy, "%s is not read", unread[i].name);
    }
    if (!s->setting) otel_posix_misspelt_(s);
}
OTEL_C_END_
#endif
#endif
