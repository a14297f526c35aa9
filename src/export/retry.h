/* What an outcome means, and how long to wait after a failure: exponential back-off with full jitter.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response" and "Throttling". */
#ifndef OTEL_EXPORT_RETRY_H
#define OTEL_EXPORT_RETRY_H
#include "../otel/compiler.h"
#include "../otel/id.h"
#include "request.h"

typedef enum {
    OTEL_OUTCOME_OK_, OTEL_OUTCOME_AGAIN_, OTEL_OUTCOME_PENDING_,
    OTEL_OUTCOME_RETRY_,          /* 429, 502, 503, 504, or no answer */
    OTEL_OUTCOME_HALVE_,          /* too large: cut the batch */
    OTEL_OUTCOME_REJECTED_        /* never send it again */
} otel_outcome_t_;

OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status);
OTEL_API_ uint32_t otel_jitter_(otel_ids_t *ids, uint32_t wait);
OTEL_API_ bool otel_retry_after_(const char *text, uint64_t now_s, uint32_t *ms);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* Milliseconds in units of 2^20 ns, which needs no 64-bit division. */
OTEL_FN_ uint32_t otel_units_(uint32_t ms) { return (uint32_t)(((uint64_t)ms * 15625u) >> 14); }
OTEL_C_END_
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status)
{
    if (status >= 200 && status < 300) return OTEL_OUTCOME_OK_;
    if (status == OTEL_AGAIN) return OTEL_OUTCOME_AGAIN_;
    if (status == OTEL_PENDING) return OTEL_OUTCOME_PENDING_;
    if (status == 413) return OTEL_OUTCOME_HALVE_;
    if (status <= 0 || status == 429 || status == 502 || status == 503 || status == 504) return OTEL_OUTCOME_RETRY_;
    return OTEL_OUTCOME_REJECTED_;
}

/* Anything from a tenth of the wait up to all of it, so that a fleet does not come back in step. */
OTEL_API_ uint32_t otel_jitter_(otel_ids_t *ids, uint32_t wait)
{
    uint32_t low = wait / 10u, range = wait - low;
    uint8_t random[8];
    otel_id_make_(ids, random, 2);
    return low + (range >> 8) * random[0] + ((range & 255u) * random[0] >> 8);
}

/* Two digits, or none: -1. */
OTEL_FN_ int otel_two_digits_(const char *p) { return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + (p[1] - '0') : -1; }

/* Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; the obsolete forms are no dates here).
   False: it is none. */
OTEL_FN_ bool otel_http_date_(const char *p, uint64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec", like[] = "___, 00 ___ 0000 00:00:00 GMT";
    int day, year, hour, minute, second, month;
    uint32_t days;
    unsigned i;
    for (i = 0; i + 1u < sizeof like; i++) {
        if (like[i] == '0' ? p[i] < '0' || p[i] > '9' : like[i] == '_' ? p[i] <= ' ' : p[i] != like[i]) return false;
    }
    for (month = 0; month < 12 && memcmp(months + 3 * month, p + 8, 3); month++) {}
    day = otel_two_digits_(p + 5);
    year = otel_two_digits_(p + 12) * 100 + otel_two_digits_(p + 14);
    hour = otel_two_digits_(p + 17);
    minute = otel_two_digits_(p + 20);
    second = otel_two_digits_(p + 23);
    if (month == 12 || day < 1 || day > 31 || year < 1970 || hour > 23 || minute > 59 || second > 60 || p[sizeof like - 1u]) return false;
    month = month < 2 ? month + 10 : month - 2;               /* the year begins in March, so that leap days come last */
    year -= month >= 10;
    days = (uint32_t)year * 365u + (uint32_t)(year / 4 - year / 100 + year / 400) + ((uint32_t)month * 306u + 5u) / 10u + (uint32_t)day - 1u - 719468u;
    *seconds = (uint64_t)days * 86400u + (((uint32_t)hour * 60u + (uint32_t)minute) * 60u + (uint32_t)second);
    return true;
}

/* The wait that Retry-After asks for, in seconds or as a date (`now_s`: seconds since 1970, 0 when nobody knows). False: it
   says neither. RFC 9110, section 10.2.3. */
OTEL_API_ bool otel_retry_after_(const char *p, uint64_t now_s, uint32_t *ms)
{
    uint32_t seconds = 0;
    uint64_t date;
    while (*p == ' ' || *p == '\t') p++;
    if (*p < '0' || *p > '9') {
        if (!now_s || !otel_http_date_(p, &date)) return false;
        *ms = date <= now_s ? 0u : date - now_s > 1000000u ? 1000000000u : (uint32_t)(date - now_s) * 1000u;
        return true;
    }
    for (; *p >= '0' && *p <= '9'; p++) seconds = seconds > 1000000u ? seconds : seconds * 10u + (uint32_t)(*p - '0');
    while (*p == ' ' || *p == '\t') p++;
    if (*p) return false;
    *ms = seconds > 1000000u ? 1000000000u : seconds * 1000u;
    return true;
}
OTEL_C_END_
#endif
#endif
