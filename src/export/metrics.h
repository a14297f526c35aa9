/* stub */
#ifndef OTEL_EXPORT_METRICS_H
#define OTEL_EXPORT_METRICS_H
#include "../otel/instance.h"
typedef struct otel_collect_t { int x; } otel_collect_t;
OTEL_FN_ void otel_collect_begin_(otel_t *o, otel_collect_t *c) { (void)o; (void)c; }
OTEL_FN_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room, uint32_t *points, uint32_t *lost, bool *done) { (void)otel;(void)c;(void)to;(void)room;*points=0;*lost=0;*done=true;return 0;}
/*== implementation ==*/
#endif
