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
    void *packet OTEL_Z_;                         /* (required) memory for all points while the text is written, packet_size bytes; on firmware the last 1.9 KB of it are what the writer works in */
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
/* A metric, taken apart. Slices are empty where something is not said. */
typedef struct otel_family_t_ {
    otel_pb_field_t_ name, unit, help, data;
    unsigned shape;               /* 5 gauge, 7 sum, 9 histogram, 10 exponential */
    bool counter;
} otel_family_t_;

/* The metrics of all scopes, one after the other. */
typedef struct otel_families_t_ {
    otel_pb_t_ scopes, metrics, scope;
    otel_pb_field_t_ schema;
} otel_families_t_;

#define OTEL_FAMILY_SIZE_ 256u    /* bytes of a name; longer ones are cut */

/* The name of a family without _total. */
typedef struct otel_family_name_t_ {
    char text[OTEL_FAMILY_SIZE_];
    size_t n, unit_at;            /* unit_at: where its unit begins, 0 without */
} otel_family_name_t_;

/* An Exemplar, taken apart. */
typedef struct otel_page_exemplar_t_ {
    otel_pb_t_ message;
    otel_pb_field_t_ trace, span;
    uint64_t time, bits;                          /* of the value, as a double */
} otel_page_exemplar_t_;

/* A key on its way to a label, character by character. */
typedef struct otel_page_key_t_ {
    const uint8_t *text;
    size_t n, i;
    bool gap, begun;
} otel_page_key_t_;

/* The text, and all that is known while it is written. At the end of the packet: a stack has no room for it. */
typedef struct otel_page_t_ {
    char *to;
    size_t size, n;               /* n goes on counting when the text is full */
    const otel_prometheus_options_t *options;
    otel_collect_t round;
    otel_packet_t_ packet;
    otel_pb_t_ scope;             /* InstrumentationScope, and its ScopeMetrics.schema_url */
    otel_pb_field_t_ schema;
    otel_families_t_ all, walk, other, *next;     /* next: the one that is read */
    otel_family_t_ family, more;  /* the one that is written; one of the same name */
    otel_family_name_t_ name, twin;
    char word[64];                /* the unit of a name */
    const otel_family_t_ *of;     /* whose name is made, */
    otel_family_name_t_ *made;    /* which; and where the text went meanwhile */
    char *to_then;
    size_t size_then, n_then;
    otel_pb_t_ data, point, at;   /* points; the one at hand; its fields */
    otel_pb_field_t_ field;
    otel_pb_field_t_ counts, bounds;              /* of a histogram */
    uint64_t count, sum, seen, before, bound;
    size_t bucket;
    bool last, first;             /* the bucket +Inf; no label stands there yet */
    otel_pb_t_ message, labels, others, pair;     /* attributes: whose, those that become labels, those beside them; one of them */
    otel_pb_field_t_ attribute, key, any, key2, any2, value;
    otel_page_key_t_ keys[2];
    const char *prefix;
    uint8_t number;               /* the field of attributes */
    otel_page_exemplar_t_ one, best;
    otel_decimal_t_ decimal;
} otel_page_t_;

OTEL_STEP_ void otel_page_put_(otel_page_t_ *page, const void *text, size_t n)
{
    if (page->n < page->size && n < page->size - page->n) memcpy(page->to + page->n, text, n);
    page->n += n;
}

OTEL_STEP_ void otel_page_text_(otel_page_t_ *page, const char *text) { otel_page_put_(page, text, strlen(text)); }

OTEL_STEP_ void otel_page_char_(otel_page_t_ *page, char c)
{
    if (page->n < page->size && page->size - page->n > 1u) page->to[page->n] = c;
    page->n++;
}

OTEL_STEP_ void otel_page_double_(otel_page_t_ *page, uint64_t bits)
{
    (void)otel_double_text_(&page->decimal, bits);
    otel_page_put_(page, page->decimal.text, page->decimal.len);
}

OTEL_STEP_ void otel_page_uint_(otel_page_t_ *page, uint64_t value)
{
    otel_page_put_(page, page->decimal.text, otel_uint_text_(page->decimal.text, value));
}

OTEL_STEP_ void otel_page_int_(otel_page_t_ *page, uint64_t value)
{
    if (value >> 63) {
        otel_page_char_(page, '-');
        value = 0u - value;
    }
    otel_page_uint_(page, value);
}

