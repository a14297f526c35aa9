/* A file that was compiled with the library left out: what is measured is that nothing is left. */
#define OTEL_ENABLED 0
#include "otel.h"

void span_compiled_out(otel_t *otel, unsigned long n);
void span_compiled_out(otel_t *otel, unsigned long n)
{
    while (n--) {
        __asm volatile("" : : "r"(otel) : "memory");
        OTEL_SPAN(span, "GET /api/users", .otel = otel) {
            otel_span_set(span, "http.request.method", "GET", "url.path", "/api/users/42", "http.response.status_code", 200, "duration.ratio", 0.5);
        }
    }
}
