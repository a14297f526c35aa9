/* Proofs about the ring: positions of any size of ring, and a record into a small one in any state. */
#include "kit.h"
#include "otel/ring.h"

static otel_pos_t any_position(const otel_ring_t *ring)
{
    otel_pos_t pos = (otel_pos_t)nondet_u64();
    __CPROVER_assume((pos & OTEL_OFFSET_) < ring->size);
    return pos;
}

void positions(void)
{
    otel_ring_t ring;
    otel_pos_t from, n = (otel_pos_t)nondet_u64(), to;
    ring.size = (otel_pos_t)nondet_u64();
    WITHIN(ring.size, 1u, OTEL_OFFSET_);
    from = any_position(&ring);
    WITHIN(n, 0u, ring.size);
    to = otel_pos_add_(&ring, from, n);
    HOLDS((to & OTEL_OFFSET_) < ring.size);
    HOLDS(otel_pos_between_(&ring, from, to) == n);
    HOLDS((n == 0) == (to == from));
}

static const otel_guard_t nobody = { NULL, NULL, NULL };

static void write_of(size_t size, size_t len)
{
    otel_ring_t ring;
    size_t i = nondet_size();
    uint8_t record[16], back[16];
    otel_pos_t used = (otel_pos_t)nondet_u64(), start;
    otel_ring_init_(&ring, bytes_(size), size, OTEL_DROP_NEWEST);
    ring.released = any_position(&ring);
    WITHIN(used, 0u, ring.size);
    start = ring.published = ring.reserved = otel_pos_add_(&ring, ring.released, used);
    if (otel_ring_write_(&ring, &nobody, record, 4, record + 4, len - 4u)) {
        HOLDS(len <= size - used && ring.published == ring.reserved && ring.settled == 1u);
        otel_ring_copy_(&ring, start, back, len);
        WITHIN(i, 0u, len - 1u);
        HOLDS(record[i] == back[i]);
    } else {
        HOLDS(len > size - used && ring.reserved == start && ring.created == ring.settled);
        HOLDS(ring.dropped[len > size ? OTEL_DROP_TOO_LARGE : OTEL_DROP_FULL] == 1u);
    }
}

void write_record(void)
{
    write_of(8u, 8u);
    write_of(8u, 12u);
    write_of(12u, 8u);
#ifdef LONG
    write_of(4u, 4u);
    write_of(12u, 12u);
    write_of(16u, 12u);
#endif
}
