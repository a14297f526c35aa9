/* Arrays and maps as values, nested or not. They come in by use: a value of OTEL_ARRAY, OTEL_VALUES or OTEL_MAP carries a
   pointer to what is here. Nothing recurses.
   Specification: common/README.md, "AnyValue"; opentelemetry/proto/common/v1/common.proto, ArrayValue and KeyValueList. */
#ifndef OTEL_LIST_H
#define OTEL_LIST_H
#include "attr.h"
#include "unique.h"

/* A value in the place of one whose texts are cut, inside it too. Private; `value` comes first. */
typedef struct otel_cut_t_ {
    otel_value_t value;
    uint32_t most;
    uint32_t (*len)(const otel_value_t *text, uint32_t most);     /* how many bytes stay of text or bytes */
} otel_cut_t_;

OTEL_C_BEGIN_
OTEL_API_ size_t otel_list_cut_encode_(struct otel_out_t_ *out, const otel_value_t *list);
OTEL_C_END_
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
#if !OTEL_NO_FLOAT
    case OTEL_V_DOUBLES_:
        if (v->size == sizeof(float) && sizeof(float) != sizeof(double)) return otel_value_double_((double)((const float *)v->as.p)[i]);
        return otel_value_double_(((const double *)v->as.p)[i]);
#endif
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

/* A way through a list and those inside it: the one memory of writing and, from the level where that stands, of sizing. */
typedef struct otel_walk_t_ {
    const otel_cut_t_ *cut;
    otel_value_t one;                         /* the scalar where it stands */
    otel_level_t_ open[OTEL_VALUE_DEPTH];
} otel_walk_t_;

OTEL_FN_ const otel_attr_t *otel_list_pair_(const otel_value_t *list, uint32_t i) { return (const otel_attr_t *)list->as.p + i; }

/* Go past pairs of a map whose key comes again, then say whether there is an element. */
OTEL_FN_ bool otel_list_more_(otel_level_t_ *level)
{
    const otel_value_t *list = level->list;
    if (OTEL_LIMITS && list->type == OTEL_V_MAP_) {
        while (level->next < list->len && otel_attr_again_(otel_list_pair_(list, level->next), (size_t)(list->len - level->next))) level->next++;
    }
    return level->next < list->len;
}

/* The element itself when it is a list; else NULL and its value in walk->one. */
OTEL_FN_ const otel_value_t *otel_list_at_(otel_walk_t_ *walk, const otel_level_t_ *level)
{
    const otel_value_t *list = level->list;
    otel_value_t *one = &walk->one;
    const otel_cut_t_ *cut = walk->cut;
    if (list->type == OTEL_V_MAP_) *one = otel_list_pair_(list, level->next)->value;
    else *one = otel_element_(list, level->next);
    if (!otel_is_list_(one->type)) {
        if (cut && (one->type == OTEL_V_STRING_ || one->type == OTEL_V_BYTES_)) one->len = (cut->len)(one, cut->most);
        return NULL;
    }
    return list->type == OTEL_V_MAP_ ? &otel_list_pair_(list, level->next)->value : (const otel_value_t *)list->as.p + level->next;
}

OTEL_FN_ size_t otel_key_len_(const otel_value_t *map, uint32_t i)
{
    const char *key = otel_list_pair_(map, i)->key;
    return key ? strlen(key) : 0;
}

/* What stands inside the ArrayValue or KeyValueList of `first`, which stands at its beginning then; too long when no record can hold
   it, or another stands too deep in it. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_size_(otel_walk_t_ *walk, otel_level_t_ *first);
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_size_(otel_walk_t_ *walk, otel_level_t_ *first)
{
    otel_level_t_ *level = first;
    level->next = 0;
    level->sum = 0;
    for (;;) {
        size_t any;
        if (!otel_list_more_(level)) {
            level->next = 0;
            if (level == first) return level->sum;
            any = otel_message_size_(level->sum);
            level--;
        } else {
            const otel_value_t *inner = otel_list_at_(walk, level);
            if (inner) {
                if (level == walk->open + OTEL_VALUE_DEPTH - 1) return OTEL_TOO_LONG_;
                level++;
                level->list = inner;
                level->next = 0;
                level->sum = 0;
                continue;
            }
            if (walk->one.len > OTEL_LENGTH_MAX_) return OTEL_TOO_LONG_;
            any = otel_scalar_size_(&walk->one);
        }
        if (level->list->type == OTEL_V_MAP_) {
            size_t key_len = otel_key_len_(level->list, level->next);
            any = otel_attr_len_(key_len, any);
            if (otel_too_long_(any)) return OTEL_TOO_LONG_;
        }
        level->next++;
        any = level->sum + otel_message_size_(any);
        if (otel_too_long_(any)) return OTEL_TOO_LONG_;
        level->sum = any;
    }
}

/* Write, or without `out` give the size. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_run_(otel_out_t_ *out, const otel_value_t *list, const otel_cut_t_ *cut);
OTEL_API_ OTEL_NOINLINE_ size_t otel_list_run_(otel_out_t_ *out, const otel_value_t *list, const otel_cut_t_ *cut)
{
    otel_walk_t_ walk;
    otel_level_t_ *level = walk.open;
    walk.cut = cut;
    level->list = list;
    for (;;) {
        size_t any = otel_list_size_(&walk, level);
        if (!out) return otel_message_size_(any);
        otel_out_head_(out, level->list->type == OTEL_V_MAP_ ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_, any);
        for (;;) {
            const otel_value_t *inner;
            while (!otel_list_more_(level)) {
                if (level == walk.open) return 0;
                level--;
            }
            inner = otel_list_at_(&walk, level);
            if (inner) {
                if (level == walk.open + OTEL_VALUE_DEPTH - 1) return 0;       /* the caller's data have changed since they were looked at: no more of them */
                level[1].list = inner;
                any = otel_message_size_(otel_list_size_(&walk, level + 1));
            } else {
                any = otel_scalar_size_(&walk.one);
            }
            if (level->list->type == OTEL_V_MAP_) {
                const char *key = otel_list_pair_(level->list, level->next)->key;
                size_t key_len = otel_key_len_(level->list, level->next);
                otel_out_head_(out, 0x0A, otel_attr_len_(key_len, any));      /* KeyValueList.values = 1 */
                otel_out_head_(out, 0x0A, key_len);                            /* KeyValue.key = 1 */
                otel_out_text_(out, key, key_len);
                otel_out_head_(out, 0x12, any);                                /* KeyValue.value = 2 */
            } else {
                otel_out_head_(out, 0x0A, any);                                /* ArrayValue.values = 1 */
            }
            level->next++;
            if (inner) break;
            otel_scalar_encode_(out, &walk.one);
        }
        level++;
    }
}

OTEL_API_ size_t otel_list_encode_(otel_out_t_ *out, const otel_value_t *list) { return otel_list_run_(out, list, NULL); }

/* `list` is the first field of an otel_cut_t_. */
OTEL_API_ size_t otel_list_cut_encode_(otel_out_t_ *out, const otel_value_t *list)
{
    const otel_cut_t_ *cut = (const otel_cut_t_ *)(const void *)list;
    return otel_list_run_(out, list, cut);
}
OTEL_C_END_
#endif
#endif
