"""From publications to reports: which publication is the body, what the report says now, which annex belongs to it.

A report often appears more than once: as a page and as a PDF, on the agency's site and on the portal above it. One
publication is the body, whose figures are the report's; the others are named beside it and never counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.models import (
    Agency,
    CheckRow,
    Division,
    Pending,
    Publication,
    Reading,
    Report,
    Version,
)
from archive.database.rows import chunks, insert_new, upsert
from archive.index.annexes import linking_pages
from archive.index.revisits import IMPORTED
from parsers.identity.titles import is_corrected, read_title

_AGENCY_PARTS = 2
_BASES = select(Report.id, Report.basis)
_STATUS = {"ok": 0, "replaced": 1, "withdrawn": 2}
_OUTCOME = {"report": 0, "partial": 1}
_PAGE = "text/html"
# A date that the page prints beside the title says when it was published; a sign-off only when it was written.
_DATES = {kind: rank for rank, kind in enumerate(("page_meta", "page_text", "list", "url", "sign_off", "file"))}


@dataclass(frozen=True, slots=True)
class _Candidate:
    publication: Publication
    version: Version
    reading: Reading

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return self.reading.cells

    def rank(self) -> tuple[Any, ...]:
        """The least is the body: tables, then prose; what still stands; a correction; a page before its file."""
        publication = self.publication
        return (
            self.cells == 0,
            self.reading.sections == 0,
            _STATUS[publication.status],
            _OUTCOME.get(self.reading.outcome, 2),
            not is_corrected(self.reading.title or ""),
            publication.twin_of is not None,
            self.reading.media_type != _PAGE,  # by what it is: files of other makers do not say what was asked for
            publication.purpose != "report",
            publication.first_seen,
            publication.url,
            publication.id,
        )


def resolve_annexes(session: Session) -> int:
    """Give documents that do not say whose report they are to the report of the page that links to them.

    Returns:
        How many were given to another report than before.
    """
    moved = 0
    waiting = session.scalars(
        select(Publication)
        .where(
            Publication.own_report.is_(None),
            or_(Publication.part_of.is_not(None), Publication.twin_of.is_not(None), Publication.purpose == IMPORTED),
        )
        .order_by(Publication.id)
    ).all()
    for annex in waiting:
        if annex.purpose == IMPORTED:
            annex.part_of = next(iter(linking_pages(session, annex.url)), None)
        linking = annex.part_of or annex.twin_of
        pages = session.scalars(
            select(Publication).where(Publication.url == linking, Publication.own_report.is_not(None))
        ).all()
        before = [page for page in pages if page.first_seen <= annex.first_seen]
        page = (
            max(before, key=lambda page: (page.first_seen, page.id))
            if before
            else min(pages, key=lambda page: (page.first_seen, page.id), default=None)
        )
        report = page.own_report if page else None
        if report != annex.report_id:
            touched = {name for name in (report, annex.report_id) if name}
            insert_new(session, Pending, [{"kind": "report", "key": name} for name in sorted(touched)])
            _give(session, annex, report)
            moved += 1
    return moved


def _give(session: Session, annex: Publication, report: str | None) -> None:
    annex.report_id = report
    checks = session.execute(
        select(CheckRow.key, CheckRow.rule, CheckRow.target)
        .join(Reading, Reading.key == CheckRow.reading_key)
        .join(Version, Version.id == Reading.version_id)
        .where(Version.publication_id == annex.id)
    ).all()
    for key, rule, target in checks:
        finding = identifiers.finding_id(report, rule, target)
        session.execute(
            update(CheckRow)
            .where(CheckRow.key == key)
            .values(finding=finding)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def settle_reports(session: Session, keys: Sequence[str]) -> bool:
    """Bring these reports to what their publications say; one that has none any more goes.

    Returns:
        Whether anything has changed that rules across reports look at.
    """
    before: dict[str, str | None] = {}
    for part in chunks(list(keys)):
        before.update((key, basis) for key, basis in session.execute(_BASES.where(Report.id.in_(part))))
    candidates: dict[str, list[_Candidate]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        for candidate in _candidates(session, part):
            if candidate.publication.report_id is not None:
                candidates[candidate.publication.report_id].append(candidate)
    rows: list[dict[str, Any]] = []
    roles: list[tuple[Publication, str]] = []
    for key, found in candidates.items():
        found.sort(key=_Candidate.rank)
        if found:
            rows.append(_row(key, found))
            roles.extend((candidate.publication, _role(candidate, found[0])) for candidate in found)
    upsert(session, Report, rows)
    for publication, role in roles:
        if publication.role != role:
            session.execute(update(Publication).where(Publication.id == publication.id).values(role=role))
    empty = [key for key, found in candidates.items() if not found]
    for part in chunks(empty):
        session.execute(delete(Report).where(Report.id.in_(part)))
    for part in chunks(list(keys)):
        session.execute(delete(Pending).where(Pending.kind == "report", Pending.key.in_(part)))
    now = {row["id"]: row["basis"] for row in rows}
    return now.keys() != before.keys() or any(basis != before[key] for key, basis in now.items())


def prune_bodies(session: Session) -> None:
    """Take out agencies without reports, and divisions without agencies."""
    session.execute(delete(Agency).where(Agency.id.not_in(select(Report.agency_id))))
    used = select(Agency.division_code).where(Agency.division_code.is_not(None))
    session.execute(delete(Division).where(Division.code.not_in(used)))


def _candidates(session: Session, keys: Sequence[str]) -> list[_Candidate]:
    latest = (
        select(Version.publication_id, func.max(Version.number).label("number"))
        .join(Publication, Publication.id == Version.publication_id)
        .where(Publication.report_id.in_(keys))
        .group_by(Version.publication_id)
        .subquery()
    )
    rows = session.execute(
        select(Publication, Version, Reading)
        .join(Version, Version.publication_id == Publication.id)
        .join(latest, (latest.c.publication_id == Version.publication_id) & (latest.c.number == Version.number))
        .join(Reading, (Reading.version_id == Version.id) & Reading.current)
        .where(Publication.report_id.in_(keys))
    )
    return [_Candidate(*row) for row in rows]


def _role(candidate: _Candidate, body: _Candidate) -> str:
    if candidate is body:
        return "body"
    if candidate.cells or candidate.publication.twin_of:
        return "twin"
    return "attachment" if candidate.publication.purpose == "attachment" else "part"


def _row(key: str, found: Sequence[_Candidate]) -> dict[str, Any]:
    body = found[0]
    agency, year, series = _split(key)
    own = [candidate for candidate in found if candidate is body or _role(candidate, body) == "part"]
    dated = min(
        (candidate for candidate in own if candidate.reading.published_on),
        key=lambda candidate: _DATES.get(candidate.reading.published_on_kind or "", len(_DATES)),
        default=None,
    )
    # An annex may give the figures; the report's own page says what the report is called.
    titled = min(
        (candidate for candidate in own if candidate.reading.title),
        key=lambda candidate: read_title(candidate.reading.title or "").kind != "annual_report",
        default=None,
    )
    portals = [candidate.publication.portal for candidate in found if candidate.publication.portal]
    return {
        "id": key,
        "agency_id": agency,
        "year": year,
        "series": series,
        "portal": body.publication.portal or (portals[0] if portals else None),
        "title": titled.reading.title if titled else None,
        "scope": _scope(body, own),
        "template": body.reading.template,
        "published_on": dated.reading.published_on if dated else None,
        "published_on_kind": dated.reading.published_on_kind if dated else None,
        "status": "withdrawn" if body.publication.status == "withdrawn" else "ok",
        "changed": body.version.number > 1,
        "first_seen": min(candidate.publication.first_seen for candidate in found),
        "last_seen": max(candidate.publication.last_seen for candidate in found),
        "body": body.publication.id,
        "version": body.version.id,
        "reading": body.reading.id,
        "capture": body.version.first_capture,
        "basis": _basis(found),
    }


def _basis(found: Sequence[_Candidate]) -> str:
    """Fingerprint of the readings that rules across reports take for this one: its body's and those of other forms.

    Everything else that they look at follows from these and from the report's id.
    """
    body = found[0]
    twins = sorted(
        f"{candidate.publication.id}={candidate.reading.id}"
        for candidate in found
        if _role(candidate, body) == "twin" and candidate.publication.status == "ok"
    )
    return identifiers.evidence_digest(body.reading.id, *twins)


def _scope(body: _Candidate, own: Sequence[_Candidate]) -> str | None:
    """Whose figures they are: the body's word, else that of the page whose annex it is."""
    said = [candidate.reading.scope for candidate in (body, *own)]
    return next((scope for scope in said if scope not in {None, "unclear"}), body.reading.scope)


def _split(key: str) -> tuple[str, int, str]:
    agency, year, series = key.rsplit("-", _AGENCY_PARTS)
    return agency, int(year), series
