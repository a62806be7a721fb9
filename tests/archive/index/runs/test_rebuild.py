"""A rebuild that nobody notices: what is read is whole all the time, also when the rebuild is ended on its way."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import Home, Refused
from archive.database import open_database
from archive.database.aside import has_aside, open_aside
from archive.database.models import Reading, WarcFile
from archive.index import indexer
from archive.index.indexer import Indexer, index
from archive.status import overview
from tests.archive import factory
from tests.archive.factory import crawl, document, end_index_at, everything

pytestmark = pytest.mark.usefixtures("fake_parser")

STEPS = ["_files", "_documents", "_reports", "_checks"]


def fill(home: Home, files: int = 2) -> None:
    for number in range(files):
        with crawl(home, f"c{number}") as made:
            page = document("甲县人民政府", 2019 + number, {"req_new__total": "1"})
            made.page(f"http://a.gov.cn/{number}", page)


def end_rebuild_at(home: Home, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    end_index_at(home, where, monkeypatch, rebuild=True)


def is_left(home: Home) -> bool:
    with open_database(home) as database:
        return has_aside(database)


@pytest.mark.parametrize("step", STEPS)
def test_one_that_is_ended_leaves_what_is_read_and_the_next_goes_on(
    home: Home, database_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    index(home, processes=1)
    before = everything(home)
    end_rebuild_at(home, step, monkeypatch)
    assert everything(home) == before
    assert is_left(home)
    (told,) = [line for line in overview(home)["to_do"] if "rebuild" in line]
    assert "what is shown is whole" in told
    assert not overview(home)["rebuilding"]
    result = index(home, rebuild=True, processes=1)
    assert result.ok
    assert result.files == (2 if step == "_files" else 0)  # what was read in is not read in again
    assert everything(home) == before
    assert not is_left(home)
    assert not any("rebuild" in line for line in overview(home)["to_do"])


def test_every_look_during_one_sees_the_whole_index(home: Home, database_url: str) -> None:
    fill(home)
    index(home, processes=1)
    before = everything(home)
    looks: list[bool] = []

    def look(*_: object) -> None:
        looks.append(everything(home) == before)

    index(home, rebuild=True, processes=1, progress=look)
    assert len(looks) >= len(STEPS)
    assert all(looks)
    assert everything(home) == before


def test_what_comes_between_is_in_the_index_and_in_the_rebuild_that_goes_on(
    home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home, 1)
    index(home, processes=1)
    end_rebuild_at(home, "_reports", monkeypatch)
    fill(home, 3)
    index(home, processes=1)
    before = everything(home)
    assert is_left(home)
    assert index(home, rebuild=True, processes=1).files == 3
    assert everything(home) == before


def test_another_version_begins_anew(home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home)
    index(home, processes=1)
    before = everything(home)
    with monkeypatch.context() as patched:
        patched.setattr("archive.index.runs.unfinished.version", lambda _: "0.0.1")
        end_rebuild_at(home, "_reports", monkeypatch)
    assert index(home, rebuild=True, processes=1).files == 2
    assert everything(home) == before


def test_the_first_one_is_read_by_nobody_as_if_it_were_whole(
    home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is there to be read until its end: no report at all must not look like an answer."""
    fill(home)
    end_rebuild_at(home, "_documents", monkeypatch)
    assert overview(home)["rebuilding"]
    index(home, processes=1)
    assert not overview(home)["rebuilding"]
    before = everything(home)
    index(home, rebuild=True, processes=1)
    assert everything(home) == before


def test_files_that_went_meanwhile_keep_the_standing_index(
    home: Home, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    index(home, processes=1)
    before = everything(home)
    gone = min(home.warc.glob("*.warc.gz"))
    whole = Indexer._files

    def lose_one(self: Indexer) -> None:
        gone.rename(tmp_path / "away")
        whole(self)

    with monkeypatch.context() as patched:
        patched.setattr(Indexer, "_files", lose_one)
        result = index(home, rebuild=True, processes=1)
    assert list(result.damaged) == [gone.name]
    assert everything(home) == before
    with pytest.raises(Refused, match=gone.name):
        index(home, rebuild=True, processes=1)
    (tmp_path / "away").rename(gone)
    assert index(home, rebuild=True, processes=1).ok
    assert everything(home) == before


@pytest.mark.parametrize("step", ["_documents", "_reports", "_checks"])
def test_while_anything_waits_the_standing_index_stays(
    home: Home, database_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store may be out of reach, or a step may fail for some: fewer reports must not take the place of all."""
    fill(home)
    index(home, processes=1)
    before = everything(home)
    with monkeypatch.context() as patched:
        patched.setattr(Indexer, step, lambda *_: None)
        result = index(home, rebuild=True, processes=1)
    assert not result.ok
    assert any("wait" in problem for problem in result.problems)
    assert everything(home) == before
    assert index(home, rebuild=True, processes=1).ok
    assert everything(home) == before


def test_what_an_earlier_parser_said_is_sealed_once(
    home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    index(home, processes=1)
    monkeypatch.setattr("parsers.PARSER_VERSION", "fake-2")
    monkeypatch.setattr(
        "parsers.parse", lambda data, hints: dataclasses.replace(factory.fake_parse(data, hints), parser="fake-2")
    )
    end_rebuild_at(home, "archive.index.runs.rebuild.take_over", monkeypatch)
    for _ in range(2):
        assert index(home, rebuild=True, processes=1).ok
        assert len(list(home.warc.glob("readings-*.warc.gz"))) == 1
    with open_database(home) as database, database.session() as session:
        made_by = sorted(session.scalars(select(Reading.parser)))
    assert made_by == ["fake-1", "fake-1", "fake-2", "fake-2"]


def test_one_that_cannot_be_put_in_its_place_goes_on_from_there(
    home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    index(home, processes=1)
    before = everything(home)
    end_rebuild_at(home, "archive.index.runs.rebuild.take_over", monkeypatch)
    assert everything(home) == before
    with open_database(home) as database, open_aside(database) as made, made.session() as session:
        assert len(session.scalars(select(WarcFile.name)).all()) == 2
    assert indexer.index(home, rebuild=True, processes=1).ok
    assert everything(home) == before