/* A name as Prometheus takes it: letters, digits, '_' (and ':' in names of metrics); what is none of them is one '_'. */
OTEL_STEP_ void otel_page_name_(otel_page_t_ *page, const uint8_t *text, size_t n, bool metric)
{
    bool gap = false;
    size_t i;
    if (n && text[0] >= '0' && text[0] <= '9') otel_page_char_(page, '_');
    for (i = 0; i < n; i++) {
        uint8_t c = text[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (metric && c == ':');
        if (fine || !gap) otel_page_char_(page, fine ? (char)c : '_');
        gap = !fine;
    }
}

/* Text in quotes, or in a line of help, where a quote stands for itself (OpenMetrics quotes it there too). */
OTEL_STEP_ void otel_page_quoted_(otel_page_t_ *page, const otel_pb_field_t_ *f, bool quotes)
{
    size_t i;
    for (i = 0; i < f->len; i++) {
        char c = (char)f->bytes[i];
        if (c == '\n' || c == '\\' || (c == '"' && quotes)) otel_page_char_(page, '\\');
        otel_page_char_(page, c == '\n' ? 'n' : c);
    }
}

/* ---- names ---- */
OTEL_STEP_ bool otel_slice_is_(const uint8_t *text, size_t n, const char *word)
{
    for (; n && *word && *text == (uint8_t)*word; n--, text++) word++;
    return n == 0 && *word == 0;
}

/* A unit of UCUM as a word; the unit itself when there is none. */
OTEL_STEP_ const char *otel_unit_word_(const uint8_t *unit, size_t n, bool per)
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
OTEL_STEP_ void otel_page_unit_part_(otel_page_t_ *page, const uint8_t *unit, size_t n, bool per)
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

/* The other side of the unit, behind the slash. */
OTEL_STEP_ void otel_page_unit_per_(otel_page_t_ *page, const uint8_t *slash)
{
    const uint8_t *end = page->of->unit.bytes + page->of->unit.len;
    if (!slash || slash + 1 == end) return;
    if (page->n) otel_page_char_(page, '_');
    otel_page_unit_part_(page, slash + 1, (size_t)(end - slash) - 1u, true);
}

/* The unit of page->of as a suffix of names, into the empty page->word; nothing for numbers without one. */
OTEL_STEP_ void otel_page_unit_(otel_page_t_ *page)
{
    const otel_pb_field_t_ *unit = &page->of->unit;
    const uint8_t *slash = unit->len ? (const uint8_t *)memchr(unit->bytes, '/', unit->len) : NULL;
    if (unit->len == 0) return;
    if (otel_slice_is_(unit->bytes, unit->len, "1")) {
        if (page->of->shape == 5) otel_page_text_(page, "ratio");
        return;
    }
    otel_page_unit_part_(page, unit->bytes, slash ? (size_t)(slash - unit->bytes) : unit->len, false);
    otel_page_unit_per_(page, slash);
}

/* Write somewhere else: `size` bytes at `to`. */
OTEL_FN_ void otel_page_at_(otel_page_t_ *page, char *to, size_t size)
{
    page->to = to;
    page->size = size;
    page->n = 0;
}

/* The unit behind a name, unless it ends in it already; its length is page->n. */
OTEL_STEP_ void otel_family_unit_(otel_page_t_ *page)
{
    otel_family_name_t_ *name = page->made;
    size_t n = page->n;
    if (n == 0 || n >= sizeof page->word) return;
    if (name->n >= n && (name->n == n || name->text[name->n - n - 1u] == '_') && memcmp(name->text + name->n - n, page->word, n) == 0) {
        name->unit_at = name->n - n;
        return;
    }
    name->text[name->n++] = '_';
    name->unit_at = name->n;
    memcpy(name->text + name->n, page->word, n);
    name->n += n;
}

/* The name alone. */
OTEL_STEP_ void otel_family_write_(otel_page_t_ *page)
{
    otel_family_name_t_ *name = page->made;
    otel_page_at_(page, name->text, OTEL_FAMILY_SIZE_ - 80u);
    otel_page_name_(page, page->of->name.bytes, page->of->name.len, true);
    name->n = page->n < page->size ? page->n : page->size - 1u;
    name->unit_at = 0;
    if (!page->of->counter || (page->options->no_suffix && !page->options->openmetrics)) return;
    if (name->n > 6u && memcmp(name->text + name->n - 6u, "_total", 6) == 0) name->n -= 6u;
}

OTEL_STEP_ void otel_page_back_(otel_page_t_ *page)
{
    page->to = page->to_then;
    page->size = page->size_then;
    page->n = page->n_then;
}

/* The name of a family without _total. */
OTEL_STEP_ void otel_family_name_(otel_page_t_ *page, const otel_family_t_ *f, otel_family_name_t_ *name)
{
    page->of = f;
    page->made = name;
    page->to_then = page->to;
    page->size_then = page->size;
    page->n_then = page->n;
    otel_family_write_(page);
    otel_page_at_(page, page->word, sizeof page->word);
    if (!page->options->no_suffix) otel_page_unit_(page);
    otel_family_unit_(page);
    otel_page_back_(page);
}

OTEL_STEP_ bool otel_family_same_(const otel_page_t_ *page) { return page->twin.n == page->name.n && memcmp(page->name.text, page->twin.text, page->twin.n) == 0; }

/* ---- labels ---- */
/* The AnyValue as text; arrays and maps are left empty. */
OTEL_STEP_ void otel_page_any_(otel_page_t_ *page, const otel_pb_field_t_ *any)
{
    page->pair = otel_pb_open_(any->bytes, any->len);
    if (!otel_pb_next_(&page->pair, &page->value)) return;
    switch (page->value.number) {
    case 1:
    case 7: otel_page_quoted_(page, &page->value, true); return;
    case 2: otel_page_text_(page, page->value.value ? "true" : "false"); return;
    case 3: otel_page_int_(page, page->value.value); return;
    case 4: otel_page_double_(page, page->value.value); return;
    default: return;
    }
}

OTEL_STEP_ bool otel_page_pair_next_(otel_page_t_ *page) { return otel_pb_next_(&page->pair, &page->value); }

/* The attribute that a field holds: key and value. False: it holds none. */
OTEL_STEP_ bool otel_page_pair_(otel_page_t_ *page, otel_pb_field_t_ *key, otel_pb_field_t_ *any)
{
    memset((void *)key, 0, sizeof *key);
    memset((void *)any, 0, sizeof *any);
    if (page->attribute.number != page->number || page->attribute.type != OTEL_PB_SLICE_) return false;
    page->pair = otel_pb_open_(page->attribute.bytes, page->attribute.len);
    while (otel_page_pair_next_(page)) {
        if (page->value.number == 1) *key = page->value;
        if (page->value.number == 2) *any = page->value;
    }
    return key->len != 0;
}

/* The next character of the label that a key becomes; -1: behind the last. */
OTEL_STEP_ int otel_page_key_(otel_page_key_t_ *k)
{
    if (!k->begun) {
        k->begun = true;
        if (k->n && k->text[0] >= '0' && k->text[0] <= '9') return '_';
    }
    while (k->i < k->n) {
        uint8_t c = k->text[k->i++];
        bool gap = k->gap;
        k->gap = !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
        if (!k->gap) return c;
        if (!gap) return '_';
    }
    return -1;
}

/* Do page->key and page->key2 become the same label? Of 127 characters at most. */
OTEL_STEP_ bool otel_page_same_(otel_page_t_ *page)
{
    unsigned n;
    memset((void *)page->keys, 0, sizeof page->keys);
    page->keys[0].text = page->key.bytes;
    page->keys[0].n = page->key.len;
    page->keys[1].text = page->key2.bytes;
    page->keys[1].n = page->key2.len;
    for (n = 0; n < 128u; n++) {
        int c = otel_page_key_(&page->keys[0]);
        if (c != otel_page_key_(&page->keys[1])) return false;
        if (c < 0) return true;
    }
    return false;
}

OTEL_STEP_ void otel_page_comma_(otel_page_t_ *page)
{
    otel_page_char_(page, page->first ? '{' : ',');
    page->first = false;
}

OTEL_STEP_ bool otel_page_other_(otel_page_t_ *page) { return otel_pb_next_(&page->others, &page->attribute); }

OTEL_STEP_ bool otel_page_twin_(otel_page_t_ *page) { return otel_page_pair_(page, &page->key2, &page->any2) && otel_page_same_(page); }

/* Is there an attribute before this one that becomes the same label? */
OTEL_STEP_ bool otel_page_earlier_(otel_page_t_ *page)
{
    const uint8_t *here = page->attribute.bytes;
    page->others = page->message;
    while (otel_page_other_(page) && page->attribute.bytes != here) {
        if (otel_page_twin_(page)) return true;
    }
    return false;
}

/* The values behind it that become the same label. */
OTEL_STEP_ void otel_page_later_(otel_page_t_ *page)
{
    page->others = page->labels;
    while (otel_page_other_(page)) {
        if (!otel_page_twin_(page)) continue;
        otel_page_char_(page, ';');
        otel_page_any_(page, &page->any2);
    }
}

OTEL_STEP_ bool otel_page_attribute_(otel_page_t_ *page) { return otel_pb_next_(&page->labels, &page->attribute); }

OTEL_STEP_ void otel_page_begin_(otel_page_t_ *page, const otel_pb_t_ *message, unsigned number, const char *prefix)
{
    page->message = page->labels = *message;
    page->number = (uint8_t)number;
    page->prefix = prefix;
}

/* The attributes of a message as labels; keys that become one label have their values joined by ';'. */
OTEL_STEP_ void otel_page_labels_(otel_page_t_ *page, const otel_pb_t_ *message, unsigned number, const char *prefix)
{
    otel_page_begin_(page, message, number, prefix);
    while (otel_page_attribute_(page)) {
        if (!otel_page_pair_(page, &page->key, &page->any) || otel_page_earlier_(page)) continue;
        otel_page_comma_(page);
        otel_page_text_(page, page->prefix);
        otel_page_name_(page, page->key.bytes, page->key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &page->any);
        otel_page_later_(page);
        otel_page_char_(page, '"');
    }
}

OTEL_STEP_ void otel_page_label_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *value)
{
    otel_page_comma_(page);
    otel_page_text_(page, key);
    otel_page_text_(page, "=\"");
    otel_page_quoted_(page, value, true);
    otel_page_char_(page, '"');
}

