"""www.gov.cn: ``content_<id>.htm``; lists filled from a JSON file that the page's script names."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.data_files import data_files
from crawler.cms.page import Page
from crawler.cms.request import ListRequest


class Govcn(Adapter):
    """www.gov.cn."""

    name = "govcn"
    product = "www.gov.cn"

    def fingerprint(self, page: Page) -> Match:
        """The host, article addresses."""
        signs = Signs()
        host = urlsplit(page.url).hostname or ""
        signs.see(host in {"www.gov.cn", "gov.cn"}, 0.6, "host www.gov.cn")
        signs.see(self.article_share(page) >= 2, 0.7, "links content_<id>.htm")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Pager links and the JSON files of the list."""
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += data_files(page, self.name)
        return tuple(found)
