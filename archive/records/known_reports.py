"""Addresses at which a portal's reports stood when they were last seen.

A list that no longer names a report proves little; asking the address again does. A crawl asks for every address that
its lists did not name (`crawler.spiders.unlisted`), so that a withdrawal is seen and dated by a capture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from archive.database import Database
from archive.database.models import Capture, Publication

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KnownReport:
    """An address where a report stood.

    Attributes:
        url: asked with GET.
        purpose: ``report`` or ``attachment``, as it was asked for last.
        hints: what the crawler knew of it then (`archive.metadata.Hint` as JSON).
        asked: when it was asked for last; what was asked longest ago is asked first.
    """

    url: str
    purpose: str
    hints: dict[str, Any]
    asked: datetime = EARLIEST


def known_reports(database: Database, portal: str) -> tuple[KnownReport, ...]:
    """What of ``portal`` was there when it was last asked for, by address.

    Left out: what was drawn by script (its address says nothing without its steps), what answered a POST, and what was
    withdrawn or replaced already.
    """
    with database.session() as session:
        urls = session.scalars(
            select(Publication.url)
            .where(Publication.portal == portal, Publication.method == "GET", Publication.status == "ok")
            .distinct()
            .order_by(Publication.url)
        ).all()
        found = []
        for url in urls:
            latest = session.scalars(
                select(Capture)
                .where(Capture.url == url, Capture.purpose.in_(("report", "attachment")))
                .order_by(Capture.captured_at.desc(), Capture.id.desc())
                .limit(1)
            ).first()
            if latest is not None and latest.kind != "rendered":
                found.append(KnownReport(url, latest.purpose or "report", dict(latest.hints or {}), latest.captured_at))
    return tuple(found)
