/* Names of instruments and meters: what is wrong is said once, and everything works nevertheless. */
#include "kit.h"

static otel_diag_t said[16];
static unsigned said_len;
static otel_watch_t watch;

static void say(void *user, const otel_diag_t *what)
{
    (void)user;
    assert_true(said_len < LENGTH(said));
    assert_int_equal(what->code, OTEL_DIAG_INSTRUMENT);
    assert_true(what->level == OTEL_LEVEL_WARN && what->signal == OTEL_SIGNAL_METRICS && what->text[0] && what->remedy[0]);
    said[said_len++] = *what;
}

static void start(void)
{
    kit_start();
    memset((void *)&watch, 0, sizeof watch);
    watch.exporter = &ex;
    watch.say = say;
}

/* How many things are said about that name from here on. */
static unsigned look(const char *name, const char *text)
{
    unsigned i, n = 0;
    said_len = 0;
    otel_diag_instruments(&watch);
    for (i = 0; i < said_len; i++) n += strcmp(said[i].name, name) == 0 && strstr(said[i].text, text);
    return n;
}

/* The points of that name; the last one is in *out. */
static unsigned find(const char *name, otel_recorded_point_t *out)
{
    otel_recorded_point_t point;
    unsigned n = 0;
    uint32_t i;
    otel_recorder_clear(&rec);
    now_ns += 1000 * MS;
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    for (i = 0; otel_recorder_point(&rec, i, &point); i++) {
        if (!kit_is(point.name, name)) continue;
        *out = point;
        n++;
    }
    return n;
}

static void a_meter_without_a_name_works_and_keeps_it(void **state)
{
    static otel_scope_t empty = OTEL_SCOPE("", .version = "3"), none = OTEL_SCOPE(NULL, .version = "4");
    static otel_counter_t a = OTEL_COUNTER("of.empty", .scope = &empty), b = OTEL_COUNTER("of.none", .scope = &none);
    otel_recorded_point_t p;
    (void)state;
    start();
    otel_counter_add(&a, 1);
    otel_counter_add(&b, 2);
    assert_int_equal(look("of.empty", "meter"), 1);
    assert_int_equal(said_len, 2);
    assert_int_equal(look("of.empty", ""), 0);                /* once */
    assert_int_equal(find("of.empty", &p), 1);
    assert_true(p.int_value == 1 && p.scope.name.len == 0 && kit_is(p.scope.version, "3"));
    assert_int_equal(find("of.none", &p), 1);
    assert_true(p.int_value == 2 && p.scope.name.len == 0 && kit_is(p.scope.version, "4"));
    kit_stop();
}

static void the_syntax_of_names_is_that_of_the_specification(void **state)
{
    static char longest[256], longer[257];
    static otel_counter_t good[] = { OTEL_COUNTER("a"), OTEL_COUNTER("Z9_./-x"), OTEL_COUNTER(longest) };
    static otel_counter_t bad[] = { OTEL_COUNTER(""), OTEL_COUNTER("9a"), OTEL_COUNTER("_a"), OTEL_COUNTER("a b"), OTEL_COUNTER("a\xC3\xA9"), OTEL_COUNTER("a:b"), OTEL_COUNTER(longer) };
    otel_recorded_point_t p;
    size_t i;
    (void)state;
    memset(longest, 'x', 255);
    memset(longer, 'y', 256);
    start();
    for (i = 0; i < LENGTH(good); i++) otel_counter_add(&good[i], 1);
    assert_int_equal(look("a", ""), 0);
    assert_int_equal(said_len, 0);
    for (i = 0; i < LENGTH(bad); i++) otel_counter_add(&bad[i], (int64_t)i + 1);
    assert_int_equal(look("9a", "no name for an instrument"), 1);
    assert_int_equal(said_len, LENGTH(bad));
    for (i = 0; i < LENGTH(bad); i++) {
        assert_int_equal(find(bad[i].base_.name, &p), 1);     /* it works, under its name */
        assert_int_equal(p.int_value, (int64_t)i + 1);
    }
    assert_int_equal(find(longest, &p), 1);
    assert_int_equal(look("", ""), 0);
    kit_stop();
}

