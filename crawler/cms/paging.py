"""How the pages of a list are found when each is a document of its own.

Names come from script arguments whose order differs by installation, from the pager's links, or from a stated number
of pages. The base of the numbering differs too (``_1`` is page 2 on most sites, ``_2`` on others), so where the page
does not show it both ends are asked for and a missing one is no failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.cms import postback, rows
from crawler.cms.page import Page, Row

if TYPE_CHECKING:
    from crawler.cms.base import ListRequest

_NEXT = re.compile(
    r"^[\s|]*(?:下一页|下页|后一页|后页|下一頁|next(?:\s*page)?|[>›»→]{1,2}|下一页\s*[>›»]+)[\s|]*$", re.IGNORECASE
)
_NUMBER = re.compile(r"^[\[(（第\s]*(\d{1,3})[\])）页\s]*$")
_LAST = re.compile(r"^[\s|]*(?:尾页|末页|最后一页|最末页|last)[\s|]*$", re.IGNORECASE)
_CALL = re.compile(r"(?<!function )\bcreate_?page(?:html)?\w*\s*\(([^(){};]*)\)", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?:countPage|pageCount|page_count|totalPages?|total_page|nPageCount|maxPage|pagesum)\s*=\s*"
    r"(?:parseInt\s*\(\s*|Number\s*\(\s*)?['\"]?(\d+)",
    re.IGNORECASE,
)
_PARSE_INT = re.compile(r"=\s*parseInt\s*\(\s*['\"]?(\d{1,4})['\"]?\s*\)")
_EXTENSION = re.compile(r"^\.?(s?html?|jhtml|jspx?|aspx?|php)$", re.IGNORECASE)
PARAMETERS = (
    "page", "pageno", "pagenum", "pageindex", "currpage", "currentpage", "cur_page", "curpage", "cpage", "current",
    "p", "nowpage", "pg", "page_no", "pagenumber",
)  # fmt: skip
_STATIC = re.compile(r"\.(?:s?html?|jhtml)$", re.IGNORECASE)
MAX_PAGES = 300
PREFIX = "index"


@dataclass(frozen=True, slots=True)
class Call:
    """A pager call in a script.

    Attributes:
        pages: number of pages.
        prefix, extension: parts of the names; empty where the call does not say.
        records: number of entries, where it says so.
        derived: the number of pages was worked out from the number of entries; none of them is promised.
        direct: page N is ``<prefix>_N`` for certain (the variant that names its container first and counts from 1).
    """

    pages: int
    prefix: str = ""
    extension: str = ""
    records: int | None = None
    direct: bool = False
    derived: bool = False


def more(page: Page, asked: ListRequest | None, adapter: str) -> tuple[ListRequest, ...]:
    """Requests for the other pages of a list of documents."""
    found = list(_linked(page, asked, adapter))
    if asked is not None:
        return tuple(found)
    call = read_call(page.scripts)
    stated = call.pages if call else rows.markup_totals(page.text)[1]
    if not stated and not found:
        call = _derived(page)
        stated = call.pages if call else None
    if not stated or stated < 2:
        return tuple(found)
    if asked is None and not found:
        found.extend(_by_parameter(page, stated, adapter) or _by_form(page, stated, adapter))
    evidence = _numbered(page)
    if evidence is None and found and call is None:
        return tuple(found)
    found.extend(_named(page, call or Call(stated), evidence, adapter))
    return tuple({(request.method, request.url, request.body): request for request in reversed(found)}.values())[::-1]


def read_call(scripts: str) -> Call | None:
    """The pager call of a page, whatever the order of its arguments; a bare page count where there is no call."""
    for match in _CALL.finditer(scripts):
        call = _arguments(match.group(1), scripts)
        if call is not None:
            return call
    count = _COUNT.search(scripts) or _PARSE_INT.search(scripts)
    return Call(int(count.group(1))) if count else None


def _derived(page: Page) -> Call | None:
    """Pages that there must be when more entries are stated than the page shows."""
    from crawler.cms.base import entries

    records, shown = rows.markup_totals(page.text)[0], entries(page)
    if not records or shown < 4 or records <= shown or rows.data_of(page.text) is not None:
        return None
    return Call(min(-(-records // shown), MAX_PAGES), derived=True)


def _arguments(text: str, scripts: str) -> Call | None:
    numbers_before: list[int] = []
    numbers_after: list[int] = []
    strings: list[str] = []
    first_is_text = False
    for index, raw in enumerate(re.findall(r"'[^']*'|\"[^\"]*\"|[^,\s][^,]*", text)):
        argument = raw.strip()
        quoted = argument[:1] in "'\""
        value = argument.strip("'\" ")
        if not quoted and re.fullmatch(r"[A-Za-z_$][\w$.]*", value):
            resolved = re.search(rf"\b{re.escape(value.rsplit('.', 1)[-1])}\s*=\s*['\"]?(\d+)", scripts)
            if resolved is None:
                return None
            value, quoted = resolved.group(1), False
        if re.fullmatch(r"\d+", value):
            (numbers_after if strings and not (len(strings) == 1 and first_is_text) else numbers_before).append(
                int(value)
            )
        elif quoted:
            if index == 0:
                first_is_text = True
            strings.append(value)
    extension = next((value.lstrip(".") for value in reversed(strings) if _EXTENSION.match(value)), "")
    names = [value for value in strings if not _EXTENSION.match(value)]
    if not numbers_before and not numbers_after:
        return None
    counts_from_0 = len(numbers_before) == 2 and numbers_before[1] == 0
    container_first = first_is_text and len(names) > 1 and not counts_from_0
    prefix = names[-1] if names and not (first_is_text and len(names) == 1 and not extension) else ""
    if len(numbers_before) >= 3:
        return Call(numbers_before[1], prefix, extension, numbers_before[0])
    pages = (numbers_before or numbers_after)[0]
    records = numbers_after[0] if numbers_before and numbers_after else None
    return Call(pages, prefix, extension, records, direct=container_first)


@dataclass(frozen=True, slots=True)
class _Naming:
    """How page numbers are written: what stands before and after, digits, and page number minus written number."""

    before: str
    after: str
    width: int
    offset: int

    def url(self, page: int) -> str:
        return f"{self.before}{page - self.offset:0{self.width}d}{self.after}"


def _numbered(page: Page) -> _Naming | None:
    """Naming shown by the pager's own links."""
    for row in page.rows:
        match = _NUMBER.match(row.text)
        if match is None or row.url is None or row.source != "html" or not _belongs(page, row.url):
            continue
        label = int(match.group(1))
        digits = list(re.finditer(r"\d+", row.url[len(page.directory) :] if row.url.startswith(page.directory) else ""))
        if label < 2 or not digits or urlsplit(row.url).query:
            continue
        last = digits[-1]
        written = int(last.group())
        if written in {label, label - 1}:
            start = len(page.directory)
            width = len(last.group()) if last.group().startswith("0") else 1
            return _Naming(row.url[: start + last.start()], row.url[start + last.end() :], width, label - written)
    return None


