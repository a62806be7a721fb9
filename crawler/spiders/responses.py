"""Small questions that the spider asks of requests, answers and tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response

from archive.metadata import Candidate
from archive.signatures import Judgement
from crawler import cms
from crawler.capture.request import META_CAPTURE, CaptureRef
from crawler.cms import Link, ListRequest, Page
from crawler.cms.back_ends.script_calls import SCRIPT
from crawler.discovery.decision import LinkDecision
from crawler.forwarding import REDIRECTS, read_location
from crawler.portals.profile import Site
from crawler.scope import host_matches
from crawler.spiders.bookkeeping.tally import BACK_END, SCRIPT_FILE
from crawler.spiders.bookkeeping.tasks import ListTask
from parsers.formats.media import DOCUMENT_BEGINNINGS, PACKED_BEGINNINGS

if TYPE_CHECKING:
    from twisted.python.failure import Failure


_WHOLE = frozenset({200, 203})

REDIRECT_URLS = "redirect_urls"
"""Scrapy's name in ``meta`` for the addresses that led to a request, the first one first."""

_DOCUMENTS = tuple(begins.lower() for begins in (*DOCUMENT_BEGINNINGS, *PACKED_BEGINNINGS))


def failure_text(request: scrapy.Request, failure: Failure, asked: str | None = None) -> str:
    """What went wrong with a request, its address named once, and before it the one that led there.

    Args:
        request: what failed.
        failure: why.
        asked: the address that was asked for first, where a page led on from it.
    """
    said = failure.getErrorMessage()
    text = said if request.url in said else f"{request.url}: {said}"
    first = asked or first_address(request)
    return f"{first} leads to {text}" if first and first != request.url else text


def first_address(request: scrapy.Request | None) -> str | None:
    """The address that was asked for, where redirects or pages that only lead on made another of it."""
    urls: list[str] = request.meta.get(REDIRECT_URLS, []) if request is not None else []
    return urls[0] if urls else None


def led_on(response: Response, requests: Iterable[scrapy.Request]) -> Iterator[scrapy.Request]:
    """Requests for what a page leads on to, which remember where they come from as those of redirects do."""
    before = response.request.meta.get(REDIRECT_URLS, []) if response.request is not None else []
    for request in requests:
        request.meta[REDIRECT_URLS] = [*before, response.url]
        yield request


def named(response: Response) -> str:
    """The address of an answer as a clause's subject, with the one that was asked for where it is another."""
    first = first_address(response.request)
    return f"{first} leads to {response.url}, which" if first and first != response.url else response.url


def sorted_address(url: str) -> str:
    """An address with the order of its query's fields taken out (one report under two orders of area and year)."""
    parts = urlsplit(url)
    return parts._replace(query="&".join(sorted(parts.query.split("&")))).geturl()


def is_first(task: ListTask) -> bool:
    """Whether a page begins a list, and is no further page or answer of one."""
    return task.asked is None or task.asked.dialect in {"hub", "report"}


def in_reading(request: ListRequest, asked: ListRequest | None) -> ListRequest:
    """A request that follows from an answer to ``asked``, with the reading of the list that it belongs to.

    A list's own pages are one reading, each back-end another; what follows from a back-end's answer is its next page.
    """
    if request.dialect in {"hub", "report"}:
        return replace(request, reading=request.url)
    if request.dialect == SCRIPT:
        return replace(request, reading=f"{SCRIPT_FILE}{request.url}")
    if request.dialect in {"static", "link", "chain", "form"} or (asked and asked.dialect == request.dialect):
        return replace(request, reading=asked.reading if asked else "")
    return replace(request, reading=f"{BACK_END}{request.method} {request.url} {request.body!r}")


def said_missing(response: Response) -> str:
    """How an answer says that its page is not there: by its status, or in words under another one."""
    return f"is missing ({response.status})" if response.status >= 400 else "is missing (its page says so)"


def is_whole(response: Response) -> bool:
    """Whether an answer is a whole page by what it says of itself, as the index takes it too.

    That is also a redirect that says nowhere where to: browsers show what came with it.
    """
    if response.status in _WHOLE:
        return True
    return response.status in REDIRECTS and read_location(response.headers.getlist("Location")) is None


def is_blank(page: Page) -> bool:
    """Whether a page shows nothing at all, and has nothing that might: no word, link, picture, frame, script, form."""
    shown = page.visible or page.links or page.data is not None
    return not shown and page.tree.css_first("img, iframe, frame, embed, object, script, canvas, svg, form") is None


def said_blank(response: Response) -> str:
    """How an answer without content is called: it is no empty list, for it says nothing at all."""
    return f"answered {response.status} with nothing in it ({len(response.body)} bytes)"


def has_rows(page: Page) -> bool:
    """Whether a page lists articles, whatever they are called."""
    return sum(1 for link in page.links if link.url and cms.is_article(link.url) and not link.menu) >= 5


def is_page(response: Response) -> bool:
    """Whether an answer is a page to be read here, and no file."""
    if is_document(response):
        return False
    kind = (response.headers.get("Content-Type") or b"").lower()
    if b"html" in kind or b"xml" in kind or not kind:
        return True
    return response.body[:200].lstrip()[:1] == b"<"


def is_download(response: Response) -> bool:
    """Whether a browser keeps an answer as a file and stays on the page that led to it."""
    said = (response.headers.get("Content-Disposition") or b"").strip().lower()
    return said.startswith(b"attachment") or cms.is_file(response.url) or is_document(response)


def is_document(response: Response) -> bool:
    """Whether an answer is a file that can be a report: by what it begins with."""
    return response.body[:1024].lstrip()[:8].lower().startswith(_DOCUMENTS)


def ref_of(response: Response) -> CaptureRef | None:
    """Where an answer lies in the archive."""
    ref = response.meta.get(META_CAPTURE)
    return ref if isinstance(ref, CaptureRef) else None


def short_of(response: Response) -> str | None:
    """Why a rendered page is not complete, or None."""
    ref = ref_of(response)
    return ref.loss if ref is not None and "rendered" in response.flags else None


def judgement_of(response: Response) -> Judgement:
    """What an answer is: the capture judged it when it kept it, or read it back."""
    ref = ref_of(response)
    assert ref is not None, "every answer comes from the capture"
    return ref.judgement


def declared_charsets(response: Response, site: Site) -> tuple[str | None, ...]:
    """What an answer and the profile say of its encoding."""
    match = re.search(rb"charset=[\"']?([\w-]+)", response.headers.get("Content-Type") or b"", re.IGNORECASE)
    return (match.group(1).decode("ascii", "replace") if match else None, site.encoding)


def candidate_of(link: Link, verdict: LinkDecision) -> Candidate:
    """A link with its verdict, as archived."""
    return Candidate(
        text=link.text,
        title=verdict.title if verdict.title != link.text else None,
        href=link.href,
        url=link.url,
        date=link.date,
        decision=verdict.decision,
        reason=verdict.reason,
        detail=verdict.twin_of or verdict.part_of,
    )


def declared_cms(url: str, site: Site) -> str:
    """The family that the profile names, for pages of the site's own hosts; another body's site has one of its own."""
    return site.cms if host_matches((urlsplit(url).hostname or "").lower(), (site.host, *site.also_hosts)) else "auto"
