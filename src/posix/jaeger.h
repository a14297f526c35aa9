/* Strategies of sampling from a server, asked for now and then on a thread of its own: see otel_sampler_jaeger.
   Specification: trace/sdk.md, "JaegerRemoteSampler". */
#ifndef OTEL_POSIX_JAEGER_H
#define OTEL_POSIX_JAEGER_H
#include "http.h"
#include "post.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "text.h"
#include "thread.h"

#define OTEL_POSIX_STRATEGY_ 262144u          /* bytes of a strategy; a longer one is refused */

/* What otel_posix_jaeger_start is told. Zero means the default. Texts are copied. The order of the fields is API. */
typedef struct otel_posix_jaeger_options_t {
    otel_jaeger_t *sampler OTEL_Z_;           /* otel_sampler_jaeger made a sampler of it before (required) */
    const char *service OTEL_Z_;              /* whose strategy (required) */
    const char *endpoint OTEL_Z_;             /* "http://collector:14268/api/sampling"; ?service=... is added (default: "http://localhost:5778/sampling") */
    const char *headers OTEL_Z_;              /* "api-key=secret" */
    uint32_t interval_ms OTEL_Z_;             /* between two questions (default: 60,000) */
    uint32_t timeout_ms OTEL_Z_;              /* of one (default: 10,000) */
} otel_posix_jaeger_options_t;

/* Who asks, about 280 KB. All fields are private. */
typedef struct otel_posix_jaeger_t {
    otel_http_t http_;
    otel_jaeger_t *sampler_;
    uint32_t interval_ms_;
    pthread_t thread_;
    pthread_mutex_t mutex_;
    pthread_cond_t wake_;
    bool up_, done_;
    uint8_t stop_;
    char error_[300];
    uint8_t body_[OTEL_POSIX_STRATEGY_];
} otel_posix_jaeger_t;

OTEL_C_BEGIN_
/* Ask at once, and then at each interval. What is wrong with an answer, or that there is none, is said as otel_posix_start says things, once for each
   different sentence, and the last strategy stays. A child of fork does not ask: start it there, with another poller. Errors: OTEL_E_NULL, OTEL_E_CONFIG
   (otel_posix_jaeger_error has the sentence), OTEL_E_SYSTEM. `poller` stays where it is until it is stopped. */
OTEL_API_ otel_result_t otel_posix_jaeger_start_with(otel_posix_jaeger_t *poller, const otel_posix_jaeger_options_t *options);

/* Ask no more; a question that is under way is given up within 100 ms, but for the name of the server, which the C library looks
   up in times of its own. Twice is nothing. */
OTEL_API_ void otel_posix_jaeger_stop(otel_posix_jaeger_t *poller);

/* What was wrong the last time, into to[size]: its length, 0 for nothing. Any thread, between start and stop. */
OTEL_API_ size_t otel_posix_jaeger_error(otel_posix_jaeger_t *poller, char *to, size_t size);
OTEL_C_END_

#define otel_posix_jaeger_start(poller, ...) otel_posix_jaeger_start_with((poller), OTEL_REF_(otel_posix_jaeger_options_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* The last sentence, which is said when it is a new one. */
OTEL_FN_ void otel_posix_jaeger_note_(otel_posix_jaeger_t *p, const char *sentence)
{
    const otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    bool news;
    (void)pthread_mutex_lock(&p->mutex_);
    news = strncmp(p->error_, sentence, sizeof p->error_ - 1u) != 0;
    (void)snprintf(p->error_, sizeof p->error_, "%s", sentence);
    (void)pthread_mutex_unlock(&p->mutex_);
    if (s && news && *sentence) OTEL_POSIX_IGNORED_(s, "the last strategy stays", "sampling strategy from %.60s port %s: %s", p->http_.target_[0].host, p->http_.target_[0].port, sentence);
}

/* GET, and take what comes. */
OTEL_FN_ void otel_posix_jaeger_ask_(otel_posix_jaeger_t *p)
{
    otel_http_target_t_ *t = &p->http_.target_[0];
    otel_http_reply_t_ reply;
    otel_request_t nothing;
    unsigned tries = 100;
    int status;
    memset((void *)&nothing, 0, sizeof nothing);
    reply.body = p->body_;
    reply.room = sizeof p->body_;
    p->http_.error_[0] = 0;
    status = otel_http_exchange_(&p->http_, t, &reply, t->head_len, &nothing, otel_posix_until_(t->timeout_ms));
    if (OTEL_LOAD_ACQUIRE_(&p->stop_)) return;
    if (status < 200 || status > 299) {
        if (status >= 0) otel_http_fail_(&p->http_, "HTTP status %d", status);
        otel_posix_jaeger_note_(p, p->http_.error_[0] ? p->http_.error_ : "no answer");
    } else if (reply.cut) {
        otel_posix_jaeger_note_(p, p->http_.error_[0] ? p->http_.error_ : "no whole answer");
    } else if (reply.taken > sizeof p->body_) {
        otel_posix_jaeger_note_(p, "the strategy is longer than 256 KiB");
    } else {
        while (otel_jaeger_update(p->sampler_, (const char *)p->body_, reply.kept) != OTEL_OK && strstr(otel_jaeger_error(p->sampler_), "a little later") && tries--) (void)(poll)(NULL, 0, 1);
        otel_posix_jaeger_note_(p, otel_jaeger_error(p->sampler_));
    }
}

