/* Spans: started and ended by a block, by a pair of calls, or by hand. A span is its own wire form: what is set on it is
   encoded at once behind its head, and `end` copies head and fields into the ring.
   Specification: trace/api.md, "Span"; opentelemetry/proto/trace/v1/trace.proto. */
#ifndef OTEL_SPAN_H
#define OTEL_SPAN_H
#include "compiler.h"
#include "context.h"
#include "instance.h"
#include "pairs.h"
#include "sampler.h"
#include "scope.h"
#include "tracestate.h"

typedef enum { OTEL_INTERNAL = 1, OTEL_SERVER, OTEL_CLIENT, OTEL_PRODUCER, OTEL_CONSUMER } otel_kind_t;       /* Span.SpanKind */
typedef enum { OTEL_STATUS_UNSET, OTEL_STATUS_OK, OTEL_STATUS_ERROR } otel_status_t;                           /* Status.StatusCode */

/* Another span that this one has to do with. */
typedef struct otel_link_t {
    otel_context_t context;
    const otel_attr_t *attributes;        /* attributes_len of them */
    size_t attributes_len;
} otel_link_t;

/* The options, as the field behind the name knows them: an option without a name is no such function. If an error led you here,
   write .kind = OTEL_CLIENT where OTEL_CLIENT stands. Private. */
struct otel_each_option_has_its_name_as_in_dot_kind_equals_;

/* What may be said at the start. The order of the fields is API. */
typedef struct otel_span_options_t {
    const char *name OTEL_Z_;                     /* UTF-8; a pointer that lives until the end of the span */
    void (*more_)(struct otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *options) OTEL_Z_;     /* private: what serves attributes, links, start */
    otel_kind_t kind OTEL_Z_;                     /* (default: OTEL_INTERNAL) */
    const otel_context_t *parent OTEL_Z_;         /* (default: the current span); an invalid one makes a root */
    const otel_attr_t *attributes OTEL_Z_;        /* attributes_len of them; samplers see these */
    size_t attributes_len OTEL_Z_;
    const otel_link_t *links OTEL_Z_;             /* links_len of them */
    size_t links_len OTEL_Z_;
    uint64_t start_ns OTEL_Z_;                    /* Unix nanoseconds (default: now) */
    size_t bytes OTEL_Z_;                         /* of the memory at the span (default: sizeof(otel_span_t)) */
    const otel_scope_t *scope OTEL_Z_;            /* (default: OTEL_FILE_SCOPE) */
    otel_t *otel OTEL_Z_;                         /* (default: the scope's, else the default instance) */
    void (*adopt_)(struct otel_span_t *span, const otel_context_t *parent) OTEL_Z_;               /* private: and .parent */
} otel_span_options_t;

#if UINTPTR_MAX > 0xFFFFu
#define OTEL_SPAN_INLINE_ 64      /* part of the type, so the same in every file */
#else
#define OTEL_SPAN_INLINE_ 32
#endif
#define OTEL_SPAN_HEAD_ 68        /* mark, length, ids, times, flags, kind, parent */
#define OTEL_SPAN_TAIL_ 24        /* status code, dropped counts, the name's tag, filling: written at the end */
#define OTEL_NAME_MAX_ 1024u      /* bytes of a name */

/* A span. It does not move between start and end; all fields are private. An array of OTEL_SPANS(n) has room for n bytes
   of attributes, events and links. */
typedef struct otel_span_t {
    otel_t *otel_;                /* NULL: not started, ended, or no instance */
    struct otel_span_t *up_;      /* the span that was current before */
    const char *name_;
    const char *tracestate_;
    const char *baggage_;
    const struct otel_context_value_t *values_;
    uint64_t offset_;             /* wall time minus the clock, the same for all times of this span */
    size_t room_, used_;          /* bytes from the head on */
    uintptr_t keys_[OTEL_KEY_BITS_ / (8u * sizeof(uintptr_t))];   /* a bit for each key that was set, so that most new keys are known to be new at once */
    uint16_t attributes_, events_, links_;
    uint8_t state_;               /* OTEL_SPAN_.._ bits */
    uint8_t mark_;                /* of the record: scope and whether its times are relative */
    uint16_t lost_attributes_, lost_events_, lost_links_;
    uint8_t status_, named_;      /* (renamed) with the three before: eight bytes that are mostly zero, looked at together */
    uint8_t flags_;               /* trace flags */
    uint8_t name_len_;            /* plus one; 0: not known */
    uint8_t aligned_[2];          /* the head begins on a word, where the target has words */
    uint8_t head_[OTEL_SPAN_HEAD_];
    uint8_t scratch_[OTEL_SPAN_INLINE_ + OTEL_SPAN_TAIL_];
} otel_span_t;

/* How many otel_span_t hold a span with `bytes` of scratch. */
#define OTEL_SPANS(bytes) ((offsetof(otel_span_t, scratch_) + OTEL_SPAN_TAIL_ + (bytes) + sizeof(otel_span_t) - 1) / sizeof(otel_span_t))

