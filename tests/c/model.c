/* Random programs against a simple model of what a receiver must get.

     model FIRST COUNT      COUNT programs from seeds FIRST, FIRST + 1, ..; the first difference ends it

   Each program makes every call twice: on the instance under test, with its small pool, its drop policy and its exporters,
   and on one whose queue never fills. There each record is taken out at once and compared with what the calls mean
   (`want_*`, decoded by the reader in this file). The instance under test must then deliver the same bytes, less what the
   model of the ring says is lost: a list of sizes, a capacity, and how far each exporter is. After every call the law is
   checked for each exporter: counts of otel_stats against the model, and against a walk over the bytes in the ring. */
#include "otel_export.h"
#include "model_reader.h"

#define OPEN 8
#define EXPORTERS (OTEL_READERS_ < 3 ? OTEL_READERS_ : 3)
#define KEYS 7
#define EVENTS 6
#define LINKS 4
#define RECORDS 4096
#define RECORD_BYTES 4096

/* ---- what calls mean ---- */
typedef struct { unsigned key; int type; int64_t i; double d; size_t len; char text[200]; } want_value_t;      /* type: 1 text, 2 bool, 3 int, 4 double, 7 bytes */
typedef struct { char name[64]; uint64_t time; unsigned n; want_value_t value[2]; } want_event_t;

typedef struct {
    bool live, recording, sampled, ample, entered, parented, remote, random;
    uint8_t trace[16], id[8], parent[8];
    char name[64];
    unsigned kind, scope;
    uint64_t start, end;
    unsigned keys;
    want_value_t value[KEYS];
    unsigned events, links;
    want_event_t event[EVENTS];
    uint8_t link[LINKS][8];
    int status;
    char message[64];
} want_span_t;

static const char *const key_names[KEYS] = { "a", "bus", "sensor.id", "http.request.method", "\xC3\xA9", "x.y.z", "k" };
static const char *const scope_names[3] = { "", "one", "two" };

static void check_value(msg_t m, const want_value_t *want)
{
    field_t f;
    CHECK(next_field(&m, &f));
    CHECK((int)f.number == want->type);
    if (want->type == 1 || want->type == 7) CHECK(f.len == want->len && memcmp(f.bytes, want->text, f.len) == 0);
    if (want->type == 2) CHECK(f.value == (uint64_t)want->i);
    if (want->type == 3) CHECK((int64_t)f.value == want->i);
    if (want->type == 4) CHECK(memcmp(&f.value, &want->d, 8) == 0);
    CHECK(!next_field(&m, &f));
}

/* A KeyValue; the index of its key. */
static unsigned check_attribute(msg_t m, const want_value_t *wants, unsigned n, bool by_order, unsigned at)
{
    field_t key, value;
    unsigned i;
    CHECK(next_field(&m, &key) && key.number == 1 && next_field(&m, &value) && value.number == 2 && m.at == m.end);
    for (i = by_order ? at : 0; i < n; i++) {
        if (is_text(&key, key_names[wants[i].key])) {
            check_value(inside(&value), &wants[i]);
            return i;
        }
        CHECK(!by_order);
    }
    fail("an attribute that was never set", __LINE__);
    return 0;
}

static void check_span(const uint8_t *bytes, size_t len, const want_span_t *want)
{
    msg_t m;
    field_t f;
    unsigned attributes = 0, events = 0, links = 0, lost = 0, lost_events = 0, lost_links = 0, seen = 0;
    bool parented = false, named = false;
    int status = 0;
    m.at = bytes;
    m.end = bytes + len;
    while (next_field(&m, &f)) {
        msg_t inner;
        field_t g;
        switch (f.number) {
        case 1: CHECK(f.len == 16 && memcmp(f.bytes, want->trace, 16) == 0); break;
        case 2: CHECK(f.len == 8 && memcmp(f.bytes, want->id, 8) == 0); break;
        case 4: parented = true; CHECK(f.len == 8 && memcmp(f.bytes, want->parent, 8) == 0); break;
        case 5: named = true; if (want->ample) CHECK(is_text(&f, want->name)); break;
        case 6: CHECK(f.value == want->kind); break;
        case 7: CHECK(f.value == want->start); break;
        case 8: CHECK(f.value == want->end); break;
        case 16: CHECK(f.value == (0x100u | (want->remote ? 0x200u : 0u) | (want->random ? 2u : 0u) | 1u)); break;
        case 9: {
            unsigned which = check_attribute(inside(&f), want->value, want->keys, false, 0);
            CHECK(!(seen & 1u << which));                         /* no key twice */
            seen |= 1u << which;
            attributes++;
            break;
        }
        case 10: lost = (unsigned)f.value; break;
        case 12: lost_events = (unsigned)f.value; break;
        case 14: lost_links = (unsigned)f.value; break;
        case 11: {
            const want_event_t *e = &want->event[want->ample ? events : 0];
            unsigned n = 0;
            events++;
            if (!want->ample) break;
            CHECK(events <= want->events);
            inner = inside(&f);
            while (next_field(&inner, &g)) {
                if (g.number == 1) CHECK(g.value == e->time);
                else if (g.number == 2) CHECK(is_text(&g, e->name));
                else if (g.number == 3 && strcmp(e->name, "exception") != 0) n = 1 + check_attribute(inside(&g), e->value, e->n, true, n);
                else CHECK(g.number == 3);
            }
            CHECK(n == e->n);
            break;
        }
        case 13:
            links++;
            if (!want->ample) break;
            CHECK(links <= want->links);
            inner = inside(&f);
            while (next_field(&inner, &g)) {
                if (g.number == 2) CHECK(g.len == 8 && memcmp(g.bytes, want->link[links - 1], 8) == 0);
                else CHECK(g.number == 1 || g.number == 6);
            }
            break;
        case 15:
            inner = inside(&f);
            while (next_field(&inner, &g)) {
                if (g.number == 3) status = (int)g.value;
                else if (g.number == 2 && want->ample) CHECK(is_text(&g, want->message));
                else CHECK(g.number == 2);
            }
            break;
        default: fail("a field of a span", __LINE__);
        }
    }
    CHECK(parented == want->parented && status == want->status);
    if (want->ample) CHECK(named == (want->name[0] != 0) || want->name[0] == 0);
    if (want->ample) {
        CHECK(attributes == want->keys && events == want->events && links == want->links && !lost && !lost_events && !lost_links);
    } else {
        CHECK(attributes <= want->keys && attributes + lost >= want->keys && events + lost_events == want->events && links + lost_links == want->links);
    }
}

