/* The same work for three arrangements of the ring, so that only the arrangement differs. Each program includes this file,
   says what its span and its ring are, and defines
       start(span)         ids, times and kind, as a span's start does
       end(span, n)        n bytes of attributes stand in the span: bring the record into the ring; false: full
       take()              the reader releases the oldest record; its bytes, 0 when there is none
   Left out of all three: clock, sampling, current span. The mask is the core's; hosts take an atomic in its place. */
#ifndef WORK_H
#define WORK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef SIZE
#define SIZE 4096u                /* of the ring; any number, so no offset is masked */
#endif
#define NAME "read_sensor"
#define NAME_LEN 11u
#define ATTRIBUTES 37u            /* "bus" = "i2c1" and "sensor.id" = 7 */

#ifdef BOARD
#include "../cortex-m/board.h"
static inline uint32_t mask(void)
{
    uint32_t was;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(was) : : "memory");
    return was;
}
static inline void unmask(uint32_t was) { __asm volatile("msr primask, %0" : : "r"(was) : "memory"); }
#define PUBLISH(at, value) (*(at) = (value))
#define OBSERVE(at) (*(at))
#define RESERVE(at, from, to) (*(at) = (to), true)
#else
static inline uint32_t mask(void) { return 0; }
static inline void unmask(uint32_t was) { (void)was; }
#define PUBLISH(at, value) __atomic_store_n((at), (value), __ATOMIC_RELEASE)
#define OBSERVE(at) __atomic_load_n((at), __ATOMIC_ACQUIRE)
static inline bool RESERVE(uintptr_t *at, uintptr_t from, uintptr_t to)
{
    return __atomic_compare_exchange_n(at, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}
#endif

static uint8_t ring[SIZE];
static uint32_t seed = 1;
static inline uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}
/* A copy of any length by libc. (Knowing that it is short, gcc would write `rep movs`, which takes 20 ns more.) */
static inline void copy(uint8_t *to, const uint8_t *from, size_t n)
{
    __asm volatile("" : "+r"(to), "+r"(from), "+r"(n));
    memcpy(to, from, n);
}
static inline void put32(uint8_t *to, uint32_t x) { memcpy(to, &x, 4); }
static inline void put64(uint8_t *to, uint64_t x) { memcpy(to, &x, 8); }
static inline void put_length(uint8_t *to, uint32_t n)
{
    to[0] = (uint8_t)(n | 128u);
    to[1] = (uint8_t)((n >> 7) | 128u);
    to[2] = (uint8_t)(n >> 14);
}
static inline uint32_t get_length(const uint8_t *from) { return (from[0] & 127u) | (uint32_t)(from[1] & 127u) << 7 | (uint32_t)from[2] << 14; }

/* The wire head of a span with a parent: mark, length, ids, times, flags, kind, parent. 68 bytes. */
static inline void put_head(uint8_t *h, const uint32_t trace[4], const uint32_t id[2], const uint32_t parent[2], uint64_t begin, uint64_t end)
{
    h[0] = 0x12;
    h[4] = 0x0A; h[5] = 16; memcpy(h + 6, trace, 16);
    h[22] = 0x12; h[23] = 8; memcpy(h + 24, id, 8);
    h[32] = 0x39; put64(h + 33, begin);
    h[41] = 0x41; put64(h + 42, end);
    h[50] = 0x85; h[51] = 1; put32(h + 52, 0x101);
    h[56] = 0x30; h[57] = 1;
    h[58] = 0x22; h[59] = 8; memcpy(h + 60, parent, 8);
}
static volatile uint64_t clock_now = 1760000000000000000u;
#endif
