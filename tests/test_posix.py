"""ports/otel_posix.h: one-line start, HTTP against the real Collector and against a scripted server, fork, exit, threads.

The programs are the modes of tests/c/posix_program.c; each mode's comment there says what it does.
"""
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import ASAN, ROOT, SPLIT, TSAN, WARN, cc, dialect, free_port, need, need_flags, once, run
from faults.collector import OK, FaultCollector, byte_by_byte, partial, reset_reply, reset_request, says, status

PROGRAM = "tests/c/posix_program.c"
CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}


def program(*flags, compiler="gcc"):
    return once(compiler, PROGRAM, "-std=c11", *(flags or ("-O1", "-g")), *WARN, "-lpthread")


def go(*words, env=None, timeout=60, check=True, build=(), **more):
    """Run a mode of the program; empty variables are unset ones."""
    return run([program(*build), *words], env=dict(CLEAN, **(env or {})), timeout=timeout, check=check, **more)


def attributes(item):
    return {a["key"]: next(iter(a["value"].values()), None) for a in item.get("attributes", ())}


def laws(text):
    """{signal: {created, exported, ...}} of the last lines of a run; the law must hold."""
    assert "BROKEN" not in text, text
    return {m.group(1): {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", m.group(2))}
            for m in re.finditer(r"^(traces|metrics|logs) (created=.*)$", text, re.M)}


def http(server, n=10, timeout=2000, seconds=20, headers=None, build=(), url=None):
    words = ["http", url or server.url, n, timeout, seconds] + ([headers] if headers else [])
    ran = go(*words, build=build, timeout=seconds + 30)
    assert "BROKEN" not in ran.stdout
    traces = laws(ran.stdout)["traces"]
    traces["text"] = ran.stdout
    return traces


# ---- the real Collector ----

def test_hello_arrives_in_the_collector(collector):
    hello = cc("gcc", "examples/hello.c", "-std=c99", "-pedantic", *WARN, "-lpthread")
    ran = run([hello], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http))
    assert ran.output == ""
    span, = collector.spans()
    log, = collector.logs()
    assert span["name"] == "greet" and attributes(span) == {"who": "world", "count": "3"} and not span.get("parentSpanId")
    assert abs(int(span["endTimeUnixNano"]) / 1e9 - time.time()) < 60 and int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    resource = attributes(span["resource"])
    assert resource["service.name"] == "hello" and resource["telemetry.sdk.language"] == "c"
    assert log["body"] == {"stringValue": "hello, world"} and log["severityNumber"] == 9
    assert (log["traceId"], log["spanId"]) == (span["traceId"], span["spanId"])


def test_all_signals_and_the_span_tree_arrive(collector):
    go("start", 3, env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.http + "/",
                        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=a%2Cb%20c, team = core ,service.name=no"})
    spans = collector.spans(4)
    metric, = collector.metrics()
    log, = collector.logs()
    outer, = [s for s in spans if s["name"] == "outer"]
    inner = [s for s in spans if s["name"] == "inner"]
    assert len(inner) == 3 and all(s["parentSpanId"] == outer["spanId"] and s["traceId"] == outer["traceId"] for s in inner)
    assert outer["kind"] == 2 and log["spanId"] == outer["spanId"]
    assert metric["name"] == "greetings" and metric["sum"]["dataPoints"][0]["asInt"] == "3"
    for item in spans + [metric, log]:
        found = attributes(item["resource"])
        assert found["service.name"] == "posix-test" and found["service.version"] == "1.2"
        assert found["deployment.environment.name"] == "a,b c" and found["team"] == "core"


def test_a_child_of_fork_sends_its_own(collector):
    assert "0 children failed" in go("fork", 5, env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.http}).stdout
    spans = collector.spans(11)
    time.sleep(0.3)
    spans = collector.spans(11)
    assert sorted(s["name"] for s in spans) == ["before fork"] + ["child"] * 5 + ["parent"] * 5, "nothing twice, nothing lost"
    assert len({s["spanId"] for s in spans}) == 11 and len({s["traceId"] for s in spans}) == 11


