/* A clock that costs a third of clock_gettime: the processor's own counter, held to CLOCK_MONOTONIC by one who looks at both
   again and again. An anchor moves the rate and not the time, so the time never goes back; and where the counter cannot be
   trusted (it varies with the frequency, the system itself does not use it, the machine slept or was moved) the slow clock answers. */
#ifndef OTEL_POSIX_FAST_CLOCK_H
#define OTEL_POSIX_FAST_CLOCK_H
#include "system.h"
#include "text.h"
/* A line in the plane of ticks and nanoseconds; private. */
typedef struct otel_fast_line_t_ {
    uint64_t ticks, ns;                       /* where it begins */
    uint64_t rate;                            /* ns a tick, times 2^32 */
    uint64_t limit;                           /* ticks that it holds for; 0: ask the slow clock */
} otel_fast_line_t_;

/* Zero but for the first three, in memory that outlives its instance. */
typedef struct otel_fast_clock_t {
    uint64_t (*counter)(void *user) OTEL_Z_;  /* ticks of 64 bits (default: the processor's; otel_fast_clock_trusts says whether it is used) */
    uint64_t (*slow)(void *user) OTEL_Z_;     /* ns, never back: what the counter is held to (default: CLOCK_MONOTONIC) */
    void *user OTEL_Z_;                       /* argument of both */
    otel_fast_line_t_ line_[2] OTEL_Z_;       /* the one in use is that of turn_'s lowest bit */
    uint32_t turn_ OTEL_Z_;
    uint64_t ticks_ OTEL_Z_, ns_ OTEL_Z_;     /* the last look at both */
    uint64_t rate_ OTEL_Z_;                   /* as it was measured last */
    uint8_t looks_ OTEL_Z_, wide_ OTEL_Z_;    /* looks that agree; looks that took too long, one after the other */
    uint8_t trust_ OTEL_Z_;                   /* 1: the counter is good, 2: it is not */
    uint8_t falls_ OTEL_Z_;                   /* how often the slow clock had to answer again */
} otel_fast_clock_t;

OTEL_C_BEGIN_
/* Nanoseconds since boot: `.clock = otel_fast_clock, .user = &clock, .clock_hz = 1000000000`, then otel_time_sync. Any thread,
   signal handlers too. */
OTEL_API_ uint64_t otel_fast_clock(void *clock);

/* Look at both clocks, four times a second, always in the same thread; otel_posix_start(.fast_clock = true) has a thread that does.
   True: the counter answers from now on, which takes three looks, and after each time that it was wrong twice as
   many; without a look for 1.5 s the slow clock answers. */
OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *clock);

/* Whether this processor has a counter that runs evenly, and the system uses it itself. */
OTEL_API_ bool otel_fast_clock_trusts(void);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* 64 bits in one piece, and products of 128 */
#if defined(__SIZEOF_INT128__) && (defined(__x86_64__) || defined(__aarch64__))
#define OTEL_FAST_ 1
#else
#define OTEL_FAST_ 0
#endif
#define OTEL_FAST_LIMIT_NS_ 1500000000u
#define OTEL_FAST_WIDE_NS_ 2000u              /* a look that took longer says too little */
#define OTEL_FAST_BEND_ 2e-4                  /* as much as the rate is bent to come back to the slow clock */

OTEL_API_ bool otel_fast_clock_trusts(void)
{
#if OTEL_FAST_ && defined(__x86_64__)
    unsigned a = 0x80000000u, b, c = 0, d;
    char source[16] = "";
    FILE *file;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < 0x80000007u) return false;
    a = 0x80000007u;
    c = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(d >> 8 & 1u)) return false;             /* invariant: one rate in all states, none in which it stands */
    file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
    if (!file) return true;                       /* a system that does not say */
    if (!fgets(source, (int)sizeof source, file)) source[0] = 0;
    (void)fclose(file);
    return strcmp(source, "tsc\n") == 0;
#else
    return OTEL_FAST_ != 0;
#endif
}

OTEL_FN_ uint64_t otel_fast_slow_(const otel_fast_clock_t *c) { return c->slow ? (c->slow)(c->user) : otel_posix_ns_(CLOCK_MONOTONIC); }

#if OTEL_FAST_
OTEL_FN_ uint64_t otel_fast_ticks_(const otel_fast_clock_t *c)
{
    if (c->counter) return (c->counter)(c->user);
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    {
        uint64_t ticks;
        __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
    }
#endif
}

OTEL_FN_ uint64_t otel_fast_ns_(uint64_t ticks, uint64_t rate) { return __extension__ (uint64_t)(((unsigned __int128)ticks * rate) >> 32); }

/* Beyond the line's end. Where both clocks are near each other, nothing goes back; where the counter has jumped, the slow one is right. */
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_fast_beyond_(const otel_fast_clock_t *c, const otel_fast_line_t_ *line, uint64_t past);
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_fast_beyond_(const otel_fast_clock_t *c, const otel_fast_line_t_ *line, uint64_t past)
{
    uint64_t now = otel_fast_slow_(c), end = line->ns + otel_fast_ns_(line->limit, line->rate);
    if (line->limit && past > (uint64_t)0 - line->limit) end = line->ns;       /* read a moment before the line began */
    else if (line->limit && end > now && end - now > 1000000u) return now;
    return now > end ? now : end;
}

