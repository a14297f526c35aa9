/* The exporter: takes finished records to a function that sends bytes. It does no I/O and has no thread: `next` gives a
   request, `done` takes the outcome, `poll` does both around `send`, and all that waits (back-off, intervals) are numbers
   compared with the clock. OTLP specification: protocol/exporter.md; trace/sdk.md, "Batching processor". */
#ifndef OTEL_EXPORT_EXPORTER_H
#define OTEL_EXPORT_EXPORTER_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "batch.h"
#include "metrics.h"
#include "otlp.h"
#include "reply.h"
#include "request.h"
#include "retry.h"

/* What an exporter is told. Zero means the default. The order of the fields is API. */
typedef struct otel_exporter_config_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    /* Send a request: the HTTP status, < 0 for no answer, OTEL_AGAIN or OTEL_PENDING. NULL: requests are pulled. */
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;
    void *user OTEL_Z_;                           /* first argument of the hooks */
    void *buffer OTEL_Z_;                         /* for one packet at a time, buffer_size bytes; without it traces and logs come in parts, and metrics not at all */
    size_t buffer_size OTEL_Z_;
    uint32_t max_items OTEL_Z_;                   /* records of one request (default: 512) */
    uint32_t interval_ms OTEL_Z_;                 /* how long otel_export_poll gathers spans and logs (default: 5,000) */
    uint32_t metric_interval_ms OTEL_Z_;          /* between two collections (default: 60,000) */
    uint32_t timeout_ms OTEL_Z_;                  /* handed to `send` (default: 10,000) */
    uint32_t retry_initial_ms OTEL_Z_;            /* first wait after a failure (default: 1,000) */
    uint32_t retry_max_ms OTEL_Z_;                /* longest wait, Retry-After too (default: 30,000) */
    uint32_t retry_attempts OTEL_Z_;              /* answers 429, 502, 503, 504 before a batch is given up; no answer at all never counts (default: 20) */
    void (*idle)(void *user, uint32_t ms) OTEL_Z_;    /* sleep while flush waits (default: it asks the clock again and again) */
} otel_exporter_config_t;

/* The reasons that exporters count themselves; the others are counted where records are written. */
#define OTEL_EXPORT_DROPS_ (OTEL_DROP_REASONS - OTEL_DROP_TOO_LARGE)

/* One signal of one exporter. Private. */
typedef struct otel_lane_t_ {
    otel_count_t exported, retried;
    otel_count_t dropped[OTEL_EXPORT_DROPS_];
    otel_count_t base;            /* created before this exporter came, and gone by then */
    otel_count_t created;         /* metrics: data points collected */
    otel_count_t end, evicted;    /* after shutdown: where this exporter parted */
    uint32_t since_ms;            /* of the last request that went out */
    uint32_t wait_ms;             /* back-off: wait until so long after since_ms */
    uint32_t attempts, failures;
    uint32_t cap, taken;          /* items of a request, after "too large" (0: max_items), and how many of that size went well */
} otel_lane_t_;

/* An exporter. Define it where it outlives its use; all fields are private. */
typedef struct otel_exporter_t {
    otel_exporter_config_t config_ OTEL_Z_;
    otel_t *otel_ OTEL_Z_;
    struct otel_exporter_t *next_ OTEL_Z_;
    uint8_t reader_ OTEL_Z_, live_ OTEL_Z_, inside_ OTEL_Z_, turn_ OTEL_Z_;
    bool flying_ OTEL_Z_, flush_ OTEL_Z_;
    otel_request_t request_ OTEL_Z_;
    otel_lane_t_ lane_[OTEL_SIGNALS] OTEL_Z_;
    otel_collect_t round_ OTEL_Z_;
    bool collecting_ OTEL_Z_;
    uint32_t points_ OTEL_Z_;                 /* queued: collected, not confirmed */
    uint32_t epoch_ OTEL_Z_;
    otel_count_t changes_ OTEL_Z_;            /* odd while counts and cursors move */
    uint32_t now_ms_ OTEL_Z_;                 /* the exporter's own time: only what a wait can use of a jump */
    uint64_t clock_ns_ OTEL_Z_;
    uint32_t reply_rejected_ OTEL_Z_, reply_after_ms_ OTEL_Z_;
    bool reply_too_large_ OTEL_Z_, reply_after_ OTEL_Z_;
    otel_piece_t parts_[OTEL_PARTS_] OTEL_Z_;
    uint8_t head_[OTEL_PARTS_HEAD_] OTEL_Z_;
} otel_exporter_t;

OTEL_C_BEGIN_
/* Join an exporter to its instance; it begins with the oldest record that is still there. Errors: OTEL_E_NULL,
   OTEL_E_NOT_READY, OTEL_E_BUFFER, OTEL_E_EXPORTERS. */
