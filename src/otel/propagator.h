/* Propagation: from the headers of a request to a context, and from a span to the headers of the next request.
   Specification: context/api-propagators.md, "TextMap Propagator"; W3C Trace Context level 2; W3C Baggage. */
#ifndef OTEL_PROPAGATOR_H
#define OTEL_PROPAGATOR_H
#include "baggage.h"
#include "carrier.h"
#include "context.h"
#include "instance.h"
#include "span.h"
#include "traceparent.h"
#include "tracestate.h"

/* A propagator: see textmap.h, b3.h; or fill one for a format of your own. otel_config_t.propagator names the one in use. */
typedef struct otel_propagator_t {
    /* Read the carrier into *context and leave alone what it does not have: several propagators share one context. True when
       a trace was found. */
    bool (*extract)(const struct otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier) OTEL_Z_;
    /* Call set(user, name, value) for each header that carries *context on. */
    void (*inject)(const struct otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user) OTEL_Z_;
    const char *fields OTEL_Z_;                       /* the names that it sets, each with its NUL, an empty one at the end: "b3\0" */
    const struct otel_propagator_t *const *list OTEL_Z_;    /* of a composite, NULL at the end */
    void *user OTEL_Z_;
} otel_propagator_t;

OTEL_C_BEGIN_
/* Read the headers of a request into `out`; NULL stands for a header that is absent. True when traceparent is valid; else
   `out` has no ids and no tracestate, and a span started from it begins a new trace. Baggage is kept in either case.
   Spaces and tabs around a value are ignored. Header lines of the same name come joined by commas; a traceparent so
   joined is not valid. tracestate and baggage are not copied: their text must outlive `out` and the spans started from
   it. Works without an instance. Safe in interrupts and signal handlers. */
OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage);

/* Write the traceparent of `span` and give `out` back: an empty string when there is no span. Safe in interrupts. */
OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE]);

/* Call set(user, name, value) for each header that carries `span` on: those of the instance's propagator, without one
   traceparent, tracestate, baggage, in this order, and only those that are there. Names are lower-case; `value` lives until `set` returns, and only has visible ASCII, spaces
   and tabs in it.
   tracestate and baggage are checked and then go on as the text that came, when it needs no change. A text that does
   (whitespace around members, empty or malformed members) goes on in the form of otel_tracestate where pointers have
   8 bytes and 511 bytes hold it. Elsewhere it goes on as it came if all its members are well-formed, for whitespace and
   empty members are legal, and is left out if one is not. A baggage beyond the limits of otel_baggage counts as malformed.
   Needs about 128 bytes of stack, 800 where pointers have 8 bytes, and what `set` takes. */
OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user);

/* The same for programs that forward a request without a span of their own. */
OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_INJECT_BYTES_ 512u         /* a copy on the stack: what tracestate limits ask to propagate at least */

/* A header's value without the whitespace in front of it; NULL when nothing is left. */
OTEL_FN_ const char *otel_header_text_(const char *value)
{
    if (!value) return NULL;
    while (otel_blank_(*value)) value++;
    return *value ? value : NULL;
}

OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage)
{
    size_t len;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)traceparent; (void)tracestate; (void)baggage; return false)
    out->baggage = otel_header_text_(baggage);
    traceparent = otel_header_text_(traceparent);
    if (!traceparent) return false;
    len = strlen(traceparent);
    while (otel_blank_(traceparent[len - 1])) len--;
    if (!otel_traceparent_read_(out, traceparent, len)) return false;
    out->tracestate = otel_header_text_(tracestate);
    return true;
}

OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE])
{
    if (!out) return NULL;
    out[0] = 0;
    OTEL_TRACES_OFF_((void)span; return out)
    if (otel_span_carries_(span)) (void)otel_traceparent_put_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, out);
    return out;
}

/* What a list keeps of a text has n of its characters: text[n] exists, and is the NUL when nothing of it changes. A changed
   list goes on as a copy where the stack has room for one; never inlined, so that only such a text pays for it. */
#if UINTPTR_MAX > 0xFFFFFFFFu
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char copy[OTEL_INJECT_BYTES_];
    otel_baggage_t it = otel_baggage_walk_(text);
    if (baggage) (void)otel_baggage_write_(&it, copy, sizeof copy);
    else (void)otel_tracestate_write_(text, copy, sizeof copy);
    set(user, baggage ? "baggage" : "tracestate", copy);
}
#endif

OTEL_FN_ bool otel_inject_changed_(const char *text, size_t n, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
#if UINTPTR_MAX > 0xFFFFFFFFu
    if (text[n] && n < OTEL_INJECT_BYTES_) {
        otel_inject_copy_(text, baggage, set, user);
        return true;
    }
#endif
    (void)text, (void)n, (void)baggage, (void)set, (void)user;
    return false;
}

OTEL_STEP_ void otel_inject_tracestate_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    n = otel_tracestate_size_(text);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, false, set, user)) return;
    set(user, "tracestate", text);
}

OTEL_STEP_ void otel_inject_baggage_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    otel_baggage_t it;
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    it = otel_baggage_walk_(text);
    n = otel_baggage_size_(&it);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, true, set, user)) return;
    if (!it.rest_) set(user, "baggage", text);
}

/* Never inlined: the text's memory is free again when the lists are checked. The text says whether it is one; a result that is
   kept over `set` would take more stack. */
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char text[OTEL_TRACEPARENT_SIZE];
    (void)otel_traceparent_put_(trace_id, span_id, flags, text);
    if (!text[0]) return false;
    set(user, "traceparent", text);
    return true;
}

/* What W3C says of a context. */
OTEL_STEP_ void otel_inject_w3c_(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    if (otel_inject_parent_(context->trace_id, context->span_id, context->flags, set, user)) otel_inject_tracestate_(context->tracestate, set, user);
    otel_inject_baggage_(context->baggage, set, user);
}

OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    const otel_propagator_t *p;
    OTEL_WHEN_OFF_((void)context; (void)set; (void)user; return)
    if (!context || !set) return;
    p = otel_default_() ? otel_default_()->config_.propagator : NULL;
    if (!p) otel_inject_w3c_(context, set, user);
    else if (p->inject) (p->inject)(p, context, set, user);
}

OTEL_API_ OTEL_NOINLINE_ void otel_inject_by_(const otel_propagator_t *propagator, const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_by_(const otel_propagator_t *propagator, const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{
    otel_context_t context;
    memset(&context, 0, sizeof context);
    if (otel_span_carries_(span)) otel_span_context_to_(span, &context);
    if (propagator->inject) (propagator->inject)(propagator, &context, set, user);
}

OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{
    const otel_t *otel;
    OTEL_TRACES_OFF_((void)span; (void)set; (void)user; return)
    if (!span || !set) return;
    otel = span->otel_ ? span->otel_ : otel_default_();
    if (otel && otel->config_.propagator) {
        otel_inject_by_(otel->config_.propagator, span, set, user);
        return;
    }
    if (!otel_span_carries_(span)) return;
    if (otel_inject_parent_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, set, user)) otel_inject_tracestate_(span->tracestate_, set, user);
    otel_inject_baggage_(span->baggage_, set, user);
}
OTEL_C_END_
#endif
#endif
