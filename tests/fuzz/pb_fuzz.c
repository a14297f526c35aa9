/* Any bytes as what comes over a wire: replies, requests as JSON (whole and in parts), requests in the recorder. The first
   byte chooses signal and size of parts.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/pb_fuzz.c -o pb_fuzz */
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the reader ---- */

static void fields(const uint8_t *data, size_t size, bool cuttable)
{
    otel_pb_t_ m = otel_pb_open_(data, size);
    otel_pb_field_t_ f;
    const uint8_t *before = data;
    m.cuttable = cuttable;
    while (otel_pb_next_(&m, &f)) {
        CHECK(m.at > before && m.at + m.left == data + size && f.number > 0);
        if (f.type == OTEL_PB_SLICE_) CHECK(f.bytes > before && f.bytes + f.len == m.at);
        else CHECK(f.type == OTEL_PB_VARINT_ || f.type == OTEL_PB_FIXED64_ || f.type == OTEL_PB_FIXED32_);
        before = m.at;
    }
    CHECK(m.left == 0 && !(m.broken && m.cut) && (cuttable || !m.cut));
}

static void reply(const uint8_t *data, size_t size)
{
    otel_reply_t r;
    size_t seen = size < OTEL_REPLY_BYTES_ ? size : OTEL_REPLY_BYTES_;
    bool known = otel_reply_read_(&r, data, size, 100);
    CHECK(r.rejected <= 100 && r.code >= 0 && r.message_len <= OTEL_REPLY_TEXT_);
    if (r.message_len) CHECK((const uint8_t *)r.message >= data && (const uint8_t *)r.message + r.message_len <= data + seen);
    CHECK(otel_utf8_valid(r.message, r.message_len));
    CHECK(known || (!r.rejected && !r.code && !r.retry_after_ms && !r.too_large && !r.message));
}

/* ---- JSON ---- */

typedef struct {
    char *text;
    size_t len, room;
} line_t;

