/* Prometheus: the metrics of an instance as the text that its server scrapes, in the classic format or as OpenMetrics 1.0.
   There is no server here: examples/prometheus.c shows one. OpenTelemetry specification: compatibility/prometheus_and_openmetrics.md;
   prometheus.io, "Exposition formats"; OpenMetrics 1.0.

     static uint8_t packet[65536];  static char text[65536];          // each as large as all metrics together
     bool openmetrics = otel_prometheus_accepts_openmetrics(header("Accept"));
     size_t n = otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = sizeof packet, .openmetrics = openmetrics);
     answer(otel_prometheus_type(openmetrics), text, n);

   OpenMetrics shows the newest exemplar of a counter and of each bucket, where the settings keep some (exemplar.h).
   Names and keys become what Prometheus takes, units are words, counters end in _total. Exponential histograms have their
   count and sum, and one bucket: classic text knows no others. */
#ifndef OTEL_EXPORT_PROMETHEUS_H
#define OTEL_EXPORT_PROMETHEUS_H
#include "../otel/collect.h"
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "decimal.h"
#include "otlp.h"
#include "pb.h"

/* What the text shall be. Zero means the default. The order of the fields is API. */
typedef struct otel_prometheus_options_t {
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    void *packet OTEL_Z_;                         /* (required) memory for all points while the text is written, packet_size bytes */
    size_t packet_size OTEL_Z_;
    bool openmetrics OTEL_Z_;                     /* OpenMetrics instead of the classic format (default: false) */
    bool no_scope OTEL_Z_;                        /* leave the labels otel_scope_.. out (default: false) */
    bool no_suffix OTEL_Z_;                       /* leave unit and _total out of names; OpenMetrics keeps _total (default: false) */
    bool no_target OTEL_Z_;                       /* leave target_info out (default: false) */
} otel_prometheus_options_t;

OTEL_C_BEGIN_
/* Collect, and write the text with a NUL behind it. The length that it has; when that is not below `size`, it did not fit and
   `to` is an empty text. 0: no instance, or the packet is too small for all points. One call at a time. */
OTEL_API_ size_t otel_prometheus_write_with(char *to, size_t size, const otel_prometheus_options_t *options);

/* The value of Content-Type. */
OTEL_API_ const char *otel_prometheus_type(bool openmetrics);

/* Say whether a scraper that sends this Accept header (NULL: none) takes OpenMetrics. */
OTEL_API_ bool otel_prometheus_accepts_openmetrics(const char *accept);
OTEL_C_END_
#define otel_prometheus_write(to, size, ...) otel_prometheus_write_with((to), (size), OTEL_REF_(otel_prometheus_options_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The text, and what is being written. */
typedef struct otel_page_t_ {
    char *to;
    size_t size, n;               /* n goes on counting when the text is full */
    const otel_prometheus_options_t *options;
    otel_pb_t_ scope;             /* InstrumentationScope, and its ScopeMetrics.schema_url */
    otel_pb_field_t_ schema;
} otel_page_t_;

/* A metric, taken apart. Slices are empty where something is not said. */
typedef struct otel_family_t_ {
    otel_pb_field_t_ name, unit, help, data;
    unsigned shape;               /* 5 gauge, 7 sum, 9 histogram, 10 exponential */
    bool counter;
} otel_family_t_;

OTEL_FN_ void otel_page_put_(otel_page_t_ *page, const void *text, size_t n)
{
    if (page->n < page->size && n < page->size - page->n) memcpy(page->to + page->n, text, n);
    page->n += n;
}

OTEL_FN_ void otel_page_text_(otel_page_t_ *page, const char *text) { otel_page_put_(page, text, strlen(text)); }

OTEL_FN_ void otel_page_double_(otel_page_t_ *page, uint64_t bits)
{
    otel_decimal_t_ d;
    otel_page_put_(page, d.text, otel_double_text_(&d, bits));
}

OTEL_FN_ void otel_page_uint_(otel_page_t_ *page, uint64_t value)
{
    char text[OTEL_DECIMAL_SIZE_];
    otel_page_put_(page, text, otel_uint_text_(text, value));
}

