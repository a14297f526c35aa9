/* The exporter: takes finished records to a function that sends bytes. It does no I/O and has no thread: `next` gives a
   request, `done` takes the outcome, `poll` does both around `send`, and all that waits (back-off, intervals) are numbers
   compared with the clock. OTLP specification: protocol/exporter.md; trace/sdk.md, "Batching processor". */
#ifndef OTEL_EXPORT_EXPORTER_H
#define OTEL_EXPORT_EXPORTER_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/instrument.h"
#include "batch.h"
#include "otlp.h"
#include "reply.h"
#include "request.h"
#include "retry.h"
#include "state.h"

OTEL_C_BEGIN_
/* Join an exporter to its instance; it begins with the oldest record that is still there. Errors: OTEL_E_NULL,
   OTEL_E_NOT_READY, OTEL_E_BUFFER, OTEL_E_EXPORTERS. */
OTEL_INLINE_ otel_result_t otel_exporter_init_with(otel_exporter_t *exporter, const otel_exporter_config_t *config);
OTEL_API_ otel_result_t otel_exporter_clear_(otel_exporter_t *exporter, otel_t *otel);
OTEL_API_ otel_result_t otel_exporter_join_(otel_exporter_t *exporter);

/* Give the next request, if there is one: false while one is on its way, while all waits, or with nothing to send. The
   records stay in the ring, and untouched, until otel_export_done. */
OTEL_API_ bool otel_export_next(otel_exporter_t *exporter, otel_request_t *request);

/* Take the outcome of the request: an HTTP status, < 0, OTEL_AGAIN or OTEL_PENDING. Without one under way: nothing. */
OTEL_API_ void otel_export_done(otel_exporter_t *exporter, int status);

/* Hand over what came back, before `send` returns or otel_export_done is called: the body (NULL: none) and the text of
   Retry-After, in seconds or as a date (NULL: none). Read at once, at most 512 bytes of the body. */
OTEL_API_ void otel_export_reply(otel_exporter_t *exporter, const void *body, size_t len, const char *retry_after);

/* Send at most one request, when one is due: gathered long enough, half a ring or a full batch. Waits only as long as
   `send` does. Errors: OTEL_E_NULL, OTEL_E_SEND, OTEL_E_NESTED. */
OTEL_API_ otel_result_t otel_export_poll(otel_exporter_t *exporter);

/* Collect metrics and send all that was recorded before the call. OTEL_E_TIMEOUT: not in `timeout_ms`. */
OTEL_API_ otel_result_t otel_export_flush(otel_exporter_t *exporter, uint32_t timeout_ms);

/* Flush, then part from the instance; what is left counts as dropped (shutdown). Twice is nothing. */
OTEL_API_ otel_result_t otel_export_shutdown(otel_exporter_t *exporter, uint32_t timeout_ms);

/* The same for all exporters of an instance; after otel_shutdown it records no more. The time is shared by all. From the one thread that
   polls them; of an instance of otel_posix_start that is the library's, so there otel_posix_flush and otel_posix_stop: these answer OTEL_E_NESTED. */
OTEL_API_ otel_result_t otel_flush(otel_t *otel, uint32_t timeout_ms);
OTEL_API_ otel_result_t otel_shutdown(otel_t *otel, uint32_t timeout_ms);
OTEL_C_END_

#define otel_exporter_init(exporter, ...) otel_exporter_init_with((exporter), OTEL_REF_(otel_exporter_config_t, __VA_ARGS__))
/*== implementation ==*/
OTEL_C_BEGIN_
/* Field by field, so that constants of the configuration stay constants, and only one way to build requests is linked. */
OTEL_INLINE_ otel_result_t otel_exporter_init_with(otel_exporter_t *x, const otel_exporter_config_t *config)
{
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)config; (void)result; return OTEL_OK)
    if (!config) return OTEL_E_NULL;
    result = otel_exporter_clear_(x, config->otel);
    if (result != OTEL_OK) return result;
    x->config_.send = config->send;
    x->config_.user = config->user;
    x->config_.buffer = config->buffer;
    x->config_.buffer_size = config->buffer_size;
    x->config_.max_items = config->max_items ? config->max_items : 512u;
    x->config_.interval_ms = config->interval_ms ? config->interval_ms : 5000u;
    x->config_.metric_interval_ms = config->metric_interval_ms ? config->metric_interval_ms : 60000u;
    x->config_.timeout_ms = config->timeout_ms ? config->timeout_ms : 10000u;
