"""README does what it says: each command that it gives is run, here or by the test that is named beside it, and its programs run
as they stand."""
import os
import re
import shutil
import sys

import pytest

from conftest import ASAN, ROOT, WARN, cc, need, run
from test_docs import blocks

README = (ROOT / "README.md").read_text()
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
# command: the test that runs it, where that is not one of this file
ELSEWHERE = {
    "make demo": "test_demo.py::test_make_demo_needs_a_compiler_only",
    "make demo-ui": "test_demo.py::test_demo_ui_shows_a_trace_of_two_processes_and_its_pictures",
    "make demo-firmware": "test_demo.py::test_demo_ui_shows_a_trace_of_two_processes_and_its_pictures",
    "tools/ui/run pictures": "test_demo.py::test_demo_ui_shows_a_trace_of_two_processes_and_its_pictures",
    "conan create .": "test_packaging.py::test_conan_makes_a_package_of_it",
    "make sizes": "test_budget.py::test_no_program_has_grown",
    "make bench-small": "test_small.py::test_what_the_page_says_of_others_holds",
    "make docs": "test_docs.py::test_the_site_has_every_call_and_every_page",
}
HERE = {"make help", "make bench", "python3 amalgamate.py -o my_otel.h --with ports/otel_posix.h --prefix my",
        "cc -I. -Iports examples/hello.c -o hello -lpthread && ./hello", "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 ./hello"}
THIS_RUN = {"make test"}                      # what runs these tests


def commands():
    """What README tells to type: indented lines outside of code blocks, and what stands in backquotes and begins with a tool."""
    text = re.sub(r"^```.*?^```", "", README, flags=re.M | re.S)
    indented = re.findall(r"^    (\S.*?) *(?:  #.*)?$", text, re.M)
    inline = re.findall(r"`((?:make|python3|conan|cmake|meson|cc|gcc|tools/ui/run) [^`]*)`", text.replace("\n", " "))
    return set(indented) | set(inline)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy without what was built, as a fresh clone has it."""
    folder = tmp_path_factory.mktemp("readme") / "tree"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", "build"))
    return folder


def test_each_command_is_run_by_a_test():
    assert commands() == set(ELSEWHERE) | HERE | THIS_RUN
    for command, where in ELSEWHERE.items():
        name, _, test = where.partition("::")
        assert "def %s(" % test in (ROOT / "tests" / name).read_text(), "%s: no test %s" % (command, where)


def test_hello_of_readme_is_the_example():
    first = next(text for line, text in blocks("README.md"))
    example = (ROOT / "examples" / "hello.c").read_text()
    code = lambda text: [re.sub(r"/\*.*?\*/|//.*", "", l).strip() for l in re.sub(r"^/\*.*?\*/", "", text, flags=re.S).splitlines()]
    assert [l for l in code(first) if l] == [l for l in code(example) if l]


def test_hello_shows_itself_is_received_and_says_when_nobody_is_there(tree, collector):
    build = next(c for c in HERE if c.startswith("cc "))
    shown = run(["sh", "-c", build + " 2>&1"], 120, env=CLEAN, cwd=tree).stdout
    assert "greet" in shown and "hello, world" in shown and "who" in shown
    send = next(c for c in HERE if c.startswith("OTEL_EXPORTER"))
    run(["sh", "-c", send.replace("http://localhost:4318", collector.http)], env=CLEAN, cwd=tree)
    assert [s["name"] for s in collector.spans(want=1)] == ["greet"]
    collector.stop()
    alone = run(["sh", "-c", send.replace("http://localhost:4318", collector.http)], env=CLEAN, cwd=tree)
    assert "Connection refused; start a receiver there, or correct the endpoint" in alone.stderr and "1 span lost" in alone.stderr


def test_help_lists_each_target_that_readme_names():
    shown = run(["make", "--no-print-directory", "help"]).stdout
    for target in {c.split()[1] for c in commands() if c.startswith("make ")}:
        assert re.search(r"^  make %s +\S" % target, shown, re.M) or target == "help", target


def test_bench_prints_its_table(tree):
    need("arm-none-eabi-gcc")
    shown = run(["make", "--no-print-directory", "bench"], 900, env=CLEAN, cwd=tree).stdout
    for word in ("span, no attributes", "counter add, bound", "histogram record, 14 bounds", "log record, text and 2 attributes"):
        assert re.search(r"^.*%s.*\d" % word, shown, re.M), word
    assert re.search(r"^span, no attributes  .* (met|missed)$", shown, re.M), "a target beside what was measured"


def test_one_file_of_ones_own(tree):
    command = next(c for c in HERE if "amalgamate" in c)
    run(["sh", "-c", command.replace("python3", sys.executable)], cwd=tree)
    (tree / "mine.c").write_text("""#include "my_otel.h"
