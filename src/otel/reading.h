/* What one reader wants of an instance's metrics: other aggregations by kind of instrument, a limit of sets of attributes, a
   filter, packets of so many points. Comes in where it is named: without it a reader takes all there is.
   Specification: metrics/sdk.md, "MetricReader", "Cardinality limits", "MetricFilter", "Periodic exporting MetricReader".

     static const otel_reading_t reading = OTEL_READING(.histogram = OTEL_AGGREGATION_EXPONENTIAL, .limit = 100, .most_points = 500);
     static const otel_reading_t *const readings[] = { &reading };
     static uint64_t memory[5000];
     static otel_metric_settings_t metrics = { .readings = readings, .readings_len = 1, .memory = memory, .memory_len = 5000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));
     otel_exporter_init(&exporter, ..., .reading = &reading);

   Aggregations and limits need streams of their own, so the settings list the readings that have some: each makes streams of
   every instrument, and only its readers see them. A filter and .most_points work without that. */
#ifndef OTEL_READING_H
#define OTEL_READING_H
#include "attr.h"
#include "compiler.h"
#include "metric.h"
#include "scope.h"

struct otel_aggregation_t;
struct otel_collect_t;

/* A metric that a filter is asked about. Valid until it returns. */
typedef struct otel_metric_about_t {
    const char *name, *unit, *description;        /* of the stream: a view may have given them; "" for none */
    const otel_scope_t *scope;                    /* NULL: the unnamed one */
    unsigned kind;                                /* one of OTEL_VIEW_COUNTER and so on; 0: of a producer that does not tell */
} otel_metric_about_t;

/* The attributes of a series, for otel_metric_attribute. */
typedef struct otel_metric_attributes_t {
    const uint8_t *bytes_;
    size_t len_;
} otel_metric_attributes_t;

typedef enum {
    OTEL_FILTER_ACCEPT,                           /* all series */
    OTEL_FILTER_DROP,                             /* none */
    OTEL_FILTER_ACCEPT_PARTIAL                    /* those that test_attributes accepts */
} otel_filter_answer_t;

/* Which metrics and which of their series a reader takes. It has to answer alike for the same series. */
typedef struct otel_metric_filter_t {
    otel_filter_answer_t (*test_metric)(const struct otel_metric_filter_t *self, const otel_metric_about_t *metric) OTEL_Z_;     /* (required) */
    bool (*test_attributes)(const struct otel_metric_filter_t *self, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes) OTEL_Z_;   /* (default: all) */
    void *user OTEL_Z_;
} otel_metric_filter_t;

/* What a reader wants; made by OTEL_READING, const, outlives instance and reader. Zero means: as the instrument has it. */
typedef struct otel_reading_t {
    const struct otel_aggregation_t *counter OTEL_Z_, *updown OTEL_Z_, *histogram OTEL_Z_, *gauge OTEL_Z_;    /* where no view gives another one */
    const struct otel_aggregation_t *observable_counter OTEL_Z_, *observable_updown OTEL_Z_, *observable_gauge OTEL_Z_;
    uint16_t limit OTEL_Z_;                       /* sets of attributes of each instrument, where no view gives another one (default: as many as the instrument has) */
    uint32_t most_points OTEL_Z_;                 /* of one packet: maxExportBatchSize (default: as many as fit) */
    const otel_metric_filter_t *filter OTEL_Z_;   /* (default: all) */
    unsigned (*wants_)(const struct otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell) OTEL_Z_;
} otel_reading_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_READING(...) { __VA_ARGS__, .wants_ = otel_reading_wants_ }
#else
#define OTEL_READING(...) { __VA_ARGS__ }
#endif

#define OTEL_NOT_WANTED_ 0u
#define OTEL_WANTED_ 1u
#define OTEL_PACKET_FULL_ 2u

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ unsigned otel_reading_wants_(const struct otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell);
#endif

/* Say whether a filter (NULL: it takes all) accepts a series; for producers. `attributes` NULL: the series without any. */
OTEL_API_ bool otel_metric_filter_accepts(const otel_metric_filter_t *filter, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes);

/* The attributes of a data point, encoded as it has them (tag, length, KeyValue, for each): for otel_metric_filter_accepts. */
OTEL_FN_ otel_metric_attributes_t otel_metric_attributes(const void *bytes, size_t len)
{
    otel_metric_attributes_t attributes;
    attributes.bytes_ = (const uint8_t *)bytes;
    attributes.len_ = len;
    return attributes;
}

/* Read the attribute `key`; false: it is not there, or is an array or a map. Text points into the series. */
OTEL_API_ bool otel_metric_attribute(const otel_metric_attributes_t *attributes, const char *key, otel_value_t *out);
OTEL_C_END_
/*== implementation ==*/
#endif
