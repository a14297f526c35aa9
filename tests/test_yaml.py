"""ports/otel_yaml.h: declarative configuration, from a YAML file to what a receiver sees."""
import re

import pytest

from conftest import ASAN, WARN, cc, free_port, how_to_install, missing, need_flags, run
from faults.collector import OK
from test_posix import CLEAN, attributes

SOURCE = r"""
#include "otel_posix.h"
#include "otel_yaml.h"
static otel_yaml_t config;
static otel_counter_t jobs = OTEL_COUNTER("jobs");
static void header(void *user, const char *name, const char *value) { (void)user; (void)value; printf("inject %s\n", name); }
int main(int argc, char **argv)
{
    const otel_context_t root = { .baggage = "k=v" };
    otel_result_t result = otel_yaml_parse(&config, argc > 1 ? argv[1] : NULL);
    int i;
    printf("parse %d\nsaid %s\n", (int)result, otel_yaml_error(&config));
    for (i = 2; i < argc; i++) {
        const char *value = otel_yaml_get(&config, argv[i]);
        printf("%s=%s\n", argv[i], value ? value : "(none)");
    }
    result = otel_yaml_start(&config, .version = "7");
    printf("start %d\nleft %s\n", (int)result, otel_yaml_error(&config));
    OTEL_SPAN(span, "work", .parent = &root) {
        otel_span_set(span, "a", "abcdefgh", "b", 2, "c", 3);
        otel_log(OTEL_INFO, "said", "a", "abcdefgh", "b", 2);
        otel_inject(span, header, NULL);
    }
    otel_counter_add(&jobs, 1);
    if (otel_posix_instance()) printf("pool %zu\n", otel_posix_instance()->config_.pool_size);
    printf("flush %d\n", (int)otel_posix_flush(10000));
    (void)otel_posix_stop(1000);
    otel_yaml_close(&config);
    return 0;
}
"""


@pytest.fixture(scope="module")
def program():
    if run(["gcc", "-fsyntax-only", "-x", "c", "-"], input=b"#include <yaml.h>\n", check=False).returncode:
        missing("<yaml.h>", how_to_install("<yaml.h>"))
    need_flags("gcc", "-fsanitize=address,undefined")
    return cc("gcc", SOURCE, "-std=gnu11", *WARN, *ASAN, "-lpthread", "-lyaml")


@pytest.fixture
def go(program, tmp_path):
    def look(text, *paths, **env):
        file = tmp_path / "otel.yaml"
        file.write_text(text)
        return run([program, file, *paths], env=dict(CLEAN, **env), timeout=60)
    return look


def requests(server, kind):
    return [q for q in server.requests if q["line"].startswith("POST /my/" + kind)]


def everything(url):
    return """
file_format: "1.0-rc.2"
disabled: ${OTEL_SDK_DISABLED:-false}
log_level: warn
attribute_limits: {attribute_count_limit: 2}
resource:
  attributes:
    - {name: service.name, value: "${NAME:-nobody}"}
    - {name: build, value: 12, type: int}
    - {name: ratio, value: "0.5", type: double}
    - {name: debug, value: true, type: bool}
    - {name: teams, value: [core, "${TEAM}"], type: string_array}
    - {name: ports, value: [80, 0x1BB], type: int_array}
    - {name: nothing, value: }
  attributes_list: team=edge,service.name=other
propagator:
  composite: [{b3: }, baggage]
tracer_provider:
  processors:
    - batch:
        schedule_delay: 1234
        max_queue_size: 20480
        exporter: &to
          otlp_http:
            endpoint: %s/my/traces
            headers: [{name: k, value: "a,b%%"}]
            headers_list: k=no,l=w
            timeout: 5000
    - simple: {exporter: {console: }}
  limits: {attribute_value_length_limit: 3}
  sampler:
    parent_based:
      root: {trace_id_ratio_based: {ratio: 1.0}}
      local_parent_not_sampled: {always_off: }
meter_provider:
  readers:
    - periodic:
        interval: 5000
        exporter: {otlp_http: {endpoint: "%s/my/metrics", temporality_preference: delta}}
  exemplar_filter: always_off
logger_provider:
  processors: [{batch: {exporter: {otlp_http: {endpoint: "%s/my/logs"}}}}]
  limits: {attribute_count_limit: 1}
""" % (url, url, url)


