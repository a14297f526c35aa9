/* otel_export.h - sends what otel.h recorded: as OTLP requests, to a function of yours that sends bytes.

     static int post(void *user, const otel_request_t *r) { return modem_post(r->path, r->body, r->len); }

     otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = sizeof packet);
     for (;;) { control_step(); otel_export_poll(&ex); }

   Include it in the one file that sends. Hosts have ports/otel_posix.h, which does all of it in one line. */
/* Merged from the parts in src/export by amalgamate.py: edit those, then `make headers`. */
#ifndef OTEL_EXPORT_H_
#define OTEL_EXPORT_H_
#include "otel.h"

#define otel_backoff_ OTEL_NAME_(otel_backoff_)
#define otel_batch_begin_ OTEL_NAME_(otel_batch_begin_)
#define otel_batch_end_ OTEL_NAME_(otel_batch_end_)
#define otel_batch_ring_ OTEL_NAME_(otel_batch_ring_)
#define otel_collect_ OTEL_NAME_(otel_collect_)
#define otel_collect_begin_ OTEL_NAME_(otel_collect_begin_)
#define otel_double_text_ OTEL_NAME_(otel_double_text_)
#define otel_export_done OTEL_NAME_(otel_export_done)
#define otel_export_flush OTEL_NAME_(otel_export_flush)
#define otel_export_next OTEL_NAME_(otel_export_next)
#define otel_export_poll OTEL_NAME_(otel_export_poll)
#define otel_export_reply OTEL_NAME_(otel_export_reply)
#define otel_export_shutdown OTEL_NAME_(otel_export_shutdown)
#define otel_exporter_init_with OTEL_NAME_(otel_exporter_init_with)
#define otel_fault_calls OTEL_NAME_(otel_fault_calls)
#define otel_fault_delivered OTEL_NAME_(otel_fault_delivered)
#define otel_fault_init_with OTEL_NAME_(otel_fault_init_with)
#define otel_fault_over OTEL_NAME_(otel_fault_over)
#define otel_fault_send OTEL_NAME_(otel_fault_send)
#define otel_flush OTEL_NAME_(otel_flush)
#define otel_json_field_ OTEL_NAME_(otel_json_field_)
#define otel_json_put_ OTEL_NAME_(otel_json_put_)
#define otel_json_rows_ OTEL_NAME_(otel_json_rows_)
#define otel_json_walk_ OTEL_NAME_(otel_json_walk_)
#define otel_json_write OTEL_NAME_(otel_json_write)
#define otel_outcome_ OTEL_NAME_(otel_outcome_)
#define otel_pb_head_ OTEL_NAME_(otel_pb_head_)
#define otel_pb_next_ OTEL_NAME_(otel_pb_next_)
#define otel_pb_varint_ OTEL_NAME_(otel_pb_varint_)
#define otel_record_repair_ OTEL_NAME_(otel_record_repair_)
#define otel_recorded_any_ OTEL_NAME_(otel_recorded_any_)
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
#define otel_recorded_nth_ OTEL_NAME_(otel_recorded_nth_)
#define otel_recorded_text OTEL_NAME_(otel_recorded_text)
#define otel_recorded_value OTEL_NAME_(otel_recorded_value)
#define otel_recorder_clear OTEL_NAME_(otel_recorder_clear)
#define otel_recorder_find_log OTEL_NAME_(otel_recorder_find_log)
#define otel_recorder_find_point OTEL_NAME_(otel_recorder_find_point)
#define otel_recorder_find_span OTEL_NAME_(otel_recorder_find_span)
#define otel_recorder_init_with OTEL_NAME_(otel_recorder_init_with)
#define otel_recorder_item_ OTEL_NAME_(otel_recorder_item_)
#define otel_recorder_log OTEL_NAME_(otel_recorder_log)
#define otel_recorder_logs OTEL_NAME_(otel_recorder_logs)
#define otel_recorder_point OTEL_NAME_(otel_recorder_point)
#define otel_recorder_points OTEL_NAME_(otel_recorder_points)
#define otel_recorder_request OTEL_NAME_(otel_recorder_request)
#define otel_recorder_requests OTEL_NAME_(otel_recorder_requests)
#define otel_recorder_send OTEL_NAME_(otel_recorder_send)
#define otel_recorder_span OTEL_NAME_(otel_recorder_span)
#define otel_recorder_spans OTEL_NAME_(otel_recorder_spans)
#define otel_recorder_step_ OTEL_NAME_(otel_recorder_step_)
#define otel_recorder_wait OTEL_NAME_(otel_recorder_wait)
#define otel_reply_read_ OTEL_NAME_(otel_reply_read_)
#define otel_resource_own_ OTEL_NAME_(otel_resource_own_)
#define otel_resource_write_ OTEL_NAME_(otel_resource_write_)
#define otel_scope_find_ OTEL_NAME_(otel_scope_find_)
#define otel_scope_write_ OTEL_NAME_(otel_scope_write_)
#define otel_shutdown OTEL_NAME_(otel_shutdown)
#define otel_slice_is OTEL_NAME_(otel_slice_is)
#define otel_stats OTEL_NAME_(otel_stats)
#define otel_text_field_ OTEL_NAME_(otel_text_field_)
#define otel_uint_text_ OTEL_NAME_(otel_uint_text_)

/* ---- otlp.h ---------------------------------------------------------------------------------------------------- */
/* Envelopes of OTLP: what stands around the records of a request. ResourceSpans, ResourceLogs and ResourceMetrics have the
   same shape, and so have ScopeSpans and ScopeLogs. opentelemetry/proto: trace, logs, metrics, resource, common v1. */
OTEL_C_BEGIN_
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text);
OTEL_API_ size_t otel_resource_write_(uint8_t *to, size_t room, const otel_t *otel);
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope);
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number);
OTEL_C_END_

/* ---- request.h ------------------------------------------------------------------------------------------------- */
/* A request: what goes to the receiver in one piece, and what may come back.
   OTLP specification: protocol/exporter.md, "OTLP/HTTP". */
typedef enum { OTEL_SIGNAL_TRACES, OTEL_SIGNAL_METRICS, OTEL_SIGNAL_LOGS, OTEL_SIGNALS } otel_signal_t;

/* One OTLP export request; valid until otel_export_done, or until `send` returns something else than OTEL_PENDING. */
typedef struct otel_request_t {
    const char *path;                 /* "/v1/traces", "/v1/metrics" or "/v1/logs" */
    const void *body;                 /* `len` bytes of protobuf, or NULL when it comes in parts */
    size_t len;                       /* bytes in all */
    const otel_piece_t *parts;        /* parts_len of them, to be sent one after the other; NULL when there is a body */
    size_t parts_len;
    uint32_t timeout_ms;              /* how long sending may take */
    otel_signal_t signal;
    uint32_t items;                   /* spans, data points or log records in it */
} otel_request_t;

/* What `send` returns beside an HTTP status (200 and so on) and a negative number (no answer). */
#define OTEL_AGAIN 1                  /* not taken: offer it again */
#define OTEL_PENDING 2                /* taken: the bytes stay as they are until otel_export_done */

/* ---- batch.h --------------------------------------------------------------------------------------------------- */
/* Batches: records of the rings, with envelopes around them, as one flat packet or as parts that point into the rings.
   A record is copied as it is; its mark becomes the tag, and times that count from boot are put right. */
/* Memory for a request that comes in parts: envelopes and the list. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_PARTS_ 64
#define OTEL_PARTS_HEAD_ 1024
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_PARTS_ 12
#define OTEL_PARTS_HEAD_ 192
#else
#define OTEL_PARTS_ 8
#define OTEL_PARTS_HEAD_ 128
#endif

/* A batch being built. Private. */
typedef struct otel_batch_t_ {
    otel_t *otel;
    uint8_t *to;                  /* the packet, or the envelopes of parts */
    size_t room, used;
    otel_piece_t *parts;          /* NULL: flat */
    size_t parts_len;
    uint32_t body;                /* bytes so far, parts included */
    uint32_t items, max_items;
    uint32_t no_clock, too_large; /* dropped on the way */
    size_t own, run;              /* where the open lengths of ResourceSpans and ScopeSpans stand */
    uint32_t own_body, run_body;  /* bytes of the body when they were opened */
    uint32_t scope;
    bool open, full;
} otel_batch_t_;

OTEL_C_BEGIN_
OTEL_API_ bool otel_batch_begin_(otel_batch_t_ *batch, otel_t *otel, uint8_t *to, size_t room, otel_piece_t *parts, uint32_t max_items);
OTEL_API_ otel_pos_t otel_batch_ring_(otel_batch_t_ *batch, unsigned which, otel_ring_t *ring, unsigned reader);
OTEL_API_ void otel_batch_end_(otel_batch_t_ *batch);
OTEL_C_END_

/* ---- metrics.h ------------------------------------------------------------------------------------------------- */
/* Metrics are encoded when they are collected: a round visits every series of an instance once and writes data points of
   one time. A round that is larger than a packet goes on in the next one. opentelemetry/proto/metrics/v1/metrics.proto.

   Temporality is cumulative: a point says what came since the instrument's first use. Points of an instance that does not
   know the time carry time since boot (the exporter decides whether they may go). A delta reader will keep, in
   otel_collect_t, which reader it is, and beside each series what its last confirmed packet said: nothing else changes
   here, as each point passes through otel_point_write_. */
/* Where a round stands. Private. */
typedef struct otel_collect_t {
    otel_instrument_t *first;         /* the list as the round began: what registers later is in the next round */
    otel_instrument_t *leader;        /* the first of its scope in the list */
    otel_instrument_t *at;            /* NULL: the round is over */
    uint32_t series;                  /* of `at`: 0 without attributes, 1 overflow, then the table */
    uint64_t time;                    /* of all points in this round, by the clock of the instance */
} otel_collect_t;

OTEL_C_BEGIN_
/* Begin a round. */
OTEL_API_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c);

/* Append as many complete ResourceMetrics.scope_metrics as fit into `room`, which is that of a whole packet: a point that
   does not even fit alone is skipped and counted in *lost. *done: the round is over. The number of bytes; *points of them. */
OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room, uint32_t *points, uint32_t *lost, bool *done);
OTEL_C_END_

/* ---- pb.h ------------------------------------------------------------------------------------------------------ */
/* Protobuf's wire form, reading side: the fields of one message, one after the other, out of bytes that nobody has
   checked. It never reads past the end and never recurses; a message inside is a slice that gets a reader of its own.
   Protocol Buffers documentation: Encoding. */
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

/* ---- retry.h --------------------------------------------------------------------------------------------------- */
/* What an outcome means, and how long to wait after a failure: exponential back-off with full jitter.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response" and "Throttling". */
typedef enum {
    OTEL_OUTCOME_OK_, OTEL_OUTCOME_AGAIN_, OTEL_OUTCOME_PENDING_,
    OTEL_OUTCOME_RETRY_,          /* 429, 502, 503, 504, or no answer */
    OTEL_OUTCOME_HALVE_,          /* too large: cut the batch */
    OTEL_OUTCOME_REJECTED_        /* never send it again */
} otel_outcome_t_;

OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status);
OTEL_API_ uint32_t otel_backoff_(otel_ids_t *ids, uint32_t initial_ms, uint32_t max_ms, unsigned attempt);
OTEL_C_END_

/* ---- exporter.h ------------------------------------------------------------------------------------------------ */
/* The exporter: takes finished records to a function that sends bytes. It does no I/O and has no thread: `next` gives a
   request, `done` takes the outcome, `poll` does both around `send`, and all that waits (back-off, intervals) are numbers
   compared with the clock. OTLP specification: protocol/exporter.md; trace/sdk.md, "Batching processor". */
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

