"""Proofs by CBMC (tests/proofs/*.c), and that each fails when the code is made wrong. CBMC is taken from the next release of Debian
where this one has none (tests/borrow.py). `make proofs` has longer inputs, and takes hours."""
import os
import re
import shutil

import borrow
import pytest
from conftest import ROOT, missing, run

CHECKS = ["--unwinding-assertions", "--bounds-check", "--pointer-check", "--pointer-overflow-check", "--signed-overflow-check", "--undefined-shift-check",
          "--div-by-zero-check", "--drop-unused-functions", "--object-bits", "12"]
LONG = bool(os.environ.get("OTEL_PROOFS_LONG"))

# file, proof, loops are followed so far (short, long), further options, part of the source that is made wrong: what there is, what then
PROOFS = [
    ("headers", "traceparent", 66, 66, "", "otel/traceparent.h", "bool valid = len >= 55 &&", "bool valid = len >= 54 &&"),
    ("headers", "list", 9, 13, "", "otel/tracestate.h", "for (; room && (otel_blank_(*p) || *p == ','); p++) room--;", "for (; otel_blank_(*p) || *p == ','; p++) room--;"),
    ("headers", "tracestate_member", 10, 18, "", "otel/tracestate.h", "while (i < len && (otel_lower", "while (i <= len && (otel_lower"),
    ("headers", "list_put", 9, 9, "", "otel/tracestate.h", "if (n < size && len < size - n) memcpy", "if (n < size && len <= size) memcpy"),
    ("headers", "tracestate", 6, 8, "", "otel/tracestate.h", "buf[n < size ? n : 0] = 0", "buf[n <= size ? n : 0] = 0"),
    ("headers", "baggage_member", 7, 9, "", "otel/baggage.h", "end == len || member[end] != '='", "member[end] != '='"),
    ("headers", "baggage_properties", 7, 9, "", "otel/baggage.h", "if (at < len && text[at] == '=')", "if (text[at] == '=')"),
    ("headers", "baggage_value", 6, 18, "", "otel/baggage.h", "entry->value_len - *at > 2", "entry->value_len - *at > 1"),
    ("wire", "varint_read", 13, 13, "", "export/pb.h", "if (i == 9 && p[i] > 1u) return OTEL_PB_BAD_;", ""),
    ("wire", "varint_write", 11, 11, "", "otel/wire.h", "return n + otel_varint_size_((uint32_t)value) - 1u;", "return n + otel_varint_size_((uint32_t)value);"),
    ("wire", "field", 12, 24, "", "export/pb.h", "if (n < 8) return 0;", "if (n < 7) return 0;"),
    ("wire", "cut", 5, 5, "", "otel/wire.h", "if (len <= limit) return len;", "if (len < limit) return len;"),
    ("wire", "long_value", 11, 11, "", "otel/attr.h", "if (key_len == 0 || n > room) return 0;", "if (key_len == 0 || n > room + 64u) return 0;"),
    ("ring", "positions", 3, 3, "", "otel/ring.h", "if (offset >= ring->size) {", "if (offset > ring->size) {"),
    ("ring", "positions", 3, 3, "--32", "otel/ring.h", "if ((to ^ from) & ~OTEL_OFFSET_) n += ring->size;", ""),
    ("ring", "write_record", 14, 18, "", "otel/ring.h", "if (OTEL_UNLIKELY_(n > left) ||", "if (OTEL_UNLIKELY_(n > ring->size) ||"),
    ("times", "jitter", 10, 10, "", "export/retry.h", "((range & 255u) * random[0] >> 8)", "(range & 255u) * random[0]"),
    ("times", "clock_scale", 33, 33, "", "otel/clock.h", "bool one = rest >= hz - rest;", "bool one = rest > hz - rest - 2u;"),
    ("wire", "partial", 6, 9, "", "export/reply.h", "reply->rejected = field->value > items ? items : (uint32_t)field->value;", "reply->rejected = (uint32_t)field->value;"),
    ("wire", "duration", 13, 13, "", "export/reply.h", "if (seconds > 4000000u) return 4000000000u;", "if (seconds > 40000000u) return 4000000001u;"),
    ("times", "retry_after", 36, 36, "", "export/retry.h", "*ms = seconds > 1000000u ? 1000000000u : seconds", "*ms = seconds > 10000000u ? 1000000000u : seconds"),
    ("exporter", "back_off", 10, 10, "", "export/state.h", "ms < 2000000000u ? ms : 2000000000u", "ms"),
]
# beyond what a short run has time for; of these, the whole of `reply` and `baggage` has pieces above
if LONG:
    PROOFS += [
               ("times", "units", 3, 3, "", "export/retry.h", "((uint64_t)ms * 15625u) >> 14", "(uint64_t)(ms * 15625u) >> 14"),
               ("times", "units", 3, 3, "--32", "export/retry.h", "((uint64_t)ms * 15625u) >> 14", "(uint64_t)(ms * 15625u) >> 14"),
               ("headers", "baggage", 8, 8, "", "otel/baggage.h", "if (it->members_ == OTEL_BAGGAGE_MEMBERS_) {", "if (it->members_ > 250) {"),
               ("wire", "reply", 13, 13, "--unwindset memcmp.0:22", "export/reply.h", "reply->rejected = field->value > items ? items : (uint32_t)field->value;", "reply->rejected = (uint32_t)field->value;")]


