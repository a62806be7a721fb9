"""Lonsun (Anhui): ``/public/column/<organ>?type=3`` are annual reports; fragments come from ``/site/label/8888``.

``type`` is an enumeration of the product (3 = annual report); pages go in ``pageIndex``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends import script_calls
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.back_ends.settings import page_setting
from crawler.cms.javascript import count_of, setting
from crawler.cms.links import unescape
from crawler.cms.page import Page
from crawler.cms.request import XHR, ListRequest, with_query
from crawler.joining import joined

_LABEL = "/site/label/8888"
_LIST_LABEL = re.compile(r"labelName=(?:publicInfoList|searchDataList|\w*List)\b")
_SIZE = 20
ANNUAL_REPORT = "3"


class Lonsun(Adapter):
    """Lonsun."""

    name = "lonsun"
    product = "Lonsun"

    def fingerprint(self, page: Page) -> Match:
        """Addresses of columns and articles, the label interface."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links /public/organ/id.html")
        signs.see(0 < count < 3, 0.6, f"{count} link /public/organ/id.html")
        signs.see(self.is_column(page), 0.6, "address of a Lonsun column")
        signs.see("/site/label/" in page.text, 0.7, "label interface")
        signs.see("/group6/M00/" in page.text or "j-fontContent" in page.text, 0.3, "Lonsun's names")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """The label's pages, as the page asks for them itself or put together from its settings."""
        if asked is not None and asked.dialect == "label":
            onward = goes_on(page, asked, page.stated, int(asked.get("size", str(_SIZE))))
            return next_page_requests(asked, onward, with_query(asked.url, pageIndex=asked.page + 1))
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _labels(page)
        return tuple(found)


def _labels(page: Page) -> list[ListRequest]:
    found: dict[str, ListRequest] = {}
    for match in re.finditer(
        r"['\"]([^'\"\s]{0,300}/site/label/\d{1,9}\?[^'\"\s]{0,500}labelName=[^'\"\s]{1,1000})", page.text
    ):
        url = unescape(match.group(1))
        if _LIST_LABEL.search(url):
            size = count_of((parse_qs(urlsplit(url).query).get("pageSize") or [""])[0]) or _SIZE
            full = joined(page.url, url)
            found[full] = _request(with_query(full, pageIndex=1), size, page.url)
    # The call of the page's own script knows what an installation wants: its fields, and where the label stands.
    called = [call for call in script_calls.back_ends(page) if _LIST_LABEL.search(f"{call.url}&{call.body.decode()}")]
    if found or called:
        return [*found.values(), *called]
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    organ = re.search(r"/public/column/(\d+)", page.url)
    organ_id = organ.group(1) if organ else page_setting(page, "organId")
    if not organ_id or ("/site/label/" not in page.text and organ is None):
        return []
    # The application may stand below the root: /huangshanzwgk/zwgk/site/label/8888.
    label = re.search(r"(?:/[\w-]+){0,4}/site/label/\d+", page.text)
    values = {
        "labelName": "publicInfoList",
        "siteId": page_setting(page, "siteId") or "",
        "organId": organ_id,
        "catId": page_setting(page, "catId") or "",
        "type": query.get("type") or setting(page.text, "type") or ANNUAL_REPORT,
        "action": "list",
        "pageIndex": "1",
        "pageSize": str(_SIZE),
        "file": setting(page.text, "file") or "/xxgk/publicInfoList_newest2020",
        "isDate": "true",
        "dateFormat": "yyyy-MM-dd",
        "length": "80",
    }
    below = organ is not None and page.url[: organ.start()].count("/") > 2
    if label is None and below and organ is not None:
        beside = _request(with_query(page.url[: organ.start()] + _LABEL, **values), _SIZE, page.url)
        root = _request(with_query(joined(page.url, _LABEL), **values), _SIZE, page.url)
        return [replace(root, group="label", otherwise=(beside,))]
    return [_request(with_query(joined(page.url, label.group() if label else _LABEL), **values), _SIZE, page.url)]


def _request(url: str, size: int, referer: str) -> ListRequest:
    return ListRequest(
        url,
        1,
        headers=(*XHR, ("Referer", referer)),
        dialect="label",
        adapter="lonsun",
        tentative=True,
        state=(("size", str(size)),),
    )
