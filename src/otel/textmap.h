/* Propagators as objects: the two of W3C, several in a row, and your own. The one in otel_config_t.propagator is what
   otel_inject and otel_extract_from use; without it these are W3C trace context and baggage.
   Specification: context/api-propagators.md, "TextMap Propagator", "Composite Propagator", "Global Propagators". */
#ifndef OTEL_TEXTMAP_H
#define OTEL_TEXTMAP_H
#include "carrier.h"
#include "compiler.h"
#include "context.h"
#include "instance.h"
#include "propagator.h"
#include "span.h"

OTEL_C_BEGIN_
OTEL_API_ bool otel_w3c_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ bool otel_baggage_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ bool otel_composite_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ void otel_w3c_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_baggage_send_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_composite_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);

OTEL_FN_ otel_propagator_t otel_propagator_(bool (*extract)(const otel_propagator_t *, otel_context_t *, otel_carrier_t *),
                                            void (*inject)(const otel_propagator_t *, const otel_context_t *, void (*)(void *, const char *, const char *), void *),
                                            const char *fields, const otel_propagator_t *const *list)
{
    otel_propagator_t p;
    p.extract = extract;
    p.inject = inject;
    p.fields = fields;
    p.list = list;
    p.user = NULL;
    return p;
}
#if OTEL_ENABLED
#define OTEL_PROPAGATOR_(extract, inject, fields, list) otel_propagator_(extract, inject, fields, list)
#else
#define OTEL_PROPAGATOR_(extract, inject, fields, list) otel_propagator_(NULL, NULL, fields, list)
#endif

/* W3C Trace Context: traceparent and tracestate. Several traceparent lines are none. */
OTEL_FN_ otel_propagator_t otel_propagator_w3c(void) { return OTEL_PROPAGATOR_(otel_w3c_extract_, otel_w3c_inject_, "traceparent\0tracestate\0", NULL); }
/* W3C Baggage. Lines that do not fit in the carrier's buffer are left out, each as a whole. */
OTEL_FN_ otel_propagator_t otel_propagator_baggage(void) { return OTEL_PROPAGATOR_(otel_baggage_extract_, otel_baggage_send_, "baggage\0", NULL); }
/* All of `list`, NULL at the end, one after the other; of several that find a trace the last one counts. `list` and what it
   names outlive the propagator. Composites do not stand inside one another. */
OTEL_FN_ otel_propagator_t otel_propagator_composite(const otel_propagator_t *const *list)
{
    if (!list) return otel_propagator_(NULL, NULL, NULL, NULL);
    return OTEL_PROPAGATOR_(otel_composite_extract_, otel_composite_inject_, NULL, list);
}

/* Read a carrier into `out`, which is emptied first. True when there is a trace; else a span started from `out` begins a
   new one. `propagator` NULL: the default instance's, else trace context and baggage. What otel_extract says of texts and
   their lives holds here too. Safe where the getter is. */
OTEL_API_ bool otel_extract_from(otel_context_t *out, const otel_propagator_t *propagator, otel_carrier_t *carrier);

/* Like otel_inject_context with a propagator of choice (NULL: as above). */
OTEL_API_ void otel_inject_to(const otel_context_t *context, const otel_propagator_t *propagator, void (*set)(void *user, const char *name, const char *value), void *user);

/* The n-th header name that a propagator sets, NULL at the end: what a client clears before it injects again. */
OTEL_API_ const char *otel_propagator_field(const otel_propagator_t *propagator, size_t n);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TRACESTATE_BYTES_ 16447u       /* 32 members of two times 256, their '=', and the commas between */
#define OTEL_COMPOSITE_MOST_ 16u

/* The only traceparent; without a valid one no trace is in *context. */
OTEL_STEP_ bool otel_w3c_parent_(otel_context_t *context, const otel_carrier_t *carrier)
{
    size_t len;
    const char *text = otel_carrier_only(carrier, "traceparent", &len);
    return text && otel_traceparent_read_(context, text, len);
}

