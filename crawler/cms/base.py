"""What all adapters have in common: the shape of their answers and the rules of the game.

An adapter knows one product: how to recognise it (`Adapter.fingerprint`), what its addresses look like
(`Adapter.articles`, `Adapter.columns`) and how to ask for the rest of a list (`Adapter.more`). Page counts, unit ids
and argument orders are read from the page at run time. Adapters are pure: page in, requests out; nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.cms import paging
from crawler.cms.page import Page, Row, absolute
from crawler.cms.script import around, setting
from crawler.cms.stated import Stated

MAX_PAGES = 300


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A further request that belongs to a list.

    Attributes:
        page: which page of the list it asks for, from 1.
        dialect: how it was made: ``static`` (a page of its own), ``link`` (a pager's link) or an adapter's interface.
        adapter: whose `Adapter.more` reads the answer.
        tentative: nobody promised that it exists; a missing page is no failure.
        annual: it asks for annual reports by name, whatever the page that it was found on lists.
        group, otherwise: requests of one group are readings of the same rule; when none of them brings rows,
            ``otherwise`` is tried.
        turn: 0: it is asked for at once; above: a guess, asked for only while the list is not whole, in this order.
        reading: which reading of the list it belongs to (its own pages, or one back-end); what one of them states is
            compared with what it brought.
        state: what the adapter needs to go on from the answer.
    """

    url: str
    page: int = 1
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    dialect: str = "static"
    adapter: str = "generic"
    tentative: bool = False
    annual: bool = False
    group: str = ""
    otherwise: tuple[ListRequest, ...] = ()
    turn: int = 0
    reading: str = ""
    state: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """One entry of the state."""
        return dict(self.state).get(name, default)


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
        rows: every link, wherever it stood.
        requests: what to ask for next.
        later: guesses, asked for one turn after the other while the list is not whole.
        stated_total: how many entries the portal says there are.
        pages: how many pages it says there are.
        faults: what of the page could not be read, one clause each.
    """

    adapter: str
    score: float
    reason: str
    rows: tuple[Row, ...]
    requests: tuple[ListRequest, ...]
    stated_total: int | None = None
    pages: int | None = None
    later: tuple[ListRequest, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of address: its name and the pattern that path and query must match."""

    name: str
    pattern: re.Pattern[str]