OTEL_FN_ void otel_page_int_(otel_page_t_ *page, int64_t value)
{
    if (value < 0) otel_page_put_(page, "-", 1);
    otel_page_uint_(page, value < 0 ? 0u - (uint64_t)value : (uint64_t)value);
}

/* A name as Prometheus takes it: letters, digits, '_' (and ':' in names of metrics); what is none of them is one '_'. */
OTEL_FN_ void otel_page_name_(otel_page_t_ *page, const uint8_t *text, size_t n, bool metric)
{
    bool gap = false;
    size_t i;
    if (n && text[0] >= '0' && text[0] <= '9') otel_page_put_(page, "_", 1);
    for (i = 0; i < n; i++) {
        uint8_t c = text[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (metric && c == ':');
        if (fine || !gap) otel_page_put_(page, fine ? (const char *)&text[i] : "_", 1);
        gap = !fine;
    }
}

/* Text in quotes, or in a line of help, where a quote stands for itself (OpenMetrics quotes it there too). */
OTEL_FN_ void otel_page_quoted_(otel_page_t_ *page, const uint8_t *text, size_t n, bool quotes)
{
    size_t i;
    for (i = 0; i < n; i++) {
        if (text[i] == '\n') otel_page_put_(page, "\\n", 2);
        else if (text[i] == '\\') otel_page_put_(page, "\\\\", 2);
        else if (text[i] == '"' && quotes) otel_page_put_(page, "\\\"", 2);
        else otel_page_put_(page, text + i, 1);
    }
}

/* ---- names ---- */
OTEL_FN_ bool otel_slice_is_(const uint8_t *text, size_t n, const char *word) { return strlen(word) == n && memcmp(text, word, n) == 0; }

/* A unit of UCUM as a word; the unit itself when there is none. */
OTEL_API_ const char *otel_unit_word_(const uint8_t *unit, size_t n, bool per);
OTEL_API_ const char *otel_unit_word_(const uint8_t *unit, size_t n, bool per)
{
    static const char *const word[][2] = {
        { "d", "days" }, { "h", "hours" }, { "min", "minutes" }, { "s", "seconds" }, { "ms", "milliseconds" }, { "us", "microseconds" },
        { "ns", "nanoseconds" }, { "By", "bytes" }, { "KiBy", "kibibytes" }, { "MiBy", "mebibytes" }, { "GiBy", "gibibytes" },
        { "TiBy", "tibibytes" }, { "kBy", "kilobytes" }, { "KBy", "kilobytes" }, { "MBy", "megabytes" }, { "GBy", "gigabytes" },
        { "TBy", "terabytes" }, { "m", "meters" }, { "V", "volts" }, { "A", "amperes" }, { "J", "joules" }, { "W", "watts" },
        { "g", "grams" }, { "Cel", "celsius" }, { "Hz", "hertz" }, { "%", "percent" }
    };
    static const char *const single[][2] = {
        { "s", "second" }, { "m", "minute" }, { "min", "minute" }, { "h", "hour" }, { "d", "day" }, { "w", "week" }, { "mo", "month" }, { "y", "year" }
    };
    size_t i;
    for (i = 0; per && i < sizeof single / sizeof *single; i++) {
        if (otel_slice_is_(unit, n, single[i][0])) return single[i][1];
    }
    for (i = 0; !per && i < sizeof word / sizeof *word; i++) {
        if (otel_slice_is_(unit, n, word[i][0])) return word[i][1];
    }
    return NULL;
}

/* One side of a unit, without what stands in braces. */
OTEL_FN_ void otel_page_unit_part_(otel_page_t_ *page, const uint8_t *unit, size_t n, bool per)
{
    const uint8_t *brace = (const uint8_t *)memchr(unit, '{', n);
    const char *word;
    if (brace) n = (size_t)(brace - unit);
    word = otel_unit_word_(unit, n, per);
    if (n == 0 || otel_slice_is_(unit, n, "1")) return;
    if (per) otel_page_text_(page, "per_");
    if (word) otel_page_text_(page, word);
    else otel_page_name_(page, unit, n, false);
}

/* The unit as a suffix of names; nothing for numbers without one. */
OTEL_FN_ void otel_page_unit_(otel_page_t_ *page, const otel_family_t_ *f)
{
    const uint8_t *unit = f->unit.bytes, *slash = f->unit.len ? (const uint8_t *)memchr(unit, '/', f->unit.len) : NULL;
    size_t n = slash ? (size_t)(slash - unit) : f->unit.len, before = page->n;
    if (f->unit.len == 0) return;
    if (otel_slice_is_(unit, f->unit.len, "1")) {
        if (f->shape == 5) otel_page_text_(page, "ratio");
        return;
    }
    otel_page_unit_part_(page, unit, n, false);
    if (!slash || slash + 1 == unit + f->unit.len) return;
    if (page->n != before) otel_page_put_(page, "_", 1);
    otel_page_unit_part_(page, slash + 1, f->unit.len - n - 1u, true);
}

#define OTEL_FAMILY_SIZE_ 256u    /* bytes of a name; longer ones are cut */

/* The name of a family without _total, into `name`; how long it is. `unit_at`: where its unit begins, 0 without. */
OTEL_API_ size_t otel_family_name_(const otel_prometheus_options_t *options, const otel_family_t_ *f, char *name, size_t *unit_at);
OTEL_API_ size_t otel_family_name_(const otel_prometheus_options_t *options, const otel_family_t_ *f, char *name, size_t *unit_at)
{
    otel_page_t_ page, unit;
    char word[64];
    memset((void *)&page, 0, sizeof page);
    page.to = name;
    page.size = OTEL_FAMILY_SIZE_ - 80u;
    otel_page_name_(&page, f->name.bytes, f->name.len, true);
    if (page.n >= page.size) page.n = page.size - 1u;
    if (f->counter && (options->openmetrics || !options->no_suffix) && page.n > 6u && memcmp(name + page.n - 6u, "_total", 6) == 0) page.n -= 6u;
    memset((void *)&unit, 0, sizeof unit);
    unit.to = word;
    unit.size = sizeof word;
    if (!options->no_suffix) otel_page_unit_(&unit, f);
    *unit_at = 0;
    if (unit.n == 0 || unit.n >= sizeof word) return page.n;
    if (page.n >= unit.n && (page.n == unit.n || name[page.n - unit.n - 1u] == '_') && memcmp(name + page.n - unit.n, word, unit.n) == 0) {
        *unit_at = page.n > unit.n ? page.n - unit.n : 0;
        return page.n;
    }
    name[page.n++] = '_';
    *unit_at = page.n;
    memcpy(name + page.n, word, unit.n);
    return page.n + unit.n;
}

/* ---- labels ---- */
/* A value as text; arrays and maps are left empty. */
OTEL_FN_ void otel_page_any_(otel_page_t_ *page, const otel_pb_field_t_ *any)
{
    otel_pb_t_ value = otel_pb_open_(any->bytes, any->len);
    otel_pb_field_t_ f;
    if (!otel_pb_next_(&value, &f)) return;
    if (f.number == 1 || f.number == 7) otel_page_quoted_(page, f.bytes, f.len, true);
    else if (f.number == 2) otel_page_text_(page, f.value ? "true" : "false");
    else if (f.number == 3) otel_page_int_(page, (int64_t)f.value);
    else if (f.number == 4) otel_page_double_(page, f.value);
}

/* The attribute that a field holds: key and value. False: it holds none. */
OTEL_FN_ bool otel_page_pair_(const otel_pb_field_t_ *field, unsigned number, otel_pb_field_t_ *key, otel_pb_field_t_ *any)
{
    otel_pb_t_ pair = otel_pb_open_(field->bytes, field->len);
    otel_pb_field_t_ f;
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    if (field->number != number || field->type != OTEL_PB_SLICE_) return false;
    while (otel_pb_next_(&pair, &f)) {
        if (f.number == 1) *key = f;
        if (f.number == 2) *any = f;
    }
    return key->len != 0;
}

/* Do two keys become the same label? */
OTEL_FN_ bool otel_page_same_(const otel_pb_field_t_ *a, const otel_pb_field_t_ *b)
{
    char one[128], two[128];
    otel_page_t_ x, y;
    memset((void *)&x, 0, sizeof x);
    memset((void *)&y, 0, sizeof y);
    x.to = one;
    y.to = two;
    x.size = y.size = sizeof one;
    otel_page_name_(&x, a->bytes, a->len, false);
    otel_page_name_(&y, b->bytes, b->len, false);
    return x.n == y.n && x.n < sizeof one && memcmp(one, two, x.n) == 0;
}

OTEL_FN_ void otel_page_comma_(otel_page_t_ *page, bool *first)
{
    otel_page_put_(page, *first ? "{" : ",", 1);
    *first = false;
}

/* The attributes of a message as labels; keys that become one label have their values joined by ';'. */
OTEL_FN_ void otel_page_labels_(otel_page_t_ *page, const otel_pb_t_ *message, unsigned number, const char *prefix, bool *first)
{
    otel_pb_t_ at = *message, other;
    otel_pb_field_t_ f, g, key, any, key2, any2;
    while (otel_pb_next_(&at, &f)) {
        bool earlier = false;
        if (!otel_page_pair_(&f, number, &key, &any)) continue;
        other = *message;
        while (!earlier && otel_pb_next_(&other, &g) && g.bytes != f.bytes) earlier = otel_page_pair_(&g, number, &key2, &any2) && otel_page_same_(&key, &key2);
        if (earlier) continue;
        otel_page_comma_(page, first);
        otel_page_text_(page, prefix);
        otel_page_name_(page, key.bytes, key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &any);
        other = at;
        while (otel_pb_next_(&other, &g)) {
            if (!otel_page_pair_(&g, number, &key2, &any2) || !otel_page_same_(&key, &key2)) continue;
            otel_page_put_(page, ";", 1);
            otel_page_any_(page, &any2);
        }
        otel_page_put_(page, "\"", 1);
    }
}

OTEL_FN_ void otel_page_label_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *value, bool *first)
{
    otel_page_comma_(page, first);
    otel_page_text_(page, key);
    otel_page_text_(page, "=\"");
    otel_page_quoted_(page, value->bytes, value->len, true);
    otel_page_put_(page, "\"", 1);
}

