/* Spans and a counter out of 2 KB of RAM: an atmega328p (Arduino Uno), its serial line to tools/otlp-gateway. What helps: no ring for
   logs, small spans (OTEL_SPAN_SIZED), a pool of two records, a packet of one. Built as the Arduino IDE builds (-flto), so
   that texts of parts that are not used do not take RAM:

     avr-gcc -mmcu=atmega328p -DF_CPU=16000000UL -Os -flto -mcall-prologues -mrelax -std=gnu11 -ffunction-sections -fdata-sections \
             -Wl,--gc-sections -I. -Iports -Iexamples/firmware/boards examples/firmware/small.c examples/firmware/boards/avr.c -o small.elf */
#include "otel_uart.h"
#include "board.h"

#ifndef ROUNDS
#define ROUNDS 0                  /* readings before it stops; 0: never */
#endif
#ifndef EVERY
#define EVERY (BOARD_HZ / 4u)     /* ticks between two readings: the line and who listens must keep up, or readings are dropped and counted */
#endif

static otel_t otel;
static otel_exporter_t exporter;
static otel_uart_t uart;
static uint8_t pool[176], packet[248];
static otel_counter_t reads = OTEL_COUNTER("reads");

int board_uart_send(void) { return otel_uart_sent(&uart); }
void board_uart_take(uint8_t byte) { otel_uart_received(&uart, byte); }

/* Not inlined, nor is `start`: main's frame is there all the time. */
__attribute__((noinline)) static void measure(uint16_t n)
{
    OTEL_SPAN_SIZED(span, 32, "measure") {
        otel_span_set(span, "n", n, "pin", "A0");
        otel_counter_add(&reads, 1);
    }
}

/* Is it time? Counts on, so nothing adds up. */
static bool due(void)
{
    static uint16_t since;
    if ((uint16_t)((uint16_t)board_ticks(NULL) - since) < EVERY) return false;
    since = (uint16_t)(since + EVERY);
    return true;
}

__attribute__((noinline)) static int start(void)
{
    if (otel_init(&otel, .service = "small", .clock = board_ticks, .clock_hz = BOARD_HZ, .clock_bits = BOARD_BITS, .pool = pool, .pool_size = sizeof pool,
                  .log_percent = OTEL_NO_LOG_RING) != OTEL_OK) return 2;
    if (otel_uart_init(&uart, .exporter = &exporter, .kick = board_uart_kick, .mtu = 48) != OTEL_OK) return 3;
    if (otel_exporter_init(&exporter, .send = otel_uart_send, .user = &uart, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 200,
                           .metric_interval_ms = 2000, .idle = otel_uart_idle) != OTEL_OK) return 4;
    return 0;
}

int main(void)
{
    uint16_t n = 0;
    int failed;
    board_start();
    failed = start();
    if (failed) board_exit(failed);
    for (;;) {
        otel_uart_poll(&uart);
        if (!due()) continue;
        measure(n++);
        if (ROUNDS && n == ROUNDS) board_exit(otel_export_flush(&exporter, 10000) == OTEL_OK ? 0 : 5);
    }
}
