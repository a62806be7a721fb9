"""The browser as part of a crawl: its requests go through the capture session, what it rendered is kept there.

The main document is archived as it came (purpose ``page``: a shell that script fills is no report), every sub-resource
as a ``subresource`` of it, and the DOM and the picture as ``resource`` records. A sub-resource that this run holds
already is given to the next page without asking the portal again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from crawler import blocked
from crawler.capture.ask import Ask, Render
from crawler.capture.browser import Browser
from crawler.capture.session import ACCEPT_ENCODING, ACCEPT_LANGUAGE, Answer, CaptureSession, Rendered
from crawler.robots import AGENT

logger = logging.getLogger(__name__)


class SessionRenderer:
    """Renders pages for one crawl. Chromium starts with the first page.

    Args:
        session: fetches for the browser and keeps what it rendered.
    """

    def __init__(self, session: CaptureSession) -> None:
        self._session = session
        self._browser = Browser(f"{AGENT}/{version('gongkai')}")

    async def render(self, url: str, render: Render, ask: Ask) -> Rendered:
        """Render ``url`` and keep what was rendered.

        Raises:
            FetchError: the page itself could not be fetched.
            BrowserError: Chromium is missing, died, or did not answer in time.
            ArchiveError: it cannot be kept.
        """
        site = self._session.gate.site(url, page=None)
        document = replace(ask, purpose="page", render=None)
        page = await self._browser.render(url, render, document, self, jar=site.host)
        for failure in page.failures:
            logger.info("rendering %s: no answer for %s", url, failure)
        self._session.counts["render/pages"] += 1
        self._session.counts["render/requests"] += page.requests
        self._session.counts["render/failures"] += len(page.failures)
        if not page.complete:
            self._session.counts["render/incomplete"] += 1
        verdict = blocked.judge(page.status, [(b"content-type", b"text/html; charset=utf-8")], page.html)
        ref = await self._session.keep_rendered(
            url,
            ask,
            page.html,
            text=page.text,
            final_url=page.url,
            screenshot=page.screenshot,
            rendered_by=page.software,
            blocked_by=verdict.signature if verdict.verdict == "blocked" else None,
            complete=page.complete,
        )
        return Rendered(html=page.html, final_url=page.url, screenshot=page.screenshot, ref=ref)

    async def fetch(
        self, ask: Ask, url: str, *, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        """One request of the page (`crawler.capture.browser.Network`)."""
        given = {name.lower() for name, _value in headers}
        fields = list(headers)
        # Chromium adds these below the point at which the request is paused; the wire asks for what readers can decode.
        for name, value in ((b"Accept-Encoding", ACCEPT_ENCODING), (b"Accept-Language", ACCEPT_LANGUAGE)):
            if name.lower() not in given:
                fields.append((name, value))
        return await self._session.fetch(
            url, method=method, headers=fields, body=body, ask=ask, reuse=ask.purpose == "subresource"
        )

    async def close(self) -> None:
        """Stop Chromium."""
        await self._browser.close()
