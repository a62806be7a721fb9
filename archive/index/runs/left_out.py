"""What is not in the index although its file is, and why: records that cannot be understood, documents not read.

It is kept among the index's own rows (`Pending`), so that `gongkai status` goes on saying it after the run that found
it. A record goes with its file; a document is tried again when its address is looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.database.models import Pending
from archive.database.rows import chunks, insert_new

RECORD = "left_out"
DOCUMENT = "unread"
FILE = "damaged"
"""Kinds of `Pending` that are no work to be done."""

Locator = tuple[str, str, str | None]
"""Method, URL with fragment, body digest."""


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """A record that is not in the index, and why. ``offset`` is -1 where only its id is known."""

    file: str
    offset: int
    record_id: str
    reason: str

    def __str__(self) -> str:
        where = f" offset {self.offset}" if self.offset >= 0 else ""
        return f"{self.file}:{where} {self.record_id or '(no id)'}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "file": self.file,
            "offset": self.offset if self.offset >= 0 else None,
            "record_id": self.record_id or None,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """A document that could not be read, and why; what was read of that address before stays."""

    url: str
    reason: str

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"url": self.url, "reason": self.reason}


def keep_records(session: Session, records: Iterable[LeftOut]) -> None:
    """Note records that are left out."""
    keys = [json.dumps([one.file, one.offset, one.record_id, one.reason], ensure_ascii=False) for one in records]
    insert_new(session, Pending, [{"kind": RECORD, "key": key} for key in sorted(set(keys))])


def forget_records(session: Session, file: str) -> None:
    """Forget those of one file."""
    first = json.dumps([file], ensure_ascii=False).removesuffix("]") + ","
    session.execute(delete(Pending).where(Pending.kind == RECORD, Pending.key.startswith(first, autoescape=True)))


def keep_files(
    session: Session, damaged: Mapping[str, str], whole: Collection[str], there: Collection[str] | None
) -> None:
    """Note files that are damaged.

    Args:
        session: of the index.
        damaged: the reasons, by name.
        whole: names of files that were found to be whole.
        there: names of all files, None where that is not known: what lies nowhere is no damaged file any more.
    """
    known = damaged_files(session)
    gone = {name for name in known if name in damaged or name in whole or (there is not None and name not in there)}
    for part in chunks(sorted(json.dumps([name, known[name]], ensure_ascii=False) for name in gone)):
        session.execute(delete(Pending).where(Pending.kind == FILE, Pending.key.in_(part)))
    keys = [json.dumps([name, reason], ensure_ascii=False) for name, reason in sorted(damaged.items())]
    insert_new(session, Pending, [{"kind": FILE, "key": key} for key in keys])


def damaged_files(session: Session) -> dict[str, str]:
    """Files that are damaged, with the reason; only what is whole of them is in the index."""
    return dict(json.loads(key) for key in session.scalars(select(Pending.key).where(Pending.kind == FILE)))


def keep_documents(session: Session, looked_at: Collection[Locator], unread: Sequence[tuple[Locator, str]]) -> None:
    """Note documents that could not be read; the others of ``looked_at`` were."""
    done = set(looked_at)
    known = session.scalars(select(Pending.key).where(Pending.kind == DOCUMENT)).all()
    gone = [key for key in known if tuple(json.loads(key)[:3]) in done]
    for part in chunks(gone):
        session.execute(delete(Pending).where(Pending.kind == DOCUMENT, Pending.key.in_(part)))
    keys = [json.dumps([*locator, reason], ensure_ascii=False) for locator, reason in unread]
    insert_new(session, Pending, [{"kind": DOCUMENT, "key": key} for key in sorted(set(keys))])


def left_out(session: Session) -> tuple[list[LeftOut], list[Unread]]:
    """All records that are left out, and all documents that could not be read."""
    query = select(Pending.kind, Pending.key).where(Pending.kind.in_((RECORD, DOCUMENT)))
    records: list[LeftOut] = []
    documents: list[Unread] = []
    for kind, key in session.execute(query):
        values = json.loads(key)
        if kind == RECORD:
            records.append(LeftOut(*values))
        else:
            documents.append(Unread(values[1], values[3]))
    return sorted(records), sorted(documents)