typedef struct {
    unsigned severity, scope, n;
    uint64_t time;
    bool in_span;
    uint8_t trace[16], id[8];
    want_value_t body, value[3];
} want_log_t;

static void check_log(const uint8_t *bytes, size_t len, const want_log_t *want)
{
    msg_t m;
    field_t f;
    unsigned n = 0;
    bool traced = false, bodied = false;
    m.at = bytes;
    m.end = bytes + len;
    while (next_field(&m, &f)) {
        switch (f.number) {
        case 1: case 11: CHECK(f.value == want->time); break;
        case 2: CHECK(f.value == want->severity); break;
        case 5: bodied = true; check_value(inside(&f), &want->body); break;
        case 6: n = 1 + check_attribute(inside(&f), want->value, want->n, true, n); break;
        case 7: CHECK(f.value == 0); break;                       /* only fills the record to whole words */
        case 8: break;
        case 9: traced = true; CHECK(f.len == 16 && memcmp(f.bytes, want->trace, 16) == 0); break;
        case 10: CHECK(f.len == 8 && memcmp(f.bytes, want->id, 8) == 0); break;
        default: fail("a field of a log record", __LINE__);
        }
    }
    CHECK(n == want->n && traced == want->in_span && bodied);
}

/* ---- the two instances ---- */
static uint64_t now_ns;
static uint64_t the_clock(void *user)
{
    (void)user;
    return now_ns;
}
static otel_current_t slots[2];
static otel_current_t *the_slot(void *user) { return (otel_current_t *)user; }
static bool the_entropy(void *user, void *to, size_t len)
{
    size_t i;
    (void)user;
    for (i = 0; i < len; i++) ((uint8_t *)to)[i] = (uint8_t)(seed * 31u + i + 1u);
    return true;
}
static otel_decision_t by_name(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    return input->name[0] == '!' ? OTEL_DECISION_DROP : input->name[0] == '?' ? OTEL_DECISION_RECORD_ONLY : OTEL_DECISION_RECORD_AND_SAMPLE;
}

#define POOL_MAX (1u << 20)
static otel_t both[2];                                            /* 0: under test, 1: never full */
static uint8_t pool[POOL_MAX], calm_pool[1u << 16], calm_packet[1u << 16];
static otel_exporter_t calm;
static otel_scope_t scopes[2][3];
static union { otel_span_t span; uint8_t room[sizeof(otel_span_t) + 4096]; } memory[2][OPEN];
static want_span_t want[OPEN];
static unsigned stack[OPEN], stacked;                             /* entered spans, innermost last */

/* ---- the model of the queue ---- */
typedef struct { uint32_t size; unsigned scope; uint8_t bytes[RECORD_BYTES]; } record_t;
typedef struct {
    record_t *record;                                             /* all that went in */
    uint32_t first, end;                                          /* those that are in the ring */
    uint64_t capacity, used, created, lost[OTEL_DROP_REASONS], evicted;
    bool read;
} queue_t;
typedef struct {
    bool on, gone, flying, flat;
    otel_exporter_t x;
    otel_request_t request;
    unsigned signal;
    uint64_t sum;                                                 /* of the bytes in flight */
    uint8_t *packet;
    uint32_t packet_size, max_items;
    struct { uint32_t cursor, held, cap, taken, attempts; uint64_t base, exported, lost[OTEL_DROP_REASONS], evicted; } lane[2];
} model_exporter_t;
static record_t records[2][RECORDS];
static queue_t queue[2];                                          /* spans, logs */
static model_exporter_t exporter[EXPORTERS];
static otel_when_full_t policy;
static uint32_t envelope[3];                                      /* bytes around a lone record, by scope */

static struct { uint64_t records, requests, evictions, full, in_flight, flights, checks, urgent; } totals;

