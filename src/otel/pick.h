/* What a reading takes of a collection: its own streams, and what its filter accepts. */
#ifndef OTEL_PICK_H
#define OTEL_PICK_H
#include "any.h"
#include "collect.h"
#include "compiler.h"
#include "reading.h"
#include "stream.h"
#include "view.h"
#include "wire.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A varint of at most 28 bits; *at moves behind it, or to the end. */
OTEL_FN_ size_t otel_any_length_(const uint8_t **at, const uint8_t *end)
{
    size_t n = 0;
    unsigned shift;
    for (shift = 0; *at < end && shift < 28u; shift += 7) {
        uint8_t byte = *(*at)++;
        n |= (size_t)(byte & 127u) << shift;
        if (byte < 128u) return n <= (size_t)(end - *at) ? n : (size_t)(end - *at);
    }
    *at = end;
    return 0;
}

OTEL_API_ bool otel_metric_attribute(const otel_metric_attributes_t *attributes, const char *key, otel_value_t *out)
{
    const uint8_t *p, *end, *inner;
    size_t n, key_len;
    OTEL_METRICS_OFF_((void)attributes; (void)key; (void)out; (void)p; (void)end; (void)inner; (void)n; (void)key_len; return false)
    if (!attributes || !key || !out || !attributes->len_) return false;
    key_len = strlen(key);
    end = attributes->bytes_ + attributes->len_;
    for (p = attributes->bytes_; p < end; p = inner + n) {
        const uint8_t *last;
        p++;                                                  /* tag, length, KeyValue.key = 1, length, text, KeyValue.value = 2, length, AnyValue */
        n = otel_any_length_(&p, end);
        inner = p;
        last = p + n;
        if (last - p < 2) continue;
        p++;
        if (otel_any_length_(&p, last) != key_len || memcmp(p, key, key_len) != 0 || (size_t)(last - p) < key_len + 2u) continue;
        p += key_len + 1u;
        (void)otel_any_length_(&p, last);
        return otel_any_read_(p, (size_t)(last - p), out);
    }
    return false;
}

OTEL_API_ bool otel_metric_filter_accepts(const otel_metric_filter_t *filter, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes)
{
    otel_metric_attributes_t none;
    otel_filter_answer_t answer;
    OTEL_METRICS_OFF_((void)filter; (void)metric; (void)attributes; (void)none; (void)answer; return true)
    if (!filter || !filter->test_metric) return true;
    none = otel_metric_attributes(NULL, 0);
    answer = (filter->test_metric)(filter, metric);
    if (answer != OTEL_FILTER_ACCEPT_PARTIAL || !filter->test_attributes) return answer != OTEL_FILTER_DROP;
    return (filter->test_attributes)(filter, metric, attributes ? attributes : &none);
}

#if OTEL_ENABLED
/* The stream that an instrument in the list is; NULL: it is one of the program's. */
OTEL_FN_ const otel_stream_t_ *otel_stream_(const otel_instrument_t *i)
{
    if (!i->front_ || (i->form_->kind & OTEL_FRONT_) || i->front_->calls->join) return NULL;
    return (const otel_stream_t_ *)(const void *)i;
}

/* Streams that were made for a reading are seen by its readers only. */
OTEL_FN_ bool otel_reading_sees_(const otel_reading_t *reading, const otel_instrument_t *i)
{
    const otel_stream_t_ *stream = otel_stream_(i);
    return !stream || !stream->reading || stream->reading == reading;
}

/* `cell` NULL: is there a series of the instrument that the filter may accept? */
OTEL_FN_ bool otel_filter_takes_(const otel_metric_filter_t *filter, const otel_instrument_t *i, const otel_cell_t *cell)
{
    static const uint8_t overflow[] = { 0x3A, 26, 0x0A, 20, 'o', 't', 'e', 'l', '.', 'm', 'e', 't', 'r', 'i', 'c', '.', 'o', 'v', 'e', 'r', 'f', 'l', 'o', 'w', 0x12, 2, 0x10, 1 };
    const otel_stream_t_ *stream = otel_stream_(i);
    otel_metric_about_t about;
    otel_metric_attributes_t attributes;
    about.name = i->name ? i->name : "";
    about.unit = i->unit ? i->unit : "";
    about.description = i->description ? i->description : "";
    about.scope = i->scope;
    about.kind = otel_view_kind_(stream ? ((const otel_source_t_ *)(const void *)stream->source->front_)->origin->kind : i->form_->kind);
    if (!cell) return (filter->test_metric)(filter, &about) != OTEL_FILTER_DROP;
    attributes = otel_metric_attributes(NULL, 0);
    if (cell == &i->overflow_) {
        attributes = otel_metric_attributes(overflow, sizeof overflow);
    } else if (cell != &i->total_) {
        const otel_series_t *series = (const otel_series_t *)(const void *)cell;
        attributes = otel_metric_attributes(series->attributes_, series->used_);
    }
    return otel_metric_filter_accepts(filter, &about, &attributes);
}

/* `cell` NULL: is anything of the instrument wanted? */
OTEL_API_ unsigned otel_reading_wants_(const otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell)
{
    const otel_reading_t *r = round->reading;
    if (!otel_reading_sees_(r, instrument) || (r->filter && r->filter->test_metric && !otel_filter_takes_(r->filter, instrument, cell))) return OTEL_NOT_WANTED_;
    return cell && r->most_points && round->points >= r->most_points ? OTEL_PACKET_FULL_ : OTEL_WANTED_;
}
#endif
OTEL_C_END_
#endif
#endif
