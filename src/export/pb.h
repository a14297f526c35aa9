/* Protobuf's wire form, reading side: the fields of one message, one after the other, out of bytes that nobody has
   checked. It never reads past the end and never recurses; a message inside is a slice that gets a reader of its own.
   Protocol Buffers documentation: Encoding. */
#ifndef OTEL_EXPORT_PB_H
#define OTEL_EXPORT_PB_H
#include "../otel/compiler.h"
#include "../otel/wire.h"

#define OTEL_PB_VARINT_ 0u             /* wire types; the groups 3 and 4 are refused */
#define OTEL_PB_FIXED64_ 1u
#define OTEL_PB_SLICE_ 2u
#define OTEL_PB_FIXED32_ 5u
#define OTEL_PB_HEAD_ 20u              /* no tag with its number or length is longer: 10 + 10 bytes */
#define OTEL_PB_BAD_ 255u              /* otel_pb_head_: no protobuf */

/* One field. */
typedef struct otel_pb_field_t_ {
    uint32_t number;
    uint8_t type;                      /* OTEL_PB_.. */
    uint64_t value;                    /* of a varint, fixed64 or fixed32 */
    const uint8_t *bytes;              /* a slice's: `len` of them, inside the message */
    size_t len;
} otel_pb_field_t_;

/* A message on its way through otel_pb_next_. */
typedef struct otel_pb_t_ {
    const uint8_t *at;
    size_t left;
    bool cuttable;                     /* the end may be missing: a slice is shortened to what is there */
    bool cut;                          /* it was */
    bool broken;                       /* this is no protobuf; nothing follows */
} otel_pb_t_;

OTEL_C_BEGIN_
OTEL_API_ unsigned otel_pb_varint_(const uint8_t *p, size_t n, uint64_t *value);
OTEL_API_ unsigned otel_pb_head_(const uint8_t *p, size_t n, otel_pb_field_t_ *field);
OTEL_API_ bool otel_pb_next_(otel_pb_t_ *message, otel_pb_field_t_ *field);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ otel_pb_t_ otel_pb_open_(const void *bytes, size_t len)
{
    otel_pb_t_ message;
    message.at = (const uint8_t *)bytes;
    message.left = bytes ? len : 0u;
    message.cuttable = message.cut = message.broken = false;
    return message;
}

/* The inverse of otel_double_bits_. A double of 4 bytes takes what it can hold: infinity or zero beyond its range. */
OTEL_FN_ double otel_bits_double_(uint64_t bits)
{
    double value = 0;
    if (sizeof(double) == 8) {
        memcpy(&value, &bits, sizeof(double));
    } else {
        uint32_t narrow = (uint32_t)(bits >> 63) << 31, exponent = (uint32_t)(bits >> 52) & 0x7FFu;
        uint32_t fraction = (uint32_t)(bits >> 29) & 0x7FFFFFu;
        if (exponent == 0x7FFu) narrow |= 0x7F800000u | (fraction ? 0x400000u : 0u);
        else if (exponent > 1150u) narrow |= 0x7F800000u;
        else if (exponent > 896u) narrow |= (exponent - 896u) << 23 | fraction;
        else if (exponent > 873u) narrow |= (fraction | 0x800000u) >> (897u - exponent);
        memcpy(&value, &narrow, 4);
    }
    return value;
}
#if OTEL_BODIES_
/* A varint, padded or not, in two halves: 64-bit shifts would want more registers than small cores have. As otel_pb_varint_. */
OTEL_INLINE_ unsigned otel_pb_halves_(const uint8_t *p, size_t n, uint32_t *low, uint32_t *high)
{
    unsigned i;
    *low = *high = 0;
    for (i = 0; i < n; i++) {
        uint32_t part = p[i] & 127u;
        if (i == 9 && p[i] > 1u) return OTEL_PB_BAD_;
        if (i < 5) *low |= part << (7u * i);
        if (i >= 4) *high |= i == 4 ? part >> 4 : part << (7u * i - 32u);
        if (p[i] < 128u) return i + 1u;
    }
    return 0;
}

/* Read a varint, padded or not. How many bytes it takes; 0 when it goes on behind the `n`th, OTEL_PB_BAD_ when it says
   more than 64 bits. */
OTEL_API_ unsigned otel_pb_varint_(const uint8_t *p, size_t n, uint64_t *value)
{
    uint32_t low, high;
    unsigned used = otel_pb_halves_(p, n, &low, &high);
    if (used != 0 && used != OTEL_PB_BAD_) *value = (uint64_t)high << 32 | low;
    return used;
}

/* Read a tag with its number, or with its length (`bytes` is left to the caller). How many bytes that takes; 0 when
   there are fewer, OTEL_PB_BAD_ when it is no field. Wants OTEL_PB_HEAD_ bytes, or all that are left. */
OTEL_API_ unsigned otel_pb_head_(const uint8_t *p, size_t n, otel_pb_field_t_ *field)
{
    uint32_t low, high;
    unsigned used, before = 0, turn;                          /* before: what the tag took */
    field->bytes = NULL;
    field->len = 0;
    field->value = 0;
    for (turn = 0;; turn++) {                                 /* twice: one copy of the loop inside serves tag and number */
        used = otel_pb_halves_(p, n, &low, &high);
        if (used == 0 || used == OTEL_PB_BAD_) return used;
        if (turn == 1u) break;
        if (high || low < 8u) return OTEL_PB_BAD_;
        field->number = low >> 3;
        field->type = (uint8_t)(low & 7u);
        before = used;
        p += used;
        n -= used;
        switch (field->type) {
        case OTEL_PB_VARINT_:
        case OTEL_PB_SLICE_: continue;
        case OTEL_PB_FIXED64_:
            if (n < 8) return 0;
            field->value = otel_get64_(p);
            return before + 8u;
        case OTEL_PB_FIXED32_:
            if (n < 4) return 0;
            field->value = otel_get32_(p);
            return before + 4u;
        default: return OTEL_PB_BAD_;
        }
    }
    field->value = (uint64_t)high << 32 | low;
    if (field->type == OTEL_PB_SLICE_) field->len = field->value > (size_t)-1 ? (size_t)-1 : (size_t)field->value;
    return before + used;
}

/* The next field; false at the end, or when `broken` is set. */
OTEL_API_ bool otel_pb_next_(otel_pb_t_ *m, otel_pb_field_t_ *field)
{
    unsigned used;
    if (m->left == 0 || m->broken) return false;
    used = otel_pb_head_(m->at, m->left, field);
    if (used == 0 || used == OTEL_PB_BAD_) {
        if (used == 0 && m->cuttable) m->cut = true;
        else m->broken = true;
        m->left = 0;
        return false;
    }
    m->at += used;
    m->left -= used;
    if (field->type != OTEL_PB_SLICE_) return true;
    if (field->len > m->left) {
        m->cut = m->cuttable;
        m->broken = !m->cuttable;
        field->len = m->left;
        if (m->broken) {
            m->left = 0;
            return false;
        }
    }
    field->bytes = m->at;
    m->at += field->len;
    m->left -= field->len;
    return true;
}
#endif
OTEL_C_END_
#endif
