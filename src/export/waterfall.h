/* Traces for people: the spans of some requests as an indented waterfall, each with its place in the trace, how long it took,
   what is set on it and the logs that were written in it. opentelemetry/proto: trace.proto, logs.proto. */
#ifndef OTEL_EXPORT_WATERFALL_H
#define OTEL_EXPORT_WATERFALL_H
#include "../otel/attr.h"
#include "../otel/compiler.h"
#include "../otel/span.h"
#include "painter.h"
#include "request.h"

#define OTEL_BAR_ 24u                  /* columns of a span's bar */
#define OTEL_NAMES_ 8u                 /* spans that are remembered for logs that come later */

/* A span in a waterfall. Private. */
typedef struct otel_row_t_ {
    otel_pb_field_t_ span;
    const uint8_t *trace, *id, *parent;
    uint64_t start, end;
    int16_t up;                        /* row of the parent, -1: not here */
    uint8_t depth;
    bool done;
} otel_row_t_;

/* Spans, log records or metrics of a request, one after the other: parts = 1; their scopes = 2; what is in those = 2. Private. */
typedef struct otel_leaves_t_ {
    otel_pb_t_ level[3];
    uint8_t depth;                     /* the level that is open */
    const uint8_t *tag;                /* of the leaf that was found last */
    otel_pb_field_t_ leaf;
} otel_leaves_t_;

/* Requests that are shown together, room for their rows, and how far they are shown. Private. */
typedef struct otel_waterfall_t_ {
    otel_painter_t_ *paint;
    otel_row_t_ *row;
    unsigned rows, room;
    otel_pb_field_t_ service;
    uint8_t *held;                     /* requests, each behind its signal and its length; logs that were shown lose their tag */
    size_t held_len;
    uint8_t trace[16];                 /* the one whose title was written last */
    struct { uint8_t id[8]; char name[24]; } seen[OTEL_NAMES_];
    uint8_t seen_next;
    otel_row_t_ few[4];                /* without other room */
    otel_leaves_t_ spans, logs;        /* of the request that is read; of those that are held */
    bool waits;                        /* a span that there was no room for */
    const uint8_t *tree;               /* the trace that is shown; NULL: none */
    int at;                            /* the row where it is; -1: above the first one */
    unsigned circle;                   /* rows before that are done, when parents go in a circle */
    uint64_t first, last;              /* nanosecond of the trace */
    unsigned indent, below;            /* of what belongs to the row; of what a log says */
    bool error;                        /* the row's span has failed */
    size_t next, logs_next;            /* the requests that are held, for spans and for logs */
    otel_pb_t_ list;                   /* events and links of a span, */
    otel_pb_field_t_ one;              /* and one of them */
} otel_waterfall_t_;

#define OTEL_HELD_HEAD_ 5u             /* bytes before a request that is held: signal, length */
#define OTEL_HELD_DONE_ 0x7Au          /* the tag of a log record that was shown: field 15, which no request has */
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_leaves_open_(otel_leaves_t_ *l, const void *request, size_t len)
{
    l->depth = 0;
    l->level[0] = otel_pb_open_(request, len);
}

/* The next one, into l->leaf; false behind the last. */
OTEL_STEP_ bool otel_leaves_next_(otel_leaves_t_ *l)
{
    for (;;) {
        otel_pb_t_ *level = &l->level[l->depth];
        l->tag = level->at;
        if (!otel_pb_next_(level, &l->leaf)) {
            if (l->depth == 0) return false;
            l->depth--;
        } else if (l->depth < 2u) {
            if (l->leaf.number != l->depth + 1u) continue;
            l->depth++;
            l->level[l->depth] = otel_pb_open_(l->leaf.bytes, l->leaf.len);
        } else if (l->leaf.number == 2u && l->leaf.type == OTEL_PB_SLICE_) {
            return true;
        }
    }
}

/* Open the next request of a signal that is held, from *at on; false behind the last one. */
OTEL_STEP_ bool otel_held_next_(const otel_waterfall_t_ *w, size_t *at, unsigned signal, otel_leaves_t_ *to)
{
    while (*at + OTEL_HELD_HEAD_ <= w->held_len) {
        const uint8_t *p = w->held + *at;
        size_t len = (size_t)otel_get32_(p + 1);
        *at += OTEL_HELD_HEAD_ + len;
        if (p[0] != signal) continue;
        otel_leaves_open_(to, p + OTEL_HELD_HEAD_, len);
        return true;
    }
    return false;
}

