"""What the POSIX port says of itself: by one callback with code, sentence and remedy, or on stderr as loud as OTEL_LOG_LEVEL says;
spans that nobody ends; and whether somebody who looks for missing data at night is told where to look, within a screen."""
import os
import re
import socket
import subprocess
import threading

import pytest

from conftest import ROOT, TSAN, WARN, cc, free_port, linked, need_flags, run
from faults.collector import OK, byte_by_byte, never, partial, reset_reply, reset_request, says, status

CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}
LOST, PUT_OFF, WORKS, NO_TIME, LEFT_OPEN, SETTING, START, REFUSED, STOP, TRACE = range(10)
NONE, ERROR, WARNING, INFO, DEBUG, VERBOSE = range(6)


def go(*words, env=None, flags=("-O1", "-g"), **more):
    program = linked("gcc", "tests/c/posix_says.c", "-std=c11", *flags, *WARN, "-lpthread", headers=("otel_posix.h",))
    return run([program, *words], env=dict(CLEAN, TERM="dumb", **(env or {})), timeout=120, **more)


def heard(text):
    """(code, level, signal, reason, count, answer, text, remedy, name) of each line of the callback."""
    out = []
    for line in text.splitlines():
        parts = line.split("|")
        if len(parts) == 9:
            out.append(tuple(int(p) for p in parts[:6]) + tuple(parts[6:]))
    return out


def nowhere():
    return "http://127.0.0.1:%d" % free_port()


# ---- OTEL_LOG_LEVEL ----

@pytest.mark.parametrize("word,level", [("none", 0), ("OFF", 0), ("fatal", 1), ("error", 1), ("warn", 2), ("Warning", 2), ("info", 3), ("", 3), (" debug ", 4), ("verbose", 5),
                                        ("trace", 5), ("ALL", 5)])
def test_level_filters_what_stands_on_stderr(word, level, serve):
    """One event of each level: a request that is refused for good, a setting that makes no sense, a receiver that comes back, the plan, each request."""
    server = serve(status(400), status(503), OK)
    ran = go("wait", "60000", "until", env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1", "OTEL_BSP_SCHEDULE_DELAY": "x", "OTEL_METRIC_EXPORT_INTERVAL": "zwei",
                                            "OTEL_LOG_LEVEL": word})
    said = ran.stderr
    assert [bool(re.search(pattern, said)) for pattern in (r"fails: HTTP status 400.*; see the receiver's log", r"INTERVAL=zwei is ignored; write a whole number above 0", "otel: sending works again",
                                                            r"traces go to 127\.0\.0\.1 port \d+", r"/v1/traces: 1 records in \d+ bytes, answer 200")] == [level >= n for n in (1, 2, 3, 4, 5)], said
    assert level or said == ""


def test_an_unknown_level_is_named_with_the_remedy():
    said = go(env={"OTEL_LOG_LEVEL": "loud", "OTEL_TRACES_EXPORTER": "none"}).stderr
    assert said == "otel: OTEL_LOG_LEVEL=loud counts as info; write none, error, warn, info, debug or verbose\n"


# ---- the callback ----

