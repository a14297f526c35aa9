/* What test_faults.py and test_soak.py run: the first word of the command line says what. Each mode ends with the law. */
#include "otel_posix.h"
#ifdef WITH_GZIP
#include "otel_gzip.h"
#endif
#include <sys/time.h>

static otel_counter_t done = OTEL_COUNTER("jobs.done", .unit = "{job}", OTEL_SERIES(8));

static uint32_t ms(void) { return (uint32_t)(otel_posix_clock(NULL) / 1000000u); }

static void nap(long us)
{
    struct timespec t;
    t.tv_sec = us / 1000000;
    t.tv_nsec = us % 1000000 * 1000;
    (void)nanosleep(&t, NULL);
}

static long memory(void)              /* the most that was ever resident, KiB; getrusage would count what ran before exec too */
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[128];
    long most = -1;
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "VmHWM:", 6) == 0) most = atol(line + 6);
    }
    if (file) (void)fclose(file);
    return most;
}

static int law(const otel_stats_t *stats)
{
    static const char *const name[] = { "traces", "metrics", "logs" };
    static const char *const reason[OTEL_DROP_REASONS] = { "full", "in_flight", "busy", "thread", "processor", "too_large", "shutdown", "reset", "rejected", "gave_up", "no_clock" };
    unsigned i, k;
    int broken = !stats->steady;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        const otel_signal_stats_t *s = &stats->signal[i];
        bool holds = s->created == s->exported + otel_stats_dropped(s) + s->queued;
        (void)printf("%s created=%lu exported=%lu dropped=%lu queued=%lu retried=%lu", name[i], (unsigned long)s->created, (unsigned long)s->exported, (unsigned long)otel_stats_dropped(s),
                     (unsigned long)s->queued, (unsigned long)s->retried);
        for (k = 0; k < OTEL_DROP_REASONS; k++) {
            if (s->dropped[k]) (void)printf(" %s=%lu", reason[k], (unsigned long)s->dropped[k]);
        }
        (void)printf(" %s\n", holds ? "law" : "BROKEN");
        if (!holds) broken = 1;
    }
    if (!stats->steady) (void)printf("not steady: BROKEN\n");
    (void)printf("memory %ld\n", memory());
    return broken;
}

static int port_law(void)
{
    otel_stats_t stats;
    if (otel_posix_stats(&stats) != OTEL_OK) return 9;
    return law(&stats);
}

/* ---- an exporter of one's own, with short waits ---- */
static uint8_t pool[1 << 20], packet[1 << 18];
static otel_t otel;
static otel_exporter_t ex;
static otel_http_t http;

static int open_exporter(const char *url, size_t pool_size, otel_when_full_t when, int timeout)
{
    if (otel_http_init(&http, .endpoint = url, .exporter = &ex) != OTEL_OK) return 3;
    if (otel_init(&otel, .service = "faults", .clock = otel_posix_clock, .clock_hz = 1000000000, .entropy = otel_posix_entropy, .pool = pool, .pool_size = pool_size, .when_full = when)) return 4;
    otel_time_sync(&otel, 1700000000000000000u);
    if (otel_exporter_init(&ex, .otel = &otel, .send = otel_http_send, .user = &http, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1, .timeout_ms = (uint32_t)timeout, .retry_initial_ms = 2, .retry_max_ms = 3000)) return 5;
    return 0;
}

static int close_exporter(void)
{
    otel_stats_t stats;
    (void)otel_stats(&ex, &stats);
    otel_http_close(&http);
    return law(&stats);
}

/* rounds URL N TIMEOUT: one span at a time, N of them, each flushed before the next */
static int run_rounds(const char *url, int n, int timeout)
{
    int i, late = 0, failed = open_exporter(url, sizeof pool, OTEL_DROP_NEWEST, timeout);
    if (failed) return failed;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "round") otel_span_set(span, "i", i);
        if (otel_export_flush(&ex, 20000) != OTEL_OK) late++;
    }
    (void)printf("late %d\n", late);
    return close_exporter();
}

