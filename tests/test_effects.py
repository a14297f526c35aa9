"""Nothing on the recording path allocates, locks or does I/O: clang's function effects follow every call from tests/c/nonblocking.c
through the bodies of the header. (test_faults.py counts allocations, locks and system calls of a run; this is for all runs.)

In the copy that is compiled, pointers to functions are declared nonblocking, and so is each function of the library that is put into
one of them, so that these are followed too; what is left to believe are the hooks of a port (clock, entropy, lock) and the user's
callbacks. Thread-local variables are plain there: clang does not allow them, because a library that is loaded late may allocate
them at their first use."""
import re

import borrow
import pytest
from conftest import ROOT, missing, run

SOURCE = "tests/c/nonblocking.c"
NONBLOCKING = " __attribute__((nonblocking))"


@pytest.fixture(scope="session")
def clang():
    found = borrow.tool("clang-22")
    if not found:
        missing("clang 20 or later", borrow.why)
    inside = borrow.resources(found)
    return found + (["-resource-dir", inside] if inside else [])


def pointers_declared(header):
    """Every pointer to a function that has a name: field, type or parameter. Tables inside of functions are no state: plain."""
    header = header.replace("#  define OTEL_THREAD_LOCAL_ __thread", "#  define OTEL_THREAD_LOCAL_")
    header = re.sub(r"^(\s+)static const", r"\1const", header, flags=re.M)
    inner = r"\([^()]*\)"
    return re.sub(r"(\(\*\w+\)\((?:[^()]|%s)*?(?:\(\*\)%s[^()]*)?\))" % (inner, inner), r"\1" + NONBLOCKING, header)


def declared(header, name):
    """A function of the library, where it is declared and where it is defined."""
    return re.sub(r"^((?:OTEL_\w+_ )+(?:[\w* ]+)\b%s\([^;{}]*\))(?= ?[;{]| ?$)" % name, r"\1" + NONBLOCKING, header, flags=re.M)


def warnings(clang, folder, *flags):
    said = run(clang + ["-std=gnu11", "-fsyntax-only", "-fno-caret-diagnostics", "-fno-color-diagnostics", "-ferror-limit=0", "-Wfunction-effects", "-I", folder, *flags, SOURCE], check=False).output
    assert " error: " not in said, said[-3000:]
    found = []
    for line in said.splitlines():
        place = re.match(r".*/otel\.h:(\d+):(\d+): warning: .*type conversion \[-Wfunction-effects\]", line)
        if place and (folder / "otel.h").read_text().split("\n")[int(place.group(1)) - 1][int(place.group(2)) - 1:].startswith("NULL"):
            continue                              # no function at all
        if "[-Wfunction-effects]" in line:
            found.append(line)
    return found, said


def followed(clang, folder, header, *flags):
    """Declare what is put into pointers until nothing new comes: (warnings that are left, the functions so declared, what was said)."""
    names = set()
    for _ in range(12):
        (folder / "otel.h").write_text(header)
        found, said = warnings(clang, folder, *flags)
        lines = header.split("\n")
        new = set()
        for warning in found:
            place = re.match(r".*otel\.h:(\d+):\d+: .*type conversion", warning)
            if place:
                line = lines[int(place.group(1)) - 1]
                new |= set(re.findall(r"\b(otel_\w+)\b(?!\()", line))
                for macro, given in re.findall(r"\b(OTEL_\w+)(?:\((otel_\w+)\))?", line):
                    for text in re.findall(r"^#\s*define %s\b(.*)$" % macro, header.replace("\\\n", " "), re.M):
                        new |= set(re.findall(r"\b(otel_\w+)\b(?!\()", text))
                        new |= {given + end for end in re.findall(r"\w+##(\w+)", text) if given}
        changed = header
        for name in new - names:
            changed = declared(changed, name)
        names |= new
        if changed == header:
            break
        header = changed
    return found, names, said


def test_recording_calls_nothing_that_blocks(clang, build_dir):
    header = pointers_declared((ROOT / "otel.h").read_text())
    assert header.count("nonblocking") > 25
    found, names, said = followed(clang, build_dir, header)
    assert not found, "\n".join(found)
    assert len(names) > 10, names


def test_planted_calls_are_found(clang, build_dir):
    planted = {"malloc": "(void)__builtin_malloc(8)", "pthread_mutex_lock": "(void)pthread_mutex_lock(&mutex)", "write": "(void)write(1, \"x\", 1)", "printf": "(void)printf(\"x\")"}
    found, _, _ = followed(clang, build_dir, pointers_declared((ROOT / "otel.h").read_text()), "-DPLANTED=" + "; ".join(planted.values()))
    assert len(found) == len(planted) and all("nonblocking.c" in line for line in found), found
    assert all(any("%s'" % name in line for line in found) for name in planted), found


def test_a_planted_call_inside_of_the_library_is_found(clang, build_dir):
    header = (ROOT / "otel.h").read_text()
    old = "OTEL_API_ otel_drop_t otel_ring_policy_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what)\n{ OTEL_CALLED_\n"
    assert header.count(old) == 1
    header = header.replace(old, old + "    (void)__builtin_malloc(n);\n")
    found, _, _ = followed(clang, build_dir, pointers_declared(header))
    assert any("malloc" in line for line in found), found
