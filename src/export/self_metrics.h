/* What the library does, told as metrics: spans started and alive, queues, what was exported and what was lost for which
   reason, how long requests and collections take. The numbers are those of otel_stats; recording costs nothing more, but for
   two counts a span. It all comes into a program with otel_self_metrics_start.
   Specification: semantic conventions, "OpenTelemetry SDK metrics" (otel.sdk.*, in development).

     static otel_self_metrics_t self;
     otel_self_metrics_start(&self);                      // once the instance runs, before spans are started

   A ring is the queue of a batching processor for each exporter, and takes bytes: its capacity is told as how many records of
   the mean size of those that are in it it holds. A batch that waits for its retry stands in the queue again. Of created
   records each is in one place: processed (with error.type when it was lost on the way to the exporter), in the queue, or in
   flight; of those processed without error.type each is exported, with error.type when the receiver did not take it.

   Names of components end in the number of the exporter: "batching_span_processor/0". On small targets, where a series has
   room for 62 bytes of attributes, they are "span/0", "metric/0", "log/0", and types, origins and statuses are left out. There
   is nothing of this where pointers have 16 bits. */
#ifndef OTEL_EXPORT_SELF_METRICS_H
#define OTEL_EXPORT_SELF_METRICS_H
#include "../otel/compiler.h"
#include "../otel/instance.h"
#include "../otel/pairs.h"
#include "self_hooks.h"
#include "self_numbers.h"
#include "self_state.h"

#if UINTPTR_MAX > 0xFFFFu
/* Zero means the default. The order of the fields is API. */
typedef struct otel_self_options_t {
    otel_t *otel OTEL_Z_;             /* (default: the default instance) */
    const char *transport OTEL_Z_;    /* first words of an exporter's type, at most 23 characters; static (default: "otlp_http") */
    const char *processor OTEL_Z_;    /* first word of a processor's type, at most 15 characters; static (default: "batching") */
} otel_self_options_t;

OTEL_C_BEGIN_
/* Tell what the instance does from now on, to every reader of its metrics. `self` is zero, or was used before; after a new
   otel_init it is started again. Spans that were started before are not among the live ones; requests of an exporter have
   a duration from its first collection on, if it has .send and answers at once; a collection has one unless it is the first
   behind an instrument's first use. Not for interrupts.
   Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_self_metrics_start_with(otel_self_metrics_t *self, const otel_self_options_t *options);
OTEL_C_END_
#define otel_self_metrics_start(...) \
    OTEL_CAT_(OTEL_SELF_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_SELF_START_one_(self) otel_self_metrics_start_with((self), NULL)
#define OTEL_SELF_START_more_(self, ...) otel_self_metrics_start_with((self), OTEL_REF_(otel_self_options_t, __VA_ARGS__))
#endif
/*== implementation ==*/
#if OTEL_BODIES_ && UINTPTR_MAX > 0xFFFFu
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_FN_ void otel_self_describe_(otel_self_metrics_t *self)
{
    static const struct { const char *name, *unit; bool up; uint16_t series; } what[] = {
#define OTEL_SELF_ROW_(id, name, unit, up, series) { name, unit, up, (series) },
        OTEL_SELF_OBSERVED_(OTEL_SELF_ROW_)
#undef OTEL_SELF_ROW_
    };
    static const double bounds[OTEL_SELF_BOUNDS_] = { 0.0001, 0.001, 0.005, 0.025, 0.1, 1, 10 };
    otel_series_t *series = self->series_;
    unsigned i;
    for (i = 0; i < OTEL_SELF_KINDS_; i++) {
        otel_instrument_t *one = &self->observed_[i].base_;
        one->name = what[i].name;
        one->unit = what[i].unit;
        one->form_ = what[i].up ? &otel_observed_counter_form_ : &otel_observed_updown_form_;
        one->series = what[i].series ? series : NULL;
        one->series_len = what[i].series;
        one->scope = &self->scope_;
        series += what[i].series;
    }
    for (i = 0; i < 2u; i++) {
        otel_instrument_t *one = i ? &self->collection_.base_ : &self->operation_.base_;
        one->name = i ? "otel.sdk.metric_reader.collection.duration" : "otel.sdk.exporter.operation.duration";
        one->unit = "s";
        one->form_ = &otel_histogram_form_;
        one->series = i ? self->collections_ : self->operations_;
        one->series_len = i ? OTEL_SELF_COLLECTIONS_ : OTEL_SELF_OPERATIONS_;
        one->bounds = bounds;
        one->bounds_len = OTEL_SELF_BOUNDS_;
        one->rows = i ? self->collection_rows_ : self->operation_rows_;
        one->rows_len = i ? sizeof self->collection_rows_ / sizeof *self->collection_rows_ : sizeof self->operation_rows_ / sizeof *self->operation_rows_;
        one->scope = &self->scope_;
    }
    self->scope_.name = "otel.sdk";
    self->scope_.version = OTEL_VERSION;
}
#endif

OTEL_API_ otel_result_t otel_self_metrics_start_with(otel_self_metrics_t *self, const otel_self_options_t *options)
{
    otel_t *otel = options && options->otel ? options->otel : otel_default_();
    unsigned i;
    OTEL_METRICS_OFF_((void)self; (void)otel; (void)i; return OTEL_OK)
#if OTEL_ENABLED && OTEL_METRICS
    if (!self) return OTEL_E_NULL;
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    if (otel_self_of_(otel)) return OTEL_OK;
    memset((void *)self->begun_, 0, sizeof self->begun_);
    memset((void *)self->ended_, 0, sizeof self->ended_);
    memset((void *)self->mean_, 0, sizeof self->mean_);
    memset((void *)self->sender_, 0, sizeof self->sender_);
    self->mark_ = OTEL_SELF_MARK_;
    self->epoch_ = otel->epoch_;
    self->otel_ = self->scope_.otel = otel;
    self->transport_ = options && options->transport ? options->transport : "otlp_http";
    self->processor_ = options && options->processor ? options->processor : "batching";
    if (!self->operation_.base_.name) otel_self_describe_(self);
    self->callback_.call = otel_self_measure_;
    self->callback_.user = self;
    self->callback_.otel = otel;
    for (i = 0; i < OTEL_SELF_KINDS_; i++) (void)otel_join_(&self->observed_[i].base_);
    (void)otel_join_(&self->operation_.base_);
    (void)otel_join_(&self->collection_.base_);
    OTEL_STORE_RELEASE_(&otel->collect_, &otel_self_collect_);
    (void)otel_callback_register(&self->callback_);
    otel_self_follow_(self);
#endif
    return OTEL_OK;
}
OTEL_C_END_
#endif
#endif
