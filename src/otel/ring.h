/* The ring: finished records, already in wire form, wait here for the exporters. Three positions chase each other
   (reserved >= published >= released); docs/DESIGN.md tells why, with the model and the figures.

   A writer reserves, copies, and the outermost writer publishes for all that interrupted it: nested writers finish before
   the one they interrupted goes on, so nothing has to be cleared and no byte publishes a record. A record may wrap around
   the end of the ring. Each reader (exporter) has a cursor; a byte is free when the slowest has passed it. */
#ifndef OTEL_RING_H
#define OTEL_RING_H
#include "compiler.h"
#include "id.h"
#include "out.h"
#include "wire.h"

/* Why a record was lost; a closed list. `otel_drop_text` names each.
     full        no room in the ring: raise pool_size, poll more often, or (while nothing is exported) call otel_time_sync
     in_flight   the oldest could not make room, being on its way
     busy        another writer held the lock or the shared shard: give more shards
     thread      a thread died in the middle of it
     processor   a processor dropped it
     too_large   larger than the ring or the packet, or refused as such by the receiver
     shutdown    not delivered before the end: give otel_shutdown more time
     reset       lost by a reset of the device
     rejected    the receiver does not want it: see its answer
     gave_up     the receiver put it off retry_attempts times
     no_clock    made before the time was known, and held longer than hold_ms */
#define OTEL_DROPS_(X) \
    X(OTEL_DROP_FULL, "full") \
    X(OTEL_DROP_IN_FLIGHT, "in_flight") \
    X(OTEL_DROP_BUSY, "busy") \
    X(OTEL_DROP_THREAD, "thread") \
    X(OTEL_DROP_PROCESSOR, "processor") \
    X(OTEL_DROP_TOO_LARGE, "too_large") \
    X(OTEL_DROP_SHUTDOWN, "shutdown") \
    X(OTEL_DROP_RESET, "reset") \
    X(OTEL_DROP_REJECTED, "rejected") \
    X(OTEL_DROP_GAVE_UP, "gave_up") \
    X(OTEL_DROP_NO_CLOCK, "no_clock")
#define OTEL_DROP_ENUM_(code, text) code,
typedef enum { OTEL_DROPS_(OTEL_DROP_ENUM_) OTEL_DROP_REASONS } otel_drop_t;
#define OTEL_RING_DROPS_ 7        /* the first ones, counted where records are written */

/* What a full ring does with the next record. */
typedef enum {
    OTEL_DROP_NEWEST = 0,         /* refuse it (default) */
    OTEL_DROP_OLDEST,             /* make room: a flight recorder */
    OTEL_DROP_SAMPLE,             /* from half full on keep one in 2, 4, 8, .. so that the ring lasts */
    OTEL_DROP_ORDINARY            /* the last quarter is for what is urgent: spans with OTEL_STATUS_ERROR, logs of OTEL_ERROR and above */
} otel_when_full_t;

#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_READERS_ 4           /* exporters of one instance */
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_READERS_ 2
#else
#define OTEL_READERS_ 1
#endif

/* A position: the offset in the ring, and above it a lap that tells a full ring from an empty one (and, on hosts, keeps a
   late compare-and-swap from succeeding by chance). One machine word; never needs a division. */
typedef uintptr_t otel_pos_t;
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_RING_BITS_ 32
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_RING_BITS_ 24
#else
#define OTEL_RING_BITS_ 15
#endif
#define OTEL_LAP_ ((otel_pos_t)1 << OTEL_RING_BITS_)
#define OTEL_OFFSET_ (OTEL_LAP_ - 1u)

typedef struct otel_reader_t_ {
    otel_pos_t cursor;            /* all before it is done with */
    otel_pos_t held;              /* cursor..held is in flight: nobody evicts it */
    otel_pos_t from;              /* the cursor when the reader last took hold: where it begins, whatever is evicted since */
    otel_count_t passed;          /* records before the cursor, since the ring began */
    otel_count_t base;            /* those of them that were gone before this reader came */
    otel_count_t evicted;         /* records that this reader lost to OTEL_DROP_OLDEST */
    otel_count_t items;           /* records in cursor..held, once the reader has counted them */
#if OTEL_HOSTED_
    otel_count_t goal;            /* records that a flush waits for, since the ring began */
#endif
    bool on;
} otel_reader_t_;

