/* What the programs of the model share: random numbers, and a reader of protobuf of their own. */
#ifndef MODEL_READER_H
#define MODEL_READER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static uint32_t seed, step;
#define CHECK(x) do { if (!(x)) fail(#x, __LINE__); } while (0)
static void fail(const char *what, int line)
{
    fprintf(stderr, "line %d: seed %u, step %u: %s\n", line, seed, step, what);
    exit(1);
}

static uint64_t state;
static uint32_t rnd(uint32_t below)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (uint32_t)((z ^ (z >> 31)) >> 11) % below;
}

/* ---- a reader of protobuf of our own ---- */
typedef struct { const uint8_t *at, *end; } msg_t;
typedef struct { unsigned number, type; uint64_t value; const uint8_t *bytes; size_t len; } field_t;

static uint64_t varint(msg_t *m)
{
    uint64_t v = 0;
    unsigned shift = 0;
    for (;;) {
        uint8_t b;
        CHECK(m->at < m->end && shift < 70);
        b = *m->at++;
        v |= (uint64_t)(b & 127u) << (shift & 63u);
        shift += 7;
        if (b < 128) return v;
    }
}

static bool next_field(msg_t *m, field_t *f)
{
    unsigned i, n;
    uint64_t tag;
    if (m->at == m->end) return false;
    tag = varint(m);
    f->number = (unsigned)(tag >> 3);
    f->type = (unsigned)(tag & 7);
    f->bytes = NULL;
    f->len = 0;
    f->value = 0;
    CHECK(f->number > 0);
    if (f->type == 0) {
        f->value = varint(m);
    } else if (f->type == 2) {
        f->len = (size_t)varint(m);
        CHECK(f->len <= (size_t)(m->end - m->at));
        f->bytes = m->at;
        m->at += f->len;
    } else {
        CHECK(f->type == 1 || f->type == 5);
        n = f->type == 1 ? 8 : 4;
        CHECK((size_t)(m->end - m->at) >= n);
        for (i = 0; i < n; i++) f->value |= (uint64_t)m->at[i] << (8 * i);
        m->at += n;
    }
    return true;
}

static msg_t inside(const field_t *f)
{
    msg_t m;
    CHECK(f->type == 2);
    m.at = f->bytes;
    m.end = f->bytes + f->len;
    return m;
}

static bool is_text(const field_t *f, const char *text) { return f->type == 2 && f->len == strlen(text) && memcmp(f->bytes, text, f->len) == 0; }

typedef void (*each_t)(void *user, const uint8_t *bytes, size_t len, const char *scope, size_t scope_len);

/* Calls `each` with every record of a request: tag, length and content. */
static uint32_t walk(const uint8_t *bytes, size_t len, each_t each, void *user)
{
    msg_t m, r, s;
    field_t f, g, h;
    uint32_t n = 0;
    m.at = bytes;
    m.end = bytes + len;
    while (next_field(&m, &f)) {
        CHECK(f.number == 1);
        r = inside(&f);
        while (next_field(&r, &g)) {
            const char *scope = "";
            size_t scope_len = 0;
            if (g.number != 2) continue;
            s = inside(&g);
            for (;;) {
                const uint8_t *at = s.at;
                if (!next_field(&s, &h)) break;
                if (h.number == 1) {
                    msg_t about = inside(&h);
                    field_t k;
                    while (next_field(&about, &k)) if (k.number == 1) scope = (const char *)k.bytes, scope_len = k.len;
                }
                if (h.number == 2) each(user, at, (size_t)(s.at - at), scope, scope_len), n++;
            }
        }
    }
    return n;
}

#endif
