/* A sampler of rules: who decides for a span is found by its name, kind and start attributes, and errors can be kept whatever
   was decided. And a place for ids of your own making. Specification: trace/sdk.md, "Sampling", "Id Generators". */
#ifndef OTEL_PRIORITY_H
#define OTEL_PRIORITY_H
#include "attr.h"
#include "compiler.h"
#include "sampler.h"
#include "span.h"

/* A rule. What is left zero is not asked for. */
typedef struct otel_rule_t {
    const char *name OTEL_Z_;                     /* of the span; a '*' at the end stands for any rest */
    int kind OTEL_Z_;                             /* OTEL_SERVER, ... */
    const char *key OTEL_Z_;                      /* an attribute given at the start has this key, */
    const char *text OTEL_Z_;                     /* and this text as its value */
    const otel_sampler_t *sampler OTEL_Z_;        /* who decides then (default: always on) */
    bool keep_errors OTEL_Z_;                     /* what it does not sample is recorded, and kept if it ends with OTEL_STATUS_ERROR; the flag that is passed on stays "not sampled" (default: false) */
} otel_rule_t;

typedef struct otel_priority_t {
    const otel_rule_t *rules OTEL_Z_;             /* len of them; the first that fits counts */
    size_t len OTEL_Z_;
    const otel_sampler_t *otherwise OTEL_Z_;      /* when none fits (default: always on) */
} otel_priority_t;

/* Ids of your own. A trace id that is all zero is replaced by one of the library's. */
typedef struct otel_id_generator_t {
    void (*trace_id)(void *user, uint8_t to[16]) OTEL_Z_;     /* (default: the library's) */
    void (*span_id)(void *user, uint8_t to[8]) OTEL_Z_;       /* (default: the library's) */
    void *user OTEL_Z_;
    bool random OTEL_Z_;                          /* the right 7 bytes of trace ids are random: OTEL_FLAG_RANDOM (default: false) */
    const otel_sampler_t *sampler OTEL_Z_;        /* who decides (default: parent based, roots always on) */
} otel_id_generator_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_priority_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_generated_(const otel_sampler_t *self, const otel_sampling_t *input);
#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_generated_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
#endif

/* The first rule that fits says who decides. `priority` and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_priority(const otel_priority_t *priority)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_priority_ : NULL);
    s.user = (void *)(uintptr_t)priority;
    return s;
}

/* Ids stand where samplers do, so that who makes none pays nothing: .sampler = otel_sampler_ids(&generator). */
OTEL_FN_ otel_sampler_t otel_sampler_ids(const otel_id_generator_t *generator)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_generated_ : NULL);
    s.user = (void *)(uintptr_t)generator;
#if OTEL_ENABLED
    s.begin_ = otel_span_begin_generated_;
#endif
    return s;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Does name[len] fit the pattern, in which a '*' at the end stands for any rest? */
OTEL_FN_ bool otel_name_fits_in_(const char *pattern, const char *name, size_t len)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1u] == '*') return len >= n - 1u && memcmp(pattern, name, n - 1u) == 0;
    return len == n && memcmp(pattern, name, n) == 0;
}
OTEL_FN_ bool otel_name_fits_(const char *pattern, const char *name) { return otel_name_fits_in_(pattern, name, strlen(name)); }

OTEL_FN_ bool otel_rule_fits_(const otel_rule_t *rule, const otel_sampling_t *input)
{
    size_t i;
    if (rule->kind && rule->kind != input->kind) return false;
    if (rule->name && !otel_name_fits_(rule->name, input->name)) return false;
    if (!rule->key) return true;
    for (i = input->attributes_len; i-- > 0;) {               /* of a key given twice the last one counts */
        const otel_attr_t *a = &input->attributes[i];
        if (!a->key || strlen(a->key) != strlen(rule->key) || memcmp(a->key, rule->key, strlen(rule->key)) != 0) continue;
        return !rule->text || (a->value.type == OTEL_V_STRING_ && a->value.len == strlen(rule->text) && memcmp(a->value.as.p, rule->text, strlen(rule->text)) == 0);
    }
    return false;
}

OTEL_API_ otel_decision_t otel_decide_priority_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    const otel_priority_t *p = (const otel_priority_t *)self->user;
    size_t i;
    for (i = 0; p && p->rules && i < p->len; i++) {
        if (!otel_rule_fits_(&p->rules[i], input)) continue;
        if (p->rules[i].keep_errors) otel_sampling_keep_errors(input);
        return otel_sampler_ask(p->rules[i].sampler, input);
    }
    return otel_sampler_ask(p ? p->otherwise : NULL, input);
}

OTEL_API_ otel_decision_t otel_decide_generated_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    const otel_id_generator_t *g = (const otel_id_generator_t *)self->user;
    if (g && g->sampler) return otel_sampler_ask(g->sampler, input);
    return !input->parent || (input->parent->flags & OTEL_FLAG_SAMPLED) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_generated_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    const otel_id_generator_t *g = (const otel_id_generator_t *)otel->config_.sampler.user;
    OTEL_TRACES_OFF_((void)g; (void)span; (void)scope; (void)options; return)
    if (g && g->trace_id && !(span->state_ & OTEL_SPAN_PARENT_)) {
        uint8_t *id = span->head_ + OTEL_HEAD_TRACE_;
        (g->trace_id)(g->user, id);
        span->flags_ = (uint8_t)(g->random ? OTEL_FLAG_RANDOM : 0u);
        if (otel_all_zero_(id, 16)) otel_id_make_(&otel_shard_(otel)->ids, id, 4);
    }
    if (g && g->span_id) {
        uint8_t *id = span->head_ + OTEL_HEAD_SPAN_;
        (g->span_id)(g->user, id);
        if (otel_all_zero_(id, 8)) otel_id_make_(&otel_shard_(otel)->ids, id, 2);
    }
    otel_span_begin_(span, otel, scope, options);
}
#endif
OTEL_C_END_
#endif
#endif
