"""Frames for small links and the gateway at their other end: a real device (in a shared library, its clock moved by the test)
against the gateway's own code over links that lose, repeat, reorder and damage; then the gateway as a program, against the real
Collector, over serial line, TCP and UDP."""
import ctypes
import json
import os
import pty
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tty

import pytest
from conftest import ROOT, WARN, cc, load, need_module, run, scratch

GATEWAY = ROOT / "tools/otlp-gateway"
T0 = 1760000000 * 10**9
gateway = load("otlp_gateway", GATEWAY)
_library = []


def library():
    """A fresh device: each is a copy of the library, so that several live in one process."""
    if not _library:
        _library.append(cc("gcc", "tests/firmware/link.c", "-std=c11", "-O1", "-shared", "-fPIC", "-fsanitize=undefined", "-fno-sanitize-recover=all", *WARN,
                           out=scratch() / "link.so"))
    copy = scratch() / ("link-%d.so" % len(_library))
    shutil.copy(_library[0], copy)
    _library.append(copy)
    lib = ctypes.CDLL(str(copy))
    lib.link_now.restype = ctypes.c_uint64
    lib.link_text.argtypes = [ctypes.c_char_p]
    return lib


class Link:
    """A device, the gateway's Device and what lies between them. `harm(frame)` gives the frames that arrive instead."""

    def __init__(self, mtu=64, packet=4096, harm=lambda frame: [frame], one_way=False, parts=False, start=1000):
        self.lib, self.harm, self.mtu = library(), harm, mtu
        self.lib.link_tick(start)
        assert self.lib.link_start(mtu, packet, one_way, parts) == 0
        self.bodies, self.sent, self.status = [], [], (200, 0, 0)
        self.device = gateway.Device("test", self.answer, self.store, now=lambda: T0 + self.lib_ns())
        self.elapsed, self.one_way = 0, one_way
        self.lengths = []

    def lib_ns(self):
        return self.elapsed * 10**6

    def store(self, device, what, body):
        if self.status[0] == 200:
            self.bodies.append((what, body))
        return self.status

    def answer(self, frame):
        assert len(frame) <= 11, "the gateway's frames fit every link"
        if not self.one_way:
            for copy in self.harm(frame):
                self.lib.link_take(copy, len(copy))

    def step(self, ms=5):
        self.lib.link_tick(ms)
        self.elapsed += ms
        self.lib.link_poll()
        buffer = (ctypes.c_uint8 * self.mtu)()
        while n := self.lib.link_next(buffer):
            assert n <= self.mtu
            self.lengths.append(n)
            for copy in self.harm(bytes(buffer[:n])):
                self.device.sealed_frame(copy)

    def run(self, until, ms=600000, step=5):
        end = self.elapsed + ms
        while not until() and self.elapsed < end:
            self.step(step)
        assert until(), (self.stats(), self.device.counts)

    def stats(self):
        four = (ctypes.c_uint64 * 4)()
        self.lib.link_stats(four)
        created, exported, queued, dropped = four
        assert created == exported + queued + dropped
        return dict(created=created, exported=exported, queued=queued, dropped=dropped)

    def spans(self):
        trace = need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
        return [s for what, body in self.bodies if what == "traces" for r in trace.ExportTraceServiceRequest.FromString(body).resource_spans
                for scope in r.scope_spans for s in scope.spans]


def record(link, n, size):
    for i in range(n):
        link.lib.link_span(b"span %d" % i, size)


class Harm:
    """Loses, repeats, delays (so that frames overtake each other) and damages frames, each with probability p."""

    def __init__(self, seed, lose=0.0, repeat=0.0, delay=0.0, damage=0.0):
        self.random, self.p, self.late = random.Random(seed), (lose, repeat, delay, damage), []

    def __call__(self, frame):
        lose, repeat, delay, damage = self.p
        r, out = self.random, []
        if r.random() < delay:
            self.late.append(frame)
        elif r.random() >= lose:
            if r.random() < damage:
                at = r.randrange(len(frame))
                frame = frame[:at] + bytes((frame[at] ^ 1 << r.randrange(8),)) + frame[at + 1:]
            out = [frame] * (2 if r.random() < repeat else 1)
        if self.late and r.random() < 0.5:
            out.append(self.late.pop(r.randrange(len(self.late))))
        return out


# ---- the format ----

def test_checksum_is_crc16_ccitt_false():
    assert gateway.crc16(b"123456789") == 0x29B1 and library().link_crc(b"123456789", 9) == 0x29B1
    assert gateway.unsealed(gateway.sealed(b"abc")) == b"abc"


