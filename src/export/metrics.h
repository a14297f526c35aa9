/* Metrics are encoded when they are collected: a round visits every series of an instance once and writes data points of
   one time. A round that is larger than a packet goes on in the next one. opentelemetry/proto/metrics/v1/metrics.proto.

   Temporality is cumulative: a point says what came since the instrument's first use. Points of an instance that does not
   know the time carry time since boot (the exporter decides whether they may go). A delta reader will keep, in
   otel_collect_t, which reader it is, and beside each series what its last confirmed packet said: nothing else changes
   here, as each point passes through otel_point_write_. */
#ifndef OTEL_EXPORT_METRICS_H
#define OTEL_EXPORT_METRICS_H
#include "../otel/clock.h"
#include "../otel/compiler.h"
#include "../otel/histogram.h"
#include "../otel/instance.h"
#include "../otel/metric.h"
#include "../otel/wire.h"
#include "otlp.h"

/* Where a round stands. Private. */
typedef struct otel_collect_t {
    otel_instrument_t *first;         /* the list as the round began: what registers later is in the next round */
    otel_instrument_t *leader;        /* the first of its scope in the list */
    otel_instrument_t *at;            /* NULL: the round is over */
    uint32_t series;                  /* of `at`: 0 without attributes, 1 overflow, then the table */
    uint64_t time;                    /* of all points in this round, by the clock of the instance */
} otel_collect_t;

OTEL_C_BEGIN_
/* Begin a round. */
OTEL_API_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c);

/* Append as many complete ResourceMetrics.scope_metrics as fit into `room`, which is that of a whole packet: a point that
   does not even fit alone is skipped and counted in *lost. *done: the round is over. The number of bytes; *points of them. */
OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room, uint32_t *points, uint32_t *lost, bool *done);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CUMULATIVE_ 2        /* AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE */
#define OTEL_OVERFLOW_BYTES_ 28u  /* the attribute otel.metric.overflow = true */
#define OTEL_METRIC_TAIL_ 4u      /* temporality and is_monotonic */

/* What is open in a packet: lengths of scope and metric are filled in when they close. */
typedef struct otel_open_t_ {
    uint8_t *at, *end;                    /* next byte; where the packet ends */
    uint8_t *scope, *metric, *data;       /* where their lengths stand; NULL: not open */
    const otel_instrument_t *leader, *instrument;
} otel_open_t_;

OTEL_FN_ void otel_close_length_(uint8_t *length, const uint8_t *end)
{
    otel_put_length_(length, (uint32_t)(end - length - (ptrdiff_t)OTEL_LENGTH_BYTES_));
}

OTEL_FN_ void otel_metric_close_(otel_open_t_ *open)
{
    unsigned kind;
    if (!open->metric) return;
    kind = open->instrument->kind_;
    if (!(kind & OTEL_LAST_)) {
        *open->at++ = 0x10;               /* Sum.aggregation_temporality = 2, Histogram.aggregation_temporality = 2 */
        *open->at++ = OTEL_CUMULATIVE_;
        if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
            *open->at++ = 0x18;           /* Sum.is_monotonic = 3 */
            *open->at++ = 1;
        }
    }
    otel_close_length_(open->data, open->at);
    otel_close_length_(open->metric, open->at);
    open->metric = NULL;
}

OTEL_FN_ const char *otel_scope_schema_(const otel_instrument_t *instrument) { return instrument->scope ? instrument->scope->schema_url : NULL; }

/* Bytes of a string field, 0 for an empty one. */
OTEL_FN_ size_t otel_text_size_(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0) return 0;
    return otel_too_long_(n) ? SIZE_MAX / 8u : 1u + otel_varint_size_((uint32_t)n) + n;
}

OTEL_FN_ void otel_scope_close_(otel_open_t_ *open)
{
    otel_metric_close_(open);
    if (!open->scope) return;
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, otel_scope_schema_(open->leader));   /* ScopeMetrics.schema_url = 3 */
    otel_close_length_(open->scope, open->at);
    open->scope = NULL;
}

