/* What happens to a log record before it is encoded: rules that switch scopes off or set a least severity, and processors
   that look at it, change it or drop it. Comes in with `.logs = otel_logs(&settings)`, and not before.
   Specification: logs/sdk.md, "LoggerConfigurator", "LogRecordProcessor"; logs/api.md, "Enabled". */
#ifndef OTEL_LOGGER_H
#define OTEL_LOGGER_H
#include "compiler.h"
#include "instance.h"
#include "list.h"
#include "log.h"
#include "priority.h"

/* A processor of log records. */
typedef struct otel_log_processor_t {
    /* Look at a record; what it points to may be replaced by something that lives until the return. False: dropped, and
       counted as OTEL_DROP_PROCESSOR. NULL: all pass. */
    bool (*on_emit)(const struct otel_log_processor_t *self, otel_log_record_t *record) OTEL_Z_;
    /* Say whether records of this kind are wanted, for otel_log_enabled. NULL: yes. */
    bool (*enabled)(const struct otel_log_processor_t *self, const otel_scope_t *scope, otel_severity_t severity) OTEL_Z_;
    void (*after)(const struct otel_log_processor_t *self) OTEL_Z_;       /* the record is in the ring: send it now, say (default: none) */
    void *user OTEL_Z_;
} otel_log_processor_t;

/* The configuration of some loggers. What is left zero is not asked for. */
typedef struct otel_logger_rule_t {
    const char *scope OTEL_Z_;                    /* name; a '*' at the end stands for any rest (default: all) */
    otel_severity_t least OTEL_Z_;                /* records below are left out, those without a severity pass */
    bool trace_based OTEL_Z_;                     /* records inside a trace that is not sampled are left out (default: false) */
    bool disabled OTEL_Z_;                        /* all are left out (default: false) */
} otel_logger_rule_t;

typedef struct otel_log_settings_t {
    const otel_logger_rule_t *rules OTEL_Z_;      /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
    const otel_log_processor_t *const *processors OTEL_Z_;    /* asked in turn, NULL at the end */
} otel_log_settings_t;

/* A record on its way past the processors, and what limits need for it. Private; `record` comes first. */
struct otel_log_limits_t;
typedef struct otel_log_passing_t_ {
    otel_log_record_t record;
    const struct otel_log_limits_t *limits;
    otel_cut_t_ cut;
} otel_log_passing_t_;

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ void otel_logs_emit_(const otel_logs_t *self, otel_t *otel, const otel_log_record_t *record);
OTEL_API_ bool otel_logs_enabled_(const otel_logs_t *self, otel_t *otel, const otel_scope_t *scope, int severity);
#endif

/* .logs of otel_init. `settings` and what it names outlive the instance. What rules leave out is not counted as created. */
OTEL_FN_ otel_logs_t otel_logs(const otel_log_settings_t *settings)
{
    otel_logs_t logs;
    logs.settings_ = settings;
#if OTEL_ENABLED
    logs.emit_ = otel_logs_emit_;
    logs.enabled_ = otel_logs_enabled_;
#else
    logs.emit_ = NULL;
    logs.enabled_ = NULL;
#endif
    return logs;
}

/* Say whether a record of this severity would go anywhere now: guards what is expensive to compute. `scope` NULL: the unnamed
   one. Safe in interrupts when the processors are. */
OTEL_API_ bool otel_log_enabled_in(const otel_scope_t *scope, otel_severity_t severity);
#define otel_log_enabled(severity) otel_log_enabled_in(OTEL_FILE_SCOPE, (severity))
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_log_enabled_in(const otel_scope_t *scope, otel_severity_t severity)
{
    otel_t *otel;
    OTEL_LOGS_OFF_((void)scope; (void)severity; return false)
    otel = scope && scope->otel ? scope->otel : otel_default_();
    if (!otel_running_(otel)) return false;
    return !otel->config_.logs.enabled_ || (otel->config_.logs.enabled_)(&otel->config_.logs, otel, scope, (int)severity);
}

#if OTEL_ENABLED
/* Is the context of the record, or else the current one, that of a trace that is not sampled? */
OTEL_FN_ bool otel_log_unsampled_(otel_t *otel, const otel_context_t *context)
{
    const otel_current_t *slot;
    if (context) return otel_context_valid(context) && !(context->flags & OTEL_FLAG_SAMPLED);
    slot = otel_current_(otel);
    if (slot && slot->span) return !(slot->span->flags_ & OTEL_FLAG_SAMPLED) && !otel_all_zero_(slot->span->head_ + OTEL_HEAD_SPAN_, 8);
    return slot && otel_context_valid(&slot->context) && !(slot->context.flags & OTEL_FLAG_SAMPLED);
}

OTEL_API_ bool otel_logs_allow_(const otel_log_settings_t *s, otel_t *otel, const otel_scope_t *scope, int severity, const otel_context_t *context);
OTEL_API_ bool otel_logs_allow_(const otel_log_settings_t *s, otel_t *otel, const otel_scope_t *scope, int severity, const otel_context_t *context)
{
    size_t i;
    for (i = 0; s->rules && i < s->rules_len; i++) {
        const otel_logger_rule_t *r = &s->rules[i];
        if (r->scope && !otel_name_fits_(r->scope, scope && scope->name ? scope->name : "")) continue;
        if (r->disabled || (severity > 0 && severity < (int)r->least)) return false;
        return !r->trace_based || !otel_log_unsampled_(otel, context);
    }
    return true;
}

OTEL_API_ bool otel_logs_enabled_(const otel_logs_t *self, otel_t *otel, const otel_scope_t *scope, int severity)
{
    const otel_log_settings_t *s = self->settings_;
    size_t i;
    if (!s) return true;
    if (!otel_logs_allow_(s, otel, scope, severity, NULL)) return false;
    for (i = 0; s->processors && s->processors[i]; i++) {
        const otel_log_processor_t *p = s->processors[i];
        if (!p->enabled || (p->enabled)(p, scope, (otel_severity_t)severity)) return true;
    }
    return i == 0;
}

OTEL_API_ void otel_logs_emit_(const otel_logs_t *self, otel_t *otel, const otel_log_record_t *record)
{
    const otel_log_settings_t *s = self->settings_;
    otel_log_passing_t_ mine;
    size_t i;
    if (s && !otel_logs_allow_(s, otel, record->scope, (int)record->severity, record->context)) return;
    memcpy((void *)&mine.record, record, sizeof mine.record);
    mine.record.passed_ = true;
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        const otel_log_processor_t *p = s->processors[i];
        if (!p->on_emit || (p->on_emit)(p, &mine.record)) continue;
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_PROCESSOR);
        return;
    }
    mine.record.otel = otel;
    mine.record.passed_ = true;
    otel_log_emit_(&mine.record);
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        if (s->processors[i]->after) (s->processors[i]->after)(s->processors[i]);
    }
}
#endif
OTEL_C_END_
#endif
#endif
