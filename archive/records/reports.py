"""Reports as they stand now: the lines that downstream programs read.

``gongkai reports --jsonl --cells`` prints `ReportLine.as_json`: a contract, changed only with an issue that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.database.models import (
    Agency,
    Capture,
    Crawl,
    Division,
    Judgement,
    Publication,
    Report,
)
from archive.database.reading_load import (
    load_values,
)
from archive.database.rows import CHUNK, AnySelect, chunks
from archive.database.types import time_text
from archive.errors import NotFound
from archive.index.extract import DOCUMENTS
from archive.records.columns import refused_columns
from archive.urlkey import LAST
from parsers import decimal_text

_MANY = 8
_FEW_BODIES = 10  # whose reports are read first where a list is asked for


def has_portal(session: Session, portal: str) -> bool:
    """Whether the archive holds anything of a portal."""
    crawls = select(Crawl.id).where(Crawl.portal == portal)
    reports = select(Report.id).where(Report.portal == portal)
    return session.scalars(crawls.union_all(reports).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports: by portal, year, division (a code or the beginning of one), and words of agency or title."""

    portal: str | None = None
    year: int | None = None
    division: str | None = None
    words: str | None = None

    def apply(self, query: AnySelect) -> AnySelect:
        """``query`` over `Report` and `Agency`, narrowed."""
        if self.portal:
            query = query.where(Report.portal == self.portal)
        if self.year is not None:
            query = query.where(Report.year == self.year)
        query = self.within(query)
        if self.words:
            for word in self.words.split():
                if word.isdecimal() and len(word) == 4:
                    query = query.where(Report.year == int(word))
                else:
                    query = query.where(_holds(word))
        return query

    def within(self, query: AnySelect) -> AnySelect:
        """``query`` over `Agency`, narrowed to the division."""
        if not self.division:
            return query
        stem = _stem(self.division)
        return query.where(Agency.division_code >= stem, Agency.division_code < stem + LAST)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as it stands now, with what belongs on its line.

    ``made_up``: its capture was not obtained from the host it names.
    """

    report: Report
    agency: Agency
    division: Division | None
    url: str
    made_up: bool
    twins: tuple[str, ...] = ()
    cells: dict[str, Decimal | None] = field(default_factory=dict)

    def as_json(self, *, cells: bool = False) -> dict[str, Any]:
        """One line of ``gongkai reports --jsonl``."""
        report = self.report
        line: dict[str, Any] = {
            "id": report.id,
            "portal": report.portal,
            "url": self.url,
            "twins": list(self.twins),
            "title": report.title,
            "agency": {"id": self.agency.id, "name": self.agency.name, "kind": self.agency.kind},
            "division": division_json(self.division),
            "year": report.year,
            "series": report.series,
            "scope": report.scope,
            "template": report.template,
            "published_on": report.published_on,
            "status": report.status,
            "changed": report.changed,
            "first_seen": time_text(report.first_seen),
            "last_seen": time_text(report.last_seen),
            "capture": report.capture,
        }
        if cells:
            line["cells"] = {code: decimal_text(value) for code, value in self.cells.items()}
        return line


def count_reports(session: Session, wanted: Filter | None = None) -> int:
    """How many reports the index holds, or how many of those that are wanted."""
    if wanted is None:
        return session.scalar(select(func.count()).select_from(Report)) or 0
    query = wanted.apply(select(func.count(Report.id)).join(Agency, Agency.id == Report.agency_id))
    return session.scalar(query) or 0


def report_lines(
    session: Session,
    wanted: Filter | None = None,
    *,
    cells: bool = False,
    report: str | None = None,
    only: ColumnElement[bool] | None = None,
    after: str | None = None,
) -> Iterator[ReportLine]:
    """Reports in order of division, agency name, year and series; a few bodies at a time, so that some cost little.

    Args:
        session: for reading.
        wanted: all when not given.
        cells: with the values of the body's cells.
        report: only the one of this id.
        only: a condition on `Report` that they have to fulfil.
        after: id of the report behind which they begin.

    Raises:
        NotFound: there is no report ``after``.
    """
    query = (wanted or Filter()).apply(_lines())
    if only is not None:
        query = query.where(only)
    query = query.order_by(Agency.division_code, Agency.name, Report.agency_id, Report.year, Report.series)
    if report is not None:
        yield from _told(session, query.where(Report.id == report), cells=cells)
        return
    bodies = _bodies(session, wanted)
    if after is not None:
        last = session.get(Report, after)
        if last is None:
            raise NotFound("there is no such report", subject=after, advice="`gongkai reports` lists all")
        order = _bodies(session, None)
        behind = set(order[order.index(last.agency_id) + 1 :])
        bodies = [body for body in bodies if body in behind]
        rest = query.where((Report.year > last.year) | ((Report.year == last.year) & (Report.series > last.series)))
        yield from _told(session, rest.where(Report.agency_id == last.agency_id), cells=cells)
    at, some = 0, _FEW_BODIES
    while at < len(bodies):
        yield from _told(session, query.where(Report.agency_id.in_(bodies[at : at + some])), cells=cells)
        at, some = at + some, min(2 * some, CHUNK)  # whoever wants few gets few, whoever wants all asks seldom


def _bodies(session: Session, wanted: Filter | None) -> list[str]:
    """Ids of bodies in the order in which their reports are listed."""
    query = select(Agency.id).order_by(Agency.division_code, Agency.name, Agency.id)
    return list(session.scalars(wanted.within(query) if wanted else query))


def _told(session: Session, query: AnySelect, *, cells: bool) -> Iterator[ReportLine]:
    """The lines of a query over `_lines`, with what stands in other tables."""
    for part in chunks(session.execute(query).all()):
        keys = [row[0].id for row in part]
        twins: dict[str, list[str]] = {key: [] for key in keys}
        found = session.execute(
            select(Publication.report_id, Publication.url)
            .where(Publication.report_id.in_(keys), Publication.role == "twin")
            .order_by(Publication.url)
        )
        for key, url in found:
            twins[str(key)].append(url)
        pages = _own_pages(session, keys)
        values = _cells(session, [row[0].reading for row in part]) if cells else {}
        for report, agency, division, url, made_up in part:
            page = pages.get(report.id, url)
            others = tuple(sorted([*twins[report.id], *([url] if page != url else [])]))
            yield ReportLine(report, agency, division, page, bool(made_up), others, values.get(report.reading, {}))


def lines_by_id(session: Session, wanted: Filter, size: int) -> Iterator[Sequence[ReportLine]]:
    """Reports in order of their ids, ``size`` at a time, each at its body's address; without twins and cells."""
    query = wanted.apply(_lines()).order_by(Report.id).limit(size)
    further = query
    while rows := session.execute(further).all():
        yield [
            ReportLine(report, agency, division, url, bool(made_up)) for report, agency, division, url, made_up in rows
        ]
        further = query.where(Report.id > rows[-1][0].id)