def _named(page: Page, call: Call, evidence: _Naming | None, adapter: str) -> Iterator[ListRequest]:
    from crawler.cms.base import ListRequest

    count = min(call.pages, MAX_PAGES)
    if evidence is not None:
        for number in range(2, count + 1):
            yield ListRequest(evidence.url(number), number, adapter=adapter)
        return
    prefix, extension = _stem(page, call)
    group = f"{page.directory}{prefix}"

    def name(text: str, number: int) -> str:
        return urljoin(page.directory, f"{prefix}{text.format(number)}.{extension}")

    if call.direct:
        for number in range(2, count + 1):
            yield ListRequest(name("_{}", number), number, adapter=adapter)
        return
    rest = tuple(
        ListRequest(name(form, 2), 2, adapter=adapter, dialect="chain", tentative=True, state=(("form", form),))
        for form in ("-{}", "{}", "_{:08d}", "_{:02d}")
    )
    # A sub-list may have names such as latest_1447_1: the pages stand beside it, and the call names the prefix.
    for number in range(1, count + 1):
        end = call.derived or number in {1, count}
        yield ListRequest(name("_{}", number), number + 1, adapter=adapter, tentative=end, group=group, otherwise=rest)


def _stem(page: Page, call: Call) -> tuple[str, str]:
    last = urlsplit(page.url).path.rpartition("/")[2]
    stem, own = last.rsplit(".", 1) if "." in last else ("", "")
    prefix = call.prefix or re.sub(r"_\d+$", "", stem) or PREFIX
    extension = call.extension or own
    if not extension:
        match = re.search(r"index[^\n]{0,60}?\b(shtml|html|htm|jhtml)\b", page.scripts)
        extension = match.group(1) if match else _common_extension(page)
    return prefix, extension


def _common_extension(page: Page) -> str:
    counts: dict[str, int] = {}
    for row in page.rows:
        match = re.search(r"\.(s?html?)$", urlsplit(row.url or "").path)
        if match:
            counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    return max(counts, key=lambda key: counts[key]) if counts else "html"


def chain(asked: ListRequest) -> tuple[ListRequest, ...]:
    """The page after one that was found by trying a way of naming."""
    from dataclasses import replace

    form = asked.get("form")
    if not form or asked.page >= MAX_PAGES:
        return ()
    old = form.format(asked.page)
    head, found, tail = asked.url.rpartition(old)
    if not found:
        return ()
    return (replace(asked, url=f"{head}{form.format(asked.page + 1)}{tail}", page=asked.page + 1, otherwise=()),)


