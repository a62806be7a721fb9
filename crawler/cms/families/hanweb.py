"""Hanweb JCMS ("jpage"): rows in a script's data store, further rows from ``dataproxy.jsp``.

Also its disclosure module (``/module/xxgk/search.jsp``). Unit ids change when a column is set up anew, so they are read
from the page each time. Windows of one page are asked for with every parameter that any installation honours
(``startrecord``/``endrecord`` and ``page``).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.cms import hidden_rows
from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, looked_at, next_page_requests
from crawler.cms.javascript import around, count_of, setting
from crawler.cms.links import fold_blanks
from crawler.cms.page import Page
from crawler.cms.request import FORM, XHR, ListRequest, form, with_query
from crawler.cms.stated import Stated, in_markup
from crawler.joining import joined

_PROXY = "/module/web/jpage/dataproxy.jsp"
_KEYS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_DEFAULTS = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_STORE = "<datastore>"
_UNIT = re.compile(r"\bunitid['\"]?\s*[:=]\s*['\"]?([\w%+/=-]+)", re.IGNORECASE)
_CONTAINER = re.compile(
    r"<div[^<>]{0,500}\bid=[\"'](\d{3,20})[\"'](?=[^<>]{0,500}>\s{0,99}<script[^<>]{0,500}xml)"
    r"|\(\s{0,9}[\"']#(\d{3,20})[\"']\s{0,9}\)\.\w{0,20}page"
)
_SIZE = 15
_MOST_UNITS = 20


class Hanweb(Adapter):
    """Hanweb JCMS."""

    name = "hanweb"
    product = "Hanweb JCMS (jpage)"

    def fingerprint(self, page: Page) -> Match:
        """Addresses of columns and articles, the data store, the proxy's name."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links art_column_id")
        signs.see(0 < count < 3, 0.6, f"{count} link art_column_id")
        signs.see(self.is_column(page), 0.5, "address /col/colN/")
        signs.see("/col/col" in page.text, 0.3, "links /col/colN/")
        signs.see(_STORE in page.text.lower(), 0.8, "data store in a script")
        signs.see("dataproxy.jsp" in page.text, 0.8, "dataproxy.jsp")
        signs.see("/module/xxgk/" in page.text or "/module/xxgk/" in page.url, 0.6, "disclosure module")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """The proxy's pages of every unit, the disclosure module's, the module of annual reports."""
        if asked is not None and asked.dialect == "jpage":
            return _next_window(page, asked)
        if asked is not None and asked.dialect == "xxgk":
            onward = goes_on(page, asked, page.stated, _SIZE)
            body = re.sub(rb"currpage=\d+", b"currpage=%d" % (asked.page + 1), asked.body)
            return next_page_requests(asked, onward, with_query(asked.url, currpage=asked.page + 1), body)
        if asked is not None and asked.get("uid"):
            return _turned(page, asked)
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += [*_units(page), *_disclosure(page), *_annual(page)]
        return tuple(found)

    def stated(self, page: Page) -> Stated:
        """``totalRecord`` of the page's only unit, else what a pager says."""
        totals = re.findall(r"totalRecords?['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,8})(?!\d)", page.text, re.IGNORECASE)
        stated = super().stated(page)
        return replace(stated, records=int(totals[0])) if len(set(totals)) == 1 else stated


def _units(page: Page) -> list[ListRequest]:
    """First requests of every unit whose settings stand in the page."""
    text = page.text
    proxy = around(text, r"/module/[\w/]{0,60}dataproxy\.jsp")
    if proxy is None and _STORE not in text.lower():
        return []
    endpoint = joined(page.url, proxy or _PROXY)
    found: dict[str, ListRequest] = {}
    shown = sum(1 for _ in hidden_rows.store_links(text, page.url))
    for settings, total, size in _settings(page):
        unit = settings.get("unitid", "")
        if not settings.get("columnid") and not unit:
            continue
        if total is not None and total <= min(shown, size):
            continue
        found[unit] = _window(endpoint, settings, 1, size=size, total=total, referer=page.url)
    return list(found.values())


