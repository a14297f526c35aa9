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
    otel_geometry_t g_ OTEL_Z_;
    uint32_t sector_ OTEL_Z_, end_ OTEL_Z_;       /* where the next record goes: the sector, and the place in it */
    uint32_t first_sector_ OTEL_Z_;               /* where to look for the oldest one that waits: in this sector, ... */
    otel_store_walk_t_ first_ OTEL_Z_;            /* ... from here on */
    uint32_t number_ OTEL_Z_, boot_ OTEL_Z_;
    otel_stored_t_ out_ OTEL_Z_;                  /* on its way */
    bool flying_ OTEL_Z_, open_ OTEL_Z_;
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
OTEL_FN_ uint32_t otel_store_begin_(const otel_store_t *s, uint32_t sector) { return sector * s->g_.sector_size; }

OTEL_FN_ uint32_t otel_store_after_(const otel_store_t *s, uint32_t sector) { return sector + 1u == s->g_.sectors ? 0 : sector + 1u; }

OTEL_FN_ int otel_store_sync_(const otel_store_t *s) { return s->config_.medium.sync ? (s->config_.medium.sync)(s->config_.medium.user) : 0; }

/* Begin a way through a sector; without a whole header nothing in it counts. */
OTEL_FN_ otel_store_walk_t_ otel_store_enter_(const otel_store_t *s, uint32_t sector)
{
    otel_store_walk_t_ walk;
    uint32_t n[5], at = otel_store_begin_(s, sector);
    walk.at = walk.end = at + s->g_.sector_size;
    walk.last = 0;
    if (!otel_store_unseal_(&s->config_.medium, at, OTEL_STORE_SECTOR_, n) || n[1] != otel_store_cut_(&s->g_)) return walk;
    walk.at = at + otel_grains_(&s->g_, OTEL_STORE_HEAD_);
    walk.last = n[2];
    return walk;
}

/* The next record on the way. */
OTEL_FN_ bool otel_store_walk_(const otel_store_t *s, otel_store_walk_t_ *walk, otel_stored_t_ *record)
{
    while (otel_store_find_(&s->config_.medium, &s->g_, &walk->at, walk->end, record)) {
        bool stale = record->number <= walk->last;
        walk->at += stale ? s->g_.grain : record->size;
        if (stale) continue;
        walk->last = record->number;
        return true;
    }
    return false;
}

/* ---- opening ---- */

/* What the header of a sector says; false: nothing. */
OTEL_FN_ bool otel_store_sector_(otel_store_t *s, uint32_t sector, uint32_t *first)
{
    uint32_t n[5];
    if (!otel_store_unseal_(&s->config_.medium, otel_store_begin_(s, sector), OTEL_STORE_SECTOR_, n) || n[1] != otel_store_cut_(&s->g_)) return false;
    *first = n[2];
    if (n[3] > s->stats_.erases) s->stats_.erases = n[3];
    if (n[4] > s->stats_.lost_ever) s->stats_.lost_ever = n[4];
    return true;
}

/* Count what waits in a sector; where records go on behind them. */
OTEL_FN_ void otel_store_count_(otel_store_t *s, uint32_t sector)
{
    otel_store_walk_t_ walk = otel_store_enter_(s, sector);
    const otel_medium_t *m = &s->config_.medium;
    otel_stored_t_ record;
    s->end_ = walk.at;
    while (otel_store_walk_(s, &walk, &record)) {
        s->end_ = walk.at;
        if (record.number >= s->number_) s->number_ = record.number + 1u;
        if (record.boot > s->boot_) s->boot_ = record.boot;
        if (otel_store_sent_(m, &s->g_, &record)) continue;
        if (!otel_store_whole_(m, &s->g_, &record)) {
            s->stats_.damaged++;
            continue;
        }
        s->stats_.found += record.items;
        s->stats_.requests++;
    }
}

