/* Any bytes as headers: read, decode, send on, and read what was sent again. Three header values, divided by newlines.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/propagation_fuzz.c -o propagation_fuzz */
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct { char *value[3]; } again;

static void set_header(void *user, const char *name, const char *value)
{
    int which = strcmp(name, "traceparent") == 0 ? 0 : strcmp(name, "tracestate") == 0 ? 1 : 2;
    size_t i, n = strlen(value);
    CHECK(user == &again && !again.value[which] && n > 0);
    for (i = 0; i < n; i++) CHECK(value[i] == '\t' || (value[i] >= ' ' && value[i] <= '~'));
    again.value[which] = (char *)malloc(n + 1);
    memcpy(again.value[which], value, n + 1);
}

static void walk(const otel_context_t *context)
{
    otel_baggage_t it;
    otel_baggage_entry_t e;
    unsigned members = 0;
    for (it = otel_baggage(context); otel_baggage_next(&it, &e); members++) {
        size_t need = otel_baggage_value(&e, NULL, 0), size = need ? need / 2 + 1 : 1;
        char *whole = (char *)malloc(need + 1), *half = (char *)malloc(size), *key = (char *)malloc(e.key_len + 1);
        otel_baggage_entry_t found;
        CHECK(e.key_len > 0 && e.key >= context->baggage && e.properties + e.properties_len - context->baggage <= 8192);
        CHECK(otel_baggage_value(&e, whole, need + 1) == need && whole[need] == 0 && otel_utf8_valid(whole, need));
        CHECK(otel_baggage_value(&e, half, size) == need && strlen(half) < size && strncmp(half, whole, strlen(half)) == 0);
        memcpy(key, e.key, e.key_len);
        key[e.key_len] = 0;
        if (members < 2) CHECK(otel_baggage_find(context, key, &found) && found.key >= e.key && found.key_len == e.key_len);
        free(whole);
        free(half);
        free(key);
    }
    CHECK(members <= 180);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = (char *)malloc(size + 1), *header[3] = { NULL, NULL, NULL }, *at = text;
    otel_context_t context, second;
    int i;
    size_t n;
    bool valid;
    memcpy(text, data, size);
    text[size] = 0;
    for (i = 0; i < 3 && at; i++) {                   /* each in memory of its own, so that a read behind one is seen */
        char *end = strchr(at, '\n');
        n = end ? (size_t)(end - at) : strlen(at);
        header[i] = (char *)malloc(n + 1);
        memcpy(header[i], at, n);
        header[i][n] = 0;
        at = end ? end + 1 : NULL;
    }
    valid = otel_extract(&context, header[0], header[1], header[2]);
    CHECK(valid == otel_context_valid(&context) && valid == context.remote && (valid || !context.tracestate));
    n = otel_tracestate(&context, NULL, 0);
    if (n) {
        char *state = (char *)malloc(n + 1);
        CHECK(otel_tracestate(&context, state, n) == n && state[0] == 0);
        CHECK(otel_tracestate(&context, state, n + 1) == n && strlen(state) == n);
        free(state);
    }
    walk(&context);
    memset(&again, 0, sizeof again);
    otel_inject_context(&context, set_header, &again);
    CHECK(!again.value[0] == !valid && !again.value[1] == !n);
    CHECK(otel_extract(&second, again.value[0], again.value[1], again.value[2]) == valid);
    CHECK(memcmp(second.trace_id, context.trace_id, 16) == 0 && memcmp(second.span_id, context.span_id, 8) == 0 && second.flags == context.flags);
    CHECK(otel_tracestate(&second, NULL, 0) == n);
    if (again.value[2]) {                             /* what goes out has the members that came in */
        otel_baggage_t a = otel_baggage(&context), b = otel_baggage(&second);
        otel_baggage_entry_t x, y;
        while (otel_baggage_next(&a, &x)) {
            CHECK(otel_baggage_next(&b, &y) && x.key_len == y.key_len && x.value_len == y.value_len && x.properties_len == y.properties_len);
            CHECK(memcmp(x.key, y.key, x.key_len) == 0 && memcmp(x.value, y.value, x.value_len) == 0);
        }
        CHECK(!otel_baggage_next(&b, &y) && !b.rest_);
    }
    for (i = 0; i < 3; i++) {
        free(again.value[i]);
        free(header[i]);
    }
    free(text);
    return 0;
}
