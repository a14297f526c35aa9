/* Measures one of the programs beside it on a board (cortex-m or avr, by the include path) and prints JSON: instructions (AVR: cycles)
   of work_once, the stack it takes, and the bytes it gives away. With BARE the work is random numbers given away: what to subtract. */
#include "work.h"
#include <board.h>

volatile uint64_t work_now = 1760000000000000000ull;

#define TURNS 16u
#define PAINTED 2048u              /* bytes below the stack pointer; deeper than any of them goes */
#define PAINT 0xA5u

static volatile uint32_t len_sent, sum_sent;
static uint32_t seed = 0x9E3779B9u;

__attribute__((noinline)) void work_send(const void *bytes, size_t len)
{
    const uint8_t *at = (const uint8_t *)bytes;
    len_sent += (uint32_t)len;
    sum_sent += len ? (uint32_t)at[0] + at[len - 1] : 0;
#ifdef PRINT                       /* the bytes, for a decoder */
    for (; len; len--, at++) {
        board_print(" ");
        board_print_number(*at);
    }
#endif
}

void work_id(uint8_t *to, size_t len)
{
    for (; len; len -= 4, to += 4) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        to[0] = (uint8_t)seed;
        to[1] = (uint8_t)(seed >> 8);
        to[2] = (uint8_t)(seed >> 16);
        to[3] = (uint8_t)(seed >> 24);
    }
}

/* Both have a frame of that size at the same depth; the compiler is not told what is in it. */
__attribute__((noinline)) static void paint(void)
{
    uint8_t room[PAINTED], *at = room;
    uint16_t i;
    __asm volatile("" : "+r"(at) : : "memory");
    for (i = 0; i < PAINTED; i++) at[i] = PAINT;
    __asm volatile("" : "+r"(at) : : "memory");
}

__attribute__((noinline)) static uint32_t deepest(void)
{
    uint8_t room[PAINTED], *at = room;
    uint16_t i = 0;
    __asm volatile("" : "+r"(at) : : "memory");
    while (i < PAINTED && at[i] == PAINT) i++;
    return PAINTED - i;
}

#ifdef BARE                        /* called, as in the others */
__attribute__((noinline)) void work_begin(void) { __asm volatile(""); }
__attribute__((noinline)) size_t work_after(void)
{
    __asm volatile("");
    return 0;
}
__attribute__((noinline)) void work_once(void)
{
    uint8_t ids[24];
    work_id(ids, sizeof ids);
    work_send(ids, work_now ? sizeof ids : 0);
}
#endif

static void say(const char *name, uint32_t value)
{
    board_print(name);
    board_print_number(value);
}

int main(void)
{
    uint32_t empty, before, after, sum = 0, stack, turn;
    work_begin();
    work_once();                   /* the first of anything may be dearer */
    (void)work_after();
    paint();
    work_once();
    stack = deepest();
    (void)work_after();
    len_sent = 0;
    board_count_from_here();
    before = board_ticks();
    after = board_ticks();
    empty = board_instructions(before, after);
    for (turn = 0; turn < TURNS; turn++) {
        before = board_ticks();
        work_once();
        after = board_ticks();
        sum += board_instructions(before, after) - empty;
        len_sent += (uint32_t)work_after();
    }
    say("{\"instructions\": ", (sum + TURNS / 2) / TURNS);
    say(", \"stack\": ", stack);
    say(", \"bytes\": ", len_sent / TURNS);
    board_print("}\n");
    board_exit(0);
}
