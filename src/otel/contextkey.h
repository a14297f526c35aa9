/* Values of a program's own that go along with a context inside the process: to child spans, samplers and processors, never over a
   wire. A context does not change; one with a value more is another context. Nobody who has none pays for it.
   Specification: context/README.md, "Create a key", "Get value", "Set value". */
#ifndef OTEL_CONTEXTKEY_H
#define OTEL_CONTEXTKEY_H
#include "compiler.h"
#include "context.h"

/* A key is its address: two of one name are two keys.
     static const otel_context_key_t user = OTEL_CONTEXT_KEY("user"); */
typedef struct otel_context_key_t {
    const char *name OTEL_Z_;             /* for people who debug */
} otel_context_key_t;
#define OTEL_CONTEXT_KEY(name) { name }

/* Memory for one value, the caller's; all fields are private. */
typedef struct otel_context_value_t {
    const otel_context_key_t *key_ OTEL_Z_;
    const void *value_ OTEL_Z_;
    const struct otel_context_value_t *next_ OTEL_Z_;
} otel_context_value_t;

OTEL_C_BEGIN_
/* A context like `context` (NULL: an empty one) in which `key` has `value`. `place`, which is not in use, and what `value` points to
   outlive it and the spans started from it. Start spans with it: .parent = &with. Safe in interrupts. */
OTEL_API_ otel_context_t otel_context_with(const otel_context_t *context, const otel_context_key_t *key, const void *value, otel_context_value_t *place);
/* The value of `key`, the last one set; NULL: none. Takes as long as values were set. Safe in interrupts. */
OTEL_API_ const void *otel_context_value(const otel_context_t *context, const otel_context_key_t *key);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_context_t otel_context_with(const otel_context_t *context, const otel_context_key_t *key, const void *value, otel_context_value_t *place)
{
    otel_context_t with;
    memset((void *)&with, 0, sizeof with);
    OTEL_WHEN_OFF_((void)context; (void)key; (void)value; (void)place; return with)
    if (context) with = *context;
    if (!key || !place) return with;
    place->key_ = key;
    place->value_ = value;
    place->next_ = with.values;
    with.values = place;
    return with;
}

OTEL_API_ const void *otel_context_value(const otel_context_t *context, const otel_context_key_t *key)
{
    const otel_context_value_t *v;
    OTEL_WHEN_OFF_((void)v; (void)context; (void)key; return NULL)
    for (v = context ? context->values : NULL; v; v = v->next_) {
        if (v->key_ == key) return v->value_;
    }
    return NULL;
}
OTEL_C_END_
#endif
#endif
