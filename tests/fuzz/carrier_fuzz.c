/* Any bytes as the headers of a message, through every carrier and propagator: the first byte says which, the second how much room there is, the rest is the
   message (MQTT, Kafka), or "name:value" lines (headers, environment). What is read is sent on, and read again as the same.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/carrier_fuzz.c -o carrier_fuzz */
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 300 };
static otel_header_t lines[LINES];
static char *entries[LINES + 1];

/* What goes out is a header that anybody may read. */
static otel_message_t again;
static uint8_t again_bytes[40000];
static void set(void *user, const char *name, const char *value)
{
    size_t i;
    (void)user;
    CHECK(*name && *value);
    for (i = 0; value[i]; i++) CHECK(value[i] == '\t' || (value[i] >= ' ' && value[i] <= '~'));
    otel_kafka_set(&again, name, value);
}

/* "name:value\n" lines: each in memory of its own, so that a read behind one is seen. Entries of an environment have a '=' in the place of the ':'. */
static size_t split(const uint8_t *data, size_t size, bool environment)
{
    size_t n = 0, at = 0;
    while (at < size && n < LINES) {
        const uint8_t *end = (const uint8_t *)memchr(data + at, '\n', size - at), *colon;
        size_t len = end ? (size_t)(end - data) - at : size - at;
        char *copy = (char *)malloc(len + (environment ? 1u : 0u) + (len + environment == 0));
        CHECK(copy);
        memcpy(copy, data + at, len);
        colon = (const uint8_t *)memchr(data + at, ':', len);
        if (environment) {
            copy[len] = 0;
            if (colon) copy[colon - data - (ptrdiff_t)at] = '=';
            entries[n] = copy;
        } else {
            lines[n].name = copy;
            lines[n].name_len = colon ? (size_t)(colon - data) - at : len;
            lines[n].value = copy + lines[n].name_len + (colon != NULL);
            lines[n].value_len = len - lines[n].name_len - (colon != NULL);
        }
        n++;
        at += len + (end != NULL);
    }
    entries[environment ? n : 0] = NULL;
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel_propagator_t w3c = otel_propagator_w3c(), baggage = otel_propagator_baggage(), b3 = otel_propagator_b3(), multi = otel_propagator_b3_multi(), all, *use;
    const otel_propagator_t *list[5];
    otel_carrier_t carrier;
    otel_headers_t headers;
    otel_message_t message;
    otel_context_t context, second;
    otel_baggage_entry_t entry;
    size_t room, len, n = 0, i, at = 0, steps = 0;
    char *buffer, *texts;
    const char *name;
    unsigned kind;
    bool valid;
    if (size < 2) return 0;
    kind = data[0] & 3u;
    room = (size_t)data[1] * 70u;
    list[0] = &w3c, list[1] = &b3, list[2] = &multi, list[3] = &baggage, list[4] = NULL;
    all = otel_propagator_composite(list);
    use = (data[0] >> 2 & 3) == 0 ? &all : (data[0] >> 2 & 3) == 1 ? &w3c : (data[0] >> 2 & 3) == 2 ? &b3 : &multi;
    buffer = (char *)malloc(room ? room : 1);
    len = size - 2;
    texts = (char *)malloc(len ? len : 1);
    CHECK(buffer && texts);
    memcpy(texts, data + 2, len);
    memset(&message, 0, sizeof message);
    message.bytes = (uint8_t *)texts;
    message.len = len;
    if (kind < 2) n = split(data + 2, len, kind == 1);
    headers.at = lines;
    headers.len = n;
    carrier = kind == 0 ? otel_carrier_headers(&headers, buffer, room) : kind == 1 ? otel_carrier_environment(entries) : kind == 2 ? otel_carrier_mqtt(&message, buffer, room) : otel_carrier_kafka(&message, buffer, room);
    valid = otel_extract_from(&context, use, &carrier);
    CHECK(valid == otel_context_valid(&context) && valid == context.remote && (valid || !context.tracestate));
    for (otel_baggage_t it = otel_baggage(&context); otel_baggage_next(&it, &entry);) CHECK(entry.key_len > 0);
    while (carrier.key && (name = (carrier.key)(carrier.user, &at, &i)) != NULL) CHECK(++steps <= size + 1 && i <= size);
    memset(&again, 0, sizeof again);
    again.bytes = again_bytes;
    again.size = sizeof again_bytes;
    otel_inject_to(&context, &all, set, NULL);
    if (!again.lost) {
        static char more[20000];
        otel_carrier_t back = otel_carrier_kafka(&again, more, sizeof more);
        const otel_propagator_t *order[4];
        otel_propagator_t both;
        order[0] = &b3, order[1] = &w3c, order[2] = &baggage, order[3] = NULL;         /* the last one that finds a trace counts: W3C has all of it */
        both = otel_propagator_composite(order);
        CHECK(otel_extract_from(&second, &both, &back) == valid);
        CHECK(memcmp(second.trace_id, context.trace_id, 16) == 0 && memcmp(second.span_id, context.span_id, 8) == 0);
        CHECK((second.flags & OTEL_FLAG_SAMPLED) == (context.flags & OTEL_FLAG_SAMPLED));
    }
    for (i = 0; i < n; i++) free(kind == 1 ? (void *)entries[i] : (void *)(uintptr_t)lines[i].name);
    free(buffer);
    free(texts);
    return 0;
}
