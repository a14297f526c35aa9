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
    bool hold_ OTEL_Z_;
} otel_console_t;

OTEL_C_BEGIN_
/* Prepare a console. OTEL_E_NULL: no `.put`. OTEL_E_CONFIG: a number of columns that cannot be. */
OTEL_API_ otel_result_t otel_console_init_with(otel_console_t *console, const otel_console_config_t *config);

/* The transport: .send = otel_console_send, .user = &console. Shows a request, or holds it (`.hold`). The exporter needs a
   `.buffer`. Always 200. One thread at a time; takes about 900 bytes of stack. */
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
    c->hold_ = config->hold;
    otel_console_memory_(c, config);
    return OTEL_OK;
}

OTEL_API_ void otel_console_utc_offset(otel_console_t *c, int32_t seconds)
{
    OTEL_WHEN_OFF_((void)c; (void)seconds; return)
    if (c) c->paint_.offset_s = seconds;
}

/* service.name in the resource of a request: resource_spans and its like = 1, resource = 1, attributes = 1. */
OTEL_FN_ otel_pb_field_t_ otel_console_service_(const otel_pb_field_t_ *request)
{
    otel_pb_field_t_ part = otel_pb_find_(request, 1), resource = otel_pb_find_(&part, 1), pair, key;
    otel_pb_t_ message = otel_pb_open_(resource.bytes, resource.len);
    while (otel_pb_next_(&message, &pair)) {
        key = otel_pb_find_(&pair, 1);
        if (pair.number != 1 || key.len != 12 || memcmp(key.bytes, "service.name", 12)) continue;
        pair = otel_pb_find_(&pair, 2);
        return otel_pb_find_(&pair, 1);
    }
    memset((void *)&pair, 0, sizeof pair);
    return pair;
}

OTEL_FN_ void otel_console_title_(otel_console_t *c, const char *what, const otel_pb_field_t_ *request)
{
    otel_pb_field_t_ service = otel_console_service_(request);
    memset(c->waterfall_.trace, 0, 16);
    otel_paint_title_(&c->paint_, what);
    otel_paint_(&c->paint_, service.bytes, service.len, 40);
    otel_paint_line_(&c->paint_);
}

/* Metrics, or the logs that were not shown yet. Both: parts = 1; their scopes = 2; metrics and log records = 2. */
OTEL_FN_ void otel_console_list_(otel_console_t *c, unsigned signal, const otel_pb_field_t_ *request)
{
    otel_pb_t_ outer = otel_pb_open_(request->bytes, request->len);
    otel_pb_field_t_ part, scope, leaf;
    bool titled = false;
    while (otel_pb_next_(&outer, &part)) {
        otel_pb_t_ middle = otel_pb_open_(part.bytes, part.len);
        while (part.number == 1 && otel_pb_next_(&middle, &scope)) {
            otel_pb_t_ inner = otel_pb_open_(scope.bytes, scope.len);
            while (scope.number == 2 && otel_pb_next_(&inner, &leaf)) {
                if (leaf.number != 2 || leaf.type != OTEL_PB_SLICE_) continue;
                if (!titled) otel_console_title_(c, signal == OTEL_SIGNAL_LOGS ? "logs  " : "metrics  ", request);
                titled = true;
                if (signal == OTEL_SIGNAL_LOGS) otel_waterfall_log_(&c->waterfall_, &leaf, 2, false);
                else otel_table_metric_(&c->table_, &leaf);
            }
        }
    }
}

/* The waterfall of a request, or (NULL) of those that are held. Its rows are in the memory behind them. */
OTEL_FN_ void otel_console_traces_(otel_console_t *c, const otel_pb_field_t_ *one)
{
    otel_row_t_ few[4];
    otel_waterfall_t_ *w = &c->waterfall_;
    otel_pb_field_t_ request;
    size_t at = 0, used = (w->held_len + 7u) & ~(size_t)7u;
    unsigned signal;
    w->paint = &c->paint_;
    w->row = few;
    w->room = 4;
    w->rows = 0;
    if (w->held && c->size_ >= used + sizeof few) {
        w->row = (otel_row_t_ *)(void *)(w->held + used);
        w->room = c->size_ - used > 32000u * sizeof few[0] ? 32000u : (unsigned)((c->size_ - used) / sizeof few[0]);
    }
    if (one) {
        w->service = otel_console_service_(one);
        otel_waterfall_add_(w, one);
    }
    while (!one && otel_held_next_(w, &at, &signal, &request)) {
        if (signal != OTEL_SIGNAL_TRACES) continue;
        w->service = otel_console_service_(&request);
        otel_waterfall_add_(w, &request);
    }
    otel_waterfall_show_(w);
}

OTEL_API_ void otel_console_show(otel_console_t *c)
{
    otel_pb_field_t_ request;
    unsigned signal;
    size_t at = 0;
    OTEL_WHEN_OFF_((void)c; return)
    if (!c || !c->waterfall_.held_len) return;
    otel_console_traces_(c, NULL);
    while (otel_held_next_(&c->waterfall_, &at, &signal, &request)) {
        if (signal == OTEL_SIGNAL_LOGS) otel_console_list_(c, signal, &request);
    }
    c->waterfall_.held_len = 0;
}

/* Keep a request for otel_console_show, with half of the room left for rows; false: it does not fit. */
OTEL_FN_ bool otel_console_hold_(otel_console_t *c, const otel_request_t *request)
{
    otel_waterfall_t_ *w = &c->waterfall_;
    uint8_t *at;
    if (!c->hold_ || !w->held) return false;
    if (request->len + OTEL_HELD_HEAD_ > c->size_ / 2u - w->held_len) otel_console_show(c);
    if (request->len + OTEL_HELD_HEAD_ > c->size_ / 2u - w->held_len) return false;
    at = w->held + w->held_len;
    at[0] = (uint8_t)request->signal;
    otel_put32_(at + 1, (uint32_t)request->len);
    memcpy(at + OTEL_HELD_HEAD_, request->body, request->len);
    w->held_len += OTEL_HELD_HEAD_ + request->len;
    return true;
}

OTEL_API_ int otel_console_send(void *user, const otel_request_t *request)
{
    otel_console_t *c = (otel_console_t *)user;
    otel_pb_field_t_ body;
    OTEL_WHEN_OFF_((void)c; (void)user; (void)request; return 200)
    if (!c || !request || !c->paint_.put) return 200;
    c->table_.paint = c->waterfall_.paint = &c->paint_;
    if (!request->body) {
        otel_paint_text_(&c->paint_, "otel_console_send: requests come in parts: give the exporter a .buffer");
        otel_paint_line_(&c->paint_);
        return 200;
    }
    if (request->signal != OTEL_SIGNAL_METRICS && otel_console_hold_(c, request)) return 200;
    memset((void *)&body, 0, sizeof body);
    body.bytes = (const uint8_t *)request->body;
    body.len = request->len;
    if (request->signal == OTEL_SIGNAL_TRACES) otel_console_traces_(c, &body);
    else otel_console_list_(c, (unsigned)request->signal, &body);
    return 200;
}
OTEL_C_END_
#endif
#endif
