/* flags: -pthread */
/* Instruments, series and their encoding, through the public calls and a small protobuf walk of our own. */
#define _XOPEN_SOURCE 700
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <cmocka.h>
#include "otel.h"
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[2048];
static uint64_t now;
static uint64_t fake_clock(void *user)
{
    (void)user;
    return now;
}

static int start(void **state)
{
    (void)state;
    now = 1000;
    return otel_init(&otel, .service = "test", .clock = fake_clock, .pool = pool, .pool_size = sizeof pool) == OTEL_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    otel_instruments_leave_(&otel);
    otel_use(NULL);
    memset((void *)&otel, 0, sizeof otel);
    return 0;
}

/* ---- a walk over protobuf: fields one after the other ---- */

typedef struct { const uint8_t *at, *end; } walk_t;
typedef struct { unsigned number, wire; uint64_t value; walk_t in; } field_t;

static uint64_t varint(walk_t *w)
{
    uint64_t v = 0;
    unsigned shift = 0;
    for (;;) {
        assert_true(w->at < w->end);
        v |= (uint64_t)(*w->at & 127u) << shift;
        if (*w->at++ < 128) return v;
        shift += 7;
    }
}

static bool next(walk_t *w, field_t *f)
{
    uint64_t tag, n;
    memset(f, 0, sizeof *f);
    if (w->at == w->end) return false;
    tag = varint(w);
    f->number = (unsigned)(tag >> 3);
    f->wire = (unsigned)(tag & 7);
    if (f->wire == 0) {
        f->value = varint(w);
    } else {
        n = f->wire == 1 ? 8 : f->wire == 5 ? 4 : varint(w);
        assert_true(f->wire == 1 || f->wire == 5 || f->wire == 2);
        assert_true(n <= (uint64_t)(w->end - w->at));
        f->in.at = w->at;
        f->in.end = w->at + n;
        for (w->at += n; f->wire != 2 && n > 0; n--) f->value = f->value << 8 | f->in.at[n - 1];
    }
    return true;
}

/* The first field of this number; wire 9 when there is none. */
static field_t get(walk_t w, unsigned number)
{
    field_t f;
    while (next(&w, &f)) {
        if (f.number == number) return f;
    }
    memset(&f, 0, sizeof f);
    f.wire = 9;
    return f;
}

static bool text_is(walk_t w, const char *text) { return (size_t)(w.end - w.at) == strlen(text) && memcmp(w.at, text, strlen(text)) == 0; }

