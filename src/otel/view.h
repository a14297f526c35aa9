/* Views: a table of the program's that says what becomes of instruments: another name, fewer attributes, other buckets, a
   limit, nothing at all. And meters that are switched off by the name of their scope. Comes in with
   `.metrics = otel_metrics(&settings)`, and not before.
   Specification: metrics/sdk.md, "View", "MeterConfigurator", "Cardinality limits".

     static const char *const route[] = { "http.route", NULL };
     static const otel_view_t views[] = {
         { .instrument = "http.server.request.duration", .name = "latency", .keep = route, .aggregation = OTEL_AGGREGATION_EXPONENTIAL },
         { .instrument = "debug.*", .aggregation = OTEL_AGGREGATION_DROP },
     };
     static uint64_t memory[1000];
     static otel_metric_settings_t metrics = { .views = views, .views_len = 2, .memory = memory, .memory_len = 1000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));

   Each view that selects an instrument gives one stream; without any there is the instrument's own. Streams stand in the
   memory of the settings and take the storage that the instrument brought where it fits. A view that does not go with an
   instrument (a sum of a gauge) is for it as if it were not there, and counted; so is an instrument for whose streams there
   is no memory: it keeps its own. An instrument that was in use before, in a life of an instance without settings, keeps its own too, and
   counts as ignored; one whose series the program keeps stays with the settings that it met first. */
#ifndef OTEL_VIEW_H
#define OTEL_VIEW_H
#include "aggregation.h"
#include "compiler.h"
#include "exemplar.h"
#include "instance.h"
#include "metric.h"
#include "reading.h"
#include "result.h"

/* Kinds of instruments, for otel_view_t.kinds. */
#define OTEL_VIEW_COUNTER 1u
#define OTEL_VIEW_UPDOWN 2u
#define OTEL_VIEW_HISTOGRAM 4u
#define OTEL_VIEW_GAUGE 8u
#define OTEL_VIEW_OBSERVABLE_COUNTER 16u
#define OTEL_VIEW_OBSERVABLE_UPDOWN 32u
#define OTEL_VIEW_OBSERVABLE_GAUGE 64u

/* A view. Which instruments: those for which all that is given holds. Then what becomes of them; default: as it is. */
typedef struct otel_view_t {
    const char *instrument OTEL_Z_;               /* name, '*' any text, '?' any character; letters in either case */
    unsigned kinds OTEL_Z_;                       /* OTEL_VIEW_COUNTER | ... */
    const char *unit OTEL_Z_;
    const char *scope OTEL_Z_, *version OTEL_Z_, *schema_url OTEL_Z_;     /* of the meter */
    const char *name OTEL_Z_;                     /* of the stream; selects one instrument by its whole name */
    const char *description OTEL_Z_;
    const char *const *keep OTEL_Z_;              /* keys of the attributes that stay, NULL at the end (default: all) */
    const char *const *exclude OTEL_Z_;           /* keys of those that go, NULL at the end; this or .keep */
    const otel_aggregation_t *aggregation OTEL_Z_;/* OTEL_AGGREGATION_DROP, _SUM, _LAST_VALUE, _EXPLICIT, _EXPONENTIAL */
    const double *bounds OTEL_Z_;                 /* of OTEL_AGGREGATION_EXPLICIT: bounds_len of them, ascending */
    size_t bounds_len OTEL_Z_;
    uint16_t size OTEL_Z_;                        /* of OTEL_AGGREGATION_EXPONENTIAL: buckets on each side, 2 to 160 */
    uint16_t limit OTEL_Z_;                       /* sets of attributes; further ones overflow (default: as many as the instrument has) */
    const otel_reservoir_t *reservoir OTEL_Z_;    /* of exemplars (default: one for each explicit bucket, 20 for exponential buckets, else 1) */
} otel_view_t;

/* What several views that select one instrument are. Independent: each gives a stream. Composable: those of one stream name are
   merged into one stream, and views without a name are part of each; of what several give, the last counts; a key of an
   attribute stays when all .keep have it and no .exclude has it. */
typedef enum { OTEL_VIEWS_INDEPENDENT, OTEL_VIEWS_COMPOSABLE } otel_view_matching_t;

/* The configuration of some meters. */
typedef struct otel_meter_rule_t {
    const char *scope OTEL_Z_;                    /* name, '*' any text, '?' any character (default: all) */
    bool disabled OTEL_Z_;                        /* instruments of the scope record nothing (default: false) */
} otel_meter_rule_t;

/* Rules for otel_meters_update. */
typedef struct otel_meter_rules_t {
    const otel_meter_rule_t *rules OTEL_Z_;       /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
} otel_meter_rules_t;

