"""Each option and each part of tracing, context and logs alone, all of them off, and all of them at the other end: builds without a
warning and runs. `tools/sizes` prints what they cost."""
import pytest

from conftest import WARN, cc, linked, run

OPTIONS = ["OTEL_TRACES=0", "OTEL_METRICS=0", "OTEL_LOGS=0", "OTEL_RETRY=0", "OTEL_LIMITS=0", "OTEL_UTF8_REPLACE=1", "OTEL_VALUE_DEPTH=1",
           "OTEL_VALUE_DEPTH=32", "OTEL_SPAN_BYTES=64", "OTEL_NO_CLEANUP", "OTEL_NO_ATOMICS", "OTEL_STATIC=1", "OTEL_ENABLED=0"]
OFF = ["OTEL_METRICS=0", "OTEL_RETRY=0", "OTEL_LIMITS=0"]
PARTS = [*range(13), 20, 21, 22, 30, 31, 32, 40]
CASES = {"part %d" % n: ["ALONE=%d" % n] for n in PARTS}
CASES.update({o: ["ALONE=0", o] for o in OPTIONS})
CASES.update({"all off": ["ALONE=0", *OFF], "all off and no signal": ["ALONE=0", *OFF, "OTEL_TRACES=0", "OTEL_LOGS=0"]})


@pytest.mark.parametrize("case", CASES)
def test_it_builds_and_runs_alone(case):
    build = cc if len(CASES[case]) > 1 else linked                  # a part's own code is what its program has more than the others
    run([build("gcc", "tests/c/alone.c", "-std=c99", *WARN, *("-D" + d for d in CASES[case]))])
