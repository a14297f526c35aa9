/* A sensor on a serial line: spans, a counter, a histogram and logs, from boot to the Collector. It runs on the boards in
   boards/ (Cortex-M0 to M7, RISC-V, AVR), where UART and clock work with interrupts, and tells the host by a line of text which
   span is the parent of the host's work:

     tools/otlp-gateway --listen :7000 --text
     avrhost atmega1284p sensor.elf 7000          (or qemu-system-arm ... -serial tcp:127.0.0.1:7000, or a real board) */
#include "otel_uart.h"
#include "board.h"

#ifndef ROUNDS
#define ROUNDS 0                  /* readings before it stops; 0: never */
#endif
#ifndef POOL
#define POOL 1024
#endif
#ifndef PACKET
#define PACKET 768
#endif

static otel_t otel;
static uint8_t pool[POOL];
static otel_exporter_t exporter;
static uint8_t packet[PACKET];
static otel_uart_t uart;

static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}");
static otel_histogram_t level = OTEL_HISTOGRAM("tank.level", .unit = "m", OTEL_BOUNDS(1, 2, 4));

/* ---- the board's interrupts ---- */
int board_uart_send(void) { return otel_uart_sent(&uart); }
void board_uart_take(uint8_t byte) { otel_uart_received(&uart, byte); }

/* ---- the work ---- */
static uint32_t since, seconds;

/* A second gone? Counts on by whole seconds, so nothing adds up. */
static bool second_over(void)
{
    const uint32_t mask = 0xFFFFFFFFu >> (32 - (BOARD_BITS > 32 ? 32 : BOARD_BITS));
    uint32_t now = (uint32_t)board_ticks(NULL);
    if (((now - since) & mask) < BOARD_HZ / 4u) return false;
    since = (since + BOARD_HZ / 4u) & mask;
    seconds++;
    return true;
}

/* One line for the host: it goes on with this trace. */
static void tell_host(const otel_span_t *span)
{
    static char line[10 + OTEL_TRACEPARENT_SIZE + 1];
    char *end;
    memcpy(line, "measured ", 9);
    (void)otel_traceparent(span, line + 9);
    end = line + strlen(line);
    end[0] = '\n';
    end[1] = 0;
    (void)otel_uart_text(&uart, line);
}

static int32_t read_level(uint32_t n)
{
    OTEL_SPAN_HERE(span, "read_level", .kind = OTEL_CLIENT);
    otel_span_set(span, "bus", "i2c1", "n", n);
    if (n % 4u == 3u) return otel_span_error(span, -5, "i2c nack");
    return (int32_t)(n % 8u);
}

static void measure(uint32_t n)
{
    OTEL_SPAN(span, "measure") {
        int32_t metres = read_level(n);
        otel_counter_add(&reads, 1);
        if (metres < 0) otel_log(OTEL_WARN, "level not read", "code", metres);
        else otel_histogram_record(&level, (double)metres);
        tell_host(span);
    }
}

int main(void)
{
    uint32_t n = 0;
    board_start();
    if (otel_init(&otel, .service = "sensor", .clock = board_ticks, .clock_hz = BOARD_HZ, .clock_bits = BOARD_BITS, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) board_exit(2);
    if (otel_uart_init(&uart, .exporter = &exporter, .kick = board_uart_kick, .mtu = 48) != OTEL_OK) board_exit(3);
    if (otel_exporter_init(&exporter, .send = otel_uart_send, .user = &uart, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1000, .metric_interval_ms = 2000,
                           .idle = otel_uart_idle) != OTEL_OK) board_exit(4);
    for (;;) {
        otel_uart_poll(&uart);
        if (!second_over()) continue;
        measure(n++);
        if (ROUNDS && n == ROUNDS) {
            int left = otel_export_flush(&exporter, 10000) == OTEL_OK ? 0 : 5;
            board_exit(left);
        }
    }
}
