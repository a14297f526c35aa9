/* A circuit breaker around a transport: after some failures one after another nobody calls it for a while, then exactly one
   request probes whether it is back. Several exporters and threads may share one. It is a transport itself, so that a program
   without it carries nothing of it:

     otel_breaker_init(&breaker, .send = post, .user = &modem, .exporter = &ex);
     otel_exporter_init(&ex, .send = otel_breaker_send, .user = &breaker, ...);
*/
#ifndef OTEL_EXPORT_BREAKER_H
#define OTEL_EXPORT_BREAKER_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/result.h"
#include "request.h"
#include "retry.h"
#include "state.h"

typedef enum {
    OTEL_BREAKER_CLOSED,              /* requests go through */
    OTEL_BREAKER_OPEN,                /* none does */
    OTEL_BREAKER_HALF_OPEN            /* one is on its way, and decides */
} otel_breaker_state_t;

typedef struct otel_breaker_config_t {
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;      /* (required) the transport */
    void *user OTEL_Z_;                           /* its first argument */
    otel_t *otel OTEL_Z_;                         /* whose clock counts (default: the default instance) */
    otel_exporter_t *exporter OTEL_Z_;            /* waits as long as the breaker is open (default: exporters follow their own back-off) */
    uint32_t failures OTEL_Z_;                    /* one after another, until it opens (default: 5) */
    uint32_t open_ms OTEL_Z_;                     /* from then to the probe, and up to a quarter longer, so that a fleet spreads (default: 30,000) */
} otel_breaker_config_t;

/* A breaker. Define it where it outlives its exporters; all fields are private. */
typedef struct otel_breaker_t {
    otel_breaker_config_t config_ OTEL_Z_;
    uint32_t failed_ OTEL_Z_;                     /* one after another */
    uint32_t since_ OTEL_Z_, wait_ OTEL_Z_;       /* when it opened or probed, and how long that lasts, in units of 2^20 ns */
    uint32_t opened_ OTEL_Z_, refused_ OTEL_Z_;
    uint32_t state_ OTEL_Z_;                      /* otel_breaker_state_t */
} otel_breaker_t;

OTEL_C_BEGIN_
/* Prepare a breaker, closed. OTEL_E_NULL: no breaker or config; OTEL_E_SEND: no `.send`. */
OTEL_API_ otel_result_t otel_breaker_init_with(otel_breaker_t *breaker, const otel_breaker_config_t *config);

/* The transport: .send = otel_breaker_send, .user = &breaker. While it is open: -1, no answer. */
OTEL_API_ int otel_breaker_send(void *breaker, const otel_request_t *request);

/* Tell it the outcome of a request that was OTEL_PENDING, beside otel_export_done. */
OTEL_API_ void otel_breaker_done(otel_breaker_t *breaker, int status);

/* From any thread: its state, how often it opened, and how many requests it kept back. */
OTEL_API_ otel_breaker_state_t otel_breaker_state(const otel_breaker_t *breaker);
OTEL_API_ uint32_t otel_breaker_opened(const otel_breaker_t *breaker);
OTEL_API_ uint32_t otel_breaker_refused(const otel_breaker_t *breaker);
OTEL_C_END_

/* otel_breaker_init(&breaker, .send = post, ...): OTEL_OK, OTEL_E_NULL, OTEL_E_SEND, or OTEL_E_NOT_READY without an instance. */
#define otel_breaker_init(breaker, ...) otel_breaker_init_with((breaker), OTEL_REF_(otel_breaker_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_breaker_init_with(otel_breaker_t *b, const otel_breaker_config_t *config)
{
    OTEL_WHEN_OFF_((void)b; (void)config; return OTEL_OK)
    if (!b || !config) return OTEL_E_NULL;
    if (!config->send) return OTEL_E_SEND;
    memset((void *)b, 0, sizeof *b);
    b->config_ = *config;
    if (!b->config_.otel) b->config_.otel = otel_default_();
    if (!b->config_.otel) return OTEL_E_NOT_READY;
    if (!b->config_.failures) b->config_.failures = 5u;
    if (!b->config_.open_ms) b->config_.open_ms = 30000u;
    return OTEL_OK;
}

OTEL_FN_ uint32_t otel_breaker_now_(const otel_breaker_t *b) { return (uint32_t)(otel_clock_now_(&b->config_.otel->clock_) >> 20); }

/* From this value to that; false: it was another one. */
OTEL_FN_ bool otel_breaker_turn_(uint32_t *value, uint32_t from, uint32_t to)
{
#if OTEL_ATOMICS_
    return OTEL_CAS_(value, &from, to);
#else
    uint32_t mask = otel_mask_();
    bool mine = *value == from;
    if (mine) *value = to;
    otel_unmask_(mask);
    return mine;
#endif
}

