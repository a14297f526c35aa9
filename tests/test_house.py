"""The house: merged headers, parts, Makefile, feature table, and what must not stand in any file."""
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from conftest import ROOT, need, run

PARTS = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "src").glob("*/*.h"))
GENERATED = ("otel.h", "otel_export.h", "ports/otel_posix.h")


def amalgamate(*args, root=ROOT):
    return subprocess.run([sys.executable, str(ROOT / "amalgamate.py"), "--root", str(root), *map(str, args)],
                          capture_output=True, text=True, cwd=str(root))


# ---- a small tree of parts ----

def part(name, includes=(), api="", body="", comment="What it is."):
    guard = "OTEL_%s_H" % re.sub(r"\W", "_", name[:-2]).upper()
    lines = ["/* %s */" % comment, "#ifndef " + guard, "#define " + guard]
    lines += ["#include " + (i if i.startswith("<") else '"%s"' % i) for i in includes]
    lines += [textwrap.dedent(api).strip()] if api else []
    lines += ["/*== implementation ==*/", "#if OTEL_BODIES_", textwrap.dedent(body).strip(), "#endif"] if body else []
    return "\n".join(lines + ["#endif"]) + "\n"


COMPILER = """
    #define OTEL_BODIES_ 1
    #define OTEL_API_ __attribute((weak))
    #define OTEL_CALLED_
    #define OTEL_FN_ static inline
    #define OTEL_NAME_(f) OTEL_NAME2_(f, _v0)
    #define OTEL_NAME2_(f, v) OTEL_NAME3_(f, v)
    #define OTEL_NAME3_(f, v) f##v
    #ifndef OTEL_TRACES
    #define OTEL_TRACES 1
    #endif
"""


