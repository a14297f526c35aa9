/* Flat out: one thread records as fast as it can while the library's own thread exports. What was lost, and the law.

     live [SECONDS [POOL_BYTES [SHARDS [THREADS]]]]       JSON: spans, drops, spans a second, CPU of both threads, and whether the counts add up

   The recording threads are pinned to the last processor when there is one of them, the rest to the first: this asks for two idle
   ones (on a busy machine, as root: chrt -f 1 live). Two shards are one thread's own and the one that all share. Each request goes to a function that reads its bytes once. */
#define _GNU_SOURCE
#include "otel_posix.h"
#include "kit.h"

static unsigned long bytes_sent, requests;
static unsigned checksum;
static int take(void *user, const otel_request_t *request)
{
    const unsigned char *body = (const unsigned char *)request->body;
    size_t i;
    (void)user;
    for (i = 0; i < request->len; i += 64) checksum += body[i];
    bytes_sent += request->len;
    requests++;
    return 200;
}

static volatile bool enough;
static int recorder_on = -1;
static void *record(void *user)
{
    unsigned long n = 0;
    uint64_t cpu;
    if (recorder_on >= 0) pin(recorder_on);
    cpu = ns_of(CLOCK_THREAD_CPUTIME_ID);
    while (!enough) {
        int i;
        for (i = 0; i < 256; i++) {
            OTEL_SPAN(span, "GET /api/users") {
                otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", 200, "duration.ratio", 0.5);
            }
        }
        n += 256;
    }
    ((uint64_t *)user)[0] = n;
    ((uint64_t *)user)[1] = ns_of(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return NULL;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 2;
    size_t pool = argc > 2 ? strtoul(argv[2], NULL, 10) : 4u << 20;
    uint16_t shards = (uint16_t)(argc > 3 ? atoi(argv[3]) : 2);
    unsigned threads = argc > 4 ? (unsigned)atoi(argv[4]) : 1, i, k;
    static pthread_t thread[64];
    static uint64_t done[64][2];
    otel_stats_t stats;
    otel_count_t lost = 0, created, recorded = 0;
    uint64_t begin, took, cpu, own = 0;
    struct timespec pause;
    if (threads == 1 && sysconf(_SC_NPROCESSORS_ONLN) > 1) {
        recorder_on = (int)sysconf(_SC_NPROCESSORS_ONLN) - 1;
        pin(0);                                   /* the library's thread inherits it */
    }
    if (threads > 64 || otel_posix_start(.service = "live", .send = take, .pool_size = pool, .shards = shards, .log_percent = 1) != OTEL_OK) return 2;
    begin = ns_of(CLOCK_MONOTONIC);
    for (i = 0; i < threads; i++) {
        if (pthread_create(&thread[i], NULL, record, done[i])) return 2;
    }
    pause.tv_sec = (time_t)seconds;
    pause.tv_nsec = (long)((seconds - (double)pause.tv_sec) * 1e9);
    (void)nanosleep(&pause, NULL);
    enough = true;
    for (i = 0; i < threads; i++) {
        (void)pthread_join(thread[i], NULL);
        recorded += done[i][0];
        own += done[i][1];
    }
    took = ns_of(CLOCK_MONOTONIC) - begin;
    (void)otel_posix_flush(10000);
    cpu = ns_of(CLOCK_PROCESS_CPUTIME_ID);
    if (otel_posix_stats(&stats) != OTEL_OK) return 2;
    for (k = 0; k < OTEL_DROP_REASONS; k++) lost += stats.signal[OTEL_SIGNAL_TRACES].dropped[k];
    created = stats.signal[OTEL_SIGNAL_TRACES].created;
    printf("{\"threads\": %u, \"shards\": %u, \"pool\": %lu, \"spans\": %llu, \"dropped\": %llu, \"dropped_percent\": %.4f, \"spans_a_second\": %.0f, \"bytes_a_second\": %.0f, \"requests\": %lu, "
           "\"recording_cpu_ns_a_span\": %.1f, \"all_cpu_ns_a_span\": %.1f, \"adds_up\": %s}\n",
           threads, (unsigned)shards, (unsigned long)pool, (unsigned long long)recorded, (unsigned long long)lost, 100.0 * (double)lost / (double)recorded, (double)recorded / ((double)took / 1e9),
           (double)bytes_sent / ((double)took / 1e9), requests, (double)own / (double)recorded, (double)cpu / (double)recorded,
           created == recorded && created == stats.signal[OTEL_SIGNAL_TRACES].exported + lost + stats.signal[OTEL_SIGNAL_TRACES].queued && stats.signal[OTEL_SIGNAL_TRACES].queued == 0 ? "true" : "false");
    return checksum == 12345u;
}
