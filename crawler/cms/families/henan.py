"""The pattern that Henan's portals share: ``/YYYY/MM-DD/<id>.html`` straight under the host.

Columns are directories without extension, further pages ``index_N.html``; the totals stand in ``#pageDec``. An
article's address says nothing about its column.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.javascript import count_of
from crawler.cms.page import Page
from crawler.cms.pagers import naming
from crawler.cms.request import ListRequest
from crawler.cms.stated import Stated, in_markup


class Henan(Adapter):
    """Henan's shared pattern."""

    name = "henan"
    product = "Henan provincial pattern"

    def fingerprint(self, page: Page) -> Match:
        """Article addresses, the element with the totals, attachments under /ifile/."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.9, f"{count} links /YYYY/MM-DD/id.html")
        signs.see(0 < count < 3, 0.7, f"{count} link /YYYY/MM-DD/id.html")
        signs.see(page.tree.css_first("#pageDec") is not None, 0.5, "totals in #pageDec")
        signs.see("/ifile/" in page.text, 0.3, "attachments under /ifile/")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Pages by the pager's links, else by the number of pages that ``#pageDec`` states."""
        found = super().next_requests(page, asked)
        if asked is not None or any(request.dialect != "link" for request in found):
            return found
        pages = self._pages(page)
        if not pages or pages < 2 or len(found) >= pages - 1:
            return found
        named = naming.pages_named(page, pages, self.name)
        known = {request.url for request in found}
        return (*found, *(request for request in named if request.url not in known))

    def stated(self, page: Page) -> Stated:
        """What ``#pageDec`` says, else what any pager says."""
        stated = super().stated(page)
        return replace(stated, pages=stated.pages or self._pages(page))

    @staticmethod
    def _pages(page: Page) -> int | None:
        node = page.tree.css_first("#pageDec")
        if node is None:
            return None
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        for name in (
            "pagecount",
            "pages",
            "totalpage",
            "totalpages",
            "data-pages",
            "data-pagecount",
            "data-total-page",
            "value",
        ):
            if (given := count_of(attributes.get(name))) is not None:
                return given
        pages = in_markup(node.html or "").turned
        if pages:
            return pages
        numbers = re.findall(r"(?<!\d)\d{1,6}(?!\d)", node.text())
        slash = re.search(r"(?<!\d)\d{1,6}\s{0,9}/\s{0,9}(\d{1,6})(?!\d)", node.text())
        return int(slash.group(1)) if slash else (int(numbers[0]) if len(numbers) == 1 else None)
