"""The tables. Their names are the public schema; see ``docs/database.md``.

Everything here can be made anew from the WARC files. Ids are derived from what they name, never counted, so that a
rebuilt database is an equal database. Two halves: what the files say (`source_tables`), written file by file; and what
follows from it (`derived_tables`), written locator by locator.
"""

from __future__ import annotations

from archive.database.base import Base
from archive.database.derived_tables import (
    AcrossChecks,
    Agency,
    CheckKind,
    CheckRow,
    Code,
    Content,
    Division,
    FigureRow,
    Pending,
    ProseRow,
    Publication,
    Reading,
    ReadingPack,
    ReadingText,
    Report,
    State,
    Version,
)
from archive.database.source_tables import Act, Capture, Crawl, Discovery, Failure, Judgement, SealedReading, WarcFile

__all__ = [
    "AcrossChecks",
    "Act",
    "Agency",
    "Base",
    "Capture",
    "CheckKind",
    "CheckRow",
    "Code",
    "Content",
    "Crawl",
    "Discovery",
    "Division",
    "Failure",
    "FigureRow",
    "Judgement",
    "Pending",
    "ProseRow",
    "Publication",
    "Reading",
    "ReadingPack",
    "ReadingText",
    "Report",
    "SealedReading",
    "State",
    "Version",
    "WarcFile",
]
