/* A day of a device's clock. Every STEP seconds it makes a span and counts, then sleeps; its sleep is skipped, but the clock, whose counter
   has DAY_BITS bits and wraps, goes on as if it had slept. It resets itself at RESETS, the last time as after power-on (what should
   have been kept is noise); the receiver comes and goes. What it knows itself it says in lines of text between frames:

     b BOOT WARM                      it begins
     c MADE CREATED, x EXPORTED QUEUED, f FULL NO_CLOCK, r RESET OTHER      its counts of spans,
     m CREATED EXPORTED, d DROPPED QUEUED      and of data points
     z TIME SECONDS                   it will sleep so long, at this time of its clock, in units of 8 ms; goes on when the frame 7E comes
     u TIME 0                         the time of its clock
     e STATUS                         it ends */
#include "otel_uart.h"
#include "board.h"

#ifndef STEPS
#define STEPS 288u
#endif
#ifndef STEP
#define STEP 300u                 /* seconds */
#endif
#ifndef DAY_BITS
#define DAY_BITS BOARD_BITS
#endif
#define RESETS { STEPS / 4u, STEPS / 2u, STEPS / 8u * 6u }

static otel_t otel OTEL_NO_INIT;
static otel_exporter_t exporter OTEL_NO_INIT;
static otel_keep_t keep OTEL_NO_INIT;
static struct { uint32_t mark; uint16_t step, made, resets; } state OTEL_NO_INIT;      /* the test's own: where the day stands */
static union { uint8_t bytes[POOL]; otel_stats_t before; } pool;       /* not touched until the first record */
static uint8_t packet[240];
static otel_uart_t uart;
#if OTEL_METRICS
static otel_counter_t reads = OTEL_COUNTER("reads");
#endif
#ifdef __AVR__
typedef uint32_t wide_t;          /* 15,625 ticks a second: three days */
#else
typedef uint64_t wide_t;
#endif
static wide_t skipped;
static char line[26];
static volatile uint8_t heard;

/* ---- the board's interrupts: a frame of one byte 7E is for the test ---- */
int board_uart_send(void) { return otel_uart_sent(&uart); }
void board_uart_take(uint8_t byte)
{
    static uint8_t before, last;
    if (byte == 0xC0u && last == 0x7Eu && before == 0xC0u) heard = 1;
    before = last;
    last = byte;
    otel_uart_received(&uart, byte);
}

/* ---- time: what really went by, and what was slept. Wide, as only a test may: the library sees DAY_BITS of it ---- */
static wide_t wide(void)
{
    static wide_t count;
    static uint32_t last;
    wide_t now;
    uint32_t was = otel_mask_(), ticks = (uint32_t)board_ticks(NULL);
    count += (ticks - last) & (0xFFFFFFFFu >> (32 - BOARD_BITS));
    last = ticks;
    now = count + skipped;
    otel_unmask_(was);
    return now;
}

static uint64_t narrow(void *user)
{
    (void)user;
    return wide() & (0xFFFFFFFFu >> (32 - DAY_BITS));
}

/* A counter must be looked at 16 times in 15 turns; a chip that sleeps is woken by its timer for that. */
static void skip(uint32_t seconds)
{
    const uint32_t most = DAY_BITS == 32 ? 3600u : DAY_BITS == 24 ? 15u : 3u;
    while (seconds) {
        uint32_t n = seconds < most ? seconds : most, was = otel_mask_();
        skipped += (wide_t)n * BOARD_HZ;
        otel_unmask_(was);
        (void)otel_clock_now_(&otel.clock_);
        seconds -= n;
    }
}

/* ---- lines ---- */
static char *put(char *to, uint32_t value)
{
    char digits[11];
    uint8_t n = 0;
    *to++ = ' ';
    do digits[n++] = (char)('0' + value % 10u);
    while (value /= 10u);
    while (n) *to++ = digits[--n];
    return to;
}

static void say(char *end)
{
    end[0] = '\n';
    end[1] = 0;
    (void)otel_uart_text(&uart, line);
    while (uart.text_) (void)wide();
}

static void say_number(char what, uint32_t a, uint32_t b)
{
    line[0] = what;
    say(put(put(line + 1, a), b));
}

