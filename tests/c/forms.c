/* Random spans, events and logs with a seed of their own, each exported at once; prints what was sent, a line a request.
   However it is compiled, the lines are the same: forms SEED ROUNDS. */
#include "otel_export.h"
#include <stdio.h>
#include <stdlib.h>

static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[1 << 15], packet[1 << 15];
static uint64_t state, ticks = UINT64_C(1760000000000000000);
static unsigned long requests;

static uint32_t any(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

static uint64_t now(void *user)
{
    (void)user;
    return ticks += 1000;
}

static bool fixed(void *user, void *to, size_t len)
{
    (void)user;
    memset(to, 7, len);
    return true;
}

static int print(void *user, const otel_request_t *request)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    size_t i;
    (void)user;
    for (i = 0; i < request->len; i++) hash = (hash ^ ((const uint8_t *)request->body)[i]) * UINT64_C(0x100000001B3);
    printf("%lu %d %lu %08lx%08lx\n", requests++, (int)request->signal, (unsigned long)request->len, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xFFFFFFFFu));
    return 200;
}

/* A text of up to `most` bytes: plain, with one byte that is not, or random. */
static const char *text(char *to, uint32_t most)
{
    uint32_t n = any(4) ? any(most < 40 ? most : 40) : any(most), i, kind = any(6);
    for (i = 0; i < n; i++) to[i] = (char)(kind == 5 ? 1 + any(255) : 'a' + any(3));
    if (kind == 4 && n) to[any(n)] = (char)(128 + any(128));
    if (kind == 3 && n > 1) memcpy(to + any(n - 1), "\xC3\xBC", 2);
    to[n] = 0;
    return to;
}

/* Keys of few lengths and letters, so that equal ones come. */
static const char *key(char *to)
{
    switch (any(8)) {
    case 0: return any(2) ? "" : NULL;
    case 1: return text(to, 150);
    case 2: to[0] = (char)(any(2) ? 0xFF : '?'); to[1] = (char)('a' + any(2)); to[2] = 0; return to;      /* mended they are equal */
    default: to[0] = (char)('a' + any(4)); to[1] = 0; return to;
    }
}

static otel_value_t value(char *to)
{
    static const int64_t numbers[] = { 0, 1, 127, 128, 16383, 16384, -1, INT64_MAX, INT64_MIN, 1 << 28 };
    switch (any(7)) {
    case 0: return otel_value_int_(numbers[any(10)]);
    case 1: return otel_value_bool_(any(2) != 0);
    case 2: return otel_value_double_((double)any(1000) / 8);
    case 3: return otel_value_uint_(~(uint64_t)0 - any(3));
    case 4: return OTEL_BYTES(to, any(140));
    default: return otel_value_str_(any(20) ? text(to, 300) : NULL);
    }
}

static void set(otel_span_t *span, const char *k, char *to)
{
    const char *v;
    int number;
    switch (any(6)) {
    case 0: number = (int)any(70000) - 200; otel_span_set(span, k, number); break;
    case 1: v = text(to, 300); otel_span_set(span, k, v); break;
    case 2: otel_span_set(span, "literal", "GET", "b", 0.5, "abcdefghijklmnopqrs", 7, "c", true); break;
    case 3: otel_span_set(span, k, (double)any(9) / 4); break;
    case 4: otel_span_set(span, k, any(2) != 0); break;
    default: otel_span_set(span, k, value(to)); break;
    }
}

int main(int argc, char **argv)
{
    static const otel_context_t unsampled = { .trace_id = { 1 }, .span_id = { 1 } };
    static char keys[16][400], values[16][400];
    const uint64_t start = ticks;
    unsigned long round, rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    state = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    if (otel_init(&otel, .service = "forms", .clock = now, .pool = pool, .pool_size = sizeof pool, .entropy = fixed) != OTEL_OK) return 2;
    if (otel_exporter_init(&ex, .send = print, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK) return 3;
    OTEL_SPAN(span, "first", .parent = &unsampled) (void)span;        /* where a thread has a shard of its own, it looks at the clock when it takes one */
    ticks = start + 1000000u;
    for (round = 0; round < rounds; round++) {
        otel_attr_t list[16];
        uint32_t n = any(16), i;
        for (i = 0; i < n; i++) {
            list[i].key = key(keys[i]);
            list[i].value = value(values[i]);
        }
        if (any(2)) {
            OTEL_SPAN_SIZED(span, 1536, any(2) ? "a name" : text(values[15], 200)) {
                for (i = 0; i < n; i++) set(span, list[i].key, values[14]);
                if (any(2)) otel_span_event_all(span, "event", list, n);
                if (any(3) == 0) otel_log(OTEL_WARN, text(values[14], 100), "inside", (int)n, "of", "a span");
            }
        } else if (any(2)) {
            otel_log_all(NULL, OTEL_INFO, text(values[15], 200), list, n);
        } else {
            otel_log_record_t record;
            memset(&record, 0, sizeof record);
            if (any(2)) record.severity = OTEL_ERROR;
            if (any(2)) record.event_name = "event";
            record.body = value(values[15]);
            record.attributes = list;
            record.attributes_len = n;
            otel_log_emit(&record);
        }
        if (otel_export_flush(&ex, 1000) != OTEL_OK) return 4;
    }
    return requests ? 0 : 5;
}
