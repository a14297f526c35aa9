/* Processors of spans: asked when a span starts and when it ends, while it still lies in its own memory, where it can be
   read and changed and dropped before it reaches the ring. And tracers that are switched off by the name of their scope.
   Comes in with `.spans = otel_spans(&settings)`, and not before.
   Specification: trace/sdk.md, "Span processor", "TracerConfigurator". */
#ifndef OTEL_PROCESSOR_H
#define OTEL_PROCESSOR_H
#include "any.h"
#include "compiler.h"
#include "instance.h"
#include "priority.h"
#include "sampling.h"
#include "span.h"

/* A processor of spans. It is called by whoever starts and ends spans, in interrupts too if spans are made there. */
typedef struct otel_processor_t {
    /* A recording span has started; `parent` has the context that it came from (ids all zero: a root span, which may have baggage). */
    void (*on_start)(const struct otel_processor_t *self, otel_span_t *span, const otel_context_t *parent) OTEL_Z_;
    /* It is about to end; its end time stands. All that sets something may be called. */
    void (*on_ending)(const struct otel_processor_t *self, otel_span_t *span) OTEL_Z_;
    /* It has ended; only to look at. False: dropped, and counted as OTEL_DROP_PROCESSOR if it was sampled. */
    bool (*on_end)(const struct otel_processor_t *self, const otel_span_t *span) OTEL_Z_;
    void (*after)(const struct otel_processor_t *self) OTEL_Z_;       /* the record is in the ring: send it now, say */
    void *user OTEL_Z_;
    const struct otel_diag_more_t_ *diag_ OTEL_Z_;    /* private: what it has to say in otel_diag_dump and otel_diag_check */
} otel_processor_t;

/* The configuration of some tracers. */
typedef struct otel_tracer_rule_t {
    const char *scope OTEL_Z_;                    /* name; a '*' at the end stands for any rest (default: all) */
    bool disabled OTEL_Z_;                        /* spans are not recorded and pass their parent's context on (default: false) */
} otel_tracer_rule_t;

typedef struct otel_span_settings_t {
    const otel_processor_t *const *processors OTEL_Z_;        /* asked in turn, NULL at the end */
    const otel_tracer_rule_t *rules OTEL_Z_;      /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
} otel_span_settings_t;

/* Which spans otel_processor_filter drops: those for which all that is set holds. */
typedef struct otel_filter_t {
    const char *name OTEL_Z_;                     /* a '*' at the end stands for any rest (default: all) */
    uint64_t shorter_ns OTEL_Z_;                  /* took less time than this (default: any time) */
    bool keep_errors OTEL_Z_;                     /* not those with OTEL_STATUS_ERROR (default: false) */
} otel_filter_t;

/* Attributes that otel_processor_enrich sets. */
typedef struct otel_enrich_t {
    const otel_attr_t *attributes;        /* len of them */
    size_t len;
} otel_enrich_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ void otel_spans_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ bool otel_spans_late_(otel_span_t *span, otel_t *otel);
#endif
OTEL_API_ bool otel_filter_end_(const otel_processor_t *self, const otel_span_t *span);
OTEL_API_ void otel_enrich_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent);

/* .spans of otel_init. `settings` and what it names outlive the instance. */
OTEL_FN_ otel_spans_t otel_spans(const otel_span_settings_t *settings)
{
    otel_spans_t spans;
    memset((void *)&spans, 0, sizeof spans);
    spans.settings_ = settings;
#if OTEL_ENABLED
    spans.begin_ = otel_spans_begin_;
    spans.late_ = otel_spans_late_;
#endif
    return spans;
}

