/* Proofs about bytes: varints, protobuf, the answer of a receiver, texts that are cut. */
#include "kit.h"
#include "export/reply.h"
#include "otel/attr.h"
#include "otel/wire.h"

void varint_read(void)
{
    EACH(len, 0u, 11u) {
        uint64_t value = 0;
        unsigned used = otel_pb_varint_((const uint8_t *)bytes_(len), len, &value);
        HOLDS(used == OTEL_PB_BAD_ || (used <= len && used <= 10u));
    }
}

void varint_write(void)
{
    uint64_t value = nondet_u64(), back = 0;
    uint8_t to[10], *end = otel_put_varint64_(to, value);
    unsigned n = (unsigned)(end - to);
    HOLDS(n >= 1u && n <= 10u && n == otel_varint64_size_(value));
    HOLDS(otel_pb_varint_(to, n, &back) == n && back == value);
}

static void field_of(size_t len)
{
    const uint8_t *message = (const uint8_t *)bytes_(len);
    otel_pb_t_ pb = otel_pb_open_(message, len);
    otel_pb_field_t_ field;
    pb.cuttable = nondet_byte() & 1u;
    if (otel_pb_next_(&pb, &field)) {
        HOLDS(pb.at > message && pb.at + pb.left == message + len && field.number > 0);
        if (field.type == OTEL_PB_SLICE_) HOLDS(field.bytes > message && field.bytes + field.len <= message + len);
    } else {
        HOLDS(pb.left == 0 && (len == 0 || pb.broken || pb.cut));
    }
}

/* One field out of any bytes: a message that is longer is as many of these, each further on. */
void field(void)
{
    { EACH(len, 0u, BOUND(4u, 22u)) field_of(len); }
    field_of(11);
    field_of(21);
}

static void reply_of(size_t len)
{
    uint32_t items = nondet_u32();
    const uint8_t *body = (const uint8_t *)bytes_(len);
    otel_reply_t reply;
    if (otel_reply_read_(&reply, body, len, items)) {
        HOLDS(reply.rejected <= items && reply.code >= 0);
        HOLDS(reply.message_len == 0 || ((const uint8_t *)reply.message >= body && (const uint8_t *)reply.message + reply.message_len <= body + len));
    } else {
        HOLDS(reply.rejected == 0 && reply.retry_after_ms == 0 && reply.message_len == 0 && !reply.too_large);
    }
}

void reply(void) { EACH(len, 0u, BOUND(1u, 4u)) reply_of(len); }

/* Its pieces: what was rejected, and the message. */
static void partial_of(size_t len)
{
    uint32_t items = nondet_u32();
    otel_reply_t reply;
    otel_pb_field_t_ field;
    const uint8_t *bytes = (const uint8_t *)bytes_(len);
    memset(&reply, 0, sizeof reply);
    field.bytes = bytes;
    field.len = len;
    (void)otel_reply_partial_(&reply, &field, nondet_byte() & 1u, items);
    HOLDS(reply.rejected <= items);
    HOLDS(reply.message_len == 0 || ((const uint8_t *)reply.message > bytes && (const uint8_t *)reply.message + reply.message_len <= bytes + len));
}

void partial(void) { EACH(len, 0u, BOUND(3u, 6u)) partial_of(len); }

/* A duration of any bytes never is a longer wait than it can be said in 32 bits. */
static void duration_of(size_t len)
{
    otel_pb_field_t_ field;
    field.bytes = (const uint8_t *)bytes_(len);
    field.len = len;
    HOLDS(otel_reply_duration_(&field) <= 4000000000u);
}

void duration(void)
{
    { EACH(len, 0u, BOUND(2u, 8u)) duration_of(len); }
    duration_of(6);                                           /* more seconds than are waited for */
}

/* Only what is kept is looked at, also when the caller says SIZE_MAX. */
void cut(void)
{
    size_t limit = nondet_size(), len = nondet_size(), n;
    const char *text;
    WITHIN(limit, 0u, 12u);
    text = (const char *)bytes_(len > limit ? limit + 1u : len);
    n = otel_utf8_cut_(text, len, limit);
    HOLDS(n <= limit && n <= len && (len > limit || n == len) && n + 3u >= (len < limit ? len : limit));
}

/* A value that says to be longer than what there is room for is not looked at. */
void long_value(void)
{
    size_t len = nondet_size();
    uint8_t room[16];
    otel_attr_t attr;
    WITHIN(len, sizeof room, (size_t)-1);
    attr.key = "k";
    attr.value = OTEL_STR((const char *)bytes_(1), len);
    HOLDS(otel_attr_write_(room, sizeof room, 0x4A, &attr) != sizeof room + 1u);
}
