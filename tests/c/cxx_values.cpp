// What C++ hands over arrives as it is: classes that convert to a number, names that live no longer than the call.
#include <array>
#include <bitset>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#if __cplusplus >= 201703L
#  include <string_view>
#endif
#include <vector>
#include "otel_export.h"

#define CHECK(what) ((what) ? (void)0 : (void)(failed++, std::printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))

static int failed;
static otel_t otel;
static otel_exporter_t ex;
static otel_recorder_t rec;
static uint8_t pool[65536], packet[32768];
static uint64_t memory[8192];

struct Celsius {
    double degrees;
    operator double() const { return degrees; }
};
struct Flag {
    bool up;
    operator bool() const { return up; }
};
struct Count {
    unsigned long long n;
    operator unsigned long long() const { return n; }
};
enum class Color { red = 2 };
enum Small : unsigned char { small = 200 };

static uint64_t board_clock(void *)
{
    static uint64_t now = 1700000000000000000u;
    return now += 1000;
}

static otel_recorded_value_t value_of(const char *key)
{
    otel_recorded_span_t span;
    otel_recorded_value_t value = otel_recorded_value_t();
    CHECK(otel_recorder_find_span(&rec, "values", &span) && otel_recorded_value(&span.attributes, key, &value));
    return value;
}

static void values()
{
    double third = 1.75;
    const std::vector<bool> bits{ true, false };
    std::vector<bool> changing{ true, false };
    std::bitset<3> set(5);
    {
        otel_scoped_span span("values");
        span.set("celsius", Celsius{ 36.6 }, "flag", Flag{ true }, "count", Count{ 7 }, "bit", bits[0], "changing", changing[1], "set", set[2], "ref", std::ref(third));
        span.set("color", Color::red, "small", small, "short", static_cast<short>(-3), "char", 'x', "array", std::array<char, 2>{ { 'a', 'b' } });
    }
    CHECK(otel_export_flush(&ex, 1000) == OTEL_OK);
    CHECK(value_of("celsius").type == OTEL_RECORDED_DOUBLE && value_of("celsius").d == 36.6);
    CHECK(value_of("ref").type == OTEL_RECORDED_DOUBLE && value_of("ref").d == 1.75);
    for (const char *key : { "flag", "bit", "set", "changing" }) CHECK(value_of(key).type == OTEL_RECORDED_BOOL && value_of(key).b == (key[0] != 'c'));
    CHECK(value_of("count").i == 7 && value_of("color").i == 2 && value_of("small").i == 200 && value_of("short").i == -3 && value_of("char").i == 'x');
    CHECK(otel_slice_is(value_of("array").text, "ab"));
}

static std::string route(const char *tail) { return std::string("GET /a/route/that/no/small/string/holds/") + tail; }

template <class Name> static void named(const Name &name, const std::string &wanted)
{
    otel_recorded_span_t span;
    otel_recorder_clear(&rec);
    {
        otel_scoped_span s(name, OTEL_SERVER);
        CHECK(!s.get() || otel_span_current() == s.get());
    }
    CHECK(otel_export_flush(&ex, 1000) == OTEL_OK);
    CHECK(otel_recorder_span(&rec, 0, &span) && span.kind == OTEL_SERVER);
    CHECK(span.name.len == wanted.size() && (wanted.empty() || std::memcmp(span.name.text, wanted.data(), wanted.size()) == 0));
}

static void names()
{
    otel_recorded_log_t log;
    otel_recorded_span_t span;
    named(route("1"), route("1"));
    named(std::string(), std::string());
    named(std::string(100, 'n'), std::string(100, 'n'));
    named(std::string(5000, 'n'), std::string());             // it finds no room in this scratch: no name, and no name of freed memory
    otel_recorder_clear(&rec);
    {
        OTEL_NAME_(otel_scoped_span_)<3000> roomy(std::string(1022, 'n') + "\xE2\x82\xAC");   // a Euro sign that ends behind 1,024 bytes
    }
    CHECK(otel_export_flush(&ex, 1000) == OTEL_OK);
    CHECK(otel_recorder_span(&rec, 0, &span) && span.name.len == 1022);
#if __cplusplus >= 201703L
    named(std::string_view("GET /a/b/c", 6), std::string("GET /a"));
#endif
    otel_recorder_clear(&rec);
    {
        otel_scoped_span s("events");
        s.event(route("2"), "k", 1);
        otel_span_event(s.get(), route("3"));
        s.event("plain");
    }
    otel_log(OTEL_WARN, route("4"), "k", route("5"));
    otel_event(route("6"), "k", 2);
    CHECK(otel_export_flush(&ex, 1000) == OTEL_OK);
    CHECK(otel_recorder_find_span(&rec, "events", &span) && span.events.count == 3);
    CHECK(otel_recorder_log(&rec, 0, &log) && otel_slice_is(log.body.text, route("4").c_str()));
    CHECK(otel_recorder_log(&rec, 1, &log) && otel_slice_is(log.event_name, route("6").c_str()));
}

/* A key that is computed is a std::string; it is copied as others are. */
static void keys()
{
    otel_recorded_span_t span;
    int64_t first = 0, second = 0;
    otel_recorder_clear(&rec);
    {
        otel_scoped_span s("keys");
        s.set("plain", 1, std::string("header.") + "one", 11, route("key").substr(4, 2), route("value"));
        otel_span_set(s.get(), std::string("header.") + "two", 12);
    }
    CHECK(otel_export_flush(&ex, 1000) == OTEL_OK);
    CHECK(otel_recorder_find_span(&rec, "keys", &span) && span.attributes.count == 4);
    CHECK(otel_recorded_int(&span.attributes, "header.one", &first) && otel_recorded_int(&span.attributes, "header.two", &second) && first == 11 && second == 12);
}

int main()
{
    otel_config_t config = otel_config_t();
    config.clock = board_clock;
    config.pool = pool;
    config.pool_size = sizeof pool;
    CHECK(otel_init(&otel, config) == OTEL_OK);
    otel_recorder_config_t into = otel_recorder_config_t();
    into.memory = memory;
    into.memory_size = sizeof memory;
    CHECK(otel_recorder_init(&rec, into) == OTEL_OK);
    otel_exporter_config_t to = otel_exporter_config_t();
    to.buffer = packet;
    to.buffer_size = sizeof packet;
    to.send = otel_recorder_send;
    to.user = &rec;
    CHECK(otel_exporter_init(&ex, to) == OTEL_OK);
    values();
    keys();
    names();
    otel_shutdown(&otel, 10);
    return failed != 0;
}
