/* The attributes of a span. Each is encoded at once, behind what is there; a key that comes again takes the place of the first.
   Specification: trace/api.md, "Set Attributes". */
#ifndef OTEL_FIELDS_H
#define OTEL_FIELDS_H
#include "attr.h"
#include "compiler.h"
#include "keys.h"
#include "pairs.h"
#include "span.h"
#include "unique.h"

OTEL_C_BEGIN_
/* Set `len` attributes; a key that is set again replaces the value. What does not fit is counted in the span. */
OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len);

OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_truth_(otel_span_t *span, const char *key, bool value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_real_(otel_span_t *span, const char *key, double value, uint32_t known);
/* Whether a call has something to do, where that is asked in the caller. */
OTEL_INLINE_ bool otel_set_goes_(const otel_span_t *span) { return !OTEL_ASKS_FIRST_ || otel_is_recording(span); }
/* NULL is asked for outside strlen: clang may evaluate what it asks to be constant, and its sanitizer sees that. */
OTEL_INLINE_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_number_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_u32_(otel_span_t *span, const char *key, uint32_t value)
{
    if (!otel_set_goes_(span)) return span;
    return value > 0x7FFFFFFFu ? otel_set_uint_(span, key, value) : otel_set_number_(span, key, (int32_t)value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_text_(span, key, value, OTEL_KNOWN_KEY_(key ? key : "") | (uint32_t)OTEL_KNOWN_(value ? value : "") << 16);
}
OTEL_INLINE_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_truth_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_real_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
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
/* A length, of which the caller may know that it is one byte. */
OTEL_INLINE_ uint8_t *otel_put_one_(uint8_t *to, size_t n, bool brief)
{
    if (!brief) return otel_put_len_(to, n);
    *to = (uint8_t)n;
    return to + 1;
}

/* One that is counted and not there. */
OTEL_STEP_ uint8_t *otel_set_lose_(otel_span_t *span)
{
    otel_count16_(&span->lost_attributes_);
    return NULL;
}

/* Begin an attribute whose AnyValue has `any` bytes, in place of one with the same key: all but those bytes, and their place.
   NULL: it does not fit, or has no key, and is counted. `known`: what OTEL_KNOWN_KEY_ said of the key. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_set_open_(otel_span_t *span, const char *key, uint32_t known, size_t any);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_set_open_(otel_span_t *span, const char *key, uint32_t known, size_t any)
{
    size_t key_len, all;
    unsigned number;
    uintptr_t bit;
    uint8_t *p, *old;
    bool brief;                                               /* each length is one byte */
    if (!key || !*key) return otel_set_lose_(span);
    key_len = known & 255u ? (size_t)(known & 255u) - 1u : otel_len_(key);
    number = known & 255u ? known >> 8 & 255u : otel_key_number_(key, key_len);
    bit = OTEL_KEY_BIT_(number);
    if (otel_key_seen_(span, number, bit)) otel_set_drop_(span, otel_span_find_(span, key, key_len));
    brief = OTEL_HOT_(false, OTEL_SHORT_((key_len | any) < 62u, false));
    all = brief ? key_len + any + 4u : otel_attr_len_(key_len, any);
    if (otel_too_long_(all) || (brief ? all + 2u : otel_message_size_(all)) > span->room_ - span->used_ || span->attributes_ >= OTEL_COUNT_LIMIT_) {
        return otel_set_lose_(span);
    }
    p = otel_span_bytes_(span) + span->used_;
    *p++ = OTEL_FIELD_ATTRIBUTE_;
    p = otel_put_one_(p, all, brief);
    *p++ = 0x0A;                                              /* KeyValue.key = 1 */
    p = otel_put_one_(p, key_len, brief);
    old = NULL;
    if (OTEL_UNLIKELY_(otel_copy_text_(p, key, key_len)) && OTEL_LIMITS) {    /* mended it may be one that is there */
        otel_mend_text_(p, key_len);
        number = otel_key_number_((const char *)p, key_len);
        bit = OTEL_KEY_BIT_(number);
        old = otel_span_find_(span, (const char *)p, key_len);
    }
    span->used_ = (size_t)(p - otel_span_bytes_(span)) + key_len;
    if (old) otel_set_drop_(span, old);
    p = otel_span_bytes_(span) + span->used_;
    *p++ = 0x12;                                              /* KeyValue.value = 2 */
    p = otel_put_one_(p, any, brief);
    span->used_ = (size_t)(p - otel_span_bytes_(span)) + any;
    span->attributes_++;
    otel_key_note_(span, number, bit);
    return p;
}

/* One attribute of any type, encoded where it will stand. */
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{
    size_t any;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    any = otel_any_len_(value);
    p = otel_set_open_(span, key, 0, any);
    if (p) otel_any_here_(p, any, value);
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    p = otel_set_open_(span, key, 0, 1u + otel_varint64_size_((uint64_t)value));
    if (p) {
        *p = OTEL_TAG_INT_;
        (void)otel_put_varint64_(p + 1, (uint64_t)value);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value)
{
    otel_value_t v = otel_value_uint_(value);
    return otel_set_(span, key, &v);
}

/* Most attributes are short and new: lengths of one byte, no second look. All but the two bytes before the AnyValue, which
   the caller writes, and its place; NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, uint32_t known, size_t any)
{
    size_t key_len = known & 255u, used = span->used_, all;
    uint8_t *p = otel_span_bytes_(span) + used;
    unsigned number = known >> 8 & 255u;
    uintptr_t bit;
    if (OTEL_LIKELY_(key_len)) {
        key_len--;
    } else {
        if (!key || !*key) return NULL;
        key_len = otel_len_(key);
        number = otel_key_number_(key, key_len);
    }
    all = key_len + any + 4u;
    bit = OTEL_KEY_BIT_(number);
    if (all > 127u || all + 2u > span->room_ - used || span->attributes_ >= OTEL_COUNT_LIMIT_) return NULL;
    if (OTEL_UNLIKELY_(otel_key_seen_(span, number, bit)) && otel_span_find_(span, key, key_len)) return NULL;
    otel_key_note_(span, number, bit);
    span->used_ = used + all + 2u;
    span->attributes_++;
    otel_put32_(p, 0x0A0000u + OTEL_FIELD_ATTRIBUTE_ + ((uint32_t)all << 8) + ((uint32_t)key_len << 24));     /* KeyValue.key = 1 */
    if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, key, key_len)) && OTEL_LIMITS) {      /* not plain ASCII: as if nothing had been */
        span->used_ = used;
        span->attributes_--;
        return NULL;
    }
    return p + 6u + key_len;
}

