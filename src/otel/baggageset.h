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
   would be more than 8192 bytes or 180 members. On firmware one call at a time. */
OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What is written, and what is read meanwhile. Private. */
typedef struct otel_baggage_work_t_ {
    otel_baggage_t it;
    otel_baggage_entry_t entry;
    const char *key, *value, *properties;
    char *buf;
    size_t size, n;                   /* n: bytes that are written, or would be if there were room */
    unsigned members;
    char coded[3];
} otel_baggage_work_t_;

/* The members of other keys. */
OTEL_STEP_ void otel_baggage_others_(otel_baggage_work_t_ *w)
{
    const otel_baggage_entry_t *e = &w->entry;
    const size_t key_len = strlen(w->key);
    while (otel_baggage_step_(&w->it, &w->entry)) {
        if (e->key_len == key_len && memcmp(e->key, w->key, key_len) == 0) continue;
        w->n = otel_list_put_(w->buf, w->size, w->n, e->key, (size_t)(e->properties + e->properties_len - e->key));
        w->members++;
    }
}

OTEL_STEP_ void otel_baggage_add_(otel_baggage_work_t_ *w, const char *text, size_t len)
{
    if (w->n < w->size && len < w->size - w->n) memcpy(w->buf + w->n, text, len);
    w->n += len;
}

/* The value, with what may not stand there as %XX; a '%' too, which would begin such a one. */
OTEL_STEP_ void otel_baggage_encode_(otel_baggage_work_t_ *w)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *w->value; w->value++) {
        const unsigned char c = (unsigned char)*w->value;
        w->coded[0] = '%';
        w->coded[1] = digits[c >> 4];
        w->coded[2] = digits[c & 15u];
        if (otel_baggage_octet_(c) && c != '%') otel_baggage_add_(w, w->value, 1);
        else otel_baggage_add_(w, w->coded, 3);
    }
}

/* The new member, behind the others. */
OTEL_STEP_ bool otel_baggage_member_(otel_baggage_work_t_ *w)
{
    size_t from;
    w->members++;
    w->n = otel_list_put_(w->buf, w->size, w->n, w->key, strlen(w->key));
    otel_baggage_add_(w, "=", 1);
    otel_baggage_encode_(w);
    if (!w->properties || !*w->properties) return true;
    from = w->n;
    otel_baggage_add_(w, ";", 1);
    otel_baggage_add_(w, w->properties, strlen(w->properties));
    return w->n < w->size && otel_properties_good_(w->buf, w->n, from);
}

OTEL_FN_ bool otel_baggage_key_(const char *key)
{
    size_t i;
    if (!key || !*key) return false;
    for (i = 0; key[i]; i++) {
        if (!otel_token_char_((unsigned char)key[i])) return false;
    }
    return true;
}

OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size)
{
    OTEL_WORKING_ otel_baggage_work_t_ w;
    OTEL_WHEN_OFF_((void)context; (void)key; (void)value; (void)properties; (void)w; if (buf && size) *buf = 0; return true)
    if (!buf || !size) return false;
    *buf = 0;
    if (!otel_baggage_key_(key)) return false;
    memset((void *)&w, 0, sizeof w);
    w.it = otel_baggage_walk_(context ? context->baggage : NULL);
    w.key = key;
    w.value = value;
    w.properties = properties;
    w.buf = buf;
    w.size = size;
    otel_baggage_others_(&w);
    if ((value && !otel_baggage_member_(&w)) || w.n >= size || w.n > OTEL_BAGGAGE_BYTES_ || w.members > OTEL_BAGGAGE_MEMBERS_) {
        *buf = 0;
        return false;
    }
    buf[w.n] = 0;
    return true;
}
OTEL_C_END_
#endif
#endif
