/* A, what otel.h does: the span is its own wire form, head first, the name behind the attributes; `end` fills in what is
   known only now and copies one piece. A record may wrap around the end of the ring: two copies then, and no gap. */
#include "work.h"

typedef struct { size_t used; uint8_t head[68], scratch[256]; } span_t;

/* Offset and lap in one word. */
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
        copy(ring + at, s->head, total);
    } else {
        copy(ring + at, s->head, SIZE - at);
        copy(ring, s->head + (SIZE - at), total - (SIZE - at));
    }
    was = mask();
    if (published == from) PUBLISH(&published, reserved);     /* the outermost writer, for all that interrupted it */
    unmask(was);
    return true;
}

static size_t take(void)
{
    uint8_t length[3];
    uintptr_t i, n;
    if (released == OBSERVE(&published)) return 0;
    for (i = 0; i < 3; i++) length[i] = ring[add(released, 1 + i) & (LAP - 1u)];
    n = 4u + get_length(length);
    PUBLISH(&released, add(released, n));
    return n;
}
static size_t taken_from_ring(void) { return between(released, reserved); }
#include "main.h"
