/* A receiver for people: what is sent as indented waterfalls with durations and bars, logs beneath their span, metrics as a
   table with sparklines; 80 columns, plain ASCII on request, so that a serial line can show it. It comes in by use.

     static void put(void *user, const char *text, size_t len) { (void)user; uart_write(text, len); }
     static otel_console_t console;
     static uint8_t room[1024];

     otel_console_init(&console, .put = put, .memory = room, .memory_size = sizeof room, .ascii = true, .newline = "\r\n");
     otel_exporter_init(&exporter, .send = otel_console_send, .user = &console, .buffer = packet, .buffer_size = sizeof packet);
*/
#ifndef OTEL_EXPORT_CONSOLE_H
#define OTEL_EXPORT_CONSOLE_H
#include "../otel/compiler.h"
#include "../otel/result.h"
#include "painter.h"
#include "request.h"
#include "table.h"
#include "waterfall.h"

/* How it is shown. The order of the fields is API. */
typedef struct otel_console_config_t {
    void (*put)(void *user, const char *text, size_t len) OTEL_Z_;   /* writes `len` bytes of text (required) */
    void *user OTEL_Z_;                   /* its first argument */
    void *memory OTEL_Z_;                 /* memory_size bytes, given until the last call: about 60 a span that is shown in one tree, a quarter for sparklines of 90 bytes each (default: none; trees of four spans, no sparklines) */
    size_t memory_size OTEL_Z_;
    const char *newline OTEL_Z_;          /* (default: "\n"; a serial line wants "\r\n") */
    int32_t utc_offset_s OTEL_Z_;         /* local time minus UTC, seconds (default: 0, UTC) */
    uint16_t columns OTEL_Z_;             /* of the screen, 64 to 1000 (default: 80) */
    bool colour OTEL_Z_;                  /* it knows ANSI colours: errors are red */
    bool ascii OTEL_Z_;                   /* it knows ASCII only; other characters become '?' */
    bool hold OTEL_Z_;                    /* keep traces and logs in `memory`, and show them together when it is full or otel_console_show is called */
} otel_console_config_t;

/* A terminal or a serial line. All fields are private. */
typedef struct otel_console_t {
    otel_painter_t_ paint_ OTEL_Z_;
    otel_waterfall_t_ waterfall_ OTEL_Z_;
    otel_table_t_ table_ OTEL_Z_;
    size_t size_ OTEL_Z_;                 /* bytes for held requests and rows */
    const otel_request_t *request_ OTEL_Z_, *then_ OTEL_Z_;       /* that is shown, NULL: those that are held are; what comes after */
    size_t next_ OTEL_Z_;                 /* where the next one is among those that are held */
    bool hold_ OTEL_Z_, titled_ OTEL_Z_, more_ OTEL_Z_;
} otel_console_t;

OTEL_C_BEGIN_
/* Prepare a console. OTEL_E_NULL: no `.put`. OTEL_E_CONFIG: a number of columns that cannot be. */
OTEL_API_ otel_result_t otel_console_init_with(otel_console_t *console, const otel_console_config_t *config);

/* The transport: .send = otel_console_send, .user = &console. Shows a request, or holds it (`.hold`). The exporter needs a
   `.buffer`. Always 200. One thread at a time. */
OTEL_API_ int otel_console_send(void *console, const otel_request_t *request);

/* Show what is held: call it when otel_export_poll has nothing more to send. */
OTEL_API_ void otel_console_show(otel_console_t *console);

/* Set local time minus UTC, in seconds: when summer begins, say. */
OTEL_API_ void otel_console_utc_offset(otel_console_t *console, int32_t seconds);
OTEL_C_END_

/* otel_console_init(&console, .put = put, ...): OTEL_OK, or what is missing. */
#define otel_console_init(console, ...) otel_console_init_with((console), OTEL_REF_(otel_console_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A quarter of the memory is for sparklines, 64 of them at most, the rest for requests that are held and, behind them, rows. */
OTEL_FN_ void otel_console_memory_(otel_console_t *c, const otel_console_config_t *config)
{
    uint8_t *at = (uint8_t *)config->memory;
    size_t size = at ? config->memory_size : 0u, n;
    while (size && ((uintptr_t)at & 7u)) {
        at++;
        size--;
    }
    n = size / 4u / sizeof(otel_spark_t_);
    c->table_.room = n > 64u ? 64u : (unsigned)n;
    n = c->table_.room * sizeof(otel_spark_t_);
    n = (n + 7u) & ~(size_t)7u;
    c->table_.spark = (otel_spark_t_ *)(void *)at;
    if (n) memset((void *)at, 0, n);
    c->waterfall_.held = at ? at + n : NULL;
    c->size_ = (size - n) & ~(size_t)7u;
}