CASES = {  # words, environment, script of a receiver (None: nobody listens), what is heard
    "a setting": ((), {"OTEL_TRACES_SAMPLER": "sometimes"}, (OK,), (SETTING, WARNING, "OTEL_TRACES_SAMPLER=sometimes is ignored", "this library has always_on")),
    "a level": ((), {"OTEL_LOG_LEVEL": "loud"}, (OK,), (SETTING, WARNING, "OTEL_LOG_LEVEL=loud", "write none, error, warn")),
    "a number": ((), {"OTEL_METRIC_EXPORT_INTERVAL": "1m"}, (OK,), (SETTING, WARNING, "OTEL_METRIC_EXPORT_INTERVAL=1m is ignored", "whole number")),
    "the resource": ((), {"OTEL_RESOURCE_ATTRIBUTES": "a=%"}, (OK,), (SETTING, WARNING, "OTEL_RESOURCE_ATTRIBUTES is ignored", "%25 for a percent sign")),
    "gRPC": ((), {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, (OK,), (SETTING, WARNING, "PROTOCOL=grpc is ignored", "port 4318")),
    "gRPC of one signal": ((), {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL": "grpc"}, (OK,), (SETTING, WARNING, "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=grpc is ignored", "port 4318")),
    "headers": ((), {"OTEL_EXPORTER_OTLP_HEADERS": "a=%"}, (OK,), (SETTING, WARNING, "OTEL_EXPORTER_OTLP_HEADERS is ignored: the value of header a has a %", "requests go without it")),
    "headers of one signal": ((), {"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=" + "x" * 5000}, (OK,), (SETTING, WARNING, "OTEL_EXPORTER_OTLP_TRACES_HEADERS is ignored: it takes more than", "shorten it")),
    "not read": ((), {"OTEL_CONFIG_FILE": "otel.yaml"}, (OK,), (SETTING, WARNING, "OTEL_CONFIG_FILE is not read", "otel_yaml_start")),
    "a propagator": ((), {"OTEL_PROPAGATORS": "tracecontext,jaeger"}, (OK,), (SETTING, WARNING, "OTEL_PROPAGATORS=jaeger is ignored", ".propagator")),
    "a limit": ((), {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "129"}, (OK,), (SETTING, WARNING, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=129 counts as 128", "128 is the most")),
    "disabled": ((), {"OTEL_SDK_DISABLED": "true", "OTEL_LOG_LEVEL": "debug"}, (OK,), (TRACE, DEBUG, "OTEL_SDK_DISABLED=true: nothing is recorded", "")),
    "a path": ((), {"OTEL_EXPORTER_OTLP_ENDPOINT": "%s/v1/logs"}, (OK,), (SETTING, WARNING, "ends in /v1/logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT")),
    "an endpoint": ((), {"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"}, (OK,), (START, ERROR, "begins with http://", "goes on without telemetry")),
    "a pool": (("fill", "wait", "3000"), {}, (OK,), (LOST, WARNING, "records lost so far, most of them: full", "raise .pool_size")),
    "nobody": ((), {}, None, (PUT_OFF, WARNING, "fails and is tried again: Connection refused", "start a receiver there, or correct the endpoint")),
    "the end": ((), {}, None, (LOST, WARNING, "spans lost: shutdown", "nobody took them before the end")),
    "a status": ((), {}, (status(404),), (REFUSED, ERROR, "fails: HTTP status 404", "port 4318")),
    "a status of one signal": ((), {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "%s", "OTEL_EXPORTER_OTLP_ENDPOINT": ""}, (status(404),),
                               (REFUSED, ERROR, "fails: HTTP status 404", "write the whole path, /v1/traces, into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: nothing is added to it")),
    "no path": ((), {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "%s/"}, (OK,), (SETTING, WARNING, "/ has no path, and none is added to it", "write the whole path into it, /v1/logs")),
    "a redirect": ((), {}, (status(302, "Location: http://127.0.0.1:1/x"),), (REFUSED, ERROR, "fails: HTTP status 302, which points to http://127.0.0.1:1/x: redirects are not followed",
                                                                               "make what it points to the endpoint")),
    "a redirect to TLS": ((), {}, (status(302, "Location: Https://127.0.0.1:1/x"),), (REFUSED, ERROR, "which points to Https://127.0.0.1:1/x: redirects are not followed", "no TLS in this port: ")),
    "a key": ((), {}, (status(401),), (REFUSED, ERROR, "fails: HTTP status 401", "OTEL_EXPORTER_OTLP_HEADERS")),
    "a busy one": (("wait", "60000", "until"), {}, (status(503), OK), (PUT_OFF, WARNING, "tried again: HTTP status 503", "see the receiver's log")),
    "back again": (("wait", "60000", "until"), {}, (status(503), OK), (WORKS, INFO, "sending works again", "")),
    "a page": ((), {}, (status(200, "Content-Type: text/html; charset=utf-8", body=b"<!doctype html><title>Sign in</title>"),),
               (REFUSED, WARNING, "is a page of HTML: that is no receiver of OTLP", "OTLP over HTTP listens on port 4318")),
    "a part": ((), {}, (partial(1, b"no such tenant"), OK), (REFUSED, WARNING, "not 1 of its", "see the receiver's log")),
    "stuck": (("stuck",), {}, (OK,), (STOP, ERROR, "the transport does not return", ".timeout_ms")),
    "left open": (("left",), {"OTEL_LOG_LEVEL": "debug"}, (OK,), (LEFT_OPEN, WARNING, "still open after the shutdown", "end them on every path")),
}


@pytest.mark.parametrize("case", CASES)
def test_callback_hears_code_sentence_and_remedy(case, serve):
    words, env, script, (code, level, text, remedy) = CASES[case]
    url = serve(*script).url if script else nowhere()
    env = dict({"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_LOG_LEVEL": "none"}, **{k: v.replace("%s", url) for k, v in env.items()})
    ran = go("say", *words, env=env)
    hits = [h for h in heard(ran.stdout) if h[0] == code and text in h[6]]
    assert hits and hits[0][1] == level and remedy in hits[0][7], ran.stdout
    assert "otel: " not in ran.stderr, "the callback is the one way out"
    assert all(h[6] for h in heard(ran.stdout))
    if case == "a busy one":
        assert hits[0][2] == 0 and hits[0][5] == 503
    if case == "a pool":
        assert hits[0][3] == 0 and 0 < hits[0][4] <= 1000
    if case == "a part":
        assert "no such tenant" in hits[0][6]


def test_a_path_that_one_signal_needs_is_not_asked_for_twice(serve):
    """Nothing is said of an endpoint with a path, a query or without its signal, and a redirect names its remedy once."""
    server = serve(status(302, "Location: http://127.0.0.1:1/x"))
    said = go(env={"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": server.url + "/x", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": server.url + "?x", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": server.url,
                   "OTEL_METRICS_EXPORTER": "none"}).stderr
    assert "path" not in said and said.count("the endpoint") == 1, said


# ---- variables ----

def test_each_variable_of_the_specification_is_read_or_named():
    """All of docs/spec.md without a fault in any is no news; those that are not read have a line each."""
    rows = re.findall(r"\t(OTEL_\w+)\t(works|open)\t", (ROOT / "docs/spec.tsv").read_text())
    read = {n: "7" for n, state in rows if state == "works" and re.search(r"_(LIMIT|TIMEOUT|INTERVAL)$", n)}
    read.update({"OTEL_%s_%s" % (kind, what): "7" for kind in ("BSP", "BLRP") for what in ("SCHEDULE_DELAY", "MAX_QUEUE_SIZE", "EXPORT_TIMEOUT", "MAX_EXPORT_BATCH_SIZE")})
    assert go(env=dict(read, OTEL_TRACES_EXPORTER="none", OTEL_PROPAGATORS="b3")).stderr == "" and len(read) > 19
    names = ["OTEL_CONFIG_FILE"] + ["OTEL_EXPORTER_OTLP_" + n for n in ("CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE", "TRACES_CERTIFICATE", "METRICS_CERTIFICATE", "LOGS_CERTIFICATE", "INSECURE")]
    said = go(env=dict({n: "7" for n in names}, OTEL_TRACES_EXPORTER="none")).stderr.splitlines()
    assert sorted(re.match(r"otel: (\w+) is not read; .", line).group(1) for line in said) == sorted(names)
    assert max(map(len, said)) < 160


def test_a_name_with_a_wrong_letter_is_told():
    wrong = {"OTEL_SERVICENAME": "OTEL_SERVICE_NAME", "OTEL_METRIC_EXPORTER": "OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOIT": "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_BSP_SHEDULE_DELAY": "OTEL_BSP_SCHEDULE_DELAY"}
    others = ("OTEL_GO_X_EXEMPLAR", "OTEL_PYTHON_LOG_LEVEL", "OTEL_EXPORTER_ZIPKIN_ENDPOINT", "OTEL_" + "X" * 300, "OTEL_")
    said = go(env=dict({n: "7" for n in (*wrong, *others)}, OTEL_TRACES_EXPORTER="none")).stderr.splitlines()
    assert sorted(said) == sorted("otel: %s is not read; write %s" % each for each in wrong.items())


def test_bad_headers_do_not_switch_telemetry_off(serve):
    server = serve(OK)
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url.replace("http", "HTTP"), "OTEL_EXPORTER_OTLP_HEADERS": "Bearer x"}
    ran = go(env=env)
    assert "otel: OTEL_EXPORTER_OTLP_HEADERS is ignored: headers are written as name=value,name=value; requests go without it\n" == ran.stderr
    assert server.spans() == [2], "an endpoint is one in capitals too"
    server.requests.clear()
    go(env=dict(env, OTEL_EXPORTER_OTLP_TRACES_HEADERS="key=%20secret"))
    assert server.requests[0]["headers"]["key"].strip() == "secret", "the good ones of one signal go"


def test_disabled_is_told_to_who_looks_for_a_fault():
    assert go(env={"OTEL_SDK_DISABLED": "true", "OTEL_LOG_LEVEL": "debug"}).stderr == "otel: OTEL_SDK_DISABLED=true: nothing is recorded\n"
    assert go(env={"OTEL_SDK_DISABLED": "true"}).stderr == ""


# ---- the port of gRPC ----

SETTINGS_FRAME = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00\x03\x00\x00\x00\x64\x00\x04\x00\x00\xff\xff\x00\x05\x00\x00\x40\x00"
GRPC = "not OTLP over HTTP; that is usually port 4318; correct the endpoint (.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT)"


def waits(s, request):
    """gRPC's C core: settings, and then it waits for the client's."""
    s.sendall(SETTINGS_FRAME)
    s.recv(1)
    return False


@pytest.mark.parametrize("answer", [waits, says(SETTINGS_FRAME, keep=False), byte_by_byte(SETTINGS_FRAME), reset_reply(9, SETTINGS_FRAME)])
def test_gRPC_is_told_by_its_first_frame(answer, serve):
    server = serve(answer, OK)
    ran = go("wait", "60000", "until", env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url})
    assert "fails and is tried again: this port speaks gRPC (HTTP/2), " + GRPC in ran.stderr, ran.stderr
    assert "sending works again" in ran.stderr and "4317" not in ran.stderr


TLS = "no TLS in this port: send to a Collector on this machine (http://localhost:4318), or to there through ports/otel_curl.h, as .send"


@pytest.mark.parametrize("answer,what", [
    (says(b"\x15\x03\x01\x00\x02\x02\x46", keep=False), "is tried again: this port speaks TLS; " + TLS),
    (says("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", keep=False), "HTTP status 400; " + TLS),
    (status(400, "Content-Type: text/html", body=b"<center>The plain HTTP request was sent to HTTPS port</center>"), "HTTP status 400; " + TLS)])
def test_a_port_of_TLS_is_told(answer, what, serve):
    ran = go(*(("wait", "60000", "until") if "again" in what else ()), env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve(answer, OK).url})
    assert what in ran.stderr, ran.stderr


@pytest.mark.parametrize("answer", [reset_request(20), says("", keep=False)])
def test_a_port_that_says_nothing_is_perhaps_one_of_TLS(answer, serve):
    ran = go("wait", "60000", "until", env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve(answer, OK).url})
    assert re.search(r"is tried again: .*; see whether the receiver is well, and whether it speaks OTLP over HTTP there, without TLS and not gRPC", ran.stderr), ran.stderr


def test_a_time_of_milliseconds_is_told(serve):
    ran = go("wait", "60000", "until", env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve(never, OK).url, "OTEL_EXPORTER_OTLP_TIMEOUT": "50"})
    assert "time is up; a request has less than a second: raise .timeout_ms (OTEL_EXPORTER_OTLP_TIMEOUT, in milliseconds)" in ran.stderr, ran.stderr


