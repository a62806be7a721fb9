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
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms.address_shapes import is_entry
from crawler.cms.data import TooDeep
from crawler.cms.hidden_rows import data_of, hidden_links, links_from
from crawler.cms.links import LONGEST_ADDRESS, LONGEST_TEXT, Link, absolute, each_once, fold_blanks, links_of
from crawler.cms.stated import Place, Stated, in_data, in_markup
from crawler.forwarding import SOON, leads_elsewhere, read_refresh
from crawler.joining import Base, join
from crawler.wording import limits
from parsers.formats import charset
from parsers.formats.html.shadow_roots import composed

_ANNUAL = re.compile(r"年度?报告?")
_CHARSET = re.compile(r"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_STUB = 200  # visible characters of a page that only sends one on


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
                found.setdefault(name, fold_blanks(html.unescape(attributes.get("content", "")))[:LONGEST_TEXT])
        return found

    @functools.cached_property
    def title(self) -> str:
        """Text of ``<title>``."""
        node = self.tree.css_first("title")
        return fold_blanks(node.text())[:LONGEST_TEXT] if node is not None else ""

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
        return fold_blanks(copy.body.text(separator=" ")) if copy.body is not None else ""

    @functools.cached_property
    def data(self) -> Any:
        """The value of an answer that is JSON or JSONP; None for anything else."""
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
        rows = [link for link in self.links if link.href and not link.menu and is_entry(link)]
        printed = [link for link in rows if link.source == "html"]
        stored = [link for link in rows if link.place.startswith("store ")]
        # The list of reports, in the markup or in a data store; where none is told, what is printed.
        entries = next(
            filter(None, ([link for link in part if _ANNUAL.search(link.text)] for part in (printed, stored))), printed
        )
        places: dict[str, list[Link]] = {}
        for link in entries:
            places.setdefault(link.place, []).append(link)
        if not places:
            return None
        inside = max(places.values(), key=len)
        start, last = (self._find(link.href) for link in (inside[0], inside[-1]))
        end = self.text.find("</", last)  # behind what the last link says
        shown = len({link.row or link.url for link in inside})  # a document and its files in one row are one entry
        return Place(start, end, shown) if 0 <= start <= last < end else None

    def _find(self, href: str) -> int:
        """Where an address stands in the markup, as it is written or with its ampersands escaped; -1: nowhere."""
        found = self.text.find(href)
        return found if found >= 0 else self.text.find(html.escape(href, quote=False))

    @functools.cached_property
    def links(self) -> tuple[Link, ...]:
        """Links of the markup and of HTML literals in scripts, in order, each address once per text."""
        most = limits().links_per_page
        read = list(itertools.islice(self._all_links(), most + 1))
        if len(read) > most:
            self.faults.append(f"it holds more than {most} links, and only so many were read")
        return each_once(read[:most])

    def _all_links(self) -> Iterator[Link]:
        if self.data is not None:
            yield from links_from(self.data, self.base)
            return
        if not self.is_script:
            yield from links_of(self.tree, self.base)
        yield from hidden_links(self.text, self.scripts, self.base)

    @functools.cached_property
    def entry_count(self) -> int:
        """How many entries of a list it brings: links to articles and files, and what data name; each address once."""
        return len({link.url for link in self.links if link.url and is_entry(link)})

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


def _in_noscript(node: LexborNode) -> bool:
    """Whether only a browser without script would read it."""
    current = node.parent
    while current is not None:
        if current.tag == "noscript":
            return True
        current = current.parent
    return False
