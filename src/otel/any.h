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
        *out = otel_value_double_(0);
        bits = otel_get64_(p + 1);
        if (sizeof(double) != 8) return false;
        memcpy(&out->as.d, &bits, sizeof(double));
        return true;
    }
    do {
        if (i >= n || shift > 63u) return false;
        bits |= (uint64_t)(p[i] & 127u) << shift;
        shift += 7;
    } while (p[i++] & 128u);
    if (p[0] == OTEL_TAG_INT_) *out = otel_value_int_((int64_t)bits);
    else if (p[0] == OTEL_TAG_BOOL_) *out = otel_value_bool_(bits != 0);
    else if (p[0] == OTEL_TAG_STRING_) *out = OTEL_STR(p + i, (size_t)bits);
    else if (p[0] == OTEL_TAG_BYTES_) *out = OTEL_BYTES(p + i, (size_t)bits);
    else return false;
    return true;
}
OTEL_C_END_
#endif
#endif
