/* The two ends of the writer of OTLP/JSON: bytes of a request, in one piece or several, and text that goes out through `put`.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding". */
#ifndef OTEL_EXPORT_JSON_TEXT_H
#define OTEL_EXPORT_JSON_TEXT_H
#include "../otel/compiler.h"
#include "../otel/ring.h"
#include "../otel/wire.h"
#include "decimal.h"
#include "json_table.h"
#include "pb.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_JSON_DEPTH_ 24u           /* messages inside one another: what a body in five arrays or maps takes, and an exemplar's attribute in four */

/* Positions are 32 bits wide, 16 where a size has no more. */
#if SIZE_MAX > 0xFFFFFFFFu
typedef uint32_t otel_offset_t_;
#else
typedef size_t otel_offset_t_;
#endif

/* A message that is being written. Positions are offsets in the request. Private. */
typedef struct otel_json_frame_t_ {
    otel_offset_t_ begin, end, at;
    uint16_t present;                  /* rows that are still to be written */
    uint8_t message, row;
    bool open;                         /* inside the array of `row` */
    bool more;                         /* something stands before: a comma comes first */
} otel_json_frame_t_;

typedef struct otel_json_t_ {
    void (*put)(void *user, const char *text, size_t len);    /* NULL: only look */
    void (*then)(void *user, const char *text, size_t len);   /* `put` of the second time */
    void *user;
    otel_piece_t whole;                /* a body, as the only part */
    const otel_piece_t *parts;
    size_t part;                       /* parts[part] begins at `base` */
    otel_offset_t_ base, len;
    otel_pb_field_t_ field;            /* the one at hand, */
    otel_offset_t_ slice, at, run;     /* where its slice begins, and what comes behind it; bytes of a part from where it was looked at */
    otel_json_frame_t_ frames[OTEL_JSON_DEPTH_], *frame;
    otel_decimal_t_ decimal;
    uint8_t filled, message;
    uint8_t across[OTEL_PB_HEAD_];     /* bytes of several parts, side by side */
    char text[64];                     /* not yet put */
} otel_json_t_;

/* ---- input ---- */

/* The byte at `at` (less than len); j->run tells how many follow it in its part, itself included. */
OTEL_STEP_ const uint8_t *otel_json_at_(otel_json_t_ *j, otel_offset_t_ at)
{
    while (at < j->base) j->base -= (otel_offset_t_)j->parts[--j->part].len;
    while (at - j->base >= j->parts[j->part].len) j->base += (otel_offset_t_)j->parts[j->part++].len;
    j->run = (otel_offset_t_)j->parts[j->part].len - (at - j->base);
    return (const uint8_t *)j->parts[j->part].bytes + (at - j->base);
}

/* `n` bytes out of several parts. */
OTEL_STEP_ const uint8_t *otel_json_across_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    otel_offset_t_ have = 0;
    while (have < n) {
        const uint8_t *p = otel_json_at_(j, at + have);
        if (j->run > n - have) j->run = n - have;
        memcpy(j->across + have, p, j->run);
        have += j->run;
    }
    return j->across;
}

/* `n` bytes side by side, n <= OTEL_PB_HEAD_ and all inside the request. */
OTEL_STEP_ const uint8_t *otel_json_bytes_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    const uint8_t *p;
    if (n == 0) return j->across;
    p = otel_json_at_(j, at);
    return j->run >= n ? p : otel_json_across_(j, at, n);
}

/* The field at j->at, which moves behind it, into j->field; a slice begins at j->slice. False when there is none before `end`. */
OTEL_STEP_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ end)
{
    otel_offset_t_ n = end - j->at < OTEL_PB_HEAD_ ? end - j->at : OTEL_PB_HEAD_;
    unsigned used = otel_pb_head_(otel_json_bytes_(j, j->at, n), n, &j->field);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    j->slice = j->at + used;
    if (j->field.len > end - j->slice) return false;
    j->at = j->slice + (otel_offset_t_)j->field.len;
    return true;
}

/* ---- output ---- */

OTEL_STEP_ void otel_json_flush_(otel_json_t_ *j)
{
    if (j->filled && j->put) (j->put)(j->user, j->text, j->filled);
    j->filled = 0;
}

OTEL_STEP_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len)
{
    if (!j->put) return;
    if (len > sizeof j->text - j->filled) otel_json_flush_(j);
    if (len > sizeof j->text) {
        (j->put)(j->user, text, len);
        return;
    }
    memcpy(j->text + j->filled, text, len);
    j->filled = (uint8_t)(j->filled + len);
}

OTEL_STEP_ void otel_json_char_(otel_json_t_ *j, char c)
{
    if (!j->put) return;
    if (j->filled == sizeof j->text) otel_json_flush_(j);
    j->text[j->filled++] = c;
}

/* Two digits. */
OTEL_STEP_ void otel_json_byte_(otel_json_t_ *j, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    otel_json_char_(j, digits[byte >> 4]);
    otel_json_char_(j, digits[byte & 15u]);
}

/* How many bytes from p[0] on can stand as they are. */
OTEL_STEP_ otel_offset_t_ otel_json_plain_(const uint8_t *p, otel_offset_t_ len)
{
    otel_offset_t_ i = 0;
    while (i < len) {
        unsigned step = 1;
        if (p[i] < 0x20 || p[i] == '"' || p[i] == '\\' || p[i] == 0x7F) break;
        if (p[i] >= 0x80) step = otel_utf8_step_(p + i, len - i);
        if (step == 0) break;
        i += step;
    }
    return i;
}

