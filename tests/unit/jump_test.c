/* Every way out of a span's block ends it once. C and C++, with the cleanup attribute and without: then, in C, fall-through
   and continue end it, OTEL_SPAN_RETURN is for the rest, and what leaves otherwise is lost, but never pointed to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "otel_export.h"

#ifdef OTEL_SPAN_HERE
#define LEAVES 1u                         /* break, return and goto end the span */
#else
#define LEAVES 0u
#endif

static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[8192];

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
    return otel_init(&otel, .service = "jumps", .clock = fake_clock, .pool = pool, .pool_size = sizeof pool) != OTEL_OK || otel_exporter_init(&ex, .otel = &otel) != OTEL_OK;
}

/* Spans that ended. The law says whether one ended twice: then more are queued than were made. */
static unsigned ended(void)
{
    otel_stats_t stats;
    assert_int_equal(otel_stats(&ex, &stats), OTEL_OK);
    assert_int_equal(stats.signal[OTEL_SIGNAL_TRACES].created, stats.signal[OTEL_SIGNAL_TRACES].queued);
    return (unsigned)stats.signal[OTEL_SIGNAL_TRACES].created;
}

/* After a block nothing points to its memory; a new span can start and has no use for it. */
static void assert_ended(unsigned n)
{
    assert_null(otel_span_current());
    assert_int_equal(ended(), n);
    OTEL_SPAN(after, "after") otel_span_set(after, "k", 1);
    assert_int_equal(ended(), n + 1);
}

static void fall_through_ends_it(void **state)
{
    int n = 0;
    (void)state;
    OTEL_SPAN(span, "a") {
        n++;
        otel_span_set(span, "n", n);
        assert_int_equal(ended(), 0);
    }
    assert_int_equal(n, 1);
    assert_ended(1);
}

static void a_block_of_one_statement(void **state)
{
    int n = 0;
    (void)state;
    OTEL_SPAN(span, "a") n++;
    OTEL_SPAN(span, "b") {
        n++;
    }
    OTEL_SPAN(span, "c");
    assert_int_equal(n, 2);
    assert_ended(3);
}

static void continue_ends_it_and_the_loop_goes_on(void **state)
{
    int i, n = 0;
    (void)state;
    for (i = 0; i < 3; i++) {
        OTEL_SPAN(span, "a") {
            if (span) continue;
            n += 10;
        }
        n++;
    }
    assert_int_equal(n, 3);
    assert_ended(3);
}

static void break_leaves_the_span_not_the_loop(void **state)
{
    int i, n = 0;
    (void)state;
    for (i = 0; i < 5; i++) {
        OTEL_SPAN(span, "a") {
            if (span) break;
        }
        n++;
    }
    assert_int_equal(n, 5);
    assert_ended(5 * LEAVES);
}

static void break_of_an_inner_loop_and_switch_stays_inside(void **state)
{
    int i = 0, n = 0;
    (void)state;
    OTEL_SPAN(span, "a") {
        for (i = 0; i < 9; i++) {
            if (i == 4) break;
        }
        switch (i) {
        case 4: break;
        default: n = 9;
        }
        do {
            if (i) continue;
        } while (0);
        n++;
        otel_span_set(span, "i", i);
    }
    assert_int_equal(n, 1);
    assert_ended(1);
}

static int returns(int early)
{
    OTEL_SPAN(span, "a") {
        if (early) return otel_span_error(span, 7, "early");
    }
    return 0;
}

static void return_ends_it(void **state)
{
    (void)state;
    assert_int_equal(returns(1), 7);
    assert_int_equal(returns(0), 0);
    assert_ended(1 + LEAVES);
}

static unsigned at_return;
static int ended_now(int v)
{
    at_return = ended();
    return v;
}
static int returns_explicitly(int v)
{
    OTEL_SPAN(span, "a") {
        OTEL_SPAN_RETURN(span, ended_now(v + 1));
    }
    return 0;
}
static void returns_nothing(void)
{
    OTEL_SPAN(span, "a") {
        OTEL_SPAN_RETURN(span, );
    }
}

static void span_return_ends_it_before_the_value_is_evaluated(void **state)
{
    (void)state;
    at_return = 99;
    assert_int_equal(returns_explicitly(4), 5);
    assert_int_equal(at_return, 1);
    returns_nothing();
    assert_ended(2);
}

static void goto_out_ends_it(void **state)
{
    int n = 0;
    (void)state;
    {
        OTEL_SPAN(span, "a") {
            if (span) goto out;
            n = 1;
        }
        n = 2;
    }
out:
    assert_int_equal(n, 0);
    assert_ended(LEAVES);
}

