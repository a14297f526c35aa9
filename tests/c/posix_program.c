/* What test_posix.py runs: the first word of the command line says what. */
#include "otel_posix.h"
#include <sys/resource.h>
#include <sys/wait.h>

static otel_counter_t greetings = OTEL_COUNTER("greetings", .unit = "{greeting}");

static uint32_t ms(void) { return (uint32_t)(otel_posix_clock(NULL) / 1000000u); }

static void record(int n)
{
    int i;
    OTEL_SPAN(outer, "outer", .kind = OTEL_SERVER) {
        for (i = 0; i < n; i++) {
            OTEL_SPAN(inner, "inner") otel_span_set(inner, "i", i);
        }
        otel_log(OTEL_WARN, "said", "n", n);
    }
    otel_counter_add(&greetings, n);
}

static void law(const otel_stats_t *stats)
{
    static const char *const name[] = { "traces", "metrics", "logs" };
    unsigned i;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        const otel_signal_stats_t *s = &stats->signal[i];
        (void)printf("%s created=%lu exported=%lu dropped=%lu queued=%lu retried=%lu %s\n", name[i], (unsigned long)s->created, (unsigned long)s->exported, (unsigned long)otel_stats_dropped(s),
                     (unsigned long)s->queued, (unsigned long)s->retried, s->created == s->exported + otel_stats_dropped(s) + s->queued ? "law" : "BROKEN");
    }
}

/* start N [MS]: records, and leaves the rest to exit, which may take so long */
static int run_start(int n, int exit_ms)
{
    otel_result_t result = otel_posix_start(.service = "posix-test", .version = "1.2", .exit_ms = (uint32_t)exit_ms);
    (void)printf("start %d\n", (int)result);
    record(n);
    return 0;
}

/* flush N MS: records, flushes, stops, and says how it went */
static int run_flush(int n, int timeout)
{
    otel_stats_t stats;
    uint32_t begin;
    (void)printf("start %d\n", (int)otel_posix_start(.service = "posix-test", .interval_ms = 3600000, .metric_interval_ms = 3600000));
    record(n);
    begin = ms();
    (void)printf("flush %d", (int)otel_posix_flush((uint32_t)timeout));
    (void)printf(" after %u ms\n", (unsigned)(ms() - begin));
    begin = ms();
    (void)printf("stop %d", (int)otel_posix_stop((uint32_t)timeout));
    (void)printf(" after %u ms\n", (unsigned)(ms() - begin));
    (void)printf("again %d, flush %d\n", (int)otel_posix_stop(1000), (int)otel_posix_flush(1000));
    (void)otel_posix_stats(&stats);
    law(&stats);
    return 0;
}

/* cycles N: starts and stops with an interval of an hour; the slowest */
static int run_cycles(int n)
{
    uint32_t slowest = 0;
    int i, bad = 0;
    for (i = 0; i < n; i++) {
        uint32_t begin = ms(), took;
        if (otel_posix_start(.service = "posix-test", .interval_ms = 3600000, .metric_interval_ms = 3600000) != OTEL_OK) bad++;
        record(1);
        if (otel_posix_stop(5000) != OTEL_OK) bad++;
        took = ms() - begin;
        if (took > slowest) slowest = took;
    }
    (void)printf("slowest %u ms, %d bad\n", (unsigned)slowest, bad);
    return bad != 0;
}

/* fork N: parent and N children, each with spans of its own; each ends by exit, none stops by hand */
static int run_fork(int n)
{
    int i, failed = 0, status;
    (void)otel_posix_start(.service = "posix-test");
    OTEL_SPAN(before, "before fork") otel_span_set(before, "pid", (int)getpid());
    for (i = 0; i < n; i++) {
        pid_t child = fork();
        if (child == 0) {
            OTEL_SPAN(span, "child") otel_span_set(span, "n", i);
            exit(otel_posix_flush(5000) == OTEL_OK ? 0 : 9);
        }
        OTEL_SPAN(span, "parent") otel_span_set(span, "n", i);
    }
    while (wait(&status) > 0) failed += status != 0;
    (void)printf("%d children failed\n", failed);
    return failed;
}

/* forkbusy N: children are born while the thread is sending and while other threads record */
static volatile bool go_on = true;
static void *record_on(void *nothing)
{
    (void)nothing;
    while (go_on) {
        OTEL_SPAN(span, "load") otel_log(OTEL_INFO, "load");
    }
    return NULL;
}