static double number(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* ---- one round, in one packet ---- */

static uint8_t packet[65536];
static walk_t all;
static uint32_t points, lost;

static void collect(void)
{
    otel_collect_t round;
    size_t n;
    memset(&round, 0, sizeof round);
    n = otel_collect_(&otel, &round, packet, sizeof packet);
    points = round.points;
    lost = round.lost;
    assert_false(round.running);
    all.at = packet;
    all.end = packet + n;
}

/* Metric `name`; an empty walk when it is not there. */
static walk_t metric(const char *name)
{
    walk_t w = all, metrics;
    field_t scope, m;
    while (next(&w, &scope)) {
        assert_int_equal(scope.number, 2);                    /* ResourceMetrics.scope_metrics */
        metrics = scope.in;
        while (next(&metrics, &m)) {
            if (m.number == 2 && text_is(get(m.in, 1).in, name)) return m.in;
        }
    }
    w.at = w.end;
    return w;
}

static walk_t data(const char *name, unsigned kind) { return get(metric(name), kind).in; }

static unsigned count_points(walk_t data_walk)
{
    field_t f;
    unsigned n = 0;
    while (next(&data_walk, &f)) n += f.number == 1;
    return n;
}

/* Does the point have the attribute key = text (or a number or true, where text is NULL)? */
static bool has(walk_t point, unsigned field, const char *key, const char *text, uint64_t value)
{
    field_t f;
    while (next(&point, &f)) {
        walk_t any;
        if (f.number != field || !text_is(get(f.in, 1).in, key)) continue;
        any = get(f.in, 2).in;
        if (text) return get(any, 1).wire == 2 && text_is(get(any, 1).in, text);
        return get(any, 3).wire == 0 ? get(any, 3).value == value : get(any, 2).value == value;
    }
    return false;
}

/* The point of a metric that has key = text; with key NULL the one without attributes. */
static walk_t point(const char *name, unsigned kind, const char *key, const char *text, uint64_t value)
{
    walk_t w = data(name, kind);
    field_t f;
    unsigned field = kind == 9 ? 9 : 7;
    while (next(&w, &f)) {
        if (f.number == 1 && (key ? has(f.in, field, key, text, value) : get(f.in, field).wire == 9)) return f.in;
    }
    w.at = w.end;
    return w;
}

static int64_t as_int(walk_t p) { return get(p, 6).wire == 1 ? (int64_t)get(p, 6).value : -999; }
static double as_double(walk_t p) { return get(p, 4).wire == 1 ? number(get(p, 4).value) : -999; }

/* The bucket counts of a point, as digits. */
static const char *buckets(walk_t p)
{
    static char text[64];
    walk_t w = get(p, 6).in;
    size_t n = 0;
    for (; w.at && w.at < w.end; w.at += 8) {
        assert_true(w.at[0] < 10 && n < sizeof text - 1);
        text[n++] = (char)('0' + w.at[0]);
    }
    text[n] = 0;
    return text;
}

#define OVERFLOW_ "otel.metric.overflow", NULL, 1
#define SUM 7
#define GAUGE 5
#define HISTOGRAM 9

/* ---- sums ---- */

static void counter_without_attributes_is_a_monotonic_cumulative_sum(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("reads", .unit = "{read}", .description = "all reads");
    (void)state;
    now = 2000;
    otel_counter_add(&c, 1);
    otel_counter_add(&c, 41);
    now = 3000;
    collect();
    assert_int_equal(points, 1);
    assert_true(text_is(get(metric("reads"), 2).in, "all reads"));
    assert_true(text_is(get(metric("reads"), 3).in, "{read}"));
    assert_int_equal(get(data("reads", SUM), 2).value, 2);
    assert_int_equal(get(data("reads", SUM), 3).value, 1);
    assert_int_equal(as_int(point("reads", SUM, NULL, NULL, 0)), 42);
    assert_int_equal(get(point("reads", SUM, NULL, NULL, 0), 2).value, 2000);
    assert_int_equal(get(point("reads", SUM, NULL, NULL, 0), 3).value, 3000);
    now = 4000;
    otel_counter_add(&c, 1);
    collect();
    assert_int_equal(as_int(point("reads", SUM, NULL, NULL, 0)), 43);
    assert_int_equal(get(point("reads", SUM, NULL, NULL, 0), 2).value, 2000);
}

static otel_counter_t sets = OTEL_COUNTER("sets", OTEL_SERIES(3));
static void a_set_is_found_in_any_order_and_the_last_value_of_a_key_wins(void **state)
{
    (void)state;
    otel_counter_add(&sets, 1, "a", 1, "b", "x");
    otel_counter_add(&sets, 2, "b", "x", "a", 1);
    otel_counter_add(&sets, 4, "b", "y", "a", 7, "b", "x", "a", 1);
    otel_counter_add(&sets, 8, "a", "1", "b", "x");
    collect();
    assert_int_equal(points, 2);
    assert_int_equal(as_int(point("sets", SUM, "a", NULL, 1)), 7);
    assert_int_equal(as_int(point("sets", SUM, "a", "1", 0)), 8);
    assert_true(has(point("sets", SUM, "a", NULL, 1), 7, "b", "x", 0));
}

static void sets_beyond_the_table_go_to_the_overflow_series_and_are_counted(void **state)
{
    static otel_series_t mem[4];
    static otel_counter_t c = OTEL_COUNTER("crowd", OTEL_SERIES_IN(mem));
    int i;
    (void)state;
    for (i = 0; i < 1000; i++) otel_counter_add(&c, 1, "user", i);
    otel_counter_add(&c, 5);
    collect();
    assert_int_equal(count_points(data("crowd", SUM)), 6);
    assert_int_equal(as_int(point("crowd", SUM, "user", NULL, 3)), 1);
    assert_int_equal(as_int(point("crowd", SUM, OVERFLOW_)), 996);
    assert_int_equal(as_int(point("crowd", SUM, NULL, NULL, 0)), 5);
    assert_int_equal(otel_instrument_stats(&c).overflowed, 996);
    assert_int_equal(otel_instrument_stats(&c).series, 5);
    assert_int_equal(otel_instrument_stats(&c).refused, 0);
}

static void an_instrument_without_series_puts_attributes_into_overflow(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("bare");
    (void)state;
    otel_counter_add(&c, 2, "a", 1);
    collect();
    assert_int_equal(points, 1);
    assert_int_equal(as_int(point("bare", SUM, OVERFLOW_)), 2);
    assert_int_equal(otel_instrument_stats(&c).overflowed, 1);
}

static void a_set_that_is_too_long_goes_to_overflow(void **state)
{
    static otel_series_t mem[2];
    static otel_counter_t c = OTEL_COUNTER("long", OTEL_SERIES_IN(mem));
    char text[400];
    otel_attr_t many[40];
    char keys[40][3];
    size_t i;
    (void)state;
    memset(text, 'x', sizeof text);
    otel_counter_add(&c, 1, "a", OTEL_STR(text, sizeof text));
    for (i = 0; i < 40; i++) {
        keys[i][0] = (char)('a' + (int)(i / 26));
        keys[i][1] = (char)('a' + (int)(i % 26));
        keys[i][2] = 0;
        many[i] = otel_bool(keys[i], true);
    }
    otel_counter_add_all(&c, 1, many, 40);
    collect();
    assert_int_equal(as_int(point("long", SUM, OVERFLOW_)), 2);
}

static void attributes_without_a_key_are_left_out_and_bad_text_keeps_its_series(void **state)
{
    static otel_series_t mem[2];
    static otel_counter_t c = OTEL_COUNTER("odd", OTEL_SERIES_IN(mem));
    otel_attr_t a[2];
    (void)state;
    a[0] = otel_int(NULL, 1);
    a[1] = otel_int("", 1);
    otel_counter_add_all(&c, 1, a, 2);
    otel_counter_add_all(&c, 1, NULL, 2);
    otel_counter_add_all(NULL, 1, a, 2);
    otel_counter_add(&c, 1, "\xFFkey", "\xFFvalue");
    otel_counter_add(&c, 1, "\xFFkey", "\xFFvalue");
    collect();
    assert_int_equal(points, 2);
    assert_int_equal(as_int(point("odd", SUM, NULL, NULL, 0)), 2);
    assert_int_equal(otel_instrument_stats(&c).series, 2);
}

static void negative_numbers_never_enter_a_counter(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("whole");
    static otel_counter_double_t d = OTEL_COUNTER_DOUBLE("real");
    static otel_updown_t u = OTEL_UPDOWN("both");
    static otel_updown_double_t v = OTEL_UPDOWN_DOUBLE("both.real");
    (void)state;
    otel_counter_add(&c, 5);
    otel_counter_add(&c, -3);
    otel_counter_add(&d, 0.5);
    otel_counter_add(&d, -0.25);
    otel_counter_add(&d, -0.0);
    otel_updown_add(&u, 5);
    otel_updown_add(&u, -8);
    otel_updown_add(&v, -0.25);
    collect();
    assert_int_equal(as_int(point("whole", SUM, NULL, NULL, 0)), 5);
    assert_true(as_double(point("real", SUM, NULL, NULL, 0)) == 0.5);
    assert_int_equal(as_int(point("both", SUM, NULL, NULL, 0)), -3);
    assert_true(as_double(point("both.real", SUM, NULL, NULL, 0)) == -0.25);
    assert_int_equal(get(data("both", SUM), 3).wire, 9);
    assert_int_equal(get(data("both", SUM), 2).value, 2);
    assert_int_equal(otel_instrument_stats(&c).refused, 1);
    assert_int_equal(otel_instrument_stats(&d).refused, 1);
}

static void what_is_no_number_never_enters_a_sum_an_extreme_or_a_gauge(void **state)
{
    static otel_counter_double_t d = OTEL_COUNTER_DOUBLE("d");
    static otel_updown_double_t u = OTEL_UPDOWN_DOUBLE("u");
    static otel_gauge_double_t g = OTEL_GAUGE_DOUBLE("g");
    static otel_histogram_t h = OTEL_HISTOGRAM("h");
    const double odd[] = { NAN, -NAN, INFINITY, -INFINITY };
    size_t i;
    (void)state;
    otel_counter_add(&d, 1.5);
    otel_updown_add(&u, 1.5);
    otel_gauge_record(&g, 1.5);
    otel_histogram_record(&h, 1.5);
    for (i = 0; i < 4; i++) {
        otel_counter_add(&d, odd[i]);
        otel_updown_add(&u, odd[i]);
        otel_gauge_record(&g, odd[i]);
        otel_histogram_record(&h, odd[i]);
    }
    collect();
    assert_true(as_double(point("d", SUM, NULL, NULL, 0)) == 1.5);
    assert_true(as_double(point("u", SUM, NULL, NULL, 0)) == 1.5);
    assert_true(as_double(point("g", GAUGE, NULL, NULL, 0)) == 1.5);
    assert_true(number(get(point("h", HISTOGRAM, NULL, NULL, 0), 5).value) == 1.5);
    assert_int_equal(get(point("h", HISTOGRAM, NULL, NULL, 0), 4).value, 1);
    assert_int_equal(otel_instrument_stats(&d).refused, 4);
    assert_int_equal(otel_instrument_stats(&u).refused, 4);
    assert_int_equal(otel_instrument_stats(&g).refused, 4);
    assert_int_equal(otel_instrument_stats(&h).refused, 4);
}

static void sums_stop_at_their_end(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("c");
    static otel_updown_t u = OTEL_UPDOWN("u");
    static otel_counter_double_t d = OTEL_COUNTER_DOUBLE("d");
    int i;
    (void)state;
    otel_counter_add(&c, INT64_MAX);
    for (i = 0; i < 3; i++) otel_counter_add(&c, INT64_MAX);
    otel_counter_add(&c, 1);
    otel_counter_add(&c, UINT64_MAX);
    otel_updown_add(&u, INT64_MIN);
    otel_updown_add(&u, -1);
    otel_counter_add(&d, 1.7e308);
    otel_counter_add(&d, 1.7e308);
    collect();
    assert_true(as_int(point("c", SUM, NULL, NULL, 0)) == INT64_MAX);
    assert_true(as_int(point("u", SUM, NULL, NULL, 0)) == INT64_MIN);
    assert_true(as_double(point("d", SUM, NULL, NULL, 0)) == DBL_MAX);
    assert_int_equal(otel_instrument_stats(&c).refused, 5);
    assert_int_equal(otel_instrument_stats(&u).refused, 1);
    assert_int_equal(otel_instrument_stats(&d).refused, 1);
    otel_updown_add(&u, INT64_MAX);
    otel_updown_add(&u, 11);
    collect();
    assert_int_equal(as_int(point("u", SUM, NULL, NULL, 0)), 10);
}

static void integers_stay_integers(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("c");
    (void)state;
    otel_counter_add(&c, 9007199254740993);
    collect();
    assert_true(as_int(point("c", SUM, NULL, NULL, 0)) == 9007199254740993);
}

/* ---- bound series ---- */

static otel_counter_t bound = OTEL_COUNTER("bound", OTEL_SERIES(4));
static void a_bound_series_is_the_one_that_lookup_finds(void **state)
{
    otel_series_t *a = otel_counter_bind(&bound, "a", 1), *none = otel_counter_bind(&bound);
    (void)state;
    assert_non_null(a);
    assert_ptr_equal(a, otel_counter_bind(&bound, "a", 1));
    otel_counter_add(&bound, 1, "a", 1);
    otel_series_add(a, 2);
    otel_series_add(none, 4);
    otel_counter_add(&bound, 8);
    otel_series_add(a, -1);
    otel_series_add(a, 0.5);
    otel_series_record(a, 1);
    otel_series_add(NULL, 1);
    otel_series_record(NULL, 0.5);
    collect();
    assert_int_equal(as_int(point("bound", SUM, "a", NULL, 1)), 3);
    assert_int_equal(as_int(point("bound", SUM, NULL, NULL, 0)), 12);
    assert_int_equal(otel_instrument_stats(&bound).refused, 3);
}

static void a_bound_sum_says_zero_and_a_bound_gauge_says_nothing(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("zero");
    static otel_gauge_t g = OTEL_GAUGE("silent");
    static otel_histogram_t h = OTEL_HISTOGRAM("quiet");
    (void)state;
    (void)otel_counter_bind(&c);
    (void)otel_gauge_bind(&g);
    (void)otel_histogram_bind(&h);
    collect();
    assert_int_equal(points, 1);
    assert_int_equal(as_int(point("zero", SUM, NULL, NULL, 0)), 0);
}

static void a_bound_series_takes_any_number_that_its_kind_takes(void **state)
{
    static otel_counter_double_t d = OTEL_COUNTER_DOUBLE("d");
    static otel_gauge_t g = OTEL_GAUGE("g");
    static otel_gauge_double_t t = OTEL_GAUGE_DOUBLE("t");
    static otel_histogram_t h = OTEL_HISTOGRAM("h");
    (void)state;
    otel_series_add(otel_counter_bind(&d), 2);
    otel_series_add(otel_counter_bind(&d), 0.5f);
    otel_series_record(otel_gauge_bind(&g), 7);
    otel_series_record(otel_gauge_bind(&g), 7.5);
    otel_series_record(otel_gauge_bind(&t), 8);
    otel_series_record(otel_histogram_bind(&h), 9u);
    otel_series_add(otel_histogram_bind(&h), 1);
    collect();
    assert_true(as_double(point("d", SUM, NULL, NULL, 0)) == 2.5);
    assert_int_equal(as_int(point("g", GAUGE, NULL, NULL, 0)), 7);
    assert_true(as_double(point("t", GAUGE, NULL, NULL, 0)) == 8);
    assert_true(number(get(point("h", HISTOGRAM, NULL, NULL, 0), 5).value) == 9);
    assert_int_equal(otel_instrument_stats(&g).refused, 1);
    assert_int_equal(otel_instrument_stats(&h).refused, 1);
}

static otel_counter_t counted = OTEL_COUNTER("counted", OTEL_SERIES(4));
static otel_counter_double_t weighed = OTEL_COUNTER_DOUBLE("weighed");
static void count_here(int times)
{
    while (times-- > 0) {
        OTEL_COUNT(&counted, 2, "bus", "i2c1", "id", 7);
        OTEL_COUNT(&weighed, 0.5);
    }
}

static void count_binds_once_at_its_line_and_lives_through_restarts(void **state)
{
    int life;
    for (life = 0; life < 3; life++) {
        count_here(5);
        otel_counter_add(&counted, 1, "id", 7, "bus", "i2c1");
        collect();
        assert_int_equal(points, 2);
        assert_int_equal(as_int(point("counted", SUM, "bus", "i2c1", 0)), 11);
        assert_true(as_double(point("weighed", SUM, NULL, NULL, 0)) == 2.5);
        assert_int_equal(otel_instrument_stats(&counted).series, 1);
        assert_int_equal(stop(state), 0);
        count_here(3);                                        /* nothing is running */
        assert_int_equal(start(state), 0);
    }
}

/* ---- gauges ---- */

static void a_gauge_has_its_last_value_and_no_start(void **state)
{
    static otel_gauge_t g = OTEL_GAUGE("speed");
    static otel_gauge_double_t t = OTEL_GAUGE_DOUBLE("temperature");
    (void)state;
    otel_gauge_record(&g, 5);
    otel_gauge_record(&g, -3);
    otel_gauge_record(&t, 1);
    otel_gauge_record(&t, -0.0);
    now = 5000;
    collect();
    assert_int_equal(as_int(point("speed", GAUGE, NULL, NULL, 0)), -3);
    assert_true(get(point("temperature", GAUGE, NULL, NULL, 0), 4).value == (uint64_t)1 << 63);
    assert_int_equal(get(point("speed", GAUGE, NULL, NULL, 0), 2).wire, 9);
    assert_int_equal(get(point("speed", GAUGE, NULL, NULL, 0), 3).value, 5000);
    assert_int_equal(get(data("speed", GAUGE), 2).wire, 9);
}

/* ---- histograms ---- */

static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", OTEL_BOUNDS(-1, 0, 0.5, 10));
static void a_bucket_holds_what_is_at_most_its_bound(void **state)
{
    const double values[] = { -5, -1, -0.5, -0.0, 0.0, 0.25, 0.5, 0.75, 10, 10.5, 1e300, 5e-324 };
    walk_t p;
    double sum = 0;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof values / sizeof *values; i++) {
        otel_histogram_record(&took, values[i]);
        sum += values[i];
    }
    collect();
    p = point("took", HISTOGRAM, NULL, NULL, 0);
    assert_int_equal(get(p, 4).value, 12);
    assert_int_equal(get(p, 6).in.end - get(p, 6).in.at, 40);
    assert_string_equal(buckets(p), "23322");
    assert_int_equal(get(p, 7).in.end - get(p, 7).in.at, 32);
    assert_true(number(get(p, 5).value) == sum);
    assert_true(number(get(p, 11).value) == -5);
    assert_true(number(get(p, 12).value) == values[10]);
    assert_int_equal(get(data("took", HISTOGRAM), 2).value, 2);
}

