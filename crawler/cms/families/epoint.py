"""Epoint EWB: lists are templates filled from ``getgovinfolist`` (POST, JSON).

The project's name and the site's GUID stand in ``/js/webBuilderCommon.js``, which is asked for first where the page
does not say them itself. Unrendered ``<?=el.link?>`` in the markup is the product's own template.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.back_ends.settings import page_setting
from crawler.cms.javascript import setting
from crawler.cms.links import absolute
from crawler.cms.page import Page
from crawler.cms.request import JSON, ListRequest, json_body
from crawler.joining import joined

_SETTINGS = "webBuilderCommon.js"
_PROJECT = "EWB-FRONT"
_SIZE = 20


class Epoint(Adapter):
    """Epoint EWB."""

    name = "epoint"
    product = "Epoint EWB"

    def fingerprint(self, page: Page) -> Match:
        """The template marks, the interface, the settings script, the column's address."""
        signs = Signs()
        signs.see(self.is_column(page), 0.8, "address govInfoPub")
        signs.see("lightfrontaction" in page.text or "getgovinfolist" in page.text, 0.8, "interface lightfrontaction")
        signs.see(_SETTINGS in page.text, 0.6, "webBuilderCommon.js")
        signs.see("<?=el." in page.text or "&lt;?=el." in page.text, 0.5, "template marks")
        signs.see(self.article_share(page) >= 2, 0.6, "links /YYYYMMDD/<guid>.html")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """Settings first where they are missing, then the list, page by page."""
        if asked is not None and asked.dialect == "settings":
            return _lists(page.text, asked)
        if asked is not None and asked.dialect == "govinfo":
            onward = goes_on(page, asked, page.stated, _SIZE)
            first = int(asked.get("first", "0"))
            body = re.sub(rb'(pageIndex\\*":\s*"?)\d+', rb"\g<1>%d" % (asked.page + first), asked.body)
            return next_page_requests(asked, onward, asked.url, body)
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += _start(page)
        return tuple(found)


def _start(page: Page) -> list[ListRequest]:
    category = page_setting(page, "categorynum", "categoryNum") or ""
    department = page_setting(page, "deptcode", "deptCode") or ""
    if not category and "lightfrontaction" not in page.text and "getgovinfolist" not in page.text:
        return []
    state = {"category": category, "department": department, "referer": page.url}
    if setting(page.text, "siteGuid"):
        return list(_lists(page.text, ListRequest(page.url, state=tuple(state.items()))))
    node = next(
        (entry for entry in page.tree.css("script[src]") if _SETTINGS in (entry.attributes.get("src") or "")), None
    )
    source = absolute(page.base, node.attributes.get("src") or "") if node is not None else None
    return [
        ListRequest(
            source or joined(page.url, f"/js/{_SETTINGS}"),
            0,
            dialect="settings",
            adapter="epoint",
            tentative=True,
            state=tuple(state.items()),
        )
    ]


def _lists(text: str, asked: ListRequest) -> tuple[ListRequest, ...]:
    guid = setting(text, "siteGuid", "siteguid") or ""
    endpoint = re.search(r"['\"]?((?:https?://[\w.:-]+)?/[\w-]+/rest/lightfrontaction/)\w*", text)
    project = setting(text, "projectName", "projectname", "project") or _PROJECT
    base = endpoint.group(1) if endpoint else f"/{project.strip('/')}/rest/lightfrontaction/"
    values = {
        "deptcode": asked.get("department"),
        "categorynum": asked.get("category"),
        "pageIndex": 0,
        "pageSize": _SIZE,
        "siteGuid": guid,
    }
    url = joined(asked.get("referer") or asked.url, f"{base}getgovinfolist")
    plain = _request(url, json_body(values), asked.get("referer"), 0)
    wrapped = _request(url, json_body({"params": values}), asked.get("referer"), 0)
    as_text = _request(url, json_body({"params": json.dumps(values)}), asked.get("referer"), 0)
    one_based = _request(url, json_body({**values, "pageIndex": 1}), asked.get("referer"), 1)
    # Older installations want the same wrapped in "params", as an object or as text; some count from 1 and call page 0
    # empty.
    return (replace(plain, group="epoint", otherwise=(wrapped, as_text, one_based)),)


def _request(url: str, body: bytes, referer: str, first: int) -> ListRequest:
    return ListRequest(
        url,
        1,
        method="POST",
        body=body,
        headers=(*JSON, ("Referer", referer)),
        dialect="govinfo",
        adapter="epoint",
        tentative=True,
        state=(("first", str(first)),),
    )
