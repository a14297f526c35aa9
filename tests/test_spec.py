"""The table of the specification: fresh, whole, and no claim without a test that exists and ran."""
import shutil
import sys

from conftest import ROOT, run
from spec_ran import judge, key_of


def test_the_table_is_fresh_and_every_claim_stands():
    run([sys.executable, ROOT / "tools/spec", "--check"])


def test_every_row_of_the_matrix_is_there():
    rows = (ROOT / "docs/spec.tsv").read_text().splitlines()[1:]
    assert [row.split("\t")[0] for row in rows] == [str(i) for i in range(1, 327)]


def test_false_claims_are_refused(tmp_path):
    for name in ("tools/spec", "tools/tables.py", "docs/spec.tsv", "tests/test_spec.py", "tests/unit/span_test.c", "otel.h", "otel_export.h"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    table = tmp_path / "docs/spec.tsv"
    lines = [line.split("\t")[:3] + ["open", "", "", ""] for line in table.read_text().splitlines()]
    lines[0] = "row section feature state function test note".split()
    lines[1][3:] = ["works", "otel_init", "", ""]
    lines[2][3:] = ["works", "otel_no_such_call", "tests/unit/span_test.c::no_such_test", ""]
    lines[3][3:] = ["works", "otel_init", "tests/test_none.py::test_it", ""]
    lines[4][3:] = ["left out", "", "", ""]
    lines[5][3:] = ["perhaps", "", "", ""]
    lines[6][3:] = ["works", "otel_init", "tests/unit/span_test.c", ""]
    lines[7][0] = "6"
    table.write_text("".join("\t".join(line) + "\n" for line in lines))
    ran = run([sys.executable, tmp_path / "tools/spec", "--check"], check=False)
    assert ran.returncode == 1
    for sentence in ("row 1 works, but names no test", "row 2: the headers have no otel_no_such_call", "row 2: tests/unit/span_test.c runs no no_such_test",
                     "row 3: tests/test_none.py does not exist", "row 4 is left out, but does not say why", "row 5: the state is one of",
                     "row 6: tests/unit/span_test.c: name one test of it", "row 6 is there twice"):
        assert sentence in ran.stderr, sentence


def test_a_named_test_that_did_not_run_is_noticed():
    assert key_of("tests/test_unit.py::test_unit[span_test-end_twice-gcc-m32]") == "tests/unit/span_test.c::end_twice"
    assert key_of("test_posix.py::test_ipv6[a-b]") == "tests/test_posix.py::test_ipv6"
    assert key_of("tests/test_x.py::test_y@group") == "tests/test_x.py::test_y"
    outcomes = {"a": {"passed"}, "b": {"skipped"}, "c": {"passed", "failed"}, "d": set()}
    assert judge(["a", "b", "c", "d", "e"], outcomes) == (["d", "e"], ["b"])


def test_a_whole_run_fails_when_a_named_test_is_gone(tmp_path):
    """The plugin at work, in a tree of one test."""
    for name in ("tools/spec", "tools/tables.py", "tests/spec_ran.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests/conftest.py").write_text("import sys\nsys.path.insert(0, %r)\npytest_plugins = ['spec_ran']\n" % str(tmp_path / "tests"))
    (tmp_path / "tests/test_one.py").write_text("def test_here():\n    pass\n")
    head = "row\tsection\tfeature\tstate\tfunction\ttest\tnote\n1\ts\tf\tworks\totel_init\ttests/test_one.py::test_here%s\t\n"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path / "tests"]
    (tmp_path / "docs/spec.tsv").write_text(head % "")
    run(command, cwd=tmp_path)
    (tmp_path / "docs/spec.tsv").write_text(head % " tests/test_one.py::test_gone")
    ran = run(command, cwd=tmp_path, check=False)
    assert ran.returncode == 1 and "tests/test_one.py::test_gone, which did not run" in ran.stdout, ran
    run(command + ["-k", "here"], cwd=tmp_path)
