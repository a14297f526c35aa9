"""Parts of others for tests and benchmarks, out of package registries: fetched once for this machine, kept outside the tree.

    sys.path.insert(0, str(ROOT / "tools"))
    import parts
    kernel = parts.crate("freertos-next", "0.12.0") / "FreeRTOS-Kernel"
    lwip = parts.source_package("lwip") / "src"

Raises parts.Missing, with the sentence that says what to do.
"""
import fcntl
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otel-h"


class Missing(Exception):
    """A part cannot be had here: .what, .remedy."""

    def __init__(self, what, remedy):
        super().__init__("%s is missing: %s" % (what, remedy))
        self.what, self.remedy = what, remedy


def kept(name, fetch):
    """The folder of that name in the cache. When it is not there, fetch(work) brings it into a scratch folder and answers where."""
    CACHE.mkdir(parents=True, exist_ok=True)
    home = CACHE / name
    with open(str(home) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=str(CACHE)) as work:
                fetch(Path(work)).rename(home)
    return home


def command(words, folder):
    """What came of a command; one that takes ten minutes has failed."""
    try:
        return subprocess.run(words, cwd=str(folder), capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(words, 1, "", "no answer for ten minutes: " + str(late))


def crate(name, version):
    """The folder of a crate. What it depends on is fetched with it and thrown away."""
    if not shutil.which("cargo"):
        raise Missing("cargo", "apt-get install cargo")

    def fetch(work):
        (work / "Cargo.toml").write_text('[package]\nname = "parts"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\n%s = "=%s"\n'
                                         % (name, version))
        (work / "lib.rs").write_text("")
        p = command(["cargo", "vendor", "--versioned-dirs", "vendor"], work)
        if p.returncode:
            raise Missing("the crate " + name, "`cargo vendor` says:\n" + p.stderr[-1000:])
        return work / "vendor" / ("%s-%s" % (name, version))
    return kept("%s-%s" % (name, version), fetch)


def this_system():
    """What /etc/os-release says: {"ID": "debian", ...}."""
    with open("/etc/os-release", encoding="utf-8") as f:
        return dict(line.rstrip().replace('"', "").split("=", 1) for line in f if "=" in line)


def sources_list():
    """Lines of a sources.list: the source packages of where this system gets its packages."""
    system = this_system()
    keys = "/usr/share/keyrings/%s-archive-keyring.gpg" % system["ID"]
    ran = subprocess.run(["apt-get", "indextargets", "--format", "deb-src [signed-by=%s] $(REPO_URI) $(RELEASE) $(COMPONENT)" % keys, "Created-By: Packages",
                          "Release: " + system["VERSION_CODENAME"], "Component: " + ("universe" if system["ID"] == "ubuntu" else "main")],
                         capture_output=True, text=True, timeout=60)
    return "".join(sorted({line + "\n" for line in ran.stdout.splitlines()}))


def source_package(name):
    """The folder of what a distribution's source package holds, without the distribution's changes; apt's own lists stay as they are."""
    if not shutil.which("apt-get"):
        raise Missing(name + "'s source package", "this system has no apt-get")

    def fetch(work):
        for d in ("state/lists/partial", "cache/archives/partial", "source"):
            (work / d).mkdir(parents=True)
        (work / "sources.list").write_text(sources_list())
        apt = ["apt-get", "-q", "-o", "Dir::State=%s/state" % work, "-o", "Dir::Cache=%s/cache" % work, "-o", "Dir::Etc::sourcelist=%s/sources.list" % work,
               "-o", "Dir::Etc::sourceparts=-", "-o", "APT::Sandbox::User="]
        for what in (["update"], ["source", "--download-only", name]):
            p = command(apt + what, work / "source")
            if p.returncode:
                raise Missing(name + "'s source package", "`apt-get source %s` says:\n%s" % (name, (p.stdout + p.stderr)[-1000:]))
        with tarfile.open(next(p for p in sorted((work / "source").glob("*.orig.tar.*")) if p.suffix != ".asc")) as tar:
            tar.extractall(work / "out")
        return next(p for p in (work / "out").iterdir())
    return kept("%s-%s" % (name, this_system().get("VERSION_CODENAME", "")), fetch)      # each release has its own
