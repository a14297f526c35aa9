/* What an outcome means, and how long to wait after a failure: exponential back-off with full jitter.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response" and "Throttling". */
#ifndef OTEL_EXPORT_RETRY_H
#define OTEL_EXPORT_RETRY_H
#include "../otel/compiler.h"
#include "../otel/id.h"
#include "request.h"

typedef enum {
    OTEL_OUTCOME_OK_, OTEL_OUTCOME_AGAIN_, OTEL_OUTCOME_PENDING_,
    OTEL_OUTCOME_RETRY_,          /* 429, 502, 503, 504, or no answer */
    OTEL_OUTCOME_HALVE_,          /* too large: cut the batch */
    OTEL_OUTCOME_REJECTED_        /* never send it again */
} otel_outcome_t_;

OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status);
OTEL_API_ uint32_t otel_backoff_(otel_ids_t *ids, uint32_t initial_ms, uint32_t max_ms, unsigned attempt);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_outcome_t_ otel_outcome_(int status)
{
    if (status >= 200 && status < 300) return OTEL_OUTCOME_OK_;
    if (status == OTEL_AGAIN) return OTEL_OUTCOME_AGAIN_;
    if (status == OTEL_PENDING) return OTEL_OUTCOME_PENDING_;
    if (status == 413) return OTEL_OUTCOME_HALVE_;
    if (status <= 0 || status == 429 || status == 502 || status == 503 || status == 504) return OTEL_OUTCOME_RETRY_;
    return OTEL_OUTCOME_REJECTED_;
}

/* Anything from a tenth of the doubled wait up to all of it, so that a fleet does not come back in step. Attempts from 1. */
OTEL_API_ uint32_t otel_backoff_(otel_ids_t *ids, uint32_t initial_ms, uint32_t max_ms, unsigned attempt)
{
    uint32_t wait = initial_ms, random, low;
    uint8_t bytes[8];
    while (attempt > 1u && wait < max_ms) {
        wait = wait > max_ms / 2u ? max_ms : wait * 2u;
        attempt--;
    }
    if (wait > max_ms) wait = max_ms;
    otel_id_make_(ids, bytes, 2);
    random = (uint32_t)bytes[0] << 8 | bytes[1];
    low = wait / 10u;
    return low + (uint32_t)(((uint64_t)(wait - low) * random) >> 16);
}
OTEL_C_END_
#endif
#endif
