/* otel_export.h - sends what otel.h recorded: as OTLP requests, to a function of yours that sends bytes.

     static int post(void *user, const otel_request_t *r) { return modem_post(r->path, r->body, r->len); }

     otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = sizeof packet);
     for (;;) { control_step(); otel_export_poll(&ex); }

   Include it in the one file that sends. Hosts have ports/otel_posix.h, which does all of it in one line. */
/* Merged from the parts in src/export by amalgamate.py: edit those, then `make headers`. */
/* Lines: otlp 19, request 33, state 55, batch 151, retry 167, breaker 186, pb 243, reply 281, exporter 303, chunk
   358, decimal 459, painter 485, table 533, waterfall 568, console 620, counted 678, stats 690, diag 723, due 792,
   dump 805, medium 815, crash 870, fault 938, json_table 997, json 1006, keep 1019, leak 1061, metric_reader 1136,
   names 1202, prometheus 1218, recorded 1258, recorded_value 1418, recorder 1431, reply_nanopb 1534, self_state 1549,
   self_hooks 1625, self_metrics 1635, simple 1675, store 1715, implementation 1808. */
#ifndef OTEL_EXPORT_H_
#define OTEL_EXPORT_H_
#include "otel.h"

/* ---- otlp.h ---------------------------------------------------------------------------------------------------- */
/* Envelopes of OTLP: the head of a request. ResourceSpans, ResourceLogs and ResourceMetrics have the same shape, and so have
   ScopeSpans and ScopeLogs. What users add to the resource, and scopes, are in resource.h.
   opentelemetry/proto: trace, logs, metrics, resource, common v1. */
#define otel_packet_begin_ OTEL_NAME_(otel_packet_begin_)
#define otel_packet_end_ OTEL_NAME_(otel_packet_end_)
/* What `lost` of a round says before a page for Prometheus is collected: otel.sdk.* tells readers apart by it. */
#define OTEL_ROUND_OF_PROMETHEUS_ 0xFFFFFFFFu

OTEL_C_BEGIN_
OTEL_API_ bool otel_packet_begin_(otel_packet_t_ *packet, const otel_t *otel, uint8_t *to, size_t room);
OTEL_API_ void otel_packet_end_(otel_packet_t_ *packet, const otel_t *otel);
OTEL_C_END_

/* ---- request.h ------------------------------------------------------------------------------------------------- */
/* A request: what goes to the receiver in one piece, and what may come back.
   OTLP specification: protocol/exporter.md, "OTLP/HTTP". */
typedef enum { OTEL_SIGNAL_TRACES, OTEL_SIGNAL_METRICS, OTEL_SIGNAL_LOGS, OTEL_SIGNALS } otel_signal_t;

/* One OTLP export request; valid until otel_export_done, or until `send` returns something else than OTEL_PENDING. */
typedef struct otel_request_t {
    const char *path;                 /* "/v1/traces", "/v1/metrics" or "/v1/logs" */
    const void *body;                 /* `len` bytes of protobuf; NULL when it comes in parts, as without .buffer */
    size_t len;                       /* bytes in all */
    const otel_piece_t *parts;        /* parts_len of them, to be sent one after the other; NULL when there is a body */
    size_t parts_len;
    uint32_t timeout_ms;              /* how long sending may take */
    otel_signal_t signal;
    uint32_t items;                   /* spans, data points or log records in it */
} otel_request_t;

/* What `send` returns beside an HTTP status (200 and so on) and a negative number (no answer; 0 counts as that too, and is
   tried again after the back-off). */
#define OTEL_AGAIN 1                  /* not taken: offer it again at the next poll, without back-off and without end */
#define OTEL_PENDING 2                /* taken: the bytes stay as they are until otel_export_done */

/* ---- state.h --------------------------------------------------------------------------------------------------- */
/* What an exporter is told and what it remembers; exporter.h has its calls. */
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

/* ---- batch.h --------------------------------------------------------------------------------------------------- */
/* Batches: records of the rings, with envelopes around them, as one flat packet or as parts that point into the rings.
   A record is copied as it is; its mark becomes the tag. All is written in one pass: lengths are padded and filled in when
   their message closes. What is being built stands in the exporter, not on the stack. */
#define otel_batch_begin_ OTEL_NAME_(otel_batch_begin_)
#define otel_batch_flat_ OTEL_NAME_(otel_batch_flat_)
#define otel_batch_parts_ OTEL_NAME_(otel_batch_parts_)
#define otel_batch_ring_ OTEL_NAME_(otel_batch_ring_)
OTEL_C_BEGIN_
OTEL_API_ bool otel_batch_begin_(otel_exporter_t *x);
OTEL_API_ bool otel_batch_flat_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n);
#if OTEL_PARTS_
OTEL_API_ bool otel_batch_parts_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n);
#endif
OTEL_C_END_

/* ---- retry.h --------------------------------------------------------------------------------------------------- */
/* What an outcome means, and how long to wait after a failure: exponential back-off with full jitter.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response" and "Throttling". */
#define otel_jitter_ OTEL_NAME_(otel_jitter_)
#define otel_outcome_ OTEL_NAME_(otel_outcome_)
#define otel_retry_after_ OTEL_NAME_(otel_retry_after_)
typedef enum {
    OTEL_OUTCOME_OK_, OTEL_OUTCOME_AGAIN_, OTEL_OUTCOME_PENDING_,
    OTEL_OUTCOME_RETRY_,          /* 429, 502, 503, 504, or no answer */
    OTEL_OUTCOME_HALVE_,          /* too large: cut the batch */
    OTEL_OUTCOME_REJECTED_        /* never send it again */
} otel_outcome_t_;

OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status);
OTEL_API_ uint32_t otel_jitter_(otel_ids_t *ids, uint32_t wait);
OTEL_API_ bool otel_retry_after_(const char *text, uint64_t now_s, uint32_t *ms);
OTEL_C_END_

/* ---- breaker.h ------------------------------------------------------------------------------------------------- */
/* A circuit breaker around a transport: after some failures one after another nobody calls it for a while, then exactly one
   request probes whether it is back. Several exporters and threads may share one. It is a transport itself, so that a program
   without it carries nothing of it:

     otel_breaker_init(&breaker, .send = post, .user = &modem, .exporter = &ex);
     otel_exporter_init(&ex, .send = otel_breaker_send, .user = &breaker, ...);
*/
#define otel_breaker_done OTEL_NAME_(otel_breaker_done)
#define otel_breaker_init_with OTEL_NAME_(otel_breaker_init_with)
#define otel_breaker_opened OTEL_NAME_(otel_breaker_opened)
#define otel_breaker_refused OTEL_NAME_(otel_breaker_refused)
#define otel_breaker_send OTEL_NAME_(otel_breaker_send)
#define otel_breaker_state OTEL_NAME_(otel_breaker_state)
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

/* ---- pb.h ------------------------------------------------------------------------------------------------------ */
/* Protobuf's wire form, reading side: the fields of one message, one after the other, out of bytes that nobody has
   checked. It never reads past the end and never recurses; a message inside is a slice that gets a reader of its own.
   Protocol Buffers documentation: Encoding. */
#define otel_pb_head_ OTEL_NAME_(otel_pb_head_)
#define otel_pb_next_ OTEL_NAME_(otel_pb_next_)
#define otel_pb_varint_ OTEL_NAME_(otel_pb_varint_)
#define OTEL_PB_VARINT_ 0u             /* wire types; the groups 3 and 4 are refused */
#define OTEL_PB_FIXED64_ 1u
#define OTEL_PB_SLICE_ 2u
#define OTEL_PB_FIXED32_ 5u
#define OTEL_PB_HEAD_ 20u              /* no tag with its number or length is longer: 10 + 10 bytes */
#define OTEL_PB_BAD_ 255u              /* otel_pb_head_: no protobuf */

/* One field. */
typedef struct otel_pb_field_t_ {
    uint32_t number;
    uint8_t type;                      /* OTEL_PB_.. */
    uint64_t value;                    /* of a varint, fixed64 or fixed32 */
    const uint8_t *bytes;              /* a slice's: `len` of them, inside the message */
    size_t len;
} otel_pb_field_t_;

/* A message on its way through otel_pb_next_. */
typedef struct otel_pb_t_ {
    const uint8_t *at;
    size_t left;
    bool cuttable;                     /* the end may be missing: a slice is shortened to what is there */
    bool cut;                          /* it was */
    bool broken;                       /* this is no protobuf; nothing follows */
} otel_pb_t_;

OTEL_C_BEGIN_
OTEL_API_ unsigned otel_pb_varint_(const uint8_t *p, size_t n, uint64_t *value);
OTEL_API_ unsigned otel_pb_head_(const uint8_t *p, size_t n, otel_pb_field_t_ *field);
OTEL_API_ bool otel_pb_next_(otel_pb_t_ *message, otel_pb_field_t_ *field);
OTEL_C_END_

/* ---- reply.h --------------------------------------------------------------------------------------------------- */
/* What a receiver answers in the body: Export*ServiceResponse with its partial success, or google.rpc.Status with the
   time to wait. The two cannot be mistaken for one another, so nobody needs to say which it is.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response"; google/rpc/status.proto, error_details.proto. */
#define otel_reply_read_ OTEL_NAME_(otel_reply_read_)
#define OTEL_REPLY_BYTES_ 512u         /* of a body are read, the rest is never looked at */
#define OTEL_REPLY_TEXT_ 256u          /* of a message are given */

/* What a body said. Zero where it said nothing. */
typedef struct otel_reply_t {
    uint32_t rejected;                 /* items that were not taken: never more than were sent */
    int32_t code;                      /* google.rpc.Code */
    uint32_t retry_after_ms;           /* how long to wait, 0: not said */
    bool too_large;                    /* the receiver wants smaller requests */
    const char *message;               /* well-formed UTF-8 inside the body, `message_len` bytes, no NUL at the end */
    size_t message_len;
} otel_reply_t;

OTEL_C_BEGIN_
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items);
OTEL_C_END_

/* ---- exporter.h ------------------------------------------------------------------------------------------------ */
/* The exporter: takes finished records to a function that sends bytes. It does no I/O and has no thread: `next` gives a
   request, `done` takes the outcome, `poll` does both around `send`, and all that waits (back-off, intervals) are numbers
   compared with the clock. OTLP specification: protocol/exporter.md; trace/sdk.md, "Batching processor". */
#define otel_export_done OTEL_NAME_(otel_export_done)
#define otel_export_flush OTEL_NAME_(otel_export_flush)
#define otel_export_flush_ OTEL_NAME_(otel_export_flush_)
#define otel_export_next OTEL_NAME_(otel_export_next)
#define otel_export_poll OTEL_NAME_(otel_export_poll)
#define otel_export_reply OTEL_NAME_(otel_export_reply)
#define otel_export_shutdown OTEL_NAME_(otel_export_shutdown)
#define otel_export_step_ OTEL_NAME_(otel_export_step_)
#define otel_export_take_ OTEL_NAME_(otel_export_take_)
#define otel_exporter_clear_ OTEL_NAME_(otel_exporter_clear_)
#define otel_exporter_end_ OTEL_NAME_(otel_exporter_end_)
#define otel_exporter_join_ OTEL_NAME_(otel_exporter_join_)
#define otel_flush OTEL_NAME_(otel_flush)
#define otel_flush_all_ OTEL_NAME_(otel_flush_all_)
#define otel_shutdown OTEL_NAME_(otel_shutdown)
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

/* ---- chunk.h --------------------------------------------------------------------------------------------------- */
/* Chunks: requests over links that carry a few bytes at a time and lose, repeat or reorder them: serial lines, LoRa, BLE,
   datagrams. A request is cut into frames with a checksum, what is missing is sent again, and the other end
   (tools/otlp-gateway) answers with the outcome and the time of day. No I/O here: frames, or single bytes, are pulled.

     otel_chunk_init(&link, .exporter = &ex, .mtu = 51);
     otel_exporter_init(&ex, .send = otel_chunk_send, .user = &link, ...);
     for (;;) {
         otel_export_poll(&ex);
         otel_chunk_poll(&link);
         if (radio_ready() && (n = otel_chunk_next(&link, frame))) radio_send(frame, n);
         if ((n = radio_receive(frame))) otel_chunk_take(&link, frame, n);
     }

   One frame, 3 bytes to `mtu`; numbers are varints, checksums CRC-16/CCITT-FALSE, high byte first:
     10 + signal       number offset bytes.. crc           a piece of a request: signal 0 traces, 1 metrics, 2 logs
     14 + signal       number offset bytes.. body-crc crc  its last piece
     20 + n            crc                                 device: what time is it?
     30                number status retry rejected crc    gateway: the outcome; seconds to wait, items rejected
     31                number offset length crc            gateway: this part is missing (length 0: all from there)
     34 + n            unix-ns(8, low byte first) crc      gateway: the time
   `number` (one byte) goes up by one with each request and begins anywhere; n is the question's, 0 to 3.
   11 bytes is the shortest frame that the gateway needs, so it is the smallest mtu. */
#define otel_chunk_byte OTEL_NAME_(otel_chunk_byte)
#define otel_chunk_init_with OTEL_NAME_(otel_chunk_init_with)
#define otel_chunk_next OTEL_NAME_(otel_chunk_next)
#define otel_chunk_poll OTEL_NAME_(otel_chunk_poll)
#define otel_chunk_send OTEL_NAME_(otel_chunk_send)
#define otel_chunk_take OTEL_NAME_(otel_chunk_take)
#define otel_chunk_wants OTEL_NAME_(otel_chunk_wants)
#define otel_crc16 OTEL_NAME_(otel_crc16)
#define OTEL_CHUNK_MTU_MIN 11u        /* bytes, see above */
#define OTEL_CHUNK_NO_SYNC 0xFFFFFFFFu

/* What a link is told. Zero means the default. The order of the fields is API. */
typedef struct otel_chunk_config_t {
    otel_exporter_t *exporter OTEL_Z_;    /* (required) takes the outcomes; its instance gets the time */
    uint16_t mtu OTEL_Z_;                 /* bytes of a frame, 11 or more (default: 64) */
    uint16_t wait_ms OTEL_Z_;             /* for an answer, before asking again (default: 1,000); longer than the link takes for a frame and back */
    uint8_t tries OTEL_Z_;                /* questions without an answer before the request counts as unanswered (default: 4) */
    bool one_way OTEL_Z_;                 /* nothing ever comes back: what was sent counts as exported, and nobody is asked the time (default: false).
                                             Without a clock chip nothing goes out then, unless otel_init has .send_unsynced = true and a small .hold_ms, 1 */
    uint32_t sync_ms OTEL_Z_;             /* between two questions for the time (default: 600,000); OTEL_CHUNK_NO_SYNC: never */
} otel_chunk_config_t;

/* A link. Define it where it outlives its use; all fields are private. What both interrupts and the main program touch has one
   writer at a time: the flag beside it says whose turn it is. */
typedef struct otel_chunk_t {
    otel_chunk_config_t config_ OTEL_Z_;
    otel_request_t request_ OTEL_Z_;
    bool flying_ OTEL_Z_, synced_ OTEL_Z_, asked_ OTEL_Z_;
    uint8_t number_ OTEL_Z_, tries_ OTEL_Z_, rounds_ OTEL_Z_, question_ OTEL_Z_;
    uint32_t since_ OTEL_Z_, sync_since_ OTEL_Z_;     /* units of 2^20 ns */
    uint64_t asked_ns_ OTEL_Z_;
    size_t last_ OTEL_Z_;                             /* where the last frame of the request begins */
    /* sending: whoever pulls frames owns these while its flag is set */
    volatile bool sending_ OTEL_Z_, asking_ OTEL_Z_;
    bool open_ OTEL_Z_, final_ OTEL_Z_;
    uint8_t head_[6] OTEL_Z_, head_len_ OTEL_Z_, head_at_ OTEL_Z_, tail_ OTEL_Z_;
    uint16_t crc_ OTEL_Z_, body_crc_ OTEL_Z_;
    size_t at_ OTEL_Z_, until_ OTEL_Z_, left_ OTEL_Z_, summed_ OTEL_Z_;
    size_t piece_ OTEL_Z_, piece_at_ OTEL_Z_;
    /* received: otel_chunk_take fills what is not set, otel_chunk_poll reads and clears */
    volatile bool outcome_ OTEL_Z_, missing_ OTEL_Z_, time_ OTEL_Z_;
    uint16_t status_ OTEL_Z_, retry_s_ OTEL_Z_;
    uint32_t rejected_ OTEL_Z_;
    size_t from_ OTEL_Z_, to_ OTEL_Z_;
    uint64_t unix_ns_ OTEL_Z_, taken_ns_ OTEL_Z_;
} otel_chunk_t;

OTEL_C_BEGIN_
/* Set the link up; before or after its exporter. Errors: OTEL_E_NULL, OTEL_E_CONFIG (mtu). */
OTEL_API_ otel_result_t otel_chunk_init_with(otel_chunk_t *chunk, const otel_chunk_config_t *config);

/* The transport: .send = otel_chunk_send, .user = &link. Takes the request and returns OTEL_PENDING at once. */
OTEL_API_ int otel_chunk_send(void *chunk, const otel_request_t *request);

/* Give the exporter its outcomes, notice what stays unanswered, ask for the time. From the loop that drives the exporter. */
OTEL_API_ void otel_chunk_poll(otel_chunk_t *chunk);

/* Write the next frame into `frame`, which holds `mtu` bytes; its length, 0: nothing to send. One context at a time. */
OTEL_API_ size_t otel_chunk_next(otel_chunk_t *chunk, void *frame);

/* The same byte by byte, without a buffer: 0 to 255, OTEL_CHUNK_END after each frame, OTEL_CHUNK_IDLE with nothing to send.
   From one context, which may be an interrupt. */
OTEL_API_ int otel_chunk_byte(otel_chunk_t *chunk);
#define OTEL_CHUNK_END (-1)
#define OTEL_CHUNK_IDLE (-2)

/* Say whether something waits to be sent. */
OTEL_API_ bool otel_chunk_wants(const otel_chunk_t *chunk);

/* Take a frame that came in. What is broken or not for this link is ignored. From one context, which may be an interrupt. */
OTEL_API_ void otel_chunk_take(otel_chunk_t *chunk, const void *frame, size_t len);

/* CRC-16/CCITT-FALSE of one more byte; begin with 0xFFFF. */
OTEL_API_ uint16_t otel_crc16(uint16_t crc, uint8_t byte);
OTEL_C_END_

#define otel_chunk_init(chunk, ...) otel_chunk_init_with((chunk), OTEL_REF_(otel_chunk_config_t, __VA_ARGS__))

/* ---- decimal.h ------------------------------------------------------------------------------------------------- */
/* A double as text: the shortest decimal that reads back as the same number, exact for every value, without stdio and
   without floating point (so also where double has 4 bytes). Giulietti, "The Schubfach way to render doubles" (2021), with a power of
   ten that is calculated instead of looked up. */
#define otel_double_text_ OTEL_NAME_(otel_double_text_)
#define otel_uint_text_ OTEL_NAME_(otel_uint_text_)
#define OTEL_DECIMAL_SIZE_ 32u         /* room for any double or 64-bit number; there is no NUL */

/* A double on its way, and the text that it becomes. Words stand lowest first. Private. */
typedef struct otel_decimal_t_ {
    uint32_t unit[6];                  /* the distance to the next double, as a multiple of the last decimal digit: 1 to 14, with 160 bits behind the point */
    uint32_t value[7];                 /* the double itself, in the same way */
    uint64_t fraction;                 /* * 2^exponent */
    int exponent;
    bool narrow;                       /* below a power of two the next number is half as far away */
    uint64_t below, digits;            /* the least that reads as the double; the most, then those that are chosen */
    int power;                         /* of ten, behind the digits */
    size_t begin, len;                 /* of the text: where its digits begin, and all of it */
    char text[OTEL_DECIMAL_SIZE_];
} otel_decimal_t_;

OTEL_C_BEGIN_
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value);
OTEL_API_ size_t otel_double_text_(otel_decimal_t_ *d, uint64_t bits);
OTEL_C_END_

/* ---- painter.h ------------------------------------------------------------------------------------------------- */
/* Text for people: columns, colour, numbers with units, times, values and attributes, put piece by piece through a hook.
   What the console is made of; no stdio, no heap, no recursion. opentelemetry/proto: common.proto. */
#define otel_words_double_ OTEL_NAME_(otel_words_double_)
#define otel_words_duration_ OTEL_NAME_(otel_words_duration_)
#define otel_words_time_ OTEL_NAME_(otel_words_time_)
#define OTEL_WORDS_ 64u                /* bytes of words that are shown */

/* A few words on their way to a column. Private. */
typedef struct otel_words_t_ {
    char text[96];                     /* OTEL_WORDS_ of them, and room behind for a number that is being put there */
    uint8_t n;
    int16_t power;                     /* a double, taken apart: digits / 1000 * 10^power, and rounded */
    uint32_t digits;
    uint64_t whole;
    double value;                      /* a number with its unit */
    const char *unit;
    size_t unit_len;
    bool integer;
} otel_words_t_;

/* Where text goes and how far it has come, and what is being painted: not on the stack, which tasks of small chips are short of.
   Private. */
typedef struct otel_painter_t_ {
    otel_pb_t_ reader;                 /* of otel_paint_find_, */
    otel_pb_field_t_ found;            /* and what it found */
    void (*put)(void *user, const char *text, size_t len);
    void *user;
    const char *newline;
    int32_t offset_s;                  /* local time minus UTC */
    uint16_t columns, column;          /* of the line; the next one to be written */
    uint16_t edge;                     /* where attributes go on in the next line */
    bool colour, ascii, begun;         /* begun: a title stands above, so the next one gets an empty line */
    uint8_t lines, elements;           /* of a long text; of an array */
    uint16_t indent, wrap, below;      /* of attributes; of the next lines of a long text; of a value */
    uint8_t number;                    /* the field of attributes */
    const uint8_t *at;                 /* what is left of a text */
    size_t left;
    otel_pb_t_ list, items;            /* attributes; elements of an array */
    otel_pb_field_t_ pair, item;       /* an attribute, then its key; a value or an element of it */
    otel_words_t_ words;
} otel_painter_t_;
OTEL_C_BEGIN_
OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v);
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns);
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s);
OTEL_C_END_

/* ---- table.h --------------------------------------------------------------------------------------------------- */
/* Metrics for people: a table with a line for each point and a sparkline of its last values (of histograms: of its buckets).
   opentelemetry/proto: metrics.proto. */
#define OTEL_SPARK_ 16u                /* columns of a sparkline */

/* What a series was before. Private. */
typedef struct otel_spark_t_ {
    uint32_t series;                   /* hash of its name and attributes, 0: free */
    uint8_t n;                         /* values so far, OTEL_SPARK_ at most */
    double last;
    float value[OTEL_SPARK_];
} otel_spark_t_;

/* What a data point says, as far as it is shown. Private. */
typedef struct otel_point_t_ {
    double number, sum, min, max;
    uint64_t count;
    bool whole, range, histogram;
} otel_point_t_;

/* The table, and the metric that is being written. Private. */
typedef struct otel_table_t_ {
    otel_painter_t_ *paint;
    otel_spark_t_ *spark;              /* `room` of them */
    unsigned room;
    otel_pb_field_t_ metric, unit, field;      /* field: the data point */
    otel_pb_t_ points;
    otel_point_t_ point;
    uint8_t shape, attributes;         /* 5 gauge, 7 sum, 9 histogram, 10 exponential; the field of a point's attributes */
    bool falls;                        /* not monotonic */
    uint32_t name, series;             /* hashes */
    float bucket[OTEL_SPARK_], least, most;
    char block[4];
} otel_table_t_;

/* ---- waterfall.h ----------------------------------------------------------------------------------------------- */
/* Traces for people: the spans of some requests as an indented waterfall, each with its place in the trace, how long it took,
   what is set on it and the logs that were written in it. opentelemetry/proto: trace.proto, logs.proto. */
#define OTEL_BAR_ 24u                  /* columns of a span's bar */
#define OTEL_NAMES_ 8u                 /* spans that are remembered for logs that come later */

/* A span in a waterfall. Private. */
typedef struct otel_row_t_ {
    otel_pb_field_t_ span;
    const uint8_t *trace, *id, *parent;
    uint64_t start, end;
    int16_t up;                        /* row of the parent, -1: not here */
    uint8_t depth;
    bool done;
} otel_row_t_;

/* Spans, log records or metrics of a request, one after the other: parts = 1; their scopes = 2; what is in those = 2. Private. */
typedef struct otel_leaves_t_ {
    otel_pb_t_ level[3];
    uint8_t depth;                     /* the level that is open */
    const uint8_t *tag;                /* of the leaf that was found last */
    otel_pb_field_t_ leaf;
} otel_leaves_t_;

/* Requests that are shown together, room for their rows, and how far they are shown. Private. */
typedef struct otel_waterfall_t_ {
    otel_painter_t_ *paint;
    otel_row_t_ *row;
    unsigned rows, room;
    otel_pb_field_t_ service;
    uint8_t *held;                     /* requests, each behind its signal and its length; logs that were shown lose their tag */
    size_t held_len;
    uint8_t trace[16];                 /* the one whose title was written last */
    struct { uint8_t id[8]; char name[24]; } seen[OTEL_NAMES_];
    uint8_t seen_next;
    otel_row_t_ few[4];                /* without other room */
    otel_leaves_t_ spans, logs;        /* of the request that is read; of those that are held */
    bool waits;                        /* a span that there was no room for */
    const uint8_t *tree;               /* the trace that is shown; NULL: none */
    int at;                            /* the row where it is; -1: above the first one */
    unsigned circle;                   /* rows before that are done, when parents go in a circle */
    uint64_t first, last;              /* nanosecond of the trace */
    unsigned indent, below;            /* of what belongs to the row; of what a log says */
    bool error;                        /* the row's span has failed */
    size_t next, logs_next;            /* the requests that are held, for spans and for logs */
    otel_pb_t_ list;                   /* events and links of a span, */
    otel_pb_field_t_ one;              /* and one of them */
} otel_waterfall_t_;

#define OTEL_HELD_HEAD_ 5u             /* bytes before a request that is held: signal, length */
#define OTEL_HELD_DONE_ 0x7Au          /* the tag of a log record that was shown: field 15, which no request has */

/* ---- console.h ------------------------------------------------------------------------------------------------- */
/* A receiver for people: what is sent as indented waterfalls with durations and bars, logs beneath their span, metrics as a
   table with sparklines; 80 columns, plain ASCII on request, so that a serial line can show it. It comes in by use.

     static void put(void *user, const char *text, size_t len) { (void)user; uart_write(text, len); }
     static otel_console_t console;
     static uint8_t room[1024];

     otel_console_init(&console, .put = put, .memory = room, .memory_size = sizeof room, .ascii = true, .newline = "\r\n");
     otel_exporter_init(&exporter, .send = otel_console_send, .user = &console, .buffer = packet, .buffer_size = sizeof packet);
*/
#define otel_console_init_with OTEL_NAME_(otel_console_init_with)
#define otel_console_send OTEL_NAME_(otel_console_send)
#define otel_console_show OTEL_NAME_(otel_console_show)
#define otel_console_utc_offset OTEL_NAME_(otel_console_utc_offset)
/* How it is shown. The order of the fields is API. */
typedef struct otel_console_config_t {
    void (*put)(void *user, const char *text, size_t len) OTEL_Z_;   /* writes `len` bytes of text (required) */
    void *user OTEL_Z_;                   /* its first argument */
    void *memory OTEL_Z_;                 /* memory_size bytes, given until the last call: about 60 a span that is shown in one tree, a quarter for sparklines of 90 bytes each (default: none; trees of four spans, no sparklines) */
    size_t memory_size OTEL_Z_;
    const char *newline OTEL_Z_;          /* (default: "\n"; a serial line wants "\r\n") */
    int32_t utc_offset_s OTEL_Z_;         /* local time minus UTC, seconds (default: 0, UTC) */
    uint16_t columns OTEL_Z_;             /* of the screen, 64 to 1000 (default: 80) */
    bool colour OTEL_Z_;                  /* it knows ANSI colours: errors are red */
    bool ascii OTEL_Z_;                   /* it knows ASCII only; other characters become '?' */
    bool hold OTEL_Z_;                    /* keep traces and logs in `memory`, and show them together when it is full or otel_console_show is called */
} otel_console_config_t;

/* A terminal or a serial line. All fields are private. */
typedef struct otel_console_t {
    otel_painter_t_ paint_ OTEL_Z_;
    otel_waterfall_t_ waterfall_ OTEL_Z_;
    otel_table_t_ table_ OTEL_Z_;
    size_t size_ OTEL_Z_;                 /* bytes for held requests and rows */
    const otel_request_t *request_ OTEL_Z_, *then_ OTEL_Z_;       /* that is shown, NULL: those that are held are; what comes after */
    size_t next_ OTEL_Z_;                 /* where the next one is among those that are held */
    bool hold_ OTEL_Z_, titled_ OTEL_Z_, more_ OTEL_Z_;
} otel_console_t;

OTEL_C_BEGIN_
/* Prepare a console. OTEL_E_NULL: no `.put`. OTEL_E_CONFIG: a number of columns that cannot be. */
OTEL_API_ otel_result_t otel_console_init_with(otel_console_t *console, const otel_console_config_t *config);

/* The transport: .send = otel_console_send, .user = &console. Shows a request, or holds it (`.hold`). The exporter needs a
   `.buffer`. Always 200. One thread at a time. */
OTEL_API_ int otel_console_send(void *console, const otel_request_t *request);

/* Show what is held: call it when otel_export_poll has nothing more to send. */
OTEL_API_ void otel_console_show(otel_console_t *console);

/* Set local time minus UTC, in seconds: when summer begins, say. */
OTEL_API_ void otel_console_utc_offset(otel_console_t *console, int32_t seconds);
OTEL_C_END_

/* otel_console_init(&console, .put = put, ...): OTEL_OK, or what is missing. */
#define otel_console_init(console, ...) otel_console_init_with((console), OTEL_REF_(otel_console_config_t, __VA_ARGS__))

/* ---- counted.h ------------------------------------------------------------------------------------------------- */
/* How many items a request holds, and whether it is well-formed down to them: one walk that looks at heads of fields only, for
   receivers that keep requests as they came and read them when they are asked. */
#define otel_counted_items_ OTEL_NAME_(otel_counted_items_)
#define otel_counted_rare_ OTEL_NAME_(otel_counted_rare_)
/* What a walk needs: here, and not on the stack. Private. */
typedef struct otel_counted_t_ {
    const uint8_t *end[4];             /* of the request, and of the messages that the walk is in */
    otel_pb_field_t_ field;
    uint32_t items;
} otel_counted_t_;

/* ---- stats.h --------------------------------------------------------------------------------------------------- */
/* The law: created = exported + dropped[reason] + queued, for each signal of an exporter, in one snapshot. */
#define otel_stats OTEL_NAME_(otel_stats)
/* What became of all that was recorded. Counts only grow until otel_after_fork; where otel_count_t has 32 bits they are
   modulo 2^32. */
typedef struct otel_signal_stats_t {
    otel_count_t created;                         /* spans ended, log records emitted, data points collected */
    otel_count_t exported;                        /* confirmed by the transport */
    otel_count_t queued;                          /* in the ring or on their way, counted there one by one */
    otel_count_t dropped[OTEL_DROP_REASONS];      /* by otel_drop_t */
    otel_count_t retried;                         /* requests that had to be built again */
} otel_signal_stats_t;

typedef struct otel_stats_t {
    otel_signal_stats_t signal[OTEL_SIGNALS];     /* by otel_signal_t */
    bool steady;                                  /* false: writers kept disturbing the count, or it was taken from inside one; the law may be off by those */
} otel_stats_t;

OTEL_C_BEGIN_
/* Take the counts of an exporter. Any thread; not from interrupts or signal handlers (there `steady` may be false). It
   tries 16 times to find a moment without writers. After otel_export_shutdown it gives the last state. */
OTEL_API_ otel_result_t otel_stats(const otel_exporter_t *exporter, otel_stats_t *stats);

/* The sum of all reasons of a signal. */
OTEL_FN_ otel_count_t otel_stats_dropped(const otel_signal_stats_t *signal)
{
    otel_count_t n = 0;
    unsigned i;
    for (i = 0; i < OTEL_DROP_REASONS; i++) n += signal->dropped[i];
    return n;
}
OTEL_C_END_

/* ---- diag.h ---------------------------------------------------------------------------------------------------- */
/* What is wrong, said to a program: a callback with a code, a sentence and the remedy whenever something new is lost, put off or
   works again (otel_diag_check; dump.h has the screen for people). It reads counts that are there anyway, so recording costs nothing
   more, and it comes in by use.
   Specification: specification/error-handling.md, "Self-diagnostics". */
#define otel_diag_check OTEL_NAME_(otel_diag_check)
#define otel_diag_more_ OTEL_NAME_(otel_diag_more_)
#define otel_drop_remedy OTEL_NAME_(otel_drop_remedy)
typedef enum {
    OTEL_DIAG_LOST,                           /* records were lost for a reason */
    OTEL_DIAG_PUT_OFF,                        /* the receiver does not take them at present; nothing is lost yet */
    OTEL_DIAG_WORKS,                          /* it takes them again */
    OTEL_DIAG_NO_TIME,                        /* records wait for otel_time_sync, or the clock says a year before 2000 */
    OTEL_DIAG_LEFT_OPEN,                      /* spans were never ended: of otel_processor_leaks */
    OTEL_DIAG_SETTING,                        /* a setting makes no sense, or lacks: metrics without a .buffer; ports: it is ignored */
    OTEL_DIAG_START,                          /* ports: it does not start; the program goes on without telemetry */
    OTEL_DIAG_REFUSED,                        /* ports: a request was refused for good */
    OTEL_DIAG_STOP,                           /* ports: the end was not orderly */
    OTEL_DIAG_TRACE,                          /* ports: what is being done, for who looks for a fault */
    OTEL_DIAG_INSTRUMENT                      /* a name or a unit of an instrument or a meter: of otel_diag_instruments */
} otel_diag_code_t;

/* How much it matters; also a threshold: what is above it is not said. */
typedef enum { OTEL_LEVEL_NONE, OTEL_LEVEL_ERROR, OTEL_LEVEL_WARN, OTEL_LEVEL_INFO, OTEL_LEVEL_DEBUG, OTEL_LEVEL_VERBOSE } otel_level_t;

/* One thing to say. Texts are valid during the call; those of otel_diag_check but for `name` are static. */
typedef struct otel_diag_t {
    otel_diag_code_t code;
    otel_signal_t signal;
    otel_drop_t reason;                       /* of OTEL_DIAG_LOST */
    otel_count_t count;                       /* records (spans) since the last look */
    int answer;                               /* what `send` answered last: HTTP status, or < 0 for nothing */
    const char *text;                         /* "records were lost: full" */
    const char *remedy;                       /* what to do about it, "" for nothing */
    otel_level_t level;
    const char *name;                         /* of a span that was left open, of an instrument; else NULL */
} otel_diag_t;

/* Who looks, and what was seen before. Zero but for the first three. */
typedef struct otel_watch_t {
    const otel_exporter_t *exporter OTEL_Z_;  /* (required) */
    void (*say)(void *user, const otel_diag_t *what) OTEL_Z_;     /* (required) */
    void *user OTEL_Z_;
    otel_count_t seen_[OTEL_SIGNALS][OTEL_DROP_REASONS] OTEL_Z_;
    bool put_off_[OTEL_SIGNALS] OTEL_Z_;
    bool waits_ OTEL_Z_, ended_ OTEL_Z_, stuck_ OTEL_Z_, homeless_ OTEL_Z_;
    uint64_t seen_ns_ OTEL_Z_;                /* when the request that is on its way was seen first, and what it followed */
    uint32_t followed_ OTEL_Z_;
    otel_count_t left_ OTEL_Z_;               /* spans of which it was said that they were never ended */
    struct otel_instrument_t *newest_ OTEL_Z_;/* the last instrument that was looked at, in this life of the instance */
    uint32_t life_ OTEL_Z_;
} otel_watch_t;

/* What a processor adds to the screen and to the callback; `ended`: the exporter was shut down. Private. */
typedef struct otel_diag_more_t_ {
    void (*dump)(const otel_processor_t *self, otel_painter_t_ *p);
    void (*check)(const otel_processor_t *self, otel_watch_t *watch, bool ended);
} otel_diag_more_t_;

OTEL_C_BEGIN_
/* Look, and say what is new. Call it every second or minute from the thread that polls. On firmware one call at a time. */
OTEL_API_ void otel_diag_check(otel_watch_t *watch);

OTEL_API_ void otel_diag_more_(otel_watch_t *watch);

/* What to do about a reason. Never NULL, static. */
OTEL_API_ const char *otel_drop_remedy(otel_drop_t reason);
OTEL_C_END_

/* ---- due.h ----------------------------------------------------------------------------------------------------- */
/* How long there is nothing to send: for main loops that sleep, and tasks that wait for something else too. */
#define otel_export_due_ms OTEL_NAME_(otel_export_due_ms)
#define OTEL_NOTHING_DUE 0xFFFFFFFFu
#define OTEL_DUE_UNKNOWN_MS_ 60000u    /* nothing can be sent before the time is known: only what waited too long is let go */

OTEL_C_BEGIN_
/* Milliseconds until otel_export_poll has something to do, as things stand now: 0 means now; OTEL_NOTHING_DUE that nothing waits, or a
   request is on its way (otel_export_done and otel_export_reply are next). What is recorded later may be due earlier; while the time is
   not known records wait for it, and a minute is the answer: ask again behind otel_time_sync. Call it from the thread that polls. */
OTEL_API_ uint32_t otel_export_due_ms(otel_exporter_t *exporter);
OTEL_C_END_

/* ---- dump.h ---------------------------------------------------------------------------------------------------- */
/* One screen about an exporter, for people: counts, losses with their remedies, the last answers, retries, the pool.
   Specification: specification/error-handling.md, "Self-diagnostics". */
#define otel_diag_dump OTEL_NAME_(otel_diag_dump)
OTEL_C_BEGIN_
/* Write one screen, 80 columns of ASCII: counts by signal, losses by reason with their remedy, the last answers, retries, the
   pool. `put` gets the text piece by piece. On firmware one call at a time. */
OTEL_API_ void otel_diag_dump(const otel_exporter_t *exporter, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_

/* ---- medium.h -------------------------------------------------------------------------------------------------- */
/* Where a store keeps its bytes, and how they lie there: sectors that are erased as a whole, and in them records, one behind
   the other. All numbers are little-endian; each header has a CRC, and so has each body.

     sector: "OTLS" cut:4 first:4 erases:4 lost:4 crc:4, records...     cut: its size plus log2 of the grain; first: a number below those
                                                                        of its records; lost: items lost ever
     record: "OTLR" len:4 number:4 boot:4 items:4 (two highest bits: the signal) crc:4, body crc:4, sent:4

   Each of the three pieces of a record begins on a grain. `sent` is erased until the request has gone out; then its bits are 0,
   and the majority of them counts. Before a sector is erased its header becomes 0, the only grain that is programmed twice, so
   that an erase which is cut off does not leave half of it to be taken for records. */
#define otel_store_blank_ OTEL_NAME_(otel_store_blank_)
#define otel_store_parse_ OTEL_NAME_(otel_store_parse_)
#define otel_store_sent_ OTEL_NAME_(otel_store_sent_)
#define otel_store_title_ OTEL_NAME_(otel_store_title_)
#define otel_store_unseal_ OTEL_NAME_(otel_store_unseal_)
#define otel_store_whole_ OTEL_NAME_(otel_store_whole_)
/* How a medium is cut. */
typedef struct otel_geometry_t {
    uint32_t sector_size;         /* bytes that are erased together, a multiple of 64 */
    uint32_t sectors;             /* 2 or more */
    uint32_t grain;               /* bytes that are programmed together: 1 to 64, a power of two */
} otel_geometry_t;

/* Flash, EEPROM, FRAM, a file. The callbacks return 0, or else the sector counts as bad for now. */
typedef struct otel_medium_t {
    int (*read)(void *user, uint32_t at, void *to, uint32_t len) OTEL_Z_;
    int (*program)(void *user, uint32_t at, const void *from, uint32_t len) OTEL_Z_;  /* whole grains, erased before */
    int (*erase)(void *user, uint32_t at) OTEL_Z_;                /* the sector that begins there: its bytes become 0xFF */
    void (*geometry)(void *user, otel_geometry_t *geometry) OTEL_Z_;
    int (*sync)(void *user) OTEL_Z_;                              /* what was programmed and erased lasts when it returns (default: it lasts at once) */
    void *user OTEL_Z_;
} otel_medium_t;

#define OTEL_STORE_HEAD_ 24u                  /* bytes of a header, before it is rounded up to grains */
#define OTEL_STORE_CHUNK_ 64u                 /* bytes read or programmed at once, the largest grain */

#define OTEL_STORE_SECTOR_ 0x534C544Fu        /* "OTLS" */
#define OTEL_STORE_RECORD_ 0x524C544Fu        /* "OTLR" */

/* A record in the medium. Private. */
typedef struct otel_stored_t_ {
    uint32_t at, size, len;       /* where, of all of it, of the body */
    uint32_t number, boot, items;
    uint8_t signal;
} otel_stored_t_;

/* What a store works with: the medium, how it is cut, and the bytes of it that are read or programmed at the moment. The next call may
   overwrite these. Private. */
typedef struct otel_desk_t_ {
    const otel_medium_t *medium;
    otel_geometry_t g;
    uint8_t chunk[OTEL_STORE_CHUNK_];
} otel_desk_t_;

/* ---- crash.h --------------------------------------------------------------------------------------------------- */
/* A crash record: what a program was doing when it died, kept in memory that a reset leaves alone (or in a mapped file), and told
   as a log record at the next start.

     static otel_crash_t crash OTEL_NO_INIT;                      // a section that start-up code does not clear: .noinit
     otel_init(&otel, ...);
     otel_crash_open(&crash, &otel);                              // tells of the last crash, if there is one, and is ready for the next

     void HardFault_Handler(void) { otel_crash_write(&crash, "hard fault", stacked_pc, stacked_lr); reset(); }

   Writing it takes no lock, no memory and no time to speak of: it copies the names and ids of the spans that are open. Memory that
   holds nothing of ours, or half of it, is not believed: a mark and a CRC decide.

   The log record takes 230 bytes of a log ring with no span open and 380 with four, names and cause of full length: .pool_size
   of 1,520 where a quarter is for logs. In a smaller ring it goes out with its cause only, and the whole one counts as too_large. */
#define otel_crash_found OTEL_NAME_(otel_crash_found)
#define otel_crash_open OTEL_NAME_(otel_crash_open)
#define otel_crash_write OTEL_NAME_(otel_crash_write)
/* The section for objects that a reset leaves as they are. Override it for other linker scripts. */
#ifndef OTEL_NO_INIT
#  if defined(__GNUC__) || defined(__clang__)
#    define OTEL_NO_INIT __attribute((section(".noinit")))
#  else
#    define OTEL_NO_INIT
#  endif
#endif

#define OTEL_CRASH_SPANS 4        /* of the spans that are open, the innermost first */
#define OTEL_CRASH_TEXT 24        /* bytes of a name or a cause, with the end */

typedef struct otel_crash_span_t {
    uint8_t trace_id[16], span_id[8];
    char name[OTEL_CRASH_TEXT];
} otel_crash_span_t;

/* The record. Its fields may be read between otel_crash_found and otel_crash_open. */
typedef struct otel_crash_t {
    uint32_t mark_;
    uint32_t spans;               /* of `span` are there */
    uint64_t address, link;       /* program counter and link register, as the handler gave them */
    uint64_t time;                /* of the instance's clock */
    uint32_t crashes;             /* since the memory was last without power */
    char cause[OTEL_CRASH_TEXT];
    otel_crash_span_t span[OTEL_CRASH_SPANS];
    otel_t *otel_;                /* of this boot: whose spans are looked at */
    uint32_t crc_;
} otel_crash_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ bool otel_crash_opened_v0_;      /* in memory that start-up code clears */
#endif

/* Say whether there is a whole record of an earlier crash. */
OTEL_API_ bool otel_crash_found(const otel_crash_t *crash);

/* Emit the record that is there as a log record (severity FATAL, event "crash", in the trace of the innermost span), and make
   ready for the next one. True: there was one. `otel` NULL: the default instance. Whole it takes up to 380 bytes of the pool's part
   for log records (a quarter, by default); where that is too little it goes out with its cause only. Where nothing of it is taken
   (no instance runs, no room even for that) it stays as it is, for the next call. On firmware one call at a time. */
OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel);

/* Write the record. For fault, watchdog and signal handlers: waits for nothing and allocates nothing. The first one counts, until
   otel_crash_open. `cause` NULL: "unknown". Before the first otel_crash_open of a boot no span is looked at: what is in memory is of
   the last one. */
OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link);
OTEL_C_END_

/* ---- fault.h --------------------------------------------------------------------------------------------------- */
/* A transport that fails by script, in front of one that works (the recorder, say): for tests of what a program does when
   its receiver is slow, full, away, or takes data and loses the answer.

     static const otel_fault_step_t steps[] = {
         { .answer = -1, .times = 3 },                                  // nobody answers, three times
         { .answer = 503, .retry_after = "2" },                         // then once: come back in two seconds
         { .answer = -1, .deliver = true },                             // the request arrives, the answer is lost
     };                                                                 // from then on everything goes through
     otel_fault_init(&fault, .steps = steps, .steps_len = 3, .send = otel_recorder_send, .user = &rec, .exporter = &ex);
     otel_exporter_init(&ex, .send = otel_fault_send, .user = &fault, ...);
*/
#define otel_fault_calls OTEL_NAME_(otel_fault_calls)
#define otel_fault_delivered OTEL_NAME_(otel_fault_delivered)
#define otel_fault_init_with OTEL_NAME_(otel_fault_init_with)
#define otel_fault_over OTEL_NAME_(otel_fault_over)
#define otel_fault_send OTEL_NAME_(otel_fault_send)
/* What happens to a request. All zero: it goes to the inner transport, whose answer counts. */
typedef struct otel_fault_step_t {
    int answer OTEL_Z_;               /* HTTP status, < 0, OTEL_AGAIN or OTEL_PENDING (the test calls otel_export_done); 0: what the inner transport says */
    uint32_t times OTEL_Z_;           /* (default: 1); OTEL_FAULT_FOREVER */
    bool deliver OTEL_Z_;             /* the inner transport gets it all the same, and its answer is lost */
    const char *retry_after OTEL_Z_;  /* the header's text, or NULL */
    const void *reply OTEL_Z_;        /* body of the answer, reply_len bytes, or NULL */
    size_t reply_len OTEL_Z_;
} otel_fault_step_t;
#define OTEL_FAULT_FOREVER 0xFFFFFFFFu

typedef struct otel_fault_config_t {
    const otel_fault_step_t *steps OTEL_Z_;       /* steps_len of them; live as long as the transport */
    size_t steps_len OTEL_Z_;
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;      /* inner transport (default: takes everything, answers 200) */
    void *user OTEL_Z_;                           /* its first argument */
    otel_exporter_t *exporter OTEL_Z_;            /* gets replies and retry_after; only for steps that have some */
} otel_fault_config_t;

/* The transport. All fields are private. */
typedef struct otel_fault_t {
    otel_fault_config_t config_ OTEL_Z_;
    size_t step_ OTEL_Z_;
    uint32_t done_ OTEL_Z_;                   /* of this step */
    uint32_t calls_ OTEL_Z_, delivered_ OTEL_Z_;
} otel_fault_t;

OTEL_C_BEGIN_
/* Prepare the transport at the beginning of its script. OTEL_E_NULL: no fault, no config, or steps_len without steps. */
OTEL_API_ otel_result_t otel_fault_init_with(otel_fault_t *fault, const otel_fault_config_t *config);
/* The transport: .send = otel_fault_send, .user = &fault. */
OTEL_API_ int otel_fault_send(void *fault, const otel_request_t *request);
/* How many requests came, and how many of them the inner transport got. From any thread. */
OTEL_API_ uint32_t otel_fault_calls(const otel_fault_t *fault);
OTEL_API_ uint32_t otel_fault_delivered(const otel_fault_t *fault);
/* Say whether the script is over: everything goes through from now on. From the thread that sends. */
OTEL_API_ bool otel_fault_over(const otel_fault_t *fault);
OTEL_C_END_

/* otel_fault_init(&fault, .steps = steps, ...): OTEL_OK, or OTEL_E_NULL. */
#define otel_fault_init(fault, ...) otel_fault_init_with((fault), OTEL_REF_(otel_fault_config_t, __VA_ARGS__))

/* ---- json_table.h ---------------------------------------------------------------------------------------------- */
/* The messages of OTLP as a table: number, kind and JSON name of each field, for the writer of OTLP/JSON.
   opentelemetry/proto, release 1.9; OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding". */
#define otel_json_rows_ OTEL_NAME_(otel_json_rows_)

/* ---- json_text.h ----------------------------------------------------------------------------------------------- */
/* The two ends of the writer of OTLP/JSON: bytes of a request, in one piece or several, and text that goes out through `put`.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding". */

/* ---- json.h ---------------------------------------------------------------------------------------------------- */
/* OTLP/JSON: an export request as one line of text, for files, terminals and receivers that take no protobuf. A table of
   the messages drives a walk with a stack of its own; nothing is copied, whatever the request's size.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding"; protocol/file-exporter.md. */
#define otel_json_write OTEL_NAME_(otel_json_write)
OTEL_C_BEGIN_
/* Write `request`, with a body or in parts, as one line without a line feed: `put` gets the text piece by piece. False, and
   then nothing was put, when the bytes are no request of that signal. Fields that OTLP does not know are left out; bytes
   that are no UTF-8 become U+FFFD; a value inside more than five arrays or maps becomes null. On firmware one call at a time,
   and its memory of about 900 bytes is static. */
OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_

/* ---- keep.h ---------------------------------------------------------------------------------------------------- */
/* Counts that outlive a reset. The objects that hold them lie in memory that start-up code does not clear; after a reset the
   counts go on, and what was still queued counts as dropped (reset). After power-on that memory holds anything: then the counts
   begin at zero. Without random numbers of the port's own it also keeps the ids of one boot apart from those of another.

     static otel_t otel OTEL_NO_INIT;                       // the three of them, and nothing else of the library
     static otel_exporter_t exporter OTEL_NO_INIT;
     static otel_keep_t keep OTEL_NO_INIT;

     otel_stats_t before;                                   // on the stack, or in the pool: nothing is there before the first record
     otel_keep_read(&keep, &otel, &exporter, &before);      // first of all: otel_init clears the instance
     otel_init(&otel, ...);
     otel_exporter_init(&exporter, .otel = &otel, ...);
     otel_keep_open(&keep, &exporter, &before);

   Nothing is added to recording or sending: the counts are read where they lie. A mark, a CRC over what does not change, and the
   law over what does, decide whether they are believed. */
#define otel_keep_open OTEL_NAME_(otel_keep_open)
#define otel_keep_read OTEL_NAME_(otel_keep_read)
/* What tells one boot from the next: 44 bytes on 32 bits, 36 on 16. Define it with OTEL_NO_INIT. */
typedef struct otel_keep_t {
    uint32_t mark_;
    uint32_t boots;               /* since the memory was last without power; 1 is the first. Read it after otel_keep_read */
    const otel_t *otel_;
    const otel_exporter_t *exporter_;
    uint32_t counts_;             /* of how many bytes the objects are: another firmware may see others there */
    otel_ids_t seed_;             /* stirred at each boot */
    uint32_t check_;
} otel_keep_t;

OTEL_C_BEGIN_
/* Read what the last boot left in `otel` and `exporter`, before they are initialised, into *before: its counts, where what was
   queued, on its way or being written counts as OTEL_DROP_RESET. False, and all of it zero: there is nothing that can be believed
   (power-on, another firmware, a reset before otel_keep_open). For one exporter, and instances of one shard. At start-up only. */
OTEL_API_ bool otel_keep_read(otel_keep_t *keep, const otel_t *otel, const otel_exporter_t *exporter, otel_stats_t *before);

/* Go on with the counts of *before: otel_stats tells them since power-on. And stir what the memory held, which at power-on is noise
   on most chips, and the number of the boot into the ids. Before anything is recorded. Errors: OTEL_E_NULL, OTEL_E_NOT_READY (the
   exporter does not run), OTEL_E_CONFIG (not the objects that were read, a second exporter, or more than one shard). */
OTEL_API_ otel_result_t otel_keep_open(otel_keep_t *keep, otel_exporter_t *exporter, const otel_stats_t *before);
OTEL_C_END_

/* ---- leak.h ---------------------------------------------------------------------------------------------------- */
/* A watch for spans that nobody ends: which ones are open, since when, and which were overwritten without an end. It is a processor
   of spans, so who does not name it pays nothing; who does pays a look along its table at each start and end.

     static otel_leak_t open[16];                             // as many spans are named, further ones are counted
     static otel_leaks_t leaks = { .open = open, .open_len = 16 };
     static otel_processor_t watch;
     static const otel_processor_t *const processors[] = { &watch, NULL };
     static const otel_span_settings_t settings = { .processors = processors };

     watch = otel_processor_leaks(&leaks);
     otel_init(&otel, .spans = otel_spans(&settings), .clock = now, .pool = pool, .pool_size = sizeof pool);

   otel_diag_dump then lists what is open. otel_diag_check says OTEL_DIAG_LEFT_OPEN when a span begins in memory where another one
   was never ended, and, after otel_shutdown, for each span that is still open. On hosts OTEL_LOG_LEVEL=debug turns it on.
   Spans that are not recording (not sampled) are not watched. Specification: trace/api.md, "End". */
#define otel_leaks_check_ OTEL_NAME_(otel_leaks_check_)
#define otel_leaks_dump_ OTEL_NAME_(otel_leaks_dump_)
#define otel_leaks_ending_ OTEL_NAME_(otel_leaks_ending_)
#define otel_leaks_left OTEL_NAME_(otel_leaks_left)
#define otel_leaks_open OTEL_NAME_(otel_leaks_open)
#define otel_leaks_start_ OTEL_NAME_(otel_leaks_start_)
#define OTEL_LEAK_NAME 24             /* bytes of a name that are kept, with the end */

/* Room for one open span. Private. */
typedef struct otel_leak_t {
    uintptr_t span_ OTEL_Z_;          /* its address; 0: free, 1: being written */
    uint32_t since_ OTEL_Z_;          /* of the clock, in units of 2^20 ns */
    uint32_t name_[OTEL_LEAK_NAME / 4] OTEL_Z_;
} otel_leak_t;

/* The watch of one instance. It outlives it, and so does `open`. */
typedef struct otel_leaks_t {
    otel_leak_t *open OTEL_Z_;        /* open_len of them */
    size_t open_len OTEL_Z_;
    const otel_t *otel_ OTEL_Z_;
    uint32_t more_ OTEL_Z_;           /* open, and without room */
    uint32_t left_ OTEL_Z_;           /* overwritten without an end, */
    uint32_t last_[OTEL_LEAK_NAME / 4] OTEL_Z_;       /* and the name of the last one */
} otel_leaks_t;

/* One span that is open. */
typedef struct otel_open_span_t {
    char name[OTEL_LEAK_NAME];        /* the beginning of its name */
    uint32_t open_ms;                 /* since when */
} otel_open_span_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_leaks_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent);
OTEL_API_ void otel_leaks_ending_(const otel_processor_t *self, otel_span_t *span);
OTEL_API_ void otel_leaks_dump_(const otel_processor_t *self, otel_painter_t_ *p);
OTEL_API_ void otel_leaks_check_(const otel_processor_t *self, otel_watch_t *watch, bool ended);

/* Say how many recording spans are open; the first `len` that are known by name are written to `list`, the number of those to
   *named (NULL: nobody asks). Any thread or interrupt. */
OTEL_API_ uint32_t otel_leaks_open(const otel_leaks_t *leaks, otel_open_span_t *list, size_t len, size_t *named);

/* Say how many spans were never ended for sure: another one began in their memory. Any thread or interrupt. */
OTEL_API_ uint32_t otel_leaks_left(const otel_leaks_t *leaks);

/* A processor that keeps `leaks`, which outlives it; first in the list, so that no other one hides a span from it. One instance
   for each watch. */
OTEL_FN_ otel_processor_t otel_processor_leaks(otel_leaks_t *leaks)
{
    otel_processor_t p = otel_processor_(leaks);
#if OTEL_ENABLED
    static const otel_diag_more_t_ more = { otel_leaks_dump_, otel_leaks_check_ };
    p.on_start = otel_leaks_start_;
    p.on_ending = otel_leaks_ending_;
    p.diag_ = &more;
#endif
    return p;
}
OTEL_C_END_

/* ---- metric_reader.h ------------------------------------------------------------------------------------------- */
/* A reader of metrics that a program drives by itself: it collects into a buffer of the caller, as a whole OTLP request, in
   pieces when it does not fit. Each reader has its own state, so that one may tell differences to a file while an exporter
   tells totals to a Collector. (The exporter is the periodic reader.) Specification: metrics/sdk.md, "MetricReader", "Collect".

     static otel_metric_reader_t reader;
     static uint64_t memory[500];  static otel_temporality_t delta = OTEL_DELTA_IN(memory);
     otel_metric_reader_init(&reader, .temporality = &delta);
     while ((n = otel_metric_reader_collect(&reader, buffer, sizeof buffer)) > 0) {
         if (keep(buffer, n)) otel_metric_reader_confirm(&reader);
     } */
#define otel_metric_reader_collect OTEL_NAME_(otel_metric_reader_collect)
#define otel_metric_reader_confirm OTEL_NAME_(otel_metric_reader_confirm)
#define otel_metric_reader_init_with OTEL_NAME_(otel_metric_reader_init_with)
#define otel_metric_reader_rewind OTEL_NAME_(otel_metric_reader_rewind)
/* Another source of metrics (a bridge from another library) whose points go out beside those of the instance, with its resource. */
typedef struct otel_metric_producer_t {
    /* Write the next whole ResourceMetrics.scope_metrics (tag 0x12, length, ScopeMetrics) of at most `room` bytes, and how many
       points they hold to *points; only metrics that `filter` (NULL: all) accepts: otel_metric_filter_accepts. The number of bytes;
       0: there are no more in this collection, and the next call begins another one. */
    size_t (*produce)(const struct otel_metric_producer_t *self, const otel_metric_filter_t *filter, void *to, size_t room, uint32_t *points) OTEL_Z_;   /* (required) */
    void *user OTEL_Z_;
} otel_metric_producer_t;

/* Zero means the default. The order of the fields is API. */
typedef struct otel_metric_reader_config_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    otel_temporality_t *temporality OTEL_Z_;      /* OTEL_DELTA_IN or OTEL_LOW_MEMORY_IN, its own for each reader (default: cumulative) */
    const otel_reading_t *reading OTEL_Z_;        /* what it wants: aggregations, limit, filter, points of a piece (default: all there is) */
    const otel_metric_producer_t *const *producers OTEL_Z_;   /* asked behind the instance, with the filter of the reading; NULL at the end; outlive the reader (default: none) */
} otel_metric_reader_config_t;

/* A reader. Define it where it outlives its use. */
typedef struct otel_metric_reader_t {
    uint32_t points OTEL_Z_;                      /* data points in the last piece */
    uint32_t lost OTEL_Z_;                        /* data points of it that do not fit into the buffer even alone */
    otel_result_t result OTEL_Z_;                 /* of the last call: OTEL_OK, OTEL_E_NULL, OTEL_E_NOT_READY, OTEL_E_BUFFER (not even the resource fits) */
    otel_t *otel_ OTEL_Z_;
    otel_collect_t round_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;
    bool over_ OTEL_Z_, told_ OTEL_Z_;
    const otel_metric_producer_t *const *producers_ OTEL_Z_, *const *at_ OTEL_Z_;      /* at_: whose turn it is, NULL: that of the instance */
} otel_metric_reader_t;

OTEL_C_BEGIN_
/* Join a reader to a running instance, behind its exporters: from here on no idle series make room for others, because this
   reader may not have seen them. It needs no end. Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_metric_reader_init_with(otel_metric_reader_t *reader, const otel_metric_reader_config_t *config);

/* Write the next piece of a collection to `to`: an ExportMetricsServiceRequest, complete with resource and scopes, of at most
   `room` bytes. The first call begins a collection: callbacks run, and all of its pieces have one time. The number of bytes;
   0 ends it (or says in .result what is wrong), and the next call begins another one. Never waits. One thread at a time for
   each reader; not for interrupts. */
OTEL_API_ size_t otel_metric_reader_collect(otel_metric_reader_t *reader, void *to, size_t room);

/* The last piece has arrived where it should: a reader that tells differences goes on from there. What is not confirmed is in
   the next collection again. Twice is once; nothing for cumulative readers. */
OTEL_API_ void otel_metric_reader_confirm(otel_metric_reader_t *reader);

/* Leave a collection before its end: the next call begins another one. */
OTEL_API_ void otel_metric_reader_rewind(otel_metric_reader_t *reader);
OTEL_C_END_
#define otel_metric_reader_init(...) OTEL_CAT_(OTEL_METRIC_READER_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_METRIC_READER_one_(reader) otel_metric_reader_init_with((reader), NULL)
#define OTEL_METRIC_READER_more_(reader, ...) otel_metric_reader_init_with((reader), OTEL_REF_(otel_metric_reader_config_t, __VA_ARGS__))

/* ---- names.h --------------------------------------------------------------------------------------------------- */
/* What is wrong with the names of instruments and meters, said to people: syntax, and one name twice under one meter; and with the
   buckets of histograms. All of it works nevertheless: it is recorded and exported as the program says. Looked at when somebody asks, so neither an instrument
   nor a measurement pays. Specification: metrics/api.md, "Instrument name syntax", "Instrument unit", "Instrument description";
   metrics/sdk.md, "Meter Creation", "Duplicate instrument registration", "Name conflict", "Cardinality limits". */
#define otel_diag_instruments OTEL_NAME_(otel_diag_instruments)
OTEL_C_BEGIN_
/* Look at the instruments that were used for the first time since the last look, and say (OTEL_DIAG_INSTRUMENT, with the name)
   what is wrong with each: a name that is not [A-Za-z][A-Za-z0-9_./-]* of at most 255 characters, a unit that is not at most 63
   characters of ASCII, a description that is no UTF-8, a meter without a name, the same name twice, bounds that do not ascend,
   series of a histogram that have no buckets. Of every instrument it says once in a life of the instance that measurements were
   refused, and that sets of attributes found no room, with their number so far, and that views found no memory for it. Names that differ only in case become the first
   one that was seen (on hosts at once, elsewhere here). Call it every second or minute from the thread that polls. */
OTEL_API_ void otel_diag_instruments(otel_watch_t *watch);
OTEL_C_END_

/* ---- prometheus.h ---------------------------------------------------------------------------------------------- */
/* Prometheus: the metrics of an instance as the text that its server scrapes, in the classic format or as OpenMetrics 1.0.
   There is no server here: examples/prometheus.c shows one. OpenTelemetry specification: compatibility/prometheus_and_openmetrics.md;
   prometheus.io, "Exposition formats"; OpenMetrics 1.0.

     static uint8_t packet[65536];  static char text[65536];          // each as large as all metrics together
     bool openmetrics = otel_prometheus_accepts_openmetrics(header("Accept"));
     size_t n = otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = sizeof packet, .openmetrics = openmetrics);
     answer(otel_prometheus_type(openmetrics), text, n);

   OpenMetrics shows the newest exemplar of a counter and of each bucket, where the settings keep some (exemplar.h).
   Names and keys become what Prometheus takes, units are words, counters end in _total. Exponential histograms have their
   count and sum, and one bucket: classic text knows no others. */
#define otel_prometheus_accepts_openmetrics OTEL_NAME_(otel_prometheus_accepts_openmetrics)
#define otel_prometheus_type OTEL_NAME_(otel_prometheus_type)
#define otel_prometheus_write_with OTEL_NAME_(otel_prometheus_write_with)
/* What the text shall be. Zero means the default. The order of the fields is API. */
typedef struct otel_prometheus_options_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    void *packet OTEL_Z_;                         /* (required) memory for all points while the text is written, packet_size bytes; on firmware the last 1.9 KB of it are what the writer works in */
    size_t packet_size OTEL_Z_;
    bool openmetrics OTEL_Z_;                     /* OpenMetrics instead of the classic format (default: false) */
    bool no_scope OTEL_Z_;                        /* leave the labels otel_scope_.. out (default: false) */
    bool no_suffix OTEL_Z_;                       /* leave unit and _total out of names; OpenMetrics keeps _total (default: false) */
    bool no_target OTEL_Z_;                       /* leave target_info out (default: false) */
} otel_prometheus_options_t;

OTEL_C_BEGIN_
/* Collect, and write the text with a NUL behind it. The length that it has; when that is not below `size`, it did not fit and
   `to` is an empty text. 0: no instance, or the packet is too small for all points. One call at a time. */
OTEL_API_ size_t otel_prometheus_write_with(char *to, size_t size, const otel_prometheus_options_t *options);

/* The value of Content-Type. */
OTEL_API_ const char *otel_prometheus_type(bool openmetrics);

/* Say whether a scraper that sends this Accept header (NULL: none) takes OpenMetrics. */
OTEL_API_ bool otel_prometheus_accepts_openmetrics(const char *accept);
OTEL_C_END_
#define otel_prometheus_write(to, size, ...) otel_prometheus_write_with((to), (size), OTEL_REF_(otel_prometheus_options_t, __VA_ARGS__))

/* ---- recorded.h ------------------------------------------------------------------------------------------------ */
/* What came, as structs to look at: spans, data points, log records and what they hold, read out of the receiver's memory.
   opentelemetry/proto: trace.proto, metrics.proto, logs.proto, common.proto. */
#define otel_recorded_attribute OTEL_NAME_(otel_recorded_attribute)
#define otel_recorded_bool OTEL_NAME_(otel_recorded_bool)
#define otel_recorded_bound OTEL_NAME_(otel_recorded_bound)
#define otel_recorded_bucket OTEL_NAME_(otel_recorded_bucket)
#define otel_recorded_bytes OTEL_NAME_(otel_recorded_bytes)
#define otel_recorded_double OTEL_NAME_(otel_recorded_double)
#define otel_recorded_element OTEL_NAME_(otel_recorded_element)
#define otel_recorded_event OTEL_NAME_(otel_recorded_event)
#define otel_recorded_exemplar OTEL_NAME_(otel_recorded_exemplar)
#define otel_recorded_int OTEL_NAME_(otel_recorded_int)
#define otel_recorded_link OTEL_NAME_(otel_recorded_link)
#define otel_recorded_text OTEL_NAME_(otel_recorded_text)
#define otel_recorded_value OTEL_NAME_(otel_recorded_value)
#define otel_slice_is OTEL_NAME_(otel_slice_is)
/* Text or bytes, `len` of them; no NUL at the end. */
typedef struct otel_slice_t {
    const char *text;
    size_t len;
} otel_slice_t;

/* A field that repeats: attributes, events, links, elements, buckets. `count` of them; the rest is private. */
typedef struct otel_recorded_list_t {
    uint32_t count;
    uint8_t number_, type_;
    const uint8_t *bytes_;
    size_t len_;
} otel_recorded_list_t;

typedef enum {
    OTEL_RECORDED_NULL, OTEL_RECORDED_TEXT, OTEL_RECORDED_BOOL, OTEL_RECORDED_INT, OTEL_RECORDED_DOUBLE, OTEL_RECORDED_ARRAY, OTEL_RECORDED_MAP, OTEL_RECORDED_BYTES
} otel_recorded_type_t;

/* A value; the field that belongs to `type` is set. */
typedef struct otel_recorded_value_t {
    otel_recorded_type_t type;
    bool b;
    int64_t i;
    double d;
    otel_slice_t text;            /* text and bytes */
    otel_recorded_list_t items;   /* array: otel_recorded_element; map: as attributes */
} otel_recorded_value_t;

typedef struct otel_recorded_scope_t {
    otel_slice_t name, version, schema_url;
    otel_recorded_list_t attributes;
} otel_recorded_scope_t;

typedef struct otel_recorded_span_t {
    otel_slice_t name, trace_state;
    uint8_t trace_id[16], span_id[8], parent_id[8];
    uint32_t flags;               /* trace flags, and 0x100: 0x200 says whether the parent is remote */
    int kind;                     /* otel_kind_t */
    uint64_t start_ns, end_ns;
    int status;                   /* otel_status_t */
    otel_slice_t status_message;
    otel_recorded_list_t attributes, events, links;
    uint32_t dropped_attributes, dropped_events, dropped_links;
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_span_t;

typedef struct otel_recorded_event_t {
    otel_slice_t name;
    uint64_t time_ns;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
} otel_recorded_event_t;

typedef struct otel_recorded_link_t {
    uint8_t trace_id[16], span_id[8];
    otel_slice_t trace_state;
    uint32_t flags;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
} otel_recorded_link_t;

typedef enum {
    OTEL_RECORDED_GAUGE = 5, OTEL_RECORDED_SUM = 7, OTEL_RECORDED_HISTOGRAM = 9, OTEL_RECORDED_EXPONENTIAL_HISTOGRAM = 10, OTEL_RECORDED_SUMMARY = 11
} otel_recorded_metric_t;         /* the field of Metric.data */

/* One data point with what its metric says. */
typedef struct otel_recorded_point_t {
    otel_slice_t name, description, unit;
    otel_recorded_metric_t type;
    int temporality;              /* sums and histograms: 1 delta, 2 cumulative */
    bool monotonic;               /* sums */
    bool is_int, is_double;       /* gauges and sums: which of the two is set */
    int64_t int_value;
    double double_value;
    uint64_t count;               /* histograms and summaries */
    bool has_sum, has_min, has_max;
    double sum, min, max;
    otel_recorded_list_t buckets; /* otel_recorded_bucket; of exponential histograms those above zero */
    otel_recorded_list_t bounds;  /* otel_recorded_bound */
    otel_recorded_list_t below;   /* exponential histograms: buckets of negative values */
    int32_t scale, offset, below_offset;  /* exponential histograms; offsets: index of the first bucket */
    uint64_t zero_count;
    double zero_threshold;
    otel_recorded_list_t attributes, exemplars;
    uint64_t start_ns, time_ns;
    uint32_t flags;               /* 1: no value recorded */
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_point_t;

typedef struct otel_recorded_exemplar_t {
    bool is_int, is_double;
    int64_t int_value;
    double double_value;
    uint64_t time_ns;
    uint8_t trace_id[16], span_id[8];
    otel_recorded_list_t attributes;
} otel_recorded_exemplar_t;

typedef struct otel_recorded_log_t {
    uint64_t time_ns, observed_ns;
    int severity;                 /* otel_severity_t */
    otel_slice_t severity_text, event_name;
    otel_recorded_value_t body;
    otel_recorded_list_t attributes;
    uint32_t dropped_attributes;
    uint32_t flags;
    uint8_t trace_id[16], span_id[8];
    otel_recorded_scope_t scope;
    otel_recorded_list_t resource;        /* attributes */
} otel_recorded_log_t;

/* A message on its way and the field that was read last. The function on top has the only one, those below it work in there one
   after the other: a reader in each of them would be a stack of readers. Private. */
typedef struct otel_recorded_look_t_ {
    otel_pb_t_ message;
    otel_pb_field_t_ field;
} otel_recorded_look_t_;

OTEL_C_BEGIN_
/* The value of a key, when it is there and of that type. */
OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out);
OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out);
OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out);
OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out);
OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out);

/* One of a list, from 0 on; false behind its end. */
OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out);
OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out);
OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out);
/* A bucket's count and a bound; 0 behind the end. */
OTEL_API_ uint64_t otel_recorded_bucket(const otel_recorded_list_t *buckets, uint32_t i);
OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i);

/* Say whether a slice is exactly this text. */
OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text);
OTEL_C_END_

/* ---- recorded_value.h ------------------------------------------------------------------------------------------ */
/* Values and lists of what came: numbers, texts, attributes and elements, read out of the receiver's memory.
   opentelemetry/proto: common.proto. */
#define otel_recorded_any_ OTEL_NAME_(otel_recorded_any_)
#define otel_recorded_find_ OTEL_NAME_(otel_recorded_find_)
#define otel_recorded_last_ OTEL_NAME_(otel_recorded_last_)
#define otel_recorded_nth_ OTEL_NAME_(otel_recorded_nth_)
#define otel_recorded_pair_ OTEL_NAME_(otel_recorded_pair_)

/* ---- recorded_item.h ------------------------------------------------------------------------------------------- */
/* Whole messages of what came: events, links, exemplars, spans, log records and data points.
   opentelemetry/proto: trace.proto, metrics.proto, logs.proto. */

/* ---- recorder.h ------------------------------------------------------------------------------------------------ */
/* A receiver in memory, for tests of programs that use otel.h: it takes the place of `send`, keeps the requests as they
   came, and gives spans, data points and log records back as structs to look at.

     static uint64_t now(void *user) { static uint64_t ns = 1700000000000000000u; (void)user; return ns += 1000; }    // Unix nanoseconds
     static otel_t otel;  static uint8_t pool[4096];  static otel_exporter_t ex;  static uint8_t packet[2048];
     static uint8_t memory[16384];  static otel_recorder_t rec;
     otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool);
     otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory);
     otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet);
     ... what is to be tested ...
     otel_export_flush(&ex, 1000);                                // milliseconds: one request a signal
     otel_recorded_span_t span;  int64_t id;
     assert(otel_recorder_find_span(&rec, "read_sensor", &span) && otel_recorded_int(&span.attributes, "sensor.id", &id) && id == 7);

   What comes back points into the recorder's memory and lives until otel_recorder_clear. One thread may send while
   another one looks. */
#define otel_recorder_clear OTEL_NAME_(otel_recorder_clear)
#define otel_recorder_describe_ OTEL_NAME_(otel_recorder_describe_)
#define otel_recorder_find_log OTEL_NAME_(otel_recorder_find_log)
#define otel_recorder_find_point OTEL_NAME_(otel_recorder_find_point)
#define otel_recorder_find_span OTEL_NAME_(otel_recorder_find_span)
#define otel_recorder_init_with OTEL_NAME_(otel_recorder_init_with)
#define otel_recorder_item_ OTEL_NAME_(otel_recorder_item_)
#define otel_recorder_log OTEL_NAME_(otel_recorder_log)
#define otel_recorder_logs OTEL_NAME_(otel_recorder_logs)
#define otel_recorder_named_ OTEL_NAME_(otel_recorder_named_)
#define otel_recorder_newest_ OTEL_NAME_(otel_recorder_newest_)
#define otel_recorder_next_ OTEL_NAME_(otel_recorder_next_)
#define otel_recorder_point OTEL_NAME_(otel_recorder_point)
#define otel_recorder_points OTEL_NAME_(otel_recorder_points)
#define otel_recorder_refused OTEL_NAME_(otel_recorder_refused)
#define otel_recorder_request OTEL_NAME_(otel_recorder_request)
#define otel_recorder_requests OTEL_NAME_(otel_recorder_requests)
#define otel_recorder_send OTEL_NAME_(otel_recorder_send)
#define otel_recorder_span OTEL_NAME_(otel_recorder_span)
#define otel_recorder_spans OTEL_NAME_(otel_recorder_spans)
#define otel_recorder_wait OTEL_NAME_(otel_recorder_wait)
typedef struct otel_recorder_config_t {
    void *memory OTEL_Z_;         /* (required) of any alignment; a request takes its length and 12 bytes */
    size_t memory_size OTEL_Z_;   /* bytes */
} otel_recorder_config_t;

/* Where in the requests a look stands, so that the next item costs no search. Private. */
typedef struct otel_recorder_place_t_ {
    size_t next;                  /* offset of the next request */
    uint32_t index;               /* of the item that follows */
    uint8_t signal;
    otel_pb_t_ level[4];          /* request, resource, scope; of metrics: the points */
    otel_recorded_list_t resource;
    otel_recorded_scope_t scope;
    bool described;               /* the two are the item's; else they are read when somebody asks */
    uint8_t metric_type;
    otel_slice_t at[4];           /* ResourceSpans, ScopeSpans (or their sisters) and Metric that the item stands in, and the item */
    otel_recorded_look_t_ look;   /* what reads at the moment */
} otel_recorder_place_t_;

/* The receiver. All fields are private. */
typedef struct otel_recorder_t {
    uint8_t *memory_;
    size_t size_, used_;
    uint32_t requests_, refused_, items_[OTEL_SIGNALS];
    otel_recorder_place_t_ place_;    /* of who looks */
    otel_counted_t_ counted_;         /* of who sends */
} otel_recorder_t;

OTEL_C_BEGIN_
/* Prepare a receiver in memory; what it held before is forgotten. OTEL_E_NULL: no recorder or no memory. */
OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config);
/* The transport: .send = otel_recorder_send, .user = &recorder. Answers 200; 400 for what is no request; 507 when the
   memory is full, 413 when the request would not even fit into it empty. Nothing is kept then (otel_recorder_refused). Not from two
   threads at once. */
OTEL_API_ int otel_recorder_send(void *recorder, const otel_request_t *request);
/* Forget everything. Not while another thread sends. */
OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder);

/* How many have come. */
OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder);
/* Requests that were answered with another status than 200. A flush is done with them: a test that looks for something in vain had
   better look here too. */
OTEL_API_ uint32_t otel_recorder_refused(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder);
/* Call step(user) until `n` items of a signal have come, at most `tries` times; whether they have. The step exports or sleeps. */
OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries);

/* The item at position `i`, in order of arrival; false when there is none. In a loop from 0 on, each costs the same. */
OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out);
/* The request at position `i` as it came, for otel_json_write and other readers. */
OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out);

/* The newest one of that name (of a metric: the newest data point), or with that text as its body; false: none. */
OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out);
OTEL_C_END_

/* otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory): OTEL_OK, or OTEL_E_NULL. */
#define otel_recorder_init(recorder, ...) otel_recorder_init_with((recorder), OTEL_REF_(otel_recorder_config_t, __VA_ARGS__))

/* ---- reply_nanopb.h -------------------------------------------------------------------------------------------- */
/* With OTEL_USE_NANOPB the receiver's answers are read by nanopb, with the descriptors that its generator makes of the official
   .proto files. The source of bytes is one that may end anywhere, because only the first 512 bytes of a body are kept: what was
   whole before the end counts. All three Export*ServiceResponse have the same fields, so the one of metrics serves for all.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response"; google/rpc/status.proto, error_details.proto. */
#if OTEL_NANOPB_ && OTEL_BODIES_
#include <pb_decode.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h>
#ifdef PB_BUFFER_ONLY
#error "OTEL_USE_NANOPB reads answers that may be cut off, from a stream with a callback: leave PB_BUFFER_ONLY away"
#endif
#endif

/* ---- self_state.h ---------------------------------------------------------------------------------------------- */
/* What the library keeps to tell about itself: the instruments of otel.sdk.*, room for their series, and who is meant by them.
   Specification: semantic conventions, "OpenTelemetry SDK metrics". */
#define otel_self_collect_ OTEL_NAME_(otel_self_collect_)
#define otel_self_measure_ OTEL_NAME_(otel_self_measure_)
#if UINTPTR_MAX > 0xFFFFu
/* Exporters of an instance that are told apart, and further ones in the overflow series. */
#if OTEL_HOSTED_
#define OTEL_SELF_EXPORTERS_ OTEL_READERS_
#define OTEL_SELF_ROOM_(hosts, small) (hosts)
#else
#define OTEL_SELF_EXPORTERS_ 1
#define OTEL_SELF_ROOM_(hosts, small) (small)
#endif

/* What is observed: name, unit, goes up only, series. */
#define OTEL_SELF_OBSERVED_(X) \
    X(STARTED, "otel.sdk.span.started", "{span}", true, OTEL_SELF_ROOM_(9, 3)) \
    X(LIVE, "otel.sdk.span.live", "{span}", false, 2) \
    X(LOGS, "otel.sdk.log.created", "{log_record}", true, 0) \
    X(SIZE, "otel.sdk.processor.span.queue.size", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_SIZE, "otel.sdk.processor.log.queue.size", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(CAPACITY, "otel.sdk.processor.span.queue.capacity", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_CAPACITY, "otel.sdk.processor.log.queue.capacity", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(PROCESSED, "otel.sdk.processor.span.processed", "{span}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(10, 4)) \
    X(LOG_PROCESSED, "otel.sdk.processor.log.processed", "{log_record}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(10, 4)) \
    X(INFLIGHT, "otel.sdk.exporter.span.inflight", "{span}", false, OTEL_SELF_EXPORTERS_) \
    X(POINT_INFLIGHT, "otel.sdk.exporter.metric_data_point.inflight", "{data_point}", false, OTEL_SELF_EXPORTERS_) \
    X(LOG_INFLIGHT, "otel.sdk.exporter.log.inflight", "{log_record}", false, OTEL_SELF_EXPORTERS_) \
    X(EXPORTED, "otel.sdk.exporter.span.exported", "{span}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3)) \
    X(POINT_EXPORTED, "otel.sdk.exporter.metric_data_point.exported", "{data_point}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3)) \
    X(LOG_EXPORTED, "otel.sdk.exporter.log.exported", "{log_record}", true, OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(5, 3))
#define OTEL_SELF_ENUM_(id, name, unit, up, series) OTEL_SELF_##id##_,
#define OTEL_SELF_SUM_(id, name, unit, up, series) + (series)
enum { OTEL_SELF_OBSERVED_(OTEL_SELF_ENUM_) OTEL_SELF_KINDS_ };

/* Bounds of durations, and series of them. */
#define OTEL_SELF_BOUNDS_ 7u
#define OTEL_SELF_OPERATIONS_ (OTEL_SELF_EXPORTERS_ * OTEL_SELF_ROOM_(12, 6))
#define OTEL_SELF_COLLECTIONS_ (OTEL_SELF_EXPORTERS_ + OTEL_SELF_ROOM_(2, 0))

/* A transport with a clock around it. Private. */
typedef struct otel_self_sender_t_ {
    struct otel_self_metrics_t *self;
    otel_exporter_t *exporter;
    int (*send)(void *user, const otel_request_t *request);
    void *user;
    uint64_t spent;               /* on the collection under way, ns */
} otel_self_sender_t_;

/* What is told, and where it stands: 100 KB on hosts, 8 KB on small targets. Define it zeroed where it outlives the
   instance; all fields are private. */
typedef struct otel_self_metrics_t {
    uint32_t mark_ OTEL_Z_;                   /* OTEL_SELF_MARK_ once it was started */
    otel_scope_t scope_ OTEL_Z_;
    otel_callback_t callback_ OTEL_Z_;
    otel_t *otel_ OTEL_Z_;
    const char *transport_ OTEL_Z_, *processor_ OTEL_Z_;
    void (*begin_)(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options) OTEL_Z_;
    void (*own_begin_)(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(otel_span_t *span, otel_t *otel) OTEL_Z_;
    otel_count_t begun_[3][3] OTEL_Z_;        /* spans, by where the parent is (none, local, remote) and by otel_decision_t */
    otel_count_t ended_[3] OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                  /* life of the instance that they belong to */
    otel_pos_t mean_[2] OTEL_Z_;              /* bytes of a record, at the last look */
    otel_self_sender_t_ sender_[OTEL_READERS_] OTEL_Z_;
    otel_observable_t observed_[OTEL_SELF_KINDS_] OTEL_Z_;
    otel_histogram_t operation_ OTEL_Z_, collection_ OTEL_Z_;
    otel_series_t series_[0 OTEL_SELF_OBSERVED_(OTEL_SELF_SUM_)] OTEL_Z_;
    otel_series_t operations_[OTEL_SELF_OPERATIONS_] OTEL_Z_, collections_[OTEL_SELF_COLLECTIONS_] OTEL_Z_;
    otel_word_t operation_rows_[OTEL_ROW_WORDS_(OTEL_SELF_OPERATIONS_, OTEL_SELF_BOUNDS_)] OTEL_Z_;
    otel_word_t collection_rows_[OTEL_ROW_WORDS_(OTEL_SELF_COLLECTIONS_, OTEL_SELF_BOUNDS_)] OTEL_Z_;
} otel_self_metrics_t;

#endif

/* ---- self_hooks.h ---------------------------------------------------------------------------------------------- */
/* What otel.sdk.* has to look at while it happens: how long requests and collections take, spans that start and end. Each
   stands where the instance or the exporter calls through a pointer anyway. */
#define otel_self_begin_ OTEL_NAME_(otel_self_begin_)
#define otel_self_late_ OTEL_NAME_(otel_self_late_)
#define otel_self_send_ OTEL_NAME_(otel_self_send_)

/* ---- self_numbers.h -------------------------------------------------------------------------------------------- */
/* The numbers of otel.sdk.* that are there anyway, told by a callback: counts of otel_stats, and what lies in the rings. */

/* ---- self_metrics.h -------------------------------------------------------------------------------------------- */
/* What the library does, told as metrics: spans started and alive, queues, what was exported and what was lost for which
   reason, how long requests and collections take. The numbers are those of otel_stats; recording costs nothing more, but for
   two counts a span. It all comes into a program with otel_self_metrics_start.
   Specification: semantic conventions, "OpenTelemetry SDK metrics" (otel.sdk.*, in development).

     static otel_self_metrics_t self;
     otel_self_metrics_start(&self);                      // once the instance runs, before spans are started

   A ring is the queue of a batching processor for each exporter, and takes bytes: its capacity is told as how many records of
   the mean size of those that are in it it holds. A batch that waits for its retry stands in the queue again. Of created
   records each is in one place: processed (with error.type when it was lost on the way to the exporter), in the queue, or in
   flight; of those processed without error.type each is exported, with error.type when the receiver did not take it.

   Names of components end in the number of the exporter: "batching_span_processor/0". On small targets, where a series has
   room for 62 bytes of attributes, they are "span/0", "metric/0", "log/0", and types, origins and statuses are left out. There
   is nothing of this where pointers have 16 bits. */
#define otel_self_metrics_start_with OTEL_NAME_(otel_self_metrics_start_with)
#if UINTPTR_MAX > 0xFFFFu
/* Zero means the default. The order of the fields is API. */
typedef struct otel_self_options_t {
    otel_t *otel OTEL_Z_;             /* (default: the default instance) */
    const char *transport OTEL_Z_;    /* first words of an exporter's type, at most 23 characters; static (default: "otlp_http") */
    const char *processor OTEL_Z_;    /* first word of a processor's type, at most 15 characters; static (default: "batching") */
} otel_self_options_t;

OTEL_C_BEGIN_
/* Tell what the instance does from now on, to every reader of its metrics. `self` is zero, or was used before; after a new
   otel_init it is started again. Spans that were started before are not among the live ones; requests of an exporter have
   a duration from its first collection on, if it has .send and answers at once; a collection has one unless it is the first
   behind an instrument's first use. Not for interrupts.
   Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_self_metrics_start_with(otel_self_metrics_t *self, const otel_self_options_t *options);
OTEL_C_END_
#define otel_self_metrics_start(...) \
    OTEL_CAT_(OTEL_SELF_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_SELF_START_one_(self) otel_self_metrics_start_with((self), NULL)
#define OTEL_SELF_START_more_(self, ...) otel_self_metrics_start_with((self), OTEL_REF_(otel_self_options_t, __VA_ARGS__))
#endif

/* ---- simple.h -------------------------------------------------------------------------------------------------- */
/* The simple processors: each span or log record is offered to the transport as soon as it is there, instead of in batches.
   For tests, tools and short programs; `send` then runs wherever spans end. The batching ones are the rings themselves.
   Specification: trace/sdk.md, "Simple processor"; logs/sdk.md, "Simple processor". */
#define otel_simple_log_ OTEL_NAME_(otel_simple_log_)
#define otel_simple_send_ OTEL_NAME_(otel_simple_send_)
#define otel_simple_span_ OTEL_NAME_(otel_simple_span_)
/* Which exporter; the gate is private. One for both kinds of processors. */
typedef struct otel_simple_t {
    otel_exporter_t *exporter;    /* with .send; other threads do not drive it */
#if OTEL_HOSTED_
    uint32_t gate_;                           /* the life in which somebody is at it; 0: nobody */
#else
    uint8_t gate_;
#endif
} otel_simple_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_simple_send_(otel_simple_t *simple);
OTEL_API_ void otel_simple_span_(const otel_processor_t *self);
OTEL_API_ void otel_simple_log_(const otel_log_processor_t *self);

/* Processors that send at once. While one thread sends, another one's record waits for the next turn of that thread or of
   any that comes later; flush and shutdown find what is left. `simple` outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_simple(otel_simple_t *simple)
{
    otel_processor_t p = otel_processor_(simple);
    p.after = OTEL_ENABLED ? otel_simple_span_ : NULL;
    return p;
}
OTEL_FN_ otel_log_processor_t otel_log_processor_simple(otel_simple_t *simple)
{
    otel_log_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = simple;
    p.after = OTEL_ENABLED ? otel_simple_log_ : NULL;
    return p;
}
OTEL_C_END_

/* ---- store.h --------------------------------------------------------------------------------------------------- */
/* Store and forward: requests in flash or in a file until somebody takes them, across resets and power cuts.

     static otel_store_t store;
     otel_store_open(&store, .medium = flash, .send = post, .buffer = body, .buffer_size = sizeof body);
     otel_exporter_init(&ex, .send = otel_store_send, .user = &store, ...);     // straight on while the link works, else it is kept
     while (link_is_up() && otel_store_poll(&store)) {}                         // what was kept, oldest first

   A log that is only appended to, sector after sector, so that all sectors wear alike. A request is there for good when
   otel_store_send has answered 200. After a power cut everything before is there, and what was being marked as sent may go out
   once more. Full: the oldest sector goes, counted. No state but this object: nothing has to be formatted or repaired.
   One thread at a time. */
#define otel_store_append_ OTEL_NAME_(otel_store_append_)
#define otel_store_done OTEL_NAME_(otel_store_done)
#define otel_store_enter_ OTEL_NAME_(otel_store_enter_)
#define otel_store_finish_ OTEL_NAME_(otel_store_finish_)
#define otel_store_forward_ OTEL_NAME_(otel_store_forward_)
#define otel_store_load_ OTEL_NAME_(otel_store_load_)
#define otel_store_next OTEL_NAME_(otel_store_next)
#define otel_store_open_with OTEL_NAME_(otel_store_open_with)
#define otel_store_poll OTEL_NAME_(otel_store_poll)
#define otel_store_seek_ OTEL_NAME_(otel_store_seek_)
#define otel_store_send OTEL_NAME_(otel_store_send)
#define otel_store_stats OTEL_NAME_(otel_store_stats)
#define otel_store_walk_ OTEL_NAME_(otel_store_walk_)
#define otel_store_write_ OTEL_NAME_(otel_store_write_)
/* What a store is told. The order of the fields is API. */
typedef struct otel_store_config_t {
    otel_medium_t medium OTEL_Z_;                 /* (required) */
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;   /* where requests go in the end, as in otel_exporter_config_t (default: they are only kept) */
    void *user OTEL_Z_;                           /* its first argument */
    void *buffer OTEL_Z_;                         /* for the body of a request that was kept, buffer_size bytes; only with .send, or for otel_store_next */
    size_t buffer_size OTEL_Z_;
    uint32_t boot OTEL_Z_;                        /* number of this boot (default: one more than any in the medium) */
} otel_store_config_t;

/* Items (spans, points, log records), since the store was opened: found + stored = sent + rejected + lost + corrupt + waiting. */
typedef struct otel_store_stats_t {
    uint32_t found, stored;                       /* were waiting at the start; came since */
    uint32_t sent, rejected;                      /* taken; refused for good */
    uint32_t lost;                                /* dropped to make room, oldest first */
    uint32_t corrupt;                             /* damaged in the medium after they were found or stored */
    uint32_t waiting;
    uint32_t requests;                            /* that wait */
    uint32_t lost_ever;                           /* in the life of the medium, as far as it knows */
    uint32_t damaged;                             /* requests that were damaged already when the store was opened */
    uint32_t erases;                              /* of the sector that was erased most */
} otel_store_stats_t;

/* A way through the records of a sector. Private. */
typedef struct otel_store_walk_t_ {
    uint32_t at, end;             /* nothing when they are the same */
    uint32_t last;                /* number of the last record; lower ones are left from an earlier life of the sector */
} otel_store_walk_t_;

/* A store. Define it where it outlives its use; all fields are private. */
typedef struct otel_store_t {
    otel_store_config_t config_ OTEL_Z_;
    otel_desk_t_ desk_ OTEL_Z_;
    uint32_t sector_ OTEL_Z_, end_ OTEL_Z_;       /* where the next record goes: the sector, and the place in it */
    uint32_t first_sector_ OTEL_Z_;               /* where to look for the oldest one that waits: in this sector, ... */
    otel_store_walk_t_ first_ OTEL_Z_;            /* ... from here on */
    uint32_t number_ OTEL_Z_, boot_ OTEL_Z_;
    otel_stored_t_ out_ OTEL_Z_;                  /* on its way */
    otel_store_walk_t_ way_ OTEL_Z_;              /* through a sector that is counted or given up, */
    otel_stored_t_ seen_ OTEL_Z_;                 /* and the record on it */
    uint32_t at_ OTEL_Z_, filled_ OTEL_Z_, crc_ OTEL_Z_;      /* what is being written: where the chunk goes, its bytes so far, the CRC */
    bool flying_ OTEL_Z_, open_ OTEL_Z_, gone_ OTEL_Z_;
    bool failed_ OTEL_Z_;                         /* the medium refused what is being written */
    otel_store_stats_t stats_ OTEL_Z_;
} otel_store_t;

OTEL_C_BEGIN_
/* Open a store: reads the medium through once. Errors: OTEL_E_NULL, OTEL_E_CONFIG (geometry). */
OTEL_API_ otel_result_t otel_store_open_with(otel_store_t *store, const otel_store_config_t *config);

/* The transport: `.send = otel_store_send, .user = &store`. Goes straight on while nothing waits and .send takes it, else keeps
   it: 200. 413: larger than a sector; -1: the medium takes nothing. */
OTEL_API_ int otel_store_send(void *store, const otel_request_t *request);

/* Send the oldest request that waits. False: none, or it was not taken (or is pending): try again later. */
OTEL_API_ bool otel_store_poll(otel_store_t *store);

/* Take the oldest request without .send, and tell its outcome: as otel_export_next and otel_export_done. Also a request whose
   .send answered OTEL_PENDING ends with done. `boot` (NULL: not wanted) is the number of the boot that made it. */
OTEL_API_ bool otel_store_next(otel_store_t *store, otel_request_t *request, uint32_t *boot);
OTEL_API_ void otel_store_done(otel_store_t *store, int status);

OTEL_API_ void otel_store_stats(const otel_store_t *store, otel_store_stats_t *stats);
OTEL_C_END_

#define otel_store_open(store, ...) otel_store_open_with((store), OTEL_REF_(otel_store_config_t, __VA_ARGS__))

/* ==== implementation ============================================================================================ */

/* ---- otlp.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* ResourceSpans = 1 of the request, its resource = 1, and the head of a ScopeSpans = 2 without a scope. False: no room. */
OTEL_API_ bool otel_packet_begin_(otel_packet_t_ *p, const otel_t *otel, uint8_t *to, size_t room)
{ OTEL_CALLED_
    const size_t rest = OTEL_SDK_BYTES_ + 1u + OTEL_ENVELOPE_BYTES_, head = 1u + OTEL_ENVELOPE_BYTES_ + 1u + OTEL_LENGTH_BYTES_;
    const otel_config_t *c = &otel->config_;
    memset((void *)p, 0, sizeof *p);
    if (room > OTEL_ENVELOPE_MAX_) room = OTEL_ENVELOPE_MAX_;
    if (room < head + rest) return false;
    p->own = to + 1;
    p->at = to + head;
    p->end = to + room - rest;
    if (!otel_resource_own_(p, otel_key_name_(), 15, c->service ? c->service : "unknown_service") || (c->version && !otel_resource_own_(p, otel_key_version_(), 18, c->version))) return false;
    OTEL_FLASH_COPY_(p->at, otel_sdk_(), OTEL_SDK_BYTES_);
    p->at += OTEL_SDK_BYTES_;
    p->end += rest;
    if (otel->resource_ && (!(otel->resource_)(otel, p, false) || (size_t)(p->end - p->at) < 1u + OTEL_ENVELOPE_BYTES_)) return false;
    to[0] = to[1u + OTEL_ENVELOPE_BYTES_] = 0x0A;
    otel_put_length_(to + 2u + OTEL_ENVELOPE_BYTES_, (uint32_t)(p->at - to) - (uint32_t)head);
    *p->at = 0x12;
    p->run = p->at + 1;
    p->at += 1u + OTEL_ENVELOPE_BYTES_;
    p->first = p->at;
    return true;
}

/* Close all but what stands in it. */
OTEL_API_ void otel_packet_end_(otel_packet_t_ *p, const otel_t *otel)
{ OTEL_CALLED_
    if (otel->resource_) (void)(otel->resource_)(otel, p, true);
    p->run = p->own;
    p->run_extra = 0;
    otel_packet_close_(p);
}
OTEL_C_END_
#endif

/* ---- request.h ------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* No table of pointers: its strings would be linked together with those of all other tables, 2 KB of them. */
OTEL_FN_ const char *otel_path_(unsigned signal) { return signal == OTEL_SIGNAL_TRACES ? "/v1/traces" : signal == OTEL_SIGNAL_LOGS ? "/v1/logs" : "/v1/metrics"; }
OTEL_C_END_

/* ---- state.h --------------------------------------------------------------------------------------------------- */
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

/* ---- batch.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The head of a request, in the packet or in the memory for envelopes. False: the packet is too small for that. */
OTEL_API_ bool otel_batch_begin_(otel_exporter_t *x)
{ OTEL_CALLED_
    uint8_t *to = (uint8_t *)x->config_.buffer;
    size_t room = x->config_.buffer_size;
#if OTEL_PARTS_
    if (!to) {
        to = x->head_;
        room = sizeof x->head_;
    }
    x->sent_ = to;
#endif
    x->request_.items = 0;
    x->request_.parts_len = 0;
    x->why_ = 0;
    return to && otel_packet_begin_(&x->packet_, x->otel_, to, room);
}

/* Append a record of `n` bytes to a flat packet, tag in place of its mark. False: no room. */
OTEL_API_ bool otel_batch_flat_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{ OTEL_CALLED_
    uint8_t *to = x->packet_.at;
    if ((size_t)(x->packet_.end - to) < n) return false;
    if (ring) {
        otel_ring_copy_(ring, pos, to, n);
        *to = OTEL_MARK_;
        x->packet_.at = to + n;
    }
    return true;
}

#if OTEL_PARTS_
/* Append a part, or lengthen the last one when it continues there. */
OTEL_FN_ void otel_batch_part_(otel_exporter_t *x, const void *bytes, size_t n)
{
    otel_piece_t *last = x->parts_ + x->request_.parts_len;
    if (last != x->parts_ && (const uint8_t *)last[-1].bytes + last[-1].len == (const uint8_t *)bytes) {
        last[-1].len += n;
        return;
    }
    last->bytes = bytes;
    last->len = n;
    x->request_.parts_len++;
}

/* The same for parts: the envelopes since the last record, the tag when the mark is another, and up to two of the ring.
   Without a ring: the envelopes at the end. */
OTEL_API_ bool otel_batch_parts_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{ OTEL_CALLED_
    static const uint8_t tag[1] = { OTEL_MARK_ };
    otel_packet_t_ *p = &x->packet_;
    size_t first;
    if (ring && (x->request_.parts_len + 5u > OTEL_PARTS_ || n + p->extra > OTEL_ENVELOPE_MAX_ / 2u)) return false;
    if (p->at != x->sent_) otel_batch_part_(x, x->sent_, (size_t)(p->at - x->sent_));
    x->sent_ = p->at;
    if (!ring) return true;
    p->extra += (uint32_t)n;
    if (*otel_ring_at_(ring, pos) != OTEL_MARK_) {
        otel_batch_part_(x, tag, 1);
        pos = otel_pos_add_(ring, pos, 1);
        n--;
    }
    first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
    otel_batch_part_(x, otel_ring_at_(ring, pos), first < n ? first : n);
    if (first < n) otel_batch_part_(x, ring->bytes, n - first);
    return true;
}
#endif

/* Append the record at `pos`. 1: done, 0: no room, -1: its scope is being entered at this moment. */
OTEL_FN_ int otel_batch_record_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, size_t n)
{
    uint32_t cap = x->lane_at_->cap;
    int scope = (*otel_ring_at_(ring, pos) ^ (int)OTEL_MARK_) >> 1, how;
    int (*enter)(const otel_t *otel, otel_packet_t_ *packet, int number);
    if (x->request_.items >= (cap ? cap : x->config_.max_items)) return 0;
    if (scope != x->packet_.scope) {
        enter = OTEL_LOAD_ACQUIRE_(&x->otel_->scope_);        /* NULL: a span that was begun before the instance was set up anew */
        how = enter ? (enter)(x->otel_, &x->packet_, scope) : 1;
        if (how <= 0) return how;
    }
    if (!(x->add_)(x, ring, pos, n)) return 0;
    x->request_.items++;
    return 1;
}

#if OTEL_HOSTED_
/* Hosts: records of the first scope with absolute times are tags and lengths already, so as many as go are copied at once into
   a flat packet in which that scope is open. Where it ended; the rest goes one by one. */
OTEL_FN_ otel_pos_t otel_batch_run_(otel_exporter_t *x, const otel_ring_t *ring, otel_pos_t pos, otel_pos_t until)
{
    uint32_t cap = x->lane_at_->cap, items = x->request_.items;
    size_t room = (size_t)(x->packet_.end - x->packet_.at), all = 0;
    otel_pos_t left = otel_pos_between_(ring, pos, until), offset = pos & OTEL_OFFSET_;
    if (!cap) cap = x->config_.max_items;
    if (!x->config_.buffer || x->packet_.scope != 0) return pos;
    for (; all < left && items < cap; items++) {
        otel_pos_t at = offset + (otel_pos_t)all;
        uint32_t head;
        size_t n;
        if (at >= ring->size) at -= ring->size;
        if (at + 4u > ring->size || OTEL_LOAD_ACQUIRE_(ring->bytes + at) != OTEL_MARK_) break;      /* another reader may be putting it right */
        head = otel_get32_(ring->bytes + at);
        n = 4u + ((size_t)(head >> 8 & 127u) | (size_t)(head >> 16 & 127u) << 7 | (size_t)(head >> 24 & 127u) << 14);
        if (n > room - all) break;
        all += n;
    }
    if (all == 0) return pos;
    otel_ring_copy_(ring, pos, x->packet_.at, all);
    x->packet_.at += all;
    x->request_.items = items;
    return otel_pos_add_(ring, pos, (otel_pos_t)all);
}
#endif

/* Append what the reader holds of this ring. False: the request is full. A record that cannot go is the only one held, and
   `why_` tells the reason; behind others it waits until they are gone. */
OTEL_API_ bool otel_batch_ring_(otel_exporter_t *x, otel_ring_t *ring);
OTEL_API_ OTEL_NOINLINE_ bool otel_batch_ring_(otel_exporter_t *x, otel_ring_t *ring)
{ OTEL_CALLED_
    otel_reader_t_ *reader = &ring->reader[x->reader_];
    otel_pos_t until = otel_ring_hold_(ring, &x->otel_->guard_, x->reader_), pos = reader->from, n;
    bool more = true;
    reader->items = 0u - (otel_count_t)x->request_.items;
    for (; pos != until; pos = otel_pos_add_(ring, pos, n)) {
        otel_late_t_ late = OTEL_LATE_RIGHT_;
        int how = 0;
#if OTEL_HOSTED_
        pos = otel_batch_run_(x, ring, pos, until);
        if (pos == until) break;
#endif
        n = (otel_pos_t)otel_record_size_(ring, pos);
        if ((OTEL_LOAD_ACQUIRE_(otel_ring_at_(ring, pos)) ^ OTEL_MARK_) & 1u) late = OTEL_LOAD_ACQUIRE_(&x->otel_->late_) ? (OTEL_LOAD_ACQUIRE_(&x->otel_->late_))(x->otel_, otel_ring_of_(x->request_.signal), ring, pos, x->reader_) : OTEL_LATE_DROP_;
        if (late == OTEL_LATE_RIGHT_) how = otel_batch_record_(x, ring, pos, (size_t)n);
        if (how > 0) continue;
        if (how < 0 || late == OTEL_LATE_WAIT_) break;
        more = false;
        if (x->request_.items) break;
        x->why_ = (uint8_t)(late == OTEL_LATE_DROP_ ? OTEL_DROP_NO_CLOCK : OTEL_DROP_TOO_LARGE);
        x->request_.items = 1;
        pos = otel_pos_add_(ring, pos, n);
        break;
    }
    reader->items += x->request_.items;
    if (pos != until) otel_ring_move_(ring, &x->otel_->guard_, reader, reader->from, pos, 0);
    return more;
}

/* Close what is open, and say in the request where it is. */
OTEL_FN_ void otel_batch_end_(otel_exporter_t *x)
{
    otel_packet_t_ *p = &x->packet_;
    otel_request_t *r = &x->request_;
    otel_packet_end_(p, x->otel_);
    (void)(x->add_)(x, NULL, 0, 0);
    r->body = x->config_.buffer;
#if OTEL_PARTS_
    r->parts = r->body ? NULL : x->parts_;
#endif
    r->len = (size_t)(p->at - p->own) + 1u + (size_t)p->extra;
}
OTEL_C_END_
#endif

/* ---- retry.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Milliseconds in units of 2^20 ns, which needs no 64-bit division. */
OTEL_FN_ uint32_t otel_units_(uint32_t ms) { return (uint32_t)(((uint64_t)ms * 15625u) >> 14); }
OTEL_C_END_
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status)
{ OTEL_CALLED_
    if (status >= 200 && status < 300) return OTEL_OUTCOME_OK_;
    if (status == OTEL_AGAIN) return OTEL_OUTCOME_AGAIN_;
    if (status == OTEL_PENDING) return OTEL_OUTCOME_PENDING_;
    if (status == 413) return OTEL_OUTCOME_HALVE_;
    if (status <= 0 || status == 429 || status == 502 || status == 503 || status == 504) return OTEL_OUTCOME_RETRY_;
    return OTEL_OUTCOME_REJECTED_;
}

/* Anything from a tenth of the wait up to all of it, so that a fleet does not come back in step. */
OTEL_API_ uint32_t otel_jitter_(otel_ids_t *ids, uint32_t wait)
{ OTEL_CALLED_
    uint32_t low = wait / 10u, range = wait - low;
    uint8_t random[8];
    otel_id_make_(ids, random, 2);
    return low + (range >> 8) * random[0] + ((range & 255u) * random[0] >> 8);
}

/* Two digits, or none: -1. */
OTEL_FN_ int otel_two_digits_(const char *p) { return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + (p[1] - '0') : -1; }

/* Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; the obsolete forms are no dates here).
   False: it is none. */
OTEL_FN_ bool otel_http_date_(const char *p, uint64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec", like[] = "___, 00 ___ 0000 00:00:00 GMT";
    int day, year, hour, minute, second, month;
    uint32_t days;
    unsigned i;
    for (i = 0; i + 1u < sizeof like; i++) {
        if (like[i] == '0' ? p[i] < '0' || p[i] > '9' : like[i] == '_' ? p[i] <= ' ' : p[i] != like[i]) return false;
    }
    for (month = 0; month < 12 && memcmp(months + 3 * month, p + 8, 3); month++) {}
    day = otel_two_digits_(p + 5);
    year = otel_two_digits_(p + 12) * 100 + otel_two_digits_(p + 14);
    hour = otel_two_digits_(p + 17);
    minute = otel_two_digits_(p + 20);
    second = otel_two_digits_(p + 23);
    if (month == 12 || day < 1 || day > 31 || year < 1970 || hour > 23 || minute > 59 || second > 60 || p[sizeof like - 1u]) return false;
    month = month < 2 ? month + 10 : month - 2;               /* the year begins in March, so that leap days come last */
    year -= month >= 10;
    days = (uint32_t)year * 365u + (uint32_t)(year / 4 - year / 100 + year / 400) + ((uint32_t)month * 306u + 5u) / 10u + (uint32_t)day - 1u - 719468u;
    *seconds = (uint64_t)days * 86400u + (((uint32_t)hour * 60u + (uint32_t)minute) * 60u + (uint32_t)second);
    return true;
}

/* The wait that Retry-After asks for, in seconds or as a date (`now_s`: seconds since 1970, 0 when nobody knows). False: it
   says neither. RFC 9110, section 10.2.3. */
OTEL_API_ bool otel_retry_after_(const char *p, uint64_t now_s, uint32_t *ms)
{ OTEL_CALLED_
    uint32_t seconds = 0;
    uint64_t date;
    while (*p == ' ' || *p == '\t') p++;
    if (*p < '0' || *p > '9') {
        if (!now_s || !otel_http_date_(p, &date)) return false;
        *ms = date <= now_s ? 0u : date - now_s > 1000000u ? 1000000000u : (uint32_t)(date - now_s) * 1000u;
        return true;
    }
    for (; *p >= '0' && *p <= '9'; p++) seconds = seconds > 1000000u ? seconds : seconds * 10u + (uint32_t)(*p - '0');
    while (*p == ' ' || *p == '\t') p++;
    if (*p) return false;
    *ms = seconds > 1000000u ? 1000000000u : seconds * 1000u;
    return true;
}
OTEL_C_END_
#endif

/* ---- breaker.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_breaker_init_with(otel_breaker_t *b, const otel_breaker_config_t *config)
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)b; return OTEL_BREAKER_CLOSED)
    return b ? (otel_breaker_state_t)OTEL_LOAD_(&b->state_) : OTEL_BREAKER_CLOSED;
}

OTEL_API_ uint32_t otel_breaker_opened(const otel_breaker_t *b)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)b; return 0)
    return b ? OTEL_LOAD_(&b->opened_) : 0u;
}

OTEL_API_ uint32_t otel_breaker_refused(const otel_breaker_t *b)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)b; return 0)
    return b ? OTEL_LOAD_(&b->refused_) : 0u;
}
OTEL_C_END_
#endif

/* ---- pb.h ------------------------------------------------------------------------------------------------------ */
OTEL_C_BEGIN_
OTEL_FN_ otel_pb_t_ otel_pb_open_(const void *bytes, size_t len)
{
    otel_pb_t_ message;
    message.at = (const uint8_t *)bytes;
    message.left = bytes ? len : 0u;
    message.cuttable = message.cut = message.broken = false;
    return message;
}

/* The inverse of otel_double_bits_. A double of 4 bytes takes what it can hold: infinity or zero beyond its range. */
OTEL_FN_ double otel_bits_double_(uint64_t bits)
{
    double value = 0;
    if (sizeof(double) == 8) {
        memcpy(&value, &bits, sizeof(double));
    } else {
        uint32_t narrow = (uint32_t)(bits >> 63) << 31, exponent = (uint32_t)(bits >> 52) & 0x7FFu;
        uint32_t fraction = (uint32_t)(bits >> 29) & 0x7FFFFFu;
        if (exponent == 0x7FFu) narrow |= 0x7F800000u | (fraction ? 0x400000u : 0u);
        else if (exponent > 1150u) narrow |= 0x7F800000u;
        else if (exponent > 896u) narrow |= (exponent - 896u) << 23 | fraction;
        else if (exponent > 873u) narrow |= (fraction | 0x800000u) >> (897u - exponent);
        memcpy(&value, &narrow, 4);
    }
    return value;
}
#if OTEL_BODIES_
/* A varint, padded or not, in two halves: 64-bit shifts would want more registers than small cores have. As otel_pb_varint_. */
OTEL_INLINE_ unsigned otel_pb_halves_(const uint8_t *p, size_t n, uint32_t *low, uint32_t *high)
{
    unsigned i;
    *low = *high = 0;
    for (i = 0; i < n; i++) {
        uint32_t part = p[i] & 127u;
        if (i == 9 && p[i] > 1u) return OTEL_PB_BAD_;
        if (i < 5) *low |= part << (7u * i);
        if (i >= 4) *high |= i == 4 ? part >> 4 : part << (7u * i - 32u);
        if (p[i] < 128u) return i + 1u;
    }
    return 0;
}

/* Read a varint, padded or not. How many bytes it takes; 0 when it goes on behind the `n`th, OTEL_PB_BAD_ when it says
   more than 64 bits. */
OTEL_API_ unsigned otel_pb_varint_(const uint8_t *p, size_t n, uint64_t *value)
{ OTEL_CALLED_
    uint32_t low, high;
    unsigned used = otel_pb_halves_(p, n, &low, &high);
    if (used != 0 && used != OTEL_PB_BAD_) *value = (uint64_t)high << 32 | low;
    return used;
}

/* Read a tag with its number, or with its length (`bytes` is left to the caller). How many bytes that takes; 0 when
   there are fewer, OTEL_PB_BAD_ when it is no field. Wants OTEL_PB_HEAD_ bytes, or all that are left. */
OTEL_API_ unsigned otel_pb_head_(const uint8_t *p, size_t n, otel_pb_field_t_ *field)
{ OTEL_CALLED_
    uint32_t low, high;
    unsigned used, before = 0, turn;                          /* before: what the tag took */
    field->bytes = NULL;
    field->len = 0;
    field->value = 0;
    for (turn = 0;; turn++) {                                 /* twice: one copy of the loop inside serves tag and number */
        used = otel_pb_halves_(p, n, &low, &high);
        if (used == 0 || used == OTEL_PB_BAD_) return used;
        if (turn == 1u) break;
        if (high || low < 8u) return OTEL_PB_BAD_;
        field->number = low >> 3;
        field->type = (uint8_t)(low & 7u);
        before = used;
        p += used;
        n -= used;
        switch (field->type) {
        case OTEL_PB_VARINT_:
        case OTEL_PB_SLICE_: continue;
        case OTEL_PB_FIXED64_:
            if (n < 8) return 0;
            field->value = otel_get64_(p);
            return before + 8u;
        case OTEL_PB_FIXED32_:
            if (n < 4) return 0;
            field->value = otel_get32_(p);
            return before + 4u;
        default: return OTEL_PB_BAD_;
        }
    }
    field->value = (uint64_t)high << 32 | low;
    if (field->type == OTEL_PB_SLICE_) field->len = field->value > (size_t)-1 ? (size_t)-1 : (size_t)field->value;
    return before + used;
}

/* The next field; false at the end, or when `broken` is set. */
OTEL_API_ bool otel_pb_next_(otel_pb_t_ *m, otel_pb_field_t_ *field)
{ OTEL_CALLED_
    unsigned used;
    if (m->left == 0 || m->broken) return false;
    used = otel_pb_head_(m->at, m->left, field);
    if (used == 0 || used == OTEL_PB_BAD_) {
        if (used == 0 && m->cuttable) m->cut = true;
        else m->broken = true;
        m->left = 0;
        return false;
    }
    m->at += used;
    m->left -= used;
    if (field->type != OTEL_PB_SLICE_) return true;
    if (field->len > m->left) {
        m->cut = m->cuttable;
        m->broken = !m->cuttable;
        field->len = m->left;
        if (m->broken) {
            m->left = 0;
            return false;
        }
    }
    field->bytes = m->at;
    m->at += field->len;
    m->left -= field->len;
    return true;
}
#endif
OTEL_C_END_

/* ---- reply.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The message field of either answer, up to a whole character. */
OTEL_FN_ void otel_reply_text_(otel_reply_t *reply, const otel_pb_field_t_ *field)
{
    size_t n = 0, len = field->len < OTEL_REPLY_TEXT_ ? field->len : OTEL_REPLY_TEXT_;
    unsigned step = 1;
    while (n < len && step) {
        step = otel_utf8_step_(field->bytes + n, len - n);
        n += step;
    }
    reply->message = (const char *)field->bytes;
    reply->message_len = n;
}

/* Find lower-case `word` in the message, in letters of any case. */
OTEL_FN_ bool otel_reply_says_(const otel_reply_t *reply, const char *word)
{
    size_t n = strlen(word), i, k;
    for (i = 0; i + n <= reply->message_len; i++) {
        for (k = 0; k < n; k++) {
            char c = reply->message[i + k];
            if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
            if (c != word[k]) break;
        }
        if (k == n) return true;
    }
    return false;
}

#if !OTEL_NANOPB_                  /* else reply_nanopb.h reads */
/* Three readers deep is as far as it goes; they share `field`, to take less stack.
   Duration: seconds = 1, nanos = 2. Milliseconds, rounded up. */
OTEL_FN_ uint32_t otel_reply_duration_(otel_pb_field_t_ *field)
{
    otel_pb_t_ duration = otel_pb_open_(field->bytes, field->len);
    uint64_t seconds = 0, nanos = 0;
    while (otel_pb_next_(&duration, field)) {
        if (field->type != OTEL_PB_VARINT_) continue;
        if (field->number == 1) seconds = field->value;
        if (field->number == 2) nanos = field->value;
    }
    if (duration.broken || seconds >> 63 || nanos >> 63) return 0;
    if (seconds > 4000000u) return 4000000000u;
    if (nanos > 999999999u) nanos = 999999999u;
    return (uint32_t)seconds * 1000u + ((uint32_t)nanos + 999999u) / 1000000u;
}

/* Any: type_url = 1, value = 2. RetryInfo: retry_delay = 1. */
OTEL_FN_ uint32_t otel_reply_delay_(otel_pb_field_t_ *field)
{
    static const char name[] = "/google.rpc.RetryInfo";
    const size_t n = sizeof name - 1u;
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    const uint8_t *info = NULL;
    size_t info_len = 0;
    uint32_t delay = 0;
    bool is_retry = false;
    while (otel_pb_next_(&message, field)) {
        if (field->type != OTEL_PB_SLICE_) continue;
        if (field->number == 1) is_retry = field->len >= n && memcmp(field->bytes + field->len - n, name, n) == 0;
        if (field->number == 2) {
            info = field->bytes;
            info_len = field->len;
        }
    }
    if (message.broken || !is_retry) return 0;
    message = otel_pb_open_(info, info_len);
    while (otel_pb_next_(&message, field)) {
        if (field->number == 1 && field->type == OTEL_PB_SLICE_) delay = otel_reply_duration_(field);
    }
    return message.broken ? 0u : delay;
}

/* Export*PartialSuccess: rejected_spans, rejected_data_points or rejected_log_records = 1, error_message = 2. */
OTEL_FN_ bool otel_reply_partial_(otel_reply_t *reply, otel_pb_field_t_ *field, bool cut, uint32_t items)
{
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    message.cuttable = cut;
    while (otel_pb_next_(&message, field)) {
        if (field->number == 1 && field->type == OTEL_PB_VARINT_) {
            if (field->value >> 63) field->value = 0;
            reply->rejected = field->value > items ? items : (uint32_t)field->value;
        }
        if (field->number == 2 && field->type == OTEL_PB_SLICE_) otel_reply_text_(reply, field);
    }
    return !message.broken;
}

/* Read the answer to a request of `items` items. The body may be cut anywhere; what is whole in its first 512 bytes
   counts, and of a message what is there. False, and all zero, when it is neither of the two (a web page, say).
   Export*ServiceResponse: partial_success = 1, a message. Status: code = 1, a number; message = 2; details = 3. */
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items)
{ OTEL_CALLED_
    otel_pb_t_ message = otel_pb_open_(body, len > OTEL_REPLY_BYTES_ ? OTEL_REPLY_BYTES_ : len);
    otel_pb_field_t_ field;
    bool good = true;
    memset(reply, 0, sizeof *reply);
    message.cuttable = true;
    while (good && otel_pb_next_(&message, &field)) {
        if (field.number == 1 && field.type == OTEL_PB_SLICE_) good = otel_reply_partial_(reply, &field, message.cut, items);
        else if (field.number == 1 && field.type == OTEL_PB_VARINT_) reply->code = (int32_t)(uint32_t)(field.value & 0x7FFFFFFFu);
        else if (field.number == 2 && field.type == OTEL_PB_SLICE_) otel_reply_text_(reply, &field);
        else if (field.number == 3 && field.type == OTEL_PB_SLICE_ && !message.cut) {
            uint32_t delay = otel_reply_delay_(&field);
            if (delay) reply->retry_after_ms = delay;
        }
    }
    if (!good || message.broken) {
        memset(reply, 0, sizeof *reply);
        return false;
    }
    reply->too_large = otel_reply_says_(reply, "too large") || otel_reply_says_(reply, "larger than");
    return true;
}
#endif
OTEL_C_END_
#endif

/* ---- exporter.h ------------------------------------------------------------------------------------------------ */
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    otel_exporter_tick_(x);
    return otel_export_build_(x, gather);
}

OTEL_API_ bool otel_export_next(otel_exporter_t *x, otel_request_t *request)
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    int status;
    if (!otel_export_take_(x, gather)) return false;
    status = otel_export_hand_(x);
    otel_export_done(x, status);
    return status != OTEL_AGAIN;
}

OTEL_API_ otel_result_t otel_export_poll(otel_exporter_t *x)
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; (void)timeout_ms; return OTEL_OK)
    if (!otel) return OTEL_E_NULL;
    return otel_running_(otel) ? otel_flush_all_(otel, timeout_ms) : OTEL_E_NOT_READY;
}

OTEL_API_ otel_result_t otel_shutdown(otel_t *otel, uint32_t timeout_ms)
{ OTEL_CALLED_
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

/* ---- chunk.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CHUNK_DATA_ 0x10u
#define OTEL_CHUNK_LAST_ 0x14u
#define OTEL_CHUNK_ASK_ 0x20u
#define OTEL_CHUNK_OUTCOME_ 0x30u
#define OTEL_CHUNK_MISSING_ 0x31u
#define OTEL_CHUNK_TIME_ 0x34u
#define OTEL_CHUNK_ROUNDS_ 200u       /* repairs of one request, before the link counts as hopeless */

OTEL_API_ uint16_t otel_crc16(uint16_t crc, uint8_t byte)
{ OTEL_CALLED_
    uint16_t x;
    OTEL_WHEN_OFF_((void)crc; (void)byte; return 0)
    x = (uint16_t)((crc >> 8) ^ byte);
    x = (uint16_t)(x ^ (x >> 4));
    return (uint16_t)((uint16_t)(crc << 8) ^ (uint16_t)(x << 12) ^ (uint16_t)(x << 5) ^ x);
}

/* The clock in steps of 2^20 ns, good for waits of up to 26 days. */
OTEL_FN_ uint32_t otel_chunk_now_(otel_t *otel) { return (uint32_t)(otel_clock_now_(&otel->clock_) >> 20); }

OTEL_API_ otel_result_t otel_chunk_init_with(otel_chunk_t *c, const otel_chunk_config_t *config)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)c; (void)config; return OTEL_OK)
    if (!c || !config || !config->exporter) return OTEL_E_NULL;
    if (config->mtu && config->mtu < OTEL_CHUNK_MTU_MIN) return OTEL_E_CONFIG;
    memset((void *)c, 0, sizeof *c);
    c->config_ = *config;
    if (!config->mtu) c->config_.mtu = 64;
    if (!config->wait_ms) c->config_.wait_ms = 1000;
    if (!config->tries) c->config_.tries = 4;
    if (!config->sync_ms) c->config_.sync_ms = 600000u;
    return OTEL_OK;
}

/* ---- sending ---- */
/* Find the place of `at_` in the body or in its parts. */
OTEL_FN_ void otel_chunk_seek_(otel_chunk_t *c)
{
    size_t rest = c->at_;
    c->piece_ = 0;
    while (c->request_.parts && c->piece_ < c->request_.parts_len && rest >= c->request_.parts[c->piece_].len) rest -= c->request_.parts[c->piece_++].len;
    c->piece_at_ = rest;
}

OTEL_FN_ uint8_t otel_chunk_body_(otel_chunk_t *c)
{
    uint8_t byte;
    if (!c->request_.parts) return ((const uint8_t *)c->request_.body)[c->at_];
    byte = ((const uint8_t *)c->request_.parts[c->piece_].bytes)[c->piece_at_];
    if (++c->piece_at_ == c->request_.parts[c->piece_].len) {
        c->piece_++;
        c->piece_at_ = 0;
    }
    return byte;
}

OTEL_FN_ uint8_t *otel_chunk_varint_(uint8_t *to, size_t value)
{
    for (; value > 127u; value >>= 7) *to++ = (uint8_t)(value | 128u);
    *to++ = (uint8_t)value;
    return to;
}

/* Begin a frame: its head, and how many bytes of the body follow. False: nothing to send. */
OTEL_FN_ bool otel_chunk_open_(otel_chunk_t *c)
{
    uint8_t *to = c->head_;
    c->head_at_ = 0;
    c->left_ = 0;
    c->tail_ = 2;
    c->crc_ = 0xFFFFu;
    c->final_ = false;
    if (c->asking_) {
        *to++ = (uint8_t)(OTEL_CHUNK_ASK_ | c->question_);
    } else if (c->sending_) {
        size_t room, more = c->until_ - c->at_;
        to[1] = c->number_;
        to = otel_chunk_varint_(to + 2, c->at_);
        room = (size_t)c->config_.mtu - (size_t)(to - c->head_) - 2u;
        c->left_ = more < room ? more : room;
        if (c->until_ == c->request_.len && more + 2u <= room) {
            c->final_ = true;
            c->tail_ = 4;
            c->last_ = c->at_;
        }
        c->head_[0] = (uint8_t)((c->final_ ? OTEL_CHUNK_LAST_ : OTEL_CHUNK_DATA_) | (unsigned)c->request_.signal);
        otel_chunk_seek_(c);
    } else {
        return false;
    }
    c->head_len_ = (uint8_t)(to - c->head_);
    c->open_ = true;
    return true;
}

/* The frame is out: what else is there of this? */
OTEL_FN_ void otel_chunk_close_(otel_chunk_t *c)
{
    c->open_ = false;
    OTEL_SIGNAL_FENCE_();
    if (c->head_len_ == 1u) c->asking_ = false;
    else if (c->final_ || (c->at_ == c->until_ && c->until_ != c->request_.len)) c->sending_ = false;
}

OTEL_API_ int otel_chunk_byte(otel_chunk_t *c)
{ OTEL_CALLED_
    uint8_t byte;
    OTEL_WHEN_OFF_((void)c; return OTEL_CHUNK_IDLE)
    if (!c->open_ && !otel_chunk_open_(c)) return OTEL_CHUNK_IDLE;
    if (c->head_at_ < c->head_len_) {
        byte = c->head_[c->head_at_++];
    } else if (c->left_) {
        byte = otel_chunk_body_(c);
        if (c->at_ == c->summed_) {               /* for the first time: later it is in the checksum already */
            c->body_crc_ = otel_crc16(c->body_crc_, byte);
            c->summed_++;
        }
        c->at_++;
        c->left_--;
    } else if (c->tail_) {
        uint16_t crc = c->tail_ > 2 ? c->body_crc_ : c->crc_;
        byte = (uint8_t)(c->tail_ & 1u ? crc & 255u : crc >> 8);
        c->tail_--;
        if (c->tail_ < 2u) return byte;           /* the frame's checksum is not in itself */
    } else {
        otel_chunk_close_(c);
        return OTEL_CHUNK_END;
    }
    c->crc_ = otel_crc16(c->crc_, byte);
    return byte;
}

OTEL_API_ size_t otel_chunk_next(otel_chunk_t *c, void *frame)
{ OTEL_CALLED_
    uint8_t *to = (uint8_t *)frame;
    size_t n = 0;
    int byte;
    OTEL_WHEN_OFF_((void)c; (void)frame; return 0)
    if (!c || !frame) return 0;
    while ((byte = otel_chunk_byte(c)) >= 0) to[n++] = (uint8_t)byte;
    return n;
}

OTEL_API_ bool otel_chunk_wants(const otel_chunk_t *c)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)c; return false)
    return c->sending_ || c->asking_ || c->open_;
}

OTEL_API_ int otel_chunk_send(void *chunk, const otel_request_t *request)
{ OTEL_CALLED_
    otel_chunk_t *c = (otel_chunk_t *)chunk;
    uint8_t any[4];
    OTEL_WHEN_OFF_((void)chunk; (void)request; return -1)
    if (!c || !request) return -1;
    if (c->flying_ || c->sending_) return OTEL_AGAIN;
    c->request_ = *request;
    otel_id_make_(&c->config_.exporter->otel_->shard_.ids, any, 1);
    c->number_ = (uint8_t)((c->rounds_ ? c->number_ : any[0]) + 1u);      /* begins anywhere */
    c->rounds_ = 1;
    c->tries_ = 0;
    c->at_ = c->summed_ = 0;
    c->until_ = request->len;
    c->body_crc_ = 0xFFFFu;
    c->outcome_ = false;
    c->missing_ = false;
    c->since_ = otel_chunk_now_(c->config_.exporter->otel_);
    c->flying_ = true;
    OTEL_SIGNAL_FENCE_();
    c->sending_ = true;
    return OTEL_PENDING;
}

/* ---- receiving ---- */
/* A varint of at most 3 bytes; `*at` moves behind it. */
OTEL_FN_ uint32_t otel_chunk_number_(const uint8_t *frame, size_t len, size_t *at)
{
    uint32_t value = 0;
    unsigned shift;
    for (shift = 0; shift < 21u && *at < len; shift += 7u) {
        uint8_t byte = frame[(*at)++];
        value |= (uint32_t)(byte & 127u) << shift;
        if (byte < 128u) break;
    }
    return value;
}

OTEL_FN_ void otel_chunk_outcome_(otel_chunk_t *c, const uint8_t *frame, size_t len)
{
    size_t at = 2;
    if (frame[0] == OTEL_CHUNK_OUTCOME_ && !c->outcome_) {
        c->status_ = (uint16_t)otel_chunk_number_(frame, len, &at);
        c->retry_s_ = (uint16_t)otel_chunk_number_(frame, len, &at);
        c->rejected_ = otel_chunk_number_(frame, len, &at);
        OTEL_SIGNAL_FENCE_();
        c->outcome_ = true;
    } else if (frame[0] == OTEL_CHUNK_MISSING_ && !c->missing_) {
        c->from_ = (size_t)otel_chunk_number_(frame, len, &at);
        c->to_ = c->from_ + (size_t)otel_chunk_number_(frame, len, &at);
        OTEL_SIGNAL_FENCE_();
        c->missing_ = true;
    }
}

OTEL_API_ void otel_chunk_take(otel_chunk_t *c, const void *bytes, size_t len)
{ OTEL_CALLED_
    const uint8_t *frame = (const uint8_t *)bytes;
    uint16_t crc = 0xFFFFu;
    size_t i;
    OTEL_WHEN_OFF_((void)c; (void)bytes; (void)len; return)
    if (!c || !bytes || len < 4u) return;
    len -= 2u;
    for (i = 0; i < len; i++) crc = otel_crc16(crc, frame[i]);
    if (frame[len] != (uint8_t)(crc >> 8) || frame[len + 1u] != (uint8_t)(crc & 255u)) return;
    if ((frame[0] & 0xFCu) == OTEL_CHUNK_TIME_) {
        if (len != 9u || c->time_ || !c->asked_ || (frame[0] & 3u) != c->question_) return;
        c->taken_ns_ = otel_clock_now_(&c->config_.exporter->otel_->clock_);
        c->unix_ns_ = otel_get64_(frame + 1);
        OTEL_SIGNAL_FENCE_();
        c->time_ = true;
    } else if (c->flying_ && frame[1] == c->number_) {
        otel_chunk_outcome_(c, frame, len);
    }
}

/* ---- the loop ---- */
/* Send a part of the request again; `to` 0 or behind the end: to the end. */
OTEL_FN_ void otel_chunk_again_(otel_chunk_t *c, size_t from, size_t to)
{
    c->at_ = from < c->request_.len ? from : c->last_;
    c->until_ = to > c->at_ && to < c->request_.len ? to : c->request_.len;
    OTEL_SIGNAL_FENCE_();
    c->sending_ = true;
}

OTEL_FN_ void otel_chunk_done_(otel_chunk_t *c, int status)
{
    c->flying_ = false;
    otel_export_done(c->config_.exporter, status);
}

/* The gateway's outcome: a few numbers, so that no reader of replies is linked. */
OTEL_FN_ void otel_chunk_settle_(otel_chunk_t *c)
{
    otel_exporter_t *x = c->config_.exporter;
    x->reply_rejected_ = c->rejected_ < c->request_.items ? c->rejected_ : c->request_.items;
    if (c->retry_s_) otel_export_wait_(x, (uint32_t)c->retry_s_ * 1000u);
    otel_chunk_done_(c, (int)c->status_);
}

OTEL_FN_ void otel_chunk_request_(otel_chunk_t *c, uint32_t now)
{
    if (c->outcome_) {
        otel_chunk_settle_(c);
    } else if (c->sending_) {
        c->since_ = now;
    } else if (c->config_.one_way) {
        otel_chunk_done_(c, 200);
    } else if (c->missing_) {
        c->tries_ = 0;
        if (c->rounds_++ > OTEL_CHUNK_ROUNDS_) {
            otel_chunk_done_(c, -1);
        } else {
            otel_chunk_again_(c, c->from_, c->to_ == c->from_ ? 0 : c->to_);
            c->missing_ = false;
        }
    } else if (now - c->since_ >= c->config_.wait_ms) {
        if (c->tries_++ >= c->config_.tries) otel_chunk_done_(c, -1);
        else otel_chunk_again_(c, c->last_, 0);               /* the last piece says that an answer is wanted */
        c->since_ = now;
    }
}

OTEL_FN_ void otel_chunk_sync_(otel_chunk_t *c, otel_t *otel, uint32_t now)
{
    uint32_t wait = c->synced_ ? c->config_.sync_ms : (uint32_t)c->config_.wait_ms * 4u;
    if (c->time_) {
        uint64_t ns = otel_clock_now_(&otel->clock_);
        otel_time_sync(otel, c->unix_ns_ + (ns - c->taken_ns_) + (c->taken_ns_ - c->asked_ns_) / 2u);
        if (!c->synced_) {                        /* a device without entropy begins each boot alike: from here on its ids do not */
            uint32_t was = otel_mask_();
            otel_id_seed_(&otel->shard_.ids, (const uint8_t *)&c->unix_ns_, sizeof c->unix_ns_);
            otel_unmask_(was);
        }
        c->synced_ = true;
        c->asked_ = false;
        c->time_ = false;
        c->sync_since_ = now;
    } else if (!c->asking_ && !c->config_.one_way && c->config_.sync_ms != OTEL_CHUNK_NO_SYNC && (now - c->sync_since_ >= wait || !(c->asked_ || c->synced_))) {
        c->question_ = (uint8_t)((c->question_ + 1u) & 3u);
        c->asked_ns_ = otel_clock_now_(&otel->clock_);
        c->sync_since_ = now;
        c->asked_ = true;
        OTEL_SIGNAL_FENCE_();
        c->asking_ = true;
    }
}

OTEL_API_ void otel_chunk_poll(otel_chunk_t *c)
{ OTEL_CALLED_
    otel_t *otel;
    uint32_t now;
    OTEL_WHEN_OFF_((void)c; return)
    if (!c || !c->config_.exporter || !c->config_.exporter->otel_) return;
    otel = c->config_.exporter->otel_;
    now = otel_chunk_now_(otel);
    if (c->flying_) otel_chunk_request_(c, now);
    otel_chunk_sync_(c, otel, now);
}
OTEL_C_END_
#endif

/* ---- decimal.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Divide by less than 2^16; the remainder. 16 bits at a time: a division of 64 bits is a library of its own on small cores,
   and takes 56 bytes of stack there. */
OTEL_INLINE_ uint32_t otel_divided_(uint64_t *n, uint32_t by)
{
    uint32_t high, middle, rest;
    if (sizeof(size_t) > 4u) {
        rest = (uint32_t)(*n % by);
        *n /= by;
        return rest;
    }
    high = (uint32_t)(*n >> 32);
    rest = high % by << 16 | (uint32_t)(*n >> 16 & 0xFFFFu);
    middle = rest / by;
    rest = rest % by << 16 | (uint32_t)(*n & 0xFFFFu);
    *n = (uint64_t)(high / by) << 32 | (middle << 16 | rest / by);
    return rest % by;
}
OTEL_FN_ uint32_t otel_divide_(uint64_t *n, uint32_t by) { return otel_divided_(n, by); }

/* Decimal digits of a number; how many. */
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value)
{ OTEL_CALLED_
    char *end = to, *from = to, last;
    uint32_t rest;
    while (value > 0xFFFFFFFFu) *end++ = (char)('0' + (int)otel_divided_(&value, 10));
    for (rest = (uint32_t)value; rest > 9u; rest /= 10u) *end++ = (char)('0' + (int)(rest % 10u));
    *end++ = (char)('0' + (int)rest);
    value = (uint64_t)(end - to);
    while (--end > from) {             /* the last digit came first */
        last = *end;
        *end = *from;
        *from++ = last;
    }
    return (size_t)value;
}

/* ---- doubles ---- */

/* unit *= factor * 2^-32 or 1; the power of two that goes with it. The top word is not 0, so 160 bits and more stay. */
OTEL_STEP_ int otel_decimal_times_(otel_decimal_t_ *d, uint32_t factor)
{
    uint32_t carry = 0;
    unsigned i;
    for (i = 0; i < 6u; i++) {
        uint64_t x = (uint64_t)d->unit[i] * factor + carry;
        d->unit[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
    if (!carry) return 0;
    for (i = 6; i-- > 0;) {
        uint32_t word = d->unit[i];
        d->unit[i] = carry;
        carry = word;
    }
    return 32;
}

/* unit /= by, which is below 2^16, and then * 2^32 or 1; the power of two that goes with it. */
OTEL_STEP_ int otel_decimal_by_(otel_decimal_t_ *d, uint32_t by)
{
    uint32_t rest = 0;
    unsigned i;
    for (i = 6; i-- > 0;) {
        uint32_t word = d->unit[i], high = rest << 16 | word >> 16, low = high % by << 16 | (word & 0xFFFFu);
        d->unit[i] = high / by << 16 | low / by;
        rest = low % by;
    }
    if (d->unit[5]) return 0;
    for (i = 0, rest = 0; i < 6u; i++) {
        uint32_t word = d->unit[i];
        d->unit[i] = rest;
        rest = word;
    }
    return -32;
}

/* unit = 2^exponent / 10^power. */
OTEL_STEP_ void otel_decimal_unit_(otel_decimal_t_ *d)
{
    int k, shift = d->exponent - d->power - 191;
    unsigned i;
    memset(d->unit, 0, sizeof d->unit);
    d->unit[5] = (uint32_t)1 << 31;
    for (k = d->power; k <= -13; k += 13) shift += otel_decimal_times_(d, 1220703125u);       /* 5^13 */
    for (; k < 0; k++) shift += otel_decimal_times_(d, 5u);
    for (; k >= 6; k -= 6) shift += otel_decimal_by_(d, 15625u);           /* 5^6 */
    for (; k > 0; k--) shift += otel_decimal_by_(d, 5u);
    for (shift += 160; shift > 0; shift--) (void)otel_decimal_times_(d, 2u);
    for (i = 0; shift && i < 6u; i++) d->unit[i] = d->unit[i] >> -shift | (i < 5u ? d->unit[i + 1u] << (32 + shift) : 0u);   /* by less than 32 */
}

/* value = unit * fraction, and 2^-80 more, so that it is never below what it stands for. */
OTEL_STEP_ void otel_decimal_value_(otel_decimal_t_ *d)
{
    unsigned i, k;
    memset(d->value, 0, sizeof d->value);
    d->value[2] = (uint32_t)1 << 16;
    for (k = 0; k < 2u; k++) {
        uint32_t carry = 0, half = (uint32_t)(d->fraction >> 32u * k);
        for (i = 0; i + k < 7u; i++) {
            uint64_t x = (uint64_t)(i < 6u ? d->unit[i] : 0u) * half + d->value[i + k] + carry;
            d->value[i + k] = (uint32_t)x;
            carry = (uint32_t)(x >> 32);
        }
    }
}

/* value += or -= unit / 2^shift. */
OTEL_STEP_ void otel_decimal_move_(otel_decimal_t_ *d, unsigned shift, bool down)
{
    uint32_t carry = down;
    unsigned i;
    for (i = 0; i < 7u; i++) {
        uint32_t word = i < 6u ? d->unit[i] >> shift | (i < 5u ? d->unit[i + 1u] << (32u - shift) : 0u) : 0u;
        uint64_t x = (uint64_t)d->value[i] + (down ? ~word : word) + carry;
        d->value[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
}

OTEL_FN_ uint64_t otel_decimal_whole_(const otel_decimal_t_ *d) { return (uint64_t)d->value[6] << 32 | d->value[5]; }

/* Is the value whole, but for less than 2^-70? Then it is: no double and no middle between two is nearer than 2^-64 to a multiple of
   its last decimal digit, or of half of it, without being one (all exponents were looked at). */
OTEL_FN_ bool otel_decimal_exact_(const otel_decimal_t_ *d) { return d->value[4] == 0 && d->value[3] == 0 && d->value[2] >> 26 == 0; }

/* The least and the most whole number that reads as the double: a middle does so for the even one of its neighbours. */
OTEL_STEP_ void otel_decimal_below_(otel_decimal_t_ *d)
{
    otel_decimal_value_(d);
    otel_decimal_move_(d, d->narrow ? 2u : 1u, true);
    d->below = otel_decimal_whole_(d) + (!(d->fraction & 1u) && otel_decimal_exact_(d) ? 0u : 1u);
}

OTEL_STEP_ void otel_decimal_above_(otel_decimal_t_ *d)
{
    otel_decimal_value_(d);
    otel_decimal_move_(d, 1u, false);
    d->digits = otel_decimal_whole_(d) - (d->fraction & 1u && otel_decimal_exact_(d) ? 1u : 0u);
}

/* At most one multiple of ten is between them, and at least one number: that multiple is the shortest, else the nearest number is. */
OTEL_STEP_ void otel_decimal_choose_(otel_decimal_t_ *d)
{
    uint64_t above = d->digits, whole = otel_decimal_whole_(d), ten = whole;
    ten = whole - otel_divided_(&ten, 10);
    if (ten >= d->below && ten) d->digits = ten;
    else if (ten + 10u <= above) d->digits = ten + 10u;
    else if (whole < d->below) d->digits = whole + 1u;
    else if (whole + 1u > above) d->digits = whole;
    else {
        uint32_t half = d->value[4];
        d->value[4] &= 0x7FFFFFFFu;
        d->digits = whole + (half >> 31 && (!otel_decimal_exact_(d) || whole & 1u) ? 1u : 0u);
    }
}

/* Put the digits behind the text. */
OTEL_STEP_ void otel_decimal_put_(otel_decimal_t_ *d, uint64_t digits) { d->len += otel_uint_text_(d->text + d->len, digits); }

/* d.ddde-5 */
OTEL_STEP_ void otel_decimal_power_(otel_decimal_t_ *d, int point)
{
    char *to = d->text + d->begin + 1u;
    if (d->text + d->len > to) {
        memmove(to + 1, to, d->len++ - d->begin - 1u);
        *to = '.';
    }
    d->text[d->len++] = 'e';
    if (point < 1) d->text[d->len++] = '-';
    otel_decimal_put_(d, (uint64_t)(point < 1 ? 1 - point : point - 1));
}

/* The point among the digits. */
OTEL_STEP_ void otel_decimal_point_(otel_decimal_t_ *d)
{
    char *to = d->text + d->begin;
    int point = (int)(d->len - d->begin) + d->power;
    while (d->len > d->begin + 1u && d->text[d->len - 1u] == '0') d->len--;
    if (point < -4 || point > 17) {
        otel_decimal_power_(d, point);
        return;
    }
    for (; point <= 0; point++) {                             /* 0.00ddd */
        memmove(to + 1, to, d->len++ - d->begin);
        *to = '0';
    }
    while ((int)(d->len - d->begin) < point) d->text[d->len++] = '0';         /* ddd00 */
    to += point;
    if (to == d->text + d->len) return;
    memmove(to + 1, to, (size_t)(d->text + d->len - to));     /* dd.d */
    *to = '.';
    d->len++;
}

/* What is no number but NaN, Infinity or -Infinity; and zero, with a point, so that its sign is not lost. False: it is none of them. */
OTEL_STEP_ bool otel_decimal_word_(otel_decimal_t_ *d)
{
    static const char words[3][9] = { "NaN", "Infinity", "0.0" };
    const char *word = d->exponent == 0x7FF ? words[d->fraction ? 0 : 1] : words[2];
    if (d->exponent != 0x7FF && (d->exponent || d->fraction)) return false;
    if (word == words[0]) d->len = 0;
    memcpy(d->text + d->len, word, strlen(word));
    d->len += strlen(word);
    return true;
}

/* Take the bits apart; and the logarithm of the way between the middles, rounded down: 1262611 / 2^22 is log10(2), 524031 / 2^22
   that of 4 / 3. */
OTEL_STEP_ bool otel_decimal_set_(otel_decimal_t_ *d, uint64_t bits)
{
    d->fraction = bits & 0xFFFFFFFFFFFFFull;
    d->exponent = (int)((bits >> 52) & 0x7FFu);
    d->text[0] = '-';
    d->begin = d->len = (size_t)(bits >> 63);
    if (otel_decimal_word_(d)) return false;
    d->narrow = d->fraction == 0 && d->exponent > 1;
    if (d->exponent) d->fraction |= (uint64_t)1 << 52;
    d->exponent = d->exponent ? d->exponent - 1075 : -1074;
    d->power = (int)(((uint32_t)(d->exponent * (int32_t)1262611 - (d->narrow ? (int32_t)524031 : 0)) + ((uint32_t)400 << 22)) >> 22) - 400;
    return true;
}

/* Write a number of IEEE 754 binary64 into d->text; its length, also in d->len, at most 25. Others than numbers are NaN, Infinity and
   -Infinity. */
OTEL_API_ size_t otel_double_text_(otel_decimal_t_ *d, uint64_t bits)
{ OTEL_CALLED_
    if (otel_decimal_set_(d, bits)) {
        otel_decimal_unit_(d);
        otel_decimal_below_(d);
        otel_decimal_above_(d);
        otel_decimal_value_(d);
        otel_decimal_choose_(d);
        otel_decimal_put_(d, d->digits);
        otel_decimal_point_(d);
    }
    return d->len;
}
OTEL_C_END_
#endif

/* ---- painter.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* ---- lines ---- */
OTEL_STEP_ void otel_paint_colour_(otel_painter_t_ *p, const char *code)
{
    if (!p->colour) return;
    (p->put)(p->user, "\033[", 2);
    (p->put)(p->user, code, strlen(code));
    (p->put)(p->user, "m", 1);
}

OTEL_STEP_ void otel_paint_line_(otel_painter_t_ *p)
{
    (p->put)(p->user, p->newline, strlen(p->newline));
    p->column = 0;
}

OTEL_STEP_ void otel_paint_to_(otel_painter_t_ *p, unsigned column)
{
    static const char spaces[] = "                ";
    while (p->column < column) {
        unsigned n = column - p->column;
        if (n > sizeof spaces - 1u) n = (unsigned)(sizeof spaces - 1u);
        (p->put)(p->user, spaces, n);
        p->column = (uint16_t)(p->column + n);
    }
}

/* Put the next character of the text, or what is safe to show in its place. */
OTEL_STEP_ void otel_paint_char_(otel_painter_t_ *p)
{
    const uint8_t *text = p->at;
    unsigned step = otel_utf8_step_(text, p->left);
    bool odd = step == 0 || text[0] < ' ' || text[0] == 127 || (step == 2 && text[0] == 0xC2 && text[1] < 0xA0) || (p->ascii && step > 1);
    if (step == 0) step = 1;
    p->at += step;
    p->left -= step;
    p->column++;
    (p->put)(p->user, odd ? (text[0] == '\n' || text[0] == '\t' ? " " : "?") : (const char *)text, odd ? 1u : step);
}

/* Text as it is safe to show, at most `most` columns, and not beyond the edge. */
OTEL_STEP_ void otel_paint_(otel_painter_t_ *p, const void *text, size_t n, unsigned most)
{
    p->at = (const uint8_t *)text;
    p->left = n;
    for (; p->left && most && p->column < p->columns; most--) otel_paint_char_(p);
}

OTEL_FN_ void otel_paint_text_(otel_painter_t_ *p, const char *text) { otel_paint_(p, text, strlen(text), 1000); }
OTEL_FN_ void otel_paint_words_(otel_painter_t_ *p) { otel_paint_(p, p->words.text, p->words.n, 1000); }

/* The first word of a block, below an empty line. */
OTEL_STEP_ void otel_paint_title_(otel_painter_t_ *p, const char *word)
{
    if (p->begun) otel_paint_line_(p);
    p->begun = true;
    otel_paint_colour_(p, "1;34");
    otel_paint_text_(p, word);
    otel_paint_colour_(p, "0");
}

/* Text that goes on in the next lines, below `indent`; four of them at most. */
OTEL_STEP_ void otel_paint_long_(otel_painter_t_ *p, const void *text, size_t n, unsigned indent)
{
    p->at = (const uint8_t *)text;
    p->left = n;
    p->wrap = (uint16_t)indent;
    p->lines = 1;
    while (p->left) {
        if (p->column >= p->columns - (p->lines == 4u ? 2u : 0u)) {
            if (p->lines++ == 4u) {
                otel_paint_text_(p, "..");
                return;
            }
            otel_paint_line_(p);
            otel_paint_to_(p, p->wrap);
        }
        otel_paint_char_(p);
    }
}

/* ---- words ---- */
OTEL_STEP_ void otel_words_add_(otel_words_t_ *w, const char *text, size_t n)
{
    if (n > OTEL_WORDS_ - w->n) n = OTEL_WORDS_ - w->n;
    if (n) memcpy(w->text + w->n, text, n);
    w->n = (uint8_t)(w->n + n);
}

OTEL_FN_ void otel_words_text_(otel_words_t_ *w, const char *text) { otel_words_add_(w, text, strlen(text)); }

/* What was put behind the words counts as far as there is room. */
OTEL_FN_ void otel_words_grew_(otel_words_t_ *w, unsigned n) { w->n = (uint8_t)(w->n + n > OTEL_WORDS_ ? OTEL_WORDS_ : w->n + n); }

/* The last `places` of the n digits that stand behind the words get a point before them. */
OTEL_STEP_ void otel_words_places_(otel_words_t_ *w, unsigned places, unsigned n)
{
    char *at = w->text + w->n;
    while (places && n <= places) {    /* 0.05 out of 5 */
        memmove(at + 1, at, n++);
        *at = '0';
    }
    if (places) {
        memmove(at + n - places + 1u, at + n - places, places);
        at[n++ - places] = '.';
    }
    otel_words_grew_(w, n);
}

/* `value` with its last `places` digits behind a point. */
OTEL_STEP_ void otel_words_uint_(otel_words_t_ *w, unsigned places, uint64_t value)
{
    otel_words_places_(w, places, (unsigned)otel_uint_text_(w->text + w->n, value));
}

/* 1.234 * 10^exponent out of the digits 1234, without zeros at the end. */
OTEL_STEP_ void otel_words_point_(otel_words_t_ *w, unsigned places)
{
    while (places && w->digits % 10u == 0) {
        w->digits /= 10u;
        places--;
    }
    otel_words_uint_(w, places, w->digits);
}

/* Take w->value apart, which is not below zero; false: it is infinity. */
OTEL_STEP_ bool otel_words_apart_(otel_words_t_ *w)
{
    w->power = 0;
    w->whole = w->value < 1e16 ? (uint64_t)(w->value + 0.5) : 0;
    for (; w->value >= 10 && w->power < 400; w->power++) w->value /= 10;
    for (; w->value < 1 && w->value > 0 && w->power > -400; w->power--) w->value *= 10;
    if (w->value >= 10) return false;
    w->digits = (uint32_t)(w->value * 1000 + 0.5);
    if (w->digits > 9999u) {
        w->digits /= 10u;
        w->power++;
    }
    return true;
}

/* "1.234e-9" */
OTEL_STEP_ void otel_words_power_(otel_words_t_ *w)
{
    otel_words_point_(w, 3);
    otel_words_text_(w, w->power < 0 ? "e-" : "e");
    otel_words_uint_(w, 0, (uint64_t)(w->power < 0 ? -w->power : w->power));
}

OTEL_STEP_ void otel_words_positive_(otel_words_t_ *w, double v)
{
    w->value = v;
    if (!otel_words_apart_(w)) otel_words_text_(w, "infinity");
    else if (!w->digits) otel_words_text_(w, "0");
    else if (w->power >= 4 && w->power < 15) otel_words_uint_(w, 0, w->whole);
    else if (w->power >= -4 && w->power < 4) otel_words_point_(w, (unsigned)(3 - w->power));
    else otel_words_power_(w);
}

/* Four digits of any double; numbers up to 10^15 without an exponent. */
OTEL_STEP_ void otel_words_signed_(otel_words_t_ *w, double v)
{
    if (v < 0 && w->n < OTEL_WORDS_) w->text[w->n++] = '-';
    if (v < 0) otel_words_positive_(w, -v);
    else if (v >= 0) otel_words_positive_(w, v);
    else otel_words_text_(w, "NaN");
}

OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v) { OTEL_CALLED_ otel_words_signed_(w, v); }

/* "42.1 us" */
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns)
{ OTEL_CALLED_
    static const char unit[4][4] = { " ns", " us", " ms", " s" };
    unsigned size = ns < 1000u ? 0u : ns < 1000000u ? 1u : ns < 1000000000u ? 2u : 3u;
    ns += size == 0 ? 0u : size == 1u ? 50u : size == 2u ? 5000u : 500000u;
    if (size) (void)otel_divide_(&ns, size == 1u ? 100u : size == 2u ? 10000u : 1000u);
    if (size == 3u) (void)otel_divide_(&ns, 1000u);
    otel_words_uint_(w, size, ns);
    otel_words_text_(w, unit[size]);
}

/* The number in the unit that suits its size: bytes in KiB and MiB, short seconds in ms. */
OTEL_STEP_ void otel_words_unit_(otel_words_t_ *w)
{
    static const char big[6][4] = { "By", "KiB", "MiB", "GiB", "TiB", "PiB" }, small[4][4] = { "s", "ms", "us", "ns" };
    unsigned i = 0;
    if (w->unit_len == 2 && w->unit[0] == 'B' && w->unit[1] == 'y') {
        for (; (w->value >= 1024 || w->value <= -1024) && i < 5u; i++) w->value /= 1024;
        if (i) w->integer = false;
        w->unit = big[i];
        w->unit_len = i ? 3u : 2u;
    } else if (w->unit_len == 1 && *w->unit == 's' && !w->integer) {
        for (; w->value < 1 && w->value > -1 && (w->value < 0 || w->value > 0) && i < 3u; i++) w->value *= 1000;
        w->unit = small[i];
        w->unit_len = i ? 2u : 1u;
    } else if (w->unit_len && (*w->unit == '{' || (w->unit_len == 1 && *w->unit == '1'))) {
        w->unit_len = 0;
    }
}

/* w->value, which is an integer. */
OTEL_STEP_ void otel_words_integer_(otel_words_t_ *w)
{
    if (w->value < 0) {
        otel_words_text_(w, "-");
        w->value = -w->value;
    }
    otel_words_uint_(w, 0, (uint64_t)(w->value + 0.5));
}

/* A number as people read it, in w->value and w->integer; the name already says what {packet} counts. */
OTEL_STEP_ void otel_words_number_(otel_words_t_ *w, const otel_pb_field_t_ *unit)
{
    w->unit = (const char *)unit->bytes;
    w->unit_len = unit->len;
    otel_words_unit_(w);
    if (w->integer && w->value < 9e15 && w->value > -9e15) otel_words_integer_(w);
    else otel_words_double_(w, w->value);
    if (w->unit_len) otel_words_text_(w, " ");
    otel_words_add_(w, w->unit, w->unit_len > 16u ? 16u : w->unit_len);
}

/* "12:30:01.123" */
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s)
{ OTEL_CALLED_
    static const uint32_t unit[9] = { 36000000u, 3600000u, 600000u, 60000u, 10000u, 1000u, 100u, 10u, 1u };
    char *at = w->text + w->n;
    uint32_t ms, day, i;
    (void)otel_divide_(&ns, 1000u);
    (void)otel_divide_(&ns, 1000u);
    ms = otel_divide_(&ns, 1000u);
    day = (uint32_t)ns & 1u;           /* 86400 seconds do not fit 16 bits; 43200 times two do */
    ns >>= 1;
    day += 2u * otel_divide_(&ns, 43200u);
    ms += (day + 86400u) * 1000u;
    ms = (uint32_t)((int32_t)ms + offset_s % 86400 * 1000) % 86400000u;
    for (i = 0; i < 9u; i++) {
        *at++ = (char)('0' + (int)(ms / unit[i]));
        ms %= unit[i];
        if (i == 1u || i == 3u) *at++ = ':';
        if (i == 5u) *at++ = '.';
    }
    otel_words_grew_(w, 12);
}

/* ---- AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, map = 6, bytes = 7 ---- */
OTEL_FN_ void otel_words_hex_(otel_words_t_ *w, const uint8_t *bytes, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;
    for (i = 0; i < n; i++) {
        w->text[w->n++] = hex[bytes[i] >> 4];
        w->text[w->n++] = hex[bytes[i] & 15];
    }
}

OTEL_STEP_ void otel_words_bits_(otel_words_t_ *w, uint64_t bits) { otel_words_signed_(w, otel_bits_double_(bits)); }

OTEL_STEP_ void otel_words_bytes_(otel_words_t_ *w, const uint8_t *bytes, size_t n)
{
    otel_words_hex_(w, bytes, n < 16u ? n : 16u);
    if (n > 16u) otel_words_text_(w, "..");
}

OTEL_STEP_ void otel_words_any_(otel_words_t_ *w, const otel_pb_field_t_ *v)
{
    uint64_t value = v->value;
    w->n = 0;
    switch (v->number) {
    case 2: otel_words_text_(w, value ? "true" : "false"); return;
    case 3:
        if (value >> 63) {
            w->text[w->n++] = '-';
            value = 0u - value;
        }
        otel_words_uint_(w, 0, value);
        return;
    case 4: otel_words_bits_(w, value); return;
    case 5: otel_words_text_(w, "[..]"); return;
    case 6: otel_words_text_(w, "{..}"); return;
    case 7: otel_words_bytes_(w, v->bytes, v->len); return;
    default: otel_words_text_(w, "null"); return;
    }
}

/* The first field of a message with that number; `len` 0 when there is none. It stands in p->found until the next call. */
OTEL_STEP_ otel_pb_field_t_ *otel_paint_find_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint32_t number)
{
    p->reader = otel_pb_open_(in->bytes, in->len);
    while (otel_pb_next_(&p->reader, &p->found)) {
        if (p->found.number == number) return &p->found;
    }
    memset((void *)&p->found, 0, sizeof p->found);
    return &p->found;
}

OTEL_STEP_ void otel_paint_keep_(otel_pb_field_t_ *to, const otel_pb_field_t_ *found) { *to = *found; }

/* The first field of the AnyValue in p->item, into p->found. Its number is 0 when there is none. */
OTEL_STEP_ void otel_paint_first_(otel_painter_t_ *p)
{
    p->reader = otel_pb_open_(p->item.bytes, p->item.len);
    if (!otel_pb_next_(&p->reader, &p->found)) p->found.number = 0;
}

OTEL_STEP_ void otel_paint_any_(otel_painter_t_ *p) { otel_words_any_(&p->words, &p->found); }

/* The text of p->found: itself, or in words. */
OTEL_STEP_ void otel_paint_found_(otel_painter_t_ *p)
{
    if (p->found.number == 1) return;
    otel_paint_any_(p);
    p->found.bytes = (const uint8_t *)p->words.text;
    p->found.len = p->words.n;
}

/* Is p->item an array? */
OTEL_STEP_ bool otel_paint_array_(otel_painter_t_ *p)
{
    if (otel_paint_find_(p, &p->item, 5)->number != 5) return false;
    p->items = otel_pb_open_(p->found.bytes, p->found.len);
    return true;
}

/* The next element of the array, into p->item, and a comma in front of it; false behind the eighth. */
OTEL_STEP_ bool otel_paint_element_(otel_painter_t_ *p)
{
    if (!otel_pb_next_(&p->items, &p->item) || p->elements++ >= 8u) return false;
    if (p->elements > 1u) otel_paint_long_(p, ", ", 2, p->below);
    return true;
}

/* The AnyValue in p->item, which is no array. */
OTEL_STEP_ void otel_paint_single_(otel_painter_t_ *p)
{
    otel_paint_first_(p);
    otel_paint_found_(p);
    otel_paint_long_(p, p->found.bytes, p->found.len, p->below);
}

/* The AnyValue in p->item, whose next lines begin below p->below; of arrays the first eight elements. */
OTEL_STEP_ void otel_paint_value_(otel_painter_t_ *p)
{
    p->elements = 0;
    if (!otel_paint_array_(p)) {
        otel_paint_single_(p);
        return;
    }
    otel_paint_text_(p, "[");
    while (otel_paint_element_(p)) otel_paint_single_(p);
    otel_paint_long_(p, p->elements > 8u ? ", ..]" : "]", p->elements > 8u ? 5 : 1, p->below);
}

OTEL_FN_ unsigned otel_paint_width_(const otel_pb_field_t_ *f)
{
    unsigned width = 0;
    size_t i;
    for (i = 0; i < f->len; i++) width += (f->bytes[i] & 0xC0) != 0x80;
    return width;
}

/* Would the attribute pass the edge? About: arrays count as 16 columns. */
OTEL_STEP_ bool otel_paint_wide_(otel_painter_t_ *p)
{
    unsigned width = 16;
    if (p->column <= p->indent) return false;
    otel_paint_first_(p);
    if (p->found.number != 5) {
        otel_paint_found_(p);
        width = p->found.number == 1 ? otel_paint_width_(&p->found) : p->words.n;
    }
    return p->column + 2u + otel_paint_width_(&p->pair) + width > p->edge;
}

OTEL_STEP_ bool otel_paint_next_(otel_painter_t_ *p) { return otel_pb_next_(&p->list, &p->pair); }

/* The next attribute: its key into p->pair, its value into p->item. KeyValue: key = 1, value = 2. */
OTEL_STEP_ bool otel_paint_pair_(otel_painter_t_ *p)
{
    do {
        if (!otel_paint_next_(p)) return false;
    } while (p->pair.number != p->number || p->pair.type != OTEL_PB_SLICE_);
    otel_paint_keep_(&p->item, otel_paint_find_(p, &p->pair, 2));
    otel_paint_keep_(&p->pair, otel_paint_find_(p, &p->pair, 1));
    return true;
}

/* The key, and where it goes. */
OTEL_STEP_ void otel_paint_key_(otel_painter_t_ *p)
{
    if (p->column > p->indent) otel_paint_text_(p, " ");
    otel_paint_to_(p, p->indent);
    otel_paint_long_(p, p->pair.bytes, p->pair.len, p->below);
    otel_paint_long_(p, "=", 1, p->below);
}

OTEL_STEP_ void otel_paint_begin_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint8_t number, unsigned indent)
{
    p->list = otel_pb_open_(in->bytes, in->len);
    p->number = number;
    p->indent = (uint16_t)indent;
    p->below = (uint16_t)(indent + 2u);
}

/* All attributes of a message: its fields `number`. They begin below `indent` and a new line begins where one would pass p->edge. */
OTEL_STEP_ void otel_paint_attributes_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint8_t number, unsigned indent)
{
    otel_paint_begin_(p, in, number, indent);
    while (otel_paint_pair_(p)) {
        if (otel_paint_wide_(p)) otel_paint_line_(p);
        otel_paint_key_(p);
        otel_paint_value_(p);
    }
}

/* How many attributes of an event, a link or a log had no room. */
OTEL_STEP_ void otel_paint_lost_(otel_painter_t_ *p, uint64_t n)
{
    if (!n) return;
    p->words.n = 0;
    otel_words_text_(&p->words, " (no room for ");
    otel_words_uint_(&p->words, 0, n);
    otel_words_text_(&p->words, " more)");
    if (p->column + p->words.n > p->columns) otel_paint_line_(p);
    otel_paint_words_(p);
}
OTEL_C_END_
#endif

/* ---- table.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint32_t otel_table_hash_(uint32_t hash, const otel_pb_field_t_ *f)
{
    size_t i;
    for (i = 0; i < f->len; i++) hash = (hash ^ f->bytes[i]) * 16777619u;
    return hash;
}

/* The values as a line: `from` zero for what counts, from the least for what goes up and down. */
OTEL_STEP_ void otel_table_spark_(otel_table_t_ *t, const float *value, unsigned n, bool from_least)
{
    static const char ascii[] = "_.:-=+*#";
    unsigned i;
    t->least = from_least ? value[0] : 0.0f;
    t->most = value[0];
    for (i = 0; i < n; i++) {
        if (value[i] < t->least) t->least = value[i];
        if (value[i] > t->most) t->most = value[i];
    }
    otel_paint_to_(t->paint, t->paint->columns - OTEL_SPARK_ - 1u);
    otel_paint_colour_(t->paint, "36");
    for (i = 0; i < n; i++) {
        float part = t->most > t->least ? (value[i] - t->least) / (t->most - t->least) : 0.0f;
        unsigned level = part > 0 ? (unsigned)(part * 7.0f + 0.5f) : 0u;
        if (level > 7u) level = 7u;
        memcpy(t->block, "\xE2\x96\x81", 4);
        t->block[2] = (char)(t->block[2] + (int)level);
        otel_paint_(t->paint, t->paint->ascii ? ascii + level : t->block, t->paint->ascii ? 1 : 3, 1);
    }
    otel_paint_colour_(t->paint, "0");
}

/* A new value of the series: what rises shows by how much it rose. NULL: there is no room to remember it. */
OTEL_STEP_ otel_spark_t_ *otel_table_series_(otel_table_t_ *t)
{
    otel_spark_t_ *spark = NULL;
    double value = t->point.number;
    unsigned i;
    if (!t->series) t->series = 1;
    for (i = 0; i < t->room && !spark; i++) {
        if (t->spark[i].series == t->series || !t->spark[i].series) spark = &t->spark[i];
    }
    if (!spark) return NULL;
    if (!t->falls) value = spark->series && value >= spark->last ? value - spark->last : value;
    if (spark->series || t->falls) {   /* the first value of a counter is no rise */
        if (spark->n == OTEL_SPARK_) memmove(spark->value, spark->value + 1, (OTEL_SPARK_ - 1u) * sizeof spark->value[0]);
        else spark->n++;
        spark->value[spark->n - 1u] = (float)value;
    }
    spark->series = t->series;
    spark->last = t->point.number;
    return spark;
}

/* The buckets of a histogram: fixed64, packed, or of an exponential one varints; where they are more than columns, some to each.
   How many columns; below two there is nothing to see. */
OTEL_STEP_ unsigned otel_table_buckets_(otel_table_t_ *t, const otel_pb_field_t_ *packed)
{
    bool exponential = t->shape == 10u;
    unsigned n = 0, i = 0, each;
    size_t at;
    for (at = 0; at < packed->len; at++) n += (exponential ? packed->bytes[at] < 128u : at % 8u == 7u) ? 1u : 0u;
    if (n < 2u) return 0;
    each = (n + OTEL_SPARK_ - 1u) / OTEL_SPARK_;
    memset((void *)t->bucket, 0, sizeof t->bucket);
    for (at = 0; i < n && at < packed->len; i++) {
        unsigned step = 8;
        t->point.count = 0;            /* it was shown */
        if (exponential) step = otel_pb_varint_(packed->bytes + at, packed->len - at, &t->point.count);
        else if (packed->len - at >= 8u) t->point.count = otel_get64_(packed->bytes + at);
        if (step == 0 || step == OTEL_PB_BAD_) break;
        t->bucket[i / each] += (float)t->point.count;
        at += step;
    }
    return (n + each - 1u) / each;
}

/* NumberDataPoint: as_double = 4, as_int = 6, attributes = 7. HistogramDataPoint: count = 4, sum = 5, attributes = 9, min = 11,
   max = 12. ExponentialHistogramDataPoint: attributes = 1, count = 4, sum = 5, min = 12, max = 13. */
OTEL_STEP_ void otel_table_read_(otel_table_t_ *t)
{
    otel_point_t_ *point = &t->point;
    const otel_pb_field_t_ *f = &t->paint->found;
    memset((void *)point, 0, sizeof *point);
    point->histogram = t->shape >= 9u;
    t->series = t->name;
    t->paint->reader = otel_pb_open_(t->field.bytes, t->field.len);
    while (otel_pb_next_(&t->paint->reader, &t->paint->found)) {
        uint32_t min = t->shape == 9u ? 11u : 12u;
        if (f->number == t->attributes && f->type == OTEL_PB_SLICE_) t->series = otel_table_hash_(t->series, f);
        if (!point->histogram) {
            if (f->number == 4) point->number = otel_bits_double_(f->value);
            if (f->number == 6) point->number = (double)(int64_t)f->value;
            point->whole = point->whole || f->number == 6;
        } else {
            if (f->number == 4) point->count = f->value;
            if (f->number == 5) point->sum = otel_bits_double_(f->value);
            if (f->type != OTEL_PB_FIXED64_) continue;
            if (f->number == min) point->min = otel_bits_double_(f->value);
            point->range = point->range || f->number == min;
            if (f->number == min + 1u) point->max = otel_bits_double_(f->value);
        }
    }
}

OTEL_STEP_ void otel_table_number_(otel_table_t_ *t, double value, bool whole)
{
    t->paint->words.value = value;
    t->paint->words.integer = whole;
    otel_words_number_(&t->paint->words, &t->unit);
}

/* "12 x 1.2 ms (0.8 ms to 3 ms)" */
OTEL_STEP_ void otel_table_words_(otel_table_t_ *t)
{
    t->paint->words.n = 0;
    if (!t->point.histogram) {
        otel_table_number_(t, t->point.number, t->point.whole);
        return;
    }
    otel_words_uint_(&t->paint->words, 0, t->point.count);
    otel_words_text_(&t->paint->words, " x ");
    otel_table_number_(t, t->point.count ? t->point.sum / (double)t->point.count : 0, false);
    if (!t->point.range) return;
    otel_words_text_(&t->paint->words, " (");
    otel_table_number_(t, t->point.min, false);
    otel_words_text_(&t->paint->words, " to ");
    otel_table_number_(t, t->point.max, false);
    otel_words_text_(&t->paint->words, ")");
}

/* Those words at the right. */
OTEL_STEP_ void otel_table_value_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    unsigned width = 0, i;
    for (i = 0; i < p->words.n; i++) width += (p->words.text[i] & 0xC0) != 0x80;
    if (p->column + 1u + width > p->edge) otel_paint_line_(p);
    otel_paint_to_(p, width < p->edge ? p->edge - width : 2u);
    otel_paint_words_(p);
}

OTEL_STEP_ void otel_table_line_(otel_table_t_ *t)
{
    unsigned columns = 0;
    const otel_pb_field_t_ *f;
    const otel_spark_t_ *spark;
    if (t->point.histogram) {
        if (t->paint->column >= t->paint->edge + 2u) return;
        f = otel_paint_find_(t->paint, &t->field, t->shape == 9u ? 6 : 8);            /* bucket_counts; positive, whose bucket_counts = 2 */
        if (t->shape == 10u) f = otel_paint_find_(t->paint, f, 2);
        columns = otel_table_buckets_(t, f);
        if (columns) otel_table_spark_(t, t->bucket, columns, false);
        return;
    }
    spark = otel_table_series_(t);
    if (spark && spark->n > 1u) otel_table_spark_(t, spark->value, spark->n, t->falls);
}

/* Go to the next point of the metric, into t->field; false behind the last. Gauge and its like: data_points = 1;
   Sum.is_monotonic = 3. */
OTEL_STEP_ bool otel_table_next_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    for (;;) {
        const otel_pb_field_t_ *data;
        while (otel_pb_next_(&t->points, &t->field)) {
            if (t->field.number == 1 && t->field.type == OTEL_PB_SLICE_) return true;
        }
        if (t->shape == 10u) return false;
        t->shape = (uint8_t)(t->shape < 9u ? t->shape + 2u : 10u);
        t->attributes = t->shape == 9u ? 9u : t->shape == 10u ? 1u : 7u;
        data = otel_paint_find_(p, &t->metric, t->shape);
        t->points = otel_pb_open_(data->bytes, data->len);
        t->falls = t->shape == 5u || (t->shape == 7u && !otel_paint_find_(p, data, 3)->value);
    }
}

/* Begin with the metric in t->metric: name = 1, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential_histogram = 10. */
OTEL_STEP_ void otel_table_begin_(otel_table_t_ *t)
{
    otel_painter_t_ *p = t->paint;
    otel_paint_to_(p, 2);
    otel_paint_colour_(p, "1");
    t->unit = *otel_paint_find_(p, &t->metric, 3);
    otel_paint_find_(p, &t->metric, 1);
    t->name = otel_table_hash_(2166136261u, &p->found);
    otel_paint_long_(p, p->found.bytes, p->found.len, 4);
    otel_paint_colour_(p, "0");
    t->shape = 3;
    t->points = otel_pb_open_(NULL, 0);
}

/* The lines of the metric in t->metric. */
OTEL_STEP_ void otel_table_metric_(otel_table_t_ *t)
{
    otel_table_begin_(t);
    while (otel_table_next_(t)) {
        if (t->paint->column && otel_paint_find_(t->paint, &t->field, t->attributes)->len) otel_paint_line_(t->paint);
        otel_table_read_(t);
        otel_paint_attributes_(t->paint, &t->field, t->attributes, 4);
        otel_table_words_(t);
        otel_table_value_(t);
        otel_table_line_(t);
        otel_paint_line_(t->paint);
    }
    if (t->paint->column) otel_paint_line_(t->paint);
}
OTEL_C_END_
#endif

/* ---- waterfall.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_leaves_open_(otel_leaves_t_ *l, const void *request, size_t len)
{
    l->depth = 0;
    l->level[0] = otel_pb_open_(request, len);
}

/* The next one, into l->leaf; false behind the last. */
OTEL_STEP_ bool otel_leaves_next_(otel_leaves_t_ *l)
{
    for (;;) {
        otel_pb_t_ *level = &l->level[l->depth];
        l->tag = level->at;
        if (!otel_pb_next_(level, &l->leaf)) {
            if (l->depth == 0) return false;
            l->depth--;
        } else if (l->depth < 2u) {
            if (l->leaf.number != l->depth + 1u) continue;
            l->depth++;
            l->level[l->depth] = otel_pb_open_(l->leaf.bytes, l->leaf.len);
        } else if (l->leaf.number == 2u && l->leaf.type == OTEL_PB_SLICE_) {
            return true;
        }
    }
}

/* Open the next request of a signal that is held, from *at on; false behind the last one. */
OTEL_STEP_ bool otel_held_next_(const otel_waterfall_t_ *w, size_t *at, unsigned signal, otel_leaves_t_ *to)
{
    while (*at + OTEL_HELD_HEAD_ <= w->held_len) {
        const uint8_t *p = w->held + *at;
        size_t len = (size_t)otel_get32_(p + 1);
        *at += OTEL_HELD_HEAD_ + len;
        if (p[0] != signal) continue;
        otel_leaves_open_(to, p + OTEL_HELD_HEAD_, len);
        return true;
    }
    return false;
}

/* ---- logs ---- */

/* The name of the span that a log was written in, when it was shown before. */
OTEL_STEP_ void otel_waterfall_in_(otel_waterfall_t_ *w)
{
    const otel_pb_field_t_ *id = otel_paint_find_(w->paint, &w->logs.leaf, 10);
    unsigned i;
    for (i = 0; id->len == 8 && i < OTEL_NAMES_; i++) {
        if (memcmp(w->seen[i].id, id->bytes, 8)) continue;
        otel_paint_text_(w->paint, "  (in ");
        otel_paint_text_(w->paint, w->seen[i].name);
        otel_paint_text_(w->paint, ")");
        return;
    }
}

/* TRACE to FATAL, in its colour. */
OTEL_STEP_ void otel_waterfall_severity_(otel_painter_t_ *p, unsigned severity)
{
    static const char level[6][6] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };
    otel_paint_colour_(p, severity >= 17 ? "1;31" : severity >= 13 ? "33" : severity >= 9 ? "32" : "2");
    if (severity) otel_paint_text_(p, level[(severity - 1u) / 4u > 5u ? 5u : (severity - 1u) / 4u]);
    otel_paint_colour_(p, "0");
}

/* A field of the log. */
OTEL_STEP_ otel_pb_field_t_ *otel_waterfall_find_(otel_waterfall_t_ *w, uint32_t number) { return otel_paint_find_(w->paint, &w->logs.leaf, number); }

/* When it was written. */
OTEL_STEP_ void otel_waterfall_time_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    p->words.n = 0;
    if (!otel_waterfall_find_(w, 1)->value) otel_waterfall_find_(w, 11);
    otel_words_time_(&p->words, p->found.value, p->offset_s);
    otel_paint_words_(p);
    otel_paint_text_(p, " ");
}

/* What it is an event of. */
OTEL_STEP_ void otel_waterfall_event_(otel_waterfall_t_ *w)
{
    otel_waterfall_find_(w, 12);
    otel_paint_(w->paint, w->paint->found.bytes, w->paint->found.len, 40);
    if (w->paint->found.len) otel_paint_text_(w->paint, " ");
}

OTEL_STEP_ void otel_waterfall_body_(otel_waterfall_t_ *w)
{
    otel_paint_keep_(&w->paint->item, otel_waterfall_find_(w, 5));
    w->paint->below = (uint16_t)w->below;
    if (w->paint->item.len) otel_paint_value_(w->paint);
}

/* The LogRecord in w->logs: time_unix_nano = 1, severity_number = 2, body = 5, attributes = 6, dropped_attributes_count = 7,
   span_id = 10, observed_time_unix_nano = 11, event_name = 12. `inside`: it stands beneath its span. */
OTEL_STEP_ void otel_waterfall_log_(otel_waterfall_t_ *w, unsigned indent, bool inside)
{
    w->below = indent + 19u;
    otel_paint_to_(w->paint, indent);
    otel_waterfall_time_(w);
    otel_waterfall_severity_(w->paint, (unsigned)(otel_waterfall_find_(w, 2)->value & 31u));
    otel_paint_to_(w->paint, w->below);
    otel_waterfall_event_(w);
    otel_waterfall_body_(w);
    otel_paint_colour_(w->paint, "2");
    if (!inside) otel_waterfall_in_(w);
    otel_paint_attributes_(w->paint, &w->logs.leaf, 6, w->below);
    otel_paint_lost_(w->paint, otel_waterfall_find_(w, 7)->value);
    otel_paint_colour_(w->paint, "0");
    otel_paint_line_(w->paint);
}

/* The next log of the row, in the order in which they came, into w->logs; false behind the last. Each is shown once. */
OTEL_STEP_ bool otel_row_log_(otel_waterfall_t_ *w)
{
    for (;;) {
        while (otel_leaves_next_(&w->logs)) {
            const otel_pb_field_t_ *id = otel_paint_find_(w->paint, &w->logs.leaf, 10);
            if (id->len == 8 && memcmp(id->bytes, w->row[w->at].id, 8) == 0) {
                w->held[w->logs.tag - w->held] = OTEL_HELD_DONE_;
                return true;
            }
        }
        if (!otel_held_next_(w, &w->logs_next, OTEL_SIGNAL_LOGS, &w->logs)) return false;
    }
}

/* ---- spans ---- */

/* Span: trace_id = 1, span_id = 2, parent_span_id = 4, start_time_unix_nano = 7, end_time_unix_nano = 8. */
OTEL_STEP_ void otel_row_read_(otel_painter_t_ *p, otel_row_t_ *row, const otel_pb_field_t_ *span)
{
    static const uint8_t none[16] = { 0 };
    const otel_pb_field_t_ *f = &p->found;
    memset((void *)row, 0, sizeof *row);
    row->span = *span;
    row->trace = row->id = row->parent = none;
    row->up = -1;
    p->reader = otel_pb_open_(span->bytes, span->len);
    while (otel_pb_next_(&p->reader, &p->found)) {
        if (f->number == 1 && f->len == 16) row->trace = f->bytes;
        if (f->number == 2 && f->len == 8) row->id = f->bytes;
        if (f->number == 4 && f->len == 8) row->parent = f->bytes;
        if (f->number == 7) row->start = f->value;
        if (f->number == 8) row->end = f->value;
    }
}

/* Take the spans of w->spans; false: there is no room for the next one, so show those before. ExportTraceServiceRequest:
   resource_spans = 1; ResourceSpans: scope_spans = 2; ScopeSpans: spans = 2. */
OTEL_STEP_ bool otel_waterfall_read_(otel_waterfall_t_ *w)
{
    while (w->waits || otel_leaves_next_(&w->spans)) {
        w->waits = w->rows == w->room;
        if (w->waits) return false;
        otel_row_read_(w->paint, &w->row[w->rows++], &w->spans.leaf);
    }
    return true;
}

/* The name of an event, or the trace of a link. */
OTEL_STEP_ void otel_row_event_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    otel_paint_to_(p, w->indent);
    otel_paint_text_(p, w->one.number == 11 ? "* " : "> link to trace ");
    otel_paint_find_(p, &w->one, w->one.number == 11 ? 2 : 1);
    if (w->one.number != 11) {
        p->words.n = 0;
        otel_words_hex_(&p->words, p->found.bytes, p->found.len < 16u ? p->found.len : 16u);
        otel_paint_words_(p);
        return;
    }
    otel_paint_(p, p->found.bytes, p->found.len, 40);
}

OTEL_STEP_ void otel_row_event_lost_(otel_waterfall_t_ *w)
{
    otel_paint_lost_(w->paint, otel_paint_find_(w->paint, &w->one, w->one.number == 11 ? 4 : 5)->value);
}

OTEL_STEP_ bool otel_row_event_next_(otel_waterfall_t_ *w) { return otel_pb_next_(&w->list, &w->one); }

/* Event: name = 2, attributes = 3, dropped_attributes_count = 4. Link: trace_id = 1, attributes = 4,
   dropped_attributes_count = 5. */
OTEL_STEP_ void otel_row_events_(otel_waterfall_t_ *w)
{
    w->list = otel_pb_open_(w->row[w->at].span.bytes, w->row[w->at].span.len);
    while (otel_row_event_next_(w)) {
        if (w->one.number != 11 && w->one.number != 13) continue;      /* Span.events = 11, Span.links = 13 */
        otel_row_event_(w);
        otel_paint_attributes_(w->paint, &w->one, w->one.number == 11 ? 3 : 4, w->indent + 4u);
        otel_row_event_lost_(w);
        otel_paint_line_(w->paint);
    }
}

/* Span: dropped_attributes_count = 10, dropped_events_count = 12, dropped_links_count = 14. */
OTEL_STEP_ void otel_row_dropped_(otel_waterfall_t_ *w)
{
    static const char what[3][12] = { " attributes", " events", " links" };
    otel_painter_t_ *p = w->paint;
    bool any = false;
    unsigned i;
    for (i = 0; i < 3; i++) {
        otel_paint_find_(p, &w->row[w->at].span, 10u + 2u * i);
        if (!p->found.value) continue;
        p->words.n = 0;
        otel_words_text_(&p->words, any ? ", " : "... no room for ");
        otel_words_uint_(&p->words, 0, p->found.value);
        otel_words_add_(&p->words, what[i], strlen(what[i]) - (p->found.value == 1));
        otel_paint_to_(p, w->indent);
        if (!any) otel_paint_colour_(p, "33");
        otel_paint_words_(p);
        any = true;
    }
    if (!any) return;
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Span.status = 15; Status: message = 2, code = 3. */
OTEL_STEP_ void otel_row_error_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    otel_paint_find_(p, otel_paint_find_(p, &w->row[w->at].span, 15), 2);
    otel_paint_to_(p, w->indent);
    otel_paint_colour_(p, "31");
    otel_paint_text_(p, p->found.len ? "! error: " : "! error");
    otel_paint_long_(p, p->found.bytes, p->found.len, w->indent + 9u);
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Columns up to a point in time, and half of one more: as many as times `all` go into it. */
OTEL_FN_ unsigned otel_row_column_(uint64_t twice, uint64_t all)
{
    unsigned n = 0;
    while (n < OTEL_BAR_ && twice >= 2u * all) {
        twice -= 2u * all;
        n++;
    }
    return n;
}

/* Where the span lies between the first and the last nanosecond of its trace. */
OTEL_STEP_ void otel_row_bar_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    const otel_row_t_ *row = &w->row[w->at];
    uint64_t all = w->last > w->first ? w->last - w->first : 1u, from = row->start > w->first ? row->start - w->first : 0, to = row->end > w->first ? row->end - w->first : 0;
    unsigned i, a, b;
    if (from > all) from = all;        /* it begins behind the end of all */
    while (all > 0x7FFFFFFFu) {        /* so that times 24 has room */
        all >>= 1;
        from >>= 1;
        to >>= 1;
    }
    a = otel_row_column_(2u * OTEL_BAR_ * from, all);
    b = otel_row_column_(2u * OTEL_BAR_ * to + all, all);
    if (a > OTEL_BAR_ - 1u) a = OTEL_BAR_ - 1u;
    if (b <= a) b = a + 1u;
    otel_paint_text_(p, " |");
    otel_paint_colour_(p, w->error ? "31" : "36");
    for (i = 0; i < OTEL_BAR_; i++) otel_paint_text_(p, i < a || i >= b ? " " : w->error ? "!" : p->ascii ? "=" : "\xE2\x94\x81");
    otel_paint_colour_(p, "0");
    otel_paint_text_(p, "|");
}

/* The line of a span: name, kind. Span: name = 5, kind = 6, status = 15; Status: code = 3. */
OTEL_STEP_ void otel_row_head_(otel_waterfall_t_ *w)
{
    static const char kind[6][12] = { "", "", " (server)", " (client)", " (producer)", " (consumer)" };
    const otel_row_t_ *row = &w->row[w->at];
    otel_painter_t_ *p = w->paint;
    unsigned edge = p->columns - OTEL_BAR_ - 14u;
    w->indent = 2u + 2u * (row->depth > 8 ? 8u : row->depth);
    w->error = otel_paint_find_(p, otel_paint_find_(p, &row->span, 15), 3)->value == OTEL_STATUS_ERROR;
    otel_paint_to_(p, w->indent);
    otel_paint_colour_(p, w->error ? "1;31" : "1");
    otel_paint_find_(p, &row->span, 5);
    otel_paint_(p, p->found.bytes, p->found.len, edge - 1u - w->indent);
    otel_paint_colour_(p, "0");
    otel_paint_find_(p, &row->span, 6);
    if (p->found.value < 6 && p->column + 11u <= edge) otel_paint_text_(p, kind[p->found.value]);
    otel_paint_to_(p, edge);
    w->indent += 2u;
}

/* How long it took. */
OTEL_STEP_ void otel_row_took_(otel_waterfall_t_ *w)
{
    const otel_row_t_ *row = &w->row[w->at];
    otel_painter_t_ *p = w->paint;
    p->words.n = 0;
    otel_words_duration_(&p->words, row->end > row->start ? row->end - row->start : 0);
    otel_paint_to_(p, p->columns - (p->words.n < 11u ? p->words.n : 11u));
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* What is set on it. Span.attributes = 9. */
OTEL_STEP_ void otel_row_attributes_(otel_waterfall_t_ *w)
{
    otel_paint_colour_(w->paint, "2");
    otel_paint_attributes_(w->paint, &w->row[w->at].span, 9, w->indent);
    otel_paint_colour_(w->paint, "0");
    if (w->paint->column) otel_paint_line_(w->paint);
}

/* Begin with the logs of the row. */
OTEL_STEP_ void otel_row_logs_(otel_waterfall_t_ *w)
{
    w->logs_next = 0;
    otel_leaves_open_(&w->logs, NULL, 0);
}

/* For logs that come later. */
OTEL_STEP_ void otel_row_remember_(otel_waterfall_t_ *w)
{
    const otel_pb_field_t_ *name = otel_paint_find_(w->paint, &w->row[w->at].span, 5);
    char *to = w->seen[w->seen_next].name;
    memcpy(w->seen[w->seen_next].id, w->row[w->at].id, 8);
    memset(to, 0, sizeof w->seen[0].name);
    if (name->len) memcpy(to, name->bytes, name->len < sizeof w->seen[0].name ? name->len : sizeof w->seen[0].name - 1u);
    w->seen_next = (uint8_t)((w->seen_next + 1u) % OTEL_NAMES_);
}

/* ---- the tree ---- */

/* The earliest row that is not shown yet, below `up`, in this trace when one is given. */
OTEL_STEP_ int otel_row_next_(const otel_waterfall_t_ *w, int up, const uint8_t *trace)
{
    int i, best = -1;
    for (i = 0; i < (int)w->rows; i++) {
        const otel_row_t_ *row = &w->row[i];
        if (row->done || row->up != up || (trace && memcmp(row->trace, trace, 16))) continue;
        if (best < 0 || row->start < w->row[best].start) best = i;
    }
    return best;
}

/* "trace 0102.. service time", once for rows of a trace that follow each other. */
OTEL_STEP_ void otel_waterfall_title_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    if (memcmp(w->trace, w->tree, 16) == 0) return;
    memcpy(w->trace, w->tree, 16);
    otel_paint_title_(p, "trace ");
    p->words.n = 0;
    otel_words_hex_(&p->words, w->trace, 16);
    otel_words_text_(&p->words, "  ");
    otel_paint_words_(p);
    otel_paint_(p, w->service.bytes, w->service.len, 24);
    p->words.n = 0;
    otel_words_text_(&p->words, "  ");
    otel_words_time_(&p->words, w->first, p->offset_s);
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* Begin with the trace that `root` is in. */
OTEL_STEP_ void otel_waterfall_tree_(otel_waterfall_t_ *w, int root)
{
    const otel_row_t_ *row = &w->row[root];
    unsigned i;
    w->tree = row->trace;
    w->first = row->start;
    w->last = row->end;
    for (i = 0; i < w->rows; i++) {
        row = &w->row[i];
        if (memcmp(row->trace, w->tree, 16)) continue;
        if (row->start < w->first) w->first = row->start;
        if (row->end > w->last) w->last = row->end;
    }
}

/* Before the first step: which row is below which? */
OTEL_STEP_ void otel_waterfall_link_(otel_waterfall_t_ *w)
{
    unsigned i, k;
    for (i = 0; i < w->rows; i++) {
        for (k = 0; k < w->rows && w->row[i].up < 0; k++) {
            if (k != i && memcmp(w->row[i].parent, w->row[k].id, 8) == 0 && memcmp(w->row[i].trace, w->row[k].trace, 16) == 0) w->row[i].up = (int16_t)k;
        }
    }
    w->tree = NULL;
    w->at = -1;
    w->circle = 0;
}

/* Go to the next row that is to be shown: down to the first child, across, and up again. False: all were, and there is room. */
OTEL_STEP_ bool otel_waterfall_step_(otel_waterfall_t_ *w)
{
    for (;;) {
        int next;
        if (w->at >= 0) {
            otel_row_t_ *row = &w->row[w->at];
            if (!row->done) {
                row->done = true;
                row->depth = row->up < 0 ? (uint8_t)0 : (uint8_t)(w->row[row->up].depth < 200 ? w->row[row->up].depth + 1 : 200);
                return true;
            }
            next = otel_row_next_(w, w->at, NULL);
            w->at = next >= 0 ? next : row->up;
            continue;
        }
        if (w->tree) w->at = otel_row_next_(w, -1, w->tree);
        if (w->at >= 0) continue;
        next = otel_row_next_(w, -1, NULL);
        if (next < 0) {                /* only a circle of parents can be left */
            while (w->circle < w->rows && w->row[w->circle].done) w->circle++;
            if (w->circle == w->rows) break;
            w->row[w->circle].up = -1;
            next = (int)w->circle;
        }
        otel_waterfall_tree_(w, next);
    }
    w->rows = 0;
    return false;
}
OTEL_C_END_
#endif

/* ---- console.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A quarter of the memory is for sparklines, 64 of them at most, the rest for requests that are held and, behind them, rows. */
OTEL_FN_ void otel_console_memory_(otel_console_t *c, const otel_console_config_t *config)
{
    uint8_t *at = (uint8_t *)config->memory;
    size_t size = at ? config->memory_size : 0u, n;
    while (size && ((uintptr_t)at & 7u)) {
        at++;
        size--;
    }
    n = size / 4u / sizeof(otel_spark_t_);
    c->table_.room = n > 64u ? 64u : (unsigned)n;
    n = c->table_.room * sizeof(otel_spark_t_);
    n = (n + 7u) & ~(size_t)7u;
    c->table_.spark = (otel_spark_t_ *)(void *)at;
    if (n) memset((void *)at, 0, n);
    c->waterfall_.held = at ? at + n : NULL;
    c->size_ = (size - n) & ~(size_t)7u;
}

OTEL_API_ otel_result_t otel_console_init_with(otel_console_t *c, const otel_console_config_t *config)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)c; (void)config; return OTEL_OK)
    if (!c || !config || !config->put) return OTEL_E_NULL;
    if (config->columns && (config->columns < 64u || config->columns > 1000u)) return OTEL_E_CONFIG;
    memset((void *)c, 0, sizeof *c);
    c->paint_.put = config->put;
    c->paint_.user = config->user;
    c->paint_.newline = config->newline ? config->newline : "\n";
    c->paint_.columns = config->columns ? config->columns : 80u;
    c->paint_.offset_s = config->utc_offset_s;
    c->paint_.colour = config->colour;
    c->paint_.ascii = config->ascii;
    c->table_.paint = c->waterfall_.paint = &c->paint_;
    c->hold_ = config->hold;
    otel_console_memory_(c, config);
    return OTEL_OK;
}

OTEL_API_ void otel_console_utc_offset(otel_console_t *c, int32_t seconds)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)c; (void)seconds; return)
    if (c) c->paint_.offset_s = seconds;
}

/* service.name in the resource of a request, into waterfall_.service: resource_spans and its like = 1, resource = 1, attributes = 1.
   Always true. */
OTEL_STEP_ bool otel_console_service_(otel_console_t *c, const otel_pb_t_ *request)
{
    otel_painter_t_ *p = &c->paint_;
    p->item.bytes = request->at;
    p->item.len = request->left;
    otel_paint_find_(p, otel_paint_find_(p, &p->item, 1), 1);
    p->list = otel_pb_open_(p->found.bytes, p->found.len);
    while (otel_pb_next_(&p->list, &p->pair)) {
        const otel_pb_field_t_ *f = otel_paint_find_(p, &p->pair, 1);
        if (p->pair.number != 1 || f->len != 12 || memcmp(f->bytes, "service.name", 12)) continue;
        c->waterfall_.service = *otel_paint_find_(p, otel_paint_find_(p, &p->pair, 2), 1);
        return true;
    }
    memset((void *)&c->waterfall_.service, 0, sizeof c->waterfall_.service);
    return true;
}

/* Begin with the request, or with the next one that is held; false: there is none of that signal. */
OTEL_STEP_ bool otel_console_open_(otel_console_t *c, unsigned signal, otel_leaves_t_ *to)
{
    c->titled_ = false;
    if (!c->request_) {
        if (!otel_held_next_(&c->waterfall_, &c->next_, signal, to)) return false;
    } else {
        if (c->next_++ || (unsigned)c->request_->signal != signal) return false;
        otel_leaves_open_(to, c->request_->body, c->request_->len);
    }
    return otel_console_service_(c, &to->level[0]);
}

/* Above the first metric or log of a request. */
OTEL_STEP_ void otel_console_title_(otel_console_t *c, const char *what)
{
    if (c->titled_) return;
    c->titled_ = true;
    memset(c->waterfall_.trace, 0, 16);
    otel_paint_title_(&c->paint_, what);
    otel_paint_(&c->paint_, c->waterfall_.service.bytes, c->waterfall_.service.len, 40);
    otel_paint_line_(&c->paint_);
}

/* Rows are in the memory behind what is held. */
OTEL_FN_ void otel_console_rows_(otel_console_t *c)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    size_t used = (w->held_len + 7u) & ~(size_t)7u;
    w->row = w->few;
    w->room = sizeof w->few / sizeof w->few[0];
    w->rows = 0;
    w->waits = false;
    if (!w->held || c->size_ < used + sizeof w->few) return;
    w->row = (otel_row_t_ *)(void *)(w->held + used);
    w->room = c->size_ - used > 32000u * sizeof w->few[0] ? 32000u : (unsigned)((c->size_ - used) / sizeof w->few[0]);
}

/* Take spans until there is no room for more; false: that were all. */
OTEL_STEP_ bool otel_console_fill_(otel_console_t *c)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    do {
        if (!otel_waterfall_read_(w)) return true;
    } while (otel_console_open_(c, OTEL_SIGNAL_TRACES, &w->spans));
    return false;
}

/* The rows that the waterfall has: each span, then what belongs to it. */
OTEL_STEP_ void otel_console_tree_(otel_waterfall_t_ *w)
{
    otel_waterfall_link_(w);
    while (otel_waterfall_step_(w)) {
        otel_waterfall_title_(w);
        otel_row_head_(w);
        otel_row_bar_(w);
        otel_row_took_(w);
        otel_row_attributes_(w);
        otel_row_dropped_(w);
        otel_row_events_(w);
        if (w->error) otel_row_error_(w);
        otel_row_logs_(w);
        while (otel_row_log_(w)) otel_waterfall_log_(w, w->indent, true);
        otel_row_remember_(w);
    }
}

OTEL_STEP_ void otel_console_traces_(otel_console_t *c)
{
    c->next_ = 0;
    c->paint_.edge = c->paint_.columns;
    otel_console_rows_(c);
    otel_leaves_open_(&c->waterfall_.spans, NULL, 0);
    do {
        c->more_ = otel_console_fill_(c);
        otel_console_tree_(&c->waterfall_);
    } while (c->more_);
}

/* The next log or metric of the request, or of those that are held. */
OTEL_STEP_ bool otel_console_next_(otel_console_t *c, unsigned signal)
{
    do {
        if (otel_leaves_next_(&c->waterfall_.logs)) return true;
    } while (otel_console_open_(c, signal, &c->waterfall_.logs));
    return false;
}

OTEL_STEP_ void otel_console_logs_(otel_console_t *c)
{
    c->next_ = 0;
    otel_leaves_open_(&c->waterfall_.logs, NULL, 0);
    while (otel_console_next_(c, OTEL_SIGNAL_LOGS)) {
        otel_console_title_(c, "logs  ");
        otel_waterfall_log_(&c->waterfall_, 2, false);
    }
}

OTEL_STEP_ void otel_console_metrics_(otel_console_t *c)
{
    c->next_ = 0;
    c->paint_.edge = (uint16_t)(c->paint_.columns - OTEL_SPARK_ - 2u);
    while (otel_console_next_(c, OTEL_SIGNAL_METRICS)) {
        otel_console_title_(c, "metrics  ");
        otel_paint_keep_(&c->table_.metric, &c->waterfall_.logs.leaf);
        otel_table_metric_(&c->table_);
    }
}

/* Keep a request for otel_console_show, with half of the room left for rows; false: it does not fit. */
OTEL_STEP_ bool otel_console_hold_(otel_console_t *c, const otel_request_t *request)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    uint8_t *at;
    if (request->len + OTEL_HELD_HEAD_ > c->size_ / 2u - w->held_len) return false;
    at = w->held + w->held_len;
    at[0] = (uint8_t)request->signal;
    otel_put32_(at + 1, (uint32_t)request->len);
    memcpy(at + OTEL_HELD_HEAD_, request->body, request->len);
    w->held_len += OTEL_HELD_HEAD_ + request->len;
    return true;
}

/* What comes after those that are held: false, when it is held now, or there is nothing. */
OTEL_STEP_ bool otel_console_then_(otel_console_t *c)
{
    if (c->request_) return false;
    c->waterfall_.held_len = 0;
    if (!c->then_ || otel_console_hold_(c, c->then_)) return false;
    c->request_ = c->then_;
    return true;
}

/* Show the request, or those that are held and then the one that waits. Always 200. One function after the other, and all that they
   know in the console, so that little stands on the stack. */
OTEL_STEP_ int otel_console_run_(otel_console_t *c)
{
    do {
        otel_console_traces_(c);
        otel_console_logs_(c);
        otel_console_metrics_(c);
    } while (otel_console_then_(c));
    return 200;
}

OTEL_API_ void otel_console_show(otel_console_t *c)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)c; return)
    if (!c || !c->waterfall_.held_len) return;
    c->request_ = c->then_ = NULL;
    (void)otel_console_run_(c);
}

OTEL_API_ int otel_console_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_console_t *c = (otel_console_t *)user;
    OTEL_WHEN_OFF_((void)c; (void)user; (void)request; return 200)
    if (!c || !request || !c->paint_.put) return 200;
    if (!request->body) {
        otel_paint_text_(&c->paint_, "otel_console_send: requests come in parts: give the exporter a .buffer");
        otel_paint_line_(&c->paint_);
        return 200;
    }
    c->request_ = c->then_ = request;
    if (request->signal != OTEL_SIGNAL_METRICS && c->hold_ && c->waterfall_.held) {
        if (otel_console_hold_(c, request)) return 200;
        if (c->waterfall_.held_len) c->request_ = NULL;
    }
    return otel_console_run_(c);
}
OTEL_C_END_
#endif

/* ---- counted.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A varint of up to four bytes, nearly all are: where it ends. NULL: longer, or cut. */
OTEL_INLINE_ const uint8_t *otel_counted_varint_(const uint8_t *at, const uint8_t *end, uint32_t *value)
{
    unsigned shift;
    *value = 0;
    if (OTEL_LIKELY_(at != end && *at < 128u)) {
        *value = *at;
        return at + 1;
    }
    for (shift = 0; at != end && shift < 28u; shift += 7u) {
        *value |= (uint32_t)(*at & 127u) << shift;
        if (*at++ < 128u) return at;
    }
    return NULL;
}

/* What the short way does not know, as otel_pb_next_ reads it. Where it ends; NULL: it is no field. */
OTEL_API_ const uint8_t *otel_counted_rare_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field);
OTEL_API_ OTEL_NOINLINE_ const uint8_t *otel_counted_rare_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field)
{ OTEL_CALLED_
    unsigned used = otel_pb_head_(at, (size_t)(end - at), field);
    if (used == 0 || used == OTEL_PB_BAD_ || field->len > (size_t)(end - at) - used) return NULL;
    field->bytes = at + used;
    return field->bytes + field->len;
}

/* Where the field at `at` ends, its tag, and where a slice begins. NULL: it is no field. */
OTEL_INLINE_ const uint8_t *otel_counted_field_(const uint8_t *at, const uint8_t *end, uint32_t *tag, const uint8_t **inside, otel_pb_field_t_ *field)
{
    uint32_t n = 0;
    const uint8_t *p = otel_counted_varint_(at, end, tag);
    if (OTEL_LIKELY_(p && *tag >= 8u)) {
        switch (*tag & 7u) {
        case OTEL_PB_SLICE_: p = otel_counted_varint_(p, end, &n); break;
        case OTEL_PB_VARINT_: p = otel_counted_varint_(p, end, &n); n = 0; break;
        case OTEL_PB_FIXED64_: n = 8; break;
        case OTEL_PB_FIXED32_: n = 4; break;
        default: p = NULL;
        }
        *inside = p;
        if (OTEL_LIKELY_(p && n <= (size_t)(end - p))) return p + n;
    }
    p = otel_counted_rare_(at, end, field);
    if (!p) return NULL;
    *tag = field->number << 3 | field->type;
    *inside = field->bytes;
    return p;
}

/* Spans of this library begin alike: ids, times, flags and kind at fixed places. How many bytes that takes; 0: this is something else. */
OTEL_FN_ size_t otel_counted_head_(const uint8_t *at, size_t len)
{
    const size_t none = OTEL_HEAD_TRACE_ - 2u, n = OTEL_HEAD_ROOT_ - none;       /* before the id are its tag and its length */
    if (len < n || at[0] != 0x0A || at[1] != 16u || at[OTEL_HEAD_SPAN_ - 2u - none] != 0x12 || at[OTEL_HEAD_SPAN_ - 1u - none] != 8u) return 0;
    if (at[OTEL_HEAD_START_ - 1u - none] != 0x39 || at[OTEL_HEAD_END_ - 1u - none] != 0x41) return 0;
    if (at[OTEL_HEAD_FLAGS_ - 2u - none] != 0x85 || at[OTEL_HEAD_FLAGS_ - 1u - none] != 1u) return 0;
    return at[OTEL_HEAD_KIND_ - 1u - none] == 0x30 && at[OTEL_HEAD_KIND_ - none] < 128u ? n : 0u;
}

/* Say whether there are fields from `at` to `end` and nothing else. */
OTEL_FN_ bool otel_counted_whole_(const uint8_t *at, const uint8_t *end, otel_pb_field_t_ *field)
{
    const uint8_t *inside = NULL;
    uint32_t tag;
    at += otel_counted_head_(at, (size_t)(end - at));
    while (at != end) {
        at = otel_counted_field_(at, end, &tag, &inside, field);
        if (!at) return false;
    }
    return true;
}

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. From there the bounds go to it. False: it is no message. */
OTEL_FN_ bool otel_counted_data_(const uint8_t **at, const uint8_t **end, otel_pb_field_t_ *field)
{
    const uint8_t *p = *at, *until = *end, *inside = NULL;
    uint32_t tag;
    *at = *end;
    while (p != until) {
        p = otel_counted_field_(p, until, &tag, &inside, field);
        if (!p) return false;
        if ((tag & 7u) != OTEL_PB_SLICE_ || (tag >> 3 != 5 && tag >> 3 != 7 && (tag >> 3 < 9 || tag >> 3 > 11))) continue;
        *at = inside;
        *end = p;
    }
    return true;
}

/* How many items a request has, into walk->items; false when it is not well-formed down to them. */
OTEL_API_ bool otel_counted_items_(otel_counted_t_ *walk, unsigned signal, const uint8_t *body, size_t len);
OTEL_API_ bool otel_counted_items_(otel_counted_t_ *walk, unsigned signal, const uint8_t *body, size_t len)
{ OTEL_CALLED_
    static const uint8_t tags[4] = { 0x0A, 0x12, 0x12, 0x0A };       /* of a group, its scopes, their items or metrics, and points */
    const unsigned last = signal == (unsigned)OTEL_SIGNAL_METRICS ? 3u : 2u;
    const uint8_t *p = body, *until = body + len, *inside = NULL;
    unsigned level = 0;
    uint32_t tag;
    walk->items = 0;
    for (;;) {
        if (p == until) {
            if (level == 0) return true;
            p = walk->end[level--];                           /* here the outer one goes on */
            until = walk->end[level];
            continue;
        }
        p = otel_counted_field_(p, until, &tag, &inside, &walk->field);
        if (!p) return false;
        if (tag != tags[level]) continue;
        if (level == last) {
            if (!otel_counted_whole_(inside, p, &walk->field)) return false;
            walk->items++;
            continue;
        }
        walk->end[level++] = until;                           /* into the slice, */
        walk->end[level] = until = p;                         /* of a metric into its data; then on behind the metric */
        p = inside;
        if (level == 3u && !otel_counted_data_(&p, &until, &walk->field)) return false;
    }
}
OTEL_C_END_
#endif

/* ---- stats.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Add the records between a reader's cursor and the end to *n. False: they moved meanwhile. */
OTEL_FN_ bool otel_ring_count_(otel_ring_t *ring, unsigned reader, otel_count_t *n)
{
    otel_pos_t pos = ring->reader[reader].cursor, from = pos, until = OTEL_LOAD_ACQUIRE_(&ring->published), left = otel_pos_between_(ring, pos, until);
    while (left) {
        uint32_t size = otel_record_size_(ring, pos);
        if (size > left) return false;
        left -= (otel_pos_t)size;
        pos = otel_pos_add_(ring, pos, (otel_pos_t)size);
        ++*n;
    }
    return ring->reader[reader].cursor == from;
}

/* What a ring and this reader of it have counted, but for the records that were begun. */
OTEL_FN_ void otel_stats_ring_counts_(const otel_exporter_t *x, const otel_ring_t *ring, otel_count_t settled, otel_signal_stats_t *sum)
{
    const bool live = OTEL_LOAD_ACQUIRE_(&x->live_) == 1;
    otel_count_t created = live ? 0u - ring->reader[x->reader_].base : 0u - settled;      /* of what came after this exporter, only the losses and what is being written */
    unsigned i;
    for (i = 0; i < OTEL_RING_DROPS_; i++) {
        otel_count_t dropped = OTEL_LOAD_ACQUIRE_(&ring->dropped[i]);
        if (!live) created += dropped;
        sum->dropped[i] += dropped;
    }
    if (live) sum->dropped[OTEL_DROP_FULL] += ring->reader[x->reader_].evicted;
    sum->created += created;
}

/* One ring into the sums, while the gate keeps exporters (and evictions) away; false: a writer was at it. */
OTEL_FN_ bool otel_stats_ring_(const otel_exporter_t *x, otel_ring_t *ring, otel_signal_stats_t *sum)
{
    const otel_count_t settled = OTEL_LOAD_ACQUIRE_(&ring->settled);
    otel_count_t created;
    bool steady;
    otel_stats_ring_counts_(x, ring, settled, sum);
    steady = OTEL_LOAD_ACQUIRE_(&x->live_) != 1 || otel_ring_count_(ring, x->reader_, &sum->queued);
    created = OTEL_LOAD_ACQUIRE_(&ring->created);
    sum->created += created;
    return steady && created == settled && OTEL_LOAD_ACQUIRE_(&ring->settled) == settled;
}

/* What came after this exporter parted is not its business. */
OTEL_FN_ void otel_stats_parted_(const otel_exporter_t *x, const otel_lane_t_ *lane, otel_signal_stats_t *sum)
{
    if (OTEL_LOAD_ACQUIRE_(&x->live_) == 1) return;
    sum->created += lane->end;
    sum->dropped[OTEL_DROP_FULL] += lane->evicted;
}

/* Both rings of a signal, every shard. */
OTEL_FN_ bool otel_stats_rings_(const otel_exporter_t *x, unsigned signal, otel_signal_stats_t *sum)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    unsigned i, which = otel_ring_of_(signal);
    bool steady = true;
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = &otel_shard_at_(x->otel_, i)->ring[which];
#if OTEL_ATOMICS_
        otel_held_t_ held;
        if (otel_gate_try_(ring, &x->otel_->guard_, 1000, &held)) {
            steady = otel_stats_ring_(x, ring, sum) && steady;
            otel_gate_leave_(ring, &x->otel_->guard_, &held);
        } else {                                  /* a signal handler, on top of the thread that is inside */
            steady = false;
        }
#else                                             /* one core: the exporter stands still meanwhile, and interrupts show in the counts */
        steady = otel_stats_ring_(x, ring, sum) && steady;
#endif
    }
    otel_stats_parted_(x, lane, sum);
    return steady;
}

/* What an exporter has counted of a signal. */
OTEL_FN_ void otel_stats_lane_(const otel_lane_t_ *lane, otel_signal_stats_t *sum)
{
    unsigned i;
    sum->exported = OTEL_LOAD_(&lane->exported);
    sum->retried = OTEL_LOAD_(&lane->retried);
    for (i = 0; i < OTEL_EXPORT_DROPS_; i++) sum->dropped[OTEL_DROP_TOO_LARGE + i] = OTEL_LOAD_(&lane->dropped[i]);
}

OTEL_FN_ bool otel_stats_try_(const otel_exporter_t *x, otel_stats_t *stats)
{
    bool steady = true;
    unsigned s;
    memset((void *)stats, 0, sizeof *stats);
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        const otel_lane_t_ *lane = &x->lane_[s];
        otel_count_t before = OTEL_LOAD_ACQUIRE_(&x->changes_);           /* odd: the exporter is at it */
        otel_stats_lane_(lane, sum);
        if (s != OTEL_SIGNAL_METRICS) {
            steady = otel_stats_rings_(x, s, sum) && steady;
        } else {
            sum->created = OTEL_LOAD_(&lane->created);
            sum->queued = OTEL_LOAD_(&x->points_);
        }
        steady = steady && !(before & 1u) && OTEL_LOAD_ACQUIRE_(&x->changes_) == before;
    }
    return steady;
}

OTEL_API_ otel_result_t otel_stats(const otel_exporter_t *x, otel_stats_t *stats)
{ OTEL_CALLED_
    unsigned tries = 0;
    OTEL_WHEN_OFF_((void)x; if (stats) memset((void *)stats, 0, sizeof *stats); return OTEL_OK)
    if (!x || !stats) return OTEL_E_NULL;
    memset((void *)stats, 0, sizeof *stats);
    if (!x->otel_) return OTEL_E_NOT_READY;
    otel_exporter_renew_((otel_exporter_t *)(uintptr_t)x);   /* the child of a fork counts from zero */
    while (!otel_stats_try_(x, stats) && ++tries < 16u) {}
    stats->steady = tries < 16u;
    return OTEL_OK;
}
OTEL_C_END_
#endif

/* ---- diag.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_drop_remedy(otel_drop_t reason)
{ OTEL_CALLED_
    static const char texts[] =                               /* by otel_drop_t */
        "raise .pool_size, call otel_export_poll more often, or sync time\0"
        "raise .pool_size, or give the exporter a .buffer\0"
        "give more .shards, or hold the port's lock shorter\0"
        "call otel_thread_end before a thread ends\0"
        "a processor of yours drops them\0"
        "raise .buffer_size or .pool_size, or record shorter texts\0"
        "give otel_shutdown more milliseconds\0"
        "the device was reset before they were sent\0"
        "the receiver refuses them: see its answer\0"
        "the receiver put them off too often: raise .retry_attempts\0"
        "call otel_time_sync earlier, or raise .hold_ms\0";
    const char *text = texts;
    unsigned i;
    OTEL_WHEN_OFF_((void)reason; (void)text; (void)i; return "")
    for (i = 0; i < (unsigned)reason && *text; i++) text += strlen(text) + 1u;
    return text;
}

/* ---- the callback ---- */
/* A look, and what is said of it. Private. */
typedef struct otel_look_t_ {
    otel_stats_t now;
    otel_diag_t what;
    otel_count_t queued;
} otel_look_t_;

OTEL_STEP_ void otel_diag_tell_(otel_watch_t *w, otel_diag_t *what, const char *text, const char *remedy)
{
    what->level = what->code == OTEL_DIAG_WORKS ? OTEL_LEVEL_INFO : OTEL_LEVEL_WARN;
    what->answer = w->exporter->lane_[what->signal].last;
    what->text = text;
    what->remedy = remedy;
    (w->say)(w->user, what);
}

/* Begin to say something. */
OTEL_STEP_ void otel_diag_of_(otel_diag_t *what, otel_diag_code_t code, unsigned signal, otel_count_t count)
{
    memset((void *)what, 0, sizeof *what);
    what->code = code;
    what->signal = (otel_signal_t)signal;
    what->count = count;
}

OTEL_STEP_ void otel_diag_lost_(otel_watch_t *w, otel_look_t_ *look, unsigned signal)
{
    static const char text[][32] = {                          /* no pointers: the strings of all tables of a file are linked together */
#define OTEL_DIAG_TEXT_(code, word) "records were lost: " word,
        OTEL_DROPS_(OTEL_DIAG_TEXT_)
#undef OTEL_DIAG_TEXT_
    };
    unsigned i;
    for (i = 0; i < OTEL_DROP_REASONS; i++) {
        otel_diag_of_(&look->what, OTEL_DIAG_LOST, signal, look->now.signal[signal].dropped[i] - w->seen_[signal][i]);
        w->seen_[signal][i] = look->now.signal[signal].dropped[i];
        look->what.reason = (otel_drop_t)i;
        if (look->what.count) otel_diag_tell_(w, &look->what, text[i], otel_drop_remedy((otel_drop_t)i));
    }
}

/* Does the receiver take records of this signal? */
OTEL_STEP_ void otel_diag_put_off_(otel_watch_t *w, otel_look_t_ *look, unsigned signal)
{
    static const char not_now[] = "the receiver does not take records at present";
    static const char back[] = "nothing, if it comes back; else see what `send` answers";
    static const char zero[] = "`send` answers 0, which is no HTTP status", done[] = "return 200 when it went well";
    static const char again[] = "the receiver takes records again";
    const otel_lane_t_ *lane = &w->exporter->lane_[signal];
    bool put_off = lane->failed && lane->wait != 0, was = w->put_off_[signal];
    w->put_off_[signal] = put_off;
    if (put_off && !was) {
        otel_diag_of_(&look->what, OTEL_DIAG_PUT_OFF, signal, look->now.signal[signal].queued);
        otel_diag_tell_(w, &look->what, lane->last ? not_now : zero, lane->last ? back : done);
    }
    if (!put_off && was && !lane->failed) {
        otel_diag_of_(&look->what, OTEL_DIAG_WORKS, signal, 0);
        otel_diag_tell_(w, &look->what, again, "");
    }
}

/* What processors have to say. */
OTEL_FN_ const otel_processor_t *const *otel_diag_processors_(const otel_exporter_t *x)
{
    const otel_span_settings_t *settings = x->otel_->config_.spans.settings_;
    return settings ? settings->processors : NULL;
}

OTEL_API_ void otel_diag_more_(otel_watch_t *w)
{ OTEL_CALLED_
    const otel_processor_t *const *p;
    OTEL_WHEN_OFF_((void)w; (void)p; return)
    for (p = otel_diag_processors_(w->exporter); p && *p; p++) {
        if ((*p)->diag_) ((*p)->diag_->check)(*p, w, w->exporter->live_ != 1);
    }
}

/* Is the time not known yet? */
OTEL_STEP_ bool otel_diag_timeless_(const otel_t *otel)
{
    uint64_t offset;
    return otel->clock_.ticks && !otel_clock_offset_(&otel->clock_, &offset);
}

/* Is a request on its way whose outcome nobody tells? Twice the time that a request has is long enough. */
OTEL_STEP_ void otel_diag_stuck_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char long_ago[] = "a request is on its way, and nobody says how it went", done[] = "call otel_export_done: `send` answered OTEL_PENDING";
    const otel_exporter_t *x = w->exporter;
    const bool flying = x->live_ == 1 && x->flying_ && !x->inside_;
    const uint64_t now = flying ? otel_clock_now_(&x->otel_->clock_) : 0;
    if (!flying || !w->seen_ns_ || w->followed_ != x->lane_at_->since) {
        w->seen_ns_ = flying ? now | 1u : 0;
        w->followed_ = flying ? x->lane_at_->since : 0;
        w->stuck_ = false;
    } else if (!w->stuck_ && now > w->seen_ns_ && now - w->seen_ns_ > (uint64_t)x->config_.timeout_ms * 2000000u) {
        w->stuck_ = true;
        otel_diag_of_(&look->what, OTEL_DIAG_PUT_OFF, x->request_.signal, look->now.signal[x->request_.signal].queued);
        otel_diag_tell_(w, &look->what, long_ago, done);
    }
}

/* Is it a time that nobody means? Ticks that are taken for Unix time, or a machine whose clock was never set. */
OTEL_STEP_ bool otel_diag_early_(otel_t *otel)
{
    uint64_t offset;
    return otel_clock_offset_(&otel->clock_, &offset) && otel_clock_now_(&otel->clock_) + offset < 946684800u * (uint64_t)1000000000u;
}

/* Are metrics recorded? */
OTEL_STEP_ bool otel_diag_measures_(const otel_exporter_t *x) { return OTEL_METRICS && x->live_ == 1 && OTEL_LOAD_ACQUIRE_(&x->otel_->collect_); }

/* And does no exporter of the instance have a buffer to collect them into? */
OTEL_STEP_ bool otel_diag_homeless_(const otel_exporter_t *x)
{
    const otel_exporter_t *one;
    if (!otel_diag_measures_(x)) return false;
    for (one = x->otel_->exporters_; one; one = one->next_) if (one->config_.buffer) return false;
    return true;
}

/* Once: a page or a reader of one's own may take them, which nobody sees from here. */
OTEL_STEP_ void otel_diag_unsent_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char none[] = "metrics are recorded, and no exporter has room to collect them", buffer[] = "give an exporter .buffer, unless a page or a reader takes them";
    if (w->homeless_ || !otel_diag_homeless_(w->exporter)) return;
    w->homeless_ = true;
    otel_diag_of_(&look->what, OTEL_DIAG_SETTING, OTEL_SIGNAL_METRICS, 0);
    otel_diag_tell_(w, &look->what, none, buffer);
}

OTEL_STEP_ void otel_diag_look_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char no_time[] = "records wait until the time is known";
    static const char sync[] = "call otel_time_sync";
    static const char before[] = "the clock says a year before 2000", hz[] = "set .clock_hz if it counts ticks, or set the clock";
    unsigned s;
    bool waits, early = w->exporter->live_ == 1 && otel_diag_early_(w->exporter->otel_);
    look->queued = 0;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        look->queued += look->now.signal[s].queued;
        otel_diag_lost_(w, look, s);
        otel_diag_put_off_(w, look, s);
    }
    waits = early || (otel_diag_timeless_(w->exporter->otel_) && (look->queued || otel_diag_measures_(w->exporter)));
    if (waits && !w->waits_) {
        otel_diag_of_(&look->what, OTEL_DIAG_NO_TIME, 0, look->queued);
        otel_diag_tell_(w, &look->what, early ? before : no_time, early ? hz : sync);
    }
    w->waits_ = waits;
    otel_diag_stuck_(w, look);
    otel_diag_unsent_(w, look);
    otel_diag_more_(w);
}

OTEL_API_ void otel_diag_check(otel_watch_t *w)
{ OTEL_CALLED_
    OTEL_WORKING_ otel_look_t_ look;
    OTEL_WHEN_OFF_((void)w; return)
    if (!w || !w->exporter || !w->say || otel_stats(w->exporter, &look.now) != OTEL_OK) return;
    otel_diag_look_(w, &look);
}
OTEL_C_END_
#endif

/* ---- due.h ----------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_export_due_ms(otel_exporter_t *x)
{ OTEL_CALLED_
    uint32_t due = OTEL_NOTHING_DUE;
    uint64_t offset;
    unsigned signal;
    OTEL_WHEN_OFF_((void)x; (void)offset; (void)signal; return due)
    if (!x || x->live_ != 1 || !x->otel_->live_) return due;
    otel_exporter_tick_(x);
    if (x->flying_) return due;
    for (signal = 0; signal < OTEL_SIGNALS; signal++) {
        uint32_t gone = x->now_ - x->lane_[signal].since, age, left;
        if (!OTEL_METRICS && signal == OTEL_SIGNAL_METRICS) continue;
        age = otel_lane_ripe_(x, signal, true);
        if (age == OTEL_NEVER_RIPE_) continue;
        if (gone >> 31) gone = 0;
        left = age > gone ? age - gone : 0u;
        left = left ? left + left / 20u + 1u : 0u;            /* units of 2^20 ns, and rather late than once too often */
        if (left < due) due = left;
    }
    if (due < OTEL_DUE_UNKNOWN_MS_ && !otel_clock_offset_(&x->otel_->clock_, &offset) && !x->otel_->config_.send_unsynced) due = OTEL_DUE_UNKNOWN_MS_;
    return due;
}
OTEL_C_END_
#endif

/* ---- dump.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The screen and what it tells. Private. */
typedef struct otel_dump_t_ {
    otel_painter_t_ paint;
    otel_stats_t now;
    uint64_t size, used, most[2];                 /* of the rings: bytes; percent of the fullest */
} otel_dump_t_;

OTEL_STEP_ void otel_dump_count_(otel_painter_t_ *p, uint64_t n, unsigned column)
{
    p->words.n = 0;
    otel_words_uint_(&p->words, 0, n);
    otel_paint_to_(p, column > p->words.n ? column - p->words.n : 0);
    otel_paint_words_(p);
}

OTEL_STEP_ void otel_dump_text_(otel_painter_t_ *p, const char *text, unsigned indent)
{
    otel_paint_long_(p, text, strlen(text), indent);
    otel_paint_line_(p);
}

/* What `send` answered, when that was no outcome; NULL: it was one. */
OTEL_FN_ const char *otel_dump_mute_(const otel_exporter_t *x, const otel_lane_t_ *lane)
{
    static const char under_way[] = "  under way, otel_export_done?", zero[] = "  0, done would be 200", again[] = "  OTEL_AGAIN", silent[] = "  no answer", unsent[] = "  nothing sent yet";
    if (x->flying_ && x->lane_at_ == lane && !x->inside_) return under_way;
    if (lane->last == OTEL_AGAIN) return again;
    if (lane->last == 0) return lane->failed ? zero : unsent;
    return lane->last < 0 ? silent : NULL;
}

/* How it goes: "200", "503, again in 1.20 s" */
OTEL_STEP_ void otel_dump_answer_(otel_painter_t_ *p, const otel_exporter_t *x, const otel_lane_t_ *lane)
{
    static const char again[] = ", again in ";
    const char *mute = otel_dump_mute_(x, lane);
    uint32_t gone = x->now_ - lane->since;
    p->words.n = 0;
    otel_words_text_(&p->words, mute ? mute : "  ");
    if (!mute) otel_words_uint_(&p->words, 0, (uint64_t)lane->last);
    if (x->live_ == 1 && lane->last && lane->failed && lane->wait > gone) {
        otel_words_text_(&p->words, again);
        otel_words_duration_(&p->words, (uint64_t)(lane->wait - gone) << 20);
    }
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* created, exported, queued, dropped */
OTEL_STEP_ void otel_dump_signal_(otel_painter_t_ *p, unsigned s, const otel_signal_stats_t *now)
{
    static const char name[OTEL_SIGNALS][12] = { "spans", "data points", "log records" };
    otel_paint_text_(p, "  ");
    otel_paint_(p, name[s], strlen(name[s]), 12);
    otel_dump_count_(p, now->created, 21);
    otel_dump_count_(p, now->exported, 31);
    otel_dump_count_(p, now->queued, 39);
    otel_dump_count_(p, otel_stats_dropped(now), 48);
}

OTEL_STEP_ void otel_dump_losses_(otel_painter_t_ *p, const otel_stats_t *now)
{
    static const char title[] = "lost, by reason", none[] = "nothing was lost";
    unsigned i, s;
    bool any = false;
    for (i = 0; i < OTEL_DROP_REASONS; i++) {
        otel_count_t n = 0;
        for (s = 0; s < OTEL_SIGNALS; s++) n += now->signal[s].dropped[i];
        if (!n) continue;
        if (!any) otel_dump_text_(p, title, 0);
        any = true;
        otel_dump_count_(p, n, 8);
        otel_paint_text_(p, " ");
        otel_paint_text_(p, otel_drop_text((otel_drop_t)i));
        otel_paint_to_(p, 20);
        otel_dump_text_(p, otel_drop_remedy((otel_drop_t)i), 20);
    }
    if (any) return;
    otel_dump_text_(p, none, 0);
}

/* How many hundredths of `size` are used. */
OTEL_FN_ uint32_t otel_dump_percent_(uint64_t used, uint64_t size)
{
    uint32_t percent = 0;
    while (percent < 100u && (percent + 1u) * size <= used * 100u) percent++;
    return percent;
}

/* The rings of spans (0) or logs of all shards. */
OTEL_STEP_ void otel_dump_rings_(otel_dump_t_ *d, const otel_t *otel, unsigned which)
{
    unsigned i;
    d->size = d->used = d->most[which] = 0;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ring_t *ring = &otel_shard_at_((otel_t *)(uintptr_t)otel, i)->ring[which];
        otel_pos_t here = ring->size ? otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), OTEL_LOAD_ACQUIRE_(&ring->published)) : 0;
        uint32_t percent = ring->size ? otel_dump_percent_(here, ring->size) : 0;
        d->size += ring->size;
        d->used += here;
        if (percent > d->most[which]) d->most[which] = percent;
    }
}

/* How full the rings are, over all shards; and the fullest one, because a thread records into one of them. */
OTEL_STEP_ void otel_dump_pool_(otel_dump_t_ *d, const otel_t *otel)
{
    static const char pool[] = "pool: spans ", logs[] = ", logs ", of[] = " of ", bytes[] = " bytes";
    static const char most_of[] = "  the fullest of ", shards[] = " shards: spans ", percent[] = " %";
    otel_painter_t_ *p = &d->paint;
    unsigned k;
    for (k = 0; k < 2; k++) {
        otel_dump_rings_(d, otel, k);
        otel_paint_text_(p, k ? logs : pool);
        otel_dump_count_(p, d->used, 0);
        otel_paint_text_(p, of);
        otel_dump_count_(p, d->size, 0);
        otel_paint_text_(p, bytes);
    }
    otel_paint_line_(p);
    if (otel_shards_(otel) < 2u) return;
    otel_paint_text_(p, most_of);
    otel_dump_count_(p, otel_shards_(otel), 0);
    otel_paint_text_(p, shards);
    otel_dump_count_(p, d->most[0], 0);
    otel_paint_text_(p, percent);
    otel_paint_text_(p, logs);
    otel_dump_count_(p, d->most[1], 0);
    otel_paint_text_(p, percent);
    otel_paint_line_(p);
}

#if OTEL_METRICS
OTEL_STEP_ void otel_dump_instrument_(otel_painter_t_ *p, const otel_instrument_t *i)
{
    static const char refused[] = " refused", overflowed[] = " in its overflow series";
    const otel_count_t no = OTEL_LOAD_(&i->refused_), over = OTEL_LOAD_(&i->overflowed_);
    if (!no && !over) return;
    otel_paint_text_(p, i->name ? i->name : "");
    otel_paint_text_(p, ": ");
    if (no) {
        otel_dump_count_(p, no, 0);
        otel_paint_text_(p, refused);
    }
    if (no && over) otel_paint_text_(p, ", ");
    if (over) {
        otel_dump_count_(p, over, 0);
        otel_paint_text_(p, overflowed);
    }
    otel_paint_line_(p);
}

/* Measurements that are in no number, or under no attributes of their own. */
OTEL_STEP_ void otel_dump_instruments_(otel_painter_t_ *p, const otel_t *otel)
{
    otel_instrument_t *i = OTEL_LOAD_ACQUIRE_(&((otel_t *)(uintptr_t)otel)->instruments_);
    for (i = otel_collect_like_(otel, i, NULL); i; i = otel_collect_like_(otel, i->next_, NULL)) otel_dump_instrument_(p, i);
}
#endif

OTEL_STEP_ const char *otel_dump_state_(const otel_exporter_t *x)
{
    static const char never[] = "otel: not set up; see what otel_exporter_init answered";
    static const char ended[] = "otel: shut down";
    static const char known[] = "otel: running, time known";
    static const char unknown[] = "otel: running, time not known: call otel_time_sync";
    static const char early[] = "otel: running, but the clock says a year before 2000: .clock_hz?";
    if (x->live_ == 0) return never;
    if (x->live_ != 1) return ended;
    if (otel_diag_early_(x->otel_)) return early;
    return otel_diag_timeless_(x->otel_) ? unknown : known;
}

OTEL_STEP_ void otel_dump_screen_(otel_dump_t_ *d, const otel_exporter_t *x)
{
    static const char head[] = "              created  exported  queued  dropped  last answer";
    static const char moved[] = " (counts moved meanwhile)";
    static const char homeless[] = "metrics: no exporter has a .buffer to collect them into";
    const otel_processor_t *const *processor;
    otel_painter_t_ *p = &d->paint;
    unsigned s;
    otel_paint_text_(p, otel_dump_state_(x));
    otel_paint_text_(p, d->now.steady ? "" : moved);
    otel_paint_line_(p);
    otel_dump_text_(p, head, 0);
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_dump_signal_(p, s, &d->now.signal[s]);
        otel_dump_answer_(p, x, &x->lane_[s]);
    }
    otel_dump_losses_(p, &d->now);
    if (x->live_ == 1) otel_dump_pool_(d, x->otel_);
#if OTEL_METRICS
    if (x->live_ == 1) otel_dump_instruments_(p, x->otel_);
#endif
    if (otel_diag_homeless_(x)) otel_dump_text_(p, homeless, 0);
    for (processor = otel_diag_processors_(x); processor && *processor; processor++) {
        if ((*processor)->diag_) ((*processor)->diag_->dump)(*processor, p);
    }
}

OTEL_STEP_ void otel_dump_refusal_(otel_painter_t_ *p, const char *text)
{
    otel_paint_text_(p, "otel: ");
    otel_dump_text_(p, text, 6);
}

OTEL_API_ void otel_diag_dump(const otel_exporter_t *x, void (*put)(void *user, const char *text, size_t len), void *user)
{ OTEL_CALLED_
    OTEL_WORKING_ otel_dump_t_ work;
    otel_result_t result;
    OTEL_WHEN_OFF_((void)x; (void)put; (void)user; return)
    if (!put) return;
    memset((void *)&work.paint, 0, sizeof work.paint);
    work.paint.put = put;
    work.paint.user = user;
    work.paint.newline = "\n";
    work.paint.columns = 80;
    work.paint.ascii = true;
    result = otel_stats(x, &work.now);
    if (result == OTEL_OK) otel_dump_screen_(&work, x);
    else otel_dump_refusal_(&work.paint, otel_result_text(result));
}
OTEL_C_END_
#endif

/* ---- medium.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* CRC-32 as zlib has it, four bits at a time: 64 bytes of table. Begin with 0. */
OTEL_FN_ uint32_t otel_crc_(uint32_t crc, const uint8_t *bytes, size_t n)
{
    static const uint32_t part[16] = { 0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
                                       0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu };
    crc = ~crc;
    while (n--) {
        crc ^= *bytes++;
        crc = crc >> 4 ^ part[crc & 15u];
        crc = crc >> 4 ^ part[crc & 15u];
    }
    return ~crc;
}

OTEL_FN_ void otel_store_put4_(uint8_t *to, uint32_t v)
{
    to[0] = (uint8_t)v;
    to[1] = (uint8_t)(v >> 8);
    to[2] = (uint8_t)(v >> 16);
    to[3] = (uint8_t)(v >> 24);
}

OTEL_FN_ uint32_t otel_store_get4_(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24; }

OTEL_FN_ uint32_t otel_store_cut_(const otel_geometry_t *g)
{
    uint32_t log = 0;
    while (1u << log < g->grain) log++;
    return g->sector_size | log;
}

OTEL_FN_ uint32_t otel_grains_(const otel_geometry_t *g, uint32_t n) { return (n + g->grain - 1u) & ~(g->grain - 1u); }

/* Five numbers in the first 20 bytes of a header get a CRC behind them; the first one says what it is. */
OTEL_FN_ void otel_store_seal_(uint8_t *head) { otel_store_put4_(head + 20, otel_crc_(0, head, 20)); }

OTEL_FN_ bool otel_store_sealed_(const uint8_t *head, uint32_t what) { return otel_store_get4_(head) == what && otel_store_get4_(head + 20) == otel_crc_(0, head, 20); }

OTEL_INLINE_ bool otel_store_read_(otel_desk_t_ *desk, uint32_t at, uint32_t n) { return (desk->medium->read)(desk->medium->user, at, desk->chunk, n) == 0; }

/* Read a record's header. False: it is none. */
OTEL_API_ bool otel_store_unseal_(otel_desk_t_ *desk, uint32_t at);
OTEL_API_ bool otel_store_unseal_(otel_desk_t_ *desk, uint32_t at) { OTEL_CALLED_ return otel_store_read_(desk, at, OTEL_STORE_HEAD_) && otel_store_sealed_(desk->chunk, OTEL_STORE_RECORD_); }

/* The same of a sector's. On it hangs much: one flipped bit is put right. */
OTEL_API_ bool otel_store_title_(otel_desk_t_ *desk, uint32_t at);
OTEL_API_ bool otel_store_title_(otel_desk_t_ *desk, uint32_t at)
{ OTEL_CALLED_
    unsigned i;
    if (!otel_store_read_(desk, at, OTEL_STORE_HEAD_)) return false;
    if (otel_store_sealed_(desk->chunk, OTEL_STORE_SECTOR_)) return true;
    for (i = 0; i < 8u * OTEL_STORE_HEAD_; i++) {
        desk->chunk[i / 8u] = (uint8_t)(desk->chunk[i / 8u] ^ 1u << (i & 7u));
        if (otel_store_sealed_(desk->chunk, OTEL_STORE_SECTOR_)) return true;
        desk->chunk[i / 8u] = (uint8_t)(desk->chunk[i / 8u] ^ 1u << (i & 7u));
    }
    return false;
}

/* The number at place `i` of the header that was read. */
OTEL_FN_ uint32_t otel_store_said_(const otel_desk_t_ *desk, unsigned i) { return otel_store_get4_(desk->chunk + 4u * i); }

/* Bytes of a record whose body has `len`; 0: more than a sector. */
OTEL_FN_ uint32_t otel_store_size_(const otel_geometry_t *g, uint32_t len)
{
    uint32_t head = otel_grains_(g, OTEL_STORE_HEAD_), size;
    if (len > g->sector_size - 2u * head) return 0;
    size = head + otel_grains_(g, len + 4u) + otel_grains_(g, 4);
    return size > g->sector_size - head ? 0 : size;
}

/* The record at `at` of a sector that ends at `end`, whose header was read: can it be? */
OTEL_API_ bool otel_store_parse_(const otel_desk_t_ *desk, uint32_t at, uint32_t end, otel_stored_t_ *record);
OTEL_API_ bool otel_store_parse_(const otel_desk_t_ *desk, uint32_t at, uint32_t end, otel_stored_t_ *record)
{ OTEL_CALLED_
    record->at = at;
    record->len = otel_store_said_(desk, 1);
    record->number = otel_store_said_(desk, 2);
    record->boot = otel_store_said_(desk, 3);
    record->items = otel_store_said_(desk, 4) & 0x3FFFFFFFu;
    record->signal = (uint8_t)(otel_store_said_(desk, 4) >> 30);
    record->size = otel_store_size_(&desk->g, record->len);
    return record->size && record->size <= end - at && record->signal < OTEL_SIGNALS;
}

/* Is the body of a record whole? */
OTEL_API_ bool otel_store_whole_(otel_desk_t_ *desk, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_whole_(otel_desk_t_ *desk, const otel_stored_t_ *record)
{ OTEL_CALLED_
    uint32_t at = record->at + otel_grains_(&desk->g, OTEL_STORE_HEAD_), left = record->len, crc = 0, n;
    for (; left; left -= n, at += n) {
        n = left < OTEL_STORE_CHUNK_ ? left : OTEL_STORE_CHUNK_;
        if (!otel_store_read_(desk, at, n)) return false;
        crc = otel_crc_(crc, desk->chunk, (size_t)n);
    }
    return otel_store_read_(desk, at, 4) && otel_store_get4_(desk->chunk) == crc;
}

OTEL_FN_ uint32_t otel_store_slot_(const otel_geometry_t *g, const otel_stored_t_ *record) { return record->at + record->size - otel_grains_(g, 4); }

/* Has it gone out? One flipped bit does not make it so, nor a mark that was cut off early. */
OTEL_API_ bool otel_store_sent_(otel_desk_t_ *desk, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_sent_(otel_desk_t_ *desk, const otel_stored_t_ *record)
{ OTEL_CALLED_
    unsigned zeros = 0, i;
    if (!otel_store_read_(desk, otel_store_slot_(&desk->g, record), 4)) return false;
    for (i = 0; i < 32; i++) zeros += (unsigned)(~desk->chunk[i / 8u] >> (i % 8u)) & 1u;
    return zeros > 16u;
}

/* Are the bytes from `at` to `end` as an erase leaves them? */
OTEL_API_ bool otel_store_blank_(otel_desk_t_ *desk, uint32_t at, uint32_t end);
OTEL_API_ bool otel_store_blank_(otel_desk_t_ *desk, uint32_t at, uint32_t end)
{ OTEL_CALLED_
    uint32_t n, i;
    for (; at < end; at += n) {
        n = end - at < OTEL_STORE_CHUNK_ ? end - at : OTEL_STORE_CHUNK_;
        if (!otel_store_read_(desk, at, n)) return false;
        for (i = n; i;) {
            if (desk->chunk[--i] != 0xFFu) return false;
        }
    }
    return true;
}

/* The next record at or behind *at in a sector that ends at `end`; what is damaged in between is stepped over, grain by grain.
   False: none, and *at is where the search began. */
OTEL_FN_ bool otel_store_find_(otel_desk_t_ *desk, uint32_t *at, uint32_t end, otel_stored_t_ *record)
{
    uint32_t pos = *at;
    while (pos < end) {
        if (end - pos >= OTEL_STORE_HEAD_ && otel_store_unseal_(desk, pos) && otel_store_parse_(desk, pos, end, record)) {
            *at = pos;
            return true;
        }
        if (otel_store_blank_(desk, pos, pos + OTEL_STORE_CHUNK_ < end ? pos + OTEL_STORE_CHUNK_ : end)) pos += OTEL_STORE_CHUNK_;
        else pos += desk->g.grain;
    }
    return false;
}
OTEL_C_END_
#endif

/* ---- crash.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_VAR_ bool otel_crash_opened_v0_ = false;
#endif

#define OTEL_CRASH_MARK_ 0x4843544Fu          /* "OTCH": a crash */
#define OTEL_CRASH_READY_ 0x5943544Fu         /* "OTCY": ready for one */

OTEL_FN_ uint32_t otel_crash_crc_(const otel_crash_t *crash) { return otel_crc_(0, (const uint8_t *)crash, offsetof(otel_crash_t, otel_)); }

OTEL_STEP_ void otel_crash_text_(char *to, const char *from)
{
    unsigned i;
    memset(to, 0, OTEL_CRASH_TEXT);
    for (i = 0; from && i + 1u < OTEL_CRASH_TEXT && from[i]; i++) to[i] = from[i];
    if (from && from[i]) otel_utf8_close_(to, i);
}

OTEL_API_ bool otel_crash_found(const otel_crash_t *crash)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)crash; return false)
    return crash && crash->mark_ == OTEL_CRASH_MARK_ && crash->spans <= OTEL_CRASH_SPANS && crash->crc_ == otel_crash_crc_(crash);
}

#if OTEL_ENABLED
OTEL_STEP_ void otel_crash_close_(otel_crash_t *crash)
{
    crash->mark_ = OTEL_CRASH_MARK_;
    crash->crc_ = otel_crash_crc_(crash);
}

/* The span and those that it stands in; with them the record is whole. */
OTEL_STEP_ void otel_crash_spans_(otel_crash_t *crash, const otel_span_t *span)
{
    for (; span && crash->spans < OTEL_CRASH_SPANS; crash->spans++, span = span->up_) {
        memcpy(crash->span[crash->spans].trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(crash->span[crash->spans].span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
        otel_crash_text_(crash->span[crash->spans].name, span->name_);
    }
    otel_crash_close_(crash);
}
#endif

OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link)
{ OTEL_CALLED_
#if OTEL_ENABLED
    const otel_current_t *current;
    bool runs;
    if (!crash || crash->mark_ != OTEL_CRASH_READY_) return;
    crash->mark_ = 0;                             /* not whole until the end */
    crash->address = address;
    crash->link = link;
    crash->spans = 0;
    crash->crashes++;
    otel_crash_text_(crash->cause, cause ? cause : "unknown");
    runs = otel_crash_opened_v0_ && otel_running_(crash->otel_);
    crash->time = runs ? otel_clock_now_(&crash->otel_->clock_) : 0;
    current = runs ? otel_current_(crash->otel_) : NULL;
    otel_crash_spans_(crash, current ? current->span : NULL);
#else
    (void)crash;
    (void)cause;
    (void)address;
    (void)link;
#endif
}

/* What a crash becomes. Private. */
typedef struct otel_crash_log_t_ {
    otel_log_record_t record;
    otel_context_t context;
    otel_attr_t attributes[6];
    const char *names[OTEL_CRASH_SPANS];
} otel_crash_log_t_;

OTEL_STEP_ void otel_crash_int_(otel_attr_t *to, const char *key, uint64_t value)
{
    to->key = key;
    to->value = otel_value_int_((int64_t)value);
}

OTEL_STEP_ void otel_crash_str_(otel_value_t *to, const char *text) { *to = otel_value_str_(text); }

/* The names of the spans. */
OTEL_STEP_ void otel_crash_names_(otel_crash_log_t_ *log, const otel_crash_t *crash)
{
    uint32_t i;
    for (i = 0; i < crash->spans; i++) log->names[i] = crash->span[i].name;
    log->attributes[1].value = otel_value_list_(OTEL_V_STRINGS_, log->names, (size_t)crash->spans, sizeof log->names[0]);
}

OTEL_STEP_ void otel_crash_fill_(otel_crash_log_t_ *log, const otel_crash_t *crash)
{
    memset((void *)log, 0, sizeof *log);
    log->attributes[0].key = "crash.cause";       /* what matters most comes first: there may not be room for all */
    otel_crash_str_(&log->attributes[0].value, crash->cause);
    log->attributes[1].key = "crash.spans";
    otel_crash_names_(log, crash);
    otel_crash_int_(&log->attributes[2], "crash.address", crash->address);
    otel_crash_int_(&log->attributes[3], "crash.link", crash->link);
    otel_crash_int_(&log->attributes[4], "crash.count", crash->crashes);
    otel_crash_int_(&log->attributes[5], "crash.uptime_ns", crash->time);
    log->record.severity = OTEL_FATAL;
    log->record.body = log->attributes[0].value;
    log->record.event_name = "crash";
    log->record.attributes = log->attributes;
    log->record.attributes_len = 6;
    if (!crash->spans) return;
    memcpy(log->context.trace_id, crash->span[0].trace_id, 16);
    memcpy(log->context.span_id, crash->span[0].span_id, 8);
    log->record.context = &log->context;
}

/* Ready for the next one. */
OTEL_STEP_ bool otel_crash_ready_(otel_crash_t *crash, otel_t *otel, bool found)
{
    uint32_t crashes = found || crash->mark_ == OTEL_CRASH_READY_ ? crash->crashes : 0;
    memset((void *)crash, 0, sizeof *crash);
    crash->crashes = crashes;
    crash->otel_ = otel;
#if OTEL_ENABLED
    otel_crash_opened_v0_ = true;
#endif
    crash->mark_ = OTEL_CRASH_READY_;
    return found;
}

#if OTEL_ENABLED
/* Log records for which there was no room. */
OTEL_STEP_ otel_count_t otel_crash_lost_(otel_t *otel)
{
    otel_count_t lost = 0;
    unsigned i;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ring_t *ring = &otel_shard_at_(otel, i)->ring[OTEL_LOGS_];
        lost += OTEL_LOAD_(&ring->dropped[OTEL_DROP_FULL]) + OTEL_LOAD_(&ring->dropped[OTEL_DROP_TOO_LARGE]);
    }
    return lost;
}

/* False: it was not taken. */
OTEL_STEP_ bool otel_crash_tell_(otel_t *otel, const otel_log_record_t *record)
{
    otel_count_t lost = otel_crash_lost_(otel);
    otel_log_emit(record);
    return otel_crash_lost_(otel) == lost;
}
#endif

OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel)
{ OTEL_CALLED_
    OTEL_WORKING_ otel_crash_log_t_ log OTEL_Z_;             /* said here, C++ makes no constructor to guard */
    OTEL_WHEN_OFF_((void)crash; (void)otel; (void)log; return false)
    if (!crash) return false;
    if (!otel) otel = otel_default_();
    if (!otel_crash_found(crash)) return otel_crash_ready_(crash, otel, false);
#if OTEL_ENABLED
    if (!otel_running_(otel)) return true;
    otel_crash_fill_(&log, crash);
    log.record.otel = otel;
    if (!otel_crash_tell_(otel, &log.record)) {
        log.record.attributes_len = 1;
        log.record.lost_ = 5;
        log.record.body.type = OTEL_V_NULL_;
        if (!otel_crash_tell_(otel, &log.record)) return true;
    }
#endif
    return otel_crash_ready_(crash, otel, true);
}
OTEL_C_END_
#endif

/* ---- fault.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_fault_init_with(otel_fault_t *fault, const otel_fault_config_t *config)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)fault; (void)config; return OTEL_OK)
    if (!fault || !config || (config->steps_len && !config->steps)) return OTEL_E_NULL;
    memset((void *)fault, 0, sizeof *fault);
    fault->config_ = *config;
    return OTEL_OK;
}

/* The step that this call is, or NULL behind the script's end. */
OTEL_FN_ const otel_fault_step_t *otel_fault_next_(otel_fault_t *fault)
{
    const otel_fault_step_t *step;
    if (fault->step_ == fault->config_.steps_len) return NULL;
    step = &fault->config_.steps[fault->step_];
    if (step->times == OTEL_FAULT_FOREVER) return step;
    if (++fault->done_ >= (step->times ? step->times : 1u)) {
        fault->step_++;
        fault->done_ = 0;
    }
    return step;
}

OTEL_API_ int otel_fault_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_fault_t *fault = (otel_fault_t *)user;
    const otel_fault_step_t *step;
    int answer = 200;
    OTEL_WHEN_OFF_((void)fault; (void)user; (void)request; return 200)
    if (!fault || !request) return -1;
    OTEL_ADD_(&fault->calls_, 1u);
    step = otel_fault_next_(fault);
    if (!step || step->deliver || step->answer == 0) {
        OTEL_ADD_(&fault->delivered_, 1u);
        if (fault->config_.send) answer = (fault->config_.send)(fault->config_.user, request);
    }
    if (!step) return answer;
    if (fault->config_.exporter && (step->reply || step->retry_after))
        otel_export_reply(fault->config_.exporter, step->reply, step->reply ? step->reply_len : 0u, step->retry_after);
    return step->answer ? step->answer : answer;
}

OTEL_API_ uint32_t otel_fault_calls(const otel_fault_t *fault)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->calls_) : 0u;
}

OTEL_API_ uint32_t otel_fault_delivered(const otel_fault_t *fault)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->delivered_) : 0u;
}

OTEL_API_ bool otel_fault_over(const otel_fault_t *fault)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)fault; return true)
    return !fault || fault->step_ == fault->config_.steps_len;
}
OTEL_C_END_
#endif

/* ---- json_table.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What a field holds, and how JSON says it. */
enum {
    OTEL_JSON_MESSAGE_,
    OTEL_JSON_TEXT_,
    OTEL_JSON_HEX_,                    /* ids */
    OTEL_JSON_BASE64_,                 /* other bytes */
    OTEL_JSON_BOOL_,
    OTEL_JSON_INT32_,                  /* enums too: a number */
    OTEL_JSON_UINT32_,
    OTEL_JSON_SINT32_,                 /* zigzag */
    OTEL_JSON_INT64_,                  /* 64 bits: digits in quotes */
    OTEL_JSON_UINT64_,
    OTEL_JSON_FIXED32_,
    OTEL_JSON_FIXED64_,
    OTEL_JSON_SFIXED64_,
    OTEL_JSON_DOUBLE_,
    OTEL_JSON_KIND_ = 15,
    OTEL_JSON_ONE_ = 16,               /* of a oneof: the last one counts */
    OTEL_JSON_MANY_ = 32               /* repeated: an array */
};

enum {
    OTEL_JSON_TRACES_, OTEL_JSON_METRICS_, OTEL_JSON_LOGS_,        /* as otel_signal_t */
    OTEL_JSON_RESOURCE_SPANS_, OTEL_JSON_RESOURCE_METRICS_, OTEL_JSON_RESOURCE_LOGS_, OTEL_JSON_RESOURCE_, OTEL_JSON_ENTITY_,
    OTEL_JSON_SCOPE_SPANS_, OTEL_JSON_SCOPE_METRICS_, OTEL_JSON_SCOPE_LOGS_, OTEL_JSON_SCOPE_,
    OTEL_JSON_ATTRIBUTE_, OTEL_JSON_VALUE_, OTEL_JSON_ARRAY_, OTEL_JSON_MAP_,
    OTEL_JSON_SPAN_, OTEL_JSON_EVENT_, OTEL_JSON_LINK_, OTEL_JSON_STATUS_, OTEL_JSON_LOG_,
    OTEL_JSON_METRIC_, OTEL_JSON_GAUGE_, OTEL_JSON_SUM_, OTEL_JSON_HISTOGRAM_, OTEL_JSON_EXPONENTIAL_, OTEL_JSON_SUMMARY_,
    OTEL_JSON_NUMBER_POINT_, OTEL_JSON_HISTOGRAM_POINT_, OTEL_JSON_EXPONENTIAL_POINT_, OTEL_JSON_SUMMARY_POINT_,
    OTEL_JSON_BUCKETS_, OTEL_JSON_QUANTILE_, OTEL_JSON_EXEMPLAR_
};

/* A field of a message; a row with number 0 ends each list. Private. */
typedef struct otel_json_row_t_ {
    uint8_t number, kind, message;
    char name[24];                     /* no pointers: the strings of all tables of a file are linked together */
} otel_json_row_t_;

/* The fields of a message, at most 16: opentelemetry/proto, release 1.9. */
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message);
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message)
{ OTEL_CALLED_
#define OTEL_M_(number, which, name) { number, OTEL_JSON_MESSAGE_, OTEL_JSON_##which##_, name }
#define OTEL_MANY_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_MANY_, OTEL_JSON_##which##_, name }
#define OTEL_ONE_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_ONE_, OTEL_JSON_##which##_, name }
#define OTEL_F_(number, kind, name) { number, OTEL_JSON_##kind##_, 0, name }
#define OTEL_F_MANY_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_MANY_, 0, name }
#define OTEL_F_ONE_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_ONE_, 0, name }
#define OTEL_END_ { 0, 0, 0, "" }
#define OTEL_ROWS_(name) static const otel_json_row_t_ name[]
    OTEL_ROWS_(traces) = { OTEL_MANY_(1, RESOURCE_SPANS, "resourceSpans"), OTEL_END_ };
    OTEL_ROWS_(metrics) = { OTEL_MANY_(1, RESOURCE_METRICS, "resourceMetrics"), OTEL_END_ };
    OTEL_ROWS_(logs) = { OTEL_MANY_(1, RESOURCE_LOGS, "resourceLogs"), OTEL_END_ };
    OTEL_ROWS_(resource_spans) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_SPANS, "scopeSpans"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource_metrics) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_METRICS, "scopeMetrics"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource_logs) = { OTEL_M_(1, RESOURCE, "resource"), OTEL_MANY_(2, SCOPE_LOGS, "scopeLogs"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(resource) = { OTEL_MANY_(1, ATTRIBUTE, "attributes"), OTEL_F_(2, UINT32, "droppedAttributesCount"), OTEL_MANY_(3, ENTITY, "entityRefs"), OTEL_END_ };
    OTEL_ROWS_(entity) = { OTEL_F_(1, TEXT, "schemaUrl"), OTEL_F_(2, TEXT, "type"), OTEL_F_MANY_(3, TEXT, "idKeys"), OTEL_F_MANY_(4, TEXT, "descriptionKeys"), OTEL_END_ };
    OTEL_ROWS_(scope_spans) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, SPAN, "spans"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope_metrics) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, METRIC, "metrics"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope_logs) = { OTEL_M_(1, SCOPE, "scope"), OTEL_MANY_(2, LOG, "logRecords"), OTEL_F_(3, TEXT, "schemaUrl"), OTEL_END_ };
    OTEL_ROWS_(scope) = {
        OTEL_F_(1, TEXT, "name"), OTEL_F_(2, TEXT, "version"), OTEL_MANY_(3, ATTRIBUTE, "attributes"), OTEL_F_(4, UINT32, "droppedAttributesCount"), OTEL_END_
    };
    OTEL_ROWS_(attribute) = { OTEL_F_(1, TEXT, "key"), OTEL_M_(2, VALUE, "value"), OTEL_F_(3, INT32, "keyStrindex"), OTEL_END_ };
    OTEL_ROWS_(value) = {
        OTEL_F_ONE_(1, TEXT, "stringValue"), OTEL_F_ONE_(2, BOOL, "boolValue"), OTEL_F_ONE_(3, INT64, "intValue"), OTEL_F_ONE_(4, DOUBLE, "doubleValue"),
        OTEL_ONE_(5, ARRAY, "arrayValue"), OTEL_ONE_(6, MAP, "kvlistValue"), OTEL_F_ONE_(7, BASE64, "bytesValue"), OTEL_F_ONE_(8, INT32, "stringValueStrindex"), OTEL_END_
    };
    OTEL_ROWS_(array) = { OTEL_MANY_(1, VALUE, "values"), OTEL_END_ };
    OTEL_ROWS_(map) = { OTEL_MANY_(1, ATTRIBUTE, "values"), OTEL_END_ };
    OTEL_ROWS_(span) = {
        OTEL_F_(1, HEX, "traceId"), OTEL_F_(2, HEX, "spanId"), OTEL_F_(3, TEXT, "traceState"), OTEL_F_(4, HEX, "parentSpanId"), OTEL_F_(16, FIXED32, "flags"),
        OTEL_F_(5, TEXT, "name"), OTEL_F_(6, INT32, "kind"), OTEL_F_(7, FIXED64, "startTimeUnixNano"), OTEL_F_(8, FIXED64, "endTimeUnixNano"),
        OTEL_MANY_(9, ATTRIBUTE, "attributes"), OTEL_F_(10, UINT32, "droppedAttributesCount"), OTEL_MANY_(11, EVENT, "events"), OTEL_F_(12, UINT32, "droppedEventsCount"),
        OTEL_MANY_(13, LINK, "links"), OTEL_F_(14, UINT32, "droppedLinksCount"), OTEL_M_(15, STATUS, "status"), OTEL_END_
    };
    OTEL_ROWS_(event) = {
        OTEL_F_(1, FIXED64, "timeUnixNano"), OTEL_F_(2, TEXT, "name"), OTEL_MANY_(3, ATTRIBUTE, "attributes"), OTEL_F_(4, UINT32, "droppedAttributesCount"), OTEL_END_
    };
    OTEL_ROWS_(link) = {
        OTEL_F_(1, HEX, "traceId"), OTEL_F_(2, HEX, "spanId"), OTEL_F_(3, TEXT, "traceState"), OTEL_MANY_(4, ATTRIBUTE, "attributes"),
        OTEL_F_(5, UINT32, "droppedAttributesCount"), OTEL_F_(6, FIXED32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(status) = { OTEL_F_(2, TEXT, "message"), OTEL_F_(3, INT32, "code"), OTEL_END_ };
    OTEL_ROWS_(log) = {
        OTEL_F_(1, FIXED64, "timeUnixNano"), OTEL_F_(11, FIXED64, "observedTimeUnixNano"), OTEL_F_(2, INT32, "severityNumber"), OTEL_F_(3, TEXT, "severityText"),
        OTEL_F_(12, TEXT, "eventName"), OTEL_M_(5, VALUE, "body"), OTEL_MANY_(6, ATTRIBUTE, "attributes"), OTEL_F_(7, UINT32, "droppedAttributesCount"),
        OTEL_F_(8, FIXED32, "flags"), OTEL_F_(9, HEX, "traceId"), OTEL_F_(10, HEX, "spanId"), OTEL_END_
    };
    OTEL_ROWS_(metric) = {
        OTEL_F_(1, TEXT, "name"), OTEL_F_(2, TEXT, "description"), OTEL_F_(3, TEXT, "unit"), OTEL_ONE_(5, GAUGE, "gauge"), OTEL_ONE_(7, SUM, "sum"),
        OTEL_ONE_(9, HISTOGRAM, "histogram"), OTEL_ONE_(10, EXPONENTIAL, "exponentialHistogram"), OTEL_ONE_(11, SUMMARY, "summary"), OTEL_MANY_(12, ATTRIBUTE, "metadata"), OTEL_END_
    };
    OTEL_ROWS_(gauge) = { OTEL_MANY_(1, NUMBER_POINT, "dataPoints"), OTEL_END_ };
    OTEL_ROWS_(sum) = { OTEL_MANY_(1, NUMBER_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_F_(3, BOOL, "isMonotonic"), OTEL_END_ };
    OTEL_ROWS_(histogram) = { OTEL_MANY_(1, HISTOGRAM_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_END_ };
    OTEL_ROWS_(exponential) = { OTEL_MANY_(1, EXPONENTIAL_POINT, "dataPoints"), OTEL_F_(2, INT32, "aggregationTemporality"), OTEL_END_ };
    OTEL_ROWS_(summary) = { OTEL_MANY_(1, SUMMARY_POINT, "dataPoints"), OTEL_END_ };
    OTEL_ROWS_(number_point) = {
        OTEL_MANY_(7, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_ONE_(4, DOUBLE, "asDouble"),
        OTEL_F_ONE_(6, SFIXED64, "asInt"), OTEL_MANY_(5, EXEMPLAR, "exemplars"), OTEL_F_(8, UINT32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(histogram_point) = {
        OTEL_MANY_(9, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_F_MANY_(6, FIXED64, "bucketCounts"), OTEL_F_MANY_(7, DOUBLE, "explicitBounds"), OTEL_MANY_(8, EXEMPLAR, "exemplars"),
        OTEL_F_(10, UINT32, "flags"), OTEL_F_(11, DOUBLE, "min"), OTEL_F_(12, DOUBLE, "max"), OTEL_END_
    };
    OTEL_ROWS_(exponential_point) = {
        OTEL_MANY_(1, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_F_(6, SINT32, "scale"), OTEL_F_(7, FIXED64, "zeroCount"), OTEL_M_(8, BUCKETS, "positive"), OTEL_M_(9, BUCKETS, "negative"),
        OTEL_F_(10, UINT32, "flags"), OTEL_MANY_(11, EXEMPLAR, "exemplars"), OTEL_F_(12, DOUBLE, "min"), OTEL_F_(13, DOUBLE, "max"), OTEL_F_(14, DOUBLE, "zeroThreshold"), OTEL_END_
    };
    OTEL_ROWS_(summary_point) = {
        OTEL_MANY_(7, ATTRIBUTE, "attributes"), OTEL_F_(2, FIXED64, "startTimeUnixNano"), OTEL_F_(3, FIXED64, "timeUnixNano"), OTEL_F_(4, FIXED64, "count"),
        OTEL_F_(5, DOUBLE, "sum"), OTEL_MANY_(6, QUANTILE, "quantileValues"), OTEL_F_(8, UINT32, "flags"), OTEL_END_
    };
    OTEL_ROWS_(buckets) = { OTEL_F_(1, SINT32, "offset"), OTEL_F_MANY_(2, UINT64, "bucketCounts"), OTEL_END_ };
    OTEL_ROWS_(quantile) = { OTEL_F_(1, DOUBLE, "quantile"), OTEL_F_(2, DOUBLE, "value"), OTEL_END_ };
    OTEL_ROWS_(exemplar) = {
        OTEL_MANY_(7, ATTRIBUTE, "filteredAttributes"), OTEL_F_(2, FIXED64, "timeUnixNano"), OTEL_F_ONE_(3, DOUBLE, "asDouble"), OTEL_F_ONE_(6, SFIXED64, "asInt"),
        OTEL_F_(4, HEX, "spanId"), OTEL_F_(5, HEX, "traceId"), OTEL_END_
    };
    static const otel_json_row_t_ *const all[] = {            /* in the order of the enum */
        traces, metrics, logs, resource_spans, resource_metrics, resource_logs, resource, entity, scope_spans, scope_metrics, scope_logs, scope,
        attribute, value, array, map, span, event, link, status, log, metric, gauge, sum, histogram, exponential, summary,
        number_point, histogram_point, exponential_point, summary_point, buckets, quantile, exemplar
    };
    return all[message];
#undef OTEL_M_
#undef OTEL_MANY_
#undef OTEL_ONE_
#undef OTEL_F_
#undef OTEL_F_MANY_
#undef OTEL_F_ONE_
#undef OTEL_END_
#undef OTEL_ROWS_
}
OTEL_C_END_
#endif

/* ---- json_text.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_JSON_DEPTH_ 24u           /* messages inside one another: what a body in five arrays or maps takes, and an exemplar's attribute in four */

/* Positions are 32 bits wide, 16 where a size has no more. */
#if SIZE_MAX > 0xFFFFFFFFu
typedef uint32_t otel_offset_t_;
#else
typedef size_t otel_offset_t_;
#endif

/* A message that is being written. Positions are offsets in the request. Private. */
typedef struct otel_json_frame_t_ {
    otel_offset_t_ begin, end, at;
    uint16_t present;                  /* rows that are still to be written */
    uint8_t message, row;
    bool open;                         /* inside the array of `row` */
    bool more;                         /* something stands before: a comma comes first */
} otel_json_frame_t_;

typedef struct otel_json_t_ {
    void (*put)(void *user, const char *text, size_t len);    /* NULL: only look */
    void (*then)(void *user, const char *text, size_t len);   /* `put` of the second time */
    void *user;
    otel_piece_t whole;                /* a body, as the only part */
    const otel_piece_t *parts;
    size_t part;                       /* parts[part] begins at `base` */
    otel_offset_t_ base, len;
    otel_pb_field_t_ field;            /* the one at hand, */
    otel_offset_t_ slice, at, run;     /* where its slice begins, and what comes behind it; bytes of a part from where it was looked at */
    otel_json_frame_t_ frames[OTEL_JSON_DEPTH_], *frame;
    otel_decimal_t_ decimal;
    uint8_t filled, message;
    uint8_t across[OTEL_PB_HEAD_];     /* bytes of several parts, side by side */
    char text[64];                     /* not yet put */
} otel_json_t_;

/* ---- input ---- */

/* The byte at `at` (less than len); j->run tells how many follow it in its part, itself included. */
OTEL_STEP_ const uint8_t *otel_json_at_(otel_json_t_ *j, otel_offset_t_ at)
{
    while (at < j->base) j->base -= (otel_offset_t_)j->parts[--j->part].len;
    while (at - j->base >= j->parts[j->part].len) j->base += (otel_offset_t_)j->parts[j->part++].len;
    j->run = (otel_offset_t_)j->parts[j->part].len - (at - j->base);
    return (const uint8_t *)j->parts[j->part].bytes + (at - j->base);
}

/* `n` bytes out of several parts. */
OTEL_STEP_ const uint8_t *otel_json_across_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    otel_offset_t_ have = 0;
    while (have < n) {
        const uint8_t *p = otel_json_at_(j, at + have);
        if (j->run > n - have) j->run = n - have;
        memcpy(j->across + have, p, j->run);
        have += j->run;
    }
    return j->across;
}

/* `n` bytes side by side, n <= OTEL_PB_HEAD_ and all inside the request. */
OTEL_STEP_ const uint8_t *otel_json_bytes_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    const uint8_t *p;
    if (n == 0) return j->across;
    p = otel_json_at_(j, at);
    return j->run >= n ? p : otel_json_across_(j, at, n);
}

/* The field at j->at, which moves behind it, into j->field; a slice begins at j->slice. False when there is none before `end`. */
OTEL_STEP_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ end)
{
    otel_offset_t_ n = end - j->at < OTEL_PB_HEAD_ ? end - j->at : OTEL_PB_HEAD_;
    unsigned used = otel_pb_head_(otel_json_bytes_(j, j->at, n), n, &j->field);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    j->slice = j->at + used;
    if (j->field.len > end - j->slice) return false;
    j->at = j->slice + (otel_offset_t_)j->field.len;
    return true;
}

/* ---- output ---- */

OTEL_STEP_ void otel_json_flush_(otel_json_t_ *j)
{
    if (j->filled && j->put) (j->put)(j->user, j->text, j->filled);
    j->filled = 0;
}

OTEL_STEP_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len)
{
    if (!j->put) return;
    if (len > sizeof j->text - j->filled) otel_json_flush_(j);
    if (len > sizeof j->text) {
        (j->put)(j->user, text, len);
        return;
    }
    memcpy(j->text + j->filled, text, len);
    j->filled = (uint8_t)(j->filled + len);
}

OTEL_STEP_ void otel_json_char_(otel_json_t_ *j, char c)
{
    if (!j->put) return;
    if (j->filled == sizeof j->text) otel_json_flush_(j);
    j->text[j->filled++] = c;
}

/* Two digits. */
OTEL_STEP_ void otel_json_byte_(otel_json_t_ *j, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    otel_json_char_(j, digits[byte >> 4]);
    otel_json_char_(j, digits[byte & 15u]);
}

/* How many bytes from p[0] on can stand as they are. */
OTEL_STEP_ otel_offset_t_ otel_json_plain_(const uint8_t *p, otel_offset_t_ len)
{
    otel_offset_t_ i = 0;
    while (i < len) {
        unsigned step = 1;
        if (p[i] < 0x20 || p[i] == '"' || p[i] == '\\' || p[i] == 0x7F) break;
        if (p[i] >= 0x80) step = otel_utf8_step_(p + i, len - i);
        if (step == 0) break;
        i += step;
    }
    return i;
}

OTEL_STEP_ void otel_json_escape_(otel_json_t_ *j, uint8_t c)
{
    otel_json_char_(j, '\\');
    switch (c) {
    case '\n': otel_json_char_(j, 'n'); return;
    case '\r': otel_json_char_(j, 'r'); return;
    case '\t': otel_json_char_(j, 't'); return;
    case '"':
    case '\\': otel_json_char_(j, (char)c); return;
    default:
        otel_json_put_(j, "u00", 3);
        otel_json_byte_(j, c);
    }
}

/* A character of several bytes, at j->slice; it may be cut by a border between parts. What is none becomes U+FFFD, byte by byte. */
OTEL_STEP_ void otel_json_wide_(otel_json_t_ *j)
{
    otel_offset_t_ n = j->at - j->slice < 4u ? j->at - j->slice : 4u;
    const uint8_t *p = otel_json_bytes_(j, j->slice, n);
    n = otel_utf8_step_(p, n);
    j->slice += n ? n : 1u;
    otel_json_put_(j, n ? (const char *)p : "\xEF\xBF\xBD", n ? n : 3u);
}

/* What can stand as it is from j->slice on, or one character that cannot. */
OTEL_STEP_ void otel_json_run_(otel_json_t_ *j)
{
    const uint8_t *p = otel_json_at_(j, j->slice);
    otel_offset_t_ n = otel_json_plain_(p, j->run < j->at - j->slice ? j->run : j->at - j->slice);
    if (n == 0 && *p >= 0x80) {
        otel_json_wide_(j);
        return;
    }
    j->slice += n ? n : 1u;
    if (n) otel_json_put_(j, (const char *)p, n);
    else otel_json_escape_(j, *p);
}

/* Text in quotes, from j->slice to j->at. */
OTEL_STEP_ bool otel_json_text_(otel_json_t_ *j)
{
    otel_json_char_(j, '"');
    while (j->slice < j->at) otel_json_run_(j);
    otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_hex_(otel_json_t_ *j)
{
    otel_json_char_(j, '"');
    for (; j->slice < j->at; j->slice++) otel_json_byte_(j, *otel_json_bytes_(j, j->slice, 1));
    otel_json_char_(j, '"');
    return true;
}

/* RFC 4648, section 4. */
OTEL_STEP_ bool otel_json_base64_(otel_json_t_ *j)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    otel_json_char_(j, '"');
    while (j->slice < j->at) {
        otel_offset_t_ n = j->at - j->slice < 3u ? j->at - j->slice : 3u;
        const uint8_t *p = otel_json_bytes_(j, j->slice, n);
        uint32_t word = (uint32_t)p[0] << 16;
        if (n > 1) word |= (uint32_t)p[1] << 8;
        if (n > 2) word |= p[2];
        otel_json_char_(j, digits[word >> 18]);
        otel_json_char_(j, digits[(word >> 12) & 63u]);
        otel_json_char_(j, n > 1 ? digits[(word >> 6) & 63u] : '=');
        otel_json_char_(j, n > 2 ? digits[word & 63u] : '=');
        j->slice += n;
    }
    otel_json_char_(j, '"');
    return true;
}

/* A whole number. Always true, as all values are: who calls leaves with that. */
OTEL_STEP_ bool otel_json_integer_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    bool quoted = kind == OTEL_JSON_INT64_ || kind == OTEL_JSON_UINT64_ || kind == OTEL_JSON_FIXED64_ || kind == OTEL_JSON_SFIXED64_;
    if (kind == OTEL_JSON_SINT32_) value = ((uint64_t)0 - (value & 1u)) ^ ((value & 0xFFFFFFFFu) >> 1);
    if (kind == OTEL_JSON_UINT32_ || kind == OTEL_JSON_INT32_) value &= 0xFFFFFFFFu;
    if (kind == OTEL_JSON_INT32_ && value >> 31) value |= 0xFFFFFFFF00000000ull;
    if (quoted) otel_json_char_(j, '"');
    if (value >> 63 && kind != OTEL_JSON_UINT64_ && kind != OTEL_JSON_FIXED64_) {
        otel_json_char_(j, '-');
        value = (uint64_t)0 - value;
    }
    otel_json_put_(j, j->decimal.text, otel_uint_text_(j->decimal.text, value));
    if (quoted) otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_decimal_(otel_json_t_ *j)
{
    bool quoted = j->decimal.text[j->decimal.len - 1u] > '9';         /* "NaN", "Infinity", "-Infinity" */
    if (quoted) otel_json_char_(j, '"');
    otel_json_put_(j, j->decimal.text, j->decimal.len);
    if (quoted) otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_double_(otel_json_t_ *j, uint64_t bits)
{
    (void)otel_double_text_(&j->decimal, bits);
    return otel_json_decimal_(j);
}

OTEL_STEP_ bool otel_json_bool_(otel_json_t_ *j, bool value)
{
    otel_json_put_(j, value ? "true" : "false", value ? 4 : 5);
    return true;
}

OTEL_STEP_ bool otel_json_number_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    if (!j->put) return true;
    if (kind == OTEL_JSON_BOOL_) return otel_json_bool_(j, value != 0);
    if (kind == OTEL_JSON_DOUBLE_) return otel_json_double_(j, value);
    return otel_json_integer_(j, kind, value);
}
OTEL_C_END_
#endif

/* ---- json.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ unsigned otel_json_wire_(unsigned kind)
{
    switch (kind & OTEL_JSON_KIND_) {
    case OTEL_JSON_MESSAGE_:
    case OTEL_JSON_TEXT_:
    case OTEL_JSON_HEX_:
    case OTEL_JSON_BASE64_: return OTEL_PB_SLICE_;
    case OTEL_JSON_FIXED32_: return OTEL_PB_FIXED32_;
    case OTEL_JSON_FIXED64_:
    case OTEL_JSON_SFIXED64_:
    case OTEL_JSON_DOUBLE_: return OTEL_PB_FIXED64_;
    default: return OTEL_PB_VARINT_;
    }
}

/* Repeated numbers come packed, all in one slice, or one by one. */
OTEL_FN_ bool otel_json_fits_(const otel_json_row_t_ *row, const otel_pb_field_t_ *field)
{
    if (row->number != field->number) return false;
    return otel_json_wire_(row->kind) == field->type || (row->kind & OTEL_JSON_MANY_ && field->type == OTEL_PB_SLICE_);
}

/* Which of the frame's fields are there? False when it is no protobuf. */
OTEL_STEP_ bool otel_json_look_(otel_json_t_ *j, otel_json_frame_t_ *frame)
{
    const otel_json_row_t_ *rows = otel_json_rows_(frame->message);
    unsigned i, k;
    j->at = frame->begin;
    while (j->at < frame->end) {
        if (!otel_json_field_(j, frame->end)) return false;
        for (i = 0; rows[i].number && !otel_json_fits_(&rows[i], &j->field); i++) continue;
        if (!rows[i].number) continue;
        for (k = 0; rows[i].kind & OTEL_JSON_ONE_ && rows[k].number; k++) {
            if (rows[k].kind & OTEL_JSON_ONE_) frame->present &= (uint16_t)~(1u << k);
        }
        frame->present |= (uint16_t)(1u << i);
    }
    otel_json_char_(j, '{');
    return true;
}

/* Begin with a message, from j->slice to j->at. */
OTEL_STEP_ bool otel_json_enter_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned message)
{
    j->frame = frame;
    frame->begin = j->slice;
    frame->end = j->at;
    frame->message = (uint8_t)message;
    frame->present = 0;
    frame->row = 0;
    frame->open = frame->more = false;
    return otel_json_look_(j, frame);
}

/* The next number of a packed field, at j->slice, into j->field; false when it does not end where the field does. */
OTEL_STEP_ bool otel_json_one_(otel_json_t_ *j, unsigned kind)
{
    otel_offset_t_ left = j->at - j->slice < 10u ? (otel_offset_t_)(j->at - j->slice) : 10u;
    unsigned wire = otel_json_wire_(kind), used = wire == OTEL_PB_FIXED64_ ? 8u : wire == OTEL_PB_FIXED32_ ? 4u : 0u;
    const uint8_t *p = otel_json_bytes_(j, j->slice, left);
    if (used > left) return false;
    if (used == 8u) j->field.value = otel_get64_(p);
    else if (used == 4u) j->field.value = otel_get32_(p);
    else used = otel_pb_varint_(p, left, &j->field.value);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    j->slice += used;
    return true;
}

/* The numbers of a packed field; false when they do not end where it does. */
OTEL_STEP_ bool otel_json_packed_(otel_json_t_ *j, unsigned kind)
{
    while (j->slice < j->at) {
        if (!otel_json_one_(j, kind)) return false;
        if (j->frame->more) otel_json_char_(j, ',');
        j->frame->more = true;
        otel_json_number_(j, kind, j->field.value);
    }
    return true;
}

/* The value of j->field, which is no message. */
OTEL_STEP_ bool otel_json_value_(otel_json_t_ *j, unsigned kind)
{
    unsigned what = kind & OTEL_JSON_KIND_;
    if (j->field.type == OTEL_PB_SLICE_ && otel_json_wire_(kind) != OTEL_PB_SLICE_) return otel_json_packed_(j, what);
    if (kind & OTEL_JSON_MANY_ && j->frame->more) otel_json_char_(j, ',');
    j->frame->more = true;
    if (!j->put) return true;
    if (what == OTEL_JSON_TEXT_) return otel_json_text_(j);
    if (what == OTEL_JSON_HEX_) return otel_json_hex_(j);
    if (what == OTEL_JSON_BASE64_) return otel_json_base64_(j);
    return otel_json_number_(j, what, j->field.value);
}

/* The next field of the frame that has a value: its name and, of an array, the bracket. False when none is left. */
OTEL_STEP_ bool otel_json_name_(otel_json_t_ *j)
{
    otel_json_frame_t_ *frame = j->frame;
    const otel_json_row_t_ *row = otel_json_rows_(frame->message);
    uint8_t i = 0;
    if (!frame->present) return false;
    while (!((unsigned)frame->present >> i & 1u)) i++;
    row += i;
    frame->present &= (uint16_t)~(1u << i);
    if (frame->more) otel_json_char_(j, ',');
    frame->row = i;
    frame->at = frame->begin;
    frame->open = true;
    frame->more = false;
    otel_json_char_(j, '"');
    otel_json_put_(j, row->name, strlen(row->name));
    otel_json_put_(j, "\":[", row->kind & OTEL_JSON_MANY_ ? 3 : 2);
    return true;
}

/* The next value of the frame's field, into j->field: of an array the next one, else the last one that there is. That may be before
   others, so its place is kept. */
OTEL_STEP_ bool otel_json_next_(otel_json_t_ *j, const otel_json_row_t_ *row)
{
    otel_json_frame_t_ *frame = j->frame;
    otel_offset_t_ last = frame->end;
    while (frame->at < frame->end) {
        j->at = frame->at;
        if (!otel_json_field_(j, frame->end)) break;
        if (otel_json_fits_(row, &j->field)) last = frame->at;
        frame->at = j->at;
        if (last != frame->end && row->kind & OTEL_JSON_MANY_) return true;
    }
    if (last == frame->end) return false;
    j->at = last;
    return otel_json_field_(j, frame->end);
}

/* Bits of what a step of the walk leaves: whether all is well, and whether it goes on. */
#define OTEL_JSON_GOOD_ 1u
#define OTEL_JSON_ON_ 2u

/* The field of the frame that is open: its next value, or its end. */
OTEL_STEP_ unsigned otel_json_open_(otel_json_t_ *j)
{
    const otel_json_row_t_ *row = &otel_json_rows_(j->frame->message)[j->frame->row];
    bool good = true;
    if (!otel_json_next_(j, row)) {
        if (row->kind & OTEL_JSON_MANY_) otel_json_char_(j, ']');
        j->frame->open = false;
        j->frame->more = true;
    } else if ((row->kind & OTEL_JSON_KIND_) != OTEL_JSON_MESSAGE_) {
        good = otel_json_value_(j, row->kind);
    } else {
        if (j->frame->more) otel_json_char_(j, ',');
        j->frame->more = true;
        if (j->frame == j->frames + OTEL_JSON_DEPTH_ - 1u) otel_json_put_(j, "{}", 2);
        else good = otel_json_enter_(j, j->frame + 1, row->message);
    }
    return good ? OTEL_JSON_GOOD_ | OTEL_JSON_ON_ : 0u;
}

OTEL_STEP_ unsigned otel_json_step_(otel_json_t_ *j)
{
    if (j->frame->open) return otel_json_open_(j);
    if (otel_json_name_(j)) return OTEL_JSON_GOOD_ | OTEL_JSON_ON_;
    otel_json_char_(j, '}');
    if (j->frame == j->frames) {
        otel_json_flush_(j);
        return OTEL_JSON_GOOD_;
    }
    j->frame--;
    return OTEL_JSON_GOOD_ | OTEL_JSON_ON_;
}

OTEL_STEP_ bool otel_json_walk_(otel_json_t_ *j)
{
    unsigned step = OTEL_JSON_ON_;
    j->slice = 0;
    j->at = j->len;
    if (!otel_json_enter_(j, j->frames, j->message)) return false;
    while (step & OTEL_JSON_ON_) step = otel_json_step_(j);
    return (step & OTEL_JSON_GOOD_) != 0;
}

OTEL_STEP_ bool otel_json_begin_(otel_json_t_ *j, const otel_request_t *request)
{
    uint64_t all = 0;
    size_t i, n = request->body ? 1 : request->parts ? request->parts_len : 0;
    j->whole.bytes = request->body;
    j->whole.len = request->len;
    j->parts = request->body ? &j->whole : request->parts;
    for (i = 0; i < n; i++) all += j->parts[i].len;
    if (all > (otel_offset_t_)-1 || (n == 0 && request->len)) return false;
    j->len = (otel_offset_t_)all;
    j->part = 0;
    j->base = 0;
    j->filled = 0;
    j->message = (uint8_t)request->signal;
    j->put = NULL;                     /* first look, so that no half line is ever put */
    return true;
}

OTEL_STEP_ bool otel_json_twice_(otel_json_t_ *j)
{
    if (!otel_json_walk_(j)) return false;
    j->put = j->then;
    return otel_json_walk_(j);
}

OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user)
{ OTEL_CALLED_
    OTEL_WORKING_ otel_json_t_ j;
    OTEL_WHEN_OFF_((void)request; (void)put; (void)user; return false)
    if (!request || !put || (unsigned)request->signal >= OTEL_SIGNALS || !otel_json_begin_(&j, request)) return false;
    j.then = put;
    j.user = user;
    return otel_json_twice_(&j);
}
OTEL_C_END_
#endif

/* ---- keep.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_KEEP_OPEN_ 0x4B50544Fu           /* "OTPK": counts lie in the objects */
#define OTEL_KEEP_READ_ 0x52544B4Fu           /* "OKTR": between the two calls */
#define OTEL_KEEP_NESTED_ 64u                 /* at most so many records were being written */

OTEL_FN_ uint32_t otel_keep_check_(const otel_keep_t *keep) { return otel_crc_(0, (const uint8_t *)keep, offsetof(otel_keep_t, check_)); }

OTEL_FN_ uint32_t otel_keep_counts_(void) { return (uint32_t)sizeof(otel_t) << 16 | (uint32_t)sizeof(otel_exporter_t); }

/* Could this be a ring that was in use? */
OTEL_FN_ bool otel_keep_ring_(const otel_ring_t *ring)
{
    return ring->size <= OTEL_OFFSET_ && (ring->reserved & OTEL_OFFSET_) <= ring->size && (ring->published & OTEL_OFFSET_) <= ring->size &&
           (ring->released & OTEL_OFFSET_) <= ring->size && (otel_count_t)(ring->created - ring->settled) <= OTEL_KEEP_NESTED_;
}

OTEL_FN_ bool otel_keep_plausible_(const otel_t *otel, const otel_exporter_t *x)
{
    return x->otel_ == otel && (x->live_ == 1 || x->live_ == 2) && x->reader_ == 0 && (otel->live_ == 1 || otel->live_ == 2) && otel->shards_ == 1 &&
           otel_keep_ring_(&otel->shard_.ring[OTEL_SPANS_]) && otel_keep_ring_(&otel->shard_.ring[OTEL_LOGS_]);
}

/* The counts, where they lie. No pointer is followed and no lock is asked for: a stray write may have been there. */
OTEL_FN_ void otel_keep_sum_(const otel_t *otel, const otel_exporter_t *x, otel_stats_t *stats)
{
    unsigned s;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        const otel_lane_t_ *lane = &x->lane_[s];
        const otel_ring_t *ring = &otel->shard_.ring[otel_ring_of_(s)];
        otel_stats_lane_(lane, sum);
        if (s == OTEL_SIGNAL_METRICS) {
            sum->created = lane->created;
            continue;
        }
        otel_stats_ring_counts_(x, ring, ring->settled, sum);
        sum->created += ring->created;
        otel_stats_parted_(x, lane, sum);
    }
}

/* What is neither exported nor dropped was lost by the reset. False: so much cannot have been there. */
OTEL_FN_ bool otel_keep_lost_(const otel_t *otel, otel_stats_t *stats)
{
    unsigned s;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        otel_count_t lost = sum->created - sum->exported - otel_stats_dropped(sum);
        otel_count_t most = s == OTEL_SIGNAL_METRICS ? 0xFFFFu : (otel_count_t)(otel->shard_.ring[otel_ring_of_(s)].size / 32u + OTEL_KEEP_NESTED_);
        if (lost > most) return false;
        sum->dropped[OTEL_DROP_RESET] += lost;
        sum->queued = 0;
    }
    stats->steady = true;
    return true;
}

OTEL_API_ bool otel_keep_read(otel_keep_t *keep, const otel_t *otel, const otel_exporter_t *exporter, otel_stats_t *before)
{ OTEL_CALLED_
    bool mine, warm;
    OTEL_WHEN_OFF_((void)keep; (void)otel; (void)exporter; (void)mine; (void)warm; if (before) memset((void *)before, 0, sizeof *before); return false)
    if (!before) return false;
    memset((void *)before, 0, sizeof *before);
    if (!keep || !otel || !exporter) return false;
    mine = (keep->mark_ == OTEL_KEEP_OPEN_ || keep->mark_ == OTEL_KEEP_READ_) && keep->check_ == otel_keep_check_(keep);
    warm = mine && keep->mark_ == OTEL_KEEP_OPEN_ && keep->otel_ == otel && keep->exporter_ == exporter && keep->counts_ == otel_keep_counts_() &&
           otel_keep_plausible_(otel, exporter);
    if (warm) {
        otel_keep_sum_(otel, exporter, before);
        warm = otel_keep_lost_(otel, before);
    }
    if (!warm) memset((void *)before, 0, sizeof *before);
    keep->boots = mine ? keep->boots + 1u : 1u;
    otel_id_seed_(&keep->seed_, (const uint8_t *)keep, sizeof *keep);         /* of the first boot: whatever the memory held */
    otel_id_seed_(&keep->seed_, (const uint8_t *)otel, sizeof *otel);
    keep->otel_ = otel;
    keep->exporter_ = exporter;
    keep->counts_ = otel_keep_counts_();
    keep->mark_ = OTEL_KEEP_READ_;
    keep->check_ = otel_keep_check_(keep);
    return warm;
}

/* The counts of one signal that lie in the exporter. */
OTEL_FN_ void otel_keep_lane_(otel_lane_t_ *lane, const otel_signal_stats_t *before)
{
    unsigned i;
    lane->exported += before->exported;
    lane->retried += before->retried;
    for (i = 0; i < OTEL_EXPORT_DROPS_; i++) lane->dropped[i] += before->dropped[OTEL_DROP_TOO_LARGE + i];
}

/* And those in its ring: all that ever got there has passed its reader. */
OTEL_FN_ void otel_keep_carry_(otel_ring_t *ring, const otel_signal_stats_t *before)
{
    otel_count_t passed = before->created;
    unsigned i;
    ring->created += before->created;
    ring->settled += before->created;
    for (i = 0; i < OTEL_DROP_TOO_LARGE; i++) {
        ring->dropped[i] += before->dropped[i];
        passed -= before->dropped[i];
    }
    ring->gone += passed;
    ring->reader[0].passed += passed;
}

OTEL_API_ otel_result_t otel_keep_open(otel_keep_t *keep, otel_exporter_t *x, const otel_stats_t *before)
{ OTEL_CALLED_
    otel_t *otel;
    uint32_t was;
    OTEL_WHEN_OFF_((void)keep; (void)x; (void)before; (void)otel; (void)was; return OTEL_OK)
    if (!keep || !x || !before) return OTEL_E_NULL;
    if (x->live_ != 1) return OTEL_E_NOT_READY;
    otel = x->otel_;
    if (keep->exporter_ != x || keep->otel_ != otel || x->reader_ != 0 || otel->shards_ != 1) return OTEL_E_CONFIG;
    was = otel_mask_();
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_TRACES], &before->signal[OTEL_SIGNAL_TRACES]);
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_METRICS], &before->signal[OTEL_SIGNAL_METRICS]);
    otel_keep_lane_(&x->lane_[OTEL_SIGNAL_LOGS], &before->signal[OTEL_SIGNAL_LOGS]);
    x->lane_[OTEL_SIGNAL_METRICS].created += before->signal[OTEL_SIGNAL_METRICS].created;
    otel_keep_carry_(otel_exporter_ring_(x, 0, OTEL_SPANS_), &before->signal[OTEL_SIGNAL_TRACES]);
    otel_keep_carry_(otel_exporter_ring_(x, 0, OTEL_LOGS_), &before->signal[OTEL_SIGNAL_LOGS]);
    if (!otel->random_) otel_id_seed_(&otel->shard_.ids, (const uint8_t *)&keep->seed_, sizeof keep->seed_);
    otel_unmask_(was);
    keep->mark_ = OTEL_KEEP_OPEN_;
    keep->check_ = otel_keep_check_(keep);
    return OTEL_OK;
}
OTEL_C_END_
#endif

/* ---- leak.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* On hosts the table is lock-free; elsewhere it is under the interrupt mask, or the port's lock, which a few turns must bring. */
OTEL_FN_ bool otel_leaks_enter_(const otel_t *otel, uint32_t *was)
{
#if OTEL_ATOMICS_
    (void)otel;
    (void)was;
#else
    unsigned i;
    *was = 0;
    if (!otel->guard_.lock) {
        *was = otel_mask_();
        return true;
    }
    for (i = 0; !(otel->guard_.lock)(otel->guard_.user, false); i++) {
        if (i == 1000u) return false;
    }
#endif
    return true;
}

OTEL_FN_ void otel_leaks_leave_(const otel_t *otel, uint32_t was)
{
#if OTEL_ATOMICS_
    (void)otel;
    (void)was;
#else
    if (otel->guard_.lock) (otel->guard_.unlock)(otel->guard_.user);
    else otel_unmask_(was);
#endif
}

/* Make `from` `to`, if it is there. */
OTEL_FN_ bool otel_leak_take_(otel_leak_t *leak, uintptr_t from, uintptr_t to)
{
#if OTEL_ATOMICS_
    return OTEL_CAS_(&leak->span_, &from, to);
#else
    if (leak->span_ != from) return false;
    leak->span_ = to;
    return true;
#endif
}

OTEL_FN_ void otel_leak_copy_(uint32_t *to, const uint32_t *from)
{
    unsigned i;
    for (i = 0; i < OTEL_LEAK_NAME / 4u; i++) OTEL_STORE_(&to[i], OTEL_LOAD_(&from[i]));
}

/* The same as text. */
OTEL_FN_ void otel_leak_text_(char *to, const uint32_t *from)
{
    unsigned i;
    for (i = 0; i < OTEL_LEAK_NAME / 4u; i++) {
        uint32_t word = OTEL_LOAD_(&from[i]);
        memcpy(to + 4u * i, &word, 4);
    }
}

/* A slot of `span` (0: a free one) becomes `to`; NULL: there is none. */
OTEL_FN_ otel_leak_t *otel_leaks_find_(const otel_leaks_t *leaks, uintptr_t span, uintptr_t to)
{
    size_t i;
    for (i = 0; leaks->open && i < leaks->open_len; i++) {
        if (OTEL_LOAD_(&leaks->open[i].span_) == span && otel_leak_take_(&leaks->open[i], span, to)) return &leaks->open[i];
    }
    return NULL;
}

OTEL_API_ void otel_leaks_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{ OTEL_CALLED_
    otel_leaks_t *leaks = (otel_leaks_t *)self->user;
    uint32_t name[OTEL_LEAK_NAME / 4], was;
    otel_leak_t *leak;
    const char *text;
    size_t len;
    (void)parent;
    OTEL_WHEN_OFF_((void)leaks; (void)name; (void)was; (void)leak; (void)text; (void)len; (void)span; return)
    text = otel_span_name(span, &len);
    memset(name, 0, sizeof name);
    memcpy(name, text, len < OTEL_LEAK_NAME ? len : otel_utf8_cut_(text, len, OTEL_LEAK_NAME - 1u));
    OTEL_STORE_(&leaks->otel_, span->otel_);
    if (!otel_leaks_enter_(span->otel_, &was)) return;
    leak = otel_leaks_find_(leaks, (uintptr_t)span, 1);
    if (leak) {                                   /* the one that was here has no end, and never will */
        otel_leak_copy_(leaks->last_, leak->name_);
        OTEL_ADD_(&leaks->left_, 1u);
    } else {
        leak = otel_leaks_find_(leaks, 0, 1);
    }
    if (leak) {
        otel_leak_copy_(leak->name_, name);
        OTEL_STORE_(&leak->since_, (uint32_t)((otel_get64_(span->head_ + OTEL_HEAD_START_) - span->offset_) >> 20));
        OTEL_STORE_RELEASE_(&leak->span_, (uintptr_t)span);
    } else {
        OTEL_ADD_(&leaks->more_, 1u);
    }
    otel_leaks_leave_(span->otel_, was);
}

OTEL_API_ void otel_leaks_ending_(const otel_processor_t *self, otel_span_t *span)
{ OTEL_CALLED_
    otel_leaks_t *leaks = (otel_leaks_t *)self->user;
    uint32_t was;
    OTEL_WHEN_OFF_((void)leaks; (void)was; (void)span; return)
    if (!otel_leaks_enter_(span->otel_, &was)) return;
    if (!otel_leaks_find_(leaks, (uintptr_t)span, 0)) OTEL_ADD_(&leaks->more_, UINT32_MAX);
    otel_leaks_leave_(span->otel_, was);
}

/* The clock's time as slots have it. */
OTEL_STEP_ uint32_t otel_leaks_now_(const otel_leaks_t *leaks)
{
    const otel_t *otel = OTEL_LOAD_(&leaks->otel_);
    return otel ? (uint32_t)(otel_clock_now_(&((otel_t *)(uintptr_t)otel)->clock_) >> 20) : 0u;
}

/* Units of 2^20 ns as milliseconds. */
OTEL_STEP_ uint32_t otel_leaks_ms_(uint32_t open)
{
    uint64_t ms = (uint64_t)open << 14;
    (void)otel_divide_(&ms, 15625u);
    return (uint32_t)ms;
}

/* The next span that is known by name, from slot *at on, which moves behind it; false: there is none. One by one: a list would
   take room on the stack. */
OTEL_STEP_ bool otel_leaks_next_(const otel_leaks_t *leaks, size_t *at, uint32_t now, otel_open_span_t *one)
{
    while (leaks->open && *at < leaks->open_len) {
        const otel_leak_t *leak = &leaks->open[(*at)++];
        uintptr_t span = OTEL_LOAD_ACQUIRE_(&leak->span_);
        if (span <= 1u) continue;
        otel_leak_text_(one->name, leak->name_);
        one->open_ms = otel_leaks_ms_(now - OTEL_LOAD_(&leak->since_));
        if (OTEL_LOAD_ACQUIRE_(&leak->span_) == span) return true;        /* else it has ended meanwhile */
    }
    return false;
}

/* How many are open. */
OTEL_STEP_ uint32_t otel_leaks_count_(const otel_leaks_t *leaks)
{
    uint32_t n = 0, more = OTEL_LOAD_(&leaks->more_);
    size_t i;
    if (!leaks->open) return 0;
    for (i = 0; i < leaks->open_len; i++) n += OTEL_LOAD_ACQUIRE_(&leaks->open[i].span_) != 0;
    return n + (more > INT32_MAX ? 0u : more);
}

OTEL_API_ uint32_t otel_leaks_open(const otel_leaks_t *leaks, otel_open_span_t *list, size_t len, size_t *named)
{ OTEL_CALLED_
    uint32_t now;
    size_t i, k = 0;
    OTEL_WHEN_OFF_((void)leaks; (void)list; (void)len; (void)now; (void)i; (void)k; if (named) *named = 0; return 0)
    if (named) *named = 0;
    if (!leaks) return 0;
    now = otel_leaks_now_(leaks);
    for (i = 0; list && k < len && otel_leaks_next_(leaks, &i, now, &list[k]);) k++;
    if (named) *named = k;
    return otel_leaks_count_(leaks);
}

OTEL_API_ uint32_t otel_leaks_left(const otel_leaks_t *leaks)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)leaks; return 0)
    return leaks ? OTEL_LOAD_(&leaks->left_) : 0;
}

OTEL_STEP_ void otel_leaks_line_(otel_painter_t_ *p, const char *name, uint32_t open_ms)
{
    otel_paint_text_(p, "  ");
    otel_paint_(p, name, strlen(name), OTEL_LEAK_NAME);
    otel_paint_to_(p, 28);
    p->words.n = 0;
    otel_words_duration_(&p->words, (uint64_t)open_ms * 1000000u);
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* How many are open, and how many were never ended; `last` is room for a name. */
OTEL_STEP_ void otel_leaks_counts_(const otel_leaks_t *leaks, otel_painter_t_ *p, uint32_t open, char last[OTEL_LEAK_NAME])
{
    uint32_t left = otel_leaks_left(leaks);
    p->words.n = 0;
    otel_words_text_(&p->words, "spans open now: ");
    otel_words_uint_(&p->words, 0, open);
    if (left) otel_words_text_(&p->words, ", never ended: ");
    if (left) otel_words_uint_(&p->words, 0, left);
    otel_paint_words_(p);
    if (left) {
        otel_leak_text_(last, leaks->last_);
        otel_paint_text_(p, ", the last one ");
        otel_paint_text_(p, last);
    }
    otel_paint_line_(p);
}

OTEL_API_ void otel_leaks_dump_(const otel_processor_t *self, otel_painter_t_ *p)
{ OTEL_CALLED_
    const otel_leaks_t *leaks = (const otel_leaks_t *)self->user;
    OTEL_WORKING_ otel_open_span_t one;
    uint32_t now = otel_leaks_now_(leaks), open = otel_leaks_count_(leaks), named = 0;
    size_t at = 0;
    otel_leaks_counts_(leaks, p, open, one.name);
    for (; named < 4u && otel_leaks_next_(leaks, &at, now, &one); named++) otel_leaks_line_(p, one.name, one.open_ms);     /* a screen, not a list */
    if (open > named && named) {
        otel_paint_text_(p, "  and more");
        otel_paint_line_(p);
    }
}

OTEL_STEP_ void otel_leaks_say_(otel_watch_t *watch, otel_count_t n, const char *name, const char *text, const char *remedy)
{
    OTEL_WORKING_ otel_diag_t what;
    memset((void *)&what, 0, sizeof what);
    what.code = OTEL_DIAG_LEFT_OPEN;
    what.level = OTEL_LEVEL_WARN;
    what.signal = OTEL_SIGNAL_TRACES;
    what.count = n;
    what.answer = watch->exporter->lane_[OTEL_SIGNAL_TRACES].last;
    what.text = text;
    what.remedy = remedy;
    what.name = name;
    (watch->say)(watch->user, &what);
}

OTEL_API_ void otel_leaks_check_(const otel_processor_t *self, otel_watch_t *watch, bool ended)
{ OTEL_CALLED_
    static const char remedy[] = "end them on every path (OTEL_SPAN does), or give them memory of their own";
    const otel_leaks_t *leaks = (const otel_leaks_t *)self->user;
    OTEL_WORKING_ otel_open_span_t one;
    uint32_t left = otel_leaks_left(leaks), named = 0, now;
    size_t at = 0;
    if (left != watch->left_) {
        otel_leak_text_(one.name, leaks->last_);
        otel_leaks_say_(watch, (otel_count_t)(left - (uint32_t)watch->left_), one.name, "another span began where one was never ended", remedy);
        watch->left_ = left;
    }
    if (!ended || watch->ended_) return;
    watch->ended_ = true;
    left = otel_leaks_count_(leaks);
    now = otel_leaks_now_(leaks);
    for (; named < 8u && otel_leaks_next_(leaks, &at, now, &one); named++) otel_leaks_say_(watch, 1, one.name, "a span is still open after the shutdown: it is not recorded", remedy);
    if (left > named) otel_leaks_say_(watch, (otel_count_t)(left - named), NULL, "more spans are still open after the shutdown", remedy);
}
OTEL_C_END_
#endif

/* ---- metric_reader.h ------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_metric_reader_init_with(otel_metric_reader_t *reader, const otel_metric_reader_config_t *config)
{ OTEL_CALLED_
    otel_t *otel = config && config->otel ? config->otel : otel_default_();
    if (!reader) return OTEL_E_NULL;
    memset((void *)reader, 0, sizeof *reader);
    OTEL_METRICS_OFF_((void)otel; return OTEL_OK)
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    reader->otel_ = otel;
    reader->round_.temporality = config ? config->temporality : NULL;
    reader->round_.reading = config ? config->reading : NULL;
    reader->producers_ = config ? config->producers : NULL;
    reader->epoch_ = otel->epoch_;
    otel->reclaims_ = 0;
    return OTEL_OK;
}

/* Nothing to tell is told at once. */
OTEL_FN_ void otel_metric_reader_told_(otel_metric_reader_t *reader)
{
    if (reader->round_.temporality) (reader->round_.temporality->confirm_)(reader->round_.temporality, reader->otel_, &reader->round_);
}

/* What the instance has to say; behind its last piece it is the producers' turn. */
OTEL_FN_ size_t otel_metric_reader_own_(otel_metric_reader_t *reader, uint8_t *to, size_t room)
{
    otel_collect_t *round = &reader->round_;
    size_t n = 0;
    round->lost = 0;
    round->points = 0;
    if (OTEL_LOAD_ACQUIRE_(&reader->otel_->collect_)) n = (OTEL_LOAD_ACQUIRE_(&reader->otel_->collect_))(reader->otel_, round, to, room);
    reader->points = round->points;
    reader->lost = round->lost;
    if (n == 0) otel_metric_reader_told_(reader);
    else reader->told_ = false;
    if (!round->running) reader->at_ = reader->producers_;
    return n;
}

OTEL_FN_ size_t otel_metric_reader_other_(otel_metric_reader_t *reader, uint8_t *to, size_t room)
{
    const otel_metric_filter_t *filter = reader->round_.reading ? reader->round_.reading->filter : NULL;
    size_t n = 0;
    for (; *reader->at_; reader->at_++) {
        reader->points = 0;
        n = ((*reader->at_)->produce)(*reader->at_, filter, to, room, &reader->points);
        if (n) return n;
    }
    reader->at_ = NULL;
    return 0;
}

OTEL_API_ size_t otel_metric_reader_collect(otel_metric_reader_t *reader, void *to, size_t room)
{ OTEL_CALLED_
    otel_packet_t_ packet;
    otel_collect_t *round;
    size_t n = 0;
    OTEL_METRICS_OFF_((void)reader; (void)to; (void)room; (void)packet; (void)round; (void)n; return 0)
    if (!reader) return 0;
    round = &reader->round_;
    reader->points = reader->lost = 0;
    reader->told_ = true;
    reader->result = !to ? OTEL_E_NULL : !otel_running_(reader->otel_) ? OTEL_E_NOT_READY : OTEL_OK;
    if (reader->result != OTEL_OK) return 0;
    if (reader->epoch_ != reader->otel_->epoch_) {            /* the child of a fork begins anew */
        reader->epoch_ = reader->otel_->epoch_;
        otel_metric_reader_rewind(reader);
    }
    if (reader->over_) {
        reader->over_ = false;
        return 0;
    }
    if (!otel_packet_begin_(&packet, reader->otel_, (uint8_t *)to, room)) {
        reader->result = OTEL_E_BUFFER;
        return 0;
    }
    if (OTEL_LOAD_(&reader->otel_->reclaims_)) OTEL_STORE_(&reader->otel_->reclaims_, (uint8_t)0);      /* an exporter came later */
    packet.at = packet.run - 1;                               /* without a ScopeSpans */
    if (!reader->at_) n = otel_metric_reader_own_(reader, packet.at, (size_t)(packet.end - packet.at));
    if (n == 0 && reader->at_) n = otel_metric_reader_other_(reader, packet.at, (size_t)(packet.end - packet.at));
    if (n == 0) return 0;
    packet.at += n;
    otel_packet_end_(&packet, reader->otel_);
    reader->over_ = !round->running && !reader->at_;
    return (size_t)(packet.at - packet.own) + 1u;
}

OTEL_API_ void otel_metric_reader_confirm(otel_metric_reader_t *reader)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)reader; return)
    if (!reader || reader->told_ || !otel_running_(reader->otel_)) return;
    reader->told_ = true;
    otel_metric_reader_told_(reader);
}

OTEL_API_ void otel_metric_reader_rewind(otel_metric_reader_t *reader)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)reader; return)
    if (!reader) return;
    reader->round_.running = reader->over_ = false;
    reader->at_ = NULL;
}
OTEL_C_END_
#endif

/* ---- names.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ bool otel_letter_(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

OTEL_FN_ bool otel_instrument_name_good_(const char *name)
{
    size_t i;
    if (!name || !otel_letter_(*name)) return false;
    for (i = 1; name[i]; i++) {
        char c = name[i];
        if (i == 255u || !(otel_letter_(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/')) return false;
    }
    return true;
}

OTEL_FN_ bool otel_instrument_unit_good_(const char *unit)
{
    size_t i;
    for (i = 0; unit && unit[i]; i++) {
        if (i == 63u || (unsigned char)unit[i] > 127u) return false;
    }
    return true;
}

enum { OTEL_NAMES_METER_, OTEL_NAMES_NAME_, OTEL_NAMES_UNIT_, OTEL_NAMES_DESCRIPTION_, OTEL_NAMES_BOUNDS_, OTEL_NAMES_ROWS_, OTEL_NAMES_KINDS_, OTEL_NAMES_UNITS_, OTEL_NAMES_DESCRIPTIONS_, OTEL_NAMES_TWICE_, OTEL_NAMES_REFUSED_, OTEL_NAMES_OVERFLOW_, OTEL_NAMES_CROWDED_ };

/* Say one of these, each with its remedy behind it. They are one array and no literals, which stay (on AVR in RAM) though nobody
   asks. */
OTEL_FN_ void otel_diag_name_(const otel_watch_t *w, const char *name, unsigned which, otel_count_t count)
{
#define OTEL_NAMES_OTHER_ "\0define it in one file, or give one of them another name, here or by a view\0"
    static const char texts[] =
        "the meter of an instrument has no name\0name it: OTEL_SCOPE(\"my.library\")\0"
        "this is no name for an instrument\0begin with a letter; then letters, digits, '_', '.', '-' and '/', 255 characters at most\0"
        "the unit of an instrument has more than 63 characters or is not ASCII\0write it as UCUM does: \"Cel\", \"us\", \"{request}\"\0"
        "the description of an instrument is no UTF-8\0save the source file as UTF-8\0"
        "the bounds of a histogram do not ascend\0write them from the smallest to the largest, each once\0"
        "a histogram has series without buckets: their sets are told as otel.metric.overflow\0write OTEL_BUCKETS(n, ..) or OTEL_POWERS_SERIES(n, size) in the place of OTEL_SERIES(n)\0"
        "two instruments of one meter have the same name and are of different kinds" OTEL_NAMES_OTHER_
        "two instruments of one meter have the same name and different units" OTEL_NAMES_OTHER_
        "two instruments of one meter have the same name and different descriptions" OTEL_NAMES_OTHER_
        "an instrument is there twice" OTEL_NAMES_OTHER_
        "measurements were refused: NaN, below zero where sums only grow, a double for integers, or a signal handler came between\0"
        "record what its macro takes: OTEL_COUNTER_DOUBLE and OTEL_HISTOGRAM take doubles, OTEL_UPDOWN what is below zero\0"
        "more sets of attributes than there are series: they are told as otel.metric.overflow\0give it OTEL_SERIES(n) with a larger n, or keep fewer keys by OTEL_KEYS or a view\0"
        "there is no memory for what views, rules or exemplars make of an instrument: it keeps its own name, attributes and buckets\0raise .memory_len of otel_metric_settings_t, or give views a lower .limit or .size\0";
#undef OTEL_NAMES_OTHER_
    const char *text = texts;
    otel_diag_t what;
    for (which *= 2u; which; which--) text += strlen(text) + 1u;
    memset((void *)&what, 0, sizeof what);
    what.code = OTEL_DIAG_INSTRUMENT;
    what.level = OTEL_LEVEL_WARN;
    what.signal = OTEL_SIGNAL_METRICS;
    what.count = count;
    what.text = text;
    what.remedy = text + strlen(text) + 1u;
    what.name = name ? name : "";
    (w->say)(w->user, &what);
}

OTEL_FN_ bool otel_bounds_ascend_(const otel_instrument_t *i)
{
    size_t k;
    if (!(i->form_->kind & OTEL_BUCKETS_) || (i->form_->kind & OTEL_POWERS_) || !i->bounds) return true;
    for (k = 1; k < i->bounds_len; k++) {
#if !OTEL_NO_FLOAT
        if (i->form_->kind & OTEL_DOUBLE_) {
            if (!(((const double *)i->bounds)[k - 1u] < ((const double *)i->bounds)[k])) return false;
            continue;
        }
#endif
        if (((const otel_bound_t_ *)i->bounds)[k - 1u] >= ((const otel_bound_t_ *)i->bounds)[k]) return false;
    }
    return true;
}

/* What two instruments of one name differ in. Kinds differ in more than what views and aggregations add to them. */
OTEL_FN_ unsigned otel_diag_twice_(const otel_instrument_t *a, const otel_instrument_t *b)
{
    const unsigned kinds = OTEL_DOUBLE_ | OTEL_SUM_ | OTEL_LAST_ | OTEL_BUCKETS_ | OTEL_UPDOWN_ | OTEL_OBSERVED_;
    if ((a->form_->kind ^ b->form_->kind) & kinds) return OTEL_NAMES_KINDS_;
    if (!otel_texts_alike_(a->unit, b->unit, false)) return OTEL_NAMES_UNITS_;
    return otel_texts_alike_(a->description, b->description, false) ? OTEL_NAMES_TWICE_ : OTEL_NAMES_DESCRIPTIONS_;
}

/* The first that registered with the same meter under the same name; NULL: there is none. */
OTEL_FN_ otel_instrument_t *otel_diag_earlier_(const otel_t *otel, const otel_instrument_t *instrument)
{
    otel_instrument_t *i = otel_collect_like_(otel, instrument->next_, NULL), *first = NULL;
    for (; i; i = otel_collect_like_(otel, i->next_, NULL)) {
        if (!(i->form_->kind & OTEL_FRONT_) && otel_name_twice_(i, instrument)) first = i;
    }
    return first;
}

OTEL_FN_ void otel_diag_instrument_(const otel_watch_t *w, const otel_t *otel, otel_instrument_t *i)
{
    const otel_instrument_t *first;
    if (i->scope && !(i->scope->name && *i->scope->name)) otel_diag_name_(w, i->name, OTEL_NAMES_METER_, 1);
    if (!otel_instrument_name_good_(i->name)) otel_diag_name_(w, i->name, OTEL_NAMES_NAME_, 1);
    if (!otel_instrument_unit_good_(i->unit)) otel_diag_name_(w, i->name, OTEL_NAMES_UNIT_, 1);
    if (i->description && !otel_utf8_valid(i->description, strlen(i->description))) otel_diag_name_(w, i->name, OTEL_NAMES_DESCRIPTION_, 1);
    if (!otel_bounds_ascend_(i)) otel_diag_name_(w, i->name, OTEL_NAMES_BOUNDS_, 1);
    if (i->series && i->room_ < i->series_len && i->series_len <= 0xFFFEu) otel_diag_name_(w, i->name, OTEL_NAMES_ROWS_, 1);
    if (i->form_->kind & OTEL_FRONT_) return;                 /* its streams are looked at */
    first = otel_diag_earlier_(otel, i);
    if (!first) return;
    if (i->name != first->name) i->name = first->name;        /* the first that was seen; hosts have done so when it registered */
    otel_diag_name_(w, i->name, otel_diag_twice_(i, first), 1);
}

/* What of its measurements is not in its numbers, or not under its attributes. */
OTEL_FN_ void otel_diag_untold_(const otel_watch_t *w, otel_instrument_t *i)
{
    const otel_count_t refused = OTEL_LOAD_(&i->refused_), overflowed = OTEL_LOAD_(&i->overflowed_);
    const uint8_t told = OTEL_LOAD_(&i->told_);
    if (refused && !(told & 1u)) otel_diag_name_(w, i->name, OTEL_NAMES_REFUSED_, refused);
    if (overflowed && !(told & 2u)) otel_diag_name_(w, i->name, OTEL_NAMES_OVERFLOW_, overflowed);
    if ((told & OTEL_TOLD_CROWDED_) && !(told & 8u)) otel_diag_name_(w, i->name, OTEL_NAMES_CROWDED_, 1);
    OTEL_STORE_(&i->told_, (uint8_t)(told | (refused ? 1u : 0u) | (overflowed ? 2u : 0u) | (told & OTEL_TOLD_CROWDED_ ? 8u : 0u)));
}

OTEL_API_ void otel_diag_instruments(otel_watch_t *w)
{ OTEL_CALLED_
    otel_instrument_t *i, *newest;
    const otel_t *otel;
    OTEL_METRICS_OFF_((void)w; (void)i; (void)newest; (void)otel; return)
    if (!w || !w->exporter || !w->say || w->exporter->live_ != 1) return;
    otel = w->exporter->otel_;
    if (w->life_ != otel->epoch_) w->newest_ = NULL;
    w->life_ = otel->epoch_;
    newest = OTEL_LOAD_ACQUIRE_(&((otel_t *)(uintptr_t)otel)->instruments_);
    for (i = newest; i && i != w->newest_; i = i->next_) {
        if (otel_collect_like_(otel, i, NULL) == i) otel_diag_instrument_(w, otel, i);
    }
    for (i = otel_collect_like_(otel, newest, NULL); i; i = otel_collect_like_(otel, i->next_, NULL)) otel_diag_untold_(w, i);
    w->newest_ = newest;
}
OTEL_C_END_
#endif

/* ---- prometheus.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A metric, taken apart. Slices are empty where something is not said. */
typedef struct otel_family_t_ {
    otel_pb_field_t_ name, unit, help, data;
    unsigned shape;               /* 5 gauge, 7 sum, 9 histogram, 10 exponential */
    bool counter;
} otel_family_t_;

/* The metrics of all scopes, one after the other. */
typedef struct otel_families_t_ {
    otel_pb_t_ scopes, metrics, scope;
    otel_pb_field_t_ schema;
} otel_families_t_;

#define OTEL_FAMILY_SIZE_ 256u    /* bytes of a name; longer ones are cut */

/* The name of a family without _total. */
typedef struct otel_family_name_t_ {
    char text[OTEL_FAMILY_SIZE_];
    size_t n, unit_at;            /* unit_at: where its unit begins, 0 without */
} otel_family_name_t_;

/* An Exemplar, taken apart. */
typedef struct otel_page_exemplar_t_ {
    otel_pb_t_ message;
    otel_pb_field_t_ trace, span;
    uint64_t time, bits;                          /* of the value, as a double */
} otel_page_exemplar_t_;

/* A key on its way to a label, character by character. */
typedef struct otel_page_key_t_ {
    const uint8_t *text;
    size_t n, i;
    bool gap, begun;
} otel_page_key_t_;

/* The text, and all that is known while it is written. At the end of the packet: a stack has no room for it. */
typedef struct otel_page_t_ {
    char *to;
    size_t size, n;               /* n goes on counting when the text is full */
    const otel_prometheus_options_t *options;
    otel_collect_t round;
    otel_packet_t_ packet;
    otel_pb_t_ scope;             /* InstrumentationScope, and its ScopeMetrics.schema_url */
    otel_pb_field_t_ schema;
    otel_families_t_ all, walk, other, *next;     /* next: the one that is read */
    otel_family_t_ family, more;  /* the one that is written; one of the same name */
    otel_family_name_t_ name, twin;
    char word[64];                /* the unit of a name */
    const otel_family_t_ *of;     /* whose name is made, */
    otel_family_name_t_ *made;    /* which; and where the text went meanwhile */
    char *to_then;
    size_t size_then, n_then;
    otel_pb_t_ data, point, at;   /* points; the one at hand; its fields */
    otel_pb_field_t_ field;
    otel_pb_field_t_ counts, bounds;              /* of a histogram */
    uint64_t count, sum, seen, before, bound;
    size_t bucket;
    bool last, first;             /* the bucket +Inf; no label stands there yet */
    otel_pb_t_ message, labels, others, pair;     /* attributes: whose, those that become labels, those beside them; one of them */
    otel_pb_field_t_ attribute, key, any, key2, any2, value;
    otel_page_key_t_ keys[2];
    const char *prefix;
    uint8_t number;               /* the field of attributes */
    otel_page_exemplar_t_ one, best;
    otel_decimal_t_ decimal;
} otel_page_t_;

OTEL_STEP_ void otel_page_put_(otel_page_t_ *page, const void *text, size_t n)
{
    if (page->n < page->size && n < page->size - page->n) memcpy(page->to + page->n, text, n);
    page->n += n;
}

OTEL_STEP_ void otel_page_text_(otel_page_t_ *page, const char *text) { otel_page_put_(page, text, strlen(text)); }

OTEL_STEP_ void otel_page_char_(otel_page_t_ *page, char c)
{
    if (page->n < page->size && page->size - page->n > 1u) page->to[page->n] = c;
    page->n++;
}

OTEL_STEP_ void otel_page_double_(otel_page_t_ *page, uint64_t bits)
{
    (void)otel_double_text_(&page->decimal, bits);
    otel_page_put_(page, page->decimal.text, page->decimal.len);
}

OTEL_STEP_ void otel_page_uint_(otel_page_t_ *page, uint64_t value)
{
    otel_page_put_(page, page->decimal.text, otel_uint_text_(page->decimal.text, value));
}

OTEL_STEP_ void otel_page_int_(otel_page_t_ *page, uint64_t value)
{
    if (value >> 63) {
        otel_page_char_(page, '-');
        value = 0u - value;
    }
    otel_page_uint_(page, value);
}

/* A name as Prometheus takes it: letters, digits, '_' (and ':' in names of metrics); what is none of them is one '_'. */
OTEL_STEP_ void otel_page_name_(otel_page_t_ *page, const uint8_t *text, size_t n, bool metric)
{
    bool gap = false;
    size_t i;
    if (n && text[0] >= '0' && text[0] <= '9') otel_page_char_(page, '_');
    for (i = 0; i < n; i++) {
        uint8_t c = text[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (metric && c == ':');
        if (fine || !gap) otel_page_char_(page, fine ? (char)c : '_');
        gap = !fine;
    }
}

/* Text in quotes, or in a line of help, where a quote stands for itself (OpenMetrics quotes it there too). */
OTEL_STEP_ void otel_page_quoted_(otel_page_t_ *page, const otel_pb_field_t_ *f, bool quotes)
{
    size_t i;
    for (i = 0; i < f->len; i++) {
        char c = (char)f->bytes[i];
        if (c == '\n' || c == '\\' || (c == '"' && quotes)) otel_page_char_(page, '\\');
        otel_page_char_(page, c == '\n' ? 'n' : c);
    }
}

/* ---- names ---- */
OTEL_STEP_ bool otel_slice_is_(const uint8_t *text, size_t n, const char *word)
{
    for (; n && *word && *text == (uint8_t)*word; n--, text++) word++;
    return n == 0 && *word == 0;
}

/* A unit of UCUM as a word; the unit itself when there is none. */
OTEL_STEP_ const char *otel_unit_word_(const uint8_t *unit, size_t n, bool per)
{
    static const char *const word[][2] = {
        { "d", "days" }, { "h", "hours" }, { "min", "minutes" }, { "s", "seconds" }, { "ms", "milliseconds" }, { "us", "microseconds" },
        { "ns", "nanoseconds" }, { "By", "bytes" }, { "KiBy", "kibibytes" }, { "MiBy", "mebibytes" }, { "GiBy", "gibibytes" },
        { "TiBy", "tibibytes" }, { "kBy", "kilobytes" }, { "KBy", "kilobytes" }, { "MBy", "megabytes" }, { "GBy", "gigabytes" },
        { "TBy", "terabytes" }, { "m", "meters" }, { "V", "volts" }, { "A", "amperes" }, { "J", "joules" }, { "W", "watts" },
        { "g", "grams" }, { "Cel", "celsius" }, { "Hz", "hertz" }, { "%", "percent" }
    };
    static const char *const single[][2] = {
        { "s", "second" }, { "m", "minute" }, { "min", "minute" }, { "h", "hour" }, { "d", "day" }, { "w", "week" }, { "mo", "month" }, { "y", "year" }
    };
    size_t i;
    for (i = 0; per && i < sizeof single / sizeof *single; i++) {
        if (otel_slice_is_(unit, n, single[i][0])) return single[i][1];
    }
    for (i = 0; !per && i < sizeof word / sizeof *word; i++) {
        if (otel_slice_is_(unit, n, word[i][0])) return word[i][1];
    }
    return NULL;
}

/* One side of a unit, without what stands in braces. */
OTEL_STEP_ void otel_page_unit_part_(otel_page_t_ *page, const uint8_t *unit, size_t n, bool per)
{
    const uint8_t *brace = (const uint8_t *)memchr(unit, '{', n);
    const char *word;
    if (brace) n = (size_t)(brace - unit);
    word = otel_unit_word_(unit, n, per);
    if (n == 0 || otel_slice_is_(unit, n, "1")) return;
    if (per) otel_page_text_(page, "per_");
    if (word) otel_page_text_(page, word);
    else otel_page_name_(page, unit, n, false);
}

/* The other side of the unit, behind the slash. */
OTEL_STEP_ void otel_page_unit_per_(otel_page_t_ *page, const uint8_t *slash)
{
    const uint8_t *end = page->of->unit.bytes + page->of->unit.len;
    if (!slash || slash + 1 == end) return;
    if (page->n) otel_page_char_(page, '_');
    otel_page_unit_part_(page, slash + 1, (size_t)(end - slash) - 1u, true);
}

/* The unit of page->of as a suffix of names, into the empty page->word; nothing for numbers without one. */
OTEL_STEP_ void otel_page_unit_(otel_page_t_ *page)
{
    const otel_pb_field_t_ *unit = &page->of->unit;
    const uint8_t *slash = unit->len ? (const uint8_t *)memchr(unit->bytes, '/', unit->len) : NULL;
    if (unit->len == 0) return;
    if (otel_slice_is_(unit->bytes, unit->len, "1")) {
        if (page->of->shape == 5) otel_page_text_(page, "ratio");
        return;
    }
    otel_page_unit_part_(page, unit->bytes, slash ? (size_t)(slash - unit->bytes) : unit->len, false);
    otel_page_unit_per_(page, slash);
}

/* Write somewhere else: `size` bytes at `to`. */
OTEL_FN_ void otel_page_at_(otel_page_t_ *page, char *to, size_t size)
{
    page->to = to;
    page->size = size;
    page->n = 0;
}

/* The unit behind a name, unless it ends in it already; its length is page->n. */
OTEL_STEP_ void otel_family_unit_(otel_page_t_ *page)
{
    otel_family_name_t_ *name = page->made;
    size_t n = page->n;
    if (n == 0 || n >= sizeof page->word) return;
    if (name->n >= n && (name->n == n || name->text[name->n - n - 1u] == '_') && memcmp(name->text + name->n - n, page->word, n) == 0) {
        name->unit_at = name->n - n;
        return;
    }
    name->text[name->n++] = '_';
    name->unit_at = name->n;
    memcpy(name->text + name->n, page->word, n);
    name->n += n;
}

/* The name alone. */
OTEL_STEP_ void otel_family_write_(otel_page_t_ *page)
{
    otel_family_name_t_ *name = page->made;
    otel_page_at_(page, name->text, OTEL_FAMILY_SIZE_ - 80u);
    otel_page_name_(page, page->of->name.bytes, page->of->name.len, true);
    name->n = page->n < page->size ? page->n : page->size - 1u;
    name->unit_at = 0;
    if (!page->of->counter || (page->options->no_suffix && !page->options->openmetrics)) return;
    if (name->n > 6u && memcmp(name->text + name->n - 6u, "_total", 6) == 0) name->n -= 6u;
}

OTEL_STEP_ void otel_page_back_(otel_page_t_ *page)
{
    page->to = page->to_then;
    page->size = page->size_then;
    page->n = page->n_then;
}

/* The name of a family without _total. */
OTEL_STEP_ void otel_family_name_(otel_page_t_ *page, const otel_family_t_ *f, otel_family_name_t_ *name)
{
    page->of = f;
    page->made = name;
    page->to_then = page->to;
    page->size_then = page->size;
    page->n_then = page->n;
    otel_family_write_(page);
    otel_page_at_(page, page->word, sizeof page->word);
    if (!page->options->no_suffix) otel_page_unit_(page);
    otel_family_unit_(page);
    otel_page_back_(page);
}

OTEL_STEP_ bool otel_family_same_(const otel_page_t_ *page) { return page->twin.n == page->name.n && memcmp(page->name.text, page->twin.text, page->twin.n) == 0; }

/* ---- labels ---- */
/* The AnyValue as text; arrays and maps are left empty. */
OTEL_STEP_ void otel_page_any_(otel_page_t_ *page, const otel_pb_field_t_ *any)
{
    page->pair = otel_pb_open_(any->bytes, any->len);
    if (!otel_pb_next_(&page->pair, &page->value)) return;
    switch (page->value.number) {
    case 1:
    case 7: otel_page_quoted_(page, &page->value, true); return;
    case 2: otel_page_text_(page, page->value.value ? "true" : "false"); return;
    case 3: otel_page_int_(page, page->value.value); return;
    case 4: otel_page_double_(page, page->value.value); return;
    default: return;
    }
}

OTEL_STEP_ bool otel_page_pair_next_(otel_page_t_ *page) { return otel_pb_next_(&page->pair, &page->value); }

/* The attribute that a field holds: key and value. False: it holds none. */
OTEL_STEP_ bool otel_page_pair_(otel_page_t_ *page, otel_pb_field_t_ *key, otel_pb_field_t_ *any)
{
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    if (page->attribute.number != page->number || page->attribute.type != OTEL_PB_SLICE_) return false;
    page->pair = otel_pb_open_(page->attribute.bytes, page->attribute.len);
    while (otel_page_pair_next_(page)) {
        if (page->value.number == 1) *key = page->value;
        if (page->value.number == 2) *any = page->value;
    }
    return key->len != 0;
}

/* The next character of the label that a key becomes; -1: behind the last. */
OTEL_STEP_ int otel_page_key_(otel_page_key_t_ *k)
{
    if (!k->begun) {
        k->begun = true;
        if (k->n && k->text[0] >= '0' && k->text[0] <= '9') return '_';
    }
    while (k->i < k->n) {
        uint8_t c = k->text[k->i++];
        bool gap = k->gap;
        k->gap = !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
        if (!k->gap) return c;
        if (!gap) return '_';
    }
    return -1;
}

/* Do page->key and page->key2 become the same label? Of 127 characters at most. */
OTEL_STEP_ bool otel_page_same_(otel_page_t_ *page)
{
    unsigned n;
    memset((void *)page->keys, 0, sizeof page->keys);
    page->keys[0].text = page->key.bytes;
    page->keys[0].n = page->key.len;
    page->keys[1].text = page->key2.bytes;
    page->keys[1].n = page->key2.len;
    for (n = 0; n < 128u; n++) {
        int c = otel_page_key_(&page->keys[0]);
        if (c != otel_page_key_(&page->keys[1])) return false;
        if (c < 0) return true;
    }
    return false;
}

OTEL_STEP_ void otel_page_comma_(otel_page_t_ *page)
{
    otel_page_char_(page, page->first ? '{' : ',');
    page->first = false;
}

OTEL_STEP_ bool otel_page_other_(otel_page_t_ *page) { return otel_pb_next_(&page->others, &page->attribute); }

OTEL_STEP_ bool otel_page_twin_(otel_page_t_ *page) { return otel_page_pair_(page, &page->key2, &page->any2) && otel_page_same_(page); }

/* Is there an attribute before this one that becomes the same label? */
OTEL_STEP_ bool otel_page_earlier_(otel_page_t_ *page)
{
    const uint8_t *here = page->attribute.bytes;
    page->others = page->message;
    while (otel_page_other_(page) && page->attribute.bytes != here) {
        if (otel_page_twin_(page)) return true;
    }
    return false;
}

/* The values behind it that become the same label. */
OTEL_STEP_ void otel_page_later_(otel_page_t_ *page)
{
    page->others = page->labels;
    while (otel_page_other_(page)) {
        if (!otel_page_twin_(page)) continue;
        otel_page_char_(page, ';');
        otel_page_any_(page, &page->any2);
    }
}

OTEL_STEP_ bool otel_page_attribute_(otel_page_t_ *page) { return otel_pb_next_(&page->labels, &page->attribute); }

OTEL_STEP_ void otel_page_begin_(otel_page_t_ *page, const otel_pb_t_ *message, unsigned number, const char *prefix)
{
    page->message = page->labels = *message;
    page->number = (uint8_t)number;
    page->prefix = prefix;
}

/* The attributes of a message as labels; keys that become one label have their values joined by ';'. */
OTEL_STEP_ void otel_page_labels_(otel_page_t_ *page, const otel_pb_t_ *message, unsigned number, const char *prefix)
{
    otel_page_begin_(page, message, number, prefix);
    while (otel_page_attribute_(page)) {
        if (!otel_page_pair_(page, &page->key, &page->any) || otel_page_earlier_(page)) continue;
        otel_page_comma_(page);
        otel_page_text_(page, page->prefix);
        otel_page_name_(page, page->key.bytes, page->key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &page->any);
        otel_page_later_(page);
        otel_page_char_(page, '"');
    }
}

OTEL_STEP_ void otel_page_label_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *value)
{
    otel_page_comma_(page);
    otel_page_text_(page, key);
    otel_page_text_(page, "=\"");
    otel_page_quoted_(page, value, true);
    otel_page_char_(page, '"');
}

/* The labels of the scope. */
OTEL_STEP_ void otel_page_scope_(otel_page_t_ *page)
{
    page->labels = page->scope;
    while (otel_page_attribute_(page)) {
        if (page->attribute.number == 1) otel_page_label_(page, "otel_scope_name", &page->attribute);
        if (page->attribute.number == 2) otel_page_label_(page, "otel_scope_version", &page->attribute);
    }
    if (page->schema.len) otel_page_label_(page, "otel_scope_schema_url", &page->schema);
    otel_page_labels_(page, &page->scope, 3, "otel_scope_");
}

/* The bound of a bucket. */
OTEL_STEP_ void otel_page_bound_(otel_page_t_ *page)
{
    otel_page_comma_(page);
    otel_page_text_(page, "le=\"");
    if (page->last) otel_page_text_(page, "+Inf");
    else otel_page_double_(page, page->bound);
    otel_page_char_(page, '"');
}

/* All labels of the point, with the bound of a bucket or without. */
OTEL_STEP_ void otel_page_point_labels_(otel_page_t_ *page, bool bucket)
{
    page->first = true;
    if (!page->options->no_scope) otel_page_scope_(page);
    otel_page_labels_(page, &page->point, page->more.shape == 9u ? 9u : page->more.shape > 9u ? 1u : 7u, "");
    if (bucket) otel_page_bound_(page);
    if (!page->first) otel_page_char_(page, '}');
    otel_page_char_(page, ' ');
}

/* ---- exemplars ---- */
/* Bits of a double as a number of the same order. */
OTEL_FN_ uint64_t otel_bits_order_(uint64_t bits) { return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63; }

/* Take page->field apart, into page->one. */
OTEL_STEP_ void otel_page_exemplar_read_(otel_page_t_ *page)
{
    otel_page_exemplar_t_ *e = &page->one;
    const otel_pb_field_t_ *f = &page->value;
    memset((void *)e, 0, sizeof *e);
    e->message = page->pair = otel_pb_open_(page->field.bytes, page->field.len);
    while (otel_page_pair_next_(page)) {
        if (f->number == 2) e->time = f->value;
        if (f->number == 3) e->bits = f->value;
        if (f->number == 6) e->bits = otel_double_bits_((double)(int64_t)f->value);
        if (f->number == 4) e->span = *f;
        if (f->number == 5) e->trace = *f;
    }
}

OTEL_STEP_ void otel_page_id_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *id)
{
    size_t i;
    if (!id->len) return;
    otel_page_comma_(page);
    otel_page_text_(page, key);
    for (i = 0; i < id->len; i++) {
        otel_page_char_(page, "0123456789abcdef"[id->bytes[i] >> 4]);
        otel_page_char_(page, "0123456789abcdef"[id->bytes[i] & 15u]);
    }
    otel_page_char_(page, '"');
}

/* How many characters a label takes, key and value. */
OTEL_STEP_ size_t otel_page_width_(otel_page_t_ *page)
{
    size_t size = page->size, n = page->n, width;
    page->size = 0;                               /* so that it only counts */
    otel_page_name_(page, page->key.bytes, page->key.len, false);
    otel_page_any_(page, &page->any);
    width = page->n - n;
    page->size = size;
    page->n = n;
    return width;
}

/* Labels of an exemplar are 128 characters at most, names and values: ids first, then what a view left out, while it fits. */
OTEL_STEP_ void otel_page_exemplar_labels_(otel_page_t_ *page)
{
    static const char trace_id[] = "trace_id=\"", span_id[] = "span_id=\"";
    const otel_page_exemplar_t_ *e = &page->best;
    size_t left = 128u - (e->trace.len ? 8u + 2u * e->trace.len : 0u) - (e->span.len ? 7u + 2u * e->span.len : 0u);
    page->first = true;
    otel_page_id_(page, trace_id, &e->trace);
    otel_page_id_(page, span_id, &e->span);
    otel_page_begin_(page, &e->message, 7, "");
    while (otel_page_attribute_(page)) {
        size_t width;
        if (!otel_page_pair_(page, &page->key, &page->any)) continue;
        width = otel_page_width_(page);
        if (width > left) continue;
        left -= width;
        otel_page_comma_(page);
        otel_page_name_(page, page->key.bytes, page->key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &page->any);
        otel_page_char_(page, '"');
    }
    otel_page_text_(page, page->first ? "{} " : "} ");
}

/* Nanoseconds as seconds. */
OTEL_STEP_ void otel_page_seconds_(otel_page_t_ *page, uint64_t ns)
{
    char *text = page->decimal.text;
    size_t n = otel_uint_text_(text, ns), i;
    if (n <= 9u) otel_page_text_(page, "0.");
    for (i = n; i < 9u; i++) otel_page_char_(page, '0');
    if (n > 9u) {
        otel_page_put_(page, text, n - 9u);
        otel_page_char_(page, '.');
        text += n - 9u;
        n = 9;
    }
    otel_page_put_(page, text, n);
}

OTEL_STEP_ bool otel_page_field_(otel_page_t_ *page) { return otel_pb_next_(&page->at, &page->field); }

/* OpenMetrics: the newest exemplar of the point that is above one bound (NULL: none) and up to another one, into page->best. */
OTEL_STEP_ void otel_page_newest_(otel_page_t_ *page, unsigned number, const uint64_t *above, const uint64_t *upto)
{
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (page->field.number != number || page->field.type != OTEL_PB_SLICE_) continue;
        otel_page_exemplar_read_(page);
        if (above && otel_bits_order_(page->one.bits) <= otel_bits_order_(*above)) continue;
        if (upto && otel_bits_order_(page->one.bits) > otel_bits_order_(*upto)) continue;
        if (page->one.time >= page->best.time) page->best = page->one;
    }
}

OTEL_STEP_ void otel_page_worth_(otel_page_t_ *page)
{
    otel_page_double_(page, page->best.bits);
    otel_page_char_(page, ' ');
    otel_page_seconds_(page, page->best.time);
}

/* Behind a sample the exemplar that was found for it. */
OTEL_STEP_ void otel_page_exemplar_(otel_page_t_ *page)
{
    if (page->best.message.at) {
        otel_page_text_(page, " # ");
        otel_page_exemplar_labels_(page);
        otel_page_worth_(page);
    }
    otel_page_char_(page, '\n');
}

/* ---- samples ---- */
OTEL_STEP_ void otel_page_sample_(otel_page_t_ *page, const char *suffix, bool bucket)
{
    otel_page_put_(page, page->name.text, page->name.n);
    otel_page_text_(page, suffix);
    otel_page_point_labels_(page, bucket);
}

/* What a histogram says. */
OTEL_STEP_ void otel_page_histogram_(otel_page_t_ *page)
{
    const otel_pb_field_t_ *f = &page->field;
    page->count = page->sum = page->seen = page->bound = 0;
    memset((void *)&page->counts, 0, sizeof page->counts);
    memset((void *)&page->bounds, 0, sizeof page->bounds);
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (f->number == 4) page->count = f->value;
        if (f->number == 5) page->sum = f->value;
        if (f->number == 6 && f->type == OTEL_PB_SLICE_) page->counts = *f;
        if (f->number == 7 && f->type == OTEL_PB_SLICE_) page->bounds = *f;
    }
}

/* Go to a bucket. */
OTEL_STEP_ void otel_page_bucket_(otel_page_t_ *page)
{
    size_t i = page->bucket;
    page->before = page->bound;
    page->last = i == page->bounds.len / 8u;
    page->bound = page->last ? 0 : otel_get64_(page->bounds.bytes + 8u * i);
    if (8u * i < page->counts.len) page->seen += otel_get64_(page->counts.bytes + 8u * i);
}

OTEL_STEP_ void otel_page_bucket_newest_(otel_page_t_ *page)
{
    memset((void *)&page->best, 0, sizeof page->best);
    if (!page->options->openmetrics) return;
    otel_page_newest_(page, page->more.shape == 9u ? 8 : 11, page->bucket ? &page->before : NULL, page->last ? NULL : &page->bound);
}

OTEL_STEP_ void otel_page_buckets_(otel_page_t_ *page)
{
    otel_page_histogram_(page);
    for (page->bucket = 0; page->bucket <= page->bounds.len / 8u; page->bucket++) {
        otel_page_bucket_(page);
        otel_page_sample_(page, "_bucket", true);
        otel_page_uint_(page, page->last ? page->count : page->seen);
        otel_page_bucket_newest_(page);
        otel_page_exemplar_(page);
    }
    otel_page_sample_(page, "_sum", false);
    otel_page_double_(page, page->sum);
    otel_page_char_(page, '\n');
    otel_page_sample_(page, "_count", false);
    otel_page_uint_(page, page->count);
    otel_page_char_(page, '\n');
}

OTEL_STEP_ void otel_page_number_(otel_page_t_ *page)
{
    otel_page_sample_(page, page->more.counter && (page->options->openmetrics || !page->options->no_suffix) ? "_total" : "", false);
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (page->field.number == 4) otel_page_double_(page, page->field.value);
        if (page->field.number == 6) otel_page_int_(page, page->field.value);
    }
    memset((void *)&page->best, 0, sizeof page->best);
    if (page->more.counter && page->options->openmetrics) otel_page_newest_(page, 5, NULL, NULL);
    otel_page_exemplar_(page);
}

/* The next point of page->more. */
OTEL_STEP_ bool otel_page_point_(otel_page_t_ *page)
{
    do {
        if (!otel_pb_next_(&page->data, &page->field)) return false;
    } while (page->field.number != 1 || page->field.type != OTEL_PB_SLICE_);
    page->point = otel_pb_open_(page->field.bytes, page->field.len);
    return true;
}

/* The points of page->more. */
OTEL_STEP_ void otel_page_points_(otel_page_t_ *page)
{
    page->data = otel_pb_open_(page->more.data.bytes, page->more.data.len);
    while (otel_page_point_(page)) {
        if (page->more.shape >= 9u) otel_page_buckets_(page);
        else otel_page_number_(page);
    }
}

/* ---- families ---- */
/* Take the Metric in page->field apart. */
OTEL_STEP_ void otel_family_read_(otel_page_t_ *page, otel_family_t_ *family)
{
    const otel_pb_field_t_ *f = &page->value;
    memset((void *)family, 0, sizeof *family);
    page->pair = otel_pb_open_(page->field.bytes, page->field.len);
    while (otel_page_pair_next_(page)) {
        if (f->number == 1) family->name = *f;
        if (f->number == 2) family->help = *f;
        if (f->number == 3) family->unit = *f;
        if (f->number < 5) continue;
        family->shape = (unsigned)f->number;
        family->data = *f;
    }
    page->pair = otel_pb_open_(family->data.bytes, family->data.len);
    while (otel_page_pair_next_(page)) family->counter = family->counter || (family->shape == 7 && f->number == 3 && f->value);
}

OTEL_STEP_ void otel_page_line_(otel_page_t_ *page, const char *what)
{
    otel_page_text_(page, what);
    otel_page_put_(page, page->name.text, page->name.n);
    if (page->family.counter && !page->options->openmetrics && !page->options->no_suffix) otel_page_text_(page, "_total");
    otel_page_char_(page, ' ');
}

OTEL_FN_ const char *otel_family_type_(const otel_family_t_ *family) { return family->shape >= 9 ? "histogram" : family->counter ? "counter" : "gauge"; }

OTEL_STEP_ void otel_page_head_(otel_page_t_ *page)
{
    if (page->family.help.len) {
        otel_page_line_(page, "# HELP ");
        otel_page_quoted_(page, &page->family.help, page->options->openmetrics);
        otel_page_char_(page, '\n');
    }
    otel_page_line_(page, "# TYPE ");
    otel_page_text_(page, otel_family_type_(&page->family));
    otel_page_char_(page, '\n');
    if (!page->options->openmetrics || page->name.unit_at == 0) return;
    otel_page_line_(page, "# UNIT ");
    otel_page_put_(page, page->name.text + page->name.unit_at, page->name.n - page->name.unit_at);
    otel_page_char_(page, '\n');
}

OTEL_STEP_ bool otel_families_field_(otel_page_t_ *page, otel_pb_t_ *from) { return otel_pb_next_(from, &page->field); }

/* Open the next ScopeMetrics; false behind the last. */
OTEL_STEP_ bool otel_families_scope_(otel_page_t_ *page)
{
    otel_families_t_ *w = page->next;
    if (!otel_families_field_(page, &w->scopes)) return false;
    w->metrics = page->at = otel_pb_open_(page->field.bytes, page->field.len);
    w->scope = otel_pb_open_(NULL, 0);
    memset((void *)&w->schema, 0, sizeof w->schema);
    while (otel_page_field_(page)) {
        if (page->field.number == 1) w->scope = otel_pb_open_(page->field.bytes, page->field.len);
        if (page->field.number == 3) w->schema = page->field;
    }
    return true;
}

/* The next family of page->next. */
OTEL_STEP_ bool otel_families_next_(otel_page_t_ *page, otel_family_t_ *family)
{
    do {
        while (otel_families_field_(page, &page->next->metrics)) {
            if (page->field.number != 2 || page->field.type != OTEL_PB_SLICE_) continue;
            otel_family_read_(page, family);
            return true;
        }
    } while (otel_families_scope_(page));
    return false;
}

/* Is there a family of the same name before? */
OTEL_STEP_ bool otel_family_earlier_(otel_page_t_ *page)
{
    page->other = page->all;
    page->next = &page->other;
    while (otel_families_next_(page, &page->more) && page->more.data.bytes != page->family.data.bytes) {
        otel_family_name_(page, &page->more, &page->twin);
        if (otel_family_same_(page)) return true;
    }
    return false;
}

/* Does page->more belong to the family? Types differ in their first letter. */
OTEL_STEP_ bool otel_family_also_(otel_page_t_ *page)
{
    otel_family_name_(page, &page->more, &page->twin);
    if (!otel_family_same_(page) || *otel_family_type_(&page->more) != *otel_family_type_(&page->family)) return false;
    page->scope = page->other.scope;
    page->schema = page->other.schema;
    return true;
}

/* The family with all metrics of its name from here on. */
OTEL_STEP_ void otel_page_family_(otel_page_t_ *page)
{
    page->other = page->walk;
    page->more = page->family;
    page->next = &page->other;
    do {
        if (otel_family_also_(page)) otel_page_points_(page);
    } while (otel_families_next_(page, &page->more));
}

OTEL_STEP_ bool otel_page_next_(otel_page_t_ *page)
{
    page->next = &page->walk;
    return otel_families_next_(page, &page->family);
}

/* Write the families of a body of ScopeMetrics. Metrics of one name stand together under one head; of two types, the first counts. */
OTEL_STEP_ void otel_page_families_(otel_page_t_ *page)
{
    page->walk = page->all;
    while (otel_page_next_(page)) {
        otel_family_name_(page, &page->family, &page->name);
        if (otel_family_earlier_(page)) continue;
        otel_page_head_(page);
        otel_page_family_(page);
    }
}

/* target_info: the attributes of the resource. */
OTEL_STEP_ void otel_page_target_(otel_page_t_ *page, const uint8_t *resource, size_t len)
{
    page->first = true;
    page->pair = otel_pb_open_(resource, len);
    if (page->options->no_target || !otel_page_pair_next_(page)) return;
    page->point = otel_pb_open_(page->value.bytes, page->value.len);
    otel_page_text_(page, page->options->openmetrics ? "# HELP target Target metadata\n# TYPE target info\ntarget_info" : "# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
    otel_page_labels_(page, &page->point, 1, "");
    otel_page_text_(page, page->first ? " 1\n" : "} 1\n");
}

/* Where the page stands: on firmware at the end of the packet, whose room ends there then; NULL: that is too small. */
OTEL_STEP_ otel_page_t_ *otel_page_place_(otel_page_t_ *own, const otel_prometheus_options_t *options, size_t *room)
{
    uintptr_t end = (uintptr_t)options->packet + options->packet_size;
    *room = options->packet_size;
    if (own) return own;
    if (*room < sizeof(otel_page_t_) + 8u) return NULL;
    *room -= sizeof(otel_page_t_) + (size_t)((end - sizeof(otel_page_t_)) & 7u);
    return (otel_page_t_ *)(void *)((uint8_t *)options->packet + *room);
}

/* A page with nothing in it. */
OTEL_STEP_ otel_page_t_ *otel_page_open_(otel_page_t_ *page, char *to, size_t size, const otel_prometheus_options_t *options)
{
    memset((void *)page, 0, sizeof *page);
    page->to = to;
    page->size = size;
    page->options = options;
    page->round.lost = OTEL_ROUND_OF_PROMETHEUS_;
    return page;
}

/* Everything behind the resource, whose attributes begin at `begin`. */
OTEL_STEP_ size_t otel_page_write_(otel_page_t_ *page, const uint8_t *begin)
{
    otel_page_target_(page, begin, (size_t)(page->packet.run - 1 - begin));
    otel_page_families_(page);
    if (page->options->openmetrics) otel_page_text_(page, "# EOF\n");
    if (page->size) page->to[page->n < page->size ? page->n : 0] = 0;
    return page->n;
}

/* Collect; false: not all points are there. */
OTEL_STEP_ bool otel_page_collect_(otel_page_t_ *page, otel_t *otel)
{
    uint8_t *points = page->packet.run - 1;
    size_t body = 0;
    if (OTEL_LOAD_(&otel->reclaims_)) OTEL_STORE_(&otel->reclaims_, (uint8_t)0);           /* a page tells totals: idle series stay */
    if (OTEL_LOAD_ACQUIRE_(&otel->collect_)) body = (OTEL_LOAD_ACQUIRE_(&otel->collect_))(otel, &page->round, points, (size_t)(page->packet.end - points));
    else page->round.lost = 0;
    page->all.scopes = otel_pb_open_(points, body);
    return !page->round.running && !page->round.lost;
}

OTEL_API_ size_t otel_prometheus_write_with(char *to, size_t size, const otel_prometheus_options_t *options)
{ OTEL_CALLED_
    otel_t *otel = options && options->otel ? options->otel : otel_default_();
    otel_page_t_ *page;
    size_t room = 0;
#if OTEL_HOSTED_
    otel_page_t_ own, *given = &own;
#else
    otel_page_t_ *given = NULL;
#endif
    OTEL_METRICS_OFF_((void)page; (void)given; (void)room; (void)otel; if (to && size) *to = 0; return 0)
    if (to && size) *to = 0;
    if (!to || !options || !options->packet || !otel_running_(otel)) return 0;
    page = otel_page_place_(given, options, &room);
    if (!page || !otel_packet_begin_(&otel_page_open_(page, to, size, options)->packet, otel, (uint8_t *)options->packet, room)) return 0;
    if (!otel_page_collect_(page, otel)) return 0;
    return otel_page_write_(page, (const uint8_t *)options->packet + 1 + OTEL_ENVELOPE_BYTES_);        /* ResourceMetrics.resource = 1 */
}

OTEL_API_ const char *otel_prometheus_type(bool openmetrics)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)openmetrics; return "text/plain")
    return openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
}

OTEL_FN_ bool otel_text_begins_(const char *text, const char *with)
{
    for (; *with && *text == *with; text++) with++;
    return *with == 0;
}

OTEL_API_ bool otel_prometheus_accepts_openmetrics(const char *accept)
{ OTEL_CALLED_
    static const char wanted[] = "application/openmetrics-text";
    OTEL_METRICS_OFF_((void)accept; (void)wanted; return false)
    for (; accept && *accept; accept++) {
        const char *end;
        if (!otel_text_begins_(accept, wanted)) continue;
        accept += sizeof wanted - 1u;
        for (end = accept; *end && *end != ','; end++) {
            if (otel_text_begins_(end, ";q=0") && (end[4] == 0 || end[4] == ',' || end[4] == ';')) return false;
        }
        return true;
    }
    return false;
}
OTEL_C_END_
#endif

/* ---- recorded_value.h ------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ bool otel_bytes_are_(const void *bytes, size_t len, const char *text) { return len == strlen(text) && (len == 0 || memcmp(bytes, text, len) == 0); }

OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && otel_bytes_are_(slice.text, slice.len, text);
}

/* ---- messages into structs ---- */

/* Into the slice that was read. */
OTEL_FN_ void otel_recorded_enter_(otel_recorded_look_t_ *look) { look->message = otel_pb_open_(look->field.bytes, look->field.len); }

/* A case of a switch over a field's number and wire type; a field of another type is not the one that we know. */
#define OTEL_RECORDED_FIELD_(number, type) ((uint32_t)(number) << 3 | (type))
OTEL_FN_ uint32_t otel_recorded_key_(const otel_pb_field_t_ *field) { return field->number << 3 | field->type; }

OTEL_FN_ otel_slice_t otel_recorded_slice_(const otel_pb_field_t_ *field)
{
    otel_slice_t slice;
    slice.text = (const char *)field->bytes;
    slice.len = field->len;
    return slice;
}

OTEL_FN_ void otel_recorded_id_(uint8_t *to, const otel_pb_field_t_ *field, size_t n)
{
    if (field->len == n) memcpy(to, field->bytes, n);
}

OTEL_FN_ int32_t otel_recorded_int32_(uint64_t value) { return (int32_t)((int64_t)(value & 0x7FFFFFFFu) - (int64_t)(value & 0x80000000u)); }
OTEL_FN_ int64_t otel_recorded_int64_(uint64_t value) { return value >> 63 ? -(int64_t)(~value) - 1 : (int64_t)value; }
OTEL_FN_ int32_t otel_recorded_zigzag_(uint64_t value)
{
    return otel_recorded_int32_(((value & 0xFFFFFFFFu) >> 1) ^ ((uint64_t)0 - (value & 1u)));
}

/* A list of what is in `message`, empty so far. */
OTEL_FN_ void otel_recorded_list_(otel_recorded_list_t *list, const otel_pb_t_ *message)
{
    list->count = 0;
    list->number_ = list->type_ = 0;
    list->bytes_ = message->at;
    list->len_ = message->left;
}

/* `field` is one more of a list; numbers of wire type `type` may come packed. */
OTEL_FN_ void otel_recorded_add_(otel_recorded_list_t *list, const otel_pb_field_t_ *field, unsigned type)
{
    size_t i;
    list->number_ = (uint8_t)field->number;
    list->type_ = (uint8_t)type;
    if (type == field->type) list->count++;
    else if (type == OTEL_PB_FIXED64_) list->count += (uint32_t)(field->len / 8u);
    else for (i = 0; i < field->len; i++) list->count += field->bytes[i] < 128u;
}

/* Into the message at position `i` of a list. */
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_recorded_look_t_ *look);
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_recorded_look_t_ *look)
{ OTEL_CALLED_
    if (!list || i >= list->count) return false;
    look->message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.number != list->number_ || look->field.type != OTEL_PB_SLICE_ || i-- != 0) continue;
        otel_recorded_enter_(look);
        return true;
    }
    return false;
}

/* The fields that otel_recorded_last_ shall find, a set of bits. */
#define OTEL_RECORDED_SET_(number, type) ((uint64_t)1 << OTEL_RECORDED_FIELD_(number, type))
/* AnyValue: string_value, bool_value, int_value, double_value, array_value, kvlist_value, bytes_value. */
#define OTEL_RECORDED_ANY_ (OTEL_RECORDED_SET_(1, 2) | OTEL_RECORDED_SET_(2, 0) | OTEL_RECORDED_SET_(3, 0) | OTEL_RECORDED_SET_(4, 1) | \
                            OTEL_RECORDED_SET_(5, 2) | OTEL_RECORDED_SET_(6, 2) | OTEL_RECORDED_SET_(7, 2))

/* Go to the last one of these fields in the message: it is the one that counts. Its key; 0, and an empty slice: there is none. */
OTEL_API_ uint32_t otel_recorded_last_(otel_recorded_look_t_ *look, uint64_t set);
OTEL_API_ uint32_t otel_recorded_last_(otel_recorded_look_t_ *look, uint64_t set)
{ OTEL_CALLED_
    const uint8_t *at = look->message.at, *last = NULL, *end = at ? at + look->message.left : NULL;
    for (; otel_pb_next_(&look->message, &look->field); at = look->message.at) {
        if (look->field.number < 8u && (set >> otel_recorded_key_(&look->field) & 1u)) last = at;
    }
    look->message = otel_pb_open_(last, last ? (size_t)(end - last) : 0u);
    if (otel_pb_next_(&look->message, &look->field)) return otel_recorded_key_(&look->field);
    look->field.bytes = NULL;
    look->field.len = 0;
    return 0;
}

/* The number at position `i` of a list, packed or not. */
OTEL_FN_ uint64_t otel_recorded_number_(const otel_recorded_list_t *list, uint32_t i)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field;
    uint64_t value = 0;
    if (!list || i >= list->count) return 0;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, &field)) {
        size_t at = 0;
        if (field.number != list->number_) continue;
        if (field.type == list->type_ && i-- == 0) return field.value;
        while (field.type == OTEL_PB_SLICE_ && at < field.len) {
            unsigned used = list->type_ == OTEL_PB_FIXED64_ ? 8u : otel_pb_varint_(field.bytes + at, field.len - at, &value);
            if (used == 0 || used > field.len - at) break;
            if (used == 8u && list->type_ == OTEL_PB_FIXED64_) value = otel_get64_(field.bytes + at);
            if (i-- == 0) return value;
            at += used;
        }
    }
    return 0;
}

OTEL_API_ uint64_t otel_recorded_bucket(const otel_recorded_list_t *buckets, uint32_t i)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)buckets; (void)i; return 0)
    return otel_recorded_number_(buckets, i);
}

OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)bounds; (void)i; return 0)
    return otel_bits_double_(otel_recorded_number_(bounds, i));
}

/* AnyValue, whose field `key` was read. True. */
OTEL_API_ bool otel_recorded_any_(otel_recorded_look_t_ *look, uint32_t key, otel_recorded_value_t *out);
OTEL_API_ bool otel_recorded_any_(otel_recorded_look_t_ *look, uint32_t key, otel_recorded_value_t *out)
{ OTEL_CALLED_
    memset((void *)out, 0, sizeof *out);
    switch (key) {
    case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_):
    case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        out->type = look->field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
        out->text = otel_recorded_slice_(&look->field);
        break;
    case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_):
        out->type = OTEL_RECORDED_BOOL;
        out->b = look->field.value != 0;
        break;
    case OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_):
        out->type = OTEL_RECORDED_INT;
        out->i = otel_recorded_int64_(look->field.value);
        break;
    case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        out->type = OTEL_RECORDED_DOUBLE;
        out->d = otel_bits_double_(look->field.value);
        break;
    case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):
    case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        out->type = look->field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
        otel_recorded_enter_(look);
        otel_recorded_list_(&out->items, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &look->field, OTEL_PB_SLICE_);
        }
        break;
    default: break;
    }
    return true;
}

OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)array; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(array, i, &look)) return false;
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

/* KeyValue: key = 1 (NULL: not wanted), value = 2; then into the value. */
OTEL_API_ void otel_recorded_pair_(otel_recorded_look_t_ *look, otel_slice_t *key);
OTEL_API_ void otel_recorded_pair_(otel_recorded_look_t_ *look, otel_slice_t *key)
{ OTEL_CALLED_
    const uint8_t *any = NULL;
    size_t len = 0;
    if (key) memset((void *)key, 0, sizeof *key);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (key && otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&look->field);
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) continue;
        any = look->field.bytes;
        len = look->field.len;
    }
    look->message = otel_pb_open_(any, len);
}

OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)i; (void)key; (void)out; return false)
    if (!otel_recorded_nth_(attributes, i, &look)) return false;
    otel_recorded_pair_(&look, key);
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

/* Into the pair of a key; false, and into nothing: it is not there. A pair is read in the place of its list, and for its value once
   more by the caller: readers within readers would be twice the stack. */
OTEL_API_ bool otel_recorded_find_(const otel_recorded_list_t *attributes, const char *key, otel_recorded_look_t_ *look);
OTEL_API_ bool otel_recorded_find_(const otel_recorded_list_t *attributes, const char *key, otel_recorded_look_t_ *look)
{ OTEL_CALLED_
    const uint8_t *pair, *next;
    bool same;
    look->message = otel_pb_open_(attributes && attributes->count && key ? attributes->bytes_ : NULL, attributes ? attributes->len_ : 0u);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.number != attributes->number_ || look->field.type != OTEL_PB_SLICE_) continue;
        pair = look->field.bytes;
        next = look->message.at;
        same = *key == 0;                                     /* where there is no key it is empty */
        otel_recorded_enter_(look);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) same = otel_bytes_are_(look->field.bytes, look->field.len, key);
        }
        if (same) {
            look->message = otel_pb_open_(pair, (size_t)(next - pair));
            return true;
        }
        look->message = otel_pb_open_(next, (size_t)(attributes->bytes_ + attributes->len_ - next));
    }
    return false;
}

OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_find_(attributes, key, &look)) return false;
    otel_recorded_pair_(&look, NULL);
    return otel_recorded_any_(&look, otel_recorded_last_(&look, OTEL_RECORDED_ANY_), out);
}

OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) return false;
    *out = otel_recorded_int64_(look.field.value);
    return true;
}

OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_)) return false;
    *out = otel_bits_double_(look.field.value);
    return true;
}

OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) return false;
    *out = look.field.value != 0;
    return true;
}

OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) return false;
    *out = otel_recorded_slice_(&look.field);
    return true;
}

OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    (void)otel_recorded_find_(attributes, key, &look);
    otel_recorded_pair_(&look, NULL);
    if (otel_recorded_last_(&look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_)) return false;
    *out = otel_recorded_slice_(&look.field);
    return true;
}
OTEL_C_END_
#endif

/* ---- recorded_item.h ------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)events; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(events, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = look.field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&look.field); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look.field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)links; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(links, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look.field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look.field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&look.field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look.field.value; break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)look.field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out)
{ OTEL_CALLED_
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)exemplars; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(exemplars, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = look.field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = look.field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(look.field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(look.field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look.field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look.field, 16); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        default: break;
        }
    }
    return true;
}

/* Out of the message that `look` has entered. Items were found well-formed when they came; what is broken further inside ends there. */
OTEL_FN_ bool otel_recorded_span_read_(otel_recorded_look_t_ *look, otel_recorded_span_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    otel_recorded_list_(&out->events, &look->message);
    otel_recorded_list_(&out->links, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look->field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            rest = look->message;
            otel_recorded_enter_(look);
            while (otel_pb_next_(&look->message, &look->field)) {
                if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&look->field);
                if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(look->field.value);
            }
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_FN_ bool otel_recorded_log_read_(otel_recorded_look_t_ *look, otel_recorded_log_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):
            rest = look->message;
            otel_recorded_enter_(look);
            (void)otel_recorded_any_(look, otel_recorded_last_(look, OTEL_RECORDED_ANY_), &out->body);
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look->field, 16); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&look->field); break;
        default: break;
        }
    }
    return true;
}

OTEL_FN_ void otel_recorded_value_point_(otel_recorded_point_t *out, const otel_pb_field_t_ *field)
{
    out->is_int = field->number == 6;                         /* as_double = 4, as_int = 6: the last one counts */
    out->is_double = !out->is_int;
    out->int_value = out->is_int ? otel_recorded_int64_(field->value) : 0;
    out->double_value = out->is_int ? 0.0 : otel_bits_double_(field->value);
}

/* NumberDataPoint. */
OTEL_FN_ void otel_recorded_number_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->exemplars, &look->message);
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &look->field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
}

/* HistogramDataPoint. */
OTEL_FN_ void otel_recorded_histogram_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->buckets, &look->message);
    otel_recorded_list_(&out->bounds, &look->message);
    otel_recorded_list_(&out->exemplars, &look->message);
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &look->field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &look->field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(look->field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(look->field.value);
            out->has_max = true;
            break;
        default: break;
        }
    }
}

/* Buckets: offset = 1, bucket_counts = 2. */
OTEL_FN_ void otel_recorded_buckets_(otel_recorded_look_t_ *look, otel_recorded_list_t *list, int32_t *offset)
{
    otel_recorded_enter_(look);
    otel_recorded_list_(list, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(look->field.value);
        if (look->field.number == 2 && (look->field.type == OTEL_PB_SLICE_ || look->field.type == OTEL_PB_VARINT_)) otel_recorded_add_(list, &look->field, OTEL_PB_VARINT_);
    }
}

/* ExponentialHistogramDataPoint. */
OTEL_FN_ void otel_recorded_exponential_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    otel_recorded_list_(&out->exemplars, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_):
            rest = look->message;
            if (look->field.number == 8) otel_recorded_buckets_(look, &out->buckets, &out->offset);
            else otel_recorded_buckets_(look, &out->below, &out->below_offset);
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(look->field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(look->field.value);
            out->has_max = true;
            break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(look->field.value); break;
        default: break;
        }
    }
}

/* SummaryDataPoint; its quantiles stay in the request. */
OTEL_FN_ void otel_recorded_summary_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_point_read_(unsigned type, otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    switch (type) {
    case OTEL_RECORDED_HISTOGRAM: otel_recorded_histogram_point_(look, out); break;
    case OTEL_RECORDED_EXPONENTIAL_HISTOGRAM: otel_recorded_exponential_point_(look, out); break;
    case OTEL_RECORDED_SUMMARY: otel_recorded_summary_point_(look, out); break;
    default: otel_recorded_number_point_(look, out);
    }
}
OTEL_C_END_
#endif

/* ---- recorder.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RECORDER_HEAD_ 12u        /* in memory before each body: length, items, signal and three zeros */

/* ---- around an item ---- */

OTEL_FN_ void otel_recorder_enter_(otel_recorder_place_t_ *place, unsigned level) { place->look.message = otel_pb_open_(place->at[level].text, place->at[level].len); }

/* ResourceSpans and its sisters: resource = 1, whose attributes = 1. */
OTEL_FN_ void otel_recorder_resource_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_pb_t_ rest;
    memset((void *)&place->resource, 0, sizeof place->resource);
    otel_recorder_enter_(place, 0);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        otel_recorded_list_(&place->resource, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&place->resource, &look->field, OTEL_PB_SLICE_);
        }
        look->message = rest;
    }
}

/* ScopeSpans and its sisters: scope = 1 with name = 1, version = 2, attributes = 3; schema_url = 3. */
OTEL_FN_ void otel_recorder_scope_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_recorded_scope_t *out = &place->scope;
    otel_pb_t_ rest;
    memset((void *)out, 0, sizeof *out);
    otel_recorder_enter_(place, 1);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) out->schema_url = otel_recorded_slice_(&look->field);
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        otel_recorded_list_(&out->attributes, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) out->name = otel_recorded_slice_(&look->field);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->version = otel_recorded_slice_(&look->field);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_);
        }
        look->message = rest;
    }
}

/* What an item shares with its neighbours, read once for all of them. */
OTEL_API_ void otel_recorder_describe_(otel_recorder_place_t_ *place);
OTEL_API_ void otel_recorder_describe_(otel_recorder_place_t_ *place)
{ OTEL_CALLED_
    if (place->described) return;
    otel_recorder_resource_(place);
    otel_recorder_scope_(place);
    place->described = true;
}

/* Metric: name = 1, description = 2, unit = 3; its data: aggregation_temporality = 2, is_monotonic = 3. */
OTEL_FN_ void otel_recorder_metric_read_(otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_pb_t_ rest;
    otel_recorder_enter_(place, 2);
    out->type = (otel_recorded_metric_t)place->metric_type;
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.type != OTEL_PB_SLICE_) continue;
        if (look->field.number == 1) out->name = otel_recorded_slice_(&look->field);
        if (look->field.number == 2) out->description = otel_recorded_slice_(&look->field);
        if (look->field.number == 3) out->unit = otel_recorded_slice_(&look->field);
        if (look->field.number != place->metric_type) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) out->temporality = (int)otel_recorded_int32_(look->field.value);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->monotonic = look->field.value != 0;
        }
        look->message = rest;
    }
}

/* ---- from item to item ---- */

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. False when it is no message. */
OTEL_FN_ bool otel_recorder_metric_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    place->metric_type = 0;
    otel_recorded_enter_(look);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.type != OTEL_PB_SLICE_) continue;
        if (look->field.number != 5 && look->field.number != 7 && (look->field.number < 9 || look->field.number > 11)) continue;
        place->metric_type = (uint8_t)look->field.number;
        place->level[3] = otel_pb_open_(look->field.bytes, look->field.len);
    }
    return !look->message.broken;
}

OTEL_FN_ void otel_recorder_start_(otel_recorder_place_t_ *place, unsigned signal)
{
    unsigned i;
    place->index = 0;
    place->next = 0;
    place->signal = (uint8_t)signal;
    for (i = 0; i < 4; i++) place->level[i] = otel_pb_open_(NULL, 0);
}

/* The next item of the request; false at its end, or where it is broken. */
OTEL_FN_ bool otel_recorder_step_(otel_recorder_place_t_ *place)
{
    const otel_pb_field_t_ *field = &place->look.field;
    unsigned level = 4;
    while (level) {
        otel_pb_t_ *message = &place->level[--level];
        while (otel_pb_next_(message, &place->look.field)) {
            if (field->type != OTEL_PB_SLICE_ || field->number != (level == 0 || level == 3 ? 1u : 2u)) continue;
            if (level == 3 || (level == 2 && place->signal != OTEL_SIGNAL_METRICS)) {
                place->at[3] = otel_recorded_slice_(field);
                place->index++;
                return true;
            }
            place->at[level] = otel_recorded_slice_(field);
            if (level < 2) {
                place->described = false;
                place->level[level + 1u] = otel_pb_open_(field->bytes, field->len);
            } else if (!otel_recorder_metric_(place)) {
                return false;
            }
            level += 2;                                       /* into what has just been opened */
            break;
        }
        if (message->broken) return false;
    }
    return false;
}

/* Go to the next item of the place's signal, in this request or a later one. */
OTEL_API_ bool otel_recorder_next_(otel_recorder_t *recorder);
OTEL_API_ bool otel_recorder_next_(otel_recorder_t *recorder)
{ OTEL_CALLED_
    otel_recorder_place_t_ *place = &recorder->place_;
    while (!otel_recorder_step_(place)) {
        const uint8_t *head = recorder->memory_ + place->next;
        if (place->next >= OTEL_LOAD_ACQUIRE_(&recorder->used_)) return false;
        place->next += OTEL_RECORDER_HEAD_ + (size_t)otel_get32_(head);
        if (head[8] == place->signal) place->level[0] = otel_pb_open_(head + OTEL_RECORDER_HEAD_, (size_t)otel_get32_(head));
    }
    return true;
}

/* Go to the item at position `i` of a signal. */
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i);
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i)
{ OTEL_CALLED_
    if (i < recorder->place_.index || signal != recorder->place_.signal || recorder->place_.next == 0) otel_recorder_start_(&recorder->place_, signal);
    while (otel_recorder_next_(recorder)) {
        if (recorder->place_.index != i + 1u) continue;
        otel_recorder_describe_(&recorder->place_);
        return true;
    }
    return false;
}

/* The item where the place is. Both who gives it by position and who finds it go on here at their end, with none of their stack left. */
OTEL_FN_ bool otel_recorder_span_read_(otel_recorder_place_t_ *place, otel_recorded_span_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_enter_(place, 3);
    return otel_recorded_span_read_(&place->look, out);
}

OTEL_FN_ bool otel_recorder_point_read_(otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_metric_read_(place, out);
    otel_recorder_enter_(place, 3);
    otel_recorded_point_read_(place->metric_type, &place->look, out);
    return true;
}

OTEL_FN_ bool otel_recorder_log_read_(otel_recorder_place_t_ *place, otel_recorded_log_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_enter_(place, 3);
    return otel_recorded_log_read_(&place->look, out);
}

OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, i)) return false;
    return otel_recorder_span_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, i)) return false;
    return otel_recorder_point_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, i)) return false;
    return otel_recorder_log_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out)
{ OTEL_CALLED_
    static const char *const paths[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    size_t at = 0, used;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder) return false;
    used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    while (at < used) {
        const uint8_t *head = recorder->memory_ + at;
        size_t len = (size_t)otel_get32_(head);
        if (i-- == 0) {
            memset((void *)out, 0, sizeof *out);
            out->signal = (otel_signal_t)head[8];
            out->path = paths[head[8]];
            out->body = head + OTEL_RECORDER_HEAD_;
            out->len = len;
            out->items = otel_get32_(head + 4);
            return true;
        }
        at += OTEL_RECORDER_HEAD_ + len;
    }
    return false;
}

/* ---- find, count, wait ---- */

/* Say whether the item is of that name, or has that text as its body. */
OTEL_API_ bool otel_recorder_named_(otel_recorder_t *recorder, const char *name);
OTEL_API_ bool otel_recorder_named_(otel_recorder_t *recorder, const char *name)
{ OTEL_CALLED_
    otel_recorder_place_t_ *place = &recorder->place_;
    const bool metric = place->signal == OTEL_SIGNAL_METRICS;
    otel_recorder_enter_(place, metric ? 2u : 3u);
    (void)otel_recorded_last_(&place->look, metric ? OTEL_RECORDED_SET_(1, OTEL_PB_SLICE_) : OTEL_RECORDED_SET_(5, OTEL_PB_SLICE_));       /* name, body */
    if (place->signal == OTEL_SIGNAL_LOGS) {
        otel_recorded_enter_(&place->look);
        if (otel_recorded_last_(&place->look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) return false;
    }
    return otel_bytes_are_(place->look.field.bytes, place->look.field.len, name);
}

/* The position of the newest item of that name, or one that no item has. It looks at nothing but names, so that the caller's struct is
   the only one. */
OTEL_API_ uint32_t otel_recorder_newest_(otel_recorder_t *recorder, unsigned signal, const char *name);
OTEL_API_ uint32_t otel_recorder_newest_(otel_recorder_t *recorder, unsigned signal, const char *name)
{ OTEL_CALLED_
    uint32_t found = 0;
    otel_recorder_start_(&recorder->place_, signal);
    while (otel_recorder_next_(recorder)) {
        if (otel_recorder_named_(recorder, name)) found = recorder->place_.index;
    }
    return found - 1u;
}

OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    if (!recorder || !name || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, otel_recorder_newest_(recorder, OTEL_SIGNAL_TRACES, name))) return false;
    return otel_recorder_span_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    if (!recorder || !name || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, otel_recorder_newest_(recorder, OTEL_SIGNAL_METRICS, name))) return false;
    return otel_recorder_point_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)body; (void)out; return false)
    if (!recorder || !body || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, otel_recorder_newest_(recorder, OTEL_SIGNAL_LOGS, body))) return false;
    return otel_recorder_log_read_(&recorder->place_, out);
}

OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->requests_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_refused(const otel_recorder_t *recorder)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->refused_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_TRACES]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_METRICS]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_LOGS]) : 0u;
}

OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)signal; (void)n; (void)step; (void)user; (void)tries; return false)
    if (!recorder || (unsigned)signal >= OTEL_SIGNALS) return false;
    while (OTEL_LOAD_ACQUIRE_(&recorder->items_[signal]) < n) {
        if (tries-- == 0) return false;
        if (step) (step)(user);
    }
    return true;
}

/* ---- receive ---- */

OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)recorder; (void)config; return OTEL_OK)
    if (!recorder || !config || !config->memory) return OTEL_E_NULL;
    memset((void *)recorder, 0, sizeof *recorder);
    recorder->memory_ = (uint8_t *)config->memory;
    recorder->size_ = config->memory_size;
    return OTEL_OK;
}

OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder)
{ OTEL_CALLED_
    otel_recorder_config_t config;
    OTEL_WHEN_OFF_((void)recorder; return)
    if (!recorder) return;
    config.memory = recorder->memory_;
    config.memory_size = recorder->size_;
    (void)otel_recorder_init_with(recorder, &config);
}

/* A request with its head behind those that are there, where nobody looks yet. 200, or why it has no place. */
OTEL_FN_ int otel_recorder_copy_(otel_recorder_t *recorder, const otel_request_t *request)
{
    const size_t n = request->body ? 0u : request->parts ? request->parts_len : 0u;
    uint8_t *to = recorder->memory_ + recorder->used_;
    size_t i, len = request->body ? request->len : 0u;
    for (i = 0; i < n; i++) {
        if (request->parts[i].len > request->len - len) return 400;
        len += request->parts[i].len;
    }
    if (len != request->len) return 400;
    if ((uint64_t)len >> 32 || recorder->size_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - OTEL_RECORDER_HEAD_) return 413;
    if (recorder->size_ - recorder->used_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - recorder->used_ - OTEL_RECORDER_HEAD_) return 507;
    otel_put32_(to, (uint32_t)len);
    otel_put32_(to + 4, request->items);
    otel_put32_(to + 8, (uint32_t)request->signal);
    to += OTEL_RECORDER_HEAD_;
    if (request->body) memcpy(to, request->body, len);
    for (i = 0; i < n; i++) {
        if (request->parts[i].len) memcpy(to, request->parts[i].bytes, request->parts[i].len);
        to += request->parts[i].len;
    }
    return 200;
}

OTEL_API_ int otel_recorder_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_recorder_t *recorder = (otel_recorder_t *)user;
    int status;
    OTEL_WHEN_OFF_((void)recorder; (void)user; (void)request; (void)status; return 200)
    if (!recorder || !recorder->memory_ || !request || (unsigned)request->signal >= OTEL_SIGNALS) return 400;
    status = otel_recorder_copy_(recorder, request);
    if (status == 200 && !otel_counted_items_(&recorder->counted_, (unsigned)request->signal, recorder->memory_ + recorder->used_ + OTEL_RECORDER_HEAD_, request->len)) status = 400;
    if (status != 200) {
        OTEL_STORE_RELEASE_(&recorder->refused_, recorder->refused_ + 1u);
        return status;
    }
    OTEL_STORE_RELEASE_(&recorder->used_, recorder->used_ + OTEL_RECORDER_HEAD_ + request->len);
    OTEL_STORE_RELEASE_(&recorder->requests_, recorder->requests_ + 1u);
    OTEL_STORE_RELEASE_(&recorder->items_[request->signal], recorder->items_[request->signal] + recorder->counted_.items);
    return 200;
}
OTEL_C_END_
#endif

/* ---- reply_nanopb.h -------------------------------------------------------------------------------------------- */
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* What is left of a body, and what it says. */
typedef struct otel_reply_source_t_ {
    const uint8_t *at;
    size_t left;
    bool cut;                          /* more was wanted than there is */
    otel_reply_t *reply;
} otel_reply_source_t_;

/* Any: what its type says, and where its value stands. */
typedef struct otel_reply_any_t_ {
    bool is_retry;
    const uint8_t *value;
    size_t len;
} otel_reply_any_t_;

OTEL_FN_ bool otel_reply_pull_(pb_istream_t *stream, pb_byte_t *to, size_t len)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)stream->state;
    if (len > source->left) {
        source->cut = true;
        source->left = 0;
        stream->bytes_left = 0;                               /* how nanopb wants to hear of the end */
        return false;
    }
    memcpy(to, source->at, len);
    source->at += len;
    source->left -= len;
    return true;
}

/* A stream over `source` that claims to be endless, so that a length beyond its end is no error before the end is there. */
OTEL_FN_ pb_istream_t otel_reply_stream_(otel_reply_source_t_ *source)
{
    pb_istream_t stream = pb_istream_from_buffer(source->at, 0);
    stream.callback = otel_reply_pull_;
    stream.state = source;
    stream.bytes_left = SIZE_MAX;
    return stream;
}

OTEL_FN_ bool otel_reply_skip_(pb_istream_t *stream) { return pb_read(stream, NULL, stream->bytes_left); }

/* Status.message, Export*PartialSuccess.error_message: what is there of it. */
OTEL_FN_ bool otel_reply_on_text_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)*arg;
    otel_pb_field_t_ text;
    (void)field;
    text.bytes = source->at;
    text.len = stream->bytes_left < source->left ? stream->bytes_left : source->left;
    otel_reply_text_(source->reply, &text);
    return otel_reply_skip_(stream);
}

/* Any.type_url, in bytes that are all there. */
OTEL_FN_ bool otel_reply_on_type_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    static const char name[] = "/google.rpc.RetryInfo";
    const size_t n = sizeof name - 1u;
    pb_byte_t end[sizeof name];
    bool is_retry = stream->bytes_left >= n;
    (void)field;
    if (is_retry) {
        if (!pb_read(stream, NULL, stream->bytes_left - n) || !pb_read(stream, end, n)) return false;
        is_retry = memcmp(end, name, n) == 0;
    }
    ((otel_reply_any_t_ *)*arg)->is_retry = is_retry;
    return otel_reply_skip_(stream);
}

/* Any.value */
OTEL_FN_ bool otel_reply_on_value_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_any_t_ *any = (otel_reply_any_t_ *)*arg;
    (void)field;
    any->value = ((otel_reply_source_t_ *)stream->state)->at;
    any->len = stream->bytes_left;
    return otel_reply_skip_(stream);
}

/* RetryInfo.retry_delay in milliseconds, rounded up; 0: there is none. */
OTEL_FN_ uint32_t otel_reply_delay_of_(const otel_reply_any_t_ *any)
{
    pb_istream_t stream = pb_istream_from_buffer(any->value, any->len);
    google_rpc_RetryInfo info;
    memset((void *)&info, 0, sizeof info);
    if (!any->is_retry || !any->value || !pb_decode(&stream, google_rpc_RetryInfo_fields, &info)) return 0;
    if (info.retry_delay.seconds < 0 || info.retry_delay.nanos < 0) return 0;
    if (info.retry_delay.seconds > 4000000) return 4000000000u;
    if (info.retry_delay.nanos > 999999999) info.retry_delay.nanos = 999999999;
    return (uint32_t)info.retry_delay.seconds * 1000u + ((uint32_t)info.retry_delay.nanos + 999999u) / 1000000u;
}

/* Status.details. One that is no message says nothing; the rest of the answer still does. */
OTEL_FN_ bool otel_reply_on_detail_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)*arg, inside;
    size_t len = stream->bytes_left;
    otel_reply_any_t_ any;
    google_protobuf_Any message;
    (void)field;
    if (len <= source->left) {
        uint32_t delay = 0;
        pb_istream_t detail;
        inside = *source;
        inside.left = len;
        detail = otel_reply_stream_(&inside);
        detail.bytes_left = len;
        memset((void *)&any, 0, sizeof any);
        memset((void *)&message, 0, sizeof message);
        message.type_url.funcs.decode = otel_reply_on_type_;
        message.value.funcs.decode = otel_reply_on_value_;
        message.type_url.arg = message.value.arg = &any;
        if (pb_decode(&detail, google_protobuf_Any_fields, &message)) delay = otel_reply_delay_of_(&any);
        if (delay) source->reply->retry_after_ms = delay;
    }
    return otel_reply_skip_(stream);
}

/* What field 1 is: a message in Export*ServiceResponse, a number in Status. */
OTEL_FN_ bool otel_reply_is_response_(otel_reply_source_t_ source)
{
    pb_istream_t stream = otel_reply_stream_(&source);
    pb_wire_type_t type;
    uint32_t tag;
    bool end;
    while (pb_decode_tag(&stream, &type, &tag, &end)) {
        if (tag == opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceResponse_partial_success_tag) return type == PB_WT_STRING;
        if (!pb_skip_field(&stream, type)) return false;
    }
    return false;
}

/* Export*PartialSuccess: rejected_spans, rejected_data_points or rejected_log_records, and error_message. False: the end has come. */
OTEL_FN_ bool otel_reply_success_(otel_reply_source_t_ *source, pb_istream_t *stream, uint32_t items)
{
    opentelemetry_proto_collector_metrics_v1_ExportMetricsPartialSuccess message;
    pb_istream_t inside;
    bool good;
    if (!pb_make_string_substream(stream, &inside)) return false;
    memset((void *)&message, 0, sizeof message);
    message.error_message.funcs.decode = otel_reply_on_text_;
    message.error_message.arg = source;
    good = pb_decode(&inside, opentelemetry_proto_collector_metrics_v1_ExportMetricsPartialSuccess_fields, &message);
    if (message.rejected_data_points > 0) source->reply->rejected = (uint64_t)message.rejected_data_points > items ? items : (uint32_t)message.rejected_data_points;
    return good && pb_close_string_substream(stream, &inside);
}

/* Its one field is entered here: nanopb would read to the end of a broken one, and it would look like one that was cut off. */
OTEL_FN_ bool otel_reply_response_(otel_reply_source_t_ *source, uint32_t items)
{
    pb_istream_t stream = otel_reply_stream_(source);
    pb_wire_type_t type;
    uint32_t tag;
    bool end, good = true;
    while (good && pb_decode_tag(&stream, &type, &tag, &end)) {
        bool success = tag == opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceResponse_partial_success_tag && type == PB_WT_STRING;
        good = tag != 0 && (success ? otel_reply_success_(source, &stream, items) : pb_skip_field(&stream, type));
    }
    return (good && end) || source->cut;
}

OTEL_FN_ bool otel_reply_status_(otel_reply_source_t_ *source)
{
    google_rpc_Status message;
    pb_istream_t stream = otel_reply_stream_(source);
    bool good;
    memset((void *)&message, 0, sizeof message);
    message.message.funcs.decode = otel_reply_on_text_;
    message.details.funcs.decode = otel_reply_on_detail_;
    message.message.arg = message.details.arg = source;
    good = pb_decode(&stream, google_rpc_Status_fields, &message);
    source->reply->code = (int32_t)((uint32_t)message.code & 0x7FFFFFFFu);
    return good || source->cut;
}

/* As in reply.h. */
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items)
{ OTEL_CALLED_
    otel_reply_source_t_ source;
    source.at = (const uint8_t *)body;
    source.left = !body ? 0 : len > OTEL_REPLY_BYTES_ ? OTEL_REPLY_BYTES_ : len;
    source.cut = false;
    source.reply = reply;
    memset((void *)reply, 0, sizeof *reply);
    if (!(otel_reply_is_response_(source) ? otel_reply_response_(&source, items) : otel_reply_status_(&source))) {
        memset((void *)reply, 0, sizeof *reply);
        return false;
    }
    reply->too_large = otel_reply_says_(reply, "too large") || otel_reply_says_(reply, "larger than");
    return true;
}
OTEL_C_END_
#endif

/* ---- self_state.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_API_ void otel_self_measure_(void *user);
OTEL_API_ size_t otel_self_collect_(otel_t *otel, otel_collect_t *round, uint8_t *to, size_t room);

#define OTEL_SELF_MARK_ 0x6F74736Du

/* Who tells what this instance does. Known by where its callback lies, not by what that calls, of which files may have copies. */
OTEL_FN_ otel_self_metrics_t *otel_self_of_(const otel_t *otel)
{
    otel_callback_t *c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_);
    for (; c; c = c->next_) {
        otel_self_metrics_t *self = (otel_self_metrics_t *)c->user;
        if (self && (void *)&self->callback_ == (void *)c && self->mark_ == OTEL_SELF_MARK_) return self;
    }
    return NULL;
}

#define OTEL_SELF_TEXT_ 64u
typedef struct otel_self_labels_t_ {
    otel_attr_t at[4];
    size_t n;
    char name[OTEL_SELF_TEXT_], type[OTEL_SELF_TEXT_], status[4];
} otel_self_labels_t_;

OTEL_FN_ void otel_self_text_(otel_self_labels_t_ *labels, const char *key, const char *text)
{
    labels->at[labels->n].key = key;
    labels->at[labels->n++].value = OTEL_STR(text, strlen(text));
}

OTEL_FN_ char *otel_self_put_(char *to, const char *text, size_t most)
{
    size_t n = strlen(text);
    if (n > most) n = most;
    memcpy(to, text, n);
    to[n] = 0;
    return to + n;
}

/* otel.component.name and otel.component.type: "otlp_http" "_span_exporter" "/0". */
OTEL_FN_ void otel_self_labels_(otel_self_labels_t_ *labels, const char *first, const char *rest, const char *brief, unsigned number)
{
    char *p;
    labels->n = 0;
#if OTEL_HOSTED_
    (void)brief;
    (void)otel_self_put_(otel_self_put_(labels->type, first, 23), rest, 32);
    otel_self_text_(labels, "otel.component.type", labels->type);
    p = otel_self_put_(labels->name, labels->type, 60);
#else
    (void)first;
    (void)rest;
    p = otel_self_put_(labels->name, brief, 8);
#endif
    *p++ = '/';
    *p++ = (char)('0' + number);
    *p = 0;
    otel_self_text_(labels, "otel.component.name", labels->name);
}

OTEL_FN_ const char *otel_self_brief_(unsigned signal) { return signal == OTEL_SIGNAL_TRACES ? "span" : signal == OTEL_SIGNAL_LOGS ? "log" : "metric"; }

OTEL_FN_ void otel_self_exporter_(const otel_self_metrics_t *self, otel_self_labels_t_ *labels, unsigned signal, unsigned number)
{
    otel_self_labels_(labels, self->transport_, signal == OTEL_SIGNAL_TRACES ? "_span_exporter" : signal == OTEL_SIGNAL_LOGS ? "_log_exporter" : "_metric_exporter",
                      otel_self_brief_(signal), number);
}
OTEL_C_END_
#endif

/* ---- self_hooks.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_FN_ void otel_self_took_(otel_histogram_t *histogram, uint64_t ns, const otel_self_labels_t_ *labels)
{
    otel_record_real_(&histogram->base_, (double)(ns >> 62 ? 0u : ns) * 1e-9, labels->at, labels->n);
}

/* Instead of .send: the same with a look at the clock before and behind. */
OTEL_API_ int otel_self_send_(void *user, const otel_request_t *request);
OTEL_API_ int otel_self_send_(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_self_sender_t_ *s = (otel_self_sender_t_ *)user;
    uint64_t begin = otel_clock_now_(&s->self->otel_->clock_);
    int status = (s->send)(s->user, request), n;
    otel_self_labels_t_ labels;
    if (status == OTEL_AGAIN || status == OTEL_PENDING) return status;
    otel_self_exporter_(s->self, &labels, (unsigned)request->signal, s->exporter->reader_);
    for (n = 2; n >= 0; n--) labels.status[n] = (char)('0' + (n == 2 ? status % 10 : n == 1 ? status / 10 % 10 : status / 100 % 10));
    labels.status[3] = 0;
#if OTEL_HOSTED_
    if (status >= 100 && status <= 999) {
        labels.at[labels.n].key = "http.response.status_code";
        labels.at[labels.n++].value = otel_value_int_(status);
    }
#endif
    if (status < 200 || status >= 300) otel_self_text_(&labels, "error.type", status >= 100 && status <= 999 ? labels.status : "no_answer");
    else if (s->exporter->reply_rejected_) otel_self_text_(&labels, "error.type", otel_drop_text(OTEL_DROP_REJECTED));
    otel_self_took_(&s->self->operation_, otel_clock_now_(&s->self->otel_->clock_) - begin, &labels);
    return status;
}

/* The exporter that collects is driven by this thread, so that its transport may be changed here. */
OTEL_FN_ otel_self_sender_t_ *otel_self_sender_(otel_self_metrics_t *self, const otel_collect_t *round)
{
    otel_exporter_t *x = self->otel_->exporters_;
    otel_self_sender_t_ *s;
    while (x && &x->round_ != round) x = x->next_;
    if (!x) return NULL;
    s = &self->sender_[x->reader_];
    if (x->config_.send && x->config_.user != s) {
        s->self = self;
        s->exporter = x;
        s->send = x->config_.send;
        s->user = x->config_.user;
        s->spent = 0;
        x->config_.send = otel_self_send_;
        x->config_.user = s;
    }
    return s;
}

/* Instead of otel_collect_, likewise. */
OTEL_API_ size_t otel_self_collect_(otel_t *otel, otel_collect_t *round, uint8_t *to, size_t room)
{ OTEL_CALLED_
    otel_self_metrics_t *self = otel_self_of_(otel);
    otel_self_sender_t_ *sender = self ? otel_self_sender_(self, round) : NULL;
    bool page = round->lost == OTEL_ROUND_OF_PROMETHEUS_;
    uint64_t begin, spent;
    otel_self_labels_t_ labels;
    size_t n;
    if (!self) return otel_collect_(otel, round, to, room);
    begin = otel_clock_now_(&otel->clock_);
    n = otel_collect_(otel, round, to, room);
    spent = otel_clock_now_(&otel->clock_) - begin;
    if (sender) {
        sender->spent += spent;
        if (round->running) return n;
        spent = sender->spent;
        sender->spent = 0;
    }
    otel_self_labels_(&labels, sender ? "periodic_metric_reader" : page ? "prometheus_http_text" : "otel_metric_reader_t", !sender && page ? "_metric_exporter" : "",
                      sender ? "reader" : page ? "page" : "manual", sender ? (unsigned)(sender - self->sender_) : 0u);
    otel_self_took_(&self->collection_, spent, &labels);
    return n;
}

#if OTEL_TRACES
OTEL_API_ void otel_self_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ void otel_self_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{ OTEL_CALLED_
    otel_self_metrics_t *self = otel_self_of_(otel);
    unsigned origin = !(span->state_ & OTEL_SPAN_PARENT_) ? 0u : span->state_ & OTEL_SPAN_REMOTE_ ? 2u : 1u;
    otel_decision_t decision = OTEL_DECISION_DROP;
    if (self && self->begin_) {
        (self->begin_)(span, otel, scope, options);
    } else {                                                  /* parent based, roots always on */
        if (origin == 0) span->flags_ |= OTEL_FLAG_SAMPLED;
        if (span->flags_ & OTEL_FLAG_SAMPLED) otel_span_open_(span, otel, scope, options);
    }
    if (!self) return;
    if (otel_is_recording(span)) {
        decision = span->flags_ & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_RECORD_ONLY;
        span->flags_ |= OTEL_FLAG_LATE_;
    }
    otel_tally_(&self->begun_[origin][decision]);
}

OTEL_API_ bool otel_self_late_(otel_span_t *span, otel_t *otel);
OTEL_API_ bool otel_self_late_(otel_span_t *span, otel_t *otel)
{ OTEL_CALLED_
    otel_self_metrics_t *self = otel_self_of_(otel);
    bool sampled = (span->flags_ & OTEL_FLAG_SAMPLED) != 0;
    if (!self) return sampled;
    otel_tally_(&self->ended_[sampled ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_RECORD_ONLY]);
    return self->late_ ? (self->late_)(span, otel) : sampled;
}

OTEL_FN_ void otel_self_follow_(otel_self_metrics_t *self)
{
    otel_sampler_t *s = &self->otel_->config_.sampler;
    if (self->own_begin_ && s->begin_ == self->own_begin_) return;
    self->begin_ = s->begin_;
    self->late_ = s->late_;
    self->own_begin_ = otel_self_begin_;      /* as this file has it: another may have a copy of its own */
    s->late_ = otel_self_late_;
    OTEL_STORE_RELEASE_(&s->begin_, self->own_begin_);
}
#else
OTEL_FN_ void otel_self_follow_(otel_self_metrics_t *self) { (void)self; }
#endif
OTEL_C_END_
#endif

/* ---- self_numbers.h -------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
OTEL_FN_ void otel_self_tell_(otel_self_metrics_t *self, unsigned what, otel_count_t value, const otel_self_labels_t_ *labels)
{
    otel_observe_all(&self->observed_[what], (int64_t)value, labels ? labels->at : NULL, labels ? labels->n : 0u);
}

/* The same with error.type, when there are any. */
OTEL_FN_ void otel_self_failed_(otel_self_metrics_t *self, unsigned what, otel_count_t value, const otel_self_labels_t_ *labels, const char *type)
{
    otel_self_labels_t_ more;
    if (!value) return;
    memcpy(more.at, labels->at, sizeof more.at);
    more.n = labels->n;
    otel_self_text_(&more, "error.type", type);
    otel_self_tell_(self, what, value, &more);
}

/* What waits in the queue of an exporter, and what is on its way. */
typedef struct otel_self_queue_t_ {
    otel_count_t waiting, flying;
    otel_pos_t bytes, size;       /* of all that is there; of the rings */
} otel_self_queue_t_;

OTEL_FN_ void otel_self_ring_(const otel_exporter_t *x, otel_ring_t *ring, otel_self_queue_t_ *queue)
{
    const otel_reader_t_ *r = &ring->reader[x->reader_];
    otel_pos_t pos = r->cursor, until = OTEL_LOAD_ACQUIRE_(&ring->published), left = otel_pos_between_(ring, pos, until), held = otel_pos_between_(ring, pos, r->held);
    queue->size += ring->size;
    queue->bytes += left;
    if (held > left) held = 0;
    while (left) {
        uint32_t size = otel_record_size_(ring, pos);
        if (size > left) break;
        if (held) queue->flying++;
        else queue->waiting++;
        held -= held > (otel_pos_t)size ? (otel_pos_t)size : held;
        left -= (otel_pos_t)size;
        pos = otel_pos_add_(ring, pos, (otel_pos_t)size);
    }
}

OTEL_FN_ void otel_self_queue_(const otel_exporter_t *x, unsigned signal, otel_self_queue_t_ *queue)
{
    unsigned i;
    memset((void *)queue, 0, sizeof *queue);
    for (i = 0; i < otel_shards_(x->otel_); i++) {
        otel_ring_t *ring = otel_exporter_ring_(x, i, otel_ring_of_(signal));
        otel_held_t_ held;
        if (!otel_gate_try_(ring, &x->otel_->guard_, 1000, &held)) continue;
        otel_self_ring_(x, ring, queue);
        otel_gate_leave_(ring, &x->otel_->guard_, &held);
    }
}

/* How many records of the mean size of those that are there, or were there last, the rings hold. */
OTEL_FN_ otel_count_t otel_self_capacity_(otel_self_metrics_t *self, unsigned ring, const otel_self_queue_t_ *queue)
{
    otel_pos_t n = (otel_pos_t)(queue->waiting + queue->flying);
    if (n) self->mean_[ring] = queue->bytes / n;
    if (!self->mean_[ring]) self->mean_[ring] = 128u;
    return (otel_count_t)(queue->size / self->mean_[ring]);
}

/* The processor in front of an exporter: what it gave on, and what was lost before. */
OTEL_FN_ void otel_self_processor_(otel_self_metrics_t *self, const otel_exporter_t *x, unsigned signal, const otel_signal_stats_t *s, otel_count_t refused)
{
    unsigned ring = otel_ring_of_(signal), reason;
    otel_self_labels_t_ labels;
    otel_self_queue_t_ queue;
    otel_self_queue_(x, signal, &queue);
    otel_self_labels_(&labels, self->processor_, signal == OTEL_SIGNAL_TRACES ? "_span_processor" : "_log_processor", otel_self_brief_(signal), x->reader_);
    otel_self_tell_(self, OTEL_SELF_SIZE_ + ring, queue.waiting, &labels);
    otel_self_tell_(self, OTEL_SELF_CAPACITY_ + ring, otel_self_capacity_(self, ring, &queue), &labels);
    otel_self_tell_(self, OTEL_SELF_PROCESSED_ + ring, s->exported + s->dropped[OTEL_DROP_REJECTED] + s->dropped[OTEL_DROP_GAVE_UP] + refused, &labels);
    for (reason = 0; reason < OTEL_DROP_REASONS; reason++) {
        otel_count_t n = s->dropped[reason] - (reason == OTEL_DROP_TOO_LARGE ? refused : 0u);
        if (reason == OTEL_DROP_REJECTED || reason == OTEL_DROP_GAVE_UP) continue;
        otel_self_failed_(self, OTEL_SELF_PROCESSED_ + ring, n, &labels, reason == OTEL_DROP_FULL ? "queue_full" : otel_drop_text((otel_drop_t)reason));
    }
    otel_self_exporter_(self, &labels, signal, x->reader_);
    otel_self_tell_(self, OTEL_SELF_INFLIGHT_ + signal, queue.flying, &labels);
}

OTEL_FN_ void otel_self_signal_(otel_self_metrics_t *self, const otel_exporter_t *x, unsigned signal, const otel_signal_stats_t *s)
{
    otel_count_t refused = OTEL_LOAD_(&x->lane_[signal].dropped[0]);      /* OTEL_DROP_TOO_LARGE of the exporter itself */
    unsigned what = OTEL_SELF_EXPORTED_ + signal;
    otel_self_labels_t_ labels;
    if (signal != OTEL_SIGNAL_METRICS) otel_self_processor_(self, x, signal, s, refused);
    otel_self_exporter_(self, &labels, signal, x->reader_);
    if (signal == OTEL_SIGNAL_METRICS) otel_self_tell_(self, OTEL_SELF_POINT_INFLIGHT_, s->queued, &labels);
    otel_self_tell_(self, what, s->exported, &labels);
    otel_self_failed_(self, what, s->dropped[OTEL_DROP_REJECTED], &labels, otel_drop_text(OTEL_DROP_REJECTED));
    otel_self_failed_(self, what, s->dropped[OTEL_DROP_GAVE_UP], &labels, otel_drop_text(OTEL_DROP_GAVE_UP));
    otel_self_failed_(self, what, refused, &labels, otel_drop_text(OTEL_DROP_TOO_LARGE));
    if (signal == OTEL_SIGNAL_METRICS) otel_self_failed_(self, what, s->dropped[OTEL_DROP_SHUTDOWN], &labels, otel_drop_text(OTEL_DROP_SHUTDOWN));
}

#if OTEL_TRACES
OTEL_FN_ void otel_self_spans_(otel_self_metrics_t *self)
{
    static const char decision[][18] = { "DROP", "RECORD_ONLY", "RECORD_AND_SAMPLE" };
#if OTEL_HOSTED_
    static const char origin[][7] = { "none", "local", "remote" };
#endif
    unsigned d, o;
    for (d = 0; d < 3u; d++) {
        otel_self_labels_t_ labels;
        otel_count_t all = 0, n[3];
        labels.n = 0;
        otel_self_text_(&labels, "otel.span.sampling_result", decision[d]);
        for (o = 0; o < 3u; o++) all += n[o] = OTEL_LOAD_(&self->begun_[o][d]);
        if (d != OTEL_DECISION_DROP && (all || self->ended_[d])) otel_self_tell_(self, OTEL_SELF_LIVE_, all - OTEL_LOAD_(&self->ended_[d]), &labels);
#if OTEL_HOSTED_
        for (o = 0; o < 3u; o++) {
            labels.n = 1;
            otel_self_text_(&labels, "otel.span.parent.origin", origin[o]);
            if (n[o]) otel_self_tell_(self, OTEL_SELF_STARTED_, n[o], &labels);
        }
#else
        if (all) otel_self_tell_(self, OTEL_SELF_STARTED_, all, &labels);
#endif
    }
}
#else
OTEL_FN_ void otel_self_spans_(otel_self_metrics_t *self) { (void)self; }
#endif

/* The child of a fork counts anew; what is alive, is. */
OTEL_FN_ void otel_self_renew_(otel_self_metrics_t *self)
{
    unsigned d, o;
    if (self->epoch_ == self->otel_->epoch_) return;
    self->epoch_ = self->otel_->epoch_;
    for (d = 0; d < 3u; d++) {
        for (o = 0; o < 3u; o++) {
            self->ended_[d] -= self->begun_[o][d];
            self->begun_[o][d] = 0;
        }
    }
}

/* The callback: once in each collection, by any reader. */
OTEL_API_ void otel_self_measure_(void *user)
{ OTEL_CALLED_
    otel_self_metrics_t *self = (otel_self_metrics_t *)user;
    otel_count_t logs = 0;
    otel_exporter_t *x;
    unsigned i;
    otel_self_renew_(self);
    OTEL_STORE_RELEASE_(&self->otel_->collect_, &otel_self_collect_);     /* an instrument that registers takes its place */
    for (i = 0; i < otel_shards_(self->otel_); i++) logs += OTEL_LOAD_(&otel_shard_at_(self->otel_, i)->ring[OTEL_LOGS_].created);
    otel_self_tell_(self, OTEL_SELF_LOGS_, logs, NULL);
    otel_self_spans_(self);
    for (x = self->otel_->exporters_; x; x = x->next_) {
        otel_stats_t stats;
        if (otel_stats(x, &stats) != OTEL_OK) continue;
        for (i = 0; i < OTEL_SIGNALS; i++) otel_self_signal_(self, x, i, &stats.signal[i]);
    }
}
OTEL_C_END_
#endif

/* ---- self_metrics.h -------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_FN_ void otel_self_describe_(otel_self_metrics_t *self)
{
    static const struct { const char *name, *unit; bool up; uint16_t series; } what[] = {
#define OTEL_SELF_ROW_(id, name, unit, up, series) { name, unit, up, (series) },
        OTEL_SELF_OBSERVED_(OTEL_SELF_ROW_)
#undef OTEL_SELF_ROW_
    };
    static const double bounds[OTEL_SELF_BOUNDS_] = { 0.0001, 0.001, 0.005, 0.025, 0.1, 1, 10 };
    otel_series_t *series = self->series_;
    unsigned i;
    for (i = 0; i < OTEL_SELF_KINDS_; i++) {
        otel_instrument_t *one = &self->observed_[i].base_;
        one->name = what[i].name;
        one->unit = what[i].unit;
        one->form_ = what[i].up ? &otel_observed_counter_form_ : &otel_observed_updown_form_;
        one->series = what[i].series ? series : NULL;
        one->series_len = what[i].series;
        one->scope = &self->scope_;
        series += what[i].series;
    }
    for (i = 0; i < 2u; i++) {
        otel_instrument_t *one = i ? &self->collection_.base_ : &self->operation_.base_;
        one->name = i ? "otel.sdk.metric_reader.collection.duration" : "otel.sdk.exporter.operation.duration";
        one->unit = "s";
        one->form_ = &otel_histogram_form_;
        one->series = i ? self->collections_ : self->operations_;
        one->series_len = i ? OTEL_SELF_COLLECTIONS_ : OTEL_SELF_OPERATIONS_;
        one->bounds = bounds;
        one->bounds_len = OTEL_SELF_BOUNDS_;
        one->rows = i ? self->collection_rows_ : self->operation_rows_;
        one->rows_len = i ? sizeof self->collection_rows_ / sizeof *self->collection_rows_ : sizeof self->operation_rows_ / sizeof *self->operation_rows_;
        one->scope = &self->scope_;
    }
    self->scope_.name = "otel.sdk";
    self->scope_.version = OTEL_VERSION;
}
#endif

OTEL_API_ otel_result_t otel_self_metrics_start_with(otel_self_metrics_t *self, const otel_self_options_t *options)
{ OTEL_CALLED_
    otel_t *otel = options && options->otel ? options->otel : otel_default_();
    unsigned i;
    OTEL_METRICS_OFF_((void)self; (void)otel; (void)i; return OTEL_OK)
#if OTEL_ENABLED && OTEL_METRICS
    if (!self) return OTEL_E_NULL;
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    if (otel_self_of_(otel)) return OTEL_OK;
    memset((void *)self->begun_, 0, sizeof self->begun_);
    memset((void *)self->ended_, 0, sizeof self->ended_);
    memset((void *)self->mean_, 0, sizeof self->mean_);
    memset((void *)self->sender_, 0, sizeof self->sender_);
    self->mark_ = OTEL_SELF_MARK_;
    self->epoch_ = otel->epoch_;
    self->otel_ = self->scope_.otel = otel;
    self->transport_ = options && options->transport ? options->transport : "otlp_http";
    self->processor_ = options && options->processor ? options->processor : "batching";
    if (!self->operation_.base_.name) otel_self_describe_(self);
    self->callback_.call = otel_self_measure_;
    self->callback_.user = self;
    self->callback_.otel = otel;
    for (i = 0; i < OTEL_SELF_KINDS_; i++) (void)otel_join_(&self->observed_[i].base_);
    (void)otel_join_(&self->operation_.base_);
    (void)otel_join_(&self->collection_.base_);
    OTEL_STORE_RELEASE_(&otel->collect_, &otel_self_collect_);
    (void)otel_callback_register(&self->callback_);
    otel_self_follow_(self);
#endif
    return OTEL_OK;
}
OTEL_C_END_
#endif

/* ---- simple.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_HOSTED_
/* Hosts: here each record is a request, and a look at the clock would be a good part of its price. The time counts while
   something waits after a failure and for collections, and it is asked when one fails. */
OTEL_FN_ bool otel_simple_next_(otel_exporter_t *x)
{
    if (x->live_ != 1 || !x->otel_->live_) return false;
    otel_exporter_renew_(x);
    if (x->lane_[OTEL_SIGNAL_TRACES].wait || x->lane_[OTEL_SIGNAL_LOGS].wait || otel_metrics_wanted_(x)) otel_exporter_tick_(x);
    return !x->inside_ && otel_export_build_(x, false);
}

/* The outcome. False: there is no reason to ask again, neither what others recorded meanwhile nor the rest of a collection. */
OTEL_FN_ bool otel_simple_done_(otel_exporter_t *x, int status)
{
    if (status >= 200 && status < 300) {
        otel_exporter_renew_(x);
        otel_export_outcome_(x, status);
    } else {
        otel_export_done(x, status);
    }
    return x->request_.signal == OTEL_SIGNAL_METRICS || otel_waiting_(x, OTEL_SIGNAL_TRACES) || otel_waiting_(x, OTEL_SIGNAL_LOGS);
}
#else
OTEL_FN_ bool otel_simple_next_(otel_exporter_t *x)
{
    otel_request_t request;
    return otel_export_next(x, &request);
}

OTEL_FN_ bool otel_simple_done_(otel_exporter_t *x, int status)
{
    otel_export_done(x, status);
    return true;
}
#endif

/* One at a time. A gate of another life was left closed by a thread that a fork left behind. */
OTEL_FN_ bool otel_simple_enter_(otel_simple_t *simple)
{
#if OTEL_ATOMICS_
    uint32_t life = simple->exporter->otel_->epoch_, was = OTEL_LOAD_(&simple->gate_);
    return was != life && OTEL_CAS_(&simple->gate_, &was, life);
#else
    uint32_t mask = otel_mask_();
    bool taken = simple->gate_ != 0;
    simple->gate_ = 1;
    otel_unmask_(mask);
    return !taken;
#endif
}

OTEL_API_ void otel_simple_send_(otel_simple_t *simple)
{ OTEL_CALLED_
    otel_exporter_t *x = simple->exporter;
    unsigned most = 16;
    if (!x || !x->otel_ || !otel_simple_enter_(simple)) return;
    while (x->config_.send && most-- && otel_simple_next_(x)) {
        int status = otel_export_hand_(x);
        if (!otel_simple_done_(x, status) || status == OTEL_AGAIN) break;
    }
    OTEL_STORE_RELEASE_(&simple->gate_, 0);
}

OTEL_API_ void otel_simple_span_(const otel_processor_t *self) { OTEL_CALLED_ otel_simple_send_((otel_simple_t *)self->user); }
OTEL_API_ void otel_simple_log_(const otel_log_processor_t *self) { OTEL_CALLED_ otel_simple_send_((otel_simple_t *)self->user); }
OTEL_C_END_
#endif

/* ---- store.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint32_t otel_store_begin_(const otel_store_t *s, uint32_t sector) { return sector * s->desk_.g.sector_size; }

OTEL_FN_ uint32_t otel_store_after_(const otel_store_t *s, uint32_t sector) { return sector + 1u == s->desk_.g.sectors ? 0 : sector + 1u; }

OTEL_FN_ int otel_store_sync_(const otel_store_t *s) { return s->config_.medium.sync ? (s->config_.medium.sync)(s->config_.medium.user) : 0; }

/* Read the header of a sector: does it count? */
OTEL_INLINE_ bool otel_store_sector_(otel_store_t *s, uint32_t sector)
{
    return otel_store_title_(&s->desk_, otel_store_begin_(s, sector)) && otel_store_said_(&s->desk_, 1) == otel_store_cut_(&s->desk_.g);
}

/* Begin a way through a sector; without a whole header nothing in it counts. */
OTEL_API_ void otel_store_enter_(otel_store_t *s, otel_store_walk_t_ *walk, uint32_t sector);
OTEL_API_ void otel_store_enter_(otel_store_t *s, otel_store_walk_t_ *walk, uint32_t sector)
{ OTEL_CALLED_
    walk->end = otel_store_begin_(s, sector) + s->desk_.g.sector_size;
    walk->at = walk->end;
    walk->last = 0;
    if (!otel_store_sector_(s, sector)) return;
    walk->at = otel_store_begin_(s, sector) + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_);
    walk->last = otel_store_said_(&s->desk_, 2);
}

/* The next record on the way. */
OTEL_API_ bool otel_store_walk_(otel_desk_t_ *desk, otel_store_walk_t_ *walk, otel_stored_t_ *record);
OTEL_API_ bool otel_store_walk_(otel_desk_t_ *desk, otel_store_walk_t_ *walk, otel_stored_t_ *record)
{ OTEL_CALLED_
    while (otel_store_find_(desk, &walk->at, walk->end, record)) {
        bool stale = record->number <= walk->last;
        walk->at += stale ? desk->g.grain : record->size;
        if (stale) continue;
        walk->last = record->number;
        return true;
    }
    return false;
}

/* ---- opening ---- */

/* Count what waits in a sector; where records go on behind them. */
OTEL_FN_ void otel_store_count_(otel_store_t *s, uint32_t sector)
{
    const otel_stored_t_ *record = &s->seen_;
    otel_store_enter_(s, &s->way_, sector);
    s->end_ = s->way_.at;
    while (otel_store_walk_(&s->desk_, &s->way_, &s->seen_)) {
        s->end_ = s->way_.at;
        if (record->number >= s->number_) s->number_ = record->number + 1u;
        if (record->boot > s->boot_) s->boot_ = record->boot;
        if (otel_store_sent_(&s->desk_, record)) continue;
        if (!otel_store_whole_(&s->desk_, record)) {
            s->stats_.damaged++;
            continue;
        }
        s->stats_.found += record->items;
        s->stats_.requests++;
    }
}

/* The newest sector, and what the headers say together. False: none has one. */
OTEL_FN_ bool otel_store_newest_(otel_store_t *s)
{
    uint32_t i;
    bool some = false;
    s->sector_ = s->desk_.g.sectors - 1u;
    for (i = 0; i < s->desk_.g.sectors; i++) {
        if (!otel_store_sector_(s, i)) continue;
        if (otel_store_said_(&s->desk_, 3) > s->stats_.erases) s->stats_.erases = otel_store_said_(&s->desk_, 3);
        if (otel_store_said_(&s->desk_, 4) > s->stats_.lost_ever) s->stats_.lost_ever = otel_store_said_(&s->desk_, 4);
        if (some && otel_store_said_(&s->desk_, 2) < s->number_) continue;
        some = true;
        s->number_ = otel_store_said_(&s->desk_, 2);
        s->sector_ = i;
    }
    s->number_++;
    return some;
}

OTEL_API_ otel_result_t otel_store_open_with(otel_store_t *s, const otel_store_config_t *config)
{ OTEL_CALLED_
    uint32_t i, sector;
    bool some;
    OTEL_WHEN_OFF_((void)s; (void)config; (void)i; (void)sector; (void)some; return OTEL_OK)
    if (!s || !config || !config->medium.read || !config->medium.program || !config->medium.erase || !config->medium.geometry) return OTEL_E_NULL;
    memset((void *)s, 0, sizeof *s);
    s->config_ = *config;
    s->desk_.medium = &s->config_.medium;
    (config->medium.geometry)(config->medium.user, &s->desk_.g);
    if (s->desk_.g.grain == 0 || s->desk_.g.grain > OTEL_STORE_CHUNK_ || (s->desk_.g.grain & (s->desk_.g.grain - 1u)) || s->desk_.g.sectors < 2 || s->desk_.g.sector_size < 256u || s->desk_.g.sector_size % OTEL_STORE_CHUNK_ ||
        s->desk_.g.sectors > 0xFFFFFFFFu / s->desk_.g.sector_size) return OTEL_E_CONFIG;
    some = otel_store_newest_(s);
    s->first_sector_ = sector = otel_store_after_(s, s->sector_);
    otel_store_enter_(s, &s->first_, sector);
    for (i = 0; i < s->desk_.g.sectors && some; i++, sector = otel_store_after_(s, sector)) otel_store_count_(s, sector);
    sector = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;
    if (!some || !otel_store_blank_(&s->desk_, s->end_, sector)) s->end_ = sector;           /* something was begun there: go on in the next one */
    s->boot_ = config->boot ? config->boot : s->boot_ + 1u;
    s->stats_.waiting = s->stats_.found;
    s->open_ = true;
    return OTEL_OK;
}

/* ---- keeping ---- */

/* What waits in a sector is given up. */
OTEL_FN_ void otel_store_drop_(otel_store_t *s, uint32_t sector)
{
    const otel_stored_t_ *record = &s->seen_;
    otel_store_enter_(s, &s->way_, sector);
    while (otel_store_walk_(&s->desk_, &s->way_, &s->seen_)) {
        if (s->flying_ && s->out_.at == record->at) s->gone_ = true;      /* its bytes stay as they are until its outcome is known */
        if (otel_store_sent_(&s->desk_, record) || !otel_store_whole_(&s->desk_, record) || s->stats_.requests == 0) continue;
        s->stats_.lost += record->items;
        s->stats_.lost_ever += record->items;
        s->stats_.waiting -= record->items;
        s->stats_.requests--;
    }
    if (s->first_sector_ != sector) return;
    s->first_sector_ = otel_store_after_(s, sector);
    otel_store_enter_(s, &s->first_, s->first_sector_);
}

/* Program the first `n` bytes of the chunk. */
OTEL_FN_ bool otel_store_program_(otel_store_t *s, uint32_t at, uint32_t n) { return (s->config_.medium.program)(s->config_.medium.user, at, s->desk_.chunk, n) == 0; }

/* The next sector, emptied; one that refuses is passed over. */
OTEL_FN_ bool otel_store_turn_(otel_store_t *s)
{
    uint8_t *head = s->desk_.chunk;
    uint32_t tries, erases, at;
    for (tries = 0; tries < s->desk_.g.sectors; tries++) {
        s->sector_ = otel_store_after_(s, s->sector_);
        at = otel_store_begin_(s, s->sector_);
        s->end_ = at + s->desk_.g.sector_size;
        otel_store_drop_(s, s->sector_);
        if (otel_store_title_(&s->desk_, at)) {
            erases = otel_store_said_(&s->desk_, 3);
            memset(head, 0, OTEL_STORE_CHUNK_);
            if (otel_store_program_(s, at, otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_))) (void)otel_store_sync_(s);
        } else {
            erases = s->stats_.erases ? s->stats_.erases - 1u : 0;
        }
        if ((s->config_.medium.erase)(s->config_.medium.user, at)) continue;
        erases++;
        if (erases > s->stats_.erases) s->stats_.erases = erases;
        memset(head, 0xFF, OTEL_STORE_CHUNK_);
        otel_store_put4_(head, OTEL_STORE_SECTOR_);
        otel_store_put4_(head + 4, otel_store_cut_(&s->desk_.g));
        otel_store_put4_(head + 8, s->number_++);                             /* no two sectors begin with the same */
        otel_store_put4_(head + 12, erases);
        otel_store_put4_(head + 16, s->stats_.lost_ever);
        otel_store_seal_(head);
        if (!otel_store_program_(s, at, otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_))) continue;
        s->end_ = at + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_);
        return true;
    }
    return false;
}

/* Bytes on their way into the medium, a chunk of whole grains at a time. */
OTEL_API_ void otel_store_write_(otel_store_t *s, const void *from, size_t n);
OTEL_API_ void otel_store_write_(otel_store_t *s, const void *from, size_t n)
{ OTEL_CALLED_
    const uint8_t *bytes = (const uint8_t *)from;
    s->crc_ = otel_crc_(s->crc_, bytes, n);
    while (n) {
        size_t some = OTEL_STORE_CHUNK_ - s->filled_ < n ? (size_t)(OTEL_STORE_CHUNK_ - s->filled_) : n;
        memcpy(s->desk_.chunk + s->filled_, bytes, some);
        s->filled_ += (uint32_t)some;
        bytes += some;
        n -= some;
        if (s->filled_ < OTEL_STORE_CHUNK_) continue;
        if (!s->failed_ && !otel_store_program_(s, s->at_, OTEL_STORE_CHUNK_)) s->failed_ = true;
        s->at_ += OTEL_STORE_CHUNK_;
        s->filled_ = 0;
    }
}

/* Program what is left, filled up to a grain. */
OTEL_API_ void otel_store_finish_(otel_store_t *s);
OTEL_API_ void otel_store_finish_(otel_store_t *s)
{ OTEL_CALLED_
    uint32_t n = otel_grains_(&s->desk_.g, s->filled_);
    memset(s->desk_.chunk + s->filled_, 0xFF, (size_t)(OTEL_STORE_CHUNK_ - s->filled_));
    if (n && !s->failed_ && !otel_store_program_(s, s->at_, n)) s->failed_ = true;
    s->at_ += n;
    s->filled_ = 0;
}

/* Write a record at the end. False: the medium refused. */
OTEL_API_ bool otel_store_append_(otel_store_t *s, const otel_request_t *r);
OTEL_API_ bool otel_store_append_(otel_store_t *s, const otel_request_t *r)
{ OTEL_CALLED_
    uint8_t *head = s->desk_.chunk, crc[4];
    size_t i;
    otel_store_put4_(head, OTEL_STORE_RECORD_);
    otel_store_put4_(head + 4, (uint32_t)r->len);
    otel_store_put4_(head + 8, s->number_++);
    otel_store_put4_(head + 12, s->boot_);
    otel_store_put4_(head + 16, (r->items & 0x3FFFFFFFu) | (uint32_t)r->signal << 30);
    otel_store_seal_(head);
    s->at_ = s->end_;
    s->filled_ = OTEL_STORE_HEAD_;
    s->failed_ = false;
    otel_store_finish_(s);
    s->crc_ = 0;
    if (r->body) otel_store_write_(s, r->body, r->len);
    for (i = 0; !r->body && i < r->parts_len; i++) otel_store_write_(s, r->parts[i].bytes, r->parts[i].len);
    otel_store_put4_(crc, s->crc_);
    otel_store_write_(s, crc, sizeof crc);
    otel_store_finish_(s);
    return !s->failed_ && otel_store_sync_(s) == 0;
}

OTEL_API_ int otel_store_send(void *store, const otel_request_t *r)
{ OTEL_CALLED_
    otel_store_t *s = (otel_store_t *)store;
    uint32_t size, tries;
    OTEL_WHEN_OFF_((void)s; (void)store; (void)r; return 200)
    if (!s || !r || !s->open_) return -1;
    if (s->config_.send && s->stats_.requests == 0) {
        int status = (s->config_.send)(s->config_.user, r);
        otel_outcome_t_ outcome = otel_outcome_(status);
        if (outcome != OTEL_OUTCOME_RETRY_ && outcome != OTEL_OUTCOME_AGAIN_) return status;
    }
    size = r->len > s->desk_.g.sector_size ? 0 : otel_store_size_(&s->desk_.g, (uint32_t)r->len);
    if (size == 0) return 413;
    for (tries = 0; tries <= s->desk_.g.sectors; tries++) {
        uint32_t end = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;
        if (end - s->end_ < size && !otel_store_turn_(s)) return -1;
        if (otel_store_append_(s, r)) {
            s->end_ += size;
            s->stats_.stored += r->items;
            s->stats_.waiting += r->items;
            s->stats_.requests++;
            return 200;
        }
        s->end_ = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;       /* nothing more into this one */
    }
    return -1;
}

/* ---- forwarding ---- */

/* Read a body; false: it is damaged by now, or larger than the buffer. */
OTEL_API_ bool otel_store_load_(otel_store_t *s, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_load_(otel_store_t *s, const otel_stored_t_ *record)
{ OTEL_CALLED_
    const otel_medium_t *m = &s->config_.medium;
    if (!s->config_.buffer || record->len > s->config_.buffer_size) return false;
    return (m->read)(m->user, record->at + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_), s->config_.buffer, record->len) == 0 && otel_store_whole_(&s->desk_, record);
}

/* Read the oldest request that waits into the buffer; false: there is none. */
OTEL_API_ bool otel_store_seek_(otel_store_t *s);
OTEL_API_ bool otel_store_seek_(otel_store_t *s)
{ OTEL_CALLED_
    const otel_stored_t_ *record = &s->out_;
    uint32_t turns = 0;
    while (s->stats_.requests && turns <= s->desk_.g.sectors) {
        if (!otel_store_walk_(&s->desk_, &s->first_, &s->out_)) {
            s->first_sector_ = otel_store_after_(s, s->first_sector_);
            otel_store_enter_(s, &s->first_, s->first_sector_);
            turns++;
            continue;
        }
        if (otel_store_sent_(&s->desk_, record)) continue;
        if (otel_store_load_(s, record)) return true;
        if (!otel_store_whole_(&s->desk_, record)) continue;          /* counted as damaged, or below at the end */
        s->stats_.rejected += record->items;                          /* no buffer holds it */
        s->stats_.waiting -= record->items;
        s->stats_.requests--;
    }
    s->stats_.corrupt += s->stats_.waiting;       /* not one of those that were counted is whole any more */
    s->stats_.waiting = s->stats_.requests = 0;
    return false;
}

/* The request that was read; now it is on its way. */
OTEL_FN_ void otel_store_fill_(otel_store_t *s, otel_request_t *r)
{
    memset((void *)r, 0, sizeof *r);
    r->path = otel_path_(s->out_.signal);
    r->body = s->config_.buffer;
    r->len = (size_t)s->out_.len;
    r->signal = (otel_signal_t)s->out_.signal;
    r->items = s->out_.items;
    r->timeout_ms = 10000;
    s->flying_ = true;
    s->gone_ = false;
}

OTEL_API_ bool otel_store_next(otel_store_t *s, otel_request_t *r, uint32_t *boot)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)s; (void)r; (void)boot; return false)
    if (!s || !r || !s->open_ || s->flying_ || !otel_store_seek_(s)) return false;
    otel_store_fill_(s, r);
    if (boot) *boot = s->out_.boot;
    return true;
}

OTEL_API_ void otel_store_done(otel_store_t *s, int status)
{ OTEL_CALLED_
    otel_outcome_t_ outcome = otel_outcome_(status);
    OTEL_WHEN_OFF_((void)s; (void)status; return)
    if (!s || !s->flying_ || outcome == OTEL_OUTCOME_PENDING_) return;
    s->flying_ = false;
    if (s->gone_) return;                                     /* it was given up meanwhile */
    if (outcome == OTEL_OUTCOME_RETRY_ || outcome == OTEL_OUTCOME_AGAIN_) {
        s->first_.at = s->out_.at;
        s->first_.last = s->out_.number - 1u;
        return;
    }
    memset(s->desk_.chunk, 0, OTEL_STORE_CHUNK_);
    if (otel_store_program_(s, otel_store_slot_(&s->desk_.g, &s->out_), otel_grains_(&s->desk_.g, 4))) (void)otel_store_sync_(s);
    if (outcome == OTEL_OUTCOME_OK_) s->stats_.sent += s->out_.items;
    else s->stats_.rejected += s->out_.items;
    s->stats_.waiting -= s->out_.items;
    s->stats_.requests--;
}

/* What the transport says to the request that was read. */
OTEL_API_ OTEL_NOINLINE_ int otel_store_forward_(otel_store_t *s);
OTEL_API_ OTEL_NOINLINE_ int otel_store_forward_(otel_store_t *s)
{ OTEL_CALLED_
    otel_request_t r;
    otel_store_fill_(s, &r);
    return (s->config_.send)(s->config_.user, &r);
}

OTEL_API_ bool otel_store_poll(otel_store_t *s)
{ OTEL_CALLED_
    otel_outcome_t_ outcome;
    int status;
    OTEL_WHEN_OFF_((void)s; (void)outcome; (void)status; return false)
    if (!s || !s->config_.send || !s->open_ || s->flying_ || !otel_store_seek_(s)) return false;
    status = otel_store_forward_(s);
    otel_store_done(s, status);
    outcome = otel_outcome_(status);
    return outcome == OTEL_OUTCOME_OK_ || outcome == OTEL_OUTCOME_REJECTED_ || outcome == OTEL_OUTCOME_HALVE_;
}

OTEL_API_ void otel_store_stats(const otel_store_t *s, otel_store_stats_t *stats)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)s; if (stats) memset((void *)stats, 0, sizeof *stats); return)
    if (!stats) return;
    memset((void *)stats, 0, sizeof *stats);
    if (s && s->open_) *stats = s->stats_;
}
OTEL_C_END_
#endif

#endif /* OTEL_EXPORT_H_ */
