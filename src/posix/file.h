/* OTLP in files. Specification: protocol/file-exporter.md. */
#ifndef OTEL_POSIX_FILE_H
#define OTEL_POSIX_FILE_H
#include "system.h"
OTEL_C_BEGIN_
/* Write a request as one line of OTLP JSON: `.send = otel_file_send, .user = file`, a FILE * (NULL: stdout).
   Specification: protocol/file-exporter.md. 200, or -1 when the file takes no more: the request is tried again, and what a full disk
   left of its line stays as a line of its own. */
OTEL_API_ int otel_file_send(void *file, const otel_request_t *request);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Behind an error nothing follows: a line is whole, or torn at one place. */
OTEL_FN_ void otel_file_line_(void *file, const char *text, size_t len)
{
    if (!ferror((FILE *)file)) (void)fwrite(text, 1, len, (FILE *)file);
}

/* The stream's own mark says that the last line is torn, until the next try. */
OTEL_API_ int otel_file_send(void *user, const otel_request_t *request)
{
    FILE *file = user ? (FILE *)user : stdout;
    bool good;
    flockfile(file);
    if (ferror(file)) {
        clearerr(file);
        otel_file_line_(file, "\n", 1);
    }
    good = otel_json_write(request, otel_file_line_, file);
    if (good) otel_file_line_(file, "\n", 1);
    if (fflush(file) || ferror(file)) good = false;
    funlockfile(file);
    return good ? 200 : -1;
}
OTEL_C_END_
#endif
#endif
