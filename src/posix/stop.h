/* The end: closers, the last export, and the signal that waits for it. */
#ifndef OTEL_POSIX_STOP_H
#define OTEL_POSIX_STOP_H
#include "http.h"
#include "options.h"
#include "state.h"
#include "system.h"
#include "terminal.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* All that still waits has an address where nobody listens: more tries would bring nothing. */
OTEL_FN_ bool otel_posix_hopeless_(const otel_posix_state_t_ *s)
{
    otel_stats_t stats;
    unsigned i;
    if (otel_stats(&s->exporter, &stats) != OTEL_OK) return false;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (stats.signal[i].queued && !s->hopeless[i]) return false;
    }
    return true;
}

/* What is to be done before the end, the last one given first; under the mutex, which is open while one runs. */
OTEL_FN_ void otel_posix_close_(otel_posix_state_t_ *s)
{
    s->closing = 1;
    s->closer = pthread_self();
    while (s->closers) {
        otel_posix_closer_t *closer = s->closers;
        s->closers = closer->next_;
        closer->in_ = false;
        (void)pthread_mutex_unlock(&s->mutex);
        if (closer->run) (closer->run)(closer->user, otel_posix_left_(s->stop_until));
        (void)pthread_mutex_lock(&s->mutex);
    }
    s->closing = 0;
}

/* The last export: in steps, to give up where there is no hope. A wait after a connection that failed ends here. */
OTEL_FN_ otel_result_t otel_posix_end_(otel_posix_state_t_ *s)
{
    otel_result_t result, rest;
    uint32_t step = 50, left;
    unsigned i;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (s->hopeless[i]) s->exporter.lane_[i].wait = 0;
        s->hopeless[i] = false;
    }
    do {
        left = otel_posix_left_(s->stop_until);
        result = otel_export_flush(&s->exporter, left < step ? left : step);
        step *= 2u;
    } while (result == OTEL_E_TIMEOUT && left > step / 2u && !otel_posix_hopeless_(s));
    otel_diag_instruments(&s->watch);
    s->exporter.config_.send = NULL;              /* flushed it is: what is left now is told as such */
    rest = otel_export_shutdown(&s->exporter, 0);
    if (result == OTEL_OK) result = rest;
    rest = otel_shutdown(&s->otel, 0);
    otel_http_close(&s->http);
    otel_posix_show_(s);
    return result ? result : rest;
}

/* From here on it ends; under the mutex. */
OTEL_FN_ void otel_posix_last_(otel_posix_state_t_ *s, uint32_t timeout_ms)
{
    s->running = 2;
    s->begun++;
    if (s->ask) (s->ask)(s, OTEL_ASK_NO_MORE_);
    s->stop_until = otel_posix_until_(timeout_ms);
    otel_posix_close_(s);
    OTEL_STORE_(&s->http.limit_ms_, s->stop_until);
    OTEL_STORE_RELEASE_(&s->http.limited_, true);
    OTEL_STORE_RELEASE_(&s->stop, (uint8_t)1);
}

/* It has ended; under the mutex. The signal that came meanwhile, or 0: from here on the next one does what it does. */
OTEL_FN_ int otel_posix_over_(otel_posix_state_t_ *s, otel_result_t result)
{
    int caught = 0;
    s->stop_result = result;
    s->ended = s->begun;
    (void)pthread_cond_broadcast(&s->back);
    return OTEL_CAS_(&s->caught, &caught, -1) ? 0 : caught;
}

/* Let a signal that was caught end the program. */
OTEL_FN_ void otel_posix_let_(int caught)
{
    if (caught <= 0) return;
    (void)signal(caught, SIG_DFL);
    (void)kill(getpid(), caught);
}
OTEL_C_END_
#endif
#endif
