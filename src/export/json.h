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
   that are no UTF-8 become U+FFFD; a value inside more than five arrays or maps becomes null. Takes about 1 KB of stack. */
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

/* Begin with a message: which of its fields are there? False when it is no protobuf. */
OTEL_FN_ bool otel_json_enter_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned message, otel_offset_t_ begin, otel_offset_t_ end)
{
    const otel_json_row_t_ *rows = otel_json_rows_(message);
    otel_pb_field_t_ field;
    otel_offset_t_ at = begin, slice;
    unsigned i, k;
    frame->begin = begin;
    frame->end = end;
    frame->message = (uint8_t)message;
    frame->present = 0;
    frame->row = 0;
    frame->open = frame->more = false;
    while (at < end) {
        if (!otel_json_field_(j, &at, end, &field, &slice)) return false;
        for (i = 0; rows[i].number && !otel_json_fits_(&rows[i], &field); i++) continue;
        if (!rows[i].number) continue;
        for (k = 0; rows[i].kind & OTEL_JSON_ONE_ && rows[k].number; k++) {
            if (rows[k].kind & OTEL_JSON_ONE_) frame->present &= (uint16_t)~(1u << k);
        }
        frame->present |= (uint16_t)(1u << i);
    }
    otel_json_char_(j, '{');
    return true;
}

/* The numbers of a packed field; false when they do not end where it does. */
OTEL_FN_ bool otel_json_packed_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, otel_offset_t_ at, otel_offset_t_ end)
{
    uint64_t value = 0;
    while (at < end) {
        otel_offset_t_ left = end - at < 10u ? (otel_offset_t_)(end - at) : 10u;
        unsigned wire = otel_json_wire_(kind), used = wire == OTEL_PB_FIXED64_ ? 8u : wire == OTEL_PB_FIXED32_ ? 4u : 0u;
        const uint8_t *p = otel_json_bytes_(j, at, left);
        if (used > left) return false;
        if (used == 8u) value = otel_get64_(p);
        else if (used == 4u) value = otel_get32_(p);
        else used = otel_pb_varint_(p, left, &value);
        if (used == 0 || used == OTEL_PB_BAD_) return false;
        if (frame->more) otel_json_char_(j, ',');
        frame->more = true;
        otel_json_number_(j, kind, value);
        at += used;
    }
    return true;
}

/* One value that is no message. */
OTEL_FN_ bool otel_json_value_(otel_json_t_ *j, otel_json_frame_t_ *frame, unsigned kind, const otel_pb_field_t_ *field, otel_offset_t_ slice)
{
    unsigned what = kind & OTEL_JSON_KIND_;
    otel_offset_t_ len = (otel_offset_t_)field->len;
    if (field->type == OTEL_PB_SLICE_ && otel_json_wire_(kind) != OTEL_PB_SLICE_) return otel_json_packed_(j, frame, what, slice, slice + len);
    if (kind & OTEL_JSON_MANY_ && frame->more) otel_json_char_(j, ',');
    frame->more = true;
    if (!j->put) return true;
    if (what == OTEL_JSON_TEXT_) otel_json_text_(j, slice, len);
    else if (what == OTEL_JSON_HEX_) otel_json_hex_(j, slice, len);
    else if (what == OTEL_JSON_BASE64_) otel_json_base64_(j, slice, len);
    else otel_json_number_(j, what, field->value);
    return true;
}

/* The next field of the frame that has a value: its name and, of an array, the bracket. False when none is left. */
OTEL_FN_ bool otel_json_name_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *rows)
{
    const otel_json_row_t_ *row;
    unsigned i = 0;
    if (!frame->present) return false;
    while (!((unsigned)frame->present >> i & 1u)) i++;
    row = &rows[i];
    frame->present &= (uint16_t)~(1u << i);
    if (frame->more) otel_json_char_(j, ',');
    otel_json_char_(j, '"');
    otel_json_put_(j, row->name, strlen(row->name));
    otel_json_put_(j, "\":[", row->kind & OTEL_JSON_MANY_ ? 3 : 2);
    frame->row = (uint8_t)i;
    frame->at = frame->begin;
    frame->open = true;
    frame->more = false;
    return true;
}

/* The next value of the frame's field: of an array the next one, else the last one that there is. */
OTEL_FN_ bool otel_json_next_(otel_json_t_ *j, otel_json_frame_t_ *frame, const otel_json_row_t_ *row, otel_pb_field_t_ *field, otel_offset_t_ *slice)
{
    otel_pb_field_t_ one;
    otel_offset_t_ begin;
    bool found = false;
    while (frame->at < frame->end && otel_json_field_(j, &frame->at, frame->end, &one, &begin)) {
        if (!otel_json_fits_(row, &one)) continue;
        *field = one;
        *slice = begin;
        found = true;
        if (row->kind & OTEL_JSON_MANY_) break;
    }
    return found;
}

OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message);
OTEL_API_ bool otel_json_walk_(otel_json_t_ *j, unsigned message)
{
    otel_json_frame_t_ frames[OTEL_JSON_DEPTH_], *frame = frames;
    otel_pb_field_t_ field;
    otel_offset_t_ slice = 0;
    memset(&field, 0, sizeof field);
    if (!otel_json_enter_(j, frame, message, 0, j->len)) return false;
    for (;;) {
        const otel_json_row_t_ *rows = otel_json_rows_(frame->message), *row = &rows[frame->row];
        if (!frame->open) {
            if (otel_json_name_(j, frame, rows)) continue;
            otel_json_char_(j, '}');
            if (frame == frames) break;
            frame--;
        } else if (!otel_json_next_(j, frame, row, &field, &slice)) {
            if (row->kind & OTEL_JSON_MANY_) otel_json_char_(j, ']');
            frame->open = false;
            frame->more = true;
        } else if ((row->kind & OTEL_JSON_KIND_) != OTEL_JSON_MESSAGE_) {
            if (!otel_json_value_(j, frame, row->kind, &field, slice)) return false;
        } else {
            if (frame->more) otel_json_char_(j, ',');
            frame->more = true;
            if (frame == frames + OTEL_JSON_DEPTH_ - 1u) otel_json_put_(j, "{}", 2);
            else if (!otel_json_enter_(j, ++frame, row->message, slice, slice + (otel_offset_t_)field.len)) return false;
        }
    }
    otel_json_flush_(j);
    return true;
}

OTEL_API_ bool otel_json_write(const otel_request_t *request, void (*put)(void *user, const char *text, size_t len), void *user)
{
    otel_json_t_ j;
    uint64_t all = 0;
    size_t i, n;
    OTEL_WHEN_OFF_((void)request; (void)put; (void)user; return false)
    if (!request || !put || (unsigned)request->signal >= OTEL_SIGNALS) return false;
    j.whole.bytes = request->body;
    j.whole.len = request->len;
    j.parts = request->body ? &j.whole : request->parts;
    n = request->body ? 1 : request->parts ? request->parts_len : 0;
    for (i = 0; i < n; i++) all += j.parts[i].len;
    if (all > (otel_offset_t_)-1 || (n == 0 && request->len)) return false;
    j.len = (otel_offset_t_)all;
    j.part = 0;
    j.base = 0;
    j.filled = 0;
    j.user = user;
    j.put = NULL;                      /* first look, so that no half line is ever put */
    if (!otel_json_walk_(&j, (unsigned)request->signal)) return false;
    j.put = put;
    return otel_json_walk_(&j, (unsigned)request->signal);
}
OTEL_C_END_
#endif
#endif
