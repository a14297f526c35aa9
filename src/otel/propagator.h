/* Propagation: from the headers of a request to a context, and from a span to the headers of the next request.
   Specification: context/api-propagators.md, "TextMap Propagator"; W3C Trace Context level 2; W3C Baggage. */
#ifndef OTEL_PROPAGATOR_H
#define OTEL_PROPAGATOR_H
#include "baggage.h"
#include "context.h"
#include "span.h"
#include "traceparent.h"
#include "tracestate.h"

OTEL_C_BEGIN_
/* Read the headers of a request into `out`; NULL stands for a header that is absent. True when traceparent is valid; else
   `out` has no ids and no tracestate, and a span started from it begins a new trace. Baggage is kept in either case.
   Spaces and tabs around a value are ignored. Header lines of the same name come joined by commas; a traceparent so
   joined is not valid. tracestate and baggage are not copied: their text must outlive `out` and the spans started from
   it. Works without an instance. Safe in interrupts and signal handlers. */
OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage);

/* Write the traceparent of `span` and give `out` back: an empty string when there is no span. Safe in interrupts. */
OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE]);

/* Call set(user, name, value) for each header that carries `span` on: traceparent, tracestate, baggage, in this order, and
   only those that are there. Names are lower-case; `value` lives until `set` returns, and only has visible ASCII, spaces
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
    otel_context_t context;
    out[0] = 0;
    OTEL_WHEN_OFF_((void)span; return out)
    context = otel_span_context(span);
    otel_traceparent_write_(&context, out);
    return out;
}

/* The list as it is sent on; *whole: nothing of it was left out. */
OTEL_FN_ size_t otel_inject_write_(const char *text, bool baggage, char *buf, size_t size, bool *whole)
{
    otel_baggage_t it;
    size_t n;
    *whole = true;
    if (!baggage) return otel_tracestate_write_(text, buf, size);
    it = otel_baggage_walk_(text);
    n = otel_baggage_write_(&it, buf, size);
    *whole = !it.rest_;
    return n;
}

/* Never inlined: only a text that needs it pays for its stack. */
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char copy[OTEL_INJECT_BYTES_];
    bool whole;
    (void)otel_inject_write_(text, baggage, copy, sizeof copy, &whole);
    set(user, baggage ? "baggage" : "tracestate", copy);
}

OTEL_API_ void otel_inject_list_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_inject_list_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
    bool whole;
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    n = otel_inject_write_(text, baggage, NULL, 0, &whole);
    if (n == 0) return;
    if (text[n] && sizeof(void *) >= 8 && n < OTEL_INJECT_BYTES_) {     /* n characters of it are kept, so there are at least n */
        otel_inject_copy_(text, baggage, set, user);
        return;
    }
    if (whole) set(user, baggage ? "baggage" : "tracestate", text);
}

/* `span`, or without one `context`. The traceparent is written over the copy of the context: less stack. */
OTEL_API_ void otel_inject_any_(const otel_span_t *span, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_inject_any_(const otel_span_t *span, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    union {
        otel_context_t context;
        char traceparent[OTEL_TRACEPARENT_SIZE];
    } u;
    const char *tracestate, *baggage;
    u.context = span ? otel_span_context(span) : *context;
    tracestate = u.context.tracestate;
    baggage = u.context.baggage;
    otel_traceparent_write_(&u.context, u.traceparent);
    if (u.traceparent[0]) {
        set(user, "traceparent", u.traceparent);
        otel_inject_list_(tracestate, false, set, user);
    }
    otel_inject_list_(baggage, true, set, user);
}

OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{
    OTEL_WHEN_OFF_((void)span; (void)set; (void)user; return)
    if (span && set) otel_inject_any_(span, NULL, set, user);
}

OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    OTEL_WHEN_OFF_((void)context; (void)set; (void)user; return)
    if (context && set) otel_inject_any_(NULL, context, set, user);
}
OTEL_C_END_
#endif
#endif
