"""How the pages of a list are found when each is a document of its own.

Names come from script arguments whose order differs by installation, from the pager's links, or from a stated number
of pages. The base of the numbering differs too (``_1`` is page 2 on most sites, ``_2`` on others), so where the page
does not show it both ends are asked for and a missing one is no failure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.cms.javascript import count_of
from crawler.cms.links import Link
from crawler.cms.page import Page
from crawler.cms.pagers import postback, sent_forms
from crawler.cms.pagers.naming import NUMBER, belongs_to_list, named_pages, next_in_chain, shown_naming
from crawler.cms.pagers.pager_call import Call, read_call
from crawler.cms.request import FORM, MAX_PAGES, ListRequest, form
from crawler.joining import joined
from crawler.wording import link_words

_DAY = re.compile(
    r"(?:19|20)\d\d[-/_]?(?:0?[1-9]|1[0-2])(?!\d)|calendar|rili|riqi|(?<![a-z])date(?![a-z])", re.IGNORECASE
)
_DIGITS = re.compile(r"\d{1,9}")
_PAGE_WORD = re.compile(r"页|頁|next", re.IGNORECASE)
_FEWEST_ENTRIES = 4
PARAMETERS = (
    "page", "pageno", "pagenum", "pageindex", "currpage", "currentpage", "cur_page", "curpage", "cpage", "current",
    "p", "nowpage", "pg", "page_no", "pagenumber",
)  # fmt: skip


def next_requests(page: Page, asked: ListRequest | None, adapter: str) -> tuple[ListRequest, ...]:
    """Requests for the other pages of a list of documents."""
    found = [*_linked(page, asked, adapter), *sent_forms.sent_requests(page, asked.page if asked else 1, adapter)]
    if asked is not None:
        return tuple(found)  # the first page has named them already; a further one knows the next at most
    call = read_call(page.scripts)
    stated = call.pages if call else page.stated.turned
    if not stated and not found:
        call = _derived(page)
        stated = call.pages if call else None
    if not stated or stated < 2 or _shown_whole(page, call):
        return tuple(found)
    if not found:
        found.extend(_by_parameter(page, stated, adapter) or _by_form(page, stated, adapter))
    if counted := _counted(page):
        found.extend(_by_number(*counted, stated, adapter))
        return _each_once(found)
    evidence = shown_naming(page)
    if evidence is None and found and call is None:
        return tuple(found)
    found.extend(named_pages(page, call or Call(stated), evidence, adapter))
    return _each_once(found)


def _each_once(found: list[ListRequest]) -> tuple[ListRequest, ...]:
    """Each request once, in the place of its last mention and as its first mention has it."""
    kept: dict[tuple[str, str, bytes], ListRequest] = {}
    for request in reversed(found):
        kept[request.method, request.url, request.body] = request
    return tuple(reversed(kept.values()))


def _shown_whole(page: Page, call: Call | None) -> bool:
    """Whether the page shows all entries that it states: a list that is paged in the browser has no further pages."""
    records = (call.records if call is not None else None) or page.stated.records
    return records is not None and 0 < records <= page.entry_count


def _derived(page: Page) -> Call | None:
    """Pages that there must be when more entries are stated than the page shows."""
    records = page.stated.records
    shown = page.entry_count
    # A page with fewer entries is a home page's corner, whose number is said of another list.
    if not records or shown < _FEWEST_ENTRIES or records <= shown or page.data is not None:
        return None
    return Call(min(math.ceil(records / shown), MAX_PAGES), derived=True)


def _counted(page: Page) -> tuple[str, str, int] | None:
    """Naming shown by the pager's own links where a query parameter counts the pages.

    Returns:
        An address, the name of the parameter, and page number minus written number.
    """
    for link in page.links:
        match = NUMBER.match(link.text)
        if match is None or link.url is None or link.source != "html" or not belongs_to_list(page, link.url):
            continue
        name = page_parameter(link.url)
        written = count_of(dict(parse_qsl(urlsplit(link.url).query)).get(name or "", ""))
        label = int(match.group(1))
        if name and label > 1 and written in {label, label - 1}:
            return link.url, name, label - written
    return None


def _by_number(url: str, name: str, offset: int, count: int, adapter: str) -> Iterator[ListRequest]:
    """Pages 2 to ``count`` by the query parameter ``name``, which is ``offset`` less than the number of the page."""
    for number in range(2, min(count, MAX_PAGES) + 1):
        yield ListRequest(set_parameter(url, name, number - offset), number, dialect="link", adapter=adapter)


def _linked(page: Page, asked: ListRequest | None, adapter: str) -> Iterator[ListRequest]:
    """Pages that the pager's own links lead to: by number, by "next", up to the last."""
    current = asked.page if asked else 1
    if asked is not None and asked.dialect == "chain":
        yield from next_in_chain(asked)
    yield from postback.postback_requests(page, current, adapter)
    words = link_words()
    seen: set[str] = {page.url}
    below = _paged_below(page)
    alike = _numbered_alike(page)
    for link in page.links:
        if link.url is None or link.url in seen or link.source == "script":
            continue
        beside = belongs_to_list(page, link.url) or _in_own_folder(page, link.url) or link.url in below
        if not beside and not _by_script(page, link) and not _next_below(page, link):
            continue
        label = NUMBER.match(link.text)
        number = int(label.group(1)) if label else 0
        if 1 < number <= MAX_PAGES and (link.url in alike or _looks_paged(page, link)):
            seen.add(link.url)
            yield ListRequest(link.url, number, dialect="link", adapter=adapter)
        elif words.next_page.match(link.text) or words.next_page.match(link.title or ""):
            seen.add(link.url)
            yield ListRequest(link.url, current + 1, dialect="link", adapter=adapter)
        elif words.last_page.match(link.text):
            seen.add(link.url)
            yield from _up_to(link.url, adapter)


