"""What a receiver, a network or a system may do to the library, one after the other, on real sockets; the law is checked after
each: created = exported + dropped + queued. docs/faults.tsv says which fault is shown by which test of the whole suite, and
`tools/faults` renders it to docs/reliability.md. The programs are the modes of tests/c/fault_program.c."""
import os
import re
import signal
import subprocess
import sys
import threading

import pytest

from conftest import ROOT, WARN, cc, free_port, how_to_install, linked, missing, need, once, run
from faults.collector import (OK, at_most, cut_reply, never, partial, reset_reply, reset_request,
                              status, WORDS)

PROGRAM = "tests/c/fault_program.c"
CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}
NOWHERE = {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
REASONS = ("full", "in_flight", "busy", "thread", "processor", "too_large", "shutdown", "reset", "rejected", "gave_up", "no_clock")


def program(*flags):
    if "-DWITH_GZIP" in flags:
        return once("gcc", PROGRAM, "-std=c11", *flags, *WARN, "-lpthread")
    return linked("gcc", PROGRAM, "-std=c11", *(flags or ("-O1", "-g")), *WARN, "-lpthread", headers=("otel_posix.h",))


def laws(text):
    """{signal: {created, exported, ...}} of the last lines of a run, and the text; the law must hold, steadily, for all three."""
    found = {m.group(1): {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", m.group(2))} for m in re.finditer(r"^(traces|metrics|logs) (created=.*) law$", text, re.M)}
    assert "BROKEN" not in text and set(found) == {"traces", "metrics", "logs"}, text
    for counts in found.values():
        assert counts["created"] == counts["exported"] + counts["dropped"] + counts["queued"], text
        assert counts["dropped"] == sum(counts.get(r, 0) for r in REASONS), text
    return found


def go(*words, env=None, before=(), timeout=120, **more):
    """Run a mode; gives its counts of all signals, .text, .said (stderr)."""
    ran = run([*before, program(), *words], env=dict(CLEAN, **(env or {})), timeout=timeout, **more)
    counts = laws(ran.stdout)
    counts["text"], counts["said"] = ran.stdout, ran.stderr
    return counts


def need_header(name):
    if run(["gcc", "-fsyntax-only", "-x", "c", "-"], input=b"#include <%s>\n" % name.encode(), check=False).returncode:
        missing("<%s>" % name, how_to_install("<%s>" % name))


def number(counts, word):
    return int(re.search(r"^%s (-?\d+)" % word, counts["text"], re.M).group(1))


def batch(server, n=10, timeout=2000, seconds=20, url=None, **more):
    return go("batch", url or server.url, n, timeout, seconds, timeout=seconds + 60, **more)


# ---- nobody there, or slow ----

@pytest.mark.parametrize("oldest", [0, 1], ids=["newest", "oldest"])
def test_nobody_answers_and_memory_stays_flat(oldest):
    """300,000 spans and logs into 64 KiB, against a closed port."""
    counts = go("fill", "http://127.0.0.1:%d" % free_port(), 300000, oldest)
    for signal in ("traces", "logs"):
        assert counts[signal]["created"] == 300000 and counts[signal]["exported"] == 0
        assert counts[signal]["queued"] > 100 and counts[signal]["full"] == counts[signal]["dropped"], "all losses are `full`"
    assert counts["traces"]["retried"] >= 2 and number(counts, "grown") <= 256


def test_recording_goes_on_while_the_receiver_sits_on_a_request(serve):
    """20,000 spans are recorded between the arrival of a request and its answer: an order of events, not a time."""
    arrived, answer = threading.Event(), threading.Event()

    def sit(s, request):
        arrived.set()
        answer.wait(60)
        return OK(s, request)
    server = serve(sit, OK)
    child = subprocess.Popen([str(program()), "stalled", "20000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env=dict(os.environ, **CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url))
    try:
        assert arrived.wait(30)
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "recorded\n" and not answer.is_set()
        answer.set()
        said, _ = child.communicate("\n", timeout=60)
    finally:
        child.kill()
    counts = laws(said)
    assert "stop 0" in said and counts["traces"]["created"] == 20001 and counts["traces"]["queued"] == 0
    assert sum(server.spans()) == counts["traces"]["exported"]


def test_no_answer_within_the_timeout_is_sent_again(serve):
    server = serve(never, never, OK)
    counts = batch(server, timeout=1000)
    assert counts["traces"]["exported"] == 10 and counts["traces"]["retried"] == 2 and server.spans() == [10, 10, 10]


# ---- a connection that breaks, everywhere ----

def request_bytes(serve):
    """How long the request of one round is."""
    server = serve(OK)
    go("rounds", server.url, 2, 2000)
    assert len(server.requests) == 2
    return server.requests[1]["bytes"]


def test_reset_at_every_byte_of_the_request(serve):
    """Kept, and sent again once: the receiver has each span exactly once, because none was whole before."""
    length = request_bytes(serve)
    ks = [k for k in range(1, length)]
    script = []
    for k in ks:
        script += [reset_request(k), OK]
    server = serve(*script, OK)
    counts = go("rounds", server.url, len(ks), 5000)
    assert number(counts, "late") == 0 and len(ks) > 300
    assert counts["traces"]["exported"] == counts["traces"]["created"] == len(ks), counts["text"]
    assert server.spans() == [1] * len(ks), "nothing lost, nothing twice"
    assert sum(not q["whole"] for q in server.requests) == len(ks), "each byte had its reset"


@pytest.mark.parametrize("how", [reset_reply, cut_reply])
def test_break_at_every_byte_of_the_answer(serve, how):
    """A head that is not whole is no answer: sent again, so the receiver has it twice, and it counts once. Behind it the status counts."""
    text = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x0a\x02\x08\x00"
    head = text.index(b"\r\n\r\n") + 4
    rounds = len(text) if how is cut_reply else head             # a reset takes along what was not read yet
    script = []
    for k in range(rounds):
        script += [how(k), OK] if k < head else [how(k)]
    server = serve(*script, OK)
    counts = go("rounds", server.url, rounds, 5000)
    assert number(counts, "late") == 0 and counts["traces"]["exported"] == counts["traces"]["created"] == rounds, counts["text"]
    assert server.spans() == [1] * (rounds + head)


def test_break_at_every_byte_of_a_chunked_answer(serve):
    text = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nt: u\r\n\r\n"
    head = text.index(b"\r\n\r\n") + 4
    script = []
    for k in range(len(text)):
        script += [cut_reply(k, text), OK] if k < head else [cut_reply(k, text)]
    server = serve(*script, OK)
    counts = go("rounds", server.url, len(text), 5000)
    assert counts["traces"]["exported"] == counts["traces"]["created"] == len(text) and server.spans() == [1] * (len(text) + head)


# ---- answers ----

RETRY_AFTER = {"1": 1000, " 1 ": 1000, "0": 0, "-1": 0, "1.5": 0, "junk": 0, "": 0, "99999999999999999999": 3000, "4294967296": 3000, "1 2": 0,
               "Thu, 01 Jan 1970 00:00:00 GMT": 0}


@pytest.mark.parametrize("value", RETRY_AFTER)
@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_kept_up_to_the_longest_wait(serve, code, value):
    """The exporter's longest wait is 3 s here. What makes no sense leaves the wait to its own back-off, which is some milliseconds."""
    server = serve(status(code, "Retry-After: " + value), OK)
    counts = batch(server)
    assert counts["traces"]["exported"] == 10 and counts["traces"]["retried"] == 1 and server.spans() == [10, 10]
    assert number(counts, "took") >= RETRY_AFTER[value]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 406, 408, 409, 415, 418, 451, 500, 501, 505, 511, 599])
def test_final_answers_are_counted_and_never_sent_again(serve, code):
    server = serve(status(code), OK)
    counts = batch(server)
    assert (counts["traces"]["exported"], counts["traces"]["dropped"], counts["traces"]["retried"]) == (0, 10, 0) and len(server.requests) == 1
    assert "said HTTP status %d" % code in counts["text"]


def test_too_large_is_cut_in_halves_until_it_fits(serve):
    server = serve(at_most(600))
    counts = batch(server, n=64)
    assert counts["traces"]["exported"] == 64 and counts["traces"]["dropped"] == 0
    taken = [q for q in server.requests if len(q["body"]) <= 600]
    assert len(server.requests) > len(taken) >= 8


def test_too_large_said_by_400_and_its_status_is_cut_too(serve):
    said = b"\x08\x08\x12\x18request body too large: "
    server = serve(at_most(600, 400, body=said))
    counts = batch(server, n=64)
    assert counts["traces"]["exported"] == 64 and counts["traces"]["dropped"] == 0


def test_one_record_that_is_too_large_alone_is_counted_so(serve):
    server = serve(status(413), status(413), status(413), OK)        # 2, 1 refused, then the other one, then all is well
    counts = batch(server, n=2)
    assert counts["traces"]["too_large"] + counts["traces"]["exported"] == 2 and counts["traces"]["too_large"] >= 1 and len(server.requests) <= 4


@pytest.mark.parametrize("n,lost", [(3, 3), (10, 10), (11, 10), (-1, 0), (1 << 62, 10), (0, 0)])
def test_partial_success_is_counted_and_clamped(serve, n, lost):
    server = serve(partial(n))
    counts = batch(server)
    assert (counts["traces"]["exported"], counts["traces"]["dropped"]) == (10 - lost, lost) and len(server.requests) == 1


def test_a_long_message_of_partial_success_is_no_trouble(serve):
    body = b"\x0a\x80\x80\x40\x08\x02\x12\xf9\xff\x3f" + b"m" * ((1 << 20) - 7)
    server = serve(status(200, "Content-Type: application/x-protobuf", body=body))
    counts = batch(server)
    assert (counts["traces"]["exported"], counts["traces"]["dropped"]) == (8, 2)


@pytest.mark.parametrize("name", ["garbage", "html", "gzip", "huge", "endless"])
def test_odd_answers_cost_no_memory(serve, name):
    """200 MB, an endless body, a web page, bytes that are no HTTP: the reader stays small, and only HTTP is an answer."""
    server = serve(WORDS[name], OK)
    counts = batch(server, timeout=10000)
    assert counts["traces"]["exported"] == 10 and counts["traces"]["dropped"] == 0
    assert counts["traces"]["retried"] == (1 if name == "garbage" else 0)
    assert number(counts, "memory") < 8000, "KiB"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed_and_named(serve, code):
    """To itself, which would never end: one request, and the sentence says where it points."""
    server = serve(status(code, "Location: /v1/traces"))
    counts = batch(server)
    assert counts["traces"]["rejected"] == 10 and len(server.requests) == 1
    assert "said HTTP status %d, which points to /v1/traces: redirects are not followed" % code in counts["text"]


# ---- the system ----

@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_short_writes_and_reads_give_the_same_bytes(serve, build_dir, most):
    """At most so many bytes a call, and EAGAIN in between."""
    preload = cc("gcc", "tests/faults/short.c", "-shared", "-fPIC", "-O1", "-Wall", "-ldl", out=build_dir / "short.so")
    server = serve(status(200, body=b"\x0a\x02\x08\x00"))
    counts = batch(server, n=40, env={"LD_PRELOAD": str(preload), "FAULT_SHORT": str(most)})
    assert counts["traces"]["exported"] == 40 and counts["traces"]["retried"] == 0 and server.spans() == [40]
    plain = serve(OK)
    batch(plain, n=40)
    assert len(server.requests[0]["body"]) == len(plain.requests[0]["body"]) and server.connections == 1


INJECTED = ["sendmsg:error=EINTR:when=1+3", "sendmsg:error=EAGAIN:when=1+2", "sendmsg:error=ENOBUFS:when=1+2", "recvfrom:error=EINTR:when=1+2",
            "recvfrom:error=EAGAIN:when=1+2", "poll:error=EINTR:when=1+2", "connect:error=EINTR:when=1", "connect:error=ECONNREFUSED:when=1",
            "connect:error=ENETUNREACH:when=1..3", "socket:error=EMFILE:when=1..2", "sendmsg:error=EPIPE:when=2", "sendmsg:error=ECONNRESET:when=1",
            "recvfrom:error=ECONNRESET:when=1", "sendmsg:error=ENOMEM:when=3", "fcntl:error=EINVAL:when=1"]


def strace(*filters):
    need("strace")
    ran = run(["strace", "-o", "/dev/null", "true"], check=False)
    if ran.returncode:
        missing("a system that lets strace attach", "allow ptrace (docker run --cap-add SYS_PTRACE)")
    return ["strace", "-f", "-o", "/dev/null", *filters]


@pytest.mark.parametrize("what", INJECTED)
def test_errors_of_the_system_lose_nothing(serve, what):
    server = serve(OK)
    counts = go("rounds", server.url, 20, 3000, before=strace("-e", "trace=network,poll,fcntl", "-e", "inject=" + what))
    assert counts["traces"]["created"] == counts["traces"]["exported"] == 20, counts["text"]
    if re.search("EINTR|EAGAIN|ENOBUFS", what) and "connect" not in what:
        assert counts["traces"]["retried"] == 0 and server.connections == 1, counts["text"]


LOCKS = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static unsigned long locks;
#define COUNTED(name, type) int name(type *m) { static int (*real)(type *); if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name); locks++; return real(m); }
COUNTED(pthread_mutex_lock, pthread_mutex_t)
COUNTED(pthread_mutex_trylock, pthread_mutex_t)
COUNTED(pthread_rwlock_rdlock, pthread_rwlock_t)
COUNTED(pthread_rwlock_wrlock, pthread_rwlock_t)
COUNTED(pthread_spin_lock, pthread_spinlock_t)
__attribute__((destructor)) static void tell(void) { fprintf(stderr, "locks %lu\\n", locks); }
"""


def test_recording_neither_allocates_nor_locks_nor_calls_the_system(build_dir):
    """Ten spans, logs and numbers, or twenty thousand: the same allocations, locks and system calls, which are those of the start."""
    preloads = [cc("gcc", "tests/faults/memory.c", "-shared", "-fPIC", "-O1", "-Wall", out=build_dir / "memory.so"),
                cc("gcc", LOCKS, "-shared", "-fPIC", "-O1", "-w", "-ldl", out=build_dir / "locks.so")]
    seen = []
    for n in (10, 20000):
        ran = run([program(), "quiet", n], env=dict(CLEAN, LD_PRELOAD=" ".join(map(str, preloads)), FAULT_COUNT="1"))
        before = strace()
        before[before.index("/dev/null")] = str(build_dir / "calls")
        run([*before, program(), "quiet", n], env=CLEAN)
        calls = [line.split("(")[0].split()[-1] for line in (build_dir / "calls").read_text().splitlines() if "(" in line]
        seen.append((re.search(r"allocations (\d+)", ran.stderr).group(1), re.search(r"locks (\d+)", ran.stderr).group(1), calls))
    assert seen[0] == seen[1] and len(seen[0][2]) > 10


def test_without_entropy_ids_are_unique_and_do_not_claim_to_be_random():
    """getrandom fails and there is no /dev/urandom."""
    before = strace("-e", "trace=getrandom,openat,open", "-e", "inject=getrandom:error=ENOSYS", "-P", "/dev/urandom", "-e", "inject=openat:error=ENOENT")
    found = []
    for words in (before[:6] + ["-e", "inject=getrandom:error=ENOSYS"], before):
        ran = run([*words, program(), "entropy"], env=dict(CLEAN, **NOWHERE))
        found.append(re.findall(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-(\d\d)$", ran.stdout, re.M))
    for one in found:
        assert len(one) == 3 and len({t for t, _, _ in one}) == 3 and all(int(t, 16) and int(s, 16) for t, s, _ in one)


def test_no_memory_at_any_moment(serve, build_dir):
    """From the n-th allocation on there is none, for each n (libc takes some for the address): kept, and sent when there is memory
    again. By number, because glibc 2.36 itself falls over when it resolves a name without memory."""
    preload = cc("gcc", "tests/faults/memory.c", "-shared", "-fPIC", "-O1", "-Wall", out=build_dir / "memory.so")
    server = serve(OK)
    env = {"LD_PRELOAD": str(preload), "FAULT_COUNT": "1"}
    total = int(re.search(r"allocations (\d+)", batch(server, seconds=1, env=env)["said"]).group(1))
    found = [batch(server, seconds=1, env=dict(env, FAULT_AFTER=str(n)))["traces"] for n in range(total + 1)]
    assert total >= 1 and all(t["created"] == 10 and t["dropped"] == 0 for t in found)
    assert found[0]["queued"] == 10 and found[total]["exported"] == 10, "without any it waits, with all it is sent"


# ---- the program ----

def test_a_transport_that_records_neither_recurses_nor_hangs():
    counts = go("reenter")
    assert "flush 0" in counts["text"] and "stop 0" in counts["text"]
    assert counts["traces"]["created"] == 6 and counts["logs"]["created"] == 5 and counts["traces"]["exported"] + counts["traces"]["dropped"] == 6


def test_spans_in_atexit_before_and_behind_the_end(serve):
    server = serve(OK)
    counts = go("atexit", env={"OTEL_EXPORTER_OTLP_ENDPOINT": server.url})
    assert counts["traces"]["exported"] == 1 and sum(server.spans()) == 1 and "stop 0" in counts["text"]


def terminated(server, *signals):
    """A program that waits for the end, and gets these signals; (returncode, text)."""
    child = subprocess.Popen([str(program()), "term"], stdout=subprocess.PIPE, text=True, env=dict(os.environ, **CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url))
    said = ""
    while not said.endswith("up\n"):
        line = child.stdout.readline()
        assert line, said
        said += line
    for s in signals:
        child.send_signal(s)
        server.seen.wait(20)
    return child.wait(30), said + child.stdout.read()


def test_a_signal_ends_the_program_in_order(serve):
    """Closers run, the last one given first, what they record is sent, and the signal does what it does; nothing waits for the hour."""
    server = serve(OK)
    server.seen = threading.Event()
    server.seen.set()
    code, said = terminated(server, signal.SIGTERM)
    assert code == -signal.SIGTERM and sum(server.spans()) == 4, said
    assert re.findall(r"closer (\d), (.*)", said) == [("3", "with time"), ("2", "with time"), ("1", "with time")]
    assert "early -7\nstop_on 0 0, a handler of the program's -9\nlive 1 ready 1 queued 1\n" in said and "inside: stop -12, at_stop -6" in said


def test_a_second_signal_ends_it_at_once(serve):
    """While the receiver sits on the last request."""
    def sit(s, request):
        server.seen.set()
        never(s, request)
    server = serve(sit)
    server.seen = threading.Event()
    code, _ = terminated(server, signal.SIGTERM, signal.SIGTERM)
    assert code == -signal.SIGTERM and len(server.requests) == 1


def test_closers_run_at_exit_too(serve):
    server = serve(OK)
    ran = run([program(), "term", "exit"], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url))
    assert re.findall(r"closer (\d)", ran.stdout) == ["3", "2", "1"] and sum(server.spans()) == 4


def test_a_token_is_asked_for_each_request_and_cannot_smuggle(serve):
    server = serve(OK)
    counts = go("token", server.url, 4)
    found = [q["headers"].get("authorization") for q in server.requests]
    assert found == ["Bearer t0", "Bearer t1", None, "Bearer t4"] and not any("x-evil" in q["headers"] for q in server.requests)
    assert all(q["headers"]["x-team"] == "blue" for q in server.requests), "of the headers one is left out: the old token"
    assert counts["traces"]["exported"] == 4 and counts["traces"]["retried"] == 1


@pytest.mark.parametrize("parts", [0, 1])
def test_bodies_in_gzip(serve, parts):
    need_header("zlib.h")
    server = serve(OK)
    ran = run([program("-O1", "-g", "-DWITH_GZIP", "-lz"), "gzip", server.url, 500, parts], env=CLEAN)
    assert laws(ran.stdout)["traces"]["exported"] == 500 and server.spans() == [500]
    assert server.requests[0]["headers"]["content-encoding"] == "gzip" and int(server.requests[0]["headers"]["content-length"]) < len(server.requests[0]["body"]) // 3


def test_the_collector_reads_gzip(collector):
    need_header("zlib.h")
    run([program("-O1", "-g", "-DWITH_GZIP", "-lz"), "gzip", collector.http, 500, 0], env=CLEAN)
    assert len(collector.spans(500)) == 500


SQUEEZING = """
#include "otel_posix.h"
#include "otel_gzip.h"
int main(void)
{
    static otel_gzip_t gzip;
    if (otel_posix_start(.service = "squeezing", .compress = otel_gzip, .compress_user = &gzip) != OTEL_OK) return 2;
    OTEL_SPAN(span, "one") otel_log(OTEL_INFO, "sent");
    return otel_posix_flush(10000) == OTEL_OK ? 0 : 1;
}
"""


@pytest.mark.parametrize("env,squeezed,said", [
    ({}, {"/v1/traces", "/v1/logs"}, ""),
    ({"OTEL_EXPORTER_OTLP_COMPRESSION": "none"}, set(), ""),
    ({"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION": "none"}, {"/v1/traces"}, ""),
    ({"OTEL_EXPORTER_OTLP_COMPRESSION": "none", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "gzip"}, {"/v1/traces"}, ""),
    ({"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "zstd"}, {"/v1/traces", "/v1/logs"}, "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION=zstd is ignored"),
], ids=lambda value: " ".join(value) if isinstance(value, dict) else None)
def test_the_environment_says_what_is_compressed(serve, env, squeezed, said):
    need_header("zlib.h")
    server = serve(OK)
    ran = run([cc("gcc", SQUEEZING, "-std=gnu11", *WARN, "-lz", "-lpthread")], env=dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, **env))
    how = {q["line"].split()[1]: q["headers"].get("content-encoding") for q in server.requests}
    assert how.keys() == {"/v1/traces", "/v1/logs"} and {path for path, coding in how.items() if coding == "gzip"} == squeezed
    assert said in ran.stderr and ("ignored" in ran.stderr) == bool(said)


def test_a_million_attribute_sets_take_no_memory():
    counts = go("sets", 1000000, env=dict(NOWHERE, OTEL_LOG_LEVEL="error"))        # the sentence about it takes its pages once
    assert counts["metrics"]["exported"] == 9 and number(counts, "grown") <= 64


def calls_of(text):
    """The call graph of gcc's -fcallgraph-info: {function: functions it calls}."""
    graph = {}
    for source, target in re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text):
        graph.setdefault(source, set()).add(target)
    return graph


def cycle(graph):
    """A cycle of calls, or nothing."""
    state, path = {}, []

    def visit(node):
        state[node] = "open"
        path.append(node)
        for after in sorted(graph.get(node, ())):
            if state.get(after) == "open":
                return path[path.index(after):] + [after]
            if after not in state:
                found = visit(after)
                if found:
                    return found
        path.pop()
        state[node] = "done"
        return []
    for node in sorted(graph):
        if node not in state:
            found = visit(node)
            if found:
                return found
    return []


def test_the_library_does_not_recurse(build_dir):
    """No function of the headers or of the port reaches itself by calls that the compiler sees; hooks are the user's."""
    source = build_dir / "all.c"
    source.write_text((ROOT / PROGRAM).read_text())
    cc("gcc", source, "-std=c11", "-O0", "-fcallgraph-info", "-c", out=build_dir / "all.o")
    graph = calls_of(next(build_dir.glob("*.ci")).read_text())
    assert len(graph) > 300 and cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    graph.pop("__indirect_call", None)
    assert cycle(graph) == []


def test_the_fault_collector_runs_by_itself():
    port = free_port()
    child = subprocess.Popen([sys.executable, str(ROOT / "tests/faults/collector.py"), "-p", str(port), "503/1", "200"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%d\n" % port
        counts = batch(None, url="http://127.0.0.1:%d" % port)
        assert counts["traces"]["exported"] == 10 and counts["traces"]["retried"] == 1
        assert re.match(r"1: POST /v1/traces HTTP/1.1, \d+ bytes", child.stdout.readline())
    finally:
        child.kill()
