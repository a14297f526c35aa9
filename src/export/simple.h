/* The simple processors: each span or log record is offered to the transport as soon as it is there, instead of in batches.
   For tests, tools and short programs; `send` then runs wherever spans end. The batching ones are the rings themselves.
   Specification: trace/sdk.md, "Simple processor"; logs/sdk.md, "Simple processor". */
#ifndef OTEL_EXPORT_SIMPLE_H
#define OTEL_EXPORT_SIMPLE_H
#include "../otel/compiler.h"
#include "../otel/logger.h"
#include "../otel/processor.h"
#include "exporter.h"

/* Which exporter; the gate is private. One for both kinds of processors. */
typedef struct otel_simple_t {
    otel_exporter_t *exporter;    /* with .send; other threads do not drive it */
#if OTEL_HOSTED_
    uint32_t gate_;                           /* the life in which somebody is at it; 0: nobody */
#else
    uint8_t gate_;
#endif
} otel_simple_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_simple_send_(otel_simple_t *simple);
OTEL_API_ void otel_simple_span_(const otel_processor_t *self);
OTEL_API_ void otel_simple_log_(const otel_log_processor_t *self);

/* Processors that send at once. While one thread sends, another one's record waits for the next turn of that thread or of
   any that comes later; flush and shutdown find what is left. `simple` outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_simple(otel_simple_t *simple)
{
    otel_processor_t p = otel_processor_(simple);
    p.after = OTEL_ENABLED ? otel_simple_span_ : NULL;
    return p;
}
OTEL_FN_ otel_log_processor_t otel_log_processor_simple(otel_simple_t *simple)
{
    otel_log_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = simple;
    p.after = OTEL_ENABLED ? otel_simple_log_ : NULL;
    return p;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_HOSTED_
/* Hosts: here each record is a request, and a look at the clock would be a good part of its price. The time counts while
   something waits after a failure and for collections, and it is asked when one fails. */
OTEL_FN_ bool otel_simple_next_(otel_exporter_t *x)
{
    if (x->live_ != 1 || !x->otel_->live_) return false;
    otel_exporter_renew_(x);
    if (x->lane_[OTEL_SIGNAL_TRACES].wait || x->lane_[OTEL_SIGNAL_LOGS].wait || otel_metrics_wanted_(x)) otel_exporter_tick_(x);
    return !x->inside_ && otel_export_build_(x, false);
}

/* The outcome. False: there is no reason to ask again, neither what others recorded meanwhile nor the rest of a collection. */
OTEL_FN_ bool otel_simple_done_(otel_exporter_t *x, int status)
{
    if (status >= 200 && status < 300) {
        otel_exporter_renew_(x);
        otel_export_outcome_(x, status);
    } else {
        otel_export_done(x, status);
    }
    return x->request_.signal == OTEL_SIGNAL_METRICS || otel_waiting_(x, OTEL_SIGNAL_TRACES) || otel_waiting_(x, OTEL_SIGNAL_LOGS);
}
#else
OTEL_FN_ bool otel_simple_next_(otel_exporter_t *x)
{
    otel_request_t request;
    return otel_export_next(x, &request);
}

OTEL_FN_ bool otel_simple_done_(otel_exporter_t *x, int status)
{
    otel_export_done(x, status);
    return true;
}
#endif

/* One at a time. A gate of another life was left closed by a thread that a fork left behind. */
OTEL_FN_ bool otel_simple_enter_(otel_simple_t *simple)
{
#if OTEL_ATOMICS_
    uint32_t life = simple->exporter->otel_->epoch_, was = OTEL_LOAD_(&simple->gate_);
    return was != life && OTEL_CAS_(&simple->gate_, &was, life);
#else
    uint32_t mask = otel_mask_();
    bool taken = simple->gate_ != 0;
    simple->gate_ = 1;
    otel_unmask_(mask);
    return !taken;
#endif
}

OTEL_API_ void otel_simple_send_(otel_simple_t *simple)
{
    otel_exporter_t *x = simple->exporter;
    unsigned most = 16;
    if (!x || !x->otel_ || !otel_simple_enter_(simple)) return;
    while (x->config_.send && most-- && otel_simple_next_(x)) {
        int status = otel_export_hand_(x);
        if (!otel_simple_done_(x, status) || status == OTEL_AGAIN) break;
    }
    OTEL_STORE_RELEASE_(&simple->gate_, 0);
}

OTEL_API_ void otel_simple_span_(const otel_processor_t *self) { otel_simple_send_((otel_simple_t *)self->user); }
OTEL_API_ void otel_simple_log_(const otel_log_processor_t *self) { otel_simple_send_((otel_simple_t *)self->user); }
OTEL_C_END_
#endif
#endif
