"""Errors of this package.

    GongkaiError            shared with the packages above: message, subject, advice, exit status
    +- ParserError
       +- ConfigurationError   a file in config/ cannot be used (file, line and field are named)
       +- UnreadableDocument   the bytes are not what they claim to be (encrypted, empty, broken)
       |  +- OversizedDocument    they hold more than any report does, and are not read for hours
       +- LocatorError         a locator does not lead to anything in the document

Each carries what was being handled in ``subject`` and says what to do in ``advice``.
"""

from __future__ import annotations


class GongkaiError(Exception):
    """What every error of ours says: what is wrong, with what, and what to do about it.

    Args:
        message: what is wrong, one sentence.
        subject: what was being handled (a path, a record id, a field).
        advice: what the reader can do about it.
    """

    exit_status = 1

    def __init__(self, message: str, *, subject: str = "", advice: str = "") -> None:
        super().__init__(message)
        self.subject = subject
        self.advice = advice

    def __str__(self) -> str:
        parts = [f"{self.subject}: {self.args[0]}" if self.subject else str(self.args[0])]
        if self.advice:
            parts.append(self.advice)
        return ". ".join(part.rstrip(".") for part in parts) + "."


class ParserError(GongkaiError):
    """Base of all errors raised by ``parsers``."""


class ConfigurationError(ParserError):
    """A file of facts under ``config/`` cannot be used."""

    exit_status = 2


class UnreadableDocument(ParserError):
    """The bytes cannot be read as a document."""


class OversizedDocument(UnreadableDocument):
    """The document holds more than any report does (`parsers.formats.limits`)."""


class LocatorError(ParserError):
    """A locator leads to nothing in the document it is applied to."""