OTEL_API_ otel_result_t otel_exporter_init_with(otel_exporter_t *exporter, const otel_exporter_config_t *config);

/* Give the next request, if there is one: false while one is on its way, while all waits, or with nothing to send. The
   records stay in the ring, and untouched, until otel_export_done. */
OTEL_API_ bool otel_export_next(otel_exporter_t *exporter, otel_request_t *request);

/* Take the outcome of the request: an HTTP status, < 0, OTEL_AGAIN or OTEL_PENDING. Without one under way: nothing. */
OTEL_API_ void otel_export_done(otel_exporter_t *exporter, int status);

/* Hand over what came back, before `send` returns or otel_export_done is called: the body (NULL: none) and the text of
   Retry-After in seconds (NULL: none). Read at once, at most 512 bytes. */
OTEL_API_ void otel_export_reply(otel_exporter_t *exporter, const void *body, size_t len, const char *retry_after);

/* Send at most one request, when one is due: gathered long enough, half a ring or a full batch. Waits only as long as
   `send` does. Errors: OTEL_E_NULL, OTEL_E_SEND, OTEL_E_NESTED. */
OTEL_API_ otel_result_t otel_export_poll(otel_exporter_t *exporter);

/* Collect metrics and send all that was recorded before the call. OTEL_E_TIMEOUT: not in `timeout_ms`. */
OTEL_API_ otel_result_t otel_export_flush(otel_exporter_t *exporter, uint32_t timeout_ms);

/* Flush, then part from the instance; what is left counts as dropped (shutdown). Twice is nothing. */
OTEL_API_ otel_result_t otel_export_shutdown(otel_exporter_t *exporter, uint32_t timeout_ms);

/* The same for all exporters of an instance; after otel_shutdown it records no more. The time is shared by all. */
OTEL_API_ otel_result_t otel_flush(otel_t *otel, uint32_t timeout_ms);
OTEL_API_ otel_result_t otel_shutdown(otel_t *otel, uint32_t timeout_ms);
OTEL_C_END_

#define otel_exporter_init(exporter, ...) otel_exporter_init_with((exporter), OTEL_REF_(otel_exporter_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FOREVER_MS_ 0x7FFFFFFFu

/* Spans and logs have rings, metrics are collected. */
OTEL_FN_ unsigned otel_ring_of_(unsigned signal) { return signal == OTEL_SIGNAL_LOGS ? OTEL_LOGS_ : OTEL_SPANS_; }

OTEL_FN_ void otel_lane_drop_(otel_lane_t_ *lane, otel_drop_t reason, uint32_t n) { OTEL_ADD_(&lane->dropped[reason - OTEL_DROP_TOO_LARGE], (otel_count_t)n); }

/* Records ever written into a ring, and into all rings of a signal. */
OTEL_FN_ otel_count_t otel_written_in_(const otel_ring_t *ring)
{
    otel_count_t n = OTEL_LOAD_ACQUIRE_(&ring->settled);
    unsigned k;
    for (k = 0; k < OTEL_RING_DROPS_; k++) n -= OTEL_LOAD_ACQUIRE_(&ring->dropped[k]);
    return n;
}

OTEL_FN_ otel_count_t otel_written_(const otel_t *otel, unsigned which)
{
    otel_count_t n = 0;
    unsigned i;
    for (i = 0; i < otel->shards_; i++) n += otel_written_in_(&otel_shard_at_((otel_t *)(uintptr_t)otel, i)->ring[which]);
    return n;
}

/* Records that were gone before this reader came. What is written meanwhile must not count: it looks for a moment in which
   no writer is at it, and the count of the records themselves takes its time afterwards. */
OTEL_FN_ otel_count_t otel_gone_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_pos_t pos, until;
    otel_count_t settled, written, evicted, here = 0;
    unsigned tries = 0;
    do {
        settled = OTEL_LOAD_ACQUIRE_(&ring->settled);
        written = otel_written_in_(ring);
        until = otel_ring_hold_(ring, guard, reader);
        evicted = OTEL_LOAD_(&ring->reader[reader].evicted);
    } while ((OTEL_LOAD_ACQUIRE_(&ring->created) != settled || OTEL_LOAD_ACQUIRE_(&ring->settled) != settled) && ++tries < 1000u);
    pos = ring->reader[reader].from;
    for (; pos != until; here++) pos = otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos));
    otel_ring_hold_until_(ring, guard, reader, ring->reader[reader].from);
    return written - here - evicted;
}

