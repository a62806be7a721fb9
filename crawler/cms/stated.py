"""What a list states of itself: how many entries, how many pages, how many entries a page shows.

Portals say it in attributes and fields of any spelling (``recordCount``, ``data-total-record``), in variables of
scripts, in elements of a data store, in words (共 12 条, 每页 5 条) and in fields of an answer (``total``). Names are
compared without case and separators; a name that says little (``count``, ``total``) counts in data, and in markup only
on an element of a pager. Every pattern here is linear: each attempt ends within a bounded number of characters.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.numerals import CHINESE_NUMERALS, chinese_number

# Names without case, separators and a leading "data"; the first that is set wins.
_RECORDS = (
    "totalrecord", "totalrecords", "recordcount", "recordscount", "totalrecordcount", "totalcount", "counttotal",
    "recordtotal", "recordnum", "recordsum", "totalnum", "totalitems", "totalitem", "itemcount", "itemtotal",
    "totalrows", "totalrow", "rowcount", "rowtotal", "rowscount", "totalelements", "totalentries", "totalsize",
    "totalhits", "numfound", "postcount", "allcount", "allnum", "allrow", "allrows", "allrecord", "allrecords",
    "sumcount", "datacount", "infocount", "articlecount", "doccount", "listcount", "resultcount", "listtotal",
    "datatotal", "totaldata", "nrecordcount", "itotalrecords", "recordstotal",
)  # fmt: skip
_WEAK_RECORDS = ("total", "count", "records", "sum", "totals", "num")
_PAGES = (
    "totalpage", "totalpages", "pagecount", "pagescount", "countpage", "countpages", "pagetotal", "pagesum", "maxpage",
    "allpage", "allpages", "totalpagecount", "npagecount", "pagenumtotal", "totalpagenum", "sumpage", "pagetotals",
)  # fmt: skip
_WEAK_PAGES = ("pages",)
_SIZES = (
    "pagesize", "perpage", "prepage", "pagerows", "pagerow", "rowsperpage", "rowperpage", "numperpage",
    "recordsperpage", "recordperpage", "itemsperpage", "onepagecount", "pagerecord", "pagerecords", "sizeperpage",
    "everypage", "pagelimit",
)  # fmt: skip
_WEAK_SIZES = ("rows", "size", "limit")
# Which page is shown: an element that says so is a pager's.
_TURNED = (
    "pageno", "pagenum", "pageindex", "currpage", "currentpage", "curpage", "nowpage", "pagenumber", "pagecurrent",
)  # fmt: skip
_PAGER = re.compile(r"pag(?:e|in)|fenye")
_STRONG = frozenset({*_RECORDS, *_PAGES, *_SIZES})
_MOST = 10_000_000  # no list of a portal has more entries: a longer number is an identifier

_PAIR = re.compile(
    r"(?<![\w$.-])([A-Za-z_][\w.-]{2,40})['\"]?\s{0,9}[:=]\s{0,9}(?:(?:parseInt|Number)\s{0,3}\(\s{0,3})?"
    r"['\"]?(\d{1,8})(?![\w.])"
)
_PAGER_CALL = re.compile(
    r"(?:pag(?:e|in)|fenye)[\w$]{0,30}(?:\.\w{1,20})?\(\s{0,9}(?:(\d{1,8})\s{0,9},)?\s{0,9}\{([^{}]{3,600})",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"<(\w{3,30})>\s{0,20}(?:<!\[CDATA\[)?\s{0,20}(\d{1,8})\s{0,20}(?:\]\]>\s{0,20})?</\1>")
_TAG = re.compile(r"<([a-z]\w{0,12})\s([^<>]{3,600})>\s{0,20}(\d{0,8})", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:id|name|class)\s{0,3}=\s{0,3}['\"]?([\w-]{3,40})", re.IGNORECASE)
_VALUE = re.compile(r"\bvalue\s{0,3}=\s{0,3}['\"]?(\d{1,8})(?!\w)", re.IGNORECASE)
_UNSEEN = re.compile(r"<(/?)(?:script|style|textarea|template)\b", re.IGNORECASE)
# A title may speak of numbers itself (共12条意见): words count outside of links, but for those as short as a pager's.
_LINK_TEXT = re.compile(r"(<a\b[^<>]{0,2000}>)[^<]{16,}", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{1,5000}>|&nbsp;|&#160;|&ensp;|&emsp;")
# <a>2</a><a>3</a><em>11条</em>: what stands in elements of its own is a number of its own.
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?:\s|<[^<>]{1,2000}>|&nbsp;)+(?=\d)")
_BLANK = re.compile(r"[\s\u00a0\u3000]+")
_SPEAKS = re.compile(r"[条页篇总]|total|(?<!\w)of(?!\w)", re.IGNORECASE)
_N = r"(\d{1,3}(?:[,，]\d{3}){1,2}|\d{1,8})"
_N_OR_WORDS = rf"{_N[:-1]}|[{CHINESE_NUMERALS}]{{1,9}})"
_SAID_RECORDS = (
    re.compile(
        rf"(?:共|合计|总计)(?:计|有|[检搜]索到|查询?到|找到)?(?:相关)?(?:信息|记录|数据|文章|内容)?[:：]?{_N_OR_WORDS}(?:条|篇|项|个结果|个记录)"
    ),
    re.compile(
        rf"(?:总条数|总记录数?|总信息数|总篇数|记录总数|信息总数|数据总数|总数量|总数|记录数)[:：]?(?:为|是)?{_N}(?![\d页])"
    ),
    re.compile(rf"(?<![第\d,，至到-]){_N}[条篇](?:记录|信息|数据|结果|文章|内容)"),
    re.compile(rf"(?i)(?<![a-z])total[:：]?{_N}(?:records?|items?|entries|rows)"),
    re.compile(rf"(?i)(?<![a-z\d])of{_N}(?:records?|items?|entries|rows)"),
)
_SAID_PAGES = (
    re.compile(rf"(?:共|合计|总计)(?:计|有|分)?[:：]?{_N_OR_WORDS}页"),
    re.compile(rf"总页数[:：]?{_N}"),
    re.compile(rf"(?<!\d)\d{{1,4}}/{_N}页"),
    re.compile(rf"页次[:：]?\d{{1,4}}/{_N}"),
)
_SAID_SIZE = (
    re.compile(rf"(?:每页|页)(?:显示|最多)?[:：]?{_N_OR_WORDS}[条篇项]"),
    re.compile(rf"(?<!\d){_N}[条篇项]/页"),
)


# 本站共有信息 3821 条, 全站检索到 3821 条: said before the number, and of all that the site holds.
_WHOLE_SITE = re.compile(r"(?:[全本整各]|整个)(?:站|网)|站内|网站")
_JUST_BEFORE = 8
_COUNTS = frozenset({*_RECORDS, *_WEAK_RECORDS})
_WEAK = frozenset({*_WEAK_RECORDS, *_WEAK_PAGES, *_WEAK_SIZES})
_PAGERS_OWN = frozenset({*_PAGES, *_SIZES, *_TURNED})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the list of a page stands in its markup.

    Attributes:
        start, end: of its entries, in characters. shown: entries that it shows.
    """

    start: int
    end: int
    shown: int

    def distance(self, position: int) -> int:
        """Characters between the list and what stands at ``position``."""
        return max(self.start - position, position - self.end, 0)


