/* Text for people: columns, colour, numbers with units, times, values and attributes, put piece by piece through a hook.
   What the console is made of; no stdio, no heap, no recursion. opentelemetry/proto: common.proto. */
#ifndef OTEL_EXPORT_PAINTER_H
#define OTEL_EXPORT_PAINTER_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "decimal.h"
#include "pb.h"

/* Where text goes and how far it has come. Private. */
typedef struct otel_painter_t_ {
    void (*put)(void *user, const char *text, size_t len);
    void *user;
    const char *newline;
    int32_t offset_s;                  /* local time minus UTC */
    uint16_t columns, column;          /* of the line; the next one to be written */
    bool colour, ascii, begun;         /* begun: a title stands above, so the next one gets an empty line */
} otel_painter_t_;

/* A few words on their way to a column. Private. */
typedef struct otel_words_t_ {
    char text[64];
    uint8_t n;
} otel_words_t_;

OTEL_C_BEGIN_
OTEL_API_ void otel_paint_(otel_painter_t_ *p, const void *text, size_t n, unsigned most);
OTEL_API_ void otel_paint_long_(otel_painter_t_ *p, const void *text, size_t n, unsigned indent);
OTEL_API_ void otel_paint_to_(otel_painter_t_ *p, unsigned column);
OTEL_API_ void otel_paint_line_(otel_painter_t_ *p);
OTEL_API_ void otel_paint_colour_(otel_painter_t_ *p, const char *code);
OTEL_API_ void otel_paint_title_(otel_painter_t_ *p, const char *word);
OTEL_API_ void otel_paint_value_(otel_painter_t_ *p, const otel_pb_field_t_ *any, unsigned indent);
OTEL_API_ void otel_paint_attributes_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint32_t number, unsigned indent, unsigned edge);
OTEL_API_ void otel_paint_lost_(otel_painter_t_ *p, uint64_t n);
OTEL_API_ void otel_words_add_(otel_words_t_ *w, const char *text, size_t n);
OTEL_API_ void otel_words_uint_(otel_words_t_ *w, uint64_t value, unsigned places);
OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v);
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns);
OTEL_API_ void otel_words_number_(otel_words_t_ *w, double v, bool whole, const otel_pb_field_t_ *unit);
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s);
OTEL_C_END_
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_paint_text_(otel_painter_t_ *p, const char *text) { otel_paint_(p, text, strlen(text), 1000); }
OTEL_FN_ void otel_paint_words_(otel_painter_t_ *p, const otel_words_t_ *w) { otel_paint_(p, w->text, w->n, 1000); }
OTEL_FN_ void otel_words_text_(otel_words_t_ *w, const char *text) { otel_words_add_(w, text, strlen(text)); }

/* The first field of a message with that number; `len` 0 when there is none. */
OTEL_FN_ otel_pb_field_t_ otel_pb_find_(const otel_pb_field_t_ *in, uint32_t number)
{
    otel_pb_t_ message = otel_pb_open_(in->bytes, in->len);
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        if (field.number == number) return field;
    }
    memset((void *)&field, 0, sizeof field);
    return field;
}
#if OTEL_BODIES_
/* ---- lines ---- */
OTEL_API_ void otel_paint_colour_(otel_painter_t_ *p, const char *code)
{
    if (!p->colour) return;
    (p->put)(p->user, "\033[", 2);
    (p->put)(p->user, code, strlen(code));
    (p->put)(p->user, "m", 1);
}

OTEL_API_ void otel_paint_line_(otel_painter_t_ *p)
{
    (p->put)(p->user, p->newline, strlen(p->newline));
    p->column = 0;
}

/* The first word of a block, below an empty line. */
OTEL_API_ void otel_paint_title_(otel_painter_t_ *p, const char *word)
{
    if (p->begun) otel_paint_line_(p);
    p->begun = true;
    otel_paint_colour_(p, "1;34");
    otel_paint_text_(p, word);
    otel_paint_colour_(p, "0");
}

