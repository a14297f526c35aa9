/* A ring that is half full fetches the thread that sends, though its time is not yet. */
#ifndef OTEL_POSIX_FETCH_H
#define OTEL_POSIX_FETCH_H
#include "state.h"
#include "system.h"
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ bool otel_posix_fetch_(void);
#endif
OTEL_C_END_
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Called while recording, also in signal handlers, so it only tries. Whoever has the mutex is the thread on its way to a wait, or
   somebody who wakes it; while it is so the next record asks again. A thread may be cancelled anywhere, but not with the mutex:
   nothing in between is a place for a deferred request. (Switched off, a request that is on its way still ends it: glibc 2.36.) */
OTEL_API_ bool otel_posix_fetch_(void)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    bool mine;
#ifdef PTHREAD_CANCEL_DEFERRED                    /* Android has none */
    int old = PTHREAD_CANCEL_DEFERRED;
    (void)pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
#endif
    mine = s && !pthread_mutex_trylock(&s->mutex);
    if (mine) {
        (void)pthread_cond_signal(&s->wake);
        (void)pthread_mutex_unlock(&s->mutex);
    }
#ifdef PTHREAD_CANCEL_DEFERRED
    (void)pthread_setcanceltype(old, &old);
#endif
    return mine;
}

/* Would the thread find something to do? Not in a ring that is half full already while a request waits for its turn to be tried
   again, or for another exporter of the instance: each record would call in vain. */
OTEL_FN_ bool otel_posix_wants_(const otel_posix_state_t_ *s, const otel_ring_t *ring, unsigned which)
{
    const otel_reader_t_ *reader = &ring->reader[s->exporter.reader_];
    otel_pos_t published = OTEL_LOAD_ACQUIRE_(&ring->published), half = ring->size / 2u;
    if (otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), published) <= half) return true;
    return !s->exporter.flying_ && !s->exporter.lane_[which == OTEL_SPANS_ ? OTEL_SIGNAL_TRACES : OTEL_SIGNAL_LOGS].wait &&
           otel_pos_between_(ring, OTEL_LOAD_(&reader->cursor), published) > half;
}

/* By the thread, under the mutex, in front of a wait: have it end when a ring is half full. */
OTEL_FN_ void otel_posix_arm_(otel_posix_state_t_ *s)
{
    unsigned i, k;
    for (i = 0; i < otel_shards_(&s->otel); i++) {
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &otel_shard_at_(&s->otel, i)->ring[k];
            OTEL_STORE_(&ring->wake, &otel_posix_fetch_);
            OTEL_STORE_RELEASE_(&ring->wake_at, otel_posix_wants_(s, ring, k) ? ring->size / 2u : ~(otel_pos_t)0);
        }
    }
}
OTEL_C_END_
#endif
#endif
