/* What is set on a span: attributes, status, another name. Each is encoded at once, behind what is there; a key or a status
   that comes again takes the place of the first.
   Specification: trace/api.md, "Set Attributes", "Set Status", "UpdateName". */
#ifndef OTEL_FIELDS_H
#define OTEL_FIELDS_H
#include "attr.h"
#include "compiler.h"
#include "pairs.h"
#include "span.h"

OTEL_C_BEGIN_
/* Set `len` attributes; a key that is set again replaces the value. What does not fit is counted in the span. */
OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len);

/* Give the span another name; it is copied. Safe in interrupts. */
OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name);

/* Set the status. `message` (NULL: none) is copied and belongs to OTEL_STATUS_ERROR. OTEL_STATUS_OK is final. */
OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message);

OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value);
OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value);
/* NULL is asked for outside strlen: clang may evaluate what it asks to be constant, and its sanitizer sees that. */
OTEL_INLINE_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value) { return otel_set_number_(span, key, value, OTEL_KNOWN_KEY_(key ? key : "")); }
OTEL_INLINE_ otel_span_t *otel_set_u32_(otel_span_t *span, const char *key, uint32_t value)
{
    return value > 0x7FFFFFFFu ? otel_set_uint_(span, key, value) : otel_set_number_(span, key, (int32_t)value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    return otel_set_text_(span, key, value, OTEL_KNOWN_KEY_(key ? key : "") | (uint32_t)OTEL_KNOWN_(value ? value : "") << 16);
}
OTEL_FN_ otel_span_t *otel_set_float_(otel_span_t *span, const char *key, float value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_long_double_(otel_span_t *span, const char *key, long double value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_any_(otel_span_t *span, const char *key, otel_value_t value) { return otel_set_(span, key, &value); }
OTEL_C_END_

/* otel_span_set(span, "sensor.id", id, "bus", "i2c1"): up to 8 pairs, each value typed by the compiler, encoded at once. */
#ifndef __cplusplus
#  define otel_span_set(...) OTEL_PAIRS_TO_CALLS_(__VA_ARGS__)
#else
template <class... A> static inline void otel_span_set(otel_span_t *span, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_set_all(span, OTEL_LIST_(A));
}
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FIELD_ATTRIBUTE_ 0x4Au   /* Span.attributes = 9 */

/* Take a field out of the scratch. */
OTEL_FN_ void otel_scratch_cut_(otel_span_t *span, uint8_t *field, size_t n)
{
    span->used_ -= n;
    memmove(field, field + n, (size_t)(otel_span_bytes_(span) + span->used_ - field));
}

/* Take out the first field of this tag, if there is one. */
OTEL_FN_ void otel_scratch_remove_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = otel_field_size_(p);
        if (*p == tag) {
            otel_scratch_cut_(span, p, n);
            return;
        }
        p += n;
    }
}

/* The bit of a key, which is not empty. */
OTEL_FN_ uintptr_t otel_key_bit_(const char *key, size_t key_len) { return (uintptr_t)1 << otel_key_number_(key, key_len); }

/* The attribute with this key, or NULL. Lengths are compared before keys. */
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len);
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = OTEL_LIKELY_(p[1] < 128u) ? 2u + p[1] : otel_field_size_(p);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = p + 2;
            while (k[-1] & 128u) k++;             /* k: KeyValue.key, which comes first */
            if (key_len < 128u ? k[1] == key_len && memcmp(k + 2, key, key_len) == 0
                               : otel_field_size_(k) == key_len + 1u + otel_varint_size_((uint32_t)key_len) && memcmp(k + 1 + otel_varint_size_((uint32_t)key_len), key, key_len) == 0) return p;
        }
        p += n;
    }
    return NULL;
}

