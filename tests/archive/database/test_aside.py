"""A database made beside another takes its place in one moment; whoever reads the other goes on reading it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive import DatabaseError
from archive.database import Database, open_database
from archive.database import aside as module
from archive.database.aside import drop_aside, has_aside, open_aside, take_over
from archive.database.models import Code, WarcFile
from archive.database.rows import insert_new


def fill(database: Database, name: str, files: int) -> None:
    rows = [
        {"name": f"{name}-{number}", "sha256": "0" * 64, "size": 1, "records": 1, "signatures": ""}
        for number in range(files)
    ]
    with database.writing() as session:
        insert_new(session, WarcFile, rows)


def names(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(session.scalars(select(WarcFile.name)))


def test_all_rows_change_at_once_and_a_reader_of_before_sees_what_he_saw(database_url: str) -> None:
    with open_database(database_url) as standing:
        fill(standing, "old", 3)
        assert not has_aside(standing)
        with standing.session() as reader:
            assert reader.scalar(select(func.count()).select_from(WarcFile)) == 3
            with open_aside(standing) as made:
                fill(made, "new", 2000)
                assert has_aside(standing)
                assert names(standing) == ["old-0", "old-1", "old-2"]
                take_over(standing, made)
            assert sorted(reader.scalars(select(WarcFile.name))) == ["old-0", "old-1", "old-2"]
        assert names(standing) == sorted(f"new-{number}" for number in range(2000))
        assert not has_aside(standing)
    with open_database(database_url) as again:
        assert len(names(again)) == 2000


def test_a_table_that_was_not_looked_at_yet_is_the_readers_too(database_url: str) -> None:
    """The first look fixes the state for all tables: rows of two states in one answer would contradict each other."""
    with open_database(database_url) as standing:
        with standing.writing() as session:
            session.add(Code(code="old", unit=""))
        fill(standing, "old", 1)
        with standing.session() as reader:
            assert list(reader.scalars(select(WarcFile.name))) == ["old-0"]
            with open_aside(standing) as made:
                fill(made, "new", 1)
                take_over(standing, made)
            assert list(reader.scalars(select(Code.code))) == ["old"]


def test_numbers_that_the_database_counts_go_on_behind_the_highest(database_url: str) -> None:
    with open_database(database_url) as standing:
        with open_aside(standing) as made:
            for number in range(3):
                with made.writing() as session:
                    session.add(Code(code=f"c{number}", unit=""))
            take_over(standing, made)
        with standing.writing() as session:
            session.add(Code(code="later", unit=""))
        with standing.session() as session:
            keys = {row.code: row.key for row in session.scalars(select(Code))}
        assert keys["later"] > max(keys[f"c{number}"] for number in range(3))


def test_one_that_is_dropped_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with open_database(database_url) as standing:
        drop_aside(standing)
        with open_aside(standing) as made:
            fill(made, "new", 1)
        drop_aside(standing)
        assert not has_aside(standing)
        with open_aside(standing) as made:
            assert names(made) == []
        drop_aside(standing)
        fill(standing, "old", 1)
    left = {path.name for path in tmp_path.iterdir()} - {"test.db.lock", "test.db-wal", "test.db-shm"}
    assert sorted(left) == before


def test_another_program_that_holds_the_file_is_named_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    path = tmp_path / "held.db"
    with open_database(f"sqlite:///{path}", busy_seconds=0.1) as standing:
        fill(standing, "old", 1)
        made = open_aside(standing)
        fill(made, "new", 1)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            take_over(standing, made)
        other.execute("ROLLBACK")
        other.close()
        assert names(standing) == ["old-0"]
        take_over(standing, made)
        assert names(standing) == ["new-0"]
