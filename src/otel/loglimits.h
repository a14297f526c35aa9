/* Limits of log records that a program sets at run time: how many attributes a record keeps, and how long their text may be. A
   processor applies them while the record is written, so who sets none pays a look at a pointer; the limit that always holds is
   128 attributes.
   Specification: logs/sdk.md, "LogRecord Limits"; common/README.md, "Attribute Limits". */
#ifndef OTEL_LOGLIMITS_H
#define OTEL_LOGLIMITS_H
#include "compiler.h"
#include "limits.h"
#include "list.h"
#include "logger.h"

/* What a record may have. Zero: no limit of its own; no attribute at all is OTEL_LIMIT_NONE. */
typedef struct otel_log_limits_t {
    uint16_t attributes OTEL_Z_;          /* different keys, the first ones stay; what goes is counted in dropped_attributes_count */
    uint32_t value_length OTEL_Z_;        /* of attributes: characters of text, bytes of bytes; in arrays and maps too */
} otel_log_limits_t;

OTEL_C_BEGIN_
OTEL_API_ bool otel_log_limits_emit_(const otel_log_processor_t *self, otel_log_record_t *record);

/* Keep records within `limits`, which outlive the processor. Its place in the list is all one: limits apply behind all others. */
OTEL_FN_ otel_log_processor_t otel_log_processor_limits(const otel_log_limits_t *limits)
{
    otel_log_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = (void *)(uintptr_t)limits;
    p.on_emit = OTEL_ENABLED ? otel_log_limits_emit_ : NULL;
    return p;
}
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_cut_len_(const otel_value_t *text, uint32_t most);
OTEL_API_ uint32_t otel_cut_len_(const otel_value_t *text, uint32_t most)
{
    if (text->len <= most) return text->len;
#if OTEL_UTF8_REPLACE
    if (text->type == OTEL_V_STRING_) {                       /* a byte that is no UTF-8 goes out as a character */
        const uint8_t *p = (const uint8_t *)text->as.p;
        uint32_t n = 0;
        for (; most && n < text->len; most--) {
            unsigned step = otel_utf8_step_(p + n, (size_t)(text->len - n));
            n += step ? step : 1u;
        }
        return n;
    }
#else
    if (text->type == OTEL_V_STRING_ && otel_utf8_valid((const char *)text->as.p, (size_t)text->len)) return (uint32_t)otel_limits_characters_((const uint8_t *)text->as.p, (size_t)text->len, most);
#endif
    return most;
}

OTEL_API_ const otel_value_t *otel_log_limit_(const otel_log_record_t *record, unsigned kept, const otel_value_t *value);
OTEL_API_ const otel_value_t *otel_log_limit_(const otel_log_record_t *record, unsigned kept, const otel_value_t *value)
{
    otel_log_passing_t_ *p = (otel_log_passing_t_ *)(uintptr_t)record;
    const bool list = otel_is_list_(value->type);
    if (kept >= otel_limit_(p->limits->attributes)) return NULL;
    if (p->limits->value_length == 0 || (!list && value->type != OTEL_V_STRING_ && value->type != OTEL_V_BYTES_)) return value;
    p->cut.value = *value;
    p->cut.most = p->limits->value_length;
    p->cut.len = otel_cut_len_;
    if (list) p->cut.value.size |= (uint8_t)OTEL_LIST_CUT_;
    else p->cut.value.len = otel_cut_len_(value, p->cut.most);
    return &p->cut.value;
}

OTEL_API_ bool otel_log_limits_emit_(const otel_log_processor_t *self, otel_log_record_t *record)
{
    OTEL_LOGS_OFF_((void)self; (void)record; return true)
    if (!self->user) return true;
    ((otel_log_passing_t_ *)(void *)record)->limits = (const otel_log_limits_t *)self->user;
    record->limit_ = otel_log_limit_;
    return true;
}
OTEL_C_END_
#endif
#endif