/* One attribute, encoded where it will stand; a key that is there already goes first. */
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{
    otel_out_t_ out;
    size_t key_len, n;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span) || !key || !*key) return span;
    key_len = strlen(key);
    n = otel_attr_size_(key_len, value);
    if ((span->keys_ & otel_key_bit_(key, key_len)) && (old = otel_span_find_(span, key, key_len)) != NULL) {
        otel_scratch_cut_(span, old, otel_field_size_(old));
        span->attributes_--;
    }
    if (n == 0 || n > span->room_ - span->used_ || span->attributes_ >= OTEL_COUNT_LIMIT_) {
        otel_count16_(&span->lost_attributes_);
        return span;
    }
    otel_out_to_(&out, otel_span_bytes_(span) + span->used_, n);
    otel_attr_encode_(&out, OTEL_FIELD_ATTRIBUTE_, key, key_len, value);
    span->used_ += n;
    span->attributes_++;
    span->keys_ |= otel_key_bit_(key, key_len);
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{
    otel_value_t v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_text_slow_(otel_span_t *span, const char *key, const char *value);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_text_slow_(otel_span_t *span, const char *key, const char *value)
{
    otel_value_t v = otel_value_str_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value)
{
    otel_value_t v = otel_value_uint_(value);
    return otel_set_(span, key, &v);
}

/* Most attributes are short and new: lengths of one byte, no second look. Writes all up to the value of `any` bytes and
   gives its place; NULL: the careful way. `known`: what OTEL_KNOWN_KEY_ said of the key. */
OTEL_INLINE_ uint8_t *otel_set_short_here_(otel_span_t *span, const char *key, uint32_t known, size_t any)
{
    size_t key_len = known & 255u, used = span->used_, all;
    uint8_t *p = otel_span_bytes_(span) + used;
    unsigned number = known >> 8 & 255u;
    if (OTEL_LIKELY_(key_len)) {
        key_len--;
    } else {
        if (!key || !*key) return NULL;
        key_len = strlen(key);
        number = otel_key_number_(key, key_len);
    }
    all = key_len + any + 4u;
    if (all > 127u || all + 2u > span->room_ - used || span->attributes_ >= OTEL_COUNT_LIMIT_) return NULL;
    if (OTEL_UNLIKELY_(span->keys_ >> number & 1u) && otel_span_find_(span, key, key_len)) return NULL;
    span->keys_ |= (uintptr_t)1 << number;
    span->used_ = used + all + 2u;
    span->attributes_++;
    otel_put32_(p, 0x0A0000u + OTEL_FIELD_ATTRIBUTE_ + ((uint32_t)all << 8) + ((uint32_t)key_len << 24));     /* KeyValue.key = 1 */
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 4, key, key_len)) && OTEL_LIMITS) otel_mend_text_(p + 4, key_len);
    return p + 4u + key_len;
}

OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, uint32_t known, size_t any);
OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, uint32_t known, size_t any) { return otel_set_short_here_(span, key, known, any); }

/* known: of the key and, 16 bits higher, the length of the value plus one. */
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known)
{
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value)) {
        size_t len = known >> 16 ? (size_t)(known >> 16) - 1u : strlen(value);
        uint8_t *p = len < 122u ? OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, known, len + 2u) : NULL;
        if (OTEL_LIKELY_(p != NULL)) {
            otel_put32_(p, 0x0A0212u + ((uint32_t)len << 8) + ((uint32_t)len << 24));      /* KeyValue.value = 2, of len + 2 bytes; AnyValue.string_value = 1 */
            if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 4, value, len)) && OTEL_LIMITS && !otel_utf8_valid(value, len)) p[2] = OTEL_TAG_BYTES_;
            return span;
        }
    }
    return otel_set_text_slow_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known)
{
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value >= 0)) {
        unsigned size = value < 128 ? 2u : 1u + otel_varint_size_((uint32_t)value);
        uint8_t *p = OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, known, size);
        if (OTEL_LIKELY_(p != NULL)) {
            otel_put32_(p, 0x180012u + (size << 8) + ((uint32_t)value << 24));           /* KeyValue.value = 2, AnyValue.int_value = 3 */
            if (OTEL_UNLIKELY_(size > 2u)) (void)otel_put_varint_(p + 3, (uint32_t)value);
            return span;
        }
    }
    return otel_set_int_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value)
{
    otel_value_t v;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    p = otel_set_short_(span, key, 0, 2);
    if (OTEL_LIKELY_(p != NULL)) {
        otel_put32_(p, 0x12u | 2u << 8 | (uint32_t)OTEL_TAG_BOOL_ << 16 | (uint32_t)value << 24);
        return span;
    }
    v = otel_value_bool_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value)
{
    otel_value_t v;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    p = otel_set_short_(span, key, 0, 9);
    if (OTEL_LIKELY_(p != NULL)) {
        *p++ = 0x12;
        *p++ = 9;
        *p++ = OTEL_TAG_DOUBLE_;
        otel_put64_(p, otel_double_bits_(value));
        return span;
    }
    v = otel_value_double_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
}

OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)status; (void)message; return)
    if (!otel_is_recording(span) || status <= OTEL_STATUS_UNSET || status > OTEL_STATUS_ERROR || span->status_ == OTEL_STATUS_OK) return;
    if (span->state_ & OTEL_SPAN_STATUS_) otel_scratch_remove_(span, OTEL_FIELD_STATUS_);
    span->state_ &= (uint8_t)~OTEL_SPAN_STATUS_;
    span->status_ = (uint8_t)status;
    if (!message || !*message || status != OTEL_STATUS_ERROR) return;
    n = otel_utf8_cut_(message, strlen(message), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ >= n + 9u) {
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_varint_(p + 1, (uint32_t)(n + 3u + otel_varint_size_((uint32_t)n)));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_STATUS_;
    }
}

OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)name; return)
    if (!otel_is_recording(span) || !name) return;
    if (span->named_) otel_scratch_remove_(span, OTEL_FIELD_NAME_);
    span->named_ = 0;
    n = otel_utf8_cut_(name, strlen(name), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ < n + 3u) {
        otel_count16_(&span->lost_attributes_);               /* the old name stays */
        return;
    }
    otel_span_put_name_(span, name, n);
    span->named_ = 1;
}
OTEL_C_END_
#endif
#endif
