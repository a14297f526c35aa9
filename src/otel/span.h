/* Spans: started and ended by a block, by a pair of calls, or by hand. A span is its own wire form: what is set on it is
   encoded at once behind its head, and `end` copies head and fields into the ring.
   Specification: trace/api.md, "Span"; opentelemetry/proto/trace/v1/trace.proto. */
#ifndef OTEL_SPAN_H
#define OTEL_SPAN_H
#include "compiler.h"
#include "attr.h"
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

/* What may be said at the start. The order of the fields is API. */
typedef struct otel_span_options_t {
    const char *name OTEL_Z_;                     /* UTF-8; a pointer that lives until the end of the span */
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
} otel_span_options_t;

#if UINTPTR_MAX > 0xFFFFu
#define OTEL_SPAN_INLINE_ 64      /* part of the type, so the same in every file */
#else
#define OTEL_SPAN_INLINE_ 32
#endif
#define OTEL_SPAN_HEAD_ 68        /* mark, length, ids, times, flags, kind, parent */
#define OTEL_SPAN_TAIL_ 24        /* status code, dropped counts, the name's tag: written at the end */
#define OTEL_NAME_MAX_ 1024u      /* bytes of a name */

/* A span. It does not move between start and end; all fields are private. An array of OTEL_SPANS(n) has room for n bytes
   of attributes, events and links. */
typedef struct otel_span_t {
    otel_t *otel_;                /* NULL: not started, ended, or no instance */
    struct otel_span_t *up_;      /* the span that was current before */
    const char *name_;
    const char *tracestate_;
    const char *baggage_;
    uint64_t offset_;             /* wall time minus the clock, the same for all times of this span */
    size_t room_, used_;          /* bytes from the head on */
    uintptr_t keys_;              /* a bit for each key that was set, so that most new keys are known to be new at once */
    uint16_t attributes_, events_, links_;
    uint16_t lost_attributes_, lost_events_, lost_links_;
    uint8_t state_;               /* OTEL_SPAN_.._ bits */
    uint8_t status_;
    uint8_t scope_;
    uint8_t flags_;               /* trace flags */
    uint8_t name_len_;            /* plus one; 0: not known */
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

/* The innermost span that is current here; NULL when there is none. */
OTEL_API_ otel_span_t *otel_span_current(void);

/* The span's context, by value; all zero for NULL. A span that is not recording has one too. */
OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span);

/* Say whether what is set on the span goes anywhere: guards what is expensive to compute. */
OTEL_FN_ bool otel_is_recording(const otel_span_t *span);

/* Set `len` attributes; a key that is set again replaces the value. What does not fit is counted in the span. */
OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len);

/* Give the span another name; it is copied. Safe in interrupts. */
OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name);

/* Set the status. `message` (NULL: none) is copied and belongs to OTEL_STATUS_ERROR. OTEL_STATUS_OK is final. */
OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message);

