/* Messages as carriers: headers as bytes, in the form that MQTT 5 and Kafka give them, and a context in 29 bytes for links
   on which each byte counts. For clients that build their packets themselves; a client with a call for headers is a setter
   like any other. MQTT 5.0, 2.2.2 (User Property); Kafka protocol, "Record Header"; OpenCensus BinaryEncoding (grpc-trace-bin). */
#ifndef OTEL_MESSAGE_H
#define OTEL_MESSAGE_H
#include "carrier.h"
#include "compiler.h"
#include "context.h"
#include "wire.h"

/* Headers of a message, encoded. To write: bytes and size, the rest zero. To read: bytes and len. */
typedef struct otel_message_t {
    uint8_t *bytes;
    size_t size;                  /* room, bytes */
    size_t len;                   /* of what is there */
    unsigned count;               /* headers written: what Kafka puts in front of them */
    bool lost;                    /* one did not fit, and is left out as a whole */
} otel_message_t;

#define OTEL_BINARY_SIZE 29       /* bytes of a binary context */

OTEL_C_BEGIN_
OTEL_API_ const char *otel_mqtt_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_mqtt_key_(void *user, size_t *at, size_t *len);
OTEL_API_ const char *otel_kafka_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_kafka_key_(void *user, size_t *at, size_t *len);

/* Setters: otel_inject(span, otel_mqtt_set, &message) appends a User Property for each header, otel_kafka_set a record
   header. Property Length and header count stand in front of them and are the caller's. */
OTEL_API_ void otel_mqtt_set(void *message, const char *name, const char *value);
OTEL_API_ void otel_kafka_set(void *message, const char *name, const char *value);

/* Read the properties of an MQTT packet (without Property Length), or the headers of a Kafka record (without their count).
   Names are compared without case. `buffer` (600 bytes or more) holds what needs a NUL; message and buffer outlive the
   context. Reading ends where the bytes make no sense. */
OTEL_FN_ otel_carrier_t otel_carrier_mqtt(const otel_message_t *message, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(message, buffer, buffer_size);
#if OTEL_ENABLED
    if (message && message->bytes) {
        carrier.get = otel_mqtt_get_;
        carrier.key = otel_mqtt_key_;
    }
#endif
    return carrier;
}
OTEL_FN_ otel_carrier_t otel_carrier_kafka(const otel_message_t *message, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(message, buffer, buffer_size);
#if OTEL_ENABLED
    if (message && message->bytes) {
        carrier.get = otel_kafka_get_;
        carrier.key = otel_kafka_key_;
    }
#endif
    return carrier;
}

/* Write ids and flags of a context as 29 bytes; false, and zeros, when it is not valid. Baggage and tracestate have no place. */
OTEL_API_ bool otel_binary_write(const otel_context_t *context, uint8_t to[OTEL_BINARY_SIZE]);
/* Read them; false, and an empty context, when they are none. Fields of later versions behind the first three are ignored. */
OTEL_API_ bool otel_binary_read(otel_context_t *out, const void *bytes, size_t len);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_MQTT_USER_ 0x26u

OTEL_API_ void otel_mqtt_set(void *message, const char *name, const char *value)
{
    otel_message_t *m = (otel_message_t *)message;
    size_t name_len, value_len;
    uint8_t *p;
    OTEL_WHEN_OFF_((void)m; (void)name; (void)value; return)
    if (!m || !m->bytes || !name || !value) return;
    name_len = strlen(name);
    value_len = strlen(value);
    if (name_len > 0xFFFFu || value_len > 0xFFFFu || m->len > m->size || 5u + name_len + value_len > m->size - m->len) {
        m->lost = true;
        return;
    }
    p = m->bytes + m->len;
    *p++ = OTEL_MQTT_USER_;
    *p++ = (uint8_t)((unsigned)name_len >> 8);
    *p++ = (uint8_t)name_len;
    memcpy(p, name, name_len);
    p += name_len;
    *p++ = (uint8_t)((unsigned)value_len >> 8);
    *p++ = (uint8_t)value_len;
    memcpy(p, value, value_len);
    m->len += 5u + name_len + value_len;
    m->count++;
}

