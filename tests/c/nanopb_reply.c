/* Reads bodies from stdin, each behind its length in two bytes, and says what each answers to a request of 10 items. */
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"

int main(void)
{
    int low, high;
    while ((low = getchar()) != EOF && (high = getchar()) != EOF) {
        size_t len = (size_t)low | (size_t)high << 8, i;
        uint8_t *body = (uint8_t *)malloc(len + !len);          /* its own, so that a byte beyond the end is seen */
        otel_reply_t reply;
        bool known;
        if (!body || fread(body, 1, len, stdin) != len) return 2;
        known = otel_reply_read_(&reply, body, len, 10);
        (void)printf("%d %u %ld %lu %d ", known, (unsigned)reply.rejected, (long)reply.code, (unsigned long)reply.retry_after_ms, reply.too_large);
        for (i = 0; i < reply.message_len; i++) (void)printf("%02x", (unsigned char)reply.message[i]);
        (void)printf("%s\n", reply.message ? "." : "");
        free(body);
    }
    return 0;
}
