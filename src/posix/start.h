/* Start, flush, stop. */
#ifndef OTEL_POSIX_START_H
#define OTEL_POSIX_START_H
#include "batching.h"
#include "environment.h"
#include "fork.h"
#include "hooks.h"
#include "memory.h"
#include "metrics.h"
#include "options.h"
#include "processors.h"
#include "propagators.h"
#include "sampler.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "terminal.h"
#include "text.h"
#include "thread.h"
#include "unread.h"
#include "ways.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* The state, made once in the life of a process. */
OTEL_FN_ otel_posix_state_t_ *otel_posix_state_(void)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_), *none = NULL;
    if (s) return s;
    s = (otel_posix_state_t_ *)otel_posix_map_(sizeof *s);
    if (!s) return NULL;
    if (pthread_mutex_init(&s->mutex, NULL) || pthread_mutex_init(&s->life, NULL) || !otel_posix_conds_(s) || pthread_key_create(&s->key, otel_posix_thread_end_)) {
        (void)munmap(s, sizeof *s);
        return NULL;
    }
    if (!OTEL_CAS_(&otel_posix_v0_, &none, s)) {  /* another thread was first */
        (void)pthread_key_delete(s->key);
        (void)munmap(s, sizeof *s);
        return OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    }
    (void)pthread_atfork(otel_posix_before_fork_, otel_posix_parent_, otel_posix_child_);
    (void)atexit(otel_posix_exit_);
    return s;
}

/* What it is going to do, for who looks for a fault. */
OTEL_FN_ void otel_posix_plan_(const otel_posix_state_t_ *s, const otel_config_t *config, const otel_exporter_config_t *sender)
{
    static const char *const word[OTEL_SIGNALS] = { "traces", "metrics", "logs" };
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_DEBUG);
    unsigned i;
    otel_posix_say_(s, &about, "", "version " OTEL_VERSION ", pool of %lu bytes in %u shards, spans and logs go every %lu ms, metrics every %lu ms", (unsigned long)config->pool_size, (unsigned)config->shards,
                    (unsigned long)sender->interval_ms, (unsigned long)sender->metric_interval_ms);
    otel_posix_say_(s, &about, "", "spans are sampled by %s", s->sampled);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        bool http = (s->to[i] & OTEL_TO_HTTP_) && !s->send;
        about.signal = (otel_signal_t)i;
        otel_posix_say_(s, &about, "", "%s go to %s%s%s%s%s", word[i], s->to[i] & OTEL_TO_HTTP_ ? s->send ? "your function" : s->http.target_[i].host : "", http ? " port " : "", http ? s->http.target_[i].port : "",
                        s->to[i] & OTEL_TO_CONSOLE_ ? s->to[i] & OTEL_TO_HTTP_ ? " and the terminal" : "the terminal" : "", s->to[i] & (OTEL_TO_HTTP_ | OTEL_TO_CONSOLE_) ? "" : "nobody (none)");
    }
}