/* The port's lock, when there is one: writers that do not nest (tasks of an RTOS, a second core) copy under it. */
typedef struct otel_guard_t {
    bool (*lock)(void *user, bool wait);    /* wait false: only try */
    void (*unlock)(void *user);
    void *user;
} otel_guard_t;

/* Private. */
typedef struct otel_ring_t {
    otel_pos_t reserved, published, released;
    uint8_t *bytes;
    otel_pos_t size;
    otel_pos_t room;                        /* one core: at least so many bytes may be taken before the end, and without a look at the readers */
    otel_count_t created, settled;          /* settled follows created when a record is dropped or published */
#if OTEL_HOSTED_
    otel_count_t waiting;                   /* records of handlers that the writer below them will publish and settle */
#endif
    otel_count_t dropped[OTEL_RING_DROPS_];
    otel_count_t gone;                      /* records before `released` */
    otel_drop_t (*policy)(struct otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);    /* of a ring that does more than refuse */
#if OTEL_HOSTED_
    bool (*wake)(void);                     /* a port's: fetch the exporter's thread; false: not now, ask again. Never waits */
    otel_pos_t wake_at;                     /* bytes in use beyond which it is called */
#endif
    uint8_t gate, when_full;
    bool read;                    /* a reader has been here */
    otel_reader_t_ reader[OTEL_READERS_];
} otel_ring_t;

typedef struct otel_piece_t {
    const void *bytes;
    size_t len;
} otel_piece_t;

OTEL_C_BEGIN_
/* The word for a reason, as in the attribute error.type of the otel.sdk metrics. Static storage, never NULL. */
OTEL_API_ const char *otel_drop_text(otel_drop_t reason);

/* Room for `n` bytes? `what` tells of the record where it comes from: the severity of a log, or where the bytes of a span stand. */
typedef otel_drop_t (*otel_policy_t_)(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ otel_drop_t otel_ring_policy_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ void otel_ring_lay_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full, otel_policy_t_ policy);
OTEL_INLINE_ void otel_ring_init_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full)
{
    otel_ring_lay_(ring, bytes, size, when_full, when_full != OTEL_DROP_NEWEST ? otel_ring_policy_ : NULL);
}
OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len);
OTEL_API_ bool otel_ring_begin_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start);
OTEL_API_ void otel_ring_finish_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start);
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason);
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring);

/* The readers' side: one thread at a time for each reader. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until);
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to, otel_count_t n);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ otel_pos_t otel_pos_add_(const otel_ring_t *ring, otel_pos_t pos, otel_pos_t n)
{
    otel_pos_t offset = (pos & OTEL_OFFSET_) + n, lap = pos & ~OTEL_OFFSET_;
    if (offset >= ring->size) {
        offset -= ring->size;
        lap += OTEL_LAP_;
    }
    return lap | offset;
}

/* Bytes from `from` to `to`, which is at most one ring ahead. */
OTEL_FN_ otel_pos_t otel_pos_between_(const otel_ring_t *ring, otel_pos_t from, otel_pos_t to)
{
    otel_pos_t n = (to & OTEL_OFFSET_) - (from & OTEL_OFFSET_);
    if ((to ^ from) & ~OTEL_OFFSET_) n += ring->size;
    return n;
}

OTEL_FN_ uint8_t *otel_ring_at_(const otel_ring_t *ring, otel_pos_t pos) { return ring->bytes + (pos & OTEL_OFFSET_); }

/* Bytes of the record at `pos`: mark, three bytes of length, content. */
OTEL_FN_ uint32_t otel_record_size_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint32_t n = 0;
    otel_pos_t i;
    for (i = OTEL_LENGTH_BYTES_; i; i--) n = n << 7 | (*otel_ring_at_(ring, otel_pos_add_(ring, pos, i)) & 127u);
    return n + 1u + OTEL_LENGTH_BYTES_;
}

/* Copy `n` bytes out of the ring. */
OTEL_FN_ void otel_ring_copy_(const otel_ring_t *ring, otel_pos_t pos, void *to, size_t n)
{
    size_t first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
    if (first > n) first = n;
    memcpy(to, otel_ring_at_(ring, pos), first);
    memcpy((uint8_t *)to + first, ring->bytes, n - first);
}

