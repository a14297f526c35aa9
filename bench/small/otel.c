/* This library: the span is recorded, and a request with it is handed to the hook that sends. */
#include "otel.h"
#include "otel_export.h"
#include "work.h"

static otel_t otel;
static uint8_t pool[512];

static uint64_t now(void *user)
{
    (void)user;
    return work_now;
}

static bool entropy(void *user, void *to, size_t len)
{
    (void)user;
    work_id((uint8_t *)to, len);
    return true;
}

#ifdef RECORD                      /* the hot path alone: who sends comes by when nothing else is to be done */
void work_begin(void) { (void)otel_init(&otel, .service = "boiler", .clock = now, .entropy = entropy, .pool = pool, .pool_size = sizeof pool, .when_full = OTEL_DROP_OLDEST); }
#else
static otel_exporter_t exporter;
static uint8_t packet[256];

static int post(void *user, const otel_request_t *request)
{
    (void)user;
    work_send(request->body, request->len);
    return 200;
}

void work_begin(void)
{
    (void)otel_init(&otel, .service = "boiler", .clock = now, .entropy = entropy, .pool = pool, .pool_size = sizeof pool);
    (void)otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet);
}
#endif

size_t work_after(void) { return 0; }

void work_once(void)
{
    OTEL_SPAN(span, "read_sensor") {
        otel_span_set(span, "sensor.id", 7, "bus", "i2c1");
    }
#ifndef RECORD
    work_now = work_now + 60000000000ull;
    (void)otel_export_poll(&exporter);
#endif
}
