/* How the port speaks to people: one way for all of it, to the program's callback or to stderr, as loud as OTEL_LOG_LEVEL says.
   Specification: configuration/sdk-environment-variables.md, "General SDK Configuration"; error-handling.md, "Self-diagnostics". */
#ifndef OTEL_POSIX_SAY_H
#define OTEL_POSIX_SAY_H
#include "options.h"
#include "state.h"
#include "system.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Say something: to the program's callback, or in one line on stderr. `remedy` is a sentence that goes behind it, "" for none. */
OTEL_API_ void otel_posix_tell_(const otel_posix_state_t_ *s, const otel_diag_t *what);
OTEL_API_ void otel_posix_tell_(const otel_posix_state_t_ *s, const otel_diag_t *what)
{
    if (s->say) {
        (s->say)(s->say_user, what);
    } else if (what->level <= s->level) {
        (void)fprintf(stderr, "otel: %s%s%s%s%s%s\n", what->text, what->name ? " (" : "", what->name ? what->name : "", what->name ? ")" : "", *what->remedy ? "; " : "", what->remedy);
    }
}

/* Whether anybody hears what is said at this level: the callback hears all that matters, whatever the environment says. */
OTEL_FN_ bool otel_posix_hears_(const otel_posix_state_t_ *s, otel_level_t level) { return level <= s->level || (s->say && level <= OTEL_LEVEL_INFO); }

OTEL_API_ OTEL_PRINTF_(4, 5) void otel_posix_say_(const otel_posix_state_t_ *s, const otel_diag_t *about, const char *remedy, const char *format, ...);
OTEL_API_ void otel_posix_say_(const otel_posix_state_t_ *s, const otel_diag_t *about, const char *remedy, const char *format, ...)
{
    char line[512];
    otel_diag_t what = *about;
    va_list a;
    if (!otel_posix_hears_(s, what.level)) return;
    va_start(a, format);
    (void)vsnprintf(line, sizeof line, format, a);
    va_end(a);
    what.text = line;
    what.remedy = remedy;
    otel_posix_tell_(s, &what);
}

/* What such a sentence is about. */
OTEL_FN_ otel_diag_t otel_posix_about_(otel_diag_code_t code, otel_level_t level)
{
    otel_diag_t what;
    memset((void *)&what, 0, sizeof what);
    what.code = code;
    what.level = level;
    return what;
}

/* A setting that makes no sense. */
#define OTEL_POSIX_IGNORED_(s, remedy, ...) \
    do { \
        const otel_diag_t about_ = otel_posix_about_(OTEL_DIAG_SETTING, OTEL_LEVEL_WARN); \
        otel_posix_say_((s), &about_, (remedy), __VA_ARGS__); \
    } while (0)

/* A watch's `say`. */
OTEL_FN_ void otel_posix_heard_(void *state, const otel_diag_t *what) { otel_posix_tell_((const otel_posix_state_t_ *)state, what); }

/* What to do about a request that was not taken. */
OTEL_FN_ const char *otel_posix_remedy_(const otel_posix_state_t_ *s, otel_signal_t signal, int status)
{
    static const char *const whole[OTEL_SIGNALS] = { "write the whole path, /v1/traces, into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318",
        "write the whole path, /v1/metrics, into OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318",
        "write the whole path, /v1/logs, into OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318" };
    if (s->send) return "see what it returned";
    if (s->http.tls_) return "no TLS in this port: send to a Collector on this machine (http://localhost:4318), or to there through ports/otel_curl.h, as .send";
    if (status < 0 && s->http.remedy_) return s->http.remedy_;
    if (status < 0 && s->http.grpc_) return "correct the endpoint (.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)";
    if (status < 0) return s->http.refused_ ? "start a receiver there, or correct the endpoint (.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)" : "see whether the receiver is well, and the way to it";
    if (status == 400) return "see the receiver's log: it cannot read what was sent";
    if (status == 401 || status == 403) return "give the key: .headers, or OTEL_EXPORTER_OTLP_HEADERS=name=value";
    if ((status == 404 || status == 405) && s->http.target_[signal].whole) return whole[signal];
    if (status == 404 || status == 405) return OTEL_HTTP_ELSEWHERE_;
    if (status == 413) return "it is sent again in halves; raise the largest request that the receiver takes";
    if (status < 400) return "make what it points to the endpoint";
    return "see the receiver's log";
}

/* What to do about a loss here, where a thread polls and the time is known. */
OTEL_FN_ const char *otel_posix_loss_(const otel_posix_state_t_ *s, otel_drop_t reason)
{
    if (reason == OTEL_DROP_FULL) return "raise .pool_size (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BLRP_MAX_QUEUE_SIZE), or shorten .interval_ms (OTEL_BSP_SCHEDULE_DELAY)";
    if (reason == OTEL_DROP_SHUTDOWN) return s->failed ? "nobody took them before the end" : "give otel_posix_stop, or .exit_ms, more milliseconds";
    if (reason == OTEL_DROP_TOO_LARGE) return "record shorter texts, or raise the largest request that the receiver takes (413), or .pool_size";
    return otel_drop_remedy(reason);
}
OTEL_C_END_
#endif
#endif