OTEL_API_ otel_result_t otel_console_init_with(otel_console_t *c, const otel_console_config_t *config)
{
    OTEL_WHEN_OFF_((void)c; (void)config; return OTEL_OK)
    if (!c || !config || !config->put) return OTEL_E_NULL;
    if (config->columns && (config->columns < 64u || config->columns > 1000u)) return OTEL_E_CONFIG;
    memset((void *)c, 0, sizeof *c);
    c->paint_.put = config->put;
    c->paint_.user = config->user;
    c->paint_.newline = config->newline ? config->newline : "\n";
    c->paint_.columns = config->columns ? config->columns : 80u;
    c->paint_.offset_s = config->utc_offset_s;
    c->paint_.colour = config->colour;
    c->paint_.ascii = config->ascii;
    c->table_.paint = c->waterfall_.paint = &c->paint_;
    c->hold_ = config->hold;
    otel_console_memory_(c, config);
    return OTEL_OK;
}

OTEL_API_ void otel_console_utc_offset(otel_console_t *c, int32_t seconds)
{
    OTEL_WHEN_OFF_((void)c; (void)seconds; return)
    if (c) c->paint_.offset_s = seconds;
}

/* service.name in the resource of a request, into waterfall_.service: resource_spans and its like = 1, resource = 1, attributes = 1.
   Always true. */
OTEL_STEP_ bool otel_console_service_(otel_console_t *c, const otel_pb_t_ *request)
{
    otel_painter_t_ *p = &c->paint_;
    p->item.bytes = request->at;
    p->item.len = request->left;
    otel_paint_find_(p, otel_paint_find_(p, &p->item, 1), 1);
    p->list = otel_pb_open_(p->found.bytes, p->found.len);
    while (otel_pb_next_(&p->list, &p->pair)) {
        const otel_pb_field_t_ *f = otel_paint_find_(p, &p->pair, 1);
        if (p->pair.number != 1 || f->len != 12 || memcmp(f->bytes, "service.name", 12)) continue;
        c->waterfall_.service = *otel_paint_find_(p, otel_paint_find_(p, &p->pair, 2), 1);
        return true;
    }
    memset((void *)&c->waterfall_.service, 0, sizeof c->waterfall_.service);
    return true;
}

/* Begin with the request, or with the next one that is held; false: there is none of that signal. */
OTEL_STEP_ bool otel_console_open_(otel_console_t *c, unsigned signal, otel_leaves_t_ *to)
{
    c->titled_ = false;
    if (!c->request_) {
        if (!otel_held_next_(&c->waterfall_, &c->next_, signal, to)) return false;
    } else {
        if (c->next_++ || (unsigned)c->request_->signal != signal) return false;
        otel_leaves_open_(to, c->request_->body, c->request_->len);
    }
    return otel_console_service_(c, &to->level[0]);
}

/* Above the first metric or log of a request. */
OTEL_STEP_ void otel_console_title_(otel_console_t *c, const char *what)
{
    if (c->titled_) return;
    c->titled_ = true;
    memset(c->waterfall_.trace, 0, 16);
    otel_paint_title_(&c->paint_, what);
    otel_paint_(&c->paint_, c->waterfall_.service.bytes, c->waterfall_.service.len, 40);
    otel_paint_line_(&c->paint_);
}

/* Rows are in the memory behind what is held. */
OTEL_FN_ void otel_console_rows_(otel_console_t *c)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    size_t used = (w->held_len + 7u) & ~(size_t)7u;
    w->row = w->few;
    w->room = sizeof w->few / sizeof w->few[0];
    w->rows = 0;
    w->waits = false;
    if (!w->held || c->size_ < used + sizeof w->few) return;
    w->row = (otel_row_t_ *)(void *)(w->held + used);
    w->room = c->size_ - used > 32000u * sizeof w->few[0] ? 32000u : (unsigned)((c->size_ - used) / sizeof w->few[0]);
}

/* Take spans until there is no room for more; false: that were all. */
OTEL_STEP_ bool otel_console_fill_(otel_console_t *c)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    do {
        if (!otel_waterfall_read_(w)) return true;
    } while (otel_console_open_(c, OTEL_SIGNAL_TRACES, &w->spans));
    return false;
}

