"""Every block of C in the documents compiles without a warning; what README says to type works as it stands."""
import os
import re
import shutil
import sys

import pytest

from conftest import ROOT, WARN, cc, need, run


def blocks(name):
    """(line, text) of the C blocks of a document."""
    text = (ROOT / name).read_text()
    for found in re.finditer(r"^```c\n(.*?)^```", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


PAGES = ["README.md"] + ["docs/" + p.name for p in sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [(name, line, text) for name in PAGES for line, text in blocks(name)]


@pytest.mark.parametrize("dialect", ["-std=c99", "-std=c17"])
@pytest.mark.parametrize("name,line,text", BLOCKS, ids=lambda v: str(v) if not isinstance(v, str) or "\n" not in v else "")
def test_block_compiles_without_a_warning(name, line, text, dialect, tmp_path):
    includes = "" if "#include" in text else '#include "otel.h"\n'
    source = tmp_path / "block.c"
    stubs = "" if "otel_posix.h" in text or name == "docs/porting.md" else '#include "docs_stubs.h"\n'
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


def test_the_template_of_the_porting_guide_is_whole_and_fits_a_board(tmp_path):
    """It compiles for a board without anything beside it, and runs with a board of this test."""
    need("arm-none-eabi-gcc")
    text = next(text for _, text in blocks("docs/porting.md"))
    (tmp_path / "port.c").write_text(text)
    cc("arm-none-eabi-gcc", tmp_path / "port.c", "-mcpu=cortex-m0", "-mthumb", "-Os", "-std=c99", *WARN, "-c", out=tmp_path / "port.o")
    board = text + """
#include <stdio.h>
uint32_t board_ticks(void) { static uint32_t n; return n += 400000; }
bool board_random(void *to, size_t len) { memset(to, 7, len); return true; }
int board_post(const char *path, const void *body, size_t len, uint32_t timeout_ms) { (void)body; (void)timeout_ms; printf("%s %d\\n", path, len > 60); return 200; }
void board_sleep(uint32_t ms) { (void)ms; }
int main(void)
{
    int i;
    if (port_start("board") != OTEL_OK) return 1;
    port_time(1700000000000000000u);
    OTEL_SPAN(span, "try") (void)span;
    for (i = 0; i < 30; i++) port_poll();
    return 0;
}
"""
    (tmp_path / "board.c").write_text(board)
    assert run([cc("gcc", tmp_path / "board.c", "-std=c99", *WARN)]).stdout == "/v1/traces 1\n"


def test_what_is_made_of_the_sources_is_fresh():
    run([sys.executable, ROOT / "tools/docs", "--check"])


def test_each_mistake_of_the_table_has_its_message():
    text = (ROOT / "docs/wrong-uses.md").read_text()
    rows = [r.split(" | ") for r in text.split("\n") if r.startswith("| ") and not r.startswith("| mistake")]
    assert len(rows) >= 20 and not [r for r in rows if r[2].strip(" |") in ("", "nothing", "done")]


def test_every_public_call_has_a_comment():
    sys.path.insert(0, str(ROOT / "tools"))
    from importlib.machinery import SourceFileLoader
    made = SourceFileLoader("made", str(ROOT / "tools/docs")).load_module()
    text = made.api_md()
    calls = re.findall(r"^`(.+)`  \n(?=\n|$)", text, re.M)
    assert len(re.findall(r"^`", text, re.M)) > 100 and not calls, "no comment above: " + "; ".join(calls)


def test_links_between_documents_lead_somewhere():
    for name in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text()):
            assert (ROOT / name).parent.joinpath(target).exists(), "%s links to %s" % (name, target)


def test_the_site_has_every_call_and_every_page(tmp_path):
    need("doxygen")
    run([sys.executable, ROOT / "tools/docs", "--site", tmp_path / "site"], timeout=300, check=True)
    text = "".join(p.read_text(errors="replace") for p in (tmp_path / "site").glob("*.html"))
    assert (tmp_path / "site/index.html").exists()
    for word in ("otel_span_start_with", "otel_exporter_init_with", "otel_posix_start_with", "otel_console_config_t", "port_start", "Troubleshooting"):
        assert word in text, word
