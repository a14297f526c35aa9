/* The context of a span: what its children, its links and the other side of a wire need to know of it.
   Specification: trace/api.md, "SpanContext"; W3C Trace Context level 2. */
#ifndef OTEL_CONTEXT_H
#define OTEL_CONTEXT_H
#include "compiler.h"

#define OTEL_FLAG_SAMPLED 0x01u   /* trace-flags: sampled */
#define OTEL_FLAG_RANDOM 0x02u    /* trace-flags: the right 56 bits of the trace id are random (level 2) */
#define OTEL_FLAG_DEBUG 0x80u     /* not of W3C: B3 asked for this trace by its debug flag, which only B3 passes on */

struct otel_context_value_t;

/* Filled by otel_extract and otel_span_context. All zero: no context. */
typedef struct otel_context_t {
    uint8_t trace_id[16];         /* all zero: not valid */
    uint8_t span_id[8];           /* all zero: not valid */
    uint8_t flags;                /* OTEL_FLAG_.. */
    bool remote;                  /* came over a wire */
    const char *tracestate;       /* the headers' text, or NULL; must outlive the context and the spans started from it */
    const char *baggage;          /* likewise; sent as it is, so values are percent-encoded already: what is malformed is left out (otel_inject). otel_baggage_set writes it */
    const struct otel_context_value_t *values;    /* what otel_context_with put there; never sent */
} otel_context_t;

OTEL_C_BEGIN_
/* Say whether both ids are set. NULL is not valid. Safe everywhere. */
OTEL_API_ bool otel_context_valid(const otel_context_t *context);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ bool otel_all_zero_(const uint8_t *bytes, size_t n)
{
    uint32_t any = 0, word;
    for (; OTEL_HOT_(true, false) && n >= sizeof word; n -= sizeof word) {        /* who builds for size goes by bytes */
        memcpy(&word, bytes + n - sizeof word, sizeof word);
        any |= word;
    }
    while (n) any |= bytes[--n];
    return any == 0;
}
#if OTEL_BODIES_
OTEL_API_ bool otel_context_valid(const otel_context_t *context)
{
    OTEL_WHEN_OFF_((void)context; return false)
    return context && !otel_all_zero_(context->trace_id, 16) && !otel_all_zero_(context->span_id, 8);
}
#endif
OTEL_C_END_
#endif
