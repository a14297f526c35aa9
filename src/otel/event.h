/* Events of a span: a name, a time and attributes. Specification: trace/api.md, "Add Events". */
#ifndef OTEL_EVENT_H
#define OTEL_EVENT_H
#include "compiler.h"
#include "element.h"
#include "pairs.h"
#include "span.h"

OTEL_C_BEGIN_
/* Add an event with `len` attributes, now or at `time_ns` (Unix nanoseconds, 0: now). `name` is copied. What does not fit
   is counted in the span. Safe in interrupts and signal handlers, for a span of their own. */
OTEL_API_ void otel_span_event_at(otel_span_t *span, const char *name, uint64_t time_ns, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_span_event_all(otel_span_t *span, const char *name, const otel_attr_t *attributes, size_t len) { otel_span_event_at(span, name, 0, attributes, len); }
OTEL_C_END_

/* otel_span_event(span, "retry", "attempt", 2) */
#ifndef __cplusplus
#  define otel_span_event(span, ...) otel_span_event_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_event(otel_span_t *span, const char *name, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_event_all(span, name, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_span_event(otel_span_t *span, const T &name, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(name)))
{
    otel_span_event(span, otel_c_str_(name), pairs...);
}
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Begin an event; e->at NULL: it finds no room. */
OTEL_API_ OTEL_NOINLINE_ void otel_event_open_(otel_span_t *span, otel_element_t_ *e, const char *name, uint64_t time_ns)
{
    uint8_t *p;
    size_t n;
    e->at = NULL;
    if (!otel_is_recording(span)) return;
    if (!name) name = "";
    n = otel_utf8_cut_(name, strlen(name), OTEL_NAME_MAX_);
    p = otel_element_open_(span, OTEL_FIELD_EVENT_, 9u + otel_message_size_(n));
    if (!p) return;
    if (!time_ns) time_ns = otel_clock_now_(&span->otel_->clock_) + span->offset_;
    else if (span->state_ & OTEL_SPAN_RELATIVE_) time_ns = otel_clock_from_unix_(&span->otel_->clock_, time_ns);
    p[0] = 0x09;                                              /* Event.time_unix_nano = 1, fixed64: first, so that it can be put right */
    otel_put64_(p + 1, time_ns);
    p[9] = 0x12;                                              /* Event.name = 2 */
    otel_element_begin_(e, otel_put_text_(otel_put_len_(p + 10, n), name, n));
}

OTEL_API_ void otel_span_event_at(otel_span_t *span, const char *name, uint64_t time_ns, const otel_attr_t *attributes, size_t len)
{
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)name; (void)time_ns; (void)attributes; (void)len; return)
    otel_event_open_(span, &e, name, time_ns);
    if (!e.at) return;
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}
OTEL_C_END_
#endif
#endif
