"""Boda VSB (webplus): ``/info/<tree>/<id>.htm``; lists ``?a<ID>t=&a<ID>p=&a<ID>c=`` and ``totalpage=&PAGENUM=``.

Some sites make one ``.htm`` column page per township that is the report itself.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.javascript import count_of
from crawler.cms.page import Page
from crawler.cms.pagers.paging import set_parameter
from crawler.cms.request import MAX_PAGES, ListRequest


class Vsb(Adapter):
    """Boda VSB."""

    name = "vsb"
    product = "Boda VSB / webplus"

    def fingerprint(self, page: Page) -> Match:
        """Article addresses, the product's names."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links /info/tree/id.htm")
        signs.see(0 < count < 3, 0.6, f"{count} link /info/tree/id.htm")
        signs.see(re.search(r"vsb_content|_vsb|Vsb", page.text), 0.5, "names of VSB")
        signs.see(re.search(r"urltype=(?:tree|egovinfo|news)\.", f"{page.url} {page.text}"), 0.7, "urltype parameter")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Pager links; where they carry the total, all pages at once."""
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _all(page, {request.url for request in found})
        return tuple(found)


def _all(page: Page, known: set[str]) -> list[ListRequest]:
    made: list[ListRequest] = []
    for link in page.links:
        if link.url is None or urlsplit(link.url).hostname != urlsplit(page.url).hostname:
            continue
        query = {name: values[0] for name, values in parse_qs(urlsplit(link.url).query).items()}
        current = next((name for name in query if re.fullmatch(r"a\d+p", name)), None)
        if current:
            total, size = query.get(f"{current[:-1]}t", ""), query.get(f"{current[:-1]}c", "")
            # "t" is the number of pages on some installations and of entries on others: the pager's own highest
            # page number decides, so only what it links to is trusted when the two readings differ.
            pages, shown = count_of(total) or 0, count_of(size) or 0
            if shown > 1 and pages > shown:
                pages = -(-pages // shown)
        elif "PAGENUM" in query:
            current, pages = "PAGENUM", count_of(query.get("totalpage")) or 0
        else:
            continue
        for number in range(2, min(pages, MAX_PAGES) + 1):
            url = set_parameter(link.url, current, number)
            if url not in known:
                known.add(url)
                made.append(ListRequest(url, number, dialect="link", adapter="vsb", tentative=True))
        break
    return made
