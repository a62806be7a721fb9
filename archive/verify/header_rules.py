"""What the WARC standard asks of a record's header, field by field.

Source of every rule: ISO 28500:2009 (WARC 1.0) and ISO 28500:2017 (WARC 1.1, published by the IIPC too), sections 4 to
6. Where "shall" is broken it is `nonconformant`; where "should" is, or where the standard leaves something open that
readers stumble over, a `note`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from archive.warc.framing import Frame
from archive.warc.header import Header
from archive.warc.problem import Level
from archive.warc.values import (
    LOOSE_URI,
    SIZES,
    URI,
    Digest,
    algorithm_of,
    digest_bytes,
    is_address,
    is_date,
    is_media_type,
    is_token,
    msgtype,
    number_of,
    read_date,
)

STANDARD = ("1.0", "1.1")
DRAFTS = ("0.17", "0.18")
TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_CAPTURES = frozenset({"response", "resource", "request", "metadata", "revisit"})
_MANDATORY = ("warc-type", "warc-record-id", "warc-date", "content-length")
_WITHOUT_PAYLOAD = frozenset({"warcinfo", "metadata"})
_NEEDS_URI = TYPES - {"warcinfo", "metadata"}

_ALLOWED: dict[str, frozenset[str]] = {
    "warc-concurrent-to": _CAPTURES,
    "warc-ip-address": _CAPTURES,
    "warc-refers-to": frozenset({"metadata", "revisit", "conversion"}),
    "warc-refers-to-target-uri": frozenset({"revisit"}),
    "warc-refers-to-date": frozenset({"revisit"}),
    "warc-target-uri": TYPES - {"warcinfo"},
    "warc-warcinfo-id": TYPES - {"warcinfo"},
    "warc-filename": frozenset({"warcinfo"}),
    "warc-segment-origin-id": frozenset({"continuation"}),
    "warc-segment-total-length": frozenset({"continuation"}),
}
_FORBIDDEN = {kind: frozenset(key for key, allowed in _ALLOWED.items() if kind not in allowed) for kind in TYPES}
_SINCE_1_1 = frozenset({"warc-refers-to-target-uri", "warc-refers-to-date"})
"""Extensions before that, for which WARC 1.0 has no rules."""
_OF_PAYLOADS = ("warc-payload-digest", "warc-identified-payload-type")
_TRUNCATED = frozenset({"length", "time", "disconnect", "unspecified"})
_PROFILES = frozenset(
    f"http://netpreserve.org/warc/{version}/{profile}"
    for version in ("1.0", "1.1", "0.17", "0.18")
    for profile in (
        "revisit/identical-payload-digest",
        "revisit/server-not-modified",
        "identical-payload-digest",  # as some writers abbreviate it
        "server-not-modified",
    )
)


def check_header(frame: Frame) -> Header:
    """Check one record's header; what is wrong goes to the frame's report.

    A rule that compares fields with one another must hold for whatever `archive.verify.known_headers` lets vary, too.
    """
    version, fields = frame.version, frame.first
    if version not in STANDARD:
        _check_version(frame, version)
    kind = fields.get("warc-type", "").lower()
    header = Header(kind, fields)
    if "warc-concurrent-to" in fields or len(fields) != len(frame.fields):
        _check_repeated(frame, header)
    for key in _MANDATORY:
        if key not in fields:
            frame.problem("missing-field", "nonconformant", f"{_proper(key)} is missing, which every record must have")
    if kind in TYPES:
        _check_type(frame, header)
    elif kind:
        message = f"the record type {kind[:40]!r} is not in the standard; readers pass it over"
        frame.problem("unknown-type", "note", message)
    for key, value in fields.items():
        check = _CHECKS.get(key)
        if check is None:
            if not is_token(key):
                frame.problem("bad-field", "nonconformant", f"{key[:60]!r} is no field name")
        elif value:
            check(frame, header, key, value)
        else:
            frame.problem("empty-field", "nonconformant", f"{_proper(key)} is empty")
    return header


def _check_repeated(frame: Frame, header: Header) -> None:
    """Only WARC-Concurrent-To (and fields that the standard does not know) may stand more than once."""
    seen: set[str] = set()
    for name, value in frame.fields:
        key = name.lower()
        if key == "warc-concurrent-to" and value:
            header.concurrent_to.append(value.strip("<>"))
            _check_reference(frame, header, key, value)
        elif key in seen and key in _CHECKS:
            frame.problem("repeated-field", "nonconformant", f"{name} stands more than once")
        seen.add(key)


def _check_version(frame: Frame, version: str) -> None:
    if version in DRAFTS:
        frame.problem("draft-version", "note", f"WARC/{version} is a draft of the standard")
    else:
        frame.problem("bad-version", "nonconformant", f"there is no WARC version {version[:20]!r}")


def _check_type(frame: Frame, header: Header) -> None:
    kind, fields = header.type, header.fields
    for key in _FORBIDDEN[kind] & fields.keys():
        if key not in _SINCE_1_1 or frame.version == "1.1":
            frame.problem("field-not-allowed", "nonconformant", f"{_proper(key)} may not stand in a {kind} record")
    if kind in _NEEDS_URI and "warc-target-uri" not in fields:
        frame.problem("missing-field", "nonconformant", f"WARC-Target-URI is missing, which a {kind} record must have")
    if kind == "revisit":
        profile = fields.get("warc-profile")
        if profile is None:
            frame.problem("missing-field", "nonconformant", "WARC-Profile is missing, which a revisit record must have")
        elif "identical-payload-digest" in profile and "warc-payload-digest" not in fields:
            message = "WARC-Payload-Digest is missing, which a revisit by payload digest must have"
            frame.problem("missing-field", "nonconformant", message)
    elif "warc-profile" in fields:
        frame.problem("field-not-allowed", "note", f"WARC-Profile means nothing in a {kind} record")
    if kind in _WITHOUT_PAYLOAD:
        for key in _OF_PAYLOADS:
            if key in fields:
                message = f"{_proper(key)} stands in a {kind} record, which has no payload by the standard"
                frame.problem("field-not-allowed", "note", message)
    if kind == "resource" and fields.get("warc-target-uri", "")[:4].lower() == "dns:":
        _check_dns(frame, fields)
    if kind == "continuation":
        for key in ("warc-segment-origin-id", "warc-segment-number"):
            if key not in fields:
                frame.problem(
                    "missing-field", "nonconformant", f"{_proper(key)} is missing, which a continuation must have"
                )
    if frame.declared and "content-type" not in fields and kind != "continuation":
        frame.problem("missing-content-type", "note", "a record with a block should say its Content-Type")


def _check_dns(frame: Frame, fields: dict[str, str]) -> None:
    media_type = fields.get("content-type", "").partition(";")[0].strip().lower()
    if frame.declared and media_type and media_type != "text/dns":
        frame.problem("wrong-media-type", "nonconformant", f"a DNS look-up is text/dns, not {media_type[:60]}")


def _check_date(frame: Frame, _: Header, key: str, value: str) -> None:
    if is_date(value, frame.version):
        return
    message = f"{_proper(key)} {value[:40]!r} is no date of WARC {frame.version}"
    try:
        message += f"; it is read as {read_date(value).isoformat()}"
    except ValueError as error:
        if key == "warc-date":
            message += f": {error}, so the index leaves the record out"
    frame.problem("bad-date", "nonconformant", message)


def _check_number(frame: Frame, _: Header, key: str, value: str) -> None:
    if not (value.isascii() and value.isdigit()):
        frame.problem("bad-length", "nonconformant", f"{_proper(key)} {value[:40]!r} is no number")


def _check_media_type(frame: Frame, header: Header, key: str, value: str) -> None:
    if not is_media_type(value):
        frame.problem("bad-media-type", "nonconformant", f"{_proper(key)} {value[:60]!r} is no media type")
    kind = msgtype(value) if key == "content-type" else None
    if kind is None:
        return
    expected = {"request": "request", "response": "response", "revisit": "response"}.get(header.type)
    if kind not in {"request", "response"}:
        message = f"application/http has no msgtype {kind[:40]!r} (RFC 9112, 10.2)"
        frame.problem("bad-media-type", "nonconformant", message)
    elif expected and kind != expected:
        frame.problem("wrong-media-type", "nonconformant", f"a {header.type} record with msgtype={kind}")


def _check_address(frame: Frame, _: Header, key: str, value: str) -> None:
    if not is_address(value):
        frame.problem("bad-address", "nonconformant", f"{_proper(key)} {value[:60]!r} is no IP address")


def _check_truncated(frame: Frame, _: Header, key: str, value: str) -> None:
    if value.lower() not in _TRUNCATED:
        frame.problem("unknown-reason", "note", f"{_proper(key)} {value[:40]!r} is no reason of the standard")


def _check_block_digest(frame: Frame, header: Header, key: str, value: str) -> None:
    header.block_digest = _check_digest(frame, key, value)


def _check_payload_digest(frame: Frame, header: Header, key: str, value: str) -> None:
    header.payload_digest = _check_digest(frame, key, value)


def _nothing(_frame: Frame, _header: Header, _key: str, _value: str) -> None:
    """Checked elsewhere, or any value will do."""


def _check_reference(frame: Frame, _: Header, key: str, value: str) -> None:
    if value[:1] != "<" or value[-1:] != ">":
        frame.problem(
            "bad-record-id", "nonconformant", f"{_proper(key)} {value[:80]!r} does not stand in angle brackets"
        )
    elif not LOOSE_URI.fullmatch(value, 1, len(value) - 1):
        frame.problem("bad-record-id", "nonconformant", f"{_proper(key)} {value[:80]!r} is no URI")


def _check_uri(frame: Frame, _: Header, key: str, value: str) -> None:
    if URI.fullmatch(value):
        return
    name = _proper(key)
    if value[:1] == "<" and value[-1:] == ">":
        # the grammar of 1.0 has the brackets, its text and examples have none; 1.1 decided against them
        level: Level = "nonconformant" if frame.version == "1.1" else "note"
        frame.problem("uri-in-brackets", level, f"{name} stands in angle brackets")
        value = value[1:-1]
        if URI.fullmatch(value):
            return
    if LOOSE_URI.fullmatch(value):
        frame.problem("loose-uri", "note", f"{name} {value[:120]!r} holds characters that RFC 3986 does not allow")
    else:
        frame.problem("bad-uri", "nonconformant", f"{name} {value[:120]!r} is no URI")


def _check_digest(frame: Frame, key: str, value: str) -> Digest | None:
    label, colon, text = value.partition(":")
    algorithm = algorithm_of(label) if colon else ""
    if not algorithm or not text or " " in text:
        frame.problem("bad-digest", "nonconformant", f"{_proper(key)} {value[:80]!r} is no labelled digest")
        return None
    size = SIZES.get(algorithm)
    if size is None or algorithm not in hashlib.algorithms_available:
        frame.problem("unknown-digest", "note", f"{_proper(key)} uses {label!r}, which cannot be checked here")
        return None
    raw = digest_bytes(text, size)
    if raw is None:
        message = f"{_proper(key)} {value[:80]!r} is no {label} digest in base 16, 32 or 64"
        frame.problem("bad-digest", "nonconformant", message)
        return None
    return Digest(algorithm, raw)


def _check_profile(frame: Frame, _: Header, _key: str, value: str) -> None:
    bare = value.strip("<>")
    if bare in _PROFILES:
        return
    if LOOSE_URI.fullmatch(bare):
        frame.problem("unknown-profile", "note", f"the revisit profile {bare[:120]!r} is not in the standard")
    else:
        frame.problem("bad-profile", "nonconformant", f"WARC-Profile {value[:120]!r} is no URI")


def _check_segment(frame: Frame, header: Header, _: str, value: str) -> None:
    kind = header.type
    number = number_of(value) or 0
    if number < 1:
        frame.problem("bad-segment", "nonconformant", f"WARC-Segment-Number {value[:40]!r} is no number from 1")
    elif kind == "continuation" and number < 2:
        frame.problem("bad-segment", "nonconformant", "a continuation has a WARC-Segment-Number of 2 or more")
    elif kind in TYPES and kind != "continuation" and number != 1:
        frame.problem(
            "bad-segment", "nonconformant", f"only a continuation may be segment {number}, not a {kind} record"
        )


def _proper(key: str) -> str:
    """A field's name as the standard writes it."""
    special = {"warc": "WARC", "id": "ID", "uri": "URI", "ip": "IP"}
    return "-".join(special.get(part, part.capitalize()) for part in key.split("-"))


_CHECKS: dict[str, Callable[[Frame, Header, str, str], None]] = {
    "warc-type": _nothing,
    "warc-record-id": _check_reference,
    "warc-date": _check_date,
    "content-length": _check_number,
    "content-type": _check_media_type,
    "warc-concurrent-to": _nothing,
    "warc-block-digest": _check_block_digest,
    "warc-payload-digest": _check_payload_digest,
    "warc-ip-address": _check_address,
    "warc-refers-to": _check_reference,
    "warc-refers-to-target-uri": _check_uri,
    "warc-refers-to-date": _check_date,
    "warc-target-uri": _check_uri,
    "warc-truncated": _check_truncated,
    "warc-warcinfo-id": _check_reference,
    "warc-filename": _nothing,
    "warc-profile": _check_profile,
    "warc-identified-payload-type": _check_media_type,
    "warc-segment-origin-id": _check_reference,
    "warc-segment-number": _check_segment,
    "warc-segment-total-length": _check_number,
}
