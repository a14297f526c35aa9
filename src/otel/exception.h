/* Exceptions as spans and logs know them, and events that go to a span, a log or both. Other loggers' records come in through
   the bridges at the end. Specification: trace/exceptions.md, logs/exceptions.md; logs/data-model.md, "Mapping of SeverityNumber". */
#ifndef OTEL_EXCEPTION_H
#define OTEL_EXCEPTION_H
#include "compiler.h"
#include "event.h"
#include "log.h"
#include "span.h"

/* Where otel_event goes, by file: #define OTEL_EVENTS OTEL_TO_SPAN before the include. (default: OTEL_TO_LOG) */
#define OTEL_TO_LOG 1u
#define OTEL_TO_SPAN 2u
#define OTEL_TO_BOTH 3u
#ifndef OTEL_EVENTS
#define OTEL_EVENTS OTEL_TO_LOG
#endif

#define OTEL_EXCEPTION_MORE_ 13u

OTEL_C_BEGIN_
/* Add an event `exception` with exception.type, exception.message and exception.stacktrace (NULL: left out) and
   `len` attributes more, which win over these three when they have their keys. The status stays as it is. */
OTEL_API_ void otel_span_exception(otel_span_t *span, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);

/* The same as a log record; `message` is its body too. `severity` 0: OTEL_ERROR. Of `attributes` 13 go along, further ones
   count as dropped attributes. */
OTEL_API_ void otel_log_exception(const otel_scope_t *scope, otel_severity_t severity, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);

/* Say that something named `name` happened: to the current span as an event, as a log record with that event name, or both. */
OTEL_API_ void otel_event_all(unsigned where, const otel_scope_t *scope, const char *name, const otel_attr_t *attributes, size_t len);

/* The severity of a syslog priority (its facility is ignored). */
OTEL_API_ otel_severity_t otel_syslog_severity(int priority);
/* A line of another logger: `len` bytes of text; line ends behind it are left out, and so are empty lines. */
OTEL_API_ void otel_log_line(const otel_scope_t *scope, otel_severity_t severity, const char *text, size_t len);
OTEL_C_END_

/* otel_event("device.gone", "id", 7): at most 8 pairs. */
#ifndef __cplusplus
#  define otel_event(...) otel_event_all(OTEL_EVENTS, OTEL_FILE_SCOPE, OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_event_in_(unsigned where, const otel_scope_t *scope, const char *name, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_event_all(where, scope, name, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_event_in_(unsigned where, const otel_scope_t *scope, const T &name, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(name)))
{
    otel_event_in_(where, scope, otel_c_str_(name), pairs...);
}
#  define otel_event(...) otel_event_in_(OTEL_EVENTS, OTEL_FILE_SCOPE, __VA_ARGS__)
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
    if (OTEL_VSNPRINTF(text, sizeof text, format, arguments) >= (int)sizeof text) otel_utf8_close_(text, sizeof text - 1u);
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

/* Bridges for loggers that hand on a format: they exist when OTEL_VSNPRINTF does. Text of up to 255 bytes; longer text is cut.
   otel_vlogf takes what a logger's hook has in its hands; otel_syslog stands where syslog stood: #define syslog otel_syslog. */
#ifdef OTEL_VSNPRINTF
OTEL_C_BEGIN_
static OTEL_ATTRIBUTE_((unused)) void otel_vlogf(const otel_scope_t *scope, otel_severity_t severity, const char *format, va_list arguments);
static void otel_vlogf(const otel_scope_t *scope, otel_severity_t severity, const char *format, va_list arguments)
{
#if OTEL_ENABLED && OTEL_LOGS
    char text[256];
    text[0] = 0;
    if (OTEL_VSNPRINTF(text, sizeof text, format, arguments) >= (int)sizeof text) otel_utf8_close_(text, sizeof text - 1u);
    otel_log_line(scope, severity, text, strlen(text));
#else
    (void)scope, (void)severity, (void)format, (void)arguments;
#endif
}
static OTEL_ATTRIBUTE_((unused)) OTEL_PRINTF_(3, 4) void otel_syslog_in_(const otel_scope_t *scope, int priority, const char *format, ...);
static void otel_syslog_in_(const otel_scope_t *scope, int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_vlogf(scope, otel_syslog_severity(priority), format, arguments);
    va_end(arguments);
}
OTEL_C_END_
#define otel_syslog(priority, ...) otel_syslog_in_(OTEL_FILE_SCOPE, (priority), __VA_ARGS__)
#endif
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Whether one of the attributes has that key: then it wins. */
OTEL_API_ OTEL_NOINLINE_ bool otel_exception_has_(const char *key, const otel_attr_t *attributes, size_t len);
OTEL_API_ OTEL_NOINLINE_ bool otel_exception_has_(const char *key, const otel_attr_t *attributes, size_t len)
{
    const size_t n = strlen(key) + 1u;
    for (; len && attributes; len--, attributes++) {
        if (attributes->key && otel_len_(attributes->key) + 1u == n && otel_same_(attributes->key, key, n)) return true;
    }
    return false;
}

