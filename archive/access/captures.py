"""Looking captures up: by address and time, by id; the content behind a revisit.

Times are UTC; days are those of China (`archive.times`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.database import Database
from archive.database.models import Capture, Crawl, Discovery, Judgement
from archive.database.rows import AnySelect
from archive.database.session import explained
from archive.errors import DamagedWarc, NotFound
from archive.index.documents import Source, record_content
from archive.index.revisits import holder_of
from archive.records.known_reports import KnownReport, known_reports
from archive.records.lessons import MissingAddress, found_lists, missing_addresses
from archive.urlkey import LAST, host_range, prefix_range, url_key, within_host
from archive.warc.build import digest_forms
from archive.warc.location import RecordLocation
from archive.warc.read import Record, read_at

Match = Literal["exact", "prefix", "host", "domain"]
_BY_TIME = itemgetter(1, 0)
_SOME = 100


@dataclass(frozen=True, slots=True)
class Prior:
    """The latest complete answer of an address that a conditional request or a revisit may refer to."""

    location: RecordLocation
    date: datetime
    url: str
    payload_digest: str | None
    etag: str | None
    last_modified: str | None


class IndexLine(NamedTuple):
    """A capture as a line of a CDX index has it: flat, since looking up has to be quick."""

    id: str
    captured_at: datetime
    kind: str
    url: str
    status: int | None
    media_type: str | None
    digest: str | None
    warc_file: str
    offset: int
    length: int
    original: str | None


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """A capture with its judgement and whether it was obtained from the host it names."""

    capture: Capture
    verdict: str
    signature: str | None
    made_up: bool

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai captures --json``."""
        from archive.database.types import time_text

        capture = self.capture
        return {
            "capture": capture.id,
            "captured_at": time_text(capture.captured_at),
            "kind": capture.kind,
            "url": capture.url,
            "method": capture.method,
            "status": capture.status,
            "media_type": capture.media_type,
            "digest": capture.digest,
            "purpose": capture.purpose,
            "judgement": self.verdict,
            "signature": self.signature,
            "original": capture.original,
            "truncated": capture.truncated,
            "crawl": capture.crawl_id,
            "warc_file": capture.warc_file,
            "offset": capture.offset,
            "length": capture.length,
            "made_up": self.made_up,
        }


