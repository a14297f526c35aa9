/* C: as A, but each record publishes itself: its first byte is zero until all of it is there. Writers need no order among
   each other, and none waits for the one it interrupted; but the reader has to leave zeros behind, all over what it
   releases, because nobody knows where the next record will begin. */
#include "work.h"

typedef struct { size_t used; uint8_t head[68], scratch[256]; } span_t;

#define LAP ((uintptr_t)1 << 24)
static uintptr_t reserved, released;
static uintptr_t add(uintptr_t at, uintptr_t n)
{
    uintptr_t offset = (at & (LAP - 1u)) + n;
    return offset >= SIZE ? ((at & ~(LAP - 1u)) + LAP) | (offset - SIZE) : (at & ~(LAP - 1u)) | offset;
}
static uintptr_t between(uintptr_t from, uintptr_t to) { return (to & (LAP - 1u)) - (from & (LAP - 1u)) + ((to ^ from) >= LAP ? SIZE : 0u); }

static void start(span_t *s)
{
    static const uint32_t trace[4] = { 1, 2, 3, 4 }, parent[2] = { 5, 6 };
    uint32_t id[2] = { next_random(), next_random() };
    put_head(s->head, trace, id, parent, clock_now, 0);
    s->used = 0;
}

static bool end(span_t *s, size_t n)
{
    uintptr_t from, to, at, total;
    uint32_t was;
    uint8_t *p = s->scratch + n;
    p[0] = 0x2A;
    p[1] = NAME_LEN;
    memcpy(p + 2, NAME, NAME_LEN);
    total = 68u + n + 2u + NAME_LEN;
    put64(s->head + 42, clock_now);
    put_length(s->head + 1, (uint32_t)total - 4u);
    was = mask();
    do {
        from = reserved;
        if (between(OBSERVE(&released), from) + total > SIZE) {
            unmask(was);
            return false;
        }
        to = add(from, total);
    } while (!RESERVE(&reserved, from, to));
    unmask(was);
    at = from & (LAP - 1u);
    if (at + total <= SIZE) {
        copy(ring + at + 1, s->head + 1, total - 1u);
    } else {
        copy(ring + at + 1, s->head + 1, SIZE - at - 1u);
        copy(ring, s->head + (SIZE - at), total - (SIZE - at));
    }
    PUBLISH(ring + at, s->head[0]);
    return true;
}

static size_t take(void)
{
    uint8_t length[3];
    uintptr_t i, n, at = released & (LAP - 1u);
    if (OBSERVE(ring + at) == 0) return 0;
    for (i = 0; i < 3; i++) length[i] = ring[add(released, 1 + i) & (LAP - 1u)];
    n = 4u + get_length(length);
    if (at + n <= SIZE) {
        memset(ring + at, 0, n);
    } else {
        memset(ring + at, 0, SIZE - at);
        memset(ring, 0, n - (SIZE - at));
    }
    PUBLISH(&released, add(released, n));
    return n;
}
static size_t taken_from_ring(void) { return between(released, reserved); }
#include "main.h"
