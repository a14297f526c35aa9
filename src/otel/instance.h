/* The instance: configuration, clock, ids, rings and the list of all that is registered with it. The user defines the
   object and the pool; nothing else is ever allocated. Specification: trace/sdk.md, "Tracer Provider". */
#ifndef OTEL_INSTANCE_H
#define OTEL_INSTANCE_H
#include "compiler.h"
#include "attr.h"
#include "clock.h"
#include "context.h"
#include "id.h"
#include "result.h"
#include "ring.h"
#include "sampler.h"
#include "scope.h"

struct otel_span_t;
struct otel_propagator_t;
struct otel_collect_t;
struct otel_callback_t;

/* The current span of one thread or task; a port that has tasks keeps one for each. All zero: none. */
typedef struct otel_current_t {
    struct otel_span_t *span;     /* innermost span block */
    otel_context_t context;       /* where there is no cleanup attribute: its context by value */
    void (*adopt_)(struct otel_span_t *span, const otel_context_t *context);      /* set while there is one */
} otel_current_t;

struct otel_log_settings_t;
struct otel_log_record_t;

struct otel_span_settings_t;

/* What has a say in spans: made by otel_spans. Private. */
typedef struct otel_spans_t {
    const struct otel_span_settings_t *settings_ OTEL_Z_;
    void (*begin_)(struct otel_span_t *span, struct otel_t *otel, const otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(struct otel_span_t *span, struct otel_t *otel) OTEL_Z_;
    void (*next_)(struct otel_span_t *span, struct otel_t *otel, const otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
} otel_spans_t;

/* What has a say in log records: made by otel_logs. Private. */
typedef struct otel_logs_t {
    const struct otel_log_settings_t *settings_ OTEL_Z_;
    void (*emit_)(const struct otel_logs_t *self, struct otel_t *otel, const struct otel_log_record_t *record) OTEL_Z_;
    bool (*enabled_)(const struct otel_logs_t *self, struct otel_t *otel, const otel_scope_t *scope, int severity) OTEL_Z_;
} otel_logs_t;

struct otel_metric_settings_t;
struct otel_instrument_t;

/* What has a say in measurements: made by otel_metrics. Private. */
typedef struct otel_metrics_t {
    struct otel_metric_settings_t *settings_ OTEL_Z_;
    void (*join_)(struct otel_instrument_t *instrument, struct otel_t *otel) OTEL_Z_;
    otel_result_t checked_ OTEL_Z_;
} otel_metrics_t;

/* Everything an instance is told. Zero means the default. Hooks get `user`. The order of the fields is API. */
typedef struct otel_config_t {
    const char *service OTEL_Z_;                  /* service.name (default: unknown_service) */
    const char *version OTEL_Z_;                  /* service.version (default: left out) */
    const otel_attr_t *attributes OTEL_Z_;        /* of the resource, attributes_len of them; live as long as the instance */
    size_t attributes_len OTEL_Z_;
    const char *schema_url OTEL_Z_;               /* of the resource (default: left out) */
    uint64_t (*clock)(void *user) OTEL_Z_;        /* (required) Unix nanoseconds; with clock_hz ticks since boot */
    uint32_t clock_hz OTEL_Z_;                    /* ticks a second (default: 0, Unix nanoseconds) */
    uint8_t clock_bits OTEL_Z_;                   /* of the tick counter, which counts up: 8 to 32, or 64 (default: 64). One that wraps needs this, else times jump back
                                                     at each wrap, and must be read at least once each 15/16 of a turn: otel_export_poll does */
    bool (*entropy)(void *user, void *to, size_t len) OTEL_Z_;   /* fills `len` random bytes (default: clock and addresses, and traces do not claim to be random) */
    bool (*lock)(void *user, bool wait) OTEL_Z_;  /* (default: interrupt mask on bare metal, atomics on hosts); `wait` false: only try */
    void (*unlock)(void *user) OTEL_Z_;
    otel_current_t *(*current)(void *user) OTEL_Z_;   /* slot of the running task, NULL in an interrupt (default: thread-local on hosts, else one) */
    void *user OTEL_Z_;                           /* first argument of the hooks */
    void *pool OTEL_Z_;                           /* (required) memory of the rings; lives as long as the instance */
    size_t pool_size OTEL_Z_;                     /* bytes: 80 for spans and 64 for logs at least, which at 25 % for logs means 256; one useful record takes 100 to 200 */
    uint8_t log_percent OTEL_Z_;                  /* of the pool for logs, 1 to 99 (default: 25); OTEL_NO_LOG_RING: all to spans */
    uint16_t shards OTEL_Z_;                      /* hosts: parts of the pool; each thread claims one, the first serves the rest under a try-lock (default: 1) */
    otel_when_full_t when_full OTEL_Z_;           /* (default: OTEL_DROP_NEWEST) */
    otel_sampler_t sampler OTEL_Z_;               /* (default: parent based, roots always on) */
    uint32_t hold_ms OTEL_Z_;                     /* how long records wait for otel_time_sync (default: 600,000) */
    bool send_unsynced OTEL_Z_;                   /* after hold_ms send them with time since boot instead of dropping them as no_clock; metrics at once (default: false) */
    const struct otel_propagator_t *propagator OTEL_Z_;   /* what otel_inject writes and otel_extract_from reads; outlives the instance (default: W3C trace context and baggage) */
    otel_spans_t spans OTEL_Z_;                   /* otel_spans(&settings): processors of spans, scopes that are off (default: none) */
    otel_logs_t logs OTEL_Z_;                     /* otel_logs(&settings): least severities, processors of log records (default: all pass) */
    otel_metrics_t metrics OTEL_Z_;               /* otel_metrics(&settings): views, scopes that are off, exemplars (default: none) */
} otel_config_t;
#define OTEL_NO_LOG_RING 255u

#define OTEL_SPANS_ 0             /* the ring of a shard that holds spans */
#define OTEL_LOGS_ 1

/* A part of the pool. Private. */
typedef struct otel_shard_t {
    const void *owner;            /* the thread that writes here, by the address of its otel_thread_v0_; NULL: nobody */
    otel_ids_t ids;
    otel_ring_t ring[2];
} otel_shard_t;

/* What to do with a record whose times count from boot. Private. */
typedef enum { OTEL_LATE_RIGHT_, OTEL_LATE_WAIT_, OTEL_LATE_DROP_ } otel_late_t_;
struct otel_packet_t_;

/* An instance. Define it where it outlives its users; all fields are private. */
typedef struct otel_t {
    otel_config_t config_ OTEL_Z_;
    otel_clock_t clock_ OTEL_Z_;
    otel_guard_t guard_ OTEL_Z_;
    otel_current_t current_ OTEL_Z_;
    otel_shard_t shard_ OTEL_Z_;              /* the first shard; the others lie in the pool */
    otel_shard_t *more_ OTEL_Z_;
    void (*write_state_)(struct otel_span_t *span) OTEL_Z_;       /* a tracestate came in */
    otel_scope_t *scopes_ OTEL_Z_;
    struct otel_instrument_t *instruments_ OTEL_Z_;
    size_t (*collect_)(struct otel_t *otel, struct otel_collect_t *round, uint8_t *to, size_t room) OTEL_Z_;     /* set by the first instrument */
    uint8_t (*observe_)(struct otel_t *otel) OTEL_Z_;                     /* set by the first callback: runs all of them */
    struct otel_callback_t *callbacks_ OTEL_Z_;
    uint8_t observed_ OTEL_Z_, observing_ OTEL_Z_;    /* the last round of callbacks; one is under way */
    uint8_t reclaims_ OTEL_Z_;                /* one reader, which tells differences: idle series make room */
    struct otel_exporter_t *exporters_ OTEL_Z_;
#if OTEL_HOSTED_
    void (*forked_)(struct otel_t *otel) OTEL_Z_;                         /* set by the first instrument: opens what other threads of the parent held */
#endif
    /* Set by what needs them, so that a program links no more than it uses: see resource.h, late.h. */
    bool (*resource_)(const struct otel_t *otel, struct otel_packet_t_ *packet, bool end) OTEL_Z_;
    int (*scope_)(const struct otel_t *otel, struct otel_packet_t_ *packet, int number) OTEL_Z_;
    otel_late_t_ (*late_)(struct otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader) OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                  /* tells this life of the object from earlier ones */
    uint32_t scope_count_ OTEL_Z_;
    uint16_t shards_ OTEL_Z_;
    uint8_t live_ OTEL_Z_;                    /* 0 before init, 1 running, 2 after shutdown */
    bool random_ OTEL_Z_;                     /* trace ids come from real entropy */
} otel_t;

#if OTEL_ATOMICS_
/* What a thread knows of itself. Private. */
typedef struct otel_thread_t_ {
    otel_current_t current;
    otel_t *otel;                 /* the instance whose shard is cached */
    otel_shard_t *shard;
    uint32_t epoch;
    uint16_t number;              /* of that shard; 0: the one for all */
    bool met;                     /* it has claimed a shard before */
    bool leaving;                 /* it is giving back what it has */
} otel_thread_t_;
#endif

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ otel_t *otel_default_v0_;
extern OTEL_VAR_ uint32_t otel_epoch_v0_;
#if OTEL_ATOMICS_
extern OTEL_SEEN_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif

/* Start an instance; the first one becomes the default of the program. Not for interrupts. Errors: OTEL_E_NULL,
   OTEL_E_CLOCK, OTEL_E_POOL, OTEL_E_CONFIG, OTEL_E_LOCK. */
OTEL_INLINE_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config);
OTEL_API_ bool otel_resource_more_(const otel_t *otel, struct otel_packet_t_ *packet, bool end);
OTEL_API_ int otel_scope_more_(const otel_t *otel, struct otel_packet_t_ *packet, int number);
OTEL_API_ otel_late_t_ otel_late_wait_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader);
OTEL_API_ otel_late_t_ otel_late_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader);