/* What goes with it. True: a trace was found. */
OTEL_STEP_ bool otel_w3c_state_(otel_context_t *context, otel_carrier_t *carrier)
{
    context->tracestate = otel_header_text_(otel_carrier_list(carrier, "tracestate", OTEL_TRACESTATE_BYTES_, true));
    return true;
}

OTEL_API_ bool otel_w3c_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{
    (void)self;
    {                                             /* a block: its stack is free when the lists are read */
        otel_context_t read = *context;
        if (!otel_w3c_parent_(&read, carrier)) return false;
        *context = read;
    }
    return otel_w3c_state_(context, carrier);
}

OTEL_API_ void otel_w3c_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    (void)self;
    if (otel_inject_parent_(context->trace_id, context->span_id, context->flags, set, user)) otel_inject_tracestate_(context->tracestate, set, user);
}

OTEL_API_ bool otel_baggage_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{
    const char *text = otel_header_text_(otel_carrier_list(carrier, "baggage", OTEL_BAGGAGE_BYTES_, false));
    (void)self;
    if (text) context->baggage = text;
    return false;
}

OTEL_API_ void otel_baggage_send_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    (void)self;
    otel_inject_baggage_(context->baggage, set, user);
}

OTEL_API_ bool otel_composite_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{
    unsigned i;
    bool found = false;
    for (i = 0; i < OTEL_COMPOSITE_MOST_ && self->list[i]; i++) {
        const otel_propagator_t *one = self->list[i];
        if (one->extract && !one->list && (one->extract)(one, context, carrier)) found = true;
    }
    return found;
}

OTEL_API_ void otel_composite_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    unsigned i;
    for (i = 0; i < OTEL_COMPOSITE_MOST_ && self->list[i]; i++) {
        const otel_propagator_t *one = self->list[i];
        if (one->inject && !one->list) (one->inject)(one, context, set, user);
    }
}

OTEL_API_ bool otel_extract_from(otel_context_t *out, const otel_propagator_t *propagator, otel_carrier_t *carrier)
{
    bool found;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)propagator; (void)carrier; return false)
    if (!carrier) return false;
    if (!propagator && otel_default_()) propagator = otel_default_()->config_.propagator;
    if (propagator) return propagator->extract && (propagator->extract)(propagator, out, carrier);
    found = otel_w3c_parent_(out, carrier) && otel_w3c_state_(out, carrier);      /* `out` is empty: nothing in it is to be kept */
    (void)otel_baggage_extract_(NULL, out, carrier);
    return found;
}

OTEL_API_ void otel_inject_to(const otel_context_t *context, const otel_propagator_t *propagator, void (*set)(void *user, const char *name, const char *value), void *user)
{
    OTEL_WHEN_OFF_((void)context; (void)propagator; (void)set; (void)user; return)
    if (!context || !set) return;
    if (!propagator && otel_default_()) propagator = otel_default_()->config_.propagator;
    if (!propagator) otel_inject_w3c_(context, set, user);
    else if (propagator->inject) (propagator->inject)(propagator, context, set, user);
}

OTEL_FN_ const char *otel_field_at_(const char *fields, size_t *n)
{
    for (; fields && *fields; fields += strlen(fields) + 1u) {
        if ((*n)-- == 0) return fields;
    }
    return NULL;
}

OTEL_API_ const char *otel_propagator_field(const otel_propagator_t *propagator, size_t n)
{
    const char *field;
    unsigned i;
    OTEL_WHEN_OFF_((void)propagator; (void)n; return NULL)
    if (!propagator) return NULL;
    field = otel_field_at_(propagator->fields, &n);
    for (i = 0; !field && propagator->list && i < OTEL_COMPOSITE_MOST_ && propagator->list[i]; i++) field = otel_field_at_(propagator->list[i]->fields, &n);
    return field;
}
OTEL_C_END_
#endif
#endif
