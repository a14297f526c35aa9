/* The traceparent header: version, trace id, parent id and flags in lower-case hex, 55 characters.
   W3C Trace Context level 2: "Traceparent Header", "Versioning of traceparent". */
#ifndef OTEL_TRACEPARENT_H
#define OTEL_TRACEPARENT_H
#include "context.h"

#define OTEL_TRACEPARENT_SIZE 56        /* the 55 characters of version 00 and the NUL */

OTEL_C_BEGIN_
OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out);
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* 64-bit little-endian machines convert eight digits at a time, without a branch. */
#if UINTPTR_MAX > 0xFFFFFFFFu && defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OTEL_HEX_WORDS_ 1
#endif
#endif
#ifndef OTEL_HEX_WORDS_
#define OTEL_HEX_WORDS_ 0
#endif

#if OTEL_HEX_WORDS_
OTEL_FN_ uint64_t otel_hex_spread_(uint32_t bytes)
{
    uint64_t x = bytes;
    x = (x | x << 16) & 0x0000FFFF0000FFFFull;
    x = (x | x << 8) & 0x00FF00FF00FF00FFull;
    x = (x >> 4 & 0x000F000F000F000Full) | (x << 8 & 0x0F000F000F000F00ull);            /* one nibble per byte, high ones first */
    return x + 0x3030303030303030ull + (((x + 0x0606060606060606ull) >> 4) & 0x0101010101010101ull) * 39u;
}

/* The inverse; a byte of *bad becomes nonzero for each character that is no lower-case hex digit. */
OTEL_FN_ uint32_t otel_hex_pack_(uint64_t x, uint64_t *bad)
{
    const uint64_t ones = 0x0101010101010101ull, tops = 0x8080808080808080ull;
    uint64_t low = x & ~tops;                                                         /* so that no sum carries into the next byte */
    uint64_t digit = (low + ones * (0x80u - '0')) & ~(low + ones * (0x7Fu - '9')) & tops;
    uint64_t letter = (low + ones * (0x80u - 'a')) & ~(low + ones * (0x7Fu - 'f')) & tops;
    *bad |= (x & tops) | ((digit | letter) ^ tops);
    x = (x & ones * 15u) + (letter >> 7) * 9u;
    x = (x << 4 | x >> 8) & 0x00FF00FF00FF00FFull;
    x = (x | x >> 8) & 0x0000FFFF0000FFFFull;
    return (uint32_t)(x | x >> 16);
}
#endif

/* The value of a lower-case hex digit; 16 for any other character. */
OTEL_FN_ unsigned otel_hex_(char digit)
{
    unsigned c = (unsigned char)digit;
    if (c - '0' < 10u) return c - '0';
    return c - 'a' < 6u ? c - 'a' + 10u : 16u;
}

/* Writes from the last byte to the first: `to` may begin up to 2n bytes before the end of `bytes`. */
OTEL_FN_ void otel_hex_write_(char *to, const uint8_t *bytes, size_t n)
{
#if OTEL_HEX_WORDS_
    while (n >= 4) {
        uint32_t word;
        uint64_t digits;
        n -= 4;
        memcpy(&word, bytes + n, 4);
        digits = otel_hex_spread_(word);
        memcpy(to + 2 * n, &digits, 8);
    }
#endif
    while (n) {
        unsigned high, low;
        n--;
        high = bytes[n] >> 4;
        low = bytes[n] & 15u;
        to[2 * n + 1] = (char)(low + (low > 9u ? 'a' - 10u : '0'));
        to[2 * n] = (char)(high + (high > 9u ? 'a' - 10u : '0'));
    }
}

OTEL_FN_ bool otel_hex_read_(uint8_t *to, const char *text, size_t n)
{
    unsigned high, low;
#if OTEL_HEX_WORDS_
    uint64_t bad = 0, digits;
    uint32_t word;
    for (; n >= 4; n -= 4, text += 8, to += 4) {
        memcpy(&digits, text, 8);
        word = otel_hex_pack_(digits, &bad);
        memcpy(to, &word, 4);
    }
    if (bad) return false;
#endif
    for (; n; n--, text += 2) {
        high = otel_hex_(text[0]);
        low = otel_hex_(text[1]);
        if ((high | low) > 15u) return false;
        *to++ = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* An empty string for a context that is not valid. Flags that level 2 does not define go out as zero ("Other Flags").
   From back to front, so that `out` may be the memory of the context itself. */
OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out)
{
    uint8_t flags;
    if (!otel_context_valid(context)) {
        out[0] = 0;
        return;
    }
    flags = (uint8_t)(context->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    otel_hex_write_(out + 53, &flags, 1);
    otel_hex_write_(out + 36, context->span_id, 8);
    otel_hex_write_(out + 3, context->trace_id, 16);
    out[0] = out[1] = '0';
    out[2] = out[35] = out[52] = '-';
    out[55] = 0;
}

/* Read `text`, which has no whitespace around it, into ids, flags and remote; when it is not valid, all of these are zero.
   Version 00 ends after the flags; in a higher one a '-' and anything may follow, but no comma: that is two headers in one. */
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len)
{
    uint8_t version = 0xFF, flags = 0;
    bool valid = len >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-' && otel_hex_read_(&version, text, 1) && version != 0xFF;
    if (valid && len > 55) valid = version != 0 && text[55] == '-' && !memchr(text + 55, ',', len - 55);
    valid = valid && otel_hex_read_(context->trace_id, text + 3, 16) && otel_hex_read_(context->span_id, text + 36, 8) &&
            otel_hex_read_(&flags, text + 53, 1) && otel_context_valid(context);
    if (!valid) {
        memset(context->trace_id, 0, 16);
        memset(context->span_id, 0, 8);
        flags = 0;
    }
    context->flags = (uint8_t)(flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    context->remote = valid;
    return valid;
}
OTEL_C_END_
#endif
#endif
