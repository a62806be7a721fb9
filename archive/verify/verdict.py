"""The judgement on one file, and what its records are and refer to: several files are judged together by that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.verify.segments import Segment
from archive.warc.problem import Level, Problem
from archive.warc.values import Digest

Verdict = Literal["ok", "note", "nonconformant", "damaged"]
LEVELS: tuple[Verdict, ...] = ("ok", "note", "nonconformant", "damaged")
MAX_PER_CODE = 100
"""Findings of one code that are listed for a file; the rest are counted."""
_LISTED_ONCE = frozenset({"draft-version"})


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from one record to another."""

    kind: Literal["concurrent-to", "refers-to", "warcinfo", "segment-origin", "original"]
    target: str
    offset: int
    record_id: str | None
    payload: Digest | None = None


@dataclass(slots=True)
class Contents:
    """What the records of a file are and refer to; several files are judged together by it."""

    ids: dict[str, int] = field(default_factory=dict)
    captures: set[str] = field(default_factory=set)
    payloads: dict[str, Digest] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    crawl_ends: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class FileVerdict:
    """The judgement on one file.

    Attributes:
        file: as it was named.
        records: how many were found.
        problems: in the order of their offsets.
        contents: for judging links across files.
    """

    file: str
    records: int = 0
    problems: list[Problem] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents, repr=False)
    more: Counter[tuple[str, Level]] = field(default_factory=Counter, repr=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of the problems."""
        return max((problem.level for problem in self.problems), key=LEVELS.index, default="ok")

    def add(self, finding: Problem) -> None:
        """Take a finding in; of one kind only so many are listed."""
        kind = (finding.code, finding.level)
        self.more[kind] += 1
        if self.more[kind] <= (1 if finding.code in _LISTED_ONCE else MAX_PER_CODE):
            self.problems.append(finding)

    def merge(self, other: FileVerdict) -> None:
        """Take in the judgement on a later part of the same file, or on a file inside it."""
        self.records += other.records
        for finding in other.problems:
            self.add(finding)
        listed = Counter((finding.code, finding.level) for finding in other.problems)
        self.more.update(other.more - listed)
        contents = self.contents
        for record_id, offset in other.contents.ids.items():
            if record_id in contents.ids:
                message = f"the record at offset {contents.ids[record_id]} has the same record id"
                self.add(Problem("duplicate-record-id", "nonconformant", message, offset, record_id))
            contents.ids[record_id] = offset
        contents.captures |= other.contents.captures
        contents.payloads |= other.contents.payloads
        contents.links += other.contents.links
        contents.segments += other.contents.segments
        contents.crawl_ends += other.contents.crawl_ends

    def finish(self) -> None:
        """Put the problems in order and count those that are not listed."""
        self.problems.sort(key=lambda found: (found.offset is None, found.offset or 0))
        for (code, level), count in sorted(self.more.items()):
            if code not in _LISTED_ONCE and count > MAX_PER_CODE:
                self.problems.append(Problem(code, level, f"{count - MAX_PER_CODE} more of this kind"))
        self.more.clear()

    def as_dict(self) -> dict[str, Any]:
        """The object of `gongkai verify --json` (design 5.5)."""
        return {
            "file": self.file,
            "verdict": self.verdict,
            "records": self.records,
            "problems": [
                {
                    "offset": found.offset,
                    "record_id": None if found.record_id is None else _printable(found.record_id),
                    "code": found.code,
                    "level": found.level,
                    "message": _printable(found.message),
                }
                for found in self.problems
            ],
        }


def _printable(text: str) -> str:
    """Text of others as JSON can carry it: bytes that are no UTF-8 are said by their numbers."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, as JSON can say it
        raw = text.encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "backslashreplace")
