/* A receiver in memory, for tests of programs that use otel.h: it takes the place of `send`, keeps the requests as they
   came, and gives spans, data points and log records back as structs to look at.

     static uint8_t memory[16384];  static otel_recorder_t rec;
     otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory);
     otel_exporter_init(&ex, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet);
     ... what is to be tested ...
     otel_export_flush(&ex, 0);
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
    bool broken;
    otel_pb_t_ level[4];          /* request, resource, scope; of metrics: the points */
    otel_recorded_list_t resource;
    otel_recorded_scope_t scope;
    const uint8_t *metric;
    size_t metric_len;
    uint8_t metric_type;
} otel_recorder_place_t_;

/* The receiver. All fields are private. */
typedef struct otel_recorder_t {
    uint8_t *memory_;
    size_t size_, used_;
    uint32_t requests_, items_[OTEL_SIGNALS];
    otel_recorder_place_t_ place_;
} otel_recorder_t;

OTEL_C_BEGIN_
/* Prepare a receiver in memory; what it held before is forgotten. OTEL_E_NULL: no recorder or no memory. */
OTEL_API_ otel_result_t otel_recorder_init_with(otel_recorder_t *recorder, const otel_recorder_config_t *config);
/* The transport: .send = otel_recorder_send, .user = &recorder. Answers 200; 400 for what is no request; 507 when the
   memory is full, 413 when the request would not even fit into it empty. Nothing is kept then. Not from two threads at once. */
OTEL_API_ int otel_recorder_send(void *recorder, const otel_request_t *request);
/* Forget everything. Not while another thread sends. */
OTEL_API_ void otel_recorder_clear(otel_recorder_t *recorder);

/* How many have come. */
OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder);
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

/* Metric: name = 1, description = 2, unit = 3; its data: aggregation_temporality = 2, is_monotonic = 3. */
OTEL_FN_ void otel_recorded_metric_read_(const otel_recorder_place_t_ *place, otel_recorded_point_t *out)
{
    otel_pb_t_ message = otel_pb_open_(place->metric, place->metric_len);
    otel_pb_field_t_ field;
    out->type = (otel_recorded_metric_t)place->metric_type;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number == 1) out->name = otel_recorded_slice_(&field);
        if (field.number == 2) out->description = otel_recorded_slice_(&field);
        if (field.number == 3) out->unit = otel_recorded_slice_(&field);
        if (field.number == place->metric_type) {
            otel_pb_t_ data = otel_pb_open_(field.bytes, field.len);
            while (otel_pb_next_(&data, &field)) {
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_VARINT_)) out->temporality = (int)otel_recorded_int32_(field.value);
                if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_VARINT_)) out->monotonic = field.value != 0;
            }
        }
    }
}

/* ---- from item to item ---- */

/* The attributes of a resource or scope message. */
OTEL_FN_ void otel_recorder_attributes_(const otel_pb_field_t_ *owner, uint32_t number, otel_recorded_list_t *list)
{
    const otel_pb_t_ whole = otel_pb_open_(owner->bytes, owner->len);
    otel_pb_t_ message = whole;
    otel_pb_field_t_ field;
    memset((void *)list, 0, sizeof *list);
    while (otel_pb_next_(&message, &field)) {
        if (field.number == number && field.type == OTEL_PB_SLICE_) otel_recorded_add_(list, &whole, &field, OTEL_PB_SLICE_);
    }
}

/* ResourceSpans and its sisters: resource = 1, whose attributes = 1. */
OTEL_FN_ void otel_recorder_resource_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len);
    otel_pb_field_t_ field;
    memset((void *)&place->resource, 0, sizeof place->resource);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) otel_recorder_attributes_(&field, 1, &place->resource);
    }
}