/* ---- logs ---- */

/* The name of the span that a log was written in, when it was shown before. */
OTEL_STEP_ void otel_waterfall_in_(otel_waterfall_t_ *w)
{
    const otel_pb_field_t_ *id = otel_paint_find_(w->paint, &w->logs.leaf, 10);
    unsigned i;
    for (i = 0; id->len == 8 && i < OTEL_NAMES_; i++) {
        if (memcmp(w->seen[i].id, id->bytes, 8)) continue;
        otel_paint_text_(w->paint, "  (in ");
        otel_paint_text_(w->paint, w->seen[i].name);
        otel_paint_text_(w->paint, ")");
        return;
    }
}

/* TRACE to FATAL, in its colour. */
OTEL_STEP_ void otel_waterfall_severity_(otel_painter_t_ *p, unsigned severity)
{
    static const char level[6][6] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };
    otel_paint_colour_(p, severity >= 17 ? "1;31" : severity >= 13 ? "33" : severity >= 9 ? "32" : "2");
    if (severity) otel_paint_text_(p, level[(severity - 1u) / 4u > 5u ? 5u : (severity - 1u) / 4u]);
    otel_paint_colour_(p, "0");
}

/* A field of the log. */
OTEL_STEP_ otel_pb_field_t_ *otel_waterfall_find_(otel_waterfall_t_ *w, uint32_t number) { return otel_paint_find_(w->paint, &w->logs.leaf, number); }

/* When it was written. */
OTEL_STEP_ void otel_waterfall_time_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    p->words.n = 0;
    if (!otel_waterfall_find_(w, 1)->value) otel_waterfall_find_(w, 11);
    otel_words_time_(&p->words, p->found.value, p->offset_s);
    otel_paint_words_(p);
    otel_paint_text_(p, " ");
}

/* What it is an event of. */
OTEL_STEP_ void otel_waterfall_event_(otel_waterfall_t_ *w)
{
    otel_waterfall_find_(w, 12);
    otel_paint_(w->paint, w->paint->found.bytes, w->paint->found.len, 40);
    if (w->paint->found.len) otel_paint_text_(w->paint, " ");
}

OTEL_STEP_ void otel_waterfall_body_(otel_waterfall_t_ *w)
{
    otel_paint_keep_(&w->paint->item, otel_waterfall_find_(w, 5));
    w->paint->below = (uint16_t)w->below;
    if (w->paint->item.len) otel_paint_value_(w->paint);
}

/* The LogRecord in w->logs: time_unix_nano = 1, severity_number = 2, body = 5, attributes = 6, dropped_attributes_count = 7,
   span_id = 10, observed_time_unix_nano = 11, event_name = 12. `inside`: it stands beneath its span. */
OTEL_STEP_ void otel_waterfall_log_(otel_waterfall_t_ *w, unsigned indent, bool inside)
{
    w->below = indent + 19u;
    otel_paint_to_(w->paint, indent);
    otel_waterfall_time_(w);
    otel_waterfall_severity_(w->paint, (unsigned)(otel_waterfall_find_(w, 2)->value & 31u));
    otel_paint_to_(w->paint, w->below);
    otel_waterfall_event_(w);
    otel_waterfall_body_(w);
    otel_paint_colour_(w->paint, "2");
    if (!inside) otel_waterfall_in_(w);
    otel_paint_attributes_(w->paint, &w->logs.leaf, 6, w->below);
    otel_paint_lost_(w->paint, otel_waterfall_find_(w, 7)->value);
    otel_paint_colour_(w->paint, "0");
    otel_paint_line_(w->paint);
}

/* The next log of the row, in the order in which they came, into w->logs; false behind the last. Each is shown once. */
OTEL_STEP_ bool otel_row_log_(otel_waterfall_t_ *w)
{
    for (;;) {
        while (otel_leaves_next_(&w->logs)) {
            const otel_pb_field_t_ *id = otel_paint_find_(w->paint, &w->logs.leaf, 10);
            if (id->len == 8 && memcmp(id->bytes, w->row[w->at].id, 8) == 0) {
                w->held[w->logs.tag - w->held] = OTEL_HELD_DONE_;
                return true;
            }
        }
        if (!otel_held_next_(w, &w->logs_next, OTEL_SIGNAL_LOGS, &w->logs)) return false;
    }
}

