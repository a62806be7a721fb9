"""Record ids that mean two things: other makers' files repeat them, within a file and between files.

A capture is found by its record id alone, so of two records under one id the second would be in no index. What is taken
in under an id that is another record's already gets an id of its own, and says which it had.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import BinaryIO

from archive.home import Home, has_index
from archive.warc.framing import Frame, Framer
from archive.warc.read import bare
from archive.warc.values import read_date, storable, wire_uri

FIELD = "Gongkai-Original-ID"
"""What a renamed record says its id was."""

_NAMESPACE = uuid.UUID("0d6f9a4e-6a27-5b0e-8c55-2f1f5f7f6a10")
_ID_LINE = re.compile(rb"^(warc-record-id[ \t]*:)([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_Meaning = tuple[str, str]


def colliding(archive: BinaryIO, home: Home, sha256: str, *, repeated: bool) -> dict[int, str]:
    """New ids for the records, by their place in the file's order, whose ids are another record's already.

    Args:
        archive: a WARC file.
        home: whose index is asked.
        sha256: of the file; the new ids are made of it, so they are the same whenever it is taken in.
        repeated: ids are known to stand more than once in the file.
    """
    taken = _indexed(home, _ids(archive))
    if not taken and not repeated:
        return {}
    new: dict[int, str] = {}
    heads: dict[str, bytes] = {}  # a copy has the same header
    archive.seek(0)
    for number, frame in enumerate(Framer(archive, lambda _: None)):
        record_id = frame.record_id
        if record_id is None:
            continue
        another = record_id in taken and taken[record_id] != _meaning(frame)
        if another or heads.setdefault(record_id, frame.head) != frame.head:
            new[number] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{sha256} {number} {record_id}')}"
    return new


def renamed(head: bytes, record_id: str) -> bytes:
    """A record's header under another id."""
    found = _ID_LINE.search(head)
    if found is None:
        return head
    line_end = b"\r\n" if head.endswith(b"\r\n\r\n") else b"\n"
    old = found[2].strip().strip(b"<>")
    changed = b"".join((head[: found.start(2)], b" <", record_id.encode(), b">", head[found.end(2) :]))
    return changed[: -len(line_end)] + FIELD.encode() + b": " + old + line_end + line_end


def _ids(archive: BinaryIO) -> list[str]:
    archive.seek(0)
    return [frame.record_id for frame in Framer(archive, lambda _: None) if frame.record_id is not None]


def _meaning(frame: Frame) -> _Meaning:
    """Address and moment: a record of the index that agrees in them is the same one."""
    uri, date = wire_uri(bare(frame.first.get("warc-target-uri", ""))), frame.first.get("warc-date", "")
    try:
        moment = read_date(date).isoformat()
    except ValueError:
        moment = date
    return uri.removeprefix("urn:dom:"), moment


def _indexed(home: Home, ids: Iterable[str]) -> dict[str, _Meaning]:
    """Which of the ids the index knows, and what they are of there."""
    from sqlalchemy import select

    from archive.database import open_database
    from archive.database.models import Capture
    from archive.database.rows import chunks

    if not has_index(home):
        return {}
    known: dict[str, _Meaning] = {}
    with open_database(home) as database, database.session() as session:
        for part in chunks(sorted({one for one in ids if storable(one) == one})):
            for one in session.scalars(select(Capture).where(Capture.id.in_(part))):
                known[one.id] = one.url, one.captured_at.isoformat()
    return known
