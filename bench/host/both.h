/* Two threads on one series: a helper stands ready before the time begins and runs the same calls beside; what is timed ends
   when both are through. Comes after metrics.h. */
#ifndef BENCH_BOTH_H
#define BENCH_BOTH_H
#include <pthread.h>
#include "metrics.h"

static pthread_mutex_t both_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t both_call = PTHREAD_COND_INITIALIZER;
static bool both_up, both_wanted;
static unsigned both_phase;               /* 0 asleep, 1 ready, 2 go, 3 done */
static unsigned long both_n;
static void (*both_run)(otel_t *, unsigned long);

static void *both_help(void *unused)
{
    (void)unused;
    for (;;) {
        (void)pthread_mutex_lock(&both_lock);
        while (!both_wanted) (void)pthread_cond_wait(&both_call, &both_lock);
        both_wanted = false;
        (void)pthread_mutex_unlock(&both_lock);
        __atomic_store_n(&both_phase, 1, __ATOMIC_RELEASE);
        while (__atomic_load_n(&both_phase, __ATOMIC_ACQUIRE) != 2) {}
        both_run(NULL, both_n);
        __atomic_store_n(&both_phase, 3, __ATOMIC_RELEASE);
    }
    return NULL;
}

/* Wake the helper, and wait until it is ready. */
static void both_meet(otel_t *otel, unsigned long n)
{
    pthread_t thread;
    (void)otel;
    (void)n;
    if (!both_up) both_up = pthread_create(&thread, NULL, both_help, NULL) == 0;
    if (!both_up) exit(2);
    __atomic_store_n(&both_phase, 0, __ATOMIC_RELEASE);
    (void)pthread_mutex_lock(&both_lock);
    both_wanted = true;
    (void)pthread_cond_signal(&both_call);
    (void)pthread_mutex_unlock(&both_lock);
    while (__atomic_load_n(&both_phase, __ATOMIC_ACQUIRE) != 1) {}
}

static void both(void (*run)(otel_t *, unsigned long), unsigned long n)
{
    both_run = run;
    both_n = n;
    __atomic_store_n(&both_phase, 2, __ATOMIC_RELEASE);
    run(NULL, n);
    while (__atomic_load_n(&both_phase, __ATOMIC_ACQUIRE) != 3) {}
}

static void counter_bound_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_bound, n); }
static void counter_local_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_local, n); }
static void counter_2_both(otel_t *otel, unsigned long n) { (void)otel; both(counter_2, n); }
static void histogram_both(otel_t *otel, unsigned long n) { (void)otel; both(histogram, n); }
static void exponential_both(otel_t *otel, unsigned long n) { (void)otel; both(exponential, n); }
#endif
