"""What an operator sets without the program's help: limits, queues, batches, timeouts and propagators by the variables of the
specification (configuration/sdk-environment-variables.md), seen at a receiver."""
import re

import pytest

from conftest import ASAN, WARN, cc, run
from faults.collector import OK, never
from test_posix import CLEAN

SOURCE = r"""
#include "otel_posix.h"
#include <stdlib.h>
#include <unistd.h>
static otel_counter_t rounds = OTEL_COUNTER("rounds");
static void header(void *user, const char *name, const char *value) { (void)user; (void)value; printf("inject %s\n", name); }
static bool look(const otel_log_processor_t *self, otel_log_record_t *record) { (void)self; (void)record; printf("looked\n"); return true; }
#define LONG "\xC3\xA4" "bcdefghijklmnopqrstuvwxyz"

static void record(void)
{
    static const uint8_t blob[20] = { 1, 2, 3 };
    const otel_context_t other = { .trace_id = { 1 }, .span_id = { 2 } };
    OTEL_SPAN_SIZED(span, 4000, "limits") {
        otel_span_set(span, "a", LONG, "b", OTEL_BYTES(blob, sizeof blob), "c", 3, "d", 4, "e", 5);
        otel_span_event(span, "one", "a", LONG, "b", 2, "c", 3);
        otel_span_event(span, "two");
        otel_span_event(span, "three");
        otel_span_link(span, &other, "a", LONG, "b", 2, "c", 3);
        otel_span_link(span, &other);
        otel_log(OTEL_INFO, "body that stays as long as it is", "a", LONG, "b", 2, "c", 3, "d", 4);
    }
}

int main(int argc, char **argv)
{
    static const otel_limits_t own_limits = { .attributes = 4 };
    const otel_attr_t given[] = { otel_int("f", 6) };
    const otel_enrich_t enrich = { given, 1 };
    static const otel_log_processor_t looking = { .on_emit = look };
    otel_processor_t first = otel_processor_enrich(&enrich), limits = otel_processor_limits(&own_limits);
    const otel_processor_t *list[3] = { &first, &limits, NULL }, *many[18] = { 0 };
    const otel_log_processor_t *logs[2] = { &looking, NULL };
    otel_span_settings_t settings = { .processors = list };
    otel_log_settings_t log_settings = { .processors = logs };
    otel_posix_options_t o = { .service = "operator", .shards = 3 };
    const char *what = argc > 1 ? argv[1] : "";
    unsigned i;
    if (strcmp(what, "own") == 0) o.spans = otel_spans(&settings), o.logs = otel_logs(&log_settings);
    if (strcmp(what, "processors") == 0) list[1] = NULL, o.spans = otel_spans(&settings), o.logs = otel_logs(&log_settings);
    if (strcmp(what, "many") == 0) {
        for (i = 0; i < 17; i++) many[i] = &first;
        settings.processors = many;
        o.spans = otel_spans(&settings);
    }
    if (strcmp(what, "pool") == 0) o.pool_size = 300000;
    if (otel_posix_start_with(&o) != OTEL_OK) return 1;
    for (i = 0; i < (strcmp(what, "thirty") == 0 ? 30u : 1u); i++) record();
    OTEL_SPAN(span, "headers") {
        const otel_context_t baggage = { .baggage = "k=v" };
        OTEL_SPAN(inner, "headers", .parent = &baggage) otel_inject(inner, header, NULL);
    }
    otel_counter_add(&rounds, 1);
    if (strcmp(what, "later") == 0) {
        for (i = 0; i < 20; i++) {
            otel_counter_add(&rounds, 1);
            (void)usleep(100000);
        }
    }
    printf("pool %zu %u\n", otel_posix_instance()->config_.pool_size, otel_posix_instance()->config_.log_percent);
    printf("flush %d\n", otel_posix_flush(argc > 2 ? (uint32_t)atoi(argv[2]) : 10000));
    (void)otel_posix_stop(100);
    return 0;
}
"""


@pytest.fixture(scope="module")
def program():
    return cc("gcc", SOURCE, "-std=gnu11", *WARN, *ASAN, "-lpthread")


@pytest.fixture
def go(program, serve):
    """Runs it: (spans by name, log records, what it printed, what it said, the server)."""
    traces = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    logs = pytest.importorskip("opentelemetry.proto.collector.logs.v1.logs_service_pb2")

    def look(*words, script=(OK,), **env):
        server = serve(*script)
        ran = run([program, *words], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, **dict({"OTEL_METRICS_EXPORTER": "none"}, **env)), timeout=120)
        spans, records = {}, []
        for q in list(server.requests):
            if "/v1/traces" in q["line"]:
                for r in traces.ExportTraceServiceRequest.FromString(q["body"]).resource_spans:
                    spans.update({span.name: span for s in r.scope_spans for span in s.spans})
            elif "/v1/logs" in q["line"]:
                for r in logs.ExportLogsServiceRequest.FromString(q["body"]).resource_logs:
                    records += [one for s in r.scope_logs for one in s.log_records]
        return spans, records, ran.stdout, ran.stderr, server
    return look


