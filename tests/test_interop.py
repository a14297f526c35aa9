"""Every signal with every field set, two scopes in one batch: what the real Collector, two Go decoders and Python's
official messages read, against an expectation that is written here a second time, from the meaning of the calls."""
import base64
import math
import struct
import urllib.request

import pytest

from conftest import ASAN, ROOT, WARN, linked, need, need_module, run

T0 = 1700000000000000000
INT64_MAX, INT64_MIN = 2**63 - 1, -2**63
SIGNALS = ("traces", "metrics", "logs")
SCHEMA = "https://example.org/resource"


# ---- values, in a form of our own: (type, content) ----

def S(x): return ("str", x)
def I(x): return ("int", x)
def D(x): return ("double", struct.pack("<d", x))
def B(x): return ("bool", x)
def Y(x): return ("bytes", x)
def A(*x): return ("array", list(x))
def M(**x): return ("map", dict(x))


NULL = ("null",)


# ---- what has to arrive ----

ALPHA = {"name": "alpha", "version": "1.2.3", "schema": "https://example.org/alpha", "attributes": {"tier": S("base"), "level": I(3)}}
BETA = {"name": "beta 🚀", "version": "", "schema": "", "attributes": {}}
NONE = {"name": "", "version": "", "schema": "", "attributes": {}}
RESOURCE = {"schema": SCHEMA, "attributes": {
    "service.name": S("all fields"), "service.version": S("1.4.2"), "telemetry.sdk.name": S("mine"), "telemetry.sdk.language": S("c"),
    "telemetry.sdk.version": S("0.1.0"), "host.name": S("böiler"), "host.mac": Y(bytes(range(6))), "host.cpus": I(4)}}
SAMPLED, RANDOM, KNOWN, REMOTE = 1, 2, 0x100, 0x200
OTHER = ("09" + "00" * 15, "09" + "00" * 7)


def span(name, ids, **more):
    s = {"name": name, "trace": ids[0], "id": ids[1], "parent": "", "state": "", "flags": KNOWN | SAMPLED | RANDOM, "kind": 1, "start": T0, "end": T0,
         "attributes": {}, "lost_attributes": 0, "events": [], "lost_events": 0, "links": [], "lost_links": 0, "status": (0, ""),
         "scope": NONE, "resource": RESOURCE}
    assert set(more) <= set(s)
    s.update(more)
    return s


def event(name, time, lost=0, **attributes):
    return {"name": name, "time": time, "attributes": attributes, "lost": lost}


def link(ids, state="", flags=KNOWN, lost=0, **attributes):
    return {"trace": ids[0], "id": ids[1], "state": state, "flags": flags, "attributes": attributes, "lost": lost}


def every_value():
    ints = [I(-2**31), I(-1), I(0), I(2**31 - 1)]
    deep = M(ints=A(*ints[:2]), **{"é": S("e")})
    return {
        "sampled.on": I(1), "who": S("start"),
        "text": S("plain"), "empty": S(""), "utf8": S("grüße 😀"), "null text": NULL,
        "nul": S("a\0b"), "only nul": S("\0"), "not utf8": Y(b"x\xff\xfey"), "surrogate": Y(b"\xed\xa0\x80"),
        "zero": I(0), "one byte": I(127), "two bytes": I(128), "minus one": I(-1), "max": I(INT64_MAX), "min": I(INT64_MIN), "char": I(65),
        "umax": S("18446744073709551615"), "u63": S("9223372036854775808"), "u62": I(INT64_MAX), "u digits": S("10000000000000000000"),
        "true": B(True), "false": B(False),
        "pi": D(3.14159265358979), "minus zero": D(-0.0), "float": D(0.25), "infinity": D(math.inf), "tiny": D(5e-324),
        "bytes": Y(b"\0\1\x7f\x80\xff"), "no bytes": Y(b""), "null": NULL,
        "shorts": A(I(-32768), I(0), I(32767)), "ints": A(*ints), "wides": A(I(INT64_MIN), I(INT64_MAX)), "floats": A(D(0.5), D(-1.25)),
        "doubles": A(D(0.1), D(-0.0), D(1.7976931348623157e308), D(2.2250738585072014e-308)), "bools": A(B(True), B(False)),
        "texts": A(S("a"), S(""), NULL, S("😀")), "no ints": A(),
        "map": M(list=A(deep, Y(b"\0\1")), none=NULL, max=I(INT64_MAX), empty=M()), "mixed": A(I(-5), S("t"), deep, NULL, D(2.5), B(True)),
        "empty map": M(),
        "🔑 key": I(1), "bad ? key": I(2), "twice": S("second")}


