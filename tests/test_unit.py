"""The unit tests of tests/unit/<part>_test.c: programs of cmocka, each built under several configurations.

Every cmocka test is a test of its own here. A first line such as `/* flags: -DOTEL_LOGS=0 -pthread */` adds flags.
The bodies of the library are compiled once for a configuration (OTEL_SPLIT) and linked to all programs that set no option.
"""
import fcntl
import json
import re
from pathlib import Path

import pytest

from conftest import ASAN, CI, ROOT, SPLIT, WARN, bodies, cc, cut, how_to_install, missing, need, need_flags, run, shared
from tables import units

CONFIGURATIONS = {
    "gcc": ("gcc", "-std=c11", *ASAN),
    "clang": ("clang", "-std=c11", *ASAN),
    "gcc-m32": ("gcc", "-m32", "-std=c99", "-O2", "-fsanitize=undefined", "-fno-sanitize-recover=all"),
}
TRAP = "-DOTEL_ASSERT(x)=((x) ? (void)0 : __builtin_trap())"
RESULT = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (\w+)$", re.M)


def items():
    for source in sorted((ROOT / "tests/unit").glob("*_test.c")):
        for configuration in CONFIGURATIONS:
            for name in units(source.read_text()):
                yield pytest.param(source, configuration, name, id="%s-%s-%s" % (source.stem, name, configuration),
                                   marks=pytest.mark.xdist_group("%s-%s" % (source.stem, configuration)))


def results(source, configuration):
    """{test: (verdict, output)} and all output of a program, which one worker builds and runs; the others wait for it."""
    kept = shared() / ("%s-%s.json" % (source.stem, configuration))
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(outcome(source, configuration)))
    kind, found, said = json.loads(kept.read_text())
    if kind == "skipped":
        pytest.skip(said)
    if kind == "failed":
        pytest.fail(said, pytrace=False)
    return found, said


def outcome(source, configuration):
    try:
        return ("ran", *build_and_run(source, configuration))
    except pytest.skip.Exception as reason:
        return "skipped", {}, str(reason)
    except pytest.fail.Exception as reason:
        return "failed", {}, str(reason)


def build_and_run(source, configuration):
    compiler, *flags = CONFIGURATIONS[configuration]
    need(compiler)
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    elif compiler == "clang":
        need_flags(compiler, "-fsanitize=address")
    text = source.read_text()
    extra = re.match(r"/\* flags: (.*?) *\*/", text)
    extra = extra.group(1).split() if extra else []
    sets_options = re.search(r"^#\s*define OTEL_", text, re.M) or any(flag.startswith("-DOTEL_") for flag in extra)
    sources, split = ([source], []) if sets_options else ([source, bodies(compiler, *flags, *WARN, TRAP)], [SPLIT])
    program = cc(compiler, sources, *flags, *WARN, TRAP, *extra, *split, *cmocka(flags), "-lpthread", "-lm")
    ran = run([program], timeout=300, check=False, merge=True, env={"UBSAN_OPTIONS": "print_stacktrace=1"})
    found, begin = {}, 0
    for match in RESULT.finditer(ran.stdout):
        found.setdefault(match.group(2), (match.group(1), ran.stdout[begin:match.end()]))
        begin = match.end()
    return found, str(ran)


def cmocka(flags):
    """The library where it is; its small stand-in with -m32, which no distribution builds it for, and on a bare machine."""
    here = any(Path(d, "cmocka.h").exists() for d in ("/usr/include", "/usr/local/include"))
    if here and "-m32" not in flags:
        return ["-lcmocka"]
    if CI and "-m32" not in flags:
        missing("cmocka.h", how_to_install("<cmocka.h>"))
    return ["-I", ROOT / "tests/unit/small"]


@pytest.mark.parametrize("source,configuration,name", list(items()))
def test_unit(source, configuration, name):
    found, said = results(source, configuration)
    verdict, output = found.get(name, ("LOST", "%s did not report; its program ended so:\n%s" % (name, said)))
    if verdict == "SKIPPED":
        pytest.skip("skipped by the program itself")
    if verdict != "OK":
        pytest.fail(cut(output.strip()), pytrace=False)