OTEL_C_BEGIN_
/* Start a span in memory that the caller owns and that does not move; it gives `span` back. A span that is not sampled
   records nothing and still passes its context on. Safe in interrupts and signal handlers (a scope's first use is not). */
OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options);

/* End a span now, or at `end_ns` (Unix nanoseconds). Twice is nothing; so is NULL. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_span_end(otel_span_t *span);
OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns);

/* Make a span the current one of this thread or task, and take it back. OTEL_SPAN blocks do both by themselves. Leave
   before the span's memory goes; out of order takes it out of the chain. */
OTEL_API_ void otel_span_enter(otel_span_t *span);
OTEL_API_ void otel_span_leave(otel_span_t *span);
/* After longjmp, which ends no block: what otel_span_current gave before setjmp (NULL: none) is current again. The spans above it are
   forgotten and not recorded; their memory may be gone. Of the calling thread, and of the default instance. */
OTEL_API_ void otel_span_unwind(otel_span_t *to);

/* The innermost span that is current here; NULL when there is none. */
OTEL_API_ otel_span_t *otel_span_current(void);

/* The span's context, by value; all zero for NULL. A span that is not recording has one too. */
OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span);

/* Say whether what is set on the span goes anywhere: guards what is expensive to compute. */
OTEL_FN_ bool otel_is_recording(const otel_span_t *span);

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name, const otel_span_options_t *options);
OTEL_API_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ void otel_span_tracestate_(otel_span_t *span);
OTEL_API_ void otel_span_more_(otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *options);
OTEL_FN_ bool otel_runs_(const otel_t *otel, const otel_scope_t *scope);
OTEL_FN_ void otel_span_cleanup_(otel_span_t **span)
{
    if (!OTEL_ASKS_FIRST_ || (*span && (*span)->otel_)) otel_span_end(*span);
}

#define OTEL_START_CURRENT_ 0x80u     /* enter it */
#define OTEL_START_BY_VALUE_ 0x100u   /* it will be entered by value */
/* In one number: the bytes of the span's memory, how it starts, and the length of its name plus one (0: not known). */
#define OTEL_START_WORD_(bytes, how, known) \
    (((uint32_t)((bytes) < sizeof(otel_span_t) ? sizeof(otel_span_t) : (bytes)) & 0x3FFFFFu) << 9 | (uint32_t)(how) | ((known) < 128u ? (uint32_t)(known) : 0u))
OTEL_INLINE_ const char *otel_name_or_empty_(const char *name) { return name ? name : ""; }

#define OTEL_SPAN_NOTHING_ 32u        /* in state_, alone: nothing but this and otel_ is set */
/* Not running, and nothing came in: what is asked of such a span says no, whatever else is in its memory. */
OTEL_INLINE_ otel_span_t *otel_span_off_(otel_span_t *span)
{
    span->otel_ = NULL;
    span->state_ = OTEL_SPAN_NOTHING_;
    return span;
}

OTEL_INLINE_ otel_span_t *otel_span_start_one_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name)
{
    if (OTEL_ASKS_FIRST_ && span && !otel_runs_(NULL, scope)) return otel_span_off_(span);
    return otel_span_start_in_(span, form, scope, otel_name_or_empty_(name), NULL);
}

/* What an option needs comes in with the option. */
OTEL_INLINE_ otel_span_t *otel_span_start_by_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, otel_span_options_t options)
{
    const char *name = otel_name_or_empty_(options.name);
    const otel_scope_t *by;
    const otel_t *otel = options.otel;
    const bool alone = span && !options.parent;   /* looked at before anything atomic, over which compilers forget the options */
    if (options.bytes) form = OTEL_START_WORD_(options.bytes, 0u, 0u) | (form & 0x1FFu);
    options.scope = otel_scope_by_(options.scope);
    by = options.scope ? options.scope : scope;
    options.adopt_ = OTEL_ENABLED && options.parent ? otel_span_adopt_ : NULL;
    options.more_ = OTEL_ENABLED && (options.attributes_len || options.links_len || options.start_ns) ? otel_span_more_ : NULL;
    if (OTEL_ASKS_FIRST_ && alone && !otel_runs_(otel, by)) return otel_span_off_(span);
#if OTEL_ASKS_FIRST_
    {
        const otel_span_options_t written = options;  /* they are in memory only where somebody reads them there */
        return otel_span_start_in_(span, form, scope, name, &written);
    }
#else
    return otel_span_start_in_(span, form, scope, name, &options);
#endif
}
OTEL_C_END_

#define OTEL_FLAG_LATE_ 0x40u     /* in flags_: whether the span is kept is asked at its end */
#define OTEL_FLAG_ERRORS_ 0x20u   /* and it is when its status is an error */
#define OTEL_FLAG_ENDING_ 0x10u   /* its end time stands */
#define OTEL_SPAN_RECORDING_ 1u
#define OTEL_SPAN_CURRENT_ 2u     /* entered */
#define OTEL_SPAN_RELATIVE_ 4u    /* times count from boot: the exporter puts them right */
#define OTEL_SPAN_PARENT_ 8u      /* has a parent id */
#define OTEL_SPAN_STATUS_ 16u     /* the status stands in the scratch, with its message */
#define OTEL_SPAN_BY_VALUE_ 64u   /* entered as a copy of its context (no cleanup attribute) */
#define OTEL_SPAN_REMOTE_ 128u    /* the parent came over a wire */

