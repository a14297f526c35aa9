/* Values and attributes: what a key can carry (AnyValue, every type), and how it is encoded.
   Specification: common/README.md, "Attribute" and "AnyValue"; opentelemetry/proto/common/v1/common.proto. */
#ifndef OTEL_ATTR_H
#define OTEL_ATTR_H
#include "compiler.h"
#include "wire.h"

typedef enum {
    OTEL_V_NULL_, OTEL_V_STRING_, OTEL_V_BOOL_, OTEL_V_INT_, OTEL_V_UINT_, OTEL_V_DOUBLE_, OTEL_V_BYTES_,
    OTEL_V_INTS_, OTEL_V_DOUBLES_, OTEL_V_BOOLS_, OTEL_V_STRINGS_, OTEL_V_VALUES_, OTEL_V_MAP_
} otel_type_t;

/* A value of any type. Made by OTEL_STR, OTEL_BYTES, OTEL_ARRAY, OTEL_VALUES, OTEL_MAP, OTEL_NULL; what it points to is
   copied by the call that takes it. */
typedef struct otel_value_t {
    uint8_t type;                 /* otel_type_t */
    uint8_t size;                 /* of one element of an array, bytes */
    uint32_t len;                 /* bytes of text, or elements of an array */
    union {
        int64_t i;
        uint64_t u;
        double d;
        const void *p;
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
#define OTEL_VALUES(values, len) otel_value_(OTEL_V_VALUES_, (values), (len), 0)   /* otel_value_t[len]: an array of mixed types */
#define OTEL_MAP(attributes, len) otel_value_(OTEL_V_MAP_, (attributes), (len), 0) /* otel_attr_t[len]: a map */
#define OTEL_NULL otel_value_(OTEL_V_NULL_, NULL, 0, 0)
#define OTEL_VALUE_DEPTH_ 4u      /* arrays and maps inside one another; deeper ones become null */

OTEL_API_ size_t otel_attr_put_(uint8_t *to, size_t room, unsigned tag, const char *key, size_t key_len, const otel_value_t *value);
OTEL_FN_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const char *key, const otel_value_t *value) { return otel_attr_put_(to, room, tag, key, strlen(key), value); }
OTEL_API_ size_t otel_any_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value);
OTEL_C_END_

