"""Pages saved in one file ("web archive, single file", also Word's; RFC 2557): the first HTML part is read."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import Message

from parsers._errors import UnreadableDocument
from parsers.document import Document, Locator
from parsers.formats import html
from parsers.record import Hints


def read(data: bytes, hints: Hints) -> Document:
    """Read the HTML part.

    Raises:
        UnreadableDocument: there is none.
    """
    page, inner = _page(data, hints)
    return html.read(page, inner)


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at an ``html`` locator in the HTML part.

    Raises:
        LocatorError: the path leads to nothing.
        UnreadableDocument: there is no HTML part.
    """
    page, inner = _page(data, hints)
    return html.resolve(page, locator, inner)


def _page(data: bytes, hints: Hints) -> tuple[bytes, Hints]:
    message: Message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return payload, replace(hints, charset=part.get_content_charset() or hints.charset)
    raise UnreadableDocument("the web archive holds no page", subject=hints.url or "", advice="Fetch the page itself")
