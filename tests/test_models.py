"""The ring's protocol: Spin searches all interleavings of tests/models/*.pml, and must find each mutant; real threads under
ThreadSanitizer try the order of memory, and must notice each order that is taken away. docs/ring.md tells what is proved."""
import re

import pytest
from conftest import ROOT, TSAN, WARN, cc, need, need_flags, run

MODELS = ROOT / "tests/models"

# Three sizes of the same protocol: handlers upon handlers; more records and a reader that comes twice; two readers.
NESTED = "ROUNDS0=2 ROUNDS1=1 ROUNDS2=1 LOOKS=1"
LONG = "ROUNDS0=3 ROUNDS1=1 ROUNDS2=0 LOOKS=2"
NESTED_OLDEST = "ROUNDS0=1 ROUNDS1=1 ROUNDS2=1 LOOKS=1 OLDEST"
TWO = "ROUNDS0=1 ROUNDS1=1 ROUNDS2=0 LOOKS=1 READERS=2"
TWO_OLDEST = "ROUNDS0=2 ROUNDS1=0 ROUNDS2=0 LOOKS=1 READERS=2 SIZE=3 OLDEST"

HOLDS = [
    ("ring.pml", NESTED), ("ring.pml", NESTED_OLDEST), ("ring.pml", NESTED_OLDEST + " SIZE=3"), ("ring.pml", LONG), ("ring.pml", LONG + " OLDEST"),
    ("ring.pml", TWO), ("ring.pml", TWO_OLDEST), ("ring.pml", NESTED + " MASK"), ("ring.pml", LONG + " MASK OLDEST"),
    ("ring.pml", LONG + " LOCKED"), ("ring.pml", LONG + " LOCKED OLDEST"),
    ("shards.pml", ""), ("shards.pml", "HANDLER"), ("shards.pml", "HANDLER RECORDS=2"),
]
FAILS = [
    ("ring.pml", NESTED, "M_NO_REREAD"), ("ring.pml", NESTED, "M_NO_OUTERMOST"), ("ring.pml", NESTED, "M_STORE"), ("ring.pml", NESTED, "M_RESERVE_STORE"),
    ("ring.pml", NESTED, "M_ONE_READ"), ("ring.pml", NESTED, "M_NO_LAPS"), ("ring.pml", LONG + " OLDEST", "M_IGNORE_HELD"), ("ring.pml", LONG + " OLDEST", "M_NO_GATE"),
    ("ring.pml", NESTED_OLDEST, "M_EVICT_OPEN"), ("ring.pml", LONG + " LOCKED OLDEST", "M_NO_LOCK"), ("ring.pml", LONG, "M_PASS_EARLY"),
    ("ring.pml", LONG + " OLDEST", "M_PASS_UNHELD"), ("ring.pml", LONG + " OLDEST", "M_CURSOR_LATE"),
    ("shards.pml", "HANDLER", "M_PLAIN_CLAIM"), ("shards.pml", "HANDLER", "M_NO_TRY"), ("shards.pml", "", "M_NO_REPAIR"), ("shards.pml", "", "M_KEEP"),
    ("shards.pml", "", "M_GATE_KEPT"), ("shards.pml", "HANDLER", "M_SETTLE_EARLY"), ("shards.pml", "", "M_COUNT_OTHERS"),
]


def search(model, defines, folder):
    """What Spin's search of a model says: (errors, states, its text)."""
    need("spin")
    need("gcc")
    run(["spin", *("-D" + d for d in defines.split()), "-a", MODELS / model], cwd=folder)
    run(["gcc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-DVECTORSZ=2048", "-DMEMLIM=2000", "-o", "pan", "pan.c"], cwd=folder, timeout=120)
    said = run([folder / "pan", "-m100000", "-n"], cwd=folder, timeout=180, check=False).output
    found = re.search(r"errors: (\d+)\s+(\d+) states, stored", said)
    assert found, said
    assert "max search depth too small" not in said and "reached -DMEMLIM" not in said and "out of memory" not in said, said
    return int(found.group(1)), int(found.group(2)), said


@pytest.mark.slow
@pytest.mark.parametrize("model,defines", HOLDS)
def test_the_protocol_holds(model, defines, build_dir):
    errors, states, said = search(model, defines, build_dir)
    assert errors == 0, said
    assert states > 10000, "a search of %d states has not tried much" % states


