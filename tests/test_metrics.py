"""Metrics: the calls in every dialect, wrong calls, the bytes as the official protos read them, threads."""
import collections
import struct

import pytest

from conftest import SPLIT, TSAN, WARN, bodies, cc, cc_fails, dialect as bodies_of, first_error, linked, need, need_flags, need_module, run

SURFACE = "tests/c/metrics_surface.c"
DIALECTS = (
    ["gcc -std=%s -pedantic" % s for s in ("c99", "c11", "c17", "c2x")]
    + ["clang -std=%s -pedantic" % s for s in ("c99", "c11", "c17", "c2x")]
    + ["%s -x c++ -std=%s" % (c, s) for c in ("g++", "clang++") for s in ("gnu++14", "gnu++17", "gnu++20", "c++20 -pedantic")]
    + ["clang++ -x c++ -std=gnu++11", "g++ -x c++ -std=gnu++11 -Wno-missing-field-initializers"]
)
OPTIONS = ("OTEL_ENABLED=0", "OTEL_METRICS=0", "OTEL_TRACES=0", "OTEL_STATIC=1", "OTEL_NO_ATOMICS")
CROSS = (
    "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os -std=c99 -pedantic",
    "arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb -Os -std=c11 -pedantic",
    "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os -std=c11 -DOTEL_PORT_LOCK=1",
    "avr-gcc -mmcu=atmega328p -Os -std=c99 -pedantic",
)


def split(command):
    """A compiler and its flags; the flag that names the language has to precede the source."""
    compiler, *flags = command.split()
    return compiler, flags


@pytest.mark.parametrize("level", ("-O0", "-O2"))
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_call_compiles_and_runs(dialect, level):
    """What it calls was compiled once in this dialect; test_surface.py has it optimised."""
    compiler, flags = split(dialect)
    run([cc(compiler, [SURFACE, bodies_of(compiler, *flags)], *WARN, *flags, level, SPLIT)])


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("dialect", ("gcc -std=c11", "g++ -x c++ -std=c++20"))
def test_every_call_compiles_and_runs_with(option, dialect):
    compiler, flags = split(dialect)
    run([cc(compiler, SURFACE, *WARN, *flags, "-O2", "-D" + option)])


def test_every_call_compiles_and_runs_with_tcc():
    run([cc("tcc", SURFACE)])


def test_every_call_runs_on_a_32_bit_host_without_wide_atomics():
    need_flags("gcc", "-m32")
    run([cc("gcc", [SURFACE, bodies("gcc", "-std=c11", "-O2", "-m32", "-march=i486")], *WARN, "-m32", "-march=i486", "-O2", "-std=c11", SPLIT)])


@pytest.mark.parametrize("target", CROSS)
def test_every_call_compiles_for(target):
    compiler, flags = split(target)
    cc(compiler, SURFACE, *WARN, *flags, "-c")


@pytest.mark.parametrize("dialect", ("gcc -std=c99 -pedantic", "clang -std=c2x", "g++ -x c++ -std=c++20 -pedantic", "clang++ -x c++ -std=c++20 -pedantic", "clang++ -x c++ -std=gnu++17",
                                     "gcc -std=c11 -DOTEL_ENABLED=0", "avr-gcc -mmcu=atmega1284p -Os -std=c99 -pedantic -c", "arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb -Os -c"))
def test_advice_and_readings_compile(dialect):
    compiler, flags = split(dialect)
    if "-c" in flags or "-DOTEL_ENABLED=0" in flags:
        program = cc(compiler, "tests/c/metrics_forms.c", *WARN, *flags)
    else:
        program = cc(compiler, ["tests/c/metrics_forms.c", bodies_of(compiler, *flags)], *WARN, *flags, SPLIT)
    if "-c" not in flags:
        run([program])