OTEL_API_ otel_drop_t otel_ring_urgency_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ otel_result_t otel_init_in_(otel_t *otel, const otel_config_t *config, otel_result_t checked, otel_policy_t_ policy, otel_clock_kind_t_ kind);

/* The instance that calls without .otel use; NULL when there is none. Safe everywhere. */
OTEL_API_ otel_t *otel_default(void);

/* Set the default instance of this image: for plugins, DLLs and -Bsymbolic libraries, or to take it away (NULL). Such an
   image says it again after a new otel_init. */
OTEL_API_ void otel_use(otel_t *otel);

/* Tell the instance what time it is: `unix_ns` is now. Spans that are open keep the offset that they began with; records
   made before the first call are put right when they leave. Safe everywhere. Nothing to do with a Unix-nanosecond clock. */
OTEL_API_ void otel_time_sync(otel_t *otel, uint64_t unix_ns);

/* Give back what the calling thread holds (hosts): ports call it when a thread exits, cancelled ones too. A record that
   the thread had begun and not finished counts as dropped (thread). */
OTEL_API_ void otel_thread_end(otel_t *otel);

/* In the child of fork: forget what the parent had queued, start new counts and new ids. The child's other threads are
   gone, so this must be its first call. */
OTEL_API_ void otel_after_fork(otel_t *otel);

