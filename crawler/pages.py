"""What a fetched page is: the report itself, a look-alike, a list, or a shell whose body lies in attachments.

Title tags, headings that the law prescribes, and links decide; the host never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms import Page, Row, is_article, is_file
from crawler.cms.page import absolute, fold, rows_of
from crawler.cms.paging import read_call
from crawler.cms.shapes import FILE_EXTENSIONS
from crawler.words import page_words
from parsers.titles import TitleReading, only_announces, read_title

PageKind = Literal["report", "lookalike", "shell", "clone", "other"]

_NAMED_FILE = re.compile(rf"\.(?:{'|'.join(FILE_EXTENSIONS)})\b", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?)$", re.IGNORECASE)
_FEW_WORDS = 260
_MOST_PICTURES = 30
_MOST_PARTS = 30


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page leads to: ``twin`` repeats the page's report, otherwise it is (a part of) its body."""

    url: str
    text: str
    twin: bool


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """What a page is.

    Attributes:
        kind: ``report``; ``lookalike``; ``shell`` (titled a report, the body elsewhere or missing); ``clone``
            (a copy of another site); ``other``.
        reason: a stable word.
        title: the page's own title.
        reading: what that title says.
        headings: how many different prescribed headings stand in the body.
        attachments: files to fetch with it.
        parts: further pages of the same document.
    """

    kind: PageKind
    reason: str
    title: str
    reading: TitleReading
    headings: int = 0
    attachments: tuple[Attachment, ...] = ()
    parts: tuple[str, ...] = ()


def judge_page(page: Page, *, list_title: str | None = None, trusted: bool = True) -> PageVerdict:
    """Judge a fetched page.

    Args:
        page: the page.
        list_title: what the list called it.
        trusted: its host is named in the profile; else the page must name that host as its own (SiteDomain).
    """
    title, reading = own_title(page, list_title)
    body = _body(page)
    headings = count_headings(_words(body) if body is not None else page.visible)
    if not trusted and not names_its_host(page):
        return PageVerdict("clone", "clone_host", title, reading, headings)
    if reading.kind == "lookalike" and reading.reason != "statistics_page":
        return PageVerdict("lookalike", reading.reason, title, reading, headings)
    full = headings >= page_words().enough_headings
    if full:
        found = tuple(_attachments(page, body, twin=True, title=title))
        return PageVerdict("report", "report_content", title, reading, headings, found, tuple(_parts(page)))
    titled = reading.kind == "annual_report" or reading.reason == "statistics_page"
    if not titled:
        return PageVerdict("other", "page_is_other", title, reading, headings)
    text = _words(body) if body is not None else page.visible
    empty = len(text) < _FEW_WORDS
    found = tuple(_attachments(page, body, twin=not empty, title=title))
    if not found and body is not None and empty:
        found = tuple(_pictures(page, body))
    parts = tuple(_parts(page))
    if not headings and not found and not parts and only_announces(title, text):
        return PageVerdict("lookalike", "notice", title, reading, headings)
    if empty and not parts:
        return PageVerdict("shell", "body_in_attachments" if found else "body_empty", title, reading, headings, found)
    return PageVerdict("report", "report_title", title, reading, headings, found, parts)


def own_title(page: Page, list_title: str | None = None) -> tuple[str, TitleReading]:
    """The page's title by its official tag, its headline, its ``<title>``, then by the list; the first that tells."""
    candidates = [page.meta.get("articletitle", "")]
    for selector in page_words().headlines:
        node = page.tree.css_first(selector)
        if node is not None and len(text := fold(node.text(separator=""))) < 120:
            candidates.append(text)
    candidates += [page.title, list_title or ""]
    read = [(text, read_title(text)) for text in candidates if text]
    for text, reading in read:
        if reading.kind != "other" and reading.reason != "cut_off" and (reading.kind == "lookalike" or _tells(reading)):
            return text, reading
    for text, reading in read:
        if reading.kind != "other":
            return text, reading
    return read[0] if read else ("", read_title(""))


def _tells(reading: TitleReading) -> bool:
    """A title with a year or an agency; a bare column name tells nothing."""
    return reading.year is not None or reading.agency is not None


def count_headings(text: str) -> int:
    """How many different prescribed headings a text holds."""
    folded = re.sub(r"\s+", "", text)
    return sum(1 for pattern in page_words().headings if pattern.search(folded))


def is_report_content(page: Page) -> bool:
    """Whether the page's body is a report, whatever it is called."""
    body = _body(page)
    return count_headings(_words(body) if body is not None else page.visible) >= page_words().enough_headings + 1


