"""How the pages of a list are named: as its pager shows, by the commonest rule, or by one rule after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.cms.page import Page
from crawler.cms.pagers.pager_call import Call
from crawler.cms.request import MAX_PAGES, ListRequest
from crawler.joining import joined
from crawler.wording import page_names

_DIGITS = re.compile(r"\d+")
_STATIC = re.compile(r"\.(?:s?html?|jhtml)$", re.IGNORECASE)
NUMBER = re.compile(r"^[\[(（第\s]*(\d{1,3})[\])）页\s]*$")
"""The entry of a pager that is a page number."""
PREFIX = "index"


@dataclass(frozen=True, slots=True)
class _Naming:
    """How page numbers are written: what stands before and after, digits, and page number minus written number."""

    before: str
    after: str
    width: int
    offset: int

    def url(self, page: int) -> str:
        return f"{self.before}{page - self.offset:0{self.width}d}{self.after}"


def shown_naming(page: Page) -> _Naming | None:
    """Naming shown by the pager's own links."""
    for link in page.links:
        match = NUMBER.match(link.text)
        if match is None or link.url is None or link.source != "html" or not belongs_to_list(page, link.url):
            continue
        label = int(match.group(1))
        if label < 2 or urlsplit(link.url).query or not link.url.startswith(page.directory):
            continue
        digits = list(_DIGITS.finditer(link.url, len(page.directory)))
        if not digits:
            continue
        last = digits[-1]
        written = int(last.group())
        if written in {label, label - 1}:
            width = len(last.group()) if last.group().startswith("0") else 1
            return _Naming(link.url[: last.start()], link.url[last.end() :], width, label - written)
    return None


def named_pages(page: Page, call: Call, evidence: _Naming | None, adapter: str) -> Iterator[ListRequest]:
    """Requests for the pages that a call or a stated number promises: as the pager names them, else by guesses."""
    count = min(call.pages, MAX_PAGES)
    if evidence is not None:
        for number in range(2, count + 1):
            yield ListRequest(evidence.url(number), number, adapter=adapter)
        return
    yield from _guessed(page, call, count, adapter)


def _guessed(page: Page, call: Call, count: int, adapter: str) -> Iterator[ListRequest]:
    """Pages named after the list by the commonest rule at once, all other rules in turns while pages are missing.

    A page in the midst of others that are there is missing; what else is, the number of pages or entries tells.
    """
    prefix, extension = _stem(page, call)
    commonest, *others = page_names()

    def name(rule: str, stem: str, number: int) -> str:
        return joined(page.directory, rule.format(stem=stem, n=number, ext=extension))

    # The first turn: _1 is page 2 on most sites; where it is page 1 (or not there), the last number comes in the next.
    of_rule = ("rule", commonest)
    first = 2 if call.direct else 1
    for number in range(first, count + int(call.direct)):
        state = (of_rule, ("end", "low")) if number == first else (of_rule,)
        tentative = call.derived or call.weak or number == 1
        yield ListRequest(
            name(commonest, prefix, number), number + 2 - first, adapter=adapter, state=state,
            tentative=tentative, group=f"{page.directory}{prefix}",
        )  # fmt: skip
    # The second turn: the other end of the same numbers.
    other_end, place = (1, 2) if call.direct else (count, count + 1)
    high = (of_rule, ("end", "high"))
    yield ListRequest(name(commonest, prefix, other_end), place, adapter=adapter, tentative=True, turn=1, state=high)
    # Then one turn for each other rule, and for all of them once more after the name of the page itself.
    turn = 1
    own = re.sub(r"[_-]?\d+$", "", _own_stem(page))
    for stem in dict.fromkeys((prefix, own or prefix)):
        rules = others if stem == prefix else (commonest, *others)
        for rule in rules:
            numbers = (2,) if "?" in rule else (2, 1)  # by a parameter page 1 is the list itself
            for number in numbers:
                turn += 1
                last = ("last", str(count - (number == 1)))
                tried = (("rule", rule), ("stem", stem), ("ext", extension), last, ("directory", page.directory))
                yield ListRequest(
                    name(rule, stem, number), number, adapter=adapter, dialect="chain", tentative=True, turn=turn,
                    state=tried,
                )  # fmt: skip


def _own_stem(page: Page) -> str:
    """The name of the page's own file, without its ending."""
    last = urlsplit(page.url).path.rpartition("/")[2]
    return last.rpartition(".")[0] if "." in last else ""


def _stem(page: Page, call: Call) -> tuple[str, str]:
    """How the names of a list's pages begin and end: as the call says, else as the page's own, else as most do."""
    last = urlsplit(page.url).path.rpartition("/")[2]
    stem, own = last.rsplit(".", 1) if "." in last else ("", "")
    prefix = call.prefix or re.sub(r"_\d+$", "", stem) or PREFIX
    extension = call.extension or own
    if not extension:
        match = re.search(r"index[^\n]{0,60}?\b(shtml|html|htm|jhtml)\b", page.scripts)
        extension = match.group(1) if match else _common_extension(page)
    return prefix, extension


def _common_extension(page: Page) -> str:
    """The ending of most pages that this one leads to."""
    counts: Counter[str] = Counter()
    for link in page.links:
        match = re.search(r"\.(s?html?)$", urlsplit(link.url or "").path)
        if match:
            counts[match.group(1)] += 1
    most = counts.most_common(1)
    return most[0][0] if most else "html"


def next_in_chain(asked: ListRequest) -> tuple[ListRequest, ...]:
    """The page after one that was found by trying a way of naming."""
    rule, number = asked.get("rule"), asked.page + 1
    if not rule or number > min(int(asked.get("last") or MAX_PAGES), MAX_PAGES):
        return ()
    name = rule.format(stem=asked.get("stem"), n=number, ext=asked.get("ext"))
    return (replace(asked, url=joined(asked.get("directory"), name), page=number, otherwise=(), turn=0),)


def begin_chain(page: Page, stem: str, extension: str, adapter: str) -> ListRequest:
    """Page 2 of a list as long as a full one that says nothing of further pages; page 3 follows where it is there."""
    rule = page_names()[0]
    url = joined(page.directory, rule.format(stem=stem, n=2, ext=extension))
    state = (("rule", rule), ("stem", stem), ("ext", extension), ("directory", page.directory))
    return ListRequest(url, 2, dialect="chain", adapter=adapter, tentative=True, state=state)


def pages_named(page: Page, count: int, adapter: str) -> tuple[ListRequest, ...]:
    """Requests for ``count`` pages named after this one (``index_1``...), both ends of the numbering tried."""
    return tuple(named_pages(page, Call(count), shown_naming(page), adapter))


def belongs_to_list(page: Page, url: str) -> bool:
    """Whether ``url`` can be another page of the same list: same directory, or same path with another query."""
    mine = urlsplit(page.url)
    other = urlsplit(url)
    if mine.hostname != other.hostname:
        return False
    if other.path == mine.path and other.query != mine.query:
        return True
    if not url.startswith(page.directory):
        return False
    name = url[len(page.directory) :].partition("?")[0]
    return "/" not in name