static int run_forkbusy(int n)
{
    pthread_t thread[3];
    int i, failed = 0, status;
    (void)otel_posix_start(.service = "posix-test", .interval_ms = 1, .exit_ms = 500, .when_full = OTEL_DROP_OLDEST);
    for (i = 0; i < 3; i++) (void)pthread_create(&thread[i], NULL, record_on, NULL);
    for (i = 0; i < n; i++) {
        struct timespec nap = { 0, 20000000 };
        pid_t child;
        (void)nanosleep(&nap, NULL);
        child = fork();
        if (child == 0) {
            otel_stats_t stats;
            OTEL_SPAN(span, "child") otel_span_set(span, "n", i);
            status = otel_posix_flush(5000);
            (void)otel_posix_stats(&stats);
            if (status || stats.signal[OTEL_SIGNAL_TRACES].created != 1 || stats.signal[OTEL_SIGNAL_TRACES].exported != 1) (void)printf("child: flush %d created %lu exported %lu\n", status, (unsigned long)stats.signal[OTEL_SIGNAL_TRACES].created, (unsigned long)stats.signal[OTEL_SIGNAL_TRACES].exported);
            exit(status == OTEL_OK ? 0 : 9);
        }
    }
    while (wait(&status) > 0) failed += status != 0;
    go_on = false;
    for (i = 0; i < 3; i++) (void)pthread_join(thread[i], NULL);
    (void)printf("%d children failed\n", failed);
    return failed;
}

/* threads T N: T threads with N spans each, that come and go, while others flush */
static void *work(void *count)
{
    int i, n = *(int *)count;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "work") {
            otel_span_set(span, "i", i, "what", "a thread's work");
            otel_counter_add(&greetings, 1);
            if (i % 16 == 0) otel_log(OTEL_INFO, "still here", "i", i);
        }
    }
    return NULL;
}

static int run_threads(int threads, int n)
{
    pthread_t thread[64];
    otel_stats_t stats;
    int i, round;
    (void)otel_posix_start(.service = "posix-test", .interval_ms = 20);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < threads; i++) {
            if (pthread_create(&thread[i], NULL, work, &n)) return 1;
        }
        (void)otel_posix_flush(1000);
        for (i = 0; i < threads; i++) (void)pthread_join(thread[i], NULL);
    }
    (void)printf("stop %d\n", (int)otel_posix_stop(10000));
    (void)otel_posix_stats(&stats);
    law(&stats);
    return 0;
}

