/* Links of a span to others. Specification: trace/api.md, "Link". */
#ifndef OTEL_LINK_H
#define OTEL_LINK_H
#include "compiler.h"
#include "element.h"
#include "fields.h"
#include "pairs.h"
#include "span.h"

OTEL_C_BEGIN_
/* Add a link to another span. An invalid context with no attributes is ignored. */
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

#ifndef __cplusplus
#  define otel_span_link(span, ...) otel_span_link_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_link(otel_span_t *span, const otel_context_t *context, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_link_all(span, context, OTEL_LIST_(A));
}
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{
    otel_element_t_ e;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)context; (void)attributes; (void)len; return)
    if (!otel_is_recording(span) || !context || (!otel_context_valid(context) && len == 0 && !context->tracestate)) return;
    p = otel_element_open_(span, OTEL_FIELD_LINK_, 33);
    if (!p) return;
    p[0] = 0x0A;                                              /* Link.trace_id = 1 */
    p[1] = 16;
    memcpy(p + 2, context->trace_id, 16);
    p[18] = 0x12;                                             /* Link.span_id = 2 */
    p[19] = 8;
    memcpy(p + 20, context->span_id, 8);
    p[28] = 0x35;                                             /* Link.flags = 6, fixed32 */
    otel_put32_(p + 29, (context->flags & 3u) | 0x100u | (context->remote ? 0x200u : 0u));
    p += 33;
    if (context->tracestate) p += otel_state_write_(p, otel_element_room_(span, p), context);
    otel_element_begin_(&e, p);
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}

/* The rest of the options, once the head stands. */
OTEL_API_ void otel_span_more_(otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *named)
{
    const otel_span_options_t *options = (const otel_span_options_t *)(const void *)named;
    size_t i;
    if (options->start_ns) {
        otel_put64_(span->head_ + OTEL_HEAD_START_, options->start_ns);
        if (span->state_ & OTEL_SPAN_RELATIVE_) {             /* the caller knows the time although the instance does not */
            span->state_ &= (uint8_t)~OTEL_SPAN_RELATIVE_;
            span->mark_ ^= 1u;
            span->offset_ = options->start_ns - otel_clock_now_(&span->otel_->clock_);
        }
    }
    if (options->attributes_len) otel_span_set_all(span, options->attributes, options->attributes_len);
    for (i = 0; i < options->links_len && options->links; i++) otel_span_link_all(span, &options->links[i].context, options->links[i].attributes, options->links[i].attributes_len);
}
OTEL_C_END_
#endif
#endif
