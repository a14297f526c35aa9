/* Delta and low-memory temporality through a whole exporter and a receiver that adds up what arrives; observables too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "otel_export.h"

/* What the receiver knows: sums of int points by metric name, and counts of histograms. */
static struct { char name[24]; int64_t sum, points; uint64_t count; double last; unsigned temporality; } seen[16];
static unsigned requests;
static int answer;

static uint64_t varint_of(const uint8_t **p)
{
    uint64_t v = 0;
    unsigned shift = 0;
    for (; **p & 128; shift += 7) v |= (uint64_t)(*(*p)++ & 127) << shift;
    v |= (uint64_t)*(*p)++ << shift;
    return v;
}

static uint64_t fixed(const uint8_t *p)
{
    uint64_t v = 0;
    int i;
    for (i = 7; i >= 0; i--) v = v << 8 | p[i];
    return v;
}

static void point_of(unsigned row, unsigned shape, const uint8_t *p, const uint8_t *end)
{
    while (p < end) {
        uint64_t tag = varint_of(&p), n;
        if ((tag & 7) == 1) {
            uint64_t v = fixed(p);
            double d;
            memcpy(&d, &v, sizeof d);
            if (shape < 9 && tag == 0x31) seen[row].sum += (int64_t)v;
            if (shape < 9 && tag == 0x21) seen[row].last = d;
            if (shape >= 9 && tag == 0x21) seen[row].count += v;
            if (shape >= 9 && tag == 0x29) seen[row].last += d;
            p += 8;
        } else if ((tag & 7) == 2) {
            n = varint_of(&p);
            p += n;
        } else {
            (void)varint_of(&p);
        }
    }
    seen[row].points++;
}

static void metric_of(const uint8_t *p, const uint8_t *end)
{
    unsigned row = 0;
    char name[24] = "";
    while (p < end) {
        uint64_t tag = varint_of(&p), n = varint_of(&p);
        if (tag >> 3 == 1) {
            memcpy(name, p, (size_t)(n < 23 ? n : 23));
            name[n < 23 ? n : 23] = 0;
            for (row = 0; seen[row].name[0] && strcmp(seen[row].name, name) != 0; row++) {}
            strcpy(seen[row].name, name);
        }
        if (tag >> 3 >= 5) {
            const uint8_t *q = p, *stop = p + n;
            while (q < stop) {
                uint64_t t = varint_of(&q), m = varint_of(&q);
                if (t == 0x0A) {
                    point_of(row, (unsigned)(tag >> 3), q, q + m);
                    q += m;
                } else if (t == 0x10) {
                    seen[row].temporality = (unsigned)m;
                }
            }
        }
        p += n;
    }
}

static void inside(const uint8_t *p, const uint8_t *end, unsigned level)
{
    while (p < end) {
        uint64_t tag = varint_of(&p), n = varint_of(&p);
        if (level == 0 && tag == 0x0A) inside(p, p + n, 1);
        if (level == 1 && tag == 0x12) inside(p, p + n, 2);
        if (level == 2 && tag == 0x12) metric_of(p, p + n);
        p += n;
    }
}

static int receive(void *user, const otel_request_t *request)
{
    (void)user;
    if (request->signal != OTEL_SIGNAL_METRICS) return 200;
    requests++;
    if (answer == 200) inside((const uint8_t *)request->body, (const uint8_t *)request->body + request->len, 0);
    return answer;
}

static unsigned row_of(const char *name)
{
    unsigned row;
    for (row = 0; row < 15 && strcmp(seen[row].name, name) != 0; row++) {}
    return row;
}
#define SUM_OF(name) (seen[row_of(name)].sum)
#define COUNT_OF(name) (seen[row_of(name)].count)

static otel_t otel;
static uint8_t pool[2048], packet[4096];
static otel_exporter_t exporter;
static uint64_t memory[2000];
static otel_temporality_t delta, low;
static uint64_t now;
static uint64_t test_clock(void *user)
{
    (void)user;
    return now;
}

