/* The samplers of consistent probability: ProbabilitySampler, and the composable ones with their CompositeSampler.
   Specification: trace/sdk.md, "ProbabilitySampler", "CompositeSampler". */
#ifndef OTEL_PROBABILITY_H
#define OTEL_PROBABILITY_H
#include "compiler.h"
#include "sampler.h"
#include "threshold.h"

/* The memory of a ProbabilitySampler; private. */
typedef struct otel_probability_t {
    uint64_t threshold_;
    char text_[OTEL_THRESHOLD_SIZE];
} otel_probability_t;

/* What a composable sampler intends. */
typedef struct otel_intent_t {
    uint64_t threshold;           /* OTEL_THRESHOLD_NEVER: drop */
    bool reliable;                /* the threshold is the probability, and spans may say so */
} otel_intent_t;

struct otel_composable_t;

/* A rule of otel_composable_rule_based. */
typedef struct otel_composable_rule_t {
    bool (*matches)(void *user, const otel_sampling_t *input);    /* must not look at the randomness; NULL: matches all */
    void *user;
    const struct otel_composable_t *then;                         /* NULL: drop */
} otel_composable_rule_t;

/* A composable sampler: made by one of the functions below, or your own with `intend` and `user`. */
typedef struct otel_composable_t {
    void (*intend)(const struct otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
    void *user;
    uint64_t threshold;
    const struct otel_composable_t *of;
    const otel_composable_rule_t *rules;
    const otel_attr_t *attributes;
    size_t len;                   /* of rules or attributes */
} otel_composable_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_probability_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_composite_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_intend_fixed_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_parent_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_rules_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_annotate_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_probability_init_(otel_probability_t *state, double probability);

/* Keep traces with a probability, 2^-56 to 1 (below: none), decided by the trace alone: a service with a higher one keeps all
   that this one keeps. Spans carry the threshold in their tracestate, `ot=th:..`, and receivers can tell how many each
   stands for. It decides for children too, by the same trace; as the root of a parent based sampler it decides once.
   `state` outlives the sampler and the spans. */
OTEL_FN_ otel_sampler_t otel_sampler_probability(otel_probability_t *state, double probability)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_probability_ : NULL);
    otel_probability_init_(state, probability);
    s.user = state;
    return s;
}

/* Decide by what `composable` intends; it and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_composite(const otel_composable_t *composable)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_composite_ : NULL);
    s.user = (void *)(uintptr_t)composable;
    return s;
}

OTEL_FN_ otel_composable_t otel_composable_(void (*intend)(const otel_composable_t *, const otel_sampling_t *, otel_intent_t *), const otel_composable_t *of, size_t len)
{
    otel_composable_t c;
    memset((void *)&c, 0, sizeof c);
    c.intend = intend;
    c.of = of;
    c.len = len;
    return c;
}
OTEL_FN_ otel_composable_t otel_composable_always_on(void) { return otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0); }
OTEL_FN_ otel_composable_t otel_composable_always_off(void)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0);
    c.threshold = OTEL_THRESHOLD_NEVER;
    return c;
}
OTEL_FN_ otel_composable_t otel_composable_probability(double probability)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0);
    c.threshold = otel_threshold(probability);
    return c;
}
/* As the parent's threshold says, else as its flag; roots ask `root`. */
OTEL_FN_ otel_composable_t otel_composable_parent_threshold(const otel_composable_t *root) { return otel_composable_(OTEL_ENABLED ? otel_intend_parent_ : NULL, root, 0); }
/* The first of `len` rules that matches; without one the span is dropped. */
OTEL_FN_ otel_composable_t otel_composable_rule_based(const otel_composable_rule_t *rules, size_t len)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_rules_ : NULL, NULL, len);
    c.rules = rules;
    return c;
}
/* As `of` says; spans that are kept get `attributes` (len of them). At most 4 of these say something about one span. */
OTEL_FN_ otel_composable_t otel_composable_annotating(const otel_composable_t *of, const otel_attr_t *attributes, size_t len)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_annotate_ : NULL, of, len);
    c.attributes = attributes;
    return c;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_probability_init_(otel_probability_t *state, double probability)
{
    OTEL_WHEN_OFF_((void)state; (void)probability; return)
    if (!state) return;
    state->threshold_ = otel_threshold(probability);
    memcpy(state->text_, "ot=", 3);
    state->text_[3 + otel_th_text_(state->text_ + 3, state->threshold_ < OTEL_THRESHOLD_NEVER ? state->threshold_ : 0)] = 0;
}

OTEL_API_ otel_decision_t otel_decide_probability_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    const otel_probability_t *p = (const otel_probability_t *)self->user;
    if (!p) return OTEL_DECISION_DROP;
    if (input->parent && input->parent->tracestate) return otel_sampling_decide(input, p->threshold_, true);
    if (otel_sampling_randomness(input, NULL) < p->threshold_) return OTEL_DECISION_DROP;
    otel_sampling_tracestate(input, p->text_);                /* the same text for all: no memory of the span */
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

OTEL_FN_ void otel_intend_(const otel_composable_t *c, const otel_sampling_t *input, otel_intent_t *intent)
{
    intent->threshold = OTEL_THRESHOLD_NEVER;
    intent->reliable = false;
    if (c && c->intend) (c->intend)(c, input, intent);
}

OTEL_API_ otel_decision_t otel_decide_composite_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    otel_intent_t intent;
    otel_intend_((const otel_composable_t *)self->user, input, &intent);
    return otel_sampling_decide(input, intent.threshold, intent.reliable);
}

OTEL_API_ void otel_intend_fixed_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{
    (void)input;
    intent->threshold = self->threshold;
    intent->reliable = self->threshold < OTEL_THRESHOLD_NEVER;
}

/* A parent's threshold counts when it agrees with the parent's flag. */
OTEL_API_ void otel_intend_parent_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{
    otel_ot_t ot;
    bool sampled;
    if (!input->parent) {
        otel_intend_(self->of, input, intent);
        return;
    }
    otel_ot_read(input->parent->tracestate, &ot);
    sampled = (input->parent->flags & OTEL_FLAG_SAMPLED) != 0;
    intent->reliable = ot.has_th && (otel_sampling_randomness(input, &ot) >= ot.th) == sampled;
    intent->threshold = intent->reliable ? ot.th : sampled ? 0 : OTEL_THRESHOLD_NEVER;
}

OTEL_API_ void otel_intend_rules_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{
    size_t i;
    for (i = 0; i < self->len && self->rules; i++) {
        const otel_composable_rule_t *r = &self->rules[i];
        if (r->matches && !(r->matches)(r->user, input)) continue;
        otel_intend_(r->then, input, intent);
        return;
    }
}

OTEL_API_ void otel_intend_annotate_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{
    otel_intend_(self->of, input, intent);
    if (self->attributes) otel_sampling_add(input, self->attributes, self->len);
}
OTEL_C_END_
#endif
#endif
