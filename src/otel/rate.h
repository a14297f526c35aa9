/* Samplers that look at the clock: RateLimiting lets so many spans a second through, Adaptive turns a probability so that so
   many are kept under any load, without bursts and gaps, and says in the tracestate how many each span stands for.
   Both keep their state in memory of yours and need one read of the clock a start. */
#ifndef OTEL_RATE_H
#define OTEL_RATE_H
#include "clock.h"
#include "compiler.h"
#include "instance.h"
#include "sampler.h"
#include "threshold.h"

/* The memory of a RateLimiting sampler; private. */
typedef struct otel_rate_t {
    uintptr_t step_, most_;       /* time between two spans, and how far ahead a burst may run: nanoseconds, microseconds where a word has 32 bits or less */
    uintptr_t due_;               /* when the next one would be due at a steady pace */
} otel_rate_t;

/* The memory of an Adaptive sampler; private. */
typedef struct otel_adaptive_t {
    float target_, rate_, credit_;
    uint64_t then_ns_;
    uint32_t then_ms_;
    uint32_t reject_;             /* the upper 32 bits of a 56-bit threshold */
    otel_count_t seen_, kept_, seen_then_, kept_then_;
    uint8_t gate_;
    bool begun_;
} otel_adaptive_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_rate_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_adaptive_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_rate_init_(otel_rate_t *state, double per_second, uint32_t burst);
OTEL_API_ void otel_adaptive_init_(otel_adaptive_t *state, double per_second);

/* Sample at most `per_second` spans a second, and `burst` (1 or more) at once after a pause; a burst of 2 or more brings uneven
   arrivals near the rate. It does not look at parents:
   stand it at the root of otel_sampler_parent_based to count traces. `state` outlives the sampler. Safe in interrupts and
   from any number of threads; spans that meet each other at the same word are dropped. */
OTEL_FN_ otel_sampler_t otel_sampler_rate(otel_rate_t *state, double per_second, uint32_t burst)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_rate_ : NULL);
    otel_rate_init_(state, per_second, burst);
    s.user = state;
    return s;
}

/* Keep about `per_second` spans a second: all of them under lighter load, a share of the traces under heavier load. Spans with
   a parent do as it did, and count. The share follows the load within some seconds. `state` outlives the sampler.
   Safe in interrupts and from any number of threads. */
OTEL_FN_ otel_sampler_t otel_sampler_adaptive(otel_adaptive_t *state, double per_second)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_adaptive_ : NULL);
    otel_adaptive_init_(state, per_second);
    s.user = state;
    return s;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RATE_HALF_ ((uintptr_t)-1 >> 2)  /* no wait is as long */

#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_RATE_SECOND_ 1e9
OTEL_FN_ uintptr_t otel_rate_time_(uint64_t ns) { return (uintptr_t)ns; }
#else
#define OTEL_RATE_SECOND_ 976562.5            /* units of 1,024 ns: no division */
OTEL_FN_ uintptr_t otel_rate_time_(uint64_t ns) { return (uintptr_t)(ns >> 10); }
#endif