/* Bytes of one character that is safe to show in place of what is there. */
OTEL_FN_ unsigned otel_paint_step_(const otel_painter_t_ *p, const uint8_t *text, size_t left, const char **shown, unsigned *len)
{
    unsigned step = otel_utf8_step_(text, left);
    bool odd = step == 0 || text[0] < ' ' || text[0] == 127 || (step == 2 && text[0] == 0xC2 && text[1] < 0xA0) || (p->ascii && step > 1);
    *shown = odd ? (text[0] == '\n' || text[0] == '\t' ? " " : "?") : (const char *)text;
    *len = odd ? 1u : step;
    return step ? step : 1u;
}

/* Text as it is safe to show, at most `most` columns, and not beyond the edge. */
OTEL_API_ void otel_paint_(otel_painter_t_ *p, const void *text, size_t n, unsigned most)
{
    const uint8_t *at = (const uint8_t *)text;
    const char *shown;
    unsigned len;
    size_t i;
    for (i = 0; i < n && most > 0 && p->column < p->columns; most--) {
        i += otel_paint_step_(p, at + i, n - i, &shown, &len);
        (p->put)(p->user, shown, len);
        p->column++;
    }
}

/* Text that goes on in the next lines, below `indent`; four of them at most. */
OTEL_API_ void otel_paint_long_(otel_painter_t_ *p, const void *text, size_t n, unsigned indent)
{
    const uint8_t *at = (const uint8_t *)text;
    const char *shown;
    unsigned len, lines = 1;
    size_t i = 0;
    while (i < n) {
        if (p->column >= p->columns - (lines == 4u ? 2u : 0u)) {
            if (lines++ == 4u) {
                otel_paint_text_(p, "..");
                return;
            }
            otel_paint_line_(p);
            otel_paint_to_(p, indent);
        }
        i += otel_paint_step_(p, at + i, n - i, &shown, &len);
        (p->put)(p->user, shown, len);
        p->column++;
    }
}

OTEL_API_ void otel_paint_to_(otel_painter_t_ *p, unsigned column)
{
    static const char spaces[] = "                ";
    while (p->column < column) {
        unsigned n = column - p->column;
        if (n > sizeof spaces - 1u) n = (unsigned)(sizeof spaces - 1u);
        (p->put)(p->user, spaces, n);
        p->column = (uint16_t)(p->column + n);
    }
}

/* ---- words ---- */
OTEL_API_ void otel_words_add_(otel_words_t_ *w, const char *text, size_t n)
{
    if (n > sizeof w->text - w->n) n = sizeof w->text - w->n;
    if (n) memcpy(w->text + w->n, text, n);
    w->n = (uint8_t)(w->n + n);
}

/* `value` with its last `places` digits behind a point. */
OTEL_API_ void otel_words_uint_(otel_words_t_ *w, uint64_t value, unsigned places)
{
    char digits[OTEL_DECIMAL_SIZE_];
    unsigned n = (unsigned)otel_uint_text_(digits, value), whole = n > places ? n - places : 0u;
    otel_words_add_(w, whole ? digits : "0", whole ? whole : 1u);
    if (!places) return;
    otel_words_add_(w, ".", 1);
    for (; places > n; places--) otel_words_add_(w, "0", 1);
    otel_words_add_(w, digits + whole, n - whole);
}

/* 1.234 * 10^exponent out of the digits 1234, without zeros at the end. */
OTEL_FN_ void otel_words_point_(otel_words_t_ *w, uint32_t digits, unsigned places)
{
    while (places && digits % 10u == 0) {
        digits /= 10u;
        places--;
    }
    otel_words_uint_(w, digits, places);
}

/* Four digits of any double; numbers up to 10^15 without an exponent. */
OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v)
{
    double all;
    uint32_t digits;
    int e = 0;
    if (!(v >= 0) && !(v < 0)) {
        otel_words_text_(w, "NaN");
        return;
    }
    if (v < 0) otel_words_text_(w, "-");
    all = v = v < 0 ? -v : v;
    for (; v >= 10 && e < 400; e++) v /= 10;
    for (; v < 1 && v > 0 && e > -400; e--) v *= 10;
    if (v >= 10) {
        otel_words_text_(w, "infinity");
        return;
    }
    digits = (uint32_t)(v * 1000 + 0.5);
    if (digits > 9999u) {
        digits /= 10u;
        e++;
    }
    if (!digits) otel_words_text_(w, "0");
    else if (e >= 4 && e < 15) otel_words_uint_(w, (uint64_t)(all + 0.5), 0);
    else if (e >= 0 && e < 4) otel_words_point_(w, digits, (unsigned)(3 - e));
    else if (e < 0 && e >= -4) otel_words_point_(w, digits, (unsigned)(3 - e));
    else {
        otel_words_point_(w, digits, 3);
        otel_words_text_(w, e < 0 ? "e-" : "e");
        otel_words_uint_(w, (uint64_t)(e < 0 ? -e : e), 0);
    }
}