OTEL_FN_ otel_result_t otel_posix_begin_(otel_posix_state_t_ *s, const otel_posix_options_t *o)
{
    otel_config_t config;
    otel_exporter_config_t sender;
    otel_result_t result;
    size_t size;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned i;
    otel_diag_t about;
    s->say = o->say;
    s->say_user = o->say_user;
    s->setting = o->setting;
    s->setting_user = o->setting_user;
    otel_posix_env_level_(s);
    s->disabled = otel_posix_env_is_("OTEL_SDK_DISABLED", "true");
    if (s->disabled) {
        about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_DEBUG);
        otel_posix_say_(s, &about, "", "OTEL_SDK_DISABLED=true: nothing is recorded");
        s->otel.config_.propagator = o->propagator ? o->propagator : otel_posix_env_propagator_(s);   /* contexts pass through all the same */
        otel_use(&s->otel);
        return OTEL_OK;
    }
    if (otel_posix_env_("OTEL_SDK_DISABLED") && !otel_posix_env_is_("OTEL_SDK_DISABLED", "false")) OTEL_POSIX_IGNORED_(s, "write true to switch telemetry off", "OTEL_SDK_DISABLED=%.60s counts as false", otel_posix_env_("OTEL_SDK_DISABLED"));
    s->send = o->send;
    otel_posix_unread_(s);
    memset((void *)&s->http, 0, sizeof s->http);
    memset((void *)&config, 0, sizeof config);
    memset((void *)&sender, 0, sizeof sender);
    s->user = o->user;
    s->explain = o->send ? o->explain : NULL;
    s->exit_ms = o->exit_ms ? o->exit_ms : 5000u;
    s->failing = s->failed = false;
    if (s->explain) {                             /* what the transport did not take at its own start */
        const char *sentence = (s->explain)(s->user);
        if (sentence && *sentence) OTEL_POSIX_IGNORED_(s, "", "%s", sentence);
    }
    if (!otel_posix_ways_(s, o)) return OTEL_E_CONFIG;
    otel_posix_resource_(s, o, &config);
    otel_posix_pool_(s, o, &config);
    size = config.pool_size;
    if (size > s->pool_size) {                    /* an earlier, smaller pool stays: a thread may still be in it */
        void *pool = otel_posix_map_(size);
        if (!pool) {
            about = otel_posix_about_(OTEL_DIAG_START, OTEL_LEVEL_ERROR);
            otel_posix_say_(s, &about, "lower .pool_size", "no %lu bytes for the pool", (unsigned long)size);
            return OTEL_E_SYSTEM;
        }
        if (o->prefault) otel_posix_touch_(pool, size);
        s->pool = pool;
        s->pool_size = size;
    }
    s->fast_wanted = o->fast_clock;
    config.clock = o->fast_clock ? otel_posix_fast_clock_ : otel_posix_clock;
    config.user = &s->fast;
    config.clock_hz = 1000000000u;
    config.entropy = otel_posix_entropy;
    config.pool = s->pool;
    config.shards = o->shards ? o->shards : (uint16_t)(1 + (processors < 1 ? 2 : processors > 8 ? 16 : 2 * processors));
    config.when_full = o->when_full;
    s->ask = NULL;
    (void)snprintf(s->sampled, sizeof s->sampled, "the program's own sampler");
    config.sampler = o->sampler.decide ? o->sampler : otel_posix_env_sampler_(s);
    config.propagator = o->propagator ? o->propagator : otel_posix_env_propagator_(s);
    otel_posix_processors_(s, o, &config);
#if OTEL_METRICS
    otel_posix_metrics_(s, o, &config, &sender);
#endif
    sender.otel = &s->otel;
    sender.send = otel_posix_send_;
    sender.user = s;
    sender.buffer = s->packet;
    sender.buffer_size = sizeof s->packet;
    sender.idle = otel_posix_idle_;
    sender.timeout_ms = s->request_ms;
    otel_posix_batching_(s, o, &sender);
    (void)pthread_mutex_lock(&s->life);           /* who asks for counts meanwhile waits */
    result = otel_init_with(&s->otel, &config);
    if (result == OTEL_OK) {
        otel_use(&s->otel);
        otel_posix_sync_(s, true);
        s->synced_ms = otel_posix_ms_();
        result = otel_exporter_init_with(&s->exporter, &sender);
    }
    (void)pthread_mutex_unlock(&s->life);
    if (result == OTEL_OK) {
        s->stop = 0;
        s->finished = false;
        s->timeout_ms = sender.timeout_ms < OTEL_POSIX_LONGEST_MS_ ? sender.timeout_ms : OTEL_POSIX_LONGEST_MS_;
        for (i = 0; i < OTEL_SIGNALS; i++) {
            if (s->http.target_[i].timeout_ms > s->timeout_ms) s->timeout_ms = s->http.target_[i].timeout_ms;
        }
        s->beat_ms = s->arrived_ms = otel_posix_ms_();
        s->asked = s->flushed = 0;
        memset((void *)&s->watch, 0, sizeof s->watch);
        s->watch.exporter = &s->exporter;
        s->watch.say = otel_posix_heard_;
        s->watch.user = s;
        otel_posix_plan_(s, &config, &sender);
        if (!otel_posix_launch_(s)) result = OTEL_E_SYSTEM;
        else if (s->ask) (s->ask)(s, OTEL_ASK_NOW_);
    }
    if (result != OTEL_OK) (void)otel_shutdown(&s->otel, 0);
    return result;
}

#define OTEL_POSIX_QUIET_MS_ 20u

