/* What is wrong with the names of instruments and meters, said to people: syntax, and one name twice under one meter; and with the
   buckets of histograms. All of it works nevertheless: it is recorded and exported as the program says. Looked at when somebody asks, so neither an instrument
   nor a measurement pays. Specification: metrics/api.md, "Instrument name syntax", "Instrument unit", "Instrument description";
   metrics/sdk.md, "Meter Creation", "Duplicate instrument registration", "Name conflict", "Cardinality limits". */
#ifndef OTEL_EXPORT_NAMES_H
#define OTEL_EXPORT_NAMES_H
#include "../otel/attr.h"
#include "../otel/compiler.h"
#include "../otel/histogram.h"
#include "../otel/instrument.h"
#include "../otel/metric.h"
#include "diag.h"

OTEL_C_BEGIN_
/* Look at the instruments that were used for the first time since the last look, and say (OTEL_DIAG_INSTRUMENT, with the name)
   what is wrong with each: a name that is not [A-Za-z][A-Za-z0-9_./-]* of at most 255 characters, a unit that is not at most 63
   characters of ASCII, a description that is no UTF-8, a meter without a name, the same name twice, bounds that do not ascend,
   series of a histogram that have no buckets. Of every instrument it says once in a life of the instance that measurements were
   refused, and that sets of attributes found no room, with their number so far, and that views found no memory for it. Names that differ only in case become the first
   one that was seen (on hosts at once, elsewhere here). Call it every second or minute from the thread that polls. */
