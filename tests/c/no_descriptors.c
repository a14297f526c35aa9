/* A process that may open no more descriptors: the library says that, and not that the receiver is ill. */
#include "otel_posix.h"
#include <sys/resource.h>

int main(void)
{
    const struct timespec wait = { 0, 300000000 };
    struct rlimit few;
    if (otel_posix_start(.service = "full", .interval_ms = 20) != OTEL_OK || getrlimit(RLIMIT_NOFILE, &few)) return 2;
    few.rlim_cur = 3;
    if (setrlimit(RLIMIT_NOFILE, &few)) return 2;
    OTEL_SPAN(span, "s") {}
    (void)nanosleep(&wait, NULL);
    (void)otel_posix_stop(200);
    return 0;
}