/* "42.1 us" */
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns)
{
    if (ns < 1000u) otel_words_uint_(w, ns, 0);
    else if (ns < 1000000u) otel_words_uint_(w, (ns + 50u) / 100u, 1);
    else if (ns < 1000000000u) otel_words_uint_(w, (ns + 5000u) / 10000u, 2);
    else otel_words_uint_(w, (ns + 500000u) / 1000000u, 3);
    otel_words_text_(w, ns < 1000u ? " ns" : ns < 1000000u ? " us" : ns < 1000000000u ? " ms" : " s");
}

/* A number as people read it: bytes in KiB and MiB, short seconds in ms; the name already says what {packet} counts. */
OTEL_API_ void otel_words_number_(otel_words_t_ *w, double v, bool whole, const otel_pb_field_t_ *unit)
{
    static const char big[] = "By\0KiB\0MiB\0GiB\0TiB\0PiB";
    static const char small[] = "s\0ms\0us\0ns";
    const char *name = (const char *)unit->bytes;
    size_t n = unit->len;
    double size = v < 0 ? -v : v;
    if (n == 2 && memcmp(name, "By", 2) == 0) {
        for (name = big; size >= 1024 && *name != 'P'; name += strlen(name) + 1u) {
            size /= 1024;
            v /= 1024;
            whole = false;
        }
        n = strlen(name);
    } else if (n == 1 && *name == 's' && !whole) {
        for (name = small; size < 1 && size > 0 && *name != 'n'; name += strlen(name) + 1u) {
            size *= 1000;
            v *= 1000;
        }
        n = strlen(name);
    } else if (n && (name[0] == '{' || (n == 1 && *name == '1'))) {
        n = 0;
    }
    if (whole && size < 9e15) {
        if (v < 0) otel_words_text_(w, "-");
        otel_words_uint_(w, (uint64_t)(size + 0.5), 0);
    } else {
        otel_words_double_(w, v);
    }
    if (n) otel_words_text_(w, " ");
    otel_words_add_(w, name, n > 16u ? 16u : n);
}

/* "12:30:01.123" */
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s)
{
    uint32_t ms = (uint32_t)(ns / 1000000u % 86400000u) + 86400000u, part[3], i;
    ms = (uint32_t)((int32_t)ms + offset_s % 86400 * 1000) % 86400000u;
    part[0] = ms / 3600000u;
    part[1] = ms / 60000u % 60u;
    part[2] = ms / 1000u % 60u;
    for (i = 0; i < 3; i++) {
        if (part[i] < 10u) otel_words_text_(w, "0");
        otel_words_uint_(w, part[i], 0);
        otel_words_text_(w, i < 2 ? ":" : ".");
    }
    ms %= 1000u;
    if (ms < 100u) otel_words_text_(w, ms < 10u ? "00" : "0");
    otel_words_uint_(w, ms, 0);
}

/* ---- AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, map = 6, bytes = 7 ---- */
OTEL_FN_ void otel_words_any_(otel_words_t_ *w, const otel_pb_field_t_ *v)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;
    w->n = 0;
    if (v->number == 2) otel_words_text_(w, v->value ? "true" : "false");
    else if (v->number == 3) {
        if (v->value >> 63) otel_words_text_(w, "-");
        otel_words_uint_(w, v->value >> 63 ? 0u - v->value : v->value, 0);
    } else if (v->number == 4) otel_words_double_(w, otel_bits_double_(v->value));
    else if (v->number == 6) otel_words_text_(w, "{..}");
    else if (v->number == 5) otel_words_text_(w, "[..]");
    else if (v->number == 7) {
        for (i = 0; i < v->len && i < 16; i++) {
            char two[2];
            two[0] = hex[v->bytes[i] >> 4];
            two[1] = hex[v->bytes[i] & 15];
            otel_words_add_(w, two, 2);
        }
        if (v->len > 16) otel_words_text_(w, "..");
    } else otel_words_text_(w, "null");
}