@pytest.mark.parametrize("mtu", (0, 11, 12, 13, 14, 15, 20, 51, 64, 127, 128, 242, 1400, 9000))
def test_every_request_arrives_whole_at_any_mtu(mtu):
    link = Link(mtu or 64, packet=6000)
    if mtu == 0:
        assert link.lib.link_start(0, 6000, False, False) == 0         # the default
    record(link, 12, 200)
    link.run(lambda: link.stats()["exported"] == 12)
    assert sorted(s.name for s in link.spans()) == sorted("span %d" % i for i in range(12))
    assert max(link.lengths) <= (mtu or 64) and link.device.counts["asked again"] == link.device.counts["bad frames"] == 0


def test_every_length_of_a_request():
    """The last piece, with the checksum of the whole behind it, falls on every place of a frame."""
    link = Link(16, packet=1024)
    for size in range(60):
        link.lib.link_span(b"s", size)
        link.run(lambda: link.stats()["exported"] == size + 1)
    assert len(link.spans()) == 60


def test_an_mtu_below_eleven_is_refused():
    assert library().link_start(10, 4096, False, False) == -9          # OTEL_E_CONFIG


def test_parts_of_the_ring_are_sent_without_a_packet():
    link = Link(40, parts=True)
    record(link, 20, 90)
    link.run(lambda: link.stats()["exported"] == 20)
    assert len({s.span_id for s in link.spans()}) == 20


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("mtu", (11, 32, 200))
def test_lost_repeated_reordered_and_damaged_frames_lose_nothing(mtu, seed):
    """A third of all frames suffers, in both directions; each span arrives, every body is whole, the law holds all the time."""
    link = Link(mtu, packet=1200, harm=Harm(seed, 0.1, 0.1, 0.1, 0.05))
    for i in range(10):
        record(link, 3, 60)
        for _ in range(5):
            link.step()
            link.stats()
    link.run(lambda: link.stats()["exported"] == 30, ms=3600000)
    assert len({s.span_id for s in link.spans()}) == 30
    assert link.device.counts["asked again"] > 0


def test_only_what_is_missing_is_sent_again():
    lost = iter([False] * 5 + [True] + [False] * 10000)
    link = Link(64, packet=6000, harm=lambda f: [] if f[0] & 0xF0 == 0x10 and next(lost) else [f])
    record(link, 12, 200)
    link.run(lambda: link.stats()["exported"] == 12)
    body = sum(len(b) for _, b in link.bodies)
    assert sum(link.lengths) < body * 1.2, "one lost frame of 64 bytes costs about one frame"


def test_a_gateway_that_is_away_loses_nothing_and_the_device_asks_seldom():
    away = [True]
    link = Link(64, harm=lambda f: [] if away[0] else [f])
    record(link, 5, 50)
    for _ in range(200):
        link.step(50)
    assert link.stats() == dict(created=5, exported=0, queued=5, dropped=0)
    assert len(link.lengths) < 1000
    away[0] = False
    link.run(lambda: link.stats()["exported"] == 5)
    assert len({s.span_id for s in link.spans()}) == 5


def test_the_gateway_s_no_is_the_exporter_s_outcome():
    link = Link()
    link.status = (503, 7, 0)
    record(link, 1, 5)
    link.run(lambda: link.device.counts["refused"] == 1)
    link.status = (200, 0, 0)
    link.run(lambda: link.stats()["exported"] == 1)
    link.status = (400, 0, 0)
    record(link, 2, 5)
    link.run(lambda: link.stats()["dropped"] == 2)
    link.status = (200, 0, 0)
    record(link, 4, 5)
    link.store = None
    link.device.store = lambda device, what, body: (200, 0, 3)         # three of the four rejected
    link.run(lambda: link.stats()["dropped"] == 5 and link.stats()["exported"] == 2)


def test_an_answer_that_gets_lost_does_not_bring_the_request_twice():
    lost = []
    link = Link(harm=lambda f: [] if f[0] == gateway.OUTCOME and len(lost) < 3 and not lost.append(f) else [f])
    record(link, 1, 5)
    link.run(lambda: link.stats()["exported"] == 1)
    assert len(lost) == 3 and len(link.spans()) == 1 and link.device.counts["repeated"] >= 3


