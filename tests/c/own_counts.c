/* Threads flat out, more of them than shards, a signal handler that records in the middle of them, and an exporter that takes
   what it can: own_counts SPANS. Each span and log that was begun is counted once, built for speed as users build. */
#define _GNU_SOURCE
#include "otel_export.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define THREADS 12
static otel_t otel;
static uint8_t pool[1 << 16];
static unsigned long each, in_handlers, sent;
static unsigned ended;

static uint64_t now(void *user)
{
    struct timespec t;
    (void)user;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int take(void *user, const otel_request_t *request)
{
    (void)user;
    sent += request->items;
    return 200;
}

static void handler(int number)
{
    OTEL_SPAN(span, "handler") otel_span_set(span, "number", number);
    otel_log(OTEL_WARN, "handler");
    (void)__atomic_fetch_add(&in_handlers, 1, __ATOMIC_RELAXED);
}

static void *work(void *unused)
{
    unsigned long i;
    (void)unused;
    for (i = 0; i < each; i++) {
        OTEL_SPAN(span, "work") otel_span_set(span, "round", (int)i, "bus", "i2c1");
        otel_log(OTEL_INFO, "worked", "round", (int)i);
    }
    otel_thread_end(&otel);
    (void)__atomic_fetch_add(&ended, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Each thread did so many and the handlers some: all of them are in the counts, and in one place only. */
static bool adds_up(const otel_stats_t *stats, int signal)
{
    const otel_signal_stats_t *s = &stats->signal[signal];
    unsigned long begun = THREADS * each + in_handlers;
    printf("begun %lu, created %lu, exported %lu, dropped %lu, queued %lu\n", begun, (unsigned long)s->created, (unsigned long)s->exported, (unsigned long)otel_stats_dropped(s), (unsigned long)s->queued);
    return s->created == begun && s->created == s->exported + otel_stats_dropped(s) + s->queued;
}

int main(int argc, char **argv)
{
    static uint8_t buffer[8192];
    struct itimerval often = { { 0, 100 }, { 0, 100 } };
    pthread_t thread[THREADS];
    otel_exporter_t exporter;
    otel_stats_t stats;
    unsigned i;
    each = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    if (otel_init(&otel, .service = "counts", .clock = now, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool, .shards = 5) != OTEL_OK) return 2;
    otel_time_sync(&otel, 1760000000000000000ull);
    if (otel_exporter_init(&exporter, .otel = &otel, .send = take, .buffer = buffer, .buffer_size = sizeof buffer) != OTEL_OK) return 2;
    (void)signal(SIGALRM, handler);
    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&thread[i], NULL, work, NULL)) return 2;
    }
    (void)setitimer(ITIMER_REAL, &often, NULL);
    while (__atomic_load_n(&ended, __ATOMIC_ACQUIRE) < THREADS) (void)otel_export_flush(&exporter, 0);
    memset(&often, 0, sizeof often);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    for (i = 0; i < THREADS; i++) (void)pthread_join(thread[i], NULL);
    (void)signal(SIGALRM, SIG_IGN);
    if (otel_stats(&exporter, &stats) != OTEL_OK) return 2;
    return adds_up(&stats, OTEL_SIGNAL_TRACES) && adds_up(&stats, OTEL_SIGNAL_LOGS) && in_handlers && sent ? 0 : 1;
}
