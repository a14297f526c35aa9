/* A crash record: what a program was doing when it died, kept in memory that a reset leaves alone (or in a mapped file), and told
   as a log record at the next start.

     static otel_crash_t crash OTEL_NO_INIT;                      // a section that start-up code does not clear: .noinit
     otel_init(&otel, ...);
     otel_crash_open(&crash, &otel);                              // tells of the last crash, if there is one, and is ready for the next

     void HardFault_Handler(void) { otel_crash_write(&crash, "hard fault", stacked_pc, stacked_lr); reset(); }

   Writing it takes no lock, no memory and no time to speak of: it copies the names and ids of the spans that are open. Memory that
   holds nothing of ours, or half of it, is not believed: a mark and a CRC decide. */
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
/* Say whether there is a whole record of an earlier crash. */
OTEL_API_ bool otel_crash_found(const otel_crash_t *crash);

/* Emit the record that is there as a log record (severity FATAL, event "crash", in the trace of the innermost span), and make
   ready for the next one. True: there was one. `otel` NULL: the default instance. */
OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel);

/* Write the record. For fault, watchdog and signal handlers: waits for nothing and allocates nothing. The first one counts, until
   otel_crash_open. `cause` NULL: "unknown". */
OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CRASH_MARK_ 0x4843544Fu          /* "OTCH": a crash */
#define OTEL_CRASH_READY_ 0x5943544Fu         /* "OTCY": ready for one */

OTEL_FN_ uint32_t otel_crash_crc_(const otel_crash_t *crash) { return otel_crc_(0, (const uint8_t *)crash, offsetof(otel_crash_t, otel_)); }

OTEL_FN_ void otel_crash_text_(char *to, const char *from)
{
    unsigned i;
    memset(to, 0, OTEL_CRASH_TEXT);
    for (i = 0; from && i + 1u < OTEL_CRASH_TEXT && from[i]; i++) to[i] = from[i];
}

OTEL_API_ bool otel_crash_found(const otel_crash_t *crash)
{
    OTEL_WHEN_OFF_((void)crash; return false)
    return crash && crash->mark_ == OTEL_CRASH_MARK_ && crash->spans <= OTEL_CRASH_SPANS && crash->crc_ == otel_crash_crc_(crash);
}

OTEL_API_ void otel_crash_write(otel_crash_t *crash, const char *cause, uintptr_t address, uintptr_t link)
{
#if OTEL_ENABLED
    const otel_current_t *current;
    const otel_span_t *span;
    unsigned i;
    if (!crash || crash->mark_ != OTEL_CRASH_READY_) return;
    crash->mark_ = 0;                             /* not whole until the end */
    crash->address = address;
    crash->link = link;
    crash->spans = 0;
    crash->crashes++;
    otel_crash_text_(crash->cause, cause ? cause : "unknown");
    crash->time = otel_running_(crash->otel_) ? otel_clock_now_(&crash->otel_->clock_) : 0;
    current = otel_running_(crash->otel_) ? otel_current_(crash->otel_) : NULL;
    span = current ? current->span : NULL;
    for (i = 0; span && i < OTEL_CRASH_SPANS; i++, span = span->up_) {
        otel_context_t context = otel_span_context(span);
        memcpy(crash->span[i].trace_id, context.trace_id, 16);
        memcpy(crash->span[i].span_id, context.span_id, 8);
        otel_crash_text_(crash->span[i].name, span->name_);
        crash->spans = i + 1u;
    }
    crash->mark_ = OTEL_CRASH_MARK_;
    crash->crc_ = otel_crash_crc_(crash);
#else
    (void)crash;
    (void)cause;
    (void)address;
    (void)link;
#endif
}

OTEL_API_ bool otel_crash_open(otel_crash_t *crash, otel_t *otel)
{
    uint32_t crashes;
    bool found;
    OTEL_WHEN_OFF_((void)crash; (void)otel; return false)
    if (!crash) return false;
    found = otel_crash_found(crash);
    if (!otel) otel = otel_default_();
    if (found && otel) {
        otel_log_record_t record;
        otel_context_t context;
        otel_attr_t attributes[6];
        const char *names[OTEL_CRASH_SPANS];
        unsigned i;
        memset((void *)&record, 0, sizeof record);
        memset((void *)&context, 0, sizeof context);
        for (i = 0; i < crash->spans; i++) names[i] = crash->span[i].name;
        attributes[0] = otel_str("crash.cause", crash->cause);        /* what matters most comes first: there may not be room for all */
        attributes[1] = otel_any("crash.spans", otel_value_list_(OTEL_V_STRINGS_, names, (size_t)crash->spans, sizeof names[0]));
        attributes[2] = otel_int("crash.address", (int64_t)crash->address);
        attributes[3] = otel_int("crash.link", (int64_t)crash->link);
        attributes[4] = otel_int("crash.count", (int64_t)crash->crashes);
        attributes[5] = otel_int("crash.uptime_ns", (int64_t)crash->time);
        record.severity = OTEL_FATAL;
        record.body = otel_value_str_(crash->cause);
        record.event_name = "crash";
        record.attributes = attributes;
        record.attributes_len = 6;
        record.otel = otel;
        if (crash->spans) {
            memcpy(context.trace_id, crash->span[0].trace_id, 16);
            memcpy(context.span_id, crash->span[0].span_id, 8);
            record.context = &context;
        }
        otel_log_emit(&record);
    }
    crashes = found || crash->mark_ == OTEL_CRASH_READY_ ? crash->crashes : 0;
    memset((void *)crash, 0, sizeof *crash);
    crash->crashes = crashes;
    crash->otel_ = otel;
    crash->mark_ = OTEL_CRASH_READY_;
    return found;
}
OTEL_C_END_
#endif
#endif
