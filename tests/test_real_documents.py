"""The chain on real documents: served byte for byte, crawled, archived, indexed; the records equal the truth files.

The portal serves each document under an address without a date, in lists without dates, so that nothing but the
document itself can tell when it was published.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.database.models import Capture, Publication, Reading, Version
from archive.database.reading_lines import FigureLine
from archive.database.reading_load import load_figures
from archive.index.indexer import index
from crawler.plan import Options, make_plan
from crawler.run import run_crawls
from crawler.samples import Answer, Pages, SampleServer
from tests.conftest import ROOT

HOST = "www.documents.gov.cn"
TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html",
    ".pdf": "application/pdf",
}
PROFILE = f"""
name: 文件样本
code: null
sites:
  - host: {HOST}
    cms: auto
    columns:
      - url: http://{HOST}/zwgk/zfxxgknb/
        lists: mixed
"""


@dataclass(frozen=True)
class Found:
    """What the database says of one document."""

    reading: Reading
    figures: dict[str, FigureLine]
    content: bytes


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Name -> bytes and truth."""
    folder = shared / "reports"
    return {
        path.name: (path.read_bytes(), json.loads((folder / "truth" / f"{path.name}.json").read_text(encoding="utf-8")))
        for path in sorted((folder / "documents").iterdir())
    }


@pytest.fixture(scope="module")
def crawled(documents, shared: Path, tmp_path_factory) -> Iterator[dict[str, Found]]:
    """The documents after one crawl."""
    place = tmp_path_factory.mktemp("documents")
    shutil.copytree(ROOT / "config", place / "config")
    (place / "config" / "portals" / "documents.yaml").write_text(PROFILE, encoding="utf-8")
    home = Home.at(place / "home", create=True)
    addresses = {
        name: f"/zwgk/zfxxgknb/content_{number}{Path(name).suffix}" for number, name in enumerate(documents, 1001)
    }
    pages = {
        addresses[name]: Answer(data, media_type=TYPES[Path(name).suffix]) for name, (data, _) in documents.items()
    }
    narrative = (shared / "reports" / "negatives" / "hebei_jyt_2018.txt").read_bytes()
    pages["/zwgk/zfxxgknb/content_1000.txt"] = Answer(narrative, media_type=TYPES[".txt"])
    # A table of statistics on a page of its own is taken because the report it belongs to stands beside it.
    listed = [("/zwgk/zfxxgknb/content_1000.txt", "河北省教育厅2018年政府信息公开工作年度报告")]
    listed += [
        (addresses[name], f"河北省教育厅{truth['title']}" if "统计表" in truth["title"] else truth["title"])
        for name, (_, truth) in documents.items()
    ]
    rows = "\n".join(f'<li><a href="{address}">{title}</a></li>' for address, title in listed)
    pages["/zwgk/zfxxgknb/"] = Answer(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报</title>'
        f'<meta name="ColumnType" content="信息公开年报"></head>'
        f'<body><ul class="list">{rows}</ul></body></html>'.encode()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGKAI_CONFIG", str(place / "config"))
        with SampleServer({HOST: Pages(pages)}) as server:
            options = Options(home=home, connect_to=tuple(server.connect_to), pace=0.0)
            (outcome,) = run_crawls([make_plan("documents", options)])
        assert outcome.error is None
        assert outcome.reason == "finished"
        result = index(home)
        assert result.ok, result
        with open_database(home) as database, database.session() as session:
            captures = Captures(database, home.warc)
            found = {}
            for name, address in addresses.items():
                row = session.execute(
                    select(Reading, Version)
                    .join(Version, Version.id == Reading.version_id)
                    .join(Publication, Publication.id == Version.publication_id)
                    .where(Publication.url == f"http://{HOST}{address}", Reading.current)
                ).one_or_none()
                if row is not None:
                    reading, version = row
                    figures = load_figures(session, [reading.id])[reading.id]
                    found[name] = Found(
                        reading,
                        {figure.code: figure for figure in figures},
                        captures.content(session.get_one(Capture, version.first_capture)),
                    )
            yield found


def test_every_document_is_in_the_database(documents, crawled) -> None:
    assert crawled.keys() == documents.keys()


def test_archived_bytes_are_the_documents(documents, crawled) -> None:
    for name, found in crawled.items():
        assert hashlib.sha256(found.content).digest() == hashlib.sha256(documents[name][0]).digest(), name


def test_cells_equal_the_truth(documents, crawled) -> None:
    wrong = [
        (name, code, value, found.figures[code].raw if code in found.figures else None)
        for name, found in crawled.items()
        for code, value in documents[name][1]["cells"].items()
        if code not in documents[name][1]["unscored"]
        and not agrees(found.figures.get(code), [value, *documents[name][1]["alternatives"].get(code, ())])
    ]
    spurious = [
        (name, code)
        for name, found in crawled.items()
        for code, figure in found.figures.items()
        if figure.value is not None and code not in documents[name][1]["cells"]
    ]
    assert (wrong, spurious) == ([], [])


def test_metadata_equal_the_truth(documents, crawled) -> None:
    wrong = []
    for name, found in crawled.items():
        truth, reading = documents[name][1], found.reading
        fields = {
            "@title": (reading.title, truth["title"]),
            "@agency.name": (reading.agency_name, truth["agency"]["name"]),
            "@agency.kind": (reading.agency_kind, truth["agency"]["kind"]),
            "@division_code": (reading.division_code, truth["division_code"]),
            "@year": (reading.year, truth["year"]),
            "@template": (reading.template, truth["template"]),
            "@published_on": (reading.published_on, truth["published_on"]),
        }
        for field, (said, true) in fields.items():
            if field in truth["unscored"] or (true is None and field != "@published_on"):
                continue
            if fold(said) not in {fold(value) for value in [true, *truth["alternatives"].get(field, ())]}:
                wrong.append((name, field, said, true))
    assert wrong == []


def test_every_figure_has_a_locator(crawled) -> None:
    without = [
        (name, code) for name, found in crawled.items() for code, figure in found.figures.items() if not figure.locator
    ]
    assert without == []


def agrees(figure: FigureLine | None, accepted: list[str | None]) -> bool:
    said = figure.value if figure else None
    return any(said is None if value is None else said is not None and Decimal(value) == said for value in accepted)


def fold(value: object) -> str:
    """As score.py compares titles and names: NFKC, no whitespace."""
    return "".join(unicodedata.normalize("NFKC", str(value)).split())