#if OTEL_RETRY
    x->config_.retry_initial_ms = config->retry_initial_ms ? config->retry_initial_ms : 1000u;
    x->config_.retry_max_ms = otel_retry_most_(config->retry_max_ms);
    x->config_.retry_attempts = config->retry_attempts ? config->retry_attempts : 20u;
    x->config_.retry_multiplier = config->retry_multiplier ? config->retry_multiplier : 2u;
#endif
    x->config_.idle = config->idle;
    x->config_.temporality = config->temporality;
    if (config->reading) x->round_.reading = config->reading;
#if OTEL_ENABLED
#if OTEL_PARTS_
    x->add_ = config->buffer ? otel_batch_flat_ : otel_batch_parts_;
#else
    x->add_ = otel_batch_flat_;
#endif
#endif
    return otel_exporter_join_(x);
}
#if OTEL_BODIES_
/* Records written into a ring. */
OTEL_FN_ otel_count_t otel_ring_written_(const otel_ring_t *ring)
{
    otel_count_t n = OTEL_LOAD_ACQUIRE_(&ring->settled);
    unsigned k;
    for (k = 0; k < OTEL_RING_DROPS_; k++) n -= OTEL_LOAD_ACQUIRE_(&ring->dropped[k]);
    return n;
}

/* Bytes that wait in the rings of a signal; a ring that is half full counts as all there can be. */
OTEL_FN_ otel_pos_t otel_waiting_(const otel_exporter_t *x, unsigned signal)
{
    otel_pos_t all = 0, n;
    unsigned i;
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        const otel_ring_t *ring = otel_exporter_ring_(x, i, otel_ring_of_(signal));
        n = otel_pos_between_(ring, OTEL_LOAD_(&ring->reader[x->reader_].cursor), OTEL_LOAD_ACQUIRE_(&ring->published));
        all = n > ring->size / 2u ? (otel_pos_t)-1 / 2u : all + n;
    }
    return all;
}

/* The child of a fork starts over: see otel_after_fork. */
OTEL_FN_ void otel_exporter_renew_(otel_exporter_t *x)
{
#if OTEL_HOSTED_
    if (x->epoch_ == x->otel_->epoch_) return;
    x->epoch_ = x->otel_->epoch_;
    memset((void *)x->lane_, 0, sizeof x->lane_);
    x->flying_ = x->stale_ = x->round_.running = false;
    x->inside_ = 0;
    x->driver_ = 0;
    x->points_ = 0;
    x->changes_ &= ~(otel_count_t)1;
#else
    (void)x;
#endif
}

/* The exporter's own time. */
OTEL_FN_ void otel_exporter_tick_(otel_exporter_t *x)
{
    otel_exporter_renew_(x);
    x->now_ = (uint32_t)(otel_clock_now_(&x->otel_->clock_) >> 20);
}

OTEL_API_ otel_result_t otel_exporter_clear_(otel_exporter_t *x, otel_t *otel)
{
    otel_exporter_t *other;
    OTEL_WHEN_OFF_((void)x; (void)otel; (void)other; return OTEL_OK)
    if (!x) return OTEL_E_NULL;
    if (!otel) otel = otel_default_();
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    for (other = otel->exporters_; other; other = other->next_) {
        if (other == x) return OTEL_E_EXPORTERS;              /* it runs already */
    }
    memset((void *)x, 0, sizeof *x);
    x->otel_ = otel;
    return OTEL_OK;
}

/* Has another reader taken extremes in this life? They are in no window of this one. */
OTEL_FN_ bool otel_extremes_gone_(const otel_t *otel)
{
#if OTEL_METRICS
    const otel_instrument_t *i;
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (i->epoch_ == otel->epoch_ && (i->reclaims_ & 2u)) return true;
    }
#else
    (void)otel;
#endif
    return false;
}

