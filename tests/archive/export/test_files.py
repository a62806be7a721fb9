"""What every format does: every table, each file whole or not at all, nothing left of an export that was killed."""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Home, export
from archive.database import open_database
from archive.export import FORMATS
from archive.export.files import WriteRows, sweep, write_tables, written_aside
from archive.export.tables import Head, Row, Tables
from archive.records.reports import Filter
from tests.conftest import ROOT

KILLED = """
import os, pathlib, signal, sys
from archive.database import open_database
from archive.export import FORMATS
from archive.export.tables import Head, Row, Tables

def agencies(self):
    yield ("half",) * 7
    os.kill(os.getpid(), signal.SIGKILL)

Tables._agencies = agencies
with open_database(sys.argv[1]) as database:
    FORMATS[sys.argv[2]](database, pathlib.Path(sys.argv[3]))
"""
"""An export that is killed while it writes the table of agencies."""


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_writes_every_table(filled: Home, tmp_path: Path, name: str) -> None:
    with open_database(filled) as database, database.session() as session:
        names = dict(Tables(session, Filter()).heads()).keys()
        done = FORMATS[name](database, tmp_path / "out")
    assert done.rows.keys() == names
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{table}.{name}" for table in names}


def test_every_function_that_exports_is_a_format() -> None:
    names = [module.name for module in pkgutil.iter_modules(export.__path__)]
    modules = [importlib.import_module(f"archive.export.{name}") for name in names]
    functions = {value for module in modules for name, value in vars(module).items() if name.startswith("export_")}
    assert functions == set(FORMATS.values())


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_takes_away_what_a_killed_export_left(
    filled: Home, database_url: str, tmp_path: Path, name: str
) -> None:
    out, clean = tmp_path / "out", tmp_path / "clean"
    with open_database(filled) as database:
        FORMATS[name](database, clean)
        names = {path.name for path in clean.iterdir()}
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, database_url, name, str(out)], cwd=ROOT, capture_output=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert {path.name for path in out.iterdir()} - names  # it did leave something that is no table
        FORMATS[name](database, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in clean.iterdir()
    }


def test_what_another_export_is_writing_and_what_is_no_export_stay(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = (f".reports.csv.{dead.pid}.tmp", f".wide_fmt2021_status.csv.{dead.pid}.tmp", f".checks.csv.{10**30}.tmp")
    others = (
        f".reports.csv.{os.getppid()}.tmp", f".reports.parquet.{dead.pid}.tmp", ".notes.tmp", "mine.csv.1.tmp",
        "reports.csv",
    )  # fmt: skip
    for name in (*left, *others):
        (tmp_path / name).write_text("half")
    sweep(tmp_path, "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


def test_a_file_that_could_not_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("before")
    with contextlib.suppress(OSError), written_aside(path) as aside:
        aside.write_text("half")
        raise OSError("the disk is full")
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("reports.csv", "before")]
    with written_aside(path) as aside:
        aside.write_text("after")
        assert path.read_text() == "before"
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("reports.csv", "after")]


def test_a_new_format_is_how_one_table_is_written(filled: Home, tmp_path: Path) -> None:
    told: list[str] = []

    @contextlib.contextmanager
    def table(path: Path, head: Head) -> Iterator[WriteRows]:
        rows: list[Row] = []
        yield rows.extend
        path.write_text(f"{len(head.columns)} {len(rows)}")

    with open_database(filled) as database:
        done = write_tables(database, tmp_path / "out", "size", table, wanted=Filter(year=2022), progress=told.append)
    assert told == list(done.rows)
    assert (tmp_path / "out" / "agencies.size").read_text() == "7 1"
    assert (tmp_path / "out" / "wide_fmt2019.size").read_text().endswith(" 0")
    assert (done.rows["reports"], done.made_up) == (2, 0)


def test_what_is_in_memory_does_not_grow_with_the_reports(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables come as parts, each of a few reports."""
    monkeypatch.setattr("archive.export.tables._TOGETHER", 1)
    with open_database(filled) as database, database.session() as session:
        tables = Tables(session, Filter())
        parts = [(name, [row[0] for row in rows]) for name, rows in tables.parts()]
    assert [len(set(rows)) for name, rows in parts if name == "cells_long"] == [1, 1]
    assert tables.made_up == 1
