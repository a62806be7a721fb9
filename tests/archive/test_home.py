"""The home directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Home, HomeError


def test_made_when_asked_for(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "new", create=True)
    assert home.warc.is_dir()
    assert home.crawls.is_dir()


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    (tmp_path / "gongkai.db").touch()
    assert Home.at().root == tmp_path


def test_missing_is_said_with_advice(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"there is no archive here yet\. Run a crawl"):
        Home.at(tmp_path / "none")


def test_a_folder_without_archive_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HomeError, match=r"holds no archive\. Run a crawl"):
        Home.at(tmp_path)
    monkeypatch.setenv("GONGKAI_STORAGE_URL", "s3://bucket")  # its files may all lie there
    assert Home.at(tmp_path).root == tmp_path


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match="is not a directory"):
        Home.at(tmp_path / "file", create=True)


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "warc").touch()
    with pytest.raises(HomeError, match="cannot be used"):
        Home.at(tmp_path / "home", create=True)


def test_the_database_is_in_the_home_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Home(tmp_path).database_url == f"sqlite:///{tmp_path / 'gongkai.db'}"
    monkeypatch.setenv("GONGKAI_DATABASE_URL", "postgresql+psycopg://u@h/d")
    assert Home(tmp_path).database_url == "postgresql+psycopg://u@h/d"
