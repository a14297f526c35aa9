"""OTEL_NO_FLOAT: no floating point in a program of whole numbers, and a clear word where one would come in."""
import re

import pytest
from boards import FIRMWARE, SECTIONS
from conftest import WARN, cc, cc_fails, need, need_flags, run

SOFT = re.compile(r"__aeabi_(c?[df]|[iul]+2[df])|__(add|sub|mul|div|neg|cmp|unord|eq|ne|lt|le|gt|ge|extend|trunc|fix|fixuns|float|floatun)\w*[sd]f\w*$|__fp_")
CORES = {
    "Cortex-M0": ("arm-none-eabi-gcc", ["-mcpu=cortex-m0", "-mthumb", "--specs=nosys.specs"]),
    "ATmega1284P": ("avr-gcc", ["-mmcu=atmega1284p"]),
}


def soft(core, *flags):
    compiler, target = CORES[core]
    need(compiler)
    need_flags(compiler, *target)
    program = cc(compiler, FIRMWARE / "integers.c", *target, "-Os", "-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wundef", *SECTIONS, *flags)
    names = [line.split()[-1] for line in run([compiler.replace("gcc", "nm"), program]).stdout.splitlines() if line.split()]
    assert any(n.startswith("otel_span_end") for n in names)
    return sorted(n for n in names if SOFT.match(n))


@pytest.mark.parametrize("core", CORES)
def test_no_floating_point_is_linked(core):
    assert soft(core, "-DOTEL_NO_FLOAT=1") == []


def test_the_test_would_see_it():
    """Without the option an array of floats could come, and brings a conversion."""
    assert soft("Cortex-M0") == ["__aeabi_f2d"]


@pytest.mark.parametrize("language, line, said", [
    ("c", "static otel_counter_double_t c = OTEL_COUNTER_DOUBLE(\"j\"); void f(void) { otel_counter_add(&c, 1); }", "OTEL_NO_FLOAT_is_1_write_OTEL_COUNTER"),
    ("c", "static otel_histogram_t h = OTEL_HISTOGRAM(\"s\", OTEL_BOUNDS(1, 2)); void f(void) { otel_histogram_record(&h, 1); }", "OTEL_NO_FLOAT_is_1_write_OTEL_HISTOGRAM_INT"),
    ("c", "void f(otel_span_t *s) { otel_span_set(s, \"volts\", 3.3); }", "double"),
    ("c", "void f(otel_span_t *s) { otel_span_set(s, \"volts\", 3.3f); }", "float"),
    ("c", "void f(void) { otel_attr_t a = otel_double(\"k\", 1); (void)a; }", "OTEL_NO_FLOAT_is_1_write_otel_int"),
    ("c", "void f(otel_sampler_t *s) { *s = otel_sampler_ratio(0.5); }", "OTEL_NO_FLOAT_is_1_write_otel_sampler_rate"),
    ("c++", "void f(otel_span_t *s) { otel_span_set(s, \"volts\", 3.3); }", "deleted"),
])
def test_floating_point_is_refused_by_name(tmp_path, language, line, said):
    compiler, standard = ("gcc", "-std=gnu11") if language == "c" else ("g++", "-std=c++17")
    source = tmp_path / ("x.c" if language == "c" else "x.cpp")
    source.write_text("#define OTEL_NO_FLOAT 1\n#include \"otel.h\"\n%s\n" % line)
    assert said in str(cc_fails(compiler, source, standard, "-c"))


def test_whole_numbers_compile_as_ever(tmp_path):
    for compiler, standard, name in (("gcc", "-std=c99", "x.c"), ("g++", "-std=c++20", "x.cpp")):
        (tmp_path / name).write_text((FIRMWARE / "integers.c").read_text())
        run([cc(compiler, tmp_path / name, standard, *WARN, "-DOTEL_NO_FLOAT=1")])
