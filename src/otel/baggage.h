/* Baggage: key=value members that a program and its callers pass along, with properties behind semicolons. It is read
   where it lies, a member at a time. W3C Baggage, "Baggage HTTP Header Format". */
#ifndef OTEL_BAGGAGE_H
#define OTEL_BAGGAGE_H
#include "context.h"
#include "tracestate.h"
#include "wire.h"

/* The place in a walk through a baggage header; its fields are private. */
typedef struct otel_baggage_t {
    const char *at_;
    size_t left_;                   /* bytes until the limit */
    uint8_t members_;               /* seen so far */
    bool rest_;                     /* some of the header was passed over */
} otel_baggage_t;

/* One member: slices of the header's text, not ended by NUL and not decoded. */
typedef struct otel_baggage_entry_t {
    const char *key;
    size_t key_len;                 /* bytes, at least 1 */
    const char *value;              /* percent-encoded: see otel_baggage_value */
    size_t value_len;
    const char *properties;         /* "p1;p2=v2": all behind the first ';' */
    size_t properties_len;          /* 0: none */
} otel_baggage_entry_t;

OTEL_C_BEGIN_
/* Begin a walk: for (otel_baggage_t it = otel_baggage(&caller); otel_baggage_next(&it, &entry); ) { … }
   All of these are safe in interrupts and signal handlers, and their time grows with the length of the header only.
   Of longer headers the first 180 members that end within 8192 bytes are there ("Limits" asks for 64 and 8192). */
OTEL_API_ otel_baggage_t otel_baggage(const otel_context_t *context);

/* Step to the next member, in the header's order; false at the end. Malformed members are passed over. */
OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry);

/* Find a member by its key, which is compared byte by byte and never decoded. Of several the last one counts, as in the
   other OpenTelemetry libraries. False, and an entry of zeros, when there is none. */
OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry);

/* Decode the value of `entry`: %41 becomes A, what is no UTF-8 then becomes U+FFFD, a '+' and a '%' without two hex digits
   stay. Gives the length (bytes, without the NUL) of the whole value; `buf` ends in NUL and holds as many whole characters
   as fit into `size`. %00 gives a NUL inside: the length tells. `buf` may be NULL with a `size` of 0. */
OTEL_API_ size_t otel_baggage_value(const otel_baggage_entry_t *entry, char *buf, size_t size);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_BAGGAGE_BYTES_ 8192u
#define OTEL_BAGGAGE_MEMBERS_ 180u      /* baggage-string = list-member 0*179( OWS "," OWS list-member ) */

/* token of RFC 9110, 5.6.2: visible ASCII without "(),/:;<=>?@[\]{} and the quotation mark. One bit a character. */
OTEL_FN_ bool otel_token_char_(unsigned char c)
{
    uint32_t row = c < 0x40 ? 0x03FF6CFAu : c < 0x60 ? 0xC7FFFFFEu : 0x57FFFFFFu;
    return c >= 0x20 && c < 0x80 && ((row >> (c & 31u)) & 1u);
}

/* baggage-octet: visible ASCII without quotation mark, comma, semicolon and backslash. */
OTEL_FN_ bool otel_baggage_octet_(unsigned char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; }

OTEL_FN_ size_t otel_skip_blanks_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_blank_(text[at])) at++;
    return at;
}

OTEL_FN_ size_t otel_skip_token_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_token_char_((unsigned char)text[at])) at++;
    return at;
}

OTEL_FN_ size_t otel_skip_octets_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_baggage_octet_((unsigned char)text[at])) at++;
    return at;
}

/* *( OWS ";" OWS property ), property = key OWS [ "=" OWS value OWS ]; `at` stands on the first ';'. */
OTEL_FN_ bool otel_properties_good_(const char *text, size_t len, size_t at)
{
    while (at < len) {
        size_t key;
        if (text[at] != ';') return false;
        key = otel_skip_blanks_(text, len, at + 1);
        at = otel_skip_token_(text, len, key);
        if (at == key) return false;
        at = otel_skip_blanks_(text, len, at);
        if (at < len && text[at] == '=') at = otel_skip_blanks_(text, len, otel_skip_octets_(text, len, otel_skip_blanks_(text, len, at + 1)));
    }
    return true;
}

/* list-member = key OWS "=" OWS value *( OWS ";" OWS property ); `entry` NULL: is it one? */
OTEL_FN_ bool otel_baggage_parse_(const char *member, size_t len, otel_baggage_entry_t *entry)
{
    size_t at = otel_skip_token_(member, len, 0), key = at, end;
    end = otel_skip_blanks_(member, len, at);
    if (at == 0 || end == len || member[end] != '=') return false;
    at = otel_skip_blanks_(member, len, end + 1);
    end = otel_skip_octets_(member, len, at);
    if (entry) {
        entry->key = member;
        entry->key_len = key;
        entry->value = member + at;
        entry->value_len = end - at;
    }
    end = otel_skip_blanks_(member, len, end);
    if (entry) {
        at = end < len ? otel_skip_blanks_(member, len, end + 1) : len;
        entry->properties = member + at;
        entry->properties_len = len - at;
    }
    return otel_properties_good_(member, len, end);
}

