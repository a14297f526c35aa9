/* flags: -D_POSIX_C_SOURCE=200809L -pthread */
/* Numbers that arrive whole in spite of their transport: rounds of several packets that fail in the middle, receivers that take little,
   forks in the middle, another reader. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kit.h"

static uint64_t kept[400];
static otel_counter_t calls = OTEL_COUNTER("calls", OTEL_SERIES(40)), later = OTEL_COUNTER("later");
static otel_observable_t total = OTEL_OBSERVABLE_COUNTER("total", OTEL_SERIES(4)), level = OTEL_OBSERVABLE_GAUGE("level");
static otel_observable_double_t real = OTEL_OBSERVABLE_COUNTER_DOUBLE("real");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(10, 20)), seen = OTEL_HISTOGRAM("seen", OTEL_BUCKETS(2, 10, 20));
static otel_request_t request;
static unsigned turn, arrived[40];
static int bad;                                /* the answer to each second request, or to what is too long */
static size_t longest;
static pthread_barrier_t meet;
static int hold;

static void start(size_t buffer_size, int (*send)(void *user, const otel_request_t *r), otel_temporality_t *temporality, unsigned shards)
{
    now_ns = T0;
    turn = 0;
    memset(arrived, 0, sizeof arrived);
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .shards = (uint16_t)shards), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = send, .user = &rec, .buffer = packet, .buffer_size = buffer_size, .metric_interval_ms = 1000, .retry_initial_ms = 100,
                                        .retry_attempts = 5, .temporality = temporality, .idle = kit_idle), OTEL_OK);
}

static void note(const otel_request_t *r)
{
    otel_recorded_point_t point;
    int64_t k;
    uint32_t i;
    otel_recorder_clear(&rec);
    assert_int_equal(otel_recorder_send(&rec, r), 200);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        assert_true(point.start_ns <= point.time_ns);
        if (kit_is(point.name, "calls") && otel_recorded_int(&point.attributes, "k", &k)) arrived[k]++;
    }
}

static int each_second(void *user, const otel_request_t *r)
{
    (void)user;
    if (++turn % 2 == 0) return bad;
    note(r);
    return 200;
}

static void the_end_of_a_round_comes_though_every_second_request_fails(void **state)
{
    static const int answers[] = { OTEL_AGAIN, 429, -1 };
    unsigned run, i, k;
    (void)state;
    for (run = 0; run < LENGTH(answers); run++) {
        bad = answers[run];
        start(700, each_second, NULL, 1);
        for (k = 0; k < 20; k++) otel_counter_add(&calls, 1, "k", (int)k);
        for (i = 0; i < 400; i++) {
            now_ns += 100 * MS;
            assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        }
        for (k = 0; k < 20; k++) assert_true(arrived[k] > 5);
        assert_int_equal(otel_export_flush(&ex, 60000), OTEL_OK);
        kit_stop();
    }
}

static int takes_little(void *user, const otel_request_t *r)
{
    (void)user;
    if (r->len > longest) return 413;
    note(r);
    return 200;
}

static void a_receiver_that_takes_little_gets_all_the_points(void **state)
{
    unsigned k;
    (void)state;
    longest = 400;
    start(sizeof packet, takes_little, NULL, 1);
    for (k = 0; k < 40; k++) otel_counter_add(&calls, 1, "k", (int)k);
    assert_int_equal(otel_export_flush(&ex, 60000), OTEL_OK);
    for (k = 0; k < 40; k++) assert_int_equal(arrived[k], 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_METRICS).dropped[OTEL_DROP_TOO_LARGE], 0);
    longest = 0;                                          /* not even one point */
    otel_counter_add(&later, 1);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 60000), OTEL_OK);
    assert_true(kit_stats(&ex, OTEL_SIGNAL_METRICS).dropped[OTEL_DROP_TOO_LARGE] >= 41);
    kit_stop();
}

static int64_t sum_of_total;
static double sum_of_real;
static int status, value;
static bool tells;

