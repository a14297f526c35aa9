"""The examples as a user meets them: hello, sysmon, make demo."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ASAN, ROOT, WARN, cc, free_port, go_program, linked, need, once, run

CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}
SEMCONV = {  # name: (unit, kind of point, monotonic)
    "system.cpu.time": ("s", "sum", True), "system.cpu.utilization": ("1", "gauge", None), "system.cpu.logical.count": ("{cpu}", "sum", None),
    "system.memory.usage": ("By", "sum", None), "system.memory.utilization": ("1", "gauge", None), "system.memory.limit": ("By", "sum", None),
    "system.disk.io": ("By", "sum", True), "system.disk.operations": ("{operation}", "sum", True),
    "system.network.io": ("By", "sum", True), "system.network.packet.count": ("{packet}", "sum", True), "system.network.errors": ("{error}", "sum", True),
    "system.uptime": ("s", "gauge", None), "system.cpu.load_average.1m": ("{thread}", "gauge", None), "hw.temperature": ("Cel", "gauge", None),
}


def attributes(item):
    return {a["key"]: next(iter(a["value"].values()), None) for a in item.get("attributes", ())}


def kind(metric):
    return next(k for k in ("sum", "gauge", "histogram") if k in metric)


def points(metric):
    """{attribute values in order of the keys: number}"""
    return {tuple(v for _, v in sorted(attributes(p).items())): float(p.get("asDouble", p.get("asInt")))
            for p in metric[kind(metric)]["dataPoints"]}


@pytest.fixture(scope="module")
def sysmon():
    return once("gcc", "examples/sysmon.c", "-std=c99", "-pedantic", "-O2", *WARN, "-lpthread")


@pytest.fixture(scope="module")
def rounds():
    return linked("gcc", "tests/c/sysmon_rounds.c", "-std=c11", *ASAN, *WARN, "-lpthread", headers=("otel_posix.h",))


STAT = "cpu  {user} 10 200 {idle} 40 1 {soft} 0 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\ncpu1 1 2 3 4 5 6 7 8 0 0\nintr 1 2 3\nctxt 5\n"
MEMINFO = "MemTotal:       1000 kB\nMemFree:         {free} kB\nMemAvailable:    {available} kB\nBuffers:          50 kB\nCached:          250 kB\nSwapCached:        7 kB\n"
DISKS = ("   7       0 loop0 5 0 5 0 5 0 5 0 0 0 0\n   8       0 sda {reads} 0 {sectors} 9 20 0 400 9 0 9 9\n   8       1 sda1 5 0 5 9 5 0 5 9 0 9 9\n"
         " 259       0 nvme0n1 1 0 8 0 2 0 16 0 0 0 0\n 259       1 nvme0n1p1 1 0 8 0 2 0 16 0 0 0 0\n")
NET = ("Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
       "    lo: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n  eth0:{rx} 20 1 0 0 0 0 0 {tx} 40 2 0 0 0 0 0\n")


def machine(folder, **values):
    """A folder with /proc and /sys of a machine."""
    v = dict(user=100, idle=1000, soft=4, free=400, available=500, reads=10, sectors=100, rx=1000, tx=5000, load="0.50", up="100.5")
    v.update(values)
    files = {"proc/stat": STAT, "proc/meminfo": MEMINFO, "proc/diskstats": DISKS, "proc/net/dev": NET, "proc/loadavg": "{load} 0.4 0.3 1/99 1234\n", "proc/uptime": "{up} 99.0\n",
             "sys/class/hwmon/hwmon0/name": "coretemp\n", "sys/class/hwmon/hwmon0/temp1_input": "45500\n", "sys/class/hwmon/hwmon0/temp1_label": "Package id 0\n",
             "sys/class/hwmon/hwmon1/name": "nvme\n", "sys/class/hwmon/hwmon1/temp1_input": "-5000\n", "sys/class/hwmon/hwmon1/temp2_input": "junk\n"}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**v) if name.startswith("proc") else text)
    return folder


def look_twice(program, tmp_path, first=(), second=(), remove=()):
    """What sysmon makes of two looks at a machine: its metrics by name, its spans, its logs."""
    one, two = machine(tmp_path / "one", **dict(first)), machine(tmp_path / "two", **dict(second))
    for name in remove:
        for folder in (one, two):
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    metrics, spans, logs = {}, [], []
    for line in run([program, one, two], env=CLEAN).stdout.splitlines():
        request = json.loads(line)
        for r in request.get("resourceMetrics", ()):
            metrics.update({m["name"]: m for s in r["scopeMetrics"] for m in s["metrics"]})
        spans += [x for r in request.get("resourceSpans", ()) for s in r["scopeSpans"] for x in s["spans"]]
        logs += [x for r in request.get("resourceLogs", ()) for s in r["scopeLogs"] for x in s["logRecords"]]
    return metrics, spans, logs


def test_numbers_are_those_of_the_files(rounds, tmp_path):
    metrics, spans, logs = look_twice(rounds, tmp_path, second=dict(user=175, idle=1020, soft=9, free=300, reads=13, sectors=108, rx=1500, tx=5001, load="1.25", up="101.5"))
    hz = os.sysconf("SC_CLK_TCK")
    assert set(metrics) == set(SEMCONV)
    for name, metric in metrics.items():
        unit, shape, monotonic = SEMCONV[name]
        assert (metric["unit"], kind(metric), metric[kind(metric)].get("isMonotonic")) == (unit, shape, monotonic), name
    assert points(metrics["system.cpu.time"]) == {("user",): 75 / hz, ("nice",): 0, ("system",): 0, ("idle",): 20 / hz, ("iowait",): 0, ("interrupt",): 5 / hz, ("steal",): 0}
    assert points(metrics["system.cpu.utilization"])[("user",)] == 0.75
    assert points(metrics["system.cpu.logical.count"]) == {(): 2}
    assert points(metrics["system.memory.usage"]) == {("used",): 400 * 1024, ("free",): 300 * 1024, ("buffers",): 50 * 1024, ("cached",): 250 * 1024}
    assert points(metrics["system.memory.utilization"])[("used",)] == 0.4 and points(metrics["system.memory.limit"]) == {(): 1000 * 1024}
    assert points(metrics["system.disk.io"]) == {("read", "sda"): 8 * 512, ("write", "sda"): 0, ("read", "nvme0n1"): 0, ("write", "nvme0n1"): 0}, "whole disks only"
    assert points(metrics["system.disk.operations"])[("read", "sda")] == 3
    assert points(metrics["system.network.io"]) == {("eth0", "receive"): 500, ("eth0", "transmit"): 1}
    assert points(metrics["system.uptime"]) == {(): 101.5} and points(metrics["system.cpu.load_average.1m"]) == {(): 1.25}
    assert points(metrics["hw.temperature"]) == {("hwmon0/temp1", "Package id 0"): 45.5, ("hwmon1/temp1", "nvme"): -5.0}
    assert logs == []


def test_each_round_is_a_trace_with_a_span_for_each_source(rounds, tmp_path):
    _, spans, _ = look_twice(rounds, tmp_path)
    roots = [s for s in spans if not s.get("parentSpanId")]
    assert [s["name"] for s in roots] == ["first look", "sample"] and len({s["traceId"] for s in spans}) == 2
    for root in roots:
        children = [s for s in spans if s.get("parentSpanId") == root["spanId"]]
        assert [s["name"] for s in children] == ["read cpu", "read memory", "read disks", "read network", "read load", "read uptime", "read temperatures"]
        assert all(s["traceId"] == root["traceId"] for s in children)
    cpu = attributes([s for s in spans if s["name"] == "read cpu"][0])
    assert cpu["file.path"].endswith("one/proc/stat") and int(cpu["file.size"]) == len(STAT.format(user=100, idle=1000, soft=4)) and cpu["sysmon.lines"] == "5"


@pytest.mark.parametrize("first,second,remove,text,where", [
    ({}, dict(user=1000), (), "the CPU is busy", "read cpu"),
    ({}, dict(available=99), (), "memory runs short", "read memory"),
    ({}, dict(reads=3), (), "a counter ran backwards", "read disks"),
    ({}, dict(rx=1), (), "a counter ran backwards", "read network"),
    ({}, {}, ("proc/diskstats",), "this machine has no such file", "read disks")])
def test_anomaly_is_a_warning_in_its_span(rounds, tmp_path, first, second, remove, text, where):
    metrics, spans, logs = look_twice(rounds, tmp_path, first, second, remove)
    log, = [r for r in logs if r["body"]["stringValue"].startswith(text)]
    assert log["severityNumber"] == 13
    assert [s["name"] for s in spans if s["spanId"] == log["spanId"]] == [where]
    assert points(metrics["system.network.io"])[("eth0", "receive")] == (1 if "rx" in second else 0), "it counts from zero again"


@pytest.mark.parametrize("gone", ["proc/stat", "proc/meminfo", "proc/net", "proc/loadavg", "proc/uptime", "sys", "proc"])
def test_what_is_missing_is_not_reported(rounds, tmp_path, gone):
    metrics, spans, logs = look_twice(rounds, tmp_path, remove=(gone,))
    assert len(spans) == 16 and set(metrics) < set(SEMCONV)
    assert ("system.cpu.time" in metrics) == (gone not in ("proc", "proc/stat"))


def test_nonsense_is_not_taken(rounds):
    assert run([rounds, "--parse"]).stdout == "0 taken\n"


# ---- the program ----

def test_sysmon_arrives_in_the_collector(sysmon, collector):
    ran = run([sysmon, "0.4", "0.2"], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http, OTEL_RESOURCE_ATTRIBUTES="host.name=here"))
    assert ran.stderr == ""
    spans, logs, metrics = collector.spans(24), collector.logs(2), collector.metrics(5)
    assert len(spans) == 24 and sorted({s["name"] for s in spans if not s.get("parentSpanId")}) == ["first look", "sample"]
    by_id = {s["spanId"]: s for s in spans}
    assert all(by_id[s["parentSpanId"]]["name"] in ("first look", "sample") for s in spans if s.get("parentSpanId"))
    assert {"system.cpu.time", "system.memory.usage"} <= {m["name"] for m in metrics}
    assert "sysmon begins" in [r["body"]["stringValue"] for r in logs]
    for item in spans + logs + metrics:
        found = attributes(item["resource"])
        assert found["service.name"] == "sysmon" and found["host.name"] == "here"
    for word in ("trace ", "read cpu", "metrics  sysmon", "system.memory.usage", "logs  sysmon", "sysmon begins"):
        assert word in ran.stdout, "it shows what it sends"


def test_sysmon_takes_the_operators_name(sysmon):
    assert "metrics  watcher" in run([sysmon, "0.1", "0.1"], env=dict(CLEAN, OTEL_SERVICE_NAME="watcher")).stdout


def test_sysmon_says_what_is_wrong(sysmon):
    for words in (["x"], ["1", "0"], ["1", "nan"], ["--cpu"], ["1", "1", "1"], ["--nonsense"]):
        ran = run([sysmon] + words, check=False)
        assert ran.returncode == 2 and "SECONDS" in ran.stderr and ran.stdout == "", words
    assert "SECONDS" in run([sysmon, "--help"]).stdout
    ran = run([sysmon, "0.1", "0.1"], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT="https://x"), check=False)
    assert ran.returncode == 1 and "no TLS" in ran.stderr
    ran = run([sysmon, "0.1", "0.1"], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:%d" % free_port()), check=False)
    assert ran.returncode == 1 and "Connection refused" in ran.stderr and "time is up" in ran.stderr


def caught(pid, number):
    """Whether a process has its handler for a signal by now."""
    return int(re.search(r"^SigCgt:\s*(\w+)", Path("/proc/%d/status" % pid).read_text(), re.M).group(1), 16) >> (number - 1) & 1


def test_sysmon_ends_well_on_a_signal(sysmon):
    import signal
    child = subprocess.Popen([str(sysmon), "100", "50"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ, **CLEAN))
    while not caught(child.pid, signal.SIGINT):
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0 and "sysmon ends" in out and err == ""


def test_hello_is_the_program_of_the_first_screen():
    """Line for line what stands in the comment of otel.h."""
    screen = (ROOT / "otel.h").read_text().split("*/")[0]
    lines = [line[5:] if line.strip() else "" for line in screen.split("\n")]
    begin = next(i for i, line in enumerate(lines) if line.startswith("#include"))
    end = next(i for i, line in enumerate(lines) if i > begin and line == "}")
    assert (ROOT / "examples/hello.c").read_text().rstrip("\n").split("\n") == lines[begin:end + 1]


def test_hello_shows_itself_in_the_terminal():
    ran = run([cc("gcc", "examples/hello.c", *WARN, "-lpthread")], env=CLEAN)
    assert ran.stdout == "" and "greet" in ran.stderr and "who=world count=3" in ran.stderr and re.search(r"^    \d\d:\d\d:\d\d\.\d{3} INFO  hello, world$", ran.stderr, re.M), "the log stands beneath its span"


def test_make_demo_needs_a_compiler_only(tmp_path):
    """A PATH with make, a shell, a compiler and what the Makefile's own lines use."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("make", "sh", "gcc", "mkdir", "as", "ld"):
        (tools / name).symlink_to(need(name))
    (tools / "cc").symlink_to(need("gcc"))
    ran = run(["make", "-s", "demo", "SECONDS=1", "B=%s" % (tmp_path / "build")], timeout=120, env=dict(CLEAN, PATH=str(tools)))
    for word in ("trace ", "read cpu", "metrics  sysmon", "logs  sysmon"):
        assert word in ran.stdout