static void extremes_are_those_of_the_values_also_when_all_are_on_one_side_of_zero(void **state)
{
    walk_t p;
    (void)state;
    otel_histogram_record(&took, -3);
    otel_histogram_record(&took, -7);
    collect();
    p = point("took", HISTOGRAM, NULL, NULL, 0);
    assert_true(number(get(p, 11).value) == -7 && number(get(p, 12).value) == -3);
}

static otel_histogram_t served = OTEL_HISTOGRAM("served", OTEL_BUCKETS(2, 1, 2, 3));
static void each_series_of_a_histogram_has_its_own_buckets(void **state)
{
    (void)state;
    otel_histogram_record(&served, 1, "route", "a");
    otel_histogram_record(&served, 4, "route", "a");
    otel_histogram_record(&served, 1.5, "route", "b");
    otel_histogram_record(&served, 2.5, "route", "c");
    otel_histogram_record(&served, 2.5, "route", "d");
    otel_histogram_record(&served, 3, "route", "e");
    otel_histogram_record(&served, 9);
    collect();
    assert_int_equal(points, 4);
    assert_string_equal(buckets(point("served", HISTOGRAM, "route", "a", 0)), "1001");
    assert_string_equal(buckets(point("served", HISTOGRAM, "route", "b", 0)), "0100");
    assert_string_equal(buckets(point("served", HISTOGRAM, OVERFLOW_)), "0030");
    assert_string_equal(buckets(point("served", HISTOGRAM, NULL, NULL, 0)), "0001");
    assert_int_equal(otel_instrument_stats(&served).overflowed, 3);
}

