"""The guard: instructions of the hot calls, counted (not timed), against bench/budgets.json. More than 5 % above fails.
Renew the file with `bench/run --renew` and say in the commit why."""
import functools
import json
import math
import platform

import pytest
from conftest import ROOT, load, need, need_flags, run

bench = load("bench_run", ROOT / "bench/run")
stack = load("stack_table", ROOT / "bench/cortex-m/stack")
BUDGETS = json.loads((ROOT / "bench/budgets.json").read_text())
ARM = [name for name in bench.GUARDED if name.startswith("cortex")]


def tools(name):
    if name.startswith("cortex"):
        need("arm-none-eabi-gcc")
        need_flags("arm-none-eabi-gcc", "--specs=nosys.specs")
        need("qemu-system-arm")
        return "arm-none-eabi-gcc"
    if name.startswith("atmega"):
        need("avr-gcc")
        need_flags("avr-gcc", "-mmcu=atmega1284p")
        need("simavr")
        return "avr-gcc"
    if platform.machine() != "x86_64":
        pytest.skip("budgets of x86-64 on another machine")
    need("valgrind")
    need("gcc")
    return "gcc"


@functools.lru_cache(None)
def counted(name):
    """The instructions of this tree; one worker has the tests that ask for them."""
    return bench.instructions(name)


def allowed(name, compiler):
    """5 % with the compiler that the budgets were made with; another one is another yardstick."""
    return 1.05 if BUDGETS[name]["compiler"] == "%s %s" % (compiler, bench.major(compiler)) else 1.25


def too_slow(name, counts, factor):
    budget = BUDGETS[name]["instructions"]
    return ["%s: %d instructions, budget %d" % (case, n, budget[case]) for case, n in counts.items() if n > budget[case] * factor]


@pytest.mark.xdist_group("budget")
@pytest.mark.parametrize("name", bench.GUARDED)
def test_no_call_is_slower_than_its_budget(name):
    counts = counted(name) if tools(name) else {}
    assert set(counts) == set(BUDGETS[name]["instructions"]), "bench/run --renew"
    assert not too_slow(name, counts, allowed(name, tools(name)))


@pytest.mark.xdist_group("budget")
@pytest.mark.parametrize("name,case,most", [
    *(("cortex-m4 -O2 newlib", *row) for row in (("span_0", 400), ("span_2", 750), ("span_2_literals", 600), ("counter_bound", 22), ("histogram_int", 60), ("histogram_int_bound", 60))),
    ("atmega1284p -Os", "span_2", 4600)])
def test_the_promise_on_a_small_core_holds(name, case, most):
    """What README promises, whatever bench/budgets.json has been renewed to."""
    tools(name)
    assert counted(name)[case] <= most


@pytest.mark.xdist_group("budget")
def test_a_slow_down_of_five_percent_is_noticed():
    name = "cortex-m4 -O2 newlib"
    tools(name)
    before = counted(name)["span_0"]
    for share, noticed in ((1.03, False), (1.06, True)):
        nops = math.ceil(before * (share - 1) / 2)            # the clock is read twice
        after = bench.instructions(name, flags=["-DSLOW=%d" % nops])["span_0"]
        assert abs(after / before - share) < 0.01, "the slow-down is not what it should be"
        assert (after > before * 1.05) == noticed


def plant(folder, before, inside):
    """A copy of otel.h with something in front of otel_span_end, and something at its beginning."""
    header = (ROOT / "otel.h").read_text()
    old = "OTEL_API_ void otel_span_end(otel_span_t *span)\n{ OTEL_CALLED_\n"
    assert header.count(old) == 1
    (folder / "otel.h").write_text(header.replace(old, before + old + inside))


def test_budgets_notice_a_slow_header(build_dir):
    """A copy of the library in which ending a span does a little more than it needs."""
    name = "cortex-m4 -O2 newlib"
    tools(name)
    plant(build_dir, "", "    volatile int i;\n    for (i = 0; i < 12; i++) {}\n")
    counts = bench.instructions(name, headers=build_dir)
    slow = too_slow(name, counts, 1.05)
    assert any(line.startswith("span_0:") for line in slow), counts


# Where each row passes in otel.h, otel_export.h and ports/otel_posix.h; a row of its own for what is left out.
PASSED = (
    "OTEL_API_ void otel_span_end(otel_span_t *span)\n{ OTEL_CALLED_\n",
    "OTEL_FN_ bool otel_runs_(const otel_t *otel, const otel_scope_t *scope)\n{\n",
    "OTEL_API_ void otel_log_write_(const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more)\n{ OTEL_CALLED_\n",
    "OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)\n{ OTEL_CALLED_\n",
    "OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage)\n{ OTEL_CALLED_\n",
    "OTEL_METRICS_OFF_((void)local; (void)value; return)\n",
    "OTEL_METRICS_OFF_((void)series; (void)value; return)\n#if OTEL_ENABLED\n",
    "OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)\n",
    "OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value)\n{ OTEL_CALLED_\n",
    "OTEL_API_ void otel_power_double_(otel_cell_t *cell, double value)\n{ OTEL_CALLED_\n",
    "    for (; all < left && items < cap; items++) {\n",
    "OTEL_API_ uint64_t otel_fast_clock(void *clock)\n{ OTEL_CALLED_\n",
)