/* Add a link to another span. An invalid context with no attributes is ignored. */
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len);

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, const char *name, unsigned how, const otel_span_options_t *options);
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, size_t key_len);
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t lengths);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value);
OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value);
/* NULL is asked for outside strlen: clang may evaluate what it asks to be constant, and its sanitizer sees that. */
OTEL_INLINE_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value) { return otel_set_number_(span, key, value, OTEL_KNOWN_(key ? key : "")); }
OTEL_INLINE_ otel_span_t *otel_set_u32_(otel_span_t *span, const char *key, uint32_t value)
{
    return value > 0x7FFFFFFFu ? otel_set_uint_(span, key, value) : otel_set_number_(span, key, (int32_t)value, OTEL_KNOWN_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    return otel_set_text_(span, key, value, (uint32_t)OTEL_KNOWN_(key ? key : "") | (uint32_t)OTEL_KNOWN_(value ? value : "") << 16);
}
OTEL_FN_ otel_span_t *otel_set_float_(otel_span_t *span, const char *key, float value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_long_double_(otel_span_t *span, const char *key, long double value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_any_(otel_span_t *span, const char *key, otel_value_t value) { return otel_set_(span, key, &value); }
OTEL_FN_ void otel_span_cleanup_(otel_span_t **span) { otel_span_end(*span); }
OTEL_C_END_

#define OTEL_SPAN_RECORDING_ 1u
#define OTEL_SPAN_CURRENT_ 2u     /* entered */
#define OTEL_SPAN_RELATIVE_ 4u    /* times count from boot: the exporter puts them right */
#define OTEL_SPAN_PARENT_ 8u      /* has a parent id */
#define OTEL_SPAN_STATUS_ 16u     /* the status stands in the scratch, with its message */
#define OTEL_SPAN_NAMED_ 32u      /* renamed: the name stands in the scratch */
#define OTEL_SPAN_BY_VALUE_ 64u   /* entered as a copy of its context (no cleanup attribute) */
#define OTEL_SPAN_REMOTE_ 128u    /* the parent came over a wire */

/* otel_span_start(&s, "ota.download", .kind = OTEL_CLIENT): a pair with otel_span_end; not current by itself. */
#define otel_span_start(span, ...) OTEL_START_AT_((span), sizeof *(span), 0u, __VA_ARGS__)

/* OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) { ... }
   A block that is a span and makes it current. It ends on fall-through, return, goto, break and continue; the last two
   leave this block, not a loop around it. `span` is an otel_span_t * inside. Nested blocks take different names.

   Expansion: a for loop that runs once; its first variable is the memory, the second ends the span when it goes out of
   scope, the third is the name that you chose. */
#define OTEL_SPAN(span, ...) OTEL_SPAN_SIZED(span, OTEL_SPAN_BYTES, __VA_ARGS__)
#define OTEL_START_(mem, how, ...) OTEL_START_AT_((mem), sizeof (mem), (how), __VA_ARGS__)
/* A name alone goes as an argument; with options they all stand in one literal. */
#define OTEL_START_AT_(at, bytes, how, ...) OTEL_CAT_(OTEL_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(at, bytes, how, __VA_ARGS__)
#define OTEL_START_one_(at, bytes, how, name) otel_span_start_in_((at), (bytes), OTEL_FILE_SCOPE, (name), (how) | (OTEL_KNOWN_(name) < 128u ? (unsigned)OTEL_KNOWN_(name) << 8 : 0u), NULL)
#define OTEL_START_more_(at, bytes, how, ...) \
    otel_span_start_in_((at), (bytes), OTEL_FILE_SCOPE, NULL, (how), OTEL_REF_(otel_span_options_t, .name = __VA_ARGS__))

#if OTEL_CLEANUP_
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span##_end_ OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
         OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), *span = span##_mem_; span; span = NULL)
/* To the closing brace: for whole functions, and loops with break. */
#  define OTEL_SPAN_HERE(span, ...) \
    otel_span_t span##_mem_[OTEL_SPANS(OTEL_SPAN_BYTES)], *span OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
        (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_mem_)
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
    for (OTEL_NAME_(otel_guard_)<OTEL_SPANS(bytes)> span##_guard_; span##_guard_.live; span##_guard_.live = NULL) \
        for (otel_span_t *span = (OTEL_START_(span##_guard_.mem, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_guard_.mem); span; span = NULL)
#  define OTEL_SPAN_HERE(span, ...) \
    OTEL_NAME_(otel_guard_)<OTEL_SPANS(OTEL_SPAN_BYTES)> span##_guard_; \
    otel_span_t *const span = (OTEL_START_(span##_guard_.mem, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_guard_.mem); \
    (void)span
#else  /* C without cleanup: fall-through and continue end it; leave with OTEL_SPAN_RETURN. OTEL_SPAN_HERE does not exist. */
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span = (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_ | OTEL_SPAN_BY_VALUE_, __VA_ARGS__), span##_mem_); \
         span; otel_span_end(span), span = NULL)
#endif

/* OTEL_SPAN_RETURN(span, value): end the span and return the value, which is evaluated after the end; in a void function
   OTEL_SPAN_RETURN(span, ). Needed only where there is no cleanup attribute, fine everywhere. */
#define OTEL_SPAN_RETURN(span, ...) do { otel_span_end(span); return __VA_ARGS__; } while (0)

/* otel_span_set(span, "sensor.id", id, "bus", "i2c1"): up to 8 pairs, each value typed by the compiler, encoded at once. */
#ifndef __cplusplus
#  define otel_span_set(...) OTEL_PAIRS_TO_CALLS_(__VA_ARGS__)
#  define otel_span_link(span, ...) otel_span_link_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_set(otel_span_t *span, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_set_all(span, OTEL_LIST_(A));
}
template <class... A> static inline void otel_span_link(otel_span_t *span, const otel_context_t *context, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_link_all(span, context, OTEL_LIST_(A));
}
#endif
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
#define OTEL_FIELD_ATTRIBUTE_ 0x4Au   /* Span.attributes = 9 */
#define OTEL_FIELD_EVENT_ 0x5Au       /* Span.events = 11 */
#define OTEL_FIELD_LINK_ 0x6Au        /* Span.links = 13 */
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

/* The size of the field at `p` of the scratch: one tag byte, a varint length, content. */
OTEL_FN_ size_t otel_field_size_(const uint8_t *p)
{
    size_t n = 0;
    unsigned shift = 0, i = 1;
    do {
        n |= (size_t)(p[i] & 127u) << shift;
        shift += 7;
    } while (p[i++] & 128u);
    return n + i;
}
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

/* Take a field out of the scratch. */
OTEL_FN_ void otel_scratch_cut_(otel_span_t *span, uint8_t *field, size_t n)
{
    span->used_ -= n;
    memmove(field, field + n, (size_t)(otel_span_bytes_(span) + span->used_ - field));
}

/* Take out the first field of this tag, if there is one. */
OTEL_FN_ void otel_scratch_remove_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = otel_field_size_(p);
        if (*p == tag) {
            otel_scratch_cut_(span, p, n);
            return;
        }
        p += n;
    }
}

/* The bit of a key, which is not empty. */
OTEL_FN_ uintptr_t otel_key_bit_(const char *key, size_t key_len)
{
    return (uintptr_t)1 << ((key_len + (uint8_t)key[0] + (uint8_t)key[key_len - 1u]) & (sizeof(uintptr_t) * 8u - 1u));
}

/* The attribute with this key, or NULL. Lengths are compared before keys. */
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len);
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = OTEL_LIKELY_(p[1] < 128u) ? 2u + p[1] : otel_field_size_(p);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = p + 2;
            while (k[-1] & 128u) k++;             /* k: KeyValue.key, which comes first */
            if (key_len < 128u ? k[1] == key_len && memcmp(k + 2, key, key_len) == 0
                               : otel_field_size_(k) == key_len + 1u + otel_varint_size_((uint32_t)key_len) && memcmp(k + 1 + otel_varint_size_((uint32_t)key_len), key, key_len) == 0) return p;
        }
        p += n;
    }
    return NULL;
}

