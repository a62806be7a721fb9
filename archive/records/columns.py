"""What each list of reports came to when it was last asked for, as the archive says it.

A crawl's end records what its columns came to. Of a crawl without that (it was killed, or is older) the answers to the
column's own address are asked: refused by a known signature, or none at all. A portal that refuses its lists names no
report, so that nothing else in the archive would know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Capture, Crawl, Failure, Judgement
from archive.database.rows import chunks
from archive.metadata import is_trial

REFUSED = frozenset({"blocked", "unanswered", "refused"})
"""Outcomes of a list that nobody could read; what is behind it is not known."""

_READ = "read"


@dataclass(frozen=True, slots=True)
class Column:
    """One list of reports at its latest crawl.

    Attributes:
        portal: whose.
        url: of the list.
        outcome: ``read``, ``short``, ``empty``, ``blocked``, ``unanswered``, ``missing``, ``refused``.
        blocked_by: the signature that knew the refusal, or how the request failed; None where it was answered.
        problem: what fell short, in a sentence, as the crawl said it.
        reports: how many it gave.
        crawl: which.
    """

    portal: str
    url: str
    outcome: str
    blocked_by: str | None
    problem: str | None
    reports: int
    crawl: str

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai coverage --json``."""
        return {
            "portal": self.portal,
            "url": self.url,
            "outcome": self.outcome,
            "blocked_by": self.blocked_by,
            "problem": self.problem,
            "reports": self.reports,
            "crawl": self.crawl,
        }


class _Crawl(NamedTuple):
    """What of a crawl says what its lists came to; profile and settings stand beside it and are not read."""

    id: str
    portal: str
    arguments: dict[str, Any]
    columns: list[Any] | None


def columns(session: Session, until: datetime | None = None, portal: str | None = None) -> list[Column]:
    """Every column that was asked for up to ``until``, at its latest crawl, in order of portal and address."""
    query = select(Crawl.id, Crawl.portal, Crawl.arguments, Crawl.columns)
    query = query.where(Crawl.portal != "").order_by(Crawl.started_at.desc(), Crawl.id.desc())
    if until is not None:
        query = query.where(Crawl.started_at <= until)
    if portal is not None:
        query = query.where(Crawl.portal == portal)
    crawls = [_Crawl(*row) for row in session.execute(query)]
    crawls = [crawl for crawl in crawls if not is_trial(crawl.arguments)]
    unsaid = [crawl.id for crawl in crawls if not crawl.columns]
    asked = _asked(session, unsaid)
    latest: dict[tuple[str, str], tuple[_Crawl, dict[str, Any]]] = {}
    for crawl in crawls:
        for said in crawl.columns or asked.get(crawl.id) or []:
            latest.setdefault((crawl.portal, str(said.get("url"))), (crawl, said))
    return [_column(session, crawl, said) for _, (crawl, said) in sorted(latest.items(), key=lambda item: item[0])]


def refused_columns(session: Session, portal: str | None = None) -> Iterator[dict[str, Any]]:
    """Lists that were refused or did not answer when they were last asked for, as lines beside reports."""
    for column in columns(session, portal=portal):
        if column.outcome in REFUSED:
            by = column.blocked_by or column.outcome
            yield {"portal": column.portal, "url": column.url, "status": "blocked", "blocked_by": by}


def _asked(session: Session, crawls: list[str]) -> dict[str, list[dict[str, Any]]]:
    """By crawl: the columns whose own address it asked for, with what that came to."""
    found: dict[str, dict[str, str]] = {}
    for part in chunks(crawls):
        lost = select(Failure.crawl_id, Failure.url, Failure.hints).where(
            Failure.crawl_id.in_(part), Failure.purpose == "list"
        )
        for crawl, url, hints in session.execute(lost):
            if url == (hints or {}).get("column"):
                found.setdefault(crawl, {}).setdefault(url, "unanswered")
        answers = (
            select(Capture.crawl_id, Capture.url, Capture.hints, Judgement.verdict)
            .join(Judgement, Judgement.capture_id == Capture.id)
            .where(Capture.crawl_id.in_(part), Capture.purpose == "list")
            .order_by(Capture.captured_at, Capture.id)
        )
        for crawl, url, hints, verdict in session.execute(answers):
            if url == (hints or {}).get("column"):
                word = {"blocked": "blocked", "soft404": "missing"}.get(verdict, _READ)
                found.setdefault(str(crawl), {})[url] = word
    return {crawl: [{"url": url, "outcome": word} for url, word in rows.items()] for crawl, rows in found.items()}


def _column(session: Session, crawl: _Crawl, said: dict[str, Any]) -> Column:
    url, outcome = str(said.get("url")), str(said.get("outcome"))
    by: str | None = None
    if outcome in REFUSED:
        by = session.scalars(
            select(Judgement.signature)
            .join(Capture, Capture.id == Judgement.capture_id)
            .where(Capture.crawl_id == crawl.id, Capture.url == url, Judgement.verdict == "blocked")
            .order_by(Capture.captured_at.desc(), Capture.id.desc())
            .limit(1)
        ).first()
        by = (
            by
            or session.scalars(
                select(Failure.kind)
                .where(Failure.crawl_id == crawl.id, Failure.url == url)
                .order_by(Failure.recorded_at.desc(), Failure.id.desc())
                .limit(1)
            ).first()
        )
    return Column(crawl.portal, url, outcome, by, said.get("problem"), int(said.get("reports") or 0), crawl.id)