def _own_pages(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """By report the address of its own page, where an annex of that page is the body whose figures count."""
    page, annex = aliased(Publication), aliased(Publication)
    found = session.execute(
        select(annex.report_id, page.url)
        .join(page, (page.report_id == annex.report_id) & (page.url == annex.part_of))
        .where(annex.report_id.in_(keys), annex.role == "body", page.role == "part")
    )
    return {str(key): url for key, url in found}


def blocked_lines(session: Session, portal: str | None = None) -> Iterator[dict[str, Any]]:
    """Lists that were refused or did not answer, then addresses of reports of which nothing else was ever got."""
    yield from refused_columns(session, portal)
    answered = select(Publication.url)
    query = (
        select(Capture.url, Capture.hints, Judgement.signature)
        .join(Judgement, Judgement.capture_id == Capture.id)
        .where(
            Capture.purpose.in_(DOCUMENTS),
            Judgement.verdict == "blocked",
            Capture.url.not_in(answered),
        )
        .order_by(Capture.url, Capture.captured_at.desc(), Capture.id)
    )
    last = None
    for url, hints, signature in session.execute(query):
        name = (hints or {}).get("portal")
        if url != last and (portal is None or name == portal):
            yield {"portal": name, "url": url, "status": "blocked", "blocked_by": signature}
        last = url


def find_report(session: Session, text: str) -> ReportLine:
    """The report that somebody means: its id or the beginning of it, an address, or words of agency, title and year.

    A whole name means that body and no other whose name begins so. The line comes without cells.

    Raises:
        NotFound: none or several are meant; the message names them.
    """
    narrowed: Sequence[AnySelect] = (
        _lines().where(Report.id == text),
        _lines().where(Report.id >= text, Report.id < text + LAST),
        _lines().where(Report.id.in_(select(Publication.report_id).where(Publication.url == text))),
        Filter(words=text).apply(_lines()).where(Agency.name.in_(text.split())),
        Filter(words=text).apply(_lines()),
    )
    for query in narrowed:
        rows = session.execute(query.order_by(Report.id).limit(_MANY + 1)).all()
        if len(rows) == 1:
            report, agency, division, url, made_up = rows[0]
            twins = session.scalars(
                select(Publication.url)
                .where(Publication.report_id == report.id, Publication.role == "twin")
                .order_by(Publication.url)
            )
            return ReportLine(report, agency, division, url, bool(made_up), tuple(twins))
        if rows:
            names = ", ".join(f"{row[0].id} ({row[1].name} {row[0].year})" for row in rows[:_MANY])
            more = " and more" if len(rows) > _MANY else ""
            raise NotFound(f"several reports are meant: {names}{more}", subject=text, advice="Name one of them")
    raise NotFound("there is no such report", subject=text, advice="`gongkai reports` lists all")


def division_json(division: Division | None) -> dict[str, Any] | None:
    """A division as it stands in JSON."""
    return {"code": division.code, "name": division.name, "level": division.level} if division else None


def _lines() -> AnySelect:
    return (
        select(Report, Agency, Division, Publication.url, Crawl.made_up)
        .join(Agency, Agency.id == Report.agency_id)
        .outerjoin(Division, Division.code == Agency.division_code)
        .join(Publication, Publication.id == Report.body)
        .join(Capture, Capture.id == Report.capture)
        .outerjoin(Crawl, Crawl.id == Capture.crawl_id)
    )


def _cells(session: Session, readings: Sequence[str]) -> dict[str, dict[str, Decimal | None]]:
    return {
        reading: {code: value for code, (value, _) in cells.items()}
        for reading, cells in load_values(session, readings).items()
    }


def _holds(word: str) -> Any:
    return or_(Agency.name.contains(word, autoescape=True), Report.title.contains(word, autoescape=True))


def _stem(code: str) -> str:
    """The part that codes of divisions within begin with: 410000 -> 41, 410800 -> 4108."""
    while len(code) > 2 and len(code) % 2 == 0 and code.endswith("00"):
        code = code[:-2]
    return code
