/* Four threads race on the first use of every instrument, in many lives of an instance, and then add and record while a
   fifth collects. Writes what was collected: for each round a length (4 bytes, little-endian; the highest bit marks the last
   round of a life) and a ResourceMetrics. Arguments: lives, turns of each thread. */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"
#include "otel_export.h"

#define THREADS 4

static otel_t otel;
static uint8_t pool[65536];
static otel_counter_t hits = OTEL_COUNTER("hits");
static otel_counter_t sets = OTEL_COUNTER("sets", OTEL_SERIES(10));
static otel_counter_t bound = OTEL_COUNTER("bound", OTEL_SERIES(4));
static otel_counter_double_t halves = OTEL_COUNTER_DOUBLE("halves");
static otel_updown_t both = OTEL_UPDOWN("both");
static otel_gauge_t last = OTEL_GAUGE("last");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(2, 1, 2, 3));

static long turns;
static int running;
static pthread_barrier_t barrier;

static uint64_t ticks(void *user)
{
    static uint32_t now;
    (void)user;
    return __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
}

static void *work(void *argument)
{
    long i;
    (void)argument;
    pthread_barrier_wait(&barrier);
    for (i = 0; i < turns; i++) {
        otel_counter_add(&hits, 1);
        otel_counter_add(&sets, 1, "i", i % 12, "kind", "thread");
        OTEL_COUNT(&bound, 3, "bus", "i2c1");
        otel_counter_add(&halves, 0.5);
        otel_updown_add(&both, i % 2 ? 2 : -1);
        otel_gauge_record(&last, i);
        otel_histogram_record(&took, (double)(i % 5), "odd", i % 2);
    }
    return NULL;
}

static void put(uint32_t head, const uint8_t *bytes, size_t n)
{
    uint8_t length[4];
    int i;
    for (i = 0; i < 4; i++) length[i] = (uint8_t)(head >> 8 * i);
    fwrite(length, 1, 4, stdout);
    fwrite(bytes, 1, n, stdout);
}

static void collect(uint32_t mark)
{
    static uint8_t packet[16384];
    otel_collect_t round;
    size_t n = 0;
    memset(&round, 0, sizeof round);
    do {                                                      /* small packets: a round goes on while threads add */
        n += otel_collect_(&otel, &round, packet + n, 700);
        if (round.lost) exit(3);
    } while (round.running);
    put((uint32_t)n | mark, packet, n);
}

static void *collector(void *argument)
{
    int i;
    (void)argument;
    pthread_barrier_wait(&barrier);
    for (i = 0; i < 20 || (i < 100 && __atomic_load_n(&running, __ATOMIC_ACQUIRE)); i++) collect(0);
    return NULL;
}

int main(int argc, char **argv)
{
    long life, lives = argc > 1 ? atol(argv[1]) : 1;
    turns = argc > 2 ? atol(argv[2]) : 1000;
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    for (life = 0; life < lives; life++) {
        pthread_t thread[THREADS + 1];
        int i;
        if (otel_init(&otel, .service = "threads", .clock = ticks, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool, .shards = 2) != OTEL_OK) return 1;
        running = 1;
        for (i = 0; i < THREADS; i++) pthread_create(&thread[i], NULL, work, NULL);
        pthread_create(&thread[THREADS], NULL, collector, NULL);
        for (i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
        __atomic_store_n(&running, 0, __ATOMIC_RELEASE);
        pthread_join(thread[THREADS], NULL);
        collect(0x80000000u);
        if (otel_instrument_stats(&hits).refused || otel_instrument_stats(&sets).refused || otel_instrument_stats(&took).refused) return 2;
    }
    return 0;
}
