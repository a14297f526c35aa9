/* OTEL_DROP_ORDINARY: the last quarter of a ring is for errors, whichever way records take into it. */
#include "kit.h"

static unsigned locks;
static bool lock(void *user, bool wait)
{
    (void)user;
    (void)wait;
    locks++;
    return locks == 1;
}
static void unlock(void *user)
{
    (void)user;
    locks--;
}

/* What an interrupt does while a log is being written, which asks for the time behind its reservation. */
static void (*handler)(void);
static uint64_t busy_clock(void *user)
{
    void (*now)(void) = handler;
    handler = NULL;
    if (now) now();
    return kit_clock(user);
}

typedef enum { SHARED, OWN, LOCKED, WAYS } way_t;
static void begin(way_t way, size_t size)
{
    now_ns = T0;
    locks = 0;
    assert_int_equal(otel_init(&otel, .service = "u", .clock = busy_clock, .entropy = kit_entropy, .pool = pool, .pool_size = size, .when_full = OTEL_DROP_ORDINARY,
                               .log_percent = 40, .shards = (uint16_t)(way == OWN ? 3 : 1), .lock = way == LOCKED ? lock : NULL, .unlock = way == LOCKED ? unlock : NULL), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}
static otel_ring_t *ring_of(unsigned which)
{
    unsigned i = 0;
    kit_span("first");                                    /* from now on the thread has its shard: the one that took it */
    while (otel_shard_at_(&otel, i)->ring[OTEL_SPANS_].created == 0) i++;
    return &otel_shard_at_(&otel, i)->ring[which];
}
static size_t used(const otel_ring_t *ring) { return otel_pos_between_(ring, ring->released, ring->reserved); }

static void span(otel_status_t status, unsigned attributes)
{
    OTEL_SPAN(s, "work") {
        unsigned i;
        char key[2] = "a";
        for (i = 0; i < attributes; i++, key[0]++) otel_span_set(s, key, i);
        otel_span_status(s, status, NULL);
    }
}
static void ordinary_span(void) { span(OTEL_STATUS_UNSET, 0); }
static void good_span(void) { span(OTEL_STATUS_OK, 3); }
static void error_span(void) { span(OTEL_STATUS_ERROR, 0); }
static void long_error_span(void) { span(OTEL_STATUS_ERROR, 6); }
static void info(void) { otel_log(OTEL_INFO, "a", "k", 1); }
static void warn(void) { otel_log((otel_severity_t)(OTEL_ERROR - 1), "just not an error"); }
static void unknown(void) { otel_log_emit(&OTEL_LITERAL_(otel_log_record_t){ .body = otel_value_str_("b") }); }
static void error_log(void) { otel_log(OTEL_ERROR, "c", "k", 2); }
static void fatal(void) { otel_log((otel_severity_t)(OTEL_FATAL + 3), "d"); }

/* Record until one is refused; how many went in. The law holds at each step. */
static unsigned until_refused(void (*record)(void), otel_signal_t signal)
{
    unsigned n;
    for (n = 0; n < 10000; n++) {
        otel_signal_stats_t was = kit_stats(&ex, signal), now;
        record();
        now = kit_stats(&ex, signal);
        assert_true(now.created == was.created + 1);
        if (now.queued == was.queued) {
            assert_true(now.dropped[OTEL_DROP_FULL] == was.dropped[OTEL_DROP_FULL] + 1);
            return n;
        }
        assert_true(now.dropped[OTEL_DROP_FULL] == was.dropped[OTEL_DROP_FULL]);
    }
    fail();
    return 0;
}

static void fill_and_drain(unsigned which, otel_signal_t signal, void (*const ordinary[2])(void), void (*const urgent[2])(void))
{
    otel_ring_t *ring = ring_of(which);
    const size_t limit = ring->size - ring->size / 4;
    unsigned i, round;
    for (round = 0; round < 3; round++) {                 /* full at different places of the ring */
        uint64_t queued;
        size_t before;
        assert_true(until_refused(ordinary[round % 2], signal) > 3);
        assert_true(used(ring) <= limit && used(ring) + 120 > limit);
        before = used(ring);
        (urgent[0])();
        assert_true(used(ring) > before);
        for (i = 0; i < 2; i++) (void)until_refused(urgent[1 - i], signal);
        assert_true(used(ring) + 64 + 40 > ring->size);   /* the shortest of them does not fit any more */
        assert_true(until_refused(ordinary[1 - round % 2], signal) == 0);
        queued = kit_stats(&ex, signal).queued;
        now_ns += 6000 * MS;
        assert_int_equal(otel_flush(&otel, 10000), OTEL_OK);
        assert_true(kit_stats(&ex, signal).queued == 0 && kit_stats(&ex, signal).exported >= queued);
        assert_true(used(ring) == 0);
        otel_recorder_clear(&rec);
    }
}

static void spans_with_errors_have_the_last_quarter(void **state)
{
    static void (*const ordinary[2])(void) = { ordinary_span, good_span }, (*const urgent[2])(void) = { error_span, long_error_span };
    unsigned way;
    (void)state;
    for (way = 0; way < WAYS; way++) {
        begin((way_t)way, 6000);
        fill_and_drain(OTEL_SPANS_, OTEL_SIGNAL_TRACES, ordinary, urgent);
        kit_stop();
    }
}

static void logs_of_errors_have_the_last_quarter(void **state)
{
    static void (*const ordinary[2])(void) = { info, warn }, (*const urgent[2])(void) = { error_log, fatal };
    static void (*const nameless[2])(void) = { unknown, info };
    unsigned way;
    (void)state;
    for (way = 0; way < WAYS; way++) {
        begin((way_t)way, 6000);
        fill_and_drain(OTEL_LOGS_, OTEL_SIGNAL_LOGS, ordinary, urgent);
        fill_and_drain(OTEL_LOGS_, OTEL_SIGNAL_LOGS, nameless, urgent);
        kit_stop();
    }
}

/* Smallest pools: what waits alone may take it all, or nothing large would ever go. */
static void the_smallest_pools_take_one_of_each(void **state)
{
    static void (*const records[])(void) = { ordinary_span, error_span, info, error_log };
    size_t size, i;
    (void)state;
    for (size = 256; size < 700; size += 12) {
        for (i = 0; i < LENGTH(records); i++) {
            const otel_signal_t signal = i < 2 ? OTEL_SIGNAL_TRACES : OTEL_SIGNAL_LOGS;
            otel_result_t result;
            unsigned turn;
            begin(SHARED, size);
            assert_true(until_refused(records[i], signal) >= 1);
            result = otel_flush(&otel, 10000);
            assert_int_equal(result, OTEL_OK);
            for (turn = 0; turn < 50; turn++) {           /* mixed: the law is all that is asked */
                (records[(turn * 7 + i) % 4])();
                (void)kit_stats(&ex, OTEL_SIGNAL_TRACES);
                (void)kit_stats(&ex, OTEL_SIGNAL_LOGS);
            }
            kit_stop();
        }
    }
}

/* A handler records on top of a log that is half written; each of the two counts as what it is. */
static void handlers_are_told_apart_from_what_they_interrupt(void **state)
{
    static const way_t ways[] = { SHARED, OWN };          /* under a lock a handler is turned away: busy */
    unsigned k;
    (void)state;
    for (k = 0; k < LENGTH(ways); k++) {
        otel_signal_stats_t was, now;
        begin(ways[k], 6000);
        (void)ring_of(OTEL_LOGS_);
        (void)until_refused(info, OTEL_SIGNAL_LOGS);
        was = kit_stats(&ex, OTEL_SIGNAL_LOGS);
        handler = info;                                   /* ordinary on urgent: refused */
        error_log();
        now = kit_stats(&ex, OTEL_SIGNAL_LOGS);
        assert_true(now.created == was.created + 2 && now.queued == was.queued + 1 && now.dropped[OTEL_DROP_FULL] == was.dropped[OTEL_DROP_FULL] + 1);
        handler = error_log;
        fatal();                                          /* urgent on urgent */
        now = kit_stats(&ex, OTEL_SIGNAL_LOGS);
        assert_true(now.queued == was.queued + 3);
        assert_int_equal(otel_flush(&otel, 10000), OTEL_OK);
        handler = error_log;
        info();
        assert_true(kit_stats(&ex, OTEL_SIGNAL_LOGS).queued == 2);
        kit_stop();
    }
}

static void ends_badly(const otel_processor_t *self, otel_span_t *s)
{
    (void)self;
    otel_span_status(s, OTEL_STATUS_ERROR, "too late");
}

/* The status that counts is that of the end, whoever set it; and a span that nobody samples needs no room. */
static void a_processor_makes_a_span_urgent(void **state)
{
    otel_processor_t processor = otel_processor_(NULL);
    const otel_processor_t *list[] = { &processor, NULL };
    const otel_span_settings_t settings = { list, NULL, 0 };
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = 4000, .when_full = OTEL_DROP_ORDINARY, .spans = otel_spans(&settings)), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    (void)until_refused(ordinary_span, OTEL_SIGNAL_TRACES);
    processor.on_ending = ends_badly;
    assert_true(until_refused(ordinary_span, OTEL_SIGNAL_TRACES) > 3);
    kit_stop();
}

static void what_is_no_policy_is_refused(void **state)
{
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .pool = pool, .pool_size = 4000, .when_full = (otel_when_full_t)(OTEL_DROP_ORDINARY + 1)), OTEL_E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_with_errors_have_the_last_quarter),
        cmocka_unit_test(logs_of_errors_have_the_last_quarter),
        cmocka_unit_test(the_smallest_pools_take_one_of_each),
        cmocka_unit_test(handlers_are_told_apart_from_what_they_interrupt),
        cmocka_unit_test(a_processor_makes_a_span_urgent),
        cmocka_unit_test(what_is_no_policy_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
