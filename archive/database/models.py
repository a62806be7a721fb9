"""The tables. Their names are the public schema; see ``docs/database.md``.

Everything here can be made anew from the WARC files. Ids are derived from what they name, never counted, so that a
rebuilt database is an equal database. Two halves: what the files say (crawls, captures, judgements, discoveries,
failures, acts), written file by file; and what follows from it (agencies to issues), written locator by locator.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from archive.database.types import DecimalText, JsonText, Key, UtcTime


class Base(DeclarativeBase):
    """Base of all tables; constraints have stable names so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        str: Key,
        datetime: UtcTime,
        Decimal: DecimalText,
        dict[str, Any]: JsonText,
        list[Any]: JsonText,
        bool: Boolean,
        int: Integer,
        float: Float,
    }


def _id() -> Mapped[str]:
    return mapped_column(primary_key=True)


def _long() -> Mapped[Any]:
    return mapped_column(Text)


def _child(target: str, **options: Any) -> Mapped[Any]:
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), **options)


class WarcFile(Base):
    """A sealed WARC file that is in the index.

    ``signatures`` is the digest of the signatures that its captures were judged with.
    """

    __tablename__ = "warc_files"
    name: Mapped[str] = _id()
    sha256: Mapped[str]
    size: Mapped[int]
    records: Mapped[int]
    signatures: Mapped[str]


class Crawl(Base):
    """One crawl. ``made_up``: fetched through ``--connect-to``, so not obtained from the named hosts."""

    __tablename__ = "crawls"
    id: Mapped[str] = _id()
    portal: Mapped[str]
    scope: Mapped[str]
    started_at: Mapped[datetime]
    clock: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    profile: Mapped[str] = _long()
    profile_digest: Mapped[str]
    configuration: Mapped[str]
    vantage: Mapped[dict[str, Any]]
    connect_to: Mapped[list[Any]]
    made_up: Mapped[bool]
    software: Mapped[dict[str, Any]]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    counts: Mapped[dict[str, Any] | None]
    stats: Mapped[dict[str, Any] | None]
    learned: Mapped[list[Any] | None]


class Capture(Base):
    """One archived exchange, or one rendered page (``kind`` response | revisit | rendered). Id = WARC-Record-ID.

    ``original`` is the record that holds a revisit's content. ``digest`` is the payload digest as in the record.
    """

    __tablename__ = "captures"
    id: Mapped[str] = _id()
    crawl_id: Mapped[str | None] = mapped_column(ForeignKey("crawls.id"))
    kind: Mapped[str]
    url: Mapped[str]
    url_key: Mapped[str]
    method: Mapped[str]
    body_digest: Mapped[str | None]
    captured_at: Mapped[datetime]
    status: Mapped[int | None]
    media_type: Mapped[str | None]
    digest: Mapped[str | None]
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"))
    offset: Mapped[int]
    length: Mapped[int]
    original: Mapped[str | None]
    purpose: Mapped[str | None]
    attempt: Mapped[int | None]
    hints: Mapped[dict[str, Any] | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    location: Mapped[str | None]
    truncated: Mapped[str | None]
    rendered_by: Mapped[str | None]
    page: Mapped[str | None]
    __table_args__ = (
        Index(None, "url_key", "captured_at"),
        Index(None, "crawl_id"),
        Index(None, "warc_file"),
        Index(None, "digest"),
        Index(None, "original"),
        Index(None, "purpose", "captured_at"),
    )


class Judgement(Base):
    """What a capture is: ok | blocked | soft404, and by which signature."""

    __tablename__ = "judgements"
    capture_id: Mapped[str] = _child("captures.id", primary_key=True)
    verdict: Mapped[str]
    signature: Mapped[str | None]


class Content(Base):
    """Content key of a capture that holds a document, under the normaliser named."""

    __tablename__ = "contents"
    capture_id: Mapped[str] = _child("captures.id", primary_key=True)
    content_key: Mapped[str]
    normaliser: Mapped[str]


class Pending(Base):
    """Work that a stored file has made necessary and that is not done yet, so that an interruption loses nothing.

    ``kind`` locator (``key`` is JSON of method, URL, body digest), report (``key`` is its id) or checks (``all``).
    """

    __tablename__ = "pending"
    kind: Mapped[str] = _id()
    key: Mapped[str] = _id()


class State(Base):
    """What the derived half was made with: parser version, digests of configuration, signatures and normaliser."""

    __tablename__ = "state"
    name: Mapped[str] = _id()
    value: Mapped[str]


class Discovery(Base):
    """One candidate link of a list page and what was decided about it. Id = record id and position.

    ``held_in`` (of the first candidate) is the record that holds them all: this one, or an earlier one with the same.
    """

    __tablename__ = "discoveries"
    id: Mapped[str] = _id()
    crawl_id: Mapped[str] = mapped_column(ForeignKey("crawls.id"))
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"), index=True)
    recorded_at: Mapped[datetime]
    portal: Mapped[str]
    site: Mapped[str]
    column: Mapped[str]
    list_url: Mapped[str]
    capture: Mapped[str | None]
    page: Mapped[int]
    pages: Mapped[int | None]
    stated_total: Mapped[int | None]
    cms: Mapped[str]
    rendered: Mapped[bool]
    text: Mapped[str] = _long()
    title: Mapped[str | None] = _long()
    href: Mapped[str] = _long()
    target: Mapped[str | None]
    date: Mapped[str | None]
    decision: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str | None] = _long()
    held_in: Mapped[dict[str, Any] | None]
    __table_args__ = (Index(None, "crawl_id"), Index(None, "target"), Index(None, "list_url", "recorded_at"))


