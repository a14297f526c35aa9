"""What a user writes, as the manual shows it: every form compiles without a warning in every dialect, and runs."""
import pytest

from conftest import ASAN, ROOT, SPLIT, STRICT, WARN, bodies, cc, dialect as bodies_of, need, need_flags, run

SURFACE = "tests/c/surface/"
SMALL = ("-I", ROOT / "tests/unit/small")

C = {"c99": "-std=c99", "c11": "-std=c11", "c17": "-std=c17", "c2x": "-std=c2x"}
DIALECTS = {"%s-%s" % (compiler, name): (compiler, flag, "-pedantic") for compiler in ("gcc", "clang") for name, flag in C.items()}
for compiler in ("g++", "clang++"):
    DIALECTS[compiler + "-c++20"] = (compiler, "-x", "c++", "-std=c++20", "-pedantic")
    DIALECTS[compiler + "-gnu++14"] = (compiler, "-x", "c++", "-std=gnu++14")
    DIALECTS[compiler + "-gnu++17"] = (compiler, "-x", "c++", "-std=gnu++17")
DIALECTS["tcc"] = ("tcc", "-Wall", "-Werror")

# C99 and C11 differ little for us, so programs beyond the first three meet the ends of each list only.
SOME = ("gcc-c99", "clang-c2x", "g++-gnu++14", "clang++-c++20", "tcc")

POSIX = ("-D_POSIX_C_SOURCE=200809L", "-pthread")
PROGRAMS = {                      # name: source, flags, dialects
    "user": (SURFACE + "user.c", (SPLIT,), tuple(DIALECTS)),
    "metrics": ("tests/c/metrics_surface.c", (SPLIT,), tuple(DIALECTS)),
    "posix": (SURFACE + "posix.c", (SPLIT, *POSIX), tuple(d for d in DIALECTS if d != "tcc")),
    "jumps": ("tests/unit/jump_test.c", (SPLIT, *SMALL), tuple(DIALECTS)),
    "values": ("tests/unit/values_test.c", (SPLIT, *SMALL), tuple(DIALECTS)),
    "jumps-no-cleanup": ("tests/unit/jump_test.c", (SPLIT, *SMALL, "-DOTEL_NO_CLEANUP"), SOME),
    "values-no-cleanup": ("tests/unit/values_test.c", (SPLIT, *SMALL, "-DOTEL_NO_CLEANUP"), SOME),
    "user-no-cleanup": (SURFACE + "user.c", (SPLIT, "-DOTEL_NO_CLEANUP"), SOME),
    "user-whole": (SURFACE + "user.c", (), ("gcc-c99", "clang++-c++20", "tcc")),
    "user-no-traces": (SURFACE + "user.c", ("-DOTEL_TRACES=0",), SOME),
    "user-no-logs-no-metrics": (SURFACE + "user.c", ("-DOTEL_LOGS=0", "-DOTEL_METRICS=0"), SOME),
    "user-no-retry-no-limits": (SURFACE + "user.c", ("-DOTEL_RETRY=0", "-DOTEL_LIMITS=0"), SOME),
}


def build(dialect, source, *flags):
    """Programs that say OTEL_SPLIT take the library's bodies as they were compiled once in this dialect, the others compile all of it."""
    compiler, *options = DIALECTS[dialect]
    need(compiler)
    if compiler == "tcc":
        return cc(compiler, source, *options, *(f for f in flags if f != SPLIT))
    ours = (bodies_of(compiler, *options),) if SPLIT in flags else ()
    return cc(compiler, [source, *ours], *options, *STRICT, "-O1" if "user" in source else "-O0", *flags)


@pytest.mark.parametrize("dialect,program", [pytest.param(d, p, id="%s-%s" % (p, d), marks=pytest.mark.xdist_group("surface-" + d)) for p, (_, _, ds) in PROGRAMS.items() for d in ds])
def test_compiles_without_a_warning_and_runs(dialect, program):
    source, flags, _ = PROGRAMS[program]
    run([build(dialect, source, *flags)])


CXX11 = [(compiler, "-std=%s" % std, *pedantic) for compiler in ("g++", "clang++")
         for std, pedantic in (("c++11", ("-pedantic",)), ("gnu++11", ()), ("c++14", ("-pedantic",)), ("c++17", ("-pedantic",)), ("c++20", ("-pedantic",)))]


FORMS = [pytest.param(d, o, marks=pytest.mark.xdist_group("forms-%s-%s" % d[:2])) for d in CXX11 for o in ("", "-DOTEL_NO_CLEANUP", "-DOTEL_ENABLED=0")
         if not o or d[1] in ("-std=c++11", "-std=c++20")]


