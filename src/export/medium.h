/* Where a store keeps its bytes, and how they lie there: sectors that are erased as a whole, and in them records, one behind
   the other. All numbers are little-endian; each header has a CRC, and so has each body.

     sector: "OTLS" cut:4 first:4 erases:4 lost:4 crc:4, records...     cut: its size plus log2 of the grain; first: a number below those
                                                                        of its records; lost: items lost ever
     record: "OTLR" len:4 number:4 boot:4 items:4 (two highest bits: the signal) crc:4, body crc:4, sent:4

   Each of the three pieces of a record begins on a grain. `sent` is erased until the request has gone out; then its bits are 0,
   and the majority of them counts. Before a sector is erased its header becomes 0, the only grain that is programmed twice, so
   that an erase which is cut off does not leave half of it to be taken for records. */
#ifndef OTEL_EXPORT_MEDIUM_H
#define OTEL_EXPORT_MEDIUM_H
#include "../otel/compiler.h"
#include "request.h"

/* How a medium is cut. */
typedef struct otel_geometry_t {
    uint32_t sector_size;         /* bytes that are erased together, a multiple of 64 */
    uint32_t sectors;             /* 2 or more */
    uint32_t grain;               /* bytes that are programmed together: 1 to 64, a power of two */
} otel_geometry_t;

/* Flash, EEPROM, FRAM, a file. The callbacks return 0, or else the sector counts as bad for now. */
typedef struct otel_medium_t {
    int (*read)(void *user, uint32_t at, void *to, uint32_t len) OTEL_Z_;
    int (*program)(void *user, uint32_t at, const void *from, uint32_t len) OTEL_Z_;  /* whole grains, erased before */
    int (*erase)(void *user, uint32_t at) OTEL_Z_;                /* the sector that begins there: its bytes become 0xFF */
    void (*geometry)(void *user, otel_geometry_t *geometry) OTEL_Z_;
    int (*sync)(void *user) OTEL_Z_;                              /* what was programmed and erased lasts when it returns (default: it lasts at once) */
    void *user OTEL_Z_;
} otel_medium_t;

#define OTEL_STORE_HEAD_ 24u                  /* bytes of a header, before it is rounded up to grains */
#define OTEL_STORE_CHUNK_ 64u                 /* bytes read or programmed at once, the largest grain */

#define OTEL_STORE_SECTOR_ 0x534C544Fu        /* "OTLS" */
#define OTEL_STORE_RECORD_ 0x524C544Fu        /* "OTLR" */

/* A record in the medium. Private. */
typedef struct otel_stored_t_ {
    uint32_t at, size, len;       /* where, of all of it, of the body */
    uint32_t number, boot, items;
    uint8_t signal;
} otel_stored_t_;

/* What a store works with: the medium, how it is cut, and the bytes of it that are read or programmed at the moment. The next call may
   overwrite these. Private. */
typedef struct otel_desk_t_ {
    const otel_medium_t *medium;
    otel_geometry_t g;
    uint8_t chunk[OTEL_STORE_CHUNK_];
} otel_desk_t_;
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* CRC-32 as zlib has it, four bits at a time: 64 bytes of table. Begin with 0. */
OTEL_FN_ uint32_t otel_crc_(uint32_t crc, const uint8_t *bytes, size_t n)
{
    static const uint32_t part[16] = { 0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
                                       0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu };
    crc = ~crc;
    while (n--) {
        crc ^= *bytes++;
        crc = crc >> 4 ^ part[crc & 15u];
        crc = crc >> 4 ^ part[crc & 15u];
    }
    return ~crc;
}

OTEL_FN_ void otel_store_put4_(uint8_t *to, uint32_t v)
{
    to[0] = (uint8_t)v;
    to[1] = (uint8_t)(v >> 8);
    to[2] = (uint8_t)(v >> 16);
    to[3] = (uint8_t)(v >> 24);
}

OTEL_FN_ uint32_t otel_store_get4_(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24; }

OTEL_FN_ uint32_t otel_store_cut_(const otel_geometry_t *g)
{
    uint32_t log = 0;
    while (1u << log < g->grain) log++;
    return g->sector_size | log;
}

OTEL_FN_ uint32_t otel_grains_(const otel_geometry_t *g, uint32_t n) { return (n + g->grain - 1u) & ~(g->grain - 1u); }

/* Five numbers in the first 20 bytes of a header get a CRC behind them; the first one says what it is. */
OTEL_FN_ void otel_store_seal_(uint8_t *head) { otel_store_put4_(head + 20, otel_crc_(0, head, 20)); }

OTEL_FN_ bool otel_store_sealed_(const uint8_t *head, uint32_t what) { return otel_store_get4_(head) == what && otel_store_get4_(head + 20) == otel_crc_(0, head, 20); }

OTEL_INLINE_ bool otel_store_read_(otel_desk_t_ *desk, uint32_t at, uint32_t n) { return (desk->medium->read)(desk->medium->user, at, desk->chunk, n) == 0; }

/* Read a record's header. False: it is none. */
OTEL_API_ bool otel_store_unseal_(otel_desk_t_ *desk, uint32_t at);
OTEL_API_ bool otel_store_unseal_(otel_desk_t_ *desk, uint32_t at) { return otel_store_read_(desk, at, OTEL_STORE_HEAD_) && otel_store_sealed_(desk->chunk, OTEL_STORE_RECORD_); }

