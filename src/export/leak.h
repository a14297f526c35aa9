/* A watch for spans that nobody ends: which ones are open, since when, and which were overwritten without an end. It is a processor
   of spans, so who does not name it pays nothing; who does pays a look along its table at each start and end.

     static otel_leak_t open[16];                             // as many spans are named, further ones are counted
     static otel_leaks_t leaks = { .open = open, .open_len = 16 };
     static otel_processor_t watch;
     static const otel_processor_t *const processors[] = { &watch, NULL };
     static const otel_span_settings_t settings = { .processors = processors };

     watch = otel_processor_leaks(&leaks);
     otel_init(&otel, .spans = otel_spans(&settings), .clock = now, .pool = pool, .pool_size = sizeof pool);

   otel_diag_dump then lists what is open. otel_diag_check says OTEL_DIAG_LEFT_OPEN when a span begins in memory where another one
   was never ended, and, after otel_shutdown, for each span that is still open. On hosts OTEL_LOG_LEVEL=debug turns it on.
   Spans that are not recording (not sampled) are not watched. Specification: trace/api.md, "End". */
#ifndef OTEL_EXPORT_LEAK_H
#define OTEL_EXPORT_LEAK_H
#include "../otel/compiler.h"
#include "../otel/processor.h"
#include "decimal.h"
#include "diag.h"

#define OTEL_LEAK_NAME 24             /* bytes of a name that are kept, with the end */

/* Room for one open span. Private. */
typedef struct otel_leak_t {
    uintptr_t span_ OTEL_Z_;          /* its address; 0: free, 1: being written */
    uint32_t since_ OTEL_Z_;          /* of the clock, in units of 2^20 ns */
    uint32_t name_[OTEL_LEAK_NAME / 4] OTEL_Z_;
} otel_leak_t;

/* The watch of one instance. It outlives it, and so does `open`. */
typedef struct otel_leaks_t {
    otel_leak_t *open OTEL_Z_;        /* open_len of them */
    size_t open_len OTEL_Z_;
    const otel_t *otel_ OTEL_Z_;
    uint32_t more_ OTEL_Z_;           /* open, and without room */
    uint32_t left_ OTEL_Z_;           /* overwritten without an end, */
    uint32_t last_[OTEL_LEAK_NAME / 4] OTEL_Z_;       /* and the name of the last one */
} otel_leaks_t;

/* One span that is open. */
typedef struct otel_open_span_t {
    char name[OTEL_LEAK_NAME];        /* the beginning of its name */
    uint32_t open_ms;                 /* since when */
} otel_open_span_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_leaks_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent);
OTEL_API_ void otel_leaks_ending_(const otel_processor_t *self, otel_span_t *span);
OTEL_API_ void otel_leaks_dump_(const otel_processor_t *self, otel_painter_t_ *p);
OTEL_API_ void otel_leaks_check_(const otel_processor_t *self, otel_watch_t *watch, bool ended);

/* Say how many recording spans are open; the first `len` that are known by name are written to `list`, the number of those to
   *named (NULL: nobody asks). Any thread or interrupt. */
OTEL_API_ uint32_t otel_leaks_open(const otel_leaks_t *leaks, otel_open_span_t *list, size_t len, size_t *named);

/* Say how many spans were never ended for sure: another one began in their memory. Any thread or interrupt. */
OTEL_API_ uint32_t otel_leaks_left(const otel_leaks_t *leaks);

/* A processor that keeps `leaks`, which outlives it; first in the list, so that no other one hides a span from it. One instance
   for each watch. */
