"""What all adapters have in common: the shape of their answers and the rules of the game.

An adapter knows one product: how to recognise it (`Adapter.fingerprint`) and how to ask for the rest of a list
(`Adapter.next_requests`); what its addresses look like stands in ``config/cms.yaml``. Page counts, unit ids and
argument orders are read from the page at run time. Adapters are pure: page in, requests out; nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.cms.address_shapes import FamilyShapes, family_shapes
from crawler.cms.links import Link
from crawler.cms.page import Page
from crawler.cms.pagers import paging
from crawler.cms.pagers.pager_call import promised
from crawler.cms.request import ListRequest
from crawler.cms.stated import Stated


@dataclass(frozen=True, slots=True)
class Match:
    """How sure an adapter is that a page is its product's: 0 (no sign) to 1 (certain), and why."""

    score: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a page of a list says.

    Attributes:
        adapter: name of the family, ``generic`` where none is recognised.
        reason: why this family.
        score: how sure, 0 to 1.
        links: every link, wherever it stood.
        requests: what to ask for next.
        later: guesses, asked for one turn after the other while the list is not whole.
        stated_total: how many entries the portal says there are.
        pages: how many pages it says there are.
        faults: what of the page could not be read, one clause each.
    """

    adapter: str
    score: float
    reason: str
    links: tuple[Link, ...]
    requests: tuple[ListRequest, ...]
    stated_total: int | None = None
    pages: int | None = None
    later: tuple[ListRequest, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass
class Signs:
    """Collects signs of a family; the strongest counts in full, each further one closes half of the gap to 1."""

    found: list[tuple[float, str]] = field(default_factory=list)

    def see(self, condition: object, weight: float, sign: str) -> None:
        """Note ``sign`` when ``condition`` holds."""
        if condition:
            self.found.append((weight, sign))

    def match(self) -> Match:
        """All signs together."""
        score = 0.0
        for weight, _ in sorted(self.found, reverse=True):
            score = max(score, weight) if score == 0 else score + (1 - score) * weight / 2
        return Match(round(score, 3), "; ".join(sign for _, sign in sorted(self.found, reverse=True)))


class Adapter:
    """Base of all adapters: static pages and pager links; what differs by product is overridden."""

    name: ClassVar[str]
    product: ClassVar[str]

    @property
    def shapes(self) -> FamilyShapes:
        """What addresses of this product look like (``config/cms.yaml``)."""
        return family_shapes()[self.name]

    def fingerprint(self, page: Page) -> Match:
        """How surely this page comes from this product."""
        raise NotImplementedError

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Requests for the rest of the list.

        Args:
            page: the list page or an answer to one of this adapter's requests.
            asked: the request that ``page`` answers; None for the first page of a column.
        """
        return paging.next_requests(page, asked, self.name)

    def stated(self, page: Page) -> Stated:
        """How many entries and pages the portal states: of itself, or as arguments of its pager's call."""
        call = promised(page) if page.data is None else None
        stated = page.stated
        if call is None:
            return stated
        return Stated(call.records or stated.records, call.pages or stated.pages, stated.size)

    def is_column(self, page: Page) -> bool:
        """Whether the page's own path, without its query, is that of one of this product's columns."""
        return self.shapes.column(urlsplit(page.url).path) is not None

    def article_share(self, page: Page) -> int:
        """How many links of the page have one of this product's article addresses."""
        return sum(1 for link in page.links if link.url and self.shapes.article(link.url) is not None)
