/* A span with more of everything than it may have: 129 attributes, events and links, an event and a link with 129 attributes
   each, names and values over their limits. Once with memory for all of it, once with the memory of a block, where only some
   fits. The same with values over a limit of 12 characters. Writes an OTLP request to the file of each argument. */
#include <stdio.h>
#include <string.h>
#include "otel_export.h"

#define N 129u

static uint64_t ticking(void *user)
{
    static uint64_t ns = 1700000000000000000ull;
    (void)user;
    return ns += 1000;
}

static int to_file(void *path, const otel_request_t *request)
{
    FILE *f = fopen((const char *)path, "wb");
    size_t n;
    if (!f) return 500;
    n = fwrite(request->body, 1, request->len, f);
    return fclose(f) == 0 && n == request->len ? 200 : 500;
}

static void fill(otel_span_t *span)
{
    static char keys[N][8];
    otel_context_t other;
    unsigned i;
    memset((void *)&other, 0, sizeof other);
    other.trace_id[0] = 1;
    for (i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "k%03u", i);
        otel_span_set(span, keys[i], i);
    }
    otel_span_set(span, "k000", 1000);                  /* known: not one more */
    for (i = 0; i < N - 1; i++) otel_span_event(span, "e", "i", i);
    for (i = 0; i < N - 1; i++) {
        other.span_id[0] = (uint8_t)(i + 1);
        otel_span_link(span, &other, "i", i);
    }
    otel_span_event(span, "the 129th");
    otel_span_link(span, &other);
    otel_span_end(span);
}

/* 129 texts, an array and bytes, all over the limit; in an event and a link too. */
static void fill_values(otel_span_t *span)
{
    static char keys[N][8], texts[N][40];
    static const char *const list[] = { "short", "longer than it may be" };
    static const uint8_t bytes[20] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 };
    otel_attr_t odd[2];
    otel_context_t other;
    unsigned i;
    memset((void *)&other, 0, sizeof other);
    other.trace_id[0] = other.span_id[0] = 1;
    odd[0] = otel_any("list", OTEL_ARRAY(list, 2));
    odd[1] = otel_bytes("bytes", bytes, sizeof bytes);
    otel_span_set_all(span, odd, 2);
    for (i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "k%03u", i);
        snprintf(texts[i], sizeof texts[i], "value-%03u \xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80 and more", i);        /* ue, the euro, a face */
        otel_span_set(span, keys[i], texts[i]);
    }
    otel_span_event(span, "e", "text", texts[0], "fits", "12 character");
    otel_span_link(span, &other, "text", texts[0]);
    otel_span_end(span);
}

static int values(const char *path)
{
    static const otel_limits_t limits = { .value_length = 12 };
    static otel_processor_t processor;
    static const otel_processor_t *const list[] = { &processor, NULL };
    static const otel_span_settings_t settings = { .processors = list };
    static otel_t otel;
    static otel_exporter_t ex;
    static uint8_t pool[1u << 17], packet[1u << 17];
    static otel_span_t large[OTEL_SPANS(20000)], block[OTEL_SPANS(512)];
    processor = otel_processor_limits(&limits);
    if (otel_init(&otel, .service = "limits", .clock = ticking, .pool = pool, .pool_size = sizeof pool, .spans = otel_spans(&settings))) return 3;
    if (otel_exporter_init(&ex, .otel = &otel, .send = to_file, .user = (void *)(uintptr_t)path, .buffer = packet, .buffer_size = sizeof packet)) return 4;
    otel_span_start(large, "values, all fit", .otel = &otel, .bytes = sizeof large);
    fill_values(large);
    otel_span_start(block, "values, some fit", .otel = &otel, .bytes = sizeof block);
    fill_values(block);
    return otel_export_flush(&ex, 1000) == OTEL_OK ? 0 : 5;
}

int main(int argc, char **argv)
{
    static otel_t otel;
    static otel_exporter_t ex;
    static uint8_t pool[1u << 18], packet[1u << 18];
    static otel_span_t large[OTEL_SPANS(60000)], inner[OTEL_SPANS(60000)], block[OTEL_SPANS(256)];
    static char keys[N][8], long_name[1100];
    static otel_attr_t many[N];
    otel_context_t other;
    unsigned i;
    if (argc < 3) return 2;
    if (otel_init(&otel, .service = "limits", .clock = ticking, .pool = pool, .pool_size = sizeof pool)) return 3;
    if (otel_exporter_init(&ex, .otel = &otel, .send = to_file, .user = argv[1], .buffer = packet, .buffer_size = sizeof packet)) return 4;
    otel_span_start(large, "all fit", .bytes = sizeof large);
    fill(large);
    otel_span_start(block, "some fit", .bytes = sizeof block);
    fill(block);
    memset((void *)&other, 0, sizeof other);
    other.trace_id[0] = other.span_id[0] = 1;
    memset(long_name, 'n', sizeof long_name - 1);
    memcpy(long_name + 1023, "\xC3\xBC", 2);          /* a character on the limit of 1,024 bytes */
    for (i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "k%03u", i);
        many[i] = otel_int(keys[i], (int64_t)i);
    }
    otel_span_start(inner, long_name, .bytes = sizeof inner);
    otel_span_event_all(inner, "many", many, N);
    otel_span_event_all(inner, long_name, NULL, 0);
    otel_span_link_all(inner, &other, many, N);
    otel_span_status(inner, OTEL_STATUS_ERROR, long_name);
    otel_span_end(inner);
    if (otel_export_flush(&ex, 1000) != OTEL_OK) return 5;
    return values(argv[2]);
}
