"""A wrong call reads as a sentence: for each macro a mistake, and what the compiler's first line has to say about it."""
import re

import pytest

from conftest import SPLIT, WARN, cc, cc_fails

BEFORE = """
#include "otel_export.h"
static otel_t otel;
static otel_exporter_t ex;
static uint8_t bytes[8];
static otel_counter_t reads = OTEL_COUNTER("reads");
static otel_counter_double_t joules = OTEL_COUNTER_DOUBLE("joules");
static otel_updown_t files = OTEL_UPDOWN("files");
static otel_gauge_t speed = OTEL_GAUGE("speed");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(1, 2));
struct point { int x, y; };
"""
FUNCTION = """
int f(otel_span_t *span, int v, const char *text, void *any, otel_context_t *caller, struct point p);
int f(otel_span_t *span, int v, const char *text, void *any, otel_context_t *caller, struct point p)
{
    (void)otel, (void)ex, (void)bytes, (void)reads, (void)joules, (void)files, (void)speed, (void)took;
    (void)span, (void)v, (void)text, (void)any, (void)caller, (void)p;
    %s
    return 0;
}
"""

NINE = '"a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6, "g", 7, "h", 8, "i", 9'
VALUE = "every.key.needs.a.value"
EIGHT = "OTEL_at_most_8_pairs_split_the_call"
INTEGERS = r"an.integer.counter.takes.integers|argument 2 of .otel_"
CONSTANT = r"constant"
NEEDS = "OTEL_a_span_needs_a_variable_and_a_name"
VARIABLE = "otel_memory_of_the_variable_"
NAMED = "otel_each_option_has_its_name_as_in_dot_kind_equals_"
DESIGNATED = "designated"
NO_MATCH = r"no matching function for call to .%s"