static bool queue_make_room(queue_t *q, unsigned which, uint32_t n)
{
    while (q->used + n > q->capacity) {
        unsigned i;
        if (policy != OTEL_DROP_OLDEST || q->first == q->end) {
            q->lost[OTEL_DROP_FULL]++;
            totals.full++;
            return false;
        }
        for (i = 0; i < EXPORTERS; i++) {
            model_exporter_t *e = &exporter[i];
            if (e->on && e->lane[which].cursor == q->first && e->flying && e->signal == which && e->lane[which].held > q->first) {
                q->lost[OTEL_DROP_IN_FLIGHT]++;
                totals.in_flight++;
                return false;
            }
        }
        for (i = 0; i < EXPORTERS; i++) {
            model_exporter_t *e = &exporter[i];
            if (e->on && e->lane[which].cursor == q->first) {
                e->lane[which].cursor++;
                e->lane[which].evicted++;
            }
        }
        q->used -= q->record[q->first].size;
        q->first++;
        q->evicted++;
        totals.evictions++;
    }
    return true;
}

/* Takes the record that the calm instance has just made, and says what becomes of it. */
static void queue_push(unsigned which, uint32_t size, unsigned scope, const uint8_t *bytes, bool urgent)
{
    queue_t *q = &queue[which];
    q->created++;
    totals.records++;
    if (size > q->capacity) {
        q->lost[OTEL_DROP_TOO_LARGE]++;
        return;
    }
    if (!queue_make_room(q, which, size)) return;
    if (policy == OTEL_DROP_ORDINARY && !urgent && q->used && q->used + size > q->capacity - q->capacity / 4) {      /* the last quarter is for errors */
        q->lost[OTEL_DROP_FULL]++;
        totals.full++;
        return;
    }
    if (policy == OTEL_DROP_ORDINARY && urgent && q->used + size > q->capacity - q->capacity / 4) totals.urgent++;
    if (policy == OTEL_DROP_SAMPLE) {                             /* past a half one in two, past three quarters one in four */
        uint64_t left = q->capacity - q->used, part = q->capacity / 2, keep = 1;
        for (; left < part && part > 8; part /= 2) keep *= 2;
        if (q->created % keep) {
            q->lost[OTEL_DROP_FULL]++;
            return;
        }
    }
    CHECK(q->end < RECORDS && size <= RECORD_BYTES);
    q->record[q->end].size = size;
    q->record[q->end].scope = scope;
    memcpy(q->record[q->end].bytes, bytes, size);
    q->end++;
    q->used += size;
}

static void queue_release(unsigned which)
{
    queue_t *q = &queue[which];
    uint32_t slowest = q->end;
    bool any = false;
    unsigned i;
    for (i = 0; i < EXPORTERS; i++) {
        if (!exporter[i].on) continue;
        any = true;
        if (exporter[i].lane[which].cursor < slowest) slowest = exporter[i].lane[which].cursor;
    }
    for (; any && q->first < slowest; q->first++) q->used -= q->record[q->first].size;
}

/* ---- requests ---- */
static uint8_t joined[POOL_MAX * 2];
static void join(const otel_request_t *r)
{
    size_t i, n = 0;
    CHECK(r->len <= sizeof joined);
    if (r->body) {
        memcpy(joined, r->body, r->len);
        return;
    }
    for (i = 0; i < r->parts_len; i++) {
        CHECK(n + r->parts[i].len <= r->len);
        memcpy(joined + n, r->parts[i].bytes, r->parts[i].len);
        n += r->parts[i].len;
    }
    CHECK(n == r->len);
}

static uint64_t sum_of(const otel_request_t *r)
{
    uint64_t h = 1469598103934665603ull;
    size_t i;
    join(r);
    for (i = 0; i < r->len; i++) h = (h ^ joined[i]) * 1099511628211ull;
    return h;
}

typedef struct { model_exporter_t *e; unsigned which; uint32_t skipped, items; } arrival_t;
static void arrives(void *user, const uint8_t *bytes, size_t len, const char *scope, size_t scope_len)
{
    arrival_t *a = (arrival_t *)user;
    queue_t *q = &queue[a->which];
    uint32_t at = a->e->lane[a->which].held;
    for (;;) {                                                    /* what no packet can hold is left out, at the front only */
        record_t *r = &q->record[at];
        CHECK(at < q->end);
        if (r->size == len && memcmp(r->bytes, bytes, len) == 0) break;
        CHECK(a->items == 0 && a->e->flat && r->size + envelope[r->scope] > a->e->packet_size);
        a->skipped++;
        at++;
    }
    CHECK(scope_len == strlen(scope_names[q->record[at].scope]) && memcmp(scope, scope_names[q->record[at].scope], scope_len) == 0);
    a->items++;
    a->e->lane[a->which].held = at + 1;
}

/* A request came: it must hold the next records of this exporter, all of them unchanged and in order. */
static void take_request(model_exporter_t *e, const otel_request_t *r)
{
    arrival_t a;
    queue_t *q;
    CHECK(!e->flying && r->signal != OTEL_SIGNAL_METRICS);
    e->signal = r->signal == OTEL_SIGNAL_LOGS ? 1u : 0u;
    e->request = *r;
    q = &queue[e->signal];
    a.e = e;
    a.which = e->signal;
    a.skipped = a.items = 0;
    CHECK((r->body != NULL) == e->flat && r->items >= 1 && r->items <= e->max_items && (!e->flat || r->len <= e->packet_size));
    if (e->lane[e->signal].cap) CHECK(r->items <= e->lane[e->signal].cap);
    e->lane[e->signal].held = e->lane[e->signal].cursor;
    join(r);
    CHECK(walk(joined, r->len, arrives, &a) == r->items);
    e->lane[e->signal].lost[OTEL_DROP_TOO_LARGE] += a.skipped;
    e->lane[e->signal].cursor = e->lane[e->signal].held - r->items;
    queue_release(e->signal);
    if (e->lane[e->signal].held < q->end && r->items < e->max_items && (!e->lane[e->signal].cap || r->items < e->lane[e->signal].cap) && e->flat) {
        CHECK(r->len + q->record[e->lane[e->signal].held].size > e->packet_size - 200u);           /* it stopped because it was full */
    }
    e->flying = true;
    e->sum = sum_of(r);
    totals.requests++;
}

