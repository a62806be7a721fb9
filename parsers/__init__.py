"""Bytes in, record out: pure functions of (bytes, hints, configuration). No network, no clock, no database.

The steps of reading, in order (docs/reading.md):

    formats         bytes to a `document`: blocks in reading order, each with a locator
    several         where the report that is read begins and ends
    other_kinds     drafts, parts of a year, volumes: they hold the tables and are no reports
    tables          the tables to figures, bound by label to the cells of the official forms
    sections        the six official sections
    identity        whose report, for which year, published when
    prose           numbers in running text
    checks          whether the figures agree
    report          all together: `parse`, which gives the `record`

What they stand on: ``forms`` (the official forms and labels), ``characters`` and ``numerals`` (what letters mean),
``remembered`` (what was worked out for a text before), ``configuration`` (the facts in ``config/``), ``deadlines`` (the
calendar), ``errors``.

A name is looked up in its module when it is asked for: who needs an error class does not load the readers of PDF.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to load than all of this
if TYPE_CHECKING:
    from parsers.configuration import configuration_digest, configuration_directories
    from parsers.document import Document, Locator
    from parsers.errors import (
        ConfigurationError,
        GongkaiError,
        LocatorError,
        OversizedDocument,
        ParserError,
        UnreadableDocument,
    )
    from parsers.formats import read_document, resolve
    from parsers.identity.titles import TitleReading, read_title
    from parsers.record import AnnualReport, Check, Division, Figure, Hints, Issue, Section, decimal_text
    from parsers.report import PARSER_VERSION, parse

__all__ = [
    "PARSER_VERSION",
    "AnnualReport",
    "Check",
    "ConfigurationError",
    "Division",
    "Document",
    "Figure",
    "GongkaiError",
    "Hints",
    "Issue",
    "Locator",
    "LocatorError",
    "OversizedDocument",
    "ParserError",
    "Section",
    "TitleReading",
    "UnreadableDocument",
    "configuration_digest",
    "configuration_directories",
    "decimal_text",
    "parse",
    "read_document",
    "read_title",
    "resolve",
]

_MODULES = {
    "parsers.configuration": ("configuration_digest", "configuration_directories"),
    "parsers.document": ("Document", "Locator"),
    "parsers.errors": (
        "ConfigurationError",
        "GongkaiError",
        "LocatorError",
        "OversizedDocument",
        "ParserError",
        "UnreadableDocument",
    ),
    "parsers.formats": ("read_document", "resolve"),
    "parsers.identity.titles": ("TitleReading", "read_title"),
    "parsers.record": ("AnnualReport", "Check", "Division", "Figure", "Hints", "Issue", "Section", "decimal_text"),
    "parsers.report": ("PARSER_VERSION", "parse"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