def shape(name: str, pattern: str) -> Shape:
    """A `Shape`; letter case counts for nothing."""
    return Shape(name, re.compile(pattern, re.IGNORECASE))


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
    articles: ClassVar[tuple[Shape, ...]] = ()
    columns: ClassVar[tuple[Shape, ...]] = ()

    def fingerprint(self, page: Page) -> Match:
        """How surely this page comes from this product."""
        raise NotImplementedError

    def more(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Requests for the rest of the list.

        Args:
            page: the list page or an answer to one of this adapter's requests.
            asked: the request that ``page`` answers; None for the first page of a column.
        """
        return paging.more(page, asked, self.name)

    def stated(self, page: Page) -> Stated:
        """How many entries and pages the portal states: of itself, or as arguments of its pager's call."""
        call = paging.promised(page) if page.data is None else None
        stated = page.stated
        if call is None:
            return stated
        return Stated(call.records or stated.records, call.pages or stated.pages, stated.size)

    def article_share(self, page: Page) -> int:
        """How many links of the page have one of this product's article addresses."""
        return sum(1 for row in page.rows if row.url and article_shape(self, row.url) is not None)


def article_shape(adapter: Adapter, url: str) -> str | None:
    """Name of the article address of ``adapter`` that ``url`` has, if any."""
    targets = (path_and_query(url), urlsplit(url).path)
    return next((e.name for e in adapter.articles if any(e.pattern.search(target) for target in targets)), None)


def path_and_query(url: str) -> str:
    """What of an address says something about the product: path and query, without host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def with_query(url: str, **values: str | int | None) -> str:
    """``url`` with query parameters set; others keep their place, None takes one out."""
    parts = urlsplit(url)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    pairs += [(name, str(value)) for name, value in values.items() if value is not None]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


def endpoint(page: Page, pattern: str) -> str | None:
    """The first address in the page's source that matches ``pattern``, absolute; quotes and brackets end it."""
    found = around(page.text, rf"(?:{pattern})[^\s\"'<>\\)]{{0,2000}}+")
    return absolute(page.base, found) if found else None


def form(values: Mapping[str, str | int]) -> bytes:
    """A form body."""
    return urlencode({name: str(value) for name, value in values.items()}).encode()


def json_body(value: Any) -> bytes:
    """A JSON body."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))
JSON = (("Content-Type", "application/json;charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))
XHR = (("X-Requested-With", "XMLHttpRequest"),)


def entries(page: Page) -> int:
    """How many entries an answer brings: links to articles and files, and what data name; each address once."""
    return len({row.url for row in page.rows if row.url and is_entry(row)})


def is_entry(row: Row) -> bool:
    """Whether a link is one of a list's entries as far as it says itself: by address, by date, or as data."""
    from crawler.cms.shapes import is_article, is_file

    if row.url is None:
        return bool(row.date and not row.menu)
    return row.source == "data" or is_article(row.url) or is_file(row.url) or bool(row.date and not row.menu)


@dataclass(frozen=True, slots=True)
class Onward:
    """How a back-end's list goes on behind an answer.

    Attributes:
        more: another page is asked for. seen: entries that the back-end has given so far.
        promised: what is stated, or a full page, says that there is one; else it is only looked at whether there is.
        most: entries of the fullest answer so far: a full page, where the server gives fewer than it is asked for.
    """

    more: bool
    seen: int
    promised: bool = True
    most: int = 0


def goes_on(page: Page, asked: ListRequest, stated: Stated, size: int, got: int | None = None) -> Onward:
    """Whether a back-end has more behind this answer.

    What is stated decides: first the number of entries (a server may give fewer a page than it was asked for), then the
    number of pages. Where nothing is stated, or a vague number that is just that of the answer's own entries, the page
    behind it tells: a full one promises another, behind a shorter one another may be, for some servers give fewer
    entries a page than they are asked for.

    Args:
        page: the answer.
        asked: what it answers.
        stated: what it states.
        size: entries a page that were asked for.
        got: entries that it brought, where they are not its links.
    """
    got = entries(page) if got is None else got
    seen = int(asked.get("seen", "0")) + got
    most = max(got, int(asked.get("most", "0")))
    if not got or asked.page >= MAX_PAGES:
        return Onward(more=False, seen=seen)
    vague = stated.vague and stated.records == got
    if stated.records and not vague:
        return Onward(seen < stated.records, seen, most=most)
    if stated.pages:
        return Onward(asked.page < stated.pages, seen, most=most)
    full = min(size, most) if asked.page > 1 else size
    return Onward(more=True, seen=seen, promised=got >= full and not vague, most=most)


def following(asked: ListRequest, onward: Onward, url: str, body: bytes | None = None) -> tuple[ListRequest, ...]:
    """The request for the page after ``asked``, where there is or may be one."""
    if not onward.more:
        return ()
    request = replace(asked, url=url, page=asked.page + 1, body=asked.body if body is None else body, otherwise=())
    return (looked_at(replace(request, group=""), onward),)


def looked_at(request: ListRequest, onward: Onward) -> ListRequest:
    """A request for the page behind an answer, marked where nobody promised that page (state ``beyond``)."""
    state = {**dict(request.state), "seen": str(onward.seen), "most": str(onward.most)}
    before = state.pop("beyond", "") or str(int(request.tentative))
    if not onward.promised:
        state["beyond"] = before
    return replace(request, state=tuple(state.items()), tentative=not onward.promised or before == "1")


def value(page: Page, *names: str) -> str | None:
    """A setting of the page: in its address, in a field of a form, in an attribute, or in a script."""
    query = {name.lower(): text for name, text in parse_qsl(urlsplit(page.url).query)}
    for name in names:
        if query.get(name.lower()):
            return query[name.lower()]
    wanted = {name.lower() for name in names}
    for node in page.tree.css("input"):
        given = node.attributes
        if {(given.get("id") or "").lower(), (given.get("name") or "").lower()} & wanted and given.get("value"):
            return given["value"]
    return setting(page.text, *names)