/* A key that is there already: the new value first, so that nothing is lost when it does not fit; else in the old one's
   place. False: it fits nowhere, the old one is gone. */
OTEL_API_ OTEL_NOINLINE_ bool otel_span_replace_(otel_span_t *span, uint8_t *old, const char *key, size_t key_len, const otel_value_t *value);
OTEL_API_ OTEL_NOINLINE_ bool otel_span_replace_(otel_span_t *span, uint8_t *old, const char *key, size_t key_len, const otel_value_t *value)
{
    uint8_t *to = otel_span_bytes_(span) + span->used_;
    size_t n = otel_attr_put_(to, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value), gone = otel_field_size_(old);
    span->used_ += n;
    otel_scratch_cut_(span, old, gone);
    if (n) return true;
    n = otel_attr_put_(to - gone, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value);
    span->used_ += n;
    return n != 0;
}

/* One attribute, encoded where it will stand. */
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{
    size_t key_len, n = 0;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span) || !key || !*key) return span;
    key_len = strlen(key);
    if ((span->keys_ & otel_key_bit_(key, key_len)) && (old = otel_span_find_(span, key, key_len)) != NULL) {
        if (otel_span_replace_(span, old, key, key_len, value)) return span;
        span->attributes_--;
    } else if (OTEL_LIKELY_(span->attributes_ < OTEL_COUNT_LIMIT_)) {
        n = otel_attr_put_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value);
    }
    span->used_ += n;
    if (OTEL_LIKELY_(n != 0)) {
        span->attributes_++;
        span->keys_ |= otel_key_bit_(key, key_len);
    } else {
        otel_count16_(&span->lost_attributes_);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{
    otel_value_t v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value)
{
    otel_value_t v = otel_value_uint_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value)
{
    otel_value_t v = otel_value_bool_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value)
{
    otel_value_t v = otel_value_double_(value);
    return otel_set_(span, key, &v);
}

/* Most attributes are short and new: lengths of one byte, no second look. Writes all up to the value of `any` bytes and
   gives its place; NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_set_short_here_(otel_span_t *span, const char *key, size_t key_len, size_t any)
{
    size_t all = key_len + any + 4u;
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    uintptr_t bit;
    if (all > 127u || all + 2u > span->room_ - span->used_ || key_len == 0 || span->attributes_ >= OTEL_COUNT_LIMIT_) return NULL;
    bit = otel_key_bit_(key, key_len);
    if (OTEL_UNLIKELY_(span->keys_ & bit) && otel_span_find_(span, key, key_len)) return NULL;
    span->keys_ |= bit;
    span->used_ += all + 2u;
    span->attributes_++;
    p[0] = OTEL_FIELD_ATTRIBUTE_;
    p[1] = (uint8_t)all;
    p[2] = 0x0A;                                              /* KeyValue.key = 1 */
    p[3] = (uint8_t)key_len;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 4, key, key_len)) && OTEL_LIMITS) otel_mend_text_(p + 4, key_len);
    p += 4u + key_len;
    p[0] = 0x12;                                              /* KeyValue.value = 2 */
    p[1] = (uint8_t)any;
    return p + 2;
}

OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, size_t key_len, size_t any);
OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, size_t key_len, size_t any) { return otel_set_short_here_(span, key, key_len, any); }

/* lengths: of the key and, 16 bits higher, of the value, plus one each; 0: not known. */
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t lengths)
{
    otel_value_t v;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)lengths; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(key && value)) {
        size_t key_len = lengths & 0xFFFFu ? (size_t)(lengths & 0xFFFFu) - 1u : strlen(key), len = lengths >> 16 ? (size_t)(lengths >> 16) - 1u : strlen(value);
        uint8_t *p = len < 100u ? OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, key_len, len + 2u) : NULL;
        if (OTEL_LIKELY_(p != NULL)) {
            p[0] = OTEL_TAG_STRING_;
            p[1] = (uint8_t)len;
            if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 2, value, len)) && OTEL_LIMITS && !otel_utf8_valid(value, len)) p[0] = OTEL_TAG_BYTES_;
            return span;
        }
    }
    v = otel_value_str_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, size_t key_len)
{
    otel_value_t v;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)key_len; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(key && value >= 0)) {
        uint8_t *p = OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, key_len ? key_len - 1u : strlen(key), 1u + otel_varint_size_((uint32_t)value));
        if (OTEL_LIKELY_(p != NULL)) {
            *p = OTEL_TAG_INT_;
            (void)otel_put_varint_(p + 1, (uint32_t)value);
            return span;
        }
    }
    v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
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

/* Write a message field that holds what `write` would have to size first: head with a padded length, then attributes one
   by one; those that do not fit are counted inside. Event and link share it. */
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, const otel_context_t *context, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{
    uint8_t *begin = otel_span_bytes_(span) + span->used_, *p = begin + 1 + OTEL_LENGTH_BYTES_;
    size_t room = span->room_ - span->used_, text_len = text ? strlen(text) : 0, i, n;
    uint32_t lost = 0, kept = 0;
    const uint8_t attribute_tag = tag == OTEL_FIELD_EVENT_ ? 0x1A : 0x22;     /* Event.attributes = 3, Link.attributes = 4 */
    uint16_t *count = tag == OTEL_FIELD_EVENT_ ? &span->events_ : &span->links_, *gone = tag == OTEL_FIELD_EVENT_ ? &span->lost_events_ : &span->lost_links_;
    if (text_len > OTEL_NAME_MAX_) text_len = otel_utf8_cut_(text, text_len, OTEL_NAME_MAX_);
    n = 1u + OTEL_LENGTH_BYTES_ + head_len + (text ? 1u + otel_varint_size_((uint32_t)text_len) + text_len : 0u) + 4u;
    if (n > room || *count >= OTEL_COUNT_LIMIT_) {            /* 4: dropped_attributes_count must find its place */
        otel_count16_(gone);
        return;
    }
    memcpy(p, head, head_len);
    p += head_len;
    if (text) {
        *p = 0x12;                                            /* Event.name = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)text_len), text, text_len);
    }
    if (context && context->tracestate) p += otel_state_write_(p, room - 4u - (size_t)(p - begin), context);
    for (i = 0; i < len && attributes; i++) {
        n = kept < OTEL_COUNT_LIMIT_ && attributes[i].key ? otel_attr_write_(p, room - 4u - (size_t)(p - begin), attribute_tag, attributes[i].key, &attributes[i].value) : 0;
        if (n) kept++;
        else if (lost < 0x1FFFFFu) lost++;
        p += n;
    }
    if (lost) {
        *p = tag == OTEL_FIELD_EVENT_ ? 0x20 : 0x28;          /* Event.dropped_attributes_count = 4, Link's = 5 */
        p = otel_put_varint_(p + 1, lost > 0x1FFFFFu ? 0x1FFFFFu : lost);
    }
    *begin = tag;
    otel_put_length_(begin + 1, (uint32_t)(p - begin) - 1u - OTEL_LENGTH_BYTES_);
    span->used_ += (size_t)(p - begin);
    otel_count16_(count);
}

OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{
    uint8_t head[33];
    OTEL_TRACES_OFF_((void)span; (void)context; (void)attributes; (void)len; return)
    if (!otel_is_recording(span) || !context || (!otel_context_valid(context) && len == 0 && !context->tracestate)) return;
    head[0] = 0x0A;                                           /* Link.trace_id = 1 */
    head[1] = 16;
    memcpy(head + 2, context->trace_id, 16);
    head[18] = 0x12;                                          /* Link.span_id = 2 */
    head[19] = 8;
    memcpy(head + 20, context->span_id, 8);
    head[28] = 0x35;                                          /* Link.flags = 6, fixed32 */
    otel_put32_(head + 29, context->flags | 0x100u | (context->remote ? 0x200u : 0u));
    otel_scratch_message_(span, OTEL_FIELD_LINK_, head, 33, NULL, context, attributes, len);
}

OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)status; (void)message; return)
    if (!otel_is_recording(span) || status <= OTEL_STATUS_UNSET || status > OTEL_STATUS_ERROR || span->status_ == OTEL_STATUS_OK) return;
    if (span->state_ & OTEL_SPAN_STATUS_) otel_scratch_remove_(span, OTEL_FIELD_STATUS_);
    span->state_ &= (uint8_t)~OTEL_SPAN_STATUS_;
    span->status_ = (uint8_t)status;
    if (!message || !*message || status != OTEL_STATUS_ERROR) return;
    n = otel_utf8_cut_(message, strlen(message), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ >= n + 9u) {
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_varint_(p + 1, (uint32_t)(n + 3u + otel_varint_size_((uint32_t)n)));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_STATUS_;
    }
}

OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)name; return)
    if (!otel_is_recording(span) || !name) return;
    if (span->state_ & OTEL_SPAN_NAMED_) otel_scratch_remove_(span, OTEL_FIELD_NAME_);
    span->state_ &= (uint8_t)~OTEL_SPAN_NAMED_;
    n = otel_utf8_cut_(name, strlen(name), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ < n + 3u) {
        otel_count16_(&span->lost_attributes_);               /* the old name stays */
        return;
    }
    {
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_NAME_;
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), name, n);
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_NAMED_;
    }
}