def _paged_below(page: Page) -> set[str]:
    """Addresses of a pager whose pages stand in a folder of their own (``/list/nb``, then ``/list/nb/auto/2.html``).

    Two numbers at least whose addresses differ in them alone; the days of a calendar do so too, beside a month.
    """
    # By what stands before and behind the number, and by how much the number is less than the label.
    namings: dict[tuple[str, str, int], set[str]] = {}
    for link in page.links:
        label = NUMBER.match(link.text)
        if label is None or link.url is None or link.source != "html" or not link.url.startswith(page.directory):
            continue
        if _DAY.search(f"{link.url} {link.place}"):
            continue
        for digits in _DIGITS.finditer(link.url, len(page.directory)):
            offset = int(label.group(1)) - int(digits.group())
            if offset in {0, 1}:
                naming = (link.url[: digits.start()], link.url[digits.end() :], offset)
                namings.setdefault(naming, set()).add(link.url)
    paged: set[str] = set()
    for urls in namings.values():
        if len(urls) > 1:
            paged |= urls
    return paged


def _numbered_alike(page: Page) -> set[str]:
    """Addresses of numbers that differ in one query parameter alone, whatever it holds (``?start=20`` behind "3").

    Two numbers in a row at least; "2" alone counts where its parameter is the number of entries shown, or one more.
    """
    # By the address without the parameter and by its name: what each number's address has in it.
    groups: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
    for link in page.links:
        label = NUMBER.match(link.text)
        if label is None or link.url is None or link.source != "html" or not belongs_to_list(page, link.url):
            continue
        if _DAY.search(f"{link.url} {link.place}"):
            continue
        for name, value in parse_qsl(urlsplit(link.url).query, keep_blank_values=True):
            numbers = groups.setdefault((set_parameter(link.url, name, 0), name), {})
            numbers[int(label.group(1))] = (value, link.url)
    found: set[str] = set()
    for numbers in groups.values():
        values = {value for value, _ in numbers.values()}
        in_a_row = any(number > 1 and number + 1 in numbers for number in numbers)
        behind = count_of(numbers[2][0]) if 2 in numbers else None
        shown = page.entry_count
        if (in_a_row and len(values) == len(numbers)) or (behind is not None and shown <= behind <= shown + 1):
            found.update(url for _, url in numbers.values())
    return found


