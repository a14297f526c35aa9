/* Four threads count into a few sets of attributes at a time, out of more than there is room for, while the reader tells
   differences and takes idle series away for others. Prints what was counted, what the receiver got and how many points that
   were; ends with 1 when they differ. Arguments: turns of each thread; "views" puts a filter and exemplars in front. */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"
#include "otel_export.h"

#define THREADS 4
#define SETS 64

static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t rec;
static uint8_t pool[16384], packet[32768], memory[1 << 18];
static uint64_t kept[400], words[20000];
static otel_temporality_t delta = OTEL_DELTA_IN(kept);
static otel_counter_t hits = OTEL_COUNTER("hits", OTEL_SERIES(8));
static const char *const thread_key[] = { "thread", NULL };
static const otel_view_t views[] = { { .instrument = "hits", .exclude = thread_key } };
static otel_metric_settings_t settings = { .views = views, .views_len = 1, .exemplars = OTEL_EXEMPLARS_ALWAYS_ON, .memory = words, .memory_len = sizeof words / sizeof *words };
static long turns;
static int running = THREADS;
static int64_t received;
static uint32_t points, exemplars;

static uint64_t ticks(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return __atomic_add_fetch(&now, 100000, __ATOMIC_RELAXED);
}

static void *work(void *argument)
{
    long i, thread = (long)(intptr_t)argument;
    for (i = 0; i < turns; i++) otel_counter_add(&hits, 1, "set", (i / 50 + thread) % SETS, "thread", thread);
    (void)__atomic_sub_fetch(&running, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void collect(void)
{
    otel_recorded_point_t point;
    uint32_t i;
    otel_recorder_clear(&rec);
    (void)otel_export_flush(&ex, 60000);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        received += point.int_value;
        exemplars += point.exemplars.count;
        points++;
    }
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    int64_t counted;
    long i;
    bool with = argc > 2;
    turns = argc > 1 ? atol(argv[1]) : 1000;
    if (otel_init(&otel, .service = "reclaim", .clock = ticks, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(with ? &settings : NULL)) != OTEL_OK) return 2;
    if (otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory) != OTEL_OK) return 2;
    if (otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = &delta) != OTEL_OK) return 2;
    for (i = 0; i < THREADS; i++) pthread_create(&thread[i], NULL, work, (void *)(intptr_t)i);
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE)) collect();
    for (i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    collect();
    counted = (int64_t)turns * THREADS - (int64_t)otel_instrument_stats(&hits).refused;
    printf("%lld %lld %u %u\n", (long long)counted, (long long)received, points, exemplars);
    return counted == received ? 0 : 1;
}
