"""Rules of CONTRIBUTING.md that can be counted: lengths of functions and parts, names of what is private, comments."""
import re
import statistics

from conftest import ROOT, cc, load, need, run

PARTS = sorted(p for folder in ("otel", "export", "posix") for p in (ROOT / "src" / folder).glob("*.h"))
# longer than 300 lines, and why
LONGER = {
    "otel/compiler.h": "the only part that asks which compiler, core or system this is",
    "otel/span.h": "the span's life in one place; its hot paths come twice, melted into their caller and called",
    "otel/metric.h": "series, their table and their life cycle share one lock-free state",
    "otel/ring.h": "the protocol of the ring is one argument; docs/ring.md follows it",
    "otel/instance.h": "configuration and hooks, each field with its comment",
    "otel/counter.h": "the macros of four kinds of sums in C and C++",
    "otel/attr.h": "one row per type of value, in C and C++",
    "otel/processor.h": "what processors of spans and logs may read and change",
    "otel/propagator.h": "the macros and objects of all propagators",
    "export/exporter.h": "one state machine",
    "export/recorder.h": "one reader per message of OTLP",
    "export/metrics.h": "one writer per kind of point",
    "export/painter.h": "all that knows of columns",
    "export/chunk.h": "the frame and both of its ends",
    "otel/collect.h": "a round and what stands around its points, each beside the same by nanopb",
    "otel/exphistogram.h": "one algorithm: index, merge, rescale",
    "otel/histogram.h": "the macros of C and C++ beside the buckets",
    "otel/series.h": "the table and its lock-free life cycle are one argument",
    "posix/start.h": "start, flush and stop share one state machine",
    "otel/wire.h": "the encoder's smallest pieces, and UTF-8",
    "export/prometheus.h": "one text format, from the same points",
    "export/store.h": "the log on the medium: its format, writing and reading it",
    "export/waterfall.h": "one walk along one request",
    "export/leak.h": "a watch and the two ways to tell what it saw",
}


def lengths():
    """(lines, part, function) of each function: from its head to its closing brace."""
    for part in PARTS:
        lines = part.read_text().split("\n")
        for i, line in enumerate(lines):
            if line == "{" and i and "(" in lines[i - 1]:
                end = next((k for k in range(i, len(lines)) if lines[k] == "}"), i)
                yield end - i + 2, part.name, lines[i - 1]
            elif re.match(r"OTEL_(API|FN|INLINE)_ .*\) \{ .* \}", line):
                yield 1, part.name, line


def test_functions_are_short():
    n = sorted(length for length, _, _ in lengths())
    assert len(n) > 300
    assert statistics.median(n) <= 20 and n[int(len(n) * 0.9)] <= 50, (statistics.median(n), n[int(len(n) * 0.9)])


def test_parts_are_short_but_for_a_reason():
    long = {"%s/%s" % (p.parent.name, p.name): len(p.read_text().splitlines()) for p in PARTS if len(p.read_text().splitlines()) > 300}
    strangers = set(long) - set(LONGER)
    assert not strangers, "beyond 300 lines it is probably two parts: split it, or give LONGER its reason: %s" % sorted(strangers)


def test_private_names_end_in_an_underscore():
    """What the linker sees and has no comment in the API is private, and says so."""
    need("nm")
    made = load("made", ROOT / "tools/docs")
    public = {name for _, _, name, comment, _ in made.declarations()}
    seen = set()
    program = cc("gcc", "tests/c/posix_program.c", "-std=gnu11", "-O0", "-lpthread")
    for line in run(["nm", "--defined-only", program]).stdout.splitlines():
        found = re.match(r"[0-9a-f]+ \w (otel_\w+?)(?:_v0)?(?:\.\w+)*$", line)
        if found:
            seen.add(found.group(1))
    assert len(seen) > 100
    wrong = sorted(n for n in seen - public if not n.endswith("_"))
    assert not wrong, "neither documented nor with an underscore: " + ", ".join(wrong)


def test_private_macros_end_in_an_underscore():
    """A macro without an underscore at its end is for users: a comment of the headers or a document names it."""
    names = set(re.findall(r"^#define (OTEL_\w+|otel_\w+)(?! OTEL_NAME_\()\b", run(["gcc", "-dM", "-E", "-x", "c", ROOT / "otel_export.h"]).stdout, re.M))
    text = "".join((ROOT / n).read_text() for n in ("README.md", "docs/options.md", "docs/wrong-uses.md"))
    for header in ("otel.h", "otel_export.h"):
        lines = (ROOT / header).read_text().split("\n")
        text += " ".join(n for i, n in enumerate(lines) if n.startswith("#define") and i and ("/*" in n or lines[i - 1].endswith("*/")))
        text += " ".join(re.findall(r"/\*.*?\*/|//.*", (ROOT / header).read_text(), re.S))
    words = set(re.findall(r"\b(?:OTEL|otel)_\w+", text))
    text_of_tests = "".join(p.read_text() for folder in ("tests/c/surface", "tests/unit", "examples") for p in (ROOT / folder).rglob("*.c*"))
    words |= set(re.findall(r"\b(?:OTEL|otel)_\w+", text_of_tests)) | {"OTEL_VERSION", "OTEL_FALSE"}
    families = {re.sub(r"(_DOUBLE|_INT|_COUNTER|_GAUGE|_UPDOWN|_HISTOGRAM)+$", "", n) for n in words}          # spoken of together
    wrong = sorted(n for n in names if not n.endswith(("_", "_H")) and n not in words and re.sub(r"(_DOUBLE|_INT|_COUNTER|_GAUGE|_UPDOWN|_HISTOGRAM)+$", "", n) not in families)
    assert not wrong, "private without an underscore, or public without a word about it: " + ", ".join(wrong)
