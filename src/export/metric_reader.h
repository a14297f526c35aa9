/* A reader of metrics that a program drives by itself: it collects into a buffer of the caller, as a whole OTLP request, in
   pieces when it does not fit. Each reader has its own state, so that one may tell differences to a file while an exporter
   tells totals to a Collector. (The exporter is the periodic reader.) Specification: metrics/sdk.md, "MetricReader", "Collect".

     static otel_metric_reader_t reader;
     static uint64_t memory[500];  static otel_temporality_t delta = OTEL_DELTA_IN(memory);
     otel_metric_reader_init(&reader, .temporality = &delta);
     while ((n = otel_metric_reader_collect(&reader, buffer, sizeof buffer)) > 0) {
         if (keep(buffer, n)) otel_metric_reader_confirm(&reader);
     } */
#ifndef OTEL_EXPORT_METRIC_READER_H
#define OTEL_EXPORT_METRIC_READER_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/temporality.h"
#include "otlp.h"

/* Another source of metrics (a bridge from another library) whose points go out beside those of the instance, with its resource. */
typedef struct otel_metric_producer_t {
    /* Write the next whole ResourceMetrics.scope_metrics (tag 0x12, length, ScopeMetrics) of at most `room` bytes, and how many
       points they hold to *points; only metrics that `filter` (NULL: all) accepts: otel_metric_filter_accepts. The number of bytes;
       0: there are no more in this collection, and the next call begins another one. */
    size_t (*produce)(const struct otel_metric_producer_t *self, const otel_metric_filter_t *filter, void *to, size_t room, uint32_t *points) OTEL_Z_;   /* (required) */
    void *user OTEL_Z_;
} otel_metric_producer_t;

/* Zero means the default. The order of the fields is API. */
typedef struct otel_metric_reader_config_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    otel_temporality_t *temporality OTEL_Z_;      /* OTEL_DELTA_IN or OTEL_LOW_MEMORY_IN, its own for each reader (default: cumulative) */
    const otel_reading_t *reading OTEL_Z_;        /* what it wants: aggregations, limit, filter, points of a piece (default: all there is) */
    const otel_metric_producer_t *const *producers OTEL_Z_;   /* asked behind the instance, with the filter of the reading; NULL at the end; outlive the reader (default: none) */
} otel_metric_reader_config_t;

/* A reader. Define it where it outlives its use. */
typedef struct otel_metric_reader_t {
    uint32_t points OTEL_Z_;                      /* data points in the last piece */
    uint32_t lost OTEL_Z_;                        /* data points of it that do not fit into the buffer even alone */
    otel_result_t result OTEL_Z_;                 /* of the last call: OTEL_OK, OTEL_E_NULL, OTEL_E_NOT_READY, OTEL_E_BUFFER (not even the resource fits) */
    otel_t *otel_ OTEL_Z_;
    otel_collect_t round_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;
    bool over_ OTEL_Z_, told_ OTEL_Z_;
    const otel_metric_producer_t *const *producers_ OTEL_Z_, *const *at_ OTEL_Z_;      /* at_: whose turn it is, NULL: that of the instance */
} otel_metric_reader_t;

OTEL_C_BEGIN_
/* Join a reader to a running instance, behind its exporters: from here on no idle series make room for others, because this
   reader may not have seen them. It needs no end. Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_metric_reader_init_with(otel_metric_reader_t *reader, const otel_metric_reader_config_t *config);

/* Write the next piece of a collection to `to`: an ExportMetricsServiceRequest, complete with resource and scopes, of at most
   `room` bytes. The first call begins a collection: callbacks run, and all of its pieces have one time. The number of bytes;
   0 ends it (or says in .result what is wrong), and the next call begins another one. Never waits. One thread at a time for
   each reader; not for interrupts. */
OTEL_API_ size_t otel_metric_reader_collect(otel_metric_reader_t *reader, void *to, size_t room);

/* The last piece has arrived where it should: a reader that tells differences goes on from there. What is not confirmed is in
   the next collection again. Twice is once; nothing for cumulative readers. */
OTEL_API_ void otel_metric_reader_confirm(otel_metric_reader_t *reader);

