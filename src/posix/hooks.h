/* Hooks, for an otel_init of one's own: clock and entropy; a thread gives its shard back when it ends. */
#ifndef OTEL_POSIX_HOOKS_H
#define OTEL_POSIX_HOOKS_H
#include "fast_clock.h"
#include "state.h"
#include "system.h"
#include "text.h"
OTEL_C_BEGIN_
/* Nanoseconds since boot: `.clock = otel_posix_clock, .clock_hz = 1000000000`, then otel_time_sync. */
OTEL_API_ uint64_t otel_posix_clock(void *user);

/* Random bytes of the system. */
OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A thread shows itself at its first look at the clock. */
OTEL_API_ OTEL_NOINLINE_ void otel_posix_meet_(void);
OTEL_API_ OTEL_NOINLINE_ void otel_posix_meet_(void)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    if (!s) return;
    otel_posix_known_v0_ = 1;
    (void)pthread_setspecific(s->key, s);
}

OTEL_API_ uint64_t otel_posix_clock(void *user)
{
    (void)user;
    if (OTEL_UNLIKELY_(!otel_posix_known_v0_)) otel_posix_meet_();
    return otel_posix_ns_(CLOCK_MONOTONIC);
}

OTEL_API_ uint64_t otel_posix_fast_clock_(void *fast);
OTEL_API_ uint64_t otel_posix_fast_clock_(void *fast)
{
    if (OTEL_UNLIKELY_(!otel_posix_known_v0_)) otel_posix_meet_();
    return otel_fast_clock(fast);
}

OTEL_FN_ void otel_posix_thread_end_(void *state)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)state;
    otel_posix_known_v0_ = 0;                     /* what other destructors record brings it back here */
    (void)pthread_mutex_lock(&s->life);
    otel_thread_end(&s->otel);
    (void)pthread_mutex_unlock(&s->life);
}

OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len)
{
    size_t n = 0;
    int fd;
    (void)user;
#if defined(GRND_NONBLOCK)
    while (n < len) {
        ssize_t got = getrandom((char *)to + n, len - n, GRND_NONBLOCK);
        if (got > 0) n += (size_t)got;
        else if (errno != EINTR) break;
    }
    if (n == len) return true;
#endif
    fd = (open)("/dev/urandom", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && n < len) {
        ssize_t got = (read)(fd, (char *)to + n, len - n);
        if (got > 0) n += (size_t)got;
        else if (got == 0 || errno != EINTR) break;
    }
    if (fd >= 0) (void)(close)(fd);
    return n == len;
}
OTEL_C_END_
#endif
#endif