/* unsampled N: N threads at once that have a span of an unsampled trace only; then two that record. Which shards have owners? */
static pthread_barrier_t together;
static void *pass_on(void *nothing)
{
    otel_context_t caller;
    (void)otel_extract(&caller, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", NULL, NULL);
    OTEL_SPAN(span, "unsampled", .parent = &caller) {}
    (void)pthread_barrier_wait(&together);
    return nothing;
}

static int run_unsampled(int n)
{
    pthread_t thread[64];
    otel_t *otel;
    unsigned owned = 0;
    int i;
    (void)otel_posix_start(.service = "posix-test", .shards = 5);
    (void)pthread_barrier_init(&together, NULL, (unsigned)n);
    for (i = 0; i < n; i++) (void)pthread_create(&thread[i], NULL, pass_on, NULL);
    for (i = 0; i < n; i++) (void)pthread_join(thread[i], NULL);
    otel = otel_posix_instance();
    for (i = 1; i < 5; i++) owned += otel_shard_at_(otel, (unsigned)i)->owner != NULL;
    (void)printf("%u shards have owners\n", owned);
    return 0;
}

/* counted N: a thread asks for the counts while the library stops and starts; the last start fails */
static void *count_on(void *nothing)
{
    otel_stats_t stats;
    while (go_on) (void)otel_posix_stats(&stats);
    return nothing;
}

static int run_counted(int n)
{
    pthread_t thread;
    otel_stats_t stats;
    (void)otel_posix_start(.service = "posix-test");
    (void)pthread_create(&thread, NULL, count_on, NULL);
    while (n--) {
        (void)otel_posix_stop(1000);
        (void)otel_posix_start(.service = "posix-test", .shards = 64);
    }
    (void)otel_posix_stop(1000);
    (void)printf("start %d", (int)otel_posix_start(.service = "posix-test", .shards = 64, .pool_size = 64));
    go_on = false;
    (void)pthread_join(thread, NULL);
    (void)printf(" stats %d\n", (int)otel_posix_stats(&stats));
    return 0;
}

/* forkend: a child that is born while the library stops */
static void fork_here(void *nothing, uint32_t left_ms)
{
    pid_t child = fork();
    int status = -1;
    (void)nothing;
    (void)left_ms;
    if (child == 0) {
        otel_stats_t stats;
        OTEL_SPAN(span, "nobody sends it") {}
        (void)otel_posix_stats(&stats);
        _exit((int)stats.signal[OTEL_SIGNAL_TRACES].queued);
    }
    (void)waitpid(child, &status, 0);
    (void)printf("queued in the child: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static int run_forkend(void)
{
    static otel_posix_closer_t closer = { .run = fork_here };
    (void)otel_posix_start(.service = "posix-test");
    (void)otel_posix_at_stop(&closer);
    return (int)otel_posix_stop(1000);
}

/* saturated: what is recorded comes as fast as it can be sent; a flush, the screen, SIGTERM */
static int far_away(void *nothing, const otel_request_t *request)
{
    struct timespec trip = { 0, 5000000 };
    (void)nothing;
    (void)request;
    (void)nanosleep(&trip, NULL);
    return 200;
}

static int run_saturated(void)
{
    pthread_t thread[2];
    FILE *null = fopen("/dev/null", "w");
    struct timespec nap = { 0, 200000000 };
    int i;
    (void)otel_posix_start(.service = "posix-test", .send = far_away, .when_full = OTEL_DROP_OLDEST, .interval_ms = 1, .exit_ms = 500);
    (void)otel_posix_stop_on(SIGTERM);
    for (i = 0; i < 2; i++) (void)pthread_create(&thread[i], NULL, record_on, NULL);
    (void)nanosleep(&nap, NULL);
    (void)printf("dump %d ", (int)otel_posix_dump(null, 5000));
    (void)printf("flush %d\n", (int)otel_posix_flush(20000));
    (void)fflush(stdout);
    (void)kill(getpid(), SIGTERM);
    (void)nanosleep(&nap, NULL);
    for (i = 0; i < 100; i++) (void)nanosleep(&nap, NULL);
    return 1;
}

/* forkshow N: children are born while the thread shows spans in the terminal; each has one of its own. How many showed others? */
static int run_forkshow(int n)
{
    static char shown[1 << 16];
    pthread_t thread;
    int i, others = 0;
    (void)otel_posix_start(.service = "posix-test", .interval_ms = 1);
    (void)pthread_create(&thread, NULL, record_on, NULL);
    for (i = 0; i < n; i++) {
        struct timespec nap = { 0, 1000000 };
        size_t all = 0;
        ssize_t got;
        int ends[2];
        pid_t child;
        (void)nanosleep(&nap, NULL);
        if (pipe(ends)) return 1;
        child = fork();
        if (child == 0) {
            (void)close(ends[0]);
            (void)dup2(ends[1], 2);
            OTEL_SPAN(span, "child") {}
            exit(0);
        }
        (void)close(ends[1]);
        while (all < sizeof shown - 1 && (got = read(ends[0], shown + all, sizeof shown - 1 - all)) > 0) all += (size_t)got;
        shown[all] = 0;
        (void)close(ends[0]);
        (void)waitpid(child, NULL, 0);
        others += strstr(shown, "load") != NULL;
    }
    (void)printf("%d showed others\n", others);
    (void)fflush(stdout);
    _exit(0);
}

/* http URL N TIMEOUT SECONDS: an exporter of one's own, without a buffer; polls until all is out or the time is up */
static int last_status = 12345;
static int post(void *http, const otel_request_t *request)
{
    int status = otel_http_send(http, request);
    if (status != last_status || status < 200) (void)printf("%d %s\n", status, otel_http_error((otel_http_t *)http));
    last_status = status;
    return status;
}

static int run_http(const char *url, int n, int timeout, int seconds, const char *headers)
{
    static uint8_t pool[1 << 20];
    static otel_t otel;
    static otel_exporter_t ex;
    static otel_http_t http;
    otel_stats_t stats;
    uint32_t begin = ms();
    int i;
    if (otel_http_init(&http, .endpoint = url, .headers = headers, .exporter = &ex) != OTEL_OK) {
        (void)printf("refused: %s\n", otel_http_error(&http));
        return 3;
    }
    if (otel_init(&otel, .service = "http-test", .clock = otel_posix_clock, .clock_hz = 1000000000, .entropy = otel_posix_entropy, .pool = pool, .pool_size = sizeof pool)) return 4;
    otel_time_sync(&otel, 1700000000000000000u);
    if (otel_exporter_init(&ex, .otel = &otel, .send = post, .user = &http, .max_items = 50, .interval_ms = 1, .timeout_ms = (uint32_t)timeout, .retry_initial_ms = 10, .retry_max_ms = 2000)) return 5;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "posted") otel_span_set(span, "i", i);
    }
    do {
        struct timespec nap = { 0, 1000000 };
        (void)otel_export_poll(&ex);
        (void)otel_stats(&ex, &stats);
        if (stats.signal[OTEL_SIGNAL_TRACES].queued) (void)nanosleep(&nap, NULL);
    } while (stats.signal[OTEL_SIGNAL_TRACES].queued && ms() - begin < (uint32_t)seconds * 1000u);
    (void)printf("took %u ms\n", (unsigned)(ms() - begin));
    law(&stats);
    otel_http_close(&http);
    return 0;
}

/* headers: every byte in every place of a header, and of a host; what gets through has no line of its own */
static int run_headers(void)
{
    static otel_http_t http;
    char text[64];
    int c, accepted = 0, smuggled = 0;
    for (c = 1; c < 256; c++) {
        const char *form[] = { "x-a%c=1", "x-a=1%c", "%cx-a=1", "x-a=1%cX-Evil: 1" };
        size_t i;
        for (i = 0; i < 2 * sizeof form / sizeof form[0]; i++) {
            size_t k, lines = 0;
            if (i < 4) {
                (void)snprintf(text, sizeof text, form[i], c);
            } else {                              /* the same, percent-encoded */
                char escape[4], shape[64], *at;
                (void)snprintf(escape, sizeof escape, "%%%02X", (unsigned)c);
                (void)snprintf(shape, sizeof shape, "%s", form[i - 4]);
                at = strstr(shape, "%c");
                *at = 0;
                (void)snprintf(text, sizeof text, "%.20s%s%.30s", shape, escape, at + 2);
            }
            if (otel_http_init(&http, .endpoint = "http://localhost", .headers = text) != OTEL_OK) {
                if (!*otel_http_error(&http)) smuggled++;
                continue;
            }
            accepted++;
            for (k = 0; k < http.target_[0].head_len; k++) lines += http.target_[0].head[k] == '\n' || http.target_[0].head[k] == '\r';
            if (lines != 2u * 5u) smuggled++;     /* POST, Host, Content-Type, x-a, User-Agent */
        }
        (void)snprintf(text, sizeof text, "http://local%chost/a%cb", c, c);
        if (otel_http_init(&http, .endpoint = text) == OTEL_OK && (c <= ' ' || c >= 127)) smuggled++;
    }
    (void)printf("%d accepted, %d smuggled\n", accepted, smuggled);
    return smuggled != 0;
}

/* file N: JSON lines on standard output */
static int run_file(int n)
{
    (void)otel_posix_start(.service = "file-test", .send = otel_file_send, .user = stdout);
    record(n);
    return otel_posix_stop(5000);
}

/* full PATH: the disk is full behind 700 bytes, and has room again */
static int run_full(const char *path)
{
    static otel_exporter_t ex;
    static otel_t otel;
    static uint8_t pool[65536], packet[16384];
    struct rlimit limit;
    FILE *file = fopen(path, "w");
    otel_stats_t stats;
    int i;
    if (!file || getrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
    (void)signal(SIGXFSZ, SIG_IGN);
    if (otel_init(&otel, .service = "t", .clock = otel_posix_clock, .clock_hz = 1000000000, .entropy = otel_posix_entropy, .pool = pool, .pool_size = sizeof pool)) return 4;
    otel_time_sync(&otel, 1700000000000000000u);
    if (otel_exporter_init(&ex, .otel = &otel, .send = otel_file_send, .user = file, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1, .retry_initial_ms = 1, .retry_max_ms = 1)) return 5;
    for (i = 0; i < 6; i++) {
        if (i == 1) limit.rlim_cur = 700;
        if (i == 4) limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        OTEL_SPAN(span, "line") otel_span_set(span, "i", i);
        (void)printf("flush %d\n", (int)otel_export_flush(&ex, i % 4 ? 50 : 5000));
    }
    (void)otel_stats(&ex, &stats);
    law(&stats);
    return fclose(file);
}

/* nested: stop and flush from inside the transport */
static int nested(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    (void)printf("inside: flush %d stop %d\n", (int)otel_posix_flush(100), (int)otel_posix_stop(100));
    return 200;
}

static int run_nested(void)
{
    (void)otel_posix_start(.service = "t", .send = nested);
    OTEL_SPAN(span, "one") (void)span;
    (void)printf("stop %d\n", (int)otel_posix_stop(2000));
    return 0;
}

/* stuck: a transport that does not return */
static int stuck(void *user, const otel_request_t *request)
{
    struct timespec nap = { 600, 0 };
    (void)user;
    (void)request;
    (void)nanosleep(&nap, NULL);
    return 200;
}

static int run_stuck(void)
{
    (void)otel_posix_start(.service = "t", .send = stuck, .interval_ms = 10, .exit_ms = 100);
    OTEL_SPAN(span, "one") (void)span;
    (void)printf("flush %d\n", (int)otel_posix_flush(200));
    (void)printf("stop %d\n", (int)otel_posix_stop(200));
    (void)printf("start %d\n", (int)otel_posix_start(.service = "t"));
    return 0;
}

/* beside HOW: a closer takes its time on another thread, which stops (0) or serves a signal (1), while main stops too; the signal
   comes while main is at it (2), and once more (3) */
static unsigned beside_taken;
static volatile int beside_how, beside_at;
static void beside_nap(long ms)
{
    struct timespec nap = { 0, ms * 1000000 };
    (void)nanosleep(&nap, NULL);
}

static int beside_take(void *user, const otel_request_t *request)
{
    (void)user;
    (void)printf("taken %u\n", (unsigned)request->items);
    OTEL_ADD_(&beside_taken, request->items);
    return 200;
}

static void beside_close(void *user, uint32_t left_ms)
{
    (void)user;
    (void)left_ms;
    OTEL_STORE_(&beside_at, 1);
    (void)printf("inside %d\n", (int)otel_posix_stop(5000));
    if (beside_how >= 2) (void)kill(getpid(), SIGTERM);
    if (beside_how == 3) (void)kill(getpid(), SIGTERM);
    beside_nap(300);
    OTEL_SPAN(span, "from the closer") (void)span;
}

static void *beside_stop(void *nothing)
{
    (void)printf("the other %d\n", (int)otel_posix_stop(30000));
    return nothing;
}

static int run_beside(int how)
{
    static otel_posix_closer_t closer;
    pthread_t thread;
    int result;
    beside_how = how;
    closer.run = beside_close;
    (void)otel_posix_start(.service = "t", .send = beside_take, .interval_ms = 3600000);
    (void)otel_posix_at_stop(&closer);
    if (how) (void)otel_posix_stop_on(SIGTERM);
    OTEL_SPAN(span, "one") (void)span;
    if (how == 1) (void)kill(getpid(), SIGTERM);
    if (how == 0) (void)pthread_create(&thread, NULL, beside_stop, NULL);
    while (how < 2 && OTEL_LOAD_(&beside_at) == 0) beside_nap(1);
    if (how < 2) (void)printf("too early %d\n", (int)otel_posix_stop(10));
    result = otel_posix_stop(30000);
    (void)printf("stop %d, taken %u\n", result, OTEL_LOAD_(&beside_taken));
    if (how == 0) (void)pthread_join(thread, NULL);
    return 0;
}

/* half: what a ring that is half full asks of the thread, when its requests arrive and when nobody takes them */
static int half_answer = 200;
static unsigned half_taken, half_refused;
static int half_take(void *user, const otel_request_t *request)
{
    int answer = OTEL_LOAD_(&half_answer);
    (void)user;
    (void)request;
    OTEL_ADD_(answer == 200 ? &half_taken : &half_refused, 1u);
    return answer;
}

/* The thread went round so many times. */
static void half_rounds(unsigned n)
{
    otel_posix_state_t_ *s = otel_posix_v0_;
    while (n--) {
        uint32_t beat = OTEL_LOAD_(&s->beat_ms);
        while (OTEL_LOAD_(&s->beat_ms) == beat) otel_posix_idle_(NULL, 1);
    }
}

static bool half_full(const otel_ring_t *ring) { return otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), OTEL_LOAD_(&ring->published)) > ring->size / 2u; }