/* All labels of a point, `bound` (NULL: none) as le. */
OTEL_FN_ void otel_page_point_labels_(otel_page_t_ *page, const otel_pb_t_ *point, unsigned attributes, const uint64_t *bound, bool last)
{
    otel_pb_t_ scope = page->scope;
    otel_pb_field_t_ f;
    bool first = true;
    if (!page->options->no_scope) {
        while (otel_pb_next_(&scope, &f)) {
            if (f.number == 1) otel_page_label_(page, "otel_scope_name", &f, &first);
            if (f.number == 2) otel_page_label_(page, "otel_scope_version", &f, &first);
        }
        if (page->schema.len) otel_page_label_(page, "otel_scope_schema_url", &page->schema, &first);
        otel_page_labels_(page, &page->scope, 3, "otel_scope_", &first);
    }
    otel_page_labels_(page, point, attributes, "", &first);
    if (bound || last) {
        otel_page_comma_(page, &first);
        otel_page_text_(page, "le=\"");
        if (last) otel_page_text_(page, "+Inf");
        else otel_page_double_(page, *bound);
        otel_page_put_(page, "\"", 1);
    }
    if (!first) otel_page_put_(page, "}", 1);
    otel_page_put_(page, " ", 1);
}

/* ---- exemplars ---- */
/* Bits of a double as a number of the same order. */
OTEL_FN_ uint64_t otel_bits_order_(uint64_t bits) { return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63; }