/* The labels of the scope. */
OTEL_STEP_ void otel_page_scope_(otel_page_t_ *page)
{
    page->labels = page->scope;
    while (otel_page_attribute_(page)) {
        if (page->attribute.number == 1) otel_page_label_(page, "otel_scope_name", &page->attribute);
        if (page->attribute.number == 2) otel_page_label_(page, "otel_scope_version", &page->attribute);
    }
    if (page->schema.len) otel_page_label_(page, "otel_scope_schema_url", &page->schema);
    otel_page_labels_(page, &page->scope, 3, "otel_scope_");
}

/* The bound of a bucket. */
OTEL_STEP_ void otel_page_bound_(otel_page_t_ *page)
{
    otel_page_comma_(page);
    otel_page_text_(page, "le=\"");
    if (page->last) otel_page_text_(page, "+Inf");
    else otel_page_double_(page, page->bound);
    otel_page_char_(page, '"');
}

/* All labels of the point, with the bound of a bucket or without. */
OTEL_STEP_ void otel_page_point_labels_(otel_page_t_ *page, bool bucket)
{
    page->first = true;
    if (!page->options->no_scope) otel_page_scope_(page);
    otel_page_labels_(page, &page->point, page->more.shape == 9u ? 9u : page->more.shape > 9u ? 1u : 7u, "");
    if (bucket) otel_page_bound_(page);
    if (!page->first) otel_page_char_(page, '}');
    otel_page_char_(page, ' ');
}

