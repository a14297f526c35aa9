"""Tools that this system's release of Debian does not carry yet: taken from the next one, by apt, into a folder of the cache.

    program = borrow.tool("cbmc")        the words that run it: ["/usr/bin/cbmc"], or the borrowed one with its own loader
                                         and libraries; None, and borrow.why, when it cannot be had

Nothing of the system is changed and root is not needed: apt reads the lists of the other release in a folder of its own, from the
mirror that the system itself uses, checks the signatures and fetches the packages that are named here; they are unpacked side by
side and run with the libraries that lie among them. Seconds, the first time; `python3 tests/borrow.py cbmc` tries it by hand.
"""
import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otel-h"
RELEASE = "trixie"
LIBC = "libc6 libgcc-s1 libstdc++6 zlib1g"
# name: the program inside, other names under which the system may have it, what has to be fetched
TOOLS = {
    "cbmc": ("usr/bin/cbmc", [], "cbmc minisat " + LIBC),
    "clang-22": ("usr/lib/llvm-22/bin/clang", ["clang-23", "clang-24"],
                 "clang-22 libclang-cpp22 libllvm22 libclang-common-22-dev libclang-rt-22-dev libz3-4 libedit2 libbsd0 libmd0 "
                 "libtinfo6 libffi8 liblzma5 libxml2 libzstd1 " + LIBC),
}
why = ""


def quiet(command, timeout, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
                          timeout=timeout, **more)


def mirror():
    """Where this system's own packages come from, when it is Debian."""
    said = quiet(["apt-get", "indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(SITE)", "Identifier: Packages"], 60).stdout
    found = [line.split("|")[2] for line in said.splitlines() if line.startswith("Debian|main|")]
    return found[0] if found else None


def fetch(folder, packages):
    """Fetch and unpack; the sentence that tells what went wrong, or None."""
    site = mirror()
    if not site:
        return "this system does not take its packages from a mirror of Debian"
    for part in ("lists/partial", "archives/partial", "debs", "root"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "sources.list").write_text("deb [%s] %s %s main\n" % ("signed-by=" + keys if os.path.exists(keys) else "", site, RELEASE))
    options = {"Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null",
               "Dir::State": folder, "Dir::State::status": folder / "status", "Dir::Cache": folder, "Acquire::Languages": "none",
               "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false", "Acquire::Retries": "3"}
    apt = ["apt-get", "-q", "-y"] + [word for k, v in options.items() for word in ("-o", "%s=%s" % (k, v))]
    if os.geteuid() == 0:
        apt += ["-o", "APT::Sandbox::User=root"]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
    for command, where in ((apt + ["update"], folder), (apt + ["download"] + packages.split(), folder / "debs")):
        p = quiet(command, 540, cwd=str(where), env=env)
        if p.returncode:
            return "apt-get does not fetch it: " + " ".join(p.stdout.strip().splitlines()[-3:])
    for deb in sorted((folder / "debs").glob("*.deb")):
        p = quiet(["dpkg-deb", "-x", str(deb), str(folder / "root")], 120)
        if p.returncode:
            return "dpkg-deb does not unpack %s: %s" % (deb.name, p.stdout.strip())
    for used in ("debs", "lists", "archives"):
        shutil.rmtree(folder / used, ignore_errors=True)
    return None


def words(folder, program):
    """How a program of that folder is run: by the loader and with the libraries that were unpacked with it."""
    root = folder / "root"
    loaders = sorted(p for p in root.glob("usr/lib/*/ld-linux*.so*") if p.is_file())
    if not loaders or not (root / program).exists():
        return None
    return [str(loaders[0]), "--library-path", "%s:%s" % (loaders[0].parent, root / "usr/lib"), str(root / program)]


def tool(name):
    """The words that run a tool; None: `why` tells."""
    global why
    program, others, packages = TOOLS[name]
    for here in [name] + others:
        if shutil.which(here):
            return [shutil.which(here)]
    folder = CACHE / ("%s-%s-%s" % (RELEASE, name, platform.machine()))
    folder.mkdir(parents=True, exist_ok=True)
    with open(str(folder) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            if os.environ.get("OTEL_NO_INSTALL") or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
                why = "it has to be installed by hand (Debian 13 has it as %s)" % packages.split()[0]
                return None
            why = fetch(folder, packages)
            if why:
                return None
            (folder / "complete").touch()
    found = words(folder, program)
    if found is None:
        why = "what was unpacked to %s is not complete: remove that folder" % folder
    return found


def resources(clang):
    """The headers and libraries that belong to a borrowed clang, for -resource-dir; None for one of the system."""
    root = re.match(r"(.*/root)/usr/lib/llvm-\d+/bin/clang$", clang[-1])
    found = sorted(Path(root.group(1)).glob("usr/lib/llvm-*/lib/clang/*")) if root else []
    return str(found[0]) if found else None


if __name__ == "__main__":
    for wanted in sys.argv[1:] or sorted(TOOLS):
        found = tool(wanted)
        print(" ".join(found) if found else "%s: %s" % (wanted, why))