/* ---- spans ---- */

/* Span: trace_id = 1, span_id = 2, parent_span_id = 4, start_time_unix_nano = 7, end_time_unix_nano = 8. */
OTEL_STEP_ void otel_row_read_(otel_painter_t_ *p, otel_row_t_ *row, const otel_pb_field_t_ *span)
{
    static const uint8_t none[16] = { 0 };
    const otel_pb_field_t_ *f = &p->found;
    memset((void *)row, 0, sizeof *row);
    row->span = *span;
    row->trace = row->id = row->parent = none;
    row->up = -1;
    p->reader = otel_pb_open_(span->bytes, span->len);
    while (otel_pb_next_(&p->reader, &p->found)) {
        if (f->number == 1 && f->len == 16) row->trace = f->bytes;
        if (f->number == 2 && f->len == 8) row->id = f->bytes;
        if (f->number == 4 && f->len == 8) row->parent = f->bytes;
        if (f->number == 7) row->start = f->value;
        if (f->number == 8) row->end = f->value;
    }
}

/* Take the spans of w->spans; false: there is no room for the next one, so show those before. ExportTraceServiceRequest:
   resource_spans = 1; ResourceSpans: scope_spans = 2; ScopeSpans: spans = 2. */
OTEL_STEP_ bool otel_waterfall_read_(otel_waterfall_t_ *w)
{
    while (w->waits || otel_leaves_next_(&w->spans)) {
        w->waits = w->rows == w->room;
        if (w->waits) return false;
        otel_row_read_(w->paint, &w->row[w->rows++], &w->spans.leaf);
    }
    return true;
}

/* The name of an event, or the trace of a link. */
OTEL_STEP_ void otel_row_event_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    otel_paint_to_(p, w->indent);
    otel_paint_text_(p, w->one.number == 11 ? "* " : "> link to trace ");
    otel_paint_find_(p, &w->one, w->one.number == 11 ? 2 : 1);
    if (w->one.number != 11) {
        p->words.n = 0;
        otel_words_hex_(&p->words, p->found.bytes, p->found.len < 16u ? p->found.len : 16u);
        otel_paint_words_(p);
        return;
    }
    otel_paint_(p, p->found.bytes, p->found.len, 40);
}

OTEL_STEP_ void otel_row_event_lost_(otel_waterfall_t_ *w)
{
    otel_paint_lost_(w->paint, otel_paint_find_(w->paint, &w->one, w->one.number == 11 ? 4 : 5)->value);
}

OTEL_STEP_ bool otel_row_event_next_(otel_waterfall_t_ *w) { return otel_pb_next_(&w->list, &w->one); }

/* Event: name = 2, attributes = 3, dropped_attributes_count = 4. Link: trace_id = 1, attributes = 4,
   dropped_attributes_count = 5. */
OTEL_STEP_ void otel_row_events_(otel_waterfall_t_ *w)
{
    w->list = otel_pb_open_(w->row[w->at].span.bytes, w->row[w->at].span.len);
    while (otel_row_event_next_(w)) {
        if (w->one.number != 11 && w->one.number != 13) continue;      /* Span.events = 11, Span.links = 13 */
        otel_row_event_(w);
        otel_paint_attributes_(w->paint, &w->one, w->one.number == 11 ? 3 : 4, w->indent + 4u);
        otel_row_event_lost_(w);
        otel_paint_line_(w->paint);
    }
}

