/* Pages of the pool that recording had to wait for: prefault 0|1. */
#define _GNU_SOURCE
#include "otel_posix.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static int take(void *user, const otel_request_t *request)
{
    (void)user;
    (void)request;
    return 200;
}

int main(int argc, char **argv)
{
    struct rusage before, after;
    unsigned i;
    otel_stats_t stats;
    if (otel_posix_start(.service = "prefault", .send = take, .pool_size = 16u << 20, .shards = 2, .log_percent = 1, .interval_ms = 60000, .prefault = argc > 1 && atoi(argv[1])) != OTEL_OK) return 2;
    for (i = 0; i < 100; i++) OTEL_SPAN(span, "warm up") {}
    (void)getrusage(RUSAGE_THREAD, &before);
    for (i = 0; i < 20000; i++) OTEL_SPAN(span, "a span of about a hundred bytes, so that two megabytes of the pool are reached") {}
    (void)getrusage(RUSAGE_THREAD, &after);
    (void)otel_posix_flush(10000);
    (void)otel_posix_stats(&stats);
    printf("{\"faults\": %ld, \"exported\": %llu}\n", after.ru_minflt - before.ru_minflt, (unsigned long long)stats.signal[OTEL_SIGNAL_TRACES].exported);
    return 0;
}
