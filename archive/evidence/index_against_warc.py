"""What the archive itself says, beside what the index says of it: the part of a proof that believes no table.

The index is a cache, and a cache can be wrong or have been changed. So a proof reads the WARC file again (which
captures are in it, what was asked and why, through which mapping), reads the document again, and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Act, Capture, Reading
from archive.database.reading_lines import FigureLine, as_row
from archive.database.reading_load import load_prose
from archive.database.rows import Row
from archive.database.types import time_text
from archive.errors import ArchiveError, DamagedWarc, StorageError
from archive.index.extract import FileFacts, scan_file, scan_records
from archive.index.identity import Overrides, identity_of
from archive.index.readings import reading_rows
from archive.storage.base import Storage
from archive.warc.read import Record, scan
from parsers import AnnualReport, decimal_text

_RECORDED = ("kind", "captured_at", "status", "media_type", "digest", "offset", "length", "original", "location")
_ASKED = ("url", "method", "body_digest", "purpose", "hints", "crawl_id", "truncated", "rendered_by", "page")
_OF_READING = frozenset({"id", "version_id", "current", "sealed"})
_SHOWN = 3
_FIRST = 3  # warcinfo, the crawl
_TOGETHER = 6  # an exchange, or a rendered page with picture and text, and what was known of it


@dataclass(slots=True)
class Files:
    """The facts of WARC files, each read once, and no more of it than is needed."""

    storage: Storage
    known: dict[str, FileFacts] = field(default_factory=dict)
    near: dict[tuple[str, int], FileFacts] = field(default_factory=dict)

    @property
    def whole(self) -> frozenset[str]:
        """Files that had to be read through."""
        return frozenset(self.known)

    def facts(self, name: str) -> FileFacts:
        """What one file says.

        Raises:
            ArchiveError: it is gone or damaged.
        """
        if name not in self.known:
            self.known[name] = scan_file(self.storage, name)
        return self.known[name]

    def beside(self, capture: Capture) -> FileFacts:
        """What the first records of a capture's file say, and those of its exchange, which were written together.

        Raises:
            ArchiveError: the file is gone, or damaged there.
        """
        place = capture.warc_file, capture.offset
        if place not in self.near:
            records: list[Record] = []
            for offset, number in ((0, _FIRST), (capture.offset, _TOGETHER)):
                with self.storage.open(capture.warc_file) as file:
                    records += islice(scan(file, name=capture.warc_file, offset=offset), number)
            self.near[place] = scan_records(records, capture.warc_file, self.storage)
        return self.near[place]

    def capture(self, capture: Capture) -> list[str]:
        """How the index's row of a capture differs from what its file says; nothing when it does not.

        What stands beside it mostly says it all; a difference is believed of the whole file only.

        Raises:
            ArchiveError: the file is gone or damaged.
        """
        with suppress(DamagedWarc):
            if not self._differences(capture, self.beside(capture)):
                return []
        return self._differences(capture, self.facts(capture.warc_file))

    def _differences(self, capture: Capture, facts: FileFacts) -> list[str]:
        row = facts.captures.get(capture.id)
        if row is None:
            return [f"{capture.warc_file} holds no such capture"]
        # Where a crash tore the record of the question, a later file says it again, and this one does not.
        asked = _ASKED if row["crawl_id"] is not None or capture.crawl_id is None else ()
        return [
            f"{name} is {_text(row[name])} in the file, {_text(getattr(capture, name))} in the index"
            for name in (*_RECORDED, *asked)
            if row[name] != getattr(capture, name)
        ]

    def mappings(self, capture: Capture) -> list[str] | None:
        """Through which ``--connect-to`` the capture was made, as its file says; None when it names no mapping."""
        name = capture.crawl_id or ""
        row = self.beside(capture).crawls.get(name) or self.facts(capture.warc_file).crawls.get(name)
        return [str(item) for item in row["connect_to"]] if row and row["made_up"] else None

    def act(self, act: Act) -> bool:
        """Whether the archive holds this act of a person as the index has it."""
        try:
            rows = self.facts(act.warc_file or "").rows[Act]
        except StorageError:
            raise
        except ArchiveError:
            return False
        names = [column.key for column in Act.__table__.columns]
        return any(all(row[name] == getattr(act, name) for name in names) for row in rows)


def reading_differences(stored: Reading, again: AnnualReport) -> list[str]:
    """How a stored reading's own fields differ from the document, read again."""
    rows = reading_rows(again, stored.version_id, None)
    return [
        f"{name} is {_text(value)} in the document, {_text(getattr(stored, name))} in the index"
        for name, value in rows.reading.items()
        if name not in _OF_READING and value != getattr(stored, name)
    ]


def figure_differences(stored: Iterable[FigureLine], again: AnnualReport) -> dict[str, str]:
    """Figures, by code, that the document does not give as they are stored; also those that the index lacks."""
    found: dict[str, Row] = {row["code"]: row for row in reading_rows(again, "", None).children["figures"]}
    problems: dict[str, str] = {}
    for figure in stored:
        row = found.pop(figure.code, None)
        if row is None:
            problems[figure.code] = "the document gives no such figure"
            continue
        different = [name for name, value in as_row(figure).items() if name != "reading_id" and row[name] != value]
        if different:
            problems[figure.code] = "read again: " + ", ".join(f"{name} {_text(row[name])}" for name in different)
    problems.update((code, "the index lacks this figure of the document") for code in found)
    return problems


def prose_differences(session: Session, reading: str, again: AnnualReport) -> list[str]:
    """Numbers in the text that are not stored as the document gives them."""
    stored = [as_row(line) | {"reading_id": None} for line in load_prose(session, [reading])[reading]]
    found = [row | {"reading_id": None} for row in reading_rows(again, "", None).children["prose_facts"]]
    if stored == found:
        return []
    return [f"{len(found)} facts in the text of the document, not the {len(stored)} in the index"]


def identity(files: Files, session: Session, capture: Capture, report: str, again: AnnualReport) -> tuple[bool, str]:
    """Whether the document is of that report: by what it says, by an archived act, or by the page that links to it."""
    acts = session.scalars(
        select(Act).where(Act.kind.in_(("classification", "merge"))).order_by(Act.when, Act.id)
    ).all()
    own = identity_of(again)
    decided = Overrides.of(acts).apply(capture.id, own)
    if decided.report_id == report and own.report_id == report:
        return True, f"the document says {report}"
    if decided.report_id == report:
        forged = [act.id for act in acts if not files.act(act)]
        if forged:
            return False, f"rests on acts that the archive does not hold: {', '.join(forged[:_SHOWN])}"
        return True, f"the document says {own.report_id or 'no report'}; archived acts of people say {report}"
    hints = capture.hints or {}
    page = hints.get("part_of") or hints.get("twin_of")
    if decided.report_id is None and page is not None:
        return True, f"the document does not say; it belongs to the page {page}"
    return False, f"the document says {decided.report_id or 'no report'}, the index {report}"


def few(problems: Sequence[str]) -> str:
    """The first of many problems, in one line."""
    more = len(problems) - _SHOWN
    return "; ".join(problems[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _text(value: Any) -> str:
    from datetime import datetime
    from decimal import Decimal

    if isinstance(value, datetime):
        return time_text(value) or ""
    if isinstance(value, Decimal):
        return str(decimal_text(value))
    return "nothing" if value is None else str(value)