@dataclass(frozen=True, slots=True)
class Stated:
    """Numbers of a list; None where it does not say.

    Attributes:
        records: entries in all. pages: pages in all. size: entries of a full page.
        vague: the number of entries bears a name (``count``) that may as well mean those of this answer alone.
    """

    records: int | None = None
    pages: int | None = None
    size: int | None = None
    vague: bool = False

    @property
    def turned(self) -> int | None:
        """Pages in all: as stated, else by what a page shows of the entries."""
        if self.pages is None and self.records and self.size:
            return math.ceil(self.records / self.size)
        return self.pages


def in_data(value: Any) -> Stated:
    """What an answer states, searched outermost first; of lists only their first entries are looked into."""
    records = pages = size = None
    vague = False
    queue: deque[Any] = deque([value])
    while queue:
        item = queue.popleft()
        if isinstance(item, Mapping):
            lower = {_plain(str(name)): entry for name, entry in item.items()}
            if records is None:
                records = _number(lower, ("total", *_RECORDS))
            if records is None:
                records = _number(lower, _WEAK_RECORDS)
                vague = records is not None
            pages = pages if pages is not None else _number(lower, (*_PAGES, *_WEAK_PAGES))
            size = size if size is not None else _number(lower, _SIZES)
            # What an entry of the list says in its text says nothing of the list.
            entry = any("title" in name for name in lower)
            queue.extend(inner for inner in item.values() if not (entry and isinstance(inner, str)))
        elif isinstance(item, list):
            queue.extend(entry for entry in item[:3] if isinstance(entry, Mapping))
        elif isinstance(item, str) and "<" in item:
            inside = in_markup(item)
            records = records if records is not None else inside.records
            pages = pages if pages is not None else inside.pages
    return Stated(records, pages, size, vague)


