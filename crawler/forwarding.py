"""What sends a visitor on, read as browsers read it: ``Location``, the header ``Refresh``, ``meta refresh``.

Of several ``Location`` headers the first that says something counts; an empty one is none. A refresh counts when it
comes soon (`SOON`); a later one only from a page that says nothing else: who reads it sees the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.warc.heads import first_said

SOON = 10
"""Seconds; a refresh within them is followed whatever the page holds."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses whose ``Location`` is followed; without one, what came is a page like any other."""

_REFRESH = re.compile(r"\s*(?:([0-9]+)[0-9.]*|\.[0-9.]*)(?:\s*[;,]\s*|\s+)(.*)", re.DOTALL)
_HOME_PAGE = re.compile(r"(?:/(?:index\.s?html?)?)?", re.IGNORECASE)
_URL = re.compile(r"url\s*=\s*(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refresh:
    """Where a refresh leads, as written, and after how many seconds."""

    seconds: int
    href: str


def read_refresh(text: str) -> Refresh | None:
    """Read the value of ``Refresh`` or ``meta refresh`` (HTML standard, shared declarative refresh steps).

    None where it is none, or only loads the same page again.
    """
    found = _REFRESH.fullmatch(text)
    if found is None:
        return None
    named = _URL.fullmatch(found[2])
    href = named[1] if named else found[2]
    if href[:1] in {"'", '"'}:
        href = href[1:].partition(href[0])[0]
    href = href.strip()
    return Refresh(int((found[1] or "0")[:9]), href) if href else None


def read_location(values: Iterable[bytes]) -> str | None:
    """The first of these ``Location`` values that says something, its bytes beyond ASCII percent-encoded; or None."""
    location = first_said(values)
    if location is None:
        return None
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in location)


def leads_elsewhere(url: str, target: str | None) -> bool:
    """Whether ``target`` is another page than ``url``."""
    return target is not None and target.partition("#")[0] != url.partition("#")[0]


def is_home(url: str) -> bool:
    """Whether an address is a site's home page."""
    return _HOME_PAGE.fullmatch(urlsplit(url).path) is not None


def leads_home(url: str, target: str) -> bool:
    """Whether who asked for a page is sent to a home page: that is how many portals say that it is not there."""
    to = urlsplit(target)
    return is_home(target) and not to.query and not to.fragment and not is_home(url)
