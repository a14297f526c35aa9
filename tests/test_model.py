"""Random programs give exactly what a simple model says: tests/c/model.c (one thread, predicted record by record) and
tests/c/model_threads.c (threads on own and shared shards, signal handlers on top). OTEL_MODEL_SEEDS=100000 runs more."""
import functools
import os
import re

import pytest

from conftest import ASAN, TSAN, WARN, cc_fails, first_error, linked, need_flags, run

MORE = int(os.environ.get("OTEL_MODEL_SEEDS", "0"))
BUILDS = {
    "asan": ("gcc", *ASAN),
    "clang": ("clang", "-O2", "-g"),
    "m32": ("gcc", "-m32", "-O2", "-g", "-fsanitize=undefined", "-fno-sanitize-recover=all"),
    "tsan": ("gcc", *TSAN),
    "O2": ("gcc", "-O2", "-g"),
}


@functools.lru_cache(maxsize=None)
def build(name, source, std):
    compiler, *flags = BUILDS[name]
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    return linked(compiler, source, std, *flags, *WARN, "-lpthread")


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("name,count", [("asan", 700), ("m32", 300), ("clang", 700)])
def test_random_programs_give_what_the_model_says(name, count, part):
    count = max(count, MORE)
    said = numbers(run([build(name, "tests/c/model.c", "-std=c11"), 1 + part * count, count], timeout=800).stdout)
    programs, records, requests, evicted, full, in_flight, by_hand, laws, urgent = said
    assert programs == count and records > 30 * count and requests > 10 * count and laws > 500 * count
    assert min(evicted, full, by_hand) > count and in_flight > count / 2 and urgent > count / 10, "the programs do not reach what they are made for"


@pytest.mark.parametrize("clock", ["ticks", "unix"])
@pytest.mark.parametrize("name,count", [("O2", 40), ("asan", 25), ("tsan", 15)])
def test_random_threads_and_signal_handlers_lose_nothing_uncounted(name, count, clock):
    count = max(count, MORE // 20)
    program = build(name, "tests/c/model_threads.c", "-std=gnu11")
    said = numbers(run([program, 1, count] + (["unix"] if clock == "unix" else []), timeout=800).stdout)
    programs, records, arrived, steady, _ = said
    assert programs == count and records > 1000 * count and arrived > 500 * count and steady > 100 * count


OWN = {"gcc": (), "clang": (), "gcc -m32": ("-m32",)}


@pytest.mark.parametrize("name", OWN)
def test_what_threads_count_without_locking_is_exact(name):
    """Built for speed: on x86 a shard of one's own is counted in without the lock prefix."""
    if OWN[name]:
        need_flags("gcc", "-m32")
    program = linked(name.split()[0], "tests/c/own_counts.c", "-std=gnu11", "-O2", *OWN[name], *WARN, "-lpthread")
    for _ in range(10):
        run([program, 20000], timeout=300)


FORMS = {"speed": ("-std=gnu11", *BUILDS["O2"]), "size": ("-std=c11", "gcc", "-Os"), "no optimisation": ("-std=c11", "gcc", "-O0"),
         "no atomics": ("-std=c11", "gcc", "-O2", "-DOTEL_NO_ATOMICS=1"), **{name: ("-std=c11", *BUILDS[name]) for name in ("m32", "clang", "asan")}}


def test_what_is_sent_does_not_depend_on_how_it_is_built():
    """Hot paths come twice, short ones beside careful ones: random spans, events and logs are the same bytes by all of them."""
    need_flags("gcc", "-m32")
    sent = {}
    for name, (std, compiler, *flags) in FORMS.items():
        program = linked(compiler, "tests/c/forms.c", std, *flags, *WARN, "-lpthread")
        sent[name] = "".join(run([program, seed, max(3000, MORE)], timeout=800).stdout for seed in range(1, 6))
        other = [n for n, pair in enumerate(zip(sent[name].splitlines(), sent["speed"].splitlines())) if pair[0] != pair[1]]        # not all of it: pytest would look for hours
        assert not other[:5] and len(sent[name]) == len(sent["speed"]), "%s sends other bytes" % name
    assert sent["speed"].count("\n") > 15000


ODD = '#include "otel.h"\nvoid f(otel_span_t *span);\nvoid f(otel_span_t *span) { (void)span; %s; }\n'


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("call", ['otel_span_set(span, "a", 1, "b")', 'otel_span_event(span, "e", "k")', 'otel_log(OTEL_INFO, "text", "k")'])
def test_a_key_without_a_value_does_not_compile_and_says_so(compiler, call):
    assert "OTEL_every_key_needs_a_value" in first_error(cc_fails(compiler, ODD % call, "-std=c11", "-c"))
