"""Huilan (Liaoning): every article a folder named by a timestamp id or 32 hex digits with an ``index.shtml`` in it."""

from __future__ import annotations

import re

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.page import Page


class Huilan(Adapter):
    """Huilan."""

    name = "huilan"
    product = "Huilan"

    def fingerprint(self, page: Page) -> Match:
        """Article folders, the template's name, ``/web/`` addresses."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links <timestamp>/index.shtml")
        signs.see(0 < count < 3, 0.6, f"{count} link <timestamp>/index.shtml")
        signs.see(re.search(r"huilan", page.text, re.IGNORECASE), 0.6, "template named huilan")
        signs.see(self.is_column(page), 0.4, "address /web/.../index.shtml")
        return signs.match()
