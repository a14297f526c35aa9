/* What the unit tests of the spine share: a clock and a transport that do as they are told, and a receiver in memory. */
#ifndef KIT_H
#define KIT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "otel_export.h"

#define T0 1700000000000000000ull
#define MS 1000000ull
#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define UNUSED OTEL_ATTRIBUTE_((unused))

static uint64_t now_ns UNUSED = T0;
static unsigned clock_reads UNUSED;
static UNUSED uint64_t kit_clock(void *user)
{
    (void)user;
    clock_reads++;
    return now_ns;
}
static UNUSED bool kit_entropy(void *user, void *to, size_t len)
{
    size_t i;
    (void)user;
    for (i = 0; i < len; i++) ((uint8_t *)to)[i] = (uint8_t)(i * 11 + 5);
    return true;
}
static UNUSED void kit_idle(void *user, uint32_t ms)
{
    (void)user;
    now_ns += ms * MS;
}

static otel_t otel UNUSED;
static otel_exporter_t ex UNUSED;
static otel_recorder_t rec UNUSED;
static uint8_t pool[65536] UNUSED, packet[65536] UNUSED, memory[1 << 18] UNUSED;

/* A running instance with a receiver in memory; .send may be another one later. */
static UNUSED void kit_start(void)
{
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}
/* A second later: what metrics say now, and nothing else, is in the receiver's memory. */
static UNUSED void kit_collect(void)
{
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
}
static UNUSED void kit_stop(void) { assert_int_not_equal(otel_shutdown(&otel, 0), OTEL_E_NESTED); }

static UNUSED void kit_span(const char *name)
{
    otel_span_t s;
    otel_span_start(&s, name);
    otel_span_end(&s);
}

static UNUSED otel_signal_stats_t kit_stats(const otel_exporter_t *x, otel_signal_t signal)
{
    otel_stats_t s;
    assert_int_equal(otel_stats(x, &s), OTEL_OK);
    assert_true(s.steady);
    assert_true(s.signal[signal].created == s.signal[signal].exported + otel_stats_dropped(&s.signal[signal]) + s.signal[signal].queued);
    return s.signal[signal];
}

static UNUSED bool kit_is(otel_slice_t s, const char *text) { return s.len == strlen(text) && (s.len == 0 || memcmp(s.text, text, s.len) == 0); }
#endif
