"""A plugin of pytest: after a whole run of the tests, each test that docs/spec.tsv or docs/faults.tsv names has passed, or the
run fails.

Whole is a run without -k, -m or a choice of files. A test that was skipped because a tool is missing is named; on CI a
skip is a failure already.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("spec", "faults")                      # tools/<name> --tests, docs/<name>.tsv
_outcomes = {}


def key_of(nodeid):
    """The name that the table has for a test: a unit test goes by its file and its name in C."""
    path, _, name = nodeid.partition("::")
    path = path if path.startswith("tests/") else "tests/" + path
    unit = re.match(r"test_unit\[(\w+_test)-(\w+?)-", name)
    if unit:
        return "tests/unit/%s.c::%s" % unit.groups()
    return path + "::" + re.split(r"[\[@]", name)[0]        # @: the group of a test that shares a worker


def judge(named, outcomes):
    """What is wrong and what was only skipped, of tests and {key: outcomes}."""
    lost = [n for n in named if not outcomes.get(n)]
    skipped = [n for n in named if outcomes.get(n) and "passed" not in outcomes[n]]
    return lost, skipped


def whole(config):
    chosen = [a for a in config.args if Path(a).resolve() not in (ROOT, ROOT / "tests")]
    return not (chosen or config.option.keyword or config.option.markexpr or config.option.collectonly or getattr(config.option, "maxfail", 0))


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        _outcomes.setdefault(key_of(report.nodeid), set()).add(report.outcome)


def pytest_sessionfinish(session):
    config = session.config
    if hasattr(config, "workerinput") or not whole(config):
        return
    config.lost_, config.skipped_ = [], []
    for table in TABLES:
        tool = ROOT / "tools" / table
        if not tool.exists():
            continue
        named = subprocess.run([sys.executable, str(tool), "--tests"], capture_output=True, text=True, check=True).stdout.split()
        for found, names in zip((config.lost_, config.skipped_), judge(named, _outcomes)):
            found += [(table, name) for name in names]
    if config.lost_ and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, config):
    for table, name in getattr(config, "lost_", ()):
        terminalreporter.write_line("docs/%s.tsv names %s, which did not run" % (table, name), red=True)
    for table, name in getattr(config, "skipped_", ()):
        terminalreporter.write_line("docs/%s.tsv names %s, which was skipped or failed" % (table, name), yellow=True)
