"""The breadcrumb of a page: the steps above it that it names itself.

A breadcrumb is told by its words (您现在的位置), by the name of its element (crumb, position), or by its form: a short
line of links that begins with the home page and has marks between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms import Page, is_file
from crawler.cms.links import absolute, fold_blanks
from crawler.wording import link_words

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:crumbs?|bread-?crumbs?|breadcrumb\w*|position|location|dqwz|wz|weizhi|mbx|mianbaoxie|curpos)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[>＞»›→/\\]|&gt;|::")
_HOLDERS = "div, p, span, nav, ol, ul, td, h1, h2, h3, section, dl, header, label"
_MOST_LINKS = 10
_MOST_WORDS = 160


def steps_above(page: Page) -> list[str]:
    """Addresses of the steps above a page, the nearest first; neither the home page nor the page itself.

    Args:
        page: a column's page.
    """
    for node in _holders(page):
        found: list[str] = []
        for link in node.css("a[href]"):
            url = absolute(page.base, link.attributes.get("href") or "")
            if url and url not in found and not is_file(url):
                found.append(url)
        steps = [url for url in found if not _same(url, page.url) and urlsplit(url).path.strip("/") not in _ROOTS]
        if steps:
            return list(reversed(steps))
    return []


_ROOTS = frozenset({"", "index.html", "index.htm", "index.shtml", "index.jsp"})


def _holders(page: Page) -> Iterator[LexborNode]:
    """Elements that look like a breadcrumb, the smallest of nested ones, in the order of the page."""
    inner: list[LexborNode] = []
    for node in page.tree.css(_HOLDERS):
        links = node.css("a[href]")
        if not 1 <= len(links) <= _MOST_LINKS:
            continue
        text = fold_blanks(node.text(separator=" "))
        if len(text) <= _MOST_WORDS and _is_crumb(node, text, fold_blanks(links[0].text())):
            inner.append(node)
    # Its own element is named by words more surely than by its class or form.
    yield from sorted(
        inner, key=lambda node: (link_words().crumb.search(fold_blanks(node.text())) is None, len(node.text()))
    )


def _is_crumb(node: LexborNode, text: str, first: str) -> bool:
    if link_words().crumb.search(re.sub(r"\s+", "", text)):
        return True
    name = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return link_words().home.match(first) is not None and bool(_NAMED.search(name) or _MARKS.search(text))


def _same(url: str, other: str) -> bool:
    return _bare(url) == _bare(other)


def _bare(url: str) -> str:
    return re.sub(r"(?:index|default)\.\w+$", "", url.partition("://")[2].partition("#")[0]).rstrip("/")