/* Who builds for size has the careful way only, whose NULL is counted already. */
#define OTEL_SET_PLACE_ OTEL_HOT_(otel_set_short_, otel_set_open_)
#define OTEL_SET_COUNTED_ OTEL_HOT_(false, true)

/* The length of a text, where it may be known: plus one, 16 bits higher than what is known of the key. */
OTEL_FN_ size_t otel_known_len_(const char *text, uint32_t known) { return known >> 16 ? (size_t)(known >> 16) - 1u : otel_len_(text); }

/* The text of a value at `p`, and what it is in *tag. */
OTEL_INLINE_ void otel_set_put_(uint8_t *tag, uint8_t *p, const char *value, size_t len)
{
#if OTEL_UTF8_REPLACE
    (void)tag;
    (void)otel_put_text_(p, value, len);
#else
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p, value, len)) && OTEL_LIMITS && !otel_utf8_valid(value, len)) *tag = OTEL_TAG_BYTES_;
#endif
}

/* Any text, or NULL. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_any_text_(otel_span_t *span, const char *key, const char *value);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_any_text_(otel_span_t *span, const char *key, const char *value)
{
    size_t len = value ? otel_len_(value) : 0;
    uint8_t *p = otel_set_open_(span, key, 0, !value ? 0 : otel_too_long_(len) ? OTEL_TOO_LONG_ : otel_message_size_(len));
    if (!p || !value) return span;
    *p = OTEL_TAG_STRING_;
    otel_set_put_(p, otel_put_len_(p + 1, len), value, len);
    return span;
}

/* known: of the key and of the length of the value. */
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known)
{
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value)) {
        size_t len = otel_known_len_(value, known);
        if (OTEL_LIKELY_(len < 122u)) {
            uint8_t *p = OTEL_SET_PLACE_(span, key, known, len + 2u);
            if (OTEL_LIKELY_(p != NULL)) {
                otel_put32_(p - 2, 0x0A0212u + ((uint32_t)len << 8) + ((uint32_t)len << 24));      /* AnyValue.string_value = 1 */
                otel_set_put_(p, p + 2, value, len);
                return span;
            }
            if (OTEL_SET_COUNTED_) return span;
        }
    }
    return otel_set_any_text_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known)
{
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value >= 0)) {
        unsigned size = value < 128 ? 2u : 1u + otel_varint_size_((uint32_t)value);
        uint8_t *p = OTEL_SET_PLACE_(span, key, known, size);
        if (OTEL_LIKELY_(p != NULL)) {
            otel_put32_(p - 2, 0x180012u + (size << 8) + ((uint32_t)value << 24));             /* AnyValue.int_value = 3 */
            if (OTEL_UNLIKELY_(size > 2u)) (void)otel_put_varint_(p + 1, (uint32_t)value);
            return span;
        }
        if (OTEL_SET_COUNTED_) return span;
    }
    return otel_set_int_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_truth_(otel_span_t *span, const char *key, bool value, uint32_t known)
{
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; (void)p; return NULL)
    if (!otel_is_recording(span)) return span;
    p = OTEL_SET_PLACE_(span, key, known, 2);
    if (!OTEL_SET_COUNTED_ && OTEL_UNLIKELY_(!p)) p = otel_set_open_(span, key, known, 2);
    if (OTEL_LIKELY_(p != NULL)) otel_put32_(p - 2, 0x12u | 2u << 8 | (uint32_t)OTEL_TAG_BOOL_ << 16 | (uint32_t)value << 24);
    return span;
}

OTEL_API_ otel_span_t *otel_set_real_(otel_span_t *span, const char *key, double value, uint32_t known)
{
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; (void)p; return NULL)
    if (!otel_is_recording(span)) return span;
    p = OTEL_SET_PLACE_(span, key, known, 9);
    if (!OTEL_SET_COUNTED_ && OTEL_UNLIKELY_(!p)) p = otel_set_open_(span, key, known, 9);
    if (OTEL_LIKELY_(p != NULL)) {
        p[-2] = 0x12;
        p[-1] = 9;
        *p = OTEL_TAG_DOUBLE_;
        otel_put64_(p + 1, otel_double_bits_(value));
    }
    return span;
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
}
OTEL_C_END_
#endif
#endif