@pytest.mark.parametrize("dialect,options", FORMS, ids=lambda x: x[0] + x[1][4:] if isinstance(x, tuple) else x[2:] or "default")
def test_own_forms_of_cxx11(dialect, options):
    compiler, *flags = dialect
    ours = () if "OTEL_ENABLED=0" in options else (SPLIT, bodies_of(compiler, *flags))
    run([cc(compiler, [SURFACE + "cxx11.cpp", *ours[1:]], "-O1" if not options else "-O0", *flags, *STRICT, *ours[:1], *options.split())])


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
@pytest.mark.parametrize("std", ["c++11", "c++20"])
def test_what_cxx_hands_over_arrives_as_it_is(compiler, std):
    """Classes that convert to a number, and names of strings that are gone when the span ends."""
    need_flags(compiler, "-fsanitize=address,undefined")
    program = cc(compiler, ["tests/c/cxx_values.cpp"], "-std=" + std, "-pedantic", *(f for f in ASAN if f != "-O1"), "-O1", *WARN)
    run([program], env={"ASAN_OPTIONS": "detect_stack_use_after_return=1"})


def test_a_counter_of_cxx_is_a_constant_of_the_program():
    """No constructor runs at start-up from C++14 on."""
    need("nm")
    source = '#include "otel.h"\notel_counter<8> reads("sensor.reads", "{read}");\notel_counter<> plain("plain");\n'
    for compiler in ("g++", "clang++"):
        symbols = run(["nm", cc(compiler, source, "-std=c++14", "-O1", "-c")]).stdout
        assert "reads" in symbols and "_GLOBAL__sub_I" not in symbols, symbols


# C with cleanup runs under sanitizers as a unit test.
SANITIZED = [("gcc", "-DOTEL_NO_CLEANUP", "tests/unit/jump_test.c"), ("g++", "", "tests/unit/jump_test.c"), ("g++", "", "tests/unit/values_test.c"),
             ("g++", "-DOTEL_NO_CLEANUP", SURFACE + "cxx11.cpp"), ("clang++", "", SURFACE + "cxx11.cpp"), ("clang++", "-DOTEL_NO_CLEANUP", "tests/unit/jump_test.c")]


@pytest.mark.parametrize("compiler,options,source", SANITIZED, ids=lambda x: x.split("/")[-1].replace("-DOTEL_NO_CLEANUP", "no-cleanup") or "cleanup")
def test_jumps_and_values_under_sanitizers(compiler, options, source):
    """Nothing points to the memory of a block that was left, in whichever way."""
    std = ("-x", "c++", "-std=gnu++17") if "++" in compiler else ("-std=c99",)
    need_flags(compiler, "-fsanitize=address,undefined")
    flags = (*std, *(f for f in ASAN if f != "-O1"), "-O0", *WARN)
    program = cc(compiler, [source, bodies(compiler, *flags)], *flags, SPLIT, *SMALL, *options.split())
    run([program], env={"ASAN_OPTIONS": "detect_stack_use_after_return=1"})


@pytest.mark.parametrize("compiler,level", [("gcc", "-O1"), ("g++", "-O1"), ("gcc", "-O2"), ("gcc", "-O3"), ("clang", "-O2"), ("g++", "-Os"), ("g++", "-O2")])
def test_no_warning_and_the_same_result_when_optimised(compiler, level):
    std = ("-x", "c++", "-std=c++20") if "++" in compiler else ("-std=c11",)
    ours = bodies(compiler, *std, level, *STRICT)
    for source in (SURFACE + "user.c", "tests/unit/jump_test.c", "tests/c/metrics_surface.c"):
        run([cc(compiler, [source, ours], *std, level, SPLIT, *STRICT, *SMALL)])


def test_names_of_sockets_do_not_collide():
    """lwIP makes macros of send, close, read, write, connect; hooks are called around them."""
    source = """
#include "otel_export.h"
#define send(s, d, n, f) lwip_send(s, d, n, f)
#define close(s) lwip_close(s)
#define read(s, b, n) lwip_read(s, b, n)
#define write(s, b, n) lwip_write(s, b, n)
#define connect(s, a, n) lwip_connect(s, a, n)
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[2048], packet[1024];
static unsigned sent;
static uint64_t now(void *user) { (void)user; return 1700000000000000000u; }
static int post(void *user, const otel_request_t *r) { (void)user; sent += r->items; return 200; }
int main(void)
{
    otel_init(&otel, .service = "lwip", .clock = now, .pool = pool, .pool_size = sizeof pool);
    otel_exporter_init(&ex, .otel = &otel, .send = post, .buffer = packet, .buffer_size = sizeof packet);
    OTEL_SPAN(span, "a") otel_span_set(span, "k", 1);
    otel_export_flush(&ex, 10);
    return sent != 1;
}
"""
    early = source.replace('#include "otel_export.h"\n', "", 1)
    early = "#include <string.h>\n" + early.replace("static otel_t otel;", '#include "otel_export.h"\nstatic otel_t otel;', 1)
    for text in (source, early):
        run([cc("gcc", text, "-std=c99", *WARN)])