#if OTEL_ATOMICS_ && OTEL_ENABLED
OTEL_API_ otel_shard_t *otel_shard_claim_(otel_t *otel);
OTEL_API_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len);
#endif
/* Where a record is being written. Private. */
typedef struct otel_place_t_ {
    otel_ring_t *ring;
    otel_pos_t start;             /* before it is open: what is to be written, for otel_policy_t_ */
    bool own;                     /* hosts: the first shard is this thread's until the record is closed */
} otel_place_t_;
OTEL_API_ bool otel_record_open_(otel_t *otel, unsigned ring, size_t n, otel_place_t_ *place, otel_out_t_ *out);
OTEL_API_ void otel_record_close_(otel_t *otel, const otel_place_t_ *place);
OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason);
OTEL_C_END_

OTEL_C_BEGIN_
/* Said of a configuration whose fields are constants, this is a constant. */
OTEL_INLINE_ otel_result_t otel_config_check_(const otel_config_t *c)
{
    if (!c->clock) return OTEL_E_CLOCK;
    if (!c->pool) return OTEL_E_POOL;
    if (c->metrics.checked_ != OTEL_OK) return c->metrics.checked_;
    if ((c->log_percent > 99u && c->log_percent != OTEL_NO_LOG_RING) || c->when_full > OTEL_DROP_ORDINARY || (!c->lock != !c->unlock) ||
        (c->attributes_len && !c->attributes) || (c->clock_hz == 0 && c->clock_bits && c->clock_bits != 64) ||
        (c->clock_bits && c->clock_bits != 64 && (c->clock_bits < 8 || c->clock_bits > 32))) return OTEL_E_CONFIG;
#if OTEL_PORT_LOCK
    if (!c->lock) return OTEL_E_LOCK;
#endif
    return OTEL_OK;
}

