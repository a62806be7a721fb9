"""Errors of this package.

    ArchiveError
    +- HomeError          the home directory cannot be used (missing, not writable, not a Gongkai home)
    +- WarcError          a WARC file or record cannot be read or written as asked
    |  +- DamagedWarc     bytes are missing or do not match their digest
    +- DatabaseError      the database is locked, gone, or of another version
    +- NotFound           no such capture, report or agency
    +- Refused            the archive protects itself (lock held, made-up captures in a real home, damage)

Each carries what was being handled in ``subject`` and says what to do in ``advice``.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of all errors raised by ``archive``.

    Args:
        message: what is wrong, one sentence.
        subject: what was being handled (a path, a record id, a URL).
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


class HomeError(ArchiveError):
    """The home directory cannot be used."""

    exit_status = 2


class WarcError(ArchiveError):
    """A WARC file or record cannot be read or written as asked."""


class DamagedWarc(WarcError):
    """Bytes are missing or do not match what the record says of itself."""

    exit_status = 3


class DatabaseError(ArchiveError):
    """The database is locked, gone, or of another version."""

    exit_status = 3


class NotFound(ArchiveError):
    """There is no such capture, report or agency."""


class Refused(ArchiveError):
    """The archive protects itself and does not do what was asked."""

    exit_status = 3
