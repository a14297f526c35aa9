/* What the library keeps to tell about itself: the instruments of otel.sdk.*, room for their series, and who is meant by them.
   Specification: semantic conventions, "OpenTelemetry SDK metrics". */
#ifndef OTEL_EXPORT_SELF_STATE_H
#define OTEL_EXPORT_SELF_STATE_H
#include "../otel/compiler.h"
#include "../otel/histogram.h"
#include "../otel/instance.h"
#include "../otel/observable.h"
#include "../otel/scope.h"
#include "../otel/span.h"
#include "state.h"

#if UINTPTR_MAX > 0xFFFFu
/* Exporters of an instance that are told apart, and further ones in the overflow series. */
#if OTEL_HOSTED_
#define OTEL_SELF_EXPORTERS_ OTEL_READERS_
#define OTEL_SELF_ROOM_(hosts, small) (hosts)
#else
#define OTEL_SELF_EXPORTERS_ 1
#define OTEL_SELF_ROOM_(hosts, small) (small)
#endif

/* What is observed: name, unit, goes up only, series. */
#define OTEL_SELF_OBSERVED_(X) \
    X(STARTED, "otel.sdk.span.started", "{span}", true, OTEL_SELF_ROOM_(9, 3)) \
    X(LIVE, "otel.sdk.span.live", "{span}", false, 2) \
    X(LOGS, "otel.sdk.log.created", "{log_record}", true, 0) \
    X(SIZE, "otel.sdk.processor.span.queue.size", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_SIZE, "otel.sdk.processor.log.queue.size", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(CAPACITY, "otel.sdk.processor.span.queue.capacity", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_CAPACITY, "otel.sdk.processor.log.queue.capacity", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(PROCESSED, "otel.sdk.processor.span.processed", "{span}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(10, 4)) \
    X(LOG_PROCESSED, "otel.sdk.processor.log.processed", "{log_record}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(10, 4)) \
    X(INFLIGHT, "otel.sdk.exporter.span.inflight", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(POINT_INFLIGHT, "otel.sdk.exporter.metric_data_point.inflight", "{data_point}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_INFLIGHT, "otel.sdk.exporter.log.inflight", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(EXPORTED, "otel.sdk.exporter.span.exported", "{span}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3)) \
    X(POINT_EXPORTED, "otel.sdk.exporter.metric_data_point.exported", "{data_point}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3)) \
    X(LOG_EXPORTED, "otel.sdk.exporter.log.exported", "{log_record}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3))
#define OTEL_SELF_ENUM_(id, name, unit, up, series) OTEL_SELF_##id##_,
#define OTEL_SELF_SUM_(id, name, unit, up, series) + (series)
enum { OTEL_SELF_OBSERVED_(OTEL_SELF_ENUM_) OTEL_SELF_KINDS_ };

/* Bounds of durations, and series of them. */
#define OTEL_SELF_BOUNDS_ 7u
#define OTEL_SELF_OPERATIONS_ (OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(12, 6))
#define OTEL_SELF_COLLECTIONS_ (OTEL_SELF_EXPORTERS_ + OTEL_SELF_ROOM_(2, 0))

/* A transport with a clock around it. Private. */
typedef struct otel_self_sender_t_ {
    struct otel_self_metrics_t *self;
    otel_exporter_t *exporter;
    int (*send)(void *user, const otel_request_t *request);
    void *user;
    uint64_t spent;               /* on the collection under way, ns */
} otel_self_sender_t_;

/* What is told, and where it stands: 100 KB on hosts, 8 KB on small targets. Define it zeroed where it outlives the
   instance; all fields are private. */
typedef struct otel_self_metrics_t {
    uint32_t mark_ OTEL_Z_;                   /* OTEL_SELF_MARK_ once it was started */
    otel_scope_t scope_ OTEL_Z_;
    otel_callback_t callback_ OTEL_Z_;
    otel_t *otel_ OTEL_Z_;
    const char *transport_ OTEL_Z_, *processor_ OTEL_Z_;
    void (*begin_)(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options) OTEL_Z_;
    void (*own_begin_)(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(otel_span_t *span, otel_t *otel) OTEL_Z_;
    otel_count_t begun_[3][3] OTEL_Z_;        /* spans, by where the parent is (none, local, remote) and by otel_decision_t */
    otel_count_t ended_[3] OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                  /* life of the instance that they belong to */
    otel_pos_t mean_[2] OTEL_Z_;              /* bytes of a record, at the last look */
    otel_self_sender_t_ sender_[OTEL_READERS_] OTEL_Z_;
    otel_observable_t observed_[OTEL_SELF_KINDS_] OTEL_Z_;
    otel_histogram_t operation_ OTEL_Z_, collection_ OTEL_Z_;
    otel_series_t series_[0 OTEL_SELF_OBSERVED_(OTEL_SELF_SUM_)] OTEL_Z_;
    otel_series_t operations_[OTEL_SELF_OPERATIONS_] OTEL_Z_, collections_[OTEL_SELF_COLLECTIONS_] OTEL_Z_;
    otel_word_t operation_rows_[OTEL_ROW_WORDS_(OTEL_SELF_OPERATIONS_, OTEL_SELF_BOUNDS_)] OTEL_Z_;
    otel_word_t collection_rows_[OTEL_ROW_WORDS_(OTEL_SELF_COLLECTIONS_, OTEL_SELF_BOUNDS_)] OTEL_Z_;
} otel_self_metrics_t;

#endif
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_API_ void otel_self_measure_(void *user);
OTEL_API_ size_t otel_self_collect_(otel_t *otel, otel_collect_t *round, uint8_t *to, size_t room);

#define OTEL_SELF_MARK_ 0x6F74736Du

/* Who tells what this instance does. Known by where its callback lies, not by what that calls, of which files may have copies. */
OTEL_FN_ otel_self_metrics_t *otel_self_of_(const otel_t *otel)
{
    otel_callback_t *c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_);
    for (; c; c = c->next_) {
        otel_self_metrics_t *self = (otel_self_metrics_t *)c->user;
        if (self && (void *)&self->callback_ == (void *)c && self->mark_ == OTEL_SELF_MARK_) return self;
    }
    return NULL;
}

#define OTEL_SELF_TEXT_ 64u
typedef struct otel_self_labels_t_ {
    otel_attr_t at[4];
    size_t n;
    char name[OTEL_SELF_TEXT_], type[OTEL_SELF_TEXT_], status[4];
} otel_self_labels_t_;

OTEL_FN_ void otel_self_text_(otel_self_labels_t_ *labels, const char *key, const char *text)
{
    labels->at[labels->n].key = key;
    labels->at[labels->n++].value = OTEL_STR(text, strlen(text));
}

OTEL_FN_ char *otel_self_put_(char *to, const char *text, size_t most)
{
    size_t n = strlen(text);
    if (n > most) n = most;
    memcpy(to, text, n);
    to[n] = 0;
    return to + n;
}

/* otel.component.name and otel.component.type: "otlp_http" "_span_exporter" "/0". */
OTEL_FN_ void otel_self_labels_(otel_self_labels_t_ *labels, const char *first, const char *rest, const char *brief, unsigned number)
{
    char *p;
    labels->n = 0;
#if OTEL_HOSTED_
    (void)brief;
    (void)otel_self_put_(otel_self_put_(labels->type, first, 23), rest, 32);
    otel_self_text_(labels, "otel.component.type", labels->type);
    p = otel_self_put_(labels->name, labels->type, 60);
#else
    (void)first;
    (void)rest;
    p = otel_self_put_(labels->name, brief, 8);
#endif
    *p++ = '/';
    *p++ = (char)('0' + number);
    *p = 0;
    otel_self_text_(labels, "otel.component.name", labels->name);
}

OTEL_FN_ const char *otel_self_brief_(unsigned signal) { return signal == OTEL_SIGNAL_TRACES ? "span" : signal == OTEL_SIGNAL_LOGS ? "log" : "metric"; }

OTEL_FN_ void otel_self_exporter_(const otel_self_metrics_t *self, otel_self_labels_t_ *labels, unsigned signal, unsigned number)
{
    otel_self_labels_(labels, self->transport_, signal == OTEL_SIGNAL_TRACES ? "_span_exporter" : signal == OTEL_SIGNAL_LOGS ? "_log_exporter" : "_metric_exporter",
                      otel_self_brief_(signal), number);
}
OTEL_C_END_
#endif
#endif