/* What an option needs comes in with the option: policies (ring.h, urgency.h), the kind of clock, the resource's own attributes, records from before the clock. */
OTEL_INLINE_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config)
{
#if OTEL_ENABLED
    const bool described = config && (config->attributes || config->schema_url), late = config && config->clock_hz;      /* read before the call: constants stay constants */
    otel_result_t result = OTEL_E_NULL;
    if (config) {
        result = otel_init_in_(otel, config, otel_config_check_(config), config->when_full == OTEL_DROP_ORDINARY ? otel_ring_urgency_ : config->when_full != OTEL_DROP_NEWEST ? otel_ring_policy_ : NULL,
                               config->clock_hz ? otel_clock_begin_ticks_ : otel_clock_begin_unix_);
    }
    if (result == OTEL_OK && described) otel->resource_ = otel_resource_more_;
    if (result == OTEL_OK && late && !otel->late_) otel->late_ = otel_late_wait_;
    return result;
#else
    (void)otel;
    (void)config;
    return OTEL_OK;
#endif
}
OTEL_INLINE_ otel_result_t otel_init_by_(otel_t *otel, otel_config_t config) { return otel_init_with(otel, &config); }
OTEL_C_END_
#define otel_init(otel, ...) otel_init_by_((otel), OTEL_LITERAL_(otel_config_t){ __VA_ARGS__ })
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ otel_t *otel_default_(void)
{
#if OTEL_ENABLED
    return OTEL_LOAD_(&otel_default_v0_);
#else
    return NULL;
#endif
}

/* An image with counts of its own (a plugin, a DLL) follows the instance that it is given, so that its instruments belong
   to this life of the library. */
OTEL_FN_ void otel_follow_(const otel_t *otel)
{
#if OTEL_ENABLED
    if ((int32_t)(otel->epoch_ - OTEL_LOAD_(&otel_epoch_v0_)) > 0) OTEL_STORE_(&otel_epoch_v0_, otel->epoch_);
#else
    (void)otel;
#endif
}

OTEL_FN_ bool otel_running_(const otel_t *otel) { return otel && OTEL_LOAD_ACQUIRE_(&otel->live_) == 1; }      /* and what was set before */
OTEL_FN_ bool otel_runs_(const otel_t *otel, const otel_scope_t *scope)
{
    return otel_running_(otel ? otel : scope && scope->otel ? scope->otel : otel_default_());
}

/* Shards of the pool: only hosts have more than one. */
OTEL_FN_ unsigned otel_shards_(const otel_t *otel)
{
#if OTEL_ATOMICS_
    return otel->shards_;
#else
    (void)otel;
    return 1;
#endif
}

/* Shards lie on cache lines of their own: what one thread writes, no other one's line holds. */
#define OTEL_SHARD_BYTES_ ((sizeof(otel_shard_t) + 63u) & ~(size_t)63)
OTEL_FN_ otel_shard_t *otel_shard_at_(otel_t *otel, unsigned i)
{
#if OTEL_ATOMICS_
    if (i) return (otel_shard_t *)(void *)((uint8_t *)otel->more_ + (i - 1u) * OTEL_SHARD_BYTES_);
#else
    (void)i;
#endif
    return &otel->shard_;
}

OTEL_FN_ otel_shard_t *otel_shard_(otel_t *otel)
{
#if OTEL_ATOMICS_ && OTEL_ENABLED
    otel_thread_t_ *thread = &otel_thread_v0_;
    if (OTEL_LIKELY_(thread->otel == otel && thread->epoch == otel->epoch_)) return thread->shard;
    return otel_shard_claim_(otel);
#else
    return &otel->shard_;
#endif
}

