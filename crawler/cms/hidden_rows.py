"""Rows that an HTML parser does not see: XML data stores, ``document.write`` literals, script arrays, JSON answers.

The names of fields differ by product and version, so fields are found by what they are called in any of them; a value
that is itself HTML or JSON is read again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.cms.data import TooDeep, loads, whole
from crawler.cms.javascript import values
from crawler.cms.links import (
    ADDRESS_ENDING,
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    Link,
    absolute,
    find_date,
    fold_blanks,
    links_of,
)
from parsers.formats.html.shadow_roots import within_depth

_TITLE = (
    "title", "doctitle", "realtitle", "articletitle", "infotitle", "name", "subject", "bt", "docname", "showtitle",
    "contenttitle", "vc_title", "headline", "f_title", "linktitle", "text",
)  # fmt: skip
_URL = (
    "url", "link", "linkurl", "href", "infourl", "visiturl", "docpuburl", "chnldocurl", "urls", "post_url", "puburl",
    "htmlurl", "pageurl", "staticurl", "docurl", "articleurl", "contenturl", "weburl", "pcurl", "src_url", "jump_url",
    "path", "address", "fullurl", "detailurl", "pc", "url_commp",
)  # fmt: skip
_DATE = (
    "pubdate", "pubtime", "publishedtimestr", "publishedtime", "docreltime", "infodate", "createdate", "date",
    "trs_time", "display_publish_time", "first_publish_time", "publishdate", "publishtime", "releasetime", "fbrq",
    "created_at", "create_time", "time", "showdate", "docpubtime", "deploytime", "fbtime", "published_time_format",
)  # fmt: skip
_FILES = ("articlefiles", "attachment", "attachments", "reslist", "files", "filelist", "fj")
_FILE_URL = ("filepath", "url", "path", "fileurl", "downloadurl", "src", "link")
_OF_A_ROW = frozenset({*_URL, *_FILES, "content", "contenthtml", "memo", "abstract"})
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_CHINA = timezone(timedelta(hours=8))
_MARKUP = re.compile(r"<(?:a|li|tr|div|ul|table|record)\b", re.IGNORECASE)
_RECORD = re.compile(r"<record(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_STORE = re.compile(r"<datastore\b", re.IGNORECASE)
_RECORD_END = re.compile(r"</record\s{0,9}>", re.IGNORECASE)
_WRITE = re.compile(r"document\s{0,9}\.\s{0,9}write(?:ln)?\s{0,9}\(\s{0,99}(?=['\"])")
_FILLED = re.compile(r"\.innerHTML\s{0,9}\+?=\s{0,99}(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')\s*(?:;|\n|\}|$)")
_STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'")
_CALL = re.compile(
    r"(?<=[\w$])\s{0,9}\(\s{0,99}(?:\"(?:\\.|[^\"\\]){0,2000}+\"|'(?:\\.|[^'\\]){0,2000}+'|[\d.]{1,40})"
    r"(?:\s{0,99},\s{0,99}(?:\"(?:\\.|[^\"\\]){0,2000}+\"|'(?:\\.|[^'\\]){0,2000}+'|[\d.]{1,40})){1,9}\s{0,99}\)"
)
_PATH = re.compile(
    rf"(?:https?:/)?\.{{0,2}}/?[\w./%:?&=-]+{ADDRESS_ENDING}(?:\?[\w=&%-]*)?$"
    r"|(?:https?:/)?\.{0,2}/(?:[\w.%:-]+/)+$",  # menus name columns, which are directories
    re.IGNORECASE,
)
_PAGE_PATH = re.compile(
    r"(?:https?:/)?\.{0,2}/?[\w./%:-]*[\w-](?:\.(?:s?html?|jspx?|aspx?|asp|php|do|action)(?:\?[\w=&%.-]*)?|\?[\w=&%.-]+)$",
    re.IGNORECASE,
)
_ENDING = re.compile(rf"{ADDRESS_ENDING}\b", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]{4}")
_LONGEST_WRITE = 200_000  # characters of one document.write


def hidden_links(text: str, scripts: str, base: str) -> Iterator[Link]:
    """Links of a page that stand in its data store or in its scripts.

    Args:
        text: the whole page.
        scripts: its scripts.
        base: what relative links count from.
    """
    yield from store_links(text, base)
    for literal in _written(scripts):
        yield from links_of(LexborHTMLParser(within_depth(literal)), base, "script")
    for value in values(scripts):
        yield from links_from(value, base)
    for match in _CALL.finditer(scripts):
        row = _plain_row([_unescape(double or single) for double, single in _STRING.findall(match.group())], base)
        if row is not None:
            yield row


def store_links(text: str, base: str) -> Iterator[Link]:
    """Rows of a ``<datastore>``: each record is a piece of HTML, usually in CDATA.

    Rows of one store stand in one place: a teaser beside the list is another list.
    """
    if "<record" not in text.lower():
        return
    store = 0
    for part in _RECORD_END.split(text)[:-1]:
        begun = _RECORD.search(part)
        if begun is None:
            continue
        piece = part[begun.end() :].strip()
        piece = piece.removeprefix("<![CDATA[").removesuffix("]]>")
        if "<" not in piece and "&lt;" in piece:
            piece = html.unescape(piece)
        store += len(_STORE.findall(part, 0, begun.start()))
        for link in links_of(LexborHTMLParser(within_depth(piece)), base, "script"):
            yield replace(link, place=f"store {store}>{link.place}")


def data_of(text: str) -> Any:
    """The value of a body that is JSON or JSONP; None for anything else.

    Raises:
        TooDeep: it is nested deeper than any list.
    """
    head = text.lstrip("\ufeff \t\r\n")
    if head[:1] not in "{[" and not re.match(r"[\w$.]+\s*\(", head[:80]):
        return None
    candidates = [head]
    if head[:1] not in "{[":
        candidates += _called_with(head)
    for candidate in candidates:
        try:
            return loads(candidate)
        except TooDeep:
            raise
        except ValueError:
            continue
    # Neither JSON nor a call with it: perhaps an object as scripts write it, with names that bear no quotes.
    found: list[Any] = []
    if head[:1] in "{[(" or "(" in head[:80]:
        found += values(head)
    return found[0] if found else None


def _called_with(text: str) -> Iterator[str]:
    """What stands in the brackets of a text that is one call: ``callback({...});``."""
    whole_call = text.rstrip().removesuffix(";").rstrip()
    if whole_call.endswith(")"):
        yield whole_call[whole_call.index("(") + 1 : -1].strip()


def links_from(value: Any, base: str) -> Iterator[Link]:
    """Rows in any nested value: objects that have a title and an address, strings that hold HTML or JSON."""
    if isinstance(value, Mapping):
        row = _row(value, base)
        if row is not None:
            yield row
        for name, item in value.items():
            # What an entry holds besides itself (its address, its files, its whole text) is no entry.
            if row is not None and str(name).lower() in _OF_A_ROW:
                continue
            yield from links_from(item, base)
    elif isinstance(value, list):
        row = _plain_row(value, base)
        if row is not None:
            yield row
            return
        field = _field_of_addresses(value)
        for item in value:
            named = field and isinstance(item, Mapping) and isinstance(item.get(field), str)
            yield from links_from({**item, "url": item[field]} if named else item, base)
    elif isinstance(value, str) and len(value) > 20:
        if "<record" in value.lower():
            yield from store_links(value, base)
        elif _MARKUP.search(value):
            yield from links_of(LexborHTMLParser(within_depth(value)), base, "data")
        elif value.lstrip()[:1] in "{[":
            try:
                inner = loads(value)
            except ValueError:
                return
            yield from links_from(inner, base)


def entries_of(value: Any) -> Iterator[Mapping[str, Any]]:
    """Objects in a nested value that have a title."""
    if isinstance(value, Mapping):
        if _text(_by_lower_name(value), _TITLE):
            yield value
        for item in value.values():
            yield from entries_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from entries_of(item)


def link_at(value: Mapping[str, Any], url: str) -> Link | None:
    """The row of an object that has a title and no address of its own."""
    return _row({**value, "url": url}, url)


def _row(value: Mapping[str, Any], base: str) -> Link | None:
    """An object as an entry of a list, where it has a title and an address."""
    lower = _by_lower_name(value)
    title = _text(lower, _TITLE)
    address = _address(lower)
    if not title or not address or _MARKUP.search(title):
        return None
    url = absolute(base, _from_root(address, base))
    if url is None:
        return None
    clean = fold_blanks(re.sub(r"<[^<>]{1,3000}>", "", html.unescape(title)))[:LONGEST_TEXT]
    return Link(
        text=clean,
        title=clean,
        href=address,
        url=url,
        date=_date(lower),
        row=clean,
        source="data",
        attachments=tuple(_files(lower, base)),
    )


def _field_of_addresses(value: list[Any]) -> str | None:
    """The field that holds the addresses of a list's objects, where it is called by no name that is known.

    Nodes of a tree and rows of a list call it as they like (``lj``, ``ljdz``); what tells it is that each object that
    has a title has an address of its own in it, and no two the same. A picture or a template is the same for many.
    """
    named = [item for item in value if isinstance(item, Mapping) and _text(_by_lower_name(item), _TITLE)]
    if any(_address(_by_lower_name(item)) for item in named):
        return None
    found: dict[str, list[str]] = {}
    for item in named:
        for name, text in item.items():
            if isinstance(text, str) and len(text) <= LONGEST_ADDRESS and _PAGE_PATH.match(text.strip()):
                found.setdefault(str(name), []).append(text)
    own = [name for name, texts in found.items() if len(texts) > 1 and len(set(texts)) == len(texts)]
    return own[0] if len(own) == 1 else None


def _plain_row(value: list[Any], base: str) -> Link | None:
    """A row written as a plain list of texts: ``["title", "/x/1.html", "2024-01-02"]``, in any order."""
    if not 2 <= len(value) <= 12 or not all(isinstance(item, str | int | float | None) for item in value):
        return None
    texts = [item.strip() for item in value if isinstance(item, str)]
    address = next((text for text in texts if len(text) <= LONGEST_ADDRESS and _PATH.match(text)), None)
    if not address:
        return None
    # Of several texts the longest is the title: others name the column or the publisher.
    title = max((text for text in texts if text != address and _CHINESE.search(text)), key=len, default=None)
    if title is None or _MARKUP.search(title):
        return None
    url = absolute(base, _from_root(address, base))
    if url is None:
        return None
    dates = [find_date(text) for text in texts if text not in {address, title}]
    date = next(filter(None, dates), None)
    text = fold_blanks(title)[:LONGEST_TEXT]
    return Link(text=text, title=text, href=address, url=url, date=date, row=text, source="data")


def _from_root(address: str, base: str) -> str:
    """Data may leave out the first slash: a path that begins with the page's own first folder counts from the root."""
    first = urlsplit(base).path.lstrip("/").partition("/")[0]
    return f"/{address}" if first and address.startswith(f"{first}/") else address


