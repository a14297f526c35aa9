/* Samplers decide at the start of a span whether it is recorded and whether the trace is kept.
   Specification: trace/sdk.md, "Sampling". */
#ifndef OTEL_SAMPLER_H
#define OTEL_SAMPLER_H
#include "compiler.h"
#include "attr.h"
#include "context.h"

typedef enum {
    OTEL_DECISION_DROP = 0,               /* not recorded; the context still propagates */
    OTEL_DECISION_RECORD_ONLY = 1,        /* recorded for processors, not exported */
    OTEL_DECISION_RECORD_AND_SAMPLE = 2
} otel_decision_t;

/* What a sampler sees; valid during the call only. */
typedef struct otel_sampling_t {
    const otel_context_t *parent;         /* NULL: a root span */
    const uint8_t *trace_id;              /* 16 bytes */
    const char *name;
    int kind;                             /* otel_kind_t */
    const otel_attr_t *attributes;        /* those given to start */
    size_t attributes_len;
} otel_sampling_t;

typedef struct otel_sampler_t {
    otel_decision_t (*decide)(const struct otel_sampler_t *self, const otel_sampling_t *input) OTEL_Z_;   /* NULL: parent based, roots always on */
    const struct otel_sampler_t *root OTEL_Z_;    /* of a parent based sampler; NULL: always on */
    void *user OTEL_Z_;
    uint64_t threshold OTEL_Z_;                   /* of a ratio: reject trace ids whose right 56 bits are below */
} otel_sampler_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input);

OTEL_FN_ otel_sampler_t otel_sampler_(otel_decision_t (*decide)(const otel_sampler_t *, const otel_sampling_t *))
{
    otel_sampler_t s;
    s.decide = decide;
    s.root = NULL;
    s.user = NULL;
    s.threshold = 0;
    return s;
}
/* Record and sample every span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_on(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_on_ : NULL); }
/* Record no span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_off(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_off_ : NULL); }
/* Keep the given share of traces, 0 to 1, by their id: every service decides alike. Out of range counts as the nearer end. */
OTEL_FN_ otel_sampler_t otel_sampler_ratio(double ratio)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_ratio_ : NULL);
    if (!(ratio > 0)) s.threshold = (uint64_t)1 << 56;
    else if (ratio < 1) s.threshold = ((uint64_t)1 << 56) - (uint64_t)(ratio * 72057594037927936.0);
    return s;
}
/* Children do as their parent did; roots ask `root` (NULL: always on), which must outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_parent_ : NULL);
    s.root = root;
    return s;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    (void)input;
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    (void)input;
    return OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    uint64_t random = 0;
    unsigned i;
    for (i = 9; i < 16; i++) random = random << 8 | input->trace_id[i];
    return random >= self->threshold ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    if (input->parent) return input->parent->flags & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    if (!self->root || !self->root->decide) return OTEL_DECISION_RECORD_AND_SAMPLE;
    return (self->root->decide)(self->root, input);
}
OTEL_C_END_
#endif
#endif
