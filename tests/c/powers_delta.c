/* A signal handler records into exponential histograms, each time the first of a bucket beside those that are there, in the middle of
   a reader that tells differences. Prints what was counted and what the receiver got; ends with 1 when they differ. Arguments:
   signals; seconds after which it stops before (a signal takes a time slice where others want the processor). */
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "differences.h"

#define SETS 64
#define SIZE 160                              /* buckets of a side */
#define EACH 140                              /* records of a set, all within them at the finest scale */
#define MANY 4                                /* records of a signal, in as many sets */

static uint64_t kept[3 + (SETS + 2) * (1 + 2 * (6 + 2 * SIZE))];
static otel_temporality_t delta = OTEL_DELTA_IN(kept);
static otel_exponential_t took = OTEL_EXPONENTIAL("took", OTEL_POWERS_SERIES(SETS, SIZE));
static pthread_t reader;
static long signals, handled;
static time_t until;
static int running = 1;
static uint64_t received;

static void record(int unused)
{
    long i, step = handled % EACH / 2;
    (void)unused;
    for (i = 0; i < MANY; i++) otel_histogram_record(&took, 1.5 + 1e-6 * (double)(handled % 2 ? -step : step), "set", handled / EACH * MANY + i);
    __atomic_store_n(&handled, handled + 1, __ATOMIC_RELEASE);
}

static void *work(void *unused)
{
    long i;
    (void)unused;
    for (i = 0; i < signals && (i % 64 || time(NULL) < until); i++) {
        if (pthread_kill(reader, SIGUSR1)) abort();
        while (__atomic_load_n(&handled, __ATOMIC_ACQUIRE) == i) (void)sched_yield();
    }
    __atomic_store_n(&running, 0, __ATOMIC_RELEASE);
    return NULL;
}

static void got(const otel_recorded_point_t *point) { received += point->count; }

int main(int argc, char **argv)
{
    pthread_t thread;
    struct sigaction act = { 0 };
    uint64_t counted;
    signals = argc > 1 ? atol(argv[1]) : 1000;
    until = time(NULL) + (argc > 2 ? atol(argv[2]) : 3600);
    if (differences_begin(&delta, NULL)) return 2;
    reader = pthread_self();
    act.sa_handler = record;
    if (sigaction(SIGUSR1, &act, NULL) || pthread_create(&thread, NULL, work, NULL)) return 2;
    while (__atomic_load_n(&running, __ATOMIC_ACQUIRE)) differences_take(got);
    pthread_join(thread, NULL);
    differences_take(got);
    counted = (uint64_t)handled * MANY - otel_instrument_stats(&took).refused;
    printf("%llu %llu\n", (unsigned long long)counted, (unsigned long long)received);
    return counted == received ? 0 : 1;
}
