/* The keys of a span's attributes: which may be there, by a bit each, and where one stands among the encoded fields. */
#ifndef OTEL_KEYS_H
#define OTEL_KEYS_H
#include "compiler.h"
#include "span.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FIELD_ATTRIBUTE_ 0x4Au   /* Span.attributes = 9 */

/* Take a field out of the scratch. */
OTEL_FN_ void otel_scratch_cut_(otel_span_t *span, uint8_t *field, size_t n)
{
    const uint8_t *end = otel_span_bytes_(span) + span->used_;
    span->used_ -= n;
    for (; field + n < end; field++) *field = field[n];
}

/* The attribute with this key, or NULL. */
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len);
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n, len;
        const uint8_t *in = otel_field_in_(p, &n);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = otel_field_in_(in, &len);      /* KeyValue.key, which comes first */
            if (len && len == key_len && k[len - 1u] == (uint8_t)key[len - 1u] && otel_same_(k, key, key_len)) return p;
        }
        p += (size_t)(in - p) + n;
    }
    return NULL;
}

/* Take out an attribute, if it is there. */
OTEL_FN_ void otel_set_drop_(otel_span_t *span, uint8_t *old)
{
    if (!old) return;
    otel_scratch_cut_(span, old, otel_field_size_(old));
    span->attributes_--;
}

/* Whether a key of this number may be there, and that one is. The number's bit is the caller's where making it takes long: an 8-bit core
   shifts by one bit at a time. */
#ifdef __AVR__
#define OTEL_BIT_KEPT_(number, bit) ((void)(number), (bit))
#else
#define OTEL_BIT_KEPT_(number, bit) ((void)(bit), OTEL_KEY_BIT_(number))
#endif
OTEL_INLINE_ bool otel_key_seen_(const otel_span_t *span, unsigned number, uintptr_t bit) { return (span->keys_[OTEL_KEY_WORD_(number)] & OTEL_BIT_KEPT_(number, bit)) != 0; }
OTEL_INLINE_ void otel_key_note_(otel_span_t *span, unsigned number, uintptr_t bit) { span->keys_[OTEL_KEY_WORD_(number)] |= OTEL_BIT_KEPT_(number, bit); }

OTEL_C_END_
#endif
#endif