@pytest.fixture
def tree(tmp_path):
    """otel.h: compiler, ring (needs compiler), otel; otel_export.h: batch, export. Yields the folder."""
    files = {
        "src/otel/compiler.h": part("compiler.h", ["<stddef.h>"], COMPILER),
        "src/otel/ring.h": part("ring.h", ["compiler.h", "<string.h>"], """
            OTEL_API_ size_t otel_ring_size(const char *text);
            """, """
            OTEL_API_ size_t otel_ring_size(const char *text) { return strlen(text); }
            """),
        "src/otel/otel.h": part("otel.h", ["ring.h", "compiler.h"], """
            #if OTEL_TRACES
            OTEL_FN_ int otel_traces_are(void) { return 1; }
            #else
            OTEL_FN_ int otel_traces_are(void) { return 0; }
            #endif
            """, comment="The first screen."),
        "src/export/batch.h": part("batch.h", ["../otel/ring.h"], "OTEL_API_ size_t otel_batch(void);", """
            OTEL_API_ size_t otel_batch(void) { return otel_ring_size("four"); }
            """),
        "src/export/export.h": part("export.h").replace("#define OTEL_EXPORT_H\n",
            '#define OTEL_EXPORT_H\n#include "../otel/otel.h"\n#include "batch.h"\n'),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def edit(tree, name, old, new):
    path = tree / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def merge(tree, *args):
    done = amalgamate(*args, root=tree)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return (tree / "otel.h").read_text() if not args else None


def refusal(tree, *args):
    done = amalgamate(*args, root=tree)
    assert done.returncode != 0, "this should have been refused"
    assert "Traceback" not in done.stderr
    return done.stderr


PROGRAM = '#include "otel_export.h"\nint main(void) { return otel_batch() == 4 ? 0 : 1; }\n'


def build(tree, text=PROGRAM, include=".", files=1):
    need("gcc")
    sources = []
    for i in range(files):
        source = tree / ("program%d.c" % i)
        source.write_text(text if i == 0 else text.replace("main", "other%d" % i))
        sources.append(str(source))
    run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", str(tree / include), *sources, "-o", str(tree / "program")])
    run([str(tree / "program")])
    return run(["nm", str(tree / "program")]).stdout


# ---- what amalgamate.py makes ----

def test_merges_api_first_and_implementation_after(tree):
    text = merge(tree)
    order = [text.index(s) for s in ("The first screen.", "#define OTEL_H_", "#include <stddef.h>", "---- compiler.h",
                                     "---- ring.h", "otel_ring_size(const char *text);", "otel_traces_are",
                                     "==== implementation", "return strlen(text)")]
    assert order == sorted(order)
    assert text.count("#include") == 2, "system headers once, parts never"
    assert "OTEL_RING_H" not in text, "the guards of parts are gone"


def test_names_are_link_once_and_carry_the_suffix(tree):
    merge(tree)
    symbols = build(tree, files=3)
    assert " otel_ring_size_v0\n" in symbols and " otel_batch_v0\n" in symbols


def test_export_repeats_no_part_of_the_recorder(tree):
    merge(tree)
    text = (tree / "otel_export.h").read_text()
    assert text.count('#include "otel.h"') == 1
    assert "otel_ring_size(const" not in text
    assert "#define otel_batch OTEL_NAME_(otel_batch)" in text and "#define otel_ring_size" not in text


def test_merging_twice_gives_the_same_bytes(tree):
    first = merge(tree)
    assert merge(tree) == first


def test_lines_point_at_the_parts(tree):
    merge(tree, "--lines", "-o", tree / "out")
    edit(tree, "out/otel.h", "return strlen(text)", "return strlen(texts)")
    (tree / "p.c").write_text(PROGRAM)
    said = run(["gcc", "-I", str(tree / "out"), str(tree / "p.c"), "-fsyntax-only"], check=False).stderr
    number = (tree / "src/otel/ring.h").read_text().split("return strlen")[0].count("\n") + 1
    assert re.search(r"src/otel/ring\.h:%d:\d+: error" % number, said), said


def test_one_file_of_ones_own_with_another_prefix(tree):
    (tree / "ports").mkdir()
    (tree / "ports/otel_toy.h").write_text('/* toy */\n#include "otel_export.h"\n#define OTEL_TOY 7 /* OTEL_SERVICE_NAME */\n')
    merge(tree, "-o", tree / "own/acme.h", "--prefix", "acme", "--with", tree / "ports/otel_toy.h", "--without", "traces")
    text = (tree / "own/acme.h").read_text()
    assert not re.search(r"\bOTEL_(?!SERVICE_NAME)|\botel_", text)
    assert "ACME_TOY 7 /* OTEL_SERVICE_NAME */" in text, "the specification's names stay"
    program = '#include "acme.h"\nint main(void) { return acme_batch() == 4 && !acme_traces_are() && ACME_TOY == 7 ? 0 : 1; }\n'
    assert "acme_batch_v0" in build(tree, program, "own", files=2)
    assert [p.name for p in (tree / "own").iterdir()] == ["acme.h"]


@pytest.mark.parametrize("condition,kept", [
    ("#if OTEL_TRACES\nA\n#endif", ""), ("#if !OTEL_TRACES\nA\n#endif", "A"), ("#if OTEL_TRACES\nA\n#else\nB\n#endif", "B"),
    ("#if OTEL_TRACES && X\nA\n#elif Y\nB\n#else\nC\n#endif", "#if Y B #else C #endif"),
    ("#if X\nA\n#elif OTEL_TRACES\nB\n#else\nC\n#endif", "#if X A #else C #endif"),
    ("#if !OTEL_TRACES\nA\n#else\n#if X\nB\n#endif\n#endif", "A"),
    ("#if OTEL_TRACES || X\nA\n#endif", "#if OTEL_TRACES || X A #endif"),
    ("#if OTEL_TRACES\n#ifdef X\nA\n#else\nB\n#endif\n#endif\nC", "C"),
])
def test_without_a_signal_its_branches_are_gone(condition, kept):
    sys.path.insert(0, str(ROOT))
    import amalgamate as script
    got = script.without([script.Line(t) for t in condition.split("\n")], ["traces"])
    assert " ".join(got) == kept


# ---- what it refuses, in a sentence ----

def test_a_cycle_is_refused(tree):
    edit(tree, "src/otel/compiler.h", "#include <stddef.h>", '#include <stddef.h>\n#include "ring.h"')
    said = refusal(tree)
    assert "include cycle: src/otel/ring.h -> src/otel/compiler.h -> src/otel/ring.h" in said


def test_a_part_that_no_spine_reaches_is_refused(tree):
    (tree / "src/otel/lonely.h").write_text(part("lonely.h"))
    assert 'src/otel/lonely.h is reached by no spine: add #include "lonely.h" to src/otel/otel.h' in refusal(tree)


def test_a_missing_part_is_refused(tree):
    edit(tree, "src/otel/ring.h", '"compiler.h"', '"compilers.h"')
    assert "src/otel/compilers.h is missing: src/otel/ring.h line" in refusal(tree)


def test_a_stale_file_is_named_with_the_remedy(tree):
    merge(tree)
    assert amalgamate("--check", root=tree).returncode == 0
    edit(tree, "src/export/batch.h", '"four"', '"five"')
    said = refusal(tree, "--check")
    assert "otel_export.h is stale: renew it with `python3 amalgamate.py`" in said
    assert "otel.h is stale" not in said
    assert "four" in (tree / "otel_export.h").read_text(), "--check writes nothing"


def test_a_recorder_that_includes_export_is_refused(tree):
    edit(tree, "src/otel/otel.h", '#include "ring.h"', '#include "ring.h"\n#include "../export/batch.h"')
    assert "nothing in otel.h knows how data leaves" in refusal(tree)


def test_a_part_without_guard_is_refused(tree):
    (tree / "src/otel/ring.h").write_text("/* no guard */\nint x;\n")
    assert "src/otel/ring.h needs its include guard" in refusal(tree)


def test_a_conditional_part_is_refused(tree):
    edit(tree, "src/otel/otel.h", "#if OTEL_TRACES\n", '#if OTEL_TRACES\n#include "ring.h"\n')
    assert "a part is included always or never" in refusal(tree)


def test_a_macro_with_the_name_of_a_function_is_refused(tree):
    edit(tree, "src/otel/ring.h", "OTEL_API_ size_t otel_ring_size(const char *text);",
         "OTEL_API_ size_t otel_ring_size(const char *text);\n#define otel_ring_size(x) 1")
    assert "otel_ring_size is a macro here and a link-once function elsewhere" in refusal(tree)


def test_a_function_that_would_not_link_twice_is_pointed_out(tree):
    edit(tree, "src/otel/otel.h", "#if OTEL_TRACES\n", "int otel_plain(void)\n{\n    return 1;\n}\n#if OTEL_TRACES\n")
    assert "`int otel_plain(void)` is neither OTEL_API_ nor OTEL_FN_" in amalgamate(root=tree).stderr


# ---- this tree ----

def test_the_merged_headers_are_fresh():
    done = amalgamate("--check")
    assert done.returncode == 0, done.stderr


def test_every_definition_is_link_once_or_static_inline():
    assert amalgamate("--check").stderr == ""


@pytest.mark.parametrize("options", [["--prefix", "acme"], ["--without", "traces"], ["--without", "metrics", "--without", "logs"],
                                     ["--lines"]], ids=" ".join)
def test_a_file_of_ones_own_compiles_and_links(options, build_dir):
    need("gcc")
    done = amalgamate("-o", build_dir / "own.h", *options)
    assert done.returncode == 0, done.stderr
    for i in (1, 2):
        (build_dir / ("p%d.c" % i)).write_text('#include "own.h"\nint %s(void) { return 0; }\n' % ("main" if i == 1 else "other"))
    run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Wundef", "-Werror", build_dir / "p1.c", build_dir / "p2.c", "-o", build_dir / "p"])
    run([build_dir / "p"])
    if "acme" in options:
        assert " otel_" not in run(["nm", build_dir / "p"]).stdout


def test_the_parts_exist():
    assert PARTS, "src/ holds no parts"


PLAIN = ["-DOTEL_SPLIT=1", "-DOTEL_IMPLEMENTATION"]           # what is static or inline would want the bodies of other parts too
ALONE = ["-fsyntax-only", "-Wall", "-Wextra", "-Wundef", "-pedantic", "-Werror"]


@pytest.mark.parametrize("compiler,flags", [
    ("gcc", ["-std=c99", "-x", "c", *PLAIN]), ("g++", ["-std=c++11", "-x", "c++", *PLAIN]),
    ("clang", ["-std=c99", "-x", "c", *PLAIN]), ("clang++", ["-std=c++11", "-x", "c++", *PLAIN]),
], ids=["gcc-c99", "g++-c++11", "clang-c99", "clang++-c++11"])
@pytest.mark.parametrize("name", PARTS)
def test_each_part_compiles_alone(name, compiler, flags, build_dir):
    need(compiler)
    source = build_dir / "alone.h.c"
    source.write_text('#include "%s"\ntypedef int not_empty;\n' % (ROOT / name))
    run([compiler, *ALONE, *flags, source])


def test_parts_begin_with_a_paragraph_and_have_their_own_guard():
    for name in PARTS:
        text = (ROOT / name).read_text()
        assert text.startswith("/*"), name + " begins with a paragraph: what, why, which section of the specification"
        folder = name.split("/")[1]
        guard = "OTEL_%s%s_H" % ("" if folder == "otel" else folder.upper() + "_", Path(name).stem.upper())
        allowed = {guard, guard.replace("OTEL_EXPORT_EXPORT_H", "OTEL_EXPORT_H"), guard.replace("OTEL_OTEL_H", "OTEL_H")}
        assert re.search(r"^#ifndef (\w+)", text, re.M).group(1) in allowed, name


def test_merged_headers_hold_no_date_and_no_path_of_a_host():
    for name in GENERATED:
        text = (ROOT / name).read_text()
        assert not re.search(r"\b20[2-9]\d-\d\d-\d\d\b|__DATE__|__TIME__", text), name
        assert not re.search(r"(^|[\s\"'(])/(home|root|tmp|usr|work|Users|opt)/", text, re.M), name


def files_of_the_tree():
    """What git would put into a clone, and what is about to be added."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=str(ROOT), capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\n")[:-1]
    else:
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file() and not {"build", ".git"} & set(p.parts)]
    return [n for n in names if (ROOT / n).is_file()]


# spelled in pieces, so that this file does not find itself
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.<*])/" + r"(?:work\b|home/\w|root/\w)",
    "a package host or mirror": "|".join(a + re.escape(b) for a, b in (
        ("proxy", ".golang.org"), ("sum", ".golang.org"), ("deb", ".debian.org"), ("archive", ".ubuntu.com"),
        ("pypi", ".org"), ("pypi", ".python.org"), ("files", ".pythonhosted.org"), ("registry", ".npmjs.org"),
        ("index", ".crates.io"), ("static", ".crates.io"), ("repo1", ".maven.org"), ("GO", "PROXY="), ("--index", "-url"),
        ("/opt/", "wheels"), ("--find", "-links"))),
}


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_names(what):
    found = []
    for name in files_of_the_tree():
        if name.endswith((".sum", ".mod")):
            continue
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        found += ["%s: %s" % (name, m.group(0)) for m in re.finditer(FORBIDDEN[what], text)]
    assert not found, "names %s:\n%s" % (what, "\n".join(found))


def test_sources_hold_no_build_date():
    for name in files_of_the_tree():
        if name.endswith((".h", ".c", ".cpp")):
            assert not re.search(r"__(DATE|TIME|TIMESTAMP)__", (ROOT / name).read_text(errors="replace")), name


def test_make_help_names_every_target():
    need("make")
    text = run(["make", "--no-print-directory", "help"]).stdout
    for target in "help demo demo-ui demo-ui-stop docs test headers sizes bench fuzz clean".split():
        assert re.search(r"^ +make %s +\S" % target, text, re.M), target
    assert run(["make", "--no-print-directory"]).stdout == text, "help is the default"


def test_a_missing_tool_is_named_with_its_package(build_dir):
    make = need("make")
    for tool in ("sh", "echo"):
        os.symlink(shutil.which(tool), str(build_dir / tool))
    ran = run([make, "-C", ROOT, "sizes"], check=False, env={"PATH": str(build_dir)})
    assert ran.returncode != 0
    assert "arm-none-eabi-gcc is not installed: apt-get install gcc-arm-none-eabi" in ran.stderr


def test_the_feature_table_is_fresh_and_every_claim_stands():
    run([sys.executable, ROOT / "tools/features", "--check"])


def test_the_feature_table_is_whole():
    rows = (ROOT / "docs/features.tsv").read_text().splitlines()[1:]
    names = [row.split("\t")[0] for row in rows]
    assert names[:142] == ["2.%02d" % i for i in range(1, 37)] + ["1.%02d" % i for i in range(1, 107)]
    assert names[142:] == ["S.%02d" % i for i in range(1, 86)]


def test_a_false_claim_in_the_feature_table_is_refused(tmp_path):
    for name in ("tools/features", "tools/tables.py", "docs/features.tsv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    table = tmp_path / "docs/features.tsv"
    lines = [line.split("\t") for line in table.read_text().splitlines()]
    for line in lines[1:]:
        line[3:] = ["open", "", ""]
    lines[1][3:] = ["works", "src/nothing.h", ""]
    table.write_text("".join("\t".join(line) + "\n" for line in lines))
    ran = run([sys.executable, tmp_path / "tools/features"], check=False)
    assert ran.returncode == 1
    assert "row 2.01 works, but names no test" in ran.stderr and "src/nothing.h does not exist" in ran.stderr


def test_ci_installs_only_what_is_listed():
    lines = [n for n in (ROOT / "tests/packages.txt").read_text().splitlines() if n and not n.startswith("#")]
    assert all(len(line.split("\t")) == 3 for line in lines)
    listed = {line.split("\t")[0] for line in lines}
    assert {"gcc", "g++", "clang", "<cmocka.h>"} <= listed
