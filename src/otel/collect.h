/* Metrics are encoded when they are collected: a round visits every series of an instance once and writes data points of
   one time. A round that is larger than a packet goes on in the next one. The first instrument brings this part with it,
   so that a program without metrics has none of it. opentelemetry/proto/metrics/v1/metrics.proto.

   Points of an instance that does not know the time carry time since boot (the exporter decides whether they may go). A
   reader that tells what came since last time keeps, beside each series, what its last confirmed packet said (temporality.h):
   writers do not know of it. */
#ifndef OTEL_COLLECT_H
#define OTEL_COLLECT_H
#include "attr.h"
#include "clock.h"
#include "compiler.h"
#include "field.h"
#include "instance.h"
#include "metric.h"
#include "nanopb.h"
#include "reading.h"
#include "wire.h"

/* A reader, and where its round stands. Private. */
typedef struct otel_collect_t {
    otel_instrument_t *first;         /* the list as the round began: what registers later is in the next round */
    otel_instrument_t *leader;        /* the first of its scope in the list */
    otel_instrument_t *at;            /* NULL: the round is over */
    uint32_t series;                  /* of `at`: 0 without attributes, 1 overflow, then the table */
    uint32_t points, lost;            /* of the last packet: what it holds, and what does not even fit alone */
    uint32_t most;                    /* points of a packet; 0: what fits */
    uint64_t time;                    /* of all points in this round, by the clock of the instance */
    uint64_t starts;                  /* what makes Unix time of the starts of totals: a start that moves is a total that began anew */
    struct otel_temporality_t *temporality;       /* NULL: cumulative */
    const struct otel_reading_t *reading;         /* NULL: all there is */
    otel_instrument_t *from, *from_leader;        /* where the last packet began */
    uint32_t from_series;
    bool running;                     /* false: the next packet begins a round */
    uint8_t number;                   /* of the round, for what callbacks tell */
} otel_collect_t;

/* Which sums and histograms tell what came since last time. Made by OTEL_DELTA_IN and OTEL_LOW_MEMORY_IN; private. */
typedef struct otel_temporality_t {
    uint64_t *memory_ OTEL_Z_;
    size_t memory_len_ OTEL_Z_;
    /* Is it a difference? Then *start becomes Unix time. */
    bool (*since_)(struct otel_temporality_t *t, otel_t *otel, const otel_collect_t *round, otel_telling_t_ *point, uint64_t *start) OTEL_Z_;
    void (*confirm_)(struct otel_temporality_t *t, otel_t *otel, const otel_collect_t *round) OTEL_Z_;
    bool low_memory_ OTEL_Z_;
    size_t used_ OTEL_Z_, at_ OTEL_Z_;            /* words */
    uint64_t offset_ OTEL_Z_;                     /* what made Unix time of the times that were told last */
} otel_temporality_t;

OTEL_C_BEGIN_
/* Append as many complete ResourceMetrics.scope_metrics as fit into `room`, which is that of a whole packet: a point that
   does not even fit alone is skipped and counted as lost. The number of bytes; c->points of them; !c->running: the round is over. */
OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* The first instrument from `from` on that belongs to this life of the instance and, when `like` is given, to its scope. */
OTEL_FN_ otel_instrument_t *otel_collect_like_(const otel_t *otel, otel_instrument_t *from, const otel_instrument_t *like)
{
    while (from && (OTEL_LOAD_ACQUIRE_(&from->epoch_) != otel->epoch_ || OTEL_LOAD_(&from->otel_) != otel || (like && from->scope != like->scope))) from = from->next_;
    return from;
}

