/* Baggage with a member set, or without one. Specification: baggage/api.md, "Set Value", "Remove Value"; W3C Baggage. */
#ifndef OTEL_BAGGAGESET_H
#define OTEL_BAGGAGESET_H
#include "baggage.h"
#include "compiler.h"
#include "context.h"
#include "tracestate.h"

OTEL_C_BEGIN_
/* Write the baggage of `context` (NULL: none) with `key` set to `value` into `buf`, `size` bytes with the NUL, for the field .baggage of
   a context; it must not be the text that is read. `value` is text as it is: what may not stand in a header is percent-encoded.
   `properties` are as they are sent, "p1;p2=v2" (NULL: none). `value` NULL: without that key. Former members of that key go, the others
   stay as they are, and the new one is the last.
   False, and "" in `buf`: the key is no token (letters, digits and !#$%&'*+-.^_`|~), the properties are none, there is no room, or it
   would be more than 8192 bytes or 180 members. Safe in interrupts. */
OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The members of other keys; how many there are in *members. The bytes that they take, more than there is room for if so. */
OTEL_STEP_ size_t otel_baggage_others_(const otel_context_t *context, const char *key, size_t key_len, char *buf, size_t size, unsigned *members)
{
    otel_baggage_t it = otel_baggage(context);
    otel_baggage_entry_t entry;
    size_t n = 0;
    while (otel_baggage_step_(&it, &entry)) {
        if (entry.key_len == key_len && memcmp(entry.key, key, key_len) == 0) continue;
        n = otel_list_put_(buf, size, n, entry.key, (size_t)(entry.properties + entry.properties_len - entry.key));
        ++*members;
    }
    return n;
}

OTEL_FN_ size_t otel_baggage_add_(char *buf, size_t size, size_t n, const char *text, size_t len)
{
    if (n < size && len < size - n) memcpy(buf + n, text, len);
    return n + len;
}

/* The value, with what may not stand there as %XX; a '%' too, which would begin such a one. */
OTEL_STEP_ size_t otel_baggage_encode_(char *buf, size_t size, size_t n, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *value; value++) {
        const unsigned char c = (unsigned char)*value;
        char coded[3];
        coded[0] = '%';
        coded[1] = digits[c >> 4];
        coded[2] = digits[c & 15u];
        n = otel_baggage_octet_(c) && c != '%' ? otel_baggage_add_(buf, size, n, value, 1) : otel_baggage_add_(buf, size, n, coded, 3);
    }
    return n;
}

OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size)
{
    size_t n, len, from;
    unsigned members = 0;
    OTEL_WHEN_OFF_((void)context; (void)key; (void)value; (void)properties; (void)n; (void)len; (void)from; (void)members; if (buf && size) *buf = 0; return true)
    if (!buf || !size) return false;
    *buf = 0;
    len = key ? strlen(key) : 0u;
    for (from = 0; from < len && otel_token_char_((unsigned char)key[from]); from++) {}
    if (len == 0 || from < len) return false;
    n = otel_baggage_others_(context, key, len, buf, size, &members);
    if (value) {
        members++;
        if (n) n = otel_baggage_add_(buf, size, n, ",", 1);
        n = otel_baggage_add_(buf, size, n, key, len);
        n = otel_baggage_add_(buf, size, n, "=", 1);
        n = otel_baggage_encode_(buf, size, n, value);
    }
    from = n;
    if (value && properties && *properties) {
        n = otel_baggage_add_(buf, size, n, ";", 1);
        n = otel_baggage_add_(buf, size, n, properties, strlen(properties));
    }
    if (n < size && n <= OTEL_BAGGAGE_BYTES_ && members <= OTEL_BAGGAGE_MEMBERS_ && otel_properties_good_(buf, n, from)) {
        buf[n] = 0;
        return true;
    }
    *buf = 0;
    return false;
}
OTEL_C_END_
#endif
#endif
