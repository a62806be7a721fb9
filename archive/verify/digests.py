"""Digests: whether blocks and payloads have the ones that their records say.

A payload digest is right when it is the one of the body without transfer coding, as the standard says. Where it fits
another reading that some writers have (over the chunks, over the decoded content, over the whole block), the finding
says which, because then the bytes are intact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from archive.errors import WarcError
from archive.warc.framing import IN_MEMORY, Frame
from archive.warc.header import Header
from archive.warc.http import HttpMessage, split_head
from archive.warc.problem import Level
from archive.warc.values import Digest

_CODED = re.compile(rb"\n(?:transfer-encoding[ \t]*:)", re.IGNORECASE)
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
_Say = Callable[[str, Level, str], None]


def check_block(frame: Frame, header: Header, block: bytes) -> None:
    """Check one record's block, whole in memory; what is wrong goes to the frame's report."""
    say = frame.problem
    sound: bool | None = None
    if header.block_digest is not None:
        sound = header.block_digest.of(block)
        if not sound:
            sound = _wrong_block(header.block_digest, say)
    media_type = header.fields.get("content-type", "")[:16].lower()
    if media_type.startswith("application/http"):
        _check_http(header, block, say, sound)
    elif header.payload_digest is not None and _own_payload(header) and not header.payload_digest.of(block):
        _wrong_payload(say, sound)
    if header.type == "warcinfo" and header.fields.get("content-type", "").lower().startswith(
        "application/warc-fields"
    ):
        _check_warc_fields(block, say)


def _check_http(header: Header, block: bytes, say: _Say, sound: bool | None) -> None:
    if not block:
        return
    start = split_head(block)
    expects_response = header.type in {"response", "revisit"}
    if expects_response and block[:5] != b"HTTP/":
        say("not-http", "note", "the block says it is an HTTP response and does not begin with a status line")
    elif not expects_response and block[:5] == b"HTTP/":
        say("not-http", "note", "the block says it is an HTTP request and begins with a status line")
    if start < 0:
        start = len(block)
    coded = _CODED.search(block, 0, start)
    if header.payload_digest is not None and _own_payload(header):
        _check_payload(header.payload_digest, block, start, coded=bool(coded), say=say, sound=sound)
    if header.type == "response" and not coded and "warc-truncated" not in header.fields:
        said = _LENGTH.search(block, 0, start)
        if said and 0 < len(block) - start < int(said[1]):
            message = f"the HTTP body has {len(block) - start} bytes, its Content-Length says {int(said[1])}"
            say("short-body", "note", message)
    if header.type == "response" and coded and "warc-truncated" not in header.fields and block[-5:] != b"0\r\n\r\n":
        came = HttpMessage.parse(block)
        entity = came.read_entity()
        if not entity.complete and entity.data and len(entity.data) < len(came.body):
            say("short-body", "note", "the HTTP body ends before its last chunk")


def _own_payload(header: Header) -> bool:
    """Whether the payload is all in this record's block, so that its digest can be checked here."""
    fields = header.fields
    return header.type not in {"revisit", "continuation"} and not (
        {"warc-segment-number", "warc-truncated"} & fields.keys()
    )


def _check_payload(digest: Digest, block: bytes, start: int, *, coded: bool, say: _Say, sound: bool | None) -> None:
    body = memoryview(block)[start:]
    if not coded:
        if digest.of(body):
            return
    else:
        message = HttpMessage.parse(block)
        if digest.of(message.entity()):
            return
        if digest.of(body):
            say(
                "payload-digest-over-chunks",
                "note",
                "WARC-Payload-Digest was taken over the body with its transfer coding; the standard says without",
            )
            return
    if digest.of(block):
        say("payload-digest-over-block", "nonconformant", "WARC-Payload-Digest was taken over the whole block")
        return
    try:
        decoded = HttpMessage.parse(block).content()
    except WarcError:
        decoded = b""
    if decoded and digest.of(decoded):
        say(
            "payload-digest-over-content",
            "note",
            "WARC-Payload-Digest was taken over the body without its content coding",
        )
        return
    _wrong_payload(say, sound)


def _wrong_payload(say: _Say, sound: bool | None) -> None:
    if sound:
        say("payload-digest", "nonconformant", "WARC-Payload-Digest is not the payload's, though the block is intact")
    else:
        say("payload-digest", "damaged", "the payload does not have the digest that WARC-Payload-Digest says")


def _wrong_block(digest: Digest, say: _Say) -> bool | None:
    """Say that a block digest does not fit. Returns what is known of the block then: nothing, or that it is wrong."""
    if digest.of(b""):
        say("block-digest-of-nothing", "nonconformant", "WARC-Block-Digest was taken over nothing (wget does that)")
        return None
    say("block-digest", "damaged", "the block does not have the digest that WARC-Block-Digest says")
    return False


def _check_warc_fields(block: bytes, say: _Say) -> None:
    for number, line in enumerate(block.split(b"\n"), 1):
        text = line.rstrip(b"\r")
        if text and text[:1] not in {b" ", b"\t"} and b":" not in text:
            say("bad-warc-fields", "note", f"line {number} of the warcinfo is no field: {text[:60]!r}")
            return


def check_parts(
    digest: Digest, parts: Iterable[bytes], size: int, *, http: bool, say: _Say, sound: bool | None
) -> None:
    """Check the payload of a block that comes in parts, ``size`` bytes in all: those of a record in segments."""
    if size <= IN_MEMORY:
        block = b"".join(parts)
        start = split_head(block) if http else 0
        if start < 0:
            start = len(block)
        coded = http and bool(_CODED.search(block, 0, start))
        _check_payload(digest, block, start, coded=coded, say=say, sound=sound)
        return
    made = digest.new()
    first = True
    for part in parts:
        start = split_head(part) if first and http else 0
        if start < 0 or (first and http and _CODED.search(part, 0, start)):
            message = f"a payload with transfer coding of more than {IN_MEMORY} bytes is not checked"
            say("payload-not-checked", "note", message)
            return
        made.update(part[start:])
        first = False
    if made.digest() != digest.value:
        _wrong_payload(say, sound)


def check_large(frame: Frame, header: Header) -> None:
    """A block that is not read into memory: its digests on the way."""
    block = header.block_digest.new() if header.block_digest else None
    payload = header.payload_digest.new() if header.payload_digest and _own_payload(header) else None
    http = header.fields.get("content-type", "").lower().startswith("application/http")
    first = True
    for piece in frame.pieces():
        if block is not None:
            block.update(piece)
        if payload is not None:
            body = piece
            if first and http:
                start = split_head(piece)
                if start < 0 or _CODED.search(piece, 0, start):
                    payload = None
                    message = f"a payload with transfer coding of more than {IN_MEMORY} bytes is not checked"
                    frame.problem("payload-not-checked", "note", message)
                    continue
                body = piece[start:]
            payload.update(body)
        first = False
    if frame.taken != frame.declared:
        return
    sound: bool | None = None
    if block is not None and header.block_digest is not None:
        sound = block.digest() == header.block_digest.value
        if not sound:
            sound = _wrong_block(header.block_digest, frame.problem)
    if payload is not None and header.payload_digest and payload.digest() != header.payload_digest.value:
        _wrong_payload(frame.problem, sound)
