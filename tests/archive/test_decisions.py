"""What people decide: archived first, tied to its evidence, surviving rebuilds and better parsers."""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

import parsers
from archive import Home, NotFound
from archive.database import open_database
from archive.database.models import Act, Agency, Report
from archive.decisions import classify, count_failed, decide, findings, merge, open_findings, outdated
from archive.export import export_csv
from archive.index.indexer import index
from archive.records.reports import Filter
from archive.warc.seal import seal_path
from tests.archive import factory
from tests.archive.factory import START, crawl, document, forget

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.wenxian.gov.cn/1"


@pytest.fixture
def filled(home: Home, database_url: str) -> Home:
    """One report with one failed check."""
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2021, {"req_new__total": "40"}))
    index(home, processes=1)
    return home


@pytest.fixture
def filled_twice(filled: Home) -> Home:
    """Another body beside it, whose report has nothing to be checked."""
    with crawl(filled, "c2", at=START + timedelta(days=1)) as made:
        made.page(f"{URL}b", document("温县教育局", 2021, {}, kind="department"))
    index(filled, processes=1)
    return filled


def found(home: Home) -> list[tuple[str, str | None, bool]]:
    """Rule, verdict, asked before; of all findings."""
    with open_database(home) as database, database.session() as session:
        return [
            (line["rule"], (line["verdict"] or {}).get("decision"), line["asked_before"]) for line in findings(session)
        ]


def finding(home: Home) -> str:
    """Id of the only finding."""
    with open_database(home) as database, database.session() as session:
        return next(iter(findings(session)))["finding"]


def exported(home: Home, out: Path) -> dict[str, bytes]:
    """All tables."""
    with open_database(home) as database:
        export_csv(database, out)
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.fixture
def many(home: Home, database_url: str) -> Home:
    """Five bodies with up to four failed checks each, within a report and across years, and a copy."""
    with crawl(home, "c1") as made:
        for number in range(5):
            for year in range(2021, 2021 + number % 3 + 1):
                cells = {"req_new__total": str(40 + 2 * number), "b": str(year)}
                agency = document(f"{number}号县人民政府", year, cells, division=f"4108{25 + number % 2}")
                made.page(f"{URL}-{number}-{year}", agency)
    index(home, processes=1)
    return home


def test_what_failed_is_told_alike_with_and_without_what_passed(many: Home) -> None:
    with open_database(many) as database, database.session() as session:
        every = [line for line in findings(session) if line["outcome"] == "fail"]
        assert list(findings(session, failed=True)) == every
        assert sum(count_failed(session).values()) == len(every) >= 5
        for rule in {line["rule"] for line in every}:
            own = [line for line in every if line["rule"] == rule]
            assert list(findings(session, failed=True, rule=rule)) == own
            assert sum(count_failed(session, rule=rule).values()) == len(own)
        report = every[-1]["report"]
        own = [line for line in every if line["report"] == report]
        assert list(findings(session, report=report, failed=True)) == own
        assert sum(count_failed(session, report=report).values()) == len(own)
        assert count_failed(session, Filter(year=1999)) == {}


@pytest.mark.parametrize("failed", [True, False])
def test_pages_of_findings_are_the_list(many: Home, failed: bool) -> None:
    with open_database(many) as database, database.session() as session:
        every = list(findings(session, failed=failed))
        paged, last = [], None
        while page := list(islice(findings(session, failed=failed, after=last), 2)):
            paged += page
            last = page[-1]["finding"]
        assert paged == every
        of_year = [line for line in every if line["year"] == 2022]
        assert list(findings(session, Filter(year=2022), failed=failed, after=of_year[0]["finding"])) == of_year[1:]
        with pytest.raises(NotFound, match="not in this list"):
            list(findings(session, failed=failed, rule="X_TWIN", after=every[0]["finding"]))


def test_a_verdict_is_archived_and_survives_a_rebuild(filled: Home, tmp_path: Path) -> None:
    act = decide(filled, finding(filled)[:8], "dismiss", who="王", note="并表")
    assert (act.decision, act.who, act.note) == ("dismiss", "王", "并表")
    assert act.warc_file is not None
    assert (filled.warc / act.warc_file).is_file()
    assert found(filled) == [("T3_ROW_SUM", "dismiss", False)]
    before = exported(filled, tmp_path / "a")
    assert b"dismiss" in before["checks.csv"]
    index(filled, rebuild=True, processes=1)
    assert exported(filled, tmp_path / "b") == before
    with open_database(filled) as database, database.session() as session:
        assert open_findings(session) == 0


