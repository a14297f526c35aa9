/* Store and forward: requests in flash or in a file until somebody takes them, across resets and power cuts.

     static otel_store_t store;
     otel_store_open(&store, .medium = flash, .send = post, .buffer = body, .buffer_size = sizeof body);
     otel_exporter_init(&ex, .send = otel_store_send, .user = &store, ...);     // straight on while the link works, else it is kept
     while (link_is_up() && otel_store_poll(&store)) {}                         // what was kept, oldest first

   A log that is only appended to, sector after sector, so that all sectors wear alike. A request is there for good when
   otel_store_send has answered 200. After a power cut everything before is there, and what was being marked as sent may go out
   once more. Full: the oldest sector goes, counted. No state but this object: nothing has to be formatted or repaired.
   One thread at a time. */
#ifndef OTEL_EXPORT_STORE_H
#define OTEL_EXPORT_STORE_H
#include "../otel/compiler.h"
#include "../otel/result.h"
#include "medium.h"
#include "request.h"
#include "retry.h"

/* What a store is told. The order of the fields is API. */
typedef struct otel_store_config_t {
    otel_medium_t medium OTEL_Z_;                 /* (required) */
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;   /* where requests go in the end, as in otel_exporter_config_t (default: they are only kept) */
    void *user OTEL_Z_;                           /* its first argument */
    void *buffer OTEL_Z_;                         /* for the body of a request that was kept, buffer_size bytes; only with .send, or for otel_store_next */
    size_t buffer_size OTEL_Z_;
    uint32_t boot OTEL_Z_;                        /* number of this boot (default: one more than any in the medium) */
} otel_store_config_t;

/* Items (spans, points, log records), since the store was opened: found + stored = sent + rejected + lost + corrupt + waiting. */
typedef struct otel_store_stats_t {
    uint32_t found, stored;                       /* were waiting at the start; came since */
    uint32_t sent, rejected;                      /* taken; refused for good */
    uint32_t lost;                                /* dropped to make room, oldest first */
    uint32_t corrupt;                             /* damaged in the medium after they were found or stored */
    uint32_t waiting;
    uint32_t requests;                            /* that wait */
    uint32_t lost_ever;                           /* in the life of the medium, as far as it knows */
    uint32_t damaged;                             /* requests that were damaged already when the store was opened */
    uint32_t erases;                              /* of the sector that was erased most */
} otel_store_stats_t;

/* A way through the records of a sector. Private. */
typedef struct otel_store_walk_t_ {
    uint32_t at, end;             /* nothing when they are the same */
    uint32_t last;                /* number of the last record; lower ones are left from an earlier life of the sector */
} otel_store_walk_t_;

/* A store. Define it where it outlives its use; all fields are private. */
typedef struct otel_store_t {
    otel_store_config_t config_ OTEL_Z_;
    otel_desk_t_ desk_ OTEL_Z_;
    uint32_t sector_ OTEL_Z_, end_ OTEL_Z_;       /* where the next record goes: the sector, and the place in it */
    uint32_t first_sector_ OTEL_Z_;               /* where to look for the oldest one that waits: in this sector, ... */
    otel_store_walk_t_ first_ OTEL_Z_;            /* ... from here on */
    uint32_t number_ OTEL_Z_, boot_ OTEL_Z_;
    otel_stored_t_ out_ OTEL_Z_;                  /* on its way */
    otel_store_walk_t_ way_ OTEL_Z_;              /* through a sector that is counted or given up, */
    otel_stored_t_ seen_ OTEL_Z_;                 /* and the record on it */
    uint32_t at_ OTEL_Z_, filled_ OTEL_Z_, crc_ OTEL_Z_;      /* what is being written: where the chunk goes, its bytes so far, the CRC */
    bool flying_ OTEL_Z_, open_ OTEL_Z_, gone_ OTEL_Z_;
    bool failed_ OTEL_Z_;                         /* the medium refused what is being written */
    otel_store_stats_t stats_ OTEL_Z_;
} otel_store_t;

