"""Our own metadata records (design: what was *known and decided* is archived beside what was fetched).

Each is one JSON object (UTF-8, keys sorted, ``application/json``) in a WARC ``metadata`` record. Every later reader
accepts every earlier schema; unknown keys are kept out of the way, not refused.

    gongkai.crawl/1      one per WARC file of a crawl: arguments, profile text and digest, clock, vantage, connect_to
    gongkai.discovery/1  one per list page: every candidate link with text, date, decision and reason
    gongkai.fetch/1      one per exchange: purpose, attempt, hints, TLS facts; or the failure that left no response
    gongkai.crawl-end/1  the run's end: counts, statistics, sealed files
    gongkai.act/1        one act of a person
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.warc.location import RecordLocation

CONTENT_TYPE = "application/json"
MADE_UP = "not obtained from the named host"
"""What is said of a capture that went through ``--connect-to``: in tables, in answers, and in its file's warcinfo."""

Purpose = Literal["robots", "list", "report", "attachment", "api", "page", "subresource", "probe"]
Decision = Literal["follow", "skip", "list", "hub"]


class Metadata(BaseModel):
    """Base of all our metadata."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, frozen=True)

    def as_bytes(self) -> bytes:
        """Canonical JSON: keys sorted, no spaces, UTF-8, nulls left out."""
        import json

        return json.dumps(self._written(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def _written(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class CrawlMetadata(Metadata):
    """``gongkai.crawl/1``.

    ``made_up`` is true when anything was fetched through ``connect_to``: such captures were not obtained from the named
    host. ``clock`` is the time that decisions of this crawl use (a resumed crawl keeps the first run's).
    """

    schema_: Literal["gongkai.crawl/1"] = Field("gongkai.crawl/1", alias="schema")
    crawl: str
    portal: str
    scope: str
    arguments: dict[str, Any]
    profile: str
    profile_digest: str
    configuration: str
    clock: str
    vantage: dict[str, Any] = {}
    connect_to: list[str] = []
    made_up: bool = False
    software: dict[str, str] = {}


class Hint(Metadata):
    """What the crawler knew of an address when it asked for it."""

    portal: str | None = None
    site: str | None = None
    column: str | None = None
    publisher: str | None = None
    division: str | None = None
    list_title: str | None = None
    list_date: str | None = None
    year: int | None = None
    part_of: str | None = None
    twin_of: str | None = None


class TlsFacts(Metadata):
    """What TLS said of the host: the identity of the host is evidence."""

    version: str | None = None
    cipher: str | None = None
    certificate_sha256: str | None = None
    certificate_pem: str | None = None
    verified: bool | None = None
    verify_error: str | None = None


class Failure(Metadata):
    """Why an exchange left no response, or, beside a status, what is wrong with the one that it left.

    ``checksum``: all of it was read, and the checksum of its content coding does not fit.
    """

    kind: Literal[
        "connect",
        "tls",
        "timeout",
        "reset",
        "protocol",
        "truncated",
        "checksum",
        "robots",
        "scope",
        "too_large",
        "other",
    ]
    message: str


class FetchMetadata(Metadata):
    """``gongkai.fetch/1``. Stands beside its response (``WARC-Concurrent-To``), or alone when there is a failure only.

    ``key`` is the replay key (`archive.metadata.replay_key`): method, URL with fragment, body digest, purpose. It is
    written only where it is not made of these alone (steps of rendering), and ``method`` where it is not GET; earlier
    records have both.

    Bytes that no HTTP record can hold stand here in base64: ``interim`` (1xx heads before the answer), ``excess`` (what
    came after its own end), ``garbage`` (an answer that was not HTTP). Of each the first 64 KiB; where there are more,
    all of them stand beside this in a metadata record ``urn:gongkai:garbage:<URL>`` (or ``interim``, ``excess``), and
    ``garbage_bytes`` counts them (``excess_bytes`` always).
    ``original`` says where the content of a revisit lies; which record that is the revisit's WARC-Refers-To says (in
    earlier records this does too). ``final_url`` says where a rendered page ended up. ``adopted`` names a capture that
    this record speaks of: a response whose own fetch record a crash tore off, or one that was asked for as a list and
    turned out to be a report; then both records stand for it, and the later one counts.
    """

    schema_: Literal["gongkai.fetch/1"] = Field("gongkai.fetch/1", alias="schema")
    crawl: str
    key: str = ""
    url: str
    method: str = "GET"
    body_digest: str | None = None
    purpose: Purpose
    attempt: int = 1
    hints: Hint = Hint()
    status: int | None = None
    tls: TlsFacts | None = None
    failure: Failure | None = None
    blocked_by: str | None = None
    rendered_by: str | None = None
    page: str | None = None
    elapsed_ms: int | None = None
    excess_bytes: int | None = None
    interim_bytes: int | None = None
    garbage_bytes: int | None = None
    interim: str | None = None
    excess: str | None = None
    garbage: str | None = None
    original: RecordLocation | None = None
    final_url: str | None = None
    adopted: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> FetchMetadata:
        if not self.key:
            object.__setattr__(self, "key", self._plain_key())  # frozen for everybody else
        return self

    def _plain_key(self) -> str:
        return f"{self.method.upper()} {self.url} {self.body_digest or '-'} {self.purpose}"

    def _written(self) -> dict[str, Any]:
        written = super()._written()
        if self.original is not None:
            del written["original"]["record_id"]  # the revisit says it
        usual = {"key": self._plain_key(), "method": "GET"}
        return {name: value for name, value in written.items() if name not in usual or value != usual[name]}


class Candidate(Metadata):
    """One link of a list page and what was decided about it. ``reason`` is a stable word, counted in statistics."""

    text: str
    title: str | None = None
    href: str
    url: str | None = None
    date: str | None = None
    decision: Decision
    reason: str
    detail: str | None = None


class DiscoveryMetadata(Metadata):
    """``gongkai.discovery/1``. ``page`` counts from 1; ``stated_total`` is the count the portal itself prints.

    Where the candidates are the very ones of an earlier record, ``same_as`` says where that lies, ``candidates_digest``
    that they are, and ``candidates`` is empty (`archive.index.discoveries` resolves it).
    """

    schema_: Literal["gongkai.discovery/1"] = Field("gongkai.discovery/1", alias="schema")
    crawl: str
    portal: str
    site: str
    column: str
    list_url: str
    capture: str | None = None
    page: int = 1
    pages: int | None = None
    stated_total: int | None = None
    cms: str
    cms_reason: str | None = None
    rendered: bool = False
    candidates: list[Candidate]
    same_as: RecordLocation | None = None
    candidates_digest: str | None = None


class CrawlEndMetadata(Metadata):
    """``gongkai.crawl-end/1``. ``files`` lists the sealed files before this one with their digests.

    ``problems`` is everything that was cut, lost, refused or read short, one sentence each; ``columns`` what each
    column came to (site, url, outcome, problem, reports, stated). Earlier ends have neither.
    """

    schema_: Literal["gongkai.crawl-end/1"] = Field("gongkai.crawl-end/1", alias="schema")
    crawl: str
    portal: str
    reason: str
    counts: dict[str, int]
    stats: dict[str, Any]
    files: list[dict[str, Any]]
    learned: list[dict[str, Any]] = []
    problems: list[str] = []
    columns: list[dict[str, Any]] = []


class ActMetadata(Metadata):
    """``gongkai.act/1``: who did what to which target when, on which evidence.

    ``kind``: verdict (on a finding), classification, merge, import.
    """

    schema_: Literal["gongkai.act/1"] = Field("gongkai.act/1", alias="schema")
    kind: Literal["verdict", "classification", "merge", "import"]
    who: str
    when: str
    target: str
    evidence: str | None = None
    decision: str
    note: str | None = None
    facts: dict[str, Any] = {}


SCHEMAS: dict[str, type[Metadata]] = {
    "gongkai.crawl/1": CrawlMetadata,
    "gongkai.discovery/1": DiscoveryMetadata,
    "gongkai.fetch/1": FetchMetadata,
    "gongkai.crawl-end/1": CrawlEndMetadata,
    "gongkai.act/1": ActMetadata,
}


_FETCH = re.compile(rb'"purpose":"[a-z]+","schema":"gongkai\.fetch/[12]","status"')
_OURS = re.compile(rb'"schema"\s*:\s*"gongkai\.(?:crawl|discovery|fetch|crawl-end|act)/')


def read_metadata(block: bytes) -> Metadata | None:
    """The payload in a metadata record's block, or None when it is none of ours.

    Raises:
        ValueError: it names one of our schemas and is not as that must be (`pydantic.ValidationError` is one, too).
    """
    import json

    # Most are fetches, written by us: parsed in one go. What this finds nothing in may still be one in other words.
    if _FETCH.search(block):
        return FetchMetadata.model_validate_json(block)
    try:
        data = json.loads(block)
    except (ValueError, RecursionError) as error:  # what strangers wrote may be anything
        if _OURS.search(block):
            raise ValueError("it names a schema of ours and is no JSON that can be read") from error
        return None
    schema = data.get("schema") if isinstance(data, dict) else None
    model = SCHEMAS.get(schema) if isinstance(schema, str) else None
    return model.model_validate(data) if model else None


def understood(block: bytes) -> Metadata | None:
    """As `read_metadata`; a payload that cannot be understood says nothing (the index names it, `verify` notes it)."""
    try:
        return read_metadata(block)
    except ValueError:
        return None


def told(error: Exception) -> str | None:
    """What is wrong with a payload, in a sentence, when that is what ``error`` is about."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{error.title}: {where}: {first['msg']}"
    return str(error) if type(error) is ValueError else None


def replay_key(method: str, url: str, body: bytes, purpose: str) -> str:
    """Key under which an answer is found again: never cookies or validators (design, idea 4)."""
    import hashlib

    digest = hashlib.sha256(body).hexdigest() if body else "-"
    return f"{method.upper()} {url} {digest} {purpose}"


def is_trial(arguments: Mapping[str, Any]) -> bool:
    """Whether a crawl only tried a profile (`portals new`, `portals check`), by its arguments: it promises nothing."""
    return bool(arguments.get("check"))
