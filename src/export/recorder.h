/* A receiver in memory, for tests of programs that use otel.h: it takes the place of `send`, keeps the requests as they
   came, and gives spans, data points and log records back as structs to look at.

     static uint64_t now(void *user) { static uint64_t ns = 1700000000000000000u; (void)user; return ns += 1000; }    // Unix nanoseconds
     static otel_t otel;  static uint8_t pool[4096];  static otel_exporter_t ex;  static uint8_t packet[2048];
     static uint8_t memory[16384];  static otel_recorder_t rec;
     otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool);
     otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory);
     otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet);
     ... what is to be tested ...
     otel_export_flush(&ex, 1000);                                // milliseconds: one request a signal
     otel_recorded_span_t span;  int64_t id;
     assert(otel_recorder_find_span(&rec, "read_sensor", &span) && otel_recorded_int(&span.attributes, "sensor.id", &id) && id == 7);

   What comes back points into the recorder's memory and lives until otel_recorder_clear. One thread may send while
   another one looks. */
#ifndef OTEL_EXPORT_RECORDER_H
#define OTEL_EXPORT_RECORDER_H
#include "../otel/compiler.h"
#include "../otel/result.h"
#include "../otel/wire.h"
#include "counted.h"
#include "pb.h"
#include "recorded.h"
#include "recorded_item.h"
#include "request.h"

typedef struct otel_recorder_config_t {
    void *memory OTEL_Z_;         /* (required) of any alignment; a request takes its length and 12 bytes */
    size_t memory_size OTEL_Z_;   /* bytes */
} otel_recorder_config_t;

/* Where in the requests a look stands, so that the next item costs no search. Private. */
typedef struct otel_recorder_place_t_ {
    size_t next;                  /* offset of the next request */
    uint32_t index;               /* of the item that follows */
    uint8_t signal;
    otel_pb_t_ level[4];          /* request, resource, scope; of metrics: the points */
    otel_recorded_list_t resource;
    otel_recorded_scope_t scope;
    bool described;               /* the two are the item's; else they are read when somebody asks */
    uint8_t metric_type;
    otel_slice_t at[4];           /* ResourceSpans, ScopeSpans (or their sisters) and Metric that the item stands in, and the item */
    otel_recorded_look_t_ look;   /* what reads at the moment */
} otel_recorder_place_t_;

/* The receiver. All fields are private. */
typedef struct otel_recorder_t {
    uint8_t *memory_;
    size_t size_, used_;
    uint32_t requests_, refused_, items_[OTEL_SIGNALS];
    otel_recorder_place_t_ place_;    /* of who looks */
    otel_counted_t_ counted_;         /* of who sends */
} otel_recorder_t;

OTEL_C_BEGIN_
/* Prepare a receiver in memory; what it held before is forgotten. OTEL_E_NULL: no recorder or no memory. */
OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config);
/* The transport: .send = otel_recorder_send, .user = &recorder. Answers 200; 400 for what is no request; 507 when the
   memory is full, 413 when the request would not even fit into it empty. Nothing is kept then (otel_recorder_refused). Not from two
   threads at once. */
OTEL_API_ int otel_recorder_send(void *recorder, const otel_request_t *request);
/* Forget everything. Not while another thread sends. */
OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder);

/* How many have come. */
OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder);
/* Requests that were answered with another status than 200. A flush is done with them: a test that looks for something in vain had
   better look here too. */
OTEL_API_ uint32_t otel_recorder_refused(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder);
OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder);
/* Call step(user) until `n` items of a signal have come, at most `tries` times; whether they have. The step exports or sleeps. */
OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries);

/* The item at position `i`, in order of arrival; false when there is none. In a loop from 0 on, each costs the same. */
OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out);
/* The request at position `i` as it came, for otel_json_write and other readers. */
OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out);

/* The newest one of that name (of a metric: the newest data point), or with that text as its body; false: none. */
OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out);
OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out);
OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out);
OTEL_C_END_

/* otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory): OTEL_OK, or OTEL_E_NULL. */
#define otel_recorder_init(recorder, ...) otel_recorder_init_with((recorder), OTEL_REF_(otel_recorder_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RECORDER_HEAD_ 12u        /* in memory before each body: length, items, signal and three zeros */

/* ---- around an item ---- */

OTEL_FN_ void otel_recorder_enter_(otel_recorder_place_t_ *place, unsigned level) { place->look.message = otel_pb_open_(place->at[level].text, place->at[level].len); }

