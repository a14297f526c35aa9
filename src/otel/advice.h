/* Advice that an instrument carries: the keys of the attributes that its metric is meant to have. Others are left out, unless a
   view says which ones stay. Brings views with it, where it is named. Specification: metrics/api.md, "Instrument advisory
   parameters", "Attributes".

     static otel_counter_t served = OTEL_COUNTER("http.server.requests", .unit = "{request}", OTEL_SERIES(16), OTEL_KEYS("http.route", "http.response.status_code"));
     otel_counter_add(&served, 1, "http.route", "/", "user.agent", "curl");         // one series for each route and status */
#ifndef OTEL_ADVICE_H
#define OTEL_ADVICE_H
#include "compiler.h"
#include "histogram.h"
#include "metric.h"
#include "source.h"
#include "stream.h"
#include "view.h"

#define OTEL_ADVICE_WORDS_ ((sizeof(otel_source_t_) + sizeof(otel_stream_t_) + 31u) / 8u)

/* Keys, and the memory of one stream; belongs to one instrument. All fields are private. */
typedef struct otel_advice_t {
    otel_front_t_ front_;
    const char *const *keys_;
    otel_metric_settings_t settings_;
    uint64_t memory_[OTEL_ADVICE_WORDS_];
} otel_advice_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ void otel_advice_join_(otel_instrument_t *instrument, otel_t *otel);
OTEL_API_ void otel_advice_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_advice_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_cell_t *otel_advice_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_metric_settings_t *otel_advice_settings_(otel_front_t_ *front);
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_advice_calls_ = { otel_advice_join_, otel_advice_whole_, otel_advice_real_, otel_advice_bind_, NULL, otel_advice_settings_ };
#define OTEL_ADVICE_CALLS_ (&otel_advice_calls_)
#else
#define OTEL_ADVICE_CALLS_ NULL
#endif
OTEL_C_END_

/* OTEL_KEYS("http.route", ..), the last of an instrument's arguments, at file scope. Inside a function the advice has a name:
   static const char *const keys[] = { "http.route", NULL };  static otel_advice_t advice = OTEL_ADVICE(keys);  ... OTEL_KEYS_IN(advice). */
#define OTEL_KEYS_IN(advice) .front_ = &(advice).front_
#ifndef __cplusplus
#  define OTEL_ADVICE(keys) { .front_ = { OTEL_ADVICE_CALLS_, NULL }, .keys_ = (keys), .settings_ = { .views = NULL }, .memory_ = { 0 } }
#  define OTEL_KEYS(...) .front_ = &((otel_advice_t)OTEL_ADVICE(((const char *const[]){ __VA_ARGS__, NULL }))).front_
#else
#  define OTEL_ADVICE(keys) { { OTEL_ADVICE_CALLS_, NULL }, (keys), {}, {} }
#  if __cplusplus >= 202002L
template <class Here> struct otel_keys_ {
    static constexpr auto list = Here{}();
    static otel_advice_t advice;
};
template <class Here> otel_advice_t otel_keys_<Here>::advice = OTEL_ADVICE(list.at);
#    define OTEL_KEYS(...) \
    .front_ = &otel_keys_<decltype([] { return otel_numbers_<const char *, otel_bound_count_(__VA_ARGS__) + 1u>{ { __VA_ARGS__, NULL } }; })>::advice.front_
#  else
#    define OTEL_KEYS(...) .front_ = &((otel_advice_t[1]){ OTEL_ADVICE(((const char *const[]){ __VA_ARGS__, NULL })) })[0].front_
#  endif
#endif
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS
OTEL_C_BEGIN_
OTEL_API_ otel_metric_settings_t *otel_advice_settings_(otel_front_t_ *front)
{
    otel_advice_t *advice = (otel_advice_t *)(void *)front;
    advice->settings_.memory = advice->memory_;
    advice->settings_.memory_len = sizeof advice->memory_ / sizeof *advice->memory_;
    return &advice->settings_;
}

/* The instrument registers: with the settings of its instance, else with those that the advice brings. */
OTEL_API_ void otel_advice_join_(otel_instrument_t *instrument, otel_t *otel)
{
    otel_advice_t *advice = (otel_advice_t *)(void *)instrument->front_;
    otel_metric_settings_t *settings = otel->config_.metrics.settings_;
    if (!settings) {
        settings = otel_advice_settings_(&advice->front_);
        settings->used_ = 0;                                  /* nobody else has any of it */
    }
    otel_source_join_by_(instrument, NULL, settings, &advice->front_, advice->keys_);
}

/* Before it is registered nothing is recorded. */
OTEL_API_ void otel_advice_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len)
{
    (void)instrument;
    (void)value;
    (void)attributes;
    (void)len;
}

OTEL_API_ void otel_advice_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{
    (void)instrument;
    (void)value;
    (void)attributes;
    (void)len;
}

OTEL_API_ otel_cell_t *otel_advice_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{
    (void)instrument;
    (void)attributes;
    (void)len;
    return NULL;
}
OTEL_C_END_
#endif
#endif
