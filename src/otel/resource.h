/* Who speaks: the attributes that the user gave the resource, and instrumentation scopes, in OTLP's form. The instance points
   here once there are such attributes or scopes, so that a program without them does not carry this.
   opentelemetry/proto: resource and common v1. Specification: resource/sdk.md, "Merge". */
#ifndef OTEL_RESOURCE_H
#define OTEL_RESOURCE_H
#include "attr.h"
#include "compiler.h"
#include "field.h"
#include "instance.h"
#include "scope.h"
#include "unique.h"
#include "wire.h"

/* A packet being built: what stands around its records. Private. */
typedef struct otel_packet_t_ {
    uint8_t *at, *end;            /* next byte, and where it must end */
    uint8_t *own, *run;           /* where the lengths of ResourceSpans and of the open ScopeSpans stand */
    uint8_t *first;               /* behind the head of that ScopeSpans: while it is empty, `at` */
    uint32_t extra, run_extra;    /* bytes that are in the message but not in the packet, now and at the head of the ScopeSpans */
    size_t tail;                  /* kept free behind `end` for its schema URL */
    uint8_t scope;
} otel_packet_t_;

OTEL_C_BEGIN_
OTEL_API_ uint8_t *otel_resource_head_(otel_packet_t_ *packet, const char *key, size_t key_len, size_t n);
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* telemetry.sdk.* as Resource.attributes = 1, encoded; in program memory. */
#define OTEL_SDK_BYTES_ 97u
OTEL_FN_ const char *otel_sdk_(void)
{
    static const char sdk[] OTEL_FLASH_ = "\x0A\x1E\x0A\x12" "telemetry.sdk.name" "\x12\x08\x0A\x06" "otel.h"
                              "\x0A\x1D\x0A\x16" "telemetry.sdk.language" "\x12\x03\x0A\x01" "c"
                              "\x0A\x20\x0A\x15" "telemetry.sdk.version" "\x12\x07\x0A\x05" OTEL_VERSION;
    typedef char otel_lengths_say_five_characters_of_version_[sizeof sdk == OTEL_SDK_BYTES_ + 1u ? 1 : -1];
    (void)sizeof(otel_lengths_say_five_characters_of_version_);
    return sdk;
}
/* The heads of two attributes up to the tag of their values: KeyValue.key = 1, value = 2; in program memory. */
OTEL_FN_ const char *otel_key_name_(void)
{
    static const char key[] OTEL_FLASH_ = "\x0A\x0C" "service.name" "\x12";
    return key;
}
OTEL_FN_ const char *otel_key_version_(void)
{
    static const char key[] OTEL_FLASH_ = "\x0A\x0F" "service.version" "\x12";
    return key;
}

/* The length of the open ScopeSpans, as far as it has come. */
OTEL_FN_ void otel_packet_close_(const otel_packet_t_ *p)
{
    otel_put_envelope_(p->run, (uint32_t)(p->at - p->run) - OTEL_ENVELOPE_BYTES_ + p->extra - p->run_extra);
}
#if OTEL_BODIES_
/* A varint of at least `width` bytes. */
OTEL_FN_ uint8_t *otel_put_padded_(uint8_t *to, uint32_t n, unsigned width)
{
    while (--width) {
        *to++ = (uint8_t)(n | 128u);
        n >>= 7;
    }
    *to++ = (uint8_t)n;
    return to;
}

/* Resource.attributes = 1 with a text of `n` bytes that the library gives, up to that text: `key` is its head, encoded, in program
   memory. Where the text stands; NULL: it does not fit. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_resource_head_(otel_packet_t_ *p, const char *key, size_t key_len, size_t n)
{
    unsigned width = n < 100u ? 1u : OTEL_LENGTH_BYTES_;      /* of the three lengths */
    uint8_t *to = p->at;
    if (otel_too_long_(n + 64u) || (size_t)(p->end - to) < 2u + 3u * OTEL_LENGTH_BYTES_ + key_len + n) return NULL;
    *to = 0x0A;
    to = otel_put_padded_(to + 1, (uint32_t)(key_len + 2u * width + 1u + n), width);
    OTEL_FLASH_COPY_(to, key, key_len);
    to = otel_put_padded_(to + key_len, (uint32_t)(width + 1u + n), width);
    *to = 0x0A;                                               /* AnyValue.string_value = 1 */
    return otel_put_padded_(to + 1, (uint32_t)n, width);
}

/* With that text. Only the head is a call: stack is short where a packet begins. */
OTEL_FN_ bool otel_resource_own_(otel_packet_t_ *p, const char *key, size_t key_len, const char *value)
{
    size_t n = otel_len_(value);
    uint8_t *to = otel_resource_head_(p, key, key_len, n);
    if (!to) return false;
    p->at = otel_put_text_(to, value, n);
    return true;
}

