/* How a span is begun where a sampler has a say: ask it, take over what it answers, and record or not. Comes in with the
   first sampler that a program makes; without one otel_span_start does not know of all this.
   Specification: trace/sdk.md, "Sampling", "SDK Span creation". */
#ifndef OTEL_SAMPLING_H
#define OTEL_SAMPLING_H
#include "compiler.h"
#include "fields.h"
#include "sampler.h"
#include "span.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* Where the fields of the span will stand, free until the head is written, a sampler may write a tracestate. */
OTEL_FN_ void otel_sampling_input_(otel_sampling_t *input, otel_sampling_result_t *result, otel_context_t *parent, otel_span_t *span, otel_t *otel, const otel_span_options_t *options)
{
    memset((void *)input, 0, sizeof *input);
    memset((void *)result, 0, sizeof *result);
    memset(parent, 0, sizeof *parent);
    parent->baggage = span->baggage_;
    parent->values = span->values_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        memcpy(parent->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(parent->span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
        parent->flags = (uint8_t)(span->flags_ & ~(OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_));
        parent->tracestate = span->tracestate_;
        parent->remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
        input->parent = parent;
    }
    input->trace_id = span->head_ + OTEL_HEAD_TRACE_;
    input->name = span->name_;
    input->kind = options && options->kind ? (int)options->kind : (int)OTEL_INTERNAL;
    if (options) {
        input->attributes = options->attributes;
        input->attributes_len = options->attributes ? options->attributes_len : 0;
        input->links = options->links;
        input->links_len = options->links ? options->links_len : 0;
    }
    input->context = parent;
    input->otel = otel;
    input->result = result;
    result->tracestate_ = span->tracestate_;
    result->room_ = (char *)otel_span_bytes_(span) + OTEL_SPAN_HEAD_;
    result->room_size_ = span->room_ - OTEL_SPAN_HEAD_;
}

/* Is the text in the memory of the span that is current, or may it be in that of another one that ends before this one? */
OTEL_FN_ bool otel_span_borrows_(const otel_span_t *span, otel_t *otel, const char *text, const otel_span_options_t *options)
{
    const otel_current_t *slot;
    if (!text || (span->state_ & OTEL_SPAN_REMOTE_) || !(span->state_ & OTEL_SPAN_PARENT_)) return false;
    if (options && options->parent) return true;
    slot = otel_current_(otel);
    return slot && slot->span && (uintptr_t)text == (uintptr_t)slot->span + offsetof(otel_span_t, head_) + slot->span->room_ + OTEL_SPAN_TAIL_;
}

/* Keep a tracestate that the span has to own at the end of its memory, where nothing moves; without room it is left out. */
OTEL_API_ void otel_span_own_state_(otel_span_t *span, const char *text);
OTEL_API_ void otel_span_own_state_(otel_span_t *span, const char *text)
{
    size_t n = strlen(text) + 1u;
    uint8_t *to;
    span->tracestate_ = NULL;
    if (n > (span->room_ - OTEL_SPAN_HEAD_) / 2u) return;
    span->room_ -= n;
    to = otel_span_bytes_(span) + OTEL_SPAN_TAIL_ + span->room_;
    memmove(to, text, n);
    span->tracestate_ = (const char *)to;
}

OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(otel_span_t *span, otel_t *otel, const otel_span_options_t *options, otel_sampling_result_t *result);
OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(otel_span_t *span, otel_t *otel, const otel_span_options_t *options, otel_sampling_result_t *result)
{
    otel_sampling_t input;
    otel_context_t parent;
    otel_decision_t decision;
    otel_sampling_input_(&input, result, &parent, span, otel, options);
    if (otel->config_.sampler.decide) decision = otel_sampler_ask(&otel->config_.sampler, &input);
    else decision = !input.parent || (parent.flags & OTEL_FLAG_SAMPLED) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    if (decision != OTEL_DECISION_RECORD_ONLY && decision != OTEL_DECISION_RECORD_AND_SAMPLE) decision = OTEL_DECISION_DROP;
    if (result->tracestate_ == result->room_ || otel_span_borrows_(span, otel, result->tracestate_, options)) otel_span_own_state_(span, result->tracestate_);
    else span->tracestate_ = result->tracestate_;
    return decision;
}

OTEL_API_ void otel_span_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    otel_sampling_result_t result;
    otel_decision_t decision;
    unsigned i;
    OTEL_TRACES_OFF_((void)span; (void)otel; (void)scope; (void)options; return)
    decision = otel_span_ask_(span, otel, options, &result);
    span->flags_ = (uint8_t)(span->flags_ & ~(OTEL_FLAG_SAMPLED | OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_ | OTEL_FLAG_ENDING_));
    if (decision == OTEL_DECISION_RECORD_AND_SAMPLE) {
        span->flags_ |= OTEL_FLAG_SAMPLED;
    } else {
        span->flags_ = (uint8_t)(span->flags_ & ~OTEL_FLAG_DEBUG);
        if (result.errors_) span->flags_ |= OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_;
        else if (decision == OTEL_DECISION_DROP) return;
    }
    if (span->tracestate_) OTEL_STORE_(&otel->write_state_, &otel_span_tracestate_);
    otel_span_open_(span, otel, scope, options);
    for (i = 0; i < result.lists_len_; i++) otel_span_set_all(span, result.lists_[i].at, result.lists_[i].len);
}

/* At the end, of a span with OTEL_FLAG_LATE_: is it kept? */
OTEL_API_ bool otel_span_late_(otel_span_t *span, otel_t *otel)
{
    (void)otel;
    return (span->flags_ & OTEL_FLAG_SAMPLED) || ((span->flags_ & OTEL_FLAG_ERRORS_) && span->status_ == OTEL_STATUS_ERROR);
}
OTEL_C_END_
#endif
#endif