/* The rows that the waterfall has: each span, then what belongs to it. */
OTEL_STEP_ void otel_console_tree_(otel_waterfall_t_ *w)
{
    otel_waterfall_link_(w);
    while (otel_waterfall_step_(w)) {
        otel_waterfall_title_(w);
        otel_row_head_(w);
        otel_row_bar_(w);
        otel_row_took_(w);
        otel_row_attributes_(w);
        otel_row_dropped_(w);
        otel_row_events_(w);
        if (w->error) otel_row_error_(w);
        otel_row_logs_(w);
        while (otel_row_log_(w)) otel_waterfall_log_(w, w->indent, true);
        otel_row_remember_(w);
    }
}

OTEL_STEP_ void otel_console_traces_(otel_console_t *c)
{
    c->next_ = 0;
    c->paint_.edge = c->paint_.columns;
    otel_console_rows_(c);
    otel_leaves_open_(&c->waterfall_.spans, NULL, 0);
    do {
        c->more_ = otel_console_fill_(c);
        otel_console_tree_(&c->waterfall_);
    } while (c->more_);
}

/* The next log or metric of the request, or of those that are held. */
OTEL_STEP_ bool otel_console_next_(otel_console_t *c, unsigned signal)
{
    do {
        if (otel_leaves_next_(&c->waterfall_.logs)) return true;
    } while (otel_console_open_(c, signal, &c->waterfall_.logs));
    return false;
}

OTEL_STEP_ void otel_console_logs_(otel_console_t *c)
{
    c->next_ = 0;
    otel_leaves_open_(&c->waterfall_.logs, NULL, 0);
    while (otel_console_next_(c, OTEL_SIGNAL_LOGS)) {
        otel_console_title_(c, "logs  ");
        otel_waterfall_log_(&c->waterfall_, 2, false);
    }
}

OTEL_STEP_ void otel_console_metrics_(otel_console_t *c)
{
    c->next_ = 0;
    c->paint_.edge = (uint16_t)(c->paint_.columns - OTEL_SPARK_ - 2u);
    while (otel_console_next_(c, OTEL_SIGNAL_METRICS)) {
        otel_console_title_(c, "metrics  ");
        otel_paint_keep_(&c->table_.metric, &c->waterfall_.logs.leaf);
        otel_table_metric_(&c->table_);
    }
}

/* Keep a request for otel_console_show, with half of the room left for rows; false: it does not fit. */
OTEL_STEP_ bool otel_console_hold_(otel_console_t *c, const otel_request_t *request)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    uint8_t *at;
    if (request->len + OTEL_HELD_HEAD_ > c->size_ / 2u - w->held_len) return false;
    at = w->held + w->held_len;
    at[0] = (uint8_t)request->signal;
    otel_put32_(at + 1, (uint32_t)request->len);
    memcpy(at + OTEL_HELD_HEAD_, request->body, request->len);
    w->held_len += OTEL_HELD_HEAD_ + request->len;
    return true;
}

/* What comes after those that are held: false, when it is held now, or there is nothing. */
OTEL_STEP_ bool otel_console_then_(otel_console_t *c)
{
    if (c->request_) return false;
    c->waterfall_.held_len = 0;
    if (!c->then_ || otel_console_hold_(c, c->then_)) return false;
    c->request_ = c->then_;
    return true;
}

/* Show the request, or those that are held and then the one that waits. Always 200. One function after the other, and all that they
   know in the console, so that little stands on the stack. */
OTEL_STEP_ int otel_console_run_(otel_console_t *c)
{
    do {
        otel_console_traces_(c);
        otel_console_logs_(c);
        otel_console_metrics_(c);
    } while (otel_console_then_(c));
    return 200;
}

OTEL_API_ void otel_console_show(otel_console_t *c)
{
    OTEL_WHEN_OFF_((void)c; return)
    if (!c || !c->waterfall_.held_len) return;
    c->request_ = c->then_ = NULL;
    (void)otel_console_run_(c);
}

OTEL_API_ int otel_console_send(void *user, const otel_request_t *request)
{
    otel_console_t *c = (otel_console_t *)user;
    OTEL_WHEN_OFF_((void)c; (void)user; (void)request; return 200)
    if (!c || !request || !c->paint_.put) return 200;
    if (!request->body) {
        otel_paint_text_(&c->paint_, "otel_console_send: requests come in parts: give the exporter a .buffer");
        otel_paint_line_(&c->paint_);
        return 200;
    }
    c->request_ = c->then_ = request;
    if (request->signal != OTEL_SIGNAL_METRICS && c->hold_ && c->waterfall_.held) {
        if (otel_console_hold_(c, request)) return 200;
        if (c->waterfall_.held_len) c->request_ = NULL;
    }
    return otel_console_run_(c);
}
OTEL_C_END_
#endif
#endif
