/* Values and lists of what came: numbers, texts, attributes and elements, read out of the receiver's memory.
   opentelemetry/proto: common.proto. */
#ifndef OTEL_EXPORT_RECORDED_VALUE_H
#define OTEL_EXPORT_RECORDED_VALUE_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "pb.h"
#include "recorded.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ bool otel_bytes_are_(const void *bytes, size_t len, const char *text) { return len == strlen(text) && (len == 0 || memcmp(bytes, text, len) == 0); }

OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && otel_bytes_are_(slice.text, slice.len, text);
}

/* ---- messages into structs ---- */

/* Into the slice that was read. */
OTEL_FN_ void otel_recorded_enter_(otel_recorded_look_t_ *look) { look->message = otel_pb_open_(look->field.bytes, look->field.len); }

/* A case of a switch over a field's number and wire type; a field of another type is not the one that we know. */
#define OTEL_RECORDED_FIELD_(number, type) ((uint32_t)(number) << 3 | (type))
OTEL_FN_ uint32_t otel_recorded_key_(const otel_pb_field_t_ *field) { return field->number << 3 | field->type; }

OTEL_FN_ otel_slice_t otel_recorded_slice_(const otel_pb_field_t_ *field)
{
    otel_slice_t slice;
    slice.text = (const char *)field->bytes;
    slice.len = field->len;
    return slice;
}

OTEL_FN_ void otel_recorded_id_(uint8_t *to, const otel_pb_field_t_ *field, size_t n)
{
    if (field->len == n) memcpy(to, field->bytes, n);
}

OTEL_FN_ int32_t otel_recorded_int32_(uint64_t value) { return (int32_t)((int64_t)(value & 0x7FFFFFFFu) - (int64_t)(value & 0x80000000u)); }
OTEL_FN_ int64_t otel_recorded_int64_(uint64_t value) { return value >> 63 ? -(int64_t)(~value) - 1 : (int64_t)value; }
OTEL_FN_ int32_t otel_recorded_zigzag_(uint64_t value)
{
    return otel_recorded_int32_(((value & 0xFFFFFFFFu) >> 1) ^ ((uint64_t)0 - (value & 1u)));
}

/* A list of what is in `message`, empty so far. */
OTEL_FN_ void otel_recorded_list_(otel_recorded_list_t *list, const otel_pb_t_ *message)
{
    list->count = 0;
    list->number_ = list->type_ = 0;
    list->bytes_ = message->at;
    list->len_ = message->left;
}

/* `field` is one more of a list; numbers of wire type `type` may come packed. */
OTEL_FN_ void otel_recorded_add_(otel_recorded_list_t *list, const otel_pb_field_t_ *field, unsigned type)
{
    size_t i;
    list->number_ = (uint8_t)field->number;
    list->type_ = (uint8_t)type;
    if (type == field->type) list->count++;
    else if (type == OTEL_PB_FIXED64_) list->count += (uint32_t)(field->len / 8u);
    else for (i = 0; i < field->len; i++) list->count += field->bytes[i] < 128u;
}

/* Into the message at position `i` of a list. */
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_recorded_look_t_ *look);
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_recorded_look_t_ *look)
{
    if (!list || i >= list->count) return false;
    look->message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.number != list->number_ || look->field.type != OTEL_PB_SLICE_ || i-- != 0) continue;
        otel_recorded_enter_(look);
        return true;
    }
    return false;
}

/* The fields that otel_recorded_last_ shall find, a set of bits. */
#define OTEL_RECORDED_SET_(number, type) ((uint64_t)1 << OTEL_RECORDED_FIELD_(number, type))
/* AnyValue: string_value, bool_value, int_value, double_value, array_value, kvlist_value, bytes_value. */
#define OTEL_RECORDED_ANY_ (OTEL_RECORDED_SET_(1, 2) | OTEL_RECORDED_SET_(2, 0) | OTEL_RECORDED_SET_(3, 0) | OTEL_RECORDED_SET_(4, 1) | \
                            OTEL_RECORDED_SET_(5, 2) | OTEL_RECORDED_SET_(6, 2) | OTEL_RECORDED_SET_(7, 2))

/* Go to the last one of these fields in the message: it is the one that counts. Its key; 0, and an empty slice: there is none. */
OTEL_API_ uint32_t otel_recorded_last_(otel_recorded_look_t_ *look, uint64_t set);
OTEL_API_ uint32_t otel_recorded_last_(otel_recorded_look_t_ *look, uint64_t set)
{
    const uint8_t *at = look->message.at, *last = NULL, *end = at ? at + look->message.left : NULL;
    for (; otel_pb_next_(&look->message, &look->field); at = look->message.at) {
        if (look->field.number < 8u && (set >> otel_recorded_key_(&look->field) & 1u)) last = at;
    }
    look->message = otel_pb_open_(last, last ? (size_t)(end - last) : 0u);
    if (otel_pb_next_(&look->message, &look->field)) return otel_recorded_key_(&look->field);
    look->field.bytes = NULL;
    look->field.len = 0;
    return 0;
}

