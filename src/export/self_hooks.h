/* What otel.sdk.* has to look at while it happens: how long requests and collections take, spans that start and end. Each
   stands where the instance or the exporter calls through a pointer anyway. */
#ifndef OTEL_EXPORT_SELF_HOOKS_H
#define OTEL_EXPORT_SELF_HOOKS_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/histogram.h"
#include "../otel/sampler.h"
#include "../otel/span.h"
#include "exporter.h"
#include "otlp.h"
#include "self_state.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_FN_ void otel_self_took_(otel_histogram_t *histogram, uint64_t ns, const otel_self_labels_t_ *labels)
{
    otel_record_real_(&histogram->base_, (double)(ns >> 62 ? 0u : ns) * 1e-9, labels->at, labels->n);
}

/* Instead of .send: the same with a look at the clock before and behind. */
OTEL_API_ int otel_self_send_(void *user, const otel_request_t *request);
OTEL_API_ int otel_self_send_(void *user, const otel_request_t *request)
{
    otel_self_sender_t_ *s = (otel_self_sender_t_ *)user;
    uint64_t begin = otel_clock_now_(&s->self->otel_->clock_);
    int status = (s->send)(s->user, request), n;
    otel_self_labels_t_ labels;
    if (status == OTEL_AGAIN || status == OTEL_PENDING) return status;
    otel_self_exporter_(s->self, &labels, (unsigned)request->signal, s->exporter->reader_);
    for (n = 2; n >= 0; n--) labels.status[n] = (char)('0' + (n == 2 ? status % 10 : n == 1 ? status / 10 % 10 : status / 100 % 10));
    labels.status[3] = 0;
#if OTEL_HOSTED_
    if (status >= 100 && status <= 999) {
        labels.at[labels.n].key = "http.response.status_code";
        labels.at[labels.n++].value = otel_value_int_(status);
    }
#endif
    if (status < 200 || status >= 300) otel_self_text_(&labels, "error.type", status >= 100 && status <= 999 ? labels.status : "no_answer");
    else if (s->exporter->reply_rejected_) otel_self_text_(&labels, "error.type", otel_drop_text(OTEL_DROP_REJECTED));
    otel_self_took_(&s->self->operation_, otel_clock_now_(&s->self->otel_->clock_) - begin, &labels);
    return status;
}

/* The exporter that collects is driven by this thread, so that its transport may be changed here. */
OTEL_FN_ otel_self_sender_t_ *otel_self_sender_(otel_self_metrics_t *self, const otel_collect_t *round)
{
    otel_exporter_t *x = self->otel_->exporters_;
    otel_self_sender_t_ *s;
    while (x && &x->round_ != round) x = x->next_;
    if (!x) return NULL;
    s = &self->sender_[x->reader_];
    if (x->config_.send && x->config_.user != s) {
        s->self = self;
        s->exporter = x;
        s->send = x->config_.send;
        s->user = x->config_.user;
        s->spent = 0;
        x->config_.send = otel_self_send_;
        x->config_.user = s;
    }
    return s;
}

/* Instead of otel_collect_, likewise. */
OTEL_API_ size_t otel_self_collect_(otel_t *otel, otel_collect_t *round, uint8_t *to, size_t room)
{
    otel_self_metrics_t *self = otel_self_of_(otel);
    otel_self_sender_t_ *sender = self ? otel_self_sender_(self, round) : NULL;
    bool page = round->lost == OTEL_ROUND_OF_PROMETHEUS_;
    uint64_t begin, spent;
    otel_self_labels_t_ labels;
    size_t n;
    if (!self) return otel_collect_(otel, round, to, room);
    begin = otel_clock_now_(&otel->clock_);
    n = otel_collect_(otel, round, to, room);
    spent = otel_clock_now_(&otel->clock_) - begin;
    if (sender) {
        sender->spent += spent;
        if (round->running) return n;
        spent = sender->spent;
        sender->spent = 0;
    }
    otel_self_labels_(&labels, sender ? "periodic_metric_reader" : page ? "prometheus_http_text" : "otel_metric_reader_t", !sender && page ? "_metric_exporter" : "",
                      sender ? "reader" : page ? "page" : "manual", sender ? (unsigned)(sender - self->sender_) : 0u);
    otel_self_took_(&self->collection_, spent, &labels);
    return n;
}

#if OTEL_TRACES
OTEL_API_ void otel_self_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ void otel_self_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    otel_self_metrics_t *self = otel_self_of_(otel);
    unsigned origin = !(span->state_ & OTEL_SPAN_PARENT_) ? 0u : span->state_ & OTEL_SPAN_REMOTE_ ? 2u : 1u;
    otel_decision_t decision = OTEL_DECISION_DROP;
    if (self && self->begin_) {
        (self->begin_)(span, otel, scope, options);
    } else {                                                  /* parent based, roots always on */
        if (origin == 0) span->flags_ |= OTEL_FLAG_SAMPLED;
        if (span->flags_ & OTEL_FLAG_SAMPLED) otel_span_open_(span, otel, scope, options);
    }
    if (!self) return;
    if (otel_is_recording(span)) {
        decision = span->flags_ & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_RECORD_ONLY;
        span->flags_ |= OTEL_FLAG_LATE_;
    }
    otel_tally_(&self->begun_[origin][decision]);
}

OTEL_API_ bool otel_self_late_(otel_span_t *span, otel_t *otel);
OTEL_API_ bool otel_self_late_(otel_span_t *span, otel_t *otel)
{
    otel_self_metrics_t *self = otel_self_of_(otel);
    bool sampled = (span->flags_ & OTEL_FLAG_SAMPLED) != 0;
    if (!self) return sampled;
    otel_tally_(&self->ended_[sampled ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_RECORD_ONLY]);
    return self->late_ ? (self->late_)(span, otel) : sampled;
}

OTEL_FN_ void otel_self_follow_(otel_self_metrics_t *self)
{
    otel_sampler_t *s = &self->otel_->config_.sampler;
    if (self->own_begin_ && s->begin_ == self->own_begin_) return;
    self->begin_ = s->begin_;
    self->late_ = s->late_;
    self->own_begin_ = otel_self_begin_;      /* as this file has it: another may have a copy of its own */
    s->late_ = otel_self_late_;
    OTEL_STORE_RELEASE_(&s->begin_, self->own_begin_);
}
#else
OTEL_FN_ void otel_self_follow_(otel_self_metrics_t *self) { (void)self; }
#endif
OTEL_C_END_
#endif
#endif