/* otel_span_start(&s, "ota.download", .kind = OTEL_CLIENT): a pair with otel_span_end; not current by itself.
   One otel_span_t has room for two or three attributes. For more: otel_span_t s[OTEL_SPANS(256)] and .bytes = sizeof s. */
#define otel_span_start(span, ...) OTEL_START_AT_((span), sizeof *(span), 0u, __VA_ARGS__)

/* OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) { ... }
   A block that is a span and makes it current. It ends on fall-through, return, goto, break and continue; the last two
   leave this block, not a loop around it. longjmp does not end it: otel_span_unwind. `span` is an
   otel_span_t * inside. Nested blocks take different names.

   Expansion: a for loop that runs once; its first variable is the memory, the second ends the span when it goes out of
   scope, the third is the name that you chose. */
#define OTEL_SPAN(...) OTEL_CAT_(OTEL_SPAN_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_SPAN_more_(span, ...) OTEL_SPAN_SIZED(span, OTEL_SPAN_BYTES, __VA_ARGS__)
/* If an error led you here: the first argument is a variable of your choice, without quotes, then comes the span's name. */
#define OTEL_SPAN_one_(...) for (; OTEL_a_span_needs_a_variable_and_a_name;)
#define OTEL_SPAN_HERE_one_(...) (void)OTEL_a_span_needs_a_variable_and_a_name
#define OTEL_START_(mem, how, ...) OTEL_START_AT_((mem), sizeof (mem), (how), __VA_ARGS__)
/* A name alone goes as an argument; options stand in one literal, of which the compiler keeps what is used. */
#define OTEL_START_AT_(at, bytes, how, ...) OTEL_CAT_(OTEL_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(at, bytes, how, __VA_ARGS__)
#define OTEL_START_one_(at, bytes, how, name) otel_span_start_one_((at), OTEL_START_WORD_(bytes, how, OTEL_KNOWN_(name)), otel_scope_by_(OTEL_FILE_SCOPE), (name))
#define OTEL_START_more_(at, bytes, how, ...) \
    otel_span_start_by_((at), OTEL_START_WORD_(bytes, how, 0u), otel_scope_by_(OTEL_FILE_SCOPE), OTEL_LITERAL_(otel_span_options_t){ .name = __VA_ARGS__ })


#if OTEL_CLEANUP_
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS(bytes)], *span##_end_ OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
         OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_CURRENT_, __VA_ARGS__), *span = otel_memory_of_the_variable_##span; span; span = NULL)
/* To the closing brace: for whole functions, and loops with break. */
#  define OTEL_SPAN_HERE(...) OTEL_CAT_(OTEL_SPAN_HERE_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#  define OTEL_SPAN_HERE_more_(span, ...) \
    otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS(OTEL_SPAN_BYTES)], *span OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
        (OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span)
