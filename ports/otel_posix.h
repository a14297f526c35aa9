/* otel_posix.h - otel.h on POSIX systems, in one line: clock, entropy, a thread that sends, HTTP/1.1 over sockets, OTLP in
   files, telemetry in the terminal, and the environment variables of the specification. MIT licence.

     #include "otel_posix.h"                          // before other headers, when compiled with -std=c99 and the like
     int main(void) { otel_posix_start(.service = "hello"); ... }

   Where it goes, for each signal, first match:
     1. OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER say otlp, console or none, or several with commas;
     2. .send: your function;
     3. .endpoint, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (METRICS, LOGS): there, OTLP over HTTP;
     4. else it is shown in the terminal (stderr, so that pipes stay clean). The specification's default endpoint
        http://localhost:4318 is taken when the exporter is said to be otlp.

   What wins: an option in the call wins over the environment, the environment over the default (specification: resource/sdk.md,
   "Specifying resource information via an environment variable": what the program gives has priority). So leave .service out
   for programs that operators name; OTEL_SERVICE_NAME wins over service.name in OTEL_RESOURCE_ATTRIBUTES.
   An empty variable is an unset one; a value that makes no sense is named on stderr, and ignored;
   so are variables of the specification that are not read (certificates, OTEL_CONFIG_FILE), and names with a wrong letter.

   Read, beside those above: OTEL_SDK_DISABLED, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT and _COMPRESSION (also
   _TRACES_, _METRICS_, _LOGS_), OTEL_EXPORTER_OTLP_PROTOCOL (http/protobuf), OTEL_TRACES_SAMPLER and _ARG (jaeger_remote too),
   OTEL_BSP_SCHEDULE_DELAY, _MAX_EXPORT_BATCH_SIZE, _EXPORT_TIMEOUT and _MAX_QUEUE_SIZE, the same of OTEL_BLRP_ (spans and logs go together: the
   smaller delay and batch count; of a queue, 1.5 KB for each span and 0.5 KB for each log record are the pool), OTEL_METRIC_EXPORT_INTERVAL and _TIMEOUT,
   OTEL_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT and the same of OTEL_SPAN_ and OTEL_LOGRECORD_, OTEL_SPAN_EVENT_COUNT_LIMIT, OTEL_SPAN_LINK_COUNT_LIMIT,
   OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, OTEL_LINK_ATTRIBUTE_COUNT_LIMIT (128 at most; an otel_processor_limits of the program wins),
   OTEL_PROPAGATORS (tracecontext, baggage, b3, b3multi, none), NO_COLOR,
   OTEL_METRICS_EXEMPLAR_FILTER (always_on, always_off, trace_based; unset: no exemplars, because they cost), OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE,
   OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION (read at the first start; .metrics wins over it and over the filter), and
   OTEL_LOG_LEVEL: what the library says of itself on stderr. none, error, warn, info (default), debug (where it sends, each failure,
   spans that are never ended, and a screen of counts at the end), verbose (each request).

   Link with -lpthread. TLS and gRPC are not in here: ports/otel_curl.h has them, as .send. */
/* Merged from the parts in src/posix by amalgamate.py: edit those, then `make headers`. */
/* Lines: system 60, http 92, file 178, options 188, fast_clock 299, say 345, hooks 351, unread 371, batching 376,
   processors 381, fetch 400, keep 418, jaeger 444, implementation 502. */
#ifndef OTEL_POSIX_H_
#define OTEL_POSIX_H_
/* With -std=c99 and the like the C library hides POSIX unless it is asked for, and it is asked once: by the first header. */
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE) && !defined(_XOPEN_SOURCE) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE) && !defined(_DARWIN_C_SOURCE) && !defined(_BSD_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include "otel_export.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* ---- system.h -------------------------------------------------------------------------------------------------- */
/* What the port takes from the system. */
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif
#endif
#ifdef SA_ONSTACK                                 /* hidden by -std=c99 on some systems */
#define OTEL_POSIX_ONSTACK_ SA_ONSTACK
#else
#define OTEL_POSIX_ONSTACK_ 0
#endif
#if defined(__linux__)
#include <ucontext.h>
#endif
#if defined(__GLIBC__) && !defined(__USE_XOPEN2K8)
#error "POSIX is hidden, because a system header came first: include otel_posix.h before the others, or compile with -D_POSIX_C_SOURCE=200809L or -std=gnu99"
#include <otel_posix.h before the others>          /* no file: the compiler stops here, before a hundred errors that would follow */
#endif
#if OTEL_ENABLED && OTEL_NO_FLOAT
#error "otel_posix.h reads ratios: leave OTEL_NO_FLOAT to firmware"
#endif
#if OTEL_ENABLED && !OTEL_ATOMICS_
#error "otel_posix.h starts a thread, and needs a compiler with atomics and thread-local variables: gcc or clang, without OTEL_NO_ATOMICS"
#endif

/* ---- memory.h -------------------------------------------------------------------------------------------------- */
/* Memory from the system. */

/* ---- text.h ---------------------------------------------------------------------------------------------------- */
/* Time, and text: the pieces of configuration, and what is put into buffers. */

/* ---- http.h ---------------------------------------------------------------------------------------------------- */
/* HTTP/1.1 over sockets: where requests go, and their heads. OTLP specification: protocol/exporter.md. */
#define otel_http_close OTEL_NAME_(otel_http_close)
#define otel_http_error OTEL_NAME_(otel_http_error)
#define otel_http_fail_ OTEL_NAME_(otel_http_fail_)
#define otel_http_init_with OTEL_NAME_(otel_http_init_with)
#define otel_http_send OTEL_NAME_(otel_http_send)
/* Where OTLP goes. Texts are copied. The order of the fields is API. */
typedef struct otel_http_options_t {
    const char *endpoint OTEL_Z_;             /* "http://127.0.0.1:4318": /v1/traces and so on is added (default: the next three) */
    const char *headers OTEL_Z_;              /* as in OTEL_EXPORTER_OTLP_HEADERS: "api-key=secret,x-team=a%20b" */
    otel_exporter_t *exporter OTEL_Z_;        /* told what comes back: partial success, Retry-After (default: nobody) */
    const char *traces_endpoint OTEL_Z_;      /* for one signal, used as it is; a signal without any endpoint is refused */
    const char *metrics_endpoint OTEL_Z_;
    const char *logs_endpoint OTEL_Z_;
    const char *traces_headers OTEL_Z_;       /* instead of `headers` */
    const char *metrics_headers OTEL_Z_;
    const char *logs_headers OTEL_Z_;
    uint32_t timeout_ms[OTEL_SIGNALS] OTEL_Z_;    /* of one request, by otel_signal_t (default: the exporter's) */
    const char *(*authorization)(void *user) OTEL_Z_;     /* asked before each request: the value of its Authorization header ("Bearer ..."), or NULL; for tokens that expire. One among the headers is left out then */
    void *authorization_user OTEL_Z_;
    bool (*compress)(void *user, const otel_request_t *request, const void **body, size_t *len) OTEL_Z_;   /* the body in gzip, valid until the next call; false: it goes as it is (otel_gzip in ports/otel_gzip.h) */
    void *compress_user OTEL_Z_;
    bool plain[OTEL_SIGNALS] OTEL_Z_;         /* by otel_signal_t: without `compress` (default: all with it) */
} otel_http_options_t;

#define OTEL_HTTP_HEAD_ 4096u                 /* bytes of a request's head */
#define OTEL_HTTP_REPLY_MAX_ 4194304u         /* bytes of a reply's body that are read */
#define OTEL_HTTP_KEEP_ 512u                  /* bytes of them that are kept */

/* One receiver: where it is and the head of its requests. Private. */
typedef struct otel_http_target_t_ {
    char host[256];
    char port[6];
    bool set, whole;                          /* whole: nothing is added to its path */
    uint8_t line;                             /* the connection that it uses: the first target of the same host and port */
    int fd;
    uint32_t timeout_ms;
    size_t head_len;
    char head[OTEL_HTTP_HEAD_];
} otel_http_target_t_;

/* A transport with one connection for each receiver, kept open. One thread at a time. All fields are private. */
typedef struct otel_http_t {
    otel_exporter_t *exporter_;
    otel_http_target_t_ target_[OTEL_SIGNALS];
    uint32_t limit_ms_;                       /* from otel_posix_stop: nothing waits beyond this */
    bool limited_, ready_;
    bool refused_;                            /* the last time nobody listened there, or nobody knew the name; */
    bool grpc_, tls_;                         /* it seems to speak gRPC, or TLS, or pointed to https:// */
    const char *remedy_;                      /* what to do on this machine about it, when that is known; else NULL */
    const char *(*authorization_)(void *user);
    void *authorization_user_;
    bool (*compress_)(void *user, const otel_request_t *request, const void **body, size_t *len);
    void *compress_user_;
    bool plain_[OTEL_SIGNALS];
    char error_[200];
} otel_http_t;

OTEL_C_BEGIN_
/* Prepare a transport; nothing is connected yet. OTEL_E_CONFIG: otel_http_error has the sentence. */
OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *options);

/* POST a request: `.send = otel_http_send, .user = &http`. The status, or -1 when there was no answer within its timeout.
   Redirects are not followed: otel_http_error says where they point. Never raises SIGPIPE. Names are resolved by the C library,
   which has times of its own. */
OTEL_API_ int otel_http_send(void *http, const otel_request_t *request);

/* Close what is open; the next request connects again. */
OTEL_API_ void otel_http_close(otel_http_t *http);

/* What went wrong last, "" for nothing. Belongs to the transport. */
OTEL_API_ const char *otel_http_error(const otel_http_t *http);
OTEL_C_END_

#define otel_http_init(http, ...) otel_http_init_with((http), OTEL_REF_(otel_http_options_t, __VA_ARGS__))

/* ---- socket.h -------------------------------------------------------------------------------------------------- */
/* A connection with a deadline, and a request on its way out. */

/* ---- answer.h -------------------------------------------------------------------------------------------------- */
/* An answer on its way in: interim answers, chunks, lengths, all of it bounded. RFC 9112. */

/* ---- post.h ---------------------------------------------------------------------------------------------------- */
/* A request and its answer, on a connection that is kept. */

/* ---- file.h ---------------------------------------------------------------------------------------------------- */
/* OTLP in files. Specification: protocol/file-exporter.md. */
#define otel_file_send OTEL_NAME_(otel_file_send)
OTEL_C_BEGIN_
/* Write a request as one line of OTLP JSON: `.send = otel_file_send, .user = file`, a FILE * (NULL: stdout).
   Specification: protocol/file-exporter.md. 200, or -1 when the file takes no more: the request is tried again, and what a full disk
   left of its line stays as a line of its own. */
OTEL_API_ int otel_file_send(void *file, const otel_request_t *request);
OTEL_C_END_

/* ---- options.h ------------------------------------------------------------------------------------------------- */
/* All of it in one line: what a program may say. */
#define otel_posix_at_stop OTEL_NAME_(otel_posix_at_stop)
#define otel_posix_dump OTEL_NAME_(otel_posix_dump)
#define otel_posix_flush OTEL_NAME_(otel_posix_flush)
#define otel_posix_health OTEL_NAME_(otel_posix_health)
#define otel_posix_instance OTEL_NAME_(otel_posix_instance)
#define otel_posix_start_with OTEL_NAME_(otel_posix_start_with)
#define otel_posix_stats OTEL_NAME_(otel_posix_stats)
#define otel_posix_stop OTEL_NAME_(otel_posix_stop)
#define otel_posix_stop_on OTEL_NAME_(otel_posix_stop_on)
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

/* ---- fast_clock.h ---------------------------------------------------------------------------------------------- */
/* A clock that costs a third of clock_gettime: the processor's own counter, held to CLOCK_MONOTONIC by one who looks at both
   again and again. An anchor moves the rate and not the time, so the time never goes back; and where the counter cannot be
   trusted (it varies with the frequency, the system itself does not use it, the machine slept or was moved) the slow clock answers. */
#define otel_fast_beyond_ OTEL_NAME_(otel_fast_beyond_)
#define otel_fast_clock OTEL_NAME_(otel_fast_clock)
#define otel_fast_clock_anchor OTEL_NAME_(otel_fast_clock_anchor)
#define otel_fast_clock_trusts OTEL_NAME_(otel_fast_clock_trusts)
/* A line in the plane of ticks and nanoseconds; private. */
typedef struct otel_fast_line_t_ {
    uint64_t ticks, ns;                       /* where it begins */
    uint64_t rate;                            /* ns a tick, times 2^32 */
    uint64_t limit;                           /* ticks that it holds for; 0: ask the slow clock */
} otel_fast_line_t_;

/* Zero but for the first three, in memory that outlives its instance. */
typedef struct otel_fast_clock_t {
    uint64_t (*counter)(void *user) OTEL_Z_;  /* ticks of 64 bits (default: the processor's; otel_fast_clock_trusts says whether it is used) */
    uint64_t (*slow)(void *user) OTEL_Z_;     /* ns, never back: what the counter is held to (default: CLOCK_MONOTONIC) */
    void *user OTEL_Z_;                       /* argument of both */
    otel_fast_line_t_ line_[2] OTEL_Z_;       /* the one in use is that of turn_'s lowest bit */
    uint32_t turn_ OTEL_Z_;
    uint64_t ticks_ OTEL_Z_, ns_ OTEL_Z_;     /* the last look at both */
    uint64_t rate_ OTEL_Z_;                   /* as it was measured last */
    uint8_t looks_ OTEL_Z_, wide_ OTEL_Z_;    /* looks that agree; looks that took too long, one after the other */
    uint8_t trust_ OTEL_Z_;                   /* 1: the counter is good, 2: it is not */
    uint8_t falls_ OTEL_Z_;                   /* how often the slow clock had to answer again */
} otel_fast_clock_t;

OTEL_C_BEGIN_
/* Nanoseconds since boot: `.clock = otel_fast_clock, .user = &clock, .clock_hz = 1000000000`, then otel_time_sync. Any thread,
   signal handlers too. */
OTEL_API_ uint64_t otel_fast_clock(void *clock);

/* Look at both clocks, four times a second, always in the same thread; otel_posix_start(.fast_clock = true) has a thread that does.
   True: the counter answers from now on, which takes three looks, and after each time that it was wrong twice as
   many; without a look for 1.5 s the slow clock answers. */
OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *clock);

/* Whether this processor has a counter that runs evenly, and the system uses it itself. */
OTEL_API_ bool otel_fast_clock_trusts(void);
OTEL_C_END_

/* ---- state.h --------------------------------------------------------------------------------------------------- */
/* What the port knows. */

/* ---- say.h ----------------------------------------------------------------------------------------------------- */
/* How the port speaks to people: one way for all of it, to the program's callback or to stderr, as loud as OTEL_LOG_LEVEL says.
   Specification: configuration/sdk-environment-variables.md, "General SDK Configuration"; error-handling.md, "Self-diagnostics". */
#define otel_posix_say_ OTEL_NAME_(otel_posix_say_)
#define otel_posix_tell_ OTEL_NAME_(otel_posix_tell_)

/* ---- hooks.h --------------------------------------------------------------------------------------------------- */
/* Hooks, for an otel_init of one's own: clock and entropy; a thread gives its shard back when it ends. */
#define otel_posix_clock OTEL_NAME_(otel_posix_clock)
#define otel_posix_entropy OTEL_NAME_(otel_posix_entropy)
#define otel_posix_fast_clock_ OTEL_NAME_(otel_posix_fast_clock_)
#define otel_posix_meet_ OTEL_NAME_(otel_posix_meet_)
OTEL_C_BEGIN_
/* Nanoseconds since boot: `.clock = otel_posix_clock, .clock_hz = 1000000000`, then otel_time_sync. */
OTEL_API_ uint64_t otel_posix_clock(void *user);

/* Random bytes of the system. */
OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len);
OTEL_C_END_

/* ---- clocks.h -------------------------------------------------------------------------------------------------- */
/* What the thread does for the clocks: the wall clock's offset, and the fast clock's rate. */

/* ---- environment.h --------------------------------------------------------------------------------------------- */
/* The environment variables of the specification: configuration/sdk-environment-variables.md, protocol/exporter.md. */

/* ---- unread.h -------------------------------------------------------------------------------------------------- */
/* Variables of the specification that this port does not read, and names that are nearly one that it reads: whoever sets one hears
   so at the start, with what to do instead.
   Specification: configuration/sdk-environment-variables.md. */

/* ---- batching.h ------------------------------------------------------------------------------------------------ */
/* How much is kept, how long it is gathered, how much goes at once and how long that may take: the variables of the batch
   processors and of the metric reader. Spans and logs go together, so of two the smaller one counts.
   Specification: configuration/sdk-environment-variables.md, "Batch Span Processor", "Batch LogRecord Processor", "Periodic exporting MetricReader". */

/* ---- processors.h ---------------------------------------------------------------------------------------------- */
/* What stands around the program's own processors: in front of them the watch for spans that nobody ends (from OTEL_LOG_LEVEL=debug
   on), behind them the limits that the environment sets. Who asks for neither has the program's alone.
   Specification: configuration/sdk-environment-variables.md, "Attribute Limits", "Span Limits", "LogRecord Limits". */

/* ---- propagators.h --------------------------------------------------------------------------------------------- */
/* Which headers carry a context on: OTEL_PROPAGATORS. Specification: configuration/sdk-environment-variables.md, "General SDK
   Configuration"; context/api-propagators.md, "Global Propagators". */

/* ---- metrics.h ------------------------------------------------------------------------------------------------- */
/* What the environment says of metrics: exemplars, temporality, the buckets of histograms.
   Specification: configuration/sdk-environment-variables.md, "Exemplar"; metrics/sdk_exporters/otlp.md, "Additional environment variable configuration". */

/* ---- ways.h ---------------------------------------------------------------------------------------------------- */
/* Where each signal goes, as the program and the environment say. OTLP specification: protocol/exporter.md. */

/* ---- terminal.h ------------------------------------------------------------------------------------------------ */
/* Telemetry in the terminal, through the console of otel_export.h. */

/* ---- fetch.h --------------------------------------------------------------------------------------------------- */
/* A ring that is half full fetches the thread that sends, though its time is not yet. */
#define otel_posix_fetch_ OTEL_NAME_(otel_posix_fetch_)
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ bool otel_posix_fetch_(void);
#endif
OTEL_C_END_

/* ---- stop.h ---------------------------------------------------------------------------------------------------- */
/* The end: closers, the last export, and the signal that waits for it. */

/* ---- thread.h -------------------------------------------------------------------------------------------------- */
/* The thread that sends. */

/* ---- fork.h ---------------------------------------------------------------------------------------------------- */
/* fork and exit. */

/* ---- keep.h ---------------------------------------------------------------------------------------------------- */
/* What survives the process: a store in a file, and a crash record in one. */
#define otel_posix_crash OTEL_NAME_(otel_posix_crash)
#define otel_posix_medium OTEL_NAME_(otel_posix_medium)
#define otel_posix_medium_close OTEL_NAME_(otel_posix_medium_close)
/* A file as the medium of a store. Zero is ready for use; all fields are private. */
typedef struct otel_posix_file_t {
    int fd_ OTEL_Z_;
    otel_geometry_t geometry_ OTEL_Z_;
} otel_posix_file_t;

OTEL_C_BEGIN_
/* Open or make a file of `sectors` times `sector_size` bytes (a multiple of 64) as a medium for otel_store_open; `file` lives as
   long as the store. One process at a time. Errors: OTEL_E_NULL, OTEL_E_CONFIG, OTEL_E_SYSTEM (errno; EAGAIN or EACCES: another has it). */
OTEL_API_ otel_result_t otel_posix_medium(otel_posix_file_t *file, otel_medium_t *medium, const char *path, uint32_t sector_size, uint32_t sectors);
OTEL_API_ void otel_posix_medium_close(otel_posix_file_t *file);

/* After otel_posix_start: tell of the crash that ended the last run of this program, as otel_crash_open does, and write the next
   one into `path` when SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT comes, which then does what it does. Signals that the program
   handles itself are left alone. OTEL_OK, also when there was none; OTEL_E_NOT_READY, OTEL_E_SYSTEM. */
OTEL_API_ otel_result_t otel_posix_crash(const char *path);
OTEL_C_END_