/* The number that goes into a mark; 0: the unnamed scope. */
OTEL_FN_ unsigned otel_scope_enter_(otel_t *otel, const otel_scope_t *scope)
{
    return OTEL_UNLIKELY_(scope != NULL) && scope->enter_ ? (unsigned)(scope->enter_)(otel, scope) : 0u;
}

#if OTEL_BODIES_
/* Put a record, made of `a` and `b`, into the calling thread's ring. False: dropped and counted. */
OTEL_INLINE_ bool otel_record_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_shard_t *shard = otel_shard_(otel);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (shard == &otel->shard_ && !otel->guard_.lock) return otel_record_shared_(otel, ring, a, a_len, b, b_len);
#endif
#if OTEL_ATOMICS_
    return OTEL_HOT_(otel_ring_write_here_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len, true), otel_ring_write_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len));
#else
    return otel_ring_write_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len);
#endif
}

/* The same for a record in one piece. */
OTEL_INLINE_ bool otel_record_one_(otel_t *otel, unsigned ring, const void *record, size_t len)
{
#if !OTEL_ATOMICS_
    if (OTEL_SHORT_(otel_ring_write_fast_(&otel->shard_.ring[ring], record, len), false)) return true;
#endif
    return otel_record_(otel, ring, record, len, NULL, 0);
}
#endif

/* The slot of the current span; NULL in an interrupt, where the port can tell. */
OTEL_FN_ otel_current_t *otel_current_(otel_t *otel)
{
    if (otel->config_.current) return (otel->config_.current)(otel->config_.user);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    return &otel_thread_v0_.current;
#else
    return &otel->current_;
#endif
}
#if OTEL_BODIES_
#if OTEL_ENABLED
OTEL_VAR_ otel_t *otel_default_v0_ = NULL;
OTEL_VAR_ uint32_t otel_epoch_v0_ = 0;
#if OTEL_ATOMICS_
OTEL_VAR_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif
#define OTEL_SPAN_RING_MIN_ 80u   /* a bare span with a short name */
#define OTEL_LOG_RING_MIN_ 64u

OTEL_API_ otel_t *otel_default(void)
{
    OTEL_WHEN_OFF_(return NULL)
    return otel_default_();
}

OTEL_API_ void otel_use(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    OTEL_STORE_(&otel_default_v0_, otel);
    if (otel) otel_follow_(otel);
#endif
}

/* Cut the pool into the rings of all shards. */
OTEL_FN_ bool otel_pool_cut_(otel_t *otel, const otel_config_t *c, otel_policy_t_ policy)
{
    size_t skip = (size_t)(0u - (uintptr_t)c->pool) & 3u, each, logs;       /* records are whole words, and begin on one */
    uint8_t *at = (uint8_t *)c->pool + skip;
    size_t left = c->pool_size > skip ? c->pool_size - skip : 0;
    unsigned i, percent = c->log_percent == 0 ? 25u : c->log_percent == OTEL_NO_LOG_RING ? 0u : c->log_percent;
    if (otel_shards_(otel) > 1) {
        size_t need = (size_t)(otel->shards_ - 1u) * OTEL_SHARD_BYTES_;
        skip = (64u - (size_t)((uintptr_t)at & 63u)) & 63u;
        if (left < skip + need) return false;
        otel->more_ = (otel_shard_t *)(void *)(at + skip);
        at += skip + need;
        left -= skip + need;
    }
    each = left / otel_shards_(otel) & ~(size_t)3;
    logs = (each / 100u * percent + each % 100u * percent / 100u + 3u) & ~(size_t)3;
    if (each - logs < OTEL_SPAN_RING_MIN_ || (percent && logs < OTEL_LOG_RING_MIN_)) return false;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_shard_t *shard = otel_shard_at_(otel, i);
        memset((void *)shard, 0, sizeof *shard);
        otel_ring_lay_(&shard->ring[OTEL_SPANS_], at, each - logs, c->when_full, policy);
        otel_ring_lay_(&shard->ring[OTEL_LOGS_], at + (each - logs), logs, c->when_full, policy);
        at += each;
    }
    return true;
}

