/* otel_export.h - sends what otel.h recorded: as OTLP requests, to a function of yours that sends bytes.

     static int post(void *user, const otel_request_t *r) { return modem_post(r->path, r->body, r->len); }

     otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = sizeof packet);
     for (;;) { control_step(); otel_export_poll(&ex); }

   Include it in the one file that sends. Hosts have ports/otel_posix.h, which does all of it in one line. */
#ifndef OTEL_EXPORT_EXPORT_H
#define OTEL_EXPORT_EXPORT_H
#include "../otel/otel.h"
#include "batch.h"
#include "breaker.h"
#include "chunk.h"
#include "console.h"
#include "counted.h"
#include "diag.h"
#include "due.h"
#include "dump.h"
#include "crash.h"
#include "exporter.h"
#include "fault.h"
#include "json.h"
#include "keep.h"
#include "leak.h"
#include "medium.h"
#include "metric_reader.h"
#include "names.h"
#include "json_table.h"
#include "json_text.h"
#include "otlp.h"
#include "painter.h"
#include "pb.h"
#include "prometheus.h"
#include "recorded.h"
#include "recorded_item.h"
#include "recorded_value.h"
#include "recorder.h"
#include "reply.h"
#include "reply_nanopb.h"
#include "request.h"
#include "retry.h"
#include "self_hooks.h"
#include "self_metrics.h"
#include "self_numbers.h"
#include "self_state.h"
#include "simple.h"
#include "stats.h"
#include "store.h"
#include "table.h"
#include "waterfall.h"
/*== implementation ==*/
#endif
