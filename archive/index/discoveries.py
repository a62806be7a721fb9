"""What list pages offered, written once: a list that did not change refers to the record that holds its candidates.

A reference is as good as the record itself: it names file, offset and length, carries the digest of the candidates, and
what it resolves to must have that digest. It always leads to a record that holds them, never to another reference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from archive.errors import DamagedWarc
from archive.index.documents import Source
from archive.metadata import Candidate, DiscoveryMetadata, read_metadata
from archive.warc.location import RecordLocation
from archive.warc.read import read_at


def candidates_digest(candidates: Sequence[Candidate]) -> str:
    """SHA-256 (hexadecimal) of the candidates as canonical JSON."""
    plain = [candidate.model_dump(mode="json", exclude_none=True) for candidate in candidates]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def identity(payload: DiscoveryMetadata) -> bytes:
    """The same for a discovery and for a reference that stands for it: what is recorded once is not recorded again."""
    digest = payload.candidates_digest or candidates_digest(payload.candidates)
    plain = payload.model_copy(update={"candidates": [], "same_as": None, "candidates_digest": digest})
    return hashlib.sha256(plain.as_bytes()).digest()


def shortened(payload: DiscoveryMetadata, place: RecordLocation, source: Source) -> DiscoveryMetadata:
    """A reference to the earlier record at ``place`` if it holds the same candidates, else the payload as it is.

    Raises:
        ArchiveError: the earlier record cannot be read.
    """
    digest = candidates_digest(payload.candidates)
    if candidates_digest(_candidates(place, source)) != digest:
        return payload
    return payload.model_copy(update={"candidates": [], "same_as": place, "candidates_digest": digest})


def resolved(payload: DiscoveryMetadata, source: Source) -> DiscoveryMetadata:
    """The discovery with its candidates.

    Raises:
        ArchiveError: the record that it refers to is gone, or does not hold what it held.
    """
    if payload.same_as is None:
        return payload
    candidates = _candidates(payload.same_as, source)
    if candidates_digest(candidates) != payload.candidates_digest:
        raise _not_what_it_was(payload.same_as)
    return payload.model_copy(update={"candidates": candidates})


def _candidates(place: RecordLocation, source: Source) -> list[Candidate]:
    record = read_at(source, place.file, place.offset, place.length)
    found = read_metadata(record.block)
    if record.id != place.record_id or not isinstance(found, DiscoveryMetadata):
        raise _not_what_it_was(place)
    return found.candidates


def _not_what_it_was(place: RecordLocation) -> DamagedWarc:
    return DamagedWarc(
        f"the discovery at offset {place.offset} is not the one that a later one refers to",
        subject=place.file,
        advice="Run `gongkai verify`",
    )
