"""What is new of late: reports that appeared, changed, were replaced or withdrawn, returned; between which captures.

Told by walking through all captures of a publication's address that say something: a challenge, an error or a page that
broke off says nothing, so a change may lie before it as well as behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.database.models import Agency, Capture, Content, Judgement, Publication, Report, Version
from archive.database.rows import chunks
from archive.database.types import time_text
from archive.index.versions import Locator, Seen, load_seen
from archive.signatures import GONE

Kind = Literal["appeared", "changed", "replaced", "withdrawn", "returned"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something new at a locator: ``appeared``, ``changed``, ``replaced``, ``withdrawn`` or ``returned``.

    It happened between ``unseen`` (the last capture before that says something; None when there is none) and ``seen``.
    """

    kind: Kind
    publication: Publication
    version: Version
    agency: Agency
    report: Report
    seen: datetime
    unseen: datetime | None

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai changes --json``."""
        return {
            "kind": self.kind,
            "report": self.report.id,
            "agency": self.agency.name,
            "year": self.report.year,
            "url": self.publication.url,
            "role": self.publication.role,
            "version": self.version.id,
            "between": time_text(self.unseen) if self.unseen else None,
            "and": time_text(self.seen),
        }


def changes(session: Session, since: datetime, until: datetime | None = None) -> Iterator[Change]:
    """What became known between two times, oldest first."""
    found = [
        change
        for part in chunks(_restless(session, since))
        for change in _of(session, part)
        if since <= change.seen and (until is None or change.seen <= until)
    ]
    yield from sorted(found, key=lambda change: (change.seen, change.publication.url, _ORDER[change.kind]))


_ORDER: dict[Kind, int] = {"returned": 0, "appeared": 1, "changed": 2, "replaced": 3, "withdrawn": 4}


def _restless(session: Session, since: datetime) -> list[str]:
    """Publications with a new version since then, or at whose address something else was ever seen."""
    fresh = select(Version.publication_id).where(Version.first_seen >= since)
    gone = (
        select(Capture.url)
        .outerjoin(Judgement, Judgement.capture_id == Capture.id)
        .where(or_(Capture.status.in_(GONE), Judgement.verdict == "soft404"))
    )
    shared = select(Publication.url).group_by(Publication.url).having(func.count() > 1)
    query = select(Publication.id).where(
        or_(
            Publication.id.in_(fresh),
            Publication.status != "ok",
            Publication.url.in_(gone),
            Publication.url.in_(shared),
        )
    )
    return list(session.scalars(query.order_by(Publication.id)))


def _of(session: Session, keys: Sequence[str]) -> Iterator[Change]:
    rows = session.execute(
        select(Publication, Agency, Report)
        .join(Report, Report.id == Publication.report_id)
        .join(Agency, Agency.id == Report.agency_id)
        .where(Publication.id.in_(keys))
    ).all()
    locators = sorted({_locator(row[0]) for row in rows}, key=repr)
    seen = load_seen(session, locators)
    standing = _standing(session, [item for items in seen.values() for item in items])
    versions = _versions(session, [row[0] for row in rows])
    for publication, agency, report in rows:
        items = [item for item in seen[_locator(publication)] if item.state == "gone" or item.capture.id in standing]
        for kind, version, at, before in _walk(publication, items, versions[_locator(publication)]):
            yield Change(kind, publication, version, agency, report, at, before)


def _walk(
    publication: Publication, items: Sequence[Seen], versions: Sequence[tuple[Version, str | None]]
) -> Iterator[tuple[Kind, Version, datetime, datetime | None]]:
    """Kind, the version that begins or ends, when it was seen, and when what was before was last seen.

    Args:
        publication: whose story is told.
        items: captures of its address that say something, oldest first.
        versions: of all publications at this address, each with its report.
    """
    own: Version | None = None
    there = False
    before: datetime | None = None
    for item in items:
        at = item.capture.captured_at
        covering = [entry for entry in versions if entry[0].first_seen <= at <= entry[0].last_seen]
        mine = next((entry[0] for entry in covering if entry[0].publication_id == publication.id), None)
        if item.state == "content" and mine is not None:
            if own is not None and not there:
                yield "returned", mine, at, before
            if own is None:
                yield "appeared", mine, at, before
            elif own.content_key != mine.content_key:
                yield "changed", mine, at, before
            own, there = mine, True
        elif there and own is not None:
            replaced = item.state == "content" and any(report is not None for _, report in covering)
            yield "replaced" if replaced else "withdrawn", own, at, before
            there = False
        before = at


def _standing(session: Session, items: Sequence[Seen]) -> set[str]:
    """Captures whose document could be read: of others nobody knows what stood there."""
    holders = {item.holder.id for item in items if item.holder is not None}
    known: set[str] = set()
    for part in chunks(sorted(holders)):
        known.update(session.scalars(select(Content.capture_id).where(Content.capture_id.in_(part))))
    return {item.capture.id for item in items if item.state == "content" and item.holder and item.holder.id in known}


def _versions(session: Session, publications: Sequence[Publication]) -> dict[Locator, list[tuple[Version, str | None]]]:
    """Of each address all versions of all its publications, with the report of each."""
    found: dict[Locator, list[tuple[Version, str | None]]] = {_locator(row): [] for row in publications}
    for part in chunks(sorted({row.url for row in publications})):
        rows = session.execute(
            select(Version, Publication)
            .join(Publication, Publication.id == Version.publication_id)
            .where(Publication.url.in_(part))
            .order_by(Version.first_seen, Version.id)
        )
        for version, publication in rows:
            if _locator(publication) in found:
                found[_locator(publication)].append((version, publication.report_id))
    return found


def _locator(publication: Publication) -> Locator:
    return publication.method, publication.url, publication.body_digest
