"""Where the text of a report stands: in its body, or on the page whose annex the body is.

A table in an annex has no sections. The page that belongs to it (its role is ``part``) has: its text is the report's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from archive.database.models import Publication, Reading, Report, Version
from archive.database.rows import chunks


@dataclass(frozen=True, slots=True)
class OwnText:
    """The page that lends a report its text: its publication with the address, and its reading."""

    publication: str
    url: str
    reading: str


def lent_texts(session: Session, reports: Sequence[str]) -> dict[str, OwnText]:
    """By report the page with its text, where more of the six sections stand there than in the body.

    Args:
        session: for reading.
        reports: ids.
    """
    found: dict[str, OwnText] = {}
    most: dict[str, int] = {}
    body, page = aliased(Reading), aliased(Reading)
    for part in chunks(list(reports)):
        rows = session.execute(
            select(Report.id, Publication.id, Publication.url, page.id, page.sections)
            .join(body, body.id == Report.reading)
            .join(Publication, (Publication.report_id == Report.id) & (Publication.role == "part"))
            .join(Version, Version.publication_id == Publication.id)
            .join(page, (page.version_id == Version.id) & page.current)
            .where(Report.id.in_(part), Publication.status == "ok", page.sections > body.sections)
            .order_by(Report.id, Publication.first_seen, Publication.id, Version.number)
        )
        for report, publication, url, reading, sections in rows:
            same = report in found and found[report].publication == publication  # a later version of the same page
            if same or sections > most.get(report, 0):
                found[report], most[report] = OwnText(publication, url, reading), sections
    return found