/* Span: dropped_attributes_count = 10, dropped_events_count = 12, dropped_links_count = 14. */
OTEL_STEP_ void otel_row_dropped_(otel_waterfall_t_ *w)
{
    static const char what[3][12] = { " attributes", " events", " links" };
    otel_painter_t_ *p = w->paint;
    bool any = false;
    unsigned i;
    for (i = 0; i < 3; i++) {
        otel_paint_find_(p, &w->row[w->at].span, 10u + 2u * i);
        if (!p->found.value) continue;
        p->words.n = 0;
        otel_words_text_(&p->words, any ? ", " : "... no room for ");
        otel_words_uint_(&p->words, 0, p->found.value);
        otel_words_add_(&p->words, what[i], strlen(what[i]) - (p->found.value == 1));
        otel_paint_to_(p, w->indent);
        if (!any) otel_paint_colour_(p, "33");
        otel_paint_words_(p);
        any = true;
    }
    if (!any) return;
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Span.status = 15; Status: message = 2, code = 3. */
OTEL_STEP_ void otel_row_error_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    otel_paint_find_(p, otel_paint_find_(p, &w->row[w->at].span, 15), 2);
    otel_paint_to_(p, w->indent);
    otel_paint_colour_(p, "31");
    otel_paint_text_(p, p->found.len ? "! error: " : "! error");
    otel_paint_long_(p, p->found.bytes, p->found.len, w->indent + 9u);
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Columns up to a point in time, and half of one more: as many as times `all` go into it. */
OTEL_FN_ unsigned otel_row_column_(uint64_t twice, uint64_t all)
{
    unsigned n = 0;
    while (n < OTEL_BAR_ && twice >= 2u * all) {
        twice -= 2u * all;
        n++;
    }
    return n;
}

/* Where the span lies between the first and the last nanosecond of its trace. */
OTEL_STEP_ void otel_row_bar_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    const otel_row_t_ *row = &w->row[w->at];
    uint64_t all = w->last > w->first ? w->last - w->first : 1u, from = row->start > w->first ? row->start - w->first : 0, to = row->end > w->first ? row->end - w->first : 0;
    unsigned i, a, b;
    if (from > all) from = all;        /* it begins behind the end of all */
    while (all > 0x7FFFFFFFu) {        /* so that times 24 has room */
        all >>= 1;
        from >>= 1;
        to >>= 1;
    }
    a = otel_row_column_(2u * OTEL_BAR_ * from, all);
    b = otel_row_column_(2u * OTEL_BAR_ * to + all, all);
    if (a > OTEL_BAR_ - 1u) a = OTEL_BAR_ - 1u;
    if (b <= a) b = a + 1u;
    otel_paint_text_(p, " |");
    otel_paint_colour_(p, w->error ? "31" : "36");
    for (i = 0; i < OTEL_BAR_; i++) otel_paint_text_(p, i < a || i >= b ? " " : w->error ? "!" : p->ascii ? "=" : "\xE2\x94\x81");
    otel_paint_colour_(p, "0");
    otel_paint_text_(p, "|");
}

/* The line of a span: name, kind. Span: name = 5, kind = 6, status = 15; Status: code = 3. */
OTEL_STEP_ void otel_row_head_(otel_waterfall_t_ *w)
{
    static const char kind[6][12] = { "", "", " (server)", " (client)", " (producer)", " (consumer)" };
    const otel_row_t_ *row = &w->row[w->at];
    otel_painter_t_ *p = w->paint;
    unsigned edge = p->columns - OTEL_BAR_ - 14u;
    w->indent = 2u + 2u * (row->depth > 8 ? 8u : row->depth);
    w->error = otel_paint_find_(p, otel_paint_find_(p, &row->span, 15), 3)->value == OTEL_STATUS_ERROR;
    otel_paint_to_(p, w->indent);
    otel_paint_colour_(p, w->error ? "1;31" : "1");
    otel_paint_find_(p, &row->span, 5);
    otel_paint_(p, p->found.bytes, p->found.len, edge - 1u - w->indent);
    otel_paint_colour_(p, "0");
    otel_paint_find_(p, &row->span, 6);
    if (p->found.value < 6 && p->column + 11u <= edge) otel_paint_text_(p, kind[p->found.value]);
    otel_paint_to_(p, edge);
    w->indent += 2u;
}

