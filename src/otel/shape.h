/* What views, readings and the instrument itself say of a stream, put together before it is made.
   Specification: metrics/sdk.md, "Measurement processing", "View matching". */
#ifndef OTEL_SHAPE_H
#define OTEL_SHAPE_H
#include "aggregation.h"
#include "compiler.h"
#include "exemplar.h"
#include "metric.h"
#include "reading.h"
#include "view.h"
/*== implementation ==*/
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* What a stream is made of. */
typedef struct otel_shape_t_ {
    otel_view_t view;                             /* what the views of a stream say, by_len of them */
    size_t by_len, leader;
    const otel_reading_t *reading;
    const char *const *keys;
    const otel_form_t_ *form;                     /* NULL: nothing is kept */
    const void *bounds;
    size_t bounds_len, series, words;             /* sets of attributes; words of all rows */
    otel_reservoir_t reservoir;
    bool own_series, own_rows, unsummed, filters;
} otel_shape_t_;

/* Is view `k` one of those that make the stream that view `leader` begins? */
OTEL_FN_ bool otel_view_in_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader, size_t k)
{
    const otel_view_t *v = &s->views[k];
    if (s->matching != OTEL_VIEWS_COMPOSABLE) return k == leader;
    return otel_view_selects_(v, i) && (!v->name || (s->views[leader].name && otel_texts_same_(v->name, s->views[leader].name)));
}

/* Does view `k` begin a stream of the instrument? Of composable ones the first of each name does; without names the first. */
OTEL_FN_ bool otel_view_leads_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t k)
{
    const otel_view_t *v = &s->views[k];
    size_t n;
    if (!otel_view_selects_(v, i)) return false;
    for (n = 0; s->matching == OTEL_VIEWS_COMPOSABLE && n < s->views_len; n++) {
        const char *name = s->views[n].name;
        if (n == k || !otel_view_selects_(&s->views[n], i)) continue;
        if (v->name ? n < k && name && otel_texts_same_(name, v->name) : n < k || name) return false;
    }
    return true;
}

/* Write the views of a stream to `by`, unless that is NULL; how many there are. */
OTEL_FN_ size_t otel_views_of_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader, const otel_view_t **by)
{
    size_t k, n = 0;
    for (k = 0; leader < s->views_len && k < s->views_len; k++) {
        if (!otel_view_in_(s, i, leader, k)) continue;
        if (by) by[n] = &s->views[k];
        n++;
    }
    return n;
}

/* What the views of a stream say together: of what several say the last counts. */
OTEL_FN_ void otel_shape_begin_(otel_shape_t_ *shape, const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader)
{
    otel_view_t *all = &shape->view;
    size_t k;
    memset((void *)shape, 0, sizeof *shape);
    shape->leader = leader;
    shape->by_len = otel_views_of_(s, i, leader, NULL);
    for (k = 0; leader < s->views_len && k < s->views_len; k++) {
        const otel_view_t *v = &s->views[k];
        if (!otel_view_in_(s, i, leader, k)) continue;
        shape->filters = shape->filters || v->keep || v->exclude;
        if (v->name) all->name = v->name;
        if (v->description) all->description = v->description;
        if (v->limit) all->limit = v->limit;
        if (v->reservoir) all->reservoir = v->reservoir;
        if (v->aggregation) all->aggregation = v->aggregation;
        if (v->aggregation || v->bounds) {
            all->bounds = v->bounds;
            all->bounds_len = v->bounds_len;
        }
        if (v->aggregation || v->size) all->size = v->size;
    }
}

OTEL_FN_ void otel_shape_reservoir_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_exemplar_filter_t *filter)
{
    bool powers = (shape->form->kind & OTEL_POWERS_) != 0, bounds = (shape->form->kind & OTEL_BUCKETS_) && !powers && shape->words;
    size_t most = powers ? (shape->bounds_len + 3u - OTEL_POWERS_HEAD_) / 2u : 1u;
    if (!filter || (i->form_->kind & OTEL_OBSERVED_)) return;
    if (shape->view.reservoir) shape->reservoir = *shape->view.reservoir;
    if (!shape->reservoir.offer) shape->reservoir.offer = bounds ? filter->aligned_ : filter->fixed_;
    if (!shape->reservoir.size) shape->reservoir.size = (uint16_t)(bounds ? shape->bounds_len + 1u : most < 20u ? most : 20u);
}

