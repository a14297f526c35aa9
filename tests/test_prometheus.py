"""The Prometheus example behind a real HTTP server, scraped in both formats and read by Prometheus's own parsers."""
import subprocess
import urllib.request

import pytest

from conftest import WARN, cc, need_flags, need_module

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
