/* Batches: records of the rings, with envelopes around them, as one flat packet or as parts that point into the rings.
   A record is copied as it is; its mark becomes the tag. All is written in one pass: lengths are padded and filled in when
   their message closes. What is being built stands in the exporter, not on the stack. */
#ifndef OTEL_EXPORT_BATCH_H
#define OTEL_EXPORT_BATCH_H
#include "../otel/compiler.h"
#include "../otel/element.h"
#include "../otel/instance.h"
#include "../otel/span.h"
#include "otlp.h"
#include "request.h"
#include "state.h"

OTEL_C_BEGIN_
OTEL_API_ bool otel_batch_begin_(otel_exporter_t *x);
OTEL_API_ bool otel_batch_flat_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n);
#if OTEL_PARTS_
OTEL_API_ bool otel_batch_parts_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n);
#endif
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The head of a request, in the packet or in the memory for envelopes. False: the packet is too small for that. */
OTEL_API_ bool otel_batch_begin_(otel_exporter_t *x)
{
    uint8_t *to = (uint8_t *)x->config_.buffer;
    size_t room = x->config_.buffer_size;
#if OTEL_PARTS_
    if (!to) {
        to = x->head_;
        room = sizeof x->head_;
    }
    x->sent_ = to;
#endif
    x->request_.items = 0;
    x->request_.parts_len = 0;
    x->why_ = 0;
    return to && otel_packet_begin_(&x->packet_, x->otel_, to, room);
}

/* Append a record of `n` bytes to a flat packet, tag in place of its mark. False: no room. */
OTEL_API_ bool otel_batch_flat_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{
    uint8_t *to = x->packet_.at;
    if ((size_t)(x->packet_.end - to) < n) return false;
    if (ring) {
        otel_ring_copy_(ring, pos, to, n);
        *to = OTEL_MARK_;
        x->packet_.at = to + n;
    }
    return true;
}

#if OTEL_PARTS_
/* Append a part, or lengthen the last one when it continues there. */
OTEL_FN_ void otel_batch_part_(otel_exporter_t *x, const void *bytes, size_t n)
{
    otel_piece_t *last = x->parts_ + x->request_.parts_len;
    if (last != x->parts_ && (const uint8_t *)last[-1].bytes + last[-1].len == (const uint8_t *)bytes) {
        last[-1].len += n;
        return;
    }
    last->bytes = bytes;
    last->len = n;
    x->request_.parts_len++;
}

/* The same for parts: the envelopes since the last record, the tag when the mark is another, and up to two of the ring.
   Without a ring: the envelopes at the end. */
OTEL_API_ bool otel_batch_parts_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{
    static const uint8_t tag[1] = { OTEL_MARK_ };
    otel_packet_t_ *p = &x->packet_;
    size_t first;
    if (ring && (x->request_.parts_len + 5u > OTEL_PARTS_ || n + p->extra > OTEL_ENVELOPE_MAX_ / 2u)) return false;
    if (p->at != x->sent_) otel_batch_part_(x, x->sent_, (size_t)(p->at - x->sent_));
    x->sent_ = p->at;
    if (!ring) return true;
    p->extra += (uint32_t)n;
    if (*otel_ring_at_(ring, pos) != OTEL_MARK_) {
        otel_batch_part_(x, tag, 1);
        pos = otel_pos_add_(ring, pos, 1);
        n--;
    }
    first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
    otel_batch_part_(x, otel_ring_at_(ring, pos), first < n ? first : n);
    if (first < n) otel_batch_part_(x, ring->bytes, n - first);
    return true;
}
#endif

/* Append the record at `pos`. 1: done, 0: no room, -1: its scope is being entered at this moment. */
OTEL_FN_ int otel_batch_record_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{
    uint32_t cap = x->lane_at_->cap;
    int scope = (*otel_ring_at_(ring, pos) ^ (int)OTEL_MARK_) >> 1, how;
    int (*enter)(const otel_t *otel, otel_packet_t_ *packet, int number);
    if (x->request_.items >= (cap ? cap : x->config_.max_items)) return 0;
    if (scope != x->packet_.scope) {
        enter = OTEL_LOAD_ACQUIRE_(&x->otel_->scope_);        /* NULL: a span that was begun before the instance was set up anew */
        how = enter ? (enter)(x->otel_, &x->packet_, scope) : 1;
        if (how <= 0) return how;
    }
    if (!(x->add_)(x, ring, pos, n)) return 0;
    x->request_.items++;
    return 1;
}

