"""What earlier crawls of a portal learned about its addresses, for the next one.

Addresses that were missing are asked for again seldom; lists that were found beside the profile are asked at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from archive.database import Database
from archive.database.models import Capture, Crawl, Judgement
from archive.signatures import GONE

_CRAWLS = 50


@dataclass(frozen=True, slots=True)
class MissingAddress:
    """An address that was not there when it was asked for last.

    Attributes:
        asked: when that was.
        times: how many answers in all said so since it was there last.
    """

    asked: datetime
    times: int


def missing_addresses(database: Database, portal: str) -> dict[str, MissingAddress]:
    """Addresses of ``portal`` whose last answer to a GET was 404, 410 or a page that says so with status 200."""
    gone = or_(Capture.status.in_(sorted(GONE)), Judgement.verdict == "soft404")
    said = (
        select(Capture.url, Capture.captured_at)
        .join(Crawl, Crawl.id == Capture.crawl_id)
        .outerjoin(Judgement, Judgement.capture_id == Capture.id)
        .where(Crawl.portal == portal, Capture.method == "GET", Capture.purpose != "robots")
    )
    with database.session() as session:
        missed = session.execute(said.where(gone).order_by(Capture.captured_at)).all()
        names = sorted({url for url, _ in missed})
        there: dict[str, datetime] = {}
        for first in range(0, len(names), 500):
            part = said.where(~gone, Capture.status < 400, Capture.url.in_(names[first : first + 500]))
            there.update((url, moment) for url, moment in session.execute(part.order_by(Capture.captured_at)))
    since = [(url, moment) for url, moment in missed if url not in there or there[url] < moment]
    times = Counter(url for url, _ in since)
    return {url: MissingAddress(moment, times[url]) for url, moment in since}


def found_lists(database: Database, portal: str) -> dict[str, tuple[str, ...]]:
    """By column: lists that led to reports and that the profile of that crawl did not name, newest crawl first."""
    query = (
        select(Crawl.learned)
        .where(Crawl.portal == portal, Crawl.learned.is_not(None))
        .order_by(Crawl.started_at.desc(), Crawl.id)
        .limit(_CRAWLS)
    )
    found: dict[str, dict[str, None]] = {}
    with database.session() as session:
        for learned in session.scalars(query):
            for fact in learned or ():
                if fact.get("kind") == "column_found" and (url := fact.get("patch", {}).get("url")):
                    found.setdefault(str(fact.get("column")), {}).setdefault(str(url))
    return {column: tuple(urls) for column, urls in found.items()}
