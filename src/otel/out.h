/* Where encoded bytes go: one piece of memory, or two where a ring wraps. */
#ifndef OTEL_OUT_H
#define OTEL_OUT_H
#include "compiler.h"
#include "wire.h"

/* Private. */
typedef struct otel_out_t_ {
    uint8_t *at, *end;            /* the piece that is being filled */
    uint8_t *then, *then_end;     /* the one behind it, or NULL */
} otel_out_t_;

OTEL_C_BEGIN_
OTEL_API_ void otel_out_(otel_out_t_ *out, const void *bytes, size_t n);
OTEL_API_ void otel_out_head_(otel_out_t_ *out, uint8_t tag, size_t len);
OTEL_API_ void otel_out_text_(otel_out_t_ *out, const char *text, size_t len);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_out_to_(otel_out_t_ *out, uint8_t *to, size_t room)
{
    out->at = to;
    out->end = to + room;
    out->then = out->then_end = NULL;
}
#if OTEL_BODIES_
/* Room for one byte, in this piece or the next. Should the caller's data have grown since the room was counted, it is cut off here. */
OTEL_FN_ bool otel_out_turn_(otel_out_t_ *out)
{
    if (out->at == out->end) {
        out->at = out->then;
        out->end = out->then_end;
        out->then = out->then_end;
    }
    return out->at != out->end;
}

/* Around the end, byte by byte and without a call of its own: few records do. */
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n)
{
    for (; n && otel_out_turn_(out); n--) *out->at++ = *bytes++;
}

/* Stack is short where this is used: both calls stand where a return would. */
OTEL_API_ void otel_out_(otel_out_t_ *out, const void *bytes, size_t n)
{
    uint8_t *at = out->at;
    if (OTEL_UNLIKELY_(n > (size_t)(out->end - at))) {
        otel_out_around_(out, (const uint8_t *)bytes, n);
        return;
    }
    out->at = at + n;
    if (n) memcpy(at, bytes, n);
}

OTEL_API_ OTEL_NOINLINE_ void otel_out_head_around_(otel_out_t_ *out, uint8_t tag, size_t len);
OTEL_API_ OTEL_NOINLINE_ void otel_out_head_around_(otel_out_t_ *out, uint8_t tag, size_t len)
{
    unsigned left = otel_len_size_(len);
    for (; otel_out_turn_(out); len >>= 7) {
        *out->at++ = tag;
        if (left-- == 0) return;
        tag = (uint8_t)(left ? len | 128u : len);
    }
}

/* Tag and length of a message, or of text. */
OTEL_API_ void otel_out_head_(otel_out_t_ *out, uint8_t tag, size_t len)
{
    uint8_t *at = out->at;
    if (OTEL_UNLIKELY_((size_t)(out->end - at) < 6u)) {
        otel_out_head_around_(out, tag, len);
        return;
    }
    *at = tag;
    out->at = otel_put_len_(at + 1, len);
}

/* Text of a protobuf string: a byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. One look at each byte
   where it is plain ASCII that fits; else a character at a time. */
OTEL_API_ void otel_out_text_(otel_out_t_ *out, const char *text, size_t len)
{
#if OTEL_LIMITS
    uint8_t *at = out->at;
    if (OTEL_LIKELY_(len <= (size_t)(out->end - at)) && OTEL_LIKELY_(!otel_copy_text_(at, text, len))) {
        out->at = at + len;
        return;
    }
    while (len) {
        unsigned n = otel_utf8_step_((const uint8_t *)text, len), some = n ? n : 1u;
        len -= some;
        for (; some && otel_out_turn_(out); some--, text++) *out->at++ = n ? (uint8_t)*text : (uint8_t)'?';
        text += some;                                         /* no room is left */
    }
#else
    otel_out_(out, text, len);
#endif
}
#endif
OTEL_C_END_
#endif
