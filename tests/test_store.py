"""Store and forward, and the crash record, where programs really die: files, SIGKILL, signals, littlefs, and tools/otlp-replay.
tests/unit/store_test.c cuts the power at every operation of an emulated flash."""
import re
import signal
import subprocess
import sys
import tarfile

import pytest

from conftest import ASAN, CACHE, ROOT, cc, free_port, missing, run
from faults.collector import OK, status
from test_faults import CLEAN, program
from test_soak import numbers

REPLAY = ROOT / "tools/otlp-replay"


def keep(path, n, url="", **more):
    return run([program(), "keep", path, n, *([url] if url else [])], env=CLEAN, check=False, **more)


def test_what_was_kept_before_a_kill_is_sent_after_it(collector, tmp_path):
    """Three lives without a receiver, each ended by SIGKILL; the fourth finds the real Collector."""
    path = tmp_path / "store"
    for life in range(3):
        ran = keep(path, 100)
        assert ran.returncode == -signal.SIGKILL and "found %d stored 100 sent 0 lost 0 waiting %d failed 0" % (life * 100, life * 100 + 100) in ran.stdout, ran
    ran = keep(path, 10, collector.http)
    assert ran.returncode == 0 and "found 300 stored 0 sent 300 lost 0 waiting 0" in ran.stdout, ran
    found = sorted(next(int(a["value"]["intValue"]) for a in s["attributes"] if a["key"] == "n") for s in collector.spans(310))
    assert found == sorted(3 * list(range(100)) + list(range(10))), "each once"
    assert "found 0" in keep(path, 1, collector.http).stdout, "and told once"


def test_a_full_file_gives_up_the_oldest_and_says_so(tmp_path):
    ran = keep(tmp_path / "store", 3000)
    stored, lost, waiting = map(int, re.search(r"found 0 stored (\d+) sent 0 lost (\d+) waiting (\d+)", ran.stdout).groups())
    assert stored == 3000 == lost + waiting and waiting > 300


def test_two_processes_do_not_share_a_file(tmp_path):
    path = tmp_path / "store"
    code = "import fcntl,sys,time; f=open(%r,'w+b'); fcntl.lockf(f,fcntl.LOCK_EX); print(flush=True); time.sleep(60)" % str(path)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        assert keep(path, 1).stdout.startswith("refused -11 Resource temporarily unavailable")
    finally:
        child.kill()
        child.wait()


# ---- tools/otlp-replay ----

def test_replay_sends_an_image_on_and_marks_it(serve, tmp_path):
    path = tmp_path / "store"
    keep(path, 100)
    server = serve(status(503), OK)
    ran = run([REPLAY, "--endpoint", server.url, "--header", "api-key=s", "--mark", path])
    assert "2 of 2 requests taken" in ran.stdout and sorted(numbers(server)[0]) == sorted([*range(50), *range(100)]), "the first one twice: it was refused at first"
    assert server.requests[0]["headers"]["api-key"] == "s"
    assert "0 of 0 requests taken" in run([REPLAY, "--endpoint", server.url, path]).stdout
    assert "found 0" in keep(path, 1).stdout, "the library believes the mark"


def test_replay_names_what_is_damaged_and_sends_the_rest(serve, tmp_path):
    path = tmp_path / "store"
    keep(path, 150)
    listed = run([REPLAY, "--list", path]).stdout
    assert len(listed.splitlines()) == 3 and "/v1/traces" in listed and "50 items, boot 1" in listed
    at = int(re.search(r"byte (\d+)", listed).group(1))
    data = bytearray(path.read_bytes())
    data[at + 40] ^= 8                                # in a body
    data[5] ^= 1                                      # in the header of the sector
    path.write_bytes(data)
    server = serve(OK)
    ran = run([REPLAY, "--endpoint", server.url, path], check=False)
    assert ran.returncode == 1 and "damaged: 50 items" in ran.stderr and "2 of 2 requests taken" in ran.stdout and server.spans() == [50, 50]


