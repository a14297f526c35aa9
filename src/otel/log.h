/* Log records: severity, body, attributes, and the ids of the span that is current. They go into a ring of their own.
   Specification: logs/data-model.md; opentelemetry/proto/logs/v1/logs.proto. */
#ifndef OTEL_LOG_H
#define OTEL_LOG_H
#include "compiler.h"
#include "instance.h"
#include "logplan.h"
#include "pairs.h"
#include "span.h"
#include "unique.h"

typedef enum {
    OTEL_TRACE = 1, OTEL_DEBUG = 5, OTEL_INFO = 9, OTEL_WARN = 13, OTEL_ERROR = 17, OTEL_FATAL = 21       /* SeverityNumber; the three after each are its finer steps */
} otel_severity_t;

/* Everything a record can say. Zero means left out. The order of the fields is API. */
typedef struct otel_log_record_t {
    otel_severity_t severity OTEL_Z_;
    const char *severity_text OTEL_Z_;            /* as the source calls it (default: left out) */
    otel_value_t body OTEL_Z_;                    /* any value; OTEL_STR for text */
    const char *event_name OTEL_Z_;               /* makes the record an event */
    const otel_attr_t *attributes OTEL_Z_;        /* attributes_len of them */
    size_t attributes_len OTEL_Z_;
    uint64_t time_ns OTEL_Z_;                     /* Unix nanoseconds (default: now) */
    const otel_context_t *context OTEL_Z_;        /* (default: the current span's) */
    const otel_scope_t *scope OTEL_Z_;
    otel_t *otel OTEL_Z_;                         /* (default: the scope's, else the default instance) */
    bool passed_ OTEL_Z_;                         /* the processors have seen it */
    uint32_t lost_ OTEL_Z_;                       /* attributes that did not come so far */
    const otel_value_t *(*limit_)(const struct otel_log_record_t *record, unsigned kept, const otel_value_t *value) OTEL_Z_;     /* loglimits.h: the value as it goes out, NULL: one too many */
} otel_log_record_t;

OTEL_C_BEGIN_
/* Emit a record. Everything is copied. Safe in interrupts and signal handlers; never waits. What finds no room is counted. */
OTEL_INLINE_ void otel_log_emit(const otel_log_record_t *record);
/* Emit text with `len` attributes; `scope` NULL: the unnamed one. */
OTEL_INLINE_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);

OTEL_API_ void otel_log_emit_(const otel_log_record_t *record);
OTEL_API_ void otel_log_all_(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);
OTEL_INLINE_ void otel_log_emit(const otel_log_record_t *record)
{
    if (record) (void)otel_scope_by_(record->scope);
    otel_log_emit_(record);
}
OTEL_INLINE_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{
    otel_log_all_(otel_scope_by_(scope), severity, text, attributes, len);
}
OTEL_C_END_

/* otel_log(OTEL_INFO, "sensor read", "value", v): at most 8 pairs. otel_log_in names the scope first. */
#ifndef __cplusplus
#  define otel_log(severity, ...) otel_log_all(OTEL_FILE_SCOPE, (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#  define otel_log_in(scope, severity, ...) otel_log_all((scope), (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_log_in(const otel_scope_t *scope, otel_severity_t severity, const char *text, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_log_all(scope, severity, text, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_log_in(const otel_scope_t *scope, otel_severity_t severity, const T &text, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(text)))
{
    otel_log_in(scope, severity, otel_c_str_(text), pairs...);
}
#  define otel_log(severity, ...) otel_log_in(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_LOGS
#define OTEL_LOGS_OFF_(answer)
#else
#define OTEL_LOGS_OFF_(answer) answer;
#endif

#define OTEL_LOG_TIME_ 5          /* LogRecord.time_unix_nano = 1, fixed64 */
#define OTEL_LOG_OBSERVED_ 14     /* LogRecord.observed_time_unix_nano = 11, fixed64 */
#define OTEL_LOG_HEAD_ 22         /* mark, length and times */
#define OTEL_LOG_IDS_ 33          /* flags, trace and span id */

/* The span that a record belongs to; no trace id: none. */
typedef struct otel_log_ids_t_ {
    const uint8_t *trace_id, *span_id;
    uint8_t flags;
} otel_log_ids_t_;

/* Ids of the context, or of the current span. */
OTEL_FN_ void otel_log_ids_(otel_log_ids_t_ *ids, otel_t *otel, const otel_context_t *context)
{
    otel_current_t *slot = context ? NULL : otel_current_(otel);
    if (slot && !slot->span) context = &slot->context;
    ids->trace_id = NULL;
    if (slot && slot->span) {
        if (!(slot->span->state_ & OTEL_SPAN_RECORDING_) && otel_all_zero_(slot->span->head_ + OTEL_HEAD_SPAN_, 8)) return;   /* of a tracer that is off: in no trace */
        ids->trace_id = slot->span->head_ + OTEL_HEAD_TRACE_;
        ids->span_id = slot->span->head_ + OTEL_HEAD_SPAN_;
        ids->flags = slot->span->flags_;
    } else if (otel_context_valid(context)) {
        ids->trace_id = context->trace_id;
        ids->span_id = context->span_id;
        ids->flags = context->flags;
    }
}