def names_its_host(page: Page) -> bool:
    """Whether SiteDomain, where given, fits the host; no tag is no objection."""
    domain = page.meta.get("sitedomain", "")
    host = urlsplit(page.url).hostname or ""
    names = [entry for entry in re.split(r"[，,;；\s]+", domain.lower()) if "." in entry]
    if not names:
        return True
    return any(_registered(re.sub(r"^https?://", "", name).partition("/")[0]) == _registered(host) for name in names)


def _registered(host: str) -> str:
    labels = host.lower().partition(":")[0].split(".")
    return ".".join(labels[-3:] if host.endswith(".gov.cn") else labels[-2:])


def _body(page: Page) -> LexborNode | None:
    """The element that holds the document: the known container with the most text."""
    best: tuple[int, LexborNode] | None = None
    for selector in page_words().containers:
        for node in page.tree.css(selector)[:6]:
            size = len(node.text())
            if best is None or size > best[0]:
                best = (size, node)
        if best is not None and best[0] > 2000:
            break
    return best[1] if best else None


def _words(node: LexborNode) -> str:
    copy = LexborHTMLParser(node.html or "")
    copy.strip_tags(["script", "style", "noscript"])
    return fold(copy.body.text(separator=" ")) if copy.body is not None else ""


def _attachments(page: Page, body: LexborNode | None, *, twin: bool, title: str) -> Iterator[Attachment]:
    seen: set[str] = {page.url}
    rows: list[Row] = list(rows_of(LexborHTMLParser(body.html or ""), page.base)) if body is not None else []
    inside = {row.url for row in rows}
    rows += [row for row in page.rows if row.url not in inside and (not row.menu or body is None)]
    own = read_title(title)
    for row in rows:
        if row.url is None or row.url in seen or not _is_attachment(row):
            continue
        name = row.title if row.title and _NAMED_FILE.search(row.title) else row.text
        reading = read_title(_NAMED_FILE.sub("", name))
        if reading.kind == "lookalike" and reading.reason != "statistics_page":
            continue
        if reading.kind == "annual_report" and reading.year and own.year and reading.year != own.year:
            continue
        fits = reading.kind == "annual_report" or bool(page_words().button.match(name)) or row.url in inside
        if (twin and not (reading.kind == "annual_report" or page_words().button.match(name))) or not fits:
            continue
        seen.add(row.url)
        yield Attachment(row.url, name, twin)
    for node in page.tree.css("iframe[src], embed[src], object[data]"):
        source = node.attributes.get("src") or node.attributes.get("data") or ""
        url = _viewed(absolute(page.base, source))
        if url and url not in seen and is_file(url):
            seen.add(url)
            yield Attachment(url, "", twin)


def _is_attachment(row: Row) -> bool:
    url = row.url or ""
    if is_file(url):
        return True
    if is_article(url) and not re.search(r"download|fileUrl|attach|\.jsp\?", url, re.IGNORECASE):
        return False
    return bool(
        _NAMED_FILE.search(row.text) or re.search(r"^下载(?:word|pdf|文字版|附件|全文)", row.text, re.IGNORECASE)
    )


def _viewed(url: str | None) -> str | None:
    """The file that a viewer page shows (``viewer.html?file=/x.pdf``)."""
    if url is None or is_file(url.partition("?")[0]):
        return url
    for values in parse_qs(urlsplit(url).query).values():
        for value in values:
            if _NAMED_FILE.search(value):
                return absolute(url, unquote(value))
    return url


def _pictures(page: Page, body: LexborNode) -> Iterator[Attachment]:
    """Pictures of a body that has nothing else: scanned reports."""
    count = 0
    for node in body.css("img"):
        url = absolute(page.base, node.attributes.get("src") or "")
        if url and _PICTURE.search(urlsplit(url).path) and not page_words().decoration.search(url):
            count += 1
            if count > _MOST_PICTURES:
                return
            yield Attachment(url, fold(node.attributes.get("title") or node.attributes.get("alt") or ""), twin=False)


def _parts(page: Page) -> Iterator[str]:
    """Further pages of a document that is cut into several (``t20230101_1_2.html``)."""
    call = read_call(page.scripts)
    name = urlsplit(page.url).path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if call is None or not 1 < call.pages <= _MOST_PARTS or not dot or call.prefix not in {"", stem}:
        return
    for number in range(1, call.pages):
        url = absolute(page.url, f"{stem}_{number}.{extension}")
        if url:
            yield url
