/* Chunks: requests over links that carry a few bytes at a time and lose, repeat or reorder them: serial lines, LoRa, BLE,
   datagrams. A request is cut into frames with a checksum, what is missing is sent again, and the other end
   (tools/otlp-gateway) answers with the outcome and the time of day. No I/O here: frames, or single bytes, are pulled.

     otel_chunk_init(&link, .exporter = &ex, .mtu = 51);
     otel_exporter_init(&ex, .send = otel_chunk_send, .user = &link, ...);
     for (;;) {
         otel_export_poll(&ex);
         otel_chunk_poll(&link);
         if (radio_ready() && (n = otel_chunk_next(&link, frame))) radio_send(frame, n);
         if ((n = radio_receive(frame))) otel_chunk_take(&link, frame, n);
     }

   One frame, 3 bytes to `mtu`; numbers are varints, checksums CRC-16/CCITT-FALSE, high byte first:
     10 + signal       number offset bytes.. crc           a piece of a request: signal 0 traces, 1 metrics, 2 logs
     14 + signal       number offset bytes.. body-crc crc  its last piece
     20 + n            crc                                 device: what time is it?
     30                number status retry rejected crc    gateway: the outcome; seconds to wait, items rejected
     31                number offset length crc            gateway: this part is missing (length 0: all from there)
     34 + n            unix-ns(8, low byte first) crc      gateway: the time
   `number` (one byte) goes up by one with each request and begins anywhere; n is the question's, 0 to 3.
   11 bytes is the shortest frame that the gateway needs, so it is the smallest mtu. */
#ifndef OTEL_EXPORT_CHUNK_H
#define OTEL_EXPORT_CHUNK_H
#include "../otel/compiler.h"
#include "../otel/clock.h"
#include "../otel/id.h"
#include "../otel/instance.h"
#include "../otel/result.h"
#include "exporter.h"
#include "request.h"

#define OTEL_CHUNK_MTU_MIN 11u        /* bytes, see above */
#define OTEL_CHUNK_NO_SYNC 0xFFFFFFFFu

/* What a link is told. Zero means the default. The order of the fields is API. */
typedef struct otel_chunk_config_t {
    otel_exporter_t *exporter OTEL_Z_;    /* (required) takes the outcomes; its instance gets the time */
    uint16_t mtu OTEL_Z_;                 /* bytes of a frame, 11 or more (default: 64) */
    uint16_t wait_ms OTEL_Z_;             /* for an answer, before asking again (default: 1,000); longer than the link takes for a frame and back */
    uint8_t tries OTEL_Z_;                /* questions without an answer before the request counts as unanswered (default: 4) */
    bool one_way OTEL_Z_;                 /* nothing ever comes back: what was sent counts as exported, and nobody is asked the time (default: false).
                                             Without a clock chip nothing goes out then, unless otel_init has .send_unsynced = true and a small .hold_ms, 1 */
    uint32_t sync_ms OTEL_Z_;             /* between two questions for the time (default: 600,000); OTEL_CHUNK_NO_SYNC: never */
} otel_chunk_config_t;

/* A link. Define it where it outlives its use; all fields are private. What both interrupts and the main program touch has one
   writer at a time: the flag beside it says whose turn it is. */
typedef struct otel_chunk_t {
    otel_chunk_config_t config_ OTEL_Z_;
    otel_request_t request_ OTEL_Z_;
    bool flying_ OTEL_Z_, synced_ OTEL_Z_, asked_ OTEL_Z_;
    uint8_t number_ OTEL_Z_, tries_ OTEL_Z_, rounds_ OTEL_Z_, question_ OTEL_Z_;
    uint32_t since_ OTEL_Z_, sync_since_ OTEL_Z_;     /* units of 2^20 ns */
    uint64_t asked_ns_ OTEL_Z_;
    size_t last_ OTEL_Z_;                             /* where the last frame of the request begins */
    /* sending: whoever pulls frames owns these while its flag is set */
    volatile bool sending_ OTEL_Z_, asking_ OTEL_Z_;
    bool open_ OTEL_Z_, final_ OTEL_Z_;
    uint8_t head_[6] OTEL_Z_, head_len_ OTEL_Z_, head_at_ OTEL_Z_, tail_ OTEL_Z_;
    uint16_t crc_ OTEL_Z_, body_crc_ OTEL_Z_;
    size_t at_ OTEL_Z_, until_ OTEL_Z_, left_ OTEL_Z_, summed_ OTEL_Z_;
    size_t piece_ OTEL_Z_, piece_at_ OTEL_Z_;
    /* received: otel_chunk_take fills what is not set, otel_chunk_poll reads and clears */
    volatile bool outcome_ OTEL_Z_, missing_ OTEL_Z_, time_ OTEL_Z_;
    uint16_t status_ OTEL_Z_, retry_s_ OTEL_Z_;
    uint32_t rejected_ OTEL_Z_;
    size_t from_ OTEL_Z_, to_ OTEL_Z_;
    uint64_t unix_ns_ OTEL_Z_, taken_ns_ OTEL_Z_;
} otel_chunk_t;

