/* Protobuf's wire form, writing side: varints, fixed-width numbers, text. Records are encoded while they are made,
   so the recording half needs these. Protocol Buffers documentation: Encoding. */
#ifndef OTEL_WIRE_H
#define OTEL_WIRE_H
#include "compiler.h"

#define OTEL_LENGTH_BYTES_ 3u              /* a padded length: three varint bytes */
#define OTEL_LENGTH_MAX_ 2097151u          /* what fits there: 2^21 - 1 */
#define OTEL_ENVELOPE_BYTES_ 4u            /* the same for what stands around records */
#if SIZE_MAX > 0xFFFFu
#define OTEL_ENVELOPE_MAX_ 268435455u      /* 2^28 - 1 */
#else
#define OTEL_ENVELOPE_MAX_ 65000u
#endif

OTEL_C_BEGIN_
/* More than a padded length can say, or than memory holds where size_t has 16 bits? */
#if SIZE_MAX > 0xFFFFu
#define OTEL_TOO_LONG_ ((size_t)OTEL_LENGTH_MAX_ + 1u)
#else
#define OTEL_TOO_LONG_ ((size_t)0x7FF0u)        /* two of them are one number still */
#endif
OTEL_FN_ bool otel_too_long_(size_t n) { return n >= OTEL_TOO_LONG_; }

/* Say whether text of `len` bytes is well-formed UTF-8 (The Unicode Standard, table 3-7). Safe everywhere. */
OTEL_API_ bool otel_utf8_valid(const char *text, size_t len);
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit);
/* Text that somebody cut after `len` bytes ends before a character whose rest is gone. */
OTEL_API_ void otel_utf8_close_(char *text, size_t len);
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len);
OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len);
OTEL_API_ void otel_mend_text_(uint8_t *text, size_t len);
OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value);
OTEL_API_ unsigned otel_varint64_size_(uint64_t value);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ unsigned otel_varint_size_(uint32_t value)
{
    unsigned n = 1;
    while (value > 127u) {
        value >>= 7;
        n++;
    }
    return n;
}

OTEL_FN_ uint8_t *otel_put_varint_(uint8_t *to, uint32_t value)
{
    while (value > 127u) {
        *to++ = (uint8_t)(value | 128u);
        value >>= 7;
    }
    *to++ = (uint8_t)value;
    return to;
}

/* The same of a length: on small cores, whose size_t has 16 bits, so has the work. */
#if SIZE_MAX > 0xFFFFu
OTEL_FN_ unsigned otel_len_size_(size_t n) { return otel_varint_size_((uint32_t)n); }
OTEL_FN_ uint8_t *otel_put_len_(uint8_t *to, size_t n) { return otel_put_varint_(to, (uint32_t)n); }
#else
OTEL_FN_ unsigned otel_len_size_(size_t n) { return 1u + (n > 127u) + (n > 16383u); }
OTEL_FN_ uint8_t *otel_put_len_(uint8_t *to, size_t n)
{
    for (; n > 127u; n >>= 7) *to++ = (uint8_t)(n | 128u);
    *to++ = (uint8_t)n;
    return to;
}
#endif

/* A field of `n` bytes, with tag and length. */
OTEL_FN_ size_t otel_message_size_(size_t n) { return 1u + otel_len_size_(n) + n; }

/* A varint drawn out to `bytes` bytes: the same number to every decoder. */
OTEL_FN_ uint8_t *otel_put_drawn_(uint8_t *to, uint32_t value, unsigned bytes)
{
    for (; bytes > 1u; bytes--, value >>= 7) *to++ = (uint8_t)(value | 128u);
    *to++ = (uint8_t)value;
    return to;
}

/* A length of fixed width: the writer need not know it beforehand, and every decoder takes padded varints. */
OTEL_FN_ void otel_put_length_(uint8_t *to, uint32_t length)
{
    to[0] = (uint8_t)(length | 128u);
    to[1] = (uint8_t)((length >> 7) | 128u);
    to[2] = (uint8_t)(length >> 14);
}