static void settle(model_exporter_t *e, uint32_t lost, otel_drop_t why)
{
    unsigned w = e->signal;
    e->lane[w].exported += e->request.items - lost;
    e->lane[w].lost[why] += lost;
    e->lane[w].cursor = e->lane[w].held;
    e->lane[w].attempts = 0;
    e->flying = false;
    queue_release(w);
}

static int some_status(void)
{
    static const int status[] = { 200, 200, 200, 200, 202, 503, 429, 413, 400, -1, OTEL_AGAIN, OTEL_PENDING, 500, 0 };
    return status[rnd(LENGTH(status))];
}

/* The outcome of the request that is flying. */
static void outcome(model_exporter_t *e, int status, uint32_t rejected)
{
    unsigned w = e->signal;
    CHECK(e->flying && sum_of(&e->request) == e->sum);            /* nobody touched the bytes */
    switch (status) {
    case OTEL_PENDING: return;
    case 200: case 202:
        if (e->lane[w].cap && ++e->lane[w].taken >= 8) {
            e->lane[w].taken = 0;
            e->lane[w].cap = e->lane[w].cap >= e->max_items / 2 ? 0 : e->lane[w].cap * 2;
        }
        settle(e, rejected, OTEL_DROP_REJECTED);
        break;
    case 503: case 429:
        if (e->lane[w].attempts + 1 < 3) {
            e->lane[w].attempts++;
            e->flying = false;
        } else {
            settle(e, e->request.items, OTEL_DROP_GAVE_UP);
        }
        break;
    case 413:
        if (e->request.items > 1) {
            e->lane[w].cap = e->request.items / 2;
            e->lane[w].taken = 0;
        }
        if (e->request.items > 1) e->flying = false;
        else settle(e, 1, OTEL_DROP_TOO_LARGE);
        break;
    case -1: case 0: case OTEL_AGAIN: e->flying = false; break;
    default: settle(e, e->request.items, OTEL_DROP_REJECTED);
    }
}

/* Answers with a partial success now and then: how many were refused. */
static uint32_t some_reply(model_exporter_t *e, int status)
{
    uint8_t body[4] = { 0x0A, 2, 0x08, 0 };
    if (status != 200 || rnd(6)) return 0;
    body[3] = (uint8_t)rnd(20);
    otel_export_reply(&e->x, body, sizeof body, NULL);
    return body[3] > e->request.items ? e->request.items : body[3];
}

static int sent(void *user, const otel_request_t *r)              /* the transport of exporters that are polled */
{
    model_exporter_t *e = (model_exporter_t *)user;
    int status = some_status();
    take_request(e, r);
    CHECK(otel_export_poll(&e->x) == OTEL_E_NESTED && otel_export_flush(&e->x, 0) == OTEL_E_NESTED);
    outcome(e, status, some_reply(e, status));
    return status;
}

/* ---- the law ---- */
static uint32_t count_by_hand(const otel_ring_t *ring, unsigned reader)
{
    uint64_t at = ring->reader[reader].cursor & OTEL_OFFSET_, end = ring->published & OTEL_OFFSET_;
    bool lap = (ring->reader[reader].cursor & ~OTEL_OFFSET_) != (ring->published & ~OTEL_OFFSET_);
    uint32_t n = 0;
    while (at != end || lap) {
        uint32_t len = 0, i;
        for (i = 0; i < 3; i++) len |= (uint32_t)(ring->bytes[(at + 1 + i) % ring->size] & 127u) << (7 * i);
        if (at + 4 + len >= ring->size) lap = false;
        at = (at + 4 + len) % ring->size;
        n++;
        CHECK(n < 100000);
    }
    return n;
}

static void check_law(void)
{
    unsigned i, w, k;
    for (i = 0; i < EXPORTERS; i++) {
        model_exporter_t *e = &exporter[i];
        otel_stats_t stats;
        if (!e->on && !e->gone) continue;
        CHECK(otel_stats(&e->x, &stats) == OTEL_OK && stats.steady);
        for (w = 0; w < 2; w++) {
            otel_signal_stats_t *s = &stats.signal[w ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES];
            queue_t *q = &queue[w];
            CHECK(s->created == s->exported + otel_stats_dropped(s) + s->queued);
            totals.checks++;
            if (e->gone) continue;
            CHECK(s->created == q->created - e->lane[w].base);
            CHECK(s->exported == e->lane[w].exported);
            CHECK(s->queued == q->end - e->lane[w].cursor);
            CHECK(s->queued == count_by_hand(&both[0].shard_.ring[w], e->x.reader_));
            for (k = 0; k < OTEL_DROP_REASONS; k++) CHECK(s->dropped[k] == q->lost[k] + e->lane[w].lost[k] + (k == OTEL_DROP_FULL ? e->lane[w].evicted : 0u));
        }
    }
}