# the call, what C says (gcc and clang), what C++ says (None: it is right there, or nothing better can be said)
TABLE = [
    ('otel_span_set(span, "k");', VALUE, VALUE),
    ('otel_span_set(span, %s);' % NINE, EIGHT, None),
    ('otel_span_set(span, "k", any);', r"void \*.* not compatible", r"deleted function.*otel_attr"),
    ('otel_span_set(span, "k", bytes);', r"uint8_t \*.* not compatible", r"deleted function.*otel_attr"),
    ('otel_span_set(span, "k", p);', r"struct point.* not compatible", NO_MATCH % "otel_attr"),
    ('otel_span_set(span, "k", NULL);', r"void \*.* not compatible", None),
    ('otel_span_set(span, 5, "v");', r"integer", NO_MATCH % "otel_fill_"),
    ('otel_span_set(&ex, "k", 1);', r"incompatible pointer type", NO_MATCH % "otel_span_set"),
    ('otel_span_set(span, "k", OTEL_ARRAY(bytes, 8));', r"uint8_t \*.* not compatible", NO_MATCH % "otel_array_"),
    ('otel_span_set(span, "k", OTEL_ARRAY(any, 8));', r"void \*.* not compatible", NO_MATCH % "otel_array_"),
    ('otel_span_event(span, "e", "k");', VALUE, VALUE),
    ('otel_span_event(span, "e", %s);' % NINE, EIGHT, None),
    ('otel_span_event(span, "e", "k", any);', r"void \*.* not compatible", r"deleted function.*otel_attr"),
    ('otel_span_link(span, caller, "k");', VALUE, VALUE),
    ('otel_span_link(span, caller, %s);' % NINE, EIGHT, None),
    ('otel_log(OTEL_INFO, "text", "k");', VALUE, VALUE),
    ('otel_log(OTEL_INFO, "text", %s);' % NINE, EIGHT, None),
    ('otel_log(OTEL_INFO, "text", "k", any);', r"void \*.* not compatible", r"deleted function.*otel_attr"),
    ('otel_log_in("net", OTEL_INFO, "text");', r"incompatible pointer type", NO_MATCH % "otel_log_in"),
    ('otel_log_in(NULL, OTEL_INFO, "text", "k");', VALUE, VALUE),
    ('otel_logf(OTEL_INFO, "%d", 1);', r"otel_logf", r"otel_logf"),
    ('OTEL_SPAN(s, "a", .knd = OTEL_CLIENT) { }', r"knd.*kind", r"knd"),
    ('OTEL_SPAN(s, "a", .kind = "client") { }', r"type|otel_kind_t", r"otel_kind_t"),
    ('OTEL_SPAN(s, "a", .parent = *caller) { }', r"otel_context_t", r"otel_context_t"),
    ('OTEL_SPAN_SIZED(s, 512, "a", .kimd = OTEL_CLIENT) { }', r"kimd.*kind", r"kimd"),
    ('otel_span_t s; otel_span_start(&s, "a", .sart_ns = 1);', r"sart_ns.*start_ns", r"sart_ns"),
    ('OTEL_SPAN("a") { }', NEEDS, NEEDS),
    ('OTEL_SPAN(s) { }', NEEDS, NEEDS),
    ('OTEL_SPAN_HERE("a");', NEEDS, NEEDS),
    ('OTEL_SPAN("a", .kind = OTEL_CLIENT) { }', VARIABLE, VARIABLE),
    ('OTEL_SPAN_HERE("a", .kind = OTEL_CLIENT);', VARIABLE, VARIABLE),
    ('OTEL_SPAN_SIZED("a", 512, "b") { }', VARIABLE, VARIABLE),
    ('OTEL_SPAN(s, "a", OTEL_CLIENT) { }', NAMED, DESIGNATED),
    ('otel_span_t s; otel_span_start(&s, "a", OTEL_CLIENT);', NAMED, DESIGNATED),
    ('otel_span_t s; otel_span_start(&s, "a", caller);', NAMED, DESIGNATED),
    ('otel_span_t s; otel_span_start(s, "a");', r"\*|pointer", r"\*|pointer"),
    ('otel_scoped_span("a");', None, r"nodiscard"),
    ('(void)new otel_scoped_span("a");', None, r"deleted function.*operator new"),
    ('OTEL_SPAN(s, "a") { OTEL_SPAN_RETURN(s, "text"); }', r"return", r"conver|return"),
    ('otel_init(&otel, .servce = "x");', r"servce.*service", r"servce"),
    ('otel_exporter_init(&ex, .snd = NULL);', r"snd", r"snd"),
    ('otel_recorder_init(&ex, .memory = bytes);', r"incompatible pointer type", r"cannot convert|no matching function"),
    ('otel_counter_add(reads, 1);', r"otel_counter_t.* not compatible", NO_MATCH % "otel_counter_add"),
    ('otel_counter_add(&reads, 0.5);', INTEGERS, INTEGERS),
    ('otel_counter_add(&reads, "1");', r"char \*.* not compatible", r"char ?\*"),
    ('otel_counter_add(&reads, 1, "k");', VALUE, VALUE),
    ('otel_counter_add(&reads, 1, %s);' % NINE, EIGHT, None),
    ('otel_counter_add(&speed, 1);', r"otel_gauge_t \*.* not compatible", NO_MATCH % "otel_counter_add"),
    ('(void)otel_counter_bind(&reads, "k");', VALUE, VALUE),
    ('(void)otel_counter_bind(&took);', r"otel_histogram_t \*.* not compatible", NO_MATCH % "otel_counter_bind"),
    ('otel_updown_add(&files, 0.5);', INTEGERS, INTEGERS),
    ('otel_updown_add(&reads, -1);', r"otel_counter_t \*.* not compatible", NO_MATCH % "otel_updown_add"),
    ('otel_gauge_record(&speed, 0.5);', INTEGERS, INTEGERS),
    ('otel_gauge_record(&took, 0.5);', r"otel_histogram_t \*.* not compatible", NO_MATCH % "otel_gauge_record"),
    ('otel_histogram_record(&reads, 0.5);', r"otel_counter_t \*.* not compatible", NO_MATCH % "otel_histogram_record"),
    ('otel_histogram_record(&took, 0.5, "k");', VALUE, VALUE),
    ('OTEL_COUNT(&reads, 1, "k", v);', CONSTANT, CONSTANT),
    ('OTEL_COUNT(&reads, v, "k", 1);', CONSTANT, CONSTANT),
    ('OTEL_COUNT(&reads, 1, "k", text);', CONSTANT, CONSTANT),
    ('OTEL_COUNT(&reads, 0.5);', INTEGERS, INTEGERS),
    ('OTEL_COUNT(&reads, 1, "k");', VALUE, VALUE),
    ('static otel_counter_t c = OTEL_COUNTER("c", OTEL_SERIES(4)); otel_counter_add(&c, 1);', CONSTANT, None),
]
AT_FILE_SCOPE = [
    ('static otel_scope_t net = OTEL_SCOPE("x", .verson = "1"); otel_scope_t *g(void); otel_scope_t *g(void) { return &net; }', r"verson.*version", r"verson"),
    ('otel_counter_t c = OTEL_COUNTER("x", .units = "1");', r"units.*unit", r"units"),
    ('otel_counter_double_t c = OTEL_COUNTER("x", OTEL_SERIES(2));', r"made_for_otel_counter_t.*otel_counter_double_t", None),
    ('otel_gauge_t g = OTEL_HISTOGRAM("x", OTEL_BOUNDS(1));', r"made_for_otel_histogram_t", None),
    ('otel_histogram_t h = OTEL_HISTOGRAM("x", .bound = 1);', r"bound", r"bound"),
    ('otel_histogram_t h = OTEL_HISTOGRAM("x", OTEL_BOUNDS_INT(1, 2));', r"incompatible pointer type", r"otel_bound_t_|long int|long"),
    ('otel_histogram_int_t h = OTEL_HISTOGRAM_INT("x", OTEL_BOUNDS(1, 2));', r"otel_bound_t_", r"double"),
    ('otel_histogram_int_t h = OTEL_HISTOGRAM_INT("x", OTEL_BUCKETS(4, 1, 2));', r"otel_bound_t_", r"double"),
    ('otel_histogram_t h = OTEL_HISTOGRAM("x", OTEL_BOUNDS("1"));', r"char|incompatible|double", r"double"),
]
# options; the call; what C says; what C++ says
WITH_OPTIONS = [
    ("-DOTEL_DEBUG", "", "OTEL_DEBUG.* are severities .*take the -D off", "OTEL_DEBUG.* are severities .*take the -D off"),
    ("-DOTEL_ERROR=1", "", "OTEL_ERROR are severities", "OTEL_ERROR are severities"),
    ("-DOTEL_STATIC=1 -DOTEL_SPLIT=1", "", "OTEL_STATIC and OTEL_SPLIT exclude each other", "OTEL_STATIC and OTEL_SPLIT exclude each other"),
    ("-DOTEL_SPAN_BYTES=1", "", "OTEL_SPAN_BYTES: say 16 to 65000", "OTEL_SPAN_BYTES: say 16 to 65000"),
    ("-DOTEL_NO_CLEANUP", 'OTEL_SPAN_HERE(s, "a");', "OTEL_SPAN_HERE", None),
    ("-DOTEL_VSNPRINTF=vsnprintf -include stdio.h", 'otel_logf(OTEL_INFO, "%s", 1);', "format .%s.*|-Wformat", "format .%s.*|-Wformat"),
    ("-DOTEL_ENABLED=0", 'otel_span_set(span, "k");', VALUE, VALUE),
    ("-DOTEL_ENABLED=0", 'otel_counter_add(&reads, 0.5);', INTEGERS, INTEGERS),
]

