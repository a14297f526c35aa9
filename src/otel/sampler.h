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

struct otel_t;
struct otel_span_t;
struct otel_span_options_t;
struct otel_link_t;
struct otel_scope_t;

#define OTEL_ANNOTATIONS_ 4

/* What else a sampler may say; private: see otel_sampling_add and its neighbours. */
typedef struct otel_sampling_result_t {
    struct { const otel_attr_t *at; size_t len; } lists_[OTEL_ANNOTATIONS_];
    unsigned lists_len_;
    const char *tracestate_;
    char *room_;                          /* memory of the span for a tracestate, room_size_ bytes */
    size_t room_size_;
    bool errors_;
} otel_sampling_result_t;

/* What a sampler sees; valid during the call only. */
typedef struct otel_sampling_t {
    const otel_context_t *parent;         /* NULL: a root span */
    const uint8_t *trace_id;              /* 16 bytes */
    const char *name;
    int kind;                             /* otel_kind_t */
    const otel_attr_t *attributes;        /* those given to start */
    size_t attributes_len;
    const struct otel_link_t *links;      /* likewise */
    size_t links_len;
    struct otel_t *otel;                  /* the instance that the span belongs to */
    otel_sampling_result_t *result;
    const otel_context_t *context;        /* what came in, never NULL: baggage and values of a root span too, whose ids are zero then */
} otel_sampling_t;

/* A sampler. Made by one of the functions named otel_sampler_..; one of your own by otel_sampler_custom. */
typedef struct otel_sampler_t {
    otel_decision_t (*decide)(const struct otel_sampler_t *self, const otel_sampling_t *input) OTEL_Z_;   /* NULL: parent based, roots always on */
    const struct otel_sampler_t *root OTEL_Z_;    /* of a parent based sampler; NULL: always on */
    void *user OTEL_Z_;
    uint64_t threshold OTEL_Z_;                   /* of a ratio: reject trace ids whose right 56 bits are below */
    void (*begin_)(struct otel_span_t *span, struct otel_t *otel, const struct otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(struct otel_span_t *span, struct otel_t *otel) OTEL_Z_;
} otel_sampler_t;

/* Who decides for spans with a parent, by where it is and whether it is sampled. NULL: as the parent did. */
typedef struct otel_parent_based_t {
    const otel_sampler_t *root OTEL_Z_;               /* (default: always on) */
    const otel_sampler_t *remote_sampled OTEL_Z_;
    const otel_sampler_t *remote_not_sampled OTEL_Z_;
    const otel_sampler_t *local_sampled OTEL_Z_;
    const otel_sampler_t *local_not_sampled OTEL_Z_;
} otel_parent_based_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_delegates_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_always_record_(const otel_sampler_t *self, const otel_sampling_t *input);
#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_(struct otel_span_t *span, struct otel_t *otel, const struct otel_scope_t *scope, const struct otel_span_options_t *options);
OTEL_API_ bool otel_span_late_(struct otel_span_t *span, struct otel_t *otel);
#endif

/* All that asks samplers comes into a program with the first sampler that it makes, and not before. */
OTEL_FN_ otel_sampler_t otel_sampler_(otel_decision_t (*decide)(const otel_sampler_t *, const otel_sampling_t *))
{
    otel_sampler_t s;
    s.decide = decide;
    s.root = NULL;
    s.user = NULL;
    s.threshold = 0;
#if OTEL_ENABLED
    s.begin_ = otel_span_begin_;
    s.late_ = otel_span_late_;
#else
    s.begin_ = NULL;
    s.late_ = NULL;
#endif
    return s;
}
/* A sampler of your own: `decide` is called at each start of a span, and finds `user` in self->user. Ask a sampler inside it by
   otel_sampler_ask. It may run in interrupts, where spans are started there. */
OTEL_FN_ otel_sampler_t otel_sampler_custom(otel_decision_t (*decide)(const otel_sampler_t *self, const otel_sampling_t *input), void *user)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? decide : NULL);
    s.user = user;
    return s;
}
/* What a sampler decides; NULL: always on. */
OTEL_FN_ otel_decision_t otel_sampler_ask(const otel_sampler_t *sampler, const otel_sampling_t *input)
{
    return sampler && sampler->decide ? (sampler->decide)(sampler, input) : OTEL_DECISION_RECORD_AND_SAMPLE;
}
/* Samplers may add attributes, which live until the start is over: at most 4 lists; */
OTEL_FN_ void otel_sampling_add(const otel_sampling_t *input, const otel_attr_t *attributes, size_t len)
{
    if (!input->result || input->result->lists_len_ >= OTEL_ANNOTATIONS_) return;
    input->result->lists_[input->result->lists_len_].at = attributes;
    input->result->lists_[input->result->lists_len_++].len = len;
}
/* put another tracestate in the place of the parent's (NULL: none), which lives as long as the spans of this trace here; */
OTEL_FN_ void otel_sampling_tracestate(const otel_sampling_t *input, const char *tracestate)
{
    if (input->result) input->result->tracestate_ = tracestate;
}
/* and say that a span which they do not sample is recorded all the same, and kept when it ends with OTEL_STATUS_ERROR. What
   is passed on stays "not sampled". */
OTEL_FN_ void otel_sampling_keep_errors(const otel_sampling_t *input)
{
    if (input->result) input->result->errors_ = true;
}
/* Record and sample every span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_on(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_on_ : NULL); }
/* Record no span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_off(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_off_ : NULL); }
OTEL_FN_ uint64_t otel_sampler_ratio_threshold_(double ratio)
{
    if (!(ratio > 0)) return (uint64_t)1 << 56;
    return ratio < 1 ? ((uint64_t)1 << 56) - (uint64_t)(ratio * 72057594037927936.0) : 0u;
}
/* Keep the given share of traces, 0 to 1, by their id: every service decides alike. Out of range counts as the nearer end. */
OTEL_FN_ otel_sampler_t otel_sampler_ratio(double ratio)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_ratio_ : NULL);
    s.threshold = otel_sampler_ratio_threshold_(ratio);
    return s;
}
/* Children do as their parent did; roots ask `root` (NULL: always on), which must outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_parent_ : NULL);
    s.root = root;
    return s;
}
/* The same with a delegate for each kind of parent. `delegates` and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based_on(const otel_parent_based_t *delegates)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_delegates_ : NULL);
    s.user = (void *)(uintptr_t)delegates;
    return s;
}
/* Record what `root` drops, for processors: recorded only, not exported. `root` outlives the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_always_record(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_always_record_ : NULL);
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

OTEL_API_ otel_decision_t otel_decide_delegates_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    const otel_parent_based_t *d = (const otel_parent_based_t *)self->user;
    const otel_sampler_t *delegate;
    bool sampled;
    if (!input->parent) return otel_sampler_ask(d ? d->root : NULL, input);
    sampled = (input->parent->flags & OTEL_FLAG_SAMPLED) != 0;
    delegate = !d ? NULL : input->parent->remote ? (sampled ? d->remote_sampled : d->remote_not_sampled) : sampled ? d->local_sampled : d->local_not_sampled;
    if (delegate) return otel_sampler_ask(delegate, input);
    return sampled ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_always_record_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    otel_decision_t decision = otel_sampler_ask(self->root, input);
    return decision == OTEL_DECISION_RECORD_AND_SAMPLE ? decision : OTEL_DECISION_RECORD_ONLY;
}
OTEL_C_END_
#endif
#endif
