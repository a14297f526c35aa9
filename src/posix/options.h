/* All of it in one line: what a program may say. */
#ifndef OTEL_POSIX_OPTIONS_H
#define OTEL_POSIX_OPTIONS_H
#include "system.h"
/* What a program may say at the start. Zero means the environment, then the default. The order of the fields is API. */
typedef struct otel_posix_options_t {
    const char *service OTEL_Z_;              /* service.name (default: OTEL_SERVICE_NAME, else unknown_service:<program>) */
    const char *version OTEL_Z_;              /* service.version */
    const otel_attr_t *attributes OTEL_Z_;    /* of the resource, attributes_len of them; live as long as the program */
    size_t attributes_len OTEL_Z_;
    const char *endpoint OTEL_Z_;             /* "http://127.0.0.1:4318" (default: see above) */
    const char *headers OTEL_Z_;              /* "api-key=secret" */
    FILE *console OTEL_Z_;                    /* show here too what is sent (default: nowhere; stderr when nothing else is said) */
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;   /* a transport of yours instead of HTTP; called on the library's thread. No spans or logs in
                                                 it: those of each request would make another request, for ever */
    void *user OTEL_Z_;                       /* its first argument */
    otel_sampler_t sampler OTEL_Z_;
    size_t pool_size OTEL_Z_;                 /* bytes (default: 4 MiB) */
    uint16_t shards OTEL_Z_;                  /* threads that record without meeting, and one (default: 2 a processor, 16 at most, and one) */
    uint8_t log_percent OTEL_Z_;              /* of the pool for logs (default: 25) */
    otel_when_full_t when_full OTEL_Z_;       /* (default: OTEL_DROP_NEWEST) */
    uint32_t interval_ms OTEL_Z_;             /* how long spans and logs are gathered (default: 5,000; 1,000 for the terminal) */
    uint32_t metric_interval_ms OTEL_Z_;      /* between two collections (default: 60,000) */
    uint32_t timeout_ms OTEL_Z_;              /* of one request (default: 10,000) */
    uint32_t exit_ms OTEL_Z_;                 /* what exit may take to send the rest (default: 5,000; it gives up at once where nobody listens) */
    const char *(*authorization)(void *user) OTEL_Z_;     /* as in otel_http_options_t; called on the library's thread */
    void *authorization_user OTEL_Z_;
    bool (*compress)(void *user, const otel_request_t *request, const void **body, size_t *len) OTEL_Z_;
    void *compress_user OTEL_Z_;
    otel_detector_t detect OTEL_Z_;           /* fills the resource with what the machine says: otel_detect_all of ports/otel_resource.h, or one of yours;
                                                 what the program or the environment says wins; called again in a child of fork; does not fork by itself (default: none) */
    otel_spans_t spans OTEL_Z_;               /* otel_spans(&settings): processors of spans (default: none) */
    otel_logs_t logs OTEL_Z_;                 /* otel_logs(&settings): least severities, processors of log records (default: all pass) */
    void (*say)(void *user, const otel_diag_t *what) OTEL_Z_;     /* hears what the library says of itself: up to OTEL_LEVEL_INFO, and more as OTEL_LOG_LEVEL
                                                 has it. On the library's thread (or that of otel_posix_jaeger_start), or one that starts or stops it; may record, but call nothing of this port, nor fork (default: stderr) */
    void *say_user OTEL_Z_;                   /* its first argument */
    otel_metrics_t metrics OTEL_Z_;           /* otel_metrics(&settings): views, scopes that are off, exemplars (default: what the environment says) */
    const char *(*explain)(void *user) OTEL_Z_;   /* asked after each .send, with its `user`: a sentence about how that went, "" for nothing to say (otel_curl_error; default: only the status is told) */
    bool fast_clock OTEL_Z_;                  /* the processor's counter is the clock where it is good (otel_fast_clock): a span costs a fifth less (default: clock_gettime) */
    bool prefault OTEL_Z_;                    /* all of the pool's memory is there from the start, so that no record waits a microsecond or two for a page of it;
                                                 takes that memory, and half a millisecond a MiB, at once (default: pages come when records first reach them) */
    const otel_propagator_t *propagator OTEL_Z_;  /* what otel_inject writes and otel_extract_from reads; lives as long as the program (default: OTEL_PROPAGATORS, else
                                                 W3C trace context and baggage) */
    const char *(*setting)(void *user, const char *name) OTEL_Z_; /* asked for each variable OTEL_.. in the place of the environment, NULL for none; what it answers lives until
                                                 the port is stopped; it calls nothing of this port, nor fork (a file of yours, say; otel_yaml_start of ports/otel_yaml.h; default: getenv) */
    void *setting_user OTEL_Z_;               /* its first argument */
} otel_posix_options_t;