OTEL_C_BEGIN_
/* Open a store: reads the medium through once. Errors: OTEL_E_NULL, OTEL_E_CONFIG (geometry). */
OTEL_API_ otel_result_t otel_store_open_with(otel_store_t *store, const otel_store_config_t *config);

/* The transport: `.send = otel_store_send, .user = &store`. Goes straight on while nothing waits and .send takes it, else keeps
   it: 200. 413: larger than a sector; -1: the medium takes nothing. */
OTEL_API_ int otel_store_send(void *store, const otel_request_t *request);

/* Send the oldest request that waits. False: none, or it was not taken (or is pending): try again later. */
OTEL_API_ bool otel_store_poll(otel_store_t *store);

/* Take the oldest request without .send, and tell its outcome: as otel_export_next and otel_export_done. Also a request whose
   .send answered OTEL_PENDING ends with done. `boot` (NULL: not wanted) is the number of the boot that made it. */
OTEL_API_ bool otel_store_next(otel_store_t *store, otel_request_t *request, uint32_t *boot);
OTEL_API_ void otel_store_done(otel_store_t *store, int status);

OTEL_API_ void otel_store_stats(const otel_store_t *store, otel_store_stats_t *stats);
OTEL_C_END_

#define otel_store_open(store, ...) otel_store_open_with((store), OTEL_REF_(otel_store_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint32_t otel_store_begin_(const otel_store_t *s, uint32_t sector) { return sector * s->desk_.g.sector_size; }

OTEL_FN_ uint32_t otel_store_after_(const otel_store_t *s, uint32_t sector) { return sector + 1u == s->desk_.g.sectors ? 0 : sector + 1u; }

OTEL_FN_ int otel_store_sync_(const otel_store_t *s) { return s->config_.medium.sync ? (s->config_.medium.sync)(s->config_.medium.user) : 0; }

/* Read the header of a sector: does it count? */
OTEL_INLINE_ bool otel_store_sector_(otel_store_t *s, uint32_t sector)
{
    return otel_store_title_(&s->desk_, otel_store_begin_(s, sector)) && otel_store_said_(&s->desk_, 1) == otel_store_cut_(&s->desk_.g);
}

/* Begin a way through a sector; without a whole header nothing in it counts. */
OTEL_API_ void otel_store_enter_(otel_store_t *s, otel_store_walk_t_ *walk, uint32_t sector);
OTEL_API_ void otel_store_enter_(otel_store_t *s, otel_store_walk_t_ *walk, uint32_t sector)
{
    walk->end = otel_store_begin_(s, sector) + s->desk_.g.sector_size;
    walk->at = walk->end;
    walk->last = 0;
    if (!otel_store_sector_(s, sector)) return;
    walk->at = otel_store_begin_(s, sector) + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_);
    walk->last = otel_store_said_(&s->desk_, 2);
}

/* The next record on the way. */
OTEL_API_ bool otel_store_walk_(otel_desk_t_ *desk, otel_store_walk_t_ *walk, otel_stored_t_ *record);
OTEL_API_ bool otel_store_walk_(otel_desk_t_ *desk, otel_store_walk_t_ *walk, otel_stored_t_ *record)
{
    while (otel_store_find_(desk, &walk->at, walk->end, record)) {
        bool stale = record->number <= walk->last;
        walk->at += stale ? desk->g.grain : record->size;
        if (stale) continue;
        walk->last = record->number;
        return true;
    }
    return false;
}

/* ---- opening ---- */

