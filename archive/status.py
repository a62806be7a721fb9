"""What an archive holds, in numbers, and what is left to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.database import open_database
from archive.database.aside import has_aside
from archive.database.models import (
    Agency,
    Capture,
    Crawl,
    Discovery,
    Failure,
    Judgement,
    Publication,
    Reading,
    Report,
    Version,
    WarcFile,
)
from archive.database.types import time_text
from archive.decisions import open_findings, outdated
from archive.home import Home
from archive.index.runs.left_out import damaged_files, left_out
from archive.index.runs.unfinished import rebuilding, unfinished
from archive.records.columns import refused_columns
from archive.storage.open import listed, open_storage
from archive.storage.recover import is_being_written
from archive.warc.read import OPEN_SUFFIX

_FEW = 5
"""So many of each kind are named in a terminal."""


def overview(home: Home) -> dict[str, Any]:
    """Counts, crawls (newest first) and what is left to do.

    Raises:
        DatabaseError: there is no index yet, or it cannot be used.
    """
    with open_database(home, create=False) as database, database.session() as session:
        counts = _counts(session)
        known = set(session.scalars(select(WarcFile.name)))
        crawls = _crawls(session)
        records, documents = left_out(session)
        damaged = damaged_files(session)
        refused = [f"{line['portal']}: {line['url']}: {line['blocked_by']}" for line in refused_columns(session)]
        again = len(outdated(session))
        findings = open_findings(session)
        found, why = listed(open_storage(home))
        stored = {file.name for file in found}
        to_do = unfinished(session, home, stored)
        half = rebuilding(session) is not None
        aside = has_aside(database)
    if aside and not half:
        to_do.append("a rebuild runs, or was ended: `gongkai index --rebuild` goes on; what is shown is whole")
    if why is not None:
        to_do.append(f"only what lies in {home.warc} was looked at: {why}")
    elif known - stored:
        to_do.append(f"{len(known - stored)} indexed files are not here: run `gongkai verify`")
    to_do += _open_files(home)
    if findings:
        to_do.append(f"{findings} failed checks wait for a verdict: `gongkai checks`")
    if again:
        to_do.append(f"{again} verdicts rest on other evidence than there is now: `gongkai checks`")
    to_do += _named("list was refused or did not answer", "lists were refused or did not answer", refused)
    to_do += _named("file is damaged", "files are damaged", [f"{name}: {why}" for name, why in sorted(damaged.items())])
    to_do += _named("record is not in the index", "records are not in the index", records)
    to_do += _named("document could not be read", "documents could not be read", documents)
    return {
        "counts": counts,
        "crawls": crawls,
        "left_out": [one.as_json() for one in records],
        "damaged": damaged,
        "unread": [one.as_json() for one in documents],
        "rebuilding": half,
        "to_do": to_do,
    }


def _open_files(home: Home) -> list[str]:
    """What is left of crawls that died, and what those that run are writing."""
    running = [is_being_written(path) for path in home.warc.glob(f"*{OPEN_SUFFIX}")]
    written, left = sum(running), len(running) - sum(running)
    found = []
    if left:
        files = "1 file was" if left == 1 else f"{left} files were"
        found.append(f"{files} left open by a crawl that died: `gongkai recover`, or crawl again and it goes on")
    if written:
        files = "1 file is" if written == 1 else f"{written} files are"
        found.append(f"{files} being written: a crawl runs")
    return found


def _named(one: str, several: str, things: Sequence[object]) -> list[str]:
    """A line that counts ``things``, and one for each of the first few."""
    if not things:
        return []
    head = f"1 {one}:" if len(things) == 1 else f"{len(things)} {several}:"
    more = [f"  and {len(things) - _FEW} more (`gongkai status --json`)"] if len(things) > _FEW else []
    return [head, *(f"  {thing}" for thing in things[:_FEW]), *more]


def _counts(session: Session) -> dict[str, int]:
    def count(query: Any) -> int:
        return int(session.scalar(query) or 0)  # PostgreSQL sums whole numbers as decimals

    counts = {
        "WARC files": count(select(func.count()).select_from(WarcFile)),
        "bytes in them": count(select(func.sum(WarcFile.size))),
        "crawls": count(select(func.count()).select_from(Crawl)),
        "captures": count(select(func.count()).select_from(Capture)),
        "revisits among them": count(select(func.count()).where(Capture.kind == "revisit")),
    }
    for verdict, number in session.execute(select(Judgement.verdict, func.count()).group_by(Judgement.verdict)):
        if verdict != "ok":
            counts[f"judged {verdict}"] = number
    counts |= {
        "requests without answer": count(select(func.count()).select_from(Failure)),
        "links judged": count(select(func.count()).select_from(Discovery)),
        "agencies": count(select(func.count()).select_from(Agency)),
        "reports": count(select(func.count()).select_from(Report)),
        "withdrawn": count(select(func.count()).where(Report.status == "withdrawn")),
        "changed": count(select(func.count()).where(Report.changed)),
        "versions": count(select(func.count()).select_from(Version)),
        "figures": count(select(func.sum(Reading.cells)).join(Report, Report.reading == Reading.id)),
        "documents of nobody": count(select(func.count()).where(Publication.report_id.is_(None))),
    }
    return counts


def _crawls(session: Session) -> list[dict[str, Any]]:
    per_crawl = select(Capture.crawl_id, func.count()).group_by(Capture.crawl_id)
    captures = {row[0]: row[1] for row in session.execute(per_crawl)}
    query = select(Crawl.id, Crawl.portal, Crawl.started_at, Crawl.end_reason, Crawl.made_up, Crawl.problems)
    rows = session.execute(query.order_by(Crawl.started_at.desc(), Crawl.id))
    return [
        {
            "crawl": row.id,
            "portal": row.portal,
            "started_at": time_text(row.started_at),
            "end": row.end_reason or "not ended",
            "captures": captures.get(row.id, 0),
            "made_up": row.made_up,
            "problems": list(row.problems or ()),
        }
        for row in rows
    ]
