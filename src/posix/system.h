/* What the port takes from the system. */
#ifndef OTEL_POSIX_SYSTEM_H
#define OTEL_POSIX_SYSTEM_H
#include "features.h"
#include "../export/export.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif
#endif
#ifdef SA_ONSTACK                                 /* hidden by -std=c99 on some systems */
#define OTEL_POSIX_ONSTACK_ SA_ONSTACK
#else
#define OTEL_POSIX_ONSTACK_ 0
#endif
#if defined(__linux__)
#include <ucontext.h>
#endif
#if defined(__GLIBC__) && !defined(__USE_XOPEN2K8)
#error "POSIX is hidden, because a system header came first: include otel_posix.h before the others, or compile with -D_POSIX_C_SOURCE=200809L or -std=gnu99"
#include <otel_posix.h before the others>          /* no file: the compiler stops here, before a hundred errors that would follow */
#endif
#if OTEL_ENABLED && OTEL_NO_FLOAT
#error "otel_posix.h reads ratios: leave OTEL_NO_FLOAT to firmware"
#endif
#if OTEL_ENABLED && !OTEL_ATOMICS_
#error "otel_posix.h starts a thread, and needs a compiler with atomics and thread-local variables: gcc or clang, without OTEL_NO_ATOMICS"
#endif
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A descriptor that is not one of stdin, stdout and stderr, where a program that closed them would write into it. */
OTEL_FN_ int otel_posix_above_(int fd)
{
    int above, error;
    if (fd < 0 || fd > 2) return fd;
    above = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    error = errno;
    (void)(close)(fd);
    errno = error;
    return above;
}
OTEL_C_END_
#endif
#endif
