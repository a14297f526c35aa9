/* Time: one hook that gives Unix nanoseconds or ticks since boot; ticks are widened and scaled here, and wall time is an
   offset to them, so that a span keeps its duration when the clock is set. Specification: trace/api.md, "Timestamp". */
#ifndef OTEL_CLOCK_H
#define OTEL_CLOCK_H
#include "compiler.h"

/* Hosts of 32 bits cannot store an offset in one piece, and what interrupts them cannot wait until it is whole: they keep two. */
#define OTEL_CLOCK_PAIR_ (OTEL_ATOMICS_ && UINTPTR_MAX <= 0xFFFFFFFFu)

/* The clock of an instance; private. Which kind it is, otel_init knows: a program has the code of its own kind only. */
typedef struct otel_clock_t {
    uint64_t (*read)(void *user);
    void *user;
    uint64_t (*careful)(struct otel_clock_t *clock);      /* nanoseconds, by way of all that this kind of clock needs */
    uint32_t scale;               /* nanoseconds per tick, times 2^shift */
    uint8_t shift, bits;          /* bits of the counter, 64: never wraps */
    bool ticks, known;            /* ticks since boot; wall time known */
    bool plain;                   /* ticks are nanoseconds of 64 bits: nothing to widen or scale */
    uint8_t gate;
    uint32_t sixteenths;          /* of a turn of a narrow counter, since the first one began */
    uint64_t last;                /* Unix clock: never goes back */
    uint64_t offset;              /* wall time minus time since boot, ns; Unix clock: minus what it was put back by */
#if OTEL_CLOCK_PAIR_
    uint64_t other;               /* the offset is in the one that the lowest bit of `turn` says, and is set in the other one */
    uint32_t turn;
#endif
} otel_clock_t;