def test_off_leaves_nothing_behind():
    need("nm")
    for option in ("OTEL_ENABLED=0", "OTEL_METRICS=0"):
        program = cc("gcc", """
            #include "otel.h"
            static otel_counter_t c = OTEL_COUNTER("c", OTEL_SERIES(4));
            static otel_gauge_t g = OTEL_GAUGE("g");
            static otel_histogram_t h = OTEL_HISTOGRAM("h", OTEL_BUCKETS(2, 1, 2));
            void users_own(int v);
            void users_own(int v)
            {
                otel_counter_add(&c, v, "a", v);
                OTEL_COUNT(&c, 1, "a", 1);
                otel_gauge_record(&g, v);
                otel_histogram_record(&h, v);
                otel_series_add(otel_counter_bind(&c, "a", 1), v);
                otel_series_record(otel_histogram_bind(&h), v);
            }
            """, "-c", "-O1", "-std=c11", "-ffunction-sections", "-fdata-sections", "-D" + option)
        names = run(["nm", program]).stdout
        if option == "OTEL_ENABLED=0":
            assert [line.split()[-1] for line in names.splitlines()] == ["users_own"]
        assert "users_own" in names and ".bss" not in names


WRONG = (
    ("otel_counter_add(&c, 0.5);", "otel_an_integer_counter_takes_integers|incompatible type for argument|an integer counter takes integers"),
    ("otel_counter_add(&c, 1, \"k\");", "OTEL_every_key_needs_a_value|every key needs a value"),
    ("otel_counter_add(c, 1);", "not compatible|no matching function"),
    ("otel_gauge_record(&c, 1);", "not compatible|no matching function"),
    ("OTEL_COUNT(&c, 1, \"k\", v);", "not constant|not a compile-time constant|must be initialized by a constant|not usable in a constant|constant expression"),
    ("OTEL_COUNT(&c, v);", "not constant|not a compile-time constant|must be initialized by a constant|not usable in a constant|constant expression"),
    ("OTEL_COUNT(&c, 0.5);", "incompatible type|takes integers|takes_integers"),
)


@pytest.mark.parametrize("compiler", ("gcc -std=c11", "clang -std=c11", "g++ -std=gnu++17", "clang++ -std=gnu++17", "g++ -std=c++20"))
@pytest.mark.parametrize("call,says", WRONG)
def test_the_first_error_line_names_the_mistake(call, says, compiler):
    name, flags = split(compiler)
    messages = cc_fails(name, """
        #include "otel.h"
        static otel_counter_t c = OTEL_COUNTER("c");
        void f(int v);
        void f(int v) { (void)v; %s }
        """ % call, *flags, "-fsyntax-only", SPLIT)
    assert any(word in first_error(messages) for word in says.split("|")), first_error(messages)


DUMP = r"""
#include <float.h>
#include <stdio.h>
#include "otel.h"
#include "otel_export.h"
static otel_t otel;
static uint8_t pool[1024];
static uint64_t fake_clock(void *user) { static uint64_t now = 1700000000000000000u; (void)user; return now += 5; }
static const otel_attr_t about[] = { { "team", { 1, 1, 4, { .p = "blue" } } } };
static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2", .schema_url = "https://example.org/2", .attributes = about, .attributes_len = 1);
static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", .description = "reads", .scope = &net, OTEL_SERIES(8));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("pump.energy", .unit = "J", .scope = &net);
static otel_updown_t files = OTEL_UPDOWN("files.open");
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("tank.level");
static otel_gauge_t speed = OTEL_GAUGE("fan.speed", OTEL_SERIES(2));
static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel", .description = "\xC2\xB0""C \xF0\x9F\x8C\xA1");
static otel_histogram_t took = OTEL_HISTOGRAM("took", .unit = "s", .scope = &net, OTEL_BUCKETS(4, 0.001, 0.01, 0.1, 1));
static otel_histogram_t summed = OTEL_HISTOGRAM("summed");
int main(void)
{
    static uint8_t packet[8192];
    static const int temps[] = { -1, 300 };
    otel_collect_t round = { 0 };
    otel_init(&otel, .clock = fake_clock, .pool = pool, .pool_size = sizeof pool);
    otel_counter_add(&reads, INT64_MAX, "bus", "i2c1", "id", -7);
    otel_counter_add(&reads, 0, "all", OTEL_NULL, "b", OTEL_TRUE, "d", 0.5, "x", OTEL_BYTES("\0\1", 2), "temps", OTEL_ARRAY(temps, 2));
    otel_counter_add(&reads, 3, "text", OTEL_STR("a\0b \xF0\x9F\x98\x80", 8), "", 1);
    otel_counter_add(&energy, 0.1);
    otel_counter_add(&energy, 0.2);
    otel_counter_add(&energy, 4, "lost", 1);
    otel_updown_add(&files, INT64_MIN);
    otel_updown_add(&level, -0.5);
    otel_gauge_record(&speed, -1, "fan", 18446744073709551615u);
    otel_gauge_record(&temperature, DBL_MIN);
    otel_histogram_record(&took, 0.002, "a", "b");
    otel_histogram_record(&took, 5, "a", "b");
    otel_histogram_record(&took, -DBL_MAX);
    otel_histogram_record(&summed, 2.5);
    fwrite(packet, 1, otel_collect_(&otel, &round, packet, sizeof packet), stdout);
    return !round.running && !round.lost ? (int)round.points : 99;
}
"""