static void goto_inside_stays_inside(void **state)
{
    int n = 0;
    (void)state;
    OTEL_SPAN(span, "a") {
again:
        n++;
        if (n < 3) goto again;
        otel_span_set(span, "n", n);
    }
    assert_int_equal(n, 3);
    assert_ended(1);
}

static void inner_ends_before_outer_and_outer_is_current_again(void **state)
{
    (void)state;
    OTEL_SPAN(outer, "outer") {
        otel_context_t up = otel_span_context(outer);
        char parent[OTEL_TRACEPARENT_SIZE], child[OTEL_TRACEPARENT_SIZE];
        OTEL_SPAN(inner, "inner") {
            otel_traceparent(inner, child);
            if (LEAVES) break;
        }
        assert_int_equal(ended(), 1);
        otel_traceparent(outer, parent);
        assert_memory_equal(parent, child, 35);
        OTEL_SPAN(second, "second") {
            otel_context_t down = otel_span_context(second);
            assert_memory_equal(up.trace_id, down.trace_id, 16);
        }
#ifdef OTEL_SPAN_HERE
        assert_ptr_equal(otel_span_current(), outer);
#endif
    }
    assert_ended(3);
}

static int nested_return(void)
{
    OTEL_SPAN(outer, "outer") {
        OTEL_SPAN(inner, "inner") {
            otel_span_set(inner, "k", 1);
            if (outer) return 3;
        }
    }
    return 0;
}

static void return_ends_all_that_are_nested(void **state)
{
    (void)state;
    assert_int_equal(nested_return(), 3);
    assert_ended(2 * LEAVES);
}

static void an_else_belongs_to_the_if_before_the_block(void **state)
{
    int n = 0;
    (void)state;
    if (state != NULL && n)
        OTEL_SPAN(span, "a") n = 1;
    else
        n = 2;
    assert_int_equal(n, 2);
    assert_ended(0);
}

static void an_end_inside_is_the_end(void **state)
{
    (void)state;
    OTEL_SPAN(span, "a") {
        otel_span_end(span);
        assert_int_equal(ended(), 1);
        otel_span_set(span, "late", 1);
        otel_span_end(span);
    }
    assert_ended(1);
}

static void a_sized_block_holds_what_fits_there(void **state)
{
    char big[400];
    size_t i, at = 0;
    otel_request_t r;
    (void)state;
    memset(big, 'x', sizeof big);
    OTEL_SPAN_SIZED(span, 512, "a") otel_span_set(span, "big", OTEL_STR(big, sizeof big));
    assert_true(otel_export_next(&ex, &r));
    for (i = 0; i < r.parts_len; i++) {
        const char *bytes = (const char *)r.parts[i].bytes;
        size_t k;
        for (k = 0; k < r.parts[i].len; k++) at += bytes[k] == 'x';
    }
    assert_in_range(at, 400, 410);
    otel_export_done(&ex, 200);
}

static void out_of_order_takes_it_out_of_the_chain(void **state)
{
    otel_span_t a, b, c;
    (void)state;
    otel_span_start(&a, "a");
    otel_span_enter(&a);
    otel_span_start(&b, "b");
    otel_span_enter(&b);
    otel_span_start(&c, "c");
    otel_span_enter(&c);
    otel_span_end(&b);
    assert_ptr_equal(otel_span_current(), &c);
    otel_span_end(&c);
    assert_ptr_equal(otel_span_current(), &a);
    otel_span_end(&a);
    otel_span_leave(&a);
    assert_ended(3);
}

#ifdef OTEL_SPAN_HERE
#if !defined(__cplusplus) || !defined(OTEL_NO_CLEANUP)    /* a guard object hides from g++ that the block always runs: it warns */
static int set_inside(void)
{
    int v;
    OTEL_SPAN(span, "a") {
        v = (int)ended();
    }
    return v;
}

static void what_is_set_inside_is_set_behind(void **state)
{
    (void)state;
    assert_int_equal(set_inside(), 0);
    assert_ended(1);
}
#define SET_INSIDE cmocka_unit_test_setup(what_is_set_inside_is_set_behind, fresh),
#else
#define SET_INSIDE
#endif

static int here_in_a_loop(int x)
{
    int i;
    for (i = 0; i < 3; i++) {
        OTEL_SPAN_HERE(span, "a", .kind = OTEL_CLIENT);
        otel_span_set(span, "i", i);
        if (i == x) break;
        if (i == 0) continue;
    }
    return i;
}
static int here_and_return(int x)
{
    OTEL_SPAN_HERE(span, "a");
    if (x) return otel_span_error(span, 5, "m");
    return 0;
}
static void here_and_nothing_more(void)
{
    OTEL_SPAN_HERE(span, "unused");
}