OTEL_FN_ void otel_span_context_to_(const otel_span_t *span, otel_context_t *c)
{
    memcpy(c->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(c->span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
    c->flags = span->flags_;
    c->remote = false;
    c->tracestate = span->tracestate_;
    c->baggage = span->baggage_;
}

OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span)
{
    otel_context_t c;
    memset(&c, 0, sizeof c);
    OTEL_TRACES_OFF_((void)span; return c)
    if (span) otel_span_context_to_(span, &c);
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

OTEL_API_ void otel_span_enter(otel_span_t *span)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {
        otel_span_context_to_(span, &slot->context);
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
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {                 /* back to the parent, as far as this span knows it */
        memset(&slot->context, 0, sizeof slot->context);
        if (span->state_ & OTEL_SPAN_PARENT_) {
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

OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options)
{
    OTEL_TRACES_OFF_((void)span; (void)options; return NULL)
    if (!options) return span;
    return otel_span_start_in_(span, sizeof(otel_span_t), NULL, NULL, 0, options);
}

/* Take ids, flags and what is passed on from a context: one that was given, or one that a block without cleanup left. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent)
{
    span->baggage_ = parent->baggage;
    if (!otel_context_valid(parent)) return;
    memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
    memcpy(span->head_ + OTEL_HEAD_PARENT_, parent->span_id, 8);
    span->flags_ = (uint8_t)(parent->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    span->tracestate_ = parent->tracestate;
    span->state_ |= OTEL_SPAN_PARENT_;
    if (parent->remote) span->state_ |= OTEL_SPAN_REMOTE_;
}

/* Ids and flags, from the parent (the one that was given, else the current span) or new. */
OTEL_FN_ void otel_span_inherit_(otel_span_t *span, otel_t *otel, const otel_current_t *slot, const otel_context_t *given)
{
    otel_ids_t *ids = &otel_shard_(otel)->ids;
    const otel_span_t *up = slot && !given ? slot->span : NULL;
    if (OTEL_LIKELY_(up != NULL)) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, up->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, up->head_ + OTEL_HEAD_SPAN_, 8);
        span->flags_ = up->flags_;
        span->tracestate_ = up->tracestate_;
        span->baggage_ = up->baggage_;
        span->state_ = OTEL_SPAN_PARENT_;
    } else {
        span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        span->tracestate_ = span->baggage_ = NULL;
        if (given) otel_span_adopt_(span, given);
        else if (slot && (slot->context.trace_id[0] | slot->context.trace_id[15])) otel_span_adopt_(span, &slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) otel_id_make_(ids, span->head_ + OTEL_HEAD_TRACE_, 4);
    }
    OTEL_HOT_(otel_id_make_here_, otel_id_make_)(ids, span->head_ + OTEL_HEAD_SPAN_, 2);
}

OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(const otel_span_t *span, otel_t *otel, const otel_span_options_t *options);
OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(const otel_span_t *span, otel_t *otel, const otel_span_options_t *options)
{
    otel_sampling_t input;
    otel_context_t parent;
    otel_decision_t decision;
    input.parent = NULL;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        memset(&parent, 0, sizeof parent);
        memcpy(parent.trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(parent.span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
        parent.flags = span->flags_;
        parent.tracestate = span->tracestate_;
        parent.remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
        input.parent = &parent;
    }
    input.trace_id = span->head_ + OTEL_HEAD_TRACE_;
    input.name = span->name_;
    input.kind = options && options->kind ? (int)options->kind : (int)OTEL_INTERNAL;
    input.attributes = options ? options->attributes : NULL;
    input.attributes_len = options ? options->attributes_len : 0;
    decision = (otel->config_.sampler.decide)(&otel->config_.sampler, &input);
    return decision == OTEL_DECISION_RECORD_ONLY || decision == OTEL_DECISION_RECORD_AND_SAMPLE ? decision : OTEL_DECISION_DROP;
}

OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span);
OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span)
{
    otel_context_t context = otel_span_context(span);
    span->used_ += otel_state_write_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, &context);
}

/* Not running: nothing is recorded; a context that came in still passes through. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent)
{
    memset((void *)span, 0, offsetof(otel_span_t, scratch_));
    if (parent) {
        otel_span_adopt_(span, parent);
        memcpy(span->head_ + OTEL_HEAD_SPAN_, parent->span_id, 8);
        span->flags_ = parent->flags;
    }
    return span;
}

/* The rest of the options, once the head stands. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_options_(otel_span_t *span, const otel_span_options_t *options);
OTEL_API_ OTEL_NOINLINE_ void otel_span_options_(otel_span_t *span, const otel_span_options_t *options)
{
    size_t i;
    if (options->kind > 0 && options->kind <= OTEL_CONSUMER) span->head_[OTEL_HEAD_KIND_] = (uint8_t)options->kind;
    if (options->start_ns) {
        otel_put64_(span->head_ + OTEL_HEAD_START_, options->start_ns);
        if (span->state_ & OTEL_SPAN_RELATIVE_) {             /* the caller knows the time although the instance does not */
            span->state_ &= (uint8_t)~OTEL_SPAN_RELATIVE_;
            span->offset_ = options->start_ns - otel_clock_now_(&span->otel_->clock_);
        }
    }
    if (options->attributes_len) otel_span_set_all(span, options->attributes, options->attributes_len);
    for (i = 0; i < options->links_len && options->links; i++) otel_span_link_all(span, &options->links[i].context, options->links[i].attributes, options->links[i].attributes_len);
}

