"""TRS WCM: static pages ``tYYYYMMDD_<id>.html``, pagers written by script, and TRS's search back-ends.

A list may show its first page only and leave the others to a back-end: WAS5 (``/was5/web/search``), IGS
(``/igs/front/search.jhtml``), IRS (POST ``/irs/front/search``) or trs-search. Channel and conditions stand in the
page's scripts.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.search_apis import next_of_search, search_back_ends
from crawler.cms.page import Page
from crawler.cms.request import ListRequest


class Trs(Adapter):
    """TRS WCM."""

    name = "trs"
    product = "TRS WCM"

    def fingerprint(self, page: Page) -> Match:
        """Article addresses, the pager call, the editor's class names."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links tYYYYMMDD_id")
        signs.see(0 < count < 3, 0.5, f"{count} link tYYYYMMDD_id")
        signs.see(re.search(r"createPage(?:HTML)?\s*\(", page.text), 0.4, "createPageHTML call")
        signs.see(
            re.search(r"TRS_(?:Editor|UEDITOR)|trs_editor_view|trs_paper_default|trt-", page.text), 0.4, "TRS editor"
        )
        signs.see(re.search(r"/was5/web/search|/igs/front/|trsapi", page.text), 0.3, "TRS search back-end")
        signs.see(self._directory(page), 0.1, "list in a directory")
        return signs.match() if len(signs.found) > 1 or count else Match(0.0)

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Static pages; where a script names a back-end, that too."""
        if asked is not None and asked.dialect in {"was5", "igs", "irs", "trs-search"}:
            return next_of_search(page, asked)
        static = super().next_requests(page, asked)
        return static if asked is not None else (*static, *search_back_ends(page))

    @staticmethod
    def _directory(page: Page) -> bool:
        path = urlsplit(page.url).path
        return path.endswith("/") or re.search(r"/index\w*\.s?html?$", path) is not None