OTEL_C_BEGIN_
/* Set the link up; before or after its exporter. Errors: OTEL_E_NULL, OTEL_E_CONFIG (mtu). */
OTEL_API_ otel_result_t otel_chunk_init_with(otel_chunk_t *chunk, const otel_chunk_config_t *config);

/* The transport: .send = otel_chunk_send, .user = &link. Takes the request and returns OTEL_PENDING at once. */
OTEL_API_ int otel_chunk_send(void *chunk, const otel_request_t *request);

/* Give the exporter its outcomes, notice what stays unanswered, ask for the time. From the loop that drives the exporter. */
OTEL_API_ void otel_chunk_poll(otel_chunk_t *chunk);

/* Write the next frame into `frame`, which holds `mtu` bytes; its length, 0: nothing to send. One context at a time. */
OTEL_API_ size_t otel_chunk_next(otel_chunk_t *chunk, void *frame);

/* The same byte by byte, without a buffer: 0 to 255, OTEL_CHUNK_END after each frame, OTEL_CHUNK_IDLE with nothing to send.
   From one context, which may be an interrupt. */
OTEL_API_ int otel_chunk_byte(otel_chunk_t *chunk);
#define OTEL_CHUNK_END (-1)
#define OTEL_CHUNK_IDLE (-2)

/* Say whether something waits to be sent. */
OTEL_API_ bool otel_chunk_wants(const otel_chunk_t *chunk);

/* Take a frame that came in. What is broken or not for this link is ignored. From one context, which may be an interrupt. */
OTEL_API_ void otel_chunk_take(otel_chunk_t *chunk, const void *frame, size_t len);

/* CRC-16/CCITT-FALSE of one more byte; begin with 0xFFFF. */
OTEL_API_ uint16_t otel_crc16(uint16_t crc, uint8_t byte);
OTEL_C_END_

#define otel_chunk_init(chunk, ...) otel_chunk_init_with((chunk), OTEL_REF_(otel_chunk_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CHUNK_DATA_ 0x10u
#define OTEL_CHUNK_LAST_ 0x14u
#define OTEL_CHUNK_ASK_ 0x20u
#define OTEL_CHUNK_OUTCOME_ 0x30u
#define OTEL_CHUNK_MISSING_ 0x31u
#define OTEL_CHUNK_TIME_ 0x34u
#define OTEL_CHUNK_ROUNDS_ 200u       /* repairs of one request, before the link counts as hopeless */

OTEL_API_ uint16_t otel_crc16(uint16_t crc, uint8_t byte)
{
    uint16_t x;
    OTEL_WHEN_OFF_((void)crc; (void)byte; return 0)
    x = (uint16_t)((crc >> 8) ^ byte);
    x = (uint16_t)(x ^ (x >> 4));
    return (uint16_t)((uint16_t)(crc << 8) ^ (uint16_t)(x << 12) ^ (uint16_t)(x << 5) ^ x);
}

/* The clock in steps of 2^20 ns, good for waits of up to 26 days. */
OTEL_FN_ uint32_t otel_chunk_now_(otel_t *otel) { return (uint32_t)(otel_clock_now_(&otel->clock_) >> 20); }

