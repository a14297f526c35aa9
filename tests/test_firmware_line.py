"""From the interrupt of an emulated chip to the real Collector: examples/firmware/sensor.c over UART, gateway and HTTP."""
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from boards import ATMEGA1284P, ATMEGA328P, M3, MICROBIT, RV32, STM32VL, avrhost, size
from conftest import ROOT, cc, missing, need, run
from test_gateway import start  # noqa: F401  (the fixture: the gateway as a program)

SENSOR = "examples/firmware/sensor.c"
ROUNDS = 9


def emulate(board, program, port):
    """The board, its UART on the gateway's TCP port."""
    if board.machine:
        command = board.command(program, "-serial", "tcp:127.0.0.1:%d" % port)
    else:
        command = board.command(program) + [str(port)]
    return subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.parametrize("board", (M3, MICROBIT, STM32VL, RV32, ATMEGA1284P), ids=lambda b: b.name)
def test_spans_counters_histograms_and_logs_arrive(board, collector, start):  # noqa: F811
    program = board.build(SENSOR, "-DROUNDS=%d" % ROUNDS, "-DPOOL=%d" % (3000 if board is STM32VL else 4096))   # all of it, however slow this machine is
    line = start("--listen", ":0", "--endpoint", collector.http, "--text")
    device = emulate(board, program, line.port())
    said = device.communicate(timeout=120)[0].decode()
    assert device.returncode == 0, said
    counts = line.stop()["devices"]["local 1"]                         # it hands on what it has
    collector.stop()                                                   # and the files are complete
    spans = collector.spans(2 * ROUNDS)
    assert len(spans) == 2 * ROUNDS, "each once"
    measures = {s["spanId"]: s for s in spans if s["name"] == "measure"}
    reads = [s for s in spans if s["name"] == "read_level"]
    assert len(measures) == ROUNDS and all(r["parentSpanId"] in measures and r["traceId"] == measures[r["parentSpanId"]]["traceId"] for r in reads)
    failed = [r for r in reads if r.get("status", {}).get("code") == 2]
    assert len(failed) == ROUNDS // 4 and failed[0]["events"][0]["name"] == "exception"
    assert all(abs(int(s["startTimeUnixNano"]) / 1e9 - time.time()) < 120 for s in spans), "the gateway told the time"
    logs = collector.logs(ROUNDS // 4)
    assert all(r["spanId"] in measures for r in logs)
    last = {m["name"]: m for m in collector.metrics(2)}
    assert max(int(m["sum"]["dataPoints"][0]["asInt"]) for m in collector.metrics(2) if m["name"] == "sensor.reads") == ROUNDS
    assert last["tank.level"]["histogram"]["dataPoints"][0]["explicitBounds"] == [1, 2, 4]
    assert counts["lines"] >= 1 and counts.get("bad frames", 0) == 0


def test_spans_and_a_counter_out_of_two_kilobytes(collector, start):  # noqa: F811
    """atmega328p: 32 KB of flash, 2 KB of RAM, data and the deepest stack together."""
    program = ATMEGA328P.build("examples/firmware/small.c", "-DROUNDS=%d" % ROUNDS, "-DEVERY=(BOARD_HZ * 2u)")      # a slow machine listens
    flash, ram = size(program, "avr-size")
    line = start("--listen", ":0", "--endpoint", collector.http, "--text")
    device = subprocess.Popen([str(c) for c in ATMEGA328P.command(program)] + [str(line.port())], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = device.communicate(timeout=120)[1].decode()
    counts = line.stop()["devices"]["local 1"]
    collector.stop()
    assert device.returncode == 0 and "exit 0" in line.out(), said
    stack = int(re.search(r"stack (\d+) bytes", said).group(1))
    assert flash <= 32768 and ram + stack <= 2048, "flash %d, data %d, stack %d" % (flash, ram, stack)
    spans = collector.spans(ROUNDS)
    assert [s["name"] for s in spans] == ["measure"] * ROUNDS and len({s["spanId"] for s in spans}) == ROUNDS
    assert all(abs(int(s["startTimeUnixNano"]) / 1e9 - time.time()) < 120 for s in spans)
    assert max(int(m["sum"]["dataPoints"][0]["asInt"]) for m in collector.metrics(1)) == ROUNDS
    assert counts.get("bad frames", 0) == 0


def sketch(folder, board, *flags):
    """Build the sketch with the real Arduino core, as an IDE does: headers in a library folder, arduino-builder."""
    for tool in ("arduino-builder", "arduino-ctags", "avr-gcc"):
        need(tool)
    core = Path("/usr/share/arduino/hardware/arduino")
    if not core.exists():
        missing("the Arduino core", "apt-get install arduino-core-avr")
    hardware, library, build = folder / "hardware", folder / "libraries/otel", folder / "build"
    for d in (hardware, library, build):
        d.mkdir(parents=True)
    (hardware / "arduino").symlink_to(core)
    (hardware / "platform.txt").symlink_to("/usr/share/arduino-builder/platform.txt")
    for header in ("otel.h", "otel_export.h", "ports/otel_uart.h", "ports/otel_arduino.h"):
        shutil.copy(ROOT / header, library)
    # Debian's avr-gcc 5.4 does not know DECIMAL_DIG, which the core's WString.cpp uses
    said = run(["arduino-builder", "-compile", "-warnings", "all", "-hardware", hardware, "-tools", hardware, "-libraries", folder / "libraries", "-fqbn", "arduino:avr:" + board,
                "-prefs=compiler.cpp.extra_flags=-DDECIMAL_DIG=__DECIMAL_DIG__ " + " ".join(flags), "-build-path", build,
                ROOT / "examples/firmware/arduino/telemetry/telemetry.ino"], timeout=300, merge=True).output
    ours = [line for line in said.splitlines() if "warning" in line and "otel" in line]
    assert not ours, "\n".join(ours)
    return build / "telemetry.ino.elf"


def test_an_arduino_sketch_with_the_real_core(collector, start, tmp_path):  # noqa: F811
    """C++11 shapes: otel_scoped_span, otel_counter<>, otel_histogram<n>."""
    program = sketch(tmp_path / "arduino", "mega:cpu=atmega2560", "-DROUNDS=%d" % ROUNDS, "-DPOOL=3500")
    line = start("--listen", ":0", "--endpoint", collector.http, "--text")
    device = subprocess.Popen([str(avrhost()), "atmega2560", str(program), str(line.port())], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = device.communicate(timeout=120)[1].decode()
    assert device.returncode == 0, said
    counts = line.stop()["devices"]["local 1"]
    collector.stop()
    spans, metrics = collector.spans(2 * ROUNDS), collector.metrics(2)
    assert sorted(s["name"] for s in spans) == ["measure"] * ROUNDS + ["read_light"] * ROUNDS
    assert all(abs(int(s["startTimeUnixNano"]) / 1e9 - time.time()) < 120 for s in spans)
    assert max(int(m["sum"]["dataPoints"][0]["asInt"]) for m in metrics if m["name"] == "sensor.reads") == ROUNDS
    light = [m["histogram"]["dataPoints"][0] for m in metrics if m["name"] == "sensor.light"][-1]
    assert light["explicitBounds"] == [100, 300, 1000] and sum(map(int, light["bucketCounts"])) == ROUNDS - ROUNDS // 4
    assert len(collector.logs(ROUNDS // 4)) == ROUNDS // 4
    assert "measured 00-" in line.out() and counts.get("bad frames", 0) == 0


def test_the_device_s_span_is_the_parent_of_the_host_s(collector, start):  # noqa: F811
    """The trace crosses the serial line as a line of text."""
    host = cc("gcc", "tests/firmware/host_span.c", "-std=gnu11", "-O1", "-lpthread")
    program = ATMEGA1284P.build(SENSOR, "-DROUNDS=3", "-DPOOL=4096")
    line = start("--listen", ":0", "--endpoint", collector.http, "--text")
    for _ in range(2):                                                 # two boots: the time that the gateway tells keeps their ids apart
        assert emulate(ATMEGA1284P, program, line.port()).wait(120) == 0
    line.stop()
    ran = subprocess.run([host], input=line.stdout.read_bytes(), env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.http}, timeout=60)
    assert ran.returncode == 0
    spans = collector.spans(18)
    service = lambda s: next(a["value"]["stringValue"] for a in s["resource"]["attributes"] if a["key"] == "service.name")  # noqa: E731
    on_device = {(s["traceId"], s["spanId"]) for s in spans if service(s) == "sensor" and s["name"] == "measure"}
    on_host = [s for s in spans if service(s) == "host"]
    assert len(on_host) == 6 and len({s["traceId"] for s in on_host}) == 6 and {(s["traceId"], s["parentSpanId"]) for s in on_host} == on_device