OTEL_FN_ otel_processor_t otel_processor_leaks(otel_leaks_t *leaks)
{
    otel_processor_t p = otel_processor_(leaks);
#if OTEL_ENABLED
    static const otel_diag_more_t_ more = { otel_leaks_dump_, otel_leaks_check_ };
    p.on_start = otel_leaks_start_;
    p.on_ending = otel_leaks_ending_;
    p.diag_ = &more;
#endif
    return p;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* On hosts the table is lock-free; elsewhere it is under the interrupt mask, or the port's lock, which a few turns must bring. */
OTEL_FN_ bool otel_leaks_enter_(const otel_t *otel, uint32_t *was)
{
#if OTEL_ATOMICS_
    (void)otel;
    (void)was;
#else
    unsigned i;
    *was = 0;
    if (!otel->guard_.lock) {
        *was = otel_mask_();
        return true;
    }
    for (i = 0; !(otel->guard_.lock)(otel->guard_.user, false); i++) {
        if (i == 1000u) return false;
    }
#endif
    return true;
}

OTEL_FN_ void otel_leaks_leave_(const otel_t *otel, uint32_t was)
{
#if OTEL_ATOMICS_
    (void)otel;
    (void)was;
#else
    if (otel->guard_.lock) (otel->guard_.unlock)(otel->guard_.user);
    else otel_unmask_(was);
#endif
}

/* Make `from` `to`, if it is there. */
OTEL_FN_ bool otel_leak_take_(otel_leak_t *leak, uintptr_t from, uintptr_t to)
{
#if OTEL_ATOMICS_
    return OTEL_CAS_(&leak->span_, &from, to);
#else
    if (leak->span_ != from) return false;
    leak->span_ = to;
    return true;
#endif
}

OTEL_FN_ void otel_leak_copy_(uint32_t *to, const uint32_t *from)
{
    unsigned i;
    for (i = 0; i < OTEL_LEAK_NAME / 4u; i++) OTEL_STORE_(&to[i], OTEL_LOAD_(&from[i]));
}

/* The same as text. */
OTEL_FN_ void otel_leak_text_(char *to, const uint32_t *from)
{
    unsigned i;
    for (i = 0; i < OTEL_LEAK_NAME / 4u; i++) {
        uint32_t word = OTEL_LOAD_(&from[i]);
        memcpy(to + 4u * i, &word, 4);
    }
}

/* A slot of `span` (0: a free one) becomes `to`; NULL: there is none. */
OTEL_FN_ otel_leak_t *otel_leaks_find_(const otel_leaks_t *leaks, uintptr_t span, uintptr_t to)
{
    size_t i;
    for (i = 0; leaks->open && i < leaks->open_len; i++) {
        if (OTEL_LOAD_(&leaks->open[i].span_) == span && otel_leak_take_(&leaks->open[i], span, to)) return &leaks->open[i];
    }
    return NULL;
}

OTEL_API_ void otel_leaks_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    otel_leaks_t *leaks = (otel_leaks_t *)self->user;
    uint32_t name[OTEL_LEAK_NAME / 4], was;
    otel_leak_t *leak;
    const char *text;
    size_t len;
    (void)parent;
    OTEL_WHEN_OFF_((void)leaks; (void)name; (void)was; (void)leak; (void)text; (void)len; (void)span; return)
    text = otel_span_name(span, &len);
    memset(name, 0, sizeof name);
    memcpy(name, text, len < OTEL_LEAK_NAME ? len : otel_utf8_cut_(text, len, OTEL_LEAK_NAME - 1u));
    OTEL_STORE_(&leaks->otel_, span->otel_);
    if (!otel_leaks_enter_(span->otel_, &was)) return;
    leak = otel_leaks_find_(leaks, (uintptr_t)span, 1);
    if (leak) {                                   /* the one that was here has no end, and never will */
        otel_leak_copy_(leaks->last_, leak->name_);
        OTEL_ADD_(&leaks->left_, 1u);
    } else {
        leak = otel_leaks_find_(leaks, 0, 1);
    }
    if (leak) {
        otel_leak_copy_(leak->name_, name);
        OTEL_STORE_(&leak->since_, (uint32_t)((otel_get64_(span->head_ + OTEL_HEAD_START_) - span->offset_) >> 20));
        OTEL_STORE_RELEASE_(&leak->span_, (uintptr_t)span);
    } else {
        OTEL_ADD_(&leaks->more_, 1u);
    }
    otel_leaks_leave_(span->otel_, was);
}

