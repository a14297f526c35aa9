/* Time: one hook that gives Unix nanoseconds or ticks since boot; ticks are widened and scaled here, and wall time is an
   offset to them, so that a span keeps its duration when the clock is set. Specification: trace/api.md, "Timestamp". */
#ifndef OTEL_CLOCK_H
#define OTEL_CLOCK_H
#include "compiler.h"

/* The clock of an instance; private. */
typedef struct otel_clock_t {
    uint64_t (*read)(void *user);
    void *user;
    uint32_t scale;               /* nanoseconds per tick, times 2^shift */
    uint8_t shift, bits;          /* bits of the counter, 64: never wraps */
    bool ticks, known;            /* ticks since boot; wall time known */
    bool plain;                   /* ticks are nanoseconds of 64 bits: nothing to widen or scale */
    uint8_t gate;
    uint32_t last_low, wraps;     /* of a narrow counter */
    uint64_t last;                /* Unix clock: never goes back */
    uint64_t offset;              /* wall time minus time since boot, ns */
} otel_clock_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_clock_set_(otel_clock_t *clock, uint64_t (*read)(void *), void *user, uint32_t hz, uint8_t bits);
OTEL_API_ uint64_t otel_clock_careful_(otel_clock_t *clock);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* Nanoseconds: since boot when the hook gives ticks, else of Unix time. */
OTEL_FN_ uint64_t otel_clock_now_(otel_clock_t *clock)
{
    if (OTEL_LIKELY_(clock->plain)) return (clock->read)(clock->user);
    return otel_clock_careful_(clock);
}

/* Wall time minus the clock, in one piece though another thread or an interrupt may be setting it. False: not known yet. */
OTEL_FN_ bool otel_clock_offset_(const otel_clock_t *clock, uint64_t *offset)
{
    if (OTEL_UNLIKELY_(!OTEL_LOAD_ACQUIRE_(&clock->known))) {
        *offset = 0;
        return false;
    }
#if OTEL_ATOMICS_ && UINTPTR_MAX > 0xFFFFFFFFu
    *offset = OTEL_LOAD_(&clock->offset);
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
OTEL_API_ void otel_clock_set_(otel_clock_t *clock, uint64_t (*read)(void *), void *user, uint32_t hz, uint8_t bits)
{
    memset(clock, 0, sizeof *clock);
    clock->read = read;
    clock->user = user;
    clock->ticks = hz != 0;
    clock->known = hz == 0;
    clock->bits = bits == 0 || bits > 64 ? 64 : bits;
    if (hz) {
        uint64_t scale = ((uint64_t)1000000000u << 31) / hz;
        clock->shift = 31;
        while (scale > 0xFFFFFFFFu) {             /* slower than 500 MHz: fewer fraction bits fit beside the whole ones */
            scale >>= 1;
            clock->shift--;
        }
        clock->scale = (uint32_t)(((uint64_t)1000000000u << clock->shift) / hz);
        clock->plain = hz == 1000000000u && clock->bits == 64;
    }
}

/* Widen a counter of up to 32 bits: it is read at least once a turn (otel_export_poll sees to it). */
OTEL_FN_ uint64_t otel_clock_widen_(otel_clock_t *clock, uint32_t low, bool keep)
{
    uint32_t wraps = clock->wraps;
    if (low < clock->last_low) wraps++;
    if (keep) {
        clock->wraps = wraps;
        clock->last_low = low;
    }
    return ((uint64_t)wraps << clock->bits) + low;
}

OTEL_API_ uint64_t otel_clock_careful_(otel_clock_t *clock)
{
    uint64_t now;
    uint32_t was = otel_mask_();
    bool keep = true;
#if OTEL_ATOMICS_
    uint8_t open = 0;
    keep = OTEL_CAS_(&clock->gate, &open, (uint8_t)1);
#endif
    now = (clock->read)(clock->user);
    if (clock->ticks) {
        if (clock->bits <= 32) now = otel_clock_widen_(clock, (uint32_t)(now & (0xFFFFFFFFu >> (32 - clock->bits))), keep);
    } else {
        if (keep) {
            if (now < clock->last) now = clock->last;
            clock->last = now;
        }
    }
#if OTEL_ATOMICS_
    if (keep) OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
#endif
    otel_unmask_(was);
    if (!clock->ticks) return now;
    return (((now >> 32) * clock->scale) << (32 - clock->shift)) + (((now & 0xFFFFFFFFu) * clock->scale) >> clock->shift);
}
#endif
OTEL_C_END_
#endif
