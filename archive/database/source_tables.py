"""What the WARC files say, written file by file: crawls, captures, judgements, discoveries, failures, acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.database.base import Base, child, long_text, primary
from archive.warc.location import RecordLocation

_SAYS_NO_ID = text("refers_to IS NOT NULL")


class WarcFile(Base):
    """A sealed WARC file that is in the index.

    ``signatures`` is the digest of the signatures that its captures were judged with.
    """

    __tablename__ = "warc_files"
    name: Mapped[str] = primary()
    sha256: Mapped[str]
    size: Mapped[int]
    records: Mapped[int]
    signatures: Mapped[str]


class Crawl(Base):
    """One crawl. ``made_up``: fetched through ``--connect-to``, so not obtained from the named hosts.

    ``problems`` and ``columns`` stand in its end (`archive.metadata.CrawlEndMetadata`).
    """

    __tablename__ = "crawls"
    id: Mapped[str] = primary()
    portal: Mapped[str]
    scope: Mapped[str]
    started_at: Mapped[datetime]
    clock: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    profile: Mapped[str] = long_text()
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
    problems: Mapped[list[Any] | None]
    columns: Mapped[list[Any] | None]


class Capture(Base):
    """One archived exchange, or one rendered page (``kind`` response | revisit | rendered). Id = WARC-Record-ID.

    ``kind`` resource is a file that another maker keeps without an HTTP head.

    ``original`` is the record that holds a revisit's content; ``refers_to`` is what the revisit says instead of its
    id (`archive.index.revisits`). ``digest`` is the payload digest as in the record.
    """

    __tablename__ = "captures"
    id: Mapped[str] = primary()
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
    refers_to: Mapped[str | None]
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
        Index(None, "refers_to", sqlite_where=_SAYS_NO_ID, postgresql_where=_SAYS_NO_ID),
        Index(None, "purpose", "captured_at"),
    )

    @property
    def record_location(self) -> RecordLocation:
        """Where its record lies (``location`` is the HTTP header of that name)."""
        return RecordLocation(record_id=self.id, file=self.warc_file, offset=self.offset, length=self.length)


class Judgement(Base):
    """What a capture is: ok | blocked | soft404, and by which signature."""

    __tablename__ = "judgements"
    capture_id: Mapped[str] = child("captures.id", primary_key=True)
    verdict: Mapped[str]
    signature: Mapped[str | None]


class Discovery(Base):
    """One candidate link of a list page and what was decided about it. Id = record id and position.

    ``held_in`` (of the first candidate) is the record that holds them all: this one, or an earlier one with the same.
    """

    __tablename__ = "discoveries"
    id: Mapped[str] = primary()
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
    text: Mapped[str] = long_text()
    title: Mapped[str | None] = long_text()
    href: Mapped[str] = long_text()
    target: Mapped[str | None]
    date: Mapped[str | None]
    decision: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str | None] = long_text()
    held_in: Mapped[dict[str, Any] | None]
    __table_args__ = (Index(None, "crawl_id"), Index(None, "target"), Index(None, "list_url", "recorded_at"))


class Failure(Base):
    """A request that left no response. Id = the record that says so."""

    __tablename__ = "failures"
    id: Mapped[str] = primary()
    crawl_id: Mapped[str] = mapped_column(ForeignKey("crawls.id"), index=True)
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"), index=True)
    recorded_at: Mapped[datetime]
    url: Mapped[str]
    method: Mapped[str]
    purpose: Mapped[str]
    attempt: Mapped[int]
    kind: Mapped[str]
    message: Mapped[str] = long_text()
    hints: Mapped[dict[str, Any] | None]


class Act(Base):
    """One act of a person (verdict, classification, merge, import). Id = WARC-Record-ID."""

    __tablename__ = "acts"
    id: Mapped[str] = primary()
    warc_file: Mapped[str | None]
    kind: Mapped[str]
    who: Mapped[str]
    when: Mapped[str]
    target: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[str | None]
    decision: Mapped[str]
    note: Mapped[str | None] = long_text()
    facts: Mapped[dict[str, Any]]


class SealedReading(Base):
    """A superseded reading as its conversion record keeps it; it is a row of `Reading` while its version exists."""

    __tablename__ = "sealed_readings"
    id: Mapped[str] = primary()
    warc_file: Mapped[str] = mapped_column(ForeignKey("warc_files.name"), index=True)
    version_id: Mapped[str] = mapped_column(index=True)
    block: Mapped[str] = long_text()
