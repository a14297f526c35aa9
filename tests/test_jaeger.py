"""A server of strategies that changes its mind while a program runs: otel_sampler_jaeger behind otel_posix_jaeger_start."""
import http.server
import json
import os
import subprocess
import threading
import time

import pytest

from conftest import ASAN, TSAN, WARN, cc, free_port, linked, need_flags, run

CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}


def share(x):
    return {"strategyType": "PROBABILISTIC", "probabilisticSampling": {"samplingRate": x}}


class Strategies(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked, answer = [], (200, b"")

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("x-key")))
        status, body = type(self).answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def strategies():
    handler = type("Handler", (Strategies,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.url = "http://127.0.0.1:%d" % server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler
    server.shutdown()
    server.server_close()


class Program:
    def __init__(self, url, service="a b/c", **env):
        need_flags("gcc", "-fsanitize=address,undefined")
        program = linked("gcc", "tests/c/jaeger_program.c", "-std=c11", *ASAN, *WARN, "-lpthread", headers=("otel_posix.h",))
        self.child = subprocess.Popen([str(program), url, service], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ, **CLEAN, **env))

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def until(self, line, good):
        end = time.monotonic() + 60
        while True:
            said = self.ask(line)
            if good(said):
                return said
            assert time.monotonic() < end, "%s says %r" % (line, said)

    def end(self):
        _, said = self.child.communicate(timeout=60)
        assert self.child.returncode == 0, said
        return said


def test_the_strategy_changes_while_the_program_runs(strategies):
    strategies.answer = 200, json.dumps(share(1)).encode()
    p = Program(strategies.url + "/sampling")
    try:
        p.until("GET / 1000", lambda n: n == "1000")              # off before the first answer
        assert strategies.asked[0] == ("/sampling?service=a%20b%2Fc", "a b") and p.ask("?") == "error 0"
        strategies.answer = 200, json.dumps(share(0.25)).encode()
        p.until("GET / 1000", lambda n: n != "1000")
        assert abs(int(p.ask("GET / 20000")) - 5000) < 5 * (20000 * 0.25 * 0.75) ** 0.5
        strategies.answer = 200, json.dumps({"operationSampling": {"defaultSamplingProbability": 0, "perOperationStrategies": [
            {"operation": "GET /", "probabilisticSampling": {"samplingRate": 1}}]}}).encode()
        p.until("GET / 1000", lambda n: n == "1000")
        assert p.ask("other 1000") == "0"
        for answer, word in (((200, b"<html>"), "object"), ((404, b"nobody"), "HTTP status 404"), ((200, json.dumps(share(2)).encode()), "above 1"),
                             ((200, b" " * 300000 + b"{}"), "longer than 256 KiB"), ((200, b'{"a":"\0'), "control character")):
            strategies.answer = answer
            p.until("?", lambda said: word in said)
            assert p.ask("GET / 100") == "100" and p.ask("other 100") == "0", "the last strategy stays"
        strategies.answer = 200, json.dumps({"strategyType": "RATE_LIMITING", "rateLimitingSampling": {"maxTracesPerSecond": 3}}).encode()
        p.until("?", lambda said: said == "error 0")
        p.until("GET / 1000", lambda n: int(n) <= 60)
        said = p.end()
        assert said.count("HTTP status 404") == 1 and "the last strategy stays" in said, said
    finally:
        p.child.kill()


def test_no_server_is_said_once_and_nothing_waits_for_it():
    p = Program("http://127.0.0.1:%d/sampling" % free_port())
    try:
        p.until("?", lambda said: "refused" in said)
        assert p.ask("s 100") == "0"
        said = p.end()
        assert said.count("refused") == 1 and said.count("\n") == 1, said
    finally:
        p.child.kill()


def test_an_endpoint_that_is_none_is_refused():
    p = Program("ftp://somewhere")
    _, said = p.child.communicate(timeout=60)
    assert p.child.returncode == 3 and "begins with http://" in said


def remote(argument, sampler="parentbased_jaeger_remote"):
    return Program("env", "boiler", OTEL_TRACES_SAMPLER=sampler, OTEL_TRACES_SAMPLER_ARG=argument)


@pytest.mark.parametrize("sampler", ["jaeger_remote", "parentbased_jaeger_remote"])
def test_the_environment_names_the_server(strategies, sampler):
    """OTEL_TRACES_SAMPLER=jaeger_remote: the specification's argument; a child of fork asks as well; an end ends the questions."""
    strategies.answer = 503, b""
    p = remote("endpoint=%s,pollingIntervalMs=20,initialSamplingRate=0.25" % strategies.url, sampler)
    try:
        p.until("x 1", lambda _: strategies.asked)
        assert strategies.asked[0][0] == "/sampling?service=boiler"
        assert abs(int(p.ask("GET / 20000")) - 5000) < 5 * (20000 * 0.25 * 0.75) ** 0.5, "as at first, while there is no answer"
        strategies.answer = 200, json.dumps(share(1)).encode()
        p.until("GET / 1000", lambda n: n == "1000")
        assert p.ask("fork") == "forked"
        strategies.answer = 200, json.dumps(share(0)).encode()
        p.until("GET / 1000", lambda n: n == "0")
        assert "HTTP status 503" in p.end()
    finally:
        p.child.kill()


@pytest.mark.parametrize("argument,word", [("pollingIntervalMs=soon", "pollingIntervalMs"), ("initialSamplingRate=2", "initialSamplingRate"), ("often", "OTEL_TRACES_SAMPLER_ARG=endpoint")])
def test_an_argument_that_makes_no_sense_is_named(strategies, argument, word):
    strategies.answer = 200, json.dumps(share(1)).encode()
    p = remote("endpoint=%s/api/sampling?x=1,%s" % (strategies.url, argument))
    try:
        p.until("GET / 100", lambda n: n == "100")
        assert strategies.asked[0][0] == "/api/sampling?x=1&service=boiler"
        said = p.end()
        assert word in said and "pollingIntervalMs=60000" in said, said
    finally:
        p.child.kill()


def test_no_connection_is_left_behind(strategies):
    """Neither by a stop nor in a child of fork, which has one of its own."""
    strategies.answer = 200, json.dumps(share(1)).encode()
    p = remote("endpoint=%s,pollingIntervalMs=600000" % strategies.url)
    try:
        for n in range(1, 5):
            p.until("GET / 10", lambda said: said == "10" and len(strategies.asked) == n)
            assert p.ask("sockets") == "1"
            assert p.ask("restart" if n < 4 else "fork") == ("stop 0 start 0" if n < 4 else "forked")
        p.until("GET / 10", lambda said: said == "10" and len(strategies.asked) == 5)
        assert p.ask("sockets") == "1"
        p.end()
    finally:
        p.child.kill()


SLOW_NAMES = """
#include "otel_posix.h"
#include <stdlib.h>
static int asleep;
int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)host, (void)port, (void)hints, (void)found;
    OTEL_STORE_(&asleep, 1);
    (void)poll(NULL, 0, 20000);
    return EAI_AGAIN;
}
static int post(void *user, const otel_request_t *r) { (void)user, (void)r; return 200; }
static uint32_t ms(void) { return (uint32_t)(otel_posix_clock(NULL) / 1000000u); }
int main(void)
{
    int i;
    for (i = 0; i < 2; i++) {
        uint32_t begin;
        int result;
        OTEL_STORE_(&asleep, 0);
        if (otel_posix_start(.service = "x", .send = post) != OTEL_OK) return 2;
        while (!OTEL_LOAD_(&asleep)) (void)poll(NULL, 0, 1);
        begin = ms();
        result = otel_posix_stop(200);
        printf("stop %d, %s\\n", result, ms() - begin < 10000u ? "in time" : "late");
    }
    return 0;
}
"""


@pytest.mark.parametrize("build", [(), TSAN], ids=["plain", "tsan"])
def test_a_name_server_that_does_not_answer_holds_no_stop(build):
    """Its thread is left to itself, and the next start has another."""
    if build:
        need_flags("gcc", build[-1])
    program = cc("gcc", SLOW_NAMES, "-std=gnu11", *build, *WARN, "-lpthread")
    ran = run([program], env=dict(CLEAN, OTEL_TRACES_SAMPLER="jaeger_remote"))
    assert ran.stdout == "stop 0, in time\n" * 2, ran