/* Join the rings as the same reader of each. */
OTEL_API_ otel_result_t otel_exporter_join_(otel_exporter_t *x)
{
    otel_t *otel = x->otel_;
    unsigned i;
    OTEL_WHEN_OFF_((void)otel; (void)i; return OTEL_OK)
    if (!otel_batch_begin_(x) || (x->config_.buffer && (size_t)(x->packet_.end - x->packet_.at) < OTEL_SPAN_RING_MIN_)) return OTEL_E_BUFFER;
    while (!otel_ring_attach_(otel_exporter_ring_(x, 0, 0), &otel->guard_, x->reader_)) {
        if (++x->reader_ == OTEL_READERS_) return OTEL_E_EXPORTERS;
    }
    for (i = 1; i < 2u * otel_shards_(otel); i++) (void)otel_ring_attach_(otel_exporter_ring_(x, i / 2u, i & 1u), &otel->guard_, x->reader_);
    x->epoch_ = otel->epoch_;
    otel_exporter_tick_(x);
    for (i = 0; i < OTEL_SIGNALS; i++) x->lane_[i].since = x->now_;
    x->live_ = 1;
    otel->reclaims_ = x->config_.temporality && !otel->exporters_ && !otel_extremes_gone_(otel);
    x->next_ = otel->exporters_;
    otel->exporters_ = x;
    return OTEL_OK;
}

/* ---- requests ---- */
/* What was held was delivered, or is given up for now: nothing is held while a request waits. */
OTEL_FN_ void otel_exporter_free_(otel_exporter_t *x, bool delivered)
{
    unsigned i;
    if (OTEL_METRICS && x->request_.signal == OTEL_SIGNAL_METRICS) {
        if (delivered) OTEL_STORE_(&x->points_, 0u);
        else {                                                /* the round goes on where this packet began, or its end might never come */
            otel_collect_back_(&x->round_);
            x->round_.running = true;
        }
        return;
    }
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = otel_exporter_ring_(x, i, otel_ring_of_(x->request_.signal));
        otel_reader_t_ *r = &ring->reader[x->reader_];
        otel_pos_t to = delivered ? OTEL_LOAD_(&r->held) : r->from;
#if OTEL_HOSTED_                                              /* of many threads few have recorded; what is held nobody else moves */
        if (OTEL_LOAD_(&r->held) == OTEL_LOAD_(&r->cursor)) continue;
#endif
        otel_ring_move_(ring, &x->otel_->guard_, r, to, to, delivered ? r->items : 0u);
    }
}

/* The request is settled: its records leave the queue. */
OTEL_STEP_ void otel_export_settle_(otel_exporter_t *x, uint32_t lost, unsigned why)
{
    otel_lane_t_ *lane = x->lane_at_;
    otel_exporter_change_(x);
    otel_lane_drop_(lane, why, lost);
    otel_lane_add_(&lane->exported, x->request_.items - lost);
    otel_exporter_free_(x, true);
    otel_exporter_change_(x);
    lane->attempts = 0;
    lane->back_ms = 0;
    lane->failed = false;
}

/* Shards are taken in turn, so that a busy one does not starve the others. */
OTEL_FN_ unsigned otel_shard_turn_(const otel_exporter_t *x, unsigned i)
{
#if OTEL_HOSTED_
    unsigned n = otel_shards_(x->otel_);
    i += x->first_ < n ? x->first_ : 0u;
    return i < n ? i : i - n;
#else
    (void)x;
    return i;
#endif
}

/* Build a request of what waits. A record in front that cannot go is counted, and it begins again. */
OTEL_FN_ bool otel_build_records_(otel_exporter_t *x)
{
    int (*leave)(const otel_t *otel, otel_packet_t_ *packet, int number);
    unsigned i;
    for (;;) {
        if (!otel_batch_begin_(x)) return false;
        for (i = 0; i < otel_shards_(x->otel_); i++) {
            unsigned shard = otel_shard_turn_(x, i);
            otel_ring_t *ring = otel_exporter_ring_(x, shard, otel_ring_of_(x->request_.signal));
#if OTEL_HOSTED_
            if (OTEL_LOAD_(&ring->reader[x->reader_].cursor) == OTEL_LOAD_ACQUIRE_(&ring->published)) continue;       /* nothing to hold */
#endif
            if (otel_batch_ring_(x, ring)) continue;
#if OTEL_HOSTED_
            x->first_ = (uint16_t)(shard + 1u);               /* it is full: next time the others come first */
#endif
            break;
        }
        if (!x->why_) break;
        otel_export_settle_(x, 1, x->why_);
    }
    leave = OTEL_LOAD_ACQUIRE_(&x->otel_->scope_);            /* a record may be entering the first scope */
    if (leave) (void)(leave)(x->otel_, &x->packet_, -1);
    else otel_packet_close_(&x->packet_);
    return x->request_.items != 0;
}