/* ResourceMetrics.scope_metrics = 2 up to the first metric; false: no room. */
OTEL_FN_ bool otel_scope_open_(otel_open_t_ *open, const otel_instrument_t *leader)
{
    size_t n = 0;
    otel_scope_close_(open);
    if ((size_t)(open->end - open->at) < 1u + OTEL_LENGTH_BYTES_ + otel_text_size_(otel_scope_schema_(leader))) return false;
    *open->at++ = 0x12;
    open->scope = open->at;
    open->leader = leader;
    open->at += OTEL_LENGTH_BYTES_;
    if (leader->scope) {
        if ((size_t)(open->end - open->at) < 8u + otel_text_size_(leader->scope->name) + otel_text_size_(leader->scope->version)) return false;
        n = otel_scope_write_(open->at, (size_t)(open->end - open->at), leader->scope);
        if (n == 0) return false;
    }
    open->at += n;
    return true;
}

/* ScopeMetrics.metrics = 2 up to the first data point; false: no room. */
OTEL_FN_ bool otel_metric_open_(otel_open_t_ *open, const otel_instrument_t *instrument)
{
    size_t text = otel_text_size_(instrument->name) + otel_text_size_(instrument->description) + otel_text_size_(instrument->unit);
    otel_metric_close_(open);
    if ((size_t)(open->end - open->at) < 2u * (1u + OTEL_LENGTH_BYTES_) + text) return false;
    *open->at++ = 0x12;
    open->metric = open->at;
    open->instrument = instrument;
    open->at += OTEL_LENGTH_BYTES_;
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x0A, instrument->name);          /* Metric.name = 1 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x12, instrument->description);   /* Metric.description = 2 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, instrument->unit);          /* Metric.unit = 3 */
    *open->at++ = instrument->kind_ & OTEL_LAST_ ? 0x2A : instrument->kind_ & OTEL_SUM_ ? 0x3A : 0x4A;       /* Metric.gauge = 5, sum = 7, histogram = 9 */
    open->data = open->at;
    open->at += OTEL_LENGTH_BYTES_;
    return true;
}

OTEL_FN_ uint8_t *otel_put_field64_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}

