/* Text that is no UTF-8 in every place that takes text, at random and by seed: names, keys, values, messages, scopes, resource,
   tracestate, arrays and maps, in spans with much and with little room and in logs around the end of the ring. Writes each request
   to <folder>/<number>.traces, .metrics or .logs. Arguments: folder, seed, rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "otel_export.h"

static otel_counter_t counter = OTEL_COUNTER("c\xFF", .unit = "\xC0", .description = "\x80", OTEL_SERIES(8));
static uint32_t dice;
static uint32_t roll(uint32_t n)
{
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) % n;
}

/* Up to 40 bytes without NUL: ASCII, characters of every length, and pieces of them. */
static char *text(void)
{
    static const char *const piece[] = { "a", "k", "?", "\xFF", "\xFE", "\x80", "\xC0\x80", "\xC3\xA4", "\xC3", "\xE2\x82\xAC", "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F\x98\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5", "0123456789" };
    static char ring[64][48];
    static unsigned next;
    char *to = ring[next++ % 64];
    unsigned n = roll(4);
    *to = 0;
    for (; n; n--) strcat(to, piece[roll((uint32_t)(sizeof piece / sizeof *piece))]);
    return to;
}

static uint64_t ticking(void *user)
{
    static uint64_t ns = 1700000000000000000ull;
    (void)user;
    return ns += 1000;
}

static int to_file(void *folder, const otel_request_t *request)
{
    static unsigned number;
    static const char *const kind[] = { "traces", "metrics", "logs" };
    char path[600];
    FILE *f;
    size_t n;
    snprintf(path, sizeof path, "%s/%05u.%s", (const char *)folder, number++, kind[request->signal]);
    f = fopen(path, "wb");
    if (!f) return 500;
    n = fwrite(request->body, 1, request->len, f);
    return fclose(f) == 0 && n == request->len ? 200 : 500;
}

static otel_value_t value(otel_attr_t inner[4], otel_value_t values[3], const char *texts[3])
{
    unsigned i;
    switch (roll(6)) {
    case 0: return otel_value_int_((int64_t)roll(300) - 100);
    case 1:
        for (i = 0; i < 4; i++) inner[i] = otel_str(text(), text());
        return OTEL_MAP(inner, 4);
    case 2:
        for (i = 0; i < 3; i++) values[i] = otel_value_str_(text());
        return OTEL_VALUES(values, 3);
    case 3:
        for (i = 0; i < 3; i++) texts[i] = text();
        return OTEL_ARRAY(texts, 3);
    default: return otel_value_str_(text());
    }
}

int main(int argc, char **argv)
{
    static otel_t otel;
    static otel_exporter_t ex;
    static uint8_t pool[6000], packet[20000];
    static otel_span_t span[OTEL_SPANS(3000)];

    static otel_scope_t scope = OTEL_SCOPE("s\xFF", .version = "\xF5");
    static otel_attr_t about[6], a[6], inner[6][4];
    static otel_value_t values[6][3];
    static const char *texts[6][3];
    otel_context_t other;
    unsigned i, rounds;
    if (argc < 4) return 2;
    dice = (uint32_t)atoi(argv[2]);
    rounds = (unsigned)atoi(argv[3]);
    for (i = 0; i < 6; i++) about[i] = otel_str(*text() ? text() : "k", text());
    scope.attributes = about;
    scope.attributes_len = 6;
    scope.schema_url = text();
    if (otel_init(&otel, .service = "\xFFs", .version = "\xC3", .attributes = about, .attributes_len = 6, .schema_url = "\xFE", .clock = ticking, .pool = pool, .pool_size = sizeof pool)) return 3;
    if (otel_exporter_init(&ex, .otel = &otel, .send = to_file, .user = argv[1], .buffer = packet, .buffer_size = sizeof packet)) return 4;
    memset((void *)&other, 0, sizeof other);
    other.trace_id[0] = other.span_id[0] = 1;
    for (; rounds; rounds--) {
        size_t bytes = roll(3) ? sizeof span : sizeof(otel_span_t) + roll(400);
        for (i = 0; i < 6; i++) a[i] = otel_any(text(), value(inner[i], values[i], texts[i]));
        other.tracestate = text();
        otel_span_start(span, text(), .bytes = bytes, .scope = roll(2) ? &scope : NULL, .parent = roll(2) ? &other : NULL);
        for (i = 0; i < 6; i++) otel_span_set(span, text(), text(), text(), (int)roll(1000), "k", 1.5, text(), OTEL_STR("\xFF\0\xFE", 3));
        otel_span_set_all(span, a, roll(7));
        otel_span_event_all(span, text(), a, roll(7));
        otel_span_link_all(span, &other, a, roll(7));
        if (roll(2)) otel_span_rename(span, text());
        if (roll(2)) otel_span_status(span, OTEL_STATUS_ERROR, text());
        otel_span_end(span);
        otel_log_all(roll(2) ? &scope : NULL, OTEL_INFO, text(), a, roll(7));
        {
            otel_log_record_t record;
            memset((void *)&record, 0, sizeof record);
            record.severity_text = text();
            record.event_name = text();
            record.body = value(inner[0], values[0], texts[0]);
            record.attributes = a;
            record.attributes_len = roll(7);
            otel_log_emit(&record);
        }
        otel_counter_add(&counter, 1, "k", text(), "l", text());
        if (roll(4) == 0 && otel_export_flush(&ex, 1000) != OTEL_OK) return 5;
    }
    return otel_export_flush(&ex, 1000) == OTEL_OK ? 0 : 6;
}
