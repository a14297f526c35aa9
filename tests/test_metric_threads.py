"""Threads that count while a reader of differences takes idle series away, with and without views and exemplars in front; and
threads that bring in by use what a collection looks at."""
import pytest

from conftest import TSAN, WARN, cc, need_flags, run


@pytest.mark.parametrize("with_views", [False, True], ids=["plain", "views"])
@pytest.mark.parametrize("sanitizer", ["thread"])
def test_idle_series_make_room_and_nothing_is_lost(sanitizer, with_views):
    flag = "-fsanitize=" + sanitizer
    need_flags("gcc", flag)
    program = cc("gcc", "tests/c/metrics_reclaim.c", "-std=c11", "-O1", "-g", flag, "-fno-sanitize-recover=all", "-pthread")
    ran = run([program, 6000, *(["views"] if with_views else [])], timeout=240, env={"TSAN_OPTIONS": "halt_on_error=1"})
    counted, received, points, exemplars = map(int, ran.stdout.split())
    assert counted == received and counted > 20000
    assert points > 20
    assert (exemplars > 0) == with_views


@pytest.mark.parametrize("build", ["gcc -std=c11 -O1", "clang -std=c11 -O2"])
def test_first_counts_of_new_buckets_are_in_the_differences(build):
    """Each record opens a bucket beside those that the reader has just seen, in a signal handler that interrupts it."""
    compiler, *flags = build.split()
    program = cc(compiler, "tests/c/powers_delta.c", *flags, *WARN, "-pthread")
    counted, received = run([program, 100000, 60], timeout=240).stdout.split()
    assert counted == received and int(counted) > 4000


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_what_comes_in_by_use_may_come_from_any_thread(compiler):
    need_flags(compiler, "-fsanitize=thread")
    program = cc(compiler, "tests/c/by_use.c", "-std=gnu11", *TSAN, *WARN, "-pthread")
    for _ in range(3):
        run([program], timeout=120, env={"TSAN_OPTIONS": "halt_on_error=1"})