@pytest.fixture(scope="session")
def cbmc():
    found = borrow.tool("cbmc")
    if not found:
        missing("cbmc", borrow.why)
    return found


def prove(cbmc, source, proof, unwind, options, folder):
    """(Is it proved, what CBMC says); anything but a verdict fails the test."""
    command = cbmc + CHECKS + (["-DLONG"] if LONG else []) + ["--c99", "-I", folder, "-I", "tests/proofs", "--function", proof, "--unwind", unwind, *options.split(),
                               "tests/proofs/%s.c" % source]
    said = run(command, 36000 if LONG else 840, check=False).output
    assert ("VERIFICATION SUCCESSFUL" in said) != ("VERIFICATION FAILED" in said), said[-3000:]
    return "VERIFICATION SUCCESSFUL" in said, "\n".join(line for line in said.splitlines() if line.endswith(": FAILURE") or "Violated property" in line or "no body for" in line)


def names(row):
    return row[0] + "-" + row[1] + row[4].split(" ")[0]


@pytest.mark.parametrize("row", PROOFS, ids=names)
def test_proved(row, cbmc):
    source, proof, unwind = row[0], row[1], row[3 if LONG else 2]
    good, why = prove(cbmc, source, proof, unwind, row[4], ROOT / "src")
    assert good, why


@pytest.mark.parametrize("row", PROOFS, ids=names)
def test_a_mistake_is_found(row, cbmc, build_dir):
    shutil.copytree(ROOT / "src", build_dir / "src")
    part = build_dir / "src" / row[5]
    text = part.read_text()
    assert text.count(row[6]) == 1, "%s says it in other words now: renew the mistake of this proof" % row[5]
    part.write_text(text.replace(row[6], row[7]))
    good, why = prove(cbmc, row[0], row[1], row[3 if LONG else 2], row[4] + " --stop-on-fail", build_dir / "src")     # the first one is enough
    assert not good and not re.search(r"no body for callee", why), "%s is proved even so" % row[1]


ORDER = (ROOT / "tests/proofs/order.c").read_text()
FENCES = {"message": ["otel_ring_publish_"], "meeting": ["otel_visit_", "otel_visited_"]}


def ordered(cbmc, proof, text, folder):
    (folder / "order.c").write_text(text)
    said = run(cbmc + ["--unwinding-assertions", "--c99", "-I", "tests/proofs", "--function", proof, "--mm", "pso", folder / "order.c"], 300, check=False).output
    assert ("VERIFICATION SUCCESSFUL" in said) != ("VERIFICATION FAILED" in said), said[-3000:]
    return "VERIFICATION SUCCESSFUL" in said


@pytest.mark.parametrize("proof", FENCES)
def test_order_of_memory_holds_where_stores_overtake_each_other(proof, cbmc, tmp_path):
    assert ordered(cbmc, proof, ORDER, tmp_path)


@pytest.mark.parametrize("proof,where", [(p, w) for p in FENCES for w in FENCES[p]])
def test_order_of_memory_is_lost_without(proof, where, cbmc, tmp_path):
    """The fence is one that the source has: the atomic operation that is named beside it stands there."""
    line = next(l for l in ORDER.split("\n") if "/* %s: " % where in l)
    function, operation = re.search(r"/\* (\w+): (.*?) \*/", line).groups()
    source = next(t for t in ((ROOT / "src/otel" / n).read_text() for n in ("ring.h", "series.h")) if re.search(r"^OTEL_\w+ \w+ %s\(" % function, t, re.M))
    body = re.search(r"^OTEL_\w+ \w+ %s\([^;{]*\)\n\{\n.*?^\}" % function, source, re.M | re.S).group(0)
    assert all(word in body for word in operation.split(", "))
    assert not ordered(cbmc, proof, ORDER.replace(line, ""), tmp_path)


def test_every_proof_is_run():
    written = {(p.stem, name) for p in (ROOT / "tests/proofs").glob("*.c") for name in re.findall(r"^void (\w+)\(void\)", p.read_text(), re.M)}
    assert written == {row[:2] for row in PROOFS} | {("order", proof) for proof in FENCES} | {("headers", "baggage"), ("wire", "reply"), ("times", "units")}
