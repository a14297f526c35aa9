/* One program for every core: what it records is the same, so its requests are the same bytes. It prints them in hex, one
   request a line; tests/firmware/golden.txt is what each configuration must print. */
#include "otel_export.h"
#include "board.h"

static otel_t otel;
static uint8_t pool[1024];
static otel_exporter_t exporter;
static uint8_t packet[1024];
static uint32_t ticks;

static uint64_t golden_ticks(void *user)
{
    (void)user;
    return ticks;                                     /* how often it is read may differ: steps move it */
}

static void step(void) { ticks += 1000u; }

static bool golden_entropy(void *user, void *to, size_t len)
{
    uint8_t *bytes = (uint8_t *)to;
    size_t i;
    (void)user;
    for (i = 0; i < len; i++) bytes[i] = (uint8_t)(0xA5u + 37u * i);
    return true;
}

static void print_hex(const uint8_t *bytes, size_t len)
{
    static const char digit[] = "0123456789abcdef";
    char text[3];
    text[2] = 0;
    while (len--) {
        text[0] = digit[*bytes >> 4];
        text[1] = digit[*bytes++ & 15u];
        board_print(text);
    }
}

static int golden_send(void *user, const otel_request_t *request)
{
    (void)user;
    board_print(request->path);
    board_print(" ");
    print_hex((const uint8_t *)request->body, request->len);
    board_print("\n");
    return 200;
}

static otel_scope_t bus = OTEL_SCOPE("bus", .version = "1.2");
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(2));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J");
static otel_updown_t queued = OTEL_UPDOWN("queue.length");
static otel_gauge_double_t level = OTEL_GAUGE_DOUBLE("tank.level", .unit = "m");
static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.25, 0.5, 1, 2));

static void spans(void)
{
    static const uint8_t mac[6] = { 0, 1, 2, 0x7F, 0x80, 0xFF };
    static const int16_t samples[3] = { -32767, 0, 32767 };
    otel_context_t caller;
    (void)otel_extract(&caller, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=opaque", NULL);
    OTEL_SPAN_SIZED(span, 200, "GET /level", .kind = OTEL_SERVER, .parent = &caller) {
        otel_span_set(span, "text", "gr\xC3\xBC\xC3\x9F" "e", "small", -1, "large", (int64_t)0x0123456789ABCDEF, "half", 0.5, "on", OTEL_TRUE, "none", OTEL_NULL);
        otel_span_set(span, "mac", OTEL_BYTES(mac, 6), "samples", OTEL_ARRAY(samples, 3));
        OTEL_SPAN_SIZED(inner, 96, "read", .kind = OTEL_CLIENT, .scope = &bus) {
            step();
            otel_span_event(inner, "retry", "attempt", 2);
            (void)otel_span_error(inner, -5, "i2c nack");
        }
        step();
        otel_log(OTEL_WARN, "level low", "metres", 0.25, "pump", (uint32_t)4000000000);
    }
}

static void metrics(void)
{
    otel_counter_add(&reads, 1, "bus", "i2c1");
    otel_counter_add(&reads, 300, "bus", "i2c1");
    otel_counter_add(&reads, 70000, "id", 7);
    step();
    otel_counter_add(&energy, 1.5);
    otel_updown_add(&queued, -3);
    otel_gauge_record(&level, 2.75);
    step();
    otel_histogram_record(&took, 0.375);
    otel_histogram_record(&took, 4);
}

int main(void)
{
    const otel_attr_t attributes[2] = { otel_str("host.name", "b\xC3\xB6iler"), otel_int("host.cpus", 1) };
    if (otel_init(&otel, .service = "golden", .version = "1.0", .attributes = attributes, .attributes_len = 2, .clock = golden_ticks, .clock_hz = 1000000u,
                  .clock_bits = 32, .entropy = golden_entropy, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) board_exit(2);
    if (otel_exporter_init(&exporter, .send = golden_send, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK) board_exit(3);
    spans();                                          /* before the time is known: the exporter puts the times right */
    otel_time_sync(&otel, 1760000000123456789u);
    if (otel_export_flush(&exporter, 10000) != OTEL_OK) board_exit(4);
    step();
    spans();
    step();
    metrics();
    step();
    if (otel_export_flush(&exporter, 10000) != OTEL_OK) board_exit(5);
    board_exit(0);
}
