"""A look costs what it shows: statements and rows of each at two sizes are no more than ``benchmarks/floors.json`` has.

A change that needs more says so in that file, with its reason in the message of its commit; one that needs less lowers
the floor. What is counted is printed by the test that fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import parsers
from archive import Home
from archive.database import open_database
from archive.database.models import Publication, Report
from archive.index.indexer import index
from crawler import cli
from tests.archive import factory
from tests.archive.factory import START, crawl, document
from tests.conftest import ROOT
from tests.counting import asked

FLOORS = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))["looks"]
SMALL, LARGE = 128, 256
YEARS = 4
PAGE = "http://www.wenxian.gov.cn/"
AT_ONE = ("show", "show --json", "prove", "history", "captures")
PAGES = ("reports --limit 5", "checks --limit 5", "captures --limit 5")


# One process makes the homes, which takes longer than all the looks.
pytestmark = pytest.mark.xdist_group("looks")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Home]]:
    """Two homes, one four times the other: every fourth report has a failed check, one in twelve was corrected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsers, "parse", factory.fake_parse)
        patch.setattr(parsers, "PARSER_VERSION", "fake-1")
        patch.setattr(parsers, "configuration_digest", lambda: "sha256:c")
        patch.setattr("archive.index.documents.content_key", factory.fake_key)
        patch.setattr("archive.processes.pool", factory.fake_pool)
        for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG"):
            patch.delenv(name, raising=False)
        yield {count: _home(tmp_path_factory.mktemp(f"home{count}"), count) for count in (SMALL, LARGE)}


def _home(path: Path, count: int) -> Home:
    home = Home.at(path, create=True)
    pages = {}
    with crawl(home, "c1") as made:
        links = [{"text": "首页", "href": "/", "url": PAGE, "decision": "skip", "reason": "navigation"}]
        for number in range(count):
            cells = {"req_new__total": "40" if number % 4 == 0 else "41", "req_carried_in__total": "3"}
            page = document(f"{number // YEARS}号局", 2019 + number % YEARS, cells, kind="department")
            url = f"{PAGE}{number}"
            pages[url] = made.page(url, page)
            links.append({"text": f"{number}", "href": url, "url": url, "decision": "follow", "reason": "report"})
        made.discovery(f"{PAGE}list", links)
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        for number, (url, first) in enumerate(pages.items()):
            if number % 12 == 5:
                cells = {"req_new__total": "43"}
                made.page(url, document(f"{number // YEARS}号局", 2019 + number % YEARS, cells, kind="department"))
            else:
                made.unchanged(url, first)
    index(home, processes=1)
    return home


def _looks(home: Home) -> dict[str, list[str]]:
    with open_database(home) as database, database.session() as session:
        report = session.query(Report.id).order_by(Report.id).first()
        url = session.query(Publication.url).order_by(Publication.url).first()
    assert report is not None
    assert url is not None
    return {
        "show": ["show", report[0]],
        "show --json": ["show", report[0], "--json"],
        "prove": ["prove", report[0]],
        "history": ["history", report[0]],
        "captures": ["captures", url[0]],
        "captures --limit 5": ["captures", PAGE, "--match", "prefix", "--limit", "5"],
        "status": ["status"],
        "reports": ["reports"],
        "reports --limit 5": ["reports", "--limit", "5"],
        "reports --jsonl --cells": ["reports", "--jsonl", "--cells"],
        "checks": ["checks"],
        "checks --limit 5": ["checks", "--limit", "5"],
        "checks --all": ["checks", "--all", "--json"],
        "changes": ["changes"],
        "changes --since": ["changes", "--since", "2026-12-24"],
        "coverage": ["coverage", "--date", "2026-11-30"],
        "export": ["export", str(home.root / "tables")],
    }


@pytest.fixture(scope="module")
def counted(homes: dict[int, Home]) -> dict[str, dict[str, dict[str, int]]]:
    """By look: what it asks of the small home, and of the large one."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for count, home in homes.items():
        for name, words in _looks(home).items():
            with asked() as what:
                status = cli.run([*words, "--home", str(home.root)])
            assert status == (name == "prove"), words  # documents of the tests have no cells to be led to
            found.setdefault(name, {})[str(count)] = what.as_json()
    return found


def test_no_look_asks_for_more_than_its_floor(counted: dict[str, dict[str, dict[str, int]]]) -> None:
    print(json.dumps(counted, indent=1, ensure_ascii=False))
    assert counted.keys() == FLOORS.keys()
    above = {
        f"{name}, {count} reports, {what}": (number, FLOORS[name][count][what])
        for name, sizes in counted.items()
        for count, numbers in sizes.items()
        for what, number in numbers.items()
        if number > FLOORS[name][count][what]
    }
    assert not above


@pytest.mark.parametrize("name", AT_ONE)
def test_a_look_at_one_report_costs_the_same_in_any_archive(
    counted: dict[str, dict[str, dict[str, int]]], name: str
) -> None:
    assert counted[name][str(LARGE)] == counted[name][str(SMALL)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_a_page(counted: dict[str, dict[str, dict[str, int]]], name: str) -> None:
    """But for the ids of the bodies, by whose order a list goes on."""
    small, large = counted[name][str(SMALL)], counted[name][str(LARGE)]
    assert large["statements"] == small["statements"]
    assert large["rows"] - small["rows"] <= (LARGE - SMALL) // YEARS


def test_counts_are_those_of_the_database(homes: dict[int, Home]) -> None:
    with asked() as what, open_database(homes[SMALL]) as database, database.session() as session:
        before = what.as_json()
        assert len(session.query(Report.id).all()) == SMALL
    assert (what.statements - before["statements"], what.rows - before["rows"]) == (1, SMALL)