/* Count what waits in a sector; where records go on behind them. */
OTEL_FN_ void otel_store_count_(otel_store_t *s, uint32_t sector)
{
    const otel_stored_t_ *record = &s->seen_;
    otel_store_enter_(s, &s->way_, sector);
    s->end_ = s->way_.at;
    while (otel_store_walk_(&s->desk_, &s->way_, &s->seen_)) {
        s->end_ = s->way_.at;
        if (record->number >= s->number_) s->number_ = record->number + 1u;
        if (record->boot > s->boot_) s->boot_ = record->boot;
        if (otel_store_sent_(&s->desk_, record)) continue;
        if (!otel_store_whole_(&s->desk_, record)) {
            s->stats_.damaged++;
            continue;
        }
        s->stats_.found += record->items;
        s->stats_.requests++;
    }
}

/* The newest sector, and what the headers say together. False: none has one. */
OTEL_FN_ bool otel_store_newest_(otel_store_t *s)
{
    uint32_t i;
    bool some = false;
    s->sector_ = s->desk_.g.sectors - 1u;
    for (i = 0; i < s->desk_.g.sectors; i++) {
        if (!otel_store_sector_(s, i)) continue;
        if (otel_store_said_(&s->desk_, 3) > s->stats_.erases) s->stats_.erases = otel_store_said_(&s->desk_, 3);
        if (otel_store_said_(&s->desk_, 4) > s->stats_.lost_ever) s->stats_.lost_ever = otel_store_said_(&s->desk_, 4);
        if (some && otel_store_said_(&s->desk_, 2) < s->number_) continue;
        some = true;
        s->number_ = otel_store_said_(&s->desk_, 2);
        s->sector_ = i;
    }
    s->number_++;
    return some;
}

OTEL_API_ otel_result_t otel_store_open_with(otel_store_t *s, const otel_store_config_t *config)
{
    uint32_t i, sector;
    bool some;
    OTEL_WHEN_OFF_((void)s; (void)config; (void)i; (void)sector; (void)some; return OTEL_OK)
    if (!s || !config || !config->medium.read || !config->medium.program || !config->medium.erase || !config->medium.geometry) return OTEL_E_NULL;
    memset((void *)s, 0, sizeof *s);
    s->config_ = *config;
    s->desk_.medium = &s->config_.medium;
    (config->medium.geometry)(config->medium.user, &s->desk_.g);
    if (s->desk_.g.grain == 0 || s->desk_.g.grain > OTEL_STORE_CHUNK_ || (s->desk_.g.grain & (s->desk_.g.grain - 1u)) || s->desk_.g.sectors < 2 || s->desk_.g.sector_size < 256u || s->desk_.g.sector_size % OTEL_STORE_CHUNK_ ||
        s->desk_.g.sectors > 0xFFFFFFFFu / s->desk_.g.sector_size) return OTEL_E_CONFIG;
    some = otel_store_newest_(s);
    s->first_sector_ = sector = otel_store_after_(s, s->sector_);
    otel_store_enter_(s, &s->first_, sector);
    for (i = 0; i < s->desk_.g.sectors && some; i++, sector = otel_store_after_(s, sector)) otel_store_count_(s, sector);
    sector = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;
    if (!some || !otel_store_blank_(&s->desk_, s->end_, sector)) s->end_ = sector;           /* something was begun there: go on in the next one */
    s->boot_ = config->boot ? config->boot : s->boot_ + 1u;
    s->stats_.waiting = s->stats_.found;
    s->open_ = true;
    return OTEL_OK;
}

/* ---- keeping ---- */

/* What waits in a sector is given up. */
OTEL_FN_ void otel_store_drop_(otel_store_t *s, uint32_t sector)
{
    const otel_stored_t_ *record = &s->seen_;
    otel_store_enter_(s, &s->way_, sector);
    while (otel_store_walk_(&s->desk_, &s->way_, &s->seen_)) {
        if (s->flying_ && s->out_.at == record->at) s->gone_ = true;      /* its bytes stay as they are until its outcome is known */
        if (otel_store_sent_(&s->desk_, record) || !otel_store_whole_(&s->desk_, record) || s->stats_.requests == 0) continue;
        s->stats_.lost += record->items;
        s->stats_.lost_ever += record->items;
        s->stats_.waiting -= record->items;
        s->stats_.requests--;
    }
    if (s->first_sector_ != sector) return;
    s->first_sector_ = otel_store_after_(s, sector);
    otel_store_enter_(s, &s->first_, s->first_sector_);
}