OTEL_FN_ otel_processor_t otel_processor_(const void *user)
{
    otel_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = (void *)(uintptr_t)user;
    return p;
}
/* Drop what `filter` describes; it outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_filter(const otel_filter_t *filter)
{
    otel_processor_t p = otel_processor_(filter);
    p.on_end = OTEL_ENABLED ? otel_filter_end_ : NULL;
    return p;
}
/* Set attributes on each span at its start; what the program sets later wins. `enrich` outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_enrich(const otel_enrich_t *enrich)
{
    otel_processor_t p = otel_processor_(enrich);
    p.on_start = OTEL_ENABLED ? otel_enrich_start_ : NULL;
    return p;
}

/* What a recording span says of itself, for processors. All of these are safe in interrupts, and answer for NULL too. */
OTEL_API_ const char *otel_span_name(const otel_span_t *span, size_t *len);      /* not ended by NUL; its length in *len */
OTEL_API_ otel_kind_t otel_span_kind(const otel_span_t *span);
OTEL_API_ otel_status_t otel_span_status_code(const otel_span_t *span);
OTEL_API_ uint64_t otel_span_start_ns(const otel_span_t *span);      /* Unix nanoseconds; since boot until the time is known */
OTEL_API_ uint64_t otel_span_end_ns(const otel_span_t *span);        /* 0 until on_ending */
/* The scope that it belongs to; NULL: the unnamed one. */
OTEL_API_ const otel_scope_t *otel_span_scope(const otel_span_t *span);
/* The value of an attribute, if it is text, bytes, a number or a bool; text and bytes lie in the span until it changes. */
OTEL_API_ bool otel_span_get(const otel_span_t *span, const char *key, otel_value_t *out);
/* Take an attribute out; false when it is not there. */
OTEL_API_ bool otel_span_remove(otel_span_t *span, const char *key);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_span_name(const otel_span_t *span, size_t *len)
{
    const uint8_t *p, *end;
    if (len) *len = 0;
    OTEL_TRACES_OFF_((void)span; return "")
    if (!otel_is_recording(span)) return "";
    if (!span->named_) {
        if (len) *len = strlen(span->name_);
        return span->name_;
    }
    p = (const uint8_t *)span + offsetof(otel_span_t, head_) + otel_span_fields_(span);
    end = (const uint8_t *)span + offsetof(otel_span_t, head_) + span->used_;
    for (; p < end; p += otel_field_size_(p)) {
        size_t head = 1;
        if (*p != OTEL_FIELD_NAME_) continue;
        while (p[head++] & 128u) {}
        if (len) *len = otel_field_size_(p) - head;
        return (const char *)p + head;
    }
    return "";
}

OTEL_API_ otel_kind_t otel_span_kind(const otel_span_t *span)
{
    OTEL_TRACES_OFF_((void)span; return OTEL_INTERNAL)
    return OTEL_CAST_(otel_kind_t, otel_is_recording(span) ? span->head_[OTEL_HEAD_KIND_] : (unsigned)OTEL_INTERNAL);
}

OTEL_API_ otel_status_t otel_span_status_code(const otel_span_t *span)
{
    OTEL_TRACES_OFF_((void)span; return OTEL_STATUS_UNSET)
    return OTEL_CAST_(otel_status_t, otel_is_recording(span) ? span->status_ : (unsigned)OTEL_STATUS_UNSET);
}

OTEL_API_ uint64_t otel_span_start_ns(const otel_span_t *span)
{
    OTEL_TRACES_OFF_((void)span; return 0)
    return otel_is_recording(span) ? otel_get64_(span->head_ + OTEL_HEAD_START_) : 0;
}

OTEL_API_ uint64_t otel_span_end_ns(const otel_span_t *span)
{
    OTEL_TRACES_OFF_((void)span; return 0)
    return otel_is_recording(span) && (span->flags_ & OTEL_FLAG_ENDING_) ? otel_get64_(span->head_ + OTEL_HEAD_END_) : 0;
}

OTEL_API_ const otel_scope_t *otel_span_scope(const otel_span_t *span)
{
    const otel_scope_t *s;
    unsigned number;
    OTEL_TRACES_OFF_((void)span; return NULL)
    if (!otel_is_recording(span) || !span->otel_) return NULL;
    number = (span->mark_ ^ OTEL_MARK_) >> 1;
    if (number == 0) return NULL;
    for (s = OTEL_LOAD_ACQUIRE_(&span->otel_->scopes_); s && s->number_ != number; s = s->next_) {}
    return s;
}

OTEL_API_ bool otel_span_get(const otel_span_t *span, const char *key, otel_value_t *out)
{
    const uint8_t *p, *end;
    size_t len;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)out; return false)
    if (!otel_is_recording(span) || !key || !*key || !out) return false;
    p = otel_span_find_((otel_span_t *)(uintptr_t)span, key, strlen(key));
    if (!p) return false;
    end = p + otel_field_size_(p);
    while (*++p & 128u) {}
    p++;                                                      /* KeyValue: the key, then the value */
    p += otel_field_size_(p);
    if (end - p < 2) return false;
    len = otel_field_size_(p);
    while (*++p & 128u) {}
    p++;
    (void)len;
    return otel_any_read_(p, (size_t)(end - p), out);
}

OTEL_API_ bool otel_span_remove(otel_span_t *span, const char *key)
{
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; return false)
    if (!otel_is_recording(span) || !key || !*key) return false;
    p = otel_span_find_(span, key, strlen(key));
    if (!p) return false;
    otel_scratch_cut_(span, p, otel_field_size_(p));
    span->attributes_--;
    return true;
}

OTEL_API_ bool otel_filter_end_(const otel_processor_t *self, const otel_span_t *span)
{
    const otel_filter_t *f = (const otel_filter_t *)self->user;
    size_t len;
    const char *name = otel_span_name(span, &len);
    if (f->keep_errors && otel_span_status_code(span) == OTEL_STATUS_ERROR) return true;
    if (f->name && !otel_name_fits_in_(f->name, name, len)) return true;
    return f->shorter_ns && otel_span_end_ns(span) - otel_span_start_ns(span) >= f->shorter_ns;
}

