/* The text for Prometheus, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[1024], packet[16384];
static char text[16384];
static uint64_t test_clock(void *user)
{
    (void)user;
    return 1;
}

static int start(void **state)
{
    (void)state;
    return otel_init(&otel, .service = "svc", .clock = test_clock, .pool = pool, .pool_size = sizeof pool) == OTEL_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    return otel_shutdown(&otel, 0) == OTEL_OK ? 0 : -1;
}

#define PACKET .packet = packet, .packet_size = sizeof packet
static bool says(const char *line) { return strstr(text, line) != NULL; }

static const otel_attr_t about[] = { { "team.name", { 1, 1, 4, { .p = "blue" } } } };
static otel_scope_t library = OTEL_SCOPE("lib", .version = "2", .schema_url = "https://example.org/1", .attributes = about, .attributes_len = 1);
static otel_counter_t lives = OTEL_COUNTER("9 lives--left", .unit = "{life}", .description = "a \"b\"\nc\\d", .scope = &library, OTEL_SERIES(4));
static otel_counter_t total = OTEL_COUNTER("bytes_total", .unit = "By");
static otel_updown_t level = OTEL_UPDOWN("tank.level", .unit = "m/s");
static otel_gauge_double_t ratio = OTEL_GAUGE_DOUBLE("cpu", .unit = "1");
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "ms", OTEL_BOUNDS(0.5, 10));
static otel_exponential_t spread = OTEL_EXPONENTIAL("spread", OTEL_POWERS(8));

static void names_units_and_values_are_as_prometheus_takes_them(void **state)
{
    size_t n;
    (void)state;
    otel_counter_add(&lives, 3, "a.b", "x", "a-b", "y", "path", "C:\\\n\"", "n", -1, "t", OTEL_TRUE);
    otel_counter_add(&total, 7);
    otel_updown_add(&level, -4);
    otel_gauge_record(&ratio, 0.25);
    otel_histogram_record(&took, 0.5);
    otel_histogram_record(&took, 99);
    otel_histogram_record(&spread, 2);
    n = otel_prometheus_write(text, sizeof text, PACKET);
    assert_int_equal(n, strlen(text));
    assert_true(says("# HELP _9_lives_left_total a \"b\"\\nc\\\\d\n# TYPE _9_lives_left_total counter\n"));
    assert_true(says("_9_lives_left_total{otel_scope_name=\"lib\",otel_scope_version=\"2\",otel_scope_schema_url=\"https://example.org/1\",otel_scope_team_name=\"blue\","
                     "a_b=\"y;x\",n=\"-1\",path=\"C:\\\\\\n\\\"\",t=\"true\"} 3\n"));
    assert_true(says("# TYPE bytes_total counter\nbytes_total 7\n"));
    assert_true(says("# TYPE tank_level_meters_per_second gauge\ntank_level_meters_per_second -4\n"));
    assert_true(says("cpu_ratio 0.25\n"));
    assert_true(says("took_milliseconds_bucket{le=\"0.5\"} 1\ntook_milliseconds_bucket{le=\"10\"} 1\ntook_milliseconds_bucket{le=\"+Inf\"} 2\n"
                     "took_milliseconds_sum 99.5\ntook_milliseconds_count 2\n"));
    assert_true(says("spread_bucket{le=\"+Inf\"} 1\nspread_sum 2\nspread_count 1\n"));
    assert_true(says("# TYPE target_info gauge\ntarget_info{service_name=\"svc\","));
    assert_false(says("# EOF"));
}

static void openmetrics_has_units_and_an_end(void **state)
{
    static otel_counter_t counter = OTEL_COUNTER("hits", .unit = "s", .description = "\"q\"");
    (void)state;
    otel_counter_add(&counter, 1);
    assert_true(otel_prometheus_write(text, sizeof text, PACKET, .openmetrics = true) > 0);
    assert_true(says("# HELP hits_seconds \\\"q\\\"\n# TYPE hits_seconds counter\n# UNIT hits_seconds seconds\nhits_seconds_total 1\n"));
    assert_true(says("# TYPE target info\n"));
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

static void one_name_has_one_head_and_one_type(void **state)
{
    static otel_scope_t one = OTEL_SCOPE("one"), two = OTEL_SCOPE("two");
    static otel_gauge_t a = OTEL_GAUGE("same.name", .scope = &one), b = OTEL_GAUGE("same-name", .scope = &two), other = OTEL_GAUGE("other", .scope = &one);
    static otel_histogram_t wrong = OTEL_HISTOGRAM("same name", .scope = &two);
    const char *at;
    (void)state;
    otel_histogram_record(&wrong, 1);
    otel_gauge_record(&a, 1);
    otel_gauge_record(&other, 5);
    otel_gauge_record(&b, 2);                                 /* registers last, comes first */
    assert_true(otel_prometheus_write(text, sizeof text, PACKET, .no_target = true) > 0);
    at = strstr(text, "# TYPE same_name gauge\nsame_name{otel_scope_name=\"two\"} 2\nsame_name{otel_scope_name=\"one\"} 1\n");
    assert_non_null(at);
    assert_null(strstr(at + 1, "# TYPE same_name"));
    assert_false(says("same_name_sum"));
    assert_false(says("target_info"));
}

