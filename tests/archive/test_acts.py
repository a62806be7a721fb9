"""archive.acts: acts of people are sealed before anything else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive import WarcError
from archive.acts import new_act, record_acts
from archive.home import Home
from archive.metadata import read_metadata
from archive.warc import read_at, scan
from tests.archive.judging import verdict_on


def test_acts_are_sealed_when_the_call_returns(tmp_path: Path) -> None:
    home = Home.at(tmp_path, create=True)
    acts = [
        new_act("verdict", f"finding-{number}", "dismissed", who="a clerk", note="blank, not zero")
        for number in range(2)
    ]
    places = record_acts(home, acts)
    assert places[0].file.startswith("acts-")
    path = home.warc / places[0].file
    assert verdict_on(path).verdict == "ok"
    assert [read_metadata(record.block) for record in scan(path, types={"metadata"})] == acts
    first = read_at(home.warc, places[0].file, places[0].offset, places[0].length)
    assert (first.date, first.content_type) == (acts[0].when, "application/json")


def test_no_acts_no_file(tmp_path: Path) -> None:
    home = Home.at(tmp_path, create=True)
    assert record_acts(home, []) == []
    assert list(home.warc.iterdir()) == []


def test_an_act_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    home = Home.at(tmp_path, create=True)
    home.warc.rmdir()
    home.warc.write_text("in the way")
    with pytest.raises(WarcError, match="cannot be written"):
        record_acts(home, [new_act("merge", "agency", "merged")])


def test_who_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_OPERATOR", "Archive of Record")
    assert new_act("merge", "x", "merged").who == "Archive of Record"
    monkeypatch.delenv("GONGKAI_OPERATOR")

    def nobody() -> str:
        raise KeyError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert new_act("merge", "x", "merged").who == f"uid {os.getuid()}"
