/* The macros of cmocka that our unit tests use, for places where the library is not: 32-bit builds (distributions carry
   it in the host's width only), machines without the package. Same names, same lines of output, no mocks. */
#ifndef SMALL_CMOCKA_H
#define SMALL_CMOCKA_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef int (*CMFixtureFunction)(void **state);
struct CMUnitTest {
    const char *name;
    void (*test_func)(void **state);
    CMFixtureFunction setup_func, teardown_func;
    void *initial_state;
};
#define cmocka_unit_test(f) { #f, f, NULL, NULL, NULL }
#define cmocka_unit_test_setup(f, s) { #f, f, s, NULL, NULL }
#define cmocka_unit_test_teardown(f, t) { #f, f, NULL, t, NULL }
#define cmocka_unit_test_setup_teardown(f, s, t) { #f, f, s, t, NULL }
#define cmocka_unit_test_prestate(f, p) { #f, f, NULL, NULL, p }
#define cmocka_unit_test_prestate_setup_teardown(f, s, t, p) { #f, f, s, t, p }
#define cmocka_run_group_tests(tests, setup, teardown) small_run_group_(tests, sizeof tests / sizeof *tests, setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown) cmocka_run_group_tests(tests, setup, teardown)

static jmp_buf small_out_;                /* 1: failed, 2: skipped */

static inline void small_stop_(int how, const char *file, int line)
{
    if (how == 1) printf("[  LINE   ] --- %s:%d: error: Failure!\n", file, line);
    fflush(stdout);
    longjmp(small_out_, how);
}
#define small_check_(ok, ...) ((ok) ? (void)0 : (printf(__VA_ARGS__), (void)printf("\n"), small_stop_(1, __FILE__, __LINE__)))
#define skip() small_stop_(2, __FILE__, __LINE__)
#define fail() small_check_(0, "fail()")
#define fail_msg(...) small_check_(0, __VA_ARGS__)
#define print_message(...) ((void)printf(__VA_ARGS__))
#define print_error(...) ((void)printf(__VA_ARGS__))

static inline int small_int_(unsigned long long a, unsigned long long b, const char *text, const char *file, int line)
{
    if (a == b) return 1;
    printf("%s: 0x%llx and 0x%llx (%s:%d)\n", text, a, b, file, line);
    return 0;
}
static inline int small_text_(const char *a, const char *b) { return strcmp(a, b) == 0; }
#define small_u_(x) ((unsigned long long)(uintmax_t)(x))
#define assert_true(x) small_check_((x), "assert_true(%s)", #x)
#define assert_false(x) small_check_(!(x), "assert_false(%s)", #x)
#define assert_null(x) small_check_((x) == NULL, "assert_null(%s)", #x)
#define assert_non_null(x) small_check_((x) != NULL, "assert_non_null(%s)", #x)
#define assert_ptr_equal(a, b) small_check_((const void *)(a) == (const void *)(b), "%s is not %s", #a, #b)
#define assert_ptr_not_equal(a, b) small_check_((const void *)(a) != (const void *)(b), "%s is %s", #a, #b)
#define assert_int_equal(a, b) small_check_(small_int_(small_u_(a), small_u_(b), #a " != " #b, __FILE__, __LINE__), "not equal")
#define assert_int_not_equal(a, b) small_check_(small_u_(a) != small_u_(b), "%s == %s", #a, #b)
#define assert_in_range(x, low, high) small_check_(small_u_(x) >= small_u_(low) && small_u_(x) <= small_u_(high), "%s = %llu is out of range", #x, small_u_(x))
#define assert_not_in_range(x, low, high) small_check_(small_u_(x) < small_u_(low) || small_u_(x) > small_u_(high), "%s is in range", #x)
#define assert_string_equal(a, b) small_check_(small_text_((const char *)(a), (const char *)(b)), "\"%s\" != \"%s\"", (const char *)(a), (const char *)(b))
#define assert_string_not_equal(a, b) small_check_(!small_text_((const char *)(a), (const char *)(b)), "%s == %s", #a, #b)
#define assert_memory_equal(a, b, n) small_check_(memcmp((a), (b), (n)) == 0, "%s and %s differ", #a, #b)
#define assert_memory_not_equal(a, b, n) small_check_(memcmp((a), (b), (n)) != 0, "%s and %s are the same", #a, #b)
#define assert_return_code(rc, error) small_check_((rc) >= 0, "%s: error %d", #rc, (int)(error))

static inline int small_run_group_(const struct CMUnitTest *tests, size_t n, CMFixtureFunction setup, CMFixtureFunction teardown)
{
    static size_t i;                      /* static: these live through longjmp */
    static int how, failed;
    static void *group, *state;
    group = NULL;
    failed = 0;
    if (setup && setup(&group)) return (int)n;
    for (i = 0; i < n; i++) {
        state = tests[i].initial_state ? tests[i].initial_state : group;
        printf("[ RUN      ] %s\n", tests[i].name);
        how = setjmp(small_out_);
        if (how == 0) {
            if (tests[i].setup_func && tests[i].setup_func(&state)) small_stop_(1, __FILE__, __LINE__);
            tests[i].test_func(&state);
        }
        if (tests[i].teardown_func && tests[i].teardown_func(&state)) how = 1;
        printf("%s %s\n", how == 1 ? "[  FAILED  ]" : how == 2 ? "[  SKIPPED ]" : "[       OK ]", tests[i].name);
        fflush(stdout);
        failed += how == 1;
    }
    if (teardown && teardown(&group)) failed++;
    return failed;
}
#endif
