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

from crawler.cms import Link, Page, is_article, is_file
from crawler.cms.links import absolute, fold_blanks, links_of
from crawler.cms.pagers.pager_call import read_call
from crawler.wording import REPORT_YEAR, limits, page_words
from parsers.formats.media import FILE_ENDINGS
from parsers.identity.titles import TitleReading, only_announces, read_title

PageKind = Literal["report", "lookalike", "shell", "clone", "other"]

_NAMED_FILE = re.compile(rf"\.(?:{'|'.join(FILE_ENDINGS)})\b", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?)$", re.IGNORECASE)
_FEW_WORDS = (
    260  # characters; chosen by hand: title, date, source and buttons fit into them, the shortest report does not
)
_NUMBER = re.compile(r"^-?\d[\d,，]*(?:\.\d+)?%?$")
_ENOUGH_NUMBERS = 4  # cells; tables that lay a page out have fewer that are numbers and nothing else
_VIEWER = re.compile(r"view|preview|pdfjs|reader|flip|swf", re.IGNORECASE)
_DOWNLOAD = re.compile(r"down|attach|getfile|/file", re.IGNORECASE)
_MOST_PARTS = 30
_LONGEST_HEADLINE = 120  # characters; a longer text in a headline's element is no title
_ENOUGH_TEXT = 2000  # characters, markup of scripts and all; a container with as many holds the document


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page leads to: ``twin`` repeats the page's report, otherwise it is (a part of) its body."""

    url: str
    text: str
    twin: bool


@dataclass(frozen=True, slots=True)
class JudgedPage:
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
        beyond: files, pictures and parts that it leads to besides, more than one page may bring.
    """

    kind: PageKind
    reason: str
    title: str
    reading: TitleReading
    headings: int = 0
    attachments: tuple[Attachment, ...] = ()
    parts: tuple[str, ...] = ()
    beyond: int = 0


def judge_page(page: Page, *, list_title: str | None = None, trusted: bool = True) -> JudgedPage:
    """Judge a fetched page.

    Args:
        page: the page.
        list_title: what the list called it.
        trusted: its host is named in the profile; else the page must name that host as its own (SiteDomain).
    """
    title, reading = own_title(page, list_title)
    body = _body(page)
    text = _words(body) if body is not None else page.visible
    headings = count_headings(text)
    # A copy of a portal and another kind of document are told before anything is looked for in them.
    if not trusted and not names_its_host(page):
        return JudgedPage("clone", "clone_host", title, reading, headings)
    if reading.kind == "lookalike" and reading.reason != "statistics_page":
        return JudgedPage("lookalike", reading.reason, title, reading, headings)
    bare = not _has_tables(page, body)
    # What the law prescribes makes a report, whatever it is called; a title alone may stand over nothing.
    if headings >= page_words().enough_headings:
        found, beyond = _bounded(_attachments(page, body, twin=True, title=title, bare=bare))
        parts, further = _parts(page)
        return JudgedPage("report", "report_content", title, reading, headings, found, parts, beyond + further)
    titled = reading.kind == "annual_report" or reading.reason == "statistics_page"
    if not titled:
        return JudgedPage("other", "page_is_other", title, reading, headings)
    empty = len(text) < _FEW_WORDS
    found, beyond = _bounded(_attachments(page, body, twin=not empty, title=title, bare=bare))
    if not found and body is not None and empty:
        found, beyond = _bounded(_pictures(page, body))
    parts, further = _parts(page)
    beyond += further
    if not headings and not found and not parts and only_announces(title, text):
        return JudgedPage("lookalike", "notice", title, reading, headings)
    if not empty or parts:
        return JudgedPage("report", "report_title", title, reading, headings, found, parts, beyond)
    if found:
        return JudgedPage("shell", "body_in_attachments", title, reading, headings, found, (), beyond)
    framed, further = _framed(page)
    reason = "body_in_frames" if framed else "body_empty"
    return JudgedPage("shell", reason, title, reading, headings, (), framed, beyond + further)


def _bounded(found: Iterator[Attachment]) -> tuple[tuple[Attachment, ...], int]:
    """The first files of a page, and how many there are besides: one page must not spend a site's whole budget."""
    every = tuple(found)
    most = page_words().most_files
    return every[:most], len(every[most:])


def _has_tables(page: Page, body: LexborNode | None) -> bool:
    """Whether the page itself holds tables of the form: cells with numbers, or the form's labels drawn as text."""
    holder = body if body is not None else page.tree
    for table in holder.css("table"):
        numbers = sum(1 for cell in table.css("td, th") if _NUMBER.match(fold_blanks(cell.text())))
        if numbers >= _ENOUGH_NUMBERS:
            return True
    text = _words(body) if body is not None else page.visible
    return bool(page_words().table_label.search(re.sub(r"\s+", "", text)))


