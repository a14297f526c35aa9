/* What comes in by its first use is set by whichever thread gets there: a tracestate to write, a time that becomes known, instruments
   to collect. Four threads get there at once while an exporter and a reader by hand look; run under ThreadSanitizer. */
#include <pthread.h>
#include <stdio.h>
#include "otel_posix.h"

enum { THREADS = 4, SPANS = 300 };
static uint8_t pool[1u << 20], packet[1u << 16], piece[1u << 16];
static otel_exporter_t exporter;
static otel_metric_reader_t reader;
static uint64_t spans;
static pthread_barrier_t start;

static uint64_t since_boot(void *user)
{
    (void)user;
    return otel_posix_ns_(CLOCK_MONOTONIC);
}

static int take(void *user, const otel_request_t *request)
{
    (void)user;
    if (request->signal == OTEL_SIGNAL_TRACES) spans += request->items;
    return 200;
}

static otel_counter_t counters[THREADS] = { OTEL_COUNTER("a"), OTEL_COUNTER("b"), OTEL_COUNTER("c"), OTEL_COUNTER("d") };

static void *work(void *which)
{
    otel_context_t parent;
    unsigned i;
    (void)otel_extract(&parent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", NULL);
    (void)pthread_barrier_wait(&start);
    for (i = 0; i < SPANS; i++) {
        otel_counter_add((otel_counter_t *)which, 1);
        if (i == SPANS / 2) otel_time_sync(NULL, 1760000000000000000u);
        OTEL_SPAN(span, "work", .parent = &parent) (void)span;
    }
    otel_thread_end(otel_default());
    return NULL;
}

int main(void)
{
    static otel_t otel;
    pthread_t thread[THREADS];
    otel_stats_t stats;
    uint64_t dropped = 0;
    unsigned i;
    if (otel_init(&otel, .clock = since_boot, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) return 1;
    if (otel_exporter_init(&exporter, .otel = &otel, .send = take, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK) return 2;
    if (otel_metric_reader_init(&reader, .otel = &otel) != OTEL_OK) return 3;
    if (pthread_barrier_init(&start, NULL, THREADS + 1u)) return 4;
    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&thread[i], NULL, work, &counters[i])) return 5;
    }
    (void)pthread_barrier_wait(&start);
    for (i = 0; i < 50; i++) {
        (void)otel_export_poll(&exporter);
        while (otel_metric_reader_collect(&reader, piece, sizeof piece)) otel_metric_reader_confirm(&reader);
    }
    for (i = 0; i < THREADS; i++) (void)pthread_join(thread[i], NULL);
    if (otel_export_flush(&exporter, 5000) != OTEL_OK) return 6;
    (void)otel_stats(&exporter, &stats);
    for (i = 0; i < OTEL_DROP_REASONS; i++) dropped += stats.signal[OTEL_SIGNAL_TRACES].dropped[i];
    printf("%llu spans, %llu sent, %llu dropped\n", (unsigned long long)stats.signal[OTEL_SIGNAL_TRACES].created, (unsigned long long)spans, (unsigned long long)dropped);
    return stats.signal[OTEL_SIGNAL_TRACES].created != THREADS * SPANS || spans == 0 || spans + dropped != THREADS * SPANS;
}
