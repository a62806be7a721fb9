"""Scrapy's way to the network: its documented download handler interface over the capture session.

Nothing private of Scrapy or Twisted is used. A request's ``meta["gongkai"]`` says why it is made (`CaptureRequest`),
the response's ``meta["capture"]`` where it lies in the archive (`CaptureRef`). What comes back has no content coding
left; its charset is the spider's business (``response.body``, never ``response.text``).
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from typing import TYPE_CHECKING, NoReturn
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.http import Headers, HtmlResponse, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.request import fingerprint

from archive import ArchiveError
from crawler.capture.answer import Answer
from crawler.capture.request import META_ASK, META_BEFORE, META_CAPTURE, CaptureRequest
from crawler.capture.session import CaptureSession
from crawler.errors import BrowserError, HeldBack, NotHeld, OutOfScope, RobotsDenied, WireError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_OURS = frozenset({b"user-agent", b"accept", b"accept-language", b"accept-encoding"})
_HIDDEN = frozenset({b"content-encoding", b"transfer-encoding"})


_SESSIONS: WeakKeyDictionary[Crawler, CaptureSession] = WeakKeyDictionary()


def set_session(crawler: Crawler, session: CaptureSession) -> None:
    """Let the requests of a Scrapy crawler go through ``session``."""
    _SESSIONS[crawler] = session


def session_of(crawler: Crawler) -> CaptureSession | None:
    """The capture of a Scrapy crawler; None before it is opened, and where it could not be."""
    return _SESSIONS.get(crawler)


class CaptureHandler(BaseDownloadHandler):
    """Answers http and https requests through the crawler's capture session (`session_of`)."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        session = session_of(crawler)
        if session is None:
            raise NotConfigured("crawler.extension.CaptureExtension has made no capture session")
        self._session = session
        self._retries = crawler.settings.getint("RETRY_TIMES") if crawler.settings.getbool("RETRY_ENABLED") else 0

    async def download_request(self, request: Request) -> Response:
        """Fetch, archive and answer.

        Raises:
            IgnoreRequest: it may not be asked for (scope, robots.txt, budget), or no earlier crawl holds it.
            DownloadTimeoutError, DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError: nothing
                usable came; Scrapy may ask again.
            DownloadCancelledError: longer than the profile allows, or a page that the browser cannot show.
        """
        ask = request.meta.get(META_ASK)
        if not isinstance(ask, CaptureRequest):
            ask = CaptureRequest()
        begun = time.monotonic()
        try:
            if ask.render is not None:
                return self._rendered(request, await self._session.render(request.url, ask))
            answer = await self._session.fetch(
                request.url,
                method=request.method,
                headers=self._headers(request),
                body=request.body,
                ask=ask,
                attempt=self._attempt(request),
            )
        except (OutOfScope, RobotsDenied, HeldBack, NotHeld) as error:
            raise IgnoreRequest(str(error)) from error
        except WireError as error:
            _raise_download_error(error)
        except BrowserError as error:
            # A page that keeps the browser busy would do so again.
            raise (DownloadFailedError if error.died else DownloadCancelledError)(str(error)) from error
        except ArchiveError as error:
            await self._give_up(error)
        finally:
            request.meta["download_latency"] = time.monotonic() - begun
        self._refuse_half(request, answer)
        return self._response(request, answer)

    def _rendered(self, request: Request, answer: Answer) -> Response:
        request.meta[META_CAPTURE] = answer.ref
        return HtmlResponse(
            url=answer.final_url or request.url,
            status=answer.status,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=answer.content,
            flags=["rendered", *_flags(answer)],
            encoding="utf-8",
        )

    def _response(self, request: Request, answer: Answer) -> Response:
        headers = Headers()
        for name, value in answer.headers:
            if name.lower() not in _HIDDEN:
                headers.appendlist(name, value)
        request.meta[META_CAPTURE] = answer.ref
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.content)
        return kind(
            url=request.url,
            status=answer.status,
            headers=headers,
            body=answer.content,
            flags=_flags(answer),
            ip_address=ipaddress.ip_address(answer.address) if answer.address else None,
            protocol="HTTP/1.1",
        )

    def _headers(self, request: Request) -> list[tuple[bytes, bytes]]:
        """Ours first and always; then what the request brings."""
        fields = self._session.default_headers()
        accept = request.headers.getlist("Accept")
        if accept:
            fields = [(name, accept[0] if name == b"Accept" else value) for name, value in fields]
        fields.extend(
            (name, value) for name, values in request.headers.items() if name.lower() not in _OURS for value in values
        )
        return fields

    def _attempt(self, request: Request) -> int:
        return _failures(request) + int(request.meta.get(META_BEFORE, 0)) + 1

    def _refuse_half(self, request: Request, answer: Answer) -> None:
        """A cut or damaged answer is asked for again; what comes so the last time too goes on, flagged ``dataloss``."""
        if answer.truncated is None and answer.failure is None:
            return
        said = answer.failure.message if answer.failure else "cut"
        if answer.truncated == "length" or (answer.failure and answer.failure.kind == "too_large"):
            raise DownloadCancelledError(f"{request.url} is longer than the profile allows ({said})")
        retries = int(request.meta.get("max_retry_times", self._retries))
        if not request.meta.get("dont_retry") and _failures(request) < retries:
            raise ResponseDataLossError(f"{request.url}: {said}")

    async def _give_up(self, error: ArchiveError) -> NoReturn:
        """What cannot be kept must not be fetched: the run ends."""
        self._session.give_up(error)
        engine = self.crawler.engine
        if engine is not None and engine.spider is not None:
            import asyncio

            # Not awaited: the engine waits for this very request before it closes.
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="archive_failed"))
            self._closing.add_done_callback(lambda task: task.cancelled() or task.exception())
        raise IgnoreRequest(str(error)) from error


class Fingerprinter:
    """Tells requests apart by method, URL *with fragment*, body and steps of rendering (columns live in fragments)."""

    def fingerprint(self, request: Request) -> bytes:
        """20 bytes that are equal for equal requests."""
        plain = fingerprint(request, keep_fragments=True)
        ask = request.meta.get(META_ASK)
        if isinstance(ask, CaptureRequest) and ask.render is not None:
            return hashlib.sha1(plain + ask.render.digest().encode(), usedforsecurity=False).digest()
        return plain


def _failures(request: Request) -> int:
    """How often Scrapy has asked again because of a failure."""
    return int(request.meta.get("retry_times", 0))


def _flags(answer: Answer) -> list[str]:
    flags = ["replayed"] if answer.ref.replayed else []
    return [*flags, "dataloss"] if answer.truncated or answer.failure or answer.ref.loss else flags


def _raise_download_error(error: WireError) -> NoReturn:
    match error.kind:
        case "timeout":
            raise DownloadTimeoutError(str(error)) from error
        case "scope":
            raise IgnoreRequest(str(error)) from error
        case "connect":
            raise DownloadConnectionRefusedError(str(error)) from error
        case _:
            raise DownloadFailedError(str(error)) from error