/* Records of a signal that this exporter is through with. */
OTEL_FN_ otel_count_t otel_passed_(const otel_exporter_t *x, unsigned signal)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    otel_count_t n = lane->base + lane->exported;
    unsigned i;
    for (i = 0; i < OTEL_EXPORT_DROPS_; i++) n += lane->dropped[i];
    for (i = 0; i < x->otel_->shards_; i++) n += OTEL_LOAD_(&otel_shard_at_(x->otel_, i)->ring[otel_ring_of_(signal)].reader[x->reader_].evicted);
    return n;
}

/* Counts and cursors that belong together move between two of these: a snapshot in between shows. */
OTEL_FN_ void otel_exporter_change_(otel_exporter_t *x) { OTEL_STORE_RELEASE_(&x->changes_, (otel_count_t)(x->changes_ + 1u)); }

/* Is one of the rings of a signal at least half full? */
OTEL_FN_ bool otel_half_full_(const otel_exporter_t *x, unsigned which)
{
    unsigned i;
    for (i = 0; i < x->otel_->shards_; i++) {
        const otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
        if (ring->size && otel_pos_between_(ring, ring->reader[x->reader_].cursor, OTEL_LOAD_ACQUIRE_(&ring->published)) >= ring->size - ring->size / 2u) return true;
    }
    return false;
}

/* The child of a fork starts over: see otel_after_fork. */
OTEL_FN_ void otel_exporter_renew_(otel_exporter_t *x)
{
    if (x->epoch_ == x->otel_->epoch_) return;
    x->epoch_ = x->otel_->epoch_;
    memset((void *)x->lane_, 0, sizeof x->lane_);
    x->flying_ = x->collecting_ = false;
    x->inside_ = 0;
    x->points_ = 0;
    x->changes_ &= ~(otel_count_t)1;
}

/* Move the exporter's time on. A clock that jumps ahead ends at most the wait that is under way; one that goes back
   stands still. */
OTEL_FN_ void otel_exporter_tick_(otel_exporter_t *x)
{
    uint64_t now = otel_clock_now_(&x->otel_->clock_), ms = now > x->clock_ns_ ? (now - x->clock_ns_) / 1000000u : 0;
    uint32_t most = x->config_.metric_interval_ms;
    unsigned s;
    otel_exporter_renew_(x);
    if (now < x->clock_ns_) x->clock_ns_ = now;
    if (ms == 0) return;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        if (x->lane_[s].wait_ms > most) most = x->lane_[s].wait_ms;
    }
    if (x->config_.interval_ms > most) most = x->config_.interval_ms;
    if (ms > most) {
        ms = most;
        x->clock_ns_ = now;
    } else {
        x->clock_ns_ += ms * 1000000u;
    }
    x->now_ms_ += (uint32_t)ms;
}

OTEL_API_ otel_result_t otel_exporter_init_with(otel_exporter_t *x, const otel_exporter_config_t *config)
{
    unsigned i, k, reader;
    bool first;
    otel_t *otel;
    const otel_exporter_t *other;
    OTEL_WHEN_OFF_((void)x; (void)config; return OTEL_OK)
    if (!x || !config) return OTEL_E_NULL;
    otel = config->otel ? config->otel : otel_default_();
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    for (other = otel->exporters_; other; other = other->next_) {
        if (other == x) return OTEL_E_EXPORTERS;              /* it runs already */
    }
    memset((void *)x, 0, sizeof *x);
    x->config_ = *config;
    x->otel_ = otel;
    if (!config->max_items) x->config_.max_items = 512u;
    if (!config->interval_ms) x->config_.interval_ms = 5000u;
    if (!config->metric_interval_ms) x->config_.metric_interval_ms = 60000u;
    if (!config->timeout_ms) x->config_.timeout_ms = 10000u;
    if (!config->retry_initial_ms) x->config_.retry_initial_ms = 1000u;
    if (!config->retry_max_ms) x->config_.retry_max_ms = 30000u;
    if (!config->retry_attempts) x->config_.retry_attempts = 20u;
    if (x->config_.interval_ms > OTEL_FOREVER_MS_) x->config_.interval_ms = OTEL_FOREVER_MS_;
    if (x->config_.metric_interval_ms > OTEL_FOREVER_MS_) x->config_.metric_interval_ms = OTEL_FOREVER_MS_;
    if (x->config_.retry_max_ms > OTEL_FOREVER_MS_ / 2u) x->config_.retry_max_ms = OTEL_FOREVER_MS_ / 2u;
    {                                                         /* envelopes and a bare span must fit */
        otel_batch_t_ batch;
        uint8_t *to = config->buffer ? (uint8_t *)config->buffer : x->head_;
        size_t room = config->buffer ? config->buffer_size : sizeof x->head_;
        if (!otel_batch_begin_(&batch, otel, to, room, config->buffer ? NULL : x->parts_, 1) || (config->buffer && room - batch.used < OTEL_SPAN_RING_MIN_ + otel_batch_tail_(&batch, NULL))) return OTEL_E_BUFFER;
    }
    first = !otel->shard_.ring[0].read;                       /* the first one answers for all that was ever recorded */
    for (reader = 0; reader < OTEL_READERS_; reader++) {
        if (otel_ring_attach_(&otel->shard_.ring[0], &otel->guard_, reader)) break;
    }
    if (reader == OTEL_READERS_) return OTEL_E_EXPORTERS;
    x->reader_ = (uint8_t)reader;
    for (i = 0; i < otel->shards_; i++) {
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &otel_shard_at_(otel, i)->ring[k];
            if (i || k) (void)otel_ring_attach_(ring, &otel->guard_, reader);
        }
    }
    x->epoch_ = otel->epoch_;
    for (k = 0; k < 2; k++) {                                 /* what others have taken already is not this exporter's */
        otel_count_t *base = &x->lane_[k == OTEL_LOGS_ ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES].base;
        for (i = 0; i < otel->shards_ && !first; i++) *base += otel_gone_(&otel_shard_at_(otel, i)->ring[k], &otel->guard_, reader);
    }
    x->clock_ns_ = otel_clock_now_(&otel->clock_);
    x->live_ = 1;
    x->next_ = otel->exporters_;
    otel->exporters_ = x;
    return OTEL_OK;
}