/* Is nobody in the middle of a record? */
OTEL_FN_ bool otel_posix_still_(otel_t *otel)
{
    unsigned i;
    for (i = 0; i < 2u * otel_shards_(otel); i++) {
        const otel_ring_t *ring = &otel_shard_at_(otel, i / 2u)->ring[i & 1u];
        if (OTEL_LOAD_ACQUIRE_(&ring->reserved) != OTEL_LOAD_ACQUIRE_(&ring->published) || OTEL_LOAD_(&ring->waiting)) return false;
    }
    return true;
}

/* What a thread is writing when the last run ends must not end in this one: wait until nobody writes, for a while, so that those
   that had asked and were about to begin are through too. False: somebody has been at it for a second. */
OTEL_FN_ bool otel_posix_quiet_(otel_t *otel)
{
    const struct timespec ms = { 0, 1000000 };
    unsigned tries, quiet = 0;
    if (OTEL_LOAD_(&otel->live_) != 2) return true;           /* the first run */
    for (tries = 0; tries < 1000u && quiet < OTEL_POSIX_QUIET_MS_; tries++) {
        quiet = otel_posix_still_(otel) ? quiet + 1u : 0;
        (void)nanosleep(&ms, NULL);
    }
    return quiet == OTEL_POSIX_QUIET_MS_;
}

OTEL_API_ otel_result_t otel_posix_start_with(const otel_posix_options_t *options)
{
    otel_posix_options_t none;
    otel_posix_state_t_ *s = otel_posix_state_();
    otel_result_t result = OTEL_OK;
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_START, OTEL_LEVEL_ERROR);
    if (!s) return OTEL_E_SYSTEM;
    memset((void *)&none, 0, sizeof none);
    (void)pthread_mutex_lock(&s->mutex);
    if (s->running == 3 && s->finished) s->running = 0;
    if (s->running == 0 && !otel_posix_quiet_(&s->otel)) {
        result = OTEL_E_SYSTEM;
        otel_posix_say_(s, &about, "start again later", "a thread is still in the middle of a record of the last run");
    } else if (s->running == 0) {
        result = otel_posix_begin_(s, options ? options : &none);
        if (result == OTEL_OK && !s->disabled) {
            s->running = 1;
            OTEL_STORE_(&s->caught, 0);
        }
        if (result == OTEL_E_POOL) otel_posix_say_(s, &about, "raise .pool_size, or lower .shards or .log_percent; the program goes on without telemetry", "%s", "the pool is too small for a record in each shard");
        else if (result != OTEL_OK && result != OTEL_E_CONFIG) otel_posix_say_(s, &about, "the program goes on without telemetry", "%s%s%s", otel_result_text(result), result == OTEL_E_SYSTEM ? ": " : "", result == OTEL_E_SYSTEM ? strerror(errno) : "");
    } else if (s->running != 1) {
        result = OTEL_E_SYSTEM;
        otel_posix_say_(s, &about, "start again later", "the last stop is still waiting for a transport that does not return");
    }
    (void)pthread_mutex_unlock(&s->mutex);
    return result;
}

OTEL_API_ otel_result_t otel_posix_flush(uint32_t timeout_ms)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    otel_result_t result;
    uint32_t until, ticket;
    if (!s) return OTEL_E_NOT_READY;
    until = otel_posix_until_(timeout_ms);
    (void)pthread_mutex_lock(&s->mutex);
    if (s->up && pthread_equal(s->thread, pthread_self())) {
        result = OTEL_E_NESTED;
    } else if (s->running != 1) {
        result = s->disabled ? OTEL_OK : OTEL_E_NOT_READY;
    } else if (!s->up) {
        result = otel_export_flush(&s->exporter, timeout_ms);
        otel_posix_show_(s);
    } else {
        if (s->asked == s->flushed || (int32_t)(until - s->flush_until) > 0) s->flush_until = until;
        ticket = ++s->asked;
        (void)pthread_cond_signal(&s->wake);
        result = OTEL_E_TIMEOUT;
        while ((int32_t)(s->flushed - ticket) < 0) {
            uint32_t left = otel_posix_left_(until);
            if (left == 0) break;
            otel_posix_wait_(&s->back, &s->mutex, left);
        }
        if ((int32_t)(s->flushed - ticket) >= 0) result = s->flush_result;
    }
    (void)pthread_mutex_unlock(&s->mutex);
    return result;
}

