"""Pages saved in one file ("web archive, single file", also Word's; RFC 2557).

The first HTML part is the page. Where it holds no table and shows another part in a frame (``cid:`` or an address), the
first framed part that holds one is read in its place: portals print a report in a frame, and the page around is none.
"""

from __future__ import annotations

import email
import email.policy
import html as entities
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from urllib.parse import urljoin

from parsers.document import Document, Locator
from parsers.errors import UnreadableDocument
from parsers.formats.html import reader
from parsers.record import Hints

_FRAME = re.compile(rb"<i?frame\b[^>]*?\bsrc\s*=\s*(?:\"([^\">]*)\"|'([^'>]*)'|([^\s>\"']+))", re.IGNORECASE)
_MOST_FRAMES = 20  # looked at; no page shows more in earnest


@dataclass(frozen=True, slots=True)
class _Part:
    """An HTML part of the file: its bytes, charset, and by what others name it."""

    data: bytes
    charset: str | None
    names: tuple[str, ...]


def read(data: bytes, hints: Hints) -> Document:
    """Read the HTML part.

    Raises:
        UnreadableDocument: there is none.
    """
    page, inner = _page(data, hints)
    return reader.read(page, inner)


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at an ``html`` locator in the HTML part.

    Raises:
        LocatorError: the path leads to nothing.
        UnreadableDocument: there is no HTML part.
    """
    page, inner = _page(data, hints)
    return reader.resolve(page, locator, inner)


def _page(data: bytes, hints: Hints) -> tuple[bytes, Hints]:
    message: Message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    parts = list(_parts(message))
    if not parts:
        raise UnreadableDocument(
            "the web archive holds no page", subject=hints.url or "", advice="Fetch the page itself"
        )
    chosen = parts[0]
    framed = _framed(parts[0], parts)
    if framed and not _holds_table(parts[0]):
        chosen = next((part for part in framed if _holds_table(part)), parts[0])
    return chosen.data, replace(hints, charset=chosen.charset or hints.charset)


def _parts(message: Message) -> Iterator[_Part]:
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes) and payload.strip():
            identity = str(part.get("Content-ID", "")).strip().strip("<>")
            names = (f"cid:{identity}" if identity else "", str(part.get("Content-Location", "")).strip())
            yield _Part(payload, part.get_content_charset(), tuple(filter(None, names)))


def _framed(page: _Part, parts: Sequence[_Part]) -> list[_Part]:
    """The parts that a page shows in frames, and those in their frames, in order."""
    found: list[_Part] = []
    waiting = [page]
    while waiting and len(found) < _MOST_FRAMES:
        outer = waiting.pop(0)
        for match in _FRAME.finditer(outer.data):
            source = entities.unescape((match[1] or match[2] or match[3] or b"").decode("utf-8", "replace")).strip()
            base = next((name for name in outer.names if not name.startswith("cid:")), "")
            wanted = {source, urljoin(base, source)}
            inner = next((part for part in parts if wanted & set(part.names)), None)
            if inner is not None and inner is not page and inner not in found:
                found.append(inner)
                waiting.append(inner)
    return found


def _holds_table(part: _Part) -> bool:
    return bool(re.search(rb"<table\b", part.data, re.IGNORECASE)) and bool(
        reader.read(part.data, Hints(charset=part.charset)).tables()
    )
