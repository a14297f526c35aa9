/* How many items a request holds, and whether it is well-formed down to them: one walk that looks at heads of fields only, for
   receivers that keep requests as they came and read them when they are asked. */
#ifndef OTEL_EXPORT_COUNTED_H
#define OTEL_EXPORT_COUNTED_H
#include "../otel/compiler.h"
#include "../otel/span.h"
#include "../otel/wire.h"
#include "pb.h"
#include "request.h"

/* What a walk needs: here, and not on the stack. Private. */
typedef struct otel_counted_t_ {
    const uint8_t *end[4];             /* of the request, and of the messages that the walk is in */
    otel_pb_field_t_ field;
    uint32_t items;
} otel_counted_t_;
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A varint of up to four bytes, nearly all are: where it ends. NULL: longer, or cut. */
OTEL_INLINE_ const uint8_t *otel_counted_varint_(const uint8_t *at, const uint8_t *end, uint32_t *value)
{
    unsigned shift;
    *value = 0;
    if (OTEL_LIKELY_(at != end && *at < 128u)) {
        *value = *at;
        return at + 1;
    }
    for (shift = 0; at != end && shift < 28u; shift += 7u) {
        *value |= (uint32_t)(*at & 127u) << shift;
        if (*at++ < 128u) return at;
    }
    return NULL;
}

/* What the short way does not know, as otel_pb_next_ reads it. Where it ends; NULL: it is no field. */
OTEL_API_ const uint8_t *otel_counted_rare_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field);
OTEL_API_ OTEL_NOINLINE_ const uint8_t *otel_counted_rare_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field)
{
    unsigned used = otel_pb_head_(at, (size_t)(end - at), field);
    if (used == 0 || used == OTEL_PB_BAD_ || field->len > (size_t)(end - at) - used) return NULL;
    field->bytes = at + used;
    return field->bytes + field->len;
}

/* Where the field at `at` ends, its tag, and where a slice begins. NULL: it is no field. */
OTEL_INLINE_ const uint8_t *otel_counted_field_(const uint8_t *at, const uint8_t *end, uint32_t *tag, const uint8_t **inside, otel_pb_field_t_ *field)
{
    uint32_t n = 0;
    const uint8_t *p = otel_counted_varint_(at, end, tag);
    if (OTEL_LIKELY_(p && *tag >= 8u)) {
        switch (*tag & 7u) {
        case OTEL_PB_SLICE_: p = otel_counted_varint_(p, end, &n); break;
        case OTEL_PB_VARINT_: p = otel_counted_varint_(p, end, &n); n = 0; break;
        case OTEL_PB_FIXED64_: n = 8; break;
        case OTEL_PB_FIXED32_: n = 4; break;
        default: p = NULL;
        }
        *inside = p;
        if (OTEL_LIKELY_(p && n <= (size_t)(end - p))) return p + n;
    }
    p = otel_counted_rare_(at, end, field);
    if (!p) return NULL;
    *tag = field->number << 3 | field->type;
    *inside = field->bytes;
    return p;
}

/* Spans of this library begin alike: ids, times, flags and kind at fixed places. How many bytes that takes; 0: this is something else. */
OTEL_FN_ size_t otel_counted_head_(const uint8_t *at, size_t len)
{
    const size_t none = OTEL_HEAD_TRACE_ - 2u, n = OTEL_HEAD_ROOT_ - none;       /* before the id are its tag and its length */
    if (len < n || at[0] != 0x0A || at[1] != 16u || at[OTEL_HEAD_SPAN_ - 2u - none] != 0x12 || at[OTEL_HEAD_SPAN_ - 1u - none] != 8u) return 0;
    if (at[OTEL_HEAD_START_ - 1u - none] != 0x39 || at[OTEL_HEAD_END_ - 1u - none] != 0x41) return 0;
    if (at[OTEL_HEAD_FLAGS_ - 2u - none] != 0x85 || at[OTEL_HEAD_FLAGS_ - 1u - none] != 1u) return 0;
    return at[OTEL_HEAD_KIND_ - 1u - none] == 0x30 && at[OTEL_HEAD_KIND_ - none] < 128u ? n : 0u;
}

/* Say whether there are fields from `at` to `end` and nothing else. */
OTEL_FN_ bool otel_counted_whole_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field)
{
    const uint8_t *inside = NULL;
    uint32_t tag;
    at += otel_counted_head_(at, (size_t)(end - at));
    while (at != end) {
        at = otel_counted_field_(at, end, &tag, &inside, field);
        if (!at) return false;
    }
    return true;
}

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. From there the bounds go to it. False: it is no message. */
OTEL_FN_ bool otel_counted_data_(const uint8_t **at, const uint8_t **end, otel_pb_field_t_ *field)
{
    const uint8_t *p = *at, *until = *end, *inside = NULL;
    uint32_t tag;
    *at = *end;
    while (p != until) {
        p = otel_counted_field_(p, until, &tag, &inside, field);
        if (!p) return false;
        if ((tag & 7u) != OTEL_PB_SLICE_ || (tag >> 3 != 5 && tag >> 3 != 7 && (tag >> 3 < 9 || tag >> 3 > 11))) continue;
        *at = inside;
        *end = p;
    }
    return true;
}

/* How many items a request has, into walk->items; false when it is not well-formed down to them. */
OTEL_API_ bool otel_counted_items_(otel_counted_t_ *walk, unsigned signal, const uint8_t *body, size_t len);
OTEL_API_ bool otel_counted_items_(otel_counted_t_ *walk, unsigned signal, const uint8_t *body, size_t len)
{
    static const uint8_t tags[4] = { 0x0A, 0x12, 0x12, 0x0A };       /* of a group, its scopes, their items or metrics, and points */
    const unsigned last = signal == (unsigned)OTEL_SIGNAL_METRICS ? 3u : 2u;
    const uint8_t *p = body, *until = body + len, *inside = NULL;
    unsigned level = 0;
    uint32_t tag;
    walk->items = 0;
    for (;;) {
        if (p == until) {
            if (level == 0) return true;
            p = walk->end[level--];                           /* here the outer one goes on */
            until = walk->end[level];
            continue;
        }
        p = otel_counted_field_(p, until, &tag, &inside, &walk->field);
        if (!p) return false;
        if (tag != tags[level]) continue;
        if (level == last) {
            if (!otel_counted_whole_(inside, p, &walk->field)) return false;
            walk->items++;
            continue;
        }
        walk->end[level++] = until;                           /* into the slice, */
        walk->end[level] = until = p;                         /* of a metric into its data; then on behind the metric */
        p = inside;
        if (level == 3u && !otel_counted_data_(&p, &until, &walk->field)) return false;
    }
}
OTEL_C_END_
#endif
#endif
