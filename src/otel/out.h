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
/* Around the end, byte by byte and without a call of its own: few records do. Should the caller's data have grown since the
   room was counted, it is cut off here. */
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n)
{
    for (; n; n--) {
        if (out->at == out->end) {
            out->at = out->then;
            out->end = out->then_end;
            out->then = out->then_end;
            if (out->at == out->end) return;
        }
        *out->at++ = *bytes++;
    }
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
    uint8_t head[6];
    head[0] = tag;
    otel_out_(out, head, (size_t)(otel_put_len_(head + 1, len) - head));
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

OTEL_API_ OTEL_NOINLINE_ void otel_out_mended_(otel_out_t_ *out, const char *text, size_t len);
OTEL_API_ OTEL_NOINLINE_ void otel_out_mended_(otel_out_t_ *out, const char *text, size_t len)
{
    while (len) {
        unsigned n = otel_utf8_step_((const uint8_t *)text, len);
        otel_out_(out, n ? text : "?", n ? n : 1u);
        text += n ? n : 1u;
        len -= n ? n : 1u;
    }
}

/* Text of a protobuf string: a byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. */
OTEL_API_ void otel_out_text_(otel_out_t_ *out, const char *text, size_t len)
{
#if OTEL_LIMITS
    uint8_t *at = out->at;
    if (OTEL_LIKELY_(len <= (size_t)(out->end - at))) {       /* one look at each byte: copied, then mended where it must be */
        out->at = at + len;
        if (OTEL_UNLIKELY_(otel_copy_text_(at, text, len))) otel_mend_text_(at, len);
        return;
    }
    if (!otel_utf8_valid(text, len)) {
        otel_out_mended_(out, text, len);
        return;
    }
#endif
    otel_out_(out, text, len);
}
#endif
OTEL_C_END_
#endif