/* Back to where the last packet began. */
OTEL_FN_ void otel_collect_back_(otel_collect_t *c)
{
    c->at = c->from;
    c->leader = c->from_leader;
    c->series = c->from_series;
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

#if OTEL_BODIES_
#define OTEL_DELTA_ 1u            /* AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA */
#define OTEL_CUMULATIVE_ 2u       /* AGGREGATION_TEMPORALITY_CUMULATIVE */
#define OTEL_OVERFLOW_BYTES_ 28u  /* the attribute otel.metric.overflow = true */
#define OTEL_METRIC_TAIL_ 4u      /* temporality and is_monotonic */

/* What is open in a packet: lengths of scope and metric are filled in when they close. */
typedef struct otel_open_t_ {
    uint8_t *at, *end;                    /* next byte; where the packet ends */
    uint8_t *scope, *metric, *data;       /* where their lengths stand; NULL: not open */
    const otel_instrument_t *leader, *instrument;
    uint8_t temporality;                  /* of the open metric */
} otel_open_t_;

OTEL_FN_ void otel_close_length_(uint8_t *length, const uint8_t *end)
{
    otel_put_length_(length, (uint32_t)(end - length - (ptrdiff_t)OTEL_LENGTH_BYTES_));
}

OTEL_FN_ void otel_metric_close_(otel_open_t_ *open)
{
    unsigned kind;
    if (!open->metric) return;
    kind = open->instrument->form_->kind;
#if OTEL_NANOPB_
    if (!(kind & OTEL_LAST_)) (void)otel_nanopb_sum_(&open->at, open->end, open->temporality, (kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_);
#else
    if (!(kind & OTEL_LAST_)) {
        *open->at++ = 0x10;               /* Sum.aggregation_temporality = 2, Histogram.aggregation_temporality = 2 */
        *open->at++ = open->temporality;
        if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
            *open->at++ = 0x18;           /* Sum.is_monotonic = 3 */
            *open->at++ = 1;
        }
    }
#endif
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
    return otel_too_long_(n) ? SIZE_MAX / 8u : otel_message_size_(n);
}

OTEL_FN_ void otel_scope_close_(otel_open_t_ *open)
{
    otel_metric_close_(open);
    if (!open->scope) return;
#if OTEL_NANOPB_
    (void)otel_nanopb_schema_(&open->at, open->end, otel_scope_schema_(open->leader));
#else
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, otel_scope_schema_(open->leader));   /* ScopeMetrics.schema_url = 3 */
#endif
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
OTEL_FN_ bool otel_metric_open_(otel_open_t_ *open, const otel_instrument_t *instrument, uint8_t temporality)
{
    size_t text = otel_text_size_(instrument->name) + otel_text_size_(instrument->description) + otel_text_size_(instrument->unit);
    otel_metric_close_(open);
    if ((size_t)(open->end - open->at) < 2u * (1u + OTEL_LENGTH_BYTES_) + text) return false;
    *open->at++ = 0x12;
    open->metric = open->at;
    open->instrument = instrument;
    open->temporality = temporality;
    open->at += OTEL_LENGTH_BYTES_;
#if OTEL_NANOPB_
    if (!otel_nanopb_metric_(&open->at, open->end, instrument->name, instrument->description, instrument->unit)) return false;
#else
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x0A, instrument->name);          /* Metric.name = 1 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x12, instrument->description);   /* Metric.description = 2 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, instrument->unit);          /* Metric.unit = 3 */
#endif
    *open->at++ = instrument->form_->data;
    open->data = open->at;
    open->at += OTEL_LENGTH_BYTES_;
    return true;
}

/* Time of the clock as Unix nanoseconds, as far as it is known. */
OTEL_FN_ uint64_t otel_clock_unix_(const otel_t *otel, uint64_t time)
{
    uint64_t offset;
    (void)otel_clock_offset_(&otel->clock_, &offset);
    return time + offset;
}

#if !OTEL_NANOPB_
OTEL_FN_ uint8_t *otel_put_time_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}
#endif

/* One data point, which began at `start` (Unix): length, times, what the form says, attributes. False: no room. When it is not fresh,
   nothing is written. */
