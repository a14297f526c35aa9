"""Boards that the emulators have: build a program for one, run it, give what it printed."""
import functools
import subprocess
from pathlib import Path

from conftest import ROOT, cc, missing, need, need_flags, run, scratch

import parts

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

def part(get, *which):
    """A folder that tools/parts.py brings."""
    try:
        return get(*which)
    except parts.Missing as no:
        missing(no.what, no.remedy)


def kernel():
    """The FreeRTOS kernel's folder: V11.2.0 as it is in the crate freertos-next."""
    need("cargo")
    return part(parts.crate, "freertos-next", "0.12.0") / "FreeRTOS-Kernel"


def lwip():
    """lwIP's src folder."""
    need("apt-get")
    return part(parts.source_package, "lwip") / "src"
