"""Asking again at once: failures a few times, and apart from them the waits that a server itself asks for.

After a 429 or 503 the whole site waits (`crawler.politeness.gate`); asking again after such a wait is what the server
asked for, so it does not use up the retries of failures. What still fails comes to the spider, which asks for it again
when everything else is done (`crawler.spiders.later`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

from crawler.capture.request import META_BEFORE, META_WAITS
from crawler.politeness.gate import PAUSE_STATUSES

if TYPE_CHECKING:
    import scrapy
    from scrapy.http import Request, Response
    from scrapy.settings import BaseSettings


class Retry(RetryMiddleware):
    """Scrapy's, with a count of its own for waits."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._waits = settings.getint("AGAIN_WAITS")

    def process_response(
        self, request: Request, response: Response, spider: scrapy.Spider | None = None
    ) -> Request | Response:
        """The answer, or the request once more."""
        del spider
        if response.status not in PAUSE_STATUSES or request.meta.get("dont_retry"):
            return super().process_response(request, response)
        waits = int(request.meta.get(META_WAITS, 0))
        if waits >= int(request.meta.get("max_retry_times", self._waits)):
            return response
        again: Request = request.copy()
        again.meta[META_WAITS] = waits + 1
        again.meta[META_BEFORE] = int(request.meta.get(META_BEFORE, 0)) + 1
        again.dont_filter = True
        again.priority = request.priority + self.priority_adjust
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value("retry/waited")
        return again