@pytest.mark.parametrize("model,defines,mutant", FAILS, ids=[f[2] for f in FAILS])
def test_the_model_notices(model, defines, mutant, build_dir):
    errors, _, said = search(model, (defines + " " + mutant).strip(), build_dir)
    assert errors == 1 and "assertion violated" in said, said


def test_every_mutant_of_a_model_is_tried():
    for model in ("ring.pml", "shards.pml"):
        named = set(re.findall(r"\bM_\w+", (MODELS / model).read_text()))
        assert named == {m for f, _, m in FAILS if f == model}


# ---- the real header ----

ORDERS = {
    "published is stored relaxed": ("OTEL_STORE_RELEASE_(&ring->published, end)", "OTEL_STORE_(&ring->published, end)"),
    "published is loaded relaxed": ("until = OTEL_LOAD_ACQUIRE_(&ring->published);\n    ring->reader[reader].held", "until = OTEL_LOAD_(&ring->published);\n    ring->reader[reader].held"),
    "released is stored relaxed": ("OTEL_STORE_RELEASE_(&ring->released, slowest->cursor)", "OTEL_STORE_(&ring->released, slowest->cursor)"),
    "released is loaded relaxed": ("OTEL_LOAD_ACQUIRE_(&ring->released)", "OTEL_LOAD_(&ring->released)"),
}


def litmus(folder, header, *flags):
    (folder / "otel.h").write_text(header)
    return cc("gcc", "tests/models/litmus.c", "-I", folder, *flags, "-lpthread")


def races(program, tries=5):
    """Reports of ThreadSanitizer; it looks a few times, since threads do not always meet."""
    for _ in range(tries):
        ran = run([program, "20000"], check=False, merge=True, env={"TSAN_OPTIONS": "exitcode=66"})
        if "data race" in ran.output or ran.returncode:
            return ran.output
    return ""


def test_records_arrive_whole_between_threads(build_dir):
    assert run([litmus(build_dir, (ROOT / "otel.h").read_text(), "-O2", *WARN), "2000000"]).stdout == "2000000 records\n"


def test_no_race_between_writer_and_reader(build_dir):
    need_flags("gcc", "-fsanitize=thread")
    assert races(litmus(build_dir, (ROOT / "otel.h").read_text(), *TSAN)) == ""


@pytest.mark.parametrize("what", sorted(ORDERS))
def test_a_race_shows_when(what, build_dir):
    need_flags("gcc", "-fsanitize=thread")
    header = (ROOT / "otel.h").read_text()
    old, new = ORDERS[what]
    assert header.count(old) == 1, "ring.h says it in other words now: renew this test"
    assert "data race" in races(litmus(build_dir, header.replace(old, new), *TSAN))


def test_a_reader_that_holds_nothing_moves_nothing():
    assert run([cc("gcc", "tests/models/empty_hold.c", *WARN)]).returncode == 0


SIDES = {
    "the one who looks whether somebody is there": ("return __atomic_fetch_add(&instrument->visitors_, 0u, __ATOMIC_SEQ_CST) != 0;", "return OTEL_LOAD_ACQUIRE_(&instrument->visitors_) != 0;"),
    "the one who comes": ("    __atomic_fetch_add(&instrument->visitors_, 1u, __ATOMIC_SEQ_CST);", "    OTEL_STORE_(&instrument->visitors_, instrument->visitors_ + 1u);"),
}


def buffering(folder, header, rounds):
    (folder / "otel.h").write_text(header)
    return run([cc("gcc", "tests/models/buffering.c", "-I", folder, "-O2", *WARN, "-lpthread"), str(rounds)], 600, check=False)


def test_nobody_is_missed_when_series_are_taken_away(build_dir):
    assert buffering(build_dir, (ROOT / "otel.h").read_text(), 500000).stdout == "never missed each other\n"


@pytest.mark.parametrize("side", sorted(SIDES))
def test_a_store_that_waits_in_its_buffer_shows(side, build_dir):
    header = (ROOT / "otel.h").read_text()
    old, new = SIDES[side]
    assert header.count(old) == 1, "series.h says it in other words now: renew this test"
    ran = buffering(build_dir, header.replace(old, new), 100000000)
    assert ran.returncode == 1 and ran.stdout.startswith("missed each other"), ran
