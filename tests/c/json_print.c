/* An export request from standard input as a line of OTLP/JSON.
     json_print traces|metrics|logs [PART]    one body; in parts of so many bytes
     json_print many                          any number: signal (1 byte), PART and length (4 bytes each, little-endian), body
   A request that is refused gives the line "refused". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "otel_export.h"

static void put(void *user, const char *text, size_t len)
{
    *(size_t *)user += len;
    fwrite(text, 1, len, stdout);
}

/* Parts in memory blocks of their own, so that a sanitizer sees a step over any end. */
static void print(unsigned signal, const uint8_t *body, size_t len, size_t part)
{
    otel_request_t request;
    otel_piece_t *parts = NULL;
    size_t i, n = part ? (len + part - 1) / part : 0, put_bytes = 0;
    memset(&request, 0, sizeof request);
    request.signal = (otel_signal_t)signal;
    request.len = len;
    if (part) {
        parts = (otel_piece_t *)calloc(n + 1, sizeof *parts);
        for (i = 0; parts && i < n; i++) {
            void *copy;
            parts[i].len = len - i * part < part ? len - i * part : part;
            copy = malloc(parts[i].len);
            if (!copy) exit(2);
            memcpy(copy, body + i * part, parts[i].len);
            parts[i].bytes = copy;
        }
        request.parts = parts;
        request.parts_len = n;
    } else {
        request.body = body;
    }
    if (!otel_json_write(&request, put, &put_bytes)) printf(put_bytes ? "half a line, then refused" : "refused");
    putchar('\n');
    for (i = 0; parts && i < n; i++) free((void *)(uintptr_t)parts[i].bytes);
    free(parts);
}

static uint8_t *read_bytes(size_t len)
{
    uint8_t *body = (uint8_t *)malloc(len ? len : 1);
    if (!body || fread(body, 1, len, stdin) != len) exit(2);
    return body;
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "traces", "metrics", "logs" };
    unsigned signal = 0;
    if (argc > 1 && strcmp(argv[1], "many") == 0) {
        uint8_t head[9];
        while (fread(head, 1, sizeof head, stdin) == sizeof head) {
            uint8_t *body = read_bytes(otel_get32_(head + 5));
            print(head[0], body, otel_get32_(head + 5), otel_get32_(head + 1));
            free(body);
        }
        return 0;
    }
    while (signal < 3 && (argc < 2 || strcmp(argv[1], names[signal]) != 0)) signal++;
    if (signal == 3) {
        fprintf(stderr, "json_print traces|metrics|logs|many [PART] < body\n");
        return 2;
    } else {
        static uint8_t body[1 << 22];
        size_t len = fread(body, 1, sizeof body, stdin);
        print(signal, body, len, argc > 2 ? (size_t)atol(argv[2]) : 0);
    }
    return 0;
}