OTEL_API_ uint64_t otel_fast_clock(void *clock)
{
    const otel_fast_clock_t *c = (const otel_fast_clock_t *)clock;
    for (;;) {                                    /* who sees a piece of the next line but one sees that the turn has moved on */
        uint32_t turn = OTEL_LOAD_ACQUIRE_(&c->turn_);
        const otel_fast_line_t_ *at = &c->line_[turn & 1u];
        otel_fast_line_t_ line;
        uint64_t past;
        line.ticks = OTEL_LOAD_ACQUIRE_(&at->ticks);
        line.ns = OTEL_LOAD_ACQUIRE_(&at->ns);
        line.rate = OTEL_LOAD_ACQUIRE_(&at->rate);
        line.limit = OTEL_LOAD_ACQUIRE_(&at->limit);
        past = otel_fast_ticks_(c) - line.ticks;
        if (OTEL_UNLIKELY_(OTEL_LOAD_(&c->turn_) != turn)) continue;
        if (OTEL_UNLIKELY_(past >= line.limit)) return otel_fast_beyond_(c, &line, past);
        return line.ns + otel_fast_ns_(past, line.rate);
    }
}

/* The next line begins where the last one is now. Made anew when it took so long that threads may be far along the old one. */
OTEL_FN_ void otel_fast_turn_(otel_fast_clock_t *c, uint64_t rate, uint64_t limit)
{
    const otel_fast_line_t_ *old = &c->line_[c->turn_ & 1u];
    otel_fast_line_t_ *line = &c->line_[(c->turn_ + 1u) & 1u];
    unsigned tries = 10;
    do {
        uint64_t ticks = otel_fast_ticks_(c), past = ticks - old->ticks;
        OTEL_STORE_RELEASE_(&line->ticks, ticks);
        OTEL_STORE_RELEASE_(&line->ns, past < old->limit ? old->ns + otel_fast_ns_(past, old->rate) : otel_fast_beyond_(c, old, past));
        OTEL_STORE_RELEASE_(&line->rate, rate);
        OTEL_STORE_RELEASE_(&line->limit, limit);
    } while (--tries && otel_fast_ns_(otel_fast_ticks_(c) - line->ticks, rate) > 1000u);
    OTEL_STORE_RELEASE_(&c->turn_, c->turn_ + 1u);
}

/* Both clocks at the same moment: the narrowest of five looks; how far it may be off, ns. */
OTEL_FN_ uint64_t otel_fast_look_(const otel_fast_clock_t *c, uint64_t *ticks, uint64_t *ns)
{
    uint64_t width = UINT64_MAX;
    unsigned i;
    for (i = 0; i < 5; i++) {
        uint64_t before = otel_fast_slow_(c), at = otel_fast_ticks_(c);
        uint64_t after = otel_fast_slow_(c);
        if (after - before >= width) continue;
        width = after - before;
        *ticks = at;
        *ns = before + width / 2u;
    }
    return width;
}

/* Not, or no longer: the slow clock answers, and the looks begin anew. */
OTEL_FN_ bool otel_fast_leave_(otel_fast_clock_t *c, uint64_t ticks, uint64_t ns)
{
    if (c->line_[c->turn_ & 1u].limit) {
        otel_fast_turn_(c, 0, 0);
        if (c->falls_ < 6) c->falls_++;
    }
    c->ticks_ = ticks;
    c->ns_ = ns;
    c->looks_ = 1;
    return false;
}

OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *c)
{
    const otel_fast_line_t_ *line = &c->line_[c->turn_ & 1u];
    uint64_t ticks = 0, ns = 0, took, turned;
    double rate, error = 0, bend;
    bool near;
    if (!c->trust_) c->trust_ = c->counter || otel_fast_clock_trusts() ? 1 : 2;
    if (c->trust_ == 2) return false;
    if (otel_fast_look_(c, &ticks, &ns) > OTEL_FAST_WIDE_NS_ && ++c->wide_ < 10) return line->limit != 0;
    c->wide_ = 0;
    took = ns - c->ns_;
    turned = ticks - c->ticks_;
    if (!c->looks_) return otel_fast_leave_(c, ticks, ns);
    if (turned == 0 || turned >> 62 || took > 3600000000000u) return otel_fast_leave_(c, ticks, ns);
    if (took < 5000000u) return line->limit != 0;         /* too near to say anything */
    rate = (double)took / (double)turned * 4294967296.0;
    near = c->looks_ < 2 || (rate < (double)c->rate_ * 1.0002 && rate > (double)c->rate_ * 0.9998);
    if (!near || rate < 1.0 || rate > 1e15) return otel_fast_leave_(c, ticks, ns);
    if (ticks - line->ticks < line->limit) error = (double)(int64_t)(ns - line->ns - otel_fast_ns_(ticks - line->ticks, line->rate));
    if (error > 1e6 || error < -1e6) return otel_fast_leave_(c, ticks, ns);
    c->ticks_ = ticks;
    c->ns_ = ns;
    c->rate_ = (uint64_t)rate;
    if (c->looks_ < 3u << c->falls_) c->looks_++;
    if (c->looks_ < 3u << c->falls_) return false;
    bend = error / (double)(took < 250000000u ? 250000000u : took);
    bend = bend > OTEL_FAST_BEND_ ? OTEL_FAST_BEND_ : bend < -OTEL_FAST_BEND_ ? -OTEL_FAST_BEND_ : bend;
    otel_fast_turn_(c, (uint64_t)(rate * (1.0 + bend)), (uint64_t)((double)OTEL_FAST_LIMIT_NS_ / rate * 4294967296.0));
    return true;
}
#else
OTEL_API_ uint64_t otel_fast_clock(void *clock)
{
    return otel_fast_slow_((const otel_fast_clock_t *)clock);
}

OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *c) { OTEL_WHEN_OFF_((void)c; return false) }
#endif
OTEL_C_END_
#endif
#endif