/* ---- decimal.h ------------------------------------------------------------------------------------------------- */
/* A double as text: the shortest decimal that reads back as the same number, exact for every value, without stdio and
   without floating point (so also where double has 4 bytes). Steele and White, "How to Print Floating-Point Numbers
   Accurately" (1990), with integers of 36 words. */
#define OTEL_DECIMAL_SIZE_ 32u         /* room for any double or 64-bit number; there is no NUL */

OTEL_C_BEGIN_
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value);
OTEL_API_ size_t otel_double_text_(char *to, uint64_t bits);
OTEL_C_END_

/* ---- json.h ---------------------------------------------------------------------------------------------------- */
/* OTLP/JSON: an export request as one line of text, for files, terminals and receivers that take no protobuf. A table of
   the messages drives a walk with a stack of its own; nothing is copied, whatever the request's size.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding"; protocol/file-exporter.md. */
OTEL_C_BEGIN_
/* Write `request`, with a body or in parts, as one line without a line feed: `put` gets the text piece by piece. False, and
   then nothing was put, when the bytes are no request of that signal. Fields that OTLP does not know are left out; bytes
   that are no UTF-8 become U+FFFD; a value inside more than five arrays or maps becomes null. Takes about 1 KB of stack. */
OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_

/* ---- recorded.h ------------------------------------------------------------------------------------------------ */
/* What came, as structs to look at: spans, data points, log records and what they hold, read out of the receiver's memory.
   opentelemetry/proto: trace.proto, metrics.proto, logs.proto, common.proto. */
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

/* ---- recorder.h ------------------------------------------------------------------------------------------------ */
/* A receiver in memory, for tests of programs that use otel.h: it takes the place of `send`, keeps the requests as they
   came, and gives spans, data points and log records back as structs to look at.

     static uint8_t memory[16384];  static otel_recorder_t rec;
     otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory);
     otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet);
     ... what is to be tested ...
     otel_export_flush(&ex, 0);
     otel_recorded_span_t span;  int64_t id;
     assert(otel_recorder_find_span(&rec, "read_sensor", &span) && otel_recorded_int(&span.attributes, "sensor.id", &id) && id == 7);

   What comes back points into the recorder's memory and lives until otel_recorder_clear. One thread may send while
   another one looks. */
typedef struct otel_recorder_config_t {
    void *memory OTEL_Z_;         /* (required) of any alignment; a request takes its length and 12 bytes */
    size_t memory_size OTEL_Z_;   /* bytes */
} otel_recorder_config_t;

/* Where in the requests a look stands, so that the next item costs no search. Private. */
typedef struct otel_recorder_place_t_ {
    size_t next;                  /* offset of the next request */
    uint32_t index;               /* of the item that follows */
    uint8_t signal;
    bool broken;
    otel_pb_t_ level[4];          /* request, resource, scope; of metrics: the points */
    otel_recorded_list_t resource;
    otel_recorded_scope_t scope;
    const uint8_t *metric;
    size_t metric_len;
    uint8_t metric_type;
} otel_recorder_place_t_;

/* The receiver. All fields are private. */
typedef struct otel_recorder_t {
    uint8_t *memory_;
    size_t size_, used_;
    uint32_t requests_, items_[OTEL_SIGNALS];
    otel_recorder_place_t_ place_;
} otel_recorder_t;

OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config);
/* The transport: .send = otel_recorder_send, .user = &recorder. Answers 200; 400 for what is no request; 507 when the
   memory is full, 413 when the request would not even fit into it empty. Nothing is kept then. Not from two threads at once. */
OTEL_API_ int otel_recorder_send(void *recorder, const otel_request_t *request);
/* Forget everything. Not while another thread sends. */
OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder);

/* How many have come. */
OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder);
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

/* ---- stats.h --------------------------------------------------------------------------------------------------- */
/* The law: created = exported + dropped[reason] + queued, for each signal of an exporter, in one snapshot. */
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

/* ==== implementation ============================================================================================ */

/* ---- otlp.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A string field; 0 when it is empty or does not fit. */
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text)
{
    size_t n = text ? strlen(text) : 0, head;
    if (n == 0 || n > OTEL_LENGTH_MAX_) return 0;
    head = 1u + otel_varint_size_((uint32_t)n);
    if (head + n > room) return 0;
    *to = tag;
    return (size_t)(otel_put_text_(otel_put_varint_(to + 1, (uint32_t)n), text, n) - to);
}

/* Say whether the user gave the resource this attribute: theirs wins (specification: resource/sdk.md, "Merge"). */
OTEL_FN_ bool otel_resource_has_(const otel_t *otel, const char *key)
{
    size_t n = strlen(key), i;
    for (i = 0; i < otel->config_.attributes_len; i++) {
        const char *theirs = otel->config_.attributes[i].key;
        if (theirs && strlen(theirs) == n && memcmp(theirs, key, n) == 0) return true;
    }
    return false;
}

/* An attribute that the library gives, unless the user gave it. False: it does not fit. */
OTEL_API_ bool otel_resource_own_(uint8_t *to, size_t room, size_t *n, const otel_t *otel, const char *key, const char *value);
OTEL_API_ bool otel_resource_own_(uint8_t *to, size_t room, size_t *n, const otel_t *otel, const char *key, const char *value)
{
    otel_value_t text = otel_value_str_(value);
    size_t more;
    if (!value || otel_resource_has_(otel, key)) return true;
    more = otel_attr_write_(to + *n, room - *n, 0x0A, key, &text);                /* Resource.attributes = 1 */
    *n += more;
    return more != 0;
}

/* ResourceSpans.resource = 1, padded length. 0 when it does not fit. */
OTEL_API_ size_t otel_resource_write_(uint8_t *to, size_t room, const otel_t *otel)
{
    const otel_config_t *c = &otel->config_;
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    if (room < n) return 0;
    if (!otel_resource_own_(to, room, &n, otel, "service.name", c->service ? c->service : "unknown_service") ||
        !otel_resource_own_(to, room, &n, otel, "service.version", c->version) ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.name", "otel.h") ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.language", "c") ||
        !otel_resource_own_(to, room, &n, otel, "telemetry.sdk.version", OTEL_VERSION)) return 0;
    for (i = 0; i < c->attributes_len; i++) {
        const otel_attr_t *a = &c->attributes[i];
        if (!a->key || !*a->key) continue;
        more = otel_attr_write_(to + n, room - n, 0x0A, a->key, &a->value);
        if (more == 0) return 0;
        n += more;
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}

/* What a text field takes at most. */
OTEL_FN_ size_t otel_text_room_(const char *text) { return text && *text ? 5u + strlen(text) : 0u; }

/* ScopeSpans.scope = 1, padded length; 0 for the unnamed scope, and when it does not fit. */
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope)
{
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    if (!scope || room < n || room - n < otel_text_room_(scope->name) + otel_text_room_(scope->version)) return 0;
    n += otel_text_field_(to + n, room - n, 0x0A, scope->name);                   /* InstrumentationScope.name = 1 */
    n += otel_text_field_(to + n, room - n, 0x12, scope->version);                /* version = 2 */
    for (i = 0; i < scope->attributes_len && scope->attributes; i++) {
        if (!scope->attributes[i].key) continue;
        more = otel_attr_write_(to + n, room - n, 0x1A, scope->attributes[i].key, &scope->attributes[i].value);   /* attributes = 3 */
        if (more == 0) return 0;
        n += more;
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}

/* The scope of a number; NULL for 0 and for one that is just being entered. */
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number)
{
    const otel_scope_t *s = OTEL_LOAD_ACQUIRE_(&otel->scopes_);
    unsigned i;
    for (i = 0; number && s && i < OTEL_SCOPES_; i++, s = s->next_) {
        if (s->number_ == number) return s;
    }
    return NULL;
}
OTEL_C_END_
#endif

/* ---- batch.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Bytes that the packet has left; parts are limited by their number, and by what a length can say. */
OTEL_FN_ size_t otel_batch_room_(const otel_batch_t_ *b)
{
    if (!b->parts) return b->room - b->used;
    return b->body > OTEL_ENVELOPE_MAX_ / 2u ? 0 : OTEL_ENVELOPE_MAX_ / 2u - b->body;
}

OTEL_FN_ void otel_batch_grew_(otel_batch_t_ *b, size_t n)
{
    b->used += n;
    b->body += (uint32_t)n;
}

/* Append a part, or lengthen the last one when it continues there. */
OTEL_FN_ void otel_batch_part_(otel_batch_t_ *b, const void *bytes, size_t n)
{
    otel_piece_t *last = b->parts_len ? &b->parts[b->parts_len - 1] : NULL;
    if (last && (const uint8_t *)last->bytes + last->len == (const uint8_t *)bytes) {
        last->len += n;
        return;
    }
    b->parts[b->parts_len].bytes = bytes;
    b->parts[b->parts_len++].len = n;
}

/* ResourceSpans (or ResourceLogs) = 1 of the request, and its resource. False: the packet is too small for that. */
OTEL_API_ bool otel_batch_begin_(otel_batch_t_ *b, otel_t *otel, uint8_t *to, size_t room, otel_piece_t *parts, uint32_t max_items)
{
    size_t n;
    memset(b, 0, sizeof *b);
    b->otel = otel;
    b->to = to;
    b->room = !parts && room > OTEL_ENVELOPE_MAX_ ? OTEL_ENVELOPE_MAX_ : room;
    b->parts = parts;
    b->max_items = max_items;
    if (b->room < 1u + OTEL_ENVELOPE_BYTES_) return false;
    to[0] = 0x0A;
    b->own = 1;
    otel_batch_grew_(b, 1u + OTEL_ENVELOPE_BYTES_);
    b->own_body = b->body;
    n = otel_resource_write_(to + b->used, b->room - b->used, otel);
    if (n == 0) return false;
    otel_batch_grew_(b, n);
    if (parts) otel_batch_part_(b, to, b->used);
    return true;
}

OTEL_FN_ void otel_batch_close_run_(otel_batch_t_ *b)
{
    const otel_scope_t *scope = otel_scope_find_(b->otel, b->scope);
    size_t n;
    if (!b->open) return;
    b->open = false;
    n = scope ? otel_text_field_(b->to + b->used, b->room - b->used, 0x1A, scope->schema_url) : 0;        /* ScopeSpans.schema_url = 3 */
    if (n && b->parts) otel_batch_part_(b, b->to + b->used, n);
    otel_batch_grew_(b, n);
    otel_put_envelope_(b->to + b->run, b->body - b->run_body);
}

/* Room that closing will take: the schema URLs of the run and of the resource. */
OTEL_FN_ size_t otel_batch_tail_(const otel_batch_t_ *b, const otel_scope_t *scope)
{
    size_t n = 0;
    if (scope && scope->schema_url) n += 4u + strlen(scope->schema_url);
    if (b->otel->config_.schema_url) n += 4u + strlen(b->otel->config_.schema_url);
    return n;
}

/* ResourceSpans.scope_spans = 2 for a run of records of one scope. False: no room. */
OTEL_FN_ bool otel_batch_open_run_(otel_batch_t_ *b, uint32_t number, size_t first)
{
    const otel_scope_t *scope = otel_scope_find_(b->otel, number);
    size_t begin, n = 0;
    if (b->open && b->scope == number) return true;
    otel_batch_close_run_(b);
    if (b->parts && b->parts_len + 4u > OTEL_PARTS_) return false;
    if (b->room - b->used < 1u + OTEL_ENVELOPE_BYTES_) return false;
    begin = b->used;
    n = 1u + OTEL_ENVELOPE_BYTES_;
    if (scope) {
        size_t more = otel_scope_write_(b->to + begin + n, b->room - begin - n, scope);
        if (more == 0) return false;
        n += more;
    }
    if (b->room - begin < n + otel_batch_tail_(b, scope) || (!b->parts && b->room - begin < n + otel_batch_tail_(b, scope) + first)) return false;
    b->to[begin] = 0x12;
    b->run = begin + 1;
    if (b->parts) otel_batch_part_(b, b->to + begin, n);
    otel_batch_grew_(b, n);
    b->run_body = b->body - (uint32_t)(n - 1u - OTEL_ENVELOPE_BYTES_);
    b->scope = number;
    b->open = true;
    return true;
}