OTEL_STEP_ void otel_json_escape_(otel_json_t_ *j, uint8_t c)
{
    otel_json_char_(j, '\\');
    switch (c) {
    case '\n': otel_json_char_(j, 'n'); return;
    case '\r': otel_json_char_(j, 'r'); return;
    case '\t': otel_json_char_(j, 't'); return;
    case '"':
    case '\\': otel_json_char_(j, (char)c); return;
    default:
        otel_json_put_(j, "u00", 3);
        otel_json_byte_(j, c);
    }
}

/* A character of several bytes, at j->slice; it may be cut by a border between parts. What is none becomes U+FFFD, byte by byte. */
OTEL_STEP_ void otel_json_wide_(otel_json_t_ *j)
{
    otel_offset_t_ n = j->at - j->slice < 4u ? j->at - j->slice : 4u;
    const uint8_t *p = otel_json_bytes_(j, j->slice, n);
    n = otel_utf8_step_(p, n);
    j->slice += n ? n : 1u;
    otel_json_put_(j, n ? (const char *)p : "\xEF\xBF\xBD", n ? n : 3u);
}

/* What can stand as it is from j->slice on, or one character that cannot. */
OTEL_STEP_ void otel_json_run_(otel_json_t_ *j)
{
    const uint8_t *p = otel_json_at_(j, j->slice);
    otel_offset_t_ n = otel_json_plain_(p, j->run < j->at - j->slice ? j->run : j->at - j->slice);
    if (n == 0 && *p >= 0x80) {
        otel_json_wide_(j);
        return;
    }
    j->slice += n ? n : 1u;
    if (n) otel_json_put_(j, (const char *)p, n);
    else otel_json_escape_(j, *p);
}

/* Text in quotes, from j->slice to j->at. */
OTEL_STEP_ bool otel_json_text_(otel_json_t_ *j)
{
    otel_json_char_(j, '"');
    while (j->slice < j->at) otel_json_run_(j);
    otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_hex_(otel_json_t_ *j)
{
    otel_json_char_(j, '"');
    for (; j->slice < j->at; j->slice++) otel_json_byte_(j, *otel_json_bytes_(j, j->slice, 1));
    otel_json_char_(j, '"');
    return true;
}

/* RFC 4648, section 4. */
OTEL_STEP_ bool otel_json_base64_(otel_json_t_ *j)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    otel_json_char_(j, '"');
    while (j->slice < j->at) {
        otel_offset_t_ n = j->at - j->slice < 3u ? j->at - j->slice : 3u;
        const uint8_t *p = otel_json_bytes_(j, j->slice, n);
        uint32_t word = (uint32_t)p[0] << 16;
        if (n > 1) word |= (uint32_t)p[1] << 8;
        if (n > 2) word |= p[2];
        otel_json_char_(j, digits[word >> 18]);
        otel_json_char_(j, digits[(word >> 12) & 63u]);
        otel_json_char_(j, n > 1 ? digits[(word >> 6) & 63u] : '=');
        otel_json_char_(j, n > 2 ? digits[word & 63u] : '=');
        j->slice += n;
    }
    otel_json_char_(j, '"');
    return true;
}

/* A whole number. Always true, as all values are: who calls leaves with that. */
OTEL_STEP_ bool otel_json_integer_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    bool quoted = kind == OTEL_JSON_INT64_ || kind == OTEL_JSON_UINT64_ || kind == OTEL_JSON_FIXED64_ || kind == OTEL_JSON_SFIXED64_;
    if (kind == OTEL_JSON_SINT32_) value = ((uint64_t)0 - (value & 1u)) ^ ((value & 0xFFFFFFFFu) >> 1);
    if (kind == OTEL_JSON_UINT32_ || kind == OTEL_JSON_INT32_) value &= 0xFFFFFFFFu;
    if (kind == OTEL_JSON_INT32_ && value >> 31) value |= 0xFFFFFFFF00000000ull;
    if (quoted) otel_json_char_(j, '"');
    if (value >> 63 && kind != OTEL_JSON_UINT64_ && kind != OTEL_JSON_FIXED64_) {
        otel_json_char_(j, '-');
        value = (uint64_t)0 - value;
    }
    otel_json_put_(j, j->decimal.text, otel_uint_text_(j->decimal.text, value));
    if (quoted) otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_decimal_(otel_json_t_ *j)
{
    bool quoted = j->decimal.text[j->decimal.len - 1u] > '9';         /* "NaN", "Infinity", "-Infinity" */
    if (quoted) otel_json_char_(j, '"');
    otel_json_put_(j, j->decimal.text, j->decimal.len);
    if (quoted) otel_json_char_(j, '"');
    return true;
}

OTEL_STEP_ bool otel_json_double_(otel_json_t_ *j, uint64_t bits)
{
    (void)otel_double_text_(&j->decimal, bits);
    return otel_json_decimal_(j);
}

OTEL_STEP_ bool otel_json_bool_(otel_json_t_ *j, bool value)
{
    otel_json_put_(j, value ? "true" : "false", value ? 4 : 5);
    return true;
}

OTEL_STEP_ bool otel_json_number_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    if (!j->put) return true;
    if (kind == OTEL_JSON_BOOL_) return otel_json_bool_(j, value != 0);
    if (kind == OTEL_JSON_DOUBLE_) return otel_json_double_(j, value);
    return otel_json_integer_(j, kind, value);
}
OTEL_C_END_
#endif
#endif