OTEL_FN_ void otel_put_envelope_(uint8_t *to, uint32_t length)
{
    to[0] = (uint8_t)(length | 128u);
    to[1] = (uint8_t)((length >> 7) | 128u);
    to[2] = (uint8_t)((length >> 14) | 128u);
    to[3] = (uint8_t)(length >> 21);
}

OTEL_FN_ void otel_put32_(uint8_t *to, uint32_t value)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, &value, 4);
#else
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)(value >> 16);
    to[3] = (uint8_t)(value >> 24);
#endif
}

/* The first four bytes of a record: mark and length. */
OTEL_FN_ void otel_put_head_(uint8_t *to, uint8_t mark, size_t len)
{
#if SIZE_MAX > 0xFFFFu
    uint32_t n = (uint32_t)len;
    otel_put32_(to, mark | 0x808000u | (n & 127u) << 8 | (n & 0x3F80u) << 9 | n >> 14 << 24);
#else
    to[0] = mark;                                             /* whole bytes move: this core shifts by one bit at a time */
    to[1] = (uint8_t)(len | 128u);
    to[2] = (uint8_t)((uint16_t)(len << 1) >> 8 | 128u);
    to[3] = (uint8_t)((uint8_t)(len >> 8) >> 6);
#endif
}

OTEL_FN_ void otel_put64_(uint8_t *to, uint64_t value)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, &value, 8);
#else
    otel_put32_(to, (uint32_t)value);
    otel_put32_(to + 4, (uint32_t)(value >> 32));
#endif
}

OTEL_FN_ uint32_t otel_get32_(const uint8_t *from)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t value;
    memcpy(&value, from, 4);
    return value;
#else
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
#endif
}

OTEL_FN_ uint64_t otel_get64_(const uint8_t *from)
{
    return (uint64_t)otel_get32_(from) | (uint64_t)otel_get32_(from + 4) << 32;
}

/* IEEE 754 binary64 bits of a double, also where double has only 4 bytes (AVR). */
OTEL_FN_ uint64_t otel_double_bits_(double value)
{
    if (sizeof(double) == 8) {
        uint64_t bits = 0;
        memcpy(&bits, &value, sizeof(double));
        return bits;
    } else {
        uint32_t narrow = 0, exponent, fraction;
        uint64_t sign;
        memcpy(&narrow, &value, 4);
        sign = (uint64_t)(narrow >> 31) << 63;
        exponent = (narrow >> 23) & 255u;
        fraction = narrow & 0x7FFFFFu;
        if (exponent == 255u) return sign | (uint64_t)0x7FF << 52 | (uint64_t)fraction << 29;
        if (exponent == 0u) {
            if (fraction == 0u) return sign;
            exponent = 1u;                        /* subnormal: becomes normal in the wider form */
            while (!(fraction & 0x800000u)) {
                fraction <<= 1;
                exponent--;
            }
            fraction &= 0x7FFFFFu;
        }
        return sign | (uint64_t)(exponent + 896u) << 52 | (uint64_t)fraction << 29;
    }
}
/* What is in the field at `p` (one tag byte, a varint length, content), *n bytes. */
OTEL_INLINE_ const uint8_t *otel_field_in_(const uint8_t *p, size_t *n)
{
    unsigned shift = 0;
    *n = 0;
    do {
        *n |= (size_t)(*++p & 127u) << shift;
        shift += 7;
    } while (*p & 128u);
    return p + 1;
}

/* The size of all of it. */
OTEL_FN_ size_t otel_field_size_(const uint8_t *p)
{
    size_t n;
    const uint8_t *in = otel_field_in_(p, &n);
    return (size_t)(in - p) + n;
}

/* Who builds for size has no use for the C library's fast ones, which take 100 to 250 bytes of flash each on a Cortex-M (20 on AVR). */
#if defined(__OPTIMIZE_SIZE__) && !OTEL_HOSTED_ && !defined(__AVR__)
#define OTEL_SMALL_ 1
OTEL_API_ size_t otel_len_(const char *text);
OTEL_API_ bool otel_same_(const void *a, const void *b, size_t n);
#else
#define OTEL_SMALL_ 0
OTEL_FN_ size_t otel_len_(const char *text) { return strlen(text); }
OTEL_FN_ bool otel_same_(const void *a, const void *b, size_t n) { return memcmp(a, b, n) == 0; }
#endif