static void begin(otel_temporality_t *temporality, size_t packet_size)
{
    now = 1000000000u;
    memset(seen, 0, sizeof seen);
    requests = 0;
    answer = 200;
    assert_int_equal(otel_init(&otel, .service = "t", .clock = test_clock, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_exporter_init(&exporter, .send = receive, .buffer = packet, .buffer_size = packet_size, .metric_interval_ms = 1000, .temporality = temporality), OTEL_OK);
}

static void round_of(void)
{
    now += 2000000000u;
    (void)otel_export_poll(&exporter);
    now += 40000000u;
    (void)otel_export_poll(&exporter);
}

static void end(void)
{
    answer = 200;
    (void)otel_shutdown(&otel, 100000);
}

static otel_counter_t hits = OTEL_COUNTER("hits", OTEL_SERIES(4));
static otel_updown_t open_files = OTEL_UPDOWN("open");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BUCKETS(2, 1, 10));
static otel_exponential_t spread = OTEL_EXPONENTIAL("spread", OTEL_POWERS(8));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("energy");

static void a_window_closes_when_its_packet_is_confirmed(void **state)
{
    int turn;
    int64_t all = 0;
    double power = 1;
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(memory);
    begin(&delta, sizeof packet);
    for (turn = 1; turn <= 40; turn++) {
        otel_counter_add(&hits, turn, "a", turn % 3);
        otel_updown_add(&open_files, 1);
        otel_histogram_record(&took, turn, "a", turn % 2);
        otel_histogram_record(&spread, power);
        power *= turn % 2 ? 3 : 0.1;
        all += turn;
        answer = turn % 4 == 1 ? 200 : turn % 4 == 2 ? 503 : turn % 4 == 3 ? -1 : 400;
        round_of();
    }
    answer = 200;
    assert_int_equal(otel_export_flush(&exporter, 100000), OTEL_OK);
    now += 2000000000u;
    assert_int_equal(otel_export_flush(&exporter, 100000), OTEL_OK);
    assert_int_equal(seen[row_of("hits")].temporality, 1);
    assert_int_equal(seen[row_of("open")].temporality, 2);
    assert_int_equal(SUM_OF("hits"), all);
    assert_int_equal(COUNT_OF("took"), 40);
    assert_int_equal(COUNT_OF("spread"), 40);
    assert_true(seen[row_of("took")].last > 819.9 && seen[row_of("took")].last < 820.1);
    end();
}

static void nothing_new_is_not_said(void **state)
{
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(memory);
    begin(&delta, sizeof packet);
    otel_counter_add(&hits, 5);
    otel_counter_add(&energy, 0.5);
    round_of();
    assert_int_equal(requests, 1);
    assert_int_equal(SUM_OF("hits"), 5);
    round_of();
    round_of();
    assert_int_equal(requests, 1);
    otel_counter_add(&energy, 0.25);
    round_of();
    assert_int_equal(requests, 2);
    assert_true(seen[row_of("energy")].last == 0.25);
    end();
}

static void small_packets_confirm_what_they_held(void **state)
{
    int turn;
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(memory);
    begin(&delta, 400);
    for (turn = 0; turn < 60; turn++) {
        otel_counter_add(&hits, 1, "a", turn % 4, "text", "as long as it may be here");
        otel_histogram_record(&took, turn % 20);
        answer = turn % 3 ? 200 : 503;
        round_of();
    }
    answer = 200;
    for (turn = 0; turn < 40; turn++) round_of();
    assert_int_equal(SUM_OF("hits"), 60);
    assert_int_equal(COUNT_OF("took"), 60);
    end();
}

