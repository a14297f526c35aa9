/* What the environment says of metrics: exemplars, temporality, the buckets of histograms.
   Specification: configuration/sdk-environment-variables.md, "Exemplar"; metrics/sdk_exporters/otlp.md, "Additional environment variable configuration". */
#ifndef OTEL_POSIX_METRICS_H
#define OTEL_POSIX_METRICS_H
#include "environment.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_ && OTEL_METRICS
OTEL_C_BEGIN_
/* Which of two or three words a variable says, in letters of any case: 1, 2, 3; 0: none, and a word that is none of them is named. */
OTEL_FN_ unsigned otel_posix_env_word_(const otel_posix_state_t_ *s, const char *name, const char *const *words, unsigned len, const char *remedy)
{
    const char *value = otel_posix_env_(name);
    unsigned i;
    for (i = 0; value && i < len; i++) {
        if (otel_posix_env_is_(name, words[i])) return i + 1u;
    }
    if (value) OTEL_POSIX_IGNORED_(s, remedy, "%s=%.60s is ignored", name, value);
    return 0;
}

/* Streams that the environment wants; read at the first start, because instruments stay with them. */
OTEL_FN_ void otel_posix_metric_settings_(otel_posix_state_t_ *s)
{
    static const char *const filters[] = { "always_off", "always_on", "trace_based" }, *const buckets[] = { "explicit_bucket_histogram", "base2_exponential_bucket_histogram" };
    unsigned filter = otel_posix_env_word_(s, "OTEL_METRICS_EXEMPLAR_FILTER", filters, 3, "write always_on, always_off or trace_based");
    unsigned shape = otel_posix_env_word_(s, "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", buckets, 2, "write explicit_bucket_histogram or base2_exponential_bucket_histogram");
    if (s->metrics.memory) return;
    if (filter == 2) s->metrics.exemplars = OTEL_EXEMPLARS_ALWAYS_ON;
    if (filter == 3) s->metrics.exemplars = OTEL_EXEMPLARS_TRACE_BASED;
    if (shape == 2) {
        s->powers.histogram = OTEL_AGGREGATION_EXPONENTIAL;   /* OTEL_READING, in C++11 too */
        s->powers.wants_ = otel_reading_wants_;
        s->readings[0] = &s->powers;
        s->metrics.readings = s->readings;
        s->metrics.readings_len = 1;
    }
    if (!s->metrics.exemplars && !s->metrics.readings_len) return;
    s->metrics.memory = s->metric_memory;
    s->metrics.memory_len = sizeof s->metric_memory / sizeof s->metric_memory[0];
}

OTEL_FN_ void otel_posix_metrics_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config, otel_exporter_config_t *sender)
{
    static const char *const words[] = { "cumulative", "delta", "lowmemory" };
    const otel_temporality_t delta = OTEL_DELTA_IN(s->delta_memory), low = OTEL_LOW_MEMORY_IN(s->delta_memory);
    unsigned temporality = otel_posix_env_word_(s, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", words, 3, "write cumulative, delta or lowmemory");
    config->metrics = o->metrics;
    if (!o->metrics.settings_) {                  /* the program's own win */
        otel_posix_metric_settings_(s);
        if (s->metrics.memory) config->metrics = otel_metrics(&s->metrics);
        if (s->metrics.readings_len) sender->reading = s->metrics.readings[0];
    }
    s->temporality = temporality == 3 ? low : delta;
    if (temporality > 1) sender->temporality = &s->temporality;
}
OTEL_C_END_
#endif
#endif
