/* What events and links have in common: fields of a span that are messages with attributes of their own.
   Specification: opentelemetry/proto/trace/v1/trace.proto, Span.Event and Span.Link. */
#ifndef OTEL_ELEMENT_H
#define OTEL_ELEMENT_H
#include "attr.h"
#include "compiler.h"
#include "span.h"
#include "unique.h"

OTEL_C_BEGIN_
OTEL_API_ uint8_t *otel_element_open_(otel_span_t *span, uint8_t tag, size_t need);
OTEL_API_ void otel_element_close_(otel_span_t *span, uint8_t *p, const otel_attr_t *attributes, size_t len);
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

/* Put the attributes at `p`, behind what it has of its own; those that do not fit are counted inside. Of equal keys the last
   value counts. */
OTEL_API_ void otel_element_close_(otel_span_t *span, uint8_t *p, const otel_attr_t *attributes, size_t len)
{
    uint8_t *begin = otel_span_bytes_(span) + span->used_;
    const bool event = *begin == OTEL_FIELD_EVENT_;
    uint32_t lost = 0, kept = 0;
    otel_out_t_ out;
    otel_out_to_(&out, p, otel_element_room_(span, p));
    for (; len && attributes; len--, attributes++) {
        size_t key_len = attributes->key ? strlen(attributes->key) : 0, n = key_len ? otel_attr_size_(key_len, &attributes->value) : 0, gone = 0;
        if (n && n <= (size_t)(out.end - out.at)) {
            otel_attr_encode_(&out, event ? 0x1A : 0x22, attributes->key, key_len, &attributes->value);      /* Event.attributes = 3, Link.attributes = 4 */
            if (OTEL_LIMITS && kept) gone = otel_unique_(p, out.at - n, out.at);
            out.at -= gone;
            if (gone == 0 && kept >= OTEL_COUNT_LIMIT_) {
                out.at -= n;
                n = 0;
            } else if (gone == 0) {
                kept++;
            }
        } else {
            n = 0;
        }
        if (n == 0 && lost < OTEL_LENGTH_MAX_) lost++;
    }
    p = out.at;
    if (lost) {
        *p = event ? 0x20 : 0x28;                             /* Event.dropped_attributes_count = 4, Link's = 5 */
        p = otel_put_varint_(p + 1, lost);
    }
    otel_put_length_(begin + 1, (uint32_t)(p - begin) - 1u - OTEL_LENGTH_BYTES_);
    span->used_ += (size_t)(p - begin);
    otel_count16_(event ? &span->events_ : &span->links_);
}
OTEL_C_END_
#endif
#endif
