/* What the port knows. */
#ifndef OTEL_POSIX_STATE_H
#define OTEL_POSIX_STATE_H
#include "fast_clock.h"
#include "http.h"
#include "options.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
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
#endif
