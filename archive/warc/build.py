"""Records to be written: one builder per WARC/1.1 record type, so that none can be built without its mandatory fields.

Blocks are never touched. Digests are ``sha256:<hexadecimal>``; the payload digest of an HTTP message is taken over the
body without its transfer coding, as the standard says (ISO 28500:2017, 5.9 and 6.3; two well-known checkers take it
over the chunked bytes, which makes the same document differ whenever it is chunked differently).

Record ids are handled bare (``urn:uuid:...``); the angle brackets of the file format are added here and taken off by
`archive.warc.read`.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from archive.errors import WarcError
from archive.warc.http import HttpMessage

RecordType = Literal["warcinfo", "response", "revisit", "request", "metadata", "resource", "conversion"]
Truncated = Literal["length", "time", "disconnect", "unspecified"]
Fields = Iterable[tuple[str, str]]

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

_UNSAFE_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNSAFE_URI = re.compile(r"[^\x21\x23-\x3b\x3d\x3f-\x7e]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is ready to be written.

    Attributes:
        type: ``WARC-Type``.
        record_id: ``urn:uuid:...`` without brackets.
        date: ``WARC-Date`` (see `warc_date`).
        uri: ``WARC-Target-URI``, None where the type has none.
        headers: all further fields in order, without WARC-Warcinfo-ID and Content-Length (the writer adds them).
        block: the record block, byte for byte.
    """

    type: RecordType
    record_id: str
    date: str
    uri: str | None
    headers: tuple[tuple[str, str], ...]
    block: bytes

    @property
    def payload_digest(self) -> str | None:
        """``WARC-Payload-Digest`` or None."""
        return next((value for name, value in self.headers if name == "WARC-Payload-Digest"), None)

    @property
    def _beside(self) -> bool:
        """Whether it needs no WARC-Warcinfo-ID: it is one, or stands beside a capture that has it."""
        named = any(name == "WARC-Concurrent-To" for name, _ in self.headers)
        return self.type == "warcinfo" or (named and self.type in {"request", "metadata"})

    def head(self, warcinfo_id: str | None = None) -> bytes:
        """The record's header with the empty line that ends it."""
        lines = [
            "WARC/1.1",
            f"WARC-Type: {self.type}",
            f"WARC-Record-ID: <{self.record_id}>",
            f"WARC-Date: {self.date}",
        ]
        if self.uri is not None:
            lines.append(f"WARC-Target-URI: {self.uri}")
        if warcinfo_id and not self._beside:
            lines.append(f"WARC-Warcinfo-ID: <{warcinfo_id}>")
        lines.extend(f"{name}: {value}" for name, value in self.headers)
        lines.append(f"Content-Length: {len(self.block)}\r\n\r\n")
        return "\r\n".join(lines).encode()


class _Ids:
    """Record ids of this process: UUIDs of version 8 (RFC 9562) that end alike, which compresses well.

    The end is random (74 bits); before it stands a number that no other id of this process has, spread so that the
    beginnings of ids, which people type, differ. Ids of records that are written `together` and name each other share
    that number too, and differ in their last digit.
    """

    _SPREAD = 0x9E3779B97F4B  # odd: multiplying by it is one to one

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: a forked process must not go on with its parent's ids."""
        end = secrets.randbits(74)
        self._end = f"8{end >> 62:03x}-{0x8000 | end >> 48 & 0x3FFF:04x}-{end & (1 << 48) - 1:012x}"
        self._numbers = itertools.count(secrets.randbits(48))

    def together(self) -> Iterator[str]:
        """Up to sixteen ids for the records of one exchange."""
        first = next(self)
        return (f"{first[:-1]}{number:x}" for number in range(16))

    def __next__(self) -> str:
        begin = f"{next(self._numbers) * self._SPREAD & (1 << 48) - 1:012x}"
        return f"urn:uuid:{begin[:8]}-{begin[8:]}-{self._end}"


_ids = _Ids()
os.register_at_fork(after_in_child=_ids.renew)


def new_record_id() -> str:
    """A fresh ``urn:uuid:...``."""
    return next(_ids)


def new_record_ids() -> Iterator[str]:
    """Fresh ids for records that are written together and name each other: at most sixteen, alike but for one digit."""
    return _ids.together()


