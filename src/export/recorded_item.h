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
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)events; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(events, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = look.field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&look.field); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look.field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_link(const otel_recorded_list_t *links, uint32_t i, otel_recorded_link_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)links; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(links, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look.field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look.field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&look.field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look.field.value; break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED32_): out->flags = (uint32_t)look.field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_API_ bool otel_recorded_exemplar(const otel_recorded_list_t *exemplars, uint32_t i, otel_recorded_exemplar_t *out)
{
    otel_recorded_look_t_ look;
    OTEL_WHEN_OFF_((void)exemplars; (void)i; (void)out; return false)
    if (!otel_recorded_nth_(exemplars, i, &look)) return false;
    memset((void *)out, 0, sizeof *out);
    otel_recorded_list_(&out->attributes, &look.message);
    while (otel_pb_next_(&look.message, &look.field)) {
        switch (otel_recorded_key_(&look.field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->time_ns = look.field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_):                /* as_double = 3, as_int = 6: the last one counts */
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_):
            out->is_int = look.field.number == 6;
            out->is_double = !out->is_int;
            out->int_value = out->is_int ? otel_recorded_int64_(look.field.value) : 0;
            out->double_value = out->is_int ? 0.0 : otel_bits_double_(look.field.value);
            break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look.field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look.field, 16); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look.field, OTEL_PB_SLICE_); break;
        default: break;
        }
    }
    return true;
}

/* Out of the message that `look` has entered. Items were found well-formed when they came; what is broken further inside ends there. */
OTEL_FN_ bool otel_recorded_span_read_(otel_recorded_look_t_ *look, otel_recorded_span_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    otel_recorded_list_(&out->events, &look->message);
    otel_recorded_list_(&out->links, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look->field, 16); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->trace_state = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_SLICE_): otel_recorded_id_(out->parent_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): out->name = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->kind = (int)otel_recorded_int32_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED64_): out->end_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->events, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_VARINT_): out->dropped_events = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_SLICE_): otel_recorded_add_(&out->links, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_VARINT_): out->dropped_links = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(15, OTEL_PB_SLICE_):                 /* status = 15: message = 2, code = 3 */
            rest = look->message;
            otel_recorded_enter_(look);
            while (otel_pb_next_(&look->message, &look->field)) {
                if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->status_message = otel_recorded_slice_(&look->field);
                if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->status = (int)otel_recorded_int32_(look->field.value);
            }
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(16, OTEL_PB_FIXED32_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
    return true;
}

OTEL_FN_ bool otel_recorded_log_read_(otel_recorded_look_t_ *look, otel_recorded_log_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_): out->severity = (int)otel_recorded_int32_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_): out->severity_text = otel_recorded_slice_(&look->field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_):
            rest = look->message;
            otel_recorded_enter_(look);
            (void)otel_recorded_any_(look, otel_recorded_last_(look, OTEL_RECORDED_ANY_), &out->body);
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_VARINT_): out->dropped_attributes = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_FIXED32_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_id_(out->trace_id, &look->field, 16); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_SLICE_): otel_recorded_id_(out->span_id, &look->field, 8); break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_): out->observed_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_SLICE_): out->event_name = otel_recorded_slice_(&look->field); break;
        default: break;
        }
    }
    return true;
}

OTEL_FN_ void otel_recorded_value_point_(otel_recorded_point_t *out, const otel_pb_field_t_ *field)
{
    out->is_int = field->number == 6;                         /* as_double = 4, as_int = 6: the last one counts */
    out->is_double = !out->is_int;
    out->int_value = out->is_int ? otel_recorded_int64_(field->value) : 0;
    out->double_value = out->is_int ? 0.0 : otel_bits_double_(field->value);
}

/* NumberDataPoint. */
OTEL_FN_ void otel_recorded_number_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->exemplars, &look->message);
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_value_point_(out, &look->field); break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
}