static otel_histogram_t usual = OTEL_HISTOGRAM("usual", OTEL_BOUNDS(OTEL_DEFAULT_BOUNDS));
static otel_histogram_t mixed = OTEL_HISTOGRAM("mixed", OTEL_SERIES(8), OTEL_BOUNDS(1, 2));
static void bounds_are_counted_and_series_without_rows_overflow(void **state)
{
    (void)state;
    otel_histogram_record(&usual, 10000);
    otel_histogram_record(&usual, 10001);
    otel_histogram_record(&mixed, 1, "a", 1);
    collect();
    assert_int_equal(get(point("usual", HISTOGRAM, NULL, NULL, 0), 7).in.end - get(point("usual", HISTOGRAM, NULL, NULL, 0), 7).in.at, 15 * 8);
    assert_string_equal(buckets(point("usual", HISTOGRAM, NULL, NULL, 0)), "0000000000000011");
    assert_int_equal(get(point("mixed", HISTOGRAM, OVERFLOW_), 4).value, 1);
}

static void a_histogram_without_bounds_is_count_and_sum(void **state)
{
    static otel_series_t mem[1];
    static otel_histogram_t h = OTEL_HISTOGRAM("summed", OTEL_SERIES_IN(mem));
    walk_t p;
    (void)state;
    otel_histogram_record(&h, 2);
    otel_histogram_record(&h, 3, "a", 1);
    otel_histogram_record(&h, 4, "a", 1);
    collect();
    p = point("summed", HISTOGRAM, "a", NULL, 1);
    assert_int_equal(get(p, 4).value, 2);
    assert_true(number(get(p, 5).value) == 7);
    assert_int_equal(get(p, 6).wire, 9);
    assert_int_equal(get(p, 7).wire, 9);
    assert_int_equal(get(p, 11).wire, 9);
}

