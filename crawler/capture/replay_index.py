"""Resuming is replaying: what this crawl already holds is answered from its WARC files.

There is no frontier to lose. A crawl that did not end (its files hold no ``gongkai.crawl-end``) is continued by the
same command: the dead run's files are recovered and sealed, the same spider runs again, and every request whose
complete, unblocked answer is already held gets it back; the rest go out. A metadata record that cannot be understood
costs itself: its answer is asked for again. ``--as-of`` uses the same index over all
earlier crawls, and no network at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive import ArchiveError
from archive.index.discoveries import identity
from archive.metadata import DiscoveryMetadata, FetchMetadata, understood
from archive.signatures import Judgement
from archive.storage.base import Storage
from archive.storage.open import scan_stored
from archive.warc import Record
from archive.warc.location import RecordLocation
from archive.warc.read import bare
from crawler.capture.request import CaptureKind, CaptureRef

PART = "subresource"
_TYPES = frozenset({"request", "response", "revisit", "resource", "metadata"})


@dataclass(frozen=True, slots=True)
class ReplayEntry:
    """An answer that can be given again.

    Attributes:
        key: its replay key.
        location: of the capture.
        kind: of the capture (`crawler.capture.request.CaptureRef`).
        date: WARC-Date of the capture.
        content: where the content lies: the capture itself, or the original that a revisit refers to.
        final_url: of a rendered page.
        drawn: it is a rendered page, or a revisit of one.
    """

    key: str
    location: RecordLocation
    kind: CaptureKind
    date: str
    content: RecordLocation
    final_url: str | None = None
    drawn: bool = False

    def ref(self, judgement: Judgement) -> CaptureRef:
        """Where it lies, as a replayed capture; ``judgement`` says what it is."""
        unchanged = self.kind == "revisit"
        return CaptureRef(self.location, self.kind, unchanged=unchanged, replayed=True, judgement=judgement)


class ReplayIndex:
    """What a set of WARC files holds, by replay key.

    Attributes:
        damaged: files that could not be read to their end, with the reason.
    """

    def __init__(self) -> None:
        self._held: dict[str, ReplayEntry] = {}
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

    def add(self, held: ReplayEntry) -> None:
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
        known = next((held for held in self._held.values() if held.location.record_id == record_id), None)
        if known is not None:
            self.add(replace(known, key=key))

    def find(self, key: str) -> ReplayEntry | None:
        """The answer to this key, or None."""
        return self._held.get(key)

    def torn(self, url: str) -> Record | None:
        """A whole answer to a GET of this address whose fetch record was torn off by a crash; once."""
        return self._torn.pop(url, None)

    def forget(self, key: str) -> None:
        """What could not be read back is asked for again."""
        self._held.pop(key, None)

    def has_discovery(self, payload: DiscoveryMetadata) -> bool:
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
            if isinstance(payload, FetchMetadata):
                if payload.adopted is not None and (torn := self._torn.pop(_target(payload), None)) is not None:
                    captures[torn.id] = torn
                if (held := _held(record, payload, captures)) is not None:
                    self.add(held)
                elif payload.adopted is not None:
                    self.share(payload.adopted, payload.key)
                captures.clear()
            elif isinstance(payload, DiscoveryMetadata):
                self.has_discovery(payload)
        for record in captures.values():  # what the last exchange left: its metadata, written last, is not there
            asked = requests.get(f"<{record.id}>")
            # Without its request nobody knows what was asked; a fetch of another kind would be taken for it.
            if record.type == "response" and asked is not None and asked.block.startswith(b"GET "):
                self._torn[record.uri or ""] = record


def _target(payload: FetchMetadata) -> str:
    """The address as it stands in the records of an exchange: without fragment."""
    return payload.url.partition("#")[0]


def _held(record: Record, payload: FetchMetadata, captures: dict[str, Record]) -> ReplayEntry | None:
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
        content = replace(payload.original, record_id=named)
    elif payload.status == 304:
        return None
    else:
        content = capture.location
    kinds: dict[str, CaptureKind] = {"resource": "rendered", "revisit": "revisit"}
    drawn = payload.rendered_by is not None
    return ReplayEntry(
        key=payload.key,
        location=capture.location,
        kind=kinds.get(capture.type, "response"),
        date=capture.date,
        content=content,
        final_url=payload.final_url,
        drawn=drawn,
    )


# -- crawls ---------------------------------------------------------------------------------------------------------
