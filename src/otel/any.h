/* Reads a value back from its encoded form, for those who look at what was set: processors, filters of metrics.
   opentelemetry/proto/common/v1/common.proto, AnyValue. */
#ifndef OTEL_ANY_H
#define OTEL_ANY_H
#include "attr.h"
#include "compiler.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* One scalar of AnyValue, at p[n]. */
OTEL_FN_ bool otel_any_read_(const uint8_t *p, size_t n, otel_value_t *out)
{
    uint64_t bits = 0;
    unsigned shift = 0;
    size_t i = 1;
    if (n == 0) return false;
    if (p[0] == OTEL_TAG_DOUBLE_ && n == 9u) {
        bits = otel_get64_(p + 1);
        memset((void *)out, 0, sizeof *out);
        out->type = OTEL_V_DOUBLE_;
        if (sizeof(double) != 8) return false;
        memcpy(&out->as.d, &bits, sizeof(double));
        return true;
    }
    do {
        if (i >= n || shift > 63u) return false;
        bits |= (uint64_t)(p[i] & 127u) << shift;
        shift += 7;
    } while (p[i++] & 128u);
    if (p[0] != OTEL_TAG_INT_ && p[0] != OTEL_TAG_BOOL_ && p[0] != OTEL_TAG_STRING_ && p[0] != OTEL_TAG_BYTES_) return false;
    memset((void *)out, 0, sizeof *out);
    if (p[0] == OTEL_TAG_INT_ || p[0] == OTEL_TAG_BOOL_) {
        out->type = p[0] == OTEL_TAG_INT_ ? OTEL_V_INT_ : OTEL_V_BOOL_;
        out->as.u = p[0] == OTEL_TAG_INT_ ? bits : bits != 0;
    } else {
        out->type = p[0] == OTEL_TAG_STRING_ ? OTEL_V_STRING_ : OTEL_V_BYTES_;
        out->size = 1;
        out->len = bits > OTEL_LENGTH_MAX_ ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)bits;
        out->as.p = p + i;
    }
    return true;
}
OTEL_C_END_
#endif
#endif