/* ---- requests ---- */
OTEL_FN_ void otel_exporter_hold_none_(otel_exporter_t *x, unsigned which)
{
    unsigned i;
    for (i = 0; i < x->otel_->shards_; i++) {
        otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
        otel_ring_hold_until_(ring, &x->otel_->guard_, x->reader_, ring->reader[x->reader_].from);
    }
}

OTEL_FN_ bool otel_build_records_(otel_exporter_t *x, unsigned signal)
{
    otel_batch_t_ batch;
    otel_lane_t_ *lane = &x->lane_[signal];
    unsigned i, which = otel_ring_of_(signal);
    bool flat = x->config_.buffer != NULL;
    if (!otel_batch_begin_(&batch, x->otel_, flat ? (uint8_t *)x->config_.buffer : x->head_, flat ? x->config_.buffer_size : sizeof x->head_,
                           flat ? NULL : x->parts_, lane->cap ? lane->cap : x->config_.max_items)) return false;
    otel_exporter_change_(x);
    for (i = 0; i < x->otel_->shards_ && !batch.full; i++) {
        otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
        if (ring->size && ring->reader[x->reader_].on) (void)otel_batch_ring_(&batch, which, ring, x->reader_);
    }
    if (batch.no_clock) otel_lane_drop_(lane, OTEL_DROP_NO_CLOCK, batch.no_clock);
    if (batch.too_large) otel_lane_drop_(lane, OTEL_DROP_TOO_LARGE, batch.too_large);
    otel_exporter_change_(x);
    if (batch.items == 0) {
        otel_exporter_hold_none_(x, which);
        return false;
    }
    otel_batch_end_(&batch);
    x->request_.body = flat ? x->config_.buffer : NULL;
    x->request_.parts = flat ? NULL : x->parts_;
    x->request_.parts_len = batch.parts_len;
    x->request_.len = batch.body;
    x->request_.items = batch.items;
    x->request_.path = signal == OTEL_SIGNAL_LOGS ? "/v1/logs" : "/v1/traces";
    return true;
}