static int run_half(void)
{
    otel_ring_t *ring;
    const otel_pos_t never = ~(otel_pos_t)0;
    unsigned i;
    (void)otel_posix_start(.service = "half", .send = half_take, .interval_ms = 3600000, .pool_size = 65536, .shards = 2);
    ring = &otel_shard_(&otel_posix_v0_->otel)->ring[OTEL_SPANS_];
    while (OTEL_LOAD_ACQUIRE_(&ring->wake_at) == never) otel_posix_idle_(NULL, 1);
    (void)printf("armed %d\n", OTEL_LOAD_(&ring->wake_at) == ring->size / 2u && OTEL_LOAD_(&half_taken) == 0);
    do record(10); while (OTEL_LOAD_(&half_taken) == 0);
    while (OTEL_LOAD_ACQUIRE_(&ring->wake_at) == never) otel_posix_idle_(NULL, 1);
    (void)printf("sent, armed %d\n", !half_full(ring));
    OTEL_STORE_(&half_answer, -1);
    do record(10); while (OTEL_LOAD_(&half_refused) == 0 || !half_full(ring));
    half_rounds(3);
    for (i = 0; i < 100 && OTEL_LOAD_(&ring->wake_at) == never; i++) {
        record(10);
        if (i % 40u == 0) half_rounds(1);
    }
    (void)printf("left alone %u\n", i);
    (void)otel_posix_stop(0);
    return 0;
}