OTEL_API_ otel_result_t otel_store_open_with(otel_store_t *s, const otel_store_config_t *config)
{
    uint32_t i, sector, first, newest = 0;
    bool some = false;
    OTEL_WHEN_OFF_((void)s; (void)config; return OTEL_OK)
    if (!s || !config || !config->medium.read || !config->medium.program || !config->medium.erase || !config->medium.geometry) return OTEL_E_NULL;
    memset((void *)s, 0, sizeof *s);
    s->config_ = *config;
    (config->medium.geometry)(config->medium.user, &s->g_);
    if (s->g_.grain == 0 || s->g_.grain > OTEL_STORE_CHUNK_ || (s->g_.grain & (s->g_.grain - 1u)) || s->g_.sectors < 2 || s->g_.sector_size < 256u || s->g_.sector_size % OTEL_STORE_CHUNK_ ||
        s->g_.sectors > 0xFFFFFFFFu / s->g_.sector_size) return OTEL_E_CONFIG;
    for (i = 0; i < s->g_.sectors; i++) {
        if (!otel_store_sector_(s, i, &first) || (some && first < newest)) continue;
        some = true;
        newest = first;
        s->sector_ = i;
    }
    s->number_ = some ? newest + 1u : 1u;
    if (!some) s->sector_ = s->g_.sectors - 1u;
    s->first_sector_ = sector = otel_store_after_(s, s->sector_);
    s->first_ = otel_store_enter_(s, sector);
    for (i = 0; i < s->g_.sectors && some; i++, sector = otel_store_after_(s, sector)) otel_store_count_(s, sector);
    first = otel_store_begin_(s, s->sector_) + s->g_.sector_size;
    if (!some || !otel_store_blank_(&config->medium, s->end_, first)) s->end_ = first;       /* something was begun there: go on in the next one */
    s->boot_ = config->boot ? config->boot : s->boot_ + 1u;
    s->stats_.waiting = s->stats_.found;
    s->open_ = true;
    return OTEL_OK;
}

/* ---- keeping ---- */

/* What waits in a sector is given up. */
OTEL_FN_ void otel_store_drop_(otel_store_t *s, uint32_t sector)
{
    otel_store_walk_t_ walk = otel_store_enter_(s, sector);
    otel_stored_t_ record;
    while (otel_store_walk_(s, &walk, &record)) {
        if (s->flying_ && s->out_.at == record.at) s->flying_ = false;
        if (otel_store_sent_(&s->config_.medium, &s->g_, &record) || !otel_store_whole_(&s->config_.medium, &s->g_, &record) || s->stats_.requests == 0) continue;
        s->stats_.lost += record.items;
        s->stats_.lost_ever += record.items;
        s->stats_.waiting -= record.items;
        s->stats_.requests--;
    }
    if (s->first_sector_ != sector) return;
    s->first_sector_ = otel_store_after_(s, sector);
    s->first_ = otel_store_enter_(s, s->first_sector_);
}

/* The next sector, emptied; one that refuses is passed over. */
OTEL_FN_ bool otel_store_turn_(otel_store_t *s)
{
    const otel_medium_t *m = &s->config_.medium;
    uint8_t head[OTEL_STORE_CHUNK_];
    uint32_t tries, n[5];
    for (tries = 0; tries < s->g_.sectors; tries++) {
        uint32_t sector = otel_store_after_(s, s->sector_), at = otel_store_begin_(s, sector);
        s->sector_ = sector;
        s->end_ = at + s->g_.sector_size;
        otel_store_drop_(s, sector);
        if (otel_store_unseal_(m, at, OTEL_STORE_SECTOR_, n)) {
            memset(head, 0, sizeof head);
            if ((m->program)(m->user, at, head, otel_grains_(&s->g_, OTEL_STORE_HEAD_)) == 0) (void)otel_store_sync_(s);
        } else {
            n[3] = s->stats_.erases ? s->stats_.erases - 1u : 0;
        }
        if ((m->erase)(m->user, at)) continue;
        n[0] = OTEL_STORE_SECTOR_;
        n[1] = otel_store_cut_(&s->g_);
        n[2] = s->number_++;                      /* no two sectors begin with the same */
        n[3]++;
        n[4] = s->stats_.lost_ever;
        if (n[3] > s->stats_.erases) s->stats_.erases = n[3];
        memset(head, 0xFF, sizeof head);
        otel_store_seal_(head, n);
        if ((m->program)(m->user, at, head, otel_grains_(&s->g_, OTEL_STORE_HEAD_))) continue;
        s->end_ = at + otel_grains_(&s->g_, OTEL_STORE_HEAD_);
        return true;
    }
    return false;
}

