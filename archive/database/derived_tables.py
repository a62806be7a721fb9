"""What follows from the files, written locator by locator: contents, publications, versions, readings, reports.

What hangs on a reading is written by `archive.database.reading_store` and read by `reading_load`; people who ask in SQL
see it in the views of `archive.database.views`. `Pending` and `State` belong to the index itself.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.database.base import Base, child, long_text, number, packed, primary
from archive.database.types import ExactNumber, Word

STATUSES = ("number", "blank", "not_applicable", "text", "ambiguous")
OUTCOMES = ("pass", "fail", "pass_blank_as_zero", "fail_if_blank_as_zero", "not_assessable")
SEVERITIES = ("error", "warn", "info")
"""Words of the parsers by their numbers in the tables: new ones are added at the end."""


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
    """What the derived half was made with: parser, digest of configuration, normaliser, rules across reports."""

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

    ``status`` ok | withdrawn; ``changed``: the content differs from the version before; ``basis`` is a fingerprint of
    what rules across reports look at.
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
    basis: Mapped[str | None]
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

    ``sealed`` names the conversion record that keeps a superseded reading. ``key`` is for the tables that hang on it;
    it is counted, and means nothing. The counts are of what hangs on it: ``cells``, ``numbers`` among them,
    ``sections``, and outcomes of rules that ``passed`` or ``failed``.
    """

    __tablename__ = "readings"
    key: Mapped[int] = number()
    id: Mapped[str] = mapped_column(unique=True)
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
    cells: Mapped[int]
    numbers: Mapped[int]
    sections: Mapped[int]
    passed: Mapped[int]
    failed: Mapped[int]
    __mapper_args__ = {"primary_key": ["id"]}  # noqa: RUF012 - read by SQLAlchemy


OF_READING = ("cells", "numbers", "sections", "passed", "failed")
"""Columns of `Reading` that count what hangs on it."""


class Code(Base):
    """A code of a figure or of a number in the text, with the unit it was read in, under a small number."""

    __tablename__ = "codes"
    key: Mapped[int] = number()
    code: Mapped[str] = mapped_column(index=True)
    unit: Mapped[str | None]


class FigureRow(Base):
    """One coded cell of a reading: what SQL asks of it. The rest stands in `ReadingPack`, in order of the codes."""

    __tablename__ = "figure_rows"
    reading_key: Mapped[int] = child("readings.key", primary_key=True)
    code_key: Mapped[int] = mapped_column(ForeignKey("codes.key"), primary_key=True)
    status: Mapped[str] = mapped_column(Word(STATUSES))
    value: Mapped[Decimal | None] = mapped_column(ExactNumber)
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - read by SQLAlchemy


class ProseRow(Base):
    """One number read from a sentence, never a table's cell; the rest stands in `ReadingText`, in order."""

    __tablename__ = "prose_rows"
    reading_key: Mapped[int] = child("readings.key", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code_key: Mapped[int] = mapped_column(ForeignKey("codes.key"))
    status: Mapped[str] = mapped_column(Word(STATUSES))
    value: Mapped[Decimal | None] = mapped_column(ExactNumber)
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - read by SQLAlchemy


class ReadingPack(Base):
    """What is read together with a reading: its figures beside their values, and the outcomes of all its checks."""

    __tablename__ = "reading_packs"
    reading_key: Mapped[int] = child("readings.key", primary_key=True, autoincrement=False)
    figures: Mapped[bytes] = packed()
    checks: Mapped[bytes] = packed()


class ReadingText(Base):
    """The words of a reading: its sections, the sentences of its numbers, its issues."""

    __tablename__ = "reading_texts"
    reading_key: Mapped[int] = child("readings.key", primary_key=True, autoincrement=False)
    sections: Mapped[bytes | None] = packed()
    prose: Mapped[bytes | None] = packed()
    issues: Mapped[bytes | None] = packed()


class CheckKind(Base):
    """A rule on a target within a reading, with its severity and the codes it names (JSON), under a small number."""

    __tablename__ = "check_kinds"
    key: Mapped[int] = number()
    rule: Mapped[str]
    target: Mapped[str]
    severity: Mapped[str]
    codes: Mapped[str] = long_text()


class CheckRow(Base):
    """A check that did not pass: within a reading, or across reports, shown with the one that ``across`` names.

    All checks, also those that passed, are in `ReadingPack` and `AcrossChecks`.
    """

    __tablename__ = "check_rows"
    key: Mapped[int] = number()
    reading_key: Mapped[int | None] = child("readings.key", index=True)
    across: Mapped[str | None] = mapped_column(index=True)
    rule: Mapped[str]
    target: Mapped[str]
    outcome: Mapped[str] = mapped_column(Word(OUTCOMES))
    severity: Mapped[str] = mapped_column(Word(SEVERITIES))
    lhs: Mapped[Decimal | None] = mapped_column(ExactNumber)
    rhs: Mapped[Decimal | None] = mapped_column(ExactNumber)
    finding: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[str]


class AcrossChecks(Base):
    """The outcomes of all rules across reports that are shown with one report; ``passed`` counts those that did."""

    __tablename__ = "across_checks"
    report_id: Mapped[str] = primary()
    passed: Mapped[int]
    checks: Mapped[bytes] = packed()
