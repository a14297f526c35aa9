/* Random programs of several threads: on shards of their own, on the shared one, and in a signal handler on top of each.

     model_threads FIRST COUNT [unix]

   Every record says who made it (a thread, or the handler on it), the how manieth it is, and carries a text that follows
   from both. Whatever was lost, each receiver must get the rest whole and in the order of its maker; the law holds in
   every steady snapshot while all are at it, and at the end the counts are those of the makers and of the receiver. */
#include "otel_export.h"
#include "model_reader.h"
#include <pthread.h>
#include <signal.h>
#include <time.h>

#define THREADS 4
#define MAKERS (2 * THREADS)
#define LIVES 64                                  /* of a thread: each with a shard of its own, and an order of its own */
#define POOL_MAX (1u << 20)

static otel_t otel;
static union { uint64_t align; uint8_t bytes[POOL_MAX]; } pool;
static bool by_unix_clock;

static uint64_t the_clock(void *user)
{
    struct timespec t;
    (void)user;
    clock_gettime(by_unix_clock ? CLOCK_REALTIME : CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* ---- makers ---- */
static otel_scope_t net = OTEL_SCOPE("net", .version = "1");
static struct { uint32_t spans, logs; } made[MAKERS];
static __thread unsigned self, life;
static __thread uint32_t numbers;
static unsigned running, threads, records_each;

static void fill(char text[64], unsigned maker, uint32_t number)
{
    unsigned i, n = (number * 7u + maker) % 63u;
    for (i = 0; i < n; i++) text[i] = (char)('A' + (number + i * maker) % 26u);
    text[n] = 0;
}

static void record(unsigned maker, uint32_t random)
{
    char text[64];
    if (random % 4 == 0) {
        fill(text, maker, made[maker].logs);
        otel_log_in(random % 8 ? NULL : &net, random % 32 < 8 ? OTEL_ERROR : OTEL_INFO, text, "maker", maker + MAKERS * life, "number", made[maker].logs);
        made[maker].logs++;
    } else {
        OTEL_SPAN(span, "work", .scope = random % 3 ? NULL : &net) {
            fill(text, maker, made[maker].spans);
            otel_span_set(span, "maker", maker + MAKERS * life, "number", made[maker].spans, "text", text);
            if (random % 7 == 0) otel_span_event(span, "e", "n", 1);
            if (random % 11 == 0) otel_span_status(span, OTEL_STATUS_ERROR, NULL);
        }
        made[maker].spans++;
    }
}

static void on_signal(int number)
{
    (void)number;
    numbers = numbers * 1664525u + 1013904223u;
    record(THREADS + self, numbers >> 8);
}

static void *maker(void *argument)
{
    unsigned i;
    uint32_t random = seed * 77u + (self = *(const unsigned *)argument);
    sigset_t all;
    sigfillset(&all);
    numbers = random;
    life = 0;
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);     /* blocked until it knows who it is */
    for (i = 0; i < records_each; i++) {
        random = random * 1664525u + 1013904223u;
        record(self, random >> 8);
        if (random >> 28 == 0) sched_yield();
        if (random >> 24 == 1 && life + 1 < LIVES) {              /* gives its shard back, and takes another one */
            pthread_sigmask(SIG_BLOCK, &all, NULL);
            otel_thread_end(&otel);
            life++;
            pthread_sigmask(SIG_UNBLOCK, &all, NULL);
        }
    }
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    otel_thread_end(&otel);
    __atomic_sub_fetch(&running, 1u, __ATOMIC_RELEASE);
    return NULL;
}

/* ---- receivers ---- */
typedef struct {
    otel_exporter_t x;
    bool on, flying;
    uint64_t random;
    otel_request_t request;
    uint8_t packet[9000];
    uint32_t last[2][MAKERS * LIVES];             /* number of the last record of each maker, plus one */
    uint32_t seen[2][MAKERS * LIVES];             /* the same for the request that is on its way */
    uint64_t arrived[2];
    uint64_t sum;
    unsigned steady, shaken;
    otel_stats_t before;
} receiver_t;
static receiver_t receivers[2];
static uint8_t joined[2][POOL_MAX + 65536];

typedef struct { receiver_t *r; unsigned which; } arrival_t;

static void arrives(void *user, const uint8_t *bytes, size_t len, const char *scope, size_t scope_len)
{
    arrival_t *a = (arrival_t *)user;
    uint64_t said[2] = { UINT64_MAX, UINT64_MAX };
    const uint8_t *text = NULL;
    size_t text_len = 0;
    char want[64];
    msg_t m, kv, v;
    field_t f, k, g;
    CHECK(scope_len == 0 || (scope_len == 3 && memcmp(scope, "net", 3) == 0));
    m.at = bytes + 1;
    m.end = bytes + len;
    (void)varint(&m);
    while (next_field(&m, &f)) {
        if (a->which && f.number == 5) {
            v = inside(&f);
            CHECK(next_field(&v, &g));
            text = g.bytes;
            text_len = g.len;
        }
        if (f.number != (a->which ? 6u : 9u)) continue;
        kv = inside(&f);
        CHECK(next_field(&kv, &k) && next_field(&kv, &g));
        v = inside(&g);
        CHECK(next_field(&v, &g));
        if (is_text(&k, "maker")) said[0] = g.value;
        else if (is_text(&k, "number")) said[1] = g.value;
        else if (is_text(&k, "text")) text = g.bytes, text_len = g.len;
        else fail("a key", __LINE__);
    }
    CHECK(said[0] < MAKERS * LIVES && said[1] < UINT32_MAX);
    CHECK(said[1] >= a->r->seen[a->which][said[0]]);              /* in order, none twice */
    a->r->seen[a->which][said[0]] = (uint32_t)said[1] + 1u;
    fill(want, (unsigned)said[0] % MAKERS, (uint32_t)said[1]);
    CHECK(text_len == strlen(want) && memcmp(text, want, text_len) == 0);
}

static uint64_t sum_of(const otel_request_t *r, uint8_t *to)
{
    uint64_t h = 1469598103934665603ull;
    size_t i, n = 0;
    if (r->body) memcpy(to, r->body, r->len);
    else for (i = 0; i < r->parts_len; n += r->parts[i++].len) memcpy(to + n, r->parts[i].bytes, r->parts[i].len);
    for (i = 0; i < r->len; i++) h = (h ^ to[i]) * 1099511628211ull;
    return h;
}

static void law(receiver_t *r, bool must)
{
    otel_stats_t s;
    unsigned i, k;
    CHECK(otel_stats(&r->x, &s) == OTEL_OK);
    if (must) CHECK(s.steady);
    if (!s.steady) {
        r->shaken++;
        return;
    }
    r->steady++;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        otel_signal_stats_t *now = &s.signal[i], *old = &r->before.signal[i];
        CHECK(now->created == now->exported + otel_stats_dropped(now) + now->queued);
        CHECK(now->created >= old->created && now->exported >= old->exported);
        for (k = 0; k < OTEL_DROP_REASONS; k++) CHECK(now->dropped[k] >= old->dropped[k]);
    }
    r->before = s;
}

