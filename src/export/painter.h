/* Text for people: columns, colour, numbers with units, times, values and attributes, put piece by piece through a hook.
   What the console is made of; no stdio, no heap, no recursion. opentelemetry/proto: common.proto. */
#ifndef OTEL_EXPORT_PAINTER_H
#define OTEL_EXPORT_PAINTER_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "decimal.h"
#include "pb.h"

#define OTEL_WORDS_ 64u                /* bytes of words that are shown */

/* A few words on their way to a column. Private. */
typedef struct otel_words_t_ {
    char text[96];                     /* OTEL_WORDS_ of them, and room behind for a number that is being put there */
    uint8_t n;
    int16_t power;                     /* a double, taken apart: digits / 1000 * 10^power, and rounded */
    uint32_t digits;
    uint64_t whole;
    double value;                      /* a number with its unit */
    const char *unit;
    size_t unit_len;
    bool integer;
} otel_words_t_;

/* Where text goes and how far it has come, and what is being painted: not on the stack, which tasks of small chips are short of.
   Private. */
typedef struct otel_painter_t_ {
    otel_pb_t_ reader;                 /* of otel_paint_find_, */
    otel_pb_field_t_ found;            /* and what it found */
    void (*put)(void *user, const char *text, size_t len);
    void *user;
    const char *newline;
    int32_t offset_s;                  /* local time minus UTC */
    uint16_t columns, column;          /* of the line; the next one to be written */
    uint16_t edge;                     /* where attributes go on in the next line */
    bool colour, ascii, begun;         /* begun: a title stands above, so the next one gets an empty line */
    uint8_t lines, elements;           /* of a long text; of an array */
    uint16_t indent, wrap, below;      /* of attributes; of the next lines of a long text; of a value */
    uint8_t number;                    /* the field of attributes */
    const uint8_t *at;                 /* what is left of a text */
    size_t left;
    otel_pb_t_ list, items;            /* attributes; elements of an array */
    otel_pb_field_t_ pair, item;       /* an attribute, then its key; a value or an element of it */
    otel_words_t_ words;
} otel_painter_t_;
OTEL_C_BEGIN_
OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v);
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns);
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* ---- lines ---- */
OTEL_STEP_ void otel_paint_colour_(otel_painter_t_ *p, const char *code)
{
    if (!p->colour) return;
    (p->put)(p->user, "\033[", 2);
    (p->put)(p->user, code, strlen(code));
    (p->put)(p->user, "m", 1);
}

OTEL_STEP_ void otel_paint_line_(otel_painter_t_ *p)
{
    (p->put)(p->user, p->newline, strlen(p->newline));
    p->column = 0;
}

OTEL_STEP_ void otel_paint_to_(otel_painter_t_ *p, unsigned column)
{
    static const char spaces[] = "                ";
    while (p->column < column) {
        unsigned n = column - p->column;
        if (n > sizeof spaces - 1u) n = (unsigned)(sizeof spaces - 1u);
        (p->put)(p->user, spaces, n);
        p->column = (uint16_t)(p->column + n);
    }
}

/* Put the next character of the text, or what is safe to show in its place. */
OTEL_STEP_ void otel_paint_char_(otel_painter_t_ *p)
{
    const uint8_t *text = p->at;
    unsigned step = otel_utf8_step_(text, p->left);
    bool odd = step == 0 || text[0] < ' ' || text[0] == 127 || (step == 2 && text[0] == 0xC2 && text[1] < 0xA0) || (p->ascii && step > 1);
    if (step == 0) step = 1;
    p->at += step;
    p->left -= step;
    p->column++;
    (p->put)(p->user, odd ? (text[0] == '\n' || text[0] == '\t' ? " " : "?") : (const char *)text, odd ? 1u : step);
}

/* Text as it is safe to show, at most `most` columns, and not beyond the edge. */
OTEL_STEP_ void otel_paint_(otel_painter_t_ *p, const void *text, size_t n, unsigned most)
{
    p->at = (const uint8_t *)text;
    p->left = n;
    for (; p->left && most && p->column < p->columns; most--) otel_paint_char_(p);
}

