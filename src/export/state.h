/* What an exporter is told and what it remembers; exporter.h has its calls. */
#ifndef OTEL_EXPORT_STATE_H
#define OTEL_EXPORT_STATE_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/resource.h"
#include "request.h"

struct otel_exporter_t;

/* What an exporter is told. Zero means the default. The order of the fields is API. */
typedef struct otel_exporter_config_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    /* Send a request: the HTTP status, < 0 for no answer (0 counts as none too), OTEL_AGAIN or OTEL_PENDING. NULL: requests are pulled. */
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;
    void *user OTEL_Z_;                           /* first argument of the hooks */
    void *buffer OTEL_Z_;                         /* for one packet at a time, buffer_size bytes; without it traces and logs come in parts (.body is NULL), and metrics not at all (required where pointers have 2 bytes) */
    size_t buffer_size OTEL_Z_;
    uint32_t max_items OTEL_Z_;                   /* records of one request (default: 512) */
    uint32_t interval_ms OTEL_Z_;                 /* how long otel_export_poll gathers spans and logs (default: 5,000) */
    uint32_t metric_interval_ms OTEL_Z_;          /* between two collections (default: 60,000) */
    uint32_t timeout_ms OTEL_Z_;                  /* handed to `send` (default: 10,000) */
    uint32_t retry_initial_ms OTEL_Z_;            /* first wait after a failure (default: 1,000) */
    uint32_t retry_max_ms OTEL_Z_;                /* longest wait, Retry-After too (default: 30,000; at most 2,000,000,000) */
    uint32_t retry_attempts OTEL_Z_;              /* answers 429, 502, 503, 504 before a batch is given up; no answer at all never counts (default: 20) */
    void (*idle)(void *user, uint32_t ms) OTEL_Z_;    /* sleep while flush waits (default: it asks the clock again and again) */
    otel_temporality_t *temporality OTEL_Z_;      /* OTEL_DELTA_IN or OTEL_LOW_MEMORY_IN, its own for each exporter (default: cumulative) */
    uint32_t retry_multiplier OTEL_Z_;            /* of the wait, at each further failure (default: 2) */
    const otel_reading_t *reading OTEL_Z_;        /* what it wants of metrics: aggregations, limit, filter, points of a packet (default: all there is) */
} otel_exporter_config_t;

/* Memory for a request that comes in parts: envelopes and the list. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_PARTS_ 64
#define OTEL_PARTS_HEAD_ 1024
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_PARTS_ 12
#define OTEL_PARTS_HEAD_ 192
#else
#define OTEL_PARTS_ 0                             /* no memory for that: a packet is required */
#endif

/* The reasons that exporters count themselves; the others are counted where records are written. */
#define OTEL_EXPORT_DROPS_ (OTEL_DROP_REASONS - OTEL_DROP_TOO_LARGE)

/* A number that is small in practice: it stays at its largest. */
#if UINTPTR_MAX > 0xFFFFu
typedef uint32_t otel_few_t_;
#else
typedef uint16_t otel_few_t_;
#endif

/* One signal of one exporter. Private. Times are in units of the exporter's own time. */
typedef struct otel_lane_t_ {
    uint32_t since;               /* of the last request that went out */
    uint32_t wait;                /* back-off: wait until so long after `since` */
    uint32_t back_ms;             /* the wait that the last failure brought, before jitter */
    otel_few_t_ attempts;
    otel_few_t_ cap;              /* items of a request, after "too large" (0: max_items), */
    uint8_t taken;                /* and how many of that size went well */
    bool failed;                  /* the last request did not settle */
    int16_t last;                 /* what `send` answered last, for otel_diag_dump */
    otel_count_t exported, retried;
    otel_count_t dropped[OTEL_EXPORT_DROPS_];
    otel_count_t created;         /* metrics: data points collected */
    otel_count_t end, evicted;    /* after shutdown: where this exporter parted */
} otel_lane_t_;

/* An exporter. Define it where it outlives its use; all fields are private. */
typedef struct otel_exporter_t {
    otel_packet_t_ packet_ OTEL_Z_;           /* first what the hot path asks for: short offsets */
    otel_t *otel_ OTEL_Z_;
    otel_request_t request_ OTEL_Z_;
    otel_lane_t_ *lane_at_ OTEL_Z_;           /* of the request */
    bool (*add_)(struct otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n) OTEL_Z_;   /* a record to the request */
    uint32_t now_ OTEL_Z_;                    /* the exporter's own time, in units of 2^20 ns */
    uint8_t reader_ OTEL_Z_, live_ OTEL_Z_, turn_ OTEL_Z_;
    uint8_t why_ OTEL_Z_;                     /* the record in front cannot go, for this otel_drop_t */
    bool inside_ OTEL_Z_, flying_ OTEL_Z_;
#if OTEL_HOSTED_
    uintptr_t driver_ OTEL_Z_;    /* a port's thread, by the address of what it has of its own: nobody else drives this exporter */
#endif
    bool reply_too_large_ OTEL_Z_;
    bool stale_ OTEL_Z_;                      /* a flush waits for a round of metrics that begins after it */
#if OTEL_HOSTED_
    uint16_t first_ OTEL_Z_;                  /* the shard that the next request begins with */
#endif
    uint32_t reply_rejected_ OTEL_Z_, reply_wait_ OTEL_Z_;
    otel_count_t changes_ OTEL_Z_;            /* odd while counts and cursors move */
    otel_exporter_config_t config_ OTEL_Z_;
    otel_lane_t_ lane_[OTEL_SIGNALS] OTEL_Z_;
    struct otel_exporter_t *next_ OTEL_Z_;
    otel_collect_t round_ OTEL_Z_;
    uint32_t points_ OTEL_Z_;                 /* queued: collected, not confirmed */
    uint32_t epoch_ OTEL_Z_;
#if OTEL_PARTS_
    uint8_t *sent_ OTEL_Z_;                   /* parts: up to here the envelopes are in the list */
    otel_piece_t parts_[OTEL_PARTS_] OTEL_Z_;
    uint8_t head_[OTEL_PARTS_HEAD_] OTEL_Z_;
#endif
} otel_exporter_t;
/*== implementation ==*/
OTEL_C_BEGIN_
/* The longest wait, whatever is asked for: 23 days, less than half of the range of the exporter's time. */
OTEL_INLINE_ uint32_t otel_retry_most_(uint32_t ms) { return ms == 0 ? 30000u : ms < 2000000000u ? ms : 2000000000u; }

/* Spans and logs have rings, metrics are collected. */
OTEL_FN_ unsigned otel_ring_of_(unsigned signal) { return signal >> 1; }

OTEL_FN_ otel_ring_t *otel_exporter_ring_(const otel_exporter_t *x, unsigned shard, unsigned which) { return &otel_shard_at_(x->otel_, shard)->ring[which]; }

/* Counts and cursors that belong together move between two of these: a snapshot in between shows. */
OTEL_FN_ void otel_exporter_change_(otel_exporter_t *x) { OTEL_STORE_RELEASE_(&x->changes_, (otel_count_t)(x->changes_ + 1u)); }

/* Who drives the exporter counts, others only read. */
OTEL_FN_ void otel_lane_add_(otel_count_t *count, uint32_t n) { OTEL_STORE_(count, (otel_count_t)(*count + n)); }

OTEL_FN_ void otel_lane_drop_(otel_lane_t_ *lane, unsigned reason, uint32_t n) { otel_lane_add_(&lane->dropped[reason - (unsigned)OTEL_DROP_TOO_LARGE], n); }
OTEL_C_END_
#endif