/* One move of a receiver; `end`: everything must go out. */
static void move(receiver_t *r, bool end)
{
    static const int status[] = { 200, 200, 200, 503, 413, -1, OTEL_AGAIN, OTEL_PENDING, 400 };
    uint8_t *to = joined[r == &receivers[1]];
    int answer;
    unsigned w;
    r->random = r->random * 6364136223846793005ull + 1442695040888963407ull;
    answer = end ? 200 : status[(r->random >> 33) % LENGTH(status)];
    if (!r->flying) {
        arrival_t a;
        if (!otel_export_next(&r->x, &r->request)) return;
        r->flying = true;
        a.r = r;
        a.which = r->request.signal == OTEL_SIGNAL_LOGS ? 1u : 0u;
        memcpy(r->seen, r->last, sizeof r->seen);
        r->sum = sum_of(&r->request, to);
        CHECK(walk(to, r->request.len, arrives, &a) == r->request.items);
        return;
    }
    CHECK(sum_of(&r->request, to) == r->sum);                     /* untouched while it was on its way */
    w = r->request.signal == OTEL_SIGNAL_LOGS ? 1u : 0u;
    if (answer != OTEL_PENDING) r->flying = false;
    if (answer == 200 || answer == 400 || (answer == 413 && r->request.items == 1)) memcpy(r->last, r->seen, sizeof r->last);
    if (answer == 200) r->arrived[w] += r->request.items;
    otel_export_done(&r->x, answer);
}

static void attach(receiver_t *r, uint32_t random)
{
    memset((void *)r, 0, sizeof *r);
    r->random = random;
    CHECK(otel_exporter_init(&r->x, .otel = &otel, .buffer = random % 2 ? r->packet : NULL, .buffer_size = random % 2 ? sizeof r->packet : 0, .max_items = 1 + random % 60,
                             .retry_initial_ms = 1, .retry_max_ms = 2, .retry_attempts = 1000000) == OTEL_OK);
    r->on = true;
}

