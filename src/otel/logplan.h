/* The attributes of a log record, measured once: where there is room, what was found is remembered until they are written. */
#ifndef OTEL_LOGPLAN_H
#define OTEL_LOGPLAN_H
#include "attr.h"
#include "compiler.h"
#include "unique.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ROOMY_
/* What was measured of the attributes, so that it is not measured again where they are written. `any` OTEL_TOO_LONG_: left out. */
#define OTEL_LOG_PLANNED_ 12u
typedef struct otel_log_plan_t_ {
    size_t key_len[OTEL_LOG_PLANNED_], any[OTEL_LOG_PLANNED_];
} otel_log_plan_t_;

/* Whether an attribute of that key comes again. */
OTEL_FN_ bool otel_log_again_(const otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t i, size_t len)
{
    size_t j = i + 1u;
    while (j < len && plan->key_len[j] != plan->key_len[i]) j++;          /* mended keys keep their length */
    return j < len && otel_attr_again_(attributes + i, len - i);
}

/* As otel_log_attributes_ without `out`, backwards: of equal keys the last value counts. */
OTEL_FN_ size_t otel_log_measure_(otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t len, uint32_t *lost)
{
    size_t sum = 0, i = len;
    *lost = 0;
    while (i--) {
        size_t key_len = plan->key_len[i] = attributes[i].key ? strlen(attributes[i].key) : 0, any, all;
        plan->any[i] = OTEL_TOO_LONG_;
        if (OTEL_LIMITS && key_len && otel_log_again_(plan, attributes, i, len)) continue;
        any = key_len ? otel_any_len_(&attributes[i].value) : OTEL_TOO_LONG_;
        all = otel_attr_room_(key_len, any);
        if (all) plan->any[i] = any;
        else ++*lost;
        sum += all;
    }
    return sum;
}

OTEL_FN_ void otel_log_planned_(otel_out_t_ *out, const otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if (!otel_too_long_(plan->any[i])) otel_attr_known_(out, 0x32, attributes[i].key, plan->key_len[i], &attributes[i].value, plan->any[i]);
    }
}
#endif
OTEL_C_END_
#endif
#endif