class Captures:
    """Look-ups over the captures of one archive.

    Args:
        database: the index.
        source: where the WARC files are.
    """

    def __init__(self, database: Database, source: Source) -> None:
        self._database = database
        self._source = source
        prepared = _PLACES.compile(database.engine)  # once: compiling costs more than looking up
        self._places = str(prepared)
        self._positional = bool(prepared.positional)
        self._driver_error: type[Exception] = database.engine.dialect.loaded_dbapi.Error

    def get(self, capture: str) -> Capture:
        """The capture of this id (also without ``urn:uuid:``, or its first eight characters or more).

        Raises:
            NotFound: there is none, or several begin so.
        """
        with self._database.session() as session:
            return _get(session, capture)

    def list(
        self,
        url: str,
        *,
        match: Match = "exact",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Sequence[CaptureLine]:
        """Captures of an address, oldest first (for ranges: by key, then time).

        Args:
            url: an address; for ``host`` and ``domain`` (with subdomains) a host name will do.
            match: how much of it must agree.
            since: not before this time.
            until: not after this time.
            limit: at most so many.
            after: id of the capture behind which they begin.

        Raises:
            NotFound: there is no capture ``after``, or several begin so.
        """
        with self._database.session() as session:
            query = _within(_lines(), url, match)
            if after is not None:
                last = _get(session, after)
                place = (last.url_key, last.captured_at, last.id)
                query = query.where(tuple_(Capture.url_key, Capture.captured_at, Capture.id) > place)
            if since is not None:
                query = query.where(Capture.captured_at >= since)
            if until is not None:
                query = query.where(Capture.captured_at <= until)
            query = query.order_by(Capture.url_key, Capture.captured_at, Capture.id)
            if limit is not None:
                # what is not wanted is not fetched; among those of a domain may be some that are left out
                query = query.limit(limit) if match != "domain" else query.execution_options(yield_per=_SOME)
            with contextlib.closing(session.execute(query)) as rows:
                found: Iterator[CaptureLine] = map(_line, rows)
                if match == "domain":
                    found = (line for line in found if within_host(line.capture.url_key, url))
                return list(islice(found, limit))

    def lookup(self, url: str, *, method: str = "GET", body_digest: str | None = None) -> Sequence[IndexLine]:
        """Where the captures of exactly this address lie, oldest first: as quick as the index allows, for replay."""
        key = url_key(url, method, body_digest)
        try:
            connection = self._database.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(self._places, (key,) if self._positional else {"key": key})
                rows = sorted(cursor.fetchall(), key=_BY_TIME)
                cursor.close()
            finally:
                connection.close()
        except (DBAPIError, self._driver_error) as error:
            with explained(self._database.subject):
                raise DBAPIError.instance(self._places, key, error, self._driver_error) from error
        return [IndexLine(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    def closest(self, url: str, moment: datetime, *, method: str = "GET", body_digest: str | None = None) -> Capture:
        """The capture of this address nearest in time, in either direction.

        Raises:
            NotFound: there is none.
        """
        key = {"key": url_key(url, method, body_digest), "moment": moment}
        with self._database.session() as session:
            around = [session.scalars(query, key).first() for query in (_BEFORE, _AFTER)]
        found = [capture for capture in around if capture is not None]
        if not found:
            raise NotFound("was never captured", subject=url, advice="`gongkai captures --match host` shows what was")
        return min(found, key=lambda capture: abs(capture.captured_at - moment))

    def as_of(self, url: str, moment: datetime, *, method: str = "GET", body_digest: str | None = None) -> Capture:
        """The address as it stood at a time: its last genuine, complete answer up to then.

        Raises:
            NotFound: there is none up to then.
        """
        with self._database.session() as session:
            query = _genuine(url, method, body_digest).where(Capture.captured_at <= moment)
            found = session.scalars(query.order_by(Capture.captured_at.desc(), Capture.id.desc()).limit(1)).first()
        if found is None:
            raise NotFound(f"was not captured up to {moment.isoformat()}", subject=url)
        return found

    def prior(self, url: str, method: str = "GET", body_digest: str | None = None) -> Prior | None:
        """The latest original (no revisit, not blocked, not cut off, status 200) of exactly this address.

        It may serve as validator of a conditional request and as what a revisit refers to: it lies in a sealed file.
        """
        with self._database.session() as session:
            query = _genuine(url, method, body_digest).where(
                Capture.url == url, Capture.kind == "response", Capture.status == 200, Capture.truncated.is_(None)
            )
            row = session.scalars(query.order_by(Capture.captured_at.desc(), Capture.id.desc()).limit(1)).first()
        return _prior(row)

    def prior_answer(
        self, url: str, method: str, body_digest: str | None, status: int, payload_digest: str
    ) -> Prior | None:
        """The latest whole original of exactly this request with exactly this status and payload.

        Also one that was judged blocked or a soft 404: a revisit of it is judged as it was.
        """
        with self._database.session() as session:
            query = select(Capture).where(
                Capture.url_key == url_key(url, method, body_digest),
                Capture.url == url,
                Capture.kind == "response",
                Capture.status == status,
                Capture.digest.in_(digest_forms(payload_digest)),
                Capture.truncated.is_(None),
            )
            row = session.scalars(query.order_by(Capture.captured_at.desc(), Capture.id.desc()).limit(1)).first()
        return _prior(row)

    def prior_rendered(self, url: str, payload_digest: str) -> Prior | None:
        """The latest rendered page (no revisit, not blocked, whole) of exactly this address with exactly this DOM."""
        with self._database.session() as session:
            query = _genuine(url, "GET", None).where(
                Capture.url == url,
                Capture.kind == "rendered",
                Capture.digest.in_(digest_forms(payload_digest)),
                Capture.truncated.is_(None),
            )
            row = session.scalars(query.order_by(Capture.captured_at.desc(), Capture.id.desc()).limit(1)).first()
        return _prior(row)

    def prior_discovery(self, list_url: str, column: str, page: int) -> RecordLocation | None:
        """The record that holds what this list page offered when it was last read; None before the first time."""
        query = (
            select(Discovery.held_in)
            .where(
                Discovery.list_url == list_url,
                Discovery.column == column,
                Discovery.page == page,
                Discovery.held_in.is_not(None),
            )
            .order_by(Discovery.recorded_at.desc(), Discovery.id.desc())
            .limit(1)
        )
        with self._database.session() as session:
            place = session.scalars(query).first()
        return RecordLocation(**place) if place else None

    def known(self, portal: str) -> tuple[KnownReport, ...]:
        """Addresses where this portal's reports stood when they were last seen."""
        return known_reports(self._database, portal)

    def missing(self, portal: str) -> dict[str, MissingAddress]:
        """Addresses of this portal that were not there when they were asked for last."""
        return missing_addresses(self._database, portal)

    def found_lists(self, portal: str) -> dict[str, tuple[str, ...]]:
        """By column: lists that earlier crawls found beside the profile."""
        return found_lists(self._database, portal)

    def original(self, capture: Capture) -> Capture:
        """The capture whose record holds the content: this one, or what a revisit refers to.

        Raises:
            NotFound: the revisit's original is not in the archive.
        """
        with self._database.session() as session:
            found = holder_of(capture, lambda key: session.get(Capture, key))
        if found is None:
            raise NotFound("is a revisit whose original is not here", subject=capture.id, advice="Run `gongkai verify`")
        return found

    def record(self, capture: Capture) -> Record:
        """The archived record itself.

        Raises:
            DamagedWarc: what lies there is not that record.
        """
        record = read_at(self._source, capture.warc_file, capture.offset, capture.length)
        if record.id != capture.id:
            raise DamagedWarc(
                f"another record ({record.id}) lies at offset {capture.offset}",
                subject=capture.warc_file,
                advice="Run `gongkai verify`, then `gongkai index --rebuild`",
            )
        return record

    def content(self, capture: Capture) -> bytes:
        """The document itself, without transfer and content coding; of a revisit that of its original.

        Raises:
            ArchiveError: it is not there or damaged.
        """
        return record_content(self.record(self.original(capture)))


def _prior(row: Capture | None) -> Prior | None:
    if row is None:
        return None
    return Prior(
        location=row.record_location,
        date=row.captured_at,
        url=row.url,
        payload_digest=row.digest,
        etag=row.etag,
        last_modified=row.last_modified,
    )


def _get(session: Session, capture: str) -> Capture:
    text = capture.strip("<>")
    full = text if text.startswith("urn:") else f"urn:uuid:{text}"
    for name in (text, full):
        exact = session.get(Capture, name)
        if exact is not None:
            return exact
    found: Sequence[Capture] = ()
    if len(full) >= len("urn:uuid:") + 8:
        found = session.scalars(select(Capture).where(Capture.id >= full, Capture.id < full + LAST).limit(2)).all()
    if len(found) == 1:
        return found[0]
    raise NotFound(
        "several captures begin so" if found else "there is no such capture",
        subject=capture,
        advice="`gongkai captures URL` lists them",
    )


def _lines() -> Select[Capture, str, str | None, bool]:
    return (
        select(Capture, Judgement.verdict, Judgement.signature, Crawl.made_up)
        .outerjoin(Judgement, Judgement.capture_id == Capture.id)
        .outerjoin(Crawl, Crawl.id == Capture.crawl_id)
    )


def _line(row: Any) -> CaptureLine:
    capture, verdict, signature, made_up = row
    return CaptureLine(capture, verdict or "ok", signature, bool(made_up))


def _within(query: AnySelect, url: str, match: Match) -> AnySelect:
    if match == "exact":
        # POST answers of the same address stand right behind it under keys of their own.
        key = url_key(url)
        return query.where(or_(Capture.url_key == key, and_(Capture.url_key > f"{key} ", Capture.url_key < f"{key}!")))
    if match == "prefix":
        low, high = prefix_range(url)
    else:
        host = url.partition("//")[2].partition("/")[0] if "//" in url else url.partition("/")[0]
        low, high = host_range(host, subdomains=match == "domain")
    return query.where(Capture.url_key >= low, Capture.url_key < high)


def _genuine(url: str, method: str, body_digest: str | None) -> Select[Capture]:
    return (
        select(Capture)
        .join(Judgement, Judgement.capture_id == Capture.id)
        .where(Capture.url_key == url_key(url, method, body_digest), Judgement.verdict == "ok")
    )


_BEFORE = (
    select(Capture)
    .where(Capture.url_key == bindparam("key"), Capture.captured_at <= bindparam("moment"))
    .order_by(Capture.captured_at.desc(), Capture.id.desc())
    .limit(1)
)
_PLACES = (
    select(*(getattr(Capture, name) for name in IndexLine._fields))
    .where(Capture.url_key == bindparam("key"))
    .order_by(Capture.captured_at)  # the index's own order; `lookup` brings the few of one moment into theirs
)
_AFTER = (
    select(Capture)
    .where(Capture.url_key == bindparam("key"), Capture.captured_at > bindparam("moment"))
    .order_by(Capture.captured_at, Capture.id)
    .limit(1)
)