/* ---- the calls ---- */
typedef struct { const uint8_t *bytes; size_t len; unsigned scope; uint32_t n; } lone_t;
static void lone(void *user, const uint8_t *bytes, size_t len, const char *scope, size_t scope_len)
{
    lone_t *l = (lone_t *)user;
    l->bytes = bytes;
    l->len = len;
    l->n++;
    for (l->scope = 0; l->scope < 2 && (strlen(scope_names[l->scope]) != scope_len || memcmp(scope_names[l->scope], scope, scope_len)); l->scope++) {}
}

/* A record has been made: out of the calm instance, checked, into the model. */
static void made(unsigned which, const want_span_t *span, const want_log_t *log)
{
    otel_request_t r;
    lone_t l;
    const uint8_t *content;
    msg_t m;
    memset(&l, 0, sizeof l);
    CHECK(otel_export_next(&calm, &r) && r.items == 1 && r.signal == (which ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES));
    CHECK(walk((const uint8_t *)r.body, r.len, lone, &l) == 1);
    m.at = l.bytes + 1;
    m.end = l.bytes + l.len;
    (void)varint(&m);
    content = m.at;
    if (span) check_span(content, (size_t)(m.end - content), span);
    else check_log(content, (size_t)(m.end - content), log);
    CHECK(l.scope == (span ? span->scope : log->scope));
    envelope[l.scope] = (uint32_t)(r.len - l.len);
    queue_push(which, (uint32_t)l.len, l.scope, l.bytes, span ? span->status == 2 : log->severity >= 17);
    otel_export_done(&calm, 200);
    CHECK(!otel_export_next(&calm, &r));
}

/* A random value, as the library gets it and as the model keeps it. */
static otel_attr_t some_value(want_value_t *w)
{
    static const int64_t numbers[] = { 0, 1, -1, 127, 128, 16383, 16384, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN };
    static const char *const words[] = { "", "on", "\xF0\x9F\x98\x80", "z\xC3\xBC" };
    otel_attr_t a;
    size_t i;
    memset(w, 0, sizeof *w);
    w->key = rnd(KEYS);
    switch (rnd(6)) {
    case 0: w->type = 2; w->i = rnd(2); a = otel_bool(key_names[w->key], w->i != 0); break;
    case 1: w->type = 3; w->i = numbers[rnd(LENGTH(numbers))]; a = otel_int(key_names[w->key], w->i); break;
    case 2: w->type = 4; w->d = (double)rnd(1000) / 8.0 - 60.0; a = otel_double(key_names[w->key], w->d); break;
    case 3:
        w->type = 7;
        w->len = rnd(20);
        for (i = 0; i < w->len; i++) w->text[i] = (char)rnd(256);
        a = otel_bytes(key_names[w->key], w->text, w->len);
        break;
    case 4:
        w->type = 1;
        strcpy(w->text, words[rnd(LENGTH(words))]);
        w->len = strlen(w->text);
        a = otel_str(key_names[w->key], w->text);
        break;
    default:
        w->type = 1;
        w->len = rnd(rnd(5) ? 30 : 190);
        for (i = 0; i < w->len; i++) w->text[i] = (char)('a' + rnd(26));
        a = otel_strn(key_names[w->key], w->text, w->len);
        if (w->len && rnd(20) == 0) {                             /* not UTF-8: arrives as bytes */
            w->text[0] = (char)0xFF;
            w->type = 7;
        }
    }
    return a;
}

static void some_name(char *name, const char *prefix)
{
    static const char *const words[] = { "read", "GET /status", "x", "\xE2\x82\xAC", "a rather long name of a span of theirs" };
    snprintf(name, 64, "%s%s %u", prefix, words[rnd(LENGTH(words))], rnd(100));
}

static void remember(want_span_t *w, const want_value_t *v)
{
    unsigned i;
    for (i = 0; i < w->keys && w->value[i].key != v->key; i++) {}
    w->value[i] = *v;
    if (i == w->keys) w->keys++;
}

