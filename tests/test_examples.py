"""Each example as it says of itself: the command in its first comment builds it, and what it shows is there."""
import os
import re
import signal
import subprocess

import pytest

from conftest import ASAN, ROOT, WARN, cc, need, run

CLEAN = dict({name: "" for name in os.environ if name.startswith("OTEL_")}, LC_ALL="C.UTF-8")
EXAMPLES = sorted(p.name for p in (ROOT / "examples").glob("*.c*"))


def attributes(item):
    return {a["key"]: next(iter(a["value"].values()), None) for a in item.get("attributes", ())}


def build(name, *flags):
    std = "-std=c++17" if name.endswith(".cpp") else "-std=c11"
    return cc("g++" if name.endswith(".cpp") else "gcc", "examples/" + name, std, *WARN, *flags, "-lpthread")


@pytest.fixture(scope="module")
def programs():
    return {name: build(name + ".c", *ASAN) for name in ("httpd", "httpget")}


class Server:
    """httpd on a free port."""

    def __init__(self, program, folder, env):
        self.child = subprocess.Popen([str(program), "0", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                      env=dict(os.environ, **dict(CLEAN, **env)))
        self.url = self.child.stdout.readline().split(" ")[1].strip()

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        _, self.said = self.child.communicate(timeout=30)
        return self.child.returncode


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_command_in_its_comment_builds_it(name, tmp_path):
    text = (ROOT / "examples" / name).read_text()
    if name == "hello.c":                    # the program of the first screen, line for line; README has its command
        text += "cc -I. -Iports examples/hello.c -o hello -lpthread"
    command = re.search(r"^.*?((?:cc|c\+\+) .*?examples/%s.*?)(?: &&.*)?$" % re.escape(name), text, re.M).group(1)
    need("cc")
    run(["sh", "-c", re.sub(r"-o (\S+)", "-o '%s/\\1'" % tmp_path, command.replace("*/", ""))], 600)
    assert len(list(tmp_path.iterdir())) == 1
    if name != "hello.c":
        assert text.startswith("/* %s - " % name.split(".")[0]), "it starts with what it shows"


def test_a_trace_crosses_from_httpget_to_httpd(programs, collector, tmp_path):
    (tmp_path / "page.txt").write_text("x" * 20000)
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.http}
    server = Server(programs["httpd"], tmp_path, env)
    ran = run([programs["httpget"], "-n", "3", server.url + "page.txt", server.url + "none?q=1"], env=dict(CLEAN, **env), check=False)
    assert ran.stdout == ("200 20000 %spage.txt\n404 10 %snone?q=1\n" % (server.url, server.url)) * 3 and ran.returncode == 1
    assert server.stop() == 0, server.said
    spans = collector.spans(19)
    assert len(spans) == 19 and len({s["traceId"] for s in spans}) == 1
    by_id = {s["spanId"]: s for s in spans}
    served = [s for s in spans if s["kind"] == 2]
    for span in served:
        caller = by_id[span["parentSpanId"]]
        assert caller["kind"] == 3 and attributes(caller["resource"])["service.name"] == "httpget" and attributes(span["resource"])["service.name"] == "httpd"
        a = attributes(span)
        assert a["http.request.method"] == "GET" and a["http.response.status_code"] in ("200", "404") and a["user_agent.original"].startswith("httpget/")
        assert (a["url.path"], a.get("url.query")) in (("/page.txt", None), ("/none", "q=1")) and span.get("status", {}).get("code") is None
    assert len(served) == 6 and sum(attributes(s).get("http.response.body.size") == "20000" for s in served) == 3
    points = {m["name"]: m for m in collector.metrics(4)}
    for name in ("http.server.request.duration", "http.client.request.duration"):
        assert points[name]["unit"] == "s" and sum(int(p["count"]) for p in points[name]["histogram"]["dataPoints"]) == 6
    assert [int(p["asInt"]) for p in points["http.server.active_requests"]["sum"]["dataPoints"]] == [0]