/* May this request go? The time since which it stays as it is decides between callers who find it over: whoever moves that time on is
   the probe, all others find it moved. So is one who comes when a probe never came back. A clock that goes back begins it anew. */
OTEL_FN_ bool otel_breaker_may_(otel_breaker_t *b, uint32_t *rest)
{
    uint32_t since, now, gone, wait;
    if (OTEL_LOAD_ACQUIRE_(&b->state_) == OTEL_BREAKER_CLOSED) return true;
    since = OTEL_LOAD_ACQUIRE_(&b->since_);                   /* before the clock, which is later then */
    now = otel_breaker_now_(b);
    gone = now - since;
    wait = OTEL_LOAD_(&b->wait_);
    *rest = gone >> 31 ? wait : gone < wait ? wait - gone : 0u;
    if (*rest && gone >> 31 == 0) return false;
    if (!otel_breaker_turn_(&b->since_, since, now)) *rest = wait;
    if (*rest) return false;
    (void)otel_breaker_turn_(&b->state_, OTEL_BREAKER_OPEN, OTEL_BREAKER_HALF_OPEN);
    return true;
}

OTEL_API_ void otel_breaker_done(otel_breaker_t *b, int status)
{
    otel_outcome_t_ outcome = otel_outcome_(status);
    uint32_t state;
    OTEL_WHEN_OFF_((void)b; (void)outcome; (void)state; return)
    if (!b || outcome == OTEL_OUTCOME_PENDING_) return;
    state = OTEL_LOAD_(&b->state_);
    if (outcome == OTEL_OUTCOME_AGAIN_) {                     /* nobody was asked: the next one may be the probe */
        if (state == OTEL_BREAKER_HALF_OPEN) OTEL_STORE_(&b->since_, otel_breaker_now_(b) - OTEL_LOAD_(&b->wait_));
        return;
    }
    if (outcome != OTEL_OUTCOME_RETRY_) {                     /* whatever it says, somebody is there */
        OTEL_STORE_(&b->failed_, 0u);
        OTEL_STORE_RELEASE_(&b->state_, (uint32_t)OTEL_BREAKER_CLOSED);
        return;
    }
    OTEL_ADD_(&b->failed_, 1u);
    if (state == OTEL_BREAKER_OPEN || (state == OTEL_BREAKER_CLOSED && OTEL_LOAD_(&b->failed_) < b->config_.failures)) return;
    OTEL_STORE_(&b->wait_, otel_units_(b->config_.open_ms) + otel_units_(otel_jitter_(&b->config_.otel->shard_.ids, b->config_.open_ms / 4u)) + 1u);
    OTEL_STORE_(&b->since_, otel_breaker_now_(b));
    if (otel_breaker_turn_(&b->state_, state, OTEL_BREAKER_OPEN)) OTEL_ADD_(&b->opened_, 1u);
}

OTEL_API_ int otel_breaker_send(void *user, const otel_request_t *request)
{
    otel_breaker_t *b = (otel_breaker_t *)user;
    uint32_t rest = 0;
    int status;
    OTEL_WHEN_OFF_((void)b; (void)user; (void)request; (void)rest; (void)status; return 200)
    if (!b || !request || !b->config_.send) return -1;
    if (!otel_breaker_may_(b, &rest)) {
        OTEL_ADD_(&b->refused_, 1u);
        if (b->config_.exporter) b->config_.exporter->reply_wait_ = rest + 1u;
        return -1;
    }
    status = (b->config_.send)(b->config_.user, request);
    otel_breaker_done(b, status);
    return status;
}

OTEL_API_ otel_breaker_state_t otel_breaker_state(const otel_breaker_t *b)
{
    OTEL_WHEN_OFF_((void)b; return OTEL_BREAKER_CLOSED)
    return b ? (otel_breaker_state_t)OTEL_LOAD_(&b->state_) : OTEL_BREAKER_CLOSED;
}

OTEL_API_ uint32_t otel_breaker_opened(const otel_breaker_t *b)
{
    OTEL_WHEN_OFF_((void)b; return 0)
    return b ? OTEL_LOAD_(&b->opened_) : 0u;
}

OTEL_API_ uint32_t otel_breaker_refused(const otel_breaker_t *b)
{
    OTEL_WHEN_OFF_((void)b; return 0)
    return b ? OTEL_LOAD_(&b->refused_) : 0u;
}
OTEL_C_END_
#endif
#endif
