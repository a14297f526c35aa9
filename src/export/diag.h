/* What is wrong, said to a program: a callback with a code, a sentence and the remedy whenever something new is lost, put off or
   works again (otel_diag_check; dump.h has the screen for people). It reads counts that are there anyway, so recording costs nothing
   more, and it comes in by use.
   Specification: specification/error-handling.md, "Self-diagnostics". */
#ifndef OTEL_EXPORT_DIAG_H
#define OTEL_EXPORT_DIAG_H
#include "../otel/compiler.h"
#include "../otel/processor.h"
#include "exporter.h"
#include "painter.h"
#include "stats.h"

typedef enum {
    OTEL_DIAG_LOST,                           /* records were lost for a reason */
    OTEL_DIAG_PUT_OFF,                        /* the receiver does not take them at present; nothing is lost yet */
    OTEL_DIAG_WORKS,                          /* it takes them again */
    OTEL_DIAG_NO_TIME,                        /* records wait for otel_time_sync, or the clock says a year before 2000 */
    OTEL_DIAG_LEFT_OPEN,                      /* spans were never ended: of otel_processor_leaks */
    OTEL_DIAG_SETTING,                        /* a setting makes no sense, or lacks: metrics without a .buffer; ports: it is ignored */
    OTEL_DIAG_START,                          /* ports: it does not start; the program goes on without telemetry */
    OTEL_DIAG_REFUSED,                        /* ports: a request was refused for good */
    OTEL_DIAG_STOP,                           /* ports: the end was not orderly */
    OTEL_DIAG_TRACE,                          /* ports: what is being done, for who looks for a fault */
    OTEL_DIAG_INSTRUMENT                      /* a name or a unit of an instrument or a meter: of otel_diag_instruments */
} otel_diag_code_t;

/* How much it matters; also a threshold: what is above it is not said. */
typedef enum { OTEL_LEVEL_NONE, OTEL_LEVEL_ERROR, OTEL_LEVEL_WARN, OTEL_LEVEL_INFO, OTEL_LEVEL_DEBUG, OTEL_LEVEL_VERBOSE } otel_level_t;

/* One thing to say. Texts are valid during the call; those of otel_diag_check but for `name` are static. */
typedef struct otel_diag_t {
    otel_diag_code_t code;
    otel_signal_t signal;
    otel_drop_t reason;                       /* of OTEL_DIAG_LOST */
    otel_count_t count;                       /* records (spans) since the last look */
    int answer;                               /* what `send` answered last: HTTP status, or < 0 for nothing */
    const char *text;                         /* "records were lost: full" */
    const char *remedy;                       /* what to do about it, "" for nothing */
    otel_level_t level;
    const char *name;                         /* of a span that was left open, of an instrument; else NULL */
} otel_diag_t;

/* Who looks, and what was seen before. Zero but for the first three. */
typedef struct otel_watch_t {
    const otel_exporter_t *exporter OTEL_Z_;  /* (required) */
    void (*say)(void *user, const otel_diag_t *what) OTEL_Z_;     /* (required) */
    void *user OTEL_Z_;
    otel_count_t seen_[OTEL_SIGNALS][OTEL_DROP_REASONS] OTEL_Z_;
    bool put_off_[OTEL_SIGNALS] OTEL_Z_;
    bool waits_ OTEL_Z_, ended_ OTEL_Z_, stuck_ OTEL_Z_, homeless_ OTEL_Z_;
    uint64_t seen_ns_ OTEL_Z_;                /* when the request that is on its way was seen first, and what it followed */
    uint32_t followed_ OTEL_Z_;
    otel_count_t left_ OTEL_Z_;               /* spans of which it was said that they were never ended */
    struct otel_instrument_t *newest_ OTEL_Z_;/* the last instrument that was looked at, in this life of the instance */
    uint32_t life_ OTEL_Z_;
} otel_watch_t;

/* What a processor adds to the screen and to the callback; `ended`: the exporter was shut down. Private. */
typedef struct otel_diag_more_t_ {
    void (*dump)(const otel_processor_t *self, otel_painter_t_ *p);
    void (*check)(const otel_processor_t *self, otel_watch_t *watch, bool ended);
} otel_diag_more_t_;

OTEL_C_BEGIN_
/* Look, and say what is new. Call it every second or minute from the thread that polls. On firmware one call at a time. */
OTEL_API_ void otel_diag_check(otel_watch_t *watch);

OTEL_API_ void otel_diag_more_(otel_watch_t *watch);