#elif defined(__cplusplus)
template <unsigned n> struct OTEL_NAME_(otel_guard_) {
    otel_span_t mem[n];
    otel_span_t *live;
    OTEL_NAME_(otel_guard_)() : live(mem) { mem->otel_ = NULL; }      /* not started yet, should an option throw */
    ~OTEL_NAME_(otel_guard_)() { otel_span_end(mem); }
    OTEL_NAME_(otel_guard_)(const OTEL_NAME_(otel_guard_) &) = delete;
    OTEL_NAME_(otel_guard_) &operator=(const OTEL_NAME_(otel_guard_) &) = delete;
};
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (OTEL_NAME_(otel_guard_)<OTEL_SPANS(bytes)> otel_memory_of_the_variable_##span; otel_memory_of_the_variable_##span.live; otel_memory_of_the_variable_##span.live = NULL) \
        for (otel_span_t *span = (OTEL_START_(otel_memory_of_the_variable_##span.mem, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span.mem); span; span = NULL)
#  define OTEL_SPAN_HERE(...) OTEL_CAT_(OTEL_SPAN_HERE_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#  define OTEL_SPAN_HERE_more_(span, ...) \
    OTEL_NAME_(otel_guard_)<OTEL_SPANS(OTEL_SPAN_BYTES)> otel_memory_of_the_variable_##span; \
    otel_span_t *const span = (OTEL_START_(otel_memory_of_the_variable_##span.mem, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span.mem); \
    (void)span
#else  /* C without cleanup: fall-through and continue end it; leave with OTEL_SPAN_RETURN. OTEL_SPAN_HERE does not exist. */
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS((bytes) + sizeof(otel_current_t))], *span = (OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_BY_VALUE_, __VA_ARGS__), otel_span_enter(otel_memory_of_the_variable_##span), otel_memory_of_the_variable_##span); \
         span; otel_span_end(span), span = NULL)
#endif

/* OTEL_SPAN_RETURN(span, value): end the span and return the value, which is evaluated after the end; in a void function
   OTEL_SPAN_RETURN(span, ). Needed only where there is no cleanup attribute, fine everywhere. */
#define OTEL_SPAN_RETURN(span, ...) do { otel_span_end(span); return __VA_ARGS__; } while (0)

/*== implementation ==*/
OTEL_C_BEGIN_
/* Where things stand in the head. */
#define OTEL_HEAD_TRACE_ 6        /* Span.trace_id = 1 */
#define OTEL_HEAD_SPAN_ 24        /* Span.span_id = 2 */
#define OTEL_HEAD_START_ 33       /* Span.start_time_unix_nano = 7, fixed64 */
#define OTEL_HEAD_END_ 42         /* Span.end_time_unix_nano = 8, fixed64 */
#define OTEL_HEAD_FLAGS_ 52       /* Span.flags = 16, fixed32 */
#define OTEL_HEAD_KIND_ 57        /* Span.kind = 6 */
#define OTEL_HEAD_ROOT_ 58        /* so long without a parent */
#define OTEL_HEAD_PARENT_ 60      /* Span.parent_span_id = 4 */

#define OTEL_MARK_ 0x12u          /* tag of ScopeSpans.spans and ScopeLogs.log_records; also the mark of scope 0 with absolute times */
#define OTEL_FIELD_STATUS_ 0x7Au      /* Span.status = 15 */
#define OTEL_FIELD_NAME_ 0x2Au        /* Span.name = 5 */

#if OTEL_LIMITS
#define OTEL_COUNT_LIMIT_ 128u    /* attributes, events and links of one span (specification: trace/sdk.md, "Span Limits") */
#else
#define OTEL_COUNT_LIMIT_ 0xFFFFu
#endif

/* What stands in a mark: the scope's number and whether times are relative. */
OTEL_FN_ uint8_t otel_mark_(unsigned scope, bool relative) { return (uint8_t)(OTEL_MARK_ ^ (scope << 1 | (relative ? 1u : 0u))); }

OTEL_FN_ bool otel_is_recording(const otel_span_t *span)
{
#if OTEL_ENABLED && OTEL_TRACES
    return span && (span->state_ & OTEL_SPAN_RECORDING_) != 0;
#else
    (void)span;
    return false;
#endif
}

/* Head and fields are one run of bytes, reached by offset because the span's memory may be longer than its type. Without
   a parent the fields begin where its id would stand. */
OTEL_FN_ uint8_t *otel_span_bytes_(otel_span_t *span) { return (uint8_t *)span + offsetof(otel_span_t, head_); }
OTEL_FN_ size_t otel_span_fields_(const otel_span_t *span) { return span->state_ & OTEL_SPAN_PARENT_ ? OTEL_SPAN_HEAD_ : OTEL_HEAD_ROOT_; }
#if OTEL_BODIES_
#if OTEL_ENABLED && OTEL_TRACES
#define OTEL_TRACES_OFF_(answer)
#else
#define OTEL_TRACES_OFF_(answer) answer;
#endif

OTEL_FN_ void otel_count16_(uint16_t *count)
{
    if (*count != 0xFFFFu) ++*count;
}

/* Whether there are ids and what goes along with them. */
OTEL_FN_ bool otel_span_carries_(const otel_span_t *span) { return span && !(span->state_ & OTEL_SPAN_NOTHING_); }

OTEL_FN_ void otel_span_context_to_(const otel_span_t *span, otel_context_t *c)
{
    memcpy(c->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(c->span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
    c->flags = (uint8_t)(span->flags_ & ~(OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_ | OTEL_FLAG_ENDING_));
    c->remote = false;
    c->tracestate = span->tracestate_;
    c->baggage = span->baggage_;
    c->values = span->values_;
}

OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span)
{
    otel_context_t c;
    memset(&c, 0, sizeof c);
    OTEL_TRACES_OFF_((void)span; return c)
    if (otel_span_carries_(span)) otel_span_context_to_(span, &c);
    return c;
}

OTEL_API_ otel_span_t *otel_span_current(void)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_(return NULL)
    if (!otel_default_()) return NULL;
    slot = otel_current_(otel_default_());
    return slot ? slot->span : NULL;
}

/* Who enters by value finds what was there before again, where that can be: firmware has one compiler, which has the attribute or not. */
#define OTEL_KEEPS_SLOT_ (OTEL_HOSTED_ || !OTEL_CLEANUP_)

OTEL_API_ void otel_span_enter(otel_span_t *span)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {
        if (OTEL_KEEPS_SLOT_ && span->up_) memcpy((void *)span->up_, slot, sizeof *slot);
        otel_span_context_to_(span, &slot->context);
        slot->adopt_ = otel_context_valid(&slot->context) ? otel_span_adopt_ : NULL;
        slot->span = NULL;
    } else {
        span->up_ = slot->span;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span or the one before */
        slot->span = span;
    }
    span->state_ |= OTEL_SPAN_CURRENT_;
}

OTEL_API_ void otel_span_leave(otel_span_t *span)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || !(span->state_ & OTEL_SPAN_CURRENT_)) return;
    span->state_ &= (uint8_t)~OTEL_SPAN_CURRENT_;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (OTEL_KEEPS_SLOT_ && (span->state_ & OTEL_SPAN_BY_VALUE_) && span->up_) {
        memcpy((void *)slot, span->up_, sizeof *slot);
        span->up_ = NULL;
    } else if (span->state_ & OTEL_SPAN_BY_VALUE_) {          /* back to the parent, as far as this span knows it */
        memset(&slot->context, 0, sizeof slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) {
            slot->adopt_ = NULL;
        } else {
            memcpy(slot->context.trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
            memcpy(slot->context.span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
            slot->context.flags = span->flags_;
        }
    } else if (slot->span == span) {
        slot->span = span->up_;
    } else {                                                  /* out of order: out of the chain */
        otel_span_t *s = slot->span;
        while (s && s->up_ != span) s = s->up_;
        if (s) s->up_ = span->up_;
    }
}

OTEL_API_ void otel_span_unwind(otel_span_t *to)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)to; (void)slot; return)
    slot = otel_default_() ? otel_current_(otel_default_()) : NULL;
    if (slot) slot->span = to;
}

/* Span.trace_state = 3 and Link.trace_state = 3: what came in, as it is sent on. The number of bytes; 0: none, or no room. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context);
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context)
{
    const size_t head = 1u + OTEL_LENGTH_BYTES_;
    size_t n;
    if (room < head + 4u) return 0;
    n = otel_tracestate(context, (char *)to + head, room - head);
    if (n == 0 || to[head] == 0) return 0;
    *to = 0x1A;
    otel_put_length_(to + 1, (uint32_t)n);
    return head + n;
}

OTEL_API_ void otel_span_tracestate_(otel_span_t *span)
{
    otel_context_t context = otel_span_context(span);
    span->used_ += otel_state_write_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, &context);
}

/* Take ids, flags and what is passed on from a context: one that was given, or one that a block without cleanup left. */
OTEL_API_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent)
{
    span->baggage_ = parent->baggage;
    span->values_ = parent->values;
    if (!otel_context_valid(parent)) return;
    memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
    memcpy(span->head_ + OTEL_HEAD_PARENT_, parent->span_id, 8);
    span->flags_ = (uint8_t)(parent->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM | OTEL_FLAG_DEBUG));
    span->tracestate_ = parent->tracestate;
    if (parent->tracestate) OTEL_STORE_(&span->otel_->write_state_, &otel_span_tracestate_);
    span->state_ |= OTEL_SPAN_PARENT_;
    if (parent->remote) span->state_ |= OTEL_SPAN_REMOTE_;
}

