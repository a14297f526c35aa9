/* Any bytes as the medium of a store, and as what is done with it: nothing out of bounds, no loop, the law holds, and what was
   taken with 200 comes out again. The first bytes choose the geometry and the calls, the rest is the medium.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/store_fuzz.c -o store_fuzz */
#undef OTEL_SPLIT                  /* it calls private functions, so it has bodies of its own */
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t flash[2048], body[1024];
static otel_geometry_t cut;

static int get(void *user, uint32_t at, void *to, uint32_t len)
{
    (void)user;
    CHECK(at + len <= cut.sector_size * cut.sectors);
    memcpy(to, flash + at, len);
    return 0;
}

static int put(void *user, uint32_t at, const void *from, uint32_t len)
{
    uint32_t i;
    (void)user;
    CHECK(len && at % cut.grain == 0 && len % cut.grain == 0 && at + len <= cut.sector_size * cut.sectors);
    for (i = 0; i < len; i++) flash[at + i] &= ((const uint8_t *)from)[i];
    return 0;
}

static int wipe(void *user, uint32_t at)
{
    (void)user;
    CHECK(at % cut.sector_size == 0 && at < cut.sector_size * cut.sectors);
    memset(flash + at, 0xFF, cut.sector_size);
    return 0;
}

static void how(void *user, otel_geometry_t *g)
{
    (void)user;
    *g = cut;
}

static void law(const otel_store_t *store)
{
    otel_store_stats_t s;
    otel_store_stats(store, &s);
    CHECK(s.found + s.stored == s.sent + s.rejected + s.lost + s.corrupt + s.waiting);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static otel_store_t store;
    otel_store_config_t config;
    otel_request_t r;
    unsigned i, steps;
    if (size < 4) return 0;
    cut.grain = 1u << data[0] % 7u;
    cut.sector_size = 512;
    cut.sectors = 4;
    memset(flash, data[1], sizeof flash);
    memcpy(flash, data + 4, size - 4 < sizeof flash ? size - 4 : sizeof flash);
    if (data[2] & 1u) {                           /* a whole header, so that what lies behind it counts */
        uint32_t n[5] = { OTEL_STORE_SECTOR_, 0, data[3], 1, 0 };
        n[1] = otel_store_cut_(&cut);
        for (i = 0; i < 5; i++) otel_store_put4_(flash + 4u * i, n[i]);
        otel_store_seal_(flash);
    }
    memset(&config, 0, sizeof config);
    config.medium.read = get;
    config.medium.program = put;
    config.medium.erase = wipe;
    config.medium.geometry = how;
    config.buffer = body;
    config.buffer_size = sizeof body;
    CHECK(otel_store_open_with(&store, &config) == OTEL_OK);
    law(&store);
    steps = data[3] % 32u;
    for (i = 0; i < steps; i++) {
        memset(&r, 0, sizeof r);
        r.body = data;
        r.len = size % (i * 17u + 1u);
        r.items = i % 3u;
        if (data[i % size] & 1u) {
            (void)otel_store_send(&store, &r);
        } else if (otel_store_next(&store, &r, NULL)) {
            CHECK(r.body == body && r.len <= sizeof body && r.signal < OTEL_SIGNALS);
            otel_store_done(&store, data[i % size] & 2u ? 200 : 503);
        }
        law(&store);
    }
    for (i = 0; i < 1000 && otel_store_next(&store, &r, NULL); i++) otel_store_done(&store, 200);
    CHECK(i < 1000);
    law(&store);
    return 0;
}
