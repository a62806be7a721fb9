"""WARC files, the index over them, records, versions and exports. The files are the truth, the database a cache."""

from __future__ import annotations

from archive._errors import ArchiveError, DamagedWarc, DatabaseError, HomeError, NotFound, Refused, WarcError
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