def any_value(value):
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [any_value(v) for v in value.array_value.values]
    return getattr(value, kind)


def attributes(point):
    return {a.key: any_value(a.value) for a in point.attributes}


def metrics_of(data):
    """{name: (scope, metric)} of a ResourceMetrics."""
    pb = need_module("opentelemetry.proto.metrics.v1.metrics_pb2")
    found = {}
    for scope in pb.ResourceMetrics.FromString(data).scope_metrics:
        for metric in scope.metrics:
            assert metric.name not in found
            found[metric.name] = (scope, metric)
    return found


def points_of(metric):
    return getattr(metric, metric.WhichOneof("data")).data_points


@pytest.mark.parametrize("compiler", ("gcc -std=c11", "gcc -std=c11 -m32", "gcc -std=c11 -DOTEL_NO_ATOMICS", "clang -std=c11 -O2"))
def test_the_official_protos_read_what_was_recorded(compiler):
    need_module("opentelemetry.proto.metrics.v1.metrics_pb2")
    name, flags = split(compiler)
    if "-m32" in flags:
        need_flags(name, "-m32")
    ran = run([linked(name, DUMP, *flags)], check=False, binary=True)
    assert ran.returncode == 12
    found = metrics_of(ran.stdout)
    scope, reads = found["sensor.reads"]
    assert (scope.scope.name, scope.scope.version, scope.schema_url) == ("net.http", "1.2", "https://example.org/2")
    assert attributes(scope.scope) == {"team": "blue"}
    assert (reads.description, reads.unit, reads.sum.is_monotonic, reads.sum.aggregation_temporality) == ("reads", "{read}", True, 2)
    assert {str(sorted(attributes(p).items(), key=str)): p.as_int for p in points_of(reads)} == {
        str(sorted(k, key=str)): v for k, v in (
            ([("bus", "i2c1"), ("id", -7)], 2**63 - 1),
            ([("all", None), ("b", True), ("d", 0.5), ("x", b"\0\1"), ("temps", [-1, 300])], 0),
            ([("text", "a\0b \U0001F600")], 3))}
    for point in points_of(reads):
        assert 1700000000000000000 < point.start_time_unix_nano < point.time_unix_nano
    assert len({p.start_time_unix_nano for p in points_of(reads)}) == 3, "each series has a start of its own"
    assert {str(attributes(p)): p.as_double for p in points_of(found["pump.energy"][1])} == {
        "{}": 0.1 + 0.2, "{'otel.metric.overflow': True}": 4}
    files = found["files.open"][1]
    assert points_of(files)[0].as_int == -2**63 and not files.sum.is_monotonic and files.sum.aggregation_temporality == 2
    assert points_of(found["tank.level"][1])[0].as_double == -0.5
    assert attributes(points_of(found["fan.speed"][1])[0]) == {"fan": "18446744073709551615"}
    assert points_of(found["fan.speed"][1])[0].as_int == -1
    assert found["hw.temperature"][1].description == "\u00B0C \U0001F321"
    assert points_of(found["hw.temperature"][1])[0].as_double == 2.2250738585072014e-308
    took = {str(attributes(p)): p for p in points_of(found["took"][1])}
    assert found["took"][1].histogram.aggregation_temporality == 2
    pair, lone = took["{'a': 'b'}"], took["{}"]
    assert (pair.count, pair.sum, pair.min, pair.max) == (2, 5.002, 0.002, 5)
    assert (list(pair.bucket_counts), list(pair.explicit_bounds)) == ([0, 1, 0, 0, 1], [0.001, 0.01, 0.1, 1])
    assert (lone.count, lone.min, lone.max) == (1, -1.7976931348623157e308, -1.7976931348623157e308)
    summed = points_of(found["summed"][1])[0]
    assert (summed.count, summed.sum, list(summed.bucket_counts), summed.HasField("min")) == (1, 2.5, [], False)