OTEL_API_ void otel_leaks_ending_(const otel_processor_t *self, otel_span_t *span)
{
    otel_leaks_t *leaks = (otel_leaks_t *)self->user;
    uint32_t was;
    OTEL_WHEN_OFF_((void)leaks; (void)was; (void)span; return)
    if (!otel_leaks_enter_(span->otel_, &was)) return;
    if (!otel_leaks_find_(leaks, (uintptr_t)span, 0)) OTEL_ADD_(&leaks->more_, UINT32_MAX);
    otel_leaks_leave_(span->otel_, was);
}

/* The clock's time as slots have it. */
OTEL_STEP_ uint32_t otel_leaks_now_(const otel_leaks_t *leaks)
{
    const otel_t *otel = OTEL_LOAD_(&leaks->otel_);
    return otel ? (uint32_t)(otel_clock_now_(&((otel_t *)(uintptr_t)otel)->clock_) >> 20) : 0u;
}

/* Units of 2^20 ns as milliseconds. */
OTEL_STEP_ uint32_t otel_leaks_ms_(uint32_t open)
{
    uint64_t ms = (uint64_t)open << 14;
    (void)otel_divide_(&ms, 15625u);
    return (uint32_t)ms;
}

/* The next span that is known by name, from slot *at on, which moves behind it; false: there is none. One by one: a list would
   take room on the stack. */
OTEL_STEP_ bool otel_leaks_next_(const otel_leaks_t *leaks, size_t *at, uint32_t now, otel_open_span_t *one)
{
    while (leaks->open && *at < leaks->open_len) {
        const otel_leak_t *leak = &leaks->open[(*at)++];
        uintptr_t span = OTEL_LOAD_ACQUIRE_(&leak->span_);
        if (span <= 1u) continue;
        otel_leak_text_(one->name, leak->name_);
        one->open_ms = otel_leaks_ms_(now - OTEL_LOAD_(&leak->since_));
        if (OTEL_LOAD_ACQUIRE_(&leak->span_) == span) return true;        /* else it has ended meanwhile */
    }
    return false;
}

/* How many are open. */
OTEL_STEP_ uint32_t otel_leaks_count_(const otel_leaks_t *leaks)
{
    uint32_t n = 0, more = OTEL_LOAD_(&leaks->more_);
    size_t i;
    if (!leaks->open) return 0;
    for (i = 0; i < leaks->open_len; i++) n += OTEL_LOAD_ACQUIRE_(&leaks->open[i].span_) != 0;
    return n + (more > INT32_MAX ? 0u : more);
}

OTEL_API_ uint32_t otel_leaks_open(const otel_leaks_t *leaks, otel_open_span_t *list, size_t len, size_t *named)
{
    uint32_t now;
    size_t i, k = 0;
    OTEL_WHEN_OFF_((void)leaks; (void)list; (void)len; (void)now; (void)i; (void)k; if (named) *named = 0; return 0)
    if (named) *named = 0;
    if (!leaks) return 0;
    now = otel_leaks_now_(leaks);
    for (i = 0; list && k < len && otel_leaks_next_(leaks, &i, now, &list[k]);) k++;
    if (named) *named = k;
    return otel_leaks_count_(leaks);
}

OTEL_API_ uint32_t otel_leaks_left(const otel_leaks_t *leaks)
{
    OTEL_WHEN_OFF_((void)leaks; return 0)
    return leaks ? OTEL_LOAD_(&leaks->left_) : 0;
}