/* ---- died.h ---------------------------------------------------------------------------------------------------- */
/* The signals of a crash. */

/* ---- jaeger.h -------------------------------------------------------------------------------------------------- */
/* Strategies of sampling from a server, asked for now and then on a thread of its own: see otel_sampler_jaeger.
   Specification: trace/sdk.md, "JaegerRemoteSampler". */
#define otel_posix_jaeger_error OTEL_NAME_(otel_posix_jaeger_error)
#define otel_posix_jaeger_start_with OTEL_NAME_(otel_posix_jaeger_start_with)
#define otel_posix_jaeger_stop OTEL_NAME_(otel_posix_jaeger_stop)
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

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
/* The sampler that the environment names; one of them asks a server on a thread of its own.
   Specification: configuration/sdk-environment-variables.md, "General SDK Configuration". */

/* ---- start.h --------------------------------------------------------------------------------------------------- */
/* Start, flush, stop. */

/* ---- off.h ----------------------------------------------------------------------------------------------------- */
/* With OTEL_ENABLED 0. */

/* ==== implementation ============================================================================================ */

/* ---- system.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A descriptor that is not one of stdin, stdout and stderr, where a program that closed them would write into it. */
OTEL_FN_ int otel_posix_above_(int fd)
{
    int above, error;
    if (fd < 0 || fd > 2) return fd;
    above = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    error = errno;
    (void)(close)(fd);
    errno = error;
    return above;
}
OTEL_C_END_
#endif

/* ---- memory.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Memory of its own, zero, as long as the program. NULL: there is none. */
OTEL_FN_ void *otel_posix_map_(size_t size)
{
    void *at;
#if defined(MAP_ANONYMOUS)
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#elif defined(MAP_ANON)
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
#else                                             /* hidden by -std=c99 */
    int fd = (open)("/dev/zero", O_RDWR | O_CLOEXEC);
    if (fd < 0) return NULL;
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    (void)(close)(fd);
#endif
    return at == MAP_FAILED ? NULL : at;
}

/* Have it: the system gives a page when one of its bytes is written first. Nobody else has the memory yet. */
OTEL_FN_ void otel_posix_touch_(void *at, size_t size)
{
    volatile uint8_t *byte = (volatile uint8_t *)at;
    long page = sysconf(_SC_PAGESIZE);
    size_t i, step = page > 0 ? (size_t)page : 4096u;
    for (i = 0; i < size; i += step) byte[i] = 0;
}
OTEL_C_END_
#endif

