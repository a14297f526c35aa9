/* What a receiver answers in the body: Export*ServiceResponse with its partial success, or google.rpc.Status with the
   time to wait. The two cannot be mistaken for one another, so nobody needs to say which it is.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response"; google/rpc/status.proto, error_details.proto. */
#ifndef OTEL_EXPORT_REPLY_H
#define OTEL_EXPORT_REPLY_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "pb.h"

#define OTEL_REPLY_BYTES_ 512u         /* of a body are read, the rest is never looked at */
#define OTEL_REPLY_TEXT_ 256u          /* of a message are given */

/* What a body said. Zero where it said nothing. */
typedef struct otel_reply_t {
    uint32_t rejected;                 /* items that were not taken: never more than were sent */
    int32_t code;                      /* google.rpc.Code */
    uint32_t retry_after_ms;           /* how long to wait, 0: not said */
    bool too_large;                    /* the receiver wants smaller requests */
    const char *message;               /* well-formed UTF-8 inside the body, `message_len` bytes, no NUL at the end */
    size_t message_len;
} otel_reply_t;

OTEL_C_BEGIN_
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The message field of either answer, up to a whole character. */
OTEL_FN_ void otel_reply_text_(otel_reply_t *reply, const otel_pb_field_t_ *field)
{
    size_t n = 0, len = field->len < OTEL_REPLY_TEXT_ ? field->len : OTEL_REPLY_TEXT_;
    unsigned step = 1;
    while (n < len && step) {
        step = otel_utf8_step_(field->bytes + n, len - n);
        n += step;
    }
    reply->message = (const char *)field->bytes;
    reply->message_len = n;
}

/* Find lower-case `word` in the message, in letters of any case. */
OTEL_FN_ bool otel_reply_says_(const otel_reply_t *reply, const char *word)
{
    size_t n = strlen(word), i, k;
    for (i = 0; i + n <= reply->message_len; i++) {
        for (k = 0; k < n; k++) {
            char c = reply->message[i + k];
            if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
            if (c != word[k]) break;
        }
        if (k == n) return true;
    }
    return false;
}

#if !OTEL_NANOPB_                  /* else reply_nanopb.h reads */
/* Three readers deep is as far as it goes; they share `field`, to take less stack.
   Duration: seconds = 1, nanos = 2. Milliseconds, rounded up. */
OTEL_FN_ uint32_t otel_reply_duration_(otel_pb_field_t_ *field)
{
    otel_pb_t_ duration = otel_pb_open_(field->bytes, field->len);
    uint64_t seconds = 0, nanos = 0;
    while (otel_pb_next_(&duration, field)) {
        if (field->type != OTEL_PB_VARINT_) continue;
        if (field->number == 1) seconds = field->value;
        if (field->number == 2) nanos = field->value;
    }
    if (duration.broken || seconds >> 63 || nanos >> 63) return 0;
    if (seconds > 4000000u) return 4000000000u;
    if (nanos > 999999999u) nanos = 999999999u;
    return (uint32_t)seconds * 1000u + ((uint32_t)nanos + 999999u) / 1000000u;
}

/* Any: type_url = 1, value = 2. RetryInfo: retry_delay = 1. */
OTEL_FN_ uint32_t otel_reply_delay_(otel_pb_field_t_ *field)
{
    static const char name[] = "/google.rpc.RetryInfo";
    const size_t n = sizeof name - 1u;
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    const uint8_t *info = NULL;
    size_t info_len = 0;
    uint32_t delay = 0;
    bool is_retry = false;
    while (otel_pb_next_(&message, field)) {
        if (field->type != OTEL_PB_SLICE_) continue;
        if (field->number == 1) is_retry = field->len >= n && memcmp(field->bytes + field->len - n, name, n) == 0;
        if (field->number == 2) {
            info = field->bytes;
            info_len = field->len;
        }
    }
    if (message.broken || !is_retry) return 0;
    message = otel_pb_open_(info, info_len);
    while (otel_pb_next_(&message, field)) {
        if (field->number == 1 && field->type == OTEL_PB_SLICE_) delay = otel_reply_duration_(field);
    }
    return message.broken ? 0u : delay;
}

/* Export*PartialSuccess: rejected_spans, rejected_data_points or rejected_log_records = 1, error_message = 2. */
OTEL_FN_ bool otel_reply_partial_(otel_reply_t *reply, otel_pb_field_t_ *field, bool cut, uint32_t items)
{
    otel_pb_t_ message = otel_pb_open_(field->bytes, field->len);
    message.cuttable = cut;
    while (otel_pb_next_(&message, field)) {
        if (field->number == 1 && field->type == OTEL_PB_VARINT_) {
            if (field->value >> 63) field->value = 0;
            reply->rejected = field->value > items ? items : (uint32_t)field->value;
        }
        if (field->number == 2 && field->type == OTEL_PB_SLICE_) otel_reply_text_(reply, field);
    }
    return !message.broken;
}

/* Read the answer to a request of `items` items. The body may be cut anywhere; what is whole in its first 512 bytes
   counts, and of a message what is there. False, and all zero, when it is neither of the two (a web page, say).
   Export*ServiceResponse: partial_success = 1, a message. Status: code = 1, a number; message = 2; details = 3. */
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items)
{
    otel_pb_t_ message = otel_pb_open_(body, len > OTEL_REPLY_BYTES_ ? OTEL_REPLY_BYTES_ : len);
    otel_pb_field_t_ field;
    bool good = true;
    memset(reply, 0, sizeof *reply);
    message.cuttable = true;
    while (good && otel_pb_next_(&message, &field)) {
        if (field.number == 1 && field.type == OTEL_PB_SLICE_) good = otel_reply_partial_(reply, &field, message.cut, items);
        else if (field.number == 1 && field.type == OTEL_PB_VARINT_) reply->code = (int32_t)(uint32_t)(field.value & 0x7FFFFFFFu);
        else if (field.number == 2 && field.type == OTEL_PB_SLICE_) otel_reply_text_(reply, &field);
        else if (field.number == 3 && field.type == OTEL_PB_SLICE_ && !message.cut) {
            uint32_t delay = otel_reply_delay_(&field);
            if (delay) reply->retry_after_ms = delay;
        }
    }
    if (!good || message.broken) {
        memset(reply, 0, sizeof *reply);
        return false;
    }
    reply->too_large = otel_reply_says_(reply, "too large") || otel_reply_says_(reply, "larger than");
    return true;
}
#endif
OTEL_C_END_
#endif
#endif
