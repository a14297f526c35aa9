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
    uint8_t gate_;
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
OTEL_API_ void otel_simple_send_(otel_simple_t *simple)
{
    otel_exporter_t *x = simple->exporter;
    otel_request_t request;
    unsigned most = 16;
#if OTEL_ATOMICS_
    uint8_t open = 0;
    if (!OTEL_CAS_(&simple->gate_, &open, (uint8_t)1)) return;
#else
    uint32_t was = otel_mask_();
    bool taken = simple->gate_ != 0;
    simple->gate_ = 1;
    otel_unmask_(was);
    if (taken) return;
#endif
    while (x && x->config_.send && most-- && otel_export_next(x, &request)) otel_export_done(x, (x->config_.send)(x->config_.user, &request));
    OTEL_STORE_RELEASE_(&simple->gate_, (uint8_t)0);
}

OTEL_API_ void otel_simple_span_(const otel_processor_t *self) { otel_simple_send_((otel_simple_t *)self->user); }
OTEL_API_ void otel_simple_log_(const otel_log_processor_t *self) { otel_simple_send_((otel_simple_t *)self->user); }
OTEL_C_END_
#endif
#endif