OTEL_FN_ void otel_paint_text_(otel_painter_t_ *p, const char *text) { otel_paint_(p, text, strlen(text), 1000); }
OTEL_FN_ void otel_paint_words_(otel_painter_t_ *p) { otel_paint_(p, p->words.text, p->words.n, 1000); }

/* The first word of a block, below an empty line. */
OTEL_STEP_ void otel_paint_title_(otel_painter_t_ *p, const char *word)
{
    if (p->begun) otel_paint_line_(p);
    p->begun = true;
    otel_paint_colour_(p, "1;34");
    otel_paint_text_(p, word);
    otel_paint_colour_(p, "0");
}

/* Text that goes on in the next lines, below `indent`; four of them at most. */
OTEL_STEP_ void otel_paint_long_(otel_painter_t_ *p, const void *text, size_t n, unsigned indent)
{
    p->at = (const uint8_t *)text;
    p->left = n;
    p->wrap = (uint16_t)indent;
    p->lines = 1;
    while (p->left) {
        if (p->column >= p->columns - (p->lines == 4u ? 2u : 0u)) {
            if (p->lines++ == 4u) {
                otel_paint_text_(p, "..");
                return;
            }
            otel_paint_line_(p);
            otel_paint_to_(p, p->wrap);
        }
        otel_paint_char_(p);
    }
}

/* ---- words ---- */
OTEL_STEP_ void otel_words_add_(otel_words_t_ *w, const char *text, size_t n)
{
    if (n > OTEL_WORDS_ - w->n) n = OTEL_WORDS_ - w->n;
    if (n) memcpy(w->text + w->n, text, n);
    w->n = (uint8_t)(w->n + n);
}

OTEL_FN_ void otel_words_text_(otel_words_t_ *w, const char *text) { otel_words_add_(w, text, strlen(text)); }

/* What was put behind the words counts as far as there is room. */
OTEL_FN_ void otel_words_grew_(otel_words_t_ *w, unsigned n) { w->n = (uint8_t)(w->n + n > OTEL_WORDS_ ? OTEL_WORDS_ : w->n + n); }

/* The last `places` of the n digits that stand behind the words get a point before them. */
OTEL_STEP_ void otel_words_places_(otel_words_t_ *w, unsigned places, unsigned n)
{
    char *at = w->text + w->n;
    while (places && n <= places) {    /* 0.05 out of 5 */
        memmove(at + 1, at, n++);
        *at = '0';
    }
    if (places) {
        memmove(at + n - places + 1u, at + n - places, places);
        at[n++ - places] = '.';
    }
    otel_words_grew_(w, n);
}

/* `value` with its last `places` digits behind a point. */
OTEL_STEP_ void otel_words_uint_(otel_words_t_ *w, unsigned places, uint64_t value)
{
    otel_words_places_(w, places, (unsigned)otel_uint_text_(w->text + w->n, value));
}

/* 1.234 * 10^exponent out of the digits 1234, without zeros at the end. */
OTEL_STEP_ void otel_words_point_(otel_words_t_ *w, unsigned places)
{
    while (places && w->digits % 10u == 0) {
        w->digits /= 10u;
        places--;
    }
    otel_words_uint_(w, places, w->digits);
}

/* Take w->value apart, which is not below zero; false: it is infinity. */
OTEL_STEP_ bool otel_words_apart_(otel_words_t_ *w)
{
    w->power = 0;
    w->whole = w->value < 1e16 ? (uint64_t)(w->value + 0.5) : 0;
    for (; w->value >= 10 && w->power < 400; w->power++) w->value /= 10;
    for (; w->value < 1 && w->value > 0 && w->power > -400; w->power--) w->value *= 10;
    if (w->value >= 10) return false;
    w->digits = (uint32_t)(w->value * 1000 + 0.5);
    if (w->digits > 9999u) {
        w->digits /= 10u;
        w->power++;
    }
    return true;
}

/* "1.234e-9" */
OTEL_STEP_ void otel_words_power_(otel_words_t_ *w)
{
    otel_words_point_(w, 3);
    otel_words_text_(w, w->power < 0 ? "e-" : "e");
    otel_words_uint_(w, 0, (uint64_t)(w->power < 0 ? -w->power : w->power));
}

