/* Samples as a server of strategies says, and tells how: jaeger_program ENDPOINT SERVICE. Lines of stdin: "NAME N" starts N traces of
   that name and prints how many were recorded; "?" prints what was wrong the last time; "fork" goes on as a child,
   "restart" stops and starts the port, "sockets" counts those that are open. With ENDPOINT env
   the environment says where to ask. */
#include "otel_posix.h"
#include <sys/stat.h>
#include <sys/wait.h>

static otel_jaeger_t sampler;
static otel_posix_jaeger_t poller;
static char memory[4096];

static unsigned kept_of(const char *name, unsigned n)
{
    unsigned kept = 0;
    while (n--) {
        otel_span_t s;
        otel_span_start(&s, name);
        kept += otel_is_recording(&s);
        otel_span_end(&s);
    }
    return kept;
}

static int post(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    return 200;
}

static int sockets(void)
{
    int fd, n = 0;
    for (fd = 0; fd < 256; fd++) {
        struct stat is;
        n += fstat(fd, &is) == 0 && S_ISSOCK(is.st_mode);
    }
    return n;
}

int main(int argc, char **argv)
{
    const otel_sampler_t off = otel_sampler_always_off(), root = otel_sampler_jaeger(&sampler, &off, memory, sizeof memory);
    char line[300];
    const bool env = argc > 1 && strcmp(argv[1], "env") == 0;
    if (env && otel_posix_start(.service = argv[2], .send = post) != OTEL_OK) return 2;
    if (argc < 3) return 2;
    if (!env && otel_posix_start(.service = argv[2], .send = post, .sampler = otel_sampler_parent_based(&root)) != OTEL_OK) return 2;
    if (!env && otel_posix_jaeger_start(&poller, .sampler = &sampler, .service = argv[2], .endpoint = argv[1], .headers = "x-key=a%20b", .interval_ms = 20, .timeout_ms = 5000) != OTEL_OK) return 3;
    while (fgets(line, sizeof line, stdin)) {
        char *space = strrchr(line, ' ');
        if (strcmp(line, "fork\n") == 0) {
            pid_t child = fork();
            int status = 0;
            if (child > 0) return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 5;
            (void)puts("forked");
            (void)fflush(stdout);
            continue;
        }
        if (strcmp(line, "restart\n") == 0) {
            const int stopped = otel_posix_stop(5000);
            (void)printf("stop %d start %d\n", stopped, (int)otel_posix_start(.service = argv[2], .send = post));
            (void)fflush(stdout);
            continue;
        }
        if (strcmp(line, "sockets\n") == 0) {
            (void)printf("%d\n", sockets());
            (void)fflush(stdout);
            continue;
        }
        if (space) *space = 0;
        if (space) printf("%u\n", kept_of(line, (unsigned)atoi(space + 1)));
        else printf("error %u ", (unsigned)otel_posix_jaeger_error(&poller, line, sizeof line)), puts(line);
        (void)fflush(stdout);
    }
    if (!env) otel_posix_jaeger_stop(&poller);
    if (!env) otel_posix_jaeger_stop(&poller);
    return otel_posix_stop(5000) == OTEL_OK ? 0 : 4;
}
