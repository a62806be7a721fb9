"""A fetched page as the adapters see it: decoded once, with its links, head tags and scripts at hand.

Links are taken from everywhere a portal puts rows: markup, ``document.write`` literals, XML data stores in scripts,
script arrays and JSON. Nothing is fetched here and nothing is decided here.
"""

from __future__ import annotations

import functools
import html
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms.data import TooDeep
from crawler.cms.stated import Place, Stated, in_data, in_markup
from crawler.forwarding import SOON, leads_elsewhere, read_refresh
from crawler.joining import Base, join
from crawler.words import limits
from parsers.formats import charset
from parsers.formats.composed import composed

_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_ANNUAL = re.compile(r"年度?报告?")
_CHARSET = re.compile(r"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_STUB = 200  # visible characters of a page that only sends one on
_SPACE = re.compile(r"[\s\u00a0\u3000]+")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
# A row ends here: what stands in the same li, tr or dl belongs to the link (its date, its PDF twin).
_ROW_TAGS = frozenset({"li", "tr", "dl"})
_MENU_TAGS = frozenset({"nav", "header", "footer"})
_MENU_NAME = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|header|footer|foot|top|crumbs?|breadcrumbs?|position|dqwz|friend|links?|pages?|pagination)",
    re.IGNORECASE,
)
_ROW_LIMIT = 400
# No title and no address of a portal is longer; what is, is cut (text) or leads nowhere (address).
LONGEST_TEXT = 1000
LONGEST_ADDRESS = 4000
_PLACE_DEPTH = 6
_LONGEST_ROW = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One link: what is printed, what its ``title`` attribute says, where it leads.

    Attributes:
        text: the printed text, white space folded.
        title: the ``title`` attribute or a field of the data it came from; often longer than the text.
        href: as written.
        url: absolute, without surrounding space; None where it leads nowhere (``javascript:``, ``#``).
        date: ISO date printed in the same row.
        row: text of the whole row.
        menu: stands in a menu, head, foot or breadcrumb.
        source: ``html``, ``script`` or ``data``.
        attachments: addresses of files that the data ties to this row.
        place: of the list that the row stands in: tags and classes around it; empty for data.
        again: how often the same link stands in the page once more.
    """

    text: str
    href: str
    url: str | None
    title: str | None = None
    date: str | None = None
    row: str = ""
    menu: bool = False
    source: str = "html"
    attachments: tuple[str, ...] = ()
    place: str = ""
    again: int = 0


def fold(text: str) -> str:
    """White space of all kinds folded to single spaces, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


def find_date(text: str) -> str | None:
    """The first plausible date in ``text`` as YYYY-MM-DD; white space inside is tolerated."""
    for match in _DATE.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def unescape(address: str) -> str:
    """An address without its entities; only what ends in a semicolon is one: ``&current=2`` is no currency sign."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), address)


def absolute(base: str, href: str) -> str | None:
    """``href`` against ``base``; None where it is no address of a document.

    A hash route (``#/list``, ``#!list``) is kept: it names another page of the same document.
    """
    href = unescape(href[: LONGEST_ADDRESS + 1]).strip()
    if names_no_document(href) or len(href) > LONGEST_ADDRESS:
        return None
    found = join(base, href)  # None also for a port beyond 65535 and half a bracket around an IPv6 address
    if found is None or urlsplit(found).port == 0:
        return None
    address, _, fragment = found.partition("#")
    return f"{address}#{fragment}" if fragment.startswith(("/", "!")) else address


def names_no_document(href: str) -> bool:
    """Whether a link says itself that it leads to no document: script, mail, a place in the page."""
    plain = href.strip().lower()
    if plain.startswith("#"):
        return not plain.startswith(("#/", "#!"))
    return not plain or plain.startswith(("javascript:", "mailto:", "tel:", "data:", "about:", "file:"))


class Page:
    """One answer: address and bytes, read lazily.

    Args:
        url: address it came from, after redirects.
        body: content with its content coding removed.
        declared: charset labels from outside the bytes (HTTP header, profile), most trusted first.
    """

    def __init__(self, url: str, body: bytes, declared: Iterable[str | None] = ()) -> None:
        self.url = url
        self.body = body
        self._declared = tuple(declared)
        self._written_into: str | None = None
        self.faults: list[str] = []

    def within(self, url: str | None) -> Page:
        """A script file as part of the page at ``url``: what it writes counts from there."""
        page = Page(self.url, self.body, self._declared)
        page._written_into = url
        return page

    @functools.cached_property
    def _decoded(self) -> charset.Decoded:
        return charset.decode(self.body, self._declared)

    @property
    def text(self) -> str:
        """The decoded text."""
        return self._decoded.text

    @functools.cached_property
    def encoding(self) -> str:
        """Python's name of the encoding; a browser sends what a link's query holds in it.

        Of a page in ASCII alone, whose links hold Chinese as entities, the one that it declares.
        """
        if not self.body.isascii():
            return self._decoded.charset
        said = _CHARSET.search(self.body[:4096].decode("ascii"))
        labels = (*self._declared, said[1] if said else None)
        return next((name for label in labels if (name := charset.canonical(label))), self._decoded.charset)

    @functools.cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed HTML, with what shadow roots and frames hold where they stand."""
        return LexborHTMLParser(composed(self.text))

    @functools.cached_property
    def is_script(self) -> bool:
        """Whether it is a script file, and no page."""
        return urlsplit(self.url).path.endswith(".js")

    @functools.cached_property
    def base(self) -> str:
        """What relative links count from: ``<base href>``, else the page's own directory.

        A column without extension and without a final slash (``/zwgk/zfwj``) counts as the directory that it is.
        """
        if self._written_into:
            return self._written_into
        node = self.tree.css_first("base[href]")
        href = (node.attributes.get("href") or "") if node is not None else ""
        return Base(join(self.url, href, self.encoding) or self.url, self.encoding)

    @functools.cached_property
    def directory(self) -> str:
        """Address of the directory in which the pages of this list stand, ending in a slash."""
        parts = urlsplit(self.url)
        head, _, tail = parts.path.rpartition("/")
        path = f"{head}/" if not tail or "." in tail else f"{parts.path}/"
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))

    @functools.cached_property
    def meta(self) -> dict[str, str]:
        """Head tags, names in lower case (``articletitle``, ``columntype``, ``sitedomain``); the first value wins."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta"):
            attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
            if name:
                found.setdefault(name, fold(html.unescape(attributes.get("content", "")))[:LONGEST_TEXT])
        return found

    @functools.cached_property
    def title(self) -> str:
        """Text of ``<title>``."""
        node = self.tree.css_first("title")
        return fold(node.text())[:LONGEST_TEXT] if node is not None else ""

    @functools.cached_property
    def scripts(self) -> str:
        """All inline scripts, joined; what is commented out in them stays. A script file is one itself."""
        if self.is_script:
            return self.text
        return "\n".join(node.text() or "" for node in self.tree.css("script") if not node.attributes.get("src"))

    @functools.cached_property
    def visible(self) -> str:
        """The text a reader sees, white space folded."""
        body = self.tree.body
        if body is None:
            return ""
        copy = LexborHTMLParser(body.html or "")
        copy.strip_tags(["script", "style", "noscript", "template"])
        return fold(copy.body.text(separator=" ")) if copy.body is not None else ""

    @functools.cached_property
    def data(self) -> Any:
        """The value of an answer that is JSON or JSONP; None for anything else."""
        from crawler.cms.rows import data_of

        try:
            return data_of(self.text)
        except TooDeep as error:
            self.faults.append(f"its data are {error}")
            return None

    @functools.cached_property
    def is_known(self) -> bool:
        """Whether an answer has a form that is known, though it may hold nothing: data, or a data store."""
        return self.data is not None or "<recordset" in self.text or "<datastore" in self.text

    @functools.cached_property
    def stated(self) -> Stated:
        """How many entries and pages the page or answer states."""
        return in_data(self.data) if self.data is not None else in_markup(self.text, self._place)

    @property
    def _place(self) -> Place | None:
        """Where the list stands in the text: its annual reports, or, where it names none, most entries of one place."""
        from crawler.cms.base import is_entry

        entries = [row for row in self.rows if row.source == "html" and row.href and not row.menu and is_entry(row)]
        entries = [row for row in entries if _ANNUAL.search(row.text)] or entries
        places: dict[str, list[Row]] = {}
        for row in entries:
            places.setdefault(row.place, []).append(row)
        if not places:
            return None
        inside = max(places.values(), key=len)
        start, last = (self._find(row.href) for row in (inside[0], inside[-1]))
        end = self.text.find("</", last)  # behind what the last link says
        shown = len({row.row or row.url for row in inside})  # a document and its files in one row are one entry
        return Place(start, end, shown) if 0 <= start <= last < end else None

    def _find(self, href: str) -> int:
        """Where an address stands in the markup, as it is written or with its ampersands escaped; -1: nowhere."""
        found = self.text.find(href)
        return found if found >= 0 else self.text.find(html.escape(href, quote=False))

    @functools.cached_property
    def rows(self) -> tuple[Row, ...]:
        """Links of the markup and of HTML literals in scripts, in order, each address once per text."""
        from crawler.cms.rows import hidden_rows

        own = rows_of(self.tree, self.base) if self.data is None and not self.is_script else iter(())
        most = limits().links_per_page
        read = list(itertools.islice(itertools.chain(own, hidden_rows(self)), most + 1))
        if len(read) > most:
            self.faults.append(f"it holds more than {most} links, and only so many were read")
        return _unique(read[:most])

    @functools.cached_property
    def frames(self) -> tuple[str, ...]:
        """Addresses of frames."""
        urls = (absolute(self.base, node.attributes.get("src") or "") for node in self.tree.css("iframe, frame"))
        return tuple(dict.fromkeys(url for url in urls if url))

    @functools.cached_property
    def forwards_to(self) -> str | None:
        """Where a stub sends its visitor: meta refresh, or ``location`` set by a page that says nothing else."""
        for node in self.tree.css("meta"):
            attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
            if attributes.get("http-equiv", "").strip().lower() != "refresh" or _in_noscript(node):
                continue
            refresh = read_refresh(attributes.get("content", "")[:LONGEST_ADDRESS])
            if refresh is None or (refresh.seconds > SOON and len(self.visible) >= _STUB):
                continue
            target = absolute(self.base, refresh.href)
            if leads_elsewhere(self.url, target):
                return target
        if len(self.body) < 6000 and len(self.visible) < _STUB:
            match = re.search(
                r"(?:(?:window|self|top|document|parent)\s*\.\s*)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()"
                r"\s*['\"]([^'\"]+)['\"]",
                self.scripts,
            )
            if match:
                return absolute(self.base, match.group(1))
        return None


def rows_of(tree: LexborHTMLParser, base: str, source: str = "html") -> Iterator[Row]:
    """All links of a parsed piece of HTML."""
    around = _Around()
    for node in tree.css(
        "a, area[href], option[value], li[onclick], td[onclick], div[onclick], span[onclick], dd[onclick], tr[onclick],"
        "li[data-url], li[data-href], div[data-href], span[data-url], span[data-href], dd[data-url]"
    ):
        if node.tag == "option":
            yield from _option(node, base, source)
            continue
        attributes = node.attributes
        href = attributes.get("href") or ""
        url = absolute(base, href)
        apart = node.tag == "tr" or node.css_first("br") is not None
        text = fold(node.text(separator=" ", strip=False) if apart else node.text())
        if node.tag == "tr":
            text = _LAST_DATE.sub("", text)
        title = fold(attributes.get("title") or "") or None
        if url is None:
            # The address of a link that script opens often stands in another attribute.
            url = _script_address(attributes, base)
        if not text and not title:
            image = node.css_first("img")
            text = fold((image.attributes.get("alt") or image.attributes.get("title") or "") if image else "")
        if not text and not title:
            continue
        container = around.container(node)
        row = around.text(container) if container is not None else text
        text, title = text[:LONGEST_TEXT], title[:LONGEST_TEXT] if title else None
        yield Row(
            text=text or title or "",
            title=title,
            href=href,
            url=url,
            date=find_date(row),
            row=row[:_ROW_LIMIT],
            menu=around.in_menu(node),
            source=source,
            place=around.place(container if container is not None else node),
        )


def _option(node: LexborNode, base: str, source: str) -> Iterator[Row]:
    """A choice that leads somewhere (a list of years): its value is an address."""
    value = (node.attributes.get("value") or "").strip()
    text = fold(node.text())
    if text and ("/" in value or re.search(r"\.s?html?$", value)):
        yield Row(text=text, href=value, url=absolute(base, value), row=text, source=source)


_LAST_DATE = re.compile(r"\s*[\[(]?20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?[\])]?$")
_OPEN_CALL = re.compile(
    r"(?:window\.open|location(?:\.href)?\s*=|location\.(?:replace|assign))\s*\(?\s*['\"]([^'\"]+)['\"]"
    r"|['\"]((?:https?:/|\.{1,2})?/[^'\"\s]+\.(?:s?html?|jsp|aspx?|pdf|docx?)(?:\?[^'\"\s]*)?)['\"]"
    r"|\(\s*this\s*,\s*['\"](/[^'\"\s]+)['\"]"  # queryArticleByCondition(this, '/eportal/ui?...')
)


def _script_address(attributes: dict[str, str | None], base: str) -> str | None:
    for name in ("data-href", "data-url", "data-link", "tagname"):
        if attributes.get(name) and (name != "tagname" or (attributes[name] or "").startswith("/")):
            return absolute(base, attributes[name] or "")
    for name in ("onclick", "href"):
        match = _OPEN_CALL.search(attributes.get(name) or "")
        if match:
            return absolute(base, next(group for group in match.groups() if group))
    return None


class _Around:
    """What stands around links; looked at once for each element, however many links it holds."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._several: dict[int, bool] = {}
        self._menus: dict[int, bool] = {}
        self._places: dict[int, str] = {}

    def text(self, node: LexborNode) -> str:
        """The element's text, white space folded."""
        found = self._texts.get(node.mem_id)
        if found is None:
            found = self._texts[node.mem_id] = fold(node.text(separator=" "))[:_LONGEST_ROW]
        return found

    def container(self, node: LexborNode) -> LexborNode | None:
        """The row a link stands in: its li, tr or dl, else the largest parent that holds no other link."""
        best: LexborNode | None = None
        current = node.parent
        for _ in range(5):
            if current is None or current.tag in {"body", "html", "table", "ul", "ol", "tbody"}:
                break
            if current.tag in _ROW_TAGS:
                return current if len(self.text(current)) < _LONGEST_ROW else best
            if self._has_several(current):
                break
            best = current
            current = current.parent
        return best

    def _has_several(self, node: LexborNode) -> bool:
        found = self._several.get(node.mem_id)
        if found is None:
            found = self._several[node.mem_id] = len(node.css("a")) > 1
        return found

    def in_menu(self, node: LexborNode) -> bool:
        """Whether a link stands in a menu, head, foot or breadcrumb."""
        parent = node.parent
        if parent is None:
            return False
        found = self._menus.get(parent.mem_id)
        if found is None:
            found = self._menus[parent.mem_id] = _in_menu(node)
        return found

    def place(self, row: LexborNode) -> str:
        """Where the list of a row stands: tags and classes of what is around it; rows of one list agree in it."""
        parent = row.parent
        if parent is None:
            return ""
        found = self._places.get(parent.mem_id)
        if found is None:
            found = self._places[parent.mem_id] = _place(parent)
        return found


