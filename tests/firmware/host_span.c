/* The host's half of a trace: for each line of text with a traceparent in it (from a device, through the gateway's --text) it
   records a span below the device's. Ends with its input. */
#include "otel_posix.h"
#include <stdio.h>

int main(void)
{
    char line[512];
    otel_posix_start(.service = "host");
    while (fgets(line, sizeof line, stdin)) {
        otel_context_t device;
        char *at = strstr(line, "measured ");
        if (!at || !otel_extract(&device, strtok(at + 9, "\r\n"), NULL, NULL)) continue;
        OTEL_SPAN(span, "store measurement", .kind = OTEL_CONSUMER, .parent = &device) otel_span_set(span, "from", "serial line");
    }
    return otel_posix_stop(10000) == OTEL_OK ? 0 : 1;
}