#if OTEL_HOSTED_
/* Hosts: records of the first scope with absolute times are tags and lengths already, so as many as go are copied at once into
   a flat packet in which that scope is open. Where it ended; the rest goes one by one. */
OTEL_FN_ otel_pos_t otel_batch_run_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, otel_pos_t until)
{
    uint32_t cap = x->lane_at_->cap, items = x->request_.items;
    size_t room = (size_t)(x->packet_.end - x->packet_.at), all = 0;
    otel_pos_t left = otel_pos_between_(ring, pos, until), offset = pos & OTEL_OFFSET_;
    if (!cap) cap = x->config_.max_items;
    if (!x->config_.buffer || x->packet_.scope != 0) return pos;
    for (; all < left && items < cap; items++) {
        otel_pos_t at = offset + (otel_pos_t)all;
        uint32_t head;
        size_t n;
        if (at >= ring->size) at -= ring->size;
        if (at + 4u > ring->size || OTEL_LOAD_ACQUIRE_(ring->bytes + at) != OTEL_MARK_) break;      /* another reader may be putting it right */
        head = otel_get32_(ring->bytes + at);
        n = 4u + ((size_t)(head >> 8 & 127u) | (size_t)(head >> 16 & 127u) << 7 | (size_t)(head >> 24 & 127u) << 14);
        if (n > room - all) break;
        all += n;
    }
    if (all == 0) return pos;
    otel_ring_copy_(ring, pos, x->packet_.at, all);
    x->packet_.at += all;
    x->request_.items = items;
    return otel_pos_add_(ring, pos, (otel_pos_t)all);
}
#endif

/* Append what the reader holds of this ring. False: the request is full. A record that cannot go is the only one held, and
   `why_` tells the reason; behind others it waits until they are gone. */
OTEL_API_ bool otel_batch_ring_(otel_exporter_t *x, otel_ring_t *ring);
OTEL_API_ OTEL_NOINLINE_ bool otel_batch_ring_(otel_exporter_t *x, otel_ring_t *ring)
{
    otel_reader_t_ *reader = &ring->reader[x->reader_];
    otel_pos_t until = otel_ring_hold_(ring, &x->otel_->guard_, x->reader_), pos = reader->from, n;
    bool more = true;
    reader->items = 0u - (otel_count_t)x->request_.items;
    for (; pos != until; pos = otel_pos_add_(ring, pos, n)) {
        otel_late_t_ late = OTEL_LATE_RIGHT_;
        int how = 0;
#if OTEL_HOSTED_
        pos = otel_batch_run_(x, ring, pos, until);
        if (pos == until) break;
#endif
        n = (otel_pos_t)otel_record_size_(ring, pos);
        if ((OTEL_LOAD_ACQUIRE_(otel_ring_at_(ring, pos)) ^ OTEL_MARK_) & 1u) late = OTEL_LOAD_ACQUIRE_(&x->otel_->late_) ? (OTEL_LOAD_ACQUIRE_(&x->otel_->late_))(x->otel_, otel_ring_of_(x->request_.signal), ring, pos, x->reader_) : OTEL_LATE_DROP_;
        if (late == OTEL_LATE_RIGHT_) how = otel_batch_record_(x, ring, pos, (size_t)n);
        if (how > 0) continue;
        if (how < 0 || late == OTEL_LATE_WAIT_) break;
        more = false;
        if (x->request_.items) break;
        x->why_ = (uint8_t)(late == OTEL_LATE_DROP_ ? OTEL_DROP_NO_CLOCK : OTEL_DROP_TOO_LARGE);
        x->request_.items = 1;
        pos = otel_pos_add_(ring, pos, n);
        break;
    }
    reader->items += x->request_.items;
    if (pos != until) otel_ring_move_(ring, &x->otel_->guard_, reader, reader->from, pos, 0);
    return more;
}

/* Close what is open, and say in the request where it is. */
OTEL_FN_ void otel_batch_end_(otel_exporter_t *x)
{
    otel_packet_t_ *p = &x->packet_;
    otel_request_t *r = &x->request_;
    otel_packet_end_(p, x->otel_);
    (void)(x->add_)(x, NULL, 0, 0);
    r->body = x->config_.buffer;
#if OTEL_PARTS_
    r->parts = r->body ? NULL : x->parts_;
#endif
    r->len = (size_t)(p->at - p->own) + 1u + (size_t)p->extra;
}
OTEL_C_END_
#endif
#endif
