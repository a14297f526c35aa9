/* A count of the heap's calls, where the C library lets a program stand before it. */
#ifndef BENCH_HEAP_H
#define BENCH_HEAP_H
#include <stdlib.h>

/* Every call of the heap in this program comes by here. */
__attribute__((unused)) static unsigned long heap_calls, heap_bytes;
#if defined(__GLIBC__) && !defined(BENCH_NO_HEAP)
#define BENCH_HEAP 1
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
static void heap_count(size_t n)
{
    __atomic_fetch_add(&heap_calls, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&heap_bytes, n, __ATOMIC_RELAXED);
}
void *malloc(size_t n)
{
    heap_count(n);
    return __libc_malloc(n);
}
void *calloc(size_t n, size_t size)
{
    heap_count(n * size);
    return __libc_calloc(n, size);
}
void *realloc(void *at, size_t n)
{
    heap_count(n);
    return __libc_realloc(at, n);
}
#else
#define BENCH_HEAP 0
#endif
#endif