#if OTEL_METRICS
/* A packet that was not taken is made again: with the numbers of now, and what callbacks told for it stays told. */
OTEL_FN_ void otel_metrics_again_(otel_exporter_t *x, otel_collect_t *round)
{
    if (OTEL_LOAD_(&x->otel_->observe_)) {
        uint8_t number = OTEL_LOAD_(&x->otel_->observe_)(x->otel_);
        if ((uint8_t)(number - round->number) > OTEL_ROUNDS_ / 2u) round->number = (uint8_t)(number - OTEL_ROUNDS_ / 2u);
    }
    round->time = otel_clock_now_(&x->otel_->clock_);
}

/* Collect into the packet: instruments bring the collection with them. Metrics go out in flat packets only. */
OTEL_FN_ bool otel_build_metrics_(otel_exporter_t *x)
{
    otel_lane_t_ *lane = x->lane_at_;
    otel_packet_t_ *p = &x->packet_;
    otel_collect_t *round = &x->round_;
#if OTEL_ATOMICS_
    if (OTEL_LOAD_(&x->otel_->observing_)) return false;      /* a page or a reader runs the callbacks: a little later */
#endif
    if (!otel_batch_begin_(x)) return false;
    p->at = p->run - 1;                                       /* without a ScopeSpans */
    round->temporality = x->config_.temporality;
#if OTEL_RETRY
    round->most = lane->cap;
#endif
    x->inside_ = 1;                                           /* what callbacks record and flush waits */
    if (!round->running) x->stale_ = false;
    else if (lane->failed) otel_metrics_again_(x, round);
    p->at += (OTEL_LOAD_ACQUIRE_(&x->otel_->collect_))(x->otel_, round, p->at, (size_t)(p->end - p->at));
    x->inside_ = 0;
    otel_exporter_change_(x);                                 /* those of a request that waited are collected again */
    OTEL_STORE_(&lane->created, (otel_count_t)(lane->created - x->points_ + round->points + round->lost));
    OTEL_STORE_(&x->points_, round->points);
    otel_lane_drop_(lane, OTEL_DROP_TOO_LARGE, round->lost);
    otel_exporter_change_(x);
    if (!round->running || round->points == 0) lane->since = x->now_;
    if (round->points == 0 && round->temporality) (round->temporality->confirm_)(round->temporality, x->otel_, round);    /* nothing to tell is told at once */
    x->request_.items = round->points;
    return round->points != 0;
}
#endif

/* Not with a time that nobody knows. */
OTEL_FN_ bool otel_metrics_wanted_(const otel_exporter_t *x)
{
    return OTEL_METRICS && x->config_.buffer && OTEL_LOAD_ACQUIRE_(&x->otel_->collect_) && (OTEL_LOAD_ACQUIRE_(&x->otel_->clock_.known) || x->otel_->config_.send_unsynced);
}

#define OTEL_NEVER_RIPE_ 0xFFFFFFFFu

/* How old a lane has to be for a request of it, in the exporter's own units; OTEL_NEVER_RIPE_: nothing waits there. `gather`: only when
   enough came together. */
OTEL_FN_ uint32_t otel_lane_ripe_(const otel_exporter_t *x, unsigned signal, bool gather)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    uint32_t long_enough = x->config_.interval_ms;
#if OTEL_METRICS
    if (signal == OTEL_SIGNAL_METRICS) {
        if (!otel_metrics_wanted_(x)) return OTEL_NEVER_RIPE_;
        long_enough = x->config_.metric_interval_ms;
        gather = !x->round_.running && !x->stale_;
    } else
#endif
    {
        const otel_pos_t waiting = otel_waiting_(x, signal);
        if (!waiting) return OTEL_NEVER_RIPE_;
        gather = gather && waiting >> 7 < x->config_.max_items;
    }
    long_enough = gather && !lane->failed ? otel_units_(long_enough) : 0u;
    return long_enough > lane->wait ? long_enough : lane->wait;
}

/* Is there reason to send now? */
OTEL_FN_ bool otel_lane_due_(otel_exporter_t *x, unsigned signal, bool gather)
{
    otel_lane_t_ *lane = &x->lane_[signal];
    uint32_t age = x->now_ - lane->since;
    if (age >> 31) {                                          /* the clock went back, or stood still for weeks */
        lane->since = x->now_;
        age = 0;
    }
    return age >= otel_lane_ripe_(x, signal, gather);
}

