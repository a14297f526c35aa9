"""No wake-up is lost between the POSIX port's thread and those who flush, stop and fork: Spin searches tests/models/wakeup.pml,
in which nothing ever times out, and finds each mutant."""
import re

import pytest

from conftest import ROOT
from test_models import search

FAILS = [("FLUSHERS=2", "M_NO_SECOND_LOOK"), ("FLUSHERS=2", "M_LOOK_UNLOCKED"), ("FLUSHERS=2", "M_NO_SIGNAL"), ("FLUSHERS=2", "M_STOP_SILENT"), ("FLUSHERS=2", "M_DONE_SILENT"),
         ("FLUSHERS=1 FORK", "M_FORK_UNLOCKED"), ("FLUSHERS=1 FORK", "M_OLD_CONDS")]


@pytest.mark.parametrize("defines,most", [("FLUSHERS=1", 50), ("FLUSHERS=2", 500), ("FLUSHERS=3", 5000), ("FLUSHERS=2 FORK", 5000)])
def test_no_wake_up_is_lost(defines, most, build_dir):
    errors, states, said = search("wakeup.pml", defines, build_dir)
    assert errors == 0, said
    assert states > most, "a search of %d states has not tried much" % states


@pytest.mark.parametrize("defines,mutant", FAILS, ids=[m for _, m in FAILS])
def test_the_model_notices(defines, mutant, build_dir):
    errors, _, said = search("wakeup.pml", defines + " " + mutant, build_dir)
    assert errors == 1 and "invalid end state" in said, said


def test_every_mutant_is_tried():
    named = set(re.findall(r"\bM_\w+", (ROOT / "tests/models/wakeup.pml").read_text()))
    assert named == {m for _, m in FAILS}
