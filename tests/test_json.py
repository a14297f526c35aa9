"""OTLP/JSON of otel_export.h against the official Python messages, and its doubles against Python's own."""
import base64
import json
import random
import struct

import pytest

from conftest import ASAN, WARN, cc, linked, need_module, run

SIGNALS = ("traces", "metrics", "logs")
IDS = ("traceId", "spanId", "parentSpanId")


@pytest.fixture(scope="module")
def json_print():
    return linked("gcc", "tests/c/json_print.c", "-std=c11", *ASAN, *WARN, headers=("otel_posix.h",))


def lines(program, requests):
    """The line of each (signal number, body, part size)."""
    data = b"".join(struct.pack("<BII", s, part, len(body)) + body for s, body, part in requests)
    ran = run([program, "many"], input=data, binary=True)
    assert ran.stdout.endswith(b"\n")
    return [line.decode("utf-8") for line in ran.stdout.split(b"\n")[:-1]]


def request_types():
    need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
    from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
    return (trace_service_pb2.ExportTraceServiceRequest, metrics_service_pb2.ExportMetricsServiceRequest,
            logs_service_pb2.ExportLogsServiceRequest)


# ---- random messages ----

TEXTS = ("", "a", "GET /status", "quote \" backslash \\ slash /", "\0\x01\x1f\x7f\b\f\n\r\t", "grüße", "\u2028\u2029", "\uffff", "日本語", "😀" * 9,
         "x" * 200, "<script>&amp;")
DOUBLES = (0.0, -0.0, 1.0, 0.1, -2.5, 1e300, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 123456789.0, 1e22, 1e17, 1e16, 1e-5, 1e-4,
           9007199254740993.0, float("inf"), float("-inf"), float("nan"))
EDGES = {"int32": (0, 1, -1, 2**31 - 1, -2**31), "int64": (0, 1, -1, 2**53 + 1, 2**63 - 1, -2**63),
         "uint32": (0, 1, 2**32 - 1), "uint64": (0, 1, 2**53 + 1, 2**64 - 1)}


