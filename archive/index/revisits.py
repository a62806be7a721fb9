"""Finds the originals of revisits that do not say the record id of theirs.

Other makers name an original by address and time (warcprox, pywb), or leave it to the payload digest. What such a
record says is kept in ``captures.refers_to``; ``captures.original`` is then found here, and found again whenever a file
with a better answer comes or goes, so that the order of files does not matter. A revisit that states an id is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from archive.database.models import Capture
from archive.database.rows import chunks
from archive.warc.build import warc_date
from archive.warc.read import Record, bare
from archive.warc.values import read_date, wire_uri

IMPORTED = "imported"
"""Purpose of what was found in a file of another maker and looks like a report, or says that nothing is there."""

_SEARCHED = Capture.refers_to.is_not(None)


def refers_to(record: Record) -> str | None:
    """What a revisit says of its original instead of an id: ``<date> <address>``, empty where it says neither.

    None for records that are no revisit or state the id.
    """
    if record.type != "revisit" or record.header("WARC-Refers-To"):
        return None
    uri, date = record.header("WARC-Refers-To-Target-URI"), record.header("WARC-Refers-To-Date")
    try:
        return _place(wire_uri(bare(uri)), read_date(date)) if uri and date else ""
    except ValueError:
        return ""


def holder_of(capture: Capture, find: Callable[[str], Capture | None]) -> Capture | None:
    """The capture whose record holds the content of ``capture``: itself, or what a revisit refers to, over any others.

    Args:
        capture: of any kind.
        find: the capture of an id, None where there is none.

    Returns:
        None where the original is not there, or revisits refer to each other in a circle.
    """
    found: Capture | None = capture
    passed: set[str] = set()
    while found is not None and found.kind == "revisit" and found.id not in passed:
        passed.add(found.id)
        found = find(found.original or "")
    return None if found is None or found.kind == "revisit" else found


def find_originals(session: Session, captures: Mapping[str, dict[str, Any]]) -> None:
    """Find the originals of these revisits, and of those elsewhere of which these captures may be the originals.

    Args:
        session: the captures have been inserted.
        captures: rows by id, as `archive.index.extract` makes them; originals that are found are noted in them too.
    """
    if session.scalars(select(Capture.id).where(_SEARCHED).limit(1)).first() is None:
        return
    searching = {key for key, row in captures.items() if row["refers_to"] is not None}
    holding = [row for row in captures.values() if row["kind"] != "revisit"]
    for column, values in (
        (Capture.digest, {row["digest"] for row in holding if row["digest"]}),
        (Capture.refers_to, {_place(row["url"], row["captured_at"]) for row in holding}),
    ):
        for part in chunks(sorted(values)):
            searching.update(session.scalars(select(Capture.id).where(_SEARCHED, column.in_(part))))
    for key, original in search(session, searching).items():
        if key in captures:
            captures[key]["original"] = original


def share_purposes(session: Session, captures: Mapping[str, dict[str, Any]]) -> None:
    """Revisits in files of other makers are documents where their originals are: nobody says what was asked for.

    Args:
        session: the captures have been inserted and their originals found.
        captures: rows by id; purposes that are given are noted in them too.
    """
    if all(row["crawl_id"] is not None for row in captures.values()):
        return
    documents = select(Capture.id).where(Capture.purpose == IMPORTED)
    for part in chunks(sorted(captures)):
        unsaid = select(Capture.id).where(
            Capture.id.in_(part) | Capture.original.in_(part),
            Capture.kind == "revisit",
            Capture.crawl_id.is_(None),
            Capture.purpose.is_(None),
            Capture.original.in_(documents),
        )
        for key in session.scalars(unsaid).all():
            session.execute(update(Capture).where(Capture.id == key).values(purpose=IMPORTED))
            if key in captures:
                captures[key]["purpose"] = IMPORTED


def search(session: Session, revisits: Iterable[str]) -> dict[str, str | None]:
    """Look for the originals of these revisits, store what is found, and return it by revisit."""
    found: dict[str, str | None] = {}
    for part in chunks(sorted(revisits)):
        for revisit in session.scalars(select(Capture).where(Capture.id.in_(part), _SEARCHED)).all():
            found[revisit.id] = _original(session, revisit)
    for key, original in found.items():
        session.execute(update(Capture).where(Capture.id == key).values(original=original))
    return found


def searched_for(session: Session, originals: Iterable[str]) -> set[str]:
    """Revisits whose original was found, not stated, and is among these captures."""
    revisits: set[str] = set()
    for part in chunks(sorted(originals)):
        revisits.update(session.scalars(select(Capture.id).where(_SEARCHED, Capture.original.in_(part))))
    return revisits


def _original(session: Session, revisit: Capture) -> str | None:
    """By address and time; else the latest capture before it with its payload; else the first there is."""
    date, _, uri = (revisit.refers_to or "").partition(" ")
    if uri and (named := _first(session, and_(Capture.url == uri, Capture.captured_at == read_date(date)))):
        return named
    if not revisit.digest:
        return None
    same = Capture.digest == revisit.digest
    before = _first(session, and_(same, Capture.captured_at <= revisit.captured_at), latest=True)
    return before or _first(session, same)


def _first(session: Session, condition: ColumnElement[bool], *, latest: bool = False) -> str | None:
    order = (Capture.captured_at.desc(), Capture.id) if latest else (Capture.captured_at, Capture.id)
    query = select(Capture.id).where(condition, Capture.kind != "revisit").order_by(*order)
    return session.scalars(query.limit(1)).first()


def _place(uri: str, moment: Any) -> str:
    return f"{warc_date(moment)} {uri}"
