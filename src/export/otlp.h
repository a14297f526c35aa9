/* Envelopes of OTLP: what stands around the records of a request. ResourceSpans, ResourceLogs and ResourceMetrics have the
   same shape, and so have ScopeSpans and ScopeLogs. opentelemetry/proto: trace, logs, metrics, resource, common v1. */
#ifndef OTEL_EXPORT_OTLP_H
#define OTEL_EXPORT_OTLP_H
#include "../otel/attr.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/wire.h"

OTEL_C_BEGIN_
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text);
OTEL_API_ size_t otel_resource_write_(uint8_t *to, size_t room, const otel_t *otel);
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope);
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A string field; 0 when it is empty or does not fit. */
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text)
{
    size_t n = text ? strlen(text) : 0, head;
    if (n == 0 || n > OTEL_LENGTH_MAX_) return 0;
    head = 1u + otel_varint_size_((uint32_t)n);
    if (head + n > room) return 0;
    *to = tag;
    return (size_t)(otel_put_text_(otel_put_varint_(to + 1, (uint32_t)n), text, n) - to);
}

/* Say whether the user gave the resource this attribute: theirs wins (specification: resource/sdk.md, "Merge"). */
OTEL_FN_ bool otel_resource_has_(const otel_t *otel, const char *key)
{
    size_t n = strlen(key), i;
    for (i = 0; i < otel->config_.attributes_len; i++) {
        const char *theirs = otel->config_.attributes[i].key;
        if (theirs && strlen(theirs) == n && memcmp(theirs, key, n) == 0) return true;
    }
    return false;
}

/* An attribute that the library gives, unless the user gave it. False: it does not fit. */
OTEL_API_ bool otel_resource_own_(uint8_t *to, size_t room, size_t *n, const otel_t *otel, const char *key, const char *value);
OTEL_API_ bool otel_resource_own_(uint8_t *to, size_t room, size_t *n, const otel_t *otel, const char *key, const char *value)
{
    otel_value_t text = otel_value_str_(value);
    size_t more;
    if (!value || otel_resource_has_(otel, key)) return true;
    more = otel_attr_write_(to + *n, room - *n, 0x0A, key, &text);                /* Resource.attributes = 1 */
    *n += more;
    return more != 0;
}

/* ResourceSpans.resource = 1, padded length. 0 when it does not fit. */
OTEL_API_ size_t otel_resource_write_(uint8_t *to, size_t room, const otel_t *otel)
{
    const otel_config_t *c = &otel->config_;
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    if (room < n) return 0;
    if (!otel_resource_own_(to, room, &n, otel, "service.name", c->service ? c->service : "unknown_service") ||
        !otel_resource_own_(to, room, &n, otel, "service.version", c->version) ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.name", "otel.h") ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.language", "c") ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.version", OTEL_VERSION)) return 0;
    for (i = 0; i < c->attributes_len; i++) {
        const otel_attr_t *a = &c->attributes[i];
        if (!a->key || !*a->key) continue;
        more = otel_attr_write_(to + n, room - n, 0x0A, a->key, &a->value);
        if (more == 0) return 0;
        n += more;
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}

/* What a text field takes at most. */
OTEL_FN_ size_t otel_text_room_(const char *text) { return text && *text ? 5u + strlen(text) : 0u; }

/* ScopeSpans.scope = 1, padded length; 0 for the unnamed scope, and when it does not fit. */
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope)
{
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    if (!scope || room < n || room - n < otel_text_room_(scope->name) + otel_text_room_(scope->version)) return 0;
    n += otel_text_field_(to + n, room - n, 0x0A, scope->name);                   /* InstrumentationScope.name = 1 */
    n += otel_text_field_(to + n, room - n, 0x12, scope->version);                /* version = 2 */
    for (i = 0; i < scope->attributes_len && scope->attributes; i++) {
        if (!scope->attributes[i].key) continue;
        more = otel_attr_write_(to + n, room - n, 0x1A, scope->attributes[i].key, &scope->attributes[i].value);   /* attributes = 3 */
        if (more == 0) return 0;
        n += more;
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}

/* The scope of a number; NULL for 0 and for one that is just being entered. */
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number)
{
    const otel_scope_t *s = OTEL_LOAD_ACQUIRE_(&otel->scopes_);
    unsigned i;
    for (i = 0; number && s && i < OTEL_SCOPES_; i++, s = s->next_) {
        if (s->number_ == number) return s;
    }
    return NULL;
}
OTEL_C_END_
#endif
#endif