static void suffixes_and_scopes_can_be_left_out(void **state)
{
    static otel_scope_t scope = OTEL_SCOPE("lib");
    static otel_counter_t counter = OTEL_COUNTER("left.total", .unit = "s", .scope = &scope);
    (void)state;
    otel_counter_add(&counter, 1);
    assert_true(otel_prometheus_write(text, sizeof text, PACKET, .no_suffix = true, .no_scope = true) > 0);
    assert_true(says("# TYPE left_total counter\nleft_total 1\n"));
}

static void what_does_not_fit_is_said(void **state)
{
    static otel_counter_t counter = OTEL_COUNTER("hits");
    size_t n, size;
    (void)state;
    otel_counter_add(&counter, 1);
    n = otel_prometheus_write(text, sizeof text, PACKET);
    for (size = 0; size <= n + 2; size++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(otel_prometheus_write(text, size, PACKET), n);
        assert_int_equal(text[size], 'x');
        if (size) assert_int_equal(strlen(text), size > n ? n : 0);
    }
    assert_int_equal(otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = 150), 0);
    assert_int_equal(otel_prometheus_write(text, sizeof text, .otel = NULL), 0);
    assert_int_equal(otel_prometheus_write_with(text, sizeof text, NULL), 0);
}

static void the_accept_header_decides(void **state)
{
    (void)state;
    assert_true(otel_prometheus_accepts_openmetrics("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
    assert_true(otel_prometheus_accepts_openmetrics("text/plain, application/openmetrics-text"));
    assert_false(otel_prometheus_accepts_openmetrics("application/openmetrics-text;q=0,text/plain"));
    assert_false(otel_prometheus_accepts_openmetrics("text/plain;version=0.0.4"));
    assert_false(otel_prometheus_accepts_openmetrics(NULL));
    assert_string_equal(otel_prometheus_type(false), "text/plain; version=0.0.4; charset=utf-8");
}

static otel_histogram_t histogram = OTEL_HISTOGRAM("shape", OTEL_BOUNDS(-1, 0.25, 2));
static otel_exponential_t powers = OTEL_EXPONENTIAL("power", OTEL_POWERS(8));
static void openmetrics_shows_exemplars(void **state)
{
    static const char *const kept[] = { "route", NULL };
    static const otel_view_t views[] = { { .instrument = "*", .keep = kept } };
    static uint64_t words[4000];
    static otel_metric_settings_t settings = { .views = views, .views_len = 1, .exemplars = OTEL_EXEMPLARS_ALWAYS_ON, .memory = words, .memory_len = 4000 };
    static otel_counter_t counter = OTEL_COUNTER("shown");
    static otel_updown_t updown = OTEL_UPDOWN("open");
    const char *at;
    (void)state;
    assert_int_equal(otel_init(&otel, .service = "svc", .clock = test_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    otel_counter_add(&counter, 3, "user", "a\"b", "long", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
    otel_updown_add(&updown, 1);
    otel_histogram_record(&powers, 4);
    OTEL_SPAN(span, "work") {
        char traceparent[OTEL_TRACEPARENT_SIZE], line[200];
        otel_traceparent(span, traceparent);
        otel_histogram_record(&histogram, 0.25, "user", "ann");
        otel_histogram_record(&histogram, -5);
        otel_histogram_record(&histogram, 1.5);
        otel_histogram_record(&histogram, 99);
        assert_true(otel_prometheus_write(text, sizeof text, PACKET, .openmetrics = true) > 0);
        sprintf(line, "shape_bucket{le=\"0.25\"} 2 # {trace_id=\"%.32s\",span_id=\"%.16s\",user=\"ann\"} 0.25 0.000000001\n", traceparent + 3, traceparent + 36);
        if (!says(line)) print_message("%s%s", line, text);
        assert_true(says(line));
    }
    assert_true(says("shape_bucket{le=\"-1\"} 1 # {trace_id=") && says("} -5 0.000000001\nshape_bucket{le=\"0.25\"}"));
    assert_true(says("} 1.5 0.000000001\nshape_bucket{le=\"+Inf\"} 4 # {") && says("} 99 0.000000001\nshape_sum 95.75\n"));
    assert_true(says("shown_total 3 # {user=\"a\\\"b\"} 3 0.000000001\n"));      /* what has no room in 128 characters is left out */
    assert_true(says("power_bucket{le=\"+Inf\"} 1 # {} 4 0.000000001\n"));
    assert_true(says("\nopen 1\n"));
    assert_true(otel_prometheus_write(text, sizeof text, PACKET) > 0);
    for (at = text; (at = strchr(at, '#')) != NULL; at++) assert_true(at == text || at[-1] == '\n');     /* not in the classic format */
    assert_int_equal(otel_shutdown(&otel, 0), OTEL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_units_and_values_are_as_prometheus_takes_them, start, stop),
        cmocka_unit_test_setup_teardown(openmetrics_has_units_and_an_end, start, stop),
        cmocka_unit_test_setup_teardown(one_name_has_one_head_and_one_type, start, stop),
        cmocka_unit_test_setup_teardown(suffixes_and_scopes_can_be_left_out, start, stop),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_said, start, stop),
        cmocka_unit_test_setup_teardown(the_accept_header_decides, start, stop),
        cmocka_unit_test(openmetrics_shows_exemplars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