/* ScopeSpans and its sisters: scope = 1 with name = 1, version = 2, attributes = 3; schema_url = 3. */
OTEL_FN_ void otel_recorder_scope_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *group)
{
    otel_pb_t_ message = otel_pb_open_(group->bytes, group->len), scope;
    otel_pb_field_t_ field;
    otel_recorded_scope_t *out = &place->scope;
    memset((void *)out, 0, sizeof *out);
    while (otel_pb_next_(&message, &field)) {
        if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(3, OTEL_PB_SLICE_)) out->schema_url = otel_recorded_slice_(&field);
        if (otel_recorded_key_(&field) != OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) continue;
        otel_recorder_attributes_(&field, 3, &out->attributes);
        scope = otel_pb_open_(field.bytes, field.len);
        while (otel_pb_next_(&scope, &field)) {
            if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(1, OTEL_PB_SLICE_)) out->name = otel_recorded_slice_(&field);
            if (otel_recorded_key_(&field) == OTEL_RECORDED_FIELD_(2, OTEL_PB_SLICE_)) out->version = otel_recorded_slice_(&field);
        }
    }
}

/* Metric: its data is the last of the fields 5, 7, 9, 10, 11. False when it is no message. */
OTEL_FN_ bool otel_recorder_metric_(otel_recorder_place_t_ *place, const otel_pb_field_t_ *metric)
{
    otel_pb_t_ message = otel_pb_open_(metric->bytes, metric->len);
    otel_pb_field_t_ field;
    place->metric = metric->bytes;
    place->metric_len = metric->len;
    place->metric_type = 0;
    while (otel_pb_next_(&message, &field)) {
        if (field.type != OTEL_PB_SLICE_) continue;
        if (field.number != 5 && field.number != 7 && (field.number < 9 || field.number > 11)) continue;
        place->metric_type = (uint8_t)field.number;
        place->level[3] = otel_pb_open_(field.bytes, field.len);
    }
    return !message.broken;
}

OTEL_FN_ void otel_recorder_start_(otel_recorder_place_t_ *place, unsigned signal, const void *body, size_t len)
{
    unsigned i;
    place->index = 0;
    place->next = 0;
    place->signal = (uint8_t)signal;
    place->broken = false;
    place->level[0] = otel_pb_open_(body, len);
    for (i = 1; i < 4; i++) place->level[i] = otel_pb_open_(NULL, 0);
}

/* The next item of the request: false at its end, or when `broken` is set. */
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_step_(otel_recorder_place_t_ *place, otel_pb_field_t_ *item)
{
    unsigned level = 4;
    while (level) {
        otel_pb_t_ *message = &place->level[--level];
        while (otel_pb_next_(message, item)) {
            if (item->type != OTEL_PB_SLICE_ || item->number != (level == 0 || level == 3 ? 1u : 2u)) continue;
            if (level == 3 || (level == 2 && place->signal != OTEL_SIGNAL_METRICS)) {
                place->index++;
                return true;
            }
            if (level == 2 && !otel_recorder_metric_(place, item)) {
                place->broken = true;
                return false;
            }
            if (level == 0) otel_recorder_resource_(place, item);
            if (level == 1) otel_recorder_scope_(place, item);
            if (level < 2) place->level[level + 1u] = otel_pb_open_(item->bytes, item->len);
            level += 2;                                       /* into what has just been opened */
            break;
        }
        if (message->broken) {
            place->broken = true;
            return false;
        }
    }
    return false;
}

/* The item at position `i` of a signal; the recorder's place moves there. */
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item);
OTEL_API_ bool otel_recorder_item_(otel_recorder_t *recorder, unsigned signal, uint32_t i, otel_pb_field_t_ *item)
{
    otel_recorder_place_t_ *place = &recorder->place_;
    size_t used = OTEL_LOAD_ACQUIRE_(&recorder->used_);
    if (i < place->index || signal != place->signal || place->next == 0) otel_recorder_start_(place, signal, NULL, 0);
    for (;;) {
        const uint8_t *head = recorder->memory_ + place->next;
        size_t len;
        while (otel_recorder_step_(place, item)) {
            if (place->index == i + 1u) return true;
        }
        if (place->next >= used) return false;
        len = (size_t)otel_get32_(head);
        place->next += OTEL_RECORDER_HEAD_ + len;
        if (head[8] == signal) place->level[0] = otel_pb_open_(head + OTEL_RECORDER_HEAD_, len);
    }
}

OTEL_API_ bool otel_recorder_span(otel_recorder_t *recorder, uint32_t i, otel_recorded_span_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_TRACES, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_span_read_(&item, out);
    return true;
}

