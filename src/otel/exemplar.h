/* Exemplars: single measurements that a series shows beside its numbers, with the trace and the span they were made in, their
   time, and the attributes that a view left out of the series. Kept where otel_metric_settings_t.exemplars is set, in the
   memory of the settings; without that nothing of this is linked.
   Specification: metrics/sdk.md, "Exemplar", "ExemplarFilter", "ExemplarReservoir".

     static otel_metric_settings_t metrics = { .exemplars = OTEL_EXEMPLARS_TRACE_BASED, .memory = memory, .memory_len = 2000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));

   A view that leaves an attribute out of a metric does not keep it out of the exemplars: what must not leave the program at
   all must not be given to the instrument. */
#ifndef OTEL_EXEMPLAR_H
#define OTEL_EXEMPLAR_H
#include "attr.h"
#include "compiler.h"
#include "context.h"
#include "id.h"
#include "metric.h"

/* Bytes for what a view left out of one measurement, encoded: key and value and 6 bytes each. What does not fit is left out
   of the exemplar. */
#if OTEL_HOSTED_
#define OTEL_EXEMPLAR_INLINE_ 118
#else
#define OTEL_EXEMPLAR_INLINE_ 30
#endif

/* What a reservoir is offered. Valid until it returns. */
typedef struct otel_measurement_t {
    bool is_int;
    int64_t int_value;
    double double_value;
    const otel_attr_t *attributes;        /* attributes_len of them, all that were given; NULL: none, or a bound series */
    size_t attributes_len;
    otel_context_t context;               /* of the current span; all zero: none */
    uint64_t time;                        /* ns, by the clock of the instance */
    uint32_t bucket;                      /* where it falls; of other series than explicit buckets 0 */
    const uint8_t *left_out_;             /* left_out_len_ bytes, encoded */
    uint32_t left_out_len_;
    uint8_t asked_;
} otel_measurement_t;

/* Which measurements a series keeps: all of them are offered, and one that is taken replaces another. */
typedef struct otel_reservoir_t {
    /* Say which of the `size` exemplars the measurement replaces; `size` or more: none. `seen`: how many were offered to this
       series since its numbers were last collected. Called by whoever records, in interrupts too if measurements are made there. */
    uint32_t (*offer)(const struct otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size) OTEL_Z_;
    uint16_t size OTEL_Z_;                /* exemplars of one series (default: as many as there are buckets) */
    void *user OTEL_Z_;
} otel_reservoir_t;

struct otel_stream_t_;
/* Which measurements may become exemplars. All fields are private. */
typedef struct otel_exemplar_filter_t {
    bool trace_based_;
    void (*offer_)(struct otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m);
    bool (*write_)(otel_telling_t_ *point);
    uint32_t (*fixed_)(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
    uint32_t (*aligned_)(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
} otel_exemplar_filter_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_EXEMPLARS_(name) (&otel_exemplars_##name##_)
#else
#define OTEL_EXEMPLARS_(name) ((const otel_exemplar_filter_t *)0)
#endif

/* .exemplars of the settings: measurements made while the current span is sampled, all of them, none (the default). */
#define OTEL_EXEMPLARS_TRACE_BASED OTEL_EXEMPLARS_(trace_based)
#define OTEL_EXEMPLARS_ALWAYS_ON OTEL_EXEMPLARS_(always_on)
#define OTEL_EXEMPLARS_ALWAYS_OFF NULL

OTEL_C_BEGIN_
/* SimpleFixedSizeExemplarReservoir: each measurement since the last collection has the same chance. Aligned with buckets:
   the last measurement that fell into each. `.offer` of a reservoir of yours. */
OTEL_API_ uint32_t otel_reservoir_fixed_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
OTEL_API_ uint32_t otel_reservoir_aligned_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
#if OTEL_ENABLED
OTEL_API_ void otel_exemplar_offer_(struct otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m);
OTEL_API_ bool otel_exemplar_write_(otel_telling_t_ *point);
#endif
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_EXEMPLARS_OF_(name, trace_based) static const otel_exemplar_filter_t OTEL_ATTRIBUTE_((unused)) name = \
    { trace_based, otel_exemplar_offer_, otel_exemplar_write_, otel_reservoir_fixed_offer, otel_reservoir_aligned_offer }
OTEL_EXEMPLARS_OF_(otel_exemplars_trace_based_, true);
OTEL_EXEMPLARS_OF_(otel_exemplars_always_on_, false);
#endif
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_reservoir_fixed_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size)
{
    OTEL_METRICS_OFF_((void)self; (void)m; (void)seen; return size)
    (void)self;
    if (seen < size) return seen;
    return (uint32_t)((uint64_t)otel_mix_((uint32_t)m->time ^ otel_mix_((uint32_t)m->int_value + seen)) * ((uint64_t)seen + 1u) >> 32);
}

OTEL_API_ uint32_t otel_reservoir_aligned_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size)
{
    OTEL_METRICS_OFF_((void)self; (void)m; (void)seen; return size)
    (void)self;
    (void)seen;
    (void)size;
    return m->bucket;
}
OTEL_C_END_
#endif
#endif
