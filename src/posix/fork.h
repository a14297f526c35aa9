/* fork and exit. */
#ifndef OTEL_POSIX_FORK_H
#define OTEL_POSIX_FORK_H
#include "environment.h"
#include "http.h"
#include "options.h"
#include "state.h"
#include "system.h"
#include "thread.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_posix_before_fork_(void)
{
    if (!otel_posix_v0_) return;
    (void)pthread_mutex_lock(&otel_posix_v0_->mutex);
    (void)pthread_mutex_lock(&otel_posix_v0_->life);
}

OTEL_FN_ void otel_posix_parent_(void)
{
    if (!otel_posix_v0_) return;
    (void)pthread_mutex_unlock(&otel_posix_v0_->life);
    (void)pthread_mutex_unlock(&otel_posix_v0_->mutex);
}

OTEL_FN_ bool otel_posix_conds_(otel_posix_state_t_ *s)
{
    pthread_condattr_t a;
    bool good;
    if (pthread_condattr_init(&a)) return false;
#ifndef __APPLE__
    (void)pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
#endif
    good = pthread_cond_init(&s->wake, &a) == 0 && pthread_cond_init(&s->back, &a) == 0;
    (void)pthread_condattr_destroy(&a);
    return good;
}

/* The child has one thread, the queue of nobody, and connections that are its parent's. */
OTEL_FN_ void otel_posix_child_(void)
{
    otel_posix_state_t_ *s = otel_posix_v0_;
    if (!s) return;
    (void)otel_posix_conds_(s);
    otel_after_fork(&s->otel);
    if (s->exporter.otel_) otel_exporter_renew_(&s->exporter);          /* before anybody counts */
    (void)pthread_mutex_unlock(&s->life);
    otel_http_close(&s->http);
    if (s->detect && s->running == 1) otel_posix_detect_(s, &s->otel.config_);
    s->up = s->failed = s->failing = s->shows = false;        /* what the console holds is the parent's, and perhaps half of it */
    s->lines.n = 0;
    s->asked = s->flushed;
    s->dump = NULL;
    s->closing = 0;
    s->ended = s->begun;
    OTEL_STORE_(&s->caught, -1);
    s->forked = true;
    if (s->running == 1) {
        s->stop = 0;
        if (otel_posix_launch_(s)) OTEL_STORE_(&s->caught, 0);              /* without it, flush and stop send by themselves */
        if (s->ask) (s->ask)(s, OTEL_ASK_IN_CHILD_);
    } else {
        if (s->running) {                         /* the end was under way: here it is over, and nobody would send what is recorded */
            s->exporter.config_.send = NULL;
            (void)otel_shutdown(&s->otel, 0);
        }
        s->running = 0;
    }
    (void)pthread_mutex_unlock(&s->mutex);
}

#define OTEL_POSIX_STACK_ 8388608u        /* bytes of a stack that may be left already: longjmp, without otel_span_unwind, left spans there */

/* exit() leaves no block: the spans that it was called in end here, where they are still alive. Not in the child of a fork, where they
   may be its parent's. */
OTEL_FN_ void otel_posix_end_open_(const otel_posix_state_t_ *s)
{
    const char here = 0;
    otel_span_t *span;
    while (!s->forked && (span = otel_span_current()) != NULL && (uintptr_t)&here - (uintptr_t)span > OTEL_POSIX_STACK_) {
        otel_span_end(span);
        if (otel_span_current() == span) return;
    }
}

OTEL_FN_ void otel_posix_exit_(void)
{
    if (!otel_posix_v0_) return;
    otel_posix_end_open_(otel_posix_v0_);
    (void)otel_posix_stop(otel_posix_v0_->exit_ms);
}
OTEL_C_END_
#endif
#endif