/* The value of a cell, whole. */
OTEL_FN_ uint64_t otel_cell_read_(otel_cell_t *cell)
{
#if OTEL_WIDE_
    return OTEL_LOAD_(&cell->value);
#else
    uint64_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = cell->value;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

OTEL_FN_ otel_word_t otel_word_read_(otel_cell_t *cell, otel_word_t *word)
{
#if OTEL_WIDE_
    (void)cell;
    return OTEL_LOAD_(word);
#else
    otel_word_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = *word;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

/* Time of the clock as Unix nanoseconds, as far as it is known. */
OTEL_FN_ uint64_t otel_clock_unix_(const otel_t *otel, uint64_t time) { return otel->clock_.known ? time + otel->clock_.offset : time; }

/* Buckets, count and bounds of a histogram; writers go on meanwhile, so the count is the sum of the buckets as they were
   read, and sum and extremes may be ahead of it by what was recorded in between. */
OTEL_FN_ uint8_t *otel_histogram_write_(uint8_t *to, otel_cell_t *cell)
{
    const otel_instrument_t *instrument = cell->owner;
    size_t i, bounds = instrument->bounds_len;
    uint64_t count = 0;
    uint8_t *count_at = to;
    to = otel_put_field64_(to, 0x21, 0);                      /* HistogramDataPoint.count = 4, fixed64 */
    if (instrument->rows) {
        otel_word_t *row = cell->held.row;
        *to = 0x32;                                           /* HistogramDataPoint.bucket_counts = 6, packed fixed64 */
        to = otel_put_varint_(to + 1, (uint32_t)(8u * (bounds + 1u)));
        for (i = 0; i <= bounds; i++) {
            uint64_t bucket = otel_word_read_(cell, &row[OTEL_ROW_BUCKETS_ + i]);
            count += bucket;
            otel_put64_(to, bucket);
            to += 8;
        }
        if (bounds) {
            *to = 0x3A;                                       /* HistogramDataPoint.explicit_bounds = 7, packed double */
            to = otel_put_varint_(to + 1, (uint32_t)(8u * bounds));
            for (i = 0; i < bounds; i++) {
                otel_put64_(to, otel_double_bits_(instrument->bounds[i]));
                to += 8;
            }
        }
        to = otel_put_field64_(to, 0x59, otel_double_bits_(otel_unorder_(~otel_word_read_(cell, &row[OTEL_ROW_MIN_]))));     /* min = 11 */
        to = otel_put_field64_(to, 0x61, otel_double_bits_(otel_unorder_(otel_word_read_(cell, &row[OTEL_ROW_MAX_]))));      /* max = 12 */
    } else {
        count = otel_word_read_(cell, &cell->held.count);
    }
    otel_put64_(count_at + 1, count);
    return otel_put_field64_(to, 0x29, otel_double_bits_(otel_unpack_(otel_cell_read_(cell))));       /* HistogramDataPoint.sum = 5, double */
}

OTEL_FN_ size_t otel_histogram_size_(const otel_instrument_t *instrument)
{
    size_t buckets = 8u * (instrument->bounds_len + 1u), bounds = 8u * instrument->bounds_len;
    if (!instrument->rows) return 2u * 9u;
    return 4u * 9u + 1u + otel_varint_size_((uint32_t)buckets) + buckets + (bounds ? 1u + otel_varint_size_((uint32_t)bounds) + bounds : 0u);
}

/* The number of a sum or a gauge. A counter that was read while it passed its end is at its end. */
OTEL_FN_ uint8_t *otel_number_write_(uint8_t *to, otel_cell_t *cell)
{
    unsigned kind = cell->owner->kind_;
    uint64_t value = otel_cell_read_(cell);
    if (kind & OTEL_DOUBLE_) return otel_put_field64_(to, 0x21, otel_double_bits_(otel_unpack_(value)));      /* NumberDataPoint.as_double = 4 */
    if (kind == OTEL_SUM_ && value >> 63) value = (uint64_t)INT64_MAX;
    return otel_put_field64_(to, 0x31, value);                /* NumberDataPoint.as_int = 6, sfixed64 */
}

/* One data point; false: no room. */
OTEL_FN_ bool otel_point_write_(otel_open_t_ *open, const otel_t *otel, const otel_collect_t *c, otel_cell_t *cell)
{
    const otel_instrument_t *instrument = c->at;
    const otel_series_t *series = c->series > 1u ? &instrument->series[c->series - 2u] : NULL;
    unsigned kind = instrument->kind_;
    size_t attributes = series ? series->used_ : c->series ? OTEL_OVERFLOW_BYTES_ : 0u;
    size_t size = attributes + (kind & OTEL_LAST_ ? 9u : 2u * 9u) + (kind & OTEL_BUCKETS_ ? otel_histogram_size_(instrument) : 9u);
    size_t all = 1u + otel_varint_size_((uint32_t)size) + size + OTEL_METRIC_TAIL_ + otel_text_size_(otel_scope_schema_(instrument));
    uint8_t *p = open->at;
    if (all > (size_t)(open->end - p)) return false;
    *p = 0x0A;                                                /* Gauge.data_points = 1, Sum.data_points = 1, Histogram.data_points = 1 */
    p = otel_put_varint_(p + 1, (uint32_t)size);
    if (!(kind & OTEL_LAST_)) p = otel_put_field64_(p, 0x11, otel_clock_unix_(otel, instrument->start_));     /* start_time_unix_nano = 2, fixed64 */
    p = otel_put_field64_(p, 0x19, otel_clock_unix_(otel, c->time));                                          /* time_unix_nano = 3, fixed64 */
    p = kind & OTEL_BUCKETS_ ? otel_histogram_write_(p, cell) : otel_number_write_(p, cell);
    if (series) {
        memcpy(p, series->attributes_, attributes);
    } else if (attributes) {
        otel_value_t yes = otel_value_bool_(true);
        (void)otel_attr_write_(p, attributes, otel_attribute_tag_(kind), "otel.metric.overflow", &yes);
    }
    open->at = p + attributes;
    return true;
}

/* The first instrument from `from` on that belongs to this life of the instance and, when `like` is given, to its scope. */
OTEL_FN_ otel_instrument_t *otel_collect_like_(const otel_t *otel, otel_instrument_t *from, const otel_instrument_t *like)
{
    while (from && (OTEL_LOAD_ACQUIRE_(&from->epoch_) != otel->epoch_ || OTEL_LOAD_(&from->otel_) != otel || (like && from->scope != like->scope))) from = from->next_;
    return from;
}

/* The next instrument: of the same scope while there are any, else the first of a scope that has not had its turn. */
OTEL_FN_ void otel_collect_next_(const otel_t *otel, otel_collect_t *c)
{
    c->series = 0;
    c->at = otel_collect_like_(otel, c->at->next_, c->leader);
    if (c->at) return;
    do {
        c->leader = otel_collect_like_(otel, c->leader->next_, NULL);
    } while (c->leader && otel_collect_like_(otel, c->first, c->leader) != c->leader);
    c->at = c->leader;
}

/* The cell where the round stands, or the next one that has something to say; NULL: the round is over. */
OTEL_FN_ otel_cell_t *otel_collect_cell_(const otel_t *otel, otel_collect_t *c)
{
    while (c->at) {
        otel_instrument_t *i = c->at;
        uint32_t end = 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&i->used_);
        for (; c->series < end; c->series++) {
            otel_cell_t *cell = c->series == 0 ? &i->total_ : c->series == 1u ? &i->overflow_ : &i->series[c->series - 2u].cell_;
            if (OTEL_LOAD_ACQUIRE_(&cell->awake) && ((i->kind_ & OTEL_SUM_) || OTEL_LOAD_ACQUIRE_(&cell->set))) return cell;
        }
        otel_collect_next_(otel, c);
    }
    return NULL;
}

OTEL_API_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c)
{
    memset((void *)c, 0, sizeof *c);
    OTEL_METRICS_OFF_((void)otel; return)
    if (!otel || !otel->live_) return;
    c->first = otel_collect_like_(otel, OTEL_LOAD_ACQUIRE_(&otel->instruments_), NULL);
    c->leader = c->at = c->first;
    c->time = otel_clock_now_(&otel->clock_);
}

OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room, uint32_t *points, uint32_t *lost, bool *done)
{
    otel_open_t_ open;
    otel_cell_t *cell;
    memset((void *)&open, 0, sizeof open);
    open.at = to;
    open.end = to + (otel_too_long_(room) ? (size_t)OTEL_LENGTH_MAX_ : room);
    *points = 0;
    *lost = 0;
    *done = true;
    OTEL_METRICS_OFF_((void)otel; (void)c; (void)room; (void)cell; return 0)
    for (; (cell = otel_collect_cell_(otel, c)) != NULL; c->series++) {
        otel_open_t_ before = open;
        bool fits = open.scope && open.leader == c->leader ? true : otel_scope_open_(&open, c->leader);
        if (fits && (!open.metric || open.instrument != c->at)) fits = otel_metric_open_(&open, c->at);
        if (fits) fits = otel_point_write_(&open, otel, c, cell);
        if (fits) {
            ++*points;
            continue;
        }
        open = before;                    /* as if it had not been tried: lengths are written again when they close */
        if (*points) break;
        ++*lost;
    }
    otel_scope_close_(&open);
    *done = cell == NULL;
    return (size_t)(open.at - to);
}
OTEL_C_END_
#endif
#endif