OTEL_FN_ otel_baggage_t otel_baggage_walk_(const char *text)
{
    otel_baggage_t it;
    it.at_ = text ? text : "";
    it.left_ = OTEL_BAGGAGE_BYTES_;
    it.members_ = 0;
    it.rest_ = false;
    return it;
}

OTEL_API_ otel_baggage_t otel_baggage(const otel_context_t *context)
{
    OTEL_WHEN_OFF_((void)context; return otel_baggage_walk_(NULL))
    return otel_baggage_walk_(context ? context->baggage : NULL);
}

/* The length of the next good member, 0: no more. */
OTEL_STEP_ size_t otel_baggage_step_(otel_baggage_t *it, otel_baggage_entry_t *entry)
{
    const char *member;
    while ((member = otel_list_next_(&it->at_, &it->left_)) != NULL) {
        size_t len;
        if (it->members_ == OTEL_BAGGAGE_MEMBERS_) {
            it->left_ = 0;
            it->at_ = member;
            break;
        }
        it->members_++;
        len = otel_list_len_(member, it->at_);
        if (otel_baggage_parse_(member, len, entry)) return len;
        it->rest_ = true;
    }
    if (*it->at_) it->rest_ = true;
    return 0;
}

OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry)
{
    OTEL_WHEN_OFF_((void)it; (void)entry; return false)
    return it && entry && otel_baggage_step_(it, entry) != 0;
}

OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry)
{
    otel_baggage_t it = otel_baggage(context);
    const char *found = NULL;
    size_t len;
    OTEL_WHEN_OFF_((void)it; (void)found; (void)len; (void)key; memset(entry, 0, sizeof *entry); return false)
    len = strlen(key);
    while (otel_baggage_step_(&it, entry)) {
        if (entry->key_len == len && memcmp(entry->key, key, len) == 0) found = entry->key;
    }
    it = otel_baggage(found ? context : NULL);
    while (otel_baggage_step_(&it, entry)) {
        if (entry->key == found) return true;
    }
    memset(entry, 0, sizeof *entry);
    return false;
}

/* How many bytes the good members from here on take as they are sent on. */
OTEL_FN_ size_t otel_baggage_size_(otel_baggage_t *it)
{
    size_t n = 0, len;
    while ((len = otel_baggage_step_(it, NULL)) != 0) n += (n != 0) + len;
    return n;
}

/* Write them; like otel_tracestate_write_. */
OTEL_FN_ size_t otel_baggage_write_(otel_baggage_t *it, char *buf, size_t size)
{
    otel_baggage_entry_t entry;
    size_t n = 0;
    while (otel_baggage_step_(it, &entry)) {
        const char *end = entry.properties + entry.properties_len;        /* of the member, without properties too */
        n = otel_list_put_(buf, size, n, entry.key, (size_t)(end - entry.key));
    }
    if (size) buf[n < size ? n : 0] = 0;
    return n;
}

OTEL_FN_ unsigned otel_hex_any_(char c)
{
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10u : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10u : c >= '0' && c <= '9' ? (unsigned)(c - '0') : 16u;
}

/* The octet at *at, which moves behind it. */
OTEL_API_ uint8_t otel_percent_next_(const otel_baggage_entry_t *entry, size_t *at);
OTEL_API_ uint8_t otel_percent_next_(const otel_baggage_entry_t *entry, size_t *at)
{
    const char *p = entry->value + *at;
    if (*p == '%' && entry->value_len - *at > 2) {
        unsigned high = otel_hex_any_(p[1]), low = otel_hex_any_(p[2]);
        if ((high | low) < 16u) {
            *at += 3;
            return (uint8_t)(high << 4 | low);
        }
    }
    *at += 1;
    return (uint8_t)*p;
}

/* How many octets one U+FFFD stands for: the longest beginning of a character there is (The Unicode Standard, 3.9, "maximal
   subpart"). A beginning is one when continuation bytes complete it. Spoils octets[]. */
OTEL_FN_ unsigned otel_utf8_subpart_(uint8_t octets[4], unsigned have)
{
    unsigned n = have < 3 ? have : 3;
    for (; n > 1; n--) {
        memset(octets + n, 0x80, 4 - n);
        if (otel_utf8_step_(octets, 4) > n) break;
    }
    return n;
}

OTEL_API_ size_t otel_baggage_value(const otel_baggage_entry_t *entry, char *buf, size_t size)
{
    uint8_t octets[4];
    size_t at = 0, n = 0, held = 0;
    OTEL_WHEN_OFF_((void)entry; if (size) buf[0] = 0; return 0)
    if (!entry) {
        if (size) buf[0] = 0;
        return 0;
    }
    while (at < entry->value_len) {
        size_t ahead = at;
        unsigned have = 0, len, used;
        do octets[have++] = otel_percent_next_(entry, &ahead); while (octets[0] > 0x7F && have < 4 && ahead < entry->value_len);
        len = used = otel_utf8_step_(octets, have);
        if (len == 0) {
            used = otel_utf8_subpart_(octets, have);
            octets[0] = 0xEF;
            octets[1] = 0xBF;
            octets[2] = 0xBD;
            len = 3;
        }
        for (; used; used--) (void)otel_percent_next_(entry, &at);
        if (n < size && len < size - n) {
            memcpy(buf + n, octets, len);
            held = n + len;
        }
        n += len;
    }
    if (size) buf[held] = 0;
    return n;
}
OTEL_C_END_
#endif
#endif
