/* Runs an AVR program in the simulator, its UART connected to standard output or to a TCP port of this machine.

     avrhost [-f] [-t FILE] MCU PROGRAM.elf [PORT]

   -f: sleep takes no time (a day passes in seconds). -t: a line for each instruction, its address and its cycles. Ends when the program sleeps without interrupts: status 0; 1 when it
   crashed. On standard error: cycles, and the deepest the stack went. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>

static int peer = -1;
static bool ready = true;
static avr_t *avr;

static void sent(struct avr_irq_t *irq, uint32_t value, void *user)
{
    unsigned char byte = (unsigned char)value;
    (void)irq;
    (void)user;
    if (peer < 0) {
        putchar(byte);
    } else {
        while (write(peer, &byte, 1) < 0 && errno == EAGAIN) (void)poll(&(struct pollfd){ peer, POLLOUT, 0 }, 1, 10);
    }
}

static void may_send(struct avr_irq_t *irq, uint32_t value, void *user)
{
    (void)irq;
    (void)value;
    ready = user != NULL;
}

static void no_sleep(avr_t *a, avr_cycle_count_t cycles)
{
    (void)a;
    (void)cycles;
}

static void logger(avr_t *a, const int level, const char *format, va_list args)
{
    (void)a;
    (void)level;
    (void)format;
    (void)args;
}

static int joined(const char *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&at, sizeof at)) {
        perror("connect");
        exit(2);
    }
    (void)fcntl(s, F_SETFL, O_NONBLOCK);
    return s;
}

/* Bytes from the peer, one whenever the UART can take one. */
static void feed(avr_irq_t *in)
{
    unsigned char byte;
    ssize_t n;
    if (!ready || peer < 0) return;
    n = read(peer, &byte, 1);
    if (n == 1) {
        avr_raise_irq(in, byte);
    } else if (n == 0) {
        close(peer);
        exit(0);                          /* the other end is gone: nobody listens any more */
    }
}

int main(int argc, char **argv)
{
    elf_firmware_t firmware;
    uint32_t flags = 0;
    avr_irq_t *in;
    bool fast = argc > 1 && !strcmp(argv[1], "-f");
    FILE *trace = NULL;
    unsigned turn = 0;
    uint16_t deepest = 0xFFFF;
    if (fast) argv++, argc--;
    if (argc > 2 && !strcmp(argv[1], "-t")) {
        trace = fopen(argv[2], "w");
        if (!trace) {
            perror(argv[2]);
            return 2;
        }
        argv += 2, argc -= 2;
    }
    memset(&firmware, 0, sizeof firmware);
    avr_global_logger_set(logger);
    if (argc < 3 || elf_read_firmware(argv[2], &firmware)) {
        fprintf(stderr, "avrhost [-f] [-t FILE] MCU PROGRAM.elf [PORT]\n");
        return 2;
    }
    avr = avr_make_mcu_by_name(argv[1]);
    if (!avr) return 2;
    avr_init(avr);
    firmware.frequency = 16000000;
    avr_load_firmware(avr, &firmware);
    if (fast) avr->sleep = no_sleep;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), sent, NULL);
    in = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), may_send, avr);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), may_send, NULL);
    if (argc > 3) peer = joined(argv[3]);
    for (;;) {
        avr_cycle_count_t before = avr->cycle;
        avr_flashaddr_t pc = avr->pc;
        int state = avr_run(avr);
        uint16_t sp = (uint16_t)(avr->data[R_SPL] | avr->data[R_SPH] << 8);
        if (trace) fprintf(trace, "%lx %lu\n", (unsigned long)pc, (unsigned long)(avr->cycle - before));
        if (sp > 256 && sp < deepest) deepest = sp;
        if (state == cpu_Done || state == cpu_Crashed) {
            fflush(stdout);
            if (trace) fclose(trace);
            fprintf(stderr, "cycles %llu, stack %u bytes\n", (unsigned long long)avr->cycle, avr->ramend - deepest);
            return state == cpu_Crashed;
        }
        if ((++turn & 255u) == 0) feed(in);
    }
}
