"""Resuming is replaying: what this crawl already holds is answered from its WARC files.

There is no frontier to lose. A crawl that did not end (its files hold no ``gongkai.crawl-end``) is continued by the
same command: the dead run's files are recovered and sealed, the same spider runs again, and every request whose
complete, unblocked answer is already held gets it back; the rest go out. A metadata record that cannot be understood
costs itself: its answer is asked for again. ``--as-of`` uses the same index over all
earlier crawls, and no network at all.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

from archive import ArchiveError, WarcError
from archive.errors import StorageError
from archive.home import Home
from archive.index.discoveries import identity
from archive.metadata import CrawlEndPayload, CrawlPayload, DiscoveryPayload, FetchPayload, Original, understood
from archive.storage.base import Storage
from archive.storage.open import listed, open_storage, scan_stored
from archive.warc import Record, scan
from archive.warc.read import bare
from archive.warc.seal import SEAL_SUFFIX, sealed_name
from crawler.capture.ask import CaptureKind, CaptureRef

PART = "subresource"
_TYPES = frozenset({"request", "response", "revisit", "resource", "metadata"})
_FILE = re.compile(r"(?P<crawl>(?P<portal>.+)-\d{14}-[0-9a-f]{4})-\d{17}-\d{5}-[0-9a-f]+\.warc\.gz")
_FIRST_RECORDS = 3
_FIRST_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that can be given again.

    Attributes:
        key: its replay key.
        record_id, kind, file, offset, length: the capture (`crawler.capture.ask.CaptureRef`).
        date: WARC-Date of the capture.
        content: where the content lies: the capture itself, or the original that a revisit refers to.
        final_url: of a rendered page.
        drawn: it is a rendered page, or a revisit of one.
    """

    key: str
    record_id: str
    kind: CaptureKind
    file: str
    offset: int
    length: int
    date: str
    content: Original
    final_url: str | None = None
    drawn: bool = False

    def ref(self) -> CaptureRef:
        """Where it lies, as a replayed capture."""
        unchanged = self.kind == "revisit"
        return CaptureRef(self.record_id, self.kind, unchanged, True, self.file, self.offset, self.length)


class ReplayIndex:
    """What a set of WARC files holds, by replay key.

    Attributes:
        damaged: files that could not be read to their end, with the reason.
    """

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._discoveries: set[bytes] = set()
        self._torn: dict[str, Record] = {}
        self._several: set[str] = set()
        self.damaged: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._held)

    def add_files(self, source: Storage, names: Iterable[str], *, until: str | None = None) -> None:
        """Take in everything that these files of ``source`` hold, up to the WARC-Date ``until``."""
        for name in names:
            try:
                self._add(source, name, until)
            except ArchiveError as error:
                self.damaged[name] = str(error)

    def add(self, held: Held) -> None:
        """Take in one answer; a later one takes the place of an earlier one.

        A part of a page that was asked for several times (a script that polls, or pages by a header) is given to none.
        """
        known = self._held.get(held.key)
        if held.key.endswith(f" {PART}") and (known is not None or held.key in self._several):
            self._several.add(held.key)
            self._held.pop(held.key, None)
            return
        if known is None or known.date <= held.date:
            self._held[held.key] = held

    def share(self, record_id: str, key: str) -> None:
        """Let the answer in this record be given to ``key`` too."""
        known = next((held for held in self._held.values() if held.record_id == record_id), None)
        if known is not None:
            self.add(replace(known, key=key))

    def find(self, key: str) -> Held | None:
        """The answer to this key, or None."""
        return self._held.get(key)

    def torn(self, url: str) -> Record | None:
        """A whole answer to a GET of this address whose fetch record was torn off by a crash; once."""
        return self._torn.pop(url, None)

    def forget(self, key: str) -> None:
        """What could not be read back is asked for again."""
        self._held.pop(key, None)

    def has_discovery(self, payload: DiscoveryPayload) -> bool:
        """Whether this very discovery is recorded already, in full or by reference; if not, it is from now on."""
        digest = identity(payload)
        known = digest in self._discoveries
        self._discoveries.add(digest)
        return known

    def _add(self, source: Storage, name: str, until: str | None) -> None:
        captures: dict[str, Record] = {}
        requests: dict[str, Record] = {}
        for record in scan_stored(source, name, types=_TYPES):
            if until is not None and record.date > until:
                continue
            if record.type == "request":
                requests = {record.header("WARC-Concurrent-To") or "": record}
                continue
            if record.type != "metadata":
                captures[record.id] = record
                continue
            payload = understood(record.block)
            if isinstance(payload, FetchPayload):
                if payload.adopted is not None and (torn := self._torn.pop(_target(payload), None)) is not None:
                    captures[torn.id] = torn
                if (held := _held(record, payload, captures)) is not None:
                    self.add(held)
                elif payload.adopted is not None:
                    self.share(payload.adopted, payload.key)
                captures.clear()
            elif isinstance(payload, DiscoveryPayload):
                self.has_discovery(payload)
        for record in captures.values():  # what the last exchange left: its metadata, written last, is not there
            asked = requests.get(f"<{record.id}>")
            # Without its request nobody knows what was asked; a fetch of another kind would be taken for it.
            if record.type == "response" and asked is not None and asked.block.startswith(b"GET "):
                self._torn[record.uri or ""] = record