OTEL_API_ otel_result_t otel_chunk_init_with(otel_chunk_t *c, const otel_chunk_config_t *config)
{
    OTEL_WHEN_OFF_((void)c; (void)config; return OTEL_OK)
    if (!c || !config || !config->exporter) return OTEL_E_NULL;
    if (config->mtu && config->mtu < OTEL_CHUNK_MTU_MIN) return OTEL_E_CONFIG;
    memset((void *)c, 0, sizeof *c);
    c->config_ = *config;
    if (!config->mtu) c->config_.mtu = 64;
    if (!config->wait_ms) c->config_.wait_ms = 1000;
    if (!config->tries) c->config_.tries = 4;
    if (!config->sync_ms) c->config_.sync_ms = 600000u;
    return OTEL_OK;
}

/* ---- sending ---- */
/* Find the place of `at_` in the body or in its parts. */
OTEL_FN_ void otel_chunk_seek_(otel_chunk_t *c)
{
    size_t rest = c->at_;
    c->piece_ = 0;
    while (c->request_.parts && c->piece_ < c->request_.parts_len && rest >= c->request_.parts[c->piece_].len) rest -= c->request_.parts[c->piece_++].len;
    c->piece_at_ = rest;
}

OTEL_FN_ uint8_t otel_chunk_body_(otel_chunk_t *c)
{
    uint8_t byte;
    if (!c->request_.parts) return ((const uint8_t *)c->request_.body)[c->at_];
    byte = ((const uint8_t *)c->request_.parts[c->piece_].bytes)[c->piece_at_];
    if (++c->piece_at_ == c->request_.parts[c->piece_].len) {
        c->piece_++;
        c->piece_at_ = 0;
    }
    return byte;
}

OTEL_FN_ uint8_t *otel_chunk_varint_(uint8_t *to, size_t value)
{
    for (; value > 127u; value >>= 7) *to++ = (uint8_t)(value | 128u);
    *to++ = (uint8_t)value;
    return to;
}

/* Begin a frame: its head, and how many bytes of the body follow. False: nothing to send. */
OTEL_FN_ bool otel_chunk_open_(otel_chunk_t *c)
{
    uint8_t *to = c->head_;
    c->head_at_ = 0;
    c->left_ = 0;
    c->tail_ = 2;
    c->crc_ = 0xFFFFu;
    c->final_ = false;
    if (c->asking_) {
        *to++ = (uint8_t)(OTEL_CHUNK_ASK_ | c->question_);
    } else if (c->sending_) {
        size_t room, more = c->until_ - c->at_;
        to[1] = c->number_;
        to = otel_chunk_varint_(to + 2, c->at_);
        room = (size_t)c->config_.mtu - (size_t)(to - c->head_) - 2u;
        c->left_ = more < room ? more : room;
        if (c->until_ == c->request_.len && more + 2u <= room) {
            c->final_ = true;
            c->tail_ = 4;
            c->last_ = c->at_;
        }
        c->head_[0] = (uint8_t)((c->final_ ? OTEL_CHUNK_LAST_ : OTEL_CHUNK_DATA_) | (unsigned)c->request_.signal);
        otel_chunk_seek_(c);
    } else {
        return false;
    }
    c->head_len_ = (uint8_t)(to - c->head_);
    c->open_ = true;
    return true;
}

/* The frame is out: what else is there of this? */
OTEL_FN_ void otel_chunk_close_(otel_chunk_t *c)
{
    c->open_ = false;
    OTEL_SIGNAL_FENCE_();
    if (c->head_len_ == 1u) c->asking_ = false;
    else if (c->final_ || (c->at_ == c->until_ && c->until_ != c->request_.len)) c->sending_ = false;
}

OTEL_API_ int otel_chunk_byte(otel_chunk_t *c)
{
    uint8_t byte;
    OTEL_WHEN_OFF_((void)c; return OTEL_CHUNK_IDLE)
    if (!c->open_ && !otel_chunk_open_(c)) return OTEL_CHUNK_IDLE;
    if (c->head_at_ < c->head_len_) {
        byte = c->head_[c->head_at_++];
    } else if (c->left_) {
        byte = otel_chunk_body_(c);
        if (c->at_ == c->summed_) {               /* for the first time: later it is in the checksum already */
            c->body_crc_ = otel_crc16(c->body_crc_, byte);
            c->summed_++;
        }
        c->at_++;
        c->left_--;
    } else if (c->tail_) {
        uint16_t crc = c->tail_ > 2 ? c->body_crc_ : c->crc_;
        byte = (uint8_t)(c->tail_ & 1u ? crc & 255u : crc >> 8);
        c->tail_--;
        if (c->tail_ < 2u) return byte;           /* the frame's checksum is not in itself */
    } else {
        otel_chunk_close_(c);
        return OTEL_CHUNK_END;
    }
    c->crc_ = otel_crc16(c->crc_, byte);
    return byte;
}

