/* B: the span keeps numbers, and `end` composes the wire head in its place in the ring, then copies attributes and name
   there. That needs a place in one piece, so the end of the ring stays empty where a record does not fit: a gap, behind a
   mark of its own when there is room for one. */
#include "work.h"

typedef struct { size_t used; uint32_t id[2]; uint64_t begin; uint8_t scratch[256]; } span_t;

#define LAP ((uintptr_t)1 << 24)
static uintptr_t reserved, published, released;
static uintptr_t add(uintptr_t at, uintptr_t n)
{
    uintptr_t offset = (at & (LAP - 1u)) + n;
    return offset >= SIZE ? ((at & ~(LAP - 1u)) + LAP) | (offset - SIZE) : (at & ~(LAP - 1u)) | offset;
}
static uintptr_t between(uintptr_t from, uintptr_t to) { return (to & (LAP - 1u)) - (from & (LAP - 1u)) + ((to ^ from) >= LAP ? SIZE : 0u); }

static void start(span_t *s)
{
    s->id[0] = next_random();
    s->id[1] = next_random();
    s->begin = clock_now;
    s->used = 0;
}

static bool end(span_t *s, size_t n)
{
    static const uint32_t trace[4] = { 1, 2, 3, 4 }, parent[2] = { 5, 6 };
    uintptr_t from, at, gap, total = 68u + n + 2u + NAME_LEN;
    uint32_t was = mask();
    uint8_t *p;
    do {
        from = reserved;
        at = from & (LAP - 1u);
        gap = at + total > SIZE ? SIZE - at : 0;
        if (between(OBSERVE(&released), from) + gap + total > SIZE) {
            unmask(was);
            return false;
        }
    } while (!RESERVE(&reserved, from, add(add(from, gap), total)));
    unmask(was);
    if (gap) {
        ring[at] = 0;
        at = 0;
    }
    p = ring + at;
    put_head(p, trace, s->id, parent, s->begin, clock_now);
    put_length(p + 1, (uint32_t)total - 4u);
    copy(p + 68, s->scratch, n);
    p += 68 + n;
    p[0] = 0x2A;
    p[1] = NAME_LEN;
    memcpy(p + 2, NAME, NAME_LEN);
    was = mask();
    if (published == from) PUBLISH(&published, reserved);
    unmask(was);
    return true;
}

static size_t take(void)
{
    uintptr_t n;
    if (released == OBSERVE(&published)) return 0;
    if (ring[released & (LAP - 1u)] == 0) PUBLISH(&released, add(released, SIZE - (released & (LAP - 1u))));
    n = 4u + get_length(ring + (released & (LAP - 1u)) + 1);
    PUBLISH(&released, add(released, n));
    return n;
}
static size_t taken_from_ring(void) { return between(released, reserved); }
#include "main.h"