def _next_below(page: Page, link: Link) -> bool:
    """Whether a link says in words that it is the next page, and leads to one below this one."""
    if not (link.url or "").startswith(page.directory):
        return False
    for text in (link.text, link.title or ""):
        if link_words().next_page.match(text):
            return _PAGE_WORD.search(text) is not None  # ">" alone stands in breadcrumbs and carousels too
    return False


def _up_to(url: str, adapter: str) -> Iterator[ListRequest]:
    """Pages up to the last one, which the pager names by its query parameter."""
    name = page_parameter(url)
    value = dict(parse_qsl(urlsplit(url).query)).get(name or "", "")
    last = count_of(value)
    if name and last is not None:
        yield from _by_number(url, name, 0, last, adapter)
    else:
        yield ListRequest(url, 2, dialect="link", adapter=adapter, tentative=True)


def _looks_paged(page: Page, link: Link) -> bool:
    """A pager's link has its number in the address; a day in a calendar or a year folder has not."""
    if _in_own_folder(page, link.url or ""):
        return True  # such pages may be counted from the last one
    number = int(NUMBER.sub(r"\1", link.text.strip()))
    digits = {int(text) for text in re.findall(r"\d{1,9}", (link.url or "")[len(page.directory) - 1 :])}
    return bool({number, number - 1} & digits)


def _by_script(page: Page, link: Link) -> bool:
    """Whether an entry of a pager asks the list's back-end by script (``/eportal/ui?pageId=7&currentPage=2``)."""
    url = link.url or ""
    plain = link.href.strip() and not link.href.strip().startswith(("#", "javascript:"))
    return not plain and urlsplit(url).hostname == urlsplit(page.url).hostname and page_parameter(url) is not None


def _in_own_folder(page: Page, url: str) -> bool:
    """Whether ``url`` is a numbered page in the folder named like the list: ``gknb.htm``, then ``gknb/2.htm``."""
    folder = re.sub(r"\.s?html?$", "/", page.url)
    return folder != page.url and re.fullmatch(r"\d{1,3}\.s?html?", url.removeprefix(folder)) is not None


def page_parameter(url: str) -> str | None:
    """Name of the query parameter that counts pages, as the address spells it."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    for name, _ in pairs:
        if re.fullmatch(r"a\d+p", name):  # VSB: a<list id>p
            return name
    return next((name for known in PARAMETERS for name, _ in pairs if name.lower() == known), None)


def set_parameter(url: str, name: str, value: int) -> str:
    """``url`` with one query parameter changed in its place."""
    parts = urlsplit(url)
    pairs = [(key, str(value) if key == name else old) for key, old in parse_qsl(parts.query, keep_blank_values=True)]
    if name not in dict(pairs):
        pairs.append((name, str(value)))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


def _by_parameter(page: Page, count: int, adapter: str) -> list[ListRequest]:
    name = page_parameter(page.url)
    return [] if name is None else list(_by_number(page.url, name, 0, count, adapter))


def _by_form(page: Page, count: int, adapter: str) -> list[ListRequest]:
    """Pages asked for by sending the list's own form with its page field changed (old Java products)."""
    for node in page.tree.css("form"):
        fields = {
            (field.attributes.get("name") or ""): field.attributes.get("value") or ""
            for field in node.css("input[name]")
            if (field.attributes.get("type") or "text").lower() in {"hidden", "text"}
        }
        # A form that searches may well have a field p; the list's own calls its page by a longer name.
        name = next((key for key in fields if key.lower() in PARAMETERS and key.lower() != "p"), None)
        if name is None:
            continue
        target = joined(page.base, node.attributes.get("action") or page.url)
        posts = (node.attributes.get("method") or "get").lower() == "post"
        requests = []
        for number in range(2, min(count, MAX_PAGES) + 1):
            sent = {**fields, name: str(number)}
            if posts:
                request = ListRequest(target, number, method="POST", body=form(sent), headers=FORM[:1])
            else:
                request = ListRequest(joined(target, "?" + urlencode(sent)), number)
            requests.append(replace(request, dialect="form", adapter=adapter))
        return requests
    return []
