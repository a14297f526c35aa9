/* Carriers: where propagators find headers. A server's request, an array of pairs, an environment, a message: each is a
   getter over memory of yours. Nothing is stored; what has to be put together goes into a buffer that you give.
   Specification: context/api-propagators.md, "Getter argument"; RFC 9110, 5.3: lines of one name are one list. */
#ifndef OTEL_CARRIER_H
#define OTEL_CARRIER_H
#include "compiler.h"
#include "tracestate.h"

/* How to read headers. Zero what you do not need. */
typedef struct otel_carrier_t {
    /* The next line of header `name` (lower-case; HTTP compares without case) from place *at on: *at is 0 at first, and the
       getter moves it behind what it gives. NULL: no more. *len is the value's length in bytes, or stays as it is when the
       value ends in NUL and lives as long as the context that is read. A getter that knows one line of each name:
       return (*at)++ ? NULL : value; */
    const char *(*get)(void *user, const char *name, size_t *at, size_t *len) OTEL_Z_;
    /* The name at place *at, for propagators of your own; the same rules (default: no names) */
    const char *(*key)(void *user, size_t *at, size_t *len) OTEL_Z_;
    void *user OTEL_Z_;                           /* first argument of the two */
    char *buffer OTEL_Z_;                         /* tracestate and baggage that come in several lines or without a NUL are put together here, so it lives as long as the context */
    size_t buffer_size OTEL_Z_;                   /* bytes; 512 for a tracestate, up to 8193 for baggage */
} otel_carrier_t;

/* A header of an array. Neither text has to end in NUL. */
typedef struct otel_header_t {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
} otel_header_t;

typedef struct otel_headers_t {
    const otel_header_t *at;              /* len of them */
    size_t len;
} otel_headers_t;

OTEL_C_BEGIN_
/* The next line of a header, without blanks around it; its length in *len (bytes). NULL: no more. *at is 0 at first. For
   propagators of your own. Safe wherever the getter is, as all of this part. */
OTEL_API_ const char *otel_carrier_next(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len);

/* The only line of a header; NULL when there is none or more than one. */
OTEL_API_ const char *otel_carrier_only(const otel_carrier_t *carrier, const char *name, size_t *len);

/* All lines of a header as one list that ends in NUL: the text itself when it is one line, else put together in the buffer,
   of which carrier->buffer then names the rest. Lines that do not fit in `limit` bytes or the buffer: with `whole` all of
   it is left out, else they alone. NULL: nothing there. Reads 256 lines at most. */
OTEL_API_ const char *otel_carrier_list(otel_carrier_t *carrier, const char *name, size_t limit, bool whole);


OTEL_API_ bool otel_name_is_(const char *name, const char *other, size_t other_len);
OTEL_API_ const char *otel_headers_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_headers_key_(void *user, size_t *at, size_t *len);

OTEL_FN_ otel_carrier_t otel_carrier_(const void *user, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier;
    carrier.get = NULL;
    carrier.key = NULL;
    carrier.user = (void *)(uintptr_t)user;
    carrier.buffer = buffer;
    carrier.buffer_size = buffer_size;
    return carrier;
}