def in_markup(text: str, place: Place | None = None) -> Stated:
    """What a page or a piece of markup states: elements of a data store, fields and attributes, then words.

    Args:
        text: the markup.
        place: where its list stands, so that of several numbers that of the list is taken.
    """
    xml = "<record" in text or text.lstrip()[:5] == "<?xml"
    given: dict[str, list[tuple[int, int]]] = {}
    for match in (*_ELEMENT.finditer(text), *_PAIR.finditer(text)):
        name = _plain(match[1])
        if name in _STRONG or (xml and match.re is _ELEMENT):
            given.setdefault(name, []).append((match.start(), int(match[2])))
    for position, name, number in (*_tags(text), *_calls(text)):
        given.setdefault(name, []).append((position, int(number)))
    names = {name: _of_several(numbers, place, least=name in _COUNTS) for name, numbers in given.items()}
    said = _said(text, place) if _SPEAKS.search(text) else ("", "")
    pages = _number(names, (*_PAGES, *_WEAK_PAGES))
    if pages is None:
        pages = _say(said, _SAID_PAGES)
    size = _number(names, (*_SIZES, *_WEAK_SIZES))
    if size is None:
        size = _say(said, _SAID_SIZE)
    named = _number(names, (*_RECORDS, *_WEAK_RECORDS))
    spoken = _say(said, _SAID_RECORDS, place.shown if place else 0)
    records = [number for number in (named, spoken) if number is not None]
    if pages and size:
        # Where two numbers contradict each other, the one that fits the pages is the list's.
        for stated in records:
            if math.ceil(stated / size) == pages:
                return Stated(stated, pages, size)
    return Stated(records[0] if records else None, pages, size)


def _of_several(numbers: list[tuple[int, int]], place: Place | None, *, least: bool) -> int:
    """The number of a name that a page sets several times, for other lists state theirs.

    Fewer entries than the page shows of its list are another's; of the rest the nearest to the list is its own. Where
    it is not known where the list stands: the smallest above 0.
    """
    some = [(position, number) for position, number in numbers if number]
    if place is None or not some:
        return min((number for _, number in some), default=numbers[0][1])
    enough = [pair for pair in some if pair[1] >= place.shown] if least else []
    return min(enough or some, key=lambda pair: (place.distance(pair[0]), pair[1]))[1]


def _tags(text: str) -> Iterator[tuple[int, str, str]]:
    """Names whose number stands beside them: ``<input id="recordCount" value="12">``, ``<b class="total-num">12</b>``.

    On an element of a pager (another of its numbers stands on it, or its name says so) names that say little count too
    (``<div class="pagination" count="14" rows="7" pageno="1">``).
    """
    for tag in _TAG.finditer(text):
        _, attributes, inside = tag.groups()
        pairs = {_plain(name): number for name, number in _PAIR.findall(f" {attributes} ")}
        if not pairs and not inside and "alue" not in attributes.lower():
            continue
        named = [_plain(name) for name in _NAMED.findall(attributes)]
        of_pager = pairs.keys() & _PAGERS_OWN or any(_PAGER.search(name) for name in named)
        if of_pager:
            for name in pairs.keys() & _WEAK:
                yield tag.start(), name, pairs[name]
        value = _VALUE.search(attributes)
        number = value.group(1) if value else inside
        if number:
            for name in named:
                if name in _STRONG:
                    yield tag.start(), name, number