/* ---- text.h ---------------------------------------------------------------------------------------------------- */
#define OTEL_POSIX_LONGEST_MS_ 0x7FFFF000u        /* 24 days, and some seconds short of half of the counter's range */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint64_t otel_posix_ns_(clockid_t which)
{
    struct timespec t;
    if (clock_gettime(which, &t)) return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

OTEL_FN_ uint32_t otel_posix_ms_(void) { return (uint32_t)(otel_posix_ns_(CLOCK_MONOTONIC) / 1000000u); }

/* Milliseconds until `deadline`, 0 when it has passed; all of them modulo 2^32. */
OTEL_FN_ uint32_t otel_posix_left_(uint32_t deadline)
{
    uint32_t left = deadline - otel_posix_ms_();
    return left > 0x7FFFFFFFu ? 0u : left;
}

/* The end of a time that begins now: of more than 24 days, those. Half of the counter's range is what left_ can tell. */
OTEL_FN_ uint32_t otel_posix_until_(uint32_t ms) { return otel_posix_ms_() + (ms > OTEL_POSIX_LONGEST_MS_ ? OTEL_POSIX_LONGEST_MS_ : ms); }

/* Bytes put one after the other into a buffer; `full` when they did not fit. */
typedef struct otel_posix_text_t_ {
    char *at, *end;
    bool full;
} otel_posix_text_t_;

OTEL_FN_ void otel_posix_put_(otel_posix_text_t_ *t, const char *text, size_t n)
{
    if ((size_t)(t->end - t->at) <= n) {
        t->full = true;
        return;
    }
    memcpy(t->at, text, n);
    t->at += n;
    *t->at = 0;
}

OTEL_FN_ void otel_posix_add_(otel_posix_text_t_ *t, const char *text) { otel_posix_put_(t, text, strlen(text)); }

OTEL_FN_ int otel_posix_hex_(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* A whole number above 0 and nothing else; 0: it is none, or beyond 2,000,000,000. */
OTEL_FN_ uint32_t otel_posix_number_(const char *text, size_t n)
{
    uint32_t number = 0;
    for (; n && *text >= '0' && *text <= '9' && number < 200000000u; text++, n--) number = number * 10u + (uint32_t)(*text - '0');
    return n ? 0 : number;
}

OTEL_FN_ char otel_posix_lower_(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* Compare text of `n` bytes with a word in lower case, in letters of any case. */
OTEL_FN_ bool otel_posix_word_(const char *text, size_t n, const char *word)
{
    size_t i;
    if (strlen(word) != n) return false;
    for (i = 0; i < n; i++) {
        if (otel_posix_lower_(text[i]) != word[i]) return false;
    }
    return true;
}

/* A piece of a list: "key=value", spaces around both taken away. */
typedef struct otel_posix_pair_t_ {
    const char *key, *value;
    size_t key_len, value_len;
} otel_posix_pair_t_;

OTEL_FN_ void otel_posix_trim_(const char **text, size_t *n)
{
    while (*n && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*n;
    }
    while (*n && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\t')) --*n;
}

/* The next piece of "a=b,c=d"; 0: the end, -1: it is no pair. Empty pieces are skipped. */
OTEL_FN_ int otel_posix_pair_(const char **list, otel_posix_pair_t_ *pair)
{
    for (;;) {
        const char *p = *list, *comma, *equals;
        size_t n;
        if (!p || !*p) return 0;
        comma = strchr(p, ',');
        n = comma ? (size_t)(comma - p) : strlen(p);
        *list = comma ? comma + 1 : p + n;
        otel_posix_trim_(&p, &n);
        if (n == 0) continue;
        equals = (const char *)memchr(p, '=', n);
        if (!equals || equals == p) return -1;
        pair->key = p;
        pair->key_len = (size_t)(equals - p);
        pair->value = equals + 1;
        pair->value_len = n - pair->key_len - 1u;
        otel_posix_trim_(&pair->key, &pair->key_len);
        otel_posix_trim_(&pair->value, &pair->value_len);
        return pair->key_len ? 1 : -1;
    }
}

/* Append text with %41 as A. False: a % that is followed by no two hexadecimal digits. */
OTEL_FN_ bool otel_posix_decode_(otel_posix_text_t_ *t, const char *text, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int high = n - i > 2u ? otel_posix_hex_(text[i + 1]) : -1, low = n - i > 2u ? otel_posix_hex_(text[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        otel_posix_put_(t, &c, 1);
    }
    return true;
}
OTEL_C_END_
#endif

/* ---- http.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_HTTP_ELSEWHERE_ "the endpoint is that of something else: OTLP over HTTP listens on port 4318, and /v1/traces and so on is added to the endpoint"

OTEL_API_ OTEL_PRINTF_(2, 3) void otel_http_fail_(otel_http_t *http, const char *format, ...);
OTEL_API_ void otel_http_fail_(otel_http_t *http, const char *format, ...)
{ OTEL_CALLED_
    va_list a;
    size_t i;
    va_start(a, format);
    (void)vsnprintf(http->error_, sizeof http->error_, format, a);
    va_end(a);
    for (i = 0; http->error_[i]; i++) {           /* it may hold what a stranger said */
        if ((unsigned char)http->error_[i] < ' ' || http->error_[i] == 127) http->error_[i] = '?';
    }
}

/* "http://host:port/path" into a target and the beginning of its head, `method` in front ("POST "). False: the sentence stands in error_. */
OTEL_FN_ bool otel_http_url_(otel_http_t *http, otel_http_target_t_ *t, otel_posix_text_t_ *head, const char *method, const char *url, const char *add)
{
    const char *host, *path, *p, *port = "80";
    char *zone;
    size_t host_len, port_len = 2;
    if (otel_posix_word_(url, 8, "https://")) {
        otel_http_fail_(http, "%.90s: no TLS in this port: send to a Collector on this machine (http://localhost:4318), or through ports/otel_curl.h, as .send", url);
        return false;
    }
    if (!otel_posix_word_(url, 7, "http://")) {
        otel_http_fail_(http, "%.90s: an endpoint begins with http://, as in http://localhost:4318", url);
        return false;
    }
    host = url + 7;
    for (p = host; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 127 || *p == '#') {
            otel_http_fail_(http, "the endpoint has a space, a control character, a # or a letter beyond ASCII in it: percent-encode those");
            return false;
        }
    }
    path = host + strcspn(host, "/?");
    if (memchr(host, '@', (size_t)(path - host))) {
        otel_http_fail_(http, "an endpoint carries no user and password: put them into OTEL_EXPORTER_OTLP_HEADERS (authorization=Basic%%20...)");
        return false;
    }
    if (*host == '[') {
        p = (const char *)memchr(host, ']', (size_t)(path - host));
        host_len = p ? (size_t)(p - host) + 1u : 0;
    } else {
        p = (const char *)memchr(host, ':', (size_t)(path - host));
        host_len = p ? (size_t)(p - host) : (size_t)(path - host);
    }
    p = host + host_len;
    if (p < path && *p == ':' && p + 1 < path) {
        port = p + 1;
        port_len = (size_t)(path - port);
    } else if (p < path && *p != ':') {
        host_len = 0;
    }
    for (p = port; p < port + port_len; p++) {
        if (*p < '0' || *p > '9') host_len = 0;
    }
    if (host_len < (*host == '[' ? 3u : 1u) || host_len >= sizeof t->host || port_len >= sizeof t->port || atol(port) > 65535) {
        otel_http_fail_(http, "%.90s: host or port make no sense: write http://localhost:4318", url);
        return false;
    }
    if (*add && strchr(path, '?')) {
        otel_http_fail_(http, "%.90s: a path is added to this endpoint, so it cannot have a ?: name the endpoint of each signal instead", url);
        return false;
    }
    memcpy(t->host, *host == '[' ? host + 1 : host, *host == '[' ? host_len - 2u : host_len);
    zone = *host == '[' ? strstr(t->host, "%25") : NULL;
    if (zone) memmove(zone + 1, zone + 3, strlen(zone + 3) + 1u);     /* RFC 6874: the percent sign before a zone is encoded itself */
    memcpy(t->port, port, port_len);
    otel_posix_add_(head, method);
    if (*path != '/') otel_posix_add_(head, "/");
    otel_posix_put_(head, path, strlen(path) - (*add && *path && path[strlen(path) - 1] == '/' ? 1u : 0u));
    otel_posix_add_(head, *add && *path != '/' ? add + 1 : add);
    otel_posix_add_(head, " HTTP/1.1\r\nHost: ");
    p = *host == '[' ? (const char *)memchr(host, '%', host_len) : NULL;
    otel_posix_put_(head, host, p ? (size_t)(p - host) : host_len);   /* a zone is nobody's business but this machine's */
    if (p) otel_posix_add_(head, "]");
    if (strcmp(t->port, "80")) {
        otel_posix_add_(head, ":");
        otel_posix_add_(head, t->port);
    }
    otel_posix_add_(head, "\r\n");
    return true;
}

/* The user's headers. A value never ends a line, a name is a token: nothing can be smuggled in. */
OTEL_FN_ bool otel_http_headers_(otel_http_t *http, otel_posix_text_t_ *head, const char *list)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char *const own[] = { "content-length", "transfer-encoding", "connection", "content-type", "content-encoding", "host", "expect", "upgrade", "te", "trailer" };
    const char *from = list;
    bool agent = false;
    otel_posix_pair_t_ pair;
    size_t i;
    int more;
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        char *begin;
        for (i = 0; i < pair.key_len; i++) {
            if (!strchr(token, pair.key[i])) {
                otel_http_fail_(http, "the name of header \"%.*s\" has a character that no header name has", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
                return false;
            }
        }
        for (i = 0; i < sizeof own / sizeof own[0]; i++) {
            if (otel_posix_word_(pair.key, pair.key_len, own[i])) {
                otel_http_fail_(http, "header %s belongs to the transport: take it out of the headers", own[i]);
                return false;
            }
        }
        if (http->authorization_ && otel_posix_word_(pair.key, pair.key_len, "authorization")) continue;      /* the function has the newer one */
        if (otel_posix_word_(pair.key, pair.key_len, "user-agent")) agent = true;
        otel_posix_put_(head, pair.key, pair.key_len);
        otel_posix_add_(head, ": ");
        begin = head->at;
        if (!otel_posix_decode_(head, pair.value, pair.value_len)) {
            otel_http_fail_(http, "the value of header %.*s has a %% without two hexadecimal digits: write %%25 for a percent sign", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
            return false;
        }
        for (; begin < head->at; begin++) {
            if (((unsigned char)*begin < ' ' && *begin != '\t') || (unsigned char)*begin == 127) {
                otel_http_fail_(http, "the value of header %.*s has a line break or another control character in it: take it out", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
                return false;
            }
        }
        otel_posix_add_(head, "\r\n");
    }
    if (more < 0) {
        otel_http_fail_(http, "headers are written as name=value,name=value");
        return false;
    }
    if (!agent) otel_posix_add_(head, "User-Agent: OTel-OTLP-Exporter-C/" OTEL_VERSION "\r\n");
    return true;
}

OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *o)
{ OTEL_CALLED_
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    const char *endpoint[OTEL_SIGNALS], *headers[OTEL_SIGNALS];
    unsigned s, k;
    if (!http || !o) return OTEL_E_NULL;
    memset((void *)http, 0, sizeof *http);
    for (s = 0; s < OTEL_SIGNALS; s++) http->target_[s].fd = -1;
    http->exporter_ = o->exporter;
    http->authorization_ = o->authorization;
    http->authorization_user_ = o->authorization_user;
    http->compress_ = o->compress;
    http->compress_user_ = o->compress_user;
    memcpy(http->plain_, o->plain, sizeof http->plain_);
    endpoint[OTEL_SIGNAL_TRACES] = o->traces_endpoint;
    endpoint[OTEL_SIGNAL_METRICS] = o->metrics_endpoint;
    endpoint[OTEL_SIGNAL_LOGS] = o->logs_endpoint;
    headers[OTEL_SIGNAL_TRACES] = o->traces_headers;
    headers[OTEL_SIGNAL_METRICS] = o->metrics_headers;
    headers[OTEL_SIGNAL_LOGS] = o->logs_headers;
    if (!o->endpoint && !endpoint[0] && !endpoint[1] && !endpoint[2]) {
        otel_http_fail_(http, "no endpoint: say .endpoint = \"http://localhost:4318\"");
        return OTEL_E_CONFIG;
    }
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_http_target_t_ *t = &http->target_[s];
        otel_posix_text_t_ head;
        head.at = t->head;
        head.end = t->head + sizeof t->head - 40;             /* room for Content-Length and the empty line */
        head.full = false;
        t->timeout_ms = o->timeout_ms[s];
        if (!endpoint[s] && !o->endpoint) continue;
        if (!otel_http_url_(http, t, &head, "POST ", endpoint[s] ? endpoint[s] : o->endpoint, endpoint[s] ? "" : path[s])) return OTEL_E_CONFIG;
        otel_posix_add_(&head, "Content-Type: application/x-protobuf\r\n");
        if (!otel_http_headers_(http, &head, headers[s] ? headers[s] : o->headers)) return OTEL_E_CONFIG;
        if (head.full) {
            otel_http_fail_(http, "path and headers take more than %u bytes: shorten them", OTEL_HTTP_HEAD_ - 40u);
            return OTEL_E_CONFIG;
        }
        t->head_len = (size_t)(head.at - t->head);
        t->set = true;
        t->whole = endpoint[s] != NULL;
        for (k = 0; k < s; k++) {
            if (http->target_[k].set && strcmp(t->host, http->target_[k].host) == 0 && strcmp(t->port, http->target_[k].port) == 0) break;
        }
        t->line = (uint8_t)k;
    }
    http->ready_ = true;
    return OTEL_OK;
}

OTEL_API_ const char *otel_http_error(const otel_http_t *http) { OTEL_CALLED_ return http ? http->error_ : ""; }

/* Forgotten first: a child of fork in between closes nothing that is another's by then. */
OTEL_FN_ void otel_http_drop_(int *fd)
{
    int old = *fd;
    *fd = -1;
    if (old >= 0) (void)(close)(old);
}

OTEL_API_ void otel_http_close(otel_http_t *http)
{ OTEL_CALLED_
    unsigned s;
    if (!http || !http->ready_) return;
    for (s = 0; s < OTEL_SIGNALS; s++) otel_http_drop_(&http->target_[s].fd);
}
OTEL_C_END_
#endif

/* ---- socket.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* What is left of a request's time; otel_posix_stop may shorten it while it runs. */
OTEL_FN_ uint32_t otel_http_left_(const otel_http_t *http, uint32_t deadline)
{
    uint32_t left = otel_posix_left_(deadline);
    if (OTEL_LOAD_ACQUIRE_(&http->limited_)) {
        uint32_t limit = otel_posix_left_(OTEL_LOAD_(&http->limit_ms_));
        if (limit < left) left = limit;
    }
    return left;
}

/* Wait for events of a socket: which, or 0 when the time is up. Looks at the limit every 100 ms. */
OTEL_FN_ int otel_http_wait_(otel_http_t *http, int fd, short events, uint32_t deadline)
{
    struct pollfd p;
    for (;;) {
        uint32_t left = otel_http_left_(http, deadline);
        int n;
        if (left == 0) {
            otel_http_fail_(http, "time is up");
            return 0;
        }
        p.fd = fd;
        p.events = events;
        p.revents = 0;
        n = (poll)(&p, 1, left > 100u ? 100 : (int)left);
        if (n > 0) return p.revents;
        if (n < 0 && errno != EINTR && errno != EAGAIN) return 0;
    }
}

OTEL_FN_ int otel_http_open_(otel_http_t *http, const struct addrinfo *a, uint32_t deadline)
{
#ifdef SOCK_CLOEXEC
    const int kind = SOCK_CLOEXEC;                /* an exec in another thread does not inherit it */
#else
    const int kind = 0;
#endif
    int one = 1, error = 0, fd = otel_posix_above_((socket)(a->ai_family, a->ai_socktype | kind, a->ai_protocol));
    socklen_t len = sizeof error;
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE) http->remedy_ = "raise ulimit -n, or look for descriptors that nobody closes";
        otel_http_fail_(http, "%s", strerror(errno));
        return -1;
    }
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    (void)(setsockopt)(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
#ifdef SO_NOSIGPIPE
    (void)(setsockopt)(fd, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
#endif
    if ((connect)(fd, a->ai_addr, a->ai_addrlen) == 0) return fd;
    error = errno;
    if (error == EINPROGRESS || error == EINTR) {
        if (otel_http_wait_(http, fd, POLLOUT, deadline) && (getsockopt)(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0) return fd;
    }
    if (error && error != EINPROGRESS && error != EINTR) otel_http_fail_(http, "%s", strerror(error));
    http->refused_ = error == ECONNREFUSED;
    (void)(close)(fd);
    return -1;
}

/* A connection to the target: its addresses one after the other, the time shared among those that are left. */
OTEL_FN_ int otel_http_connect_(otel_http_t *http, const otel_http_target_t_ *t, uint32_t deadline)
{
    struct addrinfo want, *list = NULL, *a;
    unsigned left = 0;
    int fd = -1, failed;
    memset(&want, 0, sizeof want);
    want.ai_family = AF_UNSPEC;
    want.ai_socktype = SOCK_STREAM;
    want.ai_flags = AI_NUMERICSERV;
    failed = getaddrinfo(t->host, t->port, &want, &list);
    if (failed) {
        otel_http_fail_(http, "%s", gai_strerror(failed));
        http->refused_ = failed == EAI_NONAME;
        if (failed == EAI_AGAIN) http->remedy_ = "names are not resolved on this machine at present: see its DNS; in a chroot, its /etc/resolv.conf and /etc/hosts";
        return -1;
    }
    for (a = list; a; a = a->ai_next) left++;
    for (a = list; a && fd < 0; a = a->ai_next, left--) {
        uint32_t ms = otel_http_left_(http, deadline);
        if (ms == 0) {
            otel_http_fail_(http, "time is up");
            break;
        }
        fd = otel_http_open_(http, a, otel_posix_ms_() + ms / left + (ms / left == 0));
    }
    freeaddrinfo(list);
    return fd;
}

/* A request on its way out: piece 0 is the head. */
typedef struct otel_http_out_t_ {
    otel_piece_t whole;
    const otel_piece_t *parts;
    const char *head;
    size_t head_len, count, piece, offset;
} otel_http_out_t_;

OTEL_FN_ void otel_http_out_(otel_http_out_t_ *o, const char *head, size_t head_len, const otel_request_t *r)
{
    o->head = head;
    o->head_len = head_len;
    o->parts = r->parts;
    o->count = r->parts_len;
    o->piece = o->offset = 0;
    if (r->body || !r->parts) {
        o->whole.bytes = r->body;
        o->whole.len = r->body ? r->len : 0;
        o->parts = &o->whole;
        o->count = 1;
    }
}

OTEL_FN_ size_t otel_http_piece_(const otel_http_out_t_ *o, size_t i) { return i ? o->parts[i - 1u].len : o->head_len; }

/* Send what is left of it. 1: all is out; 0: the other side speaks before that; -1: the connection broke, or no time. */
OTEL_FN_ int otel_http_put_(otel_http_t *http, int fd, otel_http_out_t_ *o, uint32_t deadline)
{
    while (o->piece <= o->count) {
        struct iovec v[16];
        struct msghdr m;
        size_t i, n = 0, skip = o->offset;
        ssize_t sent;
        for (i = o->piece; i <= o->count && n < 16; i++) {
            const char *bytes = i ? (const char *)o->parts[i - 1].bytes : o->head;
            size_t len = otel_http_piece_(o, i);
            if (len > skip) {
                v[n].iov_base = (void *)(uintptr_t)(bytes + skip);
                v[n++].iov_len = len - skip;
            }
            skip = 0;
        }
        if (n == 0) return 1;
        memset(&m, 0, sizeof m);
        m.msg_iov = v;
        m.msg_iovlen = n;
#ifdef MSG_NOSIGNAL
        sent = (sendmsg)(fd, &m, MSG_NOSIGNAL);
#else
        sent = (sendmsg)(fd, &m, 0);
#endif
        if (sent < 0) {
            int events;
            if (errno == EINTR) continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) {
                otel_http_fail_(http, "%s", strerror(errno));
                return -1;
            }
            events = otel_http_wait_(http, fd, POLLIN | POLLOUT, deadline);
            if (events == 0) return -1;
            if (!(events & POLLOUT)) return 0;
            continue;
        }
        o->offset += (size_t)sent;
        for (; o->piece <= o->count && o->offset >= otel_http_piece_(o, o->piece); o->piece++) o->offset -= otel_http_piece_(o, o->piece);
    }
    return 1;
}
OTEL_C_END_
#endif

/* ---- answer.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A reply on its way in, perhaps while the request is still on its way out. */
typedef struct otel_http_reply_t_ {
    otel_http_t *http;
    otel_http_out_t_ *out;        /* the request; NULL: it is out */
    int fd;
    int put;                      /* what otel_http_put_ said of it */
    uint32_t deadline;
    size_t at, end;               /* of `in` */
    size_t head;                  /* bytes of lines so far */
    bool seen, ended;             /* a byte came; the other side closed */
    bool silent;                  /* it reset or closed before a byte came */
    bool cut;                     /* some of the body is missing */
    bool keep, chunked, sized, proto, html;
    bool coded;                   /* the last header was Transfer-Encoding */
    uint64_t length;              /* of the body, when sized */
    uint64_t taken;
    int status;
    size_t kept;
    char line[256];
    char retry_after[64];
    char location[100];           /* where a redirect points */
    uint8_t in[4096];
    uint8_t *body;                /* room for what is kept */
    size_t room;
} otel_http_reply_t_;

/* More bytes: true when there are some. */
OTEL_FN_ bool otel_http_fill_(otel_http_reply_t_ *r)
{
    for (;;) {
        ssize_t n = (recv)(r->fd, r->in, sizeof r->in, 0);
        if (n > 0) {
            r->at = 0;
            r->end = (size_t)n;
            r->seen = true;
            return true;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) r->silent = !r->seen;
        if (n == 0) {
            otel_http_fail_(r->http, r->seen ? "the connection ended in the middle of the answer" : "the connection was closed without an answer");
            r->ended = true;
            return false;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            otel_http_fail_(r->http, "%s", strerror(errno));
            return false;
        }
        if (!otel_http_wait_(r->http, r->fd, POLLIN, r->deadline)) return false;
    }
}

/* Is this the frame that a server of HTTP/2 begins with? length:24 type:8 = SETTINGS (4) flags:8 stream:32 = 0; RFC 9113. */
OTEL_FN_ bool otel_http_settings_(const char *line) { return line[3] == 4 && memcmp(line + 5, "\0\0\0", 4) == 0; }

/* A line without its end; what is longer than `line` is cut. False: no more, or more than 64 KiB of them, and what chunks need. */
OTEL_FN_ bool otel_http_line_(otel_http_reply_t_ *r)
{
    size_t n = 0;
    for (;;) {
        char c;
        if (r->at == r->end && !otel_http_fill_(r)) return false;
        c = (char)r->in[r->at++];
        if (++r->head > 65536u + 8u * r->taken) {     /* chunks of one byte have lines of five */
            otel_http_fail_(r->http, "the head of the answer does not end");
            return false;
        }
        if (c == '\n') break;
        if (n < sizeof r->line - 1) r->line[n++] = c;
        if (r->head == 2 && n == 2 && (r->line[0] == 0x15 || r->line[0] == 0x16) && r->line[1] == 3) {       /* an alert or a handshake; RFC 8446 */
            r->http->tls_ = true;
            otel_http_fail_(r->http, "this port speaks TLS");
            return false;
        }
        if (r->head == 9 && n == 9 && otel_http_settings_(r->line)) {
            r->http->grpc_ = true;
            otel_http_fail_(r->http, "this port speaks gRPC (HTTP/2)");
            return false;
        }
    }
    if (n && r->line[n - 1] == '\r') n--;
    r->line[n] = 0;
    if (memchr(r->line, 0, n)) {
        otel_http_fail_(r->http, "the answer is no HTTP: a line of it has a NUL");
        return false;
    }
    return true;
}

/* Take `want` bytes of the body, or all until the end with UINT64_MAX. 1: done; 0: enough was read, the rest is not worth it;
   -1: they did not come. */
OTEL_FN_ int otel_http_take_(otel_http_reply_t_ *r, uint64_t want)
{
    while (want) {
        size_t n, keep;
        if (r->taken >= OTEL_HTTP_REPLY_MAX_) return 0;
        if (r->at == r->end && !otel_http_fill_(r)) return want == UINT64_MAX && r->ended ? 1 : -1;
        n = r->end - r->at;
        if (want != UINT64_MAX && n > want) n = (size_t)want;
        keep = r->room - r->kept < n ? r->room - r->kept : n;
        if (keep) memcpy(r->body + r->kept, r->in + r->at, keep);
        r->kept += keep;
        r->at += n;
        r->taken += n;
        if (want != UINT64_MAX) want -= n;
    }
    return 1;
}

OTEL_FN_ int otel_http_chunks_(otel_http_reply_t_ *r)
{
    for (;;) {
        uint64_t size = 0;
        unsigned i = 0;
        int got;
        if (!otel_http_line_(r)) return -1;
        for (; otel_posix_hex_(r->line[i]) >= 0 && !(size >> 56); i++) size = size << 4 | (unsigned)otel_posix_hex_(r->line[i]);
        if (i == 0 || size >> 56 || i == sizeof r->line - 1 || (r->line[i] && r->line[i] != ';' && r->line[i] != ' ' && r->line[i] != '\t')) {
            otel_http_fail_(r->http, "the answer is no HTTP: a chunk without a length");
            return -1;
        }
        if (size == 0) break;
        got = otel_http_take_(r, size);
        if (got <= 0) return got;
        if (!otel_http_line_(r) || r->line[0]) return -1;
    }
    do {                                          /* trailers */
        if (!otel_http_line_(r)) return -1;
    } while (r->line[0]);
    return 1;
}

/* Is `chunked` the last coding? That of a line which goes on in the next one is there. */
OTEL_FN_ void otel_http_coding_(otel_http_reply_t_ *r, const char *value, size_t len)
{
    r->coded = true;
    r->chunked = len >= 7 && otel_posix_word_(value + len - 7, 7, "chunked");
    if (!r->chunked) r->keep = false;
}

OTEL_FN_ bool otel_http_header_(otel_http_reply_t_ *r)
{
    char *colon = strchr(r->line, ':');
    const char *value = r->line;
    size_t n, len = strlen(value), i;
    if (*value == ' ' || *value == '\t') {        /* the last header goes on; RFC 9112, "Obsolete Line Folding" */
        otel_posix_trim_(&value, &len);
        if (r->coded && len) otel_http_coding_(r, value, len);
        return true;
    }
    r->coded = false;
    if (!colon) return true;
    n = (size_t)(colon - r->line);
    value = colon + 1;
    len = strlen(value);
    otel_posix_trim_(&value, &len);
    if (otel_posix_word_(r->line, n, "content-length")) {
        uint64_t length = 0;
        for (i = 0; i < len; i++) {
            if (value[i] < '0' || value[i] > '9' || i > 17) return false;
            length = length * 10u + (unsigned)(value[i] - '0');
        }
        if (len == 0 || (r->sized && r->length != length)) return false;
        r->sized = true;
        r->length = length;
    } else if (otel_posix_word_(r->line, n, "transfer-encoding")) {
        otel_http_coding_(r, value, len);
    } else if (otel_posix_word_(r->line, n, "connection")) {
        if (otel_posix_word_(value, len, "close")) r->keep = false;
        if (otel_posix_word_(value, len, "keep-alive")) r->keep = true;
    } else if (otel_posix_word_(r->line, n, "retry-after") && len < sizeof r->retry_after) {
        memcpy(r->retry_after, value, len);
        r->retry_after[len] = 0;
    } else if (otel_posix_word_(r->line, n, "location")) {
        (void)snprintf(r->location, sizeof r->location, "%.*s", (int)len, value);
    } else if (otel_posix_word_(r->line, n, "content-type")) {
        r->proto = len >= 22 && otel_posix_word_(value, 22, "application/x-protobuf");
        r->html = len >= 9 && otel_posix_word_(value, 9, "text/html");
    }
    return true;
}

/* Read a reply to its end: the status, or -1. A status whose head is whole counts, also when its body does not come: to send again
   what a receiver has taken, or refused, helps nobody. */
OTEL_FN_ int otel_http_get_(otel_http_reply_t_ *r)
{
    int got = 1;
    do {                                          /* interim replies come first, also before the whole request is out */
        const char *p = r->line;
        if (r->out && r->put >= 0) r->put = otel_http_put_(r->http, r->fd, r->out, r->deadline);
        if (r->put < 0 && otel_http_left_(r->http, r->deadline) == 0) return -1;
        if (!otel_http_line_(r)) return -1;       /* also after a break: the reason may have been said before it */
        if (strncmp(p, "HTTP/1.", 7) != 0 || (p[7] != '0' && p[7] != '1') || p[8] != ' ' || p[9] < '1' || p[9] > '5' || p[10] < '0' || p[10] > '9' ||
            p[11] < '0' || p[11] > '9' || (p[12] != 0 && p[12] != ' ')) {
            otel_http_fail_(r->http, "the answer is no HTTP/1.1 (gRPC listens on port 4317, OTLP over HTTP on 4318)");
            return -1;
        }
        r->status = (p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0');
        r->keep = p[7] == '1';
        r->sized = r->chunked = r->coded = false;
        r->proto = true;
        r->html = false;
        r->length = 0;
        r->retry_after[0] = r->location[0] = 0;
        do {
            if (!otel_http_line_(r)) return -1;
            if (r->line[0] && !otel_http_header_(r)) {
                otel_http_fail_(r->http, "the answer is no HTTP: its length makes no sense");
                return -1;
            }
        } while (r->line[0]);
    } while (r->status < 200 && r->status != 101);
    if (r->status == 101) {
        otel_http_fail_(r->http, "the receiver wants another protocol");
        return -1;
    }
    if (r->status != 204 && r->status != 304) {
        if (r->chunked) got = otel_http_chunks_(r);
        else if (r->sized) got = otel_http_take_(r, r->length);
        else got = otel_http_take_(r, UINT64_MAX);
        if ((!r->chunked && !r->sized) || (r->chunked && r->sized) || got <= 0) r->keep = false;
    }
    r->cut = got < 0;
    if (r->at != r->end) r->keep = false;         /* something follows that nobody asked for */
    return r->status;
}
OTEL_C_END_
#endif

/* ---- post.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* The end of the head: what changes from request to request. 0: the sentence stands in error_. */
OTEL_FN_ size_t otel_http_head_(otel_http_t *http, otel_http_target_t_ *t, size_t len, bool squeezed)
{
    const char *token = http->authorization_ ? (http->authorization_)(http->authorization_user_) : NULL, *p;
    size_t room = sizeof t->head - t->head_len;
    int n;
    for (p = token; p && *p; p++) {
        if (((unsigned char)*p < ' ' && *p != '\t') || (unsigned char)*p == 127) {
            otel_http_fail_(http, "what .authorization gives has a line break or another control character in it");
            return 0;
        }
    }
    n = snprintf(t->head + t->head_len, room, "%s%s%s%sContent-Length: %lu\r\n\r\n", token ? "Authorization: " : "", token ? token : "", token ? "\r\n" : "", squeezed ? "Content-Encoding: gzip\r\n" : "",
                 (unsigned long)len);
    if (n < 0 || (size_t)n >= room) {
        otel_http_fail_(http, "path, headers and what .authorization gives take more than %u bytes: shorten them", OTEL_HTTP_HEAD_);
        return 0;
    }
    return t->head_len + (size_t)n;
}

/* A port that speaks gRPC, as it says or as its number and its silence do: the remedy behind the sentence that is there. */
OTEL_FN_ void otel_http_grpc_(otel_http_t *http, const otel_http_target_t_ *t, bool silent)
{
    const size_t n = strlen(http->error_);
    const bool usual = silent && !http->refused_ && strcmp(t->port, "4317") == 0;
    if (!usual && !http->grpc_) return;
    (void)snprintf(http->error_ + n, sizeof http->error_ - n, "%s, not OTLP over HTTP; that is usually port 4318", http->grpc_ ? "" : "; port 4317 usually speaks gRPC (HTTP/2)");
    http->grpc_ = true;
}

/* Servers that want TLS say so in clear text to who does not: Go's and nginx's with the name of the scheme. */
OTEL_FN_ bool otel_http_says_https_(const otel_http_reply_t_ *reply)
{
    size_t i;
    for (i = 0; i + 5 <= reply->kept; i++) {
        if (memcmp(reply->body + i, "HTTPS", 5) == 0) return true;
    }
    return false;
}

/* What went well, or not, in words. */
OTEL_FN_ void otel_http_tell_(otel_http_t *http, const otel_http_reply_t_ *reply, int status, uint32_t items)
{
    otel_reply_t said;
    memset(&said, 0, sizeof said);
    http->error_[0] = 0;
    if (reply->proto) (void)otel_reply_read_(&said, reply->body, reply->kept, items);
    if (status >= 200 && status < 300) {
        if (reply->html) {
            otel_http_fail_(http, "the answer to %lu records is a page of HTML: that is no receiver of OTLP", (unsigned long)items);
            http->remedy_ = OTEL_HTTP_ELSEWHERE_;
        }
        if (said.rejected || said.message_len) otel_http_fail_(http, "the receiver took the request, but not %lu of its %lu records: %.*s", (unsigned long)said.rejected, (unsigned long)items, (int)said.message_len, said.message_len ? said.message : "");
        return;
    }
    http->tls_ = status < 400 ? otel_posix_word_(reply->location, 8, "https://") : status == 400 && otel_http_says_https_(reply);
    if (status < 400 && reply->location[0]) otel_http_fail_(http, "HTTP status %d, which points to %s: redirects are not followed", status, reply->location);
    else otel_http_fail_(http, "HTTP status %d%s%.*s", status, said.message_len ? ": " : "", (int)said.message_len, said.message_len ? said.message : "");
}

/* A connection that was kept, if it is still good: nobody closed it, and nobody talks out of turn. */
OTEL_FN_ bool otel_http_kept_(int *fd)
{
    struct pollfd p;
    if (*fd < 0) return false;
    p.fd = *fd;
    p.events = POLLIN;
    p.revents = 0;
    if ((poll)(&p, 1, 0) <= 0) return true;
    otel_http_drop_(fd);
    return false;
}

/* Send a request and read its answer; a connection that was kept may have died unseen: then once more on a new one. */
OTEL_FN_ int otel_http_exchange_(otel_http_t *http, otel_http_target_t_ *t, otel_http_reply_t_ *reply, size_t head, const otel_request_t *request, uint32_t deadline)
{
    int *fd = &http->target_[t->line].fd, status = -1;
    otel_http_out_t_ out;
    unsigned again;
    for (again = 0; again < 2; again++) {
        bool kept = otel_http_kept_(fd);
        if (*fd < 0) *fd = otel_http_connect_(http, t, deadline);
        if (*fd < 0) return -1;
        memset(reply, 0, offsetof(otel_http_reply_t_, line));
        reply->http = http;
        reply->fd = *fd;
        reply->deadline = deadline;
        otel_http_out_(&out, t->head, head, request);
        reply->out = &out;
        status = otel_http_get_(reply);
        if (status < 0 || reply->put <= 0 || !reply->keep) otel_http_drop_(fd);
        if (status >= 0 || !kept || reply->seen || otel_http_left_(http, deadline) == 0) break;
    }
    return status;
}

OTEL_API_ int otel_http_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_http_t *http = (otel_http_t *)user;
    otel_http_target_t_ *t;
    otel_http_reply_t_ reply;
    uint8_t body[OTEL_HTTP_KEEP_];
    otel_request_t squeezed;
    uint32_t deadline, most;
    size_t head;
    int status;
    if (!http || !request || !http->ready_ || request->signal >= OTEL_SIGNALS) return -1;
    t = &http->target_[request->signal];
    http->error_[0] = 0;
    http->refused_ = http->grpc_ = http->tls_ = false;
    http->remedy_ = NULL;
    if (!t->set) {
        otel_http_fail_(http, "no endpoint for %s", request->path);
        return 404;
    }
    most = t->timeout_ms ? t->timeout_ms : request->timeout_ms ? request->timeout_ms : 10000u;
    deadline = otel_posix_until_(most);
    squeezed = *request;
    if (http->compress_ && !http->plain_[request->signal] && (http->compress_)(http->compress_user_, request, &squeezed.body, &squeezed.len)) squeezed.parts = NULL;
    else squeezed = *request;
    head = otel_http_head_(http, t, squeezed.len, squeezed.parts != request->parts || squeezed.body != request->body);
    if (head == 0) return -1;
    reply.body = body;
    reply.room = sizeof body;
    reply.silent = false;
    status = otel_http_exchange_(http, t, &reply, head, &squeezed, deadline);
    if (status < 0) {
        if (most < 1000u && otel_posix_left_(deadline) == 0) http->remedy_ = "a request has less than a second: raise .timeout_ms (OTEL_EXPORTER_OTLP_TIMEOUT, in milliseconds)";
        otel_http_grpc_(http, t, reply.silent);
        if (reply.silent && !http->remedy_ && !http->grpc_) http->remedy_ = "see whether the receiver is well, and whether it speaks OTLP over HTTP there, without TLS and not gRPC";
        return status;
    }
    if (http->exporter_ && (reply.kept || reply.retry_after[0])) {
        otel_export_reply(http->exporter_, reply.proto && reply.kept ? reply.body : NULL, reply.proto ? reply.kept : 0, reply.retry_after[0] ? reply.retry_after : NULL);
    }
    otel_http_tell_(http, &reply, status, request->items);
    return status;
}
OTEL_C_END_
#endif

/* ---- file.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Behind an error nothing follows: a line is whole, or torn at one place. */
OTEL_FN_ void otel_file_line_(void *file, const char *text, size_t len)
{
    if (!ferror((FILE *)file)) (void)fwrite(text, 1, len, (FILE *)file);
}

/* The stream's own mark says that the last line is torn, until the next try. */
OTEL_API_ int otel_file_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    FILE *file = user ? (FILE *)user : stdout;
    bool good;
    flockfile(file);
    if (ferror(file)) {
        clearerr(file);
        otel_file_line_(file, "\n", 1);
    }
    good = otel_json_write(request, otel_file_line_, file);
    if (good) otel_file_line_(file, "\n", 1);
    if (fflush(file) || ferror(file)) good = false;
    funlockfile(file);
    return good ? 200 : -1;
}
OTEL_C_END_
#endif