/* What a reading makes of instruments of this kind where no view says it. */
OTEL_FN_ const otel_aggregation_t *otel_reading_aggregation_(const otel_reading_t *r, unsigned kind)
{
    switch (r ? otel_view_kind_(kind) : 0u) {
    case OTEL_VIEW_COUNTER: return r->counter;
    case OTEL_VIEW_UPDOWN: return r->updown;
    case OTEL_VIEW_HISTOGRAM: return r->histogram;
    case OTEL_VIEW_GAUGE: return r->gauge;
    case OTEL_VIEW_OBSERVABLE_COUNTER: return r->observable_counter;
    case OTEL_VIEW_OBSERVABLE_UPDOWN: return r->observable_updown;
    case OTEL_VIEW_OBSERVABLE_GAUGE: return r->observable_gauge;
    default: return NULL;
    }
}

/* The form, and where it does not go with the instrument the reading's or the instrument's own. False: what a view says does not. */
OTEL_FN_ bool otel_shape_form_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_aggregation_t **by)
{
    unsigned kind = i->form_->kind;
    const otel_aggregation_t *a = shape->view.aggregation ? shape->view.aggregation : otel_reading_aggregation_(shape->reading, kind);
    *by = a;
    if (a && a->shape_ == OTEL_SHAPE_DROP_) return true;
    shape->form = a ? (a->form_)(kind) : i->form_;
    if (shape->form) return true;
    if (shape->view.aggregation) return false;
    *by = NULL;
    shape->form = i->form_;
    return true;
}

/* False: the view does not go with the instrument. */
OTEL_FN_ bool otel_shape_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_exemplar_filter_t *filter)
{
    static const double usual[] = { OTEL_DEFAULT_BOUNDS };
    const otel_view_t *view = &shape->view;
    const otel_aggregation_t *a;
    unsigned kind = i->form_->kind, shapes;
    if (!otel_shape_form_(shape, i, &a)) return false;
    if (!shape->form) return true;
    shapes = a ? a->shape_ : OTEL_SHAPE_NUMBER_;
    shape->series = view->limit ? view->limit : shape->reading && shape->reading->limit ? shape->reading->limit : i->series_len;
    if (shapes == OTEL_SHAPE_POWERS_) {
        shape->bounds_len = OTEL_POWERS_HEAD_ - 3u + 2u * (view->size ? view->size : OTEL_HOSTED_ ? 160u : 20u);
    } else if (shapes == OTEL_SHAPE_BOUNDS_) {
        bool advice = !view->bounds && (kind & (OTEL_BUCKETS_ | OTEL_POWERS_ | OTEL_DOUBLE_)) == (OTEL_BUCKETS_ | OTEL_DOUBLE_) && i->rows;
        shape->bounds = view->bounds ? (const void *)view->bounds : advice ? i->bounds : (const void *)usual;
        shape->bounds_len = view->bounds ? view->bounds_len : advice ? i->bounds_len : sizeof usual / sizeof *usual;
    } else if (!a && i->rows) {
        shape->bounds = i->bounds;
        shape->bounds_len = i->bounds_len;
    }
    if (shapes != OTEL_SHAPE_NUMBER_ || (!a && i->rows)) shape->words = (shape->series + 2u) * (shape->bounds_len + 3u);
    shape->unsummed = shapes != OTEL_SHAPE_NUMBER_ && (kind & (OTEL_UPDOWN_ | OTEL_LAST_));
    otel_shape_reservoir_(shape, i, filter);
    return true;
}
OTEL_C_END_
#endif
#endif