def test_httpd_refuses_what_it_does_not_serve(programs, tmp_path):
    import socket
    server = Server(programs["httpd"], tmp_path, {})
    port = int(server.url.rsplit(":", 1)[1].strip("/"))
    for request, status in (("GET /../x HTTP/1.1", "403"), ("BREW /pot HTTP/1.1", "405"), ("nonsense", "400"), ("GET nowhere HTTP/1.1", "400"), ("GET / HTTP/1.1", "404")):
        with socket.create_connection(("127.0.0.1", port), 10) as s:
            s.sendall((request + "\r\nHost: x\r\ntraceparent: junk\r\n\r\n").encode())
            assert s.recv(100).split(b" ")[1].decode() == status, request
    assert server.stop() == 0
    assert "http.request.method_original=BREW" in server.said and "a path that leads out of the folder" in server.said


def test_a_folder_that_nobody_serves_is_said():
    ran = run([build("httpget.c"), "http://127.0.0.1:1/"], env=CLEAN, check=False)
    assert ran.returncode == 1 and "nobody answers there" in ran.stderr and ran.stdout.startswith("-1 0 ")


def test_logger_keeps_its_macro():
    ran = run([build("logger.c", *ASAN)], env=CLEAN)
    assert ran.stdout.count("logger.c:") == 5
    assert re.search(r"^  read valve +\|!+\|.*\n    valve=3\n(?:.*\n)+?    \S+ ERROR valve 3 does not answer", ran.stderr, re.M)
    assert re.search(r"INFO  three valves\s+code.file.path=", ran.stderr)


def test_batch_says_in_its_status_how_it_went(collector):
    program = build("batch.c", *ASAN)
    env = dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http)
    good = run([program, ROOT / "LICENSE"], env=env)
    assert good.stdout == "%d words\n" % len((ROOT / "LICENSE").read_text().split())
    assert {s["name"] for s in collector.spans(2)} == {"batch", "count words"} and {m["name"] for m in collector.metrics(3)} == {"batch.files", "batch.words", "batch.file.duration"}
    assert run([program, "nothing here"], env=env, check=False).returncode == 1
    lost = run([program], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1"), check=False)
    assert lost.returncode == 3 and "telemetry is not complete: time is up" in lost.stderr


def test_pull_writes_packets_that_decode(godecode, tmp_path):
    ran = run([build("pull.c", *ASAN), tmp_path], env=CLEAN)
    files = sorted(tmp_path.iterdir())
    assert len(files) == len(ran.stdout.splitlines()) >= 3 and all(p.stat().st_size <= 512 for p in files)
    spans = [s for p in files if p.suffix == ".traces" for r in godecode("traces", p.read_bytes())["resourceSpans"] for c in r["scopeSpans"] for s in c["spans"]]
    logs = [s for p in files if p.suffix == ".logs" for r in godecode("logs", p.read_bytes())["resourceLogs"] for c in r["scopeLogs"] for s in c["logRecords"]]
    assert [attributes(s)["sensor.id"] for s in spans] == [str(i) for i in range(8)]
    assert len(logs) == 1 and logs[0]["spanId"] == spans[5]["spanId"]


def test_multi_keeps_its_tenants_apart():
    out = run([build("multi.c", *ASAN)], env=CLEAN).stdout
    assert len(re.findall(r"^trace \w{32}  north", out, re.M)) == 2 and len(re.findall(r"^trace \w{32}  south", out, re.M)) == 1
    assert out.count("INFO  done  (in job)") == 3


def test_cpp_spans_end_on_exceptions():
    shown = run([build("cpp.cpp", *ASAN)], env=CLEAN).stderr
    assert re.search(r"^    look up price.*\n      article=unicorn$", shown, re.M) and "! error: no such article" in shown and "result=refused" in shown
