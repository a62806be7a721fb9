"""truecms: ``#initData``, rows from ``getMessage.do`` as JSONP around a data store; a Referer is required."""

from __future__ import annotations

import re

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.javascript import around, count_of, setting
from crawler.cms.page import Page
from crawler.cms.request import ListRequest, with_query
from crawler.joining import joined

_SIZE = 20


class Truecms(Adapter):
    """truecms."""

    name = "truecms"
    product = "truecms"

    def fingerprint(self, page: Page) -> Match:
        """The element with the first rows, the name of the interface."""
        signs = Signs()
        signs.see(page.tree.css_first("#initData") is not None, 0.8, "#initData")
        signs.see("messageController/getMessage.do" in page.text, 0.9, "getMessage.do")
        signs.see(re.search(r"/truecms/", page.text, re.IGNORECASE), 0.5, "truecms in addresses")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Windows of rows until the stated total."""
        if asked is not None and asked.dialect == "truecms":
            size = int(asked.get("size", str(_SIZE)))
            onward = goes_on(page, asked, page.stated, size)
            url = with_query(asked.url, startrecord=onward.seen + 1, endrecord=onward.seen + size)
            return next_page_requests(asked, onward, url)
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _first(page)
        return tuple(found)


def _first(page: Page) -> list[ListRequest]:
    node = page.tree.css_first("#initData")
    own = (node.html or "") if node is not None else ""
    column = setting(own, "columnId", "columnid", "data-columnid", "data-column-id") or setting(
        page.text, "columnId", "columnid"
    )
    if column is None:
        return []
    named = around(page.text, r"/truecms/messageController/getMessage\.do")
    size = setting(own, "perpage", "perPage", "pageSize") or setting(page.text, "perpage", "perPage")
    count = count_of(size, 200) or _SIZE
    url = with_query(
        joined(page.url, named or "/TrueCMS/messageController/getMessage.do"),
        startrecord=1,
        endrecord=count,
        perpage=count,
        columnId=column,
        callback="callback",
    )
    return [
        ListRequest(
            url,
            1,
            headers=(("Referer", page.url),),
            dialect="truecms",
            adapter="truecms",
            tentative=True,
            state=(("size", str(count)),),
        )
    ]