/* New secret keys for every shard: the port's entropy, and in any case time, place and life of the instance. */
OTEL_FN_ void otel_seed_(otel_t *otel)
{
    struct { uint8_t random[16]; uint64_t now; const void *place[2]; uint32_t life; } seed;
    unsigned i;
    memset(&seed, 0, sizeof seed);
    otel->random_ = otel->config_.entropy && (otel->config_.entropy)(otel->config_.user, seed.random, sizeof seed.random) && !otel_all_zero_(seed.random, sizeof seed.random);
    seed.now = otel_clock_now_(&otel->clock_);
    if (!otel->random_) {         /* with entropy the ids depend on nothing else: a test can fix them */
        seed.place[0] = otel;
        seed.place[1] = &seed;
        seed.life = otel->epoch_;
    } else {
        seed.now = 0;
    }
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ids_t *ids = &otel_shard_at_(otel, i)->ids;
        uint8_t number = (uint8_t)i;
        memset(ids, 0, sizeof *ids);
        if (otel->random_) {
            otel_id_seed_(ids, seed.random, sizeof seed.random);
        } else {
            otel_id_seed_(ids, (const uint8_t *)&seed, sizeof seed);
            if (otel->config_.service) otel_id_seed_(ids, (const uint8_t *)otel->config_.service, otel_len_(otel->config_.service));
        }
        otel_id_seed_(ids, &number, 1);
        otel_id_seed_(ids, (const uint8_t *)(i >> 8 ? "1" : "0"), i >> 8);
    }
}

OTEL_API_ otel_result_t otel_init_in_(otel_t *otel, const otel_config_t *config, otel_result_t checked, otel_policy_t_ policy, otel_clock_kind_t_ kind)
{
    OTEL_WHEN_OFF_((void)otel; (void)config; (void)checked; (void)policy; (void)kind; return OTEL_OK)
#if OTEL_ENABLED
    if (!otel) return OTEL_E_NULL;
    if (otel_default_v0_ == otel) otel_use(NULL);
    memset((void *)otel, 0, sizeof *otel);
    if (checked != OTEL_OK) return checked;
    otel->config_ = *config;
    if (config->spans.begin_) {                   /* in front of the sampler */
        otel->config_.spans.next_ = config->sampler.begin_;
        otel->config_.sampler.begin_ = config->spans.begin_;
        otel->config_.sampler.late_ = config->spans.late_;
    }
    if (otel->config_.hold_ms == 0) otel->config_.hold_ms = 600000u;
    otel->guard_.lock = config->lock;
    otel->guard_.unlock = config->unlock;
    otel->guard_.user = config->user;
    otel->clock_.read = config->clock;
    otel->clock_.user = config->user;
    kind(&otel->clock_, config->clock_hz, config->clock_bits);
    otel->shards_ = 1;
#if OTEL_ATOMICS_
    if (config->shards > 1 && !config->lock) otel->shards_ = config->shards;
    otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
#else
    otel->epoch_ = ++otel_epoch_v0_;
#endif
    if (!otel_pool_cut_(otel, config, policy)) {
        otel->shards_ = 1;                        /* an exporter of an earlier life may still look here: there are no others */
        return OTEL_E_POOL;
    }
    otel_seed_(otel);
    OTEL_STORE_RELEASE_(&otel->live_, (uint8_t)1);
    if (!otel_default_()) otel_use(otel);
    return OTEL_OK;
#endif
}

OTEL_API_ void otel_time_sync(otel_t *otel, uint64_t unix_ns)
{
    OTEL_WHEN_OFF_((void)otel; (void)unix_ns; return)
    if (!otel_running_(otel) || !otel->clock_.ticks) return;
    otel_clock_sync_(&otel->clock_, unix_ns - otel_clock_now_(&otel->clock_));
    OTEL_STORE_RELEASE_(&otel->late_, &otel_late_repair_);
}

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* Give back the calling thread's shards. Threads are told apart by an address, which needs no count that images (plugins,
   DLLs) would have to share; a later thread may have the same one. */
OTEL_API_ void otel_shards_give_back_(otel_t *otel);
OTEL_API_ void otel_shards_give_back_(otel_t *otel)
{
    unsigned i, k;
    for (i = 0; i < otel->shards_; i++) {
        otel_shard_t *shard = otel_shard_at_(otel, i);
        if (OTEL_LOAD_(&shard->owner) != &otel_thread_v0_) continue;
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &shard->ring[k];
            bool open = OTEL_LOAD_(&ring->reserved) != OTEL_LOAD_(&ring->published) || (i > 0 && OTEL_LOAD_(&ring->settled) != OTEL_LOAD_(&ring->created));
            if (open || OTEL_LOAD_(&ring->gate) == 2) otel_ring_repair_(ring);
        }
        OTEL_STORE_RELEASE_(&shard->owner, (const void *)NULL);
    }
}