/* ---- exemplars ---- */
/* Bits of a double as a number of the same order. */
OTEL_FN_ uint64_t otel_bits_order_(uint64_t bits) { return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63; }

/* Take page->field apart, into page->one. */
OTEL_STEP_ void otel_page_exemplar_read_(otel_page_t_ *page)
{
    otel_page_exemplar_t_ *e = &page->one;
    const otel_pb_field_t_ *f = &page->value;
    memset((void *)e, 0, sizeof *e);
    e->message = page->pair = otel_pb_open_(page->field.bytes, page->field.len);
    while (otel_page_pair_next_(page)) {
        if (f->number == 2) e->time = f->value;
        if (f->number == 3) e->bits = f->value;
        if (f->number == 6) e->bits = otel_double_bits_((double)(int64_t)f->value);
        if (f->number == 4) e->span = *f;
        if (f->number == 5) e->trace = *f;
    }
}

OTEL_STEP_ void otel_page_id_(otel_page_t_ *page, const char *key, const otel_pb_field_t_ *id)
{
    size_t i;
    if (!id->len) return;
    otel_page_comma_(page);
    otel_page_text_(page, key);
    for (i = 0; i < id->len; i++) {
        otel_page_char_(page, "0123456789abcdef"[id->bytes[i] >> 4]);
        otel_page_char_(page, "0123456789abcdef"[id->bytes[i] & 15u]);
    }
    otel_page_char_(page, '"');
}

