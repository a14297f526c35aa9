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
OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.text, text, slice.len) == 0);
}

/* ---- messages into structs ---- */

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

/* `field` is one more of a list in the message `bytes`; numbers of wire type `type` may come packed. */
OTEL_FN_ void otel_recorded_add_(otel_recorded_list_t *list, const otel_pb_t_ *whole, const otel_pb_field_t_ *field, unsigned type)
{
    size_t i;
    list->bytes_ = whole->at;
    list->len_ = whole->left;
    list->number_ = (uint8_t)field->number;
    list->type_ = (uint8_t)type;
    if (type == field->type) list->count++;
    else if (type == OTEL_PB_FIXED64_) list->count += (uint32_t)(field->len / 8u);
    else for (i = 0; i < field->len; i++) list->count += field->bytes[i] < 128u;
}

/* The message at position `i` of a list. */
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field);
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field)
{
    otel_pb_t_ message;
    if (!list || i >= list->count) return false;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, field)) {
        if (field->number == list->number_ && field->type == OTEL_PB_SLICE_ && i-- == 0) return true;
    }
    return false;
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

/* AnyValue. */
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out);
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out)
{
    otel_pb_t_ message = otel_pb_open_(any->bytes, any->len), inner;
    otel_pb_field_t_ field, item;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_):                  /* string_value = 1 */
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):                  /* bytes_value = 7 */
            out->type = field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
            out->text = otel_recorded_slice_(&field);
            break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_):                 /* bool_value = 2 */
            out->type = OTEL_RECORDED_BOOL;
            out->b = field.value != 0;
            break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_):                 /* int_value = 3 */
            out->type = OTEL_RECORDED_INT;
            out->i = otel_recorded_int64_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):                /* double_value = 4 */
            out->type = OTEL_RECORDED_DOUBLE;
            out->d = otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):                  /* array_value = 5 */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):                  /* kvlist_value = 6 */
            out->type = field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
            memset(&out->items, 0, sizeof out->items);
            inner = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&inner, &item)) {
                otel_pb_t_ whole = otel_pb_open_(field.bytes, field.len);
                if (otel_recorded_key_(&item) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &whole, &item, OTEL_PB_SLICE_);
            }
            break;
        default: break;
        }
    }
}

OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out)
{
    otel_pb_field_t_ field;
    OTEL_WHEN_OFF_((void)array; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(array, i, &field)) return false;
    otel_recorded_any_(&field, out);
    return true;
}

/* KeyValue: key = 1, value = 2. */
OTEL_FN_ void otel_recorded_pair_(const otel_pb_field_t_ *pair, otel_slice_t *key, otel_pb_field_t_ *any)
{
    otel_pb_t_ message = otel_pb_open_(pair->bytes, pair->len);
    otel_pb_field_t_ field;
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) *any = field;
    }
}

OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out)
{
    otel_pb_field_t_ pair, any;
    OTEL_WHEN_OFF_((void)attributes; (void)i; (void)key; (void)out; return false)
    if (!otel_recorded_nth_(attributes, i, &pair)) return false;
    otel_recorded_pair_(&pair, key, &any);
    otel_recorded_any_(&any, out);
    return true;
}

OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field, any;
    otel_slice_t name;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!attributes || !attributes->count) return false;
    message = otel_pb_open_(attributes->bytes_, attributes->len_);
    while (otel_pb_next_(&message, &field)) {
        if (field.number != attributes->number_ || field.type != OTEL_PB_SLICE_) continue;
        otel_recorded_pair_(&field, &name, &any);
        if (!otel_slice_is(name, key)) continue;
        otel_recorded_any_(&any, out);
        return true;
    }
    return false;
}

OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_INT) return false;
    *out = value.i;
    return true;
}

OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_DOUBLE) return false;
    *out = value.d;
    return true;
}

OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BOOL) return false;
    *out = value.b;
    return true;
}

OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_TEXT) return false;
    *out = value.text;
    return true;
}

OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BYTES) return false;
    *out = value.text;
    return true;
}
OTEL_C_END_
#endif
#endif