OTEL_STEP_ void otel_leaks_line_(otel_painter_t_ *p, const char *name, uint32_t open_ms)
{
    otel_paint_text_(p, "  ");
    otel_paint_(p, name, strlen(name), OTEL_LEAK_NAME);
    otel_paint_to_(p, 28);
    p->words.n = 0;
    otel_words_duration_(&p->words, (uint64_t)open_ms * 1000000u);
    otel_paint_words_(p);
    otel_paint_line_(p);
}

/* How many are open, and how many were never ended; `last` is room for a name. */
OTEL_STEP_ void otel_leaks_counts_(const otel_leaks_t *leaks, otel_painter_t_ *p, uint32_t open, char last[OTEL_LEAK_NAME])
{
    uint32_t left = otel_leaks_left(leaks);
    p->words.n = 0;
    otel_words_text_(&p->words, "spans open now: ");
    otel_words_uint_(&p->words, 0, open);
    if (left) otel_words_text_(&p->words, ", never ended: ");
    if (left) otel_words_uint_(&p->words, 0, left);
    otel_paint_words_(p);
    if (left) {
        otel_leak_text_(last, leaks->last_);
        otel_paint_text_(p, ", the last one ");
        otel_paint_text_(p, last);
    }
    otel_paint_line_(p);
}

OTEL_API_ void otel_leaks_dump_(const otel_processor_t *self, otel_painter_t_ *p)
{
    const otel_leaks_t *leaks = (const otel_leaks_t *)self->user;
    OTEL_WORKING_ otel_open_span_t one;
    uint32_t now = otel_leaks_now_(leaks), open = otel_leaks_count_(leaks), named = 0;
    size_t at = 0;
    otel_leaks_counts_(leaks, p, open, one.name);
    for (; named < 4u && otel_leaks_next_(leaks, &at, now, &one); named++) otel_leaks_line_(p, one.name, one.open_ms);     /* a screen, not a list */
    if (open > named && named) {
        otel_paint_text_(p, "  and more");
        otel_paint_line_(p);
    }
}

OTEL_STEP_ void otel_leaks_say_(otel_watch_t *watch, otel_count_t n, const char *name, const char *text, const char *remedy)
{
    OTEL_WORKING_ otel_diag_t what;
    memset((void *)&what, 0, sizeof what);
    what.code = OTEL_DIAG_LEFT_OPEN;
    what.level = OTEL_LEVEL_WARN;
    what.signal = OTEL_SIGNAL_TRACES;
    what.count = n;
    what.answer = watch->exporter->lane_[OTEL_SIGNAL_TRACES].last;
    what.text = text;
    what.remedy = remedy;
    what.name = name;
    (watch->say)(watch->user, &what);
}

OTEL_API_ void otel_leaks_check_(const otel_processor_t *self, otel_watch_t *watch, bool ended)
{
    static const char remedy[] = "end them on every path (OTEL_SPAN does), or give them memory of their own";
    const otel_leaks_t *leaks = (const otel_leaks_t *)self->user;
    OTEL_WORKING_ otel_open_span_t one;
    uint32_t left = otel_leaks_left(leaks), named = 0, now;
    size_t at = 0;
    if (left != watch->left_) {
        otel_leak_text_(one.name, leaks->last_);
        otel_leaks_say_(watch, (otel_count_t)(left - (uint32_t)watch->left_), one.name, "another span began where one was never ended", remedy);
        watch->left_ = left;
    }
    if (!ended || watch->ended_) return;
    watch->ended_ = true;
    left = otel_leaks_count_(leaks);
    now = otel_leaks_now_(leaks);
    for (; named < 8u && otel_leaks_next_(leaks, &at, now, &one); named++) otel_leaks_say_(watch, 1, one.name, "a span is still open after the shutdown: it is not recorded", remedy);
    if (left > named) otel_leaks_say_(watch, (otel_count_t)(left - named), NULL, "more spans are still open after the shutdown", remedy);
}
OTEL_C_END_
#endif
#endif