OTEL_FN_ uint64_t otel_ring_get64_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint8_t bytes[8];
    otel_ring_copy_(ring, pos, bytes, 8);
    return otel_get64_(bytes);
}

/* Add the offset to a time in the ring, byte by byte: it may wrap. */
OTEL_FN_ void otel_ring_shift_time_(otel_ring_t *ring, otel_pos_t pos, uint64_t offset)
{
    uint64_t t = otel_ring_get64_(ring, pos) + offset;
    unsigned i;
    for (i = 0; i < 8; i++) *otel_ring_at_(ring, otel_pos_add_(ring, pos, (otel_pos_t)i)) = (uint8_t)(t >> (8 * i));
}

OTEL_FN_ uint32_t otel_ring_varint_(const otel_ring_t *ring, otel_pos_t *pos)
{
    uint32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *otel_ring_at_(ring, *pos);
        *pos = otel_pos_add_(ring, *pos, 1);
        if (shift < 28u) value |= (uint32_t)(byte & 127u) << shift;
        shift += 7;
    } while ((byte & 128u) && shift < 70u);
    return value;
}

/* Put a record's times right for good: start, end and events, or time and observed time. The gate keeps exporters on
   other threads from doing it twice. */
OTEL_API_ OTEL_NOINLINE_ void otel_record_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos);
OTEL_API_ OTEL_NOINLINE_ void otel_record_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos)
{
    otel_held_t_ held;
    uint64_t offset;
    uint8_t *mark = otel_ring_at_(ring, pos);
    (void)otel_clock_offset_(&otel->clock_, &offset);
    (void)otel_gate_enter_(ring, &otel->guard_, true, &held);
    if ((*mark ^ OTEL_MARK_) & 1u) {
        if (which == OTEL_LOGS_) {
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_LOG_TIME_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_LOG_OBSERVED_), offset);
        } else {
            otel_pos_t end = otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos)), p = otel_pos_add_(ring, pos, OTEL_HEAD_FLAGS_ - 2);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_START_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_END_), offset);
            while (p != end) {                                /* the fields behind the fixed ones */
                uint32_t tag = otel_ring_varint_(ring, &p), n;
                switch (tag & 7u) {
                case 0: (void)otel_ring_varint_(ring, &p); continue;
                case 1: n = 8; break;
                case 5: n = 4; break;
                default:
                    n = otel_ring_varint_(ring, &p);
                    if (tag == OTEL_FIELD_EVENT_) otel_ring_shift_time_(ring, otel_pos_add_(ring, p, 1), offset);
                }
                p = otel_pos_add_(ring, p, (otel_pos_t)n);
            }
        }
        OTEL_STORE_RELEASE_(mark, (uint8_t)(*mark ^ 1u));      /* the times before the sign that they are right */
    }
    otel_gate_leave_(ring, &otel->guard_, &held);
}

/* What to do with a record whose times count from boot. */
typedef enum { OTEL_TIME_RIGHT_, OTEL_TIME_WAIT_, OTEL_TIME_DROP_ } otel_time_state_;

OTEL_FN_ otel_time_state_ otel_record_time_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, uint8_t mark)
{
    uint64_t made, now;
    if (!((mark ^ OTEL_MARK_) & 1u)) return OTEL_TIME_RIGHT_;
    if (OTEL_LOAD_ACQUIRE_(&otel->clock_.known)) {
        otel_record_repair_(otel, which, ring, pos);
        return OTEL_TIME_RIGHT_;
    }
    made = otel_ring_get64_(ring, otel_pos_add_(ring, pos, which == OTEL_LOGS_ ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_));
    now = otel_clock_now_(&otel->clock_);
    if (now < made || (now - made) / 1000000u < otel->config_.hold_ms) return OTEL_TIME_WAIT_;
    return otel->config_.send_unsynced ? OTEL_TIME_RIGHT_ : OTEL_TIME_DROP_;
}

/* Append one record, tag in place of its mark. */
OTEL_FN_ void otel_batch_record_(otel_batch_t_ *b, const otel_ring_t *ring, otel_pos_t pos, uint8_t mark, uint32_t n)
{
    static const uint8_t tag[1] = { OTEL_MARK_ };
    if (!b->parts) {
        otel_ring_copy_(ring, pos, b->to + b->used, n);
        b->to[b->used] = OTEL_MARK_;
        b->used += n;
    } else {
        size_t first, rest = n;
        if (mark != OTEL_MARK_) {
            otel_batch_part_(b, tag, 1);
            pos = otel_pos_add_(ring, pos, 1);
            rest--;
        }
        first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
        otel_batch_part_(b, otel_ring_at_(ring, pos), first < rest ? first : rest);
        if (first < rest) otel_batch_part_(b, ring->bytes, rest - first);
    }
    b->body += n;
    b->items++;
}

/* Append what the reader holds of this ring; the position behind the last record taken or dropped. The reader's cursor
   moves over records that are dropped at the front. */
OTEL_API_ otel_pos_t otel_batch_ring_(otel_batch_t_ *b, unsigned which, otel_ring_t *ring, unsigned reader)
{
    otel_pos_t pos, until = otel_ring_hold_(ring, &b->otel->guard_, reader);
    pos = ring->reader[reader].from;
    while (pos != until && !b->full) {
        uint8_t mark = OTEL_LOAD_ACQUIRE_(otel_ring_at_(ring, pos));
        uint32_t n = otel_record_size_(ring, pos);
        otel_pos_t next = otel_pos_add_(ring, pos, (otel_pos_t)n);
        otel_time_state_ time = otel_record_time_(b->otel, which, ring, pos, mark);
        uint32_t number = (uint32_t)(uint8_t)(mark ^ OTEL_MARK_) >> 1;
        if (time == OTEL_TIME_WAIT_) break;
        if (number && !otel_scope_find_(b->otel, number)) break;                  /* being entered at this moment */
        if (time == OTEL_TIME_RIGHT_) {
            bool fits = b->items < b->max_items && (!b->parts || b->parts_len + 5u <= OTEL_PARTS_) && otel_batch_open_run_(b, number, n) &&
                        otel_batch_room_(b) >= n + otel_batch_tail_(b, otel_scope_find_(b->otel, number));
            if (fits) {
                otel_batch_record_(b, ring, pos, *otel_ring_at_(ring, pos), n);
                pos = next;
                continue;
            }
            b->full = true;
            if (b->items) break;
        }
        if (b->items) {                                       /* a record to drop, behind records to send: next time */
            b->full = true;
            break;
        }
        if (time == OTEL_TIME_DROP_) b->no_clock++;
        else b->too_large++;
        b->full = false;
        otel_ring_pass_(ring, &b->otel->guard_, reader, next);
        until = otel_ring_hold_(ring, &b->otel->guard_, reader);
        pos = ring->reader[reader].from;
    }
    otel_ring_hold_until_(ring, &b->otel->guard_, reader, pos);
    return pos;
}

OTEL_API_ void otel_batch_end_(otel_batch_t_ *b)
{
    size_t n;
    otel_batch_close_run_(b);
    n = otel_text_field_(b->to + b->used, b->room - b->used, 0x1A, b->otel->config_.schema_url);          /* ResourceSpans.schema_url = 3 */
    if (n && b->parts) otel_batch_part_(b, b->to + b->used, n);
    otel_batch_grew_(b, n);
    otel_put_envelope_(b->to + b->own, b->body - b->own_body);
}
OTEL_C_END_
#endif

/* ---- metrics.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CUMULATIVE_ 2        /* AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE */
#define OTEL_OVERFLOW_BYTES_ 28u  /* the attribute otel.metric.overflow = true */
#define OTEL_METRIC_TAIL_ 4u      /* temporality and is_monotonic */

/* What is open in a packet: lengths of scope and metric are filled in when they close. */
typedef struct otel_open_t_ {
    uint8_t *at, *end;                    /* next byte; where the packet ends */
    uint8_t *scope, *metric, *data;       /* where their lengths stand; NULL: not open */
    const otel_instrument_t *leader, *instrument;
} otel_open_t_;

OTEL_FN_ void otel_close_length_(uint8_t *length, const uint8_t *end)
{
    otel_put_length_(length, (uint32_t)(end - length - (ptrdiff_t)OTEL_LENGTH_BYTES_));
}

OTEL_FN_ void otel_metric_close_(otel_open_t_ *open)
{
    unsigned kind;
    if (!open->metric) return;
    kind = open->instrument->kind_;
    if (!(kind & OTEL_LAST_)) {
        *open->at++ = 0x10;               /* Sum.aggregation_temporality = 2, Histogram.aggregation_temporality = 2 */
        *open->at++ = OTEL_CUMULATIVE_;
        if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
            *open->at++ = 0x18;           /* Sum.is_monotonic = 3 */
            *open->at++ = 1;
        }
    }
    otel_close_length_(open->data, open->at);
    otel_close_length_(open->metric, open->at);
    open->metric = NULL;
}

OTEL_FN_ const char *otel_scope_schema_(const otel_instrument_t *instrument) { return instrument->scope ? instrument->scope->schema_url : NULL; }

/* Bytes of a string field, 0 for an empty one. */
OTEL_FN_ size_t otel_text_size_(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0) return 0;
    return otel_too_long_(n) ? SIZE_MAX / 8u : 1u + otel_varint_size_((uint32_t)n) + n;
}

OTEL_FN_ void otel_scope_close_(otel_open_t_ *open)
{
    otel_metric_close_(open);
    if (!open->scope) return;
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, otel_scope_schema_(open->leader));   /* ScopeMetrics.schema_url = 3 */
    otel_close_length_(open->scope, open->at);
    open->scope = NULL;
}

/* ResourceMetrics.scope_metrics = 2 up to the first metric; false: no room. */
OTEL_FN_ bool otel_scope_open_(otel_open_t_ *open, const otel_instrument_t *leader)
{
    size_t n = 0;
    otel_scope_close_(open);
    if ((size_t)(open->end - open->at) < 1u + OTEL_LENGTH_BYTES_ + otel_text_size_(otel_scope_schema_(leader))) return false;
    *open->at++ = 0x12;
    open->scope = open->at;
    open->leader = leader;
    open->at += OTEL_LENGTH_BYTES_;
    if (leader->scope) {
        if ((size_t)(open->end - open->at) < 8u + otel_text_size_(leader->scope->name) + otel_text_size_(leader->scope->version)) return false;
        n = otel_scope_write_(open->at, (size_t)(open->end - open->at), leader->scope);
        if (n == 0) return false;
    }
    open->at += n;
    return true;
}

/* ScopeMetrics.metrics = 2 up to the first data point; false: no room. */
OTEL_FN_ bool otel_metric_open_(otel_open_t_ *open, const otel_instrument_t *instrument)
{
    size_t text = otel_text_size_(instrument->name) + otel_text_size_(instrument->description) + otel_text_size_(instrument->unit);
    otel_metric_close_(open);
    if ((size_t)(open->end - open->at) < 2u * (1u + OTEL_LENGTH_BYTES_) + text) return false;
    *open->at++ = 0x12;
    open->metric = open->at;
    open->instrument = instrument;
    open->at += OTEL_LENGTH_BYTES_;
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x0A, instrument->name);          /* Metric.name = 1 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x12, instrument->description);   /* Metric.description = 2 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, instrument->unit);          /* Metric.unit = 3 */
    *open->at++ = instrument->kind_ & OTEL_LAST_ ? 0x2A : instrument->kind_ & OTEL_SUM_ ? 0x3A : 0x4A;       /* Metric.gauge = 5, sum = 7, histogram = 9 */
    open->data = open->at;
    open->at += OTEL_LENGTH_BYTES_;
    return true;
}

