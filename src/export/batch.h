/* Batches: records of the rings, with envelopes around them, as one flat packet or as parts that point into the rings.
   A record is copied as it is; its mark becomes the tag, and times that count from boot are put right. */
#ifndef OTEL_EXPORT_BATCH_H
#define OTEL_EXPORT_BATCH_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/span.h"
#include "../otel/log.h"
#include "otlp.h"
#include "request.h"

/* Memory for a request that comes in parts: envelopes and the list. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_PARTS_ 64
#define OTEL_PARTS_HEAD_ 1024
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_PARTS_ 12
#define OTEL_PARTS_HEAD_ 192
#else
#define OTEL_PARTS_ 8
#define OTEL_PARTS_HEAD_ 128
#endif

/* A batch being built. Private. */
typedef struct otel_batch_t_ {
    otel_t *otel;
    uint8_t *to;                  /* the packet, or the envelopes of parts */
    size_t room, used;
    otel_piece_t *parts;          /* NULL: flat */
    size_t parts_len;
    uint32_t body;                /* bytes so far, parts included */
    uint32_t items, max_items;
    uint32_t no_clock, too_large; /* dropped on the way */
    size_t own, run;              /* where the open lengths of ResourceSpans and ScopeSpans stand */
    uint32_t own_body, run_body;  /* bytes of the body when they were opened */
    uint32_t scope;
    bool open, full;
} otel_batch_t_;

OTEL_C_BEGIN_
OTEL_API_ bool otel_batch_begin_(otel_batch_t_ *batch, otel_t *otel, uint8_t *to, size_t room, otel_piece_t *parts, uint32_t max_items);
OTEL_API_ otel_pos_t otel_batch_ring_(otel_batch_t_ *batch, unsigned which, otel_ring_t *ring, unsigned reader);
OTEL_API_ void otel_batch_end_(otel_batch_t_ *batch);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Bytes that the packet has left; parts are limited by their number, and by what a length can say. */
OTEL_FN_ size_t otel_batch_room_(const otel_batch_t_ *b)
{
    if (!b->parts) return b->room - b->used;
    return b->body > OTEL_ENVELOPE_MAX_ / 2u ? 0 : OTEL_ENVELOPE_MAX_ / 2u - b->body;
}

OTEL_FN_ void otel_batch_grew_(otel_batch_t_ *b, size_t n)
{
    b->used += n;
    b->body += (uint32_t)n;
}

/* Append a part, or lengthen the last one when it continues there. */
OTEL_FN_ void otel_batch_part_(otel_batch_t_ *b, const void *bytes, size_t n)
{
    otel_piece_t *last = b->parts_len ? &b->parts[b->parts_len - 1] : NULL;
    if (last && (const uint8_t *)last->bytes + last->len == (const uint8_t *)bytes) {
        last->len += n;
        return;
    }
    b->parts[b->parts_len].bytes = bytes;
    b->parts[b->parts_len++].len = n;
}

/* ResourceSpans (or ResourceLogs) = 1 of the request, and its resource. False: the packet is too small for that. */
OTEL_API_ bool otel_batch_begin_(otel_batch_t_ *b, otel_t *otel, uint8_t *to, size_t room, otel_piece_t *parts, uint32_t max_items)
{
    size_t n;
    memset(b, 0, sizeof *b);
    b->otel = otel;
    b->to = to;
    b->room = !parts && room > OTEL_ENVELOPE_MAX_ ? OTEL_ENVELOPE_MAX_ : room;
    b->parts = parts;
    b->max_items = max_items;
    if (b->room < 1u + OTEL_ENVELOPE_BYTES_) return false;
    to[0] = 0x0A;
    b->own = 1;
    otel_batch_grew_(b, 1u + OTEL_ENVELOPE_BYTES_);
    b->own_body = b->body;
    n = otel_resource_write_(to + b->used, b->room - b->used, otel);
    if (n == 0) return false;
    otel_batch_grew_(b, n);
    if (parts) otel_batch_part_(b, to, b->used);
    return true;
}

OTEL_FN_ void otel_batch_close_run_(otel_batch_t_ *b)
{
    const otel_scope_t *scope = otel_scope_find_(b->otel, b->scope);
    size_t n;
    if (!b->open) return;
    b->open = false;
    n = scope ? otel_text_field_(b->to + b->used, b->room - b->used, 0x1A, scope->schema_url) : 0;        /* ScopeSpans.schema_url = 3 */
    if (n && b->parts) otel_batch_part_(b, b->to + b->used, n);
    otel_batch_grew_(b, n);
    otel_put_envelope_(b->to + b->run, b->body - b->run_body);
}