def test_a_receiver_that_takes_no_large_request_is_named(serve):
    ran = go("wait", "1000", env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve(status(413)).url})
    assert "HTTP status 413; it is sent again in halves; raise the largest request that the receiver takes" in ran.stderr, ran.stderr
    assert "too_large; record shorter texts, or raise the largest request that the receiver takes (413), or .pool_size" in ran.stderr, ran.stderr
    assert ".buffer_size" not in ran.stderr


def test_what_stands_in_the_terminal_is_written_in_few_pieces():
    """stderr has no buffer: a write for each letter would mix the lines of several processes."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    here.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    program = linked("gcc", "tests/c/posix_says.c", "-std=c11", "-O1", "-g", *WARN, "-lpthread", headers=("otel_posix.h",))
    subprocess.run([program, "fill"], env=dict(os.environ, **CLEAN, TERM="dumb"), stderr=there, stdout=subprocess.DEVNULL, check=True, timeout=60)
    here.setblocking(False)
    pieces = []
    try:
        while True:
            pieces.append(here.recv(65536))
    except BlockingIOError:
        pass
    assert len(pieces) > 1 and sum(map(len, pieces)) / len(pieces) > 60 and all(p.endswith(b"\n") for p in pieces), pieces[:5]


def test_a_fault_of_this_process_is_not_the_receiver_s(serve):
    program = cc("gcc", "tests/c/no_descriptors.c", "-D_GNU_SOURCE", "-std=gnu11", *WARN, "-lpthread")
    ran = run([program], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=serve(OK).url), timeout=60)
    assert "Too many open files; raise ulimit -n" in ran.stderr and "receiver" not in ran.stderr.split("raise ulimit")[0], ran.stderr


def test_closed_standard_descriptors_do_not_become_the_library_s(serve, tmp_path):
    """What the program prints would go to the receiver, or into the store."""
    program = cc("gcc", "tests/c/closed_output.c", "-D_GNU_SOURCE", "-std=gnu11", *WARN, "-lpthread")
    server = serve(OK, OK)
    ran = run([program, tmp_path / "store"], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, OTEL_METRICS_EXPORTER="none"), timeout=60, check=False)
    assert ran.returncode == 0 and b"SECRET" not in (tmp_path / "store").read_bytes(), ran.returncode


@pytest.fixture
def serve_4317(serve):
    """A receiver at the port of gRPC, at an address of this machine that nobody else uses."""
    def make(*script):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            host = "127.%d.%d.%d" % tuple(os.urandom(3))
            listener.bind((host, 4317))
        except OSError:
            pytest.skip("port 4317 is taken, or this system has 127.0.0.1 only")
        server = serve(*script)
        listener.listen(5)
        server.listener.close()
        server.listener = listener
        threading.Thread(target=server._accept, daemon=True).start()
        return "http://%s:4317" % host
    return make


@pytest.mark.parametrize("answer,why", [(reset_request(20), "Connection reset by peer"), (says("", keep=False), "the connection was closed without an answer")])
def test_gRPC_is_guessed_by_its_port(answer, why, serve_4317):
    ran = go("say", "wait", "60000", "until", env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve_4317(answer, OK), "OTEL_LOG_LEVEL": "none"})
    said = heard(ran.stdout)
    start, failure = [h for h in said if "4317" in h[6]][:2]
    assert start[:2] == (SETTING, WARNING) and start[6:8] == ("the endpoint's port is 4317, which usually speaks gRPC (HTTP/2), not OTLP over HTTP", "that is usually port 4318")
    assert failure[0] == PUT_OFF and "%s; port 4317 usually speaks gRPC (HTTP/2), %s" % (why, GRPC) == "; ".join(failure[6:8]).split("again: ")[1]
    assert any(h[0] == WORKS for h in said), "it is tried again as before"


def test_a_port_of_gRPC_that_answers_is_no_failure(serve_4317):
    ran = go(env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve_4317(OK)})
    assert ran.stderr == "otel: the endpoint's port is 4317, which usually speaks gRPC (HTTP/2), not OTLP over HTTP; that is usually port 4318\n", "said once"


# ---- spans left open ----

def test_debug_names_spans_that_nobody_ended():
    env = {"OTEL_TRACES_EXPORTER": "none", "OTEL_LOG_LEVEL": "debug"}
    ran = go("left", "over", "own", env=env)
    assert "otel: a span is still open after the shutdown: it is not recorded (left behind); end them on every path" in ran.stderr
    assert "otel: another span began where one was never ended (overwritten); " in ran.stderr
    assert re.search(r"^spans open now: 1, never ended: 1, the last one overwritten\n  left behind  ", ran.stderr, re.M), ran.stderr
    assert "started 1" in ran.stdout, "the program's own processors are asked as well"
    assert "open" not in go("left", env=dict(env, OTEL_LOG_LEVEL="info")).stderr


def test_a_pool_too_small_is_told_in_the_words_of_the_start():
    ran = go("tiny")
    assert "start -2" in ran.stdout
    assert "the pool is too small for a record in each shard; raise .pool_size, or lower .shards or .log_percent; the program goes on without telemetry" in ran.stderr


def test_the_fullest_shard_is_told():
    """One thread, and nobody takes what it records: its own shard is full, and the pool looks empty."""
    ran = go("many", "dump", "stuck")
    used, size, most = map(int, re.search(r"^pool: spans (\d+) of (\d+) bytes.*\n  the fullest of 9 shards: spans (\d+) %", ran.stdout, re.M).groups())
    assert most > 85 and used < size / 4, ran.stdout


def test_screen_of_a_running_program(serve):
    ran = go("dump", env={"OTEL_EXPORTER_OTLP_ENDPOINT": serve(OK).url})
    first, second = ran.stdout.split("dump 0\n")[:2]
    assert "otel: running, time known" in first and "pool: spans " in first and re.search(r"^  spans +2 ", first, re.M), ran.stdout
    assert re.search(r"^  the fullest of \d+ shards: spans 0 %, logs 0 %$", first, re.M), "a thread fills one of them only"
    assert "otel: shut down" in second and "nothing was lost" in second


def test_screen_names_what_goes_to_nobody(serve):
    """Counts alone look as if all had arrived."""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": serve(OK).url, "OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none,otlp"}
    line = "spans go to nobody: OTEL_TRACES_EXPORTER=none, so what is exported is forgotten\n"
    ran = go("dump", env=env)
    first, second = ran.stdout.split("dump 0\n")[:2]
    assert first.endswith(line) and second.endswith(line) and ran.stdout.count("nobody") == 2 and ran.stderr == "", ran.stdout + ran.stderr
    assert line in go(env=dict(env, OTEL_LOG_LEVEL="debug")).stderr
    assert "nobody" not in go("dump", env={"OTEL_TRACES_EXPORTER": "console"}).stdout


def test_watch_of_many_threads_under_the_thread_sanitizer():
    need_flags("gcc", *TSAN)
    program = cc("gcc", '''
#include "otel_export.h"
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static otel_t otel;
static uint64_t pool[8192];
static otel_leak_t open_[8];
static otel_leaks_t leaks = { .open = open_, .open_len = 8 };
static otel_processor_t watch;
static const otel_processor_t *const processors[] = { &watch, NULL };
static const otel_span_settings_t settings = { .processors = processors };
static uint64_t now(void *user) { struct timespec t; (void)user; (void)clock_gettime(CLOCK_REALTIME, &t); return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec; }
static void *work(void *nothing)
{
    int i;
    (void)nothing;
    for (i = 0; i < 3000; i++) {
        OTEL_SPAN(a, "outer") { OTEL_SPAN(b, "inner") { OTEL_SPAN(c, "third") (void)c; (void)b; } (void)a; }
    }
    otel_thread_end(&otel);
    return NULL;
}
int main(void)
{
    pthread_t t[4];
    static otel_span_t left;
    otel_open_span_t list[8];
    size_t named, i;
    uint32_t most = 0, n;
    watch = otel_processor_leaks(&leaks);
    if (otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool, .shards = 5, .spans = otel_spans(&settings))) return 1;
    otel_span_start(&left, "left");
    for (i = 0; i < 4; i++) (void)pthread_create(&t[i], NULL, work, NULL);
    for (i = 0; i < 2000; i++) if ((n = otel_leaks_open(&leaks, list, 8, &named)) > most) most = n;
    for (i = 0; i < 4; i++) (void)pthread_join(t[i], NULL);
    n = otel_leaks_open(&leaks, list, 8, &named);
    printf("%u open, %u named %s, %u left, at most 13: %d\\n", (unsigned)n, (unsigned)named, list[0].name, (unsigned)otel_leaks_left(&leaks), most <= 13);
    return 0;
}
''', "-std=gnu11", *TSAN, *WARN, "-lpthread")
    assert run([program], timeout=120).stdout == "1 open, 1 named left, 0 left, at most 13: 1\n"