/* Ids and flags, from the parent (the one that was given, else the current span) or new. */
OTEL_FN_ void otel_span_inherit_(otel_span_t *span, otel_t *otel, const otel_current_t *slot, const otel_span_options_t *options)
{
    otel_shard_t *shard = otel_shard_(otel);
    otel_ids_t *ids = &shard->ids;
    const bool own = shard != &otel->shard_;
    const otel_context_t *given = options ? options->parent : NULL;
    const otel_span_t *up = slot && !given ? slot->span : NULL;
    if (OTEL_LIKELY_(up != NULL)) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, up->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, up->head_ + OTEL_HEAD_SPAN_, 8);
        span->flags_ = up->flags_;
        span->tracestate_ = up->tracestate_;
        span->baggage_ = up->baggage_;
        span->values_ = up->values_;
        span->state_ = OTEL_SPAN_PARENT_;
    } else {
        span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        span->tracestate_ = span->baggage_ = NULL;
        span->values_ = NULL;
        if (given) (options->adopt_)(span, given);
        else if (slot && slot->adopt_) (slot->adopt_)(span, &slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) otel_id_make_by_(ids, span->head_ + OTEL_HEAD_TRACE_, 4, own);
    }
    OTEL_HOT_(otel_id_make_here_, otel_id_make_by_)(ids, span->head_ + OTEL_HEAD_SPAN_, 2, own);
}

/* Not running: nothing is recorded; a context that came in still passes through. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent)
{
    memset((void *)span, 0, offsetof(otel_span_t, scratch_));
    if (parent) {
        span->tracestate_ = parent->tracestate;
        span->baggage_ = parent->baggage;
        span->values_ = parent->values;
        memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
        memcpy(span->head_ + OTEL_HEAD_SPAN_, parent->span_id, 8);
        span->flags_ = parent->flags;
    }
    return span;
}

/* The constant bytes of the head, the flags and the start time. */
OTEL_FN_ void otel_span_head_(otel_span_t *span, otel_t *otel, unsigned scope)
{
    uint8_t *h = span->head_;
    uint64_t now = otel_clock_now_(&otel->clock_);
    span->mark_ = (uint8_t)(OTEL_MARK_ ^ scope << 1);
    if (OTEL_UNLIKELY_(!otel_clock_offset_(&otel->clock_, &span->offset_))) {
        span->state_ |= OTEL_SPAN_RELATIVE_;
        span->mark_ ^= 1u;
    }
    h[4] = 0x0A;
    h[5] = 16;
    h[22] = 0x12;
    h[23] = 8;
    h[32] = 0x39;
    otel_put64_(h + OTEL_HEAD_START_, now + span->offset_);
    h[41] = 0x41;
    h[50] = 0x85;
    h[51] = 0x01;
    otel_put32_(h + OTEL_HEAD_FLAGS_, (span->flags_ & 3u) | 0x100u | (span->state_ & OTEL_SPAN_REMOTE_ ? 0x200u : 0u));   /* has_is_remote, is_remote: of the parent */
    h[56] = 0x30;
    h[OTEL_HEAD_KIND_] = OTEL_INTERNAL;
    span->used_ = OTEL_HEAD_ROOT_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        h[58] = 0x22;
        h[59] = 8;
        span->used_ = OTEL_SPAN_HEAD_;
    }
}

