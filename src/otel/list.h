/* Arrays and maps as values, nested or not. They come in by use: a value of OTEL_ARRAY, OTEL_VALUES or OTEL_MAP carries a
   pointer to what is here. Nothing recurses.
   Specification: common/README.md, "AnyValue"; opentelemetry/proto/common/v1/common.proto, ArrayValue and KeyValueList. */
#ifndef OTEL_LIST_H
#define OTEL_LIST_H
#include "attr.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
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

/* A list that is open: where in it, and in sizing what its elements took so far. */
typedef struct otel_level_t_ {
    const otel_value_t *list;
    uint32_t next;
    size_t sum;
} otel_level_t_;

OTEL_FN_ const otel_attr_t *otel_list_pair_(const otel_value_t *list, uint32_t i) { return (const otel_attr_t *)list->as.p + i; }

/* The element itself when it is a list that may be opened; else NULL and its value in *one. Lists that stand too deep are null. */
OTEL_FN_ const otel_value_t *otel_list_at_(const otel_level_t_ *level, unsigned depth, otel_value_t *one)
{
    const otel_value_t *list = level->list;
    if (list->type == OTEL_V_MAP_) *one = otel_list_pair_(list, level->next)->value;
    else *one = otel_element_(list, level->next);
    if (!otel_is_list_(one->type)) return NULL;
    one->type = OTEL_V_NULL_;
    if (depth + 1u >= OTEL_VALUE_DEPTH_) return NULL;
    return list->type == OTEL_V_MAP_ ? &otel_list_pair_(list, level->next)->value : (const otel_value_t *)list->as.p + level->next;
}

OTEL_FN_ size_t otel_key_len_(const otel_value_t *map, uint32_t i)
{
    const char *key = otel_list_pair_(map, i)->key;
    return key ? strlen(key) : 0;
}

/* Bytes of a KeyValue around an AnyValue. */
OTEL_FN_ size_t otel_pair_size_(size_t key_len, size_t any)
{
    return 1u + otel_varint_size_((uint32_t)key_len) + key_len + 1u + otel_varint_size_((uint32_t)any) + any;
}

OTEL_FN_ size_t otel_message_size_(size_t n) { return 1u + otel_varint_size_((uint32_t)n) + n; }

/* What stands inside ArrayValue or KeyValueList that stands in `depth` others; too long when no record can hold it. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_size_(const otel_value_t *list, unsigned depth);
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_size_(const otel_value_t *list, unsigned depth)
{
    otel_level_t_ open[OTEL_VALUE_DEPTH_], *level = open;
    level->list = list;
    level->next = 0;
    level->sum = 0;
    for (;;) {
        size_t any, key_len = 0;
        otel_value_t one;
        if (level->next == level->list->len) {
            if (level == open) return level->sum;
            any = otel_message_size_(level->sum);
            level--;
        } else {
            const otel_value_t *inner = otel_list_at_(level, depth + (unsigned)(level - open), &one);
            if (inner) {
                level++;
                level->list = inner;
                level->next = 0;
                level->sum = 0;
                continue;
            }
            if (one.len > OTEL_LENGTH_MAX_) return OTEL_TOO_LONG_;
            any = otel_scalar_size_(&one);
        }
        if (level->list->type == OTEL_V_MAP_) {
            key_len = otel_key_len_(level->list, level->next);
            if (otel_too_long_(key_len)) return OTEL_TOO_LONG_;
            any = otel_pair_size_(key_len, any);
        }
        level->next++;
        any = level->sum + otel_message_size_(any);
        if (otel_too_long_(any)) return OTEL_TOO_LONG_;
        level->sum = any;
    }
}

OTEL_API_ size_t otel_list_encode_(otel_out_t_ *out, const otel_value_t *list)
{
    otel_level_t_ open[OTEL_VALUE_DEPTH_], *level = open;
    if (!out) return otel_message_size_(otel_list_size_(list, 0));
    level->list = list;
    level->next = 0;
    otel_out_head_(out, list->type == OTEL_V_MAP_ ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_, otel_list_size_(list, 0));
    for (;;) {
        otel_value_t one;
        const otel_value_t *inner;
        size_t any;
        while (level->next == level->list->len) {
            if (level == open) return 0;
            level--;
        }
        inner = otel_list_at_(level, (unsigned)(level - open), &one);
        any = inner ? otel_message_size_(otel_list_size_(inner, (unsigned)(level - open) + 1u)) : otel_scalar_size_(&one);
        if (level->list->type == OTEL_V_MAP_) {
            const char *key = otel_list_pair_(level->list, level->next)->key;
            size_t key_len = otel_key_len_(level->list, level->next);
            otel_out_head_(out, 0x0A, otel_pair_size_(key_len, any));          /* KeyValueList.values = 1 */
            otel_out_head_(out, 0x0A, key_len);                                /* KeyValue.key = 1 */
            otel_out_text_(out, key, key_len);
            otel_out_head_(out, 0x12, any);                                    /* KeyValue.value = 2 */
        } else {
            otel_out_head_(out, 0x0A, any);                                    /* ArrayValue.values = 1 */
        }
        level->next++;
        if (!inner) {
            otel_scalar_encode_(out, &one);
            continue;
        }
        level++;
        level->list = inner;
        level->next = 0;
        otel_out_head_(out, inner->type == OTEL_V_MAP_ ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_, otel_list_size_(inner, (unsigned)(level - open)));
    }
}
OTEL_C_END_
#endif
#endif