/* ---- fast_clock.h ---------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* 64 bits in one piece, and products of 128 */
#if defined(__SIZEOF_INT128__) && (defined(__x86_64__) || defined(__aarch64__))
#define OTEL_FAST_ 1
#else
#define OTEL_FAST_ 0
#endif
#define OTEL_FAST_LIMIT_NS_ 1500000000u
#define OTEL_FAST_WIDE_NS_ 2000u              /* a look that took longer says too little */
#define OTEL_FAST_BEND_ 2e-4                  /* as much as the rate is bent to come back to the slow clock */

OTEL_API_ bool otel_fast_clock_trusts(void)
{ OTEL_CALLED_
#if OTEL_FAST_ && defined(__x86_64__)
    unsigned a = 0x80000000u, b, c = 0, d;
    char source[16] = "";
    FILE *file;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < 0x80000007u) return false;
    a = 0x80000007u;
    c = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(d >> 8 & 1u)) return false;             /* invariant: one rate in all states, none in which it stands */
    file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
    if (!file) return true;                       /* a system that does not say */
    if (!fgets(source, (int)sizeof source, file)) source[0] = 0;
    (void)fclose(file);
    return strcmp(source, "tsc\n") == 0;
#else
    return OTEL_FAST_ != 0;
#endif
}

OTEL_FN_ uint64_t otel_fast_slow_(const otel_fast_clock_t *c) { return c->slow ? (c->slow)(c->user) : otel_posix_ns_(CLOCK_MONOTONIC); }

#if OTEL_FAST_
OTEL_FN_ uint64_t otel_fast_ticks_(const otel_fast_clock_t *c)
{
    if (c->counter) return (c->counter)(c->user);
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    {
        uint64_t ticks;
        __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
    }
#endif
}

OTEL_FN_ uint64_t otel_fast_ns_(uint64_t ticks, uint64_t rate) { return __extension__ (uint64_t)(((unsigned __int128)ticks * rate) >> 32); }

/* Beyond the line's end. Where both clocks are near each other, nothing goes back; where the counter has jumped, the slow one is right. */
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_fast_beyond_(const otel_fast_clock_t *c, const otel_fast_line_t_ *line, uint64_t past);
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_fast_beyond_(const otel_fast_clock_t *c, const otel_fast_line_t_ *line, uint64_t past)
{ OTEL_CALLED_
    uint64_t now = otel_fast_slow_(c), end = line->ns + otel_fast_ns_(line->limit, line->rate);
    if (line->limit && past > (uint64_t)0 - line->limit) end = line->ns;       /* read a moment before the line began */
    else if (line->limit && end > now && end - now > 1000000u) return now;
    return now > end ? now : end;
}

OTEL_API_ uint64_t otel_fast_clock(void *clock)
{ OTEL_CALLED_
    const otel_fast_clock_t *c = (const otel_fast_clock_t *)clock;
    for (;;) {                                    /* who sees a piece of the next line but one sees that the turn has moved on */
        uint32_t turn = OTEL_LOAD_ACQUIRE_(&c->turn_);
        const otel_fast_line_t_ *at = &c->line_[turn & 1u];
        otel_fast_line_t_ line;
        uint64_t past;
        line.ticks = OTEL_LOAD_ACQUIRE_(&at->ticks);
        line.ns = OTEL_LOAD_ACQUIRE_(&at->ns);
        line.rate = OTEL_LOAD_ACQUIRE_(&at->rate);
        line.limit = OTEL_LOAD_ACQUIRE_(&at->limit);
        past = otel_fast_ticks_(c) - line.ticks;
        if (OTEL_UNLIKELY_(OTEL_LOAD_(&c->turn_) != turn)) continue;
        if (OTEL_UNLIKELY_(past >= line.limit)) return otel_fast_beyond_(c, &line, past);
        return line.ns + otel_fast_ns_(past, line.rate);
    }
}

/* The next line begins where the last one is now. Made anew when it took so long that threads may be far along the old one. */
OTEL_FN_ void otel_fast_turn_(otel_fast_clock_t *c, uint64_t rate, uint64_t limit)
{
    const otel_fast_line_t_ *old = &c->line_[c->turn_ & 1u];
    otel_fast_line_t_ *line = &c->line_[(c->turn_ + 1u) & 1u];
    unsigned tries = 10;
    do {
        uint64_t ticks = otel_fast_ticks_(c), past = ticks - old->ticks;
        OTEL_STORE_RELEASE_(&line->ticks, ticks);
        OTEL_STORE_RELEASE_(&line->ns, past < old->limit ? old->ns + otel_fast_ns_(past, old->rate) : otel_fast_beyond_(c, old, past));
        OTEL_STORE_RELEASE_(&line->rate, rate);
        OTEL_STORE_RELEASE_(&line->limit, limit);
    } while (--tries && otel_fast_ns_(otel_fast_ticks_(c) - line->ticks, rate) > 1000u);
    OTEL_STORE_RELEASE_(&c->turn_, c->turn_ + 1u);
}

/* Both clocks at the same moment: the narrowest of five looks; how far it may be off, ns. */
OTEL_FN_ uint64_t otel_fast_look_(const otel_fast_clock_t *c, uint64_t *ticks, uint64_t *ns)
{
    uint64_t width = UINT64_MAX;
    unsigned i;
    for (i = 0; i < 5; i++) {
        uint64_t before = otel_fast_slow_(c), at = otel_fast_ticks_(c);
        uint64_t after = otel_fast_slow_(c);
        if (after - before >= width) continue;
        width = after - before;
        *ticks = at;
        *ns = before + width / 2u;
    }
    return width;
}

/* Not, or no longer: the slow clock answers, and the looks begin anew. */
OTEL_FN_ bool otel_fast_leave_(otel_fast_clock_t *c, uint64_t ticks, uint64_t ns)
{
    if (c->line_[c->turn_ & 1u].limit) {
        otel_fast_turn_(c, 0, 0);
        if (c->falls_ < 6) c->falls_++;
    }
    c->ticks_ = ticks;
    c->ns_ = ns;
    c->looks_ = 1;
    return false;
}

OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *c)
{ OTEL_CALLED_
    const otel_fast_line_t_ *line = &c->line_[c->turn_ & 1u];
    uint64_t ticks = 0, ns = 0, took, turned;
    double rate, error = 0, bend;
    bool near;
    if (!c->trust_) c->trust_ = c->counter || otel_fast_clock_trusts() ? 1 : 2;
    if (c->trust_ == 2) return false;
    if (otel_fast_look_(c, &ticks, &ns) > OTEL_FAST_WIDE_NS_ && ++c->wide_ < 10) return line->limit != 0;
    c->wide_ = 0;
    took = ns - c->ns_;
    turned = ticks - c->ticks_;
    if (!c->looks_) return otel_fast_leave_(c, ticks, ns);
    if (turned == 0 || turned >> 62 || took > 3600000000000u) return otel_fast_leave_(c, ticks, ns);
    if (took < 5000000u) return line->limit != 0;         /* too near to say anything */
    rate = (double)took / (double)turned * 4294967296.0;
    near = c->looks_ < 2 || (rate < (double)c->rate_ * 1.0002 && rate > (double)c->rate_ * 0.9998);
    if (!near || rate < 1.0 || rate > 1e15) return otel_fast_leave_(c, ticks, ns);
    if (ticks - line->ticks < line->limit) error = (double)(int64_t)(ns - line->ns - otel_fast_ns_(ticks - line->ticks, line->rate));
    if (error > 1e6 || error < -1e6) return otel_fast_leave_(c, ticks, ns);
    c->ticks_ = ticks;
    c->ns_ = ns;
    c->rate_ = (uint64_t)rate;
    if (c->looks_ < 3u << c->falls_) c->looks_++;
    if (c->looks_ < 3u << c->falls_) return false;
    bend = error / (double)(took < 250000000u ? 250000000u : took);
    bend = bend > OTEL_FAST_BEND_ ? OTEL_FAST_BEND_ : bend < -OTEL_FAST_BEND_ ? -OTEL_FAST_BEND_ : bend;
    otel_fast_turn_(c, (uint64_t)(rate * (1.0 + bend)), (uint64_t)((double)OTEL_FAST_LIMIT_NS_ / rate * 4294967296.0));
    return true;
}
#else
OTEL_API_ uint64_t otel_fast_clock(void *clock)
{ OTEL_CALLED_
    return otel_fast_slow_((const otel_fast_clock_t *)clock);
}

OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *c) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)c; return false) }
#endif
OTEL_C_END_
#endif

/* ---- state.h --------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* What goes to a terminal, in pieces, until it is written as one. */
typedef struct otel_posix_lines_t_ {
    FILE *file;
    size_t n;
    char text[4096];
} otel_posix_lines_t_;

#define OTEL_POSIX_PROPAGATORS_ 4u         /* that have a name in the environment */

/* All of the port's state; mapped at the first start and never freed. */
typedef struct otel_posix_state_t_ {
    otel_t otel;
    otel_exporter_t exporter;
    otel_http_t http;
    otel_console_t console;
    FILE *terminal;
    bool shows;                               /* the console is in use */
    otel_posix_lines_t_ lines;                /* what it shows, before it is written */
    uint64_t console_memory[32768];           /* not touched, so not there, before that */
    char sampled[48];                         /* who samples spans, in words */
    otel_sampler_t root;
    struct otel_posix_remote_t_ *remote;      /* of a sampler that asks a server: */
    void (*ask)(struct otel_posix_state_t_ *s, unsigned when);        /* OTEL_ASK_.. */
    int (*send)(void *user, const otel_request_t *request);
    void *user;
    const char *(*explain)(void *user);       /* of `send` */
    uint8_t to[OTEL_SIGNALS];                 /* OTEL_TO_.. of each signal */
    otel_level_t level;                       /* OTEL_LOG_LEVEL */
    void (*say)(void *user, const otel_diag_t *what);
    void *say_user;
    const char *(*setting)(void *user, const char *name);
    void *setting_user;
    bool disabled;
    otel_leak_t open[64];                     /* from OTEL_LOG_LEVEL=debug on: spans that are open */
    otel_leaks_t leaks;
    otel_processor_t leak_watch;
    const otel_processor_t *processors[18];   /* that watch, 15 of the program, the limits */
    otel_span_settings_t settings;
    otel_limits_t span_limits;                /* of the environment, */
    otel_log_limits_t log_limits;
    otel_processor_t limit_spans;             /* and what keeps them */
    otel_log_processor_t limit_logs;
    const otel_log_processor_t *log_processors[18];
    otel_log_settings_t log_settings;
    otel_propagator_t propagator_of[OTEL_POSIX_PROPAGATORS_], propagator;      /* OTEL_PROPAGATORS */
    const otel_propagator_t *propagators[OTEL_POSIX_PROPAGATORS_ + 1u];
#if OTEL_METRICS
    otel_metric_settings_t metrics;           /* what the environment wants of metrics; */
    otel_reading_t powers;
    const otel_reading_t *readings[1];
    otel_temporality_t temporality;
    uint64_t metric_memory[262144], delta_memory[131072];     /* not touched before that */
#endif
    otel_watch_t watch;
    uint32_t exit_ms;

    pthread_mutex_t mutex;
    pthread_mutex_t life;                     /* an instance begins, its counts are asked for, or a thread that ends gives its shard back */
    pthread_cond_t wake, back;                /* to the thread, and from it */
    pthread_key_t key;
    pthread_t thread;
    uint8_t running;                          /* 0, 1 running, 2 stopping, 3 the thread did not come back in time */
    bool up;                                  /* there is a thread */
    bool forked;                              /* this process began as a fork of another that had started */
    uint8_t stop;
    bool finished;
    uint32_t asked, flushed;                  /* flushes: the last one asked for, the last one done */
    uint32_t flush_until, stop_until;         /* ms */
    otel_result_t flush_result, stop_result;

    otel_posix_closer_t *closers;
    uint8_t closing;                          /* they run */
    pthread_t closer;                         /* on this thread */
    uint32_t begun, ended;                    /* stops */
    int caught;                               /* atomic: the signal of otel_posix_stop_on that came; -1: nobody looks for one */
    void (*handler)(int signal_number);       /* who catches it */
    uint32_t request_ms, timeout_ms;          /* what a request may take, and the longest of all signals */
    otel_crash_t *crash;
    bool hopeless[OTEL_SIGNALS];              /* nobody listens there */
    uint32_t beat_ms, arrived_ms;             /* the thread's last round; when something arrived last */

    uint32_t sends;
    int status;
    bool failing, failed;                     /* now, and said so: */
    int said_status;                          /* with this answer, at */
    uint32_t said_ms, partial_ms;             /* this time; a partial success */
    FILE *dump;                               /* otel_posix_dump waits */
    otel_fast_clock_t fast;                   /* of .fast_clock: */
    bool fast_wanted, fast_now;
    uint32_t anchored_ms;
    uint64_t offset;                          /* of the wall clock, ns */
    uint32_t synced_ms;
    otel_count_t told;                        /* records whose loss was told, and when */
    uint32_t told_ms;
    void *pool;
    size_t pool_size;
    otel_detector_t detect;                   /* and what stood there before it was asked: */
    size_t given_len;
    char *given_text;
    bool named;                               /* the program or the environment gives the service its name */
    size_t attributes_len;
    otel_attr_t attributes[128];
    otel_posix_text_t_ text;
    char texts[32768];
    uint8_t packet[1048576];
} otel_posix_state_t_;

#define OTEL_ASK_NOW_ 0u
#define OTEL_ASK_IN_CHILD_ 1u
#define OTEL_ASK_NO_MORE_ 2u      /* does not wait */
#define OTEL_ASK_GONE_ 3u         /* waits a little; not under the mutex */
#define OTEL_TO_HTTP_ 1u
#define OTEL_TO_CONSOLE_ 2u
#define OTEL_TO_NONE_ 4u          /* said so: taken and forgotten */

extern OTEL_VAR_ struct otel_posix_state_t_ *otel_posix_v0_;
extern OTEL_VAR_ OTEL_THREAD_LOCAL_ uint8_t otel_posix_known_v0_;
OTEL_VAR_ struct otel_posix_state_t_ *otel_posix_v0_ = NULL;
OTEL_VAR_ OTEL_THREAD_LOCAL_ uint8_t otel_posix_known_v0_;        /* this thread gives its shard back when it ends */
OTEL_C_END_
#endif

/* ---- say.h ----------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Say something: to the program's callback, or in one line on stderr. `remedy` is a sentence that goes behind it, "" for none. */
OTEL_API_ void otel_posix_tell_(const otel_posix_state_t_ *s, const otel_diag_t *what);
OTEL_API_ void otel_posix_tell_(const otel_posix_state_t_ *s, const otel_diag_t *what)
{ OTEL_CALLED_
    if (s->say) {
        (s->say)(s->say_user, what);
    } else if (what->level <= s->level) {
        (void)fprintf(stderr, "otel: %s%s%s%s%s%s\n", what->text, what->name ? " (" : "", what->name ? what->name : "", what->name ? ")" : "", *what->remedy ? "; " : "", what->remedy);
    }
}

/* Whether anybody hears what is said at this level: the callback hears all that matters, whatever the environment says. */
OTEL_FN_ bool otel_posix_hears_(const otel_posix_state_t_ *s, otel_level_t level) { return level <= s->level || (s->say && level <= OTEL_LEVEL_INFO); }

OTEL_API_ OTEL_PRINTF_(4, 5) void otel_posix_say_(const otel_posix_state_t_ *s, const otel_diag_t *about, const char *remedy, const char *format, ...);
OTEL_API_ void otel_posix_say_(const otel_posix_state_t_ *s, const otel_diag_t *about, const char *remedy, const char *format, ...)
{ OTEL_CALLED_
    char line[512];
    otel_diag_t what = *about;
    va_list a;
    if (!otel_posix_hears_(s, what.level)) return;
    va_start(a, format);
    (void)vsnprintf(line, sizeof line, format, a);
    va_end(a);
    what.text = line;
    what.remedy = remedy;
    otel_posix_tell_(s, &what);
}

/* What such a sentence is about. */
OTEL_FN_ otel_diag_t otel_posix_about_(otel_diag_code_t code, otel_level_t level)
{
    otel_diag_t what;
    memset((void *)&what, 0, sizeof what);
    what.code = code;
    what.level = level;
    return what;
}

/* A setting that makes no sense. */
#define OTEL_POSIX_IGNORED_(s, remedy, ...) \
    do { \
        const otel_diag_t about_ = otel_posix_about_(OTEL_DIAG_SETTING, OTEL_LEVEL_WARN); \
        otel_posix_say_((s), &about_, (remedy), __VA_ARGS__); \
    } while (0)

/* A watch's `say`. */
OTEL_FN_ void otel_posix_heard_(void *state, const otel_diag_t *what) { otel_posix_tell_((const otel_posix_state_t_ *)state, what); }

/* What to do about a request that was not taken. */
OTEL_FN_ const char *otel_posix_remedy_(const otel_posix_state_t_ *s, otel_signal_t signal, int status)
{
    static const char *const whole[OTEL_SIGNALS] = { "write the whole path, /v1/traces, into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318",
        "write the whole path, /v1/metrics, into OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318",
        "write the whole path, /v1/logs, into OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: nothing is added to it; OTLP over HTTP listens on port 4318" };
    if (s->send) return "see what it returned";
    if (s->http.tls_) return "no TLS in this port: send to a Collector on this machine (http://localhost:4318), or to there through ports/otel_curl.h, as .send";
    if (status < 0 && s->http.remedy_) return s->http.remedy_;
    if (status < 0 && s->http.grpc_) return "correct the endpoint (.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)";
    if (status < 0) return s->http.refused_ ? "start a receiver there, or correct the endpoint (.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)" : "see whether the receiver is well, and the way to it";
    if (status == 400) return "see the receiver's log: it cannot read what was sent";
    if (status == 401 || status == 403) return "give the key: .headers, or OTEL_EXPORTER_OTLP_HEADERS=name=value";
    if ((status == 404 || status == 405) && s->http.target_[signal].whole) return whole[signal];
    if (status == 404 || status == 405) return OTEL_HTTP_ELSEWHERE_;
    if (status == 413) return "it is sent again in halves; raise the largest request that the receiver takes";
    if (status < 400) return "make what it points to the endpoint";
    return "see the receiver's log";
}

/* What to do about a loss here, where a thread polls and the time is known. */
OTEL_FN_ const char *otel_posix_loss_(const otel_posix_state_t_ *s, otel_drop_t reason)
{
    if (reason == OTEL_DROP_FULL) return "raise .pool_size (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BLRP_MAX_QUEUE_SIZE), or shorten .interval_ms (OTEL_BSP_SCHEDULE_DELAY)";
    if (reason == OTEL_DROP_SHUTDOWN) return s->failed ? "nobody took them before the end" : "give otel_posix_stop, or .exit_ms, more milliseconds";
    if (reason == OTEL_DROP_TOO_LARGE) return "record shorter texts, or raise the largest request that the receiver takes (413), or .pool_size";
    return otel_drop_remedy(reason);
}
OTEL_C_END_
#endif

/* ---- hooks.h --------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A thread shows itself at its first look at the clock. */
OTEL_API_ OTEL_NOINLINE_ void otel_posix_meet_(void);
OTEL_API_ OTEL_NOINLINE_ void otel_posix_meet_(void)
{ OTEL_CALLED_
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    if (!s) return;
    otel_posix_known_v0_ = 1;
    (void)pthread_setspecific(s->key, s);
}

