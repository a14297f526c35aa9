/* Arrays and maps as values, nested or not. They come in by use: a value of OTEL_ARRAY, OTEL_VALUES or OTEL_MAP carries a
   pointer to what is here. Nothing recurses.
   Specification: common/README.md, "AnyValue"; opentelemetry/proto/common/v1/common.proto, ArrayValue and KeyValueList. */
#ifndef OTEL_LIST_H
#define OTEL_LIST_H
#include "attr.h"
#include "unique.h"

#define OTEL_LIST_CUT_ 0x80u          /* in `size` of a list: it is the first field of an otel_cut_t_ */

/* A value in the place of one whose texts are cut, inside it too. Private. */
typedef struct otel_cut_t_ {
    otel_value_t value;
    uint32_t most;
    uint32_t (*len)(const otel_value_t *text, uint32_t most);     /* how many bytes stay of text or bytes */
} otel_cut_t_;
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A list that is open: where in it, and in sizing what its elements took so far. */
typedef struct otel_level_t_ {
    const otel_value_t *list;
    uint32_t next;
    size_t sum;
} otel_level_t_;

/* A way through a list and those inside it: the one memory of writing and, from the level where that stands, of sizing. */
typedef struct otel_walk_t_ {
    otel_value_t one;                         /* the scalar where it stands, when it is not in the list as a value */
    const otel_cut_t_ *cut;
    otel_level_t_ open[OTEL_VALUE_DEPTH];
} otel_walk_t_;

OTEL_FN_ const otel_attr_t *otel_list_pair_(const otel_value_t *list, uint32_t i) { return (const otel_attr_t *)list->as.p + i; }

/* The scalar at position `i` of an array of numbers, truths or texts. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_(otel_value_t *one, const otel_value_t *list, uint32_t i);
OTEL_API_ OTEL_NOINLINE_ void otel_element_(otel_value_t *one, const otel_value_t *list, uint32_t i)
{
    const size_t size = list->size & ~OTEL_LIST_CUT_;
    const uint8_t *p = (const uint8_t *)list->as.p + (size_t)i * size;
    one->type = OTEL_V_INT_;
    one->len = 0;
    switch (list->type) {
    case OTEL_V_STRINGS_: {
        const char *text = ((const char *const *)list->as.p)[i];
        size_t len = text ? otel_len_(text) : 0;
        one->type = text ? OTEL_V_STRING_ : OTEL_V_NULL_;
        one->len = otel_too_long_(len) ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)len;
        one->as.p = text;
        return;
    }
    case OTEL_V_BOOLS_:
        one->type = OTEL_V_BOOL_;
        one->as.i = ((const bool *)list->as.p)[i];
        return;
#if !OTEL_NO_FLOAT
    case OTEL_V_DOUBLES_:
        one->type = OTEL_V_DOUBLE_;
        if (size == sizeof(float) && sizeof(float) != sizeof(double)) one->as.d = (double)((const float *)list->as.p)[i];
        else one->as.d = ((const double *)list->as.p)[i];
        return;
#endif
    default: break;
    }
    if (size == 8) {
        memcpy(&one->as.i, p, 8);
    } else if (size == 4) {
        int32_t word;
        memcpy(&word, p, 4);
        one->as.i = word;
    } else {
        int16_t half;
        memcpy(&half, p, 2);
        one->as.i = half;
    }
}

/* Go past pairs of a map whose key comes again, then say whether there is an element. */
OTEL_FN_ bool otel_list_more_(otel_level_t_ *level)
{
    const otel_value_t *list = level->list;
    if (OTEL_LIMITS && list->type == OTEL_V_MAP_) {
        while (level->next < list->len && otel_attr_again_(otel_list_pair_(list, level->next), (size_t)(list->len - level->next))) level->next++;
    }
    return level->next < list->len;
}

