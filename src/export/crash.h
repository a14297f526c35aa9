/* A crash record: what a program was doing when it died, kept in memory that a reset leaves alone (or in a mapped file), and told
   as a log record at the next start.

     static otel_crash_t crash OTEL_NO_INIT;                      // a section that start-up code does not clear: .noinit
     otel_init(&otel, ...);
     otel_crash_open(&crash, &otel);                              // tells of the last crash, if there is one, and is ready for the next

     void HardFault_Handler(void) { otel_crash_write(&crash, "hard fault", stacked_pc, stacked_lr); reset(); }

   Writing it takes no lock, no memory and no time to speak of: it copies the names and ids of the spans that are open. Memory that
   holds nothing of ours, or half of it, is not believed: a mark and a CRC decide.

   The log record takes 230 bytes of a log ring with no span open and 380 with four, names and cause of full length: .pool_size
   of 1,520 where a quarter is for logs. In a smaller ring it goes out with its cause only, and the whole one counts as too_large. */
#ifndef OTEL_EXPORT_CRASH_H
#define OTEL_EXPORT_CRASH_H
#include "../otel/compiler.h"
#include "../otel/otel.h"
#include "medium.h"

/* The section for objects that a reset leaves as they are. Override it for other linker scripts. */
#ifndef OTEL_NO_INIT
#  if defined(__GNUC__) || defined(__clang__)
#    define OTEL_NO_INIT __attribute((section(".noinit")))
#  else
#    define OTEL_NO_INIT
#  endif
#endif

#define OTEL_CRASH_SPANS 4        /* of the spans that are open, the innermost first */
#define OTEL_CRASH_TEXT 24        /* bytes of a name or a cause, with the end */

typedef struct otel_crash_span_t {
    uint8_t trace_id[16], span_id[8];
    char name[OTEL_CRASH_TEXT];
} otel_crash_span_t;

/* The record. Its fields may be read between otel_crash_found and otel_crash_open. */
typedef struct otel_crash_t {
    uint32_t mark_;
    uint32_t spans;               /* of `span` are there */
    uint64_t address, link;       /* program counter and link register, as the handler gave them */
    uint64_t time;                /* of the instance's clock */
    uint32_t crashes;             /* since the memory was last without power */
    char cause[OTEL_CRASH_TEXT];
    otel_crash_span_t span[OTEL_CRASH_SPANS];
    otel_t *otel_;                /* of this boot: whose spans are looked at */
    uint32_t crc_;
} otel_crash_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ bool otel_crash_opened_v0_;      /* in memory that start-up code clears */
#endif

/* Say whether there is a whole record of an earlier crash. */
OTEL_API_ bool otel_crash_found(const otel_crash_t *crash);

/* Emit the record that is there as a log record (severity FATAL, event "crash", in the trace of the innermost span), and make
   ready for the next one. True: there was one. `otel` NULL: the default instance. Whole it takes up to 380 bytes of the pool's part
   for log records (a quarter, by default); where that is too little it goes out with its cause only. Where nothing of it is taken
   (no instance runs, no room even for that) it stays as it is, for the next call. On firmware one call at a time. */
OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel);

/* Write the record. For fault, watchdog and signal handlers: waits for nothing and allocates nothing. The first one counts, until
   otel_crash_open. `cause` NULL: "unknown". Before the first otel_crash_open of a boot no span is looked at: what is in memory is of
   the last one. */
OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_VAR_ bool otel_crash_opened_v0_ = false;
#endif

#define OTEL_CRASH_MARK_ 0x4843544Fu          /* "OTCH": a crash */
#define OTEL_CRASH_READY_ 0x5943544Fu         /* "OTCY": ready for one */

OTEL_FN_ uint32_t otel_crash_crc_(const otel_crash_t *crash) { return otel_crc_(0, (const uint8_t *)crash, offsetof(otel_crash_t, otel_)); }

OTEL_STEP_ void otel_crash_text_(char *to, const char *from)
{
    unsigned i;
    memset(to, 0, OTEL_CRASH_TEXT);
    for (i = 0; from && i + 1u < OTEL_CRASH_TEXT && from[i]; i++) to[i] = from[i];
    if (from && from[i]) otel_utf8_close_(to, i);
}

OTEL_API_ bool otel_crash_found(const otel_crash_t *crash)
{
    OTEL_WHEN_OFF_((void)crash; return false)
    return crash && crash->mark_ == OTEL_CRASH_MARK_ && crash->spans <= OTEL_CRASH_SPANS && crash->crc_ == otel_crash_crc_(crash);
}

#if OTEL_ENABLED
OTEL_STEP_ void otel_crash_close_(otel_crash_t *crash)
{
    crash->mark_ = OTEL_CRASH_MARK_;
    crash->crc_ = otel_crash_crc_(crash);
}

