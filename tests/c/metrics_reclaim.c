/* Four threads count into a few sets of attributes at a time, out of more than there is room for, while the reader tells
   differences and takes idle series away for others. Prints what was counted, what the receiver got and how many points that
   were; ends with 1 when they differ. Arguments: turns of each thread; "views" puts a filter and exemplars in front. */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "differences.h"

#define THREADS 4
#define SETS 64

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

static void *work(void *argument)
{
    long i, thread = (long)(intptr_t)argument;
    for (i = 0; i < turns; i++) otel_counter_add(&hits, 1, "set", (i / 50 + thread) % SETS, "thread", thread);
    (void)__atomic_sub_fetch(&running, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void got(const otel_recorded_point_t *point)
{
    received += point->int_value;
    exemplars += point->exemplars.count;
    points++;
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    int64_t counted;
    long i;
    bool with = argc > 2;
    turns = argc > 1 ? atol(argv[1]) : 1000;
    if (differences_begin(&delta, with ? &settings : NULL)) return 2;
    for (i = 0; i < THREADS; i++) pthread_create(&thread[i], NULL, work, (void *)(intptr_t)i);
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE)) differences_take(got);
    for (i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    differences_take(got);
    counted = (int64_t)turns * THREADS - (int64_t)otel_instrument_stats(&hits).refused;
    printf("%lld %lld %u %u\n", (long long)counted, (long long)received, points, exemplars);
    return counted == received ? 0 : 1;
}