/* Where code is to be short libc copies; but AVR's takes 8 cycles for a byte, four in a turn take 5. */
#if defined(__AVR__) && defined(__GNUC__)
OTEL_FN_ void otel_copy_fours_(uint8_t *to, const void *record, size_t len)
{
    const uint8_t *from = (const uint8_t *)record;
    uint8_t turns = (uint8_t)(len >> 2);
    if (OTEL_UNLIKELY_(turns == 0 || len >= 1024u || (len & 3u) != 0)) {
        memcpy(to, from, len);
        return;
    }
    __asm volatile("1: ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n"
                   " ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n dec %2\n brne 1b"
                   : "+e"(to), "+e"(from), "+r"(turns) : : "memory", "cc");
}
#define OTEL_COPY_RECORD_ otel_copy_fours_
#else
#define OTEL_COPY_RECORD_ memcpy
#endif

/* Copy a record: both places begin on a word, and it is whole words long unless more of it follows. No call where that
   makes it short: 16 bytes at a time, the last 16 over the ones before. */
OTEL_INLINE_ void otel_copy_here_(uint8_t *to, const void *record, size_t len)
{
#if defined(__GNUC__) && (defined(__arm__) || defined(__x86_64__) || defined(__aarch64__))
    if (OTEL_LIKELY_(len - 16u < 496u && (len & 3u) == 0)) {
        const uint8_t *from = (const uint8_t *)__builtin_assume_aligned(record, 4), *last = from + len - 16;
        uint8_t *at = (uint8_t *)__builtin_assume_aligned(to, 4);
        do {
            memcpy(at, from, 16);
            from += 16;
            at += 16;
        } while (from < last);
        memcpy((uint8_t *)__builtin_assume_aligned(to + len - 16, 4), (const uint8_t *)__builtin_assume_aligned(last, 4), 16);
        return;
    }
#endif
    memcpy(to, record, len);
}

/* Bytes that bring a record of `n` bytes to whole words. */
OTEL_FN_ unsigned otel_fill_(size_t n) { return (unsigned)((0u - n) & 3u); }

/* A length below 128, drawn out by `fill` bytes, 0 to 3: four bytes are written, 1 + fill of them count. */
OTEL_FN_ void otel_put_filled_(uint8_t *to, uint32_t length, unsigned fill)
{
    otel_put32_(to, length | (0x808080u >> (24u - 8u * fill)));
}

/* One word from here to there, and into what was seen. */
#define OTEL_COPY_WORD_(to, from) (memcpy(&word, (from), sizeof word), memcpy((to), &word, sizeof word), seen |= word)

/* Copy text and say whether it may be other than plain ASCII: one pass for both, a word at a time; the last word may
   overlap the one before. Texts of up to two words, of 64 bits, take no loop. */
OTEL_INLINE_ bool otel_copy_text_here_(uint8_t *to, const void *text, size_t len)
{
    const uint8_t *from = (const uint8_t *)text;
    uintptr_t seen = 0, word;
    if (len >= sizeof word) {
        const uint8_t *last = from + len - sizeof word;
        uint8_t *to_last = to + len - sizeof word;
        if (sizeof word == 8) {
            OTEL_COPY_WORD_(to, from);
            if (len > 16) {
                OTEL_COPY_WORD_(to + 8, from + 8);
                from += 16;
                to += 16;
            } else {
                from = last;
            }
        }
        for (; from < last; from += sizeof word, to += sizeof word) OTEL_COPY_WORD_(to, from);
        OTEL_COPY_WORD_(to_last, last);
    } else if (sizeof word == 8 && len >= 4) {
        uint32_t half, rest;
        memcpy(&half, from, 4);
        memcpy(&rest, from + len - 4, 4);
        memcpy(to, &half, 4);
        memcpy(to + len - 4, &rest, 4);
        seen = (uintptr_t)(half | rest);
    } else {
        for (; len; len--) seen |= *to++ = *from++;
    }
    return (seen & (uintptr_t)0x8080808080808080ull) != 0;
}

