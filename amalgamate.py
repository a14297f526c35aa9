#!/usr/bin/env python3
"""Merge the parts under src/ into the headers that users copy.

    amalgamate.py                  renew otel.h, otel_export.h and the ports that have parts, in this directory
    amalgamate.py --check          say whether they are stale (exit status 1), write nothing
    amalgamate.py -o DIR           write them into DIR instead
    amalgamate.py -o my_otel.h     write one single file of your own
        --with ports/NAME.h        with a port in it (may be repeated)
        --without SIGNAL           without traces, metrics or logs
        --prefix acme              otel_ and OTEL_ become acme_ and ACME_ (with -o)
    amalgamate.py --lines          with #line, so that compilers point at the parts (with -o)

A part is a header with an include guard. `#include "x.h"` names another part, `#include <x.h>` is the system's.
The line `/*== implementation ==*/` divides its API (above) from its definitions (below). A merged file holds the
spine's first comment, the API of every part that the spine reaches, lower layers first, and then their definitions,
each marked with OTEL_CALLED_.
"""
import argparse
import os
import re
import sys
import textwrap

ROOT = os.path.dirname(os.path.abspath(__file__))
SPINES = (("otel.h", "src/otel/otel.h"), ("otel_export.h", "src/export/export.h"))
PORTS = (("ports/otel_posix.h", "src/posix/posix.h"),)        # written behind them; each is one header that includes otel_export.h
FIRST = "features.h"                          # the part of a port that stands before every system header
RENEW = "python3 amalgamate.py"
DIVIDER = "/*== implementation ==*/"
CONTENTS = "/*@contents@*/"
SIGNALS = {"traces": "OTEL_TRACES", "metrics": "OTEL_METRICS", "logs": "OTEL_LOGS"}

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
DIRECTIVE = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)")
LINK_ONCE = re.compile(r"OTEL_API_\b.*?\b(otel_\w+)\s*\(")

# Names that belong to the specification, not to this library: --prefix leaves them alone.
FOREIGN = re.compile(
    r"OTEL_(?:EXPORTER|SERVICE_NAME|RESOURCE_ATTRIBUTES|TRACES_SAMPLER|TRACES_EXPORTER|METRICS_EXPORTER|LOGS_EXPORTER"
    r"|METRIC_EXPORT|METRICS_EXEMPLAR|PROPAGATORS|LOG_LEVEL|SDK_DISABLED|CONFIG_FILE|BSP|BLRP|ATTRIBUTE_\w+_LIMIT"
    r"|SPAN_\w+_LIMIT|EVENT_ATTRIBUTE|LINK_ATTRIBUTE|LOGRECORD|SEMCONV_STABILITY|EXPERIMENTAL|ENTITIES|CTX\b)\w*"
    r"|otel_thread_ctx_v1")


class Refused(Exception):
    """A tree that cannot be merged; the text is a sentence for the user."""


class Line(str):
    """A line of text that remembers where it came from."""
    path, number = "", 0

    def __new__(cls, text, path="", number=0):
        line = str.__new__(cls, text)
        line.path, line.number = path, number
        return line

    def put(self, text):
        return Line(text, self.path, self.number)


def depths(lines):
    """How many #if each line stands in; the lines of the directives themselves count as outside."""
    depth, out = 0, []
    for line in lines:
        word = DIRECTIVE.match(line)
        kind = word.group(1) if word else ""
        if kind == "endif":
            depth -= 1
        out.append(depth - 1 if kind in ("elif", "else") else depth)
        if kind.startswith("if"):
            depth += 1
    return out


