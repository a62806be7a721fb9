"""Puts the facts of one file (`archive.scanning`) into the tables, and takes them out again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive.database.bulk import chunks, insert_new
from archive.database.models import (
    Act,
    Capture,
    Crawl,
    Discovery,
    Failure,
    Judgement,
    Publication,
    SealedReading,
    Version,
)
from archive.scanning import READING_SCHEMA, FileFacts

Row = dict[str, Any]


def store_facts(session: Session, facts: FileFacts) -> None:
    """Insert everything that ``facts`` holds; what is there already stays.

    A crawl has its record in each of its files, so any of them may come first, also without the one that ends it.
    """
    _crawls(session, facts)
    insert_new(session, Capture, list(facts.captures.values()))
    _judgements(session, facts)
    insert_new(session, Discovery, facts.discoveries)
    insert_new(session, Failure, facts.failures)
    insert_new(session, Act, facts.acts)
    insert_new(session, SealedReading, _sealed(facts))


def forget_file(session: Session, name: str) -> None:
    """Take out what a file said; readings of its captures go too and are made anew from what is left."""
    captures = session.scalars(select(Capture.id).where(Capture.warc_file == name)).all()
    for part in chunks(captures):
        holding = select(Version.publication_id).where(Version.first_capture.in_(part) | Version.last_capture.in_(part))
        session.execute(delete(Publication).where(Publication.id.in_(holding)))
        session.execute(delete(Capture).where(Capture.id.in_(part)))
    for model in (Discovery, Failure, Act, SealedReading):
        session.execute(delete(model).where(model.__table__.c.warc_file == name))


def _crawls(session: Session, facts: FileFacts) -> None:
    insert_new(session, Crawl, list(facts.crawls.values()))
    for key, row in facts.crawls.items():
        known = session.get(Crawl, key)
        if known is not None and known.started_at > row["started_at"]:
            known.started_at = row["started_at"]
    named = {row["crawl_id"] for row in (*facts.captures.values(), *facts.discoveries, *facts.failures)} - {None}
    for key in sorted(named - facts.crawls.keys()):
        # A file whose crawl record is missing (cut by hand): its captures are still captures of that crawl.
        insert_new(session, Crawl, [_unknown_crawl(key, facts)])
    for key, end in facts.ends.items():
        session.execute(update(Crawl).where(Crawl.id == key).values(**end))


def _unknown_crawl(key: str, facts: FileFacts) -> Row:
    moments = [row["captured_at"] for row in facts.captures.values() if row["crawl_id"] == key]
    moments += [row["recorded_at"] for row in (*facts.discoveries, *facts.failures) if row["crawl_id"] == key]
    return {
        "id": key,
        "portal": "",
        "scope": "",
        "started_at": min(moments),
        "clock": "",
        "arguments": {},
        "profile": "",
        "profile_digest": "",
        "configuration": "",
        "vantage": {},
        "connect_to": [],
        "made_up": False,
        "software": {},
        "ended_at": None,
        "end_reason": None,
        "counts": None,
        "stats": None,
        "learned": None,
    }


def _judgements(session: Session, facts: FileFacts) -> None:
    """A revisit is what its original is: its own body is not there to be judged."""
    rows = [
        {"capture_id": capture, "verdict": judgement.verdict, "signature": judgement.signature}
        for capture, judgement in facts.judgements.items()
    ]
    insert_new(session, Judgement, rows)
    originals = {row["id"]: row["original"] for row in facts.captures.values() if row["id"] not in facts.judgements}
    known: dict[str, tuple[str, str | None]] = {}
    for part in chunks(sorted({original for original in originals.values() if original})):
        found = session.scalars(select(Judgement).where(Judgement.capture_id.in_(part)))
        known.update({row.capture_id: (row.verdict, row.signature) for row in found})
    revisits = []
    for capture, original in originals.items():
        verdict, signature = known.get(original or "", ("ok", None))
        revisits.append({"capture_id": capture, "verdict": verdict, "signature": signature})
    insert_new(session, Judgement, revisits)


def _sealed(facts: FileFacts) -> list[Row]:
    import json

    rows = []
    for record_id, block in facts.readings.items():
        data = json.loads(block)
        if data.get("schema") == READING_SCHEMA:
            version = str(data["reading"]["version_id"])
            rows.append(
                {"id": record_id, "warc_file": facts.name, "version_id": version, "block": block.decode("utf-8")}
            )
    return rows