/* Record: the head, and what the options say. */
OTEL_INLINE_ void otel_span_open_here_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    span->state_ |= OTEL_SPAN_RECORDING_;
    otel_span_head_(span, otel, otel_scope_enter_(otel, scope));
    if (OTEL_UNLIKELY_(span->tracestate_ != NULL) && OTEL_LOAD_(&otel->write_state_)) (OTEL_LOAD_(&otel->write_state_))(span);
    if (OTEL_UNLIKELY_(options != NULL)) {
        if (options->kind > 0 && options->kind <= OTEL_CONSUMER) span->head_[OTEL_HEAD_KIND_] = (uint8_t)options->kind;
        if (options->more_) (options->more_)(span, (const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *)(const void *)options);
    }
}

OTEL_API_ void otel_span_open_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ void otel_span_open_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    otel_span_open_here_(span, otel, scope, options);
}

/* Where the slot's former content goes while this span stands in it by value: behind the place of its end. */
OTEL_FN_ void otel_span_keep_slot_(otel_span_t *span)
{
    if (!OTEL_KEEPS_SLOT_ || span->room_ < span->used_ + sizeof(otel_current_t)) return;
    span->room_ -= sizeof(otel_current_t);
    span->up_ = (otel_span_t *)(void *)(otel_span_bytes_(span) + span->room_ + OTEL_SPAN_TAIL_);
}

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name, const otel_span_options_t *options)
{
    otel_t *otel;
    otel_current_t *slot;
    size_t bytes = (size_t)(form >> 8) >> 1;                  /* in two steps: 8-bit cores shift by one bit at a time */
    OTEL_TRACES_OFF_((void)span; (void)form; (void)scope; (void)name; (void)options; return NULL)
    if (!span) return NULL;
    otel = otel_default_();
    if (OTEL_UNLIKELY_(options != NULL) && options->scope) scope = options->scope;
    if (OTEL_UNLIKELY_(scope != NULL) && scope->otel) otel = scope->otel;
    if (OTEL_UNLIKELY_(options != NULL) && options->otel) otel = options->otel;
    if (OTEL_UNLIKELY_(!otel_running_(otel))) return otel_span_idle_(span, options ? options->parent : NULL);
    memset((void *)span->keys_, 0, offsetof(otel_span_t, name_len_) - offsetof(otel_span_t, keys_));
    span->otel_ = otel;
    span->up_ = NULL;
    span->name_ = name;
    span->name_len_ = (uint8_t)(form & 0x7Fu);
    span->room_ = bytes - offsetof(otel_span_t, head_) - OTEL_SPAN_TAIL_;
    slot = otel_current_(otel);
    otel_span_inherit_(span, otel, slot, options);
    if (OTEL_UNLIKELY_(otel->config_.sampler.begin_ != NULL)) {      /* sampling.h */
        (otel->config_.sampler.begin_)(span, otel, scope, options);
        if (!span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return span;         /* a processor ended or entered it */
    } else {                                                  /* parent based, roots always on */
        if (!(span->state_ & OTEL_SPAN_PARENT_)) span->flags_ |= OTEL_FLAG_SAMPLED;
        if (OTEL_LIKELY_(span->flags_ & OTEL_FLAG_SAMPLED)) OTEL_HOT_(otel_span_open_here_, otel_span_open_)(span, otel, scope, options);
    }
    if (OTEL_LIKELY_(form & OTEL_START_CURRENT_) && slot) {
        span->up_ = slot->span;
        span->state_ |= OTEL_SPAN_CURRENT_;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span, or the one before */
        slot->span = span;
    } else if (OTEL_UNLIKELY_(form & OTEL_START_BY_VALUE_)) {
        span->state_ |= OTEL_SPAN_BY_VALUE_;
        otel_span_keep_slot_(span);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options)
{
    OTEL_TRACES_OFF_((void)span; (void)options; return NULL)
    if (!options) return span;
    return otel_span_start_by_(span, OTEL_START_WORD_(sizeof(otel_span_t), 0u, 0u), NULL, *options);
}

/* Copy a name behind the fields; it fits. */
OTEL_FN_ void otel_span_put_name_(otel_span_t *span, const char *name, size_t n)
{
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    *p = OTEL_FIELD_NAME_;
    p = otel_put_text_(otel_put_len_(p + 1, n), name, n);
    span->used_ = (size_t)(p - otel_span_bytes_(span));
}

/* What stands behind the fields of few spans: status without a message, counts of what did not fit, the beginning of a long
   name; and what fills the record up to whole words where no name does. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_rare_(const otel_span_t *span, uint8_t *t, size_t name_len);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_rare_(const otel_span_t *span, uint8_t *t, size_t name_len)
{
    const uint8_t *begin = (const uint8_t *)span + offsetof(otel_span_t, head_);
    size_t n;
    if (span->status_ && !(span->state_ & OTEL_SPAN_STATUS_)) {
        *t++ = OTEL_FIELD_STATUS_;
        *t++ = 2;
        *t++ = 0x18;                                          /* Status.code = 3 */
        *t++ = span->status_;
    }
    if (span->lost_events_) {
        *t = 0x60;                                            /* Span.dropped_events_count = 12 */
        t = otel_put_varint_(t + 1, span->lost_events_);
    }
    if (span->lost_links_) {
        *t = 0x70;                                            /* Span.dropped_links_count = 14 */
        t = otel_put_varint_(t + 1, span->lost_links_);
    }
    n = (size_t)(t - begin) + name_len + 1u + otel_varint_size_(span->lost_attributes_);
    if (span->lost_attributes_ || (name_len == 0 && ((size_t)(t - begin) & 3u))) {
        *t = 0x50;                                            /* Span.dropped_attributes_count = 10; 0 only fills */
        t = otel_put_drawn_(t + 1, span->lost_attributes_, otel_varint_size_(span->lost_attributes_) + (name_len ? 0u : otel_fill_(n)));
    }
    if (name_len) {
        unsigned bytes = otel_len_size_(name_len);
        *t = OTEL_FIELD_NAME_;
        t = otel_put_drawn_(t + 1, (uint32_t)name_len, bytes + otel_fill_((size_t)(t - begin) + 1u + bytes + name_len));
    }
    return t;
}