/* Bytes on their way into the medium, a chunk of whole grains at a time. */
typedef struct otel_store_writer_t_ {
    const otel_medium_t *medium;
    uint32_t at, filled, crc;
    bool failed;
    uint8_t chunk[OTEL_STORE_CHUNK_];
} otel_store_writer_t_;

OTEL_FN_ void otel_store_write_(otel_store_writer_t_ *w, const uint8_t *bytes, size_t n)
{
    w->crc = otel_crc_(w->crc, bytes, n);
    while (n) {
        size_t some = OTEL_STORE_CHUNK_ - w->filled < n ? (size_t)(OTEL_STORE_CHUNK_ - w->filled) : n;
        memcpy(w->chunk + w->filled, bytes, some);
        w->filled += (uint32_t)some;
        bytes += some;
        n -= some;
        if (w->filled < OTEL_STORE_CHUNK_) continue;
        if (!w->failed && (w->medium->program)(w->medium->user, w->at, w->chunk, OTEL_STORE_CHUNK_)) w->failed = true;
        w->at += OTEL_STORE_CHUNK_;
        w->filled = 0;
    }
}

/* Program what is left, filled up to a grain. */
OTEL_FN_ void otel_store_finish_(otel_store_writer_t_ *w, const otel_geometry_t *g)
{
    uint32_t n = otel_grains_(g, w->filled);
    memset(w->chunk + w->filled, 0xFF, (size_t)(OTEL_STORE_CHUNK_ - w->filled));
    if (n && !w->failed && (w->medium->program)(w->medium->user, w->at, w->chunk, n)) w->failed = true;
    w->at += n;
    w->filled = 0;
}

/* Write a record at the end. False: the medium refused. */
OTEL_FN_ bool otel_store_append_(otel_store_t *s, const otel_request_t *r)
{
    otel_store_writer_t_ w;
    uint8_t head[OTEL_STORE_HEAD_];
    uint32_t n[5];
    size_t i;
    n[0] = OTEL_STORE_RECORD_;
    n[1] = (uint32_t)r->len;
    n[2] = s->number_++;
    n[3] = s->boot_;
    n[4] = (r->items & 0x3FFFFFFFu) | (uint32_t)r->signal << 30;
    otel_store_seal_(head, n);
    w.medium = &s->config_.medium;
    w.at = s->end_;
    w.filled = w.crc = 0;
    w.failed = false;
    otel_store_write_(&w, head, sizeof head);
    otel_store_finish_(&w, &s->g_);
    w.crc = 0;
    if (r->body) otel_store_write_(&w, (const uint8_t *)r->body, r->len);
    for (i = 0; !r->body && i < r->parts_len; i++) otel_store_write_(&w, (const uint8_t *)r->parts[i].bytes, r->parts[i].len);
    otel_store_put4_(head, w.crc);
    otel_store_write_(&w, head, 4);
    otel_store_finish_(&w, &s->g_);
    return !w.failed && otel_store_sync_(s) == 0;
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
    size = r->len > s->g_.sector_size ? 0 : otel_store_size_(&s->g_, (uint32_t)r->len);
    if (size == 0) return 413;
    for (tries = 0; tries <= s->g_.sectors; tries++) {
        uint32_t end = otel_store_begin_(s, s->sector_) + s->g_.sector_size;
        if (end - s->end_ < size && !otel_store_turn_(s)) return -1;
        if (otel_store_append_(s, r)) {
            s->end_ += size;
            s->stats_.stored += r->items;
            s->stats_.waiting += r->items;
            s->stats_.requests++;
            return 200;
        }
        s->end_ = otel_store_begin_(s, s->sector_) + s->g_.sector_size;       /* nothing more into this one */
    }
    return -1;
}

