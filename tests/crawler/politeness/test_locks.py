"""One process per site."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive import Home
from crawler import Busy
from crawler.politeness.locks import SharedTurns, SiteLocks
from tests.conftest import ROOT, unmeasured

HOLD = """
import sys; from archive import Home; from crawler.politeness.locks import SiteLocks
locks = SiteLocks(Home.at(sys.argv[1]), ["b.gov.cn"]); print("held", flush=True); sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path, create=True)


def test_a_site_is_held_once_and_all_or_none_are(home: Home) -> None:
    first = SiteLocks(home, ["b.gov.cn"])
    with pytest.raises(Busy, match=r"b\.gov\.cn") as caught:
        SiteLocks(home, ["a.gov.cn", "b.gov.cn"])
    assert caught.value.exit_status == 3
    SiteLocks(home, ["a.gov.cn"]).release()
    first.release()
    SiteLocks(home, ["a.gov.cn", "b.gov.cn", "b.gov.cn"]).release()


def test_a_process_that_is_killed_gives_its_locks_up(home: Home) -> None:
    command = [sys.executable, "-c", HOLD, str(home.root)]
    with subprocess.Popen(
        command, cwd=ROOT, env=unmeasured(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(Busy):
            SiteLocks(home, ["b.gov.cn"])
        process.kill()
    SiteLocks(home, ["b.gov.cn"]).release()


def test_a_turn_is_one_crawl_s_until_it_is_given_back_as_often_as_taken(home: Home) -> None:
    one, other = SharedTurns(home), SharedTurns(home)
    assert one.take(["a.gov.cn", "b.gov.cn"])
    assert one.take(["a.gov.cn"])
    assert not other.take(["c.gov.cn", "a.gov.cn"])
    assert other.take(["c.gov.cn"]), "what could not be taken whole was given back"
    one.give(["a.gov.cn"])
    assert not other.take(["a.gov.cn"])
    one.give(["a.gov.cn"])
    assert other.take(["a.gov.cn"])
    one.release()
    assert other.take(["b.gov.cn"])
    one.give(["b.gov.cn"])
    assert not one.take(["b.gov.cn"])