OTEL_API_ uint64_t otel_posix_clock(void *user)
{ OTEL_CALLED_
    (void)user;
    if (OTEL_UNLIKELY_(!otel_posix_known_v0_)) otel_posix_meet_();
    return otel_posix_ns_(CLOCK_MONOTONIC);
}

OTEL_API_ uint64_t otel_posix_fast_clock_(void *fast);
OTEL_API_ uint64_t otel_posix_fast_clock_(void *fast)
{ OTEL_CALLED_
    if (OTEL_UNLIKELY_(!otel_posix_known_v0_)) otel_posix_meet_();
    return otel_fast_clock(fast);
}

OTEL_FN_ void otel_posix_thread_end_(void *state)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)state;
    otel_posix_known_v0_ = 0;                     /* what other destructors record brings it back here */
    (void)pthread_mutex_lock(&s->life);
    otel_thread_end(&s->otel);
    (void)pthread_mutex_unlock(&s->life);
}

OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len)
{ OTEL_CALLED_
    size_t n = 0;
    int fd;
    (void)user;
#if defined(GRND_NONBLOCK)
    while (n < len) {
        ssize_t got = getrandom((char *)to + n, len - n, GRND_NONBLOCK);
        if (got > 0) n += (size_t)got;
        else if (errno != EINTR) break;
    }
    if (n == len) return true;
#endif
    fd = (open)("/dev/urandom", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && n < len) {
        ssize_t got = (read)(fd, (char *)to + n, len - n);
        if (got > 0) n += (size_t)got;
        else if (got == 0 || errno != EINTR) break;
    }
    if (fd >= 0) (void)(close)(fd);
    return n == len;
}
OTEL_C_END_
#endif

/* ---- clocks.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Hold the processor's counter to the system's clock, a few times a second. */
OTEL_FN_ void otel_posix_anchor_(otel_posix_state_t_ *s)
{
    const uint32_t now = s->fast_wanted ? otel_posix_ms_() : 0;
    const bool was = s->fast_now;
    otel_diag_t about;
    if (!s->fast_wanted || now - s->anchored_ms < (was ? 250u : 50u)) return;
    s->anchored_ms = now;
    s->fast_now = otel_fast_clock_anchor(&s->fast);
    if (s->fast_now == was) return;
    about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_DEBUG);
    otel_posix_say_(s, &about, "", "the clock is %s from now on", s->fast_now ? "the processor's counter" : "clock_gettime");
}

/* The wall clock is an offset; it is set anew only when somebody has moved that clock. */
OTEL_FN_ void otel_posix_sync_(otel_posix_state_t_ *s, bool force)
{
    unsigned i;
    for (i = 0; i < 5; i++) {                     /* both clocks at the same moment, as near as it gets */
        uint64_t before = otel_posix_ns_(CLOCK_MONOTONIC), wall = otel_posix_ns_(CLOCK_REALTIME), after = otel_posix_ns_(CLOCK_MONOTONIC), offset, moved;
        if (after - before > 50000u && i < 4) continue;
        offset = wall - before - (after - before) / 2u;
        moved = offset - s->offset;
        if (moved >> 63) moved = 0u - moved;
        if (!force && moved < 1000000u) return;
        otel_time_sync(&s->otel, otel_posix_ns_(CLOCK_MONOTONIC) + offset);
        s->offset = offset;
        return;
    }
}
OTEL_C_END_
#endif

/* ---- environment.h --------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* An empty variable is an unset one. The library's own may come from elsewhere. */
OTEL_FN_ const char *otel_posix_env_(const char *name)
{
    const otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    const char *value = s && s->setting && strncmp(name, "OTEL_", 5) == 0 ? (s->setting)(s->setting_user, name) : getenv(name);
    return value && *value ? value : NULL;
}

OTEL_FN_ bool otel_posix_env_is_(const char *name, const char *word)
{
    const char *value = otel_posix_env_(name);
    size_t n = value ? strlen(value) : 0;
    if (!value) return false;
    otel_posix_trim_(&value, &n);
    return otel_posix_word_(value, n, word);
}

/* OTEL_LOG_LEVEL, in the words of the SDKs of several languages; unknown ones are named. */
OTEL_FN_ void otel_posix_env_level_(otel_posix_state_t_ *s)
{
    static const struct { char word[8]; uint8_t level; } levels[] = { { "none", 0 }, { "off", 0 }, { "fatal", 1 }, { "error", 1 }, { "warn", 2 }, { "warning", 2 }, { "info", 3 },
                                                                      { "debug", 4 }, { "verbose", 5 }, { "trace", 5 }, { "all", 5 } };
    const char *value = otel_posix_env_("OTEL_LOG_LEVEL");
    unsigned i;
    s->level = OTEL_LEVEL_INFO;
    for (i = 0; value && i < sizeof levels / sizeof levels[0]; i++) {
        if (!otel_posix_env_is_("OTEL_LOG_LEVEL", levels[i].word)) continue;
        s->level = (otel_level_t)levels[i].level;
        return;
    }
    if (value) OTEL_POSIX_IGNORED_(s, "write none, error, warn, info, debug or verbose", "OTEL_LOG_LEVEL=%.60s counts as info", value);
}

/* Milliseconds, or `otherwise`. */
OTEL_FN_ uint32_t otel_posix_env_number_(const otel_posix_state_t_ *s, const char *name, uint32_t otherwise)
{
    const char *value = otel_posix_env_(name), *p;
    uint32_t number;
    size_t n;
    if (!value) return otherwise;
    p = value;
    n = strlen(p);
    otel_posix_trim_(&p, &n);
    number = otel_posix_number_(p, n);
    if (number) return number;
    OTEL_POSIX_IGNORED_(s, "write a whole number above 0", "%s=%.60s is ignored", name, value);
    return otherwise;
}

/* OTEL_<SIGNAL>_EXPORTER: what it says, 0 for nothing. */
OTEL_FN_ uint8_t otel_posix_env_exporter_(const otel_posix_state_t_ *s, const char *name)
{
    const char *value = otel_posix_env_(name), *p = value;
    unsigned to = 0;
    while (p && *p) {
        size_t n = strcspn(p, ",");
        const char *word = p, *next = p + n + (p[n] == ',');
        otel_posix_trim_(&word, &n);
        if (otel_posix_word_(word, n, "otlp")) to |= OTEL_TO_HTTP_;
        else if (otel_posix_word_(word, n, "console")) to |= OTEL_TO_CONSOLE_;
        else if (otel_posix_word_(word, n, "none")) to |= OTEL_TO_NONE_;
        else if (n) OTEL_POSIX_IGNORED_(s, "this library has otlp, console and none", "%s=%.*s is ignored", name, (int)(n > 60 ? 60 : n), word);
        p = next;
    }
    return (uint8_t)to;
}

/* A copy that lives as long as the program. */
OTEL_FN_ const char *otel_posix_keep_(otel_posix_state_t_ *s, const char *text, size_t n, bool decode)
{
    char *begin = s->text.at;
    bool good = true;
    if (decode) good = otel_posix_decode_(&s->text, text, n);
    else otel_posix_put_(&s->text, text, n);
    if (!good || s->text.full || s->text.at + 1 >= s->text.end) return NULL;
    *s->text.at++ = 0;
    return begin;
}

/* The resource: the program's attributes, then those of OTEL_RESOURCE_ATTRIBUTES that it does not give itself. */
OTEL_FN_ bool otel_posix_has_(const otel_posix_state_t_ *s, const char *key)
{
    size_t i;
    for (i = 0; i < s->attributes_len; i++) {
        if (s->attributes[i].key && strcmp(s->attributes[i].key, key) == 0) return true;
    }
    return false;
}

/* What the machine says, as far as the program and the environment do not say it. In a child of fork it may say something else. */
OTEL_FN_ void otel_posix_detect_(otel_posix_state_t_ *s, otel_config_t *config)
{
    otel_resource_t r;
    size_t i, len = s->given_len;
    memset((void *)&r, 0, sizeof r);
    r.at = s->attributes + s->given_len;
    r.size = sizeof s->attributes / sizeof s->attributes[0] - s->given_len;
    r.text = s->given_text;
    r.text_size = (size_t)(s->text.end - s->given_text);
    (s->detect)(&r);
    s->attributes_len = s->given_len;
    for (i = 0; i < r.len; i++) {
        const bool name = strcmp(r.at[i].key, "service.name") == 0;
        if (otel_posix_has_(s, r.at[i].key) || (name && s->named) || (strcmp(r.at[i].key, "service.version") == 0 && config->version)) continue;
        if (name) config->service = NULL;         /* only the default so far */
        s->attributes[len++] = r.at[i];
    }
    s->attributes_len = len;
    if (r.schema_url) config->schema_url = r.schema_url;
    if (r.lost) OTEL_POSIX_IGNORED_(s, "there is room for 128 attributes and 32 KB of text", "%s", "not all that .detect found has room in the resource");
    config->attributes = s->attributes;
    config->attributes_len = s->attributes_len;
}

OTEL_FN_ void otel_posix_resource_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const char *list = otel_posix_env_("OTEL_RESOURCE_ATTRIBUTES"), *from = list, *name = otel_posix_env_("OTEL_SERVICE_NAME");
    const size_t most = sizeof s->attributes / sizeof s->attributes[0];
    size_t own = o->attributes ? o->attributes_len : 0;
    otel_posix_pair_t_ pair;
    int more;
    s->text.at = s->texts;
    s->text.end = s->texts + sizeof s->texts;
    s->text.full = false;
    s->attributes_len = 0;
    if (own > most) {
        OTEL_POSIX_IGNORED_(s, "give fewer", "only the first %u resource attributes are taken", (unsigned)most);
        own = most;
    }
    for (; s->attributes_len < own; s->attributes_len++) s->attributes[s->attributes_len] = o->attributes[s->attributes_len];
    config->service = o->service ? otel_posix_keep_(s, o->service, strlen(o->service), false) : name ? otel_posix_keep_(s, name, strlen(name), false) : NULL;
    config->version = o->version ? otel_posix_keep_(s, o->version, strlen(o->version), false) : NULL;
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        const char *key = otel_posix_keep_(s, pair.key, pair.key_len, true), *value = otel_posix_keep_(s, pair.value, pair.value_len, true);
        if (!key || !*key || !value || s->attributes_len == most) {
            more = -1;
            break;
        }
        if (otel_posix_has_(s, key) || (strcmp(key, "service.name") == 0 && config->service) || (strcmp(key, "service.version") == 0 && config->version)) continue;
        s->attributes[s->attributes_len++] = otel_str(key, value);
    }
    if (more < 0) {                               /* specification: resource/sdk.md: one error discards the whole value */
        OTEL_POSIX_IGNORED_(s, "write key=value,key=value, with %2C for a comma and %25 for a percent sign", "%s is ignored", "OTEL_RESOURCE_ATTRIBUTES");
        s->attributes_len = own;
    }
    s->named = config->service || otel_posix_has_(s, "service.name");
    if (!s->named) {        /* unknown_service:<program> */
        char path[512];
        ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
        const char *program;
        char *begin = s->text.at;
        path[n > 0 ? n : 0] = 0;
        program = strrchr(path, '/');
        otel_posix_add_(&s->text, "unknown_service");
        if (program && program[1]) {
            otel_posix_add_(&s->text, ":");
            otel_posix_add_(&s->text, program + 1);
        }
        if (!s->text.full) config->service = begin;
    }
    config->attributes = s->attributes;
    config->attributes_len = s->attributes_len;
    if (s->text.at < s->text.end) *s->text.at++ = 0;
    s->detect = o->detect;
    s->given_len = s->attributes_len;
    s->given_text = s->text.at;
    if (s->detect) otel_posix_detect_(s, config);
}
OTEL_C_END_
#endif

/* ---- unread.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
extern char **environ;

#define OTEL_POSIX_NAME_MAX_ 80u          /* letters of a name that is looked at */

/* How many letters must be put in, taken out or changed to make the other name of this one. */
OTEL_FN_ unsigned otel_posix_letters_(const char *name, size_t n, const char *other)
{
    unsigned row[OTEL_POSIX_NAME_MAX_ + 1u];                  /* to the first k letters of `name` */
    size_t i, k, m = strlen(other);
    if (n > OTEL_POSIX_NAME_MAX_ || n > m + 2u || m > n + 2u) return 3;
    for (k = 0; k <= n; k++) row[k] = (unsigned)k;
    for (i = 1; i <= m; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (k = 1; k <= n; k++) {
            unsigned changed = corner + (name[k - 1u] != other[i - 1u] ? 1u : 0u), least = row[k] < row[k - 1u] ? row[k] : row[k - 1u];
            corner = row[k];
            row[k] = changed < least + 1u ? changed : least + 1u;
        }
    }
    return row[n];
}

/* The name that is read and that this one nearly is. NULL: it is read, or far from all. */
OTEL_FN_ const char *otel_posix_meant_(const char *name, size_t n)
{
    static const char known[] =                               /* to its empty end; what no process of this port reads stands in otel_posix_unread_ */
        "OTEL_SDK_DISABLED\0OTEL_SERVICE_NAME\0OTEL_RESOURCE_ATTRIBUTES\0OTEL_LOG_LEVEL\0OTEL_PROPAGATORS\0OTEL_TRACES_SAMPLER\0OTEL_TRACES_SAMPLER_ARG\0"
        "OTEL_TRACES_EXPORTER\0OTEL_METRICS_EXPORTER\0OTEL_LOGS_EXPORTER\0OTEL_BSP_SCHEDULE_DELAY\0OTEL_BSP_MAX_EXPORT_BATCH_SIZE\0OTEL_BLRP_SCHEDULE_DELAY\0"
        "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE\0OTEL_BSP_MAX_QUEUE_SIZE\0OTEL_BSP_EXPORT_TIMEOUT\0OTEL_BLRP_MAX_QUEUE_SIZE\0OTEL_BLRP_EXPORT_TIMEOUT\0"
        "OTEL_ATTRIBUTE_COUNT_LIMIT\0OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT\0OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT\0OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT\0"
        "OTEL_SPAN_EVENT_COUNT_LIMIT\0OTEL_SPAN_LINK_COUNT_LIMIT\0OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT\0OTEL_LINK_ATTRIBUTE_COUNT_LIMIT\0"
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT\0OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT\0OTEL_METRIC_EXPORT_INTERVAL\0OTEL_METRIC_EXPORT_TIMEOUT\0OTEL_METRICS_EXEMPLAR_FILTER\0"
        "OTEL_EXPORTER_OTLP_ENDPOINT\0OTEL_EXPORTER_OTLP_HEADERS\0OTEL_EXPORTER_OTLP_TIMEOUT\0OTEL_EXPORTER_OTLP_PROTOCOL\0OTEL_EXPORTER_OTLP_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_CERTIFICATE\0OTEL_EXPORTER_OTLP_INSECURE\0"
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\0OTEL_EXPORTER_OTLP_TRACES_HEADERS\0OTEL_EXPORTER_OTLP_TRACES_TIMEOUT\0OTEL_EXPORTER_OTLP_TRACES_PROTOCOL\0OTEL_EXPORTER_OTLP_TRACES_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT\0OTEL_EXPORTER_OTLP_METRICS_HEADERS\0OTEL_EXPORTER_OTLP_METRICS_TIMEOUT\0OTEL_EXPORTER_OTLP_METRICS_PROTOCOL\0OTEL_EXPORTER_OTLP_METRICS_COMPRESSION\0"
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE\0OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION\0"
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT\0OTEL_EXPORTER_OTLP_LOGS_HEADERS\0OTEL_EXPORTER_OTLP_LOGS_TIMEOUT\0OTEL_EXPORTER_OTLP_LOGS_PROTOCOL\0OTEL_EXPORTER_OTLP_LOGS_COMPRESSION\0";
    const char *one, *near = NULL;
    for (one = known; *one; one += strlen(one) + 1u) {
        unsigned letters = otel_posix_letters_(name, n, one);
        if (letters == 0) return NULL;
        if (letters <= 2u) near = one;
    }
    return near;
}

/* Names that nobody reads, because a letter is wrong. */
OTEL_FN_ void otel_posix_misspelt_(const otel_posix_state_t_ *s)
{
    char **one;
    for (one = environ; one && *one; one++) {
        const size_t n = strncmp(*one, "OTEL_", 5) == 0 ? strcspn(*one, "=") : 0u;
        const char *meant = n ? otel_posix_meant_(*one, n) : NULL;
        char remedy[OTEL_POSIX_NAME_MAX_ + 16u];
        if (!meant) continue;
        (void)snprintf(remedy, sizeof remedy, "write %s", meant);
        OTEL_POSIX_IGNORED_(s, remedy, "%.*s is not read", (int)n, *one);
    }
}

OTEL_FN_ void otel_posix_unread_(const otel_posix_state_t_ *s)
{
    static const char tls[] = "no TLS in this port: send through ports/otel_curl.h, with .environment";
    static const struct { const char *name, *remedy; } unread[] = {
        { "OTEL_CONFIG_FILE", "start the program by otel_yaml_start (ports/otel_yaml.h), or write variables" },
        { "OTEL_EXPORTER_OTLP_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_CLIENT_KEY", tls }, { "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", tls },
        { "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", tls }, { "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", tls },
        { "OTEL_EXPORTER_OTLP_INSECURE", "it is for gRPC: the scheme of the endpoint says http or https" }
    };
    unsigned i;
    for (i = 0; i < sizeof unread / sizeof unread[0]; i++) {
        if (s->send && i) break;                              /* the rest is for the program's own transport to read */
        if (otel_posix_env_(unread[i].name)) OTEL_POSIX_IGNORED_(s, unread[i].remedy, "%s is not read", unread[i].name);
    }
    if (!s->setting) otel_posix_misspelt_(s);
}
OTEL_C_END_
#endif

/* ---- batching.h ------------------------------------------------------------------------------------------------ */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* What a queue of so many records takes: the specification's 2,048 of each are 4 MiB, a quarter of it for logs. */
#define OTEL_POSIX_QUEUE_ 2048u
#define OTEL_POSIX_SPAN_BYTES_ 1536u
#define OTEL_POSIX_LOG_BYTES_ 512u
#define OTEL_POSIX_POOL_LEAST_ 524288u        /* a record in each shard of many */
#define OTEL_POSIX_POOL_MOST_ 1073741824u

OTEL_FN_ uint32_t otel_posix_between_(uint64_t value, uint32_t least, uint32_t most) { return value < least ? least : value > most ? most : (uint32_t)value; }

/* The memory for records that wait, and which part of it is for logs, as far as the program does not say so. */
OTEL_FN_ void otel_posix_pool_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const uint64_t spans = (uint64_t)otel_posix_env_number_(s, "OTEL_BSP_MAX_QUEUE_SIZE", OTEL_POSIX_QUEUE_) * OTEL_POSIX_SPAN_BYTES_;
    const uint64_t logs = (uint64_t)otel_posix_env_number_(s, "OTEL_BLRP_MAX_QUEUE_SIZE", OTEL_POSIX_QUEUE_) * OTEL_POSIX_LOG_BYTES_;
    config->pool_size = o->pool_size ? o->pool_size : otel_posix_between_(spans + logs, OTEL_POSIX_POOL_LEAST_, OTEL_POSIX_POOL_MOST_);
    config->log_percent = o->log_percent || o->pool_size ? o->log_percent : (uint8_t)otel_posix_between_(logs * 100u / (spans + logs), 10u, 90u);
}

/* The smaller one of two variables that are there. */
OTEL_FN_ uint32_t otel_posix_env_least_(const otel_posix_state_t_ *s, const char *name, const char *other, uint32_t otherwise)
{
    const uint32_t a = otel_posix_env_number_(s, name, 0), b = otel_posix_env_number_(s, other, 0);
    return a && (!b || a < b) ? a : b ? b : otherwise;
}

