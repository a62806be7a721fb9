"""www.gov.cn: ``content_<id>.htm``; lists filled from a JSON file that the page's script names."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.base import XHR, Adapter, ListRequest, Match, Signs, shape
from crawler.cms.page import Page, absolute


class Govcn(Adapter):
    """www.gov.cn."""

    name = "govcn"
    product = "www.gov.cn"
    articles = (shape("govcn_content", r"/(?:20\d\d-\d\d/\d\d|20\d{4})/content_\d+\.html?$"),)

    def fingerprint(self, page: Page) -> Match:
        """The host, article addresses."""
        signs = Signs()
        host = urlsplit(page.url).hostname or ""
        signs.see(host in {"www.gov.cn", "gov.cn"}, 0.6, "host www.gov.cn")
        signs.see(self.article_share(page) >= 2, 0.7, "links content_<id>.htm")
        return signs.match()

    def more(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Pager links and the JSON files of the list."""
        found = list(super().more(page, asked))
        if asked is None:
            found += data_files(page, self.name)
        return tuple(found)


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
