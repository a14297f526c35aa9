/* Records that were made before the time of day was known: they carry time since boot and wait in the ring. Instances whose
   clock counts ticks point here; one that never lacks the time does not carry this. */
#ifndef OTEL_LATE_H
#define OTEL_LATE_H
#include "clock.h"
#include "compiler.h"
#include "element.h"
#include "instance.h"
#include "log.h"
#include "ring.h"
#include "span.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint64_t otel_ring_get64_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint8_t bytes[8];
    otel_ring_copy_(ring, pos, bytes, 8);
    return otel_get64_(bytes);
}

/* Before the time is known: wait for it up to hold_ms, then go as it is or drop. */
OTEL_API_ otel_late_t_ otel_late_wait_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{
    uint64_t made = otel_ring_get64_(ring, otel_pos_add_(ring, pos, which == OTEL_LOGS_ ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_));
    uint64_t now = otel_clock_now_(&otel->clock_);
    (void)reader;
    if (now < made || now - made < (uint64_t)otel->config_.hold_ms * 1000000u) return OTEL_LATE_WAIT_;
    return otel->config_.send_unsynced ? OTEL_LATE_RIGHT_ : OTEL_LATE_DROP_;
}

/* Add the offset to a time in the ring, byte by byte: it may wrap. Behind 36 years it is no time since boot but was given
   by the user, in Unix nanoseconds. */
OTEL_FN_ void otel_ring_shift_time_(otel_ring_t *ring, otel_pos_t pos, uint64_t offset)
{
    uint64_t t = otel_ring_get64_(ring, pos);
    otel_pos_t i;
    if (t >> 60) return;
    t += offset;
    for (i = 0; i < 8; i++, t >>= 8) *otel_ring_at_(ring, otel_pos_add_(ring, pos, i)) = (uint8_t)t;
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

/* The events of a span, whose fields begin at `p`. */
OTEL_FN_ void otel_late_events_(otel_ring_t *ring, otel_pos_t p, otel_pos_t end, uint64_t offset)
{
    while (p != end) {
        uint32_t tag = otel_ring_varint_(ring, &p), n = (tag & 7u) == 1 ? 8 : 4;
        if ((tag & 7u) == 0 || (tag & 7u) == 2) {             /* a number, or a length and what follows it */
            n = otel_ring_varint_(ring, &p);
            if ((tag & 7u) == 0) n = 0;
        }
        if (tag == OTEL_FIELD_EVENT_) otel_ring_shift_time_(ring, otel_pos_add_(ring, p, 1), offset);
        if (n) p = otel_pos_add_(ring, p, (otel_pos_t)n);
    }
}

/* Say whether another reader has this record on its way: then nobody may touch it. The gate is held. */
OTEL_FN_ bool otel_late_elsewhere_(const otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{
    unsigned i;
    for (i = 0; i < OTEL_READERS_; i++) {
        const otel_reader_t_ *r = &ring->reader[i];
        if (i != reader && r->on && r->held != r->cursor && otel_pos_between_(ring, r->cursor, pos) < otel_pos_between_(ring, r->cursor, r->held)) return true;
    }
    return false;
}

/* The time is known: put a record right for good, start, end and events, or time and observed time. The gate keeps
   exporters on other threads from doing it twice. */
OTEL_API_ otel_late_t_ otel_late_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{
    otel_held_t_ held;
    otel_late_t_ late = OTEL_LATE_WAIT_;
    uint64_t offset;
    uint8_t *mark = otel_ring_at_(ring, pos);
    (void)otel_clock_offset_(&otel->clock_, &offset);
    (void)otel_gate_enter_(ring, &otel->guard_, true, &held);
    if (!otel_late_elsewhere_(ring, pos, reader)) {
        late = OTEL_LATE_RIGHT_;
        if ((*mark ^ OTEL_MARK_) & 1u) {
            bool log = which == OTEL_LOGS_;
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, log ? OTEL_LOG_TIME_ : OTEL_HEAD_START_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, log ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_), offset);
            if (!log) otel_late_events_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_FLAGS_ - 2), otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos)), offset);
            OTEL_STORE_RELEASE_(mark, (uint8_t)(*mark ^ 1u));  /* the times before the sign that they are right */
        }
    }
    otel_gate_leave_(ring, &otel->guard_, &held);
    return late;
}
OTEL_C_END_
#endif
#endif
