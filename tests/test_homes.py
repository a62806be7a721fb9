"""Homes that earlier versions made (tests/homes): this version takes them over, and they come out equal."""

from __future__ import annotations

import csv
import io
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Home
from archive.database import open_database
from archive.database.models import Reading
from archive.database.session import HEAD
from crawler import cli
from parsers import PARSER_VERSION
from tests.conftest import ROOT

HOMES = sorted(path for path in (ROOT / "tests" / "homes").iterdir() if path.name.startswith("v"))
CHANGING = {"parser_version"}  # columns that say which version made the table
Run = Callable[..., str]
Tables = dict[str, list[dict[str, str]]]


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> str:
        capfd.readouterr()
        assert cli.run([*words, "--home", str(tmp_path / "home")]) == 0, capfd.readouterr().err
        return capfd.readouterr().out

    return call


@pytest.fixture(params=HOMES, ids=lambda path: path.name)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What is committed of a home, whose files now lie in ``home``."""
    path: Path = request.param
    shutil.copytree(path / "warc", tmp_path / "home" / "warc")
    return path


def unpack(made: Path, home: Path) -> None:
    (home / "gongkai.db").write_bytes(lzma.decompress((made / "gongkai.db.xz").read_bytes()))


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def expected(made: Path) -> Tables:
    """The tables that the version which made the home exported."""
    return {
        path.name.removesuffix(".xz"): rows(lzma.decompress(path.read_bytes()))
        for path in sorted((made / "expected").iterdir())
    }


def exported(run: Run, folder: Path, like: Tables) -> Tables:
    """The same tables of today, as far as they have the columns of ``like``: later versions may add to them."""
    run("export", str(folder), "--format", "csv")
    found = {name: rows((folder / name).read_bytes()) for name in like}
    for name, wanted in like.items():
        columns = set().union(*wanted) - CHANGING
        found[name] = [{column: row[column] for column in row if column in columns} for row in found[name]]
    return found


def without_changing(tables: Tables) -> Tables:
    return {
        name: [{column: row[column] for column in row if column not in CHANGING} for row in table]
        for name, table in tables.items()
    }


def test_there_is_one_and_none_is_large() -> None:
    assert [path.name for path in HOMES] == ["v0.1"]
    for home in HOMES:
        assert sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) <= 200_000


def test_its_files_alone_come_out_equal(made: Path, tmp_path: Path, run: Run) -> None:
    wanted = expected(made)
    run("verify")
    run("index", "--processes", "1")
    assert exported(run, tmp_path / "tables", wanted) == without_changing(wanted)
    assert len(wanted["reports.csv"]) >= 6
    assert {row["verdict"] for row in wanted["checks.csv"]} == {"", "dismiss"}
    assert {"withdrawn", "ok"} <= {row["status"] for row in wanted["reports.csv"]}


def test_with_its_database_it_comes_out_equal_and_what_the_old_parser_said_is_kept(
    made: Path, tmp_path: Path, run: Run
) -> None:
    home = Home.at(tmp_path / "home")
    unpack(made, home.root)
    wanted = expected(made)
    run("index", "--processes", "1")
    assert exported(run, tmp_path / "tables", wanted) == without_changing(wanted)
    then = {row["parser_version"] for row in wanted["reports.csv"]}
    with open_database(home) as database, database.session() as session:
        readings = session.query(Reading).all()
        assert session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
    assert {row.parser for row in readings if row.current} == {PARSER_VERSION}
    assert {row.parser for row in readings if row.sealed} == then
    run("index", "--rebuild", "--processes", "1")
    assert exported(run, tmp_path / "again", wanted) == without_changing(wanted)
    run("verify")
