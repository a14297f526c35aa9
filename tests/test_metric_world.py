"""Every instrument and every temporality, used at random by four threads, against a plain model: read back from a real Prometheus
(its OTLP receiver and its scraper) by query, from the real Collector, and from readers that the program drives by itself.
Exporters lose every third packet on the way, readers by hand every fifth piece of differences: nothing may be missing in the end."""
import collections
import http.server
import math
import struct
import subprocess
import threading

import pytest

from conftest import TSAN, WARN, cc, linked, need_flags, need_module, run
from test_exponential import quantiles_agree

MONOTONIC = {"counter"}


class World:
    """What the program printed: what a receiver must have in the end."""

    def __init__(self, text, folder):
        self.folder, self.numbers, self.shapes, self.values = folder, {}, {}, {}
        for line in text.splitlines():
            kind, name, attribute, *rest = line.split()
            key = name, tuple(attribute.split("="))
            if kind == "shape":
                count, total, least, most = int(rest[0]), *map(float, rest[1:4])
                self.shapes[key] = count, total, least, most, [int(n) for n in rest[4:] if "x" not in n]
                self.values[key] = [float.fromhex(v) for v in rest[4:] if "x" in v]
            else:
                self.numbers[key] = kind, float(rest[0])
        assert len(self.numbers) == 3 * 4 + 3 * 6 + 4 * 2 and len(self.shapes) == 12


def world(tmp_path, seed, temporality="cumulative", url="-", other="-", flags=("-O1",)):
    program = linked("gcc", "tests/c/metric_world.c", "-std=gnu11", *flags, *WARN, "-lpthread", "-lm", headers=("otel_posix.h",))
    folder = tmp_path / temporality
    folder.mkdir()
    return World(run([program, seed, temporality, url, other, folder], timeout=300).stdout, folder)


# ---- OTLP ----

def points_in(request):
    """Name, shape (sum, gauge, histogram, exponential_histogram), temporality, point of a request."""
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                shape = metric.WhichOneof("data")
                data = getattr(metric, shape)
                for point in data.data_points:
                    yield metric.name, shape, getattr(data, "aggregation_temporality", 2), point


class Received:
    """What a receiver has that adds differences up and keeps the last of everything else."""

    def __init__(self):
        self.numbers, self.shapes, self.last, self.temporality = {}, {}, {}, collections.defaultdict(set)

    def take(self, request):
        for name, shape, temporality, p in points_in(request):
            attribute, = p.attributes
            key = name, (attribute.key, attribute.value.string_value)
            delta = temporality == 1
            self.temporality[name].add(temporality)
            self.last[key] = p
            if shape in ("sum", "gauge"):
                self.numbers[key] = getattr(p, p.WhichOneof("value")) + (self.numbers.get(key, 0) if delta else 0)
                continue
            buckets = list(p.bucket_counts) if shape == "histogram" else []
            if shape == "exponential_histogram":
                assert p.count == p.zero_count + sum(p.positive.bucket_counts) + sum(p.negative.bucket_counts)
            count, total, before = self.shapes.get(key, (0, 0.0, [0] * len(buckets))) if delta else (0, 0.0, [0] * len(buckets))
            self.shapes[key] = count + p.count, total + p.sum, [a + b for a, b in zip(before, buckets)]
        return self

    def equals(self, model, low=False, delta=False):
        assert set(self.numbers) == set(model.numbers) and set(self.shapes) == set(model.shapes)
        for key, (kind, value) in model.numbers.items():
            assert self.numbers[key] == value, key
            observed = key[0] in ("world.seen", "world.burnt")
            assert self.temporality[key[0]] == {1 if delta and kind == "counter" and not (low and observed) else 2}, key
        for key, (count, total, least, most, buckets) in model.shapes.items():
            got = self.shapes[key]
            assert (got[0], got[2]) == (count, buckets if buckets else []), key
            assert got[1] == pytest.approx(total, rel=1e-9), key
            assert self.temporality[key[0]] == {1 if delta else 2}, key
            if not delta:
                assert (self.last[key].min, self.last[key].max) == (least, most), key
            if not delta and key[0] == "world.spread":
                quantiles_agree(self.last[key], sorted(model.values[key]))