/* An Exemplar, taken apart. */
typedef struct otel_page_exemplar_t_ {
    otel_pb_t_ message;
    otel_pb_field_t_ trace, span;
    uint64_t time, bits;                          /* of the value, as a double */
} otel_page_exemplar_t_;

OTEL_FN_ void otel_page_exemplar_read_(otel_page_exemplar_t_ *e, const otel_pb_field_t_ *field)
{
    otel_pb_t_ at;
    otel_pb_field_t_ f;
    memset((void *)e, 0, sizeof *e);
    e->message = at = otel_pb_open_(field->bytes, field->len);
    while (otel_pb_next_(&at, &f)) {
        if (f.number == 2) e->time = f.value;
        if (f.number == 3) e->bits = f.value;
        if (f.number == 6) e->bits = otel_double_bits_((double)(int64_t)f.value);
        if (f.number == 4) e->span = f;
        if (f.number == 5) e->trace = f;
    }
}

OTEL_FN_ void otel_page_id_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *id, bool *first)
{
    size_t i;
    if (!id->len) return;
    otel_page_comma_(page, first);
    otel_page_text_(page, key);
    for (i = 0; i < id->len; i++) {
        char digits[2];
        digits[0] = "0123456789abcdef"[id->bytes[i] >> 4];
        digits[1] = "0123456789abcdef"[id->bytes[i] & 15u];
        otel_page_put_(page, digits, 2);
    }
    otel_page_put_(page, "\"", 1);
}

