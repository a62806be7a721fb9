"""The tables. Their names are the public schema; see ``docs/database.md``.

Everything here can be made anew from the WARC files. Ids are derived from what they name, never counted, so that a
rebuilt database is an equal database. Two halves: what the files say (`source_tables`), written file by file; and what
follows from it (`derived_tables`), written locator by locator.
"""

from __future__ import annotations

from archive.database.base import Base
from archive.database.derived_tables import (
    Agency,
    Check,
    Content,
    Division,
    Figure,
    Issue,
    Pending,
    ProseFact,
    Publication,
    Reading,
    Report,
    Section,
    State,
    Version,
)
from archive.database.source_tables import Act, Capture, Crawl, Discovery, Failure, Judgement, SealedReading, WarcFile

__all__ = [
    "Act",
    "Agency",
    "Base",
    "Capture",
    "Check",
    "Content",
    "Crawl",
    "Discovery",
    "Division",
    "Failure",
    "Figure",
    "Issue",
    "Judgement",
    "Pending",
    "ProseFact",
    "Publication",
    "Reading",
    "Report",
    "SealedReading",
    "Section",
    "State",
    "Version",
    "WarcFile",
]
