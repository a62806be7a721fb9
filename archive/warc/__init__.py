"""WARC files: write, read, verify, recover and import them (ISO 28500, WARC 1.1)."""

from __future__ import annotations

from archive.warc.build import Draft, new_record_id, warc_date
from archive.warc.http import HttpMessage, split_head
from archive.warc.read import Record, read_at, scan
from archive.warc.seal import Seal
from archive.warc.write import Place, WarcWriter

__all__ = [
    "Draft",
    "HttpMessage",
    "Place",
    "Record",
    "Seal",
    "WarcWriter",
    "new_record_id",
    "read_at",
    "scan",
    "split_head",
    "warc_date",
]