/* The number at position `i` of a list, packed or not. */
OTEL_FN_ uint64_t otel_recorded_number_(const otel_recorded_list_t *list, uint32_t i)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field;
    uint64_t value = 0;
    if (!list || i >= list->count) return 0;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, &field)) {
        size_t at = 0;
        if (field.number != list->number_) continue;
        if (field.type == list->type_ && i-- == 0) return field.value;
        while (field.type == OTEL_PB_SLICE_ && at < field.len) {
            unsigned used = list->type_ == OTEL_PB_FIXED64_ ? 8u : otel_pb_varint_(field.bytes + at, field.len - at, &value);
            if (used == 0 || used > field.len - at) break;
            if (used == 8u && list->type_ == OTEL_PB_FIXED64_) value = otel_get64_(field.bytes + at);
            if (i-- == 0) return value;
            at += used;
        }
    }
    return 0;
}

OTEL_API_ uint64_t otel_recorded_bucket(const otel_recorded_list_t *buckets, uint32_t i)
{
    OTEL_WHEN_OFF_((void)buckets; (void)i; return 0)
    return otel_recorded_number_(buckets, i);
}

OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i)
{
    OTEL_WHEN_OFF_((void)bounds; (void)i; return 0)
    return otel_bits_double_(otel_recorded_number_(bounds, i));
}

/* AnyValue, whose field `key` was read. True. */
OTEL_API_ bool otel_recorded_any_(otel_recorded_look_t_ *look, uint32_t key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_any_(otel_recorded_look_t_ *look, uint32_t key, otel_recorded_value_t *out)
{
    memset((void *)out, 0, sizeof *out);
    switch (key) {
    case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_):
    case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        out->type = look->field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
        out->text = otel_recorded_slice_(&look->field);
        break;
    case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_):
        out->type = OTEL_RECORDED_BOOL;
        out->b = look->field.value != 0;
        break;
    case OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_):
        out->type = OTEL_RECORDED_INT;
        out->i = otel_recorded_int64_(look->field.value);
        break;
    case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        out->type = OTEL_RECORDED_DOUBLE;
        out->d = otel_bits_double_(look->field.value);
        break;
    case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):
    case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        out->type = look->field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
        otel_recorded_enter_(look);
        otel_recorded_list_(&out->items, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &look->field, OTEL_PB_SLICE_);
        }
        break;
    default: break;
    }
    return true;
}

OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)array; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(array, i, &look)) return false;
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

/* KeyValue: key = 1 (NULL: not wanted), value = 2; then into the value. */
OTEL_API_ void otel_recorded_pair_(otel_recorded_look_t_ *look, otel_slice_t *key);
OTEL_API_ void otel_recorded_pair_(otel_recorded_look_t_ *look, otel_slice_t *key)
{
    const uint8_t *any = NULL;
    size_t len = 0;
    if (key) memset((void *)key, 0, sizeof *key);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (key && otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&look->field);
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) continue;
        any = look->field.bytes;
        len = look->field.len;
    }
    look->message = otel_pb_open_(any, len);
}

OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)i; (void)key; (void)out; return false)
    if (!otel_recorded_nth_(attributes, i, &look)) return false;
    otel_recorded_pair_(&look, key);
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

/* Into the pair of a key; false, and into nothing: it is not there. A pair is read in the place of its list, and for its value once
   more by the caller: readers within readers would be twice the stack. */
OTEL_API_ bool otel_recorded_find_(const otel_recorded_list_t *attributes, const char *key, otel_recorded_look_t_ *look);
OTEL_API_ bool otel_recorded_find_(const otel_recorded_list_t *attributes, const char *key, otel_recorded_look_t_ *look)
{
    const uint8_t *pair, *next;
    bool same;
    look->message = otel_pb_open_(attributes && attributes->count && key ? attributes->bytes_ : NULL, attributes ? attributes->len_ : 0u);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.number != attributes->number_ || look->field.type != OTEL_PB_SLICE_) continue;
        pair = look->field.bytes;
        next = look->message.at;
        same = *key == 0;                                     /* where there is no key it is empty */
        otel_recorded_enter_(look);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) same = otel_bytes_are_(look->field.bytes, look->field.len, key);
        }
        if (same) {
            look->message = otel_pb_open_(pair, (size_t)(next - pair));
            return true;
        }
        look->message = otel_pb_open_(next, (size_t)(attributes->bytes_ + attributes->len_ - next));
    }
    return false;
}

OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_find_(attributes, key, &look)) return false;
    otel_recorded_pair_(&look, NULL);
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) return false;
    *out = otel_recorded_int64_(look.field.value);
    return true;
}

OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_)) return false;
    *out = otel_bits_double_(look.field.value);
    return true;
}

OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) return false;
    *out = look.field.value != 0;
    return true;
}

OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) return false;
    *out = otel_recorded_slice_(&look.field);
    return true;
}

OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_)) return false;
    *out = otel_recorded_slice_(&look.field);
    return true;
}
OTEL_C_END_
#endif
#endif