static void put(void *user, const char *text, size_t len)
{
    line_t *line = (line_t *)user;
    CHECK(len > 0);
    if (line->len + len > line->room) {
        line->room = 2 * (line->len + len);
        line->text = (char *)realloc(line->text, line->room);
        CHECK(line->text);
    }
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

/* JSON's grammar, without recursion: what may follow is told by a stack of open brackets. */
static void grammar(const line_t *line)
{
    char open[256];
    size_t i = 0, depth = 0;
    bool value = true;                 /* a value is wanted; else a comma or a bracket */
    CHECK(line->len > 1 && line->text[0] == '{' && otel_utf8_valid(line->text, line->len));
    while (i < line->len) {
        char c = line->text[i];
        if (value && (c == '{' || c == '[')) {
            CHECK(depth < sizeof open);
            open[depth++] = c;
            i++;
            if (line->text[i] == (c == '{' ? '}' : ']')) value = false;
            if (!value || c == '[') continue;
        } else if (!value && (c == '}' || c == ']')) {
            CHECK(depth > 0 && open[depth - 1] == (c == '}' ? '{' : '['));
            depth--;
            i++;
            continue;
        } else if (!value) {
            CHECK(c == ',' && depth > 0);
            value = true;
            i++;
            if (open[depth - 1] == '[') continue;
        } else if (c == '"') {
            for (i++; line->text[i] != '"'; i++) {
                CHECK(i < line->len && (unsigned char)line->text[i] >= 0x20);
                if (line->text[i] == '\\') i++;
            }
            i++;
            value = false;
            continue;
        } else {
            size_t n = i;
            while (n < line->len && strchr("-+.eE0123456789truefalse", line->text[n])) n++;
            CHECK(n > i);
            i = n;
            value = false;
            continue;
        }
        CHECK(line->text[i] == '"');   /* a name */
        for (i++; line->text[i] != '"'; i++) CHECK(line->text[i] >= 'A' && line->text[i] <= 'z');
        CHECK(line->text[++i] == ':');
        i++;
    }
    CHECK(depth == 0 && !value);
}

static bool json(const otel_request_t *request, size_t part)
{
    line_t whole = { NULL, 0, 0 }, parted = { NULL, 0, 0 };
    otel_request_t again = *request;
    otel_piece_t *parts = (otel_piece_t *)calloc(request->len / part + 2, sizeof *parts);
    bool good = otel_json_write(request, put, &whole);
    size_t at;
    CHECK(parts);
    for (at = 0; at < request->len; at += part) {
        size_t n = request->len - at < part ? request->len - at : part;
        void *copy = malloc(n);
        CHECK(copy);
        memcpy(copy, (const uint8_t *)request->body + at, n);
        parts[again.parts_len].bytes = copy;
        parts[again.parts_len++].len = n;
    }
    again.body = NULL;
    again.parts = parts;
    CHECK(otel_json_write(&again, put, &parted) == good);
    if (good) {
        grammar(&whole);
        CHECK(whole.len == parted.len && memcmp(whole.text, parted.text, whole.len) == 0);
    } else {
        CHECK(whole.len == 0 && parted.len == 0);
    }
    for (at = 0; at < again.parts_len; at++) free((void *)(uintptr_t)parts[at].bytes);
    free(parts);
    free(whole.text);
    free(parted.text);
    return good;
}

/* ---- recorder ---- */

static const uint8_t *memory_begin, *memory_end;
static unsigned sum;

static void slice(otel_slice_t s)
{
    size_t i;
    if (!s.len) return;
    CHECK((const uint8_t *)s.text >= memory_begin && (const uint8_t *)s.text + s.len <= memory_end);
    for (i = 0; i < s.len; i++) sum += (unsigned char)s.text[i];
}

static void value(const otel_recorded_value_t *v)
{
    otel_recorded_value_t inner;
    otel_slice_t key;
    uint32_t i;
    slice(v->text);
    for (i = 0; v->type == OTEL_RECORDED_ARRAY && i < v->items.count; i++) {
        CHECK(otel_recorded_element(&v->items, i, &inner));
        slice(inner.text);
    }
    for (i = 0; v->type == OTEL_RECORDED_MAP && i < v->items.count; i++) {
        CHECK(otel_recorded_attribute(&v->items, i, &key, &inner));
        slice(key);
    }
}

static void attributes(const otel_recorded_list_t *list)
{
    otel_recorded_value_t v;
    otel_slice_t key;
    int64_t n;
    uint32_t i;
    for (i = 0; i < list->count; i++) {
        CHECK(otel_recorded_attribute(list, i, &key, &v));
        slice(key);
        value(&v);
    }
    CHECK(!otel_recorded_attribute(list, list->count, &key, &v));
    if (otel_recorded_int(list, "n", &n)) sum += (unsigned)n;
}

static void numbers(const otel_recorded_list_t *list)
{
    uint32_t i;
    for (i = 0; i <= list->count && i < 300; i++) sum += (unsigned)otel_recorded_bucket(list, i);
}

static void scope(const otel_recorded_scope_t *s)
{
    slice(s->name);
    slice(s->version);
    slice(s->schema_url);
    attributes(&s->attributes);
}

static void look(otel_recorder_t *rec)
{
    otel_recorded_span_t span;
    otel_recorded_point_t point;
    otel_recorded_log_t log;
    otel_recorded_event_t event;
    otel_recorded_link_t link;
    otel_recorded_exemplar_t exemplar;
    uint32_t i, k;
    for (i = 0; otel_recorder_span(rec, i, &span); i++) {
        slice(span.name);
        slice(span.trace_state);
        slice(span.status_message);
        attributes(&span.attributes);
        attributes(&span.resource);
        scope(&span.scope);
        for (k = 0; k < span.events.count; k++) {
            CHECK(otel_recorded_event(&span.events, k, &event));
            slice(event.name);
            attributes(&event.attributes);
        }
        for (k = 0; k < span.links.count; k++) {
            CHECK(otel_recorded_link(&span.links, k, &link));
            attributes(&link.attributes);
        }
    }
    CHECK(i == otel_recorder_spans(rec));
    for (i = 0; otel_recorder_point(rec, i, &point); i++) {
        slice(point.name);
        slice(point.description);
        slice(point.unit);
        attributes(&point.attributes);
        scope(&point.scope);
        numbers(&point.buckets);
        numbers(&point.bounds);
        numbers(&point.below);
        for (k = 0; k < point.exemplars.count; k++) {
            CHECK(otel_recorded_exemplar(&point.exemplars, k, &exemplar));
            attributes(&exemplar.attributes);
        }
    }
    CHECK(i == otel_recorder_points(rec));
    for (i = 0; otel_recorder_log(rec, i, &log); i++) {
        slice(log.severity_text);
        slice(log.event_name);
        value(&log.body);
        attributes(&log.attributes);
    }
    CHECK(i == otel_recorder_logs(rec));
}

static void record(const otel_request_t *request, bool good)
{
    size_t room = 2 * (request->len + 12) + 5;
    uint8_t *memory = (uint8_t *)malloc(room);
    otel_recorder_config_t config;
    otel_recorder_t rec;
    int status;
    CHECK(memory);
    config.memory = memory;
    config.memory_size = room;
    (void)otel_recorder_init_with(&rec, &config);
    status = otel_recorder_send(&rec, request);
    CHECK(status == 200 || (status == 400 && !good));         /* JSON looks deeper */
    if (status == 200) {
        uint32_t n = rec.items_[request->signal];
        CHECK(otel_recorder_send(&rec, request) == 200 && otel_recorder_send(&rec, request) == 507 && rec.items_[request->signal] == 2 * n);
        memory_begin = memory;
        memory_end = memory + room;
        look(&rec);
    }
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel_request_t request;
    bool good;
    if (size == 0) return 0;
    fields(data + 1, size - 1, false);
    fields(data + 1, size - 1, true);
    reply(data + 1, size - 1);
    memset(&request, 0, sizeof request);
    request.signal = (otel_signal_t)(data[0] % 3u);
    request.body = data + 1;
    request.len = size - 1;
    good = json(&request, (size_t)(data[0] / 3u) + 1u);
    record(&request, good);
    if (size >= 9) {
        otel_decimal_t_ d;
        uint64_t bits = otel_get64_(data + 1);
        double there, back;
        d.text[otel_double_text_(&d, bits)] = 0;
        memcpy(&there, &bits, 8);
        back = strtod(d.text, NULL);
        CHECK((there != there && back != back) || memcmp(&there, &back, 8) == 0);
    }
    return 0;
}