def test_a_gateway_that_restarts_in_the_middle_gets_all_of_it():
    link = Link(16, packet=3000)
    record(link, 8, 100)
    frames = [0]

    def restart(frame):
        frames[0] += 1
        if frames[0] == 30:
            link.device = gateway.Device("again", link.answer, link.store)
        return [frame]
    link.harm = restart
    link.run(lambda: link.stats()["exported"] == 8)
    assert len({s.span_id for s in link.spans()}) == 8


def test_a_device_that_restarts_with_the_same_number_does_not_mix_two_requests():
    device = gateway.Device("d", lambda frame: sent.append(frame), lambda d, w, body: (bodies.append(body), (200, 0, 0))[1])
    sent, bodies = [], []
    old, new = b"old request, first half|second", b"new request, and it is longer than the old one"
    device.frame(bytes((0x10, 7, 0)) + old[:20])                       # then it resets
    device.frame(bytes((0x10, 7, 20)) + new[20:40])
    device.frame(bytes((0x14, 7, 40)) + new[40:] + gateway.crc16(new).to_bytes(2, "big"))
    assert not bodies and sent[-1][:4] == bytes((gateway.MISSING, 7, 0, 0)), "all of it again"
    device.frame(bytes((0x10, 7, 0)) + new[:40])
    device.frame(bytes((0x14, 7, 40)) + new[40:] + gateway.crc16(new).to_bytes(2, "big"))
    assert bodies == [new]


def test_a_one_way_link_counts_what_it_sent():
    link = Link(one_way=True)
    link.lib.link_sync(ctypes.c_uint64(T0))                            # a clock of its own: nobody answers
    record(link, 3, 20)
    link.run(lambda: link.stats()["exported"] == 3)
    assert len(link.spans()) == 3 and link.device.counts["time"] == 0


def test_time_is_asked_for_and_half_the_round_trip_is_added():
    link = Link()
    link.run(lambda: link.lib.link_now() != 0)
    assert abs(link.lib.link_now() - (T0 + link.lib_ns())) <= 5 * 10**6
    record(link, 1, 0)
    link.run(lambda: link.stats()["exported"] == 1)
    asked = link.device.counts["time"]
    link.elapsed += 250                                                # the device's clock is slow: 250 ms in a while
    link.run(lambda: link.device.counts["time"] > asked, ms=700000, step=500)
    link.step(0)
    assert abs(link.lib.link_now() - (T0 + link.lib_ns())) <= 5 * 10**6, "corrected by the next answer"


def test_spans_from_before_the_time_was_known_are_right():
    away = [True]
    link = Link(harm=lambda f: [] if away[0] else [f], start=5000)
    record(link, 1, 0)
    made = link.lib_ns()
    for _ in range(100):
        link.step(100)
    away[0] = False
    link.run(lambda: link.stats()["exported"] == 1)
    assert abs(link.spans()[0].start_time_unix_nano - (T0 + made)) < 50 * 10**6


def test_random_bytes_disturb_nobody():
    r = random.Random(5)
    device = gateway.Device("d", lambda frame: None, lambda d, w, body: (200, 0, 0))
    splitter = gateway.Splitter(device.frame, device.text, device.bad)
    link = Link()
    for _ in range(3000):
        frame = bytes(r.randrange(256) for _ in range(r.randrange(1, 16)))
        device.sealed_frame(frame)
        device.frame(frame)                                            # as if its checksum were right
        sealed = gateway.sealed(bytes((r.choice((0x30, 0x31, 0x34, 0x35, r.randrange(256))),)) + frame)
        link.lib.link_take(sealed, len(sealed))
        splitter.feed(bytes(r.randrange(256) for _ in range(50)))
        for byte in sealed:
            link.lib.link_received(byte)
    record(link, 2, 30)
    link.run(lambda: link.stats()["exported"] == 2)


# ---- bytes on a line ----

def test_bytes_with_text_between_frames():
    """The UART's own form: SLIP, escapes in the body, text for people between frames, noise before the first."""
    link, lines, out = Link(48), [], bytearray(b"boot 1.2\r\n\xc0garbage \x01\xff\xc0")
    device = gateway.Device("d", lambda f: [link.lib.link_received(b) for b in gateway.slip(f)], link.store, lambda name, line: lines.append(line), now=lambda: T0)
    splitter = gateway.Splitter(device.frame, device.text, device.bad)
    record(link, 6, 77)
    text = b"temperature 21.5 \xc2\xb0C\n"
    for turn in range(4000):
        link.lib.link_tick(3)
        link.lib.link_poll()
        if turn == 40:
            assert link.lib.link_text(text)
        while (byte := link.lib.link_byte()) >= 0:
            out.append(byte)
        splitter.feed(bytes(out))
        out.clear()
    assert link.stats()["exported"] == 6 and len(link.spans()) == 6
    assert [a.value.bytes_value for a in link.spans()[0].attributes if a.key == "slip"] == [b"\xc0\xdb\xdc\xdd\xc0"]
    assert lines == ["boot 1.2", "temperature 21.5 °C"] and device.counts["bad frames"] == 1


