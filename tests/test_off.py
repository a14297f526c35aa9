"""OTEL_ENABLED 0: the same programs compile without a warning, run, evaluate their arguments, and carry nothing of ours."""
import re

import pytest

from conftest import ROOT, WARN, cc, need, run

STRICT = (*WARN, "-Wsign-conversion", "-Wcast-qual", "-Wredundant-decls")
OFF = "-DOTEL_ENABLED=0"
EVERY = "tests/c/surface/every_call.c"
FUNCTIONS = {"start", "every_span", "every_instrument", "every_header", "every_carrier", "every_transport", "every_fallback"}

COMPILERS = {
    "gcc": ("gcc", "-std=c99", "-pedantic"),
    "clang": ("clang", "-std=c11", "-pedantic"),
    "g++": ("g++", "-x", "c++", "-std=c++20", "-pedantic"),
    "clang++": ("clang++", "-x", "c++", "-std=gnu++17"),
    "cortex-m4": ("arm-none-eabi-gcc", "-std=c99", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding"),
    "avr": ("avr-gcc", "-std=c99", "-mmcu=atmega328p"),
}


def symbols(nm, path):
    """Names (C++ ones without their types) and kinds of an object's symbols."""
    lines = run([nm, "-C", path]).stdout.splitlines()
    found = [re.match(r"[0-9a-f ]+ (\w) (.+)$", line) for line in lines]
    return {m.group(2).split("(")[0]: m.group(1) for m in found if m and not m.group(2).startswith("$")}


def tool(compiler, name):
    prefix = re.match(r"(arm-none-eabi-|avr-)?", compiler).group(1) or ""
    return need(prefix + name, None if not prefix else "binutils-" + prefix.rstrip("-"))


@pytest.mark.parametrize("level", ["-O1", "-O2", "-Os"])
@pytest.mark.parametrize("name", COMPILERS)
def test_leaves_no_symbol_and_no_data(name, level):
    compiler, *flags = COMPILERS[name]
    need(compiler)
    out = cc(compiler, EVERY, *flags, level, *(STRICT if name != "avr" else ("-Wall", "-Werror")), OFF, "-c")
    all_ = symbols(tool(compiler, "nm"), out)
    ours = {n for n in all_ if re.search("otel", n, re.I)}
    assert not ours, "left in the object: %s" % ", ".join(sorted(ours))
    defined = {n for n, kind in all_.items() if kind not in "Uw" and not n.startswith("__")}      # avr-gcc names registers so
    assert FUNCTIONS <= defined and all(n in FUNCTIONS or n.startswith("every_") for n in defined), sorted(defined)
    data = run([tool(compiler, "size"), out]).stdout.splitlines()[1].split()
    assert data[1:3] == ["0", "0"], "data and bss: %s" % data


@pytest.mark.parametrize("name", ["gcc", "clang", "g++", "clang++"])
def test_same_programs_run(name):
    compiler, *flags = COMPILERS[name]
    small = ("-I", ROOT / "tests/unit/small")
    for source in ("tests/c/surface/user.c", "tests/unit/values_test.c", "tests/c/metrics_surface.c"):
        for level in ("-O0", "-O2"):
            run([cc(compiler, source, *flags, level, *STRICT, OFF, *small)])


def test_posix_port_runs():
    source = ROOT / "tests/c/surface/posix.c"
    text = source.read_text().replace("items == 3", "items == 0")
    run([cc("gcc", text, "-std=gnu99", "-O1", *WARN, OFF, "-pthread")])


def test_one_file_may_be_off():
    """A file that is off and one that is on share types and link; only the one that is on records."""
    on = """
#include "otel_export.h"
void quiet(otel_span_t *span);
static otel_t otel; static otel_exporter_t ex; static uint8_t pool[4096];
static uint64_t now(void *user) { (void)user; return 1700000000000000000u; }
int main(void)
{
    otel_stats_t stats;
    otel_init(&otel, .service = "on", .clock = now, .pool = pool, .pool_size = sizeof pool);
    otel_exporter_init(&ex, .otel = &otel);
    OTEL_SPAN(span, "on") quiet(span);
    otel_stats(&ex, &stats);
    return stats.signal[OTEL_SIGNAL_TRACES].created == 1 && stats.signal[OTEL_SIGNAL_LOGS].created == 0 ? 0 : 1;
}
"""
    off = """
#define OTEL_ENABLED 0
#include "otel_export.h"
void quiet(otel_span_t *span);
void quiet(otel_span_t *span)
{
    otel_span_set(span, "k", 1);
    OTEL_SPAN(mine, "off") otel_span_set(mine, "k", 1);
    otel_log(OTEL_INFO, "off");
    otel_span_end(span);
}
"""
    run([cc("gcc", [on, off], "-std=c99", "-O0", *WARN)])
    run([cc("gcc", [off, on], "-std=c99", "-O1", *WARN)])
    run([cc("clang", [off, on], "-std=c99", "-O2", *WARN)])
    for cxx in ([on, off], [off, on]):                        # guards are classes, whose members are link-once
        run([cc("g++", cxx, "-std=gnu++17", "-O0", *WARN, "-DOTEL_NO_CLEANUP")])
