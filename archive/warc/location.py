"""Where a record lies, in the one form in which all who look it up again are told: as an index of CDX lines has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLocation:
    """Where a record lies.

    Attributes:
        record_id: WARC-Record-ID without brackets; empty where somebody else says it (a revisit beside it, by
            WARC-Refers-To).
        file: name of the WARC file, as sealed.
        offset: of the record's gzip member in the file, in bytes.
        length: of the member, in bytes.
    """

    record_id: str = ""
    file: str
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of the first byte behind the record, where the next one begins."""
        return self.offset + self.length

    def __str__(self) -> str:
        return f"{self.file} offset {self.offset}"
