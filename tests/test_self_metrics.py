"""otel.sdk.*: what the library tells about itself agrees with otel_stats, and arrives at the real Collector."""
import collections

import pytest

from conftest import WARN, cc, linked, need_flags, need_module, run

DROPS = ["full", "in_flight", "busy", "thread", "processor", "too_large", "shutdown", "reset", "rejected", "gave_up", "no_clock"]
SIGNALS = ["span", "metric", "log"]
UNITS = {"span": "{span}", "log": "{log_record}", "metric_data_point": "{data_point}"}


def value_of(any_value):
    return getattr(any_value, any_value.WhichOneof("value"))


def read(line):
    """{metric name: {attributes: point}} of a request in hex, and its metrics."""
    pb = need_module("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    points, metrics = collections.defaultdict(dict), {}
    for resource in pb.ExportMetricsServiceRequest.FromString(bytes.fromhex(line)).resource_metrics:
        for scope in resource.scope_metrics:
            assert scope.scope.name == "otel.sdk"
            for metric in scope.metrics:
                metrics[metric.name] = metric
                for point in getattr(metric, metric.WhichOneof("data")).data_points:
                    points[metric.name][frozenset((a.key, value_of(a.value)) for a in point.attributes)] = point
    return points, metrics


def steps(text):
    """What was counted and what was told, look by look."""
    stats = {}
    for line in text.splitlines():
        word, *rest = line.split()
        if word == "stats":
            exporter, signal, created, exported, queued, *dropped = map(int, rest)
            stats[exporter, SIGNALS[signal]] = dict(zip(DROPS, dropped), created=created, exported=exported, queued=queued)
        elif word == "open":
            sampled, only, _ = map(int, rest)
        else:
            yield stats, (sampled, only), *read(rest[0])
            stats = {}


def component(kind, number):
    return frozenset({("otel.component.type", kind), ("otel.component.name", "%s/%d" % (kind, number))})


def numbers(points, name, who):
    """{error.type or None: number} of a component."""
    out = collections.Counter()
    for key, point in points[name].items():
        if who <= key:
            rest = dict(key - who)
            out[rest.pop("error.type", None)] += point.as_int
            assert not rest
    return out


@pytest.fixture(scope="module", params=("gcc -std=c11 -g -fsanitize=address,undefined -fno-sanitize-recover=all", "gcc -std=c99 -m32", "gcc -DOTEL_NO_ATOMICS", "clang -std=c11", "g++ -x c++ -std=c++20"))
def program(request):
    compiler, *flags = request.param.split()
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    return linked(compiler, "tests/c/self_metrics.c", *flags, *WARN)


@pytest.mark.parametrize("sampler", ("parent based", "only recorded"))
def test_what_is_told_is_what_was_counted(program, sampler):
    looks = list(steps(run([program, sampler]).stdout))
    assert len(looks) == 10
    seen, before = collections.Counter(), {}
    for stats, (sampled, only), points, metrics in looks:
        assert len(stats) == 6
        for exporter in (0, 1):
            for signal in ("span", "log"):
                s, spot = stats[exporter, signal], "%s.%s" % (exporter, signal)
                processor, sender = component("batching_%s_processor" % signal, exporter), component("otlp_http_%s_exporter" % signal, exporter)
                processed = numbers(points, "otel.sdk.processor.%s.processed" % signal, processor)
                exported = numbers(points, "otel.sdk.exporter.%s.exported" % signal, sender)
                size, = numbers(points, "otel.sdk.processor.%s.queue.size" % signal, processor).values()
                capacity, = numbers(points, "otel.sdk.processor.%s.queue.capacity" % signal, processor).values()
                flying, = numbers(points, "otel.sdk.exporter.%s.inflight" % signal, sender).values()
                assert size + flying == s["queued"]
                assert sum(processed.values()) + size + flying == s["created"], "the law"
                assert processed[None] == sum(exported.values())
                assert exported[None] == s["exported"]
                assert all(exported[why] == s[why] for why in ("rejected", "gave_up"))
                assert processed["queue_full"] == s["full"]
                assert processed["too_large"] + exported["too_large"] == s["too_large"]
                assert size <= capacity
                seen["full at %d of %d" % (size, capacity)] += s["full"] > before.get(spot, 0) and exporter == 1
                before[spot] = s["full"]
                seen["flying"] += flying
                seen.update(k for k in (*processed, *exported) if k)
            s, sender = stats[exporter, "metric"], component("otlp_http_metric_exporter", exporter)
            exported = numbers(points, "otel.sdk.exporter.metric_data_point.exported", sender)
            assert exported[None] == s["exported"] and all(exported[why] == s[why] for why in ("rejected", "gave_up", "too_large"))
            assert sum(numbers(points, "otel.sdk.exporter.metric_data_point.inflight", sender).values()) == s["queued"]
        live = {dict(k)["otel.span.sampling_result"]: p.as_int for k, p in points["otel.sdk.span.live"].items()}
        assert (live.get("RECORD_AND_SAMPLE", 0), live.get("RECORD_ONLY", 0)) == (sampled, only)
        assert points["otel.sdk.log.created"][frozenset()].as_int == stats[0, "log"]["created"]
        started = {(dict(k)["otel.span.parent.origin"], dict(k)["otel.span.sampling_result"]): p.as_int for k, p in points["otel.sdk.span.started"].items()}
        ends = sum(v for (_, result), v in started.items() if result == "RECORD_AND_SAMPLE") - sampled
        if looks.index((stats, (sampled, only), points, metrics)) < 8:        # behind a fork one more ends that began before it
            assert ends == stats[0, "span"]["created"]
        last = started if sum(started.values()) > 100 else None
        for name, metric in metrics.items():
            if metric.WhichOneof("data") == "sum":
                assert metric.sum.is_monotonic == name.endswith(("started", "created", "processed", "exported")), name
                assert metric.sum.aggregation_temporality == 2
                assert metric.unit == UNITS[next((k for k in UNITS if ".%s." % k in name))]
            else:
                assert metric.unit == "s" and name.endswith("duration")
        if last:
            kept = "RECORD_AND_SAMPLE" if sampler == "parent based" else "RECORD_ONLY"
            assert started["none", kept] >= 6 + 2 + 60
            assert started["local", kept] >= 6 + 3 + 60
            assert started["remote", kept] == (3 if sampler == "parent based" else 5)
            assert started.get(("remote", "DROP"), 0) == (2 if sampler == "parent based" else 0)
    assert sum(sum(p.as_int for p in points["otel.sdk.span.started"].values()) for _, _, points, _ in looks[8:9]) == 0
    operations, _ = looks[7][2], None
    if sampler == "parent based":
        assert seen["queue_full"] and seen["rejected"] and seen["flying"] >= 5
        assert any(v and int(k.split()[2]) >= 0.9 * int(k.split()[4]) for k, v in seen.items() if k.startswith("full at")), seen
    durations_are_right(operations, stats=looks[7][0])


def durations_are_right(points, stats):
    by_status = collections.Counter()
    for key, p in points["otel.sdk.exporter.operation.duration"].items():
        rest = dict(key)
        kind = rest.pop("otel.component.type")
        assert rest.pop("otel.component.name") == kind + "/0" and kind in ("otlp_http_span_exporter", "otlp_http_log_exporter", "otlp_http_metric_exporter")
        status, error = rest.pop("http.response.status_code", None), rest.pop("error.type", None)
        assert not rest
        assert error in ((None, "rejected") if status == 200 else ("no_answer",) if status is None else (str(status),))
        by_status[status] += p.count
        assert p.sum == pytest.approx(0.003 * p.count, rel=0.05)
    assert set(by_status) >= {200, 400, 503, None}, by_status
    readers = {dict(k)["otel.component.type"]: p for k, p in points["otel.sdk.metric_reader.collection.duration"].items()}
    assert {"periodic_metric_reader", "otel_metric_reader_t", "prometheus_http_text_metric_exporter"} == set(readers)
    assert readers["otel_metric_reader_t"].count == 7 and all(0 < p.sum < 1 for p in readers.values())


OVER_HTTP = """
#include <stdio.h>
#include "otel_posix.h"
static otel_self_metrics_t self;
int main(void)
{
    int i;
    otel_posix_start(.service = "self");
    otel_self_metrics_start(&self, .otel = otel_posix_instance());
    if (otel_posix_flush(60000) != OTEL_OK) return 3;          /* from here on requests are timed */
    for (i = 0; i < 25; i++) {
        OTEL_SPAN(span, "work") otel_log(OTEL_INFO, "done");
    }
    for (i = 0; i < 2; i++) {
        if (otel_posix_flush(60000) != OTEL_OK) return 1;
    }
    return otel_posix_stop(60000) == OTEL_OK ? 0 : 2;
}
"""


def test_it_arrives_at_the_collector(collector):
    run([cc("gcc", OVER_HTTP, "-std=c11", "-D_GNU_SOURCE", *WARN, "-lpthread")], env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.http})
    assert len(collector.spans(want=25)) == 25 and len(collector.logs(want=25)) == 25
    collector.stop()
    told = {}
    for metric in collector.metrics(want=1):
        for point in (metric.get("sum") or metric.get("histogram"))["dataPoints"]:
            attributes = {a["key"]: next(iter(a["value"].values())) for a in point.get("attributes", ())}
            told[metric["name"], attributes.get("otel.component.name"), attributes.get("error.type")] = point
    for signal in ("span", "log"):
        assert int(told["otel.sdk.exporter.%s.exported" % signal, "otlp_http_%s_exporter/0" % signal, None]["asInt"]) == 25
        assert int(told["otel.sdk.processor.%s.processed" % signal, "batching_%s_processor/0" % signal, None]["asInt"]) == 25
        assert int(told["otel.sdk.processor.%s.queue.size" % signal, "batching_%s_processor/0" % signal, None]["asInt"]) == 0
        assert int(told["otel.sdk.exporter.operation.duration", "otlp_http_%s_exporter/0" % signal, None]["count"]) >= 1
    assert int(told["otel.sdk.span.started", None, None]["asInt"]) == 25
    assert int(told["otel.sdk.log.created", None, None]["asInt"]) == 25
    assert int(told["otel.sdk.exporter.metric_data_point.exported", "otlp_http_metric_exporter/0", None]["asInt"]) > 10
    assert not any(error for _, _, error in told)
