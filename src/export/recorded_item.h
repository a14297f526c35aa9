/* Whole messages of what came: events, links, exemplars, spans, log records and data points.
   opentelemetry/proto: trace.proto, metrics.proto, logs.proto. */
#ifndef OTEL_EXPORT_RECORDED_ITEM_H
#define OTEL_EXPORT_RECORDED_ITEM_H
#include "../otel/compiler.h"
#include "pb.h"
#include "recorded.h"
#include "recorded_value.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_recorded_event(const otel_recorded_list_t *events, uint32_t i, otel_recorded_event_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)events; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(events, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)links; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(links, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out)
{
    otel_pb_field_t_ field;
    otel_pb_t_ message, whole;
    OTEL_WHEN_OFF_((void)exemplars; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(exemplars, i, &field)) return false;
    memset((void *)out, 0, sizeof *out);
    message = whole = otel_pb_open_(field.bytes, field.len);
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        default: break;
        }
    }
    return true;
}

/* Items were found well-formed when they came; what is broken further inside ends there. */
OTEL_FN_ void otel_recorded_span_read_(const otel_pb_field_t_ *item, otel_recorded_span_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole, status;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            status = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&status, &field)) {
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&field);
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(field.value);
            }
            break;
        case OTEL_RECORDED_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_log_read_(const otel_pb_field_t_ *item, otel_recorded_log_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(field.value); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_any_(&field, &out->body); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &field, 16); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &field, 8); break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&field); break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_value_point_(otel_recorded_point_t *out, const otel_pb_field_t_ *field)
{
    out->is_int = field->number == 6;                         /* as_double = 4, as_int = 6: the last one counts */
    out->is_double = !out->is_int;
    out->int_value = out->is_int ? otel_recorded_int64_(field->value) : 0;
    out->double_value = out->is_int ? 0.0 : otel_bits_double_(field->value);
}

/* NumberDataPoint. */
OTEL_FN_ void otel_recorded_number_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

/* HistogramDataPoint. */
OTEL_FN_ void otel_recorded_histogram_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &whole, &field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        default: break;
        }
    }
}

/* Buckets: offset = 1, bucket_counts = 2. */
OTEL_FN_ void otel_recorded_buckets_(const otel_pb_field_t_ *buckets, otel_recorded_list_t *list, int32_t *offset)
{
    const otel_pb_t_ whole = otel_pb_open_(buckets->bytes, buckets->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(field.value);
        if (field.number == 2 && (field.type == OTEL_PB_SLICE_ || field.type == OTEL_PB_VARINT_)) otel_recorded_add_(list, &whole, &field, OTEL_PB_VARINT_);
    }
}

/* ExponentialHistogramDataPoint. */
OTEL_FN_ void otel_recorded_exponential_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->buckets, &out->offset); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_buckets_(&field, &out->below, &out->below_offset); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(field.value);
            out->has_max = true;
            break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(field.value); break;
        default: break;
        }
    }
}

/* SummaryDataPoint; its quantiles stay in the request. */
OTEL_FN_ void otel_recorded_summary_point_(const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    const otel_pb_t_ whole = otel_pb_open_(item->bytes, item->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        switch (otel_recorded_key_(&field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &whole, &field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_point_read_(unsigned type, const otel_pb_field_t_ *item, otel_recorded_point_t *out)
{
    switch (type) {
    case OTEL_RECORDED_HISTOGRAM: otel_recorded_histogram_point_(item, out); break;
    case OTEL_RECORDED_EXPONENTIAL_HISTOGRAM: otel_recorded_exponential_point_(item, out); break;
    case OTEL_RECORDED_SUMMARY: otel_recorded_summary_point_(item, out); break;
    default: otel_recorded_number_point_(item, out);
    }
}
OTEL_C_END_
#endif
#endif
