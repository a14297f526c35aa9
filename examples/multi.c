/* multi - two instances in one program: each has its own name, pool and receiver, and neither knows of the other. A gateway
   records for its tenants so; a program that only has one service needs one instance, which every call finds by itself.

     cc -I. examples/multi.c -o multi && ./multi */
#include "otel_export.h"
#include <stdio.h>
#include <time.h>

typedef struct {
    otel_t otel;
    otel_exporter_t exporter;
    otel_console_t console;
    uint8_t pool[4096], packet[1024];
    uint64_t room[128];
} tenant_t;

static tenant_t north, south;

static uint64_t unix_ns(void *user)
{
    struct timespec t;
    (void)user;
    (void)timespec_get(&t, TIME_UTC);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(void *file, const char *text, size_t len) { (void)fwrite(text, 1, len, (FILE *)file); }

static otel_result_t begin(tenant_t *t, const char *name)
{
    otel_result_t result = otel_init(&t->otel, .service = name, .clock = unix_ns, .pool = t->pool, .pool_size = sizeof t->pool);
    if (result != OTEL_OK) return result;
    (void)otel_console_init(&t->console, .put = put, .user = stdout, .memory = t->room, .memory_size = sizeof t->room, .ascii = true);
    return otel_exporter_init(&t->exporter, .otel = &t->otel, .send = otel_console_send, .user = &t->console, .buffer = t->packet, .buffer_size = sizeof t->packet);
}

static void work(tenant_t *t, int jobs)
{
    int i;
    for (i = 0; i < jobs; i++) {
        OTEL_SPAN(span, "job", .otel = &t->otel) {
            otel_log_record_t record;
            otel_span_set(span, "job.number", i + 1);
            memset(&record, 0, sizeof record);
            record.severity = OTEL_INFO;
            record.body = OTEL_STR("done", 4);
            record.otel = &t->otel;
            otel_log_emit(&record);
        }
    }
}

int main(void)
{
    otel_result_t result = begin(&north, "north");
    if (result == OTEL_OK) result = begin(&south, "south");
    if (result != OTEL_OK) {
        (void)fprintf(stderr, "multi: %s\n", otel_result_text(result));
        return 1;
    }
    work(&north, 2);
    work(&south, 1);
    return otel_shutdown(&north.otel, 1000) != OTEL_OK || otel_shutdown(&south.otel, 1000) != OTEL_OK;
}