def _target(payload: FetchPayload) -> str:
    """The address as it stands in the records of an exchange: without fragment."""
    return payload.url.partition("#")[0]


def _held(record: Record, payload: FetchPayload, captures: dict[str, Record]) -> Held | None:
    """The answer that a fetch record stands beside, if it may be given again."""
    if payload.failure is not None or payload.blocked_by is not None or payload.purpose == "robots":
        return None
    if payload.status is None or not 200 <= payload.status < 400 or (payload.purpose == PART and payload.status == 206):
        return None
    beside = {value.strip("<>") for value in record.header_all("WARC-Concurrent-To")}
    capture = next((captures[name] for name in beside if name in captures), None)
    if capture is None or (capture.type == "response" and capture.header("WARC-Truncated")):
        return None
    if capture.type == "revisit":
        if payload.original is None:
            return None
        named = payload.original.record_id or bare(capture.header("WARC-Refers-To") or "")
        content = payload.original.model_copy(update={"record_id": named})
    elif payload.status == 304:
        return None
    else:
        content = Original(record_id=capture.id, file=capture.file, offset=capture.offset, length=capture.length)
    kinds: dict[str, CaptureKind] = {"resource": "rendered", "revisit": "revisit"}
    drawn = payload.rendered_by is not None
    return Held(
        payload.key,
        capture.id,
        kinds.get(capture.type, "response"),
        capture.file,
        capture.offset,
        capture.length,
        capture.date,
        content,
        payload.final_url,
        drawn,
    )


# -- crawls ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A crawl without an end: its record and the names of its sealed files."""

    crawl: str
    clock: datetime
    files: tuple[str, ...]


def new_crawl_id(portal: str, now: datetime) -> str:
    """A fresh name for a crawl: portal, time, four random digits."""
    import secrets

    return f"{portal}-{now.astimezone(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(2)}"


def files_of(names: Iterable[str], portal: str) -> dict[str, list[str]]:
    """Of these sealed files those of a portal's crawls: crawl id to files in the order in which they were written."""
    crawls: dict[str, list[str]] = {}
    for name in sorted(names):
        match = _FILE.fullmatch(name)
        if match and match["portal"] == portal:
            crawls.setdefault(match["crawl"], []).append(name)
    return crawls


def find_unfinished(home: Home, portal: str, scope: str, *, made_up: bool) -> Unfinished | None:
    """The newest crawl of this scope, if it did not end.

    Real captures and made-up ones (``--connect-to``) are never mixed in one crawl. Where a file of the crawl is out of
    reach nobody knows whether it ended: then it is left as it is.
    """
    storage = open_storage(home)
    stored, _ = listed(storage)
    there = {file.name for file in stored}
    sealed = {sealed_name(path) for path in home.warc.glob("*" + SEAL_SUFFIX)}
    crawls = files_of(there | sealed, portal)
    # Ids count seconds; of two crawls that began in the same one the names of their first files decide (milliseconds).
    newest = sorted(crawls, key=lambda name: (name[-19:-5], crawls[name][0].removeprefix(name)), reverse=True)
    for crawl in newest:
        head: CrawlPayload | None = None
        ended = False
        for name in crawls[crawl]:
            try:
                payloads = _first_payloads(storage, name) if name in there else None
            except StorageError:
                payloads = None
            head = head or next((found for found in payloads or () if isinstance(found, CrawlPayload)), None)
            ended = ended or payloads is None or any(isinstance(found, CrawlEndPayload) for found in payloads)
        clock = _moment(head.clock) if head is not None else None
        if head is None or clock is None or head.scope != scope or head.made_up != made_up:
            continue
        if ended:
            return None
        return Unfinished(crawl, clock, tuple(crawls[crawl]))
    return None


def _moment(text: str) -> datetime | None:
    """A crawl's clock; None where it is none with a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _first_payloads(storage: Storage, file: str) -> list[object]:
    """Payloads of the first records: the crawl's own, and its end, which stands alone in the last file."""
    first = BytesIO(storage.read_range(file, 0, _FIRST_BYTES))
    found: list[object] = []
    with contextlib.suppress(WarcError):
        records = islice(scan(first, name=file), _FIRST_RECORDS)
        found.extend(understood(record.block) for record in records if record.type == "metadata")
    return found