#if OTEL_BODIES_
#if OTEL_SMALL_
OTEL_API_ OTEL_NOINLINE_ size_t otel_len_(const char *text)
{
    const char *p = text;
    while (*p) p++;
    return (size_t)(p - text);
}

OTEL_API_ OTEL_NOINLINE_ bool otel_same_(const void *a, const void *b, size_t n)
{
    const uint8_t *p = (const uint8_t *)a, *q = (const uint8_t *)b;
    while (n && *p == *q) {
        p++;
        q++;
        n--;
    }
    return n == 0;
}
#endif

OTEL_API_ unsigned otel_varint64_size_(uint64_t value)
{
    unsigned n = 1;
    while (value >> 32) {
        value >>= 7;
        n++;
    }
    return n + otel_varint_size_((uint32_t)value) - 1u;
}

OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value)
{
    while (value >> 32) {
        *to++ = (uint8_t)((uint8_t)value | 128u);
        value >>= 7;
    }
    return otel_put_varint_(to, (uint32_t)value);
}

/* How long the well-formed sequence at text[0] is; 0 when it is not one. */
OTEL_FN_ unsigned otel_utf8_step_(const uint8_t *text, size_t len)
{
    uint8_t lead = text[0], low = 0x80, high = 0xBF;
    unsigned n, i;
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len < n) return 0;
    if (lead == 0xE0) low = 0xA0;                 /* no overlong forms, surrogates, or values above 10FFFF */
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    if (text[1] < low || text[1] > high) return 0;
    for (i = 2; i < n; i++) {
        if ((text[i] & 0xC0) != 0x80) return 0;
    }
    return n;
}

OTEL_API_ bool otel_utf8_valid(const char *text, size_t len)
{
    const uint8_t *p = (const uint8_t *)text;
    size_t i = 0;
    OTEL_WHEN_OFF_(return false)
    while (i < len) {
        unsigned n;
        while (len - i >= sizeof(uintptr_t)) {    /* plain ASCII, a word at a time */
            uintptr_t word;
            memcpy(&word, p + i, sizeof word);
            if (word & (uintptr_t)0x8080808080808080ull) break;
            i += sizeof word;
        }
        while (i < len && p[i] < 0x80u) i++;
        if (i == len) break;
        n = otel_utf8_step_(p + i, len - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

/* The largest length up to `limit` that does not cut a character of `text`. */
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit)
{
    size_t n = limit, back = 0;
    if (len <= limit) return len;
    while (n > 0 && back < 3 && ((uint8_t)text[n] & 0xC0) == 0x80) {
        n--;
        back++;
    }
    return ((uint8_t)text[n] & 0xC0) == 0x80 ? limit : n;     /* not UTF-8 at all: cut where the limit is */
}

OTEL_API_ void otel_utf8_close_(char *text, size_t len)
{
    size_t n = len, wanted;
    while (n && len - n < 3u && ((uint8_t)text[n - 1u] & 0xC0) == 0x80) n--;
    if (!n || (uint8_t)text[n - 1u] < 0xC0u) return;
    wanted = (uint8_t)text[n - 1u] >= 0xF0u ? 4u : (uint8_t)text[n - 1u] >= 0xE0u ? 3u : 2u;
    if (len - n + 1u < wanted) text[n - 1u] = 0;
}

OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len) { return otel_copy_text_here_(to, text, len); }

/* A byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. */
OTEL_FN_ void otel_mend_here_(uint8_t *text, size_t len)
{
    while (len) {
        unsigned n = otel_utf8_step_(text, len);
        if (n == 0) {
            *text = '?';
            n = 1;
        }
        text += n;
        len -= n;
    }
}
OTEL_API_ OTEL_NOINLINE_ void otel_mend_text_(uint8_t *text, size_t len) { otel_mend_here_(text, len); }

/* Copy text into a protobuf string. */
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len)
{
#if OTEL_LIMITS
    if (OTEL_UNLIKELY_(otel_copy_text_(to, text, len))) otel_mend_here_(to, len);
#else
    memcpy(to, text, len);
#endif
    return to + len;
}
#endif
OTEL_C_END_
#endif
