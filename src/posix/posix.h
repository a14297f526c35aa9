/* otel_posix.h - otel.h on POSIX systems, in one line: clock, entropy, a thread that sends, HTTP/1.1 over sockets, OTLP in
   files, telemetry in the terminal, and the environment variables of the specification. MIT licence.

     #include "otel_posix.h"                          // before other headers, when compiled with -std=c99 and the like
     int main(void) { otel_posix_start(.service = "hello"); ... }

   Where it goes, for each signal, first match:
     1. OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER say otlp, console or none, or several with commas;
     2. .send: your function;
     3. .endpoint, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (METRICS, LOGS): there, OTLP over HTTP;
     4. else it is shown in the terminal (stderr, so that pipes stay clean). The specification's default endpoint
        http://localhost:4318 is taken when the exporter is said to be otlp.

   What wins: an option in the call wins over the environment, the environment over the default (specification: resource/sdk.md,
   "Specifying resource information via an environment variable": what the program gives has priority). So leave .service out
   for programs that operators name; OTEL_SERVICE_NAME wins over service.name in OTEL_RESOURCE_ATTRIBUTES.
   An empty variable is an unset one; a value that makes no sense is named on stderr, and ignored;
   so are variables of the specification that are not read (certificates, OTEL_CONFIG_FILE), and names with a wrong letter.

   Read, beside those above: OTEL_SDK_DISABLED, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT and _COMPRESSION (also
   _TRACES_, _METRICS_, _LOGS_), OTEL_EXPORTER_OTLP_PROTOCOL (http/protobuf), OTEL_TRACES_SAMPLER and _ARG (jaeger_remote too),
   OTEL_BSP_SCHEDULE_DELAY, _MAX_EXPORT_BATCH_SIZE, _EXPORT_TIMEOUT and _MAX_QUEUE_SIZE, the same of OTEL_BLRP_ (spans and logs go together: the
   smaller delay and batch count; of a queue, 1.5 KB for each span and 0.5 KB for each log record are the pool), OTEL_METRIC_EXPORT_INTERVAL and _TIMEOUT,
   OTEL_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT and the same of OTEL_SPAN_ and OTEL_LOGRECORD_, OTEL_SPAN_EVENT_COUNT_LIMIT, OTEL_SPAN_LINK_COUNT_LIMIT,
   OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, OTEL_LINK_ATTRIBUTE_COUNT_LIMIT (128 at most; an otel_processor_limits of the program wins),
   OTEL_PROPAGATORS (tracecontext, baggage, b3, b3multi, none), NO_COLOR,
   OTEL_METRICS_EXEMPLAR_FILTER (always_on, always_off, trace_based; unset: no exemplars, because they cost), OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE,
   OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION (read at the first start; .metrics wins over it and over the filter), and
   OTEL_LOG_LEVEL: what the library says of itself on stderr. none, error, warn, info (default), debug (where it sends, each failure,
   spans that are never ended, and a screen of counts at the end), verbose (each request).

   Link with -lpthread. TLS and gRPC are not in here: ports/otel_curl.h has them, as .send. */
#ifndef OTEL_POSIX_POSIX_H
#define OTEL_POSIX_POSIX_H
#include "features.h"
#include "system.h"
#include "memory.h"
#include "text.h"
#include "http.h"
#include "socket.h"
#include "answer.h"
#include "post.h"
#include "file.h"
#include "options.h"
#include "state.h"
#include "say.h"
#include "fast_clock.h"
#include "hooks.h"
#include "clocks.h"
#include "environment.h"
#include "unread.h"
#include "batching.h"
#include "processors.h"
#include "propagators.h"
#include "metrics.h"
#include "ways.h"
#include "terminal.h"
#include "fetch.h"
#include "stop.h"
#include "thread.h"
#include "fork.h"
#include "keep.h"
#include "died.h"
#include "jaeger.h"
#include "sampler.h"
#include "start.h"
#include "off.h"
#endif
