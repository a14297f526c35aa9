"""The fast clock: a scripted counter, which drifts, stops, jumps and sleeps; the real one beside clock_gettime under load (`make clock`:
ten minutes of it, OTEL_CLOCK_SECONDS=600); and the port that holds it."""
import os
import re

import pytest

from conftest import ASAN, WARN, cc, run

SECONDS = float(os.environ.get("OTEL_CLOCK_SECONDS") or 4)
QUARTER = 260e6                               # between two anchors nobody can know that the counter is wrong, ns
SCRIPTS = {                                   # whether the counter answers in the end, and how far the time was off at most, ns
    "steady": (True, 1000), "drifts": (True, 1000 + 0.25 * 5000), "wide": (True, 10000), "stands": (False, 0), "alone": (True, 1000), "forgotten": (False, 1000),
    "slept": (True, 1000), "slept now": (False, 1000), "reset": (True, 1000), "reset now": (False, 1000), "stops": (False, QUARTER), "slower": (True, QUARTER),
    "changes": (False, QUARTER),
}


@pytest.fixture(scope="module")
def script():
    return cc("gcc", "tests/c/fast_clock_script.c", "-std=gnu99", *WARN, *ASAN, "-lpthread", "-lm")


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_time_is_right_whatever_the_counter_does(script, name):
    fast, most = SCRIPTS[name]
    is_fast, worst, back = map(int, re.findall(r"\d+", run([script, *name.split()]).stdout))
    assert back == 0, "the time went back"
    assert (is_fast, worst <= most) == (fast, True), (is_fast, worst)


def clock(*flags):
    return cc("gcc", "bench/host/clock.c", "-std=gnu99", *WARN, *flags, "-lpthread")


def test_beside_clock_gettime_under_load():
    """99.9 % of the looks within 1 us and 5 ppm since the last anchor, none goes back. A machine whose system does not trust the counter has
    clock_gettime, and there the port has it too."""
    ran = run([clock("-O2"), SECONDS], timeout=SECONDS + 120, check=False)
    if ran.returncode == 77:
        assert "clock_gettime" in ran.stdout
        return
    assert ran.returncode == 0, ran
    looks, share, back = re.search(r"looks: (\d+), .*: ([\d.]+) %, .* back: (\d+),", ran.stdout).groups()
    assert int(looks) > 1000 and float(share) >= 99.9 and back == "0"


def test_readers_and_the_anchor_share_nothing_unordered():
    """ThreadSanitizer."""
    ran = run([clock("-O1", "-g", "-fsanitize=thread"), 1], timeout=120, check=False)
    assert ran.returncode in (0, 1, 77) and "ThreadSanitizer" not in ran.stderr, ran


PROGRAM = r"""
#include "otel_posix.h"
int main(void)
{
    struct timespec t = { 0, 20000000 };
    unsigned i;
    if (otel_posix_start(.service = "clock", .fast_clock = true, .interval_ms = 50) != OTEL_OK) return 1;
    for (i = 0; i < 40; i++) {
        OTEL_SPAN(span, "wait") (void)nanosleep(&t, NULL);
    }
    return otel_posix_stop(10000) == OTEL_OK ? 0 : 2;
}
"""


def test_the_port_times_its_spans_with_it(collector):
    program = cc("gcc", PROGRAM, "-std=gnu99", *WARN, "-O1", "-lpthread")
    ran = run([program], env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http, "OTEL_LOG_LEVEL": "debug"})
    spans = collector.spans(want=40)
    took = [int(s["endTimeUnixNano"]) - int(s["startTimeUnixNano"]) for s in spans]
    begins = sorted(int(s["startTimeUnixNano"]) for s in spans)
    assert min(took) >= 20_000_000, "a span is shorter than what it waited for"
    assert all(b - a >= 20_000_000 for a, b in zip(begins, begins[1:]))
    trusted = run([clock("-O0"), 0.1], check=False).returncode != 77
    assert ("the clock is the processor's counter from now on" in ran.stderr) == trusted, ran.stderr
