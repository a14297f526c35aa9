/* The main file of a program of many: starts the instance, calls `parts` (made by the test), and compares what was sent with
   what the parts say. */
#include <stdio.h>
#include "otel_export.h"

int parts(otel_t *otel);
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[65536], packet[16384];
static unsigned sent[OTEL_SIGNALS];

static uint64_t now(void *user)
{
    static uint64_t ns = 1700000000000000000u;
    (void)user;
    return ++ns;
}

static int post(void *user, const otel_request_t *r)
{
    (void)user;
    sent[r->signal] += r->items;
    return 200;
}

int main(void)
{
    int expected;
    otel_init(&otel, .service = "parts", .clock = now, .pool = pool, .pool_size = sizeof pool);
    otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    expected = parts(&otel);
    if (otel_export_flush(&ex, 1000) != OTEL_OK) return 2;
    printf("spans %u logs %u counts %u, expected %d\n", sent[OTEL_SIGNAL_TRACES], sent[OTEL_SIGNAL_LOGS], sent[OTEL_SIGNAL_METRICS], expected);
    return (int)(sent[OTEL_SIGNAL_TRACES] + 1000 * sent[OTEL_SIGNAL_LOGS] + 1000000 * sent[OTEL_SIGNAL_METRICS]) != expected;
}
