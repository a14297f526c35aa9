/* Series that a program keeps of an instrument with streams: that of the one stream itself, or a fan that calls each. */
#ifndef OTEL_FAN_H
#define OTEL_FAN_H
#include "attr.h"
#include "compiler.h"
#include "instrument.h"
#include "metric.h"
#include "series.h"
#include "stream.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_FN_ bool otel_fan_is_(const otel_fan_t_ *fan, size_t k, const otel_cell_t *cell, const uint8_t *left_out, uint32_t used)
{
    return fan->to[k].cell == cell && fan->to[k].used == used && memcmp(fan->to[k].left_out, left_out, (size_t)used) == 0;
}

OTEL_FN_ otel_cell_t *otel_stream_bind_(otel_instrument_t *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *used)
{
    bool visits = otel_visit_(stream);
    otel_cell_t *cell = otel_stream_find_((otel_stream_t_ *)(void *)stream, attributes, len, left_out, used);
    if (cell && cell != &stream->total_ && cell != &stream->overflow_) OTEL_STORE_(&((otel_series_t *)(void *)cell)->bound_, (uint8_t)1);
    if (cell && OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(stream->form_->kind) && !otel_cell_wake_(cell)) cell = NULL;
    if (visits) otel_part_(stream);
    return cell;
}

/* One that says the same, or a new one; NULL: no memory. */
OTEL_FN_ otel_fan_t_ *otel_fan_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len, size_t streams)
{
    otel_source_t_ *source = (otel_source_t_ *)(void *)instrument->front_;
    otel_fan_t_ *fan;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_], *at;
    uint32_t used;
    otel_instrument_t *s;
    size_t k;
    for (fan = source->fans; fan; fan = fan->next) {
        for (k = 0, s = source->front.streams; s; s = s->front_->streams, k++) {
            const otel_cell_t *cell = otel_stream_bind_(s, attributes, len, left_out, &used);
            if (!otel_fan_is_(fan, k, cell, left_out, used)) break;
        }
        if (!s) return fan;
    }
    at = otel_carve_(source->settings, otel_carved_(sizeof *fan) + otel_carved_(streams * sizeof(otel_fan_to_t_)));
    if (!at) return NULL;
    fan = (otel_fan_t_ *)otel_take_(&at, sizeof *fan);
    fan->to = (otel_fan_to_t_ *)otel_take_(&at, streams * sizeof(otel_fan_to_t_));
    fan->cell.owner = instrument;
    for (s = source->front.streams; s; s = s->front_->streams, fan->len++) {
        fan->to[fan->len].cell = otel_stream_bind_(s, attributes, len, fan->to[fan->len].left_out, &fan->to[fan->len].used);
        if (!fan->to[fan->len].cell) return NULL;
    }
    fan->next = source->fans;
    source->fans = fan;
    return fan;
}

/* Nobody else wants to know, and what adds to the instrument adds to its series. */
OTEL_FN_ bool otel_stream_alone_(const otel_stream_t_ *stream, const otel_instrument_t *instrument)
{
    return !stream->exemplars && !stream->settings->rules_change && !((stream->form.kind ^ instrument->form_->kind) & OTEL_SUM_);
}

/* The series of one stream itself where nothing else wants to know: adding to it stays what it is. */
OTEL_API_ otel_cell_t *otel_source_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_cell_t *otel_source_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{
    otel_instrument_t *s;
    otel_cell_t *cell = &instrument->total_;
    size_t streams = 0;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
    uint32_t used;
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_() || !instrument->front_) return NULL;
    for (s = instrument->front_->streams; s; s = s->front_->streams) streams++;
    s = instrument->front_->streams;
    if (streams && !otel_seize_(instrument, instrument->otel_)) return NULL;
    if (streams) ((otel_source_t_ *)(void *)instrument->front_)->bound = 1;
    if (streams == 1u && otel_stream_alone_((const otel_stream_t_ *)(const void *)s, instrument)) {
        cell = otel_stream_bind_(s, attributes, len, left_out, &used);
    } else if (streams) {
        otel_fan_t_ *fan = otel_fan_(instrument, attributes, len, streams);
        cell = fan ? &fan->cell : NULL;
    }
    if (streams) otel_cede_(instrument);
    if (cell && cell->owner == instrument && !otel_cell_ready_(cell)) cell = NULL;
    return cell;
}
OTEL_C_END_
#endif
#endif
