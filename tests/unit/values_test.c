/* What the compiler makes of values: every type of the list, every count of pairs, and each argument evaluated once, whether
   anything is recorded or not. C and C++. The bytes are those of AnyValue in the .proto. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#define OTEL_VSNPRINTF vsnprintf
#include "otel_export.h"

#define ALL_ON (OTEL_ENABLED && OTEL_TRACES && OTEL_LOGS)

static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[16384], packet[12288];

static otel_counter_t reads = OTEL_COUNTER("reads", OTEL_SERIES(4));
static otel_counter_double_t joules = OTEL_COUNTER_DOUBLE("energy");
static otel_updown_t open_files = OTEL_UPDOWN("files");
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("level");
static otel_gauge_t speed = OTEL_GAUGE("speed");
static otel_gauge_double_t heat = OTEL_GAUGE_DOUBLE("heat");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(1, 2, 3));

static uint64_t fake_clock(void *user)
{
    static uint64_t now = 1700000000000000000u;
    (void)user;
    return ++now;
}

static int fresh(void **state)
{
    (void)state;
    otel_use(NULL);
    return otel_init(&otel, .service = "values", .clock = fake_clock, .pool = pool, .pool_size = sizeof pool) != OTEL_OK ||
           otel_exporter_init(&ex, .otel = &otel, .buffer = packet, .buffer_size = sizeof packet) != OTEL_OK;
}

#if ALL_ON
/* ---- what stands in the packet ---- */
static otel_request_t request;

static const uint8_t *value_of(const char *key, size_t *len)
{
    const uint8_t *body = (const uint8_t *)request.body;
    size_t n = strlen(key), i, k;
    for (i = 0; i + n + 3 < request.len; i++) {
        size_t length = 0;
        unsigned shift = 0;
        if (body[i] != 0x0A || body[i + 1] != n || memcmp(body + i + 2, key, n) != 0 || body[i + 2 + n] != 0x12) continue;
        k = i + 3 + n;
        do {
            length |= (size_t)(body[k] & 127u) << shift;
            shift += 7;
        } while (body[k++] & 128u);
        *len = length;
        return body + k;
    }
    *len = 0;
    return NULL;
}

static void expect(const char *key, const uint8_t *any, size_t n)
{
    size_t len;
    const uint8_t *found = value_of(key, &len);
    if (!found || len != n || (n && memcmp(found, any, n) != 0)) print_error("the value of \"%s\":\n", key);
    assert_non_null(found);
    assert_int_equal(len, n);
    if (n) assert_memory_equal(found, any, n);
}

static void expect_int(const char *key, int64_t value)
{
    uint8_t any[12] = { 0x18 };               /* int_value = 3, varint */
    size_t n = 1;
    uint64_t u = (uint64_t)value;
    do {
        any[n++] = (uint8_t)((u & 127u) | (u > 127u ? 128u : 0u));
        u >>= 7;
    } while (u);
    expect(key, any, n);
}

static void expect_double(const char *key, double value)
{
    uint8_t any[9] = { 0x21 };                /* double_value = 4, fixed64 */
    uint64_t bits;
    unsigned i;
    memcpy(&bits, &value, sizeof bits);
    for (i = 0; i < 8; i++) any[1 + i] = (uint8_t)(bits >> (8 * i));
    expect(key, any, 9);
}

static void expect_text(const char *key, const char *text, size_t n)
{
    uint8_t any[64] = { 0x0A };               /* string_value = 1 */
    any[1] = (uint8_t)n;
    memcpy(any + 2, text, n);
    expect(key, any, n + 2);
}

/* A number as text: the length is drawn out by a byte, which tells limits that it is none. */
static void expect_digits(const char *key, const char *digits)
{
    uint8_t any[64] = { 0x0A };               /* string_value = 1 */
    size_t n = strlen(digits);
    any[1] = (uint8_t)(n | 128u);
    memcpy(any + 3, digits, n);
    expect(key, any, n + 3);
}

