/* How streams are made: which views select an instrument when it registers, what each makes of it, and where that stands.
   Specification: metrics/sdk.md, "Measurement processing", "MeterConfigurator". */
#ifndef OTEL_SOURCE_H
#define OTEL_SOURCE_H
#include "aggregation.h"
#include "compiler.h"
#include "exemplar.h"
#include "fan.h"
#include "instance.h"
#include "instrument.h"
#include "metric.h"
#include "shape.h"
#include "stream.h"
#include "view.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_API_ void otel_source_join_by_(otel_instrument_t *instrument, otel_source_t_ *source, otel_metric_settings_t *settings, otel_front_t_ *advised, const char *const *keys);
OTEL_API_ bool otel_source_enabled_(const otel_instrument_t *instrument);

/* ---- how a stream differs from its aggregation ---- */
/* Sets of a callback that are one set behind a filter are summed. */
OTEL_API_ void otel_merged_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_merged_whole_(otel_cell_t *cell, int64_t value)
{
    otel_instrument_t *i = cell->owner;
    bool ended, again = otel_cell_ready_(cell) && cell != &i->overflow_ && otel_observed_twice_(cell);
    if (again && (value >= 0 || (i->form_->kind & OTEL_UPDOWN_))) value = otel_sum_stops_((int64_t)otel_cell_read_(cell), value, &ended);
    (((otel_stream_t_ *)(void *)i)->whole)(cell, value);
}

OTEL_API_ void otel_merged_real_(otel_cell_t *cell, double value);
OTEL_API_ void otel_merged_real_(otel_cell_t *cell, double value)
{
    otel_instrument_t *i = cell->owner;
    bool ended, again = otel_cell_ready_(cell) && cell != &i->overflow_ && otel_observed_twice_(cell);
    if (again && otel_finite_(value) && (!(otel_double_word_(value) & OTEL_SIGN_) || (i->form_->kind & OTEL_UPDOWN_))) value = otel_sum_of_(otel_unpack_(otel_cell_read_(cell)), value, &ended);
    (((otel_stream_t_ *)(void *)i)->real)(cell, value);
}

OTEL_API_ void otel_merged_real_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_merged_real_whole_(otel_cell_t *cell, int64_t value) { otel_merged_real_(cell, (double)value); }

/* Buckets of numbers that may be negative have no sum. It stands last, but for the extremes of exponential ones. */
OTEL_API_ bool otel_unsummed_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_unsummed_write_(otel_telling_t_ *point)
{
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    if (!(stream->plain)(point)) return false;
    if ((stream->form.kind & OTEL_POWERS_) && point->at[-9] == 0x69) memmove(point->at - 27, point->at - 18, 18);
    point->at -= 9;
    return true;
}

/* While its meter is off a stream has nothing to say; what was counted before is told when it is on again. */
OTEL_API_ bool otel_gated_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_gated_write_(otel_telling_t_ *point)
{
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    if (!otel_source_off_((otel_source_t_ *)(void *)stream->source->front_, stream->source)) return (stream->gated)(point);
    point->fresh = false;
    return true;
}

/* ---- registration ---- */
/* What the instrument brought and no stream has taken yet. */
typedef struct otel_brought_t_ {
    bool series, rows;
} otel_brought_t_;

/* Bytes of the stream; what the instrument brought goes to the first that can use it. */
OTEL_FN_ size_t otel_shape_size_(otel_shape_t_ *shape, const otel_instrument_t *i, otel_brought_t_ *brought)
{
    size_t cells = (shape->series + 2u) * shape->reservoir.size;
    shape->own_series = shape->series && !(brought->series && i->series_len >= shape->series);
    shape->own_rows = shape->words && !(brought->rows && i->rows_len >= shape->words);
    if (shape->series && !shape->own_series) brought->series = false;
    if (shape->words && !shape->own_rows) brought->rows = false;
    return otel_carved_(sizeof(otel_stream_t_)) + (shape->own_series ? otel_carved_(shape->series * sizeof(otel_series_t)) : 0u) +
           (shape->own_rows ? otel_carved_(shape->words * sizeof(otel_word_t)) : 0u) + (shape->filters ? otel_carved_(shape->by_len * sizeof(otel_view_t *)) : 0u) + (cells ? otel_carved_(cells * sizeof(otel_exemplar_t_)) + otel_carved_((shape->series + 2u) * sizeof(uint32_t)) : 0u);
}

/* A stream registers as instruments do, before its source; one whose series the program keeps does so alone. */
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_stream_calls_ = { NULL, NULL, NULL, NULL, NULL, NULL };
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_source_calls_ = { otel_source_join_, otel_source_whole_, otel_source_real_, otel_source_bind_, otel_source_enabled_, NULL };

