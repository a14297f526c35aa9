/* What events and links have in common: fields of a span that are messages with attributes of their own.
   Specification: opentelemetry/proto/trace/v1/trace.proto, Span.Event and Span.Link. */
#ifndef OTEL_ELEMENT_H
#define OTEL_ELEMENT_H
#include "attr.h"
#include "compiler.h"
#include "span.h"
#include "unique.h"

/* One that is being written, behind what the span has. Private. */
typedef struct otel_element_t_ {
    uint8_t *at;                  /* how far; NULL: it does not fit, and is counted */
    uint8_t *first;               /* its first attribute */
    uint32_t kept, lost;          /* attributes */
} otel_element_t_;

OTEL_C_BEGIN_
OTEL_API_ uint8_t *otel_element_open_(otel_span_t *span, uint8_t tag, size_t need);
OTEL_API_ void otel_element_put_(otel_span_t *span, otel_element_t_ *e, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_element_text_(otel_span_t *span, otel_element_t_ *e, const char *key, const char *text);
OTEL_API_ void otel_element_close_(otel_span_t *span, const otel_element_t_ *e);
OTEL_API_ void otel_event_open_(otel_span_t *span, otel_element_t_ *e, const char *name, uint64_t time_ns);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FIELD_EVENT_ 0x5Au       /* Span.events = 11 */
#define OTEL_FIELD_LINK_ 0x6Au        /* Span.links = 13 */
#define OTEL_ELEMENT_END_ 4u          /* dropped_attributes_count must find its place */

/* Begin one whose own fields take `need` bytes, and give their place; NULL: it does not fit and is counted. */
OTEL_API_ uint8_t *otel_element_open_(otel_span_t *span, uint8_t tag, size_t need)
{
    bool event = tag == OTEL_FIELD_EVENT_;
    uint8_t *begin = otel_span_bytes_(span) + span->used_;
    if (need + 1u + OTEL_LENGTH_BYTES_ + OTEL_ELEMENT_END_ > span->room_ - span->used_ || (event ? span->events_ : span->links_) >= OTEL_COUNT_LIMIT_) {
        otel_count16_(event ? &span->lost_events_ : &span->lost_links_);
        return NULL;
    }
    *begin = tag;
    return begin + 1 + OTEL_LENGTH_BYTES_;
}

/* Bytes that may still be written at `p`. */
OTEL_FN_ size_t otel_element_room_(otel_span_t *span, const uint8_t *p)
{
    return span->room_ - OTEL_ELEMENT_END_ - (size_t)(p - otel_span_bytes_(span));
}

/* Its own fields end at `p`. */
OTEL_FN_ void otel_element_begin_(otel_element_t_ *e, uint8_t *p)
{
    e->at = e->first = p;
    e->kept = e->lost = 0;
}

/* Add attributes; those that do not fit are counted inside. Of equal keys the last value counts. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_put_(otel_span_t *span, otel_element_t_ *e, const otel_attr_t *attributes, size_t len)
{
    const unsigned tag = *(otel_span_bytes_(span) + span->used_) == OTEL_FIELD_EVENT_ ? 0x1Au : 0x22u;      /* Event.attributes = 3, Link.attributes = 4 */
    for (; len && attributes; len--, attributes++) {
        size_t n = otel_attr_write_(e->at, otel_element_room_(span, e->at), tag, attributes);
        if (n && OTEL_LIMITS && e->kept) {
            size_t gone = otel_unique_(e->first, e->at, e->at + n);
            e->at -= gone;
            if (gone) e->kept--;
        }
        if (n && e->kept < OTEL_COUNT_LIMIT_) {
            e->at += n;
            e->kept++;
        } else if (e->lost < OTEL_LENGTH_MAX_) {
            e->lost++;
        }
    }
}

/* Add a text. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_text_(otel_span_t *span, otel_element_t_ *e, const char *key, const char *text)
{
    const otel_attr_t one = otel_str(key, text);
    otel_element_put_(span, e, &one, 1);
}

OTEL_API_ void otel_element_close_(otel_span_t *span, const otel_element_t_ *e)
{
    uint8_t *begin = otel_span_bytes_(span) + span->used_, *p = e->at;
    const bool event = *begin == OTEL_FIELD_EVENT_;
    if (e->lost) {
        *p = event ? 0x20 : 0x28;                             /* Event.dropped_attributes_count = 4, Link's = 5 */
        p = otel_put_varint_(p + 1, e->lost);
    }
    otel_put_length_(begin + 1, (uint32_t)(p - begin) - 1u - OTEL_LENGTH_BYTES_);
    span->used_ += (size_t)(p - begin);
    otel_count16_(event ? &span->events_ : &span->links_);
}
OTEL_C_END_
#endif
#endif