/* The gate orders eviction and the readers' moves. Writers only try it; readers wait the few instructions it is held. */
typedef struct otel_held_t_ {
    uint32_t mask;
    bool hook;
} otel_held_t_;

OTEL_FN_ bool otel_gate_enter_(otel_ring_t *ring, const otel_guard_t *guard, bool wait, otel_held_t_ *held)
{
    held->mask = 0;
    held->hook = guard->lock != NULL;
    if (held->hook) return (guard->lock)(guard->user, wait);
#if OTEL_ATOMICS_
    for (;;) {
        uint8_t open = 0;
        if (OTEL_CAS_(&ring->gate, &open, (uint8_t)(wait ? 1 : 2))) return true;     /* 2: a writer, who may die in there */
        if (!wait) return false;
    }
#else
    (void)ring;
    (void)wait;
    held->mask = otel_mask_();
    return true;
#endif
}

/* As a reader, but only so many times: whoever holds it may be the code that was interrupted. */
OTEL_FN_ bool otel_gate_try_(otel_ring_t *ring, const otel_guard_t *guard, unsigned tries, otel_held_t_ *held)
{
#if OTEL_ATOMICS_
    held->mask = 0;
    held->hook = guard->lock != NULL;
    for (; tries; tries--) {
        uint8_t open = 0;
        if (held->hook ? (guard->lock)(guard->user, false) : OTEL_CAS_(&ring->gate, &open, (uint8_t)1)) return true;
    }
    return false;
#else
    (void)tries;
    return otel_gate_enter_(ring, guard, true, held);
#endif
}

OTEL_FN_ void otel_gate_leave_(otel_ring_t *ring, const otel_guard_t *guard, const otel_held_t_ *held)
{
    if (held->hook) {
        (guard->unlock)(guard->user);
        return;
    }
#if OTEL_ATOMICS_
    OTEL_STORE_RELEASE_(&ring->gate, (uint8_t)0);
#else
    (void)ring;
    otel_unmask_(held->mask);
#endif
}

/* Add one to a counter that an interrupt may be adding to as well. */
OTEL_FN_ void otel_tally_(otel_count_t *count)
{
#if OTEL_ATOMICS_
    OTEL_ADD_(count, (otel_count_t)1);
#else
    uint32_t was = otel_mask_();
    ++*count;
    otel_unmask_(was);
#endif
}
#if OTEL_BODIES_
OTEL_API_ const char *otel_drop_text(otel_drop_t reason)
{
#define OTEL_DROP_CASE_(code, text) text "\0"
    static const char texts[] = OTEL_DROPS_(OTEL_DROP_CASE_);
    const char *text = texts;
    unsigned i;
    for (i = 0; i < (unsigned)reason && *text; i++) text += strlen(text) + 1u;
    return *text ? text : "unknown";
#undef OTEL_DROP_CASE_
}

OTEL_API_ void otel_ring_lay_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full, otel_policy_t_ policy)
{
    memset((void *)ring, 0, sizeof *ring);
    ring->policy = policy;
    ring->bytes = (uint8_t *)bytes;
    ring->size = size > OTEL_OFFSET_ ? OTEL_OFFSET_ : (otel_pos_t)size;
    ring->when_full = (uint8_t)when_full;
#if OTEL_HOSTED_
    ring->wake_at = ~(otel_pos_t)0;
#endif
}

/* Count a record that never got near the ring. */
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason)
{
    otel_tally_(&ring->created);
    otel_tally_(&ring->dropped[reason]);
    otel_tally_(&ring->settled);
}

