"""Addresses joined as browsers join them: the URL standard (url.spec.whatwg.org), for http and https.

What the standard library does otherwise, and portals rely on: tabs and line ends inside are dropped, a backslash in the
path is a slash and one in the query is not, ``//`` in a path is kept, dot segments are resolved also when they are
percent-encoded, what may not stand in an address is percent-encoded: in UTF-8, but the query in the encoding of the
page. (``w3lib`` knows no backslashes; bindings of Ada know no encoding but UTF-8.)

Credentials in an address are left out: we have none to give, and none should be archived.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urljoin

from crawler.errors import OutOfScope
from crawler.scope import DEFAULT_PORTS, ascii_host

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AROUND = "".join(map(chr, range(0x21)))
_INSIDE = re.compile(r"[\t\n\r]")
_SLASH = re.compile(r"[/\\]")
_SLASHES = re.compile(r"[/\\]*")
_AUTHORITY = re.compile(r"[/\\]{2}")
_DOT = re.compile(r"(?:\.|%2e)", re.IGNORECASE)
_DOTS = re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)
_NOT_IN_PATH = re.compile(r"[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]")
_NOT_IN_QUERY = re.compile(r"[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]")
_NOT_IN_FRAGMENT = re.compile(r"[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]")


class Base(str):
    """An address that others count from, with the encoding of the page in which they stand.

    Attributes:
        encoding: Python's name of it.
    """

    __slots__ = ("encoding",)
    encoding: str

    def __new__(cls, url: str, encoding: str) -> Self:
        """Make one."""
        made = super().__new__(cls, url)
        made.encoding = encoding
        return made


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    authority: str
    path: str
    query: str | None
    fragment: str | None

    def text(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{self.authority}{self.path}{query}{fragment}"


def join(base: str, href: str, encoding: str | None = None) -> str | None:
    """``href`` as a browser reads it on a page whose links count from ``base``.

    Args:
        base: an http or https address.
        href: what the page holds; entities resolved.
        encoding: of the page, for the query; that of a `Base` when not given, else UTF-8.

    Returns:
        The address with its fragment; None where it is no http or https address or cannot be one (``javascript:``, a
        port above 65535, a host that is none).
    """
    used = encoding or (base.encoding if isinstance(base, Base) else "utf-8")
    read = _absolute(_clean(href), used, _start(base, used))
    return None if read is None else read.text()


def joined(base: str, href: str) -> str:
    """As `join`, for what has to be an address: what is none comes out as the standard library has it.

    Raises:
        ValueError: not even that can be made of it.
    """
    return join(base, href) or urljoin(base, href)


@functools.lru_cache(maxsize=512)
def _start(base: str, encoding: str) -> _Parts | None:
    """All links of a page count from the same."""
    return _absolute(_clean(base), encoding, None)


def _clean(text: str) -> str:
    return _INSIDE.sub("", text.strip(_AROUND))


def _absolute(text: str, encoding: str, base: _Parts | None) -> _Parts | None:
    named = _SCHEME.match(text)
    scheme = named[1].lower() if named else ""
    if named and scheme not in DEFAULT_PORTS:
        return None
    rest = text[named.end() :] if named else text
    rest, hash_, fragment = rest.partition("#")
    rest, mark, query = rest.partition("?")
    end = _escape(_NOT_IN_FRAGMENT, fragment) if hash_ else None
    asked = _query(query, encoding) if mark else None
    if named and (base is None or scheme != base.scheme or _AUTHORITY.match(rest)):
        rest = "//" + rest[_SLASHES.match(rest).end() :]  # type: ignore[union-attr]
    elif base is None:
        return None
    scheme = scheme or (base.scheme if base else "")
    if re.match(r"[/\\]{2}", rest):
        rest = rest[_SLASHES.match(rest).end() :]  # type: ignore[union-attr]
        cut = _SLASH.search(rest)
        authority = _authority(rest[: cut.start()] if cut else rest, scheme)
        if authority is None:
            return None
        return _Parts(scheme, authority, _path("", rest[cut.start() :] if cut else "/"), asked, end)
    assert base is not None
    if not rest:
        return _Parts(scheme, base.authority, base.path, asked if mark else base.query, end)
    return _Parts(scheme, base.authority, _path(base.path, rest), asked, end)


def _authority(text: str, scheme: str) -> str | None:
    """Host and port; None where there is no host, or none that can be."""
    host_and_port = text.rpartition("@")[2]
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]+))(?::([0-9]*))?", host_and_port)
    if found is None:
        return None
    try:
        host = str(ipaddress.IPv6Address(found[1])) if found[1] else ascii_host(unquote(found[2]))
    except (OutOfScope, ValueError):
        return None
    port = int(found[3][-12:]) if found[3] else DEFAULT_PORTS[scheme]
    if port >= 1 << 16:
        return None
    host = f"[{host}]" if ":" in host else host
    return host if port == DEFAULT_PORTS[scheme] else f"{host}:{port}"


def _path(base: str, path: str) -> str:
    """``path`` against the folder of ``base``, dot segments resolved."""
    segments = _SLASH.split(path)
    if segments[0] == "" and len(segments) > 1:
        kept: list[str] = []
        segments = segments[1:]
    else:
        kept = base.split("/")[1:-1]
    last = len(segments) - 1
    for number, segment in enumerate(segments):
        if _DOTS.fullmatch(segment):
            del kept[-1:]
            if number == last:
                kept.append("")
        elif _DOT.fullmatch(segment):
            if number == last:
                kept.append("")
        else:
            kept.append(_escape(_NOT_IN_PATH, segment))
    return "/" + "/".join(kept)


def _query(query: str, encoding: str) -> str:
    return _NOT_IN_QUERY.sub(lambda found: _encoded(found[0], encoding), query)


def _encoded(char: str, encoding: str) -> str:
    """A character in the page's encoding, escaped; one that it has not got as a form would send it (``&#20320;``)."""
    if encoding.startswith("utf"):
        return _percent(char.encode("utf-8", "replace"))
    try:
        coded = char.encode("gbk" if encoding == "gb18030" else encoding)
    except (UnicodeEncodeError, LookupError):
        return f"%26%23{ord(char)}%3B"
    if len(coded) == 1:
        return _percent(coded)
    return "".join(
        _percent(coded[at : at + 1]) if _NOT_IN_QUERY.match(chr(coded[at])) else chr(coded[at])
        for at in range(len(coded))
    )


def _escape(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: _percent(found[0].encode("utf-8", "replace")), text)


def _percent(data: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in data)
