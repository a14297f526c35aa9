/* Cortex-M boards: start-up, semihosting, SysTick as a 24-bit tick counter, a UART with interrupts. -DBOARD_MICROBIT (nRF51,
   Cortex-M0), -DBOARD_STM32VLDISCOVERY (STM32F100, Cortex-M3, 8 KB) or, by default, the MPS2 boards (CMSDK; M3, M4, M7). */
#include "board.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define SYST_CSR REG(0xE000E010u)
#define SYST_RVR REG(0xE000E014u)
#define SYST_CVR REG(0xE000E018u)
#define NVIC_ISER(n) (0xE000E100u + 4u * ((n) / 32u))     /* enable, and make pending */
#define NVIC_IPR(n) (0xE000E400u + ((n) & ~3u))
#define NVIC_ISPR(n) (0xE000E200u + 4u * ((n) / 32u))

#if defined(BOARD_MICROBIT)
#define CORE_HZ 16000000u
#define UART 0x40002000u
#define UART_IRQ 2u
#elif defined(BOARD_STM32VLDISCOVERY)
#define CORE_HZ 24000000u
#define UART 0x40013800u
#define UART_IRQ 37u
#else
#define CORE_HZ 25000000u
#define UART 0x40004000u
#define UART_IRQ 0u               /* and 1: transmit */
#endif

extern uint32_t data_load_, data_begin_, data_end_, bss_begin_, bss_end_, stack_top_;
int main(void);

void reset_(void);
void reset_(void)
{
    uint32_t *from = &data_load_, *to = &data_begin_;
    while (to < &data_end_) *to++ = *from++;
    for (to = &bss_begin_; to < &bss_end_;) *to++ = 0;
#ifdef __ARM_FP
    REG(0xE000ED88u) |= 0xFu << 20;
    __asm volatile("dsb\n\tisb");
#endif
    board_exit(main());
}

/* ---- semihosting ---- */
static uint32_t call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void board_print(const char *text) { (void)call(4, text); }       /* SYS_WRITE0 */

void board_exit(int status)
{
    const uint32_t block[2] = { 0x20026u, (uint32_t)status };     /* ADP_Stopped_ApplicationExit */
    for (;;) (void)call(0x20, block);                             /* SYS_EXIT_EXTENDED */
}

static void fault(void)
{
    board_print("fault\n");
    board_exit(111);
}

void board_reset(void)
{
    __asm volatile("dsb" : : : "memory");
    REG(0xE000ED0Cu) = 0x05FA0004u;                               /* AIRCR: SYSRESETREQ */
    for (;;) {}
}

void board_sleep(void) { __asm volatile("wfi" : : : "memory"); }

/* ---- time: SysTick counts down from 2^24 - 1 at CORE_HZ. What went by since the last look is added up, at least once a turn (its
   interrupt looks), so that a turn that ends while interrupts are masked is neither lost nor counted twice. ---- */
static uint64_t board_count(void)
{
    static uint64_t count;
    static uint32_t last;
    uint32_t was, now;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(was) : : "memory");
    now = 0xFFFFFFu - SYST_CVR;
    count += (now - last) & 0xFFFFFFu;
    last = now;
    __asm volatile("msr primask, %0" : : "r"(was) : "memory");
    return count;
}

void systick_(void) __attribute__((weak));
void systick_(void) { (void)board_count(); }

uint64_t board_ticks(void *user)
{
    (void)user;
    return board_count() / (CORE_HZ / BOARD_HZ) & 0xFFFFFFu;
}