def strip(lines):
    """Without blank lines at both ends."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


class Part:
    """One file of src/: its comment, its two halves, what it includes."""

    def __init__(self, root, path):
        self.path = path                      # from the root, with slashes
        self.name = path.rsplit("/", 1)[1]
        self.parts, self.system = [], []      # includes: paths of parts, names of system headers
        lines = self._read(root)
        comment, body = self._comment(lines)
        body = self._unguarded(body)
        split = [i for i, line in enumerate(body) if line.strip() == DIVIDER]
        if len(split) > 1:
            raise Refused("%s has the line %s twice: a part has one API and one implementation." % (path, DIVIDER))
        at = split[0] if split else len(body)
        self.comment = comment
        above, api, _ = self._without_includes(body[:at])
        self.above, self.api = strip(above), strip(api)
        self.body = strip(self._without_includes(body[at + 1:])[2])

    def _read(self, root):
        with open(os.path.join(root, self.path), encoding="utf-8", newline="") as f:
            text = f.read()
        if "\r" in text:
            raise Refused("%s has carriage returns: save it with line feeds only." % self.path)
        return [Line(t.rstrip(), self.path, i + 1) for i, t in enumerate(text.split("\n"))]

    @staticmethod
    def _comment(lines):
        lines = strip(lines)
        if not lines or not lines[0].startswith("/*"):
            return [], lines
        for i, line in enumerate(lines):
            if line.endswith("*/"):
                return lines[:i + 1], lines[i + 1:]
        return [], lines

    def _unguarded(self, lines):
        """Drop #ifndef X, #define X and the last #endif."""
        lines = strip(lines)
        first = re.match(r"#ifndef (\w+)$", lines[0]) if len(lines) > 2 else None
        guarded = first and lines[1].strip() == "#define " + first.group(1) and lines[-1].startswith("#endif")
        if not guarded:
            raise Refused("%s needs its include guard around everything but the first comment: "
                          "#ifndef OTEL_<NAME>_H, #define OTEL_<NAME>_H ... #endif." % self.path)
        inner = lines[2:-1]
        if any(d < 0 for d in depths(inner)):
            raise Refused("%s: the include guard ends before the file does." % self.path)
        return inner

    def _without_includes(self, lines):
        """Note the includes; give what stands above the first part of the same folder, what is below it, and both together."""
        kept, above = [], None
        for line, depth in zip(lines, depths(lines)):
            found = INCLUDE.match(line)
            if not found or (found.group(2) and depth):
                kept.append(line)
                continue
            if found.group(1):
                if depth:
                    raise Refused("%s line %d includes \"%s\" inside an #if: a part is included always or never."
                                  % (line.path, line.number, found.group(1)))
                here = os.path.dirname(self.path)
                target = os.path.normpath(os.path.join(here, found.group(1))).replace(os.sep, "/")
                self.parts.append((target, line.number))
                if above is None and os.path.dirname(target) == here:
                    above, kept = kept, []
            elif found.group(2) not in self.system:
                self.system.append(found.group(2))
        return above or [], kept, (above or []) + kept


class Tree:
    """All parts of a directory, and the order in which each spine wants them."""

    def __init__(self, root, spines=SPINES):
        self.root, self.parts, self.order = root, {}, {}
        self.ports = [(name, spine) for name, spine in PORTS if os.path.isfile(os.path.join(root, spine))]
        for _, spine in list(spines) + self.ports:
            folder = os.path.dirname(spine)
            self.order[spine] = self._walk(spine)
            self._all_reached(folder, spine)

    def load(self, path, asked_by="", line=0):
        if path not in self.parts:
            if not os.path.isfile(os.path.join(self.root, path)):
                where = "%s line %d includes it" % (asked_by, line) if asked_by else "a merged file starts from it"
                raise Refused("%s is missing: %s." % (path, where))
            self.parts[path] = Part(self.root, path)
        return self.parts[path]

    def _walk(self, spine):
        """Depth first, in the order of the #include lines; what is included comes before what includes it."""
        done, open_ = [], []
        folder = os.path.dirname(spine)

        def visit(path, asked_by="", line=0):
            if path in done:
                return
            if path in open_:
                ring = open_[open_.index(path):] + [path]
                raise Refused("include cycle: %s. Move what both need into a lower part." % " -> ".join(ring))
            part = self.load(path, asked_by, line)
            open_.append(path)
            for target, number in part.parts:
                if folder == "src/otel" and target.startswith("src/export/"):
                    raise Refused("%s line %d includes %s: nothing in otel.h knows how data leaves."
                                  % (path, number, target))
                visit(target, path, number)
            open_.pop()
            done.append(path)

        visit(spine)
        return done

    def _all_reached(self, folder, spine):
        for name in sorted(os.listdir(os.path.join(self.root, folder))):
            path = folder + "/" + name
            if name.endswith(".h") and path not in self.order[spine]:
                raise Refused("%s is reached by no spine: add #include \"%s\" to %s." % (path, name, spine))

    def own(self, spine):
        """The parts of one merged file: those of the spine's own folder, the spine last."""
        folder = os.path.dirname(spine) + "/"
        return [self.parts[p] for p in self.order[spine] if p.startswith(folder)]