/* Define where it outlives the instance and the instruments; not const, for one instance at a time. */
typedef struct otel_metric_settings_t {
    const otel_view_t *views OTEL_Z_;             /* views_len of them */
    size_t views_len OTEL_Z_;
    const otel_meter_rule_t *rules OTEL_Z_;       /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
    const otel_exemplar_filter_t *exemplars OTEL_Z_;      /* OTEL_EXEMPLARS_TRACE_BASED, _ALWAYS_ON or _ALWAYS_OFF (the default) */
    uint64_t *memory OTEL_Z_;                     /* (required) memory_len words of 8 bytes for streams: see otel_metric_settings_stats */
    size_t memory_len OTEL_Z_;
    otel_view_matching_t matching OTEL_Z_;        /* (default: OTEL_VIEWS_INDEPENDENT) */
    const otel_reading_t *const *readings OTEL_Z_;/* readings_len of them: what readers want, each with streams of its own; then every reader names one of them (default: all readers see the same) */
    size_t readings_len OTEL_Z_;
    bool rules_change OTEL_Z_;                    /* otel_meters_update may be called: every instrument gets a stream, and adding to a bound series asks whether its meter is on (default: false) */
    const otel_meter_rules_t *now_ OTEL_Z_;       /* instead of rules */
    size_t used_ OTEL_Z_;
    otel_count_t ignored_ OTEL_Z_, crowded_ OTEL_Z_;
} otel_metric_settings_t;

/* What became of the settings. */
typedef struct otel_metric_settings_stats_t {
    size_t used;                                  /* words of the memory */
    otel_count_t ignored;                         /* times that a view did not go with an instrument, or came too late for it */
    otel_count_t crowded;                         /* times that memory was short: raise memory_len */
} otel_metric_settings_stats_t;

OTEL_C_BEGIN_
/* Say whether the settings can be: OTEL_OK, OTEL_E_VIEW, OTEL_E_VIEW_NAME, OTEL_E_VIEW_KEYS, OTEL_E_VIEW_MEMORY. */
OTEL_API_ otel_result_t otel_metric_settings_check(const otel_metric_settings_t *settings);

OTEL_API_ otel_metric_settings_stats_t otel_metric_settings_stats(const otel_metric_settings_t *settings);

/* Switch meters on and off while the instance runs; instruments that are in use follow. A meter that is off records nothing and
   exports nothing; one that is on again goes on where it was. `rules` (NULL: all are on) and what it names outlive the instance
   and do not change: give another object for other rules. Errors: OTEL_E_NULL; OTEL_E_CONFIG without .rules_change. Any thread.
   Specification: metrics/sdk.md, "MeterConfigurator". */
OTEL_API_ otel_result_t otel_meters_update(otel_metric_settings_t *settings, const otel_meter_rules_t *rules);

#if OTEL_ENABLED
OTEL_API_ void otel_source_join_(otel_instrument_t *instrument, otel_t *otel);
#endif

/* .metrics of otel_init, which gives the result of the check. `settings` and what it names outlive the instance. */
OTEL_FN_ otel_metrics_t otel_metrics(otel_metric_settings_t *settings)
{
    otel_metrics_t metrics;
    metrics.settings_ = settings;
#if OTEL_ENABLED && OTEL_METRICS
    if (settings) settings->now_ = NULL;
    metrics.join_ = settings ? otel_source_join_ : NULL;
    metrics.checked_ = otel_metric_settings_check(settings);
#else
    metrics.join_ = NULL;
    metrics.checked_ = OTEL_OK;
#endif
    return metrics;
}

/* Say whether a measurement would be kept: false while no instance runs, when a view drops the instrument, and when its
   meter is switched off. Guards what is expensive to measure. Not for interrupts. Specification: metrics/api.md, "Enabled". */