def keys(item):
    return "".join(a.key for a in item.attributes)


def texts(item):
    return {a.key: a.value.string_value for a in item.attributes if a.value.WhichOneof("value") == "string_value"}


LONG = "äbcdefghijklmnopqrstuvwxyz"


def test_nothing_set_limits_nothing(go):
    spans, (log,), _, said, _ = go()
    span = spans["limits"]
    assert keys(span) == "abcde" and [keys(e) for e in span.events] == ["abc", "", ""] and [keys(k) for k in span.links] == ["abc", ""] and keys(log) == "abcd"
    assert texts(span)["a"] == LONG and not said


def test_limits_of_spans(go):
    spans, (log,), _, said, _ = go(OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT="3", OTEL_SPAN_EVENT_COUNT_LIMIT="2", OTEL_SPAN_LINK_COUNT_LIMIT="1", OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT="2",
                                   OTEL_LINK_ATTRIBUTE_COUNT_LIMIT="1", OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT="5", OTEL_LOG_LEVEL="info")
    span = spans["limits"]
    assert keys(span) == "abc" and span.dropped_attributes_count == 2
    assert [keys(e) for e in span.events] == ["ab", ""] and span.events[0].dropped_attributes_count == 1 and span.dropped_events_count == 1
    assert [keys(k) for k in span.links] == ["a"] and span.links[0].dropped_attributes_count == 2 and span.dropped_links_count == 1
    assert texts(span)["a"] == texts(span.events[0])["a"] == texts(span.links[0])["a"] == LONG[:5] and len(span.attributes[1].value.bytes_value) == 5
    assert keys(log) == "abcd" and texts(log)["a"] == LONG and not said


def test_limits_of_log_records(go):
    spans, (log,), _, _, _ = go(OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT="2", OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT="4")
    assert keys(log) == "ab" and log.dropped_attributes_count == 2 and texts(log)["a"] == LONG[:4]
    assert log.body.string_value == "body that stays as long as it is" and keys(spans["limits"]) == "abcde"


def test_limits_of_all_signals_give_way_to_those_of_one(go):
    spans, (log,), _, _, _ = go(OTEL_ATTRIBUTE_COUNT_LIMIT="1", OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT="3", OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT="128", OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT="6")
    span = spans["limits"]
    assert keys(span) == "abcde" and texts(span)["a"] == LONG[:3] and keys(span.events[0]) == keys(span.links[0]) == "a"
    assert keys(log) == "a" and log.dropped_attributes_count == 3 and texts(log)["a"] == LONG[:6]


def test_a_limit_of_zero_keeps_none(go):
    spans, (log,), _, _, _ = go(OTEL_SPAN_EVENT_COUNT_LIMIT="0", OTEL_ATTRIBUTE_COUNT_LIMIT=" 0 ")
    span = spans["limits"]
    assert (keys(span), len(span.events), span.dropped_events_count, span.dropped_attributes_count) == ("", 0, 3, 5)
    assert [keys(k) for k in span.links] == ["", ""] and keys(log) == "" and log.dropped_attributes_count == 4


@pytest.mark.parametrize("name,value,word", [("OTEL_SPAN_EVENT_COUNT_LIMIT", "1000", "counts as 128; 128 is the most"), ("OTEL_ATTRIBUTE_COUNT_LIMIT", "-1", "is ignored; write a whole number"),
                                             ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0", "is ignored; write a whole number"), ("OTEL_BSP_MAX_QUEUE_SIZE", "many", "is ignored; write a whole number"),
                                             ("OTEL_BLRP_EXPORT_TIMEOUT", "1s", "is ignored; write a whole number")])
def test_nonsense_is_said_once(go, name, value, word):
    spans, _, _, said, _ = go(**{name: value})
    assert said.count("otel: ") == 1 and "%s=%s %s" % (name, value, word) in said, said
    assert keys(spans["limits"]) == "abcde" and len(spans["limits"].events) == 3


def test_limits_stand_behind_the_programs_processors(go):
    spans, (log,), out, said, _ = go("processors", OTEL_ATTRIBUTE_COUNT_LIMIT="2")
    assert keys(spans["limits"]) == "fa" and spans["limits"].dropped_attributes_count == 4
    assert keys(log) == "ab" and "looked" in out and not said


def test_limits_of_the_program_win(go):
    spans, (log,), out, _, _ = go("own", OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT="2")
    assert keys(spans["limits"]) == "fabc" and keys(log) == "abcd" and "looked" in out


def test_too_many_processors_are_left_alone(go):
    spans, (log,), _, said, _ = go("many", OTEL_ATTRIBUTE_COUNT_LIMIT="2")
    assert keys(spans["limits"]) == "fabcde" and keys(log) == "ab"
    assert said == "otel: limits of spans in the environment are ignored; the program has too many processors of spans for them\n"


# ---- propagators ----

