/* The numbers of otel.sdk.* that are there anyway, told by a callback: counts of otel_stats, and what lies in the rings. */
#ifndef OTEL_EXPORT_SELF_NUMBERS_H
#define OTEL_EXPORT_SELF_NUMBERS_H
#include "../otel/compiler.h"
#include "../otel/observable.h"
#include "../otel/ring.h"
#include "self_state.h"
#include "stats.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_FN_ void otel_self_tell_(otel_self_metrics_t *self, unsigned what, otel_count_t value, const otel_self_labels_t_ *labels)
{
    otel_observe_all(&self->observed_[what], (int64_t)value, labels ? labels->at : NULL, labels ? labels->n : 0u);
}

/* The same with error.type, when there are any. */
OTEL_FN_ void otel_self_failed_(otel_self_metrics_t *self, unsigned what, otel_count_t value, const otel_self_labels_t_ *labels, const char *type)
{
    otel_self_labels_t_ more;
    if (!value) return;
    memcpy(more.at, labels->at, sizeof more.at);
    more.n = labels->n;
    otel_self_text_(&more, "error.type", type);
    otel_self_tell_(self, what, value, &more);
}

/* What waits in the queue of an exporter, and what is on its way. */
typedef struct otel_self_queue_t_ {
    otel_count_t waiting, flying;
    otel_pos_t bytes, size;       /* of all that is there; of the rings */
} otel_self_queue_t_;

OTEL_FN_ void otel_self_ring_(const otel_exporter_t *x, otel_ring_t *ring, otel_self_queue_t_ *queue)
{
    const otel_reader_t_ *r = &ring->reader[x->reader_];
    otel_pos_t pos = r->cursor, until = OTEL_LOAD_ACQUIRE_(&ring->published), left = otel_pos_between_(ring, pos, until), held = otel_pos_between_(ring, pos, r->held);
    queue->size += ring->size;
    queue->bytes += left;
    if (held > left) held = 0;
    while (left) {
        uint32_t size = otel_record_size_(ring, pos);
        if (size > left) break;
        if (held) queue->flying++;
        else queue->waiting++;
        held -= held > (otel_pos_t)size ? (otel_pos_t)size : held;
        left -= (otel_pos_t)size;
        pos = otel_pos_add_(ring, pos, (otel_pos_t)size);
    }
}

OTEL_FN_ void otel_self_queue_(const otel_exporter_t *x, unsigned signal, otel_self_queue_t_ *queue)
{
    unsigned i;
    memset((void *)queue, 0, sizeof *queue);
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = otel_exporter_ring_(x, i, otel_ring_of_(signal));
        otel_held_t_ held;
        if (!otel_gate_try_(ring, &x->otel_->guard_, 1000, &held)) continue;
        otel_self_ring_(x, ring, queue);
        otel_gate_leave_(ring, &x->otel_->guard_, &held);
    }
}

/* How many records of the mean size of those that are there, or were there last, the rings hold. */
OTEL_FN_ otel_count_t otel_self_capacity_(otel_self_metrics_t *self, unsigned ring, const otel_self_queue_t_ *queue)
{
    otel_pos_t n = (otel_pos_t)(queue->waiting + queue->flying);
    if (n) self->mean_[ring] = queue->bytes / n;
    if (!self->mean_[ring]) self->mean_[ring] = 128u;
    return (otel_count_t)(queue->size / self->mean_[ring]);
}

/* The processor in front of an exporter: what it gave on, and what was lost before. */
OTEL_FN_ void otel_self_processor_(otel_self_metrics_t *self, const otel_exporter_t *x, unsigned signal, const otel_signal_stats_t *s, otel_count_t refused)
{
    unsigned ring = otel_ring_of_(signal), reason;
    otel_self_labels_t_ labels;
    otel_self_queue_t_ queue;
    otel_self_queue_(x, signal, &queue);
    otel_self_labels_(&labels, self->processor_, signal == OTEL_SIGNAL_TRACES ? "_span_processor" : "_log_processor", otel_self_brief_(signal), x->reader_);
    otel_self_tell_(self, OTEL_SELF_SIZE_ + ring, queue.waiting, &labels);
    otel_self_tell_(self, OTEL_SELF_CAPACITY_ + ring, otel_self_capacity_(self, ring, &queue), &labels);
    otel_self_tell_(self, OTEL_SELF_PROCESSED_ + ring, s->exported + s->dropped[OTEL_DROP_REJECTED] + s->dropped[OTEL_DROP_GAVE_UP] + refused, &labels);
    for (reason = 0; reason < OTEL_DROP_REASONS; reason++) {
        otel_count_t n = s->dropped[reason] - (reason == OTEL_DROP_TOO_LARGE ? refused : 0u);
        if (reason == OTEL_DROP_REJECTED || reason == OTEL_DROP_GAVE_UP) continue;
        otel_self_failed_(self, OTEL_SELF_PROCESSED_ + ring, n, &labels, reason == OTEL_DROP_FULL ? "queue_full" : otel_drop_text((otel_drop_t)reason));
    }
    otel_self_exporter_(self, &labels, signal, x->reader_);
    otel_self_tell_(self, OTEL_SELF_INFLIGHT_ + signal, queue.flying, &labels);
}

