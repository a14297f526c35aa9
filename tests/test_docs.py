"""Every block of C in the documents compiles without a warning; what README says to type works as it stands."""
import os
import re
import shutil

import pytest

from conftest import ROOT, WARN, cc, run


def blocks(name):
    """(line, text) of the C blocks of a document."""
    text = (ROOT / name).read_text()
    for found in re.finditer(r"^```c\n(.*?)^```", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


BLOCKS = [(name, line, text) for name in ("README.md",) for line, text in blocks(name)]


@pytest.mark.parametrize("dialect", ["-std=c99", "-std=c17"])
@pytest.mark.parametrize("name,line,text", BLOCKS, ids=lambda v: str(v) if not isinstance(v, str) or "\n" not in v else "")
def test_block_compiles_without_a_warning(name, line, text, dialect, tmp_path):
    includes = "" if "#include" in text else '#include "otel.h"\n'
    source = tmp_path / "block.c"
    stubs = "" if "otel_posix.h" in text else '#include "docs_stubs.h"\n'
    source.write_text(stubs + includes + '#line %d "%s"\n' % (line, name) + text)
    cc("gcc", source, dialect, *WARN, "-Wno-unused-function", "-Wno-unused-variable", "-I", str(ROOT / "tests" / "c"), "-c", out=tmp_path / "block.o")


def test_hello_of_readme_is_the_example():
    first = next(text for line, text in blocks("README.md"))
    example = (ROOT / "examples" / "hello.c").read_text()
    code = lambda text: [re.sub(r"/\*.*?\*/|//.*", "", l).strip() for l in re.sub(r"^/\*.*?\*/", "", text, flags=re.S).splitlines()]
    assert [l for l in code(first) if l] == [l for l in code(example) if l]


def test_commands_of_readme_work(tmp_path):
    text = (ROOT / "README.md").read_text()
    build = re.search(r"^    (cc -I\. .*?) && \./hello$", text, re.M).group(1)
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", "build"))
    run(["sh", "-c", "cd '%s' && %s" % (tree, build)], 120)
    shown = run(["sh", "-c", "cd '%s' && ./hello 2>&1" % tree], 30, env={k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}).stdout
    assert "greet" in shown and "hello, world" in shown and "who" in shown
