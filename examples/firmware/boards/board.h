/* What an example needs of its board: text for the person at the desk, an end, a tick counter and a UART with interrupts.
   cortex-m.c, riscv.c, avr.c and host.c implement it; each runs on an emulator as it runs on the chip. */
#ifndef BOARD_H
#define BOARD_H
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Text beside the UART that carries telemetry: semihosting; the second UART, or the first while nothing else uses it. */
void board_print(const char *text);

/* Stop. The emulator ends with this status where it can (AVR prints it, riscv.c and cortex-m.c exit with it). */
#ifdef __cplusplus
[[noreturn]] void board_exit(int status);
#else
void board_exit(int status) __attribute__((noreturn));
#endif

/* Start the tick counter and the UART. Interrupts are on when it returns. */
void board_start(void);

/* Ticks since board_start, BOARD_HZ a second, of BOARD_BITS bits; it wraps. Any context. */
uint64_t board_ticks(void *user);

/* The UART: board_uart_kick makes the transmit interrupt ask board_uart_send for bytes until it gives a negative number;
   each byte that comes in goes to board_uart_take. Both are called from interrupts and written by the example. */
void board_uart_kick(void *user);
int board_uart_send(void);
void board_uart_take(uint8_t byte);

/* Begin anew, as the chip's reset does: memory keeps what it holds, start-up code clears what it clears (not .noinit). */
#ifdef __cplusplus
[[noreturn]] void board_reset(void);
#else
void board_reset(void) __attribute__((noreturn));
#endif

/* Sleep until the next interrupt. */
void board_sleep(void);

#ifdef __AVR__
#define BOARD_HZ 15625u           /* timer 1: 16 MHz / 1024 */
#define BOARD_BITS 16
#elif defined(__arm__)
#define BOARD_HZ 1000000u         /* SysTick: 24 bits, counting down at 1 MHz */
#define BOARD_BITS 24
#elif defined(__riscv)
#define BOARD_HZ 10000000u        /* mtime: its lower 32 bits */
#define BOARD_BITS 32
#else
#define BOARD_HZ 1000000000u
#define BOARD_BITS 64
#endif

#ifdef __cplusplus
}
#endif
#endif