/* ---- forwarding ---- */

/* Read a body; false: it is damaged by now, or larger than the buffer. */
OTEL_FN_ bool otel_store_load_(otel_store_t *s, const otel_stored_t_ *record)
{
    const otel_medium_t *m = &s->config_.medium;
    if (!s->config_.buffer || record->len > s->config_.buffer_size) return false;
    return (m->read)(m->user, record->at + otel_grains_(&s->g_, OTEL_STORE_HEAD_), s->config_.buffer, record->len) == 0 && otel_store_whole_(m, &s->g_, record);
}

OTEL_API_ bool otel_store_next(otel_store_t *s, otel_request_t *r, uint32_t *boot)
{
    uint32_t turns = 0;
    OTEL_WHEN_OFF_((void)s; (void)r; (void)boot; return false)
    if (!s || !r || !s->open_ || s->flying_) return false;
    while (s->stats_.requests && turns <= s->g_.sectors) {
        otel_stored_t_ *record = &s->out_;
        if (!otel_store_walk_(s, &s->first_, record)) {
            s->first_sector_ = otel_store_after_(s, s->first_sector_);
            s->first_ = otel_store_enter_(s, s->first_sector_);
            turns++;
            continue;
        }
        if (otel_store_sent_(&s->config_.medium, &s->g_, record)) continue;
        if (!otel_store_load_(s, record)) {
            if (!otel_store_whole_(&s->config_.medium, &s->g_, record)) continue;         /* counted as damaged, or below at the end */
            s->stats_.rejected += record->items;                                          /* no buffer holds it */
            s->stats_.waiting -= record->items;
            s->stats_.requests--;
            continue;
        }
        memset((void *)r, 0, sizeof *r);
        r->path = otel_path_(record->signal);
        r->body = s->config_.buffer;
        r->len = (size_t)record->len;
        r->signal = (otel_signal_t)record->signal;
        r->items = record->items;
        r->timeout_ms = 10000;
        if (boot) *boot = record->boot;
        s->flying_ = true;
        return true;
    }
    s->stats_.corrupt += s->stats_.waiting;       /* not one of those that were counted is whole any more */
    s->stats_.waiting = s->stats_.requests = 0;
    return false;
}

OTEL_API_ void otel_store_done(otel_store_t *s, int status)
{
    uint8_t mark[OTEL_STORE_CHUNK_];
    const otel_medium_t *m;
    otel_outcome_t_ outcome = otel_outcome_(status);
    OTEL_WHEN_OFF_((void)s; (void)status; return)
    if (!s || !s->flying_ || outcome == OTEL_OUTCOME_PENDING_) return;
    s->flying_ = false;
    if (outcome == OTEL_OUTCOME_RETRY_ || outcome == OTEL_OUTCOME_AGAIN_) {
        s->first_.at = s->out_.at;
        s->first_.last = s->out_.number - 1u;
        return;
    }
    m = &s->config_.medium;
    memset(mark, 0, sizeof mark);
    if ((m->program)(m->user, otel_store_slot_(&s->g_, &s->out_), mark, otel_grains_(&s->g_, 4)) == 0) (void)otel_store_sync_(s);
    if (outcome == OTEL_OUTCOME_OK_) s->stats_.sent += s->out_.items;
    else s->stats_.rejected += s->out_.items;
    s->stats_.waiting -= s->out_.items;
    s->stats_.requests--;
}

OTEL_API_ bool otel_store_poll(otel_store_t *s)
{
    otel_request_t r;
    otel_outcome_t_ outcome;
    int status;
    OTEL_WHEN_OFF_((void)s; return false)
    if (!s || !s->config_.send || !otel_store_next(s, &r, NULL)) return false;
    status = (s->config_.send)(s->config_.user, &r);
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