def expected_spans(ids):
    remote = (ids["every type"][0], "b0b1b2b3b4b5b6b7")
    about = {"sampled.on": I(1), "who": S("start")}
    out = [span("every type", ids["every type"], parent=remote[1], state="vendor=one,other=two/3", flags=KNOWN | REMOTE | SAMPLED, kind=2,
                start=T0 + 1, end=T0 + 10**9, attributes=every_value(), lost_attributes=1, scope=ALPHA, status=(2, "broken 💥"),
                events=[event("at its time", T0 + 5, **about), event("", T0, nul=S("\0"), map=M(**about)), event("now", T0)],
                links=[link((remote[0], "b0b1b2b3b4b5b601"), "link=yes,more=1", KNOWN | REMOTE | SAMPLED, why=S("because"), ok=B(True)),
                       link(OTHER), link(OTHER, late=I(1))])]
    now = T0
    for i, kind in enumerate(("internal", "server", "client", "producer", "consumer")):
        out.append(span("child of " + kind, ids[" of " + kind], parent=ids[kind][1], start=now + 1000, end=now + 2000, status=(1, "")))
        out.append(span(kind, ids[kind], kind=i + 1, start=now, end=now + 2000, scope=ALPHA if i % 2 else BETA))
        now += 2000
    out.append(span("failed", ids["failed"], start=now, end=now, scope=BETA, status=(2, "i2c nack"),
                    events=[event("exception", now, **{"exception.type": S("-5"), "exception.message": S("i2c nack")})]))
    out.append(span("limits", ids["limits"], start=now, end=now, attributes={"k%d" % i: I(i) for i in range(128)}, lost_attributes=2,
                    events=[event("e", now)] * 128, lost_events=2, links=[link(OTHER)] * 128, lost_links=2))
    out.append(span("tight", ids["tight"], start=now, end=now, attributes={"fits": S("yes")}, lost_attributes=1, lost_events=1))
    out.append(span("", ids["unnamed"]))
    out.append(span("around the log", ids["around the log"], start=now, end=now))
    return out


def log(body=NULL, **more):
    now = T0 + 10000
    r = {"time": now, "observed": now, "severity": 0, "text": "", "body": body, "event": "", "attributes": {}, "lost": 0, "flags": 0,
         "trace": "", "id": "", "scope": NONE, "resource": RESOURCE}
    assert set(more) <= set(r)
    r.update(more)
    return r


def expected_logs(ids):
    about = {"s": S("😀"), "i": I(INT64_MIN), "n": NULL}
    out = [log(M(**about), severity=13, text="WARNING", event="device.gone", attributes=about, time=T0 - 5, trace="00" * 15 + "07", id="00" * 7 + "08",
               flags=SAMPLED, scope=ALPHA)]
    out += [log(S("level"), severity=level, attributes={"i": I(i)}, scope=ALPHA if i % 2 else BETA) for i, level in enumerate((1, 5, 9, 13, 17, 21))]
    out += [log(), log(S("a\0b")), log(Y(b"bad \xff")), log(Y(b"\xde\xad\0\xbe")), log(I(0)), log(D(-2.5)), log(B(False))]
    out += [log(S(""), attributes={"long%d" % i: S("x" * 200) for i in (0, 2, 3, 5)}, lost=2)]
    out += [log(S("inside"), severity=9, attributes={"a": I(1), "b": D(2.5), "c": B(True)}, flags=SAMPLED | RANDOM,
                trace=ids["around the log"][0], id=ids["around the log"][1])]
    return out


