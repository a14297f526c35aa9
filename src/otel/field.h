/* Fields of OTLP messages that recording and sending both write: texts and scopes.
   opentelemetry/proto: common/v1/common.proto, "InstrumentationScope". */
#ifndef OTEL_FIELD_H
#define OTEL_FIELD_H
#include "attr.h"
#include "compiler.h"
#include "scope.h"
#include "unique.h"
#include "wire.h"

OTEL_C_BEGIN_
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text);
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A string field; 0 when it is empty or does not fit. */
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || otel_too_long_(n) || otel_message_size_(n) > room) return 0;
    *to = tag;
    return (size_t)(otel_put_text_(otel_put_len_(to + 1, n), text, n) - to);
}

/* What a text field takes at most. */
OTEL_FN_ size_t otel_text_room_(const char *text) { return text && *text ? 5u + strlen(text) : 0u; }

/* ScopeSpans.scope = 1, padded length; 0 for the unnamed scope, and when it does not fit. */
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope)
{
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    uint8_t *begin;
    if (!scope || room < n || room - n < otel_text_room_(scope->name) + otel_text_room_(scope->version)) return 0;
    n += otel_text_field_(to + n, room - n, 0x0A, scope->name);                   /* InstrumentationScope.name = 1 */
    n += otel_text_field_(to + n, room - n, 0x12, scope->version);                /* version = 2 */
    begin = to + n;
    for (i = 0; i < scope->attributes_len && scope->attributes; i++) {
        if (!scope->attributes[i].key || !*scope->attributes[i].key) continue;
        more = otel_attr_write_(to + n, room - n, 0x1A, &scope->attributes[i]);   /* attributes = 3 */
        if (more == 0) return 0;
        n += more;
        if (OTEL_LIMITS) n -= otel_unique_(begin, to + n - more, to + n);
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}
OTEL_C_END_
#endif
#endif