/* ---- UART ---- */
void uart_(void) __attribute__((weak));
void uart_(void)
{
#if defined(BOARD_MICROBIT)
    static bool busy;
    if (REG(UART + 0x108u)) {                                     /* RXDRDY */
        REG(UART + 0x108u) = 0;
        board_uart_take((uint8_t)REG(UART + 0x518u));
    }
    if (REG(UART + 0x11Cu)) {                                     /* TXDRDY */
        REG(UART + 0x11Cu) = 0;
        busy = false;
    }
    if (!busy) {
        int byte = board_uart_send();
        if (byte >= 0) {
            busy = true;
            REG(UART + 0x51Cu) = (uint32_t)byte;
        }
    }
#elif defined(BOARD_STM32VLDISCOVERY)
    if (REG(UART) & 0x20u) board_uart_take((uint8_t)REG(UART + 4u));
    while (REG(UART) & 0x80u) {                                   /* transmit register empty */
        int byte = board_uart_send();
        if (byte < 0) {
            REG(UART + 0xCu) &= ~0x80u;                           /* no interrupt until the next kick */
            break;
        }
        REG(UART + 4u) = (uint32_t)byte;
    }
#else
    if (REG(UART + 4u) & 2u) {
        REG(UART + 0xCu) = 2u;
        board_uart_take((uint8_t)REG(UART));
    }
    REG(UART + 0xCu) = 1u;
    while (!(REG(UART + 4u) & 1u)) {
        int byte = board_uart_send();
        if (byte < 0) break;
        REG(UART) = (uint32_t)byte;
    }
#endif
}

__attribute__((weak)) int board_uart_send(void) { return -1; }
__attribute__((weak)) void board_uart_take(uint8_t byte) { (void)byte; }

void board_uart_kick(void *user)
{
    (void)user;
#if defined(BOARD_MICROBIT)
    REG(NVIC_ISPR(UART_IRQ)) = 1u << UART_IRQ;                    /* the interrupt looks for itself */
#elif defined(BOARD_STM32VLDISCOVERY)
    REG(UART + 0xCu) |= 0x80u;
    REG(NVIC_ISPR(UART_IRQ)) = 1u << UART_IRQ % 32u;
#else
    REG(NVIC_ISPR(1)) = 2u;                                        /* pend the transmit interrupt */
#endif
}

void board_start(void)
{
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 7;
#if defined(BOARD_MICROBIT)
    REG(UART + 0x500u) = 4u;
    REG(UART + 0x000u) = 1u;
    REG(UART + 0x008u) = 1u;
    REG(UART + 0x304u) = 1u << 2 | 1u << 7;
#elif defined(BOARD_STM32VLDISCOVERY)
    REG(UART + 0xCu) = 0x202Cu;
#else
    REG(UART + 0x10u) = 16u;
    REG(UART + 0x08u) = 0xFu;                                     /* transmit, receive, an interrupt for each */
    REG(NVIC_ISER(1)) = 2u;
#endif
    REG(NVIC_IPR(UART_IRQ)) |= 0xC0C0C0C0u;                       /* below what an RTOS masks */
    REG(NVIC_ISER(UART_IRQ)) = 1u << UART_IRQ % 32u;
    __asm volatile("cpsie i" : : : "memory");
}

/* ---- vectors: what the board does not use is a fault, unless the example defines it ---- */
#define VECTOR(name) void name(void) __attribute__((weak, alias("fault")));
VECTOR(svc_) VECTOR(pendsv_) VECTOR(irq5_) VECTOR(irq6_) VECTOR(irq7_) VECTOR(irq8_) VECTOR(irq9_) VECTOR(irq10_) VECTOR(irq13_)

__attribute__((section(".vectors"), used)) static void (*const vectors[16 + 48])(void) = {
    (void (*)(void))&stack_top_, reset_, fault, fault, fault, fault, fault, 0, 0, 0, 0, svc_, fault, 0, pendsv_, systick_,
    [16 + UART_IRQ] = uart_,
#if !defined(BOARD_MICROBIT) && !defined(BOARD_STM32VLDISCOVERY)
    [16 + 1] = uart_,
#endif
    [16 + 5] = irq5_, irq6_, irq7_, irq8_, irq9_, irq10_, [16 + 13] = irq13_,
};
