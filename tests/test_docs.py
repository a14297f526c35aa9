"""Every block of C in the documents compiles without a warning; what README says to type works as it stands."""
import os
import re
import shutil
import sys
from pathlib import Path

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


# ---- the examples in the comments of the headers ----

HEADERS = ["otel.h", "otel_export.h"] + sorted("ports/" + p.name for p in (ROOT / "ports").glob("*.h"))
# examples for kernels that are not here; what builds the same calls against the real ones
ELSEWHERE = {"ports/otel_arduino.h": "test_firmware_line.py", "ports/otel_freertos.h": "test_firmware_freertos.py", "ports/otel_lwip.h": "test_firmware_lwip.py"}
AROUND = {  # what an example takes for granted, unless it declares it itself
    "otel": "static otel_t otel;", "ex": "static otel_exporter_t ex;", "exporter": "static otel_exporter_t exporter;", "packet": "static uint8_t packet[512];",
    "pool": "static uint8_t pool[2048];", "body": "static uint8_t body[512];", "frame": "static uint8_t frame[256];", "text": "static char text[64];", "buffer": "static uint8_t buffer[512];",
    "memory": "static uint64_t memory[2000];", "n": "static size_t n;", "link": "static otel_chunk_t link;", "breaker": "static otel_breaker_t breaker;", "rec": "static otel_recorder_t rec;",
    "fault": "static otel_fault_t fault;", "modem": "static int modem;", "flash": "static otel_medium_t flash;", "mine": "static otel_attr_t mine[1];", "mine_len": "static size_t mine_len;",
    "v": "static int v;", "id": "static int id;", "span": "static otel_span_t *span;", "stacked_pc": "static uintptr_t stacked_pc, stacked_lr;", "UART_DATA": "static uint8_t UART_DATA;",
    "caller": "static otel_context_t caller;", "environ": "static char **environ_;\n#define environ environ_",
    "post": "int post(void *user, const otel_request_t *r);", "now": "uint64_t now(void *user);", "modem_post": "int modem_post(const char *path, const void *body, size_t len);",
    "control_step": "void control_step(void);", "work": "void work(void);", "keep": "bool keep(const void *p, size_t len);", "heap_used": "int heap_used(void);",
    "radio_ready": "bool radio_ready(void);", "radio_send": "void radio_send(const void *p, size_t len);", "radio_receive": "size_t radio_receive(void *p);",
    "uart_write": "void uart_write(const char *p, size_t len);", "link_is_up": "bool link_is_up(void);", "header": "const char *header(const char *name);",
    "answer": "void answer(const char *type, const char *text, size_t len);", "reset": "void reset(void);", "DISABLE_TX_IRQ": "void DISABLE_TX_IRQ(void);", "ENABLE_TX_IRQ": "void ENABLE_TX_IRQ(void);",
    "assert": "#include <assert.h>",
}


def examples(name):
    """(line, code) of what is indented in the comments of a header and calls the library."""
    text = (ROOT / name).read_text()
    for comment in re.finditer(r"/\*.*?\*/", text, re.S):
        lines, block, begin = comment.group(0).replace("*/", "").split("\n"), [], 0
        for i, line in enumerate(lines + ["end"]):
            if re.match(r" {5}(?! *OTEL_\w+ \w)(?! *otel_\w+ +\D)", line) or re.match(r" {5,}otel_\w+_t ", line) or (block and re.match(r" {5}", line)) or (not line.strip() and block):
                begin = begin if block else i
                block.append(line)
                continue
            code = "\n".join(block)
            if re.search(r"(otel|OTEL)_\w+\(.*[;{}]", code) and not re.search(r"^ *otel_\w+ {2,}", code, re.M):       # the second is a table
                yield text.count("\n", 0, comment.start()) + begin + 1, code
            block = []


IN_HEADERS = [(name, line, code) for name in HEADERS if name not in ELSEWHERE for line, code in examples(name)]


def in_a_file(code, cxx):
    """Definitions stay outside, statements go into a function; '...' is left out."""
    code = re.sub(r"\{ \.\.\. \}", "{ }", re.sub(r"^ *\.\.\. .*\.\.\. *$", "", code, flags=re.M))
    code = re.sub(r" \.\.\., | \.\.\.,|, *\.\.\.|\.\.\. *(?=\})", lambda m: " " if m.group(0).endswith(", ") else "", code)
    outside, inside, depth, at = [], [], 0, None
    for line in code.split("\n"):
        bare = re.sub(r"//.*|/\*.*", "", line)
        if depth == 0:
            head = bare.strip()
            at = outside if head.startswith(("static ", "#include")) or re.match(r"(void|int) \w+\(.*\)\s*\{?.*$", head) else inside
        at.append(line)
        depth += bare.count("{") - bare.count("}")
        if depth == 0 and at is outside and re.match(r"\s*(void|int) \w+\([^;]*\)\s*$", bare):
            depth = 0
            continue
    body = "\n".join(inside)
    return "\n".join(outside) + ("\nint example_(void);\nint example_(void)\n{\n%s\n    return 0;\n}\n" % body if not re.search(r"^ *int main", "\n".join(outside), re.M) else "\n" + body)


def around(code):
    words = set(re.findall(r"\b\w+\b", re.sub(r"//.*|/\*.*|\"[^\"]*\"|\.\w+", "", code)))
    declared = set(re.findall(r"[\w*>]\s+\*?(\w+)\s*(?:\[[^\]]*\])?\s*(?:=|;|\(void|OTEL_NO_INIT)", re.sub(r"sizeof \w+", "", code))) | set(re.findall(r"(?:OTEL_SPAN\(|char \*)(\w+)[,)]", code)) | set(re.findall(r"\b(?:int|void|uint64_t) (\w+)\(", code))
    return "\n".join(text for name, text in AROUND.items() if name in words and name not in declared) + "\n"


def test_headers_have_examples():
    assert len(IN_HEADERS) >= 25 and {n for n, _, _ in IN_HEADERS} >= {"otel.h", "otel_export.h", "ports/otel_posix.h", "ports/otel_uart.h"}


@pytest.mark.parametrize("name,line,code", IN_HEADERS, ids=lambda v: str(v) if not isinstance(v, str) or "\n" not in v else "")
def test_example_of_a_header_compiles_without_a_warning(name, line, code, tmp_path):
    cxx = "otel_scoped_span" in code
    first = ["ports/otel_resource.h", "ports/otel_posix.h", "ports/otel_gzip.h"]
    include = "" if "#include" in code else '#include "otel_posix.h"\n' if name in first else '#include "%s"\n' % ("otel_export.h" if name == "otel.h" else Path(name).name)
    body = in_a_file(code, cxx)
    includes = "".join(l.strip() + "\n" for l in re.findall(r"^ *#include.*$", body, re.M))
    body = re.sub(r"^ *#include.*$", "", body, flags=re.M)
    source = tmp_path / ("example.cpp" if cxx else "example.c")
    source.write_text('%s%s#include "otel_export.h"\n%s#line %d "%s"\n%s' % (include, includes, around(code), line, name, body))
    cc("g++" if cxx else "gcc", source, "-std=c++11" if cxx else "-std=c11", *WARN, "-Wno-unused-function", "-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-parameter",
       *(["-Wno-conversion"] if "UART_DATA" in code else []), "-D_GNU_SOURCE", "-fsyntax-only")     # a register has its own type