static void say_counts(const otel_stats_t *stats)
{
    const otel_signal_stats_t *s = &stats->signal[OTEL_SIGNAL_TRACES], *m = &stats->signal[OTEL_SIGNAL_METRICS];
    uint32_t other = otel_stats_dropped(s) - s->dropped[OTEL_DROP_FULL] - s->dropped[OTEL_DROP_NO_CLOCK] - s->dropped[OTEL_DROP_RESET];
    say_number('c', state.made, s->created);
    say_number('x', s->exported, s->queued);
    say_number('f', s->dropped[OTEL_DROP_FULL], s->dropped[OTEL_DROP_NO_CLOCK]);
    say_number('r', s->dropped[OTEL_DROP_RESET], other);
    say_number('m', m->created, m->exported);
    say_number('d', otel_stats_dropped(m), m->queued);
}

__attribute__((noinline)) static void tell(void)
{
    otel_stats_t stats;
    (void)otel_stats(&exporter, &stats);
    say_counts(&stats);
}

/* ---- the day ---- */
/* Everything that was begun has gone out; then, and before an answer came, nothing may begin. */
__attribute__((noinline)) static void sleep(void)
{
    while (otel_chunk_wants(&uart.chunk_)) (void)wide();
    heard = 0;
    say_number('z', (uint32_t)(wide() / (BOARD_HZ / 125u)), STEP);
    while (!heard) (void)wide();
    skip(STEP);
}

__attribute__((noinline)) static void work(void)
{
    OTEL_SPAN_SIZED(span, 32, "tick") {
        otel_span_set(span, "n", (int32_t)state.made++, "up", (int32_t)(wide() / (BOARD_HZ / 125u)));
#if OTEL_METRICS
        otel_counter_add(&reads, 1);
#endif
    }
}

__attribute__((noinline)) static int start(void)
{
    bool warm = otel_keep_read(&keep, &otel, &exporter, &pool.before);
    if (state.mark != 0x64617921u) {
        memset((void *)&state, 0, sizeof state);
        state.mark = 0x64617921u;
    }
    if (!warm) state.made = 0;
    if (otel_init(&otel, .service = "day", .clock = narrow, .clock_hz = BOARD_HZ, .clock_bits = DAY_BITS, .pool = pool.bytes, .pool_size = sizeof pool.bytes,
                  .log_percent = OTEL_NO_LOG_RING) != OTEL_OK) return 2;
    if (otel_uart_init(&uart, .exporter = &exporter, .kick = board_uart_kick, .mtu = 48, .wait_ms = 60000) != OTEL_OK) return 3;
    if (otel_exporter_init(&exporter, .send = otel_uart_send, .user = &uart, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1000,
                           .metric_interval_ms = 3600000, .idle = otel_uart_idle) != OTEL_OK) return 4;
    if (otel_keep_open(&keep, &exporter, &pool.before) != OTEL_OK) return 5;
    say(line);                    /* an empty one: something may have been cut off */
    say_number('b', keep.boots, warm);
    say_counts(&pool.before);
    say_number('u', (uint32_t)(wide() / (BOARD_HZ / 125u)), 0);
    return 0;
}

/* Power off and on: what should have been kept is noise. */
static void lose_power(void)
{
    uint8_t *at, noise = 77;
    for (at = (uint8_t *)&keep; at < (uint8_t *)&keep + sizeof keep; at++) *at ^= noise = (uint8_t)(noise * 37u + 11u);
}

int main(void)
{
    static const uint16_t resets[] = RESETS;
    wide_t end;
    int failed;
    board_start();
    failed = start();
    while (!failed && state.step < STEPS) {
        wide_t quiet;
        uint8_t i;
        work();
        for (i = 0; i < 4; i++) otel_uart_poll(&uart);
        if (state.resets < 3 && state.step == resets[state.resets]) {
            while (otel_chunk_wants(&uart.chunk_)) (void)wide();
            tell();
            for (quiet = wide(); wide() - quiet < BOARD_HZ / 50u; ) {}          /* the last bytes leave the UART */
            if (state.resets++ == 2u) lose_power();
            board_reset();
        }
        state.step++;
        sleep();
    }
    for (; !failed && exporter.lane_[0].wait + exporter.flying_ && state.step < STEPS + 60u; state.step++) {         /* out of its back-off */
        sleep();
        otel_uart_poll(&uart);
    }
    if (!failed && otel_export_flush(&exporter, 60000) != OTEL_OK) failed = 6;
    tell();
    say_number('e', (uint32_t)failed, 0);
    for (end = wide(); wide() - end < BOARD_HZ / 5u; ) {}          /* the last bytes leave the UART */
    board_exit(failed);
}