OTEL_FN_ void otel_posix_batching_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_exporter_config_t *sender)
{
    const bool terminal = !((s->to[0] | s->to[1] | s->to[2]) & OTEL_TO_HTTP_);
    sender->max_items = otel_posix_env_least_(s, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 0);
    sender->interval_ms = o->interval_ms ? o->interval_ms : otel_posix_env_least_(s, "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY", terminal ? 1000u : 5000u);
    sender->metric_interval_ms = o->metric_interval_ms ? o->metric_interval_ms : otel_posix_env_number_(s, "OTEL_METRIC_EXPORT_INTERVAL", 60000u);
}

/* How long a request may take: in *all, and of a signal where that is less or said of it. */
OTEL_FN_ void otel_posix_timeouts_(const otel_posix_state_t_ *s, const otel_posix_options_t *o, uint32_t *all, uint32_t of[OTEL_SIGNALS])
{
    static const char *const request[OTEL_SIGNALS] = { "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT" };
    static const char *const batch[OTEL_SIGNALS] = { "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_BLRP_EXPORT_TIMEOUT" };
    unsigned i;
    *all = o->timeout_ms ? o->timeout_ms : otel_posix_env_number_(s, "OTEL_EXPORTER_OTLP_TIMEOUT", 10000u);
    for (i = 0; i < OTEL_SIGNALS && !o->timeout_ms; i++) {
        const uint32_t most = otel_posix_env_number_(s, batch[i], 0);
        of[i] = otel_posix_env_number_(s, request[i], 0);
        if (most && most < (of[i] ? of[i] : *all)) of[i] = most;
    }
    for (i = 0; o->send && i < OTEL_SIGNALS; i++) {           /* the program's own transport is told one time, the shortest */
        if (of[i] && of[i] < *all) *all = of[i];
    }
}
OTEL_C_END_
#endif

/* ---- processors.h ---------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_POSIX_COUNT_MOST_ 128u       /* of anything, whatever a variable says: OTEL_COUNT_LIMIT_ of span.h */

/* How many there may be, as otel_limits_t has it: 0 for no limit of its own. */
OTEL_FN_ uint16_t otel_posix_env_count_(const otel_posix_state_t_ *s, const char *name, uint16_t otherwise)
{
    uint32_t count;
    if (otel_posix_env_is_(name, "0")) return OTEL_LIMIT_NONE;
    count = otel_posix_env_number_(s, name, 0);
    if (count == 0) return otherwise;
    if (count <= OTEL_POSIX_COUNT_MOST_) return (uint16_t)count;
    OTEL_POSIX_IGNORED_(s, "128 is the most that this library keeps", "%s=%lu counts as 128", name, (unsigned long)count);
    return OTEL_POSIX_COUNT_MOST_;
}

#if OTEL_TRACES
/* The variables of spans, and where they say nothing those of all signals. True: there is a limit. */
OTEL_FN_ bool otel_posix_span_limits_(otel_posix_state_t_ *s, uint16_t attributes, uint32_t length)
{
    otel_limits_t *l = &s->span_limits;
    l->attributes = otel_posix_env_count_(s, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->events = otel_posix_env_count_(s, "OTEL_SPAN_EVENT_COUNT_LIMIT", 0);
    l->links = otel_posix_env_count_(s, "OTEL_SPAN_LINK_COUNT_LIMIT", 0);
    l->event_attributes = otel_posix_env_count_(s, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->link_attributes = otel_posix_env_count_(s, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", attributes);
    l->value_length = otel_posix_env_number_(s, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", length);
    return l->attributes || l->events || l->links || l->event_attributes || l->link_attributes || l->value_length;
}

/* The program's processors of spans with the port's around them. */
OTEL_FN_ otel_spans_t otel_posix_spans_(otel_posix_state_t_ *s, otel_spans_t given, bool limits)
{
    const otel_span_settings_t *own = given.settings_;
    const size_t most = sizeof s->processors / sizeof s->processors[0] - 2u;        /* one for the limits, and the end */
    const bool watch = s->level >= OTEL_LEVEL_DEBUG;
    size_t i, n = 0;
    for (i = 0; own && own->processors && own->processors[i]; i++) {
        if (own->processors[i]->on_ending == otel_limits_ending_) limits = false;    /* the program's win */
    }
    if (!watch && !limits) return given;
    if (i + (watch ? 1u : 0u) > most) {
        if (limits) OTEL_POSIX_IGNORED_(s, "the program has too many processors of spans for them", "%s", "limits of spans in the environment are ignored");
        return given;
    }
    if (own) s->settings = *own;
    else memset((void *)&s->settings, 0, sizeof s->settings);
    if (watch) {
        memset((void *)s->open, 0, sizeof s->open);
        memset((void *)&s->leaks, 0, sizeof s->leaks);
        s->leaks.open = s->open;
        s->leaks.open_len = sizeof s->open / sizeof s->open[0];
        s->leak_watch = otel_processor_leaks(&s->leaks);
        s->processors[n++] = &s->leak_watch;
    }
    for (i = 0; own && own->processors && own->processors[i]; i++) s->processors[n++] = own->processors[i];
    if (limits) {
        s->limit_spans = otel_processor_limits(&s->span_limits);
        s->processors[n++] = &s->limit_spans;
    }
    s->processors[n] = NULL;
    s->settings.processors = s->processors;
    return otel_spans(&s->settings);
}
#endif

#if OTEL_LOGS
OTEL_FN_ bool otel_posix_log_limits_(otel_posix_state_t_ *s, uint16_t attributes, uint32_t length)
{
    s->log_limits.attributes = otel_posix_env_count_(s, "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", attributes);
    s->log_limits.value_length = otel_posix_env_number_(s, "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", length);
    return s->log_limits.attributes || s->log_limits.value_length;
}

/* The program's processors of log records, and the limits. */
OTEL_FN_ otel_logs_t otel_posix_logs_(otel_posix_state_t_ *s, otel_logs_t given)
{
    const otel_log_settings_t *own = given.settings_;
    const size_t most = sizeof s->log_processors / sizeof s->log_processors[0] - 2u;
    size_t n = 0;
    while (own && own->processors && own->processors[n]) {
        if (own->processors[n++]->on_emit == otel_log_limits_emit_) return given;
    }
    if (n > most) {
        OTEL_POSIX_IGNORED_(s, "the program has too many processors of logs for them", "%s", "limits of log records in the environment are ignored");
        return given;
    }
    if (own) s->log_settings = *own;
    else memset((void *)&s->log_settings, 0, sizeof s->log_settings);
    for (n = 0; own && own->processors && own->processors[n]; n++) s->log_processors[n] = own->processors[n];
    s->limit_logs = otel_log_processor_limits(&s->log_limits);
    s->log_processors[n++] = &s->limit_logs;
    s->log_processors[n] = NULL;
    s->log_settings.processors = s->log_processors;
    return otel_logs(&s->log_settings);
}
#endif

/* What the configuration has as .spans and .logs. */
OTEL_FN_ void otel_posix_processors_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const uint16_t attributes = otel_posix_env_count_(s, "OTEL_ATTRIBUTE_COUNT_LIMIT", 0);
    const uint32_t length = otel_posix_env_number_(s, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", 0);
#if OTEL_TRACES
    config->spans = otel_posix_spans_(s, o->spans, otel_posix_span_limits_(s, attributes, length));
#else
    config->spans = o->spans;
#endif
    config->logs = o->logs;
#if OTEL_LOGS
    if (otel_posix_log_limits_(s, attributes, length)) config->logs = otel_posix_logs_(s, o->logs);
#endif
    (void)attributes;
    (void)length;
}
OTEL_C_END_
#endif

/* ---- propagators.h --------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* In the order of the list, each once; "none" is a list without any. NULL: what an instance does by itself, which is tracecontext,baggage. */
OTEL_FN_ const otel_propagator_t *otel_posix_env_propagator_(otel_posix_state_t_ *s)
{
    static const char *const word[OTEL_POSIX_PROPAGATORS_] = { "tracecontext", "baggage", "b3", "b3multi" };
    const char *list = otel_posix_env_("OTEL_PROPAGATORS");
    unsigned said = 0, n = 0, i;
    if (!list) return NULL;
    s->propagator_of[0] = otel_propagator_w3c();
    s->propagator_of[1] = otel_propagator_baggage();
    s->propagator_of[2] = otel_propagator_b3();
    s->propagator_of[3] = otel_propagator_b3_multi();
    while (*list) {
        size_t len = strcspn(list, ",");
        const char *one = list;
        list += len + (list[len] == ',');
        otel_posix_trim_(&one, &len);
        for (i = 0; i < OTEL_POSIX_PROPAGATORS_ && !otel_posix_word_(one, len, word[i]); i++) {}
        if (i < OTEL_POSIX_PROPAGATORS_) {
            if (!(said >> i & 1u)) s->propagators[n++] = &s->propagator_of[i];
            said |= 1u << i;
        } else if (otel_posix_word_(one, len, "none")) {
            said |= 1u << OTEL_POSIX_PROPAGATORS_;
        } else if (len) {
            OTEL_POSIX_IGNORED_(s, "this library has tracecontext, baggage, b3, b3multi and none; another is the program's .propagator", "OTEL_PROPAGATORS=%.*s is ignored", (int)(len > 60 ? 60 : len), one);
        }
    }
    if (said == 3u || said == 0) return NULL;
    if (said >> OTEL_POSIX_PROPAGATORS_) n = 0;
    s->propagators[n] = NULL;
    s->propagator = otel_propagator_composite(s->propagators);
    return &s->propagator;
}
OTEL_C_END_
#endif

/* ---- metrics.h ------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_ && OTEL_METRICS
OTEL_C_BEGIN_
/* Which of two or three words a variable says, in letters of any case: 1, 2, 3; 0: none, and a word that is none of them is named. */
OTEL_FN_ unsigned otel_posix_env_word_(const otel_posix_state_t_ *s, const char *name, const char *const *words, unsigned len, const char *remedy)
{
    const char *value = otel_posix_env_(name);
    unsigned i;
    for (i = 0; value && i < len; i++) {
        if (otel_posix_env_is_(name, words[i])) return i + 1u;
    }
    if (value) OTEL_POSIX_IGNORED_(s, remedy, "%s=%.60s is ignored", name, value);
    return 0;
}

/* Streams that the environment wants; read at the first start, because instruments stay with them. */
OTEL_FN_ void otel_posix_metric_settings_(otel_posix_state_t_ *s)
{
    static const char *const filters[] = { "always_off", "always_on", "trace_based" }, *const buckets[] = { "explicit_bucket_histogram", "base2_exponential_bucket_histogram" };
    unsigned filter = otel_posix_env_word_(s, "OTEL_METRICS_EXEMPLAR_FILTER", filters, 3, "write always_on, always_off or trace_based");
    unsigned shape = otel_posix_env_word_(s, "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", buckets, 2, "write explicit_bucket_histogram or base2_exponential_bucket_histogram");
    if (s->metrics.memory) return;
    if (filter == 2) s->metrics.exemplars = OTEL_EXEMPLARS_ALWAYS_ON;
    if (filter == 3) s->metrics.exemplars = OTEL_EXEMPLARS_TRACE_BASED;
    if (shape == 2) {
        s->powers.histogram = OTEL_AGGREGATION_EXPONENTIAL;   /* OTEL_READING, in C++11 too */
        s->powers.wants_ = otel_reading_wants_;
        s->readings[0] = &s->powers;
        s->metrics.readings = s->readings;
        s->metrics.readings_len = 1;
    }
    if (!s->metrics.exemplars && !s->metrics.readings_len) return;
    s->metrics.memory = s->metric_memory;
    s->metrics.memory_len = sizeof s->metric_memory / sizeof s->metric_memory[0];
}

OTEL_FN_ void otel_posix_metrics_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config, otel_exporter_config_t *sender)
{
    static const char *const words[] = { "cumulative", "delta", "lowmemory" };
    const otel_temporality_t delta = OTEL_DELTA_IN(s->delta_memory), low = OTEL_LOW_MEMORY_IN(s->delta_memory);
    unsigned temporality = otel_posix_env_word_(s, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", words, 3, "write cumulative, delta or lowmemory");
    config->metrics = o->metrics;
    if (!o->metrics.settings_) {                  /* the program's own win */
        otel_posix_metric_settings_(s);
        if (s->metrics.memory) config->metrics = otel_metrics(&s->metrics);
        if (s->metrics.readings_len) sender->reading = s->metrics.readings[0];
    }
    s->temporality = temporality == 3 ? low : delta;
    if (temporality > 1) sender->temporality = &s->temporality;
}
OTEL_C_END_
#endif

/* ---- ways.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A base that ends like the endpoint of one signal is most often meant as one. */
OTEL_FN_ void otel_posix_doubt_(const otel_posix_state_t_ *s, const char *endpoint)
{
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    static const char *const remedy[OTEL_SIGNALS] = { "leave that away, or put it into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, which is used as it is",
        "leave that away, or put it into OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, which is used as it is", "leave that away, or put it into OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, which is used as it is" };
    size_t n = strlen(endpoint), i;
    while (n && endpoint[n - 1] == '/') n--;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        size_t len = strlen(path[i]);
        if (n > len && memcmp(endpoint + n - len, path[i], len) == 0) {
            OTEL_POSIX_IGNORED_(s, remedy[i], "the endpoint %.90s ends in %s, and %s is added to it", endpoint, path[i], path[i]);
        }
    }
}

/* Headers of the environment; what cannot be sent is named, and NULL. */
OTEL_FN_ const char *otel_posix_env_headers_(otel_posix_state_t_ *s, const char *name)
{
    const char *list = otel_posix_env_(name);
    otel_http_target_t_ *t = &s->http.target_[0];             /* not in use yet */
    otel_posix_text_t_ head;
    head.at = t->head;
    head.end = t->head + sizeof t->head;
    head.full = false;
    if (!list) return NULL;
    if (!otel_http_headers_(&s->http, &head, list)) {
        OTEL_POSIX_IGNORED_(s, "requests go without it", "%s is ignored: %s", name, otel_http_error(&s->http));
        return NULL;
    }
    if (!head.full) return list;
    OTEL_POSIX_IGNORED_(s, "shorten it", "%s is ignored: it takes more than %u bytes", name, OTEL_HTTP_HEAD_);
    return NULL;
}

/* And the endpoint of one signal without a path as a base. */
OTEL_FN_ void otel_posix_bare_(const otel_posix_state_t_ *s, unsigned signal, const char *endpoint)
{
    static const char *const name[OTEL_SIGNALS] = { "TRACES", "METRICS", "LOGS" };
    static const char *const remedy[OTEL_SIGNALS] = { "write the whole path into it, /v1/traces", "write the whole path into it, /v1/metrics", "write the whole path into it, /v1/logs" };
    const char *host = strstr(endpoint, "://"), *path;
    if (!host) return;
    path = host + 3 + strcspn(host + 3, "/?");
    if (path[0] && (path[0] != '/' || path[1])) return;
    OTEL_POSIX_IGNORED_(s, remedy[signal], "OTEL_EXPORTER_OTLP_%s_ENDPOINT=%.90s has no path, and none is added to it", name[signal], endpoint);
}

/* The port of gRPC is the commonest mistake; said once. */
OTEL_FN_ void otel_posix_port_(const otel_posix_state_t_ *s)
{
    unsigned i;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (!(s->to[i] & OTEL_TO_HTTP_) || strcmp(s->http.target_[i].port, "4317")) continue;
        OTEL_POSIX_IGNORED_(s, "that is usually port 4318", "the endpoint's port is 4317, which usually speaks gRPC (HTTP/2), not OTLP over HTTP");
        return;
    }
}

/* Does this variable ask for no compression? */
OTEL_FN_ bool otel_posix_plain_(otel_posix_state_t_ *s, const otel_posix_options_t *o, const char *name, bool otherwise)
{
    const char *value = otel_posix_env_(name);
    if (!value) return otherwise;
    if (otel_posix_env_is_(name, "none")) return true;
    if (!otel_posix_env_is_(name, "gzip")) OTEL_POSIX_IGNORED_(s, "write gzip or none", "%s=%.60s is ignored", name, value);
    else if (!o->compress) OTEL_POSIX_IGNORED_(s, "give the program .compress (otel_gzip of ports/otel_gzip.h)", "%s=gzip is ignored", name);
    return false;
}

/* Where each signal goes. False: the sentence was said. */
OTEL_FN_ bool otel_posix_ways_(otel_posix_state_t_ *s, const otel_posix_options_t *o)
{
    static const char *const exporter[OTEL_SIGNALS] = { "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER" };
    static const char *const squeeze[OTEL_SIGNALS] = { "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION" };
    static const char *const protocol[OTEL_SIGNALS + 1] = { "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL" };
    const char *endpoint[OTEL_SIGNALS];
    otel_http_options_t h;
    otel_diag_t about;
    unsigned i;
    bool http = false, by_default = true, plain;
    memset((void *)&h, 0, sizeof h);
    h.exporter = &s->exporter;
    h.authorization = o->authorization;
    h.authorization_user = o->authorization_user;
    h.compress = o->compress;
    h.compress_user = o->compress_user;
    h.endpoint = o->endpoint ? o->endpoint : otel_posix_env_("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (!o->endpoint) {
        h.traces_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        h.metrics_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        h.logs_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT");
    }
    endpoint[OTEL_SIGNAL_TRACES] = h.traces_endpoint;
    endpoint[OTEL_SIGNAL_METRICS] = h.metrics_endpoint;
    endpoint[OTEL_SIGNAL_LOGS] = h.logs_endpoint;
    s->terminal = o->console;
    s->shows = false;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        unsigned to = otel_posix_env_exporter_(s, exporter[i]);
        if (to & OTEL_TO_CONSOLE_) by_default = false;
        if (to == 0) to = o->send || h.endpoint || endpoint[i] ? OTEL_TO_HTTP_ : o->console ? 0u : OTEL_TO_CONSOLE_;
        if (o->console && !(to & OTEL_TO_NONE_)) to |= OTEL_TO_CONSOLE_;
        if (to & OTEL_TO_HTTP_) http = true;
        s->to[i] = (uint8_t)to;
    }
    otel_posix_timeouts_(s, o, &s->request_ms, h.timeout_ms);
    if (!s->terminal) s->terminal = by_default ? stderr : stdout;         /* asked for by name it is standard output, as the specification says */
    if (!http || o->send) return true;
    for (i = 0; i <= OTEL_SIGNALS; i++) {
        const char *value = otel_posix_env_(protocol[i]);
        if (value && !otel_posix_env_is_(protocol[i], "http/protobuf")) OTEL_POSIX_IGNORED_(s, "this port sends http/protobuf (to port 4318 of most Collectors)", "%s=%.60s is ignored", protocol[i], value);
    }
    h.headers = o->headers ? o->headers : otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_HEADERS");
    if (!o->headers) {
        h.traces_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_TRACES_HEADERS");
        h.metrics_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_METRICS_HEADERS");
        h.logs_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_LOGS_HEADERS");
    }
    plain = otel_posix_plain_(s, o, "OTEL_EXPORTER_OTLP_COMPRESSION", false);
    for (i = 0; i < OTEL_SIGNALS; i++) h.plain[i] = otel_posix_plain_(s, o, squeeze[i], plain);
    if (h.endpoint) otel_posix_doubt_(s, h.endpoint);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (endpoint[i] && (s->to[i] & OTEL_TO_HTTP_)) otel_posix_bare_(s, i, endpoint[i]);
    }
    if (!h.endpoint) h.endpoint = "http://localhost:4318";
    if (otel_http_init_with(&s->http, &h) == OTEL_OK) {
        otel_posix_port_(s);
        return true;
    }
    about = otel_posix_about_(OTEL_DIAG_START, OTEL_LEVEL_ERROR);
    otel_posix_say_(s, &about, "the program goes on without telemetry", "%s", otel_http_error(&s->http));
    return false;
}
OTEL_C_END_
#endif

/* ---- terminal.h ------------------------------------------------------------------------------------------------ */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Whether the environment's locale says UTF-8. */
OTEL_FN_ bool otel_posix_utf8_(void)
{
    const char *locale = otel_posix_env_("LC_ALL");
    if (!locale) locale = otel_posix_env_("LC_CTYPE");
    if (!locale) locale = otel_posix_env_("LANG");
    return locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "UTF8") || strstr(locale, "utf-8"));
}