OTEL_FN_ bool otel_point_write_(otel_open_t_ *open, const otel_t *otel, const otel_collect_t *c, otel_telling_t_ *point, uint64_t start)
{
    const otel_instrument_t *instrument = c->at;
    const otel_form_t_ *form = instrument->form_;
    const uint64_t now = otel_clock_unix_(otel, c->time), time = start > now && !(form->kind & OTEL_LAST_) ? start : now;      /* it may have begun after the first packet */
    const otel_series_t *series = c->series > 1u ? &instrument->series[c->series - 2u] : NULL;
    size_t attributes = series ? series->used_ : c->series ? OTEL_OVERFLOW_BYTES_ : 0u, length, size;
    size_t tail = OTEL_METRIC_TAIL_ + otel_text_size_(otel_scope_schema_(instrument));
    uint8_t *p = open->at;
    length = form->small == 255u || attributes + 2u * 9u + form->small > 127u ? OTEL_LENGTH_BYTES_ : 1u;
    if ((size_t)(open->end - p) < 1u + length + 2u * 9u + attributes + tail) return false;
    *p = 0x0A;                                                /* Gauge.data_points = 1, and so in Sum and the histograms */
    p += 1u + length;
#if OTEL_NANOPB_
    if (!otel_nanopb_times_(&p, open->end - attributes - tail, form->kind & OTEL_LAST_ ? 0u : start, time)) return false;
#else
    if (!(form->kind & OTEL_LAST_)) p = otel_put_time_(p, 0x11, start);               /* start_time_unix_nano = 2, fixed64 */
    p = otel_put_time_(p, 0x19, time);                                        /* time_unix_nano = 3, fixed64 */
#endif
    point->at = p;
    point->end = open->end - attributes - tail;
    if (!(form->write)(point)) return false;
    if (!point->fresh) return true;
    p = point->at;
    if (series) {
        memcpy(p, series->attributes_, attributes);
    } else if (attributes) {
        const otel_attr_t overflow = otel_bool("otel.metric.overflow", true);
        (void)otel_attr_write_(p, attributes, form->attribute, &overflow);
    }
    p += attributes;
    size = (size_t)(p - open->at) - 1u - length;
    if (length == 1u) open->at[1] = (uint8_t)size;
    else otel_put_length_(open->at + 1, (uint32_t)size);
    open->at = p;
    return true;
}

#define OTEL_ROUNDS_ 16u          /* more rounds than are ever under way at once: numbers of rounds come again */

/* What a callback tells, only when it told it in this round or later; what it has not told for long it has not told. */
OTEL_FN_ bool otel_cell_observed_(const otel_collect_t *c, otel_cell_t *cell)
{
    uint8_t set = OTEL_LOAD_ACQUIRE_(&cell->set);
    if (set == 0) return false;
    if ((uint8_t)(set - c->number) < 128u) return true;
    if ((uint8_t)(c->number - set) > OTEL_ROUNDS_) {
#if OTEL_ATOMICS_
        (void)OTEL_CAS_(&cell->set, &set, (uint8_t)0);
#else
        cell->set = 0;
#endif
    }
    return false;
}

/* Does the cell have something to say in this round? */
OTEL_FN_ bool otel_cell_says_(const otel_collect_t *c, const otel_instrument_t *i, otel_cell_t *cell)
{
    unsigned kind = i->form_->kind;
    if (!OTEL_LOAD_ACQUIRE_(&cell->awake)) return false;
    if (kind & OTEL_OBSERVED_) return otel_cell_observed_(c, cell);
    return (kind & OTEL_SUM_) || OTEL_LOAD_ACQUIRE_(&cell->set);
}

/* What a lost packet said of a series that callbacks tell no more was not told. */
OTEL_FN_ void otel_collect_pass_(otel_t *otel, const otel_collect_t *c, otel_cell_t *cell)
{
    otel_telling_t_ point;
    uint64_t start = 0;
    if (!OTEL_LOAD_ACQUIRE_(&cell->awake)) return;
    point.cell = cell;
    (void)(c->temporality->since_)(c->temporality, otel, c, &point, &start);
}

/* The cell where the round stands, or the next one that has something to say; NULL: the round is over. */
OTEL_FN_ otel_cell_t *otel_collect_cell_(otel_t *otel, otel_collect_t *c)
{
    while (c->at) {
        otel_instrument_t *i = c->at;
        uint32_t end = 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&i->used_);
        for (; c->series < end; c->series++) {
            otel_cell_t *cell = c->series == 0 ? &i->total_ : c->series == 1u ? &i->overflow_ : &i->series[c->series - 2u].cell_;
            if (otel_cell_says_(c, i, cell)) return cell;
            if (c->temporality && (i->form_->kind & OTEL_OBSERVED_)) otel_collect_pass_(otel, c, cell);
        }
        otel_collect_next_(otel, c);
    }
    return NULL;
}

