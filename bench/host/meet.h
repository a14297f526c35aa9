/* Two threads at once: a helper stands ready before the time begins and runs the same calls beside; what is timed ends when
   both are through. It sleeps in between, so that it takes nothing from what one thread does alone. */
#ifndef BENCH_MEET_H
#define BENCH_MEET_H
#include <pthread.h>
#include "kit.h"

static pthread_mutex_t both_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t both_call = PTHREAD_COND_INITIALIZER;
static bool both_up, both_wanted;
static unsigned both_phase;               /* 0 asleep, 1 ready, 2 go, 3 done */
static unsigned long both_n;
MAYBE int both_on = -1;                  /* the helper's processor (-1: wherever) */
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

/* It begins on its own processor: with a real-time priority it would not come to run beside the one that waits for it. */
static bool both_start(void)
{
    pthread_t thread;
    pthread_attr_t how;
    (void)pthread_attr_init(&how);
#ifdef CPU_SET
    if (both_on >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(both_on, &set);
        (void)pthread_attr_setaffinity_np(&how, sizeof set, &set);
    }
#endif
    return pthread_create(&thread, &how, both_help, NULL) == 0;
}

/* Wake the helper, and wait until it is ready. */
static void both_meet(otel_t *otel, unsigned long n)
{
    (void)otel;
    (void)n;
    if (!both_up) both_up = both_start();
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
#endif