def _place(around: LexborNode) -> str:
    names: list[str] = []
    current: LexborNode | None = around
    for _ in range(_PLACE_DEPTH):
        if current is None or current.tag in {"body", "html", "-undef"}:
            break
        names.append(f"{current.tag}.{current.attributes.get('id') or ''}.{current.attributes.get('class') or ''}"[:80])
        current = current.parent
    return ">".join(names)


def _in_noscript(node: LexborNode) -> bool:
    """Whether only a browser without script would read it."""
    current = node.parent
    while current is not None:
        if current.tag == "noscript":
            return True
        current = current.parent
    return False


def _in_menu(node: LexborNode) -> bool:
    current = node.parent
    for _ in range(8):
        if current is None or current.tag in {"body", "html"}:
            return False
        if current.tag in _MENU_TAGS:
            return True
        attributes = current.attributes
        if _MENU_NAME.search(attributes.get("class") or "") or _MENU_NAME.match(attributes.get("id") or ""):
            return True
        current = current.parent
    return False


def _unique(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Each (address, text) once; a row with a date or a longer title wins over one without."""
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.url or row.href, row.text)
        old = kept.get(key)
        again = old.again + 1 if old is not None and not old.menu and not row.menu and old.place == row.place else 0
        if old is None or (not old.date and row.date) or (old.menu and not row.menu):
            kept[key] = replace(row, again=again) if again else row
        elif again:
            kept[key] = replace(old, again=again)
    return tuple(kept.values())
