"""Files of one's own out of the real parts: one file, two copies with different names in one program, without a signal."""
import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT, WARN, need, run

CLEAN = {name: "" for name in os.environ if name.startswith("OTEL_")}

ONE = """#include "%(name)s.h"
int %(name)s_work(void)
{
    %(NAME)s_SPAN(span, "%(name)s work") {
        %(name)s_span_set(span, "who", "%(name)s", "count", 3);
        %(log)s
    }
    return 0;
}
#ifdef MAIN
int main(void)
{
    %(name)s_posix_start(.service = "%(name)s");
    return MAIN;
}
#endif
"""


def program(name, log=True):
    return ONE % dict(name=name, NAME=name.upper(), log='%s_log(%s_INFO, "from %s");' % (name, name.upper(), name) if log else "")


def merge(out, *options):
    ran = subprocess.run([sys.executable, str(ROOT / "amalgamate.py"), "-o", str(out), *options], capture_output=True, text=True)
    assert ran.returncode == 0 and ran.stderr == "", ran.stderr


@pytest.mark.parametrize("compiler", ["gcc -std=c99 -pedantic", "clang -std=c11", "g++ -std=c++20"])
def test_one_file_with_a_port_is_all_a_program_needs(compiler, tmp_path):
    need(compiler.split()[0])
    merge(tmp_path / "otel.h", "--with", "ports/otel_posix.h")
    (tmp_path / "p.c").write_text(program("otel"))
    run([*compiler.split(), *WARN, *(["-x", "c++"] if "++" in compiler else []), "-DMAIN=otel_work()", "p.c", "-o", "p", "-lpthread"], timeout=300, cwd=tmp_path)
    shown = run([tmp_path / "p"], env=CLEAN).stderr
    assert "otel work" in shown and "from otel" in shown


def test_two_copies_with_different_names_live_in_one_program(tmp_path):
    need("gcc")
    for name in ("acme", "globex"):
        merge(tmp_path / (name + ".h"), "--with", "ports/otel_posix.h", "--prefix", name)
        text = (tmp_path / (name + ".h")).read_text()
        assert not re.search(r"\botel_(?!thread_ctx_v1|export\.h|posix\.h)[a-z]\w*\(", text), "a function kept its old name"
        assert '"telemetry.sdk.name"' in text and '"otel.h"' in text, "the library is still this one"
        (tmp_path / (name + ".c")).write_text(program(name))
    both = '#include "acme.h"\n#include "globex.h"\nint acme_work(void);\nint globex_work(void);\n'
    both += 'int main(void)\n{\n    acme_posix_start(.service = "a");\n    globex_posix_start(.service = "g");\n    return acme_work() + globex_work();\n}\n'
    (tmp_path / "main.c").write_text(both)
    run(["gcc", "-std=c11", *WARN, "main.c", "acme.c", "globex.c", "-o", "p", "-lpthread"], timeout=300, cwd=tmp_path)
    shown = run([tmp_path / "p"], env=CLEAN).stderr
    for name, service in (("acme", "a"), ("globex", "g")):
        assert re.search(r"^trace [0-9a-f]{32}  %s  .*\n  %s work .*\n    who=%s count=3\n.*from %s$" % (service, name, name, name), shown, re.M), shown
    assert "otel_" not in run(["nm", tmp_path / "p"]).stdout


def test_a_program_without_logs_has_none(tmp_path):
    need("gcc")
    merge(tmp_path / "otel.h", "--with", "ports/otel_posix.h", "--without", "logs")
    (tmp_path / "p.c").write_text(program("otel"))
    run(["gcc", "-std=c99", *WARN, "-O2", "-DMAIN=otel_work()", "p.c", "-o", "p", "-lpthread"], timeout=300, cwd=tmp_path)
    shown = run([tmp_path / "p"], env=CLEAN).stderr
    assert "otel work" in shown and "from otel" not in shown, "calls of a signal that is left out answer, and record nothing"


def test_the_list_of_lines_is_true():
    for name in ("otel.h", "otel_export.h"):
        lines = (ROOT / name).read_text().split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith("/* Lines: "))
        table, i = lines[at][len("/* Lines: "):], at
        while not table.endswith("*/"):
            i += 1
            table += " " + lines[i].strip()
        entries = re.findall(r"(\w+) (\d+)", table)
        assert len(entries) > 15 and entries[-1][0] == "implementation"
        for part, number in entries:
            assert re.match(r"/\* (---- %s\.h|==== %s) [-=]{3}" % (part, part), lines[int(number) - 1]), (name, part, number)


def test_the_api_stands_before_the_machinery_of_names():
    text = (ROOT / "otel.h").read_text()
    first = text.index(" otel_result_t otel_init_with(")
    assert text.index("int main(void)") < 1500 and text.index("#define OTEL_ENABLED") < 6000
    assert text.count("OTEL_NAME_(", 0, first) < 90, "the names of link-once functions stand above their part"
