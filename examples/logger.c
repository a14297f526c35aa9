/* logger - a program that has a log macro already keeps it: a bridge of one function sends each line to OpenTelemetry too, with
   its severity, file and line, and with the ids of the span that it was written in.

     cc -I. -Iports examples/logger.c -lpthread -o logger && ./logger */
#include "otel_posix.h"

/* ---- what the program had before ---- */
typedef enum { LEVEL_DEBUG, LEVEL_INFO, LEVEL_ERROR } level_t;
static void log_write(level_t level, const char *file, int line, const char *format, ...) OTEL_PRINTF_(4, 5);
#define LOG(level, ...) log_write(LEVEL_##level, __FILE__, __LINE__, __VA_ARGS__)

/* ---- the bridge ---- */
static void bridge(level_t level, const char *file, int line, const char *text)
{
    static const otel_severity_t severity[] = { OTEL_DEBUG, OTEL_INFO, OTEL_ERROR };
    static const char *const name[] = { "DEBUG", "INFO", "ERROR" };
    otel_attr_t where[2];
    otel_log_record_t record;
    where[0] = otel_str("code.file.path", file);
    where[1] = otel_int("code.line.number", line);
    memset(&record, 0, sizeof record);
    record.severity = severity[level];
    record.severity_text = name[level];
    record.body = OTEL_STR(text, strlen(text));
    record.attributes = where;
    record.attributes_len = 2;
    otel_log_emit(&record);            /* text is copied here */
}

/* The old function with one more line. */
static void log_write(level_t level, const char *file, int line, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)printf("%s:%d: %s\n", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line, text);
    bridge(level, file, line, text);
}

/* ---- the program, unchanged ---- */
static int read_valve(int number)
{
    OTEL_SPAN_HERE(span, "read valve");
    otel_span_set(span, "valve", number);
    LOG(DEBUG, "asking valve %d", number);
    if (number > 2) {
        LOG(ERROR, "valve %d does not answer", number);
        return otel_span_error(span, -1, "no answer");
    }
    return 40 + number;
}

int main(void)
{
    int i;
    otel_posix_start(.service = "logger");
    LOG(INFO, "three valves");
    for (i = 1; i <= 3; i++) (void)read_valve(i);
    return 0;
}