def number(value, **attributes):
    return {"attributes": attributes, "value": value, "start": START, "time": T0 + 60 * 10**9}


def last(value, **attributes):
    return dict(number(value, **attributes), start=0)


def histogram(count, total, buckets, bounds, low, high, **attributes):
    return {"attributes": attributes, "count": count, "sum": D(total), "buckets": buckets, "bounds": bounds, "min": D(low), "max": D(high),
            "start": START, "time": T0 + 60 * 10**9}


START = T0 + 10000


def expected_metrics(_):
    def metric(name, kind, points, unit="", about="", scope=NONE, monotonic=False):
        return {"name": name, "unit": unit, "about": about, "kind": kind, "points": points, "scope": scope, "resource": RESOURCE,
                "monotonic": monotonic, "temporality": 0 if kind == "gauge" else 2}
    return [
        metric("reads", "sum", [number(I(1)), number(I(42), bus=S("i2c1")), number(I(8), bus=S("spi"), id=I(4)), number(I(5), bus=S("can")),
                                number(I(INT64_MAX), bus=S("most"))], "{read}", "How often ü", ALPHA, True),
        metric("energy", "sum", [number(D(1.75))], "J", monotonic=True),
        metric("queue", "sum", [number(I(-7), name=S("a")), number(I(0), name=S(""))], scope=BETA),
        metric("drift", "sum", [number(D(-0.125))], "s", scope=ALPHA),
        metric("level", "gauge", [last(I(INT64_MIN), ok=B(True)), last(I(0))], scope=BETA),
        metric("heat", "gauge", [last(D(-40.25), room=S("lab"), floor=D(2.5))], "Cel"),
        metric("took", "histogram", [histogram(5, 0.001 + 0.001 + 0.001 + 0.05 + 9.0, [3, 0, 1, 0, 1], [0.001, 0.01, 0.1, 1.0], 0.001, 9.0)], "s", scope=ALPHA),
        metric("served", "histogram", [histogram(2, 2.0, [1, 0, 1, 0], [1.0, 2.0, 5.0], -1.0, 3.0, route=S("/")),
                                       histogram(1, 5.0, [0, 0, 1, 0], [1.0, 2.0, 5.0], 5.0, 5.0, route=S("/x"))], about="by route"),
        metric("full", "sum", [number(I(1), n=I(0)), number(I(1), n=I(1)), number(I(3), **{"otel.metric.overflow": B(True)})], monotonic=True)]


EXPECTED = {"traces": expected_spans, "logs": expected_logs, "metrics": expected_metrics}


# ---- OTLP JSON (the Collector's files, the Go decoders) in that form ----

def unique(pairs):
    """Attributes as a dict; the same key twice is a mistake by itself (specification: common, "Attribute Collections")."""
    out = {}
    for k, v in pairs:
        assert k not in out, "the key %r comes twice" % k
        out[k] = v
    return out


def j_value(v):
    v = v or {}
    if "stringValue" in v: return S(v["stringValue"])
    if "boolValue" in v: return B(v["boolValue"])
    if "intValue" in v: return I(int(v["intValue"]))
    if "doubleValue" in v: return D(float(v["doubleValue"]))
    if "bytesValue" in v: return Y(base64.b64decode(v["bytesValue"]))
    if "arrayValue" in v: return ("array", [j_value(x) for x in v["arrayValue"].get("values", ())])
    if "kvlistValue" in v: return ("map", j_attributes(v["kvlistValue"].get("values")))
    assert not v, v
    return NULL


def j_attributes(pairs):
    return unique((p["key"], j_value(p.get("value"))) for p in pairs or ())


def j_items(requests, signal):
    outer, inner, leaf = {"traces": ("resourceSpans", "scopeSpans", "spans"), "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
                          "logs": ("resourceLogs", "scopeLogs", "logRecords")}[signal]
    for request in requests:
        for r in request.get(outer, ()):
            resource = {"schema": r.get("schemaUrl", ""), "attributes": j_attributes(r["resource"].get("attributes"))}
            for s in r.get(inner, ()):
                scope = {"name": s["scope"].get("name", ""), "version": s["scope"].get("version", ""), "schema": s.get("schemaUrl", ""),
                         "attributes": j_attributes(s["scope"].get("attributes"))}
                for item in s.get(leaf, ()):
                    yield item, {"resource": resource, "scope": scope}


