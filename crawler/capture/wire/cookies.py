"""Cookies of one crawl, kept in memory: some portals answer only who brings back what they set (CT6T and its kin).

They are read as RFC 6265bis (sections 5.6 and 5.7) has browsers read them: an attribute that cannot be understood
(``Max-Age=3600.0``, ``path="/"``, ``Max-Age`` alone) counts as if it were not there, and one odd cookie costs none of
the others. What browsers refuse is refused: more than 4,096 bytes, control characters, ``Secure`` or the prefixes
``__Secure-`` and ``__Host-`` where they do not hold. The standard library's jar decides what goes back where;
``strict_domain`` keeps a cookie for ``gov.cn`` from being shared by all of it without any list of public suffixes to
download. Cookies never count in looking answers up, and go to no disk but in the archived requests themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import Request

# A script that sets one literal cookie and reloads (C3VK and its kin): name=value, attributes, and what is put behind.
_SCRIPT_COOKIE = re.compile(
    rb"""(?:document|\b[A-Za-z_$][\w$]{0,15})\s*\.\s*cookie\s*=\s*(["'])"""
    rb"""([A-Za-z0-9_.-]{1,64}=[\x21\x23-\x26\x28-\x3a\x3c-\x7e]*)(;[^\r\n]*?)?\1(\s*\+)?"""
)
_SMALL = 4096  # bytes of a page that only sets a cookie
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LARGEST, _LARGEST_ATTRIBUTE = 4096, 1024  # bytes
_END = re.compile(r"[\0\r\n]")
_SECONDS = re.compile(r"-?[0-9]{1,18}")
_LONGEST = 400 * 24 * 3600  # seconds; no browser keeps one longer
_BETWEEN = re.compile(r"[\t\x20-/;-@\[-`{-~]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)", re.ASCII)
_DAY = re.compile(r"\d{1,2}(?!\d)", re.ASCII)
_YEAR = re.compile(r"\d{2,4}(?!\d)", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_YEAR = 1601


class _Answer:
    """The part of a response that the jar looks at."""

    def __init__(self, cookie: str) -> None:
        self._message = Message()
        self._message["Set-Cookie"] = cookie

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
        for value in values:
            if (cookie := _understood(value, secure=url.startswith("https:"))) is not None:
                self._jar.extract_cookies(cast("Any", _Answer(cookie)), Request(url))  # noqa: S310 - as above
        return self.header(url) != before

    def forget(self, url: str) -> None:
        """Drop what the next request to ``url`` would bring."""
        names = {pair.partition(b"=")[0].strip().decode("latin-1") for pair in (self.header(url) or b"").split(b";")}
        host = urlsplit(url).hostname or ""
        for cookie in list(self._jar):
            if cookie.name in names and host.endswith(cookie.domain.removesuffix(".local").lstrip(".")):
                self._jar.clear(cookie.domain, cookie.path, cookie.name)


def _understood(value: bytes, *, secure: bool) -> str | None:
    """A Set-Cookie value with those attributes only that are understood, each once: the last counts; None for none.

    Args:
        value: of the header.
        secure: it came over TLS.
    """
    pair, *attributes = _END.split(value.decode("latin-1"), 1)[0].split(";")
    kept: dict[str, str] = {}
    for attribute in attributes:
        name, _, text = (part.strip() for part in attribute.partition("="))
        name = name.lower()
        if len(text) > _LARGEST_ATTRIBUTE:
            continue
        if name == "secure":
            kept[name] = "Secure"
        elif name == "max-age" and _SECONDS.fullmatch(text):
            kept[name] = f"Max-Age={min(int(text), _LONGEST)}"
        elif name == "path" and text.startswith("/"):
            kept[name] = f"Path={text}"
        elif name == "path":
            kept.pop(name, None)
        elif name == "expires" and (moment := read_moment(text)) is not None:
            left = int((moment - datetime.now(UTC)).total_seconds())
            kept[name] = f"Max-Age={min(max(left, 0), _LONGEST)}"
        elif name == "domain" and text:
            kept[name] = f"{name}={text}"
    if "max-age" in kept:
        kept.pop("expires", None)
    if _is_refused(pair, kept, secure=secure) or _CONTROL.search(value.decode("latin-1")):
        return None
    return "; ".join([pair.strip().removeprefix("="), *kept.values()])


def _is_refused(pair: str, kept: dict[str, str], *, secure: bool) -> bool:
    """Whether browsers do not take a cookie (RFC 6265bis, section 5.7)."""
    name, mark, rest = pair.partition("=")
    named, content = (name.strip(), rest.strip()) if mark else ("", name.strip())
    prefix = (named or content).lower()
    if len(named) + len(content) > _LARGEST or ("secure" in kept and not secure):
        return True
    if prefix.startswith("__host-"):
        return "secure" not in kept or "domain" in kept or kept.get("path") != "Path=/" or not named
    return prefix.startswith("__secure-") and ("secure" not in kept or not named)


def read_moment(text: str) -> datetime | None:
    """The moment that ``Expires`` names (RFC 6265bis section 5.6.1); None where browsers see none.

    Any order, any words between, years of two digits: 70 to 99 are of the last century. (The standard library takes
    those that are nearest to now, and so ``01-Jan-70``, by which many servers delete a cookie, for 2070.)
    """
    time: re.Match[str] | None = None
    day = month = year = None
    for token in _BETWEEN.split(text):
        if time is None and (found := _TIME.match(token)):
            time = found
        elif day is None and (found := _DAY.match(token)):
            day = int(found[0])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(token)):
            year = int(found[0])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    try:
        moment = datetime(year, month, day, int(time[1]), int(time[2]), int(time[3]), tzinfo=UTC)
    except ValueError:
        return None
    return moment if year >= _FIRST_YEAR else None


def script_cookie(content: bytes) -> bytes | None:
    """The cookie that a small challenge page sets by script, when its value stands there literally.

    It has its attributes: without its ``path`` it would go back to the directory of the challenge alone.
    """
    if len(content) > _SMALL:
        return None
    found = _SCRIPT_COOKIE.search(content)
    if found is None or (found[4] and not found[3]):  # the value itself is put together by the script
        return None
    return found[2] + (found[3] or b"")