static void *second_receiver(void *argument)
{
    (void)argument;
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) == threads) {
        move(&receivers[1], false);
        if (receivers[1].random % 16 == 0) law(&receivers[1], false);
    }
    return NULL;
}

static void finish(receiver_t *r)
{
    otel_stats_t s;
    unsigned i, w, k;
    for (i = 0; i < 1000000; i++) {
        CHECK(otel_stats(&r->x, &s) == OTEL_OK && s.steady);
        if (!r->flying && !s.signal[0].queued && !s.signal[2].queued) break;
        move(r, true);
    }
    law(r, true);
    for (w = 0; w < 2; w++) {
        otel_signal_stats_t *t = &s.signal[w ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES];
        uint64_t created = 0;
        for (k = 0; k < MAKERS; k++) created += w ? made[k].logs : made[k].spans;
        for (k = 0; k < MAKERS * LIVES; k++) CHECK(r->last[w][k] <= (w ? made[k % MAKERS].logs : made[k % MAKERS].spans));
        if (r == &receivers[0]) CHECK(t->created == created);
        CHECK(t->queued == 0 && t->exported == r->arrived[w] && t->dropped[OTEL_DROP_THREAD] == 0);
    }
    CHECK(otel_export_shutdown(&r->x, 0) == OTEL_OK);
}

static struct { uint64_t made, arrived, steady, shaken; } totals;

static void program(void)
{
    static const uint32_t sizes[] = { 16384, 65536, POOL_MAX };
    pthread_t thread[THREADS], other;
    unsigned number[THREADS], i, late;
    sigset_t ours;
    uint32_t shards;
    state = seed * 1000003ull + 3;
    threads = 2 + rnd(THREADS - 1);
    shards = 1 + rnd(THREADS + 1);
    records_each = 200 + rnd(1500);
    late = rnd(2000);
    memset(made, 0, sizeof made);
    CHECK(otel_init(&otel, .service = "threads", .clock = the_clock, .clock_hz = by_unix_clock ? 0 : 1000000000u, .pool = pool.bytes, .pool_size = sizes[rnd(LENGTH(sizes))],
                    .shards = (uint16_t)shards, .when_full = (otel_when_full_t)rnd(4)) == OTEL_OK);
    otel_time_sync(&otel, 1700000000000000000ull);
    attach(&receivers[0], rnd(1000000));
    memset((void *)&receivers[1], 0, sizeof receivers[1]);
    __atomic_store_n(&running, threads, __ATOMIC_RELEASE);
    sigemptyset(&ours);
    sigaddset(&ours, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &ours, NULL);
    for (i = 0; i < threads; i++) {
        number[i] = i;
        CHECK(pthread_create(&thread[i], NULL, maker, &number[i]) == 0);
    }
    for (step = 0; __atomic_load_n(&running, __ATOMIC_ACQUIRE) == threads; step++) {
        move(&receivers[0], false);
        if (step % 8 == 0) law(&receivers[0], false);
        if (rnd(3) == 0) pthread_kill(thread[rnd(threads)], SIGUSR1);     /* none has been joined, so each is there */
        if (step == late) {
            attach(&receivers[1], rnd(1000000));
            CHECK(pthread_create(&other, NULL, second_receiver, NULL) == 0);
        }
    }
    for (i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    if (receivers[1].on) pthread_join(other, NULL);
    finish(&receivers[0]);
    if (receivers[1].on) finish(&receivers[1]);
    for (i = 0; i < MAKERS; i++) totals.made += made[i].spans + made[i].logs;
    for (i = 0; i < 2; i++) {
        totals.arrived += receivers[i].arrived[0] + receivers[i].arrived[1];
        totals.steady += receivers[i].steady;
        totals.shaken += receivers[i].shaken;
    }
    CHECK(otel_shutdown(&otel, 0) == OTEL_OK);
}

int main(int argc, char **argv)
{
    uint32_t first = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1, count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 20;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    by_unix_clock = argc > 3;
    for (seed = first; seed < first + count; seed++) program();
    printf("%u programs: %llu records, %llu arrived, %llu steady snapshots, %llu disturbed\n", count, (unsigned long long)totals.made, (unsigned long long)totals.arrived,
           (unsigned long long)totals.steady, (unsigned long long)totals.shaken);
    return 0;
}
