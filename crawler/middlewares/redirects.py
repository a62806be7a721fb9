"""Scrapy's redirects in browsers' manner: the rules of `crawler.forwarding`, addresses joined by `crawler.joining`.

A 302 with a body and without a ``Location`` is a page like any other, as in browsers. Who asks for a report and is sent
to a home page gets the answer that says so (flag `HOME`): that page is no report, whatever the list called it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.capture.request import META_ASK, CaptureRequest
from crawler.forwarding import REDIRECTS, SOON, leads_elsewhere, leads_home, read_location, read_refresh
from crawler.joining import join

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HOME = "home"
"""Flag of an answer that leads from a report to a home page."""
_DOCUMENTS = frozenset({"report", "attachment"})
_SHORT = 1000  # bytes of a page that says nothing else
_CONTENT = frozenset({b"content-type", b"content-length", b"content-encoding", b"content-language"})


class Redirects:
    """Takes the place of Scrapy's redirect middleware, on documented interfaces only.

    ``meta`` keeps ``redirect_times`` and ``redirect_urls`` under Scrapy's names.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._most = crawler.settings.getint("REDIRECT_MAX_TIMES")
        self._priority = crawler.settings.getint("REDIRECT_PRIORITY_ADJUST")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Redirects:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request that it leads to.

        Raises:
            IgnoreRequest: it has led on too often.
        """
        if request.meta.get("dont_redirect") or "rendered" in response.flags:
            return response
        target = self._target(request, response)
        if target is None:
            return response
        if "#" not in target and "#" in request.url:
            target += "#" + request.url.partition("#")[2]
        ask = request.meta.get(META_ASK)
        if isinstance(ask, CaptureRequest) and ask.purpose in _DOCUMENTS and leads_home(request.url, target):
            return response.replace(flags=[*response.flags, HOME])
        times = request.meta.get("redirect_times", 0) + 1
        if times > self._most:
            raise IgnoreRequest(f"{request.url} is the {times}th redirect in a row: browsers would give up too")
        logging.getLogger(__name__).debug("%s leads to %s", request.url, target)
        meta = {
            **request.meta,
            "redirect_times": times,
            "redirect_urls": [*request.meta.get("redirect_urls", []), request.url],
        }
        changed: dict[str, Any] = {"url": target, "meta": meta, "priority": request.priority + self._priority}
        asks_anew = response.status not in {307, 308} and request.method not in {"GET", "HEAD"}
        if asks_anew and (response.status not in {301, 302} or request.method == "POST"):
            headers = {name: values for name, values in request.headers.items() if name.lower() not in _CONTENT}
            changed |= {"method": "GET", "body": b"", "headers": headers}
        followed: Request = request.replace(**changed)
        return followed

    def _target(self, request: Request, response: Response) -> str | None:
        if response.status in REDIRECTS:
            location = read_location(response.headers.getlist("Location"))
            return None if location is None else join(request.url, location)
        for value in response.headers.getlist("Refresh"):
            refresh = read_refresh(value.decode("latin-1"))
            if refresh is not None and (refresh.seconds <= SOON or len(response.body) < _SHORT):
                target = join(request.url, read_location([refresh.href.encode("latin-1")]) or "")
                return target if leads_elsewhere(request.url, target) else None
        return None