static int differences(void *user, const otel_request_t *r)
{
    otel_recorded_point_t point;
    uint32_t i;
    (void)user;
    if (status != 200) return status;
    note(r);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        if (kit_is(point.name, "total")) sum_of_total += point.int_value;
        if (kit_is(point.name, "real")) {
            assert_true(point.double_value >= 0);
            sum_of_real += point.double_value;
        }
    }
    return 200;
}

static void tell(void *user)
{
    (void)user;
    if (!tells) return;
    otel_observe(&total, value, "k", 1);
    otel_observe(&real, (double)value);
}

static void what_callbacks_told_for_a_lost_packet_is_not_lost(void **state)
{
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static otel_callback_t callback = OTEL_CALLBACK(tell, NULL);
    unsigned fails, i;
    (void)state;
    for (fails = 1; fails < 40; fails += 19) {
        sum_of_total = 0;
        sum_of_real = 0;
        start(sizeof packet, differences, &delta, 1);
        assert_int_equal(otel_callback_register(&callback), OTEL_OK);
        otel_counter_add(&later, 1);
        tells = true;
        value = 5;
        status = -1;
        assert_int_equal(otel_export_flush(&ex, 0), OTEL_E_TIMEOUT);
        tells = false;
        for (i = 0; i < fails; i++) {
            now_ns += 60000 * MS;
            assert_int_equal(otel_export_poll(&ex), OTEL_OK);
        }
        status = 200;
        now_ns += 60000 * MS;
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        tells = true;
        value = 7;
        now_ns += 60000 * MS;
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(sum_of_total == 7 && sum_of_real > 6.9 && sum_of_real < 7.1);
        value = 3;                                        /* the total begins anew */
        now_ns += 60000 * MS;
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(sum_of_total == 10 && sum_of_real > 9.9 && sum_of_real < 10.1);
        otel_callback_unregister(&callback);
        kit_stop();
    }
}

static void a_series_that_begins_during_a_round_keeps_its_start(void **state)
{
    otel_recorded_point_t point;
    uint64_t began = 0;
    unsigned round, k;
    uint32_t i;
    int64_t n;
    (void)state;
    start(400, NULL, NULL, 1);
    for (k = 0; k < 20; k++) otel_counter_add(&calls, 1, "k", (int)k);
    for (round = 0; round < 3; round++) {
        now_ns += 60000 * MS;
        for (k = 0; otel_export_next(&ex, &request); k++) {
            note(&request);
            for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
                if (!otel_recorded_int(&point.attributes, "k", &n) || n != 30) continue;
                assert_true(began == 0 || point.start_ns == began);
                began = point.start_ns;
            }
            now_ns += 500 * MS;
            if (round == 0 && k == 0) otel_counter_add(&calls, 7, "k", 30);
            otel_export_done(&ex, 200);
        }
    }
    assert_true(began != 0);
    kit_stop();
}

static void extremes_that_another_reader_took_are_not_told(void **state)
{
    static otel_temporality_t one = OTEL_DELTA_IN(kept);
    static uint64_t kept_by_other[200];
    static otel_temporality_t two = OTEL_DELTA_IN(kept_by_other);
    otel_recorded_point_t point;
    (void)state;
    start(sizeof packet, otel_recorder_send, &one, 1);
    otel_histogram_record(&took, 1);
    otel_histogram_record(&took, 25);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_point(&rec, "took", &point) && point.has_min && point.has_max);
    assert_int_equal(otel_export_shutdown(&ex, 1000), OTEL_OK);
    now_ns += 1000 * MS;
    otel_histogram_record(&took, 12);
    otel_recorder_clear(&rec);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .temporality = &two, .idle = kit_idle), OTEL_OK);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_point(&rec, "took", &point) && point.count == 3 && !point.has_min && !point.has_max);
    kit_stop();
}

