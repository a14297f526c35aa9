/* What a peer in C is made of: cases, and the talk with ../run. See README.md. */
#ifndef PEER_SERVE_H
#define PEER_SERVE_H
#include "../host/heap.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 1000                 /* calls in one batch */
#define HIDE(x) __asm volatile("" : "+r"(x))
#define USE(x) __asm volatile("" : : "r"(x) : "memory")

/* `before` stands outside the time. */
typedef struct peer_case {
    const char *name;
    void (*run)(unsigned long n);
    void (*before)(unsigned long n);
} peer_case_t;

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void answer(const peer_case_t *c, unsigned long n)
{
    unsigned long calls, bytes;
    uint64_t begin, ns;
    if (c->before) c->before(n);
    calls = heap_calls;
    bytes = heap_bytes;
    begin = now_ns();
    c->run(n);
    ns = now_ns() - begin;
    printf("%llu %ld %ld\n", (unsigned long long)ns, BENCH_HEAP ? (long)(heap_calls - calls) : -1, BENCH_HEAP ? (long)(heap_bytes - bytes) : -1);
    (void)fflush(stdout);
}

/* Say who this is, then answer each line "CASE N" until there is none; 2 for a line that is none. */
static int serve(const char *peer, const char *version, const peer_case_t *cases, unsigned count)
{
    char line[128], name[64];
    unsigned long n;
    unsigned c;
    printf("{\"peer\": \"%s\", \"version\": \"%s\", \"max\": %d, \"cases\": [", peer, version, MOST);
    for (c = 0; c < count; c++) printf("%s\"%s\"", c ? ", " : "", cases[c].name);
    printf("]}\n");
    (void)fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%63s %lu", name, &n) != 2 || n > MOST) return 2;
        for (c = 0; c < count && strcmp(cases[c].name, name) != 0; c++) {}
        if (c == count) return 2;
        answer(&cases[c], n);
    }
    return 0;
}
#endif