/* A length of Kafka is a zigzag varint. */
OTEL_API_ void otel_kafka_set(void *message, const char *name, const char *value)
{
    otel_message_t *m = (otel_message_t *)message;
    size_t name_len, value_len, need;
    uint8_t *p;
    OTEL_WHEN_OFF_((void)m; (void)name; (void)value; return)
    if (!m || !m->bytes || !name || !value) return;
    name_len = strlen(name);
    value_len = strlen(value);
    need = (size_t)otel_varint_size_((uint32_t)name_len * 2u) + otel_varint_size_((uint32_t)value_len * 2u) + name_len + value_len;
    if (otel_too_long_(name_len) || otel_too_long_(value_len) || m->len > m->size || need > m->size - m->len) {
        m->lost = true;
        return;
    }
    p = otel_put_varint_(m->bytes + m->len, (uint32_t)name_len * 2u);
    memcpy(p, name, name_len);
    p = otel_put_varint_(p + name_len, (uint32_t)value_len * 2u);
    memcpy(p, value, value_len);
    m->len += need;
    m->count++;
}

/* A text of MQTT, two bytes of length in front; NULL when it ends behind the message. */
OTEL_FN_ const char *otel_mqtt_text_(const otel_message_t *m, size_t *at, size_t *len)
{
    const char *text;
    size_t n;
    if (m->len - *at < 2) return NULL;
    n = (size_t)((unsigned)m->bytes[*at] << 8 | m->bytes[*at + 1u]);
    if (m->len - *at - 2u < n) return NULL;
    text = (const char *)m->bytes + *at + 2u;
    *at += 2u + n;
    *len = n;
    return text;
}

/* How long the value of a property is that is no user property; 0: not known here or cut off. */
OTEL_FN_ size_t otel_mqtt_skip_(unsigned id, const otel_message_t *m, size_t at)
{
    size_t i;
    switch (id) {
    case 0x01: case 0x17: case 0x19: case 0x24: case 0x25: case 0x28: case 0x29: case 0x2A: return 1;
    case 0x13: case 0x21: case 0x22: case 0x23: return 2;
    case 0x02: case 0x11: case 0x18: case 0x27: return 4;
    case 0x0B:                                    /* Subscription Identifier: a varint of up to 4 bytes */
        for (i = 0; i < 4 && i < m->len - at; i++) {
            if (m->bytes[at + i] < 128u) return i + 1u;
        }
        return 0;
    case 0x03: case 0x08: case 0x09: case 0x12: case 0x15: case 0x16: case 0x1A: case 0x1C: case 0x1F:
        return m->len - at < 2 ? 0 : 2u + (size_t)((unsigned)m->bytes[at] << 8 | m->bytes[at + 1u]);
    default: return 0;
    }
}

OTEL_API_ const char *otel_mqtt_key_(void *user, size_t *at, size_t *len)
{
    const otel_message_t *m = (const otel_message_t *)user;
    while (*at < m->len) {
        unsigned id = m->bytes[(*at)++];
        size_t n;
        if (id == OTEL_MQTT_USER_) {
            const char *name = otel_mqtt_text_(m, at, len), *value;
            size_t value_len;
            if (!name) break;
            value = otel_mqtt_text_(m, at, &value_len);
            if (!value) break;
            return name;
        }
        n = otel_mqtt_skip_(id, m, *at);
        if (n == 0 || n > m->len - *at) break;
        *at += n;
    }
    *at = m->len;
    return NULL;
}