/* How long it took. */
OTEL_STEP_ void otel_row_took_(otel_waterfall_t_ *w)
{
    const otel_row_t_ *row = &w->row[w->at];
    otel_painter_t_ *p = w->paint;
    p->words.n = 0;
    otel_words_duration_(&p->words, row->end > row->start ? row->end - row->start : 0);
    otel_paint_to_(p, p->columns - (p->words.n < 11u ? p->words.n : 11u));
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* What is set on it. Span.attributes = 9. */
OTEL_STEP_ void otel_row_attributes_(otel_waterfall_t_ *w)
{
    otel_paint_colour_(w->paint, "2");
    otel_paint_attributes_(w->paint, &w->row[w->at].span, 9, w->indent);
    otel_paint_colour_(w->paint, "0");
    if (w->paint->column) otel_paint_line_(w->paint);
}

/* Begin with the logs of the row. */
OTEL_STEP_ void otel_row_logs_(otel_waterfall_t_ *w)
{
    w->logs_next = 0;
    otel_leaves_open_(&w->logs, NULL, 0);
}

/* For logs that come later. */
OTEL_STEP_ void otel_row_remember_(otel_waterfall_t_ *w)
{
    const otel_pb_field_t_ *name = otel_paint_find_(w->paint, &w->row[w->at].span, 5);
    char *to = w->seen[w->seen_next].name;
    memcpy(w->seen[w->seen_next].id, w->row[w->at].id, 8);
    memset(to, 0, sizeof w->seen[0].name);
    if (name->len) memcpy(to, name->bytes, name->len < sizeof w->seen[0].name ? name->len : sizeof w->seen[0].name - 1u);
    w->seen_next = (uint8_t)((w->seen_next + 1u) % OTEL_NAMES_);
}

/* ---- the tree ---- */

/* The earliest row that is not shown yet, below `up`, in this trace when one is given. */
OTEL_STEP_ int otel_row_next_(const otel_waterfall_t_ *w, int up, const uint8_t *trace)
{
    int i, best = -1;
    for (i = 0; i < (int)w->rows; i++) {
        const otel_row_t_ *row = &w->row[i];
        if (row->done || row->up != up || (trace && memcmp(row->trace, trace, 16))) continue;
        if (best < 0 || row->start < w->row[best].start) best = i;
    }
    return best;
}

/* "trace 0102.. service time", once for rows of a trace that follow each other. */
OTEL_STEP_ void otel_waterfall_title_(otel_waterfall_t_ *w)
{
    otel_painter_t_ *p = w->paint;
    if (memcmp(w->trace, w->tree, 16) == 0) return;
    memcpy(w->trace, w->tree, 16);
    otel_paint_title_(p, "trace ");
    p->words.n = 0;
    otel_words_hex_(&p->words, w->trace, 16);
    otel_words_text_(&p->words, "  ");
    otel_paint_words_(p);
    otel_paint_(p, w->service.bytes, w->service.len, 24);
    p->words.n = 0;
    otel_words_text_(&p->words, "  ");
    otel_words_time_(&p->words, w->first, p->offset_s);
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* Begin with the trace that `root` is in. */
OTEL_STEP_ void otel_waterfall_tree_(otel_waterfall_t_ *w, int root)
{
    const otel_row_t_ *row = &w->row[root];
    unsigned i;
    w->tree = row->trace;
    w->first = row->start;
    w->last = row->end;
    for (i = 0; i < w->rows; i++) {
        row = &w->row[i];
        if (memcmp(row->trace, w->tree, 16)) continue;
        if (row->start < w->first) w->first = row->start;
        if (row->end > w->last) w->last = row->end;
    }
}

/* Before the first step: which row is below which? */
OTEL_STEP_ void otel_waterfall_link_(otel_waterfall_t_ *w)
{
    unsigned i, k;
    for (i = 0; i < w->rows; i++) {
        for (k = 0; k < w->rows && w->row[i].up < 0; k++) {
            if (k != i && memcmp(w->row[i].parent, w->row[k].id, 8) == 0 && memcmp(w->row[i].trace, w->row[k].trace, 16) == 0) w->row[i].up = (int16_t)k;
        }
    }
    w->tree = NULL;
    w->at = -1;
    w->circle = 0;
}

/* Go to the next row that is to be shown: down to the first child, across, and up again. False: all were, and there is room. */
OTEL_STEP_ bool otel_waterfall_step_(otel_waterfall_t_ *w)
{
    for (;;) {
        int next;
        if (w->at >= 0) {
            otel_row_t_ *row = &w->row[w->at];
            if (!row->done) {
                row->done = true;
                row->depth = row->up < 0 ? (uint8_t)0 : (uint8_t)(w->row[row->up].depth < 200 ? w->row[row->up].depth + 1 : 200);
                return true;
            }
            next = otel_row_next_(w, w->at, NULL);
            w->at = next >= 0 ? next : row->up;
            continue;
        }
        if (w->tree) w->at = otel_row_next_(w, -1, w->tree);
        if (w->at >= 0) continue;
        next = otel_row_next_(w, -1, NULL);
        if (next < 0) {                /* only a circle of parents can be left */
            while (w->circle < w->rows && w->row[w->circle].done) w->circle++;
            if (w->circle == w->rows) break;
            w->row[w->circle].up = -1;
            next = (int)w->circle;
        }
        otel_waterfall_tree_(w, next);
    }
    w->rows = 0;
    return false;
}
OTEL_C_END_
#endif
#endif
