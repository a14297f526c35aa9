/* Protobuf messages made by hand, for tests of what reads them. Lengths are padded, as those of records are. */
#ifndef BODY_H
#define BODY_H
#include <stdint.h>
#include <string.h>

typedef struct {
    uint8_t bytes[4096];
    size_t len, open[16];
    unsigned depth;
} body_t;

static inline void body_varint_(body_t *b, uint64_t v)
{
    for (; v > 127; v >>= 7) b->bytes[b->len++] = (uint8_t)(v | 128);
    b->bytes[b->len++] = (uint8_t)v;
}
static inline void body_tag_(body_t *b, unsigned number, unsigned type) { body_varint_(b, (uint64_t)number << 3 | type); }
static inline void body_raw(body_t *b, const void *bytes, size_t len)
{
    memcpy(b->bytes + b->len, bytes, len);
    b->len += len;
}
static inline void body_varint(body_t *b, unsigned number, uint64_t v)
{
    body_tag_(b, number, 0);
    body_varint_(b, v);
}
static inline void body_fixed64(body_t *b, unsigned number, uint64_t v)
{
    unsigned i;
    body_tag_(b, number, 1);
    for (i = 0; i < 8; i++) b->bytes[b->len++] = (uint8_t)(v >> (8 * i));
}
static inline void body_double(body_t *b, unsigned number, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, 8);
    body_fixed64(b, number, bits);
}
static inline void body_fixed32(body_t *b, unsigned number, uint32_t v)
{
    unsigned i;
    body_tag_(b, number, 5);
    for (i = 0; i < 4; i++) b->bytes[b->len++] = (uint8_t)(v >> (8 * i));
}
static inline void body_bytes(body_t *b, unsigned number, const void *bytes, size_t len)
{
    body_tag_(b, number, 2);
    body_varint_(b, len);
    body_raw(b, bytes, len);
}
static inline void body_text(body_t *b, unsigned number, const char *text) { body_bytes(b, number, text, strlen(text)); }
static inline void body_begin(body_t *b, unsigned number)
{
    body_tag_(b, number, 2);
    b->open[b->depth++] = b->len;
    b->len += 3;
}
static inline void body_end(body_t *b)
{
    size_t at = b->open[--b->depth], n = b->len - at - 3;
    b->bytes[at] = (uint8_t)(n | 128);
    b->bytes[at + 1] = (uint8_t)(n >> 7 | 128);
    b->bytes[at + 2] = (uint8_t)(n >> 14);
}

/* KeyValue with a value of each kind. */
static inline void body_key_(body_t *b, unsigned number, const char *key)
{
    body_begin(b, number);
    body_text(b, 1, key);
    body_begin(b, 2);
}
static inline void body_close_(body_t *b)
{
    body_end(b);
    body_end(b);
}
static inline void body_int(body_t *b, unsigned number, const char *key, int64_t v)
{
    body_key_(b, number, key);
    body_varint(b, 3, (uint64_t)v);
    body_close_(b);
}
static inline void body_str(body_t *b, unsigned number, const char *key, const char *v)
{
    body_key_(b, number, key);
    body_text(b, 1, v);
    body_close_(b);
}
#endif
