"""What a request got: from the wire, or given again from the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from archive.metadata import Failure, TlsFacts
from archive.warc import HttpMessage
from crawler.capture.request import CaptureRef, CaptureRequest, Render

# Content that decodes to more is not handed on (it is archived as it came).
MAX_CONTENT = 256 * 1024 * 1024
# Nor is text: a page of this size would take minutes to read, and no list or report comes near.
MAX_TEXT = 32 * 1024 * 1024
HTML = [(b"Content-Type", b"text/html; charset=utf-8")]
"""Headers of a page as a browser drew it."""


@dataclass(slots=True)
class Answer:
    """An answer, content codings removed.

    Attributes:
        url: as asked.
        status: of the content; where nothing changed, the status of the original (the 304 is in ``wire_status``).
        headers: names and values as on the wire (of the original where nothing changed).
        content: the body without transfer and content coding.
        ref: where it lies.
        date: WARC-Date of the capture.
        wire_status: what the server said this time.
        reason: reason phrase.
        address: of the server.
        tls: what TLS said of it.
        truncated: why the answer is not whole, or None.
        failure: what went wrong with it, or None.
        final_url: where a rendered page ended up.
    """

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    ref: CaptureRef
    date: str
    wire_status: int
    reason: bytes = b""
    address: str | None = None
    tls: TlsFacts | None = None
    truncated: str | None = None
    failure: Failure | None = None
    final_url: str | None = None

    @classmethod
    def of(
        cls,
        message: HttpMessage,
        content: bytes,
        *,
        url: str,
        ref: CaptureRef,
        date: str,
        wire_status: int | None = None,
    ) -> Answer:
        """The answer that ``message`` is."""
        status = message.status or 0
        return cls(
            url,
            status,
            message.headers,
            content,
            ref,
            date,
            status if wire_status is None else wire_status,
            reason=message.reason,
        )

    @property
    def usable(self) -> bool:
        """Complete, no error, no challenge: may be given again."""
        return self.cut is None and self.failure is None and self.status < 400 and not self.ref.blocked_by

    @property
    def cut(self) -> str | None:
        """Why the content is not whole, or None; a checksum alone that does not fit cost none of it."""
        if self.failure is not None and self.failure.kind == "checksum":
            return None
        return self.ref.loss or (self.failure.message if self.failure is not None else self.truncated)

    @property
    def challenge(self) -> str | None:
        """The signature that says that this is no page of the portal, or None."""
        return self.ref.blocked_by

    def header(self, name: str) -> str | None:
        """First value of a header as Latin-1 text, or None."""
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered page as the browser gives it back.

    Attributes:
        html: the DOM, UTF-8. screenshot: PNG.
        final_url: where it ended up. status: of the document that stood there.
        ref: where it lies.
        failure: why it is not complete, or None.
    """

    html: bytes
    final_url: str
    screenshot: bytes | None
    ref: CaptureRef
    status: int = 200
    failure: Failure | None = None


class Renderer(Protocol):
    """The browser (`crawler.capture.browser.renderer.SessionRenderer`); it fetches through the session."""

    async def render(self, url: str, render: Render, ask: CaptureRequest) -> Rendered:
        """Render ``url`` and keep what was rendered."""

    async def pass_challenge(self, url: str, ask: CaptureRequest, given: Answer) -> tuple[bool, Answer | None]:
        """Show the browser a challenge: whether it got past, and the answer to ``url`` that it got behind it."""

    async def close(self) -> None:
        """Stop the browser."""
