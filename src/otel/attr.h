/* Values and attributes: what a key can carry (AnyValue, every type), and how it is encoded.
   Specification: common/README.md, "Attribute" and "AnyValue"; opentelemetry/proto/common/v1/common.proto. */
#ifndef OTEL_ATTR_H
#define OTEL_ATTR_H
#include "compiler.h"
#include "out.h"
#include "wire.h"

typedef enum {
    OTEL_V_NULL_, OTEL_V_STRING_, OTEL_V_BOOL_, OTEL_V_INT_, OTEL_V_UINT_, OTEL_V_DOUBLE_, OTEL_V_BYTES_,
    OTEL_V_INTS_, OTEL_V_DOUBLES_, OTEL_V_BOOLS_, OTEL_V_STRINGS_, OTEL_V_VALUES_, OTEL_V_MAP_
} otel_type_t;

struct otel_out_t_;
struct otel_value_t;

/* A value of any type. Made by OTEL_STR, OTEL_BYTES, OTEL_ARRAY, OTEL_VALUES, OTEL_MAP, OTEL_NULL; what it points to is
   copied by the call that takes it. Arrays and maps bring what encodes them, so that programs without them do not have it. */
typedef struct otel_value_t {
    uint8_t type;                 /* otel_type_t */
    uint8_t size;                 /* of one element of an array, bytes */
    uint32_t len;                 /* bytes of text, or elements of an array */
    union {
        int64_t i;
        uint64_t u;
        double d;
        const void *p;
        struct {
            const void *p;
            size_t (*encode)(struct otel_out_t_ *out, const struct otel_value_t *list);   /* `out` NULL: only how many bytes */
        } list;
    } as;
} otel_value_t;

typedef struct otel_attr_t {
    const char *key;              /* UTF-8, ends with NUL */
    otel_value_t value;
} otel_attr_t;

OTEL_C_BEGIN_
OTEL_FN_ otel_value_t otel_value_(otel_type_t type, const void *p, size_t n, size_t size)
{
    otel_value_t v;
    v.type = (uint8_t)(p || !n ? type : OTEL_V_NULL_);
    v.size = (uint8_t)size;
    v.len = otel_too_long_(n) ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)n;
    v.as.u = 0;
    v.as.p = p;
    return v;
}
OTEL_API_ size_t otel_list_encode_(struct otel_out_t_ *out, const otel_value_t *list);
OTEL_FN_ otel_value_t otel_value_list_(otel_type_t type, const void *p, size_t n, size_t size)
{
    otel_value_t v = otel_value_(type, p, n, size);
    v.as.list.p = p;
    v.as.list.encode = OTEL_ENABLED ? otel_list_encode_ : NULL;
    return v;
}
OTEL_FN_ otel_value_t otel_value_int_(int64_t i)
{
    otel_value_t v = otel_value_(OTEL_V_INT_, NULL, 0, 0);
    v.as.i = i;
    return v;
}
OTEL_FN_ otel_value_t otel_value_uint_(uint64_t u)
{
    otel_value_t v = otel_value_(OTEL_V_UINT_, NULL, 0, 0);
    v.as.u = u;
    return v;
}
OTEL_FN_ otel_value_t otel_value_bool_(bool b)
{
    otel_value_t v = otel_value_(OTEL_V_BOOL_, NULL, 0, 0);
    v.as.i = b;
    return v;
}
OTEL_FN_ otel_value_t otel_value_double_(double d)
{
    otel_value_t v = otel_value_(OTEL_V_DOUBLE_, NULL, 0, 0);
    v.as.d = d;
    return v;
}
OTEL_FN_ otel_value_t otel_value_str_(const char *s) { return otel_value_(s ? OTEL_V_STRING_ : OTEL_V_NULL_, s, s ? strlen(s) : 0, 1); }