def test_replay_sends_json_lines(collector, tmp_path):
    lines = tmp_path / "otlp.jsonl"
    lines.write_text(run([run_program(), "file", 3], env=CLEAN).stdout + "no json\n")
    ran = run([REPLAY, "--endpoint", collector.http, lines], check=False)
    assert ran.returncode == 1 and "damaged: line 4" in ran.stderr and "3 of 3 requests taken" in ran.stdout
    assert len(collector.spans(4)) == 4 and collector.logs(1) and collector.metrics(1)


def run_program():
    from test_posix import program as posix_program
    return posix_program()


def test_replay_gives_up_with_a_word(tmp_path):
    path = tmp_path / "store"
    keep(path, 10)
    ran = run([REPLAY, "--endpoint", "http://127.0.0.1:%d" % free_port(), "--attempts", "1", path], check=False)
    assert ran.returncode == 1 and "refused" in ran.stderr.lower() and "0 of 1 requests taken" in ran.stdout


# ---- crashes ----

@pytest.mark.parametrize("how,number,cause", [("segv", signal.SIGSEGV, "SIGSEGV"), ("abort", signal.SIGABRT, "SIGABRT")])
def test_a_crash_is_told_at_the_next_start(collector, tmp_path, how, number, cause):
    env = dict(CLEAN, OTEL_EXPORTER_OTLP_ENDPOINT=collector.http)
    path = tmp_path / "crash"
    ran = run([program(), "die", path, how], env=env, check=False)
    assert ran.returncode == -number and "crash 0" in ran.stdout
    trace, span = re.search(r"^00-(\w+)-(\w+)-", ran.stdout, re.M).groups()
    assert run([program(), "die", path, "not"], env=env).returncode == 0
    log, = [r for r in collector.logs(1) if r.get("eventName") == "crash"]
    values = {a["key"]: next(iter(a["value"].values())) for a in log["attributes"]}
    assert (log["traceId"], log["spanId"], log["severityNumber"]) == (trace, span, 21) and values["crash.cause"] == cause
    assert [v["stringValue"] for v in values["crash.spans"]["values"]] == ["inner", "outer"]
    run([program(), "die", path, "not"], env=env)
    assert len([r for r in collector.logs(1) if r.get("eventName") == "crash"]) == 1, "told once"


# ---- littlefs ----

@pytest.fixture(scope="session")
def littlefs():
    """The sources of littlefs, out of a Python package that carries them."""
    folder = CACHE / "littlefs-python-0.19.0"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        got = run([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--no-binary", "littlefs-python", "-d", folder, "littlefs-python==0.19.0"],
                  check=False, timeout=300)
        archives = list(folder.glob("littlefs*python-0.19.0.tar.gz"))
        if not archives:
            missing("littlefs-python 0.19.0", "pip download says:\n" + got.output[-500:])
        with tarfile.open(archives[0]) as archive:
            for member in archive.getmembers():
                folder_of, name = member.name.rpartition("/")[::2]
                if folder_of == "littlefs_python-0.19.0/littlefs" and name in ("lfs.c", "lfs.h", "lfs_util.c", "lfs_util.h"):
                    (folder / name).write_bytes(archive.extractfile(member).read())
        (folder / "complete").touch()
    return folder


def test_the_same_on_littlefs(littlefs):
    """A store in a file of littlefs, which has the flash; the power goes at every program and erase of littlefs itself."""
    for step, least, flags in ((1, 4000, ("-O2",)), (13, 300, ASAN)):          # each moment; some of them under sanitizers
        built = cc("gcc", ["tests/c/store_littlefs.c", littlefs / "lfs.c", littlefs / "lfs_util.c"], "-std=c11", *flags, "-w", "-I", littlefs, "-DLFS_NO_DEBUG", "-DLFS_NO_WARN", "-DLFS_NO_ERROR")
        said = run([built, step], timeout=400, env={"ASAN_OPTIONS": "detect_leaks=0"}).stdout       # a cut leaves its buffers behind
        cuts, kept = map(int, re.search(r"(\d+) cuts, (\d+) requests were there, 0 missing", said).groups())
        assert cuts > least and kept > 3 * cuts
