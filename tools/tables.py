"""What tools/spec, tools/faults and tools/features have in common: a table docs/<name>.tsv with named columns, which is refused
when a row claims what cannot be shown, and rendered to a document otherwise. Tests that rows name are tests/unit/<part>_test.c::name
of cmocka and tests/test_<what>.py::test_name of pytest."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def units(text):
    """The cmocka tests of a program's text, in its order."""
    return re.findall(r"\bcmocka_unit_test(?:_\w+)?\(\s*(\w+)", re.sub(r"#\s*define.*", "", text))


def tests_of(path):
    """The names of the tests that a file runs."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".py"):
        return set(re.findall(r"^def (test_\w+)\(", text, re.M))
    return set(units(text))


def missing_tests(row, known):
    """What is wrong with the tests that a row names, a sentence each; `known` keeps the files that were read."""
    for item in row["test"].split():
        path, _, name = item.partition("::")
        if path not in known:
            whole = os.path.join(ROOT, path)
            known[path] = tests_of(whole) if os.path.isfile(whole) else None
        if known[path] is None:
            yield "%s does not exist" % path
        elif not name:
            yield "%s: name one test of it, %s::name" % (path, path)
        elif name not in known[path]:
            yield "%s runs no %s" % (path, name)


def cell(text):
    return text.replace("|", "\\|")


def tests_cell(items):
    return ", ".join("[%s](../%s)" % (name, path) for path, _, name in (i.partition("::") for i in items.split()))


class Table:
    """docs/<source>.tsv, which tools/<source> renders to docs/<target>.md."""

    def __init__(self, source, target, columns):
        self.source, self.target, self.columns = "docs/%s.tsv" % source, "docs/%s.md" % target, columns
        self.tool = "tools/" + source

    def rows(self):
        with open(os.path.join(ROOT, self.source), encoding="utf-8") as f:
            lines = [line.rstrip("\n").split("\t") for line in f]
        if lines[0] != self.columns:
            sys.exit("%s: the first line names the columns: %s" % (self.source, ", ".join(self.columns)))
        for number, line in enumerate(lines[1:], 2):
            if len(line) != len(self.columns):
                sys.exit("%s line %d has %d columns, not %d" % (self.source, number, len(line), len(self.columns)))
        return [dict(zip(self.columns, line)) for line in lines[1:]]

    def main(self, args, usage, problems, rendered):
        """No argument: write the document. --check: say whether it is fresh. Gives the exit status; 1 when a claim is refused."""
        rows = self.rows()
        wrong = list(problems(rows))
        for sentence in wrong:
            print(sentence, file=sys.stderr)
        if wrong:
            return 1
        text, path = rendered(rows), os.path.join(ROOT, self.target)
        old = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
        if args == ["--check"]:
            if old != text:
                print("%s is stale: renew it with `%s`" % (self.target, self.tool), file=sys.stderr)
            return int(old != text)
        if args:
            print(usage, file=sys.stderr)
            return 2
        if old != text:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return 0

    def print_tests(self):
        """The tests that the table names, one a line."""
        print("\n".join(sorted({item for row in self.rows() for item in row["test"].split()})))
        return 0