/* ---- lives and instances ---- */

static void without_a_running_instance_nothing_happens(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("c");
    static otel_gauge_t g = OTEL_GAUGE("g");
    static otel_histogram_t h = OTEL_HISTOGRAM("h");
    stop(state);
    otel_counter_add(&c, 1);
    otel_counter_add(&c, 1, "a", 1);
    otel_gauge_record(&g, 1);
    otel_histogram_record(&h, 1);
    assert_null(otel_counter_bind(&c));
    assert_null(otel_gauge_bind(&g));
    assert_int_equal(otel_instrument_stats(&c).series, 0);
    assert_int_equal(otel_instrument_stats(&c).refused, 0);
    assert_int_equal(start(state), 0);
    otel_counter_add(&c, 1);
    collect();
    assert_int_equal(points, 1);
    assert_int_equal(as_int(point("c", SUM, NULL, NULL, 0)), 1);
}

static void a_new_life_begins_at_zero_and_keeps_bound_series(void **state)
{
    static otel_series_t mem[2];
    static otel_counter_t c = OTEL_COUNTER("c", OTEL_SERIES_IN(mem));
    static otel_histogram_t h = OTEL_HISTOGRAM("h");
    otel_series_t *a;
    otel_counter_add(&c, 9);
    otel_counter_add(&c, 9, "b", 1);
    otel_histogram_record(&h, 1);
    a = otel_counter_bind(&c, "a", 1);
    otel_series_add(a, 9);
    stop(state);
    start(state);
    now = 7000;
    otel_series_add(a, 1);
    otel_histogram_record(&h, 3);
    collect();
    assert_int_equal(points, 2);                              /* neither "b" nor the one without attributes was used again */
    assert_int_equal(as_int(point("c", SUM, "a", NULL, 1)), 1);
    assert_int_equal(get(point("c", SUM, "a", NULL, 1), 2).value, 7000);
    assert_int_equal(get(point("h", HISTOGRAM, NULL, NULL, 0), 4).value, 1);
}

