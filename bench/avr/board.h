/* The board: an ATmega1284P in the simulator, its UART for output, timer 1 as a counter of cycles. */
#ifndef BOARD_H
#define BOARD_H
#include <stdint.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

#define POOL_BYTES 9216
#ifndef ONLY
#define TIMES 4
#endif

static inline void board_print(const char *text)
{
    UCSR0B = _BV(TXEN0);
    for (; *text; text++) {
        while (!(UCSR0A & _BV(UDRE0))) {}
        UDR0 = (uint8_t)*text;
    }
}

/* The simulator ends when the program sleeps without interrupts. */
__attribute__((noreturn)) static inline void board_exit(uint32_t status)
{
    if (status) board_print("failed");
    cli();
    for (;;) {
        sleep_enable();
        sleep_cpu();
    }
}

#include "../number.h"

#ifndef BOARD_TICK                 /* cycles a tick, 1 or 8. A case may take 65,535 ticks. */
#define BOARD_TICK 1
#endif
static inline void board_count_from_here(void)
{
    TCCR1A = 0;
    TCCR1B = BOARD_TICK == 8 ? _BV(CS11) : _BV(CS10);
}

static inline uint32_t board_ticks(void) { return TCNT1; }
static inline uint32_t board_instructions(uint32_t before, uint32_t after) { return ((after - before) & 0xFFFFu) * BOARD_TICK; }
#endif
