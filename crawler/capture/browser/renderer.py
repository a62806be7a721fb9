"""The browser as part of a crawl: its requests go through the capture session, what it rendered is kept there.

The main document is archived as it came (purpose ``page``: a shell that script fills is no report), every sub-resource
as a ``subresource`` of it, and the DOM and the picture as ``resource`` records. A sub-resource that a browser's cache
would give to the next page is given to it (`crawler.capture.shared_parts`); a file of which the page read pieces is
asked for whole behind it (`crawler.capture.browser.ranges`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from archive.metadata import Failure
from crawler import FetchError, WireError
from crawler.capture.browser.browser import Browser
from crawler.capture.browser.ranges import Ranges
from crawler.capture.request import CaptureRequest, Render
from crawler.capture.session import ACCEPT_ENCODING, ACCEPT_LANGUAGE, Answer, CaptureSession, Rendered
from crawler.capture.wire.headers import asks_for_events
from crawler.politeness.robots import AGENT

logger = logging.getLogger(__name__)

_ATTEMPTS = 3  # as Scrapy makes for what it asks itself
_PASSING = frozenset({"reset", "truncated", "protocol"})
_NO_PAGE = frozenset({400, 401, 403, 405, 429, *range(500, 600)})  # what stands behind no challenge that was passed
_AT_ITS_LIMIT = frozenset({"length", "time"})  # asked again it would get no further
_TOLD = 3  # reasons that a page is not complete for


class SessionRenderer:
    """Renders pages for one crawl. Chromium starts with the first page.

    Args:
        session: fetches for the browser and keeps what it rendered.
    """

    def __init__(self, session: CaptureSession) -> None:
        self._session = session
        self._browser = Browser(f"{AGENT}/{version('gongkai')}", self._is_ending)
        self._ranges = Ranges()

    async def render(self, url: str, render: Render, ask: CaptureRequest) -> Rendered:
        """Render ``url`` and keep what was rendered.

        Raises:
            FetchError: the page itself could not be fetched.
            BrowserError: Chromium is missing, died, or did not answer in time.
            ArchiveError: it cannot be kept.
        """
        site = self._session.gate.site(url, page=None)
        document = replace(ask, purpose="page", render=None)
        page = await self._browser.render(url, render, document, self, jar=site.host, limits=site.page)
        self._session.challenges.adopt(url, page.cookies, page.user_agent.encode() if page.challenge else None)
        await self._read_whole(url, site.max_bytes)
        for failure in page.failures:
            logger.info("rendering %s: no answer for %s", url, failure)
        self._session.counts["render/pages"] += 1
        self._session.counts["render/requests"] += page.requests
        self._session.counts["render/failures"] += len(page.failures)
        if not page.complete:
            self._session.counts["render/incomplete"] += 1
        incomplete = None if page.complete else Failure(kind="truncated", message=_told(page.problems))
        ref = await self._session.recorder.keep_rendered(
            url,
            ask,
            page.html,
            text=page.text,
            final_url=page.url,
            screenshot=page.screenshot,
            rendered_by=page.software,
            status=page.status,
            failure=incomplete,
        )
        return Rendered(page.html, page.url, page.screenshot, ref, page.status, incomplete)

    async def pass_challenge(self, url: str, ask: CaptureRequest, given: Answer) -> tuple[bool, Answer | None]:
        """Show the browser a challenge (`crawler.capture.answer.Renderer`).

        Raises:
            FetchError, BrowserError, ArchiveError: as `render`.
        """
        site = self._session.gate.site(url, page=None)
        steps = Render(screenshot=False)
        page = await self._browser.render(url, steps, ask, self, jar=site.host, limits=site.page, given=given)
        found = page.document.answer if page.document is not None else None
        if not isinstance(found, Answer) or found.challenge is not None or found is given or found.status in _NO_PAGE:
            return False, None
        self._session.challenges.adopt(url, page.cookies, page.user_agent.encode())
        return True, found if found.url.partition("#")[0] == url.partition("#")[0] else None

    async def fetch(
        self, ask: CaptureRequest, url: str, *, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        """One request of the page (`crawler.capture.browser.browser.Network`)."""
        answer = await self._answer(ask, url, method, headers, body)
        self._ranges.heard(url, method, headers, answer)
        return answer

    async def _read_whole(self, page: str, most_bytes: int) -> None:
        """Ask for the files of which a page read pieces; one that does not come costs the page nothing."""
        for url, headers in self._ranges.unread(most_bytes):
            try:
                await self._answer(CaptureRequest(purpose="subresource", page=page), url, "GET", headers, b"")
            except FetchError as error:
                logger.info("%s, of which %s read pieces, did not come whole: %s", url, page, error)
            self._session.counts["render/read_whole"] += 1

    async def _answer(
        self, ask: CaptureRequest, url: str, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        given = {name.lower() for name, _value in headers}
        fields = list(headers)
        # Chromium adds these below the point at which the request is paused; the wire asks for what readers can decode.
        for name, value in ((b"Accept-Encoding", ACCEPT_ENCODING), (b"Accept-Language", ACCEPT_LANGUAGE)):
            if name.lower() not in given:
                fields.append((name, value))
        stream = asks_for_events(headers)
        attempt = 1
        while True:
            try:
                answer = await self._session.fetch(
                    url, method=method, headers=fields, body=body, ask=ask, attempt=attempt, browser=True
                )
            except WireError as error:
                if attempt == _ATTEMPTS or method != "GET" or error.kind not in _PASSING:
                    raise
            else:
                if stream or answer.cut is None or answer.truncated in _AT_ITS_LIMIT:
                    return answer
                if attempt == _ATTEMPTS or method != "GET":
                    return answer
            attempt += 1

    def _is_ending(self) -> bool:
        return self._session.gate.stopping()

    async def close(self) -> None:
        """Stop Chromium."""
        await self._browser.close()


def _told(problems: Sequence[str]) -> str:
    """Why a page is not complete, in one line."""
    told = "; ".join(problems[:_TOLD])
    return f"{told} and {len(problems) - _TOLD} more" if len(problems) > _TOLD else told