def test_a_file_says_it_all(go, serve):
    """Each part of the model is seen at the receiver; the environment is not read but where the file asks for it."""
    trace = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2").ExportTraceServiceRequest
    metric = pytest.importorskip("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2").ExportMetricsServiceRequest
    logs = pytest.importorskip("opentelemetry.proto.collector.logs.v1.logs_service_pb2").ExportLogsServiceRequest
    server = serve(OK)
    ran = go(everything(server.url), NAME="shop", TEAM="a b", OTEL_TRACES_SAMPLER="always_off", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", OTEL_METRICS_EXPORTER="none")
    assert "parse 0\nsaid \n" in ran.stdout and "start 0\nleft \n" in ran.stdout and "flush 0" in ran.stdout and "otel:" not in ran.stderr, ran
    q, = requests(server, "traces")
    assert q["headers"]["k"] == "a,b%" and q["headers"]["l"] == "w"
    resource, = trace.FromString(q["body"]).resource_spans
    found = {a.key: a.value for a in resource.resource.attributes}
    assert found["service.name"].string_value == "shop" and found["service.version"].string_value == "7" and found["team"].string_value == "edge"
    assert found["build"].int_value == 12 and found["ratio"].double_value == 0.5 and found["debug"].bool_value is True and "nothing" not in found
    assert [v.string_value for v in found["teams"].array_value.values] == ["core", "a b"] and [v.int_value for v in found["ports"].array_value.values] == [80, 443]
    span, = resource.scope_spans[0].spans
    assert [a.key for a in span.attributes] == ["a", "b"] and span.attributes[0].value.string_value == "abc" and span.dropped_attributes_count == 1
    log, = logs.FromString(requests(server, "logs")[0]["body"]).resource_logs[0].scope_logs[0].log_records
    assert len(log.attributes) == 1 and log.attributes[0].value.string_value == "abcdefgh"
    assert metric.FromString(requests(server, "metrics")[0]["body"]).resource_metrics[0].scope_metrics[0].metrics[0].sum.aggregation_temporality == 1
    assert re.findall("inject (.*)", ran.stdout) == ["b3", "baggage"] and "pool %d" % (31 << 20) in ran.stdout
    assert "work" in ran.stdout, "the console too"


def test_disabled_records_nothing(go, serve):
    server = serve(OK)
    ran = go(everything(server.url), OTEL_SDK_DISABLED="true")
    assert "start 0" in ran.stdout and not server.requests


def test_a_provider_that_is_not_there_sends_nothing(go, serve):
    server = serve(OK)
    ran = go('file_format: "1.0"\ntracer_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: "%s/my/traces"}}}}]}\n' % server.url)
    assert {q["line"].split()[1] for q in server.requests} == {"/my/traces"} and "inject" not in ran.stdout and "flush 0" in ran.stdout
    ran = go('file_format: "1.0"\n')
    assert "start 0" in ran.stdout and "flush 0" in ran.stdout and "work" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("value,is_", [("${A}", "one"), ("${env:A}", "one"), ("x${A}y${A:-b}", "xoneyone"), ("${NO:-other way}", "other way"), ("${NO}", "(none)"), ("'${NO}'", ""), ("${NO:-}", "(none)"), ("$${A}", "${A}"),
                                       ("$$", "$"), ("a$", "a$"), ("$A", "$A"), ("$$$${NO:-b}", "$${NO:-b}"), ("${NO:-$${NO}}", "${NO:-${NO}}"), ("${NO:-a$b}", "a$b"), ("$$${A}", "$one"), ("${RECURSIVE}", "${A}"), ("\"${A}\"", "one"), ("${EMPTY:-full}", "full"),
                                       ("null", "(none)"), ("'null'", "null"), ("~", "(none)"), ("", "(none)")])
def test_the_environment_goes_into_values(go, value, is_):
    got = go('file_format: "1.0"\nx:\n  "${A}": no\n  v:\n    - %s\n' % value, "x/v/0", "x/${A}", A="one", RECURSIVE="${A}", EMPTY="").stdout
    assert "x/v/0=%s\n" % is_ in got and "x/${A}=no\n" in got


@pytest.mark.parametrize("text,said", [
    ("a: [", "line "), ("file_format: 0.2\n", "file_format is 0.2: write \"1.0\""), ("a: 1\n", "file_format is not there"), ("", "file_format is not there"), ("just text\n", "file_format is not there"),
    ("file_format: '1.0'\nb: 1\nx: ${1A}\n", "line 3: ${1A} is no reference: write ${NAME}"), ("file_format: '1.0'\nx: [a, '${A']\n", "line 2: ${A is no reference"), ("file_format: '1.0'\nx: ${A:b}\n", "is no reference"),
    ("file_format: '1.0'\nx: ${}\n", "is no reference"), ("file_format: '1.0'\nx: ${sys:A}\n", "is no reference"), ("file_format: '1.0'\nx: \"${A}%s\"\n" % ("y" * 70000), "more than 65536 bytes")])
def test_a_file_that_is_none_is_a_sentence(go, text, said):
    ran = go(text, "x")
    assert re.search(r"^parse [^0]", ran.stdout, re.M) and said in re.search("^said (.*)", ran.stdout, re.M).group(1), ran.stdout
    assert re.search(r"^start [^0]", ran.stdout, re.M) and "x=(none)" in ran.stdout


def test_no_file_is_a_sentence(program, tmp_path):
    assert "name one in OTEL_CONFIG_FILE" in run([program], env=CLEAN).stdout
    assert "No such file" in run([program, tmp_path / "absent.yaml"], env=CLEAN).stdout


@pytest.mark.parametrize("text,said", [
    ("logger: {}", "logger is not taken"), ("views: 3", "views is not taken"), ("tracer_provider: {processors: [{magic: }]}", "tracer_provider.processors: magic is not taken"),
    ("tracer_provider: {processors: [{batch: {exporter: {otlp_grpc: {}}}}]}", "exporter otlp_grpc is not taken: this library has otlp_http and console"),
    ("logger_provider: {processors: [{batch: {exporter: {otlp_http: {tls: {ca_file: x}}}}}]}", "logger_provider.processors.tls is not taken"),
    ("meter_provider: {views: [{selector: {}}], readers: [{pull: {}}]}", "meter_provider.readers: pull is not taken; meter_provider.views is not taken"),
    ("tracer_provider: {sampler: {composite/development: {}}}", "sampler: composite/development is not taken"),
    ("tracer_provider: {sampler: {parent_based: {remote_parent_sampled: {always_off: }}}}", "remote_parent_sampled always_off is not taken: children do as their parent did"),
    ("propagator: {composite: [{[]: x}]}", "line 2: a key that is no word is not taken"), ("tracer_provider: {sampler: {[]: 1}}", "a key that is no word"),
    ("tracer_provider: {processors: {batch: {exporter: {otlp_http: }}}}", "tracer_provider.processors is not taken: it is no list (line 2)"), ("resource: {attributes: {service.name: x}}", "resource.attributes is not taken: it is no list"),
    ("propagator: {composite: tracecontext}", "propagator.composite is not taken: it is no list"), ("logger_provider:\n  processors:\n  - batch:\n    exporter:\n      console:", "line 5: exporter beside batch is not taken: what belongs to it is indented further"),
    ("log_level: [info]", "line 2: log_level is not taken: it is no single value"), ("tracer_provider: {sampler: {trace_id_ratio_based: {ration: 0.1}}}", "trace_id_ratio_based.ration is not taken"),
    ("tracer_provider: {sampler: {parent_based: {roots: {always_off: }}}}", "parent_based.roots is not taken"),
    ("tracer_provider: {processors: [{batch: {exporter: {otlp_http: {headers: [{name: k, value: '%s'}, {name: second, value: x}]}}}}]}" % ("," * 1500), "header k is not taken: all headers of a signal have 4 KB"),
    ("resource: {attributes: [{name: n, value: x, type: int}]}", "resource.attributes: n is not taken: it is no int"), ("propagator: {composite: [], more: 1}", "propagator.more is not taken")])
def test_what_is_not_taken_is_told(go, text, said):
    ran = go('file_format: "1.0"\n%s\n' % text)
    left = re.search("^left (.*)", ran.stdout, re.M).group(1)
    assert not left or "otel: " + left in ran.stderr, "who runs the program hears it"
    assert left and said in left, left


def test_a_key_may_have_a_slash_in_it(go):
    out = go('file_format: "1.0"\ninstrumentation/development: {c: {depth: 3}}\nx: [a]\n', "instrumentation/development/c/depth", "x/0", "x/foo", "x/1").stdout
    assert "instrumentation/development/c/depth=3\nx/0=a\nx/foo=(none)\nx/1=(none)\n" in out


def test_headers_of_a_list_give_way(go, serve):
    server = serve(OK)
    go('file_format: "1.0"\ntracer_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: "%s/my/traces", headers: [{name: k, value: 1}], headers_list: "a=b, k =no ,K=no, c=d"}}}}]}\n' % server.url)
    sent = requests(server, "traces")[0]["headers"]
    assert (sent["k"], sent["a"], sent["c"]) == ("1", "b", "d")


def test_what_the_program_says_wins(go, serve):
    """The program gives .version 7; a file without tracer_provider samples nothing."""
    trace = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2").ExportTraceServiceRequest
    server = serve(OK)
    go('file_format: "1.0"\nresource: {attributes: [{name: service.version, value: file}, {name: service.name, value: file}]}\n'
       'tracer_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: "%s/my/traces"}}}}]}\n' % server.url)
    found = {a.key: a.value.string_value for a in trace.FromString(requests(server, "traces")[0]["body"]).resource_spans[0].resource.attributes}
    assert found["service.version"] == "7" and found["service.name"] == "file"
    assert "inject traceparent" in go('file_format: "1.0"\npropagator: {composite: [tracecontext]}\n').stdout


def test_two_receivers_of_one_signal_are_told(go, serve):
    server = serve(OK)
    one = "{batch: {exporter: {otlp_http: {endpoint: \"%s/my/traces\"}}}}" % server.url
    ran = go('file_format: "1.0"\ntracer_provider: {processors: [%s, %s]}\n' % (one, one))
    assert "one receiver for each signal" in ran.stdout and len(requests(server, "traces")) == 1


PLUGINS = r"""
#include "otel_posix.h"
#include "otel_yaml.h"
static otel_yaml_t config;
static int post(void *user, const otel_request_t *request) { printf("%s %s\n", (const char *)user, request->path); return 200; }
static otel_decision_t odd(const otel_sampler_t *self, const otel_sampling_t *input) { printf("asked %s of %s\n", (const char *)self->user, input->name); return OTEL_DECISION_RECORD_AND_SAMPLE; }
static void put(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    (void)context;
    set(user, "x-own", (const char *)self->user);
}
static bool make(void *user, const otel_yaml_properties_t *p, void *to)
{
    const char *word = otel_yaml_property(p, "deep/0/word");
    if (otel_yaml_property(p, "refuse")) return false;
    if (strcmp((const char *)user, "sampler") == 0) *(otel_sampler_t *)to = otel_sampler_custom(odd, (void *)(uintptr_t)word);
    if (strcmp((const char *)user, "exporter") == 0) ((otel_yaml_exporter_t *)to)->send = post, ((otel_yaml_exporter_t *)to)->user = (void *)(uintptr_t)word;
    if (strcmp((const char *)user, "propagator") == 0) memset(to, 0, sizeof(otel_propagator_t)), ((otel_propagator_t *)to)->inject = put, ((otel_propagator_t *)to)->user = (void *)(uintptr_t)word;
    return true;
}
static void header(void *user, const char *name, const char *value) { (void)user; printf("inject %s=%s\n", name, strcmp(name, "x-own") ? "" : value); }
int main(int argc, char **argv)
{
    static char type[3][12] = { "sampler", "exporter", "propagator" };
    static otel_yaml_component_t component[3];
    unsigned i;
    if (argc < 2 || otel_yaml_parse(&config, argv[1]) != OTEL_OK) return 2;
    for (i = 0; i < 3; i++) {
        component[i].type = type[i];
        component[i].name = "mine/development";
        if (otel_yaml_register(&config, &component[i]) != OTEL_E_CONFIG) return 3;
        component[i].create = make;
        component[i].user = type[i];
        if (otel_yaml_register(&config, &component[i]) != OTEL_OK || otel_yaml_register(&config, &component[i]) != OTEL_OK) return 3;
    }
    if (otel_yaml_start_with(&config, NULL) != OTEL_OK) return 4;
    printf("left %s\n", otel_yaml_error(&config));
    OTEL_SPAN(span, "work") otel_inject(span, header, NULL);
    otel_log(OTEL_INFO, "hello");
    (void)otel_posix_flush(5000);
    (void)otel_posix_stop(1000);
    otel_yaml_close(&config);
    return 0;
}
"""
OWN = """
file_format: "1.0"
propagator: {composite: [tracecontext, {mine/development: {deep: [{word: w1}]}}, tracecontext], composite_list: "baggage, tracecontext,jaeger"}
tracer_provider:
  sampler: %s
  processors: [{batch: {exporter: {mine/development: {deep: [{word: w2}]}}}}]
logger_provider: {processors: [{batch: {exporter: {mine/development: {deep: [{word: w3}]}}}}]}
"""


@pytest.mark.parametrize("sampler,asked", [("{mine/development: {deep: [{word: w4}]}}", "w4"), ("{parent_based: {root: {mine/development: {deep: [{word: w5}]}}}}", "w5")])
def test_components_of_the_program(program, tmp_path, sampler, asked):
    built = cc("gcc", PLUGINS, "-std=gnu11", *WARN, *ASAN, "-lpthread", "-lyaml")
    (tmp_path / "own.yaml").write_text(OWN % sampler)
    out = run([built, tmp_path / "own.yaml"], env=CLEAN).stdout
    assert "asked %s of work\n" % asked in out and "w2 /v1/traces\n" in out and "w3 /v1/logs\n" in out
    assert re.findall("inject (.*)", out) == ["traceparent=", "x-own=w1"] and "left propagator jaeger is not taken" in out
    (tmp_path / "own.yaml").write_text(OWN.replace("{deep: [{word: w2}]}", "{refuse: 1}") % "{mine/development: {refuse: 1}}")
    out = run([built, tmp_path / "own.yaml"], env=CLEAN).stdout
    assert "exporter mine/development is not taken" in out and "sampler: mine/development is not taken" in out and "/v1/traces" not in out


@pytest.mark.parametrize("compiler,flags", [("gcc", "-std=c99 -D_GNU_SOURCE"), ("clang", "-std=c11 -D_GNU_SOURCE"), ("g++", "-x c++ -std=c++20"), ("clang++", "-x c++ -std=gnu++14"), ("gcc", "-std=gnu11 -DOTEL_ENABLED=0"),
                                            ("gcc", "-std=gnu11 -DOTEL_STATIC=1"), ("gcc", "-std=gnu11 -DOTEL_LOGS=0 -DOTEL_METRICS=0"), ("gcc", "-std=gnu11 -DOTEL_TRACES=0")])
def test_compiles_without_a_warning(program, compiler, flags):
    source = """
#include "otel_yaml.h"
static otel_yaml_t config;
int main(void)
{
    if (otel_yaml_parse(&config, "x") == OTEL_OK) (void)otel_yaml_start_with(&config, NULL);
    otel_yaml_close(&config);
    return otel_yaml_get(&config, "x") != NULL;
}
"""
    cc(compiler, source, *flags.split(), *WARN, "-lpthread", "-lyaml")
