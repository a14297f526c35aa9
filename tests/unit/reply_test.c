#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "otel_export.h"
#include "body.h"

static bool said(const otel_reply_t *reply, const char *text)
{
    return reply->message_len == strlen(text) && memcmp(reply->message, text, reply->message_len) == 0;
}

static bool read_body(otel_reply_t *reply, const body_t *b, uint32_t items) { return otel_reply_read_(reply, b->bytes, b->len, items); }

/* ExportTraceServiceResponse with a partial success. */
static void partial(body_t *b, uint64_t rejected, const char *message)
{
    memset(b, 0, sizeof *b);
    body_begin(b, 1);
    body_varint(b, 1, rejected);
    if (message) body_text(b, 2, message);
    body_end(b);
}

/* google.rpc.Status with RetryInfo. */
static void status(body_t *b, unsigned code, const char *message, bool retry, int64_t seconds, int64_t nanos)
{
    memset(b, 0, sizeof *b);
    body_varint(b, 1, code);
    body_text(b, 2, message);
    if (!retry) return;
    body_begin(b, 3);
    body_text(b, 1, "type.googleapis.com/google.rpc.RetryInfo");
    body_begin(b, 2);
    body_begin(b, 1);
    body_varint(b, 1, (uint64_t)seconds);
    if (nanos) body_varint(b, 2, (uint64_t)nanos);
    body_end(b);
    body_end(b);
    body_end(b);
}

static void full_success_is_an_empty_body_or_an_empty_message(void **state)
{
    static const uint8_t empty[] = { 0x0A, 0x00 };
    otel_reply_t reply;
    (void)state;
    assert_true(otel_reply_read_(&reply, NULL, 0, 5));
    assert_true(otel_reply_read_(&reply, empty, 2, 5));
    assert_int_equal(reply.rejected, 0);
    assert_null(reply.message);
}

static void partial_success_counts_what_was_rejected(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    partial(&b, 3, "span rejected: too old");
    assert_true(read_body(&reply, &b, 10));
    assert_int_equal(reply.rejected, 3);
    assert_true(said(&reply, "span rejected: too old"));
    assert_false(reply.too_large);
}

static void a_warning_rejects_nothing(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    partial(&b, 0, "warning only");
    assert_true(read_body(&reply, &b, 10));
    assert_int_equal(reply.rejected, 0);
    assert_true(said(&reply, "warning only"));
}

static void counts_beyond_reason_are_clamped(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    partial(&b, 300, "out of bounds");
    assert_true(read_body(&reply, &b, 10) && reply.rejected == 10);
    partial(&b, (uint64_t)INT64_MAX, NULL);
    assert_true(read_body(&reply, &b, 10) && reply.rejected == 10);
    partial(&b, (uint64_t)-1, NULL);
    assert_true(read_body(&reply, &b, 10) && reply.rejected == 0);
    partial(&b, (uint64_t)INT64_MIN, NULL);
    assert_true(read_body(&reply, &b, 10) && reply.rejected == 0);
}

static void status_gives_code_and_message(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    status(&b, 14, "data refused due to high memory usage", false, 0, 0);
    assert_true(read_body(&reply, &b, 1));
    assert_int_equal(reply.code, 14);
    assert_true(said(&reply, "data refused due to high memory usage"));
    assert_int_equal(reply.retry_after_ms, 0);
}

static void retry_info_says_how_long_to_wait(void **state)
{
    static const struct { int64_t seconds, nanos; uint32_t ms; } table[] = {
        { 2, 500000000, 2500 }, { 0, 1, 1 }, { 0, 999999999, 1000 }, { 30, 0, 30000 }, { 0, 0, 0 }, { -1, 0, 0 }, { 1, -1, 0 },
        { 4000000, 0, 4000000000u }, { INT64_MAX, 999999999, 4000000000u },
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        otel_reply_t reply;
        body_t b;
        status(&b, 8, "resource exhausted", true, table[i].seconds, table[i].nanos);
        assert_true(read_body(&reply, &b, 1));
        assert_int_equal(reply.code, 8);
        assert_int_equal(reply.retry_after_ms, table[i].ms);
    }
}