/* ResourceSpans and its sisters: resource = 1, whose attributes = 1. */
OTEL_FN_ void otel_recorder_resource_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_pb_t_ rest;
    memset((void *)&place->resource, 0, sizeof place->resource);
    otel_recorder_enter_(place, 0);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        otel_recorded_list_(&place->resource, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorded_add_(&place->resource, &look->field, OTEL_PB_SLICE_);
        }
        look->message = rest;
    }
}

/* ScopeSpans and its sisters: scope = 1 with name = 1, version = 2, attributes = 3; schema_url = 3. */
OTEL_FN_ void otel_recorder_scope_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_recorded_scope_t *out = &place->scope;
    otel_pb_t_ rest;
    memset((void *)out, 0, sizeof *out);
    otel_recorder_enter_(place, 1);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) out->schema_url = otel_recorded_slice_(&look->field);
        if (otel_recorded_key_(&look->field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        otel_recorded_list_(&out->attributes, &look->message);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) out->name = otel_recorded_slice_(&look->field);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->version = otel_recorded_slice_(&look->field);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) otel_recorded_add_(&out->attributes, &look->field, OTEL_PB_SLICE_);
        }
        look->message = rest;
    }
}

/* What an item shares with its neighbours, read once for all of them. */
OTEL_API_ void otel_recorder_describe_(otel_recorder_place_t_ *place);
OTEL_API_ void otel_recorder_describe_(otel_recorder_place_t_ *place)
{
    if (place->described) return;
    otel_recorder_resource_(place);
    otel_recorder_scope_(place);
    place->described = true;
}

/* Metric: name = 1, description = 2, unit = 3; its data: aggregation_temporality = 2, is_monotonic = 3. */
OTEL_FN_ void otel_recorder_metric_read_(otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    otel_recorded_look_t_ *look = &place->look;
    otel_pb_t_ rest;
    otel_recorder_enter_(place, 2);
    out->type = (otel_recorded_metric_t)place->metric_type;
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.type != OTEL_PB_SLICE_) continue;
        if (look->field.number == 1) out->name = otel_recorded_slice_(&look->field);
        if (look->field.number == 2) out->description = otel_recorded_slice_(&look->field);
        if (look->field.number == 3) out->unit = otel_recorded_slice_(&look->field);
        if (look->field.number != place->metric_type) continue;
        rest = look->message;
        otel_recorded_enter_(look);
        while (otel_pb_next_(&look->message, &look->field)) {
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) out->temporality = (int)otel_recorded_int32_(look->field.value);
            if (otel_recorded_key_(&look->field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->monotonic = look->field.value != 0;
        }
        look->message = rest;
    }
}

/* ---- from item to item ---- */

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. False when it is no message. */
OTEL_FN_ bool otel_recorder_metric_(otel_recorder_place_t_ *place)
{
    otel_recorded_look_t_ *look = &place->look;
    place->metric_type = 0;
    otel_recorded_enter_(look);
    while (otel_pb_next_(&look->message, &look->field)) {
        if (look->field.type != OTEL_PB_SLICE_) continue;
        if (look->field.number != 5 && look->field.number != 7 && (look->field.number < 9 || look->field.number > 11)) continue;
        place->metric_type = (uint8_t)look->field.number;
        place->level[3] = otel_pb_open_(look->field.bytes, look->field.len);
    }
    return !look->message.broken;
}

OTEL_FN_ void otel_recorder_start_(otel_recorder_place_t_ *place, unsigned signal)
{
    unsigned i;
    place->index = 0;
    place->next = 0;
    place->signal = (uint8_t)signal;
    for (i = 0; i < 4; i++) place->level[i] = otel_pb_open_(NULL, 0);
}

/* The next item of the request; false at its end, or where it is broken. */
OTEL_FN_ bool otel_recorder_step_(otel_recorder_place_t_ *place)
{
    const otel_pb_field_t_ *field = &place->look.field;
    unsigned level = 4;
    while (level) {
        otel_pb_t_ *message = &place->level[--level];
        while (otel_pb_next_(message, &place->look.field)) {
            if (field->type != OTEL_PB_SLICE_ || field->number != (level == 0 || level == 3 ? 1u : 2u)) continue;
            if (level == 3 || (level == 2 && place->signal != OTEL_SIGNAL_METRICS)) {
                place->at[3] = otel_recorded_slice_(field);
                place->index++;
                return true;
            }
            place->at[level] = otel_recorded_slice_(field);
            if (level < 2) {
                place->described = false;
                place->level[level + 1u] = otel_pb_open_(field->bytes, field->len);
            } else if (!otel_recorder_metric_(place)) {
                return false;
            }
            level += 2;                                       /* into what has just been opened */
            break;
        }
        if (message->broken) return false;
    }
    return false;
}