@pytest.mark.parametrize("value,headers", [("", "traceparent baggage"), ("tracecontext,baggage", "traceparent baggage"), (" baggage , tracecontext", "traceparent baggage"), ("baggage", "baggage"),
                                           ("tracecontext", "traceparent"), ("b3", "b3"), ("b3multi", "x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled"), ("b3,baggage,b3", "b3 baggage"), ("none", ""),
                                           ("b3,none", ""), ("tracecontext,b3", "traceparent b3")])
def test_propagators(go, value, headers):
    _, _, out, said, _ = go(OTEL_PROPAGATORS=value)
    assert set(re.findall(r"inject (\S+)", out)) | {"x-b3-parentspanid"} == set(headers.split()) | {"x-b3-parentspanid"} and not said
    assert re.findall(r"inject (\S+)", out)[:1] == headers.split()[:1]


def test_a_propagator_that_is_not_there_is_named(go):
    _, _, out, said, _ = go(OTEL_PROPAGATORS="jaeger,b3")
    assert re.findall(r"inject (\S+)", out) == ["b3"] and said.startswith("otel: OTEL_PROPAGATORS=jaeger is ignored; ") and ".propagator" in said
    _, _, out, _, _ = go(OTEL_PROPAGATORS="xray")
    assert re.findall(r"inject (\S+)", out) == ["traceparent", "baggage"]


def test_a_program_that_is_off_passes_contexts_on(go):
    """sdk-environment-variables.md: OTEL_SDK_DISABLED has no effect on OTEL_PROPAGATORS."""
    assert re.findall(r"inject (\S+)", go(OTEL_PROPAGATORS="baggage", OTEL_SDK_DISABLED="true")[2]) == ["baggage"]
    assert re.findall(r"inject (\S+)", go(OTEL_PROPAGATORS="none", OTEL_SDK_DISABLED="true")[2]) == []


# ---- queues, batches, timeouts ----

@pytest.mark.parametrize("spans,logs,pool,percent", [("", "", 4 << 20, 25), ("2048", "2048", 4 << 20, 25), ("20480", "", 31 << 20, 10), ("", "65536", (3 << 20) + (32 << 20), 90), ("1", "1", 1 << 19, 25),
                                                     ("1999999999", "", 1 << 30, 10)])
def test_a_queue_of_records_is_a_pool_of_bytes(go, spans, logs, pool, percent):
    found, _, out, said, _ = go(OTEL_BSP_MAX_QUEUE_SIZE=spans, OTEL_BLRP_MAX_QUEUE_SIZE=logs)
    assert "pool %d %d\n" % (pool, percent) in out and "limits" in found and not said


def test_the_programs_pool_wins(go):
    assert "pool 300000 0\n" in go("pool", OTEL_BSP_MAX_QUEUE_SIZE="9999")[2]


@pytest.mark.parametrize("env", [{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "7"}, {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "7"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1000", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "7"}])
def test_the_smaller_batch_counts(go, env):
    _, records, _, _, server = go("thirty", **env)
    assert len(records) == 30 and sum("/v1/logs" in q["line"] for q in server.requests) == 5


@pytest.mark.parametrize("env,said", [({"OTEL_BSP_SCHEDULE_DELAY": "4321"}, 4321), ({"OTEL_BLRP_SCHEDULE_DELAY": "4321"}, 4321), ({"OTEL_BSP_SCHEDULE_DELAY": "9000", "OTEL_BLRP_SCHEDULE_DELAY": "8000"}, 8000), ({}, 5000)])
def test_the_shorter_delay_counts(go, env, said):
    assert "spans and logs go every %d ms" % said in go(OTEL_LOG_LEVEL="debug", **env)[3]


def test_metrics_go_as_often_as_told(go):
    assert "metrics every 1234 ms" in go(OTEL_LOG_LEVEL="debug", OTEL_METRIC_EXPORT_INTERVAL="1234")[3]
    _, _, _, _, server = go("later", "0", OTEL_METRIC_EXPORT_INTERVAL="100", OTEL_METRICS_EXPORTER="otlp")
    assert sum("/v1/metrics" in q["line"] for q in server.requests) >= 3


@pytest.mark.parametrize("name,path", [("OTEL_BSP_EXPORT_TIMEOUT", "/v1/traces"), ("OTEL_METRIC_EXPORT_TIMEOUT", "/v1/metrics"), ("OTEL_BLRP_EXPORT_TIMEOUT", "/v1/logs")])
def test_a_batch_that_takes_too_long_is_given_up(go, name, path):
    """A receiver that never answers is asked again within the flush when the time is short."""
    alone = {"OTEL_%s_EXPORTER" % s: "otlp" if s.lower() in path else "none" for s in ("TRACES", "METRICS", "LOGS")}
    _, _, out, _, server = go("", "6000", script=(never,), **{name: "200"}, **alone)
    assert "flush 0\n" not in out and len(server.requests) >= 2 and all(path in q["line"] for q in server.requests)
    _, _, out, _, server = go("", "3000", script=(never,), **{name: "60000"}, **alone)
    assert len(server.requests) == 1, "the specification's ten seconds hold"