static void other_details_are_no_time_to_wait(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    memset(&b, 0, sizeof b);
    body_varint(&b, 1, 3);
    body_text(&b, 2, "bad");
    body_begin(&b, 3);
    body_text(&b, 1, "type.googleapis.com/google.rpc.BadRequest");
    body_bytes(&b, 2, "\x0a\x18\x0a\x11resource_spans[0]\x12\x01x", 24);
    body_end(&b);
    assert_true(read_body(&reply, &b, 1));
    assert_int_equal(reply.retry_after_ms, 0);
    assert_int_equal(reply.code, 3);
}

static void a_request_that_is_too_large_is_recognised_by_its_message(void **state)
{
    otel_reply_t reply;
    body_t b;
    (void)state;
    status(&b, 3, "http: Request Body Too Large", false, 0, 0);
    assert_true(read_body(&reply, &b, 1) && reply.too_large);
    status(&b, 8, "grpc: received message larger than max (5 vs. 4)", false, 0, 0);
    assert_true(read_body(&reply, &b, 1) && reply.too_large);
    status(&b, 3, "not to o large", false, 0, 0);
    assert_true(read_body(&reply, &b, 1) && !reply.too_large);
}

static void messages_end_with_a_whole_character(void **state)
{
    char text[400];
    otel_reply_t reply;
    body_t b;
    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + 255, "\xE2\x82\xAC", 3);
    text[399] = 0;
    partial(&b, 1, text);
    assert_true(read_body(&reply, &b, 9));
    assert_int_equal(reply.message_len, 255);
    partial(&b, 1, "ab\xFF" "cd");
    assert_true(read_body(&reply, &b, 9));
    assert_int_equal(reply.message_len, 2);
}

/* Every cut of every body: nothing is read behind the end, and nothing is trusted that is not whole. */
static void a_cut_body_gives_what_is_whole(void **state)
{
    body_t b;
    size_t n;
    (void)state;
    status(&b, 8, "resource exhausted", true, 2, 500000000);
    for (n = 0; n <= b.len; n++) {
        uint8_t *copy = (uint8_t *)malloc(n ? n : 1);
        otel_reply_t reply;
        assert_non_null(copy);
        memcpy(copy, b.bytes, n);
        assert_true(otel_reply_read_(&reply, copy, n, 1));
        assert_int_equal(reply.code, n >= 2 ? 8 : 0);
        assert_int_equal(reply.retry_after_ms, n == b.len ? 2500 : 0);
        assert_int_equal(reply.message_len, n < 4 ? 0 : n < 22 ? n - 4 : 18);
        free(copy);
    }
}

static void only_512_bytes_are_read(void **state)
{
    otel_reply_t reply;
    body_t b;
    uint8_t *copy = (uint8_t *)malloc(512);
    (void)state;
    assert_non_null(copy);
    memset(&b, 0, sizeof b);
    body_begin(&b, 1);
    body_varint(&b, 1, 4);
    body_begin(&b, 2);
    memset(b.bytes + b.len, 'y', 3000);
    b.len += 3000;
    body_end(&b);
    body_end(&b);
    memcpy(copy, b.bytes, 512);
    assert_true(otel_reply_read_(&reply, copy, b.len, 100));          /* the block is shorter than it claims to be */
    assert_int_equal(reply.rejected, 4);
    assert_int_equal(reply.message_len, 256);
    free(copy);
}

static void what_is_neither_answer_says_nothing(void **state)
{
    static const char *const bodies[] = { "<html><body>502 Bad Gateway</body></html>", "{\"code\":14,\"message\":\"x\"}", "upstream connect error", "\x08\x0e\x12\x01x\x0b" };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        otel_reply_t reply;
        assert_false(otel_reply_read_(&reply, bodies[i], strlen(bodies[i]), 3));
        assert_true(reply.rejected == 0 && reply.code == 0 && reply.retry_after_ms == 0 && !reply.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_success_is_an_empty_body_or_an_empty_message),
        cmocka_unit_test(partial_success_counts_what_was_rejected),
        cmocka_unit_test(a_warning_rejects_nothing),
        cmocka_unit_test(counts_beyond_reason_are_clamped),
        cmocka_unit_test(status_gives_code_and_message),
        cmocka_unit_test(retry_info_says_how_long_to_wait),
        cmocka_unit_test(other_details_are_no_time_to_wait),
        cmocka_unit_test(a_request_that_is_too_large_is_recognised_by_its_message),
        cmocka_unit_test(messages_end_with_a_whole_character),
        cmocka_unit_test(a_cut_body_gives_what_is_whole),
        cmocka_unit_test(only_512_bytes_are_read),
        cmocka_unit_test(what_is_neither_answer_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