/* How many characters a label takes, key and value. */
OTEL_STEP_ size_t otel_page_width_(otel_page_t_ *page)
{
    size_t size = page->size, n = page->n, width;
    page->size = 0;                               /* so that it only counts */
    otel_page_name_(page, page->key.bytes, page->key.len, false);
    otel_page_any_(page, &page->any);
    width = page->n - n;
    page->size = size;
    page->n = n;
    return width;
}

/* Labels of an exemplar are 128 characters at most, names and values: ids first, then what a view left out, while it fits. */
OTEL_STEP_ void otel_page_exemplar_labels_(otel_page_t_ *page)
{
    static const char trace_id[] = "trace_id=\"", span_id[] = "span_id=\"";
    const otel_page_exemplar_t_ *e = &page->best;
    size_t left = 128u - (e->trace.len ? 8u + 2u * e->trace.len : 0u) - (e->span.len ? 7u + 2u * e->span.len : 0u);
    page->first = true;
    otel_page_id_(page, trace_id, &e->trace);
    otel_page_id_(page, span_id, &e->span);
    otel_page_begin_(page, &e->message, 7, "");
    while (otel_page_attribute_(page)) {
        size_t width;
        if (!otel_page_pair_(page, &page->key, &page->any)) continue;
        width = otel_page_width_(page);
        if (width > left) continue;
        left -= width;
        otel_page_comma_(page);
        otel_page_name_(page, page->key.bytes, page->key.len, false);
        otel_page_text_(page, "=\"");
        otel_page_any_(page, &page->any);
        otel_page_char_(page, '"');
    }
    otel_page_text_(page, page->first ? "{} " : "} ");
}

/* Nanoseconds as seconds. */
OTEL_STEP_ void otel_page_seconds_(otel_page_t_ *page, uint64_t ns)
{
    char *text = page->decimal.text;
    size_t n = otel_uint_text_(text, ns), i;
    if (n <= 9u) otel_page_text_(page, "0.");
    for (i = n; i < 9u; i++) otel_page_char_(page, '0');
    if (n > 9u) {
        otel_page_put_(page, text, n - 9u);
        otel_page_char_(page, '.');
        text += n - 9u;
        n = 9;
    }
    otel_page_put_(page, text, n);
}

OTEL_STEP_ bool otel_page_field_(otel_page_t_ *page) { return otel_pb_next_(&page->at, &page->field); }

/* OpenMetrics: the newest exemplar of the point that is above one bound (NULL: none) and up to another one, into page->best. */
OTEL_STEP_ void otel_page_newest_(otel_page_t_ *page, unsigned number, const uint64_t *above, const uint64_t *upto)
{
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (page->field.number != number || page->field.type != OTEL_PB_SLICE_) continue;
        otel_page_exemplar_read_(page);
        if (above && otel_bits_order_(page->one.bits) <= otel_bits_order_(*above)) continue;
        if (upto && otel_bits_order_(page->one.bits) > otel_bits_order_(*upto)) continue;
        if (page->one.time >= page->best.time) page->best = page->one;
    }
}

OTEL_STEP_ void otel_page_worth_(otel_page_t_ *page)
{
    otel_page_double_(page, page->best.bits);
    otel_page_char_(page, ' ');
    otel_page_seconds_(page, page->best.time);
}

/* Behind a sample the exemplar that was found for it. */
OTEL_STEP_ void otel_page_exemplar_(otel_page_t_ *page)
{
    if (page->best.message.at) {
        otel_page_text_(page, " # ");
        otel_page_exemplar_labels_(page);
        otel_page_worth_(page);
    }
    otel_page_char_(page, '\n');
}

