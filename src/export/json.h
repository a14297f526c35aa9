/* OTLP/JSON: an export request as one line of text, for files, terminals and receivers that take no protobuf. A table of
   the messages drives a walk with a stack of its own; nothing is copied, whatever the request's size.
   OTLP specification: protocol/otlp.md, "JSON Protobuf Encoding"; protocol/file-exporter.md. */
#ifndef OTEL_EXPORT_JSON_H
#define OTEL_EXPORT_JSON_H
#include "../otel/compiler.h"
#include "../otel/wire.h"
#include "json_table.h"
#include "json_text.h"
#include "pb.h"
#include "request.h"

OTEL_C_BEGIN_
/* Write `request`, with a body or in parts, as one line without a line feed: `put` gets the text piece by piece. False, and
   then nothing was put, when the bytes are no request of that signal. Fields that OTLP does not know are left out; bytes
   that are no UTF-8 become U+FFFD; a value inside more than five arrays or maps becomes null. On firmware one call at a time,
   and its memory of about 900 bytes is static. */
OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ unsigned otel_json_wire_(unsigned kind)
{
    switch (kind & OTEL_JSON_KIND_) {
    case OTEL_JSON_MESSAGE_:
    case OTEL_JSON_TEXT_:
    case OTEL_JSON_HEX_:
    case OTEL_JSON_BASE64_: return OTEL_PB_SLICE_;
    case OTEL_JSON_FIXED32_: return OTEL_PB_FIXED32_;
    case OTEL_JSON_FIXED64_:
    case OTEL_JSON_SFIXED64_:
    case OTEL_JSON_DOUBLE_: return OTEL_PB_FIXED64_;
    default: return OTEL_PB_VARINT_;
    }
}

/* Repeated numbers come packed, all in one slice, or one by one. */
OTEL_FN_ bool otel_json_fits_(const otel_json_row_t_ *row, const otel_pb_field_t_ *field)
{
    if (row->number != field->number) return false;
    return otel_json_wire_(row->kind) == field->type || (row->kind & OTEL_JSON_MANY_ && field->type == OTEL_PB_SLICE_);
}

/* Which of the frame's fields are there? False when it is no protobuf. */
OTEL_STEP_ bool otel_json_look_(otel_json_t_ *j, otel_json_frame_t_ *frame)
{
    const otel_json_row_t_ *rows = otel_json_rows_(frame->message);
    unsigned i, k;
    j->at = frame->begin;
    while (j->at < frame->end) {
        if (!otel_json_field_(j, frame->end)) return false;
        for (i = 0; rows[i].number && !otel_json_fits_(&rows[i], &j->field); i++) continue;
        if (!rows[i].number) continue;
        for (k = 0; rows[i].kind & OTEL_JSON_ONE_ && rows[k].number; k++) {
            if (rows[k].kind & OTEL_JSON_ONE_) frame->present &= (uint16_t)~(1u << k);
        }
        frame->present |= (uint16_t)(1u << i);
    }
    otel_json_char_(j, '{');
    return true;
}

/* Begin with a message, from j->slice to j->at. */
OTEL_STEP_ bool otel_json_enter_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned message)
{
    j->frame = frame;
    frame->begin = j->slice;
    frame->end = j->at;
    frame->message = (uint8_t)message;
    frame->present = 0;
    frame->row = 0;
    frame->open = frame->more = false;
    return otel_json_look_(j, frame);
}

/* The next number of a packed field, at j->slice, into j->field; false when it does not end where the field does. */
OTEL_STEP_ bool otel_json_one_(otel_json_t_ *j, unsigned kind)
{
    otel_offset_t_ left = j->at - j->slice < 10u ? (otel_offset_t_)(j->at - j->slice) : 10u;
    unsigned wire = otel_json_wire_(kind), used = wire == OTEL_PB_FIXED64_ ? 8u : wire == OTEL_PB_FIXED32_ ? 4u : 0u;
    const uint8_t *p = otel_json_bytes_(j, j->slice, left);
    if (used > left) return false;
    if (used == 8u) j->field.value = otel_get64_(p);
    else if (used == 4u) j->field.value = otel_get32_(p);
    else used = otel_pb_varint_(p, left, &j->field.value);
    if (used == 0 || used == OTEL_PB_BAD_) return false;
    j->slice += used;
    return true;
}

/* The numbers of a packed field; false when they do not end where it does. */
OTEL_STEP_ bool otel_json_packed_(otel_json_t_ *j, unsigned kind)
{
    while (j->slice < j->at) {
        if (!otel_json_one_(j, kind)) return false;
        if (j->frame->more) otel_json_char_(j, ',');
        j->frame->more = true;
        otel_json_number_(j, kind, j->field.value);
    }
    return true;
}

/* The value of j->field, which is no message. */
OTEL_STEP_ bool otel_json_value_(otel_json_t_ *j, unsigned kind)
{
    unsigned what = kind & OTEL_JSON_KIND_;
    if (j->field.type == OTEL_PB_SLICE_ && otel_json_wire_(kind) != OTEL_PB_SLICE_) return otel_json_packed_(j, what);
    if (kind & OTEL_JSON_MANY_ && j->frame->more) otel_json_char_(j, ',');
    j->frame->more = true;
    if (!j->put) return true;
    if (what == OTEL_JSON_TEXT_) return otel_json_text_(j);
    if (what == OTEL_JSON_HEX_) return otel_json_hex_(j);
    if (what == OTEL_JSON_BASE64_) return otel_json_base64_(j);
    return otel_json_number_(j, what, j->field.value);
}