static void start_span(unsigned at)
{
    want_span_t *w = &want[at];
    otel_context_t remote, given;
    otel_span_options_t o;
    want_value_t v;
    otel_attr_t a;
    size_t bytes = 0;
    unsigned how = rnd(5), from, size = rnd(4), i;
    memset(w, 0, sizeof *w);
    memset((void *)&o, 0, sizeof o);
    some_name(w->name, rnd(12) == 0 ? "!" : rnd(20) == 0 ? "?" : "");
    w->kind = rnd(6);
    w->scope = rnd(3);
    w->ample = size == 3;
    bytes = size == 0 ? 0 : size == 3 ? 4000 : 60 + rnd(500);
    o.name = w->name;
    o.kind = (otel_kind_t)w->kind;
    if (w->kind == 0) w->kind = 1;
    o.bytes = bytes ? offsetof(otel_span_t, scratch_) + bytes : 0;
    for (from = rnd(OPEN), i = 0; i < OPEN && !want[from].live; i++) from = (from + 1) % OPEN;
    if (how == 0) {                                               /* from far away */
        memset(&remote, 0, sizeof remote);
        for (i = 0; i < 16; i++) remote.trace_id[i] = (uint8_t)(1 + rnd(255));
        for (i = 0; i < 8; i++) remote.span_id[i] = (uint8_t)(1 + rnd(255));
        remote.remote = true;
        remote.flags = (uint8_t)rnd(2);
        o.parent = &remote;
        w->parented = w->remote = true;
        memcpy(w->trace, remote.trace_id, 16);
        memcpy(w->parent, remote.span_id, 8);
    } else if (how == 1 && want[from].live && from != at) {
        memset(&given, 0, sizeof given);
        o.parent = &given;
        w->parented = true;
        memcpy(w->trace, want[from].trace, 16);
        memcpy(w->parent, want[from].id, 8);
        memcpy(given.trace_id, want[from].trace, 16);
        memcpy(given.span_id, want[from].id, 8);
    } else if (how == 2) {                                        /* a root, whatever is current */
        memset(&given, 0, sizeof given);
        o.parent = &given;
    } else if (stacked) {
        w->parented = true;
        w->random = want[stack[stacked - 1]].random;
        memcpy(w->trace, want[stack[stacked - 1]].trace, 16);
        memcpy(w->parent, want[stack[stacked - 1]].id, 8);
    }
    if (!w->parented) w->random = true;
    if (rnd(4) == 0) o.start_ns = now_ns - 1 - rnd(1000);
    w->start = o.start_ns ? o.start_ns : now_ns;
    w->recording = w->name[0] != '!';
    w->sampled = w->recording && w->name[0] != '?';
    if (rnd(3) == 0) {
        a = some_value(&v);
        o.attributes = &a;
        o.attributes_len = 1;
        if (w->recording) remember(w, &v);
    }
    both[1].shard_.ids = both[0].shard_.ids;                      /* back-off draws from the same numbers */
    for (i = 0; i < 2; i++) {
        otel_context_t c;
        o.scope = &scopes[i][w->scope];
        CHECK(otel_span_start_with(&memory[i][at].span, &o) == &memory[i][at].span);
        c = otel_span_context(&memory[i][at].span);
        if (w->parented) CHECK(memcmp(c.trace_id, w->trace, 16) == 0);
        else if (i) CHECK(memcmp(c.trace_id, w->trace, 16) == 0);
        else memcpy(w->trace, c.trace_id, 16);
        if (i) CHECK(memcmp(c.span_id, w->id, 8) == 0);
        memcpy(w->id, c.span_id, 8);
        CHECK(otel_is_recording(&memory[i][at].span) == w->recording);
    }
    w->live = true;
}

static void leave_span(unsigned at)
{
    unsigned i;
    if (!want[at].entered) return;
    want[at].entered = false;
    for (i = 0; stack[i] != at; i++) {}
    for (stacked--; i < stacked; i++) stack[i] = stack[i + 1];
}

static void end_span(unsigned at)
{
    want_span_t *w = &want[at];
    uint64_t end = rnd(4) ? 0 : w->start - 5 + rnd(50);
    unsigned i;
    leave_span(at);
    w->end = end ? end : now_ns;
    if (w->end < w->start) w->end = w->start;
    for (i = 0; i < 2; i++) {
        otel_span_end_at(&memory[i][at].span, end);
        otel_span_end(&memory[i][at].span);                       /* twice is nothing */
        otel_span_set(&memory[i][at].span, "late", 1);
    }
    w->live = false;
    if (w->sampled) made(0, w, NULL);
}

static void change_span(unsigned at)
{
    want_span_t *w = &want[at];
    otel_attr_t a[2];
    want_value_t v[2];
    char text[64];
    unsigned i, k, n;
    otel_context_t c;
    switch (rnd(7)) {
    case 0: case 1:
        a[0] = some_value(&v[0]);
        for (i = 0; i < 2; i++) otel_span_set_all(&memory[i][at].span, a, 1);
        if (w->recording) remember(w, &v[0]);
        break;
    case 2:
        if (w->events == EVENTS) break;
        some_name(text, "event ");
        n = rnd(3);
        for (k = 0; k < n; k++) {
            a[k] = some_value(&v[k]);
            a[k].key = key_names[v[k].key = k];
        }
        for (i = 0; i < 2; i++) otel_span_event_all(&memory[i][at].span, text, a, n);
        if (!w->recording) break;
        strcpy(w->event[w->events].name, text);
        w->event[w->events].time = now_ns;
        w->event[w->events].n = n;
        memcpy(w->event[w->events++].value, v, sizeof v);
        break;
    case 3:
        if (w->links == LINKS) break;
        memset(&c, 0, sizeof c);
        c.trace_id[3] = 3;
        c.span_id[0] = (uint8_t)(1 + rnd(255));
        for (i = 0; i < 2; i++) otel_span_link_all(&memory[i][at].span, &c, NULL, 0);
        if (w->recording) memcpy(w->link[w->links++], c.span_id, 8);
        break;
    case 4:
        n = rnd(4);
        snprintf(text, sizeof text, "status %u", rnd(1000));
        for (i = 0; i < 2; i++) otel_span_status(&memory[i][at].span, (otel_status_t)n, text);
        if (!w->recording || w->status == 1 || n == 0 || n > 2) break;
        w->status = (int)n;
        strcpy(w->message, text);
        break;
    case 5:
        some_name(text, "renamed ");
        for (i = 0; i < 2; i++) otel_span_rename(&memory[i][at].span, text);
        if (w->recording && w->ample) strcpy(w->name, text);      /* name_ of the library still points at w->name: the copy wins */
        break;
    default:
        if (w->events == EVENTS) break;
        for (i = 0; i < 2; i++) CHECK(otel_span_error(&memory[i][at].span, (int)rnd(1) - 7, "nack") == -7);
        if (!w->recording) break;
        if (w->status != 1) {
            w->status = 2;
            strcpy(w->message, "nack");
        }
        strcpy(w->event[w->events].name, "exception");
        w->event[w->events].n = 0;
        w->event[w->events++].time = now_ns;
    }
}