/* ---- samples ---- */
OTEL_STEP_ void otel_page_sample_(otel_page_t_ *page, const char *suffix, bool bucket)
{
    otel_page_put_(page, page->name.text, page->name.n);
    otel_page_text_(page, suffix);
    otel_page_point_labels_(page, bucket);
}

/* What a histogram says. */
OTEL_STEP_ void otel_page_histogram_(otel_page_t_ *page)
{
    const otel_pb_field_t_ *f = &page->field;
    page->count = page->sum = page->seen = page->bound = 0;
    memset((void *)&page->counts, 0, sizeof page->counts);
    memset((void *)&page->bounds, 0, sizeof page->bounds);
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (f->number == 4) page->count = f->value;
        if (f->number == 5) page->sum = f->value;
        if (f->number == 6 && f->type == OTEL_PB_SLICE_) page->counts = *f;
        if (f->number == 7 && f->type == OTEL_PB_SLICE_) page->bounds = *f;
    }
}

/* Go to a bucket. */
OTEL_STEP_ void otel_page_bucket_(otel_page_t_ *page)
{
    size_t i = page->bucket;
    page->before = page->bound;
    page->last = i == page->bounds.len / 8u;
    page->bound = page->last ? 0 : otel_get64_(page->bounds.bytes + 8u * i);
    if (8u * i < page->counts.len) page->seen += otel_get64_(page->counts.bytes + 8u * i);
}

OTEL_STEP_ void otel_page_bucket_newest_(otel_page_t_ *page)
{
    memset((void *)&page->best, 0, sizeof page->best);
    if (!page->options->openmetrics) return;
    otel_page_newest_(page, page->more.shape == 9u ? 8 : 11, page->bucket ? &page->before : NULL, page->last ? NULL : &page->bound);
}

OTEL_STEP_ void otel_page_buckets_(otel_page_t_ *page)
{
    otel_page_histogram_(page);
    for (page->bucket = 0; page->bucket <= page->bounds.len / 8u; page->bucket++) {
        otel_page_bucket_(page);
        otel_page_sample_(page, "_bucket", true);
        otel_page_uint_(page, page->last ? page->count : page->seen);
        otel_page_bucket_newest_(page);
        otel_page_exemplar_(page);
    }
    otel_page_sample_(page, "_sum", false);
    otel_page_double_(page, page->sum);
    otel_page_char_(page, '\n');
    otel_page_sample_(page, "_count", false);
    otel_page_uint_(page, page->count);
    otel_page_char_(page, '\n');
}

OTEL_STEP_ void otel_page_number_(otel_page_t_ *page)
{
    otel_page_sample_(page, page->more.counter && (page->options->openmetrics || !page->options->no_suffix) ? "_total" : "", false);
    page->at = page->point;
    while (otel_page_field_(page)) {
        if (page->field.number == 4) otel_page_double_(page, page->field.value);
        if (page->field.number == 6) otel_page_int_(page, page->field.value);
    }
    memset((void *)&page->best, 0, sizeof page->best);
    if (page->more.counter && page->options->openmetrics) otel_page_newest_(page, 5, NULL, NULL);
    otel_page_exemplar_(page);
}

/* The next point of page->more. */
OTEL_STEP_ bool otel_page_point_(otel_page_t_ *page)
{
    do {
        if (!otel_pb_next_(&page->data, &page->field)) return false;
    } while (page->field.number != 1 || page->field.type != OTEL_PB_SLICE_);
    page->point = otel_pb_open_(page->field.bytes, page->field.len);
    return true;
}

/* The points of page->more. */
OTEL_STEP_ void otel_page_points_(otel_page_t_ *page)
{
    page->data = otel_pb_open_(page->more.data.bytes, page->more.data.len);
    while (otel_page_point_(page)) {
        if (page->more.shape >= 9u) otel_page_buckets_(page);
        else otel_page_number_(page);
    }
}

/* ---- families ---- */
/* Take the Metric in page->field apart. */
OTEL_STEP_ void otel_family_read_(otel_page_t_ *page, otel_family_t_ *family)
{
    const otel_pb_field_t_ *f = &page->value;
    memset((void *)family, 0, sizeof *family);
    page->pair = otel_pb_open_(page->field.bytes, page->field.len);
    while (otel_page_pair_next_(page)) {
        if (f->number == 1) family->name = *f;
        if (f->number == 2) family->help = *f;
        if (f->number == 3) family->unit = *f;
        if (f->number < 5) continue;
        family->shape = (unsigned)f->number;
        family->data = *f;
    }
    page->pair = otel_pb_open_(family->data.bytes, family->data.len);
    while (otel_page_pair_next_(page)) family->counter = family->counter || (family->shape == 7 && f->number == 3 && f->value);
}