/* Labels of an exemplar are 128 characters at most, names and values: ids first, then what a view left out, while it fits. */
OTEL_FN_ void otel_page_exemplar_labels_(otel_page_t_ *page, const otel_page_exemplar_t_ *e)
{
    static const char trace_id[] = "trace_id=\"", span_id[] = "span_id=\"";
    otel_pb_t_ at = e->message;
    otel_pb_field_t_ f, key, any;
    size_t left = 128u - (e->trace.len ? 8u + 2u * e->trace.len : 0u) - (e->span.len ? 7u + 2u * e->span.len : 0u);
    bool first = true;
    otel_page_id_(page, trace_id, &e->trace, &first);
    otel_page_id_(page, span_id, &e->span, &first);
    while (otel_pb_next_(&at, &f)) {
        otel_page_t_ size;
        if (!otel_page_pair_(&f, 7, &key, &any)) continue;
        memset((void *)&size, 0, sizeof size);
        otel_page_name_(&size, key.bytes, key.len, false);
        otel_page_any_(&size, &any);
        if (size.n > left) continue;
        left -= size.n;
        otel_page_comma_(page, &first);
        otel_page_name_(page, key.bytes, key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &any);
        otel_page_put_(page, "\"", 1);
    }
    otel_page_text_(page, first ? "{} " : "} ");
}

/* Nanoseconds as seconds. */
OTEL_FN_ void otel_page_seconds_(otel_page_t_ *page, uint64_t ns)
{
    char text[OTEL_DECIMAL_SIZE_];
    size_t n = otel_uint_text_(text, ns), i;
    if (n <= 9u) otel_page_text_(page, "0.");
    for (i = n; i < 9u; i++) otel_page_put_(page, "0", 1);
    if (n > 9u) {
        otel_page_put_(page, text, n - 9u);
        otel_page_put_(page, ".", 1);
        otel_page_put_(page, text + n - 9u, 9);
    } else {
        otel_page_put_(page, text, n);
    }
}

/* OpenMetrics: behind a sample the newest exemplar of the point, or of what it has above one bound (NULL: none) up to another one. */
OTEL_FN_ void otel_page_exemplar_(otel_page_t_ *page, const otel_pb_t_ *point, unsigned number, const uint64_t *above, const uint64_t *upto)
{
    otel_pb_t_ at = *point;
    otel_pb_field_t_ f;
    otel_page_exemplar_t_ e, best;
    memset((void *)&best, 0, sizeof best);
    while (page->options->openmetrics && otel_pb_next_(&at, &f)) {
        if (f.number != number || f.type != OTEL_PB_SLICE_) continue;
        otel_page_exemplar_read_(&e, &f);
        if (above && otel_bits_order_(e.bits) <= otel_bits_order_(*above)) continue;
        if (upto && otel_bits_order_(e.bits) > otel_bits_order_(*upto)) continue;
        if (e.time >= best.time) best = e;
    }
    if (best.message.at) {
        otel_page_text_(page, " # ");
        otel_page_exemplar_labels_(page, &best);
        otel_page_double_(page, best.bits);
        otel_page_put_(page, " ", 1);
        otel_page_seconds_(page, best.time);
    }
    otel_page_put_(page, "\n", 1);
}

