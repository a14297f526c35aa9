"""The comparison with peers: what is read from the programs, and how it is told. No figure is judged here."""
import json
import re
import sys
from xml.etree import ElementTree

import pytest
from conftest import ROOT, cc, load, need, run

peers = load("bench_peers", ROOT / "bench/peers/run")

FAKE = r"""
import json, sys
print(json.dumps({"peer": "fake", "version": "1", "max": 100, "cases": ["span_0", "log_2"]}), flush=True)
for line in sys.stdin:
    case, n = line.split()
    print(int(n) * (50 if case == "span_0" else 70000), int(n) * 3, -1 if case == "log_2" else int(n) * 96, flush=True)
"""


def test_a_peer_is_asked_in_batches_and_its_answers_are_divided():
    peer = peers.Peer("fake", [sys.executable, "-c", FAKE])
    for case in ("span_0", "log_2"):
        peer.warm_up(case, 300)
        for _ in range(5):
            peer.measure(case)
    assert peer.end() == 0
    span, log = peer.result("span_0"), peer.result("log_2")
    assert (span["min"], span["median"], span["allocations"], span["bytes"], span["batch"]) == (50, 50, 3, 96, 100)
    assert log["bytes"] is None and log["batch"] == 8, "a slow call needs few for a batch"


def test_a_peer_that_ends_early_is_an_error():
    peer = peers.Peer("fake", [sys.executable, "-c", "print('{\"cases\": [\"span_0\"], \"max\": 10}', flush=True)"])
    with pytest.raises((RuntimeError, BrokenPipeError)):
        peer.warm_up("span_0", 300)


def report():
    own = lambda ns: {"min": ns, "median": 2 * ns, "p25": ns, "p75": 2 * ns, "batch": 100, "allocations": 0, "bytes": 0}
    other = lambda ns: dict(own(ns), allocations=3, bytes=96)
    return {"machine": "x", "rounds": 5, "peers": {"otel": "this", "go": "Go 1"},
            "results": {"clock_gettime": {"otel": own(20)}, "floor": {"otel": own(40)},
                        "span_0": {"otel": own(45), "go": other(400)}, "counter_bound": {"otel": own(10), "go": other(1)}}}


def test_the_table_tells_targets_misses_and_who_is_ahead():
    lines = {line.split("|")[1].strip(): [c.strip() for c in line.split("|")[2:-1]] for line in peers.table(report()) if line.startswith("| ")}
    assert lines[peers.TEXT["span_0"]] == ["1.25 F = 2.50", "2.25", "2.25", "yes", "20.0 (3.00, 96.0 B)", "yes"]
    assert lines[peers.TEXT["counter_bound"]] == ["0.1 C = 0.10", "0.50", "0.50", "**no**", "0.05 (3.00, 96.0 B)", "**behind go**"]


def test_rows_that_miss_or_are_behind_say_why():
    why = [line for line in peers.table(report()) if line.startswith("- ")]
    assert len(why) == 1 and why[0].startswith("- *%s*: " % peers.TEXT["counter_bound"]), "span_0 meets its target and is ahead"
    results = report()["results"]
    results["atomic_add"], results["counter_local"] = {"otel": {"min": 8, "median": 9}}, {"otel": {"min": 2, "median": 2}}
    said = list(peers.reasons(results))
    assert [line.split("*")[1] for line in said] == [peers.TEXT["counter_bound"], peers.TEXT["counter_local"]]
    assert "A bare atomic add is 0.40 C on this processor" in said[0] and not any("{" in line for line in said)


def test_each_target_has_a_reason_to_be_missed_and_each_reason_a_row():
    excused = {"span_compiled_out"}
    assert {case for case, _, target in peers.ROWS if target} - set(peers.WHY) == excused and not set(peers.WHY) - set(peers.TEXT)
    names = set(re.findall(r"\{(\w+)\}", " ".join(peers.WHY.values())))
    assert not names - set(peers.TEXT)


def test_plots_are_svg_with_a_bar_for_each_figure(build_dir):
    path, = peers.plots(report(), build_dir)
    text = path.read_text()
    ElementTree.fromstring(text)
    assert len(re.findall(r"<rect x=\"370\"", text)) == 4
    ElementTree.fromstring(peers.plot.lines("t", "x", "y", {"a": [(1, 2), (10, 30)], "b": [(1, 4), (10, 5)]}))


