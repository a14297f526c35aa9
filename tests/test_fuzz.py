"""A short look with the fuzzer at all that reads foreign bytes, and at sequences of calls; `make fuzz` looks longer."""
import pytest
from conftest import ROOT, need, need_flags, run

pytestmark = pytest.mark.xdist_group("fuzz")           # one worker: the library is compiled once for all targets
TARGETS = sorted(p.stem for p in (ROOT / "tests/fuzz").glob("*_fuzz.c"))


@pytest.mark.parametrize("target", TARGETS)
def test_random_bytes_find_nothing_for_a_while(target):
    need("clang")
    need_flags("clang", "-fsanitize=fuzzer-no-link")
    said = run([ROOT / "tests/fuzz/run", "5", target], 850, merge=True).stdout
    assert said.count("Done") == 1, said


def test_each_target_has_seeds():
    assert {p.name for p in (ROOT / "tests/fuzz/corpus").iterdir() if any(p.iterdir())} == set(TARGETS)
