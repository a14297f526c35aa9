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

/* Requests that are shown together, and room for their rows. Private. */
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
} otel_waterfall_t_;

#define OTEL_HELD_HEAD_ 5u             /* bytes before a request that is held: signal, length */
#define OTEL_HELD_DONE_ 0x7Au          /* the tag of a log record that was shown: field 15, which no request has */

OTEL_C_BEGIN_
OTEL_API_ void otel_waterfall_add_(otel_waterfall_t_ *w, const otel_pb_field_t_ *request);
OTEL_API_ void otel_waterfall_show_(otel_waterfall_t_ *w);
OTEL_API_ void otel_waterfall_log_(otel_waterfall_t_ *w, const otel_pb_field_t_ *record, unsigned indent, bool inside);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
/* The next request that is held, from `*at` on; false behind the last one. */
OTEL_FN_ bool otel_held_next_(const otel_waterfall_t_ *w, size_t *at, unsigned *signal, otel_pb_field_t_ *request)
{
    const uint8_t *p;
    if (*at + OTEL_HELD_HEAD_ > w->held_len) return false;
    p = w->held + *at;
    *signal = p[0];
    memset((void *)request, 0, sizeof *request);
    request->bytes = p + OTEL_HELD_HEAD_;
    request->len = (size_t)otel_get32_(p + 1);
    *at += OTEL_HELD_HEAD_ + request->len;
    return true;
}
#if OTEL_BODIES_
/* ---- logs ---- */

/* LogRecord: time_unix_nano = 1, severity_number = 2, body = 5, attributes = 6, dropped_attributes_count = 7, span_id = 10,
   observed_time_unix_nano = 11, event_name = 12. `inside`: it stands beneath its span. */
OTEL_API_ void otel_waterfall_log_(otel_waterfall_t_ *w, const otel_pb_field_t_ *record, unsigned indent, bool inside)
{
    static const char level[6][6] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };
    otel_painter_t_ *p = w->paint;
    otel_pb_field_t_ body = otel_pb_find_(record, 5), id = otel_pb_find_(record, 10), event = otel_pb_find_(record, 12), time = otel_pb_find_(record, 1);
    unsigned severity = (unsigned)(otel_pb_find_(record, 2).value & 31u), i;
    otel_words_t_ words;
    words.n = 0;
    otel_words_time_(&words, time.value ? time.value : otel_pb_find_(record, 11).value, p->offset_s);
    otel_paint_to_(p, indent);
    otel_paint_words_(p, &words);
    otel_paint_text_(p, " ");
    otel_paint_colour_(p, severity >= 17 ? "1;31" : severity >= 13 ? "33" : severity >= 9 ? "32" : "2");
    if (severity) otel_paint_text_(p, level[(severity - 1u) / 4u > 5u ? 5u : (severity - 1u) / 4u]);
    otel_paint_colour_(p, "0");
    otel_paint_to_(p, indent + 19u);
    otel_paint_(p, event.bytes, event.len, 40);
    if (event.len) otel_paint_text_(p, " ");
    if (body.len) otel_paint_value_(p, &body, indent + 19u);
    otel_paint_colour_(p, "2");
    for (i = 0; !inside && id.len == 8 && i < OTEL_NAMES_; i++) {
        if (memcmp(w->seen[i].id, id.bytes, 8)) continue;
        otel_paint_text_(p, "  (in ");
        otel_paint_text_(p, w->seen[i].name);
        otel_paint_text_(p, ")");
        break;
    }
    otel_paint_attributes_(p, record, 6, indent + 19u, p->columns);
    otel_paint_lost_(p, otel_pb_find_(record, 7).value);
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* The logs of a span, in the order in which they came; each is shown once. */
OTEL_FN_ void otel_row_logs_(otel_waterfall_t_ *w, const otel_row_t_ *row, unsigned indent)
{
    otel_pb_field_t_ request, part, scope, record, id;
    unsigned signal;
    size_t at = 0;
    while (otel_held_next_(w, &at, &signal, &request)) {
        otel_pb_t_ outer = otel_pb_open_(request.bytes, request.len);
        while (signal == OTEL_SIGNAL_LOGS && otel_pb_next_(&outer, &part)) {
            otel_pb_t_ middle = otel_pb_open_(part.bytes, part.len);
            while (otel_pb_next_(&middle, &scope)) {
                otel_pb_t_ inner = otel_pb_open_(scope.bytes, scope.len);
                const uint8_t *tag = inner.at;
                for (; scope.number == 2 && otel_pb_next_(&inner, &record); tag = inner.at) {
                    if (record.number != 2 || record.type != OTEL_PB_SLICE_) continue;
                    id = otel_pb_find_(&record, 10);
                    if (id.len != 8 || memcmp(id.bytes, row->id, 8)) continue;
                    otel_waterfall_log_(w, &record, indent, true);
                    w->held[tag - w->held] = OTEL_HELD_DONE_;
                }
            }
        }
    }
}

