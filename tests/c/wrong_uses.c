/* Mistakes that no compiler sees: one line each, what was done, the call that says so, and the sentence. */
#include "otel_export.h"
#include <stdio.h>

static otel_t otel;
static otel_exporter_t ex;
static uint64_t pool[256], packet[64];
static uint64_t now = 1700000000000000000u;

static uint64_t unix_ns(void *user) { (void)user; return now += 1000000u; }
static uint64_t ticks(void *user) { (void)user; return now += 1000u; }
static int refuse(void *user, const otel_request_t *r) { (void)user; (void)r; return 400; }
static int nothing(void *user, const otel_request_t *r) { (void)user; (void)r; return 0; }
static int pending(void *user, const otel_request_t *r) { (void)user; (void)r; return OTEL_PENDING; }
static otel_result_t inside;
static int nested(void *user, const otel_request_t *r)
{
    (void)r;
    (void)user;
    inside = otel_export_poll(&ex);
    return 200;
}

static void line(const char *what, const char *call, otel_result_t result)
{
    (void)printf("%s\t%s\t%s\n", what, call, otel_result_text(result));
}

static void said(void *what, const otel_diag_t *d) { (void)printf("%s\totel_diag_check\t%s; %s\n", (const char *)what, d->text, d->remedy); }

static void check(const char *what)
{
    static otel_watch_t none;
    otel_watch_t watch = none;
    watch.exporter = &ex;
    watch.say = said;
    watch.user = (void *)(uintptr_t)what;
    otel_diag_check(&watch);
    now += 25000000000u;          /* a later look */
    otel_diag_check(&watch);
    (void)otel_shutdown(&otel, 0);
}

static otel_counter_t reads = OTEL_COUNTER("reads");

static void heard(void *what, const otel_diag_t *d) { (void)printf("%s\totel_diag_instruments\t%s; %s\n", (const char *)what, d->text, d->remedy); }

static void instruments(const char *what)
{
    static otel_watch_t none;
    otel_watch_t watch = none;
    watch.exporter = &ex;
    watch.say = heard;
    watch.user = (void *)(uintptr_t)what;
    otel_diag_instruments(&watch);
}

static void begin(uint64_t (*clock)(void *), uint32_t hz, size_t size, int (*post)(void *, const otel_request_t *))
{
    (void)otel_init(&otel, .clock = clock, .clock_hz = hz, .pool = pool, .pool_size = size);
    (void)otel_exporter_init(&ex, .send = post, .buffer = packet, .buffer_size = sizeof packet, .interval_ms = 1);
}

static otel_leak_t room[4];
static otel_leaks_t leaks;
static otel_processor_t leak_watch;
static const otel_processor_t *const processors[] = { &leak_watch, NULL };
static const otel_span_settings_t settings = { .processors = processors };

/* With a watch for spans that nobody ends. */
static void begin_watched(void)
{
    static otel_leaks_t fresh;
    leaks = fresh;
    memset((void *)room, 0, sizeof room);
    leaks.open = room;
    leaks.open_len = 4;
    leak_watch = otel_processor_leaks(&leaks);
    (void)otel_init(&otel, .clock = unix_ns, .pool = pool, .pool_size = sizeof pool, .spans = otel_spans(&settings));
    (void)otel_exporter_init(&ex, .send = refuse, .buffer = packet, .buffer_size = sizeof packet);
}

static void spans(int n)
{
    while (n--) {
        OTEL_SPAN(span, "work") { (void)span; }
    }
}

int main(void)
{
    static otel_span_t open_span, again;
    line("no clock", "otel_init", otel_init(&otel, .service = "x", .pool = pool, .pool_size = sizeof pool));
    line("no pool", "otel_init", otel_init(&otel, .service = "x", .clock = unix_ns));
    line("a pool of 64 bytes", "otel_init", otel_init(&otel, .clock = unix_ns, .pool = pool, .pool_size = 64));
    line("export before otel_init", "otel_exporter_init", otel_exporter_init(&ex, .send = refuse));
    (void)otel_init(&otel, .clock = unix_ns, .pool = pool, .pool_size = sizeof pool);
    (void)otel_exporter_init(&ex, .buffer = packet, .buffer_size = sizeof packet);
    line("no .send", "otel_export_poll", otel_export_poll(&ex));
    (void)otel_shutdown(&otel, 0);
    line("after otel_shutdown", "otel_export_poll", otel_export_poll(&ex));
    begin(ticks, 1000000u, sizeof pool, refuse);
    spans(1);
    check("a clock of ticks, and no otel_time_sync");
    begin(unix_ns, 0, 512, refuse);
    spans(20);
    check("nobody polls");
    begin(unix_ns, 0, sizeof pool, refuse);
    spans(1);
    now += 10000000000u;
    (void)otel_export_poll(&ex);
    check("a receiver that wants something else");
    begin(unix_ns, 0, sizeof pool, nothing);
    spans(1);
    now += 10000000000u;
    (void)otel_export_poll(&ex);
    check("`send` returns 0 for success");
    begin(unix_ns, 0, sizeof pool, pending);
    spans(1);
    now += 10000000000u;
    (void)otel_export_poll(&ex);
    check("`send` returns OTEL_PENDING, and nobody calls otel_export_done");
    begin(unix_ns, 0, sizeof pool, nested);
    spans(1);
    now += 10000000000u;
    (void)otel_export_poll(&ex);
    line("otel_export_poll inside .send", "otel_export_poll", inside);
    (void)otel_shutdown(&otel, 0);
    begin_watched();
    otel_span_start(&again, "first");
    otel_span_start(&again, "second");
    otel_span_end(&again);
    check("a span that is started twice");
    begin_watched();
    otel_span_start(&open_span, "download");
    (void)otel_shutdown(&otel, 0);
    check("a span that nobody ends");
    begin(unix_ns, 0, sizeof pool, refuse);
    otel_counter_add(&reads, -1);
    instruments("a negative number on a counter");
    otel_counter_add(&reads, 1, "bus", 1);
    instruments("more sets of attributes than series");
    return 0;
}