OTEL_FN_ uint8_t *otel_put_field64_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}

/* The value of a cell, whole. */
OTEL_FN_ uint64_t otel_cell_read_(otel_cell_t *cell)
{
#if OTEL_WIDE_
    return OTEL_LOAD_(&cell->value);
#else
    uint64_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = cell->value;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

OTEL_FN_ otel_word_t otel_word_read_(otel_cell_t *cell, otel_word_t *word)
{
#if OTEL_WIDE_
    (void)cell;
    return OTEL_LOAD_(word);
#else
    otel_word_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = *word;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

/* Time of the clock as Unix nanoseconds, as far as it is known. */
OTEL_FN_ uint64_t otel_clock_unix_(const otel_t *otel, uint64_t time) { return otel->clock_.known ? time + otel->clock_.offset : time; }

/* Buckets, count and bounds of a histogram; writers go on meanwhile, so the count is the sum of the buckets as they were
   read, and sum and extremes may be ahead of it by what was recorded in between. */
OTEL_FN_ uint8_t *otel_histogram_write_(uint8_t *to, otel_cell_t *cell)
{
    const otel_instrument_t *instrument = cell->owner;
    size_t i, bounds = instrument->bounds_len;
    uint64_t count = 0;
    uint8_t *count_at = to;
    to = otel_put_field64_(to, 0x21, 0);                      /* HistogramDataPoint.count = 4, fixed64 */
    if (instrument->rows) {
        otel_word_t *row = cell->held.row;
        *to = 0x32;                                           /* HistogramDataPoint.bucket_counts = 6, packed fixed64 */
        to = otel_put_varint_(to + 1, (uint32_t)(8u * (bounds + 1u)));
        for (i = 0; i <= bounds; i++) {
            uint64_t bucket = otel_word_read_(cell, &row[OTEL_ROW_BUCKETS_ + i]);
            count += bucket;
            otel_put64_(to, bucket);
            to += 8;
        }
        if (bounds) {
            *to = 0x3A;                                       /* HistogramDataPoint.explicit_bounds = 7, packed double */
            to = otel_put_varint_(to + 1, (uint32_t)(8u * bounds));
            for (i = 0; i < bounds; i++) {
                otel_put64_(to, otel_double_bits_(instrument->bounds[i]));
                to += 8;
            }
        }
        to = otel_put_field64_(to, 0x59, otel_double_bits_(otel_unorder_(~otel_word_read_(cell, &row[OTEL_ROW_MIN_]))));     /* min = 11 */
        to = otel_put_field64_(to, 0x61, otel_double_bits_(otel_unorder_(otel_word_read_(cell, &row[OTEL_ROW_MAX_]))));      /* max = 12 */
    } else {
        count = otel_word_read_(cell, &cell->held.count);
    }
    otel_put64_(count_at + 1, count);
    return otel_put_field64_(to, 0x29, otel_double_bits_(otel_unpack_(otel_cell_read_(cell))));       /* HistogramDataPoint.sum = 5, double */
}

OTEL_FN_ size_t otel_histogram_size_(const otel_instrument_t *instrument)
{
    size_t buckets = 8u * (instrument->bounds_len + 1u), bounds = 8u * instrument->bounds_len;
    if (!instrument->rows) return 2u * 9u;
    return 4u * 9u + 1u + otel_varint_size_((uint32_t)buckets) + buckets + (bounds ? 1u + otel_varint_size_((uint32_t)bounds) + bounds : 0u);
}

/* The number of a sum or a gauge. A counter that was read while it passed its end is at its end. */
OTEL_FN_ uint8_t *otel_number_write_(uint8_t *to, otel_cell_t *cell)
{
    unsigned kind = cell->owner->kind_;
    uint64_t value = otel_cell_read_(cell);
    if (kind & OTEL_DOUBLE_) return otel_put_field64_(to, 0x21, otel_double_bits_(otel_unpack_(value)));      /* NumberDataPoint.as_double = 4 */
    if (kind == OTEL_SUM_ && value >> 63) value = (uint64_t)INT64_MAX;
    return otel_put_field64_(to, 0x31, value);                /* NumberDataPoint.as_int = 6, sfixed64 */
}

/* One data point; false: no room. */
OTEL_FN_ bool otel_point_write_(otel_open_t_ *open, const otel_t *otel, const otel_collect_t *c, otel_cell_t *cell)
{
    const otel_instrument_t *instrument = c->at;
    const otel_series_t *series = c->series > 1u ? &instrument->series[c->series - 2u] : NULL;
    unsigned kind = instrument->kind_;
    size_t attributes = series ? series->used_ : c->series ? OTEL_OVERFLOW_BYTES_ : 0u;
    size_t size = attributes + (kind & OTEL_LAST_ ? 9u : 2u * 9u) + (kind & OTEL_BUCKETS_ ? otel_histogram_size_(instrument) : 9u);
    size_t all = 1u + otel_varint_size_((uint32_t)size) + size + OTEL_METRIC_TAIL_ + otel_text_size_(otel_scope_schema_(instrument));
    uint8_t *p = open->at;
    if (all > (size_t)(open->end - p)) return false;
    *p = 0x0A;                                                /* Gauge.data_points = 1, Sum.data_points = 1, Histogram.data_points = 1 */
    p = otel_put_varint_(p + 1, (uint32_t)size);
    if (!(kind & OTEL_LAST_)) p = otel_put_field64_(p, 0x11, otel_clock_unix_(otel, instrument->start_));     /* start_time_unix_nano = 2, fixed64 */
    p = otel_put_field64_(p, 0x19, otel_clock_unix_(otel, c->time));                                          /* time_unix_nano = 3, fixed64 */
    p = kind & OTEL_BUCKETS_ ? otel_histogram_write_(p, cell) : otel_number_write_(p, cell);
    if (series) {
        memcpy(p, series->attributes_, attributes);
    } else if (attributes) {
        otel_value_t yes = otel_value_bool_(true);
        (void)otel_attr_write_(p, attributes, otel_attribute_tag_(kind), "otel.metric.overflow", &yes);
    }
    open->at = p + attributes;
    return true;
}

/* The first instrument from `from` on that belongs to this life of the instance and, when `like` is given, to its scope. */
OTEL_FN_ otel_instrument_t *otel_collect_like_(const otel_t *otel, otel_instrument_t *from, const otel_instrument_t *like)
{
    while (from && (OTEL_LOAD_ACQUIRE_(&from->epoch_) != otel->epoch_ || OTEL_LOAD_(&from->otel_) != otel || (like && from->scope != like->scope))) from = from->next_;
    return from;
}

/* The next instrument: of the same scope while there are any, else the first of a scope that has not had its turn. */
OTEL_FN_ void otel_collect_next_(const otel_t *otel, otel_collect_t *c)
{
    c->series = 0;
    c->at = otel_collect_like_(otel, c->at->next_, c->leader);
    if (c->at) return;
    do {
        c->leader = otel_collect_like_(otel, c->leader->next_, NULL);
    } while (c->leader && otel_collect_like_(otel, c->first, c->leader) != c->leader);
    c->at = c->leader;
}

/* The cell where the round stands, or the next one that has something to say; NULL: the round is over. */
OTEL_FN_ otel_cell_t *otel_collect_cell_(const otel_t *otel, otel_collect_t *c)
{
    while (c->at) {
        otel_instrument_t *i = c->at;
        uint32_t end = 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&i->used_);
        for (; c->series < end; c->series++) {
            otel_cell_t *cell = c->series == 0 ? &i->total_ : c->series == 1u ? &i->overflow_ : &i->series[c->series - 2u].cell_;
            if (OTEL_LOAD_ACQUIRE_(&cell->awake) && ((i->kind_ & OTEL_SUM_) || OTEL_LOAD_ACQUIRE_(&cell->set))) return cell;
        }
        otel_collect_next_(otel, c);
    }
    return NULL;
}

OTEL_API_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c)
{
    memset((void *)c, 0, sizeof *c);
    OTEL_METRICS_OFF_((void)otel; return)
    if (!otel || !otel->live_) return;
    c->first = otel_collect_like_(otel, OTEL_LOAD_ACQUIRE_(&otel->instruments_), NULL);
    c->leader = c->at = c->first;
    c->time = otel_clock_now_(&otel->clock_);
}

OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room, uint32_t *points, uint32_t *lost, bool *done)
{
    otel_open_t_ open;
    otel_cell_t *cell;
    memset((void *)&open, 0, sizeof open);
    open.at = to;
    open.end = to + (otel_too_long_(room) ? (size_t)OTEL_LENGTH_MAX_ : room);
    *points = 0;
    *lost = 0;
    *done = true;
    OTEL_METRICS_OFF_((void)otel; (void)c; (void)room; (void)cell; return 0)
    for (; (cell = otel_collect_cell_(otel, c)) != NULL; c->series++) {
        otel_open_t_ before = open;
        bool fits = open.scope && open.leader == c->leader ? true : otel_scope_open_(&open, c->leader);
        if (fits && (!open.metric || open.instrument != c->at)) fits = otel_metric_open_(&open, c->at);
        if (fits) fits = otel_point_write_(&open, otel, c, cell);
        if (fits) {
            ++*points;
            continue;
        }
        open = before;                    /* as if it had not been tried: lengths are written again when they close */
        if (*points) break;
        ++*lost;
    }
    otel_scope_close_(&open);
    *done = cell == NULL;
    return (size_t)(open.at - to);
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
/* Read a varint, padded or not. How many bytes it takes; 0 when it goes on behind the `n`th, OTEL_PB_BAD_ when it says
   more than 64 bits. */
OTEL_API_ unsigned otel_pb_varint_(const uint8_t *p, size_t n, uint64_t *value)
{
    uint64_t v = 0;
    unsigned i;
    for (i = 0; i < n; i++) {
        if (i == 9 && p[i] > 1u) return OTEL_PB_BAD_;
        v |= (uint64_t)(p[i] & 127u) << (7u * i);
        if (p[i] < 128u) {
            *value = v;
            return i + 1u;
        }
    }
    return 0;
}

/* Read a tag with its number, or with its length (`bytes` is left to the caller). How many bytes that takes; 0 when
   there are fewer, OTEL_PB_BAD_ when it is no field. Wants OTEL_PB_HEAD_ bytes, or all that are left. */
OTEL_API_ unsigned otel_pb_head_(const uint8_t *p, size_t n, otel_pb_field_t_ *field)
{
    uint64_t tag = 0;
    unsigned used = otel_pb_varint_(p, n, &tag), more;
    field->bytes = NULL;
    field->len = 0;
    field->value = 0;
    if (used == 0 || used == OTEL_PB_BAD_) return used;
    if (tag < 8u || tag > 0xFFFFFFFFu) return OTEL_PB_BAD_;
    field->number = (uint32_t)tag >> 3;
    field->type = (uint8_t)(tag & 7u);
    p += used;
    n -= used;
    switch (field->type) {
    case OTEL_PB_VARINT_:
    case OTEL_PB_SLICE_:
        more = otel_pb_varint_(p, n, &field->value);
        if (more == 0 || more == OTEL_PB_BAD_) return more;
        if (field->type == OTEL_PB_SLICE_) field->len = field->value > (size_t)-1 ? (size_t)-1 : (size_t)field->value;
        return used + more;
    case OTEL_PB_FIXED64_:
        if (n < 8) return 0;
        field->value = otel_get64_(p);
        return used + 8u;
    case OTEL_PB_FIXED32_:
        if (n < 4) return 0;
        field->value = otel_get32_(p);
        return used + 4u;
    default: return OTEL_PB_BAD_;
    }
}

/* The next field; false at the end, or when `broken` is set. */
OTEL_API_ bool otel_pb_next_(otel_pb_t_ *m, otel_pb_field_t_ *field)
{
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
{
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
OTEL_C_END_
#endif

/* ---- retry.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status)
{
    if (status >= 200 && status < 300) return OTEL_OUTCOME_OK_;
    if (status == OTEL_AGAIN) return OTEL_OUTCOME_AGAIN_;
    if (status == OTEL_PENDING) return OTEL_OUTCOME_PENDING_;
    if (status == 413) return OTEL_OUTCOME_HALVE_;
    if (status <= 0 || status == 429 || status == 502 || status == 503 || status == 504) return OTEL_OUTCOME_RETRY_;
    return OTEL_OUTCOME_REJECTED_;
}

/* Anything from a tenth of the doubled wait up to all of it, so that a fleet does not come back in step. Attempts from 1. */
OTEL_API_ uint32_t otel_backoff_(otel_ids_t *ids, uint32_t initial_ms, uint32_t max_ms, unsigned attempt)
{
    uint32_t wait = initial_ms, random, low;
    uint8_t bytes[8];
    while (attempt > 1u && wait < max_ms) {
        wait = wait > max_ms / 2u ? max_ms : wait * 2u;
        attempt--;
    }
    if (wait > max_ms) wait = max_ms;
    otel_id_make_(ids, bytes, 2);
    random = (uint32_t)bytes[0] << 8 | bytes[1];
    low = wait / 10u;
    return low + (uint32_t)(((uint64_t)(wait - low) * random) >> 16);
}
OTEL_C_END_
#endif

/* ---- exporter.h ------------------------------------------------------------------------------------------------ */
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

/* ---- fault.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_fault_init_with(otel_fault_t *fault, const otel_fault_config_t *config)
{
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
{
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
{
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->calls_) : 0u;
}

OTEL_API_ uint32_t otel_fault_delivered(const otel_fault_t *fault)
{
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->delivered_) : 0u;
}

OTEL_API_ bool otel_fault_over(const otel_fault_t *fault)
{
    OTEL_WHEN_OFF_((void)fault; return true)
    return !fault || fault->step_ == fault->config_.steps_len;
}
OTEL_C_END_
#endif

/* ---- decimal.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Decimal digits of a number; how many. */
OTEL_API_ size_t otel_uint_text_(char *to, uint64_t value)
{
    char digits[20];
    size_t n = 0, i;
    while (value > 0xFFFFFFFFu) {
        digits[n++] = (char)('0' + (int)(value % 10u));
        value /= 10u;
    }
    {
        uint32_t rest = (uint32_t)value;
        do {
            digits[n++] = (char)('0' + (int)(rest % 10u));
            rest /= 10u;
        } while (rest);
    }
    for (i = 0; i < n; i++) to[i] = digits[n - 1 - i];
    return n;
}

#define OTEL_BIG_WORDS_ 36u            /* 2^1074 * 10 and the like take 1,130 bits */

/* A natural number; words above `n` do not count. Private. */
typedef struct otel_big_t_ {
    unsigned n;
    uint32_t word[OTEL_BIG_WORDS_];
} otel_big_t_;

OTEL_FN_ void otel_big_times_(otel_big_t_ *a, uint32_t factor)
{
    uint32_t carry = 0;
    unsigned i;
    for (i = 0; i < a->n; i++) {
        uint64_t x = (uint64_t)a->word[i] * factor + carry;
        a->word[i] = (uint32_t)x;
        carry = (uint32_t)(x >> 32);
    }
    if (carry && a->n < OTEL_BIG_WORDS_) a->word[a->n++] = carry;
}

OTEL_FN_ void otel_big_times10_(otel_big_t_ *a, unsigned exponent)
{
    for (; exponent >= 9u; exponent -= 9u) otel_big_times_(a, 1000000000u);
    for (; exponent; exponent--) otel_big_times_(a, 10u);
}

/* value * 2^shift */
OTEL_FN_ void otel_big_set_(otel_big_t_ *a, uint64_t value, unsigned shift)
{
    unsigned i;
    a->n = shift / 32u + 2u;
    for (i = 0; i < a->n; i++) a->word[i] = 0;
    a->word[a->n - 2u] = (uint32_t)value;
    a->word[a->n - 1u] = (uint32_t)(value >> 32);
    if (!a->word[a->n - 1u]) a->n--;
    otel_big_times_(a, (uint32_t)1 << (shift & 31u));
}

/* The sign of a + b * times - c, for times 0, 1, 2. */
OTEL_FN_ int otel_big_compare_(const otel_big_t_ *a, const otel_big_t_ *b, uint8_t times, const otel_big_t_ *c)
{
    unsigned i = c->n;
    int64_t owed = 0;                  /* how much more c has, in units of the word at hand */
    if (a->n > i) i = a->n;
    if (b->n > i) i = b->n;
    while (i) {
        i--;
        owed = owed * 4294967296 + (i < c->n ? (int64_t)c->word[i] : 0);
        owed -= (i < a->n ? (int64_t)a->word[i] : 0) + (i < b->n ? (int64_t)b->word[i] : 0) * times;
        if (owed > 2) return -1;       /* no three numbers of lower words make up for that */
        if (owed < 0) return 1;
    }
    return owed ? -1 : 0;
}

/* a -= b, where the result is not negative. */
OTEL_FN_ void otel_big_minus_(otel_big_t_ *a, const otel_big_t_ *b)
{
    uint32_t borrow = 0;
    unsigned i;
    for (i = 0; i < a->n; i++) {
        uint64_t take = (uint64_t)(i < b->n ? b->word[i] : 0u) + borrow;
        borrow = take > a->word[i];
        a->word[i] -= (uint32_t)take;
    }
    while (a->n && a->word[a->n - 1u] == 0) a->n--;
}

/* The shortest digits that are nearer to fraction * 2^exponent than to its neighbours: 0.d1d2d3.. * 10^point. Their
   number. rest / unit is what is left of it; half / unit is the way to the middle between it and the number below, and
   `twice` that way, 1 or 2, is the one above. A middle reads as the even one of its neighbours. */
OTEL_FN_ unsigned otel_double_digits_(char digits[18], int *point, uint64_t fraction, int exponent, uint8_t twice)
{
    otel_big_t_ rest, unit, half;
    unsigned n = 0, bits = 1, up = exponent > 0 ? (unsigned)exponent : 0u, down = exponent < 0 ? (unsigned)-exponent : 0u;
    int k, side, below, above, limit = fraction & 1u ? 1 : 0;
    while (bits < 64 && fraction >> bits) bits++;
    /* its logarithm, rounded down, and 1: 78913 / 2^18 is log10(2), near enough for all exponents */
    k = (int)((((int32_t)exponent + (int32_t)bits - 1) * 78913 + (int32_t)400 * 262144) >> 18) - 399;
    otel_big_set_(&rest, fraction, up + twice);
    otel_big_set_(&unit, 1, down + twice);
    otel_big_set_(&half, 1, up);
    if (k >= 0) {
        otel_big_times10_(&unit, (unsigned)k);
    } else {
        otel_big_times10_(&rest, (unsigned)-k);
        otel_big_times10_(&half, (unsigned)-k);
    }
    if (otel_big_compare_(&rest, &half, twice, &unit) >= limit) {
        k++;                           /* 1 and more, or nearer to it: the logarithm was just below a power of ten */
    } else {
        otel_big_times_(&rest, 10);
        otel_big_times_(&half, 10);
    }
    *point = k;
    for (;;) {
        char digit = '0';
        for (; otel_big_compare_(&rest, &half, 0, &unit) >= 0; digit++) otel_big_minus_(&rest, &unit);
        below = otel_big_compare_(&rest, &half, 0, &half);
        above = otel_big_compare_(&rest, &half, twice, &unit);
        if (below <= -limit || above >= limit || n == 17u) {          /* a digit here may end it */
            side = otel_big_compare_(&rest, &rest, 1, &unit);
            if (above >= limit && (below > -limit || side > 0 || (side == 0 && (digit & 1)))) digit++;
            digits[n++] = digit;
            return n;
        }
        digits[n++] = digit;
        otel_big_times_(&rest, 10);
        otel_big_times_(&half, 10);
    }
}

/* Write a number of IEEE 754 binary64; the length, at most 25. Others than numbers are NaN, Infinity and -Infinity. */
OTEL_API_ size_t otel_double_text_(char *to, uint64_t bits)
{
    char digits[18];
    uint64_t fraction = bits & 0xFFFFFFFFFFFFFull;
    int exponent = (int)((bits >> 52) & 0x7FFu), point, i;
    char *p = to;
    int n;
    if (exponent == 0x7FF && fraction) {
        memcpy(p, "NaN", 3);
        return 3;
    }
    if (bits >> 63) *p++ = '-';
    if (exponent == 0x7FF) {
        memcpy(p, "Infinity", 8);
        return (size_t)(p - to) + 8u;
    }
    if (exponent == 0 && fraction == 0) {                     /* with a point, so that the sign of zero is not lost */
        memcpy(p, "0.0", 3);
        return (size_t)(p - to) + 3u;
    }
    if (exponent) n = (int)otel_double_digits_(digits, &point, fraction | (uint64_t)1 << 52, exponent - 1075, fraction == 0 && exponent > 1 ? 2 : 1);
    else n = (int)otel_double_digits_(digits, &point, fraction, -1074, 1);
    if (point < -4 || point > 17) {                           /* d.ddde-5 */
        *p++ = digits[0];
        if (n > 1) {
            *p++ = '.';
            memcpy(p, digits + 1, (size_t)n - 1u);
            p += n - 1;
        }
        *p++ = 'e';
        if (point < 1) *p++ = '-';
        return (size_t)(p - to) + otel_uint_text_(p, (uint64_t)(point < 1 ? 1 - point : point - 1));
    }
    if (point <= 0) {                                         /* 0.00ddd */
        *p++ = '0';
        *p++ = '.';
        for (i = point; i < 0; i++) *p++ = '0';
    }
    for (i = 0; i < n || i < point; i++) {                    /* ddd00 or dd.d */
        if (i == point && i > 0) *p++ = '.';
        *p++ = i < n ? digits[i] : '0';
    }
    return (size_t)(p - to);
}
OTEL_C_END_
#endif

/* ---- json.h ---------------------------------------------------------------------------------------------------- */
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
    const char *name;
} otel_json_row_t_;

/* The fields of a message, at most 16: opentelemetry/proto, release 1.9. */
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message);
OTEL_API_ const otel_json_row_t_ *otel_json_rows_(unsigned message)
{
#define OTEL_M_(number, which, name) { number, OTEL_JSON_MESSAGE_, OTEL_JSON_##which##_, name }
#define OTEL_MANY_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_MANY_, OTEL_JSON_##which##_, name }
#define OTEL_ONE_(number, which, name) { number, OTEL_JSON_MESSAGE_ | OTEL_JSON_ONE_, OTEL_JSON_##which##_, name }
#define OTEL_F_(number, kind, name) { number, OTEL_JSON_##kind##_, 0, name }
#define OTEL_F_MANY_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_MANY_, 0, name }
#define OTEL_F_ONE_(number, kind, name) { number, OTEL_JSON_##kind##_ | OTEL_JSON_ONE_, 0, name }
#define OTEL_END_ { 0, 0, 0, NULL }
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
    void *user;
    otel_piece_t whole;                /* a body, as the only part */
    const otel_piece_t *parts;
    size_t part;                       /* parts[part] begins at `base` */
    otel_offset_t_ base, len;
    uint8_t filled;
    uint8_t across[OTEL_PB_HEAD_];     /* bytes of several parts, side by side */
    char text[64];                     /* not yet put */
} otel_json_t_;

/* ---- input ---- */

/* The byte at `at` (less than len), and how many follow it in its part, itself included. */
OTEL_FN_ const uint8_t *otel_json_at_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ *run)
{
    while (at < j->base) j->base -= (otel_offset_t_)j->parts[--j->part].len;
    while (at - j->base >= j->parts[j->part].len) j->base += (otel_offset_t_)j->parts[j->part++].len;
    *run = (otel_offset_t_)j->parts[j->part].len - (at - j->base);
    return (const uint8_t *)j->parts[j->part].bytes + (at - j->base);
}

