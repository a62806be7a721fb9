"""What follows from the files, written locator by locator: contents, publications, versions, readings, reports.

`Pending` and `State` belong to the index itself.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.database.base import Base, child, long_text, primary


class Content(Base):
    """Content key of a capture that holds a document, under the normaliser named."""

    __tablename__ = "contents"
    capture_id: Mapped[str] = child("captures.id", primary_key=True)
    content_key: Mapped[str]
    normaliser: Mapped[str]


class Pending(Base):
    """Work that a stored file has made necessary and that is not done yet, so that an interruption loses nothing.

    ``kind`` locator (``key`` is JSON of method, URL, body digest), report (``key`` is its id) or checks (``all``).
    """

    __tablename__ = "pending"
    kind: Mapped[str] = primary()
    key: Mapped[str] = primary()


class State(Base):
    """What the derived half was made with: parser version, digests of configuration, signatures and normaliser."""

    __tablename__ = "state"
    name: Mapped[str] = primary()
    value: Mapped[str]


class Division(Base):
    """An administrative division (GB/T 2260, townships GB/T 10114) that some agency belongs to."""

    __tablename__ = "divisions"
    code: Mapped[str] = primary()
    name: Mapped[str]
    level: Mapped[str]


class Agency(Base):
    """A body that publishes reports. Id from division, kind and canonical name."""

    __tablename__ = "agencies"
    id: Mapped[str] = primary()
    name: Mapped[str]
    kind: Mapped[str | None]
    division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"))


class Report(Base):
    """Agency x year x series, as it stands now: what its body's latest version says.

    ``status`` ok | withdrawn; ``changed``: the content differs from the version before.
    """

    __tablename__ = "reports"
    id: Mapped[str] = primary()
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"))
    year: Mapped[int]
    series: Mapped[str]
    portal: Mapped[str | None]
    title: Mapped[str | None]
    scope: Mapped[str | None]
    template: Mapped[str | None]
    published_on: Mapped[str | None]
    published_on_kind: Mapped[str | None]
    status: Mapped[str]
    changed: Mapped[bool]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    body: Mapped[str] = mapped_column()
    version: Mapped[str] = mapped_column()
    reading: Mapped[str] = mapped_column()
    capture: Mapped[str] = mapped_column()
    __table_args__ = (Index(None, "agency_id"), Index(None, "year"))


class Publication(Base):
    """A locator (method, URL with fragment, body digest) at which one report appears.

    ``role`` body | twin | part | attachment. ``own_report`` is what the document itself says it is, ``report_id`` what
    it was taken for (an annex belongs to the report of the page that links to it); None where agency or year could not
    be read: nothing is left out silently. ``status`` ok | withdrawn | replaced (another report stands there now).
    """

    __tablename__ = "publications"
    id: Mapped[str] = primary()
    own_report: Mapped[str | None]
    report_id: Mapped[str | None]
    role: Mapped[str | None]
    url: Mapped[str]
    method: Mapped[str]
    body_digest: Mapped[str | None]
    portal: Mapped[str | None]
    site: Mapped[str | None]
    column: Mapped[str | None]
    part_of: Mapped[str | None]
    twin_of: Mapped[str | None]
    status: Mapped[str]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    purpose: Mapped[str | None]
    __table_args__ = (Index(None, "report_id"), Index(None, "url"), Index(None, "part_of"), Index(None, "twin_of"))


class Version(Base):
    """A maximal run of consecutive captures of a publication with one content key. Id = publication + first capture.

    ``number`` counts from 1 within the publication.
    """

    __tablename__ = "versions"
    id: Mapped[str] = primary()
    publication_id: Mapped[str] = child("publications.id", index=True)
    number: Mapped[int]
    content_key: Mapped[str]
    normaliser: Mapped[str]
    first_capture: Mapped[str] = mapped_column(ForeignKey("captures.id"))
    last_capture: Mapped[str] = mapped_column(ForeignKey("captures.id"))
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    captures: Mapped[int]


class Reading(Base):
    """What one parser version with one configuration read from a version; one is current.

    ``sealed`` names the conversion record that keeps a superseded reading.
    """

    __tablename__ = "readings"
    id: Mapped[str] = primary()
    version_id: Mapped[str] = child("versions.id", index=True)
    parser: Mapped[str]
    configuration: Mapped[str]
    current: Mapped[bool]
    outcome: Mapped[str]
    media_type: Mapped[str | None]
    title: Mapped[str | None]
    agency_name: Mapped[str | None]
    agency_kind: Mapped[str | None]
    division_code: Mapped[str | None]
    division_name: Mapped[str | None]
    division_level: Mapped[str | None]
    year: Mapped[int | None]
    template: Mapped[str | None]
    scope: Mapped[str | None]
    published_on: Mapped[str | None]
    published_on_kind: Mapped[str | None]
    sources: Mapped[list[Any]]
    text_digest: Mapped[str | None]
    sealed: Mapped[str | None]


class Figure(Base):
    """One coded cell of a reading."""

    __tablename__ = "figures"
    reading_id: Mapped[str] = child("readings.id", primary_key=True)
    code: Mapped[str] = primary()
    value: Mapped[Decimal | None]
    status: Mapped[str]
    raw: Mapped[str] = long_text()
    unit: Mapped[str | None]
    method: Mapped[str]
    confidence: Mapped[float | None]
    alternatives: Mapped[list[Any]]
    locator: Mapped[dict[str, Any]]


class Section(Base):
    """One official section of a reading; ``position`` counts from 0."""

    __tablename__ = "sections"
    reading_id: Mapped[str] = child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    heading: Mapped[str] = long_text()
    text: Mapped[str] = long_text()
    locator: Mapped[dict[str, Any]]


class ProseFact(Base):
    """One number read from a sentence; never a table's cell."""

    __tablename__ = "prose_facts"
    reading_id: Mapped[str] = child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    value: Mapped[Decimal | None]
    status: Mapped[str]
    raw: Mapped[str] = long_text()
    unit: Mapped[str | None]
    confidence: Mapped[float | None]
    locator: Mapped[dict[str, Any]]


class Check(Base):
    """One rule on one target: within a reading, or over a group of reports (then ``reading_id`` is None).

    ``finding`` names what is judged independently of the reading (report, rule, target); ``evidence`` is a fingerprint
    of what it rests on. A person's verdict is an act on a finding with that evidence. ``others`` are the further
    reports it rests on.
    """

    __tablename__ = "checks"
    id: Mapped[str] = primary()
    reading_id: Mapped[str | None] = child("readings.id", index=True)
    report_id: Mapped[str | None] = mapped_column(index=True)
    rule: Mapped[str]
    target: Mapped[str]
    lhs: Mapped[Decimal | None]
    rhs: Mapped[Decimal | None]
    outcome: Mapped[str]
    severity: Mapped[str]
    codes: Mapped[list[Any]]
    others: Mapped[list[Any]]
    finding: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[str]


class Issue(Base):
    """Something a person should know about a reading; ``position`` counts from 0."""

    __tablename__ = "issues"
    reading_id: Mapped[str] = child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    message: Mapped[str] = long_text()
    locator: Mapped[dict[str, Any] | None]