/* Evict the oldest record; the gate is held. OTEL_DROP_REASONS: done, else why it cannot go. */
OTEL_FN_ otel_drop_t otel_ring_evict_(otel_ring_t *ring)
{
    otel_pos_t first = ring->released, next;
    unsigned i;
    if (first == OTEL_LOAD_ACQUIRE_(&ring->published)) return OTEL_DROP_FULL;
    for (i = 0; i < OTEL_READERS_; i++) {
        if (ring->reader[i].on && ring->reader[i].cursor == first && ring->reader[i].held != first) return OTEL_DROP_IN_FLIGHT;
    }
    next = otel_pos_add_(ring, first, (otel_pos_t)otel_record_size_(ring, first));
    for (i = 0; i < OTEL_READERS_; i++) {
        otel_reader_t_ *reader = &ring->reader[i];
        if (reader->on && reader->cursor == first) {
            OTEL_STORE_(&reader->cursor, next);
            OTEL_STORE_(&reader->held, next);
            OTEL_STORE_(&reader->passed, (otel_count_t)(reader->passed + 1u));
            OTEL_STORE_(&reader->evicted, (otel_count_t)(reader->evicted + 1u));
        }
    }
    ring->gone++;
    OTEL_STORE_RELEASE_(&ring->released, next);
    return OTEL_DROP_REASONS;
}

/* OTEL_DROP_SAMPLE: past half full one in two goes in, past three quarters one in four, and so on. */
OTEL_FN_ bool otel_ring_thins_(const otel_ring_t *ring, otel_pos_t used, otel_count_t turn)
{
    otel_pos_t left = ring->size - used, part = ring->size >> 1;
    otel_count_t mask = 0;
    while (left < part && part > 8) {
        mask = mask << 1 | 1u;
        part >>= 1;
    }
    return (turn & mask) != 0;
}

/* What rings do that do more than refuse when they are full: evict until `n` bytes are free (the gate must not be held),
   or thin out. OTEL_DROP_REASONS: go on. */
OTEL_API_ otel_drop_t otel_ring_policy_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what)
{
    const bool locked = !OTEL_ATOMICS_ || guard->lock != NULL;
    otel_drop_t why = OTEL_DROP_REASONS;
    otel_held_t_ held = { 0, false };
    (void)what;
    if (ring->when_full != OTEL_DROP_OLDEST) {
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_(&ring->released), OTEL_LOAD_(&ring->reserved));
        return n > ring->size - used || otel_ring_thins_(ring, used, OTEL_LOAD_(&ring->created)) ? OTEL_DROP_FULL : why;
    }
    if (!locked && !otel_gate_enter_(ring, guard, false, &held)) return OTEL_DROP_BUSY;
    while (why == OTEL_DROP_REASONS && otel_pos_between_(ring, ring->released, OTEL_LOAD_(&ring->reserved)) + n > ring->size) {
        why = otel_ring_evict_(ring);
    }
    if (!locked) otel_gate_leave_(ring, guard, &held);
    return why;
}

#if OTEL_ATOMICS_
/* So full that the exporter should come, though its time is not yet; once, until the port sets wake_at again. */
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wake_(otel_ring_t *ring);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wake_(otel_ring_t *ring)
{
    otel_pos_t at = OTEL_LOAD_ACQUIRE_(&ring->wake_at);
    if (at > ring->size || !OTEL_CAS_(&ring->wake_at, &at, ~(otel_pos_t)0)) return;      /* a handler was here */
    if (!(OTEL_LOAD_(&ring->wake))()) OTEL_STORE_(&ring->wake_at, at);
}
#endif

/* Take `n` bytes at *start, which says before what is to be written. OTEL_DROP_REASONS: taken. On hosts only the owner of the shard comes here, and the signal
   handlers that interrupt it; elsewhere the mask or the port's lock is held. */
OTEL_INLINE_ otel_drop_t otel_ring_reserve_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t *start)
{
    if (OTEL_UNLIKELY_(n > ring->size)) return OTEL_DROP_TOO_LARGE;
    for (;;) {
        otel_pos_t from = OTEL_LOAD_(&ring->reserved);
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), from), left = ring->size - used;
#if OTEL_ATOMICS_
        if (OTEL_LOAD_(&ring->reserved) != from) continue;            /* a handler came between the two reads */
#endif
        if (OTEL_UNLIKELY_(n > left) || OTEL_UNLIKELY_(ring->when_full >= OTEL_DROP_SAMPLE)) {
            otel_drop_t why = ring->policy ? (ring->policy)(ring, guard, n, *start) : OTEL_DROP_FULL;
            if (why != OTEL_DROP_REASONS) return why;
            if (ring->when_full < OTEL_DROP_SAMPLE) continue;
        }