/* Program the first `n` bytes of the chunk. */
OTEL_FN_ bool otel_store_program_(otel_store_t *s, uint32_t at, uint32_t n) { return (s->config_.medium.program)(s->config_.medium.user, at, s->desk_.chunk, n) == 0; }

/* The next sector, emptied; one that refuses is passed over. */
OTEL_FN_ bool otel_store_turn_(otel_store_t *s)
{
    uint8_t *head = s->desk_.chunk;
    uint32_t tries, erases, at;
    for (tries = 0; tries < s->desk_.g.sectors; tries++) {
        s->sector_ = otel_store_after_(s, s->sector_);
        at = otel_store_begin_(s, s->sector_);
        s->end_ = at + s->desk_.g.sector_size;
        otel_store_drop_(s, s->sector_);
        if (otel_store_title_(&s->desk_, at)) {
            erases = otel_store_said_(&s->desk_, 3);
            memset(head, 0, OTEL_STORE_CHUNK_);
            if (otel_store_program_(s, at, otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_))) (void)otel_store_sync_(s);
        } else {
            erases = s->stats_.erases ? s->stats_.erases - 1u : 0;
        }
        if ((s->config_.medium.erase)(s->config_.medium.user, at)) continue;
        erases++;
        if (erases > s->stats_.erases) s->stats_.erases = erases;
        memset(head, 0xFF, OTEL_STORE_CHUNK_);
        otel_store_put4_(head, OTEL_STORE_SECTOR_);
        otel_store_put4_(head + 4, otel_store_cut_(&s->desk_.g));
        otel_store_put4_(head + 8, s->number_++);                             /* no two sectors begin with the same */
        otel_store_put4_(head + 12, erases);
        otel_store_put4_(head + 16, s->stats_.lost_ever);
        otel_store_seal_(head);
        if (!otel_store_program_(s, at, otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_))) continue;
        s->end_ = at + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_);
        return true;
    }
    return false;
}

/* Bytes on their way into the medium, a chunk of whole grains at a time. */
OTEL_API_ void otel_store_write_(otel_store_t *s, const void *from, size_t n);
OTEL_API_ void otel_store_write_(otel_store_t *s, const void *from, size_t n)
{
    const uint8_t *bytes = (const uint8_t *)from;
    s->crc_ = otel_crc_(s->crc_, bytes, n);
    while (n) {
        size_t some = OTEL_STORE_CHUNK_ - s->filled_ < n ? (size_t)(OTEL_STORE_CHUNK_ - s->filled_) : n;
        memcpy(s->desk_.chunk + s->filled_, bytes, some);
        s->filled_ += (uint32_t)some;
        bytes += some;
        n -= some;
        if (s->filled_ < OTEL_STORE_CHUNK_) continue;
        if (!s->failed_ && !otel_store_program_(s, s->at_, OTEL_STORE_CHUNK_)) s->failed_ = true;
        s->at_ += OTEL_STORE_CHUNK_;
        s->filled_ = 0;
    }
}

/* Program what is left, filled up to a grain. */
OTEL_API_ void otel_store_finish_(otel_store_t *s);
OTEL_API_ void otel_store_finish_(otel_store_t *s)
{
    uint32_t n = otel_grains_(&s->desk_.g, s->filled_);
    memset(s->desk_.chunk + s->filled_, 0xFF, (size_t)(OTEL_STORE_CHUNK_ - s->filled_));
    if (n && !s->failed_ && !otel_store_program_(s, s->at_, n)) s->failed_ = true;
    s->at_ += n;
    s->filled_ = 0;
}

