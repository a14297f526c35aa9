"""nanopb: the example decodes what the library wrote, and with OTEL_USE_NANOPB metrics and answers go through nanopb with the same
decoded content. Descriptors are made by nanopb's generator from the official messages; the Python packages carry those as
descriptors, which protoc takes in the place of .proto files."""
import random
import re
import struct

import pytest

from conftest import ROOT, WARN, cc, need, need_flags, need_module, run

EXAMPLE = ROOT / "examples/nanopb"
SERVICES = ("trace", "metrics", "logs")
pytestmark = pytest.mark.xdist_group("nanopb")         # one worker: descriptors and programs are made once
SAN = ("-g", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def service(name):
    return need_module("opentelemetry.proto.collector.%s.v1.%s_service_pb2" % (name, name))


@pytest.fixture(scope="module")
def protos(tmp_path_factory):
    """A descriptor set of OTLP and google.rpc, and the names of its files."""
    need("protoc")
    need("protoc-gen-nanopb")
    need_flags("gcc", "-lprotobuf-nanopb")
    descriptors = need_module("google.protobuf.descriptor_pb2").FileDescriptorSet()
    names = []

    def add(file):
        for needed in file.dependencies:
            add(needed)
        if file.name not in names:
            names.append(file.name)
            file.CopyToProto(descriptors.file.add())
    for module in [service(name) for name in SERVICES] + [need_module("google.rpc.status_pb2"), need_module("google.rpc.error_details_pb2")]:
        add(module.DESCRIPTOR)
    path = tmp_path_factory.mktemp("protos") / "otlp.pb"
    path.write_bytes(descriptors.SerializeToString())
    return path, names


@pytest.fixture(scope="module")
def decode(protos, tmp_path_factory):
    """The example, built by the commands in its first comment, with sanitizers."""
    path, names = protos
    text = (EXAMPLE / "decode.c").read_text().split("*/")[0].replace("\\\n", "")
    generate, compile_ = (re.search(r"^ +(%s .*)$" % word, text, re.M).group(1) for word in ("protoc", "cc"))
    generate = generate.replace("-I PROTO", "--descriptor_set_in=" + str(path))
    generate = re.sub(r"\$\(.*\)", " ".join(n for n in names if n.startswith("opentelemetry/")), generate)
    folder = tmp_path_factory.mktemp("nanopb")
    (folder / "gen").mkdir()
    generate = generate.replace(":gen", ":%s/gen" % folder)
    compile_ = compile_.split("&&")[0].replace("gen ", "%s/gen " % folder).replace("-o decode", "-o %s/decode" % folder)
    run(["sh", "-c", generate])
    need("gcc")
    run(["sh", "-c", compile_.replace("cc ", "gcc %s " % " ".join((*WARN, *SAN)), 1)], 300)
    return folder / "decode"


def fields(line):
    return dict(re.findall(r"([\w.]+)=(\S+)", line))


def test_the_example_prints_from_decoded_structs_what_it_recorded(decode):
    lines = run([decode]).stdout.splitlines()
    span, = (line for line in lines if line.startswith("span read sensor kind=3 "))
    log, = (line for line in lines if line.startswith("log the sensor answers late severity=13 "))
    said = fields(span)
    assert (said["sensor.id"], said["bus"], said["celsius"]) == ("7", "i2c1", "21.5")
    assert re.fullmatch("[0-9a-f]{32}", said["trace_id"]) and re.fullmatch("[0-9a-f]{16}", said["span_id"]) and int(said["end"]) >= int(said["start"]) > 10**18
    assert (fields(log)["trace_id"], fields(log)["span_id"]) == (said["trace_id"], said["span_id"])
    assert {k: v for k, v in zip(lines, lines[1:]) if k.startswith("metric ")} == {
        "metric sensor.reads unit={read} monotonic": "  point bus=i2c1 value 3",
        "metric tank.level unit=1": "  point value 0.25",
        "metric sensor.read.duration unit=s": "  point count 1 sum 0.050000000000000003 buckets 0 1 0 0 bounds 0.01 0.10000000000000001 1",
        "metric message.size unit=By": "  point count 1 scale 20 offset 10485759 buckets 1"}
    assert [line for line in lines if line.startswith("/")] == ["/v1/traces", "/v1/metrics", "/v1/logs"]
    assert sum(fields(line).get("service.name") == "nanopb" for line in lines if line.startswith("resource ")) == 3


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    """What examples/pull.c writes: requests of 512 bytes."""
    folder = tmp_path_factory.mktemp("pulled")
    run([cc("gcc", "examples/pull.c", *WARN), folder])
    return sorted(folder.iterdir())


def test_the_example_reads_requests_from_files(decode, pulled):
    ids, names = [], []
    for path in pulled:
        if path.suffix == ".traces":
            request = service("trace").ExportTraceServiceRequest.FromString(path.read_bytes())
            ids += [s.span_id.hex() for r in request.resource_spans for t in r.scope_spans for s in t.spans]
    lines = run([decode, *pulled]).stdout.splitlines()
    assert len(ids) == 8 and [fields(line)["span_id"] for line in lines if line.startswith("span read sensor ")] == ids
    assert sum(line.startswith("log the sensor answers late ") for line in lines) == 1
    for line in lines:
        names += [fields(line)["service.name"]] if line.startswith("resource ") else []
    assert names == ["pull"] * len(pulled)


def test_what_is_cut_off_is_refused(decode, pulled, tmp_path):
    whole = next(p for p in pulled if p.suffix == ".traces").read_bytes()
    paths = []
    for n in range(1, len(whole), 7):
        paths.append(tmp_path / ("%d.traces" % n))
        paths[-1].write_bytes(whole[:n])
    ran = run([decode, *paths], check=False)
    assert ran.returncode == 1 and "Sanitizer" not in ran.stderr and "runtime error" not in ran.stderr, ran
    assert ran.stderr.count("decode: ") == len(paths) and "resource" not in ran.stdout


# ---- OTEL_USE_NANOPB ----

NEEDED = ("common/v1/common", "resource/v1/resource", "metrics/v1/metrics", "metrics/v1/metrics_service", "rpc/status", "rpc/error_details", "protobuf/any", "protobuf/duration")


@pytest.fixture(scope="module")
def with_nanopb(protos, tmp_path_factory):
    """The flags that build a program with OTEL_USE_NANOPB: descriptors as nanopb makes them without any options."""
    path, names = protos
    folder = tmp_path_factory.mktemp("generated")
    wanted = [n for n in names if n.endswith(tuple(name + ".proto" for name in NEEDED))]
    assert len(wanted) == len(NEEDED)
    run(["protoc", "--descriptor_set_in=" + str(path), "--nanopb_out=" + str(folder), *wanted])
    run(["gcc", "-O1", "-ffunction-sections", "-fdata-sections", "-I", folder, "-c", *sorted(folder.rglob("*.pb.c"))], cwd=folder)
    run(["ar", "rc", folder / "libotlp.a", *sorted(folder.glob("*.o"))])
    return "-DOTEL_USE_NANOPB=1", "-I" + str(folder), "-Wl,-L%s" % folder, "-lotlp", "-lprotobuf-nanopb"


@pytest.mark.parametrize("name,sanitizers", (("metric", True), ("reply", True), ("temporality", False), ("view", False), ("exemplar", False), ("exporter", False)))
def test_the_unit_tests_of_metrics_and_replies_hold_with_nanopb(with_nanopb, name, sanitizers):
    need_flags("gcc", "-lcmocka")
    run([cc("gcc", "tests/unit/%s_test.c" % name, "-std=gnu11", *WARN, *(SAN if sanitizers else ()), "-Itests/unit", *with_nanopb, "-lcmocka", "-lpthread", "-lm")], 120)


@pytest.mark.parametrize("dialect", ("gcc -std=c99 -pedantic", "gcc -std=c11 -DOTEL_STATIC=1", "clang -std=c11 -DOTEL_NO_ATOMICS", "g++ -x c++ -std=c++20 -pedantic", "g++ -x c++ -std=gnu++14"))
def test_every_metric_call_compiles_and_runs_with_nanopb(with_nanopb, dialect):
    compiler, *flags = dialect.split()
    run([cc(compiler, "tests/c/metrics_surface.c", *WARN, *flags, *with_nanopb)])


PROGRAM = """
    #include "otel_export.h"
    static otel_t otel;
    static otel_exporter_t exporter;
    static uint8_t pool[4096], packet[512];
    static uint64_t words[4000];
    static otel_metric_settings_t settings = { .exemplars = OTEL_EXEMPLARS_ALWAYS_ON, .memory = words, .memory_len = 4000 };
    static otel_counter_t a = OTEL_COUNTER("a", OTEL_SERIES(4));
    static otel_counter_double_t b = OTEL_COUNTER_DOUBLE("b");
    static otel_histogram_t c = OTEL_HISTOGRAM("c", OTEL_BOUNDS(1, 2));
    static otel_histogram_int_t d = OTEL_HISTOGRAM_INT("d", OTEL_BOUNDS_INT(1, 2));
    static otel_exponential_t e = OTEL_EXPONENTIAL("e", OTEL_POWERS(20));
    static otel_exponential_int_t f = OTEL_EXPONENTIAL_INT("f", OTEL_POWERS(20));
    static uint64_t now(void *user) { (void)user; return 1700000000000000000u; }
    static int post(void *user, const otel_request_t *r) { (void)user; (void)r; otel_export_reply(&exporter, "", 0, NULL); return 200; }
    int main(void)
    {
        otel_init(&otel, .service = "x", .clock = now, .pool = pool, .pool_size = sizeof pool, .metrics = otel_metrics(&settings));
        otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet);
        otel_counter_add(&a, 1, "k", "v");
        otel_counter_add(&b, 1);
        otel_histogram_record(&c, 1);
        otel_histogram_record(&d, 1);
        otel_histogram_record(&e, 1);
        otel_histogram_record(&f, 1);
        return otel_export_flush(&exporter, 1000) != OTEL_OK;
    }
    """
OWN = {"otel_%s_write_" % name for name in ("int", "double", "buckets", "buckets_int", "powers", "powers_int")} | {
    "otel_put_field64_", "otel_put_time_", "otel_exemplar_put_", "otel_powers_put_", "otel_pb_next_", "otel_pb_head_", "otel_reply_partial_", "otel_reply_delay_"}


def test_the_writer_and_the_reader_of_the_library_are_not_linked(with_nanopb):
    need("nm")
    flags = ("-std=c11", "-O1", "-fno-inline", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections")

    def names(*more):
        program = cc("gcc", PROGRAM, *WARN, *flags, *more)
        run([program])
        found = {line.split()[-1] for line in run(["nm", program]).stdout.splitlines()}
        return {re.sub(r"_v0(_nanopb)?(\..*)?$", "", name) for name in found}
    own, theirs = names(), names(*with_nanopb)
    assert OWN <= own and not any(name.startswith("pb_") for name in own)
    assert not OWN & theirs and {"pb_encode", "pb_decode", "otel_int_nanopb_", "otel_powers_nanopb_", "otel_exemplar_nanopb_"} <= theirs


# ---- metrics ----

def attributes_of(point):
    return b"".join(sorted(a.SerializeToString(deterministic=True) for a in point.attributes))


class Told:
    """What nanopb_metrics wrote."""

    def __init__(self, program, mode, room=65536):
        ran = run([program, mode, room], binary=True)
        counts = dict(zip(*[iter(ran.stderr.decode().split())] * 2))
        self.told, self.lost, data = int(counts["told"]), int(counts["lost"]), ran.stdout
        assert counts["crowded"] == "0"
        self.points, self.confirmed, self.resources = {}, [], set()
        while data:
            head, = struct.unpack("<I", data[:4])
            size = head & 0x7FFFFFFF
            assert size <= room
            self.take(service("metrics").ExportMetricsServiceRequest.FromString(data[4:4 + size]), bool(head >> 31))
            data = data[4 + size:]
        assert len(self.points) == self.told

    def take(self, request, confirmed):
        for r in request.resource_metrics:
            self.resources.add(r.resource.SerializeToString(deterministic=True))
            for s in r.scope_metrics:
                for m in s.metrics:
                    kind = m.WhichOneof("data")
                    data = getattr(m, kind)
                    about = (s.scope.SerializeToString(deterministic=True), s.schema_url, m.name, m.description, m.unit, kind,
                             getattr(data, "aggregation_temporality", None), getattr(data, "is_monotonic", None))
                    for p in data.data_points:
                        key = about + (attributes_of(p), p.time_unix_nano)
                        assert key not in self.points
                        self.points[key] = p
                        if confirmed:
                            self.confirmed.append((key, p))


@pytest.fixture(scope="module")
def writers(with_nanopb):
    """The same program with the library's writer and with nanopb."""
    source = "tests/c/nanopb_metrics.c"
    return cc("gcc", source, "-std=c11", *WARN), cc("gcc", source, "-std=c11", *WARN, *SAN, *with_nanopb)


MODES = ("plain", "delta", "views", "exemplars")


@pytest.mark.parametrize("mode", MODES)
def test_metrics_say_the_same_with_nanopb(writers, mode):
    own, theirs = (Told(program, mode) for program in writers)
    assert own.points == theirs.points and own.resources == theirs.resources and own.lost == theirs.lost == 0
    points = own.points.values()
    assert own.told > 70 and {key[5] for key in own.points} == {"gauge", "sum", "histogram", "exponential_histogram"}
    assert any(b"i2c1" in key[8] for key in own.points) or mode in ("views", "exemplars")
    assert any(b"otel.metric.overflow" in key[8] for key in own.points)
    assert {key[6] for key in own.points} == {None, 1, 2} if mode == "delta" else {None, 2}
    assert "https://example.org/?/2" in {key[1] for key in own.points} and "bad ?( text" in {key[3] for key in own.points}
    if mode == "views":                      # a sum that may go down has no sum when it is spread
        spread = [p for key, p in own.points.items() if key[2] in ("level.spread", "files.spread")]
        assert len(spread) == 8 and not any(p.HasField("sum") for p in spread)
    shown = [e for p in points for e in p.exemplars]
    assert bool(shown) == (mode == "exemplars")
    if shown:
        assert all(len(e.span_id) == 8 and len(e.trace_id) == 16 for e in shown) and any(e.filtered_attributes for e in shown)


@pytest.mark.parametrize("mode", MODES)
def test_small_packets_are_cut_and_what_fits_in_none_is_counted(writers, mode):
    whole = Told(writers[1], mode)
    losses = set()
    for room in (150, 200, 230, 260, 300, 350, 420, 512, 800, 1500, 4000):
        cut = Told(writers[1], mode, room)
        losses.add(bool(cut.lost))
        if mode == "delta":
            continue
        assert cut.told + cut.lost == whole.told
        for key, point in cut.points.items():
            known = whole.points[key]
            if mode == "exemplars":          # those that find no room are left out
                assert all(e in known.exemplars for e in point.exemplars)
                point, known = type(point).FromString(point.SerializeToString()), type(point).FromString(known.SerializeToString())
                del point.exemplars[:], known.exemplars[:]
            assert point == known
    assert losses == {True, False}


def sums(confirmed):
    """What the confirmed windows of each series amount to."""
    total = {}
    for key, p in confirmed:
        if key[6] != 1:
            continue
        add = total.setdefault(key[2] + repr(key[8]), [0, 0, 0])
        add[0] += p.as_int if key[5] == "sum" else p.count
        add[1] += p.as_double if key[5] == "sum" else p.sum
        if key[5] == "histogram":
            assert p.count == sum(p.bucket_counts) or not p.bucket_counts
        if key[5] == "exponential_histogram":
            assert p.count == p.zero_count + sum(p.positive.bucket_counts) + sum(p.negative.bucket_counts)
            add[2] += p.zero_count
    return total


def test_nothing_of_a_piece_that_was_not_confirmed_is_lost(writers):
    whole = sums(Told(writers[0], "delta").confirmed)
    assert len(whole) > 12
    for room in (350, 420, 512, 800):
        told = Told(writers[1], "delta", room)
        got = sums(told.confirmed)
        assert len(told.confirmed) < told.told and len(got) > 9
        for name, total in got.items():
            assert total == pytest.approx(whole[name], rel=1e-12), (room, name)


# ---- answers ----

@pytest.fixture(scope="module")
def readers(with_nanopb):
    source = "tests/c/nanopb_reply.c"
    return cc("gcc", source, "-std=c11", *WARN), cc("gcc", source, "-std=c11", *WARN, *SAN, *with_nanopb)


def answers(readers, bodies):
    data = b"".join(struct.pack("<H", len(b)) + b for b in bodies)
    return [run([program], input=data, binary=True).stdout.decode().splitlines() for program in readers]


def status(code=8, message="\u00e9 exhausted", seconds=2, nanos=5, kind="RetryInfo"):
    details = need_module("google.rpc.error_details_pb2")
    answer = need_module("google.rpc.status_pb2").Status(code=code, message=message)
    info = details.RetryInfo()
    info.retry_delay.seconds, info.retry_delay.nanos = seconds, nanos
    answer.details.add().Pack(details.RequestInfo(request_id="7"))
    answer.details.add().Pack(info if kind == "RetryInfo" else getattr(details, kind)())
    return answer.SerializeToString()


def bodies():
    out = [b"", status(), status(code=-1), status(message=""), status(seconds=-1, nanos=-1), status(seconds=2**62), status(kind="DebugInfo"),
           status(message="x" * 600), status(message="too large " + "\u20ac" * 200), status(0, "larger than", 0, 0)]
    for name, count in zip(SERVICES, ("rejected_spans", "rejected_data_points", "rejected_log_records")):
        module = service(name)
        for rejected in (0, 3, 10, 11, 2**40, -1, -2**63):
            for message in ("", "too old", "\U0001f600" * 130):
                answer = getattr(module, "Export%sServiceResponse" % name.capitalize())()
                setattr(answer.partial_success, count, rejected)
                answer.partial_success.error_message = message
                out.append(answer.SerializeToString())
    return out


def test_answers_say_the_same_with_nanopb_wherever_they_are_cut(readers):
    cut = sorted({body[:n] for body in bodies() for n in range(min(len(body), 540) + 1)})
    own, theirs = answers(readers, cut)
    assert len(own) == len(theirs) == len(cut) > 2000
    for body, a, b in zip(cut, own, theirs):
        assert a == b, (body, a, b)
    assert any(line.startswith("1 3 0 0 0 ") for line in own) and any(line.split()[3] == "2001" for line in own) and any(line.split()[4] == "1" for line in own)


def is_official(body):
    """Does an official decoder take it as it is, with nothing that it does not know?"""
    for kind in (service("trace").ExportTraceServiceResponse, need_module("google.rpc.status_pb2").Status):
        try:
            message = kind.FromString(body)
        except (need_module("google.protobuf.message").DecodeError, UnicodeDecodeError):
            continue
        message.DiscardUnknownFields()
        if message.SerializeToString() == body:
            return True
    return False


def test_hostile_answers_do_no_harm_to_nanopb(readers):
    """Bodies with bytes changed: under sanitizers, never more rejected than sent, and what is an official message says the same."""
    dice, hostile = random.Random(4), []
    good = [b for b in bodies() if b]
    for _ in range(6000):
        body = bytearray(dice.choice(good))
        for _ in range(dice.randint(1, 4)):
            body[dice.randrange(len(body))] = dice.choice((0, 1, 8, 10, 11, 12, 18, 127, 128, 255, dice.randrange(256)))
        hostile.append(bytes(body))
    hostile += [bytes(dice.randrange(256) for _ in range(dice.randint(1, 60))) for _ in range(2000)]
    hostile += [b"\x0a" * 600, b"\xff" * 600, b"\x1a\xff\xff\xff\xff\x0f" + b"\x0a\xff\xff\xff\xff\x0f" * 90, b"<html>no</html>", b"\x0b" * 300]
    own, theirs = answers(readers, hostile)
    assert len(own) == len(theirs) == len(hostile)
    assert all(int(line.split()[1]) <= 10 for line in theirs)
    official = 0
    for body, a, b in zip(hostile, own, theirs):
        if len(body) <= 512 and is_official(body):
            official += 1
            assert a == b, (body, a, b)
    assert official > 500 and sum(a == b for a, b in zip(own, theirs)) > 0.95 * len(hostile)
