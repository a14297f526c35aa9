"""The Prometheus example behind a real HTTP server, scraped in both formats and read by Prometheus's own parsers."""
import subprocess
import urllib.request

import pytest

from conftest import WARN, cc, need_flags, need_module, run

CLASSIC = "text/plain;version=0.0.4"
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


@pytest.fixture(scope="module")
def server():
    """The example on a free port; gives a function that fetches."""
    need_flags("gcc", "-lmicrohttpd")
    program = cc("gcc", "examples/prometheus.c", "-std=c11", *WARN, "-g", "-fsanitize=address,undefined", "-lmicrohttpd", "-lpthread")
    process = subprocess.Popen([str(program), "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline())

    def fetch(accept):
        request = urllib.request.Request("http://127.0.0.1:%d/metrics" % port, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.headers["Content-Type"], answer.read().decode()
    yield fetch
    process.stdin.close()
    assert process.wait(20) == 0


def values(families):
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


@pytest.mark.parametrize("accept,kind,module", [
    (CLASSIC, "text/plain; version=0.0.4", "prometheus_client.parser"),
    (OPENMETRICS, "application/openmetrics-text; version=1.0.0", "prometheus_client.openmetrics.parser")], ids=["classic", "openmetrics"])
def test_prometheus_own_parser_reads_what_the_example_serves(server, accept, kind, module):
    parser = need_module(module)
    server(accept)
    content_type, text = server(accept)
    assert content_type.startswith(kind)
    families = list(parser.text_string_to_metric_families(text))
    found = values(families)
    scope = (("otel_scope_name", "web.server"), ("otel_scope_version", "1.0"))
    counter = "http_server_requests_total", tuple(sorted((("http_method", "GET"), ("url_path", "/metrics")) + scope))
    assert found[counter] >= 2
    assert found["hw_temperature_celsius", ()] == 21.5
    buckets = [(k, v) for k, v in found.items() if k[0] == "http_response_size_bytes_bucket"]
    assert len(buckets) == 4
    assert found["http_response_size_bytes_count", scope] == found[counter] - 1
    target, = [k for k in found if k[0] == "target_info"]
    assert ("service_name", "web") in target[1]
    assert {f.name: f.type for f in families}["http_response_size_bytes"] == "histogram"
    assert [f.documentation for f in families if f.name.startswith("http_server_requests")] == ['Requests that were "answered"']


EXEMPLARS = r"""
#include <stdio.h>
#include "otel_export.h"
static otel_t otel;
static uint8_t pool[4096], packet[16384];
static char text[16384];
static uint64_t words[4000], now = 1700000000123456789u;
static uint64_t tick(void *user) { (void)user; return now += 1000; }
static otel_counter_t jobs = OTEL_COUNTER("jobs", OTEL_SERIES(4));
static otel_histogram_int_t took = OTEL_HISTOGRAM_INT("took", .unit = "ms", OTEL_BOUNDS_INT(10, 100));
static const char *const queue[] = { "queue", NULL };
static const otel_view_t views[] = { { .instrument = "*", .keep = queue } };
static otel_metric_settings_t settings = { .views = views, .views_len = 1, .exemplars = OTEL_EXEMPLARS_TRACE_BASED, .memory = words, .memory_len = 4000 };
int main(void)
{
    (void)otel_init(&otel, .service = "e", .clock = tick, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings));
    otel_counter_add(&jobs, 1, "queue", "b");
    OTEL_SPAN(span, "work") {
        char id[OTEL_TRACEPARENT_SIZE];
        otel_counter_add(&jobs, 2, "queue", "a", "user", "ann");
        otel_histogram_record(&took, 7);
        otel_histogram_record(&took, 1000);
        otel_traceparent(span, id);
        printf("%.32s %.16s\n", id + 3, id + 36);
    }
    (void)otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = sizeof packet, .openmetrics = true);
    fputs(text, stdout);
    return 0;
}
"""


def test_prometheus_own_parser_reads_exemplars():
    parser = need_module("prometheus_client.openmetrics.parser")
    ids, text = run([cc("gcc", EXEMPLARS, "-std=c11", *WARN, "-g", "-fsanitize=address,undefined")]).stdout.split("\n", 1)
    trace, span = ids.split()
    samples = {(s.name, s.labels.get("le", s.labels.get("queue"))): s for f in parser.text_string_to_metric_families(text) for s in f.samples}
    found = samples["jobs_total", "a"].exemplar
    assert found.labels == {"trace_id": trace, "span_id": span, "user": "ann"} and found.value == 2 and abs(float(found.timestamp) - 1700000000.1234) < 0.001
    assert samples["jobs_total", "b"].exemplar is None        # no span
    assert samples["took_milliseconds_bucket", "10"].exemplar.value == 7 and samples["took_milliseconds_bucket", "+Inf"].exemplar.value == 1000
    assert samples["took_milliseconds_bucket", "100"].exemplar is None