def warc_date(moment: datetime | None = None) -> str:
    """``WARC-Date`` in UTC with microseconds; now when no moment is given. A moment must know its zone."""
    moment = datetime.now(UTC) if moment is None else moment
    if moment.tzinfo is None:
        raise WarcError("the time does not say its zone", subject=moment.isoformat(), advice="Give it in UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def digest(data: bytes) -> str:
    """``sha256:<hexadecimal>``: the letters of ids and dates, so that it compresses better than base 32."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_forms(digest: str) -> tuple[str, ...]:
    """A digest as `digest` makes it, and in base 32, as other files and our own earlier ones have it."""
    algorithm, _, value = digest.partition(":")
    return digest, f"{algorithm}:{base64.b32encode(bytes.fromhex(value)).decode('ascii')}"


def warcinfo(
    fields: Mapping[str, str], *, filename: str, date: str | None = None, record_id: str | None = None
) -> Draft:
    """What made this file: software, versions, operator, robots policy, ... as ``application/warc-fields``."""
    lines = {"format": FORMAT, "conformsTo": CONFORMS_TO, **fields}
    block = "".join(f"{_name(name)}: {_value(value)}\r\n" for name, value in lines.items()).encode()
    extra = [("WARC-Filename", filename), ("Content-Type", "application/warc-fields")]
    return _draft("warcinfo", None, block, extra, date=date, record_id=record_id)


def response(
    uri: str,
    block: bytes,
    *,
    date: str,
    record_id: str | None = None,
    ip: str | None = None,
    concurrent_to: Iterable[str] = (),
    truncated: Truncated | None = None,
    extra: Fields = (),
) -> Draft:
    """An HTTP response as it came, head and body."""
    fields = [
        *_about(ip, concurrent_to, truncated),
        *extra,
        ("WARC-Payload-Digest", digest(HttpMessage.parse(block, cut=truncated is not None).entity())),
        ("Content-Type", "application/http;msgtype=response"),
    ]
    return _draft("response", uri, block, fields, date=date, record_id=record_id)


def revisit(
    uri: str,
    block: bytes,
    *,
    date: str,
    profile: Literal["identical-payload-digest", "server-not-modified"],
    refers_to: str,
    refers_to_uri: str,
    refers_to_date: str,
    payload_digest: str | None,
    record_id: str | None = None,
    ip: str | None = None,
    concurrent_to: Iterable[str] = (),
    truncated: Truncated | None = None,
    content_type: str = "application/http;msgtype=response",
    extra: Fields = (),
) -> Draft:
    """A capture whose payload is held by an earlier record.

    Args:
        uri: target of this capture.
        block: for ``server-not-modified`` the 304 as it came; for ``identical-payload-digest`` the response as it came
            up to where its body begins (the record then says ``WARC-Truncated: length``, as the standard demands).
        date: of this capture.
        profile: which of the two profiles of WARC 1.1.
        refers_to: record id of the capture that holds the payload.
        refers_to_uri: its WARC-Target-URI.
        refers_to_date: its WARC-Date.
        payload_digest: of the payload held there; mandatory for ``identical-payload-digest``.
        record_id: when it must be known before.
        ip: address of the host that answered.
        concurrent_to: record ids of the same exchange.
        truncated: why a 304 is not whole.
        content_type: of the block; where there is none (a rendered page has no head to keep) it is left out.
        extra: further fields.
    """
    identical = profile == "identical-payload-digest"
    if identical and not payload_digest:
        raise WarcError("a revisit by payload digest needs the digest", subject=uri, advice="Write a response")
    fields = [
        *_about(ip, concurrent_to, "length" if identical else truncated),
        ("WARC-Profile", IDENTICAL_PAYLOAD if identical else NOT_MODIFIED),
        ("WARC-Refers-To", f"<{refers_to}>"),
        ("WARC-Refers-To-Target-URI", _uri(refers_to_uri)),
        ("WARC-Refers-To-Date", refers_to_date),
        *extra,
    ]
    if payload_digest:
        fields.append(("WARC-Payload-Digest", payload_digest))
    if block:
        fields.append(("Content-Type", content_type))
    return _draft("revisit", uri, block, fields, date=date, record_id=record_id)


def request(
    uri: str,
    block: bytes,
    *,
    date: str,
    record_id: str | None = None,
    ip: str | None = None,
    concurrent_to: Iterable[str] = (),
    extra: Fields = (),
) -> Draft:
    """An HTTP request as it was sent."""
    message = HttpMessage.parse(block)
    fields = [*_about(ip, concurrent_to, None), *extra]
    if message.body_start < len(block):
        fields.append(("WARC-Payload-Digest", digest(message.entity())))
    fields.append(("Content-Type", "application/http;msgtype=request"))
    return _draft("request", uri, block, fields, date=date, record_id=record_id)


def metadata(
    block: bytes,
    content_type: str,
    *,
    date: str,
    uri: str | None = None,
    record_id: str | None = None,
    concurrent_to: Iterable[str] = (),
    refers_to: str | None = None,
    extra: Fields = (),
) -> Draft:
    """What was known or decided about a capture, or about the crawl as a whole (then without ``uri``)."""
    fields = _about(None, concurrent_to, None)
    if refers_to:
        fields.append(("WARC-Refers-To", f"<{refers_to}>"))
    fields += [*extra, ("Content-Type", content_type)]
    return _draft("metadata", uri, block, fields, date=date, record_id=record_id)


def resource(
    uri: str,
    block: bytes,
    content_type: str,
    *,
    date: str,
    record_id: str | None = None,
    concurrent_to: Iterable[str] = (),
    extra: Fields = (),
) -> Draft:
    """A thing itself, without protocol around it: a rendered page (``urn:dom:``), a screenshot (``urn:view:``)."""
    fields = [*_about(None, concurrent_to, None), *extra, *_whole(block), ("Content-Type", content_type)]
    return _draft("resource", uri, block, fields, date=date, record_id=record_id)


def conversion(
    uri: str,
    block: bytes,
    content_type: str,
    *,
    date: str,
    refers_to: str | None,
    record_id: str | None = None,
    extra: Fields = (),
) -> Draft:
    """Another form of an archived content: its text, or what a parser read from it."""
    origin = [("WARC-Refers-To", f"<{refers_to}>")] if refers_to else []
    fields = [*origin, *extra, *_whole(block), ("Content-Type", content_type)]
    return _draft("conversion", uri, block, fields, date=date, record_id=record_id)


def _whole(block: bytes) -> Fields:
    """Where the payload is the block, so are their digests."""
    return [("WARC-Payload-Digest", digest(block))]


def _about(ip: str | None, concurrent_to: Iterable[str], truncated: Truncated | None) -> list[tuple[str, str]]:
    fields = [("WARC-Concurrent-To", f"<{other}>") for other in concurrent_to]
    if ip:
        fields.append(("WARC-IP-Address", ip))
    if truncated:
        fields.append(("WARC-Truncated", truncated))
    return fields


def _draft(
    kind: RecordType, uri: str | None, block: bytes, fields: Fields, *, date: str | None, record_id: str | None
) -> Draft:
    headers = [(_name(name), _value(value)) for name, value in fields]
    headers.insert(max(len(headers) - 1, 0), ("WARC-Block-Digest", digest(block)))
    return Draft(
        type=kind,
        record_id=_record_id(record_id or new_record_id()),
        date=_value(date or warc_date()),
        uri=None if uri is None else _uri(uri),
        headers=tuple(headers),
        block=block,
    )


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise WarcError("is no name for a WARC field", subject=repr(name))
    return name


def _value(value: str) -> str:
    """A field's value: line ends or control characters in it would forge fields or whole records."""
    if _UNSAFE_VALUE.search(value):
        raise WarcError("a WARC field's value may hold no line end or control character", subject=repr(value[:80]))
    return value.strip(" \t")


def _record_id(record_id: str) -> str:
    if not record_id.startswith("urn:") or _UNSAFE_URI.search(record_id):
        raise WarcError("is no record id (urn:uuid:..., without angle brackets)", subject=repr(record_id[:80]))
    return record_id


def _uri(uri: str) -> str:
    """Characters that cannot stand in a field's URI are percent-encoded: no capture is lost for its address."""
    return _UNSAFE_URI.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape")), uri
    )
