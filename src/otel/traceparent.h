/* The traceparent header: version, trace id, parent id and flags in lower-case hex, 55 characters.
   W3C Trace Context level 2: "Traceparent Header", "Versioning of traceparent". */
#ifndef OTEL_TRACEPARENT_H
#define OTEL_TRACEPARENT_H
#include "context.h"

#define OTEL_TRACEPARENT_SIZE 56        /* the 55 characters of version 00 and the NUL */

OTEL_C_BEGIN_
OTEL_API_ bool otel_traceparent_put_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, char *out);
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

/* The value of a lower-case hex digit; 256 for any other character. */
OTEL_FN_ unsigned otel_hex_(char digit)
{
    unsigned c = (unsigned char)digit;
    if (c - '0' < 10u) return c - '0';
    return c - 'a' < 6u ? c - 'a' + 10u : 256u;
}

/* The value of two of them; above 255 when they are not. */
OTEL_FN_ unsigned otel_hex_byte_(const char *text) { return otel_hex_(text[0]) << 4 | otel_hex_(text[1]); }

OTEL_FN_ char otel_digit_(unsigned nibble) { return (char)(nibble + (nibble > 9u ? 'a' - 10u : '0')); }

/* An id of n bytes (a multiple of 4) as text. False when it is all zero. */
OTEL_FN_ bool otel_hex_write_(char *to, const uint8_t *bytes, size_t n)
{
#if OTEL_HEX_WORDS_
    uint32_t any = 0, word;
    uint64_t digits;
    for (; n; n -= 4, bytes += 4, to += 8) {
        memcpy(&word, bytes, 4);
        any |= word;
        digits = otel_hex_spread_(word);
        memcpy(to, &digits, 8);
    }
#else
    unsigned any = 0;
    for (; n; n--, bytes++) {
        any |= *bytes;
        *to++ = otel_digit_((unsigned)*bytes >> 4);
        *to++ = otel_digit_(*bytes & 15u);
    }
#endif
    return any != 0;
}

/* The inverse. False when a character is no lower-case hex digit or the id all zero. */
OTEL_FN_ bool otel_hex_read_(uint8_t *to, const char *text, size_t n)
{
#if OTEL_HEX_WORDS_
    uint64_t bad = 0, digits;
    uint32_t any = 0, word;
    for (; n; n -= 4, text += 8, to += 4) {
        memcpy(&digits, text, 8);
        word = otel_hex_pack_(digits, &bad);
        any |= word;
        memcpy(to, &word, 4);
    }
    return any != 0 && bad == 0;
#else
    unsigned any = 0, byte;
    for (; n; n--, text += 2) {
        byte = otel_hex_byte_(text);
        if (byte > 255u) return false;
        any |= byte;
        *to++ = (uint8_t)byte;
    }
    return any != 0;
#endif
}

/* False, and an empty string, when an id is not valid. Flags that level 2 does not define go out as zero ("Other Flags"). */
OTEL_API_ bool otel_traceparent_put_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, char *out)
{
    out[0] = out[1] = out[53] = '0';
    out[2] = out[35] = out[52] = '-';
    out[54] = (char)('0' + (flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM)));
    out[55] = 0;
    if (otel_hex_write_(out + 3, trace_id, 16) && otel_hex_write_(out + 36, span_id, 8)) return true;
    out[0] = 0;
    return false;
}

OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out)
{
    (void)otel_traceparent_put_(context->trace_id, context->span_id, context->flags, out);
}

/* Read `text`, which has no whitespace around it, into ids, flags and remote; when it is not valid, all of these are zero.
   Version 00 ends after the flags; in a higher one a '-' and anything may follow, but no comma: that is two headers in one. */
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len)
{
    unsigned version, flags = 0;
    bool valid = len >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-';
    if (valid) {
        version = otel_hex_byte_(text);
        flags = otel_hex_byte_(text + 53);
        valid = version < 255u && flags < 256u && otel_hex_read_(context->trace_id, text + 3, 16) && otel_hex_read_(context->span_id, text + 36, 8);
        if (len > 55) valid = valid && version != 0 && text[55] == '-' && !memchr(text + 55, ',', len - 55);
    }
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