/* Mark, length, times, severity and ids. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_head_(otel_out_t_ *out, otel_t *otel, const otel_scope_t *scope, size_t length, unsigned severity, uint64_t time_ns);
OTEL_API_ OTEL_NOINLINE_ void otel_log_head_(otel_out_t_ *out, otel_t *otel, const otel_scope_t *scope, size_t length, unsigned severity, uint64_t time_ns)
{
    uint8_t around[OTEL_LOG_HEAD_ + 2], *head = (size_t)(out->end - out->at) >= sizeof around ? out->at : around;
    uint64_t now;
    bool relative = !otel_clock_offset_(&otel->clock_, &now);
    now += otel_clock_now_(&otel->clock_);
    otel_put_head_(head, otel_mark_(otel_scope_enter_(otel, scope), relative), length);
    head[4] = 0x09;
    otel_put64_(head + OTEL_LOG_TIME_, time_ns ? time_ns : now);
    head[13] = 0x59;
    otel_put64_(head + OTEL_LOG_OBSERVED_, now);
    head[22] = 0x10;                                          /* LogRecord.severity_number = 2 */
    head[23] = (uint8_t)severity;
    if (head != around) out->at += severity ? OTEL_LOG_HEAD_ + 2 : OTEL_LOG_HEAD_;
    else otel_out_(out, head, severity ? OTEL_LOG_HEAD_ + 2 : OTEL_LOG_HEAD_);
}

OTEL_API_ OTEL_NOINLINE_ void otel_log_put_ids_(otel_out_t_ *out, const otel_log_ids_t_ *ids);
OTEL_API_ OTEL_NOINLINE_ void otel_log_put_ids_(otel_out_t_ *out, const otel_log_ids_t_ *ids)
{
    uint8_t around[OTEL_LOG_IDS_], *p = (size_t)(out->end - out->at) >= sizeof around ? out->at : around;
    p[0] = 0x45;                                              /* LogRecord.flags = 8, fixed32 */
    otel_put32_(p + 1, ids->flags & 3u);                      /* without what is not of W3C */
    p[5] = 0x4A;                                              /* LogRecord.trace_id = 9 */
    p[6] = 16;
    memcpy(p + 7, ids->trace_id, 16);
    p[23] = 0x52;                                             /* LogRecord.span_id = 10 */
    p[24] = 8;
    memcpy(p + 25, ids->span_id, 8);
    if (p != around) out->at += OTEL_LOG_IDS_;
    else otel_out_(out, p, OTEL_LOG_IDS_);
}

/* A short text field, cut on a character boundary; its size. `out` NULL: only that. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_text_(otel_out_t_ *out, uint8_t tag, const char *text);
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_text_(otel_out_t_ *out, uint8_t tag, const char *text)
{
    size_t n = text ? otel_utf8_cut_(text, strlen(text), OTEL_NAME_MAX_) : 0;
    if (n == 0) return 0;
    if (out) {
        otel_out_head_(out, tag, n);
        otel_out_text_(out, text, n);
    }
    return otel_message_size_(n);
}

/* A text of which only the beginning goes along counts as lost. */
OTEL_FN_ uint32_t otel_log_cut_(const char *text) { return text && strlen(text) > OTEL_NAME_MAX_ ? 1u : 0u; }

/* The attributes: their bytes; those that are none, or one too many, are counted in *lost. Of equal keys the last value counts.
   `out` NULL: only that. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_attributes_(otel_out_t_ *out, const otel_attr_t *attributes, size_t len, uint32_t *lost, const otel_log_record_t *more);
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_attributes_(otel_out_t_ *out, const otel_attr_t *attributes, size_t len, uint32_t *lost, const otel_log_record_t *more)
{
    size_t sum = 0;
    unsigned kept = 0;
    *lost = 0;
    for (; len && attributes; len--, attributes++) {
        const otel_value_t *value = &attributes->value;
        size_t key_len = attributes->key ? strlen(attributes->key) : 0, n = 0;
        if (key_len && kept < OTEL_COUNT_LIMIT_) {
            if (OTEL_LIMITS && len > 1u && otel_attr_again_(attributes, len)) continue;
            if (more && more->limit_) value = (more->limit_)(more, kept, value);
            n = value ? otel_attr_size_(key_len, value) : 0;
        }
        if (n == 0) {
            if (*lost < OTEL_LENGTH_MAX_) ++*lost;
            continue;
        }
        kept++;
        sum += n;
        if (out) otel_attr_encode_(out, 0x32, attributes->key, key_len, value);       /* LogRecord.attributes = 6 */
    }
    return sum;
}