def j_span(s):
    return {"name": s.get("name", ""), "trace": s["traceId"], "id": s["spanId"], "parent": s.get("parentSpanId", ""), "state": s.get("traceState", ""),
            "flags": s.get("flags", 0), "kind": s.get("kind", 0), "start": int(s["startTimeUnixNano"]), "end": int(s["endTimeUnixNano"]),
            "attributes": j_attributes(s.get("attributes")), "lost_attributes": s.get("droppedAttributesCount", 0),
            "events": [{"name": e.get("name", ""), "time": int(e["timeUnixNano"]), "attributes": j_attributes(e.get("attributes")),
                        "lost": e.get("droppedAttributesCount", 0)} for e in s.get("events", ())], "lost_events": s.get("droppedEventsCount", 0),
            "links": [{"trace": k["traceId"], "id": k["spanId"], "state": k.get("traceState", ""), "flags": k.get("flags", 0),
                       "attributes": j_attributes(k.get("attributes")), "lost": k.get("droppedAttributesCount", 0)} for k in s.get("links", ())],
            "lost_links": s.get("droppedLinksCount", 0), "status": (s.get("status", {}).get("code", 0), s.get("status", {}).get("message", ""))}


def j_log(r):
    return {"time": int(r.get("timeUnixNano", 0)), "observed": int(r.get("observedTimeUnixNano", 0)), "severity": r.get("severityNumber", 0),
            "text": r.get("severityText", ""), "body": j_value(r.get("body")), "event": r.get("eventName", ""),
            "attributes": j_attributes(r.get("attributes")), "lost": r.get("droppedAttributesCount", 0), "flags": r.get("flags", 0),
            "trace": r.get("traceId", ""), "id": r.get("spanId", "")}


def j_metric(m):
    kind = next(k for k in ("sum", "gauge", "histogram") if k in m)
    points = []
    for p in m[kind]["dataPoints"]:
        q = {"attributes": j_attributes(p.get("attributes")), "start": int(p.get("startTimeUnixNano", 0)), "time": int(p["timeUnixNano"])}
        if kind == "histogram":
            q.update(count=int(p["count"]), sum=D(float(p["sum"])), buckets=[int(c) for c in p["bucketCounts"]],
                     bounds=[float(b) for b in p["explicitBounds"]], min=D(float(p["min"])), max=D(float(p["max"])))
        else:
            q["value"] = I(int(p["asInt"])) if "asInt" in p else D(float(p["asDouble"]))
        points.append(q)
    return {"name": m["name"], "unit": m.get("unit", ""), "about": m.get("description", ""), "kind": kind, "points": points,
            "monotonic": m[kind].get("isMonotonic", False), "temporality": m[kind].get("aggregationTemporality", 0)}