OTEL_API_ size_t otel_chunk_next(otel_chunk_t *c, void *frame)
{
    uint8_t *to = (uint8_t *)frame;
    size_t n = 0;
    int byte;
    OTEL_WHEN_OFF_((void)c; (void)frame; return 0)
    if (!c || !frame) return 0;
    while ((byte = otel_chunk_byte(c)) >= 0) to[n++] = (uint8_t)byte;
    return n;
}

OTEL_API_ bool otel_chunk_wants(const otel_chunk_t *c)
{
    OTEL_WHEN_OFF_((void)c; return false)
    return c->sending_ || c->asking_ || c->open_;
}

OTEL_API_ int otel_chunk_send(void *chunk, const otel_request_t *request)
{
    otel_chunk_t *c = (otel_chunk_t *)chunk;
    uint8_t any[4];
    OTEL_WHEN_OFF_((void)chunk; (void)request; return -1)
    if (!c || !request) return -1;
    if (c->flying_ || c->sending_) return OTEL_AGAIN;
    c->request_ = *request;
    otel_id_make_(&c->config_.exporter->otel_->shard_.ids, any, 1);
    c->number_ = (uint8_t)((c->rounds_ ? c->number_ : any[0]) + 1u);      /* begins anywhere */
    c->rounds_ = 1;
    c->tries_ = 0;
    c->at_ = c->summed_ = 0;
    c->until_ = request->len;
    c->body_crc_ = 0xFFFFu;
    c->outcome_ = false;
    c->missing_ = false;
    c->since_ = otel_chunk_now_(c->config_.exporter->otel_);
    c->flying_ = true;
    OTEL_SIGNAL_FENCE_();
    c->sending_ = true;
    return OTEL_PENDING;
}

/* ---- receiving ---- */
/* A varint of at most 3 bytes; `*at` moves behind it. */
OTEL_FN_ uint32_t otel_chunk_number_(const uint8_t *frame, size_t len, size_t *at)
{
    uint32_t value = 0;
    unsigned shift;
    for (shift = 0; shift < 21u && *at < len; shift += 7u) {
        uint8_t byte = frame[(*at)++];
        value |= (uint32_t)(byte & 127u) << shift;
        if (byte < 128u) break;
    }
    return value;
}

OTEL_FN_ void otel_chunk_outcome_(otel_chunk_t *c, const uint8_t *frame, size_t len)
{
    size_t at = 2;
    if (frame[0] == OTEL_CHUNK_OUTCOME_ && !c->outcome_) {
        c->status_ = (uint16_t)otel_chunk_number_(frame, len, &at);
        c->retry_s_ = (uint16_t)otel_chunk_number_(frame, len, &at);
        c->rejected_ = otel_chunk_number_(frame, len, &at);
        OTEL_SIGNAL_FENCE_();
        c->outcome_ = true;
    } else if (frame[0] == OTEL_CHUNK_MISSING_ && !c->missing_) {
        c->from_ = (size_t)otel_chunk_number_(frame, len, &at);
        c->to_ = c->from_ + (size_t)otel_chunk_number_(frame, len, &at);
        OTEL_SIGNAL_FENCE_();
        c->missing_ = true;
    }
}

OTEL_API_ void otel_chunk_take(otel_chunk_t *c, const void *bytes, size_t len)
{
    const uint8_t *frame = (const uint8_t *)bytes;
    uint16_t crc = 0xFFFFu;
    size_t i;
    OTEL_WHEN_OFF_((void)c; (void)bytes; (void)len; return)
    if (!c || !bytes || len < 4u) return;
    len -= 2u;
    for (i = 0; i < len; i++) crc = otel_crc16(crc, frame[i]);
    if (frame[len] != (uint8_t)(crc >> 8) || frame[len + 1u] != (uint8_t)(crc & 255u)) return;
    if ((frame[0] & 0xFCu) == OTEL_CHUNK_TIME_) {
        if (len != 9u || c->time_ || !c->asked_ || (frame[0] & 3u) != c->question_) return;
        c->taken_ns_ = otel_clock_now_(&c->config_.exporter->otel_->clock_);
        c->unix_ns_ = otel_get64_(frame + 1);
        OTEL_SIGNAL_FENCE_();
        c->time_ = true;
    } else if (c->flying_ && frame[1] == c->number_) {
        otel_chunk_outcome_(c, frame, len);
    }
}