/* ---- samples ---- */
OTEL_FN_ void otel_page_buckets_(otel_page_t_ *page, const char *name, size_t n, const otel_pb_t_ *point, unsigned attributes)
{
    otel_pb_t_ at = *point;
    otel_pb_field_t_ f, counts, bounds;
    uint64_t count = 0, sum = 0, seen = 0;
    size_t i;
    memset((void *)&counts, 0, sizeof counts);
    memset((void *)&bounds, 0, sizeof bounds);
    while (otel_pb_next_(&at, &f)) {
        if (f.number == 4) count = f.value;
        if (f.number == 5) sum = f.value;
        if (f.number == 6 && f.type == OTEL_PB_SLICE_) counts = f;
        if (f.number == 7 && f.type == OTEL_PB_SLICE_) bounds = f;
    }
    for (i = 0; i <= bounds.len / 8u; i++) {
        bool last = i == bounds.len / 8u;
        uint64_t bound = last ? 0 : otel_get64_(bounds.bytes + 8u * i), before = i ? otel_get64_(bounds.bytes + 8u * (i - 1u)) : 0;
        if (8u * i < counts.len) seen += otel_get64_(counts.bytes + 8u * i);
        otel_page_put_(page, name, n);
        otel_page_text_(page, "_bucket");
        otel_page_point_labels_(page, point, attributes, &bound, last);
        otel_page_uint_(page, last ? count : seen);
        otel_page_exemplar_(page, point, attributes == 9 ? 8 : 11, i ? &before : NULL, last ? NULL : &bound);
    }
    otel_page_put_(page, name, n);
    otel_page_text_(page, "_sum");
    otel_page_point_labels_(page, point, attributes, NULL, false);
    otel_page_double_(page, sum);
    otel_page_put_(page, "\n", 1);
    otel_page_put_(page, name, n);
    otel_page_text_(page, "_count");
    otel_page_point_labels_(page, point, attributes, NULL, false);
    otel_page_uint_(page, count);
    otel_page_put_(page, "\n", 1);
}

OTEL_FN_ void otel_page_points_(otel_page_t_ *page, const otel_family_t_ *family, const char *name, size_t n)
{
    otel_pb_t_ data = otel_pb_open_(family->data.bytes, family->data.len);
    otel_pb_field_t_ p, f;
    while (otel_pb_next_(&data, &p)) {
        otel_pb_t_ point = otel_pb_open_(p.bytes, p.len), at = point;
        if (p.number != 1 || p.type != OTEL_PB_SLICE_) continue;
        if (family->shape >= 9) {
            otel_page_buckets_(page, name, n, &point, family->shape == 9 ? 9 : 1);
            continue;
        }
        otel_page_put_(page, name, n);
        if (family->counter && (page->options->openmetrics || !page->options->no_suffix)) otel_page_text_(page, "_total");
        otel_page_point_labels_(page, &point, 7, NULL, false);
        while (otel_pb_next_(&at, &f)) {
            if (f.number == 4) otel_page_double_(page, f.value);
            if (f.number == 6) otel_page_int_(page, (int64_t)f.value);
        }
        if (family->counter) otel_page_exemplar_(page, &point, 5, NULL, NULL);
        else otel_page_put_(page, "\n", 1);
    }
}

