#!/usr/bin/env python3
"""Runs PROGRAM beside a session daemon of its own, in a temporary folder; nothing of the trace goes to disk: start.py PROGRAM

The session is a snapshot that nobody takes: per-processor buffers in shared memory whose oldest part is written over. Root's daemons
meet at one place for the whole machine, so as root all is done as "nobody", who has a folder of his own.
"""
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time

EVENTS = "bench:begin,bench:end,bench:end_4,bench:retry,bench:log"
PATIENCE_S = 60


class Private:
    """Runs programs with a folder of their own as home, as root in the name of nobody."""

    def __init__(self, folder):
        self.env = dict(os.environ, LTTNG_HOME=folder, HOME=folder)
        self.who = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def start(self, *command, **how):
        return subprocess.Popen(command, **dict({"env": self.env}, **self.who, **how))

    def lttng(self, *words):
        client = self.start("lttng", "--no-sessiond", *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = client.communicate()[0]
        if client.returncode:
            raise RuntimeError("lttng %s: %s" % (" ".join(words), " ".join(said.split())))


def wait_for(daemon, private):
    """Until the daemon answers."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return private.lttng("list")
        except RuntimeError:
            if daemon.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


def record(program, private, log):
    daemon = private.start("lttng-sessiond", "--no-kernel", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for(daemon, private)
        private.lttng("create", "bench", "--snapshot")
        private.lttng("enable-channel", "--userspace", "--subbuf-size=1M", "--num-subbuf=4", "spans")
        private.lttng("enable-event", "--userspace", "--channel=spans", EVENTS)
        private.lttng("start")
        return private.start(program, env=dict(private.env, LTTNG_UST_REGISTER_TIMEOUT="-1")).wait()
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE_S)


def main():
    folder = tempfile.mkdtemp()
    with tempfile.TemporaryFile("w+") as log:
        try:
            return record(shutil.copy(sys.argv[1], folder), Private(folder), log)
        except RuntimeError as e:
            log.seek(0)
            print("%s\n%s" % (e, log.read()), file=sys.stderr)
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