def _settings(page: Page) -> list[tuple[dict[str, str], int | None, int]]:
    """Settings of each unit: from the addresses in ``nextgroup``, else from the scripts that start the pager."""
    given: dict[str, dict[str, str]] = {}
    for match in re.finditer(r"dataproxy\.jsp\?([^\"'<>\]\s]+)", page.text):
        query = {name: values[0] for name, values in parse_qs(match.group(1).replace("&amp;", "&")).items()}
        if query.get("columnid") or query.get("unitid"):
            given.setdefault(query.get("unitid", ""), query)
    for written in _UNIT.findall(page.text):
        unit = unquote(written)  # in an address its marks are escaped, in a script they are not: one unit
        given.setdefault(unit, {"unitid": unit})
    if not given:
        # Nothing names a unit: the store's element bears its number.
        for unit in dict.fromkeys(one or two for one, two in _CONTAINER.findall(page.text)):
            given[unit] = {"unitid": unit}
    units = itertools.islice(given.items(), _MOST_UNITS)
    return [_complete(page, query, _around(page.text, unit)) for unit, query in units]


def _around(text: str, unit: str) -> str:
    """The part of the page that belongs to a unit: from the statement that names it to the next unit's."""
    places = [(match.start(), unquote(match.group(1))) for match in _UNIT.finditer(text)]
    own = [place for place, name in places if name == unit]
    if not own or len({name for _, name in places}) == 1:
        return text
    before = max((place for place, name in places if name != unit and place < own[-1]), default=0)
    after = min((place for place, name in places if name != unit and place > own[-1]), default=len(text))
    # The pager's call names its sizes before or after the unit: up to the end of the script on either side.
    start = max(before, text.rfind("<script", 0, own[-1]))
    end = min(after, (text.find("</script", own[-1]) + 1 or len(text)))
    return text[start:end]


def _complete(page: Page, given: dict[str, str], part: str) -> tuple[dict[str, str], int | None, int]:
    settings = {name: given[name] for name in _KEYS if given.get(name)}
    for name in _KEYS:
        if name not in settings:
            value = setting(part, name)
            if value is None and name == "columnid":
                match = re.search(r"/col/col(\d+)/", page.url)
                value = match.group(1) if match else None
            if value is None:
                value = _DEFAULTS.get(name)
            if value is not None:
                settings[name] = value
    total = count_of(setting(part, "totalRecord", "totalrecord", "totalRecords"))
    size = count_of(setting(part, "perPage", "perpage", "pageSize"), 500)
    return (
        settings,
        in_markup(part).records if total is None else total,
        size or _SIZE,
    )


def _window(
    endpoint: str,
    settings: dict[str, str],
    number: int,
    *,
    size: int,
    total: int | None,
    referer: str,
    seen: int = 0,
    method: str = "POST",
) -> ListRequest:
    last = seen + size
    named = {} if method == "POST" else settings
    url = with_query(
        endpoint,
        **named,
        startrecord=seen + 1,
        endrecord=min(last, total) if total else last,
        perpage=size,
        page=number,
    )
    state = {
        **settings,
        "size": str(size),
        "total": str(total or ""),
        "endpoint": endpoint,
        "referer": referer,
        "seen": str(seen),
    }
    unit = settings.get("unitid")
    asked = ListRequest(
        url,
        number,
        method=method,
        body=form(settings) if method == "POST" else b"",
        headers=(*(FORM if method == "POST" else XHR), ("Referer", referer)),
        dialect="jpage",
        adapter="hanweb",
        tentative=True,
        state=(*state.items(), ("method", method)),
        group=f"jpage {method} {unit}",
    )
    if method == "POST":
        # Some answer to GET only ...
        get = _window(endpoint, settings, number, size=size, total=total, referer=referer, seen=seen, method="GET")
        return replace(asked, otherwise=(get,))
    # ... and some to nothing but what a browser asks for when somebody turns the page.
    turned = with_query(referer, uid=unit, pageNum=2)
    pages = (("uid", unit or ""), ("size", str(size)), ("total", str(total or "")))
    in_page = ListRequest(turned, 2, dialect="link", adapter="hanweb", tentative=True, state=pages)
    return replace(asked, otherwise=(in_page,) if unit else ())


