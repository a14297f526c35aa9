/* The tracestate header: what each tracing system on the way keeps for itself, key=value members divided by commas.
   It is read where it lies; nothing of it is stored. W3C Trace Context level 2: "Tracestate Header". */
#ifndef OTEL_TRACESTATE_H
#define OTEL_TRACESTATE_H
#include "context.h"

OTEL_C_BEGIN_
/* Write the tracestate of `context` as it is sent on: the members in their order, without the whitespace around them and
   without empty ones, one comma between two. Gives the length (bytes, without the NUL), 0 when there is none.
   `buf` always ends in NUL; when `size` bytes do not hold all of it, it is empty and the length tells what is needed
   (at most 16447). `buf` may be NULL with a `size` of 0.
   One malformed member, a 33rd, or a key or a value over 256 bytes drops the whole header, as the text asks. A key that
   comes twice does not: the grammar allows it, only adding a second one is forbidden ("Mutating the tracestate Field"),
   this library adds none, and members of others must be sent on. Safe in interrupts and signal handlers. */
OTEL_API_ size_t otel_tracestate(const otel_context_t *context, char *buf, size_t size);
OTEL_API_ size_t otel_tracestate_write_(const char *text, char *buf, size_t size);
OTEL_API_ size_t otel_tracestate_size_(const char *text);
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TRACESTATE_MEMBERS_ 32u    /* "tracestate Header Field Values" */
#define OTEL_TRACESTATE_PART_ 256u      /* bytes of a key, and of a value */

/* OWS of RFC 9110, 5.6.3: a space or a tab. */
OTEL_INLINE_ bool otel_blank_(char c) { return c == ' ' || c == '\t'; }

/* The next member of a header that is a comma-separated list; NULL at the end. Empty members are passed over (RFC 9110,
   5.6.1). A member that begins or ends behind the first *left bytes is not there. *at then stands behind the member, and
   at the end on the NUL or on what was left over. */
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left)
{
    const char *p = *at, *from;
    size_t room = *left;
    for (; room && (otel_blank_(*p) || *p == ','); p++) room--;
    from = *at = p;
    if (room == 0 || *p == 0) return NULL;
    for (; *p && *p != ','; p++) {
        if (room) room--;
        else if (!otel_blank_(*p)) return NULL;
    }
    *at = p;
    *left = room;
    return from;
}

/* The length of a member that ends before `end`, without the whitespace behind it. */
OTEL_FN_ size_t otel_list_len_(const char *member, const char *end)
{
    while (otel_blank_(end[-1])) end--;
    return (size_t)(end - member);
}

/* Put a member behind the n bytes of a list, as far as it fits; the new n counts it in any case. */
OTEL_FN_ size_t otel_list_put_(char *buf, size_t size, size_t n, const char *member, size_t len)
{
    if (n) {
        if (n < size) buf[n] = ',';
        n++;
    }
    if (n < size && len < size - n) memcpy(buf + n, member, len);
    return n + len;
}

OTEL_FN_ bool otel_lower_or_digit_(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/* "Key", "Value". A multi-tenant key needs no case of its own: in level 2 an '@' may stand wherever a '_' may. */
OTEL_STEP_ bool otel_tracestate_good_(const char *member, size_t len)
{
    const unsigned char *p = (const unsigned char *)member;
    size_t i = 0;
    while (i < len && (otel_lower_or_digit_(p[i]) || p[i] == '_' || p[i] == '-' || p[i] == '*' || p[i] == '/' || p[i] == '@')) i++;
    if (i == 0 || i > OTEL_TRACESTATE_PART_ || i == len || p[i] != '=' || !otel_lower_or_digit_(p[0])) return false;
    i++;
    if (i == len || len - i > OTEL_TRACESTATE_PART_) return false;
    for (; i < len; i++) {
        if (p[i] < 0x20 || p[i] > 0x7E || p[i] == '=') return false;     /* a comma would have ended the member */
    }
    return true;
}

OTEL_INLINE_ size_t otel_tracestate_pass_(const char *text, char *buf, size_t size)
{
    const char *member;
    size_t n = 0, left = (size_t)-1;
    unsigned members = 0;
    while ((member = otel_list_next_(&text, &left)) != NULL) {
        size_t len = otel_list_len_(member, text);
        if (++members > OTEL_TRACESTATE_MEMBERS_ || !otel_tracestate_good_(member, len)) {
            n = 0;
            break;
        }
        n = buf ? otel_list_put_(buf, size, n, member, len) : n + (n != 0) + len;
    }
    if (size) buf[n < size ? n : 0] = 0;
    return n;
}

OTEL_API_ size_t otel_tracestate_write_(const char *text, char *buf, size_t size) { return otel_tracestate_pass_(text, buf, size); }

/* The length alone, 0: nothing of it may go on. A body of its own, for the stack that it does not take. */
OTEL_API_ size_t otel_tracestate_size_(const char *text) { return otel_tracestate_pass_(text, NULL, 0); }

OTEL_API_ size_t otel_tracestate(const otel_context_t *context, char *buf, size_t size)
{
    OTEL_WHEN_OFF_((void)context; if (size) buf[0] = 0; return 0)
    return otel_tracestate_write_(context && context->tracestate ? context->tracestate : "", buf, size);
}
OTEL_C_END_
#endif
#endif
