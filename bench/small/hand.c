/* Written for this one span and nothing else: the floor. No queue, no retry, no counts, no second span at a time. The bytes of each
   length are reserved, one where the content is short and two where it is not. */
#include "work.h"
#include <string.h>

static uint8_t packet[256];

static uint8_t *raw(uint8_t *p, uint8_t tag, const void *from, uint8_t len)
{
    if (p == NULL || len > 127 || (size_t)(packet + sizeof packet - p) < (size_t)len + 2u) return NULL;
    *p++ = tag;
    *p++ = len;
    memcpy(p, from, len);
    return p + len;
}

static uint8_t *text(uint8_t *p, uint8_t tag, const char *from) { return raw(p, tag, from, (uint8_t)strlen(from)); }

static uint8_t *time(uint8_t *p, uint8_t tag, uint64_t value)
{
    int i;
    if (p == NULL || packet + sizeof packet - p < 9) return NULL;
    for (*p++ = tag, i = 0; i < 8; i++, value >>= 8) *p++ = (uint8_t)value;
    return p;
}

/* A message begins with room for its length. */
static uint8_t *open(uint8_t *p, uint8_t tag, uint8_t room)
{
    if (p == NULL || packet + sizeof packet - p < 3) return NULL;
    *p++ = tag;
    return p + room;
}

static void shut(uint8_t *from, uint8_t *end, uint8_t room)
{
    size_t len = (size_t)(end - from);
    if (end == NULL) return;
    from[-1] = (uint8_t)(room == 2 ? len >> 7 : len);
    if (room == 2) from[-2] = (uint8_t)(len | 0x80u);
}

static uint8_t *attribute(uint8_t *p, uint8_t tag, const char *key, const char *value, uint8_t number)
{
    uint8_t *kv = p = open(p, tag, 1), *any;
    any = p = open(text(p, 0x0A, key), 0x12, 1);
    if (value) {
        p = text(p, 0x0A, value);
    } else if (p && packet + sizeof packet - p > 1) {
        *p++ = 0x18;
        *p++ = number;
    }
    shut(any, p, 1);
    shut(kv, p, 1);
    return p;
}

void work_begin(void) {}
size_t work_after(void) { return 0; }

void work_once(void)
{
    uint8_t ids[24], *p = packet, *resource, *spans, *span, *part;
    uint64_t start = work_now;
    work_id(ids, sizeof ids);
    resource = p = open(p, 0x0A, 2);
    part = p = open(p, 0x0A, 1);
    p = attribute(p, 0x0A, "service.name", "boiler", 0);
    shut(part, p, 1);
    spans = p = open(p, 0x12, 2);
    part = p = open(p, 0x0A, 1);
    p = text(p, 0x0A, "hand");
    shut(part, p, 1);
    span = p = open(p, 0x12, 2);
    p = raw(p, 0x0A, ids, 16);
    p = raw(p, 0x12, ids + 16, 8);
    p = text(p, 0x2A, "read_sensor");
    if (p && packet + sizeof packet - p > 2) {
        *p++ = 0x30;
        *p++ = 1;
    }
    p = time(p, 0x39, start);
    p = time(p, 0x41, work_now);
    p = attribute(p, 0x4A, "sensor.id", NULL, 7);
    p = attribute(p, 0x4A, "bus", "i2c1", 0);
    shut(span, p, 2);
    shut(spans, p, 2);
    shut(resource, p, 2);
    work_send(packet, p ? (size_t)(p - packet) : 0);
}