/* batch URL N TIMEOUT SECONDS: N spans at once, polled until all are out */
static int run_batch(const char *url, int n, int timeout, int seconds)
{
    int i, failed = open_exporter(url, sizeof pool, OTEL_DROP_NEWEST, timeout);
    uint32_t begin = ms();
    otel_stats_t stats;
    if (failed) return failed;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "batch") otel_span_set(span, "i", i);
    }
    do {
        (void)otel_export_poll(&ex);
        (void)otel_stats(&ex, &stats);
        if (stats.signal[OTEL_SIGNAL_TRACES].queued) nap(1000);
    } while (stats.signal[OTEL_SIGNAL_TRACES].queued && ms() - begin < (uint32_t)seconds * 1000u);
    (void)printf("took %u\nsaid %s\n", (unsigned)(ms() - begin), otel_http_error(&http));
    return close_exporter();
}

/* fill URL N OLDEST: N spans into a pool of 64 KiB while nobody takes them; what memory that took */
static int run_fill(const char *url, int n, int oldest)
{
    int i, failed = open_exporter(url, 65536, oldest ? OTEL_DROP_OLDEST : OTEL_DROP_NEWEST, 500);
    long before = 0;
    if (failed) return failed;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "fill") {
            otel_span_set(span, "i", i);
            otel_log(OTEL_INFO, "filling", "i", i);
        }
        if (i % 1000 == 0) (void)otel_export_poll(&ex);
        if (i == n / 10) before = memory();
    }
    (void)printf("grown %ld\n", memory() - before);
    return close_exporter();
}

/* ---- the port as programs use it ---- */

/* stalled N: says when it is ready, records N spans once the receiver has a request and sits on it, says so, and ends when told */
static int run_stalled(int n)
{
    char line[16];
    int i;
    if (otel_posix_start(.service = "faults", .interval_ms = 10, .metric_interval_ms = 3600000)) return 3;
    OTEL_SPAN(span, "first") (void)span;
    if (!fgets(line, sizeof line, stdin)) return 4;               /* the receiver has it */
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "stalled") otel_span_set(span, "i", i);
    }
    (void)printf("recorded\n");
    if (!fgets(line, sizeof line, stdin)) return 4;
    (void)printf("stop %d\n", (int)otel_posix_stop(10000));
    return port_law();
}

/* reenter: a transport that records itself */
static int posts;
static int recording_post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    if (posts++ < 5) {
        OTEL_SPAN(span, "inside") otel_log(OTEL_INFO, "inside");
        (void)otel_posix_flush(100);
        (void)otel_posix_stop(100);
    }
    return 200;
}

static int run_reenter(void)
{
    if (otel_posix_start(.service = "faults", .send = recording_post, .interval_ms = 10)) return 3;
    OTEL_SPAN(span, "outside") (void)span;
    (void)printf("flush %d\n", (int)otel_posix_flush(5000));
    nap(100000);
    (void)printf("stop %d\n", (int)otel_posix_stop(5000));
    return port_law();
}

/* atexit: records before and behind the library's own handler */
static void early(void)
{
    OTEL_SPAN(span, "atexit, before the end") (void)span;
}

static void late(void)
{
    otel_counter_add(&done, 1);
    OTEL_SPAN(span, "atexit, after the end") otel_log(OTEL_INFO, "nobody hears this");
    (void)printf("flush %d stop %d\n", (int)otel_posix_flush(100), (int)otel_posix_stop(100));
    (void)port_law();
    (void)fflush(stdout);
}

static int run_atexit(void)
{
    (void)atexit(late);
    if (otel_posix_start(.service = "faults")) return 3;
    (void)atexit(early);
    return 0;
}

