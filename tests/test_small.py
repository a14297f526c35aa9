"""A span on a small device beside others (bench/small): the programs make the same span, and the page's statements hold."""
import json

import pytest

from conftest import ROOT, missing, need, need_module, run

SCRIPT = ROOT / "bench/small/run"
pytestmark = pytest.mark.xdist_group("small")          # one worker: nanopb's sources and SystemView's are fetched once


def told(*options):
    for tool in ("arm-none-eabi-gcc", "qemu-system-arm", "avr-gcc", "simavr", "protoc", "protoc-gen-nanopb", "barectf", "cargo"):
        need(tool)
    ran = run([SCRIPT, *options], timeout=600)
    if "left out" in ran.stderr:
        missing("a peer of bench/small", ran.stderr)
    return json.loads(ran.stdout)


def test_all_make_the_same_span():
    traces = need_module("opentelemetry.proto.trace.v1.trace_pb2")
    for core, programs in told("--bytes").items():
        assert set(programs) == {"otel.h", "nanopb", "by hand"}, core
        for name, hexadecimal in programs.items():
            data = traces.TracesData.FromString(bytes.fromhex(hexadecimal))
            (resource,) = data.resource_spans
            (scope,) = resource.scope_spans
            (span,) = scope.spans
            assert ("service.name", "boiler") in {(a.key, a.value.string_value) for a in resource.resource.attributes}, (core, name)
            assert (len(span.trace_id), len(span.span_id), span.name, span.kind) == (16, 8, "read_sensor", 1), (core, name)
            assert span.end_time_unix_nano >= span.start_time_unix_nano >= 1760000000000000000, (core, name)
            assert [(a.key, a.value.int_value, a.value.string_value) for a in span.attributes] == [("sensor.id", 7, ""), ("bus", 0, "i2c1")], (core, name)


def test_what_the_page_says_of_others_holds():
    table = told("--json")
    assert {core: len(rows) for core, rows in table.items()} == {"Cortex-M4": 6, "ATmega1284P": 4}
    for core, unit in (("Cortex-M4", "instructions"), ("ATmega1284P", "cycles")):
        rows = {name: row["-Os"] for name, row in table[core].items()}
        assert all(row[key] > 0 for row in rows.values() for key in ("flash", "stack", unit)), core
        assert all(rows[name]["bytes"] > 100 for name in ("otel.h", "nanopb", "by hand")), core
        assert rows["otel.h"][unit] * 10 < rows["nanopb"][unit]
        assert rows["otel.h"]["stack"] * 1.5 < rows["nanopb"]["stack"]
        assert rows["otel.h, recorded"][unit] < rows["otel.h"][unit]