/* show: all kinds of things, for the terminal */
static otel_histogram_t took = OTEL_HISTOGRAM("job.duration", .unit = "s", OTEL_BOUNDS(0.01, 0.1, 1));
static int fails(void)
{
    OTEL_SPAN_HERE(span, "read_sensor", .kind = OTEL_CLIENT);
    otel_span_event(span, "retry", "attempt", 2);
    return otel_span_error(span, -5, "i2c nack");
}

static int run_show(void)
{
    static const int temps[] = { 20, 21, 22 };
    static const uint8_t mac[] = { 1, 2, 255 };
    (void)otel_posix_start(.service = "show");
    OTEL_SPAN(span, "job \033[31m\n", .kind = OTEL_SERVER) {
        otel_span_set(span, "text", "a\033]0;evil\007b", "bytes", OTEL_BYTES(mac, 3), "temps", OTEL_ARRAY(temps, 3), "half", 0.5, "yes", OTEL_TRUE, "none", OTEL_NULL, "umlaut", "gr\xc3\xbc\xc3\x9f");
        (void)fails();
        otel_log(OTEL_ERROR, "failed", "why", "i2c nack");
    }
    otel_histogram_record(&took, 0.02);
    otel_histogram_record(&took, 0.5);
    otel_counter_add(&greetings, 3);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int a = argc > 2 ? atoi(argv[2]) : 0, b = argc > 3 ? atoi(argv[3]) : 0;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(what, "start") == 0) return run_start(a, b);
    if (strcmp(what, "flush") == 0) return run_flush(a, b);
    if (strcmp(what, "cycles") == 0) return run_cycles(a);
    if (strcmp(what, "fork") == 0) return run_fork(a);
    if (strcmp(what, "forkbusy") == 0) return run_forkbusy(a);
    if (strcmp(what, "threads") == 0) return run_threads(a, b);
    if (strcmp(what, "unsampled") == 0) return run_unsampled(a);
    if (strcmp(what, "counted") == 0) return run_counted(a);
    if (strcmp(what, "forkend") == 0) return run_forkend();
    if (strcmp(what, "saturated") == 0) return run_saturated();
    if (strcmp(what, "forkshow") == 0) return run_forkshow(a);
    if (strcmp(what, "http") == 0 && argc > 5) return run_http(argv[2], b, atoi(argv[4]), atoi(argv[5]), argc > 6 ? argv[6] : NULL);
    if (strcmp(what, "headers") == 0) return run_headers();
    if (strcmp(what, "file") == 0) return run_file(a);
    if (strcmp(what, "full") == 0 && argc > 2) return run_full(argv[2]);
    if (strcmp(what, "nested") == 0) return run_nested();
    if (strcmp(what, "stuck") == 0) return run_stuck();
    if (strcmp(what, "beside") == 0) return run_beside(a);
    if (strcmp(what, "half") == 0) return run_half();
    if (strcmp(what, "show") == 0) return run_show();
    return 2;
}