/* Room that closing will take: the schema URLs of the run and of the resource. */
OTEL_FN_ size_t otel_batch_tail_(const otel_batch_t_ *b, const otel_scope_t *scope)
{
    size_t n = 0;
    if (scope && scope->schema_url) n += 4u + strlen(scope->schema_url);
    if (b->otel->config_.schema_url) n += 4u + strlen(b->otel->config_.schema_url);
    return n;
}

/* ResourceSpans.scope_spans = 2 for a run of records of one scope. False: no room. */
OTEL_FN_ bool otel_batch_open_run_(otel_batch_t_ *b, uint32_t number, size_t first)
{
    const otel_scope_t *scope = otel_scope_find_(b->otel, number);
    size_t begin, n = 0;
    if (b->open && b->scope == number) return true;
    otel_batch_close_run_(b);
    if (b->parts && b->parts_len + 4u > OTEL_PARTS_) return false;
    if (b->room - b->used < 1u + OTEL_ENVELOPE_BYTES_) return false;
    begin = b->used;
    n = 1u + OTEL_ENVELOPE_BYTES_;
    if (scope) {
        size_t more = otel_scope_write_(b->to + begin + n, b->room - begin - n, scope);
        if (more == 0) return false;
        n += more;
    }
    if (b->room - begin < n + otel_batch_tail_(b, scope) || (!b->parts && b->room - begin < n + otel_batch_tail_(b, scope) + first)) return false;
    b->to[begin] = 0x12;
    b->run = begin + 1;
    if (b->parts) otel_batch_part_(b, b->to + begin, n);
    otel_batch_grew_(b, n);
    b->run_body = b->body - (uint32_t)(n - 1u - OTEL_ENVELOPE_BYTES_);
    b->scope = number;
    b->open = true;
    return true;
}

OTEL_FN_ uint64_t otel_ring_get64_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint8_t bytes[8];
    otel_ring_copy_(ring, pos, bytes, 8);
    return otel_get64_(bytes);
}

/* Add the offset to a time in the ring, byte by byte: it may wrap. */
OTEL_FN_ void otel_ring_shift_time_(otel_ring_t *ring, otel_pos_t pos, uint64_t offset)
{
    uint64_t t = otel_ring_get64_(ring, pos) + offset;
    unsigned i;
    for (i = 0; i < 8; i++) *otel_ring_at_(ring, otel_pos_add_(ring, pos, (otel_pos_t)i)) = (uint8_t)(t >> (8 * i));
}

OTEL_FN_ uint32_t otel_ring_varint_(const otel_ring_t *ring, otel_pos_t *pos)
{
    uint32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *otel_ring_at_(ring, *pos);
        *pos = otel_pos_add_(ring, *pos, 1);
        if (shift < 28u) value |= (uint32_t)(byte & 127u) << shift;
        shift += 7;
    } while ((byte & 128u) && shift < 70u);
    return value;
}

/* Put a record's times right for good: start, end and events, or time and observed time. The gate keeps exporters on
   other threads from doing it twice. */
OTEL_API_ OTEL_NOINLINE_ void otel_record_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos);
OTEL_API_ OTEL_NOINLINE_ void otel_record_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos)
{
    otel_held_t_ held;
    uint64_t offset;
    uint8_t *mark = otel_ring_at_(ring, pos);
    (void)otel_clock_offset_(&otel->clock_, &offset);
    (void)otel_gate_enter_(ring, &otel->guard_, true, &held);
    if ((*mark ^ OTEL_MARK_) & 1u) {
        if (which == OTEL_LOGS_) {
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_LOG_TIME_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_LOG_OBSERVED_), offset);
        } else {
            otel_pos_t end = otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos)), p = otel_pos_add_(ring, pos, OTEL_HEAD_FLAGS_ - 2);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_START_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_END_), offset);
            while (p != end) {                                /* the fields behind the fixed ones */
                uint32_t tag = otel_ring_varint_(ring, &p), n;
                switch (tag & 7u) {
                case 0: (void)otel_ring_varint_(ring, &p); continue;
                case 1: n = 8; break;
                case 5: n = 4; break;
                default:
                    n = otel_ring_varint_(ring, &p);
                    if (tag == OTEL_FIELD_EVENT_) otel_ring_shift_time_(ring, otel_pos_add_(ring, p, 1), offset);
                }
                p = otel_pos_add_(ring, p, (otel_pos_t)n);
            }
        }
        OTEL_STORE_RELEASE_(mark, (uint8_t)(*mark ^ 1u));      /* the times before the sign that they are right */
    }
    otel_gate_leave_(ring, &otel->guard_, &held);
}

