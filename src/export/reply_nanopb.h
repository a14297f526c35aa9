/* With OTEL_USE_NANOPB the receiver's answers are read by nanopb, with the descriptors that its generator makes of the official
   .proto files. The source of bytes is one that may end anywhere, because only the first 512 bytes of a body are kept: what was
   whole before the end counts. All three Export*ServiceResponse have the same fields, so the one of metrics serves for all.
   OTLP specification: protocol/otlp.md, "OTLP/HTTP Response"; google/rpc/status.proto, error_details.proto. */
#ifndef OTEL_EXPORT_REPLY_NANOPB_H
#define OTEL_EXPORT_REPLY_NANOPB_H
#include "../otel/compiler.h"
#include "reply.h"
#if OTEL_NANOPB_ && OTEL_BODIES_
#include <pb_decode.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h>
#ifdef PB_BUFFER_ONLY
#error "OTEL_USE_NANOPB reads answers that may be cut off, from a stream with a callback: leave PB_BUFFER_ONLY away"
#endif
#endif
/*== implementation ==*/
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* What is left of a body, and what it says. */
typedef struct otel_reply_source_t_ {
    const uint8_t *at;
    size_t left;
    bool cut;                          /* more was wanted than there is */
    otel_reply_t *reply;
} otel_reply_source_t_;

/* Any: what its type says, and where its value stands. */
typedef struct otel_reply_any_t_ {
    bool is_retry;
    const uint8_t *value;
    size_t len;
} otel_reply_any_t_;

OTEL_FN_ bool otel_reply_pull_(pb_istream_t *stream, pb_byte_t *to, size_t len)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)stream->state;
    if (len > source->left) {
        source->cut = true;
        source->left = 0;
        stream->bytes_left = 0;                               /* how nanopb wants to hear of the end */
        return false;
    }
    memcpy(to, source->at, len);
    source->at += len;
    source->left -= len;
    return true;
}

/* A stream over `source` that claims to be endless, so that a length beyond its end is no error before the end is there. */
OTEL_FN_ pb_istream_t otel_reply_stream_(otel_reply_source_t_ *source)
{
    pb_istream_t stream = pb_istream_from_buffer(source->at, 0);
    stream.callback = otel_reply_pull_;
    stream.state = source;
    stream.bytes_left = SIZE_MAX;
    return stream;
}

OTEL_FN_ bool otel_reply_skip_(pb_istream_t *stream) { return pb_read(stream, NULL, stream->bytes_left); }

/* Status.message, Export*PartialSuccess.error_message: what is there of it. */
OTEL_FN_ bool otel_reply_on_text_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)*arg;
    otel_pb_field_t_ text;
    (void)field;
    text.bytes = source->at;
    text.len = stream->bytes_left < source->left ? stream->bytes_left : source->left;
    otel_reply_text_(source->reply, &text);
    return otel_reply_skip_(stream);
}

/* Any.type_url, in bytes that are all there. */
OTEL_FN_ bool otel_reply_on_type_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    static const char name[] = "/google.rpc.RetryInfo";
    const size_t n = sizeof name - 1u;
    pb_byte_t end[sizeof name];
    bool is_retry = stream->bytes_left >= n;
    (void)field;
    if (is_retry) {
        if (!pb_read(stream, NULL, stream->bytes_left - n) || !pb_read(stream, end, n)) return false;
        is_retry = memcmp(end, name, n) == 0;
    }
    ((otel_reply_any_t_ *)*arg)->is_retry = is_retry;
    return otel_reply_skip_(stream);
}

/* Any.value */
OTEL_FN_ bool otel_reply_on_value_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_any_t_ *any = (otel_reply_any_t_ *)*arg;
    (void)field;
    any->value = ((otel_reply_source_t_ *)stream->state)->at;
    any->len = stream->bytes_left;
    return otel_reply_skip_(stream);
}

/* RetryInfo.retry_delay in milliseconds, rounded up; 0: there is none. */
OTEL_FN_ uint32_t otel_reply_delay_of_(const otel_reply_any_t_ *any)
{
    pb_istream_t stream = pb_istream_from_buffer(any->value, any->len);
    google_rpc_RetryInfo info;
    memset((void *)&info, 0, sizeof info);
    if (!any->is_retry || !any->value || !pb_decode(&stream, google_rpc_RetryInfo_fields, &info)) return 0;
    if (info.retry_delay.seconds < 0 || info.retry_delay.nanos < 0) return 0;
    if (info.retry_delay.seconds > 4000000) return 4000000000u;
    if (info.retry_delay.nanos > 999999999) info.retry_delay.nanos = 999999999;
    return (uint32_t)info.retry_delay.seconds * 1000u + ((uint32_t)info.retry_delay.nanos + 999999u) / 1000000u;
}

