"""Text that is no UTF-8, in every place and under every option that has to do with it: strict decoders read each request, and no
table has a key twice."""
import pytest

from conftest import ASAN, WARN, cc, need_flags, run
from test_interop import parse

ROUNDS = 250
BUILDS = {"default": (*ASAN, "-O0"), "replaced, depth 1": (*ASAN, "-O0", "-DOTEL_UTF8_REPLACE=1", "-DOTEL_VALUE_DEPTH=1"),
          "32 bits": ("-O0", "-m32", "-fsanitize=undefined", "-fno-sanitize-recover=all")}


def tables(message):
    """Each table of attributes in a message, and each value, however deep."""
    for field, content in message.ListFields():
        if field.message_type is None:
            continue
        items = list(content) if field.is_repeated else [content]
        if field.message_type.name == "KeyValue":
            yield [item.key for item in items]
        for item in items:
            yield from tables(item)


def values(message):
    if message.DESCRIPTOR.name == "AnyValue" and message.WhichOneof("value") in ("string_value", "bytes_value"):
        yield message.WhichOneof("value")
    for field, content in message.ListFields():
        if field.message_type is not None:
            for item in (list(content) if field.is_repeated else [content]):
                yield from values(item)


@pytest.mark.parametrize("build", BUILDS)
def test_no_decoder_refuses_garbage_and_no_key_is_there_twice(build, tmp_path, godecode):
    if "-m32" in BUILDS[build]:
        need_flags("gcc", "-m32")
    run([cc("gcc", "tests/c/garbage.c", "-std=c11", *WARN, *BUILDS[build]), tmp_path, 1, ROUNDS])
    seen, kinds = {"traces": 0, "metrics": 0, "logs": 0}, set()
    for path in sorted(tmp_path.iterdir()):
        signal = path.suffix[1:]
        request = parse(signal, path.read_bytes())
        seen[signal] += 1
        for keys in tables(request):
            assert len(keys) == len(set(keys)), (path.name, keys)
        kinds.update(values(request))
        if seen[signal] <= 3:
            godecode(signal, path.read_bytes())
    assert all(seen.values())
    assert kinds == ({"string_value"} if "replaced" in build else {"string_value", "bytes_value"})
