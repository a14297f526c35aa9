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
    otel_pb_t_ at_;                    /* private: the message that is read, one at a time, */
    otel_pb_field_t_ field_;           /* its field, */
    bool cut_;                         /* and whether this one went to where the body was cut */
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
OTEL_FN_ void otel_reply_text_(otel_reply_t *reply)
{
    const otel_pb_field_t_ *field = &reply->field_;
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
/* Three messages deep is as far as it goes. Each step goes into the next one and back to otel_reply_read_, which has kept where to
   go on: on the stack there is one step at a time. */
OTEL_API_ OTEL_NOINLINE_ void otel_reply_enter_(otel_reply_t *reply, const uint8_t *bytes, size_t len, bool cuttable);
OTEL_API_ OTEL_NOINLINE_ void otel_reply_enter_(otel_reply_t *reply, const uint8_t *bytes, size_t len, bool cuttable)
{
    reply->at_ = otel_pb_open_(bytes, len);
    reply->at_.cuttable = cuttable;
}

/* A number in 32 bits, or close to it; the largest: it is negative. */
OTEL_FN_ uint32_t otel_reply_small_(uint64_t value) { return value >> 63 ? 0xFFFFFFFFu : value > 0xFFFFFFFEu ? 0xFFFFFFFEu : (uint32_t)value; }

/* Duration: seconds = 1, nanos = 2. Milliseconds, rounded up. */
OTEL_API_ uint32_t otel_reply_duration_(otel_reply_t *reply);
OTEL_API_ uint32_t otel_reply_duration_(otel_reply_t *reply)
{
    uint32_t seconds = 0, nanos = 0;
    while (otel_pb_next_(&reply->at_, &reply->field_)) {
        if (reply->field_.type != OTEL_PB_VARINT_) continue;
        if (reply->field_.number == 1) seconds = otel_reply_small_(reply->field_.value);
        if (reply->field_.number == 2) nanos = otel_reply_small_(reply->field_.value);
    }
    if (reply->at_.broken || seconds == 0xFFFFFFFFu || nanos == 0xFFFFFFFFu) return 0;
    if (seconds > 4000000u) return 4000000000u;
    if (nanos > 999999999u) nanos = 999999999u;
    return seconds * 1000u + (nanos + 999999u) / 1000000u;
}

/* Any: type_url = 1, value = 2. Into the value of a RetryInfo, or into nothing. */
OTEL_API_ void otel_reply_any_(otel_reply_t *reply);
OTEL_API_ void otel_reply_any_(otel_reply_t *reply)
{
    static const char name[] = "/google.rpc.RetryInfo";
    const size_t n = sizeof name - 1u;
    const uint8_t *info = NULL;
    size_t info_len = 0;
    bool is_retry = false;
    while (otel_pb_next_(&reply->at_, &reply->field_)) {
        if (reply->field_.type != OTEL_PB_SLICE_) continue;
        if (reply->field_.number == 1) is_retry = reply->field_.len >= n && memcmp(reply->field_.bytes + reply->field_.len - n, name, n) == 0;
        if (reply->field_.number == 2) {
            info = reply->field_.bytes;
            info_len = reply->field_.len;
        }
    }
    otel_reply_enter_(reply, reply->at_.broken || !is_retry ? NULL : info, info_len, false);
}

/* RetryInfo: retry_delay = 1. Into the last one, or into nothing. */
OTEL_API_ void otel_reply_delay_(otel_reply_t *reply);
OTEL_API_ void otel_reply_delay_(otel_reply_t *reply)
{
    const uint8_t *delay = NULL;
    size_t len = 0;
    while (otel_pb_next_(&reply->at_, &reply->field_)) {
        if (reply->field_.number != 1 || reply->field_.type != OTEL_PB_SLICE_) continue;
        delay = reply->field_.bytes;
        len = reply->field_.len;
    }
    otel_reply_enter_(reply, reply->at_.broken ? NULL : delay, len, false);
}

/* Export*PartialSuccess: rejected_spans, rejected_data_points or rejected_log_records = 1, error_message = 2. */
OTEL_API_ bool otel_reply_partial_(otel_reply_t *reply, uint32_t items);
OTEL_API_ bool otel_reply_partial_(otel_reply_t *reply, uint32_t items)
{
    otel_pb_field_t_ *field = &reply->field_;
    while (otel_pb_next_(&reply->at_, field)) {
        if (field->number == 1 && field->type == OTEL_PB_VARINT_) {
            if (field->value >> 63) field->value = 0;
            reply->rejected = field->value > items ? items : (uint32_t)field->value;
        }
        if (field->number == 2 && field->type == OTEL_PB_SLICE_) otel_reply_text_(reply);
    }
    return !reply->at_.broken;
}

/* Read the answer to a request of `items` items. The body may be cut anywhere; what is whole in its first 512 bytes
   counts, and of a message what is there. False, and all zero, when it is neither of the two (a web page, say).
   Export*ServiceResponse: partial_success = 1, a message. Status: code = 1, a number; message = 2; details = 3. */
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items)
{
    memset(reply, 0, sizeof *reply);
    otel_reply_enter_(reply, (const uint8_t *)body, len > OTEL_REPLY_BYTES_ ? OTEL_REPLY_BYTES_ : len, true);
    while (otel_pb_next_(&reply->at_, &reply->field_)) {
        const uint8_t *next = reply->at_.at;                  /* where it goes on */
        size_t left = reply->at_.left;
        reply->cut_ = reply->at_.cut;
        if (reply->field_.number == 1 && reply->field_.type == OTEL_PB_VARINT_) reply->code = (int32_t)(uint32_t)(reply->field_.value & 0x7FFFFFFFu);
        if (reply->field_.type != OTEL_PB_SLICE_) continue;
        if (reply->field_.number == 2) otel_reply_text_(reply);
        otel_reply_enter_(reply, reply->field_.bytes, reply->field_.len, reply->field_.number == 1 && reply->cut_);
        if (reply->field_.number == 1) {
            if (!otel_reply_partial_(reply, items)) break;
        } else if (reply->field_.number == 3 && !reply->cut_) {
            uint32_t delay;
            otel_reply_any_(reply);
            otel_reply_delay_(reply);
            delay = otel_reply_duration_(reply);
            if (delay) reply->retry_after_ms = delay;
        }
        otel_reply_enter_(reply, next, left, true);
        reply->at_.cut = reply->cut_;
    }
    if (reply->at_.broken) {
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
