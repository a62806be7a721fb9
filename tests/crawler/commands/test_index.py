"""Whoever reads half an index is told that it is half: on stderr, so that programs read the answer all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import parsers
from archive import Home
from archive.index.indexer import index
from crawler import cli
from tests.archive import factory
from tests.archive.factory import crawl, document, end_index_at

SAID = "gongkai: not all is shown: 1 sealed file is not in the index: run `gongkai index`"


READERS = pytest.mark.parametrize(
    "words",
    [
        ("reports",),
        ("reports", "--jsonl"),
        ("captures", "http://www.wenxian.gov.cn/2020"),
        ("history", "温县", "2020"),
        ("show", "温县", "2020"),
        ("changes",),
        ("coverage", "--json"),
        ("checks",),
        ("export", "tables"),
    ],
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one report in the index and another in a file beside it."""
    monkeypatch.setattr(parsers, "parse", factory.fake_parse)
    place = Home.at(tmp_path / "home", create=True)
    for year in (2020, 2021):
        with crawl(place, f"c{year}") as made:
            made.page(f"http://www.wenxian.gov.cn/{year}", document("温县人民政府", year, {"permit_decisions": "1"}))
        if year == 2020:
            index(place, processes=1)
    return place


@READERS
def test_every_reader_of_half_an_index_is_told(
    home: Home,
    words: tuple[str, ...],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run([*words, "--home", str(home.root)]) == 0
    assert SAID in capfd.readouterr().err
    index(home, processes=1)
    assert cli.run([*words, "--home", str(home.root)]) == 0
    assert "not all is shown" not in capfd.readouterr().err


def test_programs_read_the_answer_all_the_same(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["reports", "--json", "--home", str(home.root)]) == 0
    assert [line["year"] for line in json.loads(capfd.readouterr().out)] == [2020]


READING = (
    ["reports", "--jsonl"], ["reports", "--json"], ["captures", "http://www.wenxian.gov.cn/2020"], ["changes"],
    ["coverage", "--json"], ["checks"], ["export", "tables"], ["status"], ["status", "--json"],
)  # fmt: skip


@pytest.mark.parametrize("step", ["_files", "_documents", "_reports"])
def test_a_rebuild_that_was_ended_changes_no_answer(
    home: Home, step: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    index(home, processes=1)

    def answers() -> list[tuple[int, str]]:
        return [
            (cli.run([*words, "--home", str(home.root)]), capfd.readouterr().out)
            for words in READING
            if words[0] != "status"
        ]

    before = answers()
    assert {status for status, _ in before} == {0}
    end_index_at(home, step, monkeypatch, rebuild=True)
    assert answers() == before
    assert cli.run(["status", "--home", str(home.root)]) == 0
    assert "`gongkai index --rebuild` goes on" in capfd.readouterr().err
    index(home, rebuild=True, processes=1)
    assert answers() == before


@pytest.mark.parametrize("step", ["_files", "_documents", "_reports"])
def test_readers_of_a_first_rebuild_that_was_ended_say_so_by_their_exit_status(
    home: Home, step: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reads stdout and the status must not take reports that are not there yet for withdrawn ones."""
    monkeypatch.chdir(tmp_path)
    for path in home.root.glob("gongkai.db*"):
        path.unlink()
    end_index_at(home, step, monkeypatch, rebuild=True)
    for words in READING:
        assert (words, cli.run([*words, "--home", str(home.root)])) == (words, 1)
    assert "run `gongkai index`" in capfd.readouterr().err
    index(home, processes=1)
    for words in READING:
        assert (words, cli.run([*words, "--home", str(home.root)])) == (words, 0)
