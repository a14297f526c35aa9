"""The Python SDK on the same work as ../host, for scale: see ../README.md for how it reports."""
import json
import platform
import sys
import time

from opentelemetry import baggage, propagate, trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.sdk.version import __version__
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

MOST, HOUR_MS = 1000, 3600 * 1000
ROOT = Context()
HEADERS = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "baggage": "userId=alice,serverNode=DF%2028,isProduction=false"}


class Discard(SpanExporter):
    def export(self, spans):
        return SpanExportResult.SUCCESS


class DiscardLogs(LogRecordExporter):
    def export(self, batch):
        return LogRecordExportResult.SUCCESS

    def shutdown(self):
        pass

    def force_flush(self, timeout_millis=0):
        return True


def provider(**settings):
    made = TracerProvider(**settings)
    made.add_span_processor(BatchSpanProcessor(Discard(), max_queue_size=4096, schedule_delay_millis=HOUR_MS, max_export_batch_size=4096))
    return made


def bare(tracer, parent=ROOT):
    def run(n):
        for _ in range(n):
            tracer.start_span("GET /api/users", parent).end()
    return run


def four(tracer, parent=ROOT):
    def run(n):
        for _ in range(n):
            span = tracer.start_span("GET /api/users", parent)
            span.set_attribute("http.request.method", "GET")
            span.set_attribute("url.path", "/api/users/42")
            span.set_attribute("http.response.status_code", 200)
            span.set_attribute("duration.ratio", 0.5)
            span.end()
    return run


def spans():
    """{case: (what runs, what follows outside the time)}"""
    batch = provider()
    tracer, never = batch.get_tracer("bench"), provider(sampler=ALWAYS_OFF).get_tracer("bench")
    inside = trace.set_span_in_context(tracer.start_span("parent", ROOT), ROOT)
    return {"span_0": (bare(tracer), batch.force_flush), "span_4": (four(tracer), batch.force_flush), "span_child": (bare(tracer, inside), batch.force_flush),
            "span_child_4": (four(tracer, inside), batch.force_flush), "span_not_sampled": (bare(never), None), "span_no_instance": (four(trace.NoOpTracer()), None)}


def context():
    one, both = TraceContextTextMapPropagator(), propagate.get_global_textmap()
    caller = both.extract(HEADERS, ROOT)

    def repeat(call):
        def run(n):
            for _ in range(n):
                call()
        return run
    return {"inject": (repeat(lambda: one.inject({}, caller)), None), "extract": (repeat(lambda: one.extract(HEADERS, ROOT)), None),
            "inject_baggage": (repeat(lambda: both.inject({}, caller)), None), "extract_baggage": (repeat(lambda: baggage.get_baggage("isProduction", both.extract(HEADERS, ROOT))), None)}


def logs():
    made = LoggerProvider()
    made.add_log_record_processor(BatchLogRecordProcessor(DiscardLogs(), schedule_delay_millis=HOUR_MS, max_export_batch_size=4096, max_queue_size=4096))
    logger = made.get_logger("bench")

    def run(n):
        for _ in range(n):
            logger.emit(timestamp=time.time_ns(), context=ROOT, severity_number=SeverityNumber.INFO, body="request served", attributes={"url.path": "/api/users/42", "http.response.status_code": 200})
    return {"log_2": (run, made.force_flush)}


def metrics():
    meter = MeterProvider(metric_readers=[InMemoryMetricReader()]).get_meter("bench")
    reads, turns = meter.create_counter("reads"), meter.create_counter("turns")

    def add_2(n):
        for _ in range(n):
            reads.add(1, {"bus": "i2c1", "line": 2})

    def add(n):
        for _ in range(n):
            turns.add(1)
    return {"counter_2": (add_2, None), "counter_plain": (add, None)}


def main():
    cases = {**spans(), **context(), **logs(), **metrics()}
    print(json.dumps({"peer": "python", "version": "OpenTelemetry Python %s, Python %s" % (__version__, platform.python_version()), "max": MOST, "cases": list(cases)}), flush=True)
    for line in sys.stdin:
        case, n = line.split()
        run, after = cases[case]
        begin = time.perf_counter_ns()
        run(int(n))
        ns = time.perf_counter_ns() - begin
        if after:
            after()
        print(ns, -1, -1, flush=True)


if __name__ == "__main__":
    main()