def test_children_born_while_the_thread_sends(serve):
    """fork under load, with a request on its way: the child starts from nothing, sends its own, and nothing hangs."""
    server = serve(says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", pause=0.05))
    ran = go("forkbusy", 20, env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_LOG_LEVEL": "none"}, timeout=120)
    assert ran.stdout == "0 children failed\n"


def test_json_lines_of_the_file_transport_are_otlp():
    lines = [json.loads(line) for line in go("file", 2).stdout.splitlines()]
    assert [next(iter(line)) for line in lines] == ["resourceSpans", "resourceMetrics", "resourceLogs"]
    names = [s["name"] for s in lines[0]["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert names == ["inner", "inner", "outer"]


def test_a_full_disk_leaves_one_torn_line_and_each_record_once(tmp_path):
    """The stream's error once stayed for ever: nothing counted as written again, and all of it was, at each try."""
    path = tmp_path / "out.jsonl"
    said = go("full", path).stdout
    counts = laws(said)["traces"]
    assert (counts["exported"], counts["dropped"], counts["queued"]) == (6, 0, 0), said
    seen, torn = [], 0
    for line in path.read_text().splitlines():
        try:
            seen += [int(attributes(s)["i"]) for g in json.loads(line)["resourceSpans"] for c in g["scopeSpans"] for s in c["spans"]]
        except ValueError:
            torn += 1
    assert sorted(seen) == list(range(6)) and torn == 1, path.read_text()


# ---- HTTP, replies of every kind ----

def test_request_is_what_the_specification_says(serve):
    server = serve(OK)
    http(server, headers="api-key=se%20cret,x-team = core", url=server.url + "/base/")
    head = server.requests[0]
    assert head["line"] == "POST /base/v1/traces HTTP/1.1"
    assert head["headers"]["host"] == "127.0.0.1:%d" % server.port
    assert head["headers"]["content-type"] == "application/x-protobuf"
    assert re.fullmatch(r"OTel-OTLP-Exporter-C/\d+\.\d+\.\d+", head["headers"]["user-agent"])
    assert head["headers"]["api-key"] == "se cret" and head["headers"]["x-team"] == "core"


def test_one_connection_is_kept(serve):
    server = serve(OK)
    traces = http(server, n=200)
    assert sum(server.spans()) == 200 and traces["exported"] == 200 and len(server.requests) >= 4
    assert server.connections == 1


ANSWERS = {
    "chunked": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\n\x00\r\n0\r\n\r\n"),
    "chunked with extension and trailers": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\n\n\r\n00\r\nx: y\r\n\r\n"),
    "another header is folded": says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y,\r\n\tchunked\r\n\r\n\n\x00"),
    "chunks with zeros in front": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "0" * 40 + "2\r\n\n\x00\r\n" + "0" * 99 + "\r\n\r\n"),
    "20,000 chunks of a byte": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\n\x00\r\n" * 20000 + "0\r\n\r\n"),
    "no body": says("HTTP/1.1 204 No Content\r\n\r\n"),
    "100 first": says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "lower case, no reason": says("HTTP/1.1 200\r\ncontent-length:0\r\n\r\n"),
    "line feeds only": says("HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
    "html": status(200, "Content-Type: text/html", body=b"<html>" + b"x" * 9000 + b"</html>"),
}
ANSWERS_AND_CLOSE = {
    "chunked in a folded line": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip,\r\n chunked\r\n\r\n2\r\n\n\x00\r\n0\r\n\r\n"),
    "close": says("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", keep=False),
    "until the end": says("HTTP/1.1 200 OK\r\n\r\nsome body", keep=False),
    "HTTP/1.0": says("HTTP/1.0 200 OK\r\n\r\n", keep=False),
    "closes without a word": status(200, keep=False),
    "more than was announced": says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\x0a\x00HTTP/1.1 500 No\r\n\r\n"),
    "200 MB": lambda s, r: s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n" + bytes(8 << 20)),
    "ends in the body": says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", keep=False),
    "ends in a chunk": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n12345", keep=False),
    "chunk without a length": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", keep=False),
    "chunk of 2^64": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", keep=False),
    "endless chunks": lambda s, r: [s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")] + [s.sendall(b"10000\r\n" + bytes(65536) + b"\r\n") for _ in range(200)],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_is_taken_and_connection_kept(serve, name):
    server = serve(ANSWERS[name])
    traces = http(server, n=120)
    assert traces["exported"] == 120 and traces["retried"] == 0 and sum(server.spans()) == 120, traces["text"]
    assert server.connections == 1


@pytest.mark.parametrize("name", ANSWERS_AND_CLOSE)
def test_answer_is_taken_and_connection_made_anew(serve, name):
    server = serve(ANSWERS_AND_CLOSE[name])
    traces = http(server, n=120)
    assert traces["exported"] == 120 and traces["retried"] == 0 and sum(server.spans()) == 120, traces["text"]
    assert server.connections == len(server.requests) >= 3


def test_answer_comes_byte_by_byte(serve):
    server = serve(byte_by_byte(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    assert http(server, n=60)["exported"] == 60
    assert server.connections == 1


def test_a_large_request_over_a_slow_reader(serve, tmp_path):
    """Short writes: the server's window is tiny, and the bytes must be the same."""
    server = serve(OK)
    server.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    go("flush", 5000, 20000, env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "100000", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"})
    assert sum(server.spans()) == 5001 and max(len(q["body"]) for q in server.requests) > 200000


BAD = {
    "garbage": says("\x16\x03\x01 this is no HTTP\r\n\r\n", keep=False),
    "HTTP/2": says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", keep=False),
    "ends in the status line": says("HTTP/1.1 2", keep=False),
    "ends in the head": says("HTTP/1.1 200 OK\r\nContent-Le", keep=False),
    "two lengths": says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", keep=False),
    "negative length": says("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", keep=False),
    "another protocol": says("HTTP/1.1 101 Switching\r\n\r\n", keep=False),
    "NUL in the head": says("HTTP/1.1 200 OK\r\nA\x00: b\r\n\r\n", keep=False),
    "endless head": lambda s, r: s.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20000),
    "endless line": lambda s, r: s.sendall(b"HTTP/1.1 200 OK\r\na: " + b"b" * 200000),
    "endless interim answers": lambda s, r: s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 4000),
    "closes": lambda s, r: False,
}


@pytest.mark.parametrize("name", BAD)
def test_no_answer_is_sent_again(serve, name):
    """What has no whole head is no answer at all: the batch is kept and sent again."""
    server = serve(BAD[name], BAD[name], OK)
    traces = http(server, n=10)
    assert traces["exported"] == 10 and traces["retried"] >= 1 and traces["dropped"] == 0, traces["text"]
    assert server.spans()[-1] == 10


def test_reset_after_k_bytes_of_the_request(serve):
    """A connection that is reset in the middle of a request, early and late: kept, and sent once more."""
    for k in (1, 10, 100, 180, 200, 400, 900):
        server = serve(reset_request(k), OK)
        traces = http(server, n=10)
        assert traces["exported"] == 10 and traces["retried"] == 1 and server.spans() == [10], "%d: %s" % (k, traces["text"])


@pytest.mark.parametrize("answer,fate", [("200 OK", "exported"), ("400 Bad", "dropped")])
@pytest.mark.parametrize("body", ["Content-Length: 100\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n2\r\n\n\x00\r\n"])
def test_a_status_counts_without_the_whole_of_its_body(serve, answer, fate, body):
    """It once was no answer: a batch that the receiver refuses went out for ever, one that it took came twice."""
    server = serve(says("HTTP/1.1 %s\r\n%s" % (answer, body), keep=False))
    traces = http(server, n=10)
    assert traces[fate] == 10 and traces["retried"] == 0 and len(server.requests) == 1, traces["text"]


def test_reset_in_the_middle_of_the_answer(serve):
    for k in (0, 1, 12, 17, 30):
        server = serve(reset_reply(k), OK)
        traces = http(server, n=10)
        assert traces["exported"] == 10 and traces["retried"] == 1 and server.spans() == [10, 10], "%d: %s" % (k, traces["text"])


def test_a_kept_connection_that_died_is_replaced_at_once(serve):
    """The server closes behind its answer without saying so: no failure, no waiting."""
    server = serve(status(200, keep=False))
    traces = http(server, n=200)
    assert traces["retried"] == 0 and traces["exported"] == 200 and server.connections == len(server.requests)


def test_503_with_retry_after(serve):
    server = serve(status(503, "Retry-After: 1"), OK)
    traces = http(server)
    took = int(re.search(r"took (\d+) ms", traces["text"]).group(1))
    assert traces["exported"] == 10 and traces["retried"] == 1 and took >= 1000, traces["text"]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 415, 500, 501, 301, 302, 307, 308])
def test_final_answers_are_not_sent_again(serve, code):
    server = serve(status(code, "Location: http://127.0.0.1:1/"), OK)
    traces = http(server)
    assert (traces["dropped"], traces["exported"], traces["retried"]) == (10, 0, 0)
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_these_answers_are_sent_again(serve, code):
    server = serve(status(code), status(code), OK)
    traces = http(server)
    assert (traces["dropped"], traces["exported"], traces["retried"]) == (0, 10, 2)


def test_partial_success_is_counted(serve):
    traces = http(serve(partial(3)))
    assert (traces["dropped"], traces["exported"]) == (3, 7)


def test_slow_answer_meets_the_deadline(serve):
    server = serve(says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", pause=10), OK)
    traces = http(server, timeout=1000)
    assert traces["exported"] == 10 and traces["retried"] == 1 and "-1 time is up" in traces["text"]


def test_trickling_answer_meets_the_deadline(serve):
    def trickle(s, request):
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):                          # longer than the test waits
            s.sendall(b"x")
            time.sleep(0.05)
    server = serve(trickle, OK)
    traces = http(server, timeout=1000)
    took = int(re.search(r"took (\d+) ms", traces["text"]).group(1))
    assert traces["retried"] == 0 and traces["exported"] == 10 and took < 20000, "the status came in time"


def test_refused_port_keeps_everything():
    traces = http(None, url="http://127.0.0.1:%d" % free_port(), seconds=1)
    assert traces["queued"] == 10 and traces["exported"] == 0 and traces["retried"] >= 2
    assert "-1 Connection refused" in traces["text"]


def test_ipv6(serve):
    listener = socket.socket(socket.AF_INET6)
    try:
        listener.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    server = serve(OK)
    listener.listen(5)
    server.listener.close()
    server.listener = listener
    threading.Thread(target=server._accept, daemon=True).start()
    traces = http(server, url="http://[::1]:%d" % listener.getsockname()[1])
    assert traces["exported"] == 10 and server.requests[0]["headers"]["host"].startswith("[::1]:")
    traces = http(server, url="http://[::1%%251]:%d" % listener.getsockname()[1])         # a zone: the interface of number 1
    assert traces["exported"] == 10 and server.requests[-1]["headers"]["host"] == "[::1]:%d" % listener.getsockname()[1]


def test_interim_answers_while_the_request_goes_out():
    """They are read, and the rest of the request follows: once it was given up, and waited for the end of its time."""
    listener = socket.create_server(("127.0.0.1", 0))
    got = []

    def receive(s, interim):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        data = b""
        while b"\r\n\r\n" not in data:
            data += s.recv(100)
        for _ in range(interim):
            s.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
            time.sleep(0.2)
            data += s.recv(20000)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"[Cc]ontent-[Ll]ength: (\d+)", head).group(1))
        while len(body) < length:
            body += s.recv(65536)
        got.append(body)
        s.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        s.close()

    def accept():
        try:
            while True:
                receive(listener.accept()[0], 0 if got else 3)
        except OSError:
            pass                                          # the listener is closed

    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    ran = go("flush", 100000, 9000, env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:%d" % listener.getsockname()[1], "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "200000", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"})
    listener.close()
    assert got and len(got[0]) > 200000 and int(re.search(r"flush 0 after (\d+) ms", ran.stdout).group(1)) < 8000, ran


def test_no_record_waits_for_a_page_of_a_pool_that_is_there():
    program = cc("gcc", "tests/c/prefault.c", "-O2", "-std=gnu11", *WARN, "-lpthread")
    late, early = (json.loads(run([program, n]).stdout) for n in "01")
    assert late["exported"] == early["exported"] == 20100
    assert late["faults"] > 400 and early["faults"] < 20, "two megabytes are 500 pages"


def test_sigpipe_does_not_kill(serve):
    """The default disposition, a peer that closes while a megabyte is on its way."""
    def answer(s, first):
        s.close()
    answer.early = 1
    server = serve(answer, answer, OK)
    command = [str(program()), "flush", "5000", "20000"]
    ran = subprocess.run(command, env=dict(os.environ, **CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url), capture_output=True, text=True, timeout=60,
                         preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    assert ran.returncode == 0 and laws(ran.stdout)["traces"]["exported"] == 5001, ran.stdout + ran.stderr


# ---- endpoints and headers ----

@pytest.mark.parametrize("url,word", [
    ("https://collector:4318", "no TLS in this port"), ("localhost:4318", "begins with http://"), ("http://", "make no sense"),
    ("http://a b", "space"), ("http://host:99999", "make no sense"), ("http://host:12x", "make no sense"), ("http://[::1", "make no sense"),
    ("http://me:secret@host", "no user and password"), ("http://host/a?b=c", "cannot have a ?"), ("http://ho\r\nst", "control character"),
    ("http://" + "h" * 300, "make no sense"), ("http://host/" + "p" * 5000, "shorten")])
def test_endpoint_is_refused_with_a_sentence(url, word):
    ran = go("http", url, 1, 100, 1, check=False)
    assert ran.returncode == 3 and ran.stdout.startswith("refused: ") and word in ran.stdout, ran.stdout
    ran = go("start", 1, env={"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    assert ran.stdout == "start -9\n" and ran.stderr.count("\n") == 1 and word in ran.stderr, ran.stderr


@pytest.mark.parametrize("headers,word", [
    ("a=b%0d%0aEvil: 1", "line break"), ("a=b\nc", "line break"), ("a b=c", "no header name"), ("a%0a=c", None), ("novalue", "name=value"),
    ("a=%zz", "hexadecimal"), ("a=%4", "hexadecimal"), ("Content-Length=5", "belongs to the transport"), ("a=" + "x" * 5000, "shorten")])
def test_header_is_refused_with_a_sentence(headers, word):
    ran = go("http", "http://localhost", 1, 100, 1, headers, check=False)
    if word is None:
        assert "%0a" not in ran.stdout or ran.returncode == 3
        return
    assert ran.returncode == 3 and word in ran.stdout, ran.stdout


def test_no_byte_smuggles_a_header():
    assert ", 0 smuggled" in go("headers").stdout


# ---- the environment ----

def test_disabled_does_nothing(serve):
    server = serve(OK)
    for word in ("true", "TRUE", "True"):
        ran = go("flush", 3, 1000, env={"OTEL_SDK_DISABLED": word, "OTEL_EXPORTER_OTLP_ENDPOINT": server.url})
        assert "start 0\nflush 0" in ran.stdout and laws(ran.stdout)["traces"]["created"] == 0
    assert server.connections == 0
    assert "write true" in go("flush", 1, 1000, env={"OTEL_SDK_DISABLED": "1"}).stderr


@pytest.mark.parametrize("name,value,word", [
    ("OTEL_TRACES_EXPORTER", "zipkin", "otlp, console and none"), ("OTEL_TRACES_SAMPLER", "sometimes", "always_on, always_off"),
    ("OTEL_TRACES_SAMPLER_ARG", "0.1", "OTEL_TRACES_SAMPLER=parentbased_traceidratio"),
    ("OTEL_BSP_SCHEDULE_DELAY", "5s", "whole number"), ("OTEL_METRIC_EXPORT_INTERVAL", "-1", "whole number"),
    ("OTEL_RESOURCE_ATTRIBUTES", "a=b,c", "key=value"), ("OTEL_RESOURCE_ATTRIBUTES", "a=%", "key=value")])
def test_nonsense_is_named_and_ignored(name, value, word):
    ran = go("start", 1, env={name: value, "OTEL_LOG_LEVEL": ""})
    said = [line for line in ran.stderr.splitlines() if line.startswith("otel: ")]
    assert len(said) == 1 and word in said[0] and name in said[0] and "ignored" in said[0], ran.stderr
    assert "outer" in ran.stderr, "and the telemetry is shown all the same"
    ran = go("start", 1, env={name: value, "OTEL_LOG_LEVEL": "none"})
    assert "otel: " not in ran.stderr


def test_signals_go_where_they_are_told(serve):
    one, two = serve(OK), serve(OK)
    go("start", 1, env={"OTEL_EXPORTER_OTLP_ENDPOINT": one.url, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": two.url + "/my/logs?x=1",
                        "OTEL_EXPORTER_OTLP_HEADERS": "k=v", "OTEL_EXPORTER_OTLP_LOGS_HEADERS": "l=w", "OTEL_METRICS_EXPORTER": "none"})
    assert [q["line"] for q in one.requests] == ["POST /v1/traces HTTP/1.1"] and one.requests[0]["headers"]["k"] == "v"
    assert [q["line"] for q in two.requests] == ["POST /my/logs?x=1 HTTP/1.1"]
    assert two.requests[0]["headers"]["l"] == "w" and "k" not in two.requests[0]["headers"]


@pytest.mark.parametrize("sampler,argument,kept", [("always_on", "", 1), ("always_off", "", 0), ("parentbased_always_off", "", 0), ("traceidratio", "0", 0),
                                                   ("traceidratio", "1.0", 1), ("parentbased_traceidratio", "0.0", 0), ("parentbased_always_on", "", 1), ("", "", 1)])
def test_sampler_of_the_environment(sampler, argument, kept):
    ran = go("flush", 1, 2000, env={"OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": argument, "OTEL_LOG_LEVEL": "debug"})
    assert laws(ran.stdout)["traces"]["created"] == 2 * kept
    named = sampler or "parentbased_always_on"
    assert "spans are sampled by %s%s\n" % (named, " of " + argument if argument.startswith("0") else "") in ran.stderr


METRICS = r"""
#include "otel_posix.h"
static otel_counter_t jobs = OTEL_COUNTER("Jobs"), again = OTEL_COUNTER("jobs", .unit = "1");
static otel_updown_t level = OTEL_UPDOWN("level");
static otel_observable_t seen = OTEL_OBSERVABLE_COUNTER("seen");
static otel_histogram_t took = OTEL_HISTOGRAM("took", OTEL_BOUNDS(1, 10));
static void observe(void *user) { (void)user; otel_observe(&seen, 5); }
static otel_callback_t callback = OTEL_CALLBACK(observe, NULL);
int main(void)
{
    int i;
    otel_posix_start(.service = "m");
    otel_callback_register(&callback);
    for (i = 0; i < 2; i++) {
        otel_counter_add(&jobs, 1);
        OTEL_SPAN(span, "work") otel_counter_add(&jobs, 1);
        otel_updown_add(&level, 3);
        otel_histogram_record(&took, 5);
        if (i) otel_counter_add(&again, 7);
        if (otel_posix_flush(20000) != OTEL_OK) return 1;
    }
    return otel_posix_stop(20000) != OTEL_OK;
}
"""


@pytest.fixture(scope="module")
def metrics_of(tmp_path_factory):
    """Runs it under variables: {name: its points of each request}, and what it said."""
    pb = pytest.importorskip("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    built = cc("gcc", METRICS, "-std=c11", *WARN, "-g", "-fsanitize=address,undefined", "-lpthread")

    def look(**env):
        server = FaultCollector([OK])
        try:
            ran = run([built], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, OTEL_TRACES_EXPORTER="none", OTEL_LOGS_EXPORTER="none", **env), timeout=120)
            found = {}
            for q in server.requests:
                for resource in pb.ExportMetricsServiceRequest.FromString(q["body"]).resource_metrics:
                    for metric in (m for s in resource.scope_metrics for m in s.metrics):
                        shape = metric.WhichOneof("data")
                        data = getattr(metric, shape)
                        for point in data.data_points:
                            found.setdefault(metric.name, []).append((shape, getattr(data, "aggregation_temporality", 0), point))
            return found, ran.stderr
        finally:
            server.close()
    return look


def told(points):
    return [(temporality, p.as_int if shape in ("sum", "gauge") else p.count) for shape, temporality, p in points]


def test_temporality_of_the_environment(metrics_of):
    for word, counter, seen in (("", [(2, 2), (2, 4)], 2), ("Cumulative", [(2, 2), (2, 4)], 2), ("delta", [(1, 2), (1, 2)], 1), ("LowMemory", [(1, 2), (1, 2)], 2)):
        found, _ = metrics_of(OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=word)
        sums = [n for n in told(found["Jobs"]) if n[1] not in (7, 0)]
        assert sums[:2] == counter, word
        assert told(found["level"])[:2] == [(2, 3), (2, 6)]
        assert {t for t, _ in told(found["seen"])} == {seen}
        assert [t for t, _ in told(found["took"])][:2] == [counter[0][0]] * 2


def test_exemplars_and_buckets_of_the_environment(metrics_of):
    found, _ = metrics_of()
    assert found["took"][0][0] == "histogram" and not found["Jobs"][0][2].exemplars
    found, _ = metrics_of(OTEL_METRICS_EXEMPLAR_FILTER="trace_based", OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION="base2_exponential_bucket_histogram")
    assert found["took"][0][0] == "exponential_histogram" and found["took"][1][2].count == 2
    assert len(found["Jobs"][0][2].exemplars[0].trace_id) == 16 and not found["took"][0][2].exemplars
    found, _ = metrics_of(OTEL_METRICS_EXEMPLAR_FILTER="ALWAYS_ON", OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION="explicit_bucket_histogram")
    assert found["took"][0][0] == "histogram" and found["took"][0][2].exemplars
    found, _ = metrics_of(OTEL_METRICS_EXEMPLAR_FILTER="always_off")
    assert not found["took"][0][2].exemplars
    _, said = metrics_of(OTEL_METRICS_EXEMPLAR_FILTER="some", OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE="both", OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION="log")
    assert said.count("is ignored") == 3 and "lowmemory" in said


def test_one_name_twice_is_said_by_the_port(metrics_of):
    found, said = metrics_of()
    assert "jobs" not in found and said.count("two instruments of one meter have the same name and different units (Jobs)") == 1, said


def test_service_name_of_the_environment(collector):
    source = '#include "otel_posix.h"\nint main(void)\n{\n    otel_posix_start_with(NULL);\n    OTEL_SPAN(span, "s") (void)span;\n}\n'
    nameless = cc("gcc", source, "-std=c99", *WARN, "-lpthread")
    for env, name in (({"OTEL_SERVICE_NAME": "wins", "OTEL_RESOURCE_ATTRIBUTES": "service.name=loses"}, "wins"),
                      ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=listed"}, "listed"), ({}, "unknown_service:program")):
        before = len(collector._lines("traces"))
        run([nameless], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http, **env))
        collector.read("traces", before + 1)
        assert attributes(collector.spans()[-1]["resource"])["service.name"] == name


DETECTING = """#include "otel_posix.h"
#include "otel_resource.h"
#include <sys/wait.h>
static void mine(otel_resource_t *r)
{
    otel_detect_all(r);
    (void)otel_resource_set(r, "service.name", otel_value_str_("detected"));
    (void)otel_resource_set(r, "team", otel_value_str_("detected"));
}
int main(int argc, char **argv)
{
    otel_attr_t a[1];
    pid_t child;
    a[0] = otel_str("os.type", "from the program");
    (void)argv;
    if (argc > 1) otel_posix_start(.service = "program", .attributes = a, .attributes_len = 1, .detect = mine);
    else otel_posix_start(.detect = mine);
    OTEL_SPAN(span, "parent") otel_span_set(span, "pid", (int)getpid());
    (void)otel_posix_flush(60000);
    child = fork();
    if (child == 0) {
        OTEL_SPAN(span, "child") otel_span_set(span, "pid", (int)getpid());
        return 0;
    }
    return waitpid(child, NULL, 0) == child ? 0 : 1;
}
"""


def test_detectors_fill_what_program_and_environment_leave(collector):
    program = cc("gcc", DETECTING, "-std=c99", *WARN, "-lpthread")
    env = dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http)
    run([program, "all"], env=dict(env, OTEL_RESOURCE_ATTRIBUTES="host.name=env,os.type=env,service.name=env"))
    parent, child = sorted(collector.spans(2), key=lambda s: s["name"], reverse=True)
    found = attributes(parent["resource"])
    assert (found["service.name"], found["host.name"], found["os.type"], found["team"]) == ("program", "env", "from the program", "detected")
    assert found["process.executable.name"] == program.name and len(found["service.instance.id"]) == 36 and found["host.arch"]
    assert found["process.pid"] == attributes(parent)["pid"]
    other = attributes(child["resource"])
    assert other["process.pid"] == attributes(child)["pid"] != found["process.pid"] == other["process.parent_pid"], "a child of fork is another process"
    assert other["service.instance.id"] != found["service.instance.id"] and other["service.name"] == "program"
    assert "https://opentelemetry.io/schemas/" in str(collector._lines("traces")[0])
    run([program], env=env)
    assert attributes(collector.spans(4)[-1]["resource"])["service.name"] == "detected", "before unknown_service"
    run([program], env=dict(env, OTEL_SERVICE_NAME="env"))
    assert attributes(collector.spans(6)[-1]["resource"])["service.name"] == "env"


# ---- the terminal ----

def test_terminal_shows_all_and_nothing_dangerous():
    ran = go("show", env={"TERM": "xterm", "LC_ALL": "C.UTF-8"})
    assert ran.stdout == ""
    text = ran.stderr
    for part in ("service", "trace ", "read_sensor (client)", "! error: i2c nack", "* retry attempt=2", "temps=[20, 21, 22]", "bytes=0102ff", "umlaut=grüß",
                 "greetings", "job.duration", "2 x 260 ms (20 ms to 500 ms)", "ERROR failed", "metrics  show", "━━━━"):
        assert part in text or part == "service", part
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text), "no control characters, no colours in a pipe"
    assert max(map(len, text.splitlines())) <= 80
    plain = go("show", env={"LC_ALL": "C"}).stderr
    assert plain.isascii() and "umlaut=gr??" in plain and "|=====" in plain


def test_terminal_on_request_is_standard_output():
    ran = go("start", 1, env={"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"})
    assert "outer" in ran.stdout and ran.stderr == "" and "greetings" not in ran.stdout


def test_colours_on_a_terminal_only():
    import pty
    for env, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        ours, theirs = pty.openpty()
        child = subprocess.Popen([str(program()), "start", "1"], stderr=theirs, stdout=subprocess.DEVNULL, env=dict(os.environ, **CLEAN, **env))
        os.close(theirs)
        text = b""
        try:
            while True:
                more = os.read(ours, 65536)
                if not more:
                    break
                text += more
        except OSError:
            pass
        child.wait(20)
        os.close(ours)
        assert b"outer" in text and (b"\033[" in text) == coloured


# ---- flush, stop, exit, threads ----

@pytest.mark.parametrize("words", [["storm", "60"], ["held"]], ids=["storm", "held"])
def test_a_start_waits_for_who_still_records(words):
    """What a thread is writing when a run ends must not end in the next one: that crashed, or was counted nowhere."""
    ran = run([cc("gcc", "tests/c/restart.c", "-D_GNU_SOURCE", "-std=gnu11", "-O2", *WARN, "-lpthread"), *words], env=CLEAN, timeout=90)
    assert ran.stdout == "bad 0\n"
    assert ("a thread is still in the middle of a record of the last run; start again later" in ran.stderr) == (words == ["held"])


def test_a_thread_that_ends_while_the_next_run_begins():
    need_flags("gcc", "-fsanitize=thread")
    program = cc("gcc", "tests/c/restart.c", "-D_GNU_SOURCE", "-std=gnu11", *TSAN, *WARN, "-lpthread")
    assert run([program, "ends"], env=CLEAN, timeout=90).stdout == "bad 0\n"


def test_fifty_starts_and_stops_with_an_hour_between_exports():
    slowest = int(re.search(r"slowest (\d+) ms, 0 bad", go("cycles", 50, env={"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}).stdout).group(1))
    assert slowest < 30000, "not the hour"


def test_flush_and_stop_keep_their_time(serve):
    """Against a receiver that takes everything and never answers."""
    server = serve(lambda s, r: time.sleep(60))
    ran = go("flush", 5, 300, env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url})
    flush, stop = [tuple(map(int, m)) for m in re.findall(r"(?:flush|stop) (-?\d+) after (\d+) ms", ran.stdout)]
    assert flush[0] == -5 and 250 <= flush[1] < 30000, "its 300 ms, not the receiver's minute: " + ran.stdout
    assert stop[0] == -5 and stop[1] < 30000, ran.stdout
    counts = laws(ran.stdout)
    assert counts["traces"]["dropped"] == 6 and counts["logs"]["dropped"] == 1
    assert "6 spans lost: shutdown" in ran.stderr


@pytest.mark.parametrize("way,names", [("exit", ["inner", "outer"]), ("fork", ["inner", "outer"]), ("jump", [])])
def test_exit_ends_the_spans_that_it_was_called_in(way, names, serve):
    """Each once; not those of the parent in a fork, nor one whose frame is gone."""
    program = cc("gcc", "tests/c/exit_in_span.c", "-std=gnu11", "-O1", "-g", *WARN, "-lpthread", "-Wno-clobbered")
    server = serve(OK, OK, OK)
    run([program, way], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, OTEL_METRICS_EXPORTER="none"), check=False, timeout=60)
    sent = b"".join(q["body"] for q in server.requests)
    assert [sent.count(n.encode()) for n in ("inner", "outer", "left")] == [names.count(n) for n in ("inner", "outer", "left")], sent


def test_exit_does_not_wait_where_nobody_listens():
    """.exit_ms is an hour; a refused connection is the end of it."""
    ran = go("start", 3, 3600000, env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:%d" % free_port()})
    assert "Connection refused" in ran.stderr and "4 spans lost: shutdown" in ran.stderr


def test_exit_waits_for_what_may_yet_arrive(serve):
    """Traces find nobody, logs find a receiver that is busy at first: they are sent, and only then it gives up."""
    server = serve(status(503), OK)
    ran = go("start", 3, env={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:%d" % free_port(), "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": server.url + "/v1/logs"})
    assert "4 spans lost: shutdown" in ran.stderr and "log records lost" not in ran.stderr and len(server.requests) == 2


def test_an_endpoint_that_looks_like_one_signals_is_doubted(serve):
    server = serve(OK)
    said = go("start", 1, env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url + "/v1/traces/"}).stderr
    assert "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" in said and server.requests[0]["line"].startswith("POST /v1/traces/v1/")


def test_calls_from_inside_the_transport_are_refused():
    ran = go("nested")
    assert "inside: flush -12 stop -12" in ran.stdout and "stop 0" in ran.stdout


OTHERS = r"""
#include "otel_posix.h"
static int done;
static void *flusher(void *user) { while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) (void)otel_flush((otel_t *)user, 5); return NULL; }
int main(void)
{
    otel_stats_t stats;
    pthread_t thread;
    int i;
    if (otel_posix_start(.service = "others", .interval_ms = 5) != OTEL_OK || pthread_create(&thread, NULL, flusher, otel_posix_instance())) return 1;
    for (i = 0; i < 3000; i++) OTEL_SPAN(span, "work") (void)span;
    printf("flush %d shutdown %d ", (int)otel_flush(otel_posix_instance(), 100), (int)otel_shutdown(otel_posix_instance(), 100));
    printf("port %d ", (int)otel_posix_flush(10000));
    __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
    (void)pthread_join(thread, NULL);
    (void)otel_posix_stop(1000);
    (void)otel_posix_stats(&stats);
    printf("created %lu exported %lu\n", (unsigned long)stats.signal[OTEL_SIGNAL_TRACES].created, (unsigned long)stats.signal[OTEL_SIGNAL_TRACES].exported);
    return 0;
}
"""


def test_nobody_but_its_thread_drives_the_ports_exporter(serve):
    """otel_flush and otel_shutdown from elsewhere raced with it, and counts were wrong; they answer OTEL_E_NESTED."""
    server = serve(OK)
    need_flags("gcc", "-fsanitize=thread")
    ran = run([cc("gcc", OTHERS, "-std=gnu11", *WARN, *TSAN, "-lpthread")], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url), timeout=120)
    assert ran.stdout == "flush -12 shutdown -12 port 0 created 3000 exported 3000\n" and "ThreadSanitizer" not in ran.stderr, ran


def test_transport_that_never_returns_does_not_hang_the_program():
    """It sleeps for ten minutes, and the program has one."""
    assert go("stuck", timeout=60).stdout == "flush -5\nstop -5\nstart -11\n"


def test_a_ring_that_is_half_full_fetches_the_thread_and_only_when_there_is_something_to_send():
    assert go("half", timeout=120).stdout == "armed 1\nsent, armed 1\nleft alone 100\n"


@pytest.mark.parametrize("build", [(), TSAN], ids=["plain", "tsan"])
def test_a_stop_beside_another_waits_for_it(build):
    """It once fell through while the closers ran, and the process ended in the middle of them."""
    if build:
        need_flags("gcc", build[-1])
    said = go("beside", 0, build=build).stdout
    assert sorted(said.splitlines()) == ["inside -12", "stop 0, taken 2", "taken 2", "the other 0", "too early -5"], said


def test_a_stop_beside_a_signal_waits_for_it():
    ran = go("beside", 1, check=False)
    assert ran.returncode == -signal.SIGTERM and ran.stdout.splitlines() == ["inside -12", "too early -5", "taken 2"], ran


def test_a_signal_during_a_stop_lets_it_finish():
    """What was recorded arrives, and then the signal ends the program; the second one does so at once."""
    ran = go("beside", 2, check=False)
    assert ran.returncode == -signal.SIGTERM and ran.stdout.splitlines() == ["inside -12", "taken 2"], ran
    ran = go("beside", 3, check=False)
    assert ran.returncode == -signal.SIGTERM and ran.stdout.splitlines() == ["inside -12"], ran


SANITIZED = {"asan": ASAN, "tsan": TSAN}


@pytest.mark.parametrize("kind", SANITIZED)
def test_threads_come_and_go(serve, kind):
    need_flags("gcc", SANITIZED[kind][-1] if kind == "tsan" else "-fsanitize=address")
    server = serve(OK)
    ran = go("threads", 12, 400, env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "TSAN_OPTIONS": "halt_on_error=1"}, build=SANITIZED[kind], timeout=120)
    counts = laws(ran.stdout)
    assert "stop 0" in ran.stdout and counts["traces"]["created"] == 3 * 12 * 400 and counts["traces"]["queued"] == 0, ran
    assert counts["traces"]["exported"] + counts["traces"]["dropped"] == counts["traces"]["created"]


def test_threads_with_unsampled_spans_only_give_their_shard_back():
    """They took ids there without a look at the clock, where the port meets threads: in the end the dead had all shards."""
    assert go("unsampled", 12).stdout == "0 shards have owners\n"


def test_counts_are_asked_for_while_the_library_starts():
    """The instance was emptied under the feet of who asked, and behind a start without room its shards were looked for in no pool."""
    assert go("counted", 40, env={"OTEL_LOG_LEVEL": "none"}).stdout.startswith("start "), "no crash"


def test_a_child_that_is_born_while_the_library_stops_queues_nothing():
    """It had an instance that ran, and nobody who sends."""
    assert go("forkend").stdout == "queued in the child: 0\n"


def test_a_thread_that_always_has_something_to_send_hears_what_is_asked():
    """It sent on and on: a flush and the screen waited in vain, and SIGTERM was never looked at."""
    ran = go("saturated", env={"OTEL_LOG_LEVEL": "none"}, check=False, timeout=120)
    assert ran.stdout == "dump 0 flush 0\n" and ran.returncode == -signal.SIGTERM, ran


def test_a_child_shows_nothing_of_its_parents():
    """It had the console as it stood at the moment of the fork: with what its parent was about to show."""
    assert go("forkshow", 150, env={"OTEL_LOG_LEVEL": "none"}, timeout=120).stdout == "0 showed others\n"


@pytest.mark.parametrize("words", [("cycles", 20), ("show",), ("start", 5)])
def test_asan_finds_nothing(words):
    go(*words, build=ASAN)


def test_memcheck_finds_nothing_in_children():
    """Not with ASan: a child of fork inherits the locks of its allocator as they are, now and then for ever."""
    need("valgrind")
    assert "0 children failed" in run(["valgrind", "-q", "--error-exitcode=9", program(), "fork", 3], env=CLEAN, timeout=120).stdout


def test_asan_with_bad_answers(serve):
    for name in ("endless line", "chunk of 2^64", "garbage"):
        assert http(serve(dict(BAD, **ANSWERS_AND_CLOSE)[name], OK), build=ASAN)["exported"] == 10


# ---- compilers ----

DIALECTS = [(c, s) for c in ("gcc", "clang") for s in ("-std=c99 -pedantic", "-std=c11 -pedantic", "-std=c2x -pedantic", "-std=gnu11")] + \
           [(c, s) for c in ("g++", "clang++") for s in ("-std=gnu++14", "-std=gnu++17", "-std=gnu++20", "-std=c++20 -pedantic")]


@pytest.mark.parametrize("compiler,standard", DIALECTS)
def test_compiles_without_a_warning(compiler, standard, build_dir):
    need(compiler)
    flags = [*(("-x", "c++") if "++" in compiler else ()), *standard.split()]
    cc(compiler, ["examples/hello.c", dialect(compiler, *flags)], *flags, *WARN, SPLIT, "-lpthread", out=build_dir / "hello")
    if "++" not in compiler:
        cc(compiler, PROGRAM, *flags, *WARN, "-c", out=build_dir / "program.o")          # it looks behind the port, so it needs all of it


def test_posix_hidden_by_an_earlier_header_is_a_sentence():
    from conftest import cc_fails
    said = cc_fails("gcc", '#include <stdio.h>\n#include "otel_posix.h"\nint main(void) { return 0; }\n', "-std=c99")
    assert "include otel_posix.h before the others" in said


def test_many_files_share_one_start(build_dir):
    files = []
    for i in range(3):
        path = build_dir / ("file%d.c" % i)
        path.write_text('#include "otel_posix.h"\nint f%d(void) { OTEL_SPAN(span, "f%d") otel_span_set(span, "i", %d); return 0; }\n' % (i, i, i))
        files.append(path)
    main = build_dir / "main.c"
    main.write_text('#include "otel_posix.h"\nint f0(void); int f1(void); int f2(void);\n'
                    'int main(void) { otel_posix_start(.service = "many"); otel_posix_start(.service = "again"); return f0() + f1() + f2(); }\n')
    ran = run([cc("gcc", [main] + files, "-std=c11", *WARN, "-lpthread")], env=CLEAN)
    assert all("f%d" % i in ran.stderr for i in range(3)) and "again" not in ran.stderr


def test_switched_off_leaves_nothing(build_dir):
    off = cc("gcc", "examples/hello.c", "-std=c11", "-DOTEL_ENABLED=0", *WARN, "-lpthread")
    assert "otel" not in run(["nm", off]).stdout
    assert run([off], env=CLEAN).output == ""


@pytest.mark.parametrize("how", ["otel_posix_stop(UINT32_MAX)", "otel_posix_flush(UINT32_MAX)"])
def test_all_the_time_in_the_world_is_not_none(how, build_dir):
    """49 days are more than half of the counter's range: they once counted as over at once."""
    source = build_dir / "forever.c"
    source.write_text('#include "otel_posix.h"\nint main(void)\n{\n    if (otel_posix_start(.service = "patient") != OTEL_OK) return 2;\n'
                      '    OTEL_SPAN(span, "one") {}\n    return %s == OTEL_OK ? 0 : 1;\n}\n' % how)
    program = cc("gcc", source, "-std=gnu11", "-I", ROOT, "-I", ROOT / "ports", *WARN, "-lpthread")
    assert run([program], env={"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}).returncode == 0
