/* The span of a block is ended and started once more in another file (OTHER): before the library runs and after. */
#include "otel_export.h"

void again(otel_span_t *span);
void again_with(otel_span_t *span);
#ifdef OTHER
void again(otel_span_t *span)
{
    otel_span_end(span);
    (void)otel_span_start(span, "second phase");
}

void again_with(otel_span_t *span)
{
    otel_span_options_t options;
    memset(&options, 0, sizeof options);
    options.name = "third phase";
    otel_span_end(span);
    (void)otel_span_start_with(span, &options);
}
#else
static uint64_t now(void *user)
{
    (void)user;
    return 1760000000000000000ull;
}

int main(void)
{
    static otel_t otel;
    static uint8_t pool[4096];
    int ran = 0;
    OTEL_SPAN(span, "first phase") {
        again(span);
        ran += otel_is_recording(span) ? 0 : 1;
        again_with(span);
        ran += otel_is_recording(span) ? 0 : 1;
        if (otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) return 2;
        again(span);
        ran += otel_is_recording(span) ? 1 : 0;
        again_with(span);
        ran += otel_is_recording(span) ? 1 : 0;
        if (otel_shutdown(&otel, 0) != OTEL_OK) return 3;
        again(span);
        ran += otel_is_recording(span) ? 0 : 1;
    }
    return ran == 5 ? 0 : 1;
}
#endif