OTEL_API_ void otel_enrich_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    const otel_enrich_t *e = (const otel_enrich_t *)self->user;
    size_t i;
    (void)parent;
    for (i = 0; i < e->len; i++) {
        otel_value_t there;
        if (!otel_span_get(span, e->attributes[i].key, &there)) otel_span_set_all(span, e->attributes + i, 1);
    }
}

#if OTEL_ENABLED
/* A tracer that is off: the span has its parent's context and records nothing. */
OTEL_FN_ bool otel_spans_off_(const otel_span_settings_t *s, const otel_scope_t *scope)
{
    size_t i;
    for (i = 0; s->rules && i < s->rules_len; i++) {
        if (s->rules[i].scope && !otel_name_fits_(s->rules[i].scope, scope && scope->name ? scope->name : "")) continue;
        return s->rules[i].disabled;
    }
    return false;
}

OTEL_FN_ void otel_spans_parent_(const otel_span_t *span, otel_context_t *parent, uint8_t flags, const char *tracestate)
{
    memset(parent, 0, sizeof *parent);
    parent->baggage = span->baggage_;
    parent->values = span->values_;
    if (!(span->state_ & OTEL_SPAN_PARENT_)) return;
    memcpy(parent->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(parent->span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
    parent->flags = (uint8_t)(flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM | OTEL_FLAG_DEBUG));
    parent->tracestate = tracestate;
    parent->remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
}

OTEL_API_ void otel_spans_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    const otel_span_settings_t *s = otel->config_.spans.settings_;
    otel_context_t parent;
    uint8_t flags = span->flags_;
    const char *tracestate = span->tracestate_;
    size_t i;
    OTEL_TRACES_OFF_((void)s; (void)parent; (void)flags; (void)tracestate; (void)i; (void)scope; (void)options; return)
    if (s && otel_spans_off_(s, scope)) {
        if (span->state_ & OTEL_SPAN_PARENT_) memcpy(span->head_ + OTEL_HEAD_SPAN_, span->head_ + OTEL_HEAD_PARENT_, 8);
        else {
            memset(span->head_ + OTEL_HEAD_TRACE_, 0, 16);
            memset(span->head_ + OTEL_HEAD_SPAN_, 0, 8);
            span->flags_ = 0;
        }
        return;
    }
    if ((span->state_ & OTEL_SPAN_PARENT_) && otel_all_zero_(span->head_ + OTEL_HEAD_TRACE_, 16)) {       /* below a root that is off */
        span->state_ = (uint8_t)(span->state_ & ~OTEL_SPAN_PARENT_);
        flags = span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        otel_id_make_(&otel_shard_(otel)->ids, span->head_ + OTEL_HEAD_TRACE_, 4);
    }
    if (otel->config_.spans.next_) (otel->config_.spans.next_)(span, otel, scope, options);
    else otel_span_begin_(span, otel, scope, options);
    if (!otel_is_recording(span)) return;
    span->flags_ |= OTEL_FLAG_LATE_;
    otel_spans_parent_(span, &parent, flags, tracestate);
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        if (s->processors[i]->on_start) (s->processors[i]->on_start)(s->processors[i], span, &parent);
    }
}

/* The span has ended and is on its way into the ring: what the processors make of it. Writes it itself when one of them wants
   to know that it is there. */
OTEL_API_ bool otel_spans_late_(otel_span_t *span, otel_t *otel)
{
    const otel_span_settings_t *s = otel->config_.spans.settings_;
    const otel_processor_t *const *p = s ? s->processors : NULL;
    bool keep, wait = false;
    size_t i;
    OTEL_TRACES_OFF_((void)p; (void)keep; (void)wait; (void)i; return false)
    span->otel_ = otel;                                       /* as if it were running, but for an end inside */
    span->flags_ = (uint8_t)((span->flags_ & ~OTEL_FLAG_LATE_) | OTEL_FLAG_ENDING_);
    for (i = 0; p && p[i]; i++) {
        if (p[i]->on_ending) (p[i]->on_ending)(p[i], span);
    }
    if (!span->otel_ || !otel_is_recording(span)) return false;       /* a processor ended it */
    keep = otel_span_late_(span, otel);
    for (i = 0; p && p[i]; i++) {
        wait = wait || p[i]->after;
        if (!p[i]->on_end || (p[i]->on_end)(p[i], span)) continue;
        if (keep) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_PROCESSOR);
        keep = wait = false;
        break;
    }
    span->otel_ = NULL;
    if (!keep || !wait) return keep;
    OTEL_SHORT_(otel_span_record_, otel_span_record_slow_)(span, otel);
    for (i = 0; p[i]; i++) {
        if (p[i]->after) (p[i]->after)(p[i]);
    }
    return false;
}
#endif
OTEL_C_END_
#endif
#endif