/* The shard of the calling thread: its own from a claim until otel_thread_end, or the first one, which all may try. */
OTEL_API_ OTEL_NOINLINE_ otel_shard_t *otel_shard_claim_(otel_t *otel)
{
    otel_thread_t_ *thread = &otel_thread_v0_;
    otel_shard_t *mine = &otel->shard_;
    unsigned i;
    if (thread->leaving) return mine;
    (void)otel_clock_now_(&otel->clock_);         /* ports meet a thread there, and see its end: unsampled spans do not look at it */
    if (!thread->met) {                           /* what a thread that had this address left when it died */
        otel_shards_give_back_(otel);
        thread->met = true;
    }
    for (i = 1; i < otel->shards_; i++) {
        if (OTEL_LOAD_(&otel_shard_at_(otel, i)->owner) == thread) break;
    }
    if (i == otel->shards_) {
        for (i = 1; i < otel->shards_; i++) {
            const void *nobody = NULL;
            if (OTEL_CAS_(&otel_shard_at_(otel, i)->owner, &nobody, (const void *)thread)) break;
        }
    }
    if (i < otel->shards_) mine = otel_shard_at_(otel, i);
    thread->otel = NULL;                          /* a handler in between finds nothing cached, or all of it */
    OTEL_SIGNAL_FENCE_();
    thread->shard = mine;
    thread->number = (uint16_t)(i < otel->shards_ ? i : 0u);
    thread->epoch = otel->epoch_;
    OTEL_SIGNAL_FENCE_();
    thread->otel = otel;
    return mine;
}
#endif

OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason) { otel_ring_lose_(&otel_shard_(otel)->ring[ring], reason); }

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* The first shard has an owner only while a record is written. */
OTEL_API_ OTEL_NOINLINE_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_place_t_ place;
    otel_out_t_ out;
    place.start = (otel_pos_t)(uintptr_t)a;
    if (!otel_record_open_(otel, ring, a_len + b_len, &place, &out)) return false;
    otel_out_(&out, a, a_len);
    if (b_len) otel_out_(&out, b, b_len);
    otel_record_close_(otel, &place);
    return true;
}
#endif

/* Room for a record of `n` bytes in the calling thread's ring, to be written to *out and closed. False: dropped and counted. */
OTEL_API_ bool otel_record_open_(otel_t *otel, unsigned ring, size_t n, otel_place_t_ *place, otel_out_t_ *out)
{
    otel_shard_t *shard = otel_shard_(otel);
    bool begun;
    place->ring = &shard->ring[ring];
#if OTEL_ATOMICS_ && OTEL_ENABLED
    place->own = shard == &otel->shard_ && !otel->guard_.lock && OTEL_LOAD_(&shard->owner) != &otel_thread_v0_;
    if (place->own) {
        const void *nobody = NULL;
        if (!OTEL_CAS_(&shard->owner, &nobody, (const void *)&otel_thread_v0_)) {
            otel_ring_lose_(place->ring, OTEL_DROP_BUSY);
            return false;
        }
    }
#endif
#if OTEL_ATOMICS_
    begun = OTEL_HOT_(otel_ring_begin_here_(place->ring, &otel->guard_, n, &place->start, shard != &otel->shard_), otel_ring_begin_(place->ring, &otel->guard_, n, &place->start));
#else
    begun = otel_ring_begin_(place->ring, &otel->guard_, n, &place->start);
#endif
    if (begun) {
        otel_ring_out_(place->ring, place->start, n, out);
        return true;
    }
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (place->own) OTEL_STORE_RELEASE_(&shard->owner, (const void *)NULL);
#endif
    return false;
}

