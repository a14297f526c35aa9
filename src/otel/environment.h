/* The environment as a carrier: a parent process passes its span on to children as TRACEPARENT, TRACESTATE and BAGGAGE.
   Nothing here calls the system: the arrays are those that main, execve and posix_spawn know.
   Specification: context/env-carriers.md. */
#ifndef OTEL_ENVIRONMENT_H
#define OTEL_ENVIRONMENT_H
#include "carrier.h"
#include "compiler.h"
#include "propagator.h"
#include "textmap.h"

/* An environment for a child. Fill the first four; the other fields are private. */
typedef struct otel_environment_t {
    const char **to;              /* room for `slots` entries, the last of which is NULL */
    size_t slots;
    char *buffer;                 /* buffer_size bytes for the new entries; 600 hold what W3C asks for at least */
    size_t buffer_size;
    size_t used_, count_;
    bool lost_;
} otel_environment_t;

OTEL_C_BEGIN_
OTEL_API_ const char *otel_environment_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_environment_key_(void *user, size_t *at, size_t *len);

/* Read `environment` ("NAME=value" entries, NULL at the end: environ, envp of main), which outlives the context:
     otel_carrier_t carrier = otel_carrier_environment(environ);
     otel_extract_from(&caller, NULL, &carrier);
   The name of a header is its upper-case form with '_' for what is neither letter nor digit. Of two entries the first counts. */
OTEL_FN_ otel_carrier_t otel_carrier_environment(char *const *environment)
{
    otel_carrier_t carrier = otel_carrier_((const void *)environment, NULL, 0);
#if OTEL_ENABLED
    if (environment) {
        carrier.get = otel_environment_get_;
        carrier.key = otel_environment_key_;
    }
#endif
    return carrier;
}

/* Make the environment of a child: the entries of `from` (NULL: none) and those that carry `span` on, which take the place
   of older ones. Headers of the propagator that the span does not have are left out, so that the child sees no stale ones.
   Gives the array for execve, NULL when room is missing. Works without a span: then nothing is passed on. */
OTEL_API_ char *const *otel_environment(otel_environment_t *out, char *const *from, const otel_span_t *span);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_ENVIRONMENT_MOST_ 65535u

OTEL_FN_ char otel_environment_char_(char c)
{
    if (c >= 'a' && c <= 'z') return (char)(c - ('a' - 'A'));
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
}

/* The value of an entry when it has the name of that header, else NULL. */
OTEL_API_ const char *otel_environment_value_(const char *entry, const char *name);
OTEL_API_ const char *otel_environment_value_(const char *entry, const char *name)
{
    for (; *name; name++, entry++) {
        if (*entry != otel_environment_char_(*name)) return NULL;
    }
    return *entry == '=' ? entry + 1 : NULL;
}

OTEL_API_ const char *otel_environment_get_(void *user, const char *name, size_t *at, size_t *len)
{
    char *const *entries = (char *const *)user;
    size_t i;
    (void)len;                                    /* entries end in NUL */
    if ((*at)++) return NULL;
    for (i = 0; i < OTEL_ENVIRONMENT_MOST_ && entries[i]; i++) {
        const char *value = otel_environment_value_(entries[i], name);
        if (value) return value;
    }
    return NULL;
}

OTEL_API_ const char *otel_environment_key_(void *user, size_t *at, size_t *len)
{
    char *const *entries = (char *const *)user;
    const char *entry = entries[*at], *end;
    if (!entry) return NULL;
    ++*at;
    *len = strlen(entry);
    end = (const char *)memchr(entry, '=', *len);
    if (end) *len = (size_t)(end - entry);
    return entry;
}

/* Put NAME=value into the buffer and its address into the array. */
OTEL_API_ void otel_environment_set_(void *user, const char *name, const char *value);
OTEL_API_ void otel_environment_set_(void *user, const char *name, const char *value)
{
    otel_environment_t *out = (otel_environment_t *)user;
    size_t name_len = strlen(name), value_len = strlen(value), i;
    char *p;
    if (name_len + value_len + 2u > out->buffer_size - out->used_ || out->count_ + 1u >= out->slots) {
        out->lost_ = true;
        return;
    }
    p = out->buffer + out->used_;
    out->to[out->count_++] = p;
    for (i = 0; i < name_len; i++) *p++ = otel_environment_char_(name[i]);
    *p++ = '=';
    memcpy(p, value, value_len + 1u);
    out->used_ += name_len + value_len + 2u;
}

/* Is this an entry that a propagator writes? */
OTEL_FN_ bool otel_environment_ours_(const char *entry, const otel_propagator_t *propagator)
{
    static const char *const w3c[] = { "traceparent", "tracestate", "baggage" };
    const char *field;
    size_t i;
    for (i = 0; propagator && (field = otel_propagator_field(propagator, i)) != NULL; i++) {
        if (otel_environment_value_(entry, field)) return true;
    }
    for (i = 0; !propagator && i < 3; i++) {
        if (otel_environment_value_(entry, w3c[i])) return true;
    }
    return false;
}

/* The entries of the span and the end of the array. Called in the place of a return, so that little lies under what is injected. */
OTEL_STEP_ char *const *otel_environment_pass_(otel_environment_t *out, const otel_span_t *span)
{
    otel_inject(span, otel_environment_set_, out);
    if (out->lost_) return NULL;
    out->to[out->count_] = NULL;
    return (char *const *)(uintptr_t)out->to;
}

OTEL_API_ char *const *otel_environment(otel_environment_t *out, char *const *from, const otel_span_t *span)
{
    const otel_propagator_t *propagator;
    size_t i;
    OTEL_WHEN_OFF_((void)out; (void)span; return from)
    if (!out || !out->to || !out->slots || (out->buffer_size && !out->buffer)) return NULL;
    out->used_ = out->count_ = 0;
    out->lost_ = false;
    propagator = otel_default_() ? otel_default_()->config_.propagator : NULL;
    for (i = 0; from && i < OTEL_ENVIRONMENT_MOST_ && from[i]; i++) {
        if (otel_environment_ours_(from[i], propagator)) continue;
        if (out->count_ + 1u >= out->slots) return NULL;
        out->to[out->count_++] = from[i];
    }
    return otel_environment_pass_(out, span);
}
OTEL_C_END_
#endif
#endif