static void the_same_instrument_is_registered_once(void **state)
{
    static otel_counter_t a = OTEL_COUNTER("a"), b = OTEL_COUNTER("b");
    static otel_t other;
    static uint8_t more[1024];
    int i;
    (void)state;
    otel_counter_add(&a, 1);
    for (i = 0; i < 3; i++) {                                 /* another instance comes to life: everything is checked again */
        assert_int_equal(otel_init(&other, .clock = fake_clock, .pool = more, .pool_size = sizeof more), OTEL_OK);
        otel_counter_add(&a, 1);
        otel_counter_add(&b, 1);
    }
    collect();
    assert_int_equal(points, 2);
    assert_int_equal(as_int(point("a", SUM, NULL, NULL, 0)), 4);
    assert_int_equal(as_int(point("b", SUM, NULL, NULL, 0)), 3);
    otel_use(&other);                                         /* an instrument stays with the instance of its first use */
    otel_counter_add(&a, 1);
    collect();
    assert_int_equal(as_int(point("a", SUM, NULL, NULL, 0)), 5);
    assert_null(other.instruments_);
    memset((void *)&other, 0, sizeof other);
}

static void instruments_go_to_the_instance_that_they_name(void **state)
{
    static otel_t other;
    static uint8_t more[1024];
    static otel_scope_t scope = OTEL_SCOPE("s", .otel = &other);
    static otel_counter_t a = OTEL_COUNTER("a", .otel = &other), b = OTEL_COUNTER("b", .scope = &scope);
    (void)state;
    otel_counter_add(&a, 1);
    otel_counter_add(&b, 1);
    assert_int_equal(otel_init(&other, .clock = fake_clock, .pool = more, .pool_size = sizeof more), OTEL_OK);
    otel_counter_add(&a, 1);
    otel_counter_add(&b, 1);
    collect();
    assert_int_equal(points, 0);
    assert_non_null(other.instruments_);
    assert_non_null(other.instruments_->next_);
    memset((void *)&other, 0, sizeof other);
}

static void after_fork_the_child_counts_from_zero_and_registers_once(void **state)
{
    static otel_counter_t a = OTEL_COUNTER("a"), b = OTEL_COUNTER("b");
    otel_series_t *kept;
    (void)state;
    otel_counter_add(&a, 5);
    otel_counter_add(&b, 5);
    kept = otel_counter_bind(&a);
    otel_after_fork(&otel);
    otel_series_add(kept, 1);
    otel_counter_add(&a, 1);
    collect();
    assert_int_equal(points, 1);
    assert_int_equal(as_int(point("a", SUM, NULL, NULL, 0)), 2);
}

static void after_fork_what_other_threads_held_is_free(void **state)
{
#if OTEL_ATOMICS_ && OTEL_HOSTED_
    static otel_series_t storage[3];
    static otel_counter_t c = OTEL_COUNTER("c", OTEL_SERIES_IN(storage));
    otel_counter_add(&c, 1, "k", 1);
    otel_counter_add(&c, 1, "k", 2);
    c.base_.busy_ = (uintptr_t)state;             /* a thread that is adding the second series, and not in the child */
    c.base_.used_ = 1;
    otel_after_fork(&otel);
    otel_counter_add(&c, 10);
    otel_counter_add(&c, 11, "k", 1);
    otel_counter_add(&c, 12, "k", 2);
    otel_counter_add(&c, 13, "k", 3);
    collect();
    assert_int_equal(otel_instrument_stats(&c).refused, 0);
    assert_int_equal(points, 4);
    assert_int_equal(as_int(point("c", SUM, NULL, NULL, 0)), 10);
    assert_int_equal(as_int(point("c", SUM, "k", NULL, 1)), 11);
    assert_int_equal(as_int(point("c", SUM, "k", NULL, 2)), 12);
    assert_int_equal(as_int(point("c", SUM, "k", NULL, 3)), 13);
#else
    (void)state;
#endif
}

