/* The emulator's RISC-V board (qemu virt, RV32): start-up, a 16550 UART behind the PLIC, mtime as the tick counter.
   Text goes to the same UART: an example that sends telemetry prints nothing. */
#include "board.h"

#define BYTE(address) (*(volatile uint8_t *)(uintptr_t)(address))
#define WORD(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define UART 0x10000000u
#define PLIC 0x0C000000u
#define UART_IRQ 10u
#define MTIME 0x0200BFF8u

extern uint32_t bss_begin_, bss_end_;
int main(void);

__attribute__((naked, section(".init"), used)) void start_(void);
void start_(void)
{
    __asm volatile("la sp, stack_top_\n\tla t0, trap_\n\tcsrw mtvec, t0\n\tcall begin_\n\t");
}

void begin_(void);
void begin_(void)
{
    uint32_t *at;
    for (at = &bss_begin_; at < &bss_end_;) *at++ = 0;
    board_exit(main());
}

void board_print(const char *text)
{
    while (*text) BYTE(UART) = (uint8_t)*text++;
}

void board_exit(int status)
{
    WORD(0x100000u) = status ? (uint32_t)status << 16 | 0x3333u : 0x5555u;
    for (;;) {}
}

void board_reset(void)
{
    WORD(0x100000u) = 0x7777u;
    for (;;) {}
}

void board_sleep(void) { __asm volatile("wfi" : : : "memory"); }

uint64_t board_ticks(void *user)
{
    (void)user;
    return WORD(MTIME);
}

__attribute__((weak)) int board_uart_send(void) { return -1; }
__attribute__((weak)) void board_uart_take(uint8_t byte) { (void)byte; }

/* The interrupt enable register is written here and in the interrupt itself only; the kick comes with interrupts masked by hardware. */
void board_uart_kick(void *user)
{
    (void)user;
    BYTE(UART + 1u) = 1u;
    BYTE(UART + 1u) = 3u;             /* receive, and transmitter empty */
}

static void uart_(void)
{
    while (BYTE(UART + 5u) & 1u) board_uart_take(BYTE(UART));
    if (BYTE(UART + 5u) & 0x20u) {
        int byte = board_uart_send();
        if (byte >= 0) BYTE(UART) = (uint8_t)byte;
        else BYTE(UART + 1u) = 1u;
    }
    (void)BYTE(UART + 2u);
}

/* Timer (7) and software (3) interrupts belong to the example. */
void timer_(void) __attribute__((weak));
void timer_(void) { board_exit(112); }
void software_(void) __attribute__((weak));
void software_(void) { board_exit(113); }

__attribute__((interrupt("machine"), aligned(4))) void trap_(void);
void trap_(void)
{
    unsigned long cause;
    __asm volatile("csrr %0, mcause" : "=r"(cause));
    if (cause == 0x80000007u) {
        timer_();
    } else if (cause == 0x80000003u) {
        software_();
    } else if (cause == 0x8000000Bu) {
        uint32_t claimed = WORD(PLIC + 0x200004u);
        if (claimed == UART_IRQ) uart_();
        WORD(PLIC + 0x200004u) = claimed;
    } else {
        board_exit(111);
    }
}

void board_start(void)
{
    WORD(PLIC + 4u * UART_IRQ) = 1u;
    WORD(PLIC + 0x2000u) = 1u << UART_IRQ;
    WORD(PLIC + 0x200000u) = 0;
    BYTE(UART + 2u) = 1u;             /* FIFO */
    BYTE(UART + 1u) = 1u;
    __asm volatile("csrs mie, %0\n\tcsrsi mstatus, 8" : : "r"(1u << 11));
}
