"""WARC files: written, read, framed and sealed (ISO 28500, WARC 1.1).

    build    records to be written, one builder per type; write: appended to files that are sealed by rename
    read     records of a file in order, or one by its place (location)
    framing  where records of any origin begin and end; header, problem: what is read there and what is wrong with it
    arc      the format before WARC
    streams  uncompressed bytes with every byte accounted for
    http     HTTP/1 messages as they stood on the wire (heads, chunks, codings)
    values   what values of header fields look like
    seal     what a finished file was

Whether files are right is judged by `archive.verify`; where they lie is known to `archive.storage`.
"""

from __future__ import annotations

from archive.warc.build import Draft, new_record_id, warc_date
from archive.warc.http import HttpMessage, split_head
from archive.warc.location import RecordLocation
from archive.warc.read import Record, read_at, scan
from archive.warc.seal import Seal
from archive.warc.write import WarcWriter

__all__ = [
    "Draft",
    "HttpMessage",
    "Record",
    "RecordLocation",
    "Seal",
    "WarcWriter",
    "new_record_id",
    "read_at",
    "scan",
    "split_head",
    "warc_date",
]
