"""Errors of this package.

    ArchiveError
    +- HomeError          the home, or a storage or key that it is to use, cannot be used (missing, not writable)
    +- WarcError          a WARC file or record cannot be read or written as asked
    |  +- DamagedWarc     bytes are missing or do not match their digest
    |  +- StorageError    the place where sealed files lie does not answer, or refuses
    |  +- NotStored       there is no such sealed file
    +- DatabaseError      the database is locked, gone, or of another version
    |  +- DamagedPack     what it holds of a reading cannot be read
    +- NotFound           no such capture, report or agency
    +- Refused            the archive protects itself (lock held, made-up captures in a real home, damage)

Each carries what was being handled in ``subject`` and says what to do in ``advice``.
"""

from __future__ import annotations

from parsers import GongkaiError


class ArchiveError(GongkaiError):
    """Base of all errors raised by ``archive``."""


class HomeError(ArchiveError):
    """The home directory, or a storage or key that it is to use, cannot be used."""

    exit_status = 2


class WarcError(ArchiveError):
    """A WARC file or record cannot be read or written as asked."""


class DamagedWarc(WarcError):
    """Bytes are missing or do not match what the record says of itself."""

    exit_status = 3


class StorageError(WarcError):
    """The place where sealed files lie does not answer, or refuses."""

    exit_status = 3


class NotStored(WarcError):
    """There is no such sealed file in any of the places where they lie."""


class DatabaseError(ArchiveError):
    """The database is locked, gone, or of another version."""

    exit_status = 3


class DamagedPack(DatabaseError):
    """What the database holds of a reading cannot be read: damaged, or written by a later version."""

    def __init__(
        self,
        message: str,
        *,
        subject: str = "what the database holds of a reading",
        advice: str = "Delete the database and run `gongkai index --rebuild`: everything in it is in the WARC files",
    ) -> None:
        super().__init__(message, subject=subject, advice=advice)


class NotFound(ArchiveError):
    """There is no such capture, report or agency."""


class Refused(ArchiveError):
    """The archive protects itself and does not do what was asked."""

    exit_status = 3
