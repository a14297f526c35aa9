// The forms of C++11, which also suit -pedantic before C++20; exceptions and lambdas; pairs from containers of the library.
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>
#include "otel_export.h"

#define CHECK(what) ((what) ? (void)0 : (void)(failed++, std::printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))
#define WHEN_ON(n) (OTEL_ENABLED ? (n) : 0u)

static int failed;
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[16384], packet[8192];
static otel_counter<8> reads("sensor.reads", "{read}");
static otel_counter<> plain("plain");
static otel_scope_t net = { "net.http", "1.2", NULL, NULL, 0, NULL, NULL, 0, 0, NULL };

static uint64_t board_clock(void *)
{
    static uint64_t now = 1700000000000000000u;
    return ++now;
}

static unsigned ended()
{
    otel_stats_t stats;
    CHECK(otel_stats(&ex, &stats) == OTEL_OK);
    return static_cast<unsigned>(stats.signal[OTEL_SIGNAL_TRACES].created);
}

static int read_sensor(int id, int v)
{
    otel_scoped_span span("read_sensor", OTEL_CLIENT);
    span.set("sensor.id", id, "bus", "i2c1", "name", std::string("boiler"));
    span.event("retry", "attempt", 2);
    CHECK(!OTEL_ENABLED || otel_span_current() == span.get());
    if (v < 0) return span.error(v, "i2c nack");
    otel_log(OTEL_INFO, "sensor read", "value", v);
    return 0;
}

static void throws()
{
    otel_scoped_span outer("outer");
    OTEL_SPAN(inner, "inner") {
        otel_span_set(inner, "k", 1);
        throw std::runtime_error("out of two spans");
    }
}

static void throws_here()
{
    OTEL_SPAN_HERE(span, "here");
    otel_span_set(span, "k", 1);
    throw 1;
}

static void exceptions_and_lambdas()
{
    const unsigned before = ended();
    try {
        throws();
    } catch (const std::exception &e) {
        CHECK(otel_span_current() == NULL && std::strlen(e.what()) > 0);
    }
    CHECK(ended() == before + WHEN_ON(2));
    try {
        throws_here();
    } catch (int) {
        CHECK(otel_span_current() == NULL);
    }
    CHECK(ended() == before + WHEN_ON(3));
    const auto work = [](int i) -> int {
        OTEL_SPAN(span, "lambda") {
            if (i) return otel_span_error(span, i, "inside");
        }
        return 0;
    };
    CHECK(work(4) == 4 && work(0) == 0);
    OTEL_SPAN(span, "around") {
        const auto inner = [span](int i) { otel_span_set(span, "captured", i); };
        inner(1);
        for (int i : std::vector<int>{ 1, 2, 3 }) {
            OTEL_SPAN(item, "item") otel_span_set(item, "i", i);
        }
    }
    CHECK(ended() == before + WHEN_ON(9) && otel_span_current() == NULL);
}

static void counters()
{
    reads.add(1, "bus", "i2c1");
    reads.add(2u, "bus", "spi0", "sensor.id", 7);
    reads.add(3);
    plain.add(1);
    otel_series_t *bound = reads.bind("bus", "i2c1");
    otel_series_add(bound, 1);
#if __cplusplus >= 201402L
    OTEL_COUNT(plain.get(), 1);
#endif
    otel_counter_add(reads.get(), 1);
    CHECK(otel_instrument_stats(reads.get()).series == WHEN_ON(3) * OTEL_METRICS);
}

static void prepared_structs()
{
    otel_span_options_t options = otel_span_options_t();
    options.name = "prepared";
    options.scope = &net;
    otel_scoped_span span(options);
    otel_span_rename(span.get(), "renamed");
    otel_scoped_span child("child", OTEL_INTERNAL, NULL, &net);
    otel_context_t context = otel_span_context(span.get());
    otel_span_link(child.get(), &context, "why", "its parent");
    otel_log_in(&net, OTEL_WARN, "slow", "text", std::string("abc"), "null", nullptr);
    otel_span_t s;
    otel_span_start_with(&s, &options);
    otel_span_end(&s);
}

int main()
{
    otel_config_t config = otel_config_t();
    config.service = "cxx11";
    config.clock = board_clock;
    config.pool = pool;
    config.pool_size = sizeof pool;
    CHECK(otel_init(&otel, config) == OTEL_OK);
    otel_exporter_config_t to = otel_exporter_config_t();
    to.otel = &otel;
    to.buffer = packet;
    to.buffer_size = sizeof packet;
    CHECK(otel_exporter_init(&ex, to) == OTEL_OK);
    CHECK(read_sensor(1, 5) == 0 && read_sensor(1, -5) == -5 && ended() == WHEN_ON(2));
    exceptions_and_lambdas();
    counters();
    prepared_structs();
    CHECK(ended() == WHEN_ON(14));
    otel_request_t r;
    unsigned items = 0;
    while (otel_export_next(&ex, &r)) {
        items += r.items;
        otel_export_done(&ex, 200);
    }
    CHECK(items >= WHEN_ON(16));
    otel_shutdown(&otel, 10);
    return failed != 0;
}