def _calls(text: str) -> Iterator[tuple[int, str, str]]:
    """Names in the object that a pager's call is given, with a size of its pages beside them.

    So layui (``laypage.render({count: 11, limit: 5})``) and jQuery's (``.pagination(11, {items_per_page: 5})``).
    """
    for call in _PAGER_CALL.finditer(text):
        pairs = {_plain(name): number for name, number in _PAIR.findall(f" {call[2]} ")}
        if not pairs.keys() & {*_SIZES, *_WEAK_SIZES}:
            continue
        if call[1]:
            yield call.start(), _RECORDS[0], call[1]
        for name in pairs.keys() & _WEAK:
            yield call.start(), name, pairs[name]


def _said(text: str, place: Place | None) -> tuple[str, str]:
    """What is printed up to the end of the list, and behind it; all in one where it is not known where it ends."""
    if place is None:
        return _words(text), ""
    return _words(text[: place.end]), _words(text[place.end :])


def _words(text: str) -> str:
    """Printed text without white space, without scripts and without what longer links say."""
    pieces: list[str] = []
    start = 0
    inside = False
    for match in _UNSEEN.finditer(text):
        if not inside:
            pieces.append(text[start : match.start()])
        start = match.start()
        inside = not match.group(1)
    if not inside:
        pieces.append(text[start:])
    shown = _LINK_TEXT.sub(r"\1", " ".join(pieces))  # before the markup goes, for only then links are told
    return _BLANK.sub("", _MARKUP.sub("", _BETWEEN_NUMBERS.sub("|", shown)))


def _say(said: tuple[str, str], patterns: Iterable[re.Pattern[str]], least: int = 0) -> int | None:
    """What is said of the list: the first number behind it, else the last before its end (a pager may stand above it).

    What is said of the whole site is not said of a list, and fewer entries than the page shows are another list's.
    """
    patterns = tuple(patterns)
    before, behind = said
    fewer = None
    for text, index in ((behind, 0), (before, -1)):
        for pattern in patterns:
            numbers = _numbers_said(text, pattern)
            enough = [number for number in numbers if number >= least]
            if enough:
                return enough[index]
            if numbers and fewer is None:
                fewer = numbers[index]
    return fewer


def _numbers_said(text: str, pattern: re.Pattern[str]) -> list[int]:
    """All numbers that a wording says, but for those of the whole site."""
    numbers = []
    for match in pattern.finditer(text):
        if _WHOLE_SITE.search(text, max(0, match.start() - _JUST_BEFORE), match.start()):
            continue
        number = _value(match.group(1))
        if number is not None:
            numbers.append(number)
    return numbers


def _value(written: str) -> int | None:
    """A number in digits, or in words (十二, 一百零三)."""
    if written[0] in CHINESE_NUMERALS:
        return chinese_number(written)
    return int(re.sub(r"\D", "", written))


def _plain(name: str) -> str:
    """A name without case, separators and what it has before the words: as the tables above have it."""
    # m_nRecordCount, _iTotalPages, intPageSize: a letter or two for the type stand before the name
    named = re.sub(r"^(?:m_)?_?(?:[nips]|int|num)?(?=[A-Z])", "", name.rsplit(".", 1)[-1][:60])
    plain = re.sub(r"[^a-z]", "", named.lower())
    return plain.removeprefix("data") if len(plain) > 8 and plain != "datacount" else plain


def _number(lower: Mapping[str, Any], names: Iterable[str]) -> int | None:
    """The number under the first of these names that has one; longer ones are identifiers."""
    for name in names:
        value = lower.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, str) and re.fullmatch(r"\s*\d{1,8}\s*", value):
            value = int(value)
        if isinstance(value, int) and 0 <= value <= _MOST:
            return value
    return None
