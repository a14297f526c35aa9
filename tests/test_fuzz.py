"""A short look with the fuzzer at all that reads foreign bytes; `make fuzz` looks longer."""
from conftest import ROOT, need, need_flags, run


def test_readers_survive_random_bytes_for_a_while():
    need("clang")
    need_flags("clang", "-fsanitize=fuzzer-no-link")
    said = run([ROOT / "tests/fuzz/run", "5"], 850, merge=True).stdout
    assert {p.stem for p in (ROOT / "tests/fuzz").glob("*_fuzz.c")} == {p.name for p in (ROOT / "tests/fuzz/corpus").iterdir()}, "each has seeds"
    assert said.count("Done") == len(list((ROOT / "tests/fuzz").glob("*_fuzz.c"))) >= 4, said
