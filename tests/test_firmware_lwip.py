"""lwIP's raw TCP on a Cortex-M3 with Ethernet posts OTLP over HTTP straight to the real Collector, and to servers that misbehave."""
import http.server
import subprocess
import threading
import time

from boards import BOARDS, M3, STRICT, lwip
from conftest import ROOT, need_module, run

HERE = ROOT / "examples/firmware/lwip"


def board(folder, port):
    """The example, started on the emulator; 10.0.2.2 is this machine."""
    source = lwip()
    base = [M3.compiler, *(f for f in M3.flags if f not in STRICT), "-I", ROOT, "-I", ROOT / "ports", "-I", HERE, "-I", BOARDS, "-isystem", source / "include", "-DPORT=%d" % port]
    run([*base, *STRICT, "-c", HERE / "main.c", "-o", folder / "main.o"])
    run([*base, folder / "main.o", BOARDS / "cortex-m.c", *sorted((source / "core").glob("*.c")), *sorted((source / "core/ipv4").glob("*.c")),
         source / "netif/ethernet.c", "-o", folder / "lwip.elf"], timeout=300)
    command = M3.command(folder / "lwip.elf", "-serial", "null", "-nic", "user")
    return subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_a_board_posts_to_the_collector_and_reads_its_answer(collector, tmp_path):
    device = board(tmp_path, collector.http_port)
    said = device.communicate(timeout=120)[0].decode()
    assert device.returncode == 0, said                               # the exporter counts 20 as exported: the answer was read
    collector.stop()
    spans, metrics = collector.spans(20), collector.metrics(1)
    assert sorted(int(next(a["value"]["intValue"] for a in s["attributes"] if a["key"] == "n")) for s in spans) == list(range(20))
    assert all(abs(int(s["startTimeUnixNano"]) / 1e9 - time.time()) < 120 for s in spans)
    assert int(metrics[-1]["sum"]["dataPoints"][0]["asInt"]) >= 2


def test_a_collector_that_is_away_at_first_gets_everything(collector, tmp_path):
    collector.stop()
    device = board(tmp_path, collector.http_port)
    time.sleep(2)
    collector.start()
    assert device.wait(120) == 0
    collector.stop()
    assert len({s["spanId"] for s in collector.spans(20)}) == 20


class Rude(http.server.BaseHTTPRequestHandler):
    """Answers by its server's list: then 200, each in another form."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.headers["Content-Type"], self.path, self.headers["Host"]))
        how = self.server.script.pop(0) if self.server.script else "plain"
        if how == "close":
            self.close_connection = True
            return
        if how == "half":
            self.wfile.write(b"HTTP/1.1 20")
            self.close_connection = True
            return
        if how == "busy":
            self.wfile.write(b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
            return
        if self.path == "/v1/traces":
            self.server.bodies.append(body)
        if how == "chunked":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\n\x00\r\n0\r\n\r\n")
        elif how == "interim":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Long: " + b"y" * 3000 + b"\r\ncontent-length: 700\r\n\r\n" + b"\x0a\x00" * 350)
        elif how == "bytes":
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\x0a\x00":
                self.wfile.write(bytes((byte,)))
        else:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def log_message(self, *_):
        pass


def test_servers_that_close_refuse_and_answer_in_pieces(tmp_path):
    trace = need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    server.script, server.seen, server.bodies = ["close", "half", "busy", "chunked", "interim", "bytes"], [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    device = board(tmp_path, server.server_port)
    assert device.wait(120) == 0
    server.shutdown()
    spans = [s for b in server.bodies for r in trace.ExportTraceServiceRequest.FromString(b).resource_spans for scope in r.scope_spans for s in scope.spans]
    assert len(spans) == 20 and not server.script, "each once: what was not answered with success was not taken by this server"
    assert {kind for kind, _, _ in server.seen} == {"application/x-protobuf"} and {host for _, _, host in server.seen} == {"collector"}
