/* Streams: where the numbers of an instrument go when views, exemplars or rules have a say. A stream is an instrument of its
   own that the program does not see, so that collecting, temporality and limits know nothing of views; the instrument that
   the program defined stands in front and hands measurements on. All of it is made when the instrument registers, in the
   memory of otel_metric_settings_t. Specification: metrics/sdk.md, "Measurement processing". */
#ifndef OTEL_STREAM_H
#define OTEL_STREAM_H
#include "attr.h"
#include "compiler.h"
#include "exemplar.h"
#include "instance.h"
#include "instrument.h"
#include "metric.h"
#include "series.h"
#include "view.h"

/* One exemplar of a series. Private. */
typedef struct otel_exemplar_t_ {
    uint64_t value, time;                         /* an int64 or the bytes of a double; by the clock of the instance */
    uint32_t hash;                                /* of the set of attributes that the series had */
    uint8_t busy;                                 /* somebody writes or reads it */
    uint8_t full;                                 /* 1: an int64, 2: a double */
    uint8_t traced;
    uint8_t used;                                 /* bytes of left_out */
    uint8_t ids[24];                              /* trace and span */
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
} otel_exemplar_t_;

/* Private. */
typedef struct otel_stream_t_ {
    otel_instrument_t base;
    otel_front_t_ front;
    otel_form_t_ form;                            /* of base: that of the aggregation, with what follows in front of its functions */
    void (*whole)(otel_cell_t *cell, int64_t value);
    void (*real)(otel_cell_t *cell, double value);
    bool (*plain)(otel_telling_t_ *point);
    bool (*inner)(otel_telling_t_ *point);        /* the same, without the sum where there is none to tell */
    bool (*gated)(otel_telling_t_ *point);        /* what writes while the meter is on, where that may change */
    otel_instrument_t *source;
    const otel_metric_settings_t *settings;
    const otel_reading_t *reading;                /* NULL: all readers see it */
    const otel_view_t *const *by;                 /* by_len views that made it */
    size_t by_len;
    const char *const *keys;                      /* that the instrument advises; NULL: none, or a view says something else */
    bool filters;                                 /* attributes are left out */
    otel_reservoir_t reservoir;
    otel_exemplar_t_ *exemplars;                  /* reservoir.size for each cell: without attributes, overflow, series */
    uint32_t *seen;                               /* of each cell */
} otel_stream_t_;

/* A bound series of several streams, or of one that keeps exemplars. Private. */
typedef struct otel_fan_to_t_ {
    otel_cell_t *cell;
    uint32_t used;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
} otel_fan_to_t_;

typedef struct otel_fan_t_ {
    otel_cell_t cell;
    struct otel_fan_t_ *next;
    size_t len;
    otel_fan_to_t_ *to;
} otel_fan_t_;

/* What stands in front of an instrument. Private. */
typedef struct otel_source_t_ {
    otel_front_t_ front;
    otel_form_t_ form;
    const otel_form_t_ *origin;
    otel_metric_settings_t *settings;
    otel_series_t *series;                        /* that the instrument brought */
    otel_fan_t_ *fans;
    uint8_t bound;                                /* the program keeps series of its streams */
    otel_front_t_ *advised;                       /* what OTEL_KEYS set, NULL without; and its keys */
    const char *const *keys;
    const void *on_under, *off_under;             /* rules under which the meter is on, and is off */
} otel_source_t_;
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* ---- recording ---- */
/* Encode one attribute that is left out behind those that are there. */
OTEL_FN_ uint32_t otel_leave_out_(uint8_t *to, uint32_t used, const otel_attr_t *attribute)
{
    return used + (uint32_t)otel_attr_write_(to + used, (size_t)(OTEL_EXEMPLAR_INLINE_ - used), 0x3A, attribute);     /* Exemplar.filtered_attributes = 7 */
}

/* Is the meter off, where that may change? What is found out is kept with the rules for which it holds: they do not change. */
OTEL_FN_ bool otel_source_off_(otel_source_t_ *source, const otel_instrument_t *instrument)
{
    const otel_metric_settings_t *s = source->settings;
    const otel_meter_rules_t *now;
    const void *under;
    bool off;
    if (!s->rules_change) return false;
    now = OTEL_LOAD_ACQUIRE_(&s->now_);
    under = now ? (const void *)now : (const void *)s;
    if (OTEL_LOAD_(&source->on_under) == under) return false;
    if (OTEL_LOAD_(&source->off_under) == under) return true;
    off = otel_meter_off_(now ? now->rules : s->rules, now ? now->rules_len : s->rules_len, instrument->scope);
    OTEL_STORE_(off ? &source->off_under : &source->on_under, under);
    return off;
}

/* Does the attribute stay? All views have a say, else the instrument. */
OTEL_FN_ bool otel_stream_keeps_(const otel_stream_t_ *stream, const char *key)
{
    size_t i;
    if (stream->keys) return otel_key_in_(stream->keys, key);
    for (i = 0; i < stream->by_len; i++) {
        if (!otel_view_keeps_(stream->by[i], key)) return false;
    }
    return true;
}