OTEL_FN_ int32_t otel_posix_utc_offset_(void)
{
    time_t now = time(NULL);
    struct tm here, there;
    int days;
    if (!localtime_r(&now, &here) || !gmtime_r(&now, &there)) return 0;
    days = here.tm_year != there.tm_year ? here.tm_year - there.tm_year : here.tm_yday - there.tm_yday;
    return (int32_t)(((days * 24 + here.tm_hour - there.tm_hour) * 60 + here.tm_min - there.tm_min) * 60);
}

/* Write what was gathered, in one piece: stderr has no buffer, and what several processes write stays apart by lines. */
OTEL_FN_ void otel_posix_write_(otel_posix_lines_t_ *lines)
{
    if (lines->n) (void)fwrite(lines->text, 1, lines->n, lines->file);
    lines->n = 0;
}

/* The `put` of what goes to a terminal. A buffer that runs full goes out up to its last whole line. */
OTEL_FN_ void otel_posix_gather_(void *user, const char *text, size_t len)
{
    otel_posix_lines_t_ *lines = (otel_posix_lines_t_ *)user;
    size_t whole, part;
    while (len) {
        part = sizeof lines->text - lines->n < len ? sizeof lines->text - lines->n : len;
        memcpy(lines->text + lines->n, text, part);
        lines->n += part;
        text += part;
        len -= part;
        if (lines->n < sizeof lines->text) continue;
        for (whole = lines->n; whole && lines->text[whole - 1u] != '\n'; whole--) {}
        part = whole ? lines->n - whole : 0u;
        lines->n -= part;
        otel_posix_write_(lines);
        memmove(lines->text, lines->text + whole, part);
        lines->n = part;
    }
}

/* The screen of otel_diag_dump, and what of it went to nobody: there "exported" means taken and forgotten. */
OTEL_FN_ void otel_posix_screen_(const otel_posix_state_t_ *s, FILE *file)
{
    static const char *const what[OTEL_SIGNALS] = { "spans go to nobody: OTEL_TRACES_EXPORTER", "data points go to nobody: OTEL_METRICS_EXPORTER", "log records go to nobody: OTEL_LOGS_EXPORTER" };
    otel_posix_lines_t_ lines;
    unsigned i;
    lines.file = file;
    lines.n = 0;
    otel_diag_dump(&s->exporter, otel_posix_gather_, &lines);
    otel_posix_write_(&lines);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (s->to[i] == OTEL_TO_NONE_) (void)fprintf(file, "%s=none, so what is exported is forgotten\n", what[i]);
    }
}

/* Show a request, or hold it until otel_posix_show_. */
OTEL_FN_ void otel_posix_console_(otel_posix_state_t_ *s, const otel_request_t *request)
{
    const char *term = otel_posix_env_("TERM");
    otel_console_config_t config;
    if (!s->shows) {
        memset((void *)&config, 0, sizeof config);
        config.put = otel_posix_gather_;
        config.user = &s->lines;
        config.memory = s->console_memory;
        config.memory_size = sizeof s->console_memory;
        config.colour = isatty(fileno(s->terminal)) && !otel_posix_env_("NO_COLOR") && term && strcmp(term, "dumb") != 0;
        config.ascii = !otel_posix_utf8_();
        config.hold = true;
        s->shows = otel_console_init_with(&s->console, &config) == OTEL_OK;
    }
    otel_console_utc_offset(&s->console, otel_posix_utc_offset_());
    flockfile(s->terminal);
    s->lines.file = s->terminal;
    s->lines.n = 0;
    (void)otel_console_send(&s->console, request);
    otel_posix_write_(&s->lines);
    funlockfile(s->terminal);
}

OTEL_FN_ void otel_posix_show_(otel_posix_state_t_ *s)
{
    if (!s->shows) return;
    flockfile(s->terminal);
    s->lines.n = 0;
    otel_console_show(&s->console);
    otel_posix_write_(&s->lines);
    (void)fflush(s->terminal);
    funlockfile(s->terminal);
}
OTEL_C_END_
#endif

/* ---- fetch.h --------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Called while recording, also in signal handlers, so it only tries. Whoever has the mutex is the thread on its way to a wait, or
   somebody who wakes it; while it is so the next record asks again. A thread may be cancelled anywhere, but not with the mutex:
   nothing in between is a place for a deferred request. (Switched off, a request that is on its way still ends it: glibc 2.36.) */
OTEL_API_ bool otel_posix_fetch_(void)
{ OTEL_CALLED_
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    bool mine;
#ifdef PTHREAD_CANCEL_DEFERRED                    /* Android has none */
    int old = PTHREAD_CANCEL_DEFERRED;
    (void)pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
#endif
    mine = s && !pthread_mutex_trylock(&s->mutex);
    if (mine) {
        (void)pthread_cond_signal(&s->wake);
        (void)pthread_mutex_unlock(&s->mutex);
    }
#ifdef PTHREAD_CANCEL_DEFERRED
    (void)pthread_setcanceltype(old, &old);
#endif
    return mine;
}

/* Would the thread find something to do? Not in a ring that is half full already while a request waits for its turn to be tried
   again, or for another exporter of the instance: each record would call in vain. */
OTEL_FN_ bool otel_posix_wants_(const otel_posix_state_t_ *s, const otel_ring_t *ring, unsigned which)
{
    const otel_reader_t_ *reader = &ring->reader[s->exporter.reader_];
    otel_pos_t published = OTEL_LOAD_ACQUIRE_(&ring->published), half = ring->size / 2u;
    if (otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), published) <= half) return true;
    return !s->exporter.flying_ && !s->exporter.lane_[which == OTEL_SPANS_ ? OTEL_SIGNAL_TRACES : OTEL_SIGNAL_LOGS].wait &&
           otel_pos_between_(ring, OTEL_LOAD_(&reader->cursor), published) > half;
}

/* By the thread, under the mutex, in front of a wait: have it end when a ring is half full. */
OTEL_FN_ void otel_posix_arm_(otel_posix_state_t_ *s)
{
    unsigned i, k;
    for (i = 0; i < otel_shards_(&s->otel); i++) {
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &otel_shard_at_(&s->otel, i)->ring[k];
            OTEL_STORE_(&ring->wake, &otel_posix_fetch_);
            OTEL_STORE_RELEASE_(&ring->wake_at, otel_posix_wants_(s, ring, k) ? ring->size / 2u : ~(otel_pos_t)0);
        }
    }
}
OTEL_C_END_
#endif

/* ---- stop.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* All that still waits has an address where nobody listens: more tries would bring nothing. */
OTEL_FN_ bool otel_posix_hopeless_(const otel_posix_state_t_ *s)
{
    otel_stats_t stats;
    unsigned i;
    if (otel_stats(&s->exporter, &stats) != OTEL_OK) return false;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (stats.signal[i].queued && !s->hopeless[i]) return false;
    }
    return true;
}

/* What is to be done before the end, the last one given first; under the mutex, which is open while one runs. */
OTEL_FN_ void otel_posix_close_(otel_posix_state_t_ *s)
{
    s->closing = 1;
    s->closer = pthread_self();
    while (s->closers) {
        otel_posix_closer_t *closer = s->closers;
        s->closers = closer->next_;
        closer->in_ = false;
        (void)pthread_mutex_unlock(&s->mutex);
        if (closer->run) (closer->run)(closer->user, otel_posix_left_(s->stop_until));
        (void)pthread_mutex_lock(&s->mutex);
    }
    s->closing = 0;
}

/* The last export: in steps, to give up where there is no hope. A wait after a connection that failed ends here. */
OTEL_FN_ otel_result_t otel_posix_end_(otel_posix_state_t_ *s)
{
    otel_result_t result, rest;
    uint32_t step = 50, left;
    unsigned i;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (s->hopeless[i]) s->exporter.lane_[i].wait = 0;
        s->hopeless[i] = false;
    }
    do {
        left = otel_posix_left_(s->stop_until);
        result = otel_export_flush(&s->exporter, left < step ? left : step);
        step *= 2u;
    } while (result == OTEL_E_TIMEOUT && left > step / 2u && !otel_posix_hopeless_(s));
    otel_diag_instruments(&s->watch);
    s->exporter.config_.send = NULL;              /* flushed it is: what is left now is told as such */
    rest = otel_export_shutdown(&s->exporter, 0);
    if (result == OTEL_OK) result = rest;
    rest = otel_shutdown(&s->otel, 0);
    otel_http_close(&s->http);
    otel_posix_show_(s);
    return result ? result : rest;
}

/* From here on it ends; under the mutex. */
OTEL_FN_ void otel_posix_last_(otel_posix_state_t_ *s, uint32_t timeout_ms)
{
    s->running = 2;
    s->begun++;
    if (s->ask) (s->ask)(s, OTEL_ASK_NO_MORE_);
    s->stop_until = otel_posix_until_(timeout_ms);
    otel_posix_close_(s);
    OTEL_STORE_(&s->http.limit_ms_, s->stop_until);
    OTEL_STORE_RELEASE_(&s->http.limited_, true);
    OTEL_STORE_RELEASE_(&s->stop, (uint8_t)1);
}

/* It has ended; under the mutex. The signal that came meanwhile, or 0: from here on the next one does what it does. */
OTEL_FN_ int otel_posix_over_(otel_posix_state_t_ *s, otel_result_t result)
{
    int caught = 0;
    s->stop_result = result;
    s->ended = s->begun;
    (void)pthread_cond_broadcast(&s->back);
    return OTEL_CAS_(&s->caught, &caught, -1) ? 0 : caught;
}

/* Let a signal that was caught end the program. */
OTEL_FN_ void otel_posix_let_(int caught)
{
    if (caught <= 0) return;
    (void)signal(caught, SIG_DFL);
    (void)kill(getpid(), caught);
}
OTEL_C_END_
#endif

/* ---- thread.h -------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Say that sending fails: at first, when another answer comes, and at OTEL_LOG_LEVEL=debug each time. */
OTEL_FN_ void otel_posix_fails_(otel_posix_state_t_ *s, const otel_request_t *request, int status, otel_outcome_t_ outcome)
{
    const otel_http_target_t_ *t = &s->http.target_[request->signal];
    const bool again = outcome == OTEL_OUTCOME_RETRY_ || outcome == OTEL_OUTCOME_HALVE_;
    bool known = s->failed && (status == s->said_status || otel_posix_ms_() - s->said_ms < 10000u);
    otel_diag_t about = otel_posix_about_(again ? OTEL_DIAG_PUT_OFF : OTEL_DIAG_REFUSED, known ? OTEL_LEVEL_DEBUG : again ? OTEL_LEVEL_WARN : OTEL_LEVEL_ERROR);
    about.signal = request->signal;
    about.count = request->items;
    about.answer = status;
    if (!known) {
        s->failed = true;
        s->said_status = status;
        s->said_ms = otel_posix_ms_();
    }
    if (s->explain) otel_posix_say_(s, &about, "", "sending fails%s: %s", again ? " and is tried again" : "", (s->explain)(s->user));
    else if (s->send) otel_posix_say_(s, &about, otel_posix_remedy_(s, request->signal, status), "sending to your function fails%s: %d", again ? " and is tried again" : "", status);
    else otel_posix_say_(s, &about, otel_posix_remedy_(s, request->signal, status), "sending to %s port %s fails%s: %s", t->host, t->port, again ? " and is tried again" : "", otel_http_error(&s->http));
}

/* What the transport has to say of the last request, "" for nothing. */
OTEL_FN_ const char *otel_posix_said_(const otel_posix_state_t_ *s)
{
    const char *sentence = s->explain ? (s->explain)(s->user) : s->send ? "" : otel_http_error(&s->http);
    return sentence ? sentence : "";
}

/* How a request went. */
OTEL_FN_ void otel_posix_report_(otel_posix_state_t_ *s, const otel_request_t *request, int status, otel_outcome_t_ outcome)
{
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_TRACE, OTEL_LEVEL_VERBOSE);
    about.signal = request->signal;
    about.count = request->items;
    about.answer = status;
    otel_posix_say_(s, &about, "", "%s: %lu records in %lu bytes, answer %d", request->path, (unsigned long)request->items, (unsigned long)request->len, status);
    if (!(s->to[request->signal] & OTEL_TO_HTTP_)) return;    /* a terminal says nothing about a receiver */
    if (s->failing) {
        otel_posix_fails_(s, request, status, outcome);
    } else if (s->failed && outcome == OTEL_OUTCOME_OK_) {
        about.code = OTEL_DIAG_WORKS;
        about.level = OTEL_LEVEL_INFO;
        s->failed = false;
        otel_posix_say_(s, &about, "", "sending works again");
    }
    if (outcome == OTEL_OUTCOME_OK_ && otel_posix_said_(s)[0] && (!s->partial_ms || otel_posix_ms_() - s->partial_ms > 30000u)) {
        about.code = OTEL_DIAG_REFUSED;
        about.level = OTEL_LEVEL_WARN;
        s->partial_ms = otel_posix_ms_() | 1u;
        otel_posix_say_(s, &about, !s->send && s->http.remedy_ ? s->http.remedy_ : "see the receiver's log", "%s", otel_posix_said_(s));
    }
}

/* The exporter's `send`: where the signal of this request goes. What is shown in the terminal is shown once, when its fate is known. */
OTEL_FN_ int otel_posix_send_(void *user, const otel_request_t *request)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)user;
    unsigned to = s->to[request->signal];
    int status = 200;
    otel_outcome_t_ outcome;
    if (to & OTEL_TO_HTTP_) status = s->send ? (s->send)(s->user, request) : otel_http_send(&s->http, request);
    outcome = otel_outcome_(status);
    if ((to & OTEL_TO_CONSOLE_) && outcome != OTEL_OUTCOME_AGAIN_ && outcome != OTEL_OUTCOME_RETRY_ && outcome != OTEL_OUTCOME_HALVE_) otel_posix_console_(s, request);
    s->hopeless[request->signal] = (to & OTEL_TO_HTTP_) && !s->send && status < 0 && s->http.refused_;
    if (outcome == OTEL_OUTCOME_OK_) OTEL_STORE_(&s->arrived_ms, otel_posix_ms_());
    s->sends++;
    s->status = status;
    if (to & OTEL_TO_HTTP_) s->failing = outcome != OTEL_OUTCOME_OK_ && outcome != OTEL_OUTCOME_AGAIN_;
    otel_posix_report_(s, request, status, outcome);
    return status;
}

OTEL_FN_ void otel_posix_wait_(pthread_cond_t *cond, pthread_mutex_t *mutex, uint32_t ms)
{
    struct timespec t;
#ifdef __APPLE__
    (void)clock_gettime(CLOCK_REALTIME, &t);
#else
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
#endif
    t.tv_sec += (time_t)(ms / 1000u);
    t.tv_nsec += (long)(ms % 1000u) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    (void)pthread_cond_timedwait(cond, mutex, &t);
}

OTEL_FN_ void otel_posix_idle_(void *user, uint32_t ms)
{
    struct timespec t;
    (void)user;
    t.tv_sec = 0;
    t.tv_nsec = (long)(ms > 20u ? 20u : ms) * 1000000;
    (void)nanosleep(&t, NULL);
}

/* A service that never stops hears of losses as well: at once, and then every half minute. */
OTEL_FN_ void otel_posix_watch_(otel_posix_state_t_ *s)
{
    otel_stats_t stats;
    otel_count_t lost = 0, most = 0;
    otel_drop_t why = OTEL_DROP_FULL;
    otel_diag_t about = otel_posix_about_(OTEL_DIAG_LOST, OTEL_LEVEL_WARN);
    unsigned i, k;
    if ((s->told && otel_posix_ms_() - s->told_ms < 30000u) || otel_stats(&s->exporter, &stats) != OTEL_OK) return;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        for (k = 0; k < OTEL_DROP_REASONS; k++) {
            lost += stats.signal[i].dropped[k];
            if (stats.signal[i].dropped[k] <= most) continue;
            most = stats.signal[i].dropped[k];
            why = (otel_drop_t)k;
        }
    }
    if (lost <= s->told) {
        s->told = lost;                           /* less: a fork began anew */
        return;
    }
    about.reason = why;
    about.count = lost - s->told;
    otel_posix_say_(s, &about, otel_posix_loss_(s, why), "%llu record%s lost so far, most of them: %s", (unsigned long long)lost, lost == 1 ? "" : "s", otel_drop_text(why));
    s->told = lost;
    s->told_ms = otel_posix_ms_();
}

/* Nothing is waited for under the mutex but the mutex itself, and every wait is preceded by a look at what was asked: no wake-up
   is lost. */
OTEL_FN_ void *otel_posix_thread_(void *state)
{
    otel_posix_state_t_ *s = (otel_posix_state_t_ *)state;
    uint32_t tick = s->exporter.config_.interval_ms < 100u ? s->exporter.config_.interval_ms : 100u;
    otel_result_t result;
    bool caught = false, more;
    OTEL_STORE_(&s->exporter.driver_, (uintptr_t)&otel_thread_v0_);
    (void)pthread_mutex_lock(&s->mutex);
    while (!s->stop) {
        uint32_t asked = s->asked, before;
        if (asked != s->flushed) {
            uint32_t ms = otel_posix_left_(s->flush_until);
            (void)pthread_mutex_unlock(&s->mutex);
            result = otel_export_flush(&s->exporter, ms);
            otel_posix_show_(s);
            (void)pthread_mutex_lock(&s->mutex);
            s->flush_result = result;
            s->flushed = asked;
            (void)pthread_cond_broadcast(&s->back);
            continue;
        }
        if (s->dump) {
            otel_posix_screen_(s, s->dump);
            (void)fflush(s->dump);
            s->dump = NULL;
            (void)pthread_cond_broadcast(&s->back);
            continue;
        }
        if (s->running == 1 && OTEL_LOAD_(&s->caught) > 0) {
            caught = true;
            otel_posix_last_(s, s->exit_ms);
            break;
        }
        (void)pthread_mutex_unlock(&s->mutex);
        OTEL_STORE_(&s->beat_ms, otel_posix_ms_());
        if (otel_posix_ms_() - s->synced_ms >= 10000u) {
            otel_posix_sync_(s, false);
            s->synced_ms = otel_posix_ms_();
        }
        otel_posix_anchor_(s);
        otel_posix_watch_(s);
        otel_diag_more_(&s->watch);
        otel_diag_instruments(&s->watch);
        do {                                      /* as long as there is something to send, but others want something too */
            before = s->sends;
            (void)otel_export_poll(&s->exporter);
            more = s->sends != before && s->status != OTEL_AGAIN && s->status != OTEL_PENDING;
        } while (more && !OTEL_LOAD_ACQUIRE_(&s->stop) && otel_posix_ms_() - s->beat_ms < 100u);
        otel_posix_show_(s);
        (void)pthread_mutex_lock(&s->mutex);
        if (!s->stop && s->asked == s->flushed && !s->dump && !more) {
            otel_posix_arm_(s);
            otel_posix_wait_(&s->wake, &s->mutex, tick);
        }
    }
    (void)pthread_mutex_unlock(&s->mutex);
    result = otel_posix_end_(s);
    (void)pthread_mutex_lock(&s->mutex);
    s->stop_result = result;
    s->flushed = s->asked;
    s->flush_result = result;
    s->finished = true;
    if (caught) otel_posix_let_(otel_posix_over_(s, result));     /* now it does what it does */
    (void)pthread_cond_broadcast(&s->back);
    (void)pthread_mutex_unlock(&s->mutex);
    return NULL;
}

OTEL_FN_ bool otel_posix_launch_(otel_posix_state_t_ *s)
{
    sigset_t all, old;
    int failed;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old)) return false;   /* signals are the program's: none is delivered to this thread */
    failed = pthread_create(&s->thread, NULL, otel_posix_thread_, s);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    s->up = failed == 0;
    return s->up;
}
OTEL_C_END_
#endif

