/* JSON, reading side: a program that knows what it looks for asks for members and elements one after the other. It reads
   any bytes, never past their end, without recursion, memory of its own or the locale of libc. RFC 8259. */
#ifndef OTEL_SCAN_H
#define OTEL_SCAN_H
#include "compiler.h"

/* A text on its way. Private. */
typedef struct otel_scan_t_ {
    const char *at, *end;
    const char *error;            /* the first thing that was wrong, a sentence; then nothing more is read */
} otel_scan_t_;

OTEL_C_BEGIN_
OTEL_API_ bool otel_scan_text_(otel_scan_t_ *s, char *to, size_t size, size_t *len);
OTEL_API_ bool otel_scan_number_(otel_scan_t_ *s, double *value);
OTEL_API_ bool otel_scan_skip_(otel_scan_t_ *s);
OTEL_API_ bool otel_scan_more_(otel_scan_t_ *s, char close, bool *first);
OTEL_API_ bool otel_scan_member_(otel_scan_t_ *s, bool *first, char *key, size_t size);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ bool otel_scan_fail_(otel_scan_t_ *s, const char *sentence)
{
    if (!s->error) s->error = sentence;
    return false;
}
/* Give up. Each sentence has a name, and so a section of its own: literals of a file are kept together, on AVR in RAM, whether
   anybody reads JSON or not. */
#define OTEL_SCAN_REFUSE_(s, sentence) do { \
        static const char sentence_[] = sentence; \
        return otel_scan_fail_((s), sentence_); \
    } while (0)

/* Which of `words`, a text with a NUL behind each and one more at its end; their number: none of them. */
OTEL_FN_ unsigned otel_scan_which_(const char *words, const char *word, size_t len)
{
    unsigned i;
    for (i = 0; *words; i++, words += strlen(words) + 1u) {
        if (strlen(words) == len && memcmp(words, word, len) == 0) break;
    }
    return i;
}

/* The next character that is no blank, 0 at the end or after an error. */
OTEL_FN_ char otel_scan_peek_(otel_scan_t_ *s)
{
    if (s->error) return 0;
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
    return s->at < s->end ? *s->at : (char)0;
}

/* Take `c` if it comes next. */
OTEL_FN_ bool otel_scan_take_(otel_scan_t_ *s, char c)
{
    if (otel_scan_peek_(s) != c || s->at >= s->end) return false;
    s->at++;
    return true;
}
#if OTEL_BODIES_
#define OTEL_SCAN_DEPTH_ 32u      /* arrays and objects inside one another, of what is passed over */

/* Four hexadecimal digits; above 0xFFFF: they are none. */
OTEL_FN_ uint32_t otel_scan_hex_(otel_scan_t_ *s)
{
    uint32_t value = 0;
    unsigned i;
    for (i = 0; i < 4; i++) {
        char c = s->at < s->end ? *s->at : (char)0;
        uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10u : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10u : 16u;
        if (digit > 15u) return 0x10000u;
        value = value << 4 | digit;
        s->at++;
    }
    return value;
}

/* The character of \uXXXX, or of the two that make one; 0: none that may stand in a text of ours. */
OTEL_FN_ uint32_t otel_scan_code_(otel_scan_t_ *s)
{
    uint32_t high = otel_scan_hex_(s), low;
    if (high < 0xD800u || high > 0xDFFFu) return high > 0xFFFFu ? 0u : high;
    if (high > 0xDBFFu || s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u') return 0;
    s->at += 2;
    low = otel_scan_hex_(s);
    return low < 0xDC00u || low > 0xDFFFu ? 0u : 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
}

/* A character in UTF-8: how many bytes. */
OTEL_FN_ unsigned otel_scan_utf8_(uint32_t code, char *to)
{
    unsigned n = code < 0x80u ? 1u : code < 0x800u ? 2u : code < 0x10000u ? 3u : 4u, i;
    for (i = n; i-- > 1u; code >>= 6) to[i] = (char)(0x80u | (code & 0x3Fu));
    to[0] = (char)(n == 1u ? code : (0xF00u >> n & 0xFFu) | code);
    return n;
}

/* What stands for itself behind a backslash, or the control character that the letter means; 0: neither. */
OTEL_FN_ uint32_t otel_scan_escape_(otel_scan_t_ *s)
{
    static const char names[] = "\"\\/bfnrtu", meaning[] = "\"\\/\b\f\n\r\t";
    const char *found = s->at < s->end && *s->at ? (const char *)memchr(names, *s->at, sizeof names - 1u) : NULL;
    if (!found) return 0;
    s->at++;
    return *found == 'u' ? otel_scan_code_(s) : (uint32_t)(unsigned char)meaning[found - names];
}

/* A text into to[size] (NULL: pass over it), without a NUL behind it. Its length in *len, which is more than `size` when
   it does not fit; then what is there makes no sense. */
OTEL_API_ bool otel_scan_text_(otel_scan_t_ *s, char *to, size_t size, size_t *len)
{
    size_t n = 0;
    if (!otel_scan_take_(s, '"')) OTEL_SCAN_REFUSE_(s, "JSON: a text in quotation marks was expected");
    while (s->at < s->end && *s->at != '"') {
        char bytes[4];
        unsigned k = 1, i;
        uint32_t code;
        bytes[0] = *s->at++;
        if ((unsigned char)bytes[0] < 0x20u) OTEL_SCAN_REFUSE_(s, "JSON: a control character in a text: write it as \\u and four digits");
        if (bytes[0] == '\\') {
            code = otel_scan_escape_(s);
            if (!code) OTEL_SCAN_REFUSE_(s, "JSON: a \\ in a text that means nothing, or means NUL or half a character");
            k = otel_scan_utf8_(code, bytes);
        }
        for (i = 0; i < k; i++, n++) {
            if (to && n < size) to[n] = bytes[i];
        }
    }
    *len = n;
    if (otel_scan_take_(s, '"')) return true;
    OTEL_SCAN_REFUSE_(s, "JSON: a text does not end");
}

/* `value` times ten to the `power`; infinity or zero beyond what a double can hold. */
OTEL_FN_ double otel_scan_scale_(double value, int power)
{
    double ten = 10.0, factor = 1.0;
    unsigned left = (unsigned)(power < 0 ? -power : power);
    if (!(value > 0)) return 0;
    for (; left > 20u; left -= 20u) value = power < 0 ? value * 1e-20 : value * 1e20;       /* as far as a double of 4 bytes goes */
    for (; left; left >>= 1, ten *= ten) {
        if (left & 1u) factor *= ten;
    }
    return power < 0 ? value / factor : value * factor;
}

/* Digits: their number. The first 18 that count go into *value, the others into its power of ten. */
OTEL_FN_ size_t otel_scan_digits_(otel_scan_t_ *s, uint64_t *value, int *power, int behind_point)
{
    const char *from = s->at;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
        if (*value >= 100000000000000000u) {
            if (!behind_point && *power < 10000) ++*power;
            continue;
        }
        *value = *value * 10u + (uint64_t)(*s->at - '0');
        if (behind_point && *power > -10000) --*power;
    }
    return (size_t)(s->at - from);
}

