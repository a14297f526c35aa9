/* A double as text: the shortest decimal that reads back as the same number, exact for every value, without stdio and
   without floating point (so also where double has 4 bytes). Giulietti, "The Schubfach way to render doubles" (2021), with a power of
   ten that is calculated instead of looked up. */
#ifndef OTEL_EXPORT_DECIMAL_H
#define OTEL_EXPORT_DECIMAL_H
#include "../otel/compiler.h"

#define OTEL_DECIMAL_SIZE_ 32u         /* room for any double or 64-bit number; there is no NUL */

/* A double on its way, and the text that it becomes. Words stand lowest first. Private. */
typedef struct otel_decimal_t_ {
    uint32_t unit[6];                  /* the distance to the next double, as a multiple of the last decimal digit: 1 to 14, with 160 bits behind the point */
    uint32_t value[7];                 /* the double itself, in the same way */
    uint64_t fraction;                 /* * 2^exponent */
    int exponent;
    bool narrow;                       /* below a power of two the next number is half as far away */
    uint64_t below, digits;            /* the least that reads as the double; the most, then those that are chosen */
    int power;                         /* of ten, behind the digits */
    size_t begin, len;                 /* of the text: where its digits begin, and all of it */
    char text[OTEL_DECIMAL_SIZE_];
} otel_decimal_t_;

OTEL_C_BEGIN_
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value);
OTEL_API_ size_t otel_double_text_(otel_decimal_t_ *d, uint64_t bits);
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

/* ---- doubles ---- */

