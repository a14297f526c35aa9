/* Limits that a program sets at run time: how many attributes, events and links a span keeps, how many attributes each of
   those, and how long text may be. A processor applies them when the span ends, so who sets none pays nothing; the limits
   that always hold (128 of each, and the span's memory) are those of span.h.
   Specification: trace/sdk.md, "Span Limits"; common/README.md, "Attribute Limits". */
#ifndef OTEL_LIMITS_H
#define OTEL_LIMITS_H
#include "compiler.h"
#include "element.h"
#include "fields.h"
#include "processor.h"
#include "span.h"

/* What a span may have. Zero: no limit of its own; one of nothing at all is OTEL_LIMIT_NONE. */
typedef struct otel_limits_t {
    uint16_t attributes OTEL_Z_;          /* of a span; the first ones stay */
    uint16_t events OTEL_Z_;
    uint16_t links OTEL_Z_;
    uint16_t event_attributes OTEL_Z_;    /* of each event */
    uint16_t link_attributes OTEL_Z_;     /* of each link */
    uint32_t value_length OTEL_Z_;        /* characters of a text value, bytes of a bytes value; in arrays and maps too */
} otel_limits_t;
#define OTEL_LIMIT_NONE 0xFFFFu           /* in the counts: keep none */

OTEL_C_BEGIN_
OTEL_API_ void otel_limits_ending_(const otel_processor_t *self, otel_span_t *span);

/* Keep spans within `limits`, which outlive the processor; what goes is counted in the span. Last in the list, it sees what the
   other processors set. */
OTEL_FN_ otel_processor_t otel_processor_limits(const otel_limits_t *limits)
{
    otel_processor_t p = otel_processor_(limits);
    p.on_ending = OTEL_ENABLED ? otel_limits_ending_ : NULL;
    return p;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The size of any field, by its wire type. */
OTEL_FN_ size_t otel_limits_field_(const uint8_t *p)
{
    size_t n = 1;
    switch (*p & 7u) {
    case 0: while (p[n++] & 128u) {} return n;
    case 1: return 9;
    case 5: return 5;
    default: return otel_field_size_(p);
    }
}

/* Behind tag and length. */
OTEL_FN_ uint8_t *otel_limits_in_(uint8_t *p)
{
    while (*++p & 128u) {}
    return p + 1;
}

/* Make the length behind the tag at `p` smaller, in the bytes that it has. */
OTEL_FN_ void otel_limits_shrink_(uint8_t *p, size_t by)
{
    size_t n = otel_field_size_(p) - (size_t)(otel_limits_in_(p) - p) - by;
    for (p++; *p & 128u; p++, n >>= 7) *p = (uint8_t)((n & 127u) | 128u);
    *p = (uint8_t)n;
}

/* How many bytes of text the first `most` characters are. */
OTEL_FN_ size_t otel_limits_characters_(const uint8_t *text, size_t len, uint32_t most)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if ((text[i] & 0xC0u) != 0x80u && most-- == 0) break;
    }
    return i;
}

/* Cut the text or bytes at `p`, AnyValue's field; what stands behind moves up to *end. How much went. A length that is drawn out is
   that of a number, which stays; so the one that is written here is as short as can be. */
OTEL_FN_ size_t otel_limits_text_(uint8_t *p, uint8_t **end, uint32_t most)
{
    size_t len, keep;
    const uint8_t *at = otel_field_in_(p, &len);
    uint8_t *in = p + (at - p), *to;
    if ((size_t)(in - p) != 1u + otel_len_size_(len)) return 0;
    keep = *p == OTEL_TAG_STRING_ ? otel_limits_characters_(in, len, most) : len < most ? len : (size_t)most;
    if (keep == len) return 0;
    to = otel_put_len_(p + 1, keep);
    memmove(to, in, keep);
    memmove(to + keep, in + len, (size_t)(*end - (in + len)));
    len = (size_t)(in + len - (to + keep));
    *end -= len;
    return len;
}

/* The AnyValue at `p`, which is an attribute, a pair of a map, or an element of an array: what is in it, with its own place in *any.
   NULL: it is null. A pair has a second field behind the key; behind the text of an element nothing stands. */
OTEL_FN_ uint8_t *otel_limits_any_(uint8_t *p, uint8_t **any)
{
    uint8_t *in = otel_limits_in_(p), *stop = p + otel_field_size_(p);
    *any = p;
    if (in < stop && *in == 0x0A && in + otel_field_size_(in) < stop) {
        *any = in + otel_field_size_(in);
        in = otel_limits_in_(*any);
    }
    return in < stop ? in : NULL;
}

/* Cut the value of the attribute at `p`, and what is in it. How much went. Nothing recurses: what is open is the attribute and an
   element of each list inside one another. */
