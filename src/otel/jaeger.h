/* The sampler whose strategy a server tells while the program runs: JaegerRemoteSampler. Here it is without a network:
   the program, or ports/otel_jaeger.h, asks the server and hands over what it answers.
   Specification: trace/sdk.md, "JaegerRemoteSampler"; the answers are those of GET /sampling?service=NAME. */
#ifndef OTEL_JAEGER_H
#define OTEL_JAEGER_H
#include "compiler.h"
#include "rate.h"
#include "result.h"
#include "sampler.h"
#include "strategy.h"

/* The memory of a sampler whose strategy may change. Private. */
typedef struct otel_jaeger_t {
    const otel_sampler_t *initial_;
    struct {
        otel_strategy_t_ strategy;
        uint16_t readers;                 /* spans that ask it at this moment */
    } slot_[2];                           /* the one that counts, and the one before, which the next update fills */
    uint8_t now_, gate_;
    const char *error_;
} otel_jaeger_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_jaeger_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_jaeger_init_(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size);

/* Decide as a server of strategies says; until the first one is there, as `initial` does (NULL: one trace in a thousand).
   Stand it at the root of otel_sampler_parent_based, so that children do as their parents did. memory[memory_size] (bytes; NULL: none)
   is for strategies by operation, which are the names of spans: each takes twice its name and twice about 80 bytes; strategies
   that do not fit are refused. `state`, `initial` and `memory` outlive the sampler. Safe in interrupts and from any number of threads. */
OTEL_FN_ otel_sampler_t otel_sampler_jaeger(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_jaeger_ : NULL);
    otel_jaeger_init_(state, initial, memory, memory_size);
    s.user = state;
    return s;
}

/* Take the server's answer, json[len], which may hold anything; it is not needed after the call. From then on spans are sampled by it; what
   was counted for bounds that stay the same goes on. OTEL_E_CONFIG: the last strategy stays, and otel_jaeger_error says why.
   One call at a time, from any thread, not from interrupts; spans may start meanwhile. Takes about 500 bytes of stack.
   Of operationSampling the bounds hold for each operation alone, and all other names share one; traces beyond a lower bound are
   sampled though the probability does not, and above an upper bound none. */
OTEL_API_ otel_result_t otel_jaeger_update(otel_jaeger_t *state, const char *json, size_t len);

