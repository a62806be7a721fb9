"""Readings that a better parser supersedes are kept in the archive before the database changes."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import parsers
from archive import Home
from archive.database import open_database
from archive.database.models import Reading, Report
from archive.index.indexer import index
from archive.warc.read import scan
from tests.archive.factory import START, crawl, document, fake_parse

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://a.gov.cn/1"


def use(monkeypatch: pytest.MonkeyPatch, version: str, **changed: object) -> None:
    """Another parser."""
    monkeypatch.setattr(parsers, "PARSER_VERSION", version)
    monkeypatch.setattr(
        parsers,
        "parse",
        lambda data, hints: dataclasses.replace(fake_parse(data, hints), parser=version, **changed),  # type: ignore[arg-type]
    )


def sealed(home: Home) -> list[tuple[str | None, str | None]]:
    """Address and reference of every conversion record."""
    return [
        (record.uri, record.header("WARC-Refers-To"))
        for path in sorted(home.warc.glob("readings-*.warc.gz"))
        for record in scan(path, types={"conversion"})
    ]


def readings(home: Home) -> dict[str, bool]:
    """Parsers of all readings, and whether theirs is the one that counts."""
    with open_database(home) as database, database.session() as session:
        return {row.parser: row.current for row in session.scalars(select(Reading))}


def test_each_is_sealed_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with crawl(home, "c1") as made:
        capture = made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
    index(home, processes=1)
    assert sealed(home) == []
    for version in ("fake-2", "fake-3"):
        use(monkeypatch, version)
        index(home, processes=1)
        index(home, processes=1)
    assert sealed(home) == [(URL, f"<{capture}>")] * 2
    index(home, rebuild=True, processes=1)
    with open_database(home) as database, database.session() as session:
        found = {row.parser: (row.current, row.sealed is None) for row in session.scalars(select(Reading))}
    assert found == {"fake-1": (False, False), "fake-2": (False, False), "fake-3": (True, True)}
    assert len(sealed(home)) == 2


def test_also_when_the_new_one_says_it_is_another_report(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
    index(home, processes=1)
    use(monkeypatch, "fake-2", year=2021)
    index(home, processes=1)
    assert len(sealed(home)) == 1
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Report.year)).all() == [2021]


def test_also_when_its_file_is_read_anew_because_signatures_changed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with crawl(home, "c1") as made:
        capture = made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
    index(home, processes=1)
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "signatures.yaml").write_text(
        "signatures:\n  - {id: new, product: p, verdict: blocked, any: ['NOWHERE']}\n", encoding="utf-8"
    )
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / "facts"))
    use(monkeypatch, "fake-2")
    index(home, processes=1)
    assert sealed(home) == [(URL, f"<{capture}>")]
    assert readings(home) == {"fake-1": False, "fake-2": True}


def test_one_with_as_many_figures_as_reports_have_comes_back_after_a_rebuild(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("甲县人民政府", 2020, {f"x{number}": "1" for number in range(200)}))
    index(home, processes=1)
    use(monkeypatch, "fake-2")
    index(home, processes=1)
    assert readings(home) == {"fake-1": False, "fake-2": True}
    index(home, rebuild=True, processes=1)
    assert readings(home) == {"fake-1": False, "fake-2": True}


def test_also_when_a_rebuild_forgets_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with crawl(home, "c1") as made:
        capture = made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
    index(home, processes=1)
    use(monkeypatch, "fake-2")
    index(home, rebuild=True, processes=1)
    index(home, rebuild=True, processes=1)
    assert sealed(home) == [(URL, f"<{capture}>")]
    assert readings(home) == {"fake-1": False, "fake-2": True}