def own_title(page: Page, list_title: str | None = None) -> tuple[str, TitleReading]:
    """The page's title by its official tag, its headline, its ``<title>``, then by the list; the first that tells."""
    candidates = [page.meta.get("articletitle", "")]
    for selector in page_words().headlines:
        node = page.tree.css_first(selector)
        text = fold_blanks(node.text(separator="")) if node is not None else ""
        if text and len(text) < _LONGEST_HEADLINE:
            candidates.append(text)
    candidates += [page.title, list_title or ""]
    read = [(text, read_title(text)) for text in candidates if text]
    # First a title that tells something, then one that is a report's at all, then whatever stands there.
    for text, reading in read:
        if _tells(reading):
            return text, reading
    for text, reading in read:
        if reading.kind != "other":
            return text, reading
    return read[0] if read else ("", read_title(""))


def _tells(reading: TitleReading) -> bool:
    """A title of another document, or one with a year or an agency; a bare column name tells nothing."""
    if reading.kind == "other" or reading.reason == "cut_off":
        return False
    return reading.kind == "lookalike" or reading.year is not None or reading.agency is not None


def count_headings(text: str) -> int:
    """How many different prescribed headings a text holds."""
    folded = re.sub(r"\s+", "", text)
    return sum(1 for pattern in page_words().headings if pattern.search(folded))


def is_report_content(page: Page) -> bool:
    """Whether the page's body is a report, whatever it is called."""
    body = _body(page)
    text = _words(body) if body is not None else page.visible
    # One more than a page that also bears a report's title needs.
    return count_headings(text) >= page_words().enough_headings + 1


def framed_file(page: Page) -> str | None:
    """The file that a page shows in a frame and beside which it says next to nothing; None where there is none."""
    body = _body(page)
    if len(_words(body) if body is not None else page.visible) >= _FEW_WORDS:
        return None
    return next(_shown_files(page), None)


def bears_report_title(page: Page) -> bool:
    """Whether a page's own title is that of one report, with its year; a column's name alone tells no report."""
    _, reading = own_title(page)
    return reading.kind == "annual_report" and reading.year is not None


def names_its_host(page: Page) -> bool:
    """Whether SiteDomain, where given, fits the host; no tag is no objection."""
    domain = page.meta.get("sitedomain", "")
    host = urlsplit(page.url).hostname or ""
    names = [entry for entry in re.split(r"[，,;；\s]+", domain.lower()) if "." in entry]
    if not names:
        return True
    named = [re.sub(r"^https?://", "", name).partition("/")[0] for name in names]
    return _registered(host) in map(_registered, named)


def _registered(host: str) -> str:
    """The part of a host that is registered: ``wenxian.gov.cn`` of every host below it."""
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
        # The containers stand in their order, surest first: after one that holds a document none is looked for.
        if best is not None and best[0] > _ENOUGH_TEXT:
            break
    return best[1] if best else None


def _words(node: LexborNode) -> str:
    """What a reader sees of an element, white space folded; the page itself keeps its scripts."""
    copy = LexborHTMLParser(node.html or "")
    copy.strip_tags(["script", "style", "noscript"])
    return fold_blanks(copy.body.text(separator=" ")) if copy.body is not None else ""


def _attachments(page: Page, body: LexborNode | None, *, twin: bool, title: str, bare: bool) -> Iterator[Attachment]:
    """Files of a page: twins of its text where it is the report, parts where the report or its tables stand in them.

    Args:
        page: the page.
        body: what holds its document.
        twin: the text is the report's.
        title: the page's own.
        bare: the text has no tables.
    """
    seen: set[str] = {page.url}
    links: list[Link] = []
    if body is not None:
        links += links_of(LexborHTMLParser(body.html or ""), page.base)
    inside = {link.url for link in links}
    links += [link for link in page.links if link.url not in inside and (not link.menu or body is None)]
    own_year = read_title(title).year
    for link in links:
        if link.url is None or link.url in seen or not _is_attachment(link):
            continue
        name = link.title if link.title and _NAMED_FILE.search(link.title) else link.text
        role = _role_of(name, own_year, inside=link.url in inside, bare=bare)
        # Beside a report's text a file that merely stands in it is some other document.
        if role is None or (twin and role == "linked"):
            continue
        seen.add(link.url)
        yield Attachment(link.url, name, twin and role != "part")
    for url in _shown_files(page):
        if url not in seen:
            seen.add(url)
            yield Attachment(url, "", twin)


