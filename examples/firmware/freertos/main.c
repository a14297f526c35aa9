/* FreeRTOS: three tasks that work at the same time, each with spans of its own; the tick interrupt logs; one task ends with a span
   open; a task of its own sends over the UART and watches the others. tests/test_firmware_freertos.py builds it with the kernel
   out of a package and runs it on a Cortex-M0 and an M3. */
#include "otel_freertos.h"
#include "otel_uart.h"
#include "board.h"

#ifndef ROUNDS
#define ROUNDS 4
#endif
#ifndef PAUSE
#define PAUSE 20                  /* milliseconds */
#endif
#ifndef STACK
#define STACK 384                 /* words: a span in work takes about 400 bytes */
#endif
#ifndef EXPORT_STACK
#define EXPORT_STACK 512
#endif
#ifndef POOL
#define POOL 8192
#endif

static otel_t otel;
static otel_freertos_t rtos;
static otel_exporter_t exporter;
static otel_uart_t uart;
static uint8_t pool[POOL], packet[768];
static volatile uint32_t running;

int board_uart_send(void) { return otel_uart_sent(&uart); }
void board_uart_take(uint8_t byte) { otel_uart_received(&uart, byte); }

void stopped_at(int line)
{
    (void)line;
    board_print("assertion of the kernel\n");
    board_exit(9);
}

/* In the tick interrupt: no current span, so the log belongs to no trace. */
void vApplicationTickHook(void);
void vApplicationTickHook(void)
{
    static uint32_t ticks;
    if (++ticks % 64u == 0 && ticks <= 256u) otel_log(OTEL_DEBUG, "tick");
}

static void step(uint32_t n)
{
    OTEL_SPAN(span, "step") {
        otel_span_set(span, "n", n);
        vTaskDelay(3);                                        /* the others run in the middle of it */
    }
}

static void work(void *name)
{
    uint32_t i;
    for (i = 0; i < ROUNDS; i++) {
        OTEL_SPAN(span, (const char *)name) {
            step(i);
            step(i + 1u);
        }
        vTaskDelay(PAUSE);
    }
    otel_freertos_task_end(&rtos);
    running--;
    vTaskDelete(NULL);
}

static void forgetful(void *argument)
{
    otel_span_t span;
    (void)argument;
    otel_span_start(&span, "never ended");
    otel_span_enter(&span);
    vTaskDelay(100);
    if (otel_freertos_open_spans(&rtos, NULL) != 1) stopped_at(__LINE__);
    otel_freertos_task_end(&rtos);
    running--;
    vTaskDelete(NULL);
}

static void export_task(void *argument)
{
    uint32_t turn = 0;
    (void)argument;
    while (running) {
        otel_uart_poll(&uart);
        if (++turn % 16u == 0) otel_freertos_monitor(&rtos);
        vTaskDelay(2);
    }
    otel_freertos_monitor(&rtos);
    board_exit(otel_export_flush(&exporter, 20000) == OTEL_OK ? 0 : 5);
}

static void start(TaskFunction_t task, const char *name, uint16_t stack, void *argument, UBaseType_t priority)
{
    if (xTaskCreate(task, name, stack, argument, priority, NULL) != pdPASS) board_exit(6);
}

int main(void)
{
    static char pump[] = "pump", valve[] = "valve", heater[] = "heater";
    const otel_config_t config = { .service = "rtos", .pool = pool, .pool_size = sizeof pool, .log_percent = 10 };
    board_start();
    if (otel_freertos_init(&rtos, &otel, &config) != OTEL_OK) board_exit(2);
    if (otel_uart_init(&uart, .exporter = &exporter, .kick = board_uart_kick) != OTEL_OK) board_exit(3);
    if (otel_exporter_init(&exporter, .send = otel_uart_send, .user = &uart, .idle = otel_uart_idle, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 200,
                           .metric_interval_ms = 100) != OTEL_OK) board_exit(4);
    running = 4;
    start(work, "pump", STACK, pump, 2);
    start(work, "valve", STACK, valve, 2);
    start(work, "heater", STACK, heater, 3);
    start(forgetful, "forgetful", STACK, NULL, 1);
    start(export_task, "export", EXPORT_STACK, NULL, 1);
    vTaskStartScheduler();
    return 7;
}