OTEL_API_ void otel_span_exception(otel_span_t *span, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)type; (void)message; (void)stacktrace; (void)attributes; (void)len; return)
    otel_event_open_(span, &e, "exception", 0);
    if (!e.at) return;
    if (type && !otel_exception_has_("exception.type", attributes, len)) otel_element_text_(span, &e, "exception.type", type);
    if (message && !otel_exception_has_("exception.message", attributes, len)) otel_element_text_(span, &e, "exception.message", message);
    if (stacktrace && !otel_exception_has_("exception.stacktrace", attributes, len)) otel_element_text_(span, &e, "exception.stacktrace", stacktrace);
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}

/* What a record brings beside its attributes, up to 16 in all; the rest counts as dropped. */
typedef struct otel_exception_t_ {
    otel_attr_t at[3u + OTEL_EXCEPTION_MORE_];
    size_t len;
} otel_exception_t_;

OTEL_FN_ void otel_exception_add_(otel_exception_t_ *e, const char *key, const char *text, const otel_attr_t *attributes, size_t len)
{
    if (text && !otel_exception_has_(key, attributes, len)) e->at[e->len++] = otel_str(key, text);
}

OTEL_API_ OTEL_NOINLINE_ void otel_exception_fill_(otel_exception_t_ *e, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);
OTEL_API_ OTEL_NOINLINE_ void otel_exception_fill_(otel_exception_t_ *e, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    if (len > OTEL_EXCEPTION_MORE_) len = OTEL_EXCEPTION_MORE_;      /* what does not go along wins over nothing */
    e->len = 0;
    otel_exception_add_(e, "exception.type", type, attributes, len);
    otel_exception_add_(e, "exception.message", message, attributes, len);
    otel_exception_add_(e, "exception.stacktrace", stacktrace, attributes, len);
    for (i = 0; i < len; i++) e->at[e->len++] = attributes[i];
}

OTEL_API_ void otel_log_exception(const otel_scope_t *scope, otel_severity_t severity, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{
    otel_exception_t_ e;
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)type; (void)message; (void)stacktrace; (void)attributes; (void)len; return)
    if (!attributes) len = 0;
    otel_exception_fill_(&e, type, message, stacktrace, attributes, len);
    memset((void *)&record, 0, sizeof record);
    record.severity = severity > 0 ? severity : OTEL_ERROR;
    record.body = otel_value_str_(message);
    record.scope = scope;
    record.attributes = e.at;
    record.attributes_len = e.len;
    if (len > OTEL_EXCEPTION_MORE_) record.lost_ = otel_too_long_(len) ? OTEL_LENGTH_MAX_ : (uint32_t)len - OTEL_EXCEPTION_MORE_;
    otel_log_emit(&record);
}

OTEL_API_ void otel_event_all(unsigned where, const otel_scope_t *scope, const char *name, const otel_attr_t *attributes, size_t len)
{
    OTEL_WHEN_OFF_((void)where; (void)scope; (void)name; (void)attributes; (void)len; return)
    if (where & OTEL_TO_SPAN) otel_span_event_all(otel_span_current(), name, attributes, len);
    if (where & OTEL_TO_LOG) {
        otel_log_record_t record;
        memset((void *)&record, 0, sizeof record);
        record.event_name = name;
        record.severity = OTEL_INFO;
        record.attributes = attributes;
        record.attributes_len = len;
        record.scope = scope;
        otel_log_emit(&record);
    }
}

OTEL_API_ otel_severity_t otel_syslog_severity(int priority)
{
    static const uint8_t severity[] = { OTEL_FATAL, OTEL_ERROR + 2, OTEL_ERROR + 1, OTEL_ERROR, OTEL_WARN, OTEL_INFO + 1, OTEL_INFO, OTEL_DEBUG };
    return OTEL_CAST_(otel_severity_t, severity[(unsigned)priority & 7u]);
}

OTEL_API_ void otel_log_line(const otel_scope_t *scope, otel_severity_t severity, const char *text, size_t len)
{
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)len; return)
    if (!text) return;
    while (len && (text[len - 1u] == '\n' || text[len - 1u] == '\r')) len--;
    if (len == 0) return;
    memset((void *)&record, 0, sizeof record);
    record.severity = severity;
    record.body = OTEL_STR(text, len);
    record.scope = scope;
    otel_log_emit(&record);
}
OTEL_C_END_
#endif
#endif