/* Status.details. One that is no message says nothing; the rest of the answer still does. */
OTEL_FN_ bool otel_reply_on_detail_(pb_istream_t *stream, const pb_field_t *field, void **arg)
{
    otel_reply_source_t_ *source = (otel_reply_source_t_ *)*arg, inside;
    size_t len = stream->bytes_left;
    otel_reply_any_t_ any;
    google_protobuf_Any message;
    (void)field;
    if (len <= source->left) {
        uint32_t delay = 0;
        pb_istream_t detail;
        inside = *source;
        inside.left = len;
        detail = otel_reply_stream_(&inside);
        detail.bytes_left = len;
        memset((void *)&any, 0, sizeof any);
        memset((void *)&message, 0, sizeof message);
        message.type_url.funcs.decode = otel_reply_on_type_;
        message.value.funcs.decode = otel_reply_on_value_;
        message.type_url.arg = message.value.arg = &any;
        if (pb_decode(&detail, google_protobuf_Any_fields, &message)) delay = otel_reply_delay_of_(&any);
        if (delay) source->reply->retry_after_ms = delay;
    }
    return otel_reply_skip_(stream);
}

/* What field 1 is: a message in Export*ServiceResponse, a number in Status. */
OTEL_FN_ bool otel_reply_is_response_(otel_reply_source_t_ source)
{
    pb_istream_t stream = otel_reply_stream_(&source);
    pb_wire_type_t type;
    uint32_t tag;
    bool end;
    while (pb_decode_tag(&stream, &type, &tag, &end)) {
        if (tag == opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceResponse_partial_success_tag) return type == PB_WT_STRING;
        if (!pb_skip_field(&stream, type)) return false;
    }
    return false;
}

/* Export*PartialSuccess: rejected_spans, rejected_data_points or rejected_log_records, and error_message. False: the end has come. */
OTEL_FN_ bool otel_reply_success_(otel_reply_source_t_ *source, pb_istream_t *stream, uint32_t items)
{
    opentelemetry_proto_collector_metrics_v1_ExportMetricsPartialSuccess message;
    pb_istream_t inside;
    bool good;
    if (!pb_make_string_substream(stream, &inside)) return false;
    memset((void *)&message, 0, sizeof message);
    message.error_message.funcs.decode = otel_reply_on_text_;
    message.error_message.arg = source;
    good = pb_decode(&inside, opentelemetry_proto_collector_metrics_v1_ExportMetricsPartialSuccess_fields, &message);
    if (message.rejected_data_points > 0) source->reply->rejected = (uint64_t)message.rejected_data_points > items ? items : (uint32_t)message.rejected_data_points;
    return good && pb_close_string_substream(stream, &inside);
}

/* Its one field is entered here: nanopb would read to the end of a broken one, and it would look like one that was cut off. */
OTEL_FN_ bool otel_reply_response_(otel_reply_source_t_ *source, uint32_t items)
{
    pb_istream_t stream = otel_reply_stream_(source);
    pb_wire_type_t type;
    uint32_t tag;
    bool end, good = true;
    while (good && pb_decode_tag(&stream, &type, &tag, &end)) {
        bool success = tag == opentelemetry_proto_collector_metrics_v1_ExportMetricsServiceResponse_partial_success_tag && type == PB_WT_STRING;
        good = tag != 0 && (success ? otel_reply_success_(source, &stream, items) : pb_skip_field(&stream, type));
    }
    return (good && end) || source->cut;
}

OTEL_FN_ bool otel_reply_status_(otel_reply_source_t_ *source)
{
    google_rpc_Status message;
    pb_istream_t stream = otel_reply_stream_(source);
    bool good;
    memset((void *)&message, 0, sizeof message);
    message.message.funcs.decode = otel_reply_on_text_;
    message.details.funcs.decode = otel_reply_on_detail_;
    message.message.arg = message.details.arg = source;
    good = pb_decode(&stream, google_rpc_Status_fields, &message);
    source->reply->code = (int32_t)((uint32_t)message.code & 0x7FFFFFFFu);
    return good || source->cut;
}

/* As in reply.h. */
OTEL_API_ bool otel_reply_read_(otel_reply_t *reply, const void *body, size_t len, uint32_t items)
{
    otel_reply_source_t_ source;
    source.at = (const uint8_t *)body;
    source.left = !body ? 0 : len > OTEL_REPLY_BYTES_ ? OTEL_REPLY_BYTES_ : len;
    source.cut = false;
    source.reply = reply;
    memset((void *)reply, 0, sizeof *reply);
    if (!(otel_reply_is_response_(source) ? otel_reply_response_(&source, items) : otel_reply_status_(&source))) {
        memset((void *)reply, 0, sizeof *reply);
        return false;
    }
    reply->too_large = otel_reply_says_(reply, "too large") || otel_reply_says_(reply, "larger than");
    return true;
}
OTEL_C_END_
#endif
#endif