OTEL_C_BEGIN_
/* Start recording and a thread that sends. Call it first in main; a second call while it runs is OTEL_OK and changes nothing.
   At exit what is left is sent, .exit_ms at most; not after _exit, abort or a signal. A child of fork starts anew by itself. What
   is wrong stands on stderr too (or goes to .say), and the program goes on without telemetry. Errors: OTEL_E_CONFIG, OTEL_E_POOL, OTEL_E_SYSTEM. */
OTEL_API_ otel_result_t otel_posix_start_with(const otel_posix_options_t *options);

/* Send all that was recorded before the call. Any thread, but not from inside .send. OTEL_E_TIMEOUT: not in `timeout_ms`. */
OTEL_API_ otel_result_t otel_posix_flush(uint32_t timeout_ms);

/* Send the rest, end the thread, record no more. Twice is nothing, and a call beside another waits for it, `timeout_ms` at most;
   otel_posix_start may follow. The pool stays mapped, because a thread may be recording at this moment. */
OTEL_API_ otel_result_t otel_posix_stop(uint32_t timeout_ms);

/* The instance behind it; NULL before the first start. Its exporter belongs to the library's thread: no otel_flush, no otel_shutdown. */
OTEL_API_ otel_t *otel_posix_instance(void);

/* What is run before the last export, when the library stops: what it records is sent. Define it where it outlives the program. */
typedef struct otel_posix_closer_t {
    void (*run)(void *user, uint32_t left_ms) OTEL_Z_;    /* with what is left of the time */
    void *user OTEL_Z_;
    struct otel_posix_closer_t *next_ OTEL_Z_;
    bool in_ OTEL_Z_;
} otel_posix_closer_t;

/* Run `closer` at the next otel_posix_stop, exit, or signal of otel_posix_stop_on, once; the last one given comes first. Any thread. */
OTEL_API_ otel_result_t otel_posix_at_stop(otel_posix_closer_t *closer);

/* When `signal_number` (SIGTERM, SIGINT) comes, run the closers, send the rest within .exit_ms, and then let it end the program as
   it would have. The work is done on the library's thread; a stop that is under way then, or exit, is let finish. A second signal ends
   the program at once. OTEL_E_CONFIG: the program has a handler for it already, which should
   lead to otel_posix_stop; OTEL_E_NOT_READY; OTEL_E_SYSTEM. */
OTEL_API_ otel_result_t otel_posix_stop_on(int signal_number);

/* For probes. */
typedef struct otel_posix_health_t {
    bool live;                                /* the library's thread goes round, or there is nothing for it to do */
    bool ready;                               /* what was sent last arrived, or nothing was sent yet; OTEL_TRACES_EXPORTER=none and its like count as arrived */
    uint32_t quiet_ms;                        /* since something arrived, or since the start */
    otel_count_t queued, lost;                /* records, of all signals */
} otel_posix_health_t;

/* How the library is. Any thread, not from signal handlers. */
OTEL_API_ otel_posix_health_t otel_posix_health(void);

/* What became of all that was recorded: see otel_stats. What goes to nobody (OTEL_TRACES_EXPORTER=none) counts as exported;
   otel_posix_dump says so. */
OTEL_API_ otel_result_t otel_posix_stats(otel_stats_t *stats);

/* Write the screen of otel_diag_dump (NULL: to stderr). Any thread, not from signal handlers or .say. It waits for a request that
   is under way: OTEL_E_TIMEOUT if that takes longer than `timeout_ms`; OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_posix_dump(FILE *file, uint32_t timeout_ms);
OTEL_C_END_

/* otel_posix_start(.service = "hello"); otel_posix_start_with(NULL) says nothing at all. */
#define otel_posix_start(...) otel_posix_start_with(OTEL_REF_(otel_posix_options_t, __VA_ARGS__))
#endif
