/* Ids: a counter that never gives the same number twice, mixed with 128 secret bits from the port's entropy. Reentrant:
   an interrupt in the middle takes the next number. Specification: trace/sdk.md, "Id Generators". */
#ifndef OTEL_ID_H
#define OTEL_ID_H
#include "compiler.h"
#include "wire.h"

/* Counters that only grow: 64 bits where that is a machine word, else 32 (modulo 2^32). */
#if UINTPTR_MAX > 0xFFFFFFFFu
typedef uint64_t otel_count_t;
#else
typedef uint32_t otel_count_t;
#endif

/* The generator of an instance; private. */
typedef struct otel_ids_t {
    uint32_t key[4];
    otel_count_t count;
} otel_ids_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_id_make_by_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own);
OTEL_FN_ void otel_id_make_(otel_ids_t *ids, uint8_t *to, unsigned words) { otel_id_make_by_(ids, to, words, false); }
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A bijection of 32 bits in which each bit of the input turns about half of the output's. */
OTEL_FN_ uint32_t otel_mix_(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= sizeof(int) > 2 ? x >> 15 : x >> 16 << 1 | (uint16_t)x >> 15;       /* the same: where an int has 16 bits, whole bytes move */
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

/* Stir `n` bytes into the keys; several calls add up. */
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++) {
        unsigned k = (unsigned)(i & 3u);
        ids->key[k] = otel_mix_(ids->key[k] ^ ids->key[(k + 3u) & 3u] ^ ((uint32_t)seed[i] << 8 | (uint32_t)(i & 255u)));
    }
    for (i = 0; i < 8; i++) ids->key[i & 3u] = otel_mix_(ids->key[i & 3u] + ids->key[(i + 3u) & 3u] + 1u);       /* twice around: each byte reaches each key */
}

/* 2 words: a span id, 4: a trace id; never all zero. The same count never comes twice, and each word is a bijection of it.
   `own`: no other thread takes ids here. */
OTEL_INLINE_ void otel_id_make_here_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own)
{
    uint32_t low, word, any = 0;
    unsigned i;
#if OTEL_ATOMICS_
    otel_count_t count = own ? OTEL_OWN_FETCH_ADD_(&ids->count, (otel_count_t)1) : OTEL_FETCH_ADD_(&ids->count, (otel_count_t)1);
#else
    uint32_t was = otel_mask_();
    otel_count_t count = ids->count++;
    otel_unmask_(was);
    (void)own;
#endif
    low = (uint32_t)count;
    word = (uint32_t)((uint64_t)count >> 32) + words * 0x9E3779B9u;    /* trace and span ids share no sequence */
    for (i = 0; i < words; i++) {
        word = otel_mix_((word + low) ^ ids->key[i]);
        any |= word;
        otel_put32_(to + 4u * i, word);
    }
    if (any == 0) to[4 * words - 1] = 1;
}

OTEL_API_ void otel_id_make_by_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own) { otel_id_make_here_(ids, to, words, own); }
OTEL_C_END_
#endif
#endif
