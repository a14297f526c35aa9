"""One source, the same OTLP bytes on every core, compiler and byte order: tests/firmware/golden.c prints its requests, and they
are tests/firmware/golden.txt everywhere. The official decoders say that the file is right."""
import binascii

import pytest
from boards import ATMEGA1284P, FIRMWARE, M3, M4, M7, MICROBIT, RV32, RV32_NO_A, STM32VL, STRICT, host
from conftest import need_module

CXX = ["-x", "c++"]
CONFIGURATIONS = [
    host("x86-64 gcc", "gcc", "-std=c99", "-O2", *STRICT),
    host("x86-64 gcc, no atomics", "gcc", "-std=c11", "-O2", "-DOTEL_NO_ATOMICS=1", *STRICT),
    host("x86-64 clang", "clang", "-std=c11", "-O2", *STRICT),
    host("x86-64 g++ 14", "g++", *CXX, "-std=gnu++14", "-O2", *STRICT),
    host("x86-64 g++ 20", "g++", *CXX, "-std=c++20", "-O2", *STRICT),
    host("i686", "gcc -m32", "-std=c11", "-O2", *STRICT, needs=("gcc -m32",)),
    host("tcc", "tcc"),
    host("musl", "musl-gcc", "-std=c11", "-static", "-O2", *STRICT),
    host("s390x, big-endian", "s390x-linux-gnu-gcc", "-std=c11", "-static", "-O2", *STRICT, needs=("s390x-linux-gnu-gcc -static", "qemu-s390x"), emulator=("qemu-s390x",)),
    host("powerpc, big-endian", "powerpc-linux-gnu-gcc", "-std=c11", "-static", "-O2", *STRICT, needs=("powerpc-linux-gnu-gcc -static", "qemu-ppc"), emulator=("qemu-ppc",)),
    MICROBIT, STM32VL, M3, M4, M7, RV32, RV32_NO_A, ATMEGA1284P,
]


@pytest.fixture(scope="module")
def golden():
    return (FIRMWARE / "golden.txt").read_text()


@pytest.mark.parametrize("board", CONFIGURATIONS, ids=lambda b: b.name)
def test_the_same_bytes_on(board, golden):
    assert board.run(board.build(FIRMWARE / "golden.c")) == golden


def test_the_golden_bytes_are_right(golden, godecode):
    need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

    def items(signal, outer, inner, leaf):
        """What all requests of a signal hold: one message after the other is one message."""
        body = binascii.unhexlify("".join(line.split()[1] for line in golden.splitlines() if line.startswith("/v1/%s " % signal)))
        return [item for r in godecode(signal, body)[outer] for scope in r[inner] for item in scope[leaf]]

    spans = items("traces", "resourceSpans", "scopeSpans", "spans")
    assert [s["name"] for s in spans] == ["read", "GET /level", "read", "GET /level"]
    level = spans[1]
    assert level["parentSpanId"] == "b7ad6b7169203331" and level["traceId"] == "0af7651916cd43dd8448eb211c80319c" and level["traceState"] == "vendor=opaque"
    values = {a["key"]: a["value"] for a in level["attributes"]}
    assert values["text"]["stringValue"] == "grüße" and values["large"]["intValue"] == str(0x0123456789ABCDEF) and values["half"]["doubleValue"] == 0.5
    assert [int(v["intValue"]) for v in values["samples"]["arrayValue"]["values"]] == [-32767, 0, 32767]
    assert spans[0]["status"]["message"] == "i2c nack" and [e["name"] for e in spans[0]["events"]] == ["retry", "exception"]
    assert all(int(s["startTimeUnixNano"]) // 10**9 == 1760000000 for s in spans), "times from before the clock was set are right"
    metrics = {m["name"]: m for m in items("metrics", "resourceMetrics", "scopeMetrics", "metrics")}
    assert set(metrics) == {"sensor.reads", "pump.energy", "queue.length", "tank.level", "sensor.read.duration"}
    took = metrics["sensor.read.duration"]["histogram"]["dataPoints"][0]
    assert took["bucketCounts"] == ["0", "1", "0", "0", "1"] and took["sum"] == 4.375
    logs = items("logs", "resourceLogs", "scopeLogs", "logRecords")
    assert [r["spanId"] for r in logs] == [spans[1]["spanId"], spans[3]["spanId"]]
