/* A program that closed its standard descriptors, as daemons do: none of them becomes the library's. The path of a store is the argument. */
#include "otel_posix.h"
#include <stdio.h>

static otel_posix_file_t file;
static otel_medium_t medium;

static int standard(void)
{
    int fd, taken = 0;
    for (fd = 0; fd < 3; fd++) taken += fcntl(fd, F_GETFD) != -1;
    return taken;
}

int main(int argc, char **argv)
{
    int taken;
    (void)close(0);
    (void)close(1);
    (void)close(2);
    if (argc < 2 || otel_posix_start(.service = "closed", .interval_ms = 50) != OTEL_OK) return 10;
    if (otel_posix_medium(&file, &medium, argv[1], 4096, 8) != OTEL_OK) return 11;
    OTEL_SPAN(span, "a") otel_span_set(span, "k", 1);
    if (otel_posix_flush(5000) != OTEL_OK) return 12;
    taken = standard();
    (void)printf("SECRET\n");
    (void)fflush(stdout);
    OTEL_SPAN(span, "b") otel_span_set(span, "k", 1);
    if (otel_posix_stop(5000) != OTEL_OK) return 13;
    otel_posix_medium_close(&file);
    return taken;
}
