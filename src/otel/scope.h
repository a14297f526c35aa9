/* Instrumentation scopes: who recorded it. A scope takes its number in the instance at its first use; records carry the
   number, and the exporter groups them. Specification: common/instrumentation-scope.md. */
#ifndef OTEL_SCOPE_H
#define OTEL_SCOPE_H
#include "compiler.h"
#include "attr.h"

struct otel_t;

/* Define with OTEL_SCOPE at file scope; not const, because it remembers its number. A scope belongs to one instance. */
typedef struct otel_scope_t {
    const char *name OTEL_Z_;                 /* (required) */
    const char *version OTEL_Z_;
    const char *schema_url OTEL_Z_;
    const otel_attr_t *attributes OTEL_Z_;    /* attributes_len of them */
    size_t attributes_len OTEL_Z_;
    struct otel_t *otel OTEL_Z_;              /* (default: the default instance) */
    struct otel_scope_t *next_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;
    uint32_t number_ OTEL_Z_;
    uint32_t (*enter_)(struct otel_t *otel, const struct otel_scope_t *scope) OTEL_Z_;    /* set where a scope is named, so that programs without one have none of it */
} otel_scope_t;

/* static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2");
   Say .version: without it C++ refuses the second text or warns. What a scope is for: OTEL_FILE_SCOPE, and the .scope of
   spans and instruments. */
#if OTEL_ENABLED
#define OTEL_SCOPE(...) { .name = __VA_ARGS__, .enter_ = otel_scope_number_ }
#else
#define OTEL_SCOPE(...) { .name = __VA_ARGS__ }
#endif
#define OTEL_SCOPES_ 127u         /* numbers that a mark has room for */

OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_scope_number_(struct otel_t *otel, const otel_scope_t *scope);

/* A scope on its way into the library: one that was filled in by hand learns how to enter an instance. */
OTEL_INLINE_ const otel_scope_t *otel_scope_by_(const otel_scope_t *scope)
{
#if OTEL_ENABLED
    if (scope && !OTEL_LOAD_(&scope->enter_)) OTEL_STORE_(&((otel_scope_t *)(uintptr_t)scope)->enter_, &otel_scope_number_);
#endif
    return scope;
}
OTEL_C_END_
/*== implementation ==*/
#endif
