/* Telemetry about the library, beside the counts that it has to agree with. Prints lines: `stats <exporter> <signal> <created>
   <exported> <queued> <dropped..>`, `open <sampled> <record only>`, and `metrics <hex>` of a collection right behind them.
   tests/test_self_metrics.py compares. */
#include <stdio.h>
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[6000], packet[2][65536], page[65536];
static char text[65536];
static otel_exporter_t ex[2];
static otel_self_metrics_t self;
static otel_metric_reader_t reader;
static int answers[] = { 200, 400, 200, 503, 503, 200, -1, 413, 429, 429, 200 };
static unsigned turn, step;
static uint64_t now = 1700000000000000000u;

static uint64_t test_clock(void *user) { (void)user; return now += 1000; }

static int answer(void *user, const otel_request_t *r)
{
    static const uint8_t partial[] = { 0x0A, 0x02, 0x08, 0x02 };      /* partial_success.rejected_.. = 2 */
    int status = answers[turn++ % (sizeof answers / sizeof *answers)];
    (void)user;
    (void)r;
    now += 3000000;
    if (status == 200 && turn == 3) otel_export_reply(&ex[0], partial, sizeof partial, NULL);
    return status;
}

static void print_bytes(const char *word, const uint8_t *p, size_t n)
{
    size_t i;
    printf("%s ", word);
    for (i = 0; i < n; i++) printf("%02x", p[i]);
    printf("\n");
}

static void look(unsigned sampled, unsigned only)
{
    otel_stats_t s;
    unsigned x, signal, i;
    size_t n;
    for (x = 0; x < 2; x++) {
        if (otel_stats(&ex[x], &s) != OTEL_OK || !s.steady) continue;
        for (signal = 0; signal < OTEL_SIGNALS; signal++) {
            printf("stats %u %u %lu %lu %lu", x, signal, (unsigned long)s.signal[signal].created, (unsigned long)s.signal[signal].exported, (unsigned long)s.signal[signal].queued);
            for (i = 0; i < OTEL_DROP_REASONS; i++) printf(" %lu", (unsigned long)s.signal[signal].dropped[i]);
            printf("\n");
        }
    }
    printf("open %u %u %u\n", sampled, only, step++);
    while ((n = otel_metric_reader_collect(&reader, page, sizeof page)) > 0) print_bytes("metrics", page, n);
}

static void spans(unsigned n, const otel_context_t *parent)
{
    while (n--) {
        OTEL_SPAN(outer, "outer", .parent = parent) {
            OTEL_SPAN(inner, "inner") otel_log(OTEL_INFO, "inside");
        }
    }
}

static void poll(unsigned n)
{
    while (n--) {
        now += 60000000000u;
        (void)otel_export_poll(&ex[0]);
    }
}

int main(int argc, char **argv)
{
    static const uint8_t ids[] = "0123456789abcdef01234567";
    static otel_sampler_t off;
    otel_sampler_t sampler;
    otel_context_t remote;
    otel_request_t r;
    otel_span_t a[OTEL_SPANS(64)], b[OTEL_SPANS(64)];
    bool only = argc > 1 && argv[1][0] == 'o';
    memset((void *)&sampler, 0, sizeof sampler);
    off = otel_sampler_always_off();
    if (only) sampler = otel_sampler_always_record(&off);
    if (otel_init(&otel, .service = "self", .clock = test_clock, .pool = pool, .pool_size = sizeof pool, .sampler = sampler) != OTEL_OK) return 1;
    if (otel_self_metrics_start(NULL) != OTEL_E_NULL || otel_self_metrics_start(&self) != OTEL_OK || otel_self_metrics_start(&self) != OTEL_OK) return 2;
    if (otel_exporter_init(&ex[0], .send = answer, .buffer = packet[0], .buffer_size = sizeof packet[0], .retry_attempts = 2) != OTEL_OK) return 3;
    if (otel_exporter_init(&ex[1], .buffer = packet[1], .buffer_size = sizeof packet[1], .max_items = 5) != OTEL_OK) return 4;
    if (otel_metric_reader_init(&reader) != OTEL_OK) return 5;
    look(0, 0);
    spans(6, NULL);
    memset((void *)&remote, 0, sizeof remote);
    memcpy(remote.trace_id, ids, 16);
    memcpy(remote.span_id, ids + 16, 8);
    remote.remote = true;
    spans(2, &remote);                            /* not sampled by its caller */
    remote.flags = OTEL_FLAG_SAMPLED;
    spans(3, &remote);
    look(0, 0);
    poll(12);
    look(0, 0);
    while (otel_export_next(&ex[1], &r) && r.signal != OTEL_SIGNAL_TRACES) otel_export_done(&ex[1], 200);
    look(0, 0);                                   /* five spans are on their way, where spans are sampled */
    otel_export_done(&ex[1], 400);
    otel_span_start(a, "open");
    otel_span_start(b, "open too");
    otel_span_end(a);
    look(!only, only);
    spans(60, NULL);                              /* the ring is full */
    look(!only, only);
    poll(8);
    spans(3, NULL);
    look(!only, only);
    if (otel_prometheus_write(text, sizeof text, .packet = page, .packet_size = sizeof page) == 0) return 6;
    look(!only, only);
    otel_after_fork(&otel);
    look(!only, only);
    otel_span_end(b);
    spans(1, NULL);
    look(0, 0);
    (void)otel_shutdown(&otel, 0);
    return 0;
}