CASES = [(FUNCTION % c, c, "", in_c, in_cxx) for c, in_c, in_cxx in TABLE]
CASES += [(c, c, "", in_c, in_cxx) for c, in_c, in_cxx in AT_FILE_SCOPE]
CASES += [(FUNCTION % c, c, options, in_c, in_cxx) for options, c, in_c, in_cxx in WITH_OPTIONS]


def first_line(messages):
    """The first line that is a message, warnings included: what a user reads first."""
    return next((line for line in messages.splitlines() if re.search(r"\b(error|warning):", line)), messages[:300])


@pytest.mark.parametrize("text,call,options,in_c,in_cxx", CASES, ids=[re.sub(r"[^\w&.]+", "-", (o + " " + c))[:60].strip("-") for _, c, o, _, _ in CASES])
def test_first_line_names_the_mistake(text, call, options, in_c, in_cxx):
    for compiler, language, wanted in (("gcc", ("-std=c11",), in_c), ("clang", ("-std=c11",), in_c),
                                       ("g++", ("-x", "c++", "-std=c++20"), in_cxx), ("clang++", ("-x", "c++", "-std=c++20"), in_cxx)):
        if wanted is None:
            continue
        line = first_line(cc_fails(compiler, BEFORE + text, *language, *WARN, "-Wno-missing-declarations", "-fsyntax-only", SPLIT, *options.split()))
        assert re.search(wanted, line), "%s on `%s` says first: %s" % (compiler, call, line)


def test_the_right_calls_of_this_file_compile():
    """So that the table's calls fail for what is wrong in them."""
    right = FUNCTION % 'otel_span_set(span, "k", v, "t", text, "b", OTEL_BYTES(bytes, 8)); otel_counter_add(&reads, 1, "k", v); OTEL_COUNT(&reads, 1, "k", 1);'
    for compiler, *language in (("gcc", "-std=c11"), ("clang", "-std=c11"), ("g++", "-x", "c++", "-std=c++20"), ("clang++", "-x", "c++", "-std=c++20")):
        cc(compiler, BEFORE + right, *language, *WARN, "-fsyntax-only")
