"""ports/otel_curl.h against the real Collector over gRPC, HTTP/2 and TLS, and against a scripted server of gRPC."""
import concurrent.futures
import os
import re
import subprocess
import threading

import pytest

from conftest import ASAN, CONFIG, WARN, Collector, cc, free_port, how_to_install, missing, need, need_flags, need_module, once, run
from faults.collector import OK, never, status

pytestmark = pytest.mark.xdist_group("curl")           # one worker: one program to build
CLEAN = dict({name: "" for name in os.environ if name.startswith("OTEL_") or name.lower().endswith("_proxy")}, NO_PROXY="*")


def program():
    if run(["gcc", "-fsyntax-only", "-x", "c", "-"], input=b"#include <curl/curl.h>\n#include <zlib.h>\n", check=False).returncode:
        missing("<curl/curl.h>", how_to_install("<curl/curl.h>"))
    need_flags("gcc", "-fsanitize=address,undefined")
    return once("gcc", "tests/c/curl_program.c", "-std=gnu11", *ASAN, *WARN, "-DWITH_GZIP", "-lpthread", "-lcurl", "-lz")


class Went:
    """What a run of the program printed: .answers (path, status, sentence), .counts by signal, whose law held."""

    def __init__(self, text):
        self.text = text
        self.answers = [(m.group(1), int(m.group(2)), m.group(3)) for m in re.finditer(r"^answer (\S+) (-?\d+) (.*)$", text, re.M)]
        self.flushed = [int(n) for n in re.findall(r"^flush (-?\d+)$", text, re.M)]
        self.counts = {m.group(1): {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", m.group(2))} for m in re.finditer(r"^(traces|metrics|logs) (created=.*) law$", text, re.M)}
        assert set(self.counts) == {"traces", "metrics", "logs"}, text
        for c in self.counts.values():
            assert c["created"] == c["exported"] + c["dropped"] + c["queued"], text


def go(protocol, endpoint, n=10, seconds=30, timeout=120, env=None, **more):
    words = ["%s=%s" % pair for pair in more.items()] + (["env=1"] if env is not None else [])
    return Went(run([program(), protocol, endpoint, n, seconds, *words], env=dict(CLEAN, **(env or {})), timeout=timeout).stdout)


# ---- the real Collector ----

@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A signer, a server's certificate for localhost and 127.0.0.1, a client's, and a signer that nobody knows."""
    need("openssl")
    folder = tmp_path_factory.mktemp("certificates")
    for ca in ("ca", "stranger"):
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + ca, "-keyout", folder / (ca + ".key"), "-out", folder / (ca + ".pem")])
    for name, extension in (("server", "subjectAltName=DNS:localhost,IP:127.0.0.1"), ("elsewhere", "subjectAltName=DNS:elsewhere.example"), ("client", "extendedKeyUsage=clientAuth")):
        run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout", folder / (name + ".key"), "-out", folder / (name + ".csr")])
        (folder / (name + ".ext")).write_text(extension + "\n")
        run(["openssl", "x509", "-req", "-days", "2", "-in", folder / (name + ".csr"), "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial", "-extfile", folder / (name + ".ext"),
             "-out", folder / (name + ".pem")])
    return folder


def tls_collector(collector_program, folder, certificates, server="server", client=False):
    folder.mkdir()
    c = Collector(collector_program, folder)
    tls = 'tls: {{cert_file: "%s/%s.pem", key_file: "%s/%s.key"%s}}' % (certificates, server, certificates, server, ', client_ca_file: "%s/ca.pem"' % certificates if client else "")
    c.config = re.sub(r"max_re(cv_msg_size_mib|quest_body_size): \d+", tls, CONFIG)
    return c.start()


def arrived(c, spans, logs, metrics):
    """Metrics come once more at the end of each program."""
    assert len(c.spans(want=spans)) == spans and len(c.logs(want=logs)) == logs and len(c.metrics(want=metrics)) >= metrics


WAYS = {"grpc": ("grpc", {}), "grpc in gzip": ("grpc", {"gzip": 1}), "grpc in parts": ("grpc", {"parts": 1}), "http": ("http", {}), "json": ("json", {}), "json in gzip": ("json", {"gzip": 1})}


def test_the_collector_takes_each_way(collector):
    """gRPC, HTTP/1.1, JSON; in one body, in parts (no metrics then), in gzip; several requests on one connection."""
    spans = metrics = 0
    for protocol, how in WAYS.values():
        went = go(protocol, "http://" + collector.grpc if protocol == "grpc" else collector.http, 700, rounds=2, **how)
        assert went.flushed == [0, 0] and went.counts["traces"]["exported"] == went.counts["logs"]["exported"] == 1400, went.text
        assert {s for _, s, _ in went.answers} == {200} and {e for _, _, e in went.answers} == {""} and len(went.answers) >= 4
        spans += 1400
        metrics += 0 if "parts" in how else 2
        arrived(collector, spans, spans, metrics)
    first = collector.spans()[0]
    assert first["name"] == "work" and {a["key"] for a in first["attributes"]} == {"i", "round", "text"}
    assert {a["value"]["stringValue"] for s in collector.spans()[::500] for a in s["resource"]["attributes"] if a["key"] == "service.name"} == {"curl"}


def test_tls_and_a_certificate_that_is_not_accepted(collector_program, tmp_path, certificates):
    c = tls_collector(collector_program, tmp_path / "tls", certificates)
    try:
        for protocol, port in (("grpc", c.grpc_port), ("http", c.http_port), ("json", c.http_port)):
            url = "https://localhost:%d" % port
            went = go(protocol, url, ca=certificates / "ca.pem")
            assert {s for _, s, _ in went.answers} == {200} and set(re.findall(r"^version (\d)", went.text, re.M)) == {"2"}, went.text
            for ca in ("", "stranger.pem"):
                went = go(protocol, url, seconds=0, **({"ca": certificates / ca} if ca else {}))
                assert went.counts["traces"]["exported"] == 0 and went.counts["traces"]["queued"] == 10, "it waits, for who puts it right"
                assert went.answers[0][1] == -1 and "certificate is not accepted" in went.answers[0][2] and "give .ca_file" in went.answers[0][2], went.text
        arrived(c, 30, 30, 3)
        went = go("http", "https://localhost:%d" % c.http_port, seconds=0, ca=certificates / "ca.key")
        assert went.answers[0][1] == -1 and ".ca_file" in went.answers[0][2], went.text
        went = go("grpc", "http://localhost:%d" % c.grpc_port, seconds=0)
        assert went.answers[0][1] < 0 and went.answers[0][2], "in the clear to TLS: " + went.text
    finally:
        c.stop()


def test_a_name_that_is_not_in_the_certificate_is_refused(collector_program, tmp_path, certificates):
    c = tls_collector(collector_program, tmp_path / "tls", certificates, server="elsewhere")
    try:
        went = go("grpc", "https://localhost:%d" % c.grpc_port, seconds=0, ca=certificates / "ca.pem")
        assert went.answers[0][1] == -1 and "the name that is in it" in went.answers[0][2] and went.counts["traces"]["queued"] == 10, went.text
    finally:
        c.stop()


def test_a_client_shows_its_certificate(collector_program, tmp_path, certificates):
    c = tls_collector(collector_program, tmp_path / "tls", certificates, client=True)
    try:
        url, ca = "https://localhost:%d" % c.grpc_port, certificates / "ca.pem"
        assert {s for _, s, _ in go("grpc", url, ca=ca, cert=certificates / "client.pem", key=certificates / "client.key").answers} == {200}
        arrived(c, 10, 10, 1)
        went = go("grpc", url, seconds=0, ca=ca)
        assert went.answers[0][1] == -1 and went.answers[0][2] and went.counts["traces"]["exported"] == 0, went.text
        went = go("grpc", url, seconds=0, ca=ca, cert=certificates / "client.pem", key=certificates / "server.key")
        assert went.answers[0][1] == -1 and ".key_file" in went.answers[0][2], went.text
    finally:
        c.stop()


def test_a_collector_that_goes_and_comes_back(collector):
    collector.stop()
    child = subprocess.Popen([str(program()), "grpc", "http://" + collector.grpc, "100", "100"], stdout=subprocess.PIPE, text=True, env=dict(os.environ, **CLEAN))
    try:
        first = child.stdout.readline()
        assert re.match(r"answer \S+ -1 Failed to connect", first), first
        collector.start()
        went = Went(first + child.communicate(timeout=150)[0])
    finally:
        child.kill()
    assert went.flushed == [0] and went.counts["traces"]["exported"] == 100, went.text
    arrived(collector, 100, 100, 1)


FORKS = """
#include "otel_posix.h"
#include "otel_curl.h"
#include <sys/wait.h>
static otel_curl_t curl;
int main(int argc, char **argv)
{
    pid_t child;
    int status = 0;
    (void)argc;
    if (otel_curl_init(&curl, .endpoint = argv[1], .protocol = OTEL_CURL_GRPC, .ca_file = argv[2]) != OTEL_OK) return 2;
    if (otel_posix_start(.service = "forks", .send = otel_curl_send, .user = &curl, .explain = otel_curl_error) != OTEL_OK) return 3;
    OTEL_SPAN(span, "before") otel_span_set(span, "i", 1);
    if (otel_posix_flush(60000) != OTEL_OK) return 4;
    child = fork();
    OTEL_SPAN(span, child ? "parent" : "child") otel_span_set(span, "i", 2);
    if (otel_posix_flush(60000) != OTEL_OK) return 5;
    if (child == 0) _exit(0);
    if (waitpid(child, &status, 0) != child || status) return 6;
    OTEL_SPAN(span, "after") otel_span_set(span, "i", 3);
    if (otel_posix_stop(60000) != OTEL_OK) return 7;
    otel_curl_close(&curl);
    return 0;
}
"""


def test_a_child_of_fork_has_connections_of_its_own(collector_program, tmp_path, certificates):
    """Over TLS, where two processes on one connection would spoil it."""
    program()
    c = tls_collector(collector_program, tmp_path / "tls", certificates)
    try:
        ran = run([cc("gcc", FORKS, "-std=gnu11", "-O1", *WARN, "-lpthread", "-lcurl"), "https://localhost:%d" % c.grpc_port, certificates / "ca.pem"], env=CLEAN, timeout=200)
        assert ran.stderr == "" and {s["name"] for s in c.spans(want=4)} == {"before", "parent", "child", "after"}
    finally:
        c.stop()


# ---- a scripted server of gRPC ----

class Grpc:
    """Answers each call by the next word of its script (the last one stays): a function of (server, body, context), which gives bytes."""

    def __init__(self, *script):
        grpc = need_module("grpc")
        self.script, self.calls, self.lock = list(script), [], threading.Lock()

        class Any(grpc.GenericRpcHandler):
            def service(_, call):
                def serve(body, context):
                    with self.lock:
                        self.calls.append((call.method, body, dict(context.invocation_metadata())))
                        step = self.script[0] if len(self.script) == 1 else self.script.pop(0)
                    return step(self, body, context)
                return grpc.unary_unary_rpc_method_handler(serve)
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=(Any(),))
        self.url = "http://127.0.0.1:%d" % self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def close(self):
        self.server.stop(0).wait()


def fine(*_):
    return b""


def fails(code, text="", details=None):
    def step(_, __, context):
        import grpc
        if details is not None:
            context.set_trailing_metadata((("grpc-status-details-bin", details),))
        context.abort(next(c for c in grpc.StatusCode if c.value[0] == code), text)
    return step


def rpc_status(code, seconds=None):
    """google.rpc.Status, with RetryInfo if `seconds` says so."""
    from google.protobuf import any_pb2, duration_pb2
    from google.rpc import error_details_pb2, status_pb2
    s = status_pb2.Status(code=code, message="busy")
    if seconds is not None:
        a = any_pb2.Any()
        a.Pack(error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1e9))))
        s.details.append(a)
    return s.SerializeToString()


@pytest.fixture
def grpc_server():
    servers = []

    def make(*script):
        servers.append(Grpc(*script))
        return servers[-1]
    yield make
    for s in servers:
        s.close()


def traces(went):
    return [(s, e) for path, s, e in went.answers if path == "/v1/traces"]


def test_calls_are_those_of_the_three_services(grpc_server):
    need_module("google.protobuf")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    server = grpc_server(fine)
    went = go("grpc", server.url, 10, headers="api-key=s%20x,X-Team=blue", token="Bearer abc")
    assert {s for _, s, _ in went.answers} == {200}
    assert {m for m, _, _ in server.calls} == {"/opentelemetry.proto.collector.%s.v1.%sService/Export" % (s.lower(), s) for s in ("Trace", "Metrics", "Logs")}
    method, body, metadata = next(c for c in server.calls if "trace" in c[0])
    assert (metadata["api-key"], metadata["x-team"], metadata["authorization"]) == ("s x", "blue", "Bearer abc") and "OTel-OTLP-Exporter-C/" in metadata["user-agent"]
    read = ExportTraceServiceRequest.FromString(body)
    assert sum(len(s.spans) for r in read.resource_spans for s in r.scope_spans) == 10


@pytest.mark.parametrize("code", range(1, 17))
def test_each_status_is_tried_again_or_not_as_the_specification_says(grpc_server, code):
    server = grpc_server(fails(code, "no, 100 % sorry: ü"), fine)
    went = go("grpc", server.url, 10)
    again = code in (1, 4, 10, 11, 14, 15)
    first, *rest = [(s, e) for _, s, e in went.answers]
    assert "gRPC status %d " % code in first[1] and first[1].endswith("no, 100 % sorry: ü") and first[0] == 503 if again else first[0] not in (429, 502, 503, 504), went.text
    counts = {k: sum(c.get(k, 0) for c in went.counts.values()) for k in ("dropped", "retried", "exported", "queued")}
    assert counts["retried"] == again and (counts["dropped"] > 0) != again and counts["queued"] == 0 and {s for s, _ in rest} == {200}, went.text


def test_resource_exhausted_is_tried_again_only_with_retry_info(grpc_server):
    need_module("google.rpc")
    server = grpc_server(fails(8, "busy", rpc_status(8, 1.5)), fine)
    went = go("grpc", server.url, 10)
    assert went.answers[0][1] == 429 and "RESOURCE_EXHAUSTED" in went.answers[0][2]
    assert sum(c["retried"] for c in went.counts.values()) == 1 and sum(c["dropped"] for c in went.counts.values()) == 0
    server = grpc_server(fails(8, "busy", rpc_status(8)), fine)
    went = go("grpc", server.url, 10)
    assert went.answers[0][1] == 400 and sum(c["retried"] for c in went.counts.values()) == 0 and sum(c["dropped"] for c in went.counts.values()) > 0
    server = grpc_server(fails(14, "busy", b"\xff\xff\xff garbage"), fine)          # details that are none
    assert go("grpc", server.url, 10).answers[0][1] == 503


def test_the_time_that_the_server_names_is_waited(grpc_server):
    """No second call of that signal comes before it: the calls in between are of other signals."""
    import time
    times = []

    def late(server, body, context):
        times.append(time.monotonic())
        return fails(14, "busy", rpc_status(14, 1.5))(server, body, context) if len(times) == 1 else b""
    need_module("google.rpc")
    server = grpc_server(late)
    went = go("grpc", server.url, 10)
    method = server.calls[0][0]
    calls = [t for (m, _, _), t in zip(server.calls, times) if m == method]
    assert len(calls) == 2 and calls[1] - calls[0] >= 1.4 and sum(c["dropped"] for c in went.counts.values()) == 0


def test_what_is_too_large_is_cut(grpc_server):
    def most(server, body, context):
        return fails(8, "grpc: received message larger than max (%d vs. 900)" % len(body))(server, body, context) if len(body) > 900 else b""
    server = grpc_server(most)
    went = go("grpc", server.url, 64)
    assert went.counts["traces"]["exported"] == went.counts["logs"]["exported"] == 64, went.text
    server = grpc_server(fine)
    went = go("grpc", server.url, 64, max=900)                      # our own limit: the same
    assert went.counts["traces"]["exported"] == 64 and max(len(b) for _, b, _ in server.calls) <= 900
    went = go("grpc", server.url, 3, max=20)
    assert went.counts["traces"]["too_large"] == 3 and ".request_max" in went.answers[0][2], went.text


def test_partial_success_is_counted_and_told(grpc_server):
    need_module("google.protobuf")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
    said = ExportTraceServiceResponse()
    said.partial_success.rejected_spans = 3
    said.partial_success.error_message = "three too old"
    went = go("grpc", grpc_server(lambda *_: said.SerializeToString()).url, 10)
    assert (went.counts["traces"]["exported"], went.counts["traces"]["rejected"]) == (7, 3)
    assert any(s == 200 and e == "the receiver took the request, but not 3 of its 10 records: three too old" for s, e in traces(went)), went.text


def test_a_server_that_sits_on_a_call_is_left(grpc_server):
    leave = threading.Event()

    def sit(*_):
        leave.wait(60)
        return b""
    server = grpc_server(sit, fine)
    try:
        went = Went(run([program(), "grpc", server.url, 10, 30, "timeout=500"], env=CLEAN).stdout)
    finally:
        leave.set()
    assert went.answers[0][1] == -1 and re.search("time|DEADLINE", went.answers[0][2]) or went.answers[0][1] == 503, went.text
    assert sum(c["dropped"] + c["queued"] for c in went.counts.values()) == 0


def test_a_stop_does_not_wait_for_a_server_that_sits(grpc_server):
    """The request is given up when the transport is closed, not when its 10 s are over: the server saw the call end."""
    leave, gone, source = threading.Event(), threading.Event(), FORKS.split("    child = fork")[0].replace("if (otel_posix_flush(60000) != OTEL_OK) return 4;", "") + """
    child = (pid_t)status;
    if (otel_posix_flush(1500) != OTEL_E_TIMEOUT || otel_posix_stop(100) != OTEL_E_TIMEOUT) return 8;
    otel_curl_close(&curl);
    puts("closed");
    return child != 0;
}
"""

    def sit(server, body, context):
        context.add_callback(gone.set)
        leave.wait(100)
        return b""
    program()
    server = grpc_server(sit)
    try:
        ran = run([cc("gcc", source.replace(", .ca_file = argv[2]", ", .timeout_ms = 1000000"), "-std=gnu11", "-O1", *WARN, "-lpthread", "-lcurl"), server.url], env=CLEAN, timeout=100)
        assert ran.stdout == "closed\n" and len(server.calls) == 1 and gone.wait(60) and not leave.is_set()
    finally:
        leave.set()


# ---- what is no gRPC; HTTP and JSON ----

def test_http_is_no_grpc(collector):
    went = go("grpc", collector.http, 10, 0)
    assert all(s != 200 for _, s, _ in went.answers) and went.answers[0][2] and went.counts["traces"]["exported"] == 0, went.text


@pytest.mark.parametrize("protocol", ["http", "json"])
def test_partial_success_over_http(serve, protocol):
    if protocol == "json":
        answer = status(200, "Content-Type: application/json", body=b'{"partialSuccess":{"rejectedSpans":"3","errorMessage":"' + b"o" * 100 + b'","x":[1]}}')
    else:
        answer = status(200, "Content-Type: application/x-protobuf", body=b"\x0a\x68\x08\x03\x12\x64" + b"o" * 100)
    server = serve(answer)
    went = go(protocol, server.url, 10)
    assert (went.counts["traces"]["exported"], went.counts["traces"]["dropped"]) == (7, 3), went.text
    assert any("not 3 of its 10 records: " + "o" * 100 in e for _, e in traces(went))
    assert {q["headers"]["content-type"] for q in server.requests} == {"application/json" if protocol == "json" else "application/x-protobuf"}


def test_answers_of_http(serve):
    server = serve(status(503, "Retry-After: 1"), OK)
    went = go("http", server.url, 10)
    assert went.answers[0][1:] == (503, "HTTP status 503") and sum(c["retried"] for c in went.counts.values()) == 1
    server = serve(status(401), OK)
    counts = go("http", server.url, 10).counts.values()
    assert sum(c["dropped"] for c in counts) > 0 and sum(c["retried"] for c in counts) == 0
    server = serve(status(200, body=b"x" * (5 << 20)), OK)          # protocol/otlp.md: longer than 4 MiB, and not tried again
    went = go("http", server.url, 10)
    assert "longer than 4 MiB" in went.answers[0][2] and sum(c["dropped"] for c in went.counts.values()) > 0 and sum(c["retried"] for c in went.counts.values()) == 0, went.text


@pytest.mark.parametrize("words,says", [
    (("http", "localhost:4318"), "begins with http:// or https://"), (("grpc", ""), "begins with"), (("http", "https://" + "x" * 1100), "longer than"),
    (("http", "http://localhost", "headers=a"), "name=value"), (("http", "http://localhost", "headers=a=%0d%0ax:y"), "ends a line"), (("http", "http://localhost", "headers=a b=c"), "name=value"),
    (("http", "http://localhost", "headers=a=%zz"), "hexadecimal"), (("grpc", "http://localhost", "headers=TE=x"), "belongs to the transport")])
def test_settings_that_cannot_be_are_named(words, says):
    protocol, endpoint, *more = words
    ran = run([program(), protocol, endpoint, 1, 0, *more], env=CLEAN, check=False)
    assert ran.returncode == 3 and ran.stdout.startswith("refused ") and says in ran.stdout, ran


# ---- the environment ----

OTLP = "OTEL_EXPORTER_OTLP_"


def variables(**values):
    return {OTLP + name: str(value) for name, value in values.items()}


def test_the_environment_says_where_and_how(collector):
    for n, (protocol, way) in enumerate((("grpc", "http://" + collector.grpc), ("http/protobuf", collector.http), ("http/json", collector.http + "/"), ("", collector.http)), 1):
        went = go("http", "-", env=variables(ENDPOINT=way, PROTOCOL=protocol, HEADERS="x-team=a%20b"))
        assert {s for _, s, _ in went.answers} == {200} and went.flushed == [0] and "said" not in went.text, went.text
        assert ("version 2" in went.text) == (protocol == "grpc")
        arrived(collector, 10 * n, 10 * n, n)
    went = go("http", "-", env=variables(ENDPOINT=collector.grpc, PROTOCOL="grpc", INSECURE="true"))
    assert went.flushed == [0], "an endpoint of gRPC without a scheme"


def test_an_option_wins_over_the_environment(collector):
    went = go("grpc", "http://" + collector.grpc, env=variables(ENDPOINT="http://127.0.0.1:1", TRACES_ENDPOINT="http://127.0.0.1:1", PROTOCOL="http/json"))
    assert {s for _, s, _ in went.answers} == {200} and went.flushed == [0], went.text


def test_the_environment_names_certificates(collector_program, tmp_path, certificates):
    c = tls_collector(collector_program, tmp_path / "tls", certificates, client=True)
    own = variables(CERTIFICATE=certificates / "ca.pem", CLIENT_CERTIFICATE=certificates / "client.pem", CLIENT_KEY=certificates / "client.key")
    try:
        for where in ("https://localhost:%d", "localhost:%d"):
            assert go("http", "-", env=dict(own, **variables(ENDPOINT=where % c.grpc_port, PROTOCOL="grpc"))).flushed == [0], "without a scheme it is TLS"
        went = go("http", "-", seconds=0, env=dict(own, **variables(ENDPOINT="https://localhost:%d" % c.grpc_port, PROTOCOL="grpc", CERTIFICATE=certificates / "stranger.pem")))
        assert "certificate is not accepted" in went.answers[0][2], went.text
    finally:
        c.stop()


def test_headers_timeout_and_signals_of_the_environment(serve):
    one, two = serve(OK), serve(OK)
    went = go("http", "-", env=variables(ENDPOINT=one.url, LOGS_ENDPOINT=two.url + "/my/logs", HEADERS="k=v%2C1", COMPRESSION="gzip"), gzip=1)
    assert {q["line"] for q in one.requests} == {"POST /v1/traces HTTP/1.1", "POST /v1/metrics HTTP/1.1"} and {q["line"] for q in two.requests} == {"POST /my/logs HTTP/1.1"}
    assert one.requests[0]["headers"]["k"] == "v,1" and one.requests[0]["headers"]["content-encoding"] == "gzip" and "said" not in went.text
    went = go("http", "-", env=variables(ENDPOINT=one.url, COMPRESSION="none"), gzip=1)
    assert "content-encoding" not in one.requests[-1]["headers"]
    slow = serve(never)
    went = go("http", "-", seconds=3, env=variables(ENDPOINT=slow.url, TIMEOUT="200"))
    assert len(went.answers) >= 2 and went.answers[0][1] == -1, went.text


@pytest.mark.parametrize("name,value,said", [("TIMEOUT", "1s", "TIMEOUT=1s is not taken: write a whole number"), ("COMPRESSION", "gzip", "give the program .compress"), ("COMPRESSION", "zstd", "write gzip or none"),
                                             ("LOGS_HEADERS", "a=b", "OTEL_EXPORTER_OTLP_LOGS_HEADERS is not taken: this transport has one for all signals, OTEL_EXPORTER_OTLP_HEADERS")])
def test_what_the_environment_says_in_vain_is_told(serve, name, value, said):
    server = serve(OK)
    went = go("http", "-", env=variables(ENDPOINT=server.url, **{name: value}))
    assert said in re.search(r"^said (.*)", went.text, re.M).group(1) and went.flushed == [0], went.text


def test_a_protocol_that_nobody_knows_is_refused():
    ran = run([program(), "http", "-", 1, 0, "env=1"], env=dict(CLEAN, **variables(PROTOCOL="http")), check=False)
    assert ran.returncode == 3 and "PROTOCOL=http: write grpc, http/protobuf or http/json" in ran.stdout
    assert run([program(), "http", "-", 1, 0], env=dict(CLEAN, **variables(ENDPOINT="http://localhost")), check=False).returncode == 3, "not asked for, not read"


def test_the_posix_port_tells_what_is_wrong(build_dir):
    """.explain: the sentence on stderr is the transport's."""
    source = """
#include "otel_posix.h"
#include "otel_curl.h"
static otel_curl_t curl;
int main(int argc, char **argv)
{
    (void)argc;
    if (otel_curl_init(&curl, .endpoint = argv[1], .protocol = OTEL_CURL_GRPC) != OTEL_OK) return 2;
    if (otel_posix_start(.service = "hello", .send = otel_curl_send, .user = &curl, .explain = otel_curl_error) != OTEL_OK) return 3;
    OTEL_SPAN(span, "greet") otel_log(OTEL_INFO, "hello");
    (void)otel_posix_flush(0);
    (void)otel_posix_stop(3000);
    otel_curl_close(&curl);
    return 0;
}
"""
    program()
    said = run([cc("gcc", source, "-std=gnu11", "-O1", *WARN, "-lpthread", "-lcurl"), "http://127.0.0.1:%d" % free_port()], env=CLEAN).stderr
    assert "sending fails and is tried again: Failed to connect to 127.0.0.1" in said, said


@pytest.mark.parametrize("compiler,flags", [("gcc", "-std=c99 -D_POSIX_C_SOURCE=200809L -pedantic"), ("clang", "-std=c11 -D_POSIX_C_SOURCE=200809L"), ("g++", "-x c++ -std=c++20 -pedantic"),
                                            ("clang++", "-x c++ -std=gnu++14"), ("gcc", "-std=gnu11 -DOTEL_ENABLED=0"), ("gcc", "-std=gnu11 -DOTEL_STATIC=1"), ("gcc", "-std=gnu11 -DOTEL_USE_NANOPB=0 -DOTEL_LOGS=0 -DOTEL_METRICS=0")])
def test_compiles_without_a_warning(compiler, flags):
    """Alone, without the POSIX port."""
    if run(["gcc", "-fsyntax-only", "-x", "c", "-"], input=b"#include <curl/curl.h>\n", check=False).returncode:
        missing("<curl/curl.h>", how_to_install("<curl/curl.h>"))
    source = """
#include "otel_curl.h"
static otel_curl_t curl;
int main(int argc, char **argv)
{
    otel_request_t none;
    memset((void *)&none, 0, sizeof none);
    if (otel_curl_init(&curl, .endpoint = argc > 1 ? argv[1] : "nothing", .protocol = OTEL_CURL_GRPC, .ca_file = "ca.pem") == OTEL_OK) return OTEL_ENABLED;
    if (otel_curl_send(&curl, &none) == 200 || otel_curl_error(&curl)[0] == 0) return OTEL_ENABLED;
    otel_curl_close(&curl);
    return 0;
}
"""
    run([cc(compiler, source, *flags.split(), *WARN, "-lcurl", "-lpthread")], env=CLEAN)