static void emit_log(void)
{
    want_log_t w;
    otel_log_record_t r;
    otel_attr_t a[3];
    unsigned i;
    memset(&w, 0, sizeof w);
    memset((void *)&r, 0, sizeof r);
    w.time = now_ns;
    w.severity = rnd(25);
    w.scope = rnd(3);
    w.n = rnd(4);
    if (sizeof(void *) < 8 && w.n > 1) w.n = 1;                   /* small targets have less room for a record's attributes */
    for (i = 0; i < w.n; i++) {
        do a[i] = some_value(&w.value[i]); while (sizeof(void *) < 8 && w.value[i].len > 40);
    }
    for (i = 0; i < w.n; i++) a[i].key = key_names[w.value[i].key = i];
    r.severity = (otel_severity_t)w.severity;
    r.attributes = a;
    r.attributes_len = w.n;
    r.body = some_value(&w.body).value;
    if (stacked) {
        w.in_span = true;
        memcpy(w.trace, want[stack[stacked - 1]].trace, 16);
        memcpy(w.id, want[stack[stacked - 1]].id, 8);
    }
    for (i = 0; i < 2; i++) {
        r.scope = &scopes[i][w.scope];
        otel_log_emit(&r);
    }
    made(1, NULL, &w);
}

/* ---- exporters ---- */
static void attach(model_exporter_t *e)
{
    unsigned w;
    memset(e, 0, sizeof *e);
    e->flat = rnd(3) != 0;
    e->packet_size = rnd(2) ? 700 + rnd(4000) : 65536;
    e->max_items = 1 + rnd(rnd(2) ? 5 : 100);
    e->packet = e->flat ? (uint8_t *)malloc(e->packet_size) : NULL;
    CHECK(otel_exporter_init(&e->x, .otel = &both[0], .send = rnd(2) ? sent : NULL, .user = e, .buffer = e->packet, .buffer_size = e->flat ? e->packet_size : 0,
                             .max_items = e->max_items, .interval_ms = 1, .retry_initial_ms = 1, .retry_max_ms = 5, .retry_attempts = 3) == OTEL_OK);
    for (w = 0; w < 2; w++) {
        queue_t *q = &queue[w];
        e->lane[w].cursor = e->lane[w].held = q->first;
        e->lane[w].base = q->read ? q->first : 0;                 /* the first one answers for what was evicted before it came */
        e->lane[w].evicted = q->read ? 0 : q->first;
        q->read = true;
    }
    e->on = true;
}

static void detach(model_exporter_t *e)
{
    unsigned w;
    otel_stats_t stats;
    e->x.config_.send = NULL;                                     /* parts at once: what is left is lost */
    CHECK(otel_export_shutdown(&e->x, 0) == OTEL_OK && otel_export_shutdown(&e->x, 0) == OTEL_OK);
    e->gone = true;
    CHECK(otel_stats(&e->x, &stats) == OTEL_OK);
    for (w = 0; w < 2; w++) {
        CHECK(stats.signal[w ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_SHUTDOWN] == queue[w].end - e->lane[w].cursor);
        e->lane[w].cursor = queue[w].end;
        queue_release(w);
    }
    e->on = e->flying = false;
    queue_release(0);
    queue_release(1);
    free(e->packet);
    e->packet = NULL;
}

static void use_exporter(model_exporter_t *e)
{
    otel_request_t r;
    int status;
    if (e->flying) {
        CHECK(!otel_export_next(&e->x, &r));
        status = some_status();
        totals.flights++;
        otel_export_done(&e->x, (outcome(e, status, some_reply(e, status)), status));
        return;
    }
    if (e->x.config_.send && rnd(2)) {
        CHECK(otel_export_poll(&e->x) == OTEL_OK);
        return;
    }
    if (otel_export_next(&e->x, &r)) take_request(e, &r);
}

/* Records that no packet can hold, at the front, are dropped even when nothing follows: the model learns it from the counts,
   after it has checked that this exporter could not hold them. */
static void learn_too_large(model_exporter_t *e)
{
    otel_stats_t stats;
    unsigned w;
    CHECK(otel_stats(&e->x, &stats) == OTEL_OK);
    for (w = 0; w < 2; w++) {
        uint64_t all = stats.signal[w ? OTEL_SIGNAL_LOGS : OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_TOO_LARGE] - queue[w].lost[OTEL_DROP_TOO_LARGE];
        for (; e->lane[w].lost[OTEL_DROP_TOO_LARGE] < all; e->lane[w].lost[OTEL_DROP_TOO_LARGE]++) {
            record_t *r = &queue[w].record[e->lane[w].cursor];
            CHECK(e->flat && e->lane[w].cursor < queue[w].end && r->size + envelope[r->scope] > e->packet_size);
            e->lane[w].cursor++;
        }
        queue_release(w);
    }
}

