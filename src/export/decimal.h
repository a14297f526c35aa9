/* A double as text: the shortest decimal that reads back as the same number, exact for every value, without stdio and
   without floating point (so also where double has 4 bytes). Steele and White, "How to Print Floating-Point Numbers
   Accurately" (1990), with integers of 36 words. */
#ifndef OTEL_EXPORT_DECIMAL_H
#define OTEL_EXPORT_DECIMAL_H
#include "../otel/compiler.h"

#define OTEL_DECIMAL_SIZE_ 32u         /* room for any double or 64-bit number; there is no NUL */

OTEL_C_BEGIN_
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value);
OTEL_API_ size_t otel_double_text_(char *to, uint64_t bits);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Divide by less than 2^16; the remainder. 16 bits at a time: a division of 64 bits is a library of its own on small cores,
   and takes 56 bytes of stack there. */
OTEL_INLINE_ uint32_t otel_divided_(uint64_t *n, uint32_t by)
{
    uint32_t high, middle, rest;
    if (sizeof(size_t) > 4u) {
        rest = (uint32_t)(*n % by);
        *n /= by;
        return rest;
    }
    high = (uint32_t)(*n >> 32);
    rest = high % by << 16 | (uint32_t)(*n >> 16 & 0xFFFFu);
    middle = rest / by;
    rest = rest % by << 16 | (uint32_t)(*n & 0xFFFFu);
    *n = (uint64_t)(high / by) << 32 | (middle << 16 | rest / by);
    return rest % by;
}
OTEL_FN_ uint32_t otel_divide_(uint64_t *n, uint32_t by) { return otel_divided_(n, by); }

/* Decimal digits of a number; how many. */
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value)
{
    char *end = to, *from = to, last;
    uint32_t rest;
    while (value > 0xFFFFFFFFu) *end++ = (char)('0' + (int)otel_divided_(&value, 10));
    for (rest = (uint32_t)value; rest > 9u; rest /= 10u) *end++ = (char)('0' + (int)(rest % 10u));
    *end++ = (char)('0' + (int)rest);
    value = (uint64_t)(end - to);
    while (--end > from) {             /* the last digit came first */
        last = *end;
        *end = *from;
        *from++ = last;
    }
    return (size_t)value;
}

#define OTEL_BIG_WORDS_ 36u            /* 2^1074 * 10 and the like take 1,130 bits */

/* A natural number; words above `n` do not count. Private. */
typedef struct otel_big_t_ {
    unsigned n;
    uint32_t word[OTEL_BIG_WORDS_];
} otel_big_t_;