def test_a_verdict_survives_a_better_parser_while_its_evidence_is_the_same(
    filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(filled, finding(filled), "confirm", who="w")
    monkeypatch.setattr(parsers, "PARSER_VERSION", "fake-2")
    monkeypatch.setattr(
        parsers, "parse", lambda data, hints: dataclasses.replace(factory.fake_parse(data, hints), parser="fake-2")
    )
    index(filled, processes=1)
    assert found(filled) == [("T3_ROW_SUM", "confirm", False)]


def test_it_is_asked_again_when_the_evidence_changed(filled: Home) -> None:
    decide(filled, finding(filled), "confirm", who="w")
    with crawl(filled, "c2", at=START + timedelta(days=1)) as made:
        made.page(URL, document("温县人民政府", 2021, {"req_new__total": "39"}))
    index(filled, processes=1)
    assert found(filled) == [("T3_ROW_SUM", None, True)]
    with open_database(filled) as database, database.session() as session:
        assert len(outdated(session)) == 1
        (line,) = findings(session)
        assert (line["before"]["decision"], line["before"]["who"]) == ("confirm", "w")


def test_an_act_that_was_archived_before_a_kill_is_archived_once(
    filled_twice: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the archive and the database nothing else is needed: the same said again finds it standing."""
    name = finding(filled_twice)
    _, agency, other = acts_and_agency(filled_twice)
    with open_database(filled_twice) as database, database.session() as session:
        capture = session.scalars(select(Report.capture).order_by(Report.id)).first()
    for again in (
        lambda: decide(filled_twice, name, "confirm", who="王", note="合计"),
        lambda: classify(filled_twice, capture, {"year": 2020}, who="王"),
        lambda: merge(filled_twice, agency, other, who="王"),
    ):
        before = acts_and_agency(filled_twice)[0]
        with monkeypatch.context() as killed:
            killed.setattr("archive.index.indexer.index", lambda _home: None)  # as if the process ended before
            with contextlib.suppress(NoResultFound):
                again()
        assert again().who == "王"
        assert acts_and_agency(filled_twice)[0] == before + 1
    name = finding(filled_twice)  # of the report that it is now
    for _ in range(2):
        decide(filled_twice, name, "confirm", who="李")
    decide(filled_twice, name, "withdraw", who="李")
    decide(filled_twice, name, "confirm", who="李")  # what was taken back in between is another act
    decide(filled_twice, name, "confirm", who="王")  # another person's word is another act
    assert acts_and_agency(filled_twice)[0] == 7


def test_an_act_whose_file_a_kill_left_open_is_archived_once(filled: Home) -> None:
    name = finding(filled)
    act = decide(filled, name, "dismiss", who="王")
    sealed = filled.warc / str(act.warc_file)
    seal_path(sealed).unlink()
    sealed.rename(sealed.with_name(sealed.name + ".open"))
    forget(filled)
    index(filled, rebuild=True, processes=1)
    assert acts_and_agency(filled)[0] == 0
    assert decide(filled, name, "dismiss", who="王").id == act.id
    assert acts_and_agency(filled)[0] == 1


def acts_and_agency(home: Home) -> tuple[int, str, str]:
    """How many acts are archived; two agencies."""
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        agencies = [*session.scalars(select(Agency.id).order_by(Agency.id)), "", ""]
        return session.scalar(select(func.count()).select_from(Act)) or 0, agencies[0], agencies[1]


def test_a_verdict_can_be_taken_back(filled: Home) -> None:
    decide(filled, finding(filled), "confirm", who="w")
    decide(filled, finding(filled), "withdraw", who="w")
    with pytest.raises(NotFound, match="has no verdict to take back"):
        decide(filled, finding(filled), "withdraw", who="w")
    assert found(filled) == [("T3_ROW_SUM", None, False)]


def test_what_is_not_there_cannot_be_decided_on(filled: Home) -> None:
    with pytest.raises(NotFound, match="no such finding"):
        decide(filled, "f-nothing", "confirm", who="w")
    with open_database(filled) as database, database.session() as session:
        assert session.scalars(select(Act)).all() == []


def reports(home: Home) -> list[tuple[str, int]]:
    """Agency id and year of all reports."""
    with open_database(home) as database, database.session() as session:
        return sorted((row.agency_id, row.year) for row in session.scalars(select(Report)))


def test_a_corrected_classification_wins_and_survives(filled: Home) -> None:
    before = reports(filled)
    with open_database(filled) as database, database.session() as session:
        capture = session.scalars(select(Report.capture)).one()
    classify(filled, capture, {"year": 2020}, who="w")
    assert reports(filled) == [(before[0][0], 2020)]
    index(filled, rebuild=True, processes=1)
    assert reports(filled) == [(before[0][0], 2020)]
    classify(filled, capture, {}, who="w")
    assert reports(filled) == before
    with pytest.raises(NotFound):
        classify(filled, "urn:uuid:none", {"year": 2020})
    with pytest.raises(NotFound, match="has no correction to take back"):
        classify(filled, capture, {}, who="w")


def test_two_agencies_can_be_one(filled: Home) -> None:
    with crawl(filled, "c2") as made:
        made.page(URL + "?2", document("温县政府", 2020, {"req_new__total": "41"}))
    index(filled, processes=1)
    assert len({agency for agency, _ in reports(filled)}) == 2
    with open_database(filled) as database, database.session() as session:
        short = next(r.agency_id for r in session.scalars(select(Report)) if r.year == 2020)
        full = next(r.agency_id for r in session.scalars(select(Report)) if r.year == 2021)
    merge(filled, short, full, who="w")
    assert reports(filled) == [(full, 2020), (full, 2021)]
    index(filled, rebuild=True, processes=1)
    assert reports(filled) == [(full, 2020), (full, 2021)]
    merge(filled, short, None, who="w")
    assert len({agency for agency, _ in reports(filled)}) == 2
    with pytest.raises(NotFound):
        merge(filled, "000000-none", full)
    with pytest.raises(NotFound, match="is merged into no other"):
        merge(filled, short, None)
    with pytest.raises(NotFound, match="is one agency already"):
        merge(filled, full, full)
