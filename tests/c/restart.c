/* Starts and stops while other threads record. `storm TIMES`: no crash, and the law holds at each stop. `held`: a thread that is in
   the middle of a record of the last run, held there as the scheduler may hold it anywhere; the next run does not begin meanwhile.
   `ends`: threads that recorded end while the next run begins. */
#include "otel_posix.h"
#include <stdio.h>

static uint8_t over;
static char *page;
static int state;                 /* 1: the writer stands in its record, 2: it goes on */

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    return 200;
}

static void *record(void *user)
{
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        OTEL_SPAN(span, "x") {
            otel_span_set(span, "a", 1);
            otel_log(OTEL_INFO, "hello", "b", 2);
        }
    }
    return user;
}

static unsigned broken(void)
{
    otel_stats_t stats;
    unsigned s, n = 0;
    (void)otel_posix_stats(&stats);
    for (s = 0; stats.steady && s < OTEL_SIGNALS; s++) {
        const otel_signal_stats_t *g = &stats.signal[s];
        n += g->created != g->exported + g->queued + otel_stats_dropped(g);
    }
    return n;
}

static int storm(unsigned times)
{
    pthread_t thread[3];
    unsigned i, bad = 0;
    if (otel_posix_start(.service = "x", .send = post, .interval_ms = 10) != OTEL_OK) return 2;
    for (i = 0; i < 3; i++) pthread_create(&thread[i], NULL, record, NULL);
    for (i = 0; i < times; i++) {
        const struct timespec ms = { 0, 1000000 };
        (void)nanosleep(&ms, NULL);
        bad += otel_posix_stop(1000) == OTEL_E_SYSTEM;
        bad += broken();
        bad += otel_posix_start(.service = "x", .send = post, .interval_ms = 10) != OTEL_OK;
    }
    __atomic_store_n(&over, (uint8_t)1, __ATOMIC_RELAXED);
    for (i = 0; i < 3; i++) pthread_join(thread[i], NULL);
    (void)otel_posix_stop(1000);
    bad += broken();
    printf("bad %u\n", bad);
    return bad != 0;
}

static void hold(int number)
{
    (void)number;
    __atomic_store_n(&state, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 2) {}
    (void)mprotect(page, 4096, PROT_READ);
}

static void *write_one(void *user)
{
    otel_log(OTEL_INFO, "the shard is there");
    otel_log(OTEL_INFO, "held", "text", OTEL_BYTES(page, 60));
    return user;
}

static int held(void)
{
    struct sigaction action;
    pthread_t thread;
    int bad = 0;
    memset(&action, 0, sizeof action);
    action.sa_handler = hold;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    page = (char *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 'x', 100);
    (void)mprotect(page, 4096, PROT_NONE);
    if (otel_posix_start(.service = "x", .send = post, .interval_ms = 20) != OTEL_OK) return 2;
    pthread_create(&thread, NULL, write_one, NULL);
    while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 1) {}
    (void)otel_posix_stop(1000);
    bad += otel_posix_start(.service = "x", .send = post) != OTEL_E_SYSTEM;
    __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    bad += otel_posix_start(.service = "x", .send = post, .interval_ms = 20) != OTEL_OK;
    otel_log(OTEL_INFO, "another life");
    bad += otel_posix_stop(1000) != OTEL_OK;
    bad += (int)broken();
    printf("bad %d\n", bad);
    return bad != 0;
}

static void *last_words(void *user)
{
    otel_log(OTEL_INFO, "the shard is mine");
    __atomic_store_n(&state, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&state, __ATOMIC_RELAXED) != 2) {}
    return user;
}

static int ends(void)
{
    pthread_t thread;
    unsigned i, bad = 0;
    for (i = 0; i < 5; i++) {
        bad += otel_posix_start(.service = "x", .send = post, .interval_ms = 20) != OTEL_OK;
        pthread_create(&thread, NULL, last_words, NULL);
        while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 1) {}
        bad += otel_posix_stop(1000) != OTEL_OK;
        bad += broken();
        __atomic_store_n(&state, 2, __ATOMIC_RELAXED);
        bad += otel_posix_start(.service = "x", .send = post, .interval_ms = 20) != OTEL_OK;
        pthread_join(thread, NULL);
        bad += otel_posix_stop(1000) != OTEL_OK;
    }
    printf("bad %u\n", bad);
    return bad != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "ends") == 0) return ends();
    return argc > 2 ? storm((unsigned)atoi(argv[2])) : held();
}