/* Leave a collection before its end: the next call begins another one. */
OTEL_API_ void otel_metric_reader_rewind(otel_metric_reader_t *reader);
OTEL_C_END_
#define otel_metric_reader_init(...) OTEL_CAT_(OTEL_METRIC_READER_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_METRIC_READER_one_(reader) otel_metric_reader_init_with((reader), NULL)
#define OTEL_METRIC_READER_more_(reader, ...) otel_metric_reader_init_with((reader), OTEL_REF_(otel_metric_reader_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_metric_reader_init_with(otel_metric_reader_t *reader, const otel_metric_reader_config_t *config)
{
    otel_t *otel = config && config->otel ? config->otel : otel_default_();
    if (!reader) return OTEL_E_NULL;
    memset((void *)reader, 0, sizeof *reader);
    OTEL_METRICS_OFF_((void)otel; return OTEL_OK)
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    reader->otel_ = otel;
    reader->round_.temporality = config ? config->temporality : NULL;
    reader->round_.reading = config ? config->reading : NULL;
    reader->producers_ = config ? config->producers : NULL;
    reader->epoch_ = otel->epoch_;
    otel->reclaims_ = 0;
    return OTEL_OK;
}

/* Nothing to tell is told at once. */
OTEL_FN_ void otel_metric_reader_told_(otel_metric_reader_t *reader)
{
    if (reader->round_.temporality) (reader->round_.temporality->confirm_)(reader->round_.temporality, reader->otel_, &reader->round_);
}

/* What the instance has to say; behind its last piece it is the producers' turn. */
OTEL_FN_ size_t otel_metric_reader_own_(otel_metric_reader_t *reader, uint8_t *to, size_t room)
{
    otel_collect_t *round = &reader->round_;
    size_t n = 0;
    round->lost = 0;
    round->points = 0;
    if (OTEL_LOAD_ACQUIRE_(&reader->otel_->collect_)) n = (OTEL_LOAD_ACQUIRE_(&reader->otel_->collect_))(reader->otel_, round, to, room);
    reader->points = round->points;
    reader->lost = round->lost;
    if (n == 0) otel_metric_reader_told_(reader);
    else reader->told_ = false;
    if (!round->running) reader->at_ = reader->producers_;
    return n;
}

OTEL_FN_ size_t otel_metric_reader_other_(otel_metric_reader_t *reader, uint8_t *to, size_t room)
{
    const otel_metric_filter_t *filter = reader->round_.reading ? reader->round_.reading->filter : NULL;
    size_t n = 0;
    for (; *reader->at_; reader->at_++) {
        reader->points = 0;
        n = ((*reader->at_)->produce)(*reader->at_, filter, to, room, &reader->points);
        if (n) return n;
    }
    reader->at_ = NULL;
    return 0;
}

OTEL_API_ size_t otel_metric_reader_collect(otel_metric_reader_t *reader, void *to, size_t room)
{
    otel_packet_t_ packet;
    otel_collect_t *round;
    size_t n = 0;
    OTEL_METRICS_OFF_((void)reader; (void)to; (void)room; (void)packet; (void)round; (void)n; return 0)
    if (!reader) return 0;
    round = &reader->round_;
    reader->points = reader->lost = 0;
    reader->told_ = true;
    reader->result = !to ? OTEL_E_NULL : !otel_running_(reader->otel_) ? OTEL_E_NOT_READY : OTEL_OK;
    if (reader->result != OTEL_OK) return 0;
    if (reader->epoch_ != reader->otel_->epoch_) {            /* the child of a fork begins anew */
        reader->epoch_ = reader->otel_->epoch_;
        otel_metric_reader_rewind(reader);
    }
    if (reader->over_) {
        reader->over_ = false;
        return 0;
    }
    if (!otel_packet_begin_(&packet, reader->otel_, (uint8_t *)to, room)) {
        reader->result = OTEL_E_BUFFER;
        return 0;
    }
    if (OTEL_LOAD_(&reader->otel_->reclaims_)) OTEL_STORE_(&reader->otel_->reclaims_, (uint8_t)0);      /* an exporter came later */
    packet.at = packet.run - 1;                               /* without a ScopeSpans */
    if (!reader->at_) n = otel_metric_reader_own_(reader, packet.at, (size_t)(packet.end - packet.at));
    if (n == 0 && reader->at_) n = otel_metric_reader_other_(reader, packet.at, (size_t)(packet.end - packet.at));
    if (n == 0) return 0;
    packet.at += n;
    otel_packet_end_(&packet, reader->otel_);
    reader->over_ = !round->running && !reader->at_;
    return (size_t)(packet.at - packet.own) + 1u;
}

OTEL_API_ void otel_metric_reader_confirm(otel_metric_reader_t *reader)
{
    OTEL_METRICS_OFF_((void)reader; return)
    if (!reader || reader->told_ || !otel_running_(reader->otel_)) return;
    reader->told_ = true;
    otel_metric_reader_told_(reader);
}

OTEL_API_ void otel_metric_reader_rewind(otel_metric_reader_t *reader)
{
    OTEL_METRICS_OFF_((void)reader; return)
    if (!reader) return;
    reader->round_.running = reader->over_ = false;
    reader->at_ = NULL;
}
OTEL_C_END_
#endif
#endif