/* LogRecord.dropped_attributes_count = 7, in `bytes` bytes; 0 only fills. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_lost_(otel_out_t_ *out, uint32_t lost, unsigned bytes);
OTEL_API_ OTEL_NOINLINE_ void otel_log_lost_(otel_out_t_ *out, uint32_t lost, unsigned bytes)
{
    uint8_t field[8];
    field[0] = 0x38;
    otel_out_(out, field, (size_t)(otel_put_drawn_(field + 1, lost, bytes) - field));
}

/* What processors see is a whole record. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_hand_(otel_t *otel, const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more);
OTEL_API_ OTEL_NOINLINE_ void otel_log_hand_(otel_t *otel, const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more)
{
    otel_log_record_t record;
    if (!more) {
        memset((void *)&record, 0, sizeof record);
        record.severity = (otel_severity_t)severity;
        record.body = *body;
        record.attributes = attributes;
        record.attributes_len = len;
        record.scope = scope;
        more = &record;
    }
    (otel->config_.logs.emit_)(&otel->config_.logs, otel, more);
}

/* A record is counted first, then written where it stays: in the ring. The argument `more` has what few records have. */
OTEL_API_ void otel_log_write_(const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more);
OTEL_API_ void otel_log_write_(const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more)
{
    otel_t *otel = scope && scope->otel ? scope->otel : otel_default_();
    otel_log_ids_t_ ids;
    otel_place_t_ place;
    otel_out_t_ out;
    size_t n;
    uint32_t lost, again;                                    /* counted once; `again` is not looked at */
    unsigned fill;
#if OTEL_ROOMY_
    otel_log_plan_t_ plan;
    const bool planned = attributes && len <= OTEL_LOG_PLANNED_ && !(more && more->limit_);
#endif
    if (more && more->otel) otel = more->otel;
    if (!otel || !OTEL_LOAD_(&otel->live_)) return;
    if (!otel_running_(otel)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_SHUTDOWN);
        return;
    }
    if (OTEL_UNLIKELY_(otel->config_.logs.emit_ != NULL) && !(more && more->passed_)) {       /* logger.h */
        otel_log_hand_(otel, scope, severity, body, attributes, len, more);
        return;
    }
    otel_log_ids_(&ids, otel, more ? more->context : NULL);
    if (severity > (unsigned)OTEL_FATAL + 3u) severity = 0;
    n = OTEL_LOG_HEAD_ + (severity ? 2u : 0u) + (ids.trace_id ? OTEL_LOG_IDS_ : 0u);
    if (more) n += otel_log_text_(NULL, 0x1A, more->severity_text) + otel_log_text_(NULL, 0x62, more->event_name);
    if (body->type != OTEL_V_NULL_) {
        size_t any = otel_any_size_(body);
        if (any == 0) {
            otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
            return;
        }
        n += any;
    }
#if OTEL_ROOMY_
    if (OTEL_LIKELY_(planned)) n += otel_log_measure_(&plan, attributes, len, &lost);
    else
#endif
    n += otel_log_attributes_(NULL, attributes, len, &lost, more);
    if (more) lost += more->lost_ + otel_log_cut_(more->severity_text) + otel_log_cut_(more->event_name);
    fill = lost ? otel_varint_size_(lost) : 0;
    if (fill || (n & 3u)) {
        if (!fill) fill = 1;
        fill += otel_fill_(n + 1u + fill);
        n += 1u + fill;
    }
    if (otel_too_long_(n - 1u - OTEL_LENGTH_BYTES_)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    place.start = severity;
    if (!otel_record_open_(otel, OTEL_LOGS_, n, &place, &out)) return;
    otel_log_head_(&out, otel, scope, n - 1u - OTEL_LENGTH_BYTES_, severity, more ? more->time_ns : 0u);
    if (ids.trace_id) otel_log_put_ids_(&out, &ids);
    if (more) {
        (void)otel_log_text_(&out, 0x1A, more->severity_text);        /* LogRecord.severity_text = 3 */
        (void)otel_log_text_(&out, 0x62, more->event_name);           /* LogRecord.event_name = 12 */
    }
#if OTEL_ROOMY_
    if (OTEL_LIKELY_(planned)) otel_log_planned_(&out, &plan, attributes, len);
    else
#endif
    (void)otel_log_attributes_(&out, attributes, len, &again, more);
    if (fill) otel_log_lost_(&out, lost, fill);
    if (body->type != OTEL_V_NULL_) otel_any_encode_(&out, 0x2A, body);       /* LogRecord.body = 5 */
    otel_record_close_(otel, &place);
}

OTEL_API_ void otel_log_emit_(const otel_log_record_t *record)
{
    OTEL_LOGS_OFF_((void)record; return)
    if (record) otel_log_write_(record->scope, record->severity > 0 ? (unsigned)record->severity : 0u, &record->body, record->attributes, record->attributes_len, record);
}

OTEL_API_ void otel_log_all_(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{
    otel_value_t body;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)attributes; (void)len; return)
    body = otel_value_str_(text);
    otel_log_write_(scope, severity > 0 ? (unsigned)severity : 0u, &body, attributes, len, NULL);
}
OTEL_C_END_
#endif
#endif
