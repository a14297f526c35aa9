/* Resources: what describes the program, put together from several sources in memory of yours before otel_init takes it.
   Specification: resource/sdk.md, "Merge", "Detecting resource information from the environment". */
#ifndef OTEL_DETECT_H
#define OTEL_DETECT_H
#include "attr.h"
#include "compiler.h"

/* A resource under construction: give `at` and `size`, and `text` with `text_size` for what has to be copied; the rest zero.
     otel_init(&otel, .attributes = r.at, .attributes_len = r.len, .schema_url = r.schema_url, ...) */
typedef struct otel_resource_t {
    otel_attr_t *at;
    size_t size;                  /* room, in attributes */
    char *text;
    size_t text_size;             /* bytes */
    size_t len;                   /* attributes there */
    size_t text_used;
    const char *schema_url;       /* NULL: none */
    bool conflict;                /* two schema URLs that differ were merged: there is none now */
    bool lost;                    /* something found no room */
} otel_resource_t;

/* Puts what it finds into the resource, for otel_resource_detect. */
typedef void (*otel_detector_t)(otel_resource_t *resource);

OTEL_C_BEGIN_
/* Set an attribute; one with this key is replaced. Key and value are not copied. False: no room. */
OTEL_API_ bool otel_resource_set(otel_resource_t *resource, const char *key, otel_value_t value);
/* The same with a text of `len` bytes that is copied. */
OTEL_API_ bool otel_resource_text(otel_resource_t *resource, const char *key, const char *text, size_t len);
/* Merge `len` attributes and their schema URL (NULL: none) into the resource: of equal keys the new one counts. A schema URL
   fills an empty one; two that differ leave none, and `conflict`. */
OTEL_API_ void otel_resource_merge(otel_resource_t *resource, const otel_attr_t *attributes, size_t len, const char *schema_url);
/* Let detectors (`len` of them) fill the resource, in turn. */
OTEL_API_ void otel_resource_detect(otel_resource_t *resource, const otel_detector_t *detectors, size_t len);
/* The value of an attribute; NULL when it is not there. */
OTEL_API_ const otel_value_t *otel_resource_get(const otel_resource_t *resource, const char *key);
/* Set service.instance.id to the UUID (version 4) that 16 random bytes make. */
OTEL_API_ bool otel_resource_instance_id(otel_resource_t *resource, const uint8_t random[16]);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const otel_value_t *otel_resource_get(const otel_resource_t *resource, const char *key)
{
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)key; return NULL)
    for (i = 0; resource && key && i < resource->len; i++) {
        const char *k = resource->at[i].key;
        if (strlen(k) == strlen(key) && memcmp(k, key, strlen(key)) == 0) return &resource->at[i].value;
    }
    return NULL;
}

/* Where the value of this key stands or may stand; NULL: no room. */
OTEL_STEP_ otel_value_t *otel_resource_place_(otel_resource_t *resource, const char *key)
{
    const otel_value_t *there = otel_resource_get(resource, key);
    if (there) return (otel_value_t *)(uintptr_t)there;
    if (!resource->at || resource->len >= resource->size) {
        resource->lost = true;
        return NULL;
    }
    resource->at[resource->len].key = key;
    return &resource->at[resource->len++].value;
}

OTEL_API_ bool otel_resource_set(otel_resource_t *resource, const char *key, otel_value_t value)
{
    otel_value_t *place;
    OTEL_WHEN_OFF_((void)place; (void)resource; (void)key; (void)value; return true)
    if (!resource || !key || !*key) return false;
    place = otel_resource_place_(resource, key);
    if (place) *place = value;
    return place != NULL;
}

/* Room for a text of `len` bytes; NULL: none. */
OTEL_FN_ char *otel_resource_room_(otel_resource_t *resource, size_t len)
{
    char *room;
    if (!resource->text || len > resource->text_size - resource->text_used) {
        resource->lost = true;
        return NULL;
    }
    room = resource->text + resource->text_used;
    resource->text_used += len;
    return room;
}

OTEL_API_ bool otel_resource_text(otel_resource_t *resource, const char *key, const char *text, size_t len)
{
    char *copy;
    OTEL_WHEN_OFF_((void)resource; (void)key; (void)text; (void)len; return true)
    if (!resource || !text) return false;
    copy = otel_resource_room_(resource, len);
    if (!copy) return false;
    memcpy(copy, text, len);
    return otel_resource_set(resource, key, OTEL_STR(copy, len));
}

OTEL_API_ void otel_resource_merge(otel_resource_t *resource, const otel_attr_t *attributes, size_t len, const char *schema_url)
{
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)attributes; (void)len; (void)schema_url; return)
    if (!resource) return;
    for (i = 0; i < len && attributes; i++) (void)otel_resource_set(resource, attributes[i].key, attributes[i].value);
    if (!schema_url || !*schema_url || resource->conflict) return;
    if (!resource->schema_url || !*resource->schema_url) {
        resource->schema_url = schema_url;
    } else if (strlen(schema_url) != strlen(resource->schema_url) || memcmp(schema_url, resource->schema_url, strlen(schema_url)) != 0) {
        resource->schema_url = NULL;
        resource->conflict = true;
    }
}

OTEL_API_ void otel_resource_detect(otel_resource_t *resource, const otel_detector_t *detectors, size_t len)
{
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)detectors; (void)len; return)
    for (i = 0; resource && detectors && i < len; i++) {
        if (detectors[i]) (detectors[i])(resource);
    }
}

OTEL_API_ bool otel_resource_instance_id(otel_resource_t *resource, const uint8_t random[16])
{
    static const char digits[] = "0123456789abcdef";
    char *text, *to;
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)random; (void)digits; return true)
    if (!resource) return false;
    text = to = otel_resource_room_(resource, 36);
    for (i = 0; i < 16 && to; i++) {
        unsigned byte = random[i];
        if (i == 6) byte = (byte & 15u) | 0x40u;              /* version 4 */
        if (i == 8) byte = (byte & 0x3Fu) | 0x80u;            /* the variant of RFC 9562 */
        if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15u];
    }
    return text && otel_resource_set(resource, "service.instance.id", OTEL_STR(text, 36));
}
OTEL_C_END_
#endif
#endif
