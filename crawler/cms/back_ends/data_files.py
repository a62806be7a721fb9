"""JSON files that the scripts of a page name: lists drawn from a file need no browser."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.links import absolute
from crawler.cms.page import Page
from crawler.cms.request import XHR, ListRequest


def data_files(page: Page, adapter: str) -> list[ListRequest]:
    """JSON files that the page's scripts name: lists drawn from a file need no browser."""
    found: dict[str, ListRequest] = {}
    for match in re.finditer(r"['\"]([^'\"\s<>]{1,300}\.json)(?:\?[^'\"]{0,300})?['\"]", page.scripts):
        url = absolute(page.base, match.group(1))
        if url and urlsplit(url).hostname == urlsplit(page.url).hostname:
            found[url] = ListRequest(
                url, 1, headers=(*XHR, ("Referer", page.url)), dialect="json", adapter=adapter, tentative=True
            )
    return list(found.values())[:5]
