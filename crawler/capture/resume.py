"""Which crawl is unfinished, which files are its own, and by which clock it goes on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

from archive import WarcError
from archive.errors import StorageError
from archive.home import Home
from archive.metadata import CrawlEndMetadata, CrawlMetadata, understood
from archive.storage.base import Storage
from archive.storage.open import listed, open_storage
from archive.warc import scan
from archive.warc.seal import SEAL_SUFFIX, sealed_name

_FILE = re.compile(r"(?P<crawl>(?P<portal>.+)-\d{14}-[0-9a-f]{4})-\d{17}-\d{5}-[0-9a-f]+\.warc\.gz")
_FIRST_RECORDS = 3
_FIRST_BYTES = 1 << 18


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
        head: CrawlMetadata | None = None
        ended = False
        for name in crawls[crawl]:
            try:
                payloads = _first_payloads(storage, name) if name in there else None
            except StorageError:
                payloads = None
            head = head or next((found for found in payloads or () if isinstance(found, CrawlMetadata)), None)
            ended = ended or payloads is None or any(isinstance(found, CrawlEndMetadata) for found in payloads)
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