/* ---- spans ---- */

/* Span: trace_id = 1, span_id = 2, parent_span_id = 4, start_time_unix_nano = 7, end_time_unix_nano = 8. */
OTEL_FN_ void otel_row_read_(otel_row_t_ *row, const otel_pb_field_t_ *span)
{
    static const uint8_t none[16] = { 0 };
    otel_pb_t_ message = otel_pb_open_(span->bytes, span->len);
    otel_pb_field_t_ f;
    memset((void *)row, 0, sizeof *row);
    row->span = *span;
    row->trace = row->id = row->parent = none;
    row->up = -1;
    while (otel_pb_next_(&message, &f)) {
        if (f.number == 1 && f.len == 16) row->trace = f.bytes;
        if (f.number == 2 && f.len == 8) row->id = f.bytes;
        if (f.number == 4 && f.len == 8) row->parent = f.bytes;
        if (f.number == 7) row->start = f.value;
        if (f.number == 8) row->end = f.value;
    }
}

/* Event: name = 2, attributes = 3, dropped_attributes_count = 4. Link: trace_id = 1, attributes = 4,
   dropped_attributes_count = 5. */
OTEL_FN_ void otel_row_events_(otel_painter_t_ *p, const otel_row_t_ *row, unsigned indent)
{
    otel_pb_t_ message = otel_pb_open_(row->span.bytes, row->span.len);
    otel_pb_field_t_ f, name;
    while (otel_pb_next_(&message, &f)) {
        if (f.number != 11 && f.number != 13) continue;                /* Span.events = 11, Span.links = 13 */
        otel_paint_to_(p, indent);
        if (f.number == 11) {
            name = otel_pb_find_(&f, 2);
            otel_paint_text_(p, "* ");
            otel_paint_(p, name.bytes, name.len, 40);
        } else {
            otel_words_t_ w;
            size_t i;
            name = otel_pb_find_(&f, 1);
            w.n = 0;
            for (i = 0; i < name.len && i < 16; i++) {
                w.text[w.n++] = "0123456789abcdef"[name.bytes[i] >> 4];
                w.text[w.n++] = "0123456789abcdef"[name.bytes[i] & 15];
            }
            otel_paint_text_(p, "> link to trace ");
            otel_paint_words_(p, &w);
        }
        otel_paint_attributes_(p, &f, f.number == 11 ? 3 : 4, indent + 4u, p->columns);
        otel_paint_lost_(p, otel_pb_find_(&f, f.number == 11 ? 4 : 5).value);
        otel_paint_line_(p);
    }
}