/* What to do about a reason. Never NULL, static. */
OTEL_API_ const char *otel_drop_remedy(otel_drop_t reason);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_drop_remedy(otel_drop_t reason)
{
    static const char texts[] =                               /* by otel_drop_t */
        "raise .pool_size, call otel_export_poll more often, or sync time\0"
        "raise .pool_size, or give the exporter a .buffer\0"
        "give more .shards, or hold the port's lock shorter\0"
        "call otel_thread_end before a thread ends\0"
        "a processor of yours drops them\0"
        "raise .buffer_size or .pool_size, or record shorter texts\0"
        "give otel_shutdown more milliseconds\0"
        "the device was reset before they were sent\0"
        "the receiver refuses them: see its answer\0"
        "the receiver put them off too often: raise .retry_attempts\0"
        "call otel_time_sync earlier, or raise .hold_ms\0";
    const char *text = texts;
    unsigned i;
    OTEL_WHEN_OFF_((void)reason; (void)text; (void)i; return "")
    for (i = 0; i < (unsigned)reason && *text; i++) text += strlen(text) + 1u;
    return text;
}

/* ---- the callback ---- */
/* A look, and what is said of it. Private. */
typedef struct otel_look_t_ {
    otel_stats_t now;
    otel_diag_t what;
    otel_count_t queued;
} otel_look_t_;

OTEL_STEP_ void otel_diag_tell_(otel_watch_t *w, otel_diag_t *what, const char *text, const char *remedy)
{
    what->level = what->code == OTEL_DIAG_WORKS ? OTEL_LEVEL_INFO : OTEL_LEVEL_WARN;
    what->answer = w->exporter->lane_[what->signal].last;
    what->text = text;
    what->remedy = remedy;
    (w->say)(w->user, what);
}

/* Begin to say something. */
OTEL_STEP_ void otel_diag_of_(otel_diag_t *what, otel_diag_code_t code, unsigned signal, otel_count_t count)
{
    memset((void *)what, 0, sizeof *what);
    what->code = code;
    what->signal = (otel_signal_t)signal;
    what->count = count;
}

OTEL_STEP_ void otel_diag_lost_(otel_watch_t *w, otel_look_t_ *look, unsigned signal)
{
    static const char text[][32] = {                          /* no pointers: the strings of all tables of a file are linked together */
#define OTEL_DIAG_TEXT_(code, word) "records were lost: " word,
        OTEL_DROPS_(OTEL_DIAG_TEXT_)
#undef OTEL_DIAG_TEXT_
    };
    unsigned i;
    for (i = 0; i < OTEL_DROP_REASONS; i++) {
        otel_diag_of_(&look->what, OTEL_DIAG_LOST, signal, look->now.signal[signal].dropped[i] - w->seen_[signal][i]);
        w->seen_[signal][i] = look->now.signal[signal].dropped[i];
        look->what.reason = (otel_drop_t)i;
        if (look->what.count) otel_diag_tell_(w, &look->what, text[i], otel_drop_remedy((otel_drop_t)i));
    }
}

/* Does the receiver take records of this signal? */
OTEL_STEP_ void otel_diag_put_off_(otel_watch_t *w, otel_look_t_ *look, unsigned signal)
{
    static const char not_now[] = "the receiver does not take records at present";
    static const char back[] = "nothing, if it comes back; else see what `send` answers";
    static const char zero[] = "`send` answers 0, which is no HTTP status", done[] = "return 200 when it went well";
    static const char again[] = "the receiver takes records again";
    const otel_lane_t_ *lane = &w->exporter->lane_[signal];
    bool put_off = lane->failed && lane->wait != 0, was = w->put_off_[signal];
    w->put_off_[signal] = put_off;
    if (put_off && !was) {
        otel_diag_of_(&look->what, OTEL_DIAG_PUT_OFF, signal, look->now.signal[signal].queued);
        otel_diag_tell_(w, &look->what, lane->last ? not_now : zero, lane->last ? back : done);
    }
    if (!put_off && was && !lane->failed) {
        otel_diag_of_(&look->what, OTEL_DIAG_WORKS, signal, 0);
        otel_diag_tell_(w, &look->what, again, "");
    }
}

/* What processors have to say. */
OTEL_FN_ const otel_processor_t *const *otel_diag_processors_(const otel_exporter_t *x)
{
    const otel_span_settings_t *settings = x->otel_->config_.spans.settings_;
    return settings ? settings->processors : NULL;
}

OTEL_API_ void otel_diag_more_(otel_watch_t *w)
{
    const otel_processor_t *const *p;
    OTEL_WHEN_OFF_((void)w; (void)p; return)
    for (p = otel_diag_processors_(w->exporter); p && *p; p++) {
        if ((*p)->diag_) ((*p)->diag_->check)(*p, w, w->exporter->live_ != 1);
    }
}

