/* OTLP in files. Specification: protocol/file-exporter.md. */
#ifndef OTEL_POSIX_FILE_H
#define OTEL_POSIX_FILE_H
#include "system.h"
OTEL_C_BEGIN_
/* Write a request as one line of OTLP JSON: `.send = otel_file_send, .user = file`, a FILE * (NULL: stdout).
   Specification: protocol/file-exporter.md. 200, or -1 when the file takes no more. */
OTEL_API_ int otel_file_send(void *file, const otel_request_t *request);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ void otel_file_put_(void *file, const char *text, size_t len) { (void)fwrite(text, 1, len, (FILE *)file); }

OTEL_API_ int otel_file_send(void *user, const otel_request_t *request)
{
    FILE *file = user ? (FILE *)user : stdout;
    bool good;
    flockfile(file);
    good = otel_json_write(request, otel_file_put_, file);
    if (good) (void)fputc('\n', file);
    if (fflush(file) || ferror(file)) good = false;
    funlockfile(file);
    return good ? 200 : -1;
}
OTEL_C_END_
#endif
#endif
