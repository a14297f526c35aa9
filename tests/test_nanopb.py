"""nanopb: the example decodes what the library wrote. Descriptors are made by nanopb's generator from the official messages; the
Python packages carry those as descriptors, which protoc takes in the place of .proto files."""
import re

import pytest

from conftest import ASAN, ROOT, WARN, cc, need, need_flags, need_module, run

EXAMPLE = ROOT / "examples/nanopb"
SERVICES = ("trace", "metrics", "logs")


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
    run(["sh", "-c", compile_.replace("cc ", "gcc %s " % " ".join((*WARN, *ASAN)), 1)], 300)
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
