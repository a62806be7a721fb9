"""Guangdong: the disclosure platform ``gkmlpt`` with its JSON interface, and NFCMS, the rest of the portal.

The tree of categories stands in ``window._CONFIG``; the interface gives 100 rows a page, and its pages 0 and 1 are the
same. NFCMS lists are static: ``index_2.html`` is page 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawler.cms import javascript
from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.links import absolute
from crawler.cms.page import Page
from crawler.cms.pagers import naming
from crawler.cms.request import XHR, ListRequest, with_query
from crawler.joining import joined

_SIZE = 100
_ANNUAL = re.compile(r"年报|年度报告")
_CONFIG = re.compile(r"_CONFIG\s*=\s*(?=\{)")


class Gkmlpt(Adapter):
    """gkmlpt and NFCMS."""

    name = "gkmlpt"
    product = "Guangdong gkmlpt / NFCMS"

    def fingerprint(self, page: Page) -> Match:
        """The configuration object, addresses ``post_<id>.html``."""
        signs = Signs()
        count = self.article_share(page)
        signs.see("/gkmlpt/" in urlsplit(page.url).path, 0.7, "address /gkmlpt/")
        signs.see(_CONFIG.search(page.scripts) and "SID" in page.scripts, 0.8, "window._CONFIG with SID")
        signs.see(count >= 2, 0.8, f"{count} links post_id")
        signs.see(count == 1, 0.5, "1 link post_id")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """The interface's pages for every category of annual reports; static pages elsewhere."""
        if asked is not None and asked.dialect == "gkmlpt":
            onward = goes_on(page, asked, page.stated, _SIZE)
            return next_page_requests(asked, onward, with_query(asked.url, page=asked.page + 1))
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += list(_categories(page))
            if not found and self.article_share(page) >= 10:
                found.append(naming.begin_chain(page, "index", "html", self.name))
        return tuple(found)


def _categories(page: Page) -> Iterator[ListRequest]:
    match = _CONFIG.search(page.scripts)
    if match is None:
        return
    try:
        config, _ = javascript.read(page.scripts, match.end())
    except ValueError:
        config = {}
    site = str(config.get("SID") or javascript.setting(page.scripts, "SID") or "")
    base, found, _ = page.url.partition("/gkmlpt/")
    root = f"{base}/gkmlpt/" if found else joined(page.url, "/gkmlpt/")
    nodes = list(_annual(config.get("TREE")))
    chosen = re.search(r"#(\d+)", page.url)
    if not nodes and chosen:
        nodes = [{"id": chosen.group(1)}]
    for node in nodes or [{"id": 0}]:
        jump = node.get("jump_url")
        target = absolute(page.base, jump) if isinstance(jump, str) and jump.strip() else None
        if target and target != page.url:
            yield ListRequest(target, 1, dialect="hub", adapter="gkmlpt", tentative=True)
        url = with_query(f"{root}api/all/{node.get('id')}", page=1, sid=site)
        yield ListRequest(
            url,
            1,
            headers=(*XHR, ("Referer", page.url)),
            dialect="gkmlpt",
            adapter="gkmlpt",
            tentative=bool(target),
            annual="name" in node,
        )


def _annual(tree: Any) -> Iterator[dict[str, Any]]:
    """The uppermost nodes of the tree that are named after annual reports."""
    for node in tree if isinstance(tree, list) else [tree] if isinstance(tree, dict) else []:
        if not isinstance(node, dict):
            continue
        if _ANNUAL.search(str(node.get("name", ""))):
            yield node
        yield from _annual(node.get("children"))