/* One attribute each, for otel_span_set_all and tables. A NULL text is the null value. */
OTEL_FN_ otel_attr_t otel_any(const char *key, otel_value_t value)
{
    otel_attr_t a;
    a.key = key;
    a.value = value;
    return a;
}
OTEL_FN_ otel_attr_t otel_int(const char *key, int64_t value) { return otel_any(key, otel_value_int_(value)); }
OTEL_FN_ otel_attr_t otel_uint(const char *key, uint64_t value) { return otel_any(key, otel_value_uint_(value)); }    /* above 2^63-1: a decimal string */
OTEL_FN_ otel_attr_t otel_bool(const char *key, bool value) { return otel_any(key, otel_value_bool_(value)); }
OTEL_FN_ otel_attr_t otel_double(const char *key, double value) { return otel_any(key, otel_value_double_(value)); }
OTEL_FN_ otel_attr_t otel_str(const char *key, const char *value) { return otel_any(key, otel_value_str_(value)); }
OTEL_FN_ otel_attr_t otel_strn(const char *key, const char *value, size_t len) { return otel_any(key, otel_value_(OTEL_V_STRING_, value, len, 1)); }
OTEL_FN_ otel_attr_t otel_bytes(const char *key, const void *value, size_t len) { return otel_any(key, otel_value_(OTEL_V_BYTES_, value, len, 1)); }
OTEL_FN_ otel_attr_t otel_float_(const char *key, float value) { return otel_double(key, (double)value); }
OTEL_FN_ otel_attr_t otel_long_double_(const char *key, long double value) { return otel_double(key, (double)value); }

#define OTEL_STR(text, len) otel_value_(OTEL_V_STRING_, (text), (len), 1)          /* text of len bytes, NULs included */
#define OTEL_BYTES(bytes, len) otel_value_(OTEL_V_BYTES_, (bytes), (len), 1)
#define OTEL_VALUES(values, len) otel_value_list_(OTEL_V_VALUES_, (values), (len), 0)   /* otel_value_t[len]: an array of mixed types */
#define OTEL_MAP(attributes, len) otel_value_list_(OTEL_V_MAP_, (attributes), (len), 0) /* otel_attr_t[len]: a map */
#define OTEL_NULL otel_value_(OTEL_V_NULL_, NULL, 0, 0)

/* `tag length KeyValue` and `tag length AnyValue`: how many bytes, 0 when they are more than a record can hold; and their
   encoding, for which the room is known to suffice. */
OTEL_API_ size_t otel_attr_size_(size_t key_len, const otel_value_t *value);
OTEL_API_ void otel_attr_encode_(struct otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value);
OTEL_API_ size_t otel_any_size_(const otel_value_t *value);
OTEL_API_ void otel_any_encode_(struct otel_out_t_ *out, uint8_t tag, const otel_value_t *value);
OTEL_API_ void otel_scalar_encode_(struct otel_out_t_ *out, size_t len, const otel_value_t *v);
/* Both at once, in one piece of memory: the number of bytes, 0 when they do not fit or it has no key. With OTEL_LIKE_TEXT_ in the tag a
   number that goes as text has the bytes of that text. */
#define OTEL_LIKE_TEXT_ 0x100u
OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const otel_attr_t *attribute);
OTEL_C_END_