OTEL_API_ const char *otel_mqtt_get_(void *user, const char *name, size_t *at, size_t *len)
{
    const otel_message_t *m = (const otel_message_t *)user;
    const char *key;
    size_t key_len = 0, value;
    while ((key = otel_mqtt_key_(user, at, &key_len)) != NULL) {
        if (!otel_name_is_(name, key, key_len)) continue;
        value = (size_t)(key - (const char *)m->bytes) + key_len;
        return otel_mqtt_text_(m, &value, len);
    }
    return NULL;
}

/* A length of Kafka; (size_t)-1 when it is negative (null), too large or cut off. */
OTEL_FN_ size_t otel_kafka_length_(const otel_message_t *m, size_t *at)
{
    uint32_t n = 0;
    unsigned shift;
    for (shift = 0; shift < 28u && *at < m->len; shift += 7) {
        uint8_t byte = m->bytes[(*at)++];
        n |= (uint32_t)(byte & 127u) << shift;
        if (byte < 128u) return n & 1u || otel_too_long_((size_t)(n >> 1)) || n >> 1 > m->len - *at ? (size_t)-1 : (size_t)(n >> 1);
    }
    return (size_t)-1;
}

/* The header at *at. A null value (length -1) is an empty one; false at the end. */
OTEL_FN_ bool otel_kafka_header_(const otel_message_t *m, size_t *at, otel_header_t *h)
{
    h->name_len = *at < m->len ? otel_kafka_length_(m, at) : (size_t)-1;
    if (h->name_len == (size_t)-1) return false;
    h->name = (const char *)m->bytes + *at;
    *at += h->name_len;
    if (*at < m->len && m->bytes[*at] == 1u) {
        ++*at;
        h->value_len = 0;
    } else {
        h->value_len = otel_kafka_length_(m, at);
        if (h->value_len == (size_t)-1) return false;
    }
    h->value = (const char *)m->bytes + *at;
    *at += h->value_len;
    return true;
}

OTEL_API_ const char *otel_kafka_key_(void *user, size_t *at, size_t *len)
{
    otel_header_t h;
    if (!otel_kafka_header_((const otel_message_t *)user, at, &h)) {
        *at = ((const otel_message_t *)user)->len;
        return NULL;
    }
    *len = h.name_len;
    return h.name;
}

OTEL_API_ const char *otel_kafka_get_(void *user, const char *name, size_t *at, size_t *len)
{
    const otel_message_t *m = (const otel_message_t *)user;
    otel_header_t h;
    while (otel_kafka_header_(m, at, &h)) {
        if (!otel_name_is_(name, h.name, h.name_len)) continue;
        *len = h.value_len;
        return h.value;
    }
    *at = m->len;
    return NULL;
}

/* version 0, field 0: trace id, field 1: span id, field 2: options */
OTEL_API_ bool otel_binary_write(const otel_context_t *context, uint8_t to[OTEL_BINARY_SIZE])
{
    if (to) memset(to, 0, OTEL_BINARY_SIZE);
    OTEL_WHEN_OFF_((void)context; return false)
    if (!to || !otel_context_valid(context)) return false;
    memcpy(to + 2, context->trace_id, 16);
    to[18] = 1;
    memcpy(to + 19, context->span_id, 8);
    to[27] = 2;
    to[28] = (uint8_t)(context->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    return true;
}

OTEL_API_ bool otel_binary_read(otel_context_t *out, const void *bytes, size_t len)
{
    const uint8_t *p = (const uint8_t *)bytes;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)p; (void)len; return false)
    if (!p || len < OTEL_BINARY_SIZE || p[0] != 0 || p[1] != 0 || p[18] != 1 || p[27] != 2) return false;
    memcpy(out->trace_id, p + 2, 16);
    memcpy(out->span_id, p + 19, 8);
    if (!otel_context_valid(out)) {
        memset(out, 0, sizeof *out);
        return false;
    }
    out->flags = (uint8_t)(p[28] & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    out->remote = true;
    return true;
}
OTEL_C_END_
#endif
#endif
