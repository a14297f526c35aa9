/* Log records: severity, body, attributes, and the ids of the span that is current. They go into a ring of their own.
   Specification: logs/data-model.md; opentelemetry/proto/logs/v1/logs.proto. */
#ifndef OTEL_LOG_H
#define OTEL_LOG_H
#include "compiler.h"
#include "instance.h"
#include "pairs.h"
#include "span.h"

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
} otel_log_record_t;

OTEL_C_BEGIN_
/* Emit a record. Everything is copied. Safe in interrupts and signal handlers; never waits. What finds no room is counted. */
OTEL_API_ void otel_log_emit(const otel_log_record_t *record);
/* Emit text with `len` attributes; `scope` NULL: the unnamed one. */
OTEL_API_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);
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
#  define otel_log(severity, ...) otel_log_in(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif

/* otel_logf(OTEL_WARN, "v=%d", v) exists when OTEL_VSNPRINTF names a formatter with vsnprintf's parameters. Text of up to
   159 bytes; longer text is cut. */
#ifdef OTEL_VSNPRINTF
#include <stdarg.h>
OTEL_C_BEGIN_
static OTEL_ATTRIBUTE_((unused)) OTEL_PRINTF_(3, 4) void otel_logf_in_(const otel_scope_t *scope, otel_severity_t severity, const char *format, ...);
static void otel_logf_in_(const otel_scope_t *scope, otel_severity_t severity, const char *format, ...)
{
#if OTEL_ENABLED && OTEL_LOGS
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    text[0] = 0;
    (void)OTEL_VSNPRINTF(text, sizeof text, format, arguments);
    va_end(arguments);
    otel_log_all(scope, severity, text, NULL, 0);
#else
    (void)scope;
    (void)severity;
    (void)format;
#endif
}
OTEL_C_END_
#define otel_logf(severity, ...) otel_logf_in_(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_LOGS
#define OTEL_LOGS_OFF_(answer)
#else
#define OTEL_LOGS_OFF_(answer) answer;
#endif

/* What a record's attributes may take while it is made; its text is copied from where it stands. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_LOG_ROOM_ 1024u
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_LOG_ROOM_ 256u
#else
#define OTEL_LOG_ROOM_ 128u
#endif
#define OTEL_LOG_TIME_ 5          /* LogRecord.time_unix_nano = 1, fixed64 */
#define OTEL_LOG_OBSERVED_ 14     /* LogRecord.observed_time_unix_nano = 11, fixed64 */

/* Ids of the context, or of the current span. */
OTEL_FN_ uint8_t *otel_log_context_(uint8_t *p, otel_t *otel, const otel_log_record_t *record)
{
    const uint8_t *trace_id, *span_id;
    uint8_t flags;
    otel_current_t *slot = record->context ? NULL : otel_current_(otel);
    const otel_context_t *context = record->context ? record->context : slot && !slot->span ? &slot->context : NULL;
    if (slot && slot->span) {
        trace_id = slot->span->head_ + OTEL_HEAD_TRACE_;
        span_id = slot->span->head_ + OTEL_HEAD_SPAN_;
        flags = slot->span->flags_;
    } else if (otel_context_valid(context)) {
        trace_id = context->trace_id;
        span_id = context->span_id;
        flags = context->flags;
    } else {
        return p;
    }
    *p++ = 0x45;                                              /* LogRecord.flags = 8, fixed32 */
    otel_put32_(p, flags);
    p += 4;
    *p++ = 0x4A;                                              /* LogRecord.trace_id = 9 */
    *p++ = 16;
    memcpy(p, trace_id, 16);
    p += 16;
    *p++ = 0x52;                                              /* LogRecord.span_id = 10 */
    *p++ = 8;
    memcpy(p, span_id, 8);
    return p + 8;
}

/* A short text field, cut on a character boundary and counted in *lost when it is too long. What follows always needs up to
   16 bytes of the buffer. */
OTEL_FN_ uint8_t *otel_log_text_(uint8_t *p, const uint8_t *end, uint8_t tag, const char *text, uint32_t *lost)
{
    size_t n = text ? strlen(text) : 0, room = (size_t)(end - p);
    if (n == 0) return p;
    room = room > 16u + 3u ? room - 16u - 3u : 0;
    if (room > OTEL_NAME_MAX_) room = OTEL_NAME_MAX_;
    if (n > room) {
        n = otel_utf8_cut_(text, n, room);
        ++*lost;
        if (n == 0) return p;
    }
    *p = tag;
    return otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), text, n);
}

