"""Puts the facts of one file (`archive.index.extract`) into the tables, and takes them out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive.database.apart import each_apart
from archive.database.base import Base
from archive.database.models import (
    Capture,
    Crawl,
    Discovery,
    Failure,
    Judgement,
    Pending,
    Publication,
    Version,
)
from archive.database.rows import Row, chunks, insert_new, upsert
from archive.index.extract import DOCUMENTS, END_OF_CRAWL, FileFacts
from archive.index.revisits import IMPORTED, find_originals, search, searched_for, share_purposes
from archive.index.runs.left_out import LeftOut, forget_records, keep_records
from archive.warc.values import storable


def store_facts(session: Session, facts: FileFacts) -> None:
    """Insert everything that ``facts`` holds; what is there already stays.

    A crawl has its record in each of its files, so any of them may come first, also without the one that ends it.
    What the database refuses is left out and noted in ``facts.left_out``, which is stored too.
    """
    _crawls(session, facts)
    for row in _insert(session, Capture, list(facts.captures.values()), facts):
        del facts.captures[row["id"]]
        facts.judgements.pop(row["id"], None)
    _, refused = each_apart(session, facts.late, lambda rows: _know_more(session, rows))
    facts.left_out += [LeftOut(facts.name, -1, storable(row["id"]), reason) for row, reason in refused]
    find_originals(session, facts.captures)
    share_purposes(session, facts.captures)
    _judgements(session, facts)
    for model in _parents_first(facts.rows):
        _insert(session, model, facts.rows[model], facts)
    keep_records(session, facts.left_out)


def _know_more(session: Session, rows: Sequence[Row]) -> None:
    for row in rows:
        session.execute(update(Capture).where(Capture.id == row["id"]).values(**row))


def _insert(session: Session, model: type[Base], rows: list[Row], facts: FileFacts) -> list[Row]:
    """Insert rows; those that the database refuses are noted and returned."""
    _, refused = each_apart(session, rows, lambda part: insert_new(session, model, part))
    for row, reason in refused:
        record_id = str(row["id"]).partition("#")[0]
        facts.left_out.append(LeftOut(facts.name, row.get("offset", -1), storable(record_id), reason))
    return [row for row, _ in refused]


def forget_file(session: Session, name: str) -> None:
    """Take out what a file said; readings of its captures go too and are made anew from what is left."""
    captures = session.scalars(select(Capture.id).where(Capture.warc_file == name)).all()
    bereft = searched_for(session, captures)
    for part in chunks(captures):
        given = (Capture.original.in_(part), Capture.kind == "revisit", Capture.purpose == IMPORTED)
        session.execute(update(Capture).where(*given).values(purpose=None))
    for part in chunks(captures):
        holding = select(Version.publication_id).where(Version.first_capture.in_(part) | Version.last_capture.in_(part))
        rows = session.execute(select(Publication.own_report, Publication.report_id).where(Publication.id.in_(holding)))
        reports = sorted({report for row in rows for report in row if report})
        insert_new(session, Pending, [{"kind": "report", "key": report} for report in reports])
        session.execute(delete(Publication).where(Publication.id.in_(holding)))
        session.execute(delete(Capture).where(Capture.id.in_(part)))
    search(session, bereft)
    forget_records(session, name)
    for table in reversed(Base.metadata.sorted_tables):
        if "warc_file" in table.columns:
            session.execute(delete(table).where(table.c.warc_file == name))


def _parents_first(models: Iterable[type[Base]]) -> list[type[Base]]:
    """Tables in an order in which each stands behind those that its rows refer to."""
    names = [table.name for table in Base.metadata.sorted_tables]
    return sorted(models, key=lambda model: names.index(model.__tablename__))


def touched_locators(session: Session, facts: FileFacts) -> set[tuple[str, str, str | None]]:
    """Locators whose history these facts may change: those of their documents, and of revisits to what they hold."""
    touched = {
        (row["method"], row["url"], row["body_digest"])
        for row in (*facts.captures.values(), *facts.late)
        if row["purpose"] in DOCUMENTS
    }
    for part in chunks(sorted(facts.captures)):
        rows = session.execute(
            select(Capture.method, Capture.url, Capture.body_digest).where(
                Capture.original.in_(part), Capture.purpose.in_(DOCUMENTS)
            )
        )
        touched.update((method, url, body) for method, url, body in rows)
    return touched


def _crawls(session: Session, facts: FileFacts) -> None:
    for key, row in facts.crawls.items():
        known = session.get(Crawl, key)
        if known is None:
            if _insert(session, Crawl, [row], facts):
                insert_new(session, Crawl, [_unknown_crawl(key, row["started_at"])])  # its captures are still its own
        elif not known.profile and row["profile"]:
            # It came first without its profile (from the file of the crawl's end), or was made up from its captures.
            ended = {name: getattr(known, name) for name in END_OF_CRAWL}
            upsert(session, Crawl, [{**row, **ended, "started_at": min(known.started_at, row["started_at"])}])
        elif known.started_at > row["started_at"]:
            known.started_at = row["started_at"]
    session.flush()
    recorded = (*facts.rows[Discovery], *facts.rows[Failure])
    named = {row["crawl_id"] for row in (*facts.captures.values(), *recorded)} - {None}
    for key in sorted(named - facts.crawls.keys()):
        # A file whose crawl record is missing (cut by hand): its captures are still captures of that crawl.
        moments = [row["captured_at"] for row in facts.captures.values() if row["crawl_id"] == key]
        moments += [row["recorded_at"] for row in recorded if row["crawl_id"] == key]
        _insert(session, Crawl, [_unknown_crawl(key, min(moments))], facts)
    _, refused = each_apart(session, list(facts.ends.items()), lambda ends: _end_crawls(session, ends))
    facts.left_out += [LeftOut(facts.name, -1, storable(key), reason) for (key, _), reason in refused]


def _end_crawls(session: Session, ends: Sequence[tuple[str, Row]]) -> None:
    for key, end in ends:
        session.execute(update(Crawl).where(Crawl.id == key).values(**end))


def _unknown_crawl(key: str, started_at: datetime) -> Row:
    return {
        "id": key,
        "portal": "",
        "scope": "",
        "started_at": started_at,
        "clock": "",
        "arguments": {},
        "profile": "",
        "profile_digest": "",
        "configuration": "",
        "vantage": {},
        "connect_to": [],
        "made_up": False,
        "software": {},
        **dict.fromkeys(END_OF_CRAWL),
    }


def _judgements(session: Session, facts: FileFacts) -> None:
    """A revisit is what its original is: its own body is not there to be judged. Either may come first."""
    own: dict[str, tuple[str, str | None]] = {
        key: (judgement.verdict, judgement.signature) for key, judgement in facts.judgements.items()
    }
    originals = {row["id"]: row["original"] for row in facts.captures.values() if row["id"] not in own}
    for part in chunks(sorted(own)):
        rows = session.execute(select(Capture.id, Capture.original).where(Capture.original.in_(part)))
        originals.update((capture, original) for capture, original in rows)
    known: dict[str, tuple[str, str | None]] = dict(own)
    for part in chunks(sorted({original for original in originals.values() if original and original not in own})):
        found = session.scalars(select(Judgement).where(Judgement.capture_id.in_(part)))
        known.update((row.capture_id, (row.verdict, row.signature)) for row in found)
    judged = {**{capture: known.get(original or "", ("ok", None)) for capture, original in originals.items()}, **own}
    upsert(
        session,
        Judgement,
        [
            {"capture_id": capture, "verdict": verdict, "signature": signature}
            for capture, (verdict, signature) in judged.items()
        ],
    )
