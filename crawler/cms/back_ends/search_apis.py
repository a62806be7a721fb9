"""Search back-ends of TRS (WAS5, IGS, IRS, trs-search) that any product's page may name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.back_ends.settings import endpoint
from crawler.cms.javascript import count_of, holding, setting
from crawler.cms.page import Page
from crawler.cms.request import JSON, XHR, ListRequest, json_body, with_query
from crawler.joining import joined

_SIZE = 20


def search_back_ends(page: Page) -> tuple[ListRequest, ...]:
    """First requests to the search back-ends that the page's scripts name."""
    found = [request for request in (_was5(page), _igs(page), _irs(page), _trs_search(page)) if request is not None]
    return tuple(found)


def _was5(page: Page) -> ListRequest | None:
    """WAS5: GET ``channelid, classsql, page, perpage``; from an address in the page or from the list's settings."""
    named = endpoint(page, r"was[45]0?/web/search\?")
    if named and "channelid" in named and "searchword" not in _given(named):
        url = with_query(named, page=1, perpage=_SIZE, prepage=_SIZE)
        return _request(url, "was5", _SIZE)
    block = re.search(
        r"(?:listArgs|searchArgs|params|data)\s{0,99}[:=]\s{0,99}\{(?P<body>[^{}]{0,2000}?channelid[^{}]{0,2000})\}",
        page.scripts,
    )
    if block is None:
        return None
    channel = _resolved(page, block.group("body"), "channelid")
    condition = re.search(r"classsql['\"]?\s*:\s*(?:['\"]{2}\s*\|\|\s*)?['\"]([^'\"]+)['\"]", block.group("body"))
    if not channel:
        return None
    size = count_of(setting(page.scripts, "prepage", "perpage", "pageSize"), 500) or _SIZE
    order = setting(block.group("body"), "sortfield", "orderby") or "-docorderpri,-docreltime"
    target = setting(page.scripts, "wasUrl", "searchUrl") or "/was5/web/search"
    url = with_query(
        joined(page.url, target if "/" in target else "/was5/web/search"),
        channelid=channel,
        templet="docs.jsp",
        sortfield=order,
        orderby="-DOCRELTIME",
        classsql=condition.group(1) if condition else None,
        searchword="",
        prepage=size,
        perpage=size,
        page=1,
    )
    return _request(url, "was5", size)


def _given(url: str) -> str:
    match = re.search(r"searchword=([^&]+)", url)
    return "searchword" if match and match.group(1) else ""


def _resolved(page: Page, block: str, name: str) -> str | None:
    """A setting whose value may be the name of another one (``SiteInfo.searchId``)."""
    match = re.search(rf"{name}['\"]?\s*:\s*['\"]?([\w.]+)", block)
    if match is None:
        return None
    value = match.group(1)
    return value if value.isdecimal() else setting(page.scripts, value.rsplit(".", 1)[-1])


def _igs(page: Page) -> ListRequest | None:
    """IGS: GET ``code, siteId, pageNumber, pageSize``."""
    named = endpoint(page, r"igs/front/search\.jhtml")
    if named is None:
        return None
    code = setting(page.scripts, "code") or None
    site = setting(page.scripts, "siteId", "siteID") or None
    given = {name: value for name, value in (("code", code), ("siteId", site)) if value and f"{name}=" not in named}
    return _request(with_query(named, **given, pageNumber=1, pageSize=_SIZE), "igs", _SIZE)


def _irs(page: Page) -> ListRequest | None:
    """IRS: POST of the JSON object that the page's script sends; only the page number changes."""
    named = endpoint(page, r"irs/front/search")
    asked = holding(page.scripts, "searchWord", "code") if named and not urlsplit(named).query else None
    if named is None or asked is None:
        return None
    sent = {name: value for name, value in asked.items() if value is not None}
    size = sent.get("pageSize")
    size = size if isinstance(size, int) and 0 < size <= 100 else _SIZE
    request = _request(named, "irs", size)
    return replace(request, method="POST", body=json_body({**sent, "pageNo": 1, "pageSize": size}), headers=JSON)


def _trs_search(page: Page) -> ListRequest | None:
    named = endpoint(page, r"trs-search/trssearch/[\w/]*searchAll\.do|irs/front/(?:search|list)")
    if named is None or not urlsplit(named).query:
        return None
    return _request(with_query(named, pageNum=1, pageNumber=1, pageSize=_SIZE), "trs-search", _SIZE)


def _request(url: str, dialect: str, size: int) -> ListRequest:
    return ListRequest(
        url, 1, headers=XHR, dialect=dialect, adapter="trs", tentative=True, state=(("size", str(size)),)
    )


def next_of_search(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    """The page of a search that follows on an answer, where there is or may be one."""
    onward = goes_on(page, asked, page.stated, int(asked.get("size", str(_SIZE))))
    if asked.dialect == "irs":
        body = json_body({**json.loads(asked.body), "pageNo": asked.page + 1})
        return next_page_requests(asked, onward, asked.url, body)
    names = {"was5": ("page",), "igs": ("pageNumber",), "trs-search": ("pageNum", "pageNumber")}.get(asked.dialect, ())
    return next_page_requests(asked, onward, with_query(asked.url, **dict.fromkeys(names, asked.page + 1)))