#ifdef __cplusplus
#  define OTEL_TRUE true
#  define OTEL_FALSE false
OTEL_FN_ otel_value_t otel_array_(const bool *p, size_t n) { return otel_value_(OTEL_V_BOOLS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const short *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const int *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long long *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const float *p, size_t n) { return otel_value_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const double *p, size_t n) { return otel_value_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const char *const *p, size_t n) { return otel_value_(OTEL_V_STRINGS_, p, n, sizeof *p); }
#  define OTEL_ARRAY(array, len) otel_array_((array), (len))
#else
#  define OTEL_TRUE ((bool)1)
#  define OTEL_FALSE ((bool)0)
/* An array of bool, short, int, long, long long, float, double or text. If an error led you here: OTEL_ARRAY takes a
   pointer to one of these; bytes go through OTEL_BYTES. */
#  define OTEL_ARRAY(array, len) \
    otel_value_(OTEL_EXT_ _Generic(&*(array), bool *: OTEL_V_BOOLS_, const bool *: OTEL_V_BOOLS_, \
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

OTEL_FN_ int64_t otel_element_int_(const otel_value_t *v, uint32_t i)
{
    int64_t wide;
    int32_t word;
    int16_t half;
    const uint8_t *p = (const uint8_t *)v->as.p + (size_t)i * v->size;
    if (v->size == 8) {
        memcpy(&wide, p, 8);
        return wide;
    }
    if (v->size == 4) {
        memcpy(&word, p, 4);
        return word;
    }
    memcpy(&half, p, 2);
    return half;
}

/* The scalar at position `i` of an array value, or the value itself when it is no array. */
OTEL_FN_ otel_value_t otel_element_(const otel_value_t *v, uint32_t i)
{
    switch (v->type) {
    case OTEL_V_INTS_: return otel_value_int_(otel_element_int_(v, i));
    case OTEL_V_BOOLS_: return otel_value_bool_(((const bool *)v->as.p)[i]);
    case OTEL_V_DOUBLES_:
        if (v->size == sizeof(float) && sizeof(float) != sizeof(double)) return otel_value_double_((double)((const float *)v->as.p)[i]);
        return otel_value_double_(((const double *)v->as.p)[i]);
    case OTEL_V_STRINGS_: return otel_value_str_(((const char *const *)v->as.p)[i]);
    case OTEL_V_VALUES_: return ((const otel_value_t *)v->as.p)[i];
    default: return *v;
    }
}

/* An unsigned number that no int64 holds goes as decimal text (specification: common, mapping to AnyValue). */
OTEL_API_ size_t otel_big_uint_(uint8_t *to, uint64_t u);
OTEL_API_ size_t otel_big_uint_(uint8_t *to, uint64_t u)
{
    char digits[20];
    size_t n = 0, i;
    do {
        digits[n++] = (char)('0' + (int)(u % 10u));
        u /= 10u;
    } while (u);
    to[0] = OTEL_TAG_STRING_;
    to[1] = (uint8_t)n;
    for (i = 0; i < n; i++) to[2 + i] = (uint8_t)digits[n - 1 - i];
    return n + 2;
}

/* The encoded size of a scalar; texts count in full. */
OTEL_FN_ size_t otel_scalar_size_(const otel_value_t *v)
{
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return (size_t)(1u + otel_varint_size_(v->len) + v->len);
    case OTEL_V_BOOL_: return 2;
    case OTEL_V_INT_: return 1u + (v->as.i >= 0 && v->as.i < 128 ? 1u : otel_varint64_size_(v->as.u));
    case OTEL_V_UINT_: return v->as.u >> 63 ? (v->as.u / 10u >= 1000000000000000000u ? 22u : 21u) : 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_DOUBLE_: return 9;
    default: return 0;
    }
}

OTEL_FN_ uint8_t *otel_scalar_write_(uint8_t *to, const otel_value_t *v)
{
    uint8_t *tag;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_:
        tag = to;
        *tag = v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_;
        to = otel_put_varint_(to + 1, v->len);
        if (v->len == 0) return to;
#if OTEL_LIMITS
        if (OTEL_UNLIKELY_(otel_copy_text_(to, v->as.p, (size_t)v->len)) && !otel_utf8_valid((const char *)v->as.p, (size_t)v->len)) *tag = OTEL_TAG_BYTES_;
#else
        memcpy(to, v->as.p, (size_t)v->len);
#endif
        return to + v->len;
    case OTEL_V_BOOL_:
        to[0] = OTEL_TAG_BOOL_;
        to[1] = (uint8_t)(v->as.i != 0);
        return to + 2;
    case OTEL_V_UINT_:
        if (v->as.u >> 63) return to + otel_big_uint_(to, v->as.u);
        /* fall through */
    case OTEL_V_INT_:
        *to++ = OTEL_TAG_INT_;
        if (v->as.u < 128u) {
            *to++ = (uint8_t)v->as.u;
            return to;
        }
        return otel_put_varint64_(to, v->as.u);
    case OTEL_V_DOUBLE_:
        *to = OTEL_TAG_DOUBLE_;
        otel_put64_(to + 1, otel_double_bits_(v->as.d));
        return to + 9;
    default: return to;
    }
}

OTEL_FN_ bool otel_is_container_(uint8_t type) { return type >= OTEL_V_INTS_; }

/* Arrays and maps, nested or not: lengths are padded and filled in when a container closes, so nothing is sized twice
   and nothing recurses. Writes `tag length AnyValue`; 0 when it does not fit. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_container_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value);
OTEL_API_ OTEL_NOINLINE_ size_t otel_container_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value)
{
    struct {
        const otel_value_t *array;
        uint32_t next;
        uint32_t own, item, any;  /* offsets of open lengths: the container's, its item's, and in maps the value's */
    } open[OTEL_VALUE_DEPTH_];
    unsigned depth = 0;
    size_t n = 1u + OTEL_LENGTH_BYTES_;
    if (room < n + 1u + OTEL_LENGTH_BYTES_) return 0;
    to[0] = tag;
    open[0].array = value;
    for (;;) {
        const otel_value_t *array = open[depth].array;
        bool map = array->type == OTEL_V_MAP_;
        if (n + 1u + OTEL_LENGTH_BYTES_ > room) return 0;
        to[n] = map ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_;
        open[depth].own = (uint32_t)(n + 1u);
        open[depth].next = 0;
        n += 1u + OTEL_LENGTH_BYTES_;
        for (;;) {
            otel_value_t one;
            array = open[depth].array;
            map = array->type == OTEL_V_MAP_;
            if (open[depth].next == array->len) {             /* close it, and the item of its parent that it was */
                otel_put_length_(to + open[depth].own, (uint32_t)(n - open[depth].own - OTEL_LENGTH_BYTES_));
                if (depth == 0) {
                    if (otel_too_long_(n - 1u - OTEL_LENGTH_BYTES_)) return 0;
                    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
                    return n;
                }
                depth--;
            } else {
                size_t key_len = 0;
                const char *key = "";
                if (map) {
                    const otel_attr_t *a = (const otel_attr_t *)array->as.p + open[depth].next;
                    key = a->key ? a->key : "";
                    key_len = strlen(key);
                    one = a->value;
                } else {
                    one = otel_element_(array, open[depth].next);
                }
                open[depth].next++;
                if (otel_too_long_(key_len) || n + 20u + key_len + otel_scalar_size_(&one) > room) return 0;
                to[n] = 0x0A;                                 /* ArrayValue.values = 1 or KeyValueList.values = 1 */
                open[depth].item = (uint32_t)(n + 1u);
                n += 1u + OTEL_LENGTH_BYTES_;
                if (map) {
                    to[n++] = 0x0A;                           /* KeyValue.key = 1 */
                    n = (size_t)(otel_put_text_(otel_put_varint_(to + n, (uint32_t)key_len), key, key_len) - to);
                    to[n] = 0x12;                             /* KeyValue.value = 2 */
                    open[depth].any = (uint32_t)(n + 1u);
                    n += 1u + OTEL_LENGTH_BYTES_;
                }
                if (otel_is_container_(one.type) && depth + 1u < OTEL_VALUE_DEPTH_) {
                    const otel_value_t *inner = map ? &((const otel_attr_t *)array->as.p)[open[depth].next - 1u].value
                                                    : &((const otel_value_t *)array->as.p)[open[depth].next - 1u];
                    open[++depth].array = inner;
                    break;
                }
                n = (size_t)(otel_scalar_write_(to + n, &one) - to);
            }
            if (open[depth].array->type == OTEL_V_MAP_) otel_put_length_(to + open[depth].any, (uint32_t)(n - open[depth].any - OTEL_LENGTH_BYTES_));
            otel_put_length_(to + open[depth].item, (uint32_t)(n - open[depth].item - OTEL_LENGTH_BYTES_));
        }
    }
}

