/* otel.h - OpenTelemetry for C, from an 8-bit microcontroller to a server: traces, metrics, logs and context, recorded
   as OTLP bytes, with no heap, no thread and nothing beyond libc's mem* and strlen. MIT licence.

     #include "otel_posix.h"                          // hosts: clock, thread and HTTP; firmware includes otel.h alone

     int main(void)
     {
         otel_posix_start(.service = "hello");        // sends to OTEL_EXPORTER_OTLP_ENDPOINT, or shows it in the terminal
         OTEL_SPAN(span, "greet") {
             otel_span_set(span, "who", "world", "count", 3);
             otel_log(OTEL_INFO, "hello, world");
         }
         return 0;                                    // what is left goes out at exit
     }

   The nouns:
     otel_t          the instance: configuration, clock and a pool that you give it
     otel_span_t     something that took time: OTEL_SPAN(span, "name") { ... }
     otel_counter_t  a number that is summed (histograms and gauges likewise): otel_counter_add(&reads, 1)
     otel_log        something that happened, with the ids of the span around it
     otel_exporter_t (otel_export.h) takes finished records to a function of yours that sends bytes

   Options are macros, defaults first: see "config.h" below. Each call says whether interrupts may make it. */
#ifndef OTEL_OTEL_H
#define OTEL_OTEL_H
#include "advice.h"
#include "aggregation.h"
#include "any.h"
#include "attr.h"
#include "b3.h"
#include "baggage.h"
#include "baggageset.h"
#include "carrier.h"
#include "clock.h"
#include "compiler.h"
#include "config.h"
#include "context.h"
#include "contextkey.h"
#include "counter.h"
#include "cxx.h"
#include "detect.h"
#include "element.h"
#include "environment.h"
#include "error.h"
#include "event.h"
#include "exception.h"
#include "exemplar.h"
#include "exphistogram.h"
#include "fan.h"
#include "fields.h"
#include "gauge.h"
#include "histogram.h"
#include "id.h"
#include "instance.h"
#include "jaeger.h"
#include "keys.h"
#include "limits.h"
#include "late.h"
#include "link.h"
#include "list.h"
#include "local.h"
#include "log.h"
#include "logger.h"
#include "loglimits.h"
#include "logplan.h"
#include "message.h"
#include "metric.h"
#include "nanopb.h"
#include "nanopb_points.h"
#include "nanopb_powers.h"
#include "nofloat.h"
#include "observable.h"
#include "out.h"
#include "pairs.h"
#include "pick.h"
#include "priority.h"
#include "probability.h"
#include "processor.h"
#include "propagator.h"
#include "rate.h"
#include "reading.h"
#include "reservoir.h"
#include "resource.h"
#include "result.h"
#include "ring.h"
#include "sampler.h"
#include "sampling.h"
#include "scan.h"
#include "scope.h"
#include "shape.h"
#include "source.h"
#include "span.h"
#include "status.h"
#include "strategy.h"
#include "stream.h"
#include "temporality.h"
#include "textmap.h"
#include "threshold.h"
#include "traceparent.h"
#include "tracestate.h"
#include "unique.h"
#include "urgency.h"
#include "view.h"
#include "wire.h"
/*== implementation ==*/
#endif