/* entropy: ids, and whether they claim to be random */
static int run_entropy(void)
{
    int i;
    if (otel_posix_start(.service = "faults")) return 3;
    for (i = 0; i < 3; i++) {
        OTEL_SPAN(span, "id") {
            char text[OTEL_TRACEPARENT_SIZE];
            otel_traceparent(span, text);
            (void)printf("%s\n", text);
        }
    }
    return 0;
}

/* sets N: N attribute sets into a counter with room for eight */
static int run_sets(int n)
{
    int i;
    long before;
    if (otel_posix_start(.service = "faults", .metric_interval_ms = 3600000)) return 3;
    otel_counter_add(&done, 1, "set", -1);
    before = memory();
    for (i = 1; i < n; i++) otel_counter_add(&done, 1, "set", i);
    (void)printf("grown %ld\n", memory() - before);
    (void)printf("stop %d\n", (int)otel_posix_stop(5000));
    return port_law();
}

/* alarm SECONDS: a signal 10,000 times a second records into the instance that the program records into */
static volatile sig_atomic_t alarms;
static void on_alarm(int number)
{
    (void)number;
    alarms++;
    OTEL_SPAN(span, "alarm") {
        otel_span_set(span, "n", (int)alarms);
        otel_log(OTEL_INFO, "alarm");
    }
    otel_counter_add(&done, 1, "by", "alarm");
}

static int run_alarm(int seconds)
{
    struct itimerval every;
    struct sigaction act;
    uint32_t begin;
    long n = 0;
    memset(&act, 0, sizeof act);
    memset(&every, 0, sizeof every);
    if (otel_posix_start(.service = "faults", .interval_ms = 20, .metric_interval_ms = 100)) return 3;
    OTEL_SPAN(span, "first") otel_log(OTEL_INFO, "first");        /* a series is bound, and the shard claimed, outside of handlers */
    otel_counter_add(&done, 1, "by", "alarm");
    otel_counter_add(&done, 1, "by", "main");
    act.sa_handler = on_alarm;
    act.sa_flags = SA_RESTART;
    (void)sigaction(SIGALRM, &act, NULL);
    every.it_interval.tv_usec = every.it_value.tv_usec = 100;
    (void)setitimer(ITIMER_REAL, &every, NULL);
    begin = ms();
    while (ms() - begin < (uint32_t)seconds * 1000u) {
        OTEL_SPAN(span, "main") {
            otel_span_set(span, "n", (int)n++, "text", "some words");
            otel_log(OTEL_INFO, "main");
        }
        otel_counter_add(&done, 1, "by", "main");
    }
    memset(&every, 0, sizeof every);
    (void)setitimer(ITIMER_REAL, &every, NULL);
    (void)printf("stop %d\n", (int)otel_posix_stop(20000));
    (void)printf("alarms %ld main %ld\n", (long)alarms, n);
    return port_law();
}