def _by_lower_name(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name).lower(): item for name, item in value.items()}


def _text(lower: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first of these fields that holds a text."""
    for name in names:
        value = lower.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _address(lower: Mapping[str, Any]) -> str | None:
    """Where an entry leads: a text that looks like an address, plain, or among those for several kinds of reader."""
    for name in _URL:
        value = lower.get(name)
        if isinstance(value, str) and value.lstrip()[:1] == "{":
            try:
                value = loads(value)
            except ValueError:
                continue
        if isinstance(value, Mapping):
            value = value.get("pc") or value.get("common") or next(iter(value.values()), None)
        if isinstance(value, str) and ("/" in value or _ENDING.search(value)):
            return value.strip()
    return None


def _date(lower: Mapping[str, Any]) -> str | None:
    """The day of an entry in China: as written, or as seconds or milliseconds since 1970."""
    for name in _DATE:
        value = lower.get(name)
        if isinstance(value, str):
            if re.fullmatch(r"\d{10}|\d{13}", value.strip()):
                value = int(value)
            else:
                found = find_date(value)
                if found:
                    return found
        if isinstance(value, int | float) and not isinstance(value, bool) and 10**8 < value < 10**13:
            # Seconds are below 10**11 until the year 5138; from there on they are milliseconds.
            seconds = value / 1000 if value > 10**11 else value
            return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date().isoformat()
    return None


def _files(lower: Mapping[str, Any], base: str) -> Iterator[str]:
    """Addresses of the files that an entry brings."""
    for name in _FILES:
        entries = lower.get(name)
        if not isinstance(entries, list):
            continue
        for entry in entries:
            path = entry if isinstance(entry, str) else None
            if isinstance(entry, Mapping):
                path = _file_path(_by_lower_name(entry))
            url = absolute(base, path) if path else None
            if url:
                yield url


def _file_path(lower: Mapping[str, Any]) -> str | None:
    """The address of a file; some keep its host in a field of its own."""
    path = _text(lower, _FILE_URL)
    domain = lower.get("domainname")
    if not path or not isinstance(domain, str) or not domain or path.startswith(("http:", "https:", "//")):
        return path
    joined = f"{domain.rstrip('/')}/{path.lstrip('/')}"
    return joined if joined.startswith("http") else f"//{joined.lstrip('/')}"


def _written(scripts: str) -> Iterator[str]:
    """HTML literals that scripts write into the page: the strings joined, what stands between them left out."""
    pieces: list[str] = []
    filled = [match.group(1) for match in _FILLED.finditer(scripts)]
    for expression in (*_writes(scripts), *filled):
        strings = [_unescape(double or single) for double, single in _STRING.findall(expression)]
        if strings:
            pieces.append("".join(strings))
    text = "\n".join(pieces)
    if "<a" in text.lower():
        yield text


def _writes(scripts: str) -> Iterator[str]:
    """What is passed to each ``document.write``: up to the bracket outside of strings that ends the call."""
    read = 0
    for match in _WRITE.finditer(scripts):
        if read > 2 * len(scripts):  # calls that nothing closes, each up to the end
            return
        position = match.end()
        limit = min(len(scripts), match.end() + _LONGEST_WRITE)
        while position < limit and scripts[position] not in ");":
            if scripts[position] not in "'\"":
                position += 1
                continue
            quoted = _STRING.match(scripts, position, limit)
            if quoted is None:  # a string that nothing closes
                break
            position = quoted.end()
        else:
            yield scripts[match.end() : position]
        read += position - match.end()


def _unescape(text: str) -> str:
    """A string of a script as it is meant; a character in two escapes (beyond U+FFFF) becomes one."""
    text = whole(re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text))
    return re.sub(r"\\(.)", lambda match: _CONTROLS.get(match.group(1), match.group(1)), text)
