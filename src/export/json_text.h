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
    void *user;
    otel_piece_t whole;                /* a body, as the only part */
    const otel_piece_t *parts;
    size_t part;                       /* parts[part] begins at `base` */
    otel_offset_t_ base, len;
    uint8_t filled;
    uint8_t across[OTEL_PB_HEAD_];     /* bytes of several parts, side by side */
    char text[64];                     /* not yet put */
} otel_json_t_;

/* ---- input ---- */

/* The byte at `at` (less than len), and how many follow it in its part, itself included. */
OTEL_FN_ const uint8_t *otel_json_at_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ *run)
{
    while (at < j->base) j->base -= (otel_offset_t_)j->parts[--j->part].len;
    while (at - j->base >= j->parts[j->part].len) j->base += (otel_offset_t_)j->parts[j->part++].len;
    *run = (otel_offset_t_)j->parts[j->part].len - (at - j->base);
    return (const uint8_t *)j->parts[j->part].bytes + (at - j->base);
}

/* `n` bytes side by side, n <= OTEL_PB_HEAD_ and all inside the request. */
OTEL_FN_ const uint8_t *otel_json_bytes_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ n)
{
    otel_offset_t_ run, have = 0;
    const uint8_t *p;
    if (n == 0) return j->across;
    p = otel_json_at_(j, at, &run);
    if (run >= n) return p;
    while (have < n) {
        p = otel_json_at_(j, at + have, &run);
        if (run > n - have) run = n - have;
        memcpy(j->across + have, p, run);
        have += run;
    }
    return j->across;
}

/* The field at `*at`, which moves behind it; a slice begins at `*slice`. False when there is none before `end`. */
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice);
OTEL_API_ bool otel_json_field_(otel_json_t_ *j, otel_offset_t_ *at, otel_offset_t_ end, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_offset_t_ n = end - *at < OTEL_PB_HEAD_ ? end - *at : OTEL_PB_HEAD_;
    unsigned used = otel_pb_head_(otel_json_bytes_(j, *at, n), n, field);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    *slice = *at + used;
    if (field->len > end - *slice) return false;
    *at = *slice + (otel_offset_t_)field->len;
    return true;
}

/* ---- output ---- */

OTEL_FN_ void otel_json_flush_(otel_json_t_ *j)
{
    if (j->filled && j->put) (j->put)(j->user, j->text, j->filled);
    j->filled = 0;
}

OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len);
OTEL_API_ void otel_json_put_(otel_json_t_ *j, const char *text, size_t len)
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

OTEL_FN_ void otel_json_char_(otel_json_t_ *j, char c) { otel_json_put_(j, &c, 1); }

OTEL_FN_ void otel_json_byte_(char *to, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    to[0] = digits[byte >> 4];
    to[1] = digits[byte & 15u];
}

/* How many bytes from p[0] on can stand as they are. */
OTEL_FN_ otel_offset_t_ otel_json_plain_(const uint8_t *p, otel_offset_t_ len)
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

OTEL_FN_ void otel_json_escape_(otel_json_t_ *j, uint8_t c)
{
    char text[6] = { '\\', 'u', '0', '0', '0', '0' };
    switch (c) {
    case '\n': otel_json_put_(j, "\\n", 2); return;
    case '\r': otel_json_put_(j, "\\r", 2); return;
    case '\t': otel_json_put_(j, "\\t", 2); return;
    case '"':
    case '\\':
        text[1] = (char)c;
        otel_json_put_(j, text, 2);
        return;
    default:
        otel_json_byte_(text + 4, c);
        otel_json_put_(j, text, 6);
    }
}

/* Text in quotes; a sequence that a border between parts cuts is put together first. */
OTEL_FN_ void otel_json_text_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    otel_offset_t_ end = at + len;
    otel_json_char_(j, '"');
    while (at < end) {
        otel_offset_t_ run, n;
        const uint8_t *p = otel_json_at_(j, at, &run);
        if (run > end - at) run = end - at;
        n = otel_json_plain_(p, run);
        if (n) {
            otel_json_put_(j, (const char *)p, n);
        } else if (*p < 0x80) {
            otel_json_escape_(j, *p);
            n = 1;
        } else {
            otel_offset_t_ left = end - at < 4u ? end - at : 4u;
            p = otel_json_bytes_(j, at, left);
            n = otel_utf8_step_(p, left);
            if (n) otel_json_put_(j, (const char *)p, n);
            else otel_json_put_(j, "\xEF\xBF\xBD", 3);        /* U+FFFD for each byte that is none */
            if (n == 0) n = 1;
        }
        at += n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_hex_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    char text[2];
    otel_json_char_(j, '"');
    for (; len; at++, len--) {
        otel_json_byte_(text, *otel_json_bytes_(j, at, 1));
        otel_json_put_(j, text, 2);
    }
    otel_json_char_(j, '"');
}

/* RFC 4648, section 4. */
OTEL_FN_ void otel_json_base64_(otel_json_t_ *j, otel_offset_t_ at, otel_offset_t_ len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[4];
    otel_json_char_(j, '"');
    while (len) {
        otel_offset_t_ n = len < 3u ? len : 3u;
        uint32_t word;
        const uint8_t *p = otel_json_bytes_(j, at, n);
        word = (uint32_t)p[0] << 16;
        if (n > 1) word |= (uint32_t)p[1] << 8;
        if (n > 2) word |= p[2];
        text[0] = digits[word >> 18];
        text[1] = digits[(word >> 12) & 63u];
        text[2] = n > 1 ? digits[(word >> 6) & 63u] : '=';
        text[3] = n > 2 ? digits[word & 63u] : '=';
        otel_json_put_(j, text, 4);
        at += n;
        len -= n;
    }
    otel_json_char_(j, '"');
}

OTEL_FN_ void otel_json_number_(otel_json_t_ *j, unsigned kind, uint64_t value)
{
    char text[OTEL_DECIMAL_SIZE_ + 2u];
    size_t n = 0;
    bool quoted = kind == OTEL_JSON_INT64_ || kind == OTEL_JSON_UINT64_ || kind == OTEL_JSON_FIXED64_ || kind == OTEL_JSON_SFIXED64_;
    if (!j->put) return;
    if (kind == OTEL_JSON_BOOL_) {
        otel_json_put_(j, value ? "true" : "false", value ? 4 : 5);
        return;
    }
    if (kind == OTEL_JSON_DOUBLE_) {
        quoted = (value >> 52 & 0x7FFu) == 0x7FFu;            /* "NaN", "Infinity", "-Infinity" */
        if (quoted) text[n++] = '"';
        n += otel_double_text_(text + n, value);
    } else {
        if (kind == OTEL_JSON_SINT32_) value = ((uint64_t)0 - (value & 1u)) ^ ((value & 0xFFFFFFFFu) >> 1);
        if (kind == OTEL_JSON_UINT32_ || kind == OTEL_JSON_INT32_) value &= 0xFFFFFFFFu;
        if (kind == OTEL_JSON_INT32_ && value >> 31) value |= 0xFFFFFFFF00000000ull;
        if (quoted) text[n++] = '"';
        if (value >> 63 && kind != OTEL_JSON_UINT64_ && kind != OTEL_JSON_FIXED64_) {
            text[n++] = '-';
            value = (uint64_t)0 - value;
        }
        n += otel_uint_text_(text + n, value);
    }
    if (quoted) text[n++] = '"';
    otel_json_put_(j, text, n);
}
OTEL_C_END_
#endif
#endif