/* Is the time not known yet? */
OTEL_STEP_ bool otel_diag_timeless_(const otel_t *otel)
{
    uint64_t offset;
    return otel->clock_.ticks && !otel_clock_offset_(&otel->clock_, &offset);
}

/* Is a request on its way whose outcome nobody tells? Twice the time that a request has is long enough. */
OTEL_STEP_ void otel_diag_stuck_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char long_ago[] = "a request is on its way, and nobody says how it went", done[] = "call otel_export_done: `send` answered OTEL_PENDING";
    const otel_exporter_t *x = w->exporter;
    const bool flying = x->live_ == 1 && x->flying_ && !x->inside_;
    const uint64_t now = flying ? otel_clock_now_(&x->otel_->clock_) : 0;
    if (!flying || !w->seen_ns_ || w->followed_ != x->lane_at_->since) {
        w->seen_ns_ = flying ? now | 1u : 0;
        w->followed_ = flying ? x->lane_at_->since : 0;
        w->stuck_ = false;
    } else if (!w->stuck_ && now > w->seen_ns_ && now - w->seen_ns_ > (uint64_t)x->config_.timeout_ms * 2000000u) {
        w->stuck_ = true;
        otel_diag_of_(&look->what, OTEL_DIAG_PUT_OFF, x->request_.signal, look->now.signal[x->request_.signal].queued);
        otel_diag_tell_(w, &look->what, long_ago, done);
    }
}

/* Is it a time that nobody means? Ticks that are taken for Unix time, or a machine whose clock was never set. */
OTEL_STEP_ bool otel_diag_early_(otel_t *otel)
{
    uint64_t offset;
    return otel_clock_offset_(&otel->clock_, &offset) && otel_clock_now_(&otel->clock_) + offset < 946684800u * (uint64_t)1000000000u;
}

/* Are metrics recorded? */
OTEL_STEP_ bool otel_diag_measures_(const otel_exporter_t *x) { return OTEL_METRICS && x->live_ == 1 && OTEL_LOAD_ACQUIRE_(&x->otel_->collect_); }

/* And does no exporter of the instance have a buffer to collect them into? */
OTEL_STEP_ bool otel_diag_homeless_(const otel_exporter_t *x)
{
    const otel_exporter_t *one;
    if (!otel_diag_measures_(x)) return false;
    for (one = x->otel_->exporters_; one; one = one->next_) if (one->config_.buffer) return false;
    return true;
}

/* Once: a page or a reader of one's own may take them, which nobody sees from here. */
OTEL_STEP_ void otel_diag_unsent_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char none[] = "metrics are recorded, and no exporter has room to collect them", buffer[] = "give an exporter .buffer, unless a page or a reader takes them";
    if (w->homeless_ || !otel_diag_homeless_(w->exporter)) return;
    w->homeless_ = true;
    otel_diag_of_(&look->what, OTEL_DIAG_SETTING, OTEL_SIGNAL_METRICS, 0);
    otel_diag_tell_(w, &look->what, none, buffer);
}

OTEL_STEP_ void otel_diag_look_(otel_watch_t *w, otel_look_t_ *look)
{
    static const char no_time[] = "records wait until the time is known";
    static const char sync[] = "call otel_time_sync";
    static const char before[] = "the clock says a year before 2000", hz[] = "set .clock_hz if it counts ticks, or set the clock";
    unsigned s;
    bool waits, early = w->exporter->live_ == 1 && otel_diag_early_(w->exporter->otel_);
    look->queued = 0;
    for (s = 0; s < OTEL_SIGNALS; s++) {
        look->queued += look->now.signal[s].queued;
        otel_diag_lost_(w, look, s);
        otel_diag_put_off_(w, look, s);
    }
    waits = early || (otel_diag_timeless_(w->exporter->otel_) && (look->queued || otel_diag_measures_(w->exporter)));
    if (waits && !w->waits_) {
        otel_diag_of_(&look->what, OTEL_DIAG_NO_TIME, 0, look->queued);
        otel_diag_tell_(w, &look->what, early ? before : no_time, early ? hz : sync);
    }
    w->waits_ = waits;
    otel_diag_stuck_(w, look);
    otel_diag_unsent_(w, look);
    otel_diag_more_(w);
}

OTEL_API_ void otel_diag_check(otel_watch_t *w)
{
    OTEL_WORKING_ otel_look_t_ look;
    OTEL_WHEN_OFF_((void)w; return)
    if (!w || !w->exporter || !w->say || otel_stats(w->exporter, &look.now) != OTEL_OK) return;
    otel_diag_look_(w, &look);
}
OTEL_C_END_
#endif
#endif
