"""The real FreeRTOS kernel on a Cortex-M0 with 16 KB and an M3: spans of tasks that run at the same time, the monitor, a log from
the tick interrupt, through UART and gateway into the real Collector."""
import pytest
from boards import BOARDS, M3, MICROBIT, STRICT, kernel
from conftest import ROOT, run
from test_firmware_line import emulate
from test_gateway import start  # noqa: F401  (the fixture: the gateway as a program)

HERE = ROOT / "examples/firmware/freertos"
SMALL = ("-DSTACK=220", "-DEXPORT_STACK=220", "-DPOOL=3000", "-DOTEL_SPAN_BYTES=64", "-DPAUSE=200", "-DROUNDS=3")


def build(board, port, folder, *flags):
    home = kernel()
    include = ["-isystem", home / "include", "-isystem", home / "portable/GCC" / port]
    base = [board.compiler, *board.flags, "-I", ROOT, "-I", ROOT / "ports", "-I", HERE, "-I", BOARDS, *include, *flags]
    run([*base, *STRICT, "-c", HERE / "main.c", "-o", folder / "main.o"])
    run([f for f in base if f not in STRICT] + [folder / "main.o", BOARDS / "cortex-m.c", *(home / name for name in ("tasks.c", "list.c", "queue.c")),
         *sorted((home / "portable/GCC" / port).glob("port*.c")), home / "portable/MemMang/heap_4.c", "-o", folder / "rtos.elf"])
    return folder / "rtos.elf"


@pytest.mark.parametrize("board, port, rounds, flags", [(M3, "ARM_CM3", 4, ()), (MICROBIT, "ARM_CM0", 3, SMALL)], ids=("Cortex-M3", "Cortex-M0 with 16 KB"))
def test_each_task_has_its_own_current_span(board, port, rounds, flags, collector, start, tmp_path):  # noqa: F811
    program = build(board, port, tmp_path, *flags)
    line = start("--listen", ":0", "--endpoint", collector.http)
    device = emulate(board, program, line.port())
    said = device.communicate(timeout=120)[0].decode()
    assert device.returncode == 0, said
    line.stop()
    collector.stop()
    spans = collector.spans(rounds * 9)
    jobs = {s["spanId"]: s for s in spans if s["name"] != "step"}
    steps = [s for s in spans if s["name"] == "step"]
    assert sorted(s["name"] for s in jobs.values()) == sorted(["pump", "valve", "heater"] * rounds) and len(steps) == 2 * len(jobs)
    assert len({s["traceId"] for s in jobs.values()}) == len(jobs), "a trace for each job"
    children = {}
    for s in steps:
        assert s["traceId"] == jobs[s["parentSpanId"]]["traceId"], "a step belongs to the job of its own task"
        children.setdefault(s["parentSpanId"], []).append(s)
    assert all(len(c) == 2 for c in children.values())
    times = sorted((int(s["startTimeUnixNano"]), int(s["endTimeUnixNano"]), s["traceId"]) for s in steps)
    assert any(b[0] < a[1] and a[2] != b[2] for a, b in zip(times, times[1:])), "they did run at the same time"
    logs = collector.logs(1)
    assert all(r["body"]["stringValue"] == "tick" and not r.get("traceId") for r in logs), "in an interrupt there is no current span"


def test_the_monitor_shows_tasks_stacks_and_spans_left_open(collector, start, tmp_path):  # noqa: F811
    line = start("--listen", ":0", "--endpoint", collector.http)
    device = emulate(M3, build(M3, "ARM_CM3", tmp_path), line.port())
    assert device.wait(120) == 0
    line.stop()
    collector.stop()
    points = {}
    for m in collector.metrics(3):
        for p in (m.get("gauge") or m["sum"])["dataPoints"]:
            task = next((a["value"]["stringValue"] for a in p.get("attributes", ()) if a["key"] == "freertos.task.name"), "")
            points.setdefault((m["name"], task), []).append(int(p["asInt"]))
    assert max(points["freertos.tasks", ""]) == 6, "five and the idle task"
    for task in ("pump", "valve", "heater", "forgetful"):
        assert 0 < min(points["freertos.task.stack.free", task]) < 384 * 4
    assert max(points["freertos.task.spans.open", "forgetful"]) == 1 and max(points["freertos.task.spans.open", "pump"]) <= 2
    assert points["freertos.spans.abandoned", ""][-1] == 1
