/* Memory from the system. */
#ifndef OTEL_POSIX_MEMORY_H
#define OTEL_POSIX_MEMORY_H
#include "system.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Memory of its own, zero, as long as the program. NULL: there is none. */
OTEL_FN_ void *otel_posix_map_(size_t size)
{
    void *at;
#if defined(MAP_ANONYMOUS)
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#elif defined(MAP_ANON)
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
#else                                             /* hidden by -std=c99 */
    int fd = (open)("/dev/zero", O_RDWR | O_CLOEXEC);
    if (fd < 0) return NULL;
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    (void)(close)(fd);
#endif
    return at == MAP_FAILED ? NULL : at;
}

/* Have it: the system gives a page when one of its bytes is written first. Nobody else has the memory yet. */
OTEL_FN_ void otel_posix_touch_(void *at, size_t size)
{
    volatile uint8_t *byte = (volatile uint8_t *)at;
    long page = sysconf(_SC_PAGESIZE);
    size_t i, step = page > 0 ? (size_t)page : 4096u;
    for (i = 0; i < size; i += step) byte[i] = 0;
}
OTEL_C_END_
#endif
#endif