static void expect_bool(const char *key, bool value)
{
    uint8_t any[2] = { 0x10, value };         /* bool_value = 2 */
    expect(key, any, 2);
}

static void expect_null(const char *key) { expect(key, NULL, 0); }

/* An array or a map: its lengths may be padded, so only the sum of what is in it is looked at. */
static void expect_container(const char *key, uint8_t tag, const void *last, size_t n)
{
    size_t len;
    const uint8_t *found = value_of(key, &len);
    assert_non_null(found);
    assert_int_equal(found[0], tag);
    assert_true(len > n);
    assert_memory_equal(found + len - n, last, n);
}

static void sent(void)
{
    assert_true(otel_export_next(&ex, &request));
}

/* ---- types ---- */
typedef enum { RED, GREEN = 2 } color_t;
typedef enum { BELOW = -1, ABOVE } side_t;
struct bits { unsigned three : 3; int five : 5; };
struct fixed { const int number; const char *const text; };
static volatile uint32_t reg = 0xFFFFFFFFu;
static const char *name_of(int x) { return x ? "a" : "b"; }
static const char *const KEY = "key by name";

static void every_type_has_its_place(void **state)
{
    char c = 'x', buf[8] = "hey", *text = buf;
    signed char sc = -1;
    unsigned char uc = 255;
    short sh = -3;
    unsigned short us = 65535;
    int i = -5;
    unsigned u = 4000000000u;
    long l = -7;
    unsigned long ul = 8;
    long long ll = INT64_MIN;
    unsigned long long ull = UINT64_MAX;
    float f = 1.5f;
    double d = -2.5;
    long double ld = 3.5L;
    bool b = i < 0, off = false;
    size_t size = 11;
    ptrdiff_t apart = text + 3 - buf;
    int8_t i8 = -8;
    int16_t i16 = -16;
    int32_t i32 = INT32_MIN;
    int64_t i64 = INT64_MAX;
    uint8_t u8 = 8;
    uint16_t u16 = 16;
    uint32_t u32 = 32;
    uint64_t u64 = (uint64_t)INT64_MAX + 1u;
    const int ci = 3;
    const bool cb = true;
    const char four[4] = "abc";
    const char *pointer = "pointer";
    color_t color = GREEN;
    side_t side = BELOW;
    struct bits bits = { 5, -2 };
    const struct fixed fixed = { 42, "fixed" };
    const uint8_t mac[6] = { 1, 2, 3, 4, 5, 6 };
    (void)state;
    OTEL_SPAN_SIZED(span, 4000, "values") {
        otel_span_set(span, "char", c, "signed char", sc, "unsigned char", uc, "short", sh, "unsigned short", us, "int", i, "unsigned", u, "long", l);
        otel_span_set(span, "unsigned long", ul, "long long", ll, "unsigned long long", ull, "float", f, "double", d, "long double", ld, "bool", b, "false", off);
        otel_span_set(span, "size_t", size, "ptrdiff_t", apart, "int8_t", i8, "int16_t", i16, "int32_t", i32, "int64_t", i64, "uint8_t", u8, "uint16_t", u16);
        otel_span_set(span, "uint32_t", u32, "uint64_t", u64, "const int", ci, "const bool", cb, "char[8]", buf, "const char[4]", four, "char *", text, "const char *", pointer);
        otel_span_set(span, "literal", "lit", "conditional", i < 0 ? "i2c1" : "spi0", "call", name_of(1), "compared", (bool)(i > 2), "OTEL_TRUE", OTEL_TRUE, "OTEL_FALSE", OTEL_FALSE, "negative", -1, "zero", 0);
        otel_span_set(span, KEY, 1, "enum", color, "signed enum", side, "bit field", +bits.three, "signed bit field", +bits.five, "member", fixed.number, "text member", fixed.text, "volatile", reg);
        otel_span_set(span, "half", 0.5f, "hex", 0x80000000, "sizeof", sizeof mac, "element", mac[5], "UINT64_MAX", UINT64_MAX, "INT64_MIN", INT64_MIN, "empty", "", "sum", i8 + u8);
        otel_span_set(span, "OTEL_NULL", OTEL_NULL, "NULL text", (const char *)NULL, "OTEL_BYTES", OTEL_BYTES(mac, sizeof mac), "OTEL_STR", OTEL_STR("a\0b", 3), "no bytes", OTEL_BYTES(mac, 0), "no text", OTEL_STR("", 0));
    }
    sent();
    expect_int("char", 'x');
    expect_int("signed char", -1);
    expect_int("unsigned char", 255);
    expect_int("short", -3);
    expect_int("unsigned short", 65535);
    expect_int("int", -5);
    expect_int("unsigned", 4000000000);
    expect_int("long", -7);
    expect_int("unsigned long", 8);
    expect_int("long long", INT64_MIN);
    expect_digits("unsigned long long", "18446744073709551615");
    expect_double("float", 1.5);
    expect_double("double", -2.5);
    expect_double("long double", 3.5);
    expect_bool("bool", true);
    expect_bool("false", false);
    expect_int("size_t", 11);
    expect_int("ptrdiff_t", 3);
    expect_int("int8_t", -8);
    expect_int("int16_t", -16);
    expect_int("int32_t", INT32_MIN);
    expect_int("int64_t", INT64_MAX);
    expect_int("uint8_t", 8);
    expect_int("uint16_t", 16);
    expect_int("uint32_t", 32);
    expect_digits("uint64_t", "9223372036854775808");
    expect_int("const int", 3);
    expect_bool("const bool", true);
    expect_text("char[8]", "hey", 3);
    expect_text("const char[4]", "abc", 3);
    expect_text("char *", "hey", 3);
    expect_text("const char *", "pointer", 7);
    expect_text("literal", "lit", 3);
    expect_text("conditional", "i2c1", 4);
    expect_text("call", "a", 1);
    expect_bool("compared", false);
    expect_bool("OTEL_TRUE", true);
    expect_bool("OTEL_FALSE", false);
    expect_int("negative", -1);
    expect_int("zero", 0);
    expect_int("key by name", 1);
    expect_int("enum", 2);
    expect_int("signed enum", -1);
    expect_int("bit field", 5);
    expect_int("signed bit field", -2);
    expect_int("member", 42);
    expect_text("text member", "fixed", 5);
    expect_int("volatile", 0xFFFFFFFF);
    expect_double("half", 0.5);
    expect_int("hex", 0x80000000);
    expect_int("sizeof", 6);
    expect_int("element", 6);
    expect_digits("UINT64_MAX", "18446744073709551615");
    expect_int("INT64_MIN", INT64_MIN);
    expect_text("empty", "", 0);
    expect_int("sum", 0);
    expect_null("OTEL_NULL");
    expect_null("NULL text");
    expect("OTEL_BYTES", (const uint8_t *)"\x3A\6\1\2\3\4\5\6", 8);
    expect_text("OTEL_STR", "a\0b", 3);
    expect("no bytes", (const uint8_t *)"\x3A\0", 2);
    expect_text("no text", "", 0);
}