#if OTEL_ATOMICS_
        if (OTEL_UNLIKELY_(used > OTEL_LOAD_(&ring->wake_at))) otel_ring_wake_(ring);
        if (!OTEL_OWN_CAS_(&ring->reserved, &from, otel_pos_add_(ring, from, n))) continue;
        *start = from;
#else
        *start = from;
        ring->reserved = otel_pos_add_(ring, from, n);
        ring->room = 0;                           /* on hosts (a file with atomics may write too), with a lock, or when it chooses: always the long way */
        if (!OTEL_HOSTED_ && guard->lock == NULL && ring->when_full < OTEL_DROP_SAMPLE) {
            otel_pos_t tail = ring->size - (ring->reserved & OTEL_OFFSET_);
            left -= n;
            ring->room = left < tail ? left : tail;
        }
#endif
        return OTEL_DROP_REASONS;
    }
}

/* Only the outermost writer finds `published` where it began; it publishes for all that interrupted it. How many records
   that settles; 0: the writer below does it. */
OTEL_FN_ otel_count_t otel_ring_publish_(otel_ring_t *ring, otel_pos_t start)
{
#if OTEL_ATOMICS_
    otel_pos_t end;
    OTEL_SIGNAL_FENCE_();
    if (OTEL_UNLIKELY_(OTEL_LOAD_(&ring->published) != start)) {
        OTEL_OWN_ADD_(&ring->waiting, (otel_count_t)1);
        return 0;
    }
    end = OTEL_LOAD_(&ring->reserved);
    OTEL_STORE_RELEASE_(&ring->published, end);
    OTEL_SIGNAL_FENCE_();
    for (;;) {                                    /* a handler between the load and the store left its record to us */
        otel_pos_t now = OTEL_LOAD_(&ring->reserved), seen = end;
        if (OTEL_LIKELY_(now == end) || !OTEL_OWN_CAS_(&ring->published, &seen, now)) break;
        end = now;
    }
    if (OTEL_LIKELY_(OTEL_LOAD_(&ring->waiting) == 0)) return 1;
    return 1u + __atomic_exchange_n(&ring->waiting, (otel_count_t)0, __ATOMIC_RELAXED);
#else
    if (ring->published == start) ring->published = ring->reserved;
    return 1;
#endif
}

/* Copy into the ring, around its end where it must. */
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wrap_(otel_ring_t *ring, otel_pos_t at, const void *from, size_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wrap_(otel_ring_t *ring, otel_pos_t at, const void *from, size_t n)
{
    const uint8_t *p = (const uint8_t *)from;
#if OTEL_HOSTED_
    size_t first;
    if (at >= ring->size) at -= ring->size;
    first = (size_t)(ring->size - at);
    if (first > n) first = n;
    if (first) memcpy(ring->bytes + at, p, first);
    if (n > first) memcpy(ring->bytes, p + first, n - first);
#else                                             /* stack is short here, and few records come here */
    uint8_t *to = ring->bytes + at, *end = ring->bytes + ring->size;
    for (; n; n--) {
        if (to >= end) to -= ring->size;
        *to++ = *p++;
    }
#endif
}

OTEL_FN_ void otel_ring_fill_(otel_ring_t *ring, otel_pos_t start, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_pos_t at = start & OTEL_OFFSET_;
    if (OTEL_LIKELY_(at + a_len + b_len <= ring->size)) {
        OTEL_HOT_(otel_copy_here_, OTEL_COPY_RECORD_)(ring->bytes + at, a, a_len);
        if (b_len) memcpy(ring->bytes + at + a_len, b, b_len);
    } else {
        otel_ring_wrap_(ring, at, a, a_len);
        if (b_len) otel_ring_wrap_(ring, (otel_pos_t)(at + a_len), b, b_len);
    }
}

/* Count a record of `n` bytes and take room for it; false: it is counted as dropped. Before, *start says what it is. What was
   begun is finished by the same thread, with nothing in between that could fail. The positions are moved by one thread at a time
   in any case, but what was lost in a shard that all may try is counted by all of them: only in a shard of one's own (`own`) are
   the counts one's own. */
OTEL_INLINE_ bool otel_ring_begin_here_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start, bool own)
{
    otel_drop_t why;
    bool locked = guard->lock != NULL;
#if !OTEL_ATOMICS_
    uint32_t was;
#endif
    if (OTEL_UNLIKELY_(locked) && !(guard->lock)(guard->user, false)) {
        otel_ring_lose_(ring, OTEL_DROP_BUSY);
        return false;
    }
#if OTEL_ATOMICS_
    if (own && OTEL_LIKELY_(!locked)) OTEL_OWN_ADD_(&ring->created, (otel_count_t)1);
    else OTEL_ADD_(&ring->created, (otel_count_t)1);
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)n, start);
    if (OTEL_UNLIKELY_(why != OTEL_DROP_REASONS)) {
        OTEL_ADD_(&ring->dropped[why], (otel_count_t)1);
        OTEL_ADD_(&ring->settled, (otel_count_t)1);
    }