/* HistogramDataPoint. */
OTEL_FN_ void otel_recorded_histogram_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->buckets, &look->message);
    otel_recorded_list_(&out->bounds, &look->message);
    otel_recorded_list_(&out->exemplars, &look->message);
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_FIXED64_): otel_recorded_add_(&out->buckets, &look->field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): otel_recorded_add_(&out->bounds, &look->field, OTEL_PB_FIXED64_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(look->field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(look->field.value);
            out->has_max = true;
            break;
        default: break;
        }
    }
}

/* Buckets: offset = 1, bucket_counts = 2. */
OTEL_FN_ void otel_recorded_buckets_(otel_recorded_look_t_ *look, otel_recorded_list_t *list, int32_t *offset)
{
    otel_recorded_enter_(look);
    otel_recorded_list_(list, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_VARINT_)) *offset = otel_recorded_zigzag_(look->field.value);
        if (look->field.number == 2 && (look->field.type == OTEL_PB_SLICE_ || look->field.type == OTEL_PB_VARINT_)) otel_recorded_add_(list, &look->field, OTEL_PB_VARINT_);
    }
}

/* ExponentialHistogramDataPoint. */
OTEL_FN_ void otel_recorded_exponential_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_pb_t_ rest;
    otel_recorded_list_(&out->attributes, &look->message);
    otel_recorded_list_(&out->exemplars, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(6, OTEL_PB_VARINT_): out->scale = otel_recorded_zigzag_(look->field.value); break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_FIXED64_): out->zero_count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_SLICE_):
        case OTEL_RECORDED_FIELD_(9, OTEL_PB_SLICE_):
            rest = look->message;
            if (look->field.number == 8) otel_recorded_buckets_(look, &out->buckets, &out->offset);
            else otel_recorded_buckets_(look, &out->below, &out->below_offset);
            look->message = rest;
            break;
        case OTEL_RECORDED_FIELD_(10, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        case OTEL_RECORDED_FIELD_(11, OTEL_PB_SLICE_): otel_recorded_add_(&out->exemplars, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(12, OTEL_PB_FIXED64_):
            out->min = otel_bits_double_(look->field.value);
            out->has_min = true;
            break;
        case OTEL_RECORDED_FIELD_(13, OTEL_PB_FIXED64_):
            out->max = otel_bits_double_(look->field.value);
            out->has_max = true;
            break;
        case OTEL_RECORDED_FIELD_(14, OTEL_PB_FIXED64_): out->zero_threshold = otel_bits_double_(look->field.value); break;
        default: break;
        }
    }
}

/* SummaryDataPoint; its quantiles stay in the request. */
OTEL_FN_ void otel_recorded_summary_point_(otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    otel_recorded_list_(&out->attributes, &look->message);
    while (otel_pb_next_(&look->message, &look->field)) {
        switch (otel_recorded_key_(&look->field)) {
        case OTEL_RECORDED_FIELD_(2, OTEL_PB_FIXED64_): out->start_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(3, OTEL_PB_FIXED64_): out->time_ns = look->field.value; break;
        case OTEL_RECORDED_FIELD_(4, OTEL_PB_FIXED64_): out->count = look->field.value; break;
        case OTEL_RECORDED_FIELD_(5, OTEL_PB_FIXED64_):
            out->sum = otel_bits_double_(look->field.value);
            out->has_sum = true;
            break;
        case OTEL_RECORDED_FIELD_(7, OTEL_PB_SLICE_): otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_); break;
        case OTEL_RECORDED_FIELD_(8, OTEL_PB_VARINT_): out->flags = (uint32_t)look->field.value; break;
        default: break;
        }
    }
}

OTEL_FN_ void otel_recorded_point_read_(unsigned type, otel_recorded_look_t_ *look, otel_recorded_point_t *out)
{
    switch (type) {
    case OTEL_RECORDED_HISTOGRAM: otel_recorded_histogram_point_(look, out); break;
    case OTEL_RECORDED_EXPONENTIAL_HISTOGRAM: otel_recorded_exponential_point_(look, out); break;
    case OTEL_RECORDED_SUMMARY: otel_recorded_summary_point_(look, out); break;
    default: otel_recorded_number_point_(look, out);
    }
}
OTEL_C_END_
#endif
#endif
