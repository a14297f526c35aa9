"""What all tests share: compiling, running, tools that may be missing, the real Collector, an official decoder.

    from conftest import ROOT, CI, WARN, ASAN, cc, cc_fails, run, need

    def test_hello(build_dir):
        program = cc("gcc", "examples/hello.c", "-std=c99", *WARN)
        assert run([program]).stdout == "..."

    def test_spans_arrive(collector):
        ... send to collector.http ...
        assert len(collector.spans(want=3)) == 3

    def test_bytes(godecode):
        assert godecode("traces", body)["resourceSpans"]
"""
import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

pytest_plugins = ["spec_ran"]
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from script import load

CI = os.environ.get("CI", "").lower() in ("true", "1", "yes")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otel-h"

WARN = ("-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wundef", "-Werror")
STRICT = (*WARN, "-Wdouble-promotion", "-Wsign-conversion", "-Wcast-qual", "-Wredundant-decls")
SPLIT = "-DOTEL_SPLIT=1"
ASAN = ("-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
TSAN = ("-g", "-O1", "-fsanitize=thread")


# ---- tools ----

def packages_of(tool):
    """The packages that bring a tool, from packages.txt: how to see it, the names, what for."""
    for line in (ROOT / "tests/packages.txt").read_text().splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[0] == tool:
            return fields[1].split()
    return []


def how_to_install(tool):
    if tool == "go":
        return "install Go 1.21 or later (1.26 is fetched by it)"
    names = packages_of(tool) or [tool]
    for compiler in ("gcc", "clang"):
        if shutil.which(compiler):
            version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout.split(".")[0].strip()
            names = [n.replace("{%s}" % compiler, version) for n in names]
    return "apt-get install " + " (or) ".join(names)


def missing(what, remedy):
    """Skip a test whose tool is not here; on CI it fails, because there everything has to run."""
    text = "%s is missing: %s" % (what, remedy)
    if CI:
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def need(tool, package=None):
    """The path of a program, or skip (fail on CI) with the command that installs it."""
    path = shutil.which(tool)
    if not path:
        missing(tool, "apt-get install " + package if package else how_to_install(tool))
    return path


_links = {}


def need_flags(compiler, *flags):
    """Skip (fail on CI) unless `compiler flags` links an empty program: multilib, sanitizers, --specs."""
    need(compiler)
    key = " ".join((compiler,) + flags)
    if key not in _links:
        with tempfile.TemporaryDirectory() as d:
            source = Path(d, "probe.c")
            source.write_text("#include <string.h>\nint main(void) { return 0; }\n")
            _links[key] = subprocess.run([compiler, *flags, str(source), "-o", str(Path(d, "probe"))],
                                         capture_output=True).returncode == 0
    if not _links[key]:
        missing("`%s`" % key, how_to_install(key))


def need_module(name):
    """A Python module, or skip (fail on CI)."""
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        missing("the Python module " + name, "run `make test`, which installs tests/requirements.txt")


# ---- compile and run ----

class Ran:
    """What a command did: .returncode, .stdout, .stderr, .output (both, in order of arrival when merged)."""

    def __init__(self, command, returncode, stdout, stderr):
        self.command, self.returncode, self.stdout, self.stderr = command, returncode, stdout, stderr

    @property
    def output(self):
        return self.stdout + self.stderr

    def __str__(self):
        return "$ %s\n%s(exit status %s)" % (shell(self.command), cut(self.output), self.returncode)


def shell(command):
    return " ".join(str(c) if re.fullmatch(r"[\w@%+=:,./-]+", str(c)) else "'%s'" % c for c in command)


def cut(text, lines=60):
    """The beginning and the end of a long output."""
    all_ = text.rstrip("\n").split("\n") if text.strip() else []
    if len(all_) > lines:
        all_ = all_[:lines // 2] + ["... %d lines ..." % (len(all_) - lines)] + all_[-lines // 2:]
    return "".join(line + "\n" for line in all_)


def run(command, timeout=60, check=True, input=None, env=None, cwd=None, merge=False, binary=False):
    """Run a command. With check, a non-zero exit fails the test and shows the output. `env` is added to ours."""
    command = [str(c) for c in command]
    pipe = subprocess.STDOUT if merge else subprocess.PIPE
    try:
        p = subprocess.run(command, input=input, stdin=subprocess.DEVNULL if input is None else None,
                           stdout=subprocess.PIPE, stderr=pipe, timeout=timeout, cwd=str(cwd or ROOT),
                           env=dict(os.environ, **(env or {})))
    except subprocess.TimeoutExpired as late:
        out = (late.stdout or b"") + (late.stderr or b"")
        pytest.fail("$ %s\ndoes not end within %s s\n%s" % (shell(command), timeout, cut(out.decode(errors="replace"))),
                    pytrace=False)
    out, err = p.stdout, p.stderr or b""
    if not binary or (check and p.returncode):
        out, err = out.decode(errors="replace"), err.decode(errors="replace")
    ran = Ran(command, p.returncode, out, err)
    if check and p.returncode:
        pytest.fail(str(ran), pytrace=False)
    return ran


_scratch = None


def scratch():
    """A directory of this process, outside the tree; gone when the session ends."""
    global _scratch
    if _scratch is None:
        _scratch = tempfile.TemporaryDirectory(prefix="otel-test-")
    return Path(_scratch.name)


_shared = os.environ.get("OTEL_TEST_SHARED")


def shared():
    """A directory of this run that all workers of pytest-xdist see; gone when the run ends."""
    return Path(_shared) if _shared else scratch()


def pytest_configure(config):
    global _shared
    if not hasattr(config, "workerinput"):                  # workers find it in their environment
        _shared = os.environ["OTEL_TEST_SHARED"] = tempfile.mkdtemp(prefix="otel-run-")
        config.add_cleanup(lambda: shutil.rmtree(_shared, ignore_errors=True))


def _command(compiler, sources, flags, out):
    """The command line; a source with a line feed in it is C text, which goes to a file first. Objects come last."""
    if isinstance(compiler, str):
        compiler = compiler.split()
    sources = [sources] if isinstance(sources, (str, Path)) else list(sources)
    cxx = "++" in compiler[0]
    files = []
    for source in sources:
        text = str(source)
        if "\n" in text:
            handle, name = tempfile.mkstemp(suffix=".cpp" if cxx else ".c", dir=str(scratch()))
            with os.fdopen(handle, "w") as f:
                f.write(text)
            files.append(name)
        else:
            files.append(str(source if Path(source).is_absolute() else ROOT / source))
    if out is None:
        out = tempfile.mkdtemp(dir=str(scratch())) + "/program"
    flags = [str(f) for f in flags]
    early = [f for f in flags if not f.startswith(("-l", "-Wl,"))]
    late = [f for f in flags if f.startswith(("-l", "-Wl,"))]
    objects = [f for f in files if f.endswith(".o")]
    language = ["-x", "none"] if objects and "-x" in flags else []
    files = [f for f in files if not f.endswith(".o")] + language + objects
    return compiler + early + ["-I", str(ROOT), "-I", str(ROOT / "ports")] + files + ["-o", str(out)] + late, Path(out)


def cc(compiler, sources, *flags, out=None, timeout=300):
    """Compile (and link, unless flags say -c) and give the path of the result. `sources`: paths from the root, or C text.

    The include path is the root (merged headers) and ports/. A failure shows the command and the compiler's output."""
    need(compiler.split()[0] if isinstance(compiler, str) else compiler[0])
    command, out = _command(compiler, sources, flags, out)
    run(command, timeout=timeout, merge=True)
    return out


@functools.lru_cache(None)
def _sources():
    """A hash of all C that a test may include: what a run has built holds for these files only."""
    files = [ROOT / "otel.h", ROOT / "otel_export.h"]
    for folder in ("ports", "src", "tests", "examples", "bench"):
        files += sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".c", ".h", ".cpp", ".ld"))
    mark = hashlib.sha256()
    for path in files:
        mark.update(b"%s %d " % (path.name.encode(), path.stat().st_size) + path.read_bytes())
    return mark.hexdigest()