OTEL_API_ bool otel_recorder_point(otel_recorder_t *recorder, uint32_t i, otel_recorded_point_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_METRICS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_metric_read_(&recorder->place_, out);
    otel_recorded_point_read_(recorder->place_.metric_type, &item, out);
    return true;
}

OTEL_API_ bool otel_recorder_log(otel_recorder_t *recorder, uint32_t i, otel_recorded_log_t *out)
{
    otel_pb_field_t_ item;
    OTEL_WHEN_OFF_((void)recorder; (void)i; (void)out; return false)
    if (!recorder || !otel_recorder_item_(recorder, OTEL_SIGNAL_LOGS, i, &item)) return false;
    memset((void *)out, 0, sizeof *out);
    out->scope = recorder->place_.scope;
    out->resource = recorder->place_.resource;
    otel_recorded_log_read_(&item, out);
    return true;
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

OTEL_API_ bool otel_recorder_find_span(otel_recorder_t *recorder, const char *name, otel_recorded_span_t *out)
{
    otel_recorded_span_t span;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_span(recorder, i, &span); i++) {
        if (!otel_slice_is(span.name, name)) continue;
        *out = span;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_point(otel_recorder_t *recorder, const char *name, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)name; (void)out; return false)
    for (i = 0; otel_recorder_point(recorder, i, &point); i++) {
        if (!otel_slice_is(point.name, name)) continue;
        *out = point;
        found = true;
    }
    return found;
}

OTEL_API_ bool otel_recorder_find_log(otel_recorder_t *recorder, const char *body, otel_recorded_log_t *out)
{
    otel_recorded_log_t log;
    uint32_t i;
    bool found = false;
    OTEL_WHEN_OFF_((void)recorder; (void)body; (void)out; return false)
    for (i = 0; otel_recorder_log(recorder, i, &log); i++) {
        if (log.body.type != OTEL_RECORDED_TEXT || !otel_slice_is(log.body.text, body)) continue;
        *out = log;
        found = true;
    }
    return found;
}

OTEL_API_ uint32_t otel_recorder_requests(const otel_recorder_t *recorder)
{
    OTEL_WHEN_OFF_((void)recorder; return 0)
    return recorder ? OTEL_LOAD_ACQUIRE_(&recorder->requests_) : 0u;
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

OTEL_API_ int otel_recorder_send(void *user, const otel_request_t *request)
{
    otel_recorder_t *recorder = (otel_recorder_t *)user;
    uint8_t *head, *to;
    uint64_t len = 0;
    uint32_t items = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)recorder; (void)user; (void)request; return 200)
    if (!recorder || !recorder->memory_ || !request || (unsigned)request->signal >= OTEL_SIGNALS) return 400;
    n = request->body ? 0u : request->parts ? request->parts_len : 0u;
    if (request->body) len = request->len;
    for (i = 0; i < n; i++) len += request->parts[i].len;
    if (len != request->len) return 400;
    if (len > 0xFFFFFFFFu || recorder->size_ < OTEL_RECORDER_HEAD_ || len > recorder->size_ - OTEL_RECORDER_HEAD_) return 413;
    if (len + OTEL_RECORDER_HEAD_ > recorder->size_ - recorder->used_) return 507;
    head = recorder->memory_ + recorder->used_;
    to = head + OTEL_RECORDER_HEAD_;
    if (request->body) memcpy(to, request->body, (size_t)len);
    for (i = 0; i < n; i++) {
        if (request->parts[i].len) memcpy(to, request->parts[i].bytes, request->parts[i].len);
        to += request->parts[i].len;
    }
    otel_put32_(head, (uint32_t)len);
    otel_put32_(head + 4, request->items);
    otel_put32_(head + 8, (uint32_t)request->signal);
    if (!otel_counted_items_((unsigned)request->signal, head + OTEL_RECORDER_HEAD_, (size_t)len, &items)) return 400;
    OTEL_STORE_RELEASE_(&recorder->used_, recorder->used_ + OTEL_RECORDER_HEAD_ + (size_t)len);
    OTEL_STORE_RELEASE_(&recorder->requests_, recorder->requests_ + 1u);
    OTEL_STORE_RELEASE_(&recorder->items_[request->signal], recorder->items_[request->signal] + items);
    return 200;
}
OTEL_C_END_
#endif
#endif
