#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "otel_export.h"

static uint8_t memory[512];
static otel_recorder_t rec;

static int set_up(void **state)
{
    (void)state;
    return otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory) != OTEL_OK;
}

static otel_request_t empty(void)
{
    otel_request_t request;
    memset(&request, 0, sizeof request);
    request.body = "";
    return request;
}

static void steps_answer_in_turn_and_then_all_goes_through(void **state)
{
    static const otel_fault_step_t steps[] = { { .answer = -1, .times = 2 }, { .answer = 503 }, { .answer = OTEL_AGAIN }, { .answer = OTEL_PENDING } };
    static const int expected[] = { -1, -1, 503, OTEL_AGAIN, OTEL_PENDING, 200, 200 };
    otel_fault_t fault;
    otel_request_t request = empty();
    uint32_t i;
    (void)state;
    assert_int_equal(otel_fault_init(&fault, .steps = steps, .steps_len = 4, .send = otel_recorder_send, .user = &rec), OTEL_OK);
    for (i = 0; i < 7; i++) {
        assert_int_equal(otel_fault_over(&fault), i >= 5);
        assert_int_equal(otel_fault_send(&fault, &request), expected[i]);
        assert_int_equal(otel_fault_calls(&fault), i + 1);
    }
    assert_int_equal(otel_fault_delivered(&fault), 2);
    assert_int_equal(otel_recorder_requests(&rec), 2);
}

static void a_lost_answer_delivers_all_the_same(void **state)
{
    static const otel_fault_step_t steps[] = { { .answer = -1, .deliver = true } };
    otel_fault_t fault;
    otel_request_t request = empty();
    (void)state;
    (void)otel_fault_init(&fault, .steps = steps, .steps_len = 1, .send = otel_recorder_send, .user = &rec);
    assert_int_equal(otel_fault_send(&fault, &request), -1);
    assert_int_equal(otel_recorder_requests(&rec), 1);
}

static void a_step_without_an_answer_gives_the_inner_one(void **state)
{
    static const otel_fault_step_t steps[] = { { .times = 2 }, { .answer = 500, .times = OTEL_FAULT_FOREVER } };
    otel_fault_t fault;
    otel_request_t request = empty();
    int i;
    (void)state;
    (void)otel_fault_init(&fault, .steps = steps, .steps_len = 2, .send = otel_recorder_send, .user = &rec);
    assert_int_equal(otel_fault_send(&fault, &request), 200);
    request.body = "\x0b";
    request.len = 1;
    assert_int_equal(otel_fault_send(&fault, &request), 400);
    for (i = 0; i < 20; i++) assert_int_equal(otel_fault_send(&fault, &request), 500);
    assert_false(otel_fault_over(&fault));
}

static void without_an_inner_transport_everything_is_taken(void **state)
{
    otel_fault_t fault;
    otel_request_t request = empty();
    (void)state;
    assert_int_equal(otel_fault_init(&fault, .send = NULL), OTEL_OK);
    assert_int_equal(otel_fault_send(&fault, &request), 200);
    assert_int_equal(otel_fault_init(&fault, .steps_len = 1), OTEL_E_NULL);
    assert_int_equal(otel_fault_init(NULL, .steps_len = 0), OTEL_E_NULL);
    assert_int_equal(otel_fault_send(NULL, &request), -1);
    assert_true(otel_fault_over(NULL));
}

/* ---- in front of an exporter ---- */

static uint64_t now_ns;
static uint64_t ticks(void *user)
{
    (void)user;
    return now_ns;
}

static void idle(void *user, uint32_t ms)
{
    (void)user;
    now_ns += (uint64_t)ms * 1000000u;
}

/* The receiver asks for two seconds, and then for three in the body: the exporter waits as long. */
static void an_exporter_hears_what_a_step_says(void **state)
{
    static const uint8_t status[] = "\x08\x08\x1A\x32\x0A\x28type.googleapis.com/google.rpc.RetryInfo\x12\x06\x0A\x04\x08\x03\x10\x00";
    static const otel_fault_step_t steps[] = { { .answer = 429, .retry_after = "2" }, { .answer = 503, .reply = status, .reply_len = sizeof status - 1 } };
    static uint8_t pool[2048], packet[1024];
    static otel_t otel;
    static otel_exporter_t ex;
    static otel_fault_t fault;
    otel_recorded_log_t log;
    uint64_t begin;
    (void)state;
    now_ns = 1700000000000000000u;
    assert_int_equal(otel_init(&otel, .service = "faults", .clock = ticks, .pool = pool, .pool_size = sizeof pool), OTEL_OK);
    assert_int_equal(otel_fault_init(&fault, .steps = steps, .steps_len = 2, .send = otel_recorder_send, .user = &rec, .exporter = &ex), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_fault_send, .user = &fault, .buffer = packet, .buffer_size = sizeof packet, .idle = idle), OTEL_OK);
    otel_log(OTEL_INFO, "still here");
    begin = now_ns;
    assert_int_equal(otel_export_flush(&ex, 60000), OTEL_OK);
    assert_int_equal(otel_fault_calls(&fault), 3);
    assert_in_range((now_ns - begin) / 1000000u, 5000, 5100);
    assert_true(otel_recorder_find_log(&rec, "still here", &log));
    assert_int_equal(otel_recorder_logs(&rec), 1);
    (void)otel_shutdown(&otel, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(steps_answer_in_turn_and_then_all_goes_through, set_up),
        cmocka_unit_test_setup(a_lost_answer_delivers_all_the_same, set_up),
        cmocka_unit_test_setup(a_step_without_an_answer_gives_the_inner_one, set_up),
        cmocka_unit_test_setup(without_an_inner_transport_everything_is_taken, set_up),
        cmocka_unit_test_setup(an_exporter_hears_what_a_step_says, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