/* The element where `level` stands. */
OTEL_FN_ const otel_value_t *otel_list_at_(otel_walk_t_ *walk, const otel_level_t_ *level)
{
    const otel_value_t *list = level->list, *v = &walk->one;
    otel_value_t *one = &walk->one;
    const otel_cut_t_ *cut = walk->cut;
    if (list->type == OTEL_V_MAP_) v = &otel_list_pair_(list, level->next)->value;
    else if (list->type == OTEL_V_VALUES_) v = (const otel_value_t *)list->as.p + level->next;
    else otel_element_(one, list, level->next);
    if (cut && (v->type == OTEL_V_STRING_ || v->type == OTEL_V_BYTES_)) {
        if (v != one) *one = *v;
        one->len = (cut->len)(one, cut->most);
        v = one;
    }
    return v;
}

/* The head of a list that was measured. */
OTEL_FN_ void otel_list_begin_(otel_out_t_ *out, otel_level_t_ *level)
{
    otel_out_head_(out, level->list->type == OTEL_V_MAP_ ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_, level->sum);
    level->next = 0;
}

/* Write, or without `out` give the size; too long when no record can hold it, or a list stands too deep in it. A list is
   measured, its head written, then its elements; one inside it likewise when its turn comes. Stack is short where this is used:
   what it calls calls little. */
OTEL_API_ size_t otel_list_encode_(otel_out_t_ *out, const otel_value_t *list)
{
    otel_walk_t_ walk;
    otel_level_t_ *level = walk.open, *measured = level;      /* what is being measured; NULL: written */
    walk.cut = list->size & OTEL_LIST_CUT_ ? (const otel_cut_t_ *)(const void *)list : NULL;
    level->list = list;
    level->next = 0;
    level->sum = 0;
    for (;;) {
        const otel_value_t *v = NULL;
        const otel_attr_t *pair;
        size_t any, key_len;
        if (otel_list_more_(level)) {
            v = otel_list_at_(&walk, level);
            if (otel_is_list_(v->type)) {
                if (level == walk.open + OTEL_VALUE_DEPTH - 1) return OTEL_TOO_LONG_;      /* in writing: the caller's data have changed, no more of them */
                level++;
                level->list = v;
                level->next = 0;
                level->sum = 0;
                if (!measured) measured = level;
                continue;
            }
            if (measured && v->len > OTEL_LENGTH_MAX_) return OTEL_TOO_LONG_;
            any = otel_scalar_size_(v);
        } else {
            if (!measured && level == walk.open) return 0;
            any = otel_message_size_(level->sum);
            if (level == walk.open) {
                if (!out) return any;
                measured = NULL;
                otel_list_begin_(out, level);
                continue;
            }
            if (measured == level) measured = NULL;           /* its turn */
            else if (!measured) any = 0;                      /* it is written */
            level--;
            if (any == 0) continue;
        }
        pair = level->list->type == OTEL_V_MAP_ ? otel_list_pair_(level->list, level->next) : NULL;
        key_len = pair && pair->key ? otel_len_(pair->key) : 0;
        level->next++;
        if (measured) {
            if (pair) any = otel_attr_len_(key_len, any);
            if (!otel_too_long_(any)) any = level->sum + otel_message_size_(any);
            if (otel_too_long_(any)) return OTEL_TOO_LONG_;
            level->sum = any;
            continue;
        }
        if (pair) {
            otel_out_head_(out, 0x0A, otel_attr_len_(key_len, any));      /* KeyValueList.values = 1 */
            otel_out_head_(out, 0x0A, key_len);               /* KeyValue.key = 1 */
            otel_out_text_(out, pair->key, key_len);
        }
        otel_out_head_(out, pair ? 0x12 : 0x0A, any);         /* KeyValue.value = 2, ArrayValue.values = 1 */
        if (v) otel_scalar_encode_(out, any, v);
        else otel_list_begin_(out, ++level);
    }
}
OTEL_C_END_
#endif
#endif