@pytest.mark.parametrize("build", ("gcc -O2", "gcc -O2 -m32"))
def test_a_million_sets_take_fixed_memory_and_totals_are_right(build):
    compiler, *flags = build.split()
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    run([cc(compiler, ["tests/c/million.c", bodies(compiler, "-std=c11", *flags)], "-std=c11", *WARN, *flags, SPLIT)])


def rounds(data):
    while data:
        head, = struct.unpack("<I", data[:4])
        size = head & 0x7FFFFFFF
        yield bool(head >> 31), merged(data[4:4 + size])
        data = data[4 + size:]


def merged(data):
    """{(name, attributes): point} of a ResourceMetrics, whose metrics may be cut into several."""
    pb = need_module("opentelemetry.proto.metrics.v1.metrics_pb2")
    found = {}
    for scope in pb.ResourceMetrics.FromString(data).scope_metrics:
        for metric in scope.metrics:
            for point in points_of(metric):
                key = (metric.name, str(sorted(attributes(point).items())))
                assert key not in found, "twice in one round: %s" % (key,)
                found[key] = point
    return found


@pytest.mark.parametrize("build", (
    ("gcc", "-std=c11", *TSAN), ("clang", "-std=c11", *TSAN), ("gcc", "-std=c11", "-O2"), ("g++", "-x", "c++", "-std=c++20", "-O2"),
    ("gcc", "-std=c11", "-O2", "-m32"), ("gcc", "-std=c11", "-O2", "-m32", "-march=i486")), ids=" ".join)
def test_threads_race_on_the_first_use_and_no_addition_is_lost(build):
    need_module("opentelemetry.proto.metrics.v1.metrics_pb2")
    compiler, *flags = build
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    program = linked(compiler, "tests/c/metrics_threads.c", *flags, "-lpthread")
    slow = "-fsanitize=thread" in flags
    lives, turns = (10, 600) if slow else (60, 3000)
    ran = run([program, lives, turns], binary=True, timeout=240)
    ends, before = 0, collections.Counter()
    for last, found in rounds(ran.stdout):
        now = collections.Counter()
        for (name, key), p in found.items():
            if name == "took":
                assert p.count == sum(p.bucket_counts)
                now[name, key] = p.count
            elif name in ("hits", "sets", "bound"):
                now[name, key] = p.as_int
        assert all(now[k] >= before[k] for k in before), "a cumulative number went back"
        before = now
        if not last:
            continue
        ends, before = ends + 1, collections.Counter()
        all_ = 4 * turns
        assert found["hits", "[]"].as_int == all_
        assert found["bound", "[('bus', 'i2c1')]"].as_int == 3 * all_
        assert found["halves", "[]"].as_double == all_ / 2
        assert found["both", "[]"].as_int == all_ // 2
        assert 0 <= found["last", "[]"].as_int < turns
        sets = {key: p.as_int for (name, key), p in found.items() if name == "sets"}
        assert len(sets) == 11 and sum(sets.values()) == all_
        assert all(v == all_ // 12 for k, v in sets.items() if "overflow" not in k)
        took = {key: p for (name, key), p in found.items() if name == "took"}
        assert len(took) == 2 and all(p.count == all_ // 2 for p in took.values())
        assert sum(p.sum for p in took.values()) == all_ // 5 * 10
        assert all((p.min, p.max) == (0, 4) for p in took.values())
    assert ends == lives