def pieces(path):
    """The rounds of a reader by hand: lists of requests."""
    pb = need_module("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    data, round_ = path.read_bytes(), []
    while data:
        n, = struct.unpack("<I", data[:4])
        if n == 0:
            yield round_
            round_ = []
        else:
            round_.append(pb.ExportMetricsServiceRequest.FromString(data[4:4 + n]))
        data = data[4 + n:]


@pytest.mark.parametrize("build", ("gcc -O1", "gcc " + " ".join(TSAN)), ids=("O1", "tsan"))
def test_readers_by_hand_have_their_own_state(build, tmp_path):
    need_module("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    model = world(tmp_path, 5, flags=tuple(build.split()[1:]))
    total = list(pieces(model.folder / "pieces-cumulative"))
    assert len(total) == 9 and max(map(len, total)) > 4, "rounds of small buffers come in pieces"
    for round_ in total:
        keys = [(name, str(p.attributes)) for request in round_ for name, _, _, p in points_in(request)]
        assert len(keys) == len(set(keys)), "a round has each series once"
        assert len({p.time_unix_nano for request in round_ for *_, p in points_in(request)}) == 1, "and one time"
        assert all(r.resource.attributes for request in round_ for r in request.resource_metrics)
    received = Received()
    for request in total[-1]:
        received.take(request)
    received.equals(model)
    received = Received()
    for round_ in pieces(model.folder / "pieces-delta"):
        for request in round_:
            received.take(request)
    received.equals(model, delta=True)


# ---- the Collector and Prometheus ----

def is_in_the_collector(collector, model, delta):
    pb = need_module("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    from google.protobuf import json_format
    received = Received()
    for request in collector.read("metrics"):
        if request["resourceMetrics"][0]["resource"]["attributes"][0]["value"]["stringValue"] == model.folder.name:
            received.take(json_format.ParseDict(request, pb.ExportMetricsServiceRequest()))
    received.equals(model, delta=delta)


def labelled(result, label):
    return {r["metric"].get(label): float(r["value"][1]) for r in result}


def is_in_prometheus(server, model, job, native):
    """Every series by query; `native`: exponential histograms are there as such."""
    def vector(text):
        return server.query(text)

    some = ("world.hits", ("key", "a"))
    server.wait('world_hits_total{job="%s",key="a"}' % job, lambda r: r and float(r[0]["value"][1]) == model.numbers[some][1])
    for name in {n for n, _ in model.numbers}:
        kind = next(kind for (n, _), (kind, _) in model.numbers.items() if n == name)
        label = next(attribute[0] for n, attribute in model.numbers if n == name)
        got = labelled(vector('%s{job="%s"}' % (name.replace(".", "_") + "_total" * (kind == "counter"), job)), label)
        assert got == {attribute[1]: value for (n, attribute), (_, value) in model.numbers.items() if n == name}, name
    for (name, (label, key)), (count, total, _, _, buckets) in model.shapes.items():
        flat, chosen = name.replace(".", "_"), '{job="%s",%s="%s"}' % (job, label, key)
        whole = native and not buckets
        (n,), (s,) = (vector(form % (flat + chosen) if whole else flat + suffix + chosen)
                      for form, suffix in (("histogram_count(%s)", "_count"), ("histogram_sum(%s)", "_sum")))
        assert float(n["value"][1]) == count, name
        assert float(s["value"][1]) == pytest.approx(total, rel=1e-9), name
        if buckets:
            got = sorted((float(r["metric"]["le"]), float(r["value"][1])) for r in vector(flat + "_bucket" + chosen))
            assert [v for _, v in got] == [sum(buckets[:i + 1]) for i in range(len(buckets))], name
        elif whole and model.values[name, (label, key)]:
            quantiles_from_prometheus(vector, flat + chosen, sorted(model.values[name, (label, key)]))


def quantiles_from_prometheus(vector, series, values):
    """Prometheus keeps at most scale 8, so a factor of 2^(1/256) and what the scale here was: 160 buckets over the data."""
    for q in (0.05, 0.25, 0.5, 0.75, 0.9, 0.99):
        exact = values[math.ceil(q * len(values)) - 1]
        got, = vector("histogram_quantile(%s, %s)" % (q, series))
        got = float(got["value"][1])
        if exact == 0:
            assert abs(got) < 1e-2, (q, got)
        else:
            assert got * exact > 0 and 2 ** -0.26 <= got / exact <= 2 ** 0.26, (q, got, exact)


@pytest.mark.timeout(1800)
def test_prometheus_and_the_collector_have_what_the_model_says(prometheus, collector, tmp_path):
    server = prometheus()
    for seed, temporality in enumerate(("cumulative", "delta", "low")):
        model = world(tmp_path, seed + 11, temporality, server.otlp, collector.http)
        is_in_prometheus(server, model, temporality, native=True)
        collector.stop()
        is_in_the_collector(collector, model, delta=temporality == "cumulative")
        if temporality != "low":
            collector.start()


class Page(http.server.BaseHTTPRequestHandler):
    """Serves the pages that the program wrote, as examples/prometheus.c does: OpenMetrics to whoever accepts it."""

    def do_GET(self):
        openmetrics = self.server.openmetrics and "application/openmetrics-text" in self.headers.get("Accept", "")
        body = (self.server.folder / ("page.om" if openmetrics else "page.txt")).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8" if openmetrics else "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.served.add(openmetrics)

    def log_message(self, *_):
        pass


@pytest.mark.timeout(1800)
def test_prometheus_scrapes_both_formats_and_the_example(prometheus, tmp_path):
    need_flags("gcc", "-lmicrohttpd")
    model = world(tmp_path, 3)
    servers = []
    example = subprocess.Popen([str(cc("gcc", "examples/prometheus.c", "-std=c11", "-lmicrohttpd", "-lpthread")), "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for openmetrics in (True, False):
            s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
            s.folder, s.openmetrics, s.served = model.folder, openmetrics, set()
            threading.Thread(target=s.serve_forever, daemon=True).start()
            servers.append(s)
        port = int(example.stdout.readline())
        server = prometheus(*("127.0.0.1:%d" % s.server_address[1] for s in servers), "127.0.0.1:%d" % port)
        for job in ("job0", "job1"):
            is_in_prometheus(server, model, job, native=False)
        assert [s.served for s in servers] == [{True}, {False}]
        server.wait('http_server_requests_total{job="job2"} > 3')
        assert labelled(server.query('hw_temperature_celsius{job="job2"}'), "job") == {"job2": 21.5}
        about, = server.query('target_info{job="job2"}')
        assert about["metric"]["service_name"] == "web"
        assert sorted(labelled(server.query("up"), "job").items()) == [("job0", 1), ("job1", 1), ("job2", 1)]
    finally:
        for s in servers:
            s.shutdown()
            s.server_close()
        example.stdin.close()
        example.wait(30)