OTEL_API_ void otel_record_close_(otel_t *otel, const otel_place_t_ *place)
{
#if OTEL_ATOMICS_ && OTEL_ENABLED
    OTEL_HOT_(otel_ring_finish_here_(place->ring, &otel->guard_, place->start, otel_shard_(otel) != &otel->shard_), otel_ring_finish_(place->ring, &otel->guard_, place->start));
#else
    otel_ring_finish_(place->ring, &otel->guard_, place->start);
#endif
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (place->own) OTEL_STORE_RELEASE_(&otel->shard_.owner, (const void *)NULL);
#endif
}

OTEL_API_ void otel_thread_end(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (otel && OTEL_LOAD_(&otel->live_)) {
        otel_thread_v0_.leaving = true;           /* a signal handler from here on gets no shard of its own */
        OTEL_SIGNAL_FENCE_();
        otel_thread_v0_.otel = NULL;
        OTEL_SIGNAL_FENCE_();
        otel_shards_give_back_(otel);
        OTEL_SIGNAL_FENCE_();
        otel_thread_v0_.leaving = false;
    }
#else
    (void)otel;
#endif
}

OTEL_API_ void otel_after_fork(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    if (otel && OTEL_LOAD_(&otel->live_)) {
        unsigned i, k, reader;
        for (i = 0; i < otel_shards_(otel); i++) {
            otel_shard_t *shard = otel_shard_at_(otel, i);
            shard->owner = NULL;
            for (k = 0; k < 2; k++) {
                otel_ring_t *ring = &shard->ring[k], old = *ring;
                otel_ring_lay_(ring, old.bytes, (size_t)old.size, (otel_when_full_t)old.when_full, old.policy);
                for (reader = 0; reader < OTEL_READERS_; reader++) ring->reader[reader].on = old.reader[reader].on;
#if OTEL_HOSTED_
                ring->wake = old.wake;
                ring->wake_at = old.wake_at;
#endif
            }
        }
        otel->clock_.gate = 0;
#if OTEL_HOSTED_
        if (otel->forked_) (otel->forked_)(otel);
#endif
        otel->observing_ = 0;                     /* who ran the callbacks is not here */
        otel->scopes_ = NULL;                     /* they enter again, with the new epoch */
        otel->scope_count_ = 0;
#if OTEL_ATOMICS_
        otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
        otel_thread_v0_.otel = NULL;
#else
        otel->epoch_ = ++otel_epoch_v0_;
#endif
        otel_seed_(otel);
    }
#endif
}

/* The number of a scope in this instance, given at its first use; 0, the unnamed scope, when there is no room. */
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope)
{
    otel_scope_t *s = (otel_scope_t *)(uintptr_t)scope;       /* defined by OTEL_SCOPE, which is not const */
    uint32_t was, number;
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_)) return s->number_;
    OTEL_STORE_(&otel->scope_, &otel_scope_more_);
#if OTEL_ATOMICS_
    was = OTEL_LOAD_(&s->epoch_);
    if (was == otel->epoch_) return OTEL_LOAD_ACQUIRE_(&s->epoch_) == was ? s->number_ : 0;     /* another thread came in between */
    /* one thread wins the right to enter it; the others use the unnamed scope for this one record */
    if (was == UINT32_MAX || !OTEL_CAS_(&s->epoch_, &was, UINT32_MAX)) return OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_ ? s->number_ : 0;
    number = OTEL_LOAD_(&otel->scope_count_);
    while (number < OTEL_SCOPES_ && !OTEL_CAS_(&otel->scope_count_, &number, number + 1u)) {}
    number = number < OTEL_SCOPES_ ? number + 1u : 0;
    s->number_ = number;
    s->next_ = OTEL_LOAD_(&otel->scopes_);
    while (number && !OTEL_CAS_(&otel->scopes_, &s->next_, s)) {}
    OTEL_STORE_RELEASE_(&s->epoch_, otel->epoch_);
#else
    was = otel_mask_();
    if (s->epoch_ != otel->epoch_) {
        if (otel->scope_count_ < OTEL_SCOPES_) {
            s->number_ = ++otel->scope_count_;
            s->next_ = otel->scopes_;
            otel->scopes_ = s;
        } else {
            s->number_ = 0;
        }
        s->epoch_ = otel->epoch_;
    }
    number = s->number_;
    otel_unmask_(was);
#endif
    return number;
}
#endif
OTEL_C_END_
#endif
