/* A thread records into exponential histograms, each time the first of a bucket beside those that are there, while the reader
   tells differences. Prints what was counted and what the receiver got; ends with 1 when they differ. Argument: records. */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"
#include "otel_export.h"

#define SETS 64
#define SIZE 160                              /* buckets of a side */
#define EACH 140                              /* records of a set, all within them at the finest scale */

static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t rec;
static uint8_t pool[16384], packet[65536], memory[1 << 20];
static uint64_t kept[3 + (SETS + 2) * (1 + 2 * (6 + 2 * SIZE))];
static otel_temporality_t delta = OTEL_DELTA_IN(kept);
static otel_exponential_t took = OTEL_EXPONENTIAL("took", OTEL_POWERS_SERIES(SETS, SIZE));
static long records;
static int running = 1;
static uint64_t received;

static uint64_t ticks(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return __atomic_add_fetch(&now, 100000, __ATOMIC_RELAXED);
}

static void *work(void *unused)
{
    long i;
    (void)unused;
    for (i = 0; i < records; i++) {
        long step = i % EACH / 2;
        otel_histogram_record(&took, 1.5 + 1e-6 * (double)(i % 2 ? -step : step), "set", i / EACH);
    }
    __atomic_store_n(&running, 0, __ATOMIC_RELEASE);
    return NULL;
}

static void collect(void)
{
    otel_recorded_point_t point;
    uint32_t i;
    otel_recorder_clear(&rec);
    (void)otel_export_flush(&ex, 60000);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) received += point.count;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    uint64_t counted;
    records = argc > 1 ? atol(argv[1]) : 1000;
    if (otel_init(&otel, .service = "powers", .clock = ticks, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(NULL)) != OTEL_OK) return 2;
    if (otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory) != OTEL_OK) return 2;
    if (otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = &delta) != OTEL_OK) return 2;
    pthread_create(&thread, NULL, work, NULL);
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE)) collect();
    pthread_join(thread, NULL);
    collect();
    counted = (uint64_t)records - otel_instrument_stats(&took).refused;
    printf("%llu %llu\n", (unsigned long long)counted, (unsigned long long)received);
    return counted == received ? 0 : 1;
}