/* The constant bytes of the head, the flags and the start time. */
OTEL_FN_ void otel_span_head_(otel_span_t *span, otel_t *otel)
{
    uint8_t *h = span->head_;
    uint64_t now = otel_clock_now_(&otel->clock_);
    if (!otel_clock_offset_(&otel->clock_, &span->offset_)) span->state_ |= OTEL_SPAN_RELATIVE_;
    h[4] = 0x0A;
    h[5] = 16;
    h[22] = 0x12;
    h[23] = 8;
    h[32] = 0x39;
    otel_put64_(h + OTEL_HEAD_START_, now + span->offset_);
    h[41] = 0x41;
    h[50] = 0x85;
    h[51] = 0x01;
    otel_put32_(h + OTEL_HEAD_FLAGS_, span->flags_ | 0x100u | (span->state_ & OTEL_SPAN_REMOTE_ ? 0x200u : 0u));   /* has_is_remote, is_remote: of the parent */
    h[56] = 0x30;
    h[OTEL_HEAD_KIND_] = OTEL_INTERNAL;
    span->used_ = OTEL_HEAD_ROOT_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        h[58] = 0x22;
        h[59] = 8;
        span->used_ = OTEL_SPAN_HEAD_;
    }
}

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, const char *name, unsigned how, const otel_span_options_t *options)
{
    otel_t *otel;
    otel_current_t *slot;
    const otel_context_t *given = NULL;
    bool recording;
    OTEL_TRACES_OFF_((void)span; (void)bytes; (void)scope; (void)name; (void)how; (void)options; return NULL)
    if (!span) return NULL;
    if (options) {
        name = options->name;
        given = options->parent;
        if (options->scope) scope = options->scope;
        if (options->bytes) bytes = options->bytes;
    }
    otel = options && options->otel ? options->otel : scope && scope->otel ? scope->otel : otel_default_();
    if (OTEL_UNLIKELY_(!otel_running_(otel))) return otel_span_idle_(span, given);
    if (bytes < sizeof(otel_span_t)) bytes = sizeof(otel_span_t);
    memset((void *)&span->keys_, 0, offsetof(otel_span_t, name_len_) - offsetof(otel_span_t, keys_));
    span->otel_ = otel;
    span->up_ = NULL;
    span->name_ = name ? name : "";
    span->name_len_ = (uint8_t)(how >> 8);
    how &= 255u;
    span->room_ = bytes - offsetof(otel_span_t, head_) - OTEL_SPAN_TAIL_;
    slot = otel_current_(otel);
    otel_span_inherit_(span, otel, slot, given);
    if (OTEL_UNLIKELY_(otel->config_.sampler.decide != NULL)) {
        otel_decision_t decision = otel_span_ask_(span, otel, options);
        recording = decision != OTEL_DECISION_DROP;
        span->flags_ = (uint8_t)((span->flags_ & ~OTEL_FLAG_SAMPLED) | (decision == OTEL_DECISION_RECORD_AND_SAMPLE ? OTEL_FLAG_SAMPLED : 0u));
    } else {                                                  /* parent based, roots always on */
        recording = true;
        if (!(span->state_ & OTEL_SPAN_PARENT_)) span->flags_ |= OTEL_FLAG_SAMPLED;
        else recording = (span->flags_ & OTEL_FLAG_SAMPLED) != 0;
    }
    if (OTEL_LIKELY_(recording)) {
        span->state_ |= OTEL_SPAN_RECORDING_;
        if (scope) span->scope_ = (uint8_t)otel_scope_number_(otel, scope);
        otel_span_head_(span, otel);
        if (OTEL_UNLIKELY_(span->tracestate_ != NULL)) otel_span_tracestate_(span);
        if (options) otel_span_options_(span, options);
    }
    if (OTEL_LIKELY_(how == OTEL_SPAN_CURRENT_ && slot)) {
        span->up_ = slot->span;
        span->state_ |= OTEL_SPAN_CURRENT_;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span, or the one before */
        slot->span = span;
    } else if (how & OTEL_SPAN_BY_VALUE_) {
        span->state_ |= OTEL_SPAN_BY_VALUE_;
        otel_span_enter(span);
    }
    return span;
}

/* Counts of what did not fit; rare, so out of the way. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_lost_(const otel_span_t *span, uint8_t *t);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_lost_(const otel_span_t *span, uint8_t *t)
{
    if (span->lost_attributes_) {
        *t = 0x50;                                            /* Span.dropped_attributes_count = 10 */
        t = otel_put_varint_(t + 1, span->lost_attributes_);
    }
    if (span->lost_events_) {
        *t = 0x60;                                            /* Span.dropped_events_count = 12 */
        t = otel_put_varint_(t + 1, span->lost_events_);
    }
    if (span->lost_links_) {
        *t = 0x70;                                            /* Span.dropped_links_count = 14 */
        t = otel_put_varint_(t + 1, span->lost_links_);
    }
    return t;
}