OTEL_STEP_ void otel_page_line_(otel_page_t_ *page, const char *what)
{
    otel_page_text_(page, what);
    otel_page_put_(page, page->name.text, page->name.n);
    if (page->family.counter && !page->options->openmetrics && !page->options->no_suffix) otel_page_text_(page, "_total");
    otel_page_char_(page, ' ');
}

OTEL_FN_ const char *otel_family_type_(const otel_family_t_ *family) { return family->shape >= 9 ? "histogram" : family->counter ? "counter" : "gauge"; }

OTEL_STEP_ void otel_page_head_(otel_page_t_ *page)
{
    if (page->family.help.len) {
        otel_page_line_(page, "# HELP ");
        otel_page_quoted_(page, &page->family.help, page->options->openmetrics);
        otel_page_char_(page, '\n');
    }
    otel_page_line_(page, "# TYPE ");
    otel_page_text_(page, otel_family_type_(&page->family));
    otel_page_char_(page, '\n');
    if (!page->options->openmetrics || page->name.unit_at == 0) return;
    otel_page_line_(page, "# UNIT ");
    otel_page_put_(page, page->name.text + page->name.unit_at, page->name.n - page->name.unit_at);
    otel_page_char_(page, '\n');
}

OTEL_STEP_ bool otel_families_field_(otel_page_t_ *page, otel_pb_t_ *from) { return otel_pb_next_(from, &page->field); }

/* Open the next ScopeMetrics; false behind the last. */
OTEL_STEP_ bool otel_families_scope_(otel_page_t_ *page)
{
    otel_families_t_ *w = page->next;
    if (!otel_families_field_(page, &w->scopes)) return false;
    w->metrics = page->at = otel_pb_open_(page->field.bytes, page->field.len);
    w->scope = otel_pb_open_(NULL, 0);
    memset((void *)&w->schema, 0, sizeof w->schema);
    while (otel_page_field_(page)) {
        if (page->field.number == 1) w->scope = otel_pb_open_(page->field.bytes, page->field.len);
        if (page->field.number == 3) w->schema = page->field;
    }
    return true;
}

/* The next family of page->next. */
OTEL_STEP_ bool otel_families_next_(otel_page_t_ *page, otel_family_t_ *family)
{
    do {
        while (otel_families_field_(page, &page->next->metrics)) {
            if (page->field.number != 2 || page->field.type != OTEL_PB_SLICE_) continue;
            otel_family_read_(page, family);
            return true;
        }
    } while (otel_families_scope_(page));
    return false;
}

/* Is there a family of the same name before? */
OTEL_STEP_ bool otel_family_earlier_(otel_page_t_ *page)
{
    page->other = page->all;
    page->next = &page->other;
    while (otel_families_next_(page, &page->more) && page->more.data.bytes != page->family.data.bytes) {
        otel_family_name_(page, &page->more, &page->twin);
        if (otel_family_same_(page)) return true;
    }
    return false;
}

/* Does page->more belong to the family? Types differ in their first letter. */
OTEL_STEP_ bool otel_family_also_(otel_page_t_ *page)
{
    otel_family_name_(page, &page->more, &page->twin);
    if (!otel_family_same_(page) || *otel_family_type_(&page->more) != *otel_family_type_(&page->family)) return false;
    page->scope = page->other.scope;
    page->schema = page->other.schema;
    return true;
}

/* The family with all metrics of its name from here on. */
OTEL_STEP_ void otel_page_family_(otel_page_t_ *page)
{
    page->other = page->walk;
    page->more = page->family;
    page->next = &page->other;
    do {
        if (otel_family_also_(page)) otel_page_points_(page);
    } while (otel_families_next_(page, &page->more));
}

OTEL_STEP_ bool otel_page_next_(otel_page_t_ *page)
{
    page->next = &page->walk;
    return otel_families_next_(page, &page->family);
}