/* A name that does not fit behind the fields goes out from where it stands: how many bytes. One that is no good UTF-8 is
   copied in any case, as much as fits. */
OTEL_FN_ size_t otel_span_long_name_(otel_span_t *span)
{
    size_t n = otel_len_(span->name_), room = span->room_ - span->used_;
    bool good = !OTEL_LIMITS || otel_utf8_valid(span->name_, n);
    size_t most = good || room > OTEL_NAME_MAX_ + 4u ? OTEL_NAME_MAX_ : room > 4u ? room - 4u : 0;
    if (n > most) {
        n = otel_utf8_cut_(span->name_, n, most);
        otel_count16_(&span->lost_attributes_);
    }
    if (!good) span->named_ = 1;                              /* and now it is */
    return n;
}

/* Whether one of the eight bytes is set that mostly are not. */
OTEL_INLINE_ bool otel_span_has_rare_(const otel_span_t *span)
{
#if SIZE_MAX > 0xFFFFu
    uint64_t rare;
    memcpy(&rare, (const uint8_t *)span + offsetof(otel_span_t, lost_attributes_), sizeof rare);
    return rare != 0;
#else
    return (span->lost_attributes_ | span->lost_events_ | span->lost_links_ | span->status_ | span->named_) != 0;
#endif
}

/* The name as it stands fits behind the fields and nothing else has to: the end of the record. NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_span_close_(otel_span_t *span)
{
    size_t used = span->used_, n = span->name_len_;
    uint8_t *p = otel_span_bytes_(span) + used;
    unsigned fill;
    bool rare;
    if (OTEL_LIKELY_(n)) {
        n--;
    } else {
        n = otel_len_(span->name_);
        if (n > 127u) return NULL;
    }
    fill = otel_fill_(used + n + 2u);
    rare = otel_span_has_rare_(span);
    if (OTEL_UNLIKELY_(rare || n + 5u > span->room_ - used)) return NULL;
    p[0] = OTEL_FIELD_NAME_;
    otel_put_filled_(p + 1, (uint32_t)n, fill);
    p += 2u + fill;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p, span->name_, n)) && OTEL_LIMITS) otel_mend_text_(p, n);
    return p + n;
}

/* The end of a record with all that is rare; how much of the name goes along from where it stands in *name_len. */
OTEL_INLINE_ uint8_t *otel_span_seal_(otel_span_t *span, size_t *name_len)
{
    *name_len = 0;
    if (!span->named_) {
        *name_len = otel_span_long_name_(span);
        if (OTEL_UNLIKELY_(span->named_)) {
            otel_span_put_name_(span, span->name_, *name_len);
            *name_len = 0;
        }
    }
    return otel_span_rare_(span, otel_span_bytes_(span) + span->used_, *name_len);
}

