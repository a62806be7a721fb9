"""What the index does not hold yet is said to everybody who reads it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from archive.index.runs.unfinished import begin_rebuild, end_rebuild, unfinished
from archive.status import overview
from tests.archive.factory import crawl, document, end_index_at

pytestmark = pytest.mark.usefixtures("fake_parser")

STEPS = ["_files", "_documents", "_reports", "_checks"]


def left(home: Home) -> list[str]:
    with open_database(home) as database, database.session() as session:
        return unfinished(session, home)


def made(home: Home, number: int) -> None:
    with crawl(home, f"c{number}") as writing:
        writing.page(f"http://a.gov.cn/{number}", document("甲县人民政府", 2019 + number, {"req_new__total": "1"}))


def test_files_that_were_not_taken_in_are_counted(home: Home, tmp_path: Path, database_url: str) -> None:
    open_database(home).close()
    assert left(home) == []
    made(home, 1)
    assert left(home) == ["1 sealed file is not in the index: run `gongkai index`"]
    made(home, 2)
    assert left(home) == ["2 sealed files are not in the index: run `gongkai index`"]
    index(home, processes=1)
    assert left(home) == []
    shutil.move(min(home.warc.glob("c1*.warc.gz")), tmp_path / "aside.warc.gz")
    assert left(home) == []  # indexed and elsewhere: nothing is left to do here
    (home.warc / "x.warc.gz.open").write_bytes(b"")
    assert left(home) == []  # being written: no file yet


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("rebuild", [True, False])
def test_an_index_that_was_ended_at_any_step_says_so_and_goes_on(
    home: Home, database_url: str, step: str, rebuild: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, 1)
    end_index_at(home, step, monkeypatch, rebuild=rebuild)
    assert any("run `gongkai index`" in sentence for sentence in left(home))
    assert left(home) == [line for line in overview(home)["to_do"] if line in left(home)]
    index(home, processes=1)
    assert left(home) == []


def test_a_first_rebuild_over_files_that_lie_elsewhere_is_unfinished_to_its_end(home: Home, database_url: str) -> None:
    """Readers do not ask the far storage what is in it."""
    with open_database(home) as database:
        with database.writing() as session:
            begin_rebuild(session)
        assert left(home) == ["the index is being made, or that was interrupted: run `gongkai index`"]
        with database.session() as session:
            assert unfinished(session, home, ["far.warc.gz"]) == [
                "1 sealed file is not in the index: run `gongkai index`"
            ]
        with database.writing() as session:
            end_rebuild(session)
    assert left(home) == []