/* Write the families of a body of ScopeMetrics. Metrics of one name stand together under one head; of two types, the first counts. */
OTEL_STEP_ void otel_page_families_(otel_page_t_ *page)
{
    page->walk = page->all;
    while (otel_page_next_(page)) {
        otel_family_name_(page, &page->family, &page->name);
        if (otel_family_earlier_(page)) continue;
        otel_page_head_(page);
        otel_page_family_(page);
    }
}

/* target_info: the attributes of the resource. */
OTEL_STEP_ void otel_page_target_(otel_page_t_ *page, const uint8_t *resource, size_t len)
{
    page->first = true;
    page->pair = otel_pb_open_(resource, len);
    if (page->options->no_target || !otel_page_pair_next_(page)) return;
    page->point = otel_pb_open_(page->value.bytes, page->value.len);
    otel_page_text_(page, page->options->openmetrics ? "# HELP target Target metadata\n# TYPE target info\ntarget_info" : "# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
    otel_page_labels_(page, &page->point, 1, "");
    otel_page_text_(page, page->first ? " 1\n" : "} 1\n");
}

/* Where the page stands: on firmware at the end of the packet, whose room ends there then; NULL: that is too small. */
OTEL_STEP_ otel_page_t_ *otel_page_place_(otel_page_t_ *own, const otel_prometheus_options_t *options, size_t *room)
{
    uintptr_t end = (uintptr_t)options->packet + options->packet_size;
    *room = options->packet_size;
    if (own) return own;
    if (*room < sizeof(otel_page_t_) + 8u) return NULL;
    *room -= sizeof(otel_page_t_) + (size_t)((end - sizeof(otel_page_t_)) & 7u);
    return (otel_page_t_ *)(void *)((uint8_t *)options->packet + *room);
}

/* A page with nothing in it. */
OTEL_STEP_ otel_page_t_ *otel_page_open_(otel_page_t_ *page, char *to, size_t size, const otel_prometheus_options_t *options)
{
    memset((void *)page, 0, sizeof *page);
    page->to = to;
    page->size = size;
    page->options = options;
    page->round.lost = OTEL_ROUND_OF_PROMETHEUS_;
    return page;
}

/* Everything behind the resource, whose attributes begin at `begin`. */
OTEL_STEP_ size_t otel_page_write_(otel_page_t_ *page, const uint8_t *begin)
{
    otel_page_target_(page, begin, (size_t)(page->packet.run - 1 - begin));
    otel_page_families_(page);
    if (page->options->openmetrics) otel_page_text_(page, "# EOF\n");
    if (page->size) page->to[page->n < page->size ? page->n : 0] = 0;
    return page->n;
}

/* Collect; false: not all points are there. */
OTEL_STEP_ bool otel_page_collect_(otel_page_t_ *page, otel_t *otel)
{
    uint8_t *points = page->packet.run - 1;
    size_t body = 0;
    if (OTEL_LOAD_(&otel->reclaims_)) OTEL_STORE_(&otel->reclaims_, (uint8_t)0);           /* a page tells totals: idle series stay */
    if (OTEL_LOAD_ACQUIRE_(&otel->collect_)) body = (OTEL_LOAD_ACQUIRE_(&otel->collect_))(otel, &page->round, points, (size_t)(page->packet.end - points));
    else page->round.lost = 0;
    page->all.scopes = otel_pb_open_(points, body);
    return !page->round.running && !page->round.lost;
}

OTEL_API_ size_t otel_prometheus_write_with(char *to, size_t size, const otel_prometheus_options_t *options)
{
    otel_t *otel = options && options->otel ? options->otel : otel_default_();
    otel_page_t_ *page;
    size_t room = 0;
#if OTEL_HOSTED_
    otel_page_t_ own, *given = &own;
#else
    otel_page_t_ *given = NULL;
#endif
    OTEL_METRICS_OFF_((void)page; (void)given; (void)room; (void)otel; if (to && size) *to = 0; return 0)
    if (to && size) *to = 0;
    if (!to || !options || !options->packet || !otel_running_(otel)) return 0;
    page = otel_page_place_(given, options, &room);
    if (!page || !otel_packet_begin_(&otel_page_open_(page, to, size, options)->packet, otel, (uint8_t *)options->packet, room)) return 0;
    if (!otel_page_collect_(page, otel)) return 0;
    return otel_page_write_(page, (const uint8_t *)options->packet + 1 + OTEL_ENVELOPE_BYTES_);        /* ResourceMetrics.resource = 1 */
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