/* Build the next request, if one is due at the exporter's own time. */
OTEL_FN_ bool otel_export_build_(otel_exporter_t *x, bool gather)
{
    otel_request_t *r = &x->request_;
    unsigned i, signal;
    if (x->flying_) return false;
    for (i = 0; i < OTEL_SIGNALS; i++) {                      /* in turn, so that one busy signal does not starve the others */
        signal = x->turn_;
        x->turn_ = (uint8_t)(signal == OTEL_SIGNALS - 1u ? 0u : signal + 1u);
        if ((!OTEL_METRICS && signal == OTEL_SIGNAL_METRICS) || !otel_lane_due_(x, signal, gather)) continue;
        r->signal = (otel_signal_t)signal;
        x->lane_at_ = &x->lane_[signal];
#if OTEL_METRICS
        if (!(signal == OTEL_SIGNAL_METRICS ? otel_build_metrics_(x) : otel_build_records_(x))) continue;
#else
        if (!otel_build_records_(x)) continue;
#endif
        otel_batch_end_(x);
        r->path = otel_path_(signal);
        r->timeout_ms = x->config_.timeout_ms;
        x->flying_ = true;
        x->reply_too_large_ = false;
        x->reply_rejected_ = x->reply_wait_ = 0;
        return true;
    }
    return false;
}

/* The same at the time it is now. */
OTEL_API_ bool otel_export_take_(otel_exporter_t *x, bool gather);
OTEL_API_ bool otel_export_take_(otel_exporter_t *x, bool gather)
{
    otel_exporter_tick_(x);
    return otel_export_build_(x, gather);
}

OTEL_API_ bool otel_export_next(otel_exporter_t *x, otel_request_t *request)
{
    OTEL_WHEN_OFF_((void)x; (void)request; return false)
    if (!x || !request || x->live_ != 1 || !x->otel_->live_) return false;
    otel_exporter_renew_(x);
    if (x->inside_ || !otel_export_take_(x, false)) return false;
    *request = x->request_;
    return true;
}

/* ---- outcomes ---- */
/* How long the receiver wants to be left alone. */
OTEL_FN_ void otel_export_wait_(otel_exporter_t *x, uint32_t ms) { x->reply_wait_ = 2u + otel_units_(ms > x->config_.retry_max_ms ? x->config_.retry_max_ms : ms); }

OTEL_API_ void otel_export_reply(otel_exporter_t *x, const void *body, size_t len, const char *retry_after)
{
    otel_reply_t reply;
    uint32_t wait = 0;
    uint64_t now;
    bool said;
    OTEL_WHEN_OFF_((void)x; (void)body; (void)len; (void)retry_after; (void)reply; (void)wait; (void)now; (void)said; return)
    if (!x || !x->flying_) return;
    memset((void *)&reply, 0, sizeof reply);
    if (body && len) (void)otel_reply_read_(&reply, body, len, x->request_.items);
    x->reply_rejected_ = reply.rejected;
    x->reply_too_large_ = reply.too_large;
    wait = reply.retry_after_ms;
    if (otel_clock_offset_(&x->otel_->clock_, &now)) now += otel_clock_now_(&x->otel_->clock_);
    said = retry_after && otel_retry_after_(retry_after, now / 1000000000u, &wait);
    if (said || wait) otel_export_wait_(x, wait);
}

/* The request did not go through. The reason why its records are lost, or 0: they stay. */
OTEL_FN_ unsigned otel_export_verdict_(otel_exporter_t *x, otel_lane_t_ *lane, int status)
{
    otel_outcome_t_ outcome = status == 400 && x->reply_too_large_ ? OTEL_OUTCOME_HALVE_ : otel_outcome_(status);
#if OTEL_RETRY
    uint64_t back;
#endif
    if (outcome == OTEL_OUTCOME_AGAIN_) return 0;
    if (outcome == OTEL_OUTCOME_REJECTED_) return OTEL_DROP_REJECTED;
#if OTEL_RETRY
    if (outcome == OTEL_OUTCOME_HALVE_) {
        if (x->request_.items < 2u) return OTEL_DROP_TOO_LARGE;
        lane->cap = (otel_few_t_)(x->request_.items / 2u);
        lane->taken = 0;
        return 0;
    }
    if (status > 0 && ++lane->attempts >= x->config_.retry_attempts) return OTEL_DROP_GAVE_UP;
    otel_lane_add_(&lane->retried, 1);
    back = lane->back_ms ? (uint64_t)lane->back_ms * x->config_.retry_multiplier : x->config_.retry_initial_ms;
    lane->back_ms = back > x->config_.retry_max_ms ? x->config_.retry_max_ms : (uint32_t)back;
    lane->wait = x->reply_wait_ ? x->reply_wait_ : 2u + otel_units_(otel_jitter_(&x->otel_->shard_.ids, lane->back_ms));
    return 0;
#else
    (void)lane;
    return outcome == OTEL_OUTCOME_HALVE_ ? OTEL_DROP_TOO_LARGE : OTEL_DROP_GAVE_UP;
#endif
}