/* unit *= factor * 2^-32 or 1; the power of two that goes with it. The top word is not 0, so 160 bits and more stay. */
OTEL_STEP_ int otel_decimal_times_(otel_decimal_t_ *d, uint32_t factor)
{
    uint32_t carry = 0;
    unsigned i;
    for (i = 0; i < 6u; i++) {
        uint64_t x = (uint64_t)d->unit[i] * factor + carry;
        d->unit[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
    if (!carry) return 0;
    for (i = 6; i-- > 0;) {
        uint32_t word = d->unit[i];
        d->unit[i] = carry;
        carry = word;
    }
    return 32;
}

/* unit /= by, which is below 2^16, and then * 2^32 or 1; the power of two that goes with it. */
OTEL_STEP_ int otel_decimal_by_(otel_decimal_t_ *d, uint32_t by)
{
    uint32_t rest = 0;
    unsigned i;
    for (i = 6; i-- > 0;) {
        uint32_t word = d->unit[i], high = rest << 16 | word >> 16, low = high % by << 16 | (word & 0xFFFFu);
        d->unit[i] = high / by << 16 | low / by;
        rest = low % by;
    }
    if (d->unit[5]) return 0;
    for (i = 0, rest = 0; i < 6u; i++) {
        uint32_t word = d->unit[i];
        d->unit[i] = rest;
        rest = word;
    }
    return -32;
}

/* unit = 2^exponent / 10^power. */
OTEL_STEP_ void otel_decimal_unit_(otel_decimal_t_ *d)
{
    int k, shift = d->exponent - d->power - 191;
    unsigned i;
    memset(d->unit, 0, sizeof d->unit);
    d->unit[5] = (uint32_t)1 << 31;
    for (k = d->power; k <= -13; k += 13) shift += otel_decimal_times_(d, 1220703125u);       /* 5^13 */
    for (; k < 0; k++) shift += otel_decimal_times_(d, 5u);
    for (; k >= 6; k -= 6) shift += otel_decimal_by_(d, 15625u);           /* 5^6 */
    for (; k > 0; k--) shift += otel_decimal_by_(d, 5u);
    for (shift += 160; shift > 0; shift--) (void)otel_decimal_times_(d, 2u);
    for (i = 0; shift && i < 6u; i++) d->unit[i] = d->unit[i] >> -shift | (i < 5u ? d->unit[i + 1u] << (32 + shift) : 0u);   /* by less than 32 */
}

/* value = unit * fraction, and 2^-80 more, so that it is never below what it stands for. */
OTEL_STEP_ void otel_decimal_value_(otel_decimal_t_ *d)
{
    unsigned i, k;
    memset(d->value, 0, sizeof d->value);
    d->value[2] = (uint32_t)1 << 16;
    for (k = 0; k < 2u; k++) {
        uint32_t carry = 0, half = (uint32_t)(d->fraction >> 32u * k);
        for (i = 0; i + k < 7u; i++) {
            uint64_t x = (uint64_t)(i < 6u ? d->unit[i] : 0u) * half + d->value[i + k] + carry;
            d->value[i + k] = (uint32_t)x;
            carry = (uint32_t)(x >> 32);
        }
    }
}

/* value += or -= unit / 2^shift. */
OTEL_STEP_ void otel_decimal_move_(otel_decimal_t_ *d, unsigned shift, bool down)
{
    uint32_t carry = down;
    unsigned i;
    for (i = 0; i < 7u; i++) {
        uint32_t word = i < 6u ? d->unit[i] >> shift | (i < 5u ? d->unit[i + 1u] << (32u - shift) : 0u) : 0u;
        uint64_t x = (uint64_t)d->value[i] + (down ? ~word : word) + carry;
        d->value[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
}

OTEL_FN_ uint64_t otel_decimal_whole_(const otel_decimal_t_ *d) { return (uint64_t)d->value[6] << 32 | d->value[5]; }

/* Is the value whole, but for less than 2^-70? Then it is: no double and no middle between two is nearer than 2^-64 to a multiple of
   its last decimal digit, or of half of it, without being one (all exponents were looked at). */
OTEL_FN_ bool otel_decimal_exact_(const otel_decimal_t_ *d) { return d->value[4] == 0 && d->value[3] == 0 && d->value[2] >> 26 == 0; }

/* The least and the most whole number that reads as the double: a middle does so for the even one of its neighbours. */
OTEL_STEP_ void otel_decimal_below_(otel_decimal_t_ *d)
{
    otel_decimal_value_(d);
    otel_decimal_move_(d, d->narrow ? 2u : 1u, true);
    d->below = otel_decimal_whole_(d) + (!(d->fraction & 1u) && otel_decimal_exact_(d) ? 0u : 1u);
}

OTEL_STEP_ void otel_decimal_above_(otel_decimal_t_ *d)
{
    otel_decimal_value_(d);
    otel_decimal_move_(d, 1u, false);
    d->digits = otel_decimal_whole_(d) - (d->fraction & 1u && otel_decimal_exact_(d) ? 1u : 0u);
}

/* At most one multiple of ten is between them, and at least one number: that multiple is the shortest, else the nearest number is. */
OTEL_STEP_ void otel_decimal_choose_(otel_decimal_t_ *d)
{
    uint64_t above = d->digits, whole = otel_decimal_whole_(d), ten = whole;
    ten = whole - otel_divided_(&ten, 10);
    if (ten >= d->below && ten) d->digits = ten;
    else if (ten + 10u <= above) d->digits = ten + 10u;
    else if (whole < d->below) d->digits = whole + 1u;
    else if (whole + 1u > above) d->digits = whole;
    else {
        uint32_t half = d->value[4];
        d->value[4] &= 0x7FFFFFFFu;
        d->digits = whole + (half >> 31 && (!otel_decimal_exact_(d) || whole & 1u) ? 1u : 0u);
    }
}

/* Put the digits behind the text. */
OTEL_STEP_ void otel_decimal_put_(otel_decimal_t_ *d, uint64_t digits) { d->len += otel_uint_text_(d->text + d->len, digits); }

/* d.ddde-5 */
OTEL_STEP_ void otel_decimal_power_(otel_decimal_t_ *d, int point)
{
    char *to = d->text + d->begin + 1u;
    if (d->text + d->len > to) {
        memmove(to + 1, to, d->len++ - d->begin - 1u);
        *to = '.';
    }
    d->text[d->len++] = 'e';
    if (point < 1) d->text[d->len++] = '-';
    otel_decimal_put_(d, (uint64_t)(point < 1 ? 1 - point : point - 1));
}

/* The point among the digits. */
OTEL_STEP_ void otel_decimal_point_(otel_decimal_t_ *d)
{
    char *to = d->text + d->begin;
    int point = (int)(d->len - d->begin) + d->power;
    while (d->len > d->begin + 1u && d->text[d->len - 1u] == '0') d->len--;
    if (point < -4 || point > 17) {
        otel_decimal_power_(d, point);
        return;
    }
    for (; point <= 0; point++) {                             /* 0.00ddd */
        memmove(to + 1, to, d->len++ - d->begin);
        *to = '0';
    }
    while ((int)(d->len - d->begin) < point) d->text[d->len++] = '0';         /* ddd00 */
    to += point;
    if (to == d->text + d->len) return;
    memmove(to + 1, to, (size_t)(d->text + d->len - to));     /* dd.d */
    *to = '.';
    d->len++;
}

/* What is no number but NaN, Infinity or -Infinity; and zero, with a point, so that its sign is not lost. False: it is none of them. */
OTEL_STEP_ bool otel_decimal_word_(otel_decimal_t_ *d)
{
    static const char words[3][9] = { "NaN", "Infinity", "0.0" };
    const char *word = d->exponent == 0x7FF ? words[d->fraction ? 0 : 1] : words[2];
    if (d->exponent != 0x7FF && (d->exponent || d->fraction)) return false;
    if (word == words[0]) d->len = 0;
    memcpy(d->text + d->len, word, strlen(word));
    d->len += strlen(word);
    return true;
}

/* Take the bits apart; and the logarithm of the way between the middles, rounded down: 1262611 / 2^22 is log10(2), 524031 / 2^22
   that of 4 / 3. */
OTEL_STEP_ bool otel_decimal_set_(otel_decimal_t_ *d, uint64_t bits)
{
    d->fraction = bits & 0xFFFFFFFFFFFFFull;
    d->exponent = (int)((bits >> 52) & 0x7FFu);
    d->text[0] = '-';
    d->begin = d->len = (size_t)(bits >> 63);
    if (otel_decimal_word_(d)) return false;
    d->narrow = d->fraction == 0 && d->exponent > 1;
    if (d->exponent) d->fraction |= (uint64_t)1 << 52;
    d->exponent = d->exponent ? d->exponent - 1075 : -1074;
    d->power = (int)(((uint32_t)(d->exponent * (int32_t)1262611 - (d->narrow ? (int32_t)524031 : 0)) + ((uint32_t)400 << 22)) >> 22) - 400;
    return true;
}

/* Write a number of IEEE 754 binary64 into d->text; its length, also in d->len, at most 25. Others than numbers are NaN, Infinity and
   -Infinity. */
OTEL_API_ size_t otel_double_text_(otel_decimal_t_ *d, uint64_t bits)
{
    if (otel_decimal_set_(d, bits)) {
        otel_decimal_unit_(d);
        otel_decimal_below_(d);
        otel_decimal_above_(d);
        otel_decimal_value_(d);
        otel_decimal_choose_(d);
        otel_decimal_put_(d, d->digits);
        otel_decimal_point_(d);
    }
    return d->len;
}
OTEL_C_END_
#endif
#endif
