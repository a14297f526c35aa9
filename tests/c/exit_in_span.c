/* exit() inside span blocks: the program's own, a fork's of its parent, and behind a longjmp that left one. */
#include "otel_posix.h"
#include <setjmp.h>
#include <stdio.h>
#include <sys/wait.h>

static jmp_buf back;

static void die(const char *why)
{
    OTEL_SPAN(inner, "inner") {
        (void)otel_span_error(inner, 1, why);
        exit(1);
    }
}

static __attribute__((noinline)) void jump(void)    /* a frame of its own, which is gone then */
{
    volatile char frame[4096];
    OTEL_SPAN(left, "left") {
        frame[0] = 1;
        otel_span_set(left, "k", frame[0]);
        longjmp(back, 1);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || otel_posix_start(.service = "exits") != OTEL_OK) return 9;
    if (strcmp(argv[1], "jump") == 0) {
        if (setjmp(back) == 0) jump();
        exit(1);
    }
    OTEL_SPAN(outer, "outer") {
        otel_span_set(outer, "k", 1);
        if (strcmp(argv[1], "fork") == 0) {
            pid_t child = fork();
            if (child == 0) exit(0);
            (void)waitpid(child, NULL, 0);
        }
        die("no configuration");
    }
    return 0;
}
