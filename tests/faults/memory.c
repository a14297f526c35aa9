/* Preloaded: from the moment that FAULT_AFTER allocations were made, every one fails; FAULT_COUNT tells on stderr how many
   there were. What libc itself takes during start-up counts too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *at, size_t size);

static unsigned long calls;
static long after = -2;

static int refused(void)
{
    if (after == -2) {
        const char *text;
        after = -1;
        text = getenv("FAULT_AFTER");
        if (text) after = atol(text);
    }
    if ((long)__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) <= after || after < 0) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return refused() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *at, size_t size) { return refused() ? NULL : __libc_realloc(at, size); }

__attribute__((destructor)) static void tell(void)
{
    char text[32], *at = text + sizeof text;
    unsigned long n = calls;
    if (!getenv("FAULT_COUNT")) return;
    *--at = '\n';
    do {
        *--at = (char)('0' + n % 10u);
    } while (n /= 10u);
    if (write(2, "allocations ", 12) < 0 || write(2, at, (size_t)(text + sizeof text - at)) < 0) return;
}
