/* Telemetry in the terminal, through the console of otel_export.h. */
#ifndef OTEL_POSIX_TERMINAL_H
#define OTEL_POSIX_TERMINAL_H
#include "environment.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Whether the environment's locale says UTF-8. */
OTEL_FN_ bool otel_posix_utf8_(void)
{
    const char *locale = otel_posix_env_("LC_ALL");
    if (!locale) locale = otel_posix_env_("LC_CTYPE");
    if (!locale) locale = otel_posix_env_("LANG");
    return locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "UTF8") || strstr(locale, "utf-8"));
}

OTEL_FN_ int32_t otel_posix_utc_offset_(void)
{
    time_t now = time(NULL);
    struct tm here, there;
    int days;
    if (!localtime_r(&now, &here) || !gmtime_r(&now, &there)) return 0;
    days = here.tm_year != there.tm_year ? here.tm_year - there.tm_year : here.tm_yday - there.tm_yday;
    return (int32_t)(((days * 24 + here.tm_hour - there.tm_hour) * 60 + here.tm_min - there.tm_min) * 60);
}

/* Write what was gathered, in one piece: stderr has no buffer, and what several processes write stays apart by lines. */
OTEL_FN_ void otel_posix_write_(otel_posix_lines_t_ *lines)
{
    if (lines->n) (void)fwrite(lines->text, 1, lines->n, lines->file);
    lines->n = 0;
}

/* The `put` of what goes to a terminal. A buffer that runs full goes out up to its last whole line. */
OTEL_FN_ void otel_posix_gather_(void *user, const char *text, size_t len)
{
    otel_posix_lines_t_ *lines = (otel_posix_lines_t_ *)user;
    size_t whole, part;
    while (len) {
        part = sizeof lines->text - lines->n < len ? sizeof lines->text - lines->n : len;
        memcpy(lines->text + lines->n, text, part);
        lines->n += part;
        text += part;
        len -= part;
        if (lines->n < sizeof lines->text) continue;
        for (whole = lines->n; whole && lines->text[whole - 1u] != '\n'; whole--) {}
        part = whole ? lines->n - whole : 0u;
        lines->n -= part;
        otel_posix_write_(lines);
        memmove(lines->text, lines->text + whole, part);
        lines->n = part;
    }
}

/* The screen of otel_diag_dump, and what of it went to nobody: there "exported" means taken and forgotten. */
OTEL_FN_ void otel_posix_screen_(const otel_posix_state_t_ *s, FILE *file)
{
    static const char *const what[OTEL_SIGNALS] = { "spans go to nobody: OTEL_TRACES_EXPORTER", "data points go to nobody: OTEL_METRICS_EXPORTER", "log records go to nobody: OTEL_LOGS_EXPORTER" };
    otel_posix_lines_t_ lines;
    unsigned i;
    lines.file = file;
    lines.n = 0;
    otel_diag_dump(&s->exporter, otel_posix_gather_, &lines);
    otel_posix_write_(&lines);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (s->to[i] == OTEL_TO_NONE_) (void)fprintf(file, "%s=none, so what is exported is forgotten\n", what[i]);
    }
}

/* Show a request, or hold it until otel_posix_show_. */
OTEL_FN_ void otel_posix_console_(otel_posix_state_t_ *s, const otel_request_t *request)
{
    const char *term = otel_posix_env_("TERM");
    otel_console_config_t config;
    if (!s->shows) {
        memset((void *)&config, 0, sizeof config);
        config.put = otel_posix_gather_;
        config.user = &s->lines;
        config.memory = s->console_memory;
        config.memory_size = sizeof s->console_memory;
        config.colour = isatty(fileno(s->terminal)) && !otel_posix_env_("NO_COLOR") && term && strcmp(term, "dumb") != 0;
        config.ascii = !otel_posix_utf8_();
        config.hold = true;
        s->shows = otel_console_init_with(&s->console, &config) == OTEL_OK;
    }
    otel_console_utc_offset(&s->console, otel_posix_utc_offset_());
    flockfile(s->terminal);
    s->lines.file = s->terminal;
    s->lines.n = 0;
    (void)otel_console_send(&s->console, request);
    otel_posix_write_(&s->lines);
    funlockfile(s->terminal);
}

OTEL_FN_ void otel_posix_show_(otel_posix_state_t_ *s)
{
    if (!s->shows) return;
    flockfile(s->terminal);
    s->lines.n = 0;
    otel_console_show(&s->console);
    otel_posix_write_(&s->lines);
    (void)fflush(s->terminal);
    funlockfile(s->terminal);
}
OTEL_C_END_
#endif
#endif