/* A name that does not fit behind the fields, or that is no good UTF-8: what of it goes out from where it stands. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_span_long_name_(otel_span_t *span, size_t n);
OTEL_API_ OTEL_NOINLINE_ size_t otel_span_long_name_(otel_span_t *span, size_t n)
{
    if (n > OTEL_NAME_MAX_) {
        n = otel_utf8_cut_(span->name_, n, OTEL_NAME_MAX_);
        otel_count16_(&span->lost_attributes_);
    }
    if (!OTEL_LIMITS || otel_utf8_valid(span->name_, n)) return n;
    otel_span_rename(span, span->name_);                      /* a copy in which bad bytes are question marks, if it fits */
    return 0;
}

/* Bring the name behind the fields. What is left of it, to go out from where it stands. */
OTEL_FN_ size_t otel_span_name_(otel_span_t *span)
{
    size_t n;
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    if (OTEL_UNLIKELY_(span->state_ & OTEL_SPAN_NAMED_)) return 0;
    n = span->name_len_ ? span->name_len_ - 1u : strlen(span->name_);
    if (OTEL_UNLIKELY_(n > 127u || n + 2u > span->room_ - span->used_)) return otel_span_long_name_(span, n);
    p[0] = OTEL_FIELD_NAME_;
    p[1] = (uint8_t)n;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 2, span->name_, n)) && OTEL_LIMITS) otel_mend_text_(p + 2, n);
    span->used_ += n + 2u;
    return 0;
}

/* One record: head and fields as they stand, what is known only now behind them, and the rest of the name. */
OTEL_INLINE_ void otel_span_record_(otel_span_t *span, otel_t *otel)
{
    size_t name_len = otel_span_name_(span), all;
    uint8_t *begin = otel_span_bytes_(span), *t = begin + span->used_;
    if (OTEL_UNLIKELY_(span->status_) && !(span->state_ & OTEL_SPAN_STATUS_)) {
        *t++ = OTEL_FIELD_STATUS_;
        *t++ = 2;
        *t++ = 0x18;                                          /* Status.code = 3 */
        *t++ = span->status_;
    }
    if (OTEL_UNLIKELY_(span->lost_attributes_ | span->lost_events_ | span->lost_links_)) t = otel_span_lost_(span, t);
    if (OTEL_UNLIKELY_(name_len)) {
        *t = OTEL_FIELD_NAME_;
        t = otel_put_varint_(t + 1, (uint32_t)name_len);
    }
    all = (size_t)(t - begin) + name_len - 1u - OTEL_LENGTH_BYTES_;
    if (OTEL_UNLIKELY_(otel_too_long_(all))) {
        otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    begin[0] = otel_mark_(span->scope_, (span->state_ & OTEL_SPAN_RELATIVE_) != 0);
    otel_put_length_(begin + 1, (uint32_t)all);
    (void)otel_record_(otel, OTEL_SPANS_, begin, (size_t)(t - begin), span->name_, name_len);
}

/* Out of the chain, end time, and into the ring. The span has an instance. */
OTEL_INLINE_ void otel_span_finish_(otel_span_t *span, uint64_t end_ns)
{
    otel_t *otel = span->otel_;
    span->otel_ = NULL;
    if (OTEL_LIKELY_(span->state_ & OTEL_SPAN_RECORDING_)) {
        uint64_t start = otel_get64_(span->head_ + OTEL_HEAD_START_);
        otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns < start ? start : end_ns);
        if (OTEL_UNLIKELY_(!otel_running_(otel))) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_SHUTDOWN);
        else if (span->flags_ & OTEL_FLAG_SAMPLED) otel_span_record_(span, otel);
        span->state_ &= (uint8_t)~OTEL_SPAN_RECORDING_;
    }
}

OTEL_API_ void otel_span_end(otel_span_t *span)
{
    otel_t *otel;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_) return;
    otel = span->otel_;
    if (span->state_ & OTEL_SPAN_CURRENT_) {
        otel_current_t *slot = otel_current_(otel);
        if (OTEL_LIKELY_(slot && slot->span == span)) slot->span = span->up_;
        else otel_span_leave(span);
    }
    otel_span_finish_(span, otel_clock_now_(&otel->clock_) + span->offset_);
}

OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns)
{
    OTEL_TRACES_OFF_((void)span; (void)end_ns; return)
    if (!end_ns || !span || !span->otel_) {
        otel_span_end(span);
        return;
    }
    otel_span_leave(span);
    if (span->state_ & OTEL_SPAN_RELATIVE_) end_ns = otel_clock_from_unix_(&span->otel_->clock_, end_ns);
    otel_span_finish_(span, end_ns);
}
#endif
OTEL_C_END_
#endif
