"""Bytes in, record out: pure functions of (bytes, hints, configuration). No network, no clock, no database."""

from __future__ import annotations

from parsers._errors import (
    ConfigurationError,
    GongkaiError,
    LocatorError,
    OversizedDocument,
    ParserError,
    UnreadableDocument,
)
from parsers.configuration import configuration_digest, configuration_directories
from parsers.document import Document, Locator
from parsers.formats import read_document, resolve
from parsers.record import AnnualReport, Check, Division, Figure, Hints, Issue, Section, decimal_text
from parsers.report import PARSER_VERSION, parse
from parsers.titles import TitleReading, read_title

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
