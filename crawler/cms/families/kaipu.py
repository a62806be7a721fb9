"""Kaipu (UCAP, the intensive platform): static lists ``<name>_N.shtml`` and a JSON interface by channel id.

The channel id stands in ``<meta name="channelid">``. ``#UCAP-CONTENT`` alone says nothing: other products paste it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends import script_calls
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.javascript import holding, setting
from crawler.cms.page import Page
from crawler.cms.pagers import naming
from crawler.cms.request import XHR, ListRequest, form, with_query
from crawler.joining import joined

_SIZE = 20
_TEMPLATES = re.compile(
    r"/(?:common_list|zfxxgk_list|xxgklists?|zfxxgk(?:_gknb\w*)?|newxxgk_list|xxgknbs?|redirect_firstChannel|jump|list)"
    r"(?:_\d+)?\.shtml$"
)


class Kaipu(Adapter):
    """Kaipu / UCAP."""

    name = "kaipu"
    product = "Kaipu intensive platform (UCAP)"

    def fingerprint(self, page: Page) -> Match:
        """Article addresses, names of list templates, the channel id in the head."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links of Kaipu's shape")
        signs.see(0 < count < 3, 0.5, f"{count} link of Kaipu's shape")
        signs.see(_TEMPLATES.search(urlsplit(page.url).path), 0.4, "name of a list template")
        signs.see(page.meta.get("channelid"), 0.5, "channel id in the head")
        named = re.search(r"/common/search/|/searchList/[0-9a-f]{32}|/getFileListByCodeId", page.text)
        signs.see(named, 0.5, f"list interface {named.group()[:14]}" if named else "")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Static pages and the JSON interface of the column's channel."""
        if asked is not None and asked.dialect in {"channel", "codeid"}:
            onward = goes_on(page, asked, page.stated, _SIZE)
            body = re.sub(rb"\bpage=\d+", b"page=%d" % (asked.page + 1), asked.body)
            url = asked.url if asked.dialect == "codeid" else with_query(asked.url, page=asked.page + 1)
            return next_page_requests(asked, onward, url, body)
        found = list(super().next_requests(page, asked))
        if asked is None:
            if not found and self.article_share(page) >= 10:
                found += _second(page, self.name)
            found += _channel(page)
        return tuple(found)


def _second(page: Page, adapter: str) -> list[ListRequest]:
    last = urlsplit(page.url).path.rpartition("/")[2]
    stem, _, extension = last.rpartition(".")
    return [naming.begin_chain(page, stem or "index", extension or "shtml", adapter)]


def _channel(page: Page) -> list[ListRequest]:
    channel = page.meta.get("channelid") or setting(page.scripts, "channelId", "channelid")
    named = re.search(r"(/(?:common/search|searchList)/)([0-9a-f]{32})?", page.text)
    if named and named.group(2):
        channel = named.group(2)
    if "getFileListByCodeId" in page.text:
        # Some count from 0, some send more fields: the page's own call knows.
        called = [
            call for call in script_calls.back_ends(page) if urlsplit(call.url).path.endswith("/getFileListByCodeId")
        ]
        if any(call.get("parameter") for call in called):
            return called
        # Either of the two may be empty; the page's script says what it sends.
        sent = holding(page.scripts, "codeId", "channelId") or {}
        code = sent.get("codeId") or setting(page.text, "codeId") or ""
        channel = sent.get("channelId") or channel or ""
        if code or channel:
            body = form({"codeId": code, "channelId": channel, "page": 1, "size": _SIZE})
            return [
                ListRequest(
                    joined(page.url, "/getFileListByCodeId"),
                    1,
                    method="POST",
                    body=body,
                    headers=(("Content-Type", "application/x-www-form-urlencoded"), *XHR),
                    dialect="codeid",
                    adapter="kaipu",
                    tentative=True,
                )
            ]
    if not channel or not re.fullmatch(r"[0-9a-f]{32}", channel):
        return []
    url = joined(page.url, f"{named.group(1) if named else '/common/search/'}{channel}")
    url = with_query(
        url,
        page=1,
        _pageSize=_SIZE,
        _isAgg="true",
        _isJson="true",
        _template="index",
        _rangeTimeGte="",
        _channelName="",
    )
    return [
        ListRequest(
            url,
            1,
            headers=(*XHR, ("Referer", page.url)),
            dialect="channel",
            adapter="kaipu",
            tentative=True,
        )
    ]