/* Span: dropped_attributes_count = 10, dropped_events_count = 12, dropped_links_count = 14. */
OTEL_FN_ void otel_row_dropped_(otel_painter_t_ *p, const otel_row_t_ *row, unsigned indent)
{
    static const char *const what[] = { " attributes", " events", " links" };
    bool any = false;
    unsigned i;
    for (i = 0; i < 3; i++) {
        otel_pb_field_t_ n = otel_pb_find_(&row->span, 10u + 2u * i);
        otel_words_t_ w;
        if (!n.value) continue;
        w.n = 0;
        otel_words_text_(&w, any ? ", " : "... no room for ");
        otel_words_uint_(&w, n.value, 0);
        otel_words_add_(&w, what[i], strlen(what[i]) - (n.value == 1));
        otel_paint_to_(p, indent);
        if (!any) otel_paint_colour_(p, "33");
        otel_paint_words_(p, &w);
        any = true;
    }
    if (!any) return;
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Status: message = 2, code = 3. */
OTEL_FN_ void otel_row_error_(otel_painter_t_ *p, const otel_pb_field_t_ *status, unsigned indent)
{
    otel_pb_field_t_ message = otel_pb_find_(status, 2);
    otel_paint_to_(p, indent);
    otel_paint_colour_(p, "31");
    otel_paint_text_(p, message.len ? "! error: " : "! error");
    otel_paint_long_(p, message.bytes, message.len, indent + 9u);
    otel_paint_colour_(p, "0");
    otel_paint_line_(p);
}

/* Where the span lies between the first and the last nanosecond of its trace. */
OTEL_FN_ void otel_row_bar_(otel_painter_t_ *p, const otel_row_t_ *row, uint64_t first, uint64_t last, bool error)
{
    uint64_t all = last > first ? last - first : 1u, from = row->start > first ? row->start - first : 0, to = row->end > first ? row->end - first : 0;
    unsigned i, a, b;
    while (all > 0x7FFFFFFFu) {        /* so that times 24 has room */
        all >>= 1;
        from >>= 1;
        to >>= 1;
    }
    a = (unsigned)(from * OTEL_BAR_ / all);
    b = (unsigned)((to * OTEL_BAR_ + all / 2u) / all);
    if (a > OTEL_BAR_ - 1u) a = OTEL_BAR_ - 1u;
    if (b > OTEL_BAR_) b = OTEL_BAR_;
    if (b <= a) b = a + 1u;
    otel_paint_text_(p, " |");
    otel_paint_colour_(p, error ? "31" : "36");
    for (i = 0; i < OTEL_BAR_; i++) otel_paint_text_(p, i < a || i >= b ? " " : error ? "!" : p->ascii ? "=" : "\xE2\x94\x81");
    otel_paint_colour_(p, "0");
    otel_paint_text_(p, "|");
}

/* One span: name, where it lies in the trace, how long it took; then what is set on it. Span: name = 5, kind = 6, attributes = 9,
   status = 15. */
OTEL_FN_ void otel_row_show_(otel_waterfall_t_ *w, const otel_row_t_ *row, uint64_t first, uint64_t last)
{
    static const char kind[6][12] = { "", "", " (server)", " (client)", " (producer)", " (consumer)" };
    otel_painter_t_ *p = w->paint;
    unsigned indent = 2u + 2u * (row->depth > 8 ? 8u : row->depth), edge = p->columns - OTEL_BAR_ - 14u;
    otel_pb_field_t_ name = otel_pb_find_(&row->span, 5), kinds = otel_pb_find_(&row->span, 6), status = otel_pb_find_(&row->span, 15);
    bool error = otel_pb_find_(&status, 3).value == OTEL_STATUS_ERROR;
    otel_words_t_ words;
    words.n = 0;
    otel_words_duration_(&words, row->end > row->start ? row->end - row->start : 0);
    otel_paint_to_(p, indent);
    otel_paint_colour_(p, error ? "1;31" : "1");
    otel_paint_(p, name.bytes, name.len, edge - 1u - indent);
    otel_paint_colour_(p, "0");
    if (kinds.value < 6 && p->column + 11u <= edge) otel_paint_text_(p, kind[kinds.value]);
    otel_paint_to_(p, edge);
    otel_row_bar_(p, row, first, last, error);
    otel_paint_to_(p, p->columns - (words.n < 11u ? words.n : 11u));
    otel_paint_words_(p, &words);
    otel_paint_line_(p);
    otel_paint_colour_(p, "2");
    otel_paint_attributes_(p, &row->span, 9, indent + 2u, p->columns);
    otel_paint_colour_(p, "0");
    if (p->column) otel_paint_line_(p);
    otel_row_dropped_(p, row, indent + 2u);
    otel_row_events_(p, row, indent + 2u);
    if (error) otel_row_error_(p, &status, indent + 2u);
    otel_row_logs_(w, row, indent + 2u);
    memcpy(w->seen[w->seen_next].id, row->id, 8);
    if (name.len > sizeof w->seen[0].name - 1u) name.len = sizeof w->seen[0].name - 1u;
    memset(w->seen[w->seen_next].name, 0, sizeof w->seen[0].name);
    if (name.len) memcpy(w->seen[w->seen_next].name, name.bytes, name.len);
    w->seen_next = (uint8_t)((w->seen_next + 1u) % OTEL_NAMES_);
}

/* ---- the tree ---- */

/* The earliest row that is not shown yet, below `up`, in this trace when one is given. */
OTEL_FN_ int otel_row_next_(const otel_waterfall_t_ *w, int up, const uint8_t *trace)
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
OTEL_FN_ void otel_waterfall_title_(otel_waterfall_t_ *w, const uint8_t *trace, uint64_t first)
{
    otel_painter_t_ *p = w->paint;
    otel_words_t_ words;
    unsigned i;
    if (memcmp(w->trace, trace, 16) == 0) return;
    memcpy(w->trace, trace, 16);
    otel_paint_title_(p, "trace ");
    words.n = 0;
    for (i = 0; i < 32; i++) words.text[words.n++] = "0123456789abcdef"[i & 1u ? trace[i / 2u] & 15 : trace[i / 2u] >> 4];
    otel_words_text_(&words, "  ");
    otel_paint_words_(p, &words);
    otel_paint_(p, w->service.bytes, w->service.len, 24);
    words.n = 0;
    otel_words_text_(&words, "  ");
    otel_words_time_(&words, first, p->offset_s);
    otel_paint_words_(p, &words);
    otel_paint_line_(p);
}

/* All rows of the trace that `root` is in: down to the first child, across, and up again. */
OTEL_FN_ void otel_waterfall_trace_(otel_waterfall_t_ *w, int root)
{
    const uint8_t *trace = w->row[root].trace;
    uint64_t first = w->row[root].start, last = w->row[root].end;
    int at;
    unsigned i;
    for (i = 0; i < w->rows; i++) {
        if (memcmp(w->row[i].trace, trace, 16)) continue;
        if (w->row[i].start < first) first = w->row[i].start;
        if (w->row[i].end > last) last = w->row[i].end;
    }
    otel_waterfall_title_(w, trace, first);
    while ((at = otel_row_next_(w, -1, trace)) >= 0) {
        while (at >= 0) {
            otel_row_t_ *row = &w->row[at];
            int child;
            if (!row->done) {
                row->done = true;
                row->depth = row->up < 0 ? (uint8_t)0 : (uint8_t)(w->row[row->up].depth < 200 ? w->row[row->up].depth + 1 : 200);
                otel_row_show_(w, row, first, last);
            }
            child = otel_row_next_(w, at, NULL);
            at = child >= 0 ? child : row->up;
        }
    }
}

OTEL_API_ void otel_waterfall_show_(otel_waterfall_t_ *w)
{
    unsigned i, k;
    int root;
    for (i = 0; i < w->rows; i++) {
        for (k = 0; k < w->rows && w->row[i].up < 0; k++) {
            if (k != i && memcmp(w->row[i].parent, w->row[k].id, 8) == 0 && memcmp(w->row[i].trace, w->row[k].trace, 16) == 0) w->row[i].up = (int16_t)k;
        }
    }
    for (i = 0; i < w->rows;) {
        root = otel_row_next_(w, -1, NULL);
        if (root < 0) {                /* only a circle of parents can be left */
            while (i < w->rows && w->row[i].done) i++;
            if (i == w->rows) break;
            w->row[i].up = -1;
            root = (int)i;
        }
        otel_waterfall_trace_(w, root);
    }
    w->rows = 0;
}

/* Take the spans of a request; what there is no room for is shown before. ExportTraceServiceRequest: resource_spans = 1;
   ResourceSpans: scope_spans = 2; ScopeSpans: spans = 2. */
OTEL_API_ void otel_waterfall_add_(otel_waterfall_t_ *w, const otel_pb_field_t_ *request)
{
    otel_pb_t_ outer = otel_pb_open_(request->bytes, request->len);
    otel_pb_field_t_ part, scope, span;
    while (otel_pb_next_(&outer, &part)) {
        otel_pb_t_ middle = otel_pb_open_(part.bytes, part.len);
        while (part.number == 1 && otel_pb_next_(&middle, &scope)) {
            otel_pb_t_ inner = otel_pb_open_(scope.bytes, scope.len);
            while (scope.number == 2 && otel_pb_next_(&inner, &span)) {
                if (span.number != 2 || span.type != OTEL_PB_SLICE_) continue;
                if (w->rows == w->room) otel_waterfall_show_(w);
                otel_row_read_(&w->row[w->rows++], &span);
            }
        }
    }
}
#endif
OTEL_C_END_
#endif