def _linked(page: Page, asked: ListRequest | None, adapter: str) -> Iterator[ListRequest]:
    from crawler.cms.base import ListRequest

    current = asked.page if asked else 1
    if asked is not None and asked.dialect == "chain":
        yield from chain(asked)
    yield from postback.following(page, current, adapter)
    seen: set[str] = set()
    for row in page.rows:
        if row.url is None or row.url in seen or row.source == "script":
            continue
        if not _belongs(page, row.url) and not _in_own_folder(page, row.url) and not _by_script(page, row):
            continue
        number = _NUMBER.match(row.text)
        if number and row.url != page.url and 1 < int(number.group(1)) <= MAX_PAGES and _looks_paged(page, row):
            seen.add(row.url)
            yield ListRequest(row.url, int(number.group(1)), dialect="link", adapter=adapter)
        elif (_NEXT.match(row.text) or _NEXT.match(row.title or "")) and row.url != page.url:
            seen.add(row.url)
            yield ListRequest(row.url, current + 1, dialect="link", adapter=adapter)
        elif _LAST.match(row.text) and row.url != page.url:
            seen.add(row.url)
            yield from _up_to(row.url, adapter)


def _up_to(url: str, adapter: str) -> Iterator[ListRequest]:
    """Pages up to the last one, which the pager names by its query parameter."""
    from crawler.cms.base import ListRequest

    name = page_parameter(url)
    value = dict(parse_qsl(urlsplit(url).query)).get(name or "", "")
    if name and value.isdecimal():
        for number in range(2, min(int(value), MAX_PAGES) + 1):
            yield ListRequest(set_parameter(url, name, number), number, dialect="link", adapter=adapter)
    else:
        yield ListRequest(url, 2, dialect="link", adapter=adapter, tentative=True)


def _looks_paged(page: Page, row: Row) -> bool:
    """A pager's link has its number in the address; a day in a calendar or a year folder has not."""
    if _in_own_folder(page, row.url or ""):
        return True  # such pages may be counted from the last one
    number = int(_NUMBER.sub(r"\1", row.text.strip()))
    digits = {int(text) for text in re.findall(r"\d+", (row.url or "")[len(page.directory) - 1 :])}
    return bool({number, number - 1} & digits)


def _belongs(page: Page, url: str) -> bool:
    """Whether ``url`` can be another page of the same list: same directory, or same path with another query."""
    mine, other = urlsplit(page.url), urlsplit(url)
    if mine.hostname != other.hostname:
        return False
    if other.path == mine.path and other.query != mine.query:
        return True
    return url.startswith(page.directory) and "/" not in url[len(page.directory) :].partition("?")[0]


def _by_script(page: Page, row: Row) -> bool:
    """Whether an entry of a pager asks the list's back-end by script (``/eportal/ui?pageId=7&currentPage=2``)."""
    url = row.url or ""
    plain = row.href.strip() and not row.href.strip().startswith(("#", "javascript:"))
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
    from crawler.cms.base import ListRequest

    name = page_parameter(page.url)
    if name is None:
        return []
    return [
        ListRequest(set_parameter(page.url, name, number), number, dialect="link", adapter=adapter)
        for number in range(2, min(count, MAX_PAGES) + 1)
    ]


def _by_form(page: Page, count: int, adapter: str) -> list[ListRequest]:
    """Pages asked for by sending the list's own form with its page field changed (old Java products)."""
    from crawler.cms.base import FORM, ListRequest, form

    for node in page.tree.css("form"):
        fields = {
            (field.attributes.get("name") or ""): field.attributes.get("value") or ""
            for field in node.css("input[name]")
            if (field.attributes.get("type") or "text").lower() in {"hidden", "text"}
        }
        name = next((key for key in fields if key.lower() in PARAMETERS and key.lower() != "p"), None)
        if name is None:
            continue
        target = urljoin(page.base, node.attributes.get("action") or page.url)
        if (node.attributes.get("method") or "get").lower() == "post":
            return [
                ListRequest(
                    target, number, method="POST", body=form({**fields, name: number}), headers=FORM[:1],
                    dialect="form", adapter=adapter,
                )
                for number in range(2, min(count, MAX_PAGES) + 1)
            ]  # fmt: skip
        return [
            ListRequest(
                urljoin(target, "?" + urlencode({**fields, name: str(number)})), number, dialect="form", adapter=adapter
            )
            for number in range(2, min(count, MAX_PAGES) + 1)
        ]
    return []


def pages_named(page: Page, count: int, adapter: str) -> tuple[ListRequest, ...]:
    """Requests for ``count`` pages named after this one (``index_1``...), both ends of the numbering tried."""
    return tuple(_named(page, Call(count), _numbered(page), adapter))