def _turned(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    """The column's page after one that was turned to by its address (``?uid=&pageNum=``)."""
    total = int(asked.get("total") or 0) or page.stated.records or 0
    if asked.page * int(asked.get("size", str(_SIZE))) >= total:
        return ()
    url = with_query(asked.url, pageNum=asked.page + 1)
    return (replace(asked, url=url, page=asked.page + 1, otherwise=(), group=""),)


def _next_window(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    state = dict(asked.state)
    size = int(state["size"])
    stated = page.stated
    total = stated.records or (int(state["total"]) if state["total"] else None)
    onward = goes_on(page, asked, replace(stated, records=total), size)
    if not onward.more:
        return ()
    settings = {name: state[name] for name in _KEYS if name in state}
    window = _window(
        state["endpoint"], settings, asked.page + 1, size=size, total=total, referer=state["referer"], seen=onward.seen,
        method=asked.method,
    )  # fmt: skip
    # The first window was a try of one of several ways to ask; those behind it are promised.
    return (looked_at(replace(window, otherwise=(), group="", tentative=False), onward),)


def _disclosure(page: Page) -> list[ListRequest]:
    """First request to the disclosure module, when the page sets one up."""
    module = around(page.text, r"/module/xxgk/search\.jsp")
    if module is None:
        return []
    kind = setting(page.text, "infotypeId", "infotypeid") or ""
    area = setting(page.text, "vc_xxgkarea", "area") or _query(page.url, "vc_xxgkarea", "area")
    column = re.search(r"/col/col(\d+)/", page.url)
    division = setting(page.text, "divid") or (f"div{column.group(1)}" if column else "")
    body = {
        "infotypeId": kind,
        "jdid": setting(page.text, "jdid") or "",
        "area": area or "",
        "divid": division,
        "vc_title": "",
        "vc_number": "",
        "sortfield": ",compaltedate:0",
        "currpage": "1",
        "vc_filenumber": "",
        "vc_all": "",
        "texttype": "0",
        "fbtime": "",
    }
    query = {name: body[name] for name in ("texttype", "fbtime", "vc_all", "vc_filenumber", "vc_title", "vc_number")}
    url = with_query(joined(page.url, module), **query, currpage=1, sortfield=",compaltedate:0")
    return [
        ListRequest(
            url,
            1,
            method="POST",
            body=form(body),
            headers=(*FORM, ("Referer", page.url)),
            dialect="xxgk",
            adapter="hanweb",
            tentative=True,
        )
    ]


def _annual(page: Page) -> list[ListRequest]:
    """Every (area, year) that the module of annual reports offers in its selects."""
    if "xxgkannualreport.jsp" not in f"{page.url} {page.text}".lower():
        return []
    module = around(page.text, r"/module/xxgk/xxgkAnnualReport\.jsp")
    target = joined(page.url, module) if module else page.url.partition("?")[0]
    areas = _options(page, "area") or [value for value in (_query(page.url, "area"),) if value]
    years = _options(page, "fbtime") or [value for value in (_query(page.url, "fbtime"),) if value]
    return [
        ListRequest(with_query(target, area=area, fbtime=year), dialect="report", adapter="hanweb", tentative=True)
        for area in areas
        for year in years
    ]


def _options(page: Page, name: str) -> list[str]:
    values = [
        fold_blanks(node.attributes.get("value") or "")
        for node in page.tree.css(f"select[name='{name}'] option, select#{name} option")
    ]
    return [value for value in dict.fromkeys(values) if value]


def _query(url: str, *names: str) -> str | None:
    given = parse_qs(urlsplit(url).query)
    return next((given[name][0] for name in names if name in given), None)
