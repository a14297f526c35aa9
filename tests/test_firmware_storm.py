"""An interrupt storm on cores without and with atomics: three nested priorities and the main loop record, nothing is corrupt, and
what did not fit is in the counts. OTEL_STORM_RECORDS=1000000 (make storm) is the long form."""
import os
import re
import shutil
import subprocess

import pytest
from boards import BOARDS as BOARDS_FOLDER
from boards import FIRMWARE, RV32, RV32_NO_A, cortex
from conftest import ROOT, need, run

RECORDS = int(os.environ.get("OTEL_STORM_RECORDS", "60000"))
LONG = max(60, RECORDS // 2000)
# ticks of 0.1 ms: SysTick runs with 16 and 25 MHz, mtime with 10
BOARDS = [
    (cortex("Cortex-M0", "microbit", "cortex-m0", "microbit.ld", "-DBOARD_MICROBIT", "-DCYCLES=1600u", optimise="-O2"), 4500, 6),
    (cortex("Cortex-M3", "mps2-an385", "cortex-m3", "mps2.ld", "-DCYCLES=2500u", optimise="-O2"), 4500, 6),
    (RV32, 4500, 7),
    (RV32_NO_A, 4500, 7),
]


def storm(board, shift, *flags, program=None):
    """Run it, one instruction taking 2^shift ns; the counts that it printed."""
    program = program or board.build(FIRMWARE / "storm.c", *flags)
    counted = type(board)(board.name, board.compiler, emulator=board.emulator + ["-icount", "shift=%d,align=off" % shift], cpu=board.cpu, machine=board.machine)
    text = counted.run(program, timeout=LONG)
    found = re.findall(r"^(.+) (\d+)$", text, re.M)
    by = [int(n) for what, n in found if what == "by an interrupt"]
    return dict({what: int(n) for what, n in found}, by=by), text


@pytest.mark.parametrize("board, steps, shift", BOARDS, ids=lambda x: getattr(x, "name", None))
def test_ten_thousand_interrupts_a_second_corrupt_nothing(board, steps, shift):
    counts, text = storm(board, 4, "-DRECORDS=%du" % RECORDS)
    assert counts["failures"] == 0 and counts["made"] >= RECORDS, text
    assert counts["deepest"] == 3 and counts["nested"] > RECORDS // 100 and all(n > RECORDS // 1000 for n in counts["by"]), text
    assert counts["arrived"] + counts["dropped"] == counts["made"] and counts["dropped"] > 0 and counts["arrived"] > RECORDS // 10, text


@pytest.mark.parametrize("board, steps, shift", BOARDS, ids=lambda x: getattr(x, "name", None))
def test_an_interrupt_behind_every_instruction_of_a_record(board, steps, shift):
    """The first falls 1, 2, .. 4500 instructions behind the beginning of a record: into every window of reserve and publish."""
    counts, text = storm(board, shift, "-DSTEPS=%du" % steps)
    assert counts["failures"] == 0 and min(counts["by"]) > steps // 8 and counts["deepest"] == 3, text
    assert counts["arrived"] + counts["dropped"] == counts["made"], text


def test_a_missing_mask_is_noticed(tmp_path):
    """The same without `cpsid i` in the library: it fails, faults or never ends."""
    board, steps, shift = BOARDS[1]
    good = (ROOT / "otel.h").read_text()
    bad = good.replace("mrs %0, primask\\n\\tcpsid i", "mrs %0, primask")
    assert bad != good
    (tmp_path / "otel.h").write_text(bad)
    shutil.copy(ROOT / "otel_export.h", tmp_path)
    shutil.copy(FIRMWARE / "storm.c", tmp_path)
    need("arm-none-eabi-gcc")
    program = tmp_path / "storm.elf"
    run(["arm-none-eabi-gcc", *board.flags, "-I", tmp_path, "-I", BOARDS_FOLDER, "-I", FIRMWARE, "-DSTEPS=%du" % steps, tmp_path / "storm.c", BOARDS_FOLDER / "cortex-m.c", "-o", program])
    command = [str(c) for c in board.command(program, "-serial", "null", "-icount", "shift=%d,align=off" % shift)]
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=15)
        assert ran.returncode != 0, ran.stderr.decode()
    except subprocess.TimeoutExpired:
        pass


# One counter and one histogram, two writers: the main loop and SysTick at 10 kHz.
SERIES = [
    cortex("Cortex-M0", "microbit", "cortex-m0", "microbit.ld", "-DBOARD_MICROBIT", "-DCYCLES=1600u", "-DSTEPS=900u", optimise="-O2"),
    cortex("Cortex-M4", "mps2-an386", "cortex-m4", "mps2.ld", "-DCYCLES=2500u", optimise="-O2"),
]


@pytest.mark.parametrize("board", SERIES, ids=lambda x: x.name)
def test_interrupts_record_into_the_same_series_and_nothing_is_lost(board):
    """The program compares counter, buckets, sum and extremes with what both writers did, and what was refused with 0; an interrupt
    behind every instruction of an addition and a record comes first, then 10 kHz."""
    program = board.build(FIRMWARE / "beats.c", "-DBEATS=%du" % max(6000, RECORDS // 10))
    counted = type(board)(board.name, board.compiler, emulator=board.emulator + ["-icount", "shift=6,align=off"], cpu=board.cpu, machine=board.machine)
    text = counted.run(program, timeout=LONG)
    counts = {what: int(n) for what, n in re.findall(r"^(.+) (\d+)$", text, re.M)}
    assert counts["failures"] == 0 and counts["beats"] >= 6500 and counts["main"] > counts["beats"] and counts["requests"] > 20, text
    assert counts["met one by one"] > 60 and counts["met"] > 500, text


def test_a_missing_mask_loses_additions(tmp_path):
    """The same without `cpsid i` in the library: the sums are wrong."""
    board = SERIES[1]
    good = (ROOT / "otel.h").read_text()
    bad = good.replace("mrs %0, primask\\n\\tcpsid i", "mrs %0, primask")
    assert bad != good
    (tmp_path / "otel.h").write_text(bad)
    for name in (ROOT / "otel_export.h", FIRMWARE / "beats.c"):
        shutil.copy(name, tmp_path)
    need("arm-none-eabi-gcc")
    program = tmp_path / "beats.elf"
    run(["arm-none-eabi-gcc", *board.flags, "-I", tmp_path, "-I", BOARDS_FOLDER, "-I", FIRMWARE, tmp_path / "beats.c", BOARDS_FOLDER / "cortex-m.c", "-o", program], timeout=300)
    command = [str(c) for c in board.command(program, "-serial", "null", "-icount", "shift=6,align=off")]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONG)
    said = (ran.stdout + ran.stderr).decode()
    assert ran.returncode != 0 and ("not the sum of both" in said or "not that of both" in said), said
