"""One sealed WARC file -> the facts in it that the index keeps. Pure: no database, so files can be read in parallel.

Whatever made the file, every response, revisit and rendered page becomes a capture; what Gongkai's own metadata records
say (`archive.metadata`) is added to it. A record that cannot be understood is left out and named, never an end of the
file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from archive.database.apart import reason_of
from archive.database.models import Act, Base, Discovery, Failure, SealedReading
from archive.database.rows import Row
from archive.errors import StorageError, WarcError
from archive.index.discoveries import resolved
from archive.index.identity import Overrides
from archive.index.readings import READING_SCHEMA, unseal
from archive.index.revisits import IMPORTED, refers_to
from archive.index.runs.left_out import LeftOut
from archive.metadata import (
    CONTENT_TYPE,
    ActMetadata,
    CrawlEndMetadata,
    CrawlMetadata,
    DiscoveryMetadata,
    FetchMetadata,
    Metadata,
    read_metadata,
    told,
)
from archive.signatures import GONE, Judgement, Signatures, load_signatures
from archive.storage.base import Storage
from archive.urlkey import url_key
from archive.warc.heads import first_said
from archive.warc.http import HttpMessage
from archive.warc.problem import Problem
from archive.warc.read import Record, bare, scan
from archive.warc.values import read_date, storable
from parsers.formats.media import DOCUMENT_BEGINNINGS

_DOM = "urn:dom:"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_WANTED = frozenset({"response", "revisit", "resource", "metadata", "conversion"})
DOCUMENTS = ("report", "attachment", IMPORTED)
"""Purposes of what may be a report: the crawler asked for one, or a file of another maker holds what looks like one (or
the answer that nothing is there)."""

END_OF_CRAWL = ("ended_at", "end_reason", "counts", "stats", "learned", "problems", "columns")
"""What a crawl's row holds of its end: nothing until the record that says it has come."""

_ERRORS = 400  # statuses from here on
_WORDS = tuple(tuple(word.encode(code) for word in ("信息公开", "报告")) for code in ("utf-8", "gb18030"))


@dataclass(slots=True)
class FileFacts:
    """What one file says: rows by table.

    ``rows`` are those of the tables that a file fills by itself: put into them as they are, and taken out again with
    the file. A row has the columns of its table, ``id`` and ``warc_file`` among them.

    ``alike`` are captures that may be reports by what is in them, or say that none is there any more. ``judgements`` of
    revisits are missing: they are those of their originals. ``late`` says of captures in earlier files what the crawler
    knew of them: a crash tore the record that said so, and the run that went on said it again. ``left_out`` are records
    that could not be understood. ``damage`` says that the file is not whole, and where; empty of a whole one.
    """

    name: str
    signatures: str
    crawls: dict[str, Row] = field(default_factory=dict)
    ends: dict[str, Row] = field(default_factory=dict)
    captures: dict[str, Row] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    alike: set[str] = field(default_factory=set)
    late: list[Row] = field(default_factory=list)
    rows: defaultdict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    records: int = 0
    damage: str = ""
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, record: Record, error: Exception) -> None:
        """Forget what a record said, and note why."""
        self.captures.pop(record.id, None)
        self.judgements.pop(record.id, None)
        self.left_out.append(LeftOut(self.name, record.offset, storable(record.id), _told(error)))


def scan_file(storage: Storage, name: str, *, damaged: bool = False) -> FileFacts:
    """Read one sealed file.

    Args:
        storage: where it lies.
        name: of the file.
        damaged: take what is whole of a damaged file; what is not stands in ``damage`` and ``left_out``.

    Raises:
        DamagedWarc: the file breaks off or holds bytes that are no record; or no record at all.
        ConfigurationError: the signatures cannot be used.
    """
    found: list[Problem] = []
    with storage.open(name) as file:
        records = scan(file, types=_WANTED, name=name, damage=found.append if damaged else None)
        facts = scan_records(records, name, storage)
    for one in found:
        reason = f"{one.message} ({one.code})"
        where = -1 if one.offset is None else one.offset
        facts.left_out.append(LeftOut(name, where, storable(one.record_id or ""), reason))
    if found:
        facts.damage = f"damaged at offset {found[0].offset} ({found[0].code}); what is whole of it is in the index"
    return facts


def scan_records(records: Iterable[Record], name: str, storage: Storage) -> FileFacts:
    """As `scan_file`, over records already at hand; ``storage`` has the earlier records that they refer to."""
    signatures = load_signatures()
    facts = FileFacts(name, signatures.digest)
    fetches: list[tuple[Record, FetchMetadata]] = []
    for record in records:
        facts.records += 1
        try:
            _read(record, facts, fetches, signatures, storage)
        except StorageError:
            raise  # what an earlier record says is out of reach, not wrong: the file is read another time
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs this record alone, and is named
            facts.leave_out(record, error)
    for record, fetch in fetches:
        try:
            _apply(record, fetch, facts)
        except Exception as error:  # noqa: BLE001 - as above
            facts.leave_out(record, error)
    for row in facts.captures.values():
        if row["purpose"] is None and row["id"] in facts.alike:
            row["purpose"] = IMPORTED  # nobody says what it was asked for; only what proves to be a report becomes one
        row["url_key"] = url_key(row["url"], row["method"], row["body_digest"])
    return facts