/* `n` bytes side by side, n <= OTEL_PB_HEAD_ and all inside the request. */
OTEL_FN_ const uint8_t *otel_json_bytes_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    otel_offset_t_ run, have = 0;
    const uint8_t *p;
    if (n == 0) return j->across;
    p = otel_json_at_(j, at, &run);
    if (run >= n) return p;
    while (have < n) {
        p = otel_json_at_(j, at + have, &run);
        if (run > n - have) run = n - have;
        memcpy(j->across + have, p, run);
        have += run;
    }
    return j->across;
}

/* The field at `*at`, which moves behind it; a slice begins at `*slice`. False when there is none before `end`. */
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice);
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_offset_t_ n = end - *at < OTEL_PB_HEAD_ ? end - *at : OTEL_PB_HEAD_;
    unsigned used = otel_pb_head_(otel_json_bytes_(j, *at, n), n, field);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    *slice = *at + used;
    if (field->len > end - *slice) return false;
    *at = *slice + (otel_offset_t_)field->len;
    return true;
}

/* ---- output ---- */

OTEL_FN_ void otel_json_flush_(otel_json_t_ *j)
{
    if (j->filled && j->put) (j->put)(j->user, j->text, j->filled);
    j->filled = 0;
}

OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len);
OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len)
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

OTEL_FN_ void otel_json_char_(otel_json_t_ *j, char c) { otel_json_put_(j, &c, 1); }

OTEL_FN_ void otel_json_byte_(char *to, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    to[0] = digits[byte >> 4];
    to[1] = digits[byte & 15u];
}

/* How many bytes from p[0] on can stand as they are. */
OTEL_FN_ otel_offset_t_ otel_json_plain_(const uint8_t *p, otel_offset_t_ len)
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

OTEL_FN_ void otel_json_escape_(otel_json_t_ *j, uint8_t c)
{
    char text[6] = { '\\', 'u', '0', '0', '0', '0' };
    switch (c) {
    case '\n': otel_json_put_(j, "\\n", 2); return;
    case '\r': otel_json_put_(j, "\\r", 2); return;
    case '\t': otel_json_put_(j, "\\t", 2); return;
    case '"':
    case '\\':
        text[1] = (char)c;
        otel_json_put_(j, text, 2);
        return;
    default:
        otel_json_byte_(text + 4, c);
        otel_json_put_(j, text, 6);
    }
}

/* Text in quotes; a sequence that a border between parts cuts is put together first. */
OTEL_FN_ void otel_json_text_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    otel_offset_t_ end = at + len;
    otel_json_char_(j, '"');
    while (at < end) {
        otel_offset_t_ run, n;
        const uint8_t *p = otel_json_at_(j, at, &run);
        if (run > end - at) run = end - at;
        n = otel_json_plain_(p, run);
        if (n) {
            otel_json_put_(j, (const char *)p, n);
        } else if (*p < 0x80) {
            otel_json_escape_(j, *p);
            n = 1;
        } else {
            otel_offset_t_ left = end - at < 4u ? end - at : 4u;
            p = otel_json_bytes_(j, at, left);
            n = otel_utf8_step_(p, left);
            if (n) otel_json_put_(j, (const char *)p, n);
            else otel_json_put_(j, "\xEF\xBF\xBD", 3);        /* U+FFFD for each byte that is none */
            if (n == 0) n = 1;
        }
        at += n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_hex_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    char text[2];
    otel_json_char_(j, '"');
    for (; len; at++, len--) {
        otel_json_byte_(text, *otel_json_bytes_(j, at, 1));
        otel_json_put_(j, text, 2);
    }
    otel_json_char_(j, '"');
}

/* RFC 4648, section 4. */
OTEL_FN_ void otel_json_base64_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[4];
    otel_json_char_(j, '"');
    while (len) {
        otel_offset_t_ n = len < 3u ? len : 3u;
        uint32_t word;
        const uint8_t *p = otel_json_bytes_(j, at, n);
        word = (uint32_t)p[0] << 16;
        if (n > 1) word |= (uint32_t)p[1] << 8;
        if (n > 2) word |= p[2];
        text[0] = digits[word >> 18];
        text[1] = digits[(word >> 12) & 63u];
        text[2] = n > 1 ? digits[(word >> 6) & 63u] : '=';
        text[3] = n > 2 ? digits[word & 63u] : '=';
        otel_json_put_(j, text, 4);
        at += n;
        len -= n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_number_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    char text[OTEL_DECIMAL_SIZE_ + 2u];
    size_t n = 0;
    bool quoted = kind == OTEL_JSON_INT64_ || kind == OTEL_JSON_UINT64_ || kind == OTEL_JSON_FIXED64_ || kind == OTEL_JSON_SFIXED64_;
    if (!j->put) return;
    if (kind == OTEL_JSON_BOOL_) {
        otel_json_put_(j, value ? "true" : "false", value ? 4 : 5);
        return;
    }
    if (kind == OTEL_JSON_DOUBLE_) {
        quoted = (value >> 52 & 0x7FFu) == 0x7FFu;            /* "NaN", "Infinity", "-Infinity" */
        if (quoted) text[n++] = '"';
        n += otel_double_text_(text + n, value);
    } else {
        if (kind == OTEL_JSON_SINT32_) value = ((uint64_t)0 - (value & 1u)) ^ ((value & 0xFFFFFFFFu) >> 1);
        if (kind == OTEL_JSON_UINT32_ || kind == OTEL_JSON_INT32_) value &= 0xFFFFFFFFu;
        if (kind == OTEL_JSON_INT32_ && value >> 31) value |= 0xFFFFFFFF00000000ull;
        if (quoted) text[n++] = '"';
        if (value >> 63 && kind != OTEL_JSON_UINT64_ && kind != OTEL_JSON_FIXED64_) {
            text[n++] = '-';
            value = (uint64_t)0 - value;
        }
        n += otel_uint_text_(text + n, value);
    }
    if (quoted) text[n++] = '"';
    otel_json_put_(j, text, n);
}

/* ---- the walk ---- */

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

/* Begin with a message: which of its fields are there? False when it is no protobuf. */
OTEL_FN_ bool otel_json_enter_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned message, otel_offset_t_ begin, otel_offset_t_ end)
{
    const otel_json_row_t_ *rows = otel_json_rows_(message);
    otel_pb_field_t_ field;
    otel_offset_t_ at = begin, slice;
    unsigned i, k;
    frame->begin = begin;
    frame->end = end;
    frame->message = (uint8_t)message;
    frame->present = 0;
    frame->row = 0;
    frame->open = frame->more = false;
    while (at < end) {
        if (!otel_json_field_(j, &at, end, &field, &slice)) return false;
        for (i = 0; rows[i].number && !otel_json_fits_(&rows[i], &field); i++) continue;
        if (!rows[i].number) continue;
        for (k = 0; rows[i].kind & OTEL_JSON_ONE_ && rows[k].number; k++) {
            if (rows[k].kind & OTEL_JSON_ONE_) frame->present &= (uint16_t)~(1u << k);
        }
        frame->present |= (uint16_t)(1u << i);
    }
    otel_json_char_(j, '{');
    return true;
}

/* The numbers of a packed field; false when they do not end where it does. */
OTEL_FN_ bool otel_json_packed_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, otel_offset_t_ at, otel_offset_t_ end)
{
    uint64_t value = 0;
    while (at < end) {
        otel_offset_t_ left = end - at < 10u ? (otel_offset_t_)(end - at) : 10u;
        unsigned wire = otel_json_wire_(kind), used = wire == OTEL_PB_FIXED64_ ? 8u : wire == OTEL_PB_FIXED32_ ? 4u : 0u;
        const uint8_t *p = otel_json_bytes_(j, at, left);
        if (used > left) return false;
        if (used == 8u) value = otel_get64_(p);
        else if (used == 4u) value = otel_get32_(p);
        else used = otel_pb_varint_(p, left, &value);
        if (used == 0 || used == OTEL_PB_BAD_) return false;
        if (frame->more) otel_json_char_(j, ',');
        frame->more = true;
        otel_json_number_(j, kind, value);
        at += used;
    }
    return true;
}

/* One value that is no message. */
OTEL_FN_ bool otel_json_value_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, const otel_pb_field_t_ *field, otel_offset_t_ slice)
{
    unsigned what = kind & OTEL_JSON_KIND_;
    otel_offset_t_ len = (otel_offset_t_)field->len;
    if (field->type == OTEL_PB_SLICE_ && otel_json_wire_(kind) != OTEL_PB_SLICE_) return otel_json_packed_(j, frame, what, slice, slice + len);
    if (kind & OTEL_JSON_MANY_ && frame->more) otel_json_char_(j, ',');
    frame->more = true;
    if (!j->put) return true;
    if (what == OTEL_JSON_TEXT_) otel_json_text_(j, slice, len);
    else if (what == OTEL_JSON_HEX_) otel_json_hex_(j, slice, len);
    else if (what == OTEL_JSON_BASE64_) otel_json_base64_(j, slice, len);
    else otel_json_number_(j, what, field->value);
    return true;
}

/* The next field of the frame that has a value: its name and, of an array, the bracket. False when none is left. */
OTEL_FN_ bool otel_json_name_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *rows)
{
    const otel_json_row_t_ *row;
    unsigned i = 0;
    if (!frame->present) return false;
    while (!((unsigned)frame->present >> i & 1u)) i++;
    row = &rows[i];
    frame->present &= (uint16_t)~(1u << i);
    if (frame->more) otel_json_char_(j, ',');
    otel_json_char_(j, '"');
    otel_json_put_(j, row->name, strlen(row->name));
    otel_json_put_(j, "\":[", row->kind & OTEL_JSON_MANY_ ? 3 : 2);
    frame->row = (uint8_t)i;
    frame->at = frame->begin;
    frame->open = true;
    frame->more = false;
    return true;
}

/* The next value of the frame's field: of an array the next one, else the last one that there is. */
OTEL_FN_ bool otel_json_next_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *row, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_pb_field_t_ one;
    otel_offset_t_ begin;
    bool found = false;
    while (frame->at < frame->end && otel_json_field_(j, &frame->at, frame->end, &one, &begin)) {
        if (!otel_json_fits_(row, &one)) continue;
        *field = one;
        *slice = begin;
        found = true;
        if (row->kind & OTEL_JSON_MANY_) break;
    }
    return found;
}

OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message);
OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message)
{
    otel_json_frame_t_ frames[OTEL_JSON_DEPTH_], *frame = frames;
    otel_pb_field_t_ field;
    otel_offset_t_ slice = 0;
    memset(&field, 0, sizeof field);
    if (!otel_json_enter_(j, frame, message, 0, j->len)) return false;
    for (;;) {
        const otel_json_row_t_ *rows = otel_json_rows_(frame->message), *row = &rows[frame->row];
        if (!frame->open) {
            if (otel_json_name_(j, frame, rows)) continue;
            otel_json_char_(j, '}');
            if (frame == frames) break;
            frame--;
        } else if (!otel_json_next_(j, frame, row, &field, &slice)) {
            if (row->kind & OTEL_JSON_MANY_) otel_json_char_(j, ']');
            frame->open = false;
            frame->more = true;
        } else if ((row->kind & OTEL_JSON_KIND_) != OTEL_JSON_MESSAGE_) {
            if (!otel_json_value_(j, frame, row->kind, &field, slice)) return false;
        } else {
            if (frame->more) otel_json_char_(j, ',');
            frame->more = true;
            if (frame == frames + OTEL_JSON_DEPTH_ - 1u) otel_json_put_(j, "{}", 2);
            else if (!otel_json_enter_(j, ++frame, row->message, slice, slice + (otel_offset_t_)field.len)) return false;
        }
    }
    otel_json_flush_(j);
    return true;
}

OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user)
{
    otel_json_t_ j;
    uint64_t all = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)request; (void)put; (void)user; return false)
    if (!request || !put || (unsigned)request->signal >= OTEL_SIGNALS) return false;
    j.whole.bytes = request->body;
    j.whole.len = request->len;
    j.parts = request->body ? &j.whole : request->parts;
    n = request->body ? 1 : request->parts ? request->parts_len : 0;
    for (i = 0; i < n; i++) all += j.parts[i].len;
    if (all > (otel_offset_t_)-1 || (n == 0 && request->len)) return false;
    j.len = (otel_offset_t_)all;
    j.part = 0;
    j.base = 0;
    j.filled = 0;
    j.user = user;
    j.put = NULL;                      /* first look, so that no half line is ever put */
    if (!otel_json_walk_(&j, (unsigned)request->signal)) return false;
    j.put = put;
    return otel_json_walk_(&j, (unsigned)request->signal);
}
OTEL_C_END_
#endif

/* ---- recorded.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_slice_is(otel_slice_t slice, const char *text)
{
    OTEL_WHEN_OFF_((void)slice; (void)text; return false)
    return text && slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.text, text, slice.len) == 0);
}

/* ---- messages into structs ---- */

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

/* `field` is one more of a list in the message `bytes`; numbers of wire type `type` may come packed. */
OTEL_FN_ void otel_recorded_add_(otel_recorded_list_t *list, const otel_pb_t_ *whole, const otel_pb_field_t_ *field, unsigned type)
{
    size_t i;
    list->bytes_ = whole->at;
    list->len_ = whole->left;
    list->number_ = (uint8_t)field->number;
    list->type_ = (uint8_t)type;
    if (type == field->type) list->count++;
    else if (type == OTEL_PB_FIXED64_) list->count += (uint32_t)(field->len / 8u);
    else for (i = 0; i < field->len; i++) list->count += field->bytes[i] < 128u;
}

/* The message at position `i` of a list. */
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field);
OTEL_API_ bool otel_recorded_nth_(const otel_recorded_list_t *list, uint32_t i, otel_pb_field_t_ *field)
{
    otel_pb_t_ message;
    if (!list || i >= list->count) return false;
    message = otel_pb_open_(list->bytes_, list->len_);
    while (otel_pb_next_(&message, field)) {
        if (field->number == list->number_ && field->type == OTEL_PB_SLICE_ && i-- == 0) return true;
    }
    return false;
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
{
    OTEL_WHEN_OFF_((void)buckets; (void)i; return 0)
    return otel_recorded_number_(buckets, i);
}

OTEL_API_ double otel_recorded_bound(const otel_recorded_list_t *bounds, uint32_t i)
{
    OTEL_WHEN_OFF_((void)bounds; (void)i; return 0)
    return otel_bits_double_(otel_recorded_number_(bounds, i));
}

/* AnyValue. */
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out);
OTEL_API_ void otel_recorded_any_(const otel_pb_field_t_ *any, otel_recorded_value_t *out)
{
    otel_pb_t_ message = otel_pb_open_(any->bytes, any->len), inner;
    otel_pb_field_t_ field, item;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_):                  /* string_value = 1 */
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):                  /* bytes_value = 7 */
            out->type = field.number == 1 ? OTEL_RECORDED_TEXT : OTEL_RECORDED_BYTES;
            out->text = otel_recorded_slice_(&field);
            break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_):                 /* bool_value = 2 */
            out->type = OTEL_RECORDED_BOOL;
            out->b = field.value != 0;
            break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_):                 /* int_value = 3 */
            out->type = OTEL_RECORDED_INT;
            out->i = otel_recorded_int64_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):                /* double_value = 4 */
            out->type = OTEL_RECORDED_DOUBLE;
            out->d = otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):                  /* array_value = 5 */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):                  /* kvlist_value = 6 */
            out->type = field.number == 5 ? OTEL_RECORDED_ARRAY : OTEL_RECORDED_MAP;
            memset(&out->items, 0, sizeof out->items);
            inner = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&inner, &item)) {
                otel_pb_t_ whole = otel_pb_open_(field.bytes, field.len);
                if (otel_recorded_key_(&item) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&out->items, &whole, &item, OTEL_PB_SLICE_);
            }
            break;
        default: break;
        }
    }
}

OTEL_API_ bool otel_recorded_element(const otel_recorded_list_t *array, uint32_t i, otel_recorded_value_t *out)
{
    otel_pb_field_t_ field;
    OTEL_WHEN_OFF_((void)array; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(array, i, &field)) return false;
    otel_recorded_any_(&field, out);
    return true;
}

/* KeyValue: key = 1, value = 2. */
OTEL_FN_ void otel_recorded_pair_(const otel_pb_field_t_ *pair, otel_slice_t *key, otel_pb_field_t_ *any)
{
    otel_pb_t_ message = otel_pb_open_(pair->bytes, pair->len);
    otel_pb_field_t_ field;
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) *key = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) *any = field;
    }
}

OTEL_API_ bool otel_recorded_attribute(const otel_recorded_list_t *attributes, uint32_t i, otel_slice_t *key, otel_recorded_value_t *out)
{
    otel_pb_field_t_ pair, any;
    OTEL_WHEN_OFF_((void)attributes; (void)i; (void)key; (void)out; return false)
    if (!otel_recorded_nth_(attributes, i, &pair)) return false;
    otel_recorded_pair_(&pair, key, &any);
    otel_recorded_any_(&any, out);
    return true;
}

OTEL_API_ bool otel_recorded_value(const otel_recorded_list_t *attributes, const char *key, otel_recorded_value_t *out)
{
    otel_pb_t_ message;
    otel_pb_field_t_ field, any;
    otel_slice_t name;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!attributes || !attributes->count) return false;
    message = otel_pb_open_(attributes->bytes_, attributes->len_);
    while (otel_pb_next_(&message, &field)) {
        if (field.number != attributes->number_ || field.type != OTEL_PB_SLICE_) continue;
        otel_recorded_pair_(&field, &name, &any);
        if (!otel_slice_is(name, key)) continue;
        otel_recorded_any_(&any, out);
        return true;
    }
    return false;
}

OTEL_API_ bool otel_recorded_int(const otel_recorded_list_t *attributes, const char *key, int64_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_INT) return false;
    *out = value.i;
    return true;
}

OTEL_API_ bool otel_recorded_double(const otel_recorded_list_t *attributes, const char *key, double *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_DOUBLE) return false;
    *out = value.d;
    return true;
}

OTEL_API_ bool otel_recorded_bool(const otel_recorded_list_t *attributes, const char *key, bool *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BOOL) return false;
    *out = value.b;
    return true;
}

OTEL_API_ bool otel_recorded_text(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_TEXT) return false;
    *out = value.text;
    return true;
}

OTEL_API_ bool otel_recorded_bytes(const otel_recorded_list_t *attributes, const char *key, otel_slice_t *out)
{
    otel_recorded_value_t value;
    OTEL_WHEN_OFF_((void)attributes; (void)key; (void)out; return false)
    if (!otel_recorded_value(attributes, key, &value) || value.type != OTEL_RECORDED_BYTES) return false;
    *out = value.text;
    return true;
}

OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)events; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(events, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)links; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(links, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)exemplars; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(exemplars, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        default: break;
        }
    }
    return true;
}

/* Items were found well-formed when they came; what is broken further inside ends there. */
OTEL_FN_ void otel_recorded_span_read_(const otel_pb_field_t_ *item, otel_recorded_span_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole, status;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            status = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&status, &field)) {
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&field);
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(field.value);
            }
            break;
        case OTEL_RECORDED_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_log_read_(const otel_pb_field_t_ *item, otel_recorded_log_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_any_(&field, &out->body); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&field); break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_value_point_(otel_recorded_point_t *out, const otel_pb_field_t_ *field)
{
    out->is_int = field->number == 6;                         /* as_double = 4, as_int = 6: the last one counts */
    out->is_double = !out->is_int;
    out->int_value = out->is_int ? otel_recorded_int64_(field->value) : 0;
    out->double_value = out->is_int ? 0.0 : otel_bits_double_(field->value);
}

/* NumberDataPoint. */
OTEL_FN_ void otel_recorded_number_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

/* HistogramDataPoint. */
OTEL_FN_ void otel_recorded_histogram_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        default: break;
        }
    }
}

/* Buckets: offset = 1, bucket_counts = 2. */
OTEL_FN_ void otel_recorded_buckets_(const otel_pb_field_t_ *buckets, otel_recorded_list_t *list, int32_t *offset)
{
    const otel_pb_t_ whole = otel_pb_open_(buckets->bytes, buckets->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(field.value);
        if (field.number == 2 && (field.type == OTEL_PB_SLICE_ || field.type == OTEL_PB_VARINT_)) otel_recorded_add_(list, &whole, &field, OTEL_PB_VARINT_);
    }
}

/* ExponentialHistogramDataPoint. */
OTEL_FN_ void otel_recorded_exponential_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->buckets, &out->offset); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->below, &out->below_offset); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(field.value); break;
        default: break;
        }
    }
}

/* SummaryDataPoint; its quantiles stay in the request. */
OTEL_FN_ void otel_recorded_summary_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_point_read_(unsigned type, const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    switch (type) {
    case OTEL_RECORDED_HISTOGRAM: otel_recorded_histogram_point_(item, out); break;
    case OTEL_RECORDED_EXPONENTIAL_HISTOGRAM: otel_recorded_exponential_point_(item, out); break;
    case OTEL_RECORDED_SUMMARY: otel_recorded_summary_point_(item, out); break;
    default: otel_recorded_number_point_(item, out);
    }
}
OTEL_C_END_
#endif

/* ---- recorder.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RECORDER_HEAD_ 12u        /* in memory before each body: length, items, signal and three zeros */

/* Metric: name = 1, description = 2, unit = 3; its data: aggregation_temporality = 2, is_monotonic = 3. */
OTEL_FN_ void otel_recorded_metric_read_(const otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    otel_pb_t_ message = otel_pb_open_(place->metric, place->metric_len);
    otel_pb_field_t_ field;
    out->type = (otel_recorded_metric_t)place->metric_type;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number == 1) out->name = otel_recorded_slice_(&field);
        if (field.number == 2) out->description = otel_recorded_slice_(&field);
        if (field.number == 3) out->unit = otel_recorded_slice_(&field);
        if (field.number == place->metric_type) {
            otel_pb_t_ data = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&data, &field)) {
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) out->temporality = (int)otel_recorded_int32_(field.value);
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->monotonic = field.value != 0;
            }
        }
    }
}

/* ---- from item to item ---- */