/* The span and those that it stands in; with them the record is whole. */
OTEL_STEP_ void otel_crash_spans_(otel_crash_t *crash, const otel_span_t *span)
{
    for (; span && crash->spans < OTEL_CRASH_SPANS; crash->spans++, span = span->up_) {
        memcpy(crash->span[crash->spans].trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(crash->span[crash->spans].span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
        otel_crash_text_(crash->span[crash->spans].name, span->name_);
    }
    otel_crash_close_(crash);
}
#endif

OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link)
{
#if OTEL_ENABLED
    const otel_current_t *current;
    bool runs;
    if (!crash || crash->mark_ != OTEL_CRASH_READY_) return;
    crash->mark_ = 0;                             /* not whole until the end */
    crash->address = address;
    crash->link = link;
    crash->spans = 0;
    crash->crashes++;
    otel_crash_text_(crash->cause, cause ? cause : "unknown");
    runs = otel_crash_opened_v0_ && otel_running_(crash->otel_);
    crash->time = runs ? otel_clock_now_(&crash->otel_->clock_) : 0;
    current = runs ? otel_current_(crash->otel_) : NULL;
    otel_crash_spans_(crash, current ? current->span : NULL);
#else
    (void)crash;
    (void)cause;
    (void)address;
    (void)link;
#endif
}

/* What a crash becomes. Private. */
typedef struct otel_crash_log_t_ {
    otel_log_record_t record;
    otel_context_t context;
    otel_attr_t attributes[6];
    const char *names[OTEL_CRASH_SPANS];
} otel_crash_log_t_;

OTEL_STEP_ void otel_crash_int_(otel_attr_t *to, const char *key, uint64_t value)
{
    to->key = key;
    to->value = otel_value_int_((int64_t)value);
}

OTEL_STEP_ void otel_crash_str_(otel_value_t *to, const char *text) { *to = otel_value_str_(text); }

/* The names of the spans. */
OTEL_STEP_ void otel_crash_names_(otel_crash_log_t_ *log, const otel_crash_t *crash)
{
    uint32_t i;
    for (i = 0; i < crash->spans; i++) log->names[i] = crash->span[i].name;
    log->attributes[1].value = otel_value_list_(OTEL_V_STRINGS_, log->names, (size_t)crash->spans, sizeof log->names[0]);
}

OTEL_STEP_ void otel_crash_fill_(otel_crash_log_t_ *log, const otel_crash_t *crash)
{
    memset((void *)log, 0, sizeof *log);
    log->attributes[0].key = "crash.cause";       /* what matters most comes first: there may not be room for all */
    otel_crash_str_(&log->attributes[0].value, crash->cause);
    log->attributes[1].key = "crash.spans";
    otel_crash_names_(log, crash);
    otel_crash_int_(&log->attributes[2], "crash.address", crash->address);
    otel_crash_int_(&log->attributes[3], "crash.link", crash->link);
    otel_crash_int_(&log->attributes[4], "crash.count", crash->crashes);
    otel_crash_int_(&log->attributes[5], "crash.uptime_ns", crash->time);
    log->record.severity = OTEL_FATAL;
    log->record.body = log->attributes[0].value;
    log->record.event_name = "crash";
    log->record.attributes = log->attributes;
    log->record.attributes_len = 6;
    if (!crash->spans) return;
    memcpy(log->context.trace_id, crash->span[0].trace_id, 16);
    memcpy(log->context.span_id, crash->span[0].span_id, 8);
    log->record.context = &log->context;
}

/* Ready for the next one. */
OTEL_STEP_ bool otel_crash_ready_(otel_crash_t *crash, otel_t *otel, bool found)
{
    uint32_t crashes = found || crash->mark_ == OTEL_CRASH_READY_ ? crash->crashes : 0;
    memset((void *)crash, 0, sizeof *crash);
    crash->crashes = crashes;
    crash->otel_ = otel;
#if OTEL_ENABLED
    otel_crash_opened_v0_ = true;
#endif
    crash->mark_ = OTEL_CRASH_READY_;
    return found;
}

#if OTEL_ENABLED
/* Log records for which there was no room. */
OTEL_STEP_ otel_count_t otel_crash_lost_(otel_t *otel)
{
    otel_count_t lost = 0;
    unsigned i;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ring_t *ring = &otel_shard_at_(otel, i)->ring[OTEL_LOGS_];
        lost += OTEL_LOAD_(&ring->dropped[OTEL_DROP_FULL]) + OTEL_LOAD_(&ring->dropped[OTEL_DROP_TOO_LARGE]);
    }
    return lost;
}

/* False: it was not taken. */
OTEL_STEP_ bool otel_crash_tell_(otel_t *otel, const otel_log_record_t *record)
{
    otel_count_t lost = otel_crash_lost_(otel);
    otel_log_emit(record);
    return otel_crash_lost_(otel) == lost;
}
#endif

OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel)
{
    OTEL_WORKING_ otel_crash_log_t_ log OTEL_Z_;             /* said here, C++ makes no constructor to guard */
    OTEL_WHEN_OFF_((void)crash; (void)otel; (void)log; return false)
    if (!crash) return false;
    if (!otel) otel = otel_default_();
    if (!otel_crash_found(crash)) return otel_crash_ready_(crash, otel, false);
#if OTEL_ENABLED
    if (!otel_running_(otel)) return true;
    otel_crash_fill_(&log, crash);
    log.record.otel = otel;
    if (!otel_crash_tell_(otel, &log.record)) {
        log.record.attributes_len = 1;
        log.record.lost_ = 5;
        log.record.body.type = OTEL_V_NULL_;
        if (!otel_crash_tell_(otel, &log.record)) return true;
    }
#endif
    return otel_crash_ready_(crash, otel, true);
}
OTEL_C_END_
#endif
#endif