/* The clock is put right again and again, by milliseconds: starts of totals stay what they were said to be, unless they were wrong by
   an hour, or would lie behind what is told now. */
OTEL_FN_ void otel_collect_starts_(const otel_t *otel, otel_collect_t *c)
{
    const uint64_t second = 1000000000u, moved = otel_clock_unix_(otel, 0) - c->starts;
    if (!c->starts || moved + second >= 3600u * second) c->starts += moved;
}

/* A round begins: callbacks tell their numbers first. */
OTEL_FN_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c)
{
    c->at = NULL;
    c->series = 0;
    if (!otel || !otel->live_) return;
    if (OTEL_LOAD_(&otel->observe_)) c->number = OTEL_LOAD_(&otel->observe_)(otel);
    c->first = otel_collect_like_(otel, OTEL_LOAD_ACQUIRE_(&otel->instruments_), NULL);
    c->leader = c->at = c->first;
    c->time = otel_clock_now_(&otel->clock_);
    otel_collect_starts_(otel, c);
    c->running = true;
}

/* Write what the round has next to say. 0: no room; 1: written; 2: it has nothing to say after all. */
OTEL_FN_ unsigned otel_collect_point_(otel_t *otel, otel_collect_t *c, otel_open_t_ *open, otel_cell_t *cell)
{
    otel_telling_t_ point;
    uint64_t start = otel_cell_start_(cell);
    uint8_t temporality = OTEL_CUMULATIVE_;
    bool written;
    point.cell = cell;
    point.told = point.telling = NULL;
    point.extremes = NULL;
    point.fresh = true;
    if (c->temporality && (c->temporality->since_)(c->temporality, otel, c, &point, &start)) temporality = OTEL_DELTA_;
    else start += c->starts;
    if (!(open->scope && open->leader == c->leader) && !otel_scope_open_(open, c->leader)) return 0;
    if ((!open->metric || open->instrument != c->at) && !otel_metric_open_(open, c->at, temporality)) return 0;
    written = otel_point_write_(open, otel, c, &point, start);
    if (written && point.fresh) return 1u;
    /* Not said, nor is what of a measurement was there before the rest of it: its sum, and not its bucket. */
    if (point.told) memcpy(point.telling, point.told, (c->at->form_->words)(c->at) * sizeof *point.told);
    return written ? 2u : 0u;
}

OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room)
{
    otel_open_t_ open, before;
    otel_cell_t *cell;
    memset((void *)&open, 0, sizeof open);
    open.at = to;
    open.end = to + (otel_too_long_(room) ? (size_t)OTEL_LENGTH_MAX_ : room);
    c->points = c->lost = 0;
    OTEL_METRICS_OFF_((void)otel; (void)room; (void)cell; (void)before; return 0)
    if (!c->running) otel_collect_begin_(otel, c);
    c->from = c->at;
    c->from_leader = c->leader;
    c->from_series = c->series;
    for (; (cell = otel_collect_cell_(otel, c)) != NULL; c->series++) {
        unsigned did;
        if (c->most && c->points >= c->most) break;
        if (c->reading && (did = (c->reading->wants_)(c, c->at, cell)) != OTEL_WANTED_) {
            if (did == OTEL_NOT_WANTED_) continue;
            break;
        }
        before = open;
        did = otel_collect_point_(otel, c, &open, cell);
        if (did == 1u) {
            c->points++;
            continue;
        }
        open = before;                    /* as if it had not been tried: lengths are written again when they close */
        if (did == 2u) continue;
        if (c->points) break;
        c->lost++;
    }
    otel_scope_close_(&open);
    c->running = cell != NULL;
    return (size_t)(open.at - to);
}
#endif
OTEL_C_END_
#endif