def check_names(parts):
    """Functions that a linker shall keep once (OTEL_API_ at the beginning of a line) must not be macros elsewhere."""
    names = set()
    for part in parts:
        for line in part.above + part.api + part.body:
            found = LINK_ONCE.match(line)
            if found:
                names.add(found.group(1))
    for part in parts:
        gone = set()
        for line in part.above + part.api + part.body:
            macro = re.match(r"\s*#\s*(define|undef)\s+(\w+)", line)
            if macro and macro.group(1) == "undef":
                gone.add(macro.group(2))
            elif macro and macro.group(2) in names - gone:
                raise Refused("%s line %d: %s is a macro here and a link-once function elsewhere, whose name is a macro already: "
                              "take another name, or make it an OTEL_FN_." % (line.path, line.number, macro.group(2)))


def fresh_names(part, known):
    """One #define for each link-once function that this part is the first to declare; each then stands above its part."""
    out = []
    for line in part.above + part.api + part.body:
        found = LINK_ONCE.match(line)
        if found and found.group(1) not in known:
            known.add(found.group(1))
            out.append(line.put("#define %s OTEL_NAME_(%s)" % (found.group(1), found.group(1))))
    return sorted(out)


def marked(lines):
    """Each body of a link-once function begins with OTEL_CALLED_ (compiler.h), on the line of its brace."""
    out, head = [], False
    for line in lines:
        if line.startswith("OTEL_API_"):
            head = True
        if head and (line.startswith("{") or re.match(r"OTEL_API_.*\) \{", line)):
            at = line.index("{") + 1
            line = line.put(line[:at] + " OTEL_CALLED_" + line[at:])
        if head and ("{" in line or ";" in line):
            head = False
        out.append(line)
    return out


def strangers(parts):
    """Definitions that would collide in two files: neither OTEL_API_ nor OTEL_FN_, and not C++ only."""
    out = []
    for part in parts:
        cxx, head = [], ""
        for line in part.above + part.api + part.body:
            word = DIRECTIVE.match(line)
            if word:
                kind, rest = word.groups()
                if kind.startswith("if"):
                    cxx.append("__cplusplus" in rest)
                elif kind == "endif" and cxx:
                    cxx.pop()
                elif cxx:
                    cxx[-1] = cxx[-1] or kind == "else" or "__cplusplus" in rest
                continue
            if line.startswith("{") and "(" in head and not any(cxx):
                if not re.match(r"(OTEL_API_|OTEL_FN_|OTEL_STEP_|OTEL_INLINE_|static|template|inline)\b|#|\w*_t\s*\w*\[", head):
                    out.append("%s line %d: `%s` is neither OTEL_API_ nor OTEL_FN_; two files that include it "
                               "would not link." % (head.path, head.number, head.strip()))
            if line[:1].strip() and not line.startswith(("{", "}", "/*")):
                head = line
    return out


def banner(text, fill="-"):
    return Line(("/* %s %s " % (fill * 4, text)).ljust(115, fill) + " */")


def merged(tree, spine, guard, first=()):
    """The lines of one merged file. `first` stands right behind the guard, but for a part that is named FIRST."""
    parts = tree.own(spine)
    top = parts[-1]
    folder = os.path.dirname(spine)
    system = sorted({name for part in parts for name in part.system})
    early = [line for part in parts if part.name == FIRST for line in part.comment + part.api]
    parts = [part for part in parts if part.name != FIRST]
    check_names(parts)
    body, known = early + list(first) + [Line("#include <%s>" % name) for name in system], set()
    if top.above:
        body += [Line("")] + top.above
    for part in parts:
        if part.api or (part.comment and part is not top):
            body += [Line(""), banner(part.name)]
            body += ([] if part is top else part.comment) + fresh_names(part, known) + part.api
    body += [Line(""), banner("implementation", "="), Line("")]
    for part in parts:
        if part.body:
            body += [banner(part.name)] + fresh_names(part, known) + part.body + [Line("")]
    note = Line("/* Merged from the parts in %s by amalgamate.py: edit those, then `make headers`. */" % folder)
    return (top.comment + [note, Line(CONTENTS), Line("#ifndef " + guard), Line("#define " + guard)] + marked(body)
            + [Line("#endif /* %s */" % guard)])


