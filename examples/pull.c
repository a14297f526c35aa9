/* pull - packets by hand: no thread, no socket, no port. The program asks for requests one at a time, as a device does that
   stores them in flash or sends them over a link of its own, and says what became of each. Only otel_export.h is used.

     cc -I. examples/pull.c -o pull && ./pull out
     curl -H 'Content-Type: application/x-protobuf' --data-binary @out/0.traces http://localhost:4318/v1/traces */
#include "otel_export.h"
#include <stdio.h>
#include <time.h>

static otel_t otel;
static otel_exporter_t exporter;
static uint8_t pool[4096], packet[512];

static uint64_t unix_ns(void *user)               /* a clock that knows the date needs no otel_time_sync */
{
    (void)user;
    return (uint64_t)time(NULL) * 1000000000u;
}

static int store(const char *folder, unsigned number, const otel_request_t *r)
{
    static const char *const name[OTEL_SIGNALS] = { "traces", "metrics", "logs" };
    char path[512];
    FILE *file;
    size_t n;
    (void)snprintf(path, sizeof path, "%s/%u.%s", folder, number, name[r->signal]);
    file = fopen(path, "wb");
    if (!file) return -1;
    n = fwrite(r->body, 1, r->len, file);
    (void)printf("%s: %lu bytes, %lu items, for %s\n", path, (unsigned long)r->len, (unsigned long)r->items, r->path);
    return fclose(file) == 0 && n == r->len ? 200 : -1;
}

int main(int argc, char **argv)
{
    otel_request_t request;
    otel_result_t result;
    unsigned n = 0;
    int i;
    if (argc != 2) {
        (void)fprintf(stderr, "usage: pull FOLDER\n");
        return 2;
    }
    result = otel_init(&otel, .service = "pull", .clock = unix_ns, .pool = pool, .pool_size = sizeof pool);
    if (result == OTEL_OK) result = otel_exporter_init(&exporter, .buffer = packet, .buffer_size = sizeof packet);
    if (result != OTEL_OK) {
        (void)fprintf(stderr, "pull: %s\n", otel_result_text(result));
        return 1;
    }
    for (i = 0; i < 8; i++) {
        OTEL_SPAN(span, "read sensor") {
            otel_span_set(span, "sensor.id", i);
            if (i == 5) otel_log(OTEL_WARN, "the sensor answers late", "sensor.id", i);
        }
    }
    while (otel_export_next(&exporter, &request)) otel_export_done(&exporter, store(argv[1], n++, &request));
    return n == 0;
}
