/* The thread that sends. */
#ifndef OTEL_POSIX_THREAD_H
#define OTEL_POSIX_THREAD_H
#include "clocks.h"
#include "fetch.h"
#include "http.h"
#include "post.h"
#include "say.h"
#include "state.h"
#include "stop.h"
#include "system.h"
#include "terminal.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Say that sending fails: at first, when another answer comes, and at OTEL_LOG_LEVEL=debug each time. */
OTEL_FN_ void otel_posix_fails_(otel_posix_state_t_ *s, const otel_request_t *request, int status, otel_outcome_t_ outcome)
{
    const otel_http_target_t_ *t = &s->http.target_[request->signal];
    const bool again = outcome == OTEL_OUTCOME_RETRY_ || outcome == OTEL_OUTCOME_HALVE_;
    bool known = s->failed && (status == s->said_status || otel_posix_ms_() - s->said_ms < 10000u);
    otel_diag_t about = otel_posix_about_(again ? OTEL_DIAG_PUT_OFF : OTEL_DIAG_REFUSED, known ? OTEL_LEVEL_DEBUG : again ? OTEL_LEVEL_WARN : OTEL_LEVEL_ERROR);
    about.signal = request->signal;
    about.count = request->items;
    about.answer = status;
    if (!known) {
        s->failed = true;
        s->said_status = status;
        s->said_ms = otel_posix_ms_();
    }
    if (s->explain) otel_posix_say_(s, &about, "", "sending fails%s: %s", again ? " and is tried again" : "", (s->explain)(s->user));
    else if (s->send) otel_posix_say_(s, &about, otel_posix_remedy_(s, request->signal, status), "sending to your function fails%s: %d", again ? " and is tried again" : "", status);
    else otel_posix_say_(s, &about, otel_posix_remedy_(s, request->signal, status), "sending to %s port %s fails%s: %s", t->host, t->port, again ? " and is tried again" : "", otel_http_error(&s->http));
}

/* What the transport has to say of the last request, "" for nothing. */
OTEL_FN_ const char *otel_posix_said_(const otel_posix_state_t_ *s)
{
    const char *sentence = s->explain ? (s->explain)(s->user) : s->send ? "" : otel_http_error(&s->http);
    return sentence ? sentence : "";
}

/* How a request went. */
OTEL_FN_ void otel_posix_report_(otel_posix_state_t_ *s, const otel_request_t *request, int status, otel_outcome_t_ outcome)
{
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_VERBOSE);
    about.signal = request->signal;
    about.count = request->items;
    about.answer = status;
    otel_posix_say_(s, &about, "", "%s: %lu records in %lu bytes, answer %d", request->path, (unsigned long)request->items, (unsigned long)request->len, status);
    if (!(s->to[request->signal] & OTEL_TO_HTTP_)) return;    /* a terminal says nothing about a receiver */
    if (s->failing) {
        otel_posix_fails_(s, request, status, outcome);
    } else if (s->failed && outcome == OTEL_OUTCOME_OK_) {
        about.code = OTEL_DIAG_WORKS;
        about.level = OTEL_LEVEL_INFO;
        s->failed = false;
        otel_posix_say_(s, &about, "", "sending works again");
    }
    if (outcome == OTEL_OUTCOME_OK_ && otel_posix_said_(s)[0] && (!s->partial_ms || otel_posix_ms_() - s->partial_ms > 30000u)) {
        about.code = OTEL_DIAG_REFUSED;
        about.level = OTEL_LEVEL_WARN;
        s->partial_ms = otel_posix_ms_() | 1u;
        otel_posix_say_(s, &about, !s->send && s->http.remedy_ ? s->http.remedy_ : "see the receiver's log", "%s", otel_posix_said_(s));
    }
}

/* The exporter's `send`: where the signal of this request goes. What is shown in the terminal is shown once, when its fate is known. */
OTEL_FN_ int otel_posix_send_(void *user, const otel_request_t *request)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)user;
    unsigned to = s->to[request->signal];
    int status = 200;
    otel_outcome_t_ outcome;
    if (to & OTEL_TO_HTTP_) status = s->send ? (s->send)(s->user, request) : otel_http_send(&s->http, request);
    outcome = otel_outcome_(status);
    if ((to & OTEL_TO_CONSOLE_) && outcome != OTEL_OUTCOME_AGAIN_ && outcome != OTEL_OUTCOME_RETRY_ && outcome != OTEL_OUTCOME_HALVE_) otel_posix_console_(s, request);
    s->hopeless[request->signal] = (to & OTEL_TO_HTTP_) && !s->send && status < 0 && s->http.refused_;
    if (outcome == OTEL_OUTCOME_OK_) OTEL_STORE_(&s->arrived_ms, otel_posix_ms_());
    s->sends++;
    s->status = status;
    if (to & OTEL_TO_HTTP_) s->failing = outcome != OTEL_OUTCOME_OK_ && outcome != OTEL_OUTCOME_AGAIN_;
    otel_posix_report_(s, request, status, outcome);
    return status;
}

OTEL_FN_ void otel_posix_wait_(pthread_cond_t *cond, pthread_mutex_t *mutex, uint32_t ms)
{
    struct timespec t;
#ifdef __APPLE__
    (void)clock_gettime(CLOCK_REALTIME, &t);
#else
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
#endif
    t.tv_sec += (time_t)(ms / 1000u);
    t.tv_nsec += (long)(ms % 1000u) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    (void)pthread_cond_timedwait(cond, mutex, &t);
}

