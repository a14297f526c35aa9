"""How costs grow: that the programs run and the rule can say no. No figure of a busy machine is judged here."""
import json
import re
from xml.etree import ElementTree

import pytest
from conftest import ROOT, cc, load, need, run

scale = load("bench_scale", ROOT / "bench/scale")
include = load("bench_compile_time", ROOT / "bench/compile-time")
pgo = load("bench_pgo", ROOT / "bench/pgo")
FLAGS = ("-O0", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-lpthread")


def points(cost, xs=(1, 4, 16, 64, 256, 1024)):
    return [{"x": x, "ns_min": cost(x), "ns_median": 2 * cost(x)} for x in xs]


def test_the_rule_says_no_to_what_grows_faster_than_linearly():
    assert scale.linear_or_better(points(lambda x: 50), True) and scale.exponent(points(lambda x: 50), True) == 1
    assert scale.linear_or_better(points(lambda x: 30 * x + 100), False)
    assert scale.linear_or_better(points(lambda x: 10 if x < 64 else 25), True), "caches"
    assert not scale.linear_or_better(points(lambda x: 5 * x), True)
    assert not scale.linear_or_better(points(lambda x: 100 + x * x), False)
    assert not scale.linear_or_better(points(lambda x: x ** 1.5), False)


def test_every_sweep_is_measured_and_told():
    need("gcc")
    got = json.loads(run([cc("gcc", "bench/host/growth.c", *FLAGS), "1"]).stdout)
    assert set(got["sweeps"]) | {"threads"} == set(scale.SWEEPS) and got["clock_ns"] > 0
    assert [p["x"] for p in got["sweeps"]["series"]] == [1, 10, 100, 1000, 10000]
    assert got["sweeps"]["batches"][0]["x"] == 1 and got["sweeps"]["batches"][-1]["x"] == 65536
    assert got["sweeps"]["text"][0]["x"] == 50 and got["sweeps"]["text"][-1]["x"] == 65536
    assert all(0 < p["ns_min"] <= p["ns_median"] for sweep in got["sweeps"].values() for p in sweep)


def test_two_threads_are_measured_beside_what_the_machine_gives():
    need("gcc")
    got = json.loads(run([cc("gcc", "bench/host/threads.c", *FLAGS), "pair", "2"]).stdout)
    assert [r["work"] for r in got] == ["multiplications", "stores", "clock", "spans"]
    assert all(r["alone_ns"] > 0 and r["both_ns"] > 0 for r in got)


def report():
    live = {"spans": 1000, "dropped": 0, "exported_a_second": 4e6, "all_cpu_ns_an_exported_span": 250.0}
    return {"rounds": 3, "processors": 2, "clock_ns": 20.0, "sweeps": {name: points(lambda x: 20 * x * x) for name in scale.SWEEPS},
            "pair": [{"work": w, "alone_ns": 10, "both_ns": 10, "ratio": 2.0, "ratio_median": 2.0} for w in ("multiplications", "stores", "clock", "spans")],
            "scale": [{"threads": n, "of_two_threads": 1.0 if n > 1 else 0.5} for n in (1, 2, 4, 8, 16)], "live": [live, dict(live, exported_a_second=6e6)]}


def test_the_tables_tell_multiples_of_a_clock_read_and_the_verdict():
    lines = [line for line in scale.table(report()) if line.startswith("| ")]
    assert len(lines) == 1 + len(scale.SWEEPS)
    assert "1 series: 1.00 C | 64 series: 4096 C | 1024 series: 1048576 C | x^3.00 | **no** |" in lines[2]
    told = "\n".join(scale.threads_table(report()))
    assert "| spans of 4 attributes | 10.0 | 10.0 | 2.00 |" in told and "one records 0.50, and 4 record 1.00" in told
    assert "1.50 times as many" in told and "allow 2.00 times" in told, "two processors, 250 ns each: 8 million"


def test_the_pictures_are_svg_with_a_line_for_linear_growth(build_dir):
    paths = list(scale.plots(report(), build_dir))
    assert [p.stem for p in paths] == list(scale.PICTURES)
    for path in paths:
        text = path.read_text()
        ElementTree.fromstring(text)
        assert len(re.findall("<polyline", text)) == len(scale.PICTURES[path.stem][1]) + 1 and ">linear<" in text
        assert "pictures/%s.svg" % path.stem in (ROOT / "docs/performance.md").read_text()


@pytest.mark.parametrize("name", ["growth", "threads", "compile-time", "pgo"])
def test_the_document_has_a_place_for_each_table(build_dir, name):
    copy = build_dir / "performance.md"
    copy.write_text((ROOT / "docs/performance.md").read_text())
    scale.peers.into(copy, name, "| row |\n")
    assert "<!-- %s: begin -->\n| row |\n<!-- %s: end -->" % (name, name) in copy.read_text()


def test_includes_are_timed_and_their_lines_counted():
    need("gcc")
    cases, modes = [include.CASES[0], include.CASES[1], include.CASES[2]], include.MODES[:1]
    ms, lines = include.measure(["gcc"], 1, cases, modes)
    assert lines[0] < 10 < lines[1] < lines[2] and "OTEL_SPLIT" in cases[2][0]
    assert all(x > 0 for x in ms["gcc"]["C11 -O0"])
    told = list(include.table({"gcc": {"C11 -O0": [10.0, 12.0, 60.0]}}, [1, 200, 2000], ["gcc 1"], cases))
    assert told[2:5] == ["| nothing | 1 | 10 |", "| %s | 200 | 2 |" % cases[1][0], "| %s | 2000 | 50 |" % cases[2][0]]


SERVE = r"""
#include <stdio.h>
#include <string.h>
static volatile unsigned long sum;
int main(int argc, char **argv)
{
    char name[64];
    unsigned long n, i;
    if (argc < 2) for (i = 0; i < ROUNDS; i++) sum += i;
    else puts("{\"version\": \"1\", \"max\": 10, \"cases\": []}"), fflush(stdout);
    while (argc > 1 && scanf("%63s %lu", name, &n) == 2) printf("%lu 0 0\n", n * 20u), fflush(stdout);
    return 0;
}
"""


def test_builds_are_trained_and_measured_in_turns(build_dir, monkeypatch):
    need("gcc")
    source = build_dir / "serve.c"
    source.write_text("#ifndef ROUNDS\n#define ROUNDS 5\n#endif\n" + SERVE)
    monkeypatch.setattr(pgo, "SOURCES", [source])
    programs = {name: pgo.build(name, ["-O1"], build_dir / str(i)) for i, name in enumerate(("-O2", pgo.TRAINED))}
    assert list((build_dir / "1").glob("*.gcda")) and not list((build_dir / "0").glob("*.gcda"))
    got = pgo.measure(programs, ["span_0"], 2, 1)
    assert got == {"clock_gettime": {"-O2": 20, pgo.TRAINED: 20}, "span_0": {"-O2": 20, pgo.TRAINED: 20}}
    told = list(pgo.table({"clock_gettime": {"-O2": 20}, "span_0": {"-O2": 40, pgo.TRAINED: 30}}, {"-O2": 2048, pgo.TRAINED: 4096}, 2))
    assert told[2:4] == ["| %s | 2.00 | -25 %% |" % pgo.peers.TEXT["span_0"], "| code and constants of the program | 2 KB | +100 % |"]