#if OTEL_RETRY
/* The receiver may take more again after "too large": ask now and then. */
OTEL_FN_ void otel_lane_widen_(otel_lane_t_ *lane, uint32_t most)
{
    if (!lane->cap || ++lane->taken < 8u) return;
    lane->taken = 0;
    lane->cap = (otel_few_t_)(lane->cap >= most / 2u ? 0 : lane->cap * 2u);
}
#endif

/* A request is settled or stays: what `status` says of it, at the exporter's own time. */
OTEL_FN_ void otel_export_outcome_(otel_exporter_t *x, int status)
{
    otel_lane_t_ *lane = x->lane_at_;
    uint32_t lost;
    unsigned why = OTEL_DROP_REJECTED;
    if (!x->flying_) return;                                  /* a fork in between forgot it */
    x->flying_ = false;
    lane->since = x->now_;
    lane->wait = 0;
    lane->last = (int16_t)status;
    if (status >= 200 && status < 300) {
        lost = x->reply_rejected_;
#if OTEL_RETRY
        otel_lane_widen_(lane, x->config_.max_items);
#endif
        if (OTEL_METRICS && x->config_.temporality && x->request_.signal == OTEL_SIGNAL_METRICS) (x->config_.temporality->confirm_)(x->config_.temporality, x->otel_, &x->round_);
    } else {
        lost = x->request_.items;
        why = otel_export_verdict_(x, lane, status);
        if (!why) {
            lane->failed = true;
            otel_exporter_free_(x, false);
            return;
        }
    }
    otel_export_settle_(x, lost, why);
}

OTEL_API_ void otel_export_done(otel_exporter_t *x, int status)
{
    OTEL_WHEN_OFF_((void)x; (void)status; return)
    if (!x || !x->flying_ || status == OTEL_PENDING) return;
    otel_exporter_tick_(x);
    otel_export_outcome_(x, status);
}

/* ---- driving ---- */
/* May this exporter be driven by calls? */
OTEL_FN_ otel_result_t otel_exporter_ready_(otel_exporter_t *x)
{
    if (!x) return OTEL_E_NULL;
    if (x->live_ != 1 || !x->otel_->live_) return OTEL_E_NOT_READY;
    if (!x->config_.send) return OTEL_E_SEND;
    otel_exporter_renew_(x);                                  /* a fork inside `send` left its mark */
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (OTEL_LOAD_(&x->driver_) && OTEL_LOAD_(&x->driver_) != (uintptr_t)&otel_thread_v0_) return OTEL_E_NESTED;
#endif
    return x->inside_ ? OTEL_E_NESTED : OTEL_OK;
}

/* Give the request to the transport. One that flushes meanwhile is told so, and waits for nothing. */
OTEL_FN_ int otel_export_hand_(otel_exporter_t *x)
{
    int status;
    x->inside_ = 1;
    status = (x->config_.send)(x->config_.user, &x->request_);
    x->inside_ = 0;
    return status;
}

/* Send at most one request. False: none went out. */
OTEL_API_ bool otel_export_step_(otel_exporter_t *x, bool gather);
OTEL_API_ bool otel_export_step_(otel_exporter_t *x, bool gather)
{
    int status;
    if (!otel_export_take_(x, gather)) return false;
    status = otel_export_hand_(x);
    otel_export_done(x, status);
    return status != OTEL_AGAIN;
}

OTEL_API_ otel_result_t otel_export_poll(otel_exporter_t *x)
{
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)result; return OTEL_OK)
    result = otel_exporter_ready_(x);
    if (result == OTEL_OK) (void)otel_export_step_(x, true);
    return result;
}

/* Where the goal of a flush stands: how many records of a ring have to go. Each ring has its own, because threads record on meanwhile
   and how many have gone in all does not say which. `own`: of the one pair of rings where there are no shards. */
