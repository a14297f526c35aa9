/* A span with more of everything than it may have: 129 attributes, events and links, an event and a link with 129 attributes
   each, names and values over their limits. Once with memory for all of it, once with the memory of a block, where only some
   fits. Writes one OTLP request to the file of the first argument. */
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
    if (argc < 2) return 2;
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
    return otel_export_flush(&ex, 1000) == OTEL_OK ? 0 : 5;
}
