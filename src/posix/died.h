/* The signals of a crash. */
#ifndef OTEL_POSIX_DIED_H
#define OTEL_POSIX_DIED_H
#include "keep.h"
#include "options.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
/* Where the program was; 0 where nobody knows. */
OTEL_FN_ uintptr_t otel_posix_at_(const void *context)
{
#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
    const long long *registers = (const long long *)(const void *)&((const ucontext_t *)context)->uc_mcontext;      /* their names are hidden by -std=c99 */
    return (uintptr_t)registers[16];              /* REG_RIP */
#elif defined(__linux__) && defined(__aarch64__) && defined(__GLIBC__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    (void)context;
    return 0;
#endif
}

OTEL_FN_ void otel_posix_died_(int number, siginfo_t *info, void *context)
{
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    const char *cause = number == SIGSEGV ? "SIGSEGV" : number == SIGBUS ? "SIGBUS" : number == SIGFPE ? "SIGFPE" : number == SIGILL ? "SIGILL" : "SIGABRT";
    if (s && s->crash) otel_crash_write(s->crash, cause, otel_posix_at_(context), number == SIGSEGV || number == SIGBUS ? (uintptr_t)info->si_addr : 0);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}
#endif

OTEL_API_ otel_result_t otel_posix_crash(const char *path)
{
    OTEL_WHEN_OFF_((void)path; return OTEL_OK)
#if OTEL_ENABLED
    static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    struct sigaction act, old;
    void *at;
    unsigned i;
    int fd;
    if (!path) return OTEL_E_NULL;
    if (!s || s->running != 1) return s && s->disabled ? OTEL_OK : OTEL_E_NOT_READY;
    fd = otel_posix_above_((open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd < 0) return OTEL_E_SYSTEM;
    at = ftruncate(fd, (off_t)sizeof(otel_crash_t)) ? MAP_FAILED : mmap(NULL, sizeof(otel_crash_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)(close)(fd);
    if (at == MAP_FAILED) return OTEL_E_SYSTEM;
    s->crash = (otel_crash_t *)at;
    (void)otel_crash_open(s->crash, &s->otel);
    memset(&act, 0, sizeof act);
    act.sa_sigaction = otel_posix_died_;
    act.sa_flags = SA_SIGINFO | OTEL_POSIX_ONSTACK_;
    (void)sigemptyset(&act.sa_mask);
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL) (void)sigaction(numbers[i], &act, NULL);
    }
    return OTEL_OK;
#endif
}
OTEL_C_END_
#endif
#endif