#if OTEL_METRICS
OTEL_FN_ bool otel_build_metrics_(otel_exporter_t *x)
{
    otel_lane_t_ *lane = &x->lane_[OTEL_SIGNAL_METRICS];
    uint8_t *to = (uint8_t *)x->config_.buffer;
    size_t room = x->config_.buffer_size > OTEL_ENVELOPE_MAX_ ? OTEL_ENVELOPE_MAX_ : x->config_.buffer_size, n = 1u + OTEL_ENVELOPE_BYTES_, more, tail = 0;
    uint32_t points = 0, lost = 0;
    bool done = false;
    if (!to || room < n) return false;
    if (x->points_) {                                         /* those of a request that waited are collected again */
        otel_exporter_change_(x);
        OTEL_STORE_(&lane->created, (otel_count_t)(lane->created - x->points_));
        OTEL_STORE_(&x->points_, 0u);
        otel_exporter_change_(x);
    }
    if (!x->collecting_) {
        otel_collect_begin_(x->otel_, &x->round_);
        x->collecting_ = true;
    }
    more = otel_resource_write_(to + n, room - n, x->otel_);
    if (more == 0) return false;
    n += more;
    if (x->otel_->config_.schema_url) tail = 4u + strlen(x->otel_->config_.schema_url);
    if (room - n <= tail) return false;
    more = otel_collect_(x->otel_, &x->round_, to + n, room - n - tail, &points, &lost, &done);
    otel_exporter_change_(x);
    OTEL_STORE_(&lane->created, (otel_count_t)(lane->created + points + lost));
    OTEL_STORE_(&x->points_, points);
    if (lost) otel_lane_drop_(lane, OTEL_DROP_TOO_LARGE, lost);
    otel_exporter_change_(x);
    if (done) x->collecting_ = false;
    if (done || points == 0) lane->since_ms = x->now_ms_;
    if (points == 0) return false;
    n += more;
    n += otel_text_field_(to + n, room - n, 0x1A, x->otel_->config_.schema_url);      /* ResourceMetrics.schema_url = 3 */
    to[0] = 0x0A;                                             /* ExportMetricsServiceRequest.resource_metrics = 1 */
    otel_put_envelope_(to + 1, (uint32_t)(n - 1u - OTEL_ENVELOPE_BYTES_));
    x->request_.body = to;
    x->request_.parts = NULL;
    x->request_.parts_len = 0;
    x->request_.len = n;
    x->request_.items = points;
    x->request_.path = "/v1/metrics";
    return true;
}
#endif

/* Metrics go out in flat packets only, and not with a time that nobody knows. */
OTEL_FN_ bool otel_metrics_wanted_(const otel_exporter_t *x)
{
    return x->config_.buffer && (OTEL_LOAD_ACQUIRE_(&x->otel_->clock_.known) || x->otel_->config_.send_unsynced);
}

OTEL_FN_ bool otel_lane_waits_(const otel_exporter_t *x, unsigned signal)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    return lane->wait_ms != 0 && x->now_ms_ - lane->since_ms < lane->wait_ms;
}

/* Is there reason to send now? `gather`: only when enough came together. */
OTEL_FN_ bool otel_lane_due_(const otel_exporter_t *x, unsigned signal, bool gather)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    otel_count_t queued;
    if (otel_lane_waits_(x, signal)) return false;
    if (signal == OTEL_SIGNAL_METRICS) {
#if OTEL_METRICS
        return otel_metrics_wanted_(x) && OTEL_LOAD_(&x->otel_->instruments_) && (x->collecting_ || lane->attempts || lane->failures || x->now_ms_ - lane->since_ms >= x->config_.metric_interval_ms);
#else
        return false;
#endif
    }
    queued = otel_written_(x->otel_, otel_ring_of_(signal)) - otel_passed_(x, signal);
    if (queued == 0) return false;
    return !gather || lane->attempts || lane->failures || queued >= x->config_.max_items || x->now_ms_ - lane->since_ms >= x->config_.interval_ms ||
           otel_half_full_(x, otel_ring_of_(signal));
}

OTEL_FN_ bool otel_export_take_(otel_exporter_t *x, otel_request_t *request, bool gather)
{
    unsigned i;
    otel_exporter_tick_(x);
    if (x->flying_) return false;
    for (i = 0; i < OTEL_SIGNALS; i++) {                      /* in turn, so that one busy signal does not starve the others */
        unsigned signal = (x->turn_ + i) % OTEL_SIGNALS;
        bool built;
        if (!otel_lane_due_(x, signal, gather)) continue;
        memset((void *)&x->request_, 0, sizeof x->request_);
        x->request_.signal = (otel_signal_t)signal;
        x->request_.timeout_ms = x->config_.timeout_ms;
#if OTEL_METRICS
        built = signal == OTEL_SIGNAL_METRICS ? otel_build_metrics_(x) : otel_build_records_(x, signal);
#else
        built = otel_build_records_(x, signal);
#endif
        if (!built) continue;
        x->turn_ = (uint8_t)((signal + 1u) % OTEL_SIGNALS);
        x->flying_ = true;
        x->reply_too_large_ = x->reply_after_ = false;
        x->reply_rejected_ = x->reply_after_ms_ = 0;
        *request = x->request_;
        return true;
    }
    return false;
}

OTEL_API_ bool otel_export_next(otel_exporter_t *x, otel_request_t *request)
{
    OTEL_WHEN_OFF_((void)x; (void)request; return false)
    if (!x || !request || x->live_ != 1 || !x->otel_->live_) return false;
    otel_exporter_renew_(x);
    if (x->inside_) return false;
    return otel_export_take_(x, request, false);
}

