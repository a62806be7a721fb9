"""A page loaded: its elements, the part of it that is the document, and what its head and its links say."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.document import Link, Locator
from parsers.formats import charset
from parsers.formats.html import content, dom, tree
from parsers.formats.html.dom import Element

_HEAD = 16_384  # bytes in which a page declares its charset; scripts may stand before
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*+[\"']?\s*+([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{2,40})", re.IGNORECASE)
_TRADITIONAL = re.compile(rb"lang\s*=\s*[\"']?zh-(?:hant|tw|hk|mo)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|csv|ods|odt|ofd|rtf|zip|rar|7z|jpe?g|png|tiff?)(?:[?#&]|$)", re.IGNORECASE
)
_PERSONAL = frozenset({"author", "editor", "generator", "creator", "progid", "originator"})
# Viewers embed the file itself: <iframe src="viewer.html?file=report.pdf">, <embed src>, <object data>.
_ADDRESS = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
_NO_PAGES = ("javascript:", "#", "mailto:")


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        root: its elements.
        region: the part of it that is the document.
        charset: by which its bytes were decoded.
        lossy: some bytes are not valid in it.
        unstyled: it has too many style rules to apply.
    """

    root: Element
    region: content.Region
    charset: str
    lossy: bool
    unstyled: bool


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same page
def load_page(data: bytes, label: str | None) -> Page:
    """Decode a page and find its content.

    Args:
        data: the page as served.
        label: the charset that the server said.
    """
    head = data[:_HEAD]
    declared = [label]
    for pattern in (_META_CHARSET, _XML_CHARSET):
        declared += [match.decode("ascii", "replace") for match in pattern.findall(head)]
    if _TRADITIONAL.search(head):
        declared.append("big5")
    decoded = charset.decode(data, declared)
    page = tree.load(decoded.text)
    region = content.find(page.root, content.words())
    return Page(page.root, region, decoded.charset, decoded.lossy, page.unstyled)


def read_meta(root: Element) -> dict[str, str]:
    """Facts of the head: ``<meta name>`` (also ``property``) and the title; persons' names are left out.

    Where a name or the title stands twice, the first counts.
    """
    meta: dict[str, str] = {}
    stack = [root]
    while stack:
        element = stack.pop()
        stack.extend(reversed(element.below))
        if element.tag == "meta":
            name = (element.attributes.get("name") or element.attributes.get("property") or "").strip().lower()
            value = element.attributes.get("content", "").strip()
            if name and value and name not in _PERSONAL:
                meta.setdefault(name, value)
        elif element.tag == "title" and "title" not in meta:
            title = "".join(child for child in element.children if isinstance(child, str))
            title = " ".join(title.split())
            if title:
                meta["title"] = title
    return meta


def find_links(page: Page) -> Iterator[Link]:
    """The links of the content, and those to files anywhere on the page."""
    inside = set(page.region.core.descend())
    for element in page.root.everything():
        attribute = _ADDRESS.get(element.tag)
        if attribute is None:
            continue
        address = element.attributes.get(attribute, "").strip()
        leads_to_file = _FILE.search(address) is not None
        if element.tag != "a" and not leads_to_file:
            continue
        if not address or address.lower().startswith(_NO_PAGES):
            continue
        if element in inside or leads_to_file:
            text = dom.plain_text(element) if element.tag == "a" else ""
            yield Link(text, address, Locator.of("html", path=element.path()))