static void arrays_and_maps_have_their_place(void **state)
{
    const bool yes[2] = { true, false };
    const short shorts[2] = { 1, -2 };
    int ints[3] = { 1, 2, 3 };
    const long longs[1] = { -1 };
    int64_t wide[2] = { 4, INT64_MAX };
    float floats[2] = { 0, 1.5f };
    const double doubles[1] = { -2.5 };
    const char *texts[2] = { "one", "two" };
    otel_attr_t inner[1], map[3];
    (void)state;
    inner[0] = otel_str("k", "v");
    map[0] = otel_int("n", 1);
    map[1] = otel_any("inner", OTEL_MAP(inner, 1));
    map[2] = otel_bool("last", true);
    OTEL_SPAN_SIZED(span, 2000, "values") {
        otel_span_set(span, "bools", OTEL_ARRAY(yes, 2), "shorts", OTEL_ARRAY(shorts, 2), "ints", OTEL_ARRAY(ints, 3), "longs", OTEL_ARRAY(longs, 1), "int64s", OTEL_ARRAY(wide, 2));
        otel_span_set(span, "floats", OTEL_ARRAY(floats, 2), "doubles", OTEL_ARRAY(doubles, 1), "texts", OTEL_ARRAY(texts, 2), "map", OTEL_MAP(map, 3), "none", OTEL_ARRAY(ints, 0));
    }
    sent();
    expect_container("bools", 0x2A, "\x10\0", 2);
    expect_container("shorts", 0x2A, "\x18\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1", 11);
    expect_container("ints", 0x2A, "\x18\3", 2);
    expect_container("longs", 0x2A, "\x18\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1", 11);
    expect_container("int64s", 0x2A, "\x18\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 10);
    expect_container("floats", 0x2A, "\x21\0\0\0\0\0\0\xF8\x3F", 9);
    expect_container("doubles", 0x2A, "\x21\0\0\0\0\0\0\4\xC0", 9);
    expect_container("texts", 0x2A, "\x0A\3two", 5);
    expect_container("map", 0x32, "\x10\1", 2);
    expect_container("none", 0x2A, "", 0);
}

#ifdef __cplusplus
#include <string>
enum class Mode : uint8_t { A, B };
static void cxx_types_have_their_place(void **state)
{
    const std::string text("string\0!", 8);
    (void)state;
    OTEL_SPAN_SIZED(span, 1000, "values") otel_span_set(span, "string", text, "enum class", Mode::B, "nullptr", nullptr, "true", true, "char16_t", u'x', "wchar_t", L'y');
    sent();
    expect_text("string", "string\0!", 8);
    expect_int("enum class", 1);
    expect_null("nullptr");
    expect_bool("true", true);
    expect_int("char16_t", 'x');
    expect_int("wchar_t", 'y');
}
#define CXX_TEST cmocka_unit_test_setup(cxx_types_have_their_place, fresh),
#else
#define CXX_TEST
#endif

/* ---- counts of pairs ---- */
static size_t attributes_sent(void)
{
    size_t i, n = 0;
    for (i = 0; i < 8; i++) {
        char key[4] = { 'k', '0', '.', 0 };
        size_t len;
        key[1] = (char)('0' + (int)i);
        if (value_of(key, &len)) {
            expect_int(key, (int64_t)i);
            n++;
        }
    }
    otel_export_done(&ex, 200);
    return n;
}

#define TIMES(test) test(0, ) test(1, , "k0.", 0) test(2, , "k0.", 0, "k1.", 1) test(3, , "k0.", 0, "k1.", 1, "k2.", 2) test(4, , "k0.", 0, "k1.", 1, "k2.", 2, "k3.", 3) \
    test(5, , "k0.", 0, "k1.", 1, "k2.", 2, "k3.", 3, "k4.", 4) test(6, , "k0.", 0, "k1.", 1, "k2.", 2, "k3.", 3, "k4.", 4, "k5.", 5) \
    test(7, , "k0.", 0, "k1.", 1, "k2.", 2, "k3.", 3, "k4.", 4, "k5.", 5, "k6.", 6) test(8, , "k0.", 0, "k1.", 1, "k2.", 2, "k3.", 3, "k4.", 4, "k5.", 5, "k6.", 6, "k7.", 7)
#define CHECK_SENT(n) do { sent(); assert_int_equal(attributes_sent(), n); } while (0)

static void no_pair_to_eight_pairs(void **state)
{
    otel_context_t other;
    (void)state;
    memset((void *)&other, 0, sizeof other);
    memset(other.trace_id, 7, 16);
    memset(other.span_id, 7, 8);
#define TEST_SET(n, ...) OTEL_SPAN(span, "set") otel_span_set(span __VA_ARGS__); CHECK_SENT(n);
#define TEST_EVENT(n, ...) OTEL_SPAN(span, "event") otel_span_event(span, "name" __VA_ARGS__); CHECK_SENT(n);
#define TEST_LINK(n, ...) OTEL_SPAN(span, "link") otel_span_link(span, &other __VA_ARGS__); CHECK_SENT(n);
#define TEST_LOG(n, ...) otel_log(OTEL_INFO, "text" __VA_ARGS__); CHECK_SENT(n);
#define TEST_LOG_IN(n, ...) otel_log_in(NULL, OTEL_INFO, "text" __VA_ARGS__); CHECK_SENT(n);
    TIMES(TEST_SET)
    TIMES(TEST_EVENT)
    TIMES(TEST_LINK)
    TIMES(TEST_LOG)
    TIMES(TEST_LOG_IN)
}

#endif

/* ---- once ---- */
static unsigned evaluated;
static void tick(void) { evaluated++; }
#define ONCE(value) (tick(), (value))
#define EVALUATES(n, ...) do { evaluated = 0; __VA_ARGS__; assert_int_equal(evaluated, n); } while (0)

static int returned(int v)
{
    OTEL_SPAN(span, ONCE("r")) {
        OTEL_SPAN_RETURN(ONCE(span), ONCE(v));
    }
    return 0;
}

static void evaluate_everything(void)
{
    otel_span_t s, big[OTEL_SPANS(300)], *ps = &s;
    otel_context_t caller;
    char tp[OTEL_TRACEPARENT_SIZE];
    uint8_t bytes[3] = { 1, 2, 3 };
    int ints[2] = { 1, 2 };
    otel_attr_t table[1];
    table[0] = otel_int("k", 1);
    EVALUATES(2, otel_span_start(ONCE(ps), ONCE("name")));
    otel_span_end(ps);
    EVALUATES(3, otel_span_start(ONCE(ps), ONCE("name"), .kind = ONCE(OTEL_SERVER)));
    EVALUATES(2, otel_span_set(ONCE(ps), ONCE("k"), 1));
    EVALUATES(3, otel_span_set(ONCE(ps), ONCE("k"), ONCE(1)));
    EVALUATES(3, otel_span_set(ONCE(ps), ONCE("k"), ONCE("text")));
    EVALUATES(3, otel_span_set(ONCE(ps), ONCE("k"), ONCE(0.5)));
    EVALUATES(3, otel_span_set(ONCE(ps), ONCE("k"), ONCE(OTEL_TRUE)));
    EVALUATES(4, otel_span_set(ONCE(ps), "k", OTEL_BYTES(ONCE(bytes), ONCE(3u)), "l", ONCE(2)));
    EVALUATES(3, otel_span_set(ONCE(ps), "k", OTEL_ARRAY(ONCE(ints + 0), ONCE(2u))));
    EVALUATES(3, otel_span_set(ONCE(ps), "k", OTEL_STR(ONCE("abc"), ONCE(2u))));
    EVALUATES(17, otel_span_set(ONCE(ps), ONCE("a"), ONCE(1), ONCE("b"), ONCE(2), ONCE("c"), ONCE("3"), ONCE("d"), ONCE(4.), ONCE("e"), ONCE(5u), ONCE("f"), ONCE(6L), ONCE("g"), ONCE(7.f), ONCE("h"), ONCE('8')));
    EVALUATES(3, otel_span_set_all(ONCE(ps), ONCE(table), ONCE(1u)));
    EVALUATES(4, otel_span_event(ONCE(ps), ONCE("event"), ONCE("k"), ONCE(1)));
    EVALUATES(2, otel_span_event(ONCE(ps), ONCE("event")));
    caller = otel_span_context(ps);
    EVALUATES(4, otel_span_link(ONCE(ps), ONCE(&caller), ONCE("k"), ONCE(1)));
    EVALUATES(3, otel_span_status(ONCE(ps), ONCE(OTEL_STATUS_ERROR), ONCE("bad")));
    EVALUATES(3, assert_int_equal(otel_span_error(ONCE(ps), ONCE(-5), ONCE("bad")), -5));
    EVALUATES(2, otel_span_rename(ONCE(ps), ONCE("name")));
    EVALUATES(2, otel_traceparent(ONCE(ps), ONCE(tp)));
    EVALUATES(1, otel_span_enter(ONCE(ps)));
    EVALUATES(1, otel_span_leave(ONCE(ps)));
    EVALUATES(1, (void)otel_is_recording(ONCE(ps)));
    EVALUATES(1, otel_span_end(ONCE(ps)));
    EVALUATES(2, otel_span_start(big, ONCE("big"), .bytes = ONCE(sizeof big)));
    otel_span_end(big);
    EVALUATES(1, OTEL_SPAN(span, ONCE("block")) {});
    EVALUATES(3, OTEL_SPAN(span, ONCE("block"), .kind = ONCE(OTEL_CLIENT), .parent = ONCE(&caller)) {});
    EVALUATES(1, OTEL_SPAN_SIZED(span, 512, ONCE("block")) {});
#ifdef OTEL_SPAN_HERE
    EVALUATES(1, OTEL_SPAN_HERE(span, ONCE("here")));
#endif
    EVALUATES(3, assert_int_equal(returned(6), 6));
    EVALUATES(4, otel_log(ONCE(OTEL_INFO), ONCE("text"), ONCE("k"), ONCE(1)));
    EVALUATES(2, otel_log(ONCE(OTEL_INFO), ONCE("text")));
    EVALUATES(5, otel_log_in(ONCE((otel_scope_t *)NULL), ONCE(OTEL_INFO), ONCE("text"), ONCE("k"), ONCE("v")));
    EVALUATES(2, otel_logf(ONCE(OTEL_INFO), "%d", ONCE(1)));
    EVALUATES(4, otel_counter_add(ONCE(&reads), ONCE(1), ONCE("k"), ONCE(1)));
    EVALUATES(2, otel_counter_add(ONCE(&reads), ONCE(1)));
    EVALUATES(2, otel_counter_add(ONCE(&joules), ONCE(0.5)));
    EVALUATES(2, otel_updown_add(ONCE(&open_files), ONCE(-1)));
    EVALUATES(2, otel_updown_add(ONCE(&level), ONCE(-1.5)));
    EVALUATES(2, otel_gauge_record(ONCE(&speed), ONCE(3)));
    EVALUATES(2, otel_gauge_record(ONCE(&heat), ONCE(3.5)));
    EVALUATES(2, otel_histogram_record(ONCE(&took), ONCE(0.5)));
    EVALUATES(3, (void)otel_counter_bind(ONCE(&reads), ONCE("k"), ONCE(1)));
    EVALUATES(2, otel_series_add(ONCE(otel_counter_bind(&reads)), ONCE(1)));
}

static void every_argument_is_evaluated_once(void **state)
{
    (void)state;
    evaluate_everything();
}

static void and_where_there_is_no_instance(void **state)
{
    (void)state;
    otel_use(NULL);
    evaluate_everything();
}

static void and_when_nothing_is_sampled(void **state)
{
    (void)state;
    otel_use(NULL);
    assert_int_equal(otel_init(&otel, .service = "values", .clock = fake_clock, .pool = pool, .pool_size = sizeof pool, .sampler = otel_sampler_always_off()), OTEL_OK);
    evaluate_everything();
}

static void and_after_shutdown(void **state)
{
    (void)state;
    otel_shutdown(&otel, 0);
    evaluate_everything();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if ALL_ON
        cmocka_unit_test_setup(every_type_has_its_place, fresh),
        cmocka_unit_test_setup(arrays_and_maps_have_their_place, fresh),
        CXX_TEST
        cmocka_unit_test_setup(no_pair_to_eight_pairs, fresh),
#endif
        cmocka_unit_test_setup(every_argument_is_evaluated_once, fresh),
        cmocka_unit_test_setup(and_where_there_is_no_instance, fresh),
        cmocka_unit_test_setup(and_when_nothing_is_sampled, fresh),
        cmocka_unit_test_setup(and_after_shutdown, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