/* The attributes of a resource or scope message. */
OTEL_FN_ void otel_recorder_attributes_(const otel_pb_field_t_ *owner, uint32_t number, otel_recorded_list_t *list)
{
    const otel_pb_t_ whole = otel_pb_open_(owner->bytes, owner->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (field.number == number && field.type == OTEL_PB_SLICE_) otel_recorded_add_(list, &whole, &field, OTEL_PB_SLICE_);
    }
}

/* ResourceSpans and its sisters: resource = 1, whose attributes = 1. */
OTEL_FN_ void otel_recorder_resource_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len);
    otel_pb_field_t_ field;
    memset((void *)&place->resource, 0, sizeof place->resource);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorder_attributes_(&field, 1, &place->resource);
    }
}

/* ScopeSpans and its sisters: scope = 1 with name = 1, version = 2, attributes = 3; schema_url = 3. */
OTEL_FN_ void otel_recorder_scope_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len), scope;
    otel_pb_field_t_ field;
    otel_recorded_scope_t *out = &place->scope;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) out->schema_url = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        otel_recorder_attributes_(&field, 3, &out->attributes);
        scope = otel_pb_open_(field.bytes, field.len);
        while (otel_pb_next_(&scope, &field)) {
            if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) out->name = otel_recorded_slice_(&field);
            if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->version = otel_recorded_slice_(&field);
        }
    }
}

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. False when it is no message. */
OTEL_FN_ bool otel_recorder_metric_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *metric)
{
    otel_pb_t_ message = otel_pb_open_(metric->bytes, metric->len);
    otel_pb_field_t_ field;
    place->metric = metric->bytes;
    place->metric_len = metric->len;
    place->metric_type = 0;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number != 5 && field.number != 7 && (field.number < 9 || field.number > 11)) continue;
        place->metric_type = (uint8_t)field.number;
        place->level[3] = otel_pb_open_(field.bytes, field.len);
    }
    return !message.broken;
}

OTEL_FN_ void otel_recorder_start_(otel_recorder_place_t_ *place, unsigned signal, const void *body, size_t len)
{
    unsigned i;
    place->index = 0;
    place->next = 0;
    place->signal = (uint8_t)signal;
    place->broken = false;
    place->level[0] = otel_pb_open_(body, len);
    for (i = 1; i < 4; i++) place->level[i] = otel_pb_open_(NULL, 0);
}

/* The next item of the request: false at its end, or when `broken` is set. */
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item)
{
    unsigned level = 4;
    while (level) {
        otel_pb_t_ *message = &place->level[--level];
        while (otel_pb_next_(message, item)) {
            if (item->type != OTEL_PB_SLICE_ || item->number != (level == 0 || level == 3 ? 1u : 2u)) continue;
            if (level == 3 || (level == 2 && place->signal != OTEL_SIGNAL_METRICS)) {
                place->index++;
                return true;
            }
            if (level == 2 && !otel_recorder_metric_(place, item)) {
                place->broken = true;
                return false;
            }
            if (level == 0) otel_recorder_resource_(place, item);
            if (level == 1) otel_recorder_scope_(place, item);
            if (level < 2) place->level[level + 1u] = otel_pb_open_(item->bytes, item->len);
            level += 2;                                       /* into what has just been opened */
            break;
        }
        if (message->broken) {
            place->broken = true;
            return false;
        }
    }
    return false;
}

/* The item at position `i` of a signal; the recorder's place moves there. */
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item)
{
    otel_recorder_place_t_ *place = &recorder->place_;
    size_t used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    if (i < place->index || signal != place->signal || place->next == 0) otel_recorder_start_(place, signal, NULL, 0);
    for (;;) {
        const uint8_t *head = recorder->memory_ + place->next;
        size_t len;
        while (otel_recorder_step_(place, item)) {
            if (place->index == i + 1u) return true;
        }
        if (place->next >= used) return false;
        len = (size_t)otel_get32_(head);
        place->next += OTEL_RECORDER_HEAD_ + len;
        if (head[8] == signal) place->level[0] = otel_pb_open_(head + OTEL_RECORDER_HEAD_, len);
    }
}

OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_span_read_(&item, out);
    return true;
}

OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_metric_read_(&recorder->place_, out);
    otel_recorded_point_read_(recorder->place_.metric_type, &item, out);
    return true;
}

OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_log_read_(&item, out);
    return true;
}

OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out)
{
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

OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out)
{
    otel_recorded_span_t span;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_span(recorder, i, &span); i++) {
        if (!otel_slice_is(span.name, name)) continue;
        *out = span;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_point(recorder, i, &point); i++) {
        if (!otel_slice_is(point.name, name)) continue;
        *out = point;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out)
{
    otel_recorded_log_t log;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)body; (void)out; return false)
    for (i = 0; otel_recorder_log(recorder, i, &log); i++) {
        if (log.body.type != OTEL_RECORDED_TEXT || !otel_slice_is(log.body.text, body)) continue;
        *out = log;
        found = true;
    }
    return found;
}

OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->requests_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_TRACES]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_METRICS]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_LOGS]) : 0u;
}

OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries)
{
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
{
    OTEL_WHEN_OFF_((void)recorder; (void)config; return OTEL_OK)
    if (!recorder || !config || !config->memory) return OTEL_E_NULL;
    memset((void *)recorder, 0, sizeof *recorder);
    recorder->memory_ = (uint8_t *)config->memory;
    recorder->size_ = config->memory_size;
    return OTEL_OK;
}

OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder)
{
    otel_recorder_config_t config;
    OTEL_WHEN_OFF_((void)recorder; return)
    if (!recorder) return;
    config.memory = recorder->memory_;
    config.memory_size = recorder->size_;
    (void)otel_recorder_init_with(recorder, &config);
}

/* How many items a body has; false when it is not well-formed down to them. */
OTEL_FN_ bool otel_recorder_count_(unsigned signal, const void *body, size_t len, uint32_t *items)
{
    otel_recorder_place_t_ place;
    otel_pb_field_t_ item;
    memset((void *)&place, 0, sizeof place);
    otel_recorder_start_(&place, signal, body, len);
    while (otel_recorder_step_(&place, &item)) {
        otel_pb_t_ message = otel_pb_open_(item.bytes, item.len);
        while (otel_pb_next_(&message, &item)) continue;
        if (message.broken) return false;
    }
    *items = place.index;
    return !place.broken;
}

OTEL_API_ int otel_recorder_send(void *user, const otel_request_t *request)
{
    otel_recorder_t *recorder = (otel_recorder_t *)user;
    uint8_t *head, *to;
    uint64_t len = 0;
    uint32_t items = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)recorder; (void)user; (void)request; return 200)
    if (!recorder || !recorder->memory_ || !request || (unsigned)request->signal >= OTEL_SIGNALS) return 400;
    n = request->body ? 0u : request->parts ? request->parts_len : 0u;
    if (request->body) len = request->len;
    for (i = 0; i < n; i++) len += request->parts[i].len;
    if (len != request->len) return 400;
    if (len > 0xFFFFFFFFu || recorder->size_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - OTEL_RECORDER_HEAD_) return 413;
    if (len + OTEL_RECORDER_HEAD_ > recorder->size_ - recorder->used_) return 507;
    head = recorder->memory_ + recorder->used_;
    to = head + OTEL_RECORDER_HEAD_;
    if (request->body) memcpy(to, request->body, (size_t)len);
    for (i = 0; i < n; i++) {
        if (request->parts[i].len) memcpy(to, request->parts[i].bytes, request->parts[i].len);
        to += request->parts[i].len;
    }
    otel_put32_(head, (uint32_t)len);
    otel_put32_(head + 4, request->items);
    otel_put32_(head + 8, (uint32_t)request->signal);
    if (!otel_recorder_count_((unsigned)request->signal, head + OTEL_RECORDER_HEAD_, (size_t)len, &items)) return 400;
    OTEL_STORE_RELEASE_(&recorder->used_, recorder->used_ + OTEL_RECORDER_HEAD_ + (size_t)len);
    OTEL_STORE_RELEASE_(&recorder->requests_, recorder->requests_ + 1u);
    OTEL_STORE_RELEASE_(&recorder->items_[request->signal], recorder->items_[request->signal] + items);
    return 200;
}
OTEL_C_END_
#endif

/* ---- stats.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Count the records between a reader's cursor and the end. False: they moved meanwhile. */
OTEL_FN_ bool otel_ring_count_(otel_ring_t *ring, unsigned reader, otel_count_t *n)
{
    otel_pos_t pos = ring->reader[reader].cursor, from = pos, until = OTEL_LOAD_ACQUIRE_(&ring->published), left = otel_pos_between_(ring, pos, until);
    *n = 0;
    while (left) {
        uint32_t size = otel_record_size_(ring, pos);
        if (size > left) return false;
        left -= (otel_pos_t)size;
        pos = otel_pos_add_(ring, pos, (otel_pos_t)size);
        ++*n;
    }
    return ring->reader[reader].cursor == from;
}

/* One ring into the sums, while the gate keeps exporters (and evictions) away; false: a writer was at it. */
OTEL_FN_ bool otel_stats_ring_(const otel_exporter_t *x, otel_ring_t *ring, otel_signal_stats_t *sum)
{
    otel_count_t settled, created, queued = 0, dropped[OTEL_RING_DROPS_];
    unsigned i;
    bool steady;
    settled = OTEL_LOAD_ACQUIRE_(&ring->settled);
    for (i = 0; i < OTEL_RING_DROPS_; i++) dropped[i] = OTEL_LOAD_ACQUIRE_(&ring->dropped[i]);
    steady = x->live_ != 1 || otel_ring_count_(ring, x->reader_, &queued);
    created = OTEL_LOAD_ACQUIRE_(&ring->created);
    steady = steady && created == settled && OTEL_LOAD_ACQUIRE_(&ring->settled) == settled;
    for (i = 0; i < OTEL_RING_DROPS_; i++) sum->dropped[i] += dropped[i];
    if (x->live_ != 1) {                          /* of what came after this exporter, only the losses and what is being written */
        created -= settled;
        for (i = 0; i < OTEL_RING_DROPS_; i++) created += dropped[i];
    }
    sum->created += created;
    sum->queued += queued;
    if (x->live_ == 1) sum->dropped[OTEL_DROP_FULL] += ring->reader[x->reader_].evicted;
    return steady;
}

/* Both rings of a signal, every shard. */
OTEL_FN_ bool otel_stats_rings_(const otel_exporter_t *x, unsigned signal, otel_signal_stats_t *sum)
{
    const otel_lane_t_ *lane = &x->lane_[signal];
    unsigned i, which = otel_ring_of_(signal);
    bool steady = true;
    for (i = 0; i < x->otel_->shards_; i++) {
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
    sum->created -= lane->base;
    if (x->live_ != 1) {                          /* what came after this exporter parted is not its business */
        sum->created += lane->end;
        sum->dropped[OTEL_DROP_FULL] += lane->evicted;
    }
    return steady;
}

OTEL_FN_ bool otel_stats_try_(const otel_exporter_t *x, otel_stats_t *stats)
{
    bool steady = true;
    unsigned s, i;
    memset((void *)stats, 0, sizeof *stats);
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_signal_stats_t *sum = &stats->signal[s];
        const otel_lane_t_ *lane = &x->lane_[s];
        otel_count_t before = OTEL_LOAD_ACQUIRE_(&x->changes_);           /* odd: the exporter is at it */
        sum->exported = OTEL_LOAD_(&lane->exported);
        sum->retried = OTEL_LOAD_(&lane->retried);
        for (i = 0; i < OTEL_EXPORT_DROPS_; i++) sum->dropped[OTEL_DROP_TOO_LARGE + i] = OTEL_LOAD_(&lane->dropped[i]);
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
{
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

#endif /* OTEL_EXPORT_H_ */
