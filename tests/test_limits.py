"""Limits of a span, through the real Collector: what is over them is counted, to the last one, in the fields meant for it."""
import base64
import urllib.request

import pytest

from conftest import WARN, cc, run


@pytest.fixture
def spans(collector, build_dir):
    """{name: span} of tests/c/limits.c as the Collector wrote them."""
    bodies = [build_dir / "traces.bin", build_dir / "values.bin"]
    run([cc("gcc", "tests/c/limits.c", "-std=c99", *WARN), *bodies])
    for body in bodies:
        request = urllib.request.Request(collector.http + "/v1/traces", body.read_bytes(), {"Content-Type": "application/x-protobuf"})
        assert urllib.request.urlopen(request, timeout=20).status == 200
    return {span["name"]: span for span in collector.spans(want=5)}


def counts(span, kind):
    return len(span.get(kind, ())), span.get("dropped%sCount" % kind.capitalize(), 0)


def test_129_of_each_arrive_with_exact_dropped_counts(spans):
    whole = spans["all fit"]
    for kind in ("attributes", "events", "links"):
        assert counts(whole, kind) == (128, 1), kind
    first = {a["key"]: a["value"]["intValue"] for a in whole["attributes"]}
    assert first.pop("k000") == "1000" and first == {"k%03d" % i: str(i) for i in range(1, 128)}, "the first 128 keys, and the last value of a known one"
    assert [e["attributes"][0]["value"]["intValue"] for e in whole["events"]] == [str(i) for i in range(128)]
    assert [link["attributes"][0]["value"]["intValue"] for link in whole["links"]] == [str(i) for i in range(128)]
    # the same where memory ends before the limit does; k000 set again is one more that found no room, or the new value
    some = spans["some fit"]
    for kind in ("events", "links"):
        kept, dropped = counts(some, kind)
        assert kept + dropped == 129 and kept < 128, kind
    kept, dropped = counts(some, "attributes")
    assert 5 < kept < 128 and kept + dropped == 129
    assert len({a["key"] for a in some["attributes"]}) == kept


def test_attributes_of_events_and_links_are_limited_and_names_end_with_a_character(spans):
    span = next(s for name, s in spans.items() if name.startswith("nnn"))
    event, named = span["events"]
    link, = span["links"]
    for item in (event, link):
        assert (len(item["attributes"]), item["droppedAttributesCount"]) == (128, 1)
    assert span["name"] == "n" * 1023 and named["name"] == "n" * 1023 and span["status"]["message"] == "n" * 1023


def texts(item):
    return {a["key"]: a["value"]["stringValue"] for a in item["attributes"] if "stringValue" in a["value"]}


def test_values_over_their_limit_are_cut_behind_a_character(spans):
    """.value_length of otel_processor_limits is 12 characters; bytes are cut at 12 bytes."""
    whole, some = spans["values, all fit"], spans["values, some fit"]
    assert counts(whole, "attributes") == (128, 3)
    kept, dropped = counts(some, "attributes")
    assert 5 < kept < 128 and kept + dropped == 131, "what found no room is counted"
    for span in (whole, some):
        cut = texts(span)
        assert len(cut) >= 3 and cut == {key: "value-%s \u00fc\u20ac" % key[1:] for key in cut}
        values = {a["key"]: a["value"] for a in span["attributes"]}
        assert [v["stringValue"] for v in values["list"]["arrayValue"]["values"]] == ["short", "longer than "]
        assert base64.b64decode(values["bytes"]["bytesValue"]) == bytes(range(1, 13))
    assert texts(whole["events"][0]) == {"text": "value-000 \u00fc\u20ac", "fits": "12 character"}
    assert texts(whole["links"][0]) == {"text": "value-000 \u00fc\u20ac"}