def test_the_picture_of_the_terminal_is_made_by_its_command(tmp_path):
    import sys
    run([sys.executable, ROOT / "tools/ui/run", "pictures", "--waterfall", tmp_path / "w.svg"], timeout=120)
    strip = lambda text: re.sub(r"\d+(\.\d+)?|[0-9a-f]{32}|[\u2581-\u2588\u2501 ]", "", text)
    new, kept = (re.sub(r"<[^>]*>", "", p.read_text()) for p in (tmp_path / "w.svg", ROOT / "docs/pictures/waterfall.svg"))
    for word in ("POST /orders (server)", "charge card (client)", "! error: gateway timeout", "the bank is slow", "order taken", "shop.order.duration", "result=taken"):
        assert word in new and word in kept, word
    assert strip(new).splitlines()[2:6] == strip(kept).splitlines()[2:6]


def drawn(path):
    """(width, height, different lines) of a PNG of 8 bits a channel."""
    import struct
    import zlib
    data, at, body = path.read_bytes(), 8, b""
    width, height, _, kind = struct.unpack(">IIBB", data[16:26])
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        body += data[at + 8:at + 8 + size] if name == b"IDAT" else b""
        at += 12 + size
    lines, step = zlib.decompress(body), 1 + width * {2: 3, 6: 4}[kind]
    return width, height, len({lines[i + 1:i + step] for i in range(0, len(lines), step)})