/* ---- outcomes ---- */
OTEL_API_ void otel_export_reply(otel_exporter_t *x, const void *body, size_t len, const char *retry_after)
{
    otel_reply_t reply;
    OTEL_WHEN_OFF_((void)x; (void)body; (void)len; (void)retry_after; return)
    if (!x || !x->flying_) return;
    if (body && len) {
        otel_reply_read_(&reply, body, len, x->request_.items);
        x->reply_rejected_ = reply.rejected;
        x->reply_too_large_ = reply.too_large;
        if (reply.retry_after_ms) {
            x->reply_after_ms_ = reply.retry_after_ms;
            x->reply_after_ = true;
        }
    }
    if (retry_after) {
        uint32_t seconds = 0;
        const char *p = retry_after;
        while (*p == ' ' || *p == '\t') p++;
        if (*p < '0' || *p > '9') return;                     /* no number of seconds: our own back-off decides */
        for (; *p >= '0' && *p <= '9'; p++) seconds = seconds > 1000000u ? seconds : seconds * 10u + (uint32_t)(*p - '0');
        while (*p == ' ' || *p == '\t') p++;
        if (*p) return;
        x->reply_after_ms_ = seconds > 1000000u ? 1000000000u : seconds * 1000u;
        x->reply_after_ = true;
    }
}

/* The request is settled: its records leave the queue. */
OTEL_FN_ void otel_export_settle_(otel_exporter_t *x, uint32_t lost, otel_drop_t why)
{
    otel_lane_t_ *lane = &x->lane_[x->request_.signal];
    unsigned i, which = otel_ring_of_(x->request_.signal);
    otel_exporter_change_(x);
    if (lost) otel_lane_drop_(lane, why, lost);
    OTEL_ADD_(&lane->exported, (otel_count_t)(x->request_.items - lost));
    if (x->request_.signal == OTEL_SIGNAL_METRICS) {
        OTEL_STORE_(&x->points_, 0u);
    } else {
        for (i = 0; i < x->otel_->shards_; i++) {
            otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
            otel_ring_pass_(ring, &x->otel_->guard_, x->reader_, OTEL_LOAD_(&ring->reader[x->reader_].held));
        }
    }
    otel_exporter_change_(x);
    lane->attempts = lane->failures = 0;
    lane->wait_ms = 0;
    lane->since_ms = x->now_ms_;
    x->flying_ = false;
}

/* The request failed and its records stay: nothing is held while they wait. */
OTEL_FN_ void otel_export_wait_(otel_exporter_t *x, uint32_t wait_ms)
{
    otel_lane_t_ *lane = &x->lane_[x->request_.signal];
    if (x->request_.signal == OTEL_SIGNAL_METRICS) x->collecting_ = false;        /* a fresh collection says it again, and more */
    else otel_exporter_hold_none_(x, otel_ring_of_(x->request_.signal));
    lane->wait_ms = wait_ms;
    lane->since_ms = x->now_ms_;
    x->flying_ = false;
}

OTEL_API_ void otel_export_done(otel_exporter_t *x, int status)
{
    otel_lane_t_ *lane;
    otel_outcome_t_ outcome;
    OTEL_WHEN_OFF_((void)x; (void)status; return)
    if (!x || !x->live_ || !x->flying_) return;
    lane = &x->lane_[x->request_.signal];
    outcome = otel_outcome_(status);
    if (status == 400 && x->reply_too_large_) outcome = OTEL_OUTCOME_HALVE_;
    if (outcome == OTEL_OUTCOME_PENDING_) return;
    otel_exporter_tick_(x);
    if (!x->flying_) return;                                  /* a fork in between forgot it */
    if (outcome == OTEL_OUTCOME_OK_) {
        uint32_t rejected = x->reply_rejected_ < x->request_.items ? x->reply_rejected_ : x->request_.items;
        if (lane->cap && ++lane->taken >= 8u) {               /* the receiver may take more again: ask now and then */
            lane->taken = 0;
            lane->cap = lane->cap >= x->config_.max_items / 2u ? 0 : lane->cap * 2u;
        }
        otel_export_settle_(x, rejected, OTEL_DROP_REJECTED);
    } else if (outcome == OTEL_OUTCOME_HALVE_ && x->request_.items > 1u && x->request_.signal != OTEL_SIGNAL_METRICS) {
        lane->cap = x->request_.items / 2u;
        lane->taken = 0;
        lane->failures = 1;
        otel_export_wait_(x, 0);
    } else if (outcome == OTEL_OUTCOME_HALVE_) {
        otel_export_settle_(x, x->request_.items, OTEL_DROP_TOO_LARGE);
    } else if (outcome == OTEL_OUTCOME_AGAIN_) {
        otel_export_wait_(x, 0);
        lane->failures = lane->failures ? lane->failures : 1u;
#if OTEL_RETRY
    } else if (outcome == OTEL_OUTCOME_RETRY_ && (status <= 0 || lane->attempts + 1u < x->config_.retry_attempts)) {
        uint32_t wait;
        if (status > 0) lane->attempts++;
        if (lane->failures < 32u) lane->failures++;
        wait = otel_backoff_(&x->otel_->shard_.ids, x->config_.retry_initial_ms, x->config_.retry_max_ms, lane->failures);
        if (x->reply_after_) wait = x->reply_after_ms_ > x->config_.retry_max_ms ? x->config_.retry_max_ms : x->reply_after_ms_;
        OTEL_ADD_(&lane->retried, (otel_count_t)1);
        otel_export_wait_(x, wait ? wait : 1u);
#endif
    } else {
        otel_export_settle_(x, x->request_.items, outcome == OTEL_OUTCOME_RETRY_ ? OTEL_DROP_GAVE_UP : OTEL_DROP_REJECTED);
    }
}