OTEL_FN_ void *otel_posix_jaeger_thread_(void *poller)
{
    otel_posix_jaeger_t *p = (otel_posix_jaeger_t *)poller;
    (void)pthread_mutex_lock(&p->mutex_);
    while (!p->stop_) {
        uint32_t next = otel_posix_until_(p->interval_ms_), left;
        (void)pthread_mutex_unlock(&p->mutex_);
        otel_posix_jaeger_ask_(p);
        (void)pthread_mutex_lock(&p->mutex_);
        while (!p->stop_ && (left = otel_posix_left_(next)) != 0) otel_posix_wait_(&p->wake_, &p->mutex_, left);
    }
    otel_http_close(&p->http_);
    p->done_ = true;
    (void)pthread_cond_signal(&p->wake_);
    (void)pthread_mutex_unlock(&p->mutex_);
    return NULL;
}

/* The question: endpoint?service=NAME. False: error_ of the transport has the sentence. */
OTEL_FN_ bool otel_posix_jaeger_question_(otel_posix_jaeger_t *p, const otel_posix_jaeger_options_t *o)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~", hex[] = "0123456789ABCDEF";
    const char *endpoint = o->endpoint ? o->endpoint : "http://localhost:5778/sampling", *c;
    otel_http_target_t_ *t = &p->http_.target_[0];
    char url[2048];
    otel_posix_text_t_ text, head;
    text.at = url;
    text.end = url + sizeof url;
    head.at = t->head;
    head.end = t->head + sizeof t->head;
    text.full = head.full = false;
    otel_posix_add_(&text, endpoint);
    otel_posix_add_(&text, strchr(endpoint, '?') ? "&service=" : "?service=");
    for (c = o->service; *c; c++) {
        char coded[3];
        coded[0] = '%';
        coded[1] = hex[(unsigned char)*c >> 4];
        coded[2] = hex[*c & 15];
        if (strchr(plain, *c)) otel_posix_put_(&text, c, 1);
        else otel_posix_put_(&text, coded, 3);
    }
    if (!otel_http_url_(&p->http_, t, &head, "GET ", url, "")) return false;
    otel_posix_add_(&head, "Accept: application/json\r\n");
    if (!otel_http_headers_(&p->http_, &head, o->headers)) return false;
    otel_posix_add_(&head, "\r\n");
    t->head_len = (size_t)(head.at - t->head);
    t->timeout_ms = o->timeout_ms ? o->timeout_ms : 10000u;
    if (text.full || head.full) otel_http_fail_(&p->http_, "endpoint, service and headers are too long: shorten them");
    return !text.full && !head.full;
}

OTEL_API_ otel_result_t otel_posix_jaeger_start_with(otel_posix_jaeger_t *p, const otel_posix_jaeger_options_t *o)
{
    pthread_condattr_t a;
    sigset_t all, old;
    if (!p || !o || !o->sampler || !o->service) return OTEL_E_NULL;
    memset((void *)p, 0, sizeof *p);
    p->http_.target_[0].fd = p->http_.target_[1].fd = p->http_.target_[2].fd = -1;
    p->sampler_ = o->sampler;
    p->interval_ms_ = o->interval_ms ? o->interval_ms : 60000u;
    if (pthread_mutex_init(&p->mutex_, NULL) || pthread_condattr_init(&a)) return OTEL_E_SYSTEM;
#ifndef __APPLE__
    (void)pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
#endif
    if (pthread_cond_init(&p->wake_, &a)) return OTEL_E_SYSTEM;
    (void)pthread_condattr_destroy(&a);
    if (!otel_posix_jaeger_question_(p, o)) {
        otel_posix_jaeger_note_(p, p->http_.error_);
        return OTEL_E_CONFIG;
    }
    p->http_.ready_ = true;                       /* to be closed */
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old)) return OTEL_E_SYSTEM;
    p->up_ = pthread_create(&p->thread_, NULL, otel_posix_jaeger_thread_, p) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    return p->up_ ? OTEL_OK : OTEL_E_SYSTEM;
}

/* Have it stop, without waiting for that. */
OTEL_FN_ void otel_posix_jaeger_enough_(otel_posix_jaeger_t *p)
{
    (void)pthread_mutex_lock(&p->mutex_);
    OTEL_STORE_(&p->http_.limit_ms_, otel_posix_ms_());
    OTEL_STORE_RELEASE_(&p->http_.limited_, true);
    OTEL_STORE_RELEASE_(&p->stop_, (uint8_t)1);
    (void)pthread_cond_signal(&p->wake_);
    (void)pthread_mutex_unlock(&p->mutex_);
}

/* Wait `ms` for its end. False: a name server keeps it. It goes its way then, and `p` is its own for ever. */
OTEL_FN_ bool otel_posix_jaeger_gone_(otel_posix_jaeger_t *p, uint32_t ms)
{
    uint32_t until = otel_posix_until_(ms), left;
    bool done;
    if (!p->up_) return true;
    (void)pthread_mutex_lock(&p->mutex_);
    while (!p->done_ && (left = otel_posix_left_(until)) != 0) otel_posix_wait_(&p->wake_, &p->mutex_, left);
    done = p->done_;
    (void)pthread_mutex_unlock(&p->mutex_);
    if (done) (void)pthread_join(p->thread_, NULL);
    else (void)pthread_detach(p->thread_);
    if (done) p->up_ = false;
    return done;
}

OTEL_API_ void otel_posix_jaeger_stop(otel_posix_jaeger_t *p)
{
    if (!p || !p->up_) return;
    otel_posix_jaeger_enough_(p);
    (void)pthread_join(p->thread_, NULL);
    p->up_ = false;
}

OTEL_API_ size_t otel_posix_jaeger_error(otel_posix_jaeger_t *p, char *to, size_t size)
{
    size_t n;
    if (!p) return 0;
    (void)pthread_mutex_lock(&p->mutex_);
    n = strlen(p->error_);
    if (size) (void)snprintf(to, size, "%s", p->error_);
    (void)pthread_mutex_unlock(&p->mutex_);
    return n;
}
OTEL_C_END_
#endif
#endif
