"""Huilan (Liaoning): every article a folder named by a timestamp id or 32 hex digits with an ``index.shtml`` in it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.base import Adapter, Match, Signs, shape
from crawler.cms.page import Page


class Huilan(Adapter):
    """Huilan."""

    name = "huilan"
    product = "Huilan"
    articles = (shape("dir_num_index", r"/(?:\d{16,20}|[0-9A-F]{32})/index\.s?html$"),)
    columns = (shape("huilan_column", r"^/web/(?:[\w-]+/)+index\.shtml$"),)

    def fingerprint(self, page: Page) -> Match:
        """Article folders, the template's name, ``/web/`` addresses."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links <timestamp>/index.shtml")
        signs.see(0 < count < 3, 0.6, f"{count} link <timestamp>/index.shtml")
        signs.see(re.search(r"huilan", page.text, re.IGNORECASE), 0.6, "template named huilan")
        signs.see(self.columns[0].pattern.search(urlsplit(page.url).path), 0.4, "address /web/.../index.shtml")
        return signs.match()
