/* batch - a program that starts, works, and ends, as cron runs it: here it counts the words of files. It shows how such a
   program sends everything before it ends, and how it says in its exit status whether that worked.

     cc -I. -Iports examples/batch.c -lpthread -o batch && ./batch README.md CONTRIBUTING.md */
#include "otel_posix.h"
#include <ctype.h>

static otel_counter_t files = OTEL_COUNTER("batch.files", .unit = "{file}", OTEL_SERIES(2));
static otel_counter_t words = OTEL_COUNTER("batch.words", .unit = "{word}");
static otel_histogram_t took = OTEL_HISTOGRAM("batch.file.duration", .unit = "s", OTEL_BUCKETS(1, 0.0001, 0.001, 0.01, 0.1, 1));

/* The number of words of a file, -1 when it cannot be read. */
static long count_words(const char *name)
{
    FILE *file = fopen(name, "r");
    long n = 0;
    int c, inside = 0;
    OTEL_SPAN_HERE(span, "count words");
    otel_span_set(span, "file.path", name);
    if (!file) return otel_span_error(span, -1, strerror(errno));
    while ((c = getc(file)) != EOF) {
        n += !inside && !isspace(c);
        inside = !isspace(c);
    }
    (void)fclose(file);
    otel_span_set(span, "batch.words", n);
    return n;
}

int main(int argc, char **argv)
{
    otel_result_t result;
    long n, all = 0;
    int i, bad = 0;
    otel_posix_start(.service = "batch");
    OTEL_SPAN(span, "batch") {
        otel_span_set(span, "files", argc - 1);
        for (i = 1; i < argc; i++) {
            uint64_t began = otel_posix_clock(NULL);
            n = count_words(argv[i]);
            otel_histogram_record(&took, (double)(otel_posix_clock(NULL) - began) / 1e9);
            OTEL_COUNT(&files, 1, "result", "seen");
            if (n < 0) bad++;
            else otel_counter_add(&words, n);
            all += n < 0 ? 0 : n;
        }
        if (bad) {
            otel_log(OTEL_ERROR, "files could not be read", "files", bad);
            otel_span_status(span, OTEL_STATUS_ERROR, "files could not be read");
        }
    }
    (void)printf("%ld words\n", all);
    result = otel_posix_stop(3000);               /* sends the rest; 3 s are all that a cron job gives */
    if (result != OTEL_OK) (void)fprintf(stderr, "batch: telemetry is not complete: %s\n", otel_result_text(result));
    return bad ? 1 : result != OTEL_OK ? 3 : 0;
}
