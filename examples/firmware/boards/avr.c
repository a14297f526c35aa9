/* AVR at 16 MHz (atmega328p, 1284p, 2560): USART 0 with interrupts at 115,200 baud, timer 1 as a tick counter of 16 bits.
   Text goes to the same UART. board_exit says its status there and stops: sleep without interrupts ends the simulator. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include "board.h"

#ifndef F_CPU
#define F_CPU 16000000UL
#endif
#ifdef USART0_UDRE_vect
#define UDRE_VECTOR USART0_UDRE_vect
#define RX_VECTOR USART0_RX_vect
#else
#define UDRE_VECTOR USART_UDRE_vect
#define RX_VECTOR USART_RX_vect
#endif

static void uart_on(void)
{
    UCSR0A = _BV(U2X0);
    UBRR0L = (uint8_t)(F_CPU / 8 / 115200 - 1);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B |= _BV(TXEN0);
}

void board_print(const char *text)
{
    uart_on();
    while (*text) {
        while (!(UCSR0A & _BV(UDRE0))) {}
        UDR0 = (uint8_t)*text++;
    }
}

void board_exit(int status)
{
    char digits[8] = "exit 0\n";
    digits[5] = (char)('0' + status % 10);
    board_print(digits);
    while (!(UCSR0A & _BV(TXC0))) {}
    cli();
    sleep_enable();
    for (;;) sleep_cpu();
}

/* The watchdog resets the chip, and stays on until somebody turns it off: before anything else. */
void board_reset(void)
{
    cli();
    wdt_enable(WDTO_15MS);
    for (;;) {}
}

__attribute__((naked, used, section(".init3"))) void watchdog_off_(void);
void watchdog_off_(void)
{
    MCUSR = 0;
    wdt_disable();
}

void board_sleep(void)
{
    sleep_enable();
    sleep_cpu();
}

uint64_t board_ticks(void *user)
{
    (void)user;
    return TCNT1;
}

__attribute__((weak)) int board_uart_send(void) { return -1; }
__attribute__((weak)) void board_uart_take(uint8_t byte) { (void)byte; }

void board_uart_kick(void *user)
{
    (void)user;
    UCSR0B |= _BV(UDRIE0);
}

ISR(UDRE_VECTOR)
{
    int byte = board_uart_send();
    if (byte >= 0) UDR0 = (uint8_t)byte;
    else UCSR0B &= (uint8_t)~_BV(UDRIE0);
}

ISR(RX_VECTOR) { board_uart_take(UDR0); }

void board_start(void)
{
    uart_on();
    UCSR0B |= _BV(RXEN0) | _BV(RXCIE0);
    TCCR1A = 0;
    TCCR1B = _BV(CS12) | _BV(CS10);
    sei();
}
