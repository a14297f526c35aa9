/* Envelopes of OTLP: the head of a request. ResourceSpans, ResourceLogs and ResourceMetrics have the same shape, and so have
   ScopeSpans and ScopeLogs. What users add to the resource, and scopes, are in resource.h.
   opentelemetry/proto: trace, logs, metrics, resource, common v1. */
#ifndef OTEL_EXPORT_OTLP_H
#define OTEL_EXPORT_OTLP_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/resource.h"
#include "../otel/wire.h"

/* What `lost` of a round says before a page for Prometheus is collected: otel.sdk.* tells readers apart by it. */
#define OTEL_ROUND_OF_PROMETHEUS_ 0xFFFFFFFFu

OTEL_C_BEGIN_
OTEL_API_ bool otel_packet_begin_(otel_packet_t_ *packet, const otel_t *otel, uint8_t *to, size_t room);
OTEL_API_ void otel_packet_end_(otel_packet_t_ *packet, const otel_t *otel);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* ResourceSpans = 1 of the request, its resource = 1, and the head of a ScopeSpans = 2 without a scope. False: no room. */
OTEL_API_ bool otel_packet_begin_(otel_packet_t_ *p, const otel_t *otel, uint8_t *to, size_t room)
{
    const size_t rest = OTEL_SDK_BYTES_ + 1u + OTEL_ENVELOPE_BYTES_, head = 1u + OTEL_ENVELOPE_BYTES_ + 1u + OTEL_LENGTH_BYTES_;
    const otel_config_t *c = &otel->config_;
    memset((void *)p, 0, sizeof *p);
    if (room > OTEL_ENVELOPE_MAX_) room = OTEL_ENVELOPE_MAX_;
    if (room < head + rest) return false;
    p->own = to + 1;
    p->at = to + head;
    p->end = to + room - rest;
    if (!otel_resource_own_(p, otel_key_name_(), 15, c->service ? c->service : "unknown_service") || (c->version && !otel_resource_own_(p, otel_key_version_(), 18, c->version))) return false;
    OTEL_FLASH_COPY_(p->at, otel_sdk_(), OTEL_SDK_BYTES_);
    p->at += OTEL_SDK_BYTES_;
    p->end += rest;
    if (otel->resource_ && (!(otel->resource_)(otel, p, false) || (size_t)(p->end - p->at) < 1u + OTEL_ENVELOPE_BYTES_)) return false;
    to[0] = to[1u + OTEL_ENVELOPE_BYTES_] = 0x0A;
    otel_put_length_(to + 2u + OTEL_ENVELOPE_BYTES_, (uint32_t)(p->at - to) - (uint32_t)head);
    *p->at = 0x12;
    p->run = p->at + 1;
    p->at += 1u + OTEL_ENVELOPE_BYTES_;
    p->first = p->at;
    return true;
}

/* Close all but what stands in it. */
OTEL_API_ void otel_packet_end_(otel_packet_t_ *p, const otel_t *otel)
{
    if (otel->resource_) (void)(otel->resource_)(otel, p, true);
    p->run = p->own;
    p->run_extra = 0;
    otel_packet_close_(p);
}
OTEL_C_END_
#endif
#endif
