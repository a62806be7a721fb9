"""easysite / eportal, and its UUID generation: list fragments by column, template and block.

New: ``/columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=N&fix=0`` answers rows as HTML. Old: ``/eportal/ui?pageId=``.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.javascript import setting
from crawler.cms.page import Page
from crawler.cms.request import MAX_PAGES, XHR, ListRequest, with_query
from crawler.joining import joined

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_BLOCK = re.compile(
    rf"((?:(?<![\w./-])[\w./-]{{1,200}}?)?columns/{_UUID}/templates/{_UUID}/blocks/{_UUID})", re.IGNORECASE
)


class Easysite(Adapter):
    """easysite and eportal."""

    name = "easysite"
    product = "easysite / eportal (UUID generation)"

    def fingerprint(self, page: Page) -> Match:
        """Addresses with UUIDs, the current column's id, the old interface."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 2, 0.8, f"{count} links /columns/<uuid>/YYYYMM/DD/<uuid>.html")
        signs.see(count == 1, 0.6, "1 link /columns/<uuid>/YYYYMM/DD/<uuid>.html")
        signs.see(re.search(rf"/columns/{_UUID}/", page.url), 0.6, "address /columns/<uuid>/")
        signs.see("eportalCurrentColumnId" in page.text, 0.7, "eportalCurrentColumnId")
        signs.see("/eportal/" in page.text, 0.5, "eportal in addresses")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Blocks of the column; on as long as an answer is full."""
        if asked is not None and asked.dialect == "block":
            onward = goes_on(page, asked, page.stated, int(asked.get("rows", "1")))
            return next_page_requests(asked, onward, with_query(asked.url, page=asked.page + 1))
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _blocks(page, self.article_share(page))
            found += _old(page)
        return tuple(found)


def _blocks(page: Page, shown: int) -> list[ListRequest]:
    addresses = list(dict.fromkeys(match.group(1) for match in _BLOCK.finditer(page.text)))
    if not addresses:
        column = setting(page.text, "eportalCurrentColumnId", "columnId")
        template = setting(page.text, "eportalCurrentTemplateId", "templateId", "tplId")
        blocks = re.findall(rf"block(?:_?id)?['\"]?\s*[:=]\s*['\"]({_UUID})", page.text, re.IGNORECASE)
        if column and template:
            # A portal in a folder of its own (/zfxxgk/columns/...) keeps that folder for its fragments.
            root = page.url.partition("/columns/")[0] if "/columns/" in page.url else ""
            path = f"{urlsplit(root).path}/columns/{column}/templates/{template}/blocks/"
            addresses = [f"{path}{block}" for block in dict.fromkeys(blocks)]
    return [
        ListRequest(
            with_query(joined(page.url, address if address.startswith("/") else f"/{address}"), page=1, fix=0),
            1,
            headers=(*XHR, ("Referer", page.url)),
            dialect="block",
            adapter="easysite",
            tentative=True,
            state=(("rows", str(max(1, shown))),),
        )
        for address in addresses
    ]


def _old(page: Page) -> list[ListRequest]:
    """Old interface: further pages by ``currentPage``; ids from the pager's own address."""
    match = re.search(r"(/eportal/ui\?[^\"'<>\s]{0,500}moduleId=[^\"'<>\s]{0,500})", page.text)
    pages = page.stated.turned
    if match is None or not pages or pages < 2:
        return []
    url = joined(page.url, match.group(1).replace("&amp;", "&"))
    if "pageId" not in parse_qs(urlsplit(url).query):
        return []
    return [
        ListRequest(with_query(url, currentPage=number), number, dialect="link", adapter="easysite", tentative=True)
        for number in range(2, min(pages, MAX_PAGES) + 1)
    ]
