"""Hanweb jpaas ("build unit"): the list is a unit that a gateway builds; pages go in ``paramJson``.

A bare ``pageNo`` is ignored and answers page 1 for ever: only ``paramJson={"pageNo":N,"pageSize":M}`` turns the page.
"""

from __future__ import annotations

import html
import json
import re

from crawler.cms import javascript
from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.page import Page
from crawler.cms.request import XHR, ListRequest, with_query
from crawler.joining import joined

_ENDPOINT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_SIZE = 15
_UNIT = re.compile(
    r"<script\b[^<>]{0,1000}?\bqueryData\s{0,9}=\s{0,9}(\"[^\"]{0,4000}\"|'[^']{0,4000}')[^<>]{0,1000}>", re.IGNORECASE
)
_KEYS = ("webId", "tplSetId", "pageType", "tagId", "editType", "pageId", "parseType")


class Jpaas(Adapter):
    """Hanweb jpaas."""

    name = "jpaas"
    product = "Hanweb jpaas (build unit)"

    def fingerprint(self, page: Page) -> Match:
        """The unit's script tag, the gateway's address, article addresses."""
        signs = Signs()
        signs.see(_UNIT.search(page.text), 0.9, "unit with queryData")
        signs.see("jpaas-publish-server" in page.text, 0.8, "jpaas gateway")
        signs.see(self.article_share(page), 0.5, "links art_<32 hex>")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Page 1 of every unit, then on as long as the answer states further pages."""
        if asked is not None and asked.dialect == "jpaas":
            size = int(asked.get("size", str(_SIZE)))
            onward = goes_on(page, asked, page.stated, size)
            return next_page_requests(asked, onward, _paged(asked.url, asked.page + 1, size))
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _units(page)
        return tuple(found)


def _units(page: Page) -> list[ListRequest]:
    found: dict[str, ListRequest] = {}
    for match in _UNIT.finditer(page.text):
        address = re.search(r"\burl\s*=\s*[\"']([^\"']+)[\"']", match.group(), re.IGNORECASE)
        try:
            data, _ = javascript.read(html.unescape(match.group(1)[1:-1]))
        except ValueError:
            continue
        if isinstance(data, dict):
            request = _unit(page, address.group(1) if address else _ENDPOINT, data)
            found[request.url] = request
    if not found and "jpaas-publish-server" in page.text:
        data = {name: javascript.setting(page.text, name) for name in _KEYS}
        if data.get("webId") and data.get("pageId"):
            address = re.search(r"['\"]([^'\"]{0,300}jpaas-publish-server[^'\"?]{0,300})", page.text)
            request = _unit(page, address.group(1) if address else _ENDPOINT, data)
            found[request.url] = request
    return list(found.values())


def _unit(page: Page, address: str, data: dict[str, object]) -> ListRequest:
    size = _size(data)
    query = {name: str(value) for name, value in data.items() if value is not None and name != "paramJson"}
    url = _paged(with_query(joined(page.url, address), **query), 1, size)
    return ListRequest(
        url,
        1,
        headers=(*XHR, ("Referer", page.url)),
        dialect="jpaas",
        adapter="jpaas",
        tentative=True,
        state=(("size", str(size)),),
    )


def _size(data: dict[str, object]) -> int:
    given = data.get("paramJson")
    match = re.search(r"pageSize\D{1,4}(\d+)", str(given)) if given else None
    return int(match.group(1)) if match else _SIZE


def _paged(url: str, number: int, size: int) -> str:
    return with_query(url, paramJson=json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":")))
