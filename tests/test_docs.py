"""Every block of C in the documents and in the comments of the headers compiles without a warning, and runs; README has test_readme.py."""
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, SPLIT, WARN, bodies, cc, load, need, run


def blocks(name):
    """(line, text) of the C blocks of a document."""
    text = (ROOT / name).read_text()
    for found in re.finditer(r"^```c\n(.*?)^```", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


PAGES = ["README.md"] + ["docs/" + p.name for p in sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [(name, line, text) for name in PAGES for line, text in blocks(name)]


def apart(text):
    """A text that sets no option and includes no other port takes the library's bodies from an object that is compiled once."""
    return () if re.search(r"# *define OTEL_(?!FILE_SCOPE)|otel_(?!posix\b|export\b)\w+\.h", text) else (SPLIT,)


@pytest.mark.parametrize("dialect", ["-std=c99", "-std=c17"])
@pytest.mark.parametrize("name,line,text", BLOCKS, ids=lambda v: str(v) if not isinstance(v, str) or "\n" not in v else "")
def test_block_compiles_without_a_warning(name, line, text, dialect, tmp_path):
    includes = "" if "#include" in text else '#include "otel.h"\n'
    source = tmp_path / "block.c"
    stubs = "" if "otel_posix.h" in text or name == "docs/porting.md" else '#include "docs_stubs.h"\n'
    source.write_text(stubs + includes + '#line %d "%s"\n' % (line, name) + text)
    cc("gcc", source, dialect, *WARN, "-Wno-unused-function", "-Wno-unused-variable", "-I", str(ROOT / "tests" / "c"), "-c", *apart(text), out=tmp_path / "block.o")


def test_the_library_of_the_page_on_libraries_compiles_without_the_header_too(tmp_path):
    """Where otel.h is not found, where the build says 0, and where it is off, nothing but the library's own function is left."""
    (tmp_path / "foo.c").write_text(next(text for _, text in blocks("docs/libraries.md")))
    for flags in ((), ("-DHAVE_OTEL=0", "-I", str(ROOT)), ("-DOTEL_ENABLED=0", "-I", str(ROOT))):
        run(["gcc", "-std=c99", "-O1", *WARN, *flags, "-c", tmp_path / "foo.c", "-o", tmp_path / "foo.o"])
        assert [line.split()[-1] for line in run(["nm", tmp_path / "foo.o"]).stdout.splitlines()] == ["foo_read"], flags


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


def test_the_first_program_of_the_porting_guide_is_built_and_runs(tmp_path):
    """The two commands as they stand, but for the place of the program; its first line comes over the serial port."""
    need("arm-none-eabi-gcc")
    need("qemu-system-arm")
    build, start = re.findall(r"^    ((?:arm-none-eabi-gcc|qemu-system-arm) .*)$", (ROOT / "docs/porting.md").read_text(), re.M)
    place = lambda command: shlex.split(command.replace("sensor.elf", str(tmp_path / "sensor.elf")))
    run(place(build), cwd=ROOT)
    board = subprocess.Popen(["timeout", "60", *place(start)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        seen = b""
        while b"measured 00-" not in seen:
            more = board.stdout.read1(1000)
            assert more, seen
            seen += more
    finally:
        board.terminate()
        board.communicate()


def test_what_is_made_of_the_sources_is_fresh():
    run([sys.executable, ROOT / "tools/docs", "--check"], timeout=300)


def test_each_mistake_of_the_table_has_its_message():
    text = (ROOT / "docs/wrong-uses.md").read_text()
    rows = [r.split(" | ") for r in text.split("\n") if r.startswith("| ") and not r.startswith("| mistake")]
    assert len(rows) >= 20 and not [r for r in rows if r[2].strip(" |") in ("", "nothing", "done")]


def test_every_public_call_has_a_comment():
    made = load("made", ROOT / "tools/docs")
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
FLASH = """static uint8_t cells[4096];
static int cells_read(void *user, uint32_t at, void *to, uint32_t len) { (void)user; memcpy(to, cells + at, len); return 0; }
static int cells_program(void *user, uint32_t at, const void *from, uint32_t len) { (void)user; memcpy(cells + at, from, len); return 0; }
static int cells_erase(void *user, uint32_t at) { (void)user; memset(cells + at, 0xFF, 1024); return 0; }
static void cells_geometry(void *user, otel_geometry_t *g) { (void)user; g->sector_size = 1024; g->sectors = 4; g->grain = 4; }
static const otel_medium_t flash = { .read = cells_read, .program = cells_program, .erase = cells_erase, .geometry = cells_geometry };"""
AROUND = {  # what an example takes for granted, unless it declares it itself
    "otel": "static otel_t otel;", "ex": "static otel_exporter_t ex;", "exporter": "static otel_exporter_t exporter;", "packet": "static uint8_t packet[512];",
    "pool": "static uint8_t pool[2048];", "body": "static uint8_t body[512];", "frame": "static uint8_t frame[256];", "text": "static char text[64];", "buffer": "static uint8_t buffer[512];",
    "memory": "static uint64_t memory[2000];", "n": "static size_t n;", "link": "static otel_chunk_t link;", "breaker": "static otel_breaker_t breaker;", "rec": "static otel_recorder_t rec;",
    "fault": "static otel_fault_t fault;", "modem": "static int modem;", "flash": FLASH, "mine": "static otel_attr_t mine[1];", "mine_len": "static size_t mine_len;",
    "v": "static int v;", "id": "static int id;", "span": "static otel_span_t *span;", "stacked_pc": "static uintptr_t stacked_pc, stacked_lr;", "UART_DATA": "static uint8_t UART_DATA;",
    "caller": "static otel_context_t caller;", "environ": "static char *environ_[] = { NULL };\n#define environ environ_",
    "post": "static int post(void *user, const otel_request_t *r) { (void)user; return r->len ? 200 : 400; }",
    "now": "static uint64_t now(void *u) { static uint64_t t = 1700000000000000000u; (void)u; return t += 1000; }",
    "modem_post": "static int modem_post(const char *path, const void *bytes, size_t len) { return path && bytes && len ? 200 : 400; }",
    "control_step": "static void control_step(void) { round_(); }", "work": "static void work(void) { round_(); }",
    "keep": "static bool keep(const void *p, size_t len) { return p && len; }", "heap_used": "static int heap_used(void) { return 1000; }",
    "radio_ready": "static bool radio_ready(void) { round_(); return true; }", "radio_send": "static void radio_send(const void *p, size_t len) { (void)p; (void)len; }",
    "radio_receive": "static size_t radio_receive(void *p) { memset(p, 0x55, 20); return 20; }",
    "uart_write": "static void uart_write(const char *p, size_t len) { (void)p; (void)len; }", "link_is_up": "static bool link_is_up(void) { round_(); return true; }",
    "header": "static const char *header(const char *name) { return *name == 'A' ? \"application/openmetrics-text;version=1.0.0\" : NULL; }",
    "answer": "static void answer(const char *type, const char *text, size_t len) { if (!type || !text || !len) exit(3); }",
    "reset": "static void reset(void) {}", "DISABLE_TX_IRQ": "static void DISABLE_TX_IRQ(void) {}", "ENABLE_TX_IRQ": "static void ENABLE_TX_IRQ(void) {}",
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


def in_a_file(code):
    """Definitions stay outside, statements go into a function; '...' is left out."""
    code = re.sub(r"^ *\.\.\. what is to be tested \.\.\.", '     OTEL_SPAN(tested_, "read_sensor") otel_span_set(tested_, "sensor.id", 7);', code, flags=re.M)
    for call, more in (("otel_init", ".clock = now, .pool = pool, .pool_size = sizeof pool"), ("otel_exporter_init", ".buffer = packet, .buffer_size = sizeof packet")):
        code = re.sub(r"(%s\([^;]*?)\.\.\.(?=[,)])" % call, lambda m: m.group(1) + more, code)
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


# Around each example: it is called, what it defines for interrupts too, and one more span is started and ended; loops end after 50 rounds.
BEFORE = """#include <stdio.h>
#include <stdlib.h>
static void after_(void);
static inline void round_(void) { static int n; if (++n > 50) { after_(); exit(0); } }
"""
WORLD = """
static uint64_t world_now(void *u) { static uint64_t t = 1700000000000000000u; (void)u; return t += 1000; }
static otel_t world;
static uint8_t world_pool[4096];
"""
AFTER = """
static void after_(void)
{
    const otel_exporter_t *looked_at_ = %(exporter)s;
    otel_stats_t stats;
    OTEL_SPAN(after_span, "after") (void)after_span;
    %(handlers)s
    if (looked_at_ && (otel_stats(looked_at_, &stats) != OTEL_OK || stats.signal[0].created == 0)) { puts("no span was recorded"); exit(1); }
    puts("ran");
}
int main(void)
{
    %(init)s
    example_();
    after_();
    return 0;
}
"""


def whole(name, line, code):
    """The example as a program."""
    body = in_a_file(code)
    posix = "otel_posix_start" in code
    includes = "".join(l.strip() + "\n" for l in re.findall(r"^ *#include.*$", body, re.M))
    first = ["ports/otel_resource.h", "ports/otel_posix.h", "ports/otel_gzip.h"]
    include = "" if "#include" in code else '#include "otel_posix.h"\n' if name in first else '#include "%s"\n' % ("otel_export.h" if name == "otel.h" else Path(name).name)
    text = '%s%s#include "otel_export.h"\n%s%s#line %d "%s"\n%s' % (include, includes, BEFORE, around(body), line, name, re.sub(r"^ *#include.*$", "", body, flags=re.M))
    if re.search(r"int main\(", body):
        return re.sub(r"^static void after_.*\n.*round_.*\n", "", text, flags=re.M)
    used = re.search(r"&(ex|exporter)\b", body)
    return text + WORLD + AFTER % {
        "handlers": " ".join("%s();" % h for h in re.findall(r"^ *void (\w+)\(void\)", body, re.M)),
        "exporter": "&" + used.group(1) if used and "otel_exporter_init" in body else "NULL",
        "init": "" if posix or "otel_init(" in body else "if (otel_init(&world, .clock = world_now, .pool = world_pool, .pool_size = sizeof world_pool) != OTEL_OK) return 1;"}


@pytest.mark.parametrize("name,line,code", IN_HEADERS, ids=lambda v: str(v) if not isinstance(v, str) or "\n" not in v else "")
def test_example_of_a_header_compiles_without_a_warning_and_runs(name, line, code, tmp_path):
    source = tmp_path / "example.c"
    source.write_text(whole(name, line, code))
    ours = (bodies("gcc", "-std=c11", "-O0", *WARN, "-D_GNU_SOURCE", headers=("otel_posix.h",)),) if apart(source.read_text()) else ()
    program = cc("gcc", [source, *ours], "-std=c11", *WARN, "-O0", *apart(source.read_text()), "-Wno-unused-function", "-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-parameter",
                 *(["-Wno-conversion"] if "UART_DATA" in code else []), "-D_GNU_SOURCE", "-lpthread", "-lz", "-lcurl", "-lyaml", out=tmp_path / "example")     # a register has its own type
    ran = run([program], env={k: v for k, v in os.environ.items() if not k.startswith("OTEL_")})
    assert "int main" in code or ran.stdout == "ran\n"