/* ---- fork.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_posix_before_fork_(void)
{
    if (!otel_posix_v0_) return;
    (void)pthread_mutex_lock(&otel_posix_v0_->mutex);
    (void)pthread_mutex_lock(&otel_posix_v0_->life);
}

OTEL_FN_ void otel_posix_parent_(void)
{
    if (!otel_posix_v0_) return;
    (void)pthread_mutex_unlock(&otel_posix_v0_->life);
    (void)pthread_mutex_unlock(&otel_posix_v0_->mutex);
}

OTEL_FN_ bool otel_posix_conds_(otel_posix_state_t_ *s)
{
    pthread_condattr_t a;
    bool good;
    if (pthread_condattr_init(&a)) return false;
#ifndef __APPLE__
    (void)pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
#endif
    good = pthread_cond_init(&s->wake, &a) == 0 && pthread_cond_init(&s->back, &a) == 0;
    (void)pthread_condattr_destroy(&a);
    return good;
}

/* The child has one thread, the queue of nobody, and connections that are its parent's. */
OTEL_FN_ void otel_posix_child_(void)
{
    otel_posix_state_t_ *s = otel_posix_v0_;
    if (!s) return;
    (void)otel_posix_conds_(s);
    otel_after_fork(&s->otel);
    if (s->exporter.otel_) otel_exporter_renew_(&s->exporter);          /* before anybody counts */
    (void)pthread_mutex_unlock(&s->life);
    otel_http_close(&s->http);
    if (s->detect && s->running == 1) otel_posix_detect_(s, &s->otel.config_);
    s->up = s->failed = s->failing = s->shows = false;        /* what the console holds is the parent's, and perhaps half of it */
    s->lines.n = 0;
    s->asked = s->flushed;
    s->dump = NULL;
    s->closing = 0;
    s->ended = s->begun;
    OTEL_STORE_(&s->caught, -1);
    s->forked = true;
    if (s->running == 1) {
        s->stop = 0;
        if (otel_posix_launch_(s)) OTEL_STORE_(&s->caught, 0);              /* without it, flush and stop send by themselves */
        if (s->ask) (s->ask)(s, OTEL_ASK_IN_CHILD_);
    } else {
        if (s->running) {                         /* the end was under way: here it is over, and nobody would send what is recorded */
            s->exporter.config_.send = NULL;
            (void)otel_shutdown(&s->otel, 0);
        }
        s->running = 0;
    }
    (void)pthread_mutex_unlock(&s->mutex);
}

#define OTEL_POSIX_STACK_ 8388608u        /* bytes of a stack that may be left already: longjmp, without otel_span_unwind, left spans there */

/* exit() leaves no block: the spans that it was called in end here, where they are still alive. Not in the child of a fork, where they
   may be its parent's. */
OTEL_FN_ void otel_posix_end_open_(const otel_posix_state_t_ *s)
{
    const char here = 0;
    otel_span_t *span;
    while (!s->forked && (span = otel_span_current()) != NULL && (uintptr_t)&here - (uintptr_t)span > OTEL_POSIX_STACK_) {
        otel_span_end(span);
        if (otel_span_current() == span) return;
    }
}

OTEL_FN_ void otel_posix_exit_(void)
{
    if (!otel_posix_v0_) return;
    otel_posix_end_open_(otel_posix_v0_);
    (void)otel_posix_stop(otel_posix_v0_->exit_ms);
}
OTEL_C_END_
#endif

/* ---- keep.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_FN_ int otel_posix_keep_read_(void *user, uint32_t at, void *to, uint32_t len)
{
    int fd = ((const otel_posix_file_t *)user)->fd_ - 1;
    while (len) {
        ssize_t n = pread(fd, to, len, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        to = (char *)to + n;
        at += (uint32_t)n;
        len -= (uint32_t)n;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_write_(void *user, uint32_t at, const void *from, uint32_t len)
{
    int fd = ((const otel_posix_file_t *)user)->fd_ - 1;
    while (len) {
        ssize_t n = pwrite(fd, from, len, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        from = (const char *)from + n;
        at += (uint32_t)n;
        len -= (uint32_t)n;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_erase_(void *user, uint32_t at)
{
    const otel_posix_file_t *file = (const otel_posix_file_t *)user;
    uint32_t end = at + file->geometry_.sector_size;
    uint8_t blank[512];
    memset(blank, 0xFF, sizeof blank);
    for (; at < end; at += (uint32_t)sizeof blank) {
        if (otel_posix_keep_write_(user, at, blank, end - at < sizeof blank ? end - at : (uint32_t)sizeof blank)) return -1;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_sync_(void *user)
{
#ifdef __APPLE__
    return fsync(((const otel_posix_file_t *)user)->fd_ - 1);
#else
    return fdatasync(((const otel_posix_file_t *)user)->fd_ - 1);
#endif
}

OTEL_FN_ void otel_posix_keep_cut_(void *user, otel_geometry_t *geometry) { *geometry = ((const otel_posix_file_t *)user)->geometry_; }

/* Lengthen a file to its size; what is new is erased. */
OTEL_FN_ bool otel_posix_keep_size_(otel_posix_file_t *file)
{
    const otel_geometry_t *g = &file->geometry_;
    off_t have = lseek(file->fd_ - 1, 0, SEEK_END);
    uint32_t i;
    for (i = 0; i < g->sectors && have >= 0; i++) {
        if (have < (off_t)((uint64_t)(i + 1u) * g->sector_size) && otel_posix_keep_erase_(file, i * g->sector_size)) return false;
    }
    return have >= 0;
}
#endif

OTEL_API_ otel_result_t otel_posix_medium(otel_posix_file_t *file, otel_medium_t *medium, const char *path, uint32_t sector_size, uint32_t sectors)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)file; (void)medium; (void)path; (void)sector_size; (void)sectors; return OTEL_OK)
#if OTEL_ENABLED
    struct flock lock;
    if (!file || !medium || !path) return OTEL_E_NULL;
    if (sector_size < 256u || sector_size % 64u || sectors < 2u || sectors > 0x7FFFFFFFu / sector_size) return OTEL_E_CONFIG;
    file->geometry_.sector_size = sector_size;
    file->geometry_.sectors = sectors;
    file->geometry_.grain = 1;
    file->fd_ = otel_posix_above_((open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) + 1;
    if (file->fd_ == 0) return OTEL_E_SYSTEM;
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (fcntl(file->fd_ - 1, F_SETLK, &lock) || !otel_posix_keep_size_(file)) {
        int error = errno;
        otel_posix_medium_close(file);
        errno = error;
        return OTEL_E_SYSTEM;
    }
    memset((void *)medium, 0, sizeof *medium);
    medium->read = otel_posix_keep_read_;
    medium->program = otel_posix_keep_write_;
    medium->erase = otel_posix_keep_erase_;
    medium->geometry = otel_posix_keep_cut_;
    medium->sync = otel_posix_keep_sync_;
    medium->user = file;
    return OTEL_OK;
#endif
}

OTEL_API_ void otel_posix_medium_close(otel_posix_file_t *file)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)file)
    if (!file || file->fd_ <= 0) return;
    (void)(close)(file->fd_ - 1);
    file->fd_ = 0;
}
OTEL_C_END_
#endif

/* ---- died.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
/* Where the program was; 0 where nobody knows. */
OTEL_FN_ uintptr_t otel_posix_at_(const void *context)
{
#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
    const long long *registers = (const long long *)(const void *)&((const ucontext_t *)context)->uc_mcontext;      /* their names are hidden by -std=c99 */
    return (uintptr_t)registers[16];              /* REG_RIP */
#elif defined(__linux__) && defined(__aarch64__) && defined(__GLIBC__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    (void)context;
    return 0;
#endif
}

OTEL_FN_ void otel_posix_died_(int number, siginfo_t *info, void *context)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    const char *cause = number == SIGSEGV ? "SIGSEGV" : number == SIGBUS ? "SIGBUS" : number == SIGFPE ? "SIGFPE" : number == SIGILL ? "SIGILL" : "SIGABRT";
    if (s && s->crash) otel_crash_write(s->crash, cause, otel_posix_at_(context), number == SIGSEGV || number == SIGBUS ? (uintptr_t)info->si_addr : 0);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}
#endif

OTEL_API_ otel_result_t otel_posix_crash(const char *path)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)path; return OTEL_OK)
#if OTEL_ENABLED
    static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    struct sigaction act, old;
    void *at;
    unsigned i;
    int fd;
    if (!path) return OTEL_E_NULL;
    if (!s || s->running != 1) return s && s->disabled ? OTEL_OK : OTEL_E_NOT_READY;
    fd = otel_posix_above_((open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd < 0) return OTEL_E_SYSTEM;
    at = ftruncate(fd, (off_t)sizeof(otel_crash_t)) ? MAP_FAILED : mmap(NULL, sizeof(otel_crash_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)(close)(fd);
    if (at == MAP_FAILED) return OTEL_E_SYSTEM;
    s->crash = (otel_crash_t *)at;
    (void)otel_crash_open(s->crash, &s->otel);
    memset(&act, 0, sizeof act);
    act.sa_sigaction = otel_posix_died_;
    act.sa_flags = SA_SIGINFO | OTEL_POSIX_ONSTACK_;
    (void)sigemptyset(&act.sa_mask);
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL) (void)sigaction(numbers[i], &act, NULL);
    }
    return OTEL_OK;
#endif
}
OTEL_C_END_
#endif

/* ---- jaeger.h -------------------------------------------------------------------------------------------------- */
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    if (!p || !p->up_) return;
    otel_posix_jaeger_enough_(p);
    (void)pthread_join(p->thread_, NULL);
    p->up_ = false;
}

OTEL_API_ size_t otel_posix_jaeger_error(otel_posix_jaeger_t *p, char *to, size_t size)
{ OTEL_CALLED_
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

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* "0.25" without strtod, which would ask the locale. False: no such number. */
OTEL_FN_ bool otel_posix_ratio_(const char *text, size_t n, double *ratio)
{
    double value = 0, unit = 1;
    bool point = false;
    size_t digits = 0;
    otel_posix_trim_(&text, &n);
    for (; n; text++, n--) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return false;
        digits++;
        if (point) unit /= 10;
        value = point ? value + unit * (*text - '0') : value * 10 + (*text - '0');
    }
    if (digits == 0 || value > 1) return false;
    *ratio = value;
    return true;
}

/* Of OTEL_TRACES_SAMPLER=jaeger_remote; mapped when it is named. */
typedef struct otel_posix_remote_t_ {
    otel_jaeger_t sampler;
    otel_sampler_t initial;
    otel_posix_jaeger_t poller;
    uint32_t interval_ms;
    char endpoint[512];
    uint64_t memory[8192];
} otel_posix_remote_t_;

/* A server's address as it stands, or its path too when it has none. */
OTEL_FN_ bool otel_posix_remote_endpoint_(otel_posix_remote_t_ *r, const otel_posix_pair_t_ *pair)
{
    otel_posix_text_t_ text;
    const char *host;
    text.at = r->endpoint;
    text.end = r->endpoint + sizeof r->endpoint;
    text.full = pair->value_len == 0;
    otel_posix_put_(&text, pair->value, pair->value_len);
    host = strstr(r->endpoint, "://");
    if (!strchr(host ? host + 3 : r->endpoint, '/')) otel_posix_add_(&text, "/sampling");
    if (text.full) r->endpoint[0] = 0;            /* that of a local agent */
    return !text.full;
}

/* One of "endpoint=http://localhost:5778,pollingIntervalMs=5000,initialSamplingRate=0.25". */
OTEL_FN_ bool otel_posix_remote_word_(otel_posix_remote_t_ *r, const otel_posix_pair_t_ *pair)
{
    double ratio;
    if (otel_posix_word_(pair->key, pair->key_len, "endpoint")) return otel_posix_remote_endpoint_(r, pair);
    if (otel_posix_word_(pair->key, pair->key_len, "initialsamplingrate")) {
        if (!otel_posix_ratio_(pair->value, pair->value_len, &ratio)) return false;
        r->initial = otel_sampler_ratio(ratio);
        return true;
    }
    if (!otel_posix_word_(pair->key, pair->key_len, "pollingintervalms")) return false;
    r->interval_ms = otel_posix_number_(pair->value, pair->value_len);
    return r->interval_ms != 0;
}

/* The service whose strategy it is. */
OTEL_FN_ const char *otel_posix_remote_service_(const otel_posix_state_t_ *s, char *to, size_t size)
{
    const char *name = s->otel.config_.service;
    size_t i;
    for (i = 0; !name && i < s->attributes_len; i++) {
        const otel_value_t *v = &s->attributes[i].value;
        if (!s->attributes[i].key || strcmp(s->attributes[i].key, "service.name") != 0 || v->type != OTEL_V_STRING_) continue;
        (void)snprintf(to, size, "%.*s", (int)v->len, (const char *)v->as.p);
        name = to;
    }
    return name ? name : "unknown_service";
}

/* Under the port's mutex, but for OTEL_ASK_GONE_, when nobody else asks. Without a thread the first sampler stays, and that is said. */
OTEL_FN_ void otel_posix_remote_ask_(otel_posix_state_t_ *s, unsigned when)
{
    otel_posix_remote_t_ *r = s->remote;
    otel_posix_jaeger_options_t o;
    char name[256];
    if (when == OTEL_ASK_NO_MORE_) {
        if (r->poller.up_) otel_posix_jaeger_enough_(&r->poller);
        return;
    }
    if (when == OTEL_ASK_GONE_) {
        uint32_t left = otel_posix_left_(s->stop_until);
        if (!otel_posix_jaeger_gone_(&r->poller, left < 500u ? left : 500u)) s->remote = NULL;     /* the next start has another */
        return;
    }
    if (when == OTEL_ASK_IN_CHILD_) {
        otel_http_close(&r->poller.http_);        /* the parent's */
        (void)otel_sampler_jaeger(&r->sampler, &r->initial, r->memory, sizeof r->memory);       /* an update may have been under way */
    }
    memset((void *)&o, 0, sizeof o);
    o.sampler = &r->sampler;
    o.service = otel_posix_remote_service_(s, name, sizeof name);
    o.endpoint = r->endpoint[0] ? r->endpoint : NULL;
    o.interval_ms = r->interval_ms;
    if (otel_posix_jaeger_start_with(&r->poller, &o) == OTEL_E_SYSTEM) {
        OTEL_POSIX_IGNORED_(s, "start it again when there is memory for a thread", "%s", "no strategy of sampling is asked for");
    }
}

/* Room for a server's strategy, and where to ask for it. False: no memory. */
OTEL_FN_ bool otel_posix_remote_(otel_posix_state_t_ *s, const char *argument)
{
    static const char remedy[] = "write endpoint=http://localhost:5778,pollingIntervalMs=60000,initialSamplingRate=0.001";
    const char *from = argument;
    otel_posix_pair_t_ pair;
    int more;
    if (!s->remote) s->remote = (otel_posix_remote_t_ *)otel_posix_map_(sizeof *s->remote);
    if (!s->remote) return false;
    s->remote->interval_ms = 0;
    s->remote->endpoint[0] = 0;
    s->remote->initial = otel_sampler_ratio(0.001);
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        if (otel_posix_remote_word_(s->remote, &pair)) continue;
        OTEL_POSIX_IGNORED_(s, remedy, "%.*s of OTEL_TRACES_SAMPLER_ARG is ignored", (int)(pair.key_len > 40 ? 40 : pair.key_len), pair.key);
    }
    if (more < 0) OTEL_POSIX_IGNORED_(s, remedy, "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
    s->ask = otel_posix_remote_ask_;
    return true;
}

OTEL_FN_ otel_sampler_t otel_posix_env_sampler_(otel_posix_state_t_ *s)
{
    const char *value = otel_posix_env_("OTEL_TRACES_SAMPLER"), *argument = otel_posix_env_("OTEL_TRACES_SAMPLER_ARG"), *word;
    size_t n;
    double ratio = 1;
    bool parent;
    if (!value && argument) OTEL_POSIX_IGNORED_(s, "say which sampler it is for: OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
    if (!value) value = "parentbased_always_on";
    word = value;
    n = strlen(word);
    otel_posix_trim_(&word, &n);
    parent = n > 12 && otel_posix_word_(word, 12, "parentbased_");
    if (parent) {
        word += 12;
        n -= 12;
    }
    s->root = otel_sampler_always_on();
    if (otel_posix_word_(word, n, "always_off")) {
        s->root = otel_sampler_always_off();
    } else if (otel_posix_word_(word, n, "traceidratio")) {
        if (argument && !otel_posix_ratio_(argument, strlen(argument), &ratio)) OTEL_POSIX_IGNORED_(s, "write a number from 0 to 1, such as 0.25", "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
        s->root = otel_sampler_ratio(ratio);
    } else if (otel_posix_word_(word, n, "jaeger_remote")) {
        if (otel_posix_remote_(s, argument)) s->root = otel_sampler_jaeger(&s->remote->sampler, &s->remote->initial, s->remote->memory, sizeof s->remote->memory);
    } else if (!otel_posix_word_(word, n, "always_on")) {
        OTEL_POSIX_IGNORED_(s, "this library has always_on, always_off, traceidratio, jaeger_remote, and parentbased_ before each", "OTEL_TRACES_SAMPLER=%.60s is ignored", value);
        parent = true;
        word = "always_on";
        n = strlen(word);
    }
    (void)snprintf(s->sampled, sizeof s->sampled, "%s%.*s%s%.10s", parent ? "parentbased_" : "", (int)(n > 14 ? 14 : n), word, ratio < 1 ? " of " : "", ratio < 1 ? argument : "");
    return parent ? otel_sampler_parent_based(&s->root) : s->root;
}
OTEL_C_END_
#endif

/* ---- start.h --------------------------------------------------------------------------------------------------- */
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    return s ? &s->otel : NULL;
}

OTEL_API_ otel_result_t otel_posix_dump(FILE *file, uint32_t timeout_ms)
{ OTEL_CALLED_
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
{ OTEL_CALLED_
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    if (!stats) return OTEL_E_NULL;
    memset((void *)stats, 0, sizeof *stats);
    return s ? otel_posix_count_(s, stats) : OTEL_E_NOT_READY;
}
OTEL_C_END_
#endif

/* ---- off.h ----------------------------------------------------------------------------------------------------- */
#if !OTEL_ENABLED
OTEL_C_BEGIN_
/* Off: nothing of ours is left, and each call says that all is well. */
OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *options) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)http; (void)options; return OTEL_OK) }
OTEL_API_ int otel_http_send(void *http, const otel_request_t *request) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)http; (void)request; return 200) }
OTEL_API_ void otel_http_close(otel_http_t *http) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)http) }
OTEL_API_ const char *otel_http_error(const otel_http_t *http) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)http; return "") }
OTEL_API_ int otel_file_send(void *file, const otel_request_t *request) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)file; (void)request; return 200) }
OTEL_API_ uint64_t otel_posix_clock(void *user) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)user; return 0) }
OTEL_API_ uint64_t otel_fast_clock(void *clock) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)clock; return 0) }
OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *clock) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)clock; return false) }
OTEL_API_ bool otel_fast_clock_trusts(void) { OTEL_CALLED_ return false; }
OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)user; (void)to; (void)len; return false) }
OTEL_API_ otel_result_t otel_posix_start_with(const otel_posix_options_t *options) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)options; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_flush(uint32_t timeout_ms) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stop(uint32_t timeout_ms) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_at_stop(otel_posix_closer_t *closer) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)closer; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stop_on(int signal_number) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)signal_number; return OTEL_OK) }
OTEL_API_ otel_posix_health_t otel_posix_health(void) { OTEL_CALLED_ otel_posix_health_t health; memset(&health, 0, sizeof health); health.live = health.ready = true; return health; }
OTEL_API_ otel_t *otel_posix_instance(void) { OTEL_CALLED_ OTEL_WHEN_OFF_(return NULL) }
OTEL_API_ otel_result_t otel_posix_dump(FILE *file, uint32_t timeout_ms) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)file; (void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stats(otel_stats_t *stats) { OTEL_CALLED_ OTEL_WHEN_OFF_(if (stats) memset((void *)stats, 0, sizeof *stats); return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_jaeger_start_with(otel_posix_jaeger_t *poller, const otel_posix_jaeger_options_t *options) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)poller; (void)options; return OTEL_OK) }
OTEL_API_ void otel_posix_jaeger_stop(otel_posix_jaeger_t *poller) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)poller) }
OTEL_API_ size_t otel_posix_jaeger_error(otel_posix_jaeger_t *poller, char *to, size_t size) { OTEL_CALLED_ OTEL_WHEN_OFF_((void)poller; if (size) to[0] = 0; return 0) }
OTEL_C_END_
#endif

#endif /* OTEL_POSIX_H_ */