OTEL_FN_ void otel_self_signal_(otel_self_metrics_t *self, const otel_exporter_t *x, unsigned signal, const otel_signal_stats_t *s)
{
    otel_count_t refused = OTEL_LOAD_(&x->lane_[signal].dropped[0]);      /* OTEL_DROP_TOO_LARGE of the exporter itself */
    unsigned what = OTEL_SELF_EXPORTED_ + signal;
    otel_self_labels_t_ labels;
    if (signal != OTEL_SIGNAL_METRICS) otel_self_processor_(self, x, signal, s, refused);
    otel_self_exporter_(self, &labels, signal, x->reader_);
    if (signal == OTEL_SIGNAL_METRICS) otel_self_tell_(self, OTEL_SELF_POINT_INFLIGHT_, s->queued, &labels);
    otel_self_tell_(self, what, s->exported, &labels);
    otel_self_failed_(self, what, s->dropped[OTEL_DROP_REJECTED], &labels, otel_drop_text(OTEL_DROP_REJECTED));
    otel_self_failed_(self, what, s->dropped[OTEL_DROP_GAVE_UP], &labels, otel_drop_text(OTEL_DROP_GAVE_UP));
    otel_self_failed_(self, what, refused, &labels, otel_drop_text(OTEL_DROP_TOO_LARGE));
    if (signal == OTEL_SIGNAL_METRICS) otel_self_failed_(self, what, s->dropped[OTEL_DROP_SHUTDOWN], &labels, otel_drop_text(OTEL_DROP_SHUTDOWN));
}

#if OTEL_TRACES
OTEL_FN_ void otel_self_spans_(otel_self_metrics_t *self)
{
    static const char decision[][18] = { "DROP", "RECORD_ONLY", "RECORD_AND_SAMPLE" };
#if OTEL_HOSTED_
    static const char origin[][7] = { "none", "local", "remote" };
#endif
    unsigned d, o;
    for (d = 0; d < 3u; d++) {
        otel_self_labels_t_ labels;
        otel_count_t all = 0, n[3];
        labels.n = 0;
        otel_self_text_(&labels, "otel.span.sampling_result", decision[d]);
        for (o = 0; o < 3u; o++) all += n[o] = OTEL_LOAD_(&self->begun_[o][d]);
        if (d != OTEL_DECISION_DROP && (all || self->ended_[d])) otel_self_tell_(self, OTEL_SELF_LIVE_, all - OTEL_LOAD_(&self->ended_[d]), &labels);
#if OTEL_HOSTED_
        for (o = 0; o < 3u; o++) {
            labels.n = 1;
            otel_self_text_(&labels, "otel.span.parent.origin", origin[o]);
            if (n[o]) otel_self_tell_(self, OTEL_SELF_STARTED_, n[o], &labels);
        }
#else
        if (all) otel_self_tell_(self, OTEL_SELF_STARTED_, all, &labels);
#endif
    }
}
#else
OTEL_FN_ void otel_self_spans_(otel_self_metrics_t *self) { (void)self; }
#endif

/* The child of a fork counts anew; what is alive, is. */
OTEL_FN_ void otel_self_renew_(otel_self_metrics_t *self)
{
    unsigned d, o;
    if (self->epoch_ == self->otel_->epoch_) return;
    self->epoch_ = self->otel_->epoch_;
    for (d = 0; d < 3u; d++) {
        for (o = 0; o < 3u; o++) {
            self->ended_[d] -= self->begun_[o][d];
            self->begun_[o][d] = 0;
        }
    }
}

/* The callback: once in each collection, by any reader. */
OTEL_API_ void otel_self_measure_(void *user)
{
    otel_self_metrics_t *self = (otel_self_metrics_t *)user;
    otel_count_t logs = 0;
    otel_exporter_t *x;
    unsigned i;
    otel_self_renew_(self);
    OTEL_STORE_RELEASE_(&self->otel_->collect_, &otel_self_collect_);     /* an instrument that registers takes its place */
    for (i = 0; i < otel_shards_(self->otel_); i++) logs += OTEL_LOAD_(&otel_shard_at_(self->otel_, i)->ring[OTEL_LOGS_].created);
    otel_self_tell_(self, OTEL_SELF_LOGS_, logs, NULL);
    otel_self_spans_(self);
    for (x = self->otel_->exporters_; x; x = x->next_) {
        otel_stats_t stats;
        if (otel_stats(x, &stats) != OTEL_OK) continue;
        for (i = 0; i < OTEL_SIGNALS; i++) otel_self_signal_(self, x, i, &stats.signal[i]);
    }
}
OTEL_C_END_
#endif
#endif