/* ---- driving ---- */
OTEL_FN_ bool otel_export_step_(otel_exporter_t *x, bool gather)
{
    otel_request_t request;
    int status;
    if (!otel_export_take_(x, &request, gather)) return false;
    x->inside_ = 1;
    status = (x->config_.send)(x->config_.user, &request);
    x->inside_ = 0;
    otel_export_done(x, status);
    return status != OTEL_AGAIN;
}

OTEL_API_ otel_result_t otel_export_poll(otel_exporter_t *x)
{
    OTEL_WHEN_OFF_((void)x; return OTEL_OK)
    if (!x) return OTEL_E_NULL;
    if (x->live_ != 1 || !x->otel_->live_) return OTEL_E_NOT_READY;
    if (!x->config_.send) return OTEL_E_SEND;
    otel_exporter_renew_(x);                                  /* a fork inside `send` left its mark */
    if (x->inside_) return OTEL_E_NESTED;
    (void)otel_export_step_(x, true);
    return OTEL_OK;
}

OTEL_API_ otel_result_t otel_export_flush(otel_exporter_t *x, uint32_t timeout_ms)
{
    otel_count_t goal[2];
    uint64_t begin, last;
    uint32_t still = 0;
    bool collect;
    OTEL_WHEN_OFF_((void)x; (void)timeout_ms; return OTEL_OK)
    if (!x) return OTEL_E_NULL;
    if (x->live_ != 1 || !x->otel_->live_) return OTEL_E_NOT_READY;
    if (!x->config_.send) return OTEL_E_SEND;
    otel_exporter_renew_(x);                                  /* a fork inside `send` left its mark */
    if (x->inside_) return OTEL_E_NESTED;
    begin = last = otel_clock_now_(&x->otel_->clock_);
    otel_exporter_tick_(x);
    goal[0] = otel_written_(x->otel_, OTEL_SPANS_);
    goal[1] = otel_written_(x->otel_, OTEL_LOGS_);
    collect = otel_metrics_wanted_(x) && OTEL_LOAD_(&x->otel_->instruments_);
    if (collect && !x->collecting_ && !x->lane_[OTEL_SIGNAL_METRICS].wait_ms) x->lane_[OTEL_SIGNAL_METRICS].since_ms = x->now_ms_ - x->config_.metric_interval_ms;
    for (;;) {
        uint64_t now;
        otel_lane_t_ *metrics = &x->lane_[OTEL_SIGNAL_METRICS];
        bool sent = otel_export_step_(x, false);
        bool left = (otel_count_t)(goal[0] - otel_passed_(x, OTEL_SIGNAL_TRACES) - 1u) < (otel_count_t)1 << (sizeof(otel_count_t) * 8 - 1) ||
                    (otel_count_t)(goal[1] - otel_passed_(x, OTEL_SIGNAL_LOGS) - 1u) < (otel_count_t)1 << (sizeof(otel_count_t) * 8 - 1) ||
                    (collect && (x->collecting_ || metrics->failures || x->now_ms_ - metrics->since_ms >= x->config_.metric_interval_ms)) || x->flying_;
        if (!left) return OTEL_OK;
        now = otel_clock_now_(&x->otel_->clock_);
        if (now - begin >= (uint64_t)timeout_ms * 1000000u && now >= begin) return OTEL_E_TIMEOUT;
        if (sent) continue;
        if (now == last && ++still > 100000u) return OTEL_E_TIMEOUT;              /* the clock stands still */
        if (now != last) still = 0;
        last = now;
        if (x->config_.idle) (x->config_.idle)(x->config_.user, 1);
    }
}

