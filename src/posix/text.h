/* Time, and text: the pieces of configuration, and what is put into buffers. */
#ifndef OTEL_POSIX_TEXT_H
#define OTEL_POSIX_TEXT_H
#include "system.h"
/*== implementation ==*/
#define OTEL_POSIX_LONGEST_MS_ 0x7FFFF000u        /* 24 days, and some seconds short of half of the counter's range */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint64_t otel_posix_ns_(clockid_t which)
{
    struct timespec t;
    if (clock_gettime(which, &t)) return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

OTEL_FN_ uint32_t otel_posix_ms_(void) { return (uint32_t)(otel_posix_ns_(CLOCK_MONOTONIC) / 1000000u); }

/* Milliseconds until `deadline`, 0 when it has passed; all of them modulo 2^32. */
OTEL_FN_ uint32_t otel_posix_left_(uint32_t deadline)
{
    uint32_t left = deadline - otel_posix_ms_();
    return left > 0x7FFFFFFFu ? 0u : left;
}

/* The end of a time that begins now: of more than 24 days, those. Half of the counter's range is what left_ can tell. */
OTEL_FN_ uint32_t otel_posix_until_(uint32_t ms) { return otel_posix_ms_() + (ms > OTEL_POSIX_LONGEST_MS_ ? OTEL_POSIX_LONGEST_MS_ : ms); }

/* Bytes put one after the other into a buffer; `full` when they did not fit. */
typedef struct otel_posix_text_t_ {
    char *at, *end;
    bool full;
} otel_posix_text_t_;

OTEL_FN_ void otel_posix_put_(otel_posix_text_t_ *t, const char *text, size_t n)
{
    if ((size_t)(t->end - t->at) <= n) {
        t->full = true;
        return;
    }
    memcpy(t->at, text, n);
    t->at += n;
    *t->at = 0;
}

OTEL_FN_ void otel_posix_add_(otel_posix_text_t_ *t, const char *text) { otel_posix_put_(t, text, strlen(text)); }

OTEL_FN_ int otel_posix_hex_(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* A whole number above 0 and nothing else; 0: it is none, or beyond 2,000,000,000. */
OTEL_FN_ uint32_t otel_posix_number_(const char *text, size_t n)
{
    uint32_t number = 0;
    for (; n && *text >= '0' && *text <= '9' && number < 200000000u; text++, n--) number = number * 10u + (uint32_t)(*text - '0');
    return n ? 0 : number;
}

OTEL_FN_ char otel_posix_lower_(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* Compare text of `n` bytes with a word in lower case, in letters of any case. */
OTEL_FN_ bool otel_posix_word_(const char *text, size_t n, const char *word)
{
    size_t i;
    if (strlen(word) != n) return false;
    for (i = 0; i < n; i++) {
        if (otel_posix_lower_(text[i]) != word[i]) return false;
    }
    return true;
}

/* A piece of a list: "key=value", spaces around both taken away. */
typedef struct otel_posix_pair_t_ {
    const char *key, *value;
    size_t key_len, value_len;
} otel_posix_pair_t_;

OTEL_FN_ void otel_posix_trim_(const char **text, size_t *n)
{
    while (*n && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*n;
    }
    while (*n && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\t')) --*n;
}

/* The next piece of "a=b,c=d"; 0: the end, -1: it is no pair. Empty pieces are skipped. */
OTEL_FN_ int otel_posix_pair_(const char **list, otel_posix_pair_t_ *pair)
{
    for (;;) {
        const char *p = *list, *comma, *equals;
        size_t n;
        if (!p || !*p) return 0;
        comma = strchr(p, ',');
        n = comma ? (size_t)(comma - p) : strlen(p);
        *list = comma ? comma + 1 : p + n;
        otel_posix_trim_(&p, &n);
        if (n == 0) continue;
        equals = (const char *)memchr(p, '=', n);
        if (!equals || equals == p) return -1;
        pair->key = p;
        pair->key_len = (size_t)(equals - p);
        pair->value = equals + 1;
        pair->value_len = n - pair->key_len - 1u;
        otel_posix_trim_(&pair->key, &pair->key_len);
        otel_posix_trim_(&pair->value, &pair->value_len);
        return pair->key_len ? 1 : -1;
    }
}

/* Append text with %41 as A. False: a % that is followed by no two hexadecimal digits. */
OTEL_FN_ bool otel_posix_decode_(otel_posix_text_t_ *t, const char *text, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int high = n - i > 2u ? otel_posix_hex_(text[i + 1]) : -1, low = n - i > 2u ? otel_posix_hex_(text[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        otel_posix_put_(t, &c, 1);
    }
    return true;
}
OTEL_C_END_
#endif
#endif