/* Say what was not delivered: nothing is lost in silence. */
OTEL_FN_ void otel_posix_account_(otel_posix_state_t_ *s)
{
    static const char *const word[OTEL_SIGNALS] = { "span", "data point", "log record" };
    otel_stats_t stats;
    unsigned i, k;
    if (otel_stats(&s->exporter, &stats) != OTEL_OK) return;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        for (k = 0; k < OTEL_DROP_REASONS; k++) {
            otel_diag_t about = otel_posix_about_(OTEL_DIAG_LOST, OTEL_LEVEL_WARN);
            about.signal = (otel_signal_t)i;
            about.reason = (otel_drop_t)k;
            about.count = stats.signal[i].dropped[k];
            about.answer = s->exporter.lane_[i].last;
            if (about.count) otel_posix_say_(s, &about, otel_posix_loss_(s, about.reason), "%llu %s%s lost: %s", (unsigned long long)about.count, word[i], about.count == 1 ? "" : "s", otel_drop_text(about.reason));
        }
    }
    otel_diag_more_(&s->watch);                   /* spans that nobody ended */
    if (s->level >= OTEL_LEVEL_DEBUG && !s->say) otel_posix_screen_(s, stderr);
}

/* Called by the thread that sends, or out of a closer: it would wait for itself. */
OTEL_FN_ bool otel_posix_inside_(const otel_posix_state_t_ *s)
{
    return (s->up && pthread_equal(s->thread, pthread_self())) || (s->closing && pthread_equal(s->closer, pthread_self()));
}

OTEL_API_ otel_result_t otel_posix_stop(uint32_t timeout_ms)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    otel_result_t result = OTEL_OK;
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_STOP, OTEL_LEVEL_ERROR);
    int caught = 0;
    uint8_t next = 0;
    if (!s) return OTEL_OK;
    (void)pthread_mutex_lock(&s->mutex);
    if (otel_posix_inside_(s)) {
        (void)pthread_mutex_unlock(&s->mutex);
        return OTEL_E_NESTED;
    }
    if (s->running == 2) {                        /* another thread, or a signal, is at it */
        uint32_t until = otel_posix_until_(timeout_ms), turn = s->begun, left;
        while ((int32_t)(s->ended - turn) < 0 && (left = otel_posix_left_(until)) != 0) otel_posix_wait_(&s->back, &s->mutex, left);
        result = (int32_t)(s->ended - turn) < 0 ? OTEL_E_TIMEOUT : s->stop_result;
    } else if (s->running == 1) {
        otel_posix_last_(s, timeout_ms);
        (void)pthread_cond_signal(&s->wake);
        if (s->up) {
            while (!s->finished) {                /* half a second more than the transport has: it sees the limit itself */
                uint32_t left = otel_posix_left_(s->stop_until + 500u);
                if (left == 0) break;
                otel_posix_wait_(&s->back, &s->mutex, left);
            }
            s->up = false;
            if (s->finished) {
                pthread_t thread = s->thread;
                (void)pthread_mutex_unlock(&s->mutex);
                (void)pthread_join(thread, NULL);
                (void)pthread_mutex_lock(&s->mutex);
                result = s->stop_result;
                otel_posix_account_(s);
            } else {
                (void)pthread_detach(s->thread);
                next = 3;
                result = OTEL_E_TIMEOUT;
                otel_posix_say_(s, &about, "let it look at its time, or give it less (.timeout_ms)", "the transport does not return: what is left is lost");
            }
        } else {
            result = otel_posix_end_(s);
            otel_posix_account_(s);
        }
        if (s->ask) {                             /* nobody starts meanwhile */
            (void)pthread_mutex_unlock(&s->mutex);
            (s->ask)(s, OTEL_ASK_GONE_);
            (void)pthread_mutex_lock(&s->mutex);
        }
        s->running = next;
        caught = otel_posix_over_(s, result);
    }
    (void)pthread_mutex_unlock(&s->mutex);
    otel_posix_let_(caught);
    return result;
}

OTEL_API_ otel_result_t otel_posix_at_stop(otel_posix_closer_t *closer)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    otel_result_t result = OTEL_E_NOT_READY;
    if (!closer) return OTEL_E_NULL;
    if (!s) return result;
    (void)pthread_mutex_lock(&s->mutex);
    if (s->disabled) result = OTEL_OK;
    if (s->running == 1) {
        result = OTEL_OK;
        if (!closer->in_) {
            closer->in_ = true;
            closer->next_ = s->closers;
            s->closers = closer;
        }
    }
    (void)pthread_mutex_unlock(&s->mutex);
    return result;
}