OTEL_API_ void otel_rate_init_(otel_rate_t *state, double per_second, uint32_t burst)
{
    double step, most;
    OTEL_WHEN_OFF_((void)state; (void)per_second; (void)burst; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    step = per_second > 0 ? OTEL_RATE_SECOND_ / per_second : (double)OTEL_RATE_HALF_;
    state->step_ = step < (double)(OTEL_RATE_HALF_ / 2u) ? (uintptr_t)step : OTEL_RATE_HALF_ / 2u;
    if ((double)state->step_ < step) state->step_++;         /* rather a little fewer */
    most = burst > 1u ? (double)state->step_ * (double)(burst - 1u) : 0.0;
    state->most_ = most < (double)(OTEL_RATE_HALF_ / 2u) ? (uintptr_t)most : OTEL_RATE_HALF_ / 2u;
    if (!(per_second > 0)) state->step_ = (uintptr_t)-1;
}

/* The place of the next span moves by one step for each; who is further ahead of the time than a burst allows is dropped. */
OTEL_FN_ bool otel_rate_take_(otel_rate_t *r, uintptr_t now)
{
    uintptr_t due, ahead;
    unsigned tries = 8;
    if (r->step_ == (uintptr_t)-1) return false;
#if OTEL_ATOMICS_
    due = OTEL_LOAD_(&r->due_);
    while (tries--) {
        ahead = due - now;
        if (ahead > r->most_ + r->step_ + 1u || due == 0) ahead = 0;          /* long past, or the clock went back */
        if (ahead > r->most_) return false;
        if (OTEL_CAS_(&r->due_, &due, now + ahead + r->step_)) return true;
    }
    return false;
#else
    {
        uint32_t was = otel_mask_();
        due = r->due_;
        ahead = due - now;
        if (ahead > r->most_ + r->step_ + 1u || due == 0) ahead = 0;
        if (ahead <= r->most_) r->due_ = now + ahead + r->step_;
        otel_unmask_(was);
        (void)tries;
        return ahead <= r->most_;
    }
#endif
}

OTEL_API_ otel_decision_t otel_decide_rate_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    otel_rate_t *r = (otel_rate_t *)self->user;
    if (!r || !input->otel) return OTEL_DECISION_DROP;
    return otel_rate_take_(r, otel_rate_time_(otel_clock_now_(&input->otel->clock_))) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

#define OTEL_ADAPTIVE_MS_ 32u     /* time between two turns; sooner when many spans come */

OTEL_API_ void otel_adaptive_init_(otel_adaptive_t *state, double per_second)
{
    OTEL_WHEN_OFF_((void)state; (void)per_second; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    state->target_ = per_second > 0 ? (float)per_second : 0.0f;
    if (!(per_second > 0)) state->reject_ = 0xFFFFFFFFu;
}

/* A turn: how many came (smoothed over a second), how many should have been kept and were not; both give the share. */
OTEL_API_ OTEL_NOINLINE_ void otel_adaptive_turn_(otel_adaptive_t *a, uint64_t now);
OTEL_API_ OTEL_NOINLINE_ void otel_adaptive_turn_(otel_adaptive_t *a, uint64_t now)
{
    otel_count_t seen = OTEL_LOAD_(&a->seen_), kept = OTEL_LOAD_(&a->kept_);
    float seconds = (float)(now - a->then_ns_) * 1e-9f, share, came = (float)(otel_count_t)(seen - a->seen_then_);
    if (now < a->then_ns_ || !a->begun_) seconds = 0.0f;
    a->begun_ = true;
    if (seconds > 60.0f) seconds = 60.0f;
    a->rate_ = (a->rate_ + came) / (1.0f + seconds);
    a->credit_ += a->target_ * seconds - (float)(otel_count_t)(kept - a->kept_then_);
    if (a->credit_ > a->target_) a->credit_ = a->target_;
    if (a->credit_ < -a->target_) a->credit_ = -a->target_;
    share = a->target_ + a->credit_ < a->rate_ ? (a->target_ + a->credit_) / a->rate_ : 1.0f;
    if (share < a->target_ / (a->rate_ * 16.0f + 1.0f)) share = a->target_ / (a->rate_ * 16.0f + 1.0f);     /* never blind */
    OTEL_STORE_(&a->reject_, share >= 1.0f ? 0u : (uint32_t)((1.0f - share) * 4294967040.0f));
    OTEL_STORE_(&a->seen_then_, seen);
    a->kept_then_ = kept;
    a->then_ns_ = now;
    OTEL_STORE_(&a->then_ms_, (uint32_t)(now >> 20));
}

OTEL_FN_ otel_count_t otel_adaptive_count_(otel_count_t *count)
{
#if OTEL_ATOMICS_
    return OTEL_FETCH_ADD_(count, (otel_count_t)1) + 1u;
#else
    uint32_t was = otel_mask_();
    otel_count_t n = ++*count;
    otel_unmask_(was);
    return n;
#endif
}

/* One at a time; who comes while another one turns goes on with the share as it is. */
OTEL_FN_ bool otel_adaptive_enter_(otel_adaptive_t *a)
{
#if OTEL_ATOMICS_
    uint8_t open = 0;
    return OTEL_CAS_(&a->gate_, &open, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = a->gate_ == 0;
    a->gate_ = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_API_ otel_decision_t otel_decide_adaptive_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    otel_adaptive_t *a = (otel_adaptive_t *)self->user;
    otel_decision_t decision;
    otel_count_t seen;
    uint64_t now;
    if (!a || !input->otel || !(a->target_ > 0.0f)) return OTEL_DECISION_DROP;
    now = otel_clock_now_(&input->otel->clock_);
    seen = otel_adaptive_count_(&a->seen_);
    if ((uint32_t)((uint32_t)(now >> 20) - OTEL_LOAD_(&a->then_ms_)) >= OTEL_ADAPTIVE_MS_ || (float)(otel_count_t)(seen - OTEL_LOAD_(&a->seen_then_)) > 8.0f + a->target_ * 0.125f) {
        if (otel_adaptive_enter_(a)) {
            otel_adaptive_turn_(a, now);
            OTEL_STORE_RELEASE_(&a->gate_, (uint8_t)0);
        }
    }
    if (input->parent) {
        decision = input->parent->flags & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    } else {
        decision = otel_sampling_decide(input, (uint64_t)OTEL_LOAD_(&a->reject_) << 24, true);
    }
    if (decision == OTEL_DECISION_RECORD_AND_SAMPLE) (void)otel_adaptive_count_(&a->kept_);
    return decision;
}
OTEL_C_END_
#endif
#endif