def with_contents(text):
    """A rendered file with, in the place of the marker, the lines where its parts begin."""
    before, mark, after = text.partition(CONTENTS + "\n")
    after = after.replace(CONTENTS + "\n", "")
    if not mark:
        return text
    heads = [(m.group(1), after.count("\n", 0, m.start())) for m in re.finditer(r"^/\* (?:----|====) (\S+\.h|implementation) [-=]{3,}", after, re.M)]
    seen, words = set(), []
    for (name, line), (_, end) in zip(heads, heads[1:] + [("", 1 << 30)]):
        if "implementation" not in seen and (end - line > 4 or name == "implementation") and name not in seen:
            seen.add(name)
            words.append((re.sub(r"\.h$", "", name), line))
    table = ["/* */"]
    for _ in range(3):                    # its own length moves what it lists
        first = before.count("\n") + len(table) + 1
        table = textwrap.wrap("/* Lines: %s. */" % ", ".join("%s\t%d" % (name, first + line) for name, line in words), 118,
                              subsequent_indent="   ", break_long_words=False, expand_tabs=False, replace_whitespace=False)
    return before + "\n".join(table).replace("\t", " ") + "\n" + after


class Branch:
    """An #if that is open while signals are taken out."""

    def __init__(self, live, verdict):
        self.live = live                      # what stands around it is kept
        self.keep = verdict is not False      # the lines of the present branch are kept
        self.plain = verdict is None          # the compiler decides: its directives are kept
        self.taken = verdict is True          # a branch that always holds came by: the others are dropped


def without(lines, signals):
    """Drop what stands under #if OTEL_<SIGNAL> and make 0 the default of that option."""
    off = [SIGNALS[s] for s in signals]

    def verdict(text):
        """False: never compiled; True: always; None: for the compiler to say."""
        text = re.sub(r"/\*.*?\*/", "", text).strip()
        if any(text == "!" + o for o in off):
            return True
        never = any(term.strip() in off for term in text.split("&&")) and not re.search(r"\|\||[(\\]", text)
        return False if never else None

    out, open_ = [], []
    for line in lines:
        word = DIRECTIVE.match(line)
        live = all(branch.keep for branch in open_)
        if not word:
            option = re.match(r"#\s*define (OTEL_\w+) 1\b", line)
            if live:
                out.append(line.put("#define %s 0" % option.group(1)) if option and option.group(1) in off else line)
            continue
        kind, rest = word.groups()
        if kind.startswith("if"):
            said = verdict(rest) if live and kind == "if" else None
            open_.append(Branch(live, said))
            if live and said is None:
                out.append(line)
            continue
        branch = open_.pop() if kind == "endif" else open_[-1]
        if not branch.live:
            continue
        if kind == "endif":
            if branch.plain:
                out.append(line)
        elif branch.taken:
            branch.keep = False
        else:
            said = verdict(rest) if kind == "elif" else None
            branch.keep = said is not False
            if branch.plain:
                if branch.keep:
                    out.append(line)
            elif said is True or kind == "else":
                branch.taken = True
            elif said is None:                # #if 0 ... #elif X becomes #if X
                branch.plain = True
                out.append(line.put("#if" + rest))
    return out


def renamed(text, prefix):
    """otel_ and OTEL_ at the beginning of a word become the new prefix, but for the specification's names."""
    kept = []

    def keep(found):
        kept.append(found.group(0))
        return "\0%d\0" % (len(kept) - 1)

    text = FOREIGN.sub(keep, text)
    text = re.sub(r"\botel(?=_)", prefix.lower(), text)
    text = re.sub(r"\bOTEL(?=_)", prefix.upper(), text)
    text = re.sub(r'(?<!")\botel(?=\.h\b)|(?<=#include ")otel(?=\.h")', prefix.lower(), text)      # "otel.h" is what telemetry.sdk.name says
    return re.sub("\0(\\d+)\0", lambda m: kept[int(m.group(1))], text)


def render(lines, name, numbers):
    """The text of a file; with `numbers`, #line wherever the source is not simply the next line."""
    out, path, number = [], "", 0
    for line in lines:
        if numbers and (line.path != path or (path and line.number != number + 1)):
            if line.path:
                out.append('#line %d "%s"' % (line.number, line.path))
            elif path:
                out.append('#line %d "%s"' % (len(out) + 2, name))
        out.append(str(line))
        path, number = line.path, line.number
    text = "\n".join(out).rstrip("\n") + "\n"
    return text if numbers else re.sub(r"\n{3,}", "\n\n", text)