OTEL_FN_ void otel_family_read_(otel_family_t_ *family, const otel_pb_field_t_ *metric)
{
    otel_pb_t_ at = otel_pb_open_(metric->bytes, metric->len), data;
    otel_pb_field_t_ f;
    memset((void *)family, 0, sizeof *family);
    while (otel_pb_next_(&at, &f)) {
        if (f.number == 1) family->name = f;
        if (f.number == 2) family->help = f;
        if (f.number == 3) family->unit = f;
        if (f.number < 5) continue;
        family->shape = (unsigned)f.number;
        family->data = f;
    }
    data = otel_pb_open_(family->data.bytes, family->data.len);
    while (otel_pb_next_(&data, &f)) family->counter = family->counter || (family->shape == 7 && f.number == 3 && f.value);
}

OTEL_FN_ void otel_page_line_(otel_page_t_ *page, const char *what, const otel_family_t_ *family, const char *name, size_t n)
{
    otel_page_text_(page, what);
    otel_page_put_(page, name, n);
    if (family->counter && !page->options->openmetrics && !page->options->no_suffix) otel_page_text_(page, "_total");
    otel_page_put_(page, " ", 1);
}

OTEL_FN_ const char *otel_family_type_(const otel_family_t_ *family) { return family->shape >= 9 ? "histogram" : family->counter ? "counter" : "gauge"; }

OTEL_FN_ void otel_page_head_(otel_page_t_ *page, const otel_family_t_ *family, const char *name, size_t n, size_t unit_at)
{
    if (family->help.len) {
        otel_page_line_(page, "# HELP ", family, name, n);
        otel_page_quoted_(page, family->help.bytes, family->help.len, page->options->openmetrics);
        otel_page_put_(page, "\n", 1);
    }
    otel_page_line_(page, "# TYPE ", family, name, n);
    otel_page_text_(page, otel_family_type_(family));
    otel_page_put_(page, "\n", 1);
    if (!page->options->openmetrics || unit_at == 0) return;
    otel_page_line_(page, "# UNIT ", family, name, n);
    otel_page_put_(page, name + unit_at, n - unit_at);
    otel_page_put_(page, "\n", 1);
}

/* The metrics of all scopes, one after the other. */
typedef struct otel_families_t_ {
    otel_pb_t_ scopes, metrics, scope;
    otel_pb_field_t_ schema;
} otel_families_t_;

OTEL_FN_ bool otel_families_next_(otel_families_t_ *w, otel_family_t_ *family)
{
    otel_pb_field_t_ f;
    for (;;) {
        while (otel_pb_next_(&w->metrics, &f)) {
            if (f.number != 2 || f.type != OTEL_PB_SLICE_) continue;
            otel_family_read_(family, &f);
            return true;
        }
        if (!otel_pb_next_(&w->scopes, &f)) return false;
        w->metrics = otel_pb_open_(f.bytes, f.len);
        w->scope = otel_pb_open_(NULL, 0);
        memset((void *)&w->schema, 0, sizeof w->schema);
        {
            otel_pb_t_ at = w->metrics;
            while (otel_pb_next_(&at, &f)) {
                if (f.number == 1) w->scope = otel_pb_open_(f.bytes, f.len);
                if (f.number == 3) w->schema = f;
            }
        }
    }
}

/* Write the families of a body of ScopeMetrics. Metrics of one name stand together under one head; of two types, the first counts. */
OTEL_FN_ void otel_page_families_(otel_page_t_ *page, const void *body, size_t len)
{
    otel_families_t_ all, walk, other;
    otel_family_t_ family, more;
    char name[OTEL_FAMILY_SIZE_], twin[OTEL_FAMILY_SIZE_];
    size_t n, m, unit_at, ignored;
    memset((void *)&all, 0, sizeof all);
    all.scopes = otel_pb_open_(body, len);
    walk = all;
    while (otel_families_next_(&walk, &family)) {
        bool earlier = false;
        n = otel_family_name_(page->options, &family, name, &unit_at);
        for (other = all; !earlier && otel_families_next_(&other, &more) && more.data.bytes != family.data.bytes;) {
            m = otel_family_name_(page->options, &more, twin, &ignored);
            earlier = m == n && memcmp(name, twin, n) == 0;
        }
        if (earlier) continue;
        otel_page_head_(page, &family, name, n, unit_at);
        other = walk;
        more = family;
        do {
            m = otel_family_name_(page->options, &more, twin, &ignored);
            if (m != n || memcmp(name, twin, n) != 0 || *otel_family_type_(&more) != *otel_family_type_(&family)) continue;    /* types differ in their first letter */
            page->scope = other.scope;
            page->schema = other.schema;
            otel_page_points_(page, &more, name, n);
        } while (otel_families_next_(&other, &more));
    }
}