OTEL_C_BEGIN_
typedef void (*otel_clock_kind_t_)(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_begin_unix_(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_begin_ticks_(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_sync_(otel_clock_t *clock, uint64_t offset);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* Nanoseconds: since boot when the hook gives ticks, else of Unix time. */
OTEL_FN_ uint64_t otel_clock_now_(otel_clock_t *clock)
{
    if (OTEL_LIKELY_(clock->plain)) return (clock->read)(clock->user);
    return (clock->careful)(clock);
}

/* Wall time minus the clock, in one piece though another thread or an interrupt may be setting it. False: not known yet. */
OTEL_FN_ bool otel_clock_offset_(const otel_clock_t *clock, uint64_t *offset)
{
    if (OTEL_UNLIKELY_(!OTEL_LOAD_ACQUIRE_(&clock->known))) {
        *offset = 0;
        return false;
    }
#if OTEL_CLOCK_PAIR_
    {
        uint32_t turn;
        do {
            turn = OTEL_LOAD_ACQUIRE_(&clock->turn);
            *offset = *(const volatile uint64_t *)(turn & 1u ? &clock->other : &clock->offset);
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
        } while (turn != OTEL_LOAD_(&clock->turn));       /* set again by another thread; what interrupts a setter sees no change */
    }
#elif OTEL_ATOMICS_
    *offset = OTEL_LOAD_(&clock->offset);
#elif defined(__AVR__) && !OTEL_PORT_LOCK
    {
        uint32_t was = otel_mask_();                          /* shorter than to read eight bytes twice */
        *offset = clock->offset;
        otel_unmask_(was);
    }
#else
    {
        const volatile uint64_t *at = &clock->offset;
        uint64_t again;
        do {
            *offset = *at;
            again = *at;
        } while (*offset != again);
    }
#endif
    return true;
}

/* A Unix time on the scale of the clock; now, while nobody knows. */
OTEL_FN_ uint64_t otel_clock_from_unix_(otel_clock_t *clock, uint64_t unix_ns)
{
    uint64_t offset;
    return otel_clock_offset_(clock, &offset) ? unix_ns - offset : otel_clock_now_(clock);
}
#if OTEL_BODIES_
/* By who is the only one to set it at that time. */
OTEL_FN_ void otel_clock_put_(otel_clock_t *clock, uint64_t offset)
{
#if OTEL_CLOCK_PAIR_
    uint32_t turn = clock->turn + 1u;
    *(volatile uint64_t *)(turn & 1u ? &clock->other : &clock->offset) = offset;
    OTEL_STORE_RELEASE_(&clock->turn, turn);
#elif OTEL_ATOMICS_
    OTEL_STORE_(&clock->offset, offset);
#else
    clock->offset = offset;
#endif
}

/* Set the offset, and make it known. Two at a time: the second one's is dropped, it says nearly the same. */
OTEL_API_ void otel_clock_sync_(otel_clock_t *clock, uint64_t offset)
{
    uint32_t was = otel_mask_();
#if OTEL_CLOCK_PAIR_
    uint8_t open = 0;
    if (OTEL_CAS_(&clock->gate, &open, (uint8_t)1)) {
        otel_clock_put_(clock, offset);
        OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
    }
#else
    otel_clock_put_(clock, offset);
#endif
    OTEL_STORE_RELEASE_(&clock->known, true);
    otel_unmask_(was);
}

/* Read and widen a counter of up to 32 bits. The sixteenths are read before the counter, so the time is in the turn that
   begins with them, and no other thread or interrupt can put it into the next one. Read 16 times in 15 turns, or more often. */
OTEL_FN_ uint64_t otel_clock_widen_(otel_clock_t *clock)
{
    uint32_t part = OTEL_LOAD_ACQUIRE_(&clock->sixteenths), mask = 0xFFFFFFFFu >> (32 - clock->bits);
    uint64_t begin = (uint64_t)part << (clock->bits - 4);
    uint32_t past = ((uint32_t)(clock->read)(clock->user) - (uint32_t)begin) & mask, now = part + (past >> (clock->bits - 4));
#if OTEL_ATOMICS_
    while ((int32_t)(now - part) > 0 && !OTEL_CAS_(&clock->sixteenths, &part, now)) {}
#else
    clock->sixteenths = now;
#endif
    return begin + past;
}

/* Ticks since boot, as nanoseconds. */
OTEL_API_ uint64_t otel_clock_ticked_(otel_clock_t *clock);
OTEL_API_ uint64_t otel_clock_ticked_(otel_clock_t *clock)
{
    uint64_t now;
    uint32_t was = otel_mask_();
    now = clock->bits <= 32 ? otel_clock_widen_(clock) : (clock->read)(clock->user);
    otel_unmask_(was);
    return (((now >> 32) * clock->scale) << (32 - clock->shift)) + (((now & 0xFFFFFFFFu) * clock->scale) >> clock->shift);
}

OTEL_API_ void otel_clock_begin_ticks_(otel_clock_t *clock, uint32_t hz, uint8_t bits)
{
    /* a long division by hand: one of 64 bits would be a library of its own on small cores */
    uint32_t scale = 1000000000u / hz, rest = 1000000000u % hz;
    clock->careful = otel_clock_ticked_;
    clock->ticks = true;
    clock->bits = bits == 0 || bits > 64 ? 64 : bits;
    while (clock->shift < 31 && !(scale >> 31)) {
        bool one = rest >= hz - rest;
        rest = one ? rest - (hz - rest) : rest << 1;
        scale = scale << 1 | (one ? 1u : 0u);
        clock->shift++;
    }
    clock->scale = scale;
    clock->plain = hz == 1000000000u && clock->bits == 64;
}

/* Unix time that somebody put back: the clock goes on from its last value, and wall time is that much before it. What is less than a
   second is waited out. */
OTEL_FN_ uint64_t otel_clock_back_(otel_clock_t *clock, uint64_t now, uint64_t offset)
{
    if (clock->last - now >= 1000000000u) otel_clock_put_(clock, offset - (clock->last - now));
    return clock->last;
}

/* Nanoseconds that never go back: of Unix time, as long as nobody puts it back. */
OTEL_API_ uint64_t otel_clock_steady_(otel_clock_t *clock);
OTEL_API_ uint64_t otel_clock_steady_(otel_clock_t *clock)
{
    uint64_t now;
#if OTEL_ATOMICS_
    uint64_t offset;
    uint8_t open = 0;
    bool keep = OTEL_CAS_(&clock->gate, &open, (uint8_t)1);
    (void)otel_clock_offset_(clock, &offset);
    now = (clock->read)(clock->user) - offset;
    if (keep) {
        if (OTEL_UNLIKELY_(now < clock->last)) now = otel_clock_back_(clock, now, offset);
        clock->last = now;
        OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
    }
#else
    uint32_t was = otel_mask_();
    now = (clock->read)(clock->user) - clock->offset;
    if (now < clock->last) now = otel_clock_back_(clock, now, clock->offset);
    clock->last = now;
    otel_unmask_(was);
#endif
    return now;
}

OTEL_API_ void otel_clock_begin_unix_(otel_clock_t *clock, uint32_t hz, uint8_t bits)
{
    (void)hz;
    (void)bits;
    clock->careful = otel_clock_steady_;
    clock->known = true;
    clock->bits = 64;
}
#endif
OTEL_C_END_
#endif