OTEL_FN_ otel_count_t *otel_flush_goal_(const otel_exporter_t *x, unsigned i, otel_count_t *own)
{
#if OTEL_HOSTED_
    (void)own;
    return &otel_exporter_ring_(x, i / 2u, i & 1u)->reader[x->reader_].goal;
#else
    (void)x;
    return own + i;
#endif
}

OTEL_FN_ void otel_flush_aim_(const otel_exporter_t *x, otel_count_t *own)
{
    unsigned i;
    for (i = 0; i < 2u * otel_shards_(x->otel_); i++) *otel_flush_goal_(x, i, own) = otel_ring_written_(otel_exporter_ring_(x, i / 2u, i & 1u));
}

/* Is something recorded before the goals were set still here? */
OTEL_FN_ bool otel_flush_left_(const otel_exporter_t *x, otel_count_t *own)
{
    unsigned i;
    for (i = 0; i < 2u * otel_shards_(x->otel_); i++) {
        otel_count_t left = *otel_flush_goal_(x, i, own) - OTEL_LOAD_(&otel_exporter_ring_(x, i / 2u, i & 1u)->reader[x->reader_].passed);
        if (left != 0 && left >> (sizeof left * 8u - 1u) == 0) return true;
    }
    return false;
}

/* Looks at a clock in one of its steps, until it counts as one that stands still: about a second. */
#define OTEL_STILL_ (OTEL_HOSTED_ ? 20000000u : 1000000u)

/* The same with a time that began at `begin`, for all exporters of an instance. */
OTEL_API_ otel_result_t otel_export_flush_(otel_exporter_t *x, uint64_t begin, uint32_t timeout_ms);
OTEL_API_ otel_result_t otel_export_flush_(otel_exporter_t *x, uint64_t begin, uint32_t timeout_ms)
{
    otel_lane_t_ *metrics = &x->lane_[OTEL_SIGNAL_METRICS];
    otel_count_t own[2];
    uint64_t last = begin, now;
    uint32_t still = 0;
    bool collect = otel_metrics_wanted_(x), sent;
    otel_flush_aim_(x, own);
    x->stale_ = collect;                                      /* one collection, of what is there now */
    for (;;) {
        sent = otel_export_step_(x, false);
        if (!x->flying_ && !otel_flush_left_(x, own) && !(collect && (x->round_.running || metrics->failed || x->stale_))) return OTEL_OK;
        now = otel_clock_now_(&x->otel_->clock_);
        if (now - begin >= (uint64_t)timeout_ms * 1000000u && now >= begin) return OTEL_E_TIMEOUT;
        if (sent) continue;
        if (now != last) still = 0;
        else if (++still > (x->config_.idle ? 100000u : OTEL_STILL_)) return OTEL_E_TIMEOUT;      /* the clock stands still */
        last = now;
        if (x->config_.idle) (x->config_.idle)(x->config_.user, 1);
    }
}

OTEL_API_ otel_result_t otel_export_flush(otel_exporter_t *x, uint32_t timeout_ms)
{
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)timeout_ms; (void)result; return OTEL_OK)
    result = otel_exporter_ready_(x);
    return result == OTEL_OK ? otel_export_flush_(x, otel_clock_now_(&x->otel_->clock_), timeout_ms) : result;
}

/* Count what is left of a signal as lost, and let go of its rings. */
OTEL_FN_ void otel_exporter_part_(otel_exporter_t *x, unsigned signal)
{
    otel_lane_t_ *lane = &x->lane_[signal];
    unsigned i;
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = otel_exporter_ring_(x, i, otel_ring_of_(signal));
        otel_reader_t_ *r = &ring->reader[x->reader_];
        otel_pos_t until = otel_ring_hold_(ring, &x->otel_->guard_, x->reader_), pos = r->from;
        otel_count_t left = 0;
        for (; pos != until; left++) pos = otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos));
        otel_ring_pass_(ring, &x->otel_->guard_, x->reader_, until, left);
        lane->dropped[OTEL_DROP_SHUTDOWN - OTEL_DROP_TOO_LARGE] += left;
        lane->evicted += r->evicted;
        lane->end += r->passed - r->base;
        otel_ring_detach_(ring, &x->otel_->guard_, x->reader_);
    }
}

