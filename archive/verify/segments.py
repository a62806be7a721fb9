"""Records that were cut into segments, put side by side: whether the pieces of one make a whole.

What one record says of itself is checked in `archive.verify.header_rules`; here are the rules that take several (ISO
28500:2017, 7): the first piece says it is one, all are of one address, each follows the one before, and the last says
how long the whole is, and a payload digest of the first is that of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from archive.verify.digests import check_parts
from archive.warc.framing import Frame
from archive.warc.header import Header
from archive.warc.problem import Level, Problem
from archive.warc.values import Digest, number_of


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece.

    Attributes:
        origin: the id of the first.
        total: what the last says of the whole.
        payload: what the first says is the digest of the whole's payload.
        http: the whole is an HTTP message.
        digested: it has a block digest of its own.
    """

    origin: str
    number: int
    uri: str
    length: int
    total: int | None
    offset: int
    record_id: str | None
    payload: Digest | None = None
    http: bool = False
    digested: bool = False


Read = Callable[[Segment], Iterator[bytes]]
"""Gives the block of a piece once more.

Raises:
    OSError: it cannot be had.
"""


def segment_of(frame: Frame, header: Header) -> Segment | None:
    """The piece that a record is; None when it is whole, or does not say of what it is one."""
    fields = frame.first
    number, total = fields.get("warc-segment-number", ""), fields.get("warc-segment-total-length", "")
    origin = fields.get("warc-segment-origin-id", "").strip("<>") or frame.record_id
    position = number_of(number)
    if position is None or not origin or frame.declared is None:
        return None
    return Segment(
        origin=origin,
        number=position,
        uri=fields.get("warc-target-uri", "").strip("<>"),
        length=frame.declared,
        total=number_of(total),
        offset=frame.offset,
        record_id=frame.record_id,
        payload=header.payload_digest if header.type != "continuation" else None,
        http=fields.get("content-type", "")[:16].lower() == "application/http",
        digested=header.block_digest is not None,
    )


def check_segments(
    segments: Iterable[Segment], known: Container[str], read: Read, unsound: Container[str | None] = ()
) -> Iterator[tuple[Segment, Problem]]:
    """What is wrong between pieces, each with the piece that it is to be said of.

    Args:
        segments: of all files that are judged together.
        known: ids of all their records.
        read: gives the blocks of pieces once more, for the digest of the whole payload.
        unsound: ids of records whose block has not the digest that they say.
    """
    sets: dict[str, list[Segment]] = {}
    copies: set[tuple[str, int]] = set()  # a file may be named twice, or two that hold the same records
    for segment in segments:
        if segment.record_id is not None and (segment.record_id, segment.number) in copies:
            continue
        copies.add((segment.record_id or "", segment.number))
        sets.setdefault(segment.origin, []).append(segment)
    for origin, pieces in sets.items():
        pieces.sort(key=lambda piece: piece.number)
        if pieces[0].number != 1:
            if origin in known and origin != pieces[0].record_id:  # else said of the record by itself
                message = f"it continues {origin}, which does not say that it is segment 1"
                yield _about("bad-segment", message, pieces[0])
            continue  # without its beginning: `orphan-continuation`
        findings = list(_check_set(pieces))
        yield from findings
        if not findings and pieces[0].payload is not None:
            sound = all(piece.digested and piece.record_id not in unsound for piece in pieces)
            yield from _check_payload(pieces, pieces[0].payload, read, sound=sound or None)


def _check_payload(
    pieces: list[Segment], digest: Digest, read: Read, *, sound: bool | None
) -> Iterator[tuple[Segment, Problem]]:
    """The first record's payload digest is that of the payload put together again (ISO 28500:2017, 5.9)."""
    said: list[Problem] = []

    def say(code: str, level: Level, message: str) -> None:
        said.append(Problem(code, level, f"{message} (of all {len(pieces)} segments)", pieces[0].offset, origin))

    origin = pieces[0].record_id
    try:
        parts = chain.from_iterable(read(piece) for piece in pieces)
        check_parts(digest, parts, sum(piece.length for piece in pieces), http=pieces[0].http, say=say, sound=sound)
    except OSError:
        say("payload-not-checked", "note", "the payload cannot be put together here, its digest is not checked")
    yield from ((pieces[0], finding) for finding in said)


def _check_set(pieces: list[Segment]) -> Iterator[tuple[Segment, Problem]]:
    whole = True
    for before, piece in pairwise(pieces):
        if piece.uri != pieces[0].uri:
            yield _about("bad-segment", f"its WARC-Target-URI is not that of segment 1, {pieces[0].uri[:120]!r}", piece)
        if piece.number == before.number:
            yield _about("bad-segment", f"the record at offset {before.offset} is segment {piece.number} too", piece)
            whole = False
        elif piece.number != before.number + 1:
            message = f"what is between segment {before.number} and this, {piece.number}, is not in the files given"
            yield _about("missing-segment", message, piece)
            whole = False
        if before.total is not None:
            yield _about("bad-segment", "WARC-Segment-Total-Length stands in a segment that is not the last", before)
    last = pieces[-1]
    if last.total is None:
        message = "no later segment says WARC-Segment-Total-Length: the last one is not in the files given"
        yield _about("missing-segment", message, last)
    elif whole and last.total != (size := sum(piece.length for piece in pieces)):
        message = f"the segments hold {size} bytes, the last one says {last.total}"
        yield last, Problem("wrong-length", "damaged", message, last.offset, last.record_id)


def _about(code: str, message: str, piece: Segment) -> tuple[Segment, Problem]:
    level = "note" if code == "missing-segment" else "nonconformant"
    return piece, Problem(code, level, message, piece.offset, piece.record_id)  # type: ignore[arg-type]