def _told(error: Exception) -> str:
    """Why a record is left out: our own readers say it in a sentence, the others by their name too."""
    return str(error) if isinstance(error, WarcError) else told(error) or reason_of(error)


def _read(
    record: Record,
    facts: FileFacts,
    fetches: list[tuple[Record, FetchMetadata]],
    signatures: Signatures,
    storage: Storage,
) -> None:
    if record.type in {"response", "revisit"}:
        _capture(record, facts, signatures)
    elif record.type == "resource":
        _rendered(record, facts, signatures)
    elif record.type == "conversion":
        # anywhere in the block: its keys are sorted, so the schema stands behind all figures of the reading
        if record.content_type == CONTENT_TYPE and b'"' + READING_SCHEMA.encode() + b'"' in record.block:
            facts.rows[SealedReading].append(_sealed_reading(record))
        elif record.uri and record.uri.startswith(_DOM):
            _rendered(record, facts, signatures)
    else:
        payload = read_metadata(record.block)
        if isinstance(payload, FetchMetadata):
            fetches.append((record, payload))
        elif payload is not None:
            _metadata(record, payload, facts, storage)


def _sealed_reading(record: Record) -> Row:
    """What an earlier parser said, kept as it was sealed.

    Raises:
        ValueError: the block is no sealed reading.
    """
    version = unseal(record.block, record.id).reading["version_id"]
    block = record.block.decode("utf-8")
    return {"id": record.id, "warc_file": record.file, "version_id": str(version), "block": block}


def _capture(record: Record, facts: FileFacts, signatures: Signatures) -> None:
    moment = _moment(record, facts)
    uri = record.uri or ""
    drawn = uri.startswith(_DOM)
    if record.type == "revisit" and uri.startswith("urn:") and not drawn:
        return  # of a screenshot, which is no page either
    message = record.http() if record.is_http else None
    original = record.header("WARC-Refers-To") if record.type == "revisit" else None
    location = None
    if message is not None:
        location = first_said(message.header_all("Location")) or message.header("Location")
    truncated = record.header("WARC-Truncated")
    if record.type == "revisit" and truncated == "length":
        truncated = None  # the standard's mark of every revisit that leaves its body out
    facts.captures[record.id] = {
        **_place(record, moment, uri.removeprefix(_DOM)),
        "kind": record.type,
        "status": message.status if message else None,
        "media_type": "text/html" if drawn else _media_type(message),
        "digest": _kept(record.header("WARC-Payload-Digest")),
        "original": _kept(bare(original) if original else None),
        "refers_to": _kept(refers_to(record)),
        "etag": _kept(message.header("ETag") if message else None),
        "last_modified": _kept(message.header("Last-Modified") if message else None),
        "location": _kept(location),
        "truncated": _kept(truncated),
    }
    if record.type == "response":
        content = _content(message)
        headers = message.headers if message else ()
        judgement = signatures.judge(message.status if message else None, headers, content)
        facts.judgements[record.id] = judgement
        # Our own crawls say what they asked for. That nothing is there may be said of what was a report before.
        gone = message is not None and (message.status in GONE or judgement.verdict == "soft404")
        if not facts.crawls and (gone or _looks_like_a_report(content)):
            facts.alike.add(record.id)


def _kept(value: str | None) -> str | None:
    """A field of strangers as it can be stored: an odd byte in it must not cost the record."""
    return None if value is None else storable(value)


def _moment(record: Record, facts: FileFacts) -> datetime:
    """When a capture was made; it must have a time and a name of its own.

    Raises:
        ValueError: it lacks one of them.
    """
    if not record.id:
        raise ValueError("it has no WARC-Record-ID, by which alone it could be found")
    if record.id in facts.captures:
        raise ValueError(f"its id is that of the record at offset {facts.captures[record.id]['offset']}")
    return read_date(record.date)


def _content(message: HttpMessage | None) -> bytes:
    if message is None:
        return b""  # dns:, ftp: and the like
    try:
        return message.content()
    except WarcError:  # larger than anybody would decode: neither a challenge nor a report is
        return b""


def _looks_like_a_report(content: bytes) -> bool:
    return content.startswith(DOCUMENT_BEGINNINGS) or any(all(word in content for word in words) for words in _WORDS)


def _rendered(record: Record, facts: FileFacts, signatures: Signatures) -> None:
    """A page as a browser drew it (``urn:dom:``), or a file that another maker keeps without a head (warcit)."""
    media_type = record.content_type.partition(";")[0].strip().lower()
    uri = record.uri or ""
    drawn = uri.startswith(_DOM)
    if not (media_type in _PAGES if drawn else uri.startswith(("http:", "https:"))):
        return  # a screenshot or another thing that is no page
    moment = _moment(record, facts)
    facts.captures[record.id] = {
        **_place(record, moment, uri.removeprefix(_DOM)),
        "kind": "rendered" if drawn else "resource",
        "status": None,
        "media_type": _kept(media_type) or None,
        "digest": _kept(record.header("WARC-Payload-Digest")),
        "original": None,
        "refers_to": None,
        "etag": None,
        "last_modified": None,
        "location": None,
        "truncated": _kept(record.header("WARC-Truncated")),
    }
    facts.judgements[record.id] = signatures.judge(200, [], record.block)
    if not drawn and not facts.crawls and _looks_like_a_report(record.block):
        facts.alike.add(record.id)


