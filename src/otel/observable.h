/* Observable instruments: numbers that the program keeps anyway, told by a callback when metrics are collected. One callback
   may tell several instruments. Specification: metrics/api.md, "Asynchronous Counter", "Asynchronous Gauge", "Asynchronous
   UpDownCounter", "Multiple-instrument callbacks".

     static otel_observable_t used = OTEL_OBSERVABLE_UPDOWN("system.memory.usage", .unit = "By", OTEL_SERIES(4));
     static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("system.cpu.load");
     static void measure(void *user) { otel_observe(&used, heap_used(), "state", "used"); otel_observe(&load, 0.5); }
     static otel_callback_t callback = OTEL_CALLBACK(measure, NULL);
     otel_callback_register(&callback);                   // once the instance runs

   Counters tell their total, not what came since. What a callback does not tell in a round is not in it. Callbacks run in
   the thread that collects, one collection at a time. */
#ifndef OTEL_OBSERVABLE_H
#define OTEL_OBSERVABLE_H
#include "attr.h"
#include "collect.h"
#include "compiler.h"
#include "counter.h"
#include "instance.h"
#include "metric.h"
#include "pairs.h"
#include "result.h"
#include "series.h"

OTEL_INSTRUMENT_TYPE_(otel_observable_t);        /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_observable_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_OBSERVABLE_COUNTER(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_counter_form_) } }
#define OTEL_OBSERVABLE_COUNTER_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_counter_double_form_) } }
#define OTEL_OBSERVABLE_UPDOWN(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_updown_form_) } }
#define OTEL_OBSERVABLE_UPDOWN_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_updown_double_form_) } }
#define OTEL_OBSERVABLE_GAUGE(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_gauge_form_) } }
#define OTEL_OBSERVABLE_GAUGE_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_gauge_double_form_) } }

/* What is called when metrics are collected. Define with OTEL_CALLBACK where it outlives the instance. */
typedef struct otel_callback_t {
    void (*call)(void *user) OTEL_Z_;
    void *user OTEL_Z_;
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    struct otel_callback_t *next_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                      /* life of the instance that it is registered with */
    uint8_t on_ OTEL_Z_;
} otel_callback_t;
/* OTEL_CALLBACK(measure, NULL), OTEL_CALLBACK(measure, &board, .otel = &otel) */
#define OTEL_CALLBACK(function, ...) { .call = (function), .user = __VA_ARGS__ }

OTEL_C_BEGIN_
/* Call it at each collection from now on. Twice is nothing; after a new otel_init it is registered again. Not for
   interrupts. Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_callback_register(otel_callback_t *callback);

/* Call it no more: a collection that is under way may still do so once. Safe everywhere. */
OTEL_API_ void otel_callback_unregister(otel_callback_t *callback);

OTEL_API_ uint8_t otel_observe_round_(otel_t *otel);
OTEL_API_ void otel_observed_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_observed_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_observed_double_int_(otel_cell_t *cell, int64_t value);

/* With a table of `len` attributes. Inside a callback. */
OTEL_FN_ void otel_observe_all(otel_observable_t *observable, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_observe_double_all(otel_observable_double_t *observable, double value, const otel_attr_t *attributes, size_t len);

OTEL_FORM_OF_(otel_observed_counter_form_, OTEL_SUM_ | OTEL_OBSERVED_, 0x3A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_updown_form_, OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_OBSERVED_, 0x3A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_gauge_form_, OTEL_LAST_ | OTEL_OBSERVED_, 0x2A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), NULL, NULL);
OTEL_FORM_OF_(otel_observed_counter_double_form_, OTEL_SUM_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x3A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_updown_double_form_, OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x3A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_gauge_double_form_, OTEL_LAST_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x2A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), NULL, NULL);
OTEL_C_END_

