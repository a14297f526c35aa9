#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "otel_export.h"

/* The bytes in a block of exactly their size, so that a sanitizer sees a step too far. */
static uint8_t *block(const void *bytes, size_t len)
{
    uint8_t *copy = (uint8_t *)malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    return copy;
}

static void fields_come_one_after_the_other(void **state)
{
    static const uint8_t bytes[] = { 0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1A, 2, 'h', 'i', 0x25, 1, 0, 0, 0x80, 0xFA, 0xFF, 0xFF, 0xFF, 0x0F, 0 };
    uint8_t *copy = block(bytes, sizeof bytes);
    otel_pb_t_ m = otel_pb_open_(copy, sizeof bytes);
    otel_pb_field_t_ f;
    (void)state;
    assert_true(otel_pb_next_(&m, &f) && f.number == 1 && f.type == OTEL_PB_VARINT_ && f.value == 150);
    assert_true(otel_pb_next_(&m, &f) && f.number == 2 && f.type == OTEL_PB_FIXED64_ && f.value == 0x0807060504030201u);
    assert_true(otel_pb_next_(&m, &f) && f.number == 3 && f.type == OTEL_PB_SLICE_ && f.len == 2 && memcmp(f.bytes, "hi", 2) == 0);
    assert_true(otel_pb_next_(&m, &f) && f.number == 4 && f.type == OTEL_PB_FIXED32_ && f.value == 0x80000001u);
    assert_true(otel_pb_next_(&m, &f) && f.number == 0x1FFFFFFF && f.type == OTEL_PB_SLICE_ && f.len == 0);
    assert_false(otel_pb_next_(&m, &f));
    assert_false(m.broken);
    free(copy);
}

static void nothing_is_an_empty_message(void **state)
{
    otel_pb_t_ m = otel_pb_open_(NULL, 7);
    otel_pb_field_t_ f;
    (void)state;
    assert_false(otel_pb_next_(&m, &f));
    assert_false(m.broken);
}

static void padded_varints_of_ten_bytes_are_taken(void **state)
{
    static const uint8_t padded[] = { 0x88, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 };
    static const uint8_t most[] = { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 };
    otel_pb_t_ m = otel_pb_open_(padded, sizeof padded);
    otel_pb_field_t_ f;
    (void)state;
    assert_int_equal(sizeof padded, OTEL_PB_HEAD_);
    assert_true(otel_pb_next_(&m, &f) && f.number == 1 && f.value == 5);
    m = otel_pb_open_(most, sizeof most);
    assert_true(otel_pb_next_(&m, &f) && f.value == UINT64_MAX);
}

/* Each must end the message as broken, also when more bytes follow. */
static void what_is_no_field_is_refused(void **state)
{
    static const struct { uint8_t len; uint8_t bytes[14]; } bad[] = {
        { 11, { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 } },                /* 65 bits */
        { 12, { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 } },          /* eleven bytes */
        { 2, { 0x00, 0x00 } },                                                                       /* field 0 */
        { 2, { 0x0B, 0x0C } }, { 1, { 0x0C } }, { 2, { 0x0E, 0 } }, { 2, { 0x0F, 0 } },              /* groups, wire types 6 and 7 */
        { 6, { 0x80, 0x80, 0x80, 0x80, 0x10, 0 } },                                                  /* a tag of 33 bits */
        { 1, { 0x08 } }, { 2, { 0x08, 0x80 } }, { 1, { 0x88 } },                                     /* cut */
        { 8, { 0x09, 1, 2, 3, 4, 5, 6, 7 } }, { 4, { 0x0D, 1, 2, 3 } }, { 3, { 0x0A, 2, 'a' } },
        { 11, { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 } },                /* a length of 2^64 - 1 */
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t *copy = block(bad[i].bytes, bad[i].len);
        otel_pb_t_ m = otel_pb_open_(copy, bad[i].len);
        otel_pb_field_t_ f;
        assert_false(otel_pb_next_(&m, &f));
        assert_true(m.broken);
        assert_false(otel_pb_next_(&m, &f));
        free(copy);
    }
}

static void a_cuttable_message_gives_what_is_there(void **state)
{
    static const uint8_t bytes[] = { 0x08, 5, 0x12, 100, 'a', 'b' };
    otel_pb_t_ m = otel_pb_open_(bytes, sizeof bytes);
    otel_pb_field_t_ f;
    (void)state;
    m.cuttable = true;
    assert_true(otel_pb_next_(&m, &f));
    assert_true(otel_pb_next_(&m, &f) && f.len == 2 && m.cut && !m.broken);
    assert_false(otel_pb_next_(&m, &f));
    m = otel_pb_open_(bytes, 3);
    m.cuttable = true;
    assert_true(otel_pb_next_(&m, &f));
    assert_false(otel_pb_next_(&m, &f));
    assert_true(m.cut && !m.broken);
}

static void doubles_keep_their_bits(void **state)
{
    static const double values[] = { 0.0, -0.0, 1.0, -1.5, 1e308, 5e-324, 0.1 };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof values / sizeof *values; i++) {
        double back = otel_bits_double_(otel_double_bits_(values[i]));
        assert_memory_equal(&back, &values[i], sizeof back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_one_after_the_other),
        cmocka_unit_test(nothing_is_an_empty_message),
        cmocka_unit_test(padded_varints_of_ten_bytes_are_taken),
        cmocka_unit_test(what_is_no_field_is_refused),
        cmocka_unit_test(a_cuttable_message_gives_what_is_there),
        cmocka_unit_test(doubles_keep_their_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
