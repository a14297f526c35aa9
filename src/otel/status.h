/* A span's status, and another name for it: fields of which there is one. What comes again takes the place of the first.
   Specification: trace/api.md, "Set Status", "UpdateName". */
#ifndef OTEL_STATUS_H
#define OTEL_STATUS_H
#include "compiler.h"
#include "fields.h"
#include "span.h"

OTEL_C_BEGIN_
/* Give the span another name; it is copied. Safe in interrupts. */
OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name);

/* Set the status. `message` (NULL: none) is copied and belongs to OTEL_STATUS_ERROR. OTEL_STATUS_OK is final. */
OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The first field of this tag; NULL: there is none. */
OTEL_FN_ uint8_t *otel_scratch_find_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    for (; p < end; p += otel_field_size_(p)) {
        if (*p == tag) return p;
    }
    return NULL;
}

OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message)
{
    size_t n;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)status; (void)message; (void)old; return)
    if (!otel_is_recording(span) || status <= OTEL_STATUS_UNSET || status > OTEL_STATUS_ERROR || span->status_ == OTEL_STATUS_OK) return;
    old = span->state_ & OTEL_SPAN_STATUS_ ? otel_scratch_find_(span, OTEL_FIELD_STATUS_) : NULL;
    if (old) otel_scratch_cut_(span, old, otel_field_size_(old));
    span->state_ &= (uint8_t)~OTEL_SPAN_STATUS_;
    span->status_ = (uint8_t)status;
    if (!message || !*message || status != OTEL_STATUS_ERROR) return;
    n = otel_utf8_cut_(message, otel_len_(message), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ >= n + 9u) {
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_len_(p + 1, n + 3u + otel_len_size_(n));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_len_(p + 1, n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_STATUS_;
    }
}

OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name)
{
    size_t n, gone;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)name; (void)gone; (void)old; return)
    if (!otel_is_recording(span) || !name) return;
    old = span->named_ ? otel_scratch_find_(span, OTEL_FIELD_NAME_) : NULL;
    gone = old ? otel_field_size_(old) : 0;
    n = otel_utf8_cut_(name, otel_len_(name), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ + gone < otel_message_size_(n)) {
        otel_count16_(&span->lost_attributes_);               /* the old name stays */
        return;
    }
    if (old) otel_scratch_cut_(span, old, gone);
    otel_span_put_name_(span, name, n);
    span->named_ = 1;
}
OTEL_C_END_
#endif
#endif
