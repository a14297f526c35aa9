"""A day of a device's clock on 16, 8 and 2 KB of RAM (tests/firmware/day.c): it sleeps most of it, which is skipped; counters of 24, 32 and 16
bits wrap; it is reset with its queue full, with it empty, and loses power; the gateway comes and goes. The gateway's own code is at the
other end, its clock is the day's. OTEL_DAY_STEPS=288 is a day of steps of five minutes; fewer make a shorter one."""
import os
import re
import socket
import subprocess
import threading
import time

import pytest
from boards import ATMEGA328P, FIRMWARE, MICROBIT, STM32VL
from conftest import need_module
from test_gateway import gateway

STEPS = int(os.environ.get("OTEL_DAY_STEPS", "288"))
STEP = 300                                        # seconds
T0 = 1760000000.0
AWAY = ((0.10, 0.14), (0.24, 0.27), (0.60, 0.61), (0.74, 0.76))      # parts of the day; two of three resets fall into them


class Day:
    """The other end of the serial line. The device says where its clock is and that it sleeps; nothing here goes by real time."""

    def __init__(self):
        self.bodies, self.boots, self.counts, self.seen = [], [], [], {}
        self.steps, self.boot, self.up, self.status, self.bad, self.visits = 0, T0, 0.0, None, 0, 0
        self.gateway = None
        self.splitter = gateway.Splitter(self.frame, self.text, self.broken)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        self.line, _ = self.server.accept()
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := self.line.recv(4096):
            self.splitter.feed(data)

    def wall(self):
        return int((self.boot + self.up) * 1e9)

    def store(self, device, what, body):
        self.bodies.append((what, bytes(body)))
        return 200, 0, 0

    def broken(self):
        self.bad += 1

    def frame(self, frame):
        here = not any(begin <= self.steps / STEPS < end for begin, end in AWAY)
        if not here:
            self.gateway = None
        elif self.gateway is None:                # it comes back, and knows nothing
            self.visits += 1
            self.gateway = gateway.Device("day", lambda f: self.line.sendall(gateway.slip(f)), self.store, now=self.wall)
        if self.gateway:
            self.gateway.frame(frame)

    def text(self, line):
        match = re.fullmatch(r"([a-z]) (\d+) (\d+)", line)
        if not match:
            return
        what, a, b = match.group(1), int(match.group(2)), int(match.group(3))
        if what == "z":
            self.up = a / 125 + b
            self.steps += 1
            self.line.sendall(b"\xc0\x7e\xc0")
        elif what == "u":
            self.up = a / 125
        elif what == "b":
            self.boot, self.up = self.wall() / 1e9, 0.0
            self.boots.append((self.boot, a, b))
        elif what == "e":
            self.status = a
        else:
            self.seen.update({what: (a, b)})
            if what == "d":                       # the last line of the counts
                self.counts.append(self.seen)
                self.seen = {}

    def spans(self):
        trace = need_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
        return [s for what, body in self.bodies if what == "traces" for r in trace.ExportTraceServiceRequest.FromString(body).resource_spans
                for scope in r.scope_spans for s in scope.spans]


def law(counts):
    """Of spans and of data points; what is created, exported and lost by a reset."""
    (made, created), (exported, queued), full, (reset, other) = counts["c"], counts["x"], counts["f"], counts["r"]
    assert created == made == exported + queued + sum(full) + reset + other, counts
    assert counts["m"][0] == counts["m"][1] + sum(counts["d"]), counts
    return created, exported, reset, queued


@pytest.mark.parametrize("board, flags", [
    (MICROBIT, ["-DPOOL=2000"]),
    (STM32VL, ["-DPOOL=1200", "-DDAY_BITS=32"]),
    (ATMEGA328P, ["-DPOOL=192", "-DOTEL_METRICS=0", "-DOTEL_LOGS=0"]),      # metrics too would be 36 KB of flash
], ids=["16 KB, 24 bits", "8 KB, 32 bits", "2 KB, 16 bits"])
def test_a_day_of_the_device_s_clock(board, flags):
    program = board.build(FIRMWARE / "day.c", "-DSTEPS=%du" % STEPS, "-DSTEP=%du" % STEP, *flags)
    day = Day()
    if board.machine:
        command = board.command(program, "-serial", "tcp:127.0.0.1:%d" % day.port)
    else:
        command = board.command(program) + [day.port]
    begin = time.monotonic()
    device = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = device.communicate(timeout=180)[0].decode()
    finally:
        device.kill()
    day.thread.join(60)                           # it has read all that came
    took = time.monotonic() - begin
    if not board.machine:
        assert board.machine is None and "stack" in said, said
    assert day.status == 0 and len(day.boots) == 4, (said, day.status, day.boots, day.steps)
    assert [(n, warm) for _, n, warm in day.boots] == [(1, 0), (2, 1), (3, 1), (1, 0)], "three warm boots in a row, then power-on"
    hours = STEPS * STEP / 3600
    assert abs((day.boot + day.up - T0) / 3600 - hours) < hours / 8

    # the law, at each reset and at the start behind it; counts go on, and what was queued is lost by the reset
    start1, end1, start2, end2, start3, end3, start4, end4 = map(law, day.counts)
    assert start1[:3] == start4[:3] == (0, 0, 0)
    for end, start in ((end1, start2), (end2, start3)):
        assert start == (end[0], end[1], end[2] + end[3], 0)
    assert end1[3] > 0, "the first reset finds a queue"
    assert end4[3] == 0 and end4[1] > 0

    # what arrived: each number once per life of the memory, ids never twice, times right although the counter wrapped
    spans = day.spans()
    assert len({s.span_id for s in spans}) == len({(s.trace_id, s.span_id) for s in spans})
    distinct = {s.span_id: s for s in spans}
    borders = [b for b, _, _ in day.boots] + [float("inf")]
    lives = [set(), set()]
    for s in distinct.values():
        values = {a.key: a.value.int_value for a in s.attributes}
        at = s.start_time_unix_nano / 1e9
        boot = max(b for b in borders if b <= at + 1)
        assert abs(at - boot - values["up"] / 125) < 1.0, "%s: %.3f s after boot, really %.3f" % (values, at - boot, values["up"] / 125)
        life = lives[boot == day.boots[3][0]]
        assert values["n"] not in life, "ids of two boots are the same"
        life.add(values["n"])
    for life, end in zip(lives, (end3, end4)):
        assert end[1] <= len(life) <= end[1] + end[2] + end[3], (len(life), end)
    if STEPS >= 288:
        assert len(distinct) > STEPS // 3
    assert day.visits >= 4 and took < 180