def files(tree, options):
    """Name and text of each file to write."""
    include = [Line('#include "otel.h"')]
    sets = [("otel.h", merged(tree, SPINES[0][1], "OTEL_H_")),
            ("otel_export.h", merged(tree, SPINES[1][1], "OTEL_EXPORT_H_", include))]
    for name, spine in tree.ports if not options.single else ():
        sets.append((name, merged(tree, spine, "OTEL_%s_H_" % os.path.basename(os.path.dirname(spine)).upper(), [Line('#include "otel_export.h"')])))
    if options.single:
        name = os.path.basename(options.single)
        prelude, ports = [], []
        for path in options.port:
            path = os.path.relpath(os.path.abspath(path), tree.root).replace(os.sep, "/")
            before, after = port_lines(tree.root, path)
            prelude, ports = prelude + before, ports + after
        top = sets[0][1].index("#define OTEL_H_") + 1
        sets = [(name, sets[0][1][:top] + prelude + sets[0][1][top:] + [Line("")] + [n for n in sets[1][1] if n != include[0]] + ports)]
    out = []
    for name, lines in sets:
        lines = without(lines, options.without) if options.without else lines
        text = with_contents(render(lines, name, options.lines))
        if options.prefix:
            text = renamed(text, options.prefix)
            name = name if options.single else re.sub(r"\botel(?=[_.])", options.prefix.lower(), name)
        out.append((name, text))
    return out


def port_lines(root, path):
    """A port in two pieces, without its includes of the merged headers: what it says before the first of them (which system
    interfaces it wants, so that goes before every other header), and the rest."""
    if not os.path.isfile(os.path.join(root, path)):
        raise Refused("%s is missing: --with names a file, such as ports/otel_posix.h." % path)
    with open(os.path.join(root, path), encoding="utf-8") as f:
        text = re.sub(r"^/\* Lines: .*?\*/\n", "", f.read(), flags=re.M | re.S)
    lines = strip([Line(t.rstrip(), path, i + 1) for i, t in enumerate(text.split("\n"))])
    own = re.compile(r'\s*#\s*include\s*"(?:[\w./]*/)?otel(?:_export)?\.h"')
    guard = next((i + 2 for i, n in enumerate(lines[:-1]) if n.startswith("#ifndef ") and lines[i + 1] == "#define " + n.split()[1]), 0)
    first = next((i for i, n in enumerate(lines) if own.match(n)), guard)
    before = lines[guard:first] if guard else []
    after = lines[:guard] + lines[first:] if guard else lines
    return before, [Line(""), banner(path.rsplit("/", 1)[1], "=")] + [n for n in after if not own.match(n)]


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as f:
            return f.read()
    except FileNotFoundError:
        return None


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="say whether the merged files are stale; write nothing")
    parser.add_argument("--lines", action="store_true", help="emit #line directives")
    parser.add_argument("-o", dest="out", metavar="DIR|FILE.h", help="where to write; a name that ends in .h: one single file")
    parser.add_argument("--root", default=ROOT, help="the tree to merge (default: where this script is)")
    parser.add_argument("--prefix", help="another prefix in the place of otel")
    parser.add_argument("--without", action="append", default=[], choices=sorted(SIGNALS), help="leave a signal out")
    parser.add_argument("--with", dest="port", action="append", default=[], metavar="PORT", help="add a port to the single file")
    options = parser.parse_args(argv)
    options.root = os.path.abspath(options.root)
    options.single = options.out if options.out and options.out.endswith(".h") else None
    if options.port and not options.single:
        parser.error("--with needs -o FILE.h: a port is merged into one file of your own")
    if (options.lines or options.prefix or options.without) and not options.out:
        parser.error("--lines, --prefix and --without need -o: the committed headers are the plain ones")
    if options.prefix and not re.match(r"[A-Za-z][A-Za-z0-9_]*$", options.prefix):
        parser.error("--prefix takes a C identifier")
    if options.check and options.out:
        parser.error("--check looks at the committed headers: it takes no -o")
    return options


def main(argv=None):
    options = parse(argv)
    try:
        tree = Tree(options.root)
        for sentence in strangers(tree.parts.values()):
            print("amalgamate.py: warning: " + sentence, file=sys.stderr)
        done = files(tree, options)
    except Refused as refused:
        print("amalgamate.py: %s" % refused, file=sys.stderr)
        return 1
    folder = os.path.dirname(options.single) if options.single else options.out or options.root
    stale = 0
    for name, text in done:
        path = os.path.join(folder, name)
        if read(path) == text:
            continue
        if options.check:
            print("amalgamate.py: %s is stale: renew it with `%s`." % (name, RENEW), file=sys.stderr)
            stale = 1
            continue
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as f:
            f.write(text)
    return stale


if __name__ == "__main__":
    sys.exit(main())