/* The same of a sector's. On it hangs much: one flipped bit is put right. */
OTEL_API_ bool otel_store_title_(otel_desk_t_ *desk, uint32_t at);
OTEL_API_ bool otel_store_title_(otel_desk_t_ *desk, uint32_t at)
{
    unsigned i;
    if (!otel_store_read_(desk, at, OTEL_STORE_HEAD_)) return false;
    if (otel_store_sealed_(desk->chunk, OTEL_STORE_SECTOR_)) return true;
    for (i = 0; i < 8u * OTEL_STORE_HEAD_; i++) {
        desk->chunk[i / 8u] = (uint8_t)(desk->chunk[i / 8u] ^ 1u << (i & 7u));
        if (otel_store_sealed_(desk->chunk, OTEL_STORE_SECTOR_)) return true;
        desk->chunk[i / 8u] = (uint8_t)(desk->chunk[i / 8u] ^ 1u << (i & 7u));
    }
    return false;
}

/* The number at place `i` of the header that was read. */
OTEL_FN_ uint32_t otel_store_said_(const otel_desk_t_ *desk, unsigned i) { return otel_store_get4_(desk->chunk + 4u * i); }

/* Bytes of a record whose body has `len`; 0: more than a sector. */
OTEL_FN_ uint32_t otel_store_size_(const otel_geometry_t *g, uint32_t len)
{
    uint32_t head = otel_grains_(g, OTEL_STORE_HEAD_), size;
    if (len > g->sector_size - 2u * head) return 0;
    size = head + otel_grains_(g, len + 4u) + otel_grains_(g, 4);
    return size > g->sector_size - head ? 0 : size;
}

/* The record at `at` of a sector that ends at `end`, whose header was read: can it be? */
OTEL_API_ bool otel_store_parse_(const otel_desk_t_ *desk, uint32_t at, uint32_t end, otel_stored_t_ *record);
OTEL_API_ bool otel_store_parse_(const otel_desk_t_ *desk, uint32_t at, uint32_t end, otel_stored_t_ *record)
{
    record->at = at;
    record->len = otel_store_said_(desk, 1);
    record->number = otel_store_said_(desk, 2);
    record->boot = otel_store_said_(desk, 3);
    record->items = otel_store_said_(desk, 4) & 0x3FFFFFFFu;
    record->signal = (uint8_t)(otel_store_said_(desk, 4) >> 30);
    record->size = otel_store_size_(&desk->g, record->len);
    return record->size && record->size <= end - at && record->signal < OTEL_SIGNALS;
}

/* Is the body of a record whole? */
OTEL_API_ bool otel_store_whole_(otel_desk_t_ *desk, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_whole_(otel_desk_t_ *desk, const otel_stored_t_ *record)
{
    uint32_t at = record->at + otel_grains_(&desk->g, OTEL_STORE_HEAD_), left = record->len, crc = 0, n;
    for (; left; left -= n, at += n) {
        n = left < OTEL_STORE_CHUNK_ ? left : OTEL_STORE_CHUNK_;
        if (!otel_store_read_(desk, at, n)) return false;
        crc = otel_crc_(crc, desk->chunk, (size_t)n);
    }
    return otel_store_read_(desk, at, 4) && otel_store_get4_(desk->chunk) == crc;
}

OTEL_FN_ uint32_t otel_store_slot_(const otel_geometry_t *g, const otel_stored_t_ *record) { return record->at + record->size - otel_grains_(g, 4); }

/* Has it gone out? One flipped bit does not make it so, nor a mark that was cut off early. */
OTEL_API_ bool otel_store_sent_(otel_desk_t_ *desk, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_sent_(otel_desk_t_ *desk, const otel_stored_t_ *record)
{
    unsigned zeros = 0, i;
    if (!otel_store_read_(desk, otel_store_slot_(&desk->g, record), 4)) return false;
    for (i = 0; i < 32; i++) zeros += (unsigned)(~desk->chunk[i / 8u] >> (i % 8u)) & 1u;
    return zeros > 16u;
}

/* Are the bytes from `at` to `end` as an erase leaves them? */
OTEL_API_ bool otel_store_blank_(otel_desk_t_ *desk, uint32_t at, uint32_t end);
OTEL_API_ bool otel_store_blank_(otel_desk_t_ *desk, uint32_t at, uint32_t end)
{
    uint32_t n, i;
    for (; at < end; at += n) {
        n = end - at < OTEL_STORE_CHUNK_ ? end - at : OTEL_STORE_CHUNK_;
        if (!otel_store_read_(desk, at, n)) return false;
        for (i = n; i;) {
            if (desk->chunk[--i] != 0xFFu) return false;
        }
    }
    return true;
}

/* The next record at or behind *at in a sector that ends at `end`; what is damaged in between is stepped over, grain by grain.
   False: none, and *at is where the search began. */
OTEL_FN_ bool otel_store_find_(otel_desk_t_ *desk, uint32_t *at, uint32_t end, otel_stored_t_ *record)
{
    uint32_t pos = *at;
    while (pos < end) {
        if (end - pos >= OTEL_STORE_HEAD_ && otel_store_unseal_(desk, pos) && otel_store_parse_(desk, pos, end, record)) {
            *at = pos;
            return true;
        }
        if (otel_store_blank_(desk, pos, pos + OTEL_STORE_CHUNK_ < end ? pos + OTEL_STORE_CHUNK_ : end)) pos += OTEL_STORE_CHUNK_;
        else pos += desk->g.grain;
    }
    return false;
}
OTEL_C_END_
#endif
#endif
