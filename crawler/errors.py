"""Errors of this package.

    CrawlerError
    +- ProfileError        a portal profile cannot be used (file, line and field are named)
    +- UsageError          arguments that do not go together, an unknown portal
    +- FetchError          a request got no answer that can be used
    |  +- OutOfScope       the address is outside the profile (private, loopback, clone host)
    |  +- RobotsDenied     robots.txt forbids the request
    |  +- HeldBack         the site's budget is spent, or it asked for a longer wait than a run lasts
    |  +- NotHeld          no earlier crawl holds the answer (`--as-of`)
    |  +- WireError        connection, TLS or protocol failure
    +- Busy                another process crawls the same
    +- BrowserError        Chromium is missing or does not answer

Each carries what was being handled in ``subject`` and says what to do in ``advice``.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from parsers import GongkaiError


class CrawlerError(GongkaiError):
    """Base of all errors raised by ``crawler``."""


class ProfileError(CrawlerError):
    """A portal profile cannot be used."""

    exit_status = 2


class UsageError(CrawlerError):
    """Arguments that do not go together, or an unknown portal."""

    exit_status = 2


class FetchError(CrawlerError):
    """A request got no answer that can be used."""


class OutOfScope(FetchError):
    """The address lies outside the portal's profile."""


class RobotsDenied(FetchError):
    """robots.txt forbids the request.

    Attributes:
        passing: only because it could not be had: it may be later.
        dear: and that took a whole time-out, as each further try would.
    """

    def __init__(
        self, message: str, *, subject: str = "", advice: str = "", passing: bool = False, dear: bool = False
    ) -> None:
        super().__init__(message, subject=subject, advice=advice)
        self.passing = passing
        self.dear = dear


class HeldBack(FetchError):
    """The site's budget is spent, or it asked for a longer wait than a run lasts."""


class NotHeld(FetchError):
    """No earlier crawl holds the answer, and this run has no network (``--as-of``)."""


class WireError(FetchError):
    """The connection, TLS or protocol failed before an answer was complete.

    Attributes:
        kind: of the failure, as in ``archive.metadata.Failure``.
    """

    def __init__(self, message: str, *, subject: str = "", advice: str = "", kind: str = "other") -> None:
        super().__init__(message, subject=subject, advice=advice)
        self.kind = kind


class Busy(CrawlerError):
    """Another process crawls the same site: two would exceed the pace agreed with it."""

    exit_status = 3


class BrowserError(CrawlerError):
    """Chromium is missing or does not answer, or a page cannot be shown.

    Attributes:
        died: the browser went away meanwhile, and a fresh one may do better; else the page would do so again.
    """

    def __init__(self, message: str, *, subject: str = "", advice: str = "", died: bool = False) -> None:
        super().__init__(message, subject=subject, advice=advice)
        self.died = died


@contextlib.contextmanager
def leaving_in_a_sentence() -> Iterator[None]:
    """For plain ``scrapy crawl``, which would show a traceback: end the process with the sentence and its status.

    Only while a crawl begins and nothing has been fetched.

    Raises:
        SystemExit: in place of any error of ours.
    """
    try:
        yield
    except GongkaiError as error:
        sys.stderr.write(f"gongkai: {error}\n")
        raise SystemExit(error.exit_status) from error