/* A carrier over an array of headers, whose names are compared without case. The array outlives the carrier. */
OTEL_FN_ otel_carrier_t otel_carrier_headers(const otel_headers_t *headers, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(headers, buffer, buffer_size);
#if OTEL_ENABLED
    if (headers && headers->at) {
        carrier.get = otel_headers_get_;
        carrier.key = otel_headers_key_;
    }
#endif
    return carrier;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CARRIER_LINES_ 256u
#define OTEL_ENDS_IN_NUL_ ((size_t)-1)

/* `name`, lower-case, against other[other_len] in any case. */
OTEL_API_ bool otel_name_is_(const char *name, const char *other, size_t other_len)
{
    size_t i;
    for (i = 0; i < other_len; i++) {
        unsigned char c = (unsigned char)other[i];
        if (c >= 'A' && c <= 'Z') c = (unsigned char)(c + ('a' - 'A'));
        if (c == 0 || c != (unsigned char)name[i]) return false;
    }
    return name[other_len] == 0;
}

/* As the getter gives it: *len is OTEL_ENDS_IN_NUL_ when it left that alone. */
OTEL_FN_ const char *otel_carrier_raw_(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len)
{
    *len = OTEL_ENDS_IN_NUL_;
    return carrier->get ? (carrier->get)(carrier->user, name, at, len) : NULL;
}

OTEL_FN_ const char *otel_trim_(const char *text, size_t *len)
{
    size_t n = *len;
    for (; n && otel_blank_(*text); n--) text++;
    while (n && otel_blank_(text[n - 1])) n--;
    *len = n;
    return text;
}

OTEL_API_ const char *otel_carrier_next(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len)
{
    const char *text;
    OTEL_WHEN_OFF_((void)carrier; (void)name; (void)at; (void)len; return NULL)
    if (!carrier || !name || !at || !len) return NULL;
    text = otel_carrier_raw_(carrier, name, at, len);
    if (!text) return NULL;
    if (*len == OTEL_ENDS_IN_NUL_) *len = strlen(text);
    return otel_trim_(text, len);
}

OTEL_API_ const char *otel_carrier_only(const otel_carrier_t *carrier, const char *name, size_t *len)
{
    size_t at = 0, more;
    const char *text = otel_carrier_next(carrier, name, &at, len);
    OTEL_WHEN_OFF_(return NULL)
    return text && !otel_carrier_next(carrier, name, &at, &more) ? text : NULL;
}

/* Put the lines of a header together. */
OTEL_STEP_ const char *otel_carrier_join_(otel_carrier_t *carrier, const char *name, size_t room, bool whole)
{
    char *list = carrier->buffer;
    const char *line;
    size_t at = 0, len, n = 0;
    unsigned lines = 0;
    while (lines++ < OTEL_CARRIER_LINES_ && (line = otel_carrier_next(carrier, name, &at, &len)) != NULL) {
        if (len == 0 || memchr(line, 0, len)) continue;
        if (len >= room - n || (n && len + 1u >= room - n)) {
            if (whole) return NULL;
            continue;
        }
        if (n) list[n++] = ',';
        memcpy(list + n, line, len);
        n += len;
    }
    if (n == 0) return NULL;
    list[n++] = 0;
    carrier->buffer += n;
    carrier->buffer_size -= n;
    return list;
}

OTEL_API_ const char *otel_carrier_list(otel_carrier_t *carrier, const char *name, size_t limit, bool whole)
{
    OTEL_WHEN_OFF_((void)carrier; (void)name; (void)limit; (void)whole; return NULL)
    if (!carrier || !name) return NULL;
    {                                             /* a block: its stack is free when the lines are put together */
        size_t at = 0, more, len;
        const char *first = otel_carrier_raw_(carrier, name, &at, &len);
        if (!first) return NULL;
        if (len == OTEL_ENDS_IN_NUL_ && !otel_carrier_next(carrier, name, &at, &more)) return first;
    }
    if (!carrier->buffer || carrier->buffer_size == 0) return NULL;
    return otel_carrier_join_(carrier, name, limit < carrier->buffer_size ? limit + 1u : carrier->buffer_size, whole);
}

OTEL_API_ const char *otel_headers_get_(void *user, const char *name, size_t *at, size_t *len)
{
    const otel_headers_t *headers = (const otel_headers_t *)user;
    while (*at < headers->len) {
        const otel_header_t *h = &headers->at[(*at)++];
        if (h->name && h->value && otel_name_is_(name, h->name, h->name_len)) {
            *len = h->value_len;
            return h->value;
        }
    }
    return NULL;
}

OTEL_API_ const char *otel_headers_key_(void *user, size_t *at, size_t *len)
{
    const otel_headers_t *headers = (const otel_headers_t *)user;
    if (*at >= headers->len) return NULL;
    *len = headers->at[*at].name_len;
    return headers->at[(*at)++].name;
}
OTEL_C_END_
#endif
#endif