#ifdef __cplusplus
#  define OTEL_TRUE true
#  define OTEL_FALSE false
OTEL_FN_ otel_value_t otel_array_(const bool *p, size_t n) { return otel_value_list_(OTEL_V_BOOLS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const short *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const int *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long long *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const float *p, size_t n) { return otel_value_list_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const double *p, size_t n) { return otel_value_list_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const char *const *p, size_t n) { return otel_value_list_(OTEL_V_STRINGS_, p, n, sizeof *p); }
#  define OTEL_ARRAY(array, len) otel_array_((array), (len))
#else
#  define OTEL_TRUE ((bool)1)
#  define OTEL_FALSE ((bool)0)
/* An array of bool, short, int, long, long long, float, double or text. If an error led you here: OTEL_ARRAY takes a
   pointer to one of these; bytes go through OTEL_BYTES. */
#  define OTEL_ARRAY(array, len) \
    otel_value_list_(OTEL_EXT_ _Generic(&*(array), bool *: OTEL_V_BOOLS_, const bool *: OTEL_V_BOOLS_, \
        short *: OTEL_V_INTS_, const short *: OTEL_V_INTS_, int *: OTEL_V_INTS_, const int *: OTEL_V_INTS_, \
        long *: OTEL_V_INTS_, const long *: OTEL_V_INTS_, long long *: OTEL_V_INTS_, const long long *: OTEL_V_INTS_, \
        float *: OTEL_V_DOUBLES_, const float *: OTEL_V_DOUBLES_, double *: OTEL_V_DOUBLES_, const double *: OTEL_V_DOUBLES_, \
        char **: OTEL_V_STRINGS_, const char **: OTEL_V_STRINGS_, char *const *: OTEL_V_STRINGS_, const char *const *: OTEL_V_STRINGS_), \
        (array), (len), sizeof *(array))
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TAG_STRING_ 0x0A     /* AnyValue.string_value = 1 */
#define OTEL_TAG_BOOL_ 0x10       /* AnyValue.bool_value = 2 */
#define OTEL_TAG_INT_ 0x18        /* AnyValue.int_value = 3 */
#define OTEL_TAG_DOUBLE_ 0x21     /* AnyValue.double_value = 4, fixed64 */
#define OTEL_TAG_ARRAY_ 0x2A      /* AnyValue.array_value = 5 */
#define OTEL_TAG_MAP_ 0x32        /* AnyValue.kvlist_value = 6 */
#define OTEL_TAG_BYTES_ 0x3A      /* AnyValue.bytes_value = 7 */

OTEL_FN_ bool otel_is_list_(uint8_t type) { return type >= OTEL_V_INTS_; }

/* An unsigned number that no int64 holds goes as decimal text (specification: common, mapping to AnyValue), in `len` bytes. Three stand
   in front of the digits: a length drawn out by a byte, to every decoder the same, says that this is a number, whose text is not to be
   cut; two where there may be no difference. Its digits from the first one on, by subtraction: a division of 64 bits would be a library
   of its own on small cores, and a buffer is stack. */
OTEL_API_ OTEL_NOINLINE_ void otel_out_big_uint_(otel_out_t_ *out, size_t len, uint64_t u);
OTEL_API_ OTEL_NOINLINE_ void otel_out_big_uint_(otel_out_t_ *out, size_t len, uint64_t u)
{
    const unsigned digits = u >= 10000000000000000000u ? 20u : 19u;
    unsigned left, i;
    for (left = (unsigned)len; left && otel_out_turn_(out); left--) {
        uint8_t byte = (uint8_t)(left == len ? (unsigned)OTEL_TAG_STRING_ : left > digits + 1u ? digits | 128u : len > digits + 2u ? 0u : digits);
        if (left <= digits) {
            uint64_t ten = 1;
            for (i = 1; i < left; i++) ten *= 10u;
            for (byte = '0'; u >= ten; u -= ten) byte++;
        }
        *out->at++ = byte;
    }
}

OTEL_FN_ bool otel_is_big_(const otel_value_t *v) { return v->type == OTEL_V_UINT_ && v->as.u >> 63; }

/* The encoded size of an AnyValue; texts count in full. */
OTEL_FN_ size_t otel_scalar_size_(const otel_value_t *v)
{
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return (size_t)(1u + otel_varint_size_(v->len) + v->len);
    case OTEL_V_BOOL_: return 2;
    case OTEL_V_INT_: return 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_UINT_: return otel_is_big_(v) ? (v->as.u >= 10000000000000000000u ? 23u : 22u) : 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_DOUBLE_: return 9;
    default: return 0;
    }
}