/* What to do with a record whose times count from boot. */
typedef enum { OTEL_TIME_RIGHT_, OTEL_TIME_WAIT_, OTEL_TIME_DROP_ } otel_time_state_;

OTEL_FN_ otel_time_state_ otel_record_time_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, uint8_t mark)
{
    uint64_t made, now;
    if (!((mark ^ OTEL_MARK_) & 1u)) return OTEL_TIME_RIGHT_;
    if (OTEL_LOAD_ACQUIRE_(&otel->clock_.known)) {
        otel_record_repair_(otel, which, ring, pos);
        return OTEL_TIME_RIGHT_;
    }
    made = otel_ring_get64_(ring, otel_pos_add_(ring, pos, which == OTEL_LOGS_ ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_));
    now = otel_clock_now_(&otel->clock_);
    if (now < made || (now - made) / 1000000u < otel->config_.hold_ms) return OTEL_TIME_WAIT_;
    return otel->config_.send_unsynced ? OTEL_TIME_RIGHT_ : OTEL_TIME_DROP_;
}

/* Append one record, tag in place of its mark. */
OTEL_FN_ void otel_batch_record_(otel_batch_t_ *b, const otel_ring_t *ring, otel_pos_t pos, uint8_t mark, uint32_t n)
{
    static const uint8_t tag[1] = { OTEL_MARK_ };
    if (!b->parts) {
        otel_ring_copy_(ring, pos, b->to + b->used, n);
        b->to[b->used] = OTEL_MARK_;
        b->used += n;
    } else {
        size_t first, rest = n;
        if (mark != OTEL_MARK_) {
            otel_batch_part_(b, tag, 1);
            pos = otel_pos_add_(ring, pos, 1);
            rest--;
        }
        first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
        otel_batch_part_(b, otel_ring_at_(ring, pos), first < rest ? first : rest);
        if (first < rest) otel_batch_part_(b, ring->bytes, rest - first);
    }
    b->body += n;
    b->items++;
}

/* Append what the reader holds of this ring; the position behind the last record taken or dropped. The reader's cursor
   moves over records that are dropped at the front. */
OTEL_API_ otel_pos_t otel_batch_ring_(otel_batch_t_ *b, unsigned which, otel_ring_t *ring, unsigned reader)
{
    otel_pos_t pos, until = otel_ring_hold_(ring, &b->otel->guard_, reader);
    pos = ring->reader[reader].from;
    while (pos != until && !b->full) {
        uint8_t mark = OTEL_LOAD_ACQUIRE_(otel_ring_at_(ring, pos));
        uint32_t n = otel_record_size_(ring, pos);
        otel_pos_t next = otel_pos_add_(ring, pos, (otel_pos_t)n);
        otel_time_state_ time = otel_record_time_(b->otel, which, ring, pos, mark);
        uint32_t number = (uint32_t)(uint8_t)(mark ^ OTEL_MARK_) >> 1;
        if (time == OTEL_TIME_WAIT_) break;
        if (number && !otel_scope_find_(b->otel, number)) break;                  /* being entered at this moment */
        if (time == OTEL_TIME_RIGHT_) {
            bool fits = b->items < b->max_items && (!b->parts || b->parts_len + 5u <= OTEL_PARTS_) && otel_batch_open_run_(b, number, n) &&
                        otel_batch_room_(b) >= n + otel_batch_tail_(b, otel_scope_find_(b->otel, number));
            if (fits) {
                otel_batch_record_(b, ring, pos, *otel_ring_at_(ring, pos), n);
                pos = next;
                continue;
            }
            b->full = true;
            if (b->items) break;
        }
        if (b->items) {                                       /* a record to drop, behind records to send: next time */
            b->full = true;
            break;
        }
        if (time == OTEL_TIME_DROP_) b->no_clock++;
        else b->too_large++;
        b->full = false;
        otel_ring_pass_(ring, &b->otel->guard_, reader, next);
        until = otel_ring_hold_(ring, &b->otel->guard_, reader);
        pos = ring->reader[reader].from;
    }
    otel_ring_hold_until_(ring, &b->otel->guard_, reader, pos);
    return pos;
}

OTEL_API_ void otel_batch_end_(otel_batch_t_ *b)
{
    size_t n;
    otel_batch_close_run_(b);
    n = otel_text_field_(b->to + b->used, b->room - b->used, 0x1A, b->otel->config_.schema_url);          /* ResourceSpans.schema_url = 3 */
    if (n && b->parts) otel_batch_part_(b, b->to + b->used, n);
    otel_batch_grew_(b, n);
    otel_put_envelope_(b->to + b->own, b->body - b->own_body);
}
OTEL_C_END_
#endif
#endif
