/* OTLP over HTTP from a board with Ethernet (MPS2 with a LAN9118, as the emulator has it), with lwIP and no operating system.

     qemu-system-arm -M mps2-an385 -nic user -kernel lwip.elf        the host's port PORT is 10.0.2.2:PORT for the board */
#include "otel_lwip.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "board.h"

#ifndef PORT
#define PORT 4318
#endif
#ifndef ROUNDS
#define ROUNDS 20
#endif

static otel_t otel;
static otel_exporter_t exporter;
static otel_lwip_t http;
static struct netif net;
static uint8_t pool[4096], packet[1500];
static otel_counter_t frames = OTEL_COUNTER("net.frames.received", .unit = "{frame}");

void stopped_at(int line)
{
    (void)line;
    board_print("assertion of lwIP\n");
    board_exit(9);
}

uint32_t any_number(void)
{
    static uint32_t x;
    x = x * 1664525u + (uint32_t)board_ticks(NULL) + 1013904223u;
    return x >> 8;
}

/* Milliseconds, counted on from the narrow ticks. */
u32_t sys_now(void)
{
    static uint32_t last, rest, ms;
    uint32_t now = (uint32_t)board_ticks(NULL);
    rest += (now - last) & 0xFFFFFFu;
    last = now;
    ms += rest / (BOARD_HZ / 1000u);
    rest %= BOARD_HZ / 1000u;
    return ms;
}

/* ---- the LAN9118 ---- */
#define LAN(offset) (*(volatile uint32_t *)(uintptr_t)(0x40200000u + (offset)))

static void mac_write(uint32_t at, uint32_t value)
{
    while (LAN(0xA4) & 0x80000000u) {}
    LAN(0xA8) = value;
    LAN(0xA4) = 0x80000000u | at;
    while (LAN(0xA4) & 0x80000000u) {}
}

static err_t lan_output(struct netif *n, struct pbuf *p)
{
    uint32_t word = 0, at = 0, i;
    const struct pbuf *q;
    (void)n;
    LAN(0x20) = p->tot_len | 0x3000u;                         /* first and last segment */
    LAN(0x20) = p->tot_len;
    for (q = p; q; q = q->next) {
        for (i = 0; i < q->len; i++) {
            word |= (uint32_t)((const uint8_t *)q->payload)[i] << 8u * (at & 3u);
            if ((++at & 3u) == 0) {
                LAN(0x20) = word;
                word = 0;
            }
        }
    }
    if (at & 3u) LAN(0x20) = word;
    return ERR_OK;
}

static void lan_input(void)
{
    while (LAN(0x7C) >> 16 & 0xFFu) {
        uint32_t len = LAN(0x40) >> 16 & 0x3FFFu, at;
        struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
        for (at = 0; at < len; at += 4) {
            uint32_t word = LAN(0x00);
            if (p) (void)pbuf_take_at(p, &word, (u16_t)(len - at < 4u ? len - at : 4u), (u16_t)at);
        }
        if (!p) continue;
        otel_counter_add(&frames, 1);
        pbuf_realloc(p, (u16_t)(len - 4u));                   /* without the frame's checksum */
        if (net.input(p, &net) != ERR_OK) (void)pbuf_free(p);
    }
}

static err_t lan_start(struct netif *n)
{
    static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
    n->name[0] = 'e';
    n->name[1] = '0';
    n->output = etharp_output;
    n->linkoutput = lan_output;
    n->mtu = 1500;
    n->hwaddr_len = 6;
    memcpy(n->hwaddr, mac, 6);
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_LINK_UP;
    LAN(0x74) = 1;                                            /* reset */
    while (LAN(0x74) & 1u) {}
    LAN(0x5C) = 0xFFFFFFFFu;
    mac_write(3, 0x12005452u);
    mac_write(2, 0x5634u);
    mac_write(1, 0x0004000Cu);                                /* receive, transmit, all frames */
    LAN(0x70) = 2;
    LAN(0x6C) = 0;
    return ERR_OK;
}

/* ---- the work ---- */
static void turn(void *user, uint32_t ms)
{
    (void)user;
    (void)ms;
    lan_input();
    sys_check_timeouts();
    otel_lwip_poll(&http);
}

/* Semihosting's time, in seconds: a board has SNTP or a real-time clock. */
static uint64_t board_time(void)
{
    register uint32_t r0 __asm("r0") = 0x11;
    register const void *r1 __asm("r1") = NULL;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return (uint64_t)r0 * 1000000000u;
}

static uint64_t ms_clock(void *user)
{
    (void)user;
    return sys_now();
}

int main(void)
{
    ip4_addr_t mine, mask, host;
    otel_stats_t stats;
    uint32_t i;
    board_start();
    IP4_ADDR(&mine, 10, 0, 2, 15);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&host, 10, 0, 2, 2);
    lwip_init();
    (void)netif_add(&net, &mine, &mask, &host, NULL, lan_start, ethernet_input);
    netif_set_default(&net);
    netif_set_up(&net);
    if (otel_init(&otel, .service = "lwip", .clock = ms_clock, .clock_hz = 1000, .clock_bits = 32, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) board_exit(2);
    if (otel_lwip_init(&http, .exporter = &exporter, .address = host, .port = PORT) != OTEL_OK) board_exit(3);
    if (otel_exporter_init(&exporter, .send = otel_lwip_send, .user = &http, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 50, .timeout_ms = 3000,
                           .idle = turn) != OTEL_OK) board_exit(4);
    otel_time_sync(&otel, board_time());
    for (i = 0; i < ROUNDS; i++) {
        uint32_t since = sys_now();
        OTEL_SPAN(span, "round") otel_span_set(span, "n", i, "net", "lan9118");
        while (sys_now() - since < 20u) {
            turn(NULL, 0);
            (void)otel_export_poll(&exporter);
        }
    }
    if (otel_export_flush(&exporter, 20000) != OTEL_OK) board_exit(5);
    (void)otel_stats(&exporter, &stats);
    board_exit(stats.signal[OTEL_SIGNAL_TRACES].exported == ROUNDS ? 0 : 6);
}
