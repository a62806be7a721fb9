"""Cookies of one crawl, kept in memory: some portals answer only who brings back what they set (CT6T and its kin).

The standard library's jar decides; ``strict_domain`` keeps a cookie for ``gov.cn`` from being shared by all of it
without any list of public suffixes to download. Cookies never count in looking answers up, and go to no disk but in the
archived requests themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast
from urllib.request import Request


class _Answer:
    """The part of a response that the jar looks at."""

    def __init__(self, values: Iterable[bytes]) -> None:
        self._message = Message()
        for value in values:
            self._message["Set-Cookie"] = value.decode("latin-1").replace("\r", " ").replace("\n", " ")

    def info(self) -> Message:
        return self._message


class Cookies:
    """The crawl's cookies."""

    def __init__(self) -> None:
        self._jar = CookieJar(DefaultCookiePolicy(strict_domain=True, rfc2965=False))

    def header(self, url: str) -> bytes | None:
        """Value of the Cookie header for a request, or None."""
        if not len(self._jar):
            return None
        request = Request(url)  # noqa: S310 - nothing is opened: the jar wants this class
        self._jar.add_cookie_header(request)
        value = request.get_header("Cookie")
        return value.encode("latin-1", "replace") if value else None

    def store(self, url: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Keep what an answer sets; true when that changed what the next request to ``url`` brings."""
        values = [value for name, value in headers if name.lower() == b"set-cookie"]
        if not values:
            return False
        before = self.header(url)
        self._jar.extract_cookies(cast("Any", _Answer(values)), Request(url))  # noqa: S310 - as above
        return self.header(url) != before
