"""Coverage that adds up, at a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from archive.records.coverage import coverage, last_due_year
from tests.archive.factory import START, crawl, document

PAGES = "http://www.wenxian.gov.cn/"


def link(url: str, text: str, decision: str = "follow", reason: str = "annual_report") -> dict[str, str]:
    """A candidate of a list."""
    return {"text": text, "href": url, "url": url, "decision": decision, "reason": reason}


@pytest.fixture
def filled(home: Home, fake_parser: None, database_url: str) -> Home:
    """2022 and 2024 are there, 2023 is refused, 2025 does not answer; another body is absent for a year."""
    with crawl(home, "c1") as made:
        made.discovery(
            f"{PAGES}list",
            [
                link(f"{PAGES}{year}", f"温县人民政府{year}年政府信息公开工作年度报告")
                for year in (2022, 2023, 2024, 2025)
            ]
            + [link(f"{PAGES}x", "图解", "skip", "explainer"), link(f"{PAGES}y", "指南", "skip", "guide")],
        )
        made.page(f"{PAGES}2022", document("温县人民政府", 2022, {"a": "1"}))
        made.page(f"{PAGES}2023", "<script>$_ts=1</script>", status=412)
        made.page(f"{PAGES}2024", document("温县人民政府", 2024, {"a": "1"}))
        made.failure(f"{PAGES}2025")
        made.page(f"{PAGES}o1", document("温县人民政府办公室", 2023, {"a": "1"}, kind="government_office"))
        made.page(f"{PAGES}o2", document("温县人民政府办公室", 2025, {"a": "1"}, kind="government_office"))
    with crawl(home, "c2", at=START + timedelta(days=30)) as made:
        made.page(f"{PAGES}o3", document("温县人民政府办公室", 2024, {"a": "1"}, kind="government_office"))
    index(home, processes=1)
    return home


def test_every_expected_report_is_one_of_captured_blocked_failed_absent(filled: Home) -> None:
    with open_database(filled) as database, database.session() as session:
        found = coverage(session, date(2026, 11, 2)).as_json()
    names = ("expected", "captured", "blocked", "failed", "absent")
    assert {line["year"]: tuple(line[name] for name in names) for line in found["coverage"]} == {
        2022: (1, 1, 0, 0, 0),
        2023: (2, 1, 1, 0, 0),
        2024: (2, 1, 0, 0, 1),
        2025: (2, 1, 0, 1, 0),
    }
    assert found["skipped"] == {"henan": {"explainer": 1, "guide": 1}}
    assert [(m["year"], m["agency"]["name"], m["state"], m["reason"], m["url"]) for m in found["missing"]] == [
        (2023, "温县人民政府", "blocked", "ruishu", f"{PAGES}2023"),
        (2024, "温县人民政府办公室", "absent", "no list names it; its reports begin with 2023", None),
        (2025, "温县人民政府", "failed", "timeout", f"{PAGES}2025"),
    ]
    assert all(missing["agency"]["id"] for missing in found["missing"])


def test_a_body_of_which_no_report_was_ever_had_and_a_withdrawn_one_are_named(home: Home, fake_parser: None) -> None:
    with crawl(home, "c1") as made:
        made.discovery(f"{PAGES}list", [link(f"{PAGES}n", "温县教育局2024年政府信息公开工作年度报告")])
        made.failure(f"{PAGES}n", "tls")
        made.page(f"{PAGES}2025", document("温县人民政府", 2025, {"a": "1"}))
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(f"{PAGES}2025", "", status=404)
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        found = coverage(session, date(2026, 12, 1)).missing
    assert [(one.agency, one.agency_id is None, one.state, one.reason) for one in found] == [
        ("温县教育局", True, "failed", "tls"),
        ("温县人民政府", False, "withdrawn", "last seen 2026-11-01"),
    ]


def test_it_is_as_of_a_date(filled: Home) -> None:
    with open_database(filled) as database, database.session() as session:
        later = {line.year: line.absent for line in coverage(session, date(2026, 12, 31)).lines}
        before = coverage(session, date(2026, 10, 1))
    assert later[2024] == 0
    assert (before.lines, before.skipped) == ([], {})


def test_only_one_portal(filled: Home) -> None:
    with open_database(filled) as database, database.session() as session:
        assert coverage(session, date(2026, 12, 31), "shanxi").lines == []


@pytest.mark.parametrize(
    ("kind", "day", "year"),
    [
        ("people_government", date(2026, 3, 30), 2024),
        ("people_government", date(2026, 3, 31), 2025),
        ("government_office", date(2026, 1, 30), 2024),
        ("department", date(2026, 1, 31), 2025),
        (None, date(2026, 2, 1), 2025),
        ("zone_committee", date(2026, 2, 15), 2024),
        ("department", date(2019, 3, 30), 2017),
        ("department", date(2019, 3, 31), 2018),
    ],
)
def test_days_of_publication(kind: str | None, day: date, year: int) -> None:
    assert last_due_year(kind, day) == year