class Failure(Base):
    """A request that left no response. Id = the record that says so."""

    __tablename__ = "failures"
    id: Mapped[str] = _id()
    crawl_id: Mapped[str] = mapped_column(ForeignKey("crawls.id"), index=True)
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"), index=True)
    recorded_at: Mapped[datetime]
    url: Mapped[str]
    method: Mapped[str]
    purpose: Mapped[str]
    attempt: Mapped[int]
    kind: Mapped[str]
    message: Mapped[str] = _long()
    hints: Mapped[dict[str, Any] | None]


class Act(Base):
    """One act of a person (verdict, classification, merge, import). Id = WARC-Record-ID."""

    __tablename__ = "acts"
    id: Mapped[str] = _id()
    warc_file: Mapped[str | None]
    kind: Mapped[str]
    who: Mapped[str]
    when: Mapped[str]
    target: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[str | None]
    decision: Mapped[str]
    note: Mapped[str | None] = _long()
    facts: Mapped[dict[str, Any]]


class SealedReading(Base):
    """A superseded reading as its conversion record keeps it; it is a row of `Reading` while its version exists."""

    __tablename__ = "sealed_readings"
    id: Mapped[str] = _id()
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"), index=True)
    version_id: Mapped[str] = mapped_column(index=True)
    block: Mapped[str] = _long()


class Division(Base):
    """An administrative division (GB/T 2260, townships GB/T 10114) that some agency belongs to."""

    __tablename__ = "divisions"
    code: Mapped[str] = _id()
    name: Mapped[str]
    level: Mapped[str]


class Agency(Base):
    """A body that publishes reports. Id from division, kind and canonical name."""

    __tablename__ = "agencies"
    id: Mapped[str] = _id()
    name: Mapped[str]
    kind: Mapped[str | None]
    division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"))


class Report(Base):
    """Agency x year x series, as it stands now: what its body's latest version says.

    ``status`` ok | withdrawn; ``changed``: the content differs from the version before.
    """

    __tablename__ = "reports"
    id: Mapped[str] = _id()
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
    id: Mapped[str] = _id()
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
    id: Mapped[str] = _id()
    publication_id: Mapped[str] = _child("publications.id", index=True)
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
    id: Mapped[str] = _id()
    version_id: Mapped[str] = _child("versions.id", index=True)
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
    reading_id: Mapped[str] = _child("readings.id", primary_key=True)
    code: Mapped[str] = _id()
    value: Mapped[Decimal | None]
    status: Mapped[str]
    raw: Mapped[str] = _long()
    unit: Mapped[str | None]
    method: Mapped[str]
    confidence: Mapped[float | None]
    alternatives: Mapped[list[Any]]
    locator: Mapped[dict[str, Any]]


class Section(Base):
    """One official section of a reading; ``position`` counts from 0."""

    __tablename__ = "sections"
    reading_id: Mapped[str] = _child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    heading: Mapped[str] = _long()
    text: Mapped[str] = _long()
    locator: Mapped[dict[str, Any]]


class ProseFact(Base):
    """One number read from a sentence; never a table's cell."""

    __tablename__ = "prose_facts"
    reading_id: Mapped[str] = _child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    value: Mapped[Decimal | None]
    status: Mapped[str]
    raw: Mapped[str] = _long()
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
    id: Mapped[str] = _id()
    reading_id: Mapped[str | None] = _child("readings.id", index=True)
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
    reading_id: Mapped[str] = _child("readings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    message: Mapped[str] = _long()
    locator: Mapped[dict[str, Any] | None]
