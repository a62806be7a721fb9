"""WARC files, the index over them, records, versions and exports. The files are the truth, the database a cache.

The way of a byte, by the functions of an archive (OAIS, ISO 14721):

    ingest            a crawl appends records (`archive.warc`); files of others are taken in (`archive.ingest`)
    archival storage  sealed files lie in a folder or an object store (`archive.storage`), judged by `archive.verify`
    data management   sealed files become rows (`archive.index`, `archive.checks`, `archive.database`)
    access            captures (`archive.access`), reports (`archive.records`), proofs (`archive.evidence`), tables
                      (`archive.export`)

Beside the rooms stand what all of them need (errors, home, metadata, signatures, identifiers, urlkey, times,
processes), what people decide (acts, decisions) and what the whole holds (status). Rooms import rooms below them only;
``tests/test_house.py`` has their order. Whatever the database holds can be made anew from the files, so nothing is ever
written to it alone: an act of a person is first sealed in a file of its own (`archive.acts`).
"""

from __future__ import annotations

from archive.errors import ArchiveError, DamagedWarc, DatabaseError, HomeError, NotFound, Refused, WarcError
from archive.home import Home

__all__ = [
    "ArchiveError",
    "DamagedWarc",
    "DatabaseError",
    "Home",
    "HomeError",
    "NotFound",
    "Refused",
    "WarcError",
]