#else
    (void)own;
    was = otel_mask_();
    ring->created++;
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)n, start);
    if (OTEL_UNLIKELY_(why != OTEL_DROP_REASONS)) {
        ring->dropped[why]++;
        ring->settled++;
    }
    otel_unmask_(was);
#endif
    if (OTEL_LIKELY_(why == OTEL_DROP_REASONS)) return true;
    if (locked) (guard->unlock)(guard->user);
    return false;
}

OTEL_INLINE_ void otel_ring_finish_here_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start, bool own)
{
#if OTEL_ATOMICS_
    otel_count_t settled = otel_ring_publish_(ring, start);
    if (own && OTEL_LIKELY_(guard->lock == NULL)) OTEL_OWN_ADD_(&ring->settled, settled);
    else if (OTEL_LIKELY_(settled)) OTEL_ADD_(&ring->settled, settled);
#else
    (void)own;
    uint32_t was = otel_mask_();
    (void)otel_ring_publish_(ring, start);
    ring->settled++;
    otel_unmask_(was);
#endif
    if (OTEL_UNLIKELY_(guard->lock != NULL)) (guard->unlock)(guard->user);
}

OTEL_API_ bool otel_ring_begin_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start) { return otel_ring_begin_here_(ring, guard, n, start, false); }
OTEL_API_ void otel_ring_finish_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start) { otel_ring_finish_here_(ring, guard, start, false); }

/* Write one record, made of `a` and `b`. True when it is in the ring; else it is counted as dropped. */
OTEL_INLINE_ bool otel_ring_write_here_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len, bool own)
{
    otel_pos_t start = (otel_pos_t)(uintptr_t)a;
    (void)own;                                    /* who builds for size, or without optimising, calls */
    if (OTEL_UNLIKELY_(!otel_ring_begin_here_(ring, guard, a_len + b_len, &start, own))) return false;       /* in one frame: stack is short */
    otel_ring_fill_(ring, start, a, a_len, b, b_len);
    OTEL_HOT_(otel_ring_finish_here_(ring, guard, start, own), otel_ring_finish_(ring, guard, start));
    return true;
}

/* The bytes that a record at `start` has: up to the end of the ring, and from its beginning. */
OTEL_FN_ void otel_ring_out_(const otel_ring_t *ring, otel_pos_t start, size_t n, otel_out_t_ *out)
{
    size_t first = (size_t)(ring->size - (start & OTEL_OFFSET_));
    if (first > n) first = n;
    out->at = otel_ring_at_(ring, start);
    out->end = out->at + first;
    out->then = ring->bytes;
    out->then_end = ring->bytes + (n - first);
}

OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len)
{
    return otel_ring_write_here_(ring, guard, a, a_len, b, b_len, false);
}

#if !OTEL_ATOMICS_
/* The usual case on one core: no lock, and room as known from the last long way. False: nothing happened. */
OTEL_INLINE_ bool otel_ring_write_fast_(otel_ring_t *ring, const void *record, size_t len)
{
    otel_pos_t from, room;
    uint32_t was = otel_mask_();
    room = ring->room;
    if (OTEL_UNLIKELY_(len >= room)) {
        otel_unmask_(was);
        return false;
    }
    ring->room = (otel_pos_t)(room - len);
    from = ring->reserved;
    ring->reserved = (otel_pos_t)(from + len);
    ring->created++;
    otel_unmask_(was);
    OTEL_HOT_(otel_copy_here_, OTEL_COPY_RECORD_)(ring->bytes + (from & OTEL_OFFSET_), record, len);
    was = otel_mask_();
    (void)otel_ring_publish_(ring, from);
    ring->settled++;
    otel_unmask_(was);
    return true;
}
#endif

