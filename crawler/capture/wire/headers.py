"""What every request of ours says of itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib.metadata import version

from crawler.politeness.robots import AGENT

CONTACT = "https://github.com/gongkai-project/gongkai"
ACCEPT = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_LANGUAGE = b"zh-CN,zh;q=0.9,en;q=0.5"
# No br and no zstd: what common readers of WARC files cannot decode is not asked for.
ACCEPT_ENCODING = b"gzip, deflate"

EVENTS = b"text/event-stream"
EVENTS_SECONDS = 10.0
"""So long an event stream is read: it has no end, and pages show what it says at first."""

_NO_FIELD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u0100-\U0010ffff]")


def user_agent(contact: str | None = None) -> str:
    """Who we say we are: honest, with an address at which a portal's operator reaches whoever runs this.

    ``contact``, else ``GONGKAI_CONTACT``, else the project's page.
    """
    where = contact or os.environ.get("GONGKAI_CONTACT") or CONTACT
    clean = "".join(char for char in where if char.isascii() and char.isprintable() and char not in "()")
    return f"Mozilla/5.0 (compatible; {AGENT}/{version('gongkai')}; +{clean})"


def default_headers(agent: str) -> list[tuple[bytes, bytes]]:
    """What we send when nobody says otherwise, in this order."""
    return [
        (b"User-Agent", agent.encode()),
        (b"Accept", ACCEPT),
        (b"Accept-Language", ACCEPT_LANGUAGE),
        (b"Accept-Encoding", ACCEPT_ENCODING),
    ]


def validator_headers(etag: str | None, last_modified: str | None) -> list[tuple[bytes, bytes]]:
    """What asks whether an earlier answer still holds.

    A value that no header can hold (a carriage return or NUL out of a broken one) is left out: it would have the
    request refused for ever.
    """
    pairs = ((b"If-None-Match", etag), (b"If-Modified-Since", last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value and not _NO_FIELD.search(value)]


def asks_for_events(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a script asks for an event stream, which a server leaves open for ever."""
    return any(name.lower() == b"accept" and value.strip().lower() == EVENTS for name, value in headers)
