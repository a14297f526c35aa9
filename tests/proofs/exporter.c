/* A proof about the exporter: its back-off. */
#include "kit.h"
#include "export/exporter.h"

/* Any configuration, any answer: the wait is over before the exporter's time has gone half around (otel_lane_due_). */
void back_off(void)
{
    static otel_t otel;
    static otel_exporter_t x;
    static otel_lane_t_ lane;
    x.otel_ = &otel;
    x.config_.retry_initial_ms = nondet_u32();
    x.config_.retry_max_ms = otel_retry_most_(nondet_u32());
    x.config_.retry_multiplier = nondet_u32();
    x.config_.retry_attempts = 3;
    if (nondet_byte() & 1u) otel_export_wait_(&x, nondet_u32());
    lane.back_ms = nondet_u32();
    __CPROVER_assume(lane.back_ms <= x.config_.retry_max_ms);
    HOLDS(otel_export_verdict_(&x, &lane, 503) == 0);
    HOLDS(lane.back_ms <= x.config_.retry_max_ms);
    HOLDS(lane.wait >= 2u && lane.wait >> 31 == 0);
}