/* cancel N: threads that record are cancelled wherever they are */
static void *until_cancelled(void *nothing)
{
    int old;
    OTEL_SPAN(span, "met") (void)span;                    /* the thread's key is set outside of what may be cancelled anywhere */
    (void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    for (;;) {
        OTEL_SPAN(span, "cancelled") {
            otel_span_set(span, "text", "some words that take a moment to copy, and then some more of them");
            otel_log(OTEL_INFO, "cancelled", "text", "some words");
        }
    }
    return nothing;
}

static int run_cancel(int n)
{
    int i;
    unsigned seed = 1;
    if (otel_posix_start(.service = "faults", .interval_ms = 5, .shards = 6)) return 3;
    for (i = 0; i < n; i++) {
        pthread_t thread[3];
        int k;
        for (k = 0; k < 3; k++) {
            if (pthread_create(&thread[k], NULL, until_cancelled, NULL)) return 4;
        }
        for (k = 0; k < 3; k++) {
            seed = seed * 1103515245u + 12345u;
            nap((long)(seed >> 16) % 300);
            (void)pthread_cancel(thread[k]);
        }
        for (k = 0; k < 3; k++) (void)pthread_join(thread[k], NULL);
    }
    OTEL_SPAN(span, "goes on") (void)span;
    (void)printf("stop %d\n", (int)otel_posix_stop(20000));
    return port_law();
}

/* load SECONDS: spans, logs and counters at a steady pace, for a receiver that comes and goes: 4,000 spans a second, and room for
   half a minute of them, which is longer than any outage of the test */
static int run_load(int seconds)
{
    uint32_t begin;
    long n = 0, early_memory = 0;
    volatile uint8_t *page;
    size_t at;
    if (otel_posix_start(.service = "faults", .interval_ms = 50, .metric_interval_ms = 500, .pool_size = 32u << 20, .shards = 2, .timeout_ms = 2000)) return 3;
    page = (volatile uint8_t *)otel_posix_instance()->config_.pool;
    for (at = 0; at < otel_posix_instance()->config_.pool_size; at += 4096) page[at] = page[at];       /* the pool is resident: what grows now is a leak */
    begin = ms();
    while (ms() - begin < (uint32_t)seconds * 1000u) {
        int i;
        for (i = 0; i < 20; i++, n++) {
            OTEL_SPAN(span, "load") {
                otel_span_set(span, "n", (int)n);
                if (n % 10 == 0) otel_log(OTEL_INFO, "load", "n", (int)n);
            }
        }
        otel_counter_add(&done, 20);
        nap(5000);
        if (!early_memory && ms() - begin > (uint32_t)seconds * 300u) early_memory = memory();
    }
    (void)printf("recorded %ld\n", n);
    (void)fflush(stdout);
    (void)printf("stop %d\n", (int)otel_posix_stop(60000));
    (void)printf("grown %ld\n", memory() - early_memory);
    return port_law();
}

/* cycles N: starts and stops with an hour between exports, a log in between; the slowest stop */
static int run_cycles(int n)
{
    uint32_t slowest = 0;
    int i, bad = 0;
    for (i = 0; i < n; i++) {
        uint32_t begin;
        if (otel_posix_start(.service = "faults", .interval_ms = 3600000, .metric_interval_ms = 3600000) != OTEL_OK) bad++;
        otel_log(OTEL_INFO, "cycle");
        if (i % 2) nap(i * 37 % 2000);                /* the thread is asleep, or about to be, or not there yet */
        begin = ms();
        if (otel_posix_stop(5000) != OTEL_OK) bad++;
        if (ms() - begin > slowest) slowest = ms() - begin;
    }
    (void)printf("slowest %u ms, %d bad\n", (unsigned)slowest, bad);
    return bad != 0;
}

/* term: closers, and a signal that ends the program in order */
static void closer(void *user, uint32_t left_ms)
{
    OTEL_SPAN(span, "closer") otel_span_set(span, "n", *(const int *)user);
    (void)printf("closer %d, %s\n", *(const int *)user, left_ms > 1000 ? "with time" : "late");
    if (*(const int *)user == 3) (void)printf("inside: stop %d, at_stop %d\n", (int)otel_posix_stop(10), (int)otel_posix_at_stop(NULL));
}

static int run_term(const char *how)
{
    static const int number[] = { 1, 2, 3 };
    static otel_posix_closer_t closers[3];
    otel_posix_health_t health;
    int i;
    (void)printf("early %d\n", (int)otel_posix_stop_on(SIGTERM));
    if (otel_posix_start(.service = "faults", .interval_ms = 3600000, .exit_ms = 8000)) return 3;
    for (i = 0; i < 3; i++) {
        closers[i].run = closer;
        closers[i].user = (void *)(uintptr_t)&number[i];
        (void)otel_posix_at_stop(&closers[i]);
        (void)otel_posix_at_stop(&closers[i]);
    }
    (void)signal(SIGUSR1, on_alarm);
    (void)printf("stop_on %d %d, a handler of the program's %d\n", (int)otel_posix_stop_on(SIGTERM), (int)otel_posix_stop_on(SIGTERM), (int)otel_posix_stop_on(SIGUSR1));
    OTEL_SPAN(span, "before the signal") (void)span;
    health = otel_posix_health();
    (void)printf("live %d ready %d queued %lu\n", health.live, health.ready, (unsigned long)health.queued);
    if (strcmp(how, "exit") == 0) return 0;
    (void)printf("up\n");
    for (;;) nap(1000000);
}

/* token URL N: N requests, each with the authorization of that moment; the 3rd smuggles, the 4th has none */
static int tokens;
static const char *next_token(void *user)
{
    static char text[32];
    (void)user;
    (void)snprintf(text, sizeof text, tokens == 2 ? "a\r\nX-Evil: %d" : "Bearer t%d", tokens);
    return ++tokens == 4 ? NULL : text;
}

static int run_token(const char *url, int n)
{
    int i, failed = open_exporter(url, sizeof pool, OTEL_DROP_NEWEST, 2000);
    if (failed || otel_http_init(&http, .endpoint = url, .exporter = &ex, .headers = "x-team=blue,authorization=Basic%20old", .authorization = next_token)) return 3;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "token") (void)span;
        (void)otel_export_flush(&ex, 20000);
    }
    return close_exporter();
}