OTEL_FN_ void otel_stream_form_(otel_stream_t_ *stream, const otel_shape_t_ *shape)
{
    unsigned kind = shape->form->kind;
    stream->form = *shape->form;
    stream->whole = stream->form.whole;
    stream->real = stream->form.real;
    stream->plain = stream->inner = stream->form.write;
    if ((kind & OTEL_OBSERVED_) && (kind & OTEL_SUM_) && stream->filters) {
        stream->form.whole = kind & OTEL_DOUBLE_ ? otel_merged_real_whole_ : otel_merged_whole_;
        if (kind & OTEL_DOUBLE_) stream->form.real = otel_merged_real_;
    }
    if (shape->unsummed) stream->form.write = stream->inner = otel_unsummed_write_;
    if (stream->exemplars) {
        stream->form.write = stream->settings->exemplars->write_;
        stream->form.small = 255;
    }
    stream->gated = stream->form.write;
    if (stream->settings->rules_change) stream->form.write = otel_gated_write_;
}

OTEL_FN_ otel_stream_t_ *otel_stream_make_(uint8_t *at, otel_instrument_t *i, const otel_shape_t_ *shape, const otel_metric_settings_t *settings)
{
    otel_stream_t_ *stream = (otel_stream_t_ *)otel_take_(&at, sizeof *stream);
    size_t cells = (shape->series + 2u) * shape->reservoir.size;
    otel_instrument_t *base = &stream->base;
    base->name = shape->view.name ? shape->view.name : i->name;
    base->unit = i->unit;
    base->description = shape->view.description ? shape->view.description : i->description;
    base->scope = i->scope;
    base->otel = i->otel;
    if (shape->series) base->series = shape->own_series ? (otel_series_t *)otel_take_(&at, shape->series * sizeof *base->series) : i->series;
    base->series_len = shape->series;
    base->bounds = shape->bounds;
    base->bounds_len = shape->bounds_len;
    if (shape->words) base->rows = shape->own_rows ? (otel_word_t *)otel_take_(&at, shape->words * sizeof *base->rows) : i->rows;
    base->rows_len = shape->words;
    base->form_ = &stream->form;
    base->front_ = &stream->front;
    stream->front.calls = &otel_stream_calls_;
    stream->source = i;
    stream->settings = settings;
    stream->reading = shape->reading;
    stream->reservoir = shape->reservoir;
    stream->keys = shape->keys;
    stream->filters = shape->filters || shape->keys;
    if (shape->filters) {
        const otel_view_t **by = (const otel_view_t **)otel_take_(&at, shape->by_len * sizeof *by);
        stream->by = by;
        stream->by_len = otel_views_of_(settings, i, shape->leader, by);
    }
    if (cells) {
        stream->exemplars = (otel_exemplar_t_ *)otel_take_(&at, cells * sizeof *stream->exemplars);
        stream->seen = (uint32_t *)otel_take_(&at, (shape->series + 2u) * sizeof *stream->seen);
    }
    otel_stream_form_(stream, shape);
    return stream;
}
/* Go over the views that select the instrument: with `at` make their streams, without it say how many bytes they take.
   *selected: there was one, or something else has a say in it. */
OTEL_FN_ size_t otel_streams_lay_(otel_instrument_t *i, otel_metric_settings_t *s, const char *const *keys, uint8_t *at, otel_front_t_ *front, bool *selected)
{
    const bool always = s->readings_len || s->rules_change || keys || (s->exemplars && !(i->form_->kind & OTEL_OBSERVED_));
    otel_brought_t_ brought;
    size_t r, k, bytes = 0;
    brought.series = brought.rows = true;
    *selected = !s->rules_change && otel_meter_off_(s->rules, s->rules_len, i->scope);
    if (*selected) return 0;
    for (r = 0; r < (s->readings_len ? s->readings_len : 1u); r++) {
        bool any = false;
        for (k = 0; k <= s->views_len; k++) {
            otel_shape_t_ shape;
            if (k < s->views_len ? !otel_view_leads_(s, i, k) : any || !always) continue;
            otel_shape_begin_(&shape, s, i, k);
            shape.reading = s->readings_len ? s->readings[r] : NULL;
            if (!shape.filters) shape.keys = keys;
            if (!otel_shape_(&shape, i, s->exemplars)) {
                if (!at) otel_tally_(&s->ignored_);
                continue;
            }
            any = *selected = true;
            if (!shape.form) continue;
            if (at) {
                otel_stream_t_ *stream;
                size_t more = otel_shape_size_(&shape, i, &brought);
                stream = otel_stream_make_(at + bytes, i, &shape, s);
                front->streams = &stream->base;
                front = &stream->front;
                bytes += more;
            } else {
                bytes += otel_shape_size_(&shape, i, &brought);
            }
        }
    }
    return bytes;
}