/* The `len` bytes of a scalar that is no such number, in one piece of memory. */
OTEL_STEP_ void otel_scalar_here_(uint8_t *to, size_t len, const otel_value_t *v)
{
    uint8_t *tag = to++;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_:
        to = otel_put_len_(to, (size_t)v->len);
        if ((size_t)(to - tag) > len) return;                 /* it changed since it was measured */
        len -= (size_t)(to - tag);
        *tag = v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_;
#if OTEL_UTF8_REPLACE
        if (v->type == OTEL_V_STRING_) (void)otel_put_text_(to, (const char *)v->as.p, len);
        else if (len) memcpy(to, v->as.p, len);
#else
        if (OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(to, v->as.p, len) && OTEL_LIMITS && v->type == OTEL_V_STRING_ && !otel_utf8_valid((const char *)to, len)) *tag = OTEL_TAG_BYTES_;
#endif
        return;
    case OTEL_V_BOOL_:
        *tag = OTEL_TAG_BOOL_;
        *to = v->as.u != 0;
        return;
    case OTEL_V_INT_:
    case OTEL_V_UINT_:
        *tag = OTEL_TAG_INT_;
        (void)otel_put_varint64_(to, v->as.u);
        return;
#if !OTEL_NO_FLOAT
    case OTEL_V_DOUBLE_:
        *tag = OTEL_TAG_DOUBLE_;
        otel_put64_(to, otel_double_bits_(v->as.d));
        return;
#endif
    default: return;
    }
}

/* A scalar that goes around the end of a ring, or may. */
OTEL_STEP_ void otel_scalar_around_(otel_out_t_ *out, size_t len, const otel_value_t *v)
{
    uint8_t field[11];
    if (v->type != OTEL_V_STRING_ && v->type != OTEL_V_BYTES_) {
        otel_scalar_here_(field, len, v);
        otel_out_(out, field, len);
        return;
    }
#if OTEL_UTF8_REPLACE
    otel_out_head_(out, v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_, (size_t)v->len);
    if (v->type == OTEL_V_STRING_) {
        otel_out_text_(out, (const char *)v->as.p, (size_t)v->len);
        return;
    }
#else
    otel_out_head_(out, v->type == OTEL_V_STRING_ && (!OTEL_LIMITS || otel_utf8_valid((const char *)v->as.p, (size_t)v->len)) ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_, (size_t)v->len);
#endif
    otel_out_(out, v->as.p, (size_t)v->len);
}

/* The AnyValue's content, of `len` bytes. */
OTEL_API_ void otel_scalar_encode_(otel_out_t_ *out, size_t len, const otel_value_t *v)
{
    if (otel_is_big_(v)) {
        otel_out_big_uint_(out, len, v->as.u);
    } else if (OTEL_UNLIKELY_(len > (size_t)(out->end - out->at))) {
        otel_scalar_around_(out, len, v);
    } else if (len) {
        uint8_t *to = out->at;
        out->at = to + len;
        otel_scalar_here_(to, len, v);
    }
}

/* Bytes of an AnyValue without tag and length. */
OTEL_FN_ size_t otel_any_len_(const otel_value_t *value)
{
    if (otel_is_list_(value->type)) return (value->as.list.encode)(NULL, value);
    return value->len > OTEL_LENGTH_MAX_ ? OTEL_TOO_LONG_ : otel_scalar_size_(value);
}

OTEL_API_ size_t otel_any_size_(const otel_value_t *value)
{
    size_t any = otel_any_len_(value);
    return otel_too_long_(any) ? 0 : otel_message_size_(any);
}

/* An AnyValue of `len` bytes, with tag and length. */
OTEL_FN_ void otel_any_write_(otel_out_t_ *out, uint8_t tag, const otel_value_t *value, size_t len)
{
    otel_out_head_(out, tag, len);
    if (otel_is_list_(value->type)) (void)(value->as.list.encode)(out, value);
    else otel_scalar_encode_(out, len, value);
}

OTEL_API_ void otel_any_encode_(otel_out_t_ *out, uint8_t tag, const otel_value_t *value) { otel_any_write_(out, tag, value, otel_any_len_(value)); }

/* Bytes of a KeyValue, without tag and length, whose AnyValue has `any`; OTEL_TOO_LONG_ if one of its parts is. */
OTEL_FN_ size_t otel_attr_len_(size_t key_len, size_t any)
{
    return otel_too_long_(key_len) || otel_too_long_(any) ? OTEL_TOO_LONG_ : otel_message_size_(key_len) + otel_message_size_(any);
}

/* The same with tag and length; 0: too long. */
OTEL_FN_ size_t otel_attr_room_(size_t key_len, size_t any)
{
    size_t all = otel_attr_len_(key_len, any);
    return otel_too_long_(all) ? 0 : otel_message_size_(all);
}