#ifdef WITH_GZIP
/* gzip URL N PARTS: N spans in one request, compressed; from the packet or from parts */
static int run_gzip(const char *url, int n, int parts)
{
    static otel_gzip_t gzip;
    otel_exporter_config_t config;
    int i;
    if (otel_http_init(&http, .endpoint = url, .exporter = &ex, .compress = otel_gzip, .compress_user = &gzip)) return 3;
    if (otel_init(&otel, .service = "faults", .clock = otel_posix_clock, .clock_hz = 1000000000, .entropy = otel_posix_entropy, .pool = pool, .pool_size = sizeof pool)) return 4;
    otel_time_sync(&otel, 1700000000000000000u);
    memset((void *)&config, 0, sizeof config);
    config.otel = &otel;
    config.send = otel_http_send;
    config.user = &http;
    config.max_items = 10000;
    if (!parts) {
        config.buffer = packet;
        config.buffer_size = sizeof packet;
    }
    if (otel_exporter_init_with(&ex, &config)) return 5;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "gzip") otel_span_set(span, "n", i, "text", "the same words again and again");
    }
    (void)printf("flush %d\n", (int)otel_export_flush(&ex, 10000));
    i = close_exporter();
    otel_gzip_close(&gzip);
    return i;
}
#endif

/* keep FILE N URL: N spans into a store in a file; URL: where it may go straight on, and what is kept goes out first */
static otel_store_t kept;
static int run_keep(const char *path, int n, const char *url)
{
    static otel_posix_file_t file;
    static uint8_t body[65536];
    otel_medium_t medium;
    otel_store_stats_t stats;
    otel_result_t result = otel_posix_medium(&file, &medium, path, 4096, 16);
    int i, failed = 0;
    if (result != OTEL_OK) {
        (void)printf("refused %d %s\n", (int)result, strerror(errno));
        return 3;
    }
    if (*url && otel_http_init(&http, .endpoint = url) != OTEL_OK) return 4;
    if (otel_store_open(&kept, .medium = medium, .send = *url ? otel_http_send : NULL, .user = &http, .buffer = body, .buffer_size = sizeof body) != OTEL_OK) return 5;
    while (otel_store_poll(&kept)) {}
    if (otel_posix_start(.service = "keep", .send = otel_store_send, .user = &kept, .interval_ms = 3600000)) return 6;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "kept") otel_span_set(span, "n", i);
        if (i % 50 == 49 && otel_posix_flush(5000) != OTEL_OK) failed++;
    }
    (void)otel_posix_flush(5000);
    otel_store_stats(&kept, &stats);
    (void)printf("found %lu stored %lu sent %lu lost %lu waiting %lu failed %d\n", (unsigned long)stats.found, (unsigned long)stats.stored, (unsigned long)stats.sent, (unsigned long)stats.lost,
                 (unsigned long)stats.waiting, failed);
    if (!*url) raise(SIGKILL);                    /* as a power cut would */
    (void)otel_posix_stop(5000);
    return port_law();
}