/* The next field of the frame that has a value: its name and, of an array, the bracket. False when none is left. */
OTEL_STEP_ bool otel_json_name_(otel_json_t_ *j)
{
    otel_json_frame_t_ *frame = j->frame;
    const otel_json_row_t_ *row = otel_json_rows_(frame->message);
    uint8_t i = 0;
    if (!frame->present) return false;
    while (!((unsigned)frame->present >> i & 1u)) i++;
    row += i;
    frame->present &= (uint16_t)~(1u << i);
    if (frame->more) otel_json_char_(j, ',');
    frame->row = i;
    frame->at = frame->begin;
    frame->open = true;
    frame->more = false;
    otel_json_char_(j, '"');
    otel_json_put_(j, row->name, strlen(row->name));
    otel_json_put_(j, "\":[", row->kind & OTEL_JSON_MANY_ ? 3 : 2);
    return true;
}

/* The next value of the frame's field, into j->field: of an array the next one, else the last one that there is. That may be before
   others, so its place is kept. */
OTEL_STEP_ bool otel_json_next_(otel_json_t_ *j, const otel_json_row_t_ *row)
{
    otel_json_frame_t_ *frame = j->frame;
    otel_offset_t_ last = frame->end;
    while (frame->at < frame->end) {
        j->at = frame->at;
        if (!otel_json_field_(j, frame->end)) break;
        if (otel_json_fits_(row, &j->field)) last = frame->at;
        frame->at = j->at;
        if (last != frame->end && row->kind & OTEL_JSON_MANY_) return true;
    }
    if (last == frame->end) return false;
    j->at = last;
    return otel_json_field_(j, frame->end);
}

/* Bits of what a step of the walk leaves: whether all is well, and whether it goes on. */
#define OTEL_JSON_GOOD_ 1u
#define OTEL_JSON_ON_ 2u

/* The field of the frame that is open: its next value, or its end. */
OTEL_STEP_ unsigned otel_json_open_(otel_json_t_ *j)
{
    const otel_json_row_t_ *row = &otel_json_rows_(j->frame->message)[j->frame->row];
    bool good = true;
    if (!otel_json_next_(j, row)) {
        if (row->kind & OTEL_JSON_MANY_) otel_json_char_(j, ']');
        j->frame->open = false;
        j->frame->more = true;
    } else if ((row->kind & OTEL_JSON_KIND_) != OTEL_JSON_MESSAGE_) {
        good = otel_json_value_(j, row->kind);
    } else {
        if (j->frame->more) otel_json_char_(j, ',');
        j->frame->more = true;
        if (j->frame == j->frames + OTEL_JSON_DEPTH_ - 1u) otel_json_put_(j, "{}", 2);
        else good = otel_json_enter_(j, j->frame + 1, row->message);
    }
    return good ? OTEL_JSON_GOOD_ | OTEL_JSON_ON_ : 0u;
}

OTEL_STEP_ unsigned otel_json_step_(otel_json_t_ *j)
{
    if (j->frame->open) return otel_json_open_(j);
    if (otel_json_name_(j)) return OTEL_JSON_GOOD_ | OTEL_JSON_ON_;
    otel_json_char_(j, '}');
    if (j->frame == j->frames) {
        otel_json_flush_(j);
        return OTEL_JSON_GOOD_;
    }
    j->frame--;
    return OTEL_JSON_GOOD_ | OTEL_JSON_ON_;
}

OTEL_STEP_ bool otel_json_walk_(otel_json_t_ *j)
{
    unsigned step = OTEL_JSON_ON_;
    j->slice = 0;
    j->at = j->len;
    if (!otel_json_enter_(j, j->frames, j->message)) return false;
    while (step & OTEL_JSON_ON_) step = otel_json_step_(j);
    return (step & OTEL_JSON_GOOD_) != 0;
}

OTEL_STEP_ bool otel_json_begin_(otel_json_t_ *j, const otel_request_t *request)
{
    uint64_t all = 0;
    size_t i, n = request->body ? 1 : request->parts ? request->parts_len : 0;
    j->whole.bytes = request->body;
    j->whole.len = request->len;
    j->parts = request->body ? &j->whole : request->parts;
    for (i = 0; i < n; i++) all += j->parts[i].len;
    if (all > (otel_offset_t_)-1 || (n == 0 && request->len)) return false;
    j->len = (otel_offset_t_)all;
    j->part = 0;
    j->base = 0;
    j->filled = 0;
    j->message = (uint8_t)request->signal;
    j->put = NULL;                     /* first look, so that no half line is ever put */
    return true;
}

OTEL_STEP_ bool otel_json_twice_(otel_json_t_ *j)
{
    if (!otel_json_walk_(j)) return false;
    j->put = j->then;
    return otel_json_walk_(j);
}

OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user)
{
    OTEL_WORKING_ otel_json_t_ j;
    OTEL_WHEN_OFF_((void)request; (void)put; (void)user; return false)
    if (!request || !put || (unsigned)request->signal >= OTEL_SIGNALS || !otel_json_begin_(&j, request)) return false;
    j.then = put;
    j.user = user;
    return otel_json_twice_(&j);
}
OTEL_C_END_
#endif
#endif