int main(void)
{
    my_posix_start(.service = "mine");
    MY_SPAN(span, "one file") my_span_set(span, "n", 1);
    return 0;
}
""")
    program = cc("gcc", tree / "mine.c", "-std=c99", *WARN, "-I", tree, "-lpthread", out=tree / "mine")
    assert "one file" in run([program], env=CLEAN, cwd=tree).stderr


def test_the_firmware_program_runs_with_the_functions_below_it(tmp_path):
    """The second to the fourth of README's blocks, as one program of a board."""
    source = tmp_path / "firmware.c"
    rest = [(line, text) for line, text in blocks("README.md")][1:4]
    assert "int main" in rest[0][1] and "read_sensor" in rest[1][1] and "count_read" in rest[2][1]
    source.write_text('#include "docs_stubs.h"\n' + "".join('#line %d "README.md"\n%s' % block for block in rest))
    program = cc("gcc", source, "tests/c/docs_world.c", "-std=c99", *WARN, *ASAN, "-I", ROOT / "tests/c", out=tmp_path / "firmware")
    assert run([program]).stdout == "traces 1, metrics 1, logs 1\n"


def test_the_context_crosses_the_wire(tmp_path):
    """README's client and server, one after the other: one trace, and the server's span is the client's child."""
    line, text = next((line, text) for line, text in blocks("README.md") if "otel_inject(" in text)
    assert "void ask(" in text and "void answer(" in text and len(list(blocks("README.md"))) == 5
    source = tmp_path / "wire.c"
    source.write_text('#line %d "README.md"\n%s\n#include "otel_export.h"\n' % (line, text) + r"""
static uint64_t now(void *user) { static uint64_t ns = 1700000000000000000ull; (void)user; return ns += 1000; }
int main(void)
{
    static otel_t otel;
    static otel_exporter_t exporter;
    static otel_recorder_t recorder;
    static uint8_t pool[4096], packet[4096], memory[16384];
    otel_recorded_span_t client, server;
    char head[1000] = "", *value;
    FILE *wire = tmpfile();
    if (!wire || otel_init(&otel, .clock = now, .pool = pool, .pool_size = sizeof pool) || otel_recorder_init(&recorder, .memory = memory, .memory_size = sizeof memory)) return 2;
    if (otel_exporter_init(&exporter, .send = otel_recorder_send, .user = &recorder, .buffer = packet, .buffer_size = sizeof packet)) return 3;
    ask(wire);
    rewind(wire);
    if (fread(head, 1, sizeof head - 1, wire) == 0 || (value = strstr(head, "\r\ntraceparent: ")) == NULL) return 4;
    value += 15;
    value[strcspn(value, "\r")] = 0;
    answer(wire, value, NULL, NULL);
    if (otel_export_flush(&exporter, 1000) || !otel_recorder_span(&recorder, 0, &client) || !otel_recorder_span(&recorder, 1, &server)) return 5;
    printf("%d %d\n", memcmp(client.trace_id, server.trace_id, 16) == 0, memcmp(client.span_id, server.parent_id, 8) == 0);
    return 0;
}
""")
    program = cc("gcc", source, "-std=c99", *WARN, *ASAN, out=tmp_path / "wire")
    assert run([program]).stdout == "1 1\n"