OTEL_API_ bool otel_instrument_enabled_(otel_instrument_t *instrument);
#define otel_instrument_enabled(instrument) otel_instrument_enabled_(&(instrument)->base_)
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Does the text fit the pattern: '*' any text, '?' any character, letters of ASCII in either case? */
OTEL_FN_ bool otel_wild_fits_(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL;
    while (*text) {
        unsigned char a = (unsigned char)*pattern, b = (unsigned char)*text;
        if (a >= 'A' && a <= 'Z') a = (unsigned char)(a + 32);
        if (b >= 'A' && b <= 'Z') b = (unsigned char)(b + 32);
        if (a == '*') {
            star = pattern++;
            from = text;
        } else if (a == '?' || a == b) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == 0;
}

/* Two texts that are the same; not by strcmp, which the headers do without. */
OTEL_FN_ bool otel_texts_same_(const char *a, const char *b)
{
    size_t n = strlen(a);
    return strlen(b) == n && memcmp(a, b, n) == 0;
}

OTEL_FN_ bool otel_text_is_(const char *wanted, const char *text) { return !wanted || otel_texts_same_(wanted, text ? text : ""); }

/* OTEL_VIEW_COUNTER and so on, of a form. */
OTEL_FN_ unsigned otel_view_kind_(unsigned kind)
{
    bool observed = (kind & OTEL_OBSERVED_) != 0;
    if (kind & OTEL_BUCKETS_) return OTEL_VIEW_HISTOGRAM;
    if (kind & OTEL_LAST_) return observed ? OTEL_VIEW_OBSERVABLE_GAUGE : OTEL_VIEW_GAUGE;
    if (kind & OTEL_UPDOWN_) return observed ? OTEL_VIEW_OBSERVABLE_UPDOWN : OTEL_VIEW_UPDOWN;
    return observed ? OTEL_VIEW_OBSERVABLE_COUNTER : OTEL_VIEW_COUNTER;
}

OTEL_FN_ bool otel_view_selects_(const otel_view_t *view, const otel_instrument_t *i)
{
    const otel_scope_t *scope = i->scope;
    if (view->instrument && !otel_wild_fits_(view->instrument, i->name ? i->name : "")) return false;
    if (view->kinds && !(view->kinds & otel_view_kind_(i->form_->kind))) return false;
    if (!otel_text_is_(view->unit, i->unit) || !otel_text_is_(view->scope, scope ? scope->name : "")) return false;
    return otel_text_is_(view->version, scope ? scope->version : "") && otel_text_is_(view->schema_url, scope ? scope->schema_url : "");
}

OTEL_FN_ bool otel_key_in_(const char *const *keys, const char *key)
{
    for (; *keys; keys++) {
        if (otel_texts_same_(*keys, key)) return true;
    }
    return false;
}

OTEL_FN_ bool otel_view_keeps_(const otel_view_t *view, const char *key)
{
    if (view->keep) return otel_key_in_(view->keep, key);
    return !(view->exclude && otel_key_in_(view->exclude, key));
}

OTEL_FN_ bool otel_meter_off_(const otel_meter_rule_t *rules, size_t len, const otel_scope_t *scope)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if (!rules[i].scope || otel_wild_fits_(rules[i].scope, scope && scope->name ? scope->name : "")) return rules[i].disabled;
    }
    return false;
}

OTEL_FN_ otel_result_t otel_view_check_(const otel_view_t *v)
{
    const char *p = v->instrument;
    size_t i;
    if (!p && !v->kinds && !v->unit && !v->scope && !v->version && !v->schema_url) return OTEL_E_VIEW;
    while (p && *p && *p != '*' && *p != '?') p++;
    if (v->name && (!p || *p)) return OTEL_E_VIEW_NAME;
    if (v->keep && v->exclude) return OTEL_E_VIEW_KEYS;
    if (v->bounds_len && !v->bounds) return OTEL_E_VIEW;
    for (i = 0; i < v->bounds_len; i++) {
        if (!otel_finite_(v->bounds[i]) || (i && otel_order_(v->bounds[i - 1u]) >= otel_order_(v->bounds[i]))) return OTEL_E_VIEW;
    }
    return v->size == 1u || v->size > 160u ? OTEL_E_VIEW : OTEL_OK;
}

OTEL_API_ otel_result_t otel_metric_settings_check(const otel_metric_settings_t *settings)
{
    size_t i;
    OTEL_METRICS_OFF_((void)settings; (void)i; return OTEL_OK)
    if (!settings) return OTEL_OK;
    if ((settings->views_len && !settings->views) || (settings->rules_len && !settings->rules) || (settings->readings_len && !settings->readings)) return OTEL_E_NULL;
    for (i = 0; i < settings->readings_len; i++) {
        if (!settings->readings[i]) return OTEL_E_NULL;
    }
    for (i = 0; i < settings->views_len; i++) {
        otel_result_t result = otel_view_check_(&settings->views[i]);
        if (result != OTEL_OK) return result;
    }
    return settings->memory && settings->memory_len ? OTEL_OK : OTEL_E_VIEW_MEMORY;
}

OTEL_API_ otel_metric_settings_stats_t otel_metric_settings_stats(const otel_metric_settings_t *settings)
{
    otel_metric_settings_stats_t stats;
    memset((void *)&stats, 0, sizeof stats);
    OTEL_METRICS_OFF_((void)settings; return stats)
    if (!settings) return stats;
    stats.used = OTEL_LOAD_(&settings->used_);
    stats.ignored = OTEL_LOAD_(&settings->ignored_);
    stats.crowded = OTEL_LOAD_(&settings->crowded_);
    return stats;
}

OTEL_API_ otel_result_t otel_meters_update(otel_metric_settings_t *settings, const otel_meter_rules_t *rules)
{
    static const otel_meter_rules_t none = { NULL, 0 };
    OTEL_METRICS_OFF_((void)settings; (void)rules; (void)none; return OTEL_OK)
    if (!settings || (rules && rules->rules_len && !rules->rules)) return OTEL_E_NULL;
    if (!settings->rules_change) return OTEL_E_CONFIG;
    OTEL_STORE_RELEASE_(&settings->now_, rules ? rules : &none);
    return OTEL_OK;
}

OTEL_API_ bool otel_instrument_enabled_(otel_instrument_t *instrument)
{
    OTEL_METRICS_OFF_((void)instrument; return false)
    if (!otel_join_(instrument)) return false;
    return !(instrument->form_->kind & OTEL_FRONT_) || (instrument->front_->calls->enabled)(instrument);
}
OTEL_C_END_
#endif
#endif
