/* B3, the headers of Zipkin: one header `b3`, or several that begin with x-b3-. Both are read, the single one first; which
   is written is chosen. Specification: context/api-propagators.md, "B3 Requirements"; openzipkin/b3-propagation. */
#ifndef OTEL_B3_H
#define OTEL_B3_H
#include "compiler.h"
#include "textmap.h"

OTEL_C_BEGIN_
OTEL_API_ bool otel_b3_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ void otel_b3_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_b3_inject_multi_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);

/* Write `b3: traceid-spanid-sampled`. Ids of 64 bits are read as 128 with zeros in front. A sampling state that is absent
   (deferred) reads as not sampled; `d` is OTEL_FLAG_DEBUG together with OTEL_FLAG_SAMPLED, and goes out as `d` again. The
   parent's span id is not passed on. */
OTEL_FN_ otel_propagator_t otel_propagator_b3(void) { return OTEL_PROPAGATOR_(otel_b3_extract_, otel_b3_inject_, "b3\0", NULL); }
/* Write x-b3-traceid, x-b3-spanid, and x-b3-sampled or x-b3-flags. */
OTEL_FN_ otel_propagator_t otel_propagator_b3_multi(void)
{
    return OTEL_PROPAGATOR_(otel_b3_extract_, otel_b3_inject_multi_, "x-b3-traceid\0x-b3-spanid\0x-b3-sampled\0x-b3-flags\0", NULL);
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Read an id of n bytes from text[len], whole or, for trace ids, half of it; digits in both cases (Zipkin's own readers
   take capitals). */
OTEL_FN_ bool otel_b3_id_(uint8_t *to, size_t n, const char *text, size_t len)
{
    size_t i, skip;
    unsigned any = 0;
    if (len != 2u * n && !(n == 16u && len == 16u)) return false;
    skip = n - len / 2u;
    memset(to, 0, n);
    for (i = 0; i < len; i++) {
        unsigned digit = otel_hex_any_(text[i]);
        if (digit > 15u) return false;
        any |= digit;
        to[skip + i / 2u] = (uint8_t)((unsigned)to[skip + i / 2u] << 4 | digit);
    }
    return any != 0;
}

/* The flags of a sampling state; 256 when it is none. `true` and `false` are what old tracers write. */
OTEL_FN_ unsigned otel_b3_flags_(const char *text, size_t len)
{
    if (len == 0) return 0;
    if (len == 1 && *text == 'd') return OTEL_FLAG_DEBUG | OTEL_FLAG_SAMPLED;
    if ((len == 1 && *text == '1') || otel_name_is_("true", text, len)) return OTEL_FLAG_SAMPLED;
    return (len == 1 && *text == '0') || otel_name_is_("false", text, len) ? 0u : 256u;
}

/* traceid-spanid[-state[-parentspanid]] */
OTEL_FN_ bool otel_b3_single_(otel_context_t *read, const char *text, size_t len)
{
    const char *end = text + len, *dash = (const char *)memchr(text, '-', len), *state, *more;
    uint8_t parent[8];
    unsigned flags = 0;
    if (!dash || !otel_b3_id_(read->trace_id, 16, text, (size_t)(dash - text))) return false;
    text = dash + 1;
    if (end - text < 16 || !otel_b3_id_(read->span_id, 8, text, 16)) return false;
    state = text + 16;
    if (state != end) {
        if (*state++ != '-') return false;
        more = (const char *)memchr(state, '-', (size_t)(end - state));
        if (!more) more = end;
        flags = more == state || more - state > 1 ? 256u : otel_b3_flags_(state, (size_t)(more - state));
        if (flags > 255u || (more != end && !otel_b3_id_(parent, 8, more + 1, (size_t)(end - more - 1)))) return false;
    }
    read->flags = (uint8_t)flags;
    return true;
}

OTEL_FN_ bool otel_b3_several_(otel_context_t *read, const otel_carrier_t *carrier)
{
    size_t len;
    unsigned flags;
    const char *text = otel_carrier_only(carrier, "x-b3-traceid", &len);
    if (!text || !otel_b3_id_(read->trace_id, 16, text, len)) return false;
    text = otel_carrier_only(carrier, "x-b3-spanid", &len);
    if (!text || !otel_b3_id_(read->span_id, 8, text, len)) return false;
    text = otel_carrier_only(carrier, "x-b3-flags", &len);
    if (text && len == 1 && *text == '1') {
        read->flags = OTEL_FLAG_DEBUG | OTEL_FLAG_SAMPLED;
        return true;
    }
    text = otel_carrier_only(carrier, "x-b3-sampled", &len);
    flags = text ? otel_b3_flags_(text, len) : 0u;
    read->flags = (uint8_t)(flags > 255u ? 0u : flags);
    return true;
}

OTEL_API_ bool otel_b3_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{
    otel_context_t read;
    size_t len;
    const char *text = otel_carrier_only(carrier, "b3", &len);
    (void)self;
    memset(&read, 0, sizeof read);
    if (!(text && otel_b3_single_(&read, text, len)) && !otel_b3_several_(&read, carrier)) return false;
    read.remote = true;
    read.baggage = context->baggage;
    read.values = context->values;
    *context = read;
    return true;
}

/* Both ids in hex; false when one is not valid. */
OTEL_FN_ bool otel_b3_ids_(const otel_context_t *context, char trace_id[33], char span_id[17])
{
    trace_id[32] = span_id[16] = 0;
    return otel_hex_write_(trace_id, context->trace_id, 16) && otel_hex_write_(span_id, context->span_id, 8);
}

OTEL_API_ void otel_b3_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char text[33 + 17 + 2], span_id[17];
    (void)self;
    if (!otel_b3_ids_(context, text, span_id)) return;
    text[32] = '-';
    memcpy(text + 33, span_id, 16);
    text[49] = '-';
    text[50] = (char)(context->flags & OTEL_FLAG_DEBUG ? 'd' : context->flags & OTEL_FLAG_SAMPLED ? '1' : '0');
    text[51] = 0;
    set(user, "b3", text);
}

OTEL_API_ void otel_b3_inject_multi_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char trace_id[33], span_id[17];
    (void)self;
    if (!otel_b3_ids_(context, trace_id, span_id)) return;
    set(user, "x-b3-traceid", trace_id);
    set(user, "x-b3-spanid", span_id);
    if (context->flags & OTEL_FLAG_DEBUG) set(user, "x-b3-flags", "1");
    else set(user, "x-b3-sampled", context->flags & OTEL_FLAG_SAMPLED ? "1" : "0");
}
OTEL_C_END_
#endif
#endif