/* One element of an array, or a value that is none. */
OTEL_FN_ void otel_paint_single_(otel_painter_t_ *p, const otel_pb_field_t_ *any, unsigned indent)
{
    otel_pb_t_ message = otel_pb_open_(any->bytes, any->len);
    otel_pb_field_t_ v;
    otel_words_t_ w;
    if (!otel_pb_next_(&message, &v)) v.number = 0;
    if (v.number == 1) {
        otel_paint_long_(p, v.bytes, v.len, indent);
        return;
    }
    otel_words_any_(&w, &v);
    otel_paint_long_(p, w.text, w.n, indent);
}

/* An AnyValue; of arrays the first eight elements. */
OTEL_API_ void otel_paint_value_(otel_painter_t_ *p, const otel_pb_field_t_ *any, unsigned indent)
{
    otel_pb_field_t_ array = otel_pb_find_(any, 5), item;
    otel_pb_t_ list = otel_pb_open_(array.bytes, array.len);
    unsigned n = 0;
    if (array.number != 5) {
        otel_paint_single_(p, any, indent);
        return;
    }
    otel_paint_text_(p, "[");
    while (otel_pb_next_(&list, &item) && n++ < 8u) {
        if (n > 1) otel_paint_long_(p, ", ", 2, indent);
        otel_paint_single_(p, &item, indent);
    }
    otel_paint_long_(p, n > 8u ? ", ..]" : "]", n > 8u ? 5 : 1, indent);
}

OTEL_FN_ unsigned otel_paint_width_(const otel_pb_field_t_ *f)
{
    unsigned width = 0;
    size_t i;
    for (i = 0; i < f->len; i++) width += (f->bytes[i] & 0xC0) != 0x80;
    return width;
}

/* About how many columns a value takes. */
OTEL_FN_ unsigned otel_paint_value_width_(const otel_pb_field_t_ *any)
{
    otel_pb_t_ message = otel_pb_open_(any->bytes, any->len);
    otel_pb_field_t_ v;
    otel_words_t_ w;
    if (!otel_pb_next_(&message, &v)) v.number = 0;
    if (v.number == 1) return otel_paint_width_(&v);
    if (v.number == 5) return 16;
    otel_words_any_(&w, &v);
    return w.n;
}

/* All attributes of a message: its fields `number`, KeyValue with key = 1, value = 2. They begin below `indent` and a new line
   begins where one would pass `edge`. */
OTEL_API_ void otel_paint_attributes_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint32_t number, unsigned indent, unsigned edge)
{
    otel_pb_t_ message = otel_pb_open_(in->bytes, in->len);
    otel_pb_field_t_ pair, key, value;
    while (otel_pb_next_(&message, &pair)) {
        if (pair.number != number || pair.type != OTEL_PB_SLICE_) continue;
        key = otel_pb_find_(&pair, 1);
        value = otel_pb_find_(&pair, 2);
        if (p->column > indent && p->column + 2u + otel_paint_width_(&key) + otel_paint_value_width_(&value) > edge) otel_paint_line_(p);
        if (p->column > indent) otel_paint_text_(p, " ");
        otel_paint_to_(p, indent);
        otel_paint_long_(p, key.bytes, key.len, indent + 2u);
        otel_paint_long_(p, "=", 1, indent + 2u);
        otel_paint_value_(p, &value, indent + 2u);
    }
}

/* How many attributes of an event, a link or a log had no room. */
OTEL_API_ void otel_paint_lost_(otel_painter_t_ *p, uint64_t n)
{
    otel_words_t_ w;
    if (!n) return;
    w.n = 0;
    otel_words_text_(&w, " (no room for ");
    otel_words_uint_(&w, n, 0);
    otel_words_text_(&w, " more)");
    if (p->column + w.n > p->columns) otel_paint_line_(p);
    otel_paint_words_(p, &w);
}
#endif
OTEL_C_END_
#endif
