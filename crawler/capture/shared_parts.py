"""Parts of rendered pages that the next page may share without asking the portal again, as with a browser's cache.

By RFC 9111, and by what Chromium does where the standard leaves it open: only what GET gave whole, what may be stored
(no ``no-store``), is fresh (``max-age``, ``Expires``, else a tenth of its age) and was asked with the same headers that
``Vary`` names. What asks for a range, carries a login or says ``no-cache``, and what set a cookie, goes to the wire: a
script that polls, pages by a header or asks again after a login must get what the portal says now. Scrapy's
`RFC2616Policy` does the arithmetic of freshness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Headers, Request, Response
from scrapy.settings import Settings

from crawler.capture.answer import Answer
from crawler.capture.replay_index import ReplayEntry
from crawler.capture.request import PendingRequest

Fields = Sequence[tuple[bytes, bytes]]

_TO_THE_WIRE = frozenset({b"range", b"if-range", b"authorization", b"if-none-match", b"if-modified-since"})
_DIRECTIVES = (b"no-cache", b"no-store")
_PARTIAL = 206


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer and the request that it answered."""

    held: ReplayEntry
    response: Response
    fields: dict[bytes, bytes]


class Parts:
    """What pages of this run may share: where it lies, and what its head says of sharing it."""

    def __init__(self) -> None:
        self._kept: dict[str, list[_Kept]] = {}
        self._policy = RFC2616Policy(Settings())

    def find(self, asked: PendingRequest) -> ReplayEntry | None:
        """Where an answer lies that a browser would not ask for again, or None."""
        fields = _by_name(asked.headers)
        if not _may_share(asked, fields):
            return None
        for kept in self._kept.get(asked.target, ()):
            request = Request(asked.target, headers=_headers(asked.headers))
            if _fits(kept, fields) and self._policy.is_cached_response_fresh(kept.response, request):
                return kept.held
        return None

    def keep(self, asked: PendingRequest, answer: Answer) -> None:
        """Take an answer in, if it may be given again; an older one of the same request is forgotten."""
        fields = _by_name(asked.headers)
        if asked.method != "GET":
            if answer.status < 400:  # RFC 9111 section 4.4: what was changed is asked for again
                self._kept.pop(asked.target, None)
            return
        others = [kept for kept in self._kept.get(asked.target, ()) if not _fits(kept, fields)]
        if (response := self._shared(asked, fields, answer)) is not None:
            ref = answer.ref
            held = ReplayEntry(asked.key, ref.location, ref.kind, answer.date, ref.location)
            others.append(_Kept(held, response, fields))
        self._kept[asked.target] = others

    def _shared(self, asked: PendingRequest, fields: dict[bytes, bytes], answer: Answer) -> Response | None:
        """The head of an answer that may be given again, or None."""
        if not _may_share(asked, fields) or not answer.usable or answer.status == _PARTIAL:
            return None
        if answer.ref.kind != "response" or answer.header("Set-Cookie") is not None:
            return None
        response = Response(answer.url, status=answer.status, headers=_headers(answer.headers))
        if b"*" in b",".join(response.headers.getlist("Vary")):
            return None
        return response if self._policy.should_cache_response(response, Request(asked.target)) else None


def _fits(kept: _Kept, fields: dict[bytes, bytes]) -> bool:
    """Whether a request has what the kept one had, of the headers that the answer depends on."""
    names = b",".join(kept.response.headers.getlist("Vary")).lower().split(b",")
    return all(kept.fields.get(name.strip()) == fields.get(name.strip()) for name in names if name.strip())


def _may_share(asked: PendingRequest, fields: dict[bytes, bytes]) -> bool:
    control = fields.get(b"cache-control", b"").lower() + b"," + fields.get(b"pragma", b"").lower()
    return (
        asked.method == "GET"
        and not asked.body
        and not fields.keys() & _TO_THE_WIRE
        and not any(word in control for word in _DIRECTIVES)
    )


def _by_name(fields: Fields) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in fields:
        key = name.strip().lower()
        found[key] = f"{found[key].decode('latin-1')}, ".encode("latin-1") + value if key in found else value
    return found


def _headers(fields: Fields) -> Headers:
    headers = Headers()
    for name, value in fields:
        headers.appendlist(name.strip(), value)
    return headers