OTEL_API_ size_t otel_attr_size_(size_t key_len, const otel_value_t *value) { return otel_attr_room_(key_len, otel_any_len_(value)); }

/* Where there is room for it: most attributes are short and plain ASCII. False: the careful way. */
OTEL_FN_ bool otel_attr_short_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value, size_t any)
{
    size_t all = 4u + key_len + any;
    uint8_t *p = out->at;
    if (key_len > 127u || any > 127u || all > 127u || all + 2u > (size_t)(out->end - p) || otel_is_list_(value->type) || otel_is_big_(value)) return false;
    otel_put32_(p, 0x0A0000u + tag + ((uint32_t)all << 8) + ((uint32_t)key_len << 24));       /* KeyValue.key = 1 */
    if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, key, key_len)) && OTEL_LIMITS) return false;
    p += 4u + key_len;
    p[0] = 0x12;                                              /* KeyValue.value = 2 */
    p[1] = (uint8_t)any;
    if (value->type == OTEL_V_STRING_) {
        p[2] = OTEL_TAG_STRING_;
        p[3] = (uint8_t)value->len;
        if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, value->as.p, (size_t)value->len)) && OTEL_LIMITS) return false;
    } else {
        otel_scalar_here_(p + 2, any, value);
    }
    out->at = p + 2u + any;
    return true;
}

/* An attribute whose AnyValue has `any` bytes. */
OTEL_FN_ void otel_attr_known_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value, size_t any)
{
    if (OTEL_ROOMY_ && OTEL_LIKELY_(otel_attr_short_(out, tag, key, key_len, value, any))) return;
    otel_out_head_(out, tag, otel_attr_len_(key_len, any));
    otel_out_head_(out, 0x0A, key_len);                       /* KeyValue.key = 1 */
    otel_out_text_(out, key, key_len);
    otel_any_write_(out, 0x12, value, any);                   /* KeyValue.value = 2 */
}

OTEL_API_ void otel_attr_encode_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value)
{
    otel_attr_known_(out, tag, key, key_len, value, otel_any_len_(value));
}

/* What few values are, in one piece of memory of `len` bytes. */
OTEL_STEP_ void otel_any_rare_(uint8_t *to, size_t len, const otel_value_t *value)
{
    otel_out_t_ out;
    otel_out_to_(&out, to, len);
    if (otel_is_list_(value->type)) (void)(value->as.list.encode)(&out, value);
    else otel_out_big_uint_(&out, len, value->as.u);
}

/* The `len` bytes of an AnyValue in one piece of memory. */
OTEL_FN_ void otel_any_here_(uint8_t *to, size_t len, const otel_value_t *value)
{
    if (otel_is_list_(value->type) || otel_is_big_(value)) otel_any_rare_(to, len, value);
    else otel_scalar_here_(to, len, value);
}

OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const otel_attr_t *attribute)
{
    const char *key = attribute->key;
    size_t key_len = key ? otel_len_(key) : 0, any = otel_any_len_(&attribute->value) - (tag & OTEL_LIKE_TEXT_ && otel_is_big_(&attribute->value) ? 1u : 0u), n = otel_attr_room_(key_len, any);
    if (key_len == 0 || n > room) return 0;
    if (n) {
#if OTEL_ROOMY_
        otel_out_t_ out;
        otel_out_to_(&out, to, n);
        if (OTEL_LIKELY_(otel_attr_short_(&out, (uint8_t)tag, key, key_len, &attribute->value, any))) return n;
#endif
        *to = (uint8_t)tag;
        to = otel_put_len_(to + 1, otel_attr_len_(key_len, any));
        *to = 0x0A;                                           /* KeyValue.key = 1 */
        to = otel_put_text_(otel_put_len_(to + 1, key_len), key, key_len);
        *to = 0x12;                                           /* KeyValue.value = 2 */
        otel_any_here_(otel_put_len_(to + 1, any), any, &attribute->value);
    }
    return n;
}
OTEL_C_END_
#endif
#endif