def _place(record: Record, moment: datetime, url: str) -> Row:
    return {
        "id": record.id,
        "crawl_id": None,
        "url": url,
        "method": "GET",
        "body_digest": None,
        "captured_at": moment,
        "warc_file": record.file,
        "offset": record.offset,
        "length": record.length,
        "purpose": None,
        "attempt": None,
        "hints": None,
        "rendered_by": None,
        "page": None,
    }


def _media_type(message: HttpMessage | None) -> str | None:
    value = message.header("Content-Type") if message else None
    return _kept(value.partition(";")[0].strip().lower() or None) if value else None


def _metadata(record: Record, payload: Metadata, facts: FileFacts, storage: Storage) -> None:
    if isinstance(payload, CrawlMetadata):
        facts.crawls.setdefault(
            payload.crawl,
            {
                "id": payload.crawl,
                **payload.model_dump(mode="json", exclude={"schema_", "crawl"}),
                "started_at": read_date(record.date),
                **dict.fromkeys(END_OF_CRAWL),
            },
        )
    elif isinstance(payload, CrawlEndMetadata):
        facts.ends[payload.crawl] = {
            "ended_at": read_date(record.date),
            "end_reason": payload.reason,
            "counts": payload.counts,
            "stats": payload.stats,
            "learned": payload.learned,
            "problems": payload.problems,
            "columns": payload.columns,
        }
    elif isinstance(payload, DiscoveryMetadata):
        _discovery(record, resolved(payload, storage), facts)
    elif isinstance(payload, ActMetadata):
        row = {"id": record.id, "warc_file": record.file, **payload.model_dump(mode="json", exclude={"schema_"})}
        Overrides.of([Act(**row)])  # a decision that cannot be followed must not end the index
        facts.rows[Act].append(row)


def _discovery(record: Record, payload: DiscoveryMetadata, facts: FileFacts) -> None:
    left_out = {"schema_", "crawl", "candidates", "cms_reason", "same_as", "candidates_digest"}
    page = payload.model_dump(mode="json", exclude=left_out)
    held_in = asdict(payload.same_as or record.location)
    moment = read_date(record.date)
    for position, candidate in enumerate(payload.candidates):
        row = candidate.model_dump(mode="json")
        target = row.pop("url")
        facts.rows[Discovery].append(
            {
                "id": f"{record.id}#{position}",
                "crawl_id": payload.crawl,
                "warc_file": record.file,
                "recorded_at": moment,
                **page,
                **row,
                "target": target,
                "held_in": None if position else held_in,
            }
        )


def _apply(record: Record, fetch: FetchMetadata, facts: FileFacts) -> None:
    """Add to a capture what the crawler knew of it; without a capture it is a failure."""
    hints = fetch.hints.model_dump(mode="json", exclude_none=True) or None
    linked = [bare(value) for value in (*record.header_all("WARC-Concurrent-To"), *record.header_all("WARC-Refers-To"))]
    found = [facts.captures[record_id] for record_id in linked if record_id in facts.captures]
    known = {
        "url": fetch.url,  # with its fragment, which WARC-Target-URI does not have
        "crawl_id": fetch.crawl,
        "method": fetch.method.upper(),
        "body_digest": fetch.body_digest,
        "purpose": fetch.purpose,
        "attempt": fetch.attempt,
        "hints": hints,
        "rendered_by": fetch.rendered_by,
        "page": fetch.page,
    }
    if not found and fetch.adopted is not None:
        key = url_key(fetch.url, fetch.method.upper(), fetch.body_digest)
        facts.late.append({"id": fetch.adopted, **known, "url_key": key})
    for row in found:
        row.update(known)
        if fetch.rendered_by is not None and fetch.status is not None and fetch.status >= _ERRORS:
            row["status"] = fetch.status  # a browser shows an error page like any other
        # Of an answer whose checksum alone does not fit everything was read, as browsers read it.
        if fetch.failure is not None and fetch.failure.kind != "checksum" and row["truncated"] is None:
            row["truncated"] = fetch.failure.kind
    if not found and fetch.failure is not None:
        facts.rows[Failure].append(
            {
                "id": record.id,
                "crawl_id": fetch.crawl,
                "warc_file": record.file,
                "recorded_at": read_date(record.date),
                "url": fetch.url,
                "method": fetch.method.upper(),
                "purpose": fetch.purpose,
                "attempt": fetch.attempt,
                "kind": fetch.failure.kind,
                "message": fetch.failure.message,
                "hints": hints,
            }
        )