OTEL_FN_ void otel_posix_idle_(void *user, uint32_t ms)
{
    struct timespec t;
    (void)user;
    t.tv_sec = 0;
    t.tv_nsec = (long)(ms > 20u ? 20u : ms) * 1000000;
    (void)nanosleep(&t, NULL);
}

/* A service that never stops hears of losses as well: at once, and then every half minute. */
OTEL_FN_ void otel_posix_watch_(otel_posix_state_t_ *s)
{
    otel_stats_t stats;
    otel_count_t lost = 0, most = 0;
    otel_drop_t why = OTEL_DROP_FULL;
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_LOST, OTEL_LEVEL_WARN);
    unsigned i, k;
    if ((s->told && otel_posix_ms_() - s->told_ms < 30000u) || otel_stats(&s->exporter, &stats) != OTEL_OK) return;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        for (k = 0; k < OTEL_DROP_REASONS; k++) {
            lost += stats.signal[i].dropped[k];
            if (stats.signal[i].dropped[k] <= most) continue;
            most = stats.signal[i].dropped[k];
            why = (otel_drop_t)k;
        }
    }
    if (lost <= s->told) {
        s->told = lost;                           /* less: a fork began anew */
        return;
    }
    about.reason = why;
    about.count = lost - s->told;
    otel_posix_say_(s, &about, otel_posix_loss_(s, why), "%llu record%s lost so far, most of them: %s", (unsigned long long)lost, lost == 1 ? "" : "s", otel_drop_text(why));
    s->told = lost;
    s->told_ms = otel_posix_ms_();
}

/* Nothing is waited for under the mutex but the mutex itself, and every wait is preceded by a look at what was asked: no wake-up
   is lost. */
OTEL_FN_ void *otel_posix_thread_(void *state)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)state;
    uint32_t tick = s->exporter.config_.interval_ms < 100u ? s->exporter.config_.interval_ms : 100u;
    otel_result_t result;
    bool caught = false, more;
    OTEL_STORE_(&s->exporter.driver_, (uintptr_t)&otel_thread_v0_);
    (void)pthread_mutex_lock(&s->mutex);
    while (!s->stop) {
        uint32_t asked = s->asked, before;
        if (asked != s->flushed) {
            uint32_t ms = otel_posix_left_(s->flush_until);
            (void)pthread_mutex_unlock(&s->mutex);
            result = otel_export_flush(&s->exporter, ms);
            otel_posix_show_(s);
            (void)pthread_mutex_lock(&s->mutex);
            s->flush_result = result;
            s->flushed = asked;
            (void)pthread_cond_broadcast(&s->back);
            continue;
        }
        if (s->dump) {
            otel_posix_screen_(s, s->dump);
            (void)fflush(s->dump);
            s->dump = NULL;
            (void)pthread_cond_broadcast(&s->back);
            continue;
        }
        if (s->running == 1 && OTEL_LOAD_(&s->caught) > 0) {
            caught = true;
            otel_posix_last_(s, s->exit_ms);
            break;
        }
        (void)pthread_mutex_unlock(&s->mutex);
        OTEL_STORE_(&s->beat_ms, otel_posix_ms_());
        if (otel_posix_ms_() - s->synced_ms >= 10000u) {
            otel_posix_sync_(s, false);
            s->synced_ms = otel_posix_ms_();
        }
        otel_posix_anchor_(s);
        otel_posix_watch_(s);
        otel_diag_more_(&s->watch);
        otel_diag_instruments(&s->watch);
        do {                                      /* as long as there is something to send, but others want something too */
            before = s->sends;
            (void)otel_export_poll(&s->exporter);
            more = s->sends != before && s->status != OTEL_AGAIN && s->status != OTEL_PENDING;
        } while (more && !OTEL_LOAD_ACQUIRE_(&s->stop) && otel_posix_ms_() - s->beat_ms < 100u);
        otel_posix_show_(s);
        (void)pthread_mutex_lock(&s->mutex);
        if (!s->stop && s->asked == s->flushed && !s->dump && !more) {
            otel_posix_arm_(s);
            otel_posix_wait_(&s->wake, &s->mutex, tick);
        }
    }
    (void)pthread_mutex_unlock(&s->mutex);
    result = otel_posix_end_(s);
    (void)pthread_mutex_lock(&s->mutex);
    s->stop_result = result;
    s->flushed = s->asked;
    s->flush_result = result;
    s->finished = true;
    if (caught) otel_posix_let_(otel_posix_over_(s, result));     /* now it does what it does */
    (void)pthread_cond_broadcast(&s->back);
    (void)pthread_mutex_unlock(&s->mutex);
    return NULL;
}

OTEL_FN_ bool otel_posix_launch_(otel_posix_state_t_ *s)
{
    sigset_t all, old;
    int failed;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old)) return false;   /* signals are the program's: none is delivered to this thread */
    failed = pthread_create(&s->thread, NULL, otel_posix_thread_, s);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    s->up = failed == 0;
    return s->up;
}
OTEL_C_END_
#endif
#endif