static void program(void)
{
    static const uint32_t sizes[] = { 256, 300, 1000, 4096, 20000, POOL_MAX };
    static const uint8_t percents[] = { 0, 30, 50, 90, OTEL_NO_LOG_RING };
    uint32_t size, steps, percent, i, k;
    state = seed * 1000003ull + 7;
    size = sizes[rnd(LENGTH(sizes))];
    percent = percents[rnd(size < 1000 ? 1 : LENGTH(percents))];
    policy = (otel_when_full_t)rnd(4);
    now_ns = 1700000000000000000ull;
    memset(want, 0, sizeof want);
    memset(slots, 0, sizeof slots);
    memset(queue, 0, sizeof queue);
    memset(exporter, 0, sizeof exporter);
    memset(envelope, 0, sizeof envelope);
    memset(pool, 0xEE, sizeof pool);
    stacked = 0;
    for (i = 0; i < 2; i++) {
        for (k = 0; k < 3; k++) {
            memset((void *)&scopes[i][k], 0, sizeof scopes[i][k]);
            scopes[i][k].name = scope_names[k];
            scopes[i][k].otel = &both[i];
        }
        CHECK(otel_init(&both[i], .service = "m", .clock = the_clock, .entropy = the_entropy, .current = the_slot, .user = &slots[i],
                        .pool = i ? calm_pool : pool, .pool_size = i ? sizeof calm_pool : size, .log_percent = (uint8_t)(i ? 50 : percent), .when_full = i ? OTEL_DROP_NEWEST : policy,
                        .sampler = otel_sampler_(by_name)) == OTEL_OK);
        queue[i].record = records[i];
    }
    CHECK(otel_exporter_init(&calm, .otel = &both[1], .buffer = calm_packet, .buffer_size = sizeof calm_packet, .max_items = 1) == OTEL_OK);
    if (percent == 0) percent = 25;
    queue[1].capacity = percent == OTEL_NO_LOG_RING ? 0 : ((uint64_t)(size / 4 * 4) * percent / 100 + 3) / 4 * 4;      /* whole words */
    queue[0].capacity = size / 4 * 4 - queue[1].capacity;
    for (i = 0; i < 2; i++) CHECK(both[0].shard_.ring[i].size == queue[i].capacity);
    steps = 60 + rnd(400);
    for (step = 0; step < steps; step++) {
        unsigned at = rnd(OPEN);
        model_exporter_t *e = &exporter[rnd(EXPORTERS)];
        switch (rnd(12)) {
        case 0: case 1: case 2:
            if (want[at].live) end_span(at);
            else start_span(at);
            break;
        case 3: case 4: case 5:
            if (want[at].live) change_span(at);
            break;
        case 6: emit_log(); break;
        case 7:
            if (!want[at].live) break;
            if (want[at].entered) {
                leave_span(at);
                for (i = 0; i < 2; i++) otel_span_leave(&memory[i][at].span);
            } else {
                stack[stacked++] = at;
                want[at].entered = true;
                for (i = 0; i < 2; i++) otel_span_enter(&memory[i][at].span);
            }
            break;
        case 8:
            if (!e->on && !e->gone && step > 20) attach(e);
            else if (e->on && rnd(30) == 0) detach(e);
            break;
        case 9: case 10:
            if (!e->on) break;
            use_exporter(e);
            learn_too_large(e);
            break;
        default: now_ns += rnd(3) ? 1000 : 3000000;
        }
        check_law();
    }
    for (i = 0; i < OPEN; i++) {
        if (want[i].live) end_span(i);
    }
    check_law();
    for (i = 0; i < EXPORTERS; i++) {                             /* the rest arrives, all of it */
        model_exporter_t *e = &exporter[i];
        otel_request_t r;
        if (!e->on) continue;
        for (k = 0;; k++) {
            CHECK(k < 20000);
            if (e->flying) otel_export_done(&e->x, (outcome(e, 200, 0), 200));
            now_ns += 6000000;
            if (!otel_export_next(&e->x, &r)) {
                learn_too_large(e);
                if (e->lane[0].cursor == queue[0].end && e->lane[1].cursor == queue[1].end) break;
                continue;
            }
            take_request(e, &r);
            learn_too_large(e);
        }
        check_law();
    }
    for (i = 0; i < EXPORTERS; i++) {
        if (exporter[i].on) detach(&exporter[i]);
    }
    CHECK(otel_shutdown(&both[0], 0) == OTEL_OK && otel_shutdown(&both[1], 0) == OTEL_OK);
}

int main(int argc, char **argv)
{
    uint32_t first = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1, count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100;
    for (seed = first; seed < first + count; seed++) program();
    printf("%u programs: %llu records, %llu requests, %llu evicted, %llu full, %llu in_flight, %llu outcomes by hand, %llu laws, %llu urgent\n", count,
           (unsigned long long)totals.records, (unsigned long long)totals.requests, (unsigned long long)totals.evictions, (unsigned long long)totals.full,
           (unsigned long long)totals.in_flight, (unsigned long long)totals.flights, (unsigned long long)totals.checks, (unsigned long long)totals.urgent);
    return 0;
}