OTEL_STEP_ void otel_words_positive_(otel_words_t_ *w, double v)
{
    w->value = v;
    if (!otel_words_apart_(w)) otel_words_text_(w, "infinity");
    else if (!w->digits) otel_words_text_(w, "0");
    else if (w->power >= 4 && w->power < 15) otel_words_uint_(w, 0, w->whole);
    else if (w->power >= -4 && w->power < 4) otel_words_point_(w, (unsigned)(3 - w->power));
    else otel_words_power_(w);
}

/* Four digits of any double; numbers up to 10^15 without an exponent. */
OTEL_STEP_ void otel_words_signed_(otel_words_t_ *w, double v)
{
    if (v < 0 && w->n < OTEL_WORDS_) w->text[w->n++] = '-';
    if (v < 0) otel_words_positive_(w, -v);
    else if (v >= 0) otel_words_positive_(w, v);
    else otel_words_text_(w, "NaN");
}

OTEL_API_ void otel_words_double_(otel_words_t_ *w, double v) { otel_words_signed_(w, v); }

/* "42.1 us" */
OTEL_API_ void otel_words_duration_(otel_words_t_ *w, uint64_t ns)
{
    static const char unit[4][4] = { " ns", " us", " ms", " s" };
    unsigned size = ns < 1000u ? 0u : ns < 1000000u ? 1u : ns < 1000000000u ? 2u : 3u;
    ns += size == 0 ? 0u : size == 1u ? 50u : size == 2u ? 5000u : 500000u;
    if (size) (void)otel_divide_(&ns, size == 1u ? 100u : size == 2u ? 10000u : 1000u);
    if (size == 3u) (void)otel_divide_(&ns, 1000u);
    otel_words_uint_(w, size, ns);
    otel_words_text_(w, unit[size]);
}

/* The number in the unit that suits its size: bytes in KiB and MiB, short seconds in ms. */
OTEL_STEP_ void otel_words_unit_(otel_words_t_ *w)
{
    static const char big[6][4] = { "By", "KiB", "MiB", "GiB", "TiB", "PiB" }, small[4][4] = { "s", "ms", "us", "ns" };
    unsigned i = 0;
    if (w->unit_len == 2 && w->unit[0] == 'B' && w->unit[1] == 'y') {
        for (; (w->value >= 1024 || w->value <= -1024) && i < 5u; i++) w->value /= 1024;
        if (i) w->integer = false;
        w->unit = big[i];
        w->unit_len = i ? 3u : 2u;
    } else if (w->unit_len == 1 && *w->unit == 's' && !w->integer) {
        for (; w->value < 1 && w->value > -1 && (w->value < 0 || w->value > 0) && i < 3u; i++) w->value *= 1000;
        w->unit = small[i];
        w->unit_len = i ? 2u : 1u;
    } else if (w->unit_len && (*w->unit == '{' || (w->unit_len == 1 && *w->unit == '1'))) {
        w->unit_len = 0;
    }
}

/* w->value, which is an integer. */
OTEL_STEP_ void otel_words_integer_(otel_words_t_ *w)
{
    if (w->value < 0) {
        otel_words_text_(w, "-");
        w->value = -w->value;
    }
    otel_words_uint_(w, 0, (uint64_t)(w->value + 0.5));
}

/* A number as people read it, in w->value and w->integer; the name already says what {packet} counts. */
OTEL_STEP_ void otel_words_number_(otel_words_t_ *w, const otel_pb_field_t_ *unit)
{
    w->unit = (const char *)unit->bytes;
    w->unit_len = unit->len;
    otel_words_unit_(w);
    if (w->integer && w->value < 9e15 && w->value > -9e15) otel_words_integer_(w);
    else otel_words_double_(w, w->value);
    if (w->unit_len) otel_words_text_(w, " ");
    otel_words_add_(w, w->unit, w->unit_len > 16u ? 16u : w->unit_len);
}

