/* What each program of this folder offers to main.c: the same finished piece of work, a span with two attributes. */
#ifndef WORK_H
#define WORK_H
#include <stddef.h>
#include <stdint.h>

void work_begin(void);             /* what happens once, when the device starts */
void work_once(void);              /* one span begins, gets its attributes, ends, and its bytes are given to work_send */
size_t work_after(void);           /* not measured: bytes of that span that lie in a buffer which somebody else reads */
void work_send(const void *bytes, size_t len);
void work_id(uint8_t *to, size_t len);      /* random numbers; len is a multiple of 4. Who has no generator takes its ids from here */

/* The clock: a variable, so it is as good as left out. */
extern volatile uint64_t work_now;
#endif