def test_nanopb_does_what_its_rows_say(build_dir):
    need("protoc")
    need("protoc-gen-nanopb")
    peer = peers.Peer("nanopb", peers.build_nanopb(build_dir))
    results = peers.measure([peer], list(peers.TEXT), 2, 5)
    assert peer.end() == 0
    assert set(results) == set(peer.hello["cases"]) == {"span_4_no_clock", "export_4"}
    assert all(r["nanopb"]["min"] > 0 and r["nanopb"]["allocations"] == 0 for r in results.values())


def test_what_a_missing_peer_needs_is_said_with_its_command():
    with pytest.raises(RuntimeError, match="no-such-tool is not installed: apt-get install a-package"):
        peers.want("no-such-tool", "a-package")
    with pytest.raises(RuntimeError, match="<no/such.h> is not installed: apt-get install a-package-dev"):
        peers.want_header("no/such.h", "a-package-dev")


def test_this_library_is_measured_by_the_same_protocol(build_dir):
    need("gcc")
    peer = peers.Peer("otel", peers.build_otel(build_dir))
    results = peers.measure([peer], list(peers.TEXT), 2, 5)
    assert peer.end() == 0
    assert set(results) == set(peer.hello["cases"]) - {"span_0_no_clock", "span_4_literals_no_clock"}
    assert all(r["otel"]["min"] > 0 for r in results.values())
    json.dumps(results)


# How the source of each peer names its cases; what it builds with is slow, or not here.
IN_C = r'\{ "(\w+)", \w+, (?:NULL|\w+) \}'
NAMES = {"go": r'w\["(\w+)"\] = ', "rust": r'Case::(?:new|both)\("(\w+)"', "fastrace": r'"((?:span|inject|extract)\w*)"',
         "hdr": IN_C, "nanopb": IN_C, "lttng": IN_C, "python": r'"(\w+)": \((?:run|bare|four|repeat|add)'}


def test_all_peers_are_looked_at():
    assert set(NAMES) == set(peers.BUILD) - {"otel"} == {p.name for p in (ROOT / "bench/peers").iterdir() if p.is_dir() and p.name != "__pycache__"}


@pytest.mark.parametrize("peer", NAMES)
def test_each_case_of_a_peer_has_its_row(peer):
    sources = sorted(p for p in (ROOT / "bench/peers" / peer).iterdir() if p.suffix in (".go", ".rs", ".c", ".py"))
    named = re.findall(NAMES[peer], "".join(p.read_text() for p in sources))
    assert named and len(named) == len(set(named)), "no case is there twice"
    assert not set(named) - set(peers.TEXT), "a row in bench/peers/run says what a case is"


def test_the_document_has_a_place_for_the_table(build_dir):
    copy = build_dir / "performance.md"
    copy.write_text((ROOT / "docs/performance.md").read_text())
    peers.into(copy, "peers", "| row |\n")
    assert "<!-- peers: begin -->\n| row |\n<!-- peers: end -->" in copy.read_text()
    with pytest.raises(RuntimeError):
        peers.into(copy, "nothing", "")


def test_flat_out_beside_the_exporter_every_span_is_counted():
    """No share of drops is asked for here: that wants idle processors."""
    got = json.loads(run([cc("gcc", "bench/host/live.c", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-lpthread"), "0.3"]).stdout)
    assert got["adds_up"] is True and got["spans"] > 0 and got["requests"] > 0


def test_recording_takes_nothing_from_the_heap_while_another_thread_exports():
    program = cc("gcc", "bench/host/threads.c", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-lpthread")
    got = json.loads(run([program, "latency", "20000"]).stdout)
    assert got["heap"] <= 0 and got["dropped"] + got["exported"] == 30000
    assert all(got[what]["p50_ns"] <= got[what]["p99.99_ns"] <= got[what]["max_ns_below"] for what in ("spans", "multiplications"))
    assert [r["threads"] for r in json.loads(run([program, "scale", "2"]).stdout)] == [1, 2, 4, 8, 16, 32, 64]
