/* What the thread does for the clocks: the wall clock's offset, and the fast clock's rate. */
#ifndef OTEL_POSIX_CLOCKS_H
#define OTEL_POSIX_CLOCKS_H
#include "fast_clock.h"
#include "say.h"
#include "state.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Hold the processor's counter to the system's clock, a few times a second. */
OTEL_FN_ void otel_posix_anchor_(otel_posix_state_t_ *s)
{
    const uint32_t now = s->fast_wanted ? otel_posix_ms_() : 0;
    const bool was = s->fast_now;
    otel_diag_t about;
    if (!s->fast_wanted || now - s->anchored_ms < (was ? 250u : 50u)) return;
    s->anchored_ms = now;
    s->fast_now = otel_fast_clock_anchor(&s->fast);
    if (s->fast_now == was) return;
    about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_DEBUG);
    otel_posix_say_(s, &about, "", "the clock is %s from now on", s->fast_now ? "the processor's counter" : "clock_gettime");
}

/* The wall clock is an offset; it is set anew only when somebody has moved that clock. */
OTEL_FN_ void otel_posix_sync_(otel_posix_state_t_ *s, bool force)
{
    unsigned i;
    for (i = 0; i < 5; i++) {                     /* both clocks at the same moment, as near as it gets */
        uint64_t before = otel_posix_ns_(CLOCK_MONOTONIC), wall = otel_posix_ns_(CLOCK_REALTIME), after = otel_posix_ns_(CLOCK_MONOTONIC), offset, moved;
        if (after - before > 50000u && i < 4) continue;
        offset = wall - before - (after - before) / 2u;
        moved = offset - s->offset;
        if (moved >> 63) moved = 0u - moved;
        if (!force && moved < 1000000u) return;
        otel_time_sync(&s->otel, otel_posix_ns_(CLOCK_MONOTONIC) + offset);
        s->offset = offset;
        return;
    }
}
OTEL_C_END_
#endif
#endif