/* What was wrong with the last update, "" for nothing: a sentence in static memory. To be asked by who updates. */
OTEL_API_ const char *otel_jaeger_error(const otel_jaeger_t *state);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_jaeger_init_(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size)
{
    size_t skip, half, i;
    OTEL_WHEN_OFF_((void)state; (void)initial; (void)memory; (void)memory_size; (void)skip; (void)half; (void)i; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    state->initial_ = initial;
    state->slot_[0].strategy.rest.threshold = otel_sampler_ratio_threshold_(0.001);
    skip = (8u - (size_t)((uintptr_t)memory & 7u)) & 7u;
    half = memory && memory_size > skip ? (memory_size - skip) / 16u * 8u : 0;
    for (i = 0; half && i < 2; i++) {
        state->slot_[i].strategy.memory = (char *)memory + skip + i * half;
        state->slot_[i].strategy.size = half;
    }
}

/* Enter and leave a strategy: who is inside keeps an update out of it. A strategy that was replaced in between is left at once. */
#if OTEL_ATOMICS_
OTEL_FN_ void otel_jaeger_count_(uint16_t *readers, int change)
{
    uint16_t n = OTEL_LOAD_(readers);
    while (!OTEL_CAS_(readers, &n, (uint16_t)(n + (unsigned)change))) {}       /* ends when one of those that meet here has its turn */
}
/* Acquire and release, as a load would not be: a reader that comes later sees that the other one counts. */
OTEL_FN_ bool otel_jaeger_empty_(uint16_t *readers)
{
    uint16_t none = 0;
    return OTEL_CAS_(readers, &none, (uint16_t)0);
}
#else
OTEL_FN_ void otel_jaeger_count_(uint16_t *readers, int change)
{
    uint32_t was = otel_mask_();
    *readers = (uint16_t)(*readers + (unsigned)change);
    otel_unmask_(was);
}
OTEL_FN_ bool otel_jaeger_empty_(const uint16_t *readers) { return *(const volatile uint16_t *)readers == 0; }
#endif

OTEL_FN_ unsigned otel_jaeger_enter_(otel_jaeger_t *j)
{
    for (;;) {                                    /* again only when an update came in between */
        uint8_t now = OTEL_LOAD_ACQUIRE_(&j->now_);
        otel_jaeger_count_(&j->slot_[now].readers, 1);
        if (OTEL_LOAD_ACQUIRE_(&j->now_) == now) return now;
        otel_jaeger_count_(&j->slot_[now].readers, -1);
    }
}

OTEL_FN_ bool otel_jaeger_share_(const otel_sampling_t *input, uint64_t threshold)
{
    otel_sampler_t ratio;
    memset((void *)&ratio, 0, sizeof ratio);
    ratio.threshold = threshold;
    return otel_decide_ratio_(&ratio, input) == OTEL_DECISION_RECORD_AND_SAMPLE;
}

/* The share first; what it takes counts for the lower bound, too. */
OTEL_FN_ bool otel_strategy_decide_(otel_strategy_t_ *strategy, const otel_sampling_t *input)
{
    otel_strategy_rule_t_ *r = &strategy->rest;
    uintptr_t now = 0;
    bool kept, least = false;
    if (strategy->kind == OTEL_STRATEGY_NAMES_) r = otel_strategy_rule_(strategy, input->name, strlen(input->name));
    if (strategy->kind == OTEL_STRATEGY_RATE_ || strategy->least || strategy->most) {
        if (!input->otel) return false;
        now = otel_rate_time_(otel_clock_now_(&input->otel->clock_));
    }
    if (strategy->kind == OTEL_STRATEGY_RATE_) return otel_rate_take_(&r->most, now);
    kept = otel_jaeger_share_(input, r->threshold);
    if (strategy->least) least = otel_rate_take_(&r->least, now);
    if (strategy->most && (kept || least)) return otel_rate_take_(&r->most, now);
    return kept || least;
}

OTEL_API_ otel_decision_t otel_decide_jaeger_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    otel_jaeger_t *j = (otel_jaeger_t *)self->user;
    otel_decision_t decision;
    unsigned now;
    if (!j) return OTEL_DECISION_DROP;
    now = otel_jaeger_enter_(j);
    if (j->slot_[now].strategy.kind == OTEL_STRATEGY_NONE_ && j->initial_) decision = otel_sampler_ask(j->initial_, input);
    else decision = otel_strategy_decide_(&j->slot_[now].strategy, input) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    otel_jaeger_count_(&j->slot_[now].readers, -1);
    return decision;
}

/* One update at a time. */
OTEL_FN_ bool otel_jaeger_lock_(otel_jaeger_t *j)
{
#if OTEL_ATOMICS_
    uint8_t open = 0;
    return OTEL_CAS_(&j->gate_, &open, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = j->gate_ == 0;
    j->gate_ = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_API_ otel_result_t otel_jaeger_update(otel_jaeger_t *j, const char *json, size_t len)
{
    static const char busy[] = "a span is being started by the strategy before the last one: update again a little later";
    uint8_t next;
    OTEL_WHEN_OFF_((void)busy; (void)j; (void)json; (void)len; (void)next; return OTEL_OK)
    if (!j || !json) return OTEL_E_NULL;
    if (!otel_jaeger_lock_(j)) return OTEL_E_CONFIG;
    next = (uint8_t)(1u - j->now_);
    if (!otel_jaeger_empty_(&j->slot_[next].readers)) j->error_ = busy;
    else j->error_ = otel_strategy_read_(&j->slot_[next].strategy, &j->slot_[1u - next].strategy, json, len);
    if (!j->error_) OTEL_STORE_RELEASE_(&j->now_, next);
    OTEL_STORE_RELEASE_(&j->gate_, (uint8_t)0);
    return j->error_ ? OTEL_E_CONFIG : OTEL_OK;
}

OTEL_API_ const char *otel_jaeger_error(const otel_jaeger_t *j)
{
    OTEL_WHEN_OFF_((void)j; return "")
    return j && j->error_ ? j->error_ : "";
}
OTEL_C_END_
#endif
#endif