static void here_ends_at_the_closing_brace(void **state)
{
    (void)state;
    assert_int_equal(here_in_a_loop(1), 1);
    assert_int_equal(here_and_return(1), 5);
    assert_int_equal(here_and_return(0), 0);
    here_and_nothing_more();
    {
        OTEL_SPAN_HERE(outer, "outer");
        OTEL_SPAN_HERE(inner, "inner");
        assert_ptr_equal(otel_span_current(), inner);
        otel_span_set(outer, "k", 1);
    }
    assert_ended(7);
}
#endif

/* ---- what is current behind a nested block, whose span may be of another trace, not sampled, or carry other things ---- */

static otel_decision_t drop_dropped(const otel_sampler_t *self, const otel_sampling_t *in)
{
    (void)self;
    if (in->name[0] == 'd') return OTEL_DECISION_DROP;
    return !in->parent || (in->parent->flags & 1u) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

static void the_outer_context_is_what_it_was_behind_a_block(void **state)
{
    static const char *const names[] = { "other trace", "root", "dropped", "plain" };
    otel_context_t remote, none, around, later;
    unsigned i, recorded = 0;
    (void)state;
    memset(&none, 0, sizeof none);
    assert_true(otel_extract(&remote, "00-0123456789abcdef0123456789abcdef-fedcba9876543210-01", "k=v", "user=7"));
    assert_int_equal(otel_init(&otel, .clock = fake_clock, .pool = pool, .pool_size = sizeof pool, .sampler = otel_sampler_custom(drop_dropped, NULL)), OTEL_OK);
    for (i = 0; i < 4u; i++) {
        OTEL_SPAN(outer, "outer", .parent = i == 3u ? &remote : &none) {
            around = otel_span_context(outer);
            OTEL_SPAN(inner, names[i], .parent = i == 0 ? &remote : i == 1u ? &none : &around) otel_span_set(inner, "k", 1);
            OTEL_SPAN(after, "after") {
                later = otel_span_context(after);
                recorded += otel_is_recording(after) ? 1u : 0u;
                assert_memory_equal(later.trace_id, around.trace_id, 16);
                assert_ptr_equal(later.baggage, around.baggage);
                assert_ptr_equal(later.tracestate, around.tracestate);
            }
        }
    }
    assert_int_equal(recorded, 4);
    assert_non_null(remote.baggage);
}

/* longjmp ends no block. */
static jmp_buf back;

static void jumps_out(void)
{
    OTEL_SPAN(a, "a") {
        OTEL_SPAN(b, "b") {
            otel_span_set(a, "k", 1);
            otel_span_set(b, "k", 1);
            longjmp(back, 1);
        }
    }
}

static void behind_longjmp_what_was_current_is_so_again(void **state)
{
    static otel_span_t outer;
    (void)state;
    (void)otel_span_start(&outer, "outer");
    otel_span_enter(&outer);
    if (setjmp(back) == 0) jumps_out();
#ifdef OTEL_SPAN_HERE
    otel_span_unwind(&outer);
#endif
    OTEL_SPAN(after, "after") {
        otel_context_t mine = otel_span_context(after), its = otel_span_context(&outer);
        assert_memory_equal(mine.trace_id, its.trace_id, 16);
    }
    otel_span_end(&outer);
    otel_span_unwind(NULL);
    assert_null(otel_span_current());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fall_through_ends_it, fresh),
        cmocka_unit_test_setup(a_block_of_one_statement, fresh),
        cmocka_unit_test_setup(continue_ends_it_and_the_loop_goes_on, fresh),
        cmocka_unit_test_setup(break_leaves_the_span_not_the_loop, fresh),
        cmocka_unit_test_setup(break_of_an_inner_loop_and_switch_stays_inside, fresh),
        cmocka_unit_test_setup(return_ends_it, fresh),
        cmocka_unit_test_setup(span_return_ends_it_before_the_value_is_evaluated, fresh),
        cmocka_unit_test_setup(goto_out_ends_it, fresh),
        cmocka_unit_test_setup(goto_inside_stays_inside, fresh),
        cmocka_unit_test_setup(inner_ends_before_outer_and_outer_is_current_again, fresh),
        cmocka_unit_test_setup(return_ends_all_that_are_nested, fresh),
        cmocka_unit_test_setup(an_else_belongs_to_the_if_before_the_block, fresh),
        cmocka_unit_test_setup(an_end_inside_is_the_end, fresh),
        cmocka_unit_test_setup(a_sized_block_holds_what_fits_there, fresh),
        cmocka_unit_test_setup(out_of_order_takes_it_out_of_the_chain, fresh),
        cmocka_unit_test(the_outer_context_is_what_it_was_behind_a_block),
        cmocka_unit_test_setup(behind_longjmp_what_was_current_is_so_again, fresh),
#ifdef OTEL_SPAN_HERE
        SET_INSIDE
        cmocka_unit_test_setup(here_ends_at_the_closing_brace, fresh),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