/* "12:30:01.123" */
OTEL_API_ void otel_words_time_(otel_words_t_ *w, uint64_t ns, int32_t offset_s)
{
    static const uint32_t unit[9] = { 36000000u, 3600000u, 600000u, 60000u, 10000u, 1000u, 100u, 10u, 1u };
    char *at = w->text + w->n;
    uint32_t ms, day, i;
    (void)otel_divide_(&ns, 1000u);
    (void)otel_divide_(&ns, 1000u);
    ms = otel_divide_(&ns, 1000u);
    day = (uint32_t)ns & 1u;           /* 86400 seconds do not fit 16 bits; 43200 times two do */
    ns >>= 1;
    day += 2u * otel_divide_(&ns, 43200u);
    ms += (day + 86400u) * 1000u;
    ms = (uint32_t)((int32_t)ms + offset_s % 86400 * 1000) % 86400000u;
    for (i = 0; i < 9u; i++) {
        *at++ = (char)('0' + (int)(ms / unit[i]));
        ms %= unit[i];
        if (i == 1u || i == 3u) *at++ = ':';
        if (i == 5u) *at++ = '.';
    }
    otel_words_grew_(w, 12);
}

/* ---- AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, map = 6, bytes = 7 ---- */
OTEL_FN_ void otel_words_hex_(otel_words_t_ *w, const uint8_t *bytes, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;
    for (i = 0; i < n; i++) {
        w->text[w->n++] = hex[bytes[i] >> 4];
        w->text[w->n++] = hex[bytes[i] & 15];
    }
}

OTEL_STEP_ void otel_words_bits_(otel_words_t_ *w, uint64_t bits) { otel_words_signed_(w, otel_bits_double_(bits)); }

OTEL_STEP_ void otel_words_bytes_(otel_words_t_ *w, const uint8_t *bytes, size_t n)
{
    otel_words_hex_(w, bytes, n < 16u ? n : 16u);
    if (n > 16u) otel_words_text_(w, "..");
}

OTEL_STEP_ void otel_words_any_(otel_words_t_ *w, const otel_pb_field_t_ *v)
{
    uint64_t value = v->value;
    w->n = 0;
    switch (v->number) {
    case 2: otel_words_text_(w, value ? "true" : "false"); return;
    case 3:
        if (value >> 63) {
            w->text[w->n++] = '-';
            value = 0u - value;
        }
        otel_words_uint_(w, 0, value);
        return;
    case 4: otel_words_bits_(w, value); return;
    case 5: otel_words_text_(w, "[..]"); return;
    case 6: otel_words_text_(w, "{..}"); return;
    case 7: otel_words_bytes_(w, v->bytes, v->len); return;
    default: otel_words_text_(w, "null"); return;
    }
}

/* The first field of a message with that number; `len` 0 when there is none. It stands in p->found until the next call. */
OTEL_STEP_ otel_pb_field_t_ *otel_paint_find_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint32_t number)
{
    p->reader = otel_pb_open_(in->bytes, in->len);
    while (otel_pb_next_(&p->reader, &p->found)) {
        if (p->found.number == number) return &p->found;
    }
    memset((void *)&p->found, 0, sizeof p->found);
    return &p->found;
}

OTEL_STEP_ void otel_paint_keep_(otel_pb_field_t_ *to, const otel_pb_field_t_ *found) { *to = *found; }

/* The first field of the AnyValue in p->item, into p->found. Its number is 0 when there is none. */
OTEL_STEP_ void otel_paint_first_(otel_painter_t_ *p)
{
    p->reader = otel_pb_open_(p->item.bytes, p->item.len);
    if (!otel_pb_next_(&p->reader, &p->found)) p->found.number = 0;
}

OTEL_STEP_ void otel_paint_any_(otel_painter_t_ *p) { otel_words_any_(&p->words, &p->found); }

/* The text of p->found: itself, or in words. */
OTEL_STEP_ void otel_paint_found_(otel_painter_t_ *p)
{
    if (p->found.number == 1) return;
    otel_paint_any_(p);
    p->found.bytes = (const uint8_t *)p->words.text;
    p->found.len = p->words.n;
}

/* Is p->item an array? */
OTEL_STEP_ bool otel_paint_array_(otel_painter_t_ *p)
{
    if (otel_paint_find_(p, &p->item, 5)->number != 5) return false;
    p->items = otel_pb_open_(p->found.bytes, p->found.len);
    return true;
}

/* The next element of the array, into p->item, and a comma in front of it; false behind the eighth. */
OTEL_STEP_ bool otel_paint_element_(otel_painter_t_ *p)
{
    if (!otel_pb_next_(&p->items, &p->item) || p->elements++ >= 8u) return false;
    if (p->elements > 1u) otel_paint_long_(p, ", ", 2, p->below);
    return true;
}