def no_minus_zero(x):
    """pdata writes -0.0 as -0, which JSON readers take for the integer 0."""
    if isinstance(x, dict):
        return {k: no_minus_zero(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return D(0.0) if x == D(-0.0) else type(x)(no_minus_zero(v) for v in x)
    return x


def from_json(requests, signal):
    read = {"traces": j_span, "logs": j_log, "metrics": j_metric}[signal]
    return [dict(read(item), **place) for item, place in j_items(requests, signal)]


# ---- Python's official messages in that form ----

def message(signal):
    name = {"traces": "trace", "metrics": "metrics", "logs": "logs"}[signal]
    module = need_module("opentelemetry.proto.collector.%s.v1.%s_service_pb2" % (name, name))
    return getattr(module, "Export%sServiceRequest" % name.capitalize())()


def p_value(v):
    which = v.WhichOneof("value")
    if which is None: return NULL
    x = getattr(v, which)
    if which == "array_value": return ("array", [p_value(e) for e in x.values])
    if which == "kvlist_value": return ("map", p_attributes(x.values))
    return {"string_value": S, "bool_value": B, "int_value": I, "double_value": D, "bytes_value": Y}[which](x)


def p_attributes(pairs):
    return unique((p.key, p_value(p.value)) for p in pairs)


def p_span(s):
    return {"name": s.name, "trace": s.trace_id.hex(), "id": s.span_id.hex(), "parent": s.parent_span_id.hex(), "state": s.trace_state, "flags": s.flags,
            "kind": s.kind, "start": s.start_time_unix_nano, "end": s.end_time_unix_nano, "attributes": p_attributes(s.attributes),
            "lost_attributes": s.dropped_attributes_count, "lost_events": s.dropped_events_count, "lost_links": s.dropped_links_count,
            "events": [{"name": e.name, "time": e.time_unix_nano, "attributes": p_attributes(e.attributes), "lost": e.dropped_attributes_count}
                       for e in s.events],
            "links": [{"trace": k.trace_id.hex(), "id": k.span_id.hex(), "state": k.trace_state, "flags": k.flags,
                       "attributes": p_attributes(k.attributes), "lost": k.dropped_attributes_count} for k in s.links],
            "status": (s.status.code, s.status.message)}


def p_log(r):
    return {"time": r.time_unix_nano, "observed": r.observed_time_unix_nano, "severity": r.severity_number, "text": r.severity_text,
            "body": p_value(r.body), "event": r.event_name, "attributes": p_attributes(r.attributes), "lost": r.dropped_attributes_count,
            "flags": r.flags, "trace": r.trace_id.hex(), "id": r.span_id.hex()}


def p_metric(m):
    kind = m.WhichOneof("data")
    data, points = getattr(m, kind), []
    for p in data.data_points:
        q = {"attributes": p_attributes(p.attributes), "start": p.start_time_unix_nano, "time": p.time_unix_nano}
        if kind == "histogram":
            q.update(count=p.count, sum=D(p.sum), buckets=list(p.bucket_counts), bounds=list(p.explicit_bounds), min=D(p.min), max=D(p.max))
        else:
            q["value"] = I(p.as_int) if p.WhichOneof("value") == "as_int" else D(p.as_double)
        points.append(q)
    return {"name": m.name, "unit": m.unit, "about": m.description, "kind": kind, "points": points,
            "monotonic": getattr(data, "is_monotonic", False), "temporality": getattr(data, "aggregation_temporality", 0)}


def parse(signal, body):
    request = message(signal)
    assert request.ParseFromString(body) == len(body)
    return request


def from_python(signal, body):
    outer, inner, leaf, read = {"traces": ("resource_spans", "scope_spans", "spans", p_span), "logs": ("resource_logs", "scope_logs", "log_records", p_log),
                                "metrics": ("resource_metrics", "scope_metrics", "metrics", p_metric)}[signal]
    out = []
    for r in getattr(parse(signal, body), outer):
        resource = {"schema": r.schema_url, "attributes": p_attributes(r.resource.attributes)}
        for s in getattr(r, inner):
            scope = {"name": s.scope.name, "version": s.scope.version, "schema": s.schema_url, "attributes": p_attributes(s.scope.attributes)}
            out += [dict(read(item), resource=resource, scope=scope) for item in getattr(s, leaf)]
    return out


# ---- the tests ----

@pytest.fixture(scope="module")
def program():
    return linked("gcc", "tests/c/allfields.c", "-std=c11", *ASAN, *WARN, headers=("otel_posix.h",))


@pytest.fixture(scope="module")
def sent(program, tmp_path_factory):
    """One run that writes its requests to files: {signal: body} and {name: (trace id, span id)}."""
    folder = tmp_path_factory.mktemp("flat")
    ids = names(run([program, "flat", folder]).stdout)
    return {s: (folder / (s + ".bin")).read_bytes() for s in SIGNALS}, ids


def names(text):
    return {line.rsplit(" ", 2)[0]: tuple(line.rsplit(" ", 2)[1:]) for line in text.splitlines()}


def order(items, signal):
    """Metrics come in the order in which instruments register, series in that of a table: sorted, on both sides."""
    if signal != "metrics":
        return items
    return sorted((dict(m, points=sorted(m["points"], key=repr)) for m in items), key=lambda m: m["name"])


def same(found, expected, signal, json=False):
    found, expected = order(found, signal), order(no_minus_zero(expected) if json else expected, signal)
    assert [x.get("name", x.get("body")) for x in found] == [x.get("name", x.get("body")) for x in expected]
    for f, e in zip(found, expected):
        assert f == e


@pytest.mark.parametrize("signal", SIGNALS)
def test_pythons_official_messages_read_every_field(sent, signal):
    bodies, ids = sent
    same(from_python(signal, bodies[signal]), EXPECTED[signal](ids), signal)


@pytest.mark.parametrize("signal", SIGNALS)
def test_two_go_decoders_read_every_field(sent, signal, godecode):
    bodies, ids = sent
    same(from_json([godecode(signal, bodies[signal])], signal), EXPECTED[signal](ids), signal, json=True)


@pytest.mark.parametrize("signal", SIGNALS)
def test_no_decoder_finds_an_unknown_field(sent, signal):
    """What an official parser writes again has no fields but known ones, and is not longer than what we sent."""
    body = sent[0][signal]
    request = parse(signal, body)
    before = request.ByteSize()
    request.DiscardUnknownFields()
    assert request.ByteSize() == before <= len(body)


def test_two_scopes_share_a_batch_and_take_turns(sent):
    (resource,) = parse("traces", sent[0]["traces"]).resource_spans
    scopes = [s.scope.name for s in resource.scope_spans]
    assert set(scopes) == {"", "alpha", BETA["name"]} and scopes.count("alpha") > 2
    assert all(a != b for a, b in zip(scopes, scopes[1:])), "neighbours of one scope share an envelope"


def test_the_collector_reads_every_field(sent, collector):
    bodies, ids = sent
    for signal in SIGNALS:
        post(collector, signal, bodies[signal])
    for signal in SIGNALS:
        same(from_json(collector.read(signal), signal), EXPECTED[signal](ids), signal, json=True)


def test_the_collector_reads_every_field_from_our_transport(collector):
    need("gcc")
    if not (ROOT / "ports/otel_posix.h").exists():
        pytest.skip("ports/otel_posix.h is not here")
    ids = names(run([linked("gcc", "tests/c/allfields.c", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-DWITH_POSIX", *ASAN, *WARN, "-lpthread", headers=("otel_posix.h",)), "http", collector.http]).stdout)
    for signal in SIGNALS:
        same(from_json(collector.read(signal)[:1], signal), EXPECTED[signal](ids), signal, json=True)


def post(collector, signal, body):
    request = urllib.request.Request("%s/v1/%s" % (collector.http, signal), body, {"Content-Type": "application/x-protobuf"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        assert reply.status == 200 and reply.read() in (b"", b"\n\0", b"\x0a\x00")


def test_ten_thousand_spans_in_one_request(program, tmp_path, collector, godecode):
    run([program, "many", tmp_path, "10000"])
    body = (tmp_path / "traces.bin").read_bytes()
    post(collector, "traces", body)
    for spans in (from_python("traces", body), from_json([godecode("traces", body)], "traces"), from_json(collector.read("traces"), "traces")):
        assert [s["attributes"]["i"] for s in spans] == [I(i) for i in range(10000)]
        assert [s["start"] for s in spans] == [T0 + 1000 * i for i in range(10000)]
        assert [s["scope"] for s in spans] == [ALPHA if i % 1000 < 500 else BETA for i in range(10000)]
        assert len({s["id"] for s in spans}) == len({s["trace"] for s in spans}) == 10000


def test_parts_joined_are_the_flat_packet(program, sent, tmp_path):
    run([program, "parts", tmp_path])
    for signal in ("traces", "logs"):
        assert (tmp_path / (signal + ".bin")).read_bytes() == sent[0][signal]