/* Say whether the user gave the resource this attribute: theirs wins. */
OTEL_FN_ bool otel_resource_has_(const otel_t *otel, const char *key, size_t n)
{
    size_t i;
    for (i = 0; i < otel->config_.attributes_len; i++) {
        const char *theirs = otel->config_.attributes[i].key;
        if (theirs && otel_len_(theirs) == n && otel_same_(theirs, key, n)) return true;
    }
    return false;
}

/* The attributes that the library gives, without those that the user gave. */
OTEL_FN_ bool otel_resource_ours_(const otel_t *otel, otel_packet_t_ *p)
{
    const otel_config_t *c = &otel->config_;
    const char *sdk = otel_sdk_(), *sdk_end = sdk + OTEL_SDK_BYTES_;
    p->at = p->own + OTEL_ENVELOPE_BYTES_ + 1u + OTEL_LENGTH_BYTES_;
    if (!otel_resource_has_(otel, "service.name", 12) && !otel_resource_own_(p, otel_key_name_(), 15, c->service ? c->service : "unknown_service")) return false;
    if (c->version && !otel_resource_has_(otel, "service.version", 15) && !otel_resource_own_(p, otel_key_version_(), 18, c->version)) return false;
    for (; sdk != sdk_end; sdk += OTEL_FLASH_BYTE_(sdk + 1) + 2) {            /* all lengths have one byte */
        size_t n = (size_t)(uint8_t)OTEL_FLASH_BYTE_(sdk + 1) + 2u;
        if ((size_t)(p->end - p->at) < n) return false;
        OTEL_FLASH_COPY_(p->at, sdk, n);
        if (!otel_resource_has_(otel, (const char *)p->at + 4, p->at[3])) p->at += n;
    }
    return true;
}

/* otel_t.resource_ when the user gave attributes or a schema URL: write all attributes, and keep room for the URL behind the
   packet; at the `end` write that. False: no room. */
OTEL_API_ bool otel_resource_more_(const otel_t *otel, otel_packet_t_ *p, bool end)
{
    const otel_config_t *c = &otel->config_;
    uint8_t *begin;
    size_t i, n;
    if (end) {
        p->at += otel_text_field_(p->at, OTEL_LENGTH_MAX_ & (size_t)-1, 0x1A, c->schema_url);         /* ResourceSpans.schema_url = 3 */
        return true;
    }
    if (!otel_resource_ours_(otel, p)) return false;
    begin = p->at;
    for (i = 0; i < c->attributes_len && c->attributes; i++) {
        const otel_attr_t *a = &c->attributes[i];
        if (!a->key || !*a->key) continue;
        n = otel_attr_write_(p->at, (size_t)(p->end - p->at), 0x0A, a);               /* Resource.attributes = 1 */
        if (n == 0) return false;
        p->at += n;
        if (OTEL_LIMITS) p->at -= otel_unique_(begin, p->at - n, p->at);
    }
    n = otel_text_field_(p->at, (size_t)(p->end - p->at), 0x1A, c->schema_url);
    p->end -= n;
    return n || !c->schema_url || !*c->schema_url;
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

/* Close the open ScopeSpans, or take its head back when nothing came behind it. Twice is once. */
OTEL_FN_ void otel_scope_end_(const otel_t *otel, otel_packet_t_ *p)
{
    const otel_scope_t *scope = otel_scope_find_(otel, p->scope);
    if (p->at == p->first && p->extra == p->run_extra) {
        p->at = p->run - 1;
    } else {
        if (scope) p->at += otel_text_field_(p->at, p->tail, 0x1A, scope->schema_url);                 /* ScopeSpans.schema_url = 3 */
        otel_packet_close_(p);
    }
    p->end += p->tail;
    p->tail = 0;
    p->first = p->at;
    p->run = p->at + 1;
    p->run_extra = p->extra;
}

/* otel_t.scope_ when there are scopes: close a ScopeSpans and open the next one, number -1: none. 1: done, 0: no room,
   -1: the scope is being entered at this moment. */
OTEL_API_ int otel_scope_more_(const otel_t *otel, otel_packet_t_ *p, int number)
{
    const otel_scope_t *scope = number > 0 ? otel_scope_find_(otel, (uint32_t)number) : NULL;
    uint8_t *to = NULL;
    size_t n = 0;
    otel_scope_end_(otel, p);
    if (number < 0 || (size_t)(p->end - p->at) < 1u + OTEL_ENVELOPE_BYTES_) return 0;
    if (number > 0 && !scope) return -1;
    to = p->at + 1u + OTEL_ENVELOPE_BYTES_;
    if (scope) {
        n = otel_scope_write_(to, (size_t)(p->end - to), scope);
        if (n == 0) return 0;
        to += n;
        n = otel_text_field_(to, (size_t)(p->end - to), 0x1A, scope->schema_url);
        if (n == 0 && scope->schema_url && *scope->schema_url) return 0;
    }
    *p->at = 0x12;                                            /* ResourceSpans.scope_spans = 2 */
    p->run = p->at + 1;
    p->first = p->at = to;
    p->tail = n;
    p->end -= n;
    p->scope = (uint8_t)number;
    return 1;
}
#endif
OTEL_C_END_
#endif