OTEL_API_ void otel_diag_instruments(otel_watch_t *watch);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ bool otel_letter_(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

OTEL_FN_ bool otel_instrument_name_good_(const char *name)
{
    size_t i;
    if (!name || !otel_letter_(*name)) return false;
    for (i = 1; name[i]; i++) {
        char c = name[i];
        if (i == 255u || !(otel_letter_(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/')) return false;
    }
    return true;
}

OTEL_FN_ bool otel_instrument_unit_good_(const char *unit)
{
    size_t i;
    for (i = 0; unit && unit[i]; i++) {
        if (i == 63u || (unsigned char)unit[i] > 127u) return false;
    }
    return true;
}

enum { OTEL_NAMES_METER_, OTEL_NAMES_NAME_, OTEL_NAMES_UNIT_, OTEL_NAMES_DESCRIPTION_, OTEL_NAMES_BOUNDS_, OTEL_NAMES_ROWS_, OTEL_NAMES_KINDS_, OTEL_NAMES_UNITS_, OTEL_NAMES_DESCRIPTIONS_, OTEL_NAMES_TWICE_, OTEL_NAMES_REFUSED_, OTEL_NAMES_OVERFLOW_, OTEL_NAMES_CROWDED_ };

/* Say one of these, each with its remedy behind it. They are one array and no literals, which stay (on AVR in RAM) though nobody
   asks. */
OTEL_FN_ void otel_diag_name_(const otel_watch_t *w, const char *name, unsigned which, otel_count_t count)
{
#define OTEL_NAMES_OTHER_ "\0define it in one file, or give one of them another name, here or by a view\0"
    static const char texts[] =
        "the meter of an instrument has no name\0name it: OTEL_SCOPE(\"my.library\")\0"
        "this is no name for an instrument\0begin with a letter; then letters, digits, '_', '.', '-' and '/', 255 characters at most\0"
        "the unit of an instrument has more than 63 characters or is not ASCII\0write it as UCUM does: \"Cel\", \"us\", \"{request}\"\0"
        "the description of an instrument is no UTF-8\0save the source file as UTF-8\0"
        "the bounds of a histogram do not ascend\0write them from the smallest to the largest, each once\0"
        "a histogram has series without buckets: their sets are told as otel.metric.overflow\0write OTEL_BUCKETS(n, ..) or OTEL_POWERS_SERIES(n, size) in the place of OTEL_SERIES(n)\0"
        "two instruments of one meter have the same name and are of different kinds" OTEL_NAMES_OTHER_
        "two instruments of one meter have the same name and different units" OTEL_NAMES_OTHER_
        "two instruments of one meter have the same name and different descriptions" OTEL_NAMES_OTHER_
        "an instrument is there twice" OTEL_NAMES_OTHER_
        "measurements were refused: NaN, below zero where sums only grow, a double for integers, or a signal handler came between\0"
        "record what its macro takes: OTEL_COUNTER_DOUBLE and OTEL_HISTOGRAM take doubles, OTEL_UPDOWN what is below zero\0"
        "more sets of attributes than there are series: they are told as otel.metric.overflow\0give it OTEL_SERIES(n) with a larger n, or keep fewer keys by OTEL_KEYS or a view\0"
        "there is no memory for what views, rules or exemplars make of an instrument: it keeps its own name, attributes and buckets\0raise .memory_len of otel_metric_settings_t, or give views a lower .limit or .size\0";
#undef OTEL_NAMES_OTHER_
    const char *text = texts;
    otel_diag_t what;
    for (which *= 2u; which; which--) text += strlen(text) + 1u;
    memset((void *)&what, 0, sizeof what);
    what.code = OTEL_DIAG_INSTRUMENT;
    what.level = OTEL_LEVEL_WARN;
    what.signal = OTEL_SIGNAL_METRICS;
    what.count = count;
    what.text = text;
    what.remedy = text + strlen(text) + 1u;
    what.name = name ? name : "";
    (w->say)(w->user, &what);
}

OTEL_FN_ bool otel_bounds_ascend_(const otel_instrument_t *i)
{
    size_t k;
    if (!(i->form_->kind & OTEL_BUCKETS_) || (i->form_->kind & OTEL_POWERS_) || !i->bounds) return true;
    for (k = 1; k < i->bounds_len; k++) {
#if !OTEL_NO_FLOAT
        if (i->form_->kind & OTEL_DOUBLE_) {
            if (!(((const double *)i->bounds)[k - 1u] < ((const double *)i->bounds)[k])) return false;
            continue;
        }
#endif
        if (((const otel_bound_t_ *)i->bounds)[k - 1u] >= ((const otel_bound_t_ *)i->bounds)[k]) return false;
    }
    return true;
}

/* What two instruments of one name differ in. Kinds differ in more than what views and aggregations add to them. */
OTEL_FN_ unsigned otel_diag_twice_(const otel_instrument_t *a, const otel_instrument_t *b)
{
    const unsigned kinds = OTEL_DOUBLE_ | OTEL_SUM_ | OTEL_LAST_ | OTEL_BUCKETS_ | OTEL_UPDOWN_ | OTEL_OBSERVED_;
    if ((a->form_->kind ^ b->form_->kind) & kinds) return OTEL_NAMES_KINDS_;
    if (!otel_texts_alike_(a->unit, b->unit, false)) return OTEL_NAMES_UNITS_;
    return otel_texts_alike_(a->description, b->description, false) ? OTEL_NAMES_TWICE_ : OTEL_NAMES_DESCRIPTIONS_;
}

/* The first that registered with the same meter under the same name; NULL: there is none. */
OTEL_FN_ otel_instrument_t *otel_diag_earlier_(const otel_t *otel, const otel_instrument_t *instrument)
{
    otel_instrument_t *i = otel_collect_like_(otel, instrument->next_, NULL), *first = NULL;
    for (; i; i = otel_collect_like_(otel, i->next_, NULL)) {
        if (!(i->form_->kind & OTEL_FRONT_) && otel_name_twice_(i, instrument)) first = i;
    }
    return first;
}

OTEL_FN_ void otel_diag_instrument_(const otel_watch_t *w, const otel_t *otel, otel_instrument_t *i)
{
    const otel_instrument_t *first;
    if (i->scope && !(i->scope->name && *i->scope->name)) otel_diag_name_(w, i->name, OTEL_NAMES_METER_, 1);
    if (!otel_instrument_name_good_(i->name)) otel_diag_name_(w, i->name, OTEL_NAMES_NAME_, 1);
    if (!otel_instrument_unit_good_(i->unit)) otel_diag_name_(w, i->name, OTEL_NAMES_UNIT_, 1);
    if (i->description && !otel_utf8_valid(i->description, strlen(i->description))) otel_diag_name_(w, i->name, OTEL_NAMES_DESCRIPTION_, 1);
    if (!otel_bounds_ascend_(i)) otel_diag_name_(w, i->name, OTEL_NAMES_BOUNDS_, 1);
    if (i->series && i->room_ < i->series_len && i->series_len <= 0xFFFEu) otel_diag_name_(w, i->name, OTEL_NAMES_ROWS_, 1);
    if (i->form_->kind & OTEL_FRONT_) return;                 /* its streams are looked at */
    first = otel_diag_earlier_(otel, i);
    if (!first) return;
    if (i->name != first->name) i->name = first->name;        /* the first that was seen; hosts have done so when it registered */
    otel_diag_name_(w, i->name, otel_diag_twice_(i, first), 1);
}

/* What of its measurements is not in its numbers, or not under its attributes. */
OTEL_FN_ void otel_diag_untold_(const otel_watch_t *w, otel_instrument_t *i)
{
    const otel_count_t refused = OTEL_LOAD_(&i->refused_), overflowed = OTEL_LOAD_(&i->overflowed_);
    const uint8_t told = OTEL_LOAD_(&i->told_);
    if (refused && !(told & 1u)) otel_diag_name_(w, i->name, OTEL_NAMES_REFUSED_, refused);
    if (overflowed && !(told & 2u)) otel_diag_name_(w, i->name, OTEL_NAMES_OVERFLOW_, overflowed);
    if ((told & OTEL_TOLD_CROWDED_) && !(told & 8u)) otel_diag_name_(w, i->name, OTEL_NAMES_CROWDED_, 1);
    OTEL_STORE_(&i->told_, (uint8_t)(told | (refused ? 1u : 0u) | (overflowed ? 2u : 0u) | (told & OTEL_TOLD_CROWDED_ ? 8u : 0u)));
}

OTEL_API_ void otel_diag_instruments(otel_watch_t *w)
{
    otel_instrument_t *i, *newest;
    const otel_t *otel;
    OTEL_METRICS_OFF_((void)w; (void)i; (void)newest; (void)otel; return)
    if (!w || !w->exporter || !w->say || w->exporter->live_ != 1) return;
    otel = w->exporter->otel_;
    if (w->life_ != otel->epoch_) w->newest_ = NULL;
    w->life_ = otel->epoch_;
    newest = OTEL_LOAD_ACQUIRE_(&((otel_t *)(uintptr_t)otel)->instruments_);
    for (i = newest; i && i != w->newest_; i = i->next_) {
        if (otel_collect_like_(otel, i, NULL) == i) otel_diag_instrument_(w, otel, i);
    }
    for (i = otel_collect_like_(otel, newest, NULL); i; i = otel_collect_like_(otel, i->next_, NULL)) otel_diag_untold_(w, i);
    w->newest_ = newest;
}
OTEL_C_END_
#endif
#endif
