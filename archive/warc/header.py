"""A record's header after it was read: its type, its fields, what it refers to, and its digests."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.warc.values import Digest, wire_uri


@dataclass(slots=True)
class Header:
    """A record's header after checking: what the other checks need of it."""

    type: str
    fields: dict[str, str]
    concurrent_to: list[str] = field(default_factory=list)
    block_digest: Digest | None = None
    payload_digest: Digest | None = None

    def reference(self, name: str) -> str | None:
        """A field that names a record, without brackets."""
        value = self.fields.get(name)
        return value.strip("<>") if value else None

    @property
    def uri(self) -> str | None:
        """WARC-Target-URI without brackets; bytes that are no UTF-8 are percent escapes in it."""
        value = self.reference("warc-target-uri")
        return wire_uri(value) if value else None
