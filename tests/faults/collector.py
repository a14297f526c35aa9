#!/usr/bin/env python3
"""A receiver of OTLP over HTTP that fails as it is told, on a real socket.

In tests:

    server = FaultCollector([status(503, "Retry-After: 2"), reset_request(100), OK])      # the last one for ever
    ... send to server.url ...
    server.requests, server.connections, server.spans()

By hand, to see what a program does when its receiver is ill:

    tests/faults/collector.py [-p PORT] STEP...

    200, 503, 307 ...        answer with that status; 503/2 adds Retry-After: 2, 307/URL a Location
    delay:MS                 answer 200 after so long              never          take the request and say nothing
    reset:K                  reset after K bytes of the request    cut:K          reset after K bytes of the answer
    garbage html gzip        answers that are no OTLP              huge           a body of 200 MB
    endless                  a body without end                    drip           an answer byte by byte
    chunked interim close    odd, but right answers                partial:N      200, and N items rejected
    STEP*N repeats a step; the last one stays. Each request is told in one line.
"""
import gzip
import socket
import struct
import sys
import threading
import time


class FaultCollector:
    """Answers each request with the next function of `script` (the last one for ever): answer(socket, request) -> keep on?

    A function with an attribute `early` is called with the first bytes instead, before the request is complete.
    .requests: dicts with line, headers, body, connection, whole."""

    def __init__(self, script, port=0, told=None):
        self.script, self.requests, self.connections, self.told = list(script), [], 0, told
        self.lock = threading.Lock()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen(50)
        self.port = self.listener.getsockname()[1]
        self.open = True
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def close(self):
        self.open = False
        self.listener.close()

    def _accept(self):
        while self.open:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(s, self.connections), daemon=True).start()

    def _next(self):
        with self.lock:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def _note(self, request):
        with self.lock:
            self.requests.append(request)
        if self.told:
            self.told(request)

    def _serve(self, s, number):
        data = b""
        try:
            while True:
                answer = None
                while b"\r\n\r\n" not in data:
                    early = getattr(self.script[0], "early", None)
                    more = s.recv(65536 if data or early is None else early)
                    if not more:
                        return
                    if not data and answer is None:
                        answer = self._next()
                        if getattr(answer, "early", None) is not None:      # acts after so many bytes of the request
                            self._note({"connection": number, "line": "", "headers": {}, "body": b"", "whole": False})
                            answer(s, more)
                            return
                    data += more
                head, data = data.split(b"\r\n\r\n", 1)
                lines = head.decode("latin-1").split("\r\n")
                headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
                want = int(headers["content-length"])
                while len(data) < want:
                    more = s.recv(65536)
                    if not more:
                        return
                    data += more
                body = data[:want]
                if headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                request = {"line": lines[0], "headers": headers, "body": body, "connection": number, "whole": True,
                           "bytes": len(head) + 4 + want}
                data = data[want:]
                self._note(request)
                if not (answer or self._next())(s, request):
                    return
        except OSError:
            pass
        finally:
            s.close()

    def spans(self):
        """How many spans came in, by the official decoder, one list entry for each whole request."""
        from conftest import need_module
        pb = need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
        return [sum(len(s.spans) for r in pb.ExportTraceServiceRequest.FromString(q["body"]).resource_spans for s in r.scope_spans)
                for q in self.requests if q["body"] and q["line"].split(" ")[1].endswith("/v1/traces")]


# ---- answers ----

def says(text, keep=True, pause=0):
    """These bytes, after `pause` seconds."""
    def answer(s, request):
        time.sleep(pause)
        s.sendall(text if isinstance(text, bytes) else text.encode("latin-1"))
        return keep
    return answer


def status(code, *headers, body=b"", keep=True):
    return says(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n%s\r\n%s"
                % (code, len(body), "".join(h + "\r\n" for h in headers).encode(), body), keep)


OK = status(200)


