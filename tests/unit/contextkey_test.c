/* Values that go along with a context: from context to context, to child spans and back, and never over a wire. */
#include "kit.h"

static const otel_context_key_t user = OTEL_CONTEXT_KEY("user"), other = OTEL_CONTEXT_KEY("user");

static void a_context_with_a_value_is_another_context(void **state)
{
    otel_context_value_t place[3];
    otel_context_t none, one, two, again;
    (void)state;
    none = otel_context_with(NULL, NULL, "x", &place[0]);
    assert_null(otel_context_value(&none, &user));
    one = otel_context_with(&none, &user, "ada", &place[0]);
    two = otel_context_with(&one, &other, "bob", &place[1]);
    again = otel_context_with(&two, &user, "eve", &place[2]);
    assert_null(otel_context_value(&none, &user));
    assert_string_equal((const char *)otel_context_value(&one, &user), "ada");
    assert_null(otel_context_value(&one, &other));                 /* the same name is another key */
    assert_string_equal((const char *)otel_context_value(&two, &other), "bob");
    assert_string_equal((const char *)otel_context_value(&two, &user), "ada");
    assert_string_equal((const char *)otel_context_value(&again, &user), "eve");
    assert_string_equal((const char *)otel_context_value(&again, &other), "bob");
    assert_null(otel_context_value(NULL, &user));
    assert_null(otel_context_value(&again, NULL));
    again = otel_context_with(&two, &user, NULL, &place[2]);       /* taken away for those below */
    assert_null(otel_context_value(&again, &user));
    assert_false(otel_context_valid(&one));
}

static int headers;
static void count_headers(void *to, const char *name, const char *value)
{
    (void)to;
    (void)value;
    assert_string_equal(name, "traceparent");
    headers++;
}

static void children_have_what_their_parent_had(void **state)
{
    otel_context_value_t place[2];
    otel_context_t with, in, below;
    otel_recorded_span_t a, b;
    (void)state;
    kit_start();
    with = otel_context_with(NULL, &user, "ada", &place[0]);
    OTEL_SPAN(root, "root", .parent = &with) {
        in = otel_span_context(root);
        assert_string_equal((const char *)otel_context_value(&in, &user), "ada");
        OTEL_SPAN(child, "child") {
            in = otel_span_context(otel_span_current());
            assert_string_equal((const char *)otel_context_value(&in, &user), "ada");
            below = otel_context_with(&in, &other, "bob", &place[1]);
            OTEL_SPAN(inner, "inner", .parent = &below) {
                in = otel_span_context(inner);
                assert_string_equal((const char *)otel_context_value(&in, &other), "bob");
                assert_string_equal((const char *)otel_context_value(&in, &user), "ada");
                headers = 0;
                otel_inject(inner, count_headers, NULL);
                assert_int_equal(headers, 1);
            }
            in = otel_span_context(otel_span_current());
            assert_null(otel_context_value(&in, &other));
        }
    }
    OTEL_SPAN(next, "next") {
        in = otel_span_context(next);
        assert_null(otel_context_value(&in, &user));
    }
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "child", &a) && otel_recorder_find_span(&rec, "inner", &b));
    assert_memory_equal(b.parent_id, a.span_id, 8);
    assert_memory_equal(b.trace_id, a.trace_id, 16);
    kit_stop();
    OTEL_SPAN(idle, "not running", .parent = &with) {
        in = otel_span_context(idle);
        assert_string_equal((const char *)otel_context_value(&in, &user), "ada");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_context_with_a_value_is_another_context),
        cmocka_unit_test(children_have_what_their_parent_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