def once(compiler, sources, *flags, timeout=600):
    """As cc, but the same command is run once in a run of the tests, by the worker that comes first; the other waits for it.
    What is included lies in the tree: its hash is part of the key."""
    mark = hashlib.sha256(repr((_sources(), compiler, [str(s) for s in ([sources] if isinstance(sources, (str, Path)) else sources)],
                                [str(f) for f in flags])).encode()).hexdigest()[:20]
    out = shared() / (mark + (".o" if "-c" in flags else ""))
    with open(shared() / (mark + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            cc(compiler, sources, *flags, out=out.with_suffix(".part"), timeout=timeout).rename(out)
    return out


def bodies(compiler, *flags, headers=("otel.h", "otel_export.h")):
    """The bodies of the library as an object, compiled once in a run for a compiler and flags. Programs that say OTEL_SPLIT take it:

        cc("gcc", ["program.c", bodies("gcc", "-std=c99", "-O1", *WARN)], "-std=c99", *WARN, "-DOTEL_SPLIT=1")

    Functions of the library are only called (weak, inline or apart), so no compiler inlines them and a program of one file has the same two parts."""
    flags = [f for f in flags if f not in ("-x", "c++")]
    return once(compiler, "".join('#include "%s"\n' % h for h in headers) + "typedef int bodies_;\n", *flags, SPLIT, "-DOTEL_IMPLEMENTATION", "-c")


def linked(compiler, sources, *flags, headers=("otel.h", "otel_export.h")):
    """As once; the library's bodies are shared with all programs of the same flags (what is defined for the program does not count)."""
    ours = [f for f in map(str, flags) if not f.startswith(("-l", "-Wl,")) and (not f.startswith("-D") or f.startswith("-DOTEL_"))]
    sources = [sources] if isinstance(sources, (str, Path)) else list(sources)
    return once(compiler, [*sources, bodies(compiler, *ours, headers=headers)], *flags, SPLIT)


def dialect(compiler, *flags):
    """The bodies, port and all, in one dialect without a warning, for every test that has programs in this dialect. What gcc looks at in
    the code that it makes is there from -O1 on; what clang warns of does not depend on it."""
    return bodies(compiler, *flags, *STRICT, "-O1" if compiler in ("gcc", "g++") else "-O0", headers=("otel_posix.h",))


def cc_fails(compiler, sources, *flags, timeout=300):
    """Compile what must not compile and give the compiler's messages; the test fails if it does compile."""
    need(compiler.split()[0] if isinstance(compiler, str) else compiler[0])
    command, _ = _command(compiler, sources, flags, None)
    ran = run(command, timeout=timeout, check=False, merge=True, env={"LC_ALL": "C"})
    if ran.returncode == 0:
        pytest.fail("this compiles, but should not:\n" + str(ran), pytrace=False)
    return ran.output


def first_error(messages):
    """The first line of a compiler's messages that says error."""
    return next((line for line in messages.splitlines() if re.search(r"\berror\b", line)), messages[:200])


@pytest.fixture
def serve():
    """serve(*script): one more receiver that behaves as the script says (faults/collector.py)."""
    from faults.collector import FaultCollector
    servers = []

    def make(*script):
        servers.append(FaultCollector(script))
        return servers[-1]
    yield make
    for s in servers:
        s.close()


@pytest.fixture
def build_dir(tmp_path):
    """An empty directory of this test, outside the tree."""
    return tmp_path


# ---- the merged headers ----

def stale():
    """What `amalgamate.py --check` says against the committed headers; empty when they are fresh."""
    p = subprocess.run([sys.executable, str(ROOT / "amalgamate.py"), "--check"], capture_output=True, text=True)
    return p.stderr.strip() if p.returncode else ""


# What takes longest comes first, so that no worker is left with it at the end while the others have nothing more to do.
LONG = ("test_budget", "test_proofs", "test_models", "test_curl", "test_nanopb", "test_soak", "test_fuzz", "test_exponential", "test_metric_threads", "test_linkage",
        "test_surface", "test_bench", "test_interop", "test_demo", "test_jaeger", "test_amalgamate", "test_packaging")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def pytest_report_header(config):
    if hasattr(config, "workerinput"):
        return None
    text = stale()
    return "the merged headers are not those of src/, and these tests see the old ones:\n" + text if text else None


@pytest.fixture(scope="session")
def fresh_headers():
    """For tests that make no sense with stale headers."""
    text = stale()
    if text:
        pytest.fail(text, pytrace=False)


# ---- Go programs: the Collector and a decoder ----

def go_program(folder, package=".", flags=()):
    """Build a Go module (a folder, from the root) once for this machine: kept outside the tree, under a hash of its files.
    tools/ui/run keeps its programs in the same place under the same names."""
    need("go")
    source = ROOT / folder
    names = sorted(p for p in source.iterdir() if p.suffix in (".go", ".mod", ".sum"))
    mark = hashlib.sha256(b"".join(p.name.encode() + p.read_bytes() for p in names)).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    program = CACHE / ("%s-%s" % (source.name, mark))
    with open(str(program) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if program.exists():
            return program
        new = program.with_suffix(".new")
        p = subprocess.run(["go", "build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", *flags, "-o", str(new), package],
                           cwd=str(source), capture_output=True, text=True, timeout=1800,
                           env=dict(os.environ, GOFLAGS="", GOTOOLCHAIN="auto", CGO_ENABLED="0"))
        if p.returncode:
            missing("a Go that builds %s" % folder, "`go build` says:\n" + cut(p.stderr, 12))
        new.replace(program)
    return program


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


CONFIG = """\
receivers:
  otlp:
    protocols:
      grpc: {{endpoint: "127.0.0.1:{grpc}", max_recv_msg_size_mib: 64}}
      http: {{endpoint: "127.0.0.1:{http}", max_request_body_size: 67108864}}
exporters:
  file/traces:  {{path: "{dir}/traces.jsonl", append: true, flush_interval: 100ms}}
  file/metrics: {{path: "{dir}/metrics.jsonl", append: true, flush_interval: 100ms}}
  file/logs:    {{path: "{dir}/logs.jsonl", append: true, flush_interval: 100ms}}
service:
  telemetry:
    metrics: {{level: none}}
  pipelines:
    traces:  {{receivers: [otlp], exporters: [file/traces]}}
    metrics: {{receivers: [otlp], exporters: [file/metrics]}}
    logs:    {{receivers: [otlp], exporters: [file/logs]}}
"""


class Collector:
    """The real OpenTelemetry Collector on loopback: OTLP in (.http, .grpc), JSON lines out (.read)."""

    config = CONFIG

    def __init__(self, program, folder):
        self.program, self.folder, self.process = program, Path(folder), None
        self.http_port, self.grpc_port = free_port(), free_port()

    @property
    def http(self):
        return "http://127.0.0.1:%d" % self.http_port

    @property
    def grpc(self):
        return "127.0.0.1:%d" % self.grpc_port

    def start(self, timeout=60):
        """Start it, again on the same ports after .stop(); what it has written before stays."""
        for _ in range(5):
            config = self.folder / "config.yaml"
            config.write_text(self.config.format(dir=self.folder, http=self.http_port, grpc=self.grpc_port))
            self.log = open(self.folder / "collector.log", "ab")
            self.process = subprocess.Popen([str(self.program), "--config", str(config)], stdin=subprocess.DEVNULL,
                                            stdout=self.log, stderr=self.log, cwd=str(self.folder))
            if self._answers(timeout):
                return self
            if "address already in use" not in self.said():
                break
            self.http_port, self.grpc_port = free_port(), free_port()
        self.stop()
        pytest.fail("the Collector does not start:\n" + cut(self.said(), 30), pytrace=False)

    def _answers(self, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            try:
                for port in (self.http_port, self.grpc_port):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                return self.process.poll() is None
            except OSError:
                time.sleep(0.03)
        return False

    def said(self):
        """Its own log."""
        return (self.folder / "collector.log").read_text(errors="replace")

    def stop(self):
        """Stop it politely, so that its files are complete."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.log.close()

    def _lines(self, signal):
        path = self.folder / (signal + ".jsonl")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1] if line]

    def read(self, signal, want=1, timeout=20):
        """The requests of a signal (traces, metrics, logs) as parsed JSON: at least `want` of them, or the test fails."""
        return self._wait(lambda: self._lines(signal), want, timeout, "%s requests" % signal)

    def spans(self, want=1, timeout=20):
        """All spans so far, at least `want`; each with its "resource" and "scope" added."""
        return self._items("traces", "resourceSpans", "scopeSpans", "spans", want, timeout)

    def logs(self, want=1, timeout=20):
        return self._items("logs", "resourceLogs", "scopeLogs", "logRecords", want, timeout)

    def metrics(self, want=1, timeout=20):
        return self._items("metrics", "resourceMetrics", "scopeMetrics", "metrics", want, timeout)

    def _items(self, signal, outer, inner, leaf, want, timeout):
        def get():
            return [dict(item, resource=r.get("resource", {}), scope=s.get("scope", {}))
                    for request in self._lines(signal) for r in request.get(outer, ())
                    for s in r.get(inner, ()) for item in s.get(leaf, ())]
        return self._wait(get, want, timeout, leaf)

    def _wait(self, get, want, timeout, what):
        end = time.monotonic() + timeout
        while True:
            have = get()
            if len(have) >= want:
                return have
            if time.monotonic() > end:
                pytest.fail("%d %s arrived within %s s, %d expected; the Collector says:\n%s"
                            % (len(have), what, timeout, want, cut(self.said(), 20)), pytrace=False)
            time.sleep(0.05)


@pytest.fixture(scope="session")
def collector_program():
    return go_program("tests/collector")


@pytest.fixture
def collector(collector_program, tmp_path):
    """A Collector of this test alone, started, with nothing in its files."""
    folder = tmp_path / "collector"
    folder.mkdir()
    c = Collector(collector_program, folder)
    c.start()
    yield c
    c.stop()


class Prometheus:
    """A real Prometheus on loopback: takes OTLP (.otlp), scrapes the targets that it is given, and answers queries."""

    def __init__(self, program, folder, targets=()):
        self.folder, self.port = Path(folder), free_port()
        scrape = "".join("  - job_name: job%d\n    scrape_interval: 200ms\n    scrape_timeout: 200ms\n    static_configs: [{targets: ['%s']}]\n" % t
                         for t in enumerate(targets))
        (self.folder / "prometheus.yml").write_text("global: {scrape_native_histograms: true}\notlp: {promote_resource_attributes: [service.name]}\n"
                                                    + ("scrape_configs:\n" + scrape if scrape else ""))
        self.log = open(self.folder / "prometheus.log", "wb")
        self.process = subprocess.Popen(
            [str(program), "--config.file=prometheus.yml", "--web.enable-otlp-receiver", "--web.listen-address=127.0.0.1:%d" % self.port,
             "--storage.tsdb.path=data", "--enable-feature=native-histograms,exemplar-storage,otlp-deltatocumulative"],
            cwd=str(self.folder), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    @property
    def otlp(self):
        """The endpoint that OTEL_EXPORTER_OTLP_ENDPOINT wants."""
        return self.url + "/api/v1/otlp"

    def said(self):
        return (self.folder / "prometheus.log").read_text(errors="replace")

    def ready(self, timeout=120):
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/-/ready", timeout=10):
                    return self
            except OSError:
                time.sleep(0.05)
        self.stop()
        pytest.fail("Prometheus does not start:\n" + cut(self.said(), 30), pytrace=False)

    def query(self, text):
        """The result of an instant query."""
        with urllib.request.urlopen("%s/api/v1/query?%s" % (self.url, urllib.parse.urlencode({"query": text})), timeout=60) as answer:
            return json.load(answer)["data"]["result"]

    def wait(self, text, good=bool, timeout=120):
        """Ask again until `good` likes the result."""
        end = time.monotonic() + timeout
        while True:
            result = self.query(text)
            if good(result):
                return result
            if time.monotonic() > end:
                pytest.fail("%s gives %s\n%s" % (text, result, cut(self.said(), 20)), pytrace=False)
            time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="session")
def prometheus_program():
    """Prometheus from its Go module: the first build takes minutes; `make demo-ui` uses the same file."""
    return go_program("tools/ui/prometheus", "github.com/prometheus/prometheus/cmd/prometheus", ("-tags", "remove_all_sd"))


@pytest.fixture
def prometheus(prometheus_program, tmp_path):
    """start(*targets): a Prometheus of this test alone, which scrapes host:port targets."""
    started = []

    def start(*targets):
        folder = tmp_path / ("prometheus%d" % len(started))
        folder.mkdir()
        started.append(Prometheus(prometheus_program, folder, targets))
        return started[-1].ready()
    yield start
    for p in started:
        p.stop()


@pytest.fixture(scope="session")
def godecode():
    """decode(signal, body): an OTLP request through two Go decoders that must agree; gives the JSON, parsed."""
    program = go_program("tests/godecoder")

    def decode(signal, body):
        p = subprocess.run([str(program), signal], input=bytes(body), capture_output=True, timeout=120)
        if p.returncode:
            pytest.fail("the Go decoders refuse %d bytes of %s: %s" % (len(body), signal, p.stderr.decode()), pytrace=False)
        return json.loads(p.stdout)
    return decode


# ---- the last line, and one name for each test ----

def pytest_unconfigure(config):
    global _scratch
    if _scratch is not None:
        _scratch.cleanup()
        _scratch = None