static void a_bound_series_of_a_view_keeps_its_buckets_in_the_next_life(void **state)
{
    static const char *const none[] = { NULL };
    static const otel_view_t views[] = { { .instrument = "seen", .keep = none } };
    static uint64_t words[400];
    static otel_metric_settings_t settings = { .views = views, .views_len = 1, .memory = words, .memory_len = LENGTH(words) };
    otel_series_t *bound = NULL;
    otel_recorded_point_t point;
    unsigned life;
    (void)state;
    for (life = 0; life < 2; life++) {
        now_ns = T0;
        assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
        assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
        assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
        if (!bound) bound = otel_histogram_bind(&seen, "k", 1);
        otel_series_record(bound, 5.0);
        otel_series_record(bound, 15.0);
        otel_histogram_record(&seen, 7.0, "k", 2);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_point(&rec, "seen", &point) && point.count == 3 && point.min > 4.9 && point.min < 5.1);
        kit_stop();
    }
}

/* ---- threads and forks ---- */
/* Once, where `hold` says so: the test forks meanwhile. */
static void stand_here(void)
{
    if (!hold) return;
    hold = 0;
    (void)pthread_barrier_wait(&meet);
    (void)pthread_barrier_wait(&meet);
}

static void slow(void *user)
{
    (void)user;
    stand_here();
    otel_observe(&level, 42);
}

static void *collect(void *user)
{
    (void)user;
    (void)otel_export_flush(&ex, 1000);
    return NULL;
}

