/* A reader of differences that keeps what it got, for programs that record while it looks: an instance, an exporter and the recorder. */
#ifndef DIFFERENCES_H
#define DIFFERENCES_H
#include "otel.h"
#include "otel_export.h"

static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t rec;
static uint8_t pool[16384], packet[65536], memory[1 << 20];

static uint64_t ticks(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return __atomic_add_fetch(&now, 100000, __ATOMIC_RELAXED);
}

static int differences_begin(otel_temporality_t *delta, otel_metric_settings_t *settings)
{
    if (otel_init(&otel, .service = "differences", .clock = ticks, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(settings)) != OTEL_OK) return 2;
    if (otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory) != OTEL_OK) return 2;
    if (otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = delta) != OTEL_OK) return 2;
    return 0;
}

/* One round; `got` is told of each point. */
static void differences_take(void (*got)(const otel_recorded_point_t *point))
{
    otel_recorded_point_t point;
    uint32_t i;
    otel_recorder_clear(&rec);
    (void)otel_export_flush(&ex, 60000);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) got(&point);
}
#endif
