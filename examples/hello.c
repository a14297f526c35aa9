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