static void without_memory_it_stays_cumulative(void **state)
{
    static uint64_t little[10];                               /* one sum without attributes: who registers last is asked first */
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(little);
    begin(&delta, sizeof packet);
    otel_counter_add(&hits, 1);
    otel_counter_add(&energy, 1);
    round_of();
    otel_counter_add(&hits, 1);
    otel_counter_add(&energy, 1);
    round_of();
    assert_int_equal(seen[row_of("energy")].temporality, 1);
    assert_true(seen[row_of("energy")].last == 1);
    assert_int_equal(seen[row_of("hits")].temporality, 2);
    assert_int_equal(SUM_OF("hits"), 1 + 2);
    end();
}

static void idle_series_make_room(void **state)
{
    int turn, i;
    otel_series_t *bound;
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(memory);
    begin(&delta, sizeof packet);
    bound = otel_counter_bind(&hits, "kept", 1);
    for (turn = 0; turn < 50; turn++) {
        for (i = 0; i < 3; i++) otel_counter_add(&hits, 1, "session", turn * 3 + i);
        otel_series_add(bound, 1);
        round_of();
        round_of();
        round_of();
    }
    assert_int_equal(otel_instrument_stats(&hits).overflowed, 0);
    assert_int_equal(SUM_OF("hits"), 200);
    end();
}

/* ---- observables ---- */

static otel_observable_t total = OTEL_OBSERVABLE_COUNTER("total", OTEL_SERIES(2));
static otel_observable_t usage = OTEL_OBSERVABLE_UPDOWN("usage");
static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("load");
static int64_t counted;
static bool tell_load;
static void measure(void *user)
{
    assert_ptr_equal(user, &counted);
    otel_observe(&total, counted, "cpu", 0);
    otel_observe(&total, 2 * counted, "cpu", 1);
    otel_observe(&total, 1, "cpu", 2);                        /* two sets without room: added in the overflow series */
    otel_observe(&total, 1, "cpu", 3);
    otel_observe(&usage, -counted);
    if (tell_load) otel_observe(&load, 0.5);
}

static void callbacks_tell_numbers_when_they_are_collected(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(measure, &counted);
    (void)state;
    low = (otel_temporality_t)OTEL_LOW_MEMORY_IN(memory);
    assert_int_equal(otel_callback_register(NULL), OTEL_E_NULL);
    begin(NULL, sizeof packet);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    counted = 10;
    tell_load = true;
    round_of();
    assert_int_equal(SUM_OF("total"), 32);
    assert_int_equal(SUM_OF("usage"), -10);
    assert_int_equal(seen[row_of("load")].points, 1);
    counted = 20;
    tell_load = false;
    round_of();
    assert_int_equal(SUM_OF("total"), 32 + 62);
    assert_int_equal(seen[row_of("load")].points, 1);
    otel_callback_unregister(&callback);
    round_of();
    assert_int_equal(SUM_OF("total"), 32 + 62);
    end();
}

static void observed_counters_tell_differences_under_delta(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(measure, &counted);
    (void)state;
    delta = (otel_temporality_t)OTEL_DELTA_IN(memory);
    begin(&delta, sizeof packet);
    otel_counter_add(&hits, 1);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    for (counted = 1; counted <= 10; counted++) {
        answer = counted % 2 ? 200 : 503;
        round_of();
    }
    counted = 10;
    answer = 200;
    round_of();
    round_of();
    assert_int_equal(SUM_OF("total"), 10 + 20 + 2);
    end();
    low = (otel_temporality_t)OTEL_LOW_MEMORY_IN(memory);
    begin(&low, sizeof packet);
    otel_counter_add(&hits, 1);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    round_of();
    assert_int_equal(seen[row_of("total")].temporality, 2);
    assert_int_equal(seen[row_of("hits")].temporality, 1);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_closes_when_its_packet_is_confirmed),
        cmocka_unit_test(nothing_new_is_not_said),
        cmocka_unit_test(small_packets_confirm_what_they_held),
        cmocka_unit_test(without_memory_it_stays_cumulative),
        cmocka_unit_test(idle_series_make_room),
        cmocka_unit_test(callbacks_tell_numbers_when_they_are_collected),
        cmocka_unit_test(observed_counters_tell_differences_under_delta),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
