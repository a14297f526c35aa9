/* A request: what goes to the receiver in one piece, and what may come back.
   OTLP specification: protocol/exporter.md, "OTLP/HTTP". */
#ifndef OTEL_EXPORT_REQUEST_H
#define OTEL_EXPORT_REQUEST_H
#include "../otel/compiler.h"
#include "../otel/ring.h"

typedef enum { OTEL_SIGNAL_TRACES, OTEL_SIGNAL_METRICS, OTEL_SIGNAL_LOGS, OTEL_SIGNALS } otel_signal_t;

/* One OTLP export request; valid until otel_export_done, or until `send` returns something else than OTEL_PENDING. */
typedef struct otel_request_t {
    const char *path;                 /* "/v1/traces", "/v1/metrics" or "/v1/logs" */
    const void *body;                 /* `len` bytes of protobuf; NULL when it comes in parts, as without .buffer */
    size_t len;                       /* bytes in all */
    const otel_piece_t *parts;        /* parts_len of them, to be sent one after the other; NULL when there is a body */
    size_t parts_len;
    uint32_t timeout_ms;              /* how long sending may take */
    otel_signal_t signal;
    uint32_t items;                   /* spans, data points or log records in it */
} otel_request_t;

/* What `send` returns beside an HTTP status (200 and so on) and a negative number (no answer; 0 counts as that too, and is
   tried again after the back-off). */
#define OTEL_AGAIN 1                  /* not taken: offer it again at the next poll, without back-off and without end */
#define OTEL_PENDING 2                /* taken: the bytes stay as they are until otel_export_done */
/*== implementation ==*/
OTEL_C_BEGIN_
/* No table of pointers: its strings would be linked together with those of all other tables, 2 KB of them. */
OTEL_FN_ const char *otel_path_(unsigned signal) { return signal == OTEL_SIGNAL_TRACES ? "/v1/traces" : signal == OTEL_SIGNAL_LOGS ? "/v1/logs" : "/v1/metrics"; }
OTEL_C_END_
#endif