static void units_and_descriptions_go_out_as_they_are(void **state)
{
    static char unit[64], longer[65], about[1024];
    static otel_counter_t a = OTEL_COUNTER("fine", .unit = unit, .description = about), b = OTEL_COUNTER("long.unit", .unit = longer),
                          c = OTEL_COUNTER("strange.unit", .unit = "\xC2\xB0""C"), d = OTEL_COUNTER("no.text", .description = "\xFF"), e = OTEL_COUNTER("plain", .unit = "", .description = NULL);
    otel_recorded_point_t p;
    size_t i;
    (void)state;
    memset(unit, 'U', 63);
    unit[1] = 'u';                                            /* case is kept */
    memset(longer, 'x', 64);
    for (i = 0; i < 1023; i += 3) memcpy(about + i, i % 2 ? "\xE2\x82\xAC" : "\xEA\xAF\x8D", 3);       /* the basic multilingual plane */
    start();
    otel_counter_add(&a, 1);
    otel_counter_add(&e, 1);
    assert_int_equal(look("fine", ""), 0);
    assert_int_equal(said_len, 0);
    otel_counter_add(&b, 1);
    otel_counter_add(&c, 1);
    otel_counter_add(&d, 1);
    assert_int_equal(look("long.unit", "unit"), 1);
    assert_int_equal(said_len, 3);
    assert_int_equal(find("fine", &p), 1);
    assert_true(kit_is(p.unit, unit) && kit_is(p.description, about) && p.description.len == 1023);
    assert_int_equal(find("plain", &p), 1);
    assert_true(p.unit.len == 0 && p.description.len == 0);
    assert_int_equal(find("long.unit", &p), 1);
    assert_true(kit_is(p.unit, longer));
    assert_int_equal(find("strange.unit", &p), 1);
    assert_true(kit_is(p.unit, "\xC2\xB0""C"));
    kit_stop();
}

static void the_same_name_twice_works_and_is_said(void **state)
{
    static otel_scope_t one = OTEL_SCOPE("lib", .version = "1"), same = OTEL_SCOPE("lib", .version = "1"), other = OTEL_SCOPE("lib", .version = "2");
    static otel_counter_t a = OTEL_COUNTER("Hits", .unit = "{hit}", .scope = &one), b = OTEL_COUNTER("hits", .unit = "{hit}", .scope = &same), c = OTEL_COUNTER("HITS", .unit = "1", .scope = &one),
                          elsewhere = OTEL_COUNTER("hITS", .scope = &other);
    static otel_updown_t d = OTEL_UPDOWN("hits", .unit = "{hit}", .scope = &one);
    static otel_counter_t e = OTEL_COUNTER("hits", .unit = "{hit}", .description = "of something", .scope = &one);
    otel_recorded_point_t p;
    (void)state;
    start();
    otel_counter_add(&a, 1);
    otel_counter_add(&elsewhere, 64);
    assert_int_equal(look("Hits", ""), 0);
    otel_counter_add(&b, 2);
    assert_int_equal(look("Hits", "there twice"), 1);
    otel_counter_add(&c, 4);
    assert_int_equal(look("Hits", "different units"), 1);
    otel_updown_add(&d, 8);
    assert_int_equal(look("Hits", "different kinds"), 1);
    otel_counter_add(&e, 16);
    assert_int_equal(look("Hits", "different descriptions"), 1);
    assert_int_equal(said_len, 1);
    assert_int_equal(look("Hits", ""), 0);
    assert_int_equal(find("Hits", &p), 5);                    /* all under the name that was seen first */
    assert_int_equal(find("hITS", &p), 1);
    assert_int_equal(p.int_value, 64);
    kit_stop();
}

static void a_view_that_renames_ends_a_conflict(void **state)
{
    static const otel_view_t views[] = { { .instrument = "load", .kinds = OTEL_VIEW_GAUGE, .name = "load.now" } };
    static uint64_t words[500];
    static otel_metric_settings_t settings = { .views = views, .views_len = 1, .memory = words, .memory_len = LENGTH(words) };
    static otel_counter_t a = OTEL_COUNTER("load");
    static otel_gauge_t b = OTEL_GAUGE("Load");
    otel_recorded_point_t p;
    (void)state;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    memset((void *)&watch, 0, sizeof watch);
    watch.exporter = &ex;
    watch.say = say;
    otel_counter_add(&a, 1);
    otel_gauge_record(&b, 2);
    assert_int_equal(look("load", ""), 0);
    assert_int_equal(said_len, 0);
    assert_int_equal(find("load", &p), 1);
    assert_int_equal(find("load.now", &p), 1);
    kit_stop();
}

static otel_counter_t crowded = OTEL_COUNTER("crowded", OTEL_SERIES(4));
static void a_view_without_memory_is_told(void **state)
{
    static const char *const keep[] = { "route", NULL };
    static const otel_view_t views[] = { { .instrument = "crowded", .name = "lean", .keep = keep } };
    static uint64_t words[8];
    static otel_metric_settings_t settings = { .views = views, .views_len = 1, .memory = words, .memory_len = LENGTH(words) };
    static otel_counter_t b = OTEL_COUNTER("untouched");
    otel_recorded_point_t p;
    (void)state;
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings)), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    memset((void *)&watch, 0, sizeof watch);
    watch.exporter = &ex;
    watch.say = say;
    otel_counter_add(&crowded, 1, "route", "/", "user", "a@b");
    otel_counter_add(&b, 1);
    assert_int_equal(look("crowded", "no memory"), 1);
    assert_int_equal(said_len, 1);
    assert_int_equal(look("crowded", ""), 0);                 /* once */
    assert_int_equal(find("crowded", &p), 1);
    assert_int_equal(find("lean", &p), 0);
    kit_stop();
}

