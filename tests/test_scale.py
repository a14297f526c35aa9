"""How costs grow: that the programs run and the rule can say no. No figure of a busy machine is judged here."""
import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from xml.etree import ElementTree

import pytest
from conftest import ROOT, cc, need, run


def load(name, path):
    """A script without .py as a module."""
    loader = SourceFileLoader(name, str(path))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module

scale = load("bench_scale", ROOT / "bench/scale")
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


@pytest.mark.parametrize("name", ["growth", "threads"])
def test_the_document_has_a_place_for_each_table(build_dir, name):
    copy = build_dir / "performance.md"
    copy.write_text((ROOT / "docs/performance.md").read_text())
    scale.peers.into(copy, name, "| row |\n")
    assert "<!-- %s: begin -->\n| row |\n<!-- %s: end -->" % (name, name) in copy.read_text()