def edge(r, name):
    low, high = {"int32": (-2**31, 2**31 - 1), "int64": (-2**63, 2**63 - 1), "uint32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1)}[name]
    return r.choice(EDGES[name]) if r.random() < 0.7 else r.randint(low, high)


def scalar(r, f):
    kinds = {f.TYPE_STRING: lambda: r.choice(TEXTS) if r.random() < 0.8 else "".join(chr(r.randint(0, 0xD7FF)) for _ in range(r.randint(0, 40))),
             f.TYPE_BYTES: lambda: r.randbytes(r.choice((0, 1, 2, 3, 8, 16, 16, 31, 64))), f.TYPE_BOOL: lambda: r.random() < 0.5,
             f.TYPE_DOUBLE: lambda: r.choice(DOUBLES) if r.random() < 0.5 else struct.unpack("<d", r.randbytes(8))[0],
             f.TYPE_ENUM: lambda: r.choice(f.enum_type.values).number}
    names = {f.TYPE_INT32: "int32", f.TYPE_SINT32: "int32", f.TYPE_SFIXED32: "int32", f.TYPE_INT64: "int64", f.TYPE_SINT64: "int64",
             f.TYPE_SFIXED64: "int64", f.TYPE_UINT32: "uint32", f.TYPE_FIXED32: "uint32", f.TYPE_UINT64: "uint64", f.TYPE_FIXED64: "uint64"}
    return kinds[f.type]() if f.type in kinds else edge(r, names[f.type])


def fill(r, message, depth, dense):
    """Random fields; values nest up to the depth that the library writes in full."""
    for f in message.DESCRIPTOR.fields:
        if r.random() > dense or (f.message_type and depth == 0):
            continue
        if f.message_type and f.message_type.name in ("ArrayValue", "KeyValueList") and depth < 3:
            continue
        for _ in range(r.choice((0, 1, 1, 2, 3)) if f.is_repeated else 1):
            if f.is_repeated and f.message_type:
                fill(r, getattr(message, f.name).add(), depth - 1, dense)
            elif f.is_repeated:
                getattr(message, f.name).append(scalar(r, f))
            elif f.message_type:
                getattr(message, f.name).SetInParent()
                fill(r, getattr(message, f.name), depth - 1, dense)
            else:
                setattr(message, f.name, scalar(r, f))
    return message


def official(value, key=None):
    """The line as the official parser wants it: ids of hex digits become base64."""
    if isinstance(value, dict):
        return {k: official(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [official(v, key) for v in value]
    if key in IDS:
        assert value == value.lower()
        return base64.b64encode(bytes.fromhex(value)).decode()
    return value


def no_doubles(pairs):
    keys = [k for k, _ in pairs]
    assert len(keys) == len(set(keys)), "a name twice in one object: %s" % keys
    return dict(pairs)


def parsed(line, kind):
    from google.protobuf import json_format
    return json_format.ParseDict(official(json.loads(line, object_pairs_hook=no_doubles)), kind(), max_recursion_depth=200)


def same(a, b):
    return a.SerializeToString(deterministic=True) == b.SerializeToString(deterministic=True)


def pad_nan(message):
    """All NaNs alike: JSON knows one."""
    for f, value in message.ListFields():
        if f.message_type:
            for one in value if f.is_repeated else (value,):
                pad_nan(one)
        elif f.type == f.TYPE_DOUBLE:
            if f.is_repeated:
                value[:] = [float("nan") if v != v else v for v in value]
            elif value != value:
                setattr(message, f.name, float("nan"))
    return message


@pytest.mark.parametrize("seed", range(4))
def test_random_messages_read_back_as_they_were(json_print, seed):
    kinds, r = request_types(), random.Random(seed)
    messages = []
    for i in range(150):
        signal = i % 3
        messages.append((signal, fill(r, kinds[signal](), r.randint(5, 14), r.choice((0.5, 0.7, 0.9)))))
    out = lines(json_print, [(s, m.SerializeToString(), r.choice((0, 0, 1, 2, 3, 7, 20, 100))) for s, m in messages])
    assert len(out) == len(messages)
    for (signal, message), line in zip(messages, out):
        assert same(parsed(line, kinds[signal]), pad_nan(message)), line[:2000]


def mixed(r, data, descriptor):
    """The same message, its fields in random order (each field's own elements in theirs), lengths and numbers padded."""
    def varint(n, pad):
        out = bytearray()
        while n > 127:
            out.append(n & 127 | 128)
            n >>= 7
        out.append(n)
        for _ in range(min(pad, 10 - len(out))):
            out[-1] |= 128
            out.append(0)
        return bytes(out)

    def take(at):
        n = shift = 0
        while True:
            n |= (data[at] & 127) << shift
            at += 1
            shift += 7
            if data[at - 1] < 128:
                return n, at

    at, fields = 0, {}
    while at < len(data):
        tag, at = take(at)
        number, wire = tag >> 3, tag & 7
        head = varint(tag, r.choice((0, 0, 0, 2)))
        if wire == 0:
            n, at = take(at)
            one = head + varint(n, r.choice((0, 1, 9)))
        elif wire == 2:
            n, at = take(at)
            inner = data[at:at + n]
            at += n
            field = descriptor.fields_by_number.get(number)
            if field is not None and field.message_type:
                inner = mixed(r, inner, field.message_type)
            one = head + varint(len(inner), r.choice((0, 1, 2, 8))) + inner
        else:
            size = 8 if wire == 1 else 4
            one, at = head + data[at:at + size], at + size
        fields.setdefault(number, []).append(one)
    if r.random() < 0.3:
        fields.setdefault(500, []).append(varint(500 << 3 | 2, 0) + b"\x03new")       # a field of the future
    order = [n for n, all_ in fields.items() for _ in all_]
    r.shuffle(order)
    return b"".join(fields[n].pop(0) for n in order)


def test_order_of_fields_padding_and_unknown_fields_change_nothing(json_print):
    kinds, r = request_types(), random.Random(77)
    requests, plain = [], []
    for i in range(90):
        body = fill(r, kinds[i % 3](), 9, 0.7).SerializeToString()
        plain.append((i % 3, body, 0))
        requests.append((i % 3, mixed(r, body, kinds[i % 3].DESCRIPTOR), r.choice((0, 5))))
    assert lines(json_print, requests) == lines(json_print, plain)


def test_cut_bodies_are_refused_without_a_word(json_print):
    kinds, r = request_types(), random.Random(5)
    body = fill(r, kinds[0](), 6, 0.8).SerializeToString()
    while len(body) < 300:
        body = fill(r, kinds[0](), 6, 0.8).SerializeToString()
    out = lines(json_print, [(0, body[:n], 0) for n in range(1, min(len(body), 1500))])
    for n, line in enumerate(out, 1):
        try:
            kinds[0]().ParseFromString(body[:n])
            assert line.startswith("{") and json.loads(line) is not None
        except AssertionError:
            raise
        except Exception:
            assert line == "refused", (n, line)


def test_spelling(json_print):
    """What receivers are strict about, letter by letter."""
    kinds = request_types()
    request = kinds[0]()
    span = request.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name, span.kind = bytes(range(16)), b"\xff" * 8, "a\"\n\u20ac\0", 3
    span.start_time_unix_nano = 2**64 - 1
    a = span.attributes.add()
    a.key, a.value.int_value = "n", -2**63
    b = span.attributes.add()
    b.key, b.value.bytes_value = "b", b"\xfb\xff"
    c = span.attributes.add()
    c.key, c.value.double_value = "d", float("-inf")
    assert lines(json_print, [(0, request.SerializeToString(), 0)]) == [
        '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"000102030405060708090a0b0c0d0e0f","spanId":"ffffffffffffffff",'
        '"name":"a\\"\\n\u20ac\\u0000","kind":3,"startTimeUnixNano":"18446744073709551615","attributes":['
        '{"key":"n","value":{"intValue":"-9223372036854775808"}},{"key":"b","value":{"bytesValue":"+/8="}},'
        '{"key":"d","value":{"doubleValue":"-Infinity"}}]}]}]}]}']


def test_text_that_is_no_utf8_becomes_replacement_characters(json_print):
    def text_span(raw):
        span = b"\x2a" + bytes([len(raw)]) + raw
        scope = b"\x12" + bytes([len(span)]) + span
        resource = b"\x12" + bytes([len(scope)]) + scope
        return b"\x0a" + bytes([len(resource)]) + resource

    raws = (b"a\xffb", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"ok \xe2\x82\xac\xe2")
    for part in (0, 1, 3):
        for raw, line in zip(raws, lines(json_print, [(0, text_span(r), part) for r in raws])):
            name = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"]
            assert "\ufffd" in name and name.replace("\ufffd", "").isascii() or "€" in name
            assert name.encode("utf-8", "strict")


# ---- doubles ----

def numbers(r, n):
    yield from (0, 1, 2, 1 << 63, 0x7FEFFFFFFFFFFFFF, 0x0010000000000000, 0x000FFFFFFFFFFFFF)
    for e in range(1, 2047):
        yield from (e << 52, (e << 52) + 1, (e << 52) - 1)
    for _ in range(n):
        kind = r.random()
        if kind < 0.6:
            bits = r.getrandbits(64)
        elif kind < 0.8:
            bits = struct.unpack("<Q", struct.pack("<d", round(r.random() * 10.0 ** r.randint(-8, 18), r.randint(0, 8))))[0]
        else:
            bits = struct.unpack("<Q", struct.pack("<d", float(r.getrandbits(r.randint(1, 64)))))[0]
        if bits >> 52 & 0x7FF != 0x7FF:
            yield bits


def digits(text):
    return text.lower().lstrip("-").partition("e")[0].replace(".", "").strip("0")


def test_a_million_doubles_are_exact_and_shortest():
    program = cc("gcc", """
#include <stdio.h>
#include "otel_export.h"
int main(void)
{
    uint8_t bits[8];
    otel_decimal_t_ d;
    while (fread(bits, 1, 8, stdin) == 8) {
        fwrite(d.text, 1, otel_double_text_(&d, otel_get64_(bits)), stdout);
        putchar('\\n');
    }
    return 0;
}
""", "-O2", "-fsanitize=undefined", "-fno-sanitize-recover=all", *WARN)
    all_ = list(numbers(random.Random(1), 1000000))
    out = run([program], input=struct.pack("<%dQ" % len(all_), *all_), timeout=120).stdout.split("\n")[:-1]
    assert len(out) == len(all_)
    for bits, text in zip(all_, out):
        value = struct.unpack("<d", struct.pack("<Q", bits))[0]
        assert struct.pack("<d", float(text)) == struct.pack("<d", value) and digits(text) == digits(repr(value)), (hex(bits), text)
        assert len(text) <= 25
