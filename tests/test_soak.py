"""Long runs, in a short form: the real Collector killed again and again, signals, cancelled threads, starts and stops. The law is
exact at the end of each. `make soak` (OTEL_SOAK=50) takes the Collector down fifty times and the others as much longer."""
import os
import re
import signal
import subprocess
import time

import pytest

from conftest import Collector, cut, need_module, run
from faults.collector import OK, FaultCollector
from test_faults import CLEAN, NOWHERE, go, laws, program

LENGTH = int(os.environ.get("OTEL_SOAK", "8"))

# Nothing is kept inside: what this Collector confirms has arrived behind it, even when it is killed in the next instant.
THROUGH = """\
receivers:
  otlp: {{protocols: {{http: {{endpoint: "127.0.0.1:{http}", max_request_body_size: 67108864}}, grpc: {{endpoint: "127.0.0.1:{grpc}"}}}}}}
exporters:
  otlphttp: {{endpoint: "{sink}", compression: none, sending_queue: {{enabled: false}}, retry_on_failure: {{enabled: false}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [otlphttp]}}
    metrics: {{receivers: [otlp], exporters: [otlphttp]}}
    logs: {{receivers: [otlp], exporters: [otlphttp]}}
"""


class Gateway(Collector):
    """The Collector that hands on to `sink`."""
    def __init__(self, program, folder, sink):
        super().__init__(program, folder)
        self.sink = sink

    def start(self, timeout=60):
        (self.folder / "config.yaml").write_text(THROUGH.format(http=self.http_port, grpc=self.grpc_port, sink=self.sink))
        self.log = open(self.folder / "collector.log", "ab")
        self.process = subprocess.Popen([str(self.program), "--config", str(self.folder / "config.yaml")], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, cwd=str(self.folder))
        if not self._answers(timeout):
            self.stop()
            pytest.fail("the Collector does not start:\n" + cut(self.said(), 30), pytrace=False)
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()
        self.process = None


def numbers(server):
    """The attribute n of all spans and logs that arrived, as two lists."""
    traces = need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2").ExportTraceServiceRequest
    logs = need_module("opentelemetry.proto.collector.logs.v1.logs_service_pb2").ExportLogsServiceRequest
    spans, records = [], []
    for q in server.requests:
        path = q["line"].split(" ")[1]
        if path.endswith("/v1/traces"):
            spans += [a.value.int_value for r in traces.FromString(q["body"]).resource_spans for s in r.scope_spans for x in s.spans for a in x.attributes if a.key == "n"]
        elif path.endswith("/v1/logs"):
            records += [a.value.int_value for r in logs.FromString(q["body"]).resource_logs for s in r.scope_logs for x in s.log_records for a in x.attributes if a.key == "n"]
    return spans, records


@pytest.mark.slow
def test_the_collector_is_killed_again_and_again(collector_program, tmp_path):
    """Nothing is lost within the pool, memory stays flat, and what came twice is what was on its way at a kill."""
    sink = FaultCollector([OK])
    gateway = Gateway(collector_program, tmp_path, sink.url).start()
    seconds = LENGTH + 4
    child = subprocess.Popen([str(program()), "load", str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             env=dict(os.environ, **CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=gateway.http, OTEL_LOG_LEVEL="none"))
    try:
        for i in range(LENGTH):
            time.sleep(0.1 + i % 5 * 0.1)
            gateway.kill()
            time.sleep(i % 3 * 0.1)
            gateway.start()
        said, complaint = child.communicate(timeout=seconds + 120)
    finally:
        child.kill()
        gateway.stop()
        sink.close()
    counts = laws(said)
    n = int(re.search(r"recorded (\d+)", said).group(1))
    spans, logs = numbers(sink)
    assert "stop 0" in said and counts["traces"]["created"] == counts["traces"]["exported"] == n, said + complaint
    assert counts["logs"]["created"] == counts["logs"]["exported"] == len(set(logs))
    assert set(spans) == set(range(n)), "%d spans are missing" % (n - len(set(spans)))
    assert counts["traces"]["retried"] >= 1, "no kill was noticed, so this run shows nothing"
    twice = len(spans) - n
    assert twice <= counts["traces"]["retried"] * 512, "%d twice, %d requests were sent again" % (twice, counts["traces"]["retried"])
    assert int(re.search(r"grown (-?\d+)", said).group(1)) <= 256, said


def test_signal_handlers_record_on_top_of_everything():
    """SIGALRM every 100 us on the thread that records, into spans, logs and a counter, while the port's thread sends."""
    server = FaultCollector([OK])
    try:
        counts = go("alarm", max(2, LENGTH // 4), env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_LOG_LEVEL": "none"})
    finally:
        server.close()
    alarms, mains = map(int, re.search(r"alarms (\d+) main (\d+)", counts["text"]).groups())
    assert "stop 0" in counts["text"] and alarms > 1000
    assert counts["traces"]["created"] == counts["logs"]["created"] == alarms + mains + 1, counts["text"]
    assert counts["traces"]["exported"] == sum(server.spans())


def test_threads_are_cancelled_anywhere():
    """Three threads at a time, cancelled asynchronously at random moments: each loses two records at most, counted."""
    rounds = 40 * LENGTH
    counts = go("cancel", rounds, env=dict(NOWHERE, OTEL_LOG_LEVEL="none"))
    assert "stop 0" in counts["text"] and counts["traces"]["queued"] == counts["logs"]["queued"] == 0
    assert counts["traces"].get("thread", 0) + counts["logs"].get("thread", 0) <= 2 * 3 * rounds
    assert set(counts["traces"]) >= {"created"} and counts["traces"]["exported"] > rounds


def test_a_hundred_shutdowns_with_an_hour_between_exports():
    ran = run([program(), "cycles", 100], env=dict(CLEAN, **NOWHERE))
    slowest, bad = map(int, re.search(r"slowest (\d+) ms, (\d+) bad", ran.stdout).groups())
    assert bad == 0 and slowest < 30000, ran.stdout