# ---- the program ----

class Program:
    """tools/otlp-gateway, started; .said() is its stderr, .out() its stdout."""

    def __init__(self, folder, *arguments):
        self.err, self.stdout = folder / "gateway.err", folder / "gateway.out"
        self.process = subprocess.Popen([sys.executable, str(GATEWAY), *map(str, arguments)], stdin=subprocess.DEVNULL,
                                        stdout=open(self.stdout, "ab"), stderr=open(self.err, "ab"), env=dict(os.environ, PYTHONUNBUFFERED="1"))

    def said(self):
        return self.err.read_text()

    def out(self):
        return self.stdout.read_text()

    def port(self):
        return int(self.wait(r"port (\d+)").group(1))

    def wait(self, pattern, timeout=30):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if found := re.search(pattern, self.said() + self.out()):
                return found
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        pytest.fail("the gateway does not say %s:\n%s" % (pattern, self.said()))

    def stop(self):
        """Stop it politely; its last counts."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        lines = [line for line in self.said().splitlines() if "{" in line]
        return json.loads(lines[-1].split(": ", 1)[1]) if lines else None


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(*arguments):
        running.append(Program(tmp_path, *arguments))
        return running[-1]
    yield begin
    for program in running:
        program.stop()


class Wire(threading.Thread):
    """Drives a device in real time over a file descriptor or a socket of datagrams."""

    def __init__(self, lib, read, write, datagrams=False):
        super().__init__(daemon=True)
        self.lib, self.read, self.write, self.datagrams, self.over = lib, read, write, datagrams, False
        self.start()

    def run(self):
        buffer = (ctypes.c_uint8 * 2048)()
        last = time.monotonic()
        while not self.over:
            now = time.monotonic()
            self.lib.link_tick(int((now - last) * 1000))
            last += int((now - last) * 1000) / 1000
            self.lib.link_poll()
            try:
                if self.datagrams:
                    while n := self.lib.link_next(buffer):
                        self.write(bytes(buffer[:n]))
                else:
                    out = bytearray()
                    while (byte := self.lib.link_byte()) >= 0:
                        out.append(byte)
                    if out:
                        self.write(bytes(out))
                data = self.read()
            except OSError:
                data = b""
            if self.datagrams and data:
                self.lib.link_take(data, len(data))
            else:
                for byte in data or b"":
                    self.lib.link_received(byte)
            time.sleep(0.002)

    def exported(self, n, timeout=30):
        four = (ctypes.c_uint64 * 4)()
        end = time.monotonic() + timeout
        while four[1] != n and time.monotonic() < end:
            self.lib.link_stats(four)
            time.sleep(0.02)
        assert four[1] == n, list(four)


def device(**more):
    lib = library()
    lib.link_tick(3000)
    assert lib.link_start(more.get("mtu", 64), 4096, False, False) == 0
    return lib


def nonblocking(fd):
    os.set_blocking(fd, False)

    def read():
        try:
            return os.read(fd, 4096)
        except BlockingIOError:
            return b""
    return read, lambda data: os.write(fd, data)


def test_serial_line_with_text_and_a_cable_that_is_pulled(collector, start, tmp_path):
    need_module("serial")
    port = tmp_path / "ttyTEST0"
    program = start("--serial", str(tmp_path / "ttyTEST*"), "--endpoint", collector.http, "--text")
    program.wait("waiting for a port")
    lib = device()
    for turn in range(2):
        outer, inner = pty.openpty()
        tty.setraw(inner)
        port.symlink_to(os.ttyname(inner))
        wire = Wire(lib, *nonblocking(outer))
        lib.link_span(b"turn %d" % turn, 100)
        wire.exported(turn + 1)
        text = ctypes.create_string_buffer(b"hello from turn %d\n" % turn)      # lives until it is out
        assert lib.link_text(text)
        program.wait("ttyTEST0: hello from turn %d" % turn)
        wire.over = True
        wire.join()
        port.unlink()
        os.close(outer)
        os.close(inner)
    assert sorted(s["name"] for s in collector.spans(2)) == ["turn 0", "turn 1"]
    counts = program.stop()
    assert counts["devices"][str(port)]["requests"] == 2 and counts["collector"]["posted"] == 2 and counts["kept"] == 0


def test_many_devices_over_tcp_and_udp_at_once(collector, start):
    program = start("--listen", ":0", "--udp", "127.0.0.1:0", "--endpoint", collector.http, "--report", "1")
    tcp, udp = int(program.wait(r"TCP port (\d+)").group(1)), int(program.wait(r"UDP port (\d+)").group(1))
    wires = []
    for i in range(4):
        lib = device(mtu=(11, 64)[i % 2])
        if i < 2:
            s = socket.create_connection(("127.0.0.1", tcp))
            wires.append(Wire(lib, *nonblocking(s.detach())))
        else:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.connect(("127.0.0.1", udp))
            read, write = nonblocking(s.detach())
            wires.append(Wire(lib, read, write, datagrams=True))
        for k in range(5):
            lib.link_span(b"device %d span %d" % (i, k), 40)
    for wire in wires:
        wire.exported(5)
    spans = collector.spans(20)
    assert sorted(s["name"] for s in spans) == sorted("device %d span %d" % (i, k) for i in range(4) for k in range(5))
    assert all(abs(int(s["startTimeUnixNano"]) / 1e9 - time.time()) < 60 for s in spans), "devices know the time of day"
    events = {(a["value"]["stringValue"]) for m in collector.metrics(1) for p in m["sum"]["dataPoints"] for a in p["attributes"]}
    assert "posted" in events and "requests" in events
    for wire in wires:
        wire.over = True


def test_data_is_kept_while_the_collector_is_away_and_over_a_restart(collector, start, tmp_path):
    collector.stop()
    arguments = ("--listen", ":0", "--endpoint", collector.http, "--spool", tmp_path / "spool")
    program = start(*arguments)
    wire = Wire(device(), *nonblocking(socket.create_connection(("127.0.0.1", program.port())).detach()))
    for i in range(3):
        wire.lib.link_span(b"kept %d" % i, 30)
    wire.exported(3)                                                   # the gateway has it, on disk
    program.wait("the Collector does not answer")
    program.process.kill()
    program.process.wait()
    wire.over = True
    assert len(list((tmp_path / "spool").glob("*-traces.otlp"))) >= 1
    collector.start()
    start(*arguments)
    assert sorted({s["name"] for s in collector.spans(3)}) == ["kept 0", "kept 1", "kept 2"]


def test_direct_mode_hands_on_what_the_collector_said(collector, start):
    program = start("--listen", ":0", "--endpoint", collector.http, "--direct")
    collector.stop()
    wire = Wire(device(), *nonblocking(socket.create_connection(("127.0.0.1", program.port())).detach()))
    wire.lib.link_span(b"waits on the device", 30)
    time.sleep(1)
    four = (ctypes.c_uint64 * 4)()
    wire.lib.link_stats(four)
    assert list(four) == [1, 0, 1, 0], "not confirmed: the device keeps it"
    collector.start()
    wire.exported(1)
    assert [s["name"] for s in collector.spans(1)] == ["waits on the device"]
    wire.over = True


def test_a_full_gateway_tells_devices_to_wait(start):
    program = start("--listen", ":0", "--endpoint", "http://127.0.0.1:9", "--keep-mb", "0")
    wire = Wire(device(), *nonblocking(socket.create_connection(("127.0.0.1", program.port())).detach()))
    wire.lib.link_span(b"x", 30)
    time.sleep(1.5)
    counts = program.stop()
    assert counts["collector"]["refused, no room"] >= 1 and counts["kept"] == 0
    four = (ctypes.c_uint64 * 4)()
    wire.lib.link_stats(four)
    assert list(four) == [1, 0, 1, 0]
    wire.over = True


def test_help_and_wrong_options_say_what_to_do():
    text = run([sys.executable, GATEWAY, "--help"]).stdout
    for word in ("--serial", "dialout", "baud", "examples:", "if nothing arrives:"):
        assert word in text
    ran = run([sys.executable, GATEWAY], check=False)
    assert ran.returncode == 2 and "where are the devices?" in ran.output
    unit = (ROOT / "tools/otlp-gateway.service").read_text()
    assert "ExecStart=/usr/local/bin/otlp-gateway" in unit