/* otel_observe(&used, 4096, "state", "used"): up to 8 pairs, typed by the compiler. */
#ifndef __cplusplus
#  define otel_observe(observable, ...) \
    OTEL_EXT_ _Generic((observable), otel_observable_t *: otel_observe_all, otel_observable_double_t *: otel_observe_double_all)( \
        (observable), OTEL_OBSERVED_NUMBER_(observable, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_OBSERVED_NUMBER_(observable, value) \
    OTEL_EXT_ _Generic((observable), otel_observable_t *: OTEL_WHOLE_(value), otel_observable_double_t *: OTEL_REAL_(value))
#else
template <class V, class... A> static inline void otel_observe(otel_observable_t *observable, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_observe_all(observable, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_observe(otel_observable_double_t *observable, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_observe_double_all(observable, static_cast<double>(value), OTEL_LIST_(A));
}
#endif
/*== implementation ==*/
OTEL_C_BEGIN_
OTEL_FN_ void otel_observe_all(otel_observable_t *observable, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)observable; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, observable, value, attributes, len);
}

OTEL_FN_ void otel_observe_double_all(otel_observable_double_t *observable, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)observable; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, observable, value, attributes, len);
}
#if OTEL_BODIES_
OTEL_API_ otel_result_t otel_callback_register(otel_callback_t *callback)
{
    otel_t *otel;
    otel_callback_t *c;
    OTEL_METRICS_OFF_((void)callback; (void)otel; (void)c; return OTEL_OK)
    if (!callback || !callback->call) return OTEL_E_NULL;
    otel = callback->otel ? callback->otel : otel_default_();
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    OTEL_STORE_(&callback->on_, (uint8_t)1);
    for (c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_); c; c = c->next_) {
        if (c == callback) return OTEL_OK;
    }
    OTEL_STORE_(&otel->observe_, &otel_observe_round_);
    if (!OTEL_LOAD_(&otel->collect_)) OTEL_STORE_RELEASE_(&otel->collect_, &otel_collect_);      /* the first instrument may be used by the callback only */
    callback->next_ = OTEL_LOAD_(&otel->callbacks_);
#if OTEL_ATOMICS_
    while (!OTEL_CAS_(&otel->callbacks_, &callback->next_, callback)) {}
#else
    otel->callbacks_ = callback;
#endif
    return OTEL_OK;
}

OTEL_API_ void otel_callback_unregister(otel_callback_t *callback)
{
    OTEL_METRICS_OFF_((void)callback; return)
    if (callback) OTEL_STORE_(&callback->on_, (uint8_t)0);
}

/* Run all callbacks and give the number of the round, 1 to 255; while another reader does so, the number of the last one
   that is through. */
OTEL_API_ uint8_t otel_observe_round_(otel_t *otel)
{
    otel_callback_t *c;
    uint8_t number;
#if OTEL_ATOMICS_
    uint8_t free_now = 0;
    if (!OTEL_CAS_(&otel->observing_, &free_now, (uint8_t)1)) return (uint8_t)(OTEL_LOAD_(&otel->observed_) - 1u);
#endif
    number = (uint8_t)(otel->observed_ + 1u);
    if (number == 0) number = 1;
    OTEL_STORE_(&otel->observed_, number);
    for (c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_); c; c = c->next_) {
        if (OTEL_LOAD_(&c->on_)) (c->call)(c->user);
    }
#if OTEL_ATOMICS_
    OTEL_STORE_RELEASE_(&otel->observing_, (uint8_t)0);
#endif
    return number;
}

/* Was it observed in this collection already? */
OTEL_FN_ bool otel_observed_twice_(const otel_cell_t *cell)
{
    const otel_t *otel = OTEL_LOAD_(&cell->owner->otel_);
    return otel && OTEL_LOAD_(&cell->set) == OTEL_LOAD_(&otel->observed_);
}

/* The last number counts; sets that share the overflow series are summed there. */
OTEL_FN_ bool otel_observed_again_(const otel_cell_t *cell) { return cell == &cell->owner->overflow_ && otel_observed_twice_(cell); }

OTEL_FN_ void otel_observed_put_(otel_cell_t *cell, uint64_t value)
{
    const otel_t *otel = OTEL_LOAD_(&cell->owner->otel_);
    if (otel && otel_cell_put_(cell, value)) OTEL_STORE_RELEASE_(&cell->set, OTEL_LOAD_(&otel->observed_));
}

OTEL_API_ void otel_observed_int_(otel_cell_t *cell, int64_t value)
{
    unsigned kind = cell->owner->form_->kind;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if (value < 0 && (kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
        otel_refuse_(cell);
        return;
    }
    if (otel_observed_again_(cell)) value = otel_sum_stops_((int64_t)otel_cell_read_(cell), value, &ended);
    otel_observed_put_(cell, (uint64_t)value);
}

OTEL_API_ void otel_observed_double_(otel_cell_t *cell, double value)
{
    unsigned kind = cell->owner->form_->kind;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if (!otel_finite_(value) || ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_ && (otel_double_word_(value) & OTEL_SIGN_) && otel_double_word_(value) != OTEL_SIGN_)) {
        otel_refuse_(cell);
        return;
    }
    if (otel_observed_again_(cell)) value = otel_sum_of_(otel_unpack_(otel_cell_read_(cell)), value, &ended);
    otel_observed_put_(cell, otel_pack_(value));
}

OTEL_API_ void otel_observed_double_int_(otel_cell_t *cell, int64_t value) { otel_observed_double_(cell, (double)value); }
#endif
OTEL_C_END_
#endif