OTEL_API_ void otel_log_emit(const otel_log_record_t *record)
{
    uint8_t buffer[OTEL_LOG_ROOM_], *p = buffer, *const end = buffer + sizeof buffer;
    const void *text = NULL;
    size_t text_len = 0;
    otel_t *otel;
    uint64_t now, then;
    uint32_t lost = 0;
    size_t i, n, all;
    bool relative;
    OTEL_LOGS_OFF_((void)record; return)
    if (!record) return;
    otel = record->otel ? record->otel : record->scope && record->scope->otel ? record->scope->otel : otel_default_();
    if (!otel || !OTEL_LOAD_(&otel->live_)) return;
    if (!otel_running_(otel)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_SHUTDOWN);
        return;
    }
    relative = !otel_clock_offset_(&otel->clock_, &now);
    now += otel_clock_now_(&otel->clock_);
    then = record->time_ns && !relative ? record->time_ns : now;
    p[4] = 0x09;
    otel_put64_(p + OTEL_LOG_TIME_, then);
    p[13] = 0x59;
    otel_put64_(p + OTEL_LOG_OBSERVED_, now);
    p += 22;
    if (record->severity > 0 && record->severity <= OTEL_FATAL + 3) {
        *p++ = 0x10;                                          /* LogRecord.severity_number = 2 */
        *p++ = (uint8_t)record->severity;
    }
    p = otel_log_context_(p, otel, record);
    p = otel_log_text_(p, end, 0x1A, record->severity_text, &lost);  /* LogRecord.severity_text = 3 */
    p = otel_log_text_(p, end, 0x62, record->event_name, &lost);   /* LogRecord.event_name = 12 */
    for (i = 0; i < record->attributes_len && record->attributes; i++) {
        const otel_attr_t *a = &record->attributes[i];
        n = a->key && (size_t)(end - p) > 16u ? otel_attr_write_(p, (size_t)(end - p) - 16u, 0x32, a->key, &a->value) : 0;    /* LogRecord.attributes = 6 */
        if (n == 0) lost++;
        p += n;
    }
    if (lost) {
        *p = 0x38;                                            /* LogRecord.dropped_attributes_count = 7 */
        p = otel_put_varint_(p + 1, lost > 0xFFFFu ? 0xFFFFu : lost);
    }
    if (record->body.type == OTEL_V_STRING_) {                /* text: copied from where it stands */
        n = (size_t)record->body.len;
        *p = 0x2A;                                            /* LogRecord.body = 5 */
        p = otel_put_varint_(p + 1, (uint32_t)(n + 1u + otel_varint_size_((uint32_t)n)));
        *p = OTEL_LIMITS && !otel_utf8_valid((const char *)record->body.as.p, n) ? OTEL_TAG_BYTES_ : OTEL_TAG_STRING_;
        p = otel_put_varint_(p + 1, (uint32_t)n);
        text = record->body.as.p;
        text_len = n;
    } else if (record->body.type != OTEL_V_NULL_) {
        n = otel_any_write_(p, (size_t)(end - p), 0x2A, &record->body);
        if (n == 0) {
            otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
            return;
        }
        p += n;
    }
    all = (size_t)(p - buffer) + text_len - 1u - OTEL_LENGTH_BYTES_;
    if (otel_too_long_(all)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    buffer[0] = otel_mark_(record->scope ? (unsigned)otel_scope_number_(otel, record->scope) : 0u, relative);
    otel_put_length_(buffer + 1, (uint32_t)all);
    (void)otel_record_(otel, OTEL_LOGS_, buffer, (size_t)(p - buffer), text, text_len);
}

OTEL_API_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)attributes; (void)len; return)
    memset((void *)&record, 0, sizeof record);
    record.severity = severity;
    record.body = otel_value_str_(text);
    record.attributes = attributes;
    record.attributes_len = len;
    record.scope = scope;
    otel_log_emit(&record);
}
OTEL_C_END_
#endif
#endif