/* The AnyValue in p->item, which is no array. */
OTEL_STEP_ void otel_paint_single_(otel_painter_t_ *p)
{
    otel_paint_first_(p);
    otel_paint_found_(p);
    otel_paint_long_(p, p->found.bytes, p->found.len, p->below);
}

/* The AnyValue in p->item, whose next lines begin below p->below; of arrays the first eight elements. */
OTEL_STEP_ void otel_paint_value_(otel_painter_t_ *p)
{
    p->elements = 0;
    if (!otel_paint_array_(p)) {
        otel_paint_single_(p);
        return;
    }
    otel_paint_text_(p, "[");
    while (otel_paint_element_(p)) otel_paint_single_(p);
    otel_paint_long_(p, p->elements > 8u ? ", ..]" : "]", p->elements > 8u ? 5 : 1, p->below);
}

OTEL_FN_ unsigned otel_paint_width_(const otel_pb_field_t_ *f)
{
    unsigned width = 0;
    size_t i;
    for (i = 0; i < f->len; i++) width += (f->bytes[i] & 0xC0) != 0x80;
    return width;
}

/* Would the attribute pass the edge? About: arrays count as 16 columns. */
OTEL_STEP_ bool otel_paint_wide_(otel_painter_t_ *p)
{
    unsigned width = 16;
    if (p->column <= p->indent) return false;
    otel_paint_first_(p);
    if (p->found.number != 5) {
        otel_paint_found_(p);
        width = p->found.number == 1 ? otel_paint_width_(&p->found) : p->words.n;
    }
    return p->column + 2u + otel_paint_width_(&p->pair) + width > p->edge;
}

OTEL_STEP_ bool otel_paint_next_(otel_painter_t_ *p) { return otel_pb_next_(&p->list, &p->pair); }

/* The next attribute: its key into p->pair, its value into p->item. KeyValue: key = 1, value = 2. */
OTEL_STEP_ bool otel_paint_pair_(otel_painter_t_ *p)
{
    do {
        if (!otel_paint_next_(p)) return false;
    } while (p->pair.number != p->number || p->pair.type != OTEL_PB_SLICE_);
    otel_paint_keep_(&p->item, otel_paint_find_(p, &p->pair, 2));
    otel_paint_keep_(&p->pair, otel_paint_find_(p, &p->pair, 1));
    return true;
}

/* The key, and where it goes. */
OTEL_STEP_ void otel_paint_key_(otel_painter_t_ *p)
{
    if (p->column > p->indent) otel_paint_text_(p, " ");
    otel_paint_to_(p, p->indent);
    otel_paint_long_(p, p->pair.bytes, p->pair.len, p->below);
    otel_paint_long_(p, "=", 1, p->below);
}

OTEL_STEP_ void otel_paint_begin_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint8_t number, unsigned indent)
{
    p->list = otel_pb_open_(in->bytes, in->len);
    p->number = number;
    p->indent = (uint16_t)indent;
    p->below = (uint16_t)(indent + 2u);
}

/* All attributes of a message: its fields `number`. They begin below `indent` and a new line begins where one would pass p->edge. */
OTEL_STEP_ void otel_paint_attributes_(otel_painter_t_ *p, const otel_pb_field_t_ *in, uint8_t number, unsigned indent)
{
    otel_paint_begin_(p, in, number, indent);
    while (otel_paint_pair_(p)) {
        if (otel_paint_wide_(p)) otel_paint_line_(p);
        otel_paint_key_(p);
        otel_paint_value_(p);
    }
}

/* How many attributes of an event, a link or a log had no room. */
OTEL_STEP_ void otel_paint_lost_(otel_painter_t_ *p, uint64_t n)
{
    if (!n) return;
    p->words.n = 0;
    otel_words_text_(&p->words, " (no room for ");
    otel_words_uint_(&p->words, 0, n);
    otel_words_text_(&p->words, " more)");
    if (p->column + p->words.n > p->columns) otel_paint_line_(p);
    otel_paint_words_(p);
}
OTEL_C_END_
#endif
#endif