/* Write `tag length AnyValue`, for a log's body. The number of bytes; 0 when it does not fit. */
OTEL_API_ size_t otel_any_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value)
{
    size_t any;
    if (otel_is_container_(value->type)) return otel_container_write_(to, room, tag, value);
    any = otel_scalar_size_(value);
    if (value->len > OTEL_LENGTH_MAX_ || otel_too_long_(any) || 1u + otel_varint_size_((uint32_t)any) + any > room) return 0;
    *to = tag;
    return (size_t)(otel_scalar_write_(otel_put_varint_(to + 1, (uint32_t)any), value) - to);
}

/* Write `tag length KeyValue`. The number of bytes; 0 when it does not fit. */
OTEL_API_ size_t otel_attr_put_(uint8_t *to, size_t room, unsigned tag, const char *key, size_t key_len, const otel_value_t *value)
{
    size_t any, all, head;
    uint8_t *p = to;
    if (OTEL_UNLIKELY_(otel_too_long_(key_len) || value->len > OTEL_LENGTH_MAX_)) return 0;
    head = 1u + otel_varint_size_((uint32_t)key_len) + key_len;
    if (OTEL_UNLIKELY_(otel_is_container_(value->type))) {
        if (room < 1u + OTEL_LENGTH_BYTES_ + head) return 0;
        p += 1u + OTEL_LENGTH_BYTES_;
        any = otel_container_write_(p + head, room - 1u - OTEL_LENGTH_BYTES_ - head, 0x12, value);
        if (any == 0 || otel_too_long_(head + any)) return 0;
        to[0] = (uint8_t)tag;
        otel_put_length_(to + 1, (uint32_t)(head + any));
        *p = 0x0A;                                            /* KeyValue.key = 1 */
        (void)otel_put_text_(otel_put_varint_(p + 1, (uint32_t)key_len), key, key_len);
        return 1u + OTEL_LENGTH_BYTES_ + head + any;
    }
    any = otel_scalar_size_(value);
    all = head + 1u + otel_varint_size_((uint32_t)any) + any;
    if (OTEL_UNLIKELY_(otel_too_long_(all) || 1u + otel_varint_size_((uint32_t)all) + all > room)) return 0;
    *p = (uint8_t)tag;
    p = otel_put_varint_(p + 1, (uint32_t)all);
    *p = 0x0A;                                                /* KeyValue.key = 1 */
    p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)key_len), key, key_len);
    *p = 0x12;                                                /* KeyValue.value = 2 */
    return (size_t)(otel_scalar_write_(otel_put_varint_(p + 1, (uint32_t)any), value) - to);
}
OTEL_C_END_
#endif
#endif