@pytest.mark.timeout(2400)                                    # the first time it builds a Collector and a Prometheus, and fetches Zipkin
def test_demo_ui_shows_a_trace_of_two_processes_and_its_pictures(prometheus_program, tmp_path):
    """make demo-ui against the real Collector, Zipkin and Prometheus: the pages' own answers, and README's pictures of them, the
    firmware's too (make demo-firmware), taken by their command, which looks for the words that each page has to show."""
    import sys
    from urllib.request import urlopen
    go_program("tests/collector")
    go_program("tools/ui/bridge")
    for tool in ("java", "mvn", "chromium", "avr-gcc", "simavr"):
        need(tool)
    ask = lambda url: json.loads(urlopen(url, timeout=60).read())
    try:
        ran = run(["make", "-s", "demo-ui"], timeout=1500, env=CLEAN)
        pages = json.loads((ROOT / "build/ui/pages.json").read_text())
        trace = ask(pages["a trace of two processes"].replace("/zipkin/traces/", "/zipkin/api/v2/trace/"))
        by_id = {s["id"]: s for s in trace if s.get("kind") != "SERVER"}
        served = [s for s in trace if s.get("kind") == "SERVER"]
        assert served and all(s["localEndpoint"]["serviceName"] == "httpd" and by_id[s["parentId"]]["localEndpoint"]["serviceName"] == "httpget" for s in served)
        usage = {r["metric"].get("system_memory_state"): float(r["value"][1]) for r in ask(pages["a query"])["data"]["result"]}
        assert usage.get("used", 0) > 0 and usage.get("free", 0) > 0 and pages["requests"] >= 10
        assert all(url in ran.stdout for name, url in pages.items() if name != "requests")
        run([sys.executable, ROOT / "tools/ui/run", "pictures", "--to", tmp_path], timeout=900, env=CLEAN)
        for name in ("zipkin.png", "prometheus.png", "firmware.png"):
            new, kept = drawn(tmp_path / name), drawn(ROOT / "docs/pictures" / name)
            assert new[:2] == kept[:2] and new[2] > kept[2] / 2 > 20, name
            assert "pictures/" + name in (ROOT / "README.md").read_text()
    finally:
        run(["make", "-s", "demo-ui-stop"], timeout=120)