static void a_fork_during_callbacks_leaves_the_child_its_callbacks(void **state)
{
    static otel_callback_t callback = OTEL_CALLBACK(slow, NULL);
    pthread_t thread;
    pid_t child;
    int ended = -1;
    (void)state;
    start(sizeof packet, otel_recorder_send, NULL, 4);
    assert_int_equal(pthread_barrier_init(&meet, NULL, 2), 0);
    assert_int_equal(otel_callback_register(&callback), OTEL_OK);
    hold = 1;
    assert_int_equal(pthread_create(&thread, NULL, collect, NULL), 0);
    (void)pthread_barrier_wait(&meet);
    child = fork();
    if (child == 0) {
        otel_recorded_point_t point;
        otel_after_fork(&otel);
        otel_recorder_clear(&rec);
        now_ns += 60000 * MS;
        _exit(otel_export_flush(&ex, 1000) == OTEL_OK && otel_recorder_find_point(&rec, "level", &point) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    (void)pthread_barrier_wait(&meet);
    (void)pthread_join(thread, NULL);
    otel_callback_unregister(&callback);
    kit_stop();
}

static unsigned sends;
static int answer;

static int held_once(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    sends++;
    stand_here();
    return answer;
}

static void *one_span(void *user)
{
    kit_span("s");
    return user;
}

static void a_simple_processor_goes_on_in_the_child_and_asks_once(void **state)
{
    static otel_simple_t simple = { &ex, 0 };
    static otel_processor_t processor;
    static const otel_processor_t *const list[] = { &processor, NULL };
    static const otel_span_settings_t settings = { .processors = list };
    pthread_t thread;
    pid_t child;
    int ended = -1;
    (void)state;
    processor = otel_processor_simple(&simple);
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .shards = 4, .spans = otel_spans(&settings)), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = held_once, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    assert_int_equal(pthread_barrier_init(&meet, NULL, 2), 0);
    answer = 200;
    hold = 1;
    assert_int_equal(pthread_create(&thread, NULL, one_span, NULL), 0);
    (void)pthread_barrier_wait(&meet);
    child = fork();
    if (child == 0) {
        unsigned i;
        otel_after_fork(&otel);
        sends = 0;
        for (i = 0; i < 100; i++) kit_span("child");
        _exit(sends == 100 && kit_stats(&ex, OTEL_SIGNAL_TRACES).exported == 100 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    (void)pthread_barrier_wait(&meet);
    (void)pthread_join(thread, NULL);
    answer = OTEL_AGAIN;
    sends = 0;
    kit_span("busy");
    assert_int_equal(sends, 1);                           /* not time and again in the thread that ends a span */
    kit_stop();
}

/* Sums of all differences while a thread records: what a point does not say is not told. */
static otel_histogram_t raced = OTEL_HISTOGRAM("raced", OTEL_BOUNDS(10, 20));
static bool enough;
static uint64_t made;

static void *record_on(void *user)
{
    while (!OTEL_LOAD_(&enough)) {
        otel_histogram_record(&raced, 1);
        made++;
    }
    return user;
}

static double told_by(otel_metric_reader_t *reader)
{
    static uint8_t out[4096];
    otel_recorded_point_t point;
    double sum = 0;
    size_t n;
    uint32_t i;
    while ((n = otel_metric_reader_collect(reader, out, sizeof out)) > 0) {
        memset((void *)&request, 0, sizeof request);
        request.body = out;
        request.len = n;
        request.signal = OTEL_SIGNAL_METRICS;
        request.items = reader->points;
        note(&request);
        for (i = 0; otel_recorder_point(&rec, i, &point); i++) if (kit_is(point.name, "raced")) sum += point.sum;
        otel_metric_reader_confirm(reader);
    }
    return sum;
}

static void differences_of_a_histogram_add_up_while_it_is_recorded(void **state)
{
    static otel_temporality_t delta = OTEL_DELTA_IN(kept);
    static otel_metric_reader_t reader;
    pthread_t thread;
    double sum = 0;
    unsigned i;
    (void)state;
    start(sizeof packet, otel_recorder_send, NULL, 1);
    assert_int_equal(otel_metric_reader_init(&reader, .otel = &otel, .temporality = &delta), OTEL_OK);
    assert_int_equal(pthread_create(&thread, NULL, record_on, NULL), 0);
    for (i = 0; i < 30000; i++) sum += told_by(&reader);
    OTEL_STORE_(&enough, true);
    (void)pthread_join(thread, NULL);
    sum += told_by(&reader);
    assert_int_equal((uint64_t)(sum + 0.5), made);
    kit_stop();
}

/* ---- shutdown from inside ---- */
static otel_result_t inner;

static int shuts_down(void *user, const otel_request_t *r)
{
    (void)user;
    (void)r;
    inner = otel_shutdown(&otel, 100);
    return 200;
}

static void a_shutdown_from_inside_leaves_all_exporters(void **state)
{
    static otel_exporter_t other;
    static uint8_t packet_of_other[4096];
    (void)state;
    start(sizeof packet, shuts_down, NULL, 1);
    assert_int_equal(otel_exporter_init(&other, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet_of_other, .buffer_size = sizeof packet_of_other, .idle = kit_idle), OTEL_OK);
    kit_span("s");
    now_ns += 6000 * MS;
    assert_int_equal(otel_export_poll(&ex), OTEL_OK);
    assert_int_equal(inner, OTEL_E_NESTED);
    kit_span("s");
    now_ns += 6000 * MS;
    assert_int_equal(otel_export_poll(&other), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 2);
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_a_round_comes_though_every_second_request_fails), cmocka_unit_test(a_receiver_that_takes_little_gets_all_the_points),
        cmocka_unit_test(what_callbacks_told_for_a_lost_packet_is_not_lost), cmocka_unit_test(a_series_that_begins_during_a_round_keeps_its_start),
        cmocka_unit_test(extremes_that_another_reader_took_are_not_told), cmocka_unit_test(a_bound_series_of_a_view_keeps_its_buckets_in_the_next_life),
        cmocka_unit_test(a_fork_during_callbacks_leaves_the_child_its_callbacks), cmocka_unit_test(a_simple_processor_goes_on_in_the_child_and_asks_once),
        cmocka_unit_test(differences_of_a_histogram_add_up_while_it_is_recorded), cmocka_unit_test(a_shutdown_from_inside_leaves_all_exporters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
