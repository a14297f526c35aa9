/* What the proofs share. CBMC tries every input within a proof's bounds at once: no byte outside the memory that was given is
   read or written, no sign overflows, no shift is too wide, no loop goes on beyond its bound, and what HOLDS says holds.

   tests/test_proofs.py runs them, and shows that each fails when the code is made wrong; LONG widens the bounds (`make proofs`). */
#ifndef PROOFS_KIT_H
#define PROOFS_KIT_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef LONG
#define BOUND(few, many) (many)
#else
#define BOUND(few, many) (few)
#endif

size_t nondet_size(void);
uint8_t nondet_byte(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);
void *__CPROVER_allocate(size_t size, int zero);

#define WITHIN(x, low, high) __CPROVER_assume((x) >= (low) && (x) <= (high))
#define HOLDS(condition) __CPROVER_assert((condition), #condition)
/* One length after the other: each is a constant to the prover, which is faster than one that it has to guess. */
#define EACH(n, least, most) size_t n; for (n = (least); n <= (most); n++)

/* An object of exactly n bytes with any content: one byte too many is an error. */
static void *bytes_(size_t n) { return __CPROVER_allocate(n, 0); }

/* Up to n characters and a NUL. */
static char *text_(size_t n)
{
    char *text = (char *)bytes_(n + 1u);
    text[n] = 0;
    return text;
}

void *memchr(const void *at, int byte, size_t n)
{
    const unsigned char *p = (const unsigned char *)at;
    size_t i;
    for (i = 0; i < n; i++) {
        if (p[i] == (unsigned char)byte) return (void *)(p + i);
    }
    return NULL;
}
#endif
