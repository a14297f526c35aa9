/* Any bytes as a server's strategy: they are taken whole, or nothing changes. The first byte chooses the memory, the rest is the text.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/jaeger_fuzz.c -o jaeger_fuzz */
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char before[] = "{\"operationSampling\":{\"defaultSamplingProbability\":0.5,\"perOperationStrategies\":["
                             "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":0.25}}]}}";

static uint64_t now(void *user)
{
    (void)user;
    return 1700000000000000000u;
}

/* The decisions about some names and ids, as bits. */
static uint32_t decisions(const otel_sampler_t *s, otel_t *otel)
{
    static const char *const names[] = { "a", "b", "", "GET /" };
    otel_sampling_t input;
    uint8_t id[16] = { 0 };
    uint32_t bits = 0;
    unsigned i;
    memset(&input, 0, sizeof input);
    input.trace_id = id;
    input.otel = otel;
    for (i = 0; i < 32; i++) {
        id[9] = (uint8_t)(i / 4 * 32 + 16);
        input.name = names[i % 4];
        bits = bits << 1 | (otel_sampler_ask(s, &input) != OTEL_DECISION_DROP);
    }
    return bits;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static otel_t otel;
    static uint8_t pool[4096];
    otel_jaeger_t j;
    otel_sampler_t s;
    size_t room = size ? 400u + data[0] * 16u : 400u, len = size ? size - 1u : 0;
    char *memory = (char *)malloc(room), *text = (char *)malloc(len ? len : 1);
    uint32_t was;
    CHECK(memory && text);
    memcpy(text, data + (size != 0), len);
    if (!otel.live_) CHECK(otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool) == OTEL_OK);
    s = otel_sampler_jaeger(&j, NULL, memory, room);
    CHECK(otel_jaeger_update(&j, before, sizeof before - 1u) == OTEL_OK);
    was = decisions(&s, &otel);
    if (otel_jaeger_update(&j, text, len) == OTEL_OK) {
        const otel_strategy_t_ *now_ = &j.slot_[j.now_].strategy;
        size_t i;
        CHECK(len >= 10 && otel_jaeger_error(&j)[0] == 0);
        for (i = 0; i < now_->rules_len; i++) {
            const otel_strategy_rule_t_ *r = &now_->rules[i];
            CHECK(r->name >= (char *)(now_->rules + now_->rules_len) && r->name + r->len <= now_->memory + now_->size);
            CHECK(r->threshold <= (uint64_t)1 << 56);
            CHECK(i == 0 || r[-1].len < r->len || (r[-1].len == r->len && memcmp(r[-1].name, r->name, r->len) < 0));
        }
        (void)decisions(&s, &otel);
        (void)otel_jaeger_update(&j, text, len);
    } else {
        CHECK(otel_jaeger_error(&j)[0] != 0 && decisions(&s, &otel) == was);
    }
    free(text);
    free(memory);
    return 0;
}
