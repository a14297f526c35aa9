/* Errors on spans: status and exception event in one call that gives the error code back.
   Specification: trace/exceptions.md; trace/api.md, "Set Status". */
#ifndef OTEL_ERROR_H
#define OTEL_ERROR_H
#include "compiler.h"
#include "event.h"
#include "fields.h"
#include "span.h"
#include "status.h"

OTEL_C_BEGIN_
/* Mark the span as failed: status Error with `message` (copied, NULL: none) and an event `exception` whose type is the
   code in decimal. Gives `code` back: return otel_span_error(span, -5, "i2c nack"); The status is set even when neither
   message nor event fits. Safe in interrupts. */
OTEL_API_ int otel_span_error(otel_span_t *span, int code, const char *message);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Decimal text of a number, NUL-terminated; the first character's place. */
OTEL_FN_ char *otel_int_text_(int value, char text[12])
{
    char *p = text + 11;
    unsigned u = value < 0 ? 0u - (unsigned)value : (unsigned)value;
    *p = 0;
    do {
        *--p = (char)('0' + (int)(u % 10u));
        u /= 10u;
    } while (u && p > text + 1);
    if (value < 0) *--p = '-';
    return p;
}

OTEL_API_ int otel_span_error(otel_span_t *span, int code, const char *message)
{
    char text[12];
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)message; return code)
    if (!otel_is_recording(span)) return code;
    otel_span_status(span, OTEL_STATUS_ERROR, message);
    otel_event_open_(span, &e, "exception", 0);
    if (!e.at) return code;
    otel_element_text_(span, &e, "exception.type", otel_int_text_(code, text));
    if (message) otel_element_text_(span, &e, "exception.message", message);
    otel_element_close_(span, &e);
    return code;
}
OTEL_C_END_
#endif
#endif