/* die FILE HOW: a crash in two spans, with its record in a file */
static int run_die(const char *path, const char *how)
{
    volatile int *nowhere = NULL;
    if (otel_posix_start(.service = "die")) return 3;
    (void)printf("crash %d\n", (int)otel_posix_crash(path));
    OTEL_SPAN(outer, "outer") {
        OTEL_SPAN(inner, "inner") {
            char text[OTEL_TRACEPARENT_SIZE];
            otel_traceparent(inner, text);
            (void)printf("%s\n", text);
            if (strcmp(how, "segv") == 0) *nowhere = 1;
            if (strcmp(how, "abort") == 0) abort();
        }
    }
    return otel_posix_stop(5000) == OTEL_OK ? 0 : 4;
}

static otel_gauge_t level = OTEL_GAUGE("level");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(1, 10, 100));

/* quiet N: records N spans, logs and numbers of every kind, into an instance that nobody empties */
static int run_quiet(int n)
{
    int i;
    if (otel_init(&otel, .service = "faults", .clock = otel_posix_clock, .clock_hz = 1000000000, .entropy = otel_posix_entropy, .pool = pool, .pool_size = sizeof pool, .when_full = OTEL_DROP_OLDEST, .shards = 2)) return 4;
    otel_time_sync(&otel, 1700000000000000000u);
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "quiet", .kind = OTEL_SERVER) {
            otel_context_t caller;
            (void)otel_extract(&caller, "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", "a=b", "k=v");
            otel_span_set(span, "i", i, "text", "some words", "half", 0.5);
            otel_span_event(span, "event", "k", 1);
            OTEL_SPAN(inner, "inner", .parent = &caller) (void)otel_span_error(inner, -5, "no");
            otel_log(OTEL_INFO, "quiet", "i", i);
        }
        otel_counter_add(&done, 1, "by", "main");
        otel_gauge_record(&level, i % 7);
        otel_histogram_record(&took, i % 200);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "", *url = argc > 2 ? argv[2] : "";
    int a = atoi(url), b = argc > 3 ? atoi(argv[3]) : 0, c = argc > 4 ? atoi(argv[4]) : 0, d = argc > 5 ? atoi(argv[5]) : 0;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(what, "rounds") == 0) return run_rounds(url, b, c);
    if (strcmp(what, "batch") == 0) return run_batch(url, b, c, d);
    if (strcmp(what, "fill") == 0) return run_fill(url, b, c);
    if (strcmp(what, "stalled") == 0) return run_stalled(a);
    if (strcmp(what, "reenter") == 0) return run_reenter();
    if (strcmp(what, "atexit") == 0) return run_atexit();
    if (strcmp(what, "entropy") == 0) return run_entropy();
    if (strcmp(what, "sets") == 0) return run_sets(a);
    if (strcmp(what, "alarm") == 0) return run_alarm(a);
    if (strcmp(what, "cancel") == 0) return run_cancel(a);
    if (strcmp(what, "load") == 0) return run_load(a);
    if (strcmp(what, "quiet") == 0) return run_quiet(a);
    if (strcmp(what, "keep") == 0) return run_keep(url, b, argc > 4 ? argv[4] : "");
    if (strcmp(what, "die") == 0) return run_die(url, argc > 3 ? argv[3] : "");
    if (strcmp(what, "term") == 0) return run_term(url);
    if (strcmp(what, "token") == 0) return run_token(url, b);
#ifdef WITH_GZIP
    if (strcmp(what, "gzip") == 0) return run_gzip(url, b, c);
#endif
    if (strcmp(what, "cycles") == 0) return run_cycles(a);
    return 2;
}