@pytest.mark.xdist_group("budget")
def test_a_slow_down_of_any_row_is_told(build_dir):
    """A copy of the library that does a little more in each of its ways: 6 % of each row, which the guard has to tell by name."""
    name = "x86-64 -O2"
    tools(name)
    more = "{ extern unsigned slow_by; unsigned i_ = slow_by; for (; i_; i_--) __asm volatile(\"\"); }\n"
    found = set()
    for header in ("otel.h", "otel_export.h", "ports/otel_posix.h"):
        text = (ROOT / header).read_text()
        for place in PASSED:
            if place in text:
                found.add(place)
                text = text.replace(place, place + more)
        (build_dir / header).parent.mkdir(exist_ok=True)
        (build_dir / header).write_text(text)
    assert found == set(PASSED), "these moved: %s" % (set(PASSED) - found)
    program = bench.build(build_dir, build_dir, "gcc", ["-DSLOW", "-I", build_dir / "ports", "-Wno-nested-externs"])
    budget = dict(BUDGETS[name]["instructions"])
    assert budget.pop("span_compiled_out") <= 2, "nothing is left that could become slower"
    counts = bench.count(program, ["%s=%d" % (case, math.ceil(n * 0.06 / 2) + 1) for case, n in budget.items()])
    counts = {case.split("=")[0]: n for case, n in counts.items()}
    told = {line.split(":")[0] for line in too_slow(name, counts, 1.05)}
    assert told == set(budget), "not told: %s" % {case: (counts[case], budget[case]) for case in set(budget) - told}


def test_every_row_of_the_bench_is_guarded_or_says_why():
    assert set(bench.GUARDED["x86-64 -O2"]) | set(bench.UNGUARDED) == set(bench.WHAT)
    assert not set(bench.GUARDED["x86-64 -O2"]) & set(bench.UNGUARDED)


def test_the_bench_programs_say_the_same_as_their_tables():
    """make bench and make sizes run, and name every case."""
    tools(ARM[0])
    for case in run([ROOT / "bench/cortex-m/run", "--opt", "O2", "--memory", "newlib", "--table"]).stdout.splitlines()[1:]:
        assert int(case.split()[-1]) > 0


SIZES = ("span recorded", "counter recorded", "sent, OTEL_STATIC", "metrics and logs", "probability")


def test_no_program_has_grown():
    """make sizes, its short form: three cores, the rows that stand for the others. On AVR literals lie in RAM, whether what says
    them is linked or not."""
    tools(ARM[0])
    need("avr-gcc")
    ran = run([ROOT / "tools/sizes", "--json", "--core", "Cortex-M0", "Cortex-M4", "ATmega1284P", "--row", *SIZES], timeout=800)
    for core, sizes in json.loads(ran.stdout).items():
        assert len(sizes["programs"]) == 6
        for part, got in sizes["programs"].items():
            assert isinstance(got, dict) and got["flash"] > 0, "%s, %s: %s" % (core, part, got)


def test_a_program_that_grows_is_told(build_dir):
    """A copy of the library in which ending a span brings 200 bytes with it."""
    tools(ARM[0])
    plant(build_dir, "static const volatile char more_[200] = { 1 };\n", "    (void)more_[span != 0];\n")
    (build_dir / "otel_export.h").write_text((ROOT / "otel_export.h").read_text())
    ran = run([ROOT / "tools/sizes", "--core", "Cortex-M4", "--row", "one span recorded", "--headers", build_dir], check=False, timeout=800)
    kept = json.loads((ROOT / "bench/sizes/sizes.json").read_text())["Cortex-M4"]["compiler"]
    if kept == bench.major("arm-none-eabi-gcc"):
        assert ran.returncode and "bytes of flash" in ran.stderr and "--renew" in ran.stderr


def test_the_host_program_measures_every_case_without_the_heap(build_dir):
    need("gcc")
    got = json.loads(run([bench.build(build_dir, flags=["-DROUNDS=3"])]).stdout)
    assert set(got) == set(bench.WHAT) and all(case["min"] > 0 for case in got.values())
    assert {name: case["heap"] for name, case in got.items() if case["heap"] > 0} == {}
    assert platform.libc_ver()[0] != "glibc" or all(case["heap"] == 0 for case in got.values())


def test_no_call_recurses_and_no_frame_grows():
    """The call graph of a Cortex-M has no cycle (a cycle ends the script) and no frame of unknown size; no public call takes more
    than 128 bytes, but those that stack.json names, which do not grow."""
    need("arm-none-eabi-gcc")
    graph = stack.Graph("-Os")
    assert graph.public() and not graph.dynamic
    assert list(stack.grown(graph)) == []


def test_a_frame_that_grows_is_told():
    need("arm-none-eabi-gcc")
    if json.loads(stack.KEPT.read_text())["compiler"] != stack.compiler_name():
        return
    graph = stack.Graph("-Os")
    graph.frame["otel_ring_write_"] += 8
    told = list(stack.grown(graph))
    assert told and all("otel_ring_write_" in line for line in told), told