OTEL_API_ bool otel_scan_number_(otel_scan_t_ *s, double *value)
{
    uint64_t digits = 0, exponent = 0;
    int power = 0, zero = 0;
    bool minus = otel_scan_take_(s, '-'), below = false, good;
    const char *from = s->at;
    size_t n = s->error ? 0 : otel_scan_digits_(s, &digits, &power, 0);
    good = n == 1u || (n > 1u && *from != '0');
    if (good && s->at < s->end && *s->at == '.') {
        s->at++;
        good = otel_scan_digits_(s, &digits, &power, 1) != 0;
    }
    if (good && s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-')) below = *s->at++ == '-';
        good = otel_scan_digits_(s, &exponent, &zero, 0) != 0;
    }
    if (!good) OTEL_SCAN_REFUSE_(s, "JSON: a number was expected");
    if (exponent > 10000u || zero) exponent = 10000u;
    *value = otel_scan_scale_((double)digits, below ? power - (int)exponent : power + (int)exponent);
    if (minus) *value = -*value;
    return true;
}

/* true, false and null. */
OTEL_FN_ bool otel_scan_word_(otel_scan_t_ *s)
{
    static const char words[3][6] = { "true", "false", "null" };
    unsigned i;
    for (i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(s->end - s->at) < n || memcmp(s->at, words[i], n) != 0) continue;
        s->at += n;
        return true;
    }
    OTEL_SCAN_REFUSE_(s, "JSON: a value was expected");
}

OTEL_FN_ bool otel_scan_scalar_(otel_scan_t_ *s)
{
    char c = otel_scan_peek_(s);
    double number;
    size_t len;
    if (c == '"') return otel_scan_text_(s, NULL, 0, &len);
    if (c == '-' || (c >= '0' && c <= '9')) return otel_scan_number_(s, &number);
    return otel_scan_word_(s);
}

/* The next element of an array or member of an object that is open (`close`: its end); *first is true in front of it all.
   False: it ended, or something is wrong. */
OTEL_API_ bool otel_scan_more_(otel_scan_t_ *s, char close, bool *first)
{
    bool begin = *first;
    *first = false;
    if (otel_scan_take_(s, close)) return false;
    if (begin || otel_scan_take_(s, ',')) return !s->error;
    OTEL_SCAN_REFUSE_(s, "JSON: a comma or the end of an array or object was expected");
}

/* The key of the next member, cut to size - 1 bytes and ended by a NUL; what comes next is its value. False as above. */
OTEL_API_ bool otel_scan_member_(otel_scan_t_ *s, bool *first, char *key, size_t size)
{
    size_t len = 0;
    if (!otel_scan_more_(s, '}', first) || !otel_scan_text_(s, key, size ? size - 1u : 0, &len)) return false;
    if (size) key[len < size ? len : size - 1u] = 0;
    if (otel_scan_take_(s, ':')) return true;
    OTEL_SCAN_REFUSE_(s, "JSON: a colon was expected behind a key");
}

/* Pass over a value, whatever it is. */
OTEL_API_ bool otel_scan_skip_(otel_scan_t_ *s)
{
    uint32_t objects = 0;
    unsigned depth = 0;
    bool first = false;
    do {
        char c = otel_scan_peek_(s);
        if (c == '{' || c == '[') {
            if (depth++ == OTEL_SCAN_DEPTH_) OTEL_SCAN_REFUSE_(s, "JSON: too many arrays and objects inside one another");
            objects = objects << 1 | (c == '{');
            s->at++;
            first = true;
        } else if (!otel_scan_scalar_(s)) {
            return false;
        }
        while (depth && !(objects & 1u ? otel_scan_member_(s, &first, NULL, 0) : otel_scan_more_(s, ']', &first))) {
            if (s->error) return false;
            depth--;
            objects >>= 1;
        }
    } while (depth);
    return !s->error;
}
#endif
OTEL_C_END_
#endif
