/* Where exemplars are kept and how they are written. A slot is taken for some instructions by whoever writes or reads it; who
   finds it taken goes on without. Specification: metrics/sdk.md, "ExemplarReservoir"; metrics.proto, "Exemplar". */
#ifndef OTEL_RESERVOIR_H
#define OTEL_RESERVOIR_H
#include "clock.h"
#include "collect.h"
#include "compiler.h"
#include "exemplar.h"
#include "nanopb.h"
#include "span.h"
#include "stream.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_FN_ bool otel_slot_take_(otel_exemplar_t_ *slot)
{
#if OTEL_ATOMICS_
    uint8_t nobody = 0;
    return OTEL_CAS_(&slot->busy, &nobody, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = slot->busy == 0;
    slot->busy = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_FN_ void otel_slot_give_(otel_exemplar_t_ *slot) { OTEL_STORE_RELEASE_(&slot->busy, (uint8_t)0); }

/* 0 without attributes, 1 overflow, then the table. */
OTEL_FN_ size_t otel_cell_number_(const otel_instrument_t *i, const otel_cell_t *cell)
{
    if (cell == &i->total_) return 0;
    if (cell == &i->overflow_) return 1;
    return (size_t)((const otel_series_t *)(const void *)cell - i->series) + 2u;
}

OTEL_FN_ uint32_t otel_cell_hash_(const otel_instrument_t *i, const otel_cell_t *cell)
{
    return otel_cell_number_(i, cell) < 2u ? 0u : ((const otel_series_t *)(const void *)cell)->hash_;
}

/* The context of the current span and the time, once for each measurement. 1: it may become an exemplar, 2: it may not. */
OTEL_FN_ uint8_t otel_measurement_ask_(otel_measurement_t *m, otel_t *otel, bool trace_based)
{
    otel_current_t *slot = otel_current_(otel);
    if (slot && slot->span) {
        memcpy(m->context.trace_id, slot->span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(m->context.span_id, slot->span->head_ + OTEL_HEAD_SPAN_, 8);
        m->context.flags = slot->span->flags_ & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM);
    } else if (slot) {
        m->context = slot->context;
    }
    if (trace_based && !((m->context.flags & OTEL_FLAG_SAMPLED) && otel_context_valid(&m->context))) return 2;
    m->time = otel_clock_now_(&otel->clock_);
    return 1;
}

/* The bucket of a histogram with bounds. */
OTEL_FN_ uint32_t otel_measurement_bucket_(const otel_measurement_t *m, const otel_instrument_t *i)
{
    size_t k = 0;
    if (i->form_->kind & OTEL_DOUBLE_) return (uint32_t)otel_bucket_((const double *)i->bounds, i->bounds_len, m->is_int ? (double)m->int_value : m->double_value);
    while (k < i->bounds_len && m->int_value > ((const otel_bound_t_ *)i->bounds)[k]) k++;
    return (uint32_t)k;
}

OTEL_FN_ void otel_slot_fill_(otel_exemplar_t_ *slot, const otel_measurement_t *m, uint32_t hash)
{
    slot->value = m->is_int ? (uint64_t)m->int_value : otel_pack_(m->double_value);
    slot->time = m->time;
    slot->hash = hash;
    slot->full = m->is_int ? 1 : 2;
    slot->traced = otel_context_valid(&m->context);
    memcpy(slot->ids, m->context.trace_id, 16);
    memcpy(slot->ids + 16, m->context.span_id, 8);
    slot->used = (uint8_t)m->left_out_len_;
    if (slot->used) memcpy(slot->left_out, m->left_out_, slot->used);
}

OTEL_API_ void otel_exemplar_offer_(otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m)
{
    otel_instrument_t *i = &stream->base;
    size_t number = otel_cell_number_(i, cell);
    uint32_t seen, at;
    otel_exemplar_t_ *slot;
    if (!m->asked_) m->asked_ = otel_measurement_ask_(m, i->otel_, stream->settings->exemplars->trace_based_);
    if (m->asked_ != 1 || (!m->is_int && !otel_finite_(m->double_value))) return;
    m->bucket = (stream->form.kind & (OTEL_BUCKETS_ | OTEL_POWERS_)) == OTEL_BUCKETS_ && i->rows ? otel_measurement_bucket_(m, i) : 0;
    seen = OTEL_LOAD_(&stream->seen[number]);
    OTEL_STORE_(&stream->seen[number], seen + 1u);
    at = (stream->reservoir.offer)(&stream->reservoir, m, seen, stream->reservoir.size);
    if (at >= stream->reservoir.size) return;
    slot = &stream->exemplars[number * stream->reservoir.size + at];
    if (!otel_slot_take_(slot)) return;
    otel_slot_fill_(slot, m, otel_cell_hash_(i, cell));
    otel_slot_give_(slot);
}

#if OTEL_NANOPB_
/* One Exemplar, which nobody changes meanwhile; where it ends. */
OTEL_FN_ uint8_t *otel_exemplar_nanopb_(uint8_t *to, const uint8_t *end, uint8_t tag, const otel_exemplar_t_ *slot, const otel_t *otel)
{
    pb_ostream_t stream = pb_ostream_from_buffer(to, (size_t)(end - to));
    otel_nanopb_bytes_t_ span, trace, left_out;
    opentelemetry_proto_metrics_v1_Exemplar exemplar;
    memset((void *)&exemplar, 0, sizeof exemplar);
    span.bytes = slot->ids + 16;
    trace.bytes = slot->ids;
    left_out.bytes = slot->left_out;
    span.len = slot->traced ? 8u : 0u;
    trace.len = slot->traced ? 16u : 0u;
    left_out.len = slot->used;
    exemplar.time_unix_nano = otel_clock_unix_(otel, slot->time);
    if (slot->full == 1) {
        exemplar.which_value = opentelemetry_proto_metrics_v1_Exemplar_as_int_tag;
        exemplar.value.as_int = (int64_t)slot->value;
    } else {
        exemplar.which_value = opentelemetry_proto_metrics_v1_Exemplar_as_double_tag;
        exemplar.value.as_double = otel_unpack_(slot->value);
    }
    exemplar.span_id.funcs.encode = exemplar.trace_id.funcs.encode = otel_nanopb_on_bytes_;
    exemplar.filtered_attributes.funcs.encode = otel_nanopb_on_encoded_;
    exemplar.span_id.arg = &span;
    exemplar.trace_id.arg = &trace;
    exemplar.filtered_attributes.arg = &left_out;
    if (!pb_encode_tag(&stream, PB_WT_STRING, tag >> 3) || !pb_encode_submessage(&stream, opentelemetry_proto_metrics_v1_Exemplar_fields, &exemplar)) return to;
    return to + stream.bytes_written;
}
#define OTEL_EXEMPLAR_PUT_(to, end, tag, slot, otel) otel_exemplar_nanopb_(to, end, tag, slot, otel)
#else
#define OTEL_EXEMPLAR_PUT_(to, end, tag, slot, otel) otel_exemplar_put_(to, tag, slot, otel)
/* One Exemplar; where it ends. */
OTEL_FN_ uint8_t *otel_exemplar_put_(uint8_t *to, uint8_t tag, const otel_exemplar_t_ *slot, const otel_t *otel)
{
    uint8_t *length = to + 1;
    *to = tag;
    to = otel_put_time_(to + 2, 0x11, otel_clock_unix_(otel, slot->time));        /* time_unix_nano = 2, fixed64 */
    if (slot->full == 1) to = otel_put_time_(to, 0x31, slot->value);              /* as_int = 6, sfixed64 */
    else to = otel_put_time_(to, 0x19, otel_double_bits_(otel_unpack_(slot->value)));     /* as_double = 3 */
    if (slot->traced) {
        *to++ = 0x22;                                                             /* span_id = 4 */
        *to++ = 8;
        memcpy(to, slot->ids + 16, 8);
        to[8] = 0x2A;                                                             /* trace_id = 5 */
        to[9] = 16;
        memcpy(to + 10, slot->ids, 16);
        to += 26;
    }
    if (slot->used) memcpy(to, slot->left_out, slot->used);
    to += slot->used;
    if (to - length > 128) {                                                      /* a length of two bytes */
        memmove(length + 2, length + 1, (size_t)(to - length) - 1u);
        to++;
        length[0] = (uint8_t)((unsigned)(to - length - 2) | 128u);
        length[1] = (uint8_t)((unsigned)(to - length - 2) >> 7);
    } else {
        *length = (uint8_t)(to - length - 1);
    }
    return to;
}
#endif

/* A data point, and behind it the exemplars of its window: of a reader that tells all those that are there, of one that tells
   differences those that came since. What finds no room is left out. */
OTEL_API_ bool otel_exemplar_write_(otel_telling_t_ *point)
{
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    unsigned kind = stream->form.kind, k;
    uint64_t since = otel_cell_start_(point->cell);
    size_t number = otel_cell_number_(&stream->base, point->cell);
    if (!(stream->inner)(point)) return false;
    if (!point->fresh) return true;
    if (point->told && point->told[-1] > since) since = point->told[-1];          /* when it was told: temporality.h */
    for (k = 0; k < stream->reservoir.size; k++) {
        otel_exemplar_t_ *slot = &stream->exemplars[number * stream->reservoir.size + k];
        if (point->end - point->at < 47 + OTEL_EXEMPLAR_INLINE_ + 3 || !otel_slot_take_(slot)) continue;
        if (slot->full && slot->time >= since && slot->hash == otel_cell_hash_(&stream->base, point->cell)) {
            point->at = OTEL_EXEMPLAR_PUT_(point->at, point->end, kind & OTEL_POWERS_ ? 0x5A : kind & OTEL_BUCKETS_ ? 0x42 : 0x2A, slot, stream->base.otel_);   /* exemplars = 11, 8 or 5 */
        }
        otel_slot_give_(slot);
    }
    OTEL_STORE_(&stream->seen[number], 0u);
    return true;
}
OTEL_C_END_
#endif
#endif