/* Go to the next item of the place's signal, in this request or a later one. */
OTEL_API_ bool otel_recorder_next_(otel_recorder_t *recorder);
OTEL_API_ bool otel_recorder_next_(otel_recorder_t *recorder)
{
    otel_recorder_place_t_ *place = &recorder->place_;
    while (!otel_recorder_step_(place)) {
        const uint8_t *head = recorder->memory_ + place->next;
        if (place->next >= OTEL_LOAD_ACQUIRE_(&recorder->used_)) return false;
        place->next += OTEL_RECORDER_HEAD_ + (size_t)otel_get32_(head);
        if (head[8] == place->signal) place->level[0] = otel_pb_open_(head + OTEL_RECORDER_HEAD_, (size_t)otel_get32_(head));
    }
    return true;
}

/* Go to the item at position `i` of a signal. */
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i);
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i)
{
    if (i < recorder->place_.index || signal != recorder->place_.signal || recorder->place_.next == 0) otel_recorder_start_(&recorder->place_, signal);
    while (otel_recorder_next_(recorder)) {
        if (recorder->place_.index != i + 1u) continue;
        otel_recorder_describe_(&recorder->place_);
        return true;
    }
    return false;
}

/* The item where the place is. Both who gives it by position and who finds it go on here at their end, with none of their stack left. */
OTEL_FN_ bool otel_recorder_span_read_(otel_recorder_place_t_ *place, otel_recorded_span_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_enter_(place, 3);
    return otel_recorded_span_read_(&place->look, out);
}

OTEL_FN_ bool otel_recorder_point_read_(otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_metric_read_(place, out);
    otel_recorder_enter_(place, 3);
    otel_recorded_point_read_(place->metric_type, &place->look, out);
    return true;
}

OTEL_FN_ bool otel_recorder_log_read_(otel_recorder_place_t_ *place, otel_recorded_log_t *out)
{
    memset((void *)out, 0, sizeof *out);
    out->scope = place->scope;
    out->resource = place->resource;
    otel_recorder_enter_(place, 3);
    return otel_recorded_log_read_(&place->look, out);
}

OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, i)) return false;
    return otel_recorder_span_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, i)) return false;
    return otel_recorder_point_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, i)) return false;
    return otel_recorder_log_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_request(const otel_recorder_t *recorder, uint32_t i, otel_request_t *out)
{
    static const char *const paths[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    size_t at = 0, used;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder) return false;
    used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    while (at < used) {
        const uint8_t *head = recorder->memory_ + at;
        size_t len = (size_t)otel_get32_(head);
        if (i-- == 0) {
            memset((void *)out, 0, sizeof *out);
            out->signal = (otel_signal_t)head[8];
            out->path = paths[head[8]];
            out->body = head + OTEL_RECORDER_HEAD_;
            out->len = len;
            out->items = otel_get32_(head + 4);
            return true;
        }
        at += OTEL_RECORDER_HEAD_ + len;
    }
    return false;
}

/* ---- find, count, wait ---- */

/* Say whether the item is of that name, or has that text as its body. */
OTEL_API_ bool otel_recorder_named_(otel_recorder_t *recorder, const char *name);
OTEL_API_ bool otel_recorder_named_(otel_recorder_t *recorder, const char *name)
{
    otel_recorder_place_t_ *place = &recorder->place_;
    const bool metric = place->signal == OTEL_SIGNAL_METRICS;
    otel_recorder_enter_(place, metric ? 2u : 3u);
    (void)otel_recorded_last_(&place->look, metric ? OTEL_RECORDED_SET_(1, OTEL_PB_SLICE_) : OTEL_RECORDED_SET_(5, OTEL_PB_SLICE_));       /* name, body */
    if (place->signal == OTEL_SIGNAL_LOGS) {
        otel_recorded_enter_(&place->look);
        if (otel_recorded_last_(&place->look, OTEL_RECORDED_ANY_) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) return false;
    }
    return otel_bytes_are_(place->look.field.bytes, place->look.field.len, name);
}

/* The position of the newest item of that name, or one that no item has. It looks at nothing but names, so that the caller's struct is
   the only one. */
OTEL_API_ uint32_t otel_recorder_newest_(otel_recorder_t *recorder, unsigned signal, const char *name);
OTEL_API_ uint32_t otel_recorder_newest_(otel_recorder_t *recorder, unsigned signal, const char *name)
{
    uint32_t found = 0;
    otel_recorder_start_(&recorder->place_, signal);
    while (otel_recorder_next_(recorder)) {
        if (otel_recorder_named_(recorder, name)) found = recorder->place_.index;
    }
    return found - 1u;
}

OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    if (!recorder || !name || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, otel_recorder_newest_(recorder, OTEL_SIGNAL_TRACES, name))) return false;
    return otel_recorder_span_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    if (!recorder || !name || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, otel_recorder_newest_(recorder, OTEL_SIGNAL_METRICS, name))) return false;
    return otel_recorder_point_read_(&recorder->place_, out);
}

OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out)
{
    OTEL_WHEN_OFF_((void)recorder; (void)body; (void)out; return false)
    if (!recorder || !body || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, otel_recorder_newest_(recorder, OTEL_SIGNAL_LOGS, body))) return false;
    return otel_recorder_log_read_(&recorder->place_, out);
}

OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->requests_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_refused(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->refused_) : 0u;
}

OTEL_API_ uint32_t otel_recorder_spans(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_TRACES]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_points(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_METRICS]) : 0u;
}

OTEL_API_ uint32_t otel_recorder_logs(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->items_[OTEL_SIGNAL_LOGS]) : 0u;
}

OTEL_API_ bool otel_recorder_wait(otel_recorder_t *recorder, otel_signal_t signal, uint32_t n, void (*step)(void *user), void *user, uint32_t tries)
{
    OTEL_WHEN_OFF_((void)recorder; (void)signal; (void)n; (void)step; (void)user; (void)tries; return false)
    if (!recorder || (unsigned)signal >= OTEL_SIGNALS) return false;
    while (OTEL_LOAD_ACQUIRE_(&recorder->items_[signal]) < n) {
        if (tries-- == 0) return false;
        if (step) (step)(user);
    }
    return true;
}

/* ---- receive ---- */

OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config)
{
    OTEL_WHEN_OFF_((void)recorder; (void)config; return OTEL_OK)
    if (!recorder || !config || !config->memory) return OTEL_E_NULL;
    memset((void *)recorder, 0, sizeof *recorder);
    recorder->memory_ = (uint8_t *)config->memory;
    recorder->size_ = config->memory_size;
    return OTEL_OK;
}

OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder)
{
    otel_recorder_config_t config;
    OTEL_WHEN_OFF_((void)recorder; return)
    if (!recorder) return;
    config.memory = recorder->memory_;
    config.memory_size = recorder->size_;
    (void)otel_recorder_init_with(recorder, &config);
}

/* A request with its head behind those that are there, where nobody looks yet. 200, or why it has no place. */
OTEL_FN_ int otel_recorder_copy_(otel_recorder_t *recorder, const otel_request_t *request)
{
    const size_t n = request->body ? 0u : request->parts ? request->parts_len : 0u;
    uint8_t *to = recorder->memory_ + recorder->used_;
    size_t i, len = request->body ? request->len : 0u;
    for (i = 0; i < n; i++) {
        if (request->parts[i].len > request->len - len) return 400;
        len += request->parts[i].len;
    }
    if (len != request->len) return 400;
    if ((uint64_t)len >> 32 || recorder->size_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - OTEL_RECORDER_HEAD_) return 413;
    if (recorder->size_ - recorder->used_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - recorder->used_ - OTEL_RECORDER_HEAD_) return 507;
    otel_put32_(to, (uint32_t)len);
    otel_put32_(to + 4, request->items);
    otel_put32_(to + 8, (uint32_t)request->signal);
    to += OTEL_RECORDER_HEAD_;
    if (request->body) memcpy(to, request->body, len);
    for (i = 0; i < n; i++) {
        if (request->parts[i].len) memcpy(to, request->parts[i].bytes, request->parts[i].len);
        to += request->parts[i].len;
    }
    return 200;
}

OTEL_API_ int otel_recorder_send(void *user, const otel_request_t *request)
{
    otel_recorder_t *recorder = (otel_recorder_t *)user;
    int status;
    OTEL_WHEN_OFF_((void)recorder; (void)user; (void)request; (void)status; return 200)
    if (!recorder || !recorder->memory_ || !request || (unsigned)request->signal >= OTEL_SIGNALS) return 400;
    status = otel_recorder_copy_(recorder, request);
    if (status == 200 && !otel_counted_items_(&recorder->counted_, (unsigned)request->signal, recorder->memory_ + recorder->used_ + OTEL_RECORDER_HEAD_, request->len)) status = 400;
    if (status != 200) {
        OTEL_STORE_RELEASE_(&recorder->refused_, recorder->refused_ + 1u);
        return status;
    }
    OTEL_STORE_RELEASE_(&recorder->used_, recorder->used_ + OTEL_RECORDER_HEAD_ + request->len);
    OTEL_STORE_RELEASE_(&recorder->requests_, recorder->requests_ + 1u);
    OTEL_STORE_RELEASE_(&recorder->items_[request->signal], recorder->items_[request->signal] + recorder->counted_.items);
    return 200;
}
OTEL_C_END_
#endif
#endif