/* target_info: the attributes of the resource. */
OTEL_FN_ void otel_page_target_(otel_page_t_ *page, const uint8_t *resource, size_t len)
{
    otel_pb_t_ outer = otel_pb_open_(resource, len), inner;
    otel_pb_field_t_ f;
    bool first = true;
    if (page->options->no_target || !otel_pb_next_(&outer, &f)) return;
    inner = otel_pb_open_(f.bytes, f.len);
    otel_page_text_(page, page->options->openmetrics ? "# HELP target Target metadata\n# TYPE target info\ntarget_info" : "# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
    otel_page_labels_(page, &inner, 1, "", &first);
    otel_page_text_(page, first ? " 1\n" : "} 1\n");
}

OTEL_API_ size_t otel_prometheus_write_with(char *to, size_t size, const otel_prometheus_options_t *options)
{
    otel_t *otel = options && options->otel ? options->otel : otel_default_();
    otel_collect_t round;
    otel_page_t_ page;
    otel_packet_t_ packet;
    uint8_t *begin = options ? (uint8_t *)options->packet : NULL, *points;
    size_t body = 0;
    OTEL_METRICS_OFF_((void)round; (void)page; (void)packet; (void)begin; (void)points; (void)body; (void)otel; if (to && size) *to = 0; return 0)
    if (to && size) *to = 0;
    if (!to || !begin || !otel_running_(otel) || !otel_packet_begin_(&packet, otel, begin, options->packet_size)) return 0;
    begin += 1u + OTEL_ENVELOPE_BYTES_;                       /* ResourceMetrics.resource = 1 */
    points = packet.run - 1;
    memset((void *)&page, 0, sizeof page);
    memset((void *)&round, 0, sizeof round);
    page.to = to;
    page.size = size;
    page.options = options;
    round.lost = OTEL_ROUND_OF_PROMETHEUS_;
    if (OTEL_LOAD_ACQUIRE_(&otel->collect_)) body = (otel->collect_)(otel, &round, points, (size_t)(packet.end - points));
    else round.lost = 0;
    if (round.running || round.lost) return 0;
    otel_page_target_(&page, begin, (size_t)(points - begin));
    otel_page_families_(&page, points, body);
    if (options->openmetrics) otel_page_text_(&page, "# EOF\n");
    if (size) to[page.n < size ? page.n : 0] = 0;
    return page.n;
}

OTEL_API_ const char *otel_prometheus_type(bool openmetrics)
{
    OTEL_METRICS_OFF_((void)openmetrics; return "text/plain")
    return openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
}

OTEL_FN_ bool otel_text_begins_(const char *text, const char *with)
{
    for (; *with && *text == *with; text++) with++;
    return *with == 0;
}

OTEL_API_ bool otel_prometheus_accepts_openmetrics(const char *accept)
{
    static const char wanted[] = "application/openmetrics-text";
    OTEL_METRICS_OFF_((void)accept; (void)wanted; return false)
    for (; accept && *accept; accept++) {
        const char *end;
        if (!otel_text_begins_(accept, wanted)) continue;
        accept += sizeof wanted - 1u;
        for (end = accept; *end && *end != ','; end++) {
            if (otel_text_begins_(end, ";q=0") && (end[4] == 0 || end[4] == ',' || end[4] == ';')) return false;
        }
        return true;
    }
    return false;
}
OTEL_C_END_
#endif
#endif