/* NULL: nothing has a say in this instrument, or there is no memory. */
OTEL_FN_ otel_source_t_ *otel_source_make_(otel_instrument_t *instrument, otel_metric_settings_t *s, otel_front_t_ *advised, const char *const *keys)
{
    otel_source_t_ *source;
    bool selected;
    uint8_t *at;
    size_t bytes = otel_streams_lay_(instrument, s, keys, NULL, NULL, &selected);
    if (!selected) return NULL;
    if (instrument->epoch_) {                                 /* somebody may keep one of its series */
        otel_tally_(&s->ignored_);
        return NULL;
    }
    at = otel_carve_(s, otel_carved_(sizeof *source) + bytes);
    if (!at) {
        OTEL_STORE_(&instrument->told_, (uint8_t)(instrument->told_ | OTEL_TOLD_CROWDED_));
        return NULL;
    }
    source = (otel_source_t_ *)otel_take_(&at, sizeof *source);
    source->front.calls = &otel_source_calls_;
    source->settings = s;
    source->origin = instrument->form_;
    source->advised = advised;
    source->keys = keys;
    (void)otel_streams_lay_(instrument, s, keys, at, &source->front, &selected);
    source->form = *instrument->form_;
    source->form.kind |= OTEL_FRONT_ | OTEL_OBSERVED_;        /* it has nothing to say when metrics are collected */
    source->form.whole = otel_front_whole_;
    source->form.real = otel_front_real_;
    source->form.record = source->origin->record ? otel_front_whole_ : NULL;
    source->form.words = NULL;
    source->series = instrument->series;
    instrument->series = NULL;                                /* no set of attributes is looked for there */
    instrument->front_ = &source->front;
    OTEL_STORE_(&instrument->form_, (const otel_form_t_ *)&source->form);
    return source;
}

/* Other settings than before: the instrument is as the program defined it, and as new. */
OTEL_FN_ void otel_source_leave_(otel_instrument_t *instrument, const otel_source_t_ *source)
{
    OTEL_STORE_(&instrument->form_, source->origin);
    instrument->front_ = source->advised;
    instrument->epoch_ = 0;
    instrument->series = source->series;
    memset((void *)&instrument->total_, 0, sizeof instrument->total_);
    memset((void *)&instrument->overflow_, 0, sizeof instrument->overflow_);
    if (instrument->series) memset((void *)instrument->series, 0, instrument->series_len * sizeof *instrument->series);
    if (instrument->rows) memset((void *)instrument->rows, 0, instrument->rows_len * sizeof *instrument->rows);
}

/* An instrument registers under these settings: its streams do so first. */
OTEL_API_ void otel_source_join_by_(otel_instrument_t *instrument, otel_source_t_ *source, otel_metric_settings_t *settings, otel_front_t_ *advised, const char *const *keys)
{
    otel_instrument_t *s;
    if (source && source->settings != settings && !source->bound) {
        otel_source_leave_(instrument, source);
        source = NULL;
    }
    if (!source && settings) source = otel_source_make_(instrument, settings, advised, keys);
    if (!source) return;
    OTEL_STORE_(&source->on_under, (const void *)NULL);       /* rules of another life */
    OTEL_STORE_(&source->off_under, (const void *)NULL);
    for (s = source->front.streams; s; s = s->front_->streams) {
        if (otel_join_(s) && source->settings->rules_change) OTEL_STORE_(&s->reclaims_, (uint8_t)0);      /* what says nothing because it is off is not idle */
    }
}

OTEL_API_ void otel_source_join_(otel_instrument_t *instrument, otel_t *otel)
{
    otel_source_t_ *source = (otel_source_t_ *)(void *)instrument->front_;
    otel_metric_settings_t *settings = otel->config_.metrics.settings_;
    if (!settings && source && source->advised) settings = (source->advised->calls->settings)(source->advised);
    otel_source_join_by_(instrument, source, settings, source ? source->advised : NULL, source ? source->keys : NULL);
}

OTEL_API_ bool otel_source_enabled_(const otel_instrument_t *instrument)
{
    return instrument->front_->streams && !otel_source_off_((otel_source_t_ *)(void *)instrument->front_, instrument);
}
OTEL_C_END_
#endif
#endif