OTEL_API_ size_t otel_limits_value_(uint8_t *p, uint8_t **end, uint32_t most);
OTEL_API_ size_t otel_limits_value_(uint8_t *p, uint8_t **end, uint32_t most)
{
    uint8_t *open[OTEL_VALUE_DEPTH + 1], *any, *in;
    unsigned depth = 0, i;
    size_t gone = 0, one;
    open[0] = p;
    for (;;) {
        in = otel_limits_any_(open[depth], &any);
        if (in && (*in == OTEL_TAG_ARRAY_ || *in == OTEL_TAG_MAP_) && depth < OTEL_VALUE_DEPTH && otel_limits_in_(in) < in + otel_field_size_(in)) {
            open[++depth] = otel_limits_in_(in);
            continue;
        }
        one = in && (*in == OTEL_TAG_STRING_ || *in == OTEL_TAG_BYTES_) ? otel_limits_text_(in, end, most) : 0;
        gone += one;
        for (i = depth; one; i--) {                           /* and all around it */
            if (any != open[i]) otel_limits_shrink_(any, one);
            otel_limits_shrink_(open[i], one);
            if (i == 0) break;
            otel_limits_shrink_(otel_limits_any_(open[i - 1u], &any), one);
        }
        for (;; depth--) {                                    /* the next one in the list, or in one around it */
            if (depth == 0) return gone;
            open[depth] += otel_field_size_(open[depth]);
            in = otel_limits_any_(open[depth - 1u], &any);
            if (open[depth] < in + otel_field_size_(in)) break;
        }
    }
}

/* Attributes of the event or link at `p`: those beyond `most` go and are counted, values are cut. How much went. */
OTEL_API_ size_t otel_limits_inside_(uint8_t *p, uint8_t **end, unsigned tag, unsigned lost_tag, uint32_t most, uint32_t length);
OTEL_API_ size_t otel_limits_inside_(uint8_t *p, uint8_t **end, unsigned tag, unsigned lost_tag, uint32_t most, uint32_t length)
{
    uint8_t *at = otel_limits_in_(p), *stop = p + otel_field_size_(p), *lost_at = NULL, count[8];
    size_t gone = 0, n;
    uint32_t kept = 0, lost = 0;
    while (at < stop) {
        n = otel_limits_field_(at);
        if (*at == tag && kept < most) {
            size_t cut = length ? otel_limits_value_(at, end, length) : 0;
            gone += cut;
            stop -= cut;
            kept++;
            at += n - cut;
        } else if (*at == tag || *at == lost_tag) {
            if (*at == tag) lost++;
            else for (lost_at = at + 1, n = 0; n < 5u; n++) {
                lost += (uint32_t)(lost_at[n] & 127u) << (7u * n);
                if (!(lost_at[n] & 128u)) break;
            }
            n = otel_limits_field_(at);
            memmove(at, at + n, (size_t)(*end - (at + n)));
            *end -= n;
            gone += n;
            stop -= n;
        } else {
            at += n;
        }
    }
    if (lost) {                                               /* there is room: more went */
        count[0] = (uint8_t)lost_tag;
        n = (size_t)(otel_put_varint_(count + 1, lost) - count);
        memmove(stop + n, stop, (size_t)(*end - stop));
        memcpy(stop, count, n);
        *end += n;
        gone -= n;
    }
    if (gone) otel_limits_shrink_(p, gone);
    return gone;
}

OTEL_FN_ uint32_t otel_limit_(uint16_t limit) { return limit == 0 ? 0xFFFFFFFFu : limit == OTEL_LIMIT_NONE ? 0u : limit; }

OTEL_FN_ void otel_limits_lose_(uint16_t *kept, uint16_t *lost)
{
    if (*lost != 0xFFFFu) ++*lost;
    if (*kept) --*kept;
}

OTEL_API_ void otel_limits_ending_(const otel_processor_t *self, otel_span_t *span)
{
    const otel_limits_t *l = (const otel_limits_t *)self->user;
    uint8_t *p, *end;
    uint32_t attributes = 0, events = 0, links = 0;
    OTEL_TRACES_OFF_((void)l; (void)p; (void)end; (void)attributes; (void)events; (void)links; (void)span; return)
    p = otel_span_bytes_(span) + otel_span_fields_(span);
    end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = otel_limits_field_(p);
        bool out = (*p == OTEL_FIELD_ATTRIBUTE_ && attributes++ >= otel_limit_(l->attributes)) || (*p == OTEL_FIELD_EVENT_ && events++ >= otel_limit_(l->events)) ||
                   (*p == OTEL_FIELD_LINK_ && links++ >= otel_limit_(l->links));
        if (out) {
            if (*p == OTEL_FIELD_ATTRIBUTE_) otel_limits_lose_(&span->attributes_, &span->lost_attributes_);
            else if (*p == OTEL_FIELD_EVENT_) otel_limits_lose_(&span->events_, &span->lost_events_);
            else otel_limits_lose_(&span->links_, &span->lost_links_);
            memmove(p, p + n, (size_t)(end - (p + n)));
            end -= n;
            continue;
        }
        if (*p == OTEL_FIELD_ATTRIBUTE_) n -= l->value_length ? otel_limits_value_(p, &end, l->value_length) : 0;
        else if (*p == OTEL_FIELD_EVENT_) n -= otel_limits_inside_(p, &end, 0x1Au, 0x20u, otel_limit_(l->event_attributes), l->value_length);
        else if (*p == OTEL_FIELD_LINK_) n -= otel_limits_inside_(p, &end, 0x22u, 0x28u, otel_limit_(l->link_attributes), l->value_length);
        p += n;
    }
    span->used_ = (size_t)(end - otel_span_bytes_(span));
}
OTEL_C_END_
#endif
#endif