/* ---- the loop ---- */
/* Send a part of the request again; `to` 0 or behind the end: to the end. */
OTEL_FN_ void otel_chunk_again_(otel_chunk_t *c, size_t from, size_t to)
{
    c->at_ = from < c->request_.len ? from : c->last_;
    c->until_ = to > c->at_ && to < c->request_.len ? to : c->request_.len;
    OTEL_SIGNAL_FENCE_();
    c->sending_ = true;
}

OTEL_FN_ void otel_chunk_done_(otel_chunk_t *c, int status)
{
    c->flying_ = false;
    otel_export_done(c->config_.exporter, status);
}

/* The gateway's outcome: a few numbers, so that no reader of replies is linked. */
OTEL_FN_ void otel_chunk_settle_(otel_chunk_t *c)
{
    otel_exporter_t *x = c->config_.exporter;
    x->reply_rejected_ = c->rejected_ < c->request_.items ? c->rejected_ : c->request_.items;
    if (c->retry_s_) otel_export_wait_(x, (uint32_t)c->retry_s_ * 1000u);
    otel_chunk_done_(c, (int)c->status_);
}

OTEL_FN_ void otel_chunk_request_(otel_chunk_t *c, uint32_t now)
{
    if (c->outcome_) {
        otel_chunk_settle_(c);
    } else if (c->sending_) {
        c->since_ = now;
    } else if (c->config_.one_way) {
        otel_chunk_done_(c, 200);
    } else if (c->missing_) {
        c->tries_ = 0;
        if (c->rounds_++ > OTEL_CHUNK_ROUNDS_) {
            otel_chunk_done_(c, -1);
        } else {
            otel_chunk_again_(c, c->from_, c->to_ == c->from_ ? 0 : c->to_);
            c->missing_ = false;
        }
    } else if (now - c->since_ >= c->config_.wait_ms) {
        if (c->tries_++ >= c->config_.tries) otel_chunk_done_(c, -1);
        else otel_chunk_again_(c, c->last_, 0);               /* the last piece says that an answer is wanted */
        c->since_ = now;
    }
}

OTEL_FN_ void otel_chunk_sync_(otel_chunk_t *c, otel_t *otel, uint32_t now)
{
    uint32_t wait = c->synced_ ? c->config_.sync_ms : (uint32_t)c->config_.wait_ms * 4u;
    if (c->time_) {
        uint64_t ns = otel_clock_now_(&otel->clock_);
        otel_time_sync(otel, c->unix_ns_ + (ns - c->taken_ns_) + (c->taken_ns_ - c->asked_ns_) / 2u);
        if (!c->synced_) {                        /* a device without entropy begins each boot alike: from here on its ids do not */
            uint32_t was = otel_mask_();
            otel_id_seed_(&otel->shard_.ids, (const uint8_t *)&c->unix_ns_, sizeof c->unix_ns_);
            otel_unmask_(was);
        }
        c->synced_ = true;
        c->asked_ = false;
        c->time_ = false;
        c->sync_since_ = now;
    } else if (!c->asking_ && !c->config_.one_way && c->config_.sync_ms != OTEL_CHUNK_NO_SYNC && (now - c->sync_since_ >= wait || !(c->asked_ || c->synced_))) {
        c->question_ = (uint8_t)((c->question_ + 1u) & 3u);
        c->asked_ns_ = otel_clock_now_(&otel->clock_);
        c->sync_since_ = now;
        c->asked_ = true;
        OTEL_SIGNAL_FENCE_();
        c->asking_ = true;
    }
}

OTEL_API_ void otel_chunk_poll(otel_chunk_t *c)
{
    otel_t *otel;
    uint32_t now;
    OTEL_WHEN_OFF_((void)c; return)
    if (!c || !c->config_.exporter || !c->config_.exporter->otel_) return;
    otel = c->config_.exporter->otel_;
    now = otel_chunk_now_(otel);
    if (c->flying_) otel_chunk_request_(c, now);
    otel_chunk_sync_(c, otel, now);
}
OTEL_C_END_
#endif
#endif
