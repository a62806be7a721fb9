"""``/<site>/<column>/pc/list.html`` (vendor unconfirmed): the whole list is a script array ``articleList``."""

from __future__ import annotations

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.page import Page


class PcList(Adapter):
    """pc/list.html."""

    name = "pclist"
    product = "pc/list.html (vendor unknown)"

    def fingerprint(self, page: Page) -> Match:
        """The column's address, the array, article addresses."""
        signs = Signs()
        signs.see(self.is_column(page), 0.8, "address pc/list.html")
        signs.see("articleList" in page.scripts, 0.7, "array articleList")
        signs.see(self.article_share(page), 0.7, "links content_<id>.html")
        return signs.match()
