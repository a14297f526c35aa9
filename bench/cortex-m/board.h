/* The board: semihosting for output and exit, SysTick as an instruction counter. The emulator runs with
   `-icount shift=10`: each instruction takes 1024 ns of its time, and SysTick counts one tick per 40 ns of it (25 MHz). */
#ifndef BOARD_H
#define BOARD_H
#include <stdint.h>

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

static inline uint32_t board_call_(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static inline void board_print(const char *text) { (void)board_call_(4, text); }            /* SYS_WRITE0 */

__attribute__((noreturn)) static inline void board_exit(uint32_t status)
{
    const uint32_t block[2] = { 0x20026u, status };                                           /* ADP_Stopped_ApplicationExit */
    for (;;) (void)board_call_(0x20, block);                                                  /* SYS_EXIT_EXTENDED */
}

#include "../number.h"

static inline void board_count_from_here(void)
{
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 5;
}

/* SysTick counts down. */
static inline uint32_t board_ticks(void) { return SYST_CVR; }
static inline uint32_t board_instructions(uint32_t before, uint32_t after)
{
    return (uint32_t)(((uint64_t)((before - after) & 0xFFFFFFu) * 40u + 512u) / 1024u);
}
#endif
