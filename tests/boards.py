"""Boards that the emulators have: build a program for one, run it, give what it printed."""
import fcntl
import functools
import subprocess
import tarfile
import tempfile
from pathlib import Path

from conftest import CACHE, ROOT, cc, missing, need, need_flags, run, scratch

BOARDS = ROOT / "examples/firmware/boards"
FIRMWARE = ROOT / "tests/firmware"
STRICT = ["-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wundef", "-Werror"]
SECTIONS = ["-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]


class Board:
    """One configuration: .build(sources, *flags) and .run(program)."""

    def __init__(self, name, compiler, flags=(), files=("host.c",), needs=(), emulator=(), cpu=None, machine=None):
        self.name, self.compiler, self.flags, self.files, self.needs = name, compiler, list(flags), files, needs
        self.emulator, self.cpu, self.machine = list(emulator), cpu, machine

    def build(self, sources, *flags, out=None, std=True):
        for tool in self.needs:
            need_flags(*tool.split()) if " " in tool else need(tool)
        files = [sources] if isinstance(sources, (str, Path)) else list(sources)
        files += [BOARDS / f for f in self.files]
        return cc(self.compiler, files, *self.flags, "-I", BOARDS, "-I", FIRMWARE, *flags, out=out)

    def command(self, program, *more):
        return self.emulator + [*more, *(["-kernel"] if self.machine else []), program]

    def run(self, program, timeout=120, check=True):
        ran = run(self.command(program, *(["-serial", "null"] if self.machine and self.cpu else ["-serial", "stdio"] if self.machine else [])),
                  timeout=timeout, check=check, merge=True)
        return ran.output


def host(name, compiler, *flags, needs=None, emulator=()):
    return Board(name, compiler, flags, needs=needs or (compiler.split()[0],), emulator=emulator)


def cortex(name, machine, cpu, script, *flags, optimise="-Os"):
    return Board(name, "arm-none-eabi-gcc", ["-mcpu=" + cpu, "-mthumb", optimise, "-std=gnu11", *STRICT, *SECTIONS, *flags, "-nostartfiles",
                 "-L", BOARDS, "-T", BOARDS / script], ("cortex-m.c",), ("arm-none-eabi-gcc --specs=nosys.specs", "qemu-system-arm"),
                 ("qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none", "-semihosting-config", "enable=on,target=native"), cpu, machine)


def riscv(name, march, *flags):
    return Board(name, "riscv64-unknown-elf-gcc", ["--specs=picolibc.specs", "-march=" + march, "-misa-spec=2.2", "-mabi=ilp32", "-mcmodel=medany", "-Os", "-std=gnu11",
                 *STRICT, *SECTIONS, *flags, "-nostartfiles", "-Wl,--no-warn-rwx-segments", "-T", BOARDS / "riscv.ld"], ("riscv.c",),
                 ("riscv64-unknown-elf-gcc", "qemu-system-riscv32"),
                 ("qemu-system-riscv32", "-M", "virt", "-bios", "none", "-display", "none", "-monitor", "none"), None, "virt")


MICROBIT = cortex("Cortex-M0 (microbit)", "microbit", "cortex-m0", "microbit.ld", "-DBOARD_MICROBIT")
STM32VL = cortex("Cortex-M3 (stm32vldiscovery)", "stm32vldiscovery", "cortex-m3", "stm32vldiscovery.ld", "-DBOARD_STM32VLDISCOVERY")
M3 = cortex("Cortex-M3 (mps2-an385)", "mps2-an385", "cortex-m3", "mps2.ld")
M4 = cortex("Cortex-M4 (mps2-an386)", "mps2-an386", "cortex-m4", "mps2.ld")
M7 = cortex("Cortex-M7 (mps2-an500)", "mps2-an500", "cortex-m7", "mps2.ld")
RV32 = riscv("RV32IMAC (qemu virt)", "rv32imac")
RV32_NO_A = riscv("RV32IM (qemu virt)", "rv32im")


@functools.lru_cache(None)
def avrhost():
    """The simulator with its UART on a TCP port or on stdout."""
    need("simavr")
    return cc("gcc", FIRMWARE / "avrhost.c", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-lsimavr", "-lelf", out=scratch() / "avrhost")


class Avr(Board):
    def __init__(self, mcu, *flags):
        super().__init__("AVR (%s)" % mcu, "avr-gcc", ["-mmcu=" + mcu, "-DF_CPU=16000000UL", "-Os", "-std=gnu11", *STRICT, *SECTIONS, *flags], ("avr.c",),
                         ("avr-gcc", "avr-gcc -mmcu=" + mcu))
        self.mcu = mcu

    def command(self, program, *more):
        return [avrhost(), *more, self.mcu, program]

    def run(self, program, timeout=120, check=True):
        text = run(self.command(program), timeout=timeout, check=check).stdout
        assert not check or text.endswith("exit 0\n"), text[-200:]
        return text.rsplit("exit ", 1)[0]


ATMEGA1284P = Avr("atmega1284p")
ATMEGA328P = Avr("atmega328p", "-flto", "-mcall-prologues", "-mrelax")           # as the Arduino IDE builds, and smaller


def size(program, tool="arm-none-eabi-size"):
    """(flash, RAM) of a program, bytes."""
    text, data, bss = map(int, subprocess.run([tool, str(program)], capture_output=True, text=True, check=True).stdout.splitlines()[1].split()[:3])
    return text + data, data + bss


# ---- parts of others, out of packages ----

def kernel():
    """The FreeRTOS kernel's folder: V11.2.0 as it is in the crate freertos-next, fetched once for this machine."""
    version = "0.12.0"
    need("cargo")
    CACHE.mkdir(parents=True, exist_ok=True)
    home = CACHE / ("freertos-next-" + version)
    with open(str(home) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=str(CACHE)) as folder:
                work = Path(folder)
                (work / "Cargo.toml").write_text('[package]\nname = "parts"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\nfreertos-next = "=%s"\n' % version)
                (work / "lib.rs").write_text("")
                p = subprocess.run(["cargo", "vendor", "--versioned-dirs", "vendor"], cwd=str(work), capture_output=True, text=True, timeout=600)
                if p.returncode:
                    missing("the crate freertos-next", "`cargo vendor` says:\n" + p.stderr[-1000:])
                (work / "vendor" / ("freertos-next-" + version)).rename(home)
    return home / "FreeRTOS-Kernel"


def source_packages():
    """Lines of a sources.list: the source packages of where this system gets its packages."""
    system = dict(line.rstrip().replace('"', "").split("=", 1) for line in open("/etc/os-release") if "=" in line)
    keys = "/usr/share/keyrings/%s-archive-keyring.gpg" % system["ID"]
    ran = run(["apt-get", "indextargets", "--format", "deb-src [signed-by=%s] $(REPO_URI) $(RELEASE) $(COMPONENT)" % keys, "Created-By: Packages",
               "Release: " + system["VERSION_CODENAME"], "Component: " + ("universe" if system["ID"] == "ubuntu" else "main")])
    return "".join(sorted({line + "\n" for line in ran.stdout.splitlines()}))


def lwip():
    """lwIP's src folder, out of the distribution's source package; fetched once for this machine, apt's own lists untouched."""
    need("apt-get")
    CACHE.mkdir(parents=True, exist_ok=True)
    home = CACHE / "lwip"
    with open(str(home) + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.exists():
            return home / "src"
        with tempfile.TemporaryDirectory(dir=str(CACHE)) as folder:
            work = Path(folder)
            for d in ("state/lists/partial", "cache/archives/partial", "source"):
                (work / d).mkdir(parents=True)
            (work / "sources.list").write_text(source_packages())
            apt = ["apt-get", "-q", "-o", "Dir::State=%s/state" % work, "-o", "Dir::Cache=%s/cache" % work, "-o", "Dir::Etc::sourcelist=%s/sources.list" % work,
                   "-o", "Dir::Etc::sourceparts=-", "-o", "APT::Sandbox::User="]
            for what in (["update"], ["source", "--download-only", "lwip"]):
                p = subprocess.run(apt + what, cwd=str(work / "source"), capture_output=True, text=True, timeout=600)
                if p.returncode:
                    missing("lwIP's source package", "`apt-get source lwip` says:\n" + (p.stdout + p.stderr)[-1000:])
            archive = next((work / "source").glob("*.orig.tar.*"))
            with tarfile.open(archive) as tar:
                tar.extractall(work / "out")
            next(p for p in (work / "out").iterdir()).rename(home)
    return home / "src"