/* The cell that a set of attributes has in a stream. */
OTEL_API_ OTEL_NOINLINE_ otel_cell_t *otel_stream_find_(otel_stream_t_ *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *left_out_len);
OTEL_API_ OTEL_NOINLINE_ otel_cell_t *otel_stream_find_(otel_stream_t_ *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *left_out_len)
{
    otel_attr_t kept[OTEL_SET_MAX_];
    size_t i, n = 0;
    *left_out_len = 0;
    if (len == 0 || !stream->filters) return otel_find_(&stream->base, attributes, len);
    for (i = 0; i < len; i++) {
        if (!attributes[i].key || !*attributes[i].key) continue;
        if (!otel_stream_keeps_(stream, attributes[i].key)) {
            if (stream->exemplars) *left_out_len = otel_leave_out_(left_out, *left_out_len, &attributes[i]);
        } else if (n < OTEL_SET_MAX_) {
            kept[n++] = attributes[i];
        } else {
            n = 256u;                                         /* too many: to the overflow series */
            break;
        }
    }
    return otel_find_(&stream->base, kept, n);
}

OTEL_FN_ void otel_stream_put_(otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m)
{
    if (m->is_int) (stream->form.whole)(cell, m->int_value);
    else (stream->form.real)(cell, m->double_value);
    if (stream->exemplars) (stream->settings->exemplars->offer_)(stream, cell, m);
}

OTEL_FN_ void otel_stream_record_(otel_stream_t_ *stream, otel_measurement_t *m)
{
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
    bool visits = otel_visit_(&stream->base);
    otel_cell_t *cell = otel_stream_find_(stream, m->attributes, m->attributes_len, left_out, &m->left_out_len_);
    m->left_out_ = left_out;
    if (cell) otel_stream_put_(stream, cell, m);
    if (visits) otel_part_(&stream->base);
    m->left_out_ = NULL;
}

OTEL_FN_ void otel_source_record_(otel_instrument_t *instrument, otel_measurement_t *m, const otel_attr_t *attributes, size_t len)
{
    otel_instrument_t *s;
    m->attributes = attributes;
    m->attributes_len = len;
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_() || !instrument->front_) return;       /* no instance is running */
    if (otel_source_off_((otel_source_t_ *)(void *)instrument->front_, instrument)) return;
    for (s = instrument->front_->streams; s; s = s->front_->streams) otel_stream_record_((otel_stream_t_ *)(void *)s, m);
}

OTEL_FN_ void otel_measurement_(otel_measurement_t *m, bool is_int, int64_t whole, double real)
{
    memset((void *)m, 0, sizeof *m);
    m->is_int = is_int;
    m->int_value = whole;
    m->double_value = real;
}

OTEL_API_ void otel_source_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_source_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len)
{
    otel_measurement_t m;
    otel_measurement_(&m, true, value, 0);
    otel_source_record_(instrument, &m, attributes, len);
}

OTEL_API_ void otel_source_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_source_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{
    otel_measurement_t m;
    otel_measurement_(&m, false, 0, value);
    otel_source_record_(instrument, &m, attributes, len);
}

/* Into a cell of the instrument: without attributes, or a bound series. */
OTEL_FN_ void otel_front_put_(otel_cell_t *cell, otel_measurement_t *m)
{
    otel_instrument_t *i = cell->owner;
    if (cell == &i->total_) {
        otel_source_record_(i, m, NULL, 0);
    } else {
        const otel_fan_t_ *fan = (const otel_fan_t_ *)(const void *)cell;
        size_t k;
        if (otel_source_off_((otel_source_t_ *)(void *)i->front_, i)) return;
        for (k = 0; k < fan->len; k++) {
            m->left_out_ = fan->to[k].left_out;
            m->left_out_len_ = fan->to[k].used;
            otel_stream_put_((otel_stream_t_ *)(void *)fan->to[k].cell->owner, fan->to[k].cell, m);
        }
    }
}

OTEL_API_ void otel_front_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_front_whole_(otel_cell_t *cell, int64_t value)
{
    otel_measurement_t m;
    if (!otel_cell_ready_(cell)) return;
    otel_measurement_(&m, true, value, 0);
    if (cell->owner->form_->kind & OTEL_FRONT_) otel_front_put_(cell, &m);
    else (cell->owner->form_->whole)(cell, value);            /* in this life there are no views */
}

OTEL_API_ void otel_front_real_(otel_cell_t *cell, double value);
OTEL_API_ void otel_front_real_(otel_cell_t *cell, double value)
{
    otel_measurement_t m;
    if (!otel_cell_ready_(cell)) return;
    otel_measurement_(&m, false, 0, value);
    if (cell->owner->form_->kind & OTEL_FRONT_) otel_front_put_(cell, &m);
    else (cell->owner->form_->real)(cell, value);
}

/* ---- memory ---- */
/* Some of the memory of the settings, all zero; NULL: not so much is left. */
OTEL_FN_ uint8_t *otel_carve_(otel_metric_settings_t *s, size_t bytes)
{
    size_t skip = (size_t)(0u - (uintptr_t)s->memory) & 7u, words = bytes / 8u, used;
    uint8_t *at;
#if OTEL_ATOMICS_
    used = OTEL_LOAD_(&s->used_);
    do {
        if (s->memory_len - used < words + (skip != 0)) break;
    } while (!OTEL_CAS_(&s->used_, &used, used + words));
#else
    uint32_t was = otel_mask_();
    used = s->used_;
    if (s->memory_len - used >= words + (skip != 0)) s->used_ = used + words;
    otel_unmask_(was);
#endif
    if (s->memory_len - used < words + (skip != 0)) {
        otel_tally_(&s->crowded_);
        return NULL;
    }
    at = (uint8_t *)s->memory + skip + used * 8u;
    memset(at, 0, bytes);
    return at;
}

OTEL_FN_ size_t otel_carved_(size_t bytes) { return (bytes + 7u) & ~(size_t)7; }

OTEL_FN_ void *otel_take_(uint8_t **at, size_t bytes)
{
    void *here = *at;
    *at += otel_carved_(bytes);
    return here;
}
OTEL_C_END_
#endif
#endif
