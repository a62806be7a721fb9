"""Shanghai: ``/nwNNNN/YYYYMMDD/<32hex>.html``; hubs are renamed every year (``2025ndbg``) and gather many bodies."""

from __future__ import annotations

import re

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.page import Page


class Shanghai(Adapter):
    """Shanghai's nw pattern."""

    name = "shanghai"
    product = "Shanghai nw"

    def fingerprint(self, page: Page) -> Match:
        """Article addresses, the page's ``ivs_`` hooks."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links /YYYYMMDD/<32 hex>.html")
        signs.see(0 < count < 3, 0.6, f"{count} link /YYYYMMDD/<32 hex>.html")
        signs.see(re.search(r"ivs_(?:title|date|content)", page.text), 0.6, "ivs_ hooks")
        return signs.match()