OTEL_FN_ void otel_big_times_(otel_big_t_ *a, uint32_t factor)
{
    uint32_t carry = 0;
    unsigned i;
    for (i = 0; i < a->n; i++) {
        uint64_t x = (uint64_t)a->word[i] * factor + carry;
        a->word[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
    if (carry && a->n < OTEL_BIG_WORDS_) a->word[a->n++] = carry;
}

OTEL_FN_ void otel_big_times10_(otel_big_t_ *a, unsigned exponent)
{
    for (; exponent >= 9u; exponent -= 9u) otel_big_times_(a, 1000000000u);
    for (; exponent; exponent--) otel_big_times_(a, 10u);
}

/* value * 2^shift */
OTEL_FN_ void otel_big_set_(otel_big_t_ *a, uint64_t value, unsigned shift)
{
    unsigned i;
    a->n = shift / 32u + 2u;
    for (i = 0; i < a->n; i++) a->word[i] = 0;
    a->word[a->n - 2u] = (uint32_t)value;
    a->word[a->n - 1u] = (uint32_t)(value >> 32);
    if (!a->word[a->n - 1u]) a->n--;
    otel_big_times_(a, (uint32_t)1 << (shift & 31u));
}

/* The sign of a + b * times - c, for times 0, 1, 2. */
OTEL_FN_ int otel_big_compare_(const otel_big_t_ *a, const otel_big_t_ *b, uint8_t times, const otel_big_t_ *c)
{
    unsigned i = c->n;
    int64_t owed = 0;                  /* how much more c has, in units of the word at hand */
    if (a->n > i) i = a->n;
    if (b->n > i) i = b->n;
    while (i) {
        i--;
        owed = owed * 4294967296 + (i < c->n ? (int64_t)c->word[i] : 0);
        owed -= (i < a->n ? (int64_t)a->word[i] : 0) + (i < b->n ? (int64_t)b->word[i] : 0) * times;
        if (owed > 2) return -1;       /* no three numbers of lower words make up for that */
        if (owed < 0) return 1;
    }
    return owed ? -1 : 0;
}

/* a -= b, where the result is not negative. */
OTEL_FN_ void otel_big_minus_(otel_big_t_ *a, const otel_big_t_ *b)
{
    uint32_t borrow = 0;
    unsigned i;
    for (i = 0; i < a->n; i++) {
        uint64_t take = (uint64_t)(i < b->n ? b->word[i] : 0u) + borrow;
        borrow = take > a->word[i];
        a->word[i] -= (uint32_t)take;
    }
    while (a->n && a->word[a->n - 1u] == 0) a->n--;
}

/* The shortest digits that are nearer to fraction * 2^exponent than to its neighbours: 0.d1d2d3.. * 10^point. Their
   number. rest / unit is what is left of it; half / unit is the way to the middle between it and the number below, and
   `twice` that way, 1 or 2, is the one above. A middle reads as the even one of its neighbours. */
OTEL_FN_ unsigned otel_double_digits_(char digits[18], int *point, uint64_t fraction, int exponent, uint8_t twice)
{
    otel_big_t_ rest, unit, half;
    unsigned n = 0, bits = 1, up = exponent > 0 ? (unsigned)exponent : 0u, down = exponent < 0 ? (unsigned)-exponent : 0u;
    int k, side, below, above, limit = fraction & 1u ? 1 : 0;
    while (bits < 64 && fraction >> bits) bits++;
    /* its logarithm, rounded down, and 1: 78913 / 2^18 is log10(2), near enough for all exponents */
    k = (int)((((int32_t)exponent + (int32_t)bits - 1) * 78913 + (int32_t)400 * 262144) >> 18) - 399;
    otel_big_set_(&rest, fraction, up + twice);
    otel_big_set_(&unit, 1, down + twice);
    otel_big_set_(&half, 1, up);
    if (k >= 0) {
        otel_big_times10_(&unit, (unsigned)k);
    } else {
        otel_big_times10_(&rest, (unsigned)-k);
        otel_big_times10_(&half, (unsigned)-k);
    }
    if (otel_big_compare_(&rest, &half, twice, &unit) >= limit) {
        k++;                           /* 1 and more, or nearer to it: the logarithm was just below a power of ten */
    } else {
        otel_big_times_(&rest, 10);
        otel_big_times_(&half, 10);
    }
    *point = k;
    for (;;) {
        char digit = '0';
        for (; otel_big_compare_(&rest, &half, 0, &unit) >= 0; digit++) otel_big_minus_(&rest, &unit);
        below = otel_big_compare_(&rest, &half, 0, &half);
        above = otel_big_compare_(&rest, &half, twice, &unit);
        if (below <= -limit || above >= limit || n == 17u) {          /* a digit here may end it */
            side = otel_big_compare_(&rest, &rest, 1, &unit);
            if (above >= limit && (below > -limit || side > 0 || (side == 0 && (digit & 1)))) digit++;
            digits[n++] = digit;
            return n;
        }
        digits[n++] = digit;
        otel_big_times_(&rest, 10);
        otel_big_times_(&half, 10);
    }
}

/* Write a number of IEEE 754 binary64; the length, at most 25. Others than numbers are NaN, Infinity and -Infinity. */
OTEL_API_ size_t otel_double_text_(char *to, uint64_t bits)
{
    char digits[18];
    uint64_t fraction = bits & 0xFFFFFFFFFFFFFull;
    int exponent = (int)((bits >> 52) & 0x7FFu), point, i;
    char *p = to;
    int n;
    if (exponent == 0x7FF && fraction) {
        memcpy(p, "NaN", 3);
        return 3;
    }
    if (bits >> 63) *p++ = '-';
    if (exponent == 0x7FF) {
        memcpy(p, "Infinity", 8);
        return (size_t)(p - to) + 8u;
    }
    if (exponent == 0 && fraction == 0) {                     /* with a point, so that the sign of zero is not lost */
        memcpy(p, "0.0", 3);
        return (size_t)(p - to) + 3u;
    }
    if (exponent) n = (int)otel_double_digits_(digits, &point, fraction | (uint64_t)1 << 52, exponent - 1075, fraction == 0 && exponent > 1 ? 2 : 1);
    else n = (int)otel_double_digits_(digits, &point, fraction, -1074, 1);
    if (point < -4 || point > 17) {                           /* d.ddde-5 */
        *p++ = digits[0];
        if (n > 1) {
            *p++ = '.';
            memcpy(p, digits + 1, (size_t)n - 1u);
            p += n - 1;
        }
        *p++ = 'e';
        if (point < 1) *p++ = '-';
        return (size_t)(p - to) + otel_uint_text_(p, (uint64_t)(point < 1 ? 1 - point : point - 1));
    }
    if (point <= 0) {                                         /* 0.00ddd */
        *p++ = '0';
        *p++ = '.';
        for (i = point; i < 0; i++) *p++ = '0';
    }
    for (i = 0; i < n || i < point; i++) {                    /* ddd00 or dd.d */
        if (i == point && i > 0) *p++ = '.';
        *p++ = i < n ? digits[i] : '0';
    }
    return (size_t)(p - to);
}
OTEL_C_END_
#endif
#endif