/* Write a record at the end. False: the medium refused. */
OTEL_API_ bool otel_store_append_(otel_store_t *s, const otel_request_t *r);
OTEL_API_ bool otel_store_append_(otel_store_t *s, const otel_request_t *r)
{
    uint8_t *head = s->desk_.chunk, crc[4];
    size_t i;
    otel_store_put4_(head, OTEL_STORE_RECORD_);
    otel_store_put4_(head + 4, (uint32_t)r->len);
    otel_store_put4_(head + 8, s->number_++);
    otel_store_put4_(head + 12, s->boot_);
    otel_store_put4_(head + 16, (r->items & 0x3FFFFFFFu) | (uint32_t)r->signal << 30);
    otel_store_seal_(head);
    s->at_ = s->end_;
    s->filled_ = OTEL_STORE_HEAD_;
    s->failed_ = false;
    otel_store_finish_(s);
    s->crc_ = 0;
    if (r->body) otel_store_write_(s, r->body, r->len);
    for (i = 0; !r->body && i < r->parts_len; i++) otel_store_write_(s, r->parts[i].bytes, r->parts[i].len);
    otel_store_put4_(crc, s->crc_);
    otel_store_write_(s, crc, sizeof crc);
    otel_store_finish_(s);
    return !s->failed_ && otel_store_sync_(s) == 0;
}

OTEL_API_ int otel_store_send(void *store, const otel_request_t *r)
{
    otel_store_t *s = (otel_store_t *)store;
    uint32_t size, tries;
    OTEL_WHEN_OFF_((void)s; (void)store; (void)r; return 200)
    if (!s || !r || !s->open_) return -1;
    if (s->config_.send && s->stats_.requests == 0) {
        int status = (s->config_.send)(s->config_.user, r);
        otel_outcome_t_ outcome = otel_outcome_(status);
        if (outcome != OTEL_OUTCOME_RETRY_ && outcome != OTEL_OUTCOME_AGAIN_) return status;
    }
    size = r->len > s->desk_.g.sector_size ? 0 : otel_store_size_(&s->desk_.g, (uint32_t)r->len);
    if (size == 0) return 413;
    for (tries = 0; tries <= s->desk_.g.sectors; tries++) {
        uint32_t end = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;
        if (end - s->end_ < size && !otel_store_turn_(s)) return -1;
        if (otel_store_append_(s, r)) {
            s->end_ += size;
            s->stats_.stored += r->items;
            s->stats_.waiting += r->items;
            s->stats_.requests++;
            return 200;
        }
        s->end_ = otel_store_begin_(s, s->sector_) + s->desk_.g.sector_size;       /* nothing more into this one */
    }
    return -1;
}

/* ---- forwarding ---- */

/* Read a body; false: it is damaged by now, or larger than the buffer. */
OTEL_API_ bool otel_store_load_(otel_store_t *s, const otel_stored_t_ *record);
OTEL_API_ bool otel_store_load_(otel_store_t *s, const otel_stored_t_ *record)
{
    const otel_medium_t *m = &s->config_.medium;
    if (!s->config_.buffer || record->len > s->config_.buffer_size) return false;
    return (m->read)(m->user, record->at + otel_grains_(&s->desk_.g, OTEL_STORE_HEAD_), s->config_.buffer, record->len) == 0 && otel_store_whole_(&s->desk_, record);
}

/* Read the oldest request that waits into the buffer; false: there is none. */
OTEL_API_ bool otel_store_seek_(otel_store_t *s);
OTEL_API_ bool otel_store_seek_(otel_store_t *s)
{
    const otel_stored_t_ *record = &s->out_;
    uint32_t turns = 0;
    while (s->stats_.requests && turns <= s->desk_.g.sectors) {
        if (!otel_store_walk_(&s->desk_, &s->first_, &s->out_)) {
            s->first_sector_ = otel_store_after_(s, s->first_sector_);
            otel_store_enter_(s, &s->first_, s->first_sector_);
            turns++;
            continue;
        }
        if (otel_store_sent_(&s->desk_, record)) continue;
        if (otel_store_load_(s, record)) return true;
        if (!otel_store_whole_(&s->desk_, record)) continue;          /* counted as damaged, or below at the end */
        s->stats_.rejected += record->items;                          /* no buffer holds it */
        s->stats_.waiting -= record->items;
        s->stats_.requests--;
    }
    s->stats_.corrupt += s->stats_.waiting;       /* not one of those that were counted is whole any more */
    s->stats_.waiting = s->stats_.requests = 0;
    return false;
}