static void times_follow_the_clock_of_the_instance(void **state)
{
    static otel_counter_t c = OTEL_COUNTER("c");
    stop(state);
    now = 50;
    assert_int_equal(otel_init(&otel, .clock = fake_clock, .clock_hz = 1000000000u, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    otel_counter_add(&c, 1);
    now = 100;
    collect();
    assert_int_equal(get(point("c", SUM, NULL, NULL, 0), 2).value, 50);       /* not known yet: since boot */
    now = 150;
    otel_time_sync(&otel, 1000150);
    collect();
    assert_int_equal(get(point("c", SUM, NULL, NULL, 0), 2).value, 1000050);
    assert_int_equal(get(point("c", SUM, NULL, NULL, 0), 3).value, 1000150);
}

/* ---- packets ---- */

static otel_scope_t net = OTEL_SCOPE("net", .version = "1.2", .schema_url = "https://example.org/1"), disk = OTEL_SCOPE("disk");
static otel_counter_t n1 = OTEL_COUNTER("n1", .scope = &net, OTEL_SERIES(20)), n2 = OTEL_COUNTER("n2", .unit = "By", .scope = &net);
static otel_counter_t d1 = OTEL_COUNTER("d1", .scope = &disk), u1 = OTEL_COUNTER("u1");
static otel_histogram_t n3 = OTEL_HISTOGRAM("n3", .scope = &net, OTEL_BUCKETS(3, 1, 2, 3));
static otel_gauge_t d2 = OTEL_GAUGE("d2", .scope = &disk);

static void fill(void)
{
    int i;
    otel_counter_add(&n2, 1);
    otel_counter_add(&d1, 1);
    otel_counter_add(&u1, 1);
    for (i = 0; i < 20; i++) otel_counter_add(&n1, i, "i", i);
    for (i = 0; i < 4; i++) otel_histogram_record(&n3, i, "i", i);
    otel_gauge_record(&d2, 7);
}

static void instruments_of_a_scope_stand_together(void **state)
{
    walk_t w;
    field_t scope;
    unsigned scopes = 0;
    (void)state;
    fill();
    collect();
    assert_int_equal(points, 4 + 20 + 4);
    w = all;
    while (next(&w, &scope)) {
        field_t name = get(get(scope.in, 1).in, 1), m;
        unsigned metrics = 0;
        walk_t in = scope.in;
        while (next(&in, &m)) metrics += m.number == 2;
        scopes++;
        if (get(scope.in, 1).wire == 9) assert_int_equal(metrics, 1);
        else if (text_is(name.in, "disk")) assert_int_equal(metrics, 2);
        else assert_int_equal(metrics, 3);
        if (get(scope.in, 1).wire != 9 && text_is(name.in, "net")) {
            assert_true(text_is(get(scope.in, 3).in, "https://example.org/1"));
            assert_true(text_is(get(get(scope.in, 1).in, 2).in, "1.2"));
        }
    }
    assert_int_equal(scopes, 3);
}

/* With every room from nothing on: whole packets, nothing twice, nothing lost but what fits in none, and an end. */
static void a_round_of_any_packet_size_is_complete(void **state)
{
    static uint8_t small[700];
    size_t room;
    (void)state;
    fill();
    for (room = 0; room < 600; room++) {
        otel_collect_t round;
        uint32_t sum = 0, gone = 0;
        int64_t n1_sum = 0;
        unsigned turns = 0;
        memset(&round, 0, sizeof round);
        do {
            size_t n, i;
            walk_t w;
            field_t scope, m, pt;
            memset(small, 0xA5, sizeof small);
            n = otel_collect_(&otel, &round, small, room);
            assert_true(n <= room && ++turns < 100);
            for (i = room; i < sizeof small; i++) assert_int_equal(small[i], 0xA5);
            w.at = small;
            w.end = small + n;
            while (next(&w, &scope)) {
                walk_t metrics = scope.in;
                while (next(&metrics, &m)) {
                    walk_t sum_walk;
                    if (m.number != 2 || !text_is(get(m.in, 1).in, "n1")) continue;
                    sum_walk = get(m.in, SUM).in;
                    while (next(&sum_walk, &pt)) {
                        if (pt.number == 1) n1_sum += as_int(pt.in);
                    }
                }
            }
            if (!round.points) assert_int_equal(n, 0);
            sum += round.points;
            gone += round.lost;
        } while (round.running);
        assert_int_equal(sum + gone, 28);
        if (room < 40) assert_int_equal(gone, 28);
        if (room >= 280) assert_int_equal(gone, 0);
        if (gone == 0) assert_int_equal(n1_sum, 190);
    }
}

static void an_empty_round_is_nothing(void **state)
{
    otel_collect_t round;
    (void)state;
    memset(&round, 0, sizeof round);
    assert_int_equal(otel_collect_(&otel, &round, packet, sizeof packet), 0);
    assert_true(!round.running && round.points == 0 && round.lost == 0);
    assert_int_equal(otel_collect_(NULL, &round, packet, sizeof packet), 0);
    assert_false(round.running);
}

/* ---- a handler on the thread that it interrupts ---- */

static otel_counter_t struck = OTEL_COUNTER("struck", OTEL_SERIES(200));
static otel_histogram_t timed = OTEL_HISTOGRAM("timed", OTEL_BUCKETS(100, 1, 2));
static volatile sig_atomic_t strikes, step;
static void strike(int number_of_signal)
{
    (void)number_of_signal;
    otel_counter_add(&struck, 1, "i", (int)step % 250);
    otel_histogram_record(&timed, 1.5, "i", (int)step % 250);
    strikes++;
}

static void a_signal_handler_is_counted_or_refused_but_never_waits(void **state)
{
    struct sigaction action;
    struct itimerval every = { { 0, 50 }, { 0, 50 } }, never = { { 0, 0 }, { 0, 0 } };
    int life;
    memset(&action, 0, sizeof action);
    action.sa_handler = strike;
    sigaction(SIGALRM, &action, NULL);
    for (life = 0; life < 60; life++) {
        int64_t sum = 0;
        uint64_t count = 0;
        walk_t w;
        field_t f;
        strikes = 0;
        setitimer(ITIMER_REAL, &every, NULL);
        for (step = 0; step < 1000; step++) {
            otel_counter_add(&struck, 1, "i", (int)step % 250);
            otel_histogram_record(&timed, 1.5, "i", (int)step % 250);
        }
        setitimer(ITIMER_REAL, &never, NULL);
        collect();
        w = data("struck", SUM);
        while (next(&w, &f)) sum += f.number == 1 ? as_int(f.in) : 0;
        w = data("timed", HISTOGRAM);
        while (next(&w, &f)) count += f.number == 1 ? get(f.in, 4).value : 0;
        assert_int_equal(sum + (int64_t)otel_instrument_stats(&struck).refused, 1000 + strikes);
        assert_int_equal(count + otel_instrument_stats(&timed).refused, 1000 + (uint64_t)strikes);
        stop(state);
        start(state);
    }
}

/* ---- many sets ---- */

static otel_counter_t many = OTEL_COUNTER("many", OTEL_SERIES(1000));
static otel_counter_t mended = OTEL_COUNTER("mended", OTEL_SERIES(3));
static void sets_with_equal_bytes_are_one_series(void **state)
{
    int turn;
    (void)state;
    for (turn = 0; turn < 2; turn++) {                        /* the second time the table is full */
        otel_counter_add(&mended, 1, "a\xFF", 1);
        otel_counter_add(&mended, 1, "a\xFE", 1);
        otel_counter_add(&mended, 1, "a?", 1);
        otel_counter_add(&mended, 1, "a\xFE", 7, "a\xFF", 1);
        otel_counter_add(&mended, 10, "n", 18446744073709551615u);
        otel_counter_add(&mended, 10, "n", "18446744073709551615");
        otel_counter_add(&mended, 100, "t", "\xC3\x28");
        otel_counter_add(&mended, 100, "t", OTEL_BYTES("\xC3\x28", 2));
    }
    collect();
    assert_int_equal(otel_instrument_stats(&mended).overflowed, 0);
    assert_int_equal(points, 3);
    assert_int_equal(as_int(point("mended", SUM, "a?", NULL, 1)), 8);
    assert_int_equal(as_int(point("mended", SUM, "n", "18446744073709551615", 0)), 40);
}

static void a_full_table_finds_every_series_again(void **state)
{
    int i, turn;
    (void)state;
    for (turn = 1; turn <= 3; turn++) {
        for (i = 0; i < 1200; i++) otel_counter_add(&many, i, "i", i, "text", "the same");
    }
    collect();
    assert_int_equal(points, 1001);
    for (i = 0; i < 1000; i += 37) assert_int_equal(as_int(point("many", SUM, "i", NULL, (uint64_t)i)), 3 * i);
    assert_int_equal(as_int(point("many", SUM, OVERFLOW_)), 3 * (1000 + 1199) * 200 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counter_without_attributes_is_a_monotonic_cumulative_sum, start, stop),
        cmocka_unit_test_setup_teardown(a_set_is_found_in_any_order_and_the_last_value_of_a_key_wins, start, stop),
        cmocka_unit_test_setup_teardown(sets_beyond_the_table_go_to_the_overflow_series_and_are_counted, start, stop),
        cmocka_unit_test_setup_teardown(an_instrument_without_series_puts_attributes_into_overflow, start, stop),
        cmocka_unit_test_setup_teardown(a_set_that_is_too_long_goes_to_overflow, start, stop),
        cmocka_unit_test_setup_teardown(attributes_without_a_key_are_left_out_and_bad_text_keeps_its_series, start, stop),
        cmocka_unit_test_setup_teardown(negative_numbers_never_enter_a_counter, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_number_never_enters_a_sum_an_extreme_or_a_gauge, start, stop),
        cmocka_unit_test_setup_teardown(sums_stop_at_their_end, start, stop),
        cmocka_unit_test_setup_teardown(integers_stay_integers, start, stop),
        cmocka_unit_test_setup_teardown(a_bound_series_is_the_one_that_lookup_finds, start, stop),
        cmocka_unit_test_setup_teardown(a_bound_sum_says_zero_and_a_bound_gauge_says_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_bound_series_takes_any_number_that_its_kind_takes, start, stop),
        cmocka_unit_test_setup_teardown(count_binds_once_at_its_line_and_lives_through_restarts, start, stop),
        cmocka_unit_test_setup_teardown(a_gauge_has_its_last_value_and_no_start, start, stop),
        cmocka_unit_test_setup_teardown(a_bucket_holds_what_is_at_most_its_bound, start, stop),
        cmocka_unit_test_setup_teardown(extremes_are_those_of_the_values_also_when_all_are_on_one_side_of_zero, start, stop),
        cmocka_unit_test_setup_teardown(each_series_of_a_histogram_has_its_own_buckets, start, stop),
        cmocka_unit_test_setup_teardown(bounds_are_counted_and_series_without_rows_overflow, start, stop),
        cmocka_unit_test_setup_teardown(a_histogram_without_bounds_is_count_and_sum, start, stop),
        cmocka_unit_test_setup_teardown(without_a_running_instance_nothing_happens, start, stop),
        cmocka_unit_test_setup_teardown(a_new_life_begins_at_zero_and_keeps_bound_series, start, stop),
        cmocka_unit_test_setup_teardown(the_same_instrument_is_registered_once, start, stop),
        cmocka_unit_test_setup_teardown(instruments_go_to_the_instance_that_they_name, start, stop),
        cmocka_unit_test_setup_teardown(after_fork_the_child_counts_from_zero_and_registers_once, start, stop),
        cmocka_unit_test_setup_teardown(after_fork_what_other_threads_held_is_free, start, stop),
        cmocka_unit_test_setup_teardown(times_follow_the_clock_of_the_instance, start, stop),
        cmocka_unit_test_setup_teardown(instruments_of_a_scope_stand_together, start, stop),
        cmocka_unit_test_setup_teardown(a_round_of_any_packet_size_is_complete, start, stop),
        cmocka_unit_test_setup_teardown(an_empty_round_is_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_signal_handler_is_counted_or_refused_but_never_waits, start, stop),
        cmocka_unit_test_setup_teardown(sets_with_equal_bytes_are_one_series, start, stop),
        cmocka_unit_test_setup_teardown(a_full_table_finds_every_series_again, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