OTEL_API_ otel_result_t otel_export_shutdown(otel_exporter_t *x, uint32_t timeout_ms)
{
    otel_result_t result;
    otel_exporter_t **at;
    unsigned i, k;
    OTEL_WHEN_OFF_((void)x; (void)timeout_ms; return OTEL_OK)
    if (!x) return OTEL_E_NULL;
    if (x->live_ != 1) return OTEL_OK;
    otel_exporter_renew_(x);                                  /* a fork inside `send` left its mark */
    if (x->inside_) return OTEL_E_NESTED;
    result = x->config_.send ? otel_export_flush(x, timeout_ms) : OTEL_OK;
    x->flying_ = false;
    for (k = 0; k < 2; k++) {
        unsigned signal = k == OTEL_LOGS_ ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES;
        uint32_t left = 0;
        otel_exporter_change_(x);
        for (i = 0; i < x->otel_->shards_; i++) {
            otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[k];
            otel_pos_t until = otel_ring_hold_(ring, &x->otel_->guard_, x->reader_), pos = ring->reader[x->reader_].from;
            for (; pos != until; left++) pos = otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos));
            otel_ring_pass_(ring, &x->otel_->guard_, x->reader_, until);
            x->lane_[signal].evicted += ring->reader[x->reader_].evicted;
        }
        if (left) otel_lane_drop_(&x->lane_[signal], OTEL_DROP_SHUTDOWN, left);
        x->lane_[signal].end = otel_passed_(x, signal);
        otel_exporter_change_(x);
    }
    otel_exporter_change_(x);
    if (x->points_) otel_lane_drop_(&x->lane_[OTEL_SIGNAL_METRICS], OTEL_DROP_SHUTDOWN, x->points_);
    OTEL_STORE_(&x->points_, 0u);
    otel_exporter_change_(x);
    x->live_ = 2;
    for (i = 0; i < x->otel_->shards_; i++) {
        for (k = 0; k < 2; k++) otel_ring_detach_(&otel_shard_at_(x->otel_, i)->ring[k], &x->otel_->guard_, x->reader_);
    }
    for (at = &x->otel_->exporters_; *at; at = &(*at)->next_) {
        if (*at == x) {
            *at = x->next_;
            break;
        }
    }
    return result;
}

/* What is left of a time that all exporters share. */
OTEL_FN_ uint32_t otel_time_left_(otel_t *otel, uint64_t begin, uint32_t timeout_ms)
{
    uint64_t now = otel_clock_now_(&otel->clock_), spent = now > begin ? (now - begin) / 1000000u : 0;
    return spent >= timeout_ms ? 0 : timeout_ms - (uint32_t)spent;
}

OTEL_API_ otel_result_t otel_flush(otel_t *otel, uint32_t timeout_ms)
{
    otel_result_t result = OTEL_OK;
    otel_exporter_t *x;
    uint64_t begin;
    OTEL_WHEN_OFF_((void)otel; (void)timeout_ms; return OTEL_OK)
    if (!otel) return OTEL_E_NULL;
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    begin = otel_clock_now_(&otel->clock_);
    for (x = otel->exporters_; x; x = x->next_) {
        otel_result_t r = x->config_.send ? otel_export_flush(x, otel_time_left_(otel, begin, timeout_ms)) : OTEL_OK;
        if (r != OTEL_OK) result = r;
    }
    return result;
}

OTEL_API_ otel_result_t otel_shutdown(otel_t *otel, uint32_t timeout_ms)
{
    otel_result_t result = OTEL_OK;
    uint64_t begin;
    OTEL_WHEN_OFF_((void)otel; (void)timeout_ms; return OTEL_OK)
    if (!otel) return OTEL_E_NULL;
    if (!otel_running_(otel)) return OTEL_LOAD_(&otel->live_) == 2 ? OTEL_OK : OTEL_E_NOT_READY;
    begin = otel_clock_now_(&otel->clock_);
    while (otel->exporters_) {
        otel_exporter_t *x = otel->exporters_;
        otel_result_t r = otel_export_shutdown(x, otel_time_left_(otel, begin, timeout_ms));
        if (r != OTEL_OK) result = r;
        if (otel->exporters_ == x) break;                     /* called from inside its callback */
    }
    if (result == OTEL_E_NESTED) return result;
    OTEL_STORE_RELEASE_(&otel->live_, (uint8_t)2);
#if OTEL_METRICS
    otel_instruments_leave_(otel);
#endif
    if (otel_default_() == otel) otel_use(NULL);
    return result;
}
OTEL_C_END_
#endif
#endif