/* The signal of otel_posix_stop_on: the thread sees it at its next round, which is within 100 ms, and a stop that is under way at its
   end. A second one ends the program. */
OTEL_FN_ void otel_posix_caught_(int signal_number)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    int error = errno;
    int none = 0;
    if (!s || !OTEL_CAS_(&s->caught, &none, signal_number)) {
        (void)signal(signal_number, SIG_DFL);
        (void)raise(signal_number);
    }
    errno = error;
}

OTEL_API_ otel_result_t otel_posix_stop_on(int signal_number)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    struct sigaction act, old;
    if (!s || s->running != 1) return s && s->disabled ? OTEL_OK : OTEL_E_NOT_READY;
    if (sigaction(signal_number, NULL, &old)) return OTEL_E_SYSTEM;
    if (!s->handler) s->handler = otel_posix_caught_;          /* of the file that asks first: others may have copies of their own */
    if (old.sa_handler == s->handler) return OTEL_OK;
    if (old.sa_handler != SIG_DFL) return OTEL_E_CONFIG;
    memset(&act, 0, sizeof act);
    act.sa_handler = s->handler;
    act.sa_flags = SA_RESTART;
    (void)sigemptyset(&act.sa_mask);
    return sigaction(signal_number, &act, NULL) ? OTEL_E_SYSTEM : OTEL_OK;
}

/* The counts, but not while an instance begins. */
OTEL_FN_ otel_result_t otel_posix_count_(otel_posix_state_t_ *s, otel_stats_t *stats)
{
    otel_result_t result;
    (void)pthread_mutex_lock(&s->life);
    result = otel_stats(&s->exporter, stats);
    (void)pthread_mutex_unlock(&s->life);
    return result;
}

OTEL_API_ otel_posix_health_t otel_posix_health(void)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    otel_posix_health_t health;
    otel_stats_t stats;
    unsigned i;
    memset(&health, 0, sizeof health);
    health.live = health.ready = true;
    if (!s || s->running == 0) return health;
    health.live = s->up && otel_posix_ms_() - OTEL_LOAD_(&s->beat_ms) < s->timeout_ms + 5000u;
    health.ready = !OTEL_LOAD_(&s->failing);
    health.quiet_ms = otel_posix_ms_() - OTEL_LOAD_(&s->arrived_ms);
    if (otel_posix_count_(s, &stats) != OTEL_OK) return health;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        health.queued += stats.signal[i].queued;
        health.lost += otel_stats_dropped(&stats.signal[i]);
    }
    return health;
}

OTEL_API_ otel_t *otel_posix_instance(void)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    return s ? &s->otel : NULL;
}

OTEL_API_ otel_result_t otel_posix_dump(FILE *file, uint32_t timeout_ms)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    otel_result_t result = OTEL_OK;
    uint32_t until, left = 1;
    if (!s) return OTEL_E_NOT_READY;
    if (!file) file = stderr;
    until = otel_posix_ms_() + (timeout_ms > 0x7FFFFFFEu ? 0x7FFFFFFEu : timeout_ms);
    (void)pthread_mutex_lock(&s->mutex);
    if (s->up && pthread_equal(s->thread, pthread_self())) {
        result = OTEL_E_NESTED;
    } else if (!s->up) {
        otel_posix_screen_(s, file);
    } else {
        while (s->dump && left) otel_posix_wait_(&s->back, &s->mutex, left = otel_posix_left_(until));     /* another thread's */
        if (!s->dump) {
            s->dump = file;
            (void)pthread_cond_signal(&s->wake);
        }
        while (s->dump == file && s->up && left) otel_posix_wait_(&s->back, &s->mutex, left = otel_posix_left_(until));
        if (s->dump) result = OTEL_E_TIMEOUT;
        if (s->dump == file) s->dump = NULL;
    }
    (void)pthread_mutex_unlock(&s->mutex);
    return result;
}

OTEL_API_ otel_result_t otel_posix_stats(otel_stats_t *stats)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    if (!stats) return OTEL_E_NULL;
    memset((void *)stats, 0, sizeof *stats);
    return s ? otel_posix_count_(s, stats) : OTEL_E_NOT_READY;
}
OTEL_C_END_
#endif
#endif
