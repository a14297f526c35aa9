/* OTEL_DROP_ORDINARY: when a ring fills, its last quarter is kept for what must not be missed. Spans that end with
   OTEL_STATUS_ERROR and log records of OTEL_ERROR and above may use all of it; the rest is refused, and counted as full, once three
   quarters are taken. Comes in with `.when_full = OTEL_DROP_ORDINARY`, and not before. */
#ifndef OTEL_URGENCY_H
#define OTEL_URGENCY_H
#include "compiler.h"
#include "instance.h"
#include "log.h"
#include "ring.h"
#include "span.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A log says its severity; a span stands around its bytes, with the status that it ended with. */
OTEL_FN_ bool otel_urgent_(otel_pos_t what)
{
    if (what <= (otel_pos_t)OTEL_FATAL + 3u) return what >= (otel_pos_t)OTEL_ERROR;
    return ((const otel_span_t *)(const void *)((const uint8_t *)(uintptr_t)what - offsetof(otel_span_t, head_)))->status_ == OTEL_STATUS_ERROR;
}

/* What is larger than three quarters finds room while nothing else waits: refused for good, it would be in vain to try again. */
OTEL_API_ otel_drop_t otel_ring_urgency_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what)
{
    otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_(&ring->released), OTEL_LOAD_(&ring->reserved)), left = ring->size - used;
    (void)guard;
    if (used && !otel_urgent_(what)) {
        otel_pos_t kept = ring->size >> 2;
        left = left > kept ? left - kept : 0;
    }
    return n > left ? OTEL_DROP_FULL : OTEL_DROP_REASONS;
}
OTEL_C_END_
#endif
#endif