def reset(s):
    """Make the close of a socket a reset."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_request(k):
    """Reset as soon as exactly `k` bytes of the request were read."""
    def answer(s, first):
        got = len(first)
        while got < k:
            more = s.recv(min(65536, k - got))
            if not more:
                break
            got += len(more)
        reset(s)
    answer.early = k
    return answer


def reset_reply(k, text=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x0a\x02\x08\x00"):
    """Send `k` bytes of an answer, let them arrive, and reset."""
    def answer(s, request):
        s.sendall(text[:k])
        time.sleep(0.002)
        reset(s)
        return False
    return answer


def cut_reply(k, text=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x0a\x02\x08\x00"):
    """The same with an orderly close."""
    return says(text[:k], keep=False)


def byte_by_byte(text, pause=0.001):
    def answer(s, request):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(text)):
            s.sendall(text[i:i + 1])
            time.sleep(pause)
        return True
    return answer


def never(s, request):
    """Take everything, answer nothing, until the other side gives up."""
    while s.recv(65536):
        pass
    return False


def body_of(size, piece=1 << 16):
    """200 and a body of `size` bytes, announced."""
    def answer(s, request):
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for at in range(0, size, piece):
            s.sendall(bytes(min(piece, size - at)))
        return True
    return answer


def endless(s, request):
    """200 and chunks for as long as the other side takes them."""
    s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        s.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")


def at_most(size, code=413, **more):
    """200 up to so many bytes of body, `code` beyond."""
    def answer(s, request):
        return (OK if len(request["body"]) <= size else status(code, **more))(s, request)
    return answer


def partial(n, message=b"no way"):
    """200, and n items were rejected (ExportTracePartialSuccess.rejected_spans = 1, error_message = 2)."""
    count, n = b"", n & (1 << 64) - 1
    while True:
        count, n = count + bytes([n & 127 | (128 if n > 127 else 0)]), n >> 7
        if not n:
            break
    inner = b"\x08" + count + b"\x12" + bytes([len(message)]) + message
    return status(200, "Content-Type: application/x-protobuf", body=b"\x0a" + bytes([len(inner)]) + inner)


WORDS = {
    "never": never, "endless": endless, "huge": body_of(200 << 20), "close": status(200, "Connection: close", keep=False),
    "garbage": says("\x16\x03\x01 this is no HTTP\r\n\r\n", keep=False),
    "html": status(200, "Content-Type: text/html", body=b"<html>" + b"x" * 9000 + b"</html>"),
    "gzip": status(200, "Content-Encoding: gzip", body=gzip.compress(b"x" * 100000)),
    "drip": byte_by_byte(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0.05),
    "chunked": says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\n\x00\r\n0\r\n\r\n"),
    "interim": says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
}


def step(word):
    """A step of the command line."""
    name, _, value = word.partition(":")
    if name in WORDS:
        return WORDS[name]
    if name in ("reset", "cut", "delay", "partial"):
        return {"reset": reset_request, "cut": reset_reply, "partial": partial,
                "delay": lambda ms: says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", pause=ms / 1000)}[name](int(value))
    code, _, more = word.partition("/")
    if not code.isdigit():
        raise SystemExit("%s is no step: see --help" % word)
    return status(int(code), *([("Location: " if code.startswith("3") else "Retry-After: ") + more] if more else []))


def main(words):
    port = 4318
    if words[:1] in (["-p"], ["--port"]):
        port, words = int(words[1]), words[2:]
    if not words or "--help" in words or "-h" in words:
        raise SystemExit(__doc__)
    script = []
    for word in words:
        what, _, times = word.partition("*")
        script += [step(what)] * int(times or 1)
    server = FaultCollector(script, port, lambda r: print(
        "%d: %s" % (len(server.requests), "%s, %d bytes of body" % (r["line"], len(r["body"])) if r["whole"] else "broken off"), flush=True))
    print("OTEL_EXPORTER_OTLP_ENDPOINT=" + server.url, flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