static void another_life_is_looked_at_anew(void **state)
{
    static otel_counter_t bad = OTEL_COUNTER("1");
    (void)state;
    start();
    otel_counter_add(&bad, 1);
    assert_int_equal(look("1", ""), 1);
    kit_stop();
    kit_start();
    otel_counter_add(&bad, 1);
    assert_int_equal(look("1", ""), 1);
    assert_int_equal(look("1", ""), 0);
    kit_stop();
    otel_diag_instruments(&watch);
    otel_diag_instruments(NULL);
    assert_int_equal(said_len, 0);
}

static otel_histogram_t down = OTEL_HISTOGRAM("down", OTEL_BOUNDS(10, 100, 5)), equal = OTEL_HISTOGRAM("equal", OTEL_BOUNDS(1, 1));
static otel_histogram_int_t down_int = OTEL_HISTOGRAM_INT("down.int", OTEL_BOUNDS_INT(10, 5));
static otel_histogram_t rowless = OTEL_HISTOGRAM("rowless", OTEL_SERIES(8), OTEL_BOUNDS(1, 2));
static otel_histogram_t right = OTEL_HISTOGRAM("right", OTEL_BUCKETS(8, -1, 0, 2.5));
static otel_histogram_int_t right_int = OTEL_HISTOGRAM_INT("right.int", OTEL_BUCKETS_INT(8, -10, 5));
static otel_exponential_t powers = OTEL_EXPONENTIAL("powers", OTEL_POWERS_SERIES(2, 8));

static void buckets_that_cannot_be_right_are_said(void **state)
{
    (void)state;
    start();
    otel_histogram_record(&down, 1);
    otel_histogram_record(&equal, 1);
    otel_histogram_record(&down_int, 1);
    otel_histogram_record(&rowless, 1);
    otel_histogram_record(&right, 1);
    otel_histogram_record(&right_int, 1);
    otel_histogram_record(&powers, 1);
    assert_int_equal(look("down", "do not ascend"), 1);
    assert_int_equal(said_len, 4);
    start();
    otel_histogram_record(&equal, 1);
    otel_histogram_record(&down_int, 1);
    assert_int_equal(look("equal", "do not ascend"), 1);
    assert_int_equal(said_len, 2);
    start();
    otel_histogram_record(&rowless, 1);
    assert_int_equal(look("rowless", "series without buckets"), 1);
    assert_non_null(strstr(said[0].remedy, "OTEL_BUCKETS(n, ..)"));
    assert_int_equal(said_len, 1);
    kit_stop();
}

static otel_counter_t visits = OTEL_COUNTER("visits", OTEL_SERIES(1)), well = OTEL_COUNTER("well", OTEL_SERIES(1));
static char screen[4096];

static void put(void *user, const char *text, size_t len)
{
    (void)user;
    assert_true(strlen(screen) + len < sizeof screen);
    strncat(screen, text, len);
}

static void dump(void)
{
    screen[0] = 0;
    otel_diag_dump(&ex, put, NULL);
}

static void what_is_in_no_number_of_an_instrument_is_said_once_in_a_life(void **state)
{
    int life;
    (void)state;
    for (life = 0; life < 2; life++) {
        start();
        otel_counter_add(&well, 1, "page", "a");
        otel_counter_add(&visits, 1, "page", "a");
        assert_int_equal(look("visits", ""), 0);
        dump();
        assert_null(strstr(screen, "visits"));
        otel_counter_add(&visits, -1, "page", "a");
        otel_counter_add(&visits, -1);
        assert_int_equal(look("visits", "refused"), 1);
        assert_int_equal(said_len, 1);
        assert_int_equal(said[0].count, 2);
        assert_non_null(strstr(said[0].remedy, "OTEL_UPDOWN"));
        otel_counter_add(&visits, 1, "page", "b");
        assert_int_equal(look("visits", "otel.metric.overflow"), 1);
        assert_int_equal(said_len, 1);
        assert_int_equal(said[0].count, 1);
        otel_counter_add(&visits, -1);
        otel_counter_add(&visits, 1, "page", "c");
        assert_int_equal(look("visits", ""), 0);
        dump();
        assert_non_null(strstr(screen, "\nvisits: 3 refused, 2 in its overflow series\n"));
        assert_null(strstr(screen, "well"));
        kit_stop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_meter_without_a_name_works_and_keeps_it),
        cmocka_unit_test(the_syntax_of_names_is_that_of_the_specification),
        cmocka_unit_test(units_and_descriptions_go_out_as_they_are),
        cmocka_unit_test(the_same_name_twice_works_and_is_said),
        cmocka_unit_test(a_view_that_renames_ends_a_conflict),
        cmocka_unit_test(a_view_without_memory_is_told),
        cmocka_unit_test(another_life_is_looked_at_anew),
        cmocka_unit_test(buckets_that_cannot_be_right_are_said),
        cmocka_unit_test(what_is_in_no_number_of_an_instrument_is_said_once_in_a_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