/* It ends: what is left is counted as lost, and its rings let go. */
OTEL_API_ void otel_exporter_end_(otel_exporter_t *x);
OTEL_API_ void otel_exporter_end_(otel_exporter_t *x)
{
    otel_exporter_t **at;
    x->flying_ = false;
    otel_exporter_change_(x);
    otel_lane_drop_(&x->lane_[OTEL_SIGNAL_METRICS], OTEL_DROP_SHUTDOWN, x->points_);
    OTEL_STORE_(&x->points_, 0u);
    otel_exporter_part_(x, OTEL_SIGNAL_TRACES);
    otel_exporter_part_(x, OTEL_SIGNAL_LOGS);
    OTEL_STORE_RELEASE_(&x->live_, (uint8_t)2);
    otel_exporter_change_(x);
    for (at = &x->otel_->exporters_; *at && *at != x; at = &(*at)->next_) {}
    if (*at) *at = x->next_;
}

OTEL_API_ otel_result_t otel_export_shutdown(otel_exporter_t *x, uint32_t timeout_ms)
{
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)timeout_ms; (void)result; return OTEL_OK)
    if (!x) return OTEL_E_NULL;
    if (x->live_ != 1) return OTEL_OK;
    result = otel_exporter_ready_(x);
    if (result == OTEL_E_NESTED) return result;
    result = result == OTEL_OK ? otel_export_flush_(x, otel_clock_now_(&x->otel_->clock_), timeout_ms) : OTEL_OK;
    otel_exporter_end_(x);
    return result;
}

/* One exporter after the other, each with its share of the time that is left, so that one whose receiver is dead takes no other's; who
   was not done then has what remains in the end. */
OTEL_API_ otel_result_t otel_flush_all_(otel_t *otel, uint32_t timeout_ms);
OTEL_API_ otel_result_t otel_flush_all_(otel_t *otel, uint32_t timeout_ms)
{
    const uint64_t begin = otel_clock_now_(&otel->clock_);
    otel_result_t result = OTEL_OK, r;
    otel_exporter_t *x;
    uint32_t late = 0, left = 0, gone;
    uint64_t now = begin;
    for (x = otel->exporters_; x; x = x->next_) left++;
    for (x = otel->exporters_; x; x = x->next_, left--) {
        r = otel_exporter_ready_(x);
        if (r == OTEL_OK && left > 1u) {
            gone = (uint32_t)((now - begin) >> 20);
            gone += gone >> 4;                                /* not less than milliseconds */
            r = otel_export_flush_(x, now, gone < timeout_ms ? (timeout_ms - gone) / left : 0u);
            if (r == OTEL_E_TIMEOUT) {
                late |= 1u << x->reader_;
                r = OTEL_OK;
            }
            now = otel_clock_now_(&otel->clock_);
        } else if (r == OTEL_OK) {
            r = otel_export_flush_(x, begin, timeout_ms);
        }
        if (r != OTEL_OK && r != OTEL_E_SEND) result = r;
    }
    for (x = otel->exporters_; late && x; x = x->next_) {
        if (!(late >> x->reader_ & 1u)) continue;
        r = otel_export_flush_(x, begin, timeout_ms);
        if (r != OTEL_OK) result = r;
    }
    return result;
}

OTEL_API_ otel_result_t otel_flush(otel_t *otel, uint32_t timeout_ms)
{
    OTEL_WHEN_OFF_((void)otel; (void)timeout_ms; return OTEL_OK)
    if (!otel) return OTEL_E_NULL;
    return otel_running_(otel) ? otel_flush_all_(otel, timeout_ms) : OTEL_E_NOT_READY;
}

OTEL_API_ otel_result_t otel_shutdown(otel_t *otel, uint32_t timeout_ms)
{
    otel_result_t result;
    otel_exporter_t *x;
    OTEL_WHEN_OFF_((void)otel; (void)timeout_ms; (void)result; (void)x; return OTEL_OK)
    if (!otel) return OTEL_E_NULL;
    if (!otel_running_(otel)) return OTEL_LOAD_(&otel->live_) == 2 ? OTEL_OK : OTEL_E_NOT_READY;
    for (x = otel->exporters_; x; x = x->next_) {
        if (otel_exporter_ready_(x) == OTEL_E_NESTED) return OTEL_E_NESTED;       /* called from inside its callback */
    }
    result = otel_flush_all_(otel, timeout_ms);
    while (otel->exporters_) otel_exporter_end_(otel->exporters_);
    OTEL_STORE_RELEASE_(&otel->live_, (uint8_t)2);
#if OTEL_METRICS
    otel_instruments_leave_(otel);
#endif
    if (otel_default_() == otel) otel_use(NULL);
    return result;
}
#endif
OTEL_C_END_
#endif
