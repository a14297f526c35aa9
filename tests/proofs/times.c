/* Proofs about waits: no unit overflows, on any word, whatever is asked for or comes from outside. */
#include "kit.h"
#include "export/retry.h"
#include "otel/clock.h"

void units(void)
{
    uint32_t ms = nondet_u32();
    uint64_t exact = (uint64_t)ms * 15625u;                   /* 2^20 ns are 16384 / 15625 ms */
    HOLDS(exact >> 46 == 0 && otel_units_(ms) == exact >> 14);
}

static void retry_after_of(size_t len)
{
    uint32_t ms = 0;
    if (otel_retry_after_(text_(len), nondet_u64(), &ms)) HOLDS(ms <= 1000000000u);
    else HOLDS(ms == 0);
}

void retry_after(void)
{
    { EACH(len, 0u, BOUND(2u, 28u)) retry_after_of(len); }
    retry_after_of(11);
    { EACH(len, 28u, BOUND(29u, 31u)) retry_after_of(len); }
}

void jitter(void)
{
    static otel_ids_t ids;
    uint32_t wait = nondet_u32(), got = otel_jitter_(&ids, wait);
    HOLDS(got >= wait / 10u && got <= wait);
}

/* A counter of any frequency: the scale is never more than it is, so that time never runs ahead. */
void clock_scale(void)
{
    otel_clock_t clock;
    uint32_t hz = nondet_u32();
    WITHIN(hz, 1u, BOUND(40u, 1000u));
    memset(&clock, 0, sizeof clock);
    otel_clock_begin_ticks_(&clock, hz, 64);
    HOLDS(clock.shift <= 31u && (clock.scale >> 31 || clock.shift == 31u));
    HOLDS((uint64_t)clock.scale * hz <= 1000000000ull << clock.shift);
}