/* The request that was read; now it is on its way. */
OTEL_FN_ void otel_store_fill_(otel_store_t *s, otel_request_t *r)
{
    memset((void *)r, 0, sizeof *r);
    r->path = otel_path_(s->out_.signal);
    r->body = s->config_.buffer;
    r->len = (size_t)s->out_.len;
    r->signal = (otel_signal_t)s->out_.signal;
    r->items = s->out_.items;
    r->timeout_ms = 10000;
    s->flying_ = true;
    s->gone_ = false;
}

OTEL_API_ bool otel_store_next(otel_store_t *s, otel_request_t *r, uint32_t *boot)
{
    OTEL_WHEN_OFF_((void)s; (void)r; (void)boot; return false)
    if (!s || !r || !s->open_ || s->flying_ || !otel_store_seek_(s)) return false;
    otel_store_fill_(s, r);
    if (boot) *boot = s->out_.boot;
    return true;
}

OTEL_API_ void otel_store_done(otel_store_t *s, int status)
{
    otel_outcome_t_ outcome = otel_outcome_(status);
    OTEL_WHEN_OFF_((void)s; (void)status; return)
    if (!s || !s->flying_ || outcome == OTEL_OUTCOME_PENDING_) return;
    s->flying_ = false;
    if (s->gone_) return;                                     /* it was given up meanwhile */
    if (outcome == OTEL_OUTCOME_RETRY_ || outcome == OTEL_OUTCOME_AGAIN_) {
        s->first_.at = s->out_.at;
        s->first_.last = s->out_.number - 1u;
        return;
    }
    memset(s->desk_.chunk, 0, OTEL_STORE_CHUNK_);
    if (otel_store_program_(s, otel_store_slot_(&s->desk_.g, &s->out_), otel_grains_(&s->desk_.g, 4))) (void)otel_store_sync_(s);
    if (outcome == OTEL_OUTCOME_OK_) s->stats_.sent += s->out_.items;
    else s->stats_.rejected += s->out_.items;
    s->stats_.waiting -= s->out_.items;
    s->stats_.requests--;
}

/* What the transport says to the request that was read. */
OTEL_API_ OTEL_NOINLINE_ int otel_store_forward_(otel_store_t *s);
OTEL_API_ OTEL_NOINLINE_ int otel_store_forward_(otel_store_t *s)
{
    otel_request_t r;
    otel_store_fill_(s, &r);
    return (s->config_.send)(s->config_.user, &r);
}

OTEL_API_ bool otel_store_poll(otel_store_t *s)
{
    otel_outcome_t_ outcome;
    int status;
    OTEL_WHEN_OFF_((void)s; (void)outcome; (void)status; return false)
    if (!s || !s->config_.send || !s->open_ || s->flying_ || !otel_store_seek_(s)) return false;
    status = otel_store_forward_(s);
    otel_store_done(s, status);
    outcome = otel_outcome_(status);
    return outcome == OTEL_OUTCOME_OK_ || outcome == OTEL_OUTCOME_REJECTED_ || outcome == OTEL_OUTCOME_HALVE_;
}

OTEL_API_ void otel_store_stats(const otel_store_t *s, otel_store_stats_t *stats)
{
    OTEL_WHEN_OFF_((void)s; if (stats) memset((void *)stats, 0, sizeof *stats); return)
    if (!stats) return;
    memset((void *)stats, 0, sizeof *stats);
    if (s && s->open_) *stats = s->stats_;
}
OTEL_C_END_
#endif
#endif