/* The owner of this ring's shard died: forget what it had begun and not published. Nobody else writes here. */
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring)
{
    otel_count_t open = OTEL_LOAD_(&ring->created) - OTEL_LOAD_(&ring->settled);
#if OTEL_ATOMICS_
    uint8_t writer = 2;
    (void)OTEL_CAS_(&ring->gate, &writer, (uint8_t)0);        /* died while it evicted: readers wait there */
#endif
    OTEL_STORE_(&ring->reserved, OTEL_LOAD_(&ring->published));
#if OTEL_HOSTED_
    OTEL_STORE_(&ring->waiting, (otel_count_t)0);
#endif
    OTEL_ADD_(&ring->dropped[OTEL_DROP_THREAD], open);
    OTEL_ADD_(&ring->settled, open);
}

/* Free what the slowest reader has passed; the gate is held. */
OTEL_FN_ void otel_ring_release_(otel_ring_t *ring)
{
    const otel_reader_t_ *slowest = NULL, *r;
    for (r = ring->reader; r < ring->reader + OTEL_READERS_; r++) {
        if (r->on && (!slowest || (otel_count_t)(r->passed - ring->gone) < (otel_count_t)(slowest->passed - ring->gone))) slowest = r;
    }
    if (!slowest) return;
    ring->gone = slowest->passed;
    OTEL_STORE_RELEASE_(&ring->released, slowest->cursor);
}

/* Add a reader at the oldest record that is still there. False when the place is taken. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    bool mine;
    (void)otel_gate_enter_(ring, guard, true, &held);
    mine = !ring->reader[reader].on;
    if (mine) {
        otel_reader_t_ *r = &ring->reader[reader];
        r->cursor = r->held = ring->released;
        r->passed = r->base = r->evicted = ring->gone;
        if (ring->read) r->evicted = 0;
        else r->base = 0;                         /* the first one answers for what was lost before it came */
        ring->read = true;
        r->on = true;
    }
    otel_gate_leave_(ring, guard, &held);
    return mine;
}

OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    ring->reader[reader].on = false;
    otel_ring_release_(ring);
    otel_gate_leave_(ring, guard, &held);
}

/* Hold all that is published: the reader may look at from..answer until it passes or holds less. `from` is the reader's own;
   the cursor of one that holds nothing may be moved by an eviction at any time. */
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    otel_pos_t until;
    (void)otel_gate_enter_(ring, guard, true, &held);
    until = OTEL_LOAD_ACQUIRE_(&ring->published);
    ring->reader[reader].held = until;
    ring->reader[reader].from = ring->reader[reader].cursor;
    otel_gate_leave_(ring, guard, &held);
    return until;
}

/* Move what is held to cursor..held, `n` records further on. A reader that holds nothing has nothing to move: its cursor may
   have gone on. */
OTEL_API_ void otel_ring_move_(otel_ring_t *ring, const otel_guard_t *guard, otel_reader_t_ *reader, otel_pos_t cursor, otel_pos_t held, otel_count_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_move_(otel_ring_t *ring, const otel_guard_t *guard, otel_reader_t_ *reader, otel_pos_t cursor, otel_pos_t held, otel_count_t n)
{
    otel_held_t_ gate;
    (void)otel_gate_enter_(ring, guard, true, &gate);
    if (reader->held != reader->cursor) {
        OTEL_STORE_(&reader->cursor, cursor);
        OTEL_STORE_(&reader->passed, (otel_count_t)(reader->passed + n));
        reader->held = held;
        otel_ring_release_(ring);
    }
    otel_gate_leave_(ring, guard, &gate);
}

/* Hold less: from..until. Nothing when nothing is held. */
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until)
{
    otel_ring_move_(ring, guard, &ring->reader[reader], ring->reader[reader].from, until, 0);
}

/* Done with the `n` records before `to`: the bytes are free once every reader says so. Nothing is held afterwards. */
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to, otel_count_t n)
{
    otel_ring_move_(ring, guard, &ring->reader[reader], to, to, n);
}
#endif
OTEL_C_END_
#endif