/* One record: head and fields as they stand, what is known only now behind them, up to `end`, then the name. */
OTEL_INLINE_ void otel_span_sealed_(otel_span_t *span, otel_t *otel, const uint8_t *end, size_t name_len)
{
    uint8_t *begin = otel_span_bytes_(span);
    size_t all = (size_t)(end - begin) + name_len - 1u - OTEL_LENGTH_BYTES_;
    if (otel_too_long_(all)) {
        otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    otel_put_head_(begin, span->mark_, all);
    (void)otel_record_(otel, OTEL_SPANS_, begin, (size_t)(end - begin), span->name_, name_len);
}

OTEL_API_ OTEL_NOINLINE_ void otel_span_record_slow_(otel_span_t *span, otel_t *otel);
OTEL_API_ OTEL_NOINLINE_ void otel_span_record_slow_(otel_span_t *span, otel_t *otel)
{
    size_t name_len;
    const uint8_t *end = otel_span_seal_(span, &name_len);
    otel_span_sealed_(span, otel, end, name_len);
}

/* Most spans have nothing rare. */
OTEL_INLINE_ void otel_span_record_fast_(otel_span_t *span, otel_t *otel)
{
    uint8_t *begin = otel_span_bytes_(span), *end = otel_span_close_(span);
    size_t all = (size_t)(end - begin);
    if (OTEL_UNLIKELY_(!end || otel_too_long_(all))) {
        otel_span_record_slow_(span, otel);
        return;
    }
    otel_put_head_(begin, span->mark_, all - 1u - OTEL_LENGTH_BYTES_);
    (void)otel_record_one_(otel, OTEL_SPANS_, begin, all);
}

/* Both ways in one frame: stack is short where one builds for size. */
OTEL_INLINE_ void otel_span_record_small_(otel_span_t *span, otel_t *otel)
{
    size_t name_len = 0;
    const uint8_t *end = otel_span_close_(span);
    if (!end) end = otel_span_seal_(span, &name_len);
    otel_span_sealed_(span, otel, end, name_len);
}

OTEL_INLINE_ void otel_span_record_(otel_span_t *span, otel_t *otel) { OTEL_SHORT_(otel_span_record_fast_, otel_span_record_small_)(span, otel); }

/* End time, and into the ring; the span records. */
OTEL_INLINE_ void otel_span_finish_(otel_span_t *span, otel_t *otel, uint64_t end_ns)
{
    unsigned state = span->state_, flags = span->flags_;
    uint64_t start = otel_get64_(span->head_ + OTEL_HEAD_START_);
    bool running = OTEL_LOAD_(&otel->live_) == 1;
    span->otel_ = NULL;
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns < start ? start : end_ns);
    if (OTEL_UNLIKELY_(flags & OTEL_FLAG_LATE_) && running && otel->config_.sampler.late_) {
        flags = (otel->config_.sampler.late_)(span, otel) ? OTEL_FLAG_SAMPLED : 0u;
        state = span->state_;
    }
    span->state_ = (uint8_t)(state & ~OTEL_SPAN_RECORDING_);
    if (OTEL_UNLIKELY_(!running)) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_SHUTDOWN);
    else if (OTEL_LIKELY_(flags & OTEL_FLAG_SAMPLED)) otel_span_record_(span, otel);
}
OTEL_API_ OTEL_NOINLINE_ void otel_span_finish_called_(otel_span_t *span, otel_t *otel);
OTEL_API_ OTEL_NOINLINE_ void otel_span_finish_called_(otel_span_t *span, otel_t *otel) { otel_span_finish_(span, otel, otel_get64_(span->head_ + OTEL_HEAD_END_)); }
/* The time waits in the span, so that it needs no place beside. */
OTEL_INLINE_ void otel_span_finish_small_(otel_span_t *span, otel_t *otel, uint64_t end_ns)
{
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns);
    otel_span_finish_called_(span, otel);
}

OTEL_API_ void otel_span_end(otel_span_t *span)
{
    otel_t *otel;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span) return;
    otel = span->otel_;
    if (!otel) return;
    if (span->state_ & OTEL_SPAN_CURRENT_) {
        otel_current_t *slot = otel_current_(otel);
        if (OTEL_LIKELY_(slot && slot->span == span)) slot->span = span->up_;
        else otel_span_leave(span);
    }
    if (OTEL_LIKELY_(span->state_ & OTEL_SPAN_RECORDING_)) OTEL_SHORT_(otel_span_finish_, otel_span_finish_small_)(span, otel, otel_clock_now_(&otel->clock_) + span->offset_);
    else span->otel_ = NULL;
}

/* The time of the end, which waits in the span; 0: now. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_end_time_(otel_span_t *span, uint64_t end_ns);
OTEL_API_ OTEL_NOINLINE_ void otel_span_end_time_(otel_span_t *span, uint64_t end_ns)
{
    if (!end_ns) end_ns = otel_clock_now_(&span->otel_->clock_) + span->offset_;
    else if (span->state_ & OTEL_SPAN_RELATIVE_) end_ns = otel_clock_from_unix_(&span->otel_->clock_, end_ns);
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns);
}

OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns)
{
    OTEL_TRACES_OFF_((void)span; (void)end_ns; return)
    if (!span || !span->otel_) return;
    if (span->state_ & OTEL_SPAN_RECORDING_) otel_span_end_time_(span, end_ns);
    otel_span_leave(span);
    if (span->state_ & OTEL_SPAN_RECORDING_) otel_span_finish_called_(span, span->otel_);
    else span->otel_ = NULL;
}
#endif
OTEL_C_END_
#endif