def _shown_files(page: Page) -> Iterator[str]:
    """Files that a page shows in frames, by themselves or in a viewer."""
    for node in page.tree.css("iframe[src], embed[src], object[data]"):
        source = node.attributes.get("src") or node.attributes.get("data") or ""
        url = _viewed(absolute(page.base, source))
        if url and (is_file(url) or _NAMED_FILE.search(unquote(urlsplit(url).query))):
            yield url


def _role_of(name: str, own_year: int | None, *, inside: bool, bare: bool) -> Literal["whole", "part", "linked"] | None:
    """What a file is to the page that leads to it, by its name; None for one that is nothing to it.

    Args:
        name: of the file, or what its link says.
        own_year: of the page's title.
        inside: its link stands in the text of the page.
        bare: that text has no tables.

    Returns:
        ``whole`` (the report once more), ``part`` (its tables, an annex) or ``linked`` (it only stands in the text).
    """
    words = page_words()
    reading = read_title(_NAMED_FILE.sub("", name))
    if reading.kind == "lookalike" and reading.reason != "statistics_page":
        return None
    whole = reading.kind == "annual_report"
    tables = words.tables.search(name) is not None
    year = reading.year or _year_in(name)
    if (whole or tables) and year and own_year and year != own_year:
        return None
    if tables:
        return "part"
    button = words.button.match(name) is not None
    named_annex = words.annex.search(name) is not None
    # Where the text is there and its tables are not, an annex holds them, or whatever the text itself links to.
    annex = bare and not words.form.search(name) and (named_annex or inside)
    if annex and not whole and (named_annex or not button):
        return "part"
    if whole or button:
        return "whole"
    return "linked" if inside else None


def _year_in(name: str) -> int | None:
    found = REPORT_YEAR.search(name)
    return int(found.group()) if found else None


def _is_attachment(link: Link) -> bool:
    url = link.url or ""
    if is_file(url):
        return True
    if is_article(url) and not re.search(r"download|fileUrl|attach|\.jsp\?", url, re.IGNORECASE):
        return False
    return bool(
        _NAMED_FILE.search(link.text) or re.search(r"^下载(?:word|pdf|文字版|附件|全文)", link.text, re.IGNORECASE)
    )


def _viewed(url: str | None) -> str | None:
    """The file that a viewer page shows (``viewer.html?file=/x.pdf``).

    A download whose query only names the file (``down.jsp?id=7&filename=x.pdf``) is the file itself: what stands in
    the query is an address where it looks like one, or where the path speaks of a viewer and not of a download.
    """
    if url is None or is_file(url.partition("?")[0]):
        return url
    parts = urlsplit(url)
    shows = _VIEWER.search(parts.path) is not None
    if not shows and _DOWNLOAD.search(parts.path):
        return url
    for values in parse_qs(parts.query).values():
        for value in values:
            name = unquote(value)
            if _NAMED_FILE.search(name) and (shows or "/" in name):
                return absolute(url, name)
    return url


def _pictures(page: Page, body: LexborNode) -> Iterator[Attachment]:
    """Pictures of a body that has nothing else: scanned reports."""
    for node in body.css("img"):
        url = absolute(page.base, node.attributes.get("src") or "")
        if url and _PICTURE.search(urlsplit(url).path) and not page_words().decoration.search(url):
            name = node.attributes.get("title") or node.attributes.get("alt") or ""
            yield Attachment(url, fold_blanks(name), twin=False)


def _framed(page: Page) -> tuple[tuple[str, ...], int]:
    """Pages of the portal's own in the frames of a page that says nothing itself, and how many there are besides."""
    host = urlsplit(page.url).hostname
    most = limits().frames_per_page
    own = [url for url in dict.fromkeys(page.frames) if urlsplit(url).hostname == host and url != page.url]
    return tuple(own[:most]), len(own[most:])


def _parts(page: Page) -> tuple[tuple[str, ...], int]:
    """Further pages of a document that is cut into several (``t20230101_1_2.html``), and how many there are besides."""
    call = read_call(page.scripts)
    name = urlsplit(page.url).path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if call is None or call.pages <= 1 or not dot or call.prefix not in {"", stem}:
        return (), 0
    numbers = range(1, min(call.pages, _MOST_PARTS))
    urls = (absolute(page.url, f"{stem}_{number}.{extension}") for number in numbers)
    return tuple(url for url in urls if url), max(0, call.pages - _MOST_PARTS)
