/* A device in a shared library, for test_gateway.py: its clock moves when the test says so, and its frames or bytes are fetched
   and delivered by the test, which loses, repeats, reorders and damages them. */
#include "otel_uart.h"

static otel_t otel;
static otel_exporter_t exporter;
static otel_uart_t uart;
static uint8_t pool[60000], packet[30000];
static uint64_t now_ns;

static uint64_t link_clock(void *user)
{
    (void)user;
    return now_ns;
}

void link_tick(uint32_t ms);
int link_start(unsigned mtu, unsigned packet_size, bool one_way, bool parts);
void link_span(const char *name, unsigned bytes);
void link_poll(void);
unsigned link_next(uint8_t *frame);
void link_take(const uint8_t *frame, unsigned len);
int link_byte(void);
void link_received(uint8_t byte);
bool link_text(const char *text);
uint64_t link_now(void);
void link_stats(uint64_t *four);

void link_sync(uint64_t unix_ns);
unsigned link_crc(const char *text, unsigned len);

void link_sync(uint64_t unix_ns) { otel_time_sync(&otel, unix_ns); }

unsigned link_crc(const char *text, unsigned len)
{
    uint16_t crc = 0xFFFF;
    while (len--) crc = otel_crc16(crc, (uint8_t)*text++);
    return crc;
}

void link_tick(uint32_t ms) { now_ns += (uint64_t)ms * 1000000u; }

/* With parts the exporter has no packet of its own, and the frames are read from the ring. */
int link_start(unsigned mtu, unsigned packet_size, bool one_way, bool parts)
{
    otel_result_t r;
    if (otel_init(&otel, .service = "link", .clock = link_clock, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool, .log_percent = 1) != OTEL_OK) return -100;
    r = otel_uart_init(&uart, .exporter = &exporter, .mtu = (uint16_t)mtu, .wait_ms = 100, .one_way = one_way, .tries = 8);
    if (r != OTEL_OK) return (int)r;
    return (int)otel_exporter_init(&exporter, .otel = &otel, .send = otel_uart_send, .user = &uart, .idle = otel_uart_idle, .buffer = parts ? NULL : packet,
                                   .buffer_size = parts ? 0 : packet_size, .interval_ms = 10, .retry_initial_ms = 50, .retry_max_ms = 200);
}

void link_span(const char *name, unsigned bytes)
{
    static char text[4096];
    unsigned i;
    for (i = 0; i < bytes; i++) text[i] = (char)(0x21 + (i * 7u) % 90u);
    OTEL_SPAN_SIZED(span, 4200, name) {
        if (bytes) otel_span_set(span, "text", OTEL_STR(text, bytes), "slip", OTEL_BYTES("\xC0\xDB\xDC\xDD\xC0", 5));
    }
}

void link_poll(void) { otel_uart_poll(&uart); }
unsigned link_next(uint8_t *frame) { return (unsigned)otel_chunk_next(&uart.chunk_, frame); }
void link_take(const uint8_t *frame, unsigned len) { otel_chunk_take(&uart.chunk_, frame, len); }
int link_byte(void) { return otel_uart_sent(&uart); }
void link_received(uint8_t byte) { otel_uart_received(&uart, byte); }
bool link_text(const char *text) { return otel_uart_text(&uart, text); }

/* What the device believes to be the time; 0: it does not know. */
uint64_t link_now(void)
{
    uint64_t offset;
    return otel_clock_offset_(&otel.clock_, &offset) ? now_ns + offset : 0;
}


void link_stats(uint64_t *four)
{
    otel_stats_t stats;
    unsigned i;
    otel_stats(&exporter, &stats);
    four[0] = stats.signal[OTEL_SIGNAL_TRACES].created;
    four[1] = stats.signal[OTEL_SIGNAL_TRACES].exported;
    four[2] = stats.signal[OTEL_SIGNAL_TRACES].queued;
    for (four[3] = 0, i = 0; i < OTEL_DROP_REASONS; i++) four[3] += stats.signal[OTEL_SIGNAL_TRACES].dropped[i];
}
